// Forms of a name as people in Flanders make them. Pure, on folded words (plain_text.h).
#pragma once

#include <functional>
#include <string>

namespace schakel {

// The name of which `word` may be a form, if `is_name` knows it: "elifje", "jannetje", "brammeke" and "fatoumatas" are
// of Elif, Jan, Bram and Fatoumata. Itself, if it is known so; empty: of none.
std::string NameBehind(const std::string& word, const std::function<bool(const std::string&)>& is_name);

}  // namespace schakel
