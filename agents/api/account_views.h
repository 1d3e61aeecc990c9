// What the routes about one's own account and those about other people's have in common.
#pragma once

#include <string>
#include <vector>

#include "router.h"

namespace schakel {

Json RolesView(RoleSet roles);
Json AccountView(const Account& account);
// `held`: the roles of its account, beyond which no pass reaches.
Json PassView(const Pass& pass, RoleSet held, std::optional<PassId> current = {});
Json PassesView(const std::vector<Pass>& passes, RoleSet held, std::optional<PassId> current = {});
Json SessionView(const Account& account, RoleSet roles, const Pass& pass, const std::string& secret);
// Somebody is in from now on: the session, and the cookie that holds it.
Reply EnteredReply(const Call& call, const People::Entered& entered);
// What a list of sessions tells one from another by: the program, and from where.
std::string PassLabel(const Visitor& visitor);

struct TokenRequest {
  std::string label;
  RoleSet roles;
  bool reads_only = false;
  Timestamp expires_at;
};
Result<TokenRequest> ReadToken(const Json& body);
// kDenied ("token.roles"): more roles than the account has.
Result<Reply> IssueToken(Call& call, const Account& account, const TokenRequest& request);
std::string SessionCookie(const std::string& secret, std::chrono::seconds lasts);
// The {pass} of the path, if it is one of `account`. kNotFound ("pass.unknown").
Status EndPassOf(Call& call, const AccountId& account);

// What was done with whose account, by its random id: never a name.
void LogPeople(std::string_view event, const AccountId& account);

}  // namespace schakel
