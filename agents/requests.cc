#include "requests.h"

#include <algorithm>

namespace schakel {

void Requests::Ask(MessagePayload payload, Steady now, OnReply on_reply) {
  std::uint64_t number = Tell(std::move(payload));
  waiting_.emplace(number, Waiting{now, std::move(on_reply)});
}

std::uint64_t Requests::Tell(MessagePayload payload) {
  std::uint64_t number = next_++;
  outgoing_.push_back(EncodeMessage({number, std::move(payload)}));
  return number;
}

bool Requests::Answer(Message& message) {
  auto found = waiting_.find(message.request);
  if (found == waiting_.end()) return false;
  OnReply on_reply = std::move(found->second.on_reply);
  waiting_.erase(found);
  on_reply(message.payload);
  return true;
}

std::optional<Requests::Steady> Requests::OldestUnanswered() const {
  if (waiting_.empty()) return {};
  return std::ranges::min_element(waiting_, {}, [](const auto& entry) { return entry.second.since; })->second.since;
}

void Requests::Forget() {
  waiting_.clear();
  outgoing_.clear();
}

}  // namespace schakel
