#include "support/curve_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sodium.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>

namespace schakel::test {
namespace {

constexpr std::uint8_t kLong = 2;
constexpr std::uint8_t kCommand = 4;

Bytes Box(ByteView plain, const std::array<std::uint8_t, 24>& nonce, ByteView to_public, ByteView from_secret) {
  Bytes box(plain.size() + crypto_box_MACBYTES);
  (void)!crypto_box_easy(box.data(), plain.data(), plain.size(), nonce.data(), to_public.data(), from_secret.data());
  return box;
}

std::optional<Bytes> OpenBox(ByteView box, const std::array<std::uint8_t, 24>& nonce, ByteView from_public,
                             ByteView to_secret) {
  if (box.size() < crypto_box_MACBYTES) return std::nullopt;
  Bytes plain(box.size() - crypto_box_MACBYTES);
  if (crypto_box_open_easy(plain.data(), box.data(), box.size(), nonce.data(), from_public.data(), to_secret.data()) !=
      0) {
    return std::nullopt;
  }
  return plain;
}

std::array<std::uint8_t, 24> Nonce(std::string_view prefix, ByteView rest) {
  std::array<std::uint8_t, 24> nonce{};
  std::memcpy(nonce.data(), prefix.data(), prefix.size());
  std::memcpy(nonce.data() + prefix.size(), rest.data(), rest.size());
  return nonce;
}

void AppendProperty(Bytes& to, const std::string& name, const std::string& value) {
  to.push_back(static_cast<std::uint8_t>(name.size()));
  Append(to, AsBytes(name));
  for (int shift = 24; shift >= 0; shift -= 8) to.push_back(static_cast<std::uint8_t>(value.size() >> shift));
  Append(to, AsBytes(value));
}

}  // namespace

CurveClient::CurveClient(const std::string& endpoint, const TransportPublicKey& server,
                         std::vector<std::pair<std::string, std::string>> metadata)
    : server_(server), metadata_(std::move(metadata)) {
  const auto colon = endpoint.rfind(':');
  host_ = endpoint.substr(6, colon - 6);
  port_ = std::atoi(endpoint.c_str() + colon + 1);
}

CurveClient::~CurveClient() {
  if (socket_ >= 0) close(socket_);
}

bool CurveClient::OpenTcp() {
  socket_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const timeval patience{5, 0};
  setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  const int one = 1;
  setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  if (receive_buffer_ > 0) setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_buffer_, sizeof receive_buffer_);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port_));
  inet_pton(AF_INET, host_.c_str(), &address.sin_addr);
  return connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

bool CurveClient::SendRaw(ByteView bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes = bytes.subspan(static_cast<std::size_t>(sent));
  }
  return true;
}

std::size_t CurveClient::Waiting() const {
  int waiting = 0;
  return ioctl(socket_, FIONREAD, &waiting) == 0 ? static_cast<std::size_t>(waiting) : 0;
}

bool CurveClient::ended() const {
  pollfd socket{socket_, POLLRDHUP, 0};
  return poll(&socket, 1, 0) > 0 && (socket.revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0;
}

bool CurveClient::ReadAll(std::uint8_t* to, std::size_t size) {
  while (size > 0) {
    const ssize_t got = recv(socket_, to, size, 0);
    if (got <= 0) return false;
    to += got;
    bytes_read_ += static_cast<std::size_t>(got);
    size -= static_cast<std::size_t>(got);
  }
  return true;
}

bool CurveClient::AwaitEnd(int seconds) {
  const timeval patience{seconds, 0};
  setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  std::uint8_t rest[4096];
  while (true) {
    const ssize_t got = recv(socket_, rest, sizeof rest, 0);
    if (got == 0) return true;
    if (got < 0) return errno == ECONNRESET || errno == EPIPE;
  }
}

bool CurveClient::SendFrame(std::uint8_t flags, ByteView body) {
  Bytes frame;
  frame.reserve(body.size() + 9);
  if (body.size() > 255) {
    frame.push_back(flags | kLong);
    for (int shift = 56; shift >= 0; shift -= 8) frame.push_back(static_cast<std::uint8_t>(body.size() >> shift));
  } else {
    frame.push_back(flags);
    frame.push_back(static_cast<std::uint8_t>(body.size()));
  }
  Append(frame, body);
  return SendRaw(frame);
}

std::optional<Bytes> CurveClient::ReadFrame() {
  std::uint8_t head[9];
  if (!ReadAll(head, 2)) return std::nullopt;
  std::uint64_t size = head[1];
  if ((head[0] & kLong) != 0) {
    if (!ReadAll(head + 2, 7)) return std::nullopt;
    size = 0;
    for (int i = 1; i <= 8; ++i) size = size << 8 | head[i];
  }
  if (size > 4U << 20) return std::nullopt;
  Bytes body(size);
  if (!ReadAll(body.data(), body.size())) return std::nullopt;
  return body;
}

std::array<std::uint8_t, 24> CurveClient::NextNonce(const char* prefix16) {
  ++nonce_;
  std::array<std::uint8_t, 8> count{};
  for (unsigned i = 0; i < 8; ++i) count[i] = static_cast<std::uint8_t>(nonce_ >> (56 - 8 * i));
  return Nonce(prefix16, count);
}

// ZMTP 3.1: signature, version, mechanism, role, filler.
bool CurveClient::Greet() {
  Bytes greeting(64, 0);
  greeting[0] = 0xff;
  greeting[9] = 0x7f;
  greeting[10] = 3;
  greeting[11] = 1;
  std::memcpy(greeting.data() + 12, "CURVE", 5);
  Bytes theirs(64);
  return SendRaw(greeting) && ReadAll(theirs.data(), theirs.size()) && theirs[0] == 0xff &&
         std::memcmp(theirs.data() + 12, "CURVE", 6) == 0;
}

// RFC 26: HELLO, WELCOME, INITIATE, READY.
bool CurveClient::Handshake(const TransportKey& own) {
  crypto_box_keypair(short_public_.data(), short_secret_.data());
  Bytes hello = ToBytes(AsBytes("\x05HELLO"));
  hello.push_back(1);
  hello.push_back(0);
  hello.resize(hello.size() + 72);
  Append(hello, short_public_);
  const auto hello_nonce = NextNonce("CurveZMQHELLO---");
  Append(hello, ByteView(hello_nonce).subspan(16));
  Append(hello, Box(Bytes(64, 0), hello_nonce, server_.value(), short_secret_));
  if (!SendFrame(kCommand, hello)) return false;

  const auto welcome = ReadFrame();
  if (!welcome || welcome->size() != 8 + 16 + 144) return false;
  const auto inside = OpenBox(ByteView(*welcome).subspan(24), Nonce("WELCOME-", ByteView(*welcome).subspan(8, 16)),
                              server_.value(), short_secret_);
  if (!inside || inside->size() != 128) return false;
  std::memcpy(server_short_.data(), inside->data(), 32);

  std::array<std::uint8_t, 16> vouch_nonce;
  randombytes_buf(vouch_nonce.data(), vouch_nonce.size());
  Bytes vouch = ToBytes(short_public_);
  Append(vouch, server_.value());
  const Bytes vouch_box = Box(vouch, Nonce("VOUCH---", vouch_nonce), server_short_, own.secret.view());
  Bytes plain = ToBytes(own.public_key.value());
  Append(plain, vouch_nonce);
  Append(plain, vouch_box);
  AppendProperty(plain, "Socket-Type", "DEALER");
  for (const auto& [name, value] : metadata_) AppendProperty(plain, name, value);
  const auto initiate_nonce = NextNonce("CurveZMQINITIATE");
  Bytes initiate = ToBytes(AsBytes("\x08INITIATE"));
  Append(initiate, ByteView(*inside).subspan(32));
  Append(initiate, ByteView(initiate_nonce).subspan(16));
  Append(initiate, Box(plain, initiate_nonce, server_short_, short_secret_));
  if (!SendFrame(kCommand, initiate)) return false;

  const auto ready = ReadFrame();
  return ready && ready->size() > 6 && std::memcmp(ready->data(), "\x05READY", 6) == 0;
}

bool CurveClient::Send(ByteView frame, bool more) {
  const auto nonce = NextNonce("CurveZMQMESSAGEC");
  Bytes plain;
  plain.reserve(frame.size() + 1);
  plain.push_back(more ? 1 : 0);
  Append(plain, frame);
  Bytes body = ToBytes(AsBytes("\x07MESSAGE"));
  Append(body, ByteView(nonce).subspan(16));
  Append(body, Box(plain, nonce, server_short_, short_secret_));
  return SendFrame(0, body);
}

std::optional<Bytes> CurveClient::Receive() {
  while (true) {
    const auto body = ReadFrame();
    if (!body || body->size() < 16 + crypto_box_MACBYTES + 1) return std::nullopt;
    if (std::memcmp(body->data(), "\x07MESSAGE", 8) != 0) return std::nullopt;
    auto plain = OpenBox(ByteView(*body).subspan(16), Nonce("CurveZMQMESSAGES", ByteView(*body).subspan(8, 8)),
                         server_short_, short_secret_);
    if (!plain || plain->empty()) return std::nullopt;
    constexpr std::uint8_t kInnerCommand = 2;  // A heartbeat.
    if ((plain->front() & kInnerCommand) != 0) continue;
    return Bytes(plain->begin() + 1, plain->end());
  }
}

}  // namespace schakel::test
