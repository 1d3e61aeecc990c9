// Connections between agents and a hub in virtual time: each keeps its order, none keeps its promises. Messages take as
// long as the dice say, connections break, and what was under way is lost with them.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "broker/transport.h"
#include "support/manual_clock.h"

namespace schakel::testing {

// What happens when, in virtual time.
class Agenda {
 public:
  explicit Agenda(ManualClock& clock) : clock_(clock) {}

  void After(std::chrono::milliseconds delay, std::function<void()> action) {
    events_.emplace(std::pair(now_ + delay.count(), next_++), std::move(action));
  }
  // False: nothing is left to happen before `end`.
  bool Step(std::chrono::milliseconds end) {
    if (events_.empty() || events_.begin()->first.first > end.count()) return false;
    auto event = events_.extract(events_.begin());
    clock_.Advance(std::chrono::milliseconds(event.key().first - now_));
    now_ = event.key().first;
    event.mapped()();
    return true;
  }
  std::chrono::milliseconds now() const { return std::chrono::milliseconds(now_); }

 private:
  ManualClock& clock_;
  std::int64_t now_ = 0;
  std::uint64_t next_ = 0;
  std::map<std::pair<std::int64_t, std::uint64_t>, std::function<void()>> events_;
};

class SimNetwork : public Transport {
 public:
  // What an agent's end hears.
  struct End {
    std::function<void(Bytes)> message;
    std::function<void()> lost;
  };

  SimNetwork(Agenda& agenda, SeededRandom& random) : agenda_(agenda), random_(random) {}

  std::chrono::milliseconds delay_max{20};
  bool hub_up = false;

  // ---- the agents' side ----
  // Yields nothing while the hub is down.
  std::optional<std::uint64_t> Connect(IdentityPtr from, End end) {
    if (!hub_up) return {};
    const std::uint64_t id = ++last_id_;
    lines_.emplace(id, Line{std::move(from), std::move(end), agenda_.now(), agenda_.now()});
    return id;
  }
  void SendToHub(std::uint64_t id, Bytes message) {
    auto line = lines_.find(id);
    if (line == lines_.end()) return;
    Deliver(line->second.to_hub_at, [this, id, message = std::move(message)] {
      auto still = lines_.find(id);
      if (still == lines_.end()) return;
      Incoming incoming;
      incoming.connection = ConnectionId(id);
      incoming.from = still->second.from;
      incoming.message = ReceivedBytes(message);
      incoming_.push_back(std::move(incoming));
      if (on_incoming) on_incoming();
    });
  }
  // From either side, or from nobody.
  void Break(std::uint64_t id) {
    auto line = lines_.extract(id);
    if (line.empty()) return;
    Incoming closed;
    closed.connection = ConnectionId(id);
    closed.from = line.mapped().from;
    closed.closed = true;
    incoming_.push_back(std::move(closed));
    agenda_.After(std::chrono::milliseconds(1), [lost = std::move(line.mapped().end.lost)] { lost(); });
  }
  void BreakAll() {
    while (!lines_.empty()) Break(lines_.begin()->first);
    incoming_.clear();
  }
  std::vector<std::uint64_t> open() const {
    std::vector<std::uint64_t> ids;
    for (const auto& [id, line] : lines_) ids.push_back(id);
    return ids;
  }
  std::function<void()> on_incoming;

  // ---- the hub's side ----
  void Wait(std::chrono::milliseconds, Interest) override {}
  bool Receive(Incoming& to) override {
    if (incoming_.empty()) return false;
    to = std::move(incoming_.front());
    incoming_.pop_front();
    return true;
  }
  void Reply(ConnectionId to, Bytes message) override {
    auto line = lines_.find(to.value());
    if (line == lines_.end()) return;
    Deliver(line->second.to_agent_at, [this, id = to.value(), message = std::move(message)] {
      auto still = lines_.find(id);
      if (still != lines_.end()) still->second.end.message(message);
    });
  }
  bool Offer(ConnectionId to, Bytes message) override {
    if (!lines_.contains(to.value()) || random_.OneIn(20)) return false;
    Reply(to, std::move(message));
    return true;
  }
  void Recall(ConnectionId connection) override {
    auto line = lines_.find(connection.value());
    if (line != lines_.end() && line->second.to_agent_at > agenda_.now()) Break(connection.value());
  }
  void Close(ConnectionId connection) override { Break(connection.value()); }
  void Admit(const Identity&) override {}
  void Revoke(const TransportPublicKey&) override {}
  void Wake() override {}
  TransportStats Stats() const override { return {}; }

 private:
  struct Line {
    IdentityPtr from;
    End end;
    std::chrono::milliseconds to_hub_at, to_agent_at;  // When the last message under way arrives.
  };
  void Deliver(std::chrono::milliseconds& last, std::function<void()> action) {
    const auto delay = std::chrono::milliseconds(random_.Below(static_cast<std::uint64_t>(delay_max.count()) + 1));
    last = std::max(last, agenda_.now() + delay);
    agenda_.After(last - agenda_.now(), std::move(action));
  }

  Agenda& agenda_;
  SeededRandom& random_;
  std::uint64_t last_id_ = 0;
  std::map<std::uint64_t, Line> lines_;
  std::deque<Incoming> incoming_;
};

}  // namespace schakel::testing
