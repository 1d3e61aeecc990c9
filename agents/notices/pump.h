// Carries what notices have to tell, when it is due: a thread of its own, so that a slow server holds up nobody else.
//
// Threads: Step() from one thread at a time; the rest from any. The destructor gives up what is on its way and waits.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

#include "notices/notices.h"

namespace schakel {

class NoticePump {
 public:
  NoticePump(Notices& notices, std::unique_ptr<Courier> courier, const Clock& clock);
  ~NoticePump();
  NoticePump(const NoticePump&) = delete;
  NoticePump& operator=(const NoticePump&) = delete;
  void Start();

  // Notes what came, and tells what is due. An error is the disk's: nothing is told that cannot be noted as told.
  Status Step();

 private:
  void Run();
  void Wake();
  std::chrono::milliseconds UntilNext() const;
  bool Stopping();

  Notices& notices_;
  const std::unique_ptr<Courier> courier_;
  const Clock& clock_;
  std::mutex mutex_;
  std::condition_variable woken_;
  bool wake_ = true;
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace schakel
