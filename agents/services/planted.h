// What stands in the case file and could give somebody away: words that are written as names, and numbers. A guess,
// since no list knows them: whoever looks may say that they are none.
//
// Threads: one object, one thread at a time.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "agents/services.h"
#include "plain_text.h"
#include "text_pieces.h"

namespace schakel {

class Planted {
 public:
  void Take(std::string_view text);  // Of a record.
  // The label of a trajectory: as a whole, whatever stands between its words ("M. (2010)"), and so its beginning up to
  // a number in brackets, with the name's initials for the name, too. One of a single word is taken as any other.
  void TakeLabel(std::string_view label);
  // A word with which a label begins, and that is a word as any other: only a capital inside a sentence tells of a
  // name.
  void TakeOrdinary(std::string word) { ordinary_.insert(std::move(word)); }
  bool IsOrdinary(const std::string& word) const;
  void TakeInitials(std::string_view name);  // Of somebody: dotted they tell wherever they stand, "SD" beside an age.
  std::vector<Finding> FindIn(std::string_view text) const;

 private:
  // How often a word was written so. A capital at the beginning of a sentence says little.
  struct Written {
    std::size_t inside = 0;
    std::size_t beginning = 0;
    std::size_t small = 0;
  };
  enum class Is : std::uint8_t {
    kNothing,
    kNameInside,  // With a capital inside a sentence: otherwise it is a word of every day.
    kNameWithCapital,
    kName,
  };
  Is WordIs(const std::string& word) const;
  void FindLabels(const Folded& folded, const std::vector<TextSpan>& tokens, std::vector<Finding>& to) const;

  std::map<std::string, Written> words_;
  std::set<std::string> ordinary_;
  std::set<std::string> numbers_;  // And number plates.
  std::set<std::string> initials_;
  std::map<std::string, std::set<std::vector<std::string>>> labels_;  // Words and numbers of each, by the first.
};

// Words that are the id of a trajectory, or its first digits.
std::vector<Finding> TrajectoriesNamed(const CaseFile& file, std::string_view text);

// Everything that a record of a trajectory says here.
//
// A label may begin with an ordinary word ("Film (14)", "Uit huis"). One is, unless it is a given name or a family name
// that many people have, a word of our own catalogues, and what records of two other trajectories or more write small:
// a name stays where it belongs, also where somebody forgets its capital.
Planted PlantedIn(const CaseFile& file);

// The names that the case file knows, without the ordinary words with which labels begin and words of every day.
std::vector<std::string> NamesThatTell(const CaseFile& file, const Planted& planted);

}  // namespace schakel
