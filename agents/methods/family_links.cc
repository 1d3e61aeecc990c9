// Links that were made while the family was among itself, or after: they are told of, and what they may do is less.
#include <algorithm>

#include "agents/family.h"
#include "methods/conference_draft.h"
#include "methods/family_fold.h"
#include "services/blank.h"
#include "services/sending.h"

namespace schakel {

std::vector<ConferenceLink> NewLinksOf(CaseFile& file, const CaseTrajectory& trajectory,
                                       const CaseConference& conference) {
  std::vector<ConferenceLink> links;
  for (const CaseRecord* record : file.RecordsOf(trajectory.id)) {
    const Header& header = record->held.header;
    const bool of_it = TellsOfALink(header) && header.thread == conference.id &&
                       header.author == conference.coordinator && record->held.state != RecordState::kRefused;
    if (of_it) links.push_back({header.id, header.references[1], header.author, record->held.at});
  }
  return links;
}

const ConferenceLink* LinkOfPlan(const std::vector<ConferenceLink>& links, const Header& plan) {
  const auto found = std::ranges::find_if(links, [&](const ConferenceLink& one) {
    return std::ranges::find(plan.references, one.record) != plan.references.end();
  });
  return found == links.end() ? nullptr : &*found;
}

Result<std::vector<ConferenceLink>> ConferenceService::NewLinks(const TrajectoryId& id, const RecordId& conference) {
  return cases_.With([&](CaseFile& file) -> Result<std::vector<ConferenceLink>> {
    const CaseTrajectory* trajectory = file.Find(id);
    const CaseConference* found = trajectory == nullptr ? nullptr : trajectory->family.FindConference(conference);
    if (found == nullptr) return std::vector<ConferenceLink>();
    return NewLinksOf(file, *trajectory, *found);
  });
}

Result<bool> ConferenceService::SayNewLink(const RecordId& table, const RecordId& guest, const std::string& why,
                                           const std::string& words, std::chrono::milliseconds patience) {
  SCHAKEL_ASSIGN(const Meeting meeting, meetings_.Find(table));
  SCHAKEL_ASSIGN(const CaseTrajectory trajectory, cases_.Trajectory(meeting.trajectory));
  const CaseConference* conference = trajectory.family.ConferenceAt(meeting.id);
  const bool ours = conference != nullptr && conference->coordinator == engine_.Self();
  const bool invited = std::ranges::find(meeting.guests, guest, &Meeting::Guest::id) != meeting.guests.end();
  if (!ours || !invited || conference->phase() == FamilyPhase::kInformation) return false;
  if (IsBlank(why)) {
    return Fail(Code::kInvalid, "conference.link_why", "why", "say why: who leads reads it, and the family sees it");
  }
  Draft draft = ConferenceDraft(trajectory.id);
  draft.thread = conference->id;
  draft.references = {conference->moves.back().record, guest};
  SCHAKEL_ASSIGN(draft.body, EncodeBody(FamilyConferenceBody{conference->phase(), {}, {}, {}, words}));
  SCHAKEL_TRY(Send(engine_, std::move(draft), OthersIn(trajectory, engine_.Self()), {.patience = patience}));
  return true;
}

Result<Timestamp> ConferenceService::LinkMadeAt(const GuestService::Visit& visit) {
  SCHAKEL_ASSIGN(const auto overview, guests_.Show(visit.meeting));
  const auto found = std::ranges::find(overview.guests, visit.guest, &GuestService::Standing::guest);
  if (found == overview.guests.end() || !found->made_at) {
    return Fail(Code::kUnauthenticated, "guest.session", {}, "open your link again");
  }
  return *found->made_at;
}

}  // namespace schakel
