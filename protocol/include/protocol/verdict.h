// What checked evidence proves beyond that its entries stand in the log: that nothing is missing, who wrote it, and who
// stands behind the history. Threads: pure.
#pragma once

#include <vector>

#include "protocol/evidence.h"
#include "protocol/registry.h"

namespace schakel {

// ---- Nothing is missing ----

// All that was handed to `recipient` on the trajectory, or withheld from it, before entry `before` is in the file.
struct Completeness {
  OrgId recipient;
  std::uint64_t deliveries = 0;
  Sequence before;
  friend bool operator==(const Completeness&, const Completeness&) = default;
};
// Every answer in the file tells how much there was: it must be there, numbered without gaps. Yields what the newest
// answer tells of each recipient; nothing if the evidence is about one record, or holds no answer.
// kTampered ("evidence.incomplete", "evidence.number"), field "organisation: number".
Result<std::vector<Completeness>> CheckComplete(const Evidence& evidence, const CheckedEvidence& checked);

// ---- Who ----

struct Witness {
  OrgId organisation;
  TreeHead head;
  Timestamp at;  // By its own clock.
  friend bool operator==(const Witness&, const Witness&) = default;
};
struct Parties {
  std::vector<OrgId> authors;  // Whose signatures under their records all hold.
  std::vector<OrgId> unknown;  // Authors and witnesses of whom the file has no statement: not checked.
  std::vector<Witness> witnesses;
  std::size_t unchecked = 0;  // Further signatures under the witnessed heads that could not be checked.
  friend bool operator==(const Parties&, const Parties&) = default;
};
// With the registrars' keys the directory in the file can be relied on, and with the directory the signatures.
// kUnauthenticated ("registry.signatures", "evidence.author", "cosignature.signature"), kConflict ("registry.serial"),
// kInvalid. Whoever the file has no statement of is listed as unknown, and no error.
Result<Parties> CheckParties(const Evidence& evidence, const CheckedEvidence& checked, std::string_view origin,
                             const Registrars& registrars);
// The organisations that evidence names: whose statements belong in it. In order.
std::vector<OrgId> PartiesNamed(const Evidence& evidence, std::string_view origin);

}  // namespace schakel
