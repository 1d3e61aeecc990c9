// Reads a log's families: opens what is sealed, and refuses what does not match.
//
// Threads: any.
// Errors:  kCorrupt with the rule of what was read ("log.entry", "log.payload", "log.row", "log.list", "log.tree").
#pragma once

#include <functional>

#include "chunk.h"
#include "list_chunk.h"
#include "log_tree.h"
#include "recent_chunks.h"
#include "store_folder.h"

namespace schakel {

class LogReader {
 public:
  explicit LogReader(const StoreFolder& folder) : folder_(folder) {}

  // Of the last entry in the database; 0: none.
  Result<std::uint64_t> LastSequence() const;

  struct OpenedEntry {
    StoredEntry entry;
    Hash32 leaf;  // Recomputed, and equal to the one that lies beside the entry.
    std::uint32_t payload_bytes = 0;
    bool erased =
        false;  // Its key was destroyed: sequence, scope and leaf are all there is, and the leaf is as it lies.
  };
  // Entries first..last in order, until `visit` yields false or an error.
  Status ReadEntries(std::uint64_t first, std::uint64_t last,
                     const std::function<Result<bool>(const OpenedEntry&)>& visit) const;
  // kNotFound ("log.erased"): its key was destroyed.
  Result<OpenedEntry> Entry(std::uint64_t sequence) const;
  Result<Bytes> Payload(std::uint64_t sequence) const;
  // All payloads of sequences first..last in order, without those that were erased.
  Status ReadPayloads(std::uint64_t first, std::uint64_t last,
                      const std::function<Status(std::uint64_t sequence, ByteView payload)>& visit) const;

  // Leaves [begin, end), counted from 0, as they lie beside the entries.
  Result<std::vector<Hash32>> Leaves(std::uint64_t begin, std::uint64_t end) const;
  Result<std::vector<Hash32>> Tile(TilePlace place) const;

  Result<std::optional<Bytes>> FindRow(std::uint8_t table, ByteView key) const;
  Result<std::vector<std::optional<Bytes>>> FindRows(std::uint8_t table, std::span<const Bytes> keys) const;
  Status ReadList(std::uint8_t table, ByteView key, std::uint64_t from,
                  const std::function<bool(std::uint64_t position, ByteView value)>& visit) const;
  Result<std::optional<std::pair<std::uint64_t, Bytes>>> FindListRow(std::uint8_t table, ByteView key,
                                                                     std::uint64_t at) const;

  // Opens every index row and list row; how many there are.
  Result<std::uint64_t> VerifyRows() const;
  Result<std::uint64_t> VerifyLists() const;

 private:
  // Views into the iterator.
  Result<OpenChunk> OpenChunkAt(const rocksdb::Iterator& row, ChunkKind kind) const;
  Result<OpenedEntry> OpenEntry(const OpenChunk& chunk, std::uint32_t index) const;
  Result<Bytes> OpenPayload(const OpenChunk& chunk, std::uint32_t index) const;
  // At the chunk that would hold `sequence`.
  Result<std::unique_ptr<rocksdb::Iterator>> SeekChunk(Family family, std::uint64_t sequence, const char* rule) const;
  // The chunk that holds `sequence`, if one reaches that far; kept for the next reader.
  Result<std::shared_ptr<const OpenChunk>> FindChunk(ChunkKind kind, std::uint64_t sequence) const;
  Result<Bytes> OpenList(const rocksdb::Iterator& row) const;

  const StoreFolder& folder_;
  mutable RecentChunks recent_;
};

}  // namespace schakel
