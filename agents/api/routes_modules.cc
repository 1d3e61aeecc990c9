// The forms of help over time, contacts with how many of them a week saw, and alerts under an agreement.
#include <algorithm>
#include <set>

#include "modules_views.h"
#include "read_all.h"
#include "router.h"

namespace schakel::modules_routes {
namespace {

std::vector<Speaker> ReadSpeakers(Input& input, const char* field) {
  std::set<Speaker> all;
  for (const Speaker one : input.Words<Speaker>(field, &ParseSpeaker)) all.insert(one);
  return {all.begin(), all.end()};
}

// ---- Modules ----

Result<Reply> Modules(Call& call) {
  SCHAKEL_ASSIGN(const TrajectoryId id, call.Trajectory());
  SCHAKEL_ASSIGN(const CaseTrajectory trajectory, call.desk.cases.Trajectory(id));
  const auto periods = ModulesOver(trajectory.help, trajectory.opened_at);
  std::set<RecordId> ids;
  for (const ModulePeriod& one : periods) {
    if (!IsNone(one.record)) ids.insert(one.record);
  }
  SCHAKEL_ASSIGN(const ReadRecords read, ReadAll(call, ids));
  const JsonViews views = call.Views();
  const Timestamp now = call.desk.clock.Now();
  Json list = Json::array();
  for (const ModulePeriod& one : periods) list.push_back(ViewOf(one, views, read, now));
  return Reply{.json = {{"modules", std::move(list)}}};
}

Result<Reply> Switch(Call& call) {
  SCHAKEL_ASSIGN(const TrajectoryId id, call.Trajectory());
  Input input(call.body);
  ModuleSwitchBody body;
  body.module = input.RequiredWord("module", Module::kMobile, &ParseModule);
  body.begins_at = input.Time("begins_at");
  body.ends_at = input.Time("ends_at");
  body.place = input.Text("place");
  body.agreed = ReadSpeakers(input, "agreed");
  body.why = input.Text("why");
  const Audience audience = call.ReadAudience(input);
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const Sent sent, call.desk.modules.Switch(id, std::move(body), audience));
  return call.Sending(sent);
}

// What is not said stays as it was.
Result<Reply> CorrectSwitch(Call& call) {
  SCHAKEL_ASSIGN(const RecordId id, call.Record("switch"));
  SCHAKEL_ASSIGN(ModuleSwitchBody body, call.desk.modules.WordsOf(id));
  Input input(call.body);
  body.module = input.Word("module", body.module, &ParseModule);
  if (const auto begins_at = input.Time("begins_at")) body.begins_at = begins_at;
  if (const auto ends_at = input.Time("ends_at")) body.ends_at = ends_at;
  if (call.body.contains("place")) body.place = input.Text("place");
  if (call.body.contains("agreed")) body.agreed = ReadSpeakers(input, "agreed");
  if (call.body.contains("why")) body.why = input.Text("why");
  const Audience audience = call.ReadAudience(input);
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const Sent sent, call.desk.modules.Correct(id, body, audience));
  return call.Sending(sent);
}

// ---- Contacts ----

Result<std::vector<CaseContact>> ContactsIn(Call& call, const Period& period) {
  SCHAKEL_ASSIGN(const TrajectoryId id, call.Trajectory());
  SCHAKEL_ASSIGN(CaseTrajectory trajectory, call.desk.cases.Trajectory(id));
  std::vector<CaseContact>& contacts = trajectory.help.contacts;
  std::erase_if(contacts, [&](const CaseContact& one) {
    return (period.from && one.at < *period.from) || (period.to && one.at >= *period.to);
  });
  return std::move(contacts);
}

// When a contact was stands in its words: none is found by it that who asks may not see.
Status KeepThoseShown(const Call& call, std::vector<CaseContact>& contacts) {
  Sieve sieve(call.desk.engine, call.caller, call.desk.clock.Now());
  std::vector<CaseContact> kept;
  for (CaseContact& one : contacts) {
    SCHAKEL_ASSIGN(const HeldRecord held, call.desk.engine.Find(one.record));
    SCHAKEL_ASSIGN(const bool lets, sieve.Lets(held));
    if (lets) kept.push_back(std::move(one));
  }
  contacts = std::move(kept);
  return {};
}

Result<Reply> Contacts(Call& call) {
  SCHAKEL_ASSIGN(const Period period, call.AskedPeriod());
  SCHAKEL_ASSIGN(auto contacts, ContactsIn(call, period));
  if (period.IsAsked()) SCHAKEL_TRY(KeepThoseShown(call, contacts));
  std::ranges::reverse(contacts);  // The last one first.
  SCHAKEL_ASSIGN(const auto page,
                 call.PageOf(std::move(contacts), [](const CaseContact& one) { return ToText(one.record); }));
  std::set<RecordId> ids;
  for (const CaseContact& one : page.items) ids.insert(one.record);
  SCHAKEL_ASSIGN(const ReadRecords read, ReadAll(call, ids));
  const JsonViews views = call.Views();
  Json list = Json::array();
  for (const CaseContact& one : page.items) list.push_back(ViewOf(one, views, read));
  return Reply{.json = {{"contacts", std::move(list)}, {"next", page.next}}};
}

constexpr std::chrono::days kWeeksShown{7 * 8};

// A count of contacts is made of their words, so it is a view of each.
Result<Reply> Weeks(Call& call) {
  SCHAKEL_ASSIGN(const Period asked, call.AskedPeriod());
  SCHAKEL_ASSIGN(const TrajectoryId id, call.Trajectory());
  SCHAKEL_ASSIGN(const CaseTrajectory trajectory, call.desk.cases.Trajectory(id));
  const Timestamp now = call.desk.clock.Now();
  const Timestamp to = asked.to.value_or(now + std::chrono::milliseconds(1));
  const Timestamp from = asked.from.value_or(std::max(trajectory.opened_at, to - kWeeksShown));
  std::set<RecordId> ids;
  for (const ContactWeek& week : ContactWeeks(trajectory.help.contacts, from, to, now)) {
    ids.insert(week.records.begin(), week.records.end());
  }
  SCHAKEL_ASSIGN(const ReadRecords read, ReadAll(call, ids));
  std::vector<CaseContact> shown = trajectory.help.contacts;
  std::erase_if(shown, [&](const CaseContact& one) { return !read.Has(one.record); });
  Json list = Json::array();
  std::size_t below = 0;
  for (const ContactWeek& week : ContactWeeks(shown, from, to, now)) {
    below += week.IsShort() ? 1 : 0;
    list.push_back(ViewOf(week));
  }
  return Reply{.json = {{"weeks", std::move(list)}, {"short", below}, {"least", ContactWeek::kFaceToFaceMin}}};
}

Result<Reply> AddContact(Call& call) {
  SCHAKEL_ASSIGN(const TrajectoryId id, call.Trajectory());
  Input input(call.body);
  ContactMomentBody body;
  body.how = input.RequiredWord("how", ContactHow::kHomeVisit, &ParseContactHow);
  body.face_to_face = input.Flag("face_to_face", IsUsuallyFaceToFace(body.how));
  body.at = input.Time("at");
  // Far too much is refused as any other, whatever is left of it in 32 bits.
  body.minutes =
      static_cast<std::uint32_t>(std::min<std::uint64_t>(input.Number("minutes").value_or(0), kContactMinutesMax + 1));
  body.with = ReadSpeakers(input, "with");
  body.others = input.Text("others");
  body.text = input.Text("text");
  const std::vector<std::string> named = input.Texts("actions");
  const Audience audience = call.ReadAudience(input);
  SCHAKEL_TRY(input.Finish());
  std::vector<RecordId> actions;
  for (const std::string& one : named) {
    SCHAKEL_ASSIGN(const RecordId action, InField(call.desk.cases.FindRecord(one), "actions"));
    actions.push_back(action);
  }
  SCHAKEL_ASSIGN(const Sent sent, call.desk.modules.Contact(id, std::move(body), std::move(actions), audience));
  return call.Sending(sent);
}

// ---- Alerts ----

Result<Reply> Alerts(Call& call) {
  SCHAKEL_ASSIGN(const TrajectoryId id, call.Trajectory());
  SCHAKEL_ASSIGN(const CaseTrajectory trajectory, call.desk.cases.Trajectory(id));
  SCHAKEL_ASSIGN(const auto page,
                 call.PageOf(trajectory.help.alerts, [](const CaseAlert& one) { return ToText(one.id); }));
  std::set<RecordId> ids;
  for (const CaseAlert& one : page.items) {
    ids.insert(one.id);
    if (!one.stands()) ids.insert(one.withdrawal);
  }
  SCHAKEL_ASSIGN(const ReadRecords read, ReadAll(call, ids));
  const JsonViews views = call.Views();
  Json list = Json::array();
  const OrgId self = call.desk.engine.Self();
  const Timestamp now = call.desk.clock.Now();
  for (const CaseAlert& one : page.items) list.push_back(ViewOf(one, trajectory, self, now, views, read));
  return Reply{.json = {{"alerts", std::move(list)}, {"next", page.next}}};
}

Result<Reply> Alert(Call& call) {
  SCHAKEL_ASSIGN(const RecordId agreement, call.Record("agreement"));
  Input input(call.body);
  AlertBody body;
  body.name = input.Text("name");
  body.age = input.Text("age");
  body.description = input.Text("description");
  body.clothing = input.Text("clothing");
  body.last_seen_at = input.Time("last_seen_at");
  body.last_seen_place = input.Text("last_seen_place");
  body.places = input.Text("places");
  body.companions = input.Text("companions");
  body.incident = input.Text("incident");
  body.risk = input.Text("risk");
  body.contact = input.Text("contact");
  const Audience audience = call.ReadHow(input);
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const Sent sent, call.desk.alerts.Alert(agreement, std::move(body), audience));
  return call.Sending(sent);
}

Result<Reply> WithdrawAlert(Call& call) {
  SCHAKEL_ASSIGN(const RecordId alert, call.Record("alert"));
  Input input(call.body);
  AlertWithdrawnBody body;
  body.how = input.Word("how", AlertEnd::kReturned, &ParseAlertEnd);
  body.at = input.Time("at");
  const Audience audience = call.ReadHow(input);
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const Sent sent, call.desk.alerts.Withdraw(alert, body, audience));
  return call.Sending(sent);
}

const Route kRoutes[] = {
    {"GET", "/v1/trajectories/{trajectory}/modules", &Modules},
    {"POST", "/v1/trajectories/{trajectory}/modules", &Switch},
    {"POST", "/v1/modules/{switch}/edit", &CorrectSwitch},
    {"GET", "/v1/trajectories/{trajectory}/contacts", &Contacts, {"from", "to", "limit", "cursor"}},
    {"POST", "/v1/trajectories/{trajectory}/contacts", &AddContact},
    {"GET", "/v1/trajectories/{trajectory}/contacts/weeks", &Weeks, {"from", "to"}},
    {"GET", "/v1/trajectories/{trajectory}/alerts", &Alerts, {"limit", "cursor"}},
    {"POST", "/v1/agreements/{agreement}/alerts", &Alert},
    {"POST", "/v1/alerts/{alert}/withdrawal", &WithdrawAlert},
};

}  // namespace
}  // namespace schakel::modules_routes

namespace schakel {

std::span<const Route> ModuleRoutes() { return modules_routes::kRoutes; }

}  // namespace schakel
