// The rows that one commit adds to one list, in one database value.
//
// Row key: Hide(kList, table 1 | key) 16 | first position 8. Value, sealed under the common key with the row key as its
// place: count 4 | count x (position 8 | size 4 | value).
#pragma once

#include <optional>

#include "key_ring.h"
#include "wire.h"

namespace schakel {

using ListChunkKey = std::array<std::uint8_t, 24>;

inline ListChunkKey ListKeyOf(const HiddenKey& list, std::uint64_t position) {
  ListChunkKey key;
  std::memcpy(key.data(), list.data(), list.size());
  StoreU64(position, key.data() + list.size());
  return key;
}

class ListChunkBuilder {
 public:
  bool empty() const { return count_ == 0; }
  std::uint64_t first() const { return first_; }
  bool HasRoomFor(std::size_t value_bytes) const { return empty() || plain_.size() + value_bytes <= kBytesMax; }
  void Add(std::uint64_t position, ByteView value) {
    if (empty()) {
      first_ = position;
      plain_.assign(4, 0);
    }
    ++count_;
    PutU64(plain_, position);
    PutU32(plain_, static_cast<std::uint32_t>(value.size()));
    Append(plain_, value);
  }
  ByteView Plain() {
    for (int i = 0; i < 4; ++i) plain_[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(count_ >> (24 - 8 * i));
    return plain_;
  }
  void Clear() {
    count_ = 0;
    plain_.clear();
  }

 private:
  static constexpr std::size_t kBytesMax = 64U << 10;
  std::uint64_t first_ = 0;
  std::uint32_t count_ = 0;
  Bytes plain_;
};

struct ListItem {
  std::uint64_t position = 0;
  ByteView value;  // Into the opened chunk.
};
// Nothing: not a list chunk, or its positions do not grow.
inline std::optional<std::vector<ListItem>> ParseListChunk(ByteView plain) {
  ByteReader reader(plain);
  const std::uint32_t count = reader.U32();
  std::vector<ListItem> items;
  for (std::uint32_t i = 0; i < count && reader.ok(); ++i) {
    const std::uint64_t position = reader.U64();
    const ByteView value = reader.Take(reader.U32());
    if (!items.empty() && position <= items.back().position) return std::nullopt;
    items.push_back({position, value});
  }
  if (!reader.AtEnd() || items.empty()) return std::nullopt;
  return items;
}

}  // namespace schakel
