// The recipients tree: a recipient checks its own place in it, and learns nothing of the others.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <set>

#include "protocol/codec.h"
#include "protocol/record.h"
#include "support/builders.h"
#include "support/canonical.h"

namespace schakel::test {
namespace {

// Every byte tells whose it is.
Stanza StanzaOf(std::uint8_t number) {
  return {.recipient = OrgId("partner-" + std::to_string(number)),
          .key = KeyId(Filled<8>(number)),
          .enc = Filled<32>(number),
          .wrapped = Filled<48>(number)};
}

Recipients RecipientsIn(const std::vector<std::uint8_t>& slots, const Hash32& seed = Filled<32>(0x5e)) {
  Recipients recipients{.seed = seed, .stanzas = {}};
  for (std::uint8_t slot : slots) {
    recipients.stanzas.push_back({slot, StanzaOf(static_cast<std::uint8_t>(slot + 1))});
  }
  return recipients;
}

std::vector<std::uint8_t> AllSlots() {
  std::vector<std::uint8_t> slots;
  for (std::uint8_t slot = 0; slot < kRecipientsMax; ++slot) slots.push_back(slot);
  return slots;
}

Bytes EncodeProof(const StanzaProof& proof) {
  Encoder to;
  EncodeStanzaProof(proof, to);
  return to.Take();
}

// The tree of docs/protocol.md written anew: all 32 leaves, level by level, where unused subtrees are fillers.
Hash32 ReferenceRoot(const Recipients& recipients) {
  const auto hash = [&](std::uint8_t prefix, std::initializer_list<ByteView> parts) {
    Bytes bytes{prefix};
    for (ByteView part : parts) Append(bytes, part);
    return Sha256(bytes);
  };
  struct Node {
    Hash32 hash;
    bool used;
  };
  const auto filler = [&](std::size_t level, std::size_t index) {
    const Bytes place{static_cast<std::uint8_t>(level), static_cast<std::uint8_t>(index)};
    return Node{hash(0x22, {recipients.seed, place}), false};
  };
  std::vector<Node> level;
  for (std::size_t slot = 0; slot < kRecipientsMax; ++slot) level.push_back(filler(0, slot));
  for (const auto& [slot, stanza] : recipients.stanzas) {
    const Bytes slot_byte{slot};
    Encoder encoded;
    encoded.Array(4).Id(stanza.recipient).Id(stanza.key).Binary(stanza.enc).Binary(stanza.wrapped);
    level[slot] = {hash(0x20, {hash(0x23, {recipients.seed, slot_byte}), encoded.bytes()}), true};
  }
  for (std::size_t height = 1; level.size() > 1; ++height) {
    std::vector<Node> up;
    for (std::size_t i = 0; i < level.size() / 2; ++i) {
      const bool used = level[2 * i].used || level[2 * i + 1].used;
      up.push_back(used ? Node{hash(0x21, {level[2 * i].hash, level[2 * i + 1].hash}), true} : filler(height, i));
    }
    level = up;
  }
  return level[0].hash;
}

rc::Gen<std::vector<std::uint8_t>> GenSlots(std::size_t min = 1) {
  return rc::gen::map(
      rc::gen::suchThat(rc::gen::arbitrary<std::uint32_t>(),
                        [min](std::uint32_t mask) { return static_cast<std::size_t>(std::popcount(mask)) >= min; }),
      [](std::uint32_t mask) {
        std::vector<std::uint8_t> slots;
        for (std::uint8_t slot = 0; slot < 32; ++slot) {
          if ((mask >> slot & 1) != 0) slots.push_back(slot);
        }
        return slots;
      });
}

TEST(RecipientsTest, RootIsThatOfTheSpecification) {
  EXPECT_EQ(RecipientsRoot(RecipientsIn({})), ReferenceRoot(RecipientsIn({})));
  EXPECT_EQ(RecipientsRoot(RecipientsIn(AllSlots())), ReferenceRoot(RecipientsIn(AllSlots())));
  EXPECT_TRUE(rc::check("for any slots", [] {
    const Recipients recipients = RecipientsIn(*GenSlots());
    RC_ASSERT(RecipientsRoot(recipients) == ReferenceRoot(recipients));
  }));
}

TEST(RecipientsTest, ProofLeadsToTheRootFromEverySlot) {
  for (std::uint8_t slot = 0; slot < kRecipientsMax; ++slot) {
    const Recipients alone = RecipientsIn({slot});
    EXPECT_EQ(RootOf(ProveStanza(alone, 0)), RecipientsRoot(alone)) << int{slot};
  }
  const Recipients full = RecipientsIn(AllSlots());
  for (std::size_t i = 0; i < kRecipientsMax; ++i) {
    EXPECT_EQ(RootOf(ProveStanza(full, i)), RecipientsRoot(full)) << i;
  }
  EXPECT_TRUE(rc::check("among any others", [] {
    const Recipients recipients = RecipientsIn(*GenSlots());
    for (std::size_t i = 0; i < recipients.stanzas.size(); ++i) {
      const StanzaProof proof = ProveStanza(recipients, i);
      RC_ASSERT(proof.stanza == recipients.stanzas[i].stanza);
      RC_ASSERT(proof.slot == recipients.stanzas[i].slot);
      RC_ASSERT(RootOf(proof) == RecipientsRoot(recipients));
    }
  }));
}

TEST(RecipientsTest, ChangedProofLeadsElsewhere) {
  const Recipients recipients = RecipientsIn({3, 7, 20});
  const Hash32 root = RecipientsRoot(recipients);
  const StanzaProof good = ProveStanza(recipients, 1);
  ASSERT_EQ(RootOf(good), root);
  const auto expect_other = [&](const char* what, auto&& change) {
    StanzaProof bad = good;
    change(bad);
    EXPECT_NE(RootOf(bad), root) << what;
  };
  for (std::uint8_t slot = 0; slot < kRecipientsMax; ++slot) {
    if (slot != good.slot) expect_other("slot", [&](StanzaProof& p) { p.slot = slot; });
  }
  expect_other("salt", [](StanzaProof& p) { p.salt[0] ^= 1; });
  expect_other("recipient", [](StanzaProof& p) { p.stanza.recipient = kSchool; });
  expect_other("key", [](StanzaProof& p) { p.stanza.key = KeyId(Filled<8>(0x99)); });
  expect_other("enc", [](StanzaProof& p) { p.stanza.enc[31] ^= 1; });
  expect_other("wrapped", [](StanzaProof& p) { p.stanza.wrapped[47] ^= 1; });
  for (unsigned level = 0; level < kRecipientDepth; ++level) {
    expect_other("path", [&](StanzaProof& p) { p.path[level][level] ^= 1; });
  }
}

TEST(RecipientsTest, RootChangesWithAnythingInIt) {
  const Recipients good = RecipientsIn({3, 7, 20});
  const Hash32 root = RecipientsRoot(good);
  Recipients other = good;
  other.seed[0] ^= 1;
  EXPECT_NE(RecipientsRoot(other), root) << "seed";
  other = good;
  other.stanzas.pop_back();
  EXPECT_NE(RecipientsRoot(other), root) << "one less";
  other = good;
  other.stanzas[2].slot = 21;
  EXPECT_NE(RecipientsRoot(other), root) << "slot";
  other = good;
  other.stanzas[0].stanza.wrapped[0] ^= 1;
  EXPECT_NE(RecipientsRoot(other), root) << "stanza";
}

// ---- What one recipient sees of the others ----

bool Contains(const Bytes& haystack, ByteView needle) {
  return std::search(haystack.begin(), haystack.end(), needle.begin(), needle.end()) != haystack.end();
}

TEST(RecipientsTest, ProofHasTheSameLengthForOneAsForThirtyTwo) {
  for (std::uint8_t slot = 10; slot < kRecipientsMax; ++slot) {
    const Bytes alone = EncodeProof(ProveStanza(RecipientsIn({slot}), 0));
    const Bytes among_all = EncodeProof(ProveStanza(RecipientsIn(AllSlots()), slot));
    EXPECT_EQ(alone.size(), among_all.size()) << int{slot};
  }
}

TEST(RecipientsTest, ProofHoldsNothingOfAnother) {
  EXPECT_TRUE(rc::check("whoever the others are", [] {
    const Recipients recipients = RecipientsIn(*GenSlots(2));
    const auto mine = *rc::gen::inRange<std::size_t>(0, recipients.stanzas.size());
    const Bytes proof = EncodeProof(ProveStanza(recipients, mine));
    RC_ASSERT(!Contains(proof, recipients.seed));
    for (std::size_t i = 0; i < recipients.stanzas.size(); ++i) {
      if (i == mine) continue;
      const Stanza& other = recipients.stanzas[i].stanza;
      RC_ASSERT(!Contains(proof, other.key.value()));
      RC_ASSERT(!Contains(proof, ByteView(other.enc).first(8)));
      RC_ASSERT(!Contains(proof, ByteView(other.wrapped).first(8)));
      Encoder name;
      name.Id(other.recipient);
      RC_ASSERT(!Contains(proof, name.bytes()));
    }
  }));
}

// Slot, salt and path of the first recipient over many records, with `others` beside it.
struct Seen {
  std::array<unsigned, kRecipientsMax> slots{};
  std::array<unsigned, 256> bytes{};  // Of salts and paths.
  std::set<Hash32> hashes;            // All different.
  std::size_t hash_count = 0;
  std::set<std::size_t> lengths;
};
constexpr unsigned kDraws = 1600;

Seen ManyRecords(std::size_t others) {
  std::vector<RecipientKey> keys{RecipientKeyOf(kSchool)};
  for (std::size_t i = 0; i < others; ++i) keys.push_back(RecipientKeyOf(OrgId("partner-" + std::to_string(i))));
  // Whether ours is named first or last must not matter either.
  std::swap(keys.front(), keys.back());
  SeededRandom random(others);
  Seen seen;
  const unsigned draws = others > 8 ? kDraws / 4 : kDraws;  // HPKE costs.
  for (unsigned draw = 0; draw < draws; ++draw) {
    const auto sealed = SealRecord(NoteBy(kYouthCare), {}, keys, kHub, random);
    const auto& stanzas = sealed->record.recipients.stanzas;
    const auto ours = std::find_if(stanzas.begin(), stanzas.end(),
                                   [](const auto& slotted) { return slotted.stanza.recipient == kSchool; });
    const StanzaProof proof = ProveStanza(sealed->record.recipients, static_cast<std::size_t>(ours - stanzas.begin()));
    ++seen.slots[proof.slot];
    const auto add = [&](const Hash32& hash) {
      seen.hashes.insert(hash);
      ++seen.hash_count;
      for (std::uint8_t byte : hash) ++seen.bytes[byte];
    };
    add(proof.salt);
    for (const Hash32& hash : proof.path) add(hash);
    Bytes encoded = EncodeProof(proof);
    seen.lengths.insert(encoded.size());
  }
  return seen;
}

// Pearson's test against the uniform distribution.
template <std::size_t size>
double ChiSquare(const std::array<unsigned, size>& counts) {
  double total = 0;
  for (unsigned count : counts) total += count;
  const double expected = total / size;
  double sum = 0;
  for (unsigned count : counts) sum += (count - expected) * (count - expected) / expected;
  return sum;
}

// With fixed seeds this cannot fail by chance. The bounds are the 99.9th percentiles for 31 and 255 degrees of freedom.
TEST(RecipientsTest, WhatOneIsHandedIsDistributedAlikeWhateverTheOthers) {
  for (const std::size_t others : {0U, 1U, 7U, 31U}) {
    SCOPED_TRACE(others);
    const Seen seen = ManyRecords(others);
    EXPECT_LT(ChiSquare(seen.slots), 61.1) << "every slot as likely as another";
    EXPECT_LT(ChiSquare(seen.bytes), 330.5) << "salts and paths look like noise";
    EXPECT_EQ(seen.hashes.size(), seen.hash_count) << "no hash comes back in another record";
    // Slots up to 31 take one byte: the only lengths are those of this recipient's own name.
    EXPECT_EQ(seen.lengths.size(), 1U);
  }
}

// ---- As it travels ----

TEST(RecipientsTest, ProofComesBackAsItWas) {
  const StanzaProof proof = ProveStanza(RecipientsIn({3, 7, 31}), 2);
  const Bytes bytes = EncodeProof(proof);
  Decoder from(bytes);
  EXPECT_EQ(DecodeStanzaProof(from), proof);
  EXPECT_TRUE(from.Finish().has_value());
  ExpectCanonical(bytes, ReencodeStanzaProof);
}

TEST(RecipientsTest, ProofOfASlotThatIsNoneIsRefused) {
  StanzaProof proof = ProveStanza(RecipientsIn({31}), 0);
  EXPECT_TRUE(ReencodeStanzaProof(EncodeProof(proof)).has_value());
  proof.slot = 32;
  EXPECT_FALSE(ReencodeStanzaProof(EncodeProof(proof)).has_value());
}

}  // namespace
}  // namespace schakel::test
