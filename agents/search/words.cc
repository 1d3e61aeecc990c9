#include "search/words.h"

#include <libstemmer.h>

#include <algorithm>
#include <new>
#include <set>
#include <span>

#include "plain_text.h"
#include "search/word_forms.h"

namespace schakel {
namespace {

// Letters and digits; of what is not Latin all but signs, marks of punctuation and pictures.
bool IsOfWord(char32_t c) {
  if (c < 0x80) return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  const bool sign = c < 0xC0 || c == 0xD7 || c == 0xF7 || (c >= 0x2000 && c <= 0x2BFF) ||
                    (c >= 0x3000 && c <= 0x303F) || (c >= 0xFE30 && c <= 0xFE6F) || c >= 0x1F000;
  return !sign;
}

bool StandsAt(const std::vector<std::string>& phrase, const std::vector<WordAt>& words, std::size_t at) {
  if (at + phrase.size() > words.size()) return false;
  return std::ranges::equal(phrase, std::span(words).subspan(at, phrase.size()), {}, {}, &WordAt::stem);
}

bool Stands(const std::vector<std::string>& phrase, const std::vector<WordAt>& words) {
  for (std::size_t at = 0; at < words.size(); ++at) {
    if (StandsAt(phrase, words, at)) return true;
  }
  return false;
}

// Which of `words` are of something wanted.
std::vector<bool> Marked(const Wanted& wanted, const std::vector<WordAt>& words) {
  std::vector<bool> marked(words.size());
  for (std::size_t at = 0; at < words.size(); ++at) {
    for (const auto& phrase : wanted.phrases) {
      if (StandsAt(phrase, words, at))
        std::fill_n(marked.begin() + static_cast<std::ptrdiff_t>(at), phrase.size(), true);
    }
  }
  return marked;
}

// The words around `first` that fit, as many before as after.
std::pair<std::size_t, std::size_t> Around(const std::vector<WordAt>& words, std::size_t first) {
  const auto end_of = [&](std::size_t i) { return words[i].at + words[i].length; };
  std::size_t begin = first;
  while (begin > 0 && words[first].at - words[begin - 1].at <= kExcerptBytes / 3) --begin;
  std::size_t end = first + 1;
  while (end < words.size() && end_of(end) - words[begin].at <= kExcerptBytes) ++end;
  return {begin, end};
}

}  // namespace

struct WordReader::Stemmer {
  Stemmer() : dutch(sb_stemmer_new("dutch", "UTF_8")) {
    if (dutch == nullptr) throw std::bad_alloc();  // The library always has Dutch.
  }
  ~Stemmer() { sb_stemmer_delete(dutch); }
  Stemmer(const Stemmer&) = delete;
  Stemmer& operator=(const Stemmer&) = delete;
  std::string Stem(const std::string& word) const {
    const auto* stem =
        sb_stemmer_stem(dutch, reinterpret_cast<const sb_symbol*>(word.data()), static_cast<int>(word.size()));
    if (stem == nullptr) return word;
    return {reinterpret_cast<const char*>(stem), static_cast<std::size_t>(sb_stemmer_length(dutch))};
  }
  sb_stemmer* dutch;
};

WordReader::WordReader() : stemmer_(std::make_unique<Stemmer>()) {}
WordReader::~WordReader() = default;

const std::string& WordReader::StemOf(std::string word) {
  if (const auto found = stems_.find(word); found != stems_.end()) return found->second;
  if (stems_.size() >= kRemembered) Forget();
  std::string text = DictionaryForm(word);
  // Until nothing is left to take: "jongens" is "jongen", and that is "jong".
  for (std::string before; before != text;) {
    before = text;
    text = EndAsWritten(stemmer_->Stem(WithoutPluralS(text)));
  }
  return stems_.emplace(std::move(word), std::move(text)).first->second;
}

void WordReader::Take(std::string word, std::size_t at, std::size_t length, std::vector<WordAt>& to) {
  if (word.size() == 1 && !IsDigit(word.front())) return;
  to.push_back({StemOf(std::move(word)), at, length});
}

// What is not ASCII in `text`: folded, and then perhaps several words.
void WordReader::ReadFolded(std::string_view text, std::size_t offset, std::vector<WordAt>& to) {
  const Folded folded = FoldPlain(text);
  for (std::size_t at = 0; at < folded.text.size();) {
    const std::size_t begin = at;
    std::size_t cut = begin;
    while (at < folded.text.size()) {
      const auto [c, size] = CharacterAt(folded.text, at);
      if (!IsOfWord(c)) break;
      at += size;
      if (at - begin <= kWordBytesMax) cut = at;
    }
    if (at > begin) {
      const std::size_t from = folded.from[begin];
      Take(folded.text.substr(begin, cut - begin), offset + from, folded.to[at - 1] - from, to);
    } else {
      at += CharacterAt(folded.text, at).second;
    }
  }
}

std::vector<WordAt> WordReader::Read(std::string_view text) {
  std::vector<WordAt> words;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = at;
    bool ascii = true;
    for (; at < text.size(); ++at) {
      if (!IsWordByte(text[at]) && !IsDigit(text[at])) break;
      ascii = ascii && static_cast<unsigned char>(text[at]) < 0x80;
    }
    if (at == begin) {
      ++at;
    } else if (ascii) {
      std::string word(text.substr(begin, std::min(at - begin, kWordBytesMax)));
      for (char& c : word) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 0x20) : c;
      Take(std::move(word), begin, at - begin, words);
    } else {
      ReadFolded(text.substr(begin, at - begin), begin, words);
    }
  }
  return words;
}

bool Wanted::HasPhrase() const {
  return std::ranges::any_of(phrases, [](const auto& phrase) { return phrase.size() > 1; });
}

Wanted ReadWanted(std::string_view text, WordReader& reader) {
  Wanted wanted;
  std::set<std::vector<std::string>> known;
  const auto want = [&](std::vector<std::string> phrase) {
    if (!phrase.empty() && known.insert(phrase).second) wanted.phrases.push_back(std::move(phrase));
  };
  // As people type them: straight, or as a phone makes them. To one byte, since they stand between words.
  std::string plain(text);
  for (const std::string_view quote : {"\u201C", "\u201D", "\u201E", "\u00AB", "\u00BB"}) {
    for (std::size_t at = plain.find(quote); at != std::string::npos; at = plain.find(quote, at + 1)) {
      plain.replace(at, quote.size(), "\"");
    }
  }
  bool quoted = false;
  for (std::string_view rest = plain;;) {
    const std::size_t end = rest.find('"');
    std::vector<std::string> phrase;
    for (WordAt& word : reader.Read(rest.substr(0, end))) {
      if (quoted) {
        phrase.push_back(std::move(word.stem));
      } else {
        want({std::move(word.stem)});
      }
    }
    want(std::move(phrase));
    if (end == std::string_view::npos) return wanted;
    rest.remove_prefix(end + 1);
    quoted = !quoted;
  }
}

bool HoldsAll(const Wanted& wanted, const std::vector<std::string_view>& texts, WordReader& reader) {
  std::vector<std::vector<WordAt>> read;
  for (const std::string_view text : texts) read.push_back(reader.Read(text));
  return std::ranges::all_of(wanted.phrases, [&](const auto& phrase) {
    return std::ranges::any_of(read, [&](const auto& words) { return Stands(phrase, words); });
  });
}

std::vector<ExcerptPart> Excerpt(const Wanted& wanted, const std::vector<std::string_view>& texts, WordReader& reader) {
  std::string_view shown;
  std::vector<WordAt> words;
  std::vector<bool> marked;
  std::size_t first = 0;
  for (const std::string_view text : texts) {
    std::vector<WordAt> read = reader.Read(text);
    std::vector<bool> found = Marked(wanted, read);
    const auto hit = std::ranges::find(found, true);
    if (hit == found.end() && (!words.empty() || read.empty())) continue;
    shown = text;
    words = std::move(read);
    first = hit == found.end() ? 0 : static_cast<std::size_t>(hit - found.begin());
    marked = std::move(found);
    if (first < marked.size() && marked[first]) break;
  }
  std::vector<ExcerptPart> parts;
  if (words.empty()) return parts;
  const auto [begin, end] = Around(words, first);
  const auto add = [&](std::size_t from, std::size_t to, bool wanted_too) {
    if (from < to) parts.push_back({std::string(shown.substr(from, to - from)), wanted_too});
  };
  if (begin > 0) parts.push_back({"\u2026", false});
  std::size_t at = begin == 0 ? 0 : words[begin].at;
  for (std::size_t i = begin; i < end; ++i) {
    if (!marked[i]) continue;
    add(at, words[i].at, false);
    at = words[i].at + words[i].length;
    add(words[i].at, at, true);
  }
  add(at, end == words.size() ? shown.size() : words[end - 1].at + words[end - 1].length, false);
  if (end < words.size()) parts.push_back({"\u2026", false});
  return parts;
}

}  // namespace schakel
