// The file `head` beside the database: how far the store had come, under a MAC. A database cannot know that it lost its
// tail (a WAL cut on a record boundary opens without a word); this file can.
//
// Two slots, written in turn, each in a sector of its own, so that a torn write leaves the other one. Both are whole
// from the day that the file is made; one that does not hold was torn or is damaged. Torn it can only be after the
// database had synced what it was to tell of, so that the database then stands beyond the slot that holds: if it does
// not, what the broken slot knew may be lost (MayHideLoss).
//   version 1 | store id 16 | counter 8 | database position 8 | tree size 8 | root 32 | MAC 32
// It is overwritten in place after each successful sync of the database and not synced itself: after a power cut it may
// be older than the database, and never newer.
// It does not help against a whole folder that was put back to an older copy: only heads known outside show that.
//
// Threads: Write from one at a time.
#pragma once

#include <filesystem>
#include <optional>

#include "disk_files.h"
#include "key_ring.h"
#include "protocol/checkpoint.h"

namespace schakel {

struct HeadRecord {
  std::uint64_t position = 0;  // SealedDb::Position().
  TreeHead head;               // A vault has no tree: zeros.
  friend bool operator==(const HeadRecord&, const HeadRecord&) = default;
};

class HeadFile {
 public:
  // What the file says at open.
  enum class State : std::uint8_t {
    kFound,
    kMissing,
    kSwapped,  // Of another store.
    kDamaged,  // No slot holds.
  };

  HeadFile(std::filesystem::path path, const KeyRing& ring, const char* rule);

  // kUnavailable: cannot be read.
  Result<State> Load();
  // Of State::kFound.
  const HeadRecord& record() const { return record_; }
  // One slot does not hold; the next Write makes it good.
  bool slot_broken() const { return slot_broken_; }
  // Of State::kFound, for a database that opened at `position`: that it lost what was noted here, or that the slot
  // which does not hold may have known so.
  bool ShowsLoss(std::uint64_t position) const { return position < record_.position; }
  bool MayHideLoss(std::uint64_t position) const { return slot_broken_ && position <= record_.position; }

  // Writes both slots of a new file, synced, in the place of an older one.
  Status Create(const HeadRecord& record);
  // Nothing is written for a record that is the last one: a slot is only ever overwritten for a position beyond it.
  Status Write(const HeadRecord& record);

 private:
  Bytes Encode(std::uint64_t counter, const HeadRecord& record) const;
  // Nothing: the slot does not hold.
  std::optional<std::pair<std::uint64_t, HeadRecord>> Decode(ByteView slot) const;

  std::filesystem::path path_;
  Id128 store_id_;
  ContentKey key_;
  const char* rule_;
  FileDescriptor file_;
  std::uint64_t counter_ = 0;
  HeadRecord record_;
  bool slot_broken_ = false;
};

}  // namespace schakel
