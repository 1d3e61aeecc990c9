// Places that partners may ask for, as people see them: a part of the case file that is of no trajectory.
//
// Who offers places sees every hold on them. Whoever was handed an offer sees its own holds alone, and whether its
// owner says that all are taken; by asking it learns for sure, since the hub says at once when there is none. All of it
// follows from the records and their order in the log; what the clock ends is asked of a moment.
#pragma once

#include <optional>
#include <set>
#include <string_view>
#include <vector>

#include "agents/engine.h"
#include "protocol/control.h"

namespace schakel {

struct CaseHold {
  enum class State : std::uint8_t {
    kWaiting = 1,  // For the owner's answer.
    kAgreed,       // The place is the holder's until the end of the stay.
    kRefused,      // By the owner.
    kExpired,      // Nobody answered in time.
    kGivenBack,
    kOver,      // The stay has ended.
    kNotTaken,  // Ours, which the hub refused.
  };
  RecordId id;
  OrgId holder;
  Timestamp at;
  Timestamp expires_at;
  Timestamp ends_at;
  bool taken = true;  // Not refused by the hub.
  RecordId answer;    // None: there is none.
  bool agreed = false;
  RecordId release;
  std::optional<Timestamp> answered_at;
  std::optional<Timestamp> released_at;
  friend bool operator==(const CaseHold&, const CaseHold&) = default;

  State StateAt(Timestamp now) const;
  bool StandsAt(Timestamp now) const;  // The place is not free because of it.
};
std::string_view Slug(CaseHold::State value);

struct CasePlaces {
  RecordId id;
  OrgId owner;
  Timestamp at;
  PlaceOffer terms;
  RecordId close;                     // None: not closed.
  std::set<OrgId> to;                 // Whom it reached, if it is ours; else ourselves.
  std::vector<CaseHold> holds;        // In the order of the log.
  std::optional<Timestamp> taken_at;  // When we last asked, and the hub said that no place was free.
  std::optional<Timestamp> told_at;   // When its owner last told whether they are all taken,
  bool told_full = false;             // and what it told.
  friend bool operator==(const CasePlaces&, const CasePlaces&) = default;

  bool IsOpenAt(Timestamp now) const { return IsNone(close) && now < terms.ends_at; }
  // At most, if it is not ours.
  std::size_t FreeAt(Timestamp now) const;
  // As far as we know: it is open, a place may be free then, its owner does not say that all are taken now, and none
  // was refused to us within kTakenFor, unless its owner told since that one is free.
  bool MayBeAsked(Timestamp now, Timestamp then) const;
  static constexpr std::chrono::hours kTakenFor{1};
  const CaseHold* FindHold(const RecordId& id) const;
};

}  // namespace schakel
