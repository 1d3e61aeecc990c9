// What was sealed, and opening it; erasing.
#include "router.h"

namespace schakel {
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
  SCHAKEL_ASSIGN(const RecordId id, call.Record("record"));
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
  const JsonViews views = call.Views();
  Json list = Json::array();
  call.desk.cases.With([&](CaseFile& file) {
    for (const CaseTrajectory* trajectory : file.Trajectories()) {
      if (!trajectory->erasure) continue;
      Json view = views.ErasureView(*trajectory->erasure, trajectory->lead);
      view["trajectory"] = ToText(trajectory->id);
      view["lead"] = views.Organisation(trajectory->lead);
      list.push_back(std::move(view));
    }
  });
  return Reply{.json = {{"erasures", std::move(list)}}};
}

const Route kRoutes[] = {
    {"GET", "/v1/sealed", &Sealed, {"trajectory"}},
    {"POST", "/v1/records/{record}/unsealing", &Unseal},
    {"GET", "/v1/erasures", &Erasures},
    {"POST", "/v1/trajectories/{trajectory}/erasure", &Propose},
    {"POST", "/v1/trajectories/{trajectory}/erasure/agreement", &Agree},
    {"POST", "/v1/trajectories/{trajectory}/erasure/confirmation", &Confirm},
};

}  // namespace

std::span<const Route> KeepingRoutes() { return kRoutes; }

}  // namespace schakel
