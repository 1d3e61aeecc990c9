#include <algorithm>
#include <array>
#include <chrono>
#include <optional>

#include "agents/services.h"
#include "plain_text.h"

namespace schakel {
namespace {

// A place in folded text, as a place in the original.
Finding Found(Identifying what, const Folded& folded, std::size_t at, std::size_t length) {
  const std::size_t from = folded.from[at];
  return {what, from, folded.to[at + length - 1] - from};
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
    } else if (groups[group] > 0) {
      ++group;
      if (group == groups.size()) break;
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

// Eleven digits in the form of a national number, whatever the last two say: people mistype.
bool IsLikeNationalNumber(const std::string& digits) {
  return digits.size() == 11 && NumberAt(digits, 2, 2) <= 52 && NumberAt(digits, 2, 2) % 20 <= 12 &&
         NumberAt(digits, 4, 2) <= 31;
}

void FindNumbers(const Folded& folded, std::vector<Finding>& to) {
  const std::string_view text = folded.text;
  const auto add = [&](Identifying what, const Span& run) { to.push_back(Found(what, folded, run.at, run.length)); };
  for (const Span& run : DigitRuns(text, " .-/")) {
    // The digits of an account number stand behind two letters; FindAccounts lists them.
    if (run.at >= 2 && run.digits.size() >= 14 && IsWordByte(text[run.at - 1]) && IsWordByte(text[run.at - 2]))
      continue;
    if (IsNationalNumber(run.digits)) {
      add(Identifying::kNationalNumber, run);
    } else if (IsPhone(text, run)) {
      add(Identifying::kPhone, run);
    } else if (IsLikeNationalNumber(run.digits)) {
      add(Identifying::kLikeNationalNumber, run);
    } else if (run.digits.size() > 11) {
      // Numbers written one after the other: look for one in each piece.
      for (std::size_t at = 0; at + 11 <= run.digits.size(); ++at) {
        if (!IsNationalNumber(run.digits.substr(at, 11))) continue;
        add(Identifying::kNationalNumber, run);
        break;
      }
    }
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
    if (whole > 0) to.push_back(Found(Identifying::kAccount, folded, at, whole - at));
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
    to.push_back(Found(Identifying::kEmail, folded, begin, end - begin));
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

constexpr std::string_view kBirthWords[] = {"geboren", "geb", "geboortedatum", "verjaart", "verjaardag",
                                            "born",    "dob", "birthday",      "birthdate"};

// A full date on which somebody living may have been born, and not one of these last two years: those are events.
// Behind a word that says so, any date will do.
void FindBirthDates(const Folded& folded, Timestamp now, std::vector<Finding>& to) {
  const std::chrono::year_month_day today(std::chrono::floor<std::chrono::days>(now));
  const unsigned this_year = static_cast<unsigned>(static_cast<int>(today.year()));
  const std::vector<Span> tokens = Tokens(folded.text);
  for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
    bool born = i > 0 && folded.text.substr(tokens[i - 1].at, tokens[i].at - tokens[i - 1].at).find("\xC2\xB0") !=
                             std::string::npos;
    for (std::size_t j = i - std::min<std::size_t>(i, 3); j < i; ++j) {
      born = born || std::ranges::find(kBirthWords, tokens[j].digits) != std::end(kBirthWords);
    }
    const auto is_day = [&](const Span& token) { return AsNumber(token.digits, 1, 31).has_value(); };
    const auto is_month = [&](const Span& token) { return AsMonth(token.digits).has_value(); };
    const auto is_year = [&](const Span& token) {
      if (born && token.length == 2 && AsNumber(token.digits, 0, 99)) return true;
      return token.length == 4 && AsNumber(token.digits, this_year - 100, born ? this_year : this_year - 2).has_value();
    };
    const auto length_to = [&](const Span& last) { return last.at + last.length - tokens[i].at; };
    const bool three = i + 2 < tokens.size() && length_to(tokens[i + 2]) <= 24;
    const bool day_first = three && is_day(tokens[i]) && is_month(tokens[i + 1]) && is_year(tokens[i + 2]);
    const bool year_first = three && is_year(tokens[i]) && is_month(tokens[i + 1]) && is_day(tokens[i + 2]);
    const bool no_year = born && is_day(tokens[i]) && is_month(tokens[i + 1]) && length_to(tokens[i + 1]) <= 16;
    if (day_first || year_first || no_year) {
      const std::size_t last = day_first || year_first ? i + 2 : i + 1;
      to.push_back(Found(Identifying::kBirthDate, folded, tokens[i].at, length_to(tokens[last])));
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
    const bool french = std::ranges::find(kFrenchStreets, street.digits) != std::end(kFrenchStreets);
    if (!french && !IsStreet(street.digits)) continue;
    std::size_t number = i + 1;
    const std::size_t words = french ? 5 : 1;
    for (std::size_t left = words; left > 0 && number < tokens.size() && !IsDigit(tokens[number].digits[0]); --left) {
      const bool says_number = tokens[number].digits == "nr" || tokens[number].digits == "nummer";
      if (!french && !says_number) break;
      ++number;
    }
    const bool numbered =
        number < tokens.size() && AsNumber(tokens[number].digits, 1, 9999) &&
        tokens[number].at - street.at <= street.length + (french ? 40 : 12) &&
        folded.text.substr(street.at, tokens[number].at - street.at).find_first_of(".!?\n") == std::string::npos;
    const bool named = !french && IsCapital(folded, street) && street.digits != "markt";
    if (!numbered && !named) continue;
    const Span& last = numbered ? tokens[number] : street;
    to.push_back(Found(Identifying::kAddress, folded, street.at, last.at + last.length - street.at));
  }
}

// "9000 Gent". A year stands behind a month, or before a word without a capital.
void FindPostcodes(const Folded& folded, const std::vector<Span>& tokens, std::vector<Finding>& to) {
  for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
    const Span& place = tokens[i + 1];
    const bool code = tokens[i].length == 4 && AsNumber(tokens[i].digits, 1000, 9999);
    const bool after_month = i > 0 && AsMonth(tokens[i - 1].digits);
    const std::size_t end = tokens[i].at + tokens[i].length;
    const bool apart = place.at - end >= 1 && place.at - end <= 2 &&
                       folded.text.substr(end, place.at - end).find_first_of(".!?:;") == std::string::npos;
    if (!code || after_month || !apart || place.length < 2 || !IsCapital(folded, place)) continue;
    to.push_back(Found(Identifying::kAddress, folded, tokens[i].at, place.at + place.length - tokens[i].at));
  }
}

// ---- Names ----

// Words that begin sentences and titles with a capital, and are no names.
constexpr std::string_view kSentenceWords[] = {
    "aan",  "als",   "alle",   "beste",   "bij",   "dag",     "dan",    "dat",    "de",    "deze",   "die",
    "dit",  "door",  "een",    "en",      "er",    "geachte", "graag",  "haar",   "hallo", "heeft",  "het",
    "hier", "hij",   "hoe",    "hun",     "ik",    "in",      "is",     "jullie", "kan",   "kunnen", "maar",
    "met",  "moet",  "na",     "naar",    "niet",  "nu",      "of",     "om",     "omdat", "ons",    "onze",
    "op",   "over",  "sinds",  "soms",    "te",    "toen",    "tot",    "uit",    "vaak",  "van",    "volgens",
    "voor", "waar",  "waarom", "wanneer", "want",  "wat",     "we",     "welke",  "werkt", "wie",    "wij",
    "wil",  "wordt", "ze",     "zij",     "zijn",  "zo",      "zou",    "a",      "an",    "and",    "are",
    "at",   "can",   "could",  "do",      "does",  "for",     "from",   "has",    "have",  "he",     "how",
    "i",    "if",    "it",     "my",      "our",   "she",     "should", "since",  "that",  "the",    "their",
    "they", "this",  "what",   "when",    "where", "who",     "why",    "with",   "would", "you"};
constexpr std::string_view kBetweenNames[] = {"van", "de",  "der", "den", "het", "ten", "ter", "te", "el",
                                              "al",  "ben", "von", "di",  "da",  "la",  "le",  "du"};

// "Jan Janssens", "Nadia El Amrani", "Piet van den Berg": two words or more that are written as names.
void FindNamePairs(const Folded& folded, const std::vector<Span>& tokens, std::vector<Finding>& to) {
  const auto is_name = [&](const Span& token) {
    if (IsDigit(token.digits[0]) || token.length < 2 || !IsCapital(folded, token)) return false;
    for (std::size_t i = 1; i < token.length; ++i) {
      if (folded.upper[token.at + i]) return false;  // "GI", "CLB": an abbreviation.
    }
    return true;
  };
  const auto is_in = [](const auto& list, const std::string& word) {
    return std::ranges::find(list, word) != std::end(list);
  };
  const auto follows = [&](const Span& before, const Span& after) {
    const std::string between = folded.text.substr(before.at + before.length, after.at - before.at - before.length);
    return between == " " || between == "-" || between == "'" || between == "  ";
  };
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (!is_name(tokens[i]) || is_in(kSentenceWords, tokens[i].digits)) continue;
    std::size_t last = i;
    std::size_t names = 1;
    for (std::size_t j = i + 1; j < tokens.size() && follows(tokens[j - 1], tokens[j]); ++j) {
      if (is_name(tokens[j])) {
        last = j;
        ++names;
      } else if (!is_in(kBetweenNames, tokens[j].digits)) {
        break;
      }
    }
    if (names >= 2) {
      const Span& end = tokens[last];
      to.push_back(Found(Identifying::kPersonName, folded, tokens[i].at, end.at + end.length - tokens[i].at));
    }
    i = last;
  }
}

constexpr std::size_t kNameBytesMin = 3;  // "de", "el" and initials are in every text.

constexpr std::size_t kPiecesMax = 12;

// The words of `names`; also written apart ("M.i.l.a.n", "Mi lan") or with a genitive's s.
void FindNames(const Folded& folded, const std::vector<Span>& tokens, const std::vector<std::string>& names,
               std::vector<Finding>& to) {
  std::set<std::string> words;
  for (const std::string& name : names) {
    for (const Span& token : Tokens(FoldPlain(name).text)) {
      if (token.length >= kNameBytesMin && !IsDigit(token.digits[0])) words.insert(token.digits);
    }
  }
  for (const std::string_view common : {"van", "der", "den", "het", "een", "the", "and", "voor", "met", "mama", "papa",
                                        "moeder", "vader", "traject", "mother", "father"}) {
    words.erase(std::string(common));
  }
  const auto is_name = [&](const std::string& word) {
    if (words.contains(word)) return true;
    return word.size() > 4 && word.ends_with('s') && words.contains(word.substr(0, word.size() - 1));
  };
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (is_name(tokens[i].digits)) {
      to.push_back(Found(Identifying::kName, folded, tokens[i].at, tokens[i].length));
      continue;
    }
    std::string joined = tokens[i].digits;
    bool letters = tokens[i].length == 1;
    for (std::size_t j = i + 1; j < tokens.size() && j - i < kPiecesMax; ++j) {
      if (tokens[j].at - tokens[j - 1].at - tokens[j - 1].length > 3) break;
      joined += tokens[j].digits;
      letters = letters && tokens[j].length == 1;
      // Two whole words that happen to make a short name are no name.
      if (!is_name(joined) || (!letters && joined.size() < 5)) continue;
      to.push_back(Found(Identifying::kName, folded, tokens[i].at, tokens[j].at + tokens[j].length - tokens[i].at));
      i = j;
      break;
    }
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
  }
  return "unknown";
}

std::vector<Finding> FindIdentifying(std::string_view text, const std::vector<std::string>& names, Timestamp now) {
  std::vector<Finding> findings;
  const Folded folded = FoldPlain(text);
  const std::vector<Span> tokens = Tokens(folded.text);
  FindNumbers(folded, findings);
  FindAccounts(folded, findings);
  FindEmails(folded, findings);
  FindBirthDates(folded, now, findings);
  FindStreets(folded, tokens, findings);
  FindPostcodes(folded, tokens, findings);
  FindNames(folded, tokens, names, findings);
  FindNamePairs(folded, tokens, findings);
  DropCovered(findings);
  std::ranges::sort(findings, {}, [](const Finding& one) { return std::tuple(one.at, one.what, one.length); });
  return findings;
}

}  // namespace schakel
