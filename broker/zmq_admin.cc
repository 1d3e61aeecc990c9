// The operator's end of the administration socket.
#include "broker/admin.h"
#include "zmq_handles.h"

namespace schakel {
namespace {

std::unexpected<Error> NoHub(const std::filesystem::path& socket) {
  return Fail(Code::kUnavailable, "admin.socket", socket.string(),
              "start the hub first, and run this as the user who runs it");
}

}  // namespace

Result<AdminReply> AskHub(const std::filesystem::path& socket, const AdminRequest& request,
                          std::chrono::milliseconds patience) {
  std::error_code failed;
  if (!std::filesystem::exists(socket, failed)) return NoHub(socket);
  ZmqContext context(zmq_ctx_new());
  ZmqSocket requester(zmq_socket(context.get(), ZMQ_REQ));
  const int wait_ms = static_cast<int>(patience.count());
  const bool ready = requester && SetOption(requester.get(), ZMQ_LINGER, 0) &&
                     SetOption(requester.get(), ZMQ_RCVTIMEO, wait_ms) &&
                     SetOption(requester.get(), ZMQ_SNDTIMEO, wait_ms) &&
                     zmq_connect(requester.get(), ("ipc://" + socket.string()).c_str()) == 0;
  if (!ready) return NoHub(socket);
  const Bytes message = EncodeAdminRequest(request);
  ZmqFrame frame;
  if (zmq_send(requester.get(), message.data(), message.size(), 0) < 0 || !frame.Receive(requester.get(), 0)) {
    return NoHub(socket);
  }
  SCHAKEL_ASSIGN(AdminReply reply, DecodeAdminReply(ByteView(frame.data(), frame.size())));
  if (auto* error = std::get_if<Error>(&reply)) return std::unexpected(std::move(*error));
  return reply;
}

}  // namespace schakel
