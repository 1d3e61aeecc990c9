#include "court_views.h"

namespace schakel {

Json ViewOf(const CaseHearing& one, const JsonViews& views, const ReadRecords& read) {
  Json view = VersionsView(one.text, views, read);
  const bool shown = read.Has(one.text.current().record);
  view["hearing_at"] = shown ? TimeView(one.at) : Json(nullptr);
  view["cancelled"] = shown ? Json(one.cancelled) : Json(nullptr);
  return view;
}

// The days follow from when help began, or the court sits: shown as far as the record that says so was.
Json ViewOf(const ReviewDue& one, const ReadRecords& read) {
  const bool shown = IsNone(one.because) || read.Has(one.because);
  return {{"kind", Slug(one.kind)},
          {"state", Slug(one.state)},
          {"due_at", shown ? Json(ToText(one.due_at)) : Json(nullptr)},
          {"because_at", shown ? Json(ToText(one.because_at)) : Json(nullptr)},
          {"because", IdView(one.because)},
          {"hearing", IdView(one.thread)},
          {"table", IdView(one.meeting)}};
}

Json ViewOf(const RingOverview& one, const JsonViews& views, const ReadRecords& read, Language language) {
  Json questions = Json::array();
  for (const AskedInRing& question : one.questions) {
    Json answers = Json::array();
    for (const CaseRingAnswer& answer : question.answers) answers.push_back(read.View(answer.record, views));
    questions.push_back({{"key", question.key.empty() ? Json(nullptr) : Json(question.key)},
                         {"question", question.words ? Json(question.words->In(language)) : Json(nullptr)},
                         {"answers", std::move(answers)}});
  }
  return {{"ring", Slug(one.ring)}, {"answered", one.answered}, {"questions", std::move(questions)}};
}

Json ViewOf(const CaseCourtPlan& one, const JsonViews& views, const ReadRecords& read) {
  Json view = VersionsView(one.text, views, read);
  const bool shown = read.Has(one.text.current().record);
  view["rests_on"] = Json::array();
  for (const RecordId& id : one.rests_on) view["rests_on"].push_back(ToText(id));
  view["unanswered"] = shown ? SlugsOf(one.unanswered) : Json::array();
  view["was_handed"] = one.was_handed;
  view["handed"] = Json::array();
  for (const CaseCourtPlan::Handed& handed : one.handed) {
    view["handed"].push_back({{"record", ToText(handed.record)},
                              {"version", ToText(handed.version)},
                              {"to", views.Organisation(handed.to)},
                              {"at", ToText(handed.at)}});
  }
  return view;
}

Json ViewOf(const LackingConsent& lacking) {
  Json list = Json::array();
  if (lacking.child) list.push_back("child");
  if (lacking.young_person) list.push_back("young-person");
  if (lacking.parents) list.push_back("parents");
  return list;
}

}  // namespace schakel
