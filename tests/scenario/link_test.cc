// LINK: a question to a platform without saying who it is about. Everything that passes between the agents and the hub,
// and everything that the hub keeps and prints, is captured and searched for who it is about; so is all that the
// adviser's agent keeps and answers, until who asked reveals it.
#include <gtest/gtest.h>

#include <map>
#include <mutex>

#include "lying_hub.h"
#include "support/canary.h"
#include "support/real_region.h"

namespace schakel::testing {
namespace {

constexpr auto kPatience = std::chrono::seconds(60);

// The wire, in the place of the honest hub: it changes nothing, and keeps each message as it was after the transport's
// own encryption.
class Capture {
 public:
  explicit Capture(RealHub& hub) : lying_(hub, {hub.data()}, {Keep(), Keep(), nullptr}) {}

  std::string All() const {
    std::lock_guard lock(mutex_);
    std::string all;
    for (const auto& [whose, bytes] : messages_) all += bytes;
    return all;
  }
  std::string Of(const std::string& organisation) const {
    std::lock_guard lock(mutex_);
    const auto found = messages_.find(organisation);
    return found == messages_.end() ? std::string() : found->second;
  }

 private:
  LyingHub::Change Keep() {
    return [this](const OrgId& whose, Message& message) {
      const Bytes bytes = EncodeMessage(message);
      std::lock_guard lock(mutex_);
      messages_[whose.value()].append(AsText(bytes));
      return false;
    };
  }

  mutable std::mutex mutex_;
  std::map<std::string, std::string> messages_;
  LyingHub lying_;  // Last: it calls on the rest.
};

class LinkStory : public ::testing::Test {
 protected:
  LinkStory() : region_({"link-vraagt", "link-raadt-aan"}) {
    if (region_.hub().process().Terminate() != 0) throw std::runtime_error(region_.hub().Log());
    wire_ = std::make_unique<Capture>(region_.hub());
    const bool back = WaitUntil([&] { return region_.agent(0).Synced() && region_.agent(1).Synced(); }, kPatience);
    if (!back) throw std::runtime_error("the agents did not come back");
  }

  // Words of the file that say who it is; each long enough to be in no file by chance.
  const std::vector<std::string> who_ = {"Zebedeus", "Kwintelberghe", "Papenlookstraat"};

  std::vector<Bytes> Identity() const {
    std::vector<Bytes> words;
    for (const std::string& word : who_) words.push_back(ToBytes(AsBytes(word)));
    return words;
  }
  // What the hub side has seen, holds and said; and what the adviser's agent keeps, and answers on each route.
  void ExpectNothingAtTheHub(const char* when) {
    SCOPED_TRACE(when);
    CanarySearch search(Identity());
    EXPECT_GT(wire_->All().size(), 10'000U);
    EXPECT_EQ(search.FindIn(wire_->All()), std::vector<std::string>{});
    EXPECT_EQ(search.FindBelow(region_.hub().folder()), std::vector<std::string>{});
    EXPECT_EQ(search.FindIn(region_.hub().Log()), std::vector<std::string>{});
    EXPECT_GT(search.bytes, 10'000U);
  }
  std::string AllThatTheAdviserReads() {
    std::string all;
    for (const std::string& route :
         {std::string("/v1/consultations"), "/v1/consultations/" + question_, "/v1/records/" + question_,
          std::string("/v1/inbox"), std::string("/v1/invitations"), std::string("/v1/trajectories"),
          std::string("/v1/alarms")}) {
      all += adviser_.Get(route).json.dump() + "\n";
    }
    return all;
  }

  RealRegion region_;
  std::unique_ptr<Capture> wire_;
  ApiClient asker_ = region_.agent(0).Client("Nora Peeters");
  ApiClient adviser_ = region_.agent(1).Client("dokter Claes");
  std::string trajectory_, path_, question_;
};

TEST_F(LinkStory, NothingTellsWhoItIsAboutUntilItIsRevealed) {
  trajectory_ = asker_.MustPost("/v1/trajectories", {{"label", "Zebedeus Kwintelberghe"}}, 10)["trajectory"];
  path_ = "/v1/trajectories/" + trajectory_;
  asker_.MustPost(path_ + "/notes", LivingNote("Bezoek", "Zebedeus woont in de Papenlookstraat."), 10);
  // A question that names somebody does not leave.
  const Json question = {{"subject", "Slapen"},
                         {"question", "Een jongere van zestien komt niet tot rust. Waar letten we op?"},
                         {"categories", {"living"}},
                         {"to", {"link-raadt-aan"}}};
  for (const std::string& word : who_) {
    Json named = question;
    named["question"] = "Waar letten we op bij " + word + "?";
    const Reply refused = asker_.Post("/v1/consultations", named, 10);
    EXPECT_EQ(refused.json["rule"], "consultation.identifying") << word;
  }
  question_ = asker_.MustPost("/v1/consultations", question, 10)["record"];
  ASSERT_TRUE(WaitUntil([&] { return adviser_.Get("/v1/consultations/" + question_).ok(); }, kPatience));
  const auto answer = [&](ApiClient& who, const std::string& text) {
    who.MustPost("/v1/consultations/" + question_ + "/answers", {{"text", text}}, 10);
  };
  answer(adviser_, "Begin met een dagritme, dan komt de rust.");
  answer(asker_, "En als dat niet lukt?");
  answer(adviser_, "Dan samen met de huisarts.");
  const auto answered = [&] { return asker_.MustGet("/v1/consultations/" + question_)["answers"].size() == 2; };
  ASSERT_TRUE(WaitUntil(answered, kPatience)) << asker_.MustGet("/v1/consultations/" + question_);

  ExpectNothingAtTheHub("before it is revealed");
  const std::string read = AllThatTheAdviserReads();
  EXPECT_NE(read.find("komt niet tot rust"), std::string::npos) << "it reads the question";
  std::vector<Bytes> pseudonym = {FromHex(trajectory_).value()};
  for (const Bytes& word : Identity()) pseudonym.push_back(word);
  CanarySearch at_the_adviser(pseudonym);
  EXPECT_EQ(at_the_adviser.FindIn(read), std::vector<std::string>{});
  EXPECT_EQ(at_the_adviser.FindIn(wire_->Of("link-raadt-aan")), std::vector<std::string>{})
      << "nor the pseudonym, on its own connection";
  EXPECT_EQ(at_the_adviser.FindBelow(region_.agent(1).folder()), std::vector<std::string>{});

  // With consent: it takes part, may have it, and is told.
  asker_.MustPost(path_ + "/invitations", {{"organisation", "link-raadt-aan"}}, 10);
  ASSERT_TRUE(WaitUntil([&] { return adviser_.Get(path_).ok(); }, kPatience));
  adviser_.MustPost(path_ + "/join", Json::object(), 10);
  ASSERT_TRUE(WaitUntil([&] { return asker_.MustGet(path_)["members"][1]["status"] == "joined"; }, kPatience));
  Json grant = LivingGrant("link-raadt-aan");
  grant["purposes"] = {"care-coordination", "consultation"};
  asker_.MustPost(path_ + "/grants", grant, 10);
  asker_.MustPost("/v1/consultations/" + question_ + "/reveals",
                  {{"trajectory", trajectory_}, {"text", "Het gaat over Zebedeus."}, {"to", {"link-raadt-aan"}}}, 10);
  const auto revealed = [&] { return adviser_.MustGet("/v1/consultations/" + question_).dump().contains(trajectory_); };
  ASSERT_TRUE(WaitUntil(revealed, kPatience));
  const std::string after = AllThatTheAdviserReads();
  EXPECT_NE(after.find(trajectory_), std::string::npos) << "now it knows, so there was something to find";
  ExpectNothingAtTheHub("after it was revealed: that is between the two");
}

}  // namespace
}  // namespace schakel::testing
