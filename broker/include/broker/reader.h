// Answers that are read from the durable log: heads, proofs, and who saw what.
//
// Before a head is signed, the entries that no head of ours covered yet are read back from disk and recomputed.
// Threads: one, any; `rechecked()` from all.
#pragma once

#include <atomic>
#include <string>

#include "broker/group.h"
#include "broker/transport.h"
#include "protocol/keys.h"
#include "store/log.h"

namespace schakel {

class Reader {
 public:
  // Keeps references. `rechecked`: how far an earlier run came.
  Reader(const Log& log, std::string origin, const SigningKey& key, Sequence rechecked);

  StagedReply Answer(const ReadTask& task);

  // The newest head, signed, of at least `size_min` entries.
  // kCorrupt: what is on disk is not what was written; nothing is signed until that is mended.
  Result<std::string> Checkpoint(std::uint64_t size_min);
  // Reads back a part of what is not covered yet; true: all is.
  Result<bool> RecheckSome(std::uint64_t entries_max);
  Sequence rechecked() const { return Sequence(rechecked_.load(std::memory_order_relaxed)); }

 private:
  struct Signed {
    TreeHead head;
    std::string note;
  };
  Result<const Signed*> Newest(std::uint64_t size_min);
  Result<MessagePayload> Do(const ReadTask::SayWelcome& task, std::uint64_t size_min);
  Result<MessagePayload> Do(const ReadTask::ShowInclusion& task, std::uint64_t size_min);
  Result<MessagePayload> Do(const ProveConsistency& task, std::uint64_t size_min);
  Result<MessagePayload> Do(const ReadTask::ShowAccess& task, std::uint64_t size_min);
  Result<MessagePayload> Do(const ReadTask::ShowOwnRecords& task, std::uint64_t size_min);
  // The number of a delivery, for whoever may know it.
  std::optional<NumberOpening> OpeningFor(ByteView bytes, const ReadTask::ShowAccess& task) const;
  Result<std::vector<WitnessedHead>> WitnessesOf(const std::vector<std::string>& notes, const TreeHead& head) const;
  Bytes AnswerOperator(std::uint64_t size_min);

  const Log& log_;
  const std::string origin_;
  const SigningKey& key_;
  const Hash32 number_key_;
  std::atomic<std::uint64_t> rechecked_;
  Signed newest_;
};

}  // namespace schakel
