#include "client.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <optional>

namespace schakel {
namespace {

constexpr std::size_t kAnswerBytesMax = 256U << 20;  // An evidence file may be large.
constexpr std::size_t kHeadBytesMax = 64U << 10;
constexpr std::size_t kEventBytesMax = 1U << 20;

class Descriptor {
 public:
  explicit Descriptor(int value) : value_(value) {}
  ~Descriptor() {
    if (value_ >= 0) ::close(value_);
  }
  Descriptor(Descriptor&& other) noexcept : value_(std::exchange(other.value_, -1)) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int value() const { return value_; }

 private:
  int value_;
};

Result<Descriptor> Connect(const std::string& path) {
  if (path.empty()) {
    return Fail(Code::kInvalid, "agent.socket", "--socket", "give --socket, or set SCHAKEL_SOCKET");
  }
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) {
    return Fail(Code::kInvalid, "agent.socket", "--socket", "give a path of at most 107 bytes");
  }
  path.copy(address.sun_path, path.size());
  Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (socket.value() < 0 ||
      ::connect(socket.value(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    if (errno == EACCES || errno == EPERM) {
      return Fail(Code::kDenied, "agent.permission", path, "run this as the user of the agent, or ask its operator");
    }
    return Fail(Code::kUnavailable, "agent.unreachable", path, "start schakel-agent, or give its socket");
  }
  return socket;
}

// It was there when we connected. Whether it did what was asked before it went, nobody can tell from here.
std::unexpected<Error> Gone() {
  return Fail(Code::kUnavailable, "agent.gone", {}, "look whether it happened before you ask again");
}

Status WriteAll(int socket, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t size = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (size <= 0) return Gone();
    bytes.remove_prefix(static_cast<std::size_t>(size));
  }
  return {};
}

// False: the other side closed.
bool ReadSome(int socket, std::string& to) {
  std::array<char, 65536> chunk;
  const ssize_t size = ::recv(socket, chunk.data(), chunk.size(), 0);
  if (size <= 0) return false;
  to.append(chunk.data(), static_cast<std::size_t>(size));
  return true;
}

std::unexpected<Error> NotHttp() {
  return Fail(Code::kCorrupt, "agent.answer", "--socket", "check that the socket is that of schakel-agent");
}

struct Head {
  ClientReply reply;
  std::optional<std::size_t> length;
  std::string rest;  // Of what was read: the beginning of the body.
};

Result<Head> ReadHead(int socket) {
  constexpr std::string_view kVersion = "HTTP/1.1 ";
  std::string bytes;
  std::size_t end = std::string::npos;
  while (end == std::string::npos) {
    if (bytes.size() > kHeadBytesMax) return NotHttp();
    if (!ReadSome(socket, bytes)) {
      if (std::string_view(bytes).starts_with(kVersion) || bytes.empty()) return Gone();
      return NotHttp();
    }
    end = bytes.find("\r\n\r\n");
  }
  Head head;
  head.rest = bytes.substr(end + 4);
  std::string_view lines = std::string_view(bytes).substr(0, end);
  if (!lines.starts_with(kVersion) || lines.size() < kVersion.size() + 3) return NotHttp();
  std::from_chars(lines.data() + kVersion.size(), lines.data() + kVersion.size() + 3, head.reply.status);
  for (std::size_t at = lines.find("\r\n"); at != std::string_view::npos; at = lines.find("\r\n")) {
    lines.remove_prefix(at + 2);
    const std::string_view line = lines.substr(0, lines.find("\r\n"));
    const std::size_t colon = line.find(": ");
    if (colon == std::string_view::npos) continue;
    const std::string_view value = line.substr(colon + 2);
    if (line.substr(0, colon) == "Content-Type") head.reply.type = value;
    if (line.substr(0, colon) == "ETag" && value.size() > 2) head.reply.tag = value.substr(1, value.size() - 2);
    if (line.substr(0, colon) == "Content-Length") {
      std::size_t length = 0;
      std::from_chars(value.data(), value.data() + value.size(), length);
      head.length = length;
    }
  }
  if (head.length.value_or(0) > kAnswerBytesMax) return NotHttp();
  return head;
}

}  // namespace

std::string Client::RequestHead(const std::string& method, const std::string& target) const {
  std::string head = method + " " + target + " HTTP/1.1\r\nHost: schakel\r\n";
  for (const auto& [name, value] : headers_) head += name + ": " + value + "\r\n";
  return head;
}

std::string Client::RequestBytes(const std::string& method, const std::string& target, const std::string& json) const {
  std::string bytes = RequestHead(method, target);
  if (method == "POST") {
    bytes += "Content-Type: application/json\r\nContent-Length: " + std::to_string(json.size()) + "\r\n";
  }
  return bytes + "\r\n" + json;
}

Result<ClientReply> Client::Send(const std::string& method, const std::string& target, const std::string& json) {
  return Exchange(RequestBytes(method, target, json));
}

Result<ClientReply> Client::Put(const std::string& target, ByteView bytes) {
  std::string request = RequestHead("PUT", target);
  request += "Content-Type: application/octet-stream\r\nContent-Length: " + std::to_string(bytes.size()) + "\r\n\r\n";
  request += AsText(bytes);
  return Exchange(request);
}

Result<ClientReply> Client::Fetch(const std::string& target, std::uint64_t from,
                                  const std::function<bool(std::string_view bytes)>& take) {
  SCHAKEL_ASSIGN(const Descriptor socket, Connect(socket_));
  std::string request = RequestHead("GET", target);
  if (from > 0) request += "Range: bytes=" + std::to_string(from) + "-\r\n";
  SCHAKEL_TRY(WriteAll(socket.value(), request + "\r\n"));
  SCHAKEL_ASSIGN(Head head, ReadHead(socket.value()));
  if (!head.length) return NotHttp();
  const bool given = head.reply.status == (from > 0 ? 206 : 200);
  std::size_t left = *head.length;
  std::string bytes = std::move(head.rest);
  while (left > 0) {
    if (bytes.empty() && !ReadSome(socket.value(), bytes)) return Gone();
    const std::string_view part = std::string_view(bytes).substr(0, left);
    left -= part.size();
    if (!given) {
      head.reply.body += part;
    } else if (!take(part)) {
      break;
    }
    bytes.clear();
  }
  return head.reply;
}

Result<ClientReply> Client::Exchange(const std::string& request) {
  SCHAKEL_ASSIGN(const Descriptor socket, Connect(socket_));
  SCHAKEL_TRY(WriteAll(socket.value(), request));
  SCHAKEL_ASSIGN(Head head, ReadHead(socket.value()));
  if (!head.length) return NotHttp();
  while (head.rest.size() < *head.length) {
    if (!ReadSome(socket.value(), head.rest)) return Gone();
  }
  head.reply.body = head.rest.substr(0, *head.length);
  return head.reply;
}

Status Client::Follow(const std::string& target, const std::function<bool(std::string event, std::string data)>& take) {
  SCHAKEL_ASSIGN(const Descriptor socket, Connect(socket_));
  SCHAKEL_TRY(WriteAll(socket.value(), RequestBytes("GET", target, {})));
  SCHAKEL_ASSIGN(Head head, ReadHead(socket.value()));
  if (head.reply.status != 200) return NotHttp();
  std::string bytes = std::move(head.rest);
  for (;;) {
    for (std::size_t end = bytes.find("\n\n"); end != std::string::npos; end = bytes.find("\n\n")) {
      std::string event;
      std::string data;
      std::string_view lines = std::string_view(bytes).substr(0, end);
      while (!lines.empty()) {
        const std::string_view line = lines.substr(0, lines.find('\n'));
        if (line.starts_with("event: ")) event = line.substr(7);
        if (line.starts_with("data: ")) data = line.substr(6);
        lines.remove_prefix(std::min(lines.size(), line.size() + 1));
      }
      bytes.erase(0, end + 2);
      if (!event.empty() && !take(std::move(event), std::move(data))) return {};
    }
    if (bytes.size() > kEventBytesMax) return NotHttp();
    if (!ReadSome(socket.value(), bytes)) {
      return Fail(Code::kUnavailable, "agent.closed", {}, "the agent stopped; start it, then follow again");
    }
  }
}

std::string PercentEncoded(std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string encoded;
  for (char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (byte >= '0' && byte <= '9') || ((byte | 0x20U) >= 'a' && (byte | 0x20U) <= 'z') || c == '-' ||
                       c == '_' || c == '.' || c == '~';
    if (plain) {
      encoded += c;
    } else {
      encoded += '%';
      encoded += kHex[byte >> 4];
      encoded += kHex[byte & 15U];
    }
  }
  return encoded;
}

}  // namespace schakel
