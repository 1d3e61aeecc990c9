// What was agreed for after the help, and the plan for adulthood, as people see them: a part of the case file.
//
// What counts (docs/methods.md): of a contact and of a plan the last version of its author. A contact stands as long as
// the consent does that it rests on, and no other: when that ends, the others go on.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "agents/body.h"
#include "agents/dossier_view.h"
#include "protocol/ids.h"
#include "protocol/seams.h"

namespace schakel {

struct CaseTrajectory;

struct CaseAftercare {
  struct Done {
    RecordId record;
    Timestamp at;  // When it was.
    friend bool operator==(const Done&, const Done&) = default;
  };
  CaseVersions text;
  RecordId grant;      // Of the current version, as all that follows; none: it names none.
  OrgId organisation;  // Empty: its words are sealed.
  Timestamp first_at{};
  std::uint32_t every_weeks = 0;
  Timestamp until{};
  bool ended = false;
  std::vector<Done> done;  // In the order in which they were.
  friend bool operator==(const CaseAftercare&, const CaseAftercare&) = default;
};
struct CaseAdulthoodPlan {
  CaseVersions text;
  std::optional<Timestamp> of_age_at;  // Of the current version, as all that follows; none: its words are sealed.
  OrgId receiver;                      // Empty: not known yet.
  std::vector<std::string> settled;    // Keys of the profile about which something is agreed.
  bool agrees = false;                 // On anything.
  friend bool operator==(const CaseAdulthoodPlan&, const CaseAdulthoodPlan&) = default;
};

// Each list in the order of the log.
struct CasePassage {
  std::vector<CaseAftercare> contacts;
  std::vector<CaseAdulthoodPlan> plans;
  friend bool operator==(const CasePassage&, const CasePassage&) = default;

  // By the first record or any later one. Null: none of ours.
  const CaseAftercare* FindContact(const RecordId& id) const;
  const CaseAdulthoodPlan* FindPlan(const RecordId& id) const;
  // What the lead wrote last, if its words can be read here. Null: none.
  const CaseAdulthoodPlan* CurrentPlan() const;
};

// ---- What follows from it. Pure. ----

enum class AftercareStanding : std::uint8_t {
  kPlanned = 1,
  kDue,   // Within a week.
  kLate,  // Its day has passed.
  kDone,  // As often as was agreed.
  kStopped,
  kConsentEnded,
  kWithdrawn,
  kNoConsent,  // It does not count (any more): a parent's, once the young person is of age.
};
std::string_view Slug(AftercareStanding value);
struct AftercareState {
  AftercareStanding standing = AftercareStanding::kNoConsent;
  std::optional<Timestamp> ended_at;       // The consent.
  std::optional<Timestamp> consent_until;  // None: nothing is known of it here.
  std::optional<Timestamp> next_at;
  // At who leads: somebody else keeps it, and no consent lets us hear that it was done; each partner needs one of its
  // own.
  bool unheard = false;
  bool goes_on() const { return standing <= AftercareStanding::kLate; }
};
AftercareState StateOf(const CaseTrajectory& trajectory, const CaseAftercare& contact, Timestamp now);
inline constexpr std::chrono::days kAftercareDueSoon{7};

// Who accepted to go on with the young person.
struct AcceptedReceiver {
  enum class By : std::uint8_t { kReceiver = 1, kLead, kReferral };
  OrgId organisation;
  By by = By::kReceiver;
  RecordId record;  // That says so; none: what the trajectory itself says.
};
std::string_view Slug(AcceptedReceiver::By value);
std::optional<AcceptedReceiver> AcceptedIn(const CaseTrajectory& trajectory, Timestamp now);

// What the passage to adulthood asks of the lead.
struct AdulthoodAsk {
  enum class What : std::uint8_t {
    kPlan = 1,  // From 17 on: nothing is agreed.
    kReceiver,  // From 17½ on: nobody accepted to go on.
    kStage,     // The day has come: say so, and what the parents consented to lapses.
  };
  What what = What::kPlan;
  Timestamp due;
};
std::string_view Slug(AdulthoodAsk::What value);
std::vector<AdulthoodAsk> AdulthoodAsksOf(const CaseTrajectory& trajectory, Timestamp now);

}  // namespace schakel
