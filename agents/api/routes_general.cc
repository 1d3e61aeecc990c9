// Status, directory, words, inbox, events.
#include <algorithm>

#include "agents/i18n.h"
#include "agents/signers.h"
#include "agents/trust.h"
#include "house_inbox.h"
#include "router.h"

namespace schakel::general_routes {
namespace {

// By which a browser checks evidence itself.
Json PinsView(const Engine& engine) {
  const Pins pins = engine.PinnedHere();
  Json keys = Json::array();
  for (const SigningPublicKey& key : pins.registrars.keys) keys.push_back(ToHex(key.value()));
  return {{"hub_key", ToText(pins.hub_log)},
          {"registrars", {{"threshold", pins.registrars.threshold}, {"keys", std::move(keys)}}}};
}

Result<Reply> ShowStatus(Call& call) {
  const EngineStatus status = call.desk.engine.Report();
  SCHAKEL_ASSIGN(const std::uint64_t seen, call.desk.inbox.AlarmsSeen(call.caller.person.name));
  const std::vector<Alarm> all = call.desk.engine.Alarms();
  const auto unseen = std::ranges::count_if(all, [&](const Alarm& alarm) { return alarm.number > seen; });
  const JsonViews views = call.Views();
  const std::vector<Alarm> refusals = OpenRefusals(all);
  return Reply{.json = {{"organisation", {{"id", status.organisation.value()}, {"name", status.name}}},
                        {"hub", status.hub},
                        {"connected", status.connected},
                        {"distrusted", status.distrusted ? views.ProblemView(*status.distrusted) : Json(nullptr)},
                        {"refused", refusals.empty() ? Json(nullptr) : views.ProblemView(refusals.back().what)},
                        {"outbox", status.outbox},
                        {"looks_waiting", status.looks_waiting},
                        {"unproven", status.unproven},
                        {"alarms", unseen},
                        {"views_unreported", status.views_unreported},
                        {"feed", status.feed.value()},
                        {"seen", {{"size", status.seen.size}, {"root", ToHex(status.seen.root)}}},
                        {"last_error", status.last_error ? views.ProblemView(*status.last_error) : Json(nullptr)},
                        {"person", call.caller.person.name},
                        {"pinned", PinsView(call.desk.engine)},
                        {"version", SCHAKEL_VERSION}}};
}

std::string_view Slug(Alarm::Fault fault) {
  switch (fault) {
    case Alarm::Fault::kHub:
      return "hub";
    case Alarm::Fault::kAuthor:
      return "author";
    case Alarm::Fault::kNotice:
      return "notice";
  }
  return "unknown";
}

Result<Reply> Alarms(Call& call) {
  const JsonViews views = call.Views();
  const EngineStatus status = call.desk.engine.Report();
  SCHAKEL_ASSIGN(const std::uint64_t seen, call.desk.inbox.AlarmsSeen(call.caller.person.name));
  SCHAKEL_ASSIGN(const auto page, call.PageOf(call.desk.engine.Alarms(),
                                              [](const Alarm& alarm) { return std::to_string(alarm.number); }));
  Json list = Json::array();
  const std::vector<Alarm> all = call.desk.engine.Alarms();
  const std::vector<Alarm> refusals = OpenRefusals(all);
  for (const Alarm& alarm : page.items) {
    list.push_back({{"number", alarm.number},
                    {"at", ToText(alarm.at)},
                    {"fault", Slug(alarm.fault)},
                    {"seen", alarm.number <= seen},
                    {"ended", IsOver(alarm, status.distrusted.has_value(), refusals)},
                    {"what", views.ProblemView(alarm.what)},
                    {"organisation", views.Organisation(alarm.organisation)},
                    {"record", IsNone(alarm.record) ? Json(nullptr) : Json(ToText(alarm.record))}});
  }
  return Reply{.json = {{"alarms", std::move(list)}, {"next", page.next}}};
}

Result<Reply> AlarmsSeen(Call& call) {
  Input input(call.body);
  const auto number = input.Number("number");
  if (!number) input.Refuse({Code::kInvalid, "request.required", {}, "fill it in"}, "number");
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_TRY(call.desk.inbox.MarkAlarmsSeen(call.caller.person.name, *number));
  return Reply{.json = Json::object()};
}

Result<Reply> Organisations(Call& call) {
  Json list = Json::array();
  for (const Directory::Organisation& organisation : call.desk.engine.Organisations()) {
    const OrgStatement& statement = organisation.statement;
    auto profile = call.desk.profiles.find(statement.sector);
    list.push_back({{"id", statement.organisation.value()},
                    {"name", statement.name},
                    {"sector", statement.sector.value()},
                    {"sector_name", profile == call.desk.profiles.end() ? statement.sector.value()
                                                                        : profile->second.name.In(call.language)},
                    {"active", statement.status == OrgStatus::kActive},
                    {"self", statement.organisation == call.desk.engine.Self()},
                    {"fingerprint", Fingerprint(statement.organisation, statement.keys)}});
  }
  const RegionRules rules = call.desk.engine.Rules();
  Json region = {{"consent_age_years", rules.consent_age_years},
                 {"adult_age_years", rules.adult_age_years},
                 {"parents", Slug(rules.parents)},
                 {"emergency_hours_max", rules.emergency_hours_max},
                 {"emergency_review_hours", rules.emergency_review_hours},
                 {"retain_until_age_years", rules.retain_until_age_years},
                 {"retain_after_departure_years", rules.retain_after_departure_years},
                 {"names_by_role", rules.names_by_role}};
  return Reply{.json = {{"organisations", std::move(list)}, {"rules", std::move(region)}}};
}

// What a sector may receive at most is what the registrars signed. The profile's own list is where the operator's
// proposal came from: it binds nobody, and may be older or newer. A sector that was not signed for receives nothing.
Profile InForce(Profile profile, const std::optional<CeilingStatement>& signed_ceilings) {
  profile.ceiling = {};
  if (signed_ceilings) {
    const auto row = std::ranges::find(signed_ceilings->rows, profile.sector, &CeilingStatement::Row::sector);
    if (row != signed_ceilings->rows.end()) {
      profile.ceiling = row->categories;
      profile.court_wall = row->court_wall;
    }
  }
  profile.categories = profile.categories.And(profile.ceiling);
  return profile;
}

Json ProfileView(const Profile& profile, Language language) {
  Json vocabulary = Json::object();
  for (const auto& [term, words] : profile.vocabulary) vocabulary[term] = words.In(language);
  Json topics = Json::array();
  for (const Words& topic : profile.topics) topics.push_back(topic.In(language));
  return {{"sector", profile.sector.value()},
          {"name", profile.name.In(language)},
          {"court_wall", profile.court_wall},
          {"ceiling", Slugs(profile.ceiling, AllCategories())},
          {"purposes", Slugs(profile.purposes, AllPurposes())},
          {"categories", Slugs(profile.categories, AllCategories())},
          {"vocabulary", std::move(vocabulary)},
          {"topics", std::move(topics)}};
}

Result<Reply> Profiles(Call& call) {
  Json list = Json::array();
  const std::optional<CeilingStatement> ceilings = call.desk.engine.Ceilings();
  for (const auto& [sector, profile] : call.desk.profiles) {
    list.push_back(ProfileView(InForce(profile, ceilings), call.language));
  }
  return Reply{.json = {{"profiles", std::move(list)}}};
}

Json SignersView(const Signers& signers) {
  Json keys = Json::array();
  for (const SigningPublicKey& key : signers.signed_by) {
    keys.push_back({{"id", ToText(IdOf(key))}, {"key", ToBase64(key.value())}});
  }
  return {{"threshold", signers.registrars.threshold},
          {"registrars", signers.registrars.keys.size()},
          {"keys", std::move(keys)}};
}

// The matrix that is in force, as the registrars signed it, and when it was another; who signed which.
Result<Reply> ShowCeilings(Call& call) {
  const std::optional<CeilingStatement> ceilings = call.desk.engine.Ceilings();
  Json rows = Json::array();
  Json earlier = Json::array();
  Json signed_by = nullptr;
  if (ceilings) {
    for (const CeilingStatement::Row& row : ceilings->rows) {
      const auto profile = call.desk.profiles.find(row.sector);
      const bool known = profile != call.desk.profiles.end();
      rows.push_back({{"sector", row.sector.value()},
                      {"sector_name", known ? profile->second.name.In(call.language) : row.sector.value()},
                      {"categories", Slugs(row.categories, AllCategories())},
                      {"court_wall", row.court_wall}});
    }
    const std::vector<SignedStatement> statements = call.desk.engine.Statements();
    const std::vector<Signers> signers = SignersOf(call.desk.engine.PinnedHere().registrars, statements);
    for (std::size_t i = 0; i < statements.size(); ++i) {
      const auto statement = DecodeStatement(statements[i].statement);
      const auto* one = statement ? std::get_if<CeilingStatement>(&*statement) : nullptr;
      if (one == nullptr) continue;
      if (one->serial == ceilings->serial) {
        signed_by = SignersView(signers[i]);
        continue;
      }
      earlier.push_back(
          {{"serial", one->serial}, {"issued_at", ToText(one->issued_at)}, {"signed_by", SignersView(signers[i])}});
    }
  }
  return Reply{.json = {{"serial", ceilings ? Json(ceilings->serial) : Json(nullptr)},
                        {"issued_at", ceilings ? Json(ToText(ceilings->issued_at)) : Json(nullptr)},
                        {"signed_by", std::move(signed_by)},
                        {"rows", std::move(rows)},
                        {"earlier", std::move(earlier)}}};
}

Result<Reply> Vocabulary(Call& call) {
  Json purposes = Json::array();
  for (Purpose value : AllPurposes()) {
    purposes.push_back({{"slug", Slug(value)}, {"label", Label(value, call.language)}});
  }
  Json categories = Json::array();
  for (Category value : AllCategories()) {
    categories.push_back({{"slug", Slug(value)}, {"label", Label(value, call.language)}});
  }
  return Reply{.json = {{"purposes", std::move(purposes)}, {"categories", std::move(categories)}}};
}

Result<Reply> Inbox(Call& call) {
  SCHAKEL_ASSIGN(InboxService::Inbox inbox, call.desk.inbox.Show(call.caller.person.name, call.caller.person.role));
  // A record may stand there twice: as new, and as a task.
  SCHAKEL_ASSIGN(const auto page, call.PageOf(std::move(inbox.items), [](const InboxItem& item) {
    return std::to_string(static_cast<unsigned>(item.what)) + "-" + ToText(item.record);
  }));
  // What tells the items apart are the labels of their trajectories, and when they are due: those are read.
  std::map<TrajectoryId, CaseTrajectory> trajectories;
  Glance glance;
  for (const InboxItem& item : page.items) {
    glance.Want(item.due_record);
    if (trajectories.contains(item.trajectory)) continue;
    auto trajectory = call.desk.cases.Trajectory(item.trajectory);
    if (!trajectory) continue;
    glance.Want(*trajectory);
    trajectories.emplace(item.trajectory, std::move(*trajectory));
  }
  SCHAKEL_TRY(glance.Read(call.desk.reading, call.caller));
  const JsonViews views = call.Views();
  Json list = Json::array();
  for (const InboxItem& item : page.items) {
    auto found = trajectories.find(item.trajectory);
    list.push_back(views.InboxView(item, found == trajectories.end() ? nullptr : &found->second, glance));
  }
  SCHAKEL_ASSIGN(Json house, HouseInbox(call));
  return Reply{.json = {{"items", std::move(list)},
                        {"house", std::move(house)},
                        {"seen", inbox.seen.value()},
                        {"last", inbox.last.value()},
                        {"next", page.next}}};
}

Result<Reply> InboxSeen(Call& call) {
  Input input(call.body);
  const auto position = input.Number("position");
  if (!position) input.Refuse({Code::kInvalid, "request.required", {}, "fill it in"}, "position");
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_TRY(call.desk.inbox.MarkSeen(call.caller.person.name, FeedPosition(*position)));
  return Reply{.json = Json::object()};
}

Result<Reply> Events(Call& call) {
  SCHAKEL_ASSIGN(const auto trajectory, call.AskedTrajectory());
  Reply reply;
  reply.type = "text/event-stream";
  reply.events = ApiResponse::Events{.trajectory = trajectory.value_or(TrajectoryId{}), .after = call.last_event_id};
  if (call.visitor.visit) {
    reply.events->pass = call.visitor.visit->pass.id.value();
    const RoleSet work = {StaffRole::kWorker, StaffRole::kCoordinator};
    reply.events->work = !call.visitor.roles().And(work).empty();
  }
  return reply;
}

Result<Reply> OpenApi(Call&) { return Reply{.type = "application/json", .raw = std::string(OpenApiDocument())}; }

const Route kRoutes[] = {
    {"GET", "/v1/status", &ShowStatus},       {"GET", "/v1/alarms", &Alarms, {"limit", "cursor"}},
    {"POST", "/v1/alarms/seen", &AlarmsSeen}, {"GET", "/v1/organisations", &Organisations},
    {"GET", "/v1/profiles", &Profiles},       {"GET", "/v1/ceilings", &ShowCeilings},
    {"GET", "/v1/vocabulary", &Vocabulary},   {"GET", "/v1/inbox", &Inbox, {"limit", "cursor"}},
    {"POST", "/v1/inbox/seen", &InboxSeen},   {"GET", "/v1/events", &Events, {"trajectory"}},
    {"GET", "/v1/openapi.json", &OpenApi},
};

}  // namespace
}  // namespace schakel::general_routes

namespace schakel {

std::span<const Route> GeneralRoutes() { return general_routes::kRoutes; }

}  // namespace schakel
