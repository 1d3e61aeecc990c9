// Merkle trees as in RFC 9162 section 2.1 (SHA-256; leaf prefix 0x00, node prefix 0x01). Pure: no storage.
//
// Threads: any.
#pragma once

#include <functional>
#include <vector>

#include "protocol/bytes.h"
#include "protocol/result.h"

namespace schakel {

Hash32 NodeHash(const Hash32& left, const Hash32& right);
// SHA-256(0x00 ‖ salt ‖ entry): the log's salted leaf. Of an entry that can be closed: of its closed form (entry.h).
Hash32 LogLeafHash(const Hash32& salt, ByteView entry);
Hash32 EmptyRoot();  // SHA-256 of nothing.

// The right edge of a growing tree: enough to append and to know the root. 64 hashes at most.
class Frontier {
 public:
  void Append(const Hash32& leaf);
  std::uint64_t size() const { return size_; }
  Hash32 Root() const;
  const std::vector<Hash32>& nodes() const { return nodes_; }  // Complete subtrees, largest first.
  // kInvalid ("merkle.frontier"): not as many nodes as `size` has one bits.
  static Result<Frontier> From(std::uint64_t size, std::vector<Hash32> nodes);

 private:
  std::uint64_t size_ = 0;
  std::vector<Hash32> nodes_;
};

// Yields the hash of the complete subtree of 2^level leaves that starts at leaf index * 2^level (from 0).
using SubtreeHash = std::function<Result<Hash32>(unsigned level, std::uint64_t index)>;

// RFC 9162 sections 2.1.3.1 and 2.1.4.1. Leaves count from 0; index < size, first <= second.
Result<std::vector<Hash32>> InclusionProof(std::uint64_t index, std::uint64_t size, const SubtreeHash& subtree);
Result<std::vector<Hash32>> ConsistencyProof(std::uint64_t first, std::uint64_t second, const SubtreeHash& subtree);
Result<Hash32> RootAt(std::uint64_t size, const SubtreeHash& subtree);

// RFC 9162 sections 2.1.3.2 and 2.1.4.2. kTampered ("merkle.inclusion", "merkle.consistency"): does not hold.
Status VerifyInclusion(const Hash32& leaf, std::uint64_t index, std::uint64_t size, const std::vector<Hash32>& proof,
                       const Hash32& root);
Status VerifyConsistency(std::uint64_t first_size, const Hash32& first_root, std::uint64_t second_size,
                         const Hash32& second_root, const std::vector<Hash32>& proof);
inline constexpr std::size_t kProofHashesMax = 64;

}  // namespace schakel
