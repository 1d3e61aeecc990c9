// The folder of the operator's socket. It keeps others out: whoever can open the socket is the operator.
#pragma once

#include <filesystem>

#include "protocol/result.h"

namespace schakel {

enum class IfNoFolder : std::uint8_t { kMake, kLeave };

// A folder that is not there is made (mode 0700) in the one above it, which must be; or it is only seen that it could
// be. One that was there is left as it is: it may be that of others too. kNotFound, kUnavailable
// ("transport.admin_socket"), with the key and the folder as the field.
Status ReadyAdminFolder(const std::filesystem::path& socket, IfNoFolder if_none);

}  // namespace schakel
