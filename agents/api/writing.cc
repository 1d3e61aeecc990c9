#include "writing.h"

#include <algorithm>
#include <iterator>

#include "services/journal.h"

namespace schakel {
namespace {

// These say who works there, or change only what somebody is told or has read; or an auditor does them, by rules of
// their own.
constexpr std::string_view kFree[] = {
    "/v1/trajectories/{trajectory}/tasks",  "/v1/trajectories/{trajectory}/tasks/ended",
    "/v1/trajectories/{trajectory}/follow", "/v1/trajectories/{trajectory}/unfollow",
    "/v1/records/{record}/unsealing",       "/v1/trajectories/{trajectory}/changes/seen",
};

// Who works there one may ask, to be able to ask them; and questions of who saw what have rules of their own.
constexpr std::string_view kFreeToLook[] = {
    "/v1/trajectories/{trajectory}/tasks",
    "/v1/trajectories/{trajectory}/accesses",
    "/v1/trajectories/{trajectory}/evidence",
};

constexpr const char* kRecords[] = {"record",     "grant",   "consultation", "referral",  "commitment", "goal",
                                    "criterion",  "action",  "table",        "agreement", "alert",      "figure",
                                    "kinship",    "event",   "question",     "report",    "hearing",    "plan",
                                    "conference", "contact", "switch"};

// Somebody who was named does not get it, and nobody else does either: it never left.
constexpr std::string_view kHeldBack[] = {"sending.unreached", "share.hidden",        "network.hidden",
                                          "dossier.hidden",    "action.owner_hidden", "agreement.hidden"};

struct Target {
  TrajectoryId trajectory;
  RecordId record;
};

std::optional<Target> TargetOf(const Call& call) {
  if (call.path.contains("trajectory")) {
    const auto id = call.Trajectory();
    return id ? std::optional(Target{*id, {}}) : std::nullopt;
  }
  if (const auto upload = call.path.find("upload"); upload != call.path.end()) {
    const auto id = ParseId<UploadId>(upload->second);
    if (!id) return std::nullopt;
    const auto found = call.desk.attachments.Find(*id, call.caller.person.name);
    return found ? std::optional(Target{found->request.trajectory, found->request.about}) : std::nullopt;
  }
  for (const char* name : kRecords) {
    if (!call.path.contains(name)) continue;
    const auto id = call.Record(name);
    if (!id) return std::nullopt;
    if (const auto held = call.desk.engine.Find(*id)) return Target{held->header.trajectory, *id};
    // What an earlier lead recorded is known, and not held.
    const auto grant = call.desk.grants.Find(*id);
    return grant ? std::optional(Target{grant->trajectory, *id}) : std::nullopt;
  }
  return std::nullopt;
}

// Of a question the request itself says which trajectory it is on.
std::optional<Target> TargetOfRequest(const Call& call) {
  if (const auto target = TargetOf(call)) return target;
  const auto named = call.body.find("trajectory");
  if (named == call.body.end() || !named->is_string()) return std::nullopt;
  const auto id = call.desk.cases.FindTrajectory(named->get<std::string>());
  return id ? std::optional(Target{*id, {}}) : std::nullopt;
}

// Of whom it is known that they would not have got it; of several who are named at once a rule does not tell which.
std::vector<std::string> HeldBackFrom(const Call& call, const Result<Reply>& reply) {
  std::vector<std::string> partners;
  if (reply) {
    for (const Json& one : reply->json.at("unreached")) partners.push_back(one.at("organisation").at("id"));
    return partners;
  }
  if (reply.error().rule == "share.hidden") return {reply.error().field};
  const auto to = call.body.find("to");
  const bool one = to != call.body.end() && to->is_array() && to->size() == 1;
  partners.push_back(one ? to->front().get<std::string>() : std::string());
  return partners;
}

}  // namespace

Status CheckMayWriteOn(Call& call, const TrajectoryId& trajectory, const RecordId& record) {
  if (IsNone(trajectory)) return {};
  const Timestamp now = call.desk.clock.Now();
  SCHAKEL_ASSIGN(const auto changes, TaskChangesOf(call.desk.engine, trajectory));
  if (StandingAt(changes, call.caller.person.name, now) != TaskStanding::kNoTask) return {};
  const bool held_off = call.caller.reason == ViewReason::kTask;
  const Act::What what = held_off ? Act::What::kTurnedAway : Act::What::kWrote;
  Act act{now, what, trajectory, record, call.caller.person, call.caller.reason, {}, {}};
  if (held_off) act.barred = AccessRow::Barred::kNoTask;
  SCHAKEL_TRY(Note(call.desk.engine, act));
  if (!held_off) {
    call.wrote.push_back(act);
    return {};
  }
  return Fail(Code::kDenied, "write.no_task", "reason",
              "say why you do this with another reason than task, or ask the coordinator for the task");
}

Status CheckMayWrite(Call& call, const Route& route) {
  const std::string_view pattern = route.pattern;
  if (std::string_view(route.method) == "GET" || call.visitor.guest) return {};
  if (std::ranges::find(kFree, pattern) != std::end(kFree)) return {};
  const auto target = TargetOf(call);
  return target ? CheckMayWriteOn(call, target->trajectory, target->record) : Status();
}

Status CheckMayLook(Call& call, const Route& route) {
  if (std::string_view(route.method) != "GET" || call.visitor.guest || !call.path.contains("trajectory")) return {};
  if (call.caller.person.role != StaffRole::kWorker) return {};
  if (std::ranges::find(kFreeToLook, std::string_view(route.pattern)) != std::end(kFreeToLook)) return {};
  const auto id = call.Trajectory();
  if (!id) return {};  // Whoever reads it says why.
  const Timestamp now = call.desk.clock.Now();
  SCHAKEL_ASSIGN(const auto changes, TaskChangesOf(call.desk.engine, *id));
  if (StandingAt(changes, call.caller.person.name, now) != TaskStanding::kNoTask) return {};
  if (call.caller.reason != ViewReason::kTask) {
    const auto trajectory = call.desk.cases.Trajectory(*id);
    if (!trajectory || IsNone(trajectory->label_record)) return {};
    const auto shown = call.desk.reading.Show({trajectory->label_record}, call.caller);
    return shown ? Status() : Status(std::unexpected(shown.error()));
  }
  SCHAKEL_TRY(Note(call.desk.engine, {now,
                                      Act::What::kTurnedAway,
                                      *id,
                                      RecordId{},
                                      call.caller.person,
                                      call.caller.reason,
                                      {},
                                      {},
                                      AccessRow::Barred::kNoTask}));
  return Fail(Code::kDenied, "view.no_task", "reason",
              "say why you look with another reason than task, or ask the coordinator for the task");
}

Status NoteHeldBack(const Call& call, const Result<Reply>& reply) {
  if (call.visitor.guest) return {};
  const bool unreached = reply && reply->status == 409 && reply->json.is_object() && reply->json.contains("unreached");
  const std::string rule = unreached ? "sending.unreached" : reply ? std::string() : reply.error().rule;
  if (std::ranges::find(kHeldBack, rule) == std::end(kHeldBack)) return {};
  const auto target = TargetOfRequest(call);
  if (!target || IsNone(target->trajectory)) return {};
  for (const std::string& partner : HeldBackFrom(call, reply)) {
    SCHAKEL_TRY(Note(call.desk.engine, {call.desk.clock.Now(), Act::What::kAttempted, target->trajectory,
                                        target->record, call.caller.person, call.caller.reason, partner, rule}));
  }
  return {};
}

Status NoteNothingWritten(const Call& call) {
  for (Act act : call.wrote) {
    act.what = Act::What::kWroteNot;
    SCHAKEL_TRY(Note(call.desk.engine, act));
  }
  return {};
}

}  // namespace schakel
