#include "agents/aftercare.h"

#include <algorithm>

#include "local_time.h"
#include "services/blank.h"
#include "services/listed.h"
#include "services/sending.h"

namespace schakel {
namespace {

constexpr CategorySet kAftercareCategories{Category::kAgreements};

Status CheckLeadsAftercare(const CaseTrajectory& trajectory, const OrgId& self) {
  if (trajectory.lead == self) return {};
  return Fail(Code::kDenied, "aftercare.lead", "trajectory", "ask who has the lead");
}

// What the closed one is called; no person is shown it, and it goes into our own opening alone.
std::string LabelOfClosed(Cases& cases, const CaseTrajectory& trajectory) {
  return cases.With([&](CaseFile& file) {
    const CaseRecord* record = file.Record(trajectory.opening);
    const auto* opening = record && record->body ? std::get_if<OpeningBody>(&*record->body) : nullptr;
    return opening == nullptr ? std::string() : opening->label;
  });
}

// Taken by another contact that was not stopped: each has its own.
bool IsConsentTaken(const CasePassage& passage, const RecordId& grant, const RecordId& but) {
  return std::ranges::any_of(passage.contacts, [&](const CaseAftercare& one) {
    return one.grant == grant && !one.ended && one.text.id() != but;
  });
}

// "31/05/2027", whatever language.
std::string LastDayBefore(Timestamp end) {
  const std::string date = LocalDate(end - std::chrono::milliseconds(1), Language::kDutch);
  return date.substr(date.find(' ') + 1);
}

}  // namespace

Result<Sent> AftercareService::Begin(const TrajectoryId& closed, OpeningBody opening, const Audience& audience) {
  SCHAKEL_ASSIGN(const CaseTrajectory before, cases_.Trajectory(closed));
  SCHAKEL_TRY(CheckLeadsAftercare(before, engine_.Self()));
  if (!before.closed) {
    return Fail(Code::kConflict, "aftercare.open", "trajectory", "close it first; until then agree on contacts there");
  }
  SCHAKEL_ASSIGN(const auto ties, ties_.All());
  for (const SubjectTie& one : ties) {
    if (one.from != closed || one.relation != SubjectRelation::kFollows) continue;
    SCHAKEL_ASSIGN(const CaseTrajectory after, cases_.Trajectory(one.to));
    if (!after.closed) {
      return Fail(Code::kConflict, "aftercare.begun", ToText(one.to), "go on there: agree on contacts");
    }
  }
  if (IsBlank(opening.label)) opening.label = LabelOfClosed(cases_, before);
  const TrajectoryId id = trajectories_.NewId();
  SCHAKEL_ASSIGN(const Sent sent, trajectories_.Open(opening, before.stage, audience, id));
  if (sent.outcome == Sent::Outcome::kSent) SCHAKEL_TRY(ties_.Put(ties_.New(closed, id, SubjectRelation::kFollows)));
  return sent;
}

Result<AftercareService::Found> AftercareService::Find(const RecordId& contact) {
  SCHAKEL_ASSIGN(const HeldRecord held, engine_.Find(contact));
  SCHAKEL_ASSIGN(const CaseTrajectory trajectory, cases_.Trajectory(held.header.trajectory));
  const CaseAftercare* found = trajectory.passage.FindContact(contact);
  if (found == nullptr) return Fail(Code::kNotFound, "id.unknown", "contact", "check the id");
  return Found{trajectory.id, *found};
}

Result<Draft> AftercareService::DraftOf(const CaseTrajectory& trajectory, AftercareContactBody& body,
                                        const RecordId& grant, const RecordId& but) {
  SCHAKEL_TRY(CheckLeadsAftercare(trajectory, engine_.Self()));
  if (body.organisation.value().empty()) body.organisation = engine_.Self();
  SCHAKEL_TRY(CheckListed(engine_, body.organisation, "body.organisation"));
  SCHAKEL_ASSIGN(const Trajectory rules, engine_.FindTrajectory(trajectory.id));
  const Grant* found = rules.FindGrant(grant);
  const bool fits = found != nullptr && found->terms.basis == Basis::kConsent &&
                    found->terms.recipient == body.organisation && found->purposes.Has(Purpose::kAftercare) &&
                    found->categories.Covers(kAftercareCategories);
  const CourtWall wall = WallBefore(engine_, body.organisation);
  // One that was stopped needs no consent any more.
  const bool counts =
      fits && (body.ended || StandingOf(rules, engine_.Rules(), wall, *found, clock_.Now()) == Standing::kCounts);
  if (!counts) {
    return Fail(Code::kInvalid, "aftercare.grant", "grant",
                "record a consent of its own first: schakel grants give --purpose aftercare --category agreements");
  }
  if (!body.ended && IsConsentTaken(trajectory.passage, grant, but)) {
    return Fail(Code::kConflict, "aftercare.grant_used", "grant", "record a consent of its own for this contact");
  }
  // Written down with the day itself: who looks at a consent knows it by that.
  if (body.at && !body.ended && *body.at >= found->ends_at) {
    return Fail(Code::kInvalid, "aftercare.consent_end", LastDayBefore(found->ends_at),
                "choose a day before that, or give another consent");
  }
  if (!body.until) body.until = found->ends_at;
  if (*body.until > found->ends_at) {
    return Fail(Code::kInvalid, "aftercare.until", "body.until", "let it end with the consent, or before");
  }
  Draft draft;
  draft.kind = Kind::kAftercareContact;
  draft.trajectory = trajectory.id;
  draft.purpose = Purpose::kAftercare;
  draft.categories = kAftercareCategories;
  SCHAKEL_ASSIGN(draft.body, EncodeBody(body));
  return draft;
}

// To who keeps it, under that very consent; to nobody besides.
Result<Sent> AftercareService::SendTo(Draft draft, const OrgId& keeper, const Audience& audience) {
  std::vector<OrgId> usual;
  if (keeper != engine_.Self()) usual.push_back(keeper);
  return Send(engine_, std::move(draft), usual, audience);
}

Result<Sent> AftercareService::Agree(const TrajectoryId& id, AftercareContactBody body, const RecordId& grant,
                                     const Audience& audience) {
  SCHAKEL_ASSIGN(const CaseTrajectory trajectory, cases_.Trajectory(id));
  if (body.at && *body.at + std::chrono::days(1) < clock_.Now()) {
    return Fail(Code::kInvalid, "aftercare.past", "body.at", "give the day of the first contact to come");
  }
  SCHAKEL_ASSIGN(Draft draft, DraftOf(trajectory, body, grant, {}));
  draft.references = {grant};
  return SendTo(std::move(draft), body.organisation, audience);
}

Result<Sent> AftercareService::Edit(const RecordId& contact, AftercareContactBody body, const RecordId& grant,
                                    const Audience& audience) {
  SCHAKEL_ASSIGN(const Found found, Find(contact));
  if (found.contact.text.author() != engine_.Self()) {
    return Fail(Code::kDenied, "aftercare.author", "contact", "ask who wrote it down");
  }
  SCHAKEL_ASSIGN(const CaseTrajectory trajectory, cases_.Trajectory(found.trajectory));
  SCHAKEL_ASSIGN(Draft draft, DraftOf(trajectory, body, grant, found.contact.text.id()));
  draft.thread = found.contact.text.id();
  draft.references = {found.contact.text.current().record, grant};
  return SendTo(std::move(draft), body.organisation, audience);
}

Result<Sent> AftercareService::Done(const RecordId& contact, ContactMomentBody body, const Audience& audience) {
  SCHAKEL_ASSIGN(const Found found, Find(contact));
  SCHAKEL_ASSIGN(const CaseTrajectory trajectory, cases_.Trajectory(found.trajectory));
  const CaseAftercare& one = found.contact;
  if (one.organisation != engine_.Self() && one.text.author() != engine_.Self()) {
    return Fail(Code::kDenied, "aftercare.keeper", "contact", "let who keeps the contact write it down");
  }
  const Timestamp now = clock_.Now();
  if (!body.at) body.at = now;
  SCHAKEL_TRY(CheckBody(body));
  if (*body.at > now) return Fail(Code::kInvalid, "contact.future", "body.at", "write it down once it took place");
  if (*body.at + std::chrono::days(1) < trajectory.opened_at) {
    return Fail(Code::kInvalid, "aftercare.past", "body.at", "give a day since the aftercare began");
  }
  const AftercareState state = StateOf(trajectory, one, now);
  if (state.standing == AftercareStanding::kStopped) {
    return Fail(Code::kConflict, "aftercare.stopped", "contact", "agree on it anew first");
  }
  // What took place while the consent held may be written down after it, at home.
  const bool held =
      state.goes_on() || state.standing == AftercareStanding::kDone || (state.ended_at && *body.at < *state.ended_at);
  if (!held) {
    return Fail(Code::kDenied, "aftercare.consent", "contact", "ask for a new consent, and agree on it anew");
  }
  Draft draft;
  draft.kind = Kind::kContactMoment;
  draft.trajectory = trajectory.id;
  draft.purpose = Purpose::kAftercare;
  draft.categories = kAftercareCategories;
  draft.references = {one.text.id()};
  if (!IsNone(one.grant)) draft.references.push_back(one.grant);
  SCHAKEL_ASSIGN(draft.body, EncodeBody(body));
  const OrgId& other = one.organisation == engine_.Self() ? trajectory.lead : one.organisation;
  return SendTo(std::move(draft), state.ended_at ? engine_.Self() : other, audience);
}

}  // namespace schakel
