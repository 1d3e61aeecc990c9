// The organisation's own login provider (OpenID Connect): what an operator may set (deploy/agent.toml, [oidc]).
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "protocol/vocabulary.h"

namespace schakel {

struct OidcOptions {
  std::string issuer;                 // "https://login.organisation.example"; http on this machine alone.
  std::string display_name;           // As people know it, on the page where they log in; empty: the issuer's host.
  std::string client;                 // client_id
  std::filesystem::path secret_file;  // client_secret, for its owner alone; empty: a public client, PKCE alone.
  bool es256 = false;                 // Else RS256. Tokens of the other are refused.
  std::string scope = "openid profile email";
  std::string login_claim = "preferred_username";  // Which claim is the login of an account here.
  std::string name_claim = "name";
  std::vector<std::string> require_amr;  // One of these must stand in "amr": how the person proved who they are.
  SetOf<StaffRole> provision;            // Roles of an account that is made at the first login; empty: none is made.
  friend bool operator==(const OidcOptions&, const OidcOptions&) = default;
};

}  // namespace schakel
