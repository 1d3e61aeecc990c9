// What the agent does by itself now and again, on a thread of its own.
//
// Threads: any. The destructor waits until the work that is under way is done.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

namespace schakel {

class Housekeeping {
 public:
  // Does `work` at once, and again each time that `every` has passed, or `soon` after it was woken: what wakes it in
  // between is work of the same time. From that thread alone.
  Housekeeping(std::function<void()> work, std::chrono::milliseconds every, std::chrono::milliseconds soon = {});
  ~Housekeeping();
  Housekeeping(const Housekeeping&) = delete;
  Housekeeping& operator=(const Housekeeping&) = delete;

  // Wakes it; from any thread, and whether it is still there or not.
  std::function<void()> Waker() const;

 private:
  void Run();

  const std::function<void()> work_;
  struct State {
    std::mutex mutex;
    std::condition_variable woken;
    bool stop = false;
    bool called = false;
  };
  const std::chrono::milliseconds every_;
  const std::chrono::milliseconds soon_;
  const std::shared_ptr<State> state_ = std::make_shared<State>();
  std::thread thread_;
};

}  // namespace schakel
