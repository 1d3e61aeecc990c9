// The plan for adulthood: what is agreed in each domain of life, and who goes on. docs/methods.md says how it goes.
//
// Content about the passage to adulthood: it reaches whom a grant covers, and nobody else. Threads, durability, errors:
// as services.h.
#pragma once

#include "agents/profiles.h"
#include "agents/services.h"

namespace schakel {

class AdulthoodService {
 public:
  AdulthoodService(Engine& engine, Cases& cases, Clock& clock) : engine_(engine), cases_(cases), clock_(clock) {}

  // Where the key of a domain names one, its words in `profile` and `language` take the place of its title. kInvalid
  // ("adulthood.key": no domain has that name; "adulthood.title": neither key nor title; "adulthood.day": nobody is of
  // age that much later). kNotFound ("directory.organisation"): no such receiver.
  Result<Sent> Write(const TrajectoryId& id, AdulthoodPlanBody body, const Profile& profile, Language language,
                     const Audience& audience);
  // kDenied ("adulthood.author").
  Result<Sent> Edit(const RecordId& plan, AdulthoodPlanBody body, const Profile& profile, Language language,
                    const Audience& audience);

  // What parents consented to before the day was known, on trajectories that we lead: it ends once the day has come,
  // also where nobody says so. From now on: what was shared until then stays.
  Status EndOnTheDay();

  struct Found {
    TrajectoryId trajectory;
    CaseAdulthoodPlan plan;
  };
  Result<Found> Find(const RecordId& plan);  // kNotFound ("id.unknown").

 private:
  Result<Draft> DraftOf(const TrajectoryId& id, AdulthoodPlanBody body, const Profile& profile, Language language);

  Engine& engine_;
  Cases& cases_;
  Clock& clock_;
};

// Domains of `profile` about which the current plan agrees on nothing, by their keys. Pure.
std::vector<std::string> MissingIn(const CasePassage& passage, const Profile& profile);

// Since when the young person is of age: by the day that the plan names, or since that was said. None: not yet, as far
// as is known here.
std::optional<Timestamp> OfAgeSince(Cases& cases, const TrajectoryId& id, Timestamp now);

// Whether consent by them stands in for that of the young person.
bool IsOfParents(Grantor grantor);
// What parents, or who stands for them, consented to: it lapses when the young person is of age. Pure.
std::vector<CaseGrant> OfParents(const CaseTrajectory& trajectory, Timestamp now);

}  // namespace schakel
