// A log in memory: entries, their salted leaves, heads and proofs.
#pragma once

#include <bit>
#include <string>
#include <vector>

#include "protocol/checkpoint.h"
#include "protocol/crypto.h"
#include "protocol/evidence.h"
#include "protocol/merkle.h"
#include "support/builders.h"

namespace schakel::test {

class MemoryLog {
 public:
  // The entry gets the next sequence; its salt follows from it.
  void Append(EntryBody body, Timestamp at = kNow) {
    const Sequence sequence(entries_.size() + 1);
    entries_.push_back(EncodeEntry({sequence, at, std::move(body)}));
    salts_.push_back(SeedOf("salt", std::to_string(sequence.value())));
    leaves_.push_back(LogLeafHash(salts_.back(), entries_.back()));
  }
  std::uint64_t size() const { return entries_.size(); }
  const Bytes& EntryAt(std::uint64_t sequence) const { return entries_.at(sequence - 1); }
  const Hash32& SaltAt(std::uint64_t sequence) const { return salts_.at(sequence - 1); }

  TreeHead Head(std::uint64_t size) const { return {size, *RootAt(size, Subtrees())}; }
  std::string Checkpoint(std::uint64_t size) const {
    return SignCheckpoint(std::string(kHub), Head(size), HubLogKey());
  }
  ProvenEntry Prove(std::uint64_t sequence, std::uint64_t size) const {
    return {EntryAt(sequence), SaltAt(sequence), *InclusionProof(sequence - 1, size, Subtrees())};
  }
  std::vector<Hash32> ProveGrowth(std::uint64_t first, std::uint64_t second) const {
    return *ConsistencyProof(first, second, Subtrees());
  }

 private:
  SubtreeHash Subtrees() const {
    return [this](unsigned level, std::uint64_t index) { return Result<Hash32>(Subtree(level, index)); };
  }
  Hash32 Subtree(unsigned level, std::uint64_t index) const {
    if (level == 0) return leaves_.at(index);
    return NodeHash(Subtree(level - 1, 2 * index), Subtree(level - 1, 2 * index + 1));
  }

  std::vector<Bytes> entries_;
  std::vector<Hash32> salts_;
  std::vector<Hash32> leaves_;
};

}  // namespace schakel::test
