// The closed lists of the domain, with their labels. Values travel and are stored: append, never renumber.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "protocol/ids.h"
#include "protocol/language.h"
#include "protocol/result.h"

namespace schakel {

// What something is shared for. A record names one; a grant a set.
enum class Purpose : std::uint8_t {
  kCareCoordination = 1,  // afstemming van de hulp
  kConsultation,          // casusoverleg en advies
  kSafety,                // veiligheid
  kEducation,             // school en dagbesteding
  kAdulthood,             // overgang naar volwassenheid
  kCourtReport,           // verslag aan de jeugdrechtbank
  kCrisis,                // crisis
  kEvaluation,            // evolutiebespreking
  kAftercare,             // nazorg
  kRoundTable,            // ronde tafel
};
inline constexpr Purpose kPurposeLast = Purpose::kRoundTable;

// What it is about. A record names one or more.
enum class Category : std::uint8_t {
  kIdentity = 1,  // identiteit
  kContact,       // bereikbaarheid
  kFamily,        // gezin en netwerk
  kLiving,        // wonen en verblijf
  kHealth,        // lichamelijke gezondheid
  kMentalHealth,  // geestelijke gezondheid
  kSchool,        // school en dagbesteding
  kIncome,        // inkomen, werk en administratie
  kSafety,        // veiligheid
  kAgreements,    // afspraken
  kGoals,         // doelen
  kOwnVoice,      // in eigen woorden
  kMeeting,       // overleg en agenda
  kJustice,       // maatregelen van de jeugdrechtbank
};
inline constexpr Category kCategoryLast = Category::kJustice;

// A set as a bit mask: bit n stands for the value n. Bits of unknown values may be set by newer versions; no older
// grant covers them.
template <typename E>
class SetOf {
 public:
  constexpr SetOf() = default;
  constexpr explicit SetOf(std::uint64_t bits) : bits_(bits) {}
  constexpr SetOf(std::initializer_list<E> values) {
    for (E value : values) bits_ |= Bit(value);
  }
  constexpr std::uint64_t bits() const { return bits_; }
  constexpr bool Has(E value) const { return (bits_ & Bit(value)) != 0; }
  constexpr bool Covers(SetOf other) const { return (other.bits_ & ~bits_) == 0; }
  constexpr bool empty() const { return bits_ == 0; }
  constexpr void Add(E value) { bits_ |= Bit(value); }
  constexpr SetOf And(SetOf other) const { return SetOf(bits_ & other.bits_); }
  friend constexpr bool operator==(SetOf, SetOf) = default;

 private:
  static constexpr std::uint64_t Bit(E value) { return std::uint64_t{1} << static_cast<unsigned>(value); }
  std::uint64_t bits_ = 0;
};
using PurposeSet = SetOf<Purpose>;
using CategorySet = SetOf<Category>;

// The legal ground of a grant (DESIGN section 5).
enum class Basis : std::uint8_t { kConsent = 1, kSharedSecrecy, kCaseConsultation, kCourtMandate, kEmergency };
inline constexpr Basis kBasisLast = Basis::kEmergency;

// Who gave it.
enum class Grantor : std::uint8_t {
  kYoungPerson = 1,
  kFirstParent,
  kSecondParent,
  kGuardian,
  kProfessional,  // Shared secrecy, emergency.
  kCourt,
};
inline constexpr Grantor kGrantorLast = Grantor::kCourt;

// How far the young person is on the way to deciding alone. It only goes forward. Never a birth date: the lead says it.
enum class Stage : std::uint8_t {
  kChild = 1,  // Below the age of consent of the region: the parents or the guardian decide.
  kCapable,    // The young person's own consent is needed. What nothing was said of counts as this: fail closed.
  kAdult,      // The young person alone; what the parents gave has lapsed.
};
inline constexpr Stage kStageLast = Stage::kAdult;

// When the parents' consent counts, while theirs is needed.
enum class ParentsRule : std::uint8_t {
  kEither = 1,            // One is enough.
  kBoth,                  // Both are needed.
  kEitherUntilWithdrawn,  // One is enough, until the other takes its own back.
};
inline constexpr ParentsRule kParentsRuleLast = ParentsRule::kEitherUntilWithdrawn;

// Shared professional secrecy: what came of seeking the client's agreement.
enum class Sought : std::uint8_t { kAgreed = 1, kRefused, kNotAsked };
inline constexpr Sought kSoughtLast = Sought::kNotAsked;

// What a case consultation of article 458ter rests on.
enum class FrameGround : std::uint8_t { kDecree = 1, kPermission };
inline constexpr FrameGround kFrameGroundLast = FrameGround::kPermission;

// What the review of an emergency found.
enum class ReviewOutcome : std::uint8_t { kJustified = 1, kTooWide, kUnjustified };
inline constexpr ReviewOutcome kReviewOutcomeLast = ReviewOutcome::kUnjustified;

// What an organisation did with what a grant that was taken back had covered.
enum class Kept : std::uint8_t {
  kSealed = 1,  // Shown to nobody; kept where the law says so.
  kDestroyed,   // Its keys are gone.
};
inline constexpr Kept kKeptLast = Kept::kDestroyed;

// Why a trajectory is erased.
enum class EraseReason : std::uint8_t {
  kRetentionOver = 1,  // The end of keeping was reached.
  kSubjectRequest,     // The young person, or who speaks for them, asked so.
  kCourtOrder,
  kMistake,  // It should never have been here.
};
inline constexpr EraseReason kEraseReasonLast = EraseReason::kMistake;

// Why something of an erased trajectory is kept, sealed.
enum class KeepReason : std::uint8_t {
  kSector = 1,  // The law of the sector of who keeps it; its words are in the sector's profile.
  kRegion,      // The region's rule of keeping.
};
inline constexpr KeepReason kKeepReasonLast = KeepReason::kRegion;

// In which role a person looked.
enum class StaffRole : std::uint8_t { kWorker = 1, kCoordinator, kAuditor, kAdministrator };
inline constexpr StaffRole kStaffRoleLast = StaffRole::kAdministrator;
enum class ViewReason : std::uint8_t { kTask = 1, kOnDuty, kRoundTable, kAudit, kSubjectRequest, kOther };
inline constexpr ViewReason kViewReasonLast = ViewReason::kOther;

// A sector is data, not code: a slug like "youth-care" that the operator's ceilings name. Rules as OrgId.
using Sector = StrongId<struct SectorTag, std::string>;
Result<Sector> ParseSector(std::string_view text);

// What a record is. Below 32: statements that the hub reads and acts on; unknown ones are refused. From 32 on:
// content, routed by purpose and categories alone; a reader keeps unknown ones whole.
enum class Kind : std::uint16_t {
  kTrajectoryOpen = 1,
  kTrajectoryClose = 2,
  kMemberInvite = 3,
  kMemberJoin = 4,
  kMemberLeave = 5,
  kMemberRemove = 6,
  kMemberShow = 7,
  kGrantGive = 8,
  kGrantNarrow = 9,
  kGrantWithdraw = 10,
  kSubjectStage = 11,
  kCaseFrame = 12,
  kViews = 13,
  kEmergencyReview = 14,
  kGrantReceipt = 15,
  kErasePropose = 16,
  kEraseSecond = 17,
  kEraseConfirm = 18,
  kEraseReceipt = 19,
  kLeadOffer = 20,
  kLeadAccept = 21,
  kLeadRefuse = 22,
  kLeadWithdraw = 23,
  kLeadPassed = 24,
  kPlaceOffer = 25,  // Of a place that partners may ask for: those below are of no trajectory.
  kPlaceHold = 26,
  kPlaceAnswer = 27,
  kPlaceRelease = 28,
  kPlaceClose = 29,
  kNote = 32,
  kQuestion = 33,
  kAnswer = 34,
  kConclusion = 35,
  kMeetingProposal = 36,
  kMeetingVote = 37,
  kMeetingFixed = 38,
  kMeetingReport = 39,
  kAgreement = 40,
  kRequestForHelp = 41,
  kShareAgain = 42,
  kExceptionMark = 43,  // An author marks a record of its own; not for the subject's eyes, or no longer so.
  // Of a shared dossier.
  kReferral = 60,
  kReferralAnswer = 61,
  kReferralWithdrawal = 62,
  kCommitment = 63,
  kCommitmentSignature = 64,
  kGoal = 65,
  kGoalProgress = 66,
  kGoalReview = 67,
  kCriterion = 68,
  kCriterionJudgement = 69,
  kAction = 70,
  kActionDone = 71,
  kClosingReason = 72,
  kMeetingFamily = 80,  // Which of the dates suit the family, which chose first.
  kMeetingTerms = 81,   // Who has to be able to come; stays with the convener.
  kMeetingGuest = 82,   // Somebody of no organisation who is invited; likewise.
  kMeetingAnswer = 83,  // Whether somebody comes, or would rather at another time.
  kMeetingCancelled = 84,
  kAttachment = 90,       // A file: what it is, and which pieces make it.
  kAttachmentChunk = 91,  // One of those pieces.
  kReveal = 97,           // Which trajectory an anonymous question is about.
  // The network and the life of the young person.
  kNetworkFigure = 100,  // Somebody, or something, in the network.
  kNetworkTie = 101,     // How one informant sees the tie with a figure, from a day on.
  kKinship = 102,        // How two figures are related.
  kLifeEvent = 103,
  kLifeDomain = 104,        // Of an intake: strengths and needs in one domain of life.
  kCircularQuestion = 105,  // "What would she say?", with the guess.
  kCircularAnswer = 106,    // What she did say.
  // The forms of help over time, and what happens in them.
  kModuleSwitch = 110,
  kContactMoment = 111,
  kAlert = 112,  // What an agreement says that the partner is told at once.
  kAlertWithdrawn = 113,
  kHearing = 114,           // A session of the youth court: when, so that it is prepared for.
  kFamilyConference = 115,  // The family's own network makes the plan (Eigen Kracht-conferentie).
  kFamilyPlan = 116,        // What it decided, once it chose to say so.
  kAftercareContact = 117,  // A contact agreed for after the help, each with its own consent.
  kSupporterMessage = 118,  // Between a supporter and the worker: of nobody else.
  // What is asked in each ring around the young person, and the plan that the court is given.
  kRingAnswer = 120,
  kCourtPlan = 121,
  kAdulthoodPlan = 122,  // The passage to adulthood, from 17 on.
  // A report of school trouble, and what became of it (Netwerk Leerrecht).
  kSchoolReport = 130,
  kSchoolStep = 131,
  kPlaceEnrolment = 140,  // Who comes to a place that was agreed: of no trajectory, for its owner alone.
  kLearningCase = 150,    // De-identified, to learn from; of no trajectory.
};
inline constexpr std::uint16_t kFirstContentKind = 32;
inline constexpr std::uint16_t kKindMax = 1023;
inline bool IsContent(Kind kind) { return static_cast<std::uint16_t>(kind) >= kFirstContentKind; }
// What is said of the erasure of a trajectory outlives it, so it is kept apart from all else that was said on it.
inline bool IsOfErasure(Kind kind) { return kind >= Kind::kErasePropose && kind <= Kind::kEraseReceipt; }
// What is said of places that partners may ask for; of no trajectory.
inline bool IsOfPlace(Kind kind) { return kind >= Kind::kPlaceOffer && kind <= Kind::kPlaceClose; }
// What is said of who leads, from one organisation to the next.
inline bool IsOfLead(Kind kind) { return kind >= Kind::kLeadOffer && kind <= Kind::kLeadPassed; }

// Why something was not handed over (DESIGN section 5).
enum class Denial : std::uint8_t {
  kNotEnrolled = 1,
  kSuspended,
  kNotMember,  // Also: one that the author may not know of. The two must look the same.
  kSectorCeiling,
  kCourtWall,
  kNoGrant,
  kPurpose,
  kCategory,
  kPeriod,
  kWithdrawn,
  kClosed,        // The trajectory is closed.
  kNotAddressed,  // A statement of this kind does not go to this organisation.
  kGrantor,       // Somebody consented, but not everybody whose consent this stage needs.
  kErased,        // The trajectory was erased.
};
inline constexpr Denial kDenialLast = Denial::kErased;

// Stable slugs ("care-coordination", "mental-health", "not-member") for options, files and JSON; and back.
std::string_view Slug(Purpose value);
std::string_view Slug(Category value);
std::string_view Slug(Basis value);
std::string_view Slug(Grantor value);
std::string_view Slug(Stage value);
std::string_view Slug(ParentsRule value);
std::string_view Slug(Sought value);
std::string_view Slug(FrameGround value);
std::string_view Slug(ReviewOutcome value);
std::string_view Slug(Kept value);
std::string_view Slug(EraseReason value);
std::string_view Slug(KeepReason value);
std::string_view Slug(StaffRole value);
std::string_view Slug(ViewReason value);
std::string_view Slug(Kind value);  // Unknown kinds: "kind".
std::string_view Slug(Denial value);
// One sentence or word for people.
std::string_view Label(Purpose value, Language language);
std::string_view Label(Category value, Language language);
std::string_view Label(Basis value, Language language);
std::string_view Label(Grantor value, Language language);
std::string_view Label(Stage value, Language language);
std::string_view Label(ParentsRule value, Language language);
std::string_view Label(Sought value, Language language);
std::string_view Label(FrameGround value, Language language);
std::string_view Label(ReviewOutcome value, Language language);
std::string_view Label(Kept value, Language language);
std::string_view Label(EraseReason value, Language language);
std::string_view Label(KeepReason value, Language language);
std::string_view Label(StaffRole value, Language language);
std::string_view Label(ViewReason value, Language language);
std::string_view Label(Kind value, Language language);
std::string_view Label(Denial value, Language language);

// kInvalid ("vocabulary.<list>"): `next` lists what is allowed.
Result<Purpose> ParsePurpose(std::string_view slug);
Result<Category> ParseCategory(std::string_view slug);
Result<Basis> ParseBasis(std::string_view slug);
Result<Grantor> ParseGrantor(std::string_view slug);
Result<StaffRole> ParseStaffRole(std::string_view slug);
Result<ViewReason> ParseViewReason(std::string_view slug);
Result<Stage> ParseStage(std::string_view slug);
Result<ParentsRule> ParseParentsRule(std::string_view slug);
Result<Sought> ParseSought(std::string_view slug);
Result<FrameGround> ParseFrameGround(std::string_view slug);
Result<ReviewOutcome> ParseReviewOutcome(std::string_view slug);
Result<EraseReason> ParseEraseReason(std::string_view slug);
Result<KeepReason> ParseKeepReason(std::string_view slug);

std::span<const Purpose> AllPurposes();
std::span<const Category> AllCategories();

}  // namespace schakel
