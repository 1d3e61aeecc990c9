// Those who want to hear of changes, for as long as they hold their handle.
//
// Threads: any.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "agents/engine.h"

namespace schakel {

class Subscribers {
 public:
  using Changed = std::function<void(const Engine::Change&)>;

  Engine::Subscription Add(Changed changed) {
    auto handle = std::make_shared<Changed>(std::move(changed));
    std::lock_guard lock(mutex_);
    std::erase_if(subscribers_, [](const auto& subscriber) { return subscriber.expired(); });
    subscribers_.push_back(handle);
    return handle;
  }

  void Tell(const std::vector<Engine::Change>& changes) {
    if (changes.empty()) return;
    std::vector<std::weak_ptr<Changed>> present;
    {
      std::lock_guard lock(mutex_);
      present = subscribers_;
    }
    for (const auto& subscriber : present) {
      auto changed = subscriber.lock();
      if (!changed) continue;
      for (const Engine::Change& change : changes) (*changed)(change);
    }
  }

 private:
  std::mutex mutex_;
  std::vector<std::weak_ptr<Changed>> subscribers_;
};

}  // namespace schakel
