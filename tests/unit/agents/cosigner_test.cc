// An agent stands behind the heads that it verified, and not more often than it must.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "protocol/verdict.h"
#include "support/small_world.h"

namespace schakel::testing {
namespace {

using std::chrono::seconds;

struct CosignerWorld : SmallWorld {
  std::vector<std::string>& Notes(TestAgent& agent) { return hub->cosigned[agent.self()]; }
  TreeHead Last(TestAgent& agent) {
    const std::string& note = Notes(agent).back();
    EXPECT_TRUE(VerifyCosignature(note, kOrigin, agent.self(), agent.keys().cosign.public_key));
    return VerifyCheckpoint(note, region.verifier()).value();
  }
};

TEST(CosignerTest, CosignsWhatItVerifiedAtEachConnect) {
  CosignerWorld world;
  world.Connect(world.lead());
  ASSERT_EQ(world.Notes(world.lead()).size(), 1U);
  EXPECT_EQ(world.Last(world.lead()), world.lead().sync().Report().seen);
  // A hub that forgot it gets it again.
  world.Disconnect(world.lead());
  world.Connect(world.lead());
  EXPECT_EQ(world.Notes(world.lead()).size(), 2U);
}

TEST(CosignerTest, CosignsNewerHeadsNowAndThen) {
  CosignerWorld world;
  world.ConnectAll();
  world.OpenTrajectory();
  const std::size_t before = world.Notes(world.lead()).size();
  // Its own records are proven under ever newer heads meanwhile.
  for (int i = 0; i < 40; ++i) {
    ASSERT_TRUE(world.lead().Note(world.trajectory, {world.partner_id}, "note"));
    world.Pass(std::chrono::milliseconds(500));
  }
  const std::size_t cosigned = world.Notes(world.lead()).size() - before;
  EXPECT_GE(cosigned, 2U);
  EXPECT_LE(cosigned, 4U) << "twenty seconds";
  world.Pass(seconds(40));
  EXPECT_EQ(world.Last(world.lead()), world.hub->Head());
  const std::size_t settled = world.Notes(world.lead()).size();
  world.Pass(seconds(60));
  EXPECT_EQ(world.Notes(world.lead()).size(), settled) << "nothing is new";
}

TEST(CosignerTest, ARefusalChangesNothing) {
  CosignerWorld world;
  world.hub->tamper = [](const OrgId&, Message& message) {
    if (std::holds_alternative<CosignAck>(message.payload)) {
      message.payload = Error{Code::kUnauthenticated, "cosign.signature", {}, {}};
    }
  };
  world.ConnectAll();
  world.OpenTrajectory();
  world.Pass(seconds(31));
  for (auto& [id, agent] : world.agents) {
    EXPECT_TRUE(agent->sync().Report().connected);
    EXPECT_FALSE(agent->sync().Report().distrusted);
  }
}

TEST(CosignerTest, WhatAnotherCosignedOfThisHistoryIsFine) {
  CosignerWorld world;
  world.Connect(world.lead());
  const std::string by_lead = world.Notes(world.lead()).back();
  world.hub->tamper = [&](const OrgId&, Message& message) {
    if (auto* ack = std::get_if<CosignAck>(&message.payload)) ack->other = by_lead;
  };
  world.ConnectAll();
  world.OpenTrajectory();
  world.Pass(seconds(31));
  EXPECT_FALSE(world.partner().sync().Report().distrusted);
}

TEST(CosignerTest, EvidenceBearsOurOwnNameAndTheStatementsOfThoseInIt) {
  CosignerWorld world;
  world.ConnectAll();
  world.OpenTrajectory();
  std::optional<Evidence> evidence;
  world.partner().sync().Access({world.trajectory, {}, {}, 10}, [&](Result<Evidence> result) {
    ASSERT_TRUE(result.has_value()) << result.error().rule;
    evidence = std::move(*result);
  });
  world.Exchange();
  ASSERT_TRUE(evidence);
  const auto checked = CheckEvidence(*evidence, world.region.verifier());
  ASSERT_TRUE(checked) << checked.error().rule;
  const auto parties = CheckParties(*evidence, *checked, kOrigin, world.region.registrars());
  ASSERT_TRUE(parties) << parties.error().rule << " " << parties.error().field;
  ASSERT_EQ(parties->witnesses.size(), 1U);
  EXPECT_EQ(parties->witnesses[0].organisation, world.partner_id);
  EXPECT_EQ(parties->witnesses[0].head, checked->head);
  EXPECT_TRUE(parties->unknown.empty());
}

// Whoever pinned the first registrars can follow the evidence to the last, records of old and new keys in it.
TEST(CosignerTest, EvidenceBearsTheChainOfRegistrarsAndHoldsFromTheRoot) {
  CosignerWorld world;
  world.ConnectAll();
  world.OpenTrajectory();
  const SigningKey next = SeededSigningKey("next registrar");
  const auto by = [](const Statement& statement, std::initializer_list<const SigningKey*> keys) {
    SignedStatement complete{EncodeStatement(statement), {}};
    for (const SigningKey* key : keys) complete.signatures.push_back(SignStatement(complete.statement, *key));
    return complete;
  };
  world.hub->Register(
      by(RegistrarsStatement{1, {1, {next.public_key}}, world.clock.Now()}, {&world.region.registrar, &next}));
  world.lead().sync().RotateKeys();
  world.Exchange();
  OrgStatement moved = world.partner().knowledge().FindOrganisation(world.lead_id)->statement;
  ++moved.serial;
  moved.keys = world.hub->rotations.at(world.lead_id);
  world.hub->Register(by(moved, {&next}));
  world.Pass(seconds(12));
  world.Connect(world.lead());
  ASSERT_TRUE(world.lead().Note(world.trajectory, {world.partner_id}, "with the new key"));
  world.Exchange();
  std::optional<Evidence> evidence;
  world.partner().sync().Access({world.trajectory, {}, {}, 10}, [&](Result<Evidence> result) {
    ASSERT_TRUE(result.has_value()) << result.error().rule;
    evidence = std::move(*result);
  });
  world.Exchange();
  ASSERT_TRUE(evidence);
  const auto checked = CheckEvidence(*evidence, world.region.verifier());
  ASSERT_TRUE(checked) << checked.error().rule;
  EXPECT_TRUE(CheckParties(*evidence, *checked, kOrigin, world.region.registrars()));
  Evidence cut = *evidence;
  std::erase_if(cut.statements, [](const SignedStatement& statement) {
    return std::holds_alternative<RegistrarsStatement>(DecodeStatement(statement.statement).value());
  });
  ASSERT_LT(cut.statements.size(), evidence->statements.size());
  const bool needs_the_chain =
      cut.statements.size() > 0 && cut.statements.back().signatures[0].registrar == IdOf(next.public_key);
  EXPECT_EQ(CheckParties(cut, *checked, kOrigin, world.region.registrars()).has_value(), !needs_the_chain);
}

// It counts two deliveries to us, and shows one.
TEST(CosignerTest, AnAnswerThatHoldsLessThanItCountsRaisesAnAlarm) {
  CosignerWorld world;
  world.ConnectAll();
  world.OpenTrajectory();
  world.hub->Add(AnswerEntry{world.partner_id, world.trajectory, {}, {{world.partner_id, 1}}}, {});
  world.hub->tamper = [&](const OrgId& to, Message& message) {
    auto* reply = std::get_if<AccessReply>(&message.payload);
    if (to != world.partner_id || reply == nullptr) return;
    const std::uint64_t size = world.hub->log().Last().value();
    const StoredEntry answer = world.hub->log().Get(Sequence(size)).value();
    const auto proof = world.hub->log().InclusionProof(Sequence(size), size).value();
    reply->evidence.checkpoint = world.hub->SignHead(world.hub->Head());
    reply->evidence.entries = {{answer.entry, answer.salt, proof}};
    reply->more = false;
  };
  bool answered = false;
  world.partner().sync().Access({world.trajectory, {}, {}, 10},
                                [&](const Result<Evidence>& result) { answered = result.has_value(); });
  world.Exchange();
  EXPECT_TRUE(answered);
  EXPECT_THAT(world.partner().Alarms(), ::testing::Contains("hub.incomplete"));
}

}  // namespace
}  // namespace schakel::testing
