#include "agents/profiles.h"

#include <gtest/gtest.h>

#include "agents/court_bodies.h"
#include "support/paths.h"

namespace schakel {
namespace {

std::map<Sector, Profile> Ours() { return LoadProfiles(SourceDir() / "agents/profiles").value(); }

TEST(Profiles, EverySectorOfOursLoads) {
  std::vector<std::string> sectors;
  for (const auto& [sector, profile] : Ours()) {
    sectors.push_back(sector.value());
    for (const Language language : kLanguages) EXPECT_FALSE(profile.name.In(language).empty());
    EXPECT_TRUE(profile.ceiling.Covers(profile.categories)) << sector.value();
    EXPECT_FALSE(profile.topics.empty()) << sector.value();
    EXPECT_TRUE(profile.vocabulary.contains("worker")) << sector.value();
  }
  EXPECT_EQ(sectors,
            (std::vector<std::string>{"community-institution", "court-social-service", "general-welfare",
                                      "police-liaison", "psychiatry", "school-support", "youth-care", "youth-court"}));
}

TEST(Profiles, ThePoliceNeverGetsHealth) {
  const Profile police = Ours().at(ParseSector("police-liaison").value());
  EXPECT_EQ(police.ceiling,
            (CategorySet{Category::kIdentity, Category::kSafety, Category::kAgreements, Category::kMeeting}));
}

TEST(Profiles, TheCourtsStandBehindTheWall) {
  for (const auto& [sector, profile] : Ours()) {
    const bool court = sector.value() == "youth-court" || sector.value() == "court-social-service";
    EXPECT_EQ(profile.court_wall, court) << sector.value();
  }
}

constexpr std::string_view kGood = R"(
sector = "x-ray"
name = { nl = "a", en = "b", fr = "e" }
court_wall = false
ceiling = ["safety"]
[defaults]
purposes = ["safety"]
categories = ["safety"]
[vocabulary]
worker = { nl = "c", en = "d", fr = "f" }
)";

std::string With(std::string_view from, std::string_view to) {
  std::string text(kGood);
  text.replace(text.find(from), from.size(), to);
  return text;
}

TEST(Profiles, MistakesNameTheFieldAndWhatToDo) {
  ASSERT_TRUE(ParseProfile(kGood, "x.toml"));
  struct Case {
    const char* name;
    std::string text;
    const char* rule;
    const char* field;
  };
  const Case cases[] = {
      {"no toml", "sector = ", "profile.toml", "x.toml: line 1"},
      {"bad sector", With("x-ray", "X Ray"), "profile.field", "x.toml: sector"},
      {"no english", With(", en = \"b\"", ""), "profile.field", "x.toml: name.en"},
      {"no french", With(", fr = \"e\"", ""), "profile.field", "x.toml: name.fr"},
      {"flag as text", With("court_wall = false", "court_wall = \"no\""), "profile.field", "x.toml: court_wall"},
      {"unknown category", With("ceiling = [\"safety\"]", "ceiling = [\"luck\"]"), "profile.field", "x.toml: ceiling"},
      {"misspelt key", With("court_wall", "courtwall"), "profile.field", "x.toml: courtwall"},
      {"unknown key", With("court_wall", "color = 1\ncourt_wall"), "profile.field", "x.toml: color"},
      {"outside the ceiling", With("ceiling = [\"safety\"]", "ceiling = [\"goals\"]"), "profile.field",
       "x.toml: defaults.categories"},
      {"no defaults", With("[defaults]", "[default]"), "profile.field", "x.toml: default"},
      {"word in one language", With("worker = { nl = \"c\", en = \"d\", fr = \"f\" }", "worker = \"c\""),
       "profile.field", "x.toml: vocabulary.worker"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    const auto profile = ParseProfile(c.text, "x.toml");
    ASSERT_FALSE(profile);
    EXPECT_EQ(profile.error().rule, c.rule);
    EXPECT_EQ(profile.error().field, c.field);
    EXPECT_FALSE(profile.error().next.empty());
  }
}

TEST(Profiles, YouthCareAsksInEveryRing) {
  const auto rings = Ours().at(ParseSector("youth-care").value()).rings;
  EXPECT_EQ(rings.size(), static_cast<std::size_t>(kAskingRingLast));
  for (const auto& [ring, questions] : rings) {
    EXPECT_FALSE(questions.empty()) << Slug(ring);
    for (const RingQuestion& one : questions) {
      for (const Language language : kLanguages) EXPECT_FALSE(one.words.In(language).empty()) << one.key;
    }
  }
  EXPECT_TRUE(Ours().at(ParseSector("psychiatry").value()).rings.empty()) << "without the section there are none";
}

TEST(Profiles, MistakesInRingsNameTheQuestion) {
  constexpr std::string_view kQuestion = "[[rings.family]]\nkey = \"support\"\nnl = \"a\"\nen = \"b\"\nfr = \"c\"\n";
  const auto with = [&](std::string_view from, std::string_view to) {
    std::string text(kQuestion);
    text.replace(text.find(from), from.size(), to);
    return std::string(kGood) + text;
  };
  ASSERT_TRUE(ParseProfile(with("a", "a"), "x.toml"));
  EXPECT_EQ(ParseProfile(with("a", "a"), "x.toml")->rings.at(AskingRing::kFamily).at(0).key, "support");
  struct Case {
    const char* name;
    std::string text;
    const char* field;
  };
  const Case cases[] = {
      {"no such ring", with("rings.family", "rings.moon"), "x.toml: rings.moon"},
      {"not a list", std::string(kGood) + "[rings]\nfamily = 1\n", "x.toml: rings.family"},
      {"no french", with("fr = \"c\"\n", ""), "x.toml: rings.family[0].fr"},
      {"no key", with("key = \"support\"\n", ""), "x.toml: rings.family[0].key"},
      {"bad key", with("support", "Wie steunt?"), "x.toml: rings.family[0].key"},
      {"unknown word", with("nl =", "de ="), "x.toml: rings.family[0].de"},
      {"key twice", with("a", "a") + std::string(kQuestion), "x.toml: rings.family[1].key"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    const auto profile = ParseProfile(c.text, "x.toml");
    ASSERT_FALSE(profile);
    EXPECT_EQ(profile.error().rule, "profile.field");
    EXPECT_EQ(profile.error().field, c.field);
  }
}

TEST(Profiles, AMissingDirectoryIsSaid) {
  EXPECT_EQ(LoadProfiles("/nonexistent/profiles").error().rule, "profile.directory");
}

}  // namespace
}  // namespace schakel
