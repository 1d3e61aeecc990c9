// Erasing scopes and changing the master key of a store that is open.
#include <algorithm>
#include <set>
#include <thread>

#include "disk_files.h"
#include "key_ring.h"
#include "key_rotation.h"
#include "store_fixture.h"

namespace schakel::test {
namespace {

constexpr std::uint64_t kEntries = 60;

class EraseTest : public StoreTest {
 protected:
  // Scope 2 has the entries 2, 7, 12 ..
  static bool IsGone(std::uint64_t sequence, std::uint8_t scope = 2) { return sequence % 5 == scope; }

  static void ExpectHoldsWithout(const Log& log, std::uint8_t scope, std::uint64_t size) {
    EXPECT_EQ(log.Head(), (TreeHead{size, FrontierOf(size).Root()})) << "the tree must stay whole";
    std::set<std::uint64_t> read;
    ASSERT_TRUE(log.Read(Sequence(1), [&](const StoredEntry& stored) {
      read.insert(stored.sequence.value());
      EXPECT_EQ(stored.entry, TestEntry(stored.sequence.value()).entry);
      return true;
    }));
    for (std::uint64_t i = 1; i <= size; ++i) {
      const auto entry = log.Get(Sequence(i));
      const auto payload = log.Payload(Sequence(i));
      EXPECT_EQ(read.contains(i), !IsGone(i, scope)) << i;
      if (IsGone(i, scope)) {
        EXPECT_EQ(entry.error().rule, "log.erased") << i;
        EXPECT_EQ(entry.error().code, Code::kNotFound) << i;
        if (!TestEntry(i).payload.empty()) {
          EXPECT_EQ(payload.error().rule, "log.erased") << i;
        }
      } else {
        ASSERT_TRUE(entry) << ToText(entry.error());
        EXPECT_EQ(entry->entry, TestEntry(i).entry);
        EXPECT_EQ(*payload, TestEntry(i).payload);
      }
    }
    EXPECT_TRUE(log.Recheck(Sequence(0), Sequence(size)));
    const auto verified = log.VerifyAll();
    ASSERT_TRUE(verified) << ToText(verified.error());
    EXPECT_EQ(verified->erased, size / 5);
    EXPECT_EQ(verified->entries, size - size / 5);
  }
  Result<KeyRing> Ring() const {
    const auto file = ReadWholeFile(directory() / "keys", 1U << 16, "test");
    if (!file) return std::unexpected(file.error());
    return KeyRing::Parse(*file, StoreKind::kLog, MasterKeyFile{key_path()}, "keys");
  }
  Result<std::unique_ptr<StoreFolder>> OpenFolder(StoreKind kind) const {
    static constexpr Family kFamilies[] = {Family::kEntries, Family::kPayloads, Family::kRows,
                                           Family::kLists,   Family::kTiles,    Family::kDataKeys};
    StoreFolderOptions options{.kind = kind,
                               .directory = directory(),
                               .master_key = MasterKeyFile{key_path()},
                               .identity = {},
                               .database = {}};
    options.database.families = kFamilies;
    options.database.memtable_bytes = 1U << 20;
    options.database.block_cache_bytes = 1U << 20;
    return OpenStoreFolder(options, SystemRandom());
  }
};

TEST_F(EraseTest, WhatWasErasedIsGoneAndTheRestHolds) {
  MakeLog(kEntries, 7);
  {
    auto log = OpenLog();
    const auto proof = log->InclusionProof(Sequence(7), kEntries);
    ASSERT_TRUE(log->Erase(std::array{ScopeOf(2)}));
    ExpectHoldsWithout(*log, 2, kEntries);
    EXPECT_EQ(*log->InclusionProof(Sequence(7), kEntries), *proof)
        << "an erased entry can still be proven by who has it";
  }
  ExpectHoldsWithout(*OpenLog(), 2, kEntries);
}

TEST_F(EraseTest, TheLogGoesOnButNeverInAnErasedScope) {
  MakeLog(10, 10);
  auto log = OpenLog();
  ASSERT_TRUE(log->Erase(std::array{ScopeOf(2)}));
  ASSERT_TRUE(AppendAndSync(*log, 11, 11));
  const auto refused = AppendEntries(*log, 12, 12);
  EXPECT_EQ(refused.error().rule, "store.erased");
  const TestEntry twelve(13);
  LogBatch batch;
  batch.entries.push_back(twelve.View());
  ASSERT_TRUE(log->Append(batch, Sequence(11)));
  ASSERT_TRUE(log->Sync());
  EXPECT_EQ(log->Get(Sequence(12))->entry, twelve.entry);
}

TEST_F(EraseTest, AScopeThatWasNeverUsedCannotBeUsedAfterEither) {
  auto log = OpenLog();
  ASSERT_TRUE(log->Erase(std::array{ScopeOf(1)}));
  EXPECT_EQ(AppendEntries(*log, 1, 1).error().rule, "store.erased");
}

TEST_F(EraseTest, TheOldKeysAreNowhereAndAnOlderCopyOfTheDatabaseDoesNotOpen) {
  MakeLog(kEntries, 7);
  const auto before = ReadWholeFile(directory() / "keys", 1U << 16, "test");
  CopyStoreTo(folder_ / "backup");
  ASSERT_TRUE(OpenLog()->Erase(std::array{ScopeOf(2)}));
  const auto after = Ring();
  ASSERT_TRUE(after) << ToText(after.error());
  EXPECT_EQ(after->generation_count(), 1U);
  EXPECT_EQ(after->GenerationKey(1).error().rule, "store.data_key");

  // A backup holds no key file; with the one of now, the data of then stays shut.
  const fs::path keys = folder_ / "keys";
  fs::copy_file(directory() / "keys", keys);
  PutStoreBackFrom(folder_ / "backup");
  fs::copy_file(keys, directory() / "keys", fs::copy_options::overwrite_existing);
  EXPECT_EQ(ErrorOfOpening(LogOptions()).code, Code::kCorrupt);
}

TEST_F(EraseTest, TheFileWithTheOldKeysIsOverwrittenWhereItLay) {
  MakeLog(10, 10);
  // A second name for the same bytes on the disk.
  fs::create_hard_link(directory() / "keys", folder_ / "old");
  const auto bytes = [&] { return *ReadWholeFile(folder_ / "old", 1U << 16, "test"); };
  ASSERT_NE(bytes(), Bytes(bytes().size()));
  WriteKey(folder_ / "next", 9);
  ASSERT_TRUE(OpenLog()->ChangeMasterKey(MasterKeyFile{folder_ / "next"}));
  EXPECT_EQ(bytes(), Bytes(bytes().size()));
}

TEST_F(EraseTest, WhatACrashLeftHalfDoneIsFinishedAtTheNextOpen) {
  MakeLog(kEntries, 7);
  {
    auto folder = OpenFolder(StoreKind::kLog);
    ASSERT_TRUE(folder) << ToText(folder.error());
    ASSERT_TRUE((*folder)->keys.Bury(std::array{ScopeOf(2)}));
    ASSERT_TRUE((*folder)->ring.AddGeneration());
    ASSERT_TRUE(ReplaceFile(directory() / "keys", (*folder)->ring.Encode(), "test"));
    EXPECT_EQ(Ring()->generation_count(), 2U);
  }
  ExpectHoldsWithout(*OpenLog(), 2, kEntries);
  EXPECT_EQ(Ring()->generation_count(), 1U);
  EXPECT_EQ(Ring()->current_generation(), 2U);
}

TEST_F(EraseTest, ErasingAgainIsFineAndEachTimeIsANewGeneration) {
  MakeLog(kEntries, 7);
  auto log = OpenLog();
  for (std::uint32_t time = 1; time <= 70; ++time) {
    ASSERT_TRUE(log->Erase(std::array{ScopeOf(2)}));
    ASSERT_EQ(Ring()->current_generation(), time + 1);
  }
  ExpectHoldsWithout(*log, 2, kEntries);
}

TEST_F(EraseTest, TheStoreAsAWholeCannotBeErased) {
  auto log = OpenLog();
  EXPECT_EQ(log->Erase(std::array{DataScope{}}).error().rule, "store.erase");
}

TEST_F(EraseTest, ATombstoneCannotBeMovedToAnotherScope) {
  MakeLog(kEntries, 7);
  auto folder = OpenFolder(StoreKind::kLog);
  ASSERT_TRUE(folder) << ToText(folder.error());
  ASSERT_TRUE((*folder)->keys.Bury(std::array{ScopeOf(2)}));
  // Every row that opens as a tombstone is laid over every other row: none of them may then read as erased.
  const auto sealed_rows = [&] {
    std::vector<std::pair<std::string, std::string>> rows;
    auto row = (*folder)->db->Iterate(Family::kDataKeys);
    for (row->SeekToFirst(); row->Valid(); row->Next()) {
      rows.emplace_back(row->key().ToString(), row->value().ToString());
    }
    return rows;
  }();
  const auto tombstone = std::ranges::min(sealed_rows, {}, [](const auto& row) { return row.second.size(); }).second;
  rocksdb::WriteBatch batch;
  for (const auto& [key, value] : sealed_rows) {
    if (value != tombstone) batch.Put((*folder)->db->handle(Family::kDataKeys), key, tombstone);
  }
  ASSERT_TRUE((*folder)->db->Write(batch));
  for (const std::uint8_t scope : std::initializer_list<std::uint8_t>{1, 3, 4}) {
    EXPECT_EQ((*folder)->keys.Find(ScopeOf(scope), kFirstDataKeyGeneration, "test").error().code, Code::kCorrupt);
  }
}

TEST_F(EraseTest, ReadersGoOnWhileScopesAreErased) {
  MakeLog(kEntries, 7);
  auto log = OpenLog();
  std::atomic<bool> done = false;
  std::thread reader([&] {
    while (!done) {
      for (std::uint64_t i = 1; i <= kEntries; ++i) {
        const auto entry = log->Get(Sequence(i));
        if (entry || (IsGone(i) && entry.error().rule == "log.erased")) continue;
        ADD_FAILURE() << i << " " << ToText(entry.error());
      }
      const auto verified = log->VerifyAll();
      EXPECT_TRUE(verified) << ToText(verified.error());
    }
  });
  for (int time = 0; time < 40; ++time) EXPECT_TRUE(log->Erase(std::array{ScopeOf(2)}));
  done = true;
  reader.join();
  ExpectHoldsWithout(*log, 2, kEntries);
}

TEST_F(EraseTest, AVaultForgetsTheRowsOfAnErasedScope) {
  const auto write = [](std::uint64_t number, std::uint8_t scope) {
    return std::vector<VaultWrite>{
        {.table = 1, .key = Text(std::to_string(number)), .value = Text("named"), .scope = ScopeOf(scope)},
        {.table = 200, .key = {}, .number = number, .value = Text("numbered"), .scope = ScopeOf(scope)}};
  };
  const auto expect = [](const VaultStore& vault) {
    EXPECT_EQ(*vault.Get(1, Text("1")), std::nullopt);
    EXPECT_EQ(*vault.Get(200, 1), std::nullopt);
    EXPECT_EQ(*vault.Get(1, Text("2")), Text("named"));
    std::vector<std::uint64_t> numbers;
    EXPECT_TRUE(vault.Scan(200, 0, [&](std::uint64_t number, ByteView) {
      numbers.push_back(number);
      return true;
    }));
    EXPECT_EQ(numbers, std::vector<std::uint64_t>{2});
    int named = 0;
    EXPECT_TRUE(vault.Scan(1, [&](ByteView, ByteView) { return ++named > 0; }));
    EXPECT_EQ(named, 1);
    EXPECT_EQ(*vault.VerifyAll(), 2U);
  };
  {
    auto vault = OpenVaultStore(VaultOptions());
    ASSERT_TRUE((*vault)->Commit(write(1, 1)));
    ASSERT_TRUE((*vault)->Commit(write(2, 2)));
    ASSERT_TRUE((*vault)->Erase(std::array{ScopeOf(1)}));
    expect(**vault);
    EXPECT_EQ((*vault)->Commit(write(3, 1)).error().rule, "store.erased");
  }
  auto vault = OpenVaultStore(VaultOptions());
  ASSERT_TRUE(vault) << ToText(vault.error());
  expect(**vault);
}

TEST_F(EraseTest, AnotherMasterKeyOpensTheStoreAndTheOldOneDoesNot) {
  MakeLog(kEntries, 7);
  const fs::path next = folder_ / "next";
  WriteKey(next, 9);
  RocksLogOptions options = LogOptions();
  {
    auto log = OpenLog();
    ASSERT_TRUE(log->ChangeMasterKey(MasterKeyFile{next}));
    ASSERT_TRUE(AppendAndSync(*log, kEntries + 1, kEntries + 1)) << "it goes on at once";
  }
  EXPECT_EQ(ErrorOfOpening(options).rule, "store.master_key");
  options.master_key = MasterKeyFile{next};
  {
    auto log = OpenLog(options);
    ASSERT_NE(log, nullptr);
    ExpectHolds(*log, kEntries + 1);
    ASSERT_TRUE(log->ChangeMasterKey(MasterPassphrase{"correct horse battery staple"})) << "to a passphrase";
    EXPECT_EQ(log->ChangeMasterKey(MasterPassphrase{"correct horse battery staple"}).error().rule, "master_key.same");
  }
  EXPECT_EQ(ErrorOfOpening(options).rule, "store.master_key");
  options.master_key = MasterPassphrase{"correct horse battery staple"};
  auto log = OpenLog(options);
  ASSERT_NE(log, nullptr);
  ExpectHolds(*log, kEntries + 1);
}

TEST_F(EraseTest, AMasterKeyThatCannotBeReadChangesNothing) {
  MakeLog(kEntries, 7);
  {
    auto log = OpenLog();
    EXPECT_EQ(log->ChangeMasterKey(MasterKeyFile{folder_ / "nowhere"}).error().rule, "master_key.file");
    EXPECT_EQ(log->ChangeMasterKey(MasterKeyFile{key_path()}).error().rule, "master_key.same");
    ASSERT_TRUE(AppendAndSync(*log, kEntries + 1, kEntries + 1));
  }
  ExpectHolds(*OpenLog(), kEntries + 1);
}

}  // namespace
}  // namespace schakel::test
