// When two spellings are one person. Whatever takes two persons, and whatever is told by person, asks here. Pure.
#pragma once

#include <string>
#include <string_view>

namespace schakel {

// As it is shown: without blanks around it, and with one between words.
std::string TidyPersonName(std::string_view name);

// What all spellings of one person share: capitals, accents (in one character or two), look-alike letters, what shows
// nothing and blanks make no difference. Empty: there is nothing to read in it. Only for comparing and deriving, never
// shown.
std::string PersonKey(std::string_view name);

// Of the form by which guests of meetings are logged ("Els (gast 3f9a21bc)"), however it is spelled: nobody on the
// staff may have such a name, or else their looks would pass for a guest's.
bool IsGuestName(std::string_view name);

inline bool SamePerson(std::string_view a, std::string_view b) { return PersonKey(a) == PersonKey(b); }

}  // namespace schakel
