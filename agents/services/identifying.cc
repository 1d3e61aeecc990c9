#include <algorithm>
#include <array>
#include <chrono>
#include <optional>

#include "agents/services.h"

namespace schakel {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
// Letters and whatever is not ASCII: names have accents.
bool IsWordByte(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte | 0x20U) >= 'a' && (byte | 0x20U) <= 'z' ? true : byte >= 0x80;
}

// Lower case for ASCII and for the accented Latin letters of UTF-8's C3 page (À to Þ).
std::string Folded(std::string_view text) {
  std::string folded(text);
  for (std::size_t i = 0; i < folded.size(); ++i) {
    const auto byte = static_cast<unsigned char>(folded[i]);
    const bool accented = i > 0 && static_cast<unsigned char>(folded[i - 1]) == 0xC3 && byte >= 0x80 && byte <= 0x9E;
    if ((byte >= 'A' && byte <= 'Z') || (accented && byte != 0x97)) folded[i] = static_cast<char>(byte + 0x20);
  }
  return folded;
}

struct Span {
  std::size_t at = 0;
  std::size_t length = 0;
  std::string digits;
};

// Runs of digits with at most two separators of `separators` between two of them.
std::vector<Span> DigitRuns(std::string_view text, std::string_view separators) {
  std::vector<Span> runs;
  for (std::size_t i = 0; i < text.size();) {
    if (!IsDigit(text[i])) {
      ++i;
      continue;
    }
    Span run{i, 0, {}};
    std::size_t end = i;
    for (std::size_t j = i, gap = 0; j < text.size() && gap <= 2; ++j) {
      if (IsDigit(text[j])) {
        run.digits += text[j];
        end = j + 1;
        gap = 0;
      } else if (separators.find(text[j]) != std::string_view::npos) {
        ++gap;
      } else {
        break;
      }
    }
    run.length = end - i;
    runs.push_back(std::move(run));
    i = end;
  }
  return runs;
}

unsigned NumberAt(const std::string& digits, std::size_t at, std::size_t count) {
  unsigned value = 0;
  for (std::size_t i = 0; i < count; ++i) value = value * 10 + static_cast<unsigned>(digits[at + i] - '0');
  return value;
}

// Eleven digits: birth date, day counter, 97 - (the first nine mod 97); of those born from 2000 on with a 2 before
// them. Also bis numbers, whose month is 20 or 40 higher, and unknown birth dates (month or day 0).
bool IsNationalNumber(const std::string& digits) {
  if (digits.size() != 11) return false;
  const unsigned month = NumberAt(digits, 2, 2) % 20;
  const unsigned day = NumberAt(digits, 4, 2);
  if (NumberAt(digits, 2, 2) > 52 || month > 12 || day > 31) return false;
  const std::uint64_t first = std::stoull(digits.substr(0, 9));
  const std::uint64_t check = NumberAt(digits, 9, 2);
  return check == 97 - first % 97 || check == 97 - (2'000'000'000ULL + first) % 97;
}

// "03/12/2026 14.00" is a date with a time, though its digits could be dialled.
bool BeginsWithDate(std::string_view text) {
  std::array<std::size_t, 3> groups{};
  std::size_t group = 0;
  for (char c : text) {
    if (IsDigit(c)) {
      ++groups[group];
    } else if (groups[group] > 0 && ++group == groups.size()) {
      break;
    }
  }
  return groups[0] <= 2 && groups[1] <= 2 && groups[2] == 4;
}

// Belgian: 0 and eight or nine more digits, or the same behind +32 or 0032.
bool IsPhone(std::string_view text, const Span& run) {
  const std::string& digits = run.digits;
  if (BeginsWithDate(text.substr(run.at, run.length))) return false;
  const bool plus = run.at > 0 && text[run.at - 1] == '+';
  if (plus) return digits.size() >= 10 && digits.size() <= 13;
  if (digits.starts_with("00")) return digits.size() >= 12 && digits.size() <= 15;
  return digits.starts_with("0") && (digits.size() == 9 || digits.size() == 10);
}

void FindNumbers(std::string_view text, std::vector<Finding>& to) {
  for (const Span& run : DigitRuns(text, " .-/")) {
    if (IsNationalNumber(run.digits)) {
      to.push_back({Identifying::kNationalNumber, run.at, run.length});
    } else if (IsPhone(text, run)) {
      to.push_back({Identifying::kPhone, run.at, run.length});
    } else if (run.digits.size() > 11) {
      // Numbers written one after the other: look for one in each piece.
      for (std::size_t at = 0; at + 11 <= run.digits.size(); ++at) {
        if (!IsNationalNumber(run.digits.substr(at, 11))) continue;
        to.push_back({Identifying::kNationalNumber, run.at, run.length});
        break;
      }
    }
  }
}

void FindEmails(std::string_view text, std::vector<Finding>& to) {
  const auto is_part = [](char c) {
    return IsWordByte(c) || IsDigit(c) || std::string_view("._%+-").find(c) != std::string_view::npos;
  };
  for (std::size_t at = text.find('@'); at != std::string_view::npos; at = text.find('@', at + 1)) {
    std::size_t begin = at;
    while (begin > 0 && is_part(text[begin - 1])) --begin;
    std::size_t end = at + 1;
    while (end < text.size() && is_part(text[end])) ++end;
    const std::string_view domain = text.substr(at + 1, end - at - 1);
    const std::size_t dot = domain.find('.');
    if (begin == at || dot == std::string_view::npos || dot == 0) continue;
    to.push_back({Identifying::kEmail, begin, end - begin});
  }
}

constexpr std::array<std::array<std::string_view, 3>, 12> kMonths = {{{"januari", "january", "jan"},
                                                                      {"februari", "february", "feb"},
                                                                      {"maart", "march", "mrt"},
                                                                      {"april", "april", "apr"},
                                                                      {"mei", "may", "mei"},
                                                                      {"juni", "june", "jun"},
                                                                      {"juli", "july", "jul"},
                                                                      {"augustus", "august", "aug"},
                                                                      {"september", "september", "sep"},
                                                                      {"oktober", "october", "okt"},
                                                                      {"november", "november", "nov"},
                                                                      {"december", "december", "dec"}}};

// Words and numbers, with where they stand.
std::vector<Span> Tokens(std::string_view folded) {
  std::vector<Span> tokens;
  for (std::size_t i = 0; i < folded.size();) {
    const auto same = [&](char c) { return IsDigit(folded[i]) ? IsDigit(c) : IsWordByte(c); };
    std::size_t end = i;
    if (IsDigit(folded[i]) || IsWordByte(folded[i])) {
      while (end < folded.size() && same(folded[end])) ++end;
      tokens.push_back({i, end - i, std::string(folded.substr(i, end - i))});
    }
    i = std::max(end, i + 1);
  }
  return tokens;
}

std::optional<unsigned> AsNumber(const std::string& token, unsigned first, unsigned last) {
  if (token.empty() || token.size() > 4 || !IsDigit(token[0])) return std::nullopt;
  const unsigned value = NumberAt(token, 0, token.size());
  return value >= first && value <= last ? std::optional(value) : std::nullopt;
}
std::optional<unsigned> AsMonth(const std::string& token) {
  if (auto number = AsNumber(token, 1, 12)) return number;
  for (unsigned i = 0; i < kMonths.size(); ++i) {
    for (std::string_view name : kMonths[i]) {
      if (token == name) return i + 1;
    }
  }
  return std::nullopt;
}

// A full date on which somebody living may have been born, and not one of these last two years: those are events.
void FindBirthDates(std::string_view folded, Timestamp now, std::vector<Finding>& to) {
  const std::chrono::year_month_day today(std::chrono::floor<std::chrono::days>(now));
  const unsigned this_year = static_cast<unsigned>(static_cast<int>(today.year()));
  const std::vector<Span> tokens = Tokens(folded);
  for (std::size_t i = 0; i + 2 < tokens.size(); ++i) {
    const Span& last = tokens[i + 2];
    const bool close = last.at + last.length - tokens[i].at <= 24;
    const auto is_year = [&](const Span& token) {
      return token.length == 4 && AsNumber(token.digits, this_year - 100, this_year - 2).has_value();
    };
    const bool day_first = AsNumber(tokens[i].digits, 1, 31) && AsMonth(tokens[i + 1].digits) && is_year(last);
    const bool year_first = is_year(tokens[i]) && AsMonth(tokens[i + 1].digits) && AsNumber(last.digits, 1, 31);
    if (close && (day_first || year_first)) {
      to.push_back({Identifying::kBirthDate, tokens[i].at, last.at + last.length - tokens[i].at});
    }
  }
}

constexpr std::size_t kNameBytesMin = 3;  // "de", "el" and initials are in every text.

void FindNames(std::string_view folded, const std::vector<std::string>& names, std::vector<Finding>& to) {
  std::set<std::string> words;
  for (const std::string& name : names) {
    for (const Span& token : Tokens(Folded(name))) {
      if (token.length >= kNameBytesMin && !IsDigit(token.digits[0])) words.insert(token.digits);
    }
  }
  for (const std::string_view common : {"van", "der", "den", "het", "een", "the", "and", "voor", "met", "mama", "papa",
                                        "moeder", "vader", "traject", "mother", "father"}) {
    words.erase(std::string(common));
  }
  for (const Span& token : Tokens(folded)) {
    if (words.contains(token.digits)) to.push_back({Identifying::kName, token.at, token.length});
  }
}

}  // namespace

std::string_view Slug(Identifying value) {
  switch (value) {
    case Identifying::kNationalNumber:
      return "national-number";
    case Identifying::kEmail:
      return "email";
    case Identifying::kPhone:
      return "phone";
    case Identifying::kBirthDate:
      return "birth-date";
    case Identifying::kName:
      return "name";
  }
  return "unknown";
}

std::vector<Finding> FindIdentifying(std::string_view text, const std::vector<std::string>& names, Timestamp now) {
  std::vector<Finding> findings;
  const std::string folded = Folded(text);
  FindNumbers(text, findings);
  FindEmails(text, findings);
  FindBirthDates(folded, now, findings);
  FindNames(folded, names, findings);
  std::ranges::sort(findings, {}, [](const Finding& one) { return std::tuple(one.at, one.what, one.length); });
  return findings;
}

}  // namespace schakel
