#include "agents/following.h"

#include <algorithm>
#include <charconv>
#include <set>

#include "agents/person_name.h"
#include "agents/tasks.h"
#include "on_duty.h"
#include "protocol/codec.h"
#include "protocol/crypto.h"

namespace schakel {
namespace {

constexpr std::uint64_t kFollowVersion = 1;
constexpr std::size_t kFollowerBytesMax = 200;

Error NoTask() {
  return {Code::kDenied, "view.no_task", "reason",
          "say why you look with another reason than task, or ask the coordinator for the task"};
}

constexpr std::uint64_t kAskerVersion = 1;

Bytes EncodeAsker(const std::string& person) {
  Encoder to;
  to.Array(2).Uint(kAskerVersion).Text(person);
  return to.Take();
}

Result<std::string> DecodeAsker(ByteView bytes) {
  Decoder from(bytes);
  from.Array(2, "asker");
  if (from.Uint("asker.version") != kAskerVersion) return Fail(Code::kVersion, "vault.row", "asker");
  std::string person(from.Text("asker.person", kFollowerBytesMax));
  if (!from.Finish()) return Fail(Code::kCorrupt, "vault.row", "asker");
  return person;
}

constexpr std::uint64_t kOwnVersion = 1;

struct OwnRecord {
  TrajectoryId trajectory;
  RecordId record;
};

Bytes EncodeOwn(const OwnRecord& own) {
  Encoder to;
  to.Array(3).Uint(kOwnVersion).Id(own.trajectory).Id(own.record);
  return to.Take();
}

Result<OwnRecord> DecodeOwn(ByteView bytes) {
  Decoder from(bytes);
  from.Array(3, "own");
  if (from.Uint("own.version") != kOwnVersion) return Fail(Code::kVersion, "vault.row", "own");
  OwnRecord own;
  own.trajectory = from.ReadId<TrajectoryId>("own.trajectory");
  own.record = from.ReadId<RecordId>("own.record");
  if (!from.Finish()) return Fail(Code::kCorrupt, "vault.row", "own");
  return own;
}

std::string RowOf(const Follow& follow) { return PersonRow(follow.person) + "." + ToText(follow.trajectory); }
std::string FactOf(const TrajectoryId& id, const std::string& person) {
  return "looked." + PersonRow(person) + "." + ToText(id);
}

// Of our own what the hub has: before that it stands in the outbox, under a time of our own clock.
bool IsNew(const HeldRecord& held, const LookMark& seen) {
  if (held.state == RecordState::kReceived) return held.position > seen.position;
  return held.state == RecordState::kAccepted && held.at > seen.own;
}

void Advance(LookMark& mark, const HeldRecord& held) {
  if (held.state == RecordState::kReceived) {
    mark.position = std::max(mark.position, held.position);
  } else if (held.state == RecordState::kAccepted) {
    mark.own = std::max(mark.own, held.at);
  }
}

}  // namespace

std::string PersonRow(const std::string& person) { return ToHex(Sha256(AsBytes(PersonKey(person)))); }

Bytes EncodeFollow(const Follow& follow) {
  Encoder to;
  to.Array(5).Uint(kFollowVersion).Id(follow.trajectory).Text(follow.person);
  to.Array(follow.kinds.size());
  for (const Kind kind : follow.kinds) to.Uint(static_cast<std::uint64_t>(kind));
  to.Time(follow.since);
  return to.Take();
}

Result<Follow> DecodeFollow(ByteView bytes) {
  Decoder from(bytes);
  from.Array(5, "follow");
  if (from.Uint("follow.version") != kFollowVersion) return Fail(Code::kVersion, "vault.row", "follow");
  Follow follow;
  follow.trajectory = from.ReadId<TrajectoryId>("follow.trajectory");
  follow.person = from.Text("follow.person", kFollowerBytesMax);
  const std::size_t kinds = from.ArrayBetween(0, kKindMax, "follow.kinds");
  for (std::size_t i = 0; i < kinds; ++i) {
    follow.kinds.insert(static_cast<Kind>(from.Uint("follow.kinds", kKindMax)));
  }
  follow.since = from.Time("follow.since");
  if (!from.Finish()) return Fail(Code::kCorrupt, "vault.row", "follow");
  return follow;
}

std::string ToText(const LookMark& mark) {
  return std::to_string(mark.position.value()) + "." + std::to_string(mark.own.time_since_epoch().count());
}

Result<LookMark> ParseLookMark(std::string_view text) {
  const auto bad = [] { return Fail(Code::kInvalid, "changes.mark", "up_to", "take it from the list of changes"); };
  const char* end = text.data() + text.size();
  std::uint64_t position = 0;
  const auto first = std::from_chars(text.data(), end, position);
  if (first.ec != std::errc{} || first.ptr == end || *first.ptr != '.') return bad();
  std::uint64_t own = 0;
  const auto second = std::from_chars(first.ptr + 1, end, own);
  if (second.ec != std::errc{} || second.ptr != end || own >> 62U != 0) return bad();
  return LookMark{FeedPosition(position), Timestamp(std::chrono::milliseconds(static_cast<std::int64_t>(own)))};
}

Status FollowService::Load() {
  if (!loaded_) {
    SCHAKEL_ASSIGN(const auto rows, engine_.Kept(kSet));
    for (const auto& [key, row] : rows) {
      SCHAKEL_ASSIGN(Follow follow, DecodeFollow(row));
      follows_[{follow.trajectory, PersonKey(follow.person)}] = std::move(follow);
    }
    loaded_ = true;
  }
  SCHAKEL_ASSIGN(FormerNames names, FormerNames::Of(engine_));
  if (names == names_) return {};
  std::vector<Engine::KeptRow> rows;
  std::map<Key, Follow> moved;
  for (const auto& [key, follow] : follows_) {
    Follow one = follow;
    one.person = names.Now(follow.person);
    if (one.person != follow.person) rows.push_back({kSet, RowOf(follow), std::nullopt});
    const auto [there, fresh] = moved.try_emplace({one.trajectory, PersonKey(one.person)}, one);
    // What they said last.
    if (!fresh && there->second.since < one.since) there->second = one;
  }
  for (const auto& [key, follow] : moved) {
    const auto before = follows_.find(key);
    const bool stands = before != follows_.end() && before->second == follow;
    if (!stands) rows.push_back({kSet, RowOf(follow), EncodeFollow(follow)});
  }
  if (!rows.empty()) SCHAKEL_TRY(engine_.Keep(rows));
  follows_ = std::move(moved);
  names_ = std::move(names);
  return {};
}

FollowService::Key FollowService::KeyOf(const TrajectoryId& id, const std::string& person) const {
  return {id, PersonKey(names_.Now(person))};
}

Status FollowService::Begin(const TrajectoryId& id, const std::set<Kind>& kinds, const std::string& person) {
  SCHAKEL_ASSIGN(const auto tasks, TaskChangesOf(engine_, id));
  const Timestamp now = clock_.Now();
  std::lock_guard lock(mutex_);
  SCHAKEL_TRY(Load());
  const std::string called = names_.Now(person);
  if (StandingAt(tasks, called, now) == TaskStanding::kNoTask) {
    return Fail(Code::kDenied, "follow.no_task", "trajectory", "ask the coordinator for the task");
  }
  const Key key = KeyOf(id, called);
  const auto count = std::ranges::count_if(follows_, [&](const auto& one) { return one.first.second == key.second; });
  if (!follows_.contains(key) && static_cast<std::size_t>(count) >= kFollowsMax) {
    return Fail(Code::kLimit, "follow.many", "trajectory", "stop following another one first");
  }
  const Follow follow{id, called, kinds, now};
  SCHAKEL_TRY(engine_.Keep({{kSet, RowOf(follow), EncodeFollow(follow)}}));
  follows_[key] = follow;
  return {};
}

Status FollowService::End(const TrajectoryId& id, const std::string& person) {
  std::lock_guard lock(mutex_);
  SCHAKEL_TRY(Load());
  const auto found = follows_.find(KeyOf(id, person));
  if (found == follows_.end()) return Fail(Code::kNotFound, "follow.none", "trajectory", "see what you follow");
  std::vector<Engine::KeptRow> rows = {{kSet, RowOf(found->second), std::nullopt}};
  SCHAKEL_ASSIGN(const auto own, OwnOf(id, person));
  for (const auto& [key, record] : own) rows.push_back({kOwnSet, key, std::nullopt});
  SCHAKEL_TRY(engine_.Keep(rows));
  follows_.erase(found);
  return {};
}

Result<std::vector<Follow>> FollowService::Of(const std::string& person) {
  std::vector<Follow> follows;
  {
    std::lock_guard lock(mutex_);
    SCHAKEL_TRY(Load());
    const std::string of = KeyOf({}, person).second;
    for (const auto& [key, follow] : follows_) {
      if (key.second == of) follows.push_back(follow);
    }
  }
  cases_.With([&](CaseFile& file) {
    std::erase_if(follows, [&](const Follow& follow) { return file.Find(follow.trajectory) == nullptr; });
    return 0;
  });
  return follows;
}

Result<std::vector<std::string>> FollowService::WhomToTell(const TrajectoryId& id, Kind kind) {
  std::vector<std::string> people;
  if (!IsTold(kind)) return people;
  {
    std::lock_guard lock(mutex_);
    SCHAKEL_TRY(Load());
    for (auto one = follows_.lower_bound({id, {}}); one != follows_.end() && one->first.first == id; ++one) {
      if (one->second.Concerns(kind)) people.push_back(one->second.person);
    }
  }
  if (people.empty()) return people;
  SCHAKEL_ASSIGN(const auto tasks, TaskChangesOf(engine_, id));
  const Timestamp now = clock_.Now();
  std::erase_if(people, [&](const std::string& one) { return StandingAt(tasks, one, now) == TaskStanding::kNoTask; });
  return people;
}

Status FollowService::NoteAsker(const RecordId& question, const std::string& person) {
  SCHAKEL_ASSIGN(const auto noted, engine_.Kept(kAskerSet));
  std::set<std::string> open;
  cases_.With([&](CaseFile& file) {
    for (const Consultation& one : file.AnonymousConsultations()) {
      if (one.state != Consultation::State::kConcluded) open.insert(ToText(one.id));
    }
  });
  std::vector<Engine::KeptRow> rows;
  for (const auto& [key, row] : noted) {
    if (!open.contains(key)) rows.push_back({kAskerSet, key, std::nullopt});
  }
  rows.push_back({kAskerSet, ToText(question), EncodeAsker(person)});
  return engine_.Keep(rows);
}

Status FollowService::NoteOwn(const TrajectoryId& id, const RecordId& record, const std::string& person) {
  std::lock_guard lock(mutex_);
  SCHAKEL_TRY(Load());
  if (!follows_.contains(KeyOf(id, person))) return {};
  return engine_.Keep({{kOwnSet, PersonRow(names_.Now(person)) + "." + ToText(record), EncodeOwn({id, record})}});
}

Result<std::map<std::string, RecordId>> FollowService::OwnOf(const TrajectoryId& id, const std::string& person) const {
  SCHAKEL_ASSIGN(const FormerNames names, FormerNames::Of(engine_));
  SCHAKEL_ASSIGN(const auto rows, engine_.Kept(kOwnSet));
  std::map<std::string, RecordId> own;
  for (const std::string& name : names.AllOf(person)) {
    const std::string prefix = PersonRow(name) + ".";
    for (auto row = rows.lower_bound(prefix); row != rows.end() && row->first.starts_with(prefix); ++row) {
      SCHAKEL_ASSIGN(const OwnRecord one, DecodeOwn(row->second));
      if (one.trajectory == id) own.emplace(row->first, one.record);
    }
  }
  return own;
}

Result<FollowService::LateAnswers> FollowService::LateBetween(Timestamp since, Timestamp now) {
  LateAnswers late;
  bool crisis = false;
  const auto take = [&](const Consultation& one, std::optional<TrajectoryId> trajectory) {
    const auto due = one.DueBy();
    // A crisis that we did not answer goes up here, too.
    const bool ours_to_answer = one.asker != engine_.Self() && one.urgency == Urgency::kCrisis;
    const bool waits = (one.asker == engine_.Self() || ours_to_answer) && one.state == Consultation::State::kOpen &&
                       !one.outstanding.empty();
    if (!waits || !due || *due <= since || *due > now) return;
    late.questions.push_back({one.id, trajectory, *due});
    crisis = crisis || ours_to_answer;
  };
  cases_.With([&](CaseFile& file) {
    for (const CaseTrajectory* trajectory : file.Trajectories()) {
      if (trajectory->closed) continue;
      for (const Consultation& one : trajectory->consultations) take(one, trajectory->id);
    }
    for (const Consultation& one : file.AnonymousConsultations()) take(one, std::nullopt);
  });
  if (late.questions.empty()) return late;
  std::ranges::stable_sort(late.questions, {}, &LateAnswers::Question::due_by);
  std::set<std::string> people;
  SCHAKEL_ASSIGN(const auto askers, engine_.Kept(kAskerSet));
  for (const LateAnswers::Question& question : late.questions) {
    if (question.trajectory) {
      SCHAKEL_ASSIGN(const auto told, WhomToTell(*question.trajectory, Kind::kQuestion));
      people.insert(told.begin(), told.end());
    } else if (const auto asker = askers.find(ToText(question.id)); asker != askers.end()) {
      SCHAKEL_ASSIGN(std::string person, DecodeAsker(asker->second));
      people.insert(std::move(person));
    }
  }
  if (crisis) {
    SCHAKEL_ASSIGN(const auto on_duty, OnDutyAt(engine_, now));
    people.insert(on_duty.begin(), on_duty.end());
  }
  late.people.assign(people.begin(), people.end());
  return late;
}

Result<bool> FollowService::HasNews(const std::string& person) {
  SCHAKEL_ASSIGN(const auto follows, Of(person));
  for (const Follow& follow : follows) {
    const auto since = Since(follow.trajectory, {{person, StaffRole::kWorker}, ViewReason::kTask});
    if (!since) continue;  // No task there any more, or gone.
    const bool news = std::ranges::any_of(since->changes, [&](const TrajectoryChange& change) {
      return change.state == RecordState::kReceived && !change.withheld && follow.Concerns(change.kind);
    });
    if (news) return true;
  }
  return false;
}

Result<LookMark> FollowService::SeenBy(const TrajectoryId& id, const std::string& person) const {
  SCHAKEL_ASSIGN(const FormerNames names, FormerNames::Of(engine_));
  LookMark seen;
  for (const std::string& name : names.AllOf(person)) {
    SCHAKEL_ASSIGN(const auto fact, engine_.GetFact(FactOf(id, name)));
    if (!fact) continue;
    SCHAKEL_ASSIGN(const LookMark mark, ParseLookMark(AsText(*fact)));
    seen.position = std::max(seen.position, mark.position);
    seen.own = std::max(seen.own, mark.own);
  }
  return seen;
}

Result<FollowService::Changes> FollowService::Since(const TrajectoryId& id, const Caller& caller) {
  Sieve sieve(engine_, caller, clock_.Now());
  SCHAKEL_ASSIGN(const bool lets, sieve.LetsInto(id));
  if (!lets) return std::unexpected(NoTask());
  Changes since;
  SCHAKEL_ASSIGN(since.seen, SeenBy(id, caller.person.name));
  since.last = since.seen;
  SCHAKEL_ASSIGN(const auto rows, OwnOf(id, caller.person.name));
  std::set<RecordId> own;
  for (const auto& [key, record] : rows) own.insert(record);
  return cases_.With([&](CaseFile& file) -> Result<Changes> {
    const CaseTrajectory* trajectory = file.Find(id);
    if (trajectory == nullptr) return Fail(Code::kNotFound, "id.unknown", "trajectory", "check the id");
    for (const CaseRecord* record : file.RecordsOf(id)) {
      const HeldRecord& held = record->held;
      Advance(since.last, held);
      if (!IsTold(held.header.kind) || !IsNew(held, since.seen) || own.contains(held.header.id)) continue;
      since.changes.push_back({held.header.id, held.header.kind, held.header.author, held.at, held.state, {}});
    }
    for (const WithheldMark& mark : trajectory->withheld) {
      since.last.position = std::max(since.last.position, mark.position);
      if (mark.position <= since.seen.position) continue;
      since.changes.push_back({mark.record, Kind::kNote, {}, mark.at, RecordState::kReceived, mark.reason});
    }
    std::ranges::sort(since.changes, [](const TrajectoryChange& a, const TrajectoryChange& b) {
      return a.at != b.at ? a.at > b.at : a.record < b.record;
    });
    return std::move(since);
  });
}

Status FollowService::MarkSeen(const TrajectoryId& id, const LookMark& mark, const Caller& caller) {
  SCHAKEL_ASSIGN(const Changes since, Since(id, caller));
  const LookMark to{std::clamp(mark.position, since.seen.position, since.last.position),
                    std::clamp(mark.own, since.seen.own, since.last.own)};
  if (to == since.seen) return {};
  SCHAKEL_ASSIGN(const FormerNames names, FormerNames::Of(engine_));
  const std::vector<std::string> all = names.AllOf(caller.person.name);
  const std::string fact = FactOf(id, all.front());
  std::vector<Engine::FactChange> changes = {{fact, ToBytes(AsBytes(ToText(to)))}};
  for (const std::string& name : all) {
    if (const std::string before = FactOf(id, name); before != fact) changes.push_back({before, std::nullopt});
  }
  SCHAKEL_TRY(engine_.ChangeFacts(changes));
  // What they wrote and have looked past is under the mark from now on.
  SCHAKEL_ASSIGN(const auto own, OwnOf(id, caller.person.name));
  std::vector<Engine::KeptRow> gone;
  for (const auto& [key, record] : own) {
    const auto held = engine_.Find(record);
    const bool waits = held && held->state == RecordState::kWaiting;
    if (!waits && !(held && IsNew(*held, to))) gone.push_back({kOwnSet, key, std::nullopt});
  }
  return gone.empty() ? Status() : engine_.Keep(gone);
}

}  // namespace schakel
