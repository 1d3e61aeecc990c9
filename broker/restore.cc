// The hub's state as a blob, and back again by replaying the log after it.
#include <algorithm>
#include <utility>

#include "broker/hub_core.h"
#include "broker/routed.h"
#include "protocol/codec.h"

namespace schakel {
namespace {

constexpr std::uint64_t kSnapshotVersion = 3;
constexpr std::size_t kSnapshotItems = 8;
constexpr CodecLimits kSnapshotLimits{.bytes_max = std::size_t{1} << 32,
                                      .depth_max = 4,
                                      .array_max = 10'000'000,
                                      .items_max = 40'000'000,
                                      .binary_bytes_max = std::size_t{1} << 31};
constexpr std::size_t kListMax = 10'000'000;

}  // namespace

// [version, rechecked, policy, [statement, ..], [[organisation, position, hash, record], ..],
//  [[organisation, trajectory, number], ..], [[organisation, cosigned note], ..], [[organisation, its last record],
//  ..]]
// One of an earlier version, with less, is not used: the whole log is read once, which finds what there is.
Bytes HubCore::EncodeSnapshot() const {
  Encoder to(64U << 10);
  to.Array(kSnapshotItems).Uint(kSnapshotVersion).Uint(rechecked_.value()).Binary(policy_.Encode());
  to.Array(directory_->statements().size());
  for (const SignedStatement& statement : directory_->statements()) to.Binary(EncodeSignedStatement(statement));
  const auto ends = feeds_.Ends();
  to.Array(ends.size());
  for (const auto& [organisation, end] : ends) {
    to.Array(4).Id(organisation).Uint(end.last.value()).Binary(end.hash).Uint(end.record.value());
  }
  to.Array(feeds_.number_count());
  feeds_.ForEachNumber([&](const OrgId& organisation, const TrajectoryId& trajectory, std::uint64_t number) {
    to.Array(3).Id(organisation).Id(trajectory).Uint(number);
  });
  to.Array(witnesses_.all().size());
  for (const auto& [organisation, kept] : witnesses_.all()) to.Array(2).Id(organisation).Text(kept.note);
  to.Array(own_last_.size());
  for (const auto& [organisation, last] : own_last_) to.Array(2).Id(organisation).Uint(last.value());
  return to.Take();
}

Status HubCore::DecodeSnapshot(ByteView bytes) {
  Decoder from(bytes, kSnapshotLimits);
  const std::size_t items = from.ArrayBetween(5, kSnapshotItems, "snapshot");
  if (from.Uint("snapshot.version") != kSnapshotVersion || items != kSnapshotItems) {
    return Fail(Code::kVersion, "snapshot.version", {}, "start the version of schakel-hub that wrote it");
  }
  rechecked_ = Sequence(from.Uint("snapshot.rechecked"));
  SCHAKEL_ASSIGN(policy_, PolicyState::Decode(from.Binary("snapshot.policy", std::size_t{1} << 31)));
  auto directory = std::make_shared<Directory>(options_.registrars);
  const std::size_t statements = from.ArrayBetween(0, kListMax, "snapshot.statements");
  for (std::size_t i = 0; i < statements && from.ok(); ++i) {
    SCHAKEL_ASSIGN(const SignedStatement statement,
                   DecodeSignedStatement(from.Binary("snapshot.statement", 128U << 10)));
    SCHAKEL_TRY(directory->Apply(statement));
  }
  directory_ = std::move(directory);
  const std::size_t ends = from.ArrayBetween(0, kListMax, "snapshot.feeds");
  for (std::size_t i = 0; i < ends && from.ok(); ++i) {
    from.Array(4, "snapshot.feed");
    const OrgId organisation = from.ReadOrgId("snapshot.organisation");
    FeedEnd end;
    end.last = FeedPosition(from.Uint("snapshot.position"));
    end.hash = from.Fixed<32>("snapshot.hash");
    end.record = Sequence(from.Uint("snapshot.record"));
    feeds_.Restore(organisation, end);
  }
  DecodeNumbers(from);
  DecodeWitnesses(from);
  DecodeOwnLast(from);
  return from.Finish();
}

void HubCore::DecodeNumbers(Decoder& from) {
  const std::size_t count = from.ArrayBetween(0, kListMax, "snapshot.numbers");
  for (std::size_t i = 0; i < count && from.ok(); ++i) {
    from.Array(3, "snapshot.number");
    const OrgId organisation = from.ReadOrgId("snapshot.organisation");
    const auto trajectory = from.ReadId<TrajectoryId>("snapshot.trajectory");
    feeds_.RestoreNumber(organisation, trajectory, from.Uint("snapshot.number"));
  }
}

void HubCore::DecodeWitnesses(Decoder& from) {
  const std::size_t count = from.ArrayBetween(0, kListMax, "snapshot.witnesses");
  for (std::size_t i = 0; i < count && from.ok(); ++i) {
    from.Array(2, "snapshot.witness");
    const OrgId organisation = from.ReadOrgId("snapshot.organisation");
    std::string note(from.Text("snapshot.note", kNoteBytesMax));
    // One of a key that the hub had before says nothing any more.
    const auto head = VerifyCheckpoint(note, options_.face.verifier);
    if (head) {
      witnesses_.Keep(organisation, {*head, std::move(note)});
    } else {
      ++counts_.cosigns_refused;
      observer_.Report(HubObserver::Level::kWarning, "cosign.dropped", organisation, head.error().rule);
    }
  }
}

void HubCore::DecodeOwnLast(Decoder& from) {
  const std::size_t count = from.ArrayBetween(0, kListMax, "snapshot.own_last");
  for (std::size_t i = 0; i < count && from.ok(); ++i) {
    from.Array(2, "snapshot.own_last");
    const OrgId organisation = from.ReadOrgId("snapshot.organisation");
    own_last_[organisation] = Sequence(from.Uint("snapshot.own_last"));
  }
}

Status HubCore::Replay(const StoredEntry& stored) {
  SCHAKEL_ASSIGN(const Entry entry, DecodeEntry(stored.entry));
  if (const auto* record = std::get_if<RecordEntry>(&entry.body)) {
    SCHAKEL_ASSIGN(const Header header, DecodeHeader(record->header));
    policy_.Apply(header);
    own_last_[header.author] = stored.sequence;
  } else if (const auto* erasure = std::get_if<ErasureEntry>(&entry.body)) {
    ReplayErasure(*erasure);
  } else if (const auto* delivery = std::get_if<DeliveryEntry>(&entry.body)) {
    feeds_.Replay(*delivery, stored.entry);
  } else if (std::holds_alternative<RoutingEntry>(entry.body)) {
    SCHAKEL_ASSIGN(const auto routed, ReadRoutedEntries(log_, stored.sequence));
    for (const auto& [one, bytes] : routed) {
      if (const auto* handed = std::get_if<DeliveryEntry>(&one.body)) feeds_.Replay(*handed, bytes);
    }
  } else if (const auto* registry = std::get_if<RegistryEntry>(&entry.body)) {
    // Nobody else has this directory yet: no copy.
    SCHAKEL_ASSERT(directory_.use_count() == 1);
    SCHAKEL_TRY(std::const_pointer_cast<Directory>(directory_)->Apply(registry->statement));
  }
  return {};
}

// What the entries that were passed over had added up to.
void HubCore::ReplayErasure(const ErasureEntry& erasure) {
  PolicyState::Remains remains{erasure.trajectory, erasure.confirm, erasure.lead, {}};
  for (const ErasureEntry::Party& party : erasure.parties) {
    if (party.organisation != erasure.lead) remains.members.push_back(party.organisation);
    if (party.own_last == Sequence()) continue;
    Sequence& own_last = own_last_[party.organisation];
    own_last = std::max(own_last, party.own_last);
  }
  policy_.Bury(remains);
  feeds_.Replay(erasure);
}

Result<std::unique_ptr<HubCore>> HubCore::Restore(HubCoreOptions options, const Log& log, Transport& transport,
                                                  const Clock& clock, Random& random, HubObserver& observer) {
  const auto fresh = [&] {
    return std::unique_ptr<HubCore>(new HubCore(options, log, transport, clock, random, observer));
  };
  std::unique_ptr<HubCore> core = fresh();
  Sequence done;
  // The log has all that a snapshot holds: one that cannot be used costs time, and nothing else.
  auto snapshot = log.LoadSnapshot();
  Status usable = snapshot ? Status() : Status(std::unexpected(snapshot.error()));
  if (usable && *snapshot) {
    usable = core->DecodeSnapshot((*snapshot)->second);
    if (usable) done = (*snapshot)->first;
  }
  if (!usable) {
    observer.Report(HubObserver::Level::kWarning, "log.snapshot", OrgId(),
                    usable.error().rule + ": the whole log is read instead, and a new snapshot made");
    core = fresh();
    core->WantSnapshot();
  }
  Status replayed;
  SCHAKEL_TRY(log.Read(Next(done), [&](const StoredEntry& stored) {
    replayed = core->Replay(stored);
    return replayed.has_value();
  }));
  SCHAKEL_TRY(replayed);
  SCHAKEL_TRY(core->enrolments_.Load(log));
  SCHAKEL_TRY(core->rotations_.Load(log));
  SCHAKEL_TRY(core->erasing_.Load(core->policy_));
  SCHAKEL_TRY(core->feeds_.LoadOffered());
  core->snapshot_at_ = done;
  core->staging_.Reset(log.Last());
  if (log.read_only()) core->Freeze(*log.read_only());
  core->AdmitAll();
  return core;
}

}  // namespace schakel
