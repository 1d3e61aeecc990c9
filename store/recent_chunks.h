// The chunks read last, opened: whoever reads on from one entry or payload to the next pays for its chunk once.
//
// Chunks never change once written, so nothing here grows stale.
// Threads: any.
#pragma once

#include <array>
#include <memory>
#include <mutex>
#include <vector>

#include "chunk.h"

namespace schakel {

// A chunk with its meta opened, and the bytes that it views.
struct OpenChunk {
  Bytes bytes;  // Empty: of an iterator that outlives this.
  ChunkView view;
  std::vector<ChunkItem> items;

  std::uint64_t SequenceOf(std::uint32_t index) const {
    return view.first() + (view.kind() == ChunkKind::kEntries ? index : items[index].extra);
  }
  std::uint64_t last() const { return SequenceOf(view.count() - 1); }
};

class RecentChunks {
 public:
  std::shared_ptr<const OpenChunk> Find(ChunkKind kind, std::uint64_t sequence) {
    std::lock_guard lock(mutex_);
    for (Slot& slot : slots_) {
      if (slot.chunk == nullptr || slot.chunk->view.kind() != kind) continue;
      if (sequence < slot.chunk->view.first() || sequence > slot.chunk->last()) continue;
      slot.used = ++clock_;
      return slot.chunk;
    }
    return nullptr;
  }
  void Add(std::shared_ptr<const OpenChunk> chunk) {
    std::lock_guard lock(mutex_);
    Slot* oldest = &slots_.front();
    for (Slot& slot : slots_) {
      if (slot.used < oldest->used) oldest = &slot;
    }
    *oldest = {std::move(chunk), ++clock_};
  }

 private:
  struct Slot {
    std::shared_ptr<const OpenChunk> chunk;
    std::uint64_t used = 0;
  };
  std::mutex mutex_;
  std::uint64_t clock_ = 0;
  std::array<Slot, 16> slots_;  // Of some 64 KiB each.
};

}  // namespace schakel
