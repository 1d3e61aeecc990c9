// docs/protocol.md says what the code does: its examples, values and tables are taken out of the document and held
// against the code. After a change of format, write_golden writes them anew.
#include <gtest/gtest.h>

#include <set>

#include "protocol/merkle.h"
#include "support/paths.h"
#include "support/spec_document.h"
#include "unit/protocol/samples.h"
#include "unit/protocol/spec_content.h"

namespace schakel::test {
namespace {

const SpecDocument& Document() {
  static const SpecDocument document = SpecDocument::Read(SourceDir() / "docs/protocol.md");
  return document;
}

Bytes ShownBytes(std::string_view name) {
  const Stretch* stretch = Document().Find("hex", name);
  const auto bytes = stretch ? Document().BytesOf(*stretch) : std::nullopt;
  EXPECT_TRUE(bytes.has_value()) << name;
  return bytes.value_or(Bytes());
}

// Of all "values" blocks: the names are unique.
std::string Value(const std::string& block, const std::string& name) {
  const Stretch* stretch = Document().Find("values", block);
  EXPECT_NE(stretch, nullptr) << block;
  const auto values = SpecDocument::ValuesOf(stretch ? Document().TextOf(*stretch) : "");
  const auto found = values.find(name);
  EXPECT_NE(found, values.end()) << block << ": " << name;
  return found == values.end() ? "" : found->second;
}

TEST(SpecExamplesTest, EveryFormatIsShownAsItIs) {
  std::set<std::string> formats;
  for (const SpecStretch& want : SpecContent()) {
    const Stretch* stretch = Document().Find(want.language, want.name);
    ASSERT_NE(stretch, nullptr) << "docs/protocol.md has no " << want.language << " " << want.name;
    EXPECT_EQ(Document().TextOf(*stretch), want.text) << want.language << " " << want.name;
    EXPECT_FALSE(want.text.contains('?')) << want.name << ": one label a value";
  }
}

TEST(SpecExamplesTest, NothingIsShownThatIsNotChecked) {
  std::set<std::pair<std::string, std::string>> checked;
  for (const SpecStretch& want : SpecContent()) checked.insert({want.language, want.name});
  for (const Stretch& stretch : Document().stretches()) {
    if (stretch.language == "plain") continue;
    EXPECT_EQ(checked.erase({stretch.language, stretch.name}), 1U) << stretch.language << " " << stretch.name;
  }
}

TEST(SpecExamplesTest, ExamplesDecodeAndEncodeTheSame) {
  std::size_t count = 0;
  for (const Sample& sample : Samples()) {
    if (sample.labels.empty()) continue;
    const Bytes shown = ShownBytes(sample.name);
    EXPECT_EQ(ToHex(shown), ToHex(sample.bytes)) << sample.name;
    if (!sample.reencode) continue;
    const auto again = sample.reencode(shown);
    ASSERT_TRUE(again.has_value()) << sample.name;
    EXPECT_EQ(*again, shown) << sample.name;
    ++count;
  }
  EXPECT_GE(count, 30U);
}

// From the document alone: what a reader would do with its numbers.
TEST(SpecExamplesTest, RecordOpensFromTheDocumentAlone) {
  const Bytes header = ShownBytes("header-note");
  const auto payload = DecodePayload(ShownBytes("payload"));
  ASSERT_TRUE(payload.has_value());
  const AgreementKey key = AgreementKey::FromSecret(*FromHex(Value("keys", "karus-gent secret")));
  EXPECT_EQ(ToHex(key.public_key.value()), Value("keys", "karus-gent public"));
  EXPECT_EQ(ToHex(IdOf(key.public_key).value()), Value("keys", "karus-gent key id"));
  const auto content_key = UnwrapKey(payload->recipients.stanzas[0].stanza, key, header, kHub);
  ASSERT_TRUE(content_key.has_value());
  EXPECT_EQ(ToHex(content_key->bytes), Value("sealing", "content key"));
  const Hash32 root = RecipientsRoot(payload->recipients);
  EXPECT_EQ(ToHex(root), Value("recipients", "recipients root"));
  const auto body = OpenBody(payload->ciphertext, *content_key, header, kYouthCare, root);
  ASSERT_TRUE(body.has_value());
  EXPECT_EQ(AsText(body->content), "vrijdag samen naar het CLB");
  EXPECT_EQ(ToHex(HeaderHash(header)), Value("sealing", "header hash"));
  EXPECT_EQ(ToHex(ByteView(payload->ciphertext).first(32)), Value("sealing", "commitment"));
}

TEST(SpecExamplesTest, RecipientsTreeFollowsFromTheDocumentAlone) {
  const Bytes bytes = ShownBytes("stanza-proof");
  Decoder from(bytes);
  const StanzaProof proof = DecodeStanzaProof(from);
  EXPECT_EQ(ToHex(proof.salt), Value("recipients", "salt of slot 3"));
  EXPECT_EQ(ToHex(proof.path[0]), Value("recipients", "filler, level 0 index 2"));
  EXPECT_EQ(ToHex(proof.path[1]), Value("recipients", "filler, level 1 index 0"));
  EXPECT_EQ(ToHex(RootOf(proof)), Value("recipients", "recipients root"));
  // The first step up, by hand: slot 3 is a right child.
  Bytes node{0x21};
  Append(node, proof.path[0]);
  Append(node, *FromHex(Value("recipients", "leaf of slot 3")));
  Hash32 hash = Sha256(node);
  for (unsigned level = 1; level < kRecipientDepth; ++level) {
    Bytes up{0x21};
    const bool right = (proof.slot >> level & 1) != 0;
    Append(up, right ? proof.path[level] : hash);
    Append(up, right ? hash : proof.path[level]);
    hash = Sha256(up);
  }
  EXPECT_EQ(ToHex(hash), Value("recipients", "recipients root"));
}

TEST(SpecExamplesTest, SignaturesHoldFromTheDocumentAlone) {
  std::array<std::uint8_t, 32> key_bytes;
  const Bytes key_hex = *FromHex(Value("keys", "author's record key"));
  std::copy(key_hex.begin(), key_hex.end(), key_bytes.begin());
  const SigningPublicKey key(key_bytes);
  EXPECT_EQ(ToHex(IdOf(key).value()), Value("keys", "its id"));
  EXPECT_EQ(SigningKey::FromSeed(*FromHex(Value("keys", "author's record seed"))).public_key, key);
  for (const char* which : {"alone", "both"}) {
    const Bytes message = *FromHex(Value("signature", std::string("signed, ") + which));
    const Bytes hex = *FromHex(Value("signature", std::string("signature, ") + which));
    Signature signature;
    std::copy(hex.begin(), hex.end(), signature.begin());
    EXPECT_TRUE(VerifyRaw(key, message, signature)) << which;
  }
  const auto entry = DecodeEntry(ShownBytes("entry-record"));
  ASSERT_TRUE(entry.has_value());
  const auto& record = std::get<RecordEntry>(entry->body);
  const Hash32 leaf = RecordLeaf(record.header, record.ciphertext_hash, record.recipients_root);
  EXPECT_EQ(ToHex(leaf), Value("signature", "leaf"));
  EXPECT_TRUE(VerifyEvidence(key, leaf, record.evidence).has_value());
}

TEST(SpecExamplesTest, LogFollowsFromTheDocumentAlone) {
  const auto evidence = DecodeEvidence(ShownBytes("evidence"));
  ASSERT_TRUE(evidence.has_value());
  const auto checked = CheckEvidence(*evidence, HubLogVerifier());
  ASSERT_TRUE(checked.has_value());
  EXPECT_EQ(ToHex(checked->head.root), Value("log", "root of 6 entries"));
  EXPECT_EQ(ToHex(evidence->entries[0].salt), Value("log", "salt of entry 3"));
  EXPECT_EQ(ToHex(LogLeafHash(evidence->entries[0].salt, ShownBytes("entry-record"))), Value("log", "leaf of entry 3"));
  EXPECT_EQ(ToHex(FeedHash(ShownBytes("entry-delivery"))), Value("log", "feed hash of entry 4"));
  const auto withheld = DecodeEntry(ShownBytes("entry-withheld"));
  EXPECT_EQ(ToHex(std::get<DeliveryEntry>(withheld->body).previous), Value("log", "feed hash of entry 4"));
}

TEST(SpecExamplesTest, RoutingFollowsFromTheDocumentAlone) {
  const auto entry = DecodeEntry(ShownBytes("entry-routing"));
  ASSERT_TRUE(entry.has_value());
  const auto& routing = std::get<RoutingEntry>(entry->body);
  EXPECT_EQ(routing.record_sequence.value() + 1, entry->sequence.value());
  const auto evidence = DecodeEvidence(ShownBytes("evidence-routed"));
  ASSERT_TRUE(evidence.has_value());
  const auto checked = CheckEvidence(*evidence, HubLogVerifier());
  ASSERT_TRUE(checked.has_value()) << ToText(checked.error());
  EXPECT_EQ(checked->head.size, 12U);
  // From the slot up, by hand.
  const ProvenEntry& proven = evidence->entries[1];
  EXPECT_EQ(proven.entry, ShownBytes("entry-delivery-routed"));
  EXPECT_EQ(proven.place->slot, 3);
  EXPECT_EQ(ToHex(proven.salt), Value("routing", "salt of slot 3"));
  Bytes bytes{0x40};
  Append(bytes, proven.salt);
  Append(bytes, proven.entry);
  Hash32 hash = Sha256(bytes);
  EXPECT_EQ(ToHex(hash), Value("routing", "slot 3"));
  EXPECT_EQ(ToHex(proven.place->path[0]), Value("routing", "beside slot 3"));
  for (unsigned level = 0; level < kRecipientDepth; ++level) {
    Bytes up{0x41};
    const bool right = (3U >> level & 1U) != 0;
    Append(up, right ? proven.place->path[level] : hash);
    Append(up, right ? hash : proven.place->path[level]);
    hash = Sha256(up);
  }
  EXPECT_EQ(hash, routing.slots_root);
  EXPECT_EQ(ToHex(hash), Value("routing", "slots root"));
  EXPECT_EQ(proven.place->routing, ShownBytes("entry-routing"));
  EXPECT_EQ(ToHex(LogLeafHash(proven.place->routing_salt, proven.place->routing)),
            Value("routing", "leaf of entry 12"));
  // And from what the hub keeps.
  const auto slots = DecodeSlots(ShownBytes("slots"));
  ASSERT_TRUE(slots.has_value());
  EXPECT_EQ(SlotTree(*slots).Root(), routing.slots_root);
}

TEST(SpecExamplesTest, NumbersAndCosignaturesFollowFromTheDocumentAlone) {
  const auto entry = DecodeEntry(ShownBytes("entry-delivery-numbered"));
  ASSERT_TRUE(entry.has_value());
  const ClosedNumber closed = *std::get<DeliveryEntry>(entry->body).number;
  Bytes input{0, 0, 0, 0, 0, 0, 0, 3};  // Its feed position.
  Append(input, AsBytes("karus-gent"));
  const Hash32 blind = HmacSha256(*FromHex(Value("log", "number key")), {input});
  EXPECT_EQ(ToHex(blind), Value("log", "blind of entry 7"));
  Bytes committed{0x31};
  Append(committed, blind);
  Append(committed, Bytes{0, 0, 0, 0, 0, 0, 0, 3});  // Its number.
  EXPECT_EQ(closed.commitment, Sha256(committed));
  Bytes mask{0x32};
  Append(mask, blind);
  EXPECT_EQ(closed.masked[7] ^ Sha256(mask)[7], 3);
  const Stretch* stretch = Document().Find("text", "cosigned");
  ASSERT_NE(stretch, nullptr);
  std::array<std::uint8_t, 32> key;
  const Bytes key_hex = *FromHex(Value("log", "witness's cosign key"));
  std::copy(key_hex.begin(), key_hex.end(), key.begin());
  EXPECT_TRUE(VerifyCosignature(Document().TextOf(*stretch), kHub, kPsychiatry, SigningPublicKey(key)).has_value());
}

TEST(SpecExamplesTest, InvitationFollowsFromTheDocumentAlone) {
  const Stretch* stretch = Document().Find("text", "invitation");
  ASSERT_NE(stretch, nullptr);
  const auto invitation = ParseInvitation(Document().TextOf(*stretch));
  ASSERT_TRUE(invitation.has_value());
  EXPECT_EQ(ToHex(invitation->token.view()), Value("token", "token"));
  EXPECT_EQ(ToHex(KeyOfToken(invitation->token.view()).public_key.value()), Value("token", "CURVE public key"));
  EXPECT_EQ(TransportKey::FromSecret(*FromHex(Value("token", "CURVE secret key"))).public_key,
            KeyOfToken(invitation->token.view()).public_key);
}

}  // namespace
}  // namespace schakel::test
