#include "agents/body.h"

// The first byte is the type, the second the version. What decodes encodes back to the same bytes, within every limit.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace schakel;
  if (size < 2) return 0;
  const Body body{data[0], data[1], Bytes(data + 2, data + size)};
  const auto typed = DecodeBody(body);
  if (!typed) return 0;
  SCHAKEL_ASSERT(CheckBody(*typed).has_value());
  const auto again = EncodeBody(*typed);
  // What arrived is read as it is; here nobody writes such a title.
  if (!again && again.error().rule == "body.line") return 0;
  SCHAKEL_ASSERT(again.value() == body);
  return 0;
}
