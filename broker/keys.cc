// Organisations that change their own keys: what they ask for, what they announce, and the end of the old ones.
#include <algorithm>
#include <utility>

#include "broker/hub_core.h"

namespace schakel {
namespace {

using Level = HubObserver::Level;

// Each costs everybody a row in the directory, or the operator a row in the list, for ever.
constexpr double kKeysAtOnce = 8;
constexpr std::chrono::hours kKeysInterval{1};
constexpr std::uint64_t kRefusalsPerSecond = 16;  // In the log, per organisation.
// In the log, of an organisation that is suspended: its agent goes on trying.
constexpr double kTurnedAwayAtOnce = 4;
constexpr std::chrono::hours kTurnedAwayInterval{1};
constexpr std::chrono::hours kClockOffMax{24};

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

void HubCore::TurnedAway(const OrgId& organisation) {
  const double per_second = 1.0 / std::chrono::seconds(kTurnedAwayInterval).count();
  if (!meters_[organisation].turned_away.Take(1, per_second, kTurnedAwayAtOnce, clock_.Steady())) return;
  constexpr std::string_view kRule = "session.suspended";
  observer_.Report(Level::kWarning, "session.refused", organisation, kRule);
  if (!frozen_) StageSession(organisation, SessionEvent::kRefused, kRule, {}, {}, clock_.Now());
}

bool HubCore::MayChangeKeys(const OrgId& organisation) {
  return meters_[organisation].keys.Take(1, 1.0 / std::chrono::seconds(kKeysInterval).count(), kKeysAtOnce,
                                         clock_.Steady());
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
  transport_.Revoke(before.keys.transport);
  Suspend(organisation);
}

// The old transport key of `organisation` lets nobody in any more.
void HubCore::EndOverlap(const OrgId& organisation) {
  const Rotations::Overlap* overlap = rotations_.FindOverlap(organisation);
  if (overlap == nullptr) return;
  const TransportPublicKey old_key = overlap->old_key;
  rotations_.End(organisation, staging_);
  transport_.Revoke(old_key);
  CloseWhere([&](const Identity& identity) { return identity.key == old_key; });
  observer_.Report(Level::kInfo, "rotate.ended", organisation, {});
}

void HubCore::EndOverlaps() {
  if (frozen_) return;
  for (const OrgId& organisation : rotations_.Expired(clock_.Now())) EndOverlap(organisation);
}

}  // namespace schakel
