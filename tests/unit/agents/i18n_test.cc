#include "agents/i18n.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include "agents/body.h"
#include "agents/cli.h"
#include "agents/services.h"
#include "support/paths.h"

namespace schakel {
namespace {

std::string ReadAll(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

// Every .cc and .h of the layers whose errors can reach a person.
std::vector<std::filesystem::path> Sources(std::initializer_list<const char*> layers) {
  std::vector<std::filesystem::path> files;
  for (const char* layer : layers) {
    const std::filesystem::path root = SourceDir() / layer;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
      const auto extension = entry.path().extension();
      if (extension == ".cc" || extension == ".h") files.push_back(entry.path());
    }
  }
  return files;
}

std::set<std::string> Placeholders(const std::string& text) {
  static const std::regex kHole(R"(\{[a-z]+\})");
  std::set<std::string> holes;
  for (std::sregex_iterator it(text.begin(), text.end(), kHole), end; it != end; ++it) holes.insert(it->str());
  return holes;
}

// What Explain() fills in.
const std::set<std::string>& OfErrors() {
  static const std::set<std::string> kHoles = {"{choices}", "{field}", "{least}", "{most}", "{next}"};
  return kHoles;
}

TEST(I18n, EveryLanguageHasTheSameKeysAndNoneIsEmpty) {
  for (const Language language : kLanguages) {
    EXPECT_EQ(CatalogueKeys(language), CatalogueKeys(Language::kDutch)) << Slug(language);
    for (const std::string& key : CatalogueKeys(language)) EXPECT_FALSE(Phrase(language, key).empty()) << key;
  }
}

TEST(I18n, EveryLanguageFillsTheSameHoles) {
  for (const std::string& key : CatalogueKeys(Language::kDutch)) {
    const bool of_error = key.starts_with("error.") || key.starts_with("next.");  // Those may tell less, or more.
    const auto dutch = Placeholders(Phrase(Language::kDutch, key));
    for (const Language language : kLanguages) {
      const auto holes = Placeholders(Phrase(language, key));
      if (of_error) {
        EXPECT_TRUE(std::ranges::includes(OfErrors(), holes)) << Slug(language) << " " << key;
      } else {
        EXPECT_EQ(holes, dutch) << Slug(language) << " " << key;
      }
    }
  }
}

// A catalogue is read and corrected by people: a key that stands twice would hide one of its texts.
TEST(I18n, EveryCatalogueIsSortedAndHasNoKeyTwice) {
  static const std::regex kKey(R"re(\n "([^"]+)": ")re");
  for (const Language language : kLanguages) {
    const std::string text = ReadAll(SourceDir() / "agents/i18n" / (std::string(Slug(language)) + ".json"));
    std::vector<std::string> keys;
    for (std::sregex_iterator it(text.begin(), text.end(), kKey), end; it != end; ++it) keys.push_back((*it)[1]);
    EXPECT_EQ(keys, CatalogueKeys(language)) << Slug(language);
  }
}

TEST(I18n, EveryRuleThatTheSourcesNameIsExplained) {
  static const std::regex kRule(
      R"re((?:Fail|FailWith|Deny|Refuse|Break|Error\{|NotHttp|SocketFails)[({]?[^;"]*"([a-z_]+\.[a-z_0-9]+)")re");
  std::size_t found = 0;
  for (const auto& file : Sources({"protocol", "store", "broker", "agents"})) {
    const std::string text = ReadAll(file);
    for (std::sregex_iterator it(text.begin(), text.end(), kRule), end; it != end; ++it) {
      ++found;
      const std::string rule = (*it)[1];
      for (const Language language : kLanguages) EXPECT_TRUE(CanExplain(rule, language)) << rule << " in " << file;
    }
  }
  EXPECT_GT(found, 150U);  // Else the pattern no longer finds them.
}

TEST(I18n, EveryDenialIsExplainedWithANextStep) {
  for (unsigned value = 1; value <= static_cast<unsigned>(kDenialLast); ++value) {
    const std::string slug(Slug(static_cast<Denial>(value)));
    for (const Language language : kLanguages) {
      EXPECT_TRUE(HasText(language, "denial." + slug)) << slug;
      EXPECT_TRUE(CanExplain("recipient." + slug, language)) << slug;
      EXPECT_TRUE(CanExplain("withheld." + slug, language)) << slug;
    }
  }
}

TEST(I18n, EveryKeyThatTheSourcesUseIsThere) {
  static const std::regex kKey(
      R"re((?:\bT|Phrase|HasText)\((?:[a-z_]+(?:\.language)?, |Language::k[A-Za-z]+, )?"([a-z]+\.[A-Za-z_.-]*[A-Za-z])"[,)])re");
  std::size_t found = 0;
  for (const auto& file : Sources({"agents"})) {
    const std::string text = ReadAll(file);
    for (std::sregex_iterator it(text.begin(), text.end(), kKey), end; it != end; ++it) {
      ++found;
      EXPECT_TRUE(HasText(Language::kDutch, (*it)[1].str())) << (*it)[1] << " in " << file;
    }
  }
  EXPECT_GT(found, 100U);
}

TEST(I18n, EveryCommandAndGroupTeaches) {
  for (std::string command : CliCommands()) {
    const std::string group = command.substr(0, command.find(' '));
    std::ranges::replace(command, ' ', '.');
    EXPECT_TRUE(HasText(Language::kDutch, "help." + command)) << command;
    EXPECT_TRUE(HasText(Language::kDutch, "help." + group)) << group;
  }
}

template <typename E>
void ExpectWords(const std::string& list, E last) {
  for (unsigned value = 1; value <= static_cast<unsigned>(last); ++value) {
    const std::string key = "word." + list + "." + std::string(Slug(static_cast<E>(value)));
    EXPECT_TRUE(HasText(Language::kDutch, key)) << key;
  }
}

TEST(I18n, EveryWordOfOurListsIsThere) {
  ExpectWords("module", Module::kTimeOut);
  ExpectWords("urgency", kUrgencyLast);
  ExpectWords("asking-ring", kAskingRingLast);
  ExpectWords("family-phase", kFamilyPhaseLast);
  ExpectWords("family-plan-said", kFamilyPlanSaidLast);
  ExpectWords("taken", AdviceTaken::kNo);
  ExpectWords("kind", MeetingKind::kReviewBeforeHearing);
  ExpectWords("attending", Attending::kDeclined);
  ExpectWords("choices", VoteChoice::kNo);
  ExpectWords("about", AgreementTopic::kOther);
  ExpectWords("who", Speaker::kOther);
  ExpectWords("exception", Exception::kAgogic);
  ExpectWords("answer", ReferralAnswer::kRefused);
  ExpectWords("progress", GoalProgress::kReached);
  for (const auto state : {CaseCited::State::kChanged, CaseCited::State::kStopped, CaseCited::State::kUnread}) {
    EXPECT_TRUE(HasText(Language::kDutch, "engagement.cited_" + std::string(Slug(state)))) << Slug(state);
  }
  ExpectWords("found", GoalFound::kStopped);
  ExpectWords("whose", CriterionOf::kOther);
  ExpectWords("contact-how", kContactHowLast);
  ExpectWords("help-choice", HelpChoice::kDeclined);
  ExpectWords("alert-end", AlertEnd::kMistaken);
  ExpectWords("alert-field", kAlertFieldLast);
  ExpectWords("place-kind", kPlaceKindLast);
  ExpectWords("hold", CaseHold::State::kNotTaken);
  ExpectWords("finding", Identifying::kFromCaseFile);
  ExpectWords("access", AccessRow::What::kAsked);
  for (std::uint16_t kind = 1; kind <= static_cast<std::uint16_t>(Kind::kShareAgain); ++kind) {
    const std::string key = "word.record." + std::string(Slug(static_cast<Kind>(kind)));
    EXPECT_TRUE(HasText(Language::kDutch, key)) << key;
  }
  for (auto kind = static_cast<std::uint16_t>(Kind::kReferral);
       kind <= static_cast<std::uint16_t>(Kind::kClosingReason); ++kind) {
    const std::string key = "word.record." + std::string(Slug(static_cast<Kind>(kind)));
    EXPECT_TRUE(HasText(Language::kDutch, key)) << key;
  }
  for (const Kind kind : {Kind::kAttachment,     Kind::kAttachmentChunk,  Kind::kReveal,
                          Kind::kNetworkFigure,  Kind::kNetworkTie,       Kind::kKinship,
                          Kind::kLifeEvent,      Kind::kLifeDomain,       Kind::kCircularQuestion,
                          Kind::kCircularAnswer, Kind::kModuleSwitch,     Kind::kContactMoment,
                          Kind::kAlert,          Kind::kAlertWithdrawn,   Kind::kHearing,
                          Kind::kRingAnswer,     Kind::kCourtPlan,        Kind::kSchoolReport,
                          Kind::kSchoolStep,     Kind::kLearningCase,     Kind::kFamilyConference,
                          Kind::kFamilyPlan,     Kind::kAftercareContact, Kind::kSupporterMessage,
                          Kind::kAdulthoodPlan,  Kind::kPlaceEnrolment}) {
    EXPECT_TRUE(HasText(Language::kDutch, "word.record." + std::string(Slug(kind))));
  }
  for (auto kind = static_cast<unsigned>(Kind::kMeetingFamily); Slug(static_cast<Kind>(kind)) != "kind"; ++kind) {
    const std::string key = "word.record." + std::string(Slug(static_cast<Kind>(kind)));
    EXPECT_TRUE(HasText(Language::kDutch, key)) << key;
  }
}

TEST(I18n, ARuleOfANewerHubStillTellsWhatKindOfFailureItIs) {
  const Explanation explanation = Explain({Code::kDenied, "tomorrow.rule", {}, "wait"}, Language::kDutch);
  EXPECT_EQ(explanation.what, "Dit mag niet (tomorrow.rule)");
  EXPECT_EQ(explanation.next, "wait");
}

TEST(I18n, AFieldIsSaidInWordsOrNotAtAll) {
  const auto what = [](Error error) { return Explain(error, Language::kDutch).what; };
  EXPECT_EQ(what({Code::kCorrupt, "codec.type", "entry 89: entry.at", {}}),
            "Deze gegevens zijn niet leesbaar (vermelding 89).");
  EXPECT_EQ(what({Code::kCorrupt, "codec.type", "header.kind", {}}), "Deze gegevens zijn niet leesbaar.");
  EXPECT_EQ(what({Code::kNotFound, "id.unknown", "trajectory", {}}), "Dit is hier niet gekend: het traject.");
  EXPECT_EQ(what({Code::kNotFound, "id.unknown", "3f9a", {}}), "Dit is hier niet gekend: 3f9a.");
  EXPECT_EQ(FieldInWords({Code::kInvalid, "evidence.subject", "evidence.subject", {}}, Language::kDutch), "");
  EXPECT_EQ(FieldInWords({Code::kInvalid, "file.read", "/tmp/a.b", {}}, Language::kDutch), "/tmp/a.b");
}

TEST(I18n, ChoicesAreListedWithoutEnglish) {
  const auto error = ParseUrgency("nu").error();
  EXPECT_EQ(Explain({error.code, error.rule, "urgency", error.next}, Language::kDutch).next,
            "Kies uit: normal, soon, today, crisis.");
}

}  // namespace
}  // namespace schakel
