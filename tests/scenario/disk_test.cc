// A disk that fills up, turns read-only or loses its power in the midst of a write, under the real programs: they say
// what and what to do, lose nothing that they acknowledged, and go on by themselves once it is over.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <set>

#include "disk_trouble/control.h"
#include "hub_log.h"
#include "support/real_region.h"

namespace schakel::testing {
namespace {

// The disk of one folder, as a program sees it that is started with `environment()`.
class Disk {
 public:
  Disk(const std::filesystem::path& folder, const std::filesystem::path& control) : folder_(folder), file_(control) {
    const int file = open(control.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0 || ftruncate(file, sizeof(DiskControl)) != 0) throw std::runtime_error("control file");
    void* mapped = mmap(nullptr, sizeof(DiskControl), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
    if (mapped == MAP_FAILED) throw std::runtime_error("control file");
    control_ = new (mapped) DiskControl;
  }
  ~Disk() { munmap(control_, sizeof(DiskControl)); }
  Disk(const Disk&) = delete;
  Disk& operator=(const Disk&) = delete;

  Environment environment() const {
    return {"LD_PRELOAD=" DISK_TROUBLE_LIBRARY, std::string(kDiskControlVariable) + "=" + file_.string(),
            std::string(kDiskFolderVariable) + "=" + folder_.string()};
  }
  void Set(DiskMode mode, std::int64_t bytes_left = 0) {
    control_->bytes_left = bytes_left;
    control_->mode = mode;
  }
  DiskControl& control() { return *control_; }

 private:
  const std::filesystem::path folder_;
  const std::filesystem::path file_;
  DiskControl* control_ = nullptr;
};

class DiskTest : public ::testing::Test {
 protected:
  DiskTest() : region_({"lead", "partner"}) { path_ = "/v1/trajectories/" + region_.ShareCase(); }
  void SetUp() override {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    GTEST_SKIP() << "a sanitizer must be the first library";
#endif
  }
  RealHub& hub() { return region_.hub(); }
  RealAgent& lead() { return region_.agent(0); }
  RealAgent& partner() { return region_.agent(1); }
  std::filesystem::path File(const char* name) { return region_.folder() / name; }

  // Writes notes at the lead until `enough`; those that were taken count for ever. Yields what it was last told.
  Reply WriteUntil(const std::function<bool(const Reply&)>& enough, int wait = 0) {
    ApiClient client = lead().Client();
    Reply reply;
    for (int i = 0; i < 5000; ++i) {
      const std::string title = "notitie " + std::to_string(++titles_);
      reply = client.Post(path_ + "/notes", LivingNote(title, std::string(2000, 'x')), wait);
      if (reply.ok()) taken_.insert(reply.json["record"]);
      if (enough(reply)) return reply;
    }
    ADD_FAILURE() << "the trouble never came";
    return reply;
  }
  void Write(int count) {
    WriteUntil([&](const Reply& reply) { return !reply.ok() || --count <= 0; });
  }
  // What the program last said names the rule, the place and the next step.
  static void ExpectTold(const std::string& log, std::size_t since, const std::string& rule, const std::string& place) {
    const std::string told = log.substr(since);
    EXPECT_NE(told.find("error: " + rule), std::string::npos) << told;
    EXPECT_NE(told.find(place), std::string::npos) << told;
    const auto hint = told.find("hint: ");
    ASSERT_NE(hint, std::string::npos) << told;
    EXPECT_GT(told.find('\n', hint), hint + 15) << "a hint that says nothing: " << told;
    std::printf("%s", told.substr(told.find("error: " + rule)).c_str());
  }
  // All is well again: what was taken is at both and in the log, once, and new work gets through.
  void ExpectNothingLost() {
    Write(3);
    EXPECT_TRUE(WaitUntil([&] { return lead().Synced() && partner().Synced(); }, std::chrono::seconds(30)));
    const auto has_all = [&](RealAgent& agent) {
      const Json list = agent.Client().MustList(path_ + "/notes", "records");
      std::multiset<std::string> held;
      for (const Json& note : list) held.insert(note["id"]);
      return std::all_of(taken_.begin(), taken_.end(), [&](const std::string& id) { return held.count(id) == 1; });
    };
    EXPECT_TRUE(WaitUntil([&] { return has_all(lead()) && has_all(partner()); }, std::chrono::seconds(30)));
    for (RealAgent& agent : region_.agents()) {
      EXPECT_EQ(agent.Client().MustGet("/v1/alarms")["alarms"], Json::array());
    }
    region_.Stop();
    hub().Verify();
    for (RealAgent& agent : region_.agents()) MustRun(agent.Command({"check"}));
    const HubLog log = ReadHubLog(hub().folder());
    EXPECT_GT(taken_.size(), 10U);
    for (const std::string& id : taken_) {
      const auto found = log.records.find(ParseId<RecordId>(id).value());
      ASSERT_TRUE(found != log.records.end()) << "a note that was taken is not in the log";
      EXPECT_EQ(found->second.size(), 1U);
    }
  }

  RealRegion region_;
  std::string path_;
  int titles_ = 0;
  std::set<std::string> taken_;
};

TEST_F(DiskTest, HubOnADiskThatFillsUp) {
  Disk disk(hub().data(), File("control"));
  ASSERT_EQ(hub().process().Terminate(), 0);
  hub().Start(disk.environment());
  ASSERT_TRUE(WaitUntil([&] { return lead().Synced(); }));
  Write(10);
  ASSERT_TRUE(WaitUntil([&] { return lead().Synced(); }));
  ASSERT_GT(disk.control().written, 0U) << "the hub does not write through the library";

  const std::size_t told = hub().Log().size();
  disk.Set(DiskMode::kFull, 200'000);
  WriteUntil([&](const Reply& reply) { return !reply.ok() || !hub().process().Running(); });
  EXPECT_EQ(hub().process().Wait(std::chrono::seconds(10)), 1);
  EXPECT_GT(disk.control().refused, 0U);
  ExpectTold(hub().Log(), told, "log.disk_full", hub().data().string());
  Write(20);  // The agents go on.

  // Started while the disk is still full: it says so and takes nothing, but serves what it can, or ends with a reason.
  disk.Set(DiskMode::kFull, 0);
  const std::size_t again = hub().Log().size();
  hub().Launch(disk.environment());
  EXPECT_TRUE(WaitUntil([&] { return hub().Log().find("log.disk_full", again) != std::string::npos; })) << hub().Log();
  EXPECT_FALSE(hub().Ready());

  // One that still runs goes on by itself.
  disk.Set(DiskMode::kFine);
  if (hub().process().Running()) {
    EXPECT_TRUE(WaitUntil([&] { return hub().Ready(); }, std::chrono::seconds(30))) << hub().Log();
  } else {
    hub().Start(disk.environment());
  }
  ExpectNothingLost();
}

TEST_F(DiskTest, HubOnAReadOnlyDisk) {
  Disk disk(hub().data(), File("control"));
  ASSERT_EQ(hub().process().Terminate(), 0);
  hub().Start(disk.environment());
  Write(10);
  ASSERT_TRUE(WaitUntil([&] { return lead().Synced(); }));
  const std::size_t told = hub().Log().size();
  disk.Set(DiskMode::kReadOnly);
  Write(5);
  EXPECT_EQ(hub().process().Wait(std::chrono::seconds(10)), 1);
  EXPECT_GT(disk.control().refused, 0U);
  ExpectTold(hub().Log(), told, "log.sync", hub().data().string());

  const std::size_t again = hub().Log().size();
  hub().Launch(disk.environment());
  EXPECT_EQ(hub().process().Wait(std::chrono::seconds(10)), 1);
  ExpectTold(hub().Log(), again, "store.directory", hub().data().string());
  Write(5);

  disk.Set(DiskMode::kFine);
  hub().Start(disk.environment());
  ExpectNothingLost();
}

TEST_F(DiskTest, HubWhosePowerFailsInTheMidstOfAWrite) {
  Disk disk(hub().data(), File("control"));
  ASSERT_EQ(hub().process().Terminate(), 0);
  for (int round = 0; round < 12; ++round) {
    SCOPED_TRACE(round);
    disk.Set(DiskMode::kFine);
    hub().Start(disk.environment());
    disk.Set(DiskMode::kTorn, 1 + round * 4099);
    WriteUntil([&](const Reply& reply) { return !reply.ok() || !hub().process().Running(); });
    EXPECT_EQ(hub().process().Wait(std::chrono::seconds(10)), 128 + SIGKILL);
    EXPECT_EQ(disk.control().torn, static_cast<std::uint64_t>(round) + 1);
  }
  // Also while it mends itself.
  int torn_at_start = 0;
  for (int bytes = 1; bytes < 100'000; bytes *= 5) {
    disk.Set(DiskMode::kTorn, bytes);
    hub().Launch(disk.environment());
    WaitUntil([&] { return !hub().process().Running() || hub().Ready(); });
    torn_at_start += hub().process().Running() ? 0 : 1;
    hub().process().Kill();
  }
  EXPECT_GT(torn_at_start, 2);
  disk.Set(DiskMode::kFine);
  hub().Start(disk.environment());
  ExpectNothingLost();
}

TEST_F(DiskTest, AgentOnADiskThatFillsUp) {
  Disk disk(lead().vault(), File("control"));
  ASSERT_EQ(lead().process().Terminate(), 0);
  lead().Start(disk.environment());
  Write(10);
  ASSERT_GT(disk.control().written, 0U);
  disk.Set(DiskMode::kFull, 100'000);
  const Reply refused = WriteUntil([](const Reply& reply) { return !reply.ok(); });
  EXPECT_GT(disk.control().refused, 0U);
  EXPECT_EQ(refused.status, 503) << refused.json.dump();
  EXPECT_EQ(refused.json["rule"], "vault.disk_full") << refused.json.dump();
  EXPECT_NE(refused.json.dump().find("is full"), std::string::npos) << refused.json.dump();
  std::printf("%s\n", refused.json.dump().c_str());
  // Who only looks at the log sees it too, once.
  const std::string line = R"("level":"error","event":"vault.stopped","rule":"vault.disk_full")";
  EXPECT_TRUE(WaitUntil([&] { return lead().Log().find(line) != std::string::npos; })) << lead().Log();
  EXPECT_FALSE(lead().Client().Post(path_ + "/notes", LivingNote("nog een", "x")).ok());
  const std::string log = lead().Log();
  EXPECT_EQ(log.find(line, log.find(line) + 1), std::string::npos) << log;
  EXPECT_NE(log.find("make room", log.find(line)), std::string::npos) << log;
  lead().process().Kill();

  const std::size_t told = lead().Log().size();
  disk.Set(DiskMode::kFull, 0);
  lead().Launch(disk.environment());
  EXPECT_EQ(lead().process().Wait(std::chrono::seconds(10)), 1);
  ExpectTold(lead().Log(), told, "", lead().vault().string());

  disk.Set(DiskMode::kFine);
  lead().Start(disk.environment());
  ExpectNothingLost();
}

TEST_F(DiskTest, AgentOnAReadOnlyDisk) {
  Disk disk(lead().vault(), File("control"));
  ASSERT_EQ(lead().process().Terminate(), 0);
  lead().Start(disk.environment());
  Write(10);
  disk.Set(DiskMode::kReadOnly);
  const Reply refused = WriteUntil([](const Reply& reply) { return !reply.ok(); });
  EXPECT_GT(disk.control().refused, 0U);
  EXPECT_EQ(refused.status, 503) << refused.json.dump();
  std::printf("%s\n", refused.json.dump().c_str());
  lead().process().Kill();

  const std::size_t told = lead().Log().size();
  lead().Launch(disk.environment());
  EXPECT_EQ(lead().process().Wait(std::chrono::seconds(10)), 1);
  ExpectTold(lead().Log(), told, "", lead().vault().string());

  disk.Set(DiskMode::kFine);
  lead().Start(disk.environment());
  ExpectNothingLost();
}

TEST_F(DiskTest, AgentWhosePowerFailsInTheMidstOfAWrite) {
  Disk disk(lead().vault(), File("control"));
  ASSERT_EQ(lead().process().Terminate(), 0);
  for (int round = 0; round < 12; ++round) {
    SCOPED_TRACE(round);
    disk.Set(DiskMode::kFine);
    lead().Start(disk.environment());
    Write(1);
    disk.Set(DiskMode::kTorn, 1 + round * 3001);
    WriteUntil([](const Reply& reply) { return !reply.ok(); });
    EXPECT_EQ(lead().process().Wait(std::chrono::seconds(10)), 128 + SIGKILL);
    EXPECT_EQ(disk.control().torn, static_cast<std::uint64_t>(round) + 1);
  }
  disk.Set(DiskMode::kFine);
  lead().Start(disk.environment());
  ExpectNothingLost();
}

}  // namespace
}  // namespace schakel::testing
