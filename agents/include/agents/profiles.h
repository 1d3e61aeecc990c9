// Sector profiles: what a sector is called, what it may at most receive, and how its people speak. Data, not code:
// one TOML file a sector (agents/profiles/*.toml).
//
// Threads: pure, but for reading the files.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "protocol/result.h"
#include "protocol/vocabulary.h"

namespace schakel {

struct Words {  // In each language of ours.
  std::string dutch;
  std::string english;
  const std::string& In(Language language) const { return language == Language::kDutch ? dutch : english; }
  friend bool operator==(const Words&, const Words&) = default;
};

struct Profile {
  Sector sector;
  Words name;
  bool court_wall = false;                  // A youth judge or the court's social service.
  CategorySet ceiling;                      // For the operator's signed matrix; the directory's is the one that binds.
  PurposeSet purposes;                      // Offered first when a grant to this sector is made.
  CategorySet categories;                   // Likewise; within the ceiling.
  std::map<std::string, Words> vocabulary;  // "worker", "round-table", .. as this sector says it.
  std::vector<Words> topics;                // Usual subjects of a consultation.
};

// kInvalid ("profile.toml", "profile.field"): `field` is "<source>: <key>", `next` what is wrong with it.
Result<Profile> ParseProfile(std::string_view toml, const std::string& source);
// Every *.toml in `directory`, by sector. kNotFound ("profile.directory"); kInvalid as above, or "profile.twice".
Result<std::map<Sector, Profile>> LoadProfiles(const std::filesystem::path& directory);

}  // namespace schakel
