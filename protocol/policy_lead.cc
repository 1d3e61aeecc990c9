// The lead passes from one organisation to another: there is exactly one, at every moment.
#include "policy_lead.h"

#include <algorithm>
#include <utility>

namespace schakel {
namespace {

// Who led stays on as a member. Everybody knew it, and it knew everybody: that is not undone.
void PassLead(Trajectory& trajectory, const OrgId& to, const RecordId& accept) {
  const OrgId before = std::exchange(trajectory.lead, to);
  trajectory.members.erase(to);
  Member stays{MemberStatus::kJoined, {}, {}, {}};
  for (auto& [organisation, member] : trajectory.members) {
    member.shown.insert(before);
    stays.shown.insert(organisation);
  }
  trajectory.members.insert_or_assign(before, std::move(stays));
  trajectory.former.push_back({before, accept, false});
  trajectory.offer.reset();
}

// The hub takes no offer before all at the table know of each other, so whoever hears it knows that much.
void Offer(Trajectory& trajectory, const LeadOffer& offer, const RecordId& id) {
  trajectory.offer = {id, offer.to, offer.expires_at};
  const auto offered = trajectory.members.find(offer.to);
  if (offered == trajectory.members.end()) return;
  for (auto& [organisation, member] : trajectory.members) {
    if (organisation == offer.to || member.status == MemberStatus::kLeft) continue;
    member.shown.insert(offer.to);
    offered->second.shown.insert(organisation);
  }
}

std::unexpected<Error> DenyLead(const char* rule, const char* field, const char* next) {
  return Fail(Code::kDenied, rule, field, next);
}

std::unexpected<Error> NoOffer() {
  return Fail(Code::kNotFound, "lead.offer", "offer", "look at the trajectory again: that offer is not open");
}

// All who take part must be able to hear who leads them: a lead that some do not know of would be a second one.
Status AdmitTable(const Trajectory& trajectory, const Directory& directory, const OrgId& to, Timestamp now) {
  for (const auto& [organisation, member] : trajectory.members) {
    if (member.status == MemberStatus::kLeft) continue;
    // Its joining would be told to who led.
    if (member.status == MemberStatus::kInvited && now < member.invite_expires_at) {
      return DenyLead("lead.invited", "to", "wait until whoever was invited has joined, or end that invitation first");
    }
    const auto* known = directory.Find(organisation);
    if (!known || known->statement.status != OrgStatus::kActive) {
      return DenyLead("lead.suspended", "to",
                      "a suspended organisation cannot hear of it: end its part first, or wait");
    }
    if (!trajectory.MayKnow(organisation, to) || !trajectory.MayKnow(to, organisation)) {
      return DenyLead("lead.introduced", "to", "introduce that member to all who take part first, both ways");
    }
  }
  return {};
}

Status AdmitLeadOffer(const Trajectory& trajectory, const Directory& directory, const LeadOffer& offer, Timestamp now) {
  const auto* organisation = directory.Find(offer.to);
  if (!organisation || offer.to == trajectory.lead || !trajectory.IsMember(offer.to)) {
    return DenyLead("lead.member", "to", "name a member; invite it first, and wait until it has joined");
  }
  const auto* ceiling = directory.FindCeiling(organisation->statement.sector);
  if (!ceiling || ceiling->court_wall) {
    return DenyLead("lead.court", "to", "name an organisation that helps: the youth court never holds the lead");
  }
  if (trajectory.IsOffered(now)) {
    return DenyLead("lead.offer_open", "to", "wait for the answer to the earlier offer, or withdraw it first");
  }
  if (offer.expires_at <= now) return DenyLead("lead.expiry", "expires_at", "let the offer end in the future");
  return AdmitTable(trajectory, directory, offer.to, now);
}

// One answer for an offer that ended, was replaced, or went to somebody else.
Status AdmitLeadAnswer(const Trajectory& trajectory, const OrgId& author, const RecordId& offer, Timestamp now) {
  return trajectory.IsOfferedTo(author, offer, now) ? Status() : NoOffer();
}

// By who led, also after it left.
Status AdmitPassed(const Trajectory& trajectory, const OrgId& author, const LeadPassed& passed) {
  const FormerLead* former = trajectory.FindFormer(passed.accept);
  if (!former || former->organisation != author || trajectory.SuccessorOf(*former) != passed.lead) {
    return Fail(Code::kNotFound, "lead.accept", "accept", "only who led tells it, of who took over from it");
  }
  if (former->told) return DenyLead("lead.told", "accept", "the new lead was told already");
  return {};
}

}  // namespace

bool Trajectory::IsOfferedTo(const OrgId& organisation, const RecordId& by, Timestamp now) const {
  return IsOffered(now) && offer->id == by && offer->to == organisation;
}

const FormerLead* Trajectory::FindFormer(const RecordId& accept) const {
  const auto found = std::ranges::find(former, accept, &FormerLead::accept);
  return found == former.end() ? nullptr : &*found;
}

const OrgId& Trajectory::SuccessorOf(const FormerLead& one) const {
  const auto next = static_cast<std::size_t>(&one - former.data()) + 1;
  return next == former.size() ? lead : former[next].organisation;
}

bool Trajectory::LeadsWhole(const OrgId& organisation) const {
  return organisation == lead && std::ranges::all_of(former, &FormerLead::told);
}

void ApplyOfLead(Trajectory& trajectory, const Header& header) {
  const auto is_open = [&](const RecordId& offer) { return trajectory.offer && trajectory.offer->id == offer; };
  if (const auto* offer = std::get_if<LeadOffer>(&header.control)) {
    Offer(trajectory, *offer, header.id);
  } else if (const auto* accept = std::get_if<LeadAccept>(&header.control)) {
    if (is_open(accept->offer) && trajectory.offer->to == header.author) {
      PassLead(trajectory, header.author, header.id);
    }
  } else if (const auto* refuse = std::get_if<LeadRefuse>(&header.control)) {
    if (is_open(refuse->offer)) trajectory.offer.reset();
  } else if (const auto* withdraw = std::get_if<LeadWithdraw>(&header.control)) {
    if (is_open(withdraw->offer)) trajectory.offer.reset();
  } else if (const auto* passed = std::get_if<LeadPassed>(&header.control)) {
    const auto known = std::ranges::find(trajectory.former, passed->accept, &FormerLead::accept);
    if (known != trajectory.former.end()) {
      known->told = known->told || passed->last;
    } else if (header.author == trajectory.lead && passed->lead != trajectory.lead) {
      PassLead(trajectory, passed->lead, passed->accept);  // Whoever had left did not hear of the acceptance.
    }
  }
}

Status AdmitOfLead(const Trajectory& trajectory, const Directory& directory, const Header& header, Timestamp now) {
  if (const auto* offer = std::get_if<LeadOffer>(&header.control)) {
    return AdmitLeadOffer(trajectory, directory, *offer, now);
  }
  if (const auto* withdraw = std::get_if<LeadWithdraw>(&header.control)) {
    return trajectory.offer && trajectory.offer->id == withdraw->offer ? Status() : NoOffer();
  }
  if (const auto* refuse = std::get_if<LeadRefuse>(&header.control)) {
    return AdmitLeadAnswer(trajectory, header.author, refuse->offer, now);
  }
  if (const auto* accept = std::get_if<LeadAccept>(&header.control)) {
    SCHAKEL_TRY(AdmitLeadAnswer(trajectory, header.author, accept->offer, now));
    return AdmitTable(trajectory, directory, header.author, now);
  }
  return AdmitPassed(trajectory, header.author, std::get<LeadPassed>(header.control));
}

}  // namespace schakel
