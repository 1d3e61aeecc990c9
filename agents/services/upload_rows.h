// How an upload is kept: one row for what is known of it, one for each piece of its bytes.
#pragma once

#include <string>

#include "agents/attachments.h"

namespace schakel {

inline constexpr const char* kUploadSet = "uploads";

Bytes EncodeUpload(const Upload& upload);
Result<Upload> DecodeUpload(ByteView bytes);
// The fact with piece `number` of it.
std::string UploadPieceName(const UploadId& id, std::uint32_t number);

}  // namespace schakel
