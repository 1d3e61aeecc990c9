// Belgian time, as people write it. Pure: Belgium keeps Central European Time, and summer time by the European rule
// (from the last Sunday of March to the last Sunday of October, at 01:00 UTC; Directive 2000/84/EC).
#pragma once

#include <string>
#include <string_view>

#include "protocol/result.h"
#include "protocol/seams.h"
#include "protocol/vocabulary.h"

namespace schakel {

std::chrono::minutes BelgianOffset(Timestamp time);
// The instant at which Belgian clocks show `local`. Of an hour that occurs twice, the first; one that is skipped counts
// on from the time before (RFC 5545, section 3.3.5).
Timestamp FromBelgian(Timestamp local);

// "ma 23/11/2026 21:05"; of an hour that occurs twice, with which of the two: "zo 25/10/2026 02:30 (wintertijd)".
std::string LocalText(Timestamp time, Language language);
std::string LocalExactText(Timestamp time, Language language);  // "ma 23/11/2026 21:05:07"
std::string LocalDate(Timestamp time, Language language);       // "ma 23/11/2026"
std::string LocalClock(Timestamp time);                         // "21:05"

// "23/11/2026 21:05", "2026-11-23 21:05", the same without a time (its first instant), or RFC 3339 with a Z.
// Of a local time that occurs twice, "zomertijd" or "wintertijd" behind it says which.
// kInvalid ("time.local"); ("time.day"): no such day; ("time.hour"): no such hour; ("time.skipped"): summer time skips
// that hour; ("time.twice"): it occurs twice, and nothing says which of them; ("time.early"): before 1970.
Result<Timestamp> ParseLocal(std::string_view text);
// A period's end, exclusive: a bare date includes that whole day.
Result<Timestamp> ParseLocalEnd(std::string_view text);
// By when something is to be done: a bare date lasts until the last minute of that day.
Result<Timestamp> ParseLocalDeadline(std::string_view text);
// "23/11/2026 14:00-15:30", also with a slash between the times. kInvalid ("time.slot"); ("time.order"): ends before it
// begins; else as ParseLocal.
struct LocalSlot {
  Timestamp begins_at;
  Timestamp ends_at;
};
Result<LocalSlot> ParseLocalSlot(std::string_view text);
// The minute of the day that clocks show.
std::chrono::minutes LocalMinute(Timestamp time);
std::string LocalMinuteText(std::chrono::minutes minute);  // "07:30"
// "07:30", "7u30", "7u". kInvalid ("time.hour").
Result<std::chrono::minutes> ParseLocalMinute(std::string_view text);
// The first moment after `after` at which clocks show that minute; on the day on which summer time skips it, the moment
// of the skip.
Timestamp NextLocal(Timestamp after, std::chrono::minutes minute);

Timestamp EndOfDay(Timestamp at);  // The next midnight.

// "72h", "90d", "6m" (calendar months), or in words ("6 months", "6 maanden"), from `from`. kInvalid ("time.duration");
// ("time.long"): more than can be counted.
Result<Timestamp> AddDuration(Timestamp from, std::string_view text);

// The same hour of the same day so many calendar months or years later; of a day that the month lacks, its last.
Timestamp AddMonths(Timestamp from, std::uint64_t months);
Timestamp AddYears(Timestamp from, std::uint64_t years);

}  // namespace schakel
