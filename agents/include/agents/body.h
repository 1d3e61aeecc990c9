// What is said inside a record: typed bodies, each with a number and a version.
//
// A body is an array of its fields, in the order in which body_fields.h lists them; numbers travel and are stored:
// append types, never renumber. A type that this program does not know, or a newer version of one it does, is kept
// whole as an UnknownBody, so that it can be shown again, or shared again, without loss.
// Worked example: a VoteBody{{kYes, kNo}, "liever 's ochtends"} is type 11, version 1, content
//   92                                array of its two fields
//      92 01 03                       the votes: yes, no
//      b2 6c 69 .. 73                 the comment, 18 bytes of UTF-8
// What a later version added stands behind the fields of the first, and is written only where something in it is said:
// each value has one version that carries it, the lowest, and any other is refused.
// Threads: pure.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

#include "agents/court_bodies.h"
#include "agents/dossier_bodies.h"
#include "agents/family_bodies.h"
#include "agents/learning_bodies.h"
#include "agents/modules_bodies.h"
#include "agents/network_bodies.h"
#include "agents/passage_bodies.h"
#include "agents/places_bodies.h"
#include "agents/school_bodies.h"
#include "protocol/record.h"
#include "protocol/result.h"

namespace schakel {

// The forms of help between which a trajectory switches.
enum class Module : std::uint8_t {
  kUnspecified = 1,
  kMobile,
  kAmbulant,
  kSemiResidential,
  kResidential,
  kIndependentLiving,  // BZW
  kTimeOut,
};
enum class Urgency : std::uint8_t {
  kNormal = 1,
  kSoon,
  kToday,
  kCrisis,  // Answered the same day, or else it goes up. Since version 2 of the question.
};
inline constexpr Urgency kUrgencyLast = Urgency::kCrisis;
enum class AdviceTaken : std::uint8_t { kYes = 1, kPartly, kNo };
enum class MeetingKind : std::uint8_t {
  kRoundTable = 1,
  kEvolutionReview,  // At no fixed time.
  kIntake,
  kReview3Months,  // From here on: since version 2 of the proposal.
  kReview6Months,
  kReviewBeforeHearing,
};
enum class VoteChoice : std::uint8_t { kYes = 1, kMaybe, kNo };
enum class Attending : std::uint8_t { kAccepted = 1, kTentative, kDeclined };
enum class AgreementTopic : std::uint8_t { kAggression = 1, kDrugs, kRunningAway, kMissingPerson, kOther };
// What came of offering the young person a copy of the file.
enum class CopyTaken : std::uint8_t { kTaken = 1, kDeclined, kNotReached };
// Why the young person is not told of a record as of any other. Decree of 7 May 2004 on the legal position of the minor
// in integral youth care, article 22 (rechtspositie.be: "Tot welke gegevens heeft de bekwame minderjarige toegang?").
enum class Exception : std::uint8_t {
  kNone = 1,
  kConfidential,  // What somebody else said in confidence.
  kThirdParty,    // What concerns somebody else alone.
  kCourt,         // What was made for the judicial authorities.
  kAgogic,        // What would harm the young person to read now. The confidant may.
};
enum class Speaker : std::uint8_t { kYoungPerson = 1, kMother, kFather, kOther };

// Statements that need no words.
struct EmptyBody {
  static constexpr std::uint32_t kType = 0;
  friend bool operator==(const EmptyBody&, const EmptyBody&) = default;
};
struct OpeningBody {
  static constexpr std::uint32_t kType = 1;
  static constexpr std::uint32_t kVersions = 2;
  std::string label;  // By which this organisation finds the file: best initials or a nickname.
  Module module = Module::kUnspecified;
  std::string reason;
  // Since version 2.
  bool allocated = false;  // By the central waiting list: no form of help begins before those it is for chose it.
  friend bool operator==(const OpeningBody&, const OpeningBody&) = default;
};
struct InvitationBody {
  static constexpr std::uint32_t kType = 2;
  std::string label;
  std::string message;
  friend bool operator==(const InvitationBody&, const InvitationBody&) = default;
};
// The evidence of a grant. Its header commits to EvidenceHash() of the encoded body.
struct GrantEvidenceBody {
  static constexpr std::uint32_t kType = 3;
  std::string consented_by;  // Names, not pseudonyms: only the parties to the grant can read this.
  std::string how;           // "signed form of 3 November, in the file"
  std::string recorded_by;
  std::string witness;  // Oral consent.
  std::string reason;   // What the basis asks for: why it is necessary, decree, mandate, danger.
  std::array<std::uint8_t, 16> salt{};
  friend bool operator==(const GrantEvidenceBody&, const GrantEvidenceBody&) = default;
};
struct WithdrawalBody {
  static constexpr std::uint32_t kType = 4;
  std::string reason;
  friend bool operator==(const WithdrawalBody&, const WithdrawalBody&) = default;
};
// A word with a statement: joining (what we commit to), leaving, removing, showing, narrowing, closing.
struct MessageBody {
  static constexpr std::uint32_t kType = 5;
  std::string text;
  friend bool operator==(const MessageBody&, const MessageBody&) = default;
};
struct NoteBody {  // Its category stands in the header, where the rules read it.
  static constexpr std::uint32_t kType = 6;
  std::string title;
  std::string text;
  friend bool operator==(const NoteBody&, const NoteBody&) = default;
};
// Worked example of version 2: a crisis, "help", due at once: type 7, version 2, content 94 a0 a4 68 65 6c 70 04 cf ..
struct QuestionBody {
  static constexpr std::uint32_t kType = 7;
  static constexpr std::uint32_t kVersions = 2;
  std::string subject;
  std::string question;
  Urgency urgency = Urgency::kNormal;
  std::optional<Timestamp> answer_by;
  friend bool operator==(const QuestionBody&, const QuestionBody&) = default;
};
struct AnswerBody {
  static constexpr std::uint32_t kType = 8;
  std::string text;
  friend bool operator==(const AnswerBody&, const AnswerBody&) = default;
};
struct ConclusionBody {
  static constexpr std::uint32_t kType = 9;
  AdviceTaken taken = AdviceTaken::kYes;
  std::string why;
  friend bool operator==(const ConclusionBody&, const ConclusionBody&) = default;
};
struct MeetingSlot {
  Timestamp begins_at;
  Timestamp ends_at;  // After `begins_at`.
  friend bool operator==(const MeetingSlot&, const MeetingSlot&) = default;
};
inline constexpr std::size_t kMeetingSlotsMax = 20;
// Worked example of version 2: "t", a review at 3 months, one date, without the father since he is "ver weg", the
// family first, is type 10, version 2, content
//   9a                                array of its ten fields
//      a1 74 04 a0                    title, kind, place
//      91 92 cf .. cf ..              the dates: begin and end, in milliseconds
//      c3 a7 76 65 72 20 77 65 67 a0  clients invited; why not all of them; agenda
//      91 03 c3 c0                    left out: the father; the family first; answer by: any time
struct ProposalBody {
  static constexpr std::uint32_t kType = 10;
  static constexpr std::uint32_t kVersions = 2;
  std::string title;
  MeetingKind kind = MeetingKind::kRoundTable;
  std::string place;
  std::vector<MeetingSlot> slots;  // 1 to kMeetingSlotsMax.
  bool clients_invited = true;
  std::string why_not;  // Required when the clients are not invited, or not all of them.
  std::string agenda;
  // Since version 2.
  std::vector<Speaker> left_out;       // Of the clients: who is not invited. Ascending; others are never clients.
  bool family_first = false;           // Nobody else answers before the family chose.
  std::optional<Timestamp> answer_by;  // None: no hurry.
  friend bool operator==(const ProposalBody&, const ProposalBody&) = default;
};
// Worked example of version 2: a guest says yes itself, by its link: type 11, version 2, content 93 91 01 a0 c3
struct VoteBody {
  static constexpr std::uint32_t kType = 11;
  static constexpr std::uint32_t kVersions = 2;
  std::vector<VoteChoice> choices;  // One for each slot of the proposal.
  std::string comment;
  // Since version 2.
  bool by_link = false;  // The guest of whom it is said so itself, by its personal link.
  friend bool operator==(const VoteBody&, const VoteBody&) = default;
};
inline constexpr std::uint32_t kOccurrencesMax = 60;
inline constexpr std::uint32_t kWeeksBetweenMax = 53;
// Worked example of version 2: the second of a series moves. Type 12, version 2, content
//   95                                array of its five fields
//      92 cf .. cf .. a0              the new date; place
//      00 00 cf ..                    no series of its own; which one it replaces
// Worked example of version 3: no series, and the reason "ziek". Type 12, version 3, content
//   96 92 cf .. cf .. a0 00 00 c0 a4 7a 69 65 6b
struct FixedBody {
  static constexpr std::uint32_t kType = 12;
  static constexpr std::uint32_t kVersions = 3;
  MeetingSlot slot;
  std::string place;
  // Since version 2. A series: `times` of them, each `every_weeks` after the one before, on the clock of the region.
  std::uint32_t every_weeks = 0;  // 0: no series, and then `times` is 0 too.
  std::uint32_t times = 0;
  std::optional<Timestamp> occurrence;  // The one of a series that this moves: when it would have begun.
  // Since version 3. Why that date holds though the family did not choose first, who has to be there did not say yes,
  // too few did, or it was not proposed. All who are invited read it.
  std::string reason;
  friend bool operator==(const FixedBody&, const FixedBody&) = default;
};
struct Attendance {
  std::string name;
  bool present = true;
  friend bool operator==(const Attendance&, const Attendance&) = default;
};
struct ReportBody {
  static constexpr std::uint32_t kType = 13;
  std::string text;
  std::vector<std::string> decisions;
  std::vector<Attendance> attendance;
  friend bool operator==(const ReportBody&, const ReportBody&) = default;
};
// Worked example of version 2: running away, "bel", without contact; alerts go to "pz-leuven" and carry the name: type
// 14, version 2, content
// 95 03 a3 62 65 6c a0 a9 70 7a .. 6e 91 a4 6e 61 6d 65
struct AgreementBody {
  static constexpr std::uint32_t kType = 14;
  static constexpr std::uint32_t kVersions = 2;
  AgreementTopic about = AgreementTopic::kOther;
  std::string text;
  std::string contact;  // Whom to reach, and how.
  // Since version 2. Both or neither.
  std::string partner;                    // The organisation that alerts under this agreement go to,
  std::vector<std::string> alert_fields;  // and what they may carry: slugs of AlertField, in their order.
  friend bool operator==(const AgreementBody&, const AgreementBody&) = default;
};
// A request for help, in the person's own words.
struct RequestBody {
  static constexpr std::uint32_t kType = 15;
  static constexpr std::uint32_t kVersions = 2;
  Speaker who = Speaker::kYoungPerson;
  std::string name;  // Optional; "other": who that is.
  std::string words;
  // Since version 2.
  HelpChoice choice = HelpChoice::kUnsaid;  // Of the help that was allocated.
  friend bool operator==(const RequestBody&, const RequestBody&) = default;
};
// A record of before, shared again with someone new: its header as it was signed, and its body.
struct SharedAgainBody {
  static constexpr std::uint32_t kType = 16;
  Bytes header;
  std::uint32_t type = 0;
  std::uint32_t version = 1;
  Bytes content;
  friend bool operator==(const SharedAgainBody&, const SharedAgainBody&) = default;
};
// A trajectory is closed. A copy of the file was offered to the young person: how, and what came of it.
struct ClosingBody {
  static constexpr std::uint32_t kType = 17;
  std::string message;
  std::string copy_offered;
  CopyTaken copy = CopyTaken::kTaken;
  std::string retain_why;  // Where the end of keeping is another than the region's rule gives.
  friend bool operator==(const ClosingBody&, const ClosingBody&) = default;
};
// A record under an exception, or, with nothing inside, the word of an author that a record of its own (the first that
// the header refers to) is under one, or (kNone) no longer.
// Worked example: a note "t" without text, under the agogic exception since it is "te zwaar", is type 18, version 1,
// content
//   95                                array of its five fields
//      05                             agogic
//      a8 74 65 20 7a 77 61 61 72     why
//      06 01                          what is inside: a note, version 1
//      c4 04 92 a1 74 a0              and its content: an array of "t" and ""
struct MarkedBody {
  static constexpr std::uint32_t kType = 18;
  Exception exception = Exception::kNone;
  std::string why;
  std::uint32_t type = 0;  // Of what is marked. 0, with no content: nothing inside.
  std::uint32_t version = 1;
  Bytes content;
  friend bool operator==(const MarkedBody&, const MarkedBody&) = default;
};
// Who has to be able to come before a date counts as found. It stays with the convener: who else is asked is not for
// all. Worked example: two of those asked, the school among them, and the young person: type 60, version 1, content
//   93 02 91 aa 63 6c 62 2d 6c 65 75 76 65 6e 91 01
struct TermsBody {
  static constexpr std::uint32_t kType = 60;
  std::uint32_t quorum = 0;  // Of those asked, the convener not counted; 0: none was set.
  std::vector<OrgId> required;
  std::vector<Speaker> required_clients;  // Ascending.
  friend bool operator==(const TermsBody&, const TermsBody&) = default;
};
// The meeting, or one occurrence of its series, does not take place.
// Worked example: "ziek", all of it: type 61, version 1, content 92 a4 7a 69 65 6b c0
struct CancelBody {
  static constexpr std::uint32_t kType = 61;
  std::string why;
  std::optional<Timestamp> occurrence;
  friend bool operator==(const CancelBody&, const CancelBody&) = default;
};
// Whether who writes it comes; `counter`: it would suit better then.
// Worked example: declined, about the second date that the convener fixed: type 62, version 1, content 95 03 01 a0 c0
// c0
// Worked example of version 2: the same, said by a guest itself: version 2, content 96 03 01 a0 c0 c0 c3
struct AttendBody {
  static constexpr std::uint32_t kType = 62;
  static constexpr std::uint32_t kVersions = 2;
  Attending attending = Attending::kAccepted;
  std::uint32_t revision = 0;  // Of the date that it answers (Meeting::revision).
  std::string comment;
  std::optional<MeetingSlot> counter;
  std::optional<Timestamp> occurrence;  // None: all of it.
  // Since version 2.
  bool by_link = false;  // As in VoteBody.
  friend bool operator==(const AttendBody&, const AttendBody&) = default;
};
// Somebody of no organisation who sits at the table. It stays with the convener.
// Worked example: "Sam", the young person, without an address: type 63, version 1, content 93 a3 53 61 6d 01 a0
struct GuestBody {
  static constexpr std::uint32_t kType = 63;
  std::string name;
  Speaker who = Speaker::kYoungPerson;
  std::string address;  // Of their calendar: an e-mail address, or nothing.
  friend bool operator==(const GuestBody&, const GuestBody&) = default;
};
// A file that belongs to a record, or to the trajectory by itself: see AttachedTo and RepeatedBy. Its pieces are
// records of their own, sent before it with the same trajectory, purpose, categories and references, and name nothing.
inline constexpr std::size_t kAttachmentBytesMax = 100U << 20;
inline constexpr std::size_t kAttachmentChunkBytesMax = 192U << 10;
inline constexpr std::size_t kAttachmentChunksMax = 1024;
// Worked example: the five bytes "hallo" as "a.txt", in pieces of three, is type 70, version 1, content
//   97                                array of its seven fields
//      a5 61 2e 74 78 74              file name
//      aa 74 65 78 74 2f 70 6c 61 69 6e   media type, "text/plain"
//      05                             size in bytes
//      c4 20 d3 75 .. 20 b9           SHA-256 of all of it
//      03                             bytes in each piece but the last
//      c4 20 00 .. 01 00 .. 02        ids of the two records with the pieces, 16 bytes each, in order
//      a0                             caption
// Worked example of version 2: the same, shared again by another, where the header of the first time is the three bytes
// 010203 (a true one is as in SharedAgainBody): an array of eight fields, of which the last is
//      c4 03 01 02 03                 header of the attachment as it was first signed
struct AttachmentBody {
  static constexpr std::uint32_t kType = 70;
  static constexpr std::uint32_t kVersions = 2;
  std::string name;
  std::string media_type;
  std::uint32_t size = 0;  // 1 to kAttachmentBytesMax.
  Bytes sha256;
  std::uint32_t chunk_bytes = 0;  // 1 to kAttachmentChunkBytesMax.
  Bytes chunks;                   // See ChunksOf.
  std::string caption;
  // Since version 2.
  Bytes first;  // Header of the attachment that this one shares again, as it was signed; empty: none.
  friend bool operator==(const AttachmentBody&, const AttachmentBody&) = default;
};
// Worked example: the second piece of that, "lo": type 71, version 1, content
//   92 01 c4 02 6c 6f                 which one, counted from 0, and its bytes
struct AttachmentChunkBody {
  static constexpr std::uint32_t kType = 71;
  std::uint32_t number = 0;
  Bytes bytes;  // Never empty.
  friend bool operator==(const AttachmentChunkBody&, const AttachmentChunkBody&) = default;
};
// An anonymous question is about the trajectory that the header names. Which question stands here and not among the
// references: it goes with the words when they are sealed, and nobody else learns it.
// Worked example: question 01 .. 01, "Sam", is type 77, version 1, content 92 c4 10 01 .. 01 a3 53 61 6d
struct RevealBody {
  static constexpr std::uint32_t kType = 77;
  Id128 question{};  // Never none.
  std::string text;
  friend bool operator==(const RevealBody&, const RevealBody&) = default;
};
// Made by a newer version, or of a type that is not ours: kept whole.
struct UnknownBody {
  Body body;
  friend bool operator==(const UnknownBody&, const UnknownBody&) = default;
};

using TypedBody =
    std::variant<EmptyBody, OpeningBody, InvitationBody, GrantEvidenceBody, WithdrawalBody, MessageBody, NoteBody,
                 QuestionBody, AnswerBody, ConclusionBody, ProposalBody, VoteBody, FixedBody, ReportBody, AgreementBody,
                 RequestBody, SharedAgainBody, ClosingBody, MarkedBody, ReferralBody, ReferralAnswerBody,
                 ReferralWithdrawalBody, CommitmentBody, SignatureBody, GoalBody, ProgressBody, GoalReviewBody,
                 CriterionBody, JudgementBody, ActionBody, ActionDoneBody, ClosingReasonBody, TermsBody, CancelBody,
                 AttendBody, GuestBody, ActionTakenBackBody, AttachmentBody, AttachmentChunkBody, RevealBody,
                 FigureBody, TieBody, KinshipBody, LifeEventBody, LifeDomainBody, CircularQuestionBody,
                 CircularAnswerBody, TieRepairBody, ModuleSwitchBody, ContactMomentBody, AlertBody, AlertWithdrawnBody,
                 PlaceOfferBody, PlaceAskBody, PlaceStandingBody, HearingBody, RingAnswerBody, CourtPlanBody,
                 FamilyConferenceBody, FamilyPlanBody, SupporterMessageBody, AftercareContactBody, AdulthoodPlanBody,
                 SchoolReportBody, SchoolStepBody, PlaceEnrolmentBody, LearningCaseBody, LearningWithdrawalBody,
                 SchoolBoardBody, UnknownBody>;

// The records that hold the pieces of an attachment, in order.
std::vector<RecordId> ChunksOf(const AttachmentBody& body);
Bytes ChunkIds(const std::vector<RecordId>& chunks);  // The other way round.

// kInvalid ("body.required", "body.long", "body.many", "body.few", "body.slot", "body.clients", "body.organisation",
// "body.twice", "body.period", "body.repeat", "body.attachment"), field "body.<field>": what a person may put right.
Status CheckBody(const TypedBody& body);
// Checks, then encodes. UnknownBody: the bytes it came with.
Result<Body> EncodeBody(const TypedBody& body);
// kInvalid with the codec's or CheckBody's rules: bytes that no version of ours wrote.
Result<TypedBody> DecodeBody(const Body& body);
// `encoded` under an exception. kInvalid as CheckBody: why was not said.
Result<Body> Marked(Body encoded, Exception exception, std::string why);
// What is inside of a marked body, where it is one with something inside; any other body as it is.
TypedBody Unmarked(TypedBody body);
// What a grant's header commits to: SHA-256 of the encoded evidence, which begins unguessably by its salt.
Hash32 EvidenceHash(const Body& encoded);

// Stable slugs for options, files and JSON; labels are in the catalogues ("module.mobile").
// Parsing: kInvalid ("vocabulary.<list>"): `next` lists what is allowed.
std::string_view Slug(Module value);
std::string_view Slug(Urgency value);
std::string_view Slug(AdviceTaken value);
std::string_view Slug(MeetingKind value);
std::string_view Slug(VoteChoice value);
std::string_view Slug(Attending value);
std::string_view Slug(AgreementTopic value);
std::string_view Slug(Speaker value);
std::string_view Slug(CopyTaken value);
std::string_view Slug(Exception value);
Result<Module> ParseModule(std::string_view slug);
Result<Urgency> ParseUrgency(std::string_view slug);
Result<AdviceTaken> ParseAdviceTaken(std::string_view slug);
Result<MeetingKind> ParseMeetingKind(std::string_view slug);
Result<VoteChoice> ParseVoteChoice(std::string_view slug);
Result<Attending> ParseAttending(std::string_view slug);
Result<AgreementTopic> ParseAgreementTopic(std::string_view slug);
Result<Speaker> ParseSpeaker(std::string_view slug);
Result<CopyTaken> ParseCopyTaken(std::string_view slug);
Result<Exception> ParseException(std::string_view slug);

}  // namespace schakel
