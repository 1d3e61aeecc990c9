#include "planted.h"

#include <algorithm>
#include <functional>

#include "agents/i18n.h"
#include "body_texts.h"
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
  for (TextSpan& token : TokensOf(FoldPlain(label).text)) pieces.push_back(std::move(token.text));
  const auto says_nothing = [](const std::string& piece) { return IsPersonWord(piece) || BeginsSentencesOften(piece); };
  const bool tells = std::ranges::any_of(pieces, std::not_fn(says_nothing));  // "De jongere" tells of nobody.
  if (tells && pieces.size() > 1) labels_[pieces.front()].insert(pieces);
}

void Planted::FindLabels(const Folded& folded, const std::vector<TextSpan>& tokens, std::vector<Finding>& to) const {
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const auto labels = labels_.find(tokens[i].text);
    if (labels == labels_.end()) continue;
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
  if (written.inside > 0) return written.small <= written.inside ? Is::kName : Is::kNothing;
  return written.beginning > 0 && written.small == 0 ? Is::kNameWithCapital : Is::kNothing;
}

std::vector<Finding> Planted::FindIn(std::string_view text) const {
  std::vector<Finding> findings;
  const Folded folded = FoldPlain(text);
  const std::vector<TextSpan> tokens = TokensOf(folded.text);
  FindLabels(folded, tokens, findings);
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const TextSpan& token = tokens[i];
    const auto is_planted = [&](const std::string& word) { return WordIs(word) != Is::kNothing; };
    if (IsNumber(token)) continue;
    if (const std::size_t spelled = SpelledOut(tokens, i, is_planted)) {
      findings.push_back(FoundAt(Identifying::kFromCaseFile, folded, token.at, tokens[spelled].end() - token.at));
      i = spelled;
      continue;
    }
    const auto counts = [&](const std::string& word) {
      const Is is = WordIs(word);
      return is == Is::kName || (is == Is::kNameWithCapital && folded.upper[token.at]);
    };
    std::size_t last = i;
    if (token.length < kPlantedWordMin || NameBehind(token.text, counts).empty()) last = EndOfSplit(tokens, i, counts);
    if (last == kNoEnd) continue;
    findings.push_back(FoundAt(Identifying::kFromCaseFile, folded, token.at, tokens[last].end() - token.at));
    i = last;
  }
  const auto is_name = [&](const std::string& word) { return WordIs(word) != Is::kNothing; };
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

bool NamesATrajectory(const CaseFile& file, std::string_view text) {
  const std::string folded = FoldPlain(text).text;
  for (std::size_t at = 0; at < folded.size();) {
    const auto end = static_cast<std::size_t>(
        std::find_if_not(folded.begin() + static_cast<std::ptrdiff_t>(at), folded.end(), &IsIdDigit) - folded.begin());
    if (end - at >= kIdDigitsMin && !file.TrajectoriesLike(folded.substr(at, end - at)).empty()) return true;
    at = std::max(end, at + 1);
  }
  return false;
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
    if (const std::string* label = WrittenLabelOf(record)) planted.TakeLabel(*label);
  });
  for (const auto& [word, use] : uses) {
    if (use.small.size() >= kOthersMin) planted.TakeOrdinary(word);
  }
  return planted;
}

std::vector<std::string> NamesThatTell(const CaseFile& file, const Planted& planted) {
  std::vector<std::string> names = file.Names();
  file.Visit([&](const CaseRecord& record) {
    const std::string* label = WrittenLabelOf(record);
    const std::string word = label == nullptr ? std::string() : FirstWordOf(*label);
    if (word.empty() || !planted.IsOrdinary(word)) return;
    const auto of_label = std::ranges::find(names, NamesInLabel(*label));
    if (of_label == names.end()) return;
    std::string rest;
    for (const TextSpan& token : TokensOf(FoldPlain(*of_label).text)) {
      if (token.text != word) rest += token.text + ' ';
    }
    *of_label = std::move(rest);
  });
  return names;
}

}  // namespace schakel
