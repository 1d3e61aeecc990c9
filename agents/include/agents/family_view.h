// Family group conferences, plans of the family and messages with supporters as people see them: a part of the case
// file.
//
// What counts (docs/methods.md): of a conference, what its coordinator's organisation says, and of that only what leads
// to the very next phase. A plan is of the organisation whose guest handed it over; an answer to it, of who led then.
// All of it follows from the records and their order in the log.
#pragma once

#include <optional>
#include <vector>

#include "agents/body.h"
#include "protocol/ids.h"
#include "protocol/seams.h"

namespace schakel {

struct CaseConference {
  struct Move {
    RecordId record;
    FamilyPhase phase = FamilyPhase::kInformation;
    Timestamp at;
    friend bool operator==(const Move&, const Move&) = default;
  };
  RecordId id;
  OrgId coordinator;
  RecordId table;           // By whose links the family comes; none: it is sealed.
  std::vector<Move> moves;  // The first begins it.
  FamilyPhase phase() const { return moves.back().phase; }
  friend bool operator==(const CaseConference&, const CaseConference&) = default;
};
struct CaseFamilyPlan {
  struct Answer {
    RecordId record;
    FamilyPlanSaid said = FamilyPlanSaid::kAccepted;
    Timestamp at;
    friend bool operator==(const Answer&, const Answer&) = default;
  };
  RecordId id;
  RecordId conference;
  RecordId guest;  // Who handed it over.
  OrgId author;
  Timestamp at;
  std::optional<Answer> answer;  // The last one.
  friend bool operator==(const CaseFamilyPlan&, const CaseFamilyPlan&) = default;
};
// What was written between one supporter and an organisation.
struct CaseSupporter {
  struct Message {
    RecordId record;
    Timestamp at;
    bool by_supporter = false;
    friend bool operator==(const Message&, const Message&) = default;
  };
  RecordId guest;
  OrgId author;                   // Whose guest.
  std::vector<Message> messages;  // At least one.
  bool waits() const { return messages.back().by_supporter; }
  friend bool operator==(const CaseSupporter&, const CaseSupporter&) = default;
};

// Each list in the order of the log.
struct CaseFamily {
  std::vector<CaseConference> conferences;
  std::vector<CaseFamilyPlan> plans;
  std::vector<CaseSupporter> supporters;
  friend bool operator==(const CaseFamily&, const CaseFamily&) = default;

  // By its first record or any later one. Null: none of ours.
  const CaseConference* FindConference(const RecordId& id) const;
  const CaseConference* ConferenceAt(const RecordId& table) const;
  const CaseFamilyPlan* FindPlan(const RecordId& id) const;
  const CaseFamilyPlan* LastPlanOf(const RecordId& conference) const;
  const CaseSupporter* FindSupporter(const RecordId& guest) const;
};

}  // namespace schakel
