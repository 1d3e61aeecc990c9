#include <algorithm>

#include "sending.h"

namespace schakel {
namespace {

// A reply continues its question: the same trajectory, purpose and categories, so that the same grants cover it.
Draft ReplyTo(const Consultation& consultation, Kind kind, Body body) {
  Draft draft;
  draft.kind = kind;
  draft.trajectory = consultation.trajectory;
  draft.thread = consultation.id;
  draft.purpose = consultation.purpose;
  draft.categories = consultation.categories;
  draft.references = {consultation.id};
  draft.body = std::move(body);
  return draft;
}

void AddFindings(std::string_view text, std::size_t offset, const std::vector<std::string>& names, Timestamp now,
                 std::vector<Finding>& to) {
  for (Finding finding : FindIdentifying(text, names, now)) {
    finding.at += offset;
    to.push_back(finding);
  }
}

Status CheckDeadline(const QuestionBody& question, Timestamp now) {
  if (!question.answer_by || *question.answer_by > now) return {};
  return Fail(Code::kInvalid, "consultation.answer_by", "answer_by", "choose a time that is still to come");
}

Status CheckOpen(const Consultation& consultation) {
  if (consultation.state != Consultation::State::kConcluded) return {};
  return Fail(Code::kConflict, "consultation.concluded", "consultation", "ask a new question");
}

}  // namespace

Result<Sent> ConsultationService::Ask(const TrajectoryId& id, const QuestionBody& question, CategorySet categories,
                                      Purpose purpose, const Audience& audience) {
  SCHAKEL_ASSIGN(const CaseTrajectory trajectory, cases_.Trajectory(id));
  SCHAKEL_TRY(CheckDeadline(question, clock_.Now()));
  Draft draft;
  draft.kind = Kind::kQuestion;
  draft.trajectory = id;
  draft.purpose = purpose;
  draft.categories = categories;
  SCHAKEL_ASSIGN(draft.body, EncodeBody(question));
  return Send(engine_, std::move(draft), OthersIn(trajectory, engine_.Self()), audience);
}

Result<Sent> ConsultationService::AskAnonymously(const QuestionBody& question, CategorySet categories, bool overruled,
                                                 const Audience& audience, std::vector<Finding>& findings) {
  if (audience.named.empty()) {
    return Fail(Code::kInvalid, "consultation.to", "to", "name whom you ask: without a trajectory nobody is implied");
  }
  SCHAKEL_TRY(CheckDeadline(question, clock_.Now()));
  const auto names = cases_.With([](CaseFile& file) { return file.Names(); });
  // Subject and question are checked as one text, the subject first.
  AddFindings(question.subject, 0, names, clock_.Now(), findings);
  AddFindings(question.question, question.subject.size(), names, clock_.Now(), findings);
  const bool certain = std::ranges::any_of(findings, [](const Finding& one) { return IsCertain(one.what); });
  if (certain || (!findings.empty() && !overruled)) {
    return Fail(Code::kInvalid, "consultation.identifying", "question",
                "leave out what tells who it is about; what is no name or number of a person may be overruled");
  }
  Draft draft;
  draft.kind = Kind::kQuestion;
  draft.purpose = Purpose::kConsultation;
  draft.categories = categories;
  SCHAKEL_ASSIGN(draft.body, EncodeBody(question));
  return Send(engine_, std::move(draft), {}, audience);
}

Result<Consultation> ConsultationService::Find(const RecordId& id) {
  return cases_.With([&](CaseFile& file) -> Result<Consultation> {
    const Consultation* found = file.FindConsultation(id);
    if (found == nullptr) return Fail(Code::kNotFound, "id.unknown", "consultation", "check the id");
    return *found;
  });
}

Result<Sent> ConsultationService::Answer(const RecordId& id, const AnswerBody& answer, const Audience& audience) {
  SCHAKEL_ASSIGN(const Consultation consultation, Find(id));
  SCHAKEL_TRY(CheckOpen(consultation));
  SCHAKEL_ASSIGN(Body body, EncodeBody(answer));
  return Send(engine_, ReplyTo(consultation, Kind::kAnswer, std::move(body)), {consultation.asker}, audience);
}

Result<Sent> ConsultationService::Conclude(const RecordId& id, const ConclusionBody& conclusion,
                                           const Audience& audience) {
  SCHAKEL_ASSIGN(const Consultation consultation, Find(id));
  if (consultation.asker != engine_.Self()) {
    return Fail(Code::kDenied, "consultation.asker", "consultation", "leave the conclusion to who asked");
  }
  SCHAKEL_TRY(CheckOpen(consultation));
  SCHAKEL_ASSIGN(Body body, EncodeBody(conclusion));
  const std::vector<OrgId> asked(consultation.asked.begin(), consultation.asked.end());
  return Send(engine_, ReplyTo(consultation, Kind::kConclusion, std::move(body)), asked, audience);
}

}  // namespace schakel
