// Logging in at the organisation's own provider: a browser goes there and comes back.
#include "account_views.h"
#include "doorkeeper.h"
#include "oidc/oidc.h"
#include "router.h"

namespace schakel {
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

std::string Asked(const Call& call, const char* name) {
  auto found = call.query.find(name);
  return found == call.query.end() ? std::string() : found->second;
}

// A page of ours, from which the browser goes on by itself: the session's cookie is not sent along with anything that
// another site began.
constexpr std::string_view kPage =
    "<!doctype html><html lang=\"nl\"><meta charset=\"utf-8\"><title>Schakel</title>"
    "<meta http-equiv=\"refresh\" content=\"0; url=/\"><p><a href=\"/\">Schakel</a></p></html>\n";

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
  LogPeople("session.begun", entered->account.id);
  const Pass& pass = entered->session.pass;
  const auto lasts = std::chrono::duration_cast<std::chrono::seconds>(pass.expires_at - call.desk.clock.Now());
  return Reply{.type = "text/html; charset=utf-8",
               .raw = std::string(kPage),
               .headers = {{"Set-Cookie", SessionCookie(entered->session.secret, lasts)}}};
}

const Route kRoutes[] = {
    {"GET", "/v1/oidc/start", &Start},
    {"GET",
     "/v1/oidc/callback",
     &Callback,
     {"state", "code", "iss", "error", "error_description", "error_uri", "session_state"}},
};

}  // namespace

std::span<const Route> OidcRoutes() { return kRoutes; }

}  // namespace schakel
