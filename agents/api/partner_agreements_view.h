// How an agreement with a partner is shown.
#pragma once

#include "agents/partial_day.h"
#include "agents/partnership_agreements.h"
#include "json.h"

namespace schakel {

inline Json PartnerAgreementView(const PartnershipAgreement& one, const JsonViews& views, Timestamp now) {
  Json uses = Json::array();
  for (const AgreementUse use : one.uses) uses.push_back(Slug(use));
  const auto organisation = ParseOrgId(one.organisation);
  return {{"id", ToHex(one.id)},
          {"partnership", ToHex(one.partnership)},
          {"organisation", organisation ? views.Organisation(*organisation) : Json(nullptr)},
          {"uses", std::move(uses)},
          {"from", one.from},
          {"until", one.until},
          {"contact", one.contact},
          {"turn", one.turn},
          {"standing", Slug(StandingOf(one, now))},
          {"ended_at", TimeView(one.ended_at)},
          {"ended_by", one.ended_by},
          {"why", one.why}};
}

}  // namespace schakel
