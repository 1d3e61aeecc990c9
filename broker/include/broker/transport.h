// The seam between the hub and its network: authenticated connections that carry whole messages.
//
// Who is at the other end follows from the key of the connection, and from nothing the peer says about itself.
// Ownership:  messages handed in and out are owned by whoever holds them.
// Threads:    one thread, the hub's, for everything but Wake() and Stats(), which any thread may call.
// Durability: none; a message sent may be lost with its connection.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <vector>

#include "protocol/bytes.h"
#include "protocol/ids.h"
#include "protocol/keys.h"
#include "protocol/result.h"

namespace schakel {

// Of one connection, never used again.
using ConnectionId = StrongId<struct ConnectionIdTag, std::uint64_t>;

struct Identity {
  enum class Kind : std::uint8_t {
    kOrganisation = 1,  // Enrolled: all of the protocol.
    kToken,             // Holds a one-time token: enrolment and nothing else.
    kOperator,          // On the local administration socket.
    kSuspended,         // An organisation that is not let in; when it tries, the hub is told.
    kReplaced,          // Likewise, a key that an organisation had before.
  };
  Kind kind = Kind::kOrganisation;
  OrgId organisation;      // kToken: the one that is invited. kOperator: none.
  TransportPublicKey key;  // That the connection proved. kOperator: none.
  friend bool operator==(const Identity&, const Identity&) = default;
};
using IdentityPtr = std::shared_ptr<const Identity>;
inline bool IsLetIn(const Identity& identity) {
  return identity.kind != Identity::Kind::kSuspended && identity.kind != Identity::Kind::kReplaced;
}

// A received message; wherever its bytes lie, they stay until this goes.
class ReceivedBytes {
 public:
  ReceivedBytes() = default;
  explicit ReceivedBytes(Bytes bytes);
  // `owner` is handed to `release` at the end.
  ReceivedBytes(ByteView view, void* owner, void (*release)(void*)) : view_(view), owner_(owner, release) {}
  ByteView view() const { return view_; }

 private:
  static void Nothing(void*) {}
  ByteView view_;
  std::unique_ptr<void, void (*)(void*)> owner_{nullptr, &Nothing};
};

struct Incoming {
  ConnectionId connection;
  IdentityPtr from;
  ReceivedBytes message;
  bool closed = false;  // The connection is gone; there is no message.
  // `from`, who is not let in, tried to connect, once or more often: there is no connection, and no message.
  bool turned_away = false;
};

struct TransportStats {
  std::uint64_t connections = 0;  // Now open, handshakes included.
  std::uint64_t received_messages = 0;
  std::uint64_t received_bytes = 0;
  std::uint64_t sent_messages = 0;
  std::uint64_t sent_bytes = 0;
  std::uint64_t refused_keys = 0;       // Handshakes with a key that nobody here knows.
  std::uint64_t handshakes_failed = 0;  // For whatever reason.
  std::uint64_t dropped_frames = 0;     // Messages of more than two frames.
  std::uint64_t cut_surplus = 0;        // Connections cut: bytes without end that never made a message.
  std::uint64_t cut_silent = 0;         // Never said anything.
  std::uint64_t cut_crowd = 0;          // Beyond the limit of connections.
  std::uint64_t cut_slow = 0;           // Did not read their replies.
  std::uint64_t admin_refused = 0;      // Connections to the operator's socket that never spoke its protocol.
};

class Transport {
 public:
  virtual ~Transport() = default;

  enum class Interest : std::uint8_t {
    kWakeOnly,  // Back-pressure: leave what arrives where it is.
    kMessages,
  };
  // Returns when something can be received (with kMessages), Wake() was called, or `timeout` has passed.
  virtual void Wait(std::chrono::milliseconds timeout, Interest interest) = 0;
  // False: nothing there now.
  virtual bool Receive(Incoming& to) = 0;

  // Sends now, or keeps the message in a bounded queue of that connection. A connection that lets it run full is cut.
  virtual void Reply(ConnectionId to, Bytes message) = 0;
  // Sends now or not at all. False: no room now, or the connection is gone. Nothing is kept.
  virtual bool Offer(ConnectionId to, Bytes message) = 0;
  // What was offered may not leave this machine any more, if any of it has not left yet: then the connection ends, and
  // what waited for it is thrown away. `closed` follows.
  virtual void Recall(ConnectionId connection) = 0;
  // Ends a connection; no `closed` follows.
  virtual void Close(ConnectionId connection) = 0;

  // From now on `identity.key` may connect, as `identity`; or, if that is not let in, it may not, and Receive() tells
  // who tried.
  // Replaces what the key stood for, for connections to come.
  virtual void Admit(const Identity& identity) = 0;
  // From now on it may not; its connections are cut and nothing more is received from them.
  virtual void Revoke(const TransportPublicKey& key) = 0;

  virtual void Wake() = 0;
  virtual TransportStats Stats() const = 0;
};

}  // namespace schakel
