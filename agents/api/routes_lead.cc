// Who leads, from one organisation to the next.
#include "router.h"

namespace schakel::lead_routes {
namespace {

Result<Reply> Offer(Call& call) {
  SCHAKEL_ASSIGN(const TrajectoryId id, call.Trajectory());
  Input input(call.body);
  const OrgId to = input.Organisation("to");
  const MessageBody message{input.Text("message")};
  const auto expires_at = input.Time("expires_at");
  const Audience audience{{}, false, input.Flag("preview", false), call.patience};
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const Sent sent, call.desk.lead.Offer(id, to, message, expires_at, audience));
  return call.Sending(sent);
}

Result<Reply> Accept(Call& call) {
  SCHAKEL_ASSIGN(const TrajectoryId id, call.Trajectory());
  Input input(call.body);
  const MessageBody message{input.Text("message")};
  const Audience audience{{}, false, input.Flag("preview", false), call.patience};
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const Sent sent, call.desk.lead.Accept(id, message, audience));
  return call.Sending(sent);
}

Result<Reply> Refuse(Call& call) {
  SCHAKEL_ASSIGN(const TrajectoryId id, call.Trajectory());
  Input input(call.body);
  const MessageBody why{input.RequiredText("why")};
  const Audience audience{{}, false, input.Flag("preview", false), call.patience};
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const Sent sent, call.desk.lead.Refuse(id, why, audience));
  return call.Sending(sent);
}

Result<Reply> WithdrawOffer(Call& call) {
  SCHAKEL_ASSIGN(const TrajectoryId id, call.Trajectory());
  Input input(call.body);
  const MessageBody why{input.Text("why")};
  const Audience audience{{}, false, input.Flag("preview", false), call.patience};
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const Sent sent, call.desk.lead.Withdraw(id, why, audience));
  return call.Sending(sent);
}

const Route kRoutes[] = {
    {"POST", "/v1/trajectories/{trajectory}/lead/offer", &Offer},
    {"POST", "/v1/trajectories/{trajectory}/lead/acceptance", &Accept},
    {"POST", "/v1/trajectories/{trajectory}/lead/refusal", &Refuse},
    {"POST", "/v1/trajectories/{trajectory}/lead/withdrawal", &WithdrawOffer},
};

}  // namespace
}  // namespace schakel::lead_routes

namespace schakel {

std::span<const Route> LeadRoutes() { return lead_routes::kRoutes; }

}  // namespace schakel
