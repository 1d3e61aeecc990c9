#include "log_tree.h"

#include "store_fixture.h"

namespace schakel::test {
namespace {

Hash32 LeafOf(std::uint64_t index) {
  Hash32 leaf{};
  for (int i = 0; i < 8; ++i) leaf[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(index >> (8 * i));
  return leaf;
}

// A tree whose tiles lie in a map; each commit's leaves in order.
class TreeOverMap {
 public:
  TreeOverMap() : tree_([this](TilePlace place) { return Load(place); }) {}

  void Grow(std::uint64_t count) {
    std::vector<Hash32> leaves;
    for (std::uint64_t i = 0; i < count; ++i) leaves.push_back(LeafOf(size_ + i));
    LogTree::Growth growth = tree_.Plan(leaves);
    for (TileRow& row : growth.tiles) {
      EXPECT_TRUE(tiles_.emplace(row.place, std::move(row.hashes)).second) << "written twice";
    }
    tree_.Apply(std::move(growth));
    for (const Hash32& leaf : leaves) frontier_.Append(leaf);
    size_ += count;
  }
  // As after a restart: only the tiles and the last leaves are known.
  void Restart() {
    ASSERT_TRUE(tree_.Rebuild(size_, [this](std::uint64_t begin, std::uint64_t end) -> Result<std::vector<Hash32>> {
      EXPECT_LT(end - begin, kTileHashes);
      std::vector<Hash32> leaves;
      for (std::uint64_t i = begin; i < end; ++i) leaves.push_back(LeafOf(i));
      return leaves;
    }));
  }
  Result<std::vector<Hash32>> Load(TilePlace place) {
    ++loads_;
    auto found = tiles_.find(place);
    if (found == tiles_.end()) return Fail(Code::kCorrupt, "log.tree");
    return found->second;
  }

  std::map<TilePlace, std::vector<Hash32>> tiles_;
  std::uint64_t size_ = 0;
  std::uint64_t loads_ = 0;
  Frontier frontier_;
  LogTree tree_;
};

std::vector<Hash32> RootsUpTo(std::uint64_t size) {
  std::vector<Hash32> roots{EmptyRoot()};
  Frontier frontier;
  for (std::uint64_t i = 0; i < size; ++i) {
    frontier.Append(LeafOf(i));
    roots.push_back(frontier.Root());
  }
  return roots;
}

void ExpectProofs(const LogTree& tree, const std::vector<Hash32>& roots, std::uint64_t index, std::uint64_t size) {
  const auto inclusion = tree.Inclusion(index, size);
  ASSERT_TRUE(inclusion) << index << " in " << size;
  EXPECT_TRUE(VerifyInclusion(LeafOf(index), index, size, *inclusion, roots[size])) << index << " in " << size;
  const auto consistency = tree.Consistency(index, size);
  ASSERT_TRUE(consistency);
  EXPECT_TRUE(VerifyConsistency(index, roots[index], size, roots[size], *consistency)) << index << " to " << size;
}

TEST(LogTreeTest, AgreesWithTheFrontierAtEverySizeAcrossTileBoundaries) {
  const std::vector<Hash32> roots = RootsUpTo(1100);
  TreeOverMap tree;
  SeededRandom random(5);
  while (tree.size_ < 1050) {
    tree.Grow(1 + random.Below(40));
    EXPECT_EQ(tree.tree_.head(), (TreeHead{tree.size_, roots[tree.size_]}));
  }
  for (std::uint64_t size = 0; size <= tree.size_; ++size) EXPECT_EQ(tree.tree_.RootAt(size).value(), roots[size]);
  for (std::uint64_t size : {1, 2, 3, 255, 256, 257, 511, 512, 513, 767, 1000, 1024, 1025, 1050}) {
    for (std::uint64_t index = 0; index < size; index += 1 + size / 50) {
      ExpectProofs(tree.tree_, roots, index, size);
    }
  }
}

TEST(LogTreeTest, RestartsAtEverySizeAroundABoundary) {
  const std::vector<Hash32> roots = RootsUpTo(800);
  TreeOverMap tree;
  while (tree.size_ < 780) {
    tree.Grow(tree.size_ % 256 > 3 && tree.size_ % 256 < 250 ? 7 : 1);
    tree.Restart();
    EXPECT_EQ(tree.tree_.head(), (TreeHead{tree.size_, roots[tree.size_]}));
  }
  ExpectProofs(tree.tree_, roots, 300, 780);
}

TEST(LogTreeTest, GrowsPastTheSecondRankOfTiles) {
  constexpr std::uint64_t kSize = 65'536 * 2 + 700;
  const std::vector<Hash32> roots = RootsUpTo(kSize);
  TreeOverMap tree;
  while (tree.size_ < kSize) tree.Grow(std::min<std::uint64_t>(kSize - tree.size_, 1024));
  EXPECT_TRUE(tree.tiles_.contains({1, 1}));
  EXPECT_EQ(tree.tree_.head(), (TreeHead{kSize, roots[kSize]}));
  const auto expect_all = [&] {
    for (std::uint64_t size : {65'535UL, 65'536UL, 65'537UL, 65'792UL, 131'072UL, 131'073UL, kSize}) {
      EXPECT_EQ(tree.tree_.RootAt(size).value(), roots[size]);
      for (std::uint64_t index : {0UL, 255UL, 256UL, 65'279UL, 65'280UL, 65'534UL, 65'535UL, 131'071UL, size - 1}) {
        if (index < size) ExpectProofs(tree.tree_, roots, index, size);
      }
    }
  };
  expect_all();
  tree.Restart();
  EXPECT_EQ(tree.tree_.head(), (TreeHead{kSize, roots[kSize]}));
  expect_all();
}

TEST(LogTreeTest, AProofReadsAFewTilesOnly) {
  TreeOverMap tree;
  tree.Grow(65'536 + 5'000);
  tree.loads_ = 0;
  ASSERT_TRUE(tree.tree_.Inclusion(12'345, 65'536 + 5'000));
  EXPECT_LE(tree.loads_, 4U);
  tree.loads_ = 0;
  ASSERT_TRUE(tree.tree_.Inclusion(12'346, 65'536 + 5'000));
  EXPECT_EQ(tree.loads_, 0U) << "the tiles are cached";
}

TEST(LogTreeTest, RefusesWhatLiesBeyondItsEnd) {
  TreeOverMap tree;
  tree.Grow(300);
  EXPECT_EQ(tree.tree_.RootAt(301).error().rule, "log.range");
  EXPECT_EQ(tree.tree_.Inclusion(300, 300).error().rule, "log.range");
  EXPECT_EQ(tree.tree_.Inclusion(0, 301).error().rule, "log.range");
  EXPECT_EQ(tree.tree_.Consistency(301, 301).error().rule, "log.range");
  EXPECT_EQ(tree.tree_.Consistency(200, 100).error().rule, "log.range");
  EXPECT_EQ(tree.tree_.Subtree(0, 300).error().rule, "log.range");
  EXPECT_EQ(tree.tree_.Subtree(9, 0).error().rule, "log.range");
  EXPECT_EQ(tree.tree_.Subtree(40, 0).error().rule, "log.range");
  EXPECT_TRUE(tree.tree_.Subtree(8, 0));
}

TEST(LogTreeTest, AMissingTileIsNamed) {
  TreeOverMap tree;
  tree.Grow(600);
  tree.tiles_.erase({0, 0});
  EXPECT_EQ(tree.tree_.Inclusion(5, 600).error().rule, "log.tree");
}

}  // namespace
}  // namespace schakel::test
