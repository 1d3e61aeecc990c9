#include "oidc/jws.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include <algorithm>
#include <memory>

#include "protocol/crypto.h"

namespace schakel {
namespace {

using nlohmann::json;

constexpr std::size_t kTokenBytesMax = 16U << 10;
constexpr std::uint64_t kClockSkew = 60;
// A login takes no longer here (Oidc keeps a flow as long): what was issued before is of another one.
constexpr std::uint64_t kTokenAgeMax = 600;

template <auto free>
struct Freed {
  template <typename T>
  void operator()(T* value) const {
    free(value);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Number = std::unique_ptr<BIGNUM, Freed<BN_free>>;
using Builder = std::unique_ptr<OSSL_PARAM_BLD, Freed<OSSL_PARAM_BLD_free>>;
using Params = std::unique_ptr<OSSL_PARAM, Freed<OSSL_PARAM_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Freed<EVP_PKEY_CTX_free>>;
using Digest = std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX_free>>;

std::unexpected<Error> Bad(const char* field) {
  return Fail(Code::kUnauthenticated, "oidc.token", field, "try to log in again; if it stays, ask the administrator");
}

std::string TextIn(const json& object, const char* field) {
  auto found = object.is_object() ? object.find(field) : object.end();
  return object.is_object() && found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

Key MakeKey(const char* type, OSSL_PARAM_BLD* builder) {
  const Params params(OSSL_PARAM_BLD_to_param(builder));
  const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* key = nullptr;
  if (!params || !context || EVP_PKEY_fromdata_init(context.get()) != 1) return nullptr;
  if (EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, params.get()) != 1) return nullptr;
  return Key(key);
}

Key RsaKey(const json& jwk) {
  const auto n = FromBase64Url(TextIn(jwk, "n"));
  const auto e = FromBase64Url(TextIn(jwk, "e"));
  // 2048 bits at least; more than 8192 would only cost us.
  if (!n || !e || n->size() < 256 || n->size() > 1024 || e->empty() || e->size() > 4) return nullptr;
  const Number modulus(BN_bin2bn(n->data(), static_cast<int>(n->size()), nullptr));
  const Number exponent(BN_bin2bn(e->data(), static_cast<int>(e->size()), nullptr));
  const Builder builder(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, modulus.get());
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, exponent.get());
  return MakeKey("RSA", builder.get());
}

Key P256Key(const json& jwk) {
  const auto x = FromBase64Url(TextIn(jwk, "x"));
  const auto y = FromBase64Url(TextIn(jwk, "y"));
  if (TextIn(jwk, "crv") != "P-256" || !x || !y || x->size() != 32 || y->size() != 32) return nullptr;
  Bytes point = {0x04};
  Append(point, *x);
  Append(point, *y);
  const Builder builder(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0);
  OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size());
  return MakeKey("EC", builder.get());
}

// JWS carries r ‖ s; OpenSSL reads DER.
Bytes DerOf(ByteView raw) {
  if (raw.size() != 64) return {};
  const std::unique_ptr<ECDSA_SIG, Freed<ECDSA_SIG_free>> signature(ECDSA_SIG_new());
  if (!signature || ECDSA_SIG_set0(signature.get(), BN_bin2bn(raw.data(), 32, nullptr),
                                   BN_bin2bn(raw.data() + 32, 32, nullptr)) != 1) {
    return {};
  }
  unsigned char* out = nullptr;
  const int size = i2d_ECDSA_SIG(signature.get(), &out);
  if (size <= 0) return {};
  Bytes der(out, out + size);
  OPENSSL_free(out);
  return der;
}

bool Verifies(EVP_PKEY* key, std::string_view signed_part, ByteView signature) {
  const Digest digest(EVP_MD_CTX_new());
  return digest && EVP_DigestVerifyInit(digest.get(), nullptr, EVP_sha256(), nullptr, key) == 1 &&
         EVP_DigestVerify(digest.get(), signature.data(), signature.size(), AsBytes(signed_part).data(),
                          signed_part.size()) == 1;
}

json ParsePart(std::string_view part) {
  const auto bytes = FromBase64Url(part);
  if (!bytes) return json();
  json parsed = json::parse(AsText(*bytes), nullptr, false);
  return parsed.is_object() ? parsed : json();
}

std::uint64_t NumberIn(const json& claims, const char* field) {
  auto found = claims.find(field);
  return found != claims.end() && found->is_number_unsigned() ? found->get<std::uint64_t>() : 0;
}

}  // namespace

std::optional<Bytes> FromBase64Url(std::string_view text) {
  std::string plain(text);
  if (plain.find_first_of("+/=") != std::string::npos) return std::nullopt;
  std::ranges::replace(plain, '-', '+');
  std::ranges::replace(plain, '_', '/');
  while (plain.size() % 4 != 0) plain += '=';
  return FromBase64(plain);
}

std::string ToBase64Url(ByteView bytes) {
  std::string text = ToBase64(bytes);
  while (text.ends_with('=')) text.pop_back();
  std::ranges::replace(text, '+', '-');
  std::ranges::replace(text, '/', '_');
  return text;
}

Result<json> OpenJws(std::string_view token, const json& jwks, JwsAlgorithm algorithm) {
  const std::size_t first = token.find('.');
  const std::size_t second = first == std::string_view::npos ? first : token.find('.', first + 1);
  if (token.size() > kTokenBytesMax || second == std::string_view::npos ||
      token.find('.', second + 1) != std::string_view::npos) {
    return Bad("form");
  }
  const json header = ParsePart(token.substr(0, first));
  const bool rsa = algorithm == JwsAlgorithm::kRs256;
  if (TextIn(header, "alg") != (rsa ? "RS256" : "ES256")) return Bad("alg");
  if (header.contains("crit")) return Bad("crit");
  const auto raw = FromBase64Url(token.substr(second + 1));
  if (!raw) return Bad("form");
  const Bytes signature = rsa ? *raw : DerOf(*raw);
  if (signature.empty()) return Bad("signature");

  const std::string kid = TextIn(header, "kid");
  const json keys = jwks.is_object() ? jwks.value("keys", json::array()) : json::array();
  bool tried = false;
  for (const json& jwk : keys) {
    const bool fits = TextIn(jwk, "kty") == (rsa ? "RSA" : "EC") && (kid.empty() || TextIn(jwk, "kid") == kid);
    const std::string use = TextIn(jwk, "use");
    if (!fits || (!use.empty() && use != "sig")) continue;
    const Key key = rsa ? RsaKey(jwk) : P256Key(jwk);
    if (!key) continue;
    tried = true;
    if (!Verifies(key.get(), token.substr(0, second), signature)) continue;
    json claims = ParsePart(token.substr(first + 1, second - first - 1));
    if (!claims.is_object()) return Bad("form");
    return claims;
  }
  if (!tried) return Fail(Code::kNotFound, "oidc.key", "kid", "fetch the keys of the provider anew");
  return Bad("signature");
}

Status CheckIdToken(const json& claims, const IdTokenExpectation& expected) {
  if (TextIn(claims, "iss") != expected.issuer) return Bad("iss");
  const json audience = claims.value("aud", json());
  const bool ours = audience == expected.client ||
                    (audience.is_array() && std::ranges::find(audience, json(expected.client)) != audience.end());
  if (!ours) return Bad("aud");
  const bool several = audience.is_array() && audience.size() > 1;
  if ((several || claims.contains("azp")) && TextIn(claims, "azp") != expected.client) return Bad("azp");
  if (NumberIn(claims, "exp") + kClockSkew <= expected.now) return Bad("exp");
  const std::uint64_t issued = NumberIn(claims, "iat");
  if (issued == 0 || issued > expected.now + kClockSkew) return Bad("iat");
  if (issued + kTokenAgeMax + kClockSkew < expected.now) return Bad("iat");
  if (claims.contains("nbf") && NumberIn(claims, "nbf") > expected.now + kClockSkew) return Bad("nbf");
  const std::string nonce = TextIn(claims, "nonce");
  if (expected.nonce.empty() || !ConstantTimeEqual(AsBytes(nonce), AsBytes(expected.nonce))) return Bad("nonce");
  const std::string subject = TextIn(claims, "sub");
  if (subject.empty() || subject.size() > 255) return Bad("sub");
  return {};
}

}  // namespace schakel
