// A store that is not there is not made by whoever only wants to use it, and a log goes on under its own name and keys.
#include "store_fixture.h"

namespace schakel::test {
namespace {

SigningPublicKey LogKey(std::uint8_t byte) { return SigningPublicKey(std::array<std::uint8_t, 32>{byte}); }
TransportPublicKey TransportKeyOf(std::uint8_t byte) { return TransportPublicKey(std::array<std::uint8_t, 32>{byte}); }

class AbsentTest : public StoreTest {
 protected:
  RocksLogOptions Using() const {
    RocksLogOptions options = LogOptions();
    options.if_absent = IfAbsent::kRefuse;
    options.identity = LogIdentity{"schakel.example/gent", LogKey(1), TransportKeyOf(2)};
    return options;
  }
  RocksLogOptions Making() const {
    RocksLogOptions options = Using();
    options.if_absent = IfAbsent::kCreate;
    return options;
  }
  static std::string RuleOfInspecting(const RocksLogOptions& options) {
    const Status status = InspectRocksLog(options);
    return status ? "" : status.error().rule;
  }
};

TEST_F(AbsentTest, ALogThatIsNotThereIsNotMadeByTheWay) {
  EXPECT_EQ(ErrorOfOpening(Using()).rule, "log.absent");
  EXPECT_FALSE(fs::exists(directory())) << "the place stays as it was";
  fs::create_directory(directory());  // As a mount point without its volume.
  EXPECT_EQ(ErrorOfOpening(Using()).rule, "log.absent");
  EXPECT_EQ(RuleOfInspecting(Using()), "log.absent");
  EXPECT_TRUE(fs::is_empty(directory()));
  EXPECT_EQ(AcceptLogHead(Using(), {}).error().rule, "log.absent");
}

TEST_F(AbsentTest, AVaultThatIsNotThereIsNotMadeByTheWay) {
  VaultStoreOptions options = VaultOptions();
  options.if_absent = IfAbsent::kRefuse;
  EXPECT_EQ(OpenVaultStore(options).error().rule, "vault.absent");
  EXPECT_EQ(InspectVaultStore(options).error().rule, "vault.absent");
  EXPECT_FALSE(fs::exists(directory()));
}

TEST_F(AbsentTest, AVaultIsInspectedWhileItIsOpen) {
  const auto open = OpenVaultStore(VaultOptions());
  ASSERT_TRUE(open);
  EXPECT_TRUE(InspectVaultStore(VaultOptions()));
  WriteKey(key_path(), 8);
  EXPECT_EQ(InspectVaultStore(VaultOptions()).error().rule, "store.master_key");
  fs::remove(key_path());
  EXPECT_EQ(InspectVaultStore(VaultOptions()).error().rule, "master_key.file");
}

TEST_F(AbsentTest, AStoreWhoseKeysAreGoneSaysSo) {
  OpenLog(Making());
  fs::remove(directory() / "keys");
  EXPECT_EQ(ErrorOfOpening(Using()).rule, "store.keys");
  EXPECT_EQ(RuleOfInspecting(Using()), "store.keys");
}

TEST_F(AbsentTest, ALogKnowsWhoseItIs) {
  {
    auto log = OpenLog(Making());
    ASSERT_TRUE(AppendAndSync(*log, 1, 5));
    EXPECT_EQ(RuleOfInspecting(Using()), "") << "also while it is open";
  }
  struct Case {
    const char* name;
    LogIdentity identity;
    const char* field;  // How it begins; empty: it is the same.
  };
  const Case cases[] = {
      {"the same", {"schakel.example/gent", LogKey(1), TransportKeyOf(2)}, ""},
      {"other origin", {"schakel.example/aalst", LogKey(1), TransportKeyOf(2)}, "origin"},
      {"other log key", {"schakel.example/gent", LogKey(9), TransportKeyOf(2)}, "log key"},
      {"other transport key", {"schakel.example/gent", LogKey(1), TransportKeyOf(9)}, "transport key"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    RocksLogOptions options = Using();
    options.identity = c.identity;
    const bool same = c.field[0] == '\0';
    const Error error = ErrorOfOpening(options);
    EXPECT_EQ(error.rule, same ? "" : "log.identity");
    EXPECT_TRUE(error.field.starts_with(c.field)) << error.field;
    EXPECT_EQ(RuleOfInspecting(options), same ? "" : "log.identity");
  }
  WriteKey(key_path(), 8);
  EXPECT_EQ(RuleOfInspecting(Using()), "store.master_key");
}

TEST_F(AbsentTest, AnIdentityThatIsGoneOrChangedIsRefused) {
  OpenLog(Making());
  const fs::path file = directory() / "identity";
  std::string bytes;
  {
    std::ifstream in(file, std::ios::binary);
    bytes.assign(std::istreambuf_iterator<char>(in), {});
  }
  EXPECT_EQ(bytes.find("schakel"), std::string::npos) << "it says nothing to who has no key";
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
  std::ofstream(file, std::ios::binary) << bytes;
  EXPECT_EQ(ErrorOfOpening(Using()).rule, "log.identity");
  fs::remove(file);
  EXPECT_EQ(ErrorOfOpening(Using()).rule, "log.identity");
  EXPECT_EQ(RuleOfInspecting(Using()), "log.identity");
}

TEST_F(AbsentTest, OpeningLeavesNoDraftsBehind) {
  for (int i = 0; i < 3; ++i) OpenLog(Making());
  for (const auto& file : fs::directory_iterator(directory() / "db")) {
    EXPECT_NE(file.path().extension(), ".dbtmp") << file.path();
  }
}

}  // namespace
}  // namespace schakel::test
