// ZeroMQ's handles as owners, shared by the files that speak with the library.
#pragma once

#include <zmq.h>

#include <memory>
#include <string>
#include <string_view>

namespace schakel {

struct CloseZmqSocket {
  void operator()(void* socket) const { zmq_close(socket); }
};
using ZmqSocket = std::unique_ptr<void, CloseZmqSocket>;

struct EndZmqContext {
  void operator()(void* context) const { zmq_ctx_term(context); }
};
using ZmqContext = std::unique_ptr<void, EndZmqContext>;

template <typename Value>
bool SetOption(void* socket, int option, const Value& value) {
  return zmq_setsockopt(socket, option, &value, sizeof value) == 0;
}
inline bool SetOption(void* socket, int option, std::string_view value) {
  return zmq_setsockopt(socket, option, value.data(), value.size()) == 0;
}

// One frame; empty at first.
class ZmqFrame {
 public:
  ZmqFrame() { zmq_msg_init(&message_); }
  ~ZmqFrame() { zmq_msg_close(&message_); }
  ZmqFrame(const ZmqFrame&) = delete;
  ZmqFrame& operator=(const ZmqFrame&) = delete;

  zmq_msg_t* get() { return &message_; }
  const std::uint8_t* data() { return static_cast<const std::uint8_t*>(zmq_msg_data(&message_)); }
  std::size_t size() const { return zmq_msg_size(&message_); }
  std::string_view text() { return {reinterpret_cast<const char*>(data()), size()}; }
  // False: nothing there, or the socket is closing.
  bool Receive(void* socket, int flags) { return zmq_msg_recv(&message_, socket, flags) >= 0; }
  bool more() const { return zmq_msg_more(&message_) != 0; }

 private:
  zmq_msg_t message_;
};

}  // namespace schakel
