#include "network_views.h"

#include <algorithm>
#include <set>
#include <tuple>

namespace schakel {
namespace {

// Empty if it stands for nothing.
Json SlugOrNull(std::string_view slug) { return slug.empty() ? Json(nullptr) : Json(slug); }

template <typename T>
void AddCurrent(const std::vector<T>& list, std::vector<RecordId>& to) {
  for (const T& one : list) to.push_back(one.text.current().record);
}
template <typename T>
void Forget(std::vector<T>& list, const ReadRecords& read) {
  for (T& one : list) {
    if (!read.Has(one.text.current().record)) one.body.reset();
  }
}

}  // namespace

std::vector<RecordId> RecordsIn(const CaseNetwork& network, const NetworkParts& parts) {
  std::vector<RecordId> ids;
  if (parts.figures) AddCurrent(network.figures, ids);
  if (parts.ties) {
    for (const CaseTie& tie : network.ties) {
      for (const CaseStatement& one : tie.statements) ids.push_back(one.record);
    }
  }
  if (parts.kinships) AddCurrent(network.kinships, ids);
  if (parts.events) AddCurrent(network.events, ids);
  if (parts.domains) {
    for (const CaseDomain& one : network.domains) {
      if (one.text) ids.push_back(one.text->current().record);
    }
  }
  if (parts.circular) {
    for (const CaseCircular& one : network.circular) {
      ids.push_back(one.id);
      for (const CaseCircular::Answer& answer : one.answers) ids.push_back(answer.record);
    }
  }
  return ids;
}

CaseNetwork ReadOf(CaseNetwork network, const ReadRecords& read) {
  Forget(network.figures, read);
  Forget(network.kinships, read);
  Forget(network.events, read);
  for (CaseTie& tie : network.ties) {
    std::erase_if(tie.statements, [&](const CaseStatement& one) { return !read.Has(one.record); });
  }
  std::erase_if(network.ties, [](const CaseTie& tie) { return tie.statements.empty(); });
  for (CaseDomain& one : network.domains) {
    if (one.text && !read.Has(one.text->current().record)) one.body.reset();
  }
  for (CaseCircular& one : network.circular) {
    if (!read.Has(one.id)) one.body.reset();
  }
  return network;
}

Json NetworkViews::Begun(const CaseVersions& text) const {
  Json view = VersionsView(text, views_, read_);
  view["grant"] = read_.GrantView(text.current().record);
  return view;
}

Json NetworkViews::View(const CaseFigure& one) const {
  Json view = Begun(one.text);
  const FigureBody* body = one.body ? &*one.body : nullptr;
  const auto said = [&](Json value) { return body == nullptr ? Json(nullptr) : std::move(value); };
  const FigureBody none;
  const FigureBody& b = body == nullptr ? none : *body;
  view["name"] = said(b.name);
  view["kind"] = said(Slug(b.kind));
  view["ring"] = said(Slug(b.ring));
  view["role"] = said(b.role);
  view["gender"] = said(Slug(b.gender));
  view["born"] = said(b.born);
  view["deceased"] = said(b.deceased);
  view["died"] = said(b.died);
  view["organisation"] = b.organisation.empty() ? Json(nullptr) : views_.Organisation(OrgId(b.organisation));
  view["domain"] = said(SlugOrNull(Slug(b.domain)));
  view["key"] = said(b.key);
  view["remark"] = said(b.remark);
  view["removed"] = said(b.removed);
  return view;
}

Json NetworkViews::View(const CaseStatement& one) const {
  return {{"record", read_.View(one.record, views_)},
          {"author", views_.Organisation(one.author)},
          {"at", ToText(one.at)},
          {"grant", read_.GrantView(one.record)},
          {"since", one.body.since},
          {"quality", Slug(one.body.quality)},
          {"strength", one.body.strength},
          {"direction", Slug(one.body.direction)},
          {"remark", one.body.remark}};
}

Json NetworkViews::View(const CaseTie& one, std::string_view day) const {
  Json statements = Json::array();
  const CaseStatement* first = nullptr;
  for (const CaseStatement& statement : one.statements) {
    statements.push_back(View(statement));
    const auto place = [](const CaseStatement& s) { return std::tuple(s.at, s.record); };
    if (first == nullptr || place(statement) < place(*first)) first = &statement;
  }
  const CaseStatement* drawn = one.On(day);
  return {{"id", first == nullptr ? Json(nullptr) : IdView(first->record)},
          {"figure", FigureView(one.key.figure)},
          {"other", FigureView(one.key.other)},
          {"informant", Slug(one.key.informant)},
          {"informant_name", one.key.informant_name},
          {"drawn", drawn == nullptr ? Json(nullptr) : View(*drawn)},
          {"statements", std::move(statements)}};
}

Json NetworkViews::View(const CaseKinship& one) const {
  Json view = Begun(one.text);
  const bool shown = one.body.has_value();
  view["relation"] = shown ? Json(Slug(one.body->relation)) : Json(nullptr);
  view["a"] = shown ? FigureView(RecordId(one.body->a)) : Json(nullptr);
  view["b"] = shown ? FigureView(RecordId(one.body->b)) : Json(nullptr);
  view["how"] = shown ? Json(Slug(one.body->how)) : Json(nullptr);
  view["began"] = shown ? Json(one.body->began) : Json(nullptr);
  view["ended"] = shown ? Json(one.body->ended) : Json(nullptr);
  view["removed"] = shown ? Json(one.body->removed) : Json(nullptr);
  view["ignored"] = shown ? SlugOrNull(Slug(one.ignored)) : Json(nullptr);
  return view;
}

Json NetworkViews::View(const CaseLifeEvent& one) const {
  Json view = Begun(one.text);
  const bool shown = one.body.has_value();
  view["lane"] = shown ? Json(Slug(one.body->lane)) : Json(nullptr);
  view["title"] = shown ? Json(one.body->title) : Json(nullptr);
  view["begins"] = shown ? Json(one.body->begins) : Json(nullptr);
  view["ends"] = shown ? Json(one.body->ends) : Json(nullptr);
  view["place"] = shown ? Json(one.body->place) : Json(nullptr);
  view["remark"] = shown ? Json(one.body->remark) : Json(nullptr);
  view["removed"] = shown ? Json(one.body->removed) : Json(nullptr);
  return view;
}

Json NetworkViews::View(const CaseDomain& one) const {
  return {{"domain", Slug(one.domain)},
          {"checked", one.checked()},
          {"strengths", one.body ? Json(one.body->strengths) : Json::array()},
          {"needs", one.body ? Json(one.body->needs) : Json::array()},
          {"remark", one.body ? Json(one.body->remark) : Json("")},
          {"text", one.text ? Begun(*one.text) : Json(nullptr)}};
}

Json NetworkViews::View(const CaseCircular& one) const {
  const bool shown = one.body.has_value();
  Json view = {{"id", ToText(one.id)},
               {"author", views_.Organisation(one.author)},
               {"at", ToText(one.at)},
               {"grant", read_.GrantView(one.id)},
               {"record", read_.View(one.id, views_)},
               {"asked", shown ? Json(Slug(one.body->asked)) : Json(nullptr)},
               {"asked_name", shown ? Json(one.body->asked_name) : Json(nullptr)},
               {"figure", shown ? FigureView(RecordId(one.body->figure)) : Json(nullptr)},
               {"question", shown ? Json(one.body->question) : Json(nullptr)},
               {"guess", shown ? Json(one.body->guess) : Json(nullptr)},
               {"answer", nullptr}};
  Json answers = Json::array();
  for (const CaseCircular::Answer& answer : one.answers) {
    const TypedBody* read = read_.Find(answer.record);
    const auto* body = read == nullptr ? nullptr : std::get_if<CircularAnswerBody>(read);
    if (body == nullptr) continue;
    answers.push_back({{"record", ToText(answer.record)},
                       {"author", views_.Organisation(answer.author)},
                       {"at", ToText(answer.at)},
                       {"answer", body->answer}});
  }
  if (!answers.empty()) view["answer"] = answers.back();
  view["answers"] = std::move(answers);
  return view;
}

Json NetworkViews::View(const Partnership& one) const {
  Json domains = Json::array();
  for (const LifeDomain domain : one.domains) domains.push_back(Slug(domain));
  return {{"id", ToHex(one.id)},
          {"name", one.name},
          {"organisation", one.organisation.empty() ? Json(nullptr) : views_.Organisation(OrgId(one.organisation))},
          {"kind", Slug(one.kind)},
          {"quality", Slug(one.quality)},
          {"strength", one.strength},
          {"since", one.since},
          {"domains", std::move(domains)},
          {"contact", one.contact},
          {"discreet", one.discreet}};
}

void NetworkViews::AddEcogram(const CaseNetwork& network, std::string_view day, Json& to) const {
  to["figures"] = Json::array();
  for (const CaseFigure& one : network.figures) to["figures"].push_back(View(one));
  to["ties"] = Json::array();
  std::set<std::pair<Informant, std::string>> informants;
  for (const CaseTie& one : network.ties) {
    to["ties"].push_back(View(one, day));
    informants.emplace(one.key.informant, one.key.informant_name);
  }
  to["informants"] = Json::array();
  for (const auto& [informant, name] : informants) {
    to["informants"].push_back({{"informant", Slug(informant)}, {"informant_name", name}});
  }
}

void NetworkViews::AddGenogram(const CaseNetwork& network, Json& to) const {
  to["people"] = Json::array();
  for (const CaseFigure& one : network.figures) {
    if (!one.body || one.body->kind == FigureKind::kPerson) to["people"].push_back(View(one));
  }
  to["kinships"] = Json::array();
  for (const CaseKinship& one : network.kinships) to["kinships"].push_back(View(one));
  to["siblings"] = Json::array();
  for (const Siblings& one : SiblingsIn(network)) {
    to["siblings"].push_back({{"a", FigureView(one.a)}, {"b", FigureView(one.b)}, {"half", one.half}});
  }
  to["generations"] = Json::array();
  for (const InGeneration& one : GenerationsIn(network)) {
    to["generations"].push_back({{"figure", FigureView(one.figure)}, {"generation", one.generation}});
  }
}

void NetworkViews::AddLifeline(const CaseNetwork& network, std::string_view today, Json& to) const {
  to["events"] = Json::array();
  for (const CaseLifeEvent& one : network.events) to["events"].push_back(View(one));
  to["gaps"] = Json::array();
  for (const LifeGap& gap : GapsIn(network.events, today)) {
    to["gaps"].push_back(
        {{"lane", Slug(gap.lane)}, {"from", gap.from}, {"to", gap.to.empty() ? Json(nullptr) : Json(gap.to)}});
  }
  to["overlaps"] = Json::array();
  for (const LifeOverlap& one : OverlapsIn(network.events)) {
    to["overlaps"].push_back({{"lane", Slug(one.lane)}, {"a", ToText(one.a)}, {"b", ToText(one.b)}});
  }
}

void NetworkViews::AddDomains(const CaseNetwork& network, Json& to) const {
  Json empty = Json::array();
  Json domains = Json::array();
  for (const CaseDomain& one : network.domains) {
    if (!one.checked()) empty.push_back(Slug(one.domain));
    domains.push_back(View(one));
  }
  to["complete"] = empty.empty();
  to["empty"] = std::move(empty);
  to["domains"] = std::move(domains);
}

Json NetworkViews::Circular(const CaseNetwork& network) const {
  Json all = Json::array();
  for (const CaseCircular& one : network.circular) all.push_back(View(one));
  return all;
}

}  // namespace schakel
