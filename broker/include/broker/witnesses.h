// What each organisation last cosigned: one head of our log an organisation, checked before it is kept.
//
// Kept in memory and in snapshots; after a crash the agents bring it again when they connect.
// Threads: one object, one thread.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "protocol/checkpoint.h"
#include "protocol/ids.h"

namespace schakel {

class Witnesses {
 public:
  struct Kept {
    TreeHead head;
    std::string note;  // The log's signature and that of the one witness.
  };

  // Keeps `kept` unless a larger head of `organisation` is known.
  void Keep(const OrgId& organisation, Kept kept);
  // The notes with the largest heads, at most `count`.
  std::vector<std::string> Newest(std::size_t count) const;
  // Of another than `organisation`: the next one each time; empty if there is none.
  std::string NextFor(const OrgId& organisation);

  const std::map<OrgId, Kept>& all() const { return kept_; }

 private:
  std::map<OrgId, Kept> kept_;  // As many as there are organisations; some 500 bytes each.
  OrgId turn_;                  // Whose was handed out last.
};

}  // namespace schakel
