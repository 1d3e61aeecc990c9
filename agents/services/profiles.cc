#include "agents/profiles.h"

#include "agents/court_bodies.h"

#include <fmt/format.h>

#include <toml++/toml.h>
#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <system_error>

#include "protocol/nearest.h"

namespace schakel {
namespace {

constexpr std::uintmax_t kProfileBytesMax = 256U << 10;

// Reads one profile and remembers the first thing that is wrong, so that the fields read straight through.
class Reader {
 public:
  Reader(const toml::table& table, const std::string& source) : table_(table), source_(source) {}

  std::string Text(const toml::table& table, const std::string& key, const std::string& path) {
    auto value = table[key].value<std::string>();
    if (!value || value->empty()) {
      Mistake(path, "give a text that is not empty");
      return {};
    }
    return *value;
  }
  Words InEach(const toml::node* node, const std::string& path) {
    const toml::table* table = node == nullptr ? nullptr : node->as_table();
    if (table == nullptr) {
      Mistake(path, "give { nl = \"..\", en = \"..\", fr = \"..\" }");
      return {};
    }
    Known(*table, {"nl", "en", "fr"}, path + ".");
    return {Text(*table, "nl", path + ".nl"), Text(*table, "en", path + ".en"), Text(*table, "fr", path + ".fr")};
  }
  bool Flag(const std::string& key) {
    auto value = table_[key].value_exact<bool>();
    if (!value) Mistake(key, "give true or false");
    return value.value_or(false);
  }
  template <typename E>
  SetOf<E> Set(const toml::table& table, const std::string& key, const std::string& path,
               Result<E> (*parse)(std::string_view)) {
    SetOf<E> set;
    const toml::array* array = table[key].as_array();
    if (array == nullptr) {
      Mistake(path, "give a list");
      return set;
    }
    for (const toml::node& node : *array) {
      auto slug = node.value<std::string>();
      auto value = parse(slug.value_or(""));
      if (value) {
        set.Add(*value);
      } else {
        Mistake(path, value.error().next);
      }
    }
    return set;
  }
  const toml::table& Table(const std::string& key) {
    const toml::table* table = table_[key].as_table();
    if (table == nullptr) Mistake(key, "give a table [" + key + "]");
    return table == nullptr ? empty_ : *table;
  }
  // A key that nobody reads is a spelling mistake.
  void Known(const toml::table& table, const std::set<std::string>& keys, const std::string& path) {
    for (const auto& [key, value] : table) {
      if (keys.contains(std::string(key.str()))) continue;
      const auto near = NearestTo(key.str(), {keys.begin(), keys.end()});
      Mistake(path + std::string(key.str()),
              "no such key; " + (near ? "did you mean " + *near + "?" : "check its spelling"));
    }
  }
  void Mistake(const std::string& path, std::string next) {
    if (status_) status_ = Fail(Code::kInvalid, "profile.field", source_ + ": " + path, std::move(next));
  }
  const Status& status() const { return status_; }

 private:
  const toml::table& table_;
  const std::string& source_;
  const toml::table empty_;
  Status status_;
};

Retention BuildRetention(Reader& reader) {
  constexpr std::int64_t kYearsMax = 120;
  const toml::table& table = reader.Table("retention");
  reader.Known(table, {"reason", "years", "until_age"}, "retention.");
  Retention retention;
  retention.reason = reader.InEach(table.get("reason"), "retention.reason");
  const auto years = table["years"].value_exact<std::int64_t>();
  const auto age = table["until_age"].value_exact<std::int64_t>();
  const std::int64_t given = years.value_or(age.value_or(-1));
  if (table.contains("years") == table.contains("until_age") || given < 0 || given > kYearsMax) {
    reader.Mistake("retention.years", "give years or until_age, one of the two, from 0 to 120");
  }
  if (years) retention.years = static_cast<std::uint64_t>(*years);
  if (age) retention.until_age = static_cast<std::uint64_t>(*age);
  return retention;
}

// A key stands in records for good.
bool IsKey(std::string_view text) {
  const bool plain = std::ranges::all_of(text, [](char c) { return (c >= 'a' && c <= 'z') || c == '-'; });
  return plain && text.size() >= 2 && text.size() <= 40 && text.front() != '-' && text.back() != '-';
}

std::vector<RingQuestion> BuildRing(Reader& reader, const toml::node& node, const std::string& path) {
  std::vector<RingQuestion> questions;
  const toml::array* array = node.as_array();
  if (array == nullptr || array->size() > kRingQuestionsMax) {
    reader.Mistake(path, fmt::format("give [[{}]], at most {} times", path, kRingQuestionsMax));
    return questions;
  }
  for (std::size_t i = 0; i < array->size(); ++i) {
    const std::string where = fmt::format("{}[{}]", path, i);
    const toml::table* table = array->get(i)->as_table();
    if (table == nullptr) {
      reader.Mistake(where, "give key, nl, en and fr");
      continue;
    }
    reader.Known(*table, {"key", "nl", "en", "fr"}, where + ".");
    RingQuestion one;
    one.key = reader.Text(*table, "key", where + ".key");
    if (!IsKey(one.key)) reader.Mistake(where + ".key", "use lower-case letters and inner hyphens, 2 to 40 characters");
    if (std::ranges::find(questions, one.key, &RingQuestion::key) != questions.end()) {
      reader.Mistake(where + ".key", "another question of this ring has that key");
    }
    one.words = {reader.Text(*table, "nl", where + ".nl"), reader.Text(*table, "en", where + ".en"),
                 reader.Text(*table, "fr", where + ".fr")};
    questions.push_back(std::move(one));
  }
  return questions;
}

std::map<AskingRing, std::vector<RingQuestion>> BuildRings(Reader& reader) {
  std::map<AskingRing, std::vector<RingQuestion>> rings;
  for (const auto& [key, node] : reader.Table("rings")) {
    const std::string name(key.str());
    const auto ring = ParseAskingRing(name);
    if (!ring) {
      reader.Mistake("rings." + name, ring.error().next);
      continue;
    }
    rings[*ring] = BuildRing(reader, node, "rings." + name);
  }
  return rings;
}

Result<Profile> Build(const toml::table& table, const std::string& source) {
  Reader reader(table, source);
  reader.Known(table,
               {"sector", "name", "court_wall", "reporting_desk", "ceiling", "defaults", "vocabulary", "topics",
                "retention", "rings", "adulthood"},
               "");
  Profile profile;
  if (auto sector = ParseSector(reader.Text(table, "sector", "sector"))) {
    profile.sector = *sector;
  } else {
    reader.Mistake("sector", "use lower-case letters, digits and inner hyphens, 2 to 40 characters");
  }
  profile.name = reader.InEach(table.get("name"), "name");
  profile.court_wall = reader.Flag("court_wall");
  if (table.contains("reporting_desk")) profile.reporting_desk = reader.Flag("reporting_desk");
  profile.ceiling = reader.Set<Category>(table, "ceiling", "ceiling", &ParseCategory);

  const toml::table& defaults = reader.Table("defaults");
  reader.Known(defaults, {"purposes", "categories"}, "defaults.");
  profile.purposes = reader.Set<Purpose>(defaults, "purposes", "defaults.purposes", &ParsePurpose);
  profile.categories = reader.Set<Category>(defaults, "categories", "defaults.categories", &ParseCategory);
  if (!profile.ceiling.Covers(profile.categories)) {
    reader.Mistake("defaults.categories", "keep them within the ceiling");
  }

  for (const auto& [key, value] : reader.Table("vocabulary")) {
    const std::string term(key.str());
    profile.vocabulary[term] = reader.InEach(&value, "vocabulary." + term);
  }
  if (const toml::array* topics = table["topics"].as_array()) {
    for (std::size_t i = 0; i < topics->size(); ++i) {
      profile.topics.push_back(reader.InEach(topics->get(i), fmt::format("topics[{}]", i)));
    }
  } else if (table.contains("topics")) {
    reader.Mistake("topics", "give [[topics]] with nl and en");
  }
  if (table.contains("rings")) profile.rings = BuildRings(reader);
  if (const toml::node* domains = table.get("adulthood")) profile.adulthood = BuildRing(reader, *domains, "adulthood");
  if (table.contains("retention")) profile.retention = BuildRetention(reader);
  if (!reader.status()) return std::unexpected(reader.status().error());
  return profile;
}

}  // namespace

Result<Profile> ParseProfile(std::string_view text, const std::string& source) {
  try {
    const toml::table table = toml::parse(text, source);
    return Build(table, source);
  } catch (const toml::parse_error& error) {
    const auto where = error.source().begin;
    return Fail(Code::kInvalid, "profile.toml", fmt::format("{}: line {}", source, where.line),
                std::string(error.description()));
  }
}

Result<std::map<Sector, Profile>> LoadProfiles(const std::filesystem::path& directory) {
  std::error_code error;
  std::vector<std::filesystem::path> files;
  for (std::filesystem::directory_iterator it(directory, error), end; !error && it != end; it.increment(error)) {
    if (it->path().extension() == ".toml") files.push_back(it->path());
  }
  if (error) {
    return Fail(Code::kNotFound, "profile.directory", directory.string(), "give the directory of the sector profiles");
  }
  if (files.empty()) {
    return Fail(Code::kNotFound, "profile.none", directory.string(),
                "give the directory of the sector profiles, one .toml file each");
  }
  std::ranges::sort(files);  // So that the same mistake is reported first everywhere.
  std::map<Sector, Profile> profiles;
  for (const auto& file : files) {
    const std::string source = file.filename().string();
    std::ifstream in(file, std::ios::binary);
    std::ostringstream text;
    if (std::filesystem::file_size(file, error) > kProfileBytesMax || error || !(text << in.rdbuf())) {
      return Fail(Code::kInvalid, "profile.toml", source, "the file cannot be read, or is too large");
    }
    SCHAKEL_ASSIGN(Profile profile, ParseProfile(text.str(), source));
    const Sector sector = profile.sector;
    if (!profiles.emplace(sector, std::move(profile)).second) {
      return Fail(Code::kInvalid, "profile.twice", source, "another file describes the sector " + sector.value());
    }
  }
  return profiles;
}

}  // namespace schakel
