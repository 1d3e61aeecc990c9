#include "fold_meetings.h"

#include "fold.h"

namespace schakel {

void MeetingFold::Propose(const CaseRecord& record) {
  const Header& header = record.held.header;
  Meeting meeting;
  meeting.id = header.id;
  meeting.trajectory = header.trajectory;
  meeting.convener = header.author;
  meeting.proposed_at = record.held.at;
  meeting.purpose = header.purpose;
  meeting.categories = header.categories;
  meeting.invited = Reached(self_, record.held);
  if (const auto* body = As<ProposalBody>(record)) {
    meeting.proposal = *body;
    meeting.tallies.resize(body->slots.size());
  }
  places_[header.id] = meetings_.size();
  meetings_.push_back(std::move(meeting));
}

void MeetingFold::Reply(const CaseRecord& record) {
  const Header& header = record.held.header;
  const auto place = places_.find(header.thread);
  if (place == places_.end()) return;
  Meeting& meeting = meetings_[place->second];
  const bool convener = header.author == meeting.convener;
  if (const auto* vote = As<VoteBody>(record); vote != nullptr && header.kind == Kind::kMeetingVote) {
    const bool fits = meeting.proposal && vote->choices.size() == meeting.proposal->slots.size();
    if (fits) meeting.votes[header.author] = {header.id, vote->choices};
  } else if (const auto* fixed = As<FixedBody>(record);
             fixed != nullptr && header.kind == Kind::kMeetingFixed && convener) {
    meeting.fixed = header.id;
    meeting.slot = fixed->slot;
  } else if (header.kind == Kind::kMeetingReport && convener) {
    meeting.report = header.id;
  }
}

void MeetingFold::Settle(Meeting& meeting) {
  for (const OrgId& invited : meeting.invited) {
    if (!meeting.votes.contains(invited)) meeting.outstanding.push_back(invited);
  }
  for (const auto& [organisation, vote] : meeting.votes) {
    for (std::size_t i = 0; i < vote.choices.size(); ++i) {
      Meeting::Tally& tally = meeting.tallies[i];
      ++(vote.choices[i] == VoteChoice::kYes     ? tally.yes
         : vote.choices[i] == VoteChoice::kMaybe ? tally.maybe
                                                 : tally.no);
    }
  }
}

std::vector<Meeting> MeetingFold::Finish() {
  for (Meeting& meeting : meetings_) Settle(meeting);
  return std::move(meetings_);
}

}  // namespace schakel
