// Cases to learn from: nothing that stands in a case file leaves in one.
#include "agents/learning.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "support/api_world.h"
#include "support/cli_world.h"
#include "support/office.h"

namespace schakel {
namespace {

using nlohmann::json;
using schakel::test::ApiAnswer;
using schakel::test::ApiTest;
using schakel::test::CliTest;
using schakel::test::Office;
using schakel::test::ServicesTest;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class LearningTest : public ServicesTest {
 protected:
  LearningService of_wissel{wissel.engine, wissel.cases, leuven.region.clock};
  LearningService of_upc{upc.engine, upc.cases, leuven.region.clock};
  LearningService of_clb{clb.engine, clb.cases, leuven.region.clock};
  LearningService of_police{police.engine, police.cases, leuven.region.clock};

  const LearningCaseBody kCase{
      "Een time-out die lukte", "Een jongere van zestien kwam tot rust.", "Op tijd vragen.", {"time-out", "School"}};

  Result<Sent> Publish(const LearningCaseBody& body, Screening screening = {}, const Audience& audience = {}) {
    screening_ = std::move(screening);
    return of_wissel.Publish(body, {Category::kAgreements}, audience, screening_);
  }
  static std::string Rule(const Result<Sent>& sent) { return sent ? "ok" : sent.error().rule; }

  Screening screening_;
};

TEST_F(LearningTest, ACaseReachesWhomItIsShownAndIsFoundByItsTheme) {
  const auto sent = Publish(kCase);
  ASSERT_TRUE(sent) << ToText(sent.error());
  const auto found = [](LearningService& at, const LearningSearch& search) { return at.Find(search).cases.size(); };
  for (LearningService* one : {&of_upc, &of_clb, &of_police}) EXPECT_EQ(found(*one, {}), 1U);
  EXPECT_EQ(found(of_upc, {.theme = "TIME-OUT"}), 1U);
  EXPECT_EQ(found(of_upc, {.theme = "drugs"}), 0U);
  EXPECT_EQ(found(of_upc, {.words = "rust vragen"}), 1U);
  EXPECT_EQ(found(of_upc, {.words = "rust paarden"}), 0U);
  EXPECT_THAT(of_upc.Find({}).themes, ElementsAre("School", "time-out"));
  EXPECT_EQ(of_wissel.Show(sent->record)->to.size(), 4U);
  ASSERT_TRUE(Publish(kCase, {}, {.named = {upc.id()}}));
  EXPECT_EQ(found(of_upc, {}), 2U);
  EXPECT_EQ(found(of_clb, {}), 1U);
}

TEST_F(LearningTest, APlantedIdentifierBlocksPublicationInEachOfItsTexts) {
  ASSERT_TRUE(wissel.content.Note(trajectory, {"Bezoek", "Met Marlies Vandeput gesproken in de Zwaluwhoek."},
                                  Purpose::kCareCoordination, {Category::kGoals}, {}));
  const std::size_t records = wissel.engine.records();
  for (const char* planted : {"Sam", "Vandeput", "0478 12 34 56", "sam@example.be", "15.06.01-123.40"}) {
    for (int field = 0; field < 4; ++field) {
      LearningCaseBody body = kCase;
      const std::string text = std::string("over ") + planted + " dus";
      (field == 0 ? body.title : field == 1 ? body.text : body.learned) = text;
      if (field == 3) body = kCase, body.themes = {text};
      const auto sent = Publish(body);
      EXPECT_EQ(Rule(sent), "learning.identifying") << planted << " in " << field;
      const char* fields[] = {"title", "text", "learned", "themes"};
      EXPECT_EQ(sent.error().field, fields[field]) << planted;
      EXPECT_THAT(screening_.findings, Not(IsEmpty()));
    }
  }
  EXPECT_EQ(wissel.engine.records(), records) << "nothing was said";
  EXPECT_THAT(of_upc.Find({.all = true}).cases, IsEmpty());
}

TEST_F(LearningTest, WhatStandsInACaseFileIsNotOverruled) {
  ASSERT_TRUE(wissel.content.Note(trajectory, {"Bezoek", "Met Marlies Vandeput gesproken, 0468 12 34 56."},
                                  Purpose::kCareCoordination, {Category::kGoals}, {}));
  const Screening checked{.overruled = true, .read = false, .findings = {}, .field = {}};
  LearningCaseBody body = kCase;
  body.learned = "Vraag het aan Koen Peeters.";
  EXPECT_EQ(Rule(Publish(body)), "learning.identifying") << "it looks like somebody's name";
  EXPECT_EQ(Rule(Publish(body, checked)), "ok") << "and a person says that it is nobody's";
  const std::string by_id = "zie " + ToText(trajectory).substr(0, 8);
  for (const std::string& planted : {std::string("Sam kwam tot rust."), std::string("Vandeput belde."),
                                     std::string("mail sam@example.be"), std::string("Mevrouw Vandeput belde."),
                                     std::string("Sofie Vandeput belde."), std::string("bel 0468 12 34 56"), by_id}) {
    body.learned = planted;
    EXPECT_EQ(Rule(Publish(body, checked)), "learning.identifying") << planted;
    EXPECT_EQ(screening_.field, "learned") << planted;
  }
}

TEST_F(LearningTest, AnOrdinaryWordWithWhichALabelBeginsIsNoName) {
  const Screening checked{.overruled = true, .read = false, .findings = {}, .field = {}};
  const auto open = [&](const std::string& label) {
    return wissel.trajectories.Open({label, Module::kMobile, ""}, Stage::kCapable, {}).value().trajectory;
  };
  const auto says = [&](const std::string& text) {
    LearningCaseBody body = kCase;
    body.text = text;
    return Rule(Publish(body, checked));
  };
  for (const char* label : {"Uit U", "Nazorg N", "Zwaluwstaart Z", "Sam V.", "Yldizhan Y"}) open(label);
  EXPECT_EQ(says("Zij kwam uit het ziekenhuis."), "ok") << "begins sentences";
  EXPECT_EQ(says("Nazorg na een jaar hielp, nazorg loont."), "ok") << "a word of our own";
  EXPECT_EQ(says("Een zwaluwstaart aan de muur."), "learning.identifying") << "nobody wrote it as a word";
  EXPECT_EQ(says("Over Sam dus."), "learning.identifying");
  EXPECT_EQ(says("Over yldizhan dus."), "learning.identifying");
  const auto note = [&](const TrajectoryId& on, const std::string& text) {
    EXPECT_TRUE(wissel.content.Note(on, {"t", text}, Purpose::kCareCoordination, {Category::kGoals}, {}));
  };
  note(trajectory, "Met een zwaluwstaart gezaagd; yldizhan en sam waren er.");
  EXPECT_EQ(says("Een zwaluwstaart aan de muur."), "learning.identifying") << "in one file it could be a name";
  note(open("M (2011)"), "De zwaluwstaart past.");
  EXPECT_EQ(says("Een zwaluwstaart aan de muur. Zwaluwstaart!"), "ok");
  EXPECT_EQ(says("Over yldizhan dus."), "learning.identifying") << "a name that somebody wrote small once";
  EXPECT_EQ(says("Over sam dus."), "learning.identifying") << "however often: it is a given name";
  note(open("K (2012)"), "Dan kwam Zwaluwstaart binnen.");
  EXPECT_EQ(says("Een zwaluwstaart aan de muur."), "learning.identifying") << "a capital inside a sentence";
}

TEST_F(LearningTest, InitialsOfWhomWeKnowStayAtHome) {
  const Screening checked{.overruled = true, .read = false, .findings = {}, .field = {}};
  const auto open = [&](const char* label) {
    ASSERT_TRUE(wissel.trajectories.Open({label, Module::kMobile, ""}, Stage::kCapable, {}));
  };
  for (const char* label : {"Sanderijn Dewulf (16), thuis", "M. (17), naar huis", "De jongere (15), thuis"})
    open(label);
  const auto says = [&](const char* text, const Screening& screening) {
    LearningCaseBody body = kCase;
    body.text = text;
    return Rule(Publish(body, screening));
  };
  for (const char* text : {"S.D. kwam tot rust", "S.D. (16) kwam", "S. D. (2010) kwam", "SD (16) kwam", "S. (16) kwam",
                           "M. (17) kwam", "M., 17 jaar"}) {
    EXPECT_EQ(says(text, checked), "learning.identifying") << text;
    EXPECT_THAT(screening_.findings, Not(IsEmpty())) << text;
  }
  for (const char* text : {"Q.X. (2010) kwam", "Q.X. (°2009) kwam", "Q. (15) kwam"}) {
    EXPECT_EQ(says(text, {}), "learning.identifying") << text;
    EXPECT_EQ(says(text, checked), "ok") << "of no case file here: " << text;
  }
  for (const char* text : {"A. en B. kwamen tot rust", "een jongere van 16 jaar", "na 3 weken", "de foto's, 16 stuks",
                           "17 keer", "Q.X. kwam", "de jongere (15) kwam"}) {
    EXPECT_EQ(says(text, {}), "ok") << text;
  }
}

TEST_F(LearningTest, AWordOfEveryDayInANameIsNoName) {
  const Screening checked{.overruled = true, .read = false, .findings = {}, .field = {}};
  for (const char* name : {"Trainer Adetokunbo", "Buurvrouw Griselda", "De Hond", "Wubbe De Meester"}) {
    ASSERT_TRUE(wissel.content.Note(trajectory, {name, name}, Purpose::kCareCoordination, {Category::kGoals}, {}));
  }
  const auto says = [&](const char* text) {
    LearningCaseBody body = kCase;
    body.text = text;
    return Rule(Publish(body, checked));
  };
  for (const char* text : {"De trainer hielp.", "Trainer en ouders kwamen.", "Zijn buurvrouw kwam.", "Zijn hond hielp.",
                           "De meester kwam.", "Het was goed."}) {
    EXPECT_EQ(says(text), "ok") << text;
  }
  for (const char* text : {"Adetokunbo hielp.", "zijn griselda kwam", "Dan kwam De Meester.", "met Wubbe"}) {
    EXPECT_EQ(says(text), "learning.identifying") << text;
  }
}

TEST_F(LearningTest, TheIdOfATrajectoryIsListed) {
  LearningCaseBody body = kCase;
  const std::string id = ToText(trajectory).substr(0, 8);
  body.text = "dossier " + id;
  EXPECT_EQ(Rule(Publish(body)), "learning.identifying");
  ASSERT_THAT(screening_.findings, SizeIs(1));
  EXPECT_EQ(screening_.findings[0], (Finding{Identifying::kFromCaseFile, kCase.title.size() + 8, 8}));
}

TEST_F(LearningTest, DigitsForLettersAndNumberPlatesAreFound) {
  ASSERT_TRUE(wissel.content.Note(trajectory, {"Bezoek", "Toen kwam Zwartbloem met de 1-XKW-449 aan."},
                                  Purpose::kCareCoordination, {Category::kGoals}, {}));
  const Screening checked{.overruled = true, .read = false, .findings = {}, .field = {}};
  for (const char* planted : {"Zwartbl0em belde", "over S4m dus", "zw4rtb1oem", "met 1 XKW 449", "met 1xkw449"}) {
    LearningCaseBody body = kCase;
    body.text = planted;
    EXPECT_EQ(Rule(Publish(body, checked)), "learning.identifying") << planted;
  }
  LearningCaseBody body = kCase;
  body.text = "Een wagen, 1-ABC-234.";
  EXPECT_EQ(Rule(Publish(body)), "learning.identifying");
  EXPECT_EQ(Rule(Publish(body, checked)), "ok") << "of no case file here: a person may say that it is nobody's";
}

TEST(IdentifyingPlates, AreThoseOfBelgiumAndNoOrdinaryText) {
  const Timestamp now = ParseTimestamp("2026-11-23").value();
  const auto found = [&](const std::string& text) {
    std::vector<std::string> all;
    for (const Finding& one : FindIdentifying(text, {}, now)) all.push_back(text.substr(one.at, one.length));
    return all;
  };
  for (const char* plate : {"1-ABC-234", "1ABC234", "1 ABC 234", "1-abc-234", "2abc345", "ABC-123", "abc-123",
                            "123-ABC", "ABC 123", "1.ABC.234"}) {
    EXPECT_THAT(found(std::string("de auto ") + plate + " stond er"), ElementsAre(plate));
  }
  for (const char* text :
       {"ze zag het 100 keer", "1 van 200 euro", "klas 3B en 4abc", "12-abc-345", "covid-19", "1abc2345", "a1abc234"}) {
    EXPECT_THAT(found(text), IsEmpty()) << text;
  }
  EXPECT_THAT(found("met M1lan en F4toumata"), ElementsAre("M1lan", "F4toumata"));
  EXPECT_THAT(found("de B3 en de 2e graad, 4everyoung, wc4"), IsEmpty());
}

TEST_F(LearningTest, ItsAuthorTakesItBackAndNobodyShowsItAnyMore) {
  const RecordId id = Publish(kCase).value().record;
  Screening screening;
  EXPECT_EQ(Rule(of_upc.Withdraw(id, {"niet van ons"}, {}, screening)), "learning.author");
  EXPECT_EQ(Rule(of_wissel.Withdraw(id, {"over Sam"}, {}, screening)), "learning.identifying");
  screening = {};
  ASSERT_TRUE(of_wissel.Withdraw(id, {"te herkenbaar"}, {}, screening));
  for (LearningService* one : {&of_wissel, &of_upc, &of_police}) {
    EXPECT_THAT(one->Find({}).cases, IsEmpty());
    EXPECT_THAT(one->Find({}).themes, IsEmpty());
    EXPECT_THAT(one->Find({.words = "rust", .all = true}).cases, IsEmpty()) << "its words are not searched";
    EXPECT_THAT(one->Find({.all = true}).cases, SizeIs(1));
    ASSERT_TRUE(one->ForgetWithdrawn());
    EXPECT_THAT(one->Find({.all = true}).cases, SizeIs(1)) << "that there was one stays";
    EXPECT_TRUE(one->Show(id)->withdrawn_at);
  }
  EXPECT_EQ(Rule(of_wissel.Withdraw(id, {}, {}, screening)), "learning.withdrawn");
}

class LearningCommentTest : public LearningTest {
 protected:
  const Screening checked{.overruled = true, .read = false, .findings = {}, .field = {}};
  const RecordId id = Publish(kCase, {}, {.named = {upc.id(), clb.id()}}).value().record;

  std::string Said(LearningService& by, const std::string& text, Screening screening = {}) {
    leuven.region.clock.Advance(std::chrono::minutes(1));
    screening_ = std::move(screening);
    const auto sent = by.Comment(id, {text}, {}, screening_);
    return sent ? ToText(sent->record) : sent.error().rule;
  }
  // Under the case, as an office sees it: who, and what they said.
  std::string Under(Office& office, LearningService& at) {
    std::string all;
    const LearningCase shown = at.Show(id).value();
    for (const LearningComment& one : shown.comments) {
      const auto body = office.engine.Open(one.id);
      all += one.author.value() + ": " +
             (body ? std::get<MessageBody>(DecodeBody(*body).value()).text : body.error().rule) + "; ";
    }
    return all;
  }
};

TEST_F(LearningCommentTest, GoesToAllWhoHaveTheCaseAndStandsUnderItInOrder) {
  const std::string first = Said(of_upc, "Dat hielp bij ons ook.");
  Said(of_wissel, "Hoe lang duurde het?");
  Said(of_clb, "Een week.");
  const std::string all =
      "upc-leuven: Dat hielp bij ons ook.; de-wissel: Hoe lang duurde het?; clb-leuven: Een week.; ";
  EXPECT_EQ(Under(wissel, of_wissel), all);
  EXPECT_EQ(Under(upc, of_upc), all);
  EXPECT_EQ(Under(clb, of_clb), all);
  EXPECT_EQ(police.engine.Find(ParseId<RecordId>(first).value()).error().rule, "id.unknown") << "it has no case";
  EXPECT_EQ(Said(of_police, "Wat is dit?"), "id.unknown");
  EXPECT_THAT(of_clb.Find({}).cases, SizeIs(1)) << "a comment is no case";
  EXPECT_EQ(of_clb.Show(ParseId<RecordId>(first).value())->id, id) << "by any record of it";
}

TEST_F(LearningCommentTest, APlantedIdentifierStopsItAsItStopsACase) {
  ASSERT_TRUE(wissel.content.Note(trajectory, {"Bezoek", "Met Marlies Vandeput gesproken, 0468 12 34 56."},
                                  Purpose::kCareCoordination, {Category::kGoals}, {}));
  const std::size_t records = wissel.engine.records();
  for (const char* planted : {"Sam kwam tot rust.", "Sofie Vandeput belde.", "bel 0468 12 34 56", "sam@example.be"}) {
    EXPECT_EQ(Said(of_wissel, planted, checked), "learning.identifying") << planted;
    EXPECT_EQ(screening_.field, "text");
  }
  EXPECT_EQ(Said(of_wissel, "Vraag het aan Koen Peeters."), "learning.identifying");
  EXPECT_EQ(Said(of_wissel, " \n"), "body.required");
  EXPECT_EQ(wissel.engine.records(), records) << "nothing was said";
  EXPECT_EQ(Said(of_wissel, "Vraag het aan Koen Peeters.", checked).size(), 32U) << "a person says that it is nobody";
}

TEST_F(LearningCommentTest, IsWithdrawnWithTheCase) {
  Said(of_upc, "Dat hielp bij ons ook.");
  const std::string of_ours = Said(of_wissel, "Hoe lang duurde het?");
  ASSERT_TRUE(of_wissel.Withdraw(id, {"te herkenbaar"}, {}, screening_));
  EXPECT_EQ(Said(of_clb, "Een week."), "learning.withdrawn");
  EXPECT_EQ(Rule(of_wissel.Withdraw(ParseId<RecordId>(of_ours).value(), {}, {}, screening_)), "learning.withdrawn");
  ASSERT_TRUE(of_clb.ForgetWithdrawn());
  EXPECT_EQ(Under(clb, of_clb), "upc-leuven: view.forgotten; de-wissel: view.forgotten; ");
}

TEST_F(LearningCommentTest, ItsAuthorTakesItBackAndTheCaseStands) {
  const RecordId said = ParseId<RecordId>(Said(of_upc, "Te herkenbaar.")).value();
  Said(of_clb, "Een week.");
  EXPECT_EQ(Rule(of_wissel.Withdraw(said, {}, {}, screening_)), "learning.author") << "also who wrote the case";
  ASSERT_TRUE(of_upc.Withdraw(said, {}, {}, screening_));
  EXPECT_EQ(Rule(of_upc.Withdraw(said, {}, {}, screening_)), "learning.withdrawn");
  for (LearningService* one : {&of_wissel, &of_upc, &of_clb}) {
    EXPECT_FALSE(one->Show(id)->withdrawn_at);
    EXPECT_TRUE(one->Show(id)->comments.at(0).withdrawn_at);
    EXPECT_FALSE(one->Show(id)->comments.at(1).withdrawn_at);
  }
  ASSERT_TRUE(of_clb.ForgetWithdrawn());
  EXPECT_EQ(Under(clb, of_clb), "upc-leuven: view.forgotten; clb-leuven: Een week.; ");
}

TEST_F(LearningCommentTest, OfWhoDoesNotHaveTheCaseCountsForNothing) {
  Draft draft;
  draft.kind = Kind::kLearningCase;
  draft.purpose = Purpose::kConsultation;
  draft.categories = {Category::kAgreements};
  draft.references = {id};
  draft.body = EncodeBody(MessageBody{"Wat is dit?"}).value();
  draft.recipients = {wissel.id(), upc.id()};
  ASSERT_TRUE(police.engine.Say(draft));
  EXPECT_THAT(of_upc.Show(id)->comments, IsEmpty());
  EXPECT_THAT(of_wissel.Show(id)->comments, IsEmpty());
  EXPECT_THAT(of_upc.Find({}).cases, SizeIs(1));
}

TEST_F(LearningTest, ACaseThatDoesNotSayToWhomItWentIsAnsweredToItsAuthorAlone) {
  Draft draft;
  draft.kind = Kind::kLearningCase;
  draft.purpose = Purpose::kConsultation;
  draft.categories = {Category::kAgreements};
  draft.body = EncodeBody(kCase).value();
  draft.recipients = {upc.id(), clb.id()};
  const RecordId id = wissel.engine.Say(draft).value();
  Screening screening;
  EXPECT_THAT(of_upc.Comment(id, {"Dat hielp."}, {}, screening)->reaches, ElementsAre(wissel.id()));
  EXPECT_THAT(of_wissel.Show(id)->comments, SizeIs(1));
  EXPECT_THAT(of_wissel.Comment(id, {"Hoe?"}, {}, screening)->reaches, ElementsAre(clb.id(), upc.id()));
}

TEST_F(ApiTest, ALearningCaseIsPublishedShownAndTakenBack) {
  Opened();
  const json one = {{"title", "Rust"}, {"text", "Een jongere kwam tot rust."}, {"themes", {"time-out"}}};
  json planted = one;
  planted["text"] = "Met Sam ging het goed.";
  planted["accept_findings"] = true;
  const ApiAnswer refused = wissel.Post("/v1/learning-cases", planted);
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(refused.body["rule"], "learning.identifying");
  ASSERT_FALSE(refused.body["findings"].empty()) << refused.raw.body;
  EXPECT_EQ(refused.body["findings"][0]["certain"], true) << "nobody overrules it";
  const ApiAnswer sent = wissel.Post("/v1/learning-cases", one);
  ASSERT_EQ(sent.status, 201) << sent.raw.body;
  const std::string id = sent.body["record"];
  const std::size_t views = leuven.psychiatry.views().size();
  const json listed = upc.Get("/v1/learning-cases?theme=time-out").body;
  ASSERT_EQ(listed["cases"].size(), 1U);
  EXPECT_EQ(listed["themes"][0], "time-out");
  EXPECT_EQ(listed["cases"][0]["record"]["body"]["title"], "Rust");
  EXPECT_EQ(leuven.psychiatry.views().size(), views + 1);
  EXPECT_EQ(upc.Get("/v1/learning-cases/" + id).body["ours"], false);
  EXPECT_EQ(upc.Post("/v1/learning-cases/" + id + "/withdrawal", json::object()).body["rule"], "learning.author");
  const std::string comments = "/v1/learning-cases/" + id + "/comments";
  EXPECT_EQ(upc.Post(comments, {{"text", "ahead"}, {"preview", true}}).body["reaches"].size(), 4U);
  const ApiAnswer told = wissel.Post(comments, {{"text", "Over Sam dus."}, {"accept_findings", true}});
  EXPECT_EQ(told.body["rule"], "learning.identifying");
  EXPECT_EQ(told.body["findings"][0]["certain"], true);
  ASSERT_EQ(upc.Post(comments, {{"text", "Dat hielp."}}).status, 201);
  EXPECT_EQ(wissel.Get("/v1/learning-cases").body["cases"][0]["comments"].size(), 0U) << "read with the case";
  const std::size_t looks = leuven.youth_care.views().size();
  const json said = wissel.Get("/v1/learning-cases/" + id).body["comments"];
  EXPECT_EQ(leuven.youth_care.views().size(), looks + 2) << "case and comment: each a view";
  ASSERT_EQ(said.size(), 1U);
  EXPECT_EQ(said[0]["author"]["id"], "upc-leuven");
  EXPECT_EQ(said[0]["ours"], false);
  EXPECT_EQ(said[0]["record"]["body"]["text"], "Dat hielp.");
  ASSERT_EQ(wissel.Post("/v1/learning-cases/" + id + "/withdrawal", {{"why", "te herkenbaar"}}).status, 201);
  EXPECT_EQ(upc.Get("/v1/learning-cases").body["cases"].size(), 0U);
  const json gone = upc.Get("/v1/learning-cases/" + id).body;
  EXPECT_EQ(gone["record"], nullptr) << "its words show no more";
  EXPECT_EQ(gone["comments"].size(), 0U);
  EXPECT_EQ(gone["withdrawal"]["body"]["why"], "te herkenbaar");
}

TEST_F(CliTest, LearningCasesFromTheCommandLine) {
  Json("de-wissel", {"trajectories", "open", "--label", "Sam (2010)", "--module", "mobile"});
  const auto planted =
      As("de-wissel", {"learning", "publish", "--title", "Rust", "--text", "Sam kwam tot rust.", "--checked"});
  EXPECT_EQ(planted.exit_code, 1);
  EXPECT_THAT(planted.err, HasSubstr("herkend"));
  const std::string id = Json("de-wissel", {"learning", "publish", "--title", "Rust", "--text",
                                            "Een jongere kwam tot rust.", "--theme", "time-out"})["record"];
  EXPECT_THAT(As("upc-leuven", {"learning", "list", "--theme", "time-out"}).out, HasSubstr("Rust"));
  EXPECT_THAT(As("upc-leuven", {"learning", "show", id}).out, HasSubstr("kwam tot rust"));
  const auto comment = [&](const char* text) { return As("upc-leuven", {"learning", "comment", id, "--text", text}); };
  EXPECT_THAT(comment("Bel 0468 12 34 56.").err, HasSubstr("herkend"));
  EXPECT_EQ(comment("Dat hielp bij ons ook.").exit_code, 0);
  EXPECT_THAT(As("de-wissel", {"learning", "show", id}).out, HasSubstr("Dat hielp bij ons ook."));
  EXPECT_EQ(As("de-wissel", {"learning", "withdraw", id, "--why", "te herkenbaar"}).exit_code, 0);
  EXPECT_THAT(As("upc-leuven", {"learning", "list"}).out, Not(HasSubstr("Rust")));
  EXPECT_THAT(As("upc-leuven", {"learning", "list", "--all"}).out, HasSubstr("teruggetrokken"));
}

}  // namespace
}  // namespace schakel
