#include "housekeeping.h"

namespace schakel {

Housekeeping::Housekeeping(std::function<void()> work, std::chrono::milliseconds every, std::chrono::milliseconds soon)
    : work_(std::move(work)), every_(every), soon_(soon), thread_([this] { Run(); }) {}

Housekeeping::~Housekeeping() {
  {
    std::lock_guard lock(state_->mutex);
    state_->stop = true;
  }
  state_->woken.notify_all();
  thread_.join();
}

std::function<void()> Housekeeping::Waker() const {
  return [state = state_] {
    {
      std::lock_guard lock(state->mutex);
      state->called = true;
    }
    state->woken.notify_all();
  };
}

void Housekeeping::Run() {
  State& s = *state_;
  std::unique_lock lock(s.mutex);
  while (!s.stop) {
    s.called = false;
    lock.unlock();
    work_();
    lock.lock();
    s.woken.wait_for(lock, every_, [&] { return s.stop || s.called; });
    if (s.called) s.woken.wait_for(lock, soon_, [&] { return s.stop; });
  }
}

}  // namespace schakel
