// The fields of every body, in the order in which they are encoded: the one description that encoding, decoding,
// checking and JSON share. An archive offers Text, Enum, Flag, OptionalTime, Slots, Choices, Texts, Attendances,
// Salt, Number, Blob, Speakers, Organisation, Organisations, OptionalSlot, Figure and Rows.
#pragma once

#include <concepts>

#include "agents/body.h"

namespace schakel {

enum class Need : std::uint8_t { kOptional, kRequired };

inline constexpr std::size_t kNameBytesMax = 120;
inline constexpr std::size_t kTitleBytesMax = 200;
inline constexpr std::size_t kShortTextBytesMax = 4000;
inline constexpr std::size_t kTextBytesMax = 20000;
inline constexpr std::size_t kLongTextBytesMax = 60000;
inline constexpr std::size_t kListMax = 100;
inline constexpr std::size_t kSharedContentBytesMax = 180U << 10;
inline constexpr std::size_t kMarkedContentBytesMax = 150U << 10;  // So that what is marked can be shared again.

template <typename B, typename T>
concept Of = std::same_as<std::remove_const_t<B>, T>;

template <typename A, Of<EmptyBody> B>
void Fields(A&, B&) {}

template <typename A, Of<OpeningBody> B>
void Fields(A& a, B& b) {
  a.Text("label", b.label, kNameBytesMax, Need::kRequired);
  a.Enum("module", b.module, Module::kUnspecified, Module::kTimeOut);
  a.Text("reason", b.reason, kShortTextBytesMax, Need::kOptional);
}

template <typename A, Of<InvitationBody> B>
void Fields(A& a, B& b) {
  a.Text("label", b.label, kNameBytesMax, Need::kOptional);
  a.Text("message", b.message, kShortTextBytesMax, Need::kOptional);
}

template <typename A, Of<GrantEvidenceBody> B>
void Fields(A& a, B& b) {
  a.Salt("salt", b.salt);
  a.Text("consented_by", b.consented_by, kNameBytesMax, Need::kOptional);
  a.Text("how", b.how, kShortTextBytesMax, Need::kOptional);
  a.Text("recorded_by", b.recorded_by, kNameBytesMax, Need::kRequired);
  a.Text("witness", b.witness, kNameBytesMax, Need::kOptional);
  a.Text("reason", b.reason, kShortTextBytesMax, Need::kOptional);
}

template <typename A, Of<WithdrawalBody> B>
void Fields(A& a, B& b) {
  a.Text("reason", b.reason, kShortTextBytesMax, Need::kOptional);
}

template <typename A, Of<MessageBody> B>
void Fields(A& a, B& b) {
  a.Text("text", b.text, kShortTextBytesMax, Need::kOptional);
}

template <typename A, Of<NoteBody> B>
void Fields(A& a, B& b) {
  a.Text("title", b.title, kTitleBytesMax, Need::kRequired);
  a.Text("text", b.text, kLongTextBytesMax, Need::kOptional);
}

template <typename A, Of<QuestionBody> B>
void Fields(A& a, B& b) {
  a.Text("subject", b.subject, kTitleBytesMax, Need::kOptional);
  a.Text("question", b.question, kTextBytesMax, Need::kRequired);
  a.Enum("urgency", b.urgency, Urgency::kNormal, kUrgencyLast);
  a.OptionalTime("answer_by", b.answer_by);
}

template <typename A, Of<AnswerBody> B>
void Fields(A& a, B& b) {
  a.Text("text", b.text, kTextBytesMax, Need::kRequired);
}

template <typename A, Of<ConclusionBody> B>
void Fields(A& a, B& b) {
  a.Enum("taken", b.taken, AdviceTaken::kYes, AdviceTaken::kNo);
  a.Text("why", b.why, kShortTextBytesMax, Need::kOptional);
}

template <typename A, Of<ProposalBody> B>
void Fields(A& a, B& b) {
  a.Text("title", b.title, kTitleBytesMax, Need::kRequired);
  a.Enum("kind", b.kind, MeetingKind::kRoundTable, MeetingKind::kReviewBeforeHearing);
  a.Text("place", b.place, kTitleBytesMax, Need::kOptional);
  a.Slots("slots", b.slots, kMeetingSlotsMax);
  a.Flag("clients_invited", b.clients_invited);
  a.Text("why_not", b.why_not, kShortTextBytesMax, Need::kOptional);
  a.Text("agenda", b.agenda, kTextBytesMax, Need::kOptional);
}

template <typename A, Of<VoteBody> B>
void Fields(A& a, B& b) {
  a.Choices("choices", b.choices, kMeetingSlotsMax);
  a.Text("comment", b.comment, kShortTextBytesMax, Need::kOptional);
}

template <typename A, Of<FixedBody> B>
void Fields(A& a, B& b) {
  a.Slot("slot", b.slot);
  a.Text("place", b.place, kTitleBytesMax, Need::kOptional);
}

template <typename A, Of<ReportBody> B>
void Fields(A& a, B& b) {
  a.Text("text", b.text, kLongTextBytesMax, Need::kRequired);
  a.Texts("decisions", b.decisions, kListMax, kTitleBytesMax * 5);
  a.Attendances("attendance", b.attendance, kListMax);
}

template <typename A, Of<AgreementBody> B>
void Fields(A& a, B& b) {
  a.Enum("about", b.about, AgreementTopic::kAggression, AgreementTopic::kOther);
  a.Text("text", b.text, kTextBytesMax, Need::kRequired);
  a.Text("contact", b.contact, kTitleBytesMax, Need::kOptional);
}

template <typename A, Of<RequestBody> B>
void Fields(A& a, B& b) {
  a.Enum("who", b.who, Speaker::kYoungPerson, Speaker::kOther);
  a.Text("name", b.name, kNameBytesMax, Need::kOptional);
  a.Text("words", b.words, kTextBytesMax, Need::kRequired);
}

template <typename A, Of<ClosingBody> B>
void Fields(A& a, B& b) {
  a.Text("message", b.message, kShortTextBytesMax, Need::kOptional);
  a.Text("copy_offered", b.copy_offered, kShortTextBytesMax, Need::kRequired);
  a.Enum("copy", b.copy, CopyTaken::kTaken, CopyTaken::kNotReached);
  a.Text("retain_why", b.retain_why, kShortTextBytesMax, Need::kOptional);
}

template <typename A, Of<SharedAgainBody> B>
void Fields(A& a, B& b) {
  a.Blob("header", b.header, kHeaderBytesMax);
  a.Number("type", b.type);
  a.Number("version", b.version);
  a.Blob("content", b.content, kSharedContentBytesMax);
}

template <typename A, Of<MarkedBody> B>
void Fields(A& a, B& b) {
  a.Enum("exception", b.exception, Exception::kNone, Exception::kAgogic);
  a.Text("why", b.why, kShortTextBytesMax, Need::kRequired);
  a.Number("type", b.type);
  a.Number("version", b.version);
  a.Blob("content", b.content, kMarkedContentBytesMax);
}

template <typename A, Of<TermsBody> B>
void Fields(A& a, B& b) {
  a.Number("quorum", b.quorum);
  a.Organisations("required", b.required, kListMax);
  a.Speakers("required_clients", b.required_clients);
}

template <typename A, Of<CancelBody> B>
void Fields(A& a, B& b) {
  a.Text("why", b.why, kShortTextBytesMax, Need::kOptional);
  a.OptionalTime("occurrence", b.occurrence);
}

template <typename A, Of<AttendBody> B>
void Fields(A& a, B& b) {
  a.Enum("attending", b.attending, Attending::kAccepted, Attending::kDeclined);
  a.Number("revision", b.revision);
  a.Text("comment", b.comment, kShortTextBytesMax, Need::kOptional);
  a.OptionalSlot("counter", b.counter);
  a.OptionalTime("occurrence", b.occurrence);
}

template <typename A, Of<GuestBody> B>
void Fields(A& a, B& b) {
  a.Text("name", b.name, kNameBytesMax, Need::kRequired);
  a.Enum("who", b.who, Speaker::kYoungPerson, Speaker::kOther);
  a.Text("address", b.address, kNameBytesMax, Need::kOptional);
}

template <typename A, Of<AttachmentBody> B>
void Fields(A& a, B& b) {
  a.Text("name", b.name, kTitleBytesMax, Need::kRequired);
  a.Text("media_type", b.media_type, kNameBytesMax, Need::kRequired);
  a.Number("size", b.size);
  a.Blob("sha256", b.sha256, sizeof(Hash32));
  a.Number("chunk_bytes", b.chunk_bytes);
  a.Blob("chunks", b.chunks, kAttachmentChunksMax * sizeof(Id128));
  a.Text("caption", b.caption, kTitleBytesMax, Need::kOptional);
}

template <typename A, Of<AttachmentChunkBody> B>
void Fields(A& a, B& b) {
  a.Number("number", b.number);
  a.Blob("bytes", b.bytes, kAttachmentChunkBytesMax);
}

template <typename A, Of<RevealBody> B>
void Fields(A& a, B& b) {
  a.Salt("question", b.question);
  a.Text("text", b.text, kShortTextBytesMax, Need::kOptional);
}

// ---- What later versions added, and whether something in it is said ----
template <typename A, typename B>
void LaterFields(A&, B&) {}

template <typename A, Of<ProposalBody> B>
void LaterFields(A& a, B& b) {
  a.Speakers("left_out", b.left_out);
  a.Flag("family_first", b.family_first);
  a.OptionalTime("answer_by", b.answer_by);
}

template <typename A, Of<FixedBody> B>
void LaterFields(A& a, B& b) {
  a.Number("every_weeks", b.every_weeks);
  a.Number("times", b.times);
  a.OptionalTime("occurrence", b.occurrence);
}

template <typename A, Of<VoteBody> B>
void LaterFields(A& a, B& b) {
  a.Flag("by_link", b.by_link);
}

template <typename A, Of<AttendBody> B>
void LaterFields(A& a, B& b) {
  a.Flag("by_link", b.by_link);
}

template <typename A, Of<AttachmentBody> B>
void LaterFields(A& a, B& b) {
  a.Blob("first", b.first, kHeaderBytesMax);
}

template <typename A, Of<OpeningBody> B>
void LaterFields(A& a, B& b) {
  a.Flag("allocated", b.allocated);
}

template <typename A, Of<AgreementBody> B>
void LaterFields(A& a, B& b) {
  a.Text("partner", b.partner, kNameBytesMax, Need::kOptional);
  a.Texts("alert_fields", b.alert_fields, kListMax, kNameBytesMax);
}

template <typename A, Of<RequestBody> B>
void LaterFields(A& a, B& b) {
  a.Enum("choice", b.choice, HelpChoice::kUnsaid, HelpChoice::kDeclined);
}

template <typename A, typename B>
void ThirdFields(A&, B&) {}

template <typename A, Of<FixedBody> B>
void ThirdFields(A& a, B& b) {
  a.Text("reason", b.reason, kShortTextBytesMax, Need::kOptional);
}

template <typename B>
std::uint32_t VersionOf(const B&) {
  return 1;
}
inline std::uint32_t VersionOf(const ProposalBody& b) {
  const bool later = b.kind > MeetingKind::kIntake || !b.left_out.empty() || b.family_first || b.answer_by;
  return later ? 2 : 1;
}
inline std::uint32_t VersionOf(const QuestionBody& b) { return b.urgency == Urgency::kCrisis ? 2 : 1; }
inline std::uint32_t VersionOf(const FixedBody& b) {
  if (!b.reason.empty()) return 3;
  return b.every_weeks != 0 || b.times != 0 || b.occurrence ? 2 : 1;
}
inline std::uint32_t VersionOf(const OpeningBody& b) { return b.allocated ? 2 : 1; }
inline std::uint32_t VersionOf(const AgreementBody& b) { return b.partner.empty() && b.alert_fields.empty() ? 1 : 2; }
inline std::uint32_t VersionOf(const RequestBody& b) { return b.choice == HelpChoice::kUnsaid ? 1 : 2; }
inline std::uint32_t VersionOf(const VoteBody& b) { return b.by_link ? 2 : 1; }
inline std::uint32_t VersionOf(const AttendBody& b) { return b.by_link ? 2 : 1; }
inline std::uint32_t VersionOf(const AttachmentBody& b) { return b.first.empty() ? 1 : 2; }

}  // namespace schakel
