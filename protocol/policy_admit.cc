// May the author say this, now?
#include <algorithm>
#include <chrono>
#include <string>

#include "policy_lead.h"
#include "policy_places.h"
#include "protocol/auditors_look.h"
#include "protocol/policy.h"

namespace schakel {
namespace {

constexpr PurposeSet kExtract{Purpose::kCourtReport};

std::unexpected<Error> Deny(const char* rule, const char* field, const char* next) {
  return Fail(Code::kDenied, rule, field, next);
}

bool GrantorFits(Basis basis, Grantor grantor) {
  switch (basis) {
    case Basis::kConsent:
      return grantor != Grantor::kProfessional && grantor != Grantor::kCourt;
    case Basis::kCourtMandate:
      return grantor == Grantor::kCourt;
    case Basis::kSharedSecrecy:
    case Basis::kEmergency:
      return grantor == Grantor::kProfessional;
    case Basis::kCaseConsultation:
      return grantor == Grantor::kProfessional || grantor == Grantor::kCourt;
  }
  return false;
}

bool IsNothing(const Hash32& hash) { return hash == Hash32{}; }

bool IsBornBy(Stage stage, Grantor grantor) {
  const bool for_the_minor =
      grantor == Grantor::kFirstParent || grantor == Grantor::kSecondParent || grantor == Grantor::kGuardian;
  return stage != Stage::kAdult || !for_the_minor;
}

Status AdmitConsent(const Trajectory& trajectory, const GrantGive& grant) {
  if (!IsBornBy(trajectory.stage(), grant.grantor)) {
    return Deny("grant.adult", "grantor", "the young person is of age: ask for their own consent");
  }
  if (trajectory.stage() == Stage::kChild && grant.grantor == Grantor::kYoungPerson) {
    return Deny("grant.child", "grantor", "record the parents' consent, or first that the young person is capable");
  }
  if (grant.oral && (!grant.witnessed_by || *grant.witnessed_by == grant.recorded_by)) {
    return Deny("grant.witness", "witnessed_by", "name a witness other than the person who records oral consent");
  }
  return {};
}

Status AdmitSecrecy(const GrantGive& grant) {
  if (!grant.secrecy) return Deny("grant.sought", "sought", "say what came of seeking the client's agreement");
  if (!grant.secrecy->necessary) {
    return Deny("grant.necessary", "necessary", "share under professional secrecy only what the help needs");
  }
  if (!grant.secrecy->in_client_interest) {
    return Deny("grant.interest", "in_client_interest",
                "share under professional secrecy only in the client's interest");
  }
  return {};
}

Status AdmitWithinFrame(const Trajectory& trajectory, const GrantGive& grant) {
  const Frame* frame = trajectory.FindFrame(grant.frame);
  if (!frame) return Deny("grant.frame", "frame", "fix the frame of the case consultation first, and name it here");
  const CaseFrame& terms = frame->terms;
  if (!std::ranges::binary_search(terms.participants, grant.recipient)) {
    return Deny("grant.frame_recipient", "recipient", "name a participant of that case consultation");
  }
  if (!terms.purposes.Covers(grant.purposes)) {
    return Deny("grant.frame_purposes", "purposes", "name only purposes of that case consultation");
  }
  if (grant.begins_at < terms.begins_at || grant.ends_at > terms.ends_at) {
    return Deny("grant.frame_period", "ends_at", "stay within the period of that case consultation");
  }
  return {};
}

// How far the clock of whoever gives an emergency may run ahead of the hub's.
constexpr std::chrono::minutes kClocksApart{15};

Status AdmitEmergency(const GrantGive& grant, const RegionRules& rules, Timestamp now) {
  // Written in advance it would be no emergency, and would stand there for when a review is overdue.
  if (grant.begins_at > now + kClocksApart) {
    return Deny("grant.emergency_ahead", "begins_at", "let an emergency begin now: nobody foresees one");
  }
  if (grant.ends_at - grant.begins_at > std::chrono::hours(rules.emergency_hours_max)) {
    return Fail(Code::kDenied, "grant.emergency", "ends_at",
                "let it last at most " + std::to_string(rules.emergency_hours_max) + " hours");
  }
  return {};
}

// What each basis must carry.
Status AdmitBasis(const Trajectory& trajectory, const RegionRules& rules, const GrantGive& grant, Timestamp now) {
  if (!GrantorFits(grant.basis, grant.grantor)) {
    return Deny("grant.grantor", "grantor",
                "name who can give this basis: consent comes from the young person, a "
                "parent or the guardian; a mandate from the court; the others from a professional");
  }
  if (grant.basis == Basis::kConsent) return AdmitConsent(trajectory, grant);
  if (grant.oral) return Deny("grant.oral", "oral", "only consent is given orally; leave this out");
  if (grant.basis == Basis::kCaseConsultation) return AdmitWithinFrame(trajectory, grant);
  if (IsNothing(grant.evidence)) {
    return Deny("grant.evidence", "evidence", "write down what it rests on: the decision, or the reason");
  }
  if (grant.basis == Basis::kSharedSecrecy) return AdmitSecrecy(grant);
  if (grant.basis == Basis::kEmergency) return AdmitEmergency(grant, rules, now);
  return {};
}

// Articles 75 and 75/1: consent to that extract, or basic data on written request. Nothing else is even written down.
Status AdmitBeforeCourt(const GrantGive& grant, const std::vector<RecordId>& references) {
  const bool consent = grant.basis == Basis::kConsent;
  const bool request = grant.basis == Basis::kCourtMandate && kBasicData.Covers(grant.categories);
  if (!consent && !request) {
    return Deny("grant.court_wall", "basis",
                "to the youth court goes only what the young person and the parents consent to, "
                "or identity and contact on its written request");
  }
  if (grant.purposes != kExtract) {
    return Deny("grant.court_extract", "purposes", "name the report to the youth court, and no other purpose");
  }
  if (consent && references.size() != 1) {
    return Deny("grant.court_piece", "references", "name the one record that was agreed to");
  }
  return {};
}

Status AdmitTerms(const Trajectory& trajectory, const Directory& directory, const Header& header,
                  const GrantGive& grant, const CeilingStatement::Row* ceiling, Timestamp now) {
  if (grant.purposes.empty()) return Deny("grant.purposes", "purposes", "name at least one purpose");
  if (grant.categories.empty()) return Deny("grant.categories", "categories", "name at least one category");
  if (grant.ends_at <= grant.begins_at || grant.ends_at <= now) {
    return Deny("grant.period", "ends_at", "let it end after it begins, and in the future");
  }
  SCHAKEL_TRY(AdmitBasis(trajectory, directory.rules(), grant, now));
  if (!ceiling || !ceiling->categories.Covers(grant.categories)) {
    return Deny("grant.ceiling", "categories", "leave out what the region never shares with this sector");
  }
  return ceiling->court_wall ? AdmitBeforeCourt(grant, header.references) : Status();
}

Status AdmitGrant(const PolicyState& state, const Trajectory& trajectory, const Directory& directory,
                  const Header& header, const GrantGive& grant, Timestamp now) {
  const auto* recipient = directory.Find(grant.recipient);
  // One that the author may not know of looks like one that takes no part.
  if (!recipient || !trajectory.TakesPart(grant.recipient) || !trajectory.MayKnow(header.author, grant.recipient) ||
      !trajectory.MayKnow(grant.recipient, header.author)) {
    return Deny("grant.recipient", "recipient", "invite the organisation to the trajectory first");
  }
  SCHAKEL_TRY(
      AdmitTerms(trajectory, directory, header, grant, directory.FindCeiling(recipient->statement.sector), now));
  if (grant.basis != Basis::kEmergency) return {};
  if (auto overdue = state.OverdueReview(header.author, directory.rules(), now)) {
    return Fail(Code::kDenied, "admit.review_overdue", ToText(*overdue),
                "review that earlier emergency first: its time for that has passed");
  }
  return {};
}

Status AdmitChange(const Trajectory& trajectory, const OrgId& author, const RecordId& id, const GrantNarrow* narrow) {
  const Grant* grant = trajectory.FindGrant(id);
  // A grant that the author has no part in looks like none.
  if (!grant || (author != trajectory.lead && author != grant->author)) {
    return Fail(Code::kNotFound, "admit.grant", "grant", "look the grant up again");
  }
  if (grant->withdrawn) return Deny("grant.withdrawn", "grant", "it was withdrawn already; give a new one if agreed");
  if (narrow && (!grant->purposes.Covers(narrow->purposes) || !grant->categories.Covers(narrow->categories) ||
                 narrow->purposes.empty() || narrow->categories.empty() || narrow->ends_at > grant->ends_at)) {
    return Deny("grant.narrow", "grant", "a grant can only be made narrower; to widen it, record a new one");
  }
  return {};
}

Status AdmitReview(const Trajectory& trajectory, const OrgId& author, const EmergencyReview& review) {
  const Grant* grant = trajectory.FindGrant(review.grant);
  if (!grant || (author != trajectory.lead && author != grant->author)) {
    return Fail(Code::kNotFound, "admit.grant", "grant", "look the grant up again");
  }
  if (grant->terms.basis != Basis::kEmergency) {
    return Deny("grant.not_emergency", "grant", "only an emergency is reviewed; withdraw or narrow this grant instead");
  }
  if (grant->review) return Deny("grant.reviewed", "grant", "it was reviewed already; add what is new in a note");
  return {};
}

// From whoever it was taken from, also after it left.
Status AdmitReceipt(const Trajectory& trajectory, const OrgId& author, const GrantReceipt& receipt) {
  const Grant* grant = trajectory.FindGrant(receipt.grant);
  if (!grant || author != grant->terms.recipient) {
    return Fail(Code::kNotFound, "admit.grant", "grant", "look the grant up again");
  }
  if (!trajectory.FindTakenBack(receipt.grant, receipt.change)) {
    return Deny("grant.not_taken_back", "change", "name the record that withdrew or narrowed this grant");
  }
  return {};
}

Status AdmitPropose(const Trajectory& trajectory, const ErasePropose& propose, Timestamp now) {
  if (propose.person == Id128{}) return Deny("erase.person", "person", "say who proposes it");
  if (propose.reason != EraseReason::kRetentionOver) return {};
  if (!trajectory.closed || !trajectory.retain_until || now < *trajectory.retain_until) {
    return Deny("erase.retention", "reason", "wait for the end of keeping, or name the reason why it goes before");
  }
  return {};
}

// The earliest end of keeping that a lead may choose: as long as the region keeps after departure, or until
// the age of its rules where that comes first. Years of 365 days, so that this never asks for more than the calendar's.
std::chrono::days ShortestKeeping(const RegionRules& rules, Stage stage) {
  const std::uint64_t age = stage == Stage::kAdult     ? rules.adult_age_years
                            : stage == Stage::kCapable ? rules.consent_age_years
                                                       : 0;
  const std::uint64_t until_age = rules.retain_until_age_years > age ? rules.retain_until_age_years - age : 0;
  return std::chrono::days(365 * std::min(until_age, rules.retain_after_departure_years));
}

// What is closed cannot be closed again (admit.closed), so an end once said is never brought forward.
Status AdmitClose(const Trajectory& trajectory, const Header& header, const TrajectoryClose& close,
                  const RegionRules& rules, Timestamp now) {
  if (!close.retain_until) return {};  // Kept without end.
  if (*close.retain_until < header.created_at) {
    return Deny("closing.retain_past", "retain_until", "choose a day to come");
  }
  const std::chrono::days shortest = ShortestKeeping(rules, trajectory.stage());
  if (shortest.count() > 0 && *close.retain_until < now + shortest) {
    return Deny("closing.retain_short", "retain_until", "keep it at least as long as the rules of the region say");
  }
  return {};
}

Status AdmitSecond(const Trajectory& trajectory, const OrgId& author, const RecordId& proposal) {
  if (!trajectory.proposal || trajectory.proposal->id != proposal) {
    return Fail(Code::kNotFound, "erase.proposal", "proposal",
                "look at the trajectory again: that proposal is not open");
  }
  if (author == trajectory.lead) {
    return Deny("erase.second", "author", "at the lead another person confirms it; agreeing is for another member");
  }
  return {};
}

Status AdmitConfirm(const Trajectory& trajectory, const EraseConfirm& confirm) {
  if (!trajectory.proposal || trajectory.proposal->id != confirm.proposal) {
    return Fail(Code::kNotFound, "erase.proposal", "proposal",
                "look at the trajectory again: that proposal is not open");
  }
  if (confirm.person == Id128{}) return Deny("erase.person", "person", "say who confirms it");
  if (confirm.person == trajectory.proposal->person && !trajectory.proposal->seconded) {
    return Deny("erase.two_persons", "person", "let a colleague confirm it, or ask another member to agree");
  }
  return {};
}

// Nothing is said any more on what was erased, but that it is gone, and that an auditor looked at what the law keeps.
Status AdmitOnErased(const Trajectory& trajectory, const Header& header) {
  const auto* receipt = std::get_if<EraseReceipt>(&header.control);
  if (receipt && receipt->confirm == trajectory.erased_by) return {};
  if (IsLookOfAuditors(header)) return {};
  return Deny("admit.erased", "trajectory", "the trajectory was erased: nothing can be said on it any more");
}

Status AdmitStage(const Trajectory& trajectory, const SubjectStage& said) {
  if (!said.receiver) {
    if (said.stage > trajectory.stage()) return {};
    return Deny("admit.stage", "stage", "a stage only goes forward: child, capable, adult");
  }
  if (said.stage != Stage::kAdult || trajectory.stage() != Stage::kAdult) {
    return Deny("admit.receiver_early", "receiver", "first say that the young person is of age");
  }
  if (!trajectory.IsMember(*said.receiver)) {
    return Deny("admit.receiver", "receiver", "invite the receiver, and wait until it has joined");
  }
  return {};
}

Status AdmitFrame(const Trajectory& trajectory, const CaseFrame& frame, Timestamp now) {
  if (IsNothing(frame.document)) {
    return Deny("frame.document", "document", "name the article of the decree, or the prosecutor's permission");
  }
  if (!std::ranges::binary_search(frame.participants, frame.chair)) {
    return Deny("frame.chair", "chair", "put the chair on the list of participants");
  }
  for (const OrgId& one : frame.participants) {
    if (!trajectory.TakesPart(one)) {
      return Deny("frame.participants", "participants", "invite every participant to the trajectory first");
    }
    // The list goes to each of them, and tells each of all others.
    for (const OrgId& other : frame.participants) {
      if (!trajectory.MayKnow(one, other)) {
        return Deny("frame.introduced", "participants", "introduce all participants to each other first, both ways");
      }
    }
  }
  if (frame.purposes.empty()) return Deny("frame.purposes", "purposes", "name at least one purpose");
  if (frame.ends_at <= frame.begins_at || frame.ends_at <= now) {
    return Deny("frame.period", "ends_at", "let it end after it begins, and in the future");
  }
  return {};
}

Status AdmitInvite(const Trajectory& trajectory, const Directory& directory, const MemberInvite& invite,
                   Timestamp now) {
  const auto* organisation = directory.Find(invite.organisation);
  if (!organisation) {
    return Fail(Code::kNotFound, "directory.organisation", "organisation", "choose one from the directory");
  }
  if (organisation->statement.status != OrgStatus::kActive) {
    return Deny("admit.suspended", "organisation", "this organisation is suspended; ask the operator");
  }
  if (trajectory.IsMember(invite.organisation)) {
    return Fail(Code::kConflict, "admit.member", "organisation", "it takes part already");
  }
  if (invite.stage != trajectory.stage()) {
    return Deny("admit.invite_stage", "stage", "look at the trajectory again, and send the invitation anew");
  }
  // Whoever is at the table when the lead passes has heard of the offer.
  if (trajectory.IsOffered(now)) {
    return Deny("admit.lead_offered", "organisation", "wait for the answer to the offer of the lead, or withdraw it");
  }
  if (invite.expires_at <= now) return Deny("admit.expiry", "expires_at", "let the invitation end in the future");
  return {};
}

Status AdmitJoin(const Trajectory& trajectory, const OrgId& author, const MemberJoin& join, Timestamp now) {
  auto member = trajectory.members.find(author);
  if (member == trajectory.members.end() || member->second.status != MemberStatus::kInvited ||
      member->second.invite != join.invite) {
    return Deny("admit.invite", "invite", "ask the lead for a new invitation");
  }
  if (now >= member->second.invite_expires_at) {
    return Deny("admit.invite_expired", "invite", "ask the lead for a new invitation");
  }
  return {};
}

Status AdmitShow(const Trajectory& trajectory, const MemberShow& show) {
  const auto takes_part = [&](const OrgId& organisation) {
    return organisation != trajectory.lead && trajectory.TakesPart(organisation);
  };
  if (show.member == show.to || !takes_part(show.member) || !takes_part(show.to)) {
    return Deny("admit.show", "member", "name two different members; everyone knows the lead already");
  }
  return {};
}

Status AdmitFromLead(const PolicyState& state, const Trajectory& trajectory, const Directory& directory,
                     const Header& header, Timestamp now) {
  if (header.author != trajectory.lead) {
    return Deny("admit.lead", "author", "ask the organisation that holds the lead to do this");
  }
  if (const auto* invite = std::get_if<MemberInvite>(&header.control)) {
    return AdmitInvite(trajectory, directory, *invite, now);
  }
  if (const auto* grant = std::get_if<GrantGive>(&header.control)) {
    return AdmitGrant(state, trajectory, directory, header, *grant, now);
  }
  if (const auto* stage = std::get_if<SubjectStage>(&header.control)) return AdmitStage(trajectory, *stage);
  if (const auto* frame = std::get_if<CaseFrame>(&header.control)) return AdmitFrame(trajectory, *frame, now);
  if (const auto* show = std::get_if<MemberShow>(&header.control)) return AdmitShow(trajectory, *show);
  if (const auto* propose = std::get_if<ErasePropose>(&header.control)) return AdmitPropose(trajectory, *propose, now);
  if (const auto* confirm = std::get_if<EraseConfirm>(&header.control)) return AdmitConfirm(trajectory, *confirm);
  if (IsOfLead(header.kind)) return AdmitOfLead(trajectory, directory, header, now);
  if (const auto* close = std::get_if<TrajectoryClose>(&header.control)) {
    return AdmitClose(trajectory, header, *close, directory.rules(), now);
  }
  if (const auto* remove = std::get_if<MemberRemove>(&header.control)) {
    auto member = trajectory.members.find(remove->organisation);
    if (member == trajectory.members.end() || member->second.status == MemberStatus::kLeft) {
      return Deny("admit.not_member", "organisation", "it takes no part; there is nothing to end");
    }
  }
  return {};
}

// What must still be possible once help has ended.
bool OutlivesClosing(Kind kind) {
  return kind == Kind::kGrantWithdraw || kind == Kind::kEmergencyReview || IsOfErasure(kind);
}

Status AdmitOnTrajectory(const PolicyState& state, const Trajectory& trajectory, const Directory& directory,
                         const Header& header, Timestamp now) {
  if (trajectory.closed && !OutlivesClosing(header.kind)) {
    return Deny("admit.closed", "trajectory", "the trajectory is closed; open a new one if help starts again");
  }
  switch (header.kind) {
    case Kind::kMemberInvite:
    case Kind::kMemberRemove:
    case Kind::kMemberShow:
    case Kind::kSubjectStage:
    case Kind::kCaseFrame:
    case Kind::kTrajectoryClose:
    case Kind::kErasePropose:
    case Kind::kEraseConfirm:
    case Kind::kLeadOffer:
    case Kind::kLeadWithdraw:
      return AdmitFromLead(state, trajectory, directory, header, now);
    case Kind::kGrantGive: {
      const auto& grant = std::get<GrantGive>(header.control);
      // Whoever sees a danger says so; all else is agreed with the young person through the lead.
      if (grant.basis != Basis::kEmergency) return AdmitFromLead(state, trajectory, directory, header, now);
      return AdmitGrant(state, trajectory, directory, header, grant, now);
    }
    case Kind::kEmergencyReview:
      return AdmitReview(trajectory, header.author, std::get<EmergencyReview>(header.control));
    case Kind::kEraseSecond:
      return AdmitSecond(trajectory, header.author, std::get<EraseSecond>(header.control).proposal);
    case Kind::kLeadAccept:
    case Kind::kLeadRefuse:
    case Kind::kLeadPassed:
      return AdmitOfLead(trajectory, directory, header, now);
    case Kind::kEraseReceipt:
      return Deny("erase.not_erased", "confirm", "erase it once the lead has confirmed that");
    case Kind::kMemberJoin:
      return AdmitJoin(trajectory, header.author, std::get<MemberJoin>(header.control), now);
    case Kind::kMemberLeave:
      if (header.author == trajectory.lead) {
        return Deny("admit.lead_leaves", "author",
                    "the lead cannot leave; hand it over to a member first, or close the trajectory");
      }
      return {};
    case Kind::kGrantNarrow: {
      const auto& narrow = std::get<GrantNarrow>(header.control);
      return AdmitChange(trajectory, header.author, narrow.grant, &narrow);
    }
    case Kind::kGrantWithdraw:
      return AdmitChange(trajectory, header.author, std::get<GrantWithdraw>(header.control).grant, nullptr);
    default:
      return {};
  }
}

}  // namespace

Status Admit(const PolicyState& state, const Directory& directory, const Header& header, Timestamp now) {
  const auto* author = directory.Find(header.author);
  if (!author) return Deny("admit.enrolled", "author", "enrol the organisation first");
  if (author->statement.status != OrgStatus::kActive) {
    return Deny("admit.suspended", "author", "the organisation is suspended; ask the hub's operator");
  }
  if (IsOfPlace(header.kind)) return AdmitOfPlace(state, directory, header, now);
  if (header.kind == Kind::kPlaceEnrolment) return AdmitEnrolment(state, header, now);
  if (IsNone(header.trajectory)) return {};  // DecodeHeader let only what needs no grant through.
  const Trajectory* trajectory = state.Find(header.trajectory);
  if (header.kind == Kind::kTrajectoryOpen) {
    if (trajectory) return Fail(Code::kConflict, "admit.trajectory_exists", "trajectory", "draw a new random id");
    const auto* ceiling = directory.FindCeiling(author->statement.sector);
    if (ceiling && ceiling->court_wall) {
      return Deny("lead.court", "author",
                  "let an organisation that helps open it: the youth court never holds the lead");
    }
    return {};
  }
  // One answer for "does not exist" and "not yours": which of the two it is must not show.
  const auto unknown = [] {
    return Fail(Code::kNotFound, "admit.trajectory", "trajectory", "check the id, or ask the lead for an invitation");
  };
  if (!trajectory) return unknown();
  if (!trajectory->EverTookPart(header.author)) return unknown();
  if (trajectory->erased()) return AdmitOnErased(*trajectory, header);
  // Whoever once took part still reports who looked at what it has, and answers for what was taken back.
  if (header.kind == Kind::kViews) return {};
  if (const auto* receipt = std::get_if<GrantReceipt>(&header.control)) {
    return AdmitReceipt(*trajectory, header.author, *receipt);
  }
  // Who led tells of it, also after it left.
  const bool led =
      std::ranges::find(trajectory->former, header.author, &FormerLead::organisation) != trajectory->former.end();
  if (led && header.kind == Kind::kLeadPassed) return AdmitOfLead(*trajectory, directory, header, now);
  auto member = trajectory->members.find(header.author);
  const bool invited = member != trajectory->members.end() && member->second.status == MemberStatus::kInvited;
  if (!trajectory->IsMember(header.author) && !(header.kind == Kind::kMemberJoin && invited)) return unknown();
  return AdmitOnTrajectory(state, *trajectory, directory, header, now);
}

}  // namespace schakel
