#include "agents/person_name.h"

#include <gtest/gtest.h>

namespace schakel {
namespace {

TEST(PersonName, OneIsShownWithoutSpareBlanks) {
  EXPECT_EQ(TidyPersonName("  Lotte   De\tSmet \n"), "Lotte De Smet");
  EXPECT_EQ(TidyPersonName("Zoë"), "Zoë");
  EXPECT_EQ(TidyPersonName("   "), "");
}

TEST(PersonName, SpellingsOfOnePersonAreOne) {
  struct Case {
    const char* name;
    const char* other;
    bool same;
  };
  const Case cases[] = {
      {"as it is", "Lotte Maës", true},
      {"capitals", "LOTTE MAËS", true},
      {"blanks", " lotte  maës ", true},
      {"a blank that does not break", "Lotte\u00A0Maës", true},
      {"an accent of its own character", "Lotte Mae\u0308s", true},
      {"no accent", "Lotte Maes", true},
      {"a letter that looks like it", "L\u043Ette Maes", true},
      {"what shows nothing", "Lo\u200Btte Maes", true},
      {"another first name", "Lotta Maes", false},
      {"no surname", "Lotte", false},
      {"run together", "LotteMaes", false},
      {"nothing", "", false},
  };
  for (const Case& c : cases) EXPECT_EQ(SamePerson("Lotte Maës", c.other), c.same) << c.name;
}

TEST(PersonName, TheNameOfAGuestIsKnownHoweverItIsSpelled) {
  struct Case {
    const char* name;
    const char* text;
    bool of_guest;
  };
  const Case cases[] = {
      {"as it is", "Els (gast 3f9a21bc)", true},
      {"capitals", "ELS (GAST 3F9A21BC)", true},
      {"blanks", "Els  (gast  3f9a21bc) ", true},
      {"a letter that looks like it", "Els (g\u0430st 3f9a21bc)", true},
      {"no name before it", "(gast 3f9a21bc)", true},
      {"seven digits", "Els (gast 3f9a21b)", false},
      {"nine digits", "Els (gast 3f9a21bc0)", false},
      {"no digit", "Els (gast 3f9a21bg)", false},
      {"something behind it", "Els (gast 3f9a21bc) Maes", false},
      {"not closed", "Els (gast 3f9a21bc", false},
      {"another word", "Els (post 3f9a21bc)", false},
      {"nothing", "", false},
  };
  for (const Case& c : cases) EXPECT_EQ(IsGuestName(c.text), c.of_guest) << c.name;
}

TEST(PersonName, WhatShowsNothingIsNobody) {
  for (const char* nobody : {"", "  ", "\u200B", "\u0301", "\u00A0", " \u2060\t"}) {
    EXPECT_TRUE(PersonKey(nobody).empty()) << nobody;
  }
}

}  // namespace
}  // namespace schakel
