#include "task_queue.h"

#include <algorithm>

namespace schakel {

bool TaskQueue::Add(Task task, std::size_t most) {
  std::unique_lock lock(mutex_);
  drained_.wait(lock, [&] { return closed_ || tasks_.size() < most; });
  if (closed_) return false;
  tasks_.push_back(std::move(task));
  filled_.notify_one();
  return true;
}

std::deque<TaskQueue::Task> TaskQueue::Take(std::size_t most, std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  filled_.wait_for(lock, patience, [&] { return closed_ || !tasks_.empty(); });
  std::deque<Task> taken;
  while (!tasks_.empty() && taken.size() < most) {
    taken.push_back(std::move(tasks_.front()));
    tasks_.pop_front();
  }
  drained_.notify_all();
  return taken;
}

void TaskQueue::Close() {
  std::lock_guard lock(mutex_);
  closed_ = true;
  filled_.notify_all();
  drained_.notify_all();
}

bool TaskQueue::closed() const {
  std::lock_guard lock(mutex_);
  return closed_;
}

}  // namespace schakel
