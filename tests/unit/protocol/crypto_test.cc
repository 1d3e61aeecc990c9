#include "protocol/crypto.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>
#include <thread>

#include "support/hex.h"

namespace schakel {
namespace {

using test::Hex;
using test::HexArray;

// FIPS 180-4 examples.
TEST(Sha256, InPartsIsTheSame) {
  Sha256Stream stream;
  stream.Add(AsBytes("a"));
  stream.Add({});
  stream.Add(AsBytes("bc"));
  EXPECT_EQ(stream.Finish(), Sha256(AsBytes("abc")));
}

TEST(Sha256, MatchesItsVectors) {
  EXPECT_EQ(ToHex(Sha256(ByteView{})), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(ToHex(Sha256(AsBytes("abc"))), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(ToHex(Sha256(AsBytes("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"))),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(ToHex(Sha256(Bytes(1000000, 'a'))), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

RC_GTEST_PROP(Sha256, PartsAreConcatenated, (const Bytes& a, const Bytes& b, const Bytes& c)) {
  Bytes all = a;
  Append(all, b);
  Append(all, c);
  RC_ASSERT(Sha256({a, b, c}) == Sha256(all));
}

TEST(Sha256, ThreadsDoNotDisturbOneAnother) {
  const Hash32 want = Sha256(AsBytes("abc"));
  std::vector<std::jthread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 2000; ++i) ASSERT_EQ(Sha256({AsBytes("a"), AsBytes("bc")}), want);
    });
  }
}

// RFC 4231.
TEST(HmacSha256, MatchesItsVectors) {
  EXPECT_EQ(ToHex(HmacSha256(Bytes(20, 0x0b), {AsBytes("Hi There")})),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(ToHex(HmacSha256(AsBytes("Jefe"), {AsBytes("what do ya want "), AsBytes("for nothing?")})),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(ToHex(HmacSha256(Bytes(131, 0xaa), {AsBytes("Test Using Larger Than Block-Size Key - Hash Key First")})),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(HmacSha256, OnlyAKeyLongerThanABlockIsHashed) {
  const Bytes block(64, 0xaa);
  const Bytes longer(65, 0xaa);
  EXPECT_NE(HmacSha256(block, {}), HmacSha256(Sha256(block), {}));
  EXPECT_EQ(HmacSha256(longer, {}), HmacSha256(Sha256(longer), {}));
}

Bytes Range(std::uint8_t first, std::uint8_t last) {
  Bytes out;
  for (unsigned i = first; i <= last; ++i) out.push_back(static_cast<std::uint8_t>(i));
  return out;
}

// RFC 5869 appendix A; the first 32 bytes of each output.
TEST(Hkdf32, MatchesItsVectors) {
  const Bytes short_info = Range(0xf0, 0xf9);
  EXPECT_EQ(ToHex(Hkdf32(Bytes(22, 0x0b), Range(0x00, 0x0c), AsText(short_info))),
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf");
  const Bytes long_info = Range(0xb0, 0xff);
  EXPECT_EQ(ToHex(Hkdf32(Range(0x00, 0x4f), Range(0x60, 0xaf), AsText(long_info))),
            "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c");
  EXPECT_EQ(ToHex(Hkdf32(Bytes(22, 0x0b), {}, "")), "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d");
}

TEST(ConstantTimeEqual, ComparesLengthAndContent) {
  EXPECT_TRUE(ConstantTimeEqual({}, {}));
  EXPECT_TRUE(ConstantTimeEqual(Bytes{1, 2}, Bytes{1, 2}));
  EXPECT_FALSE(ConstantTimeEqual(Bytes{1, 2}, Bytes{1, 3}));
  EXPECT_FALSE(ConstantTimeEqual(Bytes{1, 2}, Bytes{1, 2, 3}));
}

// RFC 8032 section 7.1.
TEST(Ed25519, MatchesItsVectors) {
  const struct {
    const char* name;
    const char* seed;
    const char* public_key;
    const char* message;
    const char* signature;
  } rows[] = {
      {"TEST 1", "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
       "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
       "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe2"
       "4"
       "655141438e7a100b"},
      {"TEST 2", "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
       "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
       "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302ae"
       "e"
       "b00d291612bb0c00"},
      {"TEST 3", "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
       "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
       "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28"
       "d"
       "c027beceea1ec40a"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const SigningKey key = SigningKey::FromSeed(Hex(row.seed));
    EXPECT_EQ(ToHex(key.public_key.value()), row.public_key);
    const Signature signature = SignRaw(key, Hex(row.message));
    EXPECT_EQ(ToHex(signature), row.signature);
    EXPECT_TRUE(VerifyRaw(key.public_key, Hex(row.message), signature));
    EXPECT_FALSE(VerifyRaw(key.public_key, AsBytes("another"), signature));
  }
}

// The group order, little-endian, at the place of S: S + L verifies too where it is not checked.
TEST(Ed25519, RefusesTheSecondFormOfASignature) {
  const SigningKey key = SigningKey::Generate();
  Signature signature = SignRaw(key, AsBytes("message"));
  const Bytes order = Hex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
  unsigned carry = 0;
  for (std::size_t i = 0; i < 32; ++i) {
    const unsigned sum = signature[32 + i] + order[i] + carry;
    signature[32 + i] = static_cast<std::uint8_t>(sum & 0xff);
    carry = sum >> 8;
  }
  EXPECT_FALSE(VerifyRaw(key.public_key, AsBytes("message"), signature));
}

TEST(Ed25519, RefusesAPublicKeyOfSmallOrder) {
  // With the neutral element as key and as R, and S zero, the bare equation holds for every message.
  std::array<std::uint8_t, 32> neutral{1};
  Signature signature{1};
  EXPECT_FALSE(VerifyRaw(SigningPublicKey(neutral), AsBytes("anything"), signature));
}

TEST(Sign, PrefixesTheLengthAndTheDomain) {
  const SigningKey key = SigningKey::Generate();
  const Signature signature = Sign(key, "ab", AsBytes("cd"));
  EXPECT_EQ(signature, SignRaw(key, Hex("0261626364")));
  EXPECT_TRUE(Verify(key.public_key, "ab", AsBytes("cd"), signature));
  EXPECT_FALSE(Verify(key.public_key, "abc", AsBytes("d"), signature));
  EXPECT_FALSE(Verify(key.public_key, "a", AsBytes("bcd"), signature));
  EXPECT_FALSE(Verify(key.public_key, "", AsBytes("abcd"), signature));
  EXPECT_FALSE(VerifyRaw(key.public_key, AsBytes("abcd"), signature));
}

TEST(Sign, LongAndShortMessagesAreSignedWhole) {
  const SigningKey key = SigningKey::Generate();
  // Around the size up to which the signed bytes stay on the stack.
  for (const std::size_t size : {0U, 1U, 1020U, 1021U, 1022U, 1023U, 1024U, 1025U, 5000U}) {
    SCOPED_TRACE(size);
    Bytes message(size, 0x5a);
    const Signature signature = Sign(key, "ab", message);
    Bytes joined = Hex("026162");
    Append(joined, message);
    EXPECT_EQ(signature, SignRaw(key, joined));
    EXPECT_TRUE(Verify(key.public_key, "ab", message, signature));
    if (size == 0) continue;
    message.back() ^= 1;
    EXPECT_FALSE(Verify(key.public_key, "ab", message, signature));
  }
}

TEST(SignDeathTest, RefusesADomainThatNoByteCanCount) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const SigningKey key = SigningKey::Generate();
  EXPECT_EQ(Sign(key, std::string(255, 'd'), {}).size(), 64U);
  EXPECT_DEATH(Sign(key, std::string(256, 'd'), {}), "assertion failed");
}

// draft-irtf-cfrg-xchacha-03 appendix A.3.1.
TEST(XChaCha, OpensTheVectorOfTheDraft) {
  const Bytes key = Range(0x80, 0x9f);
  Bytes sealed = Range(0x40, 0x57);
  Append(sealed, Hex("bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb731c7f1b0b4aa6440bf3a82f4eda7e39"
                     "ae64c6708c54c216cb96b72e1213b4522f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff9"
                     "21f9664c97637da9768812f615c68b13b52ec0875924c1c7987947deafd8780acf49"));
  const auto plain = OpenXChaCha(key, sealed, Hex("50515253c0c1c2c3c4c5c6c7"));
  ASSERT_TRUE(plain);
  EXPECT_EQ(AsText(*plain),
            "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen "
            "would be it.");
}

TEST(XChaCha, RoundTripsAndRefusesEveryChange) {
  const Bytes key(32, 7);
  const Bytes plain = Hex("00112233445566");
  const Bytes associated = Hex("aabb");
  const Bytes sealed = SealXChaCha(key, plain, associated);
  ASSERT_EQ(sealed.size(), kNonceBytes + plain.size() + kTagBytes);
  EXPECT_EQ(OpenXChaCha(key, sealed, associated).value(), plain);
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    Bytes changed = sealed;
    changed[i] ^= 1;
    const auto opened = OpenXChaCha(key, changed, associated);
    ASSERT_FALSE(opened) << i;
    EXPECT_EQ(opened.error().code, Code::kCorrupt);
    EXPECT_EQ(opened.error().rule, "crypto.aead");
  }
  for (std::size_t size = 0; size < sealed.size(); ++size) {
    EXPECT_FALSE(OpenXChaCha(key, ByteView(sealed).first(size), associated)) << size;
  }
  EXPECT_FALSE(OpenXChaCha(Bytes(32, 8), sealed, associated));
  EXPECT_FALSE(OpenXChaCha(key, sealed, Hex("aabc")));
  EXPECT_FALSE(OpenXChaCha(key, sealed, {}));
}

TEST(XChaCha, SealsNothingToo) {
  const Bytes key(32, 7);
  const Bytes sealed = SealXChaCha(key, {}, {});
  EXPECT_EQ(sealed.size(), kNonceBytes + kTagBytes);
  EXPECT_EQ(OpenXChaCha(key, sealed, {}).value(), Bytes{});
}

TEST(XChaCha, AppendsAndNeverRepeatsANonce) {
  const Bytes key(32, 7);
  Bytes out = Hex("c0ffee");
  SealXChaChaTo(key, AsBytes("one"), {}, out);
  EXPECT_TRUE(Equal(ByteView(out).first(3), Hex("c0ffee")));
  EXPECT_EQ(AsText(OpenXChaCha(key, ByteView(out).subspan(3), {}).value()), "one");
  std::set<Bytes> nonces;
  for (int i = 0; i < 500; ++i) {
    Bytes sealed = SealXChaCha(key, AsBytes("one"), {});
    sealed.resize(kNonceBytes);
    EXPECT_TRUE(nonces.insert(std::move(sealed)).second);
  }
}

// RFC 7748 section 5.2.
TEST(X25519, MatchesItsVector) {
  const auto shared = X25519(Hex("a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4"),
                             Hex("e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c"));
  EXPECT_EQ(ToHex(shared.value()), "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552");
}

TEST(X25519, RefusesPointsOfSmallOrder) {
  const Bytes secret(32, 0x42);
  for (const char* point : {"0000000000000000000000000000000000000000000000000000000000000000",
                            "0100000000000000000000000000000000000000000000000000000000000000",
                            "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
                            "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
                            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                            "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                            "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"}) {
    const auto shared = X25519(secret, Hex(point));
    ASSERT_FALSE(shared) << point;
    EXPECT_EQ(shared.error().code, Code::kInvalid);
    EXPECT_EQ(shared.error().rule, "crypto.x25519");
  }
}

// Frozen: another result would lock every store that a passphrase opens.
TEST(DeriveFromPassphrase, IsArgon2idWith64MiBAndThreePasses) {
  const Bytes salt = Range(0, 15);
  const auto key = DeriveFromPassphrase("correct horse battery staple", salt);
  ASSERT_TRUE(key);
  EXPECT_EQ(ToHex(key->view()), "0d1a3c6523c8f06e4e0af9c515aa5b5448cfebd6838f2d52c3d8b6ef8ddc3c2e");
  const auto other = DeriveFromPassphrase("correct horse battery stapla", salt);
  ASSERT_TRUE(other);
  EXPECT_FALSE(Equal(key->view(), other->view()));
}

}  // namespace
}  // namespace schakel
