// A Log in memory whose disk outlives it: what was not synced is lost with the object.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <vector>

#include "protocol/merkle.h"
#include "store/log.h"

namespace schakel::testing {

struct LogDisk {
  std::vector<StoredEntry> entries;
  std::vector<Bytes> payloads;
  std::vector<std::vector<Hash32>> levels;  // Complete subtrees, by level.
  std::map<std::pair<std::uint8_t, Bytes>, Bytes> rows;
  std::map<std::pair<std::uint8_t, Bytes>, std::map<std::uint64_t, Bytes>> lists;
  std::optional<std::pair<Sequence, Bytes>> snapshot;
  std::set<DataScope> erased;

  void AppendLeaf(const Hash32& leaf) {
    Hash32 node = leaf;
    for (std::size_t level = 0;; ++level) {
      if (levels.size() <= level) levels.emplace_back();
      levels[level].push_back(node);
      const std::size_t count = levels[level].size();
      if (count % 2 != 0) return;
      node = NodeHash(levels[level][count - 2], levels[level][count - 1]);
    }
  }
};

class CrashLog : public Log {
 public:
  explicit CrashLog(std::shared_ptr<LogDisk> disk) : disk_(std::move(disk)) {}

  Result<Sequence> Append(const LogBatch& batch, Sequence expected_last) override {
    if (disk_->entries.size() + staged_.entries.size() != expected_last.value()) {
      return Fail(Code::kConflict, "log.fence");
    }
    for (const NewEntry& entry : batch.entries) {
      if (disk_->erased.contains(entry.scope)) return Fail(Code::kNotFound, "store.erased");
    }
    for (const NewEntry& entry : batch.entries) {
      const Sequence sequence(disk_->entries.size() + staged_.entries.size() + 1);
      staged_.entries.push_back({sequence, entry.scope, ToBytes(entry.entry), entry.salt});
      staged_.payloads.push_back(ToBytes(entry.payload));
    }
    staged_.rows.insert(staged_.rows.end(), batch.rows.begin(), batch.rows.end());
    staged_.list_rows.insert(staged_.list_rows.end(), batch.list_rows.begin(), batch.list_rows.end());
    return Sequence(disk_->entries.size() + staged_.entries.size());
  }
  // What the next Sync() does: whether the bytes arrived is one thing, whether we are told another.
  enum class Fault : std::uint8_t { kNone, kLost, kWrittenButFailed };
  void FailNextSync(Fault fault) { fault_ = fault; }

  Status Sync() override {
    const Fault fault = std::exchange(fault_, Fault::kNone);
    if (fault != Fault::kLost) Write();
    staged_ = {};
    if (fault != Fault::kNone) return Fail(Code::kUnavailable, "log.sync");
    return {};
  }
  Sequence Last() const override { return Sequence(disk_->entries.size()); }
  TreeHead Head() const override { return {disk_->entries.size(), RootAt(disk_->entries.size()).value()}; }
  Status Read(Sequence first, const Visitor& visit) const override {
    for (std::size_t i = first.value() - 1; i < disk_->entries.size(); ++i) {
      if (!disk_->erased.contains(disk_->entries[i].scope) && !visit(disk_->entries[i])) break;
    }
    return {};
  }
  Result<StoredEntry> Get(Sequence sequence) const override {
    if (sequence.value() == 0 || sequence > Last()) return Fail(Code::kNotFound, "log.entry");
    if (IsErased(sequence)) return Fail(Code::kNotFound, "log.erased");
    return disk_->entries[sequence.value() - 1];
  }
  Result<Bytes> Payload(Sequence sequence) const override {
    if (sequence.value() == 0 || sequence > Last()) return Fail(Code::kNotFound, "log.entry");
    if (IsErased(sequence)) return Fail(Code::kNotFound, "log.erased");
    return disk_->payloads[sequence.value() - 1];
  }
  Result<std::optional<Bytes>> FindRow(std::uint8_t table, ByteView key) const override {
    auto row = disk_->rows.find({table, ToBytes(key)});
    return row == disk_->rows.end() ? std::optional<Bytes>() : std::optional(row->second);
  }
  Result<std::vector<std::optional<Bytes>>> FindRows(std::uint8_t table, std::span<const Bytes> keys) const override {
    std::vector<std::optional<Bytes>> found;
    for (const Bytes& key : keys) found.push_back(FindRow(table, key).value());
    return found;
  }
  Status ReadList(std::uint8_t table, ByteView key, std::uint64_t from,
                  const std::function<bool(std::uint64_t, ByteView)>& visit) const override {
    auto list = disk_->lists.find({table, ToBytes(key)});
    if (list == disk_->lists.end()) return {};
    for (auto row = list->second.lower_bound(from); row != list->second.end(); ++row) {
      if (!visit(row->first, row->second)) break;
    }
    return {};
  }
  Result<std::optional<std::pair<std::uint64_t, Bytes>>> FindListRow(std::uint8_t table, ByteView key,
                                                                     std::uint64_t at) const override {
    using Row = std::optional<std::pair<std::uint64_t, Bytes>>;
    auto list = disk_->lists.find({table, ToBytes(key)});
    if (list == disk_->lists.end()) return Row();
    auto row = list->second.upper_bound(at);
    if (row == list->second.begin()) return Row();
    --row;
    return Row(std::pair(row->first, row->second));
  }
  Result<Hash32> RootAt(std::uint64_t size) const override {
    return size == 0 ? Result<Hash32>(EmptyRoot()) : schakel::RootAt(size, Subtrees());
  }
  Result<std::vector<Hash32>> InclusionProof(Sequence sequence, std::uint64_t size) const override {
    return schakel::InclusionProof(sequence.value() - 1, size, Subtrees());
  }
  Result<std::vector<Hash32>> ConsistencyProof(std::uint64_t first, std::uint64_t second) const override {
    return schakel::ConsistencyProof(first, second, Subtrees());
  }
  Status Recheck(Sequence, Sequence) const override { return {}; }
  Result<Verified> VerifyAll() const override { return Verified{disk_->entries.size(), 0, disk_->rows.size()}; }
  Status Erase(std::span<const DataScope> scopes) override {
    disk_->erased.insert(scopes.begin(), scopes.end());
    return {};
  }
  Status ChangeMasterKey(const MasterKeySource&) override { return {}; }
  Status SaveSnapshot(Sequence at, ByteView snapshot) override {
    disk_->snapshot = {at, ToBytes(snapshot)};
    return {};
  }
  Result<std::optional<std::pair<Sequence, Bytes>>> LoadSnapshot() const override { return disk_->snapshot; }
  void Quarantine(const Error& why) override { read_only_ = why; }
  std::optional<Error> read_only() const override { return read_only_; }

 private:
  bool IsErased(Sequence sequence) const { return disk_->erased.contains(disk_->entries[sequence.value() - 1].scope); }
  void Write() {
    for (std::size_t i = 0; i < staged_.entries.size(); ++i) {
      disk_->AppendLeaf(LogLeafHash(staged_.entries[i].salt, staged_.entries[i].entry));
      disk_->entries.push_back(std::move(staged_.entries[i]));
      disk_->payloads.push_back(std::move(staged_.payloads[i]));
    }
    for (IndexRow& row : staged_.rows) disk_->rows.insert_or_assign({row.table, row.key}, std::move(row.value));
    for (ListRow& row : staged_.list_rows) disk_->lists[{row.table, row.key}][row.position] = std::move(row.value);
  }

  struct Staged {
    std::vector<StoredEntry> entries;
    std::vector<Bytes> payloads;
    std::vector<IndexRow> rows;
    std::vector<ListRow> list_rows;
  };
  SubtreeHash Subtrees() const {
    return [this](unsigned level, std::uint64_t index) -> Result<Hash32> {
      if (level >= disk_->levels.size() || index >= disk_->levels[level].size()) {
        return Fail(Code::kInternal, "test.subtree");
      }
      return disk_->levels[level][index];
    };
  }

  std::shared_ptr<LogDisk> disk_;
  Staged staged_;
  std::optional<Error> read_only_;
  Fault fault_ = Fault::kNone;
};

}  // namespace schakel::testing
