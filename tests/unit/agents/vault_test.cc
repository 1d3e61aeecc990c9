// Rows that services keep in sets.
#include "agents/vault.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/memory_vault.h"

namespace schakel {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr std::uint8_t kTableBefore = 16;  // Where earlier versions kept the rows of all sets.

class KeptTest : public ::testing::Test {
 protected:
  const std::shared_ptr<testing::MemoryDisk> disk = std::make_shared<testing::MemoryDisk>();
  testing::MemoryVaultStore store{disk};
  Vault vault{store};

  void Keep(const std::string& set, const std::string& key, std::optional<Bytes> value) {
    VaultBatch batch;
    batch.Keep({set, key, std::move(value)});
    ASSERT_TRUE(vault.Commit(batch));
  }
  void KeepAsBefore(const std::string& set, int rows) {
    std::vector<VaultWrite> writes;
    for (int i = 0; i < rows; ++i) {
      const std::string key = set + '\0' + std::to_string(i);
      writes.push_back({.table = kTableBefore, .key = ToBytes(AsBytes(key)), .value = Bytes{1}, .scope = {}});
    }
    ASSERT_TRUE(store.Commit(writes));
  }
  // Of tables by name, for that set alone.
  std::uint64_t RowsReadFor(const std::string& set) {
    const std::uint64_t before = disk->rows_scanned;
    EXPECT_TRUE(vault.Kept(set));
    return disk->rows_scanned - before;
  }
};

TEST_F(KeptTest, ASetIsReadWithoutTheRowsOfOthers) {
  for (int i = 0; i < 2000; ++i) Keep("messages", std::to_string(i), Bytes{1});
  for (int i = 0; i < 3; ++i) Keep("names", std::to_string(i), Bytes{2});
  EXPECT_THAT(vault.Kept("names").value(), SizeIs(3));
  EXPECT_EQ(RowsReadFor("names"), 3U);
  EXPECT_EQ(RowsReadFor("nothing"), 0U);
  EXPECT_EQ(RowsReadFor("messages"), 2000U);
}

TEST_F(KeptTest, SetsWhoseNamesBeginAlikeAreApart) {
  Keep("a", "b", Bytes{1});
  Keep("ab", "", Bytes{2});
  Keep("a", "c", Bytes{3});
  using Rows = std::map<std::string, Bytes>;
  EXPECT_EQ(vault.Kept("a").value(), (Rows{{"b", Bytes{1}}, {"c", Bytes{3}}}));
  EXPECT_EQ(vault.Kept("ab").value(), (Rows{{"", Bytes{2}}}));
  Keep("a", "b", std::nullopt);
  EXPECT_EQ(vault.Kept("a").value(), (Rows{{"c", Bytes{3}}}));
}

TEST_F(KeptTest, RowsOfEarlierVersionsAreSortedOnce) {
  KeepAsBefore("follows", 3);
  KeepAsBefore("people.accounts", 2);
  EXPECT_THAT(vault.Kept("follows").value(), IsEmpty());
  ASSERT_TRUE(vault.SortKept());
  EXPECT_THAT(vault.Kept("follows").value(), SizeIs(3));
  EXPECT_THAT(vault.Kept("people.accounts").value(), SizeIs(2));
  EXPECT_EQ(RowsReadFor("follows"), 3U);
  // What goes after that stays away.
  Keep("follows", "1", std::nullopt);
  const std::uint64_t commits = disk->commits;
  ASSERT_TRUE(vault.SortKept());
  EXPECT_EQ(disk->commits, commits);
  EXPECT_THAT(vault.Kept("follows").value(), SizeIs(2));
}

TEST_F(KeptTest, SortingGoesOnWhereACrashCutItOff) {
  KeepAsBefore("messages", 1200);
  disk->commits_max = disk->commits + 1;
  EXPECT_EQ(vault.SortKept().error().rule, "vault.disk");
  const std::size_t moved = vault.Kept("messages").value().size();
  EXPECT_GT(moved, 0U);
  EXPECT_LT(moved, 1200U);
  disk->Mend();
  testing::MemoryVaultStore reopened(disk);
  Vault after(reopened);
  ASSERT_TRUE(after.SortKept());
  EXPECT_THAT(after.Kept("messages").value(), SizeIs(1200));
}

TEST_F(KeptTest, ARowOfNoSetIsRefused) {
  ASSERT_TRUE(store.Commit({{.table = kTableBefore, .key = Bytes{'x'}, .value = Bytes{1}, .scope = {}}}));
  EXPECT_EQ(vault.SortKept().error().rule, "vault.row");
}

}  // namespace
}  // namespace schakel
