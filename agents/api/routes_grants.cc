#include "router.h"

namespace schakel::grants_routes {
namespace {

struct Owned {
  TrajectoryId trajectory;
  CaseGrant grant;
};
Result<Reply> PageOfGrants(Call& call, std::vector<Owned> all) {
  SCHAKEL_ASSIGN(const auto page,
                 call.PageOf(std::move(all), [](const Owned& one) { return ToText(one.grant.grant.id); }));
  const JsonViews views = call.Views();
  const Timestamp now = call.desk.clock.Now();
  Json list = Json::array();
  for (const Owned& one : page.items) list.push_back(views.GrantView(one.grant, one.trajectory, now));
  return Reply{.json = {{"grants", std::move(list)}, {"next", page.next}}};
}

Result<Reply> List(Call& call) {
  SCHAKEL_ASSIGN(const TrajectoryId id, call.Trajectory());
  SCHAKEL_ASSIGN(const CaseTrajectory trajectory, call.desk.cases.Trajectory(id));
  std::vector<Owned> all;
  for (const CaseGrant& grant : trajectory.grants) all.push_back({id, grant});
  return PageOfGrants(call, std::move(all));
}

Result<Reply> ListAll(Call& call) {
  SCHAKEL_ASSIGN(const auto asked, call.AskedTrajectory());
  std::vector<Owned> all;
  call.desk.cases.With([&](CaseFile& file) {
    for (const CaseTrajectory* trajectory : file.Trajectories()) {
      if (asked && *asked != trajectory->id) continue;
      for (const CaseGrant& grant : trajectory->grants) all.push_back({trajectory->id, grant});
    }
  });
  return PageOfGrants(call, std::move(all));
}

Result<Reply> Give(Call& call) {
  GrantRequest request;
  SCHAKEL_ASSIGN(request.trajectory, call.Trajectory());
  Input input(call.body);
  request.recipient = input.Organisation("organisation");
  request.purposes = input.Set<Purpose>("purposes", &ParsePurpose);
  request.categories = input.Set<Category>("categories", &ParseCategory);
  request.begins_at = input.Time("begins_at");
  const auto ends_at = input.Time("ends_at");
  request.basis = input.Word("basis", Basis::kConsent, &ParseBasis);
  if (call.body.contains("grantor")) request.grantor = input.Word("grantor", Grantor::kYoungPerson, &ParseGrantor);
  request.oral = input.Flag("oral", false);
  request.consented_by = input.Text("consented_by");
  request.how = input.Text("how");
  request.witness = input.Text("witness");
  request.reason = input.Text("reason");
  if (call.body.contains("sought")) request.sought = input.Word("sought", Sought::kAgreed, &ParseSought);
  request.necessary = input.Flag("necessary", false);
  request.in_client_interest = input.Flag("in_client_interest", false);
  if (const std::string frame = input.Text("frame"); !frame.empty()) {
    SCHAKEL_ASSIGN(request.frame, call.desk.cases.FindRecord(frame));
  }
  if (const std::string piece = input.Text("piece"); !piece.empty()) {
    SCHAKEL_ASSIGN(request.piece, call.desk.cases.FindRecord(piece));
  }
  const Audience audience{{}, false, input.Flag("preview", false), call.patience};
  if (!ends_at) input.Refuse({Code::kInvalid, "request.required", {}, "fill it in"}, "ends_at");
  SCHAKEL_TRY(input.Finish());
  request.ends_at = *ends_at;
  SCHAKEL_ASSIGN(const Sent sent, call.desk.grants.Give(request, call.caller, audience));
  return call.Sending(sent);
}

// With its evidence, which names people: so that is a view.
Result<Reply> Show(Call& call) {
  SCHAKEL_ASSIGN(const RecordId id, call.Record("grant"));
  SCHAKEL_ASSIGN(const GrantService::Found found, call.desk.grants.Find(id));
  // What an earlier lead recorded of a grant to somebody else stays with it, and with who has the grant.
  const bool held = call.desk.engine.Find(id).has_value();
  std::vector<RecordId> ids;
  if (held) ids.push_back(id);
  const std::size_t narrowed_from = ids.size();
  for (const CaseTakenBack& taken : found.grant.taken_back) {
    if (taken.kind == Kind::kGrantNarrow && call.desk.engine.Find(taken.record)) ids.push_back(taken.record);
  }
  const std::size_t narrowed_to = ids.size();
  if (!IsNone(found.grant.withdrawal)) ids.push_back(found.grant.withdrawal);
  SCHAKEL_ASSIGN(const auto shown, call.desk.reading.Show(ids, call.caller));
  if (auto turned_away = TurnedAway(shown)) return std::unexpected(std::move(*turned_away));
  const JsonViews views = call.Views();
  Json json = views.GrantView(found.grant, found.trajectory, call.desk.clock.Now());
  json["evidence"] = held ? views.ShownView(shown.front()) : Json(nullptr);
  json["narrowed_by"] = Json::array();
  for (std::size_t i = narrowed_from; i < narrowed_to; ++i) json["narrowed_by"].push_back(views.ShownView(shown.at(i)));
  if (!IsNone(found.grant.withdrawal)) json["withdrawn_by"] = views.ShownView(shown.back());
  return Reply{.json = std::move(json)};
}

Result<Reply> Narrow(Call& call) {
  SCHAKEL_ASSIGN(const RecordId id, call.Record("grant"));
  Input input(call.body);
  const PurposeSet purposes = input.Set<Purpose>("purposes", &ParsePurpose);
  const CategorySet categories = input.Set<Category>("categories", &ParseCategory);
  const auto ends_at = input.Time("ends_at");
  const MessageBody message{input.Text("message")};
  const Audience audience{{}, false, input.Flag("preview", false), call.patience};
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const Sent sent, call.desk.grants.Narrow(id, purposes, categories, ends_at, message, audience));
  return call.Sending(sent);
}

Result<Reply> Withdraw(Call& call) {
  SCHAKEL_ASSIGN(const RecordId id, call.Record("grant"));
  Input input(call.body);
  const WithdrawalBody why{input.Text("reason")};
  const Audience audience{{}, false, input.Flag("preview", false), call.patience};
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const Sent sent, call.desk.grants.Withdraw(id, why, audience));
  return call.Sending(sent);
}

Result<Reply> Fix(Call& call) {
  FrameRequest request;
  SCHAKEL_ASSIGN(request.trajectory, call.Trajectory());
  Input input(call.body);
  request.ground = input.Word("ground", FrameGround::kDecree, &ParseFrameGround);
  request.document = input.RequiredText("document");
  request.purpose = input.Text("purpose");
  request.chair = input.Organisation("chair");
  request.participants = input.Organisations("participants");
  request.purposes = input.Set<Purpose>("purposes", &ParsePurpose);
  request.begins_at = input.Time("begins_at");
  const auto ends_at = input.Time("ends_at");
  const Audience audience{{}, false, input.Flag("preview", false), call.patience};
  if (!ends_at) input.Refuse({Code::kInvalid, "request.required", {}, "fill it in"}, "ends_at");
  SCHAKEL_TRY(input.Finish());
  request.ends_at = *ends_at;
  SCHAKEL_ASSIGN(const Sent sent, call.desk.grants.Fix(request, call.caller, audience));
  return call.Sending(sent);
}

Result<Reply> Review(Call& call) {
  SCHAKEL_ASSIGN(const RecordId id, call.Record("grant"));
  Input input(call.body);
  const ReviewOutcome outcome = input.RequiredWord("outcome", ReviewOutcome::kJustified, &ParseReviewOutcome);
  const MessageBody findings{input.Text("message")};
  const Audience audience{{}, false, input.Flag("preview", false), call.patience};
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const Sent sent, call.desk.grants.Review(id, outcome, findings, audience));
  return call.Sending(sent);
}

const Route kRoutes[] = {
    {"GET", "/v1/trajectories/{trajectory}/grants", &List, {"limit", "cursor"}},
    {"POST", "/v1/trajectories/{trajectory}/grants", &Give},
    {"GET", "/v1/grants", &ListAll, {"trajectory", "limit", "cursor"}},
    {"GET", "/v1/grants/{grant}", &Show},
    {"POST", "/v1/grants/{grant}/narrowing", &Narrow},
    {"POST", "/v1/grants/{grant}/withdrawal", &Withdraw},
    {"POST", "/v1/grants/{grant}/review", &Review},
    {"POST", "/v1/trajectories/{trajectory}/frames", &Fix},
};

}  // namespace
}  // namespace schakel::grants_routes

namespace schakel {

std::span<const Route> GrantRoutes() { return grants_routes::kRoutes; }

}  // namespace schakel
