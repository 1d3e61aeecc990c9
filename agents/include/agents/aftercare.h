// Contacts that are agreed for after the help. docs/methods.md says how it goes.
//
// What was closed takes in nothing more, and closing ended all that was consented to. So aftercare is a new, small
// trajectory, to which members are invited anew; which one it follows stands in the own vault alone. Each contact rests
// on one consent of its own. Threads, durability, errors: as services.h.
#pragma once

#include "agents/services.h"
#include "agents/subject_ties.h"

namespace schakel {

class AftercareService {
 public:
  AftercareService(Engine& engine, Cases& cases, TrajectoryService& trajectories, SubjectTies& ties, Clock& clock)
      : engine_(engine), cases_(cases), trajectories_(trajectories), ties_(ties), clock_(clock) {}

  // `opening.label` empty: as the closed one is called. kDenied ("aftercare.lead"): only who led it; kConflict
  // ("aftercare.open": it is not closed; "aftercare.begun": its aftercare runs).
  Result<Sent> Begin(const TrajectoryId& closed, OpeningBody opening, const Audience& audience);

  // `body.organisation` empty: ours; `body.until` none: the end of the consent. kDenied ("aftercare.lead"). kInvalid
  // ("aftercare.grant": no consent that counts, of that organisation, to aftercare and agreements; "aftercare.until":
  // it outlives its consent). kConflict ("aftercare.grant_used").
  Result<Sent> Agree(const TrajectoryId& id, AftercareContactBody body, const RecordId& grant,
                     const Audience& audience);
  // Likewise; kDenied ("aftercare.author").
  Result<Sent> Edit(const RecordId& contact, AftercareContactBody body, const RecordId& grant,
                    const Audience& audience);
  // It took place: `body.at` none: now. By who keeps it, or who wrote it down: kDenied ("aftercare.keeper"). kInvalid
  // ("contact.future"). kConflict ("aftercare.stopped"). kDenied ("aftercare.consent"): its consent ended before.
  Result<Sent> Done(const RecordId& contact, ContactMomentBody body, const Audience& audience);

  struct Found {
    TrajectoryId trajectory;
    CaseAftercare contact;
  };
  Result<Found> Find(const RecordId& contact);  // kNotFound ("id.unknown").

 private:
  Result<Draft> DraftOf(const CaseTrajectory& trajectory, AftercareContactBody& body, const RecordId& grant,
                        const RecordId& but);
  Result<Sent> SendTo(Draft draft, const OrgId& keeper, const Audience& audience);

  Engine& engine_;
  Cases& cases_;
  TrajectoryService& trajectories_;
  SubjectTies& ties_;
  Clock& clock_;
};

}  // namespace schakel
