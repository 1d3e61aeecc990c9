#include "choices.h"

#include <map>
#include <span>

#include "agents/i18n.h"
#include "agents/search.h"
#include "plain_text.h"

namespace schakel {
namespace {

struct Labelled {
  std::string slug;
  std::string label;
};

template <typename E>
std::vector<Labelled> UpTo(E last, Language language) {
  std::vector<Labelled> all;
  for (unsigned value = 1; value <= static_cast<unsigned>(last); ++value) {
    const E one = static_cast<E>(value);
    all.push_back({std::string(Slug(one)), std::string(Label(one, language))});
  }
  return all;
}
template <typename E>
std::vector<Labelled> Each(std::span<const E> values, Language language) {
  std::vector<Labelled> all;
  for (E one : values) all.push_back({std::string(Slug(one)), std::string(Label(one, language))});
  return all;
}

// In the order in which people think of them.
const std::map<std::string_view, std::vector<std::string_view>>& OwnLists() {
  static const std::map<std::string_view, std::vector<std::string_view>> kLists = {
      {"module", {"mobile", "ambulant", "semi-residential", "residential", "independent-living", "time-out"}},
      {"urgency", {"normal", "soon", "today", "crisis"}},
      {"taken", {"yes", "partly", "no"}},
      {"kind",
       {"round-table", "evolution-review", "review-3-months", "review-6-months", "review-before-hearing", "intake"}},
      {"attending", {"accepted", "tentative", "declined"}},
      {"choices", {"yes", "maybe", "no"}},
      {"about", {"aggression", "drugs", "running-away", "missing-person", "other"}},
      {"copy", {"taken", "declined", "not-reached"}},
      {"who", {"young-person", "mother", "father", "other"}},
      {"format", {"json", "csv", "fhir"}},
      {"exception", {"none", "confidential", "third-party", "court", "agogic"}},
      {"edition", {"young-person", "confidant"}},
      {"progress", {"not-started", "on-track", "stuck", "reached"}},
      {"found", {"reached", "continued", "adjusted", "stopped"}},
      {"whose", {"young-person", "parents", "court-counsellor", "youth-judge", "helpers", "other"}},
      {"consent-format", {"fhir"}},
      {"place-kind",
       {"time-out", "priority", "crisis-bed", "day-activity", "school-alternative", "shared-activity", "mediator",
        "leisure"}},
      {"school-trouble", {"truancy", "refusal", "threatened-exclusion", "excluded", "stuck", "drop-out", "other"}},
      {"school-level", {"unsaid", "primary", "first-stage", "second-stage", "third-stage", "part-time", "special"}},
      {"school-step", {"taken-up", "dispatched", "placed", "coached", "escalated"}},
      {"school-queue", {"open", "ended", "all"}},
      {"agreed-by", {"young-person", "parent", "guardian"}},
      {"contact-how", {"home-visit", "doing-together", "conversation", "phone", "video", "message", "other"}},
      {"help-choice", {"chosen", "declined"}},
      {"domain-state", {"open", "agreed", "arranged", "not-needed"}},
      {"subject-relation", {"parent", "child", "sibling", "partner"}},
      {"asking-ring", {"individual", "family", "context", "forced-frame"}},
      {"family-phase", {"information", "private", "plan"}},
      {"family-plan-said", {"plan", "accepted", "asked"}},
      {"family-plan-answer", {"accepted", "asked"}},
      {"alert-end", {"returned", "over", "mistaken"}},
      {"alert-field",
       {"name", "age", "description", "clothing", "last-seen-at", "last-seen-place", "places", "companions", "incident",
        "risk", "contact"}},
      {"mail", {"immediate", "digest", "none"}},
      {"figure", {"person", "group", "institution"}},
      {"ring", {"household", "family", "friends", "neighbourhood", "school-work", "services"}},
      {"gender", {"unknown", "woman", "man", "other"}},
      {"informant", {"young-person", "mother", "father", "other", "worker"}},
      {"quality", {"positive", "negative", "ambivalent", "broken", "none"}},
      {"direction", {"to", "from", "both"}},
      {"relation", {"parent", "partners"}},
      {"how",
       {"biological", "adoptive", "foster", "step", "married", "cohabiting", "relationship", "separated", "divorced"}},
      {"lane", {"stay", "school", "help", "family", "other"}},
      {"domain", {"living", "family", "network", "school-work", "leisure", "health", "money", "safety", "future"}},
      {"partnership", {"agreement", "cooperation", "contact"}},
      {"level", {"direction", "staff", "workers"}},
      {"structural-state", {"planned", "held", "cancelled"}},
      {"agreement-use", {"consultation", "crisis", "places", "activities", "school"}},
      {"network-format", {"ecogram", "genogram", "lifeline", "json", "gedcom", "gedcom7"}},
  };
  return kLists;
}

std::vector<Labelled> LabelsOf(std::string_view list, Language language) {
  if (list == "category") return Each(AllCategories(), language);
  if (list == "purpose") return Each(AllPurposes(), language);
  if (list == "basis") return UpTo(kBasisLast, language);
  if (list == "grantor") return UpTo(kGrantorLast, language);
  if (list == "role") return UpTo(kStaffRoleLast, language);
  if (list == "because") return UpTo(kEraseReasonLast, language);
  if (list == "reason") return UpTo(kViewReasonLast, language);
  if (list == "record") {
    static const std::vector<Kind> kKinds = AllKinds();
    return Each(std::span<const Kind>(kKinds), language);
  }
  std::vector<Labelled> all;
  for (const std::string_view slug : OwnLists().at(list)) {
    all.push_back({std::string(slug), Phrase(language, "word." + std::string(list) + "." + std::string(slug))});
  }
  return all;
}

// "Verslag (kort)" -> "verslag"; accents go, what is no letter joins.
std::string Joined(std::string_view label) {
  std::string word;
  for (const char c : FoldPlain(label.substr(0, label.find(" ("))).text) {
    if ((c >= 'a' && c <= 'z') || IsDigit(c)) {
      word += c;
    } else if (!word.empty() && word.back() != '-') {
      word += '-';
    }
  }
  while (word.ends_with('-')) word.pop_back();
  return word;
}

std::string WordOf(std::string_view list, const Labelled& one, Language language) {
  const std::string alias = "alias." + std::string(list) + "." + one.slug;
  return HasText(language, alias) ? Phrase(language, alias) : Joined(one.label);
}

}  // namespace

std::vector<Choice> ChoicesOf(std::string_view list, Language language) {
  std::vector<Choice> choices;
  for (const Labelled& one : LabelsOf(list, language)) {
    // The slugs are English already.
    choices.push_back({one.slug, language == Language::kEnglish ? one.slug : WordOf(list, one, language)});
  }
  return choices;
}

std::optional<std::string> SlugOfChoice(std::string_view list, std::string_view text) {
  const std::string typed = Joined(text);
  for (const Language language : kLanguages) {
    for (const Labelled& one : LabelsOf(list, language)) {
      if (typed == one.slug || typed == WordOf(list, one, language) || typed == Joined(one.label)) return one.slug;
    }
  }
  return std::nullopt;
}

// Of a long list, lines that fit a terminal: one of a thousand characters is read by nobody.
std::string ChoicesText(std::string_view list, Language language) {
  constexpr std::size_t kColumns = 90;
  std::string text;
  std::size_t line = 0;
  for (const Choice& one : ChoicesOf(list, language)) {
    const std::string word = one.word + (one.word == one.slug ? "" : "|" + one.slug);
    const bool next_line = line > 0 && line + 2 + word.size() > kColumns;
    if (!text.empty()) text += next_line ? ",\n      " : ", ";
    line = next_line ? word.size() : line + 2 + word.size();
    text += word;
  }
  return text;
}

}  // namespace schakel
