// A disk that refuses, fills up, or loses what it was not told to keep.
#include <unistd.h>

#include <functional>

#include "store_fixture.h"
#include "support/fault_files.h"

namespace schakel::test {
namespace {

class FaultTest : public StoreTest {
 protected:
  // Each opening gets a disk of its own, so that one that failed is as good as new after "mending" it.
  RocksLogOptions FaultyOptions() {
    files_ = std::make_shared<FaultFiles>();
    RocksLogOptions options = LogOptions();
    options.environment = EnvironmentOf(files_);
    return options;
  }
  std::shared_ptr<FaultFiles> files_;
};

TEST_F(FaultTest, AFailedSyncMakesTheLogReadOnlyForGood) {
  auto log = OpenLog(FaultyOptions());
  ASSERT_NE(log, nullptr);
  ASSERT_TRUE(AppendAndSync(*log, 1, 10));
  files_->FailWalSyncsFrom(files_->wal_syncs());
  ASSERT_TRUE(AppendEntries(*log, 11, 12));
  const Status refused = log->Sync();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::kUnavailable);
  EXPECT_EQ(refused.error().rule, "log.sync");

  // The disk works again, but what became of those bytes cannot be known: no second try.
  files_->FailWalSyncsFrom(FaultFiles::kNever);
  ASSERT_TRUE(log->read_only());
  EXPECT_EQ(log->read_only()->rule, "log.sync");
  EXPECT_EQ(log->Sync().error().rule, "log.read_only");
  EXPECT_EQ(AppendEntries(*log, 11, 11).error().rule, "log.read_only");
  EXPECT_EQ(log->SaveSnapshot(Sequence(10), Text("s")).error().rule, "log.read_only");
  ExpectHolds(*log, 10);

  log.reset();
  log = OpenLog();
  EXPECT_FALSE(log->read_only());
  const std::uint64_t last = log->Last().value();
  EXPECT_TRUE(last == 10 || last == 12) << last;
  ExpectHolds(*log, last);
  ASSERT_TRUE(AppendAndSync(*log, last + 1, last + 3));
}

TEST_F(FaultTest, AFailedWriteMakesTheLogReadOnlyForGood) {
  for (std::uint64_t nth = 0; nth < 6; ++nth) {
    SCOPED_TRACE(nth);
    fs::remove_all(directory());
    auto log = OpenLog(FaultyOptions());
    ASSERT_TRUE(AppendAndSync(*log, 1, 3));
    files_->FailWalWritesFrom(files_->wal_writes() + nth);
    std::uint64_t acknowledged = 3;
    while (AppendAndSync(*log, acknowledged + 1, acknowledged + 2)) acknowledged += 2;
    EXPECT_EQ(acknowledged, 3 + 2 * nth);
    ASSERT_TRUE(log->read_only());
    EXPECT_EQ(log->read_only()->rule, "log.sync");
    log.reset();
    log = OpenLog();
    EXPECT_FALSE(log->read_only());
    ExpectHolds(*log, acknowledged);
  }
}

TEST_F(FaultTest, AFullDiskIsNamedAndLosesNothing) {
  for (const std::uint64_t space : {0, 100, 1000, 5000, 40'000}) {
    SCOPED_TRACE(space);
    fs::remove_all(directory());
    auto log = OpenLog(FaultyOptions());
    ASSERT_TRUE(AppendAndSync(*log, 1, 3));
    files_->SetSpace(space);
    std::uint64_t acknowledged = 3;
    Status status;
    while ((status = AppendAndSync(*log, acknowledged + 1, acknowledged + 5))) acknowledged += 5;
    EXPECT_EQ(status.error().code, Code::kUnavailable);
    EXPECT_EQ(status.error().rule, "log.disk_full");
    EXPECT_EQ(log->read_only()->rule, "log.disk_full");
    ExpectHolds(*log, acknowledged);
    log.reset();

    // Still full: says so, or reads; never loses.
    RocksLogOptions full = FaultyOptions();
    files_->SetSpace(0);
    EXPECT_EQ(ErrorOfOpening(full).rule, "store.disk_full");

    log = OpenLog();
    EXPECT_FALSE(log->read_only());
    ExpectHolds(*log, acknowledged);
  }
}

// Tables are written behind our back; that too must end in a refusal, not in a loss.
TEST_F(FaultTest, ADiskThatFillsUpWhileTablesAreWrittenLosesNothing) {
  for (const std::uint64_t space : {300'000, 900'000, 1'500'000, 2'600'000}) {
    SCOPED_TRACE(space);
    fs::remove_all(directory());
    RocksLogOptions options = FaultyOptions();
    options.memtable_bytes = 256U << 10;
    auto log = OpenLog(options);
    files_->SetSpace(space);
    const Bytes payload(20'000, 1);
    std::uint64_t acknowledged = 0;
    LogBatch batch;
    batch.entries.push_back({ScopeOf(1), payload, Hash32{}, payload});
    while (log->Append(batch, Sequence(acknowledged)) && log->Sync()) ++acknowledged;
    EXPECT_EQ(log->Last(), Sequence(acknowledged));
    ASSERT_TRUE(log->read_only());
    log.reset();
    log = OpenLog();
    EXPECT_FALSE(log->read_only());
    EXPECT_GE(log->Last(), Sequence(acknowledged));
    EXPECT_TRUE(log->VerifyAll());
  }
}

TEST_F(FaultTest, APowerCutLosesNothingAcknowledged) {
  SeededRandom random(21);
  fs::path older_head = folder_ / "older-head";
  std::uint64_t acknowledged = 0;
  for (int round = 0; round < (Light() ? 20 : 120); ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    RocksLogOptions options = FaultyOptions();
    // At times so little memory that tables are being written as well.
    if (round % 2 == 0) options.memtable_bytes = 64U << 10;
    auto log = OpenLog(options);
    ASSERT_NE(log, nullptr);
    ASSERT_FALSE(log->read_only()) << ToText(*log->read_only());
    ASSERT_GE(log->Last().value(), acknowledged);
    acknowledged = log->Last().value();
    const std::uint64_t cut_at = random.Below(12);
    if (random.Below(2) == 0) {
      files_->FailWalSyncsFrom(files_->wal_syncs() + cut_at);
    } else {
      files_->FailWalWritesFrom(files_->wal_writes() + cut_at);
    }
    for (;;) {
      if (random.Below(4) == 0) {
        fs::copy_file(directory() / "head", older_head, fs::copy_options::overwrite_existing);
      }
      const std::uint64_t group = 1 + random.Below(20);
      if (!AppendAndSync(*log, acknowledged + 1, acknowledged + group)) break;
      acknowledged += group;
    }
    files_->Freeze();
    log.reset();
    files_->LoseUnsynced(random.Below(3) == 0 ? 0 : random.Below(3000));
    // The head file is never synced: after a power cut it may be an older one.
    if (random.Below(2) == 0 && fs::exists(older_head)) {
      fs::copy_file(older_head, directory() / "head", fs::copy_options::overwrite_existing);
    }
    fs::remove(older_head);
  }
  auto log = OpenLog();
  ASSERT_NE(log, nullptr);
  EXPECT_FALSE(log->read_only());
  ASSERT_GE(log->Last().value(), acknowledged);
  ExpectHolds(*log, log->Last().value());
  const auto verified = log->VerifyAll();
  EXPECT_TRUE(verified) << ToText(verified.error());
}

// The other way round: a disk that forgets what it had acknowledged is found out.
TEST_F(FaultTest, ADiskThatLiesAboutSyncsIsFoundOut) {
  auto log = OpenLog(FaultyOptions());
  ASSERT_TRUE(AppendAndSync(*log, 1, 10));
  fs::path wal;
  for (const auto& item : fs::directory_iterator(directory() / "db")) {
    if (item.path().extension() == ".log") wal = item.path();
  }
  const std::uint64_t kept = fs::file_size(wal);
  ASSERT_TRUE(AppendAndSync(*log, 11, 12));
  log.reset();
  fs::resize_file(wal, kept);
  log = OpenLog();
  ASSERT_TRUE(log->read_only());
  EXPECT_EQ(log->read_only()->rule, "log.shorter_than_head");
}

TEST_F(FaultTest, AVaultRefusesAfterAFailedSync) {
  files_ = std::make_shared<FaultFiles>();
  VaultStoreOptions options = VaultOptions();
  options.environment = EnvironmentOf(files_);
  VaultWrite write{.table = 1, .key = Text("a"), .value = Text("one"), .scope = ScopeOf(1)};
  {
    auto vault = OpenVaultStore(options);
    ASSERT_TRUE(vault);
    ASSERT_TRUE((*vault)->Commit({write}));
    files_->FailWalSyncsFrom(files_->wal_syncs());
    write.key = Text("b");
    EXPECT_EQ((*vault)->Commit({write}).error().rule, "vault.disk");
    files_->FailWalSyncsFrom(FaultFiles::kNever);
    EXPECT_EQ((*vault)->Commit({write}).error().rule, "vault.disk");
    EXPECT_EQ((*vault)->Get(1, Text("a")).value(), Text("one"));
  }
  auto vault = OpenVaultStore(VaultOptions());
  ASSERT_TRUE(vault);
  EXPECT_EQ((*vault)->Get(1, Text("a")).value(), Text("one"));
  EXPECT_TRUE((*vault)->Commit({write}));
}

class BallastTest : public FaultTest {
 protected:
  static constexpr std::size_t kBallast = 1U << 20;
  RocksLogOptions Options() {
    RocksLogOptions options = FaultyOptions();
    options.ballast_bytes = kBallast;
    return options;
  }
  fs::path ballast() const { return directory() / "ballast"; }
};

TEST_F(BallastTest, IsSetAsideAndGivenBackWhenTheDiskIsFull) {
  {
    ASSERT_NE(OpenLog(Options()), nullptr);
  }
  EXPECT_EQ(fs::file_size(ballast()), kBallast);
  const RocksLogOptions options = Options();
  // Full for as long as the ballast takes its room.
  files_->SetFullWhile([this] { return fs::exists(ballast()); });
  auto log = OpenLog(options);
  ASSERT_NE(log, nullptr);
  EXPECT_FALSE(log->read_only());
  EXPECT_EQ(fs::file_size(ballast()), kBallast) << "there is room again: set aside anew";
}

TEST_F(BallastTest, WithoutRoomForItTheLogIsReadOnly) {
  {
    ASSERT_NE(OpenLog(Options()), nullptr);
  }
  RocksLogOptions options = Options();
  options.ballast_bytes = std::size_t{1} << 50;
  auto log = OpenLog(options);
  ASSERT_NE(log, nullptr);
  ASSERT_TRUE(log->read_only());
  EXPECT_EQ(log->read_only()->code, Code::kUnavailable);
  EXPECT_EQ(log->read_only()->rule, "log.disk_full");
  const std::string field = log->read_only()->field;
  EXPECT_TRUE(field.starts_with(directory().string() + ": ")) << field;
  EXPECT_TRUE(field.ends_with(" MiB free, " + std::to_string(std::uint64_t{1} << 31) + " MiB wanted")) << field;
  EXPECT_FALSE(fs::exists(ballast()));
}

TEST_F(BallastTest, OnceThereIsRoomAgainTheLogWritesWithoutBeingOpenedAgain) {
  {
    ASSERT_NE(OpenLog(Options()), nullptr);
  }
  fs::remove(ballast());
  RocksLogOptions options = Options();
  std::uint64_t room = 2 * kBallast - 1;
  options.environment->room_bytes = [&room] { return room; };
  auto log = OpenLog(options);
  ASSERT_NE(log, nullptr);
  ASSERT_TRUE(log->read_only());
  EXPECT_EQ(log->read_only()->rule, "log.disk_full");
  EXPECT_FALSE(log->Append({}, log->Last()));
  room = 2 * kBallast;
  EXPECT_FALSE(log->read_only());
  EXPECT_EQ(fs::file_size(ballast()), kBallast);
  EXPECT_TRUE(log->Append({}, log->Last()));
  // What no room mends is not forgotten for it.
  log->Quarantine({Code::kTampered, "hello.seen", {}, {}});
  EXPECT_EQ(log->read_only()->rule, "log.quarantined");
}

TEST_F(BallastTest, RoomMendsNothingButWantOfRoom) {
  {
    ASSERT_NE(OpenLog(Options()), nullptr);
  }
  fs::remove(ballast());
  RocksLogOptions options = Options();
  std::uint64_t room = 0;
  options.environment->room_bytes = [&room] { return room; };
  auto log = OpenLog(options);
  ASSERT_TRUE(log && log->read_only());
  log->Quarantine({Code::kTampered, "hello.seen", {}, {}});
  EXPECT_EQ(log->read_only()->rule, "log.quarantined");
  room = 4 * kBallast;
  EXPECT_EQ(log->read_only()->rule, "log.quarantined");
}

// Root may write anywhere, so the test becomes nobody for a while.
class UnprivilegedTest : public StoreTest {
 protected:
  void SetUp() override {
    fs::permissions(folder_.path(), fs::perms::all);
    if (::geteuid() == 0) {
      ASSERT_EQ(::seteuid(65534), 0);
    }
    WriteKey(folder_ / "nobodys-key", 5);
  }
  void TearDown() override {
    if (::getuid() == 0) {
      ASSERT_EQ(::seteuid(0), 0);
    }
  }
  RocksLogOptions Options() const {
    RocksLogOptions options = LogOptions();
    options.master_key = MasterKeyFile{folder_ / "nobodys-key"};
    return options;
  }
};

TEST_F(UnprivilegedTest, AFolderThatCannotBeWrittenIsNamed) {
  fs::create_directory(folder_ / "parent");
  RocksLogOptions options = Options();
  options.directory = folder_ / "parent" / "store";
  fs::permissions(folder_ / "parent", fs::perms::owner_read | fs::perms::owner_exec);
  const Error error = ErrorOfOpening(options);
  EXPECT_EQ(error.code, Code::kUnavailable);
  EXPECT_EQ(error.rule, "store.directory");
  EXPECT_EQ(error.field, options.directory.string());
  EXPECT_EQ(error.next, "Permission denied: let the user who runs this read and write it");
  fs::permissions(folder_ / "parent", fs::perms::owner_all);

  options.directory = folder_ / "none" / "store";
  EXPECT_EQ(ErrorOfOpening(options).next, "No such file or directory: check the path");
}

}  // namespace
}  // namespace schakel::test
