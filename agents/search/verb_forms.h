// Dutch verbs and their forms. Pure, on words in small letters without accents.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace schakel {

// A verb and the words that are forms of it; first the one that stands for all, mostly the infinitive.
using VerbFamily = std::vector<std::string>;
// Those that are known here: the common regular ones, and the strong and irregular ones. What is more often another
// word is in no family: "vroeg", "was", "namen". So that nouns stay together, some hold the plural of one that looks as
// a form of theirs: "staat" is of "staan", and "staten" with it.
const std::vector<VerbFamily>& VerbFamilies();

// What stands for the verb of which `word` is a form; empty: of none that is known.
std::string_view VerbOf(std::string_view word);

}  // namespace schakel
