// A family as GEDCOM 5.5.1 or FamilySearch GEDCOM 7.0, out and in. Pure; reads what anybody made.
//
// Written: INDI with NAME, SEX, BIRT and DEAT with their DATE, FAMC with PEDI; FAM with HUSB, WIFE, CHIL, MARR, DIV.
// What GEDCOM has no word for (living together, separated) is an EVEN with a TYPE. Whoever comes in keeps the order of
// the file.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "agents/network_bodies.h"
#include "protocol/result.h"

namespace schakel {

inline constexpr std::size_t kGedcomBytesMax = 1U << 20;
inline constexpr std::size_t kGedcomPeopleMax = 500;

struct GedcomPerson {
  std::string name;
  Gender gender = Gender::kUnknown;
  std::string born;  // Partial days, or nothing.
  bool deceased = false;
  std::string died;
  std::string xref;  // As the file names them, "@I1@"; written anew.
  friend bool operator==(const GedcomPerson&, const GedcomPerson&) = default;
};
struct GedcomTie {
  Relation relation = Relation::kParent;
  std::size_t a = 0;  // In `people`.
  std::size_t b = 0;
  KinshipHow how = KinshipHow::kBiological;
  std::string began;
  std::string ended;
  friend bool operator==(const GedcomTie&, const GedcomTie&) = default;
};
struct GedcomFamily {
  std::vector<GedcomPerson> people;
  std::vector<GedcomTie> ties;
  std::size_t young_person = 0;       // In `people`, if there are any.
  std::vector<std::string> left_out;  // Tags that are not taken in, each once, by name.
  friend bool operator==(const GedcomFamily&, const GedcomFamily&) = default;
};

enum class GedcomVersion : std::uint8_t { k551 = 1, k70 };

std::string WriteGedcom(const GedcomFamily& family, GedcomVersion version);
// `young_person`: by its cross-reference ("@I1@") or name; empty: the one marked by our own export, else the first.
// kInvalid ("gedcom.size", "gedcom.header", "gedcom.line", "gedcom.people", "gedcom.reference",
// "gedcom.young_person"), field the number of the line.
Result<GedcomFamily> ReadGedcom(std::string_view text, std::string_view young_person = {});

}  // namespace schakel
