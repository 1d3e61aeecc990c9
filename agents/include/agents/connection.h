// The seam between the agent and the network: one connection to one hub, whole messages in both directions.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "protocol/bytes.h"
#include "protocol/keys.h"
#include "protocol/result.h"
#include "protocol/seams.h"

namespace schakel {

// Each time the connection is made anew it gets another id, so that nothing meant for an old one leaves on a new one.
using LinkId = std::uint64_t;

// Threads: a connection calls these from one thread of its own, in order, and waits until each returns: taking long
// holds the hub back rather than filling memory.
class ConnectionEvents {
 public:
  virtual ~ConnectionEvents() = default;
  virtual void OnConnected(LinkId id) = 0;
  virtual void OnMessage(LinkId id, Bytes message) = 0;
  // Also for an attempt that failed; another one follows by itself, after a back-off.
  virtual void OnDisconnected(const Error& why) = 0;
};

// Threads: any. Nothing is reported before Start() and nothing after Stop() returned.
class HubConnection {
 public:
  virtual ~HubConnection() = default;
  virtual void Start(ConnectionEvents& events) = 0;
  // Never waits. Dropped if `id` is not the present connection: the sender learns of that by OnDisconnected.
  virtual void Send(LinkId id, Bytes message) = 0;
  // Gives `id` up, if it still is the present connection, and tries anew after the back-off; that grows if the
  // connection did not last.
  virtual void Drop(LinkId id) = 0;
  virtual void Stop() = 0;
  // From the next attempt on: the first key, and after a refusal of one the next, in turn; at once, without back-off,
  // if the present connection was dropped just before. Not empty. Connections that are told apart otherwise ignore it.
  virtual void UseKeys(std::vector<TransportKey> keys) { static_cast<void>(keys); }
};

struct ZmqConnectionOptions {
  std::string endpoint;       // "tcp://host:port"
  TransportPublicKey server;  // Pinned.
  TransportKey client;
  std::size_t message_bytes_max = 4U << 20;  // Larger ones end the connection.
  std::size_t send_bytes_max = 64U << 20;    // Waiting to leave; beyond it the connection is given up.
  std::chrono::milliseconds handshake{5'000};
  std::chrono::milliseconds heartbeat{5'000};  // Between ZMTP pings; silence of three ends the connection.
  std::chrono::milliseconds backoff_first{200};
  std::chrono::milliseconds backoff_max{4'000};  // Doubles up to it, each with up to half of it more at random.
  std::chrono::milliseconds linger{500};         // At Stop, for what still waits to leave.
};
// A DEALER with CURVE. kInvalid ("connection.endpoint"); kInternal ("connection.socket").
Result<std::unique_ptr<HubConnection>> OpenZmqConnection(ZmqConnectionOptions options, Random& random = SystemRandom());

}  // namespace schakel
