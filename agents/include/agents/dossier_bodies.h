// What is said inside the records of a shared dossier: referrals, commitments, goals, criteria, actions. Part of
// body.h, whose rules hold here too. Organisations stand as their short names.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/result.h"
#include "protocol/seams.h"

namespace schakel {

enum class Module : std::uint8_t;
enum class Speaker : std::uint8_t;

enum class ReferralAnswer : std::uint8_t { kAccepted = 1, kRefused };
enum class GoalProgress : std::uint8_t { kNotStarted = 1, kOnTrack, kStuck, kReached };
// What a review at six months found. Reached and stopped end the goal; the others go on for another six months.
enum class GoalFound : std::uint8_t { kReached = 1, kContinued, kAdjusted, kStopped };
// Whose "good enough" it is.
enum class CriterionOf : std::uint8_t { kYoungPerson = 1, kParents, kCourtCounsellor, kYouthJudge, kHelpers, kOther };

// How a signature came: an organisation's own; or of a person, by their personal link, or on paper before a worker.
enum class SignedHow : std::uint8_t { kOrganisation = 1, kLink, kPaper };

inline constexpr std::size_t kPartiesMax = 31;
inline constexpr std::size_t kCitedMax = 20;  // Of goals, and of criteria.

// Another organisation is asked to take something up.
struct ReferralBody {
  static constexpr std::uint32_t kType = 41;
  std::string to;
  Module module{1};  // That is asked for.
  std::string question;
  std::optional<Timestamp> expires_at;  // Always said. Already outside.
  friend bool operator==(const ReferralBody&, const ReferralBody&) = default;
};
struct ReferralAnswerBody {
  static constexpr std::uint32_t kType = 42;
  ReferralAnswer answer = ReferralAnswer::kAccepted;
  std::string why;  // Required when refused.
  friend bool operator==(const ReferralAnswerBody&, const ReferralAnswerBody&) = default;
};
struct ReferralWithdrawalBody {
  static constexpr std::uint32_t kType = 43;
  std::string why;
  friend bool operator==(const ReferralWithdrawalBody&, const ReferralWithdrawalBody&) = default;
};
// What the parties sign up to.
// Worked example: CommitmentBody{"elke week", {"clb-gent", "karus-gent"}} is type 44, version 1, content
//   92                                array of its two fields
//      a9 65 6c 6b .. 6b              the text, 9 bytes
//      92 a8 63 .. 74 aa 6b .. 74     the two parties
// Where persons sign too, it is version 2: {"elke week", {"karus-gent"}, {young person}, ""} is
//   94 a9 65 6c .. 6b 91 aa 6b .. 74   as above
//      91 01                           who signs besides
//      a0                              nobody else
// Where it cites goals or criteria, it is version 3, with two more fields; each goal is the id of its version in text:
//   96 a9 65 6c .. a0                  as above
//      91 d9 20 30 37 .. 30            one goal
//      90                              no criterion
struct CommitmentBody {
  static constexpr std::uint32_t kType = 44;
  static constexpr std::uint32_t kVersions = 3;
  std::string text;
  std::vector<std::string> parties;   // 2 to kPartiesMax, or 1 where persons sign too. By growing name.
  std::vector<Speaker> persons = {};  // Who signs besides. Ascending.
  std::string other = {};             // Their name, where "other" is among them.
  // The versions that are signed with it, by their ids, ascending.
  std::vector<std::string> goals = {};
  std::vector<std::string> criteria = {};
  friend bool operator==(const CommitmentBody&, const CommitmentBody&) = default;
};
// Of a person it is version 2. Worked example: the young person by their link, "Sam", with nothing else said, is
//   97 a0                  the remark
//      02 01 a3 53 61 6d   by link; who; their name
//      a0 c2 c0            taken down by nobody; not declined; on no day of its own
struct SignatureBody {
  static constexpr std::uint32_t kType = 45;
  static constexpr std::uint32_t kVersions = 2;
  std::string remark;
  SignedHow how = SignedHow::kOrganisation;  // All below it: of a person alone.
  Speaker who{1};
  std::string name = {};
  std::string witness = {};                 // On paper: the worker who saw it, always said,
  bool declined = false;                    // Not signed, but refused; the remark says why, if they do.
  std::optional<Timestamp> signed_at = {};  // and the day, always said.
  friend bool operator==(const SignatureBody&, const SignatureBody&) = default;
};
struct GoalBody {
  static constexpr std::uint32_t kType = 46;
  std::string text;
  std::vector<std::string> owners;     // 1 to kPartiesMax organisations, by growing name.
  std::string with;                    // Who of the family or the network carries it along.
  std::optional<Timestamp> begins_at;  // Both always said.
  std::optional<Timestamp> ends_at;
  friend bool operator==(const GoalBody&, const GoalBody&) = default;
};
// Of a person who signed a commitment that cites the goal it is version 2. Worked example: the young person by their
// link, "Sam", on track, is
//   97 02 a0                how far; no words
//      02 01 a3 53 61 6d    by link; who; their name
//      a0 c0                taken down by nobody; on no day of its own
struct ProgressBody {
  static constexpr std::uint32_t kType = 47;
  static constexpr std::uint32_t kVersions = 2;
  GoalProgress progress = GoalProgress::kOnTrack;
  std::string text;
  SignedHow how = SignedHow::kOrganisation;  // All below it: of a person alone, as in a signature.
  Speaker who{1};
  std::string name = {};
  std::string witness = {};
  std::optional<Timestamp> said_at = {};
  friend bool operator==(const ProgressBody&, const ProgressBody&) = default;
};
struct GoalReviewBody {
  static constexpr std::uint32_t kType = 48;
  GoalFound found = GoalFound::kContinued;
  std::string text;
  friend bool operator==(const GoalReviewBody&, const GoalReviewBody&) = default;
};
struct CriterionBody {
  static constexpr std::uint32_t kType = 49;
  CriterionOf whose = CriterionOf::kOther;
  std::string text;
  friend bool operator==(const CriterionBody&, const CriterionBody&) = default;
};
struct JudgementBody {
  static constexpr std::uint32_t kType = 50;
  bool met = false;
  std::string why;
  friend bool operator==(const JudgementBody&, const JudgementBody&) = default;
};
struct ActionBody {
  static constexpr std::uint32_t kType = 51;
  std::string text;
  std::string owner;  // The organisation that does it,
  std::string with;   // and who.
  std::optional<Timestamp> due_at;
  friend bool operator==(const ActionBody&, const ActionBody&) = default;
};
struct ActionDoneBody {
  static constexpr std::uint32_t kType = 52;
  bool done = true;
  std::string remark;
  friend bool operator==(const ActionDoneBody&, const ActionDoneBody&) = default;
};
// Nobody does that action any more: who had it is told so, and not who does what stands in its place.
// Worked example: type 54, version 1, content 90: an array of no fields.
struct ActionTakenBackBody {
  static constexpr std::uint32_t kType = 54;
  friend bool operator==(const ActionTakenBackBody&, const ActionTakenBackBody&) = default;
};
// The trajectory is closed though criteria are not met: which, the header refers to.
struct ClosingReasonBody {
  static constexpr std::uint32_t kType = 53;
  std::string why;
  friend bool operator==(const ClosingReasonBody&, const ClosingReasonBody&) = default;
};

std::string_view Slug(ReferralAnswer value);
std::string_view Slug(GoalProgress value);
std::string_view Slug(GoalFound value);
std::string_view Slug(CriterionOf value);
std::string_view Slug(SignedHow value);
Result<ReferralAnswer> ParseReferralAnswer(std::string_view slug);
Result<GoalProgress> ParseGoalProgress(std::string_view slug);
Result<GoalFound> ParseGoalFound(std::string_view slug);
Result<CriterionOf> ParseCriterionOf(std::string_view slug);
Result<SignedHow> ParseSignedHow(std::string_view slug);

}  // namespace schakel
