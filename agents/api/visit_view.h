// How a visit is shown.
#pragma once

#include "agents/visits.h"
#include "json.h"

namespace schakel {

inline Json VisitView(const Visit& one, std::chrono::minutes escalates, Timestamp now) {
  return {{"id", ToHex(one.id)},
          {"worker", one.worker},
          {"colleague", one.colleague},
          {"where", one.where},
          {"begun_at", ToText(one.begun_at)},
          {"until", ToText(one.until)},
          {"escalates_at", ToText(one.until + escalates)},
          {"standing", Slug(StandingOf(one, escalates, now))},
          {"ended_at", TimeView(one.ended_at)},
          {"ended_by", one.ended_by}};
}

}  // namespace schakel
