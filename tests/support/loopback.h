// Sockets of the tests' own: plain bytes to a server, and a small HTTP client that may say whatever it likes.
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace schakel::testing {

// One that was free a moment ago, below those that the kernel gives to connections: whoever keeps connecting to a port
// of that range while nobody listens may end up connected to itself, and then the server cannot have it back.
int FreePort();

// A stream to a server on this machine. Whatever fails: the connection is gone, and says so.
class Stream {
 public:
  Stream() = default;
  ~Stream() { Close(); }
  Stream(Stream&& other) noexcept;
  Stream& operator=(Stream&& other) noexcept;
  static Stream ToPort(int port);
  static Stream ToSocket(const std::filesystem::path& path);

  bool open() const { return socket_ >= 0; }
  bool Send(std::string_view bytes);
  // What came, at least a byte; empty: the other end closed, or nothing came in time.
  std::string Receive(std::chrono::milliseconds patience);
  bool ended() const;                                 // The other end closed, and all it sent was taken.
  bool AwaitEnd(std::chrono::milliseconds patience);  // Until the other end closes.
  void Close();

 private:
  explicit Stream(int socket) : socket_(socket) {}
  int socket_ = -1;
};

struct HttpAnswer {
  int status = 0;  // 0: the connection ended before a whole answer.
  std::string head;
  std::string body;
};
using HttpHeaders = std::map<std::string, std::string>;

// The bytes of a request; a length if there is a body.
std::string HttpRequest(std::string_view method, std::string_view target, std::string_view body = {},
                        const HttpHeaders& headers = {});
// The next answer that comes over `stream`.
HttpAnswer ReadHttpAnswer(Stream& stream, std::chrono::milliseconds patience = std::chrono::seconds(60));
// One request on a connection of its own.
HttpAnswer FetchFromPort(int port, const std::string& path);

}  // namespace schakel::testing
