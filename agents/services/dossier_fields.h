// The fields of the bodies of a shared dossier: see body_fields.h.
#pragma once

#include "body_fields.h"

namespace schakel {

inline constexpr std::size_t kIdTextBytes = 2 * sizeof(Id128);

template <typename A, Of<ReferralBody> B>
void Fields(A& a, B& b) {
  a.Text("to", b.to, kNameBytesMax, Need::kRequired);
  a.Enum("module", b.module, Module::kUnspecified, Module::kTimeOut);
  a.Text("question", b.question, kTextBytesMax, Need::kRequired);
  a.OptionalTime("expires_at", b.expires_at);
}

template <typename A, Of<ReferralAnswerBody> B>
void Fields(A& a, B& b) {
  a.Enum("answer", b.answer, ReferralAnswer::kAccepted, ReferralAnswer::kRefused);
  a.Text("why", b.why, kShortTextBytesMax, Need::kOptional);
}

template <typename A, Of<ReferralWithdrawalBody> B>
void Fields(A& a, B& b) {
  a.Text("why", b.why, kShortTextBytesMax, Need::kOptional);
}

template <typename A, Of<CommitmentBody> B>
void Fields(A& a, B& b) {
  a.Text("text", b.text, kTextBytesMax, Need::kRequired);
  a.Texts("parties", b.parties, kPartiesMax, kNameBytesMax);
}

template <typename A, Of<SignatureBody> B>
void Fields(A& a, B& b) {
  a.Text("remark", b.remark, kShortTextBytesMax, Need::kOptional);
}

template <typename A, Of<CommitmentBody> B>
void LaterFields(A& a, B& b) {
  a.Speakers("persons", b.persons);
  a.Text("other", b.other, kNameBytesMax, Need::kOptional);
}
template <typename A, Of<CommitmentBody> B>
void ThirdFields(A& a, B& b) {
  a.Texts("goals", b.goals, kCitedMax, kIdTextBytes);
  a.Texts("criteria", b.criteria, kCitedMax, kIdTextBytes);
}
inline std::uint32_t VersionOf(const CommitmentBody& b) {
  if (!b.goals.empty() || !b.criteria.empty()) return 3;
  return b.persons.empty() && b.other.empty() ? 1 : 2;
}

template <typename A, Of<SignatureBody> B>
void LaterFields(A& a, B& b) {
  a.Enum("how", b.how, SignedHow::kOrganisation, SignedHow::kPaper);
  a.Enum("who", b.who, Speaker::kYoungPerson, Speaker::kOther);
  a.Text("name", b.name, kNameBytesMax, Need::kOptional);
  a.Text("witness", b.witness, kNameBytesMax, Need::kOptional);
  a.Flag("declined", b.declined);
  a.OptionalTime("signed_at", b.signed_at);
}
inline std::uint32_t VersionOf(const SignatureBody& b) { return b.how == SignedHow::kOrganisation ? 1 : 2; }

template <typename A, Of<GoalBody> B>
void Fields(A& a, B& b) {
  a.Text("text", b.text, kTextBytesMax, Need::kRequired);
  a.Texts("owners", b.owners, kPartiesMax, kNameBytesMax);
  a.Text("with", b.with, kTitleBytesMax, Need::kOptional);
  a.OptionalTime("begins_at", b.begins_at);
  a.OptionalTime("ends_at", b.ends_at);
}

template <typename A, Of<ProgressBody> B>
void Fields(A& a, B& b) {
  a.Enum("progress", b.progress, GoalProgress::kNotStarted, GoalProgress::kReached);
  a.Text("text", b.text, kTextBytesMax, Need::kOptional);
}

template <typename A, Of<ProgressBody> B>
void LaterFields(A& a, B& b) {
  a.Enum("how", b.how, SignedHow::kOrganisation, SignedHow::kPaper);
  a.Enum("who", b.who, Speaker::kYoungPerson, Speaker::kOther);
  a.Text("name", b.name, kNameBytesMax, Need::kOptional);
  a.Text("witness", b.witness, kNameBytesMax, Need::kOptional);
  a.OptionalTime("said_at", b.said_at);
}
inline std::uint32_t VersionOf(const ProgressBody& b) { return b.how == SignedHow::kOrganisation ? 1 : 2; }

template <typename A, Of<GoalReviewBody> B>
void Fields(A& a, B& b) {
  a.Enum("found", b.found, GoalFound::kReached, GoalFound::kStopped);
  a.Text("text", b.text, kTextBytesMax, Need::kRequired);
}

template <typename A, Of<CriterionBody> B>
void Fields(A& a, B& b) {
  a.Enum("whose", b.whose, CriterionOf::kYoungPerson, CriterionOf::kOther);
  a.Text("text", b.text, kTextBytesMax, Need::kRequired);
}

template <typename A, Of<JudgementBody> B>
void Fields(A& a, B& b) {
  a.Flag("met", b.met);
  a.Text("why", b.why, kShortTextBytesMax, Need::kOptional);
}

template <typename A, Of<ActionBody> B>
void Fields(A& a, B& b) {
  a.Text("text", b.text, kTextBytesMax, Need::kRequired);
  a.Text("owner", b.owner, kNameBytesMax, Need::kRequired);
  a.Text("with", b.with, kTitleBytesMax, Need::kOptional);
  a.OptionalTime("due_at", b.due_at);
}

template <typename A, Of<ActionDoneBody> B>
void Fields(A& a, B& b) {
  a.Flag("done", b.done);
  a.Text("remark", b.remark, kShortTextBytesMax, Need::kOptional);
}

template <typename A, Of<ActionTakenBackBody> B>
void Fields(A&, B&) {}

template <typename A, Of<ClosingReasonBody> B>
void Fields(A& a, B& b) {
  a.Text("why", b.why, kShortTextBytesMax, Need::kRequired);
}

}  // namespace schakel
