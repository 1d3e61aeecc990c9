// The property of every target here: what decodes re-encodes to the same bytes.
#pragma once

#include <initializer_list>

#include "protocol/result.h"
#include "support/reencode.h"

namespace schakel::test {

// Whether any of the formats took `input`.
inline bool CheckReencodes(ByteView input, std::initializer_list<Reencode> formats) {
  bool any = false;
  for (const Reencode reencode : formats) {
    const auto again = reencode(input);
    if (!again) continue;
    SCHAKEL_ASSERT(Equal(*again, input));
    any = true;
  }
  return any;
}

}  // namespace schakel::test
