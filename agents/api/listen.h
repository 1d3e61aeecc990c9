// Sockets that wait for clients.
//
// Errors: kInvalid or kConflict or kUnavailable ("api.socket", "edge.listen", "edge.plain"), with what to do.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "agents/api.h"

namespace schakel {

// A UNIX socket with mode 0600 from the first instant: Linux takes the mode of the socket's own inode.
Result<int> ListenAtSocket(const std::filesystem::path& path);

struct NetworkListener {
  int socket = -1;
  bool ip6 = false;
  std::uint16_t port = 0;
};
// "ADDRESS:PORT". Without TLS on loopback alone.
Result<NetworkListener> ListenAtAddress(const EdgeOptions& options);
// Its parts. kInvalid ("edge.listen").
struct NetworkAddress {
  std::string host;
  std::uint16_t port = 0;
  bool ip6 = false;
  bool loopback = false;
};
Result<NetworkAddress> ParseNetworkAddress(const std::string& text);
// What an operator wrote, before anything is opened: all that is wrong with it, or the first of that. kInvalid
// ("edge.listen", "edge.plain", "edge.public_url").
std::vector<Error> FindEdgeFaults(const EdgeOptions& options);
Status CheckEdge(const EdgeOptions& options);

}  // namespace schakel
