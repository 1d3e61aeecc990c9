#include "meeting_tasks.h"

namespace schakel {
namespace {

class MeetingTasks {
 public:
  MeetingTasks(const OrgId& self, const Meeting& meeting, Timestamp now, std::vector<InboxItem>& to)
      : self_(self), meeting_(meeting), now_(now), to_(to) {}

  void Collect() {
    if (!IsNone(meeting_.cancelled)) return;
    if (meeting_.convener != self_) {
      AskVote();
    } else if (IsNone(meeting_.fixed)) {
      FollowPoll();
    } else {
      FollowDate();
    }
  }

 private:
  using What = InboxItem::What;

  void AskVote() {
    if (!IsNone(meeting_.fixed) || !meeting_.proposal || meeting_.votes.contains(self_)) return;
    if (WaitsForFamily(meeting_)) return;
    const auto open = OpenSlots(meeting_);
    std::optional<Timestamp> due = meeting_.proposal->answer_by;
    if (!due && !open.empty()) due = meeting_.proposal->slots[open.front()].begins_at;
    Add(What::kVote, meeting_.id, meeting_.convener, Kind::kMeetingProposal, meeting_.proposed_at, due, meeting_.id);
  }

  // No date yet.
  void FollowPoll() {
    const bool all_in = meeting_.outstanding.empty() && meeting_.outstanding_guests.empty();
    const bool waits_for_family = WaitsForFamily(meeting_);
    if (waits_for_family && all_in && !meeting_.guests.empty()) {
      AddOwn(What::kFamily);
    } else if (!waits_for_family && all_in && !meeting_.votes.empty()) {
      AddOwn(What::kFix);
    } else if (!waits_for_family && !FoundDates(meeting_).empty()) {
      AddOwn(What::kQuorum);
    }
    AddRefusals(Kind::kMeetingVote);
    const auto answer_by = meeting_.proposal ? meeting_.proposal->answer_by : std::nullopt;
    if (answer_by && !all_in && now_ >= *answer_by - kVotesDueSoon) {
      Add(What::kVotesLate, meeting_.id, self_, Kind::kMeetingProposal, meeting_.proposed_at, answer_by, meeting_.id);
    }
  }

  void FollowDate() {
    AddRefusals(Kind::kMeetingAnswer);
    for (const Meeting::Answer& answer : meeting_.answers) {
      if (!answer.counter || IsStale(meeting_, answer)) continue;
      const OrgId& from = answer.organisation.value().empty() ? self_ : answer.organisation;
      Add(What::kCounter, answer.record, from, Kind::kMeetingAnswer, answer.at, std::nullopt);
    }
    if (meeting_.slot && meeting_.slot->ends_at <= now_ && IsNone(meeting_.report)) {
      Add(What::kReport, meeting_.id, self_, Kind::kMeetingFixed, meeting_.proposed_at, std::nullopt);
    }
  }

  void AddRefusals(Kind kind) {
    for (const RequiredVoice& voice : RequiredVoices(meeting_)) {
      if (!voice.refuses) continue;
      const OrgId& from = voice.organisation.value().empty() ? self_ : voice.organisation;
      Add(What::kRequiredNo, voice.record, from, kind, meeting_.proposed_at, std::nullopt);
    }
  }

  void AddOwn(What what) { Add(what, meeting_.id, self_, Kind::kMeetingProposal, meeting_.proposed_at, std::nullopt); }
  void Add(What what, const RecordId& record, const OrgId& from, Kind kind, Timestamp at, std::optional<Timestamp> due,
           const RecordId& due_record = {}) {
    to_.push_back({what, record, meeting_.trajectory, from, kind, at, due, due_record, std::nullopt});
  }

  const OrgId& self_;
  const Meeting& meeting_;
  const Timestamp now_;
  std::vector<InboxItem>& to_;
};

}  // namespace

void AddMeetingTasks(const OrgId& self, const Meeting& meeting, Timestamp now, std::vector<InboxItem>& to) {
  MeetingTasks(self, meeting, now, to).Collect();
}

}  // namespace schakel
