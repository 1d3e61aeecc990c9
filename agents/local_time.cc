#include "local_time.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <vector>

namespace schakel {
namespace {

using namespace std::chrono;

Timestamp SwitchOf(year y, month m) { return Timestamp(sys_days(y / m / Sunday[last])) + hours(1); }

struct LocalParts {
  year_month_day date;
  hh_mm_ss<milliseconds> clock;
  unsigned weekday = 0;
};
LocalParts PartsOf(Timestamp time) {
  const auto local = time + BelgianOffset(time);
  const auto day = floor<days>(local);
  return {year_month_day(day), hh_mm_ss<milliseconds>(local - day), weekday(day).c_encoding()};
}

constexpr InLanguages<std::array<std::string_view, 7>> kWeekdays = {
    {"zo", "ma", "di", "wo", "do", "vr", "za"},
    {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"},
    {"dim.", "lun.", "mar.", "mer.", "jeu.", "ven.", "sam."}};
// Of the hour that occurs twice in the night that summer time ends.
constexpr InLanguages<std::string_view> kSummerTime = {"zomertijd", "summer time", "heure d’été"};
constexpr InLanguages<std::string_view> kWinterTime = {"wintertijd", "winter time", "heure d’hiver"};

std::string_view Trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

std::optional<int> Number(std::string_view text) {
  int value = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || text.size() > 4 || parsed.ec != std::errc{} || parsed.ptr != text.data() + text.size() ||
      value < 0) {
    return std::nullopt;
  }
  return value;
}

std::vector<std::string_view> Split(std::string_view text, char by) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t at = text.find(by);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

// "23/11/2026" or "2026-11-23"; perhaps a day that no calendar has: ok() tells.
std::optional<year_month_day> ParseDate(std::string_view text) {
  const bool iso = text.find('-') != std::string_view::npos;
  const auto parts = Split(text, iso ? '-' : '/');
  if (parts.size() != 3) return std::nullopt;
  const auto y = Number(parts[iso ? 0 : 2]);
  const auto m = Number(parts[1]);
  const auto d = Number(parts[iso ? 2 : 0]);
  if (!y || !m || !d || *y < 1900) return std::nullopt;
  const year_month_day date(year(*y), month(static_cast<unsigned>(*m)), day(static_cast<unsigned>(*d)));
  return date;
}

// "14:00", "14.00", "14u", "14u30"; perhaps an hour that no day has: IsClock() tells.
std::optional<minutes> ParseClock(std::string_view text) {
  const std::size_t by = text.find_first_of(":.uh");
  if (by == std::string_view::npos) return std::nullopt;
  const auto h = Number(text.substr(0, by));
  const std::string_view rest = text.substr(by + 1);
  const auto m = rest.empty() && (text[by] == 'u' || text[by] == 'h') ? std::optional(0) : Number(rest);
  if (!h || !m || *m > 59) return std::nullopt;
  return hours(*h) + minutes(*m);
}
bool IsClock(minutes clock) { return clock < hours(24); }

Timestamp FromLocal(year_month_day date, minutes clock) { return FromBelgian(Timestamp(sys_days(date)) + clock); }

enum class Unit : std::uint8_t { kHours, kDays, kMonths };
std::optional<Unit> UnitOf(std::string_view word) {
  for (const std::string_view one : {"h", "u", "hour", "hours", "uur", "uren", "heure", "heures"}) {
    if (word == one) return Unit::kHours;
  }
  for (const std::string_view one : {"d", "j", "day", "days", "dag", "dagen", "jour", "jours"}) {
    if (word == one) return Unit::kDays;
  }
  for (const std::string_view one : {"m", "month", "months", "maand", "maanden", "mois"}) {
    if (word == one) return Unit::kMonths;
  }
  return std::nullopt;
}

// Between the hour before and after the switch to summer time no clock in Belgium shows a time.
bool IsSkipped(year_month_day date, minutes clock) {
  const Timestamp time = FromLocal(date, clock);
  return Timestamp(sys_days(date)) + clock != time + BelgianOffset(time);
}

// In the night that summer time ends, an hour occurs twice.
bool IsTwice(year_month_day date, minutes clock) {
  const Timestamp as_utc = Timestamp(sys_days(date)) + clock;
  return BelgianOffset(as_utc - hours(2)) == hours(2) && BelgianOffset(as_utc - hours(1)) == hours(1);
}

enum class Season : std::uint8_t { kNotSaid, kSummer, kWinter };
// Takes "zomertijd" or "heure d’hiver" off the end; in brackets too, as it is shown.
Season TakeSeason(std::string_view& text) {
  const std::size_t open = text.rfind('(');
  if (text.ends_with(')') && open != std::string_view::npos) {
    std::string_view inside = text.substr(open + 1, text.size() - open - 2);
    const Season season = TakeSeason(inside);
    if (season != Season::kNotSaid && inside.empty()) text = Trimmed(text.substr(0, open));
    return season;
  }
  const auto take = [&text](std::string_view word) {
    if (!text.ends_with(word)) return false;
    text = Trimmed(text.substr(0, text.size() - word.size()));
    return true;
  };
  for (const Language language : kLanguages) {
    if (take(kSummerTime.In(language))) return Season::kSummer;
    if (take(kWinterTime.In(language))) return Season::kWinter;
  }
  // As a keyboard writes the apostrophe.
  if (take("heure d'été")) return Season::kSummer;
  if (take("heure d'hiver")) return Season::kWinter;
  return Season::kNotSaid;
}

Result<Timestamp> Checked(year_month_day date, minutes clock, Season season = Season::kNotSaid) {
  if (!date.ok()) return Fail(Code::kInvalid, "time.day", {}, "check the day and the month");
  if (!IsClock(clock)) return Fail(Code::kInvalid, "time.hour", {}, "choose an hour from 00:00 to 23:59");
  // A Timestamp that leaves here counts up from there: an earlier one would be written as another day.
  if (FromLocal(date, clock) < Timestamp{}) {
    return Fail(Code::kInvalid, "time.early", {}, "choose a day from 1970 on; check the year");
  }
  if (IsTwice(date, clock)) {
    if (season == Season::kNotSaid) {
      return Fail(Code::kInvalid, "time.twice", {}, "write which of the two behind it: zomertijd or wintertijd");
    }
    if (season == Season::kWinter) return FromLocal(date, clock) + hours(1);
  }
  if (IsSkipped(date, clock)) {
    return Fail(Code::kInvalid, "time.skipped", {}, "choose a time before 02:00 or from 03:00");
  }
  return FromLocal(date, clock);
}

std::unexpected<Error> NoTime() {
  return Fail(Code::kInvalid, "time.local", {}, "write 23/11/2026 14:00, or 2026-11-23 14:00");
}

}  // namespace

minutes BelgianOffset(Timestamp time) {
  const year y = year_month_day(floor<days>(time)).year();
  const bool summer = time >= SwitchOf(y, March) && time < SwitchOf(y, October);
  return summer ? hours(2) : hours(1);
}

Timestamp FromBelgian(Timestamp local) {
  // With summer time's offset first: of a time that occurs twice, that is the first.
  const Timestamp summer = local - hours(2);
  return BelgianOffset(summer) == hours(2) ? summer : local - hours(1);
}

std::string LocalDate(Timestamp time, Language language) {
  const LocalParts parts = PartsOf(time);
  return fmt::format("{} {:02}/{:02}/{:04}", kWeekdays.In(language).at(parts.weekday),
                     static_cast<unsigned>(parts.date.day()), static_cast<unsigned>(parts.date.month()),
                     static_cast<int>(parts.date.year()));
}

std::string LocalClock(Timestamp time) {
  const LocalParts parts = PartsOf(time);
  return fmt::format("{:02}:{:02}", parts.clock.hours().count(), parts.clock.minutes().count());
}

std::string LocalText(Timestamp time, Language language) {
  std::string text = LocalDate(time, language) + " " + LocalClock(time);
  const LocalParts parts = PartsOf(time);
  if (IsTwice(parts.date, duration_cast<minutes>(parts.clock.to_duration()))) {
    const auto& season = BelgianOffset(time) == hours(2) ? kSummerTime : kWinterTime;
    return text + fmt::format(" ({})", season.In(language));
  }
  return text;
}

std::string LocalExactText(Timestamp time, Language language) {
  return LocalText(time, language) + fmt::format(":{:02}", PartsOf(time).clock.seconds().count());
}

Result<Timestamp> ParseLocal(std::string_view text) {
  text = Trimmed(text);
  if (text.ends_with('Z') || text.find('T') != std::string_view::npos) return ParseTimestamp(text);
  const Season season = TakeSeason(text);
  const std::size_t space = text.find(' ');
  const auto date = ParseDate(text.substr(0, space));
  if (!date) return NoTime();
  if (space == std::string_view::npos) return Checked(*date, minutes(0));
  const auto clock = ParseClock(Trimmed(text.substr(space)));
  if (!clock) return NoTime();
  return Checked(*date, *clock, season);
}

Result<Timestamp> ParseLocalEnd(std::string_view text) {
  text = Trimmed(text);
  if (auto date = ParseDate(text)) {
    SCHAKEL_TRY(Checked(*date, minutes(0)));
    return FromLocal(year_month_day(sys_days(*date) + days(1)), minutes(0));
  }
  return ParseLocal(text);
}

Result<Timestamp> ParseLocalDeadline(std::string_view text) {
  const auto date = ParseDate(Trimmed(text));
  return date ? Checked(*date, hours(23) + minutes(59)) : ParseLocal(text);
}

Result<LocalSlot> ParseLocalSlot(std::string_view text) {
  text = Trimmed(text);
  const Season season = TakeSeason(text);
  const std::size_t space = text.find(' ');
  const std::string_view times = space == std::string_view::npos ? std::string_view{} : Trimmed(text.substr(space));
  const std::size_t dash = times.find_first_of("-/");
  const auto date = ParseDate(text.substr(0, space));
  if (date && dash != std::string_view::npos) {
    const auto begin = ParseClock(Trimmed(times.substr(0, dash)));
    const auto end = ParseClock(Trimmed(times.substr(dash + 1)));
    if (begin && end) {
      SCHAKEL_ASSIGN(const Timestamp begins_at, Checked(*date, *begin, season));
      SCHAKEL_ASSIGN(const Timestamp ends_at, Checked(*date, *end, season));
      if (ends_at <= begins_at) return Fail(Code::kInvalid, "time.order", {}, "let it end after it begins");
      return LocalSlot{begins_at, ends_at};
    }
  }
  return Fail(Code::kInvalid, "time.slot", {}, "write 23/11/2026 14:00-15:30");
}

Timestamp AddMonths(Timestamp from, std::uint64_t count) {
  const LocalParts parts = PartsOf(from);
  year_month_day date = parts.date + months(static_cast<std::int64_t>(count));
  if (!date.ok()) date = date.year() / date.month() / last;  // 31 January + 1m: the last of February.
  return FromLocal(date, duration_cast<minutes>(parts.clock.to_duration()));
}

Timestamp AddYears(Timestamp from, std::uint64_t years) { return AddMonths(from, 12 * years); }

minutes LocalMinute(Timestamp time) { return floor<minutes>(PartsOf(time).clock.to_duration()); }

std::string LocalMinuteText(minutes minute) {
  return fmt::format("{:02}:{:02}", minute.count() / 60, minute.count() % 60);
}

Result<minutes> ParseLocalMinute(std::string_view text) {
  const auto clock = ParseClock(Trimmed(text));
  if (!clock || !IsClock(*clock)) {
    return Fail(Code::kInvalid, "time.hour", {}, "choose an hour from 00:00 to 23:59");
  }
  return *clock;
}

Timestamp NextLocal(Timestamp after, minutes minute) {
  sys_days day = sys_days(PartsOf(after).date);
  for (;; day += days(1)) {
    const year_month_day date(day);
    const Timestamp first = IsSkipped(date, minute) ? SwitchOf(date.year(), March) : FromLocal(date, minute);
    if (first > after) return first;
    if (IsTwice(date, minute) && first + hours(1) > after) return first + hours(1);
  }
}

Timestamp EndOfDay(Timestamp at) { return NextLocal(at, minutes(0)); }

Result<Timestamp> AddDuration(Timestamp from, std::string_view text) {
  text = Trimmed(text);
  const std::size_t end = std::min(text.find_first_not_of("0123456789"), text.size());
  const auto count = Number(text.substr(0, end));
  const auto unit = UnitOf(Trimmed(text.substr(end)));
  if (!count && end > 0 && unit) return Fail(Code::kInvalid, "time.long", {}, "choose a shorter time");
  if (count && *count > 0 && unit) {
    switch (*unit) {
      case Unit::kHours:
        return from + hours(*count);
      case Unit::kDays:
        return from + days(*count);
      case Unit::kMonths:
        return AddMonths(from, static_cast<std::uint64_t>(*count));
    }
  }
  return Fail(Code::kInvalid, "time.duration", {}, "write 72h, 90d or 6m");
}

}  // namespace schakel
