// Round tables, evolution reviews, intakes: from a proposal to its report. One service of services.h, whose rules on
// sending, showing, threads and errors hold.
#pragma once

#include "agents/services.h"

namespace schakel {

class MeetingService {
 public:
  MeetingService(Engine& engine, Cases& cases, Clock& clock) : engine_(engine), cases_(cases), clock_(clock) {}

  // kInvalid ("meeting.past"): a date that has passed; ("meeting.twice"): a date that stands there twice.
  Result<Sent> Propose(const TrajectoryId& id, const ProposalBody& proposal, const Audience& audience);
  // kInvalid ("meeting.votes"): one choice for each date.
  Result<Sent> Vote(const RecordId& meeting, const VoteBody& vote, const Audience& audience);
  // kDenied ("meeting.convener"). An empty place: that of the proposal.
  Result<Sent> Fix(const RecordId& meeting, FixedBody fixed, const Audience& audience);
  Result<Sent> Report(const RecordId& meeting, const ReportBody& report, CategorySet also, const Audience& audience);
  Result<Meeting> Find(const RecordId& id);

 private:
  Engine& engine_;
  Cases& cases_;
  Clock& clock_;
};

}  // namespace schakel
