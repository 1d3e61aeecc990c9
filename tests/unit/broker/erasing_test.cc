// A trajectory is erased: its key goes, everything on its way becomes a mark, and the log goes on as if nothing were
// the matter: feeds, proofs, restarts with and without a snapshot, crashes at every step.
#include <filesystem>

#include "protocol/verdict.h"
#include "support/hub_world.h"

namespace schakel::test {
namespace {

const Id128 kAn = Filled<16>(0x71);
const Id128 kBert = Filled<16>(0x72);
constexpr std::uint64_t kPropose = 0x70;
constexpr std::uint64_t kConfirm = 0x71;

class ErasingTest : public ::testing::Test {
 protected:
  void SetUp() override {
    lead.Greet();
    Found(world, lead, {kPsychiatry, kSchool});
    // Another trajectory, that nothing happens to.
    ASSERT_FALSE(lead.Say(Says(kYouthCare, TrajectoryOpen{}, 0x30, kOther)).error);
    ASSERT_FALSE(lead.Say(Says(kYouthCare, MemberInvite{kPsychiatry, kNow + kDay}, 0x31, kOther)).error);
    TestAgent member(world, kPsychiatry);
    member.Greet();
    ASSERT_FALSE(member.Say(Says(kPsychiatry, MemberJoin{RecordNo(0x31)}, 0x32, kOther)).error);
    ASSERT_FALSE(lead.Say(Says(kYouthCare, GrantTo(kPsychiatry), 0x33, kOther), {kPsychiatry}).error);
  }
  void Note(std::uint64_t number, const TrajectoryId& trajectory = kOurs) {
    ASSERT_FALSE(lead.Say(NoteBy(kYouthCare, trajectory, number), {kPsychiatry}).error);
  }
  std::uint64_t SubmitErasure() {
    lead.Submit(
        {lead.Seal(Says(kYouthCare, ErasePropose{EraseReason::kMistake, kAn}, kPropose), {kPsychiatry, kSchool})});
    return lead.Submit(
        {lead.Seal(Says(kYouthCare, EraseConfirm{RecordNo(kPropose), kBert}, kConfirm), {kPsychiatry, kSchool})});
  }
  void Erase() {
    const std::uint64_t request = SubmitErasure();
    world.Settle();
    ASSERT_FALSE(lead.Ack(request).outcomes.at(0).error);
  }
  // What of kOurs the log still opens.
  std::set<RecordId> Readable() const {
    std::set<RecordId> ids;
    for (const RecordEntry& record : world.All<RecordEntry>()) {
      const Header header = DecodeHeader(record.header).value();
      if (header.trajectory == kOurs) ids.insert(header.id);
    }
    return ids;
  }
  // A reader that begins at the start: everything holds together, and what it came to see.
  struct Came {
    std::uint64_t erased = 0, content = 0, marks = 0;
    std::set<RecordId> records;
  };
  Came ReadAll(const OrgId& organisation) {
    TestAgent reader(world, organisation);
    reader.Greet();
    reader.AskFeed(0, 10'000);
    world.Settle();
    Came came;
    Hash32 previous{};
    std::uint64_t position = 0;
    for (const FeedItem& item : reader.Feed()) {
      ++position;
      if (item.erased) {
        EXPECT_EQ(item.erased->position.value(), position);
        previous = item.erased->hash;
        ++came.erased;
        continue;
      }
      const DeliveryEntry delivery = DeliveryIn(item);
      EXPECT_EQ(delivery.position.value(), position);
      EXPECT_EQ(delivery.previous, previous);
      previous = FeedHash(item.delivery);
      came.marks += delivery.withheld == Denial::kErased ? 1 : 0;
      if (!item.content) continue;
      ++came.content;
      came.records.insert(delivery.record);
    }
    EXPECT_EQ(position, reader.feed_last().value());
    return came;
  }

  HubWorld world;
  TestAgent lead{world, kYouthCare};
};

TEST_F(ErasingTest, NothingOfItOpensAnyMoreAndTheLogHolds) {
  TestAgent reader(world, kPsychiatry);
  reader.Greet();
  reader.AskFeed(0, 1000);
  Note(0x100);
  Note(0x101, kOther);
  const std::vector<FeedItem> before = reader.Feed();
  Erase();
  EXPECT_EQ(Readable(), (std::set{RecordNo(kPropose), RecordNo(kConfirm)}));
  const auto erasures = world.All<ErasureEntry>();
  ASSERT_EQ(erasures.size(), 1U);
  EXPECT_EQ(erasures[0].trajectory, kOurs);
  EXPECT_EQ(erasures[0].confirm, RecordNo(kConfirm));
  EXPECT_EQ(erasures[0].parties.size(), 3U);
  const auto verified = world.log->VerifyAll();
  ASSERT_TRUE(verified) << ToText(verified.error());
  EXPECT_GT(verified->erased, 7U);
  // The confirmation went to who reads; it continues the chain.
  const std::vector<FeedItem> after = reader.Feed();
  ASSERT_FALSE(after.empty());
  EXPECT_EQ(DeliveryIn(after.back()).record, RecordNo(kConfirm));
  EXPECT_TRUE(after.back().content);
  const Came came = ReadAll(kPsychiatry);
  EXPECT_EQ(came.erased, 1U);
  EXPECT_TRUE(came.records.contains(RecordNo(0x101))) << "the other trajectory is whole";
  EXPECT_TRUE(came.records.contains(RecordNo(kConfirm)));
  EXPECT_FALSE(came.records.contains(RecordNo(0x100)));
  EXPECT_TRUE(ReadAll(kSchool).records.contains(RecordNo(kConfirm)));
}

TEST_F(ErasingTest, WhatWaitedBecomesAMark) {
  Note(0x100);  // Nobody reads.
  Note(0x101);
  Erase();
  const Came came = ReadAll(kPsychiatry);
  EXPECT_EQ(came.marks, 2U) << "of the two notes";
  EXPECT_EQ(came.erased, 0U) << "none had a place yet";
  EXPECT_TRUE(came.records.contains(RecordNo(kConfirm)));
}

TEST_F(ErasingTest, NothingMoreIsSaidButReceipts) {
  Erase();
  EXPECT_EQ(lead.Say(NoteBy(kYouthCare, kOurs, 0x105)).error->rule, "admit.erased");
  TestAgent member(world, kSchool);
  member.Greet();
  const Outcome receipt = member.Say(Says(kSchool, EraseReceipt{RecordNo(kConfirm)}, 0x106), {kYouthCare});
  EXPECT_FALSE(receipt.error);
  EXPECT_TRUE(receipt.refused.empty());
  EXPECT_TRUE(Readable().contains(RecordNo(0x106))) << "it outlives the erasure";
  EXPECT_EQ(member.Say(Says(kSchool, Views{{View{}}}, 0x107)).error->rule, "admit.erased");
  TestAgent stranger(world, kWelfare);
  stranger.Greet();
  EXPECT_EQ(stranger.Say(Says(kWelfare, EraseReceipt{RecordNo(kConfirm)}, 0x108)).error->rule, "admit.trajectory");
  // Asked again, what was said before is known still.
  EXPECT_EQ(lead.Say(Says(kYouthCare, TrajectoryOpen{}, 0x109)).error->rule, "admit.trajectory_exists");
  const std::uint64_t asked = lead.Send(AccessQuery{kOurs, {}, Sequence(0), 256});
  world.Settle();
  const auto answer = lead.Reply<AccessReply>(asked);
  ASSERT_TRUE(answer);
  const auto checked = CheckEvidence(answer->evidence, HubLogVerifier());
  ASSERT_TRUE(checked) << ToText(checked.error());
  EXPECT_TRUE(CheckComplete(answer->evidence, *checked));
}

TEST_F(ErasingTest, ThatAnAuditorLookedAtWhatIsKeptIsInTheLogForTheLeadAndItself) {
  Note(0x100);
  Erase();
  TestAgent keeper(world, kPsychiatry);
  keeper.Greet();
  const View look{RecordNo(0x100), kAn, StaffRole::kAuditor, ViewReason::kAudit, kNow};
  const Outcome told = keeper.Say(Says(kPsychiatry, Views{{look}}, 0x107));
  ASSERT_FALSE(told.error) << ToText(*told.error);
  std::filesystem::remove(world.folder() / "log" / "snapshot");
  world.Reopen();
  EXPECT_TRUE(Readable().contains(RecordNo(0x107))) << "it outlives the erasure";
  const auto sees = [&](const OrgId& asker) {
    TestAgent agent(world, asker);
    agent.Greet();
    const std::uint64_t asked = agent.Send(AccessQuery{kOurs, {}, Sequence(0), 256});
    world.Settle();
    const auto answer = agent.Reply<AccessReply>(asked);
    EXPECT_TRUE(answer);
    const auto checked = CheckEvidence(answer->evidence, HubLogVerifier());
    EXPECT_TRUE(checked && CheckComplete(answer->evidence, *checked));
    return std::ranges::any_of(checked->entries, [](const Entry& entry) {
      const auto* record = std::get_if<RecordEntry>(&entry.body);
      return record != nullptr && DecodeHeader(record->header)->kind == Kind::kViews;
    });
  };
  EXPECT_TRUE(sees(kYouthCare));
  EXPECT_TRUE(sees(kPsychiatry));
  EXPECT_FALSE(sees(kSchool)) << "nothing says any more whose it was";
  EXPECT_TRUE(world.log->VerifyAll());
}

struct State {
  PolicyState policy;
  std::map<OrgId, FeedEnd> feeds;
  std::map<OrgId, std::uint64_t> numbers;
  friend bool operator==(const State&, const State&) = default;
};
State StateOf(const HubWorld& world) {
  State state{world.core->policy(), world.core->feeds().Ends(), {}};
  for (const OrgId& one : {kYouthCare, kPsychiatry, kSchool}) {
    state.numbers[one] = world.core->feeds().NumberOf(one, kOurs);
  }
  return state;
}

TEST_F(ErasingTest, ARestartKnowsWhatThereWasWithAndWithoutASnapshot) {
  TestAgent reader(world, kPsychiatry);
  reader.Greet();
  reader.AskFeed(0, 1000);
  Note(0x100);
  Erase();
  const State before = StateOf(world);
  world.Reopen();
  EXPECT_EQ(StateOf(world), before) << "with the snapshot that was made then";
  std::filesystem::remove(world.folder() / "log" / "snapshot");
  world.Reopen();
  EXPECT_EQ(StateOf(world), before) << "from the log alone";
  TestAgent again(world, kYouthCare);
  again.Connect();
  world.Settle();
  const auto welcome = again.Reply<Welcome>(1);
  ASSERT_TRUE(welcome);
  EXPECT_GT(welcome->own_last.value(), 0U);
  TestAgent back(world, kPsychiatry);
  back.Greet();
  back.AskFeed(before.feeds.at(kPsychiatry).last.value(), 100);
  const Outcome note = again.Say(NoteBy(kYouthCare, kOther, 0x110), {kPsychiatry});
  EXPECT_FALSE(note.error);
  const std::vector<FeedItem> items = back.Feed();
  ASSERT_EQ(items.size(), 1U);
  EXPECT_EQ(DeliveryIn(items[0]).previous, before.feeds.at(kPsychiatry).hash) << "the chain goes on";
  EXPECT_TRUE(world.log->VerifyAll());
}

// Groups are made durable one by one; after each, the power goes.
TEST_F(ErasingTest, ACrashAtEachStepIsMadeUpForAtTheNextStart) {
  for (int commits = 0; commits < 4; ++commits) {
    SCOPED_TRACE(commits);
    HubWorld crashing;
    TestAgent author(crashing, kYouthCare);
    author.Greet();
    Found(crashing, author, {kPsychiatry});
    author.Say(NoteBy(kYouthCare, kOurs, 0x100), {kPsychiatry});
    author.Submit({author.Seal(Says(kYouthCare, ErasePropose{EraseReason::kMistake, kAn}, kPropose), {kPsychiatry})});
    author.Submit({author.Seal(Says(kYouthCare, EraseConfirm{RecordNo(kPropose), kBert}, kConfirm), {kPsychiatry})});
    bool destroyed = false;
    for (int i = 0; i < commits; ++i) {
      crashing.core->Pump();
      if (!crashing.core->HasGroup()) break;
      Group group = crashing.TakeGroup();
      const bool last = i + 1 == commits;
      // The last one's keys are not destroyed any more.
      if (last) destroyed = !std::exchange(group.erase, {}).empty();
      crashing.Write(group);
      if (last) break;
      crashing.Release(std::move(group));
    }
    crashing.Reopen();
    crashing.Settle();
    const bool confirmed = commits > 0;
    EXPECT_EQ(crashing.core->policy().Find(kOurs)->erased(), confirmed);
    EXPECT_EQ(crashing.All<ErasureEntry>().size(), confirmed ? 1U : 0U);
    std::size_t left = 0;
    for (const RecordEntry& record : crashing.All<RecordEntry>()) {
      left += IsOfErasure(DecodeHeader(record.header)->kind) ? 0 : 1;
    }
    EXPECT_EQ(left == 0, confirmed) << (destroyed ? "after the entry" : "before it");
    EXPECT_TRUE(crashing.log->VerifyAll());
    const State before = StateOf(crashing);
    std::filesystem::remove(crashing.folder() / "log" / "snapshot");
    crashing.Reopen();
    EXPECT_EQ(StateOf(crashing), before);
  }
}

TEST_F(ErasingTest, TheOperatorChangesTheMasterKeyOfARunningHub) {
  const auto file = world.folder() / "new.key";
  ASSERT_TRUE(CreateMasterKeyFile(file));
  const AdminReply missing = world.Operate(ChangeMaster{(world.folder() / "none").string(), {}});
  ASSERT_TRUE(std::holds_alternative<Error>(missing));
  const AdminReply both = world.Operate(ChangeMaster{file.string(), file.string()});
  ASSERT_TRUE(std::holds_alternative<Error>(both));
  EXPECT_EQ(std::get<Error>(both).rule, "keys.master");
  const AdminReply done = world.Operate(ChangeMaster{file.string(), {}});
  ASSERT_TRUE(std::holds_alternative<AdminDone>(done)) << ToText(std::get<Error>(done));
  EXPECT_EQ(world.All<OperatorEntry>().back().act, "master-key-changed");
  EXPECT_TRUE(world.observer.Has("keys.master"));
  Note(0x100);
  EXPECT_TRUE(world.log->VerifyAll()) << "it goes on";
  RocksLogOptions options = world.LogOptions();
  world.reader.reset();
  world.core.reset();
  world.log.reset();
  EXPECT_EQ(OpenRocksLog(options).error().code, Code::kWrongKey);
  options.master_key = MasterKeyFile{file};
  EXPECT_TRUE(OpenRocksLog(options));
}

}  // namespace
}  // namespace schakel::test
