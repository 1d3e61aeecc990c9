#include <algorithm>

#include "agents/services.h"

namespace schakel {

Result<std::vector<Reading::Shown>> Reading::Show(const std::vector<RecordId>& ids, const Caller& caller) {
  std::vector<Shown> shown;
  std::map<RecordId, Body> bodies;
  for (const RecordId& id : ids) {
    SCHAKEL_ASSIGN(HeldRecord held, engine_.Find(id));
    Shown one{std::move(held), std::nullopt, std::nullopt};
    if (auto body = engine_.Open(id)) {
      bodies[id] = std::move(*body);
    } else {
      one.sealed = body.error();
    }
    shown.push_back(std::move(one));
  }
  std::vector<RecordId> seen;
  for (const auto& [id, body] : bodies) seen.push_back(id);
  // Only after this are the views durable; nothing is handed out before.
  if (!seen.empty()) SCHAKEL_TRY(engine_.Read(seen, caller.person, caller.reason));
  for (Shown& one : shown) {
    if (one.sealed) continue;
    auto typed = DecodeBody(bodies.at(one.held.header.id));
    if (typed) {
      one.body = std::move(*typed);
    } else {
      one.sealed = typed.error();
    }
  }
  return shown;
}

}  // namespace schakel
