#include "oidc/jws.h"

#include <gtest/gtest.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include "oidc/fetch.h"
#include "oidc/oidc.h"

namespace schakel {
namespace {

using nlohmann::json;

// A provider's key, with which the test signs what it likes.
class TestKey {
 public:
  explicit TestKey(JwsAlgorithm algorithm)
      : rsa_(algorithm == JwsAlgorithm::kRs256), key_(rsa_ ? EVP_RSA_gen(2048) : EVP_EC_gen("P-256"), &EVP_PKEY_free) {}

  json Jwk(const std::string& kid) const {
    if (rsa_)
      return {{"kty", "RSA"}, {"kid", kid}, {"use", "sig"}, {"n", Number(OSSL_PKEY_PARAM_RSA_N)}, {"e", "AQAB"}};
    return {{"kty", "EC"},
            {"kid", kid},
            {"crv", "P-256"},
            {"x", Number(OSSL_PKEY_PARAM_EC_PUB_X, 32)},
            {"y", Number(OSSL_PKEY_PARAM_EC_PUB_Y, 32)}};
  }
  std::string Sign(const json& header, const json& claims) const {
    const std::string part = ToBase64Url(AsBytes(header.dump())) + "." + ToBase64Url(AsBytes(claims.dump()));
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    std::size_t size = 1024;
    Bytes signature(size);
    EVP_DigestSignInit(context, nullptr, EVP_sha256(), nullptr, key_.get());
    EVP_DigestSign(context, signature.data(), &size, AsBytes(part).data(), part.size());
    EVP_MD_CTX_free(context);
    signature.resize(size);
    if (!rsa_) signature = Raw(signature);
    return part + "." + ToBase64Url(signature);
  }

 private:
  std::string Number(const char* name, int padded = 0) const {
    BIGNUM* number = nullptr;
    EVP_PKEY_get_bn_param(key_.get(), name, &number);
    Bytes bytes(static_cast<std::size_t>(padded > 0 ? padded : BN_num_bytes(number)));
    BN_bn2binpad(number, bytes.data(), static_cast<int>(bytes.size()));
    BN_free(number);
    return ToBase64Url(bytes);
  }
  static Bytes Raw(const Bytes& der) {
    const unsigned char* at = der.data();
    ECDSA_SIG* signature = d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size()));
    Bytes raw(64);
    BN_bn2binpad(ECDSA_SIG_get0_r(signature), raw.data(), 32);
    BN_bn2binpad(ECDSA_SIG_get0_s(signature), raw.data() + 32, 32);
    ECDSA_SIG_free(signature);
    return raw;
  }

  bool rsa_;
  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key_;
};

TEST(Jws, ATokenOpensWithItsKeyAndAlgorithmAlone) {
  for (const JwsAlgorithm algorithm : {JwsAlgorithm::kRs256, JwsAlgorithm::kEs256}) {
    const bool rsa = algorithm == JwsAlgorithm::kRs256;
    const JwsAlgorithm other = rsa ? JwsAlgorithm::kEs256 : JwsAlgorithm::kRs256;
    const std::string alg = rsa ? "RS256" : "ES256";
    SCOPED_TRACE(alg);
    const TestKey key(algorithm);
    const TestKey stranger(algorithm);
    const json keys = {{"keys", {TestKey(other).Jwk("b"), stranger.Jwk("c"), key.Jwk("a")}}};
    const json claims = {{"sub", "nora"}};
    const std::string good = key.Sign({{"alg", alg}, {"kid", "a"}}, claims);
    const auto opened = OpenJws(good, keys, algorithm);
    ASSERT_TRUE(opened) << ToText(opened.error());
    EXPECT_EQ(*opened, claims);
    EXPECT_TRUE(OpenJws(key.Sign({{"alg", alg}}, claims), keys, algorithm)) << "without naming its key";
    const auto field = [&](const std::string& token, JwsAlgorithm as) {
      return OpenJws(token, keys, as).error().field;
    };
    EXPECT_EQ(field(good, other), "alg") << "pinned by the client";
    EXPECT_EQ(field(key.Sign({{"alg", "none"}, {"kid", "a"}}, claims), algorithm), "alg");
    EXPECT_EQ(field(key.Sign({{"alg", "HS256"}, {"kid", "a"}}, claims), algorithm), "alg");
    EXPECT_EQ(field(key.Sign({{"alg", alg}, {"kid", "a"}, {"crit", {"b64"}}}, claims), algorithm), "crit");
    EXPECT_EQ(field(stranger.Sign({{"alg", alg}, {"kid", "a"}}, claims), algorithm), "signature");
    EXPECT_EQ(OpenJws(key.Sign({{"alg", alg}, {"kid", "z"}}, claims), keys, algorithm).error().rule, "oidc.key");
    EXPECT_EQ(OpenJws(good, json::object(), algorithm).error().rule, "oidc.key");
    EXPECT_EQ(OpenJws(good, json("x"), algorithm).error().rule, "oidc.key");
    // Every single character counts.
    for (std::size_t i = 0; i < good.size(); i += 7) {
      std::string changed = good;
      changed[i] = changed[i] == 'A' ? 'B' : 'A';
      const auto result = OpenJws(changed, keys, algorithm);
      // The last character of a part may hold bits that nobody reads; strict decoding refuses those as well.
      EXPECT_FALSE(result) << i;
    }
    for (const char* token : {"", ".", "..", "a.b", "a.b.c.d", "a.b.c"}) EXPECT_FALSE(OpenJws(token, keys, algorithm));
  }
}

TEST(Jws, AnIdTokenMustBeForUsAndForNow) {
  const IdTokenExpectation expected{"https://login.example", "schakel", "n-1", 1'790'000'000};
  const json good = {{"iss", "https://login.example"}, {"aud", "schakel"},     {"sub", "42"}, {"nonce", "n-1"},
                     {"exp", 1'790'000'300U},          {"iat", 1'789'999'990U}};
  EXPECT_TRUE(CheckIdToken(good, expected));
  struct Case {
    const char* name;
    json change;
    const char* field;  // Empty: still good.
  };
  const Case cases[] = {
      {"another issuer", {{"iss", "https://login.example.evil"}}, "iss"},
      {"no issuer", {{"iss", nullptr}}, "iss"},
      {"for another", {{"aud", "other"}}, "aud"},
      {"for several, ours its party", {{"aud", {"other", "schakel"}}, {"azp", "schakel"}}, ""},
      {"for several", {{"aud", {"other", "schakel"}}}, "azp"},
      {"another party", {{"azp", "other"}}, "azp"},
      {"just expired, within the skew", {{"exp", 1'789'999'941U}}, ""},
      {"expired", {{"exp", 1'789'999'940U}}, "exp"},
      {"never expires", {{"exp", nullptr}}, "exp"},
      {"of the future", {{"iat", 1'790'000'061U}}, "iat"},
      {"a fast clock", {{"iat", 1'790'000'060U}}, ""},
      {"ten minutes ago, and the skew", {{"iat", 1'789'999'340U}}, ""},
      {"issued before", {{"iat", 1'789'999'339U}}, "iat"},
      {"of yesterday", {{"iat", 1'789'910'000U}}, "iat"},
      {"not yet", {{"nbf", 1'790'000'061U}}, "nbf"},
      {"another nonce", {{"nonce", "n-2"}}, "nonce"},
      {"no nonce", {{"nonce", nullptr}}, "nonce"},
      {"nobody", {{"sub", ""}}, "sub"},
      {"a number for a subject", {{"sub", 42}}, "sub"},
      {"a subject without end", {{"sub", std::string(256, 'x')}}, "sub"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    json claims = good;
    claims.update(c.change);
    const Status status = CheckIdToken(claims, expected);
    EXPECT_EQ(status ? "" : status.error().field, c.field);
  }
}

TEST(Oidc, SecretsGoOverTlsOrStayOnThisMachine) {
  for (const char* url :
       {"https://login.example", "https://login.example:8443/x", "http://127.0.0.1:8080/x", "http://localhost:1"}) {
    EXPECT_TRUE(IsSafeUrl(url)) << url;
  }
  for (const char* url : {"", "login.example", "http://login.example", "http://127.0.0.1.evil.example:80",
                          "http://localhost.evil.example:80", "http://127.0.0.1@evil.example:80", "file:///etc/passwd",
                          "https://", "https://user@login.example"}) {
    EXPECT_FALSE(IsSafeUrl(url)) << url;
  }
}

}  // namespace
}  // namespace schakel
