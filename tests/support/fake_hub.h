// A hub in one process, without policy of its own making: it keeps the rules unless a test makes it lie.
//
// Each message is answered at once. `tamper` sees every message before it leaves and may change it; what the log says
// can be changed with Rewrite(), and heads of the test's own making signed with SignHead().
#pragma once

#include <algorithm>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "protocol/entry.h"
#include "protocol/merkle.h"
#include "protocol/policy.h"
#include "protocol/wire.h"
#include "support/crash_log.h"
#include "support/manual_clock.h"
#include "support/region.h"

namespace schakel::testing {

class FakeHub {
 public:
  FakeHub(const Region& region, ManualClock& clock) : region_(region), clock_(clock), directory_(region.registrars()) {
    for (const SignedStatement& statement : region.statements) Register(statement);
  }

  std::function<void(const OrgId& to, Message& message)> tamper;
  // What it answers instead of taking a batch.
  std::function<std::optional<Error>(const Submit&)> refuse;
  std::optional<Error> refuses_announcements;
  bool accept_anything = false;  // Neither Admit nor Decide.
  std::size_t submissions = 0;
  std::map<OrgId, OrgKeys> rotations;                  // What each asked for last.
  std::map<OrgId, std::vector<std::string>> cosigned;  // All that came, in order. It hands nobody another's.

  void Register(const SignedStatement& statement) {
    SCHAKEL_ASSERT(directory_.Apply(statement).has_value());
    Add(RegistryEntry{statement}, {});
  }

  void Receive(const OrgId& from, ByteView bytes);
  std::deque<Bytes>& OutFor(const OrgId& to) { return out_[to]; }
  void Disconnect(const OrgId& whom) {
    out_[whom].clear();
    feeds_[whom].limit = feeds_[whom].sent = 0;
    feeds_[whom].reading = false;
  }

  std::string SignHead(const TreeHead& head) const {
    return SignCheckpoint(std::string(kOrigin), head, region_.hub_log);
  }
  TreeHead Head() const { return log_.Head(); }
  std::vector<ProvenEntry> OwnRecords(const OrgId& whose, Sequence after) const;
  const CrashLog& log() const { return log_; }
  std::size_t CountOf(const RecordId& id) const;  // Entries of that record.
  // Puts another entry in the place of `sequence` and builds the whole tree anew.
  void Rewrite(Sequence sequence, const Bytes& entry);
  // Puts one more delivery at the end of a feed.
  void Deliver(const OrgId& recipient, const Header& header, Sequence record, std::optional<Denial> withheld = {},
               std::optional<RecordId> grant = {});
  Sequence Add(EntryBody body, const Bytes& payload) {
    return AddEncoded(EncodeEntry({Next(log_.Last()), clock_.Now(), std::move(body)}), payload);
  }
  Sequence AddEncoded(const Bytes& entry, const Bytes& payload);
  void Say(const OrgId& to, std::uint64_t request, MessagePayload payload);
  FeedPosition FeedLast(const OrgId& whom) { return FeedPosition(feeds_[whom].entries.size()); }
  void Pump(const OrgId& whom);
  // Another connection of that organisation asks for its feed.
  void HandFeedElsewhere(const OrgId& whom) {
    OneFeed& feed = feeds_[whom];
    feed.reading = false;
    Say(whom, feed.request, Error{Code::kConflict, "session.elsewhere", {}, {}});
  }

 private:
  struct OneFeed {
    std::vector<Sequence> entries;
    std::vector<bool> withheld;
    Hash32 hash{};
    std::uint64_t sent = 0, limit = 0, request = 0;
    bool reading = false;
  };
  // An entry that stands for itself, or in a slot.
  struct Standing {
    Entry entry;
    Bytes bytes;
    Hash32 salt{};
    std::optional<SlotPlace> place;
  };
  std::vector<Standing> StandingAt(const StoredEntry& stored) const;
  // Gives a delivery its place in its feed, in the next entry of the log; yields it encoded.
  Bytes Place(const OrgId& recipient, const Header& header, Sequence record, std::optional<Denial> withheld,
              std::optional<RecordId> grant);
  Outcome Take(const OrgId& from, SealedRecord& record, SignatureEvidence evidence);
  FeedItem ItemAt(const OrgId& whom, std::size_t index) const;
  void AnswerAccess(const OrgId& to, std::uint64_t request, const AccessQuery& query);

  const Region& region_;
  ManualClock& clock_;
  std::shared_ptr<LogDisk> disk_ = std::make_shared<LogDisk>();
  CrashLog log_{disk_};
  Directory directory_;
  PolicyState policy_;
  SeededRandom random_{7};
  std::map<RecordId, Sequence> records_;
  std::map<OrgId, OneFeed> feeds_;
  std::map<OrgId, std::deque<Bytes>> out_;
};

inline Sequence FakeHub::AddEncoded(const Bytes& entry, const Bytes& payload) {
  const Sequence sequence = Next(log_.Last());
  LogBatch batch;
  batch.entries.push_back({DataScope(), entry, random_.Draw<Hash32>(), payload});
  SCHAKEL_ASSERT(log_.Append(batch, log_.Last()).has_value());
  SCHAKEL_ASSERT(log_.Sync().has_value());
  return sequence;
}

inline void FakeHub::Say(const OrgId& to, std::uint64_t request, MessagePayload payload) {
  Message message{request, std::move(payload)};
  if (tamper) tamper(to, message);
  out_[to].push_back(EncodeMessage(message));
}

inline std::size_t FakeHub::CountOf(const RecordId& id) const {
  std::size_t count = 0;
  for (const StoredEntry& stored : disk_->entries) {
    const Entry entry = DecodeEntry(stored.entry).value();
    const auto* record = std::get_if<RecordEntry>(&entry.body);
    if (record && DecodeHeader(record->header).value().id == id) ++count;
  }
  return count;
}

inline void FakeHub::Rewrite(Sequence sequence, const Bytes& entry) {
  disk_->entries.at(sequence.value() - 1).entry = entry;
  disk_->levels.clear();
  for (const StoredEntry& stored : disk_->entries) disk_->AppendLeaf(LogLeafHash(stored.salt, stored.entry));
}

inline Bytes FakeHub::Place(const OrgId& recipient, const Header& header, Sequence record,
                            std::optional<Denial> withheld, std::optional<RecordId> grant) {
  OneFeed& feed = feeds_[recipient];
  DeliveryEntry delivery{
      recipient, FeedPosition(feed.entries.size() + 1), feed.hash, record, header.id, header.trajectory, grant,
      withheld};
  Bytes bytes = EncodeEntry({Next(log_.Last()), clock_.Now(), std::move(delivery)});
  feed.hash = FeedHash(bytes);
  feed.entries.push_back(Next(log_.Last()));
  return bytes;
}

inline void FakeHub::Deliver(const OrgId& recipient, const Header& header, Sequence record,
                             std::optional<Denial> withheld, std::optional<RecordId> grant) {
  AddEncoded(Place(recipient, header, record, withheld, grant), {});
}

inline std::vector<FakeHub::Standing> FakeHub::StandingAt(const StoredEntry& stored) const {
  const Entry entry = DecodeEntry(stored.entry).value();
  if (!std::holds_alternative<RoutingEntry>(entry.body)) return {{entry, stored.entry, stored.salt, std::nullopt}};
  std::vector<Standing> standing;
  const Slots slots = DecodeSlots(log_.Payload(stored.sequence).value()).value();
  const SlotTree tree(slots);
  for (std::size_t i = 0; i < slots.used.size(); ++i) {
    const auto& [slot, bytes] = slots.used[i];
    standing.push_back(
        {DecodeEntry(bytes).value(), bytes, tree.Salt(i), SlotPlace{stored.entry, stored.salt, slot, tree.Path(slot)}});
  }
  return standing;
}

inline Outcome FakeHub::Take(const OrgId& from, SealedRecord& record, SignatureEvidence evidence) {
  Outcome outcome;
  const Header header = DecodeHeader(record.header).value();
  if (auto known = records_.find(header.id); known != records_.end()) {
    outcome.sequence = known->second;
    outcome.at = DecodeEntry(log_.Get(known->second).value().entry).value().at;
    return outcome;
  }
  if (Status admitted = Admit(policy_, directory_, header, clock_.Now()); !admitted && !accept_anything) {
    outcome.error = admitted.error();
    return outcome;
  }
  SCHAKEL_ASSERT(header.author == from || accept_anything);
  const Bytes payload = EncodePayload(record.recipients, record.ciphertext);
  RecordEntry entry{record.header, Sha256(record.ciphertext), RecipientsRoot(record.recipients), std::move(evidence)};
  outcome.sequence = Add(std::move(entry), payload);
  outcome.at = clock_.Now();
  records_[header.id] = outcome.sequence;
  policy_.Apply(header);
  Slots slots{random_.Draw<Hash32>(), {}};
  for (const auto& [slot, stanza] : record.recipients.stanzas) {
    const OrgId& recipient = stanza.recipient;
    Decision decision = Decide(policy_, directory_, header, recipient, clock_.Now());
    if (const auto* denial = std::get_if<Denial>(&decision); denial && !accept_anything) {
      outcome.refused.push_back({recipient, *denial});
      const DenialEntry denied{recipient, outcome.sequence, header.id, header.trajectory, *denial};
      slots.used.push_back({slot, EncodeEntry({Next(log_.Last()), clock_.Now(), denied})});
    } else {
      const auto* permit = std::get_if<Permit>(&decision);
      slots.used.push_back(
          {slot, Place(recipient, header, outcome.sequence, {}, permit ? permit->grant : std::nullopt)});
    }
  }
  Add(RoutingEntry{outcome.sequence, header.id, header.trajectory, SlotTree(slots).Root()}, EncodeSlots(slots));
  return outcome;
}

inline FeedItem FakeHub::ItemAt(const OrgId& whom, std::size_t index) const {
  const std::vector<Standing> all = StandingAt(log_.Get(feeds_.at(whom).entries.at(index)).value());
  const auto own = std::ranges::find_if(all, [&](const Standing& one) {
    const auto* delivery = std::get_if<DeliveryEntry>(&one.entry.body);
    return delivery != nullptr && delivery->recipient == whom;
  });
  SCHAKEL_ASSERT(own != all.end());
  const auto body = std::get<DeliveryEntry>(own->entry.body);
  FeedItem item{own->bytes, own->salt, {}};
  item.place = own->place;
  if (body.withheld) return item;
  const StoredEntry record = log_.Get(body.record_sequence).value();
  const Payload payload = DecodePayload(log_.Payload(body.record_sequence).value()).value();
  for (std::size_t i = 0; i < payload.recipients.stanzas.size(); ++i) {
    if (payload.recipients.stanzas[i].stanza.recipient != whom) continue;
    item.content = FeedItem::Content{record.entry, record.salt, ProveStanza(payload.recipients, i), payload.ciphertext};
  }
  return item;
}

inline void FakeHub::Pump(const OrgId& whom) {
  OneFeed& feed = feeds_[whom];
  if (!feed.reading) return;
  while (feed.sent < feed.entries.size() && feed.sent < feed.limit) {
    FeedItems items;
    for (int i = 0; i < 8 && feed.sent < feed.entries.size() && feed.sent < feed.limit; ++i) {
      items.items.push_back(ItemAt(whom, feed.sent++));
    }
    items.last = FeedPosition(feed.entries.size());
    Say(whom, feed.request, std::move(items));
  }
}

inline void FakeHub::AnswerAccess(const OrgId& to, std::uint64_t request, const AccessQuery& query) {
  AccessReply reply;
  reply.evidence.checkpoint = SignHead(Head());
  reply.evidence.subject = "trajectory " + ToText(query.trajectory);
  std::map<Sequence, std::vector<ProvenEntry>> found;
  for (const StoredEntry& stored : disk_->entries) {
    if (stored.sequence <= query.after) continue;
    for (const Standing& one : StandingAt(stored)) {
      const auto* delivery = std::get_if<DeliveryEntry>(&one.entry.body);
      if (!delivery || delivery->trajectory != query.trajectory) continue;
      std::vector<Hash32> proof = log_.InclusionProof(stored.sequence, log_.Last().value()).value();
      found[stored.sequence].push_back({one.bytes, one.salt, std::move(proof), std::nullopt, one.place});
    }
  }
  // A page holds what there is in two leaves.
  for (auto& [sequence, entries] : found) {
    reply.more = std::distance(found.begin(), found.find(sequence)) >= 2;
    if (reply.more) break;
    std::ranges::move(entries, std::back_inserter(reply.evidence.entries));
  }
  Say(to, request, std::move(reply));
}

inline std::vector<ProvenEntry> FakeHub::OwnRecords(const OrgId& whose, Sequence after) const {
  std::vector<ProvenEntry> own;
  static_cast<void>(log_.Read(Next(after), [&](const StoredEntry& stored) {
    const auto entry = DecodeEntry(stored.entry);
    const auto* record = std::get_if<RecordEntry>(&entry->body);
    if (record != nullptr && DecodeHeader(record->header)->author == whose) {
      own.push_back({stored.entry, stored.salt, log_.InclusionProof(stored.sequence, log_.Last().value()).value()});
    }
    return true;
  }));
  return own;
}

inline void FakeHub::Receive(const OrgId& from, ByteView bytes) {
  Message message = DecodeMessage(bytes).value();
  const std::uint64_t request = message.request;
  if (auto* hello = std::get_if<Hello>(&message.payload)) {
    Add(SessionEntry{from, SessionEvent::kConnected, {}, {}, {}}, {});
    Welcome welcome;
    welcome.origin = kOrigin;
    welcome.checkpoint = SignHead(Head());
    if (hello->seen.size > 0 && hello->seen.size <= log_.Last().value()) {
      welcome.consistency = log_.ConsistencyProof(hello->seen.size, log_.Last().value()).value();
    }
    welcome.feed_last = FeedLast(from);
    welcome.statements = directory_.statements().size();
    welcome.hub_time = clock_.Now();
    for (const ProvenEntry& own : OwnRecords(from, {})) welcome.own_last = DecodeEntry(own.entry)->sequence;
    Say(from, request, std::move(welcome));
  } else if (auto* submit = std::get_if<Submit>(&message.payload)) {
    if (auto error = refuse ? refuse(*submit) : std::nullopt) return Say(from, request, *error);
    ++submissions;
    std::vector<Hash32> leaves;
    for (const SealedRecord& record : submit->batch.records) {
      leaves.push_back(RecordLeaf(record.header, Sha256(record.ciphertext), RecipientsRoot(record.recipients)));
    }
    std::vector<SignatureEvidence> evidence = ProveLeaves(leaves, submit->batch.signature);
    SubmitAck ack;
    for (std::size_t i = 0; i < leaves.size(); ++i) {
      ack.outcomes.push_back(Take(from, submit->batch.records[i], evidence[i]));
    }
    Say(from, request, std::move(ack));
    for (auto& [whom, feed] : feeds_) Pump(whom);
  } else if (auto* feed = std::get_if<Feed>(&message.payload)) {
    OneFeed& own = feeds_[from];
    if (!own.reading) own.sent = feed->after.value();
    own.reading = true;
    own.limit = feed->after.value() + feed->credit;
    own.request = request;
    Pump(from);
    Say(from, request, FeedItems{{}, FeedPosition(own.entries.size())});
  } else if (auto* own = std::get_if<OwnRecordsQuery>(&message.payload)) {
    OwnRecordsReply reply;
    reply.checkpoint = SignHead(Head());
    reply.entries = OwnRecords(from, own->after);
    reply.upto = log_.Last();
    Say(from, request, std::move(reply));
  } else if (auto* inclusion = std::get_if<ProveInclusion>(&message.payload)) {
    auto hashes = log_.InclusionProof(inclusion->sequence, inclusion->size);
    if (!hashes) return Say(from, request, hashes.error());
    const StoredEntry stored = log_.Get(inclusion->sequence).value();
    Say(from, request, ProofReply{{}, std::move(*hashes), stored.entry, stored.salt});
  } else if (auto* consistency = std::get_if<ProveConsistency>(&message.payload)) {
    ProofReply reply;
    const bool newest = consistency->second_size == 0;
    const std::uint64_t size = newest ? log_.Last().value() : consistency->second_size;
    if (newest) reply.checkpoint = SignHead(Head());
    if (consistency->first_size > 0) {
      auto hashes = log_.ConsistencyProof(consistency->first_size, size);
      if (!hashes) return Say(from, request, hashes.error());
      reply.hashes = std::move(*hashes);
    }
    Say(from, request, std::move(reply));
  } else if (auto* query = std::get_if<DirectoryQuery>(&message.payload)) {
    DirectoryReply reply;
    for (std::size_t i = query->after; i < directory_.statements().size(); ++i) {
      reply.statements.push_back(directory_.statements()[i]);
    }
    Say(from, request, std::move(reply));
  } else if (auto* access = std::get_if<AccessQuery>(&message.payload)) {
    AnswerAccess(from, request, *access);
  } else if (auto* cosign = std::get_if<Cosign>(&message.payload)) {
    cosigned[from].push_back(cosign->note);
    Say(from, request, CosignAck{});
  } else if (auto* rotate = std::get_if<RotateRequest>(&message.payload)) {
    const SigningPublicKey current = directory_.Find(from)->statement.keys.record;
    if (Status proven = CheckRotation(from, *rotate, current); !proven) return Say(from, request, proven.error());
    rotations[from] = rotate->keys;
    Say(from, request, EnrolStatus{EnrolState::kPending, from, Fingerprint(from, rotate->keys)});
  } else if (std::holds_alternative<Announce>(message.payload) && refuses_announcements) {
    Say(from, request, *refuses_announcements);
  } else if (auto* announce = std::get_if<Announce>(&message.payload)) {
    if (auto applied = directory_.Apply(announce->statement); !applied) return Say(from, request, applied.error());
    Add(RegistryEntry{announce->statement}, {});
    Say(from, request, HeartbeatReply{clock_.Now(), directory_.statements().size()});
  } else if (std::holds_alternative<Heartbeat>(message.payload)) {
    Say(from, request, HeartbeatReply{clock_.Now(), directory_.statements().size()});
  }
}

}  // namespace schakel::testing
