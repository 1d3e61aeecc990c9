// A VaultStore in memory whose disk outlives it: for crashes at every commit.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "store/vault_store.h"

namespace schakel::testing {

struct MemoryDisk {
  std::mutex mutex;
  struct Row {
    Bytes value;
    DataScope scope;
    std::size_t set_bytes = 0;
  };
  std::map<std::pair<std::uint8_t, Bytes>, Row> by_name;
  std::map<std::pair<std::uint8_t, std::uint64_t>, Row> by_number;
  std::set<DataScope> erased;
  std::uint64_t commits = 0;
  std::uint64_t rows_scanned = 0;            // Of tables by name.
  std::optional<std::uint64_t> commits_max;  // The one after these fails, as do all later ones until Mend().

  void Mend() {
    std::lock_guard lock(mutex);
    commits_max.reset();
  }
};

class MemoryVaultStore : public VaultStore {
 public:
  explicit MemoryVaultStore(std::shared_ptr<MemoryDisk> disk) : disk_(std::move(disk)) {}

  Status Commit(const std::vector<VaultWrite>& writes) override {
    std::lock_guard lock(disk_->mutex);
    if (disk_->commits_max && disk_->commits >= *disk_->commits_max) return Fail(Code::kUnavailable, "vault.disk");
    for (const VaultWrite& write : writes) {
      const bool puts = write.kind == VaultWrite::Kind::kPut;
      if (puts && disk_->erased.contains(write.scope)) return Fail(Code::kNotFound, "store.erased");
    }
    ++disk_->commits;
    for (const VaultWrite& write : writes) {
      if (write.table < 128) {
        Write(disk_->by_name, std::pair(write.table, write.key), write);
      } else {
        Write(disk_->by_number, std::pair(write.table, write.number), write);
      }
    }
    return {};
  }
  Result<std::optional<Bytes>> Get(std::uint8_t table, ByteView key) const override {
    std::lock_guard lock(disk_->mutex);
    return Find(disk_->by_name, std::pair(table, ToBytes(key)));
  }
  Result<std::optional<Bytes>> Get(std::uint8_t table, std::uint64_t number) const override {
    std::lock_guard lock(disk_->mutex);
    return Find(disk_->by_number, std::pair(table, number));
  }
  Status Scan(std::uint8_t table, const std::function<bool(ByteView, ByteView)>& visit) const override {
    return Scan(table, ByteView(), visit);
  }
  Status Scan(std::uint8_t table, ByteView set, const std::function<bool(ByteView, ByteView)>& visit) const override {
    std::vector<std::pair<Bytes, Bytes>> rows;
    {
      std::lock_guard lock(disk_->mutex);
      for (auto row = disk_->by_name.lower_bound({table, ToBytes(set)}); row != disk_->by_name.end(); ++row) {
        const auto& [of, key] = row->first;
        if (of != table || key.size() < set.size() || !Equal(ByteView(key).first(set.size()), set)) break;
        ++disk_->rows_scanned;
        if (row->second.set_bytes == set.size()) rows.emplace_back(key, row->second.value);
      }
    }
    for (const auto& [key, value] : rows) {
      if (!visit(key, value)) break;
    }
    return {};
  }
  Status Scan(std::uint8_t table, std::uint64_t from,
              const std::function<bool(std::uint64_t, ByteView)>& visit) const override {
    std::vector<std::pair<std::uint64_t, Bytes>> rows;
    {
      std::lock_guard lock(disk_->mutex);
      for (auto row = disk_->by_number.lower_bound({table, from});
           row != disk_->by_number.end() && row->first.first == table; ++row) {
        rows.emplace_back(row->first.second, row->second.value);
      }
    }
    for (const auto& [number, value] : rows) {
      if (!visit(number, value)) break;
    }
    return {};
  }
  Result<std::optional<std::uint64_t>> LastNumber(std::uint8_t table) const override {
    std::lock_guard lock(disk_->mutex);
    auto row = disk_->by_number.upper_bound({table, ~std::uint64_t{0}});
    if (row == disk_->by_number.begin() || std::prev(row)->first.first != table) return std::optional<std::uint64_t>();
    return std::optional(std::prev(row)->first.second);
  }
  Status Erase(std::span<const DataScope> scopes) override {
    std::lock_guard lock(disk_->mutex);
    disk_->erased.insert(scopes.begin(), scopes.end());
    const auto gone = [&](const auto& row) { return disk_->erased.contains(row.second.scope); };
    std::erase_if(disk_->by_name, gone);
    std::erase_if(disk_->by_number, gone);
    return {};
  }
  Status ChangeMasterKey(const MasterKeySource&) override { return {}; }
  Result<std::uint64_t> VerifyAll() const override {
    std::lock_guard lock(disk_->mutex);
    return disk_->by_name.size() + disk_->by_number.size();
  }

 private:
  template <typename Map, typename Key>
  static void Write(Map& map, Key key, const VaultWrite& write) {
    if (write.kind == VaultWrite::Kind::kDelete) {
      map.erase(key);
    } else {
      map.insert_or_assign(std::move(key), MemoryDisk::Row{write.value, write.scope, write.set_bytes});
    }
  }
  template <typename Map, typename Key>
  static Result<std::optional<Bytes>> Find(const Map& map, const Key& key) {
    auto row = map.find(key);
    return row == map.end() ? std::optional<Bytes>() : std::optional(row->second.value);
  }

  std::shared_ptr<MemoryDisk> disk_;
};

}  // namespace schakel::testing
