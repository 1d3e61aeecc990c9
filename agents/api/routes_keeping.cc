// What was sealed, and opening it; erasing.
#include "router.h"

namespace schakel::keeping_routes {
namespace {

constexpr std::chrono::milliseconds kPatience{10'000};

Result<Reply> Sealed(Call& call) {
  SCHAKEL_ASSIGN(const auto asked, call.AskedTrajectory());
  const JsonViews views = call.Views();
  Json list = Json::array();
  for (const SealedService::Row& row : call.desk.sealed.List(asked)) {
    Json view = views.SealedView(row.sealed);
    view["opened"] = Json::array();
    for (const Unsealing& one : row.opened) {
      const auto name = call.desk.engine.NameOf(one.person);
      view["opened"].push_back(
          {{"person", name ? Json(*name) : Json(nullptr)}, {"at", ToText(one.at)}, {"why", one.why}});
    }
    list.push_back(std::move(view));
  }
  return Reply{.json = {{"sealed", std::move(list)}}};
}

// The hub is told before a byte is shown, so this waits for it.
Result<Reply> Unseal(Call& call) {
  SCHAKEL_ASSIGN(const RecordId id, call.SealedRecord("record"));
  Input input(call.body);
  const std::string why = input.RequiredText("why");
  SCHAKEL_TRY(input.Finish());
  const auto patience = std::max(call.patience, kPatience);
  SCHAKEL_ASSIGN(const auto shown, call.desk.sealed.Open(id, call.caller, why, patience));
  return Reply{.json = call.Views().ShownView(shown)};
}

Result<Reply> Propose(Call& call) {
  SCHAKEL_ASSIGN(const TrajectoryId id, call.Trajectory());
  Input input(call.body);
  const EraseReason reason = input.RequiredWord("reason", EraseReason::kRetentionOver, &ParseEraseReason);
  const MessageBody why{input.RequiredText("why")};
  const Audience audience{{}, false, input.Flag("preview", false), call.patience};
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const Sent sent, call.desk.erasure.Propose(id, reason, why, call.caller, audience));
  return call.Sending(sent);
}

Result<Audience> ReadPreview(Call& call) {
  Input input(call.body);
  const Audience audience{{}, false, input.Flag("preview", false), call.patience};
  SCHAKEL_TRY(input.Finish());
  return audience;
}

Result<Reply> Agree(Call& call) {
  SCHAKEL_ASSIGN(const TrajectoryId id, call.Trajectory());
  SCHAKEL_ASSIGN(const Audience audience, ReadPreview(call));
  SCHAKEL_ASSIGN(const Sent sent, call.desk.erasure.Agree(id, audience));
  return call.Sending(sent);
}

Result<Reply> Confirm(Call& call) {
  SCHAKEL_ASSIGN(const TrajectoryId id, call.Trajectory());
  SCHAKEL_ASSIGN(const Audience audience, ReadPreview(call));
  SCHAKEL_ASSIGN(const Sent sent, call.desk.erasure.Confirm(id, call.caller, audience));
  return call.Sending(sent);
}

// Of all trajectories: nothing here is a word of theirs.
Result<Reply> Erasures(Call& call) {
  std::optional<ErasureStanding> wanted;
  if (const std::string state = call.Asked("state"); !state.empty()) {
    SCHAKEL_ASSIGN(wanted, InField(ParseErasureStanding(state), "state"));
  }
  struct Row {
    TrajectoryId trajectory;
    OrgId lead;
    CaseErasure erasure;
  };
  std::vector<Row> rows;
  const OrgId self = call.desk.engine.Self();
  call.desk.cases.With([&](CaseFile& file) {
    for (const CaseTrajectory* one : file.Trajectories()) {
      if (!one->erasure || (wanted && StandingOf(*one->erasure, one->lead == self) != *wanted)) continue;
      rows.push_back({one->id, one->lead, *one->erasure});
    }
  });
  SCHAKEL_ASSIGN(const auto page, call.PageOf(std::move(rows), [](const Row& one) { return ToText(one.trajectory); }));
  const JsonViews views = call.Views();
  Json list = Json::array();
  for (const Row& one : page.items) {
    Json view = views.ErasureView(one.erasure, one.lead);
    view["trajectory"] = ToText(one.trajectory);
    view["lead"] = views.Organisation(one.lead);
    list.push_back(std::move(view));
  }
  return Reply{.json = {{"erasures", std::move(list)}, {"next", page.next}}};
}

// What this organisation's sector has to keep of what was taken back, by its profile or else by the rules of the
// region.
Json SealedKeeping(const Call& call, const RegionRules& rules) {
  std::optional<Retention> retention;
  for (const Directory::Organisation& one : call.desk.engine.Organisations()) {
    if (one.statement.organisation != call.desk.engine.Self()) continue;
    const auto profile = call.desk.profiles.find(one.statement.sector);
    if (profile != call.desk.profiles.end()) retention = profile->second.retention;
  }
  const Retention keeps = retention.value_or(RetentionOfRegion(rules));
  const bool by_age = keeps.until_age.has_value();
  return {{"reason", keeps.reason.In(call.language)},
          {"years", by_age ? Json(nullptr) : Json(keeps.years)},
          {"until_age", by_age ? Json(*keeps.until_age) : Json(nullptr)}};
}

// How long things are kept: nobody sets that here. The law and the region say the least; of each trajectory the lead
// says until when, as it closes it.
Result<Reply> Keeping(Call& call) {
  struct Row {
    TrajectoryId trajectory;
    OrgId lead;
    std::optional<Timestamp> retain_until;
    std::optional<CaseErasure> erasure;
  };
  std::vector<Row> rows;
  const Timestamp now = call.desk.clock.Now();
  const auto is_due = [&](const Row& one) { return one.retain_until && *one.retain_until <= now; };
  call.desk.cases.With([&](CaseFile& file) {
    for (const CaseTrajectory* one : file.Trajectories()) {
      const bool gone = one->erasure && !IsNone(one->erasure->confirm);
      if (one->closed && !gone) rows.push_back({one->id, one->lead, one->retain_until, one->erasure});
    }
  });
  if (call.Asks("due", "true")) std::erase_if(rows, [&](const Row& one) { return !is_due(one); });
  std::ranges::stable_sort(rows, {}, [](const Row& one) { return one.retain_until.value_or(Timestamp::max()); });
  SCHAKEL_ASSIGN(const auto page, call.PageOf(std::move(rows), [](const Row& one) { return ToText(one.trajectory); }));
  const RegionRules rules = call.desk.engine.Rules();
  const JsonViews views = call.Views();
  Json list = Json::array();
  for (const Row& one : page.items) {
    list.push_back({{"trajectory", ToText(one.trajectory)},
                    {"lead", views.Organisation(one.lead)},
                    {"retain_until", TimeView(one.retain_until)},
                    {"due", is_due(one)},
                    {"erasure", one.erasure ? views.ErasureView(*one.erasure, one.lead) : Json(nullptr)}});
  }
  return Reply{.json = {{"region",
                         {{"retain_until_age_years", rules.retain_until_age_years},
                          {"retain_after_departure_years", rules.retain_after_departure_years}}},
                        {"sealed", SealedKeeping(call, rules)},
                        {"trajectories", std::move(list)},
                        {"next", page.next}}};
}

const Route kRoutes[] = {
    {"GET", "/v1/sealed", &Sealed, {"trajectory"}},
    {"POST", "/v1/records/{record}/unsealing", &Unseal},
    {"GET", "/v1/erasures", &Erasures, {"state", "limit", "cursor"}},
    {"GET", "/v1/retention", &Keeping, {"due", "limit", "cursor"}},
    {"POST", "/v1/trajectories/{trajectory}/erasure", &Propose},
    {"POST", "/v1/trajectories/{trajectory}/erasure/agreement", &Agree},
    {"POST", "/v1/trajectories/{trajectory}/erasure/confirmation", &Confirm},
};

}  // namespace
}  // namespace schakel::keeping_routes

namespace schakel {

std::span<const Route> KeepingRoutes() { return keeping_routes::kRoutes; }

}  // namespace schakel
