#include "examiner.h"

#include <algorithm>
#include <utility>

#include "thread_name.h"

namespace schakel {

Examiner::Examiner(std::size_t helpers, WireLimits limits, std::function<void()> wake)
    : limits_(limits), wake_(std::move(wake)) {
  for (std::size_t i = 0; i < helpers; ++i) helpers_.emplace_back([this] { Help(); });
}

Examiner::~Examiner() {
  {
    std::scoped_lock lock(mutex_);
    stop_ = true;
  }
  changed_.notify_all();
  for (std::thread& helper : helpers_) helper.join();
}

void Examiner::Do(Job& job) const {
  job.examined = Examine(job.incoming.message.view(), *job.directory, limits_);
  job.state.store(Job::kDone);
}

void Examiner::Add(Incoming incoming, std::shared_ptr<const Directory> directory) {
  auto job = std::make_unique<Job>();
  bytes_ += incoming.message.view().size();
  job->incoming = std::move(incoming);
  job->directory = std::move(directory);
  jobs_.push_back(std::move(job));
  // The oldest is the owner's own.
  if (helpers_.empty() || jobs_.size() < 2) return;
  {
    std::scoped_lock lock(mutex_);
    offered_.push_back(jobs_.back().get());
  }
  changed_.notify_one();
}

void Examiner::Help() {
  NameThisThread("hub-examine");
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return stop_ || !offered_.empty(); });
    if (stop_) return;
    Job* job = offered_.front();
    offered_.pop_front();
    // Taken under the lock: the owner removes a job from `offered_` under it before the job goes.
    std::uint8_t waiting = Job::kWaiting;
    if (!job->state.compare_exchange_strong(waiting, Job::kTaken)) continue;
    lock.unlock();
    Do(*job);
    if (owner_sleeps_.load()) wake_();
    lock.lock();
  }
}

std::unique_ptr<Examiner::Job> Examiner::Next() {
  if (jobs_.empty()) return nullptr;
  Job& oldest = *jobs_.front();
  std::uint8_t waiting = Job::kWaiting;
  if (oldest.state.compare_exchange_strong(waiting, Job::kTaken)) {
    if (!helpers_.empty()) {
      std::scoped_lock lock(mutex_);
      std::erase(offered_, &oldest);
    }
    Do(oldest);
  } else if (oldest.state.load() != Job::kDone) {
    return nullptr;
  }
  std::unique_ptr<Job> done = std::move(jobs_.front());
  jobs_.pop_front();
  bytes_ -= done->incoming.message.view().size();
  return done;
}

}  // namespace schakel
