#include "oidc/oidc.h"

#include <sys/stat.h>

#include <algorithm>
#include <fstream>

#include "oidc/fetch.h"
#include "protocol/crypto.h"

namespace schakel {
namespace {

using nlohmann::json;

constexpr std::size_t kFlowsMax = 1'000;
constexpr std::chrono::minutes kFlowLasts{10};
constexpr std::chrono::hours kKeysLast{1};
constexpr std::chrono::seconds kKeysAtMostEvery{60};

std::unexpected<Error> FlowGone() {
  return Fail(Code::kUnauthenticated, "oidc.flow", {}, "begin to log in again, in this window");
}
std::unexpected<Error> Odd(const char* what) {
  return Fail(Code::kUnavailable, "oidc.provider", what, "check [oidc] with who runs the login provider");
}

std::string UrlEncoded(std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (byte >= '0' && byte <= '9') || ((byte | 0x20U) >= 'a' && (byte | 0x20U) <= 'z') || c == '-' ||
                       c == '.' || c == '_' || c == '~';
    if (plain) {
      out += c;
    } else {
      out += {'%', kHex[byte >> 4], kHex[byte & 15U]};
    }
  }
  return out;
}

std::string Form(std::initializer_list<std::pair<const char*, std::string>> fields) {
  std::string form;
  for (const auto& [name, value] : fields) {
    form += (form.empty() ? "" : "&") + std::string(name) + "=" + UrlEncoded(value);
  }
  return form;
}

std::string TextIn(const json& object, const std::string& field) {
  if (!object.is_object()) return {};
  auto found = object.find(field);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

// A JSON object, or nothing. What comes from outside is bounded by fetch.cc; deep nesting by this.
json ParseObject(const std::string& text) {
  int depth = 0;
  bool too_deep = false;
  json parsed = json::parse(
      text,
      [&](int at, json::parse_event_t, json&) {
        depth = std::max(depth, at);
        too_deep = too_deep || depth > 16;
        return !too_deep;
      },
      false);
  return !too_deep && parsed.is_object() ? parsed : json();
}

}  // namespace

Oidc::Oidc(OidcOptions options, std::string callback, const Clock& clock, Random& random)
    : options_(std::move(options)), callback_(std::move(callback)), clock_(clock), random_(random) {}

std::string Oidc::Draw() {
  std::array<std::uint8_t, 32> bytes{};
  random_.Fill(bytes);
  return ToBase64Url(bytes);
}

Result<Oidc::Provider> Oidc::Discover() {
  {
    std::lock_guard lock(mutex_);
    if (provider_) return *provider_;
  }
  std::string issuer = options_.issuer;
  while (issuer.ends_with('/')) issuer.pop_back();
  SCHAKEL_ASSIGN(const Fetched fetched, Send({.url = issuer + "/.well-known/openid-configuration"}));
  const json said = ParseObject(fetched.body);
  if (fetched.status != 200 || TextIn(said, "issuer") != options_.issuer) return Odd("issuer");
  Provider provider{TextIn(said, "authorization_endpoint"), TextIn(said, "token_endpoint"), TextIn(said, "jwks_uri"),
                    TextIn(said, "userinfo_endpoint"),
                    said.value("authorization_response_iss_parameter_supported", json()) == true};
  for (const std::string& url : {provider.authorization, provider.token, provider.keys}) {
    if (!IsSafeUrl(url)) return Odd("endpoints");
  }
  std::lock_guard lock(mutex_);
  provider_ = provider;
  return provider;
}

Result<Oidc::Begun> Oidc::Begin() {
  SCHAKEL_ASSIGN(const Provider provider, Discover());
  const auto now = clock_.Steady();
  std::lock_guard lock(mutex_);
  std::erase_if(flows_, [&](const auto& entry) { return now - entry.second.begun > kFlowLasts; });
  if (flows_.size() >= kFlowsMax) {
    flows_.erase(std::ranges::min_element(flows_, {}, [](const auto& entry) { return entry.second.begun; }));
  }
  const std::string state = Draw();
  Flow flow{Draw(), Draw(), Draw(), now};
  const Hash32 challenge = Sha256(AsBytes(flow.verifier));
  Begun begun;
  begun.secret = flow.secret;
  begun.url = provider.authorization + (provider.authorization.find('?') == std::string::npos ? "?" : "&") +
              Form({{"response_type", "code"},
                    {"client_id", options_.client},
                    {"redirect_uri", callback_},
                    {"scope", options_.scope},
                    {"state", state},
                    {"nonce", flow.nonce},
                    {"code_challenge", ToBase64Url(challenge)},
                    {"code_challenge_method", "S256"}});
  flows_.emplace(state, std::move(flow));
  return begun;
}

std::optional<Oidc::Flow> Oidc::Take(const std::string& secret, const std::string& state) {
  std::lock_guard lock(mutex_);
  auto found = flows_.find(state);
  if (found == flows_.end()) return std::nullopt;
  Flow flow = std::move(found->second);
  // Another browser does not use it up for the one that began.
  if (!ConstantTimeEqual(AsBytes(flow.secret), AsBytes(secret))) {
    found->second = std::move(flow);
    return std::nullopt;
  }
  flows_.erase(found);
  if (clock_.Steady() - flow.begun > kFlowLasts) return std::nullopt;
  return flow;
}

Result<json> Oidc::Keys(const Provider& provider, bool anew) {
  const auto now = clock_.Steady();
  {
    std::lock_guard lock(mutex_);
    const bool fresh =
        keys_at_ && now - *keys_at_ < (anew ? std::chrono::seconds(kKeysAtMostEvery) : std::chrono::seconds(kKeysLast));
    if (fresh) return keys_;
  }
  SCHAKEL_ASSIGN(const Fetched fetched, Send({.url = provider.keys}));
  json keys = ParseObject(fetched.body);
  if (fetched.status != 200 || !keys.contains("keys") || !keys["keys"].is_array() || keys["keys"].size() > 64) {
    return Odd("jwks_uri");
  }
  std::lock_guard lock(mutex_);
  keys_ = std::move(keys);
  keys_at_ = now;
  return keys_;
}

Result<json> Oidc::Redeem(const Provider& provider, const Flow& flow, const std::string& code) {
  Fetch fetch{.url = provider.token};
  fetch.form = Form({{"grant_type", "authorization_code"},
                     {"code", code},
                     {"redirect_uri", callback_},
                     {"code_verifier", flow.verifier},
                     {"client_id", options_.client}});
  if (!options_.secret_file.empty()) {
    struct stat status{};
    const bool own = ::stat(options_.secret_file.c_str(), &status) == 0 && (status.st_mode & 077) == 0;
    std::ifstream file(options_.secret_file);
    std::string secret;
    if (!own || !std::getline(file, secret) || secret.empty()) {
      return Fail(Code::kUnavailable, "key.file", options_.secret_file.string(),
                  "put the client secret on its first line, and let nobody else read it: chmod 600");
    }
    fetch.headers["Authorization"] =
        "Basic " + ToBase64(AsBytes(UrlEncoded(options_.client) + ":" + UrlEncoded(secret)));
  }
  SCHAKEL_ASSIGN(const Fetched fetched, Send(fetch));
  json said = ParseObject(fetched.body);
  if (fetched.status != 200 || TextIn(said, "id_token").empty()) {
    return Fail(Code::kUnauthenticated, "oidc.refused", {},
                "begin to log in again; if it stays, ask the administrator");
  }
  return said;
}

Result<json> Oidc::Open(const Provider& provider, const std::string& id_token) {
  const JwsAlgorithm algorithm = options_.es256 ? JwsAlgorithm::kEs256 : JwsAlgorithm::kRs256;
  SCHAKEL_ASSIGN(const json keys, Keys(provider, false));
  auto claims = OpenJws(id_token, keys, algorithm);
  if (claims || claims.error().code != Code::kNotFound) return claims;
  SCHAKEL_ASSIGN(const json fresh, Keys(provider, true));
  return OpenJws(id_token, fresh, algorithm);
}

Status Oidc::CheckMethods(const json& claims) const {
  if (options_.require_amr.empty()) return {};
  const json amr = claims.value("amr", json::array());
  const bool one = amr.is_array() && std::ranges::any_of(options_.require_amr, [&](const std::string& wanted) {
                     return std::ranges::find(amr, json(wanted)) != amr.end();
                   });
  if (one) return {};
  return Fail(Code::kUnauthenticated, "oidc.token", "amr", "log in there with a second factor");
}

Result<Oidc::Somebody> Oidc::Finish(const std::string& secret, const Answer& answer) {
  const auto flow = Take(secret, answer.state);
  if (!flow) return FlowGone();
  SCHAKEL_ASSIGN(const Provider provider, Discover());
  // Before the code goes anywhere: an answer of another provider would hand it to the wrong one (RFC 9207).
  if ((provider.says_issuer || !answer.issuer.empty()) && answer.issuer != options_.issuer) {
    return Fail(Code::kUnauthenticated, "oidc.token", "iss", "begin to log in again");
  }
  if (!answer.error.empty() || answer.code.empty()) {
    return Fail(Code::kUnauthenticated, "oidc.refused", {},
                "begin to log in again; if it stays, ask the administrator");
  }
  SCHAKEL_ASSIGN(const json tokens, Redeem(provider, *flow, answer.code));
  SCHAKEL_ASSIGN(json claims, Open(provider, TextIn(tokens, "id_token")));
  SCHAKEL_TRY(CheckIdToken(claims, {options_.issuer, options_.client, flow->nonce, ToMillis(clock_.Now()) / 1000}));
  SCHAKEL_TRY(CheckMethods(claims));
  const std::string subject = TextIn(claims, "sub");
  // Many providers keep what describes the person out of the token.
  if (TextIn(claims, options_.login_claim).empty() && IsSafeUrl(provider.userinfo)) {
    SCHAKEL_ASSIGN(
        const Fetched fetched,
        Send({.url = provider.userinfo, .headers = {{"Authorization", "Bearer " + TextIn(tokens, "access_token")}}}));
    const json described = ParseObject(fetched.body);
    // It must be about the same person.
    if (fetched.status == 200 && TextIn(described, "sub") == subject) {
      for (const auto& [name, value] : described.items()) claims.emplace(name, value);
    }
  }
  Somebody somebody{options_.issuer + " " + subject, TextIn(claims, options_.login_claim),
                    TextIn(claims, options_.name_claim)};
  // An address that the provider did not check may be typed by anybody.
  if (options_.login_claim == "email" && claims.value("email_verified", json()) != true) somebody.login.clear();
  return somebody;
}

}  // namespace schakel
