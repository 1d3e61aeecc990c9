#include "protocol/wire.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "support/canonical.h"
#include "support/message_fields.h"
#include "unit/protocol/samples.h"

namespace schakel::test {
namespace {

std::string RuleOf(const Result<Message>& message) { return message ? "ok" : message.error().rule; }
std::string RuleAfterTrip(const MessagePayload& payload) { return RuleOf(DecodeMessage(EncodeMessage({1, payload}))); }

TEST(WireTest, EveryMessageComesBackAsItWas) {
  std::set<std::size_t> seen;
  for (const std::string& name : SampleMessageNames()) {
    SCOPED_TRACE(name);
    const Message message = SampleMessage(name);
    const auto decoded = DecodeMessage(EncodeMessage(message));
    ASSERT_TRUE(decoded.has_value()) << ToText(decoded.error());
    EXPECT_TRUE(SameMessage(*decoded, message));
    seen.insert(message.payload.index());
  }
  EXPECT_EQ(seen.size(), std::variant_size_v<MessagePayload>) << "a message has no sample";
}

TEST(WireTest, EveryMessageHasOneEncoding) {
  for (const std::string& name : SampleMessageNames()) {
    SCOPED_TRACE(name);
    ExpectCanonical(EncodeMessage(SampleMessage(name)), ReencodeMessage);
  }
}

TEST(WireTest, TypesAreThoseOfTheSpecification) {
  const std::map<std::string, std::uint8_t> types = {{"hello", 1},
                                                     {"submit", 2},
                                                     {"feed", 3},
                                                     {"prove-inclusion", 4},
                                                     {"prove-consistency", 5},
                                                     {"access-query", 6},
                                                     {"directory-query", 7},
                                                     {"heartbeat", 8},
                                                     {"enrol-request", 9},
                                                     {"enrol-status-query", 10},
                                                     {"cosign", 11},
                                                     {"welcome", 129},
                                                     {"submit-ack", 130},
                                                     {"feed-items", 131},
                                                     {"proof-reply", 132},
                                                     {"access-reply", 134},
                                                     {"directory-reply", 135},
                                                     {"heartbeat-reply", 136},
                                                     {"enrol-status", 137},
                                                     {"cosign-ack", 138},
                                                     {"error", 255}};
  for (const auto& [name, type] : types) {
    SCOPED_TRACE(name);
    Encoder begin;
    begin.Uint(1).Uint(type).Uint(7);
    const Bytes bytes = EncodeMessage(SampleMessage(name));
    EXPECT_EQ(ToHex(ByteView(bytes).subspan(1, begin.bytes().size())), ToHex(begin.bytes()));
  }
}

TEST(WireTest, EnvelopeKeepsItsRules) {
  const auto message = [](std::size_t items, std::uint64_t version, std::uint64_t type) {
    Encoder to;
    to.Array(items).Uint(version).Uint(type).Uint(~std::uint64_t{0});
    for (std::size_t i = 3; i < items; ++i) to.Uint(0);
    return to.Take();
  };
  struct Case {
    const char* name;
    Bytes bytes;
    const char* want;
    Code code;
  };
  const Case cases[] = {
      {"a heartbeat", message(3, 1, 8), "ok", Code::kInternal},
      {"a field too many", message(4, 1, 8), "codec.type", Code::kInvalid},
      {"a feed", message(5, 1, 3), "ok", Code::kInternal},
      {"a field too few", message(4, 1, 3), "codec.type", Code::kInvalid},
      {"a newer version", message(3, 2, 8), "wire.version", Code::kVersion},
      {"a newer version that says more", message(20, 2, 200), "wire.version", Code::kVersion},
      {"version nought", message(3, 0, 8), "wire.version", Code::kVersion},
      {"type nought", message(3, 1, 0), "wire.type", Code::kInvalid},
      {"the first free type", message(3, 1, 15), "wire.type", Code::kInvalid},
      {"a reply that is none", message(3, 1, 133), "wire.type", Code::kInvalid},
      {"a type too high", message(3, 1, 256), "codec.type", Code::kInvalid},
      {"too short", Bytes{0x92, 0x01, 0x08}, "codec.type", Code::kInvalid},
      {"no array", Bytes{0x01}, "codec.type", Code::kInvalid},
      {"nothing", Bytes{}, "codec.truncated", Code::kInvalid},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    const auto decoded = DecodeMessage(c.bytes);
    EXPECT_EQ(RuleOf(decoded), c.want);
    if (!decoded) {
      EXPECT_EQ(decoded.error().code, c.code);
    }
  }
}

TEST(WireTest, MessageIsLimitedInSize) {
  const Bytes bytes = EncodeMessage(SampleMessage("submit"));
  EXPECT_EQ(RuleOf(DecodeMessage(bytes, {.bytes_max = bytes.size()})), "ok");
  const auto refused = DecodeMessage(bytes, {.bytes_max = bytes.size() - 1});
  EXPECT_EQ(RuleOf(refused), "codec.size");
  EXPECT_EQ(refused.error().code, Code::kLimit);
}

TEST(WireTest, NumbersStayWithinTheirBounds) {
  const auto query = [](std::uint64_t limit) { return RuleAfterTrip(AccessQuery{kOurs, {}, {}, limit}); };
  EXPECT_EQ(query(0), "codec.type");
  EXPECT_EQ(query(1), "ok");
  EXPECT_EQ(query(1024), "ok");
  EXPECT_EQ(query(1025), "codec.type");
  EXPECT_EQ(RuleAfterTrip(Feed{FeedPosition(~std::uint64_t{0}), ~std::uint64_t{0}}), "ok");
  EXPECT_EQ(RuleAfterTrip(HeartbeatReply{FromMillis(253402300799999), 0}), "ok");
  EXPECT_EQ(RuleAfterTrip(HeartbeatReply{FromMillis(253402300800000), 0}), "codec.type");
}

TEST(WireTest, ListsStayWithinTheirBounds) {
  const auto batch = [](std::size_t count) {
    SealedRecord record = SampleSecondRecord();
    return RuleAfterTrip(Submit{{std::vector<SealedRecord>(count, record), {}}});
  };
  EXPECT_EQ(batch(0), "codec.type");
  EXPECT_EQ(batch(64), "ok");
  EXPECT_EQ(batch(65), "codec.type");
  const auto outcomes = [](std::size_t count) { return RuleAfterTrip(SubmitAck{std::vector<Outcome>(count)}); };
  EXPECT_EQ(outcomes(0), "codec.type");
  EXPECT_EQ(outcomes(64), "ok");
  EXPECT_EQ(outcomes(65), "codec.type");
  const auto refusals = [](std::size_t count) {
    Outcome outcome;
    outcome.refused.resize(count, {kSchool, Denial::kNoGrant});
    return RuleAfterTrip(SubmitAck{{outcome}});
  };
  EXPECT_EQ(refusals(32), "ok");
  EXPECT_EQ(refusals(33), "codec.type");
  const auto hashes = [](std::size_t count) {
    return RuleAfterTrip(ProofReply{"", std::vector<Hash32>(count), {}, {}});
  };
  EXPECT_EQ(hashes(64), "ok");
  EXPECT_EQ(hashes(65), "codec.type");
  EXPECT_EQ(RuleAfterTrip(FeedItems{}), "ok");
  EXPECT_EQ(RuleAfterTrip(DirectoryReply{}), "ok");
}

TEST(WireTest, ADeliveryInASlotTravelsWithAndWithoutContent) {
  const Message whole = SampleMessage("feed-items");
  const FeedItem::Content content = *std::get<FeedItems>(whole.payload).items[0].content;
  const Message routed = SampleMessage("feed-items-routed");
  for (const bool with_content : {false, true}) {
    FeedItems items = std::get<FeedItems>(routed.payload);
    if (with_content) items.items[0].content = content;
    const auto back = DecodeMessage(EncodeMessage({1, items}));
    ASSERT_TRUE(back.has_value()) << ToText(back.error());
    EXPECT_TRUE(SameFields(std::get<FeedItems>(back->payload), items));
    EXPECT_TRUE(std::get<FeedItems>(back->payload).items[0].place.has_value());
  }
  const auto with = [&](auto&& change) {
    FeedItems items = std::get<FeedItems>(routed.payload);
    change(*items.items[0].place);
    return RuleAfterTrip(items);
  };
  EXPECT_EQ(with([](SlotPlace& place) { place.slot = 31; }), "ok");
  EXPECT_EQ(with([](SlotPlace& place) { place.slot = 32; }), "codec.type");
  EXPECT_EQ(with([](SlotPlace& place) { place.routing.resize(256); }), "ok");
  EXPECT_EQ(with([](SlotPlace& place) { place.routing.resize(257); }), "codec.size");
}

TEST(WireTest, TextStaysWithinItsBounds) {
  const auto hello = [](std::size_t software, std::size_t checkpoint) {
    return RuleAfterTrip(Hello{std::string(software, 's'), {}, std::string(checkpoint, 'c')});
  };
  EXPECT_EQ(hello(64, 0), "ok");
  EXPECT_EQ(hello(65, 0), "codec.size");
  EXPECT_EQ(hello(1, 16U << 10), "ok");
  EXPECT_EQ(hello(1, (16U << 10) + 1), "codec.size");
  const auto error = [](std::size_t rule, std::size_t field, std::size_t next) {
    return RuleAfterTrip(
        Error{Code::kInvalid, std::string(rule, 'r'), std::string(field, 'f'), std::string(next, 'n')});
  };
  EXPECT_EQ(error(128, 256, 1024), "ok");
  EXPECT_EQ(error(129, 0, 0), "codec.size");
  EXPECT_EQ(error(0, 257, 0), "codec.size");
  EXPECT_EQ(error(0, 0, 1025), "codec.size");
}

TEST(WireTest, CodesAndStatesAreThoseWeKnow) {
  EXPECT_EQ(RuleAfterTrip(Error{Code::kInternal, "", "", ""}), "ok");
  EXPECT_EQ(RuleAfterTrip(Error{static_cast<Code>(14), "", "", ""}), "codec.type");
  EXPECT_EQ(RuleAfterTrip(Error{static_cast<Code>(0), "", "", ""}), "codec.type");
  EXPECT_EQ(RuleAfterTrip(EnrolStatus{EnrolState::kRefused, kSchool, ""}), "ok");
  EXPECT_EQ(RuleAfterTrip(EnrolStatus{static_cast<EnrolState>(5), kSchool, ""}), "codec.type");
  EXPECT_EQ(RuleAfterTrip(EnrolStatus{EnrolState::kUnknown, OrgId(), ""}), "id.organisation")
      << "a status always names whom it is about";
}

// What is packed inside a message is checked with it.
TEST(WireTest, BrokenInsidesAreRefused) {
  Bytes access = EncodeMessage(SampleMessage("access-reply"));
  const Bytes evidence = EncodeEvidence(SampleEvidence());
  const auto at = std::search(access.begin(), access.end(), evidence.begin(), evidence.end());
  ASSERT_NE(at, access.end());
  at[1] = 9;  // The version of the evidence.
  const auto newer = DecodeMessage(access);
  EXPECT_EQ(RuleOf(newer), "access.evidence");
  EXPECT_EQ(newer.error().code, Code::kVersion);

  Bytes directory = EncodeMessage(SampleMessage("directory-reply"));
  const Bytes statement = EncodeSignedStatement(SampleSignedStatement());
  const auto begin = std::search(directory.begin(), directory.end(), statement.begin(), statement.end());
  ASSERT_NE(begin, directory.end());
  *begin = 0x93;
  EXPECT_EQ(RuleOf(DecodeMessage(directory)), "directory.statement");
}

TEST(WireTest, EnrolmentProvesThatKeysBelongTogether) {
  const OrgKeys keys = SecretsOf(kSchool).Public();
  const Bytes bytes = EnrolProofBytes(kSchool, keys);
  EXPECT_NE(EnrolProofBytes(kPolice, keys), bytes);
  OrgKeys swapped = keys;
  std::swap(swapped.record, swapped.cosign);
  EXPECT_NE(EnrolProofBytes(kSchool, swapped), bytes);
  const auto request = std::get<EnrolRequest>(SampleMessage("enrol-request").payload);
  const Bytes proven = EnrolProofBytes(kYouthCare, request.keys);
  EXPECT_TRUE(Verify(request.keys.record, "schakel/enrol/v1", proven, request.proof_record));
  EXPECT_TRUE(Verify(request.keys.cosign, "schakel/enrol/v1", proven, request.proof_cosign));
}

TEST(WireTest, NewKeysAreProvenByThemselvesAndByTheRecordKeyInForce) {
  const auto request = std::get<RotateRequest>(SampleMessage("rotate-request").payload);
  const SigningPublicKey current = SecretsOf(kYouthCare).Public().record;
  EXPECT_TRUE(CheckRotation(kYouthCare, request, current));
  EXPECT_FALSE(CheckRotation(kPolice, request, current)) << "for another organisation";
  EXPECT_FALSE(CheckRotation(kYouthCare, request, SecretsOf(kPolice).Public().record)) << "by another record key";
  for (int which = 0; which < 7; ++which) {
    RotateRequest spoilt = request;
    if (which == 0) spoilt.proof_record[0] ^= 1;
    if (which == 1) spoilt.proof_cosign[0] ^= 1;
    if (which == 2) spoilt.proof_current[0] ^= 1;
    if (which == 3) spoilt.keys.transport = SecretsOf(kPolice).Public().transport;
    if (which == 4) spoilt.keys.hpke = SecretsOf(kPolice).Public().hpke;
    if (which == 5) spoilt.keys.record = current;
    if (which == 6) std::swap(spoilt.proof_record, spoilt.proof_current);
    EXPECT_EQ(CheckRotation(kYouthCare, spoilt, current).error().rule, "rotate.proof") << which;
  }
}

TEST(WireTest, AnAnnouncementIsSmallAndWhole) {
  HpkeStatement statement{kYouthCare, 1, SecretsOf(kPolice).Public().hpke, kNow};
  SignedStatement large = SignHpkeStatement(statement, SecretsOf(kYouthCare).record);
  large.statement.resize(1024);
  EXPECT_EQ(RuleOf(DecodeMessage(EncodeMessage({7, Announce{large}}))), "codec.size");
}

}  // namespace
}  // namespace schakel::test
