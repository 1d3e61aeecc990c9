// Signed tokens of an OIDC provider: JWS compact form (RFC 7515) with keys as JWK (RFC 7517). RS256 and ES256 alone,
// and which of them is decided by who configured the client, never by the token.
//
// Threads: pure. Errors: kUnauthenticated ("oidc.token"), with what is wrong as the field.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "protocol/bytes.h"
#include "protocol/result.h"

namespace schakel {

enum class JwsAlgorithm : std::uint8_t { kRs256 = 1, kEs256 };

// RFC 4648 section 5, without padding; strict. Nothing: it is not.
std::optional<Bytes> FromBase64Url(std::string_view text);
std::string ToBase64Url(ByteView bytes);

// The claims of `token`, once its signature was checked with the key of `jwks` that it names ("kid"), or the only one
// that fits. kNotFound ("oidc.key"): none of these keys fits: fetch them anew.
Result<nlohmann::json> OpenJws(std::string_view token, const nlohmann::json& jwks, JwsAlgorithm algorithm);

struct IdTokenExpectation {
  std::string issuer;
  std::string client;
  std::string nonce;
  std::uint64_t now = 0;  // Seconds since 1970.
};
// Issuer, audience, party, times and nonce, as OpenID Connect Core section 3.1.3.7 asks. Issued ten minutes ago at
// most, a minute of clock skew apart: each login asks for a token of its own.
Status CheckIdToken(const nlohmann::json& claims, const IdTokenExpectation& expected);

}  // namespace schakel
