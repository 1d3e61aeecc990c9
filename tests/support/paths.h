// Where the sources and the built programs lie. Only paths.cc knows: every other object is the same in any folder, so
// that the compiler cache serves all checkouts.
#pragma once

#include <filesystem>

namespace schakel {

const std::filesystem::path& SourceDir();   // Of the whole project.
const std::filesystem::path& ProgramDir();  // schakel-hub, schakel-agent, schakel.

}  // namespace schakel
