#include "planted.h"

#include <algorithm>
#include <functional>

#include "body_texts.h"
#include "name_forms.h"
#include "names_in_text.h"
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

Planted::Is Planted::WordIs(const std::string& word) const {
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
  for (const TextSpan& number : NumbersIn(folded.text)) {
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

Planted PlantedIn(const CaseFile& file) {
  Planted planted;
  file.Visit([&](const CaseRecord& record) {
    if (IsNone(record.held.header.trajectory) || !record.body) return;
    TypedBody inner;
    for (std::string_view text : TextsOf(*record.body, inner)) planted.Take(text);
    if (const auto* opening = std::get_if<OpeningBody>(&*record.body)) planted.TakeLabel(opening->label);
    if (const auto* invitation = std::get_if<InvitationBody>(&*record.body)) planted.TakeLabel(invitation->label);
  });
  return planted;
}

}  // namespace schakel
