#include "log_reader.h"

#include <algorithm>

#include "log_staging.h"

namespace schakel {
namespace {

constexpr const char* kEntryRule = "log.entry";
constexpr const char* kPayloadRule = "log.payload";
constexpr const char* kRowRule = "log.row";
constexpr const char* kListRule = "log.list";
constexpr const char* kTreeRule = "log.tree";

std::unexpected<Error> Corrupt(const char* rule, const std::string& where) {
  return Fail(Code::kCorrupt, rule, where, "keep a copy of the folder as it is, then restore the last backup");
}
std::unexpected<Error> CorruptAt(const char* rule, std::uint64_t sequence) {
  return Corrupt(rule, std::to_string(sequence));
}

constexpr const char* kErasedRule = "log.erased";
std::unexpected<Error> Erased(std::uint64_t sequence) {
  return Fail(Code::kNotFound, kErasedRule, std::to_string(sequence), "its key was destroyed: nothing of it is left");
}
bool IsErased(const Error& error) { return error.rule == "store.erased" || error.rule == kErasedRule; }

const char* RuleOf(ChunkKind kind) { return kind == ChunkKind::kEntries ? kEntryRule : kPayloadRule; }

// A data key is missed by the entry that it seals.
std::unexpected<Error> WithoutKey(Error error, std::uint64_t sequence) {
  if (error.field == "data key") error.field = std::to_string(sequence) + ", its data key";
  return std::unexpected(std::move(error));
}

std::optional<std::uint64_t> SequenceOf(const rocksdb::Slice& key) {
  if (key.size() != 8) return std::nullopt;
  return LoadU64(BytesOf(key).data());
}

}  // namespace

Result<std::uint64_t> LogReader::LastSequence() const {
  auto rows = folder_.db->Iterate(Family::kEntries);
  rows->SeekToLast();
  if (!rows->Valid()) {
    SCHAKEL_TRY(folder_.db->Ended(*rows, kEntryRule));
    return 0;
  }
  const auto first = SequenceOf(rows->key());
  const auto view =
      first ? ChunkView::Parse(ChunkKind::kEntries, *first, BytesOf(rows->value())) : std::optional<ChunkView>{};
  if (!view || *first == 0) return Corrupt(kEntryRule, "last");
  return *first + view->count() - 1;
}

Result<OpenChunk> LogReader::OpenChunkAt(const rocksdb::Iterator& row, ChunkKind kind) const {
  const auto first = SequenceOf(row.key());
  if (!first) return Corrupt(RuleOf(kind), "row");
  auto view = ChunkView::Parse(kind, *first, BytesOf(row.value()));
  if (!view) return CorruptAt(RuleOf(kind), *first);
  auto items = view->OpenItems(folder_.sealing, folder_.common);
  if (!items) return CorruptAt(RuleOf(kind), *first);
  return OpenChunk{{}, *view, std::move(*items)};
}

Result<std::unique_ptr<rocksdb::Iterator>> LogReader::SeekChunk(Family family, std::uint64_t sequence,
                                                                const char* rule) const {
  auto rows = folder_.db->Iterate(family);
  rows->SeekForPrev(AsSlice(KeyOf(sequence)));
  if (!rows->Valid()) SCHAKEL_TRY(folder_.db->Ended(*rows, rule));
  return rows;
}

Result<LogReader::OpenedEntry> LogReader::OpenEntry(const OpenChunk& chunk, std::uint32_t index) const {
  const std::uint64_t sequence = chunk.view.first() + index;
  const ChunkItem& item = chunk.items[index];
  OpenedEntry out;
  out.entry.sequence = Sequence(sequence);
  out.entry.scope = item.scope;
  auto key = folder_.keys.Find(item.scope, item.generation, kEntryRule);
  if (!key && IsErased(key.error())) {
    out.erased = true;
    out.leaf = chunk.view.Leaf(index);
    return out;
  }
  if (!key) return WithoutKey(key.error(), sequence);
  auto plain = chunk.view.OpenItem(folder_.sealing, *key, index, sequence);
  if (!plain || plain->size() < 32) return CorruptAt(kEntryRule, sequence);
  out.payload_bytes = item.extra;
  std::memcpy(out.entry.salt.data(), plain->data(), out.entry.salt.size());
  out.entry.entry.assign(plain->begin() + 32, plain->end());
  out.leaf = LogLeafHash(out.entry.salt, out.entry.entry);
  if (out.leaf != chunk.view.Leaf(index)) return CorruptAt(kEntryRule, sequence);
  return out;
}

Status LogReader::ReadEntries(std::uint64_t first, std::uint64_t last,
                              const std::function<Result<bool>(const OpenedEntry&)>& visit) const {
  if (first > last) return {};
  SCHAKEL_ASSIGN(auto rows, SeekChunk(Family::kEntries, first, kEntryRule));
  std::uint64_t expected = first;
  while (rows->Valid()) {
    SCHAKEL_ASSIGN(const OpenChunk chunk, OpenChunkAt(*rows, ChunkKind::kEntries));
    const std::uint64_t begin = chunk.view.first();
    if (begin > expected || begin + chunk.view.count() <= expected) return CorruptAt(kEntryRule, expected);
    for (; expected - begin < chunk.view.count(); ++expected) {
      SCHAKEL_ASSIGN(const OpenedEntry entry, OpenEntry(chunk, static_cast<std::uint32_t>(expected - begin)));
      SCHAKEL_ASSIGN(const bool more, visit(entry));
      if (!more || expected == last) return {};
    }
    rows->Next();
  }
  SCHAKEL_TRY(folder_.db->Ended(*rows, kEntryRule));
  return CorruptAt(kEntryRule, expected);
}

Result<std::shared_ptr<const OpenChunk>> LogReader::FindChunk(ChunkKind kind, std::uint64_t sequence) const {
  if (auto recent = recent_.Find(kind, sequence)) return recent;
  const Family family = kind == ChunkKind::kEntries ? Family::kEntries : Family::kPayloads;
  SCHAKEL_ASSIGN(auto rows, SeekChunk(family, sequence, RuleOf(kind)));
  if (!rows->Valid()) return nullptr;
  SCHAKEL_ASSIGN(OpenChunk opened, OpenChunkAt(*rows, kind));
  auto chunk = std::make_shared<OpenChunk>(std::move(opened));
  if (chunk->last() < sequence) return nullptr;
  chunk->bytes = ToBytes(BytesOf(rows->value()));
  const auto view = ChunkView::Parse(kind, chunk->view.first(), chunk->bytes);
  SCHAKEL_ASSERT(view.has_value());
  chunk->view = *view;
  if (chunk->view.count() > 1) recent_.Add(chunk);
  return chunk;
}

Result<LogReader::OpenedEntry> LogReader::Entry(std::uint64_t sequence) const {
  SCHAKEL_ASSIGN(const auto chunk, FindChunk(ChunkKind::kEntries, sequence));
  if (chunk == nullptr) return CorruptAt(kEntryRule, sequence);
  SCHAKEL_ASSIGN(OpenedEntry entry, OpenEntry(*chunk, static_cast<std::uint32_t>(sequence - chunk->view.first())));
  if (entry.erased) return Erased(sequence);
  return entry;
}

Result<Bytes> LogReader::OpenPayload(const OpenChunk& chunk, std::uint32_t index) const {
  const ChunkItem& item = chunk.items[index];
  const std::uint64_t sequence = chunk.view.first() + item.extra;
  auto key = folder_.keys.Find(item.scope, item.generation, kPayloadRule);
  if (!key && IsErased(key.error())) return Erased(sequence);
  if (!key) return WithoutKey(key.error(), sequence);
  auto plain = chunk.view.OpenItem(folder_.sealing, *key, index, sequence);
  if (!plain) return CorruptAt(kPayloadRule, sequence);
  return std::move(*plain);
}

Result<Bytes> LogReader::Payload(std::uint64_t sequence) const {
  SCHAKEL_ASSIGN(const auto chunk, FindChunk(ChunkKind::kPayloads, sequence));
  if (chunk != nullptr) {
    const std::uint64_t behind = sequence - chunk->view.first();
    const auto found = std::ranges::lower_bound(chunk->items, behind, {}, &ChunkItem::extra);
    if (found != chunk->items.end() && found->extra == behind) {
      return OpenPayload(*chunk, static_cast<std::uint32_t>(found - chunk->items.begin()));
    }
  }
  // There is none: then its entry must say so too.
  SCHAKEL_ASSIGN(const OpenedEntry entry, Entry(sequence));
  if (entry.payload_bytes != 0) return CorruptAt(kPayloadRule, sequence);
  return Bytes{};
}

Status LogReader::ReadPayloads(std::uint64_t first, std::uint64_t last,
                               const std::function<Status(std::uint64_t, ByteView)>& visit) const {
  SCHAKEL_ASSIGN(auto rows, SeekChunk(Family::kPayloads, first, kPayloadRule));
  if (!rows->Valid()) rows->SeekToFirst();
  for (; rows->Valid(); rows->Next()) {
    SCHAKEL_ASSIGN(const OpenChunk chunk, OpenChunkAt(*rows, ChunkKind::kPayloads));
    if (chunk.view.first() > last) break;
    for (std::uint32_t i = 0; i < chunk.view.count(); ++i) {
      const std::uint64_t sequence = chunk.view.first() + chunk.items[i].extra;
      if (sequence < first || sequence > last) continue;
      auto payload = OpenPayload(chunk, i);
      if (!payload && IsErased(payload.error())) continue;
      if (!payload) return std::unexpected(payload.error());
      SCHAKEL_TRY(visit(sequence, *payload));
    }
  }
  return folder_.db->Ended(*rows, kPayloadRule);
}

Result<std::vector<Hash32>> LogReader::Leaves(std::uint64_t begin, std::uint64_t end) const {
  std::vector<Hash32> leaves;
  if (begin >= end) return leaves;
  SCHAKEL_ASSIGN(auto rows, SeekChunk(Family::kEntries, begin + 1, kEntryRule));
  for (; rows->Valid() && begin < end; rows->Next()) {
    const auto first = SequenceOf(rows->key());
    const auto view =
        first ? ChunkView::Parse(ChunkKind::kEntries, *first, BytesOf(rows->value())) : std::optional<ChunkView>{};
    if (!view || *first == 0 || *first - 1 > begin || *first - 1 + view->count() <= begin) {
      return CorruptAt(kEntryRule, begin + 1);
    }
    for (; begin < end && begin - (*first - 1) < view->count(); ++begin) {
      leaves.push_back(view->Leaf(static_cast<std::uint32_t>(begin - (*first - 1))));
    }
  }
  SCHAKEL_TRY(folder_.db->Ended(*rows, kEntryRule));
  if (begin < end) return CorruptAt(kEntryRule, begin + 1);
  return leaves;
}

Result<std::vector<Hash32>> LogReader::Tile(TilePlace place) const {
  rocksdb::PinnableSlice row;
  SCHAKEL_ASSIGN(const bool found, folder_.db->Get(Family::kTiles, KeyOf(place), row, kTreeRule));
  if (!found || row.size() != kTileHashes * sizeof(Hash32)) {
    return Corrupt(kTreeRule, std::to_string(place.rank) + "/" + std::to_string(place.index));
  }
  std::vector<Hash32> hashes(kTileHashes);
  std::memcpy(hashes.front().data(), row.data(), row.size());
  return hashes;
}

Result<std::optional<Bytes>> LogReader::FindRow(std::uint8_t table, ByteView key) const {
  const HiddenKey hidden = folder_.ring.Hide(HiddenDomain::kIndexRow, {{&table, 1}, key});
  rocksdb::PinnableSlice row;
  SCHAKEL_ASSIGN(const bool found, folder_.db->Get(Family::kRows, hidden, row, kRowRule));
  if (!found) return std::nullopt;
  auto value = folder_.sealing.Open(folder_.common, SealedKind::kIndexRow, hidden, BytesOf(row));
  if (!value) return Corrupt(kRowRule, "table " + std::to_string(table));
  return std::move(*value);
}

Result<std::vector<std::optional<Bytes>>> LogReader::FindRows(std::uint8_t table, std::span<const Bytes> keys) const {
  std::vector<HiddenKey> hidden;
  hidden.reserve(keys.size());
  std::vector<rocksdb::Slice> slices;
  slices.reserve(keys.size());
  for (const Bytes& key : keys) {
    hidden.push_back(folder_.ring.Hide(HiddenDomain::kIndexRow, {{&table, 1}, key}));
    slices.push_back(AsSlice(hidden.back()));
  }
  std::vector<rocksdb::PinnableSlice> rows(keys.size());
  std::vector<rocksdb::Status> statuses(keys.size());
  folder_.db->db().MultiGet({}, folder_.db->handle(Family::kRows), slices.size(), slices.data(), rows.data(),
                            statuses.data());
  std::vector<std::optional<Bytes>> out(keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (statuses[i].IsNotFound()) continue;
    if (!statuses[i].ok()) return std::unexpected(folder_.db->ReadError(statuses[i], kRowRule).error());
    auto value = folder_.sealing.Open(folder_.common, SealedKind::kIndexRow, hidden[i], BytesOf(rows[i]));
    if (!value) return Corrupt(kRowRule, "table " + std::to_string(table));
    out[i] = std::move(*value);
  }
  return out;
}

Result<Bytes> LogReader::OpenList(const rocksdb::Iterator& row) const {
  const ByteView key = BytesOf(row.key());
  if (key.size() != sizeof(ListChunkKey)) return Corrupt(kListRule, "row");
  auto plain = folder_.sealing.Open(folder_.common, SealedKind::kList, key, BytesOf(row.value()));
  if (!plain) return Corrupt(kListRule, "row");
  return std::move(*plain);
}

Status LogReader::ReadList(std::uint8_t table, ByteView key, std::uint64_t from,
                           const std::function<bool(std::uint64_t, ByteView)>& visit) const {
  const HiddenKey list = folder_.ring.Hide(HiddenDomain::kList, {{&table, 1}, key});
  auto rows = folder_.db->Iterate(Family::kLists);
  // The chunk that holds `from` may have begun before it.
  rows->SeekForPrev(AsSlice(ListKeyOf(list, from)));
  if (!rows->Valid() || !rows->key().starts_with(AsSlice(list))) {
    SCHAKEL_TRY(folder_.db->Ended(*rows, kListRule));
    rows->Seek(AsSlice(ListKeyOf(list, from)));
  }
  for (; rows->Valid() && rows->key().starts_with(AsSlice(list)); rows->Next()) {
    SCHAKEL_ASSIGN(const Bytes plain, OpenList(*rows));
    const auto items = ParseListChunk(plain);
    if (!items) return Corrupt(kListRule, "table " + std::to_string(table));
    for (const ListItem& item : *items) {
      if (item.position >= from && !visit(item.position, item.value)) return {};
    }
  }
  return folder_.db->Ended(*rows, kListRule);
}

Result<std::optional<std::pair<std::uint64_t, Bytes>>> LogReader::FindListRow(std::uint8_t table, ByteView key,
                                                                              std::uint64_t at) const {
  const HiddenKey list = folder_.ring.Hide(HiddenDomain::kList, {{&table, 1}, key});
  auto rows = folder_.db->Iterate(Family::kLists);
  rows->SeekForPrev(AsSlice(ListKeyOf(list, at)));
  if (!rows->Valid() || !rows->key().starts_with(AsSlice(list))) {
    SCHAKEL_TRY(folder_.db->Ended(*rows, kListRule));
    return std::nullopt;
  }
  SCHAKEL_ASSIGN(const Bytes plain, OpenList(*rows));
  const auto items = ParseListChunk(plain);
  if (!items) return Corrupt(kListRule, "table " + std::to_string(table));
  const auto after = std::ranges::upper_bound(*items, at, {}, &ListItem::position);
  if (after == items->begin()) return Corrupt(kListRule, "table " + std::to_string(table));
  const ListItem& item = *std::prev(after);
  return std::pair(item.position, ToBytes(item.value));
}

Result<std::uint64_t> LogReader::VerifyRows() const {
  std::uint64_t count = 0;
  auto rows = folder_.db->Iterate(Family::kRows);
  for (rows->SeekToFirst(); rows->Valid(); rows->Next(), ++count) {
    const ByteView key = BytesOf(rows->key());
    if (key.size() != sizeof(HiddenKey) ||
        !folder_.sealing.Open(folder_.common, SealedKind::kIndexRow, key, BytesOf(rows->value()))) {
      return Corrupt(kRowRule, "row");
    }
  }
  SCHAKEL_TRY(folder_.db->Ended(*rows, kRowRule));
  return count;
}

Result<std::uint64_t> LogReader::VerifyLists() const {
  std::uint64_t count = 0;
  Bytes last_key;
  auto rows = folder_.db->Iterate(Family::kLists);
  for (rows->SeekToFirst(); rows->Valid(); rows->Next()) {
    SCHAKEL_ASSIGN(const Bytes plain, OpenList(*rows));
    const auto items = ParseListChunk(plain);
    const ByteView key = BytesOf(rows->key());
    if (!items || items->front().position != LoadU64(key.data() + 16)) return Corrupt(kListRule, "row");
    // No list may step back behind the end of its chunk before.
    if (!last_key.empty() && Equal(ByteView(last_key).first(16), key.first(16)) &&
        LoadU64(last_key.data() + 16) >= items->front().position) {
      return Corrupt(kListRule, "row");
    }
    last_key = ToBytes(key);
    StoreU64(items->back().position, last_key.data() + 16);
    count += items->size();
  }
  SCHAKEL_TRY(folder_.db->Ended(*rows, kListRule));
  return count;
}

}  // namespace schakel
