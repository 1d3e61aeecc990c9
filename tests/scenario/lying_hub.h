// A hub whose operator lies: real sockets, CURVE, keys and logs of a hub that `schakel-hub init` made, behind which one
// or several histories are served by the hub's own code, and messages are changed on their way to or from an agent.
#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include "broker/hub.h"
#include "broker/zmq_transport.h"
#include "protocol/wire.h"
#include "support/real_hub.h"

namespace schakel::testing {

class LyingHub {
 public:
  // Yields whether it changed the message. Called on the hub's thread, perhaps twice for one message.
  using Change = std::function<bool(const OrgId& whose, Message& message)>;
  struct Lies {
    Change tell = nullptr;                                          // What goes to an organisation.
    Change hear = nullptr;                                          // What comes from it.
    std::function<std::size_t(const OrgId& whose)> face = nullptr;  // Which of the logs it is shown; none: the first.
  };
  // In the place of `hub`, which does not run. `logs`: folders with copies of its log, or its own. Throws if it cannot.
  LyingHub(const RealHub& hub, const std::vector<std::filesystem::path>& logs, Lies lies);
  ~LyingHub();
  LyingHub(const LyingHub&) = delete;
  LyingHub& operator=(const LyingHub&) = delete;

 private:
  class Face;
  struct Line {
    OrgId whose;
    Face* face = nullptr;
  };
  struct Silent : HubObserver {
    void Report(Level, std::string_view, const OrgId&, std::string_view) override {}
  };
  template <typename T>
  static T Must(Result<T> result);  // Its value; throws otherwise.
  void Run();
  void Take(Incoming incoming);
  static std::optional<Bytes> Changed(const Change& change, const OrgId& whose, ByteView message);
  Bytes Told(ConnectionId to, Bytes message) const;

  const Lies lies_;
  std::optional<TransportKey> transport_key_;
  std::optional<SigningKey> log_key_;
  Silent observer_;
  std::unique_ptr<ListeningTransport> socket_;
  std::vector<std::unique_ptr<Face>> faces_;
  std::map<std::uint64_t, Line> lines_;  // By connection.
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

}  // namespace schakel::testing
