// A trajectory with a marker in what people wrote is erased, by two persons. Afterwards it is to be read nowhere: not
// in the programs, not in any folder, not in a backup made then, and not in a copy of the databases made before, with
// the keys that there are today.
#include <gtest/gtest.h>

#include "protocol/entry.h"
#include "store/log.h"
#include "store/vault_store.h"
#include "support/canary.h"
#include "support/real_region.h"

namespace schakel::testing {
namespace {

using std::filesystem::path;

class ErasureStory : public ::testing::Test {
 protected:
  ErasureStory() : region_({"wis-leidt", "wis-helpt", "wis-vertrok"}) {}

  std::string Mark(const std::string& name) {
    const std::string word = "KANARIE " + name + " wq7Z-é";
    words_.push_back(ToBytes(AsBytes(word)));
    return word;
  }
  ApiClient LeadAs(const std::string& person) { return region_.agent(0).Client(person); }

  void Tell() {
    ApiClient lead = LeadAs("Lotte Vermeulen");
    trajectory_ = region_.ShareCase();
    path_ = "/v1/trajectories/" + trajectory_;
    note_ = lead.MustPost(path_ + "/notes", LivingNote(Mark("titel"), Mark("tekst")), 10)["record"];
    for (std::size_t i = 1; i < 3; ++i) {
      ApiClient partner = region_.agent(i).Client();
      ASSERT_TRUE(WaitUntil([&] { return partner.Get("/v1/records/" + note_).ok(); }));
      partner.MustPost(path_ + "/notes",
                       LivingNote(Mark("partner" + std::to_string(i)), Mark("zin" + std::to_string(i))), 10);
    }
    region_.agent(2).Client().MustPost(path_ + "/leave", {{"message", Mark("vertrek")}}, 10);
    lead.MustPost(path_ + "/close", {{"copy_offered", Mark("kopie")}, {"copy", "taken"}, {"message", Mark("einde")}},
                  10);
    const Json closed = lead.MustGet(path_);
    EXPECT_TRUE(closed["retain_until"].is_string());
  }
  // Copies what a disk thief, or a backup, has: the databases, without the key files beside them.
  void CopyDatabases(const path& to) {
    const auto copy = [&](const path& store, const std::string& name) {
      std::filesystem::create_directories(to / name);
      std::filesystem::copy(store, to / name, std::filesystem::copy_options::recursive);
      std::filesystem::remove(to / name / "keys");
    };
    copy(region_.hub().data(), "hub");
    for (RealAgent& agent : region_.agents()) copy(agent.vault(), agent.id());
  }
  void StopAll() {
    for (RealAgent& agent : region_.agents()) ASSERT_EQ(agent.process().Terminate(), 0);
    ASSERT_EQ(region_.hub().process().Terminate(), 0);
  }
  void StartAll() {
    region_.hub().Start();
    for (RealAgent& agent : region_.agents()) agent.Start();
    for (RealAgent& agent : region_.agents()) {
      ASSERT_TRUE(WaitUntil([&] { return agent.Synced(); })) << agent.Log();
    }
  }
  // All rows that a vault opens, searched for the markers.
  std::vector<std::string> FindInVault(const path& folder, const path& master) {
    auto store = OpenVaultStore({.directory = folder, .master_key = MasterKeyFile{master}, .environment = {}});
    EXPECT_TRUE(store) << ToText(store.error());
    if (!store) return {};
    CanarySearch search(words_);
    std::vector<std::string> found;
    const auto look = [&](ByteView value) {
      // What lies there is encrypted once more, with content keys that lie beside it: open it as the agent does.
      for (std::string& one : search.FindIn(AsText(value))) found.push_back(std::move(one));
    };
    for (std::uint8_t table = 1; table < 16; ++table) {
      EXPECT_TRUE((*store)->Scan(table, [&](ByteView key, ByteView value) {
        look(key);
        look(value);
        return true;
      }));
    }
    contents_ = 0;
    EXPECT_TRUE((*store)->Scan(129, 0, [&](std::uint64_t, ByteView) {
      ++contents_;
      return true;
    }));
    for (std::uint8_t table = 128; table < 144; ++table) {
      EXPECT_TRUE((*store)->Scan(table, 0, [&](std::uint64_t, ByteView value) {
        look(value);
        return true;
      }));
    }
    return found;
  }

  // Rows of contents that these keys open, whatever the head file says.
  static std::size_t ReadableContents(const path& folder, const path& master) {
    const VaultStoreOptions options{.directory = folder, .master_key = MasterKeyFile{master}, .environment = {}};
    if (!OpenVaultStore(options)) static_cast<void>(AcceptVault(options));
    auto store = OpenVaultStore(options);
    std::size_t rows = 0;
    if (store) {
      static_cast<void>((*store)->Scan(129, 0, [&](std::uint64_t, ByteView) {
        ++rows;
        return true;
      }));
    }
    return rows;
  }
  // Entries about the trajectory that the hub's keys open.
  std::size_t ReadableEntries(const path& folder) const {
    const RocksLogOptions options{.directory = folder,
                                  .master_key = MasterKeyFile{region_hub_ / "keys" / "master.key"},
                                  .ballast_bytes = 0,
                                  .environment = {}};
    const auto log = OpenRocksLog(options);
    std::size_t entries = 0;
    if (!log) return entries;
    for (std::uint64_t i = 1; i <= (*log)->Last().value(); ++i) {
      const auto stored = (*log)->Get(Sequence(i));
      const auto entry = stored ? DecodeEntry(stored->entry) : Fail(Code::kNotFound, "test");
      const auto* record = entry ? std::get_if<RecordEntry>(&entry->body) : nullptr;
      if (record == nullptr) continue;
      const auto header = DecodeHeader(record->header);
      entries += header && ToText(header->trajectory) == trajectory_ ? 1 : 0;
    }
    return entries;
  }

  RealRegion region_;
  path region_hub_ = region_.hub().folder();
  std::vector<Bytes> words_;
  std::string trajectory_, path_, note_;
  std::size_t contents_ = 0;
};

TEST_F(ErasureStory, NothingIsLeftToReadAnywhere) {
  Tell();
  StopAll();
  const path before = region_.folder() / "before";
  CopyDatabases(before);
  const auto master_of = [&](RealAgent& agent) { return agent.folder() / "master.key"; };
  for (RealAgent& agent : region_.agents()) FindInVault(agent.vault(), master_of(agent));
  StartAll();

  ApiClient lead = LeadAs("Lotte Vermeulen");
  // One partner is away while it happens.
  ASSERT_EQ(region_.agent(1).process().Terminate(), 0);
  const Reply early = lead.Post(path_ + "/erasure", {{"reason", "retention-over"}, {"why", "opruimen"}}, 10);
  EXPECT_EQ(early.json["rule"], "erase.retention");
  lead.MustPost(path_ + "/erasure", {{"reason", "subject-request"}, {"why", Mark("waarom")}}, 10);
  const Reply alone = lead.Post(path_ + "/erasure/confirmation", Json::object(), 10);
  EXPECT_EQ(alone.json["rule"], "erase.two_persons");
  LeadAs("Karim Daems").MustPost(path_ + "/erasure/confirmation", Json::object(), 10);

  const auto erasure = [&] { return lead.MustGet("/v1/erasures")["erasures"][0]; };
  ASSERT_TRUE(WaitUntil([&] { return erasure()["answered"].size() == 2; })) << erasure().dump();
  ASSERT_EQ(erasure()["outstanding"].size(), 1U);
  EXPECT_EQ(erasure()["outstanding"][0]["id"], "wis-helpt") << "by name, until it answers";
  region_.agent(1).Start();
  ASSERT_TRUE(WaitUntil([&] { return erasure()["outstanding"].empty(); })) << erasure().dump();
  EXPECT_EQ(erasure()["answered"].size(), 3U);

  for (RealAgent& agent : region_.agents()) {
    ApiClient client = agent.Client();
    EXPECT_FALSE(client.Get("/v1/records/" + note_).ok()) << agent.id();
    for (const char* target : {"/v1/trajectories?closed=true", "/v1/inbox", "/v1/sealed", "/v1/erasures"}) {
      const Reply reply = client.Get(target);
      ASSERT_TRUE(reply.ok()) << agent.id() << target << reply.json.dump();
      EXPECT_EQ(reply.json.dump().find("KANARIE"), std::string::npos) << agent.id() << target;
    }
    EXPECT_EQ(client.Post(path_ + "/notes", LivingNote("t", "t")).json["rule"], "admit.erased") << agent.id();
  }
  // A restart changes nothing; without its snapshot, neither.
  StopAll();
  std::filesystem::remove(region_.hub().data() / "snapshot");
  region_.hub().Verify();
  for (RealAgent& agent : region_.agents()) MustRun(agent.Command({"check"}));
  StartAll();
  const std::string next = lead.MustPost("/v1/trajectories", {{"label", "Noor"}}, 10)["trajectory"];
  EXPECT_NE(next, trajectory_);
  EXPECT_EQ(erasure()["answered"].size(), 3U);
  StopAll();
  region_.hub().Verify();
  const path after = region_.folder() / "after";
  CopyDatabases(after);

  CanarySearch everywhere(words_);
  EXPECT_EQ(everywhere.FindBelow(region_.folder()), std::vector<std::string>{});
  EXPECT_GT(everywhere.bytes, 1'000'000U);
  // The databases as they were before, and as they are, under the keys that there are today.
  for (RealAgent& agent : region_.agents()) {
    MustRun(agent.Command({"check"}));
    EXPECT_EQ(FindInVault(agent.vault(), master_of(agent)), std::vector<std::string>{});
    EXPECT_LE(contents_, 8U) << agent.id() << ": only what was said of the erasure, and of what came after it";
    const path old = region_.folder() / ("old-" + agent.id());
    std::filesystem::copy(before / agent.id(), old, std::filesystem::copy_options::recursive);
    std::filesystem::copy_file(agent.vault() / "keys", old / "keys");
    EXPECT_EQ(ReadableContents(old, master_of(agent)), 0U) << agent.id();
  }
  const path old_hub = region_.folder() / "old-hub";
  std::filesystem::copy(before / "hub", old_hub, std::filesystem::copy_options::recursive);
  std::filesystem::copy_file(region_.hub().data() / "keys", old_hub / "keys");
  EXPECT_EQ(ReadableEntries(old_hub), 0U);
  EXPECT_GT(ReadableEntries(region_.hub().data()), 0U) << "the same search finds what was said of the erasure";
}

}  // namespace
}  // namespace schakel::testing
