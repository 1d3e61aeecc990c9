// Random values of the codec's subset, as a list of steps that any packer can take.
#pragma once

#include <random>
#include <string>
#include <vector>

#include "protocol/codec.h"

namespace schakel::test {

struct CodecStep {
  enum Kind : std::uint8_t { kUint, kBool, kNil, kText, kBinary, kArray } kind;
  std::uint64_t number = 0;  // Or the count of an array.
  std::string bytes;
};
using CodecSteps = std::vector<CodecStep>;

class CodecValues {
 public:
  explicit CodecValues(std::uint64_t seed) : random_(seed) {}

  // One value, in depth order.
  CodecSteps Draw() {
    CodecSteps steps;
    Add(steps, 0);
    return steps;
  }

 private:
  std::uint64_t Below(std::uint64_t bound) { return random_() % bound; }
  // Sizes on both sides of where the encoding changes, and some in between.
  std::size_t Size() {
    constexpr std::size_t kEdges[] = {0, 1, 15, 16, 31, 32, 255, 256};
    return Below(4) == 0 ? kEdges[Below(std::size(kEdges))] : Below(24);
  }
  std::uint64_t Number() {
    const std::uint64_t bits = Below(65);
    const std::uint64_t mask = bits == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << bits) - 1;
    return Below(3) == 0 ? mask + Below(2) : random_() & mask;
  }
  std::string Text() {
    constexpr const char* kLetters[] = {"a", "Z", "0", " ", "\n", "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x94\x97"};
    std::string text;
    for (std::size_t i = Size(); i > 0; --i) text += kLetters[Below(std::size(kLetters))];
    return text;
  }
  std::string Binary() {
    std::string bytes;
    for (std::size_t i = Size(); i > 0; --i) bytes += static_cast<char>(Below(256));
    return bytes;
  }
  void Add(CodecSteps& steps, std::size_t depth) {
    const bool may_nest = depth < 5 && steps.size() < 300;
    switch (depth == 0 ? std::uint64_t{CodecStep::kArray} : Below(may_nest ? 6 : 5)) {
      case CodecStep::kUint:
        steps.push_back({CodecStep::kUint, Number(), {}});
        break;
      case CodecStep::kBool:
        steps.push_back({CodecStep::kBool, Below(2), {}});
        break;
      case CodecStep::kNil:
        steps.push_back({CodecStep::kNil, 0, {}});
        break;
      case CodecStep::kText:
        steps.push_back({CodecStep::kText, 0, Text()});
        break;
      case CodecStep::kBinary:
        steps.push_back({CodecStep::kBinary, 0, Binary()});
        break;
      default: {
        const std::size_t count = Below(18);
        steps.push_back({CodecStep::kArray, count, {}});
        for (std::size_t i = 0; i < count; ++i) Add(steps, depth + 1);
      }
    }
  }

  std::mt19937_64 random_;
};

inline Bytes Encode(const CodecSteps& steps) {
  Encoder encoder;
  for (const CodecStep& step : steps) {
    switch (step.kind) {
      case CodecStep::kUint:
        encoder.Uint(step.number);
        break;
      case CodecStep::kBool:
        encoder.Bool(step.number != 0);
        break;
      case CodecStep::kNil:
        encoder.Nil();
        break;
      case CodecStep::kText:
        encoder.Text(step.bytes);
        break;
      case CodecStep::kBinary:
        encoder.Binary(AsBytes(step.bytes));
        break;
      case CodecStep::kArray:
        encoder.Array(step.number);
        break;
    }
  }
  return encoder.Take();
}

}  // namespace schakel::test
