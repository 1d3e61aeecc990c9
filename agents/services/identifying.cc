#include <algorithm>
#include <array>
#include <optional>

#include "addresses_in_text.h"
#include "agents/services.h"
#include "dates_in_text.h"
#include "names_in_text.h"
#include "plain_text.h"
#include "text_pieces.h"

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

void FindNumbers(const Folded& folded, const std::vector<Span>& tokens, std::vector<Finding>& to) {
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
// Looser than FindNumbers, so only whole numbers count.
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

// ISO 13616: the letters as numbers, the first four behind the rest; the remainder by 97 is 1.
bool IsAccountNumber(const std::string& iban) {
  if (iban.size() < 15 || iban.size() > 34) return false;
  unsigned remainder = 0;
  for (char c : iban.substr(4) + iban.substr(0, 4)) {
    const unsigned value = IsDigit(c) ? static_cast<unsigned>(c - '0') : static_cast<unsigned>(c - 'a' + 10);
    remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97;
  }
  return remainder == 1;
}

// Two letters and two digits, then groups. A Belgian one has 14 digits and counts with wrong check digits, too.
void FindAccounts(const Folded& folded, std::vector<Finding>& to) {
  const std::string& text = folded.text;
  const auto is_letter = [&](std::size_t i) { return text[i] >= 'a' && text[i] <= 'z'; };
  for (std::size_t at = 0; at + 4 <= text.size(); ++at) {
    if ((at > 0 && (IsWordByte(text[at - 1]) || IsDigit(text[at - 1]))) || !is_letter(at) || !is_letter(at + 1))
      continue;
    std::string iban = text.substr(at, 2);
    std::size_t whole = 0;  // Where it may end: the longest that holds.
    for (std::size_t i = at + 2, gap = 0; i < text.size() && gap <= 1 && iban.size() < 34; ++i) {
      const bool digit = IsDigit(text[i]);
      if (digit || (iban.size() >= 4 && is_letter(i))) {
        iban += text[i];
        gap = 0;
        const bool belgian =
            iban.starts_with("be") && iban.size() == 16 && iban.find_first_not_of("0123456789", 2) == std::string::npos;
        if (belgian || IsAccountNumber(iban)) whole = i + 1;
        if (belgian) break;
      } else if (text[i] == ' ' || text[i] == '.' || text[i] == '-') {
        ++gap;
      } else {
        break;
      }
    }
    if (whole > 0) to.push_back(FoundAt(Identifying::kAccount, folded, at, whole - at));
  }
}

void FindEmails(const Folded& folded, std::vector<Finding>& to) {
  const std::string_view text = folded.text;
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
    to.push_back(FoundAt(Identifying::kEmail, folded, begin, end - begin));
  }
}

// What another finding covers already, or says better.
void DropCovered(std::vector<Finding>& findings) {
  const auto better = [](const Finding& one, const Finding& than) {
    const bool within = one.at >= than.at && one.at + one.length <= than.at + than.length;
    const bool around = than.at >= one.at && than.at + than.length <= one.at + one.length;
    // The digits of a national number, and of an account, could be dialled.
    if (one.what == Identifying::kLikeNationalNumber && than.what == Identifying::kPhone && around) return true;
    if (one.what == Identifying::kAccount && than.what != Identifying::kAccount && around) return true;
    if (than.what == Identifying::kPersonName) return (within || around) && one.what != Identifying::kPersonName;
    return around && one.what == than.what && one.length > than.length;
  };
  const std::vector<Finding> all = findings;
  std::erase_if(findings, [&](const Finding& one) {
    return std::ranges::any_of(all, [&](const Finding& other) { return better(other, one); });
  });
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
    case Identifying::kAddress:
      return "address";
    case Identifying::kPersonName:
      return "person-name";
    case Identifying::kAccount:
      return "account-number";
    case Identifying::kLikeNationalNumber:
      return "like-national-number";
    case Identifying::kFromCaseFile:
      return "case-file";
  }
  return "unknown";
}

std::vector<Finding> FindIdentifying(std::string_view text, const std::vector<std::string>& names, Timestamp now) {
  std::vector<Finding> findings;
  const Folded folded = FoldPlain(text);
  const std::vector<Span> tokens = TokensOf(folded.text);
  FindNumbers(folded, tokens, findings);
  FindGroupedNumbers(folded, tokens, findings);
  FindAccounts(folded, findings);
  FindEmails(folded, findings);
  FindBirthDates(folded, now, findings);
  FindAddresses(folded, tokens, findings);
  FindNames(folded, tokens, names, findings);
  FindNamePairs(folded, tokens, findings);
  FindCommonNames(folded, tokens, findings);
  DropCovered(findings);
  std::ranges::sort(findings, {}, [](const Finding& one) { return std::tuple(one.at, one.what, one.length); });
  const auto twice = std::ranges::unique(findings);
  findings.erase(twice.begin(), twice.end());
  return findings;
}

}  // namespace schakel
