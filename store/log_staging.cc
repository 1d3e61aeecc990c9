#include "log_staging.h"

#include <algorithm>

namespace schakel {
namespace {

// What an item costs beyond its own bytes: nonce, tag, leaf, meta and offsets, rounded up.
constexpr std::size_t kItemOverhead = 128;
constexpr std::size_t kKeptBytesMax = 4U << 20;  // Of a batch buffer, from one commit to the next.

std::size_t SealedBytes(const LogBatch& batch) {
  std::size_t bytes = 0;
  for (const NewEntry& entry : batch.entries) bytes += entry.entry.size() + entry.payload.size() + 2 * kItemOverhead;
  for (const IndexRow& row : batch.rows) bytes += row.value.size() + kItemOverhead;
  for (const ListRow& row : batch.list_rows) bytes += row.value.size() + kItemOverhead;
  return bytes;
}

rocksdb::WriteBatch FreshBatch() {
  constexpr std::size_t kProtectionBytesPerKey = 8;
  return rocksdb::WriteBatch(64U << 10, 0, kProtectionBytesPerKey, 0);
}

}  // namespace

std::array<std::uint8_t, 9> KeyOf(TilePlace place) {
  std::array<std::uint8_t, 9> key;
  key[0] = static_cast<std::uint8_t>(place.rank);
  StoreU64(place.index, key.data() + 1);
  return key;
}

LogStaging::LogStaging(StoreFolder& folder, std::size_t bytes_max)
    : folder_(folder), bytes_max_(bytes_max), batch_(FreshBatch()) {}

Status LogStaging::Add(const LogBatch& batch, std::uint64_t first) {
  const std::size_t bytes = SealedBytes(batch);
  if (bytes > bytes_max_ - std::min(bytes_, bytes_max_)) {
    return Fail(Code::kLimit, "log.batch_bytes", {}, "append less before each sync");
  }
  // All that can fail comes before anything is staged.
  SCHAKEL_ASSIGN(const std::vector<List*> lists, FindLists(batch));
  SCHAKEL_ASSIGN(const std::vector<DataKey> keys, FindKeys(batch));

  bytes_ += bytes;
  for (std::size_t i = 0; i < batch.entries.size(); ++i) AddEntry(batch.entries[i], keys[i], first + i);
  for (const IndexRow& row : batch.rows) AddRow(row);
  for (std::size_t i = 0; i < batch.list_rows.size(); ++i) AddListRow(batch.list_rows[i], *lists[i]);
  return {};
}

Result<std::vector<LogStaging::List*>> LogStaging::FindLists(const LogBatch& batch) {
  std::vector<List*> found;
  found.reserve(batch.list_rows.size());
  std::vector<std::pair<List*, std::uint64_t>> before;
  std::string name;
  for (const ListRow& row : batch.list_rows) {
    name.assign(1, static_cast<char>(row.table));
    name.append(AsText(row.key));
    List& list = lists_[name];
    if (list.touched && row.position <= list.last) {
      for (auto undo = before.rbegin(); undo != before.rend(); ++undo) undo->first->last = undo->second;
      for (List* touched : found) touched->touched = !touched->chunk.empty();
      return Fail(Code::kInvalid, "log.list_order", {}, "give the rows of a list in the order of their positions");
    }
    before.emplace_back(&list, list.last);
    list.last = row.position;
    list.touched = true;
    if (!list.named) {
      list.hidden = folder_.ring.Hide(HiddenDomain::kList, {{&row.table, 1}, row.key});
      list.named = true;
    }
    found.push_back(&list);
  }
  return found;
}

Result<std::vector<DataKey>> LogStaging::FindKeys(const LogBatch& batch) {
  std::vector<DataKey> keys;
  keys.reserve(batch.entries.size());
  const DataScope* last_scope = nullptr;
  for (const NewEntry& entry : batch.entries) {
    if (last_scope != nullptr && *last_scope == entry.scope) {
      keys.push_back(keys.back());
    } else {
      SCHAKEL_ASSIGN(keys.emplace_back(), folder_.keys.FindOrStage(entry.scope, batch_));
    }
    last_scope = &entry.scope;
  }
  return keys;
}

void LogStaging::AddEntry(const NewEntry& entry, const DataKey& key, std::uint64_t sequence) {
  const Hash32& leaf = leaves_.emplace_back(LogLeafHash(entry.salt, entry.entry));
  scratch_.assign(entry.salt.begin(), entry.salt.end());
  Append(scratch_, entry.entry);
  if (!entries_.HasRoomFor(scratch_.size())) CloseChunk(entries_, Family::kEntries);
  entries_.Add(folder_.sealing, key, sequence, entry.scope, static_cast<std::uint32_t>(entry.payload.size()), scratch_,
               &leaf);
  if (entry.payload.empty()) return;
  const std::uint64_t first_payload = payloads_.empty() ? sequence : payloads_.first();
  if (!payloads_.HasRoomFor(entry.payload.size()) || sequence - first_payload > UINT32_MAX) {
    CloseChunk(payloads_, Family::kPayloads);
  }
  const std::uint64_t behind = payloads_.empty() ? 0 : sequence - payloads_.first();
  payloads_.Add(folder_.sealing, key, sequence, entry.scope, static_cast<std::uint32_t>(behind), entry.payload,
                nullptr);
}

void LogStaging::AddRow(const IndexRow& row) {
  const HiddenKey key = folder_.ring.Hide(HiddenDomain::kIndexRow, {{&row.table, 1}, row.key});
  const std::size_t begin = row_bytes_.size();
  folder_.sealing.Seal(folder_.common, SealedKind::kIndexRow, key, row.value, row_bytes_);
  rows_.push_back({key, begin, row_bytes_.size() - begin});
}

void LogStaging::AddListRow(const ListRow& row, List& list) {
  if (!list.chunk.HasRoomFor(row.value.size())) CloseList(list);
  list.chunk.Add(row.position, row.value);
}

void LogStaging::CloseChunk(ChunkBuilder& chunk, Family family) {
  if (chunk.empty()) return;
  const ByteView head = chunk.SealHead(folder_.sealing, folder_.common);
  Put(batch_, folder_.db->handle(family), KeyOf(chunk.first()), head, chunk.body());
  chunk.Clear();
}

void LogStaging::CloseList(List& list) {
  if (list.chunk.empty()) return;
  const ListChunkKey key = ListKeyOf(list.hidden, list.chunk.first());
  scratch_.clear();
  folder_.sealing.Seal(folder_.common, SealedKind::kList, key, list.chunk.Plain(), scratch_);
  Put(batch_, folder_.db->handle(Family::kLists), key, scratch_);
  list.chunk.Clear();
}

// In the order of their keys: the memtable then finds the place of each near that of the one before, which is half of
// what a row costs. Of equal keys the later must stay behind.
void LogStaging::CloseRows() {
  std::ranges::stable_sort(rows_, {}, &Row::key);
  for (const Row& row : rows_) {
    Put(batch_, folder_.db->handle(Family::kRows), row.key, ByteView(row_bytes_).subspan(row.begin, row.size));
  }
  rows_.clear();
  row_bytes_.clear();
}

rocksdb::WriteBatch& LogStaging::Close(const std::vector<TileRow>& tiles) {
  CloseChunk(entries_, Family::kEntries);
  CloseChunk(payloads_, Family::kPayloads);
  CloseRows();
  for (auto& [name, list] : lists_) CloseList(list);
  for (const TileRow& tile : tiles) {
    const ByteView hashes(tile.hashes.front().data(), tile.hashes.size() * sizeof(Hash32));
    Put(batch_, folder_.db->handle(Family::kTiles), KeyOf(tile.place), hashes);
  }
  return batch_;
}

void LogStaging::Clear() {
  if (batch_.GetDataSize() > kKeptBytesMax) {
    batch_ = FreshBatch();
  } else {
    batch_.Clear();
  }
  entries_.Clear();
  payloads_.Clear();
  leaves_.clear();
  rows_.clear();
  row_bytes_.clear();
  lists_.clear();
  bytes_ = 0;
}

}  // namespace schakel
