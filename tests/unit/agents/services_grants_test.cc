#include "agents/services.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/office.h"

namespace schakel {
namespace {

using schakel::test::kGoals;
using schakel::test::Office;
using schakel::test::ServicesTest;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST_F(ServicesTest, AWithdrawalSealsWhatThatGrantCovered) {
  Join(upc);
  const RecordId grant = Grant(upc, {Purpose::kCareCoordination}, kGoals);
  const RecordId note =
      wissel.content.Note(trajectory, {"t", "woorden"}, Purpose::kCareCoordination, kGoals, {}).value().record;
  EXPECT_TRUE(upc.reading.Show({note}, upc.caller).value()[0].body);
  ASSERT_TRUE(wissel.grants.Withdraw(grant, {"op vraag van Sam"}, {}));
  const auto sealed = upc.reading.Show({note}, upc.caller).value();
  EXPECT_FALSE(sealed[0].body);
  EXPECT_EQ(sealed[0].sealed->rule, "view.withdrawn");
  EXPECT_FALSE(upc.cases.With([&](CaseFile& file) { return file.Record(note)->body.has_value(); }))
      << "nor does the case file keep the words";
}

TEST_F(ServicesTest, WhoHasNotAnsweredForAWithdrawalIsNamedUntilItDoes) {
  Join(upc);
  Join(clb);
  const RecordId grant = Grant(upc, {Purpose::kCareCoordination}, kGoals);
  const RecordId note =
      wissel.content.Note(trajectory, {"t", "woorden"}, Purpose::kCareCoordination, kGoals, {}).value().record;
  const RecordId withdrawal = wissel.grants.Withdraw(grant, {"op vraag van Sam"}, {}).value().record;
  const auto outstanding = [&](Office& office) {
    std::vector<OrgId> named;
    const InboxService::Inbox inbox = office.inbox.Show("Nora").value();
    for (const InboxItem& item : inbox.items) {
      if (item.what == InboxItem::What::kOutstanding) named.push_back(item.from);
    }
    return named;
  };
  CaseTakenBack taken = wissel.grants.Find(grant).value().grant.taken_back.at(0);
  EXPECT_EQ(taken.record, withdrawal);
  EXPECT_FALSE(taken.sealed_at);
  EXPECT_THAT(outstanding(wissel), ElementsAre(upc.id()));
  EXPECT_THAT(outstanding(upc), IsEmpty()) << "it is no task of the other side";
  EXPECT_THAT(outstanding(clb), IsEmpty());
  ASSERT_TRUE(wissel.trajectories.Close(trajectory, {"", "op papier", CopyTaken::kTaken, ""}, std::nullopt, {}));
  EXPECT_THAT(outstanding(wissel), ElementsAre(upc.id())) << "also once it is closed";
  upc.engine.AnswerForWhatWasTakenBack();
  EXPECT_THAT(outstanding(wissel), IsEmpty());
  taken = wissel.grants.Find(grant).value().grant.taken_back.at(0);
  EXPECT_TRUE(taken.sealed_at);
  EXPECT_FALSE(taken.destroyed_at);
  EXPECT_EQ(upc.reading.Show({note}, upc.caller).value()[0].sealed->rule, "view.withdrawn");
}

TEST_F(ServicesTest, LeavingIsAnsweredForToo) {
  Join(upc);
  const RecordId grant = Grant(upc, {Purpose::kCareCoordination}, kGoals);
  const RecordId left = upc.trajectories.Leave(trajectory, {}, {}).value().record;
  const CaseTakenBack taken = wissel.grants.Find(grant).value().grant.taken_back.at(0);
  EXPECT_EQ(taken.record, left);
  EXPECT_EQ(taken.kind, Kind::kMemberLeave);
  EXPECT_EQ(taken.author, upc.id());
  upc.engine.AnswerForWhatWasTakenBack();
  EXPECT_TRUE(wissel.grants.Find(grant).value().grant.taken_back.at(0).sealed_at);
}

TEST_F(ServicesTest, AGrantIsNarrowedToWhatIsLeftOfIt) {
  Join(upc);
  const RecordId grant = Grant(upc, {Purpose::kCareCoordination, Purpose::kSafety}, kGoals);
  ASSERT_TRUE(wissel.grants.Narrow(grant, {Purpose::kSafety}, {}, std::nullopt, {"alleen nog veiligheid"}, {}));
  const CaseGrant narrowed = wissel.grants.Find(grant).value().grant;
  EXPECT_EQ(narrowed.grant.purposes, PurposeSet{Purpose::kSafety});
  EXPECT_EQ(narrowed.grant.categories, kGoals) << "what is not named stays";
  EXPECT_EQ(wissel.grants.Narrow(grant, {}, {}, std::nullopt, {"niets"}, {}).error().rule, "grant.nothing");
  EXPECT_EQ(upc.grants.Withdraw(grant, {}, {}).error().rule, "grant.giver") << "it sees the grant, and may not end it";
  EXPECT_EQ(wissel.grants.Narrow(grant, {Purpose::kCrisis}, {}, std::nullopt, {}, {}).error().rule, "grant.narrow");
}

TEST_F(ServicesTest, EachBasisAsksForItsEvidence) {
  Join(police);
  struct Case {
    const char* name;
    std::function<void(GrantRequest&)> change;
    const char* rule;  // Empty: allowed.
  };
  const auto hours = [&](int count) { return leuven.region.clock.Now() + std::chrono::hours(count); };
  const Case cases[] = {
      {"consent, written", [](GrantRequest&) {}, ""},
      {"nobody consented", [](GrantRequest& r) { r.consented_by = " "; }, "grant.consented_by"},
      {"nobody says how", [](GrantRequest& r) { r.how = " "; }, "grant.how"},
      {"a year", [&](GrantRequest& r) { r.ends_at = hours(24 * 366); }, ""},
      {"more than a year", [&](GrantRequest& r) { r.ends_at = hours(24 * 366) + std::chrono::milliseconds(1); },
       "grant.long"},
      {"oral without a witness", [](GrantRequest& r) { r.oral = true; }, "grant.witness"},
      {"witness is the recorder",
       [](GrantRequest& r) {
         r.oral = true;
         r.witness = "Nora Peeters";
       },
       "grant.witness"},
      {"witness is the recorder in another spelling",
       [](GrantRequest& r) {
         r.oral = true;
         r.witness = "nora  peeters ";
       },
       "grant.witness"},
      {"witness is nobody to be seen",
       [](GrantRequest& r) {
         r.oral = true;
         r.witness = "\u200B";
       },
       "grant.witness"},
      {"witness is who consents",
       [](GrantRequest& r) {
         r.oral = true;
         r.witness = " sam";
         r.consented_by = "Sam";
       },
       "grant.witness"},
      {"oral with a witness",
       [](GrantRequest& r) {
         r.oral = true;
         r.witness = "Jan";
       },
       ""},
      {"emergency without a reason", [](GrantRequest& r) { r.basis = Basis::kEmergency; }, "grant.reason"},
      {"emergency of 72 hours",
       [&](GrantRequest& r) {
         r.basis = Basis::kEmergency;
         r.reason = "weg";
         r.ends_at = hours(72);
       },
       ""},
      {"emergency of 73 hours",
       [&](GrantRequest& r) {
         r.basis = Basis::kEmergency;
         r.reason = "weg";
         r.ends_at = hours(73);
       },
       "grant.emergency"},
      {"never health to the police", [](GrantRequest& r) { r.categories = {Category::kHealth}; }, "grant.ceiling"},
      {"no purpose", [](GrantRequest& r) { r.purposes = {}; }, "grant.empty"},
      {"ends as it begins", [&](GrantRequest& r) { r.ends_at = hours(0); }, "grant.period"},
      {"a court cannot consent", [](GrantRequest& r) { r.grantor = Grantor::kCourt; }, "grant.grantor"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    GrantRequest request = Request(police, {Purpose::kSafety}, {Category::kSafety});
    c.change(request);
    const auto sent = wissel.grants.Give(request, wissel.caller, {});
    EXPECT_EQ(sent ? "" : sent.error().rule, c.rule);
  }
}

TEST_F(ServicesTest, AGrantBeyondTheCeilingSaysWhichCategoriesThatAre) {
  Join(police);
  GrantRequest request =
      Request(police, {Purpose::kSafety}, {Category::kSafety, Category::kHealth, Category::kMentalHealth});
  const auto sent = wissel.grants.Give(request, wissel.caller, {});
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().rule, "grant.ceiling");
  EXPECT_EQ(sent.error().field, "health, mental-health");
}

TEST_F(ServicesTest, EachBasisSaysWhatItMisses) {
  Join(upc);
  Join(clb);
  const auto hours = [&](int n) { return leuven.region.clock.Now() + std::chrono::hours(n); };
  const auto said = [&](auto&& change) {
    GrantRequest request = Request(upc, {Purpose::kSafety}, kGoals);
    request.reason = "nodig";
    change(request);
    const auto sent = wissel.grants.Give(request, wissel.caller, {});
    return sent ? std::string() : sent.error().rule;
  };
  using R = GrantRequest;
  const auto secrecy = [](R& r) {
    r.basis = Basis::kSharedSecrecy;
    r.sought = Sought::kNotAsked;
    r.necessary = r.in_client_interest = true;
  };
  EXPECT_EQ(said(secrecy), "");
  EXPECT_EQ(said([](R& r) { r.basis = Basis::kSharedSecrecy; }), "grant.sought");
  EXPECT_EQ(said([&](R& r) { secrecy(r), r.necessary = false; }), "grant.necessary");
  EXPECT_EQ(said([&](R& r) { secrecy(r), r.in_client_interest = false; }), "grant.interest");
  EXPECT_EQ(said([&](R& r) { secrecy(r), r.reason = ""; }), "grant.reason");
  EXPECT_EQ(said([](R& r) { r.sought = Sought::kAgreed; }), "grant.not_of_basis");
  EXPECT_EQ(said([](R& r) { r.basis = Basis::kCaseConsultation; }), "grant.frame");

  FrameRequest frame{.trajectory = trajectory,
                     .document = "artikel 7 van het decreet",
                     .chair = upc.id(),
                     .participants = {wissel.id(), clb.id()},
                     .purposes = {Purpose::kSafety},
                     .ends_at = hours(48)};
  EXPECT_EQ(wissel.grants.Fix(frame, wissel.caller, {}).error().rule, "frame.introduced");
  frame.participants = {wissel.id()};
  FrameRequest afterwards = frame;
  afterwards.begins_at = leuven.region.clock.Now() - std::chrono::minutes(16);
  EXPECT_EQ(wissel.grants.Fix(afterwards, wissel.caller, {}).error().rule, "frame.beforehand");
  FrameRequest no_document = frame;
  no_document.document = " ";
  EXPECT_EQ(wissel.grants.Fix(no_document, wissel.caller, {}).error().rule, "frame.document");
  const auto fixed = wissel.grants.Fix(frame, wissel.caller, {});
  ASSERT_TRUE(fixed) << ToText(fixed.error());
  const auto framed = [&](R& r) {
    r.basis = Basis::kCaseConsultation;
    r.frame = fixed->record;
    r.ends_at = hours(24);
  };
  EXPECT_EQ(said(framed), "");
  EXPECT_EQ(said([&](R& r) { framed(r), r.ends_at = hours(49); }), "grant.frame_period");
  EXPECT_EQ(said([&](R& r) { framed(r), r.recipient = clb.id(); }), "grant.frame_recipient");
}

TEST_F(ServicesTest, AParentsConsentLapsesWhenTheYoungPersonComesOfAge) {
  Join(upc);
  const auto give = [&](Grantor grantor) {
    GrantRequest request = Request(upc, {Purpose::kSafety}, kGoals);
    request.grantor = grantor;
    return wissel.grants.Give(request, wissel.caller, {});
  };
  const auto standing = [&](const RecordId& id) {
    const Trajectory rules = leuven.youth_care.FindTrajectory(trajectory).value();
    const Timestamp now = leuven.region.clock.Now();
    return StandingOf(rules, RegionRules(), CourtWall::kNone, *rules.FindGrant(id), now);
  };
  const RecordId parent = give(Grantor::kFirstParent).value().record;
  EXPECT_EQ(standing(parent), Standing::kWaitsForYoungPerson);
  GrantRequest danger = Request(upc, {Purpose::kSafety}, kGoals, std::chrono::hours(24));
  danger.basis = Basis::kEmergency;
  danger.reason = "weggelopen";
  const RecordId emergency = wissel.grants.Give(danger, wissel.caller, {}).value().record;
  EXPECT_EQ(standing(emergency), Standing::kCounts);
  EXPECT_EQ(standing(parent), Standing::kWaitsForYoungPerson) << "an emergency is no consent";
  const RecordId own = give(Grantor::kYoungPerson).value().record;
  EXPECT_EQ(standing(own), Standing::kCounts);
  EXPECT_EQ(standing(parent), Standing::kNotNeeded) << "what counts is the young person's own";
  const RecordId taken_back = give(Grantor::kSecondParent).value().record;
  ASSERT_TRUE(wissel.grants.Withdraw(taken_back, {"toch niet"}, {}));
  EXPECT_EQ(standing(taken_back), Standing::kNotInForce);
  EXPECT_EQ(wissel.trajectories.SayStage(trajectory, Stage::kCapable, upc.id(), {}).error().rule,
            "trajectory.receiver");
  for (const OrgId& refused : {clb.id(), OrgId("nergens")}) {
    for (const bool preview : {true, false}) {
      const auto said = wissel.trajectories.SayStage(trajectory, Stage::kAdult, refused, {.preview = preview});
      ASSERT_FALSE(said);
      EXPECT_EQ(said.error().rule, "admit.receiver");
    }
    EXPECT_EQ(wissel.cases.Trajectory(trajectory).value().stage, Stage::kCapable) << "a refused receiver says no stage";
  }
  const auto asked = [&](Office& office) {
    const auto inbox = office.inbox.Show("Nora").value();
    return std::ranges::count(inbox.items, InboxItem::What::kReceiver, &InboxItem::what);
  };
  EXPECT_EQ(asked(wissel), 0);
  ASSERT_TRUE(wissel.trajectories.SayStage(trajectory, Stage::kAdult, std::nullopt, {}));
  EXPECT_EQ(asked(wissel), 1);
  EXPECT_EQ(asked(upc), 0) << "it is the lead's to do";
  const ClosingBody closing{"", "op papier", CopyTaken::kTaken, ""};
  EXPECT_EQ(wissel.trajectories.Close(trajectory, closing, std::nullopt, {}).error().rule, "closing.receiver");
  const auto with_reason =
      wissel.trajectories.Close(trajectory, closing, std::nullopt, {.preview = true}, "verhuisd naar Nederland");
  EXPECT_TRUE(with_reason) << ToText(with_reason.error());
  ASSERT_TRUE(wissel.trajectories.SayStage(trajectory, Stage::kAdult, upc.id(), {}));
  EXPECT_EQ(asked(wissel), 0);
  EXPECT_TRUE(wissel.trajectories.Close(trajectory, closing, std::nullopt, {.preview = true}));
  EXPECT_EQ(give(Grantor::kFirstParent).error().rule, "grant.adult");
  EXPECT_EQ(standing(own), Standing::kCounts);
  EXPECT_EQ(standing(parent), Standing::kLapsed);
  const CaseTrajectory seen = upc.cases.Trajectory(trajectory).value();
  EXPECT_EQ(seen.stage, Stage::kAdult) << "every member is told";
  EXPECT_EQ(seen.receiver, upc.id());
  EXPECT_TRUE(seen.receiver_accepted);
}

TEST_F(ServicesTest, AMemberGivesAnEmergencyAndReviewsIt) {
  Join(upc);
  GrantRequest request = Request(wissel, {Purpose::kSafety}, kGoals);
  request.basis = Basis::kEmergency;
  request.reason = "weggelopen, levensgevaar";
  request.ends_at = leuven.region.clock.Now() + std::chrono::hours(24);
  const auto sent = upc.grants.Give(request, upc.caller, {});
  ASSERT_TRUE(sent) << ToText(sent.error());
  EXPECT_TRUE(wissel.grants.Find(sent->record)) << "the lead is told at once";
  EXPECT_EQ(upc.grants.Review(sent->record, ReviewOutcome::kJustified, {" "}, {}).error().rule, "grant.findings");
  ASSERT_TRUE(upc.grants.Review(sent->record, ReviewOutcome::kJustified, {"gevonden, veilig thuis"}, {}));
  EXPECT_EQ(wissel.grants.Find(sent->record).value().grant.grant.review, ReviewOutcome::kJustified);
}

TEST_F(ServicesTest, AnEmergencyAsksForItsReviewOnceItHasEnded) {
  Join(upc);
  Join(clb);
  GrantRequest request = Request(wissel, {Purpose::kSafety}, kGoals);
  request.basis = Basis::kEmergency;
  request.reason = "weggelopen, levensgevaar";
  request.ends_at = leuven.region.clock.Now() + std::chrono::hours(24);
  const auto sent = upc.grants.Give(request, upc.caller, {});
  ASSERT_TRUE(sent) << ToText(sent.error());
  const auto asked = [&](Office& office) {
    std::vector<InboxItem> asks;
    const InboxService::Inbox inbox = office.inbox.Show("Nora").value();
    for (const InboxItem& item : inbox.items) {
      if (item.what == InboxItem::What::kEmergencyReview) asks.push_back(item);
    }
    return asks;
  };
  leuven.region.clock.Advance(std::chrono::hours(24) - std::chrono::milliseconds(1));
  EXPECT_THAT(asked(wissel), IsEmpty()) << "it runs";
  leuven.region.clock.Advance(std::chrono::milliseconds(1));
  for (Office* office : {&wissel, &upc}) {
    ASSERT_EQ(asked(*office).size(), 1U) << office->id().value();
    EXPECT_EQ(asked(*office)[0].record, sent->record);
    EXPECT_EQ(asked(*office)[0].from, upc.id());
    EXPECT_EQ(asked(*office)[0].due, request.ends_at + std::chrono::hours(72));
  }
  EXPECT_THAT(asked(clb), IsEmpty());
  ASSERT_TRUE(wissel.grants.Review(sent->record, ReviewOutcome::kJustified, {"gevonden"}, {}));
  EXPECT_THAT(asked(wissel), IsEmpty());
  EXPECT_THAT(asked(upc), IsEmpty());
}

TEST_F(ServicesTest, AnEmergencyFoundUnjustifiedStandsNoMoreForAnybodyWhoWasToldOfIt) {
  Join(upc);
  Join(clb);
  ASSERT_TRUE(wissel.trajectories.Introduce(trajectory, upc.id(), clb.id(), {}));
  ASSERT_TRUE(wissel.trajectories.Introduce(trajectory, clb.id(), upc.id(), {}));
  GrantRequest request = Request(wissel, {Purpose::kSafety}, kGoals);
  request.basis = Basis::kEmergency;
  request.reason = "weggelopen, levensgevaar";
  request.ends_at = leuven.region.clock.Now() + std::chrono::hours(24);
  const auto sent = upc.grants.Give(request, upc.caller, {});
  ASSERT_TRUE(sent) << ToText(sent.error());
  ASSERT_TRUE(wissel.grants.Review(sent->record, ReviewOutcome::kUnjustified, {"geen gevaar"}, {}));
  for (Office* office : {&wissel, &upc, &clb}) {
    const auto found = office->grants.Find(sent->record);
    ASSERT_TRUE(found) << office->id().value();
    EXPECT_EQ(found->grant.grant.review, ReviewOutcome::kUnjustified) << office->id().value();
    EXPECT_TRUE(found->grant.grant.withdrawn) << office->id().value();
    ASSERT_EQ(found->grant.taken_back.size(), 1U);
    EXPECT_EQ(found->grant.taken_back[0].kind, Kind::kEmergencyReview);
  }
}

TEST_F(ServicesTest, TheGrantCommitsToItsEvidence) {
  Join(upc);
  const RecordId grant = Grant(upc, {Purpose::kSafety}, kGoals);
  const Body body = upc.engine.Open(grant).value();
  const auto terms = std::get<GrantGive>(upc.engine.Find(grant).value().header.control);
  EXPECT_EQ(terms.evidence, EvidenceHash(body));
  const auto evidence = std::get<GrantEvidenceBody>(DecodeBody(body).value());
  EXPECT_EQ(evidence.consented_by, "Sam");
  EXPECT_EQ(evidence.recorded_by, "Nora Peeters");
  EXPECT_EQ(leuven.youth_care.NameOf(terms.recorded_by), "Nora Peeters");
}

}  // namespace
}  // namespace schakel
