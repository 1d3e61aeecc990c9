#include "protocol/merkle.h"

#include <gtest/gtest.h>

#include <map>

#include "protocol/crypto.h"
#include "support/hex.h"

namespace schakel {
namespace {

using test::Hex;
using test::HexArray;

constexpr std::uint64_t kSizes = 70;

std::vector<Hash32> Leaves(std::uint64_t count) {
  std::vector<Hash32> leaves;
  for (std::uint64_t i = 0; i < count; ++i) leaves.push_back(Sha256({AsBytes("leaf"), AsBytes(std::to_string(i))}));
  return leaves;
}

std::size_t NaiveSplit(std::size_t count) {
  std::size_t split = 1;
  while (split * 2 < count) split *= 2;
  return split;
}

// The definitions of RFC 9162 sections 2.1.1, 2.1.3.1 and 2.1.4.1, word for word.
Hash32 NaiveRoot(std::span<const Hash32> leaves) {
  if (leaves.empty()) return Sha256(ByteView{});
  if (leaves.size() == 1) return leaves[0];
  const std::size_t split = NaiveSplit(leaves.size());
  return NodeHash(NaiveRoot(leaves.first(split)), NaiveRoot(leaves.subspan(split)));
}
std::vector<Hash32> NaivePath(std::size_t index, std::span<const Hash32> leaves) {
  if (leaves.size() == 1) return {};
  const std::size_t split = NaiveSplit(leaves.size());
  const bool left = index < split;
  auto path = left ? NaivePath(index, leaves.first(split)) : NaivePath(index - split, leaves.subspan(split));
  path.push_back(NaiveRoot(left ? leaves.subspan(split) : leaves.first(split)));
  return path;
}
std::vector<Hash32> NaiveSubproof(std::size_t first, std::span<const Hash32> leaves, bool whole) {
  if (first == leaves.size()) return whole ? std::vector<Hash32>{} : std::vector<Hash32>{NaiveRoot(leaves)};
  const std::size_t split = NaiveSplit(leaves.size());
  const bool left = first <= split;
  auto proof = left ? NaiveSubproof(first, leaves.first(split), whole)
                    : NaiveSubproof(first - split, leaves.subspan(split), false);
  proof.push_back(NaiveRoot(left ? leaves.subspan(split) : leaves.first(split)));
  return proof;
}

// Serves the complete subtrees of `leaves`, as a store does; asserts that nothing else is asked for.
SubtreeHash SubtreesOf(const std::vector<Hash32>& leaves) {
  return [&leaves](unsigned level, std::uint64_t index) -> Result<Hash32> {
    const std::uint64_t width = std::uint64_t{1} << level;
    if ((index + 1) * width > leaves.size()) {
      ADD_FAILURE() << "incomplete subtree " << level << "/" << index;
      return Fail(Code::kInternal, "test");
    }
    return NaiveRoot(std::span(leaves).subspan(index * width, width));
  };
}

// All that an attacker might hand over in place of `proof`.
std::vector<std::vector<Hash32>> Mutations(const std::vector<Hash32>& proof) {
  std::vector<std::vector<Hash32>> out;
  for (std::size_t i = 0; i < proof.size(); ++i) {
    auto flipped = proof;
    flipped[i][i % 32] ^= 0x10;
    out.push_back(flipped);
    auto dropped = proof;
    dropped.erase(dropped.begin() + static_cast<std::ptrdiff_t>(i));
    out.push_back(dropped);
    auto doubled = proof;
    doubled.insert(doubled.begin() + static_cast<std::ptrdiff_t>(i), proof[i]);
    out.push_back(doubled);
    if (i + 1 < proof.size()) {
      auto swapped = proof;
      std::swap(swapped[i], swapped[i + 1]);
      out.push_back(swapped);
    }
  }
  auto longer = proof;
  longer.push_back(Hash32{});
  out.push_back(longer);
  return out;
}

// The eight leaves that Certificate Transparency implementations share as their vector.
TEST(Merkle, RootsMatchThoseOfCertificateTransparency) {
  const char* const data[] = {
      "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"};
  const char* const roots[] = {"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                               "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
                               "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
                               "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                               "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
                               "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
                               "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
                               "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
  Frontier frontier;
  for (std::size_t i = 0; i < std::size(data); ++i) {
    frontier.Append(Sha256({Bytes{0}, Hex(data[i])}));
    EXPECT_EQ(ToHex(frontier.Root()), roots[i]) << i;
  }
}

TEST(Merkle, LeafHashIsPrefixSaltAndEntry) {
  const Hash32 salt = Sha256(AsBytes("salt"));
  EXPECT_EQ(LogLeafHash(salt, AsBytes("entry")), Sha256({Bytes{0}, salt, AsBytes("entry")}));
  EXPECT_EQ(NodeHash(salt, Hash32{}), Sha256({Bytes{1}, salt, Hash32{}}));
  EXPECT_EQ(ToHex(EmptyRoot()), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(Merkle, FrontierAndRootAtAgreeWithTheDefinition) {
  const auto leaves = Leaves(kSizes);
  const auto subtrees = SubtreesOf(leaves);
  Frontier frontier;
  for (std::uint64_t size = 0; size <= kSizes; ++size) {
    SCOPED_TRACE(size);
    const Hash32 want = NaiveRoot(std::span(leaves).first(size));
    EXPECT_EQ(frontier.size(), size);
    EXPECT_EQ(frontier.Root(), want);
    EXPECT_EQ(RootAt(size, subtrees).value(), want);
    auto again = Frontier::From(size, frontier.nodes());
    ASSERT_TRUE(again);
    EXPECT_EQ(again->Root(), want);
    if (size < kSizes) {
      frontier.Append(leaves[size]);
      again->Append(leaves[size]);
      EXPECT_EQ(again->Root(), frontier.Root());
    }
  }
}

TEST(Merkle, FrontierRefusesAnotherNumberOfNodes) {
  for (const auto& [size, nodes] : std::map<std::uint64_t, std::size_t>{{0, 1}, {1, 0}, {5, 1}, {5, 3}, {8, 2}}) {
    const auto frontier = Frontier::From(size, std::vector<Hash32>(nodes));
    ASSERT_FALSE(frontier) << size;
    EXPECT_EQ(frontier.error().rule, "merkle.frontier");
  }
}

TEST(Merkle, InclusionProofsAgreeWithTheDefinitionAndNoOtherHolds) {
  const auto leaves = Leaves(kSizes);
  const auto subtrees = SubtreesOf(leaves);
  for (std::uint64_t size = 1; size <= kSizes; ++size) {
    const auto tree = std::span(leaves).first(size);
    const Hash32 root = NaiveRoot(tree);
    for (std::uint64_t index = 0; index < size; ++index) {
      SCOPED_TRACE(::testing::Message() << index << " of " << size);
      const auto proof = InclusionProof(index, size, subtrees);
      ASSERT_TRUE(proof);
      ASSERT_EQ(*proof, NaivePath(index, tree));
      ASSERT_TRUE(VerifyInclusion(leaves[index], index, size, *proof, root));
      ASSERT_FALSE(VerifyInclusion(Sha256(AsBytes("other")), index, size, *proof, root));
      ASSERT_FALSE(VerifyInclusion(leaves[index], index, size, *proof, Sha256(AsBytes("other"))));
      for (const auto& mutation : Mutations(*proof)) {
        ASSERT_FALSE(VerifyInclusion(leaves[index], index, size, mutation, root));
      }
      // The proof stands for this place alone.
      for (std::uint64_t other = 0; other <= size; ++other) {
        if (other != index) {
          ASSERT_FALSE(VerifyInclusion(leaves[index], other, size, *proof, root)) << other;
        }
      }
    }
  }
}

TEST(Merkle, ConsistencyProofsAgreeWithTheDefinitionAndNoOtherHolds) {
  const auto leaves = Leaves(kSizes);
  const auto subtrees = SubtreesOf(leaves);
  std::vector<Hash32> roots;
  for (std::uint64_t size = 0; size <= kSizes; ++size) roots.push_back(NaiveRoot(std::span(leaves).first(size)));
  const Hash32 other = Sha256(AsBytes("other"));
  for (std::uint64_t second = 0; second <= kSizes; ++second) {
    for (std::uint64_t first = 0; first <= second; ++first) {
      SCOPED_TRACE(::testing::Message() << first << " to " << second);
      const auto proof = ConsistencyProof(first, second, subtrees);
      ASSERT_TRUE(proof);
      if (first > 0) {
        ASSERT_EQ(*proof, NaiveSubproof(first, std::span(leaves).first(second), true));
      }
      ASSERT_TRUE(VerifyConsistency(first, roots[first], second, roots[second], *proof));
      ASSERT_FALSE(VerifyConsistency(first, other, second, roots[second], *proof));
      // Any tree begins with the empty one.
      if (first > 0 || second == 0) {
        ASSERT_FALSE(VerifyConsistency(first, roots[first], second, other, *proof));
      }
      if (first < second) {
        ASSERT_FALSE(VerifyConsistency(second, roots[second], first, roots[first], *proof));
      }
      for (const auto& mutation : Mutations(*proof)) {
        ASSERT_FALSE(VerifyConsistency(first, roots[first], second, roots[second], mutation));
      }
    }
  }
}

TEST(Merkle, ARewrittenLeafNeverPassesForAnExtension) {
  const auto leaves = Leaves(16);
  for (std::uint64_t first = 1; first < leaves.size(); ++first) {
    const Hash32 first_root = NaiveRoot(std::span(leaves).first(first));
    for (std::uint64_t changed = 0; changed < first; ++changed) {
      auto rewritten = leaves;
      rewritten[changed] = Sha256(AsBytes("rewritten"));
      const auto proof = ConsistencyProof(first, rewritten.size(), SubtreesOf(rewritten));
      ASSERT_TRUE(proof);
      const Status status = VerifyConsistency(first, first_root, rewritten.size(), NaiveRoot(rewritten), *proof);
      ASSERT_FALSE(status) << changed << " of " << first;
      EXPECT_EQ(status.error().code, Code::kTampered);
      EXPECT_EQ(status.error().rule, "merkle.consistency");
    }
  }
}

// A proof whose hashes fit must also be as long as the claimed size wants it: a head may lie about its size.
TEST(Merkle, AProofIsAsLongAsItsTreeIsDeep) {
  const auto leaves = Leaves(8);
  const auto subtrees = SubtreesOf(leaves);
  const Hash32 root4 = NaiveRoot(std::span(leaves).first(4));
  const Hash32 root8 = NaiveRoot(leaves);
  const auto last_of_8 = InclusionProof(7, 8, subtrees).value();
  ASSERT_TRUE(VerifyInclusion(leaves[7], 7, 8, last_of_8, root8));
  EXPECT_FALSE(VerifyInclusion(leaves[7], 0, 1, last_of_8, root8));
  EXPECT_FALSE(VerifyInclusion(leaves[7], 1, 2, last_of_8, root8));
  EXPECT_FALSE(VerifyInclusion(leaves[7], 3, 4, last_of_8, root8));
  EXPECT_FALSE(VerifyInclusion(leaves[7], 15, 16, last_of_8, root8));

  const Hash32 root3 = NaiveRoot(std::span(leaves).first(3));
  const auto to_4 = ConsistencyProof(3, 4, subtrees).value();
  const auto to_8 = ConsistencyProof(3, 8, subtrees).value();
  ASSERT_TRUE(VerifyConsistency(3, root3, 4, root4, to_4));
  ASSERT_TRUE(VerifyConsistency(3, root3, 8, root8, to_8));
  EXPECT_FALSE(VerifyConsistency(3, root3, 8, root4, to_4));
  EXPECT_FALSE(VerifyConsistency(3, root3, 4, root8, to_8));
  // Near the right edge, where further hashes pass for left neighbours.
  const Hash32 root7 = NaiveRoot(std::span(leaves).first(7));
  const auto from_7 = ConsistencyProof(7, 8, subtrees).value();
  ASSERT_TRUE(VerifyConsistency(7, root7, 8, root8, from_7));
  EXPECT_FALSE(VerifyConsistency(3, root7, 4, root8, from_7));
}

TEST(Merkle, LargestSizesNeitherLoopNorOverflow) {
  constexpr std::uint64_t kLargest = ~std::uint64_t{0};
  // Subtrees of which all leaves are alike.
  std::vector<Hash32> levels{Sha256(AsBytes("leaf"))};
  while (levels.size() < 64) levels.push_back(NodeHash(levels.back(), levels.back()));
  const SubtreeHash alike = [&](unsigned level, std::uint64_t) -> Result<Hash32> { return levels.at(level); };
  const Hash32 root = RootAt(kLargest, alike).value();
  for (const std::uint64_t index : {std::uint64_t{0}, kLargest / 2, kLargest - 2, kLargest - 1}) {
    const auto proof = InclusionProof(index, kLargest, alike);
    ASSERT_TRUE(proof);
    EXPECT_LE(proof->size(), kProofHashesMax);
    EXPECT_TRUE(VerifyInclusion(levels[0], index, kLargest, *proof, root));
  }
  for (const std::uint64_t first : {std::uint64_t{1}, std::uint64_t{1} << 63, kLargest - 1}) {
    const auto proof = ConsistencyProof(first, kLargest, alike);
    ASSERT_TRUE(proof);
    EXPECT_LE(proof->size(), kProofHashesMax);
    EXPECT_TRUE(VerifyConsistency(first, RootAt(first, alike).value(), kLargest, root, *proof));
  }
}

TEST(Merkle, RefusesQuestionsOutsideTheTree) {
  const auto leaves = Leaves(8);
  const auto subtrees = SubtreesOf(leaves);
  EXPECT_EQ(InclusionProof(8, 8, subtrees).error().rule, "merkle.range");
  EXPECT_EQ(InclusionProof(0, 0, subtrees).error().rule, "merkle.range");
  EXPECT_EQ(ConsistencyProof(9, 8, subtrees).error().rule, "merkle.range");
  EXPECT_EQ(VerifyInclusion(leaves[0], 0, 0, {}, EmptyRoot()).error().rule, "merkle.inclusion");
  EXPECT_EQ(VerifyInclusion(leaves[0], 0, 8, std::vector<Hash32>(65), EmptyRoot()).error().rule, "merkle.inclusion");
}

TEST(Merkle, PassesOnWhatTheStoreReports) {
  const SubtreeHash broken = [](unsigned, std::uint64_t) -> Result<Hash32> {
    return Fail(Code::kCorrupt, "store.node");
  };
  EXPECT_EQ(RootAt(3, broken).error().rule, "store.node");
  EXPECT_EQ(InclusionProof(1, 3, broken).error().rule, "store.node");
  EXPECT_EQ(ConsistencyProof(1, 3, broken).error().rule, "store.node");
}

}  // namespace
}  // namespace schakel
