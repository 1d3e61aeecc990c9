#include "log_tree.h"

#include <bit>

namespace schakel {
namespace {

std::vector<Hash32> NextLevel(std::span<const Hash32> hashes) {
  std::vector<Hash32> out;
  out.reserve(hashes.size() / 2);
  for (std::size_t i = 0; i + 1 < hashes.size(); i += 2) out.push_back(NodeHash(hashes[i], hashes[i + 1]));
  return out;
}

// How many hashes of a rank there are in a tree of `size` leaves.
std::uint64_t HashesOfRank(std::uint64_t size, unsigned rank) {
  const unsigned shift = rank * kTileLevels;
  return shift >= 64 ? 0 : size >> shift;
}

// `edges`: one a rank, lowest first; together they are the edge of the whole tree.
Hash32 RootOf(const std::vector<const Frontier*>& edges) {
  std::vector<Hash32> nodes;  // Smallest subtree first.
  for (const Frontier* edge : edges) nodes.insert(nodes.end(), edge->nodes().rbegin(), edge->nodes().rend());
  if (nodes.empty()) return EmptyRoot();
  Hash32 root = nodes.front();
  for (std::size_t i = 1; i < nodes.size(); ++i) root = NodeHash(nodes[i], root);
  return root;
}

}  // namespace

Hash32 SubtreeRoot(std::span<const Hash32> hashes) {
  SCHAKEL_ASSERT(std::has_single_bit(hashes.size()));
  if (hashes.size() == 1) return hashes.front();
  std::vector<Hash32> level = NextLevel(hashes);
  while (level.size() > 1) level = NextLevel(level);
  return level.front();
}

TileRow LogTree::CompleteTile(unsigned rank, std::uint64_t size, Growth::Rank& growth) const {
  TileRow tile{{rank, HashesOfRank(size, rank) / kTileHashes - 1}, {}};
  tile.hashes.reserve(kTileHashes);
  if (!growth.restarted && rank < ranks_.size()) tile.hashes = ranks_[rank].open;
  tile.hashes.insert(tile.hashes.end(), growth.added.begin(), growth.added.end());
  SCHAKEL_ASSERT(tile.hashes.size() == kTileHashes);
  growth = {.restarted = true, .added = {}, .edge = {}};
  return tile;
}

LogTree::Growth LogTree::Plan(std::span<const Hash32> leaves) const {
  Growth growth;  // Reads without the lock what only this thread changes.
  for (const Rank& rank : ranks_) growth.ranks.push_back({.restarted = false, .added = {}, .edge = rank.edge});
  std::uint64_t size = head_.size;
  for (const Hash32& leaf : leaves) {
    ++size;
    Hash32 hash = leaf;
    for (unsigned rank = 0;; ++rank) {
      if (rank == growth.ranks.size()) growth.ranks.emplace_back();
      Growth::Rank& here = growth.ranks[rank];
      here.added.push_back(hash);
      here.edge.Append(hash);
      if (here.edge.size() < kTileHashes) break;
      hash = here.edge.Root();
      growth.tiles.push_back(CompleteTile(rank, size, here));
    }
  }
  std::vector<const Frontier*> edges;
  for (const Growth::Rank& rank : growth.ranks) edges.push_back(&rank.edge);
  growth.head = {size, RootOf(edges)};
  return growth;
}

void LogTree::Apply(Growth growth) {
  std::lock_guard lock(mutex_);
  head_ = growth.head;
  ranks_.resize(growth.ranks.size());
  for (std::size_t i = 0; i < ranks_.size(); ++i) {
    Growth::Rank& grown = growth.ranks[i];
    std::vector<Hash32>& open = ranks_[i].open;
    if (grown.restarted) open.clear();
    if (open.capacity() == 0) open.reserve(kTileHashes);
    open.insert(open.end(), grown.added.begin(), grown.added.end());
    ranks_[i].edge = std::move(grown.edge);
  }
}

Status LogTree::Rebuild(std::uint64_t size, const LoadLeaves& load_leaves) {
  std::vector<Rank> ranks;
  for (unsigned rank = 0; HashesOfRank(size, rank) > 0; ++rank) {
    const std::uint64_t end = HashesOfRank(size, rank);
    const std::uint64_t begin = end / kTileHashes * kTileHashes;
    Rank& here = ranks.emplace_back();
    if (rank == 0) {
      SCHAKEL_ASSIGN(here.open, load_leaves(begin, end));
    } else {
      for (std::uint64_t i = begin; i < end; ++i) {
        SCHAKEL_ASSIGN(const std::vector<Hash32> below, load_({rank - 1, i}));
        here.open.push_back(SubtreeRoot(below));
      }
    }
    for (const Hash32& hash : here.open) here.edge.Append(hash);
  }
  std::vector<const Frontier*> edges;
  for (const Rank& rank : ranks) edges.push_back(&rank.edge);
  std::lock_guard lock(mutex_);
  head_ = {size, RootOf(edges)};
  ranks_ = std::move(ranks);
  return {};
}

TreeHead LogTree::head() const {
  std::lock_guard lock(mutex_);
  return head_;
}

Status LogTree::CheckSize(std::uint64_t size) const {
  if (size <= head().size) return {};
  return Fail(Code::kInvalid, "log.range", {}, "ask for a size that the log has reached");
}

Result<Hash32> LogTree::RootAt(std::uint64_t size) const {
  SCHAKEL_TRY(CheckSize(size));
  return schakel::RootAt(size, [this](unsigned level, std::uint64_t index) { return Subtree(level, index); });
}

Result<std::vector<Hash32>> LogTree::Inclusion(std::uint64_t index, std::uint64_t size) const {
  SCHAKEL_TRY(CheckSize(size));
  if (index >= size) return Fail(Code::kInvalid, "log.range", {}, "ask for an entry within the size");
  return InclusionProof(index, size, [this](unsigned level, std::uint64_t i) { return Subtree(level, i); });
}

Result<std::vector<Hash32>> LogTree::Consistency(std::uint64_t first, std::uint64_t second) const {
  SCHAKEL_TRY(CheckSize(second));
  if (first > second) return Fail(Code::kInvalid, "log.range", {}, "give the smaller size first");
  return ConsistencyProof(first, second, [this](unsigned level, std::uint64_t i) { return Subtree(level, i); });
}

Result<Hash32> LogTree::Subtree(unsigned level, std::uint64_t index) const {
  const unsigned rank = level / kTileLevels;
  const unsigned within = level % kTileLevels;
  const TilePlace place{rank, index >> (kTileLevels - within)};
  const std::uint64_t position = index & ((kTileHashes >> within) - 1);
  std::vector<Hash32> hashes;
  {
    std::lock_guard lock(mutex_);
    if (place.index >= HashesOfRank(head_.size, rank) / kTileHashes) {
      const std::uint64_t begin = position << within;
      const std::uint64_t end = (position + 1) << within;
      const bool open_tile = place.index == HashesOfRank(head_.size, rank) / kTileHashes;
      if (!open_tile || rank >= ranks_.size() || end > ranks_[rank].open.size()) {
        return Fail(Code::kInvalid, "log.range", {}, "ask for a size that the log has reached");
      }
      const std::vector<Hash32>& open = ranks_[rank].open;
      hashes.assign(open.begin() + static_cast<std::ptrdiff_t>(begin), open.begin() + static_cast<std::ptrdiff_t>(end));
    }
  }
  if (!hashes.empty()) return SubtreeRoot(hashes);
  SCHAKEL_ASSIGN(const std::shared_ptr<const Tile> tile, CachedTile(place));
  return tile->levels[within][position];
}

Result<std::shared_ptr<const LogTree::Tile>> LogTree::CachedTile(TilePlace place) const {
  {
    std::lock_guard lock(cache_mutex_);
    if (auto found = cached_.find(place); found != cached_.end()) {
      recent_.splice(recent_.begin(), recent_, found->second);
      return found->second->second;
    }
  }
  auto tile = std::make_shared<Tile>();
  SCHAKEL_ASSIGN(tile->levels[0], load_(place));
  SCHAKEL_ASSERT(tile->levels[0].size() == kTileHashes);
  for (unsigned i = 1; i < kTileLevels; ++i) tile->levels[i] = NextLevel(tile->levels[i - 1]);

  std::lock_guard lock(cache_mutex_);
  if (auto found = cached_.find(place); found != cached_.end()) return found->second->second;
  recent_.emplace_front(place, std::move(tile));
  cached_[place] = recent_.begin();
  if (recent_.size() > kCachedTilesMax) {
    cached_.erase(recent_.back().first);
    recent_.pop_back();
  }
  return recent_.front().second;
}

}  // namespace schakel
