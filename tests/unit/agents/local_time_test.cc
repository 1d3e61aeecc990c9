#include "local_time.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <sstream>

#include "cli/output.h"

namespace schakel {
namespace {

Timestamp At(const char* utc) { return ParseTimestamp(utc).value(); }

TEST(LocalTime, SummerTimeBeginsAndEndsAtOneUtc) {
  struct Case {
    const char* name;
    const char* utc;
    const char* local;
  };
  const Case cases[] = {
      {"winter", "2026-01-15T12:00:00Z", "do 15/01/2026 13:00"},
      {"summer", "2026-07-15T12:00:00Z", "wo 15/07/2026 14:00"},
      {"just before spring forward", "2026-03-29T00:59:59.999Z", "zo 29/03/2026 01:59"},
      {"spring forward", "2026-03-29T01:00:00Z", "zo 29/03/2026 03:00"},
      {"just before fall back", "2026-10-25T00:59:59.999Z", "zo 25/10/2026 02:59 (zomertijd)"},
      {"fall back", "2026-10-25T01:00:00Z", "zo 25/10/2026 02:00 (wintertijd)"},
      {"a new year at midnight", "2026-12-31T23:00:00Z", "vr 01/01/2027 00:00"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    EXPECT_EQ(LocalText(At(c.utc), Language::kDutch), c.local);
  }
}

TEST(LocalTime, WhatPeopleWriteIsRead) {
  struct Case {
    const char* text;
    const char* utc;  // Empty: not a time.
  };
  const Case cases[] = {
      {"23/11/2026 21:05", "2026-11-23T20:05:00.000Z"},
      {"2026-11-23 21:05", "2026-11-23T20:05:00.000Z"},
      {"3/7/2026 9.30", "2026-07-03T07:30:00.000Z"},
      {"3/7/2026 9u30", "2026-07-03T07:30:00.000Z"},
      {"3/7/2026 9u", "2026-07-03T07:00:00.000Z"},
      {" 23/11/2026 ", "2026-11-22T23:00:00.000Z"},
      {"2026-11-23T20:05:00Z", "2026-11-23T20:05:00.000Z"},
      {"25/10/2026 02:30", ""},  // Twice, and which is not said.
      {"25/10/2026 02:30 zomertijd", "2026-10-25T00:30:00.000Z"},
      {"25/10/2026 02:30 wintertijd", "2026-10-25T01:30:00.000Z"},
      {"25/10/2026 02:30 (wintertijd)", "2026-10-25T01:30:00.000Z"},
      {"25/10/2026 01:59", "2026-10-24T23:59:00.000Z"},
      {"25/10/2026 03:00", "2026-10-25T02:00:00.000Z"},
      {"29/03/2026 02:30", ""},  // Skipped.
      {"29/03/2026 01:59", "2026-03-29T00:59:00.000Z"},
      {"29/03/2026 03:00", "2026-03-29T01:00:00.000Z"},
      {"31/02/2026", ""},
      {"01/01/1970 01:00", "1970-01-01T00:00:00.000Z"},
      {"01/01/1970 00:59", ""},  // Before the first moment that can be written.
      {"01/01/1900", ""},
      {"23/11/2026 24:00", ""},
      {"23/11/2026 21:60", ""},
      {"23/11", ""},
      {"morgen", ""},
      {"", ""},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.text);
    const auto time = ParseLocal(c.text);
    EXPECT_EQ(time ? ToText(*time) : "", c.utc);
  }
}

TEST(LocalTime, APeriodIncludesItsLastDay) {
  EXPECT_EQ(ToText(ParseLocalEnd("28/2/2027").value()), "2027-02-28T23:00:00.000Z");
  EXPECT_EQ(ToText(ParseLocalEnd("28/2/2027 12:00").value()), "2027-02-28T11:00:00.000Z");
}

TEST(LocalTime, ADeadlineLastsUntilTheLastMinuteOfItsDay) {
  const std::pair<const char*, const char*> cases[] = {
      {"27/11/2026", "2026-11-27T22:59:00.000Z"},           {" 2026-11-27 ", "2026-11-27T22:59:00.000Z"},
      {"27/11/2026 12:00", "2026-11-27T11:00:00.000Z"},     {"25/10/2026", "2026-10-25T22:59:00.000Z"},
      {"2026-11-27T08:00:00Z", "2026-11-27T08:00:00.000Z"}, {"28/3/2027", "2027-03-28T21:59:00.000Z"},
  };
  for (const auto& [text, utc] : cases) {
    SCOPED_TRACE(text);
    EXPECT_EQ(ToText(ParseLocalDeadline(text).value()), utc);
  }
  EXPECT_EQ(ParseLocalDeadline("31/2/2027").error().rule, "time.day");
  EXPECT_FALSE(ParseLocalDeadline("morgen"));
}

TEST(LocalTime, SlotsHaveABeginAndALaterEnd) {
  const auto slot = ParseLocalSlot("3/12/2026 14:00-15:30").value();
  EXPECT_EQ(ToText(slot.begins_at), "2026-12-03T13:00:00.000Z");
  EXPECT_EQ(ToText(slot.ends_at), "2026-12-03T14:30:00.000Z");
  EXPECT_TRUE(ParseLocalSlot("2026-12-03 14u - 15u30"));
  EXPECT_TRUE(ParseLocalSlot("2026-12-03 14:00/15:30"));
  EXPECT_TRUE(ParseLocalSlot("25/10/2026 02:00-02:30 wintertijd"));
  for (const auto& [bad, rule] :
       {std::pair("3/12/2026", "time.slot"), std::pair("3/12/2026 14:00", "time.slot"),
        std::pair("14:00-15:00", "time.slot"), std::pair("3/12/2026 14:00-14:00", "time.order"),
        std::pair("3/12/2026 15:00-14:00", "time.order"), std::pair("3/12/2026 23:00-24:00", "time.hour"),
        std::pair("25/10/2026 02:00-02:30", "time.twice")}) {
    EXPECT_EQ(ParseLocalSlot(bad).error().rule, rule) << bad;
  }
}

TEST(LocalTime, DurationsCountHoursDaysAndCalendarMonths) {
  const Timestamp from = At("2026-11-30T11:00:00Z");
  EXPECT_EQ(ToText(AddDuration(from, "72h").value()), "2026-12-03T11:00:00.000Z");
  EXPECT_EQ(ToText(AddDuration(from, "90d").value()), "2027-02-28T11:00:00.000Z");
  EXPECT_EQ(ToText(AddDuration(from, "3m").value()), "2027-02-28T11:00:00.000Z") << "no 30 February";
  EXPECT_EQ(ToText(AddYears(from, 30)), "2056-11-30T11:00:00.000Z") << "calendar years, not averages";
  EXPECT_EQ(AddYears(from, 0), from);
  EXPECT_EQ(ToText(AddDuration(from, "6m").value()), "2027-05-30T10:00:00.000Z") << "the same hour in summer time";
  EXPECT_EQ(AddDuration(from, "6 maanden").value(), AddDuration(from, "6m").value());
  EXPECT_EQ(AddDuration(from, "1 month").value(), AddDuration(from, "1m").value());
  EXPECT_EQ(AddDuration(from, "6 mois").value(), AddDuration(from, "6m").value());
  EXPECT_EQ(AddDuration(from, "90 jours").value(), AddDuration(from, "90d").value());
  for (const char* bad : {"", "h", "6 moons", "0d", "3x", "-1d", "3"}) EXPECT_FALSE(AddDuration(from, bad)) << bad;
}

RC_GTEST_PROP(LocalTime, WhatIsShownReadsBackToTheMinute, (std::uint32_t minutes)) {
  const Timestamp time = At("2020-01-01") + std::chrono::minutes(minutes % 20'000'000);
  for (const Language language : kLanguages) {
    const std::string shown = LocalText(time, language);
    const Timestamp back = ParseLocal(shown.substr(shown.find(' '))).value();
    RC_ASSERT(back == time);  // Also in the hour that occurs twice: it says which of the two.
  }
}

TEST(LocalTime, IsSaidInEachLanguage) {
  const auto text = [](const char* utc, Language language) { return LocalText(At(utc), language); };
  EXPECT_EQ(text("2026-01-15T12:00:00Z", Language::kEnglish), "Thu 15/01/2026 13:00");
  EXPECT_EQ(text("2026-01-15T12:00:00Z", Language::kFrench), "jeu. 15/01/2026 13:00");
  EXPECT_EQ(text("2026-10-25T01:00:00Z", Language::kFrench), "dim. 25/10/2026 02:00 (heure d’hiver)");
  EXPECT_EQ(ParseLocal("25/10/2026 02:30 heure d'hiver").value(), ParseLocal("25/10/2026 02:30 wintertijd").value());
}

TEST(Output, TablesAlignByWhatTheEyeSees) {
  Table table({"Naam", "Wat"});
  table.Add({"Zoë", "x"});
  table.Add({"a\nb", ""});
  std::ostringstream out;
  table.Print(out);
  EXPECT_EQ(out.str(), "Naam  Wat\nZoë   x\na b\n");
}

TEST(Output, WhatDoesNotFitEndsInAnEllipsis) {
  EXPECT_EQ(Fitted("abcdef", 4), "abc…");
  EXPECT_EQ(Fitted("éééé", 4), "éééé");
  EXPECT_EQ(Columns(Fitted("ééééé", 4)), 4U);
}

TEST(Output, ControlsAreTakenOut) {
  EXPECT_EQ(Clean("a\x1b[31mb\x7f\r\n\tc"), "a[31mb\n c");
  EXPECT_EQ(Clean("a\xc2\x9b"
                  "b"),
            "ab");
  EXPECT_EQ(Clean("\xe2\x80\xae"
                  "a\xe2\x81\xa6"
                  "b"),
            "ab");
  EXPECT_EQ(Clean("Zoë …"), "Zoë …");
}

}  // namespace
}  // namespace schakel
