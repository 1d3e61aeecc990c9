#include "broker/witnesses.h"

#include <algorithm>
#include <utility>

namespace schakel {

void Witnesses::Keep(const OrgId& organisation, Kept kept) {
  auto [found, first] = kept_.try_emplace(organisation, std::move(kept));
  if (!first && found->second.head.size <= kept.head.size) found->second = std::move(kept);
}

std::vector<std::string> Witnesses::Newest(std::size_t count) const {
  std::vector<const Kept*> order;
  order.reserve(kept_.size());
  for (const auto& [organisation, kept] : kept_) order.push_back(&kept);
  const std::size_t some = std::min(count, order.size());
  std::ranges::partial_sort(order, order.begin() + static_cast<std::ptrdiff_t>(some), std::greater<>(),
                            [](const Kept* kept) { return kept->head.size; });
  std::vector<std::string> notes;
  notes.reserve(some);
  for (std::size_t i = 0; i < some; ++i) notes.push_back(order[i]->note);
  return notes;
}

std::string Witnesses::NextFor(const OrgId& organisation) {
  auto next = kept_.upper_bound(turn_);
  for (std::size_t i = 0; i < kept_.size(); ++i, ++next) {
    if (next == kept_.end()) next = kept_.begin();
    if (next->first == organisation) continue;
    turn_ = next->first;
    return next->second.note;
  }
  return {};
}

}  // namespace schakel
