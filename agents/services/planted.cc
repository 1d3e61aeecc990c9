#include "planted.h"

#include <algorithm>
#include <functional>

#include "agents/i18n.h"
#include "body_texts.h"
#include "everyday_words.h"
#include "initials_in_text.h"
#include "name_forms.h"
#include "names_in_text.h"
#include "numbers_in_text.h"
#include "plain_text.h"
#include "text_pieces.h"

namespace schakel {
namespace {

constexpr std::size_t kIdDigitsMin = 6;  // Fewer are a year, an hour, a house number.

bool IsIdDigit(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }

constexpr std::size_t kPlantedWordMin = 3;
constexpr std::size_t kPlantedDigitsMin = 5;  // Fewer are a year, an age, an hour.
constexpr std::size_t kWordsBeforeAgeMax = 4;
constexpr std::size_t kBetweenPiecesMax = 4;  // ". (", " - ": what stands between the words of a label.
constexpr std::size_t kSplitWordMin = 5;      // Two whole words that happen to make a shorter one are none.
constexpr std::size_t kSplitPiecesMax = 3;
constexpr std::size_t kBetweenSplitMax = 3;

// With blanks between them and without: "88-4711" may stand before another number. Over the end of a line or of a cell,
// too.
std::vector<TextSpan> NumbersIn(std::string_view folded) {
  std::vector<TextSpan> all;
  for (const char* separators : {" .-/_,", " .-/_\n\r\t;|", ".-/_", ""}) {
    for (TextSpan& run : DigitRunsOf(folded, separators)) {
      if (run.text.size() >= kPlantedDigitsMin) all.push_back(std::move(run));
    }
  }
  return all;
}

constexpr std::size_t kNoEnd = static_cast<std::size_t>(-1);

// "bommel zoon", "Bommel-zoon": which token ends the word that is written in pieces from `first` on.
std::size_t EndOfSplit(const std::vector<TextSpan>& tokens, std::size_t first,
                       const std::function<bool(const std::string&)>& is_word) {
  std::string joined = tokens[first].text;
  for (std::size_t i = first + 1; i < tokens.size() && i - first < kSplitPiecesMax; ++i) {
    if (IsNumber(tokens[i]) || tokens[i].at - tokens[i - 1].end() > kBetweenSplitMax) break;
    joined += tokens[i].text;
    if (joined.size() >= kSplitWordMin && is_word(joined)) return i;
  }
  return kNoEnd;
}

// Words that we write small ourselves, in any language.
const std::set<std::string>& WordsOfCatalogues() {
  static const std::set<std::string> words = [] {
    std::set<std::string> all;
    for (const Language language : {Language::kDutch, Language::kEnglish, Language::kFrench}) {
      for (const std::string& key : CatalogueKeys(language)) {
        if (key.starts_with("example.")) continue;  // They name people and organisations.
        const Folded folded = FoldPlain(Phrase(language, key));
        for (TextSpan& token : TokensOf(folded.text)) {
          if (!IsNumber(token) && !folded.upper[token.at]) all.insert(std::move(token.text));
        }
      }
    }
    return all;
  }();
  return words;
}

// Whatever capital it got in a name: "Trainer Jo", "De Hond".
bool IsEveryday(const std::string& word) {
  if (IsCommonName(word) || IsGivenName(word)) return false;
  return std::ranges::binary_search(kEverydayWords, std::string_view(word)) || WordsOfCatalogues().contains(word);
}

}  // namespace

void Planted::Take(std::string_view text) {
  const Folded folded = FoldPlain(text);
  for (const TextSpan& token : TokensOf(folded.text)) {
    if (IsNumber(token) || token.length < kPlantedWordMin || IsAbbreviation(folded, token)) continue;
    Written& written = words_[token.text];
    if (!folded.upper[token.at]) {
      ++written.small;
    } else if (BeginsSentence(folded.text, token.at)) {
      ++written.beginning;
    } else {
      ++written.inside;
    }
  }
  for (TextSpan& number : NumbersIn(folded.text)) numbers_.insert(std::move(number.text));
  for (TextSpan& plate : PlatesIn(folded)) numbers_.insert(std::move(plate.text));
}

void Planted::TakeLabel(std::string_view label) {
  std::vector<std::string> pieces;
  std::vector<std::string> of_name;  // "Sam Dewulf", before the first number.
  bool aside = false;                // That number stands in brackets.
  const Folded folded = FoldPlain(label);
  const auto says_nothing = [](const std::string& piece) { return IsPersonWord(piece) || BeginsSentencesOften(piece); };
  const auto add = [&](std::vector<std::string> all) {
    const bool tells = std::ranges::any_of(all, std::not_fn(says_nothing));  // "De jongere" tells of nobody.
    if (tells && all.size() > 1) labels_[all.front()].insert(std::move(all));
  };
  const std::vector<TextSpan> tokens = TokensOf(folded.text);
  const auto first = std::ranges::find_if(tokens, &IsNumber);
  for (const TextSpan& token : tokens) pieces.push_back(token.text);
  if (first != tokens.begin() && first != tokens.end()) {
    of_name.assign(pieces.begin(), pieces.begin() + (first - tokens.begin()));
    const std::size_t end = std::prev(first)->end();
    aside = std::string_view(folded.text).substr(end, first->at - end).contains('(');
  }
  add(pieces);
  // What many labels could begin with is no name: "Film (14), naar huis".
  if (!aside || of_name.size() > kWordsBeforeAgeMax) return;
  if (of_name.front().size() > 1 && IsOrdinary(of_name.front())) return;
  const auto may_be_name = [&](const std::string& word) { return word.size() == 1 || !says_nothing(word); };
  if (std::ranges::none_of(of_name, may_be_name)) return;
  add({pieces.begin(), pieces.begin() + (first - tokens.begin()) + 1});
  std::vector<std::string> initials;
  for (const std::string& word : of_name) {
    if (!may_be_name(word)) return;
    initials.push_back(word.substr(0, 1));
  }
  initials.push_back(first->text);
  add({initials.front(), initials.back()});
  add(std::move(initials));
}

void Planted::TakeInitials(std::string_view name) {
  for (std::string& one : InitialsOf(name)) initials_.insert(std::move(one));
}

void Planted::FindLabels(const Folded& folded, const std::vector<TextSpan>& tokens, std::vector<Finding>& to) const {
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const auto labels = labels_.find(tokens[i].text);
    if (labels == labels_.end()) continue;
    // "foto's 16" is of no S.
    if (tokens[i].length == 1 && tokens[i].at > 0 && folded.text[tokens[i].at - 1] == '\'') continue;
    for (const std::vector<std::string>& label : labels->second) {
      bool same = i + label.size() <= tokens.size();
      for (std::size_t j = 1; same && j < label.size(); ++j) {
        const bool close = tokens[i + j].at - tokens[i + j - 1].end() <= kBetweenPiecesMax;
        same = close && tokens[i + j].text == label[j];
      }
      if (!same) continue;
      const std::size_t end = tokens[i + label.size() - 1].end();
      to.push_back(FoundAt(Identifying::kFromCaseFile, folded, tokens[i].at, end - tokens[i].at));
    }
  }
}

bool Planted::IsOrdinary(const std::string& word) const {
  const auto written = words_.find(word);
  return ordinary_.contains(word) && (written == words_.end() || written->second.inside == 0);
}

Planted::Is Planted::WordIs(const std::string& word) const {
  if (IsOrdinary(word)) return Is::kNothing;
  const auto found = words_.find(word);
  if (found == words_.end() || BeginsSentencesOften(word) || IsPersonWord(word)) return Is::kNothing;
  const Written& written = found->second;
  if (IsEveryday(word)) {
    return written.inside > 0 && written.small <= written.inside ? Is::kNameInside : Is::kNothing;
  }
  if (written.inside > 0) return written.small <= written.inside ? Is::kName : Is::kNothing;
  return written.beginning > 0 && written.small == 0 ? Is::kNameWithCapital : Is::kNothing;
}

std::vector<Finding> Planted::FindIn(std::string_view text) const {
  std::vector<Finding> findings;
  const Folded folded = FoldPlain(text);
  const std::vector<TextSpan> tokens = TokensOf(folded.text);
  FindLabels(folded, tokens, findings);
  for (const Initials& one : InitialsIn(folded, tokens)) {
    if (!initials_.contains(one.span.text)) continue;
    findings.push_back(FoundAt(Identifying::kFromCaseFile, folded, one.span.at, one.span.length));
  }
  const auto is_name = [&](const std::string& word) { return WordIs(word) >= Is::kNameWithCapital; };
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const TextSpan& token = tokens[i];
    if (IsNumber(token)) continue;
    if (const std::size_t spelled = SpelledOut(tokens, i, is_name)) {
      findings.push_back(FoundAt(Identifying::kFromCaseFile, folded, token.at, tokens[spelled].end() - token.at));
      i = spelled;
      continue;
    }
    const auto counts = [&](const std::string& word) {
      const Is is = WordIs(word);
      if (is == Is::kNothing || is == Is::kName) return is == Is::kName;
      return folded.upper[token.at] && (is == Is::kNameWithCapital || !BeginsSentence(folded.text, token.at));
    };
    std::size_t last = i;
    if (token.length < kPlantedWordMin || NameBehind(token.text, counts).empty()) last = EndOfSplit(tokens, i, counts);
    if (last == kNoEnd) continue;
    findings.push_back(FoundAt(Identifying::kFromCaseFile, folded, token.at, tokens[last].end() - token.at));
    i = last;
  }
  for (const TextSpan& one : DisguisedIn(folded.text)) {
    if (one.text.size() < kPlantedWordMin || NameBehind(one.text, is_name).empty()) continue;
    findings.push_back(FoundAt(Identifying::kFromCaseFile, folded, one.at, one.length));
  }
  std::vector<TextSpan> numbers = NumbersIn(folded.text);
  std::ranges::move(PlatesIn(folded), std::back_inserter(numbers));
  for (const TextSpan& number : numbers) {
    if (!numbers_.contains(number.text)) continue;
    const Finding found = FoundAt(Identifying::kFromCaseFile, folded, number.at, number.length);
    if (std::ranges::find(findings, found) == findings.end()) findings.push_back(found);
  }
  return findings;
}

std::vector<Finding> TrajectoriesNamed(const CaseFile& file, std::string_view text) {
  std::vector<Finding> found;
  const Folded folded = FoldPlain(text);
  const std::string& all = folded.text;
  for (std::size_t at = 0; at < all.size();) {
    const auto end = static_cast<std::size_t>(
        std::find_if_not(all.begin() + static_cast<std::ptrdiff_t>(at), all.end(), &IsIdDigit) - all.begin());
    if (end - at >= kIdDigitsMin && !file.TrajectoriesLike(all.substr(at, end - at)).empty()) {
      found.push_back(FoundAt(Identifying::kFromCaseFile, folded, at, end - at));
    }
    at = std::max(end, at + 1);
  }
  return found;
}

namespace {

const std::string* WrittenLabelOf(const CaseRecord& record) {
  if (!record.body) return nullptr;
  if (const auto* opening = std::get_if<OpeningBody>(&*record.body)) return &opening->label;
  const auto* invitation = std::get_if<InvitationBody>(&*record.body);
  return invitation == nullptr ? nullptr : &invitation->label;
}

std::string FirstWordOf(std::string_view label) {
  const std::vector<TextSpan> tokens = TokensOf(FoldPlain(label).text);
  return tokens.empty() || IsNumber(tokens.front()) ? std::string() : tokens.front().text;
}

constexpr std::size_t kOthersMin = 2;

}  // namespace

Planted PlantedIn(const CaseFile& file) {
  // By the first word of labels that may be a name: where it begins one, and where else it is written small.
  struct Use {
    std::set<TrajectoryId> labels;
    std::set<TrajectoryId> small;
  };
  std::map<std::string, Use> uses;
  Planted planted;
  file.Visit([&](const CaseRecord& record) {
    const std::string* label = WrittenLabelOf(record);
    std::string word = label == nullptr ? std::string() : FirstWordOf(*label);
    if (word.empty() || IsCommonName(word) || IsGivenName(word)) return;
    if (BeginsSentencesOften(word) || WordsOfCatalogues().contains(word)) planted.TakeOrdinary(word);
    uses[std::move(word)].labels.insert(record.held.header.trajectory);
  });
  file.Visit([&](const CaseRecord& record) {
    const TrajectoryId& trajectory = record.held.header.trajectory;
    if (IsNone(trajectory) || !record.body) return;
    TypedBody inner;
    for (std::string_view text : TextsOf(*record.body, inner)) {
      planted.Take(text);
      if (uses.empty()) continue;
      const Folded folded = FoldPlain(text);
      for (const TextSpan& token : TokensOf(folded.text)) {
        const auto use = folded.upper[token.at] ? uses.end() : uses.find(token.text);
        if (use != uses.end() && !use->second.labels.contains(trajectory)) use->second.small.insert(trajectory);
      }
    }
    const auto* figure = std::get_if<FigureBody>(&*record.body);
    if (figure != nullptr && figure->kind == FigureKind::kPerson) planted.TakeInitials(figure->name);
  });
  for (const auto& [word, use] : uses) {
    if (use.small.size() >= kOthersMin) planted.TakeOrdinary(word);
  }
  for (const std::string& name : file.Names()) planted.TakeInitials(name);
  file.Visit([&](const CaseRecord& record) {
    if (const std::string* label = WrittenLabelOf(record)) planted.TakeLabel(*label);
  });
  return planted;
}

std::vector<std::string> NamesThatTell(const CaseFile& file, const Planted& planted) {
  std::vector<std::string> names = file.Names();
  std::set<std::string> ordinary;  // Names of labels that begin with an ordinary word.
  file.Visit([&](const CaseRecord& record) {
    const std::string* label = WrittenLabelOf(record);
    if (label != nullptr && planted.IsOrdinary(FirstWordOf(*label))) ordinary.insert(NamesInLabel(*label));
  });
  for (std::string& name : names) {
    std::string rest;
    const bool first_goes = ordinary.contains(name);
    for (const TextSpan& token : TokensOf(FoldPlain(name).text)) {
      if (IsEveryday(token.text) || (first_goes && planted.IsOrdinary(token.text))) continue;
      rest += token.text + ' ';
    }
    name = std::move(rest);
  }
  return names;
}

}  // namespace schakel
