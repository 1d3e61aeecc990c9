// Whatever happens to the files of a closed store, opening it either names the damage or gives back all that was there.
#include <algorithm>
#include <map>

#include "store_fixture.h"

namespace schakel::test {
namespace {

std::vector<fs::path> FilesIn(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& item : fs::recursive_directory_iterator(folder)) {
    if (item.is_regular_file()) files.push_back(fs::relative(item.path(), folder));
  }
  std::ranges::sort(files);
  return files;
}

void FlipBit(const fs::path& path, std::uint64_t offset, int bit) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekg(static_cast<std::streamoff>(offset));
  char byte = 0;
  file.get(byte);
  byte = static_cast<char>(byte ^ (1 << bit));
  file.seekp(static_cast<std::streamoff>(offset));
  file.put(byte);
  ASSERT_TRUE(file.good());
}

// What can be found out about a log without knowing what was in it, and then whether that is all there was.
struct Outcome {
  std::string named;  // The rule that named the damage; empty: none did.
  bool whole = false;
};

bool IsNameable(const Error& error) {
  return error.code == Code::kCorrupt || error.code == Code::kTampered || error.code == Code::kWrongKey ||
         error.code == Code::kVersion || error.code == Code::kInvalid || error.rule == "store.directory";
}

class DamageTest : public StoreTest {
 protected:
  // Opens what lies in the folder and compares it with a log of `size` test entries.
  Outcome Inspect(std::uint64_t size) {
    auto opened = OpenRocksLog(LogOptions());
    if (!opened) {
      EXPECT_TRUE(IsNameable(opened.error())) << ToText(opened.error());
      return {opened.error().rule, false};
    }
    const Log& log = **opened;
    if (log.read_only()) return {log.read_only()->rule, IsWhole(log, size)};
    if (auto verified = log.VerifyAll(); !verified) return {verified.error().rule, false};
    if (auto snapshot = log.LoadSnapshot(); !snapshot) return {snapshot.error().rule, IsWhole(log, size)};
    return {"", IsWhole(log, size)};
  }

  static bool IsWhole(const Log& log, std::uint64_t size) {
    if (log.Last() != Sequence(size) || log.Head().root != FrontierOf(size).Root()) return false;
    std::uint64_t seen = 0;
    const auto same = [&](const StoredEntry& entry) {
      const TestEntry want(++seen);
      return entry.entry == want.entry && entry.salt == want.salt && entry.scope == want.scope;
    };
    if (!log.Read(Sequence(1), same) || seen != size) return false;
    for (std::uint64_t i = 1; i <= size; ++i) {
      const auto row = log.FindRow(1, Text("key " + std::to_string(i)));
      const auto item = log.FindListRow(2, Text("list " + std::to_string(i % 3)), i);
      const auto payload = log.Payload(Sequence(i));
      if (!row || *row != Text("row " + std::to_string(i)) || !payload || *payload != TestEntry(i).payload)
        return false;
      if (!item || !*item || (*item)->second != Text("item " + std::to_string(i))) return false;
    }
    return true;
  }

  // Tables and WAL, several of each, and a snapshot.
  void MakeMixedLog() {
    for (std::uint64_t first = 1; first <= kMixedSize; first += 100) {
      auto log = OpenLog();
      for (std::uint64_t i = first; i < first + 100; i += 20) ASSERT_TRUE(AppendAndSync(*log, i, i + 19));
      ASSERT_TRUE(log->SaveSnapshot(log->Last(), Text("snapshot")));
    }
    CopyStoreTo(folder_ / "good");
  }
  static constexpr std::uint64_t kMixedSize = 300;

  void Restore() { PutStoreBackFrom(folder_ / "good"); }

  // Of a head file after an even number of writes.
  static constexpr std::uint64_t kSlotBytes = 105;
  static constexpr std::uint64_t kOlderSlot = 0;
  static constexpr std::uint64_t kNewestSlot = 4096;

  static std::optional<Bytes> ReadWhole(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) return std::nullopt;
    return Bytes(std::istreambuf_iterator<char>(file), {});
  }
  static void WriteWhole(const fs::path& path, const Bytes& bytes) {
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    ASSERT_TRUE(file.good());
  }

  fs::path LastWal() const {
    fs::path last;
    for (const auto& item : fs::directory_iterator(directory() / "db")) {
      if (item.path().extension() == ".log" && item.path() > last && fs::file_size(item.path()) > 0) last = item.path();
    }
    return last;
  }
};

TEST_F(DamageTest, AFlippedBitAnywhereIsNamedOrHarmless) {
  MakeMixedLog();
  SeededRandom random(11);
  int flips = 0;
  int named = 0;
  for (const fs::path& file : FilesIn(folder_ / "good")) {
    const std::uint64_t size = fs::file_size(folder_ / "good" / file);
    if (size == 0) continue;
    // Both ends of each file closely, the rest at random; the options file is text that nothing reads back.
    const bool text = file.filename().string().starts_with("OPTIONS");
    std::vector<std::uint64_t> offsets;
    const std::uint64_t ends = std::min<std::uint64_t>(size, text ? 1 : Light() ? 3 : 15);
    for (std::uint64_t i = 0; i < ends; ++i) offsets.push_back(i);
    for (std::uint64_t i = 0; i < ends; ++i) offsets.push_back(size - 1 - i);
    for (std::uint64_t i = 0; i < ends; ++i) offsets.push_back(random.Below(size));
    for (const std::uint64_t offset : offsets) {
      SCOPED_TRACE(file.string() + " byte " + std::to_string(offset) + " of " + std::to_string(size));
      Restore();
      FlipBit(directory() / file, offset, static_cast<int>(random.Below(8)));
      const Outcome outcome = Inspect(kMixedSize);
      EXPECT_TRUE(!outcome.named.empty() || outcome.whole);
      ++flips;
      named += outcome.named.empty() ? 0 : 1;
    }
  }
  EXPECT_GE(flips, Light() ? 80 : 500);
  EXPECT_GE(named, flips / 2);
}

TEST_F(DamageTest, AMissingFileIsNamedOrHarmless) {
  MakeMixedLog();
  const std::map<std::string, std::string> rules{{"keys", "store.keys"},
                                                 {"head", "log.head_missing"},
                                                 {"db/CURRENT", "store.database"},
                                                 {"lock", ""},
                                                 {"snapshot", ""}};
  for (const fs::path& file : FilesIn(folder_ / "good")) {
    SCOPED_TRACE(file);
    Restore();
    fs::remove(directory() / file);
    const Outcome outcome = Inspect(kMixedSize);
    EXPECT_TRUE(!outcome.named.empty() || outcome.whole);
    if (auto expected = rules.find(file.string()); expected != rules.end()) {
      EXPECT_EQ(outcome.named, expected->second);
    }
  }
  Restore();
  fs::remove_all(directory() / "db");
  EXPECT_EQ(Inspect(kMixedSize).named, "store.database");
}

TEST_F(DamageTest, AnEmptiedFileIsNamedOrHarmless) {
  MakeMixedLog();
  for (const fs::path& file : FilesIn(folder_ / "good")) {
    SCOPED_TRACE(file);
    Restore();
    fs::resize_file(directory() / file, 0);
    const Outcome outcome = Inspect(kMixedSize);
    EXPECT_TRUE(!outcome.named.empty() || outcome.whole);
  }
}

TEST_F(DamageTest, AFileOfAnotherStoreIsNamedOrHarmless) {
  MakeMixedLog();
  fs::rename(folder_ / "good", folder_ / "first");
  fs::remove_all(directory());
  MakeMixedLog();  // Another store of the same entries under the same master key; now the "good" one.
  for (const char* part : {"keys", "head", "db"}) {
    SCOPED_TRACE(part);
    Restore();
    fs::remove_all(directory() / part);
    fs::copy(folder_ / "first" / part, directory() / part, fs::copy_options::recursive);
    const Outcome outcome = Inspect(kMixedSize);
    EXPECT_EQ(outcome.named, "store.swapped");
  }
  for (const fs::path& file : FilesIn(folder_ / "good")) {
    if (!fs::exists(folder_ / "first" / file)) continue;
    SCOPED_TRACE(file);
    Restore();
    fs::copy_file(folder_ / "first" / file, directory() / file, fs::copy_options::overwrite_existing);
    const Outcome outcome = Inspect(kMixedSize);
    EXPECT_TRUE(!outcome.named.empty() || outcome.whole);
  }
}

TEST_F(DamageTest, AWrongMasterKeyOpensNothing) {
  MakeLog(5, 5);
  WriteKey(folder_ / "other", 9);
  RocksLogOptions options = LogOptions();
  options.master_key = MasterKeyFile{folder_ / "other"};
  EXPECT_EQ(ErrorOfOpening(options).code, Code::kWrongKey);
  options.master_key = MasterPassphrase{"guess"};
  EXPECT_EQ(ErrorOfOpening(options).code, Code::kWrongKey);
  ExpectHolds(*OpenLog(), 5);
}

class WalTest : public DamageTest {
 protected:
  // Two groups; the store before the second is kept as "before", with both as "good".
  void MakeTwoGroups() {
    auto log = OpenLog();
    ASSERT_TRUE(AppendAndSync(*log, 1, 4));
    first_group_end_ = fs::file_size(LastWal());
    fs::copy_file(directory() / "head", folder_ / "older-head");
    ASSERT_TRUE(AppendAndSync(*log, 5, 5));
    log.reset();
    CopyStoreTo(folder_ / "good");
    second_group_end_ = fs::file_size(LastWal());
    ASSERT_GT(second_group_end_, first_group_end_);
  }
  void CutTo(std::uint64_t size) {
    Restore();
    fs::resize_file(LastWal(), size);
  }
  void PutOlderHeadBack() {
    fs::copy_file(folder_ / "older-head", directory() / "head", fs::copy_options::overwrite_existing);
  }

  std::uint64_t first_group_end_ = 0;
  std::uint64_t second_group_end_ = 0;
};

TEST_F(WalTest, CutAnywhereInTheLastGroupIsNamed) {
  MakeTwoGroups();
  for (std::uint64_t size = first_group_end_; size < second_group_end_; size += Light() ? 37 : 1) {
    CutTo(size);
    auto log = OpenLog();
    ASSERT_NE(log, nullptr) << size;
    ASSERT_TRUE(log->read_only()) << size;
    EXPECT_EQ(log->read_only()->rule, "log.shorter_than_head");
    EXPECT_EQ(log->Last(), Sequence(4)) << size;
    EXPECT_EQ(AppendEntries(*log, 5, 5).error().rule, "log.read_only");
  }
  CutTo(second_group_end_);
  auto log = OpenLog();
  EXPECT_FALSE(log->read_only());
  ExpectHolds(*log, 5);
}

// After a power cut the head may be the one before: then the group was not acknowledged, and its torn piece goes.
TEST_F(WalTest, CutAnywhereInAGroupThatWasNeverAcknowledgedIsMended) {
  MakeTwoGroups();
  for (std::uint64_t size = first_group_end_; size < second_group_end_; size += Light() ? 53 : 2) {
    CutTo(size);
    PutOlderHeadBack();
    auto log = OpenLog();
    ASSERT_NE(log, nullptr) << size;
    ASSERT_FALSE(log->read_only()) << size;
    ASSERT_EQ(log->Last(), Sequence(4)) << size;
    ASSERT_TRUE(AppendAndSync(*log, 5, 7)) << size;
    EXPECT_TRUE(IsWhole(*log, 7)) << size;
  }
}

TEST_F(WalTest, AWholeGroupThatWasNeverAcknowledgedMayStay) {
  MakeTwoGroups();
  Restore();
  PutOlderHeadBack();
  auto log = OpenLog();
  EXPECT_FALSE(log->read_only());
  ExpectHolds(*log, 5);
}

TEST_F(WalTest, ALostGroupOfRowsAloneIsNamed) {
  auto log = OpenLog();
  ASSERT_TRUE(AppendAndSync(*log, 1, 4));
  const std::uint64_t end = fs::file_size(LastWal());
  LogBatch batch;
  batch.rows.push_back({1, Text("k"), Text("v")});
  ASSERT_TRUE(log->Append(batch, Sequence(4)));
  ASSERT_TRUE(log->Sync());
  log.reset();
  fs::resize_file(LastWal(), end);
  log = OpenLog();
  ASSERT_TRUE(log->read_only());
  EXPECT_EQ(log->read_only()->rule, "log.shorter_than_head");
}

// After a power cut the head may be an old one; what is damaged in the middle must not end the log there in silence.
TEST_F(WalTest, AFlippedBitInTheMiddleIsRefusedUnderAnOlderHeadToo) {
  auto log = OpenLog();
  ASSERT_TRUE(AppendAndSync(*log, 1, 4));
  fs::copy_file(directory() / "head", folder_ / "older-head");
  const std::uint64_t begin = fs::file_size(LastWal());
  ASSERT_TRUE(AppendAndSync(*log, 5, 5));
  const std::uint64_t end = fs::file_size(LastWal());
  ASSERT_TRUE(AppendAndSync(*log, 6, 9));
  log.reset();
  CopyStoreTo(folder_ / "good");
  for (std::uint64_t offset = begin; offset < end; offset += Light() ? 97 : 13) {
    Restore();
    PutOlderHeadBack();
    FlipBit(LastWal(), offset, 4);
    const Outcome outcome = Inspect(9);
    EXPECT_TRUE(!outcome.named.empty() || outcome.whole) << offset;
  }
}

// Wherever the last group is cut, and whichever byte of the newest slot is damaged with it.
TEST_F(WalTest, ADamagedHeadSlotHidesNoLostGroup) {
  auto log = OpenLog();
  ASSERT_TRUE(AppendAndSync(*log, 1, 4));
  const std::uint64_t end = fs::file_size(LastWal());
  ASSERT_TRUE(AppendAndSync(*log, 5, 5));
  log.reset();
  CopyStoreTo(folder_ / "good");
  const std::uint64_t whole = fs::file_size(LastWal());
  for (std::uint64_t i = 0; i < kSlotBytes; i += Light() ? 13 : 1) {
    SCOPED_TRACE(i);
    CutTo(i % 2 == 0 ? end : whole - 1);
    FlipBit(directory() / "head", kNewestSlot + i, 3);
    for (int opened = 0; opened < 2; ++opened) {  // Opening it changes nothing about that.
      log = OpenLog();
      ASSERT_NE(log, nullptr);
      ASSERT_TRUE(log->read_only());
      EXPECT_EQ(log->read_only()->rule, "log.head_file");
      log.reset();
    }
  }
}

TEST_F(WalTest, ATornHeadSlotForgetsOneGroupAtMost) {
  auto log = OpenLog();
  ASSERT_TRUE(AppendAndSync(*log, 1, 4));
  const std::uint64_t end = fs::file_size(LastWal());
  ASSERT_TRUE(AppendAndSync(*log, 5, 5));
  ASSERT_TRUE(AppendAndSync(*log, 6, 6));
  log.reset();
  CopyStoreTo(folder_ / "good");
  for (const std::uint64_t slot : {0, 4096}) {
    CutTo(end);  // Two groups are gone; each slot by itself has seen one of them.
    FlipBit(directory() / "head", slot + 50, 1);
    log = OpenLog();
    ASSERT_TRUE(log->read_only()) << slot;
    EXPECT_EQ(log->read_only()->rule, "log.shorter_than_head");
    log.reset();
  }
}

TEST_F(WalTest, ALogThatLostItsTailGoesOnOnlyWhenAccepted) {
  MakeTwoGroups();
  CutTo(first_group_end_);
  const TreeHead head = OpenLog()->Head();
  EXPECT_EQ(head.size, 4U);
  ASSERT_TRUE(AcceptLogHead(LogOptions(), head));
  auto log = OpenLog();
  EXPECT_FALSE(log->read_only());
  ASSERT_TRUE(AppendAndSync(*log, 5, 7));
  ExpectHolds(*log, 7);
}

TEST_F(DamageTest, AnOlderFolderUnderANewerHeadIsNamed) {
  MakeLog(40, 10);
  CopyStoreTo(folder_ / "good");
  {
    auto log = OpenLog();
    ASSERT_TRUE(AppendAndSync(*log, 41, 50));
  }
  fs::copy_file(directory() / "head", folder_ / "newer-head");
  Restore();
  fs::copy_file(folder_ / "newer-head", directory() / "head", fs::copy_options::overwrite_existing);
  auto log = OpenLog();
  ASSERT_TRUE(log->read_only());
  EXPECT_EQ(log->read_only()->rule, "log.shorter_than_head");
  ExpectHolds(*log, 40);
}

TEST_F(DamageTest, AnotherHistoryUnderTheHeadIsNamed) {
  MakeLog(40, 10);
  CopyStoreTo(folder_ / "good");
  {
    auto log = OpenLog();
    ASSERT_TRUE(AppendAndSync(*log, 41, 50));
  }
  fs::copy_file(directory() / "head", folder_ / "newer-head");
  Restore();
  {
    auto log = OpenLog();
    const TestEntry other(7);
    LogBatch batch;
    for (int i = 0; i < 30; ++i) batch.entries.push_back(other.View());
    for (std::uint64_t i = 0; i < 30; ++i) batch.rows.push_back({1, Text(std::to_string(i)), Text("v")});
    ASSERT_TRUE(log->Append(batch, Sequence(40)));
    ASSERT_TRUE(log->Sync());
  }
  fs::copy_file(folder_ / "newer-head", directory() / "head", fs::copy_options::overwrite_existing);
  auto log = OpenLog();
  ASSERT_TRUE(log->read_only());
  EXPECT_EQ(log->read_only()->rule, "log.root_mismatch");
}

// The one thing that the store cannot see by itself: a whole folder put back. A head known outside shows it.
TEST_F(DamageTest, AWholeFolderPutBackShowsAgainstAnOutsideHead) {
  MakeLog(40, 10);
  CopyStoreTo(folder_ / "good");
  TreeHead outside;
  {
    auto log = OpenLog();
    ASSERT_TRUE(AppendAndSync(*log, 41, 50));
    outside = log->Head();
  }
  Restore();
  auto log = OpenLog();
  EXPECT_FALSE(log->read_only());
  EXPECT_LT(log->Head().size, outside.size);
  EXPECT_EQ(log->RootAt(outside.size).error().rule, "log.range");
  EXPECT_EQ(log->ConsistencyProof(outside.size, outside.size).error().rule, "log.range");

  // And if it has grown again meanwhile, it has another root there.
  const TestEntry other(7);
  LogBatch batch;
  for (int i = 0; i < 30; ++i) batch.entries.push_back(other.View());
  ASSERT_TRUE(log->Append(batch, Sequence(40)));
  ASSERT_TRUE(log->Sync());
  EXPECT_NE(log->RootAt(outside.size).value(), outside.root);
  const auto proof = log->ConsistencyProof(outside.size, log->Head().size);
  ASSERT_TRUE(proof);
  EXPECT_FALSE(VerifyConsistency(outside.size, outside.root, log->Head().size, log->Head().root, *proof));
}

// The newest slot: the log goes beyond the other one, so nothing is lost and that is said. The older one: the log ends
// where the other does, which it would too if the damaged slot had been the newer and its group gone.
TEST_F(DamageTest, EachByteOfEachHeadSlotIsNamed) {
  MakeLog(10, 1);
  CopyStoreTo(folder_ / "good");
  for (std::uint64_t i = 0; i < kSlotBytes; i += Light() ? 13 : 1) {
    SCOPED_TRACE(i);
    Restore();
    FlipBit(directory() / "head", kNewestSlot + i, 3);
    {
      auto log = OpenLog();
      ASSERT_NE(log, nullptr);
      EXPECT_FALSE(log->read_only());
      ASSERT_TRUE(log->broken_slot());
      EXPECT_EQ(log->broken_slot()->rule, "log.head_slot");
      EXPECT_TRUE(IsWhole(*log, 10));
    }
    Restore();
    FlipBit(directory() / "head", kOlderSlot + i, 3);
    EXPECT_EQ(Inspect(10).named, "log.head_file");
  }
  Restore();
  FlipBit(directory() / "head", 30, 1);
  FlipBit(directory() / "head", 4096 + 30, 1);
  EXPECT_EQ(Inspect(10).named, "log.head_file");
}

// Written is a slot after its group was synced; what a power cut leaves of it begins anew and ends as before.
TEST_F(DamageTest, AHeadSlotTornAnywhereIsMendedByTheNextWrite) {
  MakeLog(8, 1);
  const Bytes before = *ReadWhole(directory() / "head");
  {
    auto log = OpenLog();
    ASSERT_TRUE(AppendAndSync(*log, 9, 9));
    ASSERT_TRUE(AppendAndSync(*log, 10, 10));
  }
  CopyStoreTo(folder_ / "good");
  const Bytes after = *ReadWhole(directory() / "head");
  for (std::uint64_t cut = 0; cut < kSlotBytes; cut += Light() ? 17 : 3) {
    SCOPED_TRACE(cut);
    Restore();
    Bytes torn = after;
    std::copy(before.begin() + static_cast<std::ptrdiff_t>(kNewestSlot + cut),
              before.begin() + static_cast<std::ptrdiff_t>(kNewestSlot + kSlotBytes),
              torn.begin() + static_cast<std::ptrdiff_t>(kNewestSlot + cut));
    WriteWhole(directory() / "head", torn);
    {
      auto log = OpenLog();
      ASSERT_NE(log, nullptr);
      ASSERT_FALSE(log->read_only());
      ASSERT_TRUE(AppendAndSync(*log, 11, 11));
    }
    auto log = OpenLog();
    EXPECT_FALSE(log->broken_slot());
    EXPECT_FALSE(log->read_only());
    EXPECT_TRUE(IsWhole(*log, 11));
  }
}

TEST_F(DamageTest, ASnapshotCutShortIsNamed) {
  MakeLog(5, 5);
  Bytes big((2U << 20) + 1000);
  SeededRandom(2).Fill(big);
  ASSERT_TRUE(OpenLog()->SaveSnapshot(Sequence(5), big));
  CopyStoreTo(folder_ / "good");
  constexpr std::uint64_t kHead = 9;
  constexpr std::uint64_t kPart = 4 + (1U << 20) + kNonceBytes + kTagBytes;
  const std::uint64_t whole = fs::file_size(directory() / "snapshot");
  ASSERT_EQ(whole, kHead + 2 * kPart + 4 + 1000 + kNonceBytes + kTagBytes);
  for (const std::uint64_t size :
       {std::uint64_t{0}, std::uint64_t{5}, kHead, kHead + kPart, kHead + 2 * kPart, whole - 1}) {
    Restore();
    fs::resize_file(directory() / "snapshot", size);
    EXPECT_EQ(Inspect(5).named, "log.snapshot") << size;
  }
}

TEST_F(DamageTest, AnUnreadableQuarantineStillHolds) {
  MakeLog(5, 5);
  OpenLog()->Quarantine({Code::kTampered, "why", "", ""});
  FlipBit(directory() / "quarantine", 40, 3);
  auto log = OpenLog();
  ASSERT_TRUE(log->read_only());
  EXPECT_EQ(log->read_only()->rule, "log.quarantined");
}

TEST_F(DamageTest, AnUnfinishedStoreIsMadeFurther) {
  {
    ASSERT_NE(OpenLog(), nullptr);
  }
  CopyStoreTo(folder_ / "good");
  struct Case {
    const char* name;
    std::vector<fs::path> missing;
  };
  Case half_made{"a database half made", {"head", "db/CURRENT"}};
  for (const auto& item : fs::directory_iterator(directory() / "db")) {
    if (item.path().extension() == ".log") half_made.missing.push_back("db" / item.path().filename());
  }
  const Case cases[] = {
      {"all but the last step", {}}, {"no head yet", {"head"}}, {"no database yet", {"head", "db"}}, half_made};
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    Restore();
    fs::rename(directory() / "keys", directory() / "keys.new");
    for (const fs::path& name : c.missing) fs::remove_all(directory() / name);
    auto log = OpenLog();
    ASSERT_NE(log, nullptr);
    ASSERT_TRUE(AppendAndSync(*log, 1, 3));
    log.reset();
    EXPECT_EQ(Inspect(3).named, "");
    EXPECT_FALSE(fs::exists(directory() / "keys.new"));
  }
}

TEST_F(DamageTest, AFlippedBitOfAVaultIsNamedOrHarmless) {
  const auto write = [](std::uint64_t i) {
    VaultWrite by_name{.table = 1, .key = Text("k" + std::to_string(i)), .value = Bytes(50, 1), .scope = ScopeOf(1)};
    VaultWrite by_number{.table = 128, .key = {}, .number = i, .value = Bytes(50, 2), .scope = ScopeOf(2)};
    return std::vector{by_name, by_number};
  };
  for (std::uint64_t round = 0; round < 2; ++round) {
    auto vault = OpenVaultStore(VaultOptions());
    ASSERT_TRUE(vault);
    for (std::uint64_t i = 0; i < 20; ++i) ASSERT_TRUE((*vault)->Commit(write(round * 20 + i)));
  }
  CopyStoreTo(folder_ / "good");
  SeededRandom random(12);
  for (const fs::path& file : FilesIn(folder_ / "good")) {
    const std::uint64_t size = fs::file_size(folder_ / "good" / file);
    for (int i = 0; i < (Light() ? 3 : 15) && size > 0; ++i) {
      const std::uint64_t offset =
          i < 5 ? size - 1 - std::min(size - 1, static_cast<std::uint64_t>(i) * 7) : random.Below(size);
      SCOPED_TRACE(file.string() + " byte " + std::to_string(offset));
      Restore();
      FlipBit(directory() / file, offset, static_cast<int>(random.Below(8)));
      auto vault = OpenVaultStore(VaultOptions());
      if (!vault) {
        EXPECT_TRUE(IsNameable(vault.error())) << ToText(vault.error());
        continue;
      }
      const auto verified = (*vault)->VerifyAll();
      if (!verified) {
        EXPECT_EQ(verified.error().code, Code::kCorrupt);
      } else {
        EXPECT_EQ(*verified, 80U);
      }
    }
  }
}

TEST_F(DamageTest, AVaultThatLostItsTailIsRefusedUntilAccepted) {
  VaultWrite write{.table = 1, .key = Text("a"), .value = Text("one"), .scope = ScopeOf(1)};
  auto vault = OpenVaultStore(VaultOptions());
  ASSERT_TRUE(vault);
  ASSERT_TRUE((*vault)->Commit({write}));
  const std::uint64_t end = fs::file_size(LastWal());
  write.value = Text("two");
  ASSERT_TRUE((*vault)->Commit({write}));
  vault->reset();
  fs::resize_file(LastWal(), end);
  const Error error = OpenVaultStore(VaultOptions()).error();
  EXPECT_EQ(error.code, Code::kTampered);
  EXPECT_EQ(error.rule, "vault.shorter_than_head");
  ASSERT_TRUE(AcceptVault(VaultOptions()));
  vault = OpenVaultStore(VaultOptions());
  ASSERT_TRUE(vault);
  EXPECT_EQ((*vault)->Get(1, Text("a")).value(), Text("one"));
}

// A commit under a fresh key is two batches: the broken slot may not hide that the second is gone.
TEST_F(DamageTest, ADamagedHeadSlotOfAVaultHidesNoLostCommit) {
  VaultWrite write{.table = 1, .key = Text("a"), .value = Text("one"), .scope = ScopeOf(1)};
  auto vault = OpenVaultStore(VaultOptions());
  ASSERT_TRUE(vault);
  ASSERT_TRUE((*vault)->Commit({write}));
  write = {.table = 1, .key = Text("b"), .value = Text("two"), .scope = ScopeOf(2)};
  ASSERT_TRUE((*vault)->Commit({write}));
  vault->reset();
  CopyStoreTo(folder_ / "good");
  const std::uint64_t whole = fs::file_size(LastWal());
  for (std::uint64_t i = 0; i < kSlotBytes; i += Light() ? 13 : 1) {
    SCOPED_TRACE(i);
    Restore();
    FlipBit(directory() / "head", kNewestSlot + i, 3);
    vault = OpenVaultStore(VaultOptions());
    ASSERT_TRUE(vault);
    ASSERT_TRUE((*vault)->broken_slot());
    EXPECT_EQ((*vault)->broken_slot()->rule, "vault.head_slot");
    vault->reset();
    Restore();
    FlipBit(directory() / "head", kOlderSlot + i, 3);
    EXPECT_EQ(OpenVaultStore(VaultOptions()).error().rule, "vault.head_file");
    Restore();
    fs::resize_file(LastWal(), whole - 1);
    FlipBit(directory() / "head", kNewestSlot + i, 3);
    EXPECT_EQ(OpenVaultStore(VaultOptions()).error().rule, "vault.head_file");
  }
}

}  // namespace
}  // namespace schakel::test
