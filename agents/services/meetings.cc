// Finding a date.
#include "agents/meetings.h"

#include <algorithm>

#include "ical.h"
#include "meeting_drafts.h"
#include "sending.h"

namespace schakel {
namespace {

Purpose PurposeOf(MeetingKind kind) {
  switch (kind) {
    case MeetingKind::kEvolutionReview:
    case MeetingKind::kReview3Months:
    case MeetingKind::kReview6Months:
    case MeetingKind::kReviewBeforeHearing:
      return Purpose::kEvaluation;
    case MeetingKind::kRoundTable:
    case MeetingKind::kIntake:
      break;
  }
  return Purpose::kRoundTable;
}

void PutInOrder(std::vector<Speaker>& speakers) {
  std::ranges::sort(speakers);
  const auto twice = std::ranges::unique(speakers);
  speakers.erase(twice.begin(), twice.end());
}

bool AsksAnything(const TermsBody& terms) {
  return terms.quorum != 0 || !terms.required.empty() || !terms.required_clients.empty();
}

bool IsLeftOut(const ProposalBody& proposal, Speaker client) {
  if (client == Speaker::kOther) return false;
  return !proposal.clients_invited || std::ranges::find(proposal.left_out, client) != proposal.left_out.end();
}

// `asked`: the organisations that hear of it.
Status CheckRequired(const TermsBody& terms, const std::vector<OrgId>& asked, const ProposalBody* proposal) {
  for (const OrgId& one : terms.required) {
    if (std::ranges::find(asked, one) != asked.end()) continue;
    return Fail(Code::kInvalid, "meeting.required", one.value(), "require only whom you ask");
  }
  for (const Speaker client : terms.required_clients) {
    if (proposal == nullptr || !IsLeftOut(*proposal, client)) continue;
    return Fail(Code::kInvalid, "meeting.required", std::string(Slug(client)), "require only whom you ask");
  }
  return {};
}

Status CheckReached(const TermsBody& terms, const std::vector<OrgId>& reached) {
  for (const OrgId& one : terms.required) {
    if (std::ranges::find(reached, one) != reached.end()) continue;
    return Fail(Code::kConflict, "meeting.required_unreached", one.value(),
                "record a grant for meetings first, or require it not");
  }
  return {};
}

Error NeedsChoices(std::size_t count) {
  return {Code::kInvalid, "meeting.votes", "choices", "give one choice for each date: " + std::to_string(count)};
}

// One choice for each date, from one for each of those that are open.
Result<std::vector<VoteChoice>> ForEachDate(const Meeting& meeting, const std::vector<VoteChoice>& choices) {
  const std::size_t dates = meeting.tallies.size();
  const auto open = OpenSlots(meeting);
  std::vector<VoteChoice> all(dates, VoteChoice::kNo);
  if (choices.size() == open.size()) {
    for (std::size_t i = 0; i < open.size(); ++i) all[open[i]] = choices[i];
    return all;
  }
  if (choices.size() != dates) return std::unexpected(NeedsChoices(open.size()));
  for (std::size_t i = 0; i < dates; ++i) {
    if (!IsOpen(meeting, i) && choices[i] != VoteChoice::kNo) {
      return Fail(Code::kConflict, "meeting.closed_date", "choices",
                  "answer no to the dates that do not suit the family");
    }
  }
  return choices;
}

}  // namespace

bool InvitesFamily(const ProposalBody& proposal) {
  constexpr std::size_t kClients = 3;
  // One that stands there twice is one.
  std::vector<Speaker> left_out = proposal.left_out;
  PutInOrder(left_out);
  std::erase(left_out, Speaker::kOther);
  return proposal.clients_invited && left_out.size() < kClients;
}

Status CheckOccurrence(const Meeting& meeting, const std::optional<Timestamp>& occurrence) {
  if (!occurrence) return {};
  const auto all = OccurrencesOf(meeting);
  const bool of_series = meeting.times > 1 && std::ranges::find(all, *occurrence, &MeetingSlot::begins_at) != all.end();
  if (of_series) return {};
  return Fail(Code::kInvalid, "meeting.occurrence", "occurrence", "name when one of the series would begin");
}

Status MeetingService::CheckProposal(const ProposalBody& proposal) const {
  const Timestamp now = clock_.Now();
  for (auto slot = proposal.slots.begin(); slot != proposal.slots.end(); ++slot) {
    if (slot->begins_at < now) {
      return Fail(Code::kInvalid, "meeting.past", "slots", "propose dates that are still to come");
    }
    if (std::find(proposal.slots.begin(), slot, *slot) != slot) {
      return Fail(Code::kInvalid, "meeting.twice", "slots", "propose each date once");
    }
  }
  if (proposal.answer_by && *proposal.answer_by <= now) {
    return Fail(Code::kInvalid, "meeting.answer_by", "answer_by", "choose a time that is still to come");
  }
  if (proposal.family_first && !InvitesFamily(proposal)) {
    return Fail(Code::kInvalid, "meeting.family_first", "family_first", "invite the family, or let all answer at once");
  }
  return {};
}

Result<Sent> MeetingService::Propose(const TrajectoryId& id, ProposalBody proposal, const Audience& audience,
                                     TermsBody terms) {
  SCHAKEL_ASSIGN(const CaseTrajectory trajectory, cases_.Trajectory(id));
  PutInOrder(proposal.left_out);
  SCHAKEL_TRY(CheckProposal(proposal));
  const std::vector<OrgId> usual = OthersIn(trajectory, engine_.Self());
  SCHAKEL_TRY(CheckRequired(terms, audience.named.empty() ? usual : audience.named, &proposal));
  PutInOrder(terms.required_clients);
  SCHAKEL_TRY(CheckBody(terms));
  Draft draft;
  draft.kind = Kind::kMeetingProposal;
  draft.trajectory = id;
  draft.purpose = PurposeOf(proposal.kind);
  draft.categories = {Category::kMeeting};
  SCHAKEL_ASSIGN(draft.body, EncodeBody(proposal));
  // All of the terms is checked before anything is sent: a proposal never stands without them.
  if (!terms.required.empty()) {
    Audience first_look = audience;
    first_look.preview = true;
    SCHAKEL_ASSIGN(const Sent foreseen, Send(engine_, draft, usual, first_look));
    SCHAKEL_TRY(CheckReached(terms, foreseen.reaches));
  }
  SCHAKEL_ASSIGN(const Sent sent, Send(engine_, std::move(draft), usual, audience));
  if (sent.outcome == Sent::Outcome::kSent && AsksAnything(terms)) {
    SCHAKEL_ASSIGN(const Meeting meeting, Find(sent.record));
    SCHAKEL_TRY(SayTerms(meeting, std::move(terms), {}));
  }
  return sent;
}

Result<Meeting> MeetingService::Find(const RecordId& id) {
  return cases_.With([&](CaseFile& file) -> Result<Meeting> {
    const Meeting* found = file.FindMeeting(id);
    if (found == nullptr) return Fail(Code::kNotFound, "id.unknown", "meeting", "check the id");
    return *found;
  });
}

Result<Meeting> MeetingService::Own(const RecordId& id) {
  SCHAKEL_ASSIGN(Meeting meeting, Find(id));
  if (meeting.convener == engine_.Self()) return meeting;
  return Fail(Code::kDenied, "meeting.convener", "meeting", "leave this to who convened the meeting");
}

Result<Sent> MeetingService::SetTerms(const RecordId& id, TermsBody terms, const Audience& audience) {
  SCHAKEL_ASSIGN(const Meeting meeting, Own(id));
  SCHAKEL_TRY(CheckRequired(terms, InvitedTo(meeting), meeting.proposal ? &*meeting.proposal : nullptr));
  PutInOrder(terms.required_clients);
  return SayTerms(meeting, std::move(terms), audience);
}

Result<Sent> MeetingService::SayTerms(const Meeting& meeting, TermsBody terms, const Audience& audience) {
  SCHAKEL_ASSIGN(Body body, EncodeBody(terms));
  return Send(engine_, ReplyTo(meeting, Kind::kMeetingTerms, std::move(body)), {}, ToNobody(audience));
}

Result<Sent> MeetingService::Vote(const RecordId& id, VoteBody vote, const Audience& audience) {
  SCHAKEL_ASSIGN(const Meeting meeting, Find(id));
  SCHAKEL_TRY(CheckAhead(meeting));
  SCHAKEL_TRY(CheckBody(vote));
  if (!meeting.proposal) return std::unexpected(NeedsChoices(0));
  if (WaitsForFamily(meeting)) {
    return Fail(Code::kConflict, "meeting.family_first", "meeting", "wait until the family chose; the inbox tells");
  }
  SCHAKEL_ASSIGN(vote.choices, ForEachDate(meeting, vote.choices));
  SCHAKEL_ASSIGN(Body body, EncodeBody(vote));
  return Send(engine_, ReplyTo(meeting, Kind::kMeetingVote, std::move(body)), {meeting.convener}, audience);
}

Result<Sent> MeetingService::Invite(const RecordId& id, const GuestBody& guest, const Audience& audience) {
  SCHAKEL_ASSIGN(const Meeting meeting, Own(id));
  SCHAKEL_TRY(CheckAhead(meeting));
  if (!guest.address.empty()) SCHAKEL_TRY(CheckICalAddress(guest.address, "address"));
  SCHAKEL_ASSIGN(Body body, EncodeBody(guest));
  return Send(engine_, ReplyTo(meeting, Kind::kMeetingGuest, std::move(body)), {}, ToNobody(audience));
}

Result<Sent> MeetingService::TakeOff(const RecordId& id, const RecordId& guest, const std::string& why,
                                     const Audience& audience) {
  SCHAKEL_ASSIGN(const Meeting meeting, Own(id));
  if (std::ranges::find(meeting.guests, guest, &Meeting::Guest::id) == meeting.guests.end()) {
    return Fail(Code::kNotFound, "meeting.guest", "guest", "see who is invited: tables show");
  }
  SCHAKEL_ASSIGN(Body body, EncodeBody(WithdrawalBody{why}));
  Draft draft = ReplyTo(meeting, Kind::kMeetingGuest, std::move(body));
  draft.references.push_back(guest);
  return Send(engine_, std::move(draft), {}, ToNobody(audience));
}

Result<Sent> MeetingService::VoteFor(const RecordId& id, const RecordId& guest, const VoteBody& vote,
                                     const Audience& audience) {
  SCHAKEL_ASSIGN(const Meeting meeting, Own(id));
  SCHAKEL_TRY(CheckAhead(meeting));
  if (std::ranges::find(meeting.guests, guest, &Meeting::Guest::id) == meeting.guests.end()) {
    return Fail(Code::kNotFound, "meeting.guest", "guest", "see who is invited: tables show");
  }
  if (vote.choices.size() != meeting.tallies.size()) return std::unexpected(NeedsChoices(meeting.tallies.size()));
  SCHAKEL_ASSIGN(Body body, EncodeBody(vote));
  Draft draft = ReplyTo(meeting, Kind::kMeetingVote, std::move(body));
  draft.references.push_back(guest);
  return Send(engine_, std::move(draft), {}, ToNobody(audience));
}

Result<Sent> MeetingService::PassOn(const RecordId& id, VoteBody choice, const Audience& audience) {
  SCHAKEL_ASSIGN(const Meeting meeting, Own(id));
  SCHAKEL_TRY(CheckAhead(meeting));
  if (choice.choices.empty()) {
    const bool heard = std::ranges::any_of(meeting.guests, [](const auto& guest) { return guest.vote.has_value(); });
    if (!heard) {
      return Fail(Code::kConflict, "meeting.family_unheard", "choices", "ask the family, or say which dates suit them");
    }
    choice.choices = FamilyChoices(meeting);
  }
  if (choice.choices.size() != meeting.tallies.size()) return std::unexpected(NeedsChoices(meeting.tallies.size()));
  if (std::ranges::all_of(choice.choices, [](VoteChoice one) { return one == VoteChoice::kNo; })) {
    return Fail(Code::kConflict, "meeting.family_none", "choices", "propose other dates");
  }
  SCHAKEL_ASSIGN(Body body, EncodeBody(choice));
  return Send(engine_, ReplyTo(meeting, Kind::kMeetingFamily, std::move(body)), InvitedTo(meeting), audience);
}

}  // namespace schakel
