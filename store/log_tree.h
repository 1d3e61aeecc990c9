// The log's Merkle tree: its right edge in memory, all that is complete in tiles on disk.
//
// A tile holds 256 hashes of one level: those of level 0 are leaves, of level 8 the roots of the tiles below, of level
// 16 of those, and so on. It is written once, with the commit that completes it. What no tile holds yet is kept in
// memory, and rebuilt at open from the last entries and tiles.
//
// Threads: Plan, Apply and Rebuild from the one that writes; the others from any, meanwhile.
#pragma once

#include <functional>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "protocol/checkpoint.h"
#include "protocol/merkle.h"

namespace schakel {

inline constexpr std::uint64_t kTileHashes = 256;
inline constexpr unsigned kTileLevels = 8;  // Of the tree, in one tile.

// Where a tile stands: `rank` 0 for leaves, 1 for level 8, ...
struct TilePlace {
  unsigned rank = 0;
  std::uint64_t index = 0;
  friend auto operator<=>(const TilePlace&, const TilePlace&) = default;
};
struct TileRow {
  TilePlace place;
  std::vector<Hash32> hashes;  // 256.
};

// The root of up to 256 hashes that make a complete subtree (a power of two).
Hash32 SubtreeRoot(std::span<const Hash32> hashes);

class LogTree {
 public:
  // Yields the 256 hashes of a complete tile. kCorrupt ("log.tree").
  using LoadTile = std::function<Result<std::vector<Hash32>>(TilePlace)>;
  // Yields the leaves [begin, end), fewer than 256.
  using LoadLeaves = std::function<Result<std::vector<Hash32>>(std::uint64_t begin, std::uint64_t end)>;

  explicit LogTree(LoadTile load) : load_(std::move(load)) {}

  // The tree of the first `size` entries, from disk.
  Status Rebuild(std::uint64_t size, const LoadLeaves& load_leaves);

  // What a commit changes: rows to write with it, and the state to Apply() once it is on disk.
  struct Growth {
    struct Rank {
      bool restarted = false;     // Its open tile was completed: what was open is gone.
      std::vector<Hash32> added;  // To what is open.
      Frontier edge;
    };
    std::vector<TileRow> tiles;
    std::vector<Rank> ranks;
    TreeHead head;
  };
  Growth Plan(std::span<const Hash32> leaves) const;
  void Apply(Growth growth);

  TreeHead head() const;
  // kInvalid ("log.range"): beyond the end.
  Result<Hash32> RootAt(std::uint64_t size) const;
  Result<std::vector<Hash32>> Inclusion(std::uint64_t index, std::uint64_t size) const;
  Result<std::vector<Hash32>> Consistency(std::uint64_t first, std::uint64_t second) const;
  // The complete subtree of 2^level leaves from leaf index * 2^level on.
  Result<Hash32> Subtree(unsigned level, std::uint64_t index) const;

 private:
  // All nodes of a complete tile: proofs ask for inner ones, and hashing 255 of them takes longer than reading it.
  struct Tile {
    std::vector<Hash32> levels[kTileLevels];  // [0]: 256 hashes, [7]: 2.
  };
  struct Rank {
    std::vector<Hash32> open;  // The hashes of its last, incomplete tile.
    Frontier edge;             // Over those; all ranks' edges, highest first, are the edge of the tree.
  };
  TileRow CompleteTile(unsigned rank, std::uint64_t size, Growth::Rank& growth) const;
  Result<std::shared_ptr<const Tile>> CachedTile(TilePlace place) const;
  Status CheckSize(std::uint64_t size) const;

  LoadTile load_;

  mutable std::mutex mutex_;
  TreeHead head_{0, EmptyRoot()};
  std::vector<Rank> ranks_;  // Changed by the writer only, under the lock.

  static constexpr std::size_t kCachedTilesMax = 64;  // 16 KiB each.
  using Recent = std::list<std::pair<TilePlace, std::shared_ptr<const Tile>>>;
  mutable std::mutex cache_mutex_;
  mutable Recent recent_;  // Last used first.
  mutable std::map<TilePlace, Recent::iterator> cached_;
};

}  // namespace schakel
