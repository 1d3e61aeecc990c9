// One client's stream of bytes, whatever it runs over: a UNIX socket, TCP, or TLS over TCP.
//
// Threads: the server's own. Errors: none; a stream that fails reads nothing and does not write.
#pragma once

#include <utility>  // Asio 1.74 needs it first.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <memory>
#include <string_view>

#include "agents/api.h"

namespace boost::asio::ssl {
class context;
}

namespace schakel {

class Wire {
 public:
  virtual ~Wire() = default;
  virtual ApiDoor door() const = 0;
  virtual boost::asio::awaitable<bool> Open() = 0;  // Before all else: what the other end must show first.
  // At least a byte; 0: it ended.
  virtual boost::asio::awaitable<std::size_t> Read(boost::asio::mutable_buffer into) = 0;
  virtual boost::asio::awaitable<bool> Write(std::string_view bytes) = 0;  // They outlive the call.
  virtual boost::asio::awaitable<void> Finish() = 0;  // Says that nothing more comes, as the protocol does.
  virtual void EndSending() = 0;
  virtual void Close() = 0;  // At once; whatever waits on it returns.
  virtual bool open() const = 0;
};

std::unique_ptr<Wire> MakeWire(boost::asio::local::stream_protocol::socket socket);
std::unique_ptr<Wire> MakeWire(boost::asio::ip::tcp::socket socket);
// `context` lives at least as long.
std::unique_ptr<Wire> MakeWire(boost::asio::ip::tcp::socket socket, std::shared_ptr<boost::asio::ssl::context> context);

// TLS 1.2 and 1.3, forward secret, authenticated encryption alone. kUnavailable ("edge.certificate", the file):
// missing, unreadable, open to others (the key), or they do not belong together.
Result<std::shared_ptr<boost::asio::ssl::context>> MakeTlsContext(const EdgeOptions& options);

}  // namespace schakel
