// Who stands behind a request, and whether they may do what it asks.
//
// On the socket the user of it is trusted. Over the network: the request is meant for this agent (Host), comes from our
// own pages or from no page at all (Sec-Fetch-Site, Origin), carries a session or token that holds, proves with its
// cookie that it was made by who has the session (Schakel-CSRF), and the table of permissions allows it.
//
// Threads: any.
#pragma once

#include <optional>
#include <string>

#include "agents/api.h"
#include "people/people.h"
#include "router.h"

namespace schakel {

inline constexpr const char* kCookieName = "__Host-schakel";
inline constexpr const char* kGuestCookieName = "__Host-schakel-guest";
// Of the header "a=1; NAME=..". Empty: not there, or there twice, and then nobody can tell which is ours.
std::string_view CookieOf(std::string_view header, std::string_view name);

class Doorkeeper {
 public:
  Doorkeeper(People& people, const std::optional<EdgeOptions>& edge);

  // Whoever the request is from, once it was let through.
  // kInvalid ("edge.host"); kDenied ("edge.cross_site", "session.csrf", "access.role", "access.session_only",
  // "access.reads_only", "access.role_not_held"); kUnauthenticated ("session.none", "guest.session"). A session of
  // staff opens no route of guests, nor the other way round.
  Result<Visitor> Admit(const ApiRequest& request, const Route& route, GuestService& guests);
  // Whether it is meant for this agent: what anybody may have is given under its own name alone. kInvalid
  // ("edge.host").
  Status CheckHost(const ApiRequest& request) const;
  // And in which name and role they act.
  Result<Caller> CallerOf(const ApiRequest& request, const Visitor& visitor, const Route& route) const;

 private:
  Status CheckSite(const ApiRequest& request, const Route& route) const;
  static Result<Visitor> AdmitGuest(const ApiRequest& request, const Route& route, Visitor visitor,
                                    GuestService& guests);

  People& people_;
  std::string host_;    // "schakel.example:8443"; empty: loopback alone.
  std::string origin_;  // "https://schakel.example:8443"
};

std::string_view HeaderOf(const ApiRequest& request, const std::string& name);  // Empty if absent.
std::string_view Trimmed(std::string_view text);
// What a page of ours shows that it knows the session: bound to the secret of its cookie.
std::string CsrfOf(std::string_view session_secret);

}  // namespace schakel
