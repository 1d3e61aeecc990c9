// The inbox of a thread: closures in order, bounded for those who can wait.
//
// Threads: any may post; one takes.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>

namespace schakel {

class TaskQueue {
 public:
  using Task = std::move_only_function<void()>;

  // False: closed, and the task is dropped.
  bool Post(Task task) { return Add(std::move(task), kUnbounded); }
  // Waits while more than `most` tasks stand in the queue: holds the sender back instead of filling memory.
  bool PostBounded(Task task, std::size_t most) { return Add(std::move(task), most); }

  // Up to `most` tasks, at least one unless `patience` ends or the queue is closed.
  std::deque<Task> Take(std::size_t most, std::chrono::milliseconds patience);

  // What stands in the queue can still be taken; nothing more comes in.
  void Close();
  bool closed() const;

 private:
  static constexpr std::size_t kUnbounded = ~std::size_t{0};
  bool Add(Task task, std::size_t most);

  mutable std::mutex mutex_;
  std::condition_variable filled_;
  std::condition_variable drained_;
  std::deque<Task> tasks_;
  bool closed_ = false;
};

}  // namespace schakel
