// Which files may be attached, and whether one is what it says it is. The one door to libmagic.
//
// Threads: any. Errors: kInvalid ("attachment.name", "attachment.ending", "attachment.media_type",
// "attachment.content"); kUnavailable ("attachment.magic"): the machine has no descriptions of file types.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "protocol/bytes.h"
#include "protocol/result.h"

namespace schakel {

inline constexpr std::size_t kFileHeadBytes = 1U << 20;    // Of the beginning, by which a type is known,
inline constexpr std::size_t kFileTailBytes = 256U << 10;  // and of the end, where an archive lists what is in it.

// A file name as it may stand in a list or on a disk: without folders, invisible or control characters, and characters
// that turn the direction of text.
Result<std::string> CleanFileName(std::string_view name);

// The media type that goes with the ending of `name`, which `declared`, unless it is empty, must be too.
Result<std::string> FileTypeOf(std::string_view name, std::string_view declared);

// Whether a file that begins and ends so is of that type.
Status CheckFileContent(std::string_view media_type, ByteView head, ByteView tail);

// Looks, piece by piece, for what makes a document run something: of a PDF scripts, programs that it starts, and a page
// that it is as well. What lies in its compressed parts is not seen.
class RunFinder {
 public:
  explicit RunFinder(std::string_view media_type) : looks_(media_type == "application/pdf") {}
  void Add(ByteView piece);
  bool found() const { return found_; }

 private:
  const bool looks_;
  bool found_ = false;
  std::string rest_;  // The end of what was seen, in which a name may have begun.
};

// Whether all that it says can be read here as text.
bool IsPlainText(std::string_view media_type);

}  // namespace schakel
