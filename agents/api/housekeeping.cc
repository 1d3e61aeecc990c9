#include "housekeeping.h"

namespace schakel {

Housekeeping::Housekeeping(std::function<void()> work, std::chrono::milliseconds every)
    : work_(std::move(work)), every_(every), thread_([this] { Run(); }) {}

Housekeeping::~Housekeeping() {
  {
    std::lock_guard lock(mutex_);
    stop_ = true;
  }
  woken_.notify_all();
  thread_.join();
}

void Housekeeping::Run() {
  std::unique_lock lock(mutex_);
  while (!stop_) {
    lock.unlock();
    work_();
    lock.lock();
    woken_.wait_for(lock, every_, [this] { return stop_; });
  }
}

}  // namespace schakel
