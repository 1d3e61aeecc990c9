// The slots of a routing entry: whoever is shown one checks its place, and learns nothing of the others.
#include "protocol/slots.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <map>
#include <set>

#include "protocol/crypto.h"
#include "support/builders.h"
#include "support/canonical.h"
#include "support/reencode.h"

namespace schakel::test {
namespace {

Slots SlotsIn(const std::vector<std::uint8_t>& used, const Hash32& seed = Filled<32>(0x5e)) {
  Slots slots{seed, {}};
  for (const std::uint8_t slot : used) slots.used.push_back({slot, Bytes(50U + slot, slot)});
  return slots;
}
std::vector<std::uint8_t> AllSlots() {
  std::vector<std::uint8_t> slots;
  for (std::uint8_t slot = 0; slot < kRecipientsMax; ++slot) slots.push_back(slot);
  return slots;
}
rc::Gen<std::vector<std::uint8_t>> GenUsed() {
  return rc::gen::map(rc::gen::arbitrary<std::uint32_t>(), [](std::uint32_t mask) {
    std::vector<std::uint8_t> slots;
    for (std::uint8_t slot = 0; slot < kRecipientsMax; ++slot) {
      if ((mask >> slot & 1U) != 0) slots.push_back(slot);
    }
    return slots;
  });
}

// The tree of docs/protocol.md written anew: level by level from the leaves, where the stream fills what is empty
// beside something that is not.
Hash32 ReferenceRoot(const Slots& slots) {
  Bytes stream(std::size_t{32} * 200);
  ExpandSeed(slots.seed, stream);
  std::size_t drawn = 0;
  const auto draw = [&] {
    Hash32 hash;
    std::copy_n(stream.begin() + static_cast<std::ptrdiff_t>(32 * drawn++), 32, hash.begin());
    return hash;
  };
  const auto hash_of = [](std::uint8_t prefix, const Hash32& first, ByteView second) {
    Bytes bytes{prefix};
    Append(bytes, first);
    Append(bytes, second);
    return Sha256(bytes);
  };
  std::map<std::size_t, Hash32> level;
  for (const auto& [slot, entry] : slots.used) level[slot] = hash_of(0x40, draw(), entry);
  if (level.empty()) return draw();
  for (std::size_t size = kRecipientsMax; size > 1; size /= 2) {
    std::map<std::size_t, Hash32> whole = level;
    std::map<std::size_t, Hash32> up;
    for (std::size_t i = 0; i < size; ++i) {
      if (!level.contains(i) && level.contains(i ^ 1U)) whole[i] = draw();
    }
    for (const auto& [index, hash] : level) up[index / 2] = hash_of(0x41, whole[index & ~1U], whole[index | 1U]);
    level = up;
  }
  return level.at(0);
}

TEST(SlotsTest, RootIsThatOfTheSpecification) {
  EXPECT_EQ(SlotTree(SlotsIn({})).Root(), ReferenceRoot(SlotsIn({})));
  EXPECT_EQ(SlotTree(SlotsIn(AllSlots())).Root(), ReferenceRoot(SlotsIn(AllSlots())));
  EXPECT_TRUE(rc::check("for any slots", [] {
    const Slots slots = SlotsIn(*GenUsed());
    RC_ASSERT(SlotTree(slots).Root() == ReferenceRoot(slots));
  }));
}

TEST(SlotsTest, EverySlotLeadsToTheRootAmongAnyOthers) {
  EXPECT_TRUE(rc::check("each", [] {
    const Slots slots = SlotsIn(*GenUsed());
    const SlotTree tree(slots);
    for (std::size_t i = 0; i < slots.used.size(); ++i) {
      const auto& [slot, entry] = slots.used[i];
      RC_ASSERT(SlotsRoot(entry, tree.Salt(i), slot, tree.Path(slot)) == tree.Root());
    }
  }));
}

TEST(SlotsTest, WhateverIsChangedLeadsElsewhere) {
  const Slots slots = SlotsIn({0, 7, 8, 31});
  const SlotTree tree(slots);
  for (std::size_t i = 0; i < slots.used.size(); ++i) {
    const auto& [slot, entry] = slots.used[i];
    const RecipientPath path = tree.Path(slot);
    for (std::size_t byte = 0; byte < entry.size(); ++byte) {
      Bytes other = entry;
      other[byte] ^= 1;
      ASSERT_NE(SlotsRoot(other, tree.Salt(i), slot, path), tree.Root());
    }
    for (std::uint8_t other = 0; other < kRecipientsMax; ++other) {
      if (other == slot) continue;
      ASSERT_NE(SlotsRoot(entry, tree.Salt(i), other, path), tree.Root()) << int{slot} << " as " << int{other};
    }
    for (std::size_t level = 0; level < path.size(); ++level) {
      RecipientPath other = path;
      other[level][31] ^= 1;
      ASSERT_NE(SlotsRoot(entry, tree.Salt(i), slot, other), tree.Root()) << level;
    }
    for (std::size_t other = 0; other < slots.used.size(); ++other) {
      if (other == i) continue;
      ASSERT_NE(SlotsRoot(entry, tree.Salt(other), slot, path), tree.Root());
      ASSERT_NE(SlotsRoot(slots.used[other].entry, tree.Salt(i), slot, path), tree.Root());
    }
  }
}

// What one is shown has the same form whoever the others are, and no hash in it can be computed from it.
TEST(SlotsTest, AloneOrAmongOthersLooksAlike) {
  const Slots alone = SlotsIn({5}, Filled<32>(1));
  const Slots among = SlotsIn(AllSlots(), Filled<32>(2));
  for (const Slots& slots : {alone, among}) {
    const SlotTree tree(slots);
    std::set<Hash32> distinct;
    for (const Hash32& hash : tree.Path(5)) distinct.insert(hash);
    EXPECT_EQ(distinct.size(), kRecipientDepth);
    EXPECT_FALSE(distinct.contains(Hash32{})) << "nothing is left out";
  }
}

TEST(SlotsTest, AnotherSeedIsAnotherTree) {
  std::set<Hash32> roots;
  for (std::uint8_t seed = 0; seed < 64; ++seed) roots.insert(SlotTree(SlotsIn({}, Filled<32>(seed))).Root());
  for (std::uint8_t seed = 0; seed < 64; ++seed) roots.insert(SlotTree(SlotsIn({4, 5}, Filled<32>(seed))).Root());
  EXPECT_EQ(roots.size(), 128U);
}

TEST(SlotsTest, HasOneEncodingAndKeepsItsRules) {
  const auto rule_of = [](const Slots& slots) {
    const auto decoded = DecodeSlots(EncodeSlots(slots));
    return decoded ? std::string("ok") : decoded.error().rule;
  };
  for (const Slots& slots : {SlotsIn({}), SlotsIn({0}), SlotsIn({3, 20}), SlotsIn(AllSlots())}) {
    EXPECT_EQ(DecodeSlots(EncodeSlots(slots)).value(), slots);
  }
  ExpectCanonical(EncodeSlots(SlotsIn({3, 20})), ReencodeSlots);
  EXPECT_EQ(rule_of(SlotsIn({20, 3})), "codec.type");
  EXPECT_EQ(rule_of(SlotsIn({3, 3})), "codec.type");
  EXPECT_EQ(rule_of(SlotsIn({32})), "codec.type");
  Slots large = SlotsIn({1});
  large.used[0].entry.resize(4096);
  EXPECT_EQ(rule_of(large), "ok");
  large.used[0].entry.resize(4097);
  EXPECT_EQ(rule_of(large), "codec.size");
}

TEST(SlotsTest, ASeedGivesOneStreamOfAnyLength) {
  Bytes longer(300);
  Bytes shorter(77);
  ExpandSeed(Filled<32>(9), longer);
  ExpandSeed(Filled<32>(9), shorter);
  EXPECT_TRUE(std::equal(shorter.begin(), shorter.end(), longer.begin()));
  Bytes other(300);
  ExpandSeed(Filled<32>(8), other);
  EXPECT_NE(other, longer);
}

}  // namespace
}  // namespace schakel::test
