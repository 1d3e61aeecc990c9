#include "house_inbox.h"

#include "visit_view.h"

namespace schakel {
namespace {

std::string WordOf(const Visit& visit, std::chrono::minutes escalates, Timestamp now) {
  return StandingOf(visit, escalates, now) == VisitStanding::kEscalated ? "visit-escalated" : "visit-overdue";
}

std::string WordOf(SchoolService::Waiting::What what) {
  using What = SchoolService::Waiting::What;
  return what == What::kReport ? "school-report" : what == What::kLate ? "school-late" : "school-cut-off";
}

// Of school trouble that was reported to us: until it has an outcome.
Status AddReports(const Call& call, const Person& person, Json& items) {
  const Timestamp now = call.desk.clock.Now();
  auto waiting = call.desk.school.WaitsFor(person.role);
  SCHAKEL_TRY(call.KeepOwn(waiting, [](const SchoolService::Waiting& one) { return one.report.trajectory; }));
  for (const SchoolService::Waiting& one : waiting) {
    const auto expected = one.report.IsExpected();
    const auto days = std::chrono::floor<std::chrono::days>(now - one.report.at).count();
    items.push_back({{"what", WordOf(one.what)},
                     {"due", ToText(one.due)},
                     {"visit", nullptr},
                     {"level", nullptr},
                     {"year", nullptr},
                     {"report",
                      {{"id", ToText(one.report.id)},
                       {"trajectory", ToText(one.report.trajectory)},
                       {"age_days", std::max<std::int64_t>(days, 0)},
                       {"expected", expected ? Json(Slug(*expected)) : Json(nullptr)}}}});
  }
  return {};
}

}  // namespace

// The most urgent first.
Result<Json> HouseInbox(const Call& call) {
  const Person person = call.AsCoordinatorIfSo();
  const Timestamp now = call.desk.clock.Now();
  const auto escalates = call.desk.visits.escalates();
  Json items = Json::array();
  SCHAKEL_ASSIGN(const auto visits, call.desk.visits.WaitsFor(person));
  for (const Visit& visit : visits) {
    items.push_back({{"what", WordOf(visit, escalates, now)},
                     {"due", ToText(visit.until)},
                     {"visit", VisitView(visit, escalates, now)},
                     {"level", nullptr},
                     {"year", nullptr},
                     {"report", nullptr}});
  }
  SCHAKEL_TRY(AddReports(call, person, items));
  SCHAKEL_ASSIGN(const auto waiting, call.desk.structural.WaitsFor(person.role));
  for (const StructuralService::Waiting& one : waiting) {
    items.push_back({{"what", "consultation-" + std::string(Slug(one.cadence.standing))},
                     {"due", one.cadence.due},
                     {"visit", nullptr},
                     {"level", Slug(one.cadence.level)},
                     {"year", one.year},
                     {"report", nullptr}});
  }
  return items;
}

}  // namespace schakel
