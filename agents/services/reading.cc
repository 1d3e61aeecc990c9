#include <algorithm>

#include "agents/services.h"

namespace schakel {
namespace {

constexpr std::size_t kLooksMax = 100'000;  // Then the oldest are forgotten, and logged once more.

}  // namespace

Result<std::vector<Reading::Shown>> Reading::Show(const std::vector<RecordId>& ids, const Caller& caller) {
  std::vector<Shown> shown;
  std::vector<RecordId> unlogged;
  const Timestamp now = clock_.Now();
  const auto look_of = [&](const RecordId& id) {
    return Look(id, caller.person.name, caller.person.role, caller.reason);
  };
  std::lock_guard lock(mutex_);
  if (looks_.size() > kLooksMax)
    std::erase_if(looks_, [&](const auto& look) { return now - look.second >= kSameLook; });
  if (looks_.size() > kLooksMax) looks_.clear();

  std::map<RecordId, Body> bodies;
  for (const RecordId& id : ids) {
    SCHAKEL_ASSIGN(HeldRecord held, engine_.Find(id));
    Shown one{std::move(held), std::nullopt, std::nullopt};
    if (auto body = engine_.Open(id)) {
      bodies[id] = std::move(*body);
      auto look = looks_.find(look_of(id));
      const bool same = look != looks_.end() && now - look->second < kSameLook && now >= look->second;
      if (!same) unlogged.push_back(id);
    } else {
      one.sealed = body.error();
    }
    shown.push_back(std::move(one));
  }
  std::ranges::sort(unlogged);
  unlogged.erase(std::ranges::unique(unlogged).begin(), unlogged.end());
  if (!unlogged.empty()) {
    // Only after this are the views durable; nothing is handed out before.
    SCHAKEL_TRY(engine_.Read(unlogged, caller.person, caller.reason));
    for (const RecordId& id : unlogged) looks_[look_of(id)] = now;
  }
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
