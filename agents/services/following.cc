#include "agents/following.h"

#include <algorithm>
#include <charconv>
#include <set>

#include "agents/person_name.h"
#include "agents/tasks.h"
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
  if (loaded_) return {};
  SCHAKEL_ASSIGN(const auto rows, engine_.Kept(kSet));
  for (const auto& [key, row] : rows) {
    SCHAKEL_ASSIGN(Follow follow, DecodeFollow(row));
    follows_[{follow.trajectory, PersonKey(follow.person)}] = std::move(follow);
  }
  loaded_ = true;
  return {};
}

Status FollowService::Begin(const TrajectoryId& id, const std::set<Kind>& kinds, const std::string& person) {
  SCHAKEL_ASSIGN(const auto tasks, TaskChangesOf(engine_, id));
  const Timestamp now = clock_.Now();
  if (StandingAt(tasks, person, now) == TaskStanding::kNoTask) {
    return Fail(Code::kDenied, "follow.no_task", "trajectory", "ask the coordinator for the task");
  }
  std::lock_guard lock(mutex_);
  SCHAKEL_TRY(Load());
  const Key key{id, PersonKey(person)};
  const auto count = std::ranges::count_if(follows_, [&](const auto& one) { return one.first.second == key.second; });
  if (!follows_.contains(key) && static_cast<std::size_t>(count) >= kFollowsMax) {
    return Fail(Code::kLimit, "follow.many", "trajectory", "stop following another one first");
  }
  const Follow follow{id, person, kinds, now};
  SCHAKEL_TRY(engine_.Keep({{kSet, RowOf(follow), EncodeFollow(follow)}}));
  follows_[key] = follow;
  return {};
}

Status FollowService::End(const TrajectoryId& id, const std::string& person) {
  std::lock_guard lock(mutex_);
  SCHAKEL_TRY(Load());
  const auto found = follows_.find({id, PersonKey(person)});
  if (found == follows_.end()) return Fail(Code::kNotFound, "follow.none", "trajectory", "see what you follow");
  SCHAKEL_TRY(engine_.Keep({{kSet, RowOf(found->second), std::nullopt}}));
  follows_.erase(found);
  return {};
}

Result<std::vector<Follow>> FollowService::Of(const std::string& person) {
  std::vector<Follow> follows;
  {
    std::lock_guard lock(mutex_);
    SCHAKEL_TRY(Load());
    for (const auto& [key, follow] : follows_) {
      if (key.second == PersonKey(person)) follows.push_back(follow);
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

Result<std::vector<std::string>> FollowService::WhomAnswersAreLate(Timestamp since, Timestamp now) {
  std::set<TrajectoryId> late;
  cases_.With([&](CaseFile& file) {
    for (const CaseTrajectory* trajectory : file.Trajectories()) {
      for (const Consultation& one : trajectory->consultations) {
        const auto due = one.DueBy();
        const bool waits = one.asker == engine_.Self() && one.state == Consultation::State::kOpen &&
                           !one.outstanding.empty() && !trajectory->closed;
        if (waits && due && *due > since && *due <= now) late.insert(trajectory->id);
      }
    }
  });
  std::set<std::string> people;
  for (const TrajectoryId& id : late) {
    SCHAKEL_ASSIGN(const auto told, WhomToTell(id, Kind::kQuestion));
    people.insert(told.begin(), told.end());
  }
  return std::vector<std::string>(people.begin(), people.end());
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
  SCHAKEL_ASSIGN(const auto fact, engine_.GetFact(FactOf(id, person)));
  if (!fact) return LookMark{};
  return ParseLookMark(AsText(*fact));
}

Result<FollowService::Changes> FollowService::Since(const TrajectoryId& id, const Caller& caller) {
  Sieve sieve(engine_, caller, clock_.Now());
  SCHAKEL_ASSIGN(const bool lets, sieve.LetsInto(id));
  if (!lets) return std::unexpected(NoTask());
  Changes since;
  SCHAKEL_ASSIGN(since.seen, SeenBy(id, caller.person.name));
  since.last = since.seen;
  return cases_.With([&](CaseFile& file) -> Result<Changes> {
    const CaseTrajectory* trajectory = file.Find(id);
    if (trajectory == nullptr) return Fail(Code::kNotFound, "id.unknown", "trajectory", "check the id");
    for (const CaseRecord* record : file.RecordsOf(id)) {
      const HeldRecord& held = record->held;
      Advance(since.last, held);
      if (!IsTold(held.header.kind) || !IsNew(held, since.seen)) continue;
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
  return engine_.PutFact(FactOf(id, caller.person.name), AsBytes(ToText(to)));
}

}  // namespace schakel
