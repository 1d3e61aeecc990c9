#include "protocol/hpke.h"

#include <gtest/gtest.h>

#include "support/hex.h"

namespace schakel {
namespace {

using test::Hex;

// RFC 9180 appendix A.2.1: base mode, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20-Poly1305, sequence 0.
struct Vector {
  Bytes info = Hex("4f6465206f6e2061204772656369616e2055726e");
  Bytes associated = Hex("436f756e742d30");
  Bytes plain = Hex("4265617574792069732074727574682c20747275746820626561757479");
  Bytes ciphertext = Hex("1c5250d8034ec2b784ba2cfd69dbdb8af406cfe3ff938e131f0def8c8b60b4db21993c62ce81883d2dd1b51a28");
  AgreementKey ephemeral =
      AgreementKey::FromSecret(Hex("f4ec9b33b792c372c1d2c2063507b684ef925b8c75a42dbcbf57d63ccd381600"));
  AgreementKey recipient =
      AgreementKey::FromSecret(Hex("8057991eef8f1f1af18f4a9491d16a1ce333f695d4db8e38da75975c4478e0fb"));
};

TEST(Hpke, SealsAndOpensTheVectorOfTheRfc) {
  const Vector v;
  EXPECT_EQ(ToHex(v.recipient.public_key.value()), "4310ee97d88cc1f088a5576c77ab0cf5c3ac797f3d95139c6c84b5429c59662a");
  const auto sealed = HpkeSealWith(v.ephemeral, v.recipient.public_key, v.info, v.associated, v.plain);
  ASSERT_TRUE(sealed);
  EXPECT_EQ(ToHex(sealed->enc), "1afa08d3dec047a643885163f1180476fa7ddb54c6a8029ea33f95796bf2ac4a");
  EXPECT_EQ(ToHex(sealed->ciphertext), ToHex(v.ciphertext));
  EXPECT_EQ(HpkeOpen(v.recipient, sealed->enc, v.info, v.associated, v.ciphertext).value(), v.plain);
}

TEST(Hpke, DrawsAFreshKeyEachTime) {
  const Vector v;
  const auto one = HpkeSeal(v.recipient.public_key, v.info, v.associated, v.plain);
  const auto two = HpkeSeal(v.recipient.public_key, v.info, v.associated, v.plain);
  ASSERT_TRUE(one && two);
  EXPECT_NE(one->enc, two->enc);
  EXPECT_NE(one->ciphertext, two->ciphertext);
  EXPECT_EQ(HpkeOpen(v.recipient, one->enc, v.info, v.associated, one->ciphertext).value(), v.plain);
  EXPECT_EQ(HpkeOpen(v.recipient, two->enc, v.info, v.associated, two->ciphertext).value(), v.plain);
}

TEST(Hpke, SealsNothingToo) {
  const Vector v;
  const auto sealed = HpkeSeal(v.recipient.public_key, {}, {}, {});
  ASSERT_TRUE(sealed);
  EXPECT_EQ(sealed->ciphertext.size(), 16U);
  EXPECT_EQ(HpkeOpen(v.recipient, sealed->enc, {}, {}, sealed->ciphertext).value(), Bytes{});
}

void ExpectRefused(const Result<Bytes>& opened) {
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, Code::kUnauthenticated);
  EXPECT_EQ(opened.error().rule, "hpke.open");
}

TEST(Hpke, RefusesEveryChange) {
  const Vector v;
  const Bytes enc = ToBytes(v.ephemeral.public_key.value());
  const auto changed = [](Bytes bytes, std::size_t at, std::uint8_t bit = 1) {
    bytes[at] ^= bit;
    return bytes;
  };
  for (std::size_t i = 0; i < v.ciphertext.size(); ++i) {
    ExpectRefused(HpkeOpen(v.recipient, enc, v.info, v.associated, changed(v.ciphertext, i)));
  }
  for (std::size_t i = 0; i < enc.size(); ++i) {
    ExpectRefused(HpkeOpen(v.recipient, changed(enc, i), v.info, v.associated, v.ciphertext));
  }
  // X25519 ignores the top bit; the key schedule does not.
  ExpectRefused(HpkeOpen(v.recipient, changed(enc, 31, 0x80), v.info, v.associated, v.ciphertext));
  ExpectRefused(HpkeOpen(v.recipient, enc, changed(v.info, 0), v.associated, v.ciphertext));
  ExpectRefused(HpkeOpen(v.recipient, enc, {}, v.associated, v.ciphertext));
  ExpectRefused(HpkeOpen(v.recipient, enc, v.info, changed(v.associated, 0), v.ciphertext));
  ExpectRefused(HpkeOpen(v.ephemeral, enc, v.info, v.associated, v.ciphertext));
}

TEST(Hpke, RefusesOtherSizes) {
  const Vector v;
  const Bytes enc = ToBytes(v.ephemeral.public_key.value());
  for (std::size_t size = 0; size < v.ciphertext.size(); ++size) {
    ExpectRefused(HpkeOpen(v.recipient, enc, v.info, v.associated, ByteView(v.ciphertext).first(size)));
  }
  Bytes longer = v.ciphertext;
  longer.push_back(0);
  ExpectRefused(HpkeOpen(v.recipient, enc, v.info, v.associated, longer));
  ExpectRefused(HpkeOpen(v.recipient, ByteView(enc).first(31), v.info, v.associated, v.ciphertext));
  ExpectRefused(HpkeOpen(v.recipient, {}, v.info, v.associated, v.ciphertext));
}

TEST(Hpke, RefusesUselessKeys) {
  const Vector v;
  const auto sealed = HpkeSeal(AgreementPublicKey{}, v.info, v.associated, v.plain);
  ASSERT_FALSE(sealed);
  EXPECT_EQ(sealed.error().code, Code::kInvalid);
  EXPECT_EQ(sealed.error().rule, "crypto.x25519");
  ExpectRefused(HpkeOpen(v.recipient, Bytes(32, 0), v.info, v.associated, v.ciphertext));
}

}  // namespace
}  // namespace schakel
