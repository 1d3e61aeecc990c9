// People and trajectories out of a table. Each line is checked as it would be when it is made one by one; a line that
// is wrong holds all back, unless the bad ones are to be skipped. What is there already is left as it is, so the same
// table twice makes nothing twice: people by their login, trajectories by the key that stands in the table.
//
// Threads: any. Durability: what the report says was made is in the vault.
#pragma once

#include <string>

#include "router.h"

namespace schakel {

struct ImportRequest {
  std::string csv;
  bool dry_run = false;
  bool skip_bad = false;
};
// {"rows": [{"line", "key", "outcome", ..}], "made", "unchanged", "wrong", "dry_run", "refused"}. Outcomes:
// "would-make" (in a dry run, or since another line held it back), "made", "unchanged", "wrong" (then "problem" says
// rule, field and next step). Of people who were made, "invitation" and "link", once. Errors: those of ReadCsv;
// kInvalid
// ("import.column": a column is missing, twice or unknown).
Result<Json> ImportPeople(Call& call, const ImportRequest& request);
Result<Json> ImportTrajectories(Call& call, const ImportRequest& request);

}  // namespace schakel
