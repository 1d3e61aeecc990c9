#include "log_verifier.h"

namespace schakel {
namespace {

std::unexpected<Error> Mismatch(const char* rule, std::string where) {
  return Fail(Code::kCorrupt, rule, std::move(where),
              "keep a copy of the folder as it is, then restore the last backup");
}

// Rebuilds every tile from the leaves that go in, and compares it with the one on disk.
class TileVerifier {
 public:
  explicit TileVerifier(const LogReader& reader) : reader_(reader) {}

  Status Add(const Hash32& leaf) {
    frontier_.Append(leaf);
    return AddTo(0, leaf);
  }
  Hash32 Root() const { return frontier_.Root(); }

 private:
  struct Rank {
    std::vector<Hash32> open;
    std::uint64_t tiles = 0;
  };
  Status AddTo(unsigned rank, const Hash32& hash) {
    if (rank == ranks_.size()) ranks_.emplace_back();
    ranks_[rank].open.push_back(hash);
    if (ranks_[rank].open.size() < kTileHashes) return {};
    SCHAKEL_ASSIGN(const std::vector<Hash32> stored, reader_.Tile({rank, ranks_[rank].tiles}));
    if (stored != ranks_[rank].open) {
      return Mismatch("log.tree", std::to_string(rank) + "/" + std::to_string(ranks_[rank].tiles));
    }
    ++ranks_[rank].tiles;
    ranks_[rank].open.clear();
    return AddTo(rank + 1, SubtreeRoot(stored));
  }

  const LogReader& reader_;
  std::vector<Rank> ranks_;
  Frontier frontier_;
};

Result<bool> IsErasedNow(const LogReader& reader, std::uint64_t sequence) {
  bool erased = false;
  SCHAKEL_TRY(reader.ReadEntries(sequence, sequence, [&](const LogReader::OpenedEntry& entry) -> Result<bool> {
    erased = entry.erased;
    return true;
  }));
  return erased;
}

// In steps, so that the payload sizes that the entries promise need not be held for a whole log.
Status VerifySpan(const LogReader& reader, std::uint64_t first, std::uint64_t last, TileVerifier& tiles,
                  Log::Verified& verified) {
  std::vector<std::uint32_t> promised;
  const auto add_entry = [&](const LogReader::OpenedEntry& entry) -> Result<bool> {
    SCHAKEL_TRY(tiles.Add(entry.leaf));
    promised.push_back(entry.payload_bytes);
    ++(entry.erased ? verified.erased : verified.entries);
    return true;
  };
  const auto check_payload = [&](std::uint64_t sequence, ByteView payload) -> Status {
    std::uint32_t& size = promised[sequence - first];
    if (size == 0 || size != payload.size()) return Mismatch("log.payload", std::to_string(sequence));
    size = 0;
    ++verified.payloads;
    return {};
  };
  SCHAKEL_TRY(reader.ReadEntries(first, last, add_entry));
  SCHAKEL_TRY(reader.ReadPayloads(first, last, check_payload));
  for (std::size_t i = 0; i < promised.size(); ++i) {
    if (promised[i] == 0) continue;
    // Unless its scope was erased while this was read.
    SCHAKEL_ASSIGN(const bool erased, IsErasedNow(reader, first + i));
    if (!erased) return Mismatch("log.payload", std::to_string(first + i));
    --verified.entries;
    ++verified.erased;
  }
  return {};
}

}  // namespace

Status RecheckEntries(const LogReader& reader, const LogTree& tree, std::uint64_t first, std::uint64_t last) {
  return reader.ReadEntries(first, last, [&](const LogReader::OpenedEntry& entry) -> Result<bool> {
    const std::uint64_t sequence = entry.entry.sequence.value();
    SCHAKEL_ASSIGN(const Hash32 leaf, tree.Subtree(0, sequence - 1));
    if (leaf != entry.leaf) return Mismatch("log.entry", std::to_string(sequence));
    return true;
  });
}

Result<Log::Verified> VerifyLog(const StoreFolder& folder, const LogReader& reader, const TreeHead& head) {
  constexpr std::uint64_t kSpan = 64U << 10;
  Log::Verified verified;
  SCHAKEL_TRY(folder.keys.VerifyAll());
  TileVerifier tiles(reader);
  for (std::uint64_t first = 1; first <= head.size; first += kSpan) {
    SCHAKEL_TRY(VerifySpan(reader, first, std::min(first + kSpan - 1, head.size), tiles, verified));
  }
  if (tiles.Root() != head.root) return Mismatch("log.tree", "root");
  SCHAKEL_ASSIGN(const std::uint64_t rows, reader.VerifyRows());
  SCHAKEL_ASSIGN(const std::uint64_t list_rows, reader.VerifyLists());
  verified.rows = rows + list_rows;
  SCHAKEL_TRY(folder.db->VerifyFiles());
  return verified;
}

}  // namespace schakel
