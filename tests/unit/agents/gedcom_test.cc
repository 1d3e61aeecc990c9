#include "agents/gedcom.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <random>
#include <tuple>

namespace schakel {
namespace {

// Whatever stands in which order.
auto Sorted(const GedcomFamily& family) {
  std::vector<std::tuple<Relation, std::string, std::string, KinshipHow, std::string, std::string>> ties;
  for (const GedcomTie& tie : family.ties) {
    std::string a = family.people.at(tie.a).name;
    std::string b = family.people.at(tie.b).name;
    if (tie.relation == Relation::kPartners && b < a) std::swap(a, b);
    ties.emplace_back(tie.relation, a, b, tie.how, tie.began, tie.ended);
  }
  std::ranges::sort(ties);
  return ties;
}
void ExpectSame(const GedcomFamily& family, GedcomVersion version) {
  const std::string text = WriteGedcom(family, version);
  SCOPED_TRACE(text);
  const auto read = ReadGedcom(text);
  ASSERT_TRUE(read) << ToText(read.error());
  ASSERT_EQ(read->people.size(), family.people.size());
  for (std::size_t i = 0; i < family.people.size(); ++i) {
    GedcomPerson person = read->people[i];
    person.xref.clear();
    EXPECT_EQ(person, family.people[i]);
  }
  EXPECT_EQ(Sorted(*read), Sorted(family));
  EXPECT_EQ(read->young_person, family.young_person);
  EXPECT_TRUE(read->left_out.empty());
}

TEST(Gedcom, ThreeGenerationsSurvive) {
  GedcomFamily family;
  family.people = {{"oma Rita", Gender::kWoman, "1950", true, "2021-03", {}},
                   {"opa", Gender::kMan, "", true, "", {}},
                   {"mama", Gender::kWoman, "1980-02-29", false, "", {}},
                   {"papa", Gender::kMan, "", false, "", {}},
                   {"Jos", Gender::kMan, "", false, "", {}},
                   {"Sam", Gender::kOther, "2010", false, "", {}},
                   {"zus", Gender::kUnknown, "2012-07", false, "", {}}};
  family.young_person = 5;
  using enum KinshipHow;
  family.ties = {{Relation::kPartners, 0, 1, kMarried, "1972", ""},
                 {Relation::kParent, 0, 2, kBiological, "", ""},
                 {Relation::kParent, 1, 2, kBiological, "", ""},
                 {Relation::kPartners, 2, 3, kDivorced, "2005-06-01", "2012"},
                 {Relation::kPartners, 2, 4, kCohabiting, "2013", ""},
                 {Relation::kParent, 2, 5, kBiological, "", ""},
                 {Relation::kParent, 3, 5, kBiological, "", ""},
                 {Relation::kParent, 4, 5, kStep, "2013", ""},
                 {Relation::kParent, 2, 6, kBiological, "", ""},
                 {Relation::kParent, 3, 6, kAdoptive, "2014", "2020"}};
  ExpectSame(family, GedcomVersion::k551);
  ExpectSame(family, GedcomVersion::k70);
}

TEST(Gedcom, WhatOthersWroteIsRead) {
  const auto read = ReadGedcom(
      "\xEF\xBB\xBF"
      "0 HEAD\r\n1 CHAR UTF-8\r\n0 @A@ INDI\r\n1 NAME Sam /Peeters/\r\n1 SEX M\r\n1 BIRT\r\n2 DATE ABT 14 MAR 2009\r\n"
      "1 OCCU leerling\r\n0 @B@ INDI\r\n1 NAME An\r\n1 DEAT\r\n2 DATE BET 1990 AND 1991\r\n0 @F@ FAM\r\n1 WIFE @B@\r\n"
      "1 CHIL @A@\r\n0 TRLR\r\n",
      "@A@");
  ASSERT_TRUE(read) << ToText(read.error());
  EXPECT_EQ(read->people.at(0).name, "Sam Peeters");
  EXPECT_EQ(read->people.at(0).born, "2009-03-14");
  EXPECT_TRUE(read->people.at(1).deceased);
  EXPECT_EQ(read->people.at(1).died, "");
  EXPECT_EQ(read->ties.size(), 1U);
  EXPECT_EQ(read->left_out, (std::vector<std::string>{"DATE", "OCCU"}));
}

TEST(Gedcom, WhatCannotBeReadSaysWhere) {
  const auto rule = [](std::string_view text, std::string_view who = {}) {
    const auto read = ReadGedcom(text, who);
    return read ? std::string("ok") : read.error().rule;
  };
  EXPECT_EQ(rule(""), "gedcom.header");
  EXPECT_EQ(rule("0 INDI\n"), "gedcom.header");
  EXPECT_EQ(rule("0 HEAD\n2 VERS\n"), "gedcom.line");
  EXPECT_EQ(rule("0 HEAD\nx\n"), "gedcom.line");
  EXPECT_EQ(rule("0 HEAD\n0 TRLR\n"), "gedcom.people");
  EXPECT_EQ(rule("0 HEAD\n0 @A@ INDI\n0 @A@ INDI\n"), "gedcom.reference");
  EXPECT_EQ(rule("0 HEAD\n0 @A@ INDI\n0 @F@ FAM\n1 HUSB @B@\n"), "gedcom.reference");
  EXPECT_EQ(rule("0 HEAD\n0 @A@ INDI\n0 @F@ FAM\n1 HUSB @A@\n1 CHIL @A@\n"), "gedcom.reference") << "their own child";
  EXPECT_EQ(rule("0 HEAD\n0 @A@ INDI\n0 @F@ FAM\n1 HUSB @A@\n1 WIFE @A@\n1 MARR Y\n"), "gedcom.reference")
      << "married to themselves";
  EXPECT_EQ(rule("0 HEAD\n0 @A@ INDI\n", "Sam"), "gedcom.young_person");
  EXPECT_EQ(rule("0 HEAD\n0 @A@ INDI\n1 NAME \xff\n"), "gedcom.charset");
}

TEST(Gedcom, ANameReadsTheSameAgainHoweverItWasWritten) {
  const auto name = [](const std::string& value) {
    return ReadGedcom("0 HEAD\n0 @A@ INDI\n1 NAME " + value + "\n").value().people.at(0).name;
  };
  EXPECT_EQ(name("a@@@@b"), "a@b");
  EXPECT_EQ(name("@@@x"), "@x");
  const std::string cut(119, 'x');  // Of the 120 bytes that are kept, the last would be a space.
  EXPECT_EQ(name(cut + " y"), cut);
}

RC_GTEST_PROP(Gedcom, AnyFamilySurvivesBothVersions, (std::uint64_t seed)) {
  RC_LOG() << "seed " << seed;
  std::mt19937_64 random(seed);
  const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
  GedcomFamily family;
  const std::size_t count = 2 + below(12);
  for (std::size_t i = 0; i < count; ++i) {
    GedcomPerson person{"p" + std::to_string(i) + " @é", static_cast<Gender>(1 + below(4)), "", below(3) == 0, "", {}};
    if (below(2) == 0) person.born = "19" + std::to_string(10 + below(80));
    if (person.deceased && below(2) == 0) person.died = "2001-0" + std::to_string(1 + below(9));
    family.people.push_back(std::move(person));
  }
  family.young_person = below(count);
  for (std::size_t child = 1; child < count; ++child) {
    // Parents stand before their children: nobody is their own ancestor.
    const std::size_t parents = below(3);
    for (std::size_t i = 0; i < parents; ++i) {
      const std::size_t parent = below(child);
      const bool known = std::ranges::any_of(family.ties, [&](const GedcomTie& tie) {
        return tie.relation == Relation::kParent && tie.a == parent && tie.b == child;
      });
      if (!known) {
        family.ties.push_back({Relation::kParent, parent, child, static_cast<KinshipHow>(1 + below(4)), "", ""});
      }
    }
    if (below(2) == 0) {
      const auto how = static_cast<KinshipHow>(5 + below(5));
      family.ties.push_back({Relation::kPartners, child - 1, child, how, "1990", below(2) == 0 ? "1999" : ""});
    }
  }
  for (const GedcomVersion version : {GedcomVersion::k551, GedcomVersion::k70}) {
    const auto read = ReadGedcom(WriteGedcom(family, version));
    RC_ASSERT(read.has_value());
    RC_ASSERT(Sorted(*read) == Sorted(family));
    RC_ASSERT(read->people.size() == family.people.size());
    for (std::size_t i = 0; i < count; ++i) {
      RC_ASSERT(read->people[i].name == family.people[i].name);
      RC_ASSERT(read->people[i].born == family.people[i].born);
      RC_ASSERT(read->people[i].died == family.people[i].died);
      RC_ASSERT(read->people[i].gender == family.people[i].gender);
    }
    RC_ASSERT(read->young_person == family.young_person);
  }
}

// Bytes of anybody: an error or a family, and what was read once reads the same again.
RC_GTEST_PROP(Gedcom, NoBytesBreakTheReader, (std::uint64_t seed)) {
  std::mt19937_64 random(seed);
  constexpr std::string_view kPieces[] = {"0 HEAD\n",
                                          "0 @A@ INDI\n",
                                          "0 @F@ FAM\n",
                                          "1 NAME x /y/\n",
                                          "1 HUSB @A@\n",
                                          "1 CHIL @A@\n",
                                          "1 FAMC @F@\n",
                                          "2 PEDI foster\n",
                                          "1 EVEN\n",
                                          "2 TYPE separated\n",
                                          "2 DATE FROM 1 JAN 2001 TO 2002\n",
                                          "2 DATE TO\n",
                                          "1 DEAT\n",
                                          "@",
                                          " ",
                                          "9 X",
                                          "\r",
                                          "3 PHRASE step\n"};
  std::string text = "0 HEAD\n";
  for (int i = 0; i < 30; ++i) text += kPieces[random() % std::size(kPieces)];
  const auto read = ReadGedcom(text);
  if (!read) return;
  const auto again = ReadGedcom(WriteGedcom(*read, GedcomVersion::k551));
  RC_ASSERT(again.has_value());
  RC_ASSERT(again->people.size() == read->people.size());
}

}  // namespace
}  // namespace schakel
