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

// Past 65,536 entries the lowest tiles are no longer read at open; whoever reads everything still finds them out.
TEST_F(TamperTest, ALongLogProvesItselfAndNamesAChangedTile) {
  constexpr std::uint64_t kLong = 65'536 + 600;
  fs::remove_all(directory());
  Frontier frontier;
  std::vector<Hash32> leaves;
  {
    auto log = OpenLog();
    for (std::uint64_t first = 1; first <= kLong; first += 1000) {
      LogBatch batch;
      std::vector<Bytes> entries;
      for (std::uint64_t i = first; i < first + 1000 && i <= kLong; ++i) entries.push_back(Text(std::to_string(i)));
      for (const Bytes& entry : entries) {
        batch.entries.push_back({ScopeOf(1), entry, Hash32{}, {}});
        leaves.push_back(LogLeafHash({}, entry));
        frontier.Append(leaves.back());
      }
      ASSERT_TRUE(log->Append(batch, Sequence(first - 1)));
      ASSERT_TRUE(log->Sync());
    }
  }
  auto log = OpenLog();
  EXPECT_FALSE(log->read_only());
  EXPECT_EQ(log->Head(), (TreeHead{kLong, frontier.Root()}));
  for (const std::uint64_t sequence : {1UL, 256UL, 257UL, 65'280UL, 65'536UL, 65'537UL, kLong}) {
    const auto proof = log->InclusionProof(Sequence(sequence), kLong);
    ASSERT_TRUE(proof);
    EXPECT_TRUE(VerifyInclusion(leaves[sequence - 1], sequence - 1, kLong, *proof, frontier.Root())) << sequence;
    const auto growth = log->ConsistencyProof(sequence, kLong);
    const auto root = log->RootAt(sequence);
    ASSERT_TRUE(growth && root);
    EXPECT_TRUE(VerifyConsistency(sequence, *root, kLong, frontier.Root(), *growth)) << sequence;
  }
  EXPECT_EQ(log->VerifyAll().value().entries, kLong);
  log.reset();

  fs::remove_all(folder_ / "good");
  CopyStoreTo(folder_ / "good");
  const std::string third_tile("\0\0\0\0\0\0\0\0\2", 9);
  Rows tiles = RowsOf(Family::kTiles);
  ASSERT_TRUE(tiles.contains(third_tile));
  std::string changed = tiles[third_tile];
  changed[100] ^= 1;
  ChangeRows(Family::kTiles, {{third_tile, changed}});
  EXPECT_EQ(WhatIsWrong(), "log.tree");
  log = OpenLog();
  EXPECT_FALSE(log->read_only());
  EXPECT_EQ(log->Recheck(Sequence(512), Sequence(768)).error().rule, "log.entry");
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
