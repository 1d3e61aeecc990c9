#include "notices/pump.h"

#include <algorithm>

namespace schakel {
namespace {

// The clock may be set, and summer time begins: it is looked at again this often.
constexpr std::chrono::milliseconds kLongestWait = std::chrono::minutes(1);
constexpr std::chrono::milliseconds kShortestWait{100};

}  // namespace

NoticePump::NoticePump(Notices& notices, std::unique_ptr<Courier> courier, const Clock& clock)
    : notices_(notices), courier_(std::move(courier)), clock_(clock) {
  notices_.OnNews([this] { Wake(); });
}

NoticePump::~NoticePump() {
  notices_.OnNews({});
  {
    std::lock_guard lock(mutex_);
    stop_ = true;
  }
  courier_->Stop();
  woken_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void NoticePump::Start() {
  thread_ = std::thread([this] { Run(); });
}

void NoticePump::Wake() {
  std::lock_guard lock(mutex_);
  wake_ = true;
  woken_.notify_all();
}

bool NoticePump::Stopping() {
  std::lock_guard lock(mutex_);
  return stop_;
}

Status NoticePump::Step() {
  SCHAKEL_TRY(notices_.Take());
  SCHAKEL_ASSIGN(const auto due, notices_.Due());
  for (const Notices::Job& job : due) {
    if (Stopping()) return {};
    const auto letter = notices_.LetterFor(job);
    Carried carried = Carried::kNotNeeded;
    if (letter) carried = std::visit([&](const auto& one) { return courier_->Carry(one); }, *letter);
    // What was given up because we stop has not failed.
    if (carried == Carried::kFailed && Stopping()) return {};
    SCHAKEL_TRY(notices_.Done(job, carried));
  }
  return {};
}

std::chrono::milliseconds NoticePump::UntilNext() const {
  const auto next = notices_.NextDue();
  if (!next) return kLongestWait;
  return std::clamp<std::chrono::milliseconds>(*next - clock_.Now(), kShortestWait, kLongestWait);
}

void NoticePump::Run() {
  for (;;) {
    // What the disk refused is tried again after the longest wait.
    const auto wait = Step() ? UntilNext() : kLongestWait;
    std::unique_lock lock(mutex_);
    woken_.wait_for(lock, wait, [this] { return wake_ || stop_; });
    if (stop_) return;
    wake_ = false;
  }
}

}  // namespace schakel
