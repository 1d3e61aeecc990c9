// What the parts of People share: how they refuse, and how what a person types is compared.
//
// Threads: pure.
#pragma once

#include <string>
#include <string_view>

#include "agents/engine.h"
#include "people/account.h"

namespace schakel::people {

// kUnauthenticated ("login.refused"): the same whatever was wrong.
std::unexpected<Error> Refused(const char* field = "login");
std::unexpected<Error> InvitationUsed();  // kUnauthenticated ("invitation.used").
std::unexpected<Error> Unknown();         // kNotFound ("people.unknown").

Hash32 RecoveryHash(const AccountId& account, std::string_view code);
// Under which failures to log in are counted, whether or not there is such an account.
std::string LoginKey(std::string_view login);
// As typed: "abcd-efgh ijkl mnop".
std::string PlainCode(std::string_view code);
// As it is called now: a new agent learns its own name only from the hub.
std::string IssuerName(const Engine& engine);

}  // namespace schakel::people
