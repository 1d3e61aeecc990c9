// [edge] and [people]: the API over the network, and how people get in.
#include "api/listen.h"
#include "config_table.h"

namespace schakel {

Result<EdgeOptions> ReadEdge(const toml::table& table, const std::filesystem::path& folder) {
  ConfigTable from(table, "edge.");
  for (const char* key :
       {"listen", "certificate", "key", "plain", "public_url", "connections_max", "connections_per_address_max"}) {
    from.Know(key);
  }
  SCHAKEL_TRY(from.NoOthers());
  EdgeOptions edge;
  SCHAKEL_ASSIGN(edge.listen, from.RequiredText("listen"));
  SCHAKEL_ASSIGN(const std::string certificate, from.Text("certificate"));
  SCHAKEL_ASSIGN(const std::string key, from.Text("key"));
  if (!certificate.empty()) edge.certificate = (folder / certificate).lexically_normal();
  if (!key.empty()) edge.key = (folder / key).lexically_normal();
  SCHAKEL_ASSIGN(edge.plain, from.Flag("plain", false));
  SCHAKEL_ASSIGN(edge.public_url, from.Text("public_url"));
  SCHAKEL_ASSIGN(edge.connections_max, from.Number("connections_max", edge.connections_max, 1, 60'000));
  SCHAKEL_ASSIGN(edge.connections_per_address_max,
                 from.Number("connections_per_address_max", edge.connections_per_address_max, 1, 60'000));
  SCHAKEL_TRY(CheckEdge(edge));
  return edge;
}

Result<PeopleOptions> ReadPeople(const toml::table& table) {
  ConfigTable from(table, "people.");
  for (const char* key : {"session_idle_minutes", "session_hours", "invitation_hours"}) from.Know(key);
  SCHAKEL_TRY(from.NoOthers());
  PeopleOptions people;
  SCHAKEL_ASSIGN(const std::uint64_t idle, from.Number("session_idle_minutes", 30, 1, 24 * 60));
  SCHAKEL_ASSIGN(const std::uint64_t longest, from.Number("session_hours", 12, 1, 24 * 7));
  SCHAKEL_ASSIGN(const std::uint64_t invitation, from.Number("invitation_hours", 72, 1, 24 * 14));
  people.session_idle = std::chrono::minutes(idle);
  people.session_longest = std::chrono::hours(longest);
  people.invitation_lasts = std::chrono::hours(invitation);
  return people;
}

}  // namespace schakel
