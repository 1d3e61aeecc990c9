// The meetings of one trajectory, folded from records in the log's order. Pure.
#pragma once

#include <map>
#include <tuple>
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
  using Voice = std::tuple<OrgId, RecordId, std::optional<Timestamp>>;  // Organisation, guest, occurrence.
  struct Open {
    Meeting meeting;
    std::map<Voice, Meeting::Answer> answers;
  };
  static void SayAsConvener(Meeting& meeting, const CaseRecord& record);
  static void Fix(Meeting& meeting, const HeldRecord& held, const FixedBody& fixed);
  static void Cancel(Meeting& meeting, const HeldRecord& held, const CancelBody& cancel);
  static void Vote(Meeting& meeting, const Header& header, const VoteBody& vote);
  static void Answer(Open& open, const HeldRecord& held, const AttendBody& body);
  static void Settle(Open& open);

  const OrgId& self_;
  std::vector<Open> meetings_;
  std::unordered_map<RecordId, std::size_t, IdHash> places_;  // Where each stands.
};

}  // namespace schakel
