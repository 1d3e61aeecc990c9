// A store written by the first version must open with every later one, for as long as anyone has such a store.
//
// tests/golden/store-v1 and vault-v1 hold one each; SCHAKEL_WRITE_GOLDEN=1 writes them anew, which only a new format
// version may call for, and then beside the old ones.
#include <cstdlib>

#include "store_fixture.h"
#include "support/paths.h"

namespace schakel::test {
namespace {

constexpr std::uint64_t kSize = 300;  // One tile and a piece.

class GoldenTest : public StoreTest {
 protected:
  static fs::path Golden(const char* name) { return SourceDir() / "tests" / "golden" / name; }
  static bool Writing() { return std::getenv("SCHAKEL_WRITE_GOLDEN") != nullptr; }
  void Keep(const char* name) const {
    CopyStoreTo(Golden(name));
    // What no reader needs: lock, and the options that RocksDB notes for people.
    for (const auto& item : fs::recursive_directory_iterator(Golden(name))) {
      const std::string file = item.path().filename().string();
      if (file.starts_with("OPTIONS") || file == "LOCK" || file == "lock") fs::remove(item.path());
    }
  }
  static std::vector<VaultWrite> VaultRows() {
    std::vector<VaultWrite> writes;
    for (std::uint64_t i = 0; i < 20; ++i) {
      writes.push_back({.table = 1, .key = Text("k" + std::to_string(i)), .value = Text("v"), .scope = ScopeOf(1)});
      writes.push_back({.table = 129, .key = {}, .number = i, .value = Text("n"), .scope = ScopeOf(2)});
    }
    return writes;
  }
};

TEST_F(GoldenTest, ALogOfTheFirstVersionOpens) {
  if (Writing()) {
    MakeLog(200, 40);
    auto log = OpenLog();
    for (std::uint64_t i = 201; i <= kSize; i += 10) ASSERT_TRUE(AppendAndSync(*log, i, i + 9));
    ASSERT_TRUE(log->SaveSnapshot(Sequence(280), Text("snapshot of 280")));
    log.reset();
    Keep("store-v1");
  }
  ASSERT_TRUE(fs::exists(Golden("store-v1") / "keys"));
  CopyFolder(Golden("store-v1"), directory());
  auto log = OpenLog();
  ASSERT_NE(log, nullptr);
  EXPECT_FALSE(log->read_only());
  ExpectHolds(*log, kSize);
  const auto verified = log->VerifyAll();
  ASSERT_TRUE(verified) << ToText(verified.error());
  EXPECT_EQ(verified->entries, kSize);
  EXPECT_EQ(verified->payloads, 200U);
  EXPECT_EQ(verified->rows, 2 * kSize);
  const auto snapshot = log->LoadSnapshot();
  ASSERT_TRUE(snapshot);
  EXPECT_EQ(**snapshot, std::pair(Sequence(280), Text("snapshot of 280")));
  ASSERT_TRUE(AppendAndSync(*log, kSize + 1, kSize + 20));
  ExpectHolds(*log, kSize + 20);
}

TEST_F(GoldenTest, AVaultOfTheFirstVersionOpens) {
  if (Writing()) {
    {
      auto vault = OpenVaultStore(VaultOptions());
      ASSERT_TRUE(vault);
      ASSERT_TRUE((*vault)->Commit(VaultRows()));
    }
    Keep("vault-v1");
  }
  CopyFolder(Golden("vault-v1"), directory());
  auto vault = OpenVaultStore(VaultOptions());
  ASSERT_TRUE(vault) << ToText(vault.error());
  for (const VaultWrite& write : VaultRows()) {
    const auto value =
        write.table < 128 ? (*vault)->Get(write.table, write.key) : (*vault)->Get(write.table, write.number);
    ASSERT_TRUE(value);
    EXPECT_EQ(*value, write.value);
  }
  EXPECT_EQ((*vault)->VerifyAll().value(), 40U);
}

}  // namespace
}  // namespace schakel::test
