// The network of a young person at the command line, from the first figure to the tie that was mended.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "support/cli_world.h"

namespace schakel {
namespace {

using schakel::test::CliTest;
using schakel::test::ReadText;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class NetworkCliTest : public CliTest {
 protected:
  std::string id;

  void SetUp() override {
    CliTest::SetUp();
    id = Opened();
  }
  std::string Opened() { return Json("de-wissel", {"trajectories", "open", "--label", "Sam"})["trajectory"]; }
  // What a command that writes yields: the id of its record.
  std::string Written(std::vector<std::string> line, const std::vector<std::string>& more = {}) {
    line.insert(line.end(), more.begin(), more.end());
    return Json("de-wissel", line)["record"];
  }
  std::string Person(const std::string& name, const std::vector<std::string>& more = {}) {
    return Written({"network", "add", id, "--name", name, "--kind", "person", "--ring", "family"}, more);
  }
  void Relate(const char* relation, const std::string& a, const std::string& b, const char* how,
              const std::vector<std::string>& more = {}) {
    Written({"network", "relate", id, "--relation", relation, "--a", a, "--b", b, "--how", how}, more);
  }
  void Tie(const std::string& figure, const char* quality, const std::vector<std::string>& more = {}) {
    Written({"network", "tie", id, "--figure", figure, "--informant", "young-person", "--quality", quality}, more);
  }
  // The bytes of a picture or file as they are written.
  std::string Exported(const std::string& trajectory, const std::string& format, const std::vector<std::string>& more) {
    const std::string file = folder / ("export-" + std::to_string(++exports_));
    std::vector<std::string> line = {"network", "export", trajectory, "--format", format, "--out", file};
    line.insert(line.end(), more.begin(), more.end());
    const auto outcome = As("de-wissel", line);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    last_file = file;
    return ReadText(file);
  }
  std::string Out(const std::vector<std::string>& line) {
    const auto outcome = As("de-wissel", line);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    return outcome.out;
  }
  std::string last_file;

 private:
  int exports_ = 0;
};

TEST_F(NetworkCliTest, ThreeGenerationsSurviveExportAndImport) {
  const std::string oma = Person("oma Rita", {"--gender", "woman", "--born", "1950", "--died", "2021-03"});
  const std::string opa = Person("opa Jef", {"--gender", "man", "--deceased"});
  const std::string mother = Person("mama", {"--gender", "woman", "--born", "1980"});
  const std::string father = Person("papa", {"--gender", "man"});
  Relate("partners", oma, opa, "married", {"--began", "1972"});
  Relate("partners", mother, father, "divorced", {"--began", "2005", "--ended", "2012"});
  for (const std::string& one : {oma, opa}) Relate("parent", one, mother, "biological");
  for (const std::string& one : {mother, father}) Relate("parent", one, "young-person", "biological");
  const std::string family = Out({"network", "genogram", id});
  EXPECT_THAT(family, AllOf(HasSubstr("oma Rita - mama: ouder van"), HasSubstr("mama - papa: partners"),
                            HasSubstr("gescheiden"), HasSubstr("2005 - 2012")));

  for (const char* format : {"gedcom", "gedcom7"}) {
    SCOPED_TRACE(format);
    const std::string file = Exported(id, format, {});
    const std::string source = last_file;
    const std::string other = Opened();
    EXPECT_THAT(Out({"network", "import", other, source}),
                AllOf(HasSubstr("oma Rita 1950: nieuw"), HasSubstr("6 verwantschappen"), HasSubstr("--apply")));
    EXPECT_THAT(Out({"network", "genogram", other}), Not(HasSubstr("mama"))) << "only said";
    EXPECT_THAT(Out({"network", "import", other, source, "--apply"}), HasSubstr("Toegevoegd"));
    const auto read = Json("de-wissel", {"network", "genogram", other});
    ASSERT_EQ(read["people"].size(), 4U);
    std::map<std::string, nlohmann::json> people;
    for (const auto& one : read["people"]) people[one["name"]] = one;
    EXPECT_EQ(people["oma Rita"]["died"], "2021-03");
    EXPECT_EQ(people["opa Jef"]["deceased"], true) << "on no day that is known";
    EXPECT_EQ(people["mama"]["deceased"], false);
    std::set<int> generations;
    for (const auto& one : read["generations"]) generations.insert(one["generation"].get<int>());
    EXPECT_THAT(generations, AllOf(::testing::Contains(-2), ::testing::Contains(-1)));
    std::size_t parted = 0;
    for (const auto& one : read["kinships"]) {
      if (one["how"] != "divorced") continue;
      ++parted;
      EXPECT_EQ(one["ended"], "2012");
    }
    EXPECT_EQ(parted, 1U);
    EXPECT_EQ(Exported(other, format, {}), file) << "nothing was lost or added";
    EXPECT_THAT(Out({"network", "import", other, source}), HasSubstr("oma Rita 1950: staat al in het netwerk"));
  }
}

TEST_F(NetworkCliTest, GapsAndOverlapsOfALifeAreFlagged) {
  const auto lived = [&](const char* lane, const char* title, const char* from, const char* to) {
    return Written({"network", "event", id, "--lane", lane, "--title", title, "--begins", from, "--ends", to});
  };
  lived("stay", "thuis", "2010-05-01", "2019-12-31");
  lived("stay", "De Pas", "2021-01-01", "2021-06-30");
  const std::string first = lived("school", "Sint-Jan", "2015-09-01", "2020-06-30");
  const std::string second = lived("school", "De Brug", "2019-09-01", "2022-06-30");
  const std::string life = Out({"network", "lifeline", id});
  EXPECT_THAT(life, AllOf(HasSubstr("Leemte: verblijf, 2020-01-01 - 2020-12-31"), HasSubstr("Overlapping: school"),
                          HasSubstr(first.substr(0, 8)), HasSubstr(second.substr(0, 8))));
  Written({"network", "event-edit", second, "--lane", "school", "--title", "De Brug", "--begins", "2020-07-01",
           "--ends", "2022-06-30"});
  lived("stay", "bij oma", "2020-01-01", "2020-12-31");
  const std::string mended = Out({"network", "lifeline", id});
  EXPECT_THAT(mended, AllOf(Not(HasSubstr("Overlapping")), Not(HasSubstr("Leemte: verblijf, 2020"))));
}

TEST_F(NetworkCliTest, AGuessStandsBesideWhatIsAnswered) {
  const std::string question = Written({"network", "guess", id, "--asked", "mother", "--figure", "young-person",
                                        "--question", "Wat zou Sam zeggen?", "--guess", "thuis blijven"});
  EXPECT_THAT(Out({"network", "circular", id}),
              AllOf(HasSubstr("Gok: thuis blijven"), Not(HasSubstr("Antwoord: naar oma"))));
  Written({"network", "answer", question, "--text", "naar oma"});
  EXPECT_THAT(Out({"network", "circular", id}),
              HasSubstr("Wat zou Sam zeggen?\n  Gok: thuis blijven\n  Antwoord: naar oma"));
}

TEST_F(NetworkCliTest, ABrokenTieBecomesAnActionThatAsksToRecolour) {
  EXPECT_THAT(Out({"network", "overlay", id}), HasSubstr("Geen verbroken"));
  const std::string vdab = Written({"network", "add", id, "--name", "VDAB", "--kind", "institution", "--ring",
                                    "services", "--domain", "school-work"});
  Tie(vdab, "broken");
  const std::string partner = Json("de-wissel", {"partnerships", "add", "--name", "Leerwinkel", "--kind", "contact",
                                                 "--quality", "positive", "--domain", "school-work"})["id"];
  EXPECT_THAT(Out({"network", "overlay", id}),
              AllOf(HasSubstr("VDAB: verbroken (jongere)"), HasSubstr(partner), HasSubstr("Leerwinkel")));
  const std::string action = Written({"network", "repair", id, "--figure", vdab, "--informant", "young-person",
                                      "--text", "samen erheen", "--due", "12/1/2027", "--partner", partner});
  EXPECT_THAT(Out({"actions", "list", id}), HasSubstr("samen erheen"));
  EXPECT_THAT(Out({"network", "overlay", id}), HasSubstr(action.substr(0, 8)));
  const char* const kAsks = "Vraag hoe een band nu is";
  EXPECT_THAT(Out({"inbox"}), Not(HasSubstr(kAsks)));
  leuven.region.clock.Advance(std::chrono::hours(1));
  Written({"actions", "done", action});
  EXPECT_THAT(Out({"inbox"}), HasSubstr(kAsks));
  EXPECT_THAT(Out({"network", "overlay", id}), HasSubstr("gedaan; vraag hoe die band nu is"));
  leuven.region.clock.Advance(std::chrono::hours(1));
  Tie(vdab, "positive");
  EXPECT_THAT(Out({"inbox"}), Not(HasSubstr(kAsks)));
  EXPECT_THAT(Out({"network", "overlay", id}), HasSubstr("Geen verbroken"));
}

TEST_F(NetworkCliTest, TheEcogramOfAPastDayIsTheSameToTheByte) {
  const std::string oma = Person("oma");
  Tie(oma, "positive", {"--strength", "3", "--since", "2026-01-01"});
  const std::string day = ToText(leuven.region.clock.Now()).substr(0, 10);
  const std::vector<std::string> then = {"--at", day, "--known", day};
  const std::string kept = Exported(id, "ecogram", then);
  EXPECT_THAT(kept, AllOf(HasSubstr("<svg"), HasSubstr("oma")));
  leuven.region.clock.Advance(std::chrono::days(3));
  Written({"network", "edit", oma, "--name", "grootmoeder", "--kind", "person", "--ring", "household"});
  Tie(oma, "broken", {"--since", "2026-01-01"});
  Person("nonkel");
  EXPECT_EQ(Exported(id, "ecogram", then), kept);
  EXPECT_NE(Exported(id, "ecogram", {"--at", day}), kept) << "as is known now of that day";
  EXPECT_THAT(Out({"network", "show", id, "--at", day, "--known", day}),
              AllOf(HasSubstr("oma"), HasSubstr("positief"), Not(HasSubstr("nonkel"))));
  EXPECT_THAT(Out({"network", "show", id}),
              AllOf(HasSubstr("grootmoeder"), HasSubstr("verbroken"), HasSubstr("nonkel")));
}

TEST_F(NetworkCliTest, AnIntakeIsCompleteOnceEachDomainIsLookedAt) {
  const std::vector<std::string> domains = {"living", "family", "network", "school-work", "leisure",
                                            "health", "money",  "safety",  "future"};
  for (const std::string& domain : domains) {
    EXPECT_EQ(Json("de-wissel", {"network", "intake", id})["complete"], false) << "before " << domain;
    Written({"network", "domain", id, "--domain", domain, "--strength", "er is steun"});
  }
  EXPECT_EQ(Json("de-wissel", {"network", "intake", id})["complete"], true);
  EXPECT_THAT(Out({"network", "intake", id}), HasSubstr("De intake is rond"));
}

TEST_F(NetworkCliTest, TheJointIntakeIsConvenedFromTheNetwork) {
  const std::string shared = Shared();
  id = shared;
  Person("Tante Mia", {"--key"});
  Written({"network", "add", id, "--name", "UPC", "--kind", "institution", "--ring", "services", "--organisation",
           "upc-leuven", "--key"});
  EXPECT_THAT(Out({"network", "intake", id}),
              AllOf(HasSubstr("Tante Mia: sleutelfiguur, NIET"), HasSubstr("UPC: sleutelfiguur, NIET")));
  const std::vector<std::string> propose = {"tables", "propose",
                                            id,       "--title",
                                            "Intake", "--kind",
                                            "intake", "--from-network",
                                            "--date", "3/12/2026 14:00-15:30"};
  std::vector<std::string> ahead = propose;
  ahead.push_back("--dry-run");
  EXPECT_EQ(As("de-wissel", ahead).exit_code, 0);
  EXPECT_THAT(Out({"network", "intake", id}), HasSubstr("Tante Mia: sleutelfiguur, NIET")) << "only looked ahead";
  const auto proposed = As("de-wissel", propose);
  EXPECT_EQ(proposed.exit_code, 0) << proposed.err;
  EXPECT_THAT(proposed.err, HasSubstr("Tante Mia"));
  EXPECT_THAT(Out({"network", "intake", id}),
              AllOf(HasSubstr("Tante Mia: sleutelfiguur, uitgenodigd"), HasSubstr("UPC: sleutelfiguur, uitgenodigd"),
                    Not(HasSubstr("NIET"))));
  EXPECT_THAT(As("clb-leuven", {"tables", "list"}).out, Not(HasSubstr("De Wissel"))) << "who is no key figure";
}

TEST_F(NetworkCliTest, AJointIntakeOfPersonsAloneAsksNoOrganisation) {
  id = Shared();
  Person("Tante Mia", {"--key"});
  const std::string own = "de-wissel";
  EXPECT_EQ(Json(own, {"network", "intake", id})["joint"]["draft"]["to"].dump(), R"(["de-wissel"])");
  const auto proposed = As(own, {"tables", "propose", id, "--title", "Intake", "--kind", "intake", "--from-network",
                                 "--date", "3/12/2026 14:00-15:30"});
  EXPECT_EQ(proposed.exit_code, 0) << proposed.err;
  EXPECT_THAT(proposed.err, AllOf(HasSubstr("Tante Mia"), HasSubstr("--to")));
  for (const char* partner : {"upc-leuven", "clb-leuven"}) {
    EXPECT_THAT(As(partner, {"tables", "list"}).out, Not(HasSubstr("De Wissel"))) << "who is no key figure";
  }
}

TEST_F(NetworkCliTest, WhatEachAsksIsListedUnderWhoSaidIt) {
  const std::vector<std::pair<std::string, std::string>> said = {
      {"young-person", "ik wil naar oma"}, {"mother", "ik wil rust"}, {"father", "ik wil hem vaker zien"}};
  for (const auto& [who, words] : said) Written({"requests", "add", id, "--who", who, "--words", words});
  const auto records = Json("de-wissel", {"requests", "list", id, "--full"})["records"];
  ASSERT_EQ(records.size(), 3U);
  for (const auto& [who, words] : said) {
    const auto one = std::ranges::find_if(records, [&](const auto& record) { return record["body"]["who"] == who; });
    ASSERT_NE(one, records.end()) << who;
    EXPECT_EQ((*one)["body"]["words"], words);
  }
  const std::string out = Out({"requests", "list", id, "--full"});
  for (const auto& [label, words] : std::map<std::string, std::string>{
           {"jongere", "ik wil naar oma"}, {"moeder", "ik wil rust"}, {"vader", "ik wil hem vaker zien"}}) {
    const std::size_t at = out.find(words);
    ASSERT_NE(at, std::string::npos) << out;
    const std::string before = out.substr(0, at);
    EXPECT_NE(before.rfind(label), std::string::npos) << out;
    for (const char* other : {"jongere", "moeder", "vader"}) {
      if (other == label || before.rfind(other) == std::string::npos) continue;
      EXPECT_GT(before.rfind(label), before.rfind(other)) << "under " << label << ": " << out;
    }
  }
}

}  // namespace
}  // namespace schakel
