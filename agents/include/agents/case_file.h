// The case file: what people see, as a pure fold of held records and their bodies.
//
// The order in which records arrive does not matter: the fold takes them in the log's order (own records that still
// wait come last, by the time they were made). Records that the hub refused count for nothing but a task for whoever
// wrote them.
// What stands here is for the machine's work. Whoever shows a person the words of a record reads it first, through
// Engine::Read, so that the view is logged (services.h: Reading).
//
// Threads: one object, one thread at a time.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "agents/body.h"
#include "agents/court_view.h"
#include "agents/dossier_view.h"
#include "agents/engine.h"
#include "agents/family_view.h"
#include "agents/meeting.h"
#include "agents/modules_view.h"
#include "agents/network_view.h"
#include "agents/passage_view.h"
#include "agents/places_view.h"

namespace schakel {

// A record with what is inside; none: sealed for us, or damaged.
struct CaseRecord {
  HeldRecord held;
  std::optional<TypedBody> body;
};

struct Participant {
  OrgId organisation;
  bool lead = false;
  MemberStatus status = MemberStatus::kJoined;
  RecordId invite;
  Timestamp invite_expires_at;
  RecordId commitment;  // The statement by which it joined; its words say to what.
  friend bool operator==(const Participant&, const Participant&) = default;
};

// A grant was taken back, and whether its recipient has answered for that. Known to who took it back, to the lead and
// to the recipient.
struct CaseTakenBack {
  RecordId record;  // The withdrawal, narrowing, leaving or removal, or the review that found it unjustified.
  Kind kind = Kind::kGrantWithdraw;
  OrgId author;
  Timestamp at;
  std::optional<Timestamp> sealed_at;     // None: outstanding.
  std::optional<Timestamp> destroyed_at;  // None: kept, if anything is.
  friend bool operator==(const CaseTakenBack&, const CaseTakenBack&) = default;
};

struct CaseGrant {
  Grant grant;
  Timestamp given_at;
  RecordId withdrawal;                    // None: not withdrawn.
  std::vector<CaseTakenBack> taken_back;  // In the order of the log.
  friend bool operator==(const CaseGrant&, const CaseGrant&) = default;
};

struct Consultation {
  enum class State : std::uint8_t { kOpen, kAnswered, kConcluded };
  struct Reply {
    RecordId record;
    OrgId author;
    Timestamp at;
    friend bool operator==(const Reply&, const Reply&) = default;
  };
  // Of an anonymous one: whom it is about was said to some of those who were asked. As far as we may read that.
  struct Revealed {
    RecordId record;
    TrajectoryId trajectory;
    std::set<OrgId> to;  // Whom it reached, if the question is ours; else ourselves.
    Timestamp at;
    friend bool operator==(const Revealed&, const Revealed&) = default;
  };
  RecordId id;
  TrajectoryId trajectory;  // None: anonymous.
  OrgId asker;
  Timestamp asked_at;
  Purpose purpose = Purpose::kConsultation;
  CategorySet categories;
  Urgency urgency = Urgency::kNormal;
  std::optional<Timestamp> answer_by;
  std::set<OrgId> asked;  // Whom it reached, if the question is ours; else ourselves.
  std::vector<Reply> answers;
  std::vector<Reply> follow_ups;  // Of the asker. Whoever one reached has to answer again.
  RecordId conclusion;            // None: not concluded.
  State state = State::kOpen;     // Answered: all who were asked answered, and each follow-up that reached them.
  std::vector<OrgId> outstanding;
  std::vector<Revealed> revealed;  // In the order in which it was said.

  std::vector<Reply> Replies() const;  // Answers and follow-ups, as they came.
  Timestamp LastAskedAt() const;       // By the question, or a follow-up.
  // Until when an answer is waited for: the date of the question, unless a follow-up came after it. Of a crisis always:
  // at the latest the end of the day on which it was last asked.
  std::optional<Timestamp> DueBy() const;
  friend bool operator==(const Consultation&, const Consultation&) = default;
};

// A note, an agreement, a request for help, something shared again, or a kind of content that is not ours.
struct CaseItem {
  RecordId id;
  Kind kind = Kind::kNote;
  OrgId author;
  Timestamp at;
  Purpose purpose = Purpose::kCareCoordination;
  CategorySet categories;
  RecordState state = RecordState::kReceived;
  friend bool operator==(const CaseItem&, const CaseItem&) = default;
};

// What was said of erasing it. Of an erased trajectory nothing else is left.
struct CaseErasure {
  struct Party {
    OrgId organisation;
    std::optional<Timestamp> answered_at;          // None: outstanding.
    std::optional<KeptByLaw> kept = std::nullopt;  // What it keeps of it, sealed, because the law obliges it to.
    friend bool operator==(const Party&, const Party&) = default;
  };
  RecordId proposal;
  // None: we have only heard that it was confirmed. Who was away meanwhile is not told any more of the proposal.
  std::optional<EraseReason> reason;
  std::optional<Timestamp> proposed_at;
  bool seconded = false;                  // Another member agreed.
  RecordId confirm;                       // None: not yet.
  std::optional<Timestamp> confirmed_at;  // Likewise.
  std::vector<Party> parties;             // Who was asked to erase it too, as far as we know: all of them, at the lead.
  friend bool operator==(const CaseErasure&, const CaseErasure&) = default;
};

// What an erasure waits for.
enum class ErasureStanding : std::uint8_t {
  kProposed = 1,  // For a second person: a colleague at the lead, or another member.
  kAgreed,        // Another member agreed; for the lead to confirm it.
  kConfirmed,     // Gone here; who else has answered is not ours to know.
  kReceipts,      // Gone here; for the answers of others.
  kDone,          // For nothing: all have answered.
};
inline constexpr ErasureStanding kErasureStandingLast = ErasureStanding::kDone;
std::string_view Slug(ErasureStanding value);
// kInvalid ("vocabulary.erasure").
Result<ErasureStanding> ParseErasureStanding(std::string_view slug);
ErasureStanding StandingOf(const CaseErasure& erasure, bool we_lead);

// The lead was offered, and has not been answered; or not in time.
struct CaseLeadOffer {
  RecordId record;
  OrgId to;
  Timestamp at;
  Timestamp expires_at;
  friend bool operator==(const CaseLeadOffer&, const CaseLeadOffer&) = default;
};
// The lead passed.
struct CaseHandover {
  RecordId record;  // The acceptance.
  OrgId from;
  OrgId to;
  std::optional<Timestamp> at;  // None: we had left by then.
  bool told = false;            // Who led told the new lead what was said before.
  friend bool operator==(const CaseHandover&, const CaseHandover&) = default;
};

struct CaseTrajectory {
  // Whether the young person is of age and nobody goes on with them.
  bool LacksReceiver() const { return stage == Stage::kAdult && !receiver_accepted; }
  TrajectoryId id;
  RecordId label_record;  // Says what it is called: our opening of it, or else the invitation. None: neither is here.
  RecordId opening;
  Timestamp opened_at;
  OrgId lead;  // Empty: we know of the trajectory by an invitation alone.
  std::optional<CaseLeadOffer> lead_offer;
  std::vector<CaseHandover> handovers;  // The first one first.
  bool closed = false;
  std::optional<Timestamp> retain_until;  // Of a closed one.
  std::optional<CaseErasure> erasure;
  Stage stage = Stage::kCapable;
  // Of a young person of age: who was said; unless that one takes part, who took over the lead since, or leads as the
  // receiver that the plan names. Empty: none.
  OrgId receiver;
  bool receiver_accepted = false;
  std::vector<Frame> frames;
  std::vector<Participant> participants;  // The lead first, then by name.
  std::vector<CaseGrant> grants;
  std::vector<Consultation> consultations;
  std::vector<Meeting> meetings;
  std::vector<CaseItem> items;
  CaseDossier dossier;
  CaseNetwork network;
  CaseHelp help;
  std::vector<CasePlaces> places;  // Of no trajectory.
  CaseCourt court;
  CaseFamily family;
  CasePassage passage;
  std::vector<WithheldMark> withheld;
  Timestamp last_at;  // Of the newest record.
  friend bool operator==(const CaseTrajectory&, const CaseTrajectory&) = default;

  const Participant* Find(const OrgId& organisation) const;
};
inline bool operator==(const WithheldMark& a, const WithheldMark& b) {
  return a.position == b.position && a.record == b.record && a.trajectory == b.trajectory && a.reason == b.reason &&
         a.at == b.at;
}

// Whether people are told of it: what agents tell one another is no change to people, nor is a piece of a file.
bool IsTold(Kind kind);

// What waits for us, and what is new.
struct InboxItem {
  enum class What : std::uint8_t {
    kInvitation = 1,     // Join, or let it lapse.
    kAnswer,             // A question to us.
    kConclude,           // All answers to our question are in.
    kVote,               // A proposal without our vote.
    kFix,                // Everybody voted on our proposal.
    kReport,             // Our meeting was held; its report is not there.
    kGrantEnds,          // A grant of ours ends soon.
    kRefused,            // The hub refused a record of ours.
    kNew,                // Received since we last looked.
    kWithheld,           // Something could not be handed to us any more; since we last looked.
    kOutstanding,        // `from` has not answered yet for a grant that was taken back.
    kErase,              // A proposal to erase a trajectory waits for a second person.
    kEraseOutstanding,   // `from` has not said yet that it erased a trajectory.
    kLeadOffered,        // The lead is offered to us.
    kLeadUnanswered,     // Our offer of the lead ended without an answer.
    kReferral,           // A referral asks us.
    kReferralLapsed,     // Our referral ended without an answer.
    kSign,               // A commitment waits for our signature.
    kGoalReview,         // A goal of ours is to be reviewed: six months have passed, or soon will have.
    kAction,             // An action of ours is due, or soon will be.
    kActionLate,         // An action that we set, for `from` to do, is open, and its day has passed.
    kFamily,             // All of the family answered: pass on what they chose.
    kQuorum,             // A date was found, though not everybody voted.
    kRequiredNo,         // `from`, or a guest whose presence is required, cannot come.
    kVotesLate,          // Votes are outstanding, and their day is near or past.
    kCounter,            // `from`, or a guest, would rather at another time.
    kEmergencyReview,    // An emergency that `from` gave has ended, and is ours to review.
    kAnswerLate,         // `from` has not answered our question, and its day has passed.
    kReceiver,           // Of our trajectory: the young person is of age, and no receiver was accepted.
    kRecolour,           // An action that was to mend a tie is done: ask how that tie is now.
    kStayEnds,           // A stay with an end, as a time-out, ends soon or has: say what comes after it.
    kAlertStands,        // An alert of `from` stands.
    kAlertOpen,          // An alert of ours stands: withdraw it once it is over.
    kPlaceAsked,         // `from` asks for a place of ours, and it waits until the day.
    kPlaceAgreed,        // `from` agreed to the place that we asked for; since we last looked.
    kPlaceRefused,       // Likewise, and did not.
    kPlaceLapsed,        // `from` did not answer in time: the place is not ours.
    kPlaceEnds,          // A place that we hold is to be given back to `from` soon.
    kReview3Months,      // An evolution review is due soon: three months after the help began,
    kReview6Months,      // six months,
    kReviewHearing,      // or before the youth court sits.
    kCrisis,             // A crisis question to us: to be answered today.
    kCrisisLate,         // Nobody of us answered one on its day; for coordinators.
    kCrisisUnanswered,   // `from` did not answer a crisis question of ours on its day: ask another.
    kSupporter,          // A supporter wrote, and nobody of ours has answered.
    kFamilyPlan,         // A family handed over its plan: say whether we, who lead, go along with it.
    kAftercareDue,       // A contact for after the help is ours to keep within a week, or was.
    kAftercareLate,      // `from` did not keep one that we agreed on.
    kAdulthoodPlan,      // Of our trajectory: 17, and nothing is agreed for adulthood.
    kAdulthoodReceiver,  // Likewise: of age within half a year, and nobody accepted to go on.
    kAdulthoodStage,     // Likewise: of age, and it was not said yet.
    kSignPersons,        // A commitment of ours that all organisations signed waits for a person.
    kSignAnew,           // One is to be written anew: somebody refused, what it cites changed, or its half year passed.
  };
  What what = What::kNew;
  RecordId record;
  TrajectoryId trajectory;
  OrgId from;
  Kind kind = Kind::kNote;
  Timestamp at;
  std::optional<Timestamp> due;
  RecordId due_record;  // In whose body `due` stands; none: no body is needed to know it.
  std::optional<Denial> reason;
  friend bool operator==(const InboxItem&, const InboxItem&) = default;
};
inline constexpr std::chrono::days kGrantEndsSoon{14};
inline constexpr std::chrono::days kReviewDueSoon{14};
inline constexpr std::chrono::days kActionDueSoon{7};
inline constexpr std::chrono::days kStayEndsSoon{2};
inline constexpr std::chrono::days kPlaceLapsedFor{3};
inline constexpr std::chrono::days kEvolutionReviewSoon{28};  // To find a date with everybody takes a while.

class CaseFile {
 public:
  explicit CaseFile(OrgId self) : self_(std::move(self)) {}
  CaseFile(CaseFile&&) = default;
  CaseFile(const CaseFile&) = delete;

  // Takes in a record; the same id again replaces it (an outcome came, a body was sealed).
  void Put(CaseRecord record);
  // Members and grants as the rules know them.
  void SetRules(const TrajectoryId& id, Trajectory rules);
  // Statements that who led before us told of: what was answered to it, for one.
  void SetTold(const TrajectoryId& id, std::vector<Header> told);
  // All but what was said of its erasure.
  void Erase(const TrajectoryId& id);
  void SetWithheld(std::vector<WithheldMark> marks);

  const CaseRecord* Record(const RecordId& id) const;
  void Visit(const std::function<void(const CaseRecord&)>& visit) const;  // All records, in no order.
  // Every id that begins so; for abbreviations.
  std::vector<RecordId> RecordsLike(std::string_view hex_prefix) const;
  std::vector<TrajectoryId> TrajectoriesLike(std::string_view hex_prefix) const;

  // Null: none that we know of. Valid until the next Put or Set.
  const CaseTrajectory* Find(const TrajectoryId& id);
  std::vector<const CaseTrajectory*> Trajectories();                 // The one touched last comes first.
  std::vector<const CaseRecord*> RecordsOf(const TrajectoryId& id);  // In the log's order.
  const std::vector<Consultation>& AnonymousConsultations();
  // By the record that started it, or any record of its thread.
  const Consultation* FindConsultation(const RecordId& id);
  const std::vector<CasePlaces>& Places();           // That partners may ask for, ours among them.
  const CasePlaces* FindPlaces(const RecordId& id);  // By the offer, or any record about it. Null: none.
  const Meeting* FindMeeting(const RecordId& id);

  // Tasks first, the most urgent first; then what is new since `seen`, the newest first.
  std::vector<InboxItem> Inbox(FeedPosition seen, Timestamp now, const RegionRules& rules = {});

  // Names that may not stand in an anonymous question: labels, who consented, recorded, witnessed, asked for help.
  std::vector<std::string> Names() const;

 private:
  struct Shelf {
    std::vector<const CaseRecord*> records;  // In `records_`, where each keeps its place.
    bool in_order = true;
    std::optional<Trajectory> rules;
    std::vector<Header> told;
    bool stale = true;
    CaseTrajectory view;
  };
  CaseTrajectory& Fresh(const TrajectoryId& id, Shelf& shelf);
  void AddReveals(std::vector<Consultation>& anonymous) const;
  bool IsReplaced(const Header& header) const;  // An invitation to us, and a later one took its place.

  OrgId self_;
  std::unordered_map<RecordId, CaseRecord, IdHash> records_;
  std::map<TrajectoryId, Shelf> shelves_;  // None: anonymous consultations.
  std::set<RecordId> reveals_;             // What stands on one trajectory, and says something of a question on none.
  std::vector<WithheldMark> withheld_;
};

}  // namespace schakel
