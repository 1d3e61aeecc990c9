// Small logs and vaults to test with, and what their contents ought to be.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <memory>

#include "protocol/crypto.h"
#include "protocol/merkle.h"
#include "store/log.h"
#include "store/vault_store.h"
#include "support/temp_folder.h"

namespace schakel::test {

namespace fs = std::filesystem;

// Repeats itself, so that a test that fails does so again.
class SeededRandom final : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed) : state_(seed * 2 + 1) {}
  void Fill(std::span<std::uint8_t> out) override {
    for (std::uint8_t& byte : out) byte = static_cast<std::uint8_t>(Next() >> 32);
  }
  std::uint64_t Next() {  // SplitMix64.
    std::uint64_t z = state_ += 0x9e3779b97f4a7c15;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
  }
  std::uint64_t Below(std::uint64_t bound) { return Next() % bound; }

 private:
  std::uint64_t state_;
};

// Under slow sanitizers the tests that try many places try fewer.
inline bool Light() { return std::getenv("SCHAKEL_LIGHT") != nullptr; }

inline Bytes Text(std::string_view text) { return ToBytes(AsBytes(text)); }
inline DataScope ScopeOf(std::uint8_t number) {
  Id128 id{};
  id.fill(number);
  return DataScope(id);
}

// Entry `sequence` of every test log: a little of everything, without chance.
struct TestEntry {
  explicit TestEntry(std::uint64_t sequence)
      : entry(Text("entry " + std::to_string(sequence))),
        payload(sequence % 3 == 0 ? Bytes{} : Text("payload " + std::to_string(sequence))),
        scope(ScopeOf(static_cast<std::uint8_t>(sequence % 5))) {
    salt.fill(static_cast<std::uint8_t>(sequence));
  }
  NewEntry View() const { return {scope, entry, salt, payload}; }
  Hash32 Leaf() const { return LogLeafHash(salt, entry); }

  Bytes entry;
  Bytes payload;
  Hash32 salt{};
  DataScope scope;
};

// Entries first..last with an index row and a list row each, appended as one batch.
inline Result<Sequence> AppendEntries(Log& log, std::uint64_t first, std::uint64_t last) {
  std::vector<TestEntry> entries;
  entries.reserve(last - first + 1);
  LogBatch batch;
  for (std::uint64_t i = first; i <= last; ++i) {
    entries.emplace_back(i);
    batch.rows.push_back({1, Text("key " + std::to_string(i)), Text("row " + std::to_string(i))});
    batch.list_rows.push_back({2, Text("list " + std::to_string(i % 3)), i, Text("item " + std::to_string(i))});
  }
  for (const TestEntry& entry : entries) batch.entries.push_back(entry.View());
  return log.Append(batch, Sequence(first - 1));
}
inline Status AppendAndSync(Log& log, std::uint64_t first, std::uint64_t last) {
  SCHAKEL_TRY(AppendEntries(log, first, last));
  return log.Sync();
}

inline Frontier FrontierOf(std::uint64_t size) {
  Frontier frontier;
  for (std::uint64_t i = 1; i <= size; ++i) frontier.Append(TestEntry(i).Leaf());
  return frontier;
}

// All that a log of `size` such entries must answer.
inline void ExpectHolds(const Log& log, std::uint64_t size) {
  ASSERT_EQ(log.Last(), Sequence(size));
  EXPECT_EQ(log.Head(), (TreeHead{size, FrontierOf(size).Root()}));
  std::uint64_t expected = 1;
  const Status read = log.Read(Sequence(1), [&](const StoredEntry& stored) {
    const TestEntry want(expected);
    EXPECT_EQ(stored.sequence, Sequence(expected));
    EXPECT_EQ(stored.scope, want.scope);
    EXPECT_EQ(stored.entry, want.entry);
    EXPECT_EQ(stored.salt, want.salt);
    ++expected;
    return true;
  });
  ASSERT_TRUE(read) << ToText(read.error());
  EXPECT_EQ(expected, size + 1);
  for (std::uint64_t i = 1; i <= size; ++i) {
    const auto payload = log.Payload(Sequence(i));
    ASSERT_TRUE(payload) << ToText(payload.error());
    EXPECT_EQ(*payload, TestEntry(i).payload);
    const auto row = log.FindRow(1, Text("key " + std::to_string(i)));
    ASSERT_TRUE(row) << ToText(row.error());
    EXPECT_EQ(*row, Text("row " + std::to_string(i)));
  }
  std::uint64_t items = 0;
  for (std::uint64_t list = 0; list < 3; ++list) {
    std::uint64_t position = list == 0 ? 3 : list;
    const Status listed =
        log.ReadList(2, Text("list " + std::to_string(list)), 0, [&](std::uint64_t at, ByteView value) {
          EXPECT_EQ(at, position);
          EXPECT_EQ(ToBytes(value), Text("item " + std::to_string(at)));
          position += 3;
          ++items;
          return true;
        });
    ASSERT_TRUE(listed) << ToText(listed.error());
  }
  EXPECT_EQ(items, size);
}

class StoreTest : public testing::Test {
 protected:
  StoreTest() {
    InitCrypto();
    WriteKey(key_path(), 7);
  }

  static void WriteKey(const fs::path& path, std::uint8_t byte) {
    std::ofstream(path) << ToHex(Bytes(32, byte)) << "\n";
    fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write);
  }
  fs::path key_path() const { return folder_ / "key"; }
  fs::path directory() const { return folder_ / "store"; }

  // Little of everything: many a log is opened here.
  RocksLogOptions LogOptions() const {
    RocksLogOptions options;
    options.directory = directory();
    options.master_key = MasterKeyFile{key_path()};
    options.if_absent = IfAbsent::kCreate;
    options.memtable_bytes = 1U << 20;
    options.block_cache_bytes = 1U << 20;
    options.ballast_bytes = 0;
    return options;
  }
  VaultStoreOptions VaultOptions() const {
    VaultStoreOptions options;
    options.directory = directory();
    options.master_key = MasterKeyFile{key_path()};
    options.if_absent = IfAbsent::kCreate;
    return options;
  }
  std::unique_ptr<Log> OpenLog() { return OpenLog(LogOptions()); }
  static std::unique_ptr<Log> OpenLog(const RocksLogOptions& options) {
    auto log = OpenRocksLog(options);
    if (!log) {
      ADD_FAILURE() << ToText(log.error());
      return nullptr;
    }
    return std::move(*log);
  }
  // A log of `size` entries, `group` a commit, closed.
  void MakeLog(std::uint64_t size, std::uint64_t group) {
    auto log = OpenLog();
    ASSERT_NE(log, nullptr);
    for (std::uint64_t first = 1; first <= size; first += group) {
      ASSERT_TRUE(AppendAndSync(*log, first, std::min(first + group - 1, size)));
    }
  }
  void CopyStoreTo(const fs::path& to) const { CopyFolder(directory(), to); }
  void PutStoreBackFrom(const fs::path& from) const { CopyFolder(from, directory()); }
  static void CopyFolder(const fs::path& from, const fs::path& to) {
    fs::remove_all(to);
    fs::copy(from, to, fs::copy_options::recursive);
  }

  TempFolder folder_;
};

// How opening went wrong.
inline Error ErrorOfOpening(const RocksLogOptions& options) {
  auto log = OpenRocksLog(options);
  return log ? Error{} : log.error();
}

}  // namespace schakel::test
