// A thread with one bounded inbox: takes items in order and hands results back.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

namespace schakel {

// Threads: Put and Take from one owner; `work` runs on the thread inside.
template <typename In, typename Out>
class WorkerThread {
 public:
  // `work` is called for each item; `idle`, if given, whenever there was none for `idle_period`.
  // `wake` after each result.
  WorkerThread(std::function<Out(In)> work, std::function<void()> wake, std::function<void()> begin = {},
               std::function<void()> idle = {}, std::chrono::milliseconds idle_period = std::chrono::hours(1))
      : work_(std::move(work)),
        wake_(std::move(wake)),
        idle_(std::move(idle)),
        idle_period_(idle_period),
        thread_([this, begin = std::move(begin)] {
          if (begin) begin();
          Serve();
        }) {}
  ~WorkerThread() {
    {
      std::scoped_lock lock(mutex_);
      stop_ = true;
    }
    changed_.notify_all();
    thread_.join();
  }

  void Put(In item) {
    {
      std::scoped_lock lock(mutex_);
      in_.push_back(std::move(item));
      ++open_;
    }
    changed_.notify_one();
  }
  std::optional<Out> Take() {
    std::scoped_lock lock(mutex_);
    if (out_.empty()) return std::nullopt;
    Out result = std::move(out_.front());
    out_.pop_front();
    --open_;
    return result;
  }
  // As Take(), but waits if anything is under way.
  std::optional<Out> WaitTake() {
    std::unique_lock lock(mutex_);
    if (open_ == 0) return std::nullopt;
    done_.wait(lock, [this] { return !out_.empty(); });
    Out result = std::move(out_.front());
    out_.pop_front();
    --open_;
    return result;
  }
  // Put and not yet taken back.
  std::size_t open() const {
    std::scoped_lock lock(mutex_);
    return open_;
  }

 private:
  void Serve() {
    std::unique_lock lock(mutex_);
    while (true) {
      const bool any = changed_.wait_for(lock, idle_period_, [this] { return stop_ || !in_.empty(); });
      if (stop_) return;
      if (!any) {
        if (!idle_) continue;
        lock.unlock();
        idle_();
        lock.lock();
        continue;
      }
      In item = std::move(in_.front());
      in_.pop_front();
      lock.unlock();
      Out result = work_(std::move(item));
      lock.lock();
      out_.push_back(std::move(result));
      lock.unlock();
      done_.notify_all();
      wake_();
      lock.lock();
    }
  }

  const std::function<Out(In)> work_;
  const std::function<void()> wake_;
  const std::function<void()> idle_;
  const std::chrono::milliseconds idle_period_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::condition_variable done_;
  std::deque<In> in_;
  std::deque<Out> out_;
  std::size_t open_ = 0;
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace schakel
