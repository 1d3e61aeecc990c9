// Where the key at the top of a store's key ring comes from.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <variant>

#include "protocol/keys.h"
#include "protocol/result.h"

namespace schakel {

// A file of 64 hex digits (a trailing newline is fine), mode 0600 or stricter, owned by us; also how a systemd
// credential arrives.
struct MasterKeyFile {
  std::filesystem::path path;
};
// Argon2id; the salt stands in the store's key file. Not wiped by this struct: keep it short-lived.
struct MasterPassphrase {
  std::string text;
};
using MasterKeySource = std::variant<MasterKeyFile, MasterPassphrase>;

// kInvalid ("master_key.mode", "master_key.format"), kUnavailable ("master_key.file").
Result<Secret<32>> ReadMasterKeyFile(const MasterKeyFile& source);

// Writes a fresh random key file, mode 0600, synced, its folder too. kExists: never overwrites.
Status CreateMasterKeyFile(const std::filesystem::path& path);

// What opening does when no store lies there. A volume that is not mounted looks just like that, so only what sets a
// store up may make one; whatever uses it refuses.
enum class IfAbsent : std::uint8_t { kRefuse, kCreate };

}  // namespace schakel
