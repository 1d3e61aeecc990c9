// The meetings of one trajectory, folded from records in the log's order. Pure.
#pragma once

#include <unordered_map>
#include <vector>

#include "agents/case_file.h"

namespace schakel {

class MeetingFold {
 public:
  explicit MeetingFold(const OrgId& self) : self_(self) {}

  void Propose(const CaseRecord& record);
  // After all proposals. Of a thread that is no meeting's: nothing.
  void Reply(const CaseRecord& record);
  std::vector<Meeting> Finish();  // Once, at the end.

 private:
  void Settle(Meeting& meeting);

  const OrgId& self_;
  std::vector<Meeting> meetings_;
  std::unordered_map<RecordId, std::size_t, IdHash> places_;  // Where each stands.
};

}  // namespace schakel
