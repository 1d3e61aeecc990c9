// The files that a configuration points to: keys and sector profiles.
#include <fcntl.h>
#include <sys/stat.h>
#include <toml++/toml.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>

#include "broker/config.h"
#include "protocol/nearest.h"

namespace schakel {
namespace {

Result<std::string> ReadText(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  if (!in || !(text << in.rdbuf())) {
    return Fail(Code::kNotFound, "config.file", file.string(), "check the path, and that it can be read");
  }
  return text.str();
}

}  // namespace

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
  // Ours alone; or root's, readable by the group, which is how systemd hands a credential to a service.
  const bool credential = readable && info.st_uid == 0 && geteuid() != 0 && (info.st_mode & 027) == 0;
  const bool safe = readable && S_ISREG(info.st_mode) && ((info.st_mode & 077) == 0 || credential);
  std::array<char, 80> text{};
  const ssize_t size = safe ? read(fd, text.data(), text.size()) : -1;
  if (fd >= 0) close(fd);
  if (!readable)
    return Fail(Code::kUnavailable, "key.file", file.string(), "check the path; schakel-hub init makes it");
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

std::unexpected<Error> BadProfile(const std::string& source, std::string_view key, std::string next) {
  return Fail(Code::kInvalid, "config.profile", source + ": " + std::string(key), std::move(next));
}

// Those of a profile of agents (docs/operations.md): the same files serve both. A key that nobody reads is a mistake,
// and one of `court_wall` would let a court in.
const std::vector<std::string> kProfileKeys = {"sector",    "name",     "court_wall", "reporting_desk",
                                               "ceiling",   "defaults", "vocabulary", "topics",
                                               "retention", "rings",    "adulthood"};

Status CheckKeys(const toml::table& profile, const std::string& source) {
  for (const auto& [key, value] : profile) {
    const std::string name(key.str());
    if (std::ranges::find(kProfileKeys, name) != kProfileKeys.end()) continue;
    const auto near = NearestTo(name, kProfileKeys);
    return BadProfile(source, name, "no such key; " + (near ? "did you mean " + *near + "?" : "check its spelling"));
  }
  for (const char* language : {"nl", "en", "fr"}) {
    const auto text = profile["name"][language].value<std::string>();
    if (!text || text->empty()) {
      return BadProfile(source, std::string("name.") + language, "say what the sector is called, in nl, en and fr");
    }
  }
  if (!profile["court_wall"].is_boolean()) {
    return BadProfile(source, "court_wall", "say true or false: whether it stands behind the court wall");
  }
  return {};
}

Result<CeilingStatement::Row> ReadRow(const toml::table& profile, const std::string& source) {
  CeilingStatement::Row row;
  SCHAKEL_TRY(CheckKeys(profile, source));
  const auto sector = profile["sector"].value<std::string>();
  auto slug = sector ? ParseSector(*sector) : Fail(Code::kInvalid, "id.sector");
  if (!slug) return BadProfile(source, "sector", "give the sector's slug, such as youth-care");
  row.sector = std::move(*slug);
  row.court_wall = profile["court_wall"].value<bool>().value_or(false);
  const toml::array* ceiling = profile["ceiling"].as_array();
  if (!ceiling) return BadProfile(source, "ceiling", "list the categories that this sector may receive at most");
  for (const toml::node& node : *ceiling) {
    const auto text = node.value<std::string>();
    auto category = text ? ParseCategory(*text) : Fail(Code::kInvalid, "vocabulary.category");
    if (!category) return BadProfile(source, "ceiling", category.error().next);
    row.categories.Add(*category);
  }
  return row;
}

Result<CeilingStatement::Row> ReadCeiling(const std::filesystem::path& file) {
  SCHAKEL_ASSIGN(const std::string text, ReadText(file));
  const std::string source = file.filename().string();
  try {
    return ReadRow(toml::parse(text), source);
  } catch (const toml::parse_error& error) {
    return BadProfile(source, "syntax", std::string(error.description()));
  }
}

}  // namespace

Result<std::vector<CeilingStatement::Row>> ReadCeilings(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  std::error_code failed;
  for (const auto& file : std::filesystem::directory_iterator(folder, failed)) {
    if (file.path().extension() == ".toml") files.push_back(file.path());
  }
  if (failed || files.empty()) {
    return Fail(Code::kNotFound, "config.profiles", folder.string(),
                "give the folder with the sector profiles (*.toml)");
  }
  std::sort(files.begin(), files.end());
  std::vector<CeilingStatement::Row> rows;
  for (const auto& file : files) {
    SCHAKEL_ASSIGN(rows.emplace_back(), ReadCeiling(file));
  }
  return rows;
}

}  // namespace schakel
