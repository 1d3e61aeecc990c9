// What has been appended and not yet synced, sealed already: the database batch of the next commit.
//
// Threads: the one that appends and syncs.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "chunk.h"
#include "list_chunk.h"
#include "log_tree.h"
#include "store_folder.h"

namespace schakel {

class LogStaging {
 public:
  LogStaging(StoreFolder& folder, std::size_t bytes_max);

  bool empty() const { return leaves_.empty() && rows_.empty() && lists_.empty() && batch_.Count() == 0; }
  // Of the staged entries, in order.
  const std::vector<Hash32>& leaves() const { return leaves_; }

  // Stages `batch`, whose first entry gets `first`, whole or not at all.
  // kLimit ("log.batch_bytes"): too much in one commit; kInvalid ("log.list_order"): positions of a list do not grow;
  // kCorrupt, kUnavailable: a data key cannot be read.
  Status Add(const LogBatch& batch, std::uint64_t first);

  // All of it, with the tiles that it completes. Nothing may be added until Clear().
  rocksdb::WriteBatch& Close(const std::vector<TileRow>& tiles);
  void Clear();

 private:
  struct List {
    HiddenKey hidden;
    bool named = false;  // `hidden` is computed.
    bool touched = false;
    std::uint64_t last = 0;
    ListChunkBuilder chunk;
  };
  using Lists = std::unordered_map<std::string, List>;
  struct Row {
    HiddenKey key;
    std::size_t begin;  // In row_bytes_.
    std::size_t size;
  };

  Result<std::vector<List*>> FindLists(const LogBatch& batch);
  Result<std::vector<DataKey>> FindKeys(const LogBatch& batch);
  void AddEntry(const NewEntry& entry, const DataKey& key, std::uint64_t sequence);
  void AddRow(const IndexRow& row);
  void AddListRow(const ListRow& row, List& list);
  void CloseChunk(ChunkBuilder& chunk, Family family);
  void CloseList(List& list);
  void CloseRows();

  StoreFolder& folder_;
  const std::size_t bytes_max_;
  std::size_t bytes_ = 0;
  rocksdb::WriteBatch batch_;
  ChunkBuilder entries_{ChunkKind::kEntries};
  ChunkBuilder payloads_{ChunkKind::kPayloads};
  std::vector<Hash32> leaves_;
  std::vector<Row> rows_;
  Bytes row_bytes_;
  Lists lists_;
  Bytes scratch_;
};

// The row key of a tile.
std::array<std::uint8_t, 9> KeyOf(TilePlace place);

}  // namespace schakel
