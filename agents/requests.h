// Numbers what we ask the hub and brings each answer back to who asked.
//
// Threads: one object, one thread.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <unordered_map>
#include <vector>

#include "protocol/wire.h"

namespace schakel {

class Requests {
 public:
  using Steady = std::chrono::steady_clock::time_point;
  // The payload, or the hub's Error.
  using OnReply = std::move_only_function<void(MessagePayload&)>;

  // Both queue the message; it leaves once the step is durable.
  void Ask(MessagePayload payload, Steady now, OnReply on_reply);
  std::uint64_t Tell(MessagePayload payload);  // No answer is waited for; its number.

  // False: nobody waits for it.
  bool Answer(Message& message);
  // Since when the oldest unanswered request has waited.
  std::optional<Steady> OldestUnanswered() const;

  std::vector<Bytes> TakeOutgoing() { return std::exchange(outgoing_, {}); }
  // The connection is gone: so are the questions. Nobody is called.
  void Forget();

 private:
  struct Waiting {
    Steady since;
    OnReply on_reply;
  };
  std::uint64_t next_ = 1;
  std::unordered_map<std::uint64_t, Waiting> waiting_;
  std::vector<Bytes> outgoing_;
};

}  // namespace schakel
