// A shared dossier as people see it: the part of the case file that several organisations write together.
//
// Rules for edits that cross (docs/dossier.md, property-tested):
//   The version that comes last in the log's order counts. One whose author had not seen the version before it is
//   `concurrent`: it counts, and whoever looks is told. Versions of who may not edit count for nothing.
//   A signature, a judgement, "done" and "taken back" are about one version: an edit voids them. What is said about a
//   version that is not the current one any more counts for nothing.
//   A commitment signs the versions that it cites: an edit of one of them, or a review that stopped it, voids it too.
// All of it follows from the records and their order in the log alone, so it is the same for everybody who has them.
#pragma once

#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include "agents/body.h"
#include "agents/meeting.h"
#include "protocol/ids.h"
#include "protocol/seams.h"

namespace schakel {

struct CaseVersion {
  RecordId record;
  RecordId base;  // Which one its author edited; none: it is the first.
  OrgId author;
  Timestamp at;
  bool concurrent = false;
  friend bool operator==(const CaseVersion&, const CaseVersion&) = default;
};
struct CaseVersions {
  std::vector<CaseVersion> all;  // At least one, in the order of the log.

  const RecordId& id() const { return all.front().record; }
  const OrgId& author() const { return all.front().author; }
  const CaseVersion& current() const { return all.back(); }
  friend bool operator==(const CaseVersions&, const CaseVersions&) = default;
};

struct CaseReferral {
  enum class State : std::uint8_t { kOpen = 1, kAccepted, kRefused, kWithdrawn, kExpired };
  RecordId id;
  OrgId author;
  Timestamp at;
  OrgId to;                             // Empty: its words are sealed.
  std::optional<Timestamp> expires_at;  // Likewise.
  RecordId answer;                      // The first one in time; none: not answered.
  std::optional<ReferralAnswer> answered;
  RecordId withdrawal;
  bool gone = false;  // Who was asked takes no part any more; as good as expired.
  State StateAt(Timestamp now) const;
  friend bool operator==(const CaseReferral&, const CaseReferral&) = default;
};
std::string_view Slug(CaseReferral::State value);

struct CaseGoal {
  struct Progress {
    RecordId record;
    Timestamp at;
    GoalProgress progress = GoalProgress::kOnTrack;
    friend bool operator==(const Progress&, const Progress&) = default;
  };
  struct Review {
    RecordId record;
    OrgId author;
    Timestamp at;
    GoalFound found = GoalFound::kContinued;
    friend bool operator==(const Review&, const Review&) = default;
  };
  CaseVersions text;
  std::vector<OrgId> owners;
  std::optional<Timestamp> begins_at;
  std::optional<Timestamp> ends_at;
  std::map<OrgId, Progress> progress;             // Each organisation's last word.
  std::vector<Review> reviews;                    // By owners, and by who set it.
  std::optional<Timestamp> review_due;            // None: it is over, or its words are sealed.
  bool Carries(const OrgId& organisation) const;  // An owner, or who set it first.
  friend bool operator==(const CaseGoal&, const CaseGoal&) = default;
};

// What a commitment cites, and how far each who signed finds it. Goals alone have the latter, and a half year.
struct CaseCited {
  // kStopped: a review ended the goal unreached. kUnread: it is not here, or its words are sealed.
  enum class State : std::uint8_t { kAsSigned = 1, kChanged, kStopped, kUnread };
  struct Found {
    RecordId record;
    OrgId taken_down_by;  // Which organisation wrote it down.
    Timestamp at;
    SignedHow how = SignedHow::kLink;
    GoalProgress progress = GoalProgress::kOnTrack;
    friend bool operator==(const Found&, const Found&) = default;
  };
  RecordId version;  // The one that is signed.
  RecordId current;  // The one that counts by now; none: it is not here.
  State state = State::kUnread;
  std::optional<Timestamp> review_due = {};           // None: reached or stopped, or a criterion.
  std::map<OrgId, CaseGoal::Progress> progress = {};  // The last word of each party that signed,
  std::map<Speaker, Found> persons = {};              // and of each person that did.
  std::optional<CriterionOf> whose = {};              // Of a criterion, and
  RecordId judgement = {};                            // the last word of who set it; none: it was not judged.
  bool met = false;
  friend bool operator==(const CaseCited&, const CaseCited&) = default;
};
std::string_view Slug(CaseCited::State value);

struct CaseCommitment {
  // What a person said who signs besides the organisations.
  struct Word {
    RecordId record;
    OrgId taken_down_by;  // Which organisation wrote it down.
    Timestamp at;
    SignedHow how = SignedHow::kLink;
    bool declined = false;
    friend bool operator==(const Word&, const Word&) = default;
  };
  CaseVersions text;
  std::vector<OrgId> parties;             // Of the current version. Empty: its words are sealed.
  std::map<OrgId, RecordId> signatures;   // Of that version. Who wrote it signed it by that.
  std::vector<OrgId> outstanding;         // Parties that have yet to sign.
  std::optional<Timestamp> active_since;  // As `signed_since`; none also where what it cites was changed since.
  std::vector<Speaker> persons = {};      // Who signs besides, as `parties`.
  std::map<Speaker, Word> words = {};     // What they said about that version. A refusal stands over a signature.
  std::optional<Timestamp> signed_since =
      {};                                  // The last signature, of whomever. By it parties are bound, whatever else.
  std::vector<CaseCited> goals = {};       // That are signed with that version, in the order of its body,
  std::vector<CaseCited> criteria = {};    // and what is good enough.
  std::optional<Timestamp> renew_by = {};  // A goal's half year, or its own where it cites none; none: no end.
  bool StandsAsSigned() const;             // Nothing that it cites was changed, stopped or cannot be read.
  std::vector<Speaker> PersonsOutstanding() const;  // Who have yet to sign, those who refused among them.
  bool Declined() const;                            // Nobody signs that version any more.
  bool Binds(const OrgId& organisation) const;      // A party, or who wrote it first: may edit it.
  friend bool operator==(const CaseCommitment&, const CaseCommitment&) = default;
};

struct CaseCriterion {
  struct Judgement {
    RecordId record;
    Timestamp at;
    bool met = false;
    friend bool operator==(const Judgement&, const Judgement&) = default;
  };
  CaseVersions text;
  std::optional<CriterionOf> whose;    // None: its words are sealed.
  std::optional<Judgement> judgement;  // The last one of who set it, about the current version.
  bool met() const { return judgement && judgement->met; }
  friend bool operator==(const CaseCriterion&, const CaseCriterion&) = default;
};

struct CaseAction {
  CaseVersions text;
  RecordId meeting;  // In which it was decided; none: in none.
  OrgId owner;       // Empty: its words are sealed.
  std::optional<Timestamp> due_at;
  RecordId said;      // The last word about the current version: of its owner, or that it was taken back.
  bool done = false;  // As its owner said last, of the current version.
  std::optional<Timestamp> done_at;  // When it said so.
  bool taken_back = false;           // The current version: nobody does it any more. Then nothing else counts about it.
  bool Carries(const OrgId& organisation) const { return organisation == owner || organisation == text.author(); }
  // Only who convened a meeting says what was decided there.
  bool IsOf(const Meeting& one) const { return meeting == one.id && text.author() == one.convener; }
  friend bool operator==(const CaseAction&, const CaseAction&) = default;
};

// Each list in the order in which they were begun.
struct CaseDossier {
  std::vector<CaseReferral> referrals;
  std::vector<CaseCommitment> commitments;
  std::vector<CaseGoal> goals;
  std::vector<CaseCriterion> criteria;
  std::vector<CaseAction> actions;
  friend bool operator==(const CaseDossier&, const CaseDossier&) = default;

  // By the first version or any later one. Null: none of ours.
  const CaseReferral* FindReferral(const RecordId& id) const;
  const CaseCommitment* FindCommitment(const RecordId& id) const;
  const CaseGoal* FindGoal(const RecordId& id) const;
  const CaseCriterion* FindCriterion(const RecordId& id) const;
  const CaseAction* FindAction(const RecordId& id) const;
};

// The same day six months on, or the last of that month. In UTC: it is a day, not a moment.
Timestamp SixMonthsAfter(Timestamp at);

}  // namespace schakel
