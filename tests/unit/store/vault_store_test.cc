#include "store/vault_store.h"

#include <map>
#include <thread>

#include "store_fixture.h"

namespace schakel::test {
namespace {

constexpr std::uint8_t kNamed = 3;
constexpr std::uint8_t kNumbered = 130;

VaultWrite PutNamed(std::string_view key, std::string_view value, std::uint8_t table = kNamed) {
  return {.table = table, .key = Text(key), .value = Text(value), .scope = ScopeOf(1)};
}
VaultWrite PutNumbered(std::uint64_t number, std::string_view value, std::uint8_t table = kNumbered) {
  return {.table = table, .key = {}, .number = number, .value = Text(value), .scope = ScopeOf(2)};
}

class VaultStoreTest : public StoreTest {
 protected:
  std::unique_ptr<VaultStore> Open() {
    auto vault = OpenVaultStore(VaultOptions());
    if (!vault) {
      ADD_FAILURE() << ToText(vault.error());
      return nullptr;
    }
    return std::move(*vault);
  }
  static std::map<std::string, std::string> All(const VaultStore& vault, std::uint8_t table) {
    std::map<std::string, std::string> out;
    EXPECT_TRUE(vault.Scan(table, [&](ByteView key, ByteView value) {
      EXPECT_TRUE(out.emplace(AsText(key), AsText(value)).second);
      return true;
    }));
    return out;
  }
  static std::vector<std::uint64_t> NumbersFrom(const VaultStore& vault, std::uint8_t table, std::uint64_t from) {
    std::vector<std::uint64_t> out;
    EXPECT_TRUE(vault.Scan(table, from, [&](std::uint64_t number, ByteView value) {
      EXPECT_EQ(AsText(value), "n" + std::to_string(number));
      out.push_back(number);
      return true;
    }));
    return out;
  }
};

TEST_F(VaultStoreTest, GivesBackWhatWasCommittedAlsoAfterReopening) {
  auto vault = Open();
  ASSERT_NE(vault, nullptr);
  EXPECT_EQ(vault->Get(kNamed, Text("a")).value(), std::nullopt);
  ASSERT_TRUE(vault->Commit({PutNamed("a", "one"), PutNamed("b", "two"), PutNumbered(7, "seven")}));
  ASSERT_TRUE(vault->Commit({PutNamed("a", "three")}));
  ASSERT_TRUE(vault->Commit({}));
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(vault->Get(kNamed, Text("a")).value(), Text("three"));
    EXPECT_EQ(vault->Get(kNamed, Text("b")).value(), Text("two"));
    EXPECT_EQ(vault->Get(kNamed + 1, Text("a")).value(), std::nullopt);
    EXPECT_EQ(vault->Get(kNumbered, 7).value(), Text("seven"));
    EXPECT_EQ(vault->Get(kNumbered, 8).value(), std::nullopt);
    EXPECT_EQ(vault->VerifyAll().value(), 3U);
    vault.reset();
    vault = Open();
  }
}

TEST_F(VaultStoreTest, ScansOneTableByName) {
  auto vault = Open();
  std::map<std::string, std::string> want;
  for (int i = 0; i < 300; ++i) {
    const std::string key = "key " + std::to_string(i);
    want[key] = "value " + std::to_string(i);
    ASSERT_TRUE(vault->Commit({PutNamed(key, want[key]), PutNamed(key, "other", kNamed + 1)}));
  }
  ASSERT_TRUE(vault->Commit({PutNamed("", "empty key")}));
  want[""] = "empty key";
  EXPECT_EQ(All(*vault, kNamed), want);
  EXPECT_EQ(All(*vault, kNamed + 1).size(), 300U);
  EXPECT_TRUE(All(*vault, kNamed + 2).empty());
  VaultWrite removed = PutNamed("key 5", "");
  removed.kind = VaultWrite::Kind::kDelete;
  ASSERT_TRUE(vault->Commit({removed}));
  want.erase("key 5");
  EXPECT_EQ(All(*vault, kNamed), want);
}

TEST_F(VaultStoreTest, ScansOneSetOfATable) {
  auto vault = Open();
  const auto put = [](std::string_view set, std::string_view key, std::string_view value) {
    VaultWrite write = PutNamed(std::string(set) + std::string(key), value);
    write.set_bytes = set.size();
    return write;
  };
  const auto of_set = [&](std::string_view set) {
    std::map<std::string, std::string> out;
    EXPECT_TRUE(vault->Scan(kNamed, Text(set), [&](ByteView key, ByteView value) {
      EXPECT_TRUE(out.emplace(AsText(key), AsText(value)).second);
      return true;
    }));
    return out;
  };
  ASSERT_TRUE(vault->Commit({put("a/", "1", "one"), put("a/", "2", "two"), put("a/b/", "1", "three"),
                             put("b/", "1", "four"), PutNamed("a/1", "of no set")}));
  ASSERT_TRUE(vault->Commit({put("a/", "2", "new")}));
  using Rows = std::map<std::string, std::string>;
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(of_set("a/"), (Rows{{"a/1", "one"}, {"a/2", "new"}}));
    EXPECT_EQ(of_set("a/b/"), (Rows{{"a/b/1", "three"}}));
    EXPECT_EQ(of_set("c/"), Rows());
    EXPECT_EQ(All(*vault, kNamed), (Rows{{"a/1", "of no set"}}));
    EXPECT_EQ(vault->VerifyAll().value(), 5U);
    vault.reset();
    vault = Open();
  }
  VaultWrite removed = put("a/", "1", "");
  removed.kind = VaultWrite::Kind::kDelete;
  ASSERT_TRUE(vault->Commit({removed}));
  EXPECT_EQ(of_set("a/"), (Rows{{"a/2", "new"}}));
  EXPECT_EQ(All(*vault, kNamed), (Rows{{"a/1", "of no set"}}));
  const DataScope scope = ScopeOf(1);
  ASSERT_TRUE(vault->Erase({&scope, 1}));
  EXPECT_EQ(of_set("a/"), Rows());
}

TEST_F(VaultStoreTest, ScansOneTableByNumberInOrder) {
  auto vault = Open();
  EXPECT_EQ(vault->LastNumber(kNumbered).value(), std::nullopt);
  for (const std::uint64_t number : {300, 5, 70'000, 6, 255, 256}) {
    ASSERT_TRUE(vault->Commit({PutNumbered(number, "n" + std::to_string(number)),
                               PutNumbered(number + 1'000'000, "n" + std::to_string(number + 1'000'000), 131)}));
  }
  EXPECT_EQ(NumbersFrom(*vault, kNumbered, 0), (std::vector<std::uint64_t>{5, 6, 255, 256, 300, 70'000}));
  EXPECT_EQ(NumbersFrom(*vault, kNumbered, 7), (std::vector<std::uint64_t>{255, 256, 300, 70'000}));
  EXPECT_TRUE(NumbersFrom(*vault, kNumbered, 70'001).empty());
  EXPECT_EQ(vault->LastNumber(kNumbered).value(), 70'000U);
  EXPECT_EQ(vault->LastNumber(131).value(), 1'070'000U);
  EXPECT_EQ(vault->LastNumber(132).value(), std::nullopt);
  VaultWrite removed = PutNumbered(70'000, "");
  removed.kind = VaultWrite::Kind::kDelete;
  ASSERT_TRUE(vault->Commit({removed}));
  EXPECT_EQ(vault->LastNumber(kNumbered).value(), 300U);
}

TEST_F(VaultStoreTest, RefusesATableOfTheOtherKind) {
  auto vault = Open();
  EXPECT_EQ(vault->Get(kNumbered, Text("a")).error().rule, "vault.table");
  EXPECT_EQ(vault->Get(kNamed, 1).error().rule, "vault.table");
  EXPECT_EQ(vault->LastNumber(127).error().rule, "vault.table");
  EXPECT_TRUE(vault->LastNumber(128));
  EXPECT_TRUE(vault->Get(127, Text("a")));
}

TEST_F(VaultStoreTest, ALogDoesNotOpenAsAVaultNorAVaultAsALog) {
  ASSERT_NE(Open(), nullptr);
  EXPECT_EQ(ErrorOfOpening(LogOptions()).rule, "store.kind");
  fs::remove_all(directory());
  MakeLog(1, 1);
  EXPECT_EQ(OpenVaultStore(VaultOptions()).error().rule, "store.kind");
}

TEST_F(VaultStoreTest, OpensWithItsPassphraseOnly) {
  VaultStoreOptions options = VaultOptions();
  options.master_key = MasterPassphrase{"een lange zin"};
  {
    auto vault = OpenVaultStore(options);
    ASSERT_TRUE(vault);
    ASSERT_TRUE((*vault)->Commit({PutNamed("a", "one")}));
  }
  options.master_key = MasterPassphrase{"een lange zon"};
  EXPECT_EQ(OpenVaultStore(options).error().code, Code::kWrongKey);
  options.master_key = MasterPassphrase{"een lange zin"};
  auto vault = OpenVaultStore(options);
  ASSERT_TRUE(vault);
  EXPECT_EQ((*vault)->Get(kNamed, Text("a")).value(), Text("one"));
}

// Run under TSan too.
TEST_F(VaultStoreTest, ManyThreadsCommitAndRead) {
  auto vault = Open();
  constexpr int kThreads = 4;
  constexpr int kCommits = 40;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&vault, t] {
      for (int i = 0; i < kCommits; ++i) {
        VaultWrite write = PutNamed(std::to_string(t) + "/" + std::to_string(i), "value");
        write.scope = ScopeOf(static_cast<std::uint8_t>(i));  // The same fresh keys from all sides at once.
        EXPECT_TRUE(vault->Commit({write, PutNumbered(static_cast<std::uint64_t>(t * 1000 + i), "n")}));
        EXPECT_EQ(vault->Get(kNamed, write.key).value(), Text("value"));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  vault.reset();
  vault = Open();
  EXPECT_EQ(vault->VerifyAll().value(), std::uint64_t{kThreads * kCommits * 2});
  EXPECT_EQ(All(*vault, kNamed).size(), std::size_t{kThreads * kCommits});
}

}  // namespace
}  // namespace schakel::test
