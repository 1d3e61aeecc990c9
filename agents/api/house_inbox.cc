#include "house_inbox.h"

#include "visit_view.h"

namespace schakel {
namespace {

std::string WordOf(const Visit& visit, std::chrono::minutes escalates, Timestamp now) {
  return StandingOf(visit, escalates, now) == VisitStanding::kEscalated ? "visit-escalated" : "visit-overdue";
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
                     {"year", nullptr}});
  }
  SCHAKEL_ASSIGN(const auto waiting, call.desk.structural.WaitsFor(person.role));
  for (const StructuralService::Waiting& one : waiting) {
    items.push_back({{"what", "consultation-" + std::string(Slug(one.cadence.standing))},
                     {"due", one.cadence.due},
                     {"visit", nullptr},
                     {"level", Slug(one.cadence.level)},
                     {"year", one.year}});
  }
  return items;
}

}  // namespace schakel
