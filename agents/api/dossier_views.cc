#include "dossier_views.h"

#include "methods/cited_view.h"

namespace schakel {
Json VersionsView(const CaseVersions& text, const JsonViews& views, const ReadRecords& read) {
  Json versions = Json::array();
  for (const CaseVersion& one : text.all) {
    versions.push_back({{"record", ToText(one.record)},
                        {"author", views.Organisation(one.author)},
                        {"at", ToText(one.at)},
                        {"concurrent", one.concurrent}});
  }
  return {{"id", ToText(text.id())},
          {"author", views.Organisation(text.author())},
          {"at", ToText(text.all.front().at)},
          {"version", ToText(text.current().record)},
          {"concurrent", text.current().concurrent},
          {"versions", std::move(versions)},
          {"record", read.View(text.current().record, views)}};
}

ReadRecords::ReadRecords(std::vector<Reading::Shown> shown) {
  for (Reading::Shown& one : shown) shown_.emplace(one.held.header.id, std::move(one));
}

const TypedBody* ReadRecords::Find(const RecordId& id) const {
  const auto found = shown_.find(id);
  return found == shown_.end() || !found->second.body ? nullptr : &*found->second.body;
}

Json ReadRecords::View(const RecordId& id, const JsonViews& views) const {
  const auto found = shown_.find(id);
  return found == shown_.end() ? Json(nullptr) : views.ShownView(found->second);
}

Json ReadRecords::GrantView(const RecordId& id) const {
  const auto found = shown_.find(id);
  return found == shown_.end() || !found->second.held.grant ? Json(nullptr) : IdView(*found->second.held.grant);
}

void ReadRecords::GiveTo(Glance& glance) const {
  for (const auto& [id, one] : shown_) glance.Take(one);
}

std::vector<RecordId> ReadFor(const CaseReferral& one) {
  std::vector<RecordId> ids = {one.id};
  for (const RecordId& id : {one.answer, one.withdrawal}) {
    if (!IsNone(id)) ids.push_back(id);
  }
  return ids;
}
std::vector<RecordId> ReadFor(const CaseCommitment& one) {
  std::vector<RecordId> ids = {one.text.current().record};
  for (const auto& [who, said] : one.words) ids.push_back(said.record);
  for (const RecordId& cited : ReadForCited(one)) ids.push_back(cited);
  return ids;
}
std::vector<RecordId> ReadFor(const CaseGoal& one) {
  std::vector<RecordId> ids = {one.text.current().record};
  for (const auto& [organisation, progress] : one.progress) ids.push_back(progress.record);
  for (const CaseGoal::Review& review : one.reviews) ids.push_back(review.record);
  return ids;
}
std::vector<RecordId> ReadFor(const CaseCriterion& one) {
  std::vector<RecordId> ids = {one.text.current().record};
  if (one.judgement) ids.push_back(one.judgement->record);
  return ids;
}
std::vector<RecordId> ReadFor(const CaseAction& one) {
  std::vector<RecordId> ids = {one.text.current().record};
  if (!IsNone(one.said)) ids.push_back(one.said);
  return ids;
}

Json ViewOf(const CaseReferral& one, const JsonViews& views, const ReadRecords& read, Timestamp now) {
  const bool shown = read.Has(one.id);
  return {{"id", ToText(one.id)},
          {"author", views.Organisation(one.author)},
          {"at", ToText(one.at)},
          {"to", shown ? views.Organisation(one.to) : Json(nullptr)},
          {"expires_at", shown ? TimeView(one.expires_at) : Json(nullptr)},
          {"state", shown ? Json(Slug(one.StateAt(now))) : Json(nullptr)},
          {"record", read.View(one.id, views)},
          {"answer", read.View(one.answer, views)},
          {"withdrawal", read.View(one.withdrawal, views)}};
}

// One who signs besides the organisations: how that stands, and who took it down.
static Json PersonView(const CaseCommitment& one, Speaker who, const JsonViews& views, const ReadRecords& read) {
  const auto said = one.words.find(who);
  const bool known = said != one.words.end();
  const char* state = !known ? "outstanding" : said->second.declined ? "declined" : "signed";
  return {{"who", Slug(who)},
          {"state", state},
          {"how", known ? Json(Slug(said->second.how)) : Json(nullptr)},
          {"at", known ? Json(ToText(said->second.at)) : Json(nullptr)},
          {"taken_down_by", known ? views.Organisation(said->second.taken_down_by) : Json(nullptr)},
          {"record", known ? read.View(said->second.record, views) : Json(nullptr)}};
}

Json ViewOf(const CaseCommitment& one, const JsonViews& views, const ReadRecords& read, Timestamp now) {
  Json view = VersionsView(one.text, views, read);
  const bool shown = read.Has(one.text.current().record);
  view["parties"] = shown ? views.Organisations(one.parties) : Json::array();
  view["signatures"] = Json::array();
  for (const auto& [organisation, record] : one.signatures) {
    view["signatures"].push_back({{"organisation", views.Organisation(organisation)}, {"record", ToText(record)}});
  }
  view["outstanding"] = shown ? views.Organisations(one.outstanding) : Json::array();
  view["persons"] = Json::array();
  for (const Speaker who : one.persons) {
    if (shown) view["persons"].push_back(PersonView(one, who, views, read));
  }
  view["persons_outstanding"] = Json::array();
  for (const Speaker who : one.PersonsOutstanding()) {
    if (shown) view["persons_outstanding"].push_back(Slug(who));
  }
  view["declined"] = shown && one.Declined();
  view["active_since"] = TimeView(one.active_since);
  if (shown) {
    AddCited(one, views, read, now, view);
  } else {
    AddCited({}, views, read, now, view);
  }
  return view;
}

Json ViewOf(const CaseGoal& one, const JsonViews& views, const ReadRecords& read, Timestamp now) {
  Json view = VersionsView(one.text, views, read);
  const bool shown = read.Has(one.text.current().record);
  view["owners"] = shown ? views.Organisations(one.owners) : Json::array();
  view["begins_at"] = shown ? TimeView(one.begins_at) : Json(nullptr);
  view["ends_at"] = shown ? TimeView(one.ends_at) : Json(nullptr);
  view["review_due"] = shown ? TimeView(one.review_due) : Json(nullptr);
  view["review_overdue"] = shown && one.review_due && now >= *one.review_due;
  view["progress"] = Json::array();
  for (const auto& [organisation, progress] : one.progress) {
    if (!read.Has(progress.record)) continue;
    view["progress"].push_back({{"organisation", views.Organisation(organisation)},
                                {"at", ToText(progress.at)},
                                {"progress", Slug(progress.progress)},
                                {"record", read.View(progress.record, views)}});
  }
  view["reviews"] = Json::array();
  for (const CaseGoal::Review& review : one.reviews) {
    if (!read.Has(review.record)) continue;
    view["reviews"].push_back({{"organisation", views.Organisation(review.author)},
                               {"at", ToText(review.at)},
                               {"found", Slug(review.found)},
                               {"record", read.View(review.record, views)}});
  }
  return view;
}

Json ViewOf(const CaseCriterion& one, const JsonViews& views, const ReadRecords& read, Timestamp) {
  Json view = VersionsView(one.text, views, read);
  const bool shown = read.Has(one.text.current().record);
  const bool judged = one.judgement && read.Has(one.judgement->record);
  view["whose"] = shown && one.whose ? Json(Slug(*one.whose)) : Json(nullptr);
  view["met"] = judged && one.met();
  view["judged_at"] = judged ? Json(ToText(one.judgement->at)) : Json(nullptr);
  view["judgement"] = one.judgement ? read.View(one.judgement->record, views) : Json(nullptr);
  return view;
}

Json ViewOf(const CaseAction& one, const JsonViews& views, const ReadRecords& read, Timestamp now) {
  Json view = VersionsView(one.text, views, read);
  const bool shown = read.Has(one.text.current().record);
  view["table"] = IdView(one.meeting);
  view["owner"] = shown ? views.Organisation(one.owner) : Json(nullptr);
  view["due_at"] = shown ? TimeView(one.due_at) : Json(nullptr);
  view["overdue"] = shown && !one.done && !one.taken_back && one.due_at && now >= *one.due_at;
  const bool said = read.Has(one.said);
  view["done"] = said && one.done;
  view["taken_back"] = said && one.taken_back;
  view["done_at"] = said ? TimeView(one.done_at) : Json(nullptr);
  view["said"] = read.View(one.said, views);
  return view;
}

}  // namespace schakel
