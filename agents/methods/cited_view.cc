#include "methods/cited_view.h"

#include "agents/i18n.h"
#include "local_time.h"

namespace schakel {
namespace {

template <typename T>
const T* BodyIn(const ReadRecords& read, const RecordId& id) {
  const TypedBody* body = read.Find(id);
  return body == nullptr ? nullptr : std::get_if<T>(body);
}

bool IsRead(const CaseCited& one) { return one.state != CaseCited::State::kUnread; }

Json FoundView(const OrgId& by, Json who, SignedHow how, Timestamp at, GoalProgress progress, const RecordId& record,
               const JsonViews& views, const ReadRecords& read) {
  return {{"organisation", views.Organisation(by)},
          {"who", std::move(who)},
          {"how", Slug(how)},
          {"at", ToText(at)},
          {"progress", Slug(progress)},
          {"record", read.View(record, views)}};
}

Json CitedView(const CaseCited& one, const JsonViews& views, const ReadRecords& read) {
  return {{"version", ToText(one.version)},
          {"current", IdView(one.current)},
          {"state", Slug(one.state)},
          {"record", read.View(one.version, views)}};
}

Json CitedGoalView(const CaseCited& one, const JsonViews& views, const ReadRecords& read) {
  Json view = CitedView(one, views, read);
  view["review_due"] = TimeView(one.review_due);
  view["progress"] = Json::array();
  for (const auto& [party, said] : one.progress) {
    if (!read.Has(said.record)) continue;
    view["progress"].push_back(
        FoundView(party, nullptr, SignedHow::kOrganisation, said.at, said.progress, said.record, views, read));
  }
  for (const auto& [who, said] : one.persons) {
    if (!read.Has(said.record)) continue;
    view["progress"].push_back(
        FoundView(said.taken_down_by, Slug(who), said.how, said.at, said.progress, said.record, views, read));
  }
  return view;
}

Json CitedCriterionView(const CaseCited& one, const JsonViews& views, const ReadRecords& read) {
  Json view = CitedView(one, views, read);
  view["whose"] = one.whose && read.Has(one.version) ? Json(Slug(*one.whose)) : Json(nullptr);
  view["met"] = one.met && read.Has(one.judgement);
  return view;
}

// "  moeder, op papier bij De Wissel: op schema (ma 23/11/2026): elke dag al"
std::string FoundLine(const Json& found, const ReadRecords& read, const RecordId& record, Timestamp at,
                      Language language) {
  const std::string organisation = found.at("organisation").at("name");
  std::string who = organisation;
  if (!found.at("who").is_null()) {
    const std::string key = found.at("how") == "paper" ? "engagement.found_on_paper" : "engagement.found_by_link";
    who = Phrase(
        language, key,
        {{"who", Phrase(language, "word.who." + found.at("who").get<std::string>())}, {"organisation", organisation}});
  }
  const auto* body = BodyIn<ProgressBody>(read, record);
  std::string line =
      "\n  " + Phrase(language, "engagement.found",
                      {{"who", who},
                       {"progress", Phrase(language, "word.progress." + found.at("progress").get<std::string>())},
                       {"day", LocalDate(at, language)}});
  if (body != nullptr && !body->text.empty()) line += ": " + body->text;
  return line;
}

std::string StateLine(const CaseCited& one, Language language) {
  if (one.state == CaseCited::State::kAsSigned) return {};
  return "\n  " + Phrase(language, "engagement.cited_" + std::string(Slug(one.state)));
}

std::string GoalText(const CaseCited& one, const JsonViews& views, const ReadRecords& read, CitedProgress progress) {
  const Language language = views.language();
  const auto* goal = BodyIn<GoalBody>(read, one.version);
  std::string text = "\n- " + (goal == nullptr ? Phrase(language, "engagement.cited_sealed") : goal->text);
  text += StateLine(one, language);
  if (progress == CitedProgress::kNone) return text;
  const Json view = CitedGoalView(one, views, read);
  std::size_t at = 0;
  const auto add = [&](const RecordId& record, Timestamp when) {
    if (read.Has(record)) text += FoundLine(view.at("progress").at(at++), read, record, when, language);
  };
  for (const auto& [party, said] : one.progress) add(said.record, said.at);
  for (const auto& [who, said] : one.persons) add(said.record, said.at);
  return text;
}

std::string CriterionText(const CaseCited& one, const JsonViews& views, const ReadRecords& read,
                          CitedProgress progress) {
  const Language language = views.language();
  const auto* criterion = BodyIn<CriterionBody>(read, one.version);
  if (criterion == nullptr) {
    return "\n- " + Phrase(language, "engagement.cited_sealed") + StateLine(one, language);
  }
  const std::string whose = Phrase(language, "word.whose." + std::string(Slug(criterion->whose)));
  const bool met = progress == CitedProgress::kShown && one.met && read.Has(one.judgement);
  return "\n- " + whose + ": " + criterion->text + (met ? " (" + Phrase(language, "cli.criterion.met") + ")" : "") +
         StateLine(one, language);
}

std::string WrittenOutFor(const CaseCommitment& one, const JsonViews& views, const ReadRecords& read, Timestamp now) {
  const auto* body = one.text.all.empty() ? nullptr : BodyIn<CommitmentBody>(read, one.text.current().record);
  if (body == nullptr) return {};
  const Language language = views.language();
  std::string text = body->text + CitedText(one, views, read, CitedProgress::kShown);
  if (!one.StandsAsSigned()) text += "\n\n" + Phrase(language, "engagement.changed");
  if (one.renew_by) {
    const char* key = now >= *one.renew_by ? "engagement.renew_since" : "engagement.renew_by";
    text += "\n\n" + Phrase(language, key, {{"day", LocalDate(*one.renew_by, language)}});
  }
  return text;
}

}  // namespace

std::vector<RecordId> ReadForCited(const CaseCommitment& one) {
  std::vector<RecordId> ids;
  for (const CaseCited& goal : one.goals) {
    if (IsRead(goal)) ids.push_back(goal.version);
    for (const auto& [party, said] : goal.progress) ids.push_back(said.record);
    for (const auto& [who, said] : goal.persons) ids.push_back(said.record);
  }
  for (const CaseCited& criterion : one.criteria) {
    if (IsRead(criterion)) ids.push_back(criterion.version);
    if (!IsNone(criterion.judgement)) ids.push_back(criterion.judgement);
  }
  return ids;
}

void AddCited(const CaseCommitment& one, const JsonViews& views, const ReadRecords& read, Timestamp now, Json& view) {
  view["goals"] = Json::array();
  view["criteria"] = Json::array();
  Json goals_now = Json::array();
  Json criteria_now = Json::array();
  for (const CaseCited& goal : one.goals) {
    view["goals"].push_back(CitedGoalView(goal, views, read));
    if (!IsNone(goal.current) && goal.review_due) goals_now.push_back(ToText(goal.current));
  }
  for (const CaseCited& criterion : one.criteria) {
    view["criteria"].push_back(CitedCriterionView(criterion, views, read));
    if (!IsNone(criterion.current)) criteria_now.push_back(ToText(criterion.current));
  }
  view["changed"] = !one.StandsAsSigned();
  view["renew_by"] = TimeView(one.renew_by);
  view["renewal_due"] = one.renew_by && now >= *one.renew_by;
  view["cites_now"] = {{"goals", std::move(goals_now)}, {"criteria", std::move(criteria_now)}};
  view["written_out"] = WrittenOutFor(one, views, read, now);
}

std::string CitedText(const CaseCommitment& one, const JsonViews& views, const ReadRecords& read,
                      CitedProgress progress) {
  std::string text;
  if (!one.goals.empty()) text += "\n\n" + Phrase(views.language(), "engagement.goals");
  for (const CaseCited& goal : one.goals) text += GoalText(goal, views, read, progress);
  if (!one.criteria.empty()) text += "\n\n" + Phrase(views.language(), "engagement.criteria");
  for (const CaseCited& criterion : one.criteria) text += CriterionText(criterion, views, read, progress);
  return text;
}

}  // namespace schakel
