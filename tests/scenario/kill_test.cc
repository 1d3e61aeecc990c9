// kill -9 of the hub and of agents at random moments, while all of them work: what was acknowledged is there
// afterwards, exactly once, and all agents hold the same.
//
// The requirement: at least 200 kills under load. They are four histories, each of a region of its own, so that a fault
// shows in a short one: 4 x 55 = 220.
#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <cstdlib>
#include <map>
#include <mutex>
#include <random>
#include <set>
#include <thread>

#include "hub_log.h"
#include "support/real_region.h"

namespace schakel::testing {
namespace {

constexpr int kHistories = 4;  // Each with a seed and a region of its own.
constexpr int kKillsPerTest = 55;
constexpr int kKillsRequired = 200;
static_assert(kHistories * kKillsPerTest >= kKillsRequired);
constexpr int kNotesPerKill = 30;  // That each agent may write for every kill: work goes on around each.
constexpr int kKilled = 128 + SIGKILL;

std::uint64_t SeedOf(std::uint64_t otherwise) {
  const char* given = std::getenv("SCHAKEL_SEED");
  return given != nullptr ? std::strtoull(given, nullptr, 10) : otherwise;
}

// Lets its writers go on for as much as it was told, so that the load keeps pace with the kills.
class Budget {
 public:
  void Add(int count) {
    std::lock_guard lock(mutex_);
    left_ += count;
    changed_.notify_all();
  }
  bool Take() {  // False: it is over.
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return left_ > 0 || over_; });
    if (over_) return false;
    --left_;
    return true;
  }
  void End() {
    std::lock_guard lock(mutex_);
    over_ = true;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int left_ = 0;
  bool over_ = false;
};

std::string TextOf(const std::string& title) { return "De woorden van " + title + std::string(300, '.'); }

// A worker who writes notes at one agent as quickly as it takes them.
class Writer {
 public:
  Writer(const RealAgent& agent, std::string path)
      : agent_(agent), path_(std::move(path)), thread_([this] { Work(); }) {}
  ~Writer() { Join(); }
  void Join() {
    budget.End();
    if (thread_.joinable()) thread_.join();
  }

  Budget budget;
  std::atomic<int> taken = 0;   // 2xx: from there on it may not be lost.
  std::atomic<int> broken = 0;  // The agent died with the request in its hands: then it happened once, or not.
  std::map<std::string, std::string> titles;  // By record, of what was taken. Once joined.
  std::vector<std::string> refused;

 private:
  void Work() {
    ApiClient client = agent_.Client();
    for (int number = 0; budget.Take(); ++number) {
      const std::string title = agent_.id() + "-" + std::to_string(number);
      const Reply reply = client.Post(path_ + "/notes", LivingNote(title, TextOf(title)));
      if (reply.ok()) {
        titles[reply.json["record"]] = title;
        ++taken;
      } else if (reply.status != 0) {
        refused.push_back(reply.json.dump());
      } else {
        if (reply.cut) ++broken;
        WaitUntil([this] { return agent_.Answers(); }, std::chrono::seconds(60));
      }
    }
  }

  const RealAgent& agent_;
  const std::string path_;
  std::thread thread_;
};

// An organisation that submits batches by hand, and sends each again until it is acknowledged.
class Submitter {
 public:
  Submitter(RawMember& member, const HubAddress& hub, const TrajectoryId& trajectory)
      : member_(member), hub_(hub), trajectory_(trajectory), thread_([this] { Work(); }) {}
  ~Submitter() { Join(); }
  void Join() {
    budget.End();
    if (thread_.joinable()) thread_.join();
  }

  Budget budget;
  std::atomic<bool> in_flight = false;
  std::atomic<int> repeated = 0;              // Batches that the hub died on.
  std::map<RecordId, Sequence> acknowledged;  // Once joined.
  std::vector<std::string> faults;

 private:
  void Work() {
    while (budget.Take()) {
      std::vector<SealedRecord> records;
      std::vector<RecordId> ids;
      for (int i = 0; i < 16; ++i) {
        const Header header = member_.NewHeader(Kind::kNote, trajectory_);
        ids.push_back(header.id);
        records.push_back(member_.Seal(hub_.origin, header, 256, {}));
      }
      const Bytes message = member_.EncodeSubmit(std::move(records), member_.NextRequest());
      for (int tries = 0;; ++tries) {
        in_flight = true;
        const auto ack = member_.Send(message) ? member_.Await<SubmitAck>() : std::nullopt;
        in_flight = false;
        if (ack) {
          Keep(ids, *ack);
          break;
        }
        ++repeated;
        if (!WaitUntil([this] { return member_.Connect(hub_); }, std::chrono::seconds(60))) {
          faults.push_back("the hub did not come back");
          return;
        }
      }
    }
  }
  void Keep(const std::vector<RecordId>& ids, const SubmitAck& ack) {
    if (ack.outcomes.size() != ids.size()) return faults.push_back("an acknowledgement of another size");
    for (std::size_t i = 0; i < ids.size(); ++i) {
      if (ack.outcomes[i].error) {
        faults.push_back(ToText(*ack.outcomes[i].error));
      } else {
        acknowledged[ids[i]] = ack.outcomes[i].sequence;
      }
    }
  }

  RawMember& member_;
  const HubAddress hub_;
  const TrajectoryId trajectory_;
  std::thread thread_;
};

class KillTest : public ::testing::TestWithParam<int> {
 protected:
  KillTest() : seed_(SeedOf(static_cast<std::uint64_t>(GetParam()))), dice_(seed_) {
    std::printf("SCHAKEL_SEED=%llu\n", static_cast<unsigned long long>(seed_));
  }
  int Draw(int below) { return std::uniform_int_distribution<int>(0, below - 1)(dice_); }
  bool Chance(int percent) { return Draw(100) < percent; }

  // Kills it and notes that it was alive until then: one that ended by itself is a fault.
  void Kill(Process& process, const std::string& name) {
    process.Kill();
    const auto code = process.Wait(std::chrono::milliseconds(0));
    ASSERT_TRUE(code == kKilled) << name << " had ended by itself with " << code.value_or(-1) << " before kill "
                                 << kills_;
    ++kills_;
    ++victims_[name];
  }
  // A random moment of a start: not a wait for anything.
  void SomeMoment() { std::this_thread::sleep_for(std::chrono::microseconds(Draw(60'000))); }

  template <typename Server>
  void KillAndLaunch(Server& server, const std::string& name) {
    Kill(server.process(), name);
    server.Launch();
    for (int again = 0; again < 3 && Chance(25); ++again) {
      SomeMoment();
      Kill(server.process(), name);
      server.Launch();
      ++early_kills_;
    }
  }

  const std::uint64_t seed_;
  std::mt19937_64 dice_;
  int kills_ = 0;
  int early_kills_ = 0;  // During a start.
  std::map<std::string, int> victims_;
};

std::vector<std::string> NotesOf(const RealAgent& agent, const std::string& path) {
  std::vector<std::string> ids;
  if (!agent.Answers()) return ids;
  for (const Json& note : agent.Client().MustList(path + "/notes", "records")) ids.push_back(note["id"]);
  std::sort(ids.begin(), ids.end());
  return ids;
}

TEST_P(KillTest, NothingAcknowledgedIsLostAndAllConverge) {
  RawMember by_hand("met-de-hand", "youth-care");
  RealRegion region({"lead", "partner-een", "partner-twee"}, {&by_hand});
  const std::string path = "/v1/trajectories/" + region.ShareCase();
  ASSERT_TRUE(by_hand.Connect(region.hub().address()));
  const auto own = SystemRandom().Draw<TrajectoryId>();
  Header open = by_hand.NewHeader(Kind::kTrajectoryOpen, own);
  open.control = TrajectoryOpen();
  by_hand.Say(open);

  const std::size_t log_before = region.hub().Log().size();
  std::list<Writer> writers;
  for (RealAgent& agent : region.agents()) writers.emplace_back(agent, path);
  Submitter submitter(by_hand, region.hub().address(), own);
  const auto taken = [&] {
    int sum = 0;
    for (const Writer& writer : writers) sum += writer.taken;
    return sum;
  };

  while (kills_ < kKillsPerTest) {
    for (Writer& writer : writers) writer.budget.Add(kNotesPerKill);
    submitter.budget.Add(2);
    const int goal = taken() + 1 + Draw(kNotesPerKill);
    ASSERT_TRUE(WaitUntil([&] { return taken() >= goal; }, std::chrono::seconds(60))) << "the load came to a halt";
    const int what = Draw(100);
    if (what < 60) {
      if (Chance(60)) WaitUntil([&] { return submitter.in_flight.load(); }, std::chrono::milliseconds(200));
      KillAndLaunch(region.hub(), "hub");
    }
    if (what >= 45) {
      RealAgent& agent = region.agent(static_cast<std::size_t>(Draw(3)));
      KillAndLaunch(agent, agent.id());
    }
    if (HasFatalFailure()) return;
    // Now and then everything comes up and gets through before the next blow.
    if (Chance(20)) {
      ASSERT_TRUE(WaitUntil([&] { return region.agent(0).Synced(); }, std::chrono::seconds(60)));
    }
  }
  for (Writer& writer : writers) writer.Join();
  submitter.Join();

  // The load was real, and the kills fell into it.
  EXPECT_GE(kills_, kKillsPerTest);
  EXPECT_EQ(victims_.size(), 4U) << "somebody was never killed";
  EXPECT_GT(early_kills_, 0);
  EXPECT_GT(submitter.repeated, 0) << "no hub died with a batch in its hands";
  EXPECT_GE(taken(), kKillsPerTest);
  EXPECT_GE(submitter.acknowledged.size(), 200U);
  EXPECT_EQ(submitter.faults, std::vector<std::string>{});
  std::map<std::string, std::string> titles;
  for (Writer& writer : writers) {
    EXPECT_EQ(writer.refused, std::vector<std::string>{});
    EXPECT_GT(writer.taken, 0);
    titles.merge(writer.titles);
  }

  // All agents come to hold the same, which is at least what was taken.
  std::vector<std::vector<std::string>> held;
  const bool converged = WaitUntil(
      [&] {
        held.clear();
        for (RealAgent& agent : region.agents()) {
          if (!agent.Answers() || !agent.Synced()) return false;
        }
        for (RealAgent& agent : region.agents()) held.push_back(NotesOf(agent, path));
        return held[0].size() >= titles.size() && held[0] == held[1] && held[1] == held[2];
      },
      std::chrono::seconds(90));
  std::string standing;
  for (RealAgent& agent : region.agents()) standing += agent.Status().dump() + "\n";
  ASSERT_TRUE(converged) << titles.size() << " notes were taken\n" << standing;
  EXPECT_EQ(std::set(held[0].begin(), held[0].end()).size(), held[0].size()) << "a note twice";
  int missing = 0;
  for (const auto& [record, title] : titles)
    missing += std::binary_search(held[0].begin(), held[0].end(), record) ? 0 : 1;
  EXPECT_EQ(missing, 0) << "notes that were taken are nowhere";

  // The same words at everyone, and no note twice under another id.
  std::map<std::string, std::string> words;
  std::set<std::string> seen_titles;
  for (RealAgent& agent : region.agents()) {
    for (const Json& note : agent.Client().MustList(path + "/notes?show=full", "records")) {
      const std::string title = note["body"]["title"];
      EXPECT_EQ(note["body"]["text"], TextOf(title));
      const auto [at, fresh] = words.emplace(note["id"], title);
      EXPECT_EQ(at->second, title);
      EXPECT_TRUE(!fresh || seen_titles.insert(title).second) << title << " stands under two ids";
      const auto known = titles.find(note["id"]);
      EXPECT_TRUE(known == titles.end() || known->second == title) << title << " under the id of another";
    }
    EXPECT_EQ(agent.Client().MustGet("/v1/alarms")["alarms"], Json::array());
    EXPECT_EQ(agent.Status()["distrusted"], nullptr);
  }
  EXPECT_GT(words.size(), 0U);

  // What the views above said gets through too; then everything stops by itself and verifies.
  for (RealAgent& agent : region.agents()) {
    EXPECT_TRUE(WaitUntil([&] {
      const Json status = agent.Status();
      return status["views_unreported"] == 0 && status["outbox"] == 0;
    }));
  }
  by_hand.Disconnect();
  region.Stop();
  EXPECT_EQ(region.hub().Log().find("\"event\":\"transport.refused\",\"kind\":\"key\"", log_before), std::string::npos)
      << "a hub that was starting refused somebody it knows";
  region.hub().Verify();
  for (RealAgent& agent : region.agents()) MustRun(agent.Command({"check"}));

  const HubLog log = ReadHubLog(region.hub().folder());
  for (const auto& [record, where] : log.records) EXPECT_EQ(where.size(), 1U) << ToText(record) << " twice in the log";
  for (const auto& [to, where] : log.handed) EXPECT_EQ(where.size(), 1U) << "handed twice to " << to.first;
  EXPECT_TRUE(log.withheld.empty());
  for (const auto& [record, sequence] : submitter.acknowledged) {
    const auto found = log.records.find(record);
    ASSERT_TRUE(found != log.records.end()) << "an acknowledged record is not in the log";
    EXPECT_EQ(found->second[0], sequence) << "acknowledged with another sequence";
  }
  for (const std::string& note : held[0]) {
    const auto record = ParseId<RecordId>(note).value();
    EXPECT_TRUE(log.records.contains(record));
    std::size_t readers = 0;
    for (RealAgent& agent : region.agents()) readers += log.handed.contains(std::pair(agent.id(), record)) ? 1 : 0;
    EXPECT_EQ(readers, 2U) << "handed to all but its author";
  }
  std::printf(
      "%d kills (%d of the hub, %d during a start), %d requests and %d batches cut off; %zu notes, %zu records "
      "by hand, %llu entries\n",
      kills_, victims_["hub"], early_kills_,
      [&] {
        int sum = 0;
        for (const Writer& writer : writers) sum += writer.broken;
        return sum;
      }(),
      submitter.repeated.load(), held[0].size(), submitter.acknowledged.size(),
      static_cast<unsigned long long>(log.entries));
}

INSTANTIATE_TEST_SUITE_P(Seeds, KillTest, ::testing::Range(1, kHistories + 1));

}  // namespace
}  // namespace schakel::testing
