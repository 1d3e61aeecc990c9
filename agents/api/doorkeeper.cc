#include "doorkeeper.h"

#include <algorithm>

#include "agents/person_name.h"
#include "permissions.h"
#include "protocol/crypto.h"

namespace schakel {
namespace {

constexpr std::size_t kPersonBytesMax = 120;

// Names under localhost lead to this machine alone (RFC 6761): no site of others has one.
bool IsLoopbackHost(std::string_view host) {
  const std::size_t colon = host.starts_with('[') ? host.find("]:") + 1 : host.rfind(':');
  const std::string_view name = colon == 0 || colon == std::string_view::npos ? host : host.substr(0, colon);
  return name == "localhost" || name.ends_with(".localhost") || name == "127.0.0.1" || name == "[::1]";
}

std::string_view WithoutDefaultPort(std::string_view host, std::string_view port) {
  return host.ends_with(port) ? host.substr(0, host.size() - port.size()) : host;
}

}  // namespace

std::string_view HeaderOf(const ApiRequest& request, const std::string& name) {
  auto found = request.headers.find(name);
  return found == request.headers.end() ? std::string_view{} : std::string_view(found->second);
}

std::string_view Trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

std::string_view CookieOf(std::string_view header, std::string_view name) {
  std::string_view found;
  bool twice = false;
  while (!header.empty()) {
    const std::string_view pair = Trimmed(header.substr(0, header.find(';')));
    const std::size_t equals = pair.find('=');
    if (equals != std::string_view::npos && pair.substr(0, equals) == name) {
      twice = twice || !found.empty();
      found = pair.substr(equals + 1);
    }
    const std::size_t semicolon = header.find(';');
    if (semicolon == std::string_view::npos) break;
    header.remove_prefix(semicolon + 1);
  }
  return twice ? std::string_view{} : found;
}

std::string CsrfOf(std::string_view session_secret) {
  return ToHex(HmacSha256(AsBytes(session_secret), {AsBytes("schakel/csrf/v1")}));
}

Doorkeeper::Doorkeeper(People& people, const std::optional<EdgeOptions>& edge) : people_(people) {
  if (!edge || edge->public_url.empty()) return;
  origin_ = edge->public_url;
  while (origin_.ends_with('/')) origin_.pop_back();
  host_ = origin_.substr(origin_.find("://") + 3);
}

// A name of somebody else that leads to us (DNS rebinding) is not this agent's.
Status Doorkeeper::CheckHost(const ApiRequest& request) const {
  const std::string_view host = HeaderOf(request, "host");
  const bool ours = !host_.empty() && WithoutDefaultPort(host, ":443") == WithoutDefaultPort(host_, ":443");
  if (ours || IsLoopbackHost(host)) return {};
  return Fail(Code::kInvalid, "edge.host", "Host", "use the address that the administrator gave (public_url)");
}

// A request that another site makes a browser send is not the person's.
Status Doorkeeper::CheckSite(const ApiRequest& request, const Route& route) const {
  SCHAKEL_TRY(CheckHost(request));
  const auto cross = [] {
    return Fail(Code::kDenied, "edge.cross_site", {}, "open Schakel itself, in a page of its own");
  };
  // The one page where a browser comes to us from another site: what it brings is bound to its own cookie.
  if (std::string_view(route.pattern) == "/v1/oidc/callback") return {};
  const std::string_view site = HeaderOf(request, "sec-fetch-site");
  if (!site.empty() && site != "same-origin" && site != "none") return cross();
  const std::string_view origin = HeaderOf(request, "origin");
  if (origin.empty()) return {};
  const std::string own =
      (request.door == ApiDoor::kTls ? "https://" : "http://") + std::string(HeaderOf(request, "host"));
  if (origin != own && (origin_.empty() || origin != origin_)) return cross();
  return {};
}

Result<Visitor> Doorkeeper::AdmitGuest(const ApiRequest& request, const Route& route, Visitor visitor,
                                       GuestService& guests) {
  const std::string_view secret = CookieOf(visitor.cookies, kGuestCookieName);
  if (!secret.empty()) visitor.guest = guests.Who(secret);
  if (!visitor.guest) return Fail(Code::kUnauthenticated, "guest.session", {}, "open your link again");
  visitor.secret = secret;
  if (std::string_view(route.method) == "GET") return visitor;
  const std::string expected = CsrfOf(secret);
  if (!ConstantTimeEqual(AsBytes(expected), AsBytes(HeaderOf(request, "schakel-csrf")))) {
    return Fail(Code::kDenied, "session.csrf", "Schakel-CSRF", "send the value that POST /v1/guest/session gave");
  }
  return visitor;
}

Result<Visitor> Doorkeeper::Admit(const ApiRequest& request, const Route& route, GuestService& guests) {
  Visitor visitor;
  visitor.local = request.door == ApiDoor::kSocket;
  visitor.address = request.peer;
  visitor.program = HeaderOf(request, "user-agent");
  visitor.cookies = HeaderOf(request, "cookie");
  if (visitor.local) return visitor;
  SCHAKEL_TRY(CheckSite(request, route));
  const Permission* permission = PermissionFor(route.method, route.pattern);
  if (permission == nullptr) {
    return Fail(Code::kDenied, "access.role", "path", "ask the administrator of the agent; nobody may do this here");
  }
  if (permission->needs == Permission::Needs::kNothing) return visitor;
  if (permission->needs == Permission::Needs::kGuest) return AdmitGuest(request, route, std::move(visitor), guests);

  const std::string_view authorization = HeaderOf(request, "authorization");
  constexpr std::string_view kBearer = "Bearer ";
  const bool token = authorization.starts_with(kBearer);
  const std::string_view secret =
      token ? Trimmed(authorization.substr(kBearer.size())) : CookieOf(visitor.cookies, kCookieName);
  if (!secret.empty()) visitor.visit = people_.Enter(token ? Pass::Kind::kToken : Pass::Kind::kSession, secret);
  if (!visitor.visit) return Fail(Code::kUnauthenticated, "session.none", {}, "log in, then try again");
  visitor.secret = secret;

  const bool changes = std::string_view(route.method) != "GET";
  if (!token && changes) {
    const std::string expected = CsrfOf(secret);
    if (!ConstantTimeEqual(AsBytes(expected), AsBytes(HeaderOf(request, "schakel-csrf")))) {
      return Fail(Code::kDenied, "session.csrf", "Schakel-CSRF", "send the value that GET /v1/session gives");
    }
  }
  if (token && permission->needs == Permission::Needs::kSession) {
    return Fail(Code::kDenied, "access.session_only", "path", "log in as a person; a token may not do this");
  }
  // A search has its words in the body, and reads.
  const bool reads = !changes || std::string_view(route.pattern) == "/v1/search";
  if (!reads && visitor.visit->pass.reads_only) {
    return Fail(Code::kDenied, "access.reads_only", "path", "use a token that may also write");
  }
  if (visitor.visit->roles.And(permission->roles).empty()) {
    return Fail(Code::kDenied, "access.role", "path", "ask an administrator for the role that this needs");
  }
  return visitor;
}

Result<Caller> Doorkeeper::CallerOf(const ApiRequest& request, const Visitor& visitor, const Route& route) const {
  Caller caller;
  const std::string_view person = Trimmed(HeaderOf(request, "schakel-person"));
  const std::string_view role = HeaderOf(request, "schakel-role");
  if (!role.empty()) {
    SCHAKEL_ASSIGN(caller.person.role, ParseStaffRole(role));
  }
  if (const auto reason = HeaderOf(request, "schakel-reason"); !reason.empty()) {
    SCHAKEL_ASSIGN(caller.reason, ParseViewReason(reason));
  }
  if (!visitor.local) {
    if (!person.empty()) {
      return Fail(Code::kInvalid, "caller.from_session", "Schakel-Person", "leave it out: the session says who it is");
    }
    if (!visitor.visit) return caller;
    caller.person.name = visitor.visit->account.name;
    if (!role.empty() && !visitor.visit->roles.Has(caller.person.role)) {
      return Fail(Code::kDenied, "access.role_not_held", "Schakel-Role", "name a role that you have, or none");
    }
    const Permission* permission = PermissionFor(route.method, route.pattern);
    const RoleSet able = permission == nullptr ? RoleSet{} : visitor.visit->roles.And(permission->roles);
    if (!role.empty() && !able.Has(caller.person.role)) {
      return Fail(Code::kDenied, "access.role", "Schakel-Role", "do this in another role that you have");
    }
    if (role.empty()) {
      for (const StaffRole one :
           {StaffRole::kAdministrator, StaffRole::kAuditor, StaffRole::kCoordinator, StaffRole::kWorker}) {
        if (able.Has(one)) caller.person.role = one;  // The least of them.
      }
    }
    return caller;
  }
  auto name = PercentDecoded(person.empty() ? std::string_view(request.peer) : person, false);
  if (name && name->size() > kPersonBytesMax) {
    return Fail(Code::kInvalid, "caller.long", "Schakel-Person", "use at most 120 bytes");
  }
  const bool printable =
      name && IsUtf8(*name) && std::ranges::none_of(*name, [](unsigned char c) { return c < 0x20 || c == 0x7F; });
  if (!printable || PersonKey(*name).empty() || IsGuestName(*name)) {
    return Fail(Code::kInvalid, "caller.person", "Schakel-Person", "say who you are, in 1 to 120 bytes of UTF-8");
  }
  caller.person.name = TidyPersonName(*name);
  return caller;
}

}  // namespace schakel
