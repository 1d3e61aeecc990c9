#include "protocol/keys.h"

#include <gtest/gtest.h>

#include "protocol/crypto.h"
#include "support/hex.h"

namespace schakel {
namespace {

using test::Hex;
using test::HexArray;

static_assert(!std::is_copy_constructible_v<Secret<32>> && std::is_nothrow_move_constructible_v<Secret<32>>);
static_assert(!std::is_copy_constructible_v<SigningKey> && !std::is_copy_constructible_v<AgreementKey>);

TEST(Secret, StartsAsZerosAndCopiesOnlyWhenAsked) {
  Secret<32> secret;
  EXPECT_TRUE(Equal(secret.view(), Bytes(32, 0)));
  secret.mutable_view()[31] = 9;
  const Secret<32> copy = secret.Copy();
  secret.mutable_view()[31] = 8;
  EXPECT_EQ(copy.view()[31], 9);
  const Secret<32> moved = std::move(secret);
  EXPECT_EQ(moved.view()[31], 8);
}

TEST(Secret, GeneratesAnotherEachTime) {
  EXPECT_FALSE(Equal(Secret<32>::Generate().view(), Secret<32>::Generate().view()));
  EXPECT_FALSE(Equal(Secret<64>::Generate().view(), Secret<64>::Generate().view()));
}

TEST(SecretDeathTest, RefusesAnotherSize) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(Secret<32>::From(Bytes(31)), "assertion failed");
  EXPECT_DEATH(Secret<32>::From(Bytes(33)), "assertion failed");
}

TEST(SigningKey, ComesFromItsSeed) {
  const SigningKey key = SigningKey::FromSeed(Hex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"));
  EXPECT_EQ(ToHex(key.public_key.value()), "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
  EXPECT_TRUE(Equal(key.secret.view().last<32>(), key.public_key.value()));
}

// The recipient's key pair of RFC 9180 appendix A.2.1.
TEST(AgreementKey, ComesFromItsSecret) {
  const Bytes secret = Hex("8057991eef8f1f1af18f4a9491d16a1ce333f695d4db8e38da75975c4478e0fb");
  const char* const kPublic = "4310ee97d88cc1f088a5576c77ab0cf5c3ac797f3d95139c6c84b5429c59662a";
  const AgreementKey agreement = AgreementKey::FromSecret(secret);
  EXPECT_EQ(ToHex(agreement.public_key.value()), kPublic);
  EXPECT_TRUE(Equal(agreement.secret.view(), secret));
  EXPECT_EQ(ToHex(TransportKey::FromSecret(secret).public_key.value()), kPublic);
}

// Frozen: ids stand in records.
TEST(KeyId, IsTheHashOfTheDomainAndTheKey) {
  const SigningPublicKey signing(HexArray<32>("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"));
  EXPECT_EQ(ToText(IdOf(signing)), "eff2872c74a10fab");
  const AgreementPublicKey agreement(HexArray<32>("4310ee97d88cc1f088a5576c77ab0cf5c3ac797f3d95139c6c84b5429c59662a"));
  EXPECT_EQ(ToText(IdOf(agreement)), "6e4a152defbcec79");
}

TEST(Keys, GeneratedOnesDiffer) {
  EXPECT_NE(SigningKey::Generate().public_key, SigningKey::Generate().public_key);
  EXPECT_NE(AgreementKey::Generate().public_key, AgreementKey::Generate().public_key);
  EXPECT_NE(TransportKey::Generate().public_key, TransportKey::Generate().public_key);
}

}  // namespace
}  // namespace schakel
