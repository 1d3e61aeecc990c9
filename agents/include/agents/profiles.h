// Sector profiles: what a sector is called, what it may at most receive, and how its people speak. Data, not code:
// one TOML file a sector (agents/profiles/*.toml).
//
// Threads: pure, but for reading the files.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "protocol/registry.h"
#include "protocol/result.h"
#include "protocol/vocabulary.h"

namespace schakel {

using Words = InLanguages<std::string>;
enum class AskingRing : std::uint8_t;

// What is asked in one ring around the young person.
struct RingQuestion {
  std::string key;  // By which an answer says which question it is to; never changes.
  Words words;
  friend bool operator==(const RingQuestion&, const RingQuestion&) = default;
};
inline constexpr std::size_t kRingQuestionsMax = 40;  // Of one ring.

// How long this sector must keep what was shared with it, after the consent to it was taken back.
struct Retention {
  Words reason;                            // What the law says, for people.
  std::uint64_t years = 0;                 // 0: nothing obliges to keep it, so it goes at once.
  std::optional<std::uint64_t> until_age;  // Instead of years: of the young person.
  friend bool operator==(const Retention&, const Retention&) = default;
};

// Where a sector has no rule of its own.
Retention RetentionOfRegion(const RegionRules& rules);

struct Profile {
  Sector sector;
  Words name;
  bool court_wall = false;                  // A youth judge or the court's social service.
  bool reporting_desk = false;              // School trouble may be reported to it (docs/methods.md).
  CategorySet ceiling;                      // For the operator's signed matrix; the directory's is the one that binds.
  PurposeSet purposes;                      // Offered first when a grant to this sector is made.
  CategorySet categories;                   // Likewise; within the ceiling.
  std::map<std::string, Words> vocabulary;  // "worker", "round-table", .. as this sector says it.
  std::vector<Words> topics;                // Usual subjects of a consultation.
  std::optional<Retention> retention;       // None: the region's rule.
  std::map<AskingRing, std::vector<RingQuestion>> rings;  // In their order; a ring without questions is not there.
  std::vector<RingQuestion> adulthood;                    // Domains of life that the plan for adulthood asks about.
};

// kInvalid ("profile.toml", "profile.field"): `field` is "<source>: <key>", `next` what is wrong with it.
Result<Profile> ParseProfile(std::string_view toml, const std::string& source);
// Every *.toml in `directory`, by sector. kNotFound ("profile.directory"); kInvalid as above, or "profile.twice".
Result<std::map<Sector, Profile>> LoadProfiles(const std::filesystem::path& directory);

}  // namespace schakel
