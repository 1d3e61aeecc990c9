// Somebody who can write the database, checksums and all, but has no key: nothing that they change, move or take away
// passes for what was there.
#include <map>

#include "sealed_db.h"
#include "store_fixture.h"

namespace schakel::test {
namespace {

constexpr std::uint64_t kSize = 300;

class TamperTest : public StoreTest {
 protected:
  using Rows = std::map<std::string, std::string>;

  void SetUp() override {
    MakeLog(kSize, 30);
    CopyStoreTo(folder_ / "good");
  }
  std::unique_ptr<SealedDb> OpenDatabase() const {
    static constexpr Family kFamilies[] = {Family::kEntries, Family::kPayloads, Family::kRows,
                                           Family::kLists,   Family::kTiles,    Family::kDataKeys};
    SealedDbOptions options;
    options.path = directory() / "db";
    options.families = kFamilies;
    options.memtable_bytes = 1U << 20;
    options.block_cache_bytes = 1U << 20;
    auto db = SealedDb::Open(options);
    EXPECT_TRUE(db);
    return std::move(*db);
  }
  Rows RowsOf(Family family) {
    Rows rows;
    PutStoreBackFrom(folder_ / "good");
    const auto db = OpenDatabase();
    auto row = db->Iterate(family);
    for (row->SeekToFirst(); row->Valid(); row->Next()) rows[row->key().ToString()] = row->value().ToString();
    EXPECT_TRUE(row->status().ok());
    return rows;
  }
  // The good store but for some rows; an empty value takes the row away.
  void ChangeRows(Family family, const Rows& changed) {
    PutStoreBackFrom(folder_ / "good");
    const auto db = OpenDatabase();
    rocksdb::WriteBatch batch;
    for (const auto& [key, value] : changed) {
      if (value.empty()) {
        ASSERT_TRUE(batch.Delete(db->handle(family), key).ok());
      } else {
        ASSERT_TRUE(batch.Put(db->handle(family), key, value).ok());
      }
    }
    ASSERT_TRUE(db->Write(batch));
  }
  // The rule that names what is wrong; empty: nothing does.
  std::string WhatIsWrong() {
    auto log = OpenRocksLog(LogOptions());
    if (!log) return log.error().rule;
    if ((*log)->read_only()) return (*log)->read_only()->rule;
    const auto verified = (*log)->VerifyAll();
    return verified ? "" : verified.error().rule;
  }
};

TEST_F(TamperTest, ANakedChangeOfAnyByteIsNamed) {
  SeededRandom random(31);
  for (const Family family : {Family::kEntries, Family::kPayloads, Family::kRows, Family::kLists, Family::kTiles,
                              Family::kDataKeys, Family::kMarker}) {
    const Rows rows = RowsOf(family);
    ASSERT_FALSE(rows.empty());
    for (int i = 0; i < (Light() ? 6 : 40); ++i) {
      auto row = rows.begin();
      std::advance(row, static_cast<std::ptrdiff_t>(random.Below(rows.size())));
      Rows changed{*row};
      // The head of a value, where its layout stands, more often than the rest.
      const std::size_t offset = i < 20 ? std::min<std::size_t>(static_cast<std::size_t>(i), row->second.size() - 1)
                                        : random.Below(row->second.size());
      char& byte = changed.begin()->second[offset];
      byte = static_cast<char>(byte ^ (1 << random.Below(8)));
      SCOPED_TRACE("family " + std::to_string(static_cast<int>(family)) + " byte " + std::to_string(offset) + " of " +
                   std::to_string(row->second.size()));
      ChangeRows(family, changed);
      EXPECT_NE(WhatIsWrong(), "");
    }
  }
}

TEST_F(TamperTest, AValueUnderAnotherKeyIsNamed) {
  for (const Family family : {Family::kEntries, Family::kPayloads, Family::kRows, Family::kLists, Family::kDataKeys}) {
    SCOPED_TRACE(static_cast<int>(family));
    const Rows rows = RowsOf(family);
    ASSERT_GE(rows.size(), 2U);
    const auto first = rows.begin();
    const auto second = std::next(first);
    ChangeRows(family, {{first->first, second->second}, {second->first, first->second}});
    EXPECT_NE(WhatIsWrong(), "");
    ChangeRows(family, {{first->first, second->second}});
    EXPECT_NE(WhatIsWrong(), "");
  }
}

TEST_F(TamperTest, ARowTakenAwayIsNamed) {
  for (const Family family :
       {Family::kEntries, Family::kPayloads, Family::kTiles, Family::kDataKeys, Family::kMarker}) {
    for (const auto& [key, value] : RowsOf(family)) {
      SCOPED_TRACE(static_cast<int>(family));
      ChangeRows(family, {{key, ""}});
      EXPECT_NE(WhatIsWrong(), "");
    }
  }
}

TEST_F(TamperTest, ATruncatedValueIsNamed) {
  for (const Family family : {Family::kEntries, Family::kPayloads, Family::kRows, Family::kLists, Family::kTiles,
                              Family::kDataKeys, Family::kMarker}) {
    SCOPED_TRACE(static_cast<int>(family));
    const auto row = *RowsOf(family).begin();
    for (const std::size_t size : {std::size_t{1}, std::size_t{5}, row.second.size() / 2, row.second.size() - 1}) {
      ChangeRows(family, {{row.first, row.second.substr(0, size)}});
      EXPECT_NE(WhatIsWrong(), "");
    }
    ChangeRows(family, {{row.first, row.second + "x"}});
    EXPECT_NE(WhatIsWrong(), "");
  }
}

// A leaf hash lies open, and so does the tree: both can be rewritten to agree with each other, but not with the head.
TEST_F(TamperTest, RecheckComparesEntriesWithTheTree) {
  const Rows rows = RowsOf(Family::kTiles);
  Rows changed{*rows.begin()};
  changed.begin()->second[5 * 32] ^= 1;  // The leaf of entry 6.
  ChangeRows(Family::kTiles, changed);
  // Past the first tile's root the tree is rebuilt from what is there, so the head names it at once.
  auto log = OpenLog();
  ASSERT_TRUE(log->read_only());
  EXPECT_EQ(log->read_only()->rule, "log.root_mismatch");
  EXPECT_TRUE(log->Recheck(Sequence(0), Sequence(5)));
  EXPECT_EQ(log->Recheck(Sequence(0), Sequence(6)).error().rule, "log.entry");
  EXPECT_TRUE(log->Recheck(Sequence(6), Sequence(kSize)));
}

TEST_F(TamperTest, WhatLiesBeforeADamagedEntryIsVisited) {
  const Rows rows = RowsOf(Family::kEntries);
  auto second = std::next(rows.begin());
  Rows changed{*second};
  changed.begin()->second.back() ^= 1;  // The last entry of the second chunk.
  ChangeRows(Family::kEntries, changed);
  auto log = OpenLog();
  std::uint64_t seen = 0;
  const Status read = log->Read(Sequence(1), [&](const StoredEntry& entry) {
    seen = entry.sequence.value();
    return true;
  });
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, Code::kCorrupt);
  EXPECT_EQ(read.error().rule, "log.entry");
  EXPECT_EQ(read.error().field, "60");
  EXPECT_EQ(seen, 59U);
  EXPECT_EQ(log->Get(Sequence(60)).error().rule, "log.entry");
  EXPECT_TRUE(log->Get(Sequence(59)));
  EXPECT_TRUE(log->Payload(Sequence(59)));
}

}  // namespace
}  // namespace schakel::test
