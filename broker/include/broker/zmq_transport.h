// The hub's network: ZeroMQ ROUTER with CURVE, and the local socket for the operator.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "broker/transport.h"
#include "protocol/keys.h"

namespace schakel {

struct ZmqTransportOptions {
  std::string listen;  // "tcp://address:port"; port 0 or "*": any free one.
  const TransportKey* key = nullptr;
  std::filesystem::path admin_socket;  // Its folder is made, mode 0700, in one that is there. Empty: none.
  std::uint64_t message_bytes_max = 1U << 20;
  std::chrono::milliseconds handshake_max{2000};
  std::uint64_t surplus_bytes_max = 32U << 20;  // See connection_guard.h.
  std::uint64_t surplus_total_bytes_max = 512U << 20;
  std::size_t connections_max = 4096;
  std::chrono::seconds silence_max{10};  // From accepting a connection to its first message.
  // Replies kept for a connection without room. As many as an agent may have in flight, and more: one commit answers
  // them all at once, faster than the library takes them.
  std::size_t queue_messages_max = 8192;
  std::size_t queue_bytes_max = 4U << 20;  // Likewise.
  // Told when a connection is cut: why, whose (empty if it is not known), from where. Any thread.
  std::function<void(std::string_view why, const OrgId& organisation, std::string_view peer)> on_cut;
  // Told of every refusal that cuts no session: "key" (not admitted), "suspended", "replaced" (a key of before), "pace"
  // (an admitted key that connects too often), "handshake" (one that failed), "unspoken" (a connection that ended
  // before it said anything: garbage, a port scan, or one of the others), "frames" (a message of too many), "route" (a
  // forged name), "admin" (no operator's program on the operator's socket). Any thread; whoever listens bounds what
  // comes of it.
  std::function<void(std::string_view kind, const OrgId& organisation, std::string_view peer)> on_refused;
};

// A transport that nobody can reach until it listens. Before that, only Admit(), Revoke(), Wake() and Stats() are for
// use: who is admitted by then is let in from the first moment, and nobody who belongs is refused as a stranger.
class ListeningTransport : public Transport {
 public:
  // Once. Yields the endpoint that it listens on, with its real port, after it was proven that a key which nobody
  // admitted does not get in: before that, nothing can be received.
  // kUnavailable ("transport.listen", "transport.admin_socket"); kInternal ("transport.self_test"): it does get in, or
  // the proof could not be made. Then drop it.
  virtual Result<std::string> Listen() = 0;
};
std::unique_ptr<ListeningTransport> MakeZmqTransport(ZmqTransportOptions options);

}  // namespace schakel
