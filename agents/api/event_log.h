// The last changes, numbered, as they go to listeners: so that one whose connection broke hears what it missed.
//
// Ids alone: what a record says is shown by reading it, which is logged. Threads: one.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "agents/api.h"

namespace schakel {

class EventLog {
 public:
  // `epoch` tells the ids of this run from those of another.
  explicit EventLog(std::string epoch) : epoch_(std::move(epoch)) {}

  struct Event {
    std::uint64_t number = 0;
    Engine::Change change;
    std::string bytes;  // As sent.
  };
  const Event& Add(const Engine::Change& change);
  // Those after the one with this id. Nothing: it is not known any more, or never was; look at everything again.
  std::optional<std::vector<const Event*>> After(const std::string& id) const;

  static bool Concerns(const ApiResponse::Events& listener, const Engine::Change& change);

 private:
  const std::string epoch_;
  std::uint64_t last_ = 0;
  std::deque<Event> events_;
};

}  // namespace schakel
