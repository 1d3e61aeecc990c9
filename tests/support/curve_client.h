// A ZMTP 3.1 peer with CURVE, written byte by byte: it can do what the library would not let a client do.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "protocol/bytes.h"
#include "protocol/keys.h"

namespace schakel::test {

class CurveClient {
 public:
  // `endpoint`: "tcp://127.0.0.1:port". What is sent in the handshake beside the socket type: `metadata`.
  CurveClient(const std::string& endpoint, const TransportPublicKey& server,
              std::vector<std::pair<std::string, std::string>> metadata = {{"Identity", ""}});
  ~CurveClient();
  CurveClient(const CurveClient&) = delete;
  CurveClient& operator=(const CurveClient&) = delete;

  // The steps of a connection; false: the server ended it, or did not answer in 5 s.
  bool OpenTcp();
  bool Greet();
  bool Handshake(const TransportKey& own);
  bool Connect(const TransportKey& own) { return OpenTcp() && Greet() && Handshake(own); }

  // One frame of a message. False: the connection is gone.
  bool Send(ByteView frame, bool more);
  // The next frame that is no command; nothing: the connection ended, or nothing came in 5 s.
  std::optional<Bytes> Receive();
  // Whether the server ended it already; reads nothing, so that another thread may be waiting meanwhile.
  bool ended() const;
  // Waits until the server closes. False: it did not in `seconds`.
  bool AwaitEnd(int seconds);
  bool SendRaw(ByteView bytes);
  // Before OpenTcp: how much the kernel may hold for us.
  void SetReceiveBuffer(int bytes) { receive_buffer_ = bytes; }
  std::size_t Waiting() const;                            // Bytes that reached us and were not read yet.
  std::size_t bytes_read() const { return bytes_read_; }  // Since the connection was made.

 private:
  bool SendFrame(std::uint8_t flags, ByteView body);
  std::optional<Bytes> ReadFrame();
  bool ReadAll(std::uint8_t* to, std::size_t size);
  std::array<std::uint8_t, 24> NextNonce(const char* prefix16);

  std::string host_;
  int port_ = 0;
  TransportPublicKey server_;
  std::vector<std::pair<std::string, std::string>> metadata_;
  int socket_ = -1;
  int receive_buffer_ = 0;
  std::size_t bytes_read_ = 0;
  std::uint64_t nonce_ = 0;
  std::array<std::uint8_t, 32> short_public_{};
  std::array<std::uint8_t, 32> short_secret_{};
  std::array<std::uint8_t, 32> server_short_{};
};

}  // namespace schakel::test
