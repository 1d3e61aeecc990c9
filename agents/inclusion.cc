#include "inclusion.h"

#include <algorithm>
#include <utility>

#include "protocol/crypto.h"
#include "protocol/merkle.h"

namespace schakel {
namespace {

constexpr std::size_t kAskedMax = 32;
constexpr std::size_t kBudget = 64;  // Proofs a tick.
constexpr std::size_t kReceivedMax = 256;
constexpr auto kAskAgainAfter = std::chrono::seconds(1);
// An acknowledged entry is durable; a head that covers it may be signed a little later, but not this much.
constexpr auto kCoverMax = std::chrono::seconds(60);
constexpr std::chrono::nanoseconds kTickMax = std::chrono::seconds(5);  // Longer between two ticks: it was not running.

}  // namespace

void InclusionProver::AddOwn(std::uint64_t number, Sequence sequence) {
  if (own_.contains(sequence.value()) || own_asked_.contains(sequence.value())) {
    return Caught("hub.acknowledgement", sequence);
  }
  own_.emplace(sequence.value(), Own{number, sequence, awake_});
}

void InclusionProver::Forget(const std::set<std::uint64_t>& numbers) {
  std::erase_if(own_, [&](const auto& one) { return numbers.contains(one.second.number); });
}

void InclusionProver::AddReceived(Sequence sequence, const Hash32& leaf) {
  // A sample: when the hub is slow to prove, older ones give way.
  if (received_.size() >= kReceivedMax) received_.pop_front();
  received_.push_back({sequence, leaf});
}

void InclusionProver::OnReady() {
  ready_ = true;
  budget_ = kBudget;
  resume_at_ = {};
  for (auto& [sequence, own] : own_) own.since = awake_;
  Pump();
}

void InclusionProver::OnTick() {
  awake_ += std::min<std::chrono::nanoseconds>(clock_.Steady() - std::exchange(ticked_at_, clock_.Steady()), kTickMax);
  if (!ready_ || step_.distrusted()) return;
  budget_ = kBudget;
  if (!own_.empty()) {
    const Own& newest = own_.rbegin()->second;
    if (newest.sequence.value() > heads_.seen().head.size) heads_.AskNewest();
    const Own* uncovered = nullptr;
    auto beyond = own_.upper_bound(heads_.seen().head.size);
    if (beyond != own_.end()) uncovered = &beyond->second;
    if (uncovered && awake_ - uncovered->since > kCoverMax) {
      return Caught("hub.acknowledged_not_included", uncovered->sequence);
    }
  }
  Pump();
}

void InclusionProver::OnDisconnected() {
  ready_ = false;
  own_.merge(own_asked_);
  own_asked_.clear();
  asked_ = 0;
}

void InclusionProver::Pump() {
  if (!ready_ || step_.distrusted() || clock_.Steady() < resume_at_) return;
  const std::uint64_t covered = heads_.seen().head.size;
  while (asked_ < kAskedMax && budget_ > 0 && !own_.empty() && own_.begin()->first <= covered) {
    Own own = own_.begin()->second;
    own_.erase(own_.begin());
    AskOwn(own);
  }
  while (asked_ < kAskedMax && budget_ > 0 && !received_.empty() && received_.front().sequence.value() <= covered) {
    Received received = received_.front();
    received_.pop_front();
    AskReceived(received);
  }
}

void InclusionProver::AskOwn(Own own) {
  ++asked_;
  --budget_;
  const TreeHead head = heads_.seen().head;
  own_asked_.emplace(own.sequence.value(), own);
  requests_.Ask(ProveInclusion{own.sequence, head.size}, clock_.Steady(), [this, own, head](MessagePayload& reply) {
    --asked_;
    OnOwn(own, head, reply);
    Pump();
  });
}

bool InclusionProver::PutOff(const MessagePayload& reply) const {
  const auto* error = std::get_if<Error>(&reply);
  return error && (error->code == Code::kUnavailable || error->code == Code::kLimit);
}

void InclusionProver::OnOwn(const Own& own, const TreeHead& head, MessagePayload& reply) {
  own_asked_.erase(own.sequence.value());
  if (PutOff(reply)) {
    own_.emplace(own.sequence.value(), own);
    resume_at_ = clock_.Steady() + kAskAgainAfter;
    return;
  }
  // Erased meanwhile: the hub proves a thing that we no longer hold.
  const auto record = vault_.Record(own.number);
  if (!record && record.error().code == Code::kNotFound) return;
  const auto content = vault_.Content(own.number);
  if (!content && content.error().code == Code::kNotFound) return step_.writes().DropOutbox(own.number);
  const auto* proof = std::get_if<ProofReply>(&reply);
  if (!proof) return Caught("hub.inclusion_refused", own.sequence);
  if (proof->entry.empty()) {
    // Erased meanwhile, or kept from us: nothing more can be proven either way, so people have to look.
    step_.Raise(Alarm::Fault::kHub, {Code::kNotFound, "hub.entry_missing",
                                     "entry " + std::to_string(own.sequence.value()), "ask the hub's operator why"});
    step_.writes().DropOutbox(own.number);
    return;
  }
  Status holds = CheckOwn(own, head, *proof);
  if (holds) {
    step_.writes().DropOutbox(own.number);
  } else if (holds.error().code == Code::kTampered) {
    Caught("hub.not_included", own.sequence);
  } else {
    own_.emplace(own.sequence.value(), own);  // Our own vault failed: again at the next start.
    resume_at_ = clock_.Steady() + kAskAgainAfter;
  }
}

// The entry must be of the very record that we wrote, and the head must include it.
Status InclusionProver::CheckOwn(const Own& own, const TreeHead& head, const ProofReply& proof) const {
  SCHAKEL_ASSIGN(StoredRecord record, vault_.Record(own.number));
  SCHAKEL_ASSIGN(StoredContent content, vault_.Content(own.number));
  const auto other = [](const char* field) { return Fail(Code::kTampered, "hub.not_included", field); };
  auto entry = DecodeEntry(proof.entry);
  if (!entry || entry->sequence != own.sequence) return other("entry");
  const auto* logged = std::get_if<RecordEntry>(&entry->body);
  if (!logged || logged->header != record.header) return other("header");
  const Hash32 ciphertext_hash = Sha256(content.ciphertext);
  if (logged->ciphertext_hash != ciphertext_hash) return other("ciphertext");
  if (logged->recipients_root != content.recipients_root) return other("recipients");
  const Hash32 leaf = RecordLeaf(record.header, ciphertext_hash, content.recipients_root);
  SCHAKEL_ASSIGN(const Header header, DecodeHeader(record.header));
  const SigningKey* key = keys_.FindRecord(header.signer);
  if (key == nullptr) return Fail(Code::kCorrupt, "vault.row", "record.signer");
  if (!VerifyEvidence(key->public_key, leaf, logged->evidence)) return other("signature");
  if (!VerifyInclusion(LogLeafHash(proof.salt, proof.entry), own.sequence.value() - 1, head.size, proof.hashes,
                       head.root)) {
    return other("proof");
  }
  return {};
}

void InclusionProver::AskReceived(Received received) {
  ++asked_;
  --budget_;
  const TreeHead head = heads_.seen().head;
  requests_.Ask(
      ProveInclusion{received.sequence, head.size}, clock_.Steady(), [this, received, head](MessagePayload& reply) {
        --asked_;
        if (PutOff(reply)) {
          received_.push_back(received);
          resume_at_ = clock_.Steady() + kAskAgainAfter;
          return;
        }
        const auto* proof = std::get_if<ProofReply>(&reply);
        if (!proof) return Caught("hub.inclusion_refused", received.sequence);
        if (!VerifyInclusion(received.leaf, received.sequence.value() - 1, head.size, proof->hashes, head.root)) {
          return Caught("hub.not_included", received.sequence);
        }
        Pump();
      });
}

void InclusionProver::Caught(const char* rule, Sequence sequence) {
  step_.Distrust({Code::kTampered, rule, "entry " + std::to_string(sequence.value()), {}});
}

}  // namespace schakel
