#include "broker/config.h"

#include <sys/un.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <utility>

#include "endpoint.h"
#include "toml_reader.h"

namespace schakel {
namespace {

constexpr std::uint64_t kKiB = 1U << 10;
constexpr std::uint64_t kMiB = 1U << 20;
constexpr std::size_t kConfigBytesMax = 256U << 10;
constexpr std::size_t kOriginBytesMax = 200;
constexpr std::size_t kSocketPathBytesMax = sizeof(sockaddr_un{}.sun_path) - 1;

constexpr auto kRequired = Presence::kRequired;
constexpr auto kOptional = Presence::kOptional;

// The name of a log stands in signed notes, between spaces and plus signs.
bool IsOrigin(std::string_view text) {
  return !text.empty() && text.size() <= kOriginBytesMax &&
         std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7f && c != '+'; });
}

// What has an address: "*" as a port, as ZeroMQ writes it, is 0. No name: what it resolves to is known only when the
// hub runs, and may change.
std::optional<HostPort> ParseListen(std::string endpoint) {
  if (endpoint.ends_with(":*")) endpoint.replace(endpoint.size() - 1, 1, "0");
  auto parsed = ParseTcpEndpoint(endpoint);
  if (parsed && parsed->host != "*" && !IsIpAddress(parsed->host)) return std::nullopt;
  return parsed;
}

// Whether one who listens at `first` is in the way of one who wants `second`. A port of 0 is any free one.
bool Clash(const HostPort& first, const HostPort& second) {
  const bool same_host = first.host == second.host || IsAnyAddress(first.host) || IsAnyAddress(second.host);
  // All addresses of IPv4 are none of IPv6.
  const auto is_v4 = [](const HostPort& one) { return one.host != "*" && !one.host.contains(':'); };
  const auto is_one_v6 = [](const HostPort& one) { return one.host.contains(':') && one.host != "::"; };
  const bool apart = (is_v4(first) && is_one_v6(second)) || (is_one_v6(first) && is_v4(second));
  return first.port != 0 && first.port == second.port && same_host && !apart;
}

// Reads one file straight through; what is wrong with it gathers in faults().
class ConfigReader {
 public:
  ConfigReader(std::string_view toml, const std::filesystem::path& folder,
               const std::optional<std::filesystem::path>& credentials)
      : toml_(toml), folder_(folder), credentials_(credentials) {}

  HubConfig Read() {
    HubConfig config;
    if (!toml_.parsed()) return config;
    ReadPlace(config);
    ReadKeys(config);
    CheckPlaces(config);
    ReadRegistrars(config.registrars);
    ReadLimits(config.limits);
    ReadWatch(config);
    toml_.RefuseOthers();
    return config;
  }
  const std::vector<Error>& faults() const { return toml_.faults(); }

 private:
  std::optional<std::filesystem::path> Path(std::string_view key, Presence presence) {
    const auto text = toml_.Text(key, presence);
    if (!text) return std::nullopt;
    constexpr std::string_view kCredentials = "$CREDENTIALS_DIRECTORY/";
    if (text->empty() || text->contains('\0')) {
      toml_.Refuse("config.format", key, "give a path");
      return std::nullopt;
    }
    if (!text->starts_with(kCredentials)) return (folder_ / *text).lexically_normal();
    if (!credentials_) {
      toml_.Refuse("config.format", key, "start the hub from systemd with LoadCredential=, or give a path");
      return std::nullopt;
    }
    return *credentials_ / text->substr(kCredentials.size());
  }

  void ReadPlace(HubConfig& config) {
    if (auto origin = toml_.Text("origin", kRequired)) {
      config.origin = std::move(*origin);
      if (!IsOrigin(config.origin)) {
        toml_.Refuse("config.format", "origin",
                     "choose 1 to 200 visible ASCII characters without '+', such as schakel.example/gent");
      }
    }
    std::optional<HostPort> listen;
    if (auto text = toml_.Text("listen", kRequired)) {
      listen = ParseListen(*text);
      config.listen = config.advertise = std::move(*text);
      if (!listen) {
        toml_.Refuse("config.format", "listen",
                     "give tcp://IP-ADDRESS:PORT, such as tcp://0.0.0.0:7400; a name will not do");
      }
    }
    if (auto advertise = toml_.Text("advertise", kOptional)) {
      config.advertise = std::move(*advertise);
      const auto parsed = ParseTcpEndpoint(config.advertise);
      if (!parsed || parsed->port == 0 || IsAnyAddress(parsed->host)) {
        toml_.Refuse("config.format", "advertise", "give tcp://HOST:PORT, as agents reach the hub");
      }
    } else if (listen && IsAnyAddress(listen->host)) {
      toml_.Refuse("config.missing", "advertise",
                   "give tcp://HOST:PORT, as agents reach the hub: listen names no address that could be told them");
    }
    config.data_directory = Path("data_directory", kRequired).value_or("");
    config.admin_socket = Path("admin.socket", kOptional).value_or(folder_ / "admin" / "hub.sock");
    if (config.admin_socket.native().size() > kSocketPathBytesMax) {
      toml_.Refuse("config.format", "admin.socket", "choose a path of at most 107 bytes: a longer one fits no socket");
    }
  }

  void ReadKeys(HubConfig& config) {
    config.transport_key_file = Path("keys.transport_file", kRequired).value_or("");
    config.log_key_file = Path("keys.log_file", kRequired).value_or("");
    const std::size_t faults_before = faults().size();
    const auto key = Path("keys.master_file", kOptional);
    const auto passphrase = Path("keys.master_passphrase_file", kOptional);
    if (faults().size() != faults_before) return;
    if (key.has_value() == passphrase.has_value()) {
      toml_.Refuse("config.conflict", "keys.master_file", "give either master_file or master_passphrase_file");
    } else if (key) {
      config.master = MasterKeyFile{*key};
    } else {
      config.master = MasterPassphraseFile{*passphrase};
    }
  }

  // The folder of the log is backed up; what opens the backup must not lie in it, nor the log among the keys.
  void CheckPlaces(const HubConfig& config) {
    if (!faults().empty()) return;
    const auto* master = std::get_if<MasterKeyFile>(&config.master);
    const std::pair<std::string_view, std::filesystem::path> files[] = {
        {"keys.transport_file", config.transport_key_file},
        {"keys.log_file", config.log_key_file},
        {"keys.master_file", master ? master->path : std::get<MasterPassphraseFile>(config.master).path}};
    for (const auto& [key, file] : files) {
      for (const auto& [other_key, other] : files) {
        if (key < other_key && file == other) {
          toml_.Refuse("config.conflict", other_key, "give each key a file of its own: no key may serve two purposes");
        }
      }
      if (Contains(config.data_directory, file)) {
        toml_.Refuse("config.conflict", "data_directory", "keep the keys out of it: it is what is backed up");
      } else if (file.parent_path() != folder_.lexically_normal() &&
                 Contains(file.parent_path(), config.data_directory)) {
        toml_.Refuse("config.conflict", "data_directory", "choose a place that is not in the folder of the keys");
      }
    }
  }
  static bool Contains(const std::filesystem::path& folder, const std::filesystem::path& path) {
    const auto [end, unused] = std::mismatch(folder.begin(), folder.end(), path.begin(), path.end());
    return end == folder.end() || (end->empty() && std::next(end) == folder.end());
  }

  void ReadRegistrars(Registrars& registrars) {
    const auto threshold = toml_.Integer("registrars.threshold", kRequired,
                                         {1, kRegistrarsMax, "as the number of registrars that must sign"});
    const auto keys = toml_.Texts("registrars.keys", kRequired);
    if (!keys) return;
    if (keys->empty() || keys->size() > kRegistrarsMax) {
      toml_.Refuse("config.range", "registrars.keys", "give 1 to 16 public keys: schakel registrar keygen makes them");
      return;
    }
    for (const std::string& text : *keys) {
      const auto key = ParseSigningKeyText(text);
      if (!key) {
        toml_.Refuse("config.format", "registrars.keys", key.error().next);
        return;
      }
      if (std::ranges::find(registrars.keys, *key) != registrars.keys.end()) {
        toml_.Refuse("config.conflict", "registrars.keys", "name each key once: one registrar must not count twice");
        return;
      }
      registrars.keys.push_back(*key);
    }
    registrars.threshold = threshold.value_or(1);
    if (registrars.threshold > registrars.keys.size()) {
      toml_.Refuse("config.conflict", "registrars.threshold", "ask for at most as many as registrars.keys has");
    }
  }

  void ReadLimits(HubLimits& limits) {
    WireLimits& wire = limits.wire;
    // A record of the largest size class and its stanzas must fit.
    toml_.Integer("limits.message_bytes", wire.message_bytes_max, {512 * kKiB, 16 * kMiB, "bytes"});
    toml_.Integer("limits.batch_records", wire.batch_records_max, {1, kSignatureBatchMax, "records"});
    toml_.Integer("limits.credit", wire.credit_max, {1, 1U << 20, "feed items"});
    toml_.Integer("limits.in_flight_records", wire.in_flight_max, {1, 1U << 20, "records"});

    toml_.Integer("limits.connections", limits.connections, {1, 60'000, "connections"});
    toml_.Integer("limits.connections_per_organisation", limits.connections_per_organisation, {1, 1'000, ""});
    toml_.Integer("limits.records_per_second", limits.records_per_second, {1, 10'000'000, "records"});
    toml_.Integer("limits.requests_per_second", limits.requests_per_second, {1, 1'000'000, "requests"});
    toml_.Integer("limits.handshake_ms", limits.handshake_ms, {100, 60'000, "milliseconds"});
    toml_.Integer("limits.first_message_seconds", limits.first_message_seconds, {1, 600, "seconds"});
    toml_.Integer("limits.silence_seconds", limits.silence_seconds, {10, 86'400, "seconds"});
    toml_.Integer("limits.surplus_mib", limits.surplus_mib, {1, 1'024, "MiB"});
    toml_.Integer("limits.surplus_total_mib", limits.surplus_total_mib, {1, 65'536, "MiB"});
    toml_.Integer("limits.outgoing_mib", limits.outgoing_mib, {1, 1'024, "MiB"});
    toml_.Integer("limits.pending_records", limits.pending_records, {16, 1'000'000, "records"});
    toml_.Integer("limits.group_mib", limits.group_mib, {1, 48, "MiB"});
    toml_.Integer("limits.group_entries", limits.group_entries, {64, 65'536, "entries"});
    toml_.Integer("limits.snapshot_entries", limits.snapshot_entries, {1'000, 10'000'000, "entries"});
    toml_.Integer("limits.pending_attempts", limits.pending_attempts, {64, 1'000'000, "attempts"});
    // What an honest peer may have on its way: 16 messages in the library's pipe, and some.
    if (limits.surplus_mib * kMiB < 20 * wire.message_bytes_max) {
      toml_.Refuse("config.conflict", "limits.surplus_mib", "make it at least 20 times limits.message_bytes");
    }
    if (limits.surplus_total_mib < limits.surplus_mib) {
      toml_.Refuse("config.conflict", "limits.surplus_total_mib", "make it at least limits.surplus_mib");
    }
  }

  // What the people who run the hub see of it.
  void ReadWatch(HubConfig& config) {
    const bool allow_remote = toml_.Flag("metrics.allow_remote", kOptional).value_or(false);
    if (auto listen = toml_.Text("metrics.listen", kOptional)) {
      config.metrics_listen = std::move(*listen);
      CheckMetricsAddress(config.metrics_listen, config.listen, allow_remote);
    }
    if (auto level = toml_.Text("log_level", kOptional)) {
      constexpr std::string_view kLevels[] = {"debug", "info", "warn", "error"};
      if (std::ranges::find(kLevels, *level) == std::end(kLevels)) {
        toml_.Refuse("config.format", "log_level", "choose debug, info, warn or error");
      }
      config.log_level = std::move(*level);
    }
    toml_.Integer("workers", config.workers, {0, 64, "threads"});
  }

  void CheckMetricsAddress(const std::string& listen, const std::string& hub_listen, bool allow_remote) {
    if (listen.empty()) return;
    const auto parsed = ParseHostPort(listen);
    if (!parsed || !IsIpAddress(parsed->host)) {
      toml_.Refuse("config.format", "metrics.listen", "give IP-ADDRESS:PORT, such as 127.0.0.1:9464, or \"\" for none");
    } else if (!IsLoopback(parsed->host) && !allow_remote) {
      toml_.Refuse("config.conflict", "metrics.listen",
                   "listen on 127.0.0.1, or set metrics.allow_remote = true: the page asks for no password");
    } else if (const auto hub = ParseListen(hub_listen); hub && Clash(*hub, *parsed)) {
      toml_.Refuse("config.conflict", "metrics.listen", "choose another port: the hub itself listens there");
    }
  }

  TomlReader toml_;
  const std::filesystem::path& folder_;
  const std::optional<std::filesystem::path>& credentials_;
};

// A name that was misspelt is missing under its right one; the slip itself says more.
void PutUnknownBeforeMissing(std::vector<Error>& faults) {
  if (faults.empty() || faults.front().rule != "config.missing") return;
  std::ranges::stable_partition(faults, [](const Error& fault) { return fault.rule == "config.unknown"; });
}

ConfigReading Parse(std::string_view text, const std::filesystem::path& folder,
                    const std::optional<std::filesystem::path>& credentials, const std::string& name = "hub.toml") {
  if (text.size() > kConfigBytesMax) {
    return {{}, {{Code::kInvalid, "config.size", name, "give a configuration: this is larger than 256 KiB"}}};
  }
  ConfigReader reader(text, folder, credentials);
  ConfigReading reading{reader.Read(), reader.faults()};
  PutUnknownBeforeMissing(reading.faults);
  for (Error& fault : reading.faults) fault.field = name + ": " + fault.field;
  return reading;
}

ConfigReading Load(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::string text(kConfigBytesMax + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  // A folder opens, but does not read.
  if (in.fail() && !in.eof()) {
    return {
        {},
        {{Code::kNotFound, "config.file", file.string(), "give a file that can be read; schakel-hub init makes one"}}};
  }
  text.resize(static_cast<std::size_t>(in.gcount()));
  const char* const credentials = std::getenv("CREDENTIALS_DIRECTORY");  // NOLINT(concurrency-mt-unsafe): at start.
  std::optional<std::filesystem::path> folder;
  if (credentials != nullptr) folder = credentials;
  // What is no file of settings by its name (/dev/null) is named whole.
  const std::filesystem::path name = file.has_extension() ? file.filename() : file;
  return Parse(text, std::filesystem::absolute(file).parent_path(), folder, name.string());
}

Result<HubConfig> ConfigOrFirstFault(ConfigReading reading) {
  if (!reading.faults.empty()) return std::unexpected(std::move(reading.faults.front()));
  return std::move(reading.config);
}

}  // namespace

Result<HubConfig> ParseConfig(std::string_view toml, const std::filesystem::path& folder,
                              const std::optional<std::filesystem::path>& credentials) {
  return ConfigOrFirstFault(Parse(toml, folder, credentials));
}
std::vector<Error> FindConfigFaults(std::string_view toml, const std::filesystem::path& folder,
                                    const std::optional<std::filesystem::path>& credentials) {
  return Parse(toml, folder, credentials).faults;
}

Result<HubConfig> LoadConfig(const std::filesystem::path& file) { return ConfigOrFirstFault(Load(file)); }
ConfigReading CheckConfigFile(const std::filesystem::path& file) { return Load(file); }

}  // namespace schakel
