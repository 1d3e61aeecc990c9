// Round tables, evolution reviews, intakes: from a proposal to its report. One service of services.h, whose rules on
// sending, showing, threads and errors hold.
//
// The convener proposes dates to organisations, and invites guests: the young person, parents, their own network. Where
// the family chooses first, nobody else answers until the convener passes on which dates suit them, and those are all
// that is left to answer. What the convener alone needs (terms, guests, what guests said) are records that go to
// nobody.
#pragma once

#include "agents/dossier.h"

namespace schakel {

// Whether the young person or a parent is invited. Where nobody is, there is no family to choose first. Pure.
bool InvitesFamily(const ProposalBody& proposal);

class MeetingService {
 public:
  MeetingService(Engine& engine, Cases& cases, Clock& clock) : engine_(engine), cases_(cases), clock_(clock) {}

  // ---- Finding a date ----
  // `terms`, if they ask anything, are written down behind the proposal. kInvalid ("meeting.past"): a date that has
  // passed; ("meeting.twice"): a date that stands there twice; ("meeting.answer_by"); ("meeting.family_first"): nobody
  // of the family is invited; ("meeting.required"): who is required is not asked, or is left out. kConflict
  // ("meeting.required_unreached"): it would not reach who is required. Nothing is sent before all of it is checked.
  Result<Sent> Propose(const TrajectoryId& id, ProposalBody proposal, const Audience& audience, TermsBody terms = {});
  // kDenied ("meeting.convener"), also of Fix, Cancel, Report, Invite, PassOn, VoteFor and AnswerFor.
  Result<Sent> SetTerms(const RecordId& meeting, TermsBody terms, const Audience& audience);
  // One choice for each date that the family left open, or for each date. kInvalid ("meeting.votes"); kConflict
  // ("meeting.family_first"): the family has yet to choose; ("meeting.closed_date"): yes or maybe to a date on which
  // the family cannot; ("meeting.cancelled").
  Result<Sent> Vote(const RecordId& meeting, VoteBody vote, const Audience& audience);
  // kInvalid ("calendar.address").
  Result<Sent> Invite(const RecordId& meeting, const GuestBody& guest, const Audience& audience);
  // Somebody is a guest no longer; what they answered counts no more. kNotFound ("meeting.guest").
  Result<Sent> TakeOff(const RecordId& meeting, const RecordId& guest, const std::string& why,
                       const Audience& audience);
  // kNotFound ("meeting.guest"): no guest of that meeting, also of AnswerFor.
  Result<Sent> VoteFor(const RecordId& meeting, const RecordId& guest, const VoteBody& vote, const Audience& audience);
  // Without choices: what the guests said taken together. kConflict ("meeting.family_unheard"): nobody said anything;
  // ("meeting.family_none"): no date suits all of them.
  Result<Sent> PassOn(const RecordId& meeting, VoteBody choice, const Audience& audience);
  // An empty place: that of the proposal. kConflict ("meeting.over"): it has ended already (what was held without a
  // date takes its report); ("meeting.closed_date"); ("meeting.not_proposed"): where no date holds yet, one that was
  // not proposed. Unless `fixed.reason` says why: kConflict ("meeting.family_open"): the family has not chosen;
  // ("meeting.required_open"); ("meeting.quorum"), each naming who is outstanding; ("meeting.moved"): a date that holds
  // moves to one that was neither proposed nor asked for. kInvalid ("meeting.occurrence"): no such one in the series,
  // also of Cancel and Answer.
  Result<Sent> Fix(const RecordId& meeting, FixedBody fixed, const Audience& audience);
  Result<Sent> Cancel(const RecordId& meeting, const CancelBody& cancel, const Audience& audience);

  // ---- Once there is a date ----
  // `answer.revision` none: the date as it stands. kConflict ("meeting.no_date", "meeting.cancelled",
  // "meeting.changed"): the date changed since.
  Result<Sent> Answer(const RecordId& meeting, AttendBody answer, std::optional<std::uint32_t> revision,
                      const Audience& audience);
  Result<Sent> AnswerFor(const RecordId& meeting, const RecordId& guest, AttendBody answer,
                         std::optional<std::uint32_t> revision, const Audience& audience);
  // What was decided becomes `actions` of the dossier; nothing is sent unless all of them can be. As
  // DossierService::AddAction.
  Result<Sent> Report(const RecordId& meeting, const ReportBody& report, CategorySet also, const Audience& audience,
                      const std::vector<ActionBody>& actions = {});

  Result<Meeting> Find(const RecordId& id);  // Or any record of its thread.

 private:
  Result<Meeting> Own(const RecordId& id);  // One that we convened.
  Status CheckProposal(const ProposalBody& proposal) const;
  Result<Sent> SayTerms(const Meeting& meeting, TermsBody terms, const Audience& audience);
  Result<Sent> SayAnswer(const Meeting& meeting, AttendBody answer, std::optional<std::uint32_t> revision,
                         const RecordId& guest, const Audience& audience);

  Engine& engine_;
  Cases& cases_;
  Clock& clock_;
  DossierService dossier_{engine_, cases_};
};

}  // namespace schakel
