// Numbers that are written out in Dutch ("twaalfde", "tweeduizend tien"), in folded text (plain_text.h). Pure.
#pragma once

#include <vector>

#include "text_pieces.h"

namespace schakel {

// The same tokens, with a day of a month and a year in words as one token each: its text is the digits, its place all
// of its words. "een" is left alone: it is an article first.
std::vector<TextSpan> WithNumbersOfWords(std::vector<TextSpan> tokens);

// Whether a number was written in words.
inline bool IsInWords(const TextSpan& token) { return IsNumber(token) && token.text.size() != token.length; }

}  // namespace schakel
