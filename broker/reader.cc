#include "broker/reader.h"

#include <algorithm>
#include <utility>

#include "access.h"
#include "broker/admin.h"
#include "protocol/merkle.h"

namespace schakel {
namespace {

constexpr std::size_t kEvidenceBytes = 600U << 10;          // An access reply is one message.
constexpr std::size_t kOwnRecordsMax = 512;                 // In one reply.
constexpr std::uint64_t kOwnRecordsLookedThrough = 20'000;  // For one reply: some 100 ms.

// Whoever wrote a record, or was handed it, may have the entry that says so.
bool IsParty(const Entry& entry, const OrgId& asker) {
  if (const auto* record = std::get_if<RecordEntry>(&entry.body)) {
    auto header = DecodeHeader(record->header);
    return header && header->author == asker;
  }
  if (const auto* delivery = std::get_if<DeliveryEntry>(&entry.body)) return delivery->recipient == asker;
  if (const auto* session = std::get_if<SessionEntry>(&entry.body)) return session->organisation == asker;
  if (const auto* answer = std::get_if<AnswerEntry>(&entry.body)) return answer->asker == asker;
  return false;
}

// Where it stands in the feed of its recipient, that one alone is shown.
Bytes ShownTo(const OrgId& asker, Bytes bytes) {
  const auto entry = CanBeClosed(bytes) ? DecodeEntry(bytes) : Result<Entry>(Fail(Code::kInvalid, "entry.closed"));
  const auto* delivery = entry ? std::get_if<DeliveryEntry>(&entry->body) : nullptr;
  return delivery == nullptr || delivery->recipient == asker ? bytes : ClosedForm(bytes);
}

}  // namespace

Reader::Reader(const Log& log, std::string origin, const SigningKey& key, Sequence rechecked)
    : log_(log), origin_(std::move(origin)), key_(key), number_key_(NumberKeyOf(key)), rechecked_(rechecked.value()) {}

Result<bool> Reader::RecheckSome(std::uint64_t entries_max) {
  const std::uint64_t after = rechecked_.load(std::memory_order_relaxed);
  const std::uint64_t end = log_.Last().value();
  const std::uint64_t last = std::min(end, after + entries_max);
  if (last > after) {
    SCHAKEL_TRY(log_.Recheck(Sequence(after), Sequence(last)));
    rechecked_.store(last, std::memory_order_relaxed);
  }
  return last == end;
}

Result<const Reader::Signed*> Reader::Newest(std::uint64_t size_min) {
  if (newest_.note.empty() || newest_.head.size < size_min || newest_.head.size < log_.Last().value()) {
    const TreeHead head = log_.Head();
    if (head.size < size_min) return Fail(Code::kInternal, "reader.head");
    if (newest_.note.empty() || head != newest_.head) {
      const std::uint64_t after = rechecked_.load(std::memory_order_relaxed);
      if (head.size > after) SCHAKEL_TRY(log_.Recheck(Sequence(after), Sequence(head.size)));
      rechecked_.store(std::max(after, head.size), std::memory_order_relaxed);
      newest_ = {head, SignCheckpoint(origin_, head, key_)};
    }
  }
  return &newest_;
}

Result<std::string> Reader::Checkpoint(std::uint64_t size_min) {
  SCHAKEL_ASSIGN(const Signed* newest, Newest(size_min));
  return newest->note;
}

Result<MessagePayload> Reader::Do(const ReadTask::SayWelcome& task, std::uint64_t size_min) {
  SCHAKEL_ASSIGN(const Signed* newest, Newest(std::max(size_min, task.seen.size)));
  Welcome welcome = task.welcome;
  welcome.checkpoint = newest->note;
  if (task.seen.size > 0) {
    SCHAKEL_ASSIGN(welcome.consistency, log_.ConsistencyProof(task.seen.size, newest->head.size));
  }
  return MessagePayload(std::move(welcome));
}

Result<MessagePayload> Reader::Do(const ReadTask::ShowInclusion& task, std::uint64_t) {
  const auto& [sequence, size] = task.query;
  if (sequence.value() == 0 || sequence.value() > size || size > log_.Last().value()) {
    return Fail(Code::kInvalid, "proof.range", "proof.size", "ask for a proof within the newest head");
  }
  ProofReply reply;
  SCHAKEL_ASSIGN(reply.hashes, log_.InclusionProof(sequence, size));
  // An erased entry keeps its place in the tree; there is nothing of it to show.
  if (auto stored = log_.Get(sequence)) {
    auto entry = DecodeEntry(stored->entry);
    if (entry && IsParty(*entry, task.asker)) {
      reply.entry = std::move(stored->entry);
      reply.salt = stored->salt;
    }
  }
  return MessagePayload(std::move(reply));
}

Result<MessagePayload> Reader::Do(const ProveConsistency& task, std::uint64_t size_min) {
  ProofReply reply;
  std::uint64_t second = task.second_size;
  if (second == 0) {
    SCHAKEL_ASSIGN(const Signed* newest, Newest(size_min));
    reply.checkpoint = newest->note;
    second = newest->head.size;
  }
  if (task.first_size > second || second > log_.Last().value()) {
    return Fail(Code::kInvalid, "proof.range", "proof.first_size", "ask for a proof within the newest head");
  }
  if (task.first_size > 0) {
    SCHAKEL_ASSIGN(reply.hashes, log_.ConsistencyProof(task.first_size, second));
  }
  return MessagePayload(std::move(reply));
}

Result<MessagePayload> Reader::Do(const ReadTask::ShowAccess& task, std::uint64_t size_min) {
  SCHAKEL_ASSIGN(const Signed* newest, Newest(size_min));
  SCHAKEL_ASSIGN(AccessPage page, ReadAccess(log_, task, newest->head.size, kEvidenceBytes));
  AccessReply reply;
  reply.more = page.more;
  reply.evidence.checkpoint = newest->note;
  reply.evidence.subject =
      IsNone(task.query.record) ? "trajectory " + ToText(task.query.trajectory) : "record " + ToText(task.query.record);
  for (AccessPage::Shown& shown : page.entries) {
    SCHAKEL_ASSIGN(auto proof, log_.InclusionProof(shown.sequence, newest->head.size));
    auto opening = OpeningFor(shown.entry, task);
    reply.evidence.entries.push_back(
        {ShownTo(task.asker, std::move(shown.entry)), shown.salt, std::move(proof), opening, std::move(shown.place)});
  }
  if (!reply.more) {
    SCHAKEL_ASSIGN(reply.evidence.witnesses, WitnessesOf(task.witnesses, newest->head));
  }
  return MessagePayload(std::move(reply));
}

// There is no index of it: it is asked for once in the life of an agent, and what is looked through is what came since
// a backup was made.
Result<MessagePayload> Reader::Do(const ReadTask::ShowOwnRecords& task, std::uint64_t size_min) {
  SCHAKEL_ASSIGN(const Signed* newest, Newest(size_min));
  OwnRecordsReply reply;
  reply.checkpoint = newest->note;
  reply.upto = std::min(Sequence(task.after.value() + kOwnRecordsLookedThrough), Sequence(newest->head.size));
  std::size_t bytes = 0;
  Status proven;
  SCHAKEL_TRY(log_.Read(Next(task.after), [&](const StoredEntry& stored) {
    if (stored.sequence > reply.upto) return false;
    const auto entry = DecodeEntry(stored.entry);
    if (!entry || !std::holds_alternative<RecordEntry>(entry->body) || !IsParty(*entry, task.asker)) return true;
    auto proof = log_.InclusionProof(stored.sequence, newest->head.size);
    if (!proof) {
      proven = std::unexpected(proof.error());
      return false;
    }
    bytes += stored.entry.size() + 32 * 40;
    reply.entries.push_back({stored.entry, stored.salt, std::move(*proof)});
    if (bytes < kEvidenceBytes && reply.entries.size() < kOwnRecordsMax) return true;
    reply.upto = stored.sequence;
    return false;
  }));
  SCHAKEL_TRY(proven);
  return MessagePayload(std::move(reply));
}

std::optional<NumberOpening> Reader::OpeningFor(ByteView bytes, const ReadTask::ShowAccess& task) const {
  const auto entry = DecodeEntry(bytes);
  const auto* delivery = entry ? std::get_if<DeliveryEntry>(&entry->body) : nullptr;
  if (delivery == nullptr || !delivery->number) return std::nullopt;
  const bool may_know = delivery->recipient == task.asker || (task.trajectory && task.trajectory->lead == task.asker);
  if (!may_know) return std::nullopt;
  return OpenNumber(number_key_, delivery->recipient, delivery->position, *delivery->number);
}

Result<std::vector<WitnessedHead>> Reader::WitnessesOf(const std::vector<std::string>& notes,
                                                       const TreeHead& head) const {
  const NoteVerifier verifier{origin_, key_.public_key};
  std::vector<WitnessedHead> witnesses;
  for (const std::string& note : notes) {
    const auto seen = VerifyCheckpoint(note, verifier);
    if (!seen || seen->size > head.size) continue;
    SCHAKEL_ASSIGN(auto consistency, log_.ConsistencyProof(seen->size, head.size));
    witnesses.push_back({note, std::move(consistency)});
  }
  return witnesses;
}

Bytes Reader::AnswerOperator(std::uint64_t size_min) {
  auto note = Checkpoint(size_min);
  return note ? EncodeAdminReply(SignedHead{std::move(*note)}) : EncodeAdminReply(std::move(note).error());
}

StagedReply Reader::Answer(const ReadTask& task) {
  if (std::holds_alternative<ReadTask::ShowHead>(task.what)) return {task.to, AnswerOperator(task.size_min)};
  auto payload = std::visit(
      [&]<typename Task>(const Task& what) -> Result<MessagePayload> {
        if constexpr (std::is_same_v<Task, ReadTask::ShowHead>) {
          return Fail(Code::kInternal, "reader.task");
        } else {
          return Do(what, task.size_min);
        }
      },
      task.what);
  if (!payload) return {task.to, EncodeMessage({task.request, std::move(payload).error()})};
  return {task.to, EncodeMessage({task.request, std::move(*payload)})};
}

}  // namespace schakel
