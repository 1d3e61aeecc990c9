// A fake hub on a thread of its own, for engines with theirs: connections that cross threads but no network.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <thread>

#include "agents/connection.h"
#include "support/fake_hub.h"

namespace schakel::testing {

class HubThread {
 public:
  explicit HubThread(FakeHub& hub) : hub_(hub), thread_([this] { Run(); }) {}
  ~HubThread() {
    {
      std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    filled_.notify_all();
    thread_.join();
  }

  // A connection for one organisation's engine. The hub thread must outlive it.
  std::unique_ptr<HubConnection> ConnectionFor(const OrgId& organisation) {
    return std::make_unique<Connection>(*this, organisation);
  }
  // Runs on the hub's thread, and waits: for looking at the hub and for changing it.
  void Do(std::function<void(FakeHub&)> work) {
    std::mutex done_mutex;
    std::condition_variable done_changed;
    bool done = false;
    Post([&] {
      work(hub_);
      std::lock_guard lock(done_mutex);
      done = true;
      done_changed.notify_one();
    });
    std::unique_lock lock(done_mutex);
    done_changed.wait(lock, [&] { return done; });
  }
  // From now on nobody gets through; those connected are cut.
  void SetReachable(bool reachable) {
    Do([&](FakeHub& hub) {
      reachable_ = reachable;
      for (auto& [organisation, events] : present_) {
        if (reachable) {
          Join(organisation, *events.first, ++last_id_);
        } else if (events.second != 0) {
          events.second = 0;
          hub.Disconnect(organisation);
          events.first->OnDisconnected({Code::kUnavailable, "connection.closed", {}, {}});
        }
      }
    });
  }

 private:
  class Connection : public HubConnection {
   public:
    Connection(HubThread& hub, OrgId organisation) : hub_(hub), organisation_(std::move(organisation)) {}
    ~Connection() override { Stop(); }
    void Start(ConnectionEvents& events) override {
      started_ = true;
      hub_.Do([&](FakeHub&) {
        hub_.present_[organisation_] = {&events, 0};
        if (hub_.reachable_) hub_.Join(organisation_, events, ++hub_.last_id_);
      });
    }
    void Send(LinkId id, Bytes message) override {
      hub_.Post([&hub = hub_, organisation = organisation_, id, message = std::move(message)] {
        auto present = hub.present_.find(organisation);
        if (present == hub.present_.end() || present->second.second != id) return;
        hub.hub_.Receive(organisation, message);
        hub.HandOut();
      });
    }
    void Drop(LinkId id) override {
      hub_.Post([&hub = hub_, organisation = organisation_, id] {
        auto present = hub.present_.find(organisation);
        if (present == hub.present_.end() || present->second.second != id) return;
        hub.hub_.Disconnect(organisation);
        present->second.second = 0;
        present->second.first->OnDisconnected({Code::kUnavailable, "connection.dropped", {}, {}});
      });
    }
    void Stop() override {
      if (!std::exchange(started_, false)) return;
      hub_.Do([&](FakeHub& hub) {
        hub.Disconnect(organisation_);
        hub_.present_.erase(organisation_);
      });
    }

   private:
    HubThread& hub_;
    OrgId organisation_;
    bool started_ = false;
  };

  void Join(const OrgId& organisation, ConnectionEvents& events, LinkId id) {
    present_[organisation] = {&events, id};
    events.OnConnected(id);
  }
  void HandOut() {
    for (auto& [organisation, present] : present_) {
      auto& out = hub_.OutFor(organisation);
      while (present.second != 0 && !out.empty()) {
        present.first->OnMessage(present.second, std::move(out.front()));
        out.pop_front();
      }
    }
  }
  void Post(std::function<void()> work) {
    {
      std::lock_guard lock(mutex_);
      work_.push_back(std::move(work));
    }
    filled_.notify_all();
  }
  void Run() {
    while (true) {
      std::function<void()> work;
      {
        std::unique_lock lock(mutex_);
        filled_.wait(lock, [&] { return stopping_ || !work_.empty(); });
        if (work_.empty()) return;
        work = std::move(work_.front());
        work_.pop_front();
      }
      work();
    }
  }

  FakeHub& hub_;
  // Of the hub's thread.
  bool reachable_ = true;
  LinkId last_id_ = 0;
  std::map<OrgId, std::pair<ConnectionEvents*, LinkId>> present_;

  std::mutex mutex_;
  std::condition_variable filled_;
  std::deque<std::function<void()>> work_;
  bool stopping_ = false;
  std::thread thread_;  // The last: it starts with all the rest in place.
};

}  // namespace schakel::testing
