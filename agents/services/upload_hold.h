// While one call works on an upload, others are told to wait.
#pragma once

#include <mutex>
#include <set>

#include "agents/attachments.h"

namespace schakel {

class AttachmentService::Hold {
 public:
  // The upload is in `busy` already.
  Hold(std::mutex& mutex, std::set<UploadId>& busy, const UploadId& id) : mutex_(mutex), busy_(busy), id_(id) {}
  ~Hold() {
    std::lock_guard lock(mutex_);
    busy_.erase(id_);
  }
  Hold(const Hold&) = delete;
  Hold& operator=(const Hold&) = delete;

 private:
  std::mutex& mutex_;
  std::set<UploadId>& busy_;
  const UploadId id_;
};

}  // namespace schakel
