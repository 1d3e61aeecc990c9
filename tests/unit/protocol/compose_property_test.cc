// What holds of the composition rule whatever was granted, by whom, and in whichever order it arrived.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <random>

#include "protocol/policy.h"
#include "support/builders.h"

namespace schakel::test {
namespace {

constexpr std::uint64_t kSeedFirst = 3'000;
constexpr Purpose kPurposes[] = {Purpose::kCareCoordination, Purpose::kCourtReport, Purpose::kSafety};
constexpr Category kCategories[] = {Category::kIdentity, Category::kContact, Category::kGoals, Category::kAgreements,
                                    Category::kHealth};

std::uint64_t SeedCount() { return std::getenv("SCHAKEL_LIGHT") != nullptr ? 60 : 600; }

// A trajectory of all six, and random things said of its grants.
class World {
 public:
  explicit World(std::uint64_t seed) : generator_(seed) {
    stage_ = Stage::kChild;
    members_ = Membership({kPsychiatry, kSchool, kPolice, kWelfare, kCourt}, kOurs, stage_);
    for (const OrgId& a : {kPsychiatry, kSchool, kPolice, kWelfare, kCourt}) {
      for (const OrgId& b : {kPsychiatry, kSchool, kPolice, kWelfare, kCourt}) {
        if (a != b) members_.push_back(Says(kYouthCare, MemberShow{a, b}, 0x200 + members_.size()));
      }
    }
    for (unsigned i = 0; i < 3; ++i) said_.push_back(Says(kYouthCare, SomeFrame(), 0x40 + i));
    const std::size_t grants = 6 + Draw(30);
    for (std::size_t i = 0; i < grants; ++i) Give(0x1000 + i);
    const std::size_t changes = Draw(12);
    for (std::size_t i = 0; i < changes; ++i) Change(0x1000 + Draw(grants), 0x3000 + i);
    if (Draw(3) != 0) SayStage(Stage::kCapable);
    if (Draw(3) == 0) SayStage(Stage::kAdult);
    if (Draw(4) == 0) {
      said_.push_back(Says(kYouthCare, SubjectStage{Stage::kAdult, kWelfare}, 0x5100));
      stage_ = Stage::kAdult;
    }
  }

  std::size_t Draw(std::size_t below) { return generator_() % below; }
  PolicyState StateOf(const std::vector<Header>& said) const {
    PolicyState state = StateAfter(members_);
    for (const Header& header : said) state.Apply(header);
    return state;
  }
  std::vector<Header> Shuffled() {
    std::vector<Header> shuffled = said_;
    std::shuffle(shuffled.begin(), shuffled.end(), generator_);
    return shuffled;
  }
  struct Question {
    Header content;
    OrgId recipient;
  };
  // Mostly near a grant: what is far from all of them tells little.
  Question Ask() {
    Question question{NoteBy(Draw(4) == 0 ? kSchool : kYouthCare), SomeRecipient()};
    Header& header = question.content;
    header.purpose = kPurposes[Draw(3)];
    header.categories = SomeCategories();
    const Header& near = said_[Draw(said_.size())];
    const auto* give = std::get_if<GrantGive>(&near.control);
    if (!give) return question;
    question.recipient = give->recipient;
    header.author = near.author;
    if (!give->purposes.Has(header.purpose)) header.purpose = kPurposes[Draw(3)];
    const CategorySet within = header.categories.And(give->categories);
    if (!within.empty()) header.categories = within;
    return question;
  }
  Question AskForCourt() {
    Question question = Ask();
    question.recipient = kCourt;
    if (Draw(4) != 0) question.content.purpose = Purpose::kCourtReport;
    if (Draw(2) == 0) question.content.categories = CategorySet{kCategories[Draw(5)]};
    return question;
  }
  OrgId SomeRecipient() {
    const OrgId recipients[] = {kPsychiatry, kCourt, kPolice, kWelfare};
    return recipients[Draw(3)];
  }
  Directory SomeRegion() {
    static const Directory regions[] = {DirectoryOfSix(), WithParentsRule(DirectoryOfSix(), ParentsRule::kEither),
                                        WithParentsRule(DirectoryOfSix(), ParentsRule::kBoth)};
    return regions[Draw(3)];
  }
  const std::vector<Header>& said() const { return said_; }
  Stage stage() const { return stage_; }

 private:
  CategorySet SomeCategories() {
    CategorySet set;
    for (const Category category : kCategories) {
      if (Draw(2) == 0) set.Add(category);
    }
    if (set.empty()) set.Add(kCategories[Draw(5)]);
    return set;
  }
  PurposeSet SomePurposes() {
    PurposeSet set{kPurposes[Draw(3)]};
    set.Add(kPurposes[Draw(3)]);
    return set;
  }
  Timestamp SomeEnd() { return kNow + (static_cast<int>(Draw(20)) - 2) * kHour; }
  CaseFrame SomeFrame() {
    CaseFrame frame = FrameOf({kYouthCare, SomeRecipient()});
    frame.purposes = SomePurposes();
    frame.ends_at = SomeEnd();
    return frame;
  }
  void Give(std::uint64_t number) {
    GrantGive grant = GrantTo(SomeRecipient());
    grant.basis = Draw(3) == 0 ? static_cast<Basis>(1 + Draw(5)) : Basis::kConsent;
    grant.grantor = static_cast<Grantor>(1 + Draw(grant.basis == Basis::kConsent ? 4 : 6));
    grant.purposes = SomePurposes();
    grant.categories = SomeCategories();
    grant.ends_at = SomeEnd();
    if (grant.basis == Basis::kSharedSecrecy && Draw(8) != 0)
      grant.secrecy = SharedSecrecy{Sought::kAgreed, true, true};
    if (grant.basis == Basis::kCaseConsultation) grant.frame = RecordNo(0x40 + Draw(4));
    const bool by_member = grant.basis == Basis::kEmergency && Draw(2) == 0;
    said_.push_back(Says(by_member ? kSchool : kYouthCare, grant, number));
  }
  void Change(std::uint64_t grant, std::uint64_t number) {
    const RecordId id = RecordNo(grant);
    const auto outcome = static_cast<ReviewOutcome>(1 + Draw(3));
    const std::size_t what = Draw(4);
    if (what == 0) said_.push_back(Says(kYouthCare, GrantWithdraw{id}, number));
    if (what == 1) said_.push_back(Says(kYouthCare, EmergencyReview{id, outcome}, number));
    if (what > 1) {
      said_.push_back(Says(kYouthCare, GrantNarrow{id, SomePurposes(), SomeCategories(), SomeEnd()}, number));
    }
  }
  void SayStage(Stage stage) {
    said_.push_back(Says(kYouthCare, SubjectStage{stage, {}}, 0x5000 + static_cast<std::uint64_t>(stage)));
    stage_ = std::max(stage_, stage);
  }

  std::mt19937_64 generator_;
  std::vector<Header> members_;
  std::vector<Header> said_;
  Stage stage_;
};

template <typename Test>
void ForEachSeed(const Test& test) {
  for (std::uint64_t i = 0; i < SeedCount(); ++i) {
    const std::uint64_t seed = kSeedFirst + i;
    SCOPED_TRACE("seed " + std::to_string(seed));
    World world(seed);
    test(world);
    if (::testing::Test::HasFailure()) return;
  }
}

bool Permits(const Decision& decision) { return std::holds_alternative<Permit>(decision); }

TEST(ComposeProperty, OrderOfArrivalNeverMatters) {
  std::size_t permits = 0;
  ForEachSeed([&](World& world) {
    const PolicyState first = world.StateOf(world.said());
    for (int i = 0; i < 4; ++i) {
      const PolicyState other = world.StateOf(world.Shuffled());
      ASSERT_EQ(ToHex(first.Encode()), ToHex(other.Encode()));
      ASSERT_EQ(first, other);
      for (int j = 0; j < 10; ++j) {
        const auto [content, recipient] = world.Ask();
        const Directory region = world.SomeRegion();
        const Decision decision = Decide(first, region, content, recipient, kNow);
        ASSERT_EQ(Said(decision), Said(Decide(other, region, content, recipient, kNow)));
        permits += Permits(decision) ? 1 : 0;
      }
    }
  });
  EXPECT_GT(permits, SeedCount());
}

TEST(ComposeProperty, WhatTakesAwayNeverWidens) {
  std::size_t narrowed = 0;
  ForEachSeed([&](World& world) {
    const Directory region = world.SomeRegion();
    std::vector<Header> before;
    for (const Header& header : world.Shuffled()) {
      const bool takes_away = header.kind == Kind::kGrantNarrow || header.kind == Kind::kGrantWithdraw;
      std::vector<Header> after = before;
      after.push_back(header);
      if (takes_away) {
        const PolicyState was = world.StateOf(before);
        const PolicyState is = world.StateOf(after);
        for (int i = 0; i < 20; ++i) {
          const auto [content, recipient] = world.Ask();
          const bool permitted = Permits(Decide(was, region, content, recipient, kNow));
          const bool permits = Permits(Decide(is, region, content, recipient, kNow));
          ASSERT_TRUE(permitted || !permits) << Slug(header.kind);
          narrowed += permitted && !permits ? 1 : 0;
        }
      }
      before = std::move(after);
    }
  });
  EXPECT_GT(narrowed, SeedCount() / 10);
}

TEST(ComposeProperty, NothingPassesTheWallButTheTwoRoads) {
  std::size_t passed = 0;
  ForEachSeed([&](World& world) {
    const PolicyState state = world.StateOf(world.said());
    const Trajectory& trajectory = *state.Find(kOurs);
    for (int i = 0; i < 60; ++i) {
      const Header content = world.AskForCourt().content;
      const Directory region = world.SomeRegion();
      const Decision decision = Decide(state, region, content, kCourt, kNow);
      if (!Permits(decision)) continue;
      ++passed;
      ASSERT_EQ(content.purpose, Purpose::kCourtReport);
      const Grant* grant = trajectory.FindGrant(*std::get<Permit>(decision).grant);
      ASSERT_NE(grant, nullptr);
      ASSERT_TRUE(!grant->withdrawn && grant->categories.Covers(content.categories) && grant->ends_at > kNow);
      if (grant->terms.basis == Basis::kCourtMandate) {
        ASSERT_TRUE(CategorySet({Category::kIdentity, Category::kContact}).Covers(content.categories));
        continue;
      }
      ASSERT_EQ(grant->terms.basis, Basis::kConsent);
      ASSERT_EQ(grant->terms.grantor, Grantor::kYoungPerson);
      ASSERT_NE(world.stage(), Stage::kChild);
      if (world.stage() == Stage::kAdult) continue;
      const bool with_guardians = std::ranges::any_of(trajectory.GrantsTo(kCourt), [&](const Grant& other) {
        return !other.withdrawn && other.terms.basis == Basis::kConsent &&
               other.terms.grantor != Grantor::kYoungPerson && other.categories.Covers(content.categories);
      });
      ASSERT_TRUE(with_guardians);
    }
  });
  EXPECT_GT(passed, SeedCount() / 10);
}

TEST(ComposeProperty, CeilingsOutvoteEveryBasis) {
  ForEachSeed([&](World& world) {
    const PolicyState state = world.StateOf(world.said());
    for (int i = 0; i < 30; ++i) {
      const Header content = world.Ask().content;
      const bool allowed = DirectoryOfSix().FindCeiling(Sector("police"))->categories.Covers(content.categories);
      const Decision decision = Decide(state, world.SomeRegion(), content, kPolice, kNow);
      ASSERT_TRUE(allowed || Said(decision) == "sector-ceiling");
    }
  });
}

TEST(ComposeProperty, OfAgeTheParentsGrantsDecideNothing) {
  std::size_t permits = 0;
  ForEachSeed([&](World& world) {
    std::vector<Header> said = world.said();
    said.push_back(Says(kYouthCare, SubjectStage{Stage::kAdult, {}}, 0x6000));
    const PolicyState state = world.StateOf(said);
    std::erase_if(said, [](const Header& header) {
      const auto* give = std::get_if<GrantGive>(&header.control);
      return give && give->basis == Basis::kConsent && give->grantor != Grantor::kYoungPerson;
    });
    const PolicyState without = world.StateOf(said);
    for (int i = 0; i < 30; ++i) {
      const auto [content, recipient] = world.Ask();
      const Directory region = world.SomeRegion();
      const Decision with = Decide(state, region, content, recipient, kNow);
      ASSERT_EQ(Permits(with), Permits(Decide(without, region, content, recipient, kNow)));
      permits += Permits(with) ? 1 : 0;
    }
  });
  EXPECT_GT(permits, SeedCount() / 4);
}

TEST(ComposeProperty, SnapshotsComeBackWhateverIsMissing) {
  ForEachSeed([&](World& world) {
    std::vector<Header> part = world.Shuffled();
    part.resize(part.size() / 2);  // Changes without their grants, grants without their frames.
    const PolicyState state = world.StateOf(part);
    const auto back = PolicyState::Decode(state.Encode());
    ASSERT_TRUE(back.has_value()) << ToText(back.error());
    ASSERT_EQ(*back, state);
    ASSERT_EQ(back->Encode(), state.Encode());
  });
}

TEST(ComposeProperty, WithoutGrantsNobodyReceives) {
  ForEachSeed([&](World& world) {
    std::vector<Header> said = world.said();
    std::erase_if(said, [](const Header& header) { return header.kind == Kind::kGrantGive; });
    const PolicyState state = world.StateOf(said);
    for (int i = 0; i < 30; ++i) {
      ASSERT_FALSE(Permits(Decide(state, world.SomeRegion(), world.Ask().content, world.SomeRecipient(), kNow)));
    }
  });
}

}  // namespace
}  // namespace schakel::test
