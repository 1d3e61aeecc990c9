// What is said inside the records of where help leads to: the contacts that were agreed for after it, and the plan for
// adulthood. Part of body.h, whose rules hold here too.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/ids.h"
#include "protocol/result.h"
#include "protocol/seams.h"

namespace schakel {

enum class ContactHow : std::uint8_t;

// A contact for after the help, once or again and again. The consent that it rests on is the last of the header's
// references, so that it shows whether that holds also where these words are sealed.
// Worked example: "caw" calls Sam from a moment on, every four weeks until another: type 117, version 1, content
//   98 c2 a3 63 61 77 a3 53 61 6d 04 cf .. 04 cf .. a0
struct AftercareContactBody {
  static constexpr std::uint32_t kType = 117;
  bool ended = false;           // By agreement.
  OrgId organisation;           // Who keeps it.
  std::string who;              // With whom.
  ContactHow how{4};            // By phone.
  std::optional<Timestamp> at;  // When, or the first time. Always said.
  std::uint32_t every_weeks = 0;
  std::optional<Timestamp> until;  // Already outside. Always said.
  std::string text;
  friend bool operator==(const AftercareContactBody&, const AftercareContactBody&) = default;
};
inline constexpr std::uint32_t kAftercareWeeksMax = 52;

// How far one domain of life is.
enum class DomainState : std::uint8_t { kOpen = 1, kAgreed, kArranged, kNotNeeded };
inline constexpr DomainState kDomainStateLast = DomainState::kNotNeeded;
struct AdulthoodDomain {
  std::string key;    // Of the profile of the author's sector; empty: one of their own.
  std::string title;  // As it was asked.
  std::string agreed;
  std::string who;              // Who does it.
  std::optional<Timestamp> by;  // By when.
  DomainState state = DomainState::kOpen;
  friend bool operator==(const AdulthoodDomain&, const AdulthoodDomain&) = default;
};
inline constexpr std::size_t kAdulthoodDomainsMax = 24;

// The plan for adulthood. A later one of the same thread takes its place.
// Worked example: of age at a moment, "caw" goes on, with "Wonen" open, is type 122, version 1, content
//   94 cf .. a3 63 61 77
//   91                                its one domain, an array of six fields
//      96 a5 77 6f 6e 65 6e a5 57 6f 6e 65 6e a0 a0 c0 01
//   a0
struct AdulthoodPlanBody {
  static constexpr std::uint32_t kType = 122;
  std::optional<Timestamp> of_age_at;  // When the young person is of age. Always said.
  std::string receiver;                // The organisation that is to go on; empty: not known yet.
  std::vector<AdulthoodDomain> domains;
  std::string text;
  friend bool operator==(const AdulthoodPlanBody&, const AdulthoodPlanBody&) = default;
};

std::string_view Slug(DomainState value);
Result<DomainState> ParseDomainState(std::string_view slug);  // kInvalid ("vocabulary.domain_state").

}  // namespace schakel
