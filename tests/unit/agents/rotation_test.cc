// An organisation changes its keys while it works: nothing is lost, old signatures hold, and a crash anywhere goes on
// by itself.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/small_world.h"

namespace schakel::testing {
namespace {

using std::chrono::hours;
using std::chrono::seconds;
using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr hours kDay{24};

class KeyRotationTest : public ::testing::Test {
 protected:
  KeyRotationTest() {
    world.ConnectAll();
    world.OpenTrajectory();
    // What the partner writes reaches the lead too.
    EXPECT_TRUE(world.lead().Give(world.trajectory, world.lead_id));
    world.Exchange();
  }

  // The registrars sign what `who` asked for, and the hub puts it into force.
  void PutIntoForce(const OrgId& who) {
    const std::optional<Directory::Organisation> known = world.lead().knowledge().FindOrganisation(who);
    OrgStatement statement = known->statement;
    ++statement.serial;
    statement.keys = world.hub->rotations.at(who);
    world.region.Sign(statement);
    world.hub->Register(world.region.statements.back());
  }
  RecordId NoteTo(TestAgent& from, const OrgId& to, const std::string& text) {
    const auto note = from.Note(world.trajectory, {to}, text);
    EXPECT_TRUE(note) << ToText(note.error());
    return note.value_or(RecordId());
  }
  // At both ends, signed and opened.
  void ExpectAcross(const RecordId& note, TestAgent& from, TestAgent& to) {
    ASSERT_TRUE(from.Find(note));
    EXPECT_EQ(from.Find(note)->state, RecordState::kAccepted);
    ASSERT_TRUE(to.Find(note)) << "not across";
    EXPECT_EQ(world.hub->CountOf(note), 1U);
  }
  void Reconnect(TestAgent& agent) {
    if (!world.connected.contains(agent.self())) world.Connect(agent);
  }

  SmallWorld world;
};

TEST_F(KeyRotationTest, NewKeysAreAskedForOnceAndUsedWhenTheyAreInForce) {
  TestAgent& partner = world.partner();
  const OrgKeys before = partner.keys().Public();
  partner.sync().RotateKeys();
  world.Exchange();
  ASSERT_TRUE(world.hub->rotations.contains(world.partner_id));
  const OrgKeys asked = world.hub->rotations.at(world.partner_id);
  EXPECT_EQ(partner.sync().Report().keys.asked, Fingerprint(world.partner_id, asked));
  EXPECT_TRUE(partner.sync().Report().keys.heard);
  partner.sync().RotateKeys();
  world.Exchange();
  EXPECT_EQ(world.hub->rotations.at(world.partner_id), asked) << "the same keys, however often";
  EXPECT_EQ(partner.keys().Public(), before) << "not in force yet";
  EXPECT_EQ(partner.sync().TransportKeys().size(), 2U);

  PutIntoForce(world.partner_id);
  world.Pass(seconds(10));
  EXPECT_EQ(partner.keys().Public(), asked);
  EXPECT_FALSE(world.connected.contains(world.partner_id)) << "it comes back with the new transport key";
  EXPECT_EQ(partner.sync().TransportKeys().size(), 1U);
  EXPECT_FALSE(partner.sync().Report().keys.asked);
  EXPECT_THAT(partner.Alarms(), Contains("keys.rotated"));
  EXPECT_THAT(world.lead().Alarms(), Contains("directory.keys_changed"));
  Reconnect(partner);
  const RecordId note = NoteTo(partner, world.lead_id, "with new keys");
  world.Exchange();
  ExpectAcross(note, partner, world.lead());
}

TEST_F(KeyRotationTest, WhatWasSaidAndSealedBeforeArrivesAfter) {
  TestAgent& partner = world.partner();
  TestAgent& lead = world.lead();
  partner.sync().RotateKeys();
  world.Exchange();
  // Sealed to the old key by somebody who is away, and signed with the old key by somebody who is away.
  world.Disconnect(lead);
  const RecordId sealed_before = NoteTo(lead, world.partner_id, "sealed to the old key");
  world.Disconnect(partner);
  const RecordId signed_before = NoteTo(partner, world.lead_id, "signed with the old key");
  world.Exchange();
  const KeyId old_signer = partner.Find(signed_before)->header.signer;
  PutIntoForce(world.partner_id);
  world.Connect(partner);
  const RecordId signed_after = NoteTo(partner, world.lead_id, "signed with the new key");
  world.Exchange();
  Reconnect(partner);
  world.Pass(seconds(10));
  world.Connect(lead);
  world.Pass(seconds(10));
  ExpectAcross(sealed_before, lead, partner);
  ExpectAcross(signed_before, partner, lead);
  ExpectAcross(signed_after, partner, lead);
  EXPECT_EQ(partner.Find(signed_before)->header.signer, old_signer);
  EXPECT_NE(partner.Find(signed_after)->header.signer, old_signer);
  EXPECT_EQ(partner.sync().Report().unproven, 0U);
  EXPECT_FALSE(partner.sync().Report().distrusted);
  EXPECT_FALSE(lead.sync().Report().distrusted);
}

TEST_F(KeyRotationTest, WhoHearsOfNewKeysFirstMaySealToThem) {
  world.partner().sync().RotateKeys();
  world.Exchange();
  world.Disconnect(world.lead());
  PutIntoForce(world.partner_id);
  world.Connect(world.lead());  // Learns of it before the partner does.
  const RecordId note = NoteTo(world.lead(), world.partner_id, "sealed to the new key");
  world.Exchange();
  ExpectAcross(note, world.lead(), world.partner());
  EXPECT_THAT(world.partner().Alarms(), Not(Contains("record.stanza_key")));
}

// The disk refuses after so many more commits, at every point in turn; then the agent starts again.
TEST_F(KeyRotationTest, ACrashAtAnyPointGoesOnByItself) {
  TestAgent& partner = world.partner();
  for (std::uint64_t survives = 0; survives < 6; ++survives) {
    SCOPED_TRACE(survives);
    const OrgKeys before = partner.keys().Public();
    partner.disk().commits_max = partner.disk().commits + survives;
    partner.sync().RotateKeys();
    const RecordId note = NoteTo(partner, world.lead_id, "while it changes");
    world.Exchange();
    if (world.hub->rotations.contains(world.partner_id) &&
        world.hub->rotations.at(world.partner_id).record != before.record) {
      PutIntoForce(world.partner_id);
    }
    world.Pass(seconds(10));
    if (partner.crashed()) {
      partner.Restart();
      world.Connect(partner);
      if (partner.keys().Public() == before && !partner.sync().Report().keys.asked) partner.sync().RotateKeys();
      world.Exchange();
      const OrgKeys& asked = world.hub->rotations.at(world.partner_id);
      const auto known = world.lead().knowledge().FindOrganisation(world.partner_id);
      if (asked.record != known->statement.keys.record && asked.record != partner.keys().record.public_key) {
        PutIntoForce(world.partner_id);
      }
      world.Pass(seconds(10));
    }
    partner.disk().Mend();
    Reconnect(partner);
    world.Pass(seconds(10));
    Reconnect(partner);
    EXPECT_NE(partner.keys().Public().record, before.record);
    EXPECT_EQ(partner.keys().Public(), world.hub->rotations.at(world.partner_id));
    if (partner.Find(note)) ExpectAcross(note, partner, world.lead());
    const RecordId after = NoteTo(partner, world.lead_id, "after it");
    world.Exchange();
    ExpectAcross(after, partner, world.lead());
    EXPECT_FALSE(partner.sync().Report().distrusted);
  }
}

TEST_F(KeyRotationTest, KeysThatNobodyHereHoldsAreShown) {
  OrgStatement swapped = world.lead().knowledge().FindOrganisation(world.partner_id)->statement;
  ++swapped.serial;
  swapped.keys = SeededKeys("somebody-else").Public();
  world.region.Sign(swapped);
  world.hub->Register(world.region.statements.back());
  world.Pass(seconds(10));
  EXPECT_THAT(world.partner().Alarms(), Contains("directory.own_keys"));
  EXPECT_THAT(world.lead().Alarms(), Contains("directory.keys_changed"));
  EXPECT_EQ(world.partner().sync().RotateHpke().error().rule, "keys.not_in_force");
}

TEST_F(KeyRotationTest, OtherRegistrarsAreShownToEverybodyAndCountFromThenOn) {
  const SigningKey next = SeededSigningKey("next registrar");
  RegistrarsStatement statement{1, {1, {next.public_key}}, world.clock.Now()};
  SignedStatement signed_statement{EncodeStatement(statement), {}};
  signed_statement.signatures = {SignStatement(signed_statement.statement, world.region.registrar),
                                 SignStatement(signed_statement.statement, next)};
  world.hub->Register(signed_statement);
  world.Pass(seconds(10));
  for (auto& [id, agent] : world.agents) {
    EXPECT_THAT(agent->Alarms(), Contains("directory.registrars_changed")) << id.value();
  }
  OrgStatement renamed = world.lead().knowledge().FindOrganisation(world.third_id)->statement;
  ++renamed.serial;
  renamed.name = "Another name";
  SignedStatement by_next{EncodeStatement(renamed), {}};
  by_next.signatures = {SignStatement(by_next.statement, next)};
  world.hub->Register(by_next);
  world.Pass(seconds(10));
  EXPECT_EQ(world.lead().knowledge().FindOrganisation(world.third_id)->statement.name, "Another name");
  world.lead().Restart();
  EXPECT_EQ(world.lead().knowledge().FindOrganisation(world.third_id)->statement.name, "Another name")
      << "from the pinned root along the chain";
}

// ---- The HPKE key ----

TEST_F(KeyRotationTest, TheHpkeKeyChangesByItselfEveryMonthAndTheOldOneGoesAMonthLater) {
  TestAgent& partner = world.partner();
  // The statements of the region are older than that by this clock.
  world.Pass(seconds(2));
  const AgreementPublicKey first = world.lead().knowledge().FindOrganisation(world.partner_id)->statement.keys.hpke;
  const auto current = [&] { return world.lead().knowledge().FindOrganisation(world.partner_id)->statement.keys.hpke; };
  EXPECT_EQ(partner.keys().hpke.back().public_key, first);
  world.clock.Advance(29 * kDay);
  world.Pass(seconds(10));
  EXPECT_EQ(current(), first) << "not before its time";
  world.Disconnect(world.lead());
  const RecordId late = NoteTo(world.lead(), world.partner_id, "sealed to the key before");
  world.Exchange();
  world.clock.Advance(kDay);
  world.Pass(seconds(10));
  world.Connect(world.lead());
  world.Pass(seconds(10));
  EXPECT_NE(current(), first);
  EXPECT_EQ(partner.keys().hpke.size(), 2U);
  ExpectAcross(late, world.lead(), partner);
  const RecordId after = NoteTo(world.lead(), world.partner_id, "sealed to the new one");
  world.Exchange();
  ExpectAcross(after, world.lead(), partner);
  EXPECT_THAT(world.lead().Alarms(), Not(Contains("directory.keys_changed")))
      << "signed by itself: nothing to call about";

  // A month later the next one comes, and another month later the first two are gone.
  world.clock.Advance(30 * kDay);
  world.Pass(seconds(20));
  EXPECT_LE(partner.keys().hpke.size(), 3U);
  EXPECT_EQ(partner.keys().FindHpke(IdOf(current())), &partner.keys().hpke.back());
  world.clock.Advance(30 * kDay);
  world.Pass(seconds(20));
  EXPECT_EQ(partner.keys().FindHpke(IdOf(first)), nullptr) << "what was sealed to it opens nowhere any more";
  partner.Restart();
  EXPECT_EQ(partner.keys().FindHpke(IdOf(first)), nullptr);
  const auto held = partner.vault().NumberOf(late);
  ASSERT_TRUE(held);
  const StoredContent content = partner.vault().Content(*held).value();
  const StoredRecord head = partner.vault().Record(*held).value();
  EXPECT_TRUE(OpenBody(content.ciphertext, content.key, head.header, world.lead_id, content.recipients_root))
      << "what came in time stays readable: its content key lies in the vault";
}

TEST_F(KeyRotationTest, AnHpkeKeyThatWasMadeIsStatedAfterACrashToo) {
  TestAgent& partner = world.partner();
  world.Disconnect(partner);
  ASSERT_TRUE(partner.sync().RotateHpke());
  world.Exchange();
  partner.Restart();
  const AgreementPublicKey made = partner.keys().hpke.back().public_key;
  EXPECT_EQ(partner.keys().hpke.size(), 2U);
  world.Connect(partner);
  world.Pass(seconds(20));
  EXPECT_EQ(world.lead().knowledge().FindOrganisation(world.partner_id)->statement.keys.hpke, made);
  EXPECT_EQ(partner.keys().hpke.size(), 2U) << "no other was made";
}

// As when a clock leaps, and keys are due one after the other. It goes on by itself; that is no alarm, unless it stays.
TEST_F(KeyRotationTest, ThatTheHubTakesNoMoreKeysWithinTheHourIsAnAlarmOnlyIfItStays) {
  TestAgent& partner = world.partner();
  const auto current = [&] { return world.lead().knowledge().FindOrganisation(world.partner_id)->statement.keys.hpke; };
  world.hub->refuses_announcements = Error{Code::kLimit, "announce.rate", {}, "wait an hour, then try again"};
  ASSERT_TRUE(partner.sync().RotateHpke());
  world.Pass(seconds(10));
  world.clock.Advance(hours(1));
  world.Pass(seconds(10));
  EXPECT_THAT(partner.Alarms(), Not(Contains("announce.rate")));
  world.hub->refuses_announcements.reset();
  world.clock.Advance(std::chrono::minutes(1));
  world.Pass(seconds(10));
  EXPECT_EQ(current(), partner.keys().hpke.back().public_key) << "by itself";

  world.hub->refuses_announcements = Error{Code::kLimit, "announce.rate", {}, "wait an hour, then try again"};
  ASSERT_TRUE(partner.sync().RotateHpke());
  world.Pass(seconds(10));
  EXPECT_THAT(partner.Alarms(), Not(Contains("announce.rate"))) << "it was taken in between";
  world.clock.Advance(std::chrono::minutes(61));
  world.Pass(seconds(10));
  EXPECT_THAT(partner.Alarms(), Contains("announce.rate"));
}

TEST_F(KeyRotationTest, AnHpkeKeyThatRegistrarsPutBackIsReplacedByANewOne) {
  TestAgent& partner = world.partner();
  ASSERT_TRUE(partner.sync().RotateHpke());
  world.Pass(seconds(10));
  // Exported before that, signed after it.
  OrgStatement earlier = world.lead().knowledge().FindOrganisation(world.partner_id)->statement;
  ++earlier.serial;
  earlier.keys.hpke = partner.keys().hpke.front().public_key;
  world.region.Sign(earlier);
  world.hub->Register(world.region.statements.back());
  world.Pass(seconds(30));
  const auto current = world.lead().knowledge().FindOrganisation(world.partner_id)->statement.keys.hpke;
  EXPECT_NE(current, earlier.keys.hpke);
  EXPECT_EQ(current, partner.keys().hpke.back().public_key);
  EXPECT_EQ(partner.keys().hpke.size(), 3U);
}

// ---- A clock that is off ----

TEST_F(KeyRotationTest, AClockThatIsOffByADayIsSaidOnceAndTheHubsDecides) {
  world.hub->tamper = [](const OrgId&, Message& message) {
    if (auto* beat = std::get_if<HeartbeatReply>(&message.payload)) beat->hub_time = beat->hub_time - kDay;
    if (auto* welcome = std::get_if<Welcome>(&message.payload)) welcome->hub_time = welcome->hub_time - kDay;
  };
  world.Pass(seconds(30));
  const std::vector<std::string> alarms = world.lead().Alarms();
  EXPECT_EQ(std::ranges::count(alarms, "clock.off"), 1);
  const std::vector<Alarm> said = world.lead().vault().Alarms().value();
  EXPECT_EQ(said.back().what.field, "+1440 min");
  EXPECT_EQ(said.back().fault, Alarm::Fault::kNotice);
  EXPECT_FALSE(world.lead().sync().Report().distrusted);
  world.hub->tamper = [](const OrgId&, Message& message) {
    if (auto* beat = std::get_if<HeartbeatReply>(&message.payload)) beat->hub_time = beat->hub_time + seconds(299);
  };
  world.Pass(seconds(30));
  EXPECT_EQ(std::ranges::count(world.lead().Alarms(), "clock.off"), 1) << "within five minutes nobody is bothered";
}

}  // namespace
}  // namespace schakel::testing
