// What the agent does by itself now and again, on a thread of its own.
//
// Threads: any. The destructor waits until the work that is under way is done.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace schakel {

class Housekeeping {
 public:
  // Does `work` at once, and again each time that `every` has passed; from that thread alone.
  Housekeeping(std::function<void()> work, std::chrono::milliseconds every);
  ~Housekeeping();
  Housekeeping(const Housekeeping&) = delete;
  Housekeeping& operator=(const Housekeeping&) = delete;

 private:
  void Run();

  const std::function<void()> work_;
  const std::chrono::milliseconds every_;
  std::mutex mutex_;
  std::condition_variable woken_;
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace schakel
