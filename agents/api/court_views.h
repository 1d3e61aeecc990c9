// Hearings, reviews, rings and plans for the court as JSON. What stands in bodies shows only as far as those were read.
#pragma once

#include "agents/court.h"
#include "agents/reviews.h"
#include "dossier_views.h"

namespace schakel {

Json ViewOf(const CaseHearing& one, const JsonViews& views, const ReadRecords& read);
Json ViewOf(const ReviewDue& one, const ReadRecords& read);
Json ViewOf(const RingOverview& one, const JsonViews& views, const ReadRecords& read, Language language);
Json ViewOf(const CaseCourtPlan& one, const JsonViews& views, const ReadRecords& read);
// "young-person", "parents", "child".
Json ViewOf(const LackingConsent& lacking);
template <typename E>
Json SlugsOf(const std::vector<E>& values) {
  Json list = Json::array();
  for (const E value : values) list.push_back(Slug(value));
  return list;
}

}  // namespace schakel
