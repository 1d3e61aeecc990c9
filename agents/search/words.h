// The words of a text as search compares them: as a reader reads them (plain_text.h), and brought back to their stem by
// the Dutch rules of the Snowball stemmer and some of our own (word_forms.h), so that "afspraken" finds "afspraak" and
// "huizen" finds "huis". A letter by itself is no word.
//
// The one door to libstemmer is words.cc. Threads: one object, one thread at a time.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace schakel {

struct WordAt {
  std::string stem;
  std::size_t at = 0;  // In the text as it was given,
  std::size_t length = 0;
};

class WordReader {
 public:
  WordReader();
  ~WordReader();
  WordReader(const WordReader&) = delete;
  WordReader& operator=(const WordReader&) = delete;

  std::vector<WordAt> Read(std::string_view text);
  // It remembers stems of words that it met, some kRemembered at most; no longer those of before.
  void Forget() { stems_.clear(); }

  static constexpr std::size_t kRemembered = 200'000;
  static constexpr std::size_t kWordBytesMax = 64;  // What is longer is compared by its beginning.

 private:
  void Take(std::string word, std::size_t at, std::size_t length, std::vector<WordAt>& to);
  void ReadFolded(std::string_view text, std::size_t offset, std::vector<WordAt>& to);
  const std::string& StemOf(std::string word);

  struct Stemmer;
  std::unique_ptr<Stemmer> stemmer_;
  std::unordered_map<std::string, std::string> stems_;
};

// What somebody looks for: all of these words, in any order and place; words between quotes next to one another.
struct Wanted {
  std::vector<std::vector<std::string>> phrases;  // Of stems; a word by itself is a phrase of one.
  bool HasPhrase() const;
};
Wanted ReadWanted(std::string_view text, WordReader& reader);
// Whether each phrase stands somewhere in one of `texts`.
bool HoldsAll(const Wanted& wanted, const std::vector<std::string_view>& texts, WordReader& reader);

// A part of a text around the first place where something wanted stands, cut at words.
struct ExcerptPart {
  std::string text;
  bool wanted = false;
  friend bool operator==(const ExcerptPart&, const ExcerptPart&) = default;
};
// Of the first of `texts` that holds something; else the beginning of the first.
std::vector<ExcerptPart> Excerpt(const Wanted& wanted, const std::vector<std::string_view>& texts, WordReader& reader);
inline constexpr std::size_t kExcerptBytes = 160;

}  // namespace schakel
