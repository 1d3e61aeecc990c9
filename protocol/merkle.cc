#include "protocol/merkle.h"

#include <algorithm>
#include <bit>

#include "protocol/crypto.h"
#include "protocol/entry.h"

namespace schakel {
namespace {

constexpr std::uint8_t kLeafPrefix = 0;
constexpr std::uint8_t kNodePrefix = 1;

bool IsOdd(std::uint64_t value) { return (value & 1) != 0; }

// The largest power of two below `count`: where RFC 9162 splits a tree of `count` > 1 leaves.
std::uint64_t SplitOf(std::uint64_t count) { return std::bit_floor(count - 1); }

std::unexpected<Error> RangeError() {
  return Fail(Code::kInvalid, "merkle.range", {}, "ask for a leaf or a size that the tree has");
}

Hash32 FoldRight(const std::vector<Hash32>& nodes) {
  if (nodes.empty()) return EmptyRoot();
  Hash32 root = nodes.back();
  for (std::size_t i = nodes.size() - 1; i-- > 0;) root = NodeHash(nodes[i], root);
  return root;
}

// The root of the `count` leaves from `begin` on; `begin` is a multiple of a power of two that is not below `count`,
// as it is for every node of the tree.
Result<Hash32> RangeRoot(std::uint64_t begin, std::uint64_t count, const SubtreeHash& subtree) {
  std::vector<Hash32> nodes;
  while (count > 0) {
    const auto level = static_cast<unsigned>(std::bit_width(count) - 1);
    SCHAKEL_ASSIGN(Hash32 node, subtree(level, begin >> level));
    nodes.push_back(node);
    begin += std::uint64_t{1} << level;
    count -= std::uint64_t{1} << level;
  }
  return FoldRight(nodes);
}

}  // namespace

Hash32 NodeHash(const Hash32& left, const Hash32& right) { return Sha256({{&kNodePrefix, 1}, left, right}); }

Hash32 LogLeafHash(const Hash32& salt, ByteView entry) {
  if (CanBeClosed(entry)) return Sha256({{&kLeafPrefix, 1}, salt, ClosedForm(entry)});
  return Sha256({{&kLeafPrefix, 1}, salt, entry});
}

Hash32 EmptyRoot() { return Sha256(ByteView{}); }

void Frontier::Append(const Hash32& leaf) {
  Hash32 node = leaf;
  // Each one bit at the low end is a complete subtree as large as the node in hand.
  for (std::uint64_t rest = size_; IsOdd(rest); rest >>= 1) {
    node = NodeHash(nodes_.back(), node);
    nodes_.pop_back();
  }
  nodes_.push_back(node);
  ++size_;
}

Hash32 Frontier::Root() const { return FoldRight(nodes_); }

Result<Frontier> Frontier::From(std::uint64_t size, std::vector<Hash32> nodes) {
  if (nodes.size() != static_cast<std::size_t>(std::popcount(size))) {
    return Fail(Code::kInvalid, "merkle.frontier", {}, "rebuild the tree from the log");
  }
  Frontier frontier;
  frontier.size_ = size;
  frontier.nodes_ = std::move(nodes);
  return frontier;
}

Result<std::vector<Hash32>> InclusionProof(std::uint64_t index, std::uint64_t size, const SubtreeHash& subtree) {
  if (index >= size) return RangeError();
  std::vector<Hash32> proof;
  std::uint64_t begin = 0;
  std::uint64_t count = size;
  while (count > 1) {
    const std::uint64_t split = SplitOf(count);
    if (index - begin < split) {
      SCHAKEL_ASSIGN(Hash32 right, RangeRoot(begin + split, count - split, subtree));
      proof.push_back(right);
      count = split;
    } else {
      SCHAKEL_ASSIGN(Hash32 left, RangeRoot(begin, split, subtree));
      proof.push_back(left);
      begin += split;
      count -= split;
    }
  }
  std::ranges::reverse(proof);  // We came down; a verifier goes up.
  return proof;
}

Result<std::vector<Hash32>> ConsistencyProof(std::uint64_t first, std::uint64_t second, const SubtreeHash& subtree) {
  if (first > second) return RangeError();
  std::vector<Hash32> proof;
  if (first == 0 || first == second) return proof;
  std::uint64_t begin = 0;
  std::uint64_t count = second;
  // Down to the node whose right edge is that of the first tree.
  while (first - begin != count) {
    const std::uint64_t split = SplitOf(count);
    if (first - begin <= split) {
      SCHAKEL_ASSIGN(Hash32 right, RangeRoot(begin + split, count - split, subtree));
      proof.push_back(right);
      count = split;
    } else {
      SCHAKEL_ASSIGN(Hash32 left, RangeRoot(begin, split, subtree));
      proof.push_back(left);
      begin += split;
      count -= split;
    }
  }
  // At the left edge that node is the first tree itself, whose root the verifier has.
  if (begin != 0) {
    SCHAKEL_ASSIGN(Hash32 node, RangeRoot(begin, count, subtree));
    proof.push_back(node);
  }
  std::ranges::reverse(proof);
  return proof;
}

Result<Hash32> RootAt(std::uint64_t size, const SubtreeHash& subtree) { return RangeRoot(0, size, subtree); }

Status VerifyInclusion(const Hash32& leaf, std::uint64_t index, std::uint64_t size, const std::vector<Hash32>& proof,
                       const Hash32& root) {
  const auto refuse = [] {
    return Fail(Code::kTampered, "merkle.inclusion", {}, "keep both as evidence and ask the operator");
  };
  if (index >= size || proof.size() > kProofHashesMax) return refuse();
  std::uint64_t node = index;
  std::uint64_t last = size - 1;
  Hash32 hash = leaf;
  for (const Hash32& sibling : proof) {
    if (last == 0) return refuse();
    if (IsOdd(node) || node == last) {
      hash = NodeHash(sibling, hash);
      // A node at the right edge has no sibling on the levels where it is alone.
      while (!IsOdd(node) && node != 0) {
        node >>= 1;
        last >>= 1;
      }
    } else {
      hash = NodeHash(hash, sibling);
    }
    node >>= 1;
    last >>= 1;
  }
  if (last != 0 || hash != root) return refuse();
  return {};
}

Status VerifyConsistency(std::uint64_t first_size, const Hash32& first_root, std::uint64_t second_size,
                         const Hash32& second_root, const std::vector<Hash32>& proof) {
  const auto refuse = [] {
    return Fail(Code::kTampered, "merkle.consistency", {}, "keep both heads as evidence and ask the operator");
  };
  if (first_size > second_size || proof.size() > kProofHashesMax) return refuse();
  if (first_size == 0) {
    // The empty tree begins every other; its only root is known.
    if (!proof.empty() || first_root != EmptyRoot()) return refuse();
    if (second_size == 0 && second_root != first_root) return refuse();
    return {};
  }
  if (first_size == second_size) {
    if (!proof.empty() || first_root != second_root) return refuse();
    return {};
  }
  if (proof.empty()) return refuse();

  std::uint64_t node = first_size - 1;
  std::uint64_t last = second_size - 1;
  while (IsOdd(node)) {
    node >>= 1;
    last >>= 1;
  }
  // A first tree of 2^n leaves is itself the node to start from; the proof leaves it out.
  const bool starts_at_root = std::has_single_bit(first_size);
  Hash32 first = starts_at_root ? first_root : proof.front();
  Hash32 second = first;
  for (std::size_t i = starts_at_root ? 0 : 1; i < proof.size(); ++i) {
    if (last == 0) return refuse();
    if (IsOdd(node) || node == last) {
      first = NodeHash(proof[i], first);
      second = NodeHash(proof[i], second);
      while (!IsOdd(node) && node != 0) {
        node >>= 1;
        last >>= 1;
      }
    } else {
      second = NodeHash(second, proof[i]);
    }
    node >>= 1;
    last >>= 1;
  }
  if (last != 0 || first != first_root || second != second_root) return refuse();
  return {};
}

}  // namespace schakel
