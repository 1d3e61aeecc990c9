#include "agents/duty.h"

#include <algorithm>
#include <tuple>

#include "agents/former_names.h"
#include "agents/partnership_agreements.h"
#include "agents/person_name.h"
#include "agents/tasks.h"
#include "on_duty.h"
#include "protocol/codec.h"
#include "sending.h"

namespace schakel {
namespace {

constexpr std::uint64_t kDutyVersion = 1;
constexpr std::size_t kIdDigitsMin = 4;  // As of any id.

Status CheckSaysWhoIsOnDuty(const Person& by) {
  if (by.role == StaffRole::kCoordinator || by.role == StaffRole::kAdministrator) return {};
  return Fail(Code::kDenied, "duty.role", "role", "ask the coordinator");
}

Status CheckTurn(const DutyTurn& turn, Timestamp now) {
  SCHAKEL_TRY(CheckTaskPerson(turn.person));
  const bool fits = turn.from < turn.until && turn.until > now && turn.until - turn.from <= DutyService::kLongest;
  if (fits) return {};
  return Fail(Code::kInvalid, "duty.period", "until", "let it end after it begins, after now, within 31 days");
}

Result<std::vector<DutyTurn>> AllTurns(const Engine& engine) {
  SCHAKEL_ASSIGN(const auto rows, engine.Kept(DutyService::kSet));
  SCHAKEL_ASSIGN(const FormerNames names, FormerNames::Of(engine));
  std::vector<DutyTurn> all;
  for (const auto& [key, row] : rows) {
    SCHAKEL_ASSIGN(DutyTurn turn, DecodeDutyTurn(row));
    turn.person = names.Now(turn.person);
    all.push_back(std::move(turn));
  }
  std::ranges::sort(all, {}, [](const DutyTurn& one) { return std::tuple(one.from, one.person, one.id); });
  return all;
}

void Take(const Consultation& one, const OrgId& self, Timestamp now, CrisisQueue& queue) {
  if (one.urgency != Urgency::kCrisis || one.state != Consultation::State::kOpen) return;
  const Timestamp due = *one.DueBy();
  CrisisQuestion question{one.id, one.trajectory, one.asker, one.LastAskedAt(), due, now >= due, {}, {}};
  if (one.asker != self) {
    queue.to_us.push_back(std::move(question));
    return;
  }
  question.silent = one.outstanding;
  question.asked.assign(one.asked.begin(), one.asked.end());
  queue.ours.push_back(std::move(question));
}

}  // namespace

Bytes EncodeDutyTurn(const DutyTurn& turn) {
  Encoder to;
  to.Array(6).Uint(kDutyVersion).Binary(turn.id).Text(turn.person).Time(turn.from).Time(turn.until).Text(turn.by);
  return to.Take();
}

Result<DutyTurn> DecodeDutyTurn(ByteView bytes) {
  Decoder from(bytes);
  from.Array(6, "duty");
  if (from.Uint("duty.version") != kDutyVersion) return Fail(Code::kVersion, "vault.row", "duty");
  DutyTurn turn;
  turn.id = from.Fixed<16>("duty.id");
  turn.person = from.Text("duty.person", TaskService::kPersonBytesMax);
  turn.from = from.Time("duty.from");
  turn.until = from.Time("duty.until");
  turn.by = from.Text("duty.by", TaskService::kPersonBytesMax);
  if (!from.Finish()) return Fail(Code::kCorrupt, "vault.row", "duty");
  return turn;
}

Result<std::vector<std::string>> OnDutyAt(const Engine& engine, Timestamp at) {
  SCHAKEL_ASSIGN(const std::vector<DutyTurn> turns, AllTurns(engine));
  std::vector<std::string> people;
  for (const DutyTurn& one : turns) {
    if (one.Holds(at) && std::ranges::find(people, one.person) == people.end()) people.push_back(one.person);
  }
  return people;
}

CrisisQueue CrisisQueueOf(CaseFile& file, const OrgId& self, Timestamp now) {
  CrisisQueue queue;
  for (const CaseTrajectory* trajectory : file.Trajectories()) {
    if (trajectory->closed) continue;
    for (const Consultation& one : trajectory->consultations) Take(one, self, now, queue);
  }
  for (const Consultation& one : file.AnonymousConsultations()) Take(one, self, now, queue);
  for (auto* list : {&queue.to_us, &queue.ours}) {
    std::ranges::sort(*list, {},
                      [](const CrisisQuestion& one) { return std::tuple(one.due_at, one.asked_at, one.id); });
  }
  return queue;
}

std::optional<OrgId> NextPartner(const CrisisQuestion& question, const OrgId& silent,
                                 const std::vector<OrgId>& candidates, const std::map<OrgId, Sector>& sectors) {
  const auto sector = sectors.find(silent);
  std::optional<std::pair<bool, OrgId>> best;  // Of another sector; the name.
  for (const OrgId& one : candidates) {
    if (std::ranges::find(question.asked, one) != question.asked.end()) continue;
    const auto its = sectors.find(one);
    const bool same = sector != sectors.end() && its != sectors.end() && its->second == sector->second;
    const std::pair<bool, OrgId> rank{!same, one};
    if (!best || rank < *best) best = rank;
  }
  return best ? std::optional(best->second) : std::nullopt;
}

Result<std::vector<DutyTurn>> DutyService::Roster() const {
  SCHAKEL_ASSIGN(std::vector<DutyTurn> turns, AllTurns(engine_));
  const Timestamp now = clock_.Now();
  std::erase_if(turns, [&](const DutyTurn& one) { return one.until <= now; });
  return turns;
}

Result<DutyTurn> DutyService::Add(DutyTurn turn, const Person& by) {
  SCHAKEL_TRY(CheckSaysWhoIsOnDuty(by));
  const Timestamp now = clock_.Now();
  SCHAKEL_TRY(CheckTurn(turn, now));
  SCHAKEL_ASSIGN(const FormerNames names, FormerNames::Of(engine_));
  SCHAKEL_ASSIGN(const std::vector<DutyTurn> all, AllTurns(engine_));
  const auto ahead = std::ranges::count_if(all, [&](const DutyTurn& one) { return one.until > now; });
  if (static_cast<std::size_t>(ahead) >= kTurnsMax) {
    return Fail(Code::kLimit, "duty.many", "person", "plan less far ahead, or take turns off the list");
  }
  turn.id = random_.Draw<RecordId>().value();
  turn.person = names.Now(turn.person);
  turn.by = by.name;
  std::vector<Engine::KeptRow> rows = {{kSet, ToHex(turn.id), EncodeDutyTurn(turn)}};
  for (const DutyTurn& one : all) {
    if (one.until + kKept < now) rows.push_back({kSet, ToHex(one.id), std::nullopt});
  }
  SCHAKEL_TRY(engine_.Keep(rows));
  return turn;
}

Status DutyService::Remove(const std::string& id, const Person& by) {
  SCHAKEL_TRY(CheckSaysWhoIsOnDuty(by));
  SCHAKEL_ASSIGN(const std::vector<DutyTurn> turns, Roster());
  const auto is_it = [&](const DutyTurn& one) { return ToHex(one.id).starts_with(id); };
  const auto found = std::ranges::find_if(turns, is_it);
  const bool one_alone = id.size() >= kIdDigitsMin && std::ranges::count_if(turns, is_it) == 1;
  if (!one_alone) return Fail(Code::kNotFound, "duty.turn", "turn", "see who is on the list: schakel duty list");
  return engine_.Keep({{kSet, ToHex(found->id), std::nullopt}});
}

CrisisQueue DutyService::Queue() {
  return cases_.With([&](CaseFile& file) { return CrisisQueueOf(file, engine_.Self(), clock_.Now()); });
}

std::optional<OrgId> DutyService::NextFor(const CrisisQuestion& question, const OrgId& silent) {
  std::map<OrgId, Sector> sectors;
  std::vector<OrgId> candidates;
  for (const Directory::Organisation& one : engine_.Organisations()) {
    const OrgStatement& statement = one.statement;
    sectors.emplace(statement.organisation, statement.sector);
    if (statement.status == OrgStatus::kActive && statement.organisation != engine_.Self()) {
      candidates.push_back(statement.organisation);
    }
  }
  if (!IsNone(question.trajectory)) {
    const auto trajectory = cases_.Trajectory(question.trajectory);
    if (!trajectory) return std::nullopt;
    const auto there = OthersIn(*trajectory, engine_.Self());
    std::erase_if(candidates, [&](const OrgId& one) { return std::ranges::find(there, one) == there.end(); });
  }
  std::erase_if(candidates, [&](const OrgId& one) { return WallBefore(engine_, one) == CourtWall::kBefore; });
  // What cannot be read suggests nobody: it may have ended.
  const auto order = InCrisisOrder(engine_, candidates, clock_.Now());
  if (!order) return std::nullopt;
  for (const OrgId& one : order->agreed) {
    if (std::ranges::find(question.asked, one) == question.asked.end()) return one;
  }
  return NextPartner(question, silent, order->others, sectors);
}

}  // namespace schakel
