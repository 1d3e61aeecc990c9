// Examines received messages in the order they came, with helpers when there is much to do.
//
// One message alone is examined by whoever asks for it, without a hand-off. Bounded: see HasRoom().
// Threads: one owner, the hub's; the helpers are inside.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "broker/intake.h"
#include "broker/transport.h"

namespace schakel {

class Examiner {
 public:
  struct Job {
    Incoming incoming;
    std::shared_ptr<const Directory> directory;
    Examined examined;
    enum : std::uint8_t { kWaiting, kTaken, kDone };
    std::atomic<std::uint8_t> state{kWaiting};
  };

  // `wake`: called by a helper when the oldest message is done while the owner sleeps.
  Examiner(std::size_t helpers, WireLimits limits, std::function<void()> wake);
  ~Examiner();

  bool HasRoom() const { return jobs_.size() < kJobsMax && bytes_ < kBytesMax; }
  bool empty() const { return jobs_.empty(); }
  std::size_t size() const { return jobs_.size(); }
  void Add(Incoming incoming, std::shared_ptr<const Directory> directory);
  // The oldest, examined; null: none, or a helper has it in hand.
  std::unique_ptr<Job> Next();
  // Said before the owner sleeps and after it woke.
  void OwnerSleeps(bool sleeps) { owner_sleeps_.store(sleeps); }

 private:
  static constexpr std::size_t kJobsMax = 256;
  static constexpr std::size_t kBytesMax = 32U << 20;

  void Help();
  void Do(Job& job) const;

  const WireLimits limits_;
  const std::function<void()> wake_;
  std::deque<std::unique_ptr<Job>> jobs_;  // The owner's.
  std::size_t bytes_ = 0;
  std::atomic<bool> owner_sleeps_{false};

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Job*> offered_;  // To helpers. A job taken by the owner is skipped; it stays until it is out of here.
  bool stop_ = false;
  std::vector<std::thread> helpers_;
};

}  // namespace schakel
