// [oidc]: the organisation's own login provider.
#include "config_table.h"
#include "oidc/fetch.h"

namespace schakel {

OidcOptions ReadOidc(const toml::table& table, const std::filesystem::path& folder, std::vector<Error>& faults) {
  ConfigTable from(table, "oidc.", faults);
  from.RefuseOthersThan({"issuer", "client_id", "display_name", "client_secret_file", "algorithm", "scope",
                         "login_claim", "name_claim", "require_amr", "provision_roles"});
  OidcOptions oidc;
  oidc.issuer = from.RequiredText("issuer");
  if (from.Held({"issuer"}) && !IsSafeUrl(oidc.issuer)) {
    from.Refuse("config.range", "issuer", "give its https address");
  }
  oidc.client = from.RequiredText("client_id");
  oidc.display_name = from.Text("display_name");
  constexpr std::size_t kNameBytesMax = 80;
  if (oidc.display_name.size() > kNameBytesMax) {
    from.Refuse("config.range", "display_name", "use at most 80 bytes");
  }
  const std::string secret = from.Text("client_secret_file");
  if (!secret.empty()) oidc.secret_file = (folder / secret).lexically_normal();
  const std::string algorithm = from.Text("algorithm");
  if (!algorithm.empty() && algorithm != "RS256" && algorithm != "ES256") {
    from.Refuse("config.range", "algorithm", "choose RS256 or ES256, as the provider signs for this client");
  }
  oidc.es256 = algorithm == "ES256";
  if (std::string scope = from.Text("scope"); !scope.empty()) oidc.scope = std::move(scope);
  if (std::string login = from.Text("login_claim"); !login.empty()) oidc.login_claim = std::move(login);
  if (std::string name = from.Text("name_claim"); !name.empty()) oidc.name_claim = std::move(name);
  oidc.require_amr = from.Texts("require_amr");
  for (const std::string& role : from.Texts("provision_roles")) {
    const auto parsed = ParseStaffRole(role);
    if (parsed) {
      oidc.provision.Add(*parsed);
    } else if (from.Held({"provision_roles"})) {
      from.Refuse("config.range", "provision_roles", "choose from worker, coordinator, auditor, administrator");
    }
  }
  return oidc;
}

}  // namespace schakel
