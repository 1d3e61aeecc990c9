#include <algorithm>

#include "agents/gedcom.h"
#include "protocol/crypto.h"

namespace {

using namespace schakel;

std::vector<GedcomPerson> WithoutReferences(std::vector<GedcomPerson> people) {
  for (GedcomPerson& one : people) one.xref.clear();
  return people;
}

}  // namespace

// What is taken from a family tree is within its limits, and written again, in either version, it reads the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto family = ReadGedcom(AsText({data, size}));
  if (!family) {
    SCHAKEL_ASSERT(family.error().rule.starts_with("gedcom."));
    return 0;
  }
  const std::size_t people = family->people.size();
  SCHAKEL_ASSERT(people > 0 && people <= kGedcomPeopleMax && family->young_person < people);
  for (const GedcomTie& tie : family->ties) SCHAKEL_ASSERT(tie.a < people && tie.b < people && tie.a != tie.b);
  for (const GedcomVersion version : {GedcomVersion::k551, GedcomVersion::k70}) {
    const auto again = ReadGedcom(WriteGedcom(*family, version));
    SCHAKEL_ASSERT(again.has_value());
    SCHAKEL_ASSERT(WithoutReferences(again->people) == WithoutReferences(family->people));
    SCHAKEL_ASSERT(again->young_person == family->young_person && again->left_out.empty());
  }
  return 0;
}
