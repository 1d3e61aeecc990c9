// The keys of one store, from the file `keys` in its folder, outside the database and outside every backup of it.
//
//   master key (key file, passphrase) -> key-encryption keys, one a generation -> data keys (data_keys.h)
//                                     -> index key: keyed hashes that rows lie under, and derived keys
//
// The file, all numbers big endian:
//   version 1 | kind 1 | source 1 | store id 16 | Argon2 salt 16 | key check 32 | wrapped index key 72 |
//   count 4 | count x (generation 4 | wrapped key 72) | MAC 32 | SHA-256 of all before it 32
// A wrapped key is nonce 24 | key 32 | tag 16 (XChaCha20-Poly1305 under a key derived from the master key). The plain
// hash names a flipped byte; the key check then tells a wrong master key; the MAC refuses what was changed on purpose.
// Several generations stand in it while the data keys move to the next one; erasing writes it without the old one.
//
// Threads: reading, any; what changes it, the one thread that writes to the store.
#pragma once

#include <filesystem>
#include <memory>
#include <shared_mutex>
#include <string_view>
#include <vector>

#include "protocol/bytes.h"
#include "protocol/keys.h"
#include "protocol/result.h"
#include "protocol/seams.h"
#include "store/master_key.h"

namespace schakel {

enum class StoreKind : std::uint8_t { kLog = 1, kVault = 2 };

// What a row lies under instead of its key.
using HiddenKey = std::array<std::uint8_t, 16>;
// Keeps one kind of keyed hash from ever equalling another.
enum class HiddenDomain : std::uint8_t { kDataKey = 1, kIndexRow, kList, kNamedTable, kNamedRow, kNumberedTable };

class KeyRing {
 public:
  // Draws fresh keys; nothing is written yet.
  static Result<KeyRing> Create(StoreKind kind, const MasterKeySource& source, Random& random);
  // kCorrupt ("store.keys"), kWrongKey ("store.master_key"), kVersion ("store.version"), kInvalid ("store.kind").
  static Result<KeyRing> Parse(ByteView file, StoreKind kind, const MasterKeySource& source,
                               const std::filesystem::path& name);
  // As written by Parse's counterpart: the whole file.
  Bytes Encode() const;

  const Id128& store_id() const { return store_id_; }

  // HMAC-SHA256(index key, domain | parts)[0:16]. Parts are not separated: at most the last may vary in length.
  HiddenKey Hide(HiddenDomain domain, std::initializer_list<ByteView> parts) const;
  // A key for one purpose, derived from the index key.
  ContentKey Derive(std::string_view purpose) const;

  // The key-encryption keys: data keys are wrapped under the current one.
  std::uint32_t current_generation() const;
  std::size_t generation_count() const;
  // kNotFound ("store.data_key"): that generation was destroyed.
  Result<ContentKey> GenerationKey(std::uint32_t generation) const;

  // In memory only; the file is the caller's. A fresh generation becomes the current one. kLimit ("store.generations"):
  // the numbers are used up, or too many stand in the file.
  Status AddGeneration();
  void DropNewestGeneration();
  void DropOldGenerations();  // All but the current one, wiped.
  // From now on another master key wraps all this. Nothing changes on an error.
  // kConflict ("master_key.same"): it is the one that it has.
  Status ChangeMaster(const MasterKeySource& source, Random& random);

 private:
  struct Generation {
    std::uint32_t number;
    Secret<32> key;
  };
  struct Generations {
    mutable std::shared_mutex mutex;
    std::vector<Generation> list;  // Growing numbers; the last is the current one. Never empty.
  };
  KeyRing(StoreKind kind, std::uint8_t source_kind, const Id128& store_id, const Id128& salt, Secret<32> master)
      : kind_(kind), source_kind_(source_kind), store_id_(store_id), salt_(salt), master_(std::move(master)) {}

  ContentKey FromMaster(std::string_view purpose) const;
  void PutWrapped(Bytes& to, const Secret<32>& key, std::string_view what, std::uint32_t generation) const;
  Result<Secret<32>> Unwrap(ByteView wrapped, std::string_view what, std::uint32_t generation) const;
  Hash32 KeyCheck() const;

  StoreKind kind_;
  std::uint8_t source_kind_;
  Id128 store_id_;
  Id128 salt_;
  Secret<32> master_;
  Secret<32> index_key_;
  std::unique_ptr<Generations> generations_ = std::make_unique<Generations>();
};

}  // namespace schakel
