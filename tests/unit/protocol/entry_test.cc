#include "protocol/entry.h"

#include <gtest/gtest.h>

#include "protocol/codec.h"
#include "protocol/merkle.h"
#include "support/builders.h"
#include "support/canonical.h"

namespace schakel::test {
namespace {

SignatureEvidence EvidenceWith(std::size_t hashes) {
  return {Filled<64>(0x51), 64, 63, std::vector<Hash32>(hashes, Filled<32>(0x52))};
}
RecordEntry RecordWith(std::size_t hashes) {
  return {EncodeHeader(NoteBy(kYouthCare)), Filled<32>(1), Filled<32>(2), EvidenceWith(hashes)};
}
DeliveryEntry Delivery(std::optional<RecordId> grant, std::optional<Denial> withheld) {
  return {kSchool, FeedPosition(300), Filled<32>(3), Sequence(70000), RecordNo(4), kOurs, grant, withheld};
}

DeliveryEntry Numbered(DeliveryEntry delivery) {
  delivery.number = ClosedNumber{Filled<8>(0x61), Filled<32>(0x62)};
  return delivery;
}

DeliveryEntry Placed(DeliveryEntry delivery) {
  delivery.blind = Filled<32>(0x63);
  return delivery;
}
DeliveryEntry Closed(DeliveryEntry delivery) {
  delivery.position = {};
  delivery.previous = {};
  delivery.closed = Filled<32>(0x64);
  return delivery;
}

struct Named {
  const char* name;
  EntryBody body;
};
std::vector<Named> OneOfEach() {
  return {
      {"record alone", RecordWith(0)},
      {"record of a batch", RecordWith(6)},
      {"delivery by a grant", Delivery(RecordNo(5), std::nullopt)},
      {"delivery that needs no grant", Delivery(std::nullopt, std::nullopt)},
      {"withheld", Delivery(std::nullopt, Denial::kWithdrawn)},
      {"numbered delivery", Numbered(Delivery(RecordNo(5), std::nullopt))},
      {"numbered withheld", Numbered(Delivery(std::nullopt, Denial::kWithdrawn))},
      {"delivery with a place", Placed(Numbered(Delivery(RecordNo(5), std::nullopt)))},
      {"anonymous delivery with a place", Placed(Delivery(std::nullopt, std::nullopt))},
      {"closed delivery", Closed(Numbered(Delivery(std::nullopt, Denial::kWithdrawn)))},
      {"anonymous closed delivery", Closed(Delivery(RecordNo(5), std::nullopt))},
      {"answer to the lead", AnswerEntry{kYouthCare, kOurs, {}, {{kPsychiatry, 0}, {kYouthCare, 70000}}}},
      {"answer about a record", AnswerEntry{kSchool, kOurs, RecordNo(4), {{kSchool, 1}}}},
      {"answer that counts nothing", AnswerEntry{kSchool, kOurs, {}, {}}},
      {"erasure", ErasureEntry{kOurs,
                               RecordNo(4),
                               kYouthCare,
                               {{kPsychiatry, 3, FeedPosition(9), Filled<32>(3), Sequence(8), Sequence(7)},
                                {kYouthCare, 0, {}, {}, {}, Sequence(70000)}}}},
      {"erasure without parties", ErasureEntry{kOurs, RecordNo(4), kYouthCare, {}}},
      {"act of an operator", OperatorEntry{std::string(64, 'o')}},
      {"routing", RoutingEntry{Sequence(70000), RecordNo(4), kOurs, Filled<32>(6)}},
      {"routing of an anonymous record", RoutingEntry{Sequence(1), RecordNo(4), {}, Filled<32>(6)}},
      {"denial", DenialEntry{kPolice, Sequence(7), RecordNo(4), kOurs, Denial::kSectorCeiling}},
      {"denial of an anonymous record", DenialEntry{kPolice, Sequence(7), RecordNo(4), {}, Denial::kNotAddressed}},
      {"session", SessionEntry{kSchool, SessionEvent::kConnected, "", {}, {}}},
      {"refusal", SessionEntry{kSchool, SessionEvent::kRefused, std::string(64, 'r'), kOurs, RecordNo(4)}},
      {"registry", RegistryEntry{SignedBy(StatementOf(kSchool, "school-support"), {1, 2})}},
      {"ceilings", RegistryEntry{SignedBy(Ceilings(), {1, 2, 3})}},
  };
}

TEST(EntryTest, EveryTypeComesBackAsItWas) {
  for (const Named& named : OneOfEach()) {
    SCOPED_TRACE(named.name);
    const Entry entry{Sequence(123456789), kNow, named.body};
    const auto decoded = DecodeEntry(EncodeEntry(entry));
    ASSERT_TRUE(decoded.has_value()) << ToText(decoded.error());
    EXPECT_EQ(*decoded, entry);
  }
}

TEST(EntryTest, HasOneEncoding) {
  for (const Named& named : OneOfEach()) {
    SCOPED_TRACE(named.name);
    ExpectCanonical(EncodeEntry({Sequence(1), kNow, named.body}), ReencodeEntry);
  }
}

TEST(EntryTest, AClosedDeliveryProvesTheSameAndTellsNothingOfItsPlace) {
  const auto encoded = [](const DeliveryEntry& delivery) { return EncodeEntry({Sequence(1), kNow, delivery}); };
  const DeliveryEntry open = Placed(Numbered(Delivery(RecordNo(5), std::nullopt)));
  const Bytes bytes = encoded(open);
  const Bytes closed = ClosedForm(bytes);
  EXPECT_TRUE(CanBeClosed(bytes));
  EXPECT_FALSE(CanBeClosed(closed));
  EXPECT_EQ(ClosedForm(closed), closed);
  EXPECT_EQ(LogLeafHash(Filled<32>(9), bytes), LogLeafHash(Filled<32>(9), closed));
  EXPECT_EQ(SlotsRoot(bytes, Filled<32>(9), 3, {}), SlotsRoot(closed, Filled<32>(9), 3, {}));
  const auto shown = DecodeEntry(closed);
  ASSERT_TRUE(shown.has_value()) << ToText(shown.error());
  const auto& delivery = std::get<DeliveryEntry>(shown->body);
  EXPECT_EQ(delivery.recipient, open.recipient);
  EXPECT_EQ(delivery.record, open.record);
  EXPECT_EQ(delivery.number, open.number);
  EXPECT_EQ(delivery.position, FeedPosition());
  EXPECT_EQ(delivery.previous, Hash32{});
  EXPECT_FALSE(delivery.blind);
  // Another place, or the same with another blind, is another leaf.
  DeliveryEntry moved = open;
  moved.position = Next(moved.position);
  EXPECT_NE(ClosedForm(encoded(moved)), closed);
  DeliveryEntry after_another = open;
  after_another.previous = Filled<32>(4);
  EXPECT_NE(ClosedForm(encoded(after_another)), closed);
  DeliveryEntry blinded = open;
  blinded.blind = Filled<32>(0x65);
  EXPECT_NE(ClosedForm(encoded(blinded)), closed);
  EXPECT_EQ(ClosedForm(encoded(Numbered(Delivery({}, {})))), encoded(Numbered(Delivery({}, {})))) << "of before";
}

TEST(EntryTest, KeepsItsRules) {
  const auto encoded = [](const EntryBody& body) { return EncodeEntry({Sequence(1), kNow, body}); };
  const auto session = [&](auto&& change) {
    SessionEntry entry{kSchool, SessionEvent::kConnected, "", {}, {}};
    change(entry);
    return encoded(entry);
  };
  const auto version = [&](std::uint8_t number) {
    Bytes bytes = session([](SessionEntry&) {});
    bytes[1] = number;
    return bytes;
  };
  Bytes type_ten = version(1);
  type_ten[2] = 10;
  const auto in_version = [](Bytes bytes, std::uint8_t number) {
    bytes[1] = number;
    return bytes;
  };
  const Bytes answer = encoded(AnswerEntry{kSchool, kOurs, {}, {{kSchool, 1}}});
  AnswerEntry crowd{kSchool, kOurs, {}, {}};
  for (std::size_t i = 0; i < kAnswerCountsMax; ++i)
    crowd.counts.push_back({OrgId("org-" + std::to_string(10000 + i)), i});
  AnswerEntry larger_crowd = crowd;
  larger_crowd.counts.push_back({OrgId("org-99999"), 1});
  Bytes type_nought = version(1);
  type_nought[2] = 0;
  SignatureEvidence count_too_high = EvidenceWith(0);
  count_too_high.count = 65;
  RecordEntry with_count = RecordWith(0);
  with_count.evidence = count_too_high;
  RecordEntry large = RecordWith(0);
  large.header.assign(kHeaderBytesMax, 0);
  RecordEntry too_large = large;
  too_large.header.push_back(0);
  Encoder broken_statement;
  broken_statement.Array(5).Uint(1).Uint(5).Uint(1).Uint(0).Binary(Bytes{0x90});
  struct Case {
    const char* name;
    Bytes bytes;
    const char* want;
  };
  const Case cases[] = {
      {"detail of 64 bytes", session([](SessionEntry& s) { s.detail = std::string(64, 'x'); }), "ok"},
      {"detail of 65 bytes", session([](SessionEntry& s) { s.detail = std::string(65, 'x'); }), "codec.size"},
      {"an event too high", session([](SessionEntry& s) { s.event = static_cast<SessionEvent>(5); }), "codec.type"},
      {"no organisation", session([](SessionEntry& s) { s.organisation = {}; }), "id.organisation"},
      {"last denial", encoded(Delivery(std::nullopt, kDenialLast)), "ok"},
      {"a denial too high", encoded(Delivery(std::nullopt, static_cast<Denial>(15))), "codec.type"},
      {"a denial too high, at routing", encoded(DenialEntry{kSchool, Sequence(1), {}, {}, static_cast<Denial>(15)}),
       "codec.type"},
      {"a path of 8", encoded(RecordWith(8)), "ok"},
      {"a path of 9", encoded(RecordWith(9)), "codec.type"},
      {"a count too high", encoded(with_count), "codec.type"},
      {"a header of 16 KiB", encoded(large), "ok"},
      {"a header of a byte more", encoded(too_large), "codec.size"},
      {"a statement that is none", broken_statement.bytes(), "entry.statement"},
      {"a newer version", version(6), "entry.version"},
      {"a session of version 4", version(4), "codec.type"},
      {"a session of version 3", version(3), "codec.type"},
      {"a session of version 2", version(2), "codec.type"},
      {"an answer of version 1", in_version(answer, 1), "codec.type"},
      {"an erasure of version 2", in_version(encoded(ErasureEntry{kOurs, RecordNo(4), kYouthCare, {}}), 2),
       "codec.type"},
      {"a party twice",
       encoded(
           ErasureEntry{kOurs, RecordNo(4), kYouthCare, {{kSchool, 1, {}, {}, {}, {}}, {kSchool, 1, {}, {}, {}, {}}}}),
       "codec.type"},
      {"a routing of version 3", in_version(encoded(RoutingEntry{Sequence(1), RecordNo(4), kOurs, {}}), 3),
       "codec.type"},
      {"an act of 65 bytes", encoded(OperatorEntry{std::string(65, 'o')}), "codec.size"},
      {"a delivery of version 2 without a number", in_version(encoded(Delivery(std::nullopt, std::nullopt)), 2),
       "codec.type"},
      {"a delivery of version 1 with one", in_version(encoded(Numbered(Delivery(std::nullopt, std::nullopt))), 1),
       "codec.type"},
      {"as many counts as may be", encoded(crowd), "ok"},
      {"one more", encoded(larger_crowd), "codec.count"},
      {"a recipient twice", encoded(AnswerEntry{kSchool, kOurs, {}, {{kSchool, 1}, {kSchool, 1}}}), "codec.type"},
      {"recipients in order", encoded(AnswerEntry{kSchool, kOurs, {}, {{kSchool, 1}, {kPolice, 1}}}), "ok"},
      {"recipients in another order", encoded(AnswerEntry{kSchool, kOurs, {}, {{kPolice, 1}, {kSchool, 1}}}),
       "codec.type"},
      {"version nought", version(0), "codec.type"},
      {"a type too high", type_ten, "codec.type"},
      {"type nought", type_nought, "codec.type"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    const auto entry = DecodeEntry(c.bytes);
    EXPECT_EQ(entry ? "ok" : entry.error().rule, c.want);
  }
}

TEST(EntryTest, OfANewerVersionSaysSo) {
  Bytes bytes = EncodeEntry({Sequence(1), kNow, SessionEntry{kSchool, SessionEvent::kConnected, "", {}, {}}});
  bytes[1] = 6;
  EXPECT_EQ(DecodeEntry(bytes).error().code, Code::kVersion);
}

TEST(EntryTest, FeedHashIsOfTheWholeDelivery) {
  const Bytes delivery = EncodeEntry({Sequence(9), kNow, Delivery(RecordNo(5), std::nullopt)});
  Bytes expected{0x30};
  Append(expected, delivery);
  EXPECT_EQ(FeedHash(delivery), Sha256(expected));
  for (std::size_t i = 0; i < delivery.size(); ++i) {
    Bytes other = delivery;
    other[i] ^= 1;
    ASSERT_NE(FeedHash(other), FeedHash(delivery)) << i;
  }
}

}  // namespace
}  // namespace schakel::test
