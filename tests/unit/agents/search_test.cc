#include "agents/search.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "agents/api.h"
#include "agents/keeping.h"
#include "agents/tasks.h"
#include "search/index.h"
#include "search/verb_forms.h"
#include "services/body_texts.h"
#include "support/fake_engine.h"
#include "support/paths.h"

namespace schakel {
namespace {

using nlohmann::json;
using schakel::test::Leuven;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

// ---- Words ----
bool Finds(const std::string& words, const std::string& text) {
  WordReader reader;
  const Wanted wanted = ReadWanted(words, reader);
  return !wanted.phrases.empty() && HoldsAll(wanted, {text}, reader);
}

TEST(SearchWords, FormsOfOneWordFindEachOther) {
  const std::pair<const char*, const char*> forms[] = {
      {"lessen", "les"},
      {"stappen", "stap"},
      {"bussen", "bus"},
      {"mannen", "man"},
      {"klassen", "klas"},
      {"plannen", "plan"},
      {"huizen", "huis"},
      {"brieven", "brief"},
      {"jongens", "jongen"},
      {"meisjes", "meisje"},
      {"ruzies", "ruzie"},
      {"boze", "boos"},
      {"brillen", "bril"},
      {"messen", "mes"},
      {"steden", "stad"},
      {"zussen", "zus"},
      {"kinderen", "kind"},
      {"sliep", "slapen"},
      {"sliep", "slaap"},
      {"weggelopen", "weglopen"},
      {"wegliep", "weglopen"},
      {"opgenomen", "opnemen"},
      {"adviezen", "advies"},
      {"adressen", "adres"},
      {"tantes", "tante"},
      {"actieve", "actief"},
      {"gezinnen", "gezin"},
      {"vriendinnen", "vriendin"},
      {"afspraken", "afspraak"},
      {"Zussen", "ZUS"},
      {"begeleiders", "begeleider"},
      {"loopt", "liepen"},
      {"slaapt", "geslapen"},
      {"wonen", "woont"},
      {"woonde", "gewoond"},
      {"maken", "maakt"},
      {"volgen", "volgden"},
      {"gevolgd", "volgt"},
      {"bellen", "gebeld"},
      {"bel", "belde"},
      {"hebben", "heeft"},
      {"leven", "leeft"},
      {"reizen", "reist"},
      {"weigert", "geweigerd"},
      {"wandelt", "wandelde"},
      {"probeert", "geprobeerd"},
      {"praatte", "praten"},
      {"antwoordde", "antwoord"},
      {"opgebeld", "opbellen"},
      {"weggevallen", "wegvallen"},
      {"begeleidt", "begeleiding"},
      {"verhuisd", "verhuizen"},
      {"gescheiden", "scheiden"},
      {"betrokkene", "betrokken"},
      {"gestolen", "steelt"},
      // Nouns that look as forms of verbs.
      {"vraag", "vragen"},
      {"verslagen", "verslag"},
      {"gevallen", "geval"},
      {"redenen", "reden"},
      {"lagen", "laag"},
      {"staten", "staat"},
      {"bezoeken", "bezoek"},
      {"besluiten", "besluit"},
      {"gedragen", "gedrag"},
      {"weken", "week"},
      {"wijken", "wijk"},
      {"werken", "werk"},
      {"sloten", "slot"},
      {"verboden", "verbod"},
      {"sprongen", "sprong"},
      {"wegen", "weg"},
      {"machten", "macht"},
      {"diensten", "dienst"},
      {"gedachten", "gedachte"},
  };
  for (const auto& [one, other] : forms) {
    SCOPED_TRACE(std::string(one) + " " + other);
    EXPECT_TRUE(Finds(one, other));
    EXPECT_TRUE(Finds(other, one));
  }
  const std::pair<const char*, const char*> others[] = {
      {"kind", "kinderachtig"}, {"vlees", "vlo"},     {"bus", "buis"},        {"stad", "staat"},    {"namen", "nemen"},
      {"overleden", "lid"},     {"huis", "huilen"},   {"afspraak", "spraak"}, {"brief", "bril"},    {"geval", "vallen"},
      {"leiden", "lijden"},     {"leggen", "liggen"}, {"zetten", "zitten"},   {"verslag", "slaan"},
  };
  for (const auto& [one, other] : others) {
    SCOPED_TRACE(std::string(one) + " " + other);
    EXPECT_FALSE(Finds(one, other));
  }
}

TEST(SearchWords, AVerbIsOneWordInAllItsFormsAndNoOther) {
  WordReader reader;
  std::map<std::string, std::string> by_stem;  // The verb of each.
  for (const VerbFamily& family : VerbFamilies()) {
    std::set<std::string> stems;
    for (const std::string& form : family) {
      const auto words = reader.Read(form);
      ASSERT_EQ(words.size(), 1U) << form;
      stems.insert(words.front().stem);
    }
    EXPECT_EQ(stems.size(), 1U) << family.front() << ": " << ::testing::PrintToString(stems);
    const auto [other, fresh] = by_stem.emplace(*stems.begin(), family.front());
    EXPECT_TRUE(fresh) << family.front() << " and " << other->second;
  }
  EXPECT_GT(by_stem.size(), 500U);
}

TEST(SearchWords, AreComparedByTheirStemAsAReaderReadsThem) {
  struct Case {
    const char* name;
    const char* words;
    const char* text;
    bool want;
  };
  const Case cases[] = {
      {"the same", "school", "naar school", true},
      {"a part of another", "school", "schoolreis", false},
      {"plural", "afspraken", "één afspraak", true},
      {"singular", "afspraak", "vaste afspraken", true},
      {"another vowel", "school", "twee scholen", true},
      {"possessive", "vaders", "haar vader", true},
      {"capitals", "SLAPEN", "Slapen gaat moeilijk", true},
      {"accents here", "een", "Één keer", true},
      {"accents there", "coördinator", "de coordinator", true},
      {"accents of their own", "ideee\xCC\x88n", "ideeën", true},
      {"an invisible hyphen", "slapen", "sla\xC2\xADpen", true},
      {"full width", "clb", "\xEF\xBC\xA3\xEF\xBC\xAC\xEF\xBC\xA2", true},
      {"curly quotes are no letters", "hallo", "\xE2\x80\x9CHallo\xE2\x80\x9D", true},
      {"a space that does not break", "werk", "geen\xC2\xA0werk", true},
      {"an apostrophe", "foto's", "de foto van thuis", true},
      {"all of them", "slapen school", "school en slapen", true},
      {"one is missing", "slapen school", "alleen slapen", false},
      {"a phrase", "\"vaste afspraken\"", "een vaste afspraak", true},
      {"a phrase in another order", "\"vaste afspraken\"", "afspraken zijn vast", false},
      {"a phrase with a word between", "\"vaste afspraken\"", "vaste nieuwe afspraken", false},
      {"a phrase between curly quotes", "\xE2\x80\x9Evaste afspraken\xE2\x80\x9D", "afspraken, vaste", false},
      {"a phrase and a word", "\"vaste afspraken\" school", "school: vaste afspraken", true},
      {"an open quote goes to the end", "school \"vaste afspraken", "school, vaste afspraak", true},
      {"a digit is a word", "5", "om 5 uur", true},
      {"a letter is none", "a", "a", false},
      {"nothing", "...", "...", false},
      {"bytes that are no text", "slapen", "\xFF\xC3slapen", false},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    EXPECT_EQ(Finds(c.words, c.text), c.want);
  }
}

TEST(SearchWords, AnExcerptShowsThePlaceAndMarksIt) {
  WordReader reader;
  const auto excerpt = [&](const std::string& words, const std::vector<std::string_view>& texts) {
    return Excerpt(ReadWanted(words, reader), texts, reader);
  };
  EXPECT_THAT(
      excerpt("afspraken", {"Titel", "Een vaste afspraak, elke week."}),
      ElementsAre(ExcerptPart{"Een vaste ", false}, ExcerptPart{"afspraak", true}, ExcerptPart{", elke week.", false}));
  EXPECT_THAT(excerpt("elders", {"Titel", "tekst"}), ElementsAre(ExcerptPart{"Titel", false}));
  EXPECT_THAT(excerpt("elders", {}), IsEmpty());
  const std::string far = std::string(500, '.') + " doel " + std::string(500, '.') + " na " + std::string(400, 'x');
  const std::string before = "woord " + far;
  const auto parts = excerpt("doel", {before});
  EXPECT_EQ(parts.front().text, "\u2026");
  EXPECT_EQ(parts.back().text, "\u2026");
  EXPECT_TRUE(std::ranges::any_of(parts, &ExcerptPart::wanted));
}

// Whatever the text: an excerpt is of it, and well-formed where it is.
RC_GTEST_PROP(SearchWords, AnExcerptIsOfTheText, ()) {
  WordReader reader;
  std::string text;
  for (const int choice : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 8))) {
    constexpr std::string_view kPieces[] = {"slapen", " ", "é", "\u2013", "school ", ". ", "x", "Één "};
    text += kPieces[static_cast<std::size_t>(choice)];
  }
  std::string whole;
  for (const ExcerptPart& part : Excerpt(ReadWanted("slapen een", reader), {text}, reader)) {
    RC_ASSERT(IsUtf8(part.text));
    if (part.text != "\u2026") whole += part.text;
  }
  RC_ASSERT(text.find(whole) != std::string::npos);
  for (const WordAt& word : reader.Read(text)) RC_ASSERT(word.at + word.length <= text.size());
}

// ---- The index ----
RecordId Numbered(std::uint8_t number) { return RecordId(Id128{number}); }
Timestamp At(int hour) { return ParseTimestamp("2026-11-23T00:00:00Z").value() + std::chrono::hours(hour); }

class IndexTest : public ::testing::Test {
 protected:
  static std::vector<RecordId> In(SearchIndex& index, const std::string& words) {
    return index.Find(ReadWanted(words, index.reader()));
  }
};

TEST_F(IndexTest, WhatWasDroppedIsGoneAtOnceAndItsWordsWithTheNextTidy) {
  SearchIndex index;
  index.Put(Numbered(1), At(1), {"slapen", "op school"});
  index.Put(Numbered(2), At(2), {"school"});
  EXPECT_THAT(In(index, "scholen"), UnorderedElementsAre(Numbered(1), Numbered(2)));
  EXPECT_THAT(In(index, "slapen school"), ElementsAre(Numbered(1)));
  index.Drop(Numbered(1));
  EXPECT_THAT(In(index, "scholen"), ElementsAre(Numbered(2)));
  EXPECT_EQ(index.records(), 1U);
  index.Tidy();
  EXPECT_EQ(index.words(), 1U);
  EXPECT_EQ(index.postings(), 1U);
  EXPECT_THAT(In(index, "scholen"), ElementsAre(Numbered(2)));
}

TEST_F(IndexTest, TheSameAgainChangesNothingAndOtherWordsTakeItsPlace) {
  SearchIndex index;
  index.Put(Numbered(1), At(1), {"slapen"});
  index.Put(Numbered(1), At(3), {"slapen"});
  EXPECT_EQ(index.postings(), 1U);
  index.Put(Numbered(1), At(3), {"eten"});
  EXPECT_THAT(In(index, "slapen"), IsEmpty());
  EXPECT_THAT(In(index, "eten"), ElementsAre(Numbered(1)));
}

TEST_F(IndexTest, WhenItIsFullTheOldestLeaveAndItSaysSo) {
  SearchIndex index(16);
  for (std::uint8_t i = 1; i <= 16; ++i) index.Put(Numbered(i), At(i), {"woord"});
  EXPECT_FALSE(index.since());
  index.Put(Numbered(17), At(17), {"woord"});
  EXPECT_EQ(index.since(), At(3));
  EXPECT_EQ(index.records(), 14U);
  const auto found = In(index, "woord");
  EXPECT_EQ(std::ranges::count(found, Numbered(3)), 0);
  EXPECT_EQ(std::ranges::count(found, Numbered(4)), 1);
  index.Put(Numbered(18), At(3), {"woord"});
  EXPECT_EQ(index.records(), 14U) << "as old as what left";
}

// ---- The service ----
class SearchTest : public ::testing::Test {
 protected:
  Leuven leuven;
  Engine& engine = leuven.youth_care;
  Cases cases{engine};
  TrajectoryService trajectories{engine, cases, leuven.region.clock, leuven.region.random};
  ContentService content{engine, cases};
  TaskService tasks{engine, leuven.region.clock};
  SearchService search{engine, cases, leuven.region.clock};
  const Caller nora{{"Nora", StaffRole::kWorker}, ViewReason::kTask};
  const TrajectoryId sam = Open("Sam");
  const TrajectoryId lina = Open("Lina");

  TrajectoryId Open(const std::string& label) {
    leuven.region.clock.Advance(std::chrono::minutes(1));
    return trajectories.Open({label, Module::kMobile, ""}, Stage::kCapable, {}).value().trajectory;
  }
  RecordId Note(const TrajectoryId& id, const std::string& title, const std::string& text) {
    leuven.region.clock.Advance(std::chrono::minutes(1));
    return content.Note(id, {title, text}, Purpose::kCareCoordination, {Category::kGoals}, {}).value().record;
  }
  std::vector<RecordId> Find(const SearchQuestion& question, const Caller& caller) {
    return search.Find(question, caller).value().records;
  }
  std::vector<RecordId> Find(const std::string& words) { return Find({.words = words}, nora); }
};

TEST_F(SearchTest, FindsTheNewestFirstAndKeepsUp) {
  const RecordId first = Note(sam, "Slapen", "Gaat moeilijk.");
  EXPECT_THAT(Find("slapen"), ElementsAre(first));
  const RecordId second = Note(lina, "Overleg", "Slapen gaat beter.");
  EXPECT_THAT(Find("slapen"), ElementsAre(second, first));
  EXPECT_THAT(Find("\"slapen gaat\""), ElementsAre(second)) << "not from one field into the next";
}

TEST_F(SearchTest, IsNarrowedByKindTrajectoryAndPeriod) {
  const RecordId first = Note(sam, "Slapen", "");
  const RecordId second = Note(lina, "Slapen", "");
  leuven.region.clock.Advance(std::chrono::minutes(1));
  const RecordId agreement = content.Agree(sam, {AgreementTopic::kOther, "Om tien uur slapen", ""}, {}).value().record;
  const Timestamp at = engine.Find(second).value().at;
  EXPECT_THAT(Find({.words = "slapen", .kinds = {Kind::kAgreement}}, nora), ElementsAre(agreement));
  EXPECT_THAT(Find({.words = "slapen", .trajectory = sam}, nora), ElementsAre(agreement, first));
  EXPECT_THAT(Find({.words = "slapen", .from = at}, nora), ElementsAre(agreement, second));
  EXPECT_THAT(Find({.words = "slapen", .until = at}, nora), ElementsAre(first));
}

TEST_F(SearchTest, WhatIsOutsideSomebodysTasksIsNotEvenCounted) {
  const RecordId ours = Note(sam, "Slapen", "");
  const RecordId others = Note(lina, "Slapen", "");
  ASSERT_TRUE(tasks.Assign(lina, "Wim", {}, {"Karim", StaffRole::kCoordinator}));
  EXPECT_THAT(Find("slapen"), ElementsAre(ours));
  EXPECT_THAT(Find({.words = "slapen"}, {nora.person, ViewReason::kOnDuty}), ElementsAre(others, ours));
  EXPECT_THAT(Find({.words = "slapen"}, {{"Wim", StaffRole::kWorker}, ViewReason::kTask}), ElementsAre(others, ours));
  EXPECT_THAT(leuven.youth_care.views(), IsEmpty()) << "finding shows nothing yet";
}

TEST_F(SearchTest, WhatWasWithdrawnIsGoneFromTheSearchesOfWhoHadIt) {
  Engine& upc = leuven.psychiatry;
  Cases theirs{upc};
  SearchService elsewhere{upc, theirs, leuven.region.clock};
  const Caller claes{{"dokter Claes", StaffRole::kWorker}, ViewReason::kTask};
  TrajectoryService joining{upc, theirs, leuven.region.clock, leuven.region.random};
  ASSERT_TRUE(trajectories.Invite(sam, upc.Self(), {"Traject 12", ""}, {}, {}));
  ASSERT_TRUE(joining.Join(sam, {"ja"}, {}));
  GrantService grants{engine, cases, leuven.region.clock, leuven.region.random};
  GrantRequest request;
  request.trajectory = sam;
  request.recipient = upc.Self();
  request.purposes = {Purpose::kCareCoordination};
  request.categories = {Category::kGoals};
  request.ends_at = leuven.region.clock.Now() + std::chrono::days(30);
  request.consented_by = "Sam";
  request.how = "ondertekend";
  const RecordId grant = grants.Give(request, nora, {}).value().record;
  const RecordId note = Note(sam, "Slapen", "");
  EXPECT_THAT(elsewhere.Find({.words = "slapen"}, claes).value().records, ElementsAre(note));
  ASSERT_TRUE(grants.Withdraw(grant, {"op vraag"}, {}));
  EXPECT_THAT(elsewhere.Find({.words = "slapen"}, claes).value().records, IsEmpty());
  EXPECT_THAT(Find("slapen"), ElementsAre(note)) << "its author keeps it";
}

TEST_F(SearchTest, AnErasedTrajectoryIsGone) {
  Note(sam, "Slapen", "");
  const RecordId other = Note(lina, "Slapen", "");
  EXPECT_THAT(Find("slapen").size(), 2U);
  ErasureService erasure{engine, cases};
  ASSERT_TRUE(erasure.Propose(sam, EraseReason::kMistake, {"dubbel"}, nora, {}));
  ASSERT_TRUE(erasure.Confirm(sam, {{"Karim", StaffRole::kCoordinator}, ViewReason::kTask}, {}));
  EXPECT_THAT(Find("slapen"), ElementsAre(other));
}

TEST_F(SearchTest, WhoAsksForARecordThatWasErasedHearsThatItWas) {
  const std::string note = ToText(Note(sam, "Slapen", ""));
  ErasureService erasure{engine, cases};
  ASSERT_TRUE(erasure.Propose(sam, EraseReason::kMistake, {"dubbel"}, nora, {}));
  ASSERT_TRUE(cases.FindRecord(note));
  ASSERT_TRUE(erasure.Confirm(sam, {{"Karim", StaffRole::kCoordinator}, ViewReason::kTask}, {}));
  const auto found = cases.FindRecord(note.substr(0, 12));
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().rule, "record.erased");
  EXPECT_EQ(found.error().field, ToText(leuven.region.clock.Now()).substr(0, 10));
  Cases partner(leuven.psychiatry);
  EXPECT_EQ(partner.FindRecord(note).error().rule, "id.unknown") << "it never had it";
}

TEST_F(SearchTest, WhatCannotBeLookedForIsRefused) {
  const auto rule = [&](const SearchQuestion& question) { return search.Find(question, nora).error().rule; };
  EXPECT_EQ(rule({.words = "..."}), "search.words");
  EXPECT_EQ(rule({.words = std::string(401, 'x')}), "search.long");
  EXPECT_TRUE(search.Find({.words = std::string(400, 'x')}, nora));
  std::string many;
  for (char c = 'a'; c < 'a' + 17; ++c) many += std::string(2, c) + "x ";
  EXPECT_EQ(rule({.words = many}), "search.many");
  EXPECT_TRUE(search.Find({.words = many.substr(0, many.size() - 4)}, nora));
  EXPECT_EQ(rule({.words = "slapen", .from = At(2), .until = At(2)}), "search.period");
}

TEST(SearchKinds, EverySlugLeadsBackToItsKind) {
  ASSERT_FALSE(AllKinds().empty());
  for (const Kind kind : AllKinds()) EXPECT_EQ(ParseKind(Slug(kind)).value(), kind);
  EXPECT_EQ(ParseKind("views").error().rule, "vocabulary.record");
  EXPECT_EQ(ParseKind("kind").error().rule, "vocabulary.record");
}

// ---- Over the API ----
class SearchApiTest : public SearchTest {
 protected:
  std::unique_ptr<Api> api =
      Api::Open(engine, SourceDir() / "agents/profiles", leuven.region.clock, leuven.region.random).value();

  json Ask(const json& body, const std::string& query = {}, int status = 200) {
    const ApiRequest request{"POST",
                             "/v1/search" + query,
                             {{"schakel-person", "Nora"}, {"content-type", "application/json"}},
                             body.dump(),
                             "peer"};
    const ApiResponse response = api->Handle(request);
    EXPECT_EQ(response.status, status) << response.body;
    return json::parse(response.body, nullptr, false);
  }
};

TEST_F(SearchApiTest, EveryResultIsAViewAndPagesGoOn) {
  const RecordId first = Note(sam, "Slapen", "Een vaste afspraak.");
  const RecordId second = Note(sam, "Eten", "Slapen later.");
  const json page = Ask({{"words", "slapen"}}, "?limit=1");
  EXPECT_EQ(page["total"], 2);
  EXPECT_TRUE(page["since"].is_null());
  ASSERT_EQ(page["results"].size(), 1U);
  EXPECT_EQ(page["results"][0]["id"], ToText(second));
  EXPECT_EQ(page["results"][0]["about"]["label"], "Sam");
  EXPECT_EQ(page["results"][0]["excerpt"][0], json({{"text", "Slapen"}, {"wanted", true}}));
  EXPECT_FALSE(page["results"][0].contains("body"));
  std::vector<RecordId> seen;
  for (const View& view : leuven.youth_care.views()) seen.push_back(view.record);
  const RecordId opening = cases.Trajectory(sam).value().opening;
  EXPECT_THAT(seen, UnorderedElementsAre(second, opening)) << "the result and the label, and no more";
  const json next = Ask({{"words", "slapen"}}, "?limit=1&cursor=" + page["next"].get<std::string>());
  EXPECT_EQ(next["results"][0]["id"], ToText(first));
  EXPECT_TRUE(next["next"].is_null());
}

TEST_F(SearchApiTest, FiltersAndMistakesAreSaid) {
  const RecordId note = Note(sam, "Slapen", "");
  Note(lina, "Slapen", "");
  const json found = Ask({{"words", "slapen"}, {"kinds", {"note"}}, {"trajectory", ToText(sam).substr(0, 8)}});
  ASSERT_EQ(found["total"], 1);
  EXPECT_EQ(found["results"][0]["id"], ToText(note));
  EXPECT_EQ(Ask({{"words", "slapen"}, {"kinds", {"poem"}}}, {}, 400)["rule"], "vocabulary.record");
  EXPECT_EQ(Ask({{"words", "?!"}}, {}, 400)["rule"], "search.words");
  EXPECT_EQ(Ask(json::object(), {}, 400)["rule"], "request.required");
}

}  // namespace
}  // namespace schakel
