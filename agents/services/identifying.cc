#include <algorithm>

#include "addresses_in_text.h"
#include "agents/services.h"
#include "dates_in_text.h"
#include "initials_in_text.h"
#include "mail_in_text.h"
#include "names_in_text.h"
#include "numbers_in_text.h"
#include "plain_text.h"
#include "text_pieces.h"
#include "told_names_in_text.h"

namespace schakel {
namespace {

using Span = TextSpan;

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
  FindAccounts(folded, findings);
  FindMail(folded, findings);
  FindBirthDates(folded, now, findings);
  FindAddresses(folded, tokens, findings);
  FindNames(folded, tokens, names, findings);
  FindInitials(folded, tokens, findings);
  FindNamePairs(folded, tokens, findings);
  FindToldNames(folded, tokens, findings);
  FindCommonNames(folded, tokens, findings);
  DropCovered(findings);
  std::ranges::sort(findings, {}, [](const Finding& one) { return std::tuple(one.at, one.what, one.length); });
  const auto twice = std::ranges::unique(findings);
  findings.erase(twice.begin(), twice.end());
  return findings;
}

}  // namespace schakel
