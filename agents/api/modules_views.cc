#include "modules_views.h"

namespace schakel {

Json ViewOf(const ModulePeriod& period, const JsonViews& views, const ReadRecords& read, Timestamp now) {
  const bool shown = read.Has(period.record);
  const bool begun = now >= period.begins_at;
  return {{"module", Slug(shown ? period.module : Module::kUnspecified)},
          {"begins_at", ToText(period.begins_at)},
          {"ends_at", TimeView(period.ends_at)},
          {"current", begun && (!period.ends_at || now < *period.ends_at)},
          {"record", read.View(period.record, views)}};
}

Json ViewOf(const CaseContact& one, const JsonViews& views, const ReadRecords& read) {
  const bool shown = read.Has(one.record);
  Json actions = Json::array();
  for (const RecordId& action : one.actions) actions.push_back(ToText(action));
  return {{"id", ToText(one.record)},
          {"author", views.Organisation(one.author)},
          {"at", shown ? Json(ToText(one.at)) : Json(nullptr)},
          {"how", shown ? Json(Slug(one.how)) : Json(nullptr)},
          {"face_to_face", shown ? Json(one.face_to_face) : Json(nullptr)},
          {"actions", std::move(actions)},
          {"record", read.View(one.record, views)}};
}

Json ViewOf(const CaseAlert& one, const CaseTrajectory& trajectory, const OrgId& self, Timestamp now,
            const JsonViews& views, const ReadRecords& read) {
  const bool stands = StandsFor(self, trajectory, one, now);
  const bool cut_off = one.stands() && !stands;
  return {{"id", ToText(one.id)},
          {"author", views.Organisation(one.author)},
          {"at", ToText(one.at)},
          {"agreement", IdView(one.agreement)},
          {"to", views.Organisations({one.to.begin(), one.to.end()})},
          {"stands", stands},
          {"withdrawn_at", one.stands() ? Json(nullptr) : Json(ToText(one.withdrawn_at))},
          {"cut_off_at", cut_off ? TimeView(CutOffAt(trajectory, one, self)) : Json(nullptr)},
          {"untold", views.Organisations(one.author == self ? one.Untold() : std::vector<OrgId>())},
          {"record", read.View(one.id, views)},
          {"withdrawal", read.View(one.withdrawal, views)}};
}

Json ViewOf(const ContactWeek& week) {
  return {{"week", WeekText(week)},    {"begins_at", ToText(week.begins_at)}, {"ends_at", ToText(week.ends_at)},
          {"contacts", week.contacts}, {"face_to_face", week.face_to_face},   {"over", week.over},
          {"short", week.IsShort()}};
}

}  // namespace schakel
