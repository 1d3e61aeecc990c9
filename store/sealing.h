// How the store seals a value: XChaCha20-Poly1305 under a data key, bound to its place, so that nothing moves to
// another row, family or store unseen. The nonce is random: a restored copy can never repeat one.
//
// Sealed = nonce 24 | ciphertext | tag 16; associated data = store id 16 | kind 1 | place | data key generation 4,
// with the row's key as the place (a sequence: 8 bytes, big endian).
//
// Threads: any.
#pragma once

#include "protocol/bytes.h"
#include "protocol/crypto.h"
#include "protocol/ids.h"
#include "protocol/keys.h"
#include "protocol/result.h"
#include "store/log.h"

namespace schakel {

// What a sealed value is. Part of the associated data: never renumber.
enum class SealedKind : std::uint8_t {
  kEntry = 1,
  kPayload,
  kEntryMeta,
  kPayloadMeta,
  kIndexRow,
  kList,
  kDataKey,
  kNamedRow,
  kNumberedRow,
  kRowScope,
  kSnapshot,
  kQuarantine,
  kMarker,
  kAccepted,
};

struct DataKey {
  std::uint32_t generation = 0;
  ContentKey key;
};
inline constexpr std::uint32_t kFirstDataKeyGeneration = 1;

// The scope whose key seals what belongs to the store as a whole.
inline const DataScope kCommonScope{};

class Sealing {
 public:
  explicit Sealing(const Id128& store_id) : store_id_(store_id) {}

  // Appends to `out`.
  void Seal(const DataKey& key, SealedKind kind, ByteView place, ByteView plain, Bytes& out) const {
    Associated associated(store_id_, kind, place, key.generation);
    SealXChaChaTo(key.key.bytes, plain, associated.view(), out);
  }
  // kCorrupt ("crypto.aead").
  Result<Bytes> Open(const DataKey& key, SealedKind kind, ByteView place, ByteView sealed) const {
    Associated associated(store_id_, kind, place, key.generation);
    return OpenXChaCha(key.key.bytes, sealed, associated.view());
  }
  const Id128& store_id() const { return store_id_; }

 private:
  class Associated {
   public:
    Associated(const Id128& store_id, SealedKind kind, ByteView place, std::uint32_t generation) {
      SCHAKEL_ASSERT(place.size() <= kPlaceBytesMax);
      Put(store_id);
      bytes_[size_++] = static_cast<std::uint8_t>(kind);
      Put(place);
      for (int shift = 24; shift >= 0; shift -= 8) bytes_[size_++] = static_cast<std::uint8_t>(generation >> shift);
    }
    ByteView view() const { return {bytes_.data(), size_}; }

   private:
    static constexpr std::size_t kPlaceBytesMax = 32;
    void Put(ByteView part) {
      if (!part.empty()) std::memcpy(bytes_.data() + size_, part.data(), part.size());
      size_ += part.size();
    }
    std::array<std::uint8_t, 16 + 1 + kPlaceBytesMax + 4> bytes_;
    std::size_t size_ = 0;
  };

  Id128 store_id_;
};

}  // namespace schakel
