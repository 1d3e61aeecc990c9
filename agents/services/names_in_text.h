// Names of people in folded text: those that are known, and what is written as one. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "agents/services.h"
#include "plain_text.h"
#include "text_pieces.h"

namespace schakel {

// A place in folded text, as a place in the original.
Finding FoundAt(Identifying what, const Folded& folded, std::size_t at, std::size_t length);

// Words that begin sentences and titles with a capital, and are no names.
bool BeginsSentencesOften(const std::string& word);
// What somebody is to a young person ("jongere", "mother"), folded: no name.
bool IsPersonWord(const std::string& word);

// A name that many people have, and no word; a given name, which may be a word too.
bool IsCommonName(const std::string& word);
bool IsGivenName(const std::string& word);

// "VAPH", "OCMW": an organisation, in capitals all of it.
bool IsAbbreviation(const Folded& folded, const TextSpan& token);

// The words of a trajectory's label that may be names: "Hanne (14), wil bij papa wonen" tells of Hanne, and "bij" is in
// every question. Of a part of one or two words all, of a longer one those with a capital; without capitals all.
std::string NamesInLabel(std::string_view label);

// Two words or more that are written as names.
void FindNamePairs(const Folded& folded, const std::vector<TextSpan>& tokens, std::vector<Finding>& to);
// The words of `names`; also written apart, or in a form of theirs (name_forms.h).
void FindNames(const Folded& folded, const std::vector<TextSpan>& tokens, const std::vector<std::string>& names,
               std::vector<Finding>& to);
// Names that many people have, however they are written, and pairs of words in capitals; where nothing was found yet.
void FindCommonNames(const Folded& folded, const std::vector<TextSpan>& tokens, std::vector<Finding>& to);

}  // namespace schakel
