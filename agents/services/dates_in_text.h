// Dates on which somebody may have been born, in folded text, in Dutch, English and French. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "agents/services.h"
#include "plain_text.h"
#include "text_pieces.h"

namespace schakel {

// The value of `count` digits from `at` on.
unsigned NumberAt(const std::string& digits, std::size_t at, std::size_t count);

// "3", "mei", "avril": which month of the year.
std::optional<unsigned> AsMonth(const std::string& token);

// A full date on which somebody living may have been born, and not one of these last two years: those are events.
// Beside a word that says so, any date will do.
void FindBirthDates(const Folded& folded, Timestamp now, std::vector<Finding>& to);

}  // namespace schakel
