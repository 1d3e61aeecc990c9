#include "support/loopback.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <random>
#include <stdexcept>
#include <utility>

namespace schakel::testing {
namespace {

sockaddr_in Loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  return address;
}

// The value of a header in a head; empty if it is not there.
std::string HeaderOf(const std::string& head, const std::string& name) {
  for (std::size_t at = head.find("\r\n"); at != std::string::npos && at + 2 < head.size();
       at = head.find("\r\n", at + 2)) {
    if (strncasecmp(head.c_str() + at + 2, (name + ":").c_str(), name.size() + 1) != 0) continue;
    const std::size_t begin = head.find_first_not_of(' ', at + 3 + name.size());
    return head.substr(begin, head.find("\r\n", begin) - begin);
  }
  return {};
}

}  // namespace

int FreePort() {
  static std::mt19937 dice(std::random_device{}());
  for (int tries = 0; tries < 1000; ++tries) {
    const int port = std::uniform_int_distribution<int>(10'000, 32'000)(dice);
    const int probe = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in address = Loopback(port);
    const bool free = bind(probe, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    close(probe);
    if (free) return port;
  }
  throw std::runtime_error("no free port");
}

Stream::Stream(Stream&& other) noexcept : socket_(std::exchange(other.socket_, -1)) {}
Stream& Stream::operator=(Stream&& other) noexcept {
  if (this != &other) {
    Close();
    socket_ = std::exchange(other.socket_, -1);
  }
  return *this;
}

Stream Stream::ToPort(int port) {
  Stream stream(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const sockaddr_in address = Loopback(port);
  if (connect(stream.socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) stream.Close();
  return stream;
}

Stream Stream::ToSocket(const std::filesystem::path& path) {
  Stream stream(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.string().copy(address.sun_path, sizeof address.sun_path - 1);
  if (connect(stream.socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) stream.Close();
  return stream;
}

void Stream::Close() {
  if (socket_ >= 0) close(std::exchange(socket_, -1));
}

bool Stream::Send(std::string_view bytes) {
  const timeval patience{10, 0};
  setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  while (!bytes.empty()) {
    const ssize_t sent = send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

std::string Stream::Receive(std::chrono::milliseconds patience) {
  pollfd polled{socket_, POLLIN, 0};
  if (socket_ < 0 || poll(&polled, 1, static_cast<int>(patience.count())) <= 0) return {};
  char buffer[16384];
  const ssize_t count = recv(socket_, buffer, sizeof buffer, 0);
  return count > 0 ? std::string(buffer, static_cast<std::size_t>(count)) : std::string();
}

bool Stream::ended() const {
  pollfd polled{socket_, POLLIN, 0};
  char byte = 0;
  return poll(&polled, 1, 0) > 0 && recv(socket_, &byte, 1, MSG_PEEK | MSG_DONTWAIT) <= 0;
}

bool Stream::AwaitEnd(std::chrono::milliseconds patience) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  for (;;) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    pollfd polled{socket_, POLLIN, 0};
    if (left.count() <= 0 || poll(&polled, 1, static_cast<int>(left.count())) <= 0) return false;
    char buffer[16384];
    if (recv(socket_, buffer, sizeof buffer, 0) <= 0) return true;
  }
}

std::string HttpRequest(std::string_view method, std::string_view target, std::string_view body,
                        const HttpHeaders& headers) {
  std::string bytes = std::string(method) + " " + std::string(target) + " HTTP/1.1\r\nHost: localhost\r\n";
  for (const auto& [name, value] : headers) bytes += name + ": " + value + "\r\n";
  if (!body.empty()) {
    if (!headers.contains("Content-Type")) bytes += "Content-Type: application/json\r\n";
    bytes += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  }
  return bytes + "\r\n" + std::string(body);
}

HttpAnswer ReadHttpAnswer(Stream& stream, std::chrono::milliseconds patience) {
  std::string bytes;
  std::size_t body_at = std::string::npos;
  std::size_t size = 0;
  for (;;) {
    if (body_at == std::string::npos && (body_at = bytes.find("\r\n\r\n")) != std::string::npos) {
      body_at += 4;
      size = std::strtoul(HeaderOf(bytes.substr(0, body_at), "Content-Length").c_str(), nullptr, 10);
    }
    if (body_at != std::string::npos && bytes.size() >= body_at + size) break;
    const std::string more = stream.Receive(patience);
    if (more.empty()) return {};
    bytes += more;
  }
  HttpAnswer answer{0, bytes.substr(0, body_at), bytes.substr(body_at, size)};
  if (bytes.size() > 12 && bytes.starts_with("HTTP/1.1 ")) answer.status = std::atoi(bytes.c_str() + 9);
  return answer;
}

HttpAnswer FetchFromPort(int port, const std::string& path) {
  Stream stream = Stream::ToPort(port);
  if (!stream.open() || !stream.Send(HttpRequest("GET", path, {}, {{"Connection", "close"}}))) return {};
  return ReadHttpAnswer(stream);
}

}  // namespace schakel::testing
