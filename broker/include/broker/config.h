// The hub's configuration, from one TOML file: deploy/hub.toml shows every key with its default. Unknown keys are
// errors. Pure but for the functions that take a file or folder.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "protocol/registry.h"
#include "protocol/result.h"
#include "protocol/wire.h"
#include "store/master_key.h"

namespace schakel {

struct MasterPassphraseFile {
  std::filesystem::path path;
};

// Every limit: what it bounds, its unit in the name, its default here, its bounds in config.cc.
struct HubLimits {
  WireLimits wire;                   // message_bytes, batch_records, credit, in_flight_records
  std::uint64_t connections = 4096;  // In all.
  std::uint64_t connections_per_organisation = 8;
  std::uint64_t records_per_second = 200'000;  // Per organisation.
  std::uint64_t requests_per_second = 2'000;   // Per organisation; all messages but submissions.
  std::uint64_t handshake_ms = 2'000;
  std::uint64_t first_message_seconds = 10;  // Who connects and says nothing that long is cut.
  std::uint64_t silence_seconds = 180;       // Then a connection is closed.
  std::uint64_t surplus_mib = 32;            // Bytes of a connection that never made a message.
  std::uint64_t surplus_total_mib = 512;     // Likewise, of all connections.
  std::uint64_t outgoing_mib = 4;            // Replies kept for a connection that does not read them.
  std::uint64_t pending_records = 1'024;     // Per feed, in memory; the others wait on disk.
  std::uint64_t group_mib = 8;               // What one commit gathers.
  std::uint64_t group_entries = 8'192;       // Likewise.
  std::uint64_t snapshot_entries = 50'000;   // Log entries between two snapshots.
  std::uint64_t pending_attempts = 10'000;   // Of who was turned away, still to be said on trajectories.
  friend bool operator==(const HubLimits&, const HubLimits&) = default;
};

struct HubConfig {
  std::string origin;     // The log's name, for ever: in every checkpoint and key wrap.
  std::string listen;     // "tcp://address:port"
  std::string advertise;  // As agents reach it; `listen` if not given.
  std::filesystem::path data_directory;
  std::filesystem::path transport_key_file;
  std::filesystem::path log_key_file;
  std::variant<MasterKeyFile, MasterPassphraseFile> master;
  Registrars registrars;
  HubLimits limits;
  std::string metrics_listen = "127.0.0.1:9464";  // Empty: none. Not loopback: only if the file insists.
  std::filesystem::path admin_socket;
  std::string log_level = "info";
  std::size_t workers = 1;  // Threads that examine submissions beside the hub's own; 0: none.
};

// Relative paths are taken from `folder`; "$CREDENTIALS_DIRECTORY" at the front of one stands for `credentials` (what
// systemd hands over). kInvalid: field "hub.toml: <key>" (LoadConfig: with the name that the file has), or "hub.toml:
// line.." if it is no TOML; rule "config.syntax", "config.size", "config.unknown", "config.missing", "config.type",
// "config.range", "config.format", "config.conflict".
Result<HubConfig> ParseConfig(std::string_view toml, const std::filesystem::path& folder,
                              const std::optional<std::filesystem::path>& credentials = std::nullopt);
// All that is wrong with it at once, the error of ParseConfig first; empty if it takes the text.
std::vector<Error> FindConfigFaults(std::string_view toml, const std::filesystem::path& folder,
                                    const std::optional<std::filesystem::path>& credentials = std::nullopt);

// With the credentials folder of the environment. kNotFound ("config.file").
Result<HubConfig> LoadConfig(const std::filesystem::path& file);
// All that is wrong with it, and what could be read of it: what is missing or refused is empty.
struct ConfigReading {
  HubConfig config;
  std::vector<Error> faults;
};
ConfigReading CheckConfigFile(const std::filesystem::path& file);

// 64 hex digits or base64 of 32 bytes. kInvalid ("key.format").
Result<SigningPublicKey> ParseSigningKeyText(std::string_view text);
// A secret of 64 hex digits in a file that nobody else can read. kUnavailable ("key.file").
Result<Secret<32>> ReadSecretFile(const std::filesystem::path& file);

// What each sector may receive at most, from the profiles in `folder` (sector, court_wall, ceiling; other keys are
// the agents' business). kInvalid: field "<file>: <key>".
Result<std::vector<CeilingStatement::Row>> ReadCeilings(const std::filesystem::path& folder);

}  // namespace schakel
