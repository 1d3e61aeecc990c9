// A plan, or what is handed over as one, goes before a court.
#pragma once

#include "router.h"

namespace schakel {

// What `name` in the path is, by `service`, to the court that the request names.
template <typename Service>
Result<Reply> HandingOver(Call& call, const char* name, Service& service) {
  SCHAKEL_ASSIGN(const RecordId id, call.Record(name));
  Input input(call.body);
  const OrgId court = input.Organisation("court");
  const Audience audience = call.ReadHow(input);
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const Sent sent, service.HandOver(id, court, audience));
  return call.Sending(sent);
}

}  // namespace schakel
