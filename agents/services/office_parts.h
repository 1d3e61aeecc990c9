// What an office file is made of: a ZIP archive (APPNOTE 6.3) whose list of parts stands at its end. The one door to
// zlib.
//
// Threads: pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "protocol/bytes.h"

namespace schakel {

class OfficeParts {
 public:
  // Of a file of which the beginning and the end are at hand; they may overlap. None: it is no archive, or does not
  // list its parts in that end.
  static std::optional<OfficeParts> Of(ByteView head, ByteView tail);

  bool Has(std::string_view name) const;
  // Whether something in it runs: a macro, whatever its part is called, or a control. Also when what tells so cannot be
  // read: it lies in the middle of the file, or is not written as such files are.
  bool Runs() const;

 private:
  struct Part {
    std::string name;
    std::size_t at = 0;
    std::size_t packed_bytes = 0;
    unsigned method = 0;
  };
  OfficeParts(ByteView head, ByteView tail, std::size_t tail_at) : head_(head), tail_(tail), tail_at_(tail_at) {}
  // From `at` in the file on, as far as it is at hand.
  ByteView From(std::size_t at) const;
  std::optional<std::string> TextOf(const Part& part) const;

  ByteView head_;
  ByteView tail_;
  std::size_t tail_at_;
  std::vector<Part> parts_;
};

}  // namespace schakel
