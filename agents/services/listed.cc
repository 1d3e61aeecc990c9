#include "listed.h"

#include <algorithm>

namespace schakel {

Status CheckListed(const Engine& engine, const OrgId& organisation, const char* field) {
  const auto is_it = [&](const Directory::Organisation& one) { return one.statement.organisation == organisation; };
  if (std::ranges::any_of(engine.Organisations(), is_it)) return {};
  return Fail(Code::kNotFound, "directory.organisation", field, "choose one from the directory");
}

}  // namespace schakel
