// What people do with a case file, one service for each thing they do. Both the HTTP API and any other edge build on
// these; they hold no state but what they are made with.
//
// Sending:    a record goes to whom it was addressed and whom a grant covers. Before anything leaves, Sent says whom it
//             will not reach and why. Somebody who was named and would not be reached holds the whole record back
//             until the caller accepts that. Only the lead knows all grants: of the others, Sent says of whom it is
//             unsure, and, once the hub has decided, whom it missed.
// Showing:    words of a record reach a person through Reading alone, so that the view is logged before they leave.
//             Overviews are no exception: the label of a trajectory and a deadline are words of the record that carries
//             them, and showing them is a view of it.
// Threads:    every call from any thread.
// Durability: as the engine's: what was said or shown is in the vault, synced, when a call returns.
// Errors:     kInvalid: the request breaks a rule; kDenied: the rules do not allow it; kNotFound ("id.unknown"): no
// such
//             thing here, or none one may know of; kConflict ("id.ambiguous"). All name the rule and the next step.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "agents/body.h"
#include "agents/case_file.h"
#include "agents/engine.h"
#include "agents/tasks.h"
#include "protocol/verdict.h"

namespace schakel {

// Who asks, and why.
struct Caller {
  Person person;
  ViewReason reason = ViewReason::kTask;
};

// The case file, kept up with the engine. Threads: any.
class Cases {
 public:
  explicit Cases(Engine& engine);  // Reads all that the vault holds. `engine` outlives it.
  ~Cases();
  Cases(const Cases&) = delete;
  Cases& operator=(const Cases&) = delete;

  // Shows the case file, up to date, to `use`, which must not keep what it points to.
  template <typename Use>
  auto With(Use use) {
    std::lock_guard lock(mutex_);
    CatchUp();
    return use(file_);
  }
  Result<CaseTrajectory> Trajectory(const TrajectoryId& id);  // kNotFound ("id.unknown").

  // Told of what the case file takes in and lets go of, with the case file locked: whoever is told does not call back.
  class Follower {
   public:
    virtual ~Follower() = default;
    virtual void Took(const CaseRecord& record) = 0;  // Also when it comes again, or can be opened no more.
    virtual void LetGo(const RecordId& record) = 0;
    virtual void CaughtUp() {}  // After some of these.
  };
  // From now on; at most one, which outlives the cases or is taken back with null.
  void SetFollower(Follower* follower) {
    std::lock_guard lock(mutex_);
    follower_ = follower;
  }

  // An id, or its unique first hex digits (at least kAbbreviationMin).
  // kInvalid ("id.short"), kNotFound ("id.unknown"), kConflict ("id.ambiguous"); kDenied ("withheld.<denial>"): it was
  // on its way here, and held back. kNotFound ("record.erased"), field the day: we had it, and its trajectory was
  // erased.
  Result<TrajectoryId> FindTrajectory(std::string_view text);
  Result<RecordId> FindRecord(std::string_view text);
  static constexpr std::size_t kAbbreviationMin = 4;

 private:
  void CatchUp();
  void Load(const HeldRecord& held, const Engine::BodyOpener& open);
  void Load(const HeldRecord& held);
  Result<std::optional<std::string>> ErasedLike(std::string_view prefix);
  void LoadRules(const TrajectoryId& id);
  void LetGoOf(const TrajectoryId& id);

  Engine& engine_;
  std::mutex mutex_;
  CaseFile file_;
  Follower* follower_ = nullptr;
  struct Pending;
  std::shared_ptr<Pending> pending_;
  Engine::Subscription subscription_;
};

struct Audience {
  std::vector<OrgId> named;               // None: everyone one may know of and whose grant covers it.
  bool accept_unreached = false;          // Send, though somebody named will not be reached.
  bool preview = false;                   // Only say whom it would reach.
  std::chrono::milliseconds patience{0};  // How long to wait for the hub's answer.
};
struct Unreached {
  OrgId organisation;
  std::optional<Denial> reason;  // None: only the lead may know why.
  friend bool operator==(const Unreached&, const Unreached&) = default;
};
// Whom the hub did not reach with a record of ours, and why as far as that is ours to know: to who does not lead the
// hub names one reason for all that grants may lack.
std::vector<Unreached> UnreachedBy(const Engine& engine, const HeldRecord& held);
struct Sent {
  enum class Outcome : std::uint8_t { kSent, kPreview, kHeldBack };
  Outcome outcome = Outcome::kSent;
  RecordId record;  // None unless sent.
  TrajectoryId trajectory;
  RecordState state = RecordState::kWaiting;
  std::vector<OrgId> reaches;
  std::vector<OrgId> unsure;     // Of `reaches`: we do not know all grants, and the hub has yet to decide.
  std::vector<OrgId> told_only;  // Of `reaches`: hears that it was said, and cannot read the words.
  std::vector<Unreached> unreached;
  bool missed = false;  // It was sent, and somebody named was not reached, though nobody accepted that.
};

// Opening, inviting, taking part.
class TrajectoryService {
 public:
  TrajectoryService(Engine& engine, Cases& cases, Clock& clock, Random& random)
      : engine_(engine), cases_(cases), clock_(clock), random_(random) {}

  TrajectoryId NewId() { return random_.Draw<TrajectoryId>(); }
  // `id` none: a new one. One that is known already is refused, so that the same opening twice opens it once. kInvalid
  // ("module.allocated"): help that was allocated has yet to be chosen, so that no form of it runs from the opening on.
  Result<Sent> Open(const OpeningBody& opening, Stage stage, const Audience& audience, const TrajectoryId& id = {});
  // The stage if it is new, and the receiver if one is named: two statements, of which the last is yielded. kInvalid
  // ("trajectory.receiver"): only who is of age has a receiver. kDenied ("admit.receiver"): it takes no part. Whatever
  // is refused, neither was said.
  Result<Sent> SayStage(const TrajectoryId& id, Stage stage, const std::optional<OrgId>& receiver,
                        const Audience& audience);
  // `expires_at` none: in kInvitationLasts. kInvalid ("trajectory.invitation_long"): not within kInvitationLongest.
  Result<Sent> Invite(const TrajectoryId& id, const OrgId& organisation, const InvitationBody& invitation,
                      std::optional<Timestamp> expires_at, const Audience& audience);
  // kNotFound ("trajectory.invitation"): no invitation of ours is open there.
  Result<Sent> Join(const TrajectoryId& id, const MessageBody& commitment, const Audience& audience);
  // kConflict ("school.open_reports"): school trouble that was reported to us has no outcome yet.
  Result<Sent> Leave(const TrajectoryId& id, const MessageBody& why, const Audience& audience);
  Result<Sent> Remove(const TrajectoryId& id, const OrgId& organisation, const MessageBody& why,
                      const Audience& audience);
  // Lets `to` know of `member`.
  Result<Sent> Introduce(const TrajectoryId& id, const OrgId& member, const OrgId& to, const Audience& audience);
  // `retain_until` none: as the region's rules say (EndOfKeeping). kInvalid ("closing.retain_past"): that day has
  // passed; ("closing.retain_why"): another end needs a reason in words. kConflict ("closing.criteria"): criteria of
  // "good enough" are not met (its field says which), and `unmet_why` does not say why it is closed all the same; that
  // reason is kept as a record of its own. Likewise ("closing.receiver"): the young person is of age, and no receiver
  // was accepted; ("closing.school_reports", its field the report): school trouble that was reported has no outcome
  // yet.
  Result<Sent> Close(const TrajectoryId& id, const ClosingBody& closing, std::optional<Timestamp> retain_until,
                     const Audience& audience, const std::string& unmet_why = {});

  static constexpr std::chrono::days kInvitationLasts{30};
  static constexpr std::chrono::days kInvitationLongest{366};

 private:
  Engine& engine_;
  Cases& cases_;
  Clock& clock_;
  Random& random_;
};

// Until when a file that is closed now is kept by the rules of the region: until the young person reaches the age that
// they name. The birth date is never known: counted from the youngest age of the stage. Pure.
Timestamp EndOfKeeping(const RegionRules& rules, Stage stage, Timestamp closed_at);

struct GrantRequest {
  TrajectoryId trajectory;
  OrgId recipient;
  PurposeSet purposes;
  CategorySet categories;
  std::optional<Timestamp> begins_at;  // None: now.
  Timestamp ends_at;
  Basis basis = Basis::kConsent;
  std::optional<Grantor> grantor;  // None: as the basis implies; consent: the young person.
  bool oral = false;
  std::string consented_by;
  std::string how;
  std::string witness;
  std::string reason;
  std::optional<Sought> sought;  // Shared secrecy: what came of seeking agreement, and the two that must be declared.
  bool necessary = false;
  bool in_client_interest = false;
  RecordId frame;  // Case consultation.
  RecordId piece;  // Behind the court wall: the one record that was agreed to.
};
struct FrameRequest {
  TrajectoryId trajectory;
  FrameGround ground = FrameGround::kDecree;
  std::string document;  // The article of the decree, or the permission: its words. The hub gets their salted hash.
  std::string purpose;   // What it is to achieve, in words.
  OrgId chair;
  std::vector<OrgId> participants;  // The chair is added.
  PurposeSet purposes;
  std::optional<Timestamp> begins_at;  // None: now.
  Timestamp ends_at;
};
// Whether a grant counts, and if not or not yet, why.
enum class Standing : std::uint8_t {
  kCounts,
  kWaitsForYoungPerson,
  kWaitsForParents,      // Before the court.
  kWaitsForOtherParent,  // Who has not consented, or took it back.
  kLapsed,               // The young person is of age.
  kIncomplete,           // Without the declaration or the frame that its basis needs.
  kWall,                 // Nothing that goes to the court.
  kNotInForce,           // Withdrawn, ended or to come.
  kNotNeeded,            // The young person consented, and that alone decides.
};
std::string_view Slug(Standing value);
// Pure.
Standing StandingOf(const Trajectory& trajectory, const RegionRules& rules, CourtWall wall, const Grant& grant,
                    Timestamp now);
// Whether the sector of this organisation stands behind the court wall.
CourtWall WallBefore(const Engine& engine, const OrgId& recipient);

class GrantService {
 public:
  GrantService(Engine& engine, Cases& cases, Clock& clock, Random& random)
      : engine_(engine), cases_(cases), clock_(clock), random_(random) {}

  // kInvalid ("grant.consented_by", "grant.how", "grant.witness", "grant.reason", "grant.empty", "grant.period",
  // "grant.long"): what the basis asks for.
  Result<Sent> Give(const GrantRequest& request, const Caller& caller, const Audience& audience);
  // A case consultation, fixed before anything is shared on it. kInvalid ("frame.document", "frame.period").
  Result<Sent> Fix(const FrameRequest& request, const Caller& caller, const Audience& audience);
  // Of an emergency. kInvalid ("grant.findings"): say in words what was found.
  Result<Sent> Review(const RecordId& grant, ReviewOutcome outcome, const MessageBody& findings,
                      const Audience& audience);
  // No consent is for ever, and no other basis outlives a yearly look at whether it still holds.
  static constexpr std::chrono::days kLongest{366};

  // What stays: empty sets and no end leave that part as it is. kInvalid ("grant.nothing"): all of it would stay;
  // kDenied ("grant.giver"), also of Withdraw: another organisation gave it, and another one leads.
  Result<Sent> Narrow(const RecordId& grant, PurposeSet purposes, CategorySet categories,
                      std::optional<Timestamp> ends_at, const MessageBody& why, const Audience& audience);
  Result<Sent> Withdraw(const RecordId& grant, const WithdrawalBody& why, const Audience& audience);

  struct Found {
    TrajectoryId trajectory;
    CaseGrant grant;
    OrgId lead;
  };
  Result<Found> Find(const RecordId& grant);  // kNotFound ("id.unknown").

 private:
  Engine& engine_;
  Cases& cases_;
  Clock& clock_;
  Random& random_;
};

// ---- Anonymous questions ----
enum class Identifying : std::uint8_t {
  kNationalNumber = 1,
  kEmail,
  kPhone,
  kBirthDate,
  kName,                // A word of a name that stands in the case file.
  kAddress,             // A street, or a postcode with its municipality.
  kPersonName,          // Words that are written as the name of somebody.
  kAccount,             // A bank account.
  kLikeNationalNumber,  // The form of one, with check digits that do not fit.
  kFromCaseFile,        // A word that a record writes as a name, or a number that stands in one.
};
std::string_view Slug(Identifying value);
struct Finding {
  Identifying what = Identifying::kName;
  std::size_t at = 0;      // Byte offset.
  std::size_t length = 0;  // In bytes.
  friend bool operator==(const Finding&, const Finding&) = default;
};
// What in `text` could tell who it is about: all of it, in order. Read as a person reads it: without accents and
// invisible characters, look-alike letters as Latin ones, names also when they are written apart. No check finds
// everything: it catches what slips through, and who asks still reads what leaves.
std::vector<Finding> FindIdentifying(std::string_view text, const std::vector<std::string>& names, Timestamp now);
// These are never a coincidence; the others a person may overrule.
inline bool IsCertain(Identifying what) {
  return what == Identifying::kNationalNumber || what == Identifying::kEmail || what == Identifying::kAccount;
}

// What is read before something leaves without a trajectory: no grant covers it, and whoever gets it may know nobody.
struct Screening {
  bool overruled = false;         // A person looked at the uncertain findings, and says that they are none.
  bool read = false;              // Whether it was read: it leaves without a trajectory.
  std::vector<Finding> findings;  // In the order of the texts, as if they were one.
  std::string field;              // Where what keeps it back stands: of several the first.
};
struct ScreenedText {
  const char* field;
  std::string_view text;
};
// Reads `texts` with what the case file knows. False: they stay.
bool MayLeave(Cases& cases, Timestamp now, const std::vector<ScreenedText>& texts, Screening& screening);

class ConsultationService {
 public:
  ConsultationService(Engine& engine, Cases& cases, Clock& clock) : engine_(engine), cases_(cases), clock_(clock) {}

  // Whom `to` names: organisations, and sectors by their slug or what a profile calls them. A sector stands for all of
  // it that take part and that we may know of; without a trajectory, for all of it that are enrolled. An organisation
  // of that name goes before a sector. kNotFound ("consultation.sector", its field the sector): there is nobody of it.
  Result<std::vector<OrgId>> Addressees(const TrajectoryId& id, const std::vector<std::string>& to,
                                        const std::map<Sector, Profile>& profiles);
  // A crisis is to be answered the same day, whether that is said or not: kInvalid ("consultation.crisis_day"), also of
  // AskAnonymously.
  Result<Sent> Ask(const TrajectoryId& id, const QuestionBody& question, CategorySet categories, Purpose purpose,
                   const Audience& audience);
  // Without a trajectory. What may identify comes back in `screening` and nothing is sent.
  // kInvalid ("consultation.identifying"); kInvalid ("consultation.to"): an anonymous question names whom it asks.
  Result<Sent> AskAnonymously(const QuestionBody& question, CategorySet categories, const Audience& audience,
                              Screening& screening);
  // To the asker; by the asker it is a follow-up, to whom it asked, who then are to answer again.
  // kConflict ("consultation.concluded"), also of Conclude: nothing is added to what was concluded. kInvalid
  // ("consultation.identifying"), also of Conclude: what who asked writes in a thread without a trajectory is screened
  // as the question was.
  Result<Sent> Answer(const RecordId& consultation, const AnswerBody& answer, const Audience& audience,
                      Screening& screening);
  Result<Sent> Answer(const RecordId& consultation, const AnswerBody& answer, const Audience& audience) {
    Screening screening;
    return Answer(consultation, answer, audience, screening);
  }
  // kDenied ("consultation.asker"): only who asked concludes.
  Result<Sent> Conclude(const RecordId& consultation, const ConclusionBody& conclusion, const Audience& audience,
                        Screening& screening);
  Result<Sent> Conclude(const RecordId& consultation, const ConclusionBody& conclusion, const Audience& audience) {
    Screening screening;
    return Conclude(consultation, conclusion, audience, screening);
  }
  // Says to whom the audience names, of those who were asked, which trajectory an anonymous question of ours is about:
  // a record of that trajectory, for the question's purpose and categories, which a grant must cover. kDenied
  // ("consultation.revealer"): only who asked; ("consultation.not_asked"): its field was not asked. kConflict
  // ("consultation.not_anonymous"; "consultation.revealed": all of them know it, its field one of those). kInvalid
  // ("consultation.reveal_to"): nobody is implied.
  Result<Sent> Reveal(const RecordId& consultation, const TrajectoryId& trajectory, const std::string& text,
                      const Audience& audience);
  Result<Consultation> Find(const RecordId& id);

 private:
  Status Screen(const std::vector<ScreenedText>& texts, Screening& screening);
  Status ScreenReply(const Consultation& consultation, std::string_view text, const char* field, Screening& screening);

  Engine& engine_;
  Cases& cases_;
  Clock& clock_;
};

// Under which exception a record is (body.h), and why; kNone: under none.
struct Marking {
  Exception exception = Exception::kNone;
  std::string why;
};

// Notes, agreements, requests for help, and sharing again.
class ContentService {
 public:
  ContentService(Engine& engine, Cases& cases) : engine_(engine), cases_(cases) {}

  Result<Sent> Note(const TrajectoryId& id, const NoteBody& note, Purpose purpose, CategorySet categories,
                    const Audience& audience, const Marking& marking = {});
  Result<Sent> Agree(const TrajectoryId& id, const AgreementBody& agreement, const Audience& audience,
                     const Marking& marking = {});
  Result<Sent> AskForHelp(const TrajectoryId& id, const RequestBody& request, const Audience& audience);
  // The past, shown to someone who came later. kInvalid ("share.kind"): only content; kInvalid ("share.to").
  Result<Sent> ShareAgain(const RecordId& record, const Audience& audience);
  // A record of ours, after it was written; kNone lifts an earlier mark. It goes to whom the record went. kDenied
  // ("mark.author"); kInvalid ("mark.kind").
  Result<Sent> Mark(const RecordId& record, const Marking& marking, const Audience& audience);

 private:
  Engine& engine_;
  Cases& cases_;
};

// Shows records to people, and logs that first: every time.
class Reading {
 public:
  Reading(Engine& engine, Clock& clock) : engine_(engine), clock_(clock) {}

  struct Shown {
    HeldRecord held;
    std::optional<TypedBody> body;  // Of what was written under an exception: what is inside.
    Exception exception = Exception::kNone;
    // Why there is no body. kDenied ("view.withdrawn", "view.left", "view.invitation"): what it was shared under ended;
    // ("view.no_task"): others have a task on that trajectory, and who looks has none and gave no other reason.
    std::optional<Error> sealed;
  };
  // Who has no task, or asks for content that was taken back, is turned away, and that is noted; not where a label on
  // an overview is all that is at stake.
  enum class IfNoTask : std::uint8_t { kNoted, kQuiet };
  // All of them in one synced write; a record named twice is one view.
  Result<std::vector<Shown>> Show(const std::vector<RecordId>& ids, const Caller& caller,
                                  IfNoTask if_no_task = IfNoTask::kNoted);

 private:
  Engine& engine_;
  Clock& clock_;
};

// Whether Reading would show somebody a record, by their tasks and by what an invitation still stands for: for what
// must not even be counted. Nothing is logged.
class Sieve {
 public:
  Sieve(const Engine& engine, const Caller& caller, Timestamp now);
  ~Sieve();
  Sieve(const Sieve&) = delete;
  Sieve& operator=(const Sieve&) = delete;
  Result<bool> Lets(const HeldRecord& held);
  Result<bool> LetsInto(const TrajectoryId& id);  // By their tasks alone.

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

// Set: nothing of it is shown, since who looks has no task there.
std::optional<Error> TurnedAway(const std::vector<Reading::Shown>& shown);

// What a trajectory is called where its label may not be shown, or was never said: the first digits of its id.
std::string NeutralLabel(const TrajectoryId& id);

// What an overview shows of sealed bodies. Everything that it wants is read at once, before any of it is handed out.
class Glance {
 public:
  void Want(const RecordId& id);                // None: nothing.
  void Want(const CaseTrajectory& trajectory);  // What it is called, and which form of help it has.
  Status Read(Reading& reading, const Caller& caller);
  void Take(const Reading::Shown& shown);  // Read already.

  bool Has(const RecordId& id) const { return bodies_.contains(id); }
  // Null: not wanted, or sealed.
  template <typename T>
  const T* Find(const RecordId& id) const {
    auto found = bodies_.find(id);
    return found == bodies_.end() ? nullptr : std::get_if<T>(&found->second);
  }
  // As this organisation calls it; else neutral.
  std::string LabelOf(const CaseTrajectory& trajectory) const;
  Module ModuleOf(const CaseTrajectory& trajectory, Timestamp now) const;

 private:
  std::set<RecordId> wanted_;
  std::map<RecordId, TypedBody> bodies_;
};

// Who saw what.
struct AccessRow {
  enum class What : std::uint8_t {
    kSent = 1,    // `organisation` sent a record.
    kHandedOver,  // A record was handed to `organisation`.
    kWithheld,    // It was on its way to `organisation`, and was held back; at the latest when it was to leave.
    kRefused,     // It was not for `organisation`.
    kSaw,         // A person at `organisation` looked.
    kAsked,       // `organisation` asked who saw what.
    kTurnedAway,  // Ours: somebody asked for it, and was not shown it.
    kReported,    // Ours: the access report of the young person or the confidant was made.
    kExported,    // Ours: an answer like this one, or grants, were taken along in a file.
    // Ours, of guests of our meetings. `record`: the invitation of the guest.
    kLinkMade,     // Somebody made a personal link.
    kLinkOpened,   // The guest came in with it.
    kLinkRefused,  // Somebody came with it when it held no longer.
    kLinkRevoked,  // Somebody revoked it.
    kTookBack,     // The young person took back its own consent with a link. `record`: the withdrawal.
    kWrote,        // Ours: somebody wrote where others have a task, for another reason.
    kAttempted,    // `organisation` tried something, or tried to come in, and the hub refused.
  };
  // Why, as far as any colleague may know who asks.
  enum class Barred : std::uint8_t {
    kNoTask = 1,  // Others have a task there, and that person has none; of a question too.
    kSealed,      // It was taken back or left, and sealed; or, of the auditor's act, no auditor asked.
    kNotTheirs,   // A question that is not for that role.
  };
  Sequence sequence;  // 0: it stands here and not (yet) in the log, or is not told.
  Timestamp at;
  What what = What::kSent;
  OrgId organisation;  // Empty: another partner.
  TrajectoryId trajectory;
  RecordId record;
  RecordId repeats;                   // What `record` shares again, as far as that is told; none: nothing.
  std::optional<Kind> kind;           // Of kSent; of the others as far as it is known here and may be seen.
  std::optional<std::string> person;  // Ours, by name.
  std::optional<std::string> about;   // kAsked: whose looks; ours.
  // kAsked, ours: what else was asked, as the query of GET /v1/audit spells it
  // ("question=organisation&organisation=x"), or for which report ("report=confidant").
  std::optional<std::string> question;
  std::optional<Speaker> guest;      // It was a guest of a meeting of ours, as who; then `role` is none.
  std::optional<StaffRole> role;     // kSaw; kAsked: ours.
  std::optional<ViewReason> reason;  // Likewise.
  std::optional<Timestamp> seen_at;  // kSaw: as the organisation says.
  std::optional<RecordId> grant;     // kHandedOver, kWithheld.
  std::optional<Denial> denial;      // kWithheld, kRefused.
  std::optional<Error> refusal;      // kAttempted: the hub's rule, and what it says of it; no words of anybody.
  std::optional<Barred> barred;      // kTurnedAway; none: noted before reasons were kept.
  std::optional<TaskStanding> task;  // kSaw, kWrote, ours: whether that person had a task there then.
  bool was_sealed = false;           // kSaw: it had been taken back and sealed, and an auditor opened it.
  std::optional<std::string> why;    // Likewise, ours: in words.
};
std::string_view Slug(AccessRow::What what);
std::string_view Slug(AccessRow::Barred value);
inline constexpr std::size_t kQuestionBytesMax = 400;

// The hub logs which organisation asked who saw what; which of its people did stands here, before the question leaves.
class AuditService {
 public:
  explicit AuditService(Engine& engine) : engine_(engine) {}

  struct Report {
    Evidence evidence;  // For verifying elsewhere.
    std::vector<AccessRow> rows;
  };
  // `record` none: all of the trajectory. kUnavailable ("hub.offline"): the hub has the answer. `question` is kept with
  // who asked, as AccessRow::question has it; at most kQuestionBytesMax.
  Result<Report> Access(const TrajectoryId& id, const RecordId& record, const Caller& caller,
                        std::chrono::milliseconds patience, const std::string& question = {});
  // About a record that is not held here: by the first digits of its id. kNotFound ("id.unknown"): the trajectory has
  // none such, as far as we may know; kConflict ("id.ambiguous").
  Result<Report> AccessLike(const TrajectoryId& id, const std::string& hex_prefix, const Caller& caller,
                            std::chrono::milliseconds patience, const std::string& question = {});

 private:
  Result<std::vector<Entry>> Ask(const AccessQuery& query, const Caller& caller, std::chrono::milliseconds patience,
                                 const std::string& question, Report& report);

  Engine& engine_;
  std::mutex mutex_;  // One question at a time: that tells the hub's entries of them apart.
};
// Whether a file that was given to the lead, who is shown everything, lacks what must be there. kTampered
// ("evidence.gap"). Pure.
Status CheckWhole(const std::vector<Entry>& entries);
// Of one organisation's feed, as far as a file shows it.
struct FeedSpan {
  OrgId organisation;
  FeedPosition first;
  FeedPosition last;
  std::uint64_t present = 0;  // Of the positions between them.
  friend bool operator==(const FeedSpan&, const FeedSpan&) = default;
};
// By organisation. Where numbers prove that nothing is missing before an entry, positions before it tell nothing more:
// what is left out of them is about other trajectories.
std::vector<FeedSpan> FeedSpans(const std::vector<Entry>& entries, const std::vector<Completeness>& complete = {});
// The hub's clock was set back: an entry says that it is earlier than the one before it, by a minute or more. The log's
// order is what holds.
struct ClockLeap {
  Sequence at;  // The later entry.
  Timestamp from;
  Timestamp to;
  friend bool operator==(const ClockLeap&, const ClockLeap&) = default;
};
inline constexpr std::chrono::minutes kClockLeapMin{1};
std::vector<ClockLeap> ClockLeaps(const std::vector<Entry>& entries);
// What each checked entry says. `name_of` yields the name behind a pseudonym of ours. Pure.
std::vector<AccessRow> RowsOf(const std::vector<Entry>& entries, const RecordId& record,
                              const std::function<std::optional<std::string>(const Id128&)>& name_of);

class InboxService {
 public:
  InboxService(Engine& engine, Cases& cases, Clock& clock) : engine_(engine), cases_(cases), clock_(clock) {}

  struct Inbox {
    std::vector<InboxItem> items;
    FeedPosition seen;  // Up to where `person` has looked.
    FeedPosition last;  // Up to where there is something.
  };
  Result<Inbox> Show(const std::string& person, StaffRole role = StaffRole::kWorker);
  // All up to `position` is no longer new for `person`. Never goes back.
  Status MarkSeen(const std::string& person, FeedPosition position);

  // The same for alarms, by their numbers. kNotFound ("alarm.unknown"): no alarm has that number.
  Result<std::uint64_t> AlarmsSeen(const std::string& person);
  Status MarkAlarmsSeen(const std::string& person, std::uint64_t number);
  // Up to where anybody here has seen them.
  static Result<std::uint64_t> AlarmsSeenByAnybody(const Engine& engine);

 private:
  Engine& engine_;
  Cases& cases_;
  Clock& clock_;
};

}  // namespace schakel
