#include "broker/config.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>

#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

namespace schakel {
namespace {

std::unexpected<Error> Bad(std::string rule, const std::string& key, std::string next) {
  return Fail(Code::kInvalid, std::move(rule), "hub.toml: " + key, std::move(next));
}

// One table of the file: hands out its values and knows which keys nobody asked for.
class Section {
 public:
  Section(const toml::table* table, std::string prefix) : table_(table), prefix_(std::move(prefix)) {}

  std::string Key(const std::string& key) const { return prefix_.empty() ? key : prefix_ + "." + key; }
  bool Has(const std::string& key) const { return table_ && table_->contains(key); }

  Result<std::string> Text(const std::string& key) {
    known_.insert(key);
    const toml::node* node = table_ ? table_->get(key) : nullptr;
    if (!node) return Bad("config.missing", Key(key), "add it; see deploy/hub.toml");
    const auto value = node->value_exact<std::string>();
    if (!value || value->empty()) return Bad("config.type", Key(key), "give a text between quotes");
    return *value;
  }
  Result<std::string> TextOr(const std::string& key, std::string otherwise) {
    known_.insert(key);
    if (!Has(key)) return otherwise;
    return Text(key);
  }
  // As Text(), but may be empty.
  Result<std::string> AnyTextOr(const std::string& key, std::string otherwise) {
    known_.insert(key);
    if (!Has(key)) return otherwise;
    const auto value = table_->get(key)->value_exact<std::string>();
    if (!value) return Bad("config.type", Key(key), "give a text between quotes");
    return *value;
  }
  Result<std::uint64_t> NumberOr(const std::string& key, std::uint64_t otherwise, std::uint64_t min,
                                 std::uint64_t max) {
    known_.insert(key);
    if (!Has(key)) return otherwise;
    const auto value = table_->get(key)->value_exact<std::int64_t>();
    if (!value) return Bad("config.type", Key(key), "give a whole number");
    if (*value < 0 || static_cast<std::uint64_t>(*value) < min || static_cast<std::uint64_t>(*value) > max) {
      return Bad("config.range", Key(key), "give a number from " + std::to_string(min) + " to " + std::to_string(max));
    }
    return static_cast<std::uint64_t>(*value);
  }
  Result<bool> FlagOr(const std::string& key, bool otherwise) {
    known_.insert(key);
    if (!Has(key)) return otherwise;
    const auto value = table_->get(key)->value_exact<bool>();
    if (!value) return Bad("config.type", Key(key), "say true or false");
    return *value;
  }
  Result<std::vector<std::string>> Texts(const std::string& key) {
    known_.insert(key);
    const toml::array* array = table_ && table_->contains(key) ? table_->get(key)->as_array() : nullptr;
    if (!array) return Bad("config.missing", Key(key), "give a list of texts; see deploy/hub.toml");
    std::vector<std::string> texts;
    for (const toml::node& node : *array) {
      const auto value = node.value_exact<std::string>();
      if (!value) return Bad("config.type", Key(key), "give a list of texts");
      texts.push_back(*value);
    }
    return texts;
  }
  Result<Section> Table(const std::string& key) {
    known_.insert(key);
    if (!Has(key)) return Section(nullptr, Key(key));
    const toml::table* table = table_->get(key)->as_table();
    if (!table) return Bad("config.type", Key(key), "make it a table: [" + Key(key) + "]");
    return Section(table, Key(key));
  }
  // All keys must have been asked for.
  Status Finish() const {
    if (!table_) return {};
    for (const auto& [key, node] : *table_) {
      const std::string name(key.str());
      if (!known_.contains(name)) return Bad("config.unknown", Key(name), "remove it, or correct its name");
    }
    return {};
  }

 private:
  const toml::table* table_;
  std::string prefix_;
  std::set<std::string> known_;
};

struct Paths {
  std::filesystem::path folder;
  std::optional<std::filesystem::path> credentials;

  Result<std::filesystem::path> From(const std::string& text, const std::string& key) const {
    constexpr std::string_view kCredentials = "$CREDENTIALS_DIRECTORY/";
    if (text.starts_with(kCredentials)) {
      if (!credentials) return Bad("config.credentials", key, "start it from systemd, or give a path");
      return *credentials / text.substr(kCredentials.size());
    }
    return folder / text;  // An absolute text stands as it is.
  }
};

Status CheckEndpoint(const std::string& endpoint, const std::string& key) {
  const auto colon = endpoint.rfind(':');
  const std::string port = colon == std::string::npos ? "" : endpoint.substr(colon + 1);
  const bool digits = !port.empty() && port.size() <= 5 &&
                      std::all_of(port.begin(), port.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (!endpoint.starts_with("tcp://") || colon <= 6 || (!digits && port != "*") || (digits && std::stoul(port) > 65535)) {
    return Bad("config.endpoint", key, "give tcp://address:port");
  }
  return {};
}

// Without a word for it, metrics stay on this machine.
Status CheckMetrics(const std::string& listen, bool remote) {
  if (listen.empty() || remote) return {};
  if (listen.starts_with("127.") || listen.starts_with("[::1]:") || listen.starts_with("localhost:")) return {};
  return Bad("config.metrics", "metrics.listen", "listen on 127.0.0.1, or set metrics.remote = true");
}

bool IsOrigin(const std::string& origin) {
  return origin.size() <= 200 && std::all_of(origin.begin(), origin.end(), [](unsigned char c) {
           return c > ' ' && c < 0x7f && c != '+';
         });
}

Result<Registrars> ReadRegistrars(Section section) {
  Registrars registrars;
  SCHAKEL_ASSIGN(const auto texts, section.Texts("keys"));
  for (const std::string& text : texts) {
    auto key = ParseSigningKeyText(text);
    if (!key) return Bad("key.format", section.Key("keys"), key.error().next);
    if (std::find(registrars.keys.begin(), registrars.keys.end(), *key) != registrars.keys.end()) {
      return Bad("config.registrars", section.Key("keys"), "name each key once");
    }
    registrars.keys.push_back(*key);
  }
  if (registrars.keys.empty()) {
    return Bad("config.registrars", section.Key("keys"), "add the public keys of the registrars: schakel registrar keygen");
  }
  SCHAKEL_ASSIGN(registrars.threshold, section.NumberOr("threshold", 1, 1, registrars.keys.size()));
  SCHAKEL_TRY(section.Finish());
  return registrars;
}

Result<HubLimits> ReadLimits(Section section) {
  HubLimits limits;
  const auto read = [&](const char* key, std::uint64_t& value, std::uint64_t min, std::uint64_t max) -> Status {
    SCHAKEL_ASSIGN(value, section.NumberOr(key, value, min, max));
    return {};
  };
  SCHAKEL_TRY(read("message_bytes", limits.wire.message_bytes_max, 512U << 10, 16U << 20));
  SCHAKEL_TRY(read("batch_records", limits.wire.batch_records_max, 1, kSignatureBatchMax));
  SCHAKEL_TRY(read("credit", limits.wire.credit_max, 1, 1U << 20));
  SCHAKEL_TRY(read("in_flight_records", limits.wire.in_flight_max, 1, 1U << 20));
  SCHAKEL_TRY(read("connections", limits.connections, 1, 60'000));
  SCHAKEL_TRY(read("connections_per_organisation", limits.connections_per_organisation, 1, 1'000));
  SCHAKEL_TRY(read("records_per_second", limits.records_per_second, 1, 10'000'000));
  SCHAKEL_TRY(read("requests_per_second", limits.requests_per_second, 1, 1'000'000));
  SCHAKEL_TRY(read("handshake_ms", limits.handshake_ms, 100, 60'000));
  SCHAKEL_TRY(read("surplus_mib", limits.surplus_mib, 1, 1024));
  SCHAKEL_TRY(read("silence_seconds", limits.silence_seconds, 10, 86'400));
  SCHAKEL_TRY(read("group_mib", limits.group_mib, 1, 48));
  SCHAKEL_TRY(read("snapshot_entries", limits.snapshot_entries, 1'000, 10'000'000));
  SCHAKEL_TRY(section.Finish());
  // What a connection may rightly have on its way: 16 messages in the library's pipe, and some.
  if (limits.surplus_mib << 20 < 20 * limits.wire.message_bytes_max) {
    return Bad("config.range", section.Key("surplus_mib"), "make it at least 20 times limits.message_bytes");
  }
  return limits;
}

Status ReadKeys(Section section, const Paths& paths, HubConfig& config) {
  const auto path = [&](const char* key, std::filesystem::path& to) -> Status {
    SCHAKEL_ASSIGN(const std::string text, section.Text(key));
    SCHAKEL_ASSIGN(to, paths.From(text, section.Key(key)));
    return {};
  };
  SCHAKEL_TRY(path("transport_file", config.transport_key_file));
  SCHAKEL_TRY(path("log_file", config.log_key_file));
  if (section.Has("master_file") == section.Has("master_passphrase_file")) {
    return Bad("config.master_key", section.Key("master_file"), "give either master_file or master_passphrase_file");
  }
  std::filesystem::path master;
  const bool is_file = section.Has("master_file");
  SCHAKEL_TRY(path(is_file ? "master_file" : "master_passphrase_file", master));
  if (is_file) {
    config.master = MasterKeyFile{master};
  } else {
    config.master = MasterPassphraseFile{master};
  }
  return section.Finish();
}

Status ReadEdges(Section& root, const Paths& paths, HubConfig& config) {
  SCHAKEL_ASSIGN(Section metrics, root.Table("metrics"));
  SCHAKEL_ASSIGN(config.metrics_listen, metrics.AnyTextOr("listen", config.metrics_listen));
  SCHAKEL_ASSIGN(const bool remote, metrics.FlagOr("remote", false));
  SCHAKEL_TRY(CheckMetrics(config.metrics_listen, remote));
  SCHAKEL_TRY(metrics.Finish());

  SCHAKEL_ASSIGN(Section admin, root.Table("admin"));
  SCHAKEL_ASSIGN(const std::string socket, admin.TextOr("socket", "admin/hub.sock"));
  SCHAKEL_ASSIGN(config.admin_socket, paths.From(socket, "admin.socket"));
  // Longer does not fit into a socket's address.
  if (config.admin_socket.string().size() > 100) {
    return Bad("config.range", "admin.socket", "choose a path of at most 100 bytes");
  }
  SCHAKEL_TRY(admin.Finish());

  SCHAKEL_ASSIGN(config.log_level, root.TextOr("log_level", config.log_level));
  constexpr std::string_view kLevels[] = {"debug", "info", "warn", "error"};
  if (std::find(std::begin(kLevels), std::end(kLevels), config.log_level) == std::end(kLevels)) {
    return Bad("config.log_level", "log_level", "choose debug, info, warn or error");
  }
  SCHAKEL_ASSIGN(config.workers, root.NumberOr("workers", config.workers, 0, 64));
  return {};
}

Result<std::string> ReadText(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  if (!in || !(text << in.rdbuf())) {
    return Fail(Code::kNotFound, "config.file", file.string(), "check the path; schakel-hub init makes one");
  }
  return text.str();
}

}  // namespace

Result<HubConfig> ParseConfig(std::string_view text, const std::filesystem::path& folder,
                              const std::optional<std::filesystem::path>& credentials) {
  if (text.size() > 1U << 20) return Bad("config.syntax", "file", "it is larger than a configuration can be");
  const toml::parse_result parsed = toml::parse(text);
  if (!parsed) {
    const auto& error = parsed.error();
    return Bad("config.syntax", "line " + std::to_string(error.source().begin.line), std::string(error.description()));
  }
  const Paths paths{folder, credentials};
  Section root(&parsed.table(), "");
  HubConfig config;
  SCHAKEL_ASSIGN(config.origin, root.Text("origin"));
  if (!IsOrigin(config.origin)) {
    return Bad("config.origin", "origin", "choose a name without white space and '+', such as schakel.example/gent");
  }
  SCHAKEL_ASSIGN(config.listen, root.Text("listen"));
  SCHAKEL_TRY(CheckEndpoint(config.listen, "listen"));
  SCHAKEL_ASSIGN(config.advertise, root.TextOr("advertise", config.listen));
  SCHAKEL_TRY(CheckEndpoint(config.advertise, "advertise"));
  SCHAKEL_ASSIGN(const std::string data, root.Text("data_directory"));
  SCHAKEL_ASSIGN(config.data_directory, paths.From(data, "data_directory"));
  SCHAKEL_ASSIGN(Section keys, root.Table("keys"));
  SCHAKEL_TRY(ReadKeys(std::move(keys), paths, config));
  SCHAKEL_ASSIGN(Section registrars, root.Table("registrars"));
  SCHAKEL_ASSIGN(config.registrars, ReadRegistrars(std::move(registrars)));
  SCHAKEL_ASSIGN(Section limits, root.Table("limits"));
  SCHAKEL_ASSIGN(config.limits, ReadLimits(std::move(limits)));
  SCHAKEL_TRY(ReadEdges(root, paths, config));
  SCHAKEL_TRY(root.Finish());
  return config;
}

Result<HubConfig> LoadConfig(const std::filesystem::path& file) {
  SCHAKEL_ASSIGN(const std::string text, ReadText(file));
  const char* credentials = std::getenv("CREDENTIALS_DIRECTORY");
  std::optional<std::filesystem::path> folder;
  if (credentials != nullptr) folder = credentials;
  return ParseConfig(text, std::filesystem::absolute(file).parent_path(), folder);
}

Result<SigningPublicKey> ParseSigningKeyText(std::string_view text) {
  auto bytes = text.size() == 64 ? FromHex(text) : FromBase64(text);
  if (!bytes || bytes->size() != 32) {
    return Fail(Code::kInvalid, "key.format", {}, "give a public key as 64 hex digits or base64 of 32 bytes");
  }
  std::array<std::uint8_t, 32> key;
  std::copy(bytes->begin(), bytes->end(), key.begin());
  return SigningPublicKey(key);
}

Result<Secret<32>> ReadSecretFile(const std::filesystem::path& file) {
  const int fd = open(file.c_str(), O_RDONLY | O_CLOEXEC);
  struct stat info{};
  const bool readable = fd >= 0 && fstat(fd, &info) == 0;
  const bool safe = readable && S_ISREG(info.st_mode) && (info.st_mode & 077) == 0;
  std::array<char, 80> text{};
  const ssize_t size = safe ? read(fd, text.data(), text.size()) : -1;
  if (fd >= 0) close(fd);
  if (!readable) return Fail(Code::kUnavailable, "key.file", file.string(), "check the path; schakel-hub init makes it");
  if (!safe) return Fail(Code::kUnavailable, "key.file", file.string(), "let nobody else read it: chmod 600");
  std::string_view digits(text.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
  while (!digits.empty() && (digits.back() == '\n' || digits.back() == '\r')) digits.remove_suffix(1);
  auto bytes = digits.size() == 64 ? FromHex(digits) : std::nullopt;
  explicit_bzero(text.data(), text.size());
  if (!bytes) return Fail(Code::kInvalid, "key.file", file.string(), "it must hold 64 hex digits");
  Secret<32> secret = Secret<32>::From(*bytes);
  explicit_bzero(bytes->data(), bytes->size());
  return secret;
}

// ---- ceilings ----

namespace {

Result<CeilingStatement::Row> ReadCeiling(const std::filesystem::path& file) {
  const auto bad = [&](const char* key, std::string next) {
    return Fail(Code::kInvalid, "config.profile", file.filename().string() + ": " + key, std::move(next));
  };
  SCHAKEL_ASSIGN(const std::string text, ReadText(file));
  const toml::parse_result parsed = toml::parse(text);
  if (!parsed) return bad("syntax", std::string(parsed.error().description()));
  CeilingStatement::Row row;
  const auto sector = parsed.table()["sector"].value<std::string>();
  auto slug = sector ? ParseSector(*sector) : Fail(Code::kInvalid, "id.sector");
  if (!slug) return bad("sector", "give the sector's slug, such as youth-care");
  row.sector = std::move(*slug);
  row.court_wall = parsed.table()["court_wall"].value<bool>().value_or(false);
  const toml::array* ceiling = parsed.table()["ceiling"].as_array();
  if (!ceiling) return bad("ceiling", "list the categories that this sector may receive at most");
  for (const toml::node& node : *ceiling) {
    const auto slug_text = node.value<std::string>();
    auto category = slug_text ? ParseCategory(*slug_text) : Fail(Code::kInvalid, "vocabulary.category");
    if (!category) return bad("ceiling", category.error().next);
    row.categories.Add(*category);
  }
  return row;
}

}  // namespace

Result<std::vector<CeilingStatement::Row>> ReadCeilings(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  std::error_code failed;
  for (const auto& file : std::filesystem::directory_iterator(folder, failed)) {
    if (file.path().extension() == ".toml") files.push_back(file.path());
  }
  if (failed || files.empty()) {
    return Fail(Code::kNotFound, "config.profiles", folder.string(), "give the folder with the sector profiles (*.toml)");
  }
  std::sort(files.begin(), files.end());
  std::vector<CeilingStatement::Row> rows;
  for (const auto& file : files) {
    SCHAKEL_ASSIGN(rows.emplace_back(), ReadCeiling(file));
  }
  return rows;
}

}  // namespace schakel
