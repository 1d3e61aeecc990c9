#include "record_prover.h"

#include <algorithm>
#include <utility>

#include "access.h"
#include "protocol/crypto.h"
#include "protocol/merkle.h"

namespace schakel {
namespace {

constexpr std::size_t kProvingAtOnce = 32;

Error HubIsOffline() { return {Code::kUnavailable, "hub.offline", {}, "try again when the hub can be reached"}; }

}  // namespace

Result<RecordProver::Item> RecordProver::ItemOf(const RecordId& id) const {
  SCHAKEL_ASSIGN(const std::uint64_t number, vault_.NumberOf(id));
  SCHAKEL_ASSIGN(StoredRecord record, vault_.Record(number));
  SCHAKEL_ASSIGN(StoredContent content, vault_.Content(number));
  const bool in_log = record.state == RecordState::kAccepted || record.state == RecordState::kReceived;
  if (!in_log) return Fail(Code::kConflict, "record.waiting", "record", "try again when the hub has it");
  Item item;
  item.header = std::move(record.header);
  item.ciphertext_hash = Sha256(content.ciphertext);
  item.recipients_root = content.recipients_root;
  item.sequence = record.sequence;
  if (content.origin) {
    item.proven.entry = std::move(content.origin->entry);
    item.proven.salt = content.origin->salt;
  }
  return item;
}

void RecordProver::Prove(const TrajectoryId& trajectory, const std::vector<RecordId>& records, Done done) {
  auto job = std::make_shared<Job>(Job{trajectory, std::move(done), {}, {}, 0, {}, false});
  jobs_.push_back(job);
  if (step_.distrusted()) return OnDistrusted();
  if (!ready_) return End(job, std::unexpected(HubIsOffline()));
  for (const RecordId& id : records) {
    auto item = ItemOf(id);
    if (!item) return End(job, std::unexpected(std::move(item).error()));
    job->items.push_back(std::move(*item));
  }
  std::ranges::sort(job->items, {}, &Item::sequence);
  for (std::size_t i = 0; i < job->items.size(); ++i) job->to_prove.push_back(i);
  GoOn(job);
}

void RecordProver::GoOn(const JobPtr& job) {
  if (job->under.head.size == 0) {
    const std::uint64_t last = job->items.empty() ? 1 : job->items.back().sequence.value();
    if (heads_.seen().head.size < last) return heads_.AskNewest();
    job->under = heads_.seen();
  }
  while (!job->paused && !job->to_prove.empty() && job->proving < kProvingAtOnce) {
    const std::size_t index = job->to_prove.front();
    job->to_prove.pop_front();
    ++job->proving;
    requests_.Ask(ProveInclusion{job->items[index].sequence, job->under.head.size}, clock_.Steady(),
                  [this, job, index](MessagePayload& reply) { OnProof(job, index, reply); });
  }
  if (job->to_prove.empty() && job->proving == 0) Complete(job);
}

// The entry is of the very record that is held here.
bool RecordProver::Fits(const Item& item) const {
  const auto entry = DecodeEntry(item.proven.entry);
  const auto* record = entry ? std::get_if<RecordEntry>(&entry->body) : nullptr;
  return record != nullptr && entry->sequence == item.sequence && record->header == item.header &&
         record->ciphertext_hash == item.ciphertext_hash && record->recipients_root == item.recipients_root;
}

void RecordProver::OnProof(const JobPtr& job, std::size_t index, MessagePayload& reply) {
  --job->proving;
  if (auto* error = std::get_if<Error>(&reply)) {
    if (error->code != Code::kLimit && error->code != Code::kUnavailable) {
      return End(job, std::unexpected(std::move(*error)));
    }
    job->to_prove.push_back(index);
    job->paused = true;
    return;
  }
  Item& item = job->items[index];
  auto* proof = std::get_if<ProofReply>(&reply);
  if (proof == nullptr) return step_.Distrust({Code::kTampered, "hub.inclusion_refused", {}, {}});
  if (item.proven.entry.empty()) {
    if (proof->entry.empty()) {
      return End(job, Fail(Code::kNotFound, "hub.entry_missing", "entry " + std::to_string(item.sequence.value()),
                           "ask the hub's operator why"));
    }
    item.proven.entry = std::move(proof->entry);
    item.proven.salt = proof->salt;
  }
  if (!Fits(item) || !VerifyInclusion(LogLeafHash(item.proven.salt, item.proven.entry), item.sequence.value() - 1,
                                      job->under.head.size, proof->hashes, job->under.head.root)) {
    return step_.Distrust({Code::kTampered, "hub.not_included", "entry " + std::to_string(item.sequence.value()), {}});
  }
  item.proven.proof = std::move(proof->hashes);
  GoOn(job);
}

void RecordProver::Complete(const JobPtr& job) {
  Evidence whole;
  whole.checkpoint = job->under.note;
  whole.subject = "trajectory " + ToText(job->trajectory);
  for (Item& item : job->items) whole.entries.push_back(std::move(item.proven));
  if (auto own = cosigner_.Cosigned(whole.checkpoint, job->under.head))
    whole.witnesses.push_back({std::move(*own), {}});
  AddStatements(knowledge_, heads_.verifier().name, whole);
  End(job, std::move(whole));
}

void RecordProver::OnTick() {
  for (const JobPtr& job : std::vector<JobPtr>(jobs_)) {
    if (std::exchange(job->paused, false) || job->under.head.size == 0) GoOn(job);
  }
}

void RecordProver::End(const JobPtr& job, Result<Evidence> result) {
  // Answers to a job that ended come too late.
  if (std::erase(jobs_, job) > 0) job->done(std::move(result));
}

void RecordProver::EndAll(const Error& why) {
  for (const JobPtr& job : std::exchange(jobs_, {})) job->done(std::unexpected(why));
}

void RecordProver::OnDisconnected() {
  ready_ = false;
  EndAll(HubIsOffline());
}

void RecordProver::OnDistrusted() {
  EndAll({Code::kTampered, "hub.distrusted", {}, "see the alarm, and call the operator of the hub"});
}

}  // namespace schakel
