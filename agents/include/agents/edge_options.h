// The API over the network: what an operator may set (deploy/agent.toml, [edge] and [oidc]).
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace schakel {

struct EdgeOptions {
  std::string listen;                 // "ADDRESS:PORT", "[ADDRESS]:PORT"; port 0: any that is free.
  std::filesystem::path certificate;  // PEM: ours, then those up to the root.
  std::filesystem::path key;          // PEM, for its owner alone.
  bool plain = false;                 // Without TLS: on loopback only, for a demonstration.
  std::string public_url;             // "https://HOST[:PORT]", as people type it. Empty: loopback names alone.
  std::size_t connections_max = 2048;
  std::size_t connections_per_address_max = 256;
  // How long a client may take over the handshake, and from then to its first byte; and from that to a whole request.
  // Others than these are for tests.
  std::chrono::seconds handshake_deadline{10};
  std::chrono::seconds request_deadline{30};
  friend bool operator==(const EdgeOptions&, const EdgeOptions&) = default;
};

}  // namespace schakel
