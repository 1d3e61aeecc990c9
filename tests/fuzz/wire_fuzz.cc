#include "reencode_fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace schakel;
  const ByteView input(data, size);
  if (!test::CheckReencodes(input, {&test::ReencodeMessage})) return 0;
  // Within tighter limits the same, or refused.
  CodecLimits tight;
  tight.bytes_max = 4U << 10;
  tight.depth_max = 5;
  tight.items_max = 64;
  const auto message = DecodeMessage(input, tight);
  if (message) SCHAKEL_ASSERT(Equal(EncodeMessage(*message), input));
  return 0;
}
