#include <algorithm>

#include "agents/services.h"
#include "agents/tasks.h"
#include "journal.h"

namespace schakel {
namespace {

constexpr std::size_t kNeutralDigits = 8;

Error Sealed(const char* rule, const char* next) { return {Code::kDenied, rule, "record", next}; }

// An invitation speaks of the young person, and needs no grant to arrive. Its words stay as long as there is something
// that they are needed for: an open invitation, or a membership from which not everything was taken back.
std::optional<Error> WhySealed(const Trajectory& rules, const OrgId& self, Timestamp now) {
  if (rules.lead == self) return std::nullopt;
  auto member = rules.members.find(self);
  if (member == rules.members.end() || member->second.status == MemberStatus::kLeft) {
    return Sealed("view.left", "ask the lead for a new invitation");
  }
  if (member->second.status == MemberStatus::kInvited) {
    if (now < member->second.invite_expires_at) return std::nullopt;
    return Sealed("view.invitation", "ask the lead for a new invitation");
  }
  const auto is_ours = [&](const Grant& grant) { return grant.terms.recipient == self; };
  const bool some_withdrawn =
      std::ranges::any_of(rules.grants, [&](const Grant& grant) { return is_ours(grant) && grant.withdrawn; });
  const bool some_left = std::ranges::any_of(
      rules.grants, [&](const Grant& grant) { return is_ours(grant) && !grant.withdrawn && now < grant.ends_at; });
  if (some_withdrawn && !some_left) return Sealed("view.withdrawn", "respect the withdrawal");
  return std::nullopt;
}

std::optional<Error> WhySealed(const Engine& engine, const HeldRecord& held, Timestamp now) {
  if (held.state != RecordState::kReceived || held.header.kind != Kind::kMemberInvite) return std::nullopt;
  auto rules = engine.FindTrajectory(held.header.trajectory);
  if (!rules) return Sealed("view.left", "ask the lead for a new invitation");
  return WhySealed(*rules, engine.Self(), now);
}

// To the engine, what was withdrawn and what ended with our leaving are the same; to a person they are not.
Error InWords(const Engine& engine, const HeldRecord& held, Error error) {
  if (error.rule != "view.withdrawn") return error;
  auto rules = engine.FindTrajectory(held.header.trajectory);
  if (!rules) return error;
  auto member = rules->members.find(engine.Self());
  const bool left = member != rules->members.end() && member->second.status == MemberStatus::kLeft;
  return left ? Sealed("view.left", "ask the lead for a new invitation") : error;
}

constexpr std::string_view kNoTask = "view.no_task";
constexpr std::string_view kTakenBack = "view.withdrawn";

// Whether "task" is a reason that counts for this person there; each trajectory is looked up once.
class TaskCheck {
 public:
  TaskCheck(const Engine& engine, const Caller& caller, Timestamp now) : engine_(engine), caller_(caller), now_(now) {}

  Result<bool> MayLook(const TrajectoryId& id) {
    if (caller_.reason != ViewReason::kTask || IsNone(id)) return true;
    if (auto found = known_.find(id); found != known_.end()) return found->second;
    SCHAKEL_ASSIGN(const auto changes, TaskChangesOf(engine_, id));
    return known_[id] = StandingAt(changes, caller_.person.name, now_) != TaskStanding::kNoTask;
  }

 private:
  const Engine& engine_;
  const Caller& caller_;
  const Timestamp now_;
  std::map<TrajectoryId, bool> known_;
};

}  // namespace

struct Sieve::Parts {
  const Engine& engine;
  Caller caller;
  Timestamp now;
  TaskCheck tasks{engine, caller, now};
};

Sieve::Sieve(const Engine& engine, const Caller& caller, Timestamp now)
    : parts_(std::make_unique<Parts>(engine, caller, now)) {}
Sieve::~Sieve() = default;

Result<bool> Sieve::Lets(const HeldRecord& held) {
  SCHAKEL_ASSIGN(const bool may_look, parts_->tasks.MayLook(held.header.trajectory));
  return may_look && !WhySealed(parts_->engine, held, parts_->now);
}

Result<bool> Sieve::LetsInto(const TrajectoryId& id) { return parts_->tasks.MayLook(id); }

std::optional<Error> TurnedAway(const std::vector<Reading::Shown>& shown) {
  const auto turned = [](const Reading::Shown& one) { return one.sealed && one.sealed->rule == kNoTask; };
  if (shown.empty() || !std::ranges::all_of(shown, turned)) return std::nullopt;
  return shown.front().sealed;
}

Result<std::vector<Reading::Shown>> Reading::Show(const std::vector<RecordId>& ids, const Caller& caller,
                                                  IfNoTask if_no_task) {
  std::vector<Shown> shown;
  std::map<RecordId, Body> bodies;
  const Timestamp now = clock_.Now();
  TaskCheck tasks(engine_, caller, now);
  const auto note = [&](const HeldRecord& held, AccessRow::Barred why) -> Status {
    if (if_no_task == IfNoTask::kQuiet) return {};
    const Header& header = held.header;
    return Note(engine_,
                {now, Act::What::kTurnedAway, header.trajectory, header.id, caller.person, caller.reason, {}, {}, why});
  };
  for (const RecordId& id : ids) {
    SCHAKEL_ASSIGN(HeldRecord held, engine_.Find(id));
    Shown one{std::move(held), std::nullopt, Exception::kNone, std::nullopt};
    SCHAKEL_ASSIGN(const bool may_look, tasks.MayLook(one.held.header.trajectory));
    if (!may_look) {
      one.sealed = Error{Code::kDenied, std::string(kNoTask), "reason",
                         "say why you look with another reason than task, or ask the coordinator for the task"};
      SCHAKEL_TRY(note(one.held, AccessRow::Barred::kNoTask));
    } else if (auto sealed = WhySealed(engine_, one.held, now)) {
      one.sealed = std::move(sealed);
    } else if (auto body = engine_.Open(id)) {
      bodies[id] = std::move(*body);
    } else {
      // Somebody tried to read what was taken back.
      const bool taken_back = IsContent(one.held.header.kind) && body.error().rule == kTakenBack;
      if (taken_back) SCHAKEL_TRY(note(one.held, AccessRow::Barred::kSealed));
      one.sealed = InWords(engine_, one.held, body.error());
    }
    shown.push_back(std::move(one));
  }
  std::vector<RecordId> seen;
  seen.reserve(bodies.size());
  for (const auto& [id, body] : bodies) seen.push_back(id);
  // Only after this are the views durable; nothing is handed out before.
  if (!seen.empty()) SCHAKEL_TRY(engine_.Read(seen, caller.person, caller.reason));
  for (Shown& one : shown) {
    if (one.sealed) continue;
    auto typed = DecodeBody(bodies.at(one.held.header.id));
    if (typed) {
      const auto* marked = std::get_if<MarkedBody>(&*typed);
      if (marked != nullptr && one.held.header.kind != Kind::kExceptionMark) one.exception = marked->exception;
      one.body = Unmarked(std::move(*typed));
    } else {
      one.sealed = typed.error();
    }
  }
  return shown;
}

std::string NeutralLabel(const TrajectoryId& id) { return ToText(id).substr(0, kNeutralDigits); }

void Glance::Want(const RecordId& id) {
  if (!IsNone(id)) wanted_.insert(id);
}

// Whatever the time is when it is shown, one of these says the form of help.
void Glance::Want(const CaseTrajectory& trajectory) {
  Want(trajectory.label_record);
  for (const ModulePeriod& period : LastModules(trajectory.help, trajectory.opened_at)) Want(period.record);
}

Status Glance::Read(Reading& reading, const Caller& caller) {
  SCHAKEL_ASSIGN(const auto shown, reading.Show({wanted_.begin(), wanted_.end()}, caller, Reading::IfNoTask::kQuiet));
  for (const Reading::Shown& one : shown) Take(one);
  return {};
}

void Glance::Take(const Reading::Shown& shown) {
  if (shown.body) bodies_.emplace(shown.held.header.id, *shown.body);
}

std::string Glance::LabelOf(const CaseTrajectory& trajectory) const {
  if (const auto* opening = Find<OpeningBody>(trajectory.label_record)) return opening->label;
  const auto* invitation = Find<InvitationBody>(trajectory.label_record);
  if (invitation != nullptr && !invitation->label.empty()) return invitation->label;
  return NeutralLabel(trajectory.id);
}

Module Glance::ModuleOf(const CaseTrajectory& trajectory, Timestamp now) const {
  const auto periods = ModulesOver(trajectory.help, trajectory.opened_at);
  const ModulePeriod& period = ModuleAt(periods, now);
  return Has(period.record) ? period.module : Module::kUnspecified;
}

}  // namespace schakel
