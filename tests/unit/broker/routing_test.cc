// A record and its routing take two places in the log, whoever it is for: places tell nothing of recipients. And what
// stands in a slot is found, proven and replayed as if it had a place of its own.
#include "protocol/verdict.h"
#include "support/hub_world.h"

namespace schakel::test {
namespace {

Header Note(const OrgId& author, std::uint64_t number) { return NoteBy(author, kOurs, number); }

class RoutingTest : public ::testing::Test {
 protected:
  void SetUp() override {
    lead.Greet();
    Found(world, lead, {kPsychiatry, kSchool});
    for (TestAgent* agent : {&psychiatry, &school}) {
      agent->Greet();
      agent->AskFeed(0, 1000);
    }
    world.Settle();
  }
  std::vector<Entry> EntriesAfter(Sequence after) const { return world.Entries(Next(after)); }
  std::vector<std::pair<Entry, Bytes>> RoutedAt(Sequence sequence) const {
    return ReadRoutedEntries(*world.log, sequence).value();
  }
  Evidence Ask(TestAgent& agent, AccessQuery query) {
    const std::uint64_t request = agent.Send(query);
    world.Settle();
    auto reply = agent.Reply<AccessReply>(request);
    EXPECT_TRUE(reply) << agent.RuleOf(request);
    return reply ? reply->evidence : Evidence();
  }
  static AccessQuery All(const RecordId& record = {}) {
    return {.trajectory = kOurs, .record = record, .after = {}, .limit = 1024};
  }

  HubWorld world;
  TestAgent lead{world, kYouthCare};
  TestAgent psychiatry{world, kPsychiatry};
  TestAgent school{world, kSchool};
};

TEST_F(RoutingTest, ARecordTakesTwoPlacesWhoeverItIsFor) {
  struct Case {
    const char* name;
    std::vector<OrgId> to;
    std::size_t slots;
  };
  const Case cases[] = {
      {"for nobody", {}, 0},
      {"for one who reads", {kPsychiatry}, 1},
      {"for two", {kPsychiatry, kSchool}, 2},
      {"for one who may not have it", {kPolice}, 1},
      {"for three, one of whom may not", {kPsychiatry, kPolice, kSchool}, 3},
      {"for one who is not enrolled", {kStranger}, 1},
  };
  std::uint64_t number = 0x100;
  std::set<std::size_t> sizes;
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    const Sequence before = world.log->Last();
    const Outcome outcome = lead.Say(Note(kYouthCare, number), c.to);
    ASSERT_FALSE(outcome.error);
    EXPECT_EQ(outcome.sequence, Next(before));
    EXPECT_EQ(world.log->Last(), Next(outcome.sequence));
    const Entry routing = EntriesAfter(outcome.sequence).at(0);
    const auto& body = std::get<RoutingEntry>(routing.body);
    EXPECT_EQ(body.record_sequence, outcome.sequence);
    EXPECT_EQ(body.record, RecordNo(number));
    EXPECT_EQ(body.trajectory, kOurs);
    EXPECT_EQ(routing.at, outcome.at);
    EXPECT_EQ(RoutedAt(routing.sequence).size(), c.slots);
    sizes.insert(world.log->Get(routing.sequence)->entry.size());
    ++number;
  }
  EXPECT_EQ(sizes.size(), 1U) << "and they are all of one size";
}

TEST_F(RoutingTest, WhoIsAwayHasNoSlotAndTakesNoPlace) {
  world.transport.Break(school.connection());
  world.core->Closed(school.connection());
  world.Settle();
  const Sequence before = world.log->Last();
  ASSERT_FALSE(lead.Say(Note(kYouthCare, 0x100), {kPsychiatry, kSchool}).error);
  EXPECT_EQ(world.log->Last().value(), before.value() + 2);
  EXPECT_EQ(RoutedAt(world.log->Last()).size(), 1U);
}

TEST_F(RoutingTest, AnotherRecordHasAnotherRootWhateverIsInIt) {
  std::set<Hash32> roots;
  for (std::uint64_t i = 0; i < 8; ++i) {
    ASSERT_FALSE(lead.Say(Note(kYouthCare, 0x100 + i), i % 2 == 0 ? std::vector<OrgId>() : std::vector{kSchool}).error);
  }
  const auto all = world.All<RoutingEntry>();
  for (const RoutingEntry& routing : all) roots.insert(routing.slots_root);
  EXPECT_EQ(roots.size(), all.size());
}

TEST_F(RoutingTest, WhatIsReadBackIsWhatWasHandedOver) {
  ASSERT_FALSE(lead.Say(Note(kYouthCare, 0x100), {kPolice, kPsychiatry, kSchool}).error);
  const auto handed = psychiatry.Feed();
  ASSERT_EQ(handed.size(), 1U);
  for (const bool snapshot : {false, true}) {
    SCOPED_TRACE(snapshot);
    if (snapshot) world.Operate(TakeSnapshot{});
    world.Reopen();
    TestAgent again(world, kPsychiatry);
    again.Greet();
    again.AskFeed(0, 1000);
    world.Settle();
    const auto items = again.Feed();
    ASSERT_EQ(items.size(), 1U);
    EXPECT_EQ(items[0].delivery, handed[0].delivery);
    EXPECT_EQ(items[0].delivery_salt, handed[0].delivery_salt);
    EXPECT_EQ(items[0].place, handed[0].place);
    EXPECT_TRUE(items[0].content);
  }
}

TEST_F(RoutingTest, TheLeadIsShownEverySlotAndARecipientItsOwn) {
  ASSERT_FALSE(lead.Say(Note(kYouthCare, 0x100), {kPolice, kPsychiatry, kSchool}).error);
  const Evidence all = Ask(lead, All(RecordNo(0x100)));
  const auto slots = [](const Evidence& evidence) {
    return std::ranges::count_if(evidence.entries, [](const ProvenEntry& proven) { return proven.place.has_value(); });
  };
  EXPECT_EQ(slots(all), 3);
  EXPECT_TRUE(CheckEvidence(all, HubLogVerifier()));
  const Evidence own = Ask(school, All(RecordNo(0x100)));
  EXPECT_EQ(slots(own), 1);
  const auto checked = CheckEvidence(own, HubLogVerifier());
  ASSERT_TRUE(checked) << ToText(checked.error());
  EXPECT_EQ(std::get<DeliveryEntry>(checked->entries.at(0).body).recipient, kSchool);
}

TEST_F(RoutingTest, ASlotLeftOutOfAnAnswerShows) {
  for (std::uint64_t i = 0; i < 3; ++i) {
    ASSERT_FALSE(lead.Say(Note(kYouthCare, 0x100 + i), {kPsychiatry, kSchool}).error);
  }
  const Evidence whole = Ask(lead, All());
  const auto checked = CheckEvidence(whole, HubLogVerifier());
  ASSERT_TRUE(checked) << ToText(checked.error());
  ASSERT_TRUE(CheckComplete(whole, *checked));
  int left_out = 0;
  for (std::size_t i = 0; i < whole.entries.size(); ++i) {
    if (!whole.entries[i].place) continue;
    Evidence cut = whole;
    cut.entries.erase(cut.entries.begin() + static_cast<std::ptrdiff_t>(i));
    const auto still = CheckEvidence(cut, HubLogVerifier());
    ASSERT_TRUE(still) << "each by itself is proven";
    EXPECT_EQ(CheckComplete(cut, *still).error().rule, "evidence.incomplete");
    ++left_out;
  }
  EXPECT_EQ(left_out, 6);
}

TEST_F(RoutingTest, OneRoutingIsNotSplitBetweenPages) {
  for (std::uint64_t i = 0; i < 4; ++i) {
    ASSERT_FALSE(lead.Say(Note(kYouthCare, 0x100 + i), {kPolice, kPsychiatry, kSchool}).error);
  }
  const std::size_t whole = Ask(lead, All()).entries.size();
  for (const std::uint64_t limit : {1, 2, 3}) {
    SCOPED_TRACE(limit);
    AccessQuery query = All();
    query.limit = limit;
    std::size_t shown = 0;
    const Sequence end = world.log->Last();
    while (query.after < end) {
      const Evidence page = Ask(lead, query);
      const auto checked = CheckEvidence(page, HubLogVerifier());
      ASSERT_TRUE(checked) << ToText(checked.error());
      ASSERT_FALSE(checked->entries.empty());
      std::set<Sequence> places;
      for (const Entry& entry : checked->entries) {
        places.insert(entry.sequence);
        if (entry.sequence <= end) ++shown;
      }
      EXPECT_LE(places.size(), limit);
      query.after = checked->entries.back().sequence;
    }
    EXPECT_GE(shown, whole) << "nothing is lost between two pages";
  }
}

// Nobody is shown a routing by asking for its proof: it would tell whoever guesses its number nothing, and takes no
// tree to answer.
TEST_F(RoutingTest, AProofOfItIsNotItsBytes) {
  const Outcome outcome = lead.Say(Note(kYouthCare, 0x100), {kPsychiatry});
  for (TestAgent* agent : {&lead, &psychiatry, &school}) {
    const std::uint64_t request = agent->Send(ProveInclusion{Next(outcome.sequence), world.log->Last().value()});
    world.Settle();
    const auto reply = agent->Reply<ProofReply>(request);
    ASSERT_TRUE(reply);
    EXPECT_TRUE(reply->entry.empty());
  }
}

TEST_F(RoutingTest, ARecordOfNoTrajectoryHasOneToo) {
  Header question = NoteBy(kYouthCare, TrajectoryId(), 0x400);
  question.kind = Kind::kQuestion;
  const Outcome outcome = lead.Say(question, {kPsychiatry, kPolice});
  ASSERT_FALSE(outcome.error);
  EXPECT_EQ(world.log->Last(), Next(outcome.sequence));
  const auto items = psychiatry.Feed();
  ASSERT_EQ(items.size(), 1U);
  ASSERT_TRUE(items[0].place);
  const Evidence evidence = Ask(psychiatry, {.trajectory = {}, .record = RecordNo(0x400), .after = {}, .limit = 10});
  ASSERT_EQ(evidence.entries.size(), 1U);
  EXPECT_TRUE(CheckEvidence(evidence, HubLogVerifier()));
}

// ---- In both worlds ----

// All that psychiatry sees of the places in the log, and of sizes. Welfare takes part unseen, or does the same
// elsewhere; it reads its feed or is away; the lead names it, or does not.
struct Hidden {
  bool takes_part = false;
  bool reads = true;
  bool named = true;
};
std::vector<std::string> Sight(const Hidden& hidden) {
  HubWorld w;
  TestAgent head(w, kYouthCare);
  TestAgent member(w, kPsychiatry);
  TestAgent other(w, kWelfare);
  for (TestAgent* agent : {&head, &member, &other}) agent->Greet();
  const TrajectoryId where = hidden.takes_part ? kOurs : kOther;
  std::uint64_t number = 0x10;
  const auto say = [&](TestAgent& author, const Control& control, const TrajectoryId& trajectory) {
    const Outcome outcome = author.Say(Says(author.id(), control, number++, trajectory));
    EXPECT_FALSE(outcome.error) << ToText(*outcome.error);
  };
  say(head, TrajectoryOpen{}, kOurs);
  say(head, TrajectoryOpen{}, kOther);
  for (const auto& [agent, trajectory] : {std::pair(&member, kOurs), std::pair(&other, where)}) {
    const RecordId invitation = RecordNo(number);
    say(head, MemberInvite{agent->id(), kNow + kDay}, trajectory);
    say(*agent, MemberJoin{invitation}, trajectory);
    say(head, GrantTo(agent->id()), trajectory);
  }
  say(head, GrantTo(kYouthCare), kOurs);
  for (TestAgent* agent : {&head, &member}) agent->AskFeed(0, 1000);
  if (hidden.reads) other.AskFeed(0, 1000);
  w.Settle();

  std::vector<std::string> seen;
  for (std::uint64_t i = 0; i < 12; ++i) {
    const auto to_both = hidden.named ? std::vector{kPsychiatry, kWelfare} : std::vector{kPsychiatry};
    EXPECT_FALSE(head.Say(NoteBy(kYouthCare, kOurs, 0x200 + i), to_both).error);
    EXPECT_FALSE(
        head.Say(NoteBy(kYouthCare, where, 0x300 + i), hidden.named ? std::vector{kWelfare} : std::vector<OrgId>())
            .error);
    EXPECT_FALSE(other.Say(NoteBy(kWelfare, where, 0x400 + i), {kYouthCare}).error);
    const Outcome mine = member.Say(NoteBy(kPsychiatry, kOurs, 0x500 + i), {kYouthCare, kWelfare});
    seen.push_back("mine at " + std::to_string(mine.sequence.value()) + ", refused " +
                   std::to_string(mine.refused.size()));
  }
  for (const FeedItem& item : member.Feed()) {
    const Entry entry = DecodeEntry(item.delivery).value();
    const auto& delivery = std::get<DeliveryEntry>(entry.body);
    seen.push_back("feed " + std::to_string(delivery.position.value()) + " at " +
                   std::to_string(entry.sequence.value()) + " of " + std::to_string(delivery.record_sequence.value()) +
                   ", bytes " + std::to_string(EncodeMessage({1, FeedItems{{item}, FeedPosition()}}).size()));
  }
  const std::uint64_t request = member.Send(AccessQuery{.trajectory = kOurs, .record = {}, .after = {}, .limit = 1024});
  w.Settle();
  const AccessReply reply = member.Reply<AccessReply>(request).value();
  for (const ProvenEntry& proven : reply.evidence.entries) {
    seen.push_back("entry at " + std::to_string(DecodeEntry(proven.entry)->sequence.value()) + ", bytes " +
                   std::to_string(proven.entry.size()) + ", proof " + std::to_string(proven.proof.size()));
  }
  seen.push_back("answer of bytes " + std::to_string(EncodeEvidence(reply.evidence).size()));
  seen.push_back("log of " + std::to_string(w.log->Last().value()));
  return seen;
}

TEST(RoutingStory, APlaceInTheLogTellsNothingOfAHiddenPartner) {
  const auto alone = Sight({.takes_part = false, .reads = true, .named = false});
  EXPECT_GT(alone.size(), 40U);
  for (const bool takes_part : {false, true}) {
    for (const bool reads : {false, true}) {
      for (const bool named : {false, true}) {
        EXPECT_EQ(Sight({takes_part, reads, named}), alone) << takes_part << reads << named;
      }
    }
  }
}

// ---- A log from before there were routings ----

// Makes a group durable as that version did: what is in the one slot of a routing is a leaf in its place.
void CommitAsBefore(HubWorld& world) {
  Group group = world.TakeGroup();
  for (StagedEntry& staged : group.entries) {
    if (staged.payload.empty() || !std::holds_alternative<RoutingEntry>(DecodeEntry(staged.entry)->body)) continue;
    const Slots slots = DecodeSlots(staged.payload).value();
    ASSERT_EQ(slots.used.size(), 1U);
    staged.entry = slots.used[0].entry;
    staged.payload.clear();
  }
  group.live_deliveries.clear();
  world.Write(group);
  world.Release(std::move(group));
}

TEST_F(RoutingTest, ALogFromBeforeReadsOnAndGoesOn) {
  psychiatry.Feed();
  for (std::uint64_t i = 0; i < 3; ++i) {
    lead.Submit({lead.Seal(Note(kYouthCare, 0x100 + i), {i == 1 ? kPolice : kPsychiatry})});
    while (world.core->Pump() || world.core->HasGroup()) CommitAsBefore(world);
  }
  EXPECT_EQ(world.All<DenialEntry>().size(), 1U);
  const std::uint64_t numbered = world.core->feeds().NumberOf(kPsychiatry, kOurs);
  world.Reopen();
  EXPECT_EQ(world.core->feeds().NumberOf(kPsychiatry, kOurs), numbered);
  TestAgent again(world, kPsychiatry);
  again.Greet();
  again.AskFeed(0, 1000);
  lead.Greet();
  ASSERT_FALSE(lead.Say(Note(kYouthCare, 0x110), {kPsychiatry, kPolice}).error);
  const auto items = again.Feed();
  ASSERT_EQ(items.size(), 3U);
  Hash32 previous{};
  for (std::size_t i = 0; i < items.size(); ++i) {
    EXPECT_EQ(items[i].place.has_value(), i == 2);
    EXPECT_EQ(DeliveryIn(items[i]).previous, previous);
    previous = FeedHash(items[i].delivery);
  }
  const Evidence evidence = Ask(lead, All());
  const auto checked = CheckEvidence(evidence, HubLogVerifier());
  ASSERT_TRUE(checked) << ToText(checked.error());
  const auto complete = CheckComplete(evidence, *checked);
  ASSERT_TRUE(complete) << ToText(complete.error());
  const auto places = [&](bool in_slot) {
    return std::ranges::count_if(evidence.entries, [&](const ProvenEntry& proven) {
      const auto entry = DecodeEntry(proven.entry).value();
      const bool told =
          std::holds_alternative<DeliveryEntry>(entry.body) || std::holds_alternative<DenialEntry>(entry.body);
      return told && proven.place.has_value() == in_slot;
    });
  };
  EXPECT_EQ(places(false), 3) << "the old ones";
  EXPECT_EQ(places(true), 2) << "and the new";
}

// What lies beside a routing is not what it says.
TEST_F(RoutingTest, SlotsThatWereChangedOnDiskAreNotShown) {
  lead.Submit({lead.Seal(Note(kYouthCare, 0x100), {kSchool, kPsychiatry})});
  Group group = world.TakeGroup();
  Slots slots = DecodeSlots(group.entries.back().payload).value();
  std::swap(slots.used[0].entry, slots.used[1].entry);
  group.entries.back().payload = EncodeSlots(slots);
  group.live_deliveries.clear();
  world.Write(group);
  world.Release(std::move(group));
  world.Settle();
  EXPECT_TRUE(school.Feed().empty());
  const auto stored = world.log->Get(world.log->Last());
  ASSERT_TRUE(stored);
  EXPECT_EQ(ReadRouted(*world.log, *stored).error().rule, "entry.slots");
  for (const ProvenEntry& proven : Ask(school, All(RecordNo(0x100))).entries) EXPECT_FALSE(proven.place);
}

}  // namespace
}  // namespace schakel::test
