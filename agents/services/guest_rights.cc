// What the young person may do with a link besides: ask who saw what about them, and take back their own consent.
#include <algorithm>

#include "agents/guests.h"
#include "journal.h"

namespace schakel {
namespace {

// Theirs, and in force now or from a day to come.
bool IsOwnConsent(const Grant& grant, Timestamp now) {
  return grant.terms.basis == Basis::kConsent && grant.terms.grantor == Grantor::kYoungPerson && !grant.withdrawn &&
         now < grant.ends_at;
}

}  // namespace

Result<Meeting> GuestService::LiveOfYoungPerson(const Visit& visit) {
  SCHAKEL_ASSIGN(Meeting meeting, Live(visit));
  const auto guest = std::ranges::find(meeting.guests, visit.guest, &Meeting::Guest::id);
  if (guest == meeting.guests.end() || guest->who != Speaker::kYoungPerson) {
    return Fail(Code::kDenied, "guest.young_person", {}, "let the young person open their own link");
  }
  return meeting;
}

Result<std::vector<ReportFile>> GuestService::Report(const Visit& visit, ReportService& report,
                                                     std::chrono::milliseconds patience) {
  SCHAKEL_ASSIGN(const Meeting meeting, LiveOfYoungPerson(visit));
  SCHAKEL_TRY(MayAskAgain(visit));
  SCHAKEL_ASSIGN(const Person person, PersonOf(visit.guest));
  return report.MakeForYoungPerson(meeting.trajectory, person, patience);
}

Result<std::vector<GuestService::Consent>> GuestService::Consents(const Visit& visit) {
  SCHAKEL_ASSIGN(const Meeting meeting, LiveOfYoungPerson(visit));
  SCHAKEL_ASSIGN(const CaseTrajectory trajectory, cases_.Trajectory(meeting.trajectory));
  std::map<OrgId, std::string> names;
  for (const auto& one : engine_.Organisations()) names[one.statement.organisation] = one.statement.name;
  const auto name_of = [&](const OrgId& organisation) {
    const auto found = names.find(organisation);
    return found == names.end() ? organisation.value() : found->second;
  };
  std::vector<Consent> consents;
  for (const CaseGrant& row : trajectory.grants) {
    if (!IsOwnConsent(row.grant, clock_.Now())) continue;
    Consent one{row.grant, name_of(row.grant.terms.recipient), name_of(row.grant.author)};
    one.ours_to_withdraw = row.grant.author == engine_.Self() || trajectory.lead == engine_.Self();
    consents.push_back(std::move(one));
  }
  return consents;
}

Result<Sent> GuestService::Withdraw(const Visit& visit, std::string_view grant, const std::string& why,
                                    GrantService& grants, std::chrono::milliseconds patience) {
  SCHAKEL_ASSIGN(const auto consents, Consents(visit));
  const auto found = std::ranges::find_if(consents, [&](const Consent& one) { return ToText(one.grant.id) == grant; });
  if (found == consents.end()) {
    return Fail(Code::kNotFound, "guest.consent", "grant", "look again which consents there are");
  }
  SCHAKEL_ASSIGN(const Person person, PersonOf(visit.guest));
  SCHAKEL_ASSIGN(const Sent sent, grants.Withdraw(found->grant.id, {why}, {.patience = patience}));
  SCHAKEL_TRY(Note(
      engine_,
      {clock_.Now(), Act::What::kTookBack, visit.trajectory, sent.record, person, ViewReason::kSubjectRequest, {}}));
  return sent;
}

}  // namespace schakel
