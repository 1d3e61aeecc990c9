#include "reencode_fuzz.h"

// White space at the end is forgiven, so it is not written again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace schakel;
  std::string_view input = AsText({data, size});
  const auto again = test::ReencodeInvitation(AsBytes(input));
  if (!again) return 0;
  while (!input.empty() && (input.back() == '\n' || input.back() == '\r' || input.back() == ' ')) {
    input.remove_suffix(1);
  }
  SCHAKEL_ASSERT(AsText(*again) == input);
  return 0;
}
