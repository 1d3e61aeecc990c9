// What follows from the votes and answers of a meeting.
#include "agents/meeting.h"

#include <algorithm>

#include "local_time.h"

namespace schakel {
namespace {

bool Says(const Meeting::Vote& vote, std::size_t slot, VoteChoice choice) {
  return slot < vote.choices.size() && vote.choices[slot] == choice;
}

bool RefusesAll(const Meeting::Vote& vote, const std::vector<std::size_t>& open) {
  return !open.empty() && std::ranges::all_of(open, [&](std::size_t i) { return Says(vote, i, VoteChoice::kNo); });
}

// The answer to the date as it stands; null: none yet.
const Meeting::Answer* AnswerOf(const Meeting& meeting, const OrgId& organisation, const RecordId& guest) {
  const auto found = std::ranges::find_if(meeting.answers, [&](const Meeting::Answer& one) {
    return one.organisation == organisation && one.guest == guest && !one.occurrence && !IsStale(meeting, one);
  });
  return found == meeting.answers.end() ? nullptr : &*found;
}

RequiredVoice VoiceOf(const Meeting& meeting, const OrgId& organisation) {
  RequiredVoice voice;
  voice.organisation = organisation;
  if (meeting.slot) {
    if (const Meeting::Answer* answer = AnswerOf(meeting, organisation, {})) {
      voice.record = answer->record;
      voice.refuses = answer->attending == Attending::kDeclined;
    }
    return voice;
  }
  const auto vote = meeting.votes.find(organisation);
  if (vote == meeting.votes.end()) return voice;
  const auto open = OpenSlots(meeting);
  voice.record = vote->second.record;
  voice.refuses = RefusesAll(vote->second, open);
  for (std::size_t i : open) {
    if (Says(vote->second, i, VoteChoice::kYes)) voice.can.insert(i);
  }
  return voice;
}

// Of several who are that client to the young person, one who can is enough.
RequiredVoice VoiceOf(const Meeting& meeting, Speaker client) {
  RequiredVoice voice;
  voice.client = client;
  const auto open = OpenSlots(meeting);
  bool heard = false;
  bool all_refuse = true;
  for (const Meeting::Guest& guest : meeting.guests) {
    if (guest.who != client) continue;
    if (meeting.slot) {
      const Meeting::Answer* answer = AnswerOf(meeting, {}, guest.id);
      if (answer == nullptr) continue;
      heard = true;
      voice.record = answer->record;
      all_refuse = all_refuse && answer->attending == Attending::kDeclined;
    } else if (guest.vote) {
      heard = true;
      voice.record = guest.vote->record;
      all_refuse = all_refuse && RefusesAll(*guest.vote, open);
      for (std::size_t i : open) {
        if (Says(*guest.vote, i, VoteChoice::kYes)) voice.can.insert(i);
      }
    }
  }
  voice.refuses = heard && all_refuse;
  if (heard || meeting.slot || IsNone(meeting.family)) return voice;
  // What the family said together stands for who did not answer alone.
  voice.record = meeting.family;
  for (std::size_t i : open) {
    if (meeting.family_choices[i] == VoteChoice::kYes) voice.can.insert(i);
  }
  return voice;
}

}  // namespace

bool WaitsForFamily(const Meeting& meeting) {
  return meeting.proposal && meeting.proposal->family_first && IsNone(meeting.family);
}

bool IsOpen(const Meeting& meeting, std::size_t slot) {
  return slot >= meeting.family_choices.size() || meeting.family_choices[slot] != VoteChoice::kNo;
}

std::vector<std::size_t> OpenSlots(const Meeting& meeting) {
  std::vector<std::size_t> open;
  for (std::size_t i = 0; i < meeting.tallies.size(); ++i) {
    if (IsOpen(meeting, i)) open.push_back(i);
  }
  return open;
}

std::vector<RequiredVoice> RequiredVoices(const Meeting& meeting) {
  std::vector<RequiredVoice> voices;
  for (Speaker client : meeting.terms.required_clients) voices.push_back(VoiceOf(meeting, client));
  for (const OrgId& organisation : meeting.terms.required) voices.push_back(VoiceOf(meeting, organisation));
  return voices;
}

std::vector<std::size_t> FoundDates(const Meeting& meeting) {
  std::vector<std::size_t> found;
  const TermsBody& terms = meeting.terms;
  if (meeting.slot || (terms.quorum == 0 && terms.required.empty() && terms.required_clients.empty())) return found;
  const auto voices = RequiredVoices(meeting);
  for (std::size_t i : OpenSlots(meeting)) {
    const bool required = std::ranges::all_of(voices, [&](const RequiredVoice& one) { return one.can.contains(i); });
    if (required && meeting.tallies[i].yes >= terms.quorum) found.push_back(i);
  }
  return found;
}

Lacking LackingOf(const Meeting& meeting, std::size_t slot) {
  Lacking lacking;
  lacking.family = WaitsForFamily(meeting);
  Meeting asked = meeting;  // Once a date is fixed, voices are about that.
  asked.slot.reset();
  for (RequiredVoice& voice : RequiredVoices(asked)) {
    if (!voice.can.contains(slot)) lacking.required.push_back(std::move(voice));
  }
  lacking.quorum = slot >= meeting.tallies.size() || meeting.tallies[slot].yes < meeting.terms.quorum;
  return lacking;
}

std::vector<VoteChoice> FamilyChoices(const Meeting& meeting) {
  std::vector<VoteChoice> choices(meeting.tallies.size(), VoteChoice::kYes);
  for (const Meeting::Guest& guest : meeting.guests) {
    if (!guest.vote) continue;
    for (std::size_t i = 0; i < choices.size(); ++i) choices[i] = std::max(choices[i], guest.vote->choices[i]);
  }
  return choices;
}

bool IsStale(const Meeting& meeting, const Meeting::Answer& answer) { return answer.revision < meeting.revision; }

std::vector<MeetingSlot> OccurrencesOf(const Meeting& meeting) {
  std::vector<MeetingSlot> all;
  if (!meeting.slot) return all;
  const MeetingSlot& first = *meeting.slot;
  all.push_back(first);
  const Timestamp local = first.begins_at + BelgianOffset(first.begins_at);
  for (std::uint32_t i = 1; i < meeting.times; ++i) {
    const Timestamp begins_at = FromBelgian(local + std::chrono::weeks(i * meeting.every_weeks));
    all.push_back({begins_at, begins_at + (first.ends_at - first.begins_at)});
  }
  return all;
}

std::vector<MeetingDate> DatesIn(const Meeting& meeting, std::optional<Timestamp> from, std::optional<Timestamp> to) {
  std::vector<MeetingDate> dates;
  for (const MeetingSlot& planned : OccurrencesOf(meeting)) {
    MeetingDate date{planned, meeting.fixed};
    if (const auto changed = meeting.changes.find(planned.begins_at); changed != meeting.changes.end()) {
      if (!changed->second.slot) continue;
      date = {*changed->second.slot, changed->second.record};
    }
    if ((from && date.slot.ends_at <= *from) || (to && date.slot.begins_at >= *to)) continue;
    dates.push_back(date);
  }
  std::ranges::sort(dates, {}, [](const MeetingDate& one) { return one.slot.begins_at; });
  return dates;
}

}  // namespace schakel
