// Guests of meetings in the answers about who saw what: who they are to the young person, and what became of their
// links. Pure but for what it reads from the case file at first.
//
// Threads: one object, one thread.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "agents/services.h"
#include "people/guest_links.h"

namespace schakel {

// Those of one trajectory that we invited, also who was taken off since.
class GuestNames {
 public:
  GuestNames(const Engine& engine, Cases& cases, const TrajectoryId& id);
  bool empty() const { return guests_.empty(); }

  // What a guest did or said says so, instead of passing for a worker's. Where the region's rules have it so
  // (names_by_role), no name is left.
  void Mark(AccessRow& row) const;
  // As rows, marked.
  std::vector<AccessRow> LinksIn(const std::map<RecordId, std::vector<GuestEvent>>& by_guest) const;

 private:
  struct Guest {
    RecordId id;
    Speaker who = Speaker::kYoungPerson;
    std::string person;  // As whom the looks are logged.
  };
  const Guest* FindPerson(const std::string& person) const;
  const Guest* Find(const RecordId& id) const;

  const OrgId self_;
  const TrajectoryId trajectory_;
  const bool names_by_role_;
  std::vector<Guest> guests_;
  std::map<std::string, std::size_t> by_person_;  // PersonKey; which of them.
  std::map<RecordId, std::size_t> by_word_;       // By what they said with their link.
};

}  // namespace schakel
