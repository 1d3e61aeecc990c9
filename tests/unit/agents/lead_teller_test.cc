// Who led tells the new lead what was said before, and whoever had left who leads now: once, also across a crash.
#include "lead_teller.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/builders.h"
#include "support/small_world.h"

namespace schakel::testing {
namespace {

using std::chrono::hours;
using std::chrono::seconds;
using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// `lead` leads, `partner` takes part, `third` did and left.
class PassingWorld : public SmallWorld {
 public:
  PassingWorld() {
    ConnectAll();
    OpenTrajectory();
    of_others = lead().Give(trajectory, lead_id).value();
    Exchange();
    const RecordId second = lead().Invite(trajectory, third_id).value();
    Exchange();
    EXPECT_TRUE(third().Join(trajectory, second));
    Exchange();
    EXPECT_TRUE(third().Leave(trajectory));
    Exchange();
  }
  RecordId Say(TestAgent& agent, Kind kind, Control control) {
    Draft draft;
    draft.kind = kind;
    draft.trajectory = trajectory;
    draft.control = std::move(control);
    auto said = agent.sync().Say(draft);
    EXPECT_TRUE(said) << (said ? "" : ToText(said.error()));
    return said.value_or(RecordId());
  }
  RecordId Offer() {
    const RecordId offer = Say(lead(), Kind::kLeadOffer, LeadOffer{partner_id, clock.Now() + hours(24)});
    Exchange();
    return offer;
  }
  Trajectory At(TestAgent& agent) { return agent.knowledge().FindTrajectory(trajectory).value(); }
  std::size_t Told(const TestAgent& agent) const {
    std::size_t count = 0;
    for (const HeldRecord& held : agent.Held()) count += held.header.kind == Kind::kLeadPassed ? 1 : 0;
    return count;
  }
  void ExpectPassed() {
    const Trajectory known = At(partner());
    EXPECT_EQ(known.lead, partner_id);
    EXPECT_TRUE(known.LeadsWhole(partner_id));
    ASSERT_TRUE(known.members.contains(third_id)) << "it was told who was there before it came";
    EXPECT_EQ(known.members.at(third_id).status, MemberStatus::kLeft);
    EXPECT_TRUE(known.IsMember(lead_id));
    EXPECT_NE(known.FindGrant(grant), nullptr);
    EXPECT_NE(known.FindGrant(of_others), nullptr) << "one that it had no part in";
    EXPECT_EQ(At(lead()).lead, partner_id);
    EXPECT_EQ(At(third()).lead, partner_id) << "it had left, and hears who leads";
    for (TestAgent* agent : {&lead(), &partner(), &third()}) EXPECT_THAT(agent->Alarms(), IsEmpty());
  }

  RecordId of_others;
};

TEST(LeadTellerTest, TheNewLeadIsToldAndSoIsWhoeverLeft) {
  PassingWorld world;
  const RecordId offer = world.Offer();
  EXPECT_FALSE(world.At(world.partner()).members.contains(world.third_id)) << "nothing before it accepts";
  EXPECT_EQ(world.At(world.partner()).FindGrant(world.of_others), nullptr);
  world.Say(world.partner(), Kind::kLeadAccept, LeadAccept{offer});
  world.Exchange();
  world.ExpectPassed();
  EXPECT_EQ(world.Told(world.third()), 1U);
  EXPECT_EQ(world.Told(world.partner()), 1U);
  world.Pass(seconds(5));
  EXPECT_EQ(world.Told(world.lead()), 2U) << "said once each";
}

TEST(LeadTellerTest, AfterARestartItIsKnownAndNotToldAgain) {
  PassingWorld world;
  const RecordId offer = world.Offer();
  world.Say(world.partner(), Kind::kLeadAccept, LeadAccept{offer});
  world.Exchange();
  for (TestAgent* agent : {&world.lead(), &world.partner(), &world.third()}) {
    agent->Restart();
    world.Connect(*agent);
  }
  world.Pass(seconds(2));
  world.ExpectPassed();
  EXPECT_EQ(world.Told(world.lead()), 2U);
}

// What was answered to who led is known to the new lead, also after a restart: nobody is asked for it again.
TEST(LeadTellerTest, ReceiptsOfBeforeAreAmongWhatIsTold) {
  PassingWorld world;
  const RecordId again = world.lead().Invite(world.trajectory, world.third_id).value();
  world.Exchange();
  ASSERT_TRUE(world.third().Join(world.trajectory, again));
  world.Exchange();
  ASSERT_TRUE(world.lead().Show(world.trajectory, world.partner_id, world.third_id));
  ASSERT_TRUE(world.lead().Show(world.trajectory, world.third_id, world.partner_id));
  const RecordId to_third = world.lead().Give(world.trajectory, world.third_id).value();
  world.Exchange();
  const RecordId withdrawal = world.lead().Withdraw(world.trajectory, to_third).value();
  world.Exchange();
  EXPECT_THAT(world.partner().knowledge().ToldOf(world.trajectory), IsEmpty());
  const RecordId offer = world.Offer();
  world.Say(world.partner(), Kind::kLeadAccept, LeadAccept{offer});
  world.Exchange();
  const auto receipts = [&] {
    std::vector<GrantReceipt> found;
    for (const Header& header : world.partner().knowledge().ToldOf(world.trajectory)) {
      const auto* receipt = std::get_if<GrantReceipt>(&header.control);
      if (receipt != nullptr && header.author == world.third_id) found.push_back(*receipt);
    }
    return found;
  };
  const GrantReceipt answered{to_third, withdrawal, Kept::kSealed};
  EXPECT_THAT(receipts(), Contains(answered));
  world.partner().Restart();
  world.Connect(world.partner());
  world.Pass(seconds(2));
  EXPECT_THAT(receipts(), Contains(answered));
  for (const Header& header : world.partner().knowledge().ToldOf(world.trajectory)) {
    EXPECT_FALSE(world.partner().vault().NumberOf(header.id)) << "what it holds itself was not told";
  }
}

TEST(LeadTellerTest, WhoWasAwayTellsWhenItIsBack) {
  PassingWorld world;
  const RecordId offer = world.Offer();
  world.Disconnect(world.lead());
  world.Say(world.partner(), Kind::kLeadAccept, LeadAccept{offer});
  world.Exchange();
  EXPECT_EQ(world.At(world.partner()).lead, world.partner_id) << "it leads from then on";
  EXPECT_FALSE(world.At(world.partner()).LeadsWhole(world.partner_id));
  world.lead().Restart();
  world.Connect(world.lead());
  world.Pass(seconds(2));
  world.ExpectPassed();
}

TEST(LeadTellerTest, TheNewLeadLeads) {
  PassingWorld world;
  const RecordId offer = world.Offer();
  world.Say(world.partner(), Kind::kLeadAccept, LeadAccept{offer});
  world.Exchange();
  ASSERT_TRUE(world.partner().Invite(world.trajectory, world.third_id));
  world.Exchange();
  EXPECT_EQ(world.At(world.third()).members.at(world.third_id).status, MemberStatus::kInvited);
  EXPECT_EQ(world.lead().Invite(world.trajectory, world.third_id).error().rule, "admit.lead");
  Draft withdraw;
  withdraw.kind = Kind::kGrantWithdraw;
  withdraw.trajectory = world.trajectory;
  withdraw.control = GrantWithdraw{world.grant};
  EXPECT_TRUE(world.lead().sync().Say(withdraw)) << "who gave it";
  world.Exchange();
  for (TestAgent* agent : {&world.lead(), &world.partner(), &world.third()}) EXPECT_THAT(agent->Alarms(), IsEmpty());
}

TEST(LeadTellerTest, WhoWasRemovedWhileItWasAwayHearsWhoLeadsFirst) {
  PassingWorld world;
  const RecordId again = world.lead().Invite(world.trajectory, world.third_id).value();
  world.Exchange();
  ASSERT_TRUE(world.third().Join(world.trajectory, again));
  world.Exchange();
  ASSERT_TRUE(world.lead().Show(world.trajectory, world.partner_id, world.third_id));
  ASSERT_TRUE(world.lead().Show(world.trajectory, world.third_id, world.partner_id));
  world.Exchange();
  world.Disconnect(world.third());
  const RecordId offer = world.Offer();
  world.Say(world.partner(), Kind::kLeadAccept, LeadAccept{offer});
  world.Exchange();
  world.Say(world.partner(), Kind::kMemberRemove, MemberRemove{world.third_id});
  world.Exchange();
  world.Connect(world.third());
  world.Pass(seconds(1));
  EXPECT_EQ(world.At(world.third()).lead, world.partner_id);
  EXPECT_FALSE(world.At(world.third()).TakesPart(world.third_id));
  EXPECT_THAT(world.third().Alarms(), IsEmpty());
}

TEST(LeadTellerTest, AnOverviewComesInPartsAndEachIsReadAsItWasWritten) {
  std::vector<PolicyBook::Told> told;
  for (std::uint64_t i = 1; i <= 1500; ++i) {
    told.push_back({test::Says(test::kYouthCare, GrantWithdraw{test::RecordNo(i)}, i), Sequence(i)});
  }
  std::vector<PolicyBook::Told> read;
  std::size_t parts = 0;
  for (std::size_t next = 0; next < told.size(); ++parts) {
    const Body body = EncodeOverview(told, next);
    EXPECT_LT(body.content.size(), kBodyContentBytesMax);
    auto part = DecodeOverview(body);
    ASSERT_TRUE(part) << ToText(part.error());
    for (PolicyBook::Told& one : *part) read.push_back(std::move(one));
  }
  EXPECT_GT(parts, 1U);
  ASSERT_THAT(read, SizeIs(told.size()));
  for (std::size_t i = 0; i < told.size(); ++i) {
    EXPECT_EQ(read[i].header, told[i].header);
    EXPECT_EQ(read[i].sequence, told[i].sequence);
  }
}

TEST(LeadTellerTest, WhatIsNoOverviewIsRefused) {
  std::size_t first = 0;
  Body body = EncodeOverview({{test::Says(test::kYouthCare, MemberLeave{}, 1), Sequence(1)}}, first);
  EXPECT_TRUE(DecodeOverview(body));
  Body cut = body;
  cut.content.pop_back();
  EXPECT_FALSE(DecodeOverview(cut));
  Body newer = body;
  newer.version = 2;
  EXPECT_EQ(DecodeOverview(newer).error().code, Code::kVersion);
  Body other = body;
  other.type = 5;
  EXPECT_EQ(DecodeOverview(other).error().rule, "lead.overview");
}

}  // namespace
}  // namespace schakel::testing
