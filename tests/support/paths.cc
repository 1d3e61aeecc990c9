#include "support/paths.h"

namespace schakel {

const std::filesystem::path& SourceDir() {
  static const std::filesystem::path path(SCHAKEL_SOURCE_DIR);
  return path;
}

const std::filesystem::path& ProgramDir() {
  static const std::filesystem::path path(SCHAKEL_BIN_DIR);
  return path;
}

}  // namespace schakel
