// The register of agreements with partners, and what an ended one stops.
#include "agents/partnership_agreements.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "agents/duty.h"
#include "agents/places.h"
#include "support/api_world.h"
#include "support/cli_world.h"
#include "support/office.h"

namespace schakel {
namespace {

using nlohmann::json;
using schakel::test::ApiTest;
using schakel::test::CliTest;
using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

const Person kBoss{"Bea Coene", StaffRole::kCoordinator};

class AgreementRegisterTest : public test::ServicesTest {
 protected:
  PartnershipService partnerships{wissel.engine, leuven.region.random};
  AgreementRegister agreements{wissel.engine, partnerships, leuven.region.clock, leuven.region.random};

  std::string Partner(const std::string& name, const std::string& organisation) {
    Partnership one;
    one.name = name;
    one.organisation = organisation;
    return ToHex(partnerships.Add(one, StaffRole::kWorker).value().id);
  }
  std::string Agreed(const std::string& partner, std::vector<AgreementUse> uses, const char* until = "",
                     std::uint32_t turn = 0) {
    PartnershipAgreement one;
    one.uses = std::move(uses);
    one.from = "2026-01-01";
    one.until = until;
    one.turn = turn;
    const auto noted = agreements.Note(partner, one, kBoss);
    EXPECT_TRUE(noted) << ToText(noted.error());
    return noted ? ToHex(noted->id) : std::string();
  }
  std::string Asked(Urgency urgency = Urgency::kNormal) {
    Screening screening;
    const auto sent = wissel.consultations.AskAnonymously({"", "Slaapt niet. Hoe?", urgency, std::nullopt},
                                                          test::kMental, {.named = {upc.id()}}, screening);
    return sent ? "sent" : sent.error().rule + " " + sent.error().field;
  }
};

TEST_F(AgreementRegisterTest, OneThatEndedStopsAnonymousQuestionsAtOnce) {
  EXPECT_EQ(Asked(), "sent") << "nothing is registered";
  const std::string partner = Partner("UPC", "upc-leuven");
  EXPECT_EQ(Asked(), "sent") << "there is no agreement in it";
  Agreed(partner, {AgreementUse::kConsultation});
  EXPECT_EQ(Asked(), "sent");
  ASSERT_TRUE(agreements.End(partner, "", "niet verlengd", kBoss));
  EXPECT_EQ(Asked(), "partnership.ended upc-leuven");
  Agreed(partner, {AgreementUse::kConsultation});
  EXPECT_EQ(Asked(), "sent") << "another one stands";
}

TEST_F(AgreementRegisterTest, ADayEndsItToo) {
  Agreed(Partner("UPC", "upc-leuven"), {AgreementUse::kConsultation}, "2026-11-23");
  EXPECT_EQ(Asked(), "sent") << "its last day";
  leuven.region.clock.Advance(std::chrono::days(1));
  EXPECT_EQ(Asked(), "partnership.ended upc-leuven");
}

TEST_F(AgreementRegisterTest, AQuestionForTodayIsCrisisWhereThatIsRegistered) {
  const std::string partner = Partner("UPC", "upc-leuven");
  const std::string crisis = Agreed(partner, {AgreementUse::kCrisis});
  Agreed(partner, {AgreementUse::kConsultation});
  ASSERT_TRUE(agreements.End(partner, crisis, "", kBoss));
  EXPECT_EQ(Asked(Urgency::kToday), "partnership.ended upc-leuven");
  EXPECT_EQ(Asked(), "sent");
}

TEST_F(AgreementRegisterTest, WithoutOneForCrisisThatForConsultationBindsAQuestionForToday) {
  const std::string partner = Partner("UPC", "upc-leuven");
  Agreed(partner, {AgreementUse::kConsultation});
  ASSERT_TRUE(agreements.End(partner, "", "", kBoss));
  EXPECT_EQ(Asked(Urgency::kToday), "partnership.ended upc-leuven");
}

TEST_F(AgreementRegisterTest, AFollowUpIsStoppedAndTheConclusionIsNot) {
  const std::string partner = Partner("UPC", "upc-leuven");
  Agreed(partner, {AgreementUse::kConsultation});
  Screening screening;
  const RecordId id =
      wissel.consultations.AskAnonymously({"", "Slaapt niet. Hoe?"}, test::kMental, {.named = {upc.id()}}, screening)
          .value()
          .record;
  ASSERT_TRUE(agreements.End(partner, "", "", kBoss));
  EXPECT_EQ(wissel.consultations.Answer(id, {"En in het weekend?"}, {}).error().rule, "partnership.ended");
  EXPECT_TRUE(upc.consultations.Answer(id, {"Een dagritme."}, {})) << "theirs binds nobody but them";
  EXPECT_TRUE(wissel.consultations.Conclude(id, {AdviceTaken::kYes, "werkt"}, {}));
}

TEST_F(AgreementRegisterTest, WhatIsOfATrajectoryIsBoundByGrantsAlone) {
  const std::string partner = Partner("UPC", "upc-leuven");
  Agreed(partner, {AgreementUse::kConsultation});
  ASSERT_TRUE(agreements.End(partner, "", "", kBoss));
  Join(upc);
  Grant(upc, {Purpose::kConsultation}, test::kMental);
  EXPECT_TRUE(wissel.consultations.Ask(trajectory, {"", "Hoe?"}, test::kMental, Purpose::kConsultation, {}));
}

TEST_F(AgreementRegisterTest, WhatBindsDoesNotGoWithAnEditOfThePartnership) {
  const std::string partner = Partner("UPC", "upc-leuven");
  Agreed(partner, {AgreementUse::kConsultation});
  ASSERT_TRUE(agreements.End(partner, "", "", kBoss));
  Partnership other;
  other.name = "UPC";
  ASSERT_TRUE(partnerships.Edit(partner, other, StaffRole::kWorker));
  EXPECT_EQ(Asked(), "partnership.ended upc-leuven");
}

TEST_F(AgreementRegisterTest, WhomToCallInACrisisIsThoseThatStandInTheirOrder) {
  const std::string second = Partner("CAW", "caw-leuven");
  const std::string first = Partner("UPC", "upc-leuven");
  const std::string ended = Partner("CLB", "clb-leuven");
  const std::string later = Partner("Politie", "politie-leuven");
  Agreed(later, {AgreementUse::kCrisis});
  const std::string caw = Agreed(second, {AgreementUse::kCrisis, AgreementUse::kPlaces}, "", 2);
  const std::string upc_crisis = Agreed(first, {AgreementUse::kCrisis}, "", 1);
  Agreed(first, {AgreementUse::kConsultation}, "", 1);
  Agreed(ended, {AgreementUse::kCrisis}, "2026-10-01", 1);
  const auto offered = agreements.Standing(AgreementUse::kCrisis, StaffRole::kWorker).value();
  std::vector<std::string> organisations;
  for (const PartnershipAgreement& one : offered) organisations.push_back(one.organisation);
  EXPECT_THAT(organisations, ElementsAre("upc-leuven", "caw-leuven", "politie-leuven"));
}

TEST_F(AgreementRegisterTest, AnEndedOneStopsAskingForAPlaceAtOnce) {
  PlaceService of_upc{upc.engine, upc.cases, leuven.region.clock};
  PlaceService of_wissel{wissel.engine, wissel.cases, leuven.region.clock};
  const Timestamp end = leuven.region.clock.Now() + std::chrono::days(14);
  const auto ask = [&](PlaceKind kind) {
    const auto offer = of_upc.Offer({kind, "Plaats", "", 0, 0, {}, "", ""}, {1, 60, end}, {});
    Screening screening;
    const PlaceAskBody body{15, 16, "rust", std::nullopt, Urgency::kToday};
    const auto sent = of_wissel.Hold({offer.value().record, body, std::nullopt, end}, {}, screening);
    return sent ? "ok" : sent.error().rule + " " + sent.error().field;
  };
  EXPECT_EQ(ask(PlaceKind::kTimeOut), "ok") << "nothing is registered";
  const std::string partner = Partner("UPC", "upc-leuven");
  const std::string places = Agreed(partner, {AgreementUse::kPlaces});
  EXPECT_EQ(ask(PlaceKind::kTimeOut), "ok");
  ASSERT_TRUE(agreements.End(partner, places, "", kBoss));
  for (const PlaceKind kind :
       {PlaceKind::kTimeOut, PlaceKind::kPriority, PlaceKind::kMediator, PlaceKind::kCrisisBed}) {
    EXPECT_EQ(ask(kind), "partnership.ended upc-leuven") << Slug(kind);
  }
  for (const PlaceKind kind : {PlaceKind::kDayActivity, PlaceKind::kLeisure, PlaceKind::kSchoolAlternative}) {
    EXPECT_EQ(ask(kind), "ok") << Slug(kind) << ": of such nothing is registered";
  }
  Agreed(partner, {AgreementUse::kCrisis});
  EXPECT_EQ(ask(PlaceKind::kCrisisBed), "ok") << "that for a crisis counts first";
  const std::string activities = Agreed(partner, {AgreementUse::kActivities, AgreementUse::kSchool});
  ASSERT_TRUE(agreements.End(partner, activities, "", kBoss));
  for (const PlaceKind kind : {PlaceKind::kDayActivity, PlaceKind::kSharedActivity, PlaceKind::kSchoolAlternative}) {
    EXPECT_EQ(ask(kind), "partnership.ended upc-leuven") << Slug(kind);
  }
  Agreed(partner, {AgreementUse::kPlaces});
  EXPECT_EQ(ask(PlaceKind::kTimeOut), "ok") << "agreed anew";
}

TEST_F(AgreementRegisterTest, WhoIsNextInACrisisFollowsTheAgreements) {
  DutyService duty{wissel.engine, wissel.cases, leuven.region.clock, leuven.region.random};
  Screening screening;
  ASSERT_TRUE(wissel.consultations.AskAnonymously({"", "iemand loopt weg", Urgency::kCrisis, {}}, test::kMental,
                                                  {.named = {upc.id()}}, screening));
  leuven.region.clock.Advance(std::chrono::days(1));
  CrisisQuestion question = duty.Queue().ours.at(0);
  const auto next = [&] { return duty.NextFor(question, upc.id()).value_or(OrgId("nobody")).value(); };
  const std::string without = next();
  const std::string second = Agreed(Partner("Politie", "politie-leuven"), {AgreementUse::kCrisis}, "", 2);
  EXPECT_EQ(next(), "politie-leuven");
  const std::string clb_partner = Partner("CLB", "clb-leuven");
  const std::string first = Agreed(clb_partner, {AgreementUse::kCrisis}, "", 1);
  EXPECT_EQ(next(), "clb-leuven") << "its turn comes first";
  question.asked.emplace_back("clb-leuven");
  EXPECT_EQ(next(), "politie-leuven");
  question.asked.pop_back();
  ASSERT_TRUE(agreements.End(clb_partner, first, "", kBoss));
  EXPECT_EQ(next(), "politie-leuven") << "at once";
  question.asked.emplace_back("politie-leuven");
  std::set<std::string> offered;
  for (std::string one = next(); one != "nobody"; one = next()) {
    offered.insert(one);
    question.asked.emplace_back(one);
  }
  EXPECT_FALSE(offered.contains("clb-leuven")) << "not even as the last one";
  EXPECT_TRUE(without == "clb-leuven" || offered.contains(without)) << "who has no agreement may be asked";
}

TEST_F(AgreementRegisterTest, ItIsTheWorkOfCoordinators) {
  const std::string partner = Partner("UPC", "upc-leuven");
  const Person worker{"Nora Peeters", StaffRole::kWorker};
  PartnershipAgreement one;
  one.uses = {AgreementUse::kCrisis};
  one.from = "2026-01-01";
  EXPECT_EQ(agreements.Note(partner, one, worker).error().rule, "partnership.role");
  one.uses.clear();
  EXPECT_EQ(agreements.Note(partner, one, kBoss).error().rule, "body.few");
  one.uses = {AgreementUse::kCrisis};
  one.until = "2025-12-31";
  EXPECT_EQ(agreements.Note(partner, one, kBoss).error().rule, "body.period");
  one.until = "2026-12";
  EXPECT_EQ(agreements.Note(partner, one, kBoss).error().rule, "body.whole_day");
  EXPECT_EQ(agreements.End(partner, "", "", kBoss).error().rule, "partnership.none_stands");
  const std::string agreement = Agreed(partner, {AgreementUse::kCrisis});
  EXPECT_EQ(agreements.End(partner, "", "", worker).error().rule, "partnership.role");
  EXPECT_EQ(agreements.Drop(partner, kBoss.role).error().rule, "partnership.in_force");
  ASSERT_TRUE(agreements.End(partner, agreement.substr(0, 6), "", kBoss));
  EXPECT_EQ(agreements.Drop(partner, worker.role).error().rule, "partnership.role") << "it would bind no more";
  ASSERT_TRUE(agreements.Drop(partner, kBoss.role));
  EXPECT_EQ(agreements.Drop(partner, kBoss.role).error().rule, "partnership.unknown");
  EXPECT_TRUE(wissel.engine.Kept("partnership-agreements").value().empty());
}

TEST_F(AgreementRegisterTest, ThoseOfADiscreetPartnerDoNotShowToAWorker) {
  Partnership hidden;
  hidden.name = "Huis";
  hidden.discreet = true;
  const std::string partner = ToHex(partnerships.Add(hidden, kBoss.role).value().id);
  Agreed(partner, {AgreementUse::kCrisis});
  EXPECT_EQ(agreements.List(kBoss.role).value().size(), 1U);
  EXPECT_TRUE(agreements.List(StaffRole::kWorker).value().empty());
  EXPECT_TRUE(agreements.Standing(AgreementUse::kCrisis, StaffRole::kWorker).value().empty());
}

TEST_F(ApiTest, AnAgreementIsNotedEndedAndForgotten) {
  const auto as_boss = [&](const std::string& method, const std::string& target, const json& body) {
    return wissel.Send(method, target, body.dump(), {{"schakel-role", "coordinator"}});
  };
  const json partner =
      wissel
          .Post("/v1/partnerships",
                {{"name", "UPC"}, {"kind", "agreement"}, {"quality", "positive"}, {"organisation", "upc-leuven"}})
          .body;
  const std::string path = "/v1/partnerships/" + partner["id"].get<std::string>().substr(0, 8);
  const json uses = {{"uses", {"crisis", "consultation", "crisis"}}, {"contact", "016 00 00 00"}, {"turn", 1}};
  EXPECT_EQ(wissel.Post(path + "/agreements", uses).body["rule"], "partnership.role");
  const auto noted = as_boss("POST", path + "/agreements", uses);
  ASSERT_EQ(noted.status, 201) << noted.raw.body;
  EXPECT_EQ(noted.body["uses"], json::array({"consultation", "crisis"}));
  EXPECT_EQ(noted.body["from"], "2026-11-23") << "today";
  const json offered = wissel.Get("/v1/partnerships/agreements?use=crisis").body["agreements"];
  ASSERT_EQ(offered.size(), 1U);
  EXPECT_EQ(offered[0]["name"], "UPC");
  EXPECT_EQ(offered[0]["standing"], "stands");
  const auto bad = wissel.Get("/v1/partnerships/agreements?use=thuis");
  EXPECT_EQ(bad.body["rule"], "vocabulary.agreement_use");
  const json question = {{"question", "Slaapt niet. Hoe?"}, {"to", {"upc-leuven"}}, {"categories", {"mental-health"}}};
  EXPECT_EQ(wissel.Post("/v1/consultations", question).status, 201);
  EXPECT_EQ(as_boss("POST", path + "/end", {{"why", "niet verlengd"}}).body["agreements"][0]["standing"], "ended");
  const auto refused = wissel.Post("/v1/consultations", question);
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(refused.body["rule"], "partnership.ended");
  EXPECT_EQ(refused.body["field"], "upc-leuven");
  EXPECT_NE(refused.body["next"].get<std::string>().find("partnerships agree"), std::string::npos) << refused.raw.body;
  EXPECT_EQ(wissel.Send("DELETE", path, "").body["rule"], "partnership.role");
  EXPECT_EQ(as_boss("DELETE", path, json::object()).status, 200);
  EXPECT_EQ(wissel.Post("/v1/consultations", question).status, 201) << "nothing is registered any more";
}

TEST_F(CliTest, APlaceIsRefusedOnceTheAgreementHasEnded) {
  const auto boss = [&](std::vector<std::string> line) {
    line.insert(line.end(), {"--role", "coordinator"});
    return As("de-wissel", line);
  };
  const std::string offer =
      Json("upc-leuven", {"places", "offer", "--kind", "time-out", "--title", "De Pas", "--for", "30d"})["record"];
  const std::string partner = Json("de-wissel", {"partnerships", "add", "--name", "UPC", "--kind", "agreement",
                                                 "--quality", "positive", "--organisation", "upc-leuven"})["id"];
  const auto agreed = boss({"partnerships", "agree", partner, "--use", "places"});
  ASSERT_EQ(agreed.exit_code, 0) << agreed.err;
  EXPECT_THAT(boss({"partnerships", "agreements"}).out, HasSubstr("UPC"));
  const std::vector<std::string> ask = {"places", "ask", offer, "--needs", "rust", "--for", "14d", "--dry-run"};
  EXPECT_EQ(As("de-wissel", ask).exit_code, 0);
  EXPECT_EQ(Json("de-wissel", {"places", "list"})["places"][0]["agreement_ended"], false);
  const auto ended = boss({"partnerships", "end", partner, "--why", "niet verlengd"});
  ASSERT_EQ(ended.exit_code, 0) << ended.err;
  EXPECT_EQ(Json("de-wissel", {"places", "list"})["places"][0]["agreement_ended"], true);
  EXPECT_THAT(As("de-wissel", {"places", "list"}).out, HasSubstr("overeenkomst beëindigd"));
  const auto refused = As("de-wissel", ask);
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err, AllOf(AnyOf(HasSubstr("UPC"), HasSubstr("upc-leuven")), HasSubstr("hint: "),
                                 HasSubstr("partnerships agree")));
  auto as_data = ask;
  as_data.insert(as_data.end(), {"--json"});
  const auto told = As("de-wissel", as_data);
  EXPECT_THAT(told.out + told.err, AllOf(HasSubstr("partnership.ended"), HasSubstr("upc-leuven")));
}

}  // namespace
}  // namespace schakel
