// Logging in at the organisation's own provider: OpenID Connect, authorization code with PKCE (S256).
//
// Begin() sends the browser there; Finish() takes back what it brings and yields who the provider says it is. In
// between a flow waits here, bound to the browser by a secret in its cookie.
//
// Threads:    any. Finish() and the first Begin() wait for the provider, at most 10 seconds a question.
// Memory:     1,000 flows at most, ten minutes each.
// Errors:     kUnauthenticated ("oidc.flow": not begun here, by another browser, too long ago, or used; "oidc.refused":
//             the provider said no; "oidc.token": what it signed is not right); kUnavailable ("oidc.unreachable",
//             "oidc.provider": it does not speak as it should).
#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "agents/oidc_options.h"
#include "oidc/jws.h"
#include "protocol/seams.h"

namespace schakel {

class Oidc {
 public:
  // `callback`: where the provider sends the browser back to.
  Oidc(OidcOptions options, std::string callback, const Clock& clock, Random& random);

  struct Begun {
    std::string url;     // Of the provider.
    std::string secret;  // For a cookie of this browser alone.
  };
  Result<Begun> Begin();

  struct Answer {  // The query of the callback.
    std::string state;
    std::string code;
    std::string issuer;  // "iss" (RFC 9207).
    std::string error;
  };
  struct Somebody {
    std::string subject;  // "issuer subject": for ever the same person.
    std::string login;    // Empty: the claim is not there, or is not verified.
    std::string name;
  };
  Result<Somebody> Finish(const std::string& secret, const Answer& answer);

  const OidcOptions& options() const { return options_; }

 private:
  struct Flow {
    std::string secret;
    std::string nonce;
    std::string verifier;
    std::chrono::steady_clock::time_point begun;
  };
  struct Provider {
    std::string authorization;
    std::string token;
    std::string keys;
    std::string userinfo;
    bool says_issuer = false;
  };
  Result<Provider> Discover();
  Result<nlohmann::json> Keys(const Provider& provider, bool anew);
  Result<nlohmann::json> Redeem(const Provider& provider, const Flow& flow, const std::string& code);
  Result<nlohmann::json> Open(const Provider& provider, const std::string& id_token);
  Status CheckMethods(const nlohmann::json& claims) const;
  std::optional<Flow> Take(const std::string& secret, const std::string& state);
  std::string Draw();

  const OidcOptions options_;
  const std::string callback_;
  const Clock& clock_;
  Random& random_;
  std::mutex mutex_;                   // Not held while we wait for the provider.
  std::map<std::string, Flow> flows_;  // By state.
  std::optional<Provider> provider_;
  nlohmann::json keys_;
  std::optional<std::chrono::steady_clock::time_point> keys_at_;
};

}  // namespace schakel
