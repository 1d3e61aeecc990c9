// An organisation's feed: positions, chain, credit, and what happens when its reader is slow or comes back.
#include "support/hub_world.h"

namespace schakel::test {
namespace {

class FeedTest : public ::testing::Test {
 protected:
  void SetUp() override {
    lead.Greet();
    Found(world, lead, {kPsychiatry});
    reader.Greet();
  }
  // Notes 0x100 + `first` and on, in one batch, committed.
  void Write(std::uint64_t first, std::uint64_t count) {
    std::vector<SealedRecord> records;
    for (std::uint64_t i = first; i < first + count; ++i) {
      records.push_back(lead.Seal(NoteBy(kYouthCare, kOurs, 0x100 + i), {kPsychiatry}));
    }
    lead.Submit(std::move(records));
    world.Settle();
  }
  static std::vector<std::uint64_t> Positions(const std::vector<FeedItem>& items) {
    std::vector<std::uint64_t> positions;
    for (const FeedItem& item : items) positions.push_back(DeliveryIn(item).position.value());
    return positions;
  }
  using List = std::vector<std::uint64_t>;

  HubWorld world;
  TestAgent lead{world, kYouthCare};
  TestAgent reader{world, kPsychiatry};
};

TEST_F(FeedTest, WhoComesLaterHasALeafOfItsOwn) {
  Write(0, 1);
  reader.AskFeed(0, 100);
  world.Settle();
  const auto items = reader.Feed();
  ASSERT_EQ(items.size(), 1U);
  EXPECT_FALSE(items[0].place);
  const auto stored = world.log->Get(world.log->Last());
  ASSERT_TRUE(stored);
  EXPECT_EQ(stored->entry, items[0].delivery);
  EXPECT_EQ(stored->salt, items[0].delivery_salt);
}

// What an agent checks of a feed, from the first position on.
void ExpectChain(const std::vector<FeedItem>& items) {
  Hash32 previous{};
  std::uint64_t position = 0;
  for (const FeedItem& item : items) {
    const DeliveryEntry delivery = DeliveryIn(item);
    EXPECT_EQ(delivery.position, FeedPosition(++position));
    EXPECT_EQ(delivery.previous, previous);
    previous = FeedHash(item.delivery);
  }
}

TEST_F(FeedTest, HandsOverWhatCanBeOpenedAndProven) {
  reader.AskFeed(0, 100);
  Write(0, 1);
  const auto items = reader.Feed();
  ASSERT_EQ(items.size(), 1U);
  ASSERT_TRUE(items[0].content);
  const auto& content = *items[0].content;
  const auto entry = DecodeEntry(content.entry);
  ASSERT_TRUE(entry);
  const auto& record = std::get<RecordEntry>(entry->body);
  EXPECT_EQ(record.recipients_root, RootOf(content.stanza));
  EXPECT_EQ(record.ciphertext_hash, Sha256(content.ciphertext));
  const auto key = UnwrapKey(content.stanza.stanza, reader.secrets().hpke, record.header, kHub);
  ASSERT_TRUE(key);
  const auto body = OpenBody(content.ciphertext, *key, record.header, kYouthCare, record.recipients_root);
  ASSERT_TRUE(body);
  EXPECT_EQ(AsText(body->content), "text");
  // The delivery stands in the slot of its stanza, and the routing and its salt are the leaf that the log holds.
  const DeliveryEntry delivery = DeliveryIn(items[0]);
  EXPECT_EQ(delivery.grant, RecordNo(0x50));
  const auto stored = world.log->Get(Next(delivery.record_sequence));
  ASSERT_TRUE(stored);
  ASSERT_TRUE(items[0].place);
  EXPECT_EQ(stored->entry, items[0].place->routing);
  EXPECT_EQ(stored->salt, items[0].place->routing_salt);
  EXPECT_EQ(items[0].place->slot, content.stanza.slot);
  const Entry routed = DecodeEntry(items[0].delivery).value();
  EXPECT_TRUE(CheckSlot(routed, items[0].delivery, items[0].delivery_salt, *items[0].place));
}

TEST_F(FeedTest, WithCreditADeliveryRidesInTheCommitOfItsRecord) {
  reader.AskFeed(0, 100);
  world.Settle();
  lead.Submit({lead.Seal(NoteBy(kYouthCare), {kPsychiatry})});
  Group group = world.TakeGroup();
  EXPECT_EQ(group.entries.size(), 2U);
  EXPECT_TRUE(reader.Feed().empty());
  world.Write(group);
  EXPECT_TRUE(reader.Feed().empty());
  world.Release(std::move(group));
  EXPECT_EQ(reader.Feed().size(), 1U);
}

TEST_F(FeedTest, CreditBoundsPositions) {
  Write(0, 5);
  struct Case {
    const char* name;
    std::uint64_t after, credit;
    List want;
  };
  const Case cases[] = {
      {"none", 0, 0, {}},
      {"one", 0, 1, {1}},
      {"goes on", 1, 2, {2, 3}},
      {"all that is", 3, 9, {4, 5}},
      {"again from the start", 0, 9, {1, 2, 3, 4, 5}},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    reader.AskFeed(c.after, c.credit);
    world.Settle();
    EXPECT_EQ(Positions(reader.Feed()), c.want);
  }
  EXPECT_EQ(reader.feed_last(), FeedPosition(5));
}

TEST_F(FeedTest, WhatIsBeyondTheCreditWaitsAndComesInOrder) {
  reader.AskFeed(0, 3);
  Write(0, 10);
  auto items = reader.Feed();
  EXPECT_EQ(Positions(items), (List{1, 2, 3}));
  reader.AskFeed(3, 100);
  Write(10, 3);
  for (FeedItem& item : reader.Feed()) items.push_back(std::move(item));
  ASSERT_EQ(items.size(), 13U);
  ExpectChain(items);
  for (std::size_t i = 0; i < items.size(); ++i) EXPECT_EQ(DeliveryIn(items[i]).record, RecordNo(0x100 + i));
}

TEST_F(FeedTest, TheCreditOfAFeedIsClamped) {
  HubCoreOptions options;
  options.feed.credit_max = 2;
  HubWorld small(options);
  TestAgent author(small, kYouthCare);
  author.Greet();
  Found(small, author, {kPsychiatry});
  TestAgent greedy(small, kPsychiatry);
  greedy.Greet();
  greedy.AskFeed(0, ~std::uint64_t{0});
  for (std::uint64_t i = 0; i < 4; ++i) author.Say(NoteBy(kYouthCare, kOurs, 0x100 + i), {kPsychiatry});
  EXPECT_EQ(greedy.Feed().size(), 2U);
}

TEST_F(FeedTest, AnAcknowledgementDoesNotSendAgain) {
  Write(0, 4);
  reader.AskFeed(0, 100);
  world.Settle();
  EXPECT_EQ(Positions(reader.Feed()), (List{1, 2, 3, 4}));
  reader.AskFeed(2, 100);
  world.Settle();
  EXPECT_EQ(Positions(reader.Feed()), List{});
  reader.AskFeed(1, 100);  // Lower than before: it goes back.
  world.Settle();
  EXPECT_EQ(Positions(reader.Feed()), (List{2, 3, 4}));
}

TEST_F(FeedTest, WhoAsksIsToldOnceThatThisIsAll) {
  const std::uint64_t request = reader.AskFeed(0, 100);
  world.Settle();
  reader.Messages();
  EXPECT_TRUE(reader.Feed().empty());
  EXPECT_EQ(reader.feed_last(), FeedPosition(0));
  EXPECT_EQ(reader.RuleOf(request), "no error");
  EXPECT_EQ(world.transport.offers(), 1U);
  world.Settle();
  EXPECT_EQ(world.transport.offers(), 1U);
  reader.AskFeed(0, 50);
  world.Settle();
  EXPECT_EQ(world.transport.offers(), 2U);
}

TEST_F(FeedTest, AReaderThatIsAheadIsToldThatHistoryIsMissing) {
  Write(0, 1);
  const std::uint64_t request = reader.AskFeed(2, 10);
  EXPECT_EQ(reader.RuleOf(request), "feed.after");
  EXPECT_EQ(world.observer.alarms, std::vector<std::string>{"feed.after"});
}

TEST_F(FeedTest, AnotherConnectionTakesTheFeedOver) {
  Write(0, 2);
  reader.AskFeed(0, 1);
  world.Settle();
  EXPECT_EQ(Positions(reader.Feed()), List{1});
  TestAgent second(world, kPsychiatry);
  second.Greet();
  second.AskFeed(0, 100);
  Write(2, 1);
  EXPECT_EQ(Positions(second.Feed()), (List{1, 2, 3}));
  EXPECT_EQ(Positions(reader.Feed()), List{});
}

TEST_F(FeedTest, WhoLosesTheFeedToAnotherConnectionIsToldAndCanTakeItBack) {
  const std::uint64_t first = reader.AskFeed(0, 100);
  world.Settle();
  TestAgent second(world, kPsychiatry);
  second.Greet();
  const std::uint64_t other = second.AskFeed(0, 100);
  EXPECT_EQ(reader.RuleOf(first), "session.elsewhere");
  EXPECT_EQ(world.observer.alarms, std::vector<std::string>{}) << "an agent that comes back does the same";
  Write(0, 1);
  EXPECT_EQ(Positions(second.Feed()), List{1});
  reader.AskFeed(0, 100);
  Write(1, 1);
  EXPECT_EQ(Positions(reader.Feed()), (List{1, 2}));
  EXPECT_EQ(second.RuleOf(other), "session.elsewhere");
  EXPECT_EQ(world.observer.alarms, std::vector<std::string>{"session.elsewhere"}) << "two that take turns are two";
}

TEST_F(FeedTest, ASlowReaderHoldsNothingUpAndMissesNothing) {
  TestAgent other(world, kSchool);
  const auto invite = Says(kYouthCare, MemberInvite{kSchool, kNow + kDay}, 0x30);
  lead.Say(invite);
  other.Greet();
  other.Say(Says(kSchool, MemberJoin{RecordNo(0x30)}, 0x31));
  GrantGive grant = GrantTo(kSchool);
  lead.Say(Says(kYouthCare, grant, 0x32));
  reader.AskFeed(0, 1000);
  other.AskFeed(0, 1000);
  world.Settle();
  world.transport.Block(reader.connection(), true);
  for (std::uint64_t i = 0; i < 20; ++i) lead.Say(NoteBy(kYouthCare, kOurs, 0x100 + i), {kPsychiatry, kSchool});
  EXPECT_EQ(other.Feed().size(), 20U);
  EXPECT_TRUE(reader.Feed().empty());
  // Not tried at every turn: its turns come further apart.
  const std::size_t offers = world.transport.offers();
  for (int i = 0; i < 100; ++i) world.Settle();
  EXPECT_EQ(world.transport.offers(), offers);
  for (int i = 0; i < 100; ++i) {
    world.clock.Advance(std::chrono::milliseconds(20));
    world.Settle();
  }
  EXPECT_LT(world.transport.offers(), offers + 20);
  world.transport.Block(reader.connection(), false);
  world.clock.Advance(std::chrono::seconds(2));
  world.Settle();
  const auto items = reader.Feed();
  EXPECT_EQ(items.size(), 20U);
  ExpectChain(items);
}

TEST_F(FeedTest, AConnectionThatEndsLosesNothing) {
  reader.AskFeed(0, 100);
  Write(0, 2);
  const auto before = reader.Feed();
  world.transport.Break(reader.connection());
  world.core->Closed(reader.connection());
  Write(2, 2);
  reader.Greet();
  reader.AskFeed(2, 100);
  world.Settle();
  EXPECT_EQ(Positions(reader.Feed()), (List{3, 4}));
}

TEST_F(FeedTest, GoesOnWhereItWasAfterARestart) {
  reader.AskFeed(0, 3);
  Write(0, 5);
  auto items = reader.Feed();
  lead.Messages();
  world.Reopen();
  lead.Greet();
  reader.Greet();
  Write(5, 2);
  reader.AskFeed(3, 100);
  Write(7, 1);
  for (FeedItem& item : reader.Feed()) items.push_back(std::move(item));
  ASSERT_EQ(items.size(), 8U);
  ExpectChain(items);
  for (std::size_t i = 0; i < items.size(); ++i) EXPECT_EQ(DeliveryIn(items[i]).record, RecordNo(0x100 + i));
}

TEST_F(FeedTest, AGroupThatWasNotDurableLeavesNoTraceInTheFeed) {
  reader.AskFeed(0, 100);
  Write(0, 1);
  lead.Submit({lead.Seal(NoteBy(kYouthCare, kOurs, 0x200), {kPsychiatry})});
  (void)world.TakeGroup();  // Lost: the power went.
  EXPECT_EQ(reader.Feed().size(), 1U);
  world.Reopen();
  lead.Greet();
  reader.Greet();
  reader.AskFeed(0, 100);
  Write(1, 1);
  const auto items = reader.Feed();
  ASSERT_EQ(items.size(), 2U);
  ExpectChain(items);
  EXPECT_EQ(DeliveryIn(items[1]).record, RecordNo(0x101));
}

TEST_F(FeedTest, LongBacklogsComeInSlices) {
  HubCoreOptions options;
  options.feed.staged_ahead_max = 7;
  options.feed.pending_in_memory = 5;
  options.feed.message_items = 3;
  HubWorld small(options);
  TestAgent author(small, kYouthCare);
  author.Greet();
  Found(small, author, {kPsychiatry});
  std::vector<SealedRecord> records;
  for (std::uint64_t i = 0; i < 64; ++i)
    records.push_back(author.Seal(NoteBy(kYouthCare, kOurs, 0x100 + i), {kPsychiatry}));
  author.Submit(records);
  small.Settle();
  TestAgent late(small, kPsychiatry);
  late.Greet();
  late.AskFeed(0, 1000);
  // While it catches up, more comes in.
  for (std::uint64_t i = 0; i < 40; ++i) {
    author.Submit({author.Seal(NoteBy(kYouthCare, kOurs, 0x200 + i), {kPsychiatry})});
    small.core->Pump();
    if (small.core->HasGroup()) small.Commit();
  }
  small.Settle();
  const auto items = late.Feed();
  ASSERT_EQ(items.size(), 104U);
  ExpectChain(items);
  for (std::size_t i = 0; i < items.size(); ++i) {
    EXPECT_EQ(DeliveryIn(items[i]).record, RecordNo(i < 64 ? 0x100 + i : 0x200 + i - 64));
  }
}

TEST_F(FeedTest, LargeItemsStayWithinAMessage) {
  std::vector<SealedRecord> records;
  for (std::uint64_t i = 0; i < 12; ++i) {
    records = {lead.Seal(NoteBy(kYouthCare, kOurs, 0x100 + i), {kPsychiatry}, std::string(190U << 10, 'x'))};
    lead.Submit(records);
    world.Settle();
  }
  reader.AskFeed(0, 100);
  world.Settle();
  std::size_t items = 0;
  for (const Bytes& message : world.transport.Received(reader.connection())) {
    EXPECT_LE(message.size(), 1U << 20);
    auto decoded = DecodeMessage(message);
    ASSERT_TRUE(decoded) << ToText(decoded.error());
    if (const auto* got = std::get_if<FeedItems>(&decoded->payload)) items += got->items.size();
  }
  EXPECT_EQ(items, 12U);
}

}  // namespace
}  // namespace schakel::test
