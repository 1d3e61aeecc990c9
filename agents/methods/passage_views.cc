#include "passage_views.h"

namespace schakel {

// How it stands follows from its consent, which is no word of it; the days are.
Json ViewOf(const CaseAftercare& one, const AftercareState& state, const JsonViews& views, const ReadRecords& read) {
  Json view = VersionsView(one.text, views, read);
  const TypedBody* words = read.Find(one.text.current().record);
  const auto* body = words == nullptr ? nullptr : std::get_if<AftercareContactBody>(words);
  view["organisation"] = body == nullptr ? Json(nullptr) : views.Organisation(body->organisation);
  view["who"] = body == nullptr ? Json(nullptr) : Json(body->who);
  view["how"] = body == nullptr ? Json(nullptr) : Json(Slug(body->how));
  view["first_at"] = body == nullptr ? Json(nullptr) : TimeView(body->at);
  view["every_weeks"] = body == nullptr ? Json(nullptr) : Json(body->every_weeks);
  view["until"] = body == nullptr ? Json(nullptr) : TimeView(body->until);
  view["grant"] = IdView(one.grant);
  view["standing"] = Slug(state.standing);
  view["ended_at"] = TimeView(state.ended_at);
  view["consent_until"] = TimeView(state.consent_until);
  view["next_at"] = body == nullptr ? Json(nullptr) : TimeView(state.next_at);
  view["done"] = Json::array();
  for (const CaseAftercare::Done& done : one.done) view["done"].push_back(ToText(done.record));
  return view;
}

Json ViewOf(const CaseAdulthoodPlan& one, const JsonViews& views, const ReadRecords& read) {
  Json view = VersionsView(one.text, views, read);
  const TypedBody* words = read.Find(one.text.current().record);
  const auto* body = words == nullptr ? nullptr : std::get_if<AdulthoodPlanBody>(words);
  view["of_age_at"] = body == nullptr ? Json(nullptr) : TimeView(body->of_age_at);
  const bool named = body != nullptr && !body->receiver.empty();
  view["receiver"] = named ? views.Organisation(OrgId(body->receiver)) : Json(nullptr);
  view["text"] = body == nullptr ? Json(nullptr) : Json(body->text);
  view["domains"] = Json::array();
  if (body == nullptr) return view;
  for (const AdulthoodDomain& domain : body->domains) {
    view["domains"].push_back({{"key", domain.key.empty() ? Json(nullptr) : Json(domain.key)},
                               {"title", domain.title},
                               {"agreed", domain.agreed},
                               {"who", domain.who},
                               {"by", TimeView(domain.by)},
                               {"state", Slug(domain.state)}});
  }
  return view;
}

Json ViewOf(const AcceptedReceiver& one, const JsonViews& views) {
  return {{"organisation", views.Organisation(one.organisation)}, {"by", Slug(one.by)}, {"record", IdView(one.record)}};
}

}  // namespace schakel
