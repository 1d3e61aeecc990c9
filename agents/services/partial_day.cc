#include "agents/partial_day.h"

#include <fmt/format.h>

#include <charconv>

#include "local_time.h"

namespace schakel {
namespace {

using std::chrono::sys_days;

std::optional<unsigned> Digits(std::string_view text) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

constexpr unsigned kFirstYear = 1800;
constexpr unsigned kLastYear = 2199;

}  // namespace

sys_days PartialDay::First() const {
  const auto in = month.value_or(std::chrono::January);
  return sys_days(year / in / day.value_or(std::chrono::day(1)));
}

sys_days PartialDay::Last() const {
  const auto in = month.value_or(std::chrono::December);
  return day ? sys_days(year / in / *day) : sys_days(year / in / std::chrono::last);
}

std::optional<PartialDay> ParsePartialDay(std::string_view text) {
  if (text.size() != 4 && text.size() != 7 && text.size() != 10) return std::nullopt;
  const auto year = Digits(text.substr(0, 4));
  if (!year || *year < kFirstYear || *year > kLastYear) return std::nullopt;
  PartialDay partial;
  partial.year = std::chrono::year(static_cast<int>(*year));
  if (text.size() == 4) return partial;
  const auto month = text[4] == '-' ? Digits(text.substr(5, 2)) : std::nullopt;
  if (!month || *month < 1 || *month > 12) return std::nullopt;
  partial.month = std::chrono::month(*month);
  if (text.size() == 7) return partial;
  const auto day = text[7] == '-' ? Digits(text.substr(8, 2)) : std::nullopt;
  if (!day || !(partial.year / *partial.month / std::chrono::day(*day)).ok()) return std::nullopt;
  partial.day = std::chrono::day(*day);
  return partial;
}

std::string ToText(const PartialDay& day) {
  std::string text = fmt::format("{:04}", static_cast<int>(day.year));
  if (day.month) text += fmt::format("-{:02}", static_cast<unsigned>(*day.month));
  if (day.day) text += fmt::format("-{:02}", static_cast<unsigned>(*day.day));
  return text;
}

std::string DayText(sys_days day) {
  const std::chrono::year_month_day date(day);
  return ToText(PartialDay{date.year(), date.month(), date.day()});
}

std::string BelgianDay(Timestamp at) {
  const Timestamp local = at + BelgianOffset(at);
  return DayText(sys_days(std::chrono::floor<std::chrono::days>(local).time_since_epoch()));
}

std::optional<Timestamp> EndOfDay(std::string_view text) {
  const auto day = ParsePartialDay(text);
  if (!day || !day->IsWhole()) return std::nullopt;
  return FromBelgian(Timestamp((day->First() + std::chrono::days(1)).time_since_epoch()));
}

}  // namespace schakel
