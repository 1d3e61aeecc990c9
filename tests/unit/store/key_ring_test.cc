#include "key_ring.h"

#include <sys/stat.h>

#include <set>

#include "disk_files.h"
#include "store_fixture.h"

namespace schakel::test {
namespace {

class KeyRingTest : public StoreTest {
 protected:
  MasterKeySource Key() const { return MasterKeyFile{key_path()}; }
  KeyRing Fresh() {
    SeededRandom random(3);
    auto ring = KeyRing::Create(StoreKind::kLog, Key(), random);
    EXPECT_TRUE(ring);
    return std::move(*ring);
  }
};

TEST_F(KeyRingTest, ComesBackFromItsFile) {
  const KeyRing ring = Fresh();
  const auto parsed = KeyRing::Parse(ring.Encode(), StoreKind::kLog, Key(), "keys");
  ASSERT_TRUE(parsed) << ToText(parsed.error());
  EXPECT_EQ(parsed->store_id(), ring.store_id());
  EXPECT_EQ(parsed->Hide(HiddenDomain::kIndexRow, {Text("x")}), ring.Hide(HiddenDomain::kIndexRow, {Text("x")}));
  EXPECT_EQ(parsed->Derive("head").bytes, ring.Derive("head").bytes);
  EXPECT_EQ(parsed->current_generation(), 1U);
  EXPECT_EQ(parsed->GenerationKey(1)->bytes, ring.GenerationKey(1)->bytes);
  EXPECT_EQ(parsed->GenerationKey(2).error().rule, "store.data_key");
}

TEST_F(KeyRingTest, HidesEachKindOfKeyApart) {
  const KeyRing ring = Fresh();
  const KeyRing other = Fresh();
  std::set<HiddenKey> seen;
  for (const auto domain : {HiddenDomain::kDataKey, HiddenDomain::kIndexRow, HiddenDomain::kList,
                            HiddenDomain::kNamedTable, HiddenDomain::kNamedRow, HiddenDomain::kNumberedTable}) {
    EXPECT_TRUE(seen.insert(ring.Hide(domain, {Text("key")})).second);
    EXPECT_TRUE(seen.insert(other.Hide(domain, {Text("key")})).second) << "another store, other keys";
    EXPECT_TRUE(seen.insert(ring.Hide(domain, {Bytes(500, 1)})).second);
    EXPECT_EQ(ring.Hide(domain, {Bytes(200, 1), Bytes(300, 1)}), ring.Hide(domain, {Bytes(500, 1)}));
  }
}

TEST_F(KeyRingTest, EveryFlippedBitOfTheFileIsNamed) {
  const Bytes file = Fresh().Encode();
  for (std::size_t i = 0; i < file.size(); ++i) {
    for (const int bit : {0, 3, 7}) {
      Bytes damaged = file;
      damaged[i] ^= static_cast<std::uint8_t>(1 << bit);
      const auto parsed = KeyRing::Parse(damaged, StoreKind::kLog, Key(), "keys");
      ASSERT_FALSE(parsed) << "byte " << i;
      EXPECT_EQ(parsed.error().code, Code::kCorrupt) << "byte " << i;
      EXPECT_EQ(parsed.error().rule, "store.keys");
    }
  }
}

TEST_F(KeyRingTest, EveryTruncationOfTheFileIsNamed) {
  const Bytes file = Fresh().Encode();
  for (std::size_t size = 0; size < file.size(); ++size) {
    EXPECT_EQ(KeyRing::Parse(ByteView(file).first(size), StoreKind::kLog, Key(), "keys").error().rule, "store.keys");
  }
  Bytes longer = file;
  longer.push_back(0);
  EXPECT_EQ(KeyRing::Parse(longer, StoreKind::kLog, Key(), "keys").error().rule, "store.keys");
}

// Whoever changes the file on purpose mends the plain hash too; the keyed one refuses.
TEST_F(KeyRingTest, AChangeWithAMendedHashIsRefused) {
  const Bytes file = Fresh().Encode();
  for (std::size_t i = 0; i + 32 < file.size(); ++i) {
    Bytes changed(file.begin(), file.end() - 32);
    changed[i] ^= 1;
    Append(changed, Sha256(changed));
    const auto parsed = KeyRing::Parse(changed, StoreKind::kLog, Key(), "keys");
    ASSERT_FALSE(parsed) << "byte " << i;
  }
}

TEST_F(KeyRingTest, AWrongMasterKeyIsToldFromDamage) {
  const Bytes file = Fresh().Encode();
  WriteKey(key_path(), 8);
  const auto parsed = KeyRing::Parse(file, StoreKind::kLog, Key(), "keys");
  EXPECT_EQ(parsed.error().code, Code::kWrongKey);
  EXPECT_EQ(parsed.error().rule, "store.master_key");
  const auto with_passphrase = KeyRing::Parse(file, StoreKind::kLog, MasterPassphrase{"words"}, "keys");
  EXPECT_EQ(with_passphrase.error().code, Code::kWrongKey);
}

TEST_F(KeyRingTest, OpensWithItsPassphraseOnly) {
  SeededRandom random(4);
  const auto ring = KeyRing::Create(StoreKind::kVault, MasterPassphrase{"correct horse"}, random);
  ASSERT_TRUE(ring);
  const Bytes file = ring->Encode();
  EXPECT_TRUE(KeyRing::Parse(file, StoreKind::kVault, MasterPassphrase{"correct horse"}, "keys"));
  EXPECT_EQ(KeyRing::Parse(file, StoreKind::kVault, MasterPassphrase{"correct horsf"}, "keys").error().code,
            Code::kWrongKey);
  EXPECT_EQ(KeyRing::Parse(file, StoreKind::kVault, MasterPassphrase{""}, "keys").error().rule, "master_key.empty");
  EXPECT_EQ(KeyRing::Parse(file, StoreKind::kLog, MasterPassphrase{"correct horse"}, "keys").error().rule,
            "store.kind");
}

TEST_F(KeyRingTest, AKeyFileIsMadeOnceAndForItsOwnerAlone) {
  const fs::path path = folder_ / "fresh";
  ASSERT_TRUE(CreateMasterKeyFile(path));
  struct stat info{};
  ASSERT_EQ(::stat(path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600U);
  EXPECT_EQ(fs::file_size(path), 65U);
  EXPECT_EQ(CreateMasterKeyFile(path).error().code, Code::kExists);
  SeededRandom random(1);
  EXPECT_TRUE(KeyRing::Create(StoreKind::kLog, MasterKeyFile{path}, random));
}

TEST_F(KeyRingTest, AKeyFileIsReadOnlyIfItIsSafeAndWellFormed) {
  struct Case {
    const char* name;
    std::string text;
    fs::perms mode;
    const char* rule;
  };
  const auto mine = fs::perms::owner_read | fs::perms::owner_write;
  const std::string good(64, 'a');
  const Case cases[] = {
      {"plain", good, mine, ""},
      {"with a newline", good + "\n", mine, ""},
      {"read-only", good, fs::perms::owner_read, ""},
      {"two newlines", good + "\n\n", mine, "master_key.format"},
      {"short", good.substr(1), mine, "master_key.format"},
      {"long", good + "aa", mine, "master_key.format"},
      {"no hex", "g" + good.substr(1), mine, "master_key.format"},
      {"empty", "", mine, "master_key.format"},
      {"group may read", good, mine | fs::perms::group_read, "master_key.mode"},
      {"all may read", good, mine | fs::perms::others_read, "master_key.mode"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    const fs::path path = folder_ / "tried";
    fs::remove(path);
    std::ofstream(path) << c.text;
    fs::permissions(path, c.mode);
    SeededRandom random(1);
    const auto ring = KeyRing::Create(StoreKind::kLog, MasterKeyFile{path}, random);
    EXPECT_EQ(ring ? "" : ring.error().rule, c.rule);
  }
  SeededRandom random(1);
  EXPECT_EQ(KeyRing::Create(StoreKind::kLog, MasterKeyFile{folder_ / "none"}, random).error().rule, "master_key.file");
}

}  // namespace
}  // namespace schakel::test
