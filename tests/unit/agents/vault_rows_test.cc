// What the vault keeps of a delivery as evidence: one with a leaf of its own as ever, one in a slot with its place.
#include "vault_rows.h"

#include <gtest/gtest.h>

#include "protocol/codec.h"

namespace schakel::testing {
namespace {

SlotPlace SomePlace() {
  SlotPlace place{Bytes(84, 4), Hash32{5}, 17, {}};
  for (std::size_t i = 0; i < place.path.size(); ++i) place.path[i][0] = static_cast<std::uint8_t>(i + 1);
  return place;
}

TEST(VaultRowsTest, ReceivedContentKeepsWhereItsDeliveryStood) {
  for (const bool in_slot : {false, true}) {
    StoredContent content;
    content.ciphertext = Bytes(840, 1);
    content.origin = StoredContent::Origin{Bytes(300, 2), Hash32{2}, Bytes(160, 3), Hash32{3}, {}};
    if (in_slot) content.origin->place = SomePlace();
    const auto back = vault_rows::DecodeContent(vault_rows::EncodeContent(content));
    ASSERT_TRUE(back) << ToText(back.error());
    ASSERT_TRUE(back->origin);
    EXPECT_EQ(back->origin->place, content.origin->place);
    EXPECT_EQ(back->origin->delivery, content.origin->delivery);
    EXPECT_EQ(back->origin->delivery_salt, content.origin->delivery_salt);
    EXPECT_EQ(back->ciphertext, content.ciphertext);
  }
}

TEST(VaultRowsTest, AnItemOutOfSightKeepsWhereItsDeliveryStood) {
  for (const bool in_slot : {false, true}) {
    HiddenItem item{FeedPosition(4), Alarm::Fault::kHub, {Code::kTampered, "feed.stanza", {}, {}},
                    Bytes(160, 3),   Hash32{3},          Bytes(300, 2),
                    Bytes(840, 1)};
    if (in_slot) item.place = SomePlace();
    const auto back = vault_rows::DecodeHidden(vault_rows::EncodeHidden(item));
    ASSERT_TRUE(back) << ToText(back.error());
    EXPECT_EQ(back->place, item.place);
    EXPECT_EQ(back->why.rule, item.why.rule);
    EXPECT_EQ(back->ciphertext, item.ciphertext);
  }
}

TEST(VaultRowsTest, AnErasureSaysWhatIsKeptOnlyIfSomethingIs) {
  const Erasure plain{TrajectoryId(Id128{1}), RecordId(Id128{2}), Erasure::State::kErased};
  Erasure keeps = plain;
  keeps.kept = DataScope(Id128{3});
  for (const Erasure& one : {plain, keeps}) {
    EXPECT_EQ(vault_rows::DecodeErasure(vault_rows::EncodeErasure(one)).value(), one);
  }
  EXPECT_EQ(vault_rows::EncodeErasure(plain).front(), 0x94) << "as it was written before there was such a thing";
}

TEST(VaultRowsTest, ARowOfANewerVersionOrOfAnotherLengthIsRefused) {
  HiddenItem item;
  item.place = SomePlace();
  Bytes newer = vault_rows::EncodeHidden(item);
  newer[1] = 2;
  EXPECT_EQ(vault_rows::DecodeHidden(newer).error().code, Code::kVersion);
  for (const std::size_t values : {7, 10}) {
    Encoder to;
    to.Array(values).Uint(1);
    for (std::size_t i = 1; i < values; ++i) to.Nil();
    EXPECT_EQ(vault_rows::DecodeHidden(to.Take()).error().code, Code::kCorrupt) << values;
  }
}

}  // namespace
}  // namespace schakel::testing
