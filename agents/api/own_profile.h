// The profile of the own sector.
#pragma once

#include "router.h"

namespace schakel {

// Where our sector has no profile, it asks no questions of its own.
inline Profile OwnProfile(const Desk& desk) {
  for (const Directory::Organisation& one : desk.engine.Organisations()) {
    if (one.statement.organisation != desk.engine.Self()) continue;
    const auto found = desk.profiles.find(one.statement.sector);
    if (found != desk.profiles.end()) return found->second;
  }
  return {};
}

}  // namespace schakel
