// Who may connect: the table of admitted keys, the ZAP handler that answers from it, and the proof that it does.
//
// libzmq lets any key in as long as no handler answers, so the handler is bound before the listening socket, and
// ZAP_ENFORCE_DOMAIN makes the library refuse everybody should it be gone.
#pragma once

#include <atomic>
#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>

#include "broker/transport.h"
#include "zmq_handles.h"

namespace schakel {

// Threads: any.
class AdmittedKeys {
 public:
  void Admit(const Identity& identity);
  void Revoke(const TransportPublicKey& key);
  IdentityPtr Find(const TransportPublicKey& key) const;

 private:
  struct KeyHash {
    std::size_t operator()(const TransportPublicKey& key) const {
      std::size_t value;
      std::memcpy(&value, key.value().data(), sizeof value);
      return value;
    }
  };
  mutable std::mutex mutex_;
  std::unordered_map<TransportPublicKey, IdentityPtr, KeyHash> identities_;
};

// Answers ZAP requests on a thread of its own. The user id of a connection is its key in hex.
class ZapDoor {
 public:
  // Bound when it returns true. `context` must be shut down before the door goes.
  // `on_refused`: see zmq_transport.h; may be empty. `stranger`: of the self-test, which is refused like any other and
  // not counted.
  // `whose`: null if the key is nobody's here.
  using OnRefused = std::function<void(std::string_view kind, const IdentityPtr& whose, std::string_view peer)>;
  ZapDoor(void* context, const AdmittedKeys& keys, OnRefused on_refused = nullptr,
          TransportPublicKey stranger = TransportPublicKey());
  ~ZapDoor();
  bool bound() const { return bound_; }
  std::uint64_t refused() const { return refused_.load(std::memory_order_relaxed); }
  // Who came in from this address of late: the best there is to name a connection that never said anything.
  OrgId LastFrom(const std::string& address) const;
  // A key may connect this often at once, and then this often a second: forging the names that ROUTER gives takes
  // millions of connections.
  static constexpr double kConnectionsAtOnce = 200;
  static constexpr double kConnectionsPerSecond = 2;

  static constexpr std::string_view kDomain = "schakel";

 private:
  struct Pace {
    double left = kConnectionsAtOnce;
    std::chrono::steady_clock::time_point at;
  };
  void Serve();
  bool Answer();
  bool TooFast(const TransportPublicKey& key);

  const AdmittedKeys& keys_;
  const OnRefused on_refused_;
  const TransportPublicKey stranger_;
  ZmqSocket socket_;
  bool bound_ = false;
  std::atomic<std::uint64_t> refused_{0};
  mutable std::mutex mutex_;
  std::map<std::string, OrgId> last_from_;
  std::map<TransportPublicKey, Pace> paces_;  // The handler's thread only; admitted keys only.
  std::thread thread_;
};

// Sets up `socket` to be a CURVE server behind the door.
bool GuardWithCurve(void* socket, ByteView secret_key32);
// Connects to `endpoint` with a key made for the purpose, which nobody admitted. True: it was refused, for its key.
bool ProveRefusal(void* context, const std::string& endpoint, ByteView server_key32, const TransportKey& stranger);

}  // namespace schakel
