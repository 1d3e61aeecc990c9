#include "protocol/result.h"
#include "support/codec_walk.h"

// What decodes re-encodes to the same bytes.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using schakel::test::DecodeAndReencode;
  using schakel::test::Walk;
  const schakel::ByteView input(data, size);
  SCHAKEL_ASSERT(DecodeAndReencode(input) != Walk::kDifferent);

  schakel::CodecLimits tight;
  tight.depth_max = 2;
  tight.array_max = 4;
  tight.items_max = 8;
  tight.string_bytes_max = 8;
  tight.binary_bytes_max = 8;
  SCHAKEL_ASSERT(DecodeAndReencode(input, tight) != Walk::kDifferent);
  return 0;
}
