#include "numbers_in_text.h"

#include <algorithm>
#include <array>
#include <optional>

#include "dates_in_text.h"
#include "names_in_text.h"

namespace schakel {
namespace {

using Span = TextSpan;

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
    } else if (groups[group] > 0) {
      ++group;
      if (group == groups.size()) break;
    }
  }
  return groups[0] <= 2 && groups[1] <= 2 && groups[2] == 4;
}

// Belgian: 0 and eight or nine more digits, or the same behind +32 or 0032.
bool IsPhone(std::string_view text, const Span& run) {
  const std::string& digits = run.text;
  if (BeginsWithDate(text.substr(run.at, run.length))) return false;
  const bool plus = run.at > 0 && text[run.at - 1] == '+';
  if (plus) return digits.size() >= 10 && digits.size() <= 13;
  if (digits.starts_with("00")) return digits.size() >= 12 && digits.size() <= 15;
  return digits.starts_with("0") && (digits.size() == 9 || digits.size() == 10);
}

// Eleven digits in the form of a national number, whatever the last two say: people mistype.
bool IsLikeNationalNumber(const std::string& digits) {
  return digits.size() == 11 && NumberAt(digits, 2, 2) <= 52 && NumberAt(digits, 2, 2) % 20 <= 12 &&
         NumberAt(digits, 4, 2) <= 31;
}

// Before a number they say what it is, though it has another form: mistyped, without its zero, cut short.
constexpr std::string_view kPhoneWords[] = {"tel",       "telefoon", "telefoonnummer", "gsm", "mobiel",
                                            "telephone", "phone",    "portable",       "bel", "whatsapp"};
constexpr std::string_view kNationalWords[] = {
    "rijksregister", "rijksregisternummer", "rijksnummer", "insz", "rrn", "niss", "nrn", "national"};
constexpr std::size_t kToldDigitsMin = 8;

bool StandsBehind(const std::vector<Span>& tokens, const Span& run, const auto& words) {
  const auto first = std::ranges::lower_bound(tokens, run.at, {}, &Span::at) - tokens.begin();
  for (auto i = first - std::min<std::ptrdiff_t>(first, 3); i < first; ++i) {
    if (std::ranges::find(words, tokens[static_cast<std::size_t>(i)].text) != std::end(words)) return true;
  }
  return false;
}

void FindRuns(const Folded& folded, const std::vector<Span>& tokens, std::vector<Finding>& to) {
  const std::string_view text = folded.text;
  const auto add = [&](Identifying what, const Span& run) { to.push_back(FoundAt(what, folded, run.at, run.length)); };
  for (const Span& run : DigitRunsOf(text, " .-/")) {
    // The digits of an account number stand behind two letters; FindAccounts lists them.
    if (run.at >= 2 && run.text.size() >= 14 && IsWordByte(text[run.at - 1]) && IsWordByte(text[run.at - 2])) continue;
    if (IsNationalNumber(run.text)) {
      add(Identifying::kNationalNumber, run);
    } else if (run.text.size() >= kToldDigitsMin && StandsBehind(tokens, run, kNationalWords)) {
      add(Identifying::kLikeNationalNumber, run);
    } else if (IsPhone(text, run)) {
      add(Identifying::kPhone, run);
    } else if (IsLikeNationalNumber(run.text)) {
      add(Identifying::kLikeNationalNumber, run);
    } else if (run.text.size() >= kToldDigitsMin && run.text.size() <= 11 && StandsBehind(tokens, run, kPhoneWords) &&
               !BeginsWithDate(text.substr(run.at, run.length))) {
      add(Identifying::kPhone, run);
    } else if (run.text.size() > 11) {
      // Numbers written one after the other: look for one in each piece.
      for (std::size_t at = 0; at + 11 <= run.text.size(); ++at) {
        if (!IsNationalNumber(run.text.substr(at, 11))) continue;
        add(Identifying::kNationalNumber, run);
        break;
      }
    }
  }
}

// Whether the groups of a number end where those of a national number may: "10.05.03 123.61", "100503-12361".
bool EndsAsNational(std::size_t digits) {
  return digits == 2 || digits == 4 || digits == 6 || digits == 9 || digits == 11;
}

constexpr std::size_t kGroupsMax = 8;
constexpr std::size_t kBetweenGroupsMax = 4;

// Groups of digits with anything small between them: "(0470) 12 34 56", "0470 - 12 - 34 - 56", "10.05.03_123.61".
// Looser than FindRuns, so only whole numbers count.
void FindGroupedNumbers(const Folded& folded, const std::vector<Span>& tokens, std::vector<Finding>& to) {
  const std::string_view text = folded.text;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (!IsNumber(tokens[i])) continue;
    std::string digits;
    bool as_national = true;
    std::optional<Finding> found;
    std::size_t last = i;
    for (std::size_t j = i; j < tokens.size() && j - i < kGroupsMax && IsNumber(tokens[j]); ++j) {
      const std::size_t before = j == i ? tokens[i].at : tokens[j - 1].end();
      const std::string_view between = text.substr(before, tokens[j].at - before);
      if (between.size() > kBetweenGroupsMax || between.find_first_not_of(" .-/_,()") != std::string_view::npos) break;
      digits += tokens[j].text;
      as_national = as_national && EndsAsNational(digits.size());
      const std::size_t length = tokens[j].end() - tokens[i].at;
      const bool national = as_national && IsLikeNationalNumber(digits);
      const bool phone = tokens[i].length >= 2 && IsPhone(text, {tokens[i].at, length, digits});
      if (!national && !phone) continue;
      const Identifying what = !national                  ? Identifying::kPhone
                               : IsNationalNumber(digits) ? Identifying::kNationalNumber
                                                          : Identifying::kLikeNationalNumber;
      found = FoundAt(what, folded, tokens[i].at, length);
      last = j;
      if (national) break;
    }
    if (found) to.push_back(*found);
    i = last;
  }
}

constexpr std::string_view kBetweenCut = " .-/_,()\n\r\t;|";
constexpr std::size_t kNationalDigits = 11;

// Of the digits of a mobile phone, or of a land line whose area stands by itself. Hours below one another are neither.
bool IsPhoneOverLines(std::string_view text, const Span& run, std::size_t first_group) {
  return first_group >= 2 && IsPhone(text, run) && (first_group >= 3 || run.text.size() == 9);
}

// What a line's end or the border of a cell cuts in pieces: "090312\n12347", "090312;12347". A number of a person that
// stands in pieces of another size, or mistyped behind a word that says so, is one perhaps; a phone is cut by one end
// of a line and no more.
void FindCutNumbers(const Folded& folded, const std::vector<Span>& tokens, std::vector<Finding>& to) {
  const std::string_view text = folded.text;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (!IsNumber(tokens[i])) continue;
    std::string digits;
    bool as_national = true;
    std::size_t cuts = 0;
    std::size_t lines = 0;
    std::optional<Finding> found;
    std::size_t last = i;
    for (std::size_t j = i; j < tokens.size() && digits.size() < kNationalDigits && IsNumber(tokens[j]); ++j) {
      const std::size_t before = j == i ? tokens[i].at : tokens[j - 1].end();
      const std::string_view between = text.substr(before, tokens[j].at - before);
      if (between.size() > kBetweenGroupsMax || between.find_first_not_of(kBetweenCut) != std::string_view::npos) break;
      const bool cut = between.find_first_of("\n\r\t;|") != std::string_view::npos;
      if (cut) ++cuts;
      if (cut && between.find_first_of("\t;|") == std::string_view::npos) ++lines;
      digits += tokens[j].text;
      as_national = as_national && EndsAsNational(digits.size());
      if (cuts == 0) continue;
      const Span run{tokens[i].at, tokens[j].end() - tokens[i].at, digits};
      const bool told = as_national && IsLikeNationalNumber(digits) && StandsBehind(tokens, run, kNationalWords);
      std::optional<Identifying> what;
      if (IsNationalNumber(digits) && (as_national || cuts == 1)) {
        what = as_national ? Identifying::kNationalNumber : Identifying::kLikeNationalNumber;
      } else if (told) {
        what = Identifying::kLikeNationalNumber;
      } else if (cuts == 1 && lines == 1 && IsPhoneOverLines(text, run, tokens[i].length)) {
        what = Identifying::kPhone;
      }
      if (!what) continue;
      found = FoundAt(*what, folded, run.at, run.length);
      last = j;
    }
    if (found) to.push_back(*found);
    i = last;
  }
}

}  // namespace

std::vector<TextSpan> PlatesIn(const Folded& folded) {
  const std::string& text = folded.text;
  const auto is_inside = [&](std::size_t at) {
    return at < text.size() && (IsWordByte(text[at]) || IsDigit(text[at]));
  };
  const auto three = [&](std::size_t at, auto is) {
    return at + 3 <= text.size() && is(text[at]) && is(text[at + 1]) && is(text[at + 2]);
  };
  const auto is_letter = [](char c) { return c >= 'a' && c <= 'z'; };
  const auto between = [&](std::size_t at) -> std::size_t {
    return at < text.size() && std::string_view(" -.").contains(text[at]) ? 1 : 0;
  };
  std::vector<TextSpan> plates;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (at > 0 && (is_inside(at - 1) || text[at - 1] == '-')) continue;
    std::size_t first = at;  // Of the two groups of three.
    const bool new_form = text[at] >= '1' && text[at] <= '9' && !three(at, IsDigit);
    if (new_form) first = at + 1 + between(at + 1);
    const bool letters_first = three(first, is_letter);
    if (!letters_first && (new_form || !three(first, IsDigit))) continue;
    const std::size_t gap = between(first + 3);
    const std::size_t second = first + 3 + gap;
    if (letters_first ? !three(second, IsDigit) : !three(second, is_letter)) continue;
    if (is_inside(second + 3)) continue;
    // "het 100", "1 van 200": without a hyphen or capitals it is ordinary text.
    const std::size_t letters = letters_first ? first : second;
    const bool capitals = folded.upper[letters] && folded.upper[letters + 1] && folded.upper[letters + 2];
    const bool hyphened = gap == 1 && text[first + 3] == '-' && (!new_form || text[first - 1] != ' ');
    const bool joined = new_form && gap == 0 && first == at + 1;
    if (!capitals && !hyphened && !joined) continue;
    std::string plain = new_form ? std::string(1, text[at]) : std::string();
    plain += text.substr(first, 3) + text.substr(second, 3);
    plates.push_back({at, second + 3 - at, std::move(plain)});
  }
  return plates;
}

void FindNumbers(const Folded& folded, const std::vector<TextSpan>& tokens, std::vector<Finding>& to) {
  FindRuns(folded, tokens, to);
  FindGroupedNumbers(folded, tokens, to);
  FindCutNumbers(folded, tokens, to);
  for (const TextSpan& plate : PlatesIn(folded)) {
    to.push_back(FoundAt(Identifying::kLikeNationalNumber, folded, plate.at, plate.length));
  }
}

}  // namespace schakel
