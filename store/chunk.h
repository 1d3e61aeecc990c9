// Consecutive entries, or payloads, of one commit in one database value of about 64 KiB: a row costs RocksDB as much as
// sealing an entry does, so a row an entry would halve what the log can take. One still opens by itself.
//
//   version 1 | count 4 | meta size 4 | count x end of the sealed item in the body 4 |
//   count x leaf hash 32 (entries only) | sealed meta | body: the sealed items, one after the other
//
// The row's key is the first sequence. The meta, count x (scope 16 | data key generation 4 | extra 4), is sealed under
// the common key: which entries belong together is nobody's business either. `extra` is the payload's size of an entry,
// and of a payload how far its sequence lies behind the first. Leaf hashes lie open: they are salted, and outlive the
// key of their entry.
//
// Threads: one object, one thread; a view, any.
#pragma once

#include <optional>
#include <vector>

#include "sealing.h"

namespace schakel {

inline constexpr std::size_t kChunkBytes = 64U << 10;  // Of the body; a larger item stands alone.

enum class ChunkKind : std::uint8_t { kEntries, kPayloads };

struct ChunkItem {
  DataScope scope;
  std::uint32_t generation = 0;
  std::uint32_t extra = 0;
};

class ChunkBuilder {
 public:
  explicit ChunkBuilder(ChunkKind kind) : kind_(kind) {}

  bool empty() const { return items_.empty(); }
  std::uint64_t first() const { return first_; }
  bool HasRoomFor(std::size_t plain_bytes) const { return empty() || body_.size() + plain_bytes <= kChunkBytes; }

  // Seals the item of `sequence`; the first one names the chunk. `leaf` of entries only.
  void Add(const Sealing& sealing, const DataKey& key, std::uint64_t sequence, const DataScope& scope,
           std::uint32_t extra, ByteView plain, const Hash32* leaf);

  // All before the body. Both stay valid until Clear().
  ByteView SealHead(const Sealing& sealing, const DataKey& common);
  ByteView body() const { return body_; }
  void Clear();

 private:
  ChunkKind kind_;
  std::uint64_t first_ = 0;
  std::vector<ChunkItem> items_;
  std::vector<std::uint32_t> ends_;
  std::vector<Hash32> leaves_;
  Bytes body_;
  Bytes meta_;
  Bytes head_;
};

// Views into a database value: it must outlive this.
class ChunkView {
 public:
  // Nothing if the layout does not hold. Nothing is opened yet.
  static std::optional<ChunkView> Parse(ChunkKind kind, std::uint64_t first, ByteView value);

  ChunkKind kind() const { return kind_; }
  std::uint64_t first() const { return first_; }
  std::uint32_t count() const { return count_; }
  Hash32 Leaf(std::uint32_t index) const;
  ByteView Sealed(std::uint32_t index) const;

  // Opens the meta; one element an item. kCorrupt ("crypto.aead").
  Result<std::vector<ChunkItem>> OpenItems(const Sealing& sealing, const DataKey& common) const;
  Result<Bytes> OpenItem(const Sealing& sealing, const DataKey& key, std::uint32_t index, std::uint64_t sequence) const;

 private:
  ChunkKind kind_ = ChunkKind::kEntries;
  std::uint64_t first_ = 0;
  std::uint32_t count_ = 0;
  ByteView ends_;
  ByteView leaves_;
  ByteView meta_;
  ByteView body_;
};

}  // namespace schakel
