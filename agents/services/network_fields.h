// The fields of the bodies of a network: see body_fields.h. Besides what stands there, an archive offers Figure.
#pragma once

#include "body_fields.h"

namespace schakel {

inline constexpr std::size_t kDayBytesMax = 10;

template <typename A, Of<FigureBody> B>
void Fields(A& a, B& b) {
  a.Text("name", b.name, kNameBytesMax, Need::kRequired);
  a.Enum("kind", b.kind, FigureKind::kPerson, FigureKind::kInstitution);
  a.Enum("ring", b.ring, Ring::kHousehold, Ring::kServices);
  a.Text("role", b.role, kNameBytesMax, Need::kOptional);
  a.Enum("gender", b.gender, Gender::kUnknown, Gender::kOther);
  a.Text("born", b.born, kDayBytesMax, Need::kOptional);
  a.Flag("deceased", b.deceased);
  a.Text("died", b.died, kDayBytesMax, Need::kOptional);
  a.Text("organisation", b.organisation, kNameBytesMax, Need::kOptional);
  a.Enum("domain", b.domain, LifeDomain::kNone, kLifeDomainLast);
  a.Flag("key", b.key);
  a.Text("remark", b.remark, kShortTextBytesMax, Need::kOptional);
  a.Flag("removed", b.removed);
}

template <typename A, Of<TieBody> B>
void Fields(A& a, B& b) {
  a.Figure("figure", b.figure);
  a.Figure("other", b.other);
  a.Enum("informant", b.informant, Informant::kYoungPerson, Informant::kWorker);
  a.Text("informant_name", b.informant_name, kNameBytesMax, Need::kOptional);
  a.Enum("quality", b.quality, TieQuality::kPositive, TieQuality::kNone);
  a.Number("strength", b.strength);
  a.Enum("direction", b.direction, TieDirection::kTo, TieDirection::kBoth);
  a.Text("since", b.since, kDayBytesMax, Need::kRequired);
  a.Text("remark", b.remark, kShortTextBytesMax, Need::kOptional);
}

template <typename A, Of<KinshipBody> B>
void Fields(A& a, B& b) {
  a.Enum("relation", b.relation, Relation::kParent, Relation::kPartners);
  a.Figure("a", b.a);
  a.Figure("b", b.b);
  a.Enum("how", b.how, KinshipHow::kBiological, KinshipHow::kDivorced);
  a.Text("began", b.began, kDayBytesMax, Need::kOptional);
  a.Text("ended", b.ended, kDayBytesMax, Need::kOptional);
  a.Flag("removed", b.removed);
}

template <typename A, Of<LifeEventBody> B>
void Fields(A& a, B& b) {
  a.Enum("lane", b.lane, LifeLane::kStay, LifeLane::kOther);
  a.Text("title", b.title, kTitleBytesMax, Need::kRequired);
  a.Text("begins", b.begins, kDayBytesMax, Need::kRequired);
  a.Text("ends", b.ends, kDayBytesMax, Need::kOptional);
  a.Text("place", b.place, kTitleBytesMax, Need::kOptional);
  a.Text("remark", b.remark, kShortTextBytesMax, Need::kOptional);
  a.Flag("removed", b.removed);
}

template <typename A, Of<LifeDomainBody> B>
void Fields(A& a, B& b) {
  a.Enum("domain", b.domain, LifeDomain::kLiving, kLifeDomainLast);
  a.Texts("strengths", b.strengths, kStrengthsMax, kTitleBytesMax * 5);
  a.Texts("needs", b.needs, kStrengthsMax, kTitleBytesMax * 5);
  a.Text("remark", b.remark, kShortTextBytesMax, Need::kOptional);
}

template <typename A, Of<CircularQuestionBody> B>
void Fields(A& a, B& b) {
  a.Enum("asked", b.asked, Informant::kYoungPerson, Informant::kWorker);
  a.Text("asked_name", b.asked_name, kNameBytesMax, Need::kOptional);
  a.Figure("figure", b.figure);
  a.Text("question", b.question, kShortTextBytesMax, Need::kRequired);
  a.Text("guess", b.guess, kShortTextBytesMax, Need::kRequired);
}

template <typename A, Of<CircularAnswerBody> B>
void Fields(A& a, B& b) {
  a.Text("answer", b.answer, kShortTextBytesMax, Need::kRequired);
}

template <typename A, Of<TieRepairBody> B>
void Fields(A& a, B& b) {
  a.Figure("figure", b.figure);
  a.Figure("other", b.other);
  a.Enum("informant", b.informant, Informant::kYoungPerson, Informant::kWorker);
  a.Text("informant_name", b.informant_name, kNameBytesMax, Need::kOptional);
  a.Figure("action", b.action);
  a.Text("partner", b.partner, kNameBytesMax, Need::kOptional);
}

}  // namespace schakel
