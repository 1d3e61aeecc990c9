// [edge] and [people]: the API over the network, and how people get in.
#include "api/listen.h"
#include "config_table.h"

namespace schakel {

EdgeOptions ReadEdge(const toml::table& table, const std::filesystem::path& folder, std::vector<Error>& faults) {
  ConfigTable from(table, "edge.", faults);
  from.RefuseOthersThan(
      {"listen", "certificate", "key", "plain", "public_url", "connections_max", "connections_per_address_max"});
  EdgeOptions edge;
  edge.listen = from.RequiredText("listen");
  const std::string certificate = from.Text("certificate");
  const std::string key = from.Text("key");
  if (!certificate.empty()) edge.certificate = (folder / certificate).lexically_normal();
  if (!key.empty()) edge.key = (folder / key).lexically_normal();
  edge.plain = from.Flag("plain", false);
  edge.public_url = from.Text("public_url");
  edge.connections_max = from.Number("connections_max", edge.connections_max, 1, 60'000);
  edge.connections_per_address_max =
      from.Number("connections_per_address_max", edge.connections_per_address_max, 1, 60'000);
  if (from.Held({"listen", "certificate", "key", "plain", "public_url"})) {
    for (Error& fault : FindEdgeFaults(edge)) faults.push_back(std::move(fault));
  }
  return edge;
}

PeopleOptions ReadPeople(const toml::table& table, std::vector<Error>& faults) {
  ConfigTable from(table, "people.", faults);
  from.RefuseOthersThan({"session_idle_minutes", "session_hours", "invitation_hours"});
  PeopleOptions people;
  people.session_idle = std::chrono::minutes(from.Number("session_idle_minutes", 30, 1, 24 * 60));
  people.session_longest = std::chrono::hours(from.Number("session_hours", 12, 1, 24 * 7));
  people.invitation_lasts = std::chrono::hours(from.Number("invitation_hours", 72, 1, 24 * 14));
  return people;
}

}  // namespace schakel
