// A hub's operator who lies, and agents as real processes that are lied to over real sockets. Whatever is left out, put
// in another order, changed, forked, rolled back or swapped: the agent names it, says what to do, talks no more to that
// hub where nothing of it can be trusted any longer, and shows nobody what is wrong.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <set>

#include "lying_hub.h"
#include "protocol/entry.h"
#include "support/real_region.h"

namespace schakel::testing {
namespace {

namespace fs = std::filesystem;

constexpr auto kPatience = std::chrono::seconds(120);  // An agent looks for a newer head every half minute.

// Two agents share a trajectory at an honest hub, until the operator puts another in its place.
class LyingHubTest : public ::testing::Test {
 protected:
  LyingHubTest() : region_({"lead", "partner"}) {
    path_ = "/v1/trajectories/" + region_.ShareCase();
    first_ = Write(lead(), "voor de leugen");
    const bool arrived = WaitUntil([&] { return Shows(partner(), first_); }, kPatience);
    if (!arrived) throw std::runtime_error("the first note did not arrive");
  }
  RealHub& hub() { return region_.hub(); }
  RealAgent& lead() { return region_.agent(0); }
  RealAgent& partner() { return region_.agent(1); }

  // A note that the hub took.
  std::string Write(RealAgent& author, const std::string& title) {
    const Json note = author.Client().MustPost(path_ + "/notes", LivingNote(title, title), 20);
    EXPECT_EQ(note["state"], "accepted") << author.Log();
    return note["record"];
  }
  std::set<std::string> Shown(const RealAgent& agent) const {
    std::set<std::string> ids;
    for (const Json& note : agent.Client().MustList(path_ + "/notes", "records"))
      ids.insert(note["id"].get<std::string>());
    return ids;
  }
  bool Shows(const RealAgent& agent, const std::string& record) const { return Shown(agent).contains(record); }

  static void Stop(RealAgent& agent) { ASSERT_EQ(agent.process().Terminate(), 0) << agent.Log(); }
  void StopHub() { ASSERT_EQ(hub().process().Terminate(), 0) << hub().Log(); }
  static void Restart(RealAgent& agent) {
    Stop(agent);
    agent.Start();
  }
  static void AwaitWelcome(const RealAgent& agent) {
    ASSERT_TRUE(WaitUntil([&] { return agent.Synced(); }, kPatience)) << agent.Log();
  }
  fs::path CopyOfTheLog(const std::string& name) {
    const fs::path copy = region_.folder() / name;
    fs::copy(hub().data(), copy, fs::copy_options::recursive);
    return copy;
  }

  static std::optional<Json> Alarm(const RealAgent& agent, const std::string& rule) {
    for (const Json& alarm : agent.Client().MustList("/v1/alarms", "alarms")) {
      if (alarm["what"]["rule"] == rule) return alarm["what"];
    }
    return std::nullopt;
  }
  static void ExpectAlarm(const RealAgent& agent, const std::string& rule) {
    SCOPED_TRACE(agent.id() + " " + rule);
    ASSERT_TRUE(WaitUntil([&] { return Alarm(agent, rule).has_value(); }, kPatience)) << agent.Log();
    EXPECT_FALSE((*Alarm(agent, rule))["title"].get<std::string>().empty());
    EXPECT_FALSE((*Alarm(agent, rule))["next"].get<std::string>().empty()) << "what to do is not said";
  }
  // By this rule, in the status and as an alarm; and it stays so when the agent is started again.
  static void ExpectDistrust(RealAgent& agent, const std::string& rule) {
    SCOPED_TRACE(agent.id() + " " + rule);
    ASSERT_TRUE(WaitUntil([&] { return !agent.Status()["distrusted"].is_null(); }, kPatience)) << agent.Log();
    for (const bool restarted : {false, true}) {
      if (restarted) Restart(agent);
      const Json status = agent.Status();
      ASSERT_FALSE(status["distrusted"].is_null()) << "forgotten at the next start";
      EXPECT_EQ(status["distrusted"]["rule"], rule);
      EXPECT_FALSE(status["distrusted"]["next"].get<std::string>().empty()) << "what to do is not said";
      EXPECT_TRUE(WaitUntil([&] { return agent.Status()["connected"] == false; })) << "it goes on talking to a liar";
      ExpectAlarm(agent, rule);
    }
  }

  RealRegion region_;
  std::string path_;
  std::string first_;
};

// ---- What an agent is handed ----

// Two notes that wait for the partner, who comes back to a hub that lies in handing them over.
class LyingFeed : public LyingHubTest {
 protected:
  using Items = std::vector<FeedItem>;
  LyingFeed() {
    Stop(partner());
    for (const char* title : {"een", "twee"}) waiting_.push_back(Write(lead(), title));
    Stop(lead());
    StopHub();
  }
  // Changes the items on their way to the partner; yields whether it did.
  void Serve(std::function<bool(Items& items)> change) {
    LyingHub::Lies lies;
    lies.tell = [change = std::move(change)](const OrgId& to, Message& message) {
      auto* items = std::get_if<FeedItems>(&message.payload);
      return to == OrgId("partner") && items != nullptr && change(items->items);
    };
    liar_ = std::make_unique<LyingHub>(hub(), std::vector{hub().data()}, std::move(lies));
    for (RealAgent& agent : region_.agents()) agent.Start();
  }
  // Where the delivery of that record is; the end: not in this message.
  static Items::iterator Find(Items& items, const std::string& record) {
    return std::ranges::find_if(items, [&](const FeedItem& item) {
      const auto entry = DecodeEntry(item.delivery);
      const auto* delivery = entry ? std::get_if<DeliveryEntry>(&entry->body) : nullptr;
      return delivery != nullptr && ToText(delivery->record) == record;
    });
  }
  // The hub is named, nothing of what waited is shown, and nobody else is troubled.
  void ExpectCaught(const std::string& rule) {
    ExpectDistrust(partner(), rule);
    EXPECT_EQ(Shown(partner()), (std::set<std::string>{first_}));
    EXPECT_EQ(lead().Status()["distrusted"], nullptr);
  }

  std::vector<std::string> waiting_;
  std::unique_ptr<LyingHub> liar_;
};

TEST_F(LyingFeed, ARecordThatIsLeftOutIsMissed) {
  Serve([this](Items& items) {
    const auto left_out = Find(items, waiting_[0]);
    if (left_out == items.end()) return false;
    items.erase(left_out);
    return true;
  });
  ExpectCaught("feed.gap");
}

TEST_F(LyingFeed, RecordsInAnotherOrderAreNoticed) {
  Serve([this](Items& items) {
    const auto first = Find(items, waiting_[0]);
    const auto second = Find(items, waiting_[1]);
    if (first == items.end() || second == items.end()) return false;
    std::iter_swap(first, second);
    return true;
  });
  ExpectCaught("feed.gap");
}

// The next one does not follow on it. The record itself is its author's, and stays.
TEST_F(LyingFeed, ADeliveryThatWasChangedIsNotInTheLog) {
  Serve([this](Items& items) {
    const auto changed = Find(items, waiting_[0]);
    if (changed == items.end()) return false;
    Entry entry = DecodeEntry(changed->delivery).value();
    std::get<DeliveryEntry>(entry.body).grant = RecordId(Id128{7});
    changed->delivery = EncodeEntry(entry);
    return true;
  });
  ExpectDistrust(partner(), "feed.forked");
  EXPECT_FALSE(Shows(partner(), waiting_[1])) << "nothing is taken from a hub that was caught";
  EXPECT_EQ(lead().Status()["distrusted"], nullptr);
}

// One item alone is wrong: that one is kept out of sight, and the feed goes on.
TEST_F(LyingFeed, BytesOfARecordThatWereChangedAreShownToNobody) {
  Serve([this](Items& items) {
    const auto changed = Find(items, waiting_[0]);
    if (changed == items.end() || !changed->content) return false;
    changed->content->ciphertext.back() ^= 1;
    return true;
  });
  ExpectAlarm(partner(), "feed.ciphertext");
  EXPECT_TRUE(WaitUntil([&] { return Shows(partner(), waiting_[1]); }, kPatience)) << partner().Log();
  EXPECT_FALSE(Shows(partner(), waiting_[0]));
  EXPECT_EQ(partner().Status()["distrusted"], nullptr);
}

// ---- What an agent is told of the log and of keys ----

TEST_F(LyingHubTest, ALogThatWasRolledBackIsNoticedByEveryAgent) {
  for (RealAgent& agent : region_.agents()) Stop(agent);
  StopHub();
  const fs::path old = CopyOfTheLog("old");
  hub().Start();
  for (RealAgent& agent : region_.agents()) agent.Start();
  std::string last;
  // More than what the other hub adds before it speaks.
  for (int i = 0; i < 10; ++i) last = Write(lead(), "na de kopie " + std::to_string(i));
  ASSERT_TRUE(WaitUntil([&] { return Shows(partner(), last); }, kPatience));
  // So that each of them has seen a head of afterwards.
  for (RealAgent& agent : region_.agents()) {
    Restart(agent);
    AwaitWelcome(agent);
    Stop(agent);
  }
  StopHub();

  LyingHub::Lies lies;  // It pretends not to hear that they know more.
  lies.hear = [](const OrgId&, Message& message) {
    auto* hello = std::get_if<Hello>(&message.payload);
    if (hello == nullptr) return false;
    hello->seen = TreeHead();
    hello->checkpoint.clear();
    return true;
  };
  const LyingHub liar(hub(), {old}, std::move(lies));
  for (RealAgent& agent : region_.agents()) agent.Start();
  for (RealAgent& agent : region_.agents()) {
    ExpectDistrust(agent, "hub.went_back");
    EXPECT_TRUE(Shows(agent, last)) << "what was there stays";
  }
}

TEST_F(LyingHubTest, AKeyThatNobodyVouchedForIsRefused) {
  for (RealAgent& agent : region_.agents()) Stop(agent);
  StopHub();
  const RawMember stranger("lead", "youth-care");
  OrgStatement swapped = stranger.Statement();
  swapped.serial = 2;
  SignedStatement forged{EncodeStatement(swapped), {}};
  forged.signatures = {SignStatement(forged.statement, stranger.record_key())};

  LyingHub::Lies lies;
  lies.tell = [forged](const OrgId& to, Message& message) {
    if (to != OrgId("partner")) return false;
    if (auto* welcome = std::get_if<Welcome>(&message.payload)) {
      ++welcome->statements;
      return true;
    }
    auto* reply = std::get_if<DirectoryReply>(&message.payload);
    if (reply == nullptr) return false;
    reply->statements = {forged};
    return true;
  };
  const LyingHub liar(hub(), {hub().data()}, std::move(lies));
  for (RealAgent& agent : region_.agents()) agent.Start();
  ExpectDistrust(partner(), "registry.signatures");
  EXPECT_EQ(lead().Status()["distrusted"], nullptr);
}

// Each of two agents is shown a history of its own: two logs, signed with one key, that go on from one copy.
TEST_F(LyingHubTest, TwoHistoriesAreCaughtByEitherOfTwoThatShareATrajectory) {
  for (RealAgent& agent : region_.agents()) Stop(agent);
  StopHub();
  const fs::path fork = CopyOfTheLog("fork");
  // What the two of them said to the hub in the meantime, which its operator has together.
  std::atomic<bool> one_face{false};  // From then on everybody is shown the partner's history.
  std::atomic<bool> passes_on{false};
  std::string cosigned;  // The hub's thread alone: the newest head for which the lead stands.
  LyingHub::Lies lies;
  lies.face = [&](const OrgId& whose) -> std::size_t { return whose == OrgId("partner") || one_face ? 1 : 0; };
  lies.hear = [&](const OrgId& from, Message& message) {
    const auto* cosign = std::get_if<Cosign>(&message.payload);
    if (cosign != nullptr && from == OrgId("lead")) cosigned = cosign->note;
    auto* hello = std::get_if<Hello>(&message.payload);
    if (hello == nullptr || from != OrgId("lead") || !one_face) return false;
    hello->seen = TreeHead();
    hello->checkpoint.clear();
    return true;
  };
  lies.tell = [&](const OrgId& to, Message& message) {
    auto* ack = std::get_if<CosignAck>(&message.payload);
    if (ack == nullptr || to != OrgId("partner") || !passes_on || cosigned.empty()) return false;
    ack->other = cosigned;
    return true;
  };
  const LyingHub liar(hub(), {hub().data(), fork}, std::move(lies));
  for (RealAgent& agent : region_.agents()) agent.Start();
  for (RealAgent& agent : region_.agents()) AwaitWelcome(agent);
  const std::string of_lead = Write(lead(), "in de ene geschiedenis");
  std::string of_partner;
  // So that this one is the longer.
  for (int i = 0; i < 10; ++i) of_partner = Write(partner(), "in de andere " + std::to_string(i));
  // Each sees a head of its own history that has these, and cosigns it; by itself neither can know.
  for (RealAgent& agent : region_.agents()) {
    ASSERT_TRUE(WaitUntil([&] { return agent.Status()["unproven"] == 0; }, kPatience)) << agent.Log();
    Restart(agent);
    AwaitWelcome(agent);
    EXPECT_EQ(agent.Status()["distrusted"], nullptr);
  }
  EXPECT_FALSE(Shows(partner(), of_lead));
  EXPECT_FALSE(Shows(lead(), of_partner));

  // What the lead stands for reaches the partner.
  passes_on = true;
  Restart(partner());
  ExpectDistrust(partner(), "hub.split_view");
  // And the lead meets the partner's history, when the hub gives up its other face.
  one_face = true;
  Restart(lead());
  ExpectDistrust(lead(), "hub.forked");
  EXPECT_FALSE(Shows(lead(), of_partner));
  EXPECT_FALSE(Shows(partner(), of_lead));
}

}  // namespace
}  // namespace schakel::testing
