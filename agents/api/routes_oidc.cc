// Logging in at the organisation's own provider: a browser goes there and comes back.
#include "account_views.h"
#include "doorkeeper.h"
#include "oidc/oidc.h"
#include "router.h"
#include "sign_in.h"

namespace schakel::oidc_routes {
namespace {

constexpr const char* kFlowCookie = "__Host-schakel-flow";

// Lax: the browser comes back from another site, and must bring it.
std::string FlowCookie(const std::string& secret, int seconds) {
  return std::string(kFlowCookie) + "=" + secret +
         "; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=" + std::to_string(seconds);
}

Result<Oidc*> Configured(Call& call) {
  if (call.visitor.local) {
    return Fail(Code::kInvalid, "login.local", {}, "the local socket needs no login; use the address over the network");
  }
  if (call.desk.oidc == nullptr) {
    return Fail(Code::kNotFound, "oidc.off", {}, "log in with password and code");
  }
  return call.desk.oidc;
}

Result<Reply> Start(Call& call) {
  SCHAKEL_ASSIGN(Oidc * oidc, Configured(call));
  SCHAKEL_ASSIGN(const Oidc::Begun begun, oidc->Begin());
  return Reply{.status = 303,
               .json = Json::object(),
               .headers = {{"Location", begun.url}, {"Set-Cookie", FlowCookie(begun.secret, 600)}}};
}

std::string NameOf(const OidcOptions& options) {
  if (!options.display_name.empty()) return options.display_name;
  const std::size_t scheme = options.issuer.find("://");
  const std::string rest = scheme == std::string::npos ? options.issuer : options.issuer.substr(scheme + 3);
  return rest.substr(0, rest.find('/'));
}

std::string Asked(const Call& call, const char* name) {
  auto found = call.query.find(name);
  return found == call.query.end() ? std::string() : found->second;
}

Result<Reply> Callback(Call& call) {
  SCHAKEL_ASSIGN(Oidc * oidc, Configured(call));
  const std::string secret(CookieOf(call.visitor.cookies, kFlowCookie));
  SCHAKEL_ASSIGN(const Oidc::Somebody somebody, oidc->Finish(secret, {Asked(call, "state"), Asked(call, "code"),
                                                                      Asked(call, "iss"), Asked(call, "error")}));
  People& people = call.desk.people;
  auto entered = people.EnterAs(somebody.subject, PassLabel(call.visitor));
  if (!entered && entered.error().rule == "oidc.nobody" && !somebody.login.empty()) {
    std::optional<People::Provision> provision;
    const RoleSet roles = oidc->options().provision;
    if (!roles.empty()) {
      provision = {.name = somebody.name.empty() ? somebody.login : somebody.name, .roles = roles};
    }
    SCHAKEL_ASSIGN(const Account tied, people.Tie(somebody.subject, somebody.login, provision));
    LogPeople("people.tied", tied.id);
    entered = people.EnterAs(somebody.subject, PassLabel(call.visitor));
  }
  if (!entered) return std::unexpected(entered.error());
  Reply reply = EnteredReply(call, *entered);
  if (!WantsPage(call.accept)) return reply;
  // The page is the same for everybody, so it does not matter that the session's cookie is not sent along with what
  // another site began; what the page then asks is asked by itself.
  reply.status = 303;
  reply.json = Json::object();
  reply.headers["Location"] = "/";
  return reply;
}

// Nothing but what is needed to offer them: who the organisation is, and where its provider is, is not told here.
Result<Reply> SignIn(Call& call) {
  if (call.visitor.local) {
    return Fail(Code::kInvalid, "login.local", {}, "the local socket needs no login; use the address over the network");
  }
  const Oidc* oidc = call.desk.oidc;
  return Reply{.json = {{"password", true},
                        {"oidc", oidc == nullptr ? Json(nullptr) : Json{{"name", NameOf(oidc->options())}}}}};
}

const Route kRoutes[] = {
    {"GET", "/v1/signin", &SignIn},
    {"GET", "/v1/oidc/start", &Start},
    {"GET",
     "/v1/oidc/callback",
     &Callback,
     {"state", "code", "iss", "error", "error_description", "error_uri", "session_state"}},
};

}  // namespace
}  // namespace schakel::oidc_routes

namespace schakel {

std::span<const Route> OidcRoutes() { return oidc_routes::kRoutes; }

bool WantsPage(std::string_view accept) { return accept.contains("text/html"); }

std::optional<std::string> PageInsteadOf(const ApiRequest& request, const Error& error) {
  using namespace oidc_routes;
  const std::string_view path = std::string_view(request.target).substr(0, request.target.find('?'));
  const bool on_the_way = path == "/v1/oidc/start" || path == "/v1/oidc/callback";
  // Where another name leads to us, nothing of ours is to be shown.
  if (!on_the_way || request.method != "GET" || request.door == ApiDoor::kSocket || error.rule == "edge.host") {
    return std::nullopt;
  }
  if (!WantsPage(HeaderOf(request, "accept"))) return std::nullopt;
  return "/#/signin?problem=" + error.rule;
}

}  // namespace schakel
