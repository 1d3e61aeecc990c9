// Reads any value that the codec accepts, and writes it again.
#pragma once

#include <limits>
#include <optional>

#include "protocol/codec.h"

namespace schakel::test {

// One value from `decoder` to `encoder`; false if the head at that place is none that the codec may let through.
// What was written so far has the length of what was read, so it tells where we are in `input`.
inline bool CopyValue(Decoder& decoder, ByteView input, Encoder& encoder) {
  constexpr std::size_t kAny = std::numeric_limits<std::size_t>::max();
  if (encoder.bytes().size() >= input.size()) return false;
  const std::uint8_t head = input[encoder.bytes().size()];
  if (head < 0x80 || (head >= 0xcc && head <= 0xcf)) {
    encoder.Uint(decoder.Uint("value"));
  } else if (head == 0xc0) {
    if (!decoder.Nil()) return false;
    encoder.Nil();
  } else if (head == 0xc2 || head == 0xc3) {
    encoder.Bool(decoder.Bool("value"));
  } else if ((head >= 0xa0 && head <= 0xbf) || (head >= 0xd9 && head <= 0xdb)) {
    encoder.Text(decoder.Text("value", kAny));
  } else if (head >= 0xc4 && head <= 0xc6) {
    encoder.Binary(decoder.Binary("value", kAny));
  } else if ((head >= 0x90 && head <= 0x9f) || head == 0xdc || head == 0xdd) {
    const std::size_t count = decoder.ArrayBetween(0, kAny, "value");
    encoder.Array(count);
    for (std::size_t i = 0; i < count; ++i) {
      if (!decoder.ok() || !CopyValue(decoder, input, encoder)) return false;
    }
  } else {
    return false;
  }
  return decoder.ok();
}

enum class Walk { kRefused, kSame, kDifferent };

// kDifferent is a fault of the codec: what decodes must re-encode to the same bytes.
inline Walk DecodeAndReencode(ByteView input, const CodecLimits& limits = {}) {
  Decoder decoder(input, limits);
  if (!decoder.ok()) return Walk::kRefused;
  Encoder encoder;
  if (!CopyValue(decoder, input, encoder) || !decoder.Finish()) return Walk::kDifferent;
  return Equal(encoder.bytes(), input) ? Walk::kSame : Walk::kDifferent;
}

}  // namespace schakel::test
