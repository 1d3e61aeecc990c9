#include <algorithm>
#include <array>
#include <chrono>
#include <optional>

#include "agents/services.h"
#include "names_in_text.h"
#include "plain_text.h"
#include "text_pieces.h"

namespace schakel {
namespace {

using Span = TextSpan;

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

void FindNumbers(const Folded& folded, std::vector<Finding>& to) {
  const std::string_view text = folded.text;
  const auto add = [&](Identifying what, const Span& run) { to.push_back(FoundAt(what, folded, run.at, run.length)); };
  for (const Span& run : DigitRunsOf(text, " .-/")) {
    // The digits of an account number stand behind two letters; FindAccounts lists them.
    if (run.at >= 2 && run.text.size() >= 14 && IsWordByte(text[run.at - 1]) && IsWordByte(text[run.at - 2])) continue;
    if (IsNationalNumber(run.text)) {
      add(Identifying::kNationalNumber, run);
    } else if (IsPhone(text, run)) {
      add(Identifying::kPhone, run);
    } else if (IsLikeNationalNumber(run.text)) {
      add(Identifying::kLikeNationalNumber, run);
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

std::optional<unsigned> AsMonth(const std::string& token) {
  if (auto number = SmallNumberOf(token, 1, 12)) return number;
  for (unsigned i = 0; i < kMonths.size(); ++i) {
    for (std::string_view name : kMonths[i]) {
      if (token == name) return i + 1;
    }
  }
  return std::nullopt;
}

constexpr std::string_view kBirthWords[] = {"geboren", "geb", "geboortedatum", "verjaart", "verjaardag",
                                            "born",    "dob", "birthday",      "birthdate"};

// "3de mei", "3rd of May": the number alone.
std::vector<Span> WithoutOrdinals(std::vector<Span> tokens) {
  constexpr std::string_view kOrdinals[] = {"de", "ste", "e", "st", "nd", "rd", "th"};
  std::vector<Span> kept;
  for (Span& token : tokens) {
    const bool behind = !kept.empty() && IsNumber(kept.back()) && kept.back().end() == token.at;
    const bool ordinal = behind && std::ranges::find(kOrdinals, token.text) != std::end(kOrdinals);
    if (!ordinal && token.text != "of") kept.push_back(std::move(token));
  }
  return kept;
}

// A word that says so stands shortly before `first` or behind `last`.
bool IsNearBirth(const std::vector<Span>& tokens, std::size_t first, std::size_t last) {
  const std::size_t end = std::min(tokens.size(), last + 3);
  for (std::size_t i = first - std::min<std::size_t>(first, 3); i < end; ++i) {
    if (std::ranges::find(kBirthWords, tokens[i].text) != std::end(kBirthWords)) return true;
  }
  return false;
}

// "03052010", "20100503", "030510", beside such a word.
void FindCompactBirthDates(const Folded& folded, const std::vector<Span>& tokens, unsigned this_year,
                           std::vector<Finding>& to) {
  const auto is_date = [&](unsigned day, unsigned month, unsigned year) {
    return day >= 1 && day <= 31 && month >= 1 && month <= 12 && year + 100 >= this_year && year <= this_year;
  };
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const std::string& digits = tokens[i].text;
    if (!IsNumber(tokens[i]) || (digits.size() != 8 && digits.size() != 6) || !IsNearBirth(tokens, i, i)) continue;
    const auto at = [&](std::size_t from, std::size_t count) { return NumberAt(digits, from, count); };
    const bool date = digits.size() == 8
                          ? is_date(at(0, 2), at(2, 2), at(4, 4)) || is_date(at(6, 2), at(4, 2), at(0, 4))
                          : is_date(at(0, 2), at(2, 2), this_year) || is_date(at(4, 2), at(2, 2), this_year);
    if (date) to.push_back(FoundAt(Identifying::kBirthDate, folded, tokens[i].at, tokens[i].length));
  }
}

// A full date on which somebody living may have been born, and not one of these last two years: those are events.
// Behind a word that says so, any date will do.
void FindBirthDates(const Folded& folded, Timestamp now, std::vector<Finding>& to) {
  const std::chrono::year_month_day today(std::chrono::floor<std::chrono::days>(now));
  const unsigned this_year = static_cast<unsigned>(static_cast<int>(today.year()));
  const std::vector<Span> tokens = WithoutOrdinals(TokensOf(folded.text));
  FindCompactBirthDates(folded, tokens, this_year, to);
  for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
    bool born = i > 0 && folded.text.substr(tokens[i - 1].at, tokens[i].at - tokens[i - 1].at).find("\xC2\xB0") !=
                             std::string::npos;
    born = born || IsNearBirth(tokens, i, i + 2);
    const auto is_day = [&](const Span& token) { return SmallNumberOf(token.text, 1, 31).has_value(); };
    const auto is_month = [&](const Span& token) { return AsMonth(token.text).has_value(); };
    const auto is_year = [&](const Span& token) {
      if (born && token.length == 2 && SmallNumberOf(token.text, 0, 99)) return true;
      return token.length == 4 &&
             SmallNumberOf(token.text, this_year - 100, born ? this_year : this_year - 2).has_value();
    };
    const auto length_to = [&](const Span& last) { return last.at + last.length - tokens[i].at; };
    const bool three = i + 2 < tokens.size() && length_to(tokens[i + 2]) <= 24;
    const bool day_first = three && is_day(tokens[i]) && is_month(tokens[i + 1]) && is_year(tokens[i + 2]);
    const bool year_first = three && is_year(tokens[i]) && is_month(tokens[i + 1]) && is_day(tokens[i + 2]);
    const bool no_year = born && is_day(tokens[i]) && is_month(tokens[i + 1]) && length_to(tokens[i + 1]) <= 16;
    if (day_first || year_first || no_year) {
      const std::size_t last = day_first || year_first ? i + 2 : i + 1;
      to.push_back(FoundAt(Identifying::kBirthDate, folded, tokens[i].at, length_to(tokens[last])));
      i = last;
    }
  }
}

// ---- Addresses ----

constexpr std::string_view kStreets[] = {"steenweg", "straat", "laan",   "plein", "dreef", "kaai", "lei",
                                         "weg",      "baan",   "singel", "markt", "vest",  "wijk", "pad"};
// End like a street and are none.
constexpr std::string_view kNoStreets[] = {"onderweg", "halfweg",   "terugweg",     "snelweg",     "allerlei",
                                           "velerlei", "loopbaan",  "omweg",        "uitweg",      "maandag",
                                           "gevest",   "schoolweg", "arbeidsmarkt", "woningmarkt", "middenweg"};

bool IsStreet(std::string_view word) {
  if (std::ranges::find(kNoStreets, word) != std::end(kNoStreets)) return false;
  return std::ranges::any_of(kStreets, [&](std::string_view end) {
    return word.ends_with(end) && (word.size() >= end.size() + 3 || word == "markt");
  });
}
constexpr std::string_view kFrenchStreets[] = {"rue", "avenue", "chaussee", "boulevard", "allee", "square"};

bool IsCapital(const Folded& folded, const Span& token) { return folded.upper[token.at]; }

// "Kerkstraat 12", "Grote Markt 3 bus 2", "rue de la Loi 16"; also a street alone, if it is written as a name.
void FindStreets(const Folded& folded, const std::vector<Span>& tokens, std::vector<Finding>& to) {
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const Span& street = tokens[i];
    const bool french = std::ranges::find(kFrenchStreets, street.text) != std::end(kFrenchStreets);
    if (!french && !IsStreet(street.text)) continue;
    std::size_t number = i + 1;
    const std::size_t words = french ? 5 : 1;
    for (std::size_t left = words; left > 0 && number < tokens.size() && !IsDigit(tokens[number].text[0]); --left) {
      const bool says_number = tokens[number].text == "nr" || tokens[number].text == "nummer";
      if (!french && !says_number) break;
      ++number;
    }
    const bool numbered =
        number < tokens.size() && SmallNumberOf(tokens[number].text, 1, 9999) &&
        tokens[number].at - street.at <= street.length + (french ? 40 : 12) &&
        folded.text.substr(street.at, tokens[number].at - street.at).find_first_of(".!?\n") == std::string::npos;
    const bool named = !french && IsCapital(folded, street) && street.text != "markt";
    if (!numbered && !named) continue;
    const Span& last = numbered ? tokens[number] : street;
    to.push_back(FoundAt(Identifying::kAddress, folded, street.at, last.at + last.length - street.at));
  }
}

// Stand with a capital before a number, and are no street.
constexpr std::string_view kNumberedThings[] = {
    "artikel",  "article",  "module",    "fase",     "phase",     "graad",   "grade",  "stap",    "step",
    "punt",     "point",    "bijlage",   "annex",    "hoofdstuk", "chapter", "niveau", "level",   "groep",
    "group",    "klas",     "class",     "leerjaar", "week",      "dag",     "day",    "maand",   "month",
    "jaar",     "year",     "versie",    "version",  "pagina",    "page",    "nummer", "number",  "type",
    "vraag",    "question", "kamer",     "room",     "leefgroep", "deel",    "part",   "optie",   "maandag",
    "dinsdag",  "woensdag", "donderdag", "vrijdag",  "zaterdag",  "zondag",  "monday", "tuesday", "wednesday",
    "thursday", "friday",   "saturday",  "sunday",   "covid",     "windows"};

// "Kapelleberg 14", "op de Hoek 7": a word with a capital and the number of a house. At the beginning of a sentence any
// word has one; there it counts if nothing follows the number.
void FindHouses(const Folded& folded, const std::vector<Span>& tokens, std::vector<Finding>& to) {
  for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
    const Span& street = tokens[i];
    const Span& number = tokens[i + 1];
    const bool abbreviation = street.length >= 2 && folded.upper[street.at + 1];
    if (IsNumber(street) || street.length < 4 || !IsCapital(folded, street) || abbreviation) continue;
    if (IsStreet(street.text) || AsMonth(street.text)) continue;
    if (std::ranges::find(kNumberedThings, street.text) != std::end(kNumberedThings)) continue;
    if (!SmallNumberOf(number.text, 1, 999) || folded.text.substr(street.end(), number.at - street.end()) != " ")
      continue;
    const std::size_t next = i + 2 < tokens.size() ? tokens[i + 2].at : folded.text.size();
    const std::string_view behind = std::string_view(folded.text).substr(number.end(), next - number.end());
    const bool stops = i + 2 == tokens.size() || behind.find_first_of(".,;!?\n") != std::string_view::npos;
    const bool larger =
        !behind.empty() && (behind[0] == '/' || behind[0] == '-' || behind[0] == ':');  // A date, a time.
    if (larger || (BeginsSentence(folded.text, street.at) && !stops)) continue;
    to.push_back(FoundAt(Identifying::kAddress, folded, street.at, number.end() - street.at));
  }
}

// "9000 Gent". A year stands behind a month, or before a word without a capital.
void FindPostcodes(const Folded& folded, const std::vector<Span>& tokens, std::vector<Finding>& to) {
  for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
    const Span& place = tokens[i + 1];
    const bool code = tokens[i].length == 4 && SmallNumberOf(tokens[i].text, 1000, 9999);
    const bool after_month = i > 0 && AsMonth(tokens[i - 1].text);
    const std::size_t end = tokens[i].at + tokens[i].length;
    const bool apart = place.at - end >= 1 && place.at - end <= 2 &&
                       folded.text.substr(end, place.at - end).find_first_of(".!?:;") == std::string::npos;
    if (!code || after_month || !apart || place.length < 2 || !IsCapital(folded, place)) continue;
    to.push_back(FoundAt(Identifying::kAddress, folded, tokens[i].at, place.at + place.length - tokens[i].at));
  }
}

// What another finding covers already, or says better.
void DropCovered(std::vector<Finding>& findings) {
  const auto better = [](const Finding& one, const Finding& than) {
    const bool within = one.at >= than.at && one.at + one.length <= than.at + than.length;
    const bool around = than.at >= one.at && than.at + than.length <= one.at + one.length;
    // The digits of an account could be dialled.
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
  FindNumbers(folded, findings);
  FindGroupedNumbers(folded, tokens, findings);
  FindAccounts(folded, findings);
  FindEmails(folded, findings);
  FindBirthDates(folded, now, findings);
  FindStreets(folded, tokens, findings);
  FindHouses(folded, tokens, findings);
  FindPostcodes(folded, tokens, findings);
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
