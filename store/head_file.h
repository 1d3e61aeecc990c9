// The file `head` beside the database: how far the store had come, under a MAC. A database cannot know that it lost its
// tail (a WAL cut on a record boundary opens without a word); this file can.
//
// Two slots, written in turn, each in a sector of its own, so that a torn write leaves the other one:
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

  // Writes both slots of a new file, synced, in the place of an older one.
  Status Create(const HeadRecord& record);
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
};

}  // namespace schakel
