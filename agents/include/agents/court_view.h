// Hearings, what was asked in each ring, and plans for the court as people see them: a part of the case file.
//
// What counts (docs/methods.md): of a hearing the last word in the log's order, whoever says it. Of a plan the last
// version of its author. All of it follows from the records and their order in the log.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "agents/body.h"
#include "agents/dossier_view.h"
#include "protocol/ids.h"
#include "protocol/seams.h"

namespace schakel {

struct CaseHearing {
  CaseVersions text;
  std::optional<Timestamp> at;  // As was said last. None: it is cancelled, or its words are sealed.
  bool cancelled = false;
  friend bool operator==(const CaseHearing&, const CaseHearing&) = default;
};
struct CaseRingAnswer {
  RecordId record;
  OrgId author;
  Timestamp at;
  AskingRing ring = AskingRing::kIndividual;
  std::string key;  // Empty: a question of their own.
  Speaker who = Speaker::kYoungPerson;
  friend bool operator==(const CaseRingAnswer&, const CaseRingAnswer&) = default;
};
struct CaseCourtPlan {
  // It was handed to somebody as it stood then.
  struct Handed {
    RecordId record;
    RecordId version;
    OrgId to;
    Timestamp at;
    friend bool operator==(const Handed&, const Handed&) = default;
  };
  CaseVersions text;                   // At whom it was handed to: that alone, under the record that shares it.
  std::vector<RecordId> rests_on;      // Of the current version.
  std::vector<AskingRing> unanswered;  // Likewise, as it says itself.
  std::vector<Handed> handed;
  bool was_handed = false;  // To us.
  friend bool operator==(const CaseCourtPlan&, const CaseCourtPlan&) = default;
};

// Each list in the order of the log.
struct CaseCourt {
  std::vector<CaseHearing> hearings;
  std::vector<CaseRingAnswer> answers;
  std::vector<CaseCourtPlan> plans;
  friend bool operator==(const CaseCourt&, const CaseCourt&) = default;

  // By the first record or any later one. Null: none of ours.
  const CaseHearing* FindHearing(const RecordId& id) const;
  const CaseCourtPlan* FindPlan(const RecordId& id) const;
  bool HasAnswer(const RecordId& id) const;
};

// Rings in which nobody answered, in their order. Pure.
std::vector<AskingRing> UnansweredIn(const CaseCourt& court);

}  // namespace schakel
