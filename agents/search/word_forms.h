// Forms of Dutch words that the stemmer's rules keep apart: plurals, doubled consonants, f and v, s and z, and the
// forms of verbs (verb_forms.h). Pure, on words in small letters without accents.
#pragma once

#include <string>

namespace schakel {

// The form under which an irregular one stands in a dictionary: "kinderen" is "kind", "weggelopen" is "weglopen".
std::string DictionaryForm(std::string word);
// Without the s of a plural on -es: "meisjes", "ruzies", "tantes". The stemmer takes the others.
std::string WithoutPluralS(std::string word);
// The end of a stem as it is written at the end of a word: "less" is "les", "huiz" is "huis", "briev" is "brief".
std::string EndAsWritten(std::string stem);

}  // namespace schakel
