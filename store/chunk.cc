#include "chunk.h"

#include "wire.h"

namespace schakel {
namespace {

constexpr std::uint8_t kChunkVersion = 1;
constexpr std::size_t kMetaItemBytes = 16 + 4 + 4;

SealedKind ItemKind(ChunkKind kind) { return kind == ChunkKind::kEntries ? SealedKind::kEntry : SealedKind::kPayload; }
SealedKind MetaKind(ChunkKind kind) {
  return kind == ChunkKind::kEntries ? SealedKind::kEntryMeta : SealedKind::kPayloadMeta;
}

}  // namespace

void ChunkBuilder::Add(const Sealing& sealing, const DataKey& key, std::uint64_t sequence, const DataScope& scope,
                       std::uint32_t extra, ByteView plain, const Hash32* leaf) {
  if (items_.empty()) first_ = sequence;
  sealing.Seal(key, ItemKind(kind_), KeyOf(sequence), plain, body_);
  items_.push_back({scope, key.generation, extra});
  ends_.push_back(static_cast<std::uint32_t>(body_.size()));
  if (leaf != nullptr) leaves_.push_back(*leaf);
}

ByteView ChunkBuilder::SealHead(const Sealing& sealing, const DataKey& common) {
  meta_.clear();
  for (const ChunkItem& item : items_) {
    Append(meta_, item.scope.value());
    PutU32(meta_, item.generation);
    PutU32(meta_, item.extra);
  }
  head_.clear();
  PutU8(head_, kChunkVersion);
  PutU32(head_, static_cast<std::uint32_t>(items_.size()));
  PutU32(head_, static_cast<std::uint32_t>(kNonceBytes + meta_.size() + kTagBytes));
  for (std::uint32_t end : ends_) PutU32(head_, end);
  for (const Hash32& leaf : leaves_) Append(head_, leaf);
  sealing.Seal(common, MetaKind(kind_), KeyOf(first_), meta_, head_);
  return head_;
}

void ChunkBuilder::Clear() {
  items_.clear();
  ends_.clear();
  leaves_.clear();
  body_.clear();
}

std::optional<ChunkView> ChunkView::Parse(ChunkKind kind, std::uint64_t first, ByteView value) {
  ChunkView view;
  view.kind_ = kind;
  view.first_ = first;
  ByteReader reader(value);
  const bool known = reader.U8() == kChunkVersion;
  view.count_ = reader.U32();
  const std::size_t meta_bytes = reader.U32();
  view.ends_ = reader.Take(std::size_t{view.count_} * 4);
  if (kind == ChunkKind::kEntries) view.leaves_ = reader.Take(std::size_t{view.count_} * 32);
  view.meta_ = reader.Take(meta_bytes);
  view.body_ = reader.Rest();
  if (!known || !reader.ok() || view.count_ == 0) return std::nullopt;
  std::uint32_t last_end = 0;
  for (std::uint32_t i = 0; i < view.count_; ++i) {
    const std::uint32_t end = LoadU32(view.ends_.data() + std::size_t{i} * 4);
    if (end < last_end) return std::nullopt;
    last_end = end;
  }
  if (last_end != view.body_.size()) return std::nullopt;
  return view;
}

Hash32 ChunkView::Leaf(std::uint32_t index) const {
  SCHAKEL_ASSERT(index < count_ && kind_ == ChunkKind::kEntries);
  Hash32 leaf;
  std::memcpy(leaf.data(), leaves_.data() + std::size_t{index} * 32, leaf.size());
  return leaf;
}

ByteView ChunkView::Sealed(std::uint32_t index) const {
  SCHAKEL_ASSERT(index < count_);
  const std::uint32_t begin = index == 0 ? 0 : LoadU32(ends_.data() + (std::size_t{index} - 1) * 4);
  const std::uint32_t end = LoadU32(ends_.data() + std::size_t{index} * 4);
  return body_.subspan(begin, end - begin);
}

Result<std::vector<ChunkItem>> ChunkView::OpenItems(const Sealing& sealing, const DataKey& common) const {
  SCHAKEL_ASSIGN(const Bytes meta, sealing.Open(common, MetaKind(kind_), KeyOf(first_), meta_));
  if (meta.size() != count_ * kMetaItemBytes) return Fail(Code::kCorrupt, "crypto.aead");
  std::vector<ChunkItem> items(count_);
  ByteReader reader(meta);
  for (ChunkItem& item : items) {
    item.scope = DataScope(reader.Fixed<16>());
    item.generation = reader.U32();
    item.extra = reader.U32();
  }
  return items;
}

Result<Bytes> ChunkView::OpenItem(const Sealing& sealing, const DataKey& key, std::uint32_t index,
                                  std::uint64_t sequence) const {
  return sealing.Open(key, ItemKind(kind_), KeyOf(sequence), Sealed(index));
}

}  // namespace schakel
