#include "reencode_fuzz.h"

// Snapshots of the policy state, as a hub reads them back from its disk.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  schakel::test::CheckReencodes({data, size}, {&schakel::test::ReencodePolicy});
  return 0;
}
