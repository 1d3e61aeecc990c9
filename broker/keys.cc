// Organisations that change their own keys: what they ask for, what they announce, and the end of the old ones.
#include <algorithm>
#include <utility>

#include "broker/hub_core.h"
#include "replaced_keys.h"

namespace schakel {
namespace {

using Level = HubObserver::Level;

// Each costs everybody a row in the directory, or the operator a row in the list, for ever.
constexpr double kKeysAtOnce = 8;
constexpr std::chrono::hours kKeysInterval{1};
constexpr std::uint64_t kRefusalsPerSecond = 16;  // In the log, per organisation.
// In the log, of an organisation that is suspended, or of a key that it had: its agent goes on trying.
constexpr double kTurnedAwayAtOnce = 4;
constexpr std::chrono::hours kTurnedAwayInterval{1};
// And on each of its trajectories, of which there may be many.
constexpr std::chrono::hours kOnTrajectoriesInterval{24};
constexpr std::size_t kAttemptsAtOnce = 256;
constexpr std::size_t kDayLength = 10;
constexpr std::chrono::hours kClockOffMax{24};

double PerSecond(std::chrono::seconds interval) { return 1.0 / static_cast<double>(interval.count()); }

Error TooOften(const char* rule) { return {Code::kLimit, rule, {}, "wait an hour, then try again"}; }

template <typename Key>
bool Has(const std::vector<Key>& keys, const Key& key) {
  return std::ranges::find(keys, key) != keys.end();
}

// One that was used may have been stolen; the transport key must be nobody's.
Status CheckFresh(const OrgKeys& asked, const Directory::Organisation& known, const Directory& directory) {
  const OrgKeys& now = known.statement.keys;
  if (Has(known.record_keys, asked.record) || Has(known.hpke_keys, asked.hpke) || asked.cosign == now.cosign ||
      asked.transport == now.transport || asked.record == asked.cosign) {
    return Fail(Code::kInvalid, "rotate.keys", "keys", "make all four keys anew");
  }
  if (directory.FindByTransportKey(asked.transport) != nullptr) {
    return Fail(Code::kExists, "registry.transport_key", "keys.transport", "make another transport key");
  }
  return {};
}

}  // namespace

void HubCore::NoteRefusal(const OrgId& organisation, const Error& why) {
  if (!meters_[organisation].refusals.Take(1, kRefusalsPerSecond, clock_.Steady())) return;
  StageSession(organisation, SessionEvent::kRefused, why.rule, {}, {}, clock_.Now());
}

void HubCore::TurnedAway(const Identity& who) {
  const auto now = clock_.Steady();
  Meters& meters = meters_[who.organisation];
  AttemptMeters& attempts = who.kind == Identity::Kind::kSuspended ? meters.suspended : meters.replaced;
  if (!attempts.logged.Take(1, PerSecond(kTurnedAwayInterval), kTurnedAwayAtOnce, now)) return;
  const std::string why = WhyTurnedAway(who);
  observer_.Report(Level::kWarning, "session.refused", who.organisation, why);
  if (frozen_) return;
  StageSession(who.organisation, SessionEvent::kRefused, why, {}, {}, clock_.Now());
  // Whoever may ask who saw what on a trajectory is told there: an entry about none is shown to nobody.
  if (!attempts.on_trajectories.Take(1, PerSecond(kOnTrajectoriesInterval), 1, now)) return;
  std::uint64_t dropped = 0;
  for (const auto& [id, trajectory] : policy_.trajectories()) {
    const bool open = !trajectory.closed && !trajectory.erased();
    if (!open || !trajectory.TakesPart(who.organisation)) continue;
    if (attempts_.size() < options_.attempts_max) {
      attempts_.push_back({who.organisation, id, why});
    } else {
      ++dropped;
    }
  }
  if (dropped == 0) return;
  counts_.attempts_dropped += dropped;
  observer_.Report(Level::kWarning, "session.attempts_dropped", who.organisation,
                   std::to_string(dropped) + " trajectories on which the attempt is not said: limits.pending_attempts");
}

// The rule, and since which day.
std::string HubCore::WhyTurnedAway(const Identity& who) const {
  if (who.kind == Identity::Kind::kSuspended) return "session.suspended";
  std::string why = "session.old_key";
  for (const ReplacedKey& one : ReplacedKeys(*directory_)) {
    if (one.key == who.key) why = "session.old_key " + ToText(one.since).substr(0, kDayLength);
  }
  return why;
}

// A slice. True: there are more.
bool HubCore::StageAttempts() {
  for (std::size_t i = 0; i < kAttemptsAtOnce && !attempts_.empty() && !GroupFull(); ++i) {
    const Attempt attempt = std::move(attempts_.front());
    attempts_.pop_front();
    StageSession(attempt.organisation, SessionEvent::kRefused, attempt.why, attempt.trajectory, {}, clock_.Now());
  }
  return !attempts_.empty();
}

// It lets nobody in any more, and whoever still comes with it is named.
void HubCore::Retire(const OrgId& organisation, const TransportPublicKey& key) {
  transport_.Revoke(key);
  transport_.Admit({Identity::Kind::kReplaced, organisation, key});
}

bool HubCore::MayChangeKeys(const OrgId& organisation) {
  return meters_[organisation].keys.Take(1, PerSecond(kKeysInterval), kKeysAtOnce, clock_.Steady());
}

void HubCore::TakeRotateRequest(ConnectionId connection, const OrgId& organisation, std::uint64_t request,
                                const RotateRequest& rotate) {
  const EnrolStatus pending{EnrolState::kPending, organisation, Fingerprint(organisation, rotate.keys)};
  const Rotations::Asked* asked = rotations_.FindAsked(organisation);
  // An agent asks on every connection.
  if (asked != nullptr && asked->keys == rotate.keys) return Later(connection, request, pending);
  const auto refuse = [&](Error why) {
    NoteSession(Level::kWarning, "rotate.refused", organisation, why.rule);
    NoteRefusal(organisation, why);
    Later(connection, request, std::move(why));
  };
  const Directory::Organisation* known = directory_->Find(organisation);
  SCHAKEL_ASSERT(known != nullptr);  // It is connected.
  if (Status proven = CheckRotation(organisation, rotate, known->statement.keys.record); !proven) {
    return refuse(std::move(proven).error());
  }
  if (Status fresh = CheckFresh(rotate.keys, *known, *directory_); !fresh) return refuse(std::move(fresh).error());
  if (!MayChangeKeys(organisation)) {
    ++counts_.limited;
    return Now(connection, request, TooOften("rotate.rate"));
  }
  rotations_.Ask(organisation, rotate.keys, clock_.Now(), staging_);
  observer_.Report(Level::kWarning, "rotate.requested", organisation, pending.fingerprint);
  Later(connection, request, pending);
}

void HubCore::TakeAnnounce(ConnectionId connection, const OrgId& organisation, std::uint64_t request,
                           const Announce& announce) {
  const auto refuse = [&](Error why) {
    NoteSession(Level::kWarning, "announce.refused", organisation, why.rule);
    NoteRefusal(organisation, why);
    Later(connection, request, std::move(why));
  };
  const auto decoded = DecodeStatement(announce.statement.statement);
  const auto* hpke = decoded ? std::get_if<HpkeStatement>(&*decoded) : nullptr;
  if (hpke == nullptr || hpke->organisation != organisation) {
    return refuse({Code::kDenied, "announce.statement", "announce.statement",
                   "an organisation says nothing in the directory but its own HPKE key"});
  }
  // Its age is what the next change goes by.
  const auto off = std::chrono::abs(hpke->issued_at - clock_.Now());
  if (off > kClockOffMax) {
    return refuse({Code::kInvalid, "announce.clock", "announce.statement",
                   "the clock of the agent's machine is off by more than a day: set it"});
  }
  auto directory = std::make_shared<Directory>(*directory_);
  if (auto applied = directory->Apply(announce.statement); !applied) return refuse(std::move(applied).error());
  if (!MayChangeKeys(organisation)) {
    ++counts_.limited;
    return Now(connection, request, TooOften("announce.rate"));
  }
  PutIntoForce(std::move(directory), announce.statement, organisation);
  Later(connection, request, HeartbeatReply{clock_.Now(), directory_->statements().size()});
}

void HubCore::PutIntoForce(std::shared_ptr<const Directory> directory, const SignedStatement& statement,
                           const OrgId& organisation) {
  directory_ = std::move(directory);
  ++rules_epoch_;
  staging_.Add(clock_.Now(), RegistryEntry{statement}, TrajectoryId());
  observer_.Report(Level::kInfo, "registry.applied", organisation, {});
}

// Before the directory says `now` instead of `before`. An organisation that asked for these keys itself holds both: it
// keeps its connections, and changes over by itself. In any other case the keys that it had are dead at once.
void HubCore::ReplaceKeys(const OrgStatement& before, const OrgStatement& now) {
  const OrgId& organisation = now.organisation;
  const Rotations::Asked* asked = rotations_.FindAsked(organisation);
  const bool same_key = before.keys.transport == now.keys.transport;
  const bool active = before.status == OrgStatus::kActive && now.status == OrgStatus::kActive;
  if (active && same_key) return;
  EndOverlap(organisation);
  if (active && asked != nullptr && asked->keys == now.keys) {
    rotations_.Begin(organisation, before.keys.transport, clock_.Now(), staging_);
    observer_.Report(Level::kInfo, "rotate.begun", organisation, {});
    return;
  }
  rotations_.Drop(organisation, staging_);
  same_key ? transport_.Revoke(before.keys.transport) : Retire(organisation, before.keys.transport);
  Suspend(organisation);
}

// The old transport key of `organisation` lets nobody in any more.
void HubCore::EndOverlap(const OrgId& organisation) {
  const Rotations::Overlap* overlap = rotations_.FindOverlap(organisation);
  if (overlap == nullptr) return;
  const TransportPublicKey old_key = overlap->old_key;
  rotations_.End(organisation, staging_);
  Retire(organisation, old_key);
  CloseWhere([&](const Identity& identity) { return identity.key == old_key; });
  observer_.Report(Level::kInfo, "rotate.ended", organisation, {});
}

void HubCore::EndOverlaps() {
  if (frozen_) return;
  for (const OrgId& organisation : rotations_.Expired(clock_.Now())) EndOverlap(organisation);
}

}  // namespace schakel
