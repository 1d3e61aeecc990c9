// Plants words in every field that a store takes, and looks for them in every byte that it leaves on disk.
#include <set>

#include "disk_files.h"
#include "store_fixture.h"
#include "support/canary.h"

namespace schakel::test {
namespace {

// A word no file has by chance, in all the shapes in which it could leak.
class Canary {
 public:
  explicit Canary(std::string_view name) : word_("KANARIE-" + std::string(name) + "-zx9Q") {}

  const std::string& word() const { return word_; }
  Bytes bytes() const { return Text(word_); }
  Id128 id() const {
    const Hash32 hash = Sha256(bytes());
    Id128 id;
    std::memcpy(id.data(), hash.data(), id.size());
    return id;
  }

 private:
  std::string word_;
};

std::vector<std::string> FindIn(const fs::path& folder, const std::vector<Bytes>& words) {
  return testing::CanarySearch(words).FindBelow(folder);
}

class CanaryTest : public StoreTest {};

TEST_F(CanaryTest, TheSearchFindsEachShape) {
  const Canary canary("control");
  const Bytes before[] = {{}, {1}, {1, 2}};
  for (const Bytes& padding : before) {
    Bytes plain = padding;
    Append(plain, canary.bytes());
    plain.push_back(9);
    for (const std::string& text :
         {std::string(AsText(plain)), ToHex(plain), ToBase64(plain), testing::Utf16(plain, true)}) {
      std::ofstream(folder_ / "leak") << "noise" << text << "noise";
      EXPECT_FALSE(FindIn(folder_.path(), {canary.bytes()}).empty());
    }
  }
  std::ofstream(folder_ / "leak") << "noise";
  EXPECT_TRUE(FindIn(folder_.path(), {canary.bytes()}).empty());
}

TEST_F(CanaryTest, ALogLeavesNothingReadable) {
  const Canary scope("scope"), entry("entry"), payload("payload"), row_key("rowkey"), row_value("rowvalue"),
      list_key("listkey"), list_value("listvalue"), snapshot("snapshot"), rule("rule"), field("field"), next("next"),
      salt("salt"), passphrase("passphrase");
  RocksLogOptions options = LogOptions();
  options.master_key = MasterPassphrase{passphrase.word()};
  const Hash32 salt_bytes = Sha256(salt.bytes());
  const std::vector<Bytes> words{ToBytes(scope.id()), entry.bytes(),    payload.bytes(),    row_key.bytes(),
                                 row_value.bytes(),   list_key.bytes(), list_value.bytes(), snapshot.bytes(),
                                 rule.bytes(),        field.bytes(),    next.bytes(),       ToBytes(salt_bytes),
                                 passphrase.bytes()};
  const auto fill = [&](Log& log) {
    for (int commit = 0; commit < 30; ++commit) {
      LogBatch batch;
      for (int i = 0; i < 20; ++i) {
        batch.entries.push_back({DataScope(scope.id()), AsBytes(entry.word()), salt_bytes, AsBytes(payload.word())});
        Bytes key = row_key.bytes();
        key.push_back(static_cast<std::uint8_t>(i));
        batch.rows.push_back({1, key, row_value.bytes()});
      }
      batch.list_rows.push_back({2, list_key.bytes(), log.Last().value() + 1, list_value.bytes()});
      ASSERT_TRUE(log.Append(batch, log.Last()));
      ASSERT_TRUE(log.Sync());
      ASSERT_TRUE(log.SaveSnapshot(log.Last(), AsBytes(snapshot.word())));
    }
  };
  for (int round = 0; round < 3; ++round) {
    auto log = OpenLog(options);
    fill(*log);
    if (round == 2) log->Quarantine({Code::kTampered, rule.word(), field.word(), next.word()});
    EXPECT_EQ(FindIn(directory(), words), std::vector<std::string>{}) << "open";
    log.reset();
    EXPECT_EQ(FindIn(directory(), words), std::vector<std::string>{}) << "closed";
  }
  EXPECT_EQ(OpenLog(options)->read_only()->next, next.word());
  EXPECT_EQ(FindIn(directory(), words), std::vector<std::string>{}) << "opened again";
}

TEST_F(CanaryTest, AVaultLeavesNothingReadable) {
  const Canary scope("scope"), name("name"), named("named"), numbered("numbered");
  const std::vector<Bytes> words{ToBytes(scope.id()), name.bytes(), named.bytes(),
                                 numbered.bytes(),    Bytes(32, 7), Text(ToHex(Bytes(32, 7)))};
  for (int round = 0; round < 2; ++round) {
    auto vault = OpenVaultStore(VaultOptions());
    ASSERT_TRUE(vault);
    for (std::uint64_t i = 0; i < 50; ++i) {
      VaultWrite by_name{.table = 1, .key = name.bytes(), .value = named.bytes(), .scope = DataScope(scope.id())};
      VaultWrite by_number{.table = 200, .key = {}, .number = i, .value = numbered.bytes(), .scope = by_name.scope};
      ASSERT_TRUE((*vault)->Commit({by_name, by_number}));
    }
    EXPECT_EQ(FindIn(directory(), words), std::vector<std::string>{}) << "open";
    vault->reset();
    EXPECT_EQ(FindIn(directory(), words), std::vector<std::string>{}) << "closed";
  }
}

// Which entries share a trajectory does not show either: no 16 bytes of the log occur twice, though all its entries
// are equal and of one scope.
TEST_F(CanaryTest, EqualEntriesLookUnlike) {
  auto log = OpenLog();
  LogBatch batch;
  const Bytes same(300, 1);
  for (std::uint8_t i = 0; i < 64; ++i) {
    Hash32 salt;
    salt.fill(i);
    batch.entries.push_back({ScopeOf(9), same, salt, same});
  }
  ASSERT_TRUE(log->Append(batch, Sequence(0)));
  ASSERT_TRUE(log->Sync());
  log.reset();
  std::size_t windows = 0;
  for (const auto& item : fs::directory_iterator(directory() / "db")) {
    if (item.path().extension() != ".log") continue;
    auto file = ReadWholeFile(item.path(), std::size_t{1} << 30, "test");
    ASSERT_TRUE(file);
    std::set<std::string_view> seen;
    for (std::size_t at = 0; at + 16 <= file->size(); ++at, ++windows) {
      EXPECT_TRUE(seen.insert(AsText(ByteView(*file).subspan(at, 16))).second) << "at " << at;
    }
  }
  EXPECT_GT(windows, 64U * 600U);
}

}  // namespace
}  // namespace schakel::test
