// A hub that lies, in every way that an agent is to catch: each is named, and the agent stops talking to it; or, where
// one item alone is wrong, that item stays out of sight.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/small_world.h"

namespace schakel::testing {
namespace {

using std::chrono::seconds;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// A world in which one note has already come across; the partner is the one to be lied to.
struct LiarWorld : SmallWorld {
  LiarWorld() {
    ConnectAll();
    OpenTrajectory();
    first = Write("first");
    Pass(seconds(1));
  }
  RecordId Write(const std::string& text) {
    const RecordId id = lead().Note(trajectory, {partner_id}, text).value();
    Exchange();
    return id;
  }
  // Changes the messages of type M to the partner (or `whom`) with `change`.
  template <typename M>
  void Lie(std::function<void(M&)> change, std::optional<OrgId> whom = {}) {
    hub->tamper = [this, change, whom](const OrgId& to, Message& message) {
      if (to != whom.value_or(partner_id)) return;
      if (auto* payload = std::get_if<M>(&message.payload)) change(*payload);
    };
  }
  void LieInItems(std::function<void(std::vector<FeedItem>&)> change) {
    Lie<FeedItems>([change](FeedItems& items) {
      if (!items.items.empty()) change(items.items);
    });
  }
  void Reconnect(TestAgent& agent) {
    Disconnect(agent);
    Connect(agent);
  }

  RecordId first;
};

// "a head signed by another key" -> "a_head_signed_by_another_key"
struct NameOf {
  template <typename Case>
  std::string operator()(const ::testing::TestParamInfo<Case>& of) const {
    std::string name;
    for (const char c : std::string_view(of.param.name)) {
      name += std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_';
    }
    return name;
  }
};
// A leaf of its own says so: its salt makes it one.
void Redeliver(FeedItem& item, const std::function<void(DeliveryEntry&)>& change) {
  Entry entry = DecodeEntry(item.delivery).value();
  change(std::get<DeliveryEntry>(entry.body));
  item.delivery = EncodeEntry(entry);
  item.place.reset();
}
// In the slot that it had, of a routing that was made up to have it.
void Reroute(
    FeedItem& item, const std::function<void(DeliveryEntry&)>& change,
    const std::function<void(RoutingEntry&)>& change_routing = [](RoutingEntry&) {}) {
  Entry entry = DecodeEntry(item.delivery).value();
  change(std::get<DeliveryEntry>(entry.body));
  item.delivery = EncodeEntry(entry);
  const Slots slots{{}, {{item.place->slot, item.delivery}}};
  const SlotTree tree(slots);
  item.delivery_salt = tree.Salt(0);
  item.place->path = tree.Path(item.place->slot);
  Entry routing = DecodeEntry(item.place->routing).value();
  std::get<RoutingEntry>(routing.body).slots_root = tree.Root();
  change_routing(std::get<RoutingEntry>(routing.body));
  item.place->routing = EncodeEntry(routing);
}
void ReenterRecord(FeedItem& item, const std::function<void(RecordEntry&)>& change) {
  Entry entry = DecodeEntry(item.content->entry).value();
  change(std::get<RecordEntry>(entry.body));
  item.content->entry = EncodeEntry(entry);
}

// ---- Lies that end the trust ----

struct Lie {
  const char* name;
  const char* rule;  // By which it is named.
  std::function<void(LiarWorld&)> tell;
  std::size_t witnesses = 0;  // Records of others that give it away: what they truly wrote is no lie.
};

class HubThatLies : public ::testing::TestWithParam<Lie> {};

TEST_P(HubThatLies, IsCaughtNamedAndNoLongerTalkedTo) {
  LiarWorld world;
  const std::size_t received_before = world.partner().Received();
  GetParam().tell(world);
  auto distrusted = world.partner().sync().Report().distrusted;
  ASSERT_TRUE(distrusted) << GetParam().name;
  EXPECT_EQ(distrusted->rule, GetParam().rule);
  EXPECT_EQ(distrusted->code, distrusted->rule.starts_with("checkpoint.") ? distrusted->code : Code::kTampered);
  EXPECT_THAT(world.partner().Alarms(), Contains(GetParam().rule));
  EXPECT_EQ(world.partner().Received(), received_before + GetParam().witnesses);

  // It stays so, also after a restart, and nothing is sent any more.
  world.hub->tamper = nullptr;
  world.partner().Restart();
  EXPECT_EQ(world.partner().sync().Report().distrusted->rule, GetParam().rule);
  world.partner().sync().OnConnected();
  bool disconnect = false;
  EXPECT_THAT(world.partner().Finish(&disconnect), IsEmpty());
  EXPECT_TRUE(disconnect);
}

// Another history than the hub's own.
Hash32 OtherLeaf(std::uint64_t index) { return Sha256(AsBytes("other" + std::to_string(index))); }
TreeHead OtherHead(std::uint64_t size) {
  Frontier other;
  for (std::uint64_t i = 0; i < size; ++i) other.Append(OtherLeaf(i));
  return {size, other.Root()};
}
Hash32 SubtreeOf(const std::vector<Hash32>& leaves, unsigned level, std::uint64_t index) {
  if (level == 0) return leaves.at(index);
  return NodeHash(SubtreeOf(leaves, level - 1, 2 * index), SubtreeOf(leaves, level - 1, 2 * index + 1));
}
SubtreeHash SubtreesOf(const std::vector<Hash32>& leaves) {
  return [&leaves](unsigned level, std::uint64_t index) { return Result<Hash32>(SubtreeOf(leaves, level, index)); };
}

// As the lead would, if it had been shown `head`.
std::string CosignedByLead(LiarWorld& w, const TreeHead& head) {
  return CosignCheckpoint(w.hub->SignHead(head), kOrigin, w.lead_id, w.lead().keys().cosign, w.clock.Now()).value();
}

const Lie kLies[] = {
    {"a head signed by another key", "checkpoint.signature",
     [](LiarWorld& w) {
       w.Lie<Welcome>([&](Welcome& welcome) {
         welcome.checkpoint = SignCheckpoint(std::string(kOrigin), w.hub->Head(), SeededSigningKey("somebody"));
       });
       w.Reconnect(w.partner());
     }},
    {"another log", "hub.origin",
     [](LiarWorld& w) {
       w.Lie<Welcome>([](Welcome& welcome) { welcome.origin = "hub.example/other"; });
       w.Reconnect(w.partner());
     }},
    {"a head older than one seen", "hub.went_back",
     [](LiarWorld& w) {
       w.Lie<Welcome>([&](Welcome& welcome) {
         welcome.checkpoint = w.hub->SignHead({3, w.hub->log().RootAt(3).value()});
         welcome.consistency.clear();
       });
       w.Reconnect(w.partner());
     }},
    {"history rewritten", "hub.forked",
     [](LiarWorld& w) {
       w.Disconnect(w.partner());
       w.hub->Rewrite(Sequence(2), w.hub->log().Get(Sequence(1)).value().entry);
       w.Connect(w.partner());
     }},
    {"two heads of one size", "hub.forked",
     [](LiarWorld& w) {
       const std::uint64_t size = w.partner().sync().Report().seen.size;
       w.Lie<Welcome>([&, size](Welcome& welcome) { welcome.checkpoint = w.hub->SignHead(OtherHead(size)); });
       w.Reconnect(w.partner());
     }},
    {"a newer head of another history", "hub.forked",
     [](LiarWorld& w) {
       w.Lie<ProofReply>([&](ProofReply& reply) {
         if (!reply.checkpoint.empty()) reply.checkpoint = w.hub->SignHead(OtherHead(1000));
       });
       w.Pass(seconds(31));
     }},
    {"no proof between its own heads", "hub.head_refused",
     [](LiarWorld& w) {
       w.hub->tamper = [&](const OrgId& to, Message& message) {
         if (to == w.partner_id && std::holds_alternative<ProofReply>(message.payload)) {
           message.payload = Error{Code::kNotFound, "proof.none", {}, {}};
         }
       };
       w.Pass(seconds(31));
     }},
    {"a face for others", "hub.split_view",
     [](LiarWorld& w) {
       // The lead was shown another history, and says so in its next record.
       const std::uint64_t size = w.hub->Head().size;
       w.lead().sync().OnDisconnected({Code::kUnavailable, "test", {}, {}});
       VaultBatch batch;
       batch.PutSeen({OtherHead(size - 2), ""});
       ASSERT_TRUE(w.lead().vault().Commit(batch));
       w.lead().Restart();
       ASSERT_TRUE(w.lead().Note(w.trajectory, {w.partner_id}, "as I saw it"));
       w.Lie<Welcome>([](Welcome& welcome) { welcome.consistency.clear(); }, w.lead_id);
       // The hub keeps up its other face towards the lead.
       w.hub->tamper = [&, size](const OrgId& to, Message& message) {
         auto* welcome = std::get_if<Welcome>(&message.payload);
         if (to == w.lead_id && welcome) welcome->checkpoint = w.hub->SignHead(OtherHead(size - 2));
       };
       w.Connect(w.lead());
       w.Pass(seconds(2));
     },
     1},
    {"a record that claims a head from the future", "hub.split_view",
     [](LiarWorld& w) {
       VaultBatch batch;
       batch.PutSeen({OtherHead(5000), ""});
       ASSERT_TRUE(w.lead().vault().Commit(batch));
       w.lead().Restart();
       ASSERT_TRUE(w.lead().Note(w.trajectory, {w.partner_id}, "as I saw it"));
       w.hub->tamper = [&](const OrgId& to, Message& message) {
         auto* welcome = std::get_if<Welcome>(&message.payload);
         if (to == w.lead_id && welcome) welcome->checkpoint = w.hub->SignHead(OtherHead(5000));
       };
       w.Connect(w.lead());
       w.Pass(seconds(2));
     },
     1},
    {"what another cosigned of another history", "hub.split_view",
     [](LiarWorld& w) {
       w.Lie<CosignAck>([&](CosignAck& ack) { ack.other = CosignedByLead(w, OtherHead(5)); });
       w.Reconnect(w.partner());
     }},
    {"what another cosigned of another history that went further", "hub.split_view",
     [](LiarWorld& w) {
       const TreeHead further = OtherHead(w.hub->Head().size + 2);
       w.Lie<CosignAck>([&, further](CosignAck& ack) { ack.other = CosignedByLead(w, further); });
       w.Reconnect(w.partner());
       for (int i = 0; i < 4; ++i) w.Write("so that this one goes as far");
       w.Pass(seconds(31));
     },
     4},
    {"a cosigned head that its own log did not sign", "hub.cosigned",
     [](LiarWorld& w) {
       w.Lie<CosignAck>([&](CosignAck& ack) {
         ack.other = SignCheckpoint(std::string(kOrigin), w.hub->Head(), SeededSigningKey("somebody"));
       });
       w.Reconnect(w.partner());
     }},
    {"an answer beside which others stand for another history", "hub.access",
     [](LiarWorld& w) {
       w.Lie<AccessReply>(
           [&](AccessReply& reply) { reply.evidence.witnesses.push_back({CosignedByLead(w, OtherHead(5)), {}}); });
       w.partner().sync().Access({w.trajectory, {}, {}, 10},
                                 [](Result<Evidence> result) { EXPECT_FALSE(result.has_value()); });
       w.Exchange();
     }},
    {"outcomes that are not of the batch", "hub.acknowledgement",
     [](LiarWorld& w) {
       w.Lie<SubmitAck>([](SubmitAck& ack) { ack.outcomes.push_back(ack.outcomes.back()); });
       ASSERT_TRUE(w.partner().Note(w.trajectory, {w.lead_id}, "mine"));
       w.Exchange();
     }},
    {"accepted at no place", "hub.acknowledgement",
     [](LiarWorld& w) {
       w.Lie<SubmitAck>([](SubmitAck& ack) { ack.outcomes.front().sequence = Sequence(); });
       ASSERT_TRUE(w.partner().Note(w.trajectory, {w.lead_id}, "mine"));
       w.Exchange();
     }},
    {"two records at one place", "hub.acknowledgement",
     [](LiarWorld& w) {
       w.Lie<SubmitAck>([](SubmitAck& ack) {
         for (Outcome& outcome : ack.outcomes) outcome.sequence = ack.outcomes.front().sequence;
       });
       ASSERT_TRUE(w.partner().Note(w.trajectory, {w.lead_id}, "mine"));
       ASSERT_TRUE(w.partner().Note(w.trajectory, {w.lead_id}, "mine too"));
       w.Exchange();
     }},
    {"acknowledged, another entry in its place", "hub.not_included",
     [](LiarWorld& w) {
       w.Lie<SubmitAck>([](SubmitAck& ack) { ack.outcomes.front().sequence = Sequence(3); });
       ASSERT_TRUE(w.partner().Note(w.trajectory, {w.lead_id}, "mine"));
       w.Exchange();
       w.Pass(seconds(2));
     }},
    {"acknowledged, and no proof that holds", "hub.not_included",
     [](LiarWorld& w) {
       w.Lie<ProofReply>([](ProofReply& reply) {
         if (!reply.entry.empty()) reply.hashes.front()[0] ^= 1;
       });
       ASSERT_TRUE(w.partner().Note(w.trajectory, {w.lead_id}, "mine"));
       w.Exchange();
       w.Pass(seconds(2));
     }},
    {"acknowledged, and proof refused", "hub.inclusion_refused",
     [](LiarWorld& w) {
       w.hub->tamper = [&](const OrgId& to, Message& message) {
         auto* proof = std::get_if<ProofReply>(&message.payload);
         if (to == w.partner_id && proof && !proof->entry.empty()) {
           message.payload = Error{Code::kNotFound, "proof.none", {}, {}};
         }
       };
       ASSERT_TRUE(w.partner().Note(w.trajectory, {w.lead_id}, "mine"));
       w.Exchange();
       w.Pass(seconds(2));
     }},
    {"acknowledged, and heads never get there", "hub.acknowledged_not_included",
     [](LiarWorld& w) {
       w.Lie<SubmitAck>([](SubmitAck& ack) { ack.outcomes.front().sequence = Sequence(100'000); });
       ASSERT_TRUE(w.partner().Note(w.trajectory, {w.lead_id}, "mine"));
       w.Exchange();
       w.Pass(seconds(70));
     }},
    {"a directory that shrank", "directory.went_back",
     [](LiarWorld& w) {
       w.Lie<Welcome>([](Welcome& welcome) { welcome.statements = 1; });
       w.Reconnect(w.partner());
     }},
    {"less of the directory than it told", "directory.incomplete",
     [](LiarWorld& w) {
       w.Lie<Welcome>([](Welcome& welcome) { welcome.statements += 1; });
       w.Reconnect(w.partner());
     }},
    {"a key that the registrars did not sign", "registry.signatures",
     [](LiarWorld& w) {
       OrgStatement swapped{
           w.lead_id,    2, "Lead", Sector("youth-care"), OrgStatus::kActive, SeededKeys("somebody").Public(),
           w.clock.Now()};
       SignedStatement forged{EncodeStatement(swapped), {}};
       forged.signatures.push_back(SignStatement(forged.statement, SeededSigningKey("somebody")));
       w.hub->tamper = [&w, forged](const OrgId& to, Message& message) {
         if (to != w.partner_id) return;
         if (auto* welcome = std::get_if<Welcome>(&message.payload)) ++welcome->statements;
         if (auto* reply = std::get_if<DirectoryReply>(&message.payload)) reply->statements = {forged};
       };
       w.Reconnect(w.partner());
     }},
    {"an item left out", "feed.gap",
     [](LiarWorld& w) {
       w.Disconnect(w.partner());
       w.Write("left out");
       w.Write("seen");
       w.LieInItems([](std::vector<FeedItem>& items) { items.erase(items.begin()); });
       w.Connect(w.partner());
     }},
    {"items in another order", "feed.gap",
     [](LiarWorld& w) {
       w.Disconnect(w.partner());
       w.Write("one");
       w.Write("two");
       w.LieInItems([](std::vector<FeedItem>& items) { std::swap(items[0], items[1]); });
       w.Connect(w.partner());
     }},
    {"an item left out and the rest renumbered", "feed.forked",
     [](LiarWorld& w) {
       w.Disconnect(w.partner());
       w.Write("left out");
       w.Write("seen");
       w.LieInItems([](std::vector<FeedItem>& items) {
         items.erase(items.begin());
         Redeliver(items.front(),
                   [](DeliveryEntry& delivery) { delivery.position = FeedPosition(delivery.position.value() - 1); });
       });
       w.Connect(w.partner());
     }},
    {"an item once more", "feed.replayed",
     [](LiarWorld& w) {
       const std::uint64_t number = w.partner().vault().NumberOf(w.first).value();
       const StoredContent::Origin old = *w.partner().vault().Content(number).value().origin;
       w.LieInItems([old](std::vector<FeedItem>& items) { items = {{old.delivery, old.delivery_salt, {}}}; });
       w.Write("never arrives");
     }},
    {"an item for another organisation", "feed.recipient",
     [](LiarWorld& w) {
       w.LieInItems([&](std::vector<FeedItem>& items) {
         Redeliver(items.front(), [&](DeliveryEntry& delivery) { delivery.recipient = w.third_id; });
       });
       w.Write("not yours");
     }},
    {"an item that is no delivery", "feed.delivery",
     [](LiarWorld& w) {
       w.LieInItems([](std::vector<FeedItem>& items) { items.front().delivery = items.front().content->entry; });
       w.Write("what is this");
     }},
    {"a delivery before its record", "feed.order",
     [](LiarWorld& w) {
       w.LieInItems([](std::vector<FeedItem>& items) {
         Redeliver(items.front(), [](DeliveryEntry& delivery) { delivery.record_sequence = Sequence(100'000); });
       });
       w.Write("too early");
     }},
    {"a delivery in a slot that is not its own", "feed.slot",
     [](LiarWorld& w) {
       w.LieInItems([](std::vector<FeedItem>& items) { items.front().place->slot ^= 1; });
       w.Write("beside it");
     }},
    {"a delivery with the path of another slot", "feed.slot",
     [](LiarWorld& w) {
       w.LieInItems([](std::vector<FeedItem>& items) { std::swap(items[0].place->path[0], items[0].place->path[1]); });
       w.Write("on another way");
     }},
    {"another delivery in its slot", "feed.slot",
     [](LiarWorld& w) {
       w.LieInItems([](std::vector<FeedItem>& items) {
         Entry entry = DecodeEntry(items.front().delivery).value();
         std::get<DeliveryEntry>(entry.body).grant = RecordId(Id128{7});
         items.front().delivery = EncodeEntry(entry);
       });
       w.Write("swapped");
     }},
    {"a slot of the routing of another record", "feed.slot",
     [](LiarWorld& w) {
       const std::uint64_t number = w.partner().vault().NumberOf(w.first).value();
       const StoredContent::Origin old = *w.partner().vault().Content(number).value().origin;
       w.LieInItems([old](std::vector<FeedItem>& items) { items.front().place = old.place; });
       w.Write("of the first one");
     }},
    {"a routing that names another record", "feed.slot",
     [](LiarWorld& w) {
       w.LieInItems([](std::vector<FeedItem>& items) {
         Reroute(
             items.front(), [](DeliveryEntry&) {}, [](RoutingEntry& routing) { routing.record = RecordId(Id128{7}); });
       });
       w.Write("not that one");
     }},
    {"a second routing of one record, further on", "feed.slot",
     [](LiarWorld& w) {
       w.LieInItems([](std::vector<FeedItem>& items) {
         FeedItem& item = items.front();
         Entry routing = DecodeEntry(item.place->routing).value();
         routing.sequence = Next(routing.sequence);
         item.place->routing = EncodeEntry(routing);
         Entry entry = DecodeEntry(item.delivery).value();
         entry.sequence = routing.sequence;
         item.delivery = EncodeEntry(entry);
         Reroute(item, [](DeliveryEntry&) {});
       });
       w.Write("twice");
     }},
    {"a routing that is not in the log", "hub.not_included",
     [](LiarWorld& w) {
       w.LieInItems([](std::vector<FeedItem>& items) {
         Reroute(items.front(), [](DeliveryEntry& delivery) { delivery.grant = RecordId(Id128{7}); });
       });
       w.Write("made up");
       w.Pass(seconds(31));
     },
     1},
    {"a feed that lost its end", "feed.went_back",
     [](LiarWorld& w) {
       w.Lie<Welcome>([](Welcome& welcome) { welcome.feed_last = FeedPosition(1); });
       w.Reconnect(w.partner());
     }},
    {"more than was asked for", "feed.credit",
     [](LiarWorld& w) {
       w.Lie<FeedItems>([](FeedItems& items) {
         if (!items.items.empty()) items.items.resize(1000, items.items.front());
       });
       w.Write("too much");
     }},
    {"bytes that are no message", "hub.message",
     [](LiarWorld& w) {
       w.partner().sync().OnMessage(AsBytes("hello?"));
       w.Exchange();
     }},
    {"evidence that does not check", "hub.access",
     [](LiarWorld& w) {
       w.Lie<AccessReply>([](AccessReply& reply) { reply.evidence.entries.front().proof.front()[0] ^= 1; });
       w.partner().sync().Access({w.trajectory, {}, {}, 10},
                                 [](Result<Evidence> result) { EXPECT_FALSE(result.has_value()); });
       w.Exchange();
     }},
};

INSTANTIATE_TEST_SUITE_P(Lies, HubThatLies, ::testing::ValuesIn(kLies), NameOf());

// Two agents share a trajectory, and the hub shows each another history: whichever meets the other's cosignature.
TEST(HubWithTwoFaces, IsCaughtByEitherOfTwoThatShareATrajectory) {
  for (const bool lead_meets : {false, true}) {
    SCOPED_TRACE(lead_meets);
    LiarWorld world;
    TestAgent& deceived = lead_meets ? world.partner() : world.lead();
    TestAgent& meets = lead_meets ? world.lead() : world.partner();
    // The other face: another history, as far as this one.
    const TreeHead other = OtherHead(world.hub->Head().size);
    world.Disconnect(deceived);
    VaultBatch batch;
    batch.PutSeen({OtherHead(2), ""});
    ASSERT_TRUE(deceived.vault().Commit(batch));
    deceived.Restart();
    world.Lie<Welcome>(
        [&](Welcome& welcome) {
          welcome.checkpoint = world.hub->SignHead(other);
          std::vector<Hash32> leaves;
          for (std::uint64_t i = 0; i < other.size; ++i) leaves.push_back(OtherLeaf(i));
          welcome.consistency = ConsistencyProof(2, other.size, SubtreesOf(leaves)).value();
        },
        deceived.self());
    world.Connect(deceived);
    ASSERT_FALSE(deceived.sync().Report().distrusted) << "by itself it cannot know";
    const std::string cosigned = world.hub->cosigned.at(deceived.self()).back();
    EXPECT_EQ(VerifyCheckpoint(cosigned, world.region.verifier()).value(), other);
    // It reaches the other through the hub's own mouth.
    world.Lie<CosignAck>([&](CosignAck& ack) { ack.other = cosigned; }, meets.self());
    world.Reconnect(meets);
    const auto distrusted = meets.sync().Report().distrusted;
    ASSERT_TRUE(distrusted);
    EXPECT_EQ(distrusted->rule, "hub.split_view");
  }
}

// ---- One item that is wrong ----

struct Flawed {
  const char* name;
  const char* rule;
  Alarm::Fault fault;
  std::function<void(LiarWorld&, FeedItem&)> change;
};

class ItemThatIsWrong : public ::testing::TestWithParam<Flawed> {};

TEST_P(ItemThatIsWrong, StaysOutOfSightWithTheReasonAndTheFeedGoesOn) {
  LiarWorld world;
  world.LieInItems([&](std::vector<FeedItem>& items) { GetParam().change(world, items.front()); });
  // The delivery entry is changed in some cases: then the chain continues from what was handed over.
  const RecordId wrong = world.Write("to be spoilt");
  EXPECT_FALSE(world.partner().Find(wrong));
  EXPECT_THAT(world.partner().Alarms(), ElementsAre(GetParam().rule));
  const std::vector<HiddenItem> hidden = world.partner().vault().Hidden().value();
  ASSERT_EQ(hidden.size(), 1U);
  EXPECT_EQ(hidden[0].fault, GetParam().fault);
  EXPECT_EQ(hidden[0].why.rule, GetParam().rule);
  EXPECT_FALSE(world.partner().sync().Report().distrusted);

  world.hub->tamper = nullptr;
  const RecordId right = world.Write("fine again");
  EXPECT_TRUE(world.partner().Find(right));
}

// Bytes that the lead could have signed itself, had it been wrong-headed.
void ResignByLead(LiarWorld& world, FeedItem& item) {
  ReenterRecord(item, [&](RecordEntry& record) {
    record.ciphertext_hash = Sha256(item.content->ciphertext);
    record.recipients_root = RootOf(item.content->stanza);
    const Hash32 leaf = RecordLeaf(record.header, record.ciphertext_hash, record.recipients_root);
    const std::vector<Hash32> leaves = {leaf};
    record.evidence = ProveLeaves(leaves, SignLeaves(world.lead().keys().record, leaves)).front();
  });
}
void ChangeHeader(FeedItem& item, const std::function<void(Header&)>& change) {
  ReenterRecord(item, [&](RecordEntry& record) {
    Header header = DecodeHeader(record.header).value();
    change(header);
    record.header = EncodeHeader(header);
  });
}

const Flawed kFlaws[] = {
    {"another ciphertext", "feed.ciphertext", Alarm::Fault::kHub,
     [](LiarWorld&, FeedItem& item) { item.content->ciphertext[100] ^= 1; }},
    {"another stanza", "feed.stanza", Alarm::Fault::kHub,
     [](LiarWorld&, FeedItem& item) { item.content->stanza.stanza.wrapped[0] ^= 1; }},
    {"a stanza from another place", "feed.stanza", Alarm::Fault::kHub,
     [](LiarWorld&, FeedItem& item) { item.content->stanza.slot ^= 1; }},
    {"a slot that is not that of its stanza", "feed.slot", Alarm::Fault::kHub,
     [](LiarWorld& w, FeedItem& item) {
       item.content->stanza.slot ^= 1;
       ResignByLead(w, item);
     }},
    {"the stanza of another", "feed.stanza_recipient", Alarm::Fault::kHub,
     [](LiarWorld& w, FeedItem& item) {
       item.content->stanza.stanza.recipient = w.third_id;
       ResignByLead(w, item);
     }},
    {"another author", "record.signature", Alarm::Fault::kHub,
     [](LiarWorld& w, FeedItem& item) {
       ChangeHeader(item, [&](Header& header) {
         header.author = w.third_id;
         header.signer = IdOf(w.region.keys.at(w.third_id).record.public_key);
       });
     }},
    {"an author without that key", "record.signer", Alarm::Fault::kHub,
     [](LiarWorld&, FeedItem& item) {
       ChangeHeader(item, [](Header& header) { header.signer = IdOf(SeededSigningKey("nobody").public_key); });
     }},
    {"a forged signature", "record.signature", Alarm::Fault::kHub,
     [](LiarWorld&, FeedItem& item) {
       ReenterRecord(item, [](RecordEntry& record) { record.evidence.signature[3] ^= 1; });
     }},
    {"a changed header", "record.signature", Alarm::Fault::kHub,
     [](LiarWorld&, FeedItem& item) {
       ChangeHeader(item, [](Header& header) { header.categories = {Category::kGoals}; });
     }},
    {"another record than the one delivered", "feed.other_record", Alarm::Fault::kHub,
     [](LiarWorld&, FeedItem& item) { ChangeHeader(item, [](Header& header) { header.id = RecordId(Id128{7}); }); }},
    {"another trajectory than the one delivered", "feed.other_record", Alarm::Fault::kHub,
     [](LiarWorld&, FeedItem& item) {
       ChangeHeader(item, [](Header& header) { header.trajectory = TrajectoryId(Id128{7}); });
     }},
    {"an entry of another place", "feed.entry", Alarm::Fault::kHub,
     [](LiarWorld&, FeedItem& item) {
       Entry entry = DecodeEntry(item.content->entry).value();
       entry.sequence = Sequence(1);
       item.content->entry = EncodeEntry(entry);
     }},
    {"our own record as another's", "feed.own_record", Alarm::Fault::kHub,
     [](LiarWorld& w, FeedItem& item) { ChangeHeader(item, [&](Header& header) { header.author = w.partner_id; }); }},
    {"a key for nobody", "record.stanza_key", Alarm::Fault::kAuthor,
     [](LiarWorld& w, FeedItem& item) {
       item.content->stanza.stanza.key = KeyId();
       ResignByLead(w, item);
     }},
    {"a wrap that does not open", "record.stanza", Alarm::Fault::kAuthor,
     [](LiarWorld& w, FeedItem& item) {
       item.content->stanza.stanza.wrapped[0] ^= 1;
       ResignByLead(w, item);
     }},
    {"a body that does not open", "record.body", Alarm::Fault::kAuthor,
     [](LiarWorld& w, FeedItem& item) {
       item.content->ciphertext.back() ^= 1;
       ResignByLead(w, item);
     }},
    {"a body under another key", "record.commitment", Alarm::Fault::kAuthor,
     [](LiarWorld& w, FeedItem& item) {
       item.content->ciphertext.front() ^= 1;
       ResignByLead(w, item);
     }},
};

INSTANTIATE_TEST_SUITE_P(Flaws, ItemThatIsWrong, ::testing::ValuesIn(kFlaws), NameOf());

// ---- What was not ours to get ----

// Partner and third know of each other; nobody gave the third anything.
struct ThreeInOneTrajectory : LiarWorld {
  ThreeInOneTrajectory() {
    const RecordId invitation = lead().Invite(trajectory, third_id).value();
    Exchange();
    EXPECT_TRUE(third().Join(trajectory, invitation));
    EXPECT_TRUE(lead().Show(trajectory, third_id, partner_id));
    EXPECT_TRUE(lead().Show(trajectory, partner_id, third_id));
    Exchange();
  }
  // What no agent of ours would send.
  void SubmitAs(const OrgId& author, Header header, const OrgId& recipient) {
    header.id = RecordId(Id128{42});
    header.author = author;
    header.signer = IdOf(region.keys.at(author).record.public_key);
    header.trajectory = trajectory;
    header.thread = header.id;
    header.created_at = clock.Now();
    const std::vector<RecipientKey> keys = {{recipient, region.keys.at(recipient).hpke.back().public_key}};
    SeededRandom random(5);
    std::vector<SealedRecord> records;
    records.push_back(SealRecord(header, {}, keys, kOrigin, random).value().record);
    hub->Receive(author, EncodeMessage({999, Submit{SignBatch(std::move(records), region.keys.at(author).record)}}));
    Exchange();
  }
};

TEST(DeliveryTest, OfContentWithoutAGrantIsHiddenAndNamed) {
  ThreeInOneTrajectory world;
  world.hub->accept_anything = true;
  const RecordId note = world.partner().Note(world.trajectory, {world.third_id}, "for nobody").value();
  world.Exchange();
  EXPECT_FALSE(world.third().Find(note));
  EXPECT_THAT(world.third().Alarms(), ElementsAre("policy.delivered_without_grant"));
  EXPECT_EQ(world.third().vault().Hidden().value()[0].why.field, "no-grant");
}

TEST(DeliveryTest, AfterAWithdrawalIsHiddenAndNamed) {
  ThreeInOneTrajectory world;
  const RecordId grant = world.lead().Give(world.trajectory, world.third_id).value();
  world.Exchange();
  const RecordId before = world.partner().Note(world.trajectory, {world.third_id}, "in time").value();
  world.Exchange();
  ASSERT_TRUE(world.lead().Withdraw(world.trajectory, grant));
  world.Exchange();
  world.hub->accept_anything = true;
  const RecordId after = world.partner().Note(world.trajectory, {world.third_id}, "too late").value();
  world.Exchange();
  EXPECT_TRUE(world.third().Find(before));
  EXPECT_FALSE(world.third().Find(after));
  EXPECT_THAT(world.third().Alarms(), ElementsAre("policy.delivered_without_grant"));
  EXPECT_EQ(world.third().vault().Hidden().value()[0].why.field, "withdrawn");
}

TEST(DeliveryTest, OfCategoriesBeyondTheGrantIsHiddenAndNamed) {
  ThreeInOneTrajectory world;
  ASSERT_TRUE(world.lead().Give(world.trajectory, world.third_id, {Category::kSchool}));
  world.Exchange();
  world.hub->accept_anything = true;
  ASSERT_TRUE(world.partner().Note(world.trajectory, {world.third_id}, "health", Category::kHealth));
  world.Exchange();
  EXPECT_THAT(world.third().Alarms(), ElementsAre("policy.delivered_without_grant"));
  EXPECT_EQ(world.third().vault().Hidden().value()[0].why.field, "category");
}

TEST(DeliveryTest, OfAGrantByAnotherThanTheLeadIsHiddenAndCountsForNothing) {
  ThreeInOneTrajectory world;
  world.hub->accept_anything = true;
  Header header;
  header.kind = Kind::kGrantGive;
  header.control = GrantGive{world.third_id,
                             {Purpose::kCareCoordination},
                             AllOfThem(),
                             world.clock.Now(),
                             world.clock.Now() + std::chrono::hours(1),
                             Basis::kConsent,
                             Grantor::kYoungPerson,
                             {},
                             {},
                             {},
                             false};
  world.SubmitAs(world.partner_id, header, world.third_id);
  EXPECT_THAT(world.third().Alarms(), ElementsAre("policy.not_admissible"));
  EXPECT_THAT(world.third().knowledge().FindTrajectory(world.trajectory)->grants, IsEmpty());
}

TEST(DeliveryTest, OfAStatementThatConcernsAnotherIsHiddenAndNamed) {
  ThreeInOneTrajectory world;
  world.hub->accept_anything = true;
  Header header;
  header.kind = Kind::kMemberInvite;
  header.control = MemberInvite{world.lead_id, world.clock.Now() + std::chrono::hours(1)};
  world.SubmitAs(world.lead_id, header, world.third_id);
  EXPECT_THAT(world.third().Alarms(), ElementsAre("policy.delivered_without_grant"));
  EXPECT_EQ(world.third().vault().Hidden().value()[0].why.field, "not-addressed");
}

TEST(DeliveryTest, OfTheSameRecordTwiceIsHiddenAndNamed) {
  LiarWorld world;
  const HeldRecord first = *world.partner().Find(world.first);
  world.hub->Deliver(world.partner_id, first.header, first.sequence);
  world.hub->Pump(world.partner_id);
  world.Exchange();
  EXPECT_THAT(world.partner().Alarms(), ElementsAre("feed.twice"));
  EXPECT_EQ(world.partner().vault().Hidden().value().size(), 1U);
}

TEST(DeliveryTest, OfContentThatIsMarkedWithheldIsHiddenAndNamed) {
  LiarWorld world;
  const HeldRecord first = *world.partner().Find(world.first);
  std::optional<FeedItem::Content> content;
  world.LieInItems([&](std::vector<FeedItem>& items) {
    if (items.front().content) content = items.front().content;
    if (!items.front().content) items.front().content = content;
  });
  const RecordId second = world.Write("second");
  ASSERT_TRUE(content);
  const HeldRecord held = *world.partner().Find(second);
  world.hub->Deliver(world.partner_id, held.header, held.sequence, Denial::kWithdrawn);
  world.hub->Pump(world.partner_id);
  world.Exchange();
  EXPECT_THAT(world.partner().Alarms(), ElementsAre("feed.withheld_content"));
  EXPECT_EQ(world.partner().vault().Withheld().value().size(), 1U);
}

}  // namespace
}  // namespace schakel::testing
