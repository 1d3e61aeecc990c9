// Hearings, the questions of each ring, and the plan for the court. docs/methods.md says how it goes.
//
// Each is content: it reaches whom a grant covers, and nobody else. The court is reached by a handover alone, of one
// version of the plan, once those whose consent it takes agreed to that very one. Threads, durability, errors: as
// services.h.
#pragma once

#include "agents/profiles.h"
#include "agents/services.h"

namespace schakel {

class HearingService {
 public:
  HearingService(Engine& engine, Cases& cases, Clock& clock) : engine_(engine), cases_(cases), clock_(clock) {}

  // `purpose`: the coordination of care, or a report to the court; else kInvalid ("hearing.purpose"). kInvalid
  // ("hearing.past"), also of Change.
  Result<Sent> Plan(const TrajectoryId& id, const HearingBody& body, Purpose purpose, const Audience& audience);
  // Another day, or it is cancelled; by any member that has it. What `kept` names stays as it is, whatever `body` has
  // there; of what another wrote the court alone, since its words are its own. kConflict ("hearing.cancelled"): it was
  // already.
  struct Kept {
    bool court = false;
    bool text = false;
  };
  Result<Sent> Change(const RecordId& hearing, HearingBody body, const Audience& audience, Kept kept);
  Result<Sent> Change(const RecordId& hearing, HearingBody body, const Audience& audience) {
    return Change(hearing, std::move(body), audience, {});
  }

 private:
  void Keep(const CaseVersion& current, Kept kept, HearingBody& body) const;

  Engine& engine_;
  Cases& cases_;
  Clock& clock_;
};

class RingService {
 public:
  RingService(Engine& engine, Cases& cases) : engine_(engine), cases_(cases) {}

  // Where `body.key` names a question, its words in `profile` and `language` take the place of `body.question`.
  // kInvalid ("ring.question"): neither or both; ("ring.key"): no question of that ring has that name.
  Result<Sent> Answer(const TrajectoryId& id, RingAnswerBody body, const Profile& profile, Language language,
                      const Audience& audience);

 private:
  Engine& engine_;
  Cases& cases_;
};
// What an answer in that ring is about: by which grants cover it. Pure.
CategorySet CategoriesOf(AskingRing ring);

// A question of a ring, with the answers to it.
struct AskedInRing {
  std::string key;             // Empty: questions of their own.
  std::optional<Words> words;  // None: it is not of this profile.
  std::vector<CaseRingAnswer> answers;
};
struct RingOverview {
  AskingRing ring = AskingRing::kIndividual;
  std::vector<AskedInRing> questions;  // Those of the profile first, then what else was asked.
  bool answered = false;
};
// Every ring, in their order. Pure.
std::vector<RingOverview> RingsOf(const CaseCourt& court, const Profile& profile);

// Whose consent the handover of one record to the court lacks.
struct LackingConsent {
  bool young_person = false;
  bool parents = false;  // Of one, or of both: as the rule of the region says.
  bool child = false;    // Nobody can: the young person is not capable of agreeing.
  bool none() const { return !young_person && !parents && !child; }
  friend bool operator==(const LackingConsent&, const LackingConsent&) = default;
};
// Of `record`, written by `author`, who shares it with `court`. Pure.
LackingConsent LackingBeforeCourt(const Trajectory& rules, const RegionRules& region, const Header& record,
                                  const OrgId& author, const OrgId& court, Timestamp now);

class CourtPlanService {
 public:
  CourtPlanService(Engine& engine, Cases& cases, ContentService& content, Clock& clock)
      : engine_(engine), cases_(cases), content_(content), clock_(clock) {}

  static constexpr std::size_t kRestsOnMax = 15;  // A version also refers to the one before it.
  // What it rests on: answers, goals and agreements of that trajectory. Rings without an answer are written into it.
  // kInvalid ("plan.rests_on", "plan.many"). kConflict ("commitment.inactive"), also of HandOver: a commitment that
  // persons sign, and that not everybody signed.
  Result<Sent> Write(const TrajectoryId& id, CourtPlanBody body, const std::vector<RecordId>& rests_on,
                     const Audience& audience);
  // As Write, with whom the audience names alone.
  Result<Sent> WriteFor(const TrajectoryId& id, CourtPlanBody body, const std::vector<RecordId>& rests_on,
                        const Audience& audience);
  // kDenied ("plan.author"), also of HandOver.
  Result<Sent> Edit(const RecordId& plan, CourtPlanBody body, const std::vector<RecordId>& rests_on,
                    const Audience& audience);
  // Its current version. kInvalid ("plan.court"): no court. kDenied ("plan.consent",
  // "plan.consent_young_person", "plan.consent_parents": whose is lacking; "plan.child").
  // kConflict ("plan.handed"): that version is there; ("plan.changed"): `version` is not the current one.
  Result<Sent> HandOver(const RecordId& version, const OrgId& court, const Audience& audience);
  // What such a handover would lack now.
  Result<LackingConsent> Lacking(const RecordId& plan, const OrgId& court);

 private:
  struct Found {
    TrajectoryId trajectory;
    CaseCourtPlan plan;
  };
  Result<Found> Find(const RecordId& id);
  Status CheckRestsOn(const Found& found, const OrgId& court) const;
  Result<Draft> DraftOf(const TrajectoryId& id, CourtPlanBody body, const std::vector<RecordId>& rests_on);

  Engine& engine_;
  Cases& cases_;
  ContentService& content_;
  Clock& clock_;
};

// The organisations behind the court wall that take part, as far as we may know.
std::vector<OrgId> CourtsIn(const Engine& engine, const CaseTrajectory& trajectory);

}  // namespace schakel
