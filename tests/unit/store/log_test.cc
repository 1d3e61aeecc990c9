#include <sys/stat.h>

#include <algorithm>
#include <thread>

#include "store/quarantine.h"
#include "store_fixture.h"

namespace schakel::test {
namespace {

class LogTest : public StoreTest {};

TEST_F(LogTest, StartsEmpty) {
  auto log = OpenLog();
  ASSERT_NE(log, nullptr);
  EXPECT_EQ(log->Last(), Sequence(0));
  EXPECT_EQ(log->Head(), (TreeHead{0, EmptyRoot()}));
  EXPECT_FALSE(log->read_only());
  EXPECT_EQ(log->Get(Sequence(1)).error().code, Code::kNotFound);
  EXPECT_EQ(log->Get(Sequence(0)).error().code, Code::kNotFound);
  EXPECT_TRUE(log->Sync());
  EXPECT_TRUE(log->VerifyAll());
}

TEST_F(LogTest, GivesBackWhatWasSynced) {
  auto log = OpenLog();
  ASSERT_TRUE(AppendAndSync(*log, 1, 1));
  ASSERT_TRUE(AppendAndSync(*log, 2, 40));
  ExpectHolds(*log, 40);
  const auto entry = log->Get(Sequence(17));
  ASSERT_TRUE(entry);
  EXPECT_EQ(entry->entry, TestEntry(17).entry);
}

TEST_F(LogTest, GivesBackWhatWasSyncedAfterReopening) {
  MakeLog(300, 7);
  auto log = OpenLog();
  EXPECT_FALSE(log->read_only());
  ExpectHolds(*log, 300);
  ASSERT_TRUE(AppendAndSync(*log, 301, 310));
  log.reset();
  log = OpenLog();
  ExpectHolds(*log, 310);
}

TEST_F(LogTest, ShowsNothingBeforeItIsSynced) {
  auto log = OpenLog();
  ASSERT_TRUE(AppendEntries(*log, 1, 5));
  EXPECT_EQ(log->Last(), Sequence(0));
  EXPECT_EQ(log->Head().size, 0U);
  EXPECT_EQ(log->Get(Sequence(1)).error().code, Code::kNotFound);
  EXPECT_EQ(log->FindRow(1, Text("key 1")).value(), std::nullopt);
  EXPECT_EQ(log->RootAt(1).error().rule, "log.range");
  ASSERT_TRUE(log->Sync());
  ExpectHolds(*log, 5);
}

TEST_F(LogTest, ForgetsWhatWasNeverSynced) {
  {
    auto log = OpenLog();
    ASSERT_TRUE(AppendAndSync(*log, 1, 5));
    ASSERT_TRUE(AppendEntries(*log, 6, 9));
  }
  auto log = OpenLog();
  EXPECT_FALSE(log->read_only());
  ExpectHolds(*log, 5);
}

TEST_F(LogTest, StagesSeveralBatchesForOneSync) {
  auto log = OpenLog();
  EXPECT_EQ(AppendEntries(*log, 1, 3).value(), Sequence(3));
  EXPECT_EQ(AppendEntries(*log, 4, 4).value(), Sequence(4));
  ASSERT_TRUE(log->Sync());
  ExpectHolds(*log, 4);
}

TEST_F(LogTest, FencesOffAWriterThatIsNotAtTheEnd) {
  auto log = OpenLog();
  ASSERT_TRUE(AppendAndSync(*log, 1, 3));
  ASSERT_TRUE(AppendEntries(*log, 4, 5));
  const TestEntry entry(6);
  LogBatch batch;
  batch.entries.push_back(entry.View());
  for (const std::uint64_t wrong : {0, 3, 4, 6}) {
    const auto refused = log->Append(batch, Sequence(wrong));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Code::kConflict);
    EXPECT_EQ(refused.error().rule, "log.fence");
  }
  ASSERT_TRUE(log->Append(batch, Sequence(5)));
  ASSERT_TRUE(log->Sync());
  EXPECT_EQ(log->Last(), Sequence(6));
}

TEST_F(LogTest, TakesNoMoreThanItsLimitBeforeASync) {
  RocksLogOptions options = LogOptions();
  options.batch_bytes_max = 2000;
  auto log = OpenLog(options);
  const Bytes big(1200);
  LogBatch batch;
  batch.entries.push_back({ScopeOf(1), big, Hash32{}, {}});
  ASSERT_TRUE(log->Append(batch, Sequence(0)));
  const auto refused = log->Append(batch, Sequence(1));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::kLimit);
  ASSERT_TRUE(log->Sync());
  ASSERT_TRUE(log->Append(batch, Sequence(1)));
  ASSERT_TRUE(log->Sync());
  EXPECT_EQ(log->Last(), Sequence(2));
}

TEST_F(LogTest, KeepsEntriesAndPayloadsOfAnySize) {
  auto log = OpenLog();
  const std::size_t sizes[] = {0, 1, 31, 32, 400, 65'000, 65'536, 65'537, 200'000, 3'000'000, 5};
  std::vector<Bytes> bytes;
  for (const std::size_t size : sizes) bytes.emplace_back(size, static_cast<std::uint8_t>(size));
  LogBatch batch;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    batch.entries.push_back({ScopeOf(static_cast<std::uint8_t>(i)), bytes[i], Hash32{}, bytes[bytes.size() - 1 - i]});
  }
  ASSERT_TRUE(log->Append(batch, Sequence(0)));
  ASSERT_TRUE(log->Sync());
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    EXPECT_EQ(log->Get(Sequence(i + 1)).value().entry, bytes[i]);
    EXPECT_EQ(log->Payload(Sequence(i + 1)).value(), bytes[bytes.size() - 1 - i]);
  }
  EXPECT_TRUE(log->VerifyAll());
}

TEST_F(LogTest, ReadStopsWhenTheVisitorSaysSo) {
  auto log = OpenLog();
  ASSERT_TRUE(AppendAndSync(*log, 1, 10));
  std::vector<std::uint64_t> seen;
  ASSERT_TRUE(log->Read(Sequence(4), [&](const StoredEntry& entry) {
    seen.push_back(entry.sequence.value());
    return seen.size() < 3;
  }));
  EXPECT_EQ(seen, (std::vector<std::uint64_t>{4, 5, 6}));
  ASSERT_TRUE(log->Read(Sequence(11), [&](const StoredEntry&) {
    ADD_FAILURE();
    return true;
  }));
}

TEST_F(LogTest, ALaterRowOfOneKeyReplacesTheEarlier) {
  auto log = OpenLog();
  LogBatch batch;
  batch.rows = {{1, Text("a"), Text("first")}, {2, Text("a"), Text("other table")}, {1, Text("a"), Text("second")}};
  ASSERT_TRUE(log->Append(batch, Sequence(0)));
  ASSERT_TRUE(log->Sync());
  EXPECT_EQ(log->FindRow(1, Text("a")).value(), Text("second"));
  EXPECT_EQ(log->FindRow(2, Text("a")).value(), Text("other table"));
  batch.rows = {{1, Text("a"), Text("third")}};
  ASSERT_TRUE(log->Append(batch, Sequence(0)));
  ASSERT_TRUE(log->Sync());
  EXPECT_EQ(log->FindRow(1, Text("a")).value(), Text("third"));

  const std::vector<Bytes> keys{Text("a"), Text("b"), Text("a")};
  const auto found = log->FindRows(1, keys);
  ASSERT_TRUE(found);
  EXPECT_EQ(*found, (std::vector<std::optional<Bytes>>{Text("third"), std::nullopt, Text("third")}));
  EXPECT_EQ(log->VerifyAll().value().rows, 2U);
}

TEST_F(LogTest, ListsKeepTheirRowsInOrder) {
  auto log = OpenLog();
  const Bytes list = Text("feed");
  std::uint64_t position = 10;
  for (int commit = 0; commit < 4; ++commit) {
    LogBatch batch;
    for (int i = 0; i < 50; ++i, position += 10) batch.list_rows.push_back({3, list, position, Bytes(2000, 1)});
    batch.list_rows.push_back({3, Text("feed2"), position, Text("another list")});
    ASSERT_TRUE(log->Append(batch, Sequence(0)));
    ASSERT_TRUE(log->Sync());
  }
  const auto positions_from = [&](std::uint64_t from) {
    std::vector<std::uint64_t> out;
    const auto keep = [&](std::uint64_t at, ByteView) {
      out.push_back(at);
      return true;
    };
    EXPECT_TRUE(log->ReadList(3, list, from, keep));
    return out;
  };
  EXPECT_EQ(positions_from(0).size(), 200U);
  EXPECT_EQ(positions_from(0).front(), 10U);
  EXPECT_EQ(positions_from(10).size(), 200U);
  EXPECT_EQ(positions_from(11).front(), 20U);
  EXPECT_EQ(positions_from(1005).front(), 1010U);
  EXPECT_EQ(positions_from(2000), std::vector<std::uint64_t>{2000});
  EXPECT_TRUE(positions_from(2001).empty());

  const auto at = [&](std::uint64_t wanted) -> std::uint64_t {
    const auto found = log->FindListRow(3, list, wanted);
    EXPECT_TRUE(found);
    return *found ? (*found)->first : 0;
  };
  EXPECT_EQ(at(9), 0U);
  EXPECT_EQ(at(10), 10U);
  EXPECT_EQ(at(19), 10U);
  EXPECT_EQ(at(1234), 1230U);
  EXPECT_EQ(at(999'999), 2000U);
  EXPECT_EQ(log->FindListRow(4, list, 100).value(), std::nullopt);
  EXPECT_EQ(log->VerifyAll().value().rows, 204U);
}

TEST_F(LogTest, RefusesListRowsThatDoNotGrowAndStagesNothingOfThem) {
  auto log = OpenLog();
  LogBatch batch;
  batch.list_rows = {{3, Text("l"), 5, Text("five")}};
  ASSERT_TRUE(log->Append(batch, Sequence(0)));
  for (const std::uint64_t wrong : {1, 5}) {
    LogBatch bad;
    bad.list_rows = {{3, Text("l"), 7, Text("seven")}, {3, Text("l"), wrong, Text("wrong")}};
    bad.rows = {{1, Text("k"), Text("v")}};
    const auto refused = log->Append(bad, Sequence(0));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().rule, "log.list_order");
  }
  batch.list_rows = {{3, Text("l"), 6, Text("six")}};
  ASSERT_TRUE(log->Append(batch, Sequence(0)));
  ASSERT_TRUE(log->Sync());
  EXPECT_EQ(log->FindListRow(3, Text("l"), 100).value()->second, Text("six"));
  EXPECT_EQ(log->FindRow(1, Text("k")).value(), std::nullopt);
  EXPECT_EQ(log->VerifyAll().value().rows, 2U);
}

TEST_F(LogTest, VerifyAllNamesAListThatSteppedBackBetweenCommits) {
  auto log = OpenLog();
  for (const std::uint64_t position : {10, 20, 15}) {
    LogBatch batch;
    batch.list_rows = {{3, Text("l"), position, Text("a")}, {3, Text("l"), position + 7, Text("b")}};
    ASSERT_TRUE(log->Append(batch, Sequence(0)));
    ASSERT_TRUE(log->Sync());
  }
  EXPECT_EQ(log->VerifyAll().error().rule, "log.list");
}

TEST_F(LogTest, VerifyAllCountsEverything) {
  MakeLog(100, 9);
  auto log = OpenLog();
  const auto verified = log->VerifyAll();
  ASSERT_TRUE(verified) << ToText(verified.error());
  EXPECT_EQ(verified->entries, 100U);
  EXPECT_EQ(verified->payloads, 67U);
  EXPECT_EQ(verified->rows, 200U);
  EXPECT_TRUE(log->Recheck(Sequence(0), Sequence(100)));
  EXPECT_TRUE(log->Recheck(Sequence(100), Sequence(100)));
  EXPECT_FALSE(log->Recheck(Sequence(0), Sequence(101)));
}

TEST_F(LogTest, KeepsTheLastSnapshot) {
  auto log = OpenLog();
  EXPECT_EQ(log->LoadSnapshot().value(), std::nullopt);
  ASSERT_TRUE(AppendAndSync(*log, 1, 10));
  EXPECT_EQ(log->SaveSnapshot(Sequence(11), Text("too early")).error().rule, "log.range");
  ASSERT_TRUE(log->SaveSnapshot(Sequence(4), Text("at four")));
  Bytes big(3U << 20);
  SeededRandom(1).Fill(big);
  ASSERT_TRUE(log->SaveSnapshot(Sequence(10), big));
  log.reset();
  log = OpenLog();
  auto loaded = log->LoadSnapshot();
  ASSERT_TRUE(loaded) << ToText(loaded.error());
  EXPECT_EQ((*loaded)->first, Sequence(10));
  EXPECT_EQ((*loaded)->second, big);
  ASSERT_TRUE(log->SaveSnapshot(Sequence(10), {}));
  EXPECT_EQ(log->LoadSnapshot().value()->second, Bytes{});
}

TEST_F(LogTest, ASnapshotOfAnotherHistoryIsRefused) {
  auto log = OpenLog();
  ASSERT_TRUE(AppendAndSync(*log, 1, 5));
  log.reset();
  CopyStoreTo(folder_ / "five");
  log = OpenLog();
  ASSERT_TRUE(AppendAndSync(*log, 6, 6));
  ASSERT_TRUE(log->SaveSnapshot(Sequence(6), Text("of six")));
  log.reset();
  fs::copy_file(directory() / "snapshot", folder_ / "snapshot");

  PutStoreBackFrom(folder_ / "five");
  fs::copy_file(folder_ / "snapshot", directory() / "snapshot");
  log = OpenLog();
  EXPECT_EQ(log->LoadSnapshot().error().rule, "log.snapshot");  // Ahead of the log.
  const TestEntry other(7);
  LogBatch batch;
  batch.entries.push_back(other.View());
  ASSERT_TRUE(log->Append(batch, Sequence(5)));
  ASSERT_TRUE(log->Sync());
  EXPECT_EQ(log->LoadSnapshot().error().rule, "log.snapshot");  // As long, and not the same.
}

TEST_F(LogTest, AQuarantinedLogStaysReadOnly) {
  auto log = OpenLog();
  ASSERT_TRUE(AppendAndSync(*log, 1, 5));
  log->Quarantine({Code::kTampered, "head.ahead", "agent", "ask the operator"});
  const auto expect_quarantined = [&] {
    ASSERT_TRUE(log->read_only());
    EXPECT_EQ(log->read_only()->code, Code::kTampered);
    EXPECT_EQ(log->read_only()->rule, "log.quarantined");
    EXPECT_EQ(log->read_only()->field, "head.ahead");
    EXPECT_EQ(log->read_only()->next, "ask the operator");
    EXPECT_TRUE(IsQuarantined(LogOptions()));
    EXPECT_EQ(AppendEntries(*log, 6, 6).error().rule, "log.read_only");
    EXPECT_EQ(log->Sync().error().rule, "log.read_only");
    ExpectHolds(*log, 5);
  };
  expect_quarantined();
  log.reset();
  log = OpenLog();
  expect_quarantined();
  const TreeHead head = log->Head();
  log.reset();

  EXPECT_EQ(AcceptLogHead(LogOptions(), {4, head.root}).error().rule, "log.accept");
  ASSERT_TRUE(AcceptLogHead(LogOptions(), head));
  EXPECT_FALSE(IsQuarantined(LogOptions()));
  log = OpenLog();
  EXPECT_FALSE(log->read_only());
  ASSERT_TRUE(AppendAndSync(*log, 6, 6));
}

TEST_F(LogTest, QuarantineDropsWhatIsStaged) {
  auto log = OpenLog();
  ASSERT_TRUE(AppendAndSync(*log, 1, 5));
  ASSERT_TRUE(AppendEntries(*log, 6, 7));
  log->Quarantine({Code::kTampered, "head.ahead", "", ""});
  EXPECT_EQ(log->Sync().error().rule, "log.read_only");
  log.reset();
  log = OpenLog();
  ExpectHolds(*log, 5);
}

TEST_F(LogTest, OneProcessHasItOpenAtATime) {
  auto log = OpenLog();
  const Error error = ErrorOfOpening(LogOptions());
  EXPECT_EQ(error.code, Code::kUnavailable);
  EXPECT_EQ(error.rule, "store.locked");
  log.reset();
  EXPECT_NE(OpenLog(), nullptr);
}

TEST_F(LogTest, FilesAreForTheirOwnerAlone) {
  MakeLog(10, 1);
  auto log = OpenLog();
  ASSERT_TRUE(log->SaveSnapshot(Sequence(1), Text("s")));
  for (const auto& item : fs::recursive_directory_iterator(directory())) {
    struct stat info{};
    ASSERT_EQ(::stat(item.path().c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 077, 0U) << item.path();
  }
  struct stat info{};
  ASSERT_EQ(::stat(directory().c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0700U);
}

// Run under TSan too.
TEST_F(LogTest, AnyThreadReadsWhileOneAppends) {
  auto log = OpenLog();
  ASSERT_TRUE(AppendAndSync(*log, 1, 3));
  constexpr std::uint64_t kCommits = 120;
  std::atomic<bool> done = false;
  std::atomic<std::uint64_t> checked = 0;
  const auto read = [&](std::uint64_t seed) {
    SeededRandom random(seed);
    do {
      const TreeHead head = log->Head();
      const std::uint64_t last = log->Last().value();
      const std::uint64_t pick = 1 + random.Below(std::min(last, head.size));  // The log may have grown in between.
      EXPECT_EQ(log->Get(Sequence(pick)).value().entry, TestEntry(pick).entry);
      EXPECT_EQ(log->Payload(Sequence(pick)).value(), TestEntry(pick).payload);
      EXPECT_EQ(log->FindRow(1, Text("key " + std::to_string(pick))).value(), Text("row " + std::to_string(pick)));
      const auto proof = log->InclusionProof(Sequence(1 + random.Below(head.size)), head.size);
      EXPECT_TRUE(proof);
      const auto old_root = log->RootAt(pick);
      const auto growth = log->ConsistencyProof(pick, head.size);
      EXPECT_TRUE(old_root && growth && VerifyConsistency(pick, *old_root, head.size, head.root, *growth));
      EXPECT_TRUE(log->Recheck(Sequence(last - std::min<std::uint64_t>(last, 5)), Sequence(last)));
      const std::uint64_t seen = log->Head().size;
      EXPECT_TRUE(log->Recheck(Sequence(seen - std::min<std::uint64_t>(seen, 5)), Sequence(seen)))
          << "a head just seen";
      checked.fetch_add(1);
    } while (!done.load());
  };
  std::thread first([&] { read(1); });
  std::thread second([&] { read(2); });
  std::uint64_t next = 4;
  for (std::uint64_t i = 0; i < kCommits; ++i) {
    const std::uint64_t group = 1 + i % 40;
    EXPECT_TRUE(AppendAndSync(*log, next, next + group - 1));
    next += group;
    if (i % 50 == 10) {
      EXPECT_TRUE(log->SaveSnapshot(log->Last(), Text("snapshot")));
    }
  }
  done = true;
  first.join();
  second.join();
  EXPECT_GE(checked.load(), 2U);
  ExpectHolds(*log, next - 1);
}

}  // namespace
}  // namespace schakel::test
