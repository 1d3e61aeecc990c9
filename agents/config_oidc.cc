// [oidc]: the organisation's own login provider.
#include "config_table.h"
#include "oidc/fetch.h"

namespace schakel {

Result<OidcOptions> ReadOidc(const toml::table& table, const std::filesystem::path& folder) {
  ConfigTable from(table, "oidc.");
  for (const char* key : {"issuer", "client_id", "display_name", "client_secret_file", "algorithm", "scope",
                          "login_claim", "name_claim", "require_amr", "provision_roles"}) {
    from.Know(key);
  }
  SCHAKEL_TRY(from.NoOthers());
  OidcOptions oidc;
  SCHAKEL_ASSIGN(oidc.issuer, from.RequiredText("issuer"));
  if (!IsSafeUrl(oidc.issuer)) return Bad("config.range", "oidc.issuer", "give its https address");
  SCHAKEL_ASSIGN(oidc.client, from.RequiredText("client_id"));
  SCHAKEL_ASSIGN(oidc.display_name, from.Text("display_name"));
  constexpr std::size_t kNameBytesMax = 80;
  if (oidc.display_name.size() > kNameBytesMax) {
    return Bad("config.range", "oidc.display_name", "use at most 80 bytes");
  }
  SCHAKEL_ASSIGN(const std::string secret, from.Text("client_secret_file"));
  if (!secret.empty()) oidc.secret_file = (folder / secret).lexically_normal();
  SCHAKEL_ASSIGN(const std::string algorithm, from.Text("algorithm"));
  if (!algorithm.empty() && algorithm != "RS256" && algorithm != "ES256") {
    return Bad("config.range", "oidc.algorithm", "choose RS256 or ES256, as the provider signs for this client");
  }
  oidc.es256 = algorithm == "ES256";
  SCHAKEL_ASSIGN(const std::string scope, from.Text("scope"));
  if (!scope.empty()) oidc.scope = scope;
  SCHAKEL_ASSIGN(const std::string login, from.Text("login_claim"));
  if (!login.empty()) oidc.login_claim = login;
  SCHAKEL_ASSIGN(const std::string name, from.Text("name_claim"));
  if (!name.empty()) oidc.name_claim = name;
  SCHAKEL_ASSIGN(oidc.require_amr, from.Texts("require_amr"));
  SCHAKEL_ASSIGN(const std::vector<std::string> roles, from.Texts("provision_roles"));
  for (const std::string& role : roles) {
    const auto parsed = ParseStaffRole(role);
    if (!parsed) {
      return Bad("config.range", "oidc.provision_roles", "choose from worker, coordinator, auditor, administrator");
    }
    oidc.provision.Add(*parsed);
  }
  return oidc;
}

}  // namespace schakel
