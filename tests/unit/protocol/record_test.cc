// Sealing and opening: who can read a body, and that nothing in it can be changed, moved or claimed by another.
#include "protocol/record.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <set>

#include "protocol/codec.h"
#include "support/builders.h"
#include "support/canonical.h"

namespace schakel::test {
namespace {

OrgId Partner(std::size_t number) { return OrgId("partner-" + std::to_string(number)); }

std::vector<RecipientKey> Partners(std::size_t count) {
  std::vector<RecipientKey> partners;
  for (std::size_t i = 0; i < count; ++i) partners.push_back(RecipientKeyOf(Partner(i)));
  return partners;
}

AgreementKey KeyOf(const OrgId& organisation) { return AgreementKey::FromSecret(SeedOf("hpke", organisation.value())); }

const Body& SampleBody() {
  static const Body body{.type = 7, .version = 2, .content = ToBytes(AsBytes("een afspraak"))};
  return body;
}

Sealed Seal(std::size_t recipients, const Header& header = NoteBy(kYouthCare), const Body& body = SampleBody()) {
  SeededRandom random(recipients);
  auto sealed = SealRecord(header, body, Partners(recipients), kHub, random);
  SCHAKEL_ASSERT(sealed.has_value());
  return *std::move(sealed);
}

Result<Body> Open(const SealedRecord& record, const ContentKey& key, const OrgId& author = kYouthCare) {
  return OpenBody(record.ciphertext, key, record.header, author, RecipientsRoot(record.recipients));
}

TEST(RecordTest, EveryRecipientOpensIt) {
  for (const std::size_t count : {0U, 1U, 8U, 32U}) {
    SCOPED_TRACE(count);
    const Sealed sealed = Seal(count);
    ASSERT_EQ(sealed.record.recipients.stanzas.size(), count);
    std::set<OrgId> seen;
    for (const auto& [slot, stanza] : sealed.record.recipients.stanzas) {
      const auto key = UnwrapKey(stanza, KeyOf(stanza.recipient), sealed.record.header, kHub);
      ASSERT_TRUE(key.has_value()) << ToText(key.error());
      const auto body = Open(sealed.record, *key);
      ASSERT_TRUE(body.has_value()) << ToText(body.error());
      EXPECT_EQ(*body, SampleBody());
      seen.insert(stanza.recipient);
    }
    EXPECT_EQ(seen.size(), count);
    const auto own = Open(sealed.record, sealed.key);
    ASSERT_TRUE(own.has_value());
    EXPECT_EQ(*own, SampleBody());
  }
}

TEST(RecordTest, WhoIsGivenItWithoutItsBodyHasNoKeyToIt) {
  std::vector<RecipientKey> to = Partners(2);
  to[1].given = Given::kWithoutBody;
  SeededRandom random(3);
  const auto sealed = SealRecord(NoteBy(kYouthCare), SampleBody(), to, kHub, random);
  ASSERT_TRUE(sealed.has_value()) << ToText(sealed.error());
  EXPECT_FALSE(IsNone(sealed->key));
  for (const auto& [slot, stanza] : sealed->record.recipients.stanzas) {
    const auto key = UnwrapKey(stanza, KeyOf(stanza.recipient), sealed->record.header, kHub);
    ASSERT_TRUE(key.has_value()) << ToText(key.error());
    const bool whole = stanza.recipient == Partner(0);
    EXPECT_EQ(IsNone(*key), !whole);
    EXPECT_EQ(Open(sealed->record, *key).has_value(), whole);
  }
}

TEST(RecordTest, NobodyElseOpensIt) {
  const Sealed sealed = Seal(2);
  for (const auto& [slot, stanza] : sealed.record.recipients.stanzas) {
    const auto key = UnwrapKey(stanza, KeyOf(Partner(9)), sealed.record.header, kHub);
    ASSERT_FALSE(key.has_value());
    EXPECT_EQ(key.error().rule, "record.stanza");
  }
}

TEST(RecordTest, IsRefusedToTooManyOrOneTwice) {
  SeededRandom random(1);
  const Header header = NoteBy(kYouthCare);
  const auto too_many = SealRecord(header, SampleBody(), Partners(33), kHub, random);
  ASSERT_FALSE(too_many.has_value());
  EXPECT_EQ(too_many.error().code, Code::kLimit);
  EXPECT_EQ(too_many.error().rule, "record.recipients");

  auto doubled = Partners(3);
  doubled.push_back(doubled[1]);
  const auto twice = SealRecord(header, SampleBody(), doubled, kHub, random);
  ASSERT_FALSE(twice.has_value());
  EXPECT_EQ(twice.error().code, Code::kInvalid);
  EXPECT_EQ(twice.error().rule, "record.recipients");
}

TEST(RecordTest, BodyIsLimitedInSize) {
  SeededRandom random(1);
  Body body = SampleBody();
  body.content.assign(kBodyContentBytesMax, 0);
  const auto largest = SealRecord(NoteBy(kYouthCare), body, {}, kHub, random);
  ASSERT_TRUE(largest.has_value());
  EXPECT_EQ(*Open(largest->record, largest->key), body);
  body.content.push_back(0);
  const auto too_large = SealRecord(NoteBy(kYouthCare), body, {}, kHub, random);
  ASSERT_FALSE(too_large.has_value());
  EXPECT_EQ(too_large.error().code, Code::kLimit);
  EXPECT_EQ(too_large.error().rule, "record.body");
}

TEST(RecordTest, RecipientKeyThatIsNoneIsRefused) {
  SeededRandom random(1);
  const std::vector<RecipientKey> zero{{kSchool, AgreementPublicKey()}};
  const auto sealed = SealRecord(NoteBy(kYouthCare), SampleBody(), zero, kHub, random);
  ASSERT_FALSE(sealed.has_value());
  EXPECT_EQ(sealed.error().rule, "crypto.x25519");
}

// ---- Tampering ----

template <std::size_t size>
void Flip(std::array<std::uint8_t, size>& bytes) {
  bytes[size / 2] ^= 1;
}

// Each field of a stanza, of the header and of the surroundings is bound into the wrapped key.
TEST(RecordTest, ChangedStanzaIsRefused) {
  const Sealed sealed = Seal(1);
  const Stanza& good = sealed.record.recipients.stanzas[0].stanza;
  const AgreementKey key = KeyOf(good.recipient);
  Bytes other_header = sealed.record.header;
  other_header.back() ^= 1;
  Stanza other_key_id = good;
  other_key_id.key = KeyId(Filled<8>(0x11));
  Stanza other_enc = good;
  Flip(other_enc.enc);
  Stanza other_wrapped = good;
  Flip(other_wrapped.wrapped);
  Stanza zero_enc = good;
  zero_enc.enc = {};
  struct Case {
    const char* name;
    const Stanza& stanza;
    const Bytes& header;
    std::string_view hub;
    bool opens;
  };
  const Case cases[] = {
      {"as sealed", good, sealed.record.header, kHub, true},
      {"key id", other_key_id, sealed.record.header, kHub, false},
      {"enc", other_enc, sealed.record.header, kHub, false},
      {"enc of zeros", zero_enc, sealed.record.header, kHub, false},
      {"wrapped", other_wrapped, sealed.record.header, kHub, false},
      {"header", good, other_header, kHub, false},
      {"hub", good, sealed.record.header, "schakel.example/aalst", false},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    const auto unwrapped = UnwrapKey(c.stanza, key, c.header, c.hub);
    EXPECT_EQ(unwrapped.has_value(), c.opens);
    if (!unwrapped) {
      EXPECT_EQ(unwrapped.error().code, Code::kUnauthenticated);
      EXPECT_EQ(unwrapped.error().rule, "record.stanza");
    }
  }
}

TEST(RecordTest, ChangedBodyIsRefused) {
  const Sealed sealed = Seal(1);
  const SealedRecord& record = sealed.record;
  const Hash32 root = RecipientsRoot(record.recipients);
  const auto flipped = [&](std::size_t at) {
    Bytes ciphertext = record.ciphertext;
    ciphertext[at] ^= 1;
    return ciphertext;
  };
  Bytes shorter = record.ciphertext;
  shorter.pop_back();
  Bytes next_class = record.ciphertext;
  next_class.resize((2U << 10) + 72);
  Bytes other_header = record.header;
  other_header.back() ^= 1;
  Hash32 other_root = root;
  Flip(other_root);
  ContentKey other_key = sealed.key;
  Flip(other_key.bytes);
  const std::size_t end = record.ciphertext.size();

  struct Case {
    const char* name;
    Bytes ciphertext;
    const ContentKey& key;
    const Bytes& header;
    OrgId author;
    Hash32 root;
    const char* rule;  // Empty: opens.
  };
  const Case cases[] = {
      {"as sealed", record.ciphertext, sealed.key, record.header, kYouthCare, root, ""},
      {"first byte of the commitment", flipped(0), sealed.key, record.header, kYouthCare, root, "record.commitment"},
      {"last byte of the commitment", flipped(31), sealed.key, record.header, kYouthCare, root, "record.commitment"},
      {"first byte of the nonce", flipped(32), sealed.key, record.header, kYouthCare, root, "record.body"},
      {"first byte of the body", flipped(56), sealed.key, record.header, kYouthCare, root, "record.body"},
      {"last byte of the tag", flipped(end - 1), sealed.key, record.header, kYouthCare, root, "record.body"},
      {"a byte less", shorter, sealed.key, record.header, kYouthCare, root, "record.commitment"},
      {"another size class", next_class, sealed.key, record.header, kYouthCare, root, "record.body"},
      {"nothing", {}, sealed.key, record.header, kYouthCare, root, "record.commitment"},
      {"another key", record.ciphertext, other_key, record.header, kYouthCare, root, "record.commitment"},
      {"another header", record.ciphertext, sealed.key, other_header, kYouthCare, root, "record.commitment"},
      {"another author", record.ciphertext, sealed.key, record.header, kSchool, root, "record.author"},
      {"other recipients", record.ciphertext, sealed.key, record.header, kYouthCare, other_root, "record.author"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    const auto body = OpenBody(c.ciphertext, c.key, c.header, c.author, c.root);
    if (*c.rule == '\0') {
      EXPECT_TRUE(body.has_value());
    } else {
      ASSERT_FALSE(body.has_value());
      EXPECT_EQ(body.error().code, Code::kUnauthenticated);
      EXPECT_EQ(body.error().rule, c.rule);
    }
  }
}

TEST(RecordTest, ChangedAnywhereTheCiphertextIsRefused) {
  const Sealed sealed = Seal(1);
  SealedRecord changed = sealed.record;
  for (std::size_t i = 0; i < changed.ciphertext.size(); ++i) {
    changed.ciphertext[i] ^= 0x80;
    ASSERT_FALSE(Open(changed, sealed.key).has_value()) << "byte " << i;
    changed.ciphertext[i] ^= 0x80;
  }
}

// A partner that was handed a record strips the signature, and says it itself: with its own header, or keeping the
// author's header. The author within the body gives it away, whatever it signs.
TEST(RecordTest, StrippedAndSignedByAnotherIsRefused) {
  const Sealed sealed = Seal(2);
  const SigningKey thief = SecretsOf(kSchool).record;

  Header stolen = NoteBy(kSchool);
  SealedRecord own_header = sealed.record;
  own_header.header = EncodeHeader(stolen);
  const SignedBatch batch = SignBatch({own_header, sealed.record}, thief);
  std::vector<Hash32> leaves;
  for (const SealedRecord& record : batch.records) {
    leaves.push_back(RecordLeaf(record.header, Sha256(record.ciphertext), RecipientsRoot(record.recipients)));
  }
  ASSERT_TRUE(VerifyLeaves(thief.public_key, leaves, batch.signature)) << "the theft is well signed";

  EXPECT_EQ(Open(own_header, sealed.key, kSchool).error().rule, "record.commitment");
  EXPECT_EQ(Open(sealed.record, sealed.key, kSchool).error().rule, "record.author");
  EXPECT_FALSE(VerifyLeaves(SecretsOf(kYouthCare).record.public_key, leaves, batch.signature));
}

// Two records that share a key: the commitment binds it to one header, so that no ciphertext opens as two texts.
TEST(RecordTest, KeyIsCommittedToOneHeader) {
  const Sealed first = Seal(1);
  const Sealed second = Seal(1, NoteBy(kYouthCare, kOurs, 0x101));
  ASSERT_TRUE(Equal(first.key.bytes, second.key.bytes)) << "the same seed draws the same key";
  SealedRecord mixed = second.record;
  mixed.ciphertext = first.record.ciphertext;
  EXPECT_EQ(Open(mixed, second.key).error().rule, "record.commitment");
  // With the right commitment put in front, it is the associated data that does not fit.
  std::copy_n(second.record.ciphertext.begin(), 32, mixed.ciphertext.begin());
  EXPECT_EQ(Open(mixed, second.key).error().rule, "record.body");
}

TEST(RecordTest, KeysAndNoncesAreDrawnAfresh) {
  SeededRandom random(5);
  std::set<Bytes> keys;
  std::set<Bytes> nonces;
  std::set<Hash32> seeds;
  for (int i = 0; i < 20; ++i) {
    const auto sealed = SealRecord(NoteBy(kYouthCare), SampleBody(), Partners(1), kHub, random);
    keys.insert(ToBytes(sealed->key.bytes));
    nonces.insert(ToBytes(ByteView(sealed->record.ciphertext).subspan(32, 24)));
    seeds.insert(sealed->record.recipients.seed);
  }
  EXPECT_EQ(keys.size(), 20U);
  EXPECT_EQ(nonces.size(), 20U);
  EXPECT_EQ(seeds.size(), 20U);
}

// ---- Size classes ----

TEST(RecordTest, SizeClassIsTheSmallestThatHoldsIt) {
  struct Case {
    std::size_t plain;
    std::size_t want;
  };
  const Case cases[] = {{0, 768},       {1, 768},        {768, 768},       {769, 2048},      {2048, 2048},
                        {2049, 6144},   {6144, 6144},    {6145, 16384},    {16384, 16384},   {16385, 49152},
                        {49152, 49152}, {49153, 131072}, {131072, 131072}, {131073, 262144}, {262144, 262144}};
  for (const Case& c : cases) {
    EXPECT_EQ(SizeClass(c.plain), c.want) << c.plain;
    EXPECT_TRUE(IsCiphertextSize(SizeClass(c.plain) + 72)) << c.plain;
    EXPECT_FALSE(IsCiphertextSize(SizeClass(c.plain) + 71)) << c.plain;
    EXPECT_FALSE(IsCiphertextSize(SizeClass(c.plain) + 73)) << c.plain;
  }
  EXPECT_FALSE(IsCiphertextSize(0));
  EXPECT_FALSE(IsCiphertextSize(72));
}

// The encoded body without its content: 1 array, 1 type, 1 version, 13 author, 34 + 34 hashes, 2 head of the content,
// and the mark where padding begins.
constexpr std::size_t kAroundContent = 1 + 1 + 1 + 13 + 34 + 34 + 2 + 1;

TEST(RecordTest, LengthTellsTheClassAndNothingMore) {
  const auto length_of = [](std::size_t content) {
    Body body{.type = 7, .version = 2, .content = Bytes(content, 0x80)};
    const Sealed sealed = Seal(0, NoteBy(kYouthCare), body);
    EXPECT_EQ(*Open(sealed.record, sealed.key), body) << content;
    return sealed.record.ciphertext.size();
  };
  // A content of 80 and 00 bytes looks like padding itself.
  std::set<std::size_t> lengths;
  for (std::size_t content = 0; content < 200; content += 13) lengths.insert(length_of(content));
  EXPECT_EQ(lengths, std::set<std::size_t>{768 + 72});
  EXPECT_EQ(length_of(255), 768U + 72U);
  // From 256 bytes on, the content's head is a byte longer.
  EXPECT_EQ(length_of(768 - kAroundContent - 1), 768U + 72U);
  EXPECT_EQ(length_of(768 - kAroundContent), 2048U + 72U);
  EXPECT_EQ(length_of(2048 - kAroundContent - 1), 2048U + 72U);
  EXPECT_EQ(length_of(2048 - kAroundContent), 6144U + 72U);
}

TEST(RecordTest, AnyBodyComesBackAsItWas) {
  EXPECT_TRUE(rc::check("seal and open", [](std::uint32_t type, std::uint32_t version, const Bytes& content) {
    Body body{.type = type, .version = version, .content = content};
    // Runs of what padding is made of.
    body.content.insert(body.content.end(), content.size() % 5, 0x80);
    body.content.insert(body.content.end(), content.size() % 7, 0x00);
    const Sealed sealed = Seal(content.size() % 3, NoteBy(kYouthCare), body);
    RC_ASSERT(*Open(sealed.record, sealed.key) == body);
  }));
}

// ---- What an author with bad intentions puts inside ----

// Seals `plain` as it is, with everything around it right.
Bytes SealPlain(const ContentKey& key, const Bytes& header, const Bytes& plain) {
  const Hash32 hash = HeaderHash(header);
  Bytes out = ToBytes(HmacSha256(key.bytes, {AsBytes("schakel/commit/v1"), hash}));
  SealXChaChaTo(HmacSha256(key.bytes, {AsBytes("schakel/body/v1"), hash}), plain, hash, out);
  return out;
}

TEST(RecordTest, MalformedInsideIsRefused) {
  const Bytes header = EncodeHeader(NoteBy(kYouthCare));
  const Hash32 hash = HeaderHash(header);
  const Hash32 root = Filled<32>(0x0c);
  const ContentKey key;
  const auto padded = [](Bytes plain) {
    plain.push_back(0x80);
    plain.resize(SizeClass(plain.size()));
    return plain;
  };
  const auto encoded = [&](const OrgId& author, const Hash32& inner_hash, std::size_t items) {
    Encoder to;
    to.Array(items).Uint(1).Uint(1).Id(author).Binary(inner_hash).Binary(root).Binary(Bytes{1, 2});
    for (std::size_t i = 6; i < items; ++i) to.Nil();
    return to.Take();
  };
  Bytes marked_only(768, 0);
  marked_only[0] = 0x80;
  struct Case {
    const char* name;
    Bytes plain;
    const char* rule;  // Empty: opens.
  };
  const Case cases[] = {
      {"right", padded(encoded(kYouthCare, hash, 6)), ""},
      {"only zeros", Bytes(768, 0), "record.body"},
      {"a mark that is none", Bytes(768, 0x81), "record.body"},
      {"nothing before the mark", marked_only, "codec.truncated"},
      {"a field too many", padded(encoded(kYouthCare, hash, 7)), "codec.type"},
      {"another author", padded(encoded(kSchool, hash, 6)), "record.author"},
      {"another header", padded(encoded(kYouthCare, Filled<32>(1), 6)), "record.author"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    const auto body = OpenBody(SealPlain(key, header, c.plain), key, header, kYouthCare, root);
    if (*c.rule == '\0') {
      EXPECT_TRUE(body.has_value());
    } else {
      ASSERT_FALSE(body.has_value());
      EXPECT_EQ(body.error().rule, c.rule);
    }
  }
}

// ---- As stored ----

TEST(RecordTest, PayloadComesBackAsItWas) {
  for (const std::size_t count : {0U, 1U, 32U}) {
    const Sealed sealed = Seal(count);
    const Bytes bytes = EncodePayload(sealed.record.recipients, sealed.record.ciphertext);
    const auto payload = DecodePayload(bytes);
    ASSERT_TRUE(payload.has_value());
    EXPECT_EQ(payload->recipients, sealed.record.recipients);
    EXPECT_EQ(payload->ciphertext, sealed.record.ciphertext);
    EXPECT_EQ(RecipientsRoot(payload->recipients), RecipientsRoot(sealed.record.recipients));
    ExpectCanonical(bytes, ReencodePayload);
  }
}

TEST(RecordTest, PayloadKeepsItsRules) {
  const Sealed sealed = Seal(3);
  const auto rule_of = [](const Recipients& recipients, const Bytes& ciphertext) {
    const auto payload = DecodePayload(EncodePayload(recipients, ciphertext));
    return payload ? std::string() : payload.error().rule;
  };
  const Recipients& good = sealed.record.recipients;
  const Bytes& ciphertext = sealed.record.ciphertext;
  EXPECT_EQ(rule_of(good, ciphertext), "");

  Recipients swapped = good;
  std::swap(swapped.stanzas[0], swapped.stanzas[1]);
  EXPECT_EQ(rule_of(swapped, ciphertext), "record.recipients");
  Recipients same_slot = good;
  same_slot.stanzas[1].slot = same_slot.stanzas[0].slot;
  EXPECT_EQ(rule_of(same_slot, ciphertext), "record.recipients");
  Recipients one_twice = good;
  one_twice.stanzas[2].stanza.recipient = one_twice.stanzas[0].stanza.recipient;
  EXPECT_EQ(rule_of(one_twice, ciphertext), "record.recipients");
  Recipients slot_too_high = good;
  slot_too_high.stanzas[2].slot = 32;
  EXPECT_EQ(rule_of(slot_too_high, ciphertext), "codec.type");
  Recipients last_slot = good;
  last_slot.stanzas[2].slot = 31;
  EXPECT_EQ(rule_of(last_slot, ciphertext), "");

  Bytes odd = ciphertext;
  odd.push_back(0);
  EXPECT_EQ(rule_of(good, odd), "record.size_class");
  EXPECT_EQ(rule_of(good, {}), "record.size_class");
}

}  // namespace
}  // namespace schakel::test
