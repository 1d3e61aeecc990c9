#include "fold_meetings.h"

#include <algorithm>

#include "fold.h"

namespace schakel {
namespace {

bool Fits(const Meeting& meeting, const VoteBody& vote) {
  return meeting.proposal && vote.choices.size() == meeting.proposal->slots.size();
}

// The guest in whose name the convener writes: the second record that it refers to. Null: in its own.
Meeting::Guest* GuestOf(Meeting& meeting, const Header& header) {
  if (header.author != meeting.convener || header.references.size() < 2) return nullptr;
  const auto found = std::ranges::find(meeting.guests, header.references[1], &Meeting::Guest::id);
  return found == meeting.guests.end() ? nullptr : &*found;
}
bool NamesAGuest(const Meeting& meeting, const Header& header) {
  return header.author == meeting.convener && header.references.size() >= 2;
}

// When or whether it takes place was said before.
std::uint32_t NextRevision(const Meeting& meeting) {
  const bool first = IsNone(meeting.fixed) && IsNone(meeting.cancelled);
  return first ? 0 : meeting.revision + 1;
}

void Count(const std::vector<VoteChoice>& choices, std::vector<Meeting::Tally>& tallies) {
  for (std::size_t i = 0; i < choices.size(); ++i) {
    Meeting::Tally& tally = tallies[i];
    ++(choices[i] == VoteChoice::kYes ? tally.yes : choices[i] == VoteChoice::kMaybe ? tally.maybe : tally.no);
  }
}

}  // namespace

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
  meetings_.push_back({std::move(meeting), {}});
}

void MeetingFold::Reply(const CaseRecord& record) {
  const Header& header = record.held.header;
  const auto place = places_.find(header.thread);
  if (place == places_.end()) return;
  Open& open = meetings_[place->second];
  Meeting& meeting = open.meeting;
  if (const auto* vote = As<VoteBody>(record); vote != nullptr && header.kind == Kind::kMeetingVote) {
    Vote(meeting, header, *vote);
  } else if (const auto* body = As<AttendBody>(record); body != nullptr && header.kind == Kind::kMeetingAnswer) {
    Answer(open, record.held, *body);
  } else if (header.author == meeting.convener) {
    SayAsConvener(meeting, record);
  }
}

void MeetingFold::SayAsConvener(Meeting& meeting, const CaseRecord& record) {
  const HeldRecord& held = record.held;
  const RecordId& id = held.header.id;
  switch (held.header.kind) {
    case Kind::kMeetingGuest:
      if (const auto* guest = As<GuestBody>(record)) meeting.guests.push_back({id, guest->who, {}});
      if (As<WithdrawalBody>(record) != nullptr && held.header.references.size() >= 2) {
        std::erase_if(meeting.guests, [&](const auto& one) { return one.id == held.header.references[1]; });
      }
      return;
    case Kind::kMeetingTerms:
      if (const auto* terms = As<TermsBody>(record)) {
        meeting.terms_record = id;
        meeting.terms = *terms;
      }
      return;
    case Kind::kMeetingFamily:
      if (const auto* choice = As<VoteBody>(record); choice != nullptr && Fits(meeting, *choice)) {
        meeting.family = id;
        meeting.family_choices = choice->choices;
      }
      return;
    case Kind::kMeetingFixed:
      if (const auto* fixed = As<FixedBody>(record)) Fix(meeting, held, *fixed);
      return;
    case Kind::kMeetingCancelled:
      if (const auto* cancel = As<CancelBody>(record)) Cancel(meeting, held, *cancel);
      return;
    case Kind::kMeetingReport:
      meeting.report = id;
      return;
    default:
      return;
  }
}

void MeetingFold::Fix(Meeting& meeting, const HeldRecord& held, const FixedBody& fixed) {
  // Said once more, or with another place: whoever answered that date goes on doing so.
  const bool same = !fixed.occurrence && meeting.slot == fixed.slot && meeting.every_weeks == fixed.every_weeks &&
                    meeting.times == fixed.times && meeting.changes.empty() && IsNone(meeting.cancelled);
  if (!same) meeting.revision = NextRevision(meeting);
  meeting.changed_at = held.at;
  if (fixed.occurrence) {
    meeting.changes[*fixed.occurrence] = {held.header.id, fixed.slot, meeting.revision};
    return;
  }
  meeting.fixed = held.header.id;
  meeting.slot = fixed.slot;
  meeting.every_weeks = fixed.every_weeks;
  meeting.times = fixed.times;
  meeting.changes.clear();
  meeting.cancelled = {};
}

void MeetingFold::Cancel(Meeting& meeting, const HeldRecord& held, const CancelBody& cancel) {
  meeting.revision = NextRevision(meeting);
  meeting.changed_at = held.at;
  if (cancel.occurrence) {
    meeting.changes[*cancel.occurrence] = {held.header.id, std::nullopt, meeting.revision};
    return;
  }
  meeting.cancelled = held.header.id;
}

void MeetingFold::Vote(Meeting& meeting, const Header& header, const VoteBody& vote) {
  if (!Fits(meeting, vote)) return;
  if (Meeting::Guest* guest = GuestOf(meeting, header)) {
    guest->vote = {header.id, vote.choices};
  } else if (!NamesAGuest(meeting, header)) {
    meeting.votes[header.author] = {header.id, vote.choices};
  }
}

void MeetingFold::Answer(Open& open, const HeldRecord& held, const AttendBody& body) {
  Meeting::Answer answer;
  if (NamesAGuest(open.meeting, held.header)) {
    const Meeting::Guest* guest = GuestOf(open.meeting, held.header);
    if (guest == nullptr) return;
    answer.guest = guest->id;
  } else {
    answer.organisation = held.header.author;
  }
  answer.occurrence = body.occurrence;
  answer.record = held.header.id;
  answer.at = held.at;
  answer.attending = body.attending;
  answer.revision = body.revision;
  answer.counter = body.counter;
  const Voice voice(answer.organisation, answer.guest, answer.occurrence);
  open.answers[voice] = std::move(answer);
}

void MeetingFold::Settle(Open& open) {
  Meeting& meeting = open.meeting;
  for (auto& [voice, answer] : open.answers) {
    // Of a guest who was taken off since, nothing counts any more.
    const bool stays = IsNone(answer.guest) ||
                       std::ranges::find(meeting.guests, answer.guest, &Meeting::Guest::id) != meeting.guests.end();
    if (stays) meeting.answers.push_back(std::move(answer));
  }
  for (const auto& [organisation, vote] : meeting.votes) Count(vote.choices, meeting.tallies);
  for (const Meeting::Guest& guest : meeting.guests) {
    if (guest.vote) {
      Count(guest.vote->choices, meeting.tallies);
    } else if (IsNone(meeting.family)) {
      meeting.outstanding_guests.push_back(guest.id);
    }
  }
  if (WaitsForFamily(meeting)) return;
  for (const OrgId& invited : meeting.invited) {
    if (!meeting.votes.contains(invited)) meeting.outstanding.push_back(invited);
  }
}

std::vector<Meeting> MeetingFold::Finish() {
  std::vector<Meeting> all;
  all.reserve(meetings_.size());
  for (Open& open : meetings_) {
    Settle(open);
    all.push_back(std::move(open.meeting));
  }
  return all;
}

}  // namespace schakel
