// Fixing the date: held to what was proposed, to what the family chose and to the terms.
#include <algorithm>
#include <string>

#include "agents/meetings.h"
#include "blank.h"
#include "meeting_drafts.h"
#include "sending.h"

namespace schakel {
namespace {

void AddOnce(std::vector<std::string>& to, std::string one) {
  if (std::ranges::find(to, one) == to.end()) to.push_back(std::move(one));
}

std::string Joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

// By what they are to the young person: names are for no error.
std::string Guests(const Meeting& meeting, const std::vector<RecordId>& which) {
  std::vector<std::string> words;
  for (const Meeting::Guest& guest : meeting.guests) {
    if (std::ranges::find(which, guest.id) != which.end()) AddOnce(words, std::string(Slug(guest.who)));
  }
  return Joined(words);
}

// Who of the family was not heard; where all were, whose choice was not passed on.
std::string FamilyOf(const Meeting& meeting) {
  if (!meeting.outstanding_guests.empty()) return Guests(meeting, meeting.outstanding_guests);
  std::vector<std::string> words;
  for (const Meeting::Guest& guest : meeting.guests) AddOnce(words, std::string(Slug(guest.who)));
  if (!words.empty()) return Joined(words);
  for (const Speaker client : {Speaker::kYoungPerson, Speaker::kMother, Speaker::kFather}) {
    const auto& out = meeting.proposal->left_out;
    if (std::ranges::find(out, client) == out.end()) AddOnce(words, std::string(Slug(client)));
  }
  return Joined(words);
}

std::string RequiredIn(const Lacking& lacking) {
  std::vector<std::string> words;
  for (const RequiredVoice& voice : lacking.required) {
    AddOnce(words, voice.organisation.value().empty() ? std::string(Slug(voice.client)) : voice.organisation.value());
  }
  return Joined(words);
}

// "1/3: clb-leuven, mother": how many said yes, of how many it takes, and who may still answer.
std::string QuorumOf(const Meeting& meeting, std::size_t slot) {
  std::vector<std::string> words;
  for (const OrgId& one : meeting.outstanding) AddOnce(words, one.value());
  if (std::string guests = Guests(meeting, meeting.outstanding_guests); !guests.empty()) words.push_back(guests);
  const std::string count = std::to_string(meeting.tallies[slot].yes) + "/" + std::to_string(meeting.terms.quorum);
  return words.empty() ? count : count + ": " + Joined(words);
}

Status CheckLacking(const Meeting& meeting, std::size_t slot) {
  const Lacking lacking = LackingOf(meeting, slot);
  if (lacking.family) {
    return Fail(Code::kConflict, "meeting.family_open", FamilyOf(meeting),
                "hear the family and pass on what suits them, or say why it is fixed without");
  }
  if (!lacking.required.empty()) {
    return Fail(Code::kConflict, "meeting.required_open", RequiredIn(lacking),
                "wait for their yes, choose another date, or say why it is fixed without");
  }
  if (lacking.quorum) {
    return Fail(Code::kConflict, "meeting.quorum", QuorumOf(meeting, slot),
                "wait for more answers, choose another date, or say why it is fixed without");
  }
  return {};
}

// Somebody answered the date as it stands with that one.
bool WasAskedFor(const Meeting& meeting, const MeetingSlot& slot) {
  return std::ranges::any_of(meeting.answers, [&](const Meeting::Answer& one) {
    return one.counter == slot && !one.occurrence && !IsStale(meeting, one);
  });
}

// Of a whole meeting. A reason stands in for the votes, never for the proposal: where no date held yet, the date is one
// that was proposed.
Status CheckDate(const Meeting& meeting, const FixedBody& fixed) {
  const std::vector<MeetingSlot> none;
  const auto& slots = meeting.proposal ? meeting.proposal->slots : none;
  const auto found = std::ranges::find(slots, fixed.slot);
  const bool reasoned = !IsBlank(fixed.reason);
  if (found != slots.end()) {
    const auto index = static_cast<std::size_t>(found - slots.begin());
    if (!IsOpen(meeting, index)) {
      return Fail(Code::kConflict, "meeting.closed_date", "slot",
                  "choose a date that suits the family, or ask them again");
    }
    const bool stands = meeting.slot == fixed.slot && IsNone(meeting.cancelled);  // The place changes, or how often.
    return reasoned || stands ? Status() : CheckLacking(meeting, index);
  }
  if (IsNone(meeting.fixed)) {
    return Fail(Code::kConflict, "meeting.not_proposed", "slot", "choose a date of the proposal, or propose others");
  }
  if (reasoned || meeting.slot == fixed.slot || WasAskedFor(meeting, fixed.slot)) return {};
  return Fail(Code::kConflict, "meeting.moved", "reason", "say why, or choose a date of the proposal");
}

}  // namespace

Result<Sent> MeetingService::Fix(const RecordId& id, FixedBody fixed, const Audience& audience) {
  SCHAKEL_ASSIGN(const Meeting meeting, Own(id));
  if (IsNone(meeting.cancelled)) SCHAKEL_TRY(CheckAhead(meeting));  // What was called off may be fixed anew.
  SCHAKEL_TRY(CheckOccurrence(meeting, fixed.occurrence));
  SCHAKEL_TRY(CheckBody(fixed));
  if (fixed.slot.ends_at <= clock_.Now()) {
    return Fail(Code::kConflict, "meeting.over", "slot",
                "choose a date that is still to come; of what was held, share the report");
  }
  if (!fixed.occurrence) SCHAKEL_TRY(CheckDate(meeting, fixed));
  if (fixed.place.empty() && meeting.proposal) fixed.place = meeting.proposal->place;
  SCHAKEL_ASSIGN(Body body, EncodeBody(fixed));
  return Send(engine_, ReplyTo(meeting, Kind::kMeetingFixed, std::move(body)), InvitedTo(meeting), audience);
}

}  // namespace schakel
