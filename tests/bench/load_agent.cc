#include "load_agent.h"

#include <cstdio>
#include <cstdlib>
#include <zmq.hpp>

#include "protocol/crypto.h"

namespace schakel::bench {

void Die(const std::string& what) {
  std::fprintf(stderr, "bench: error: %s\n", what.c_str());
  std::exit(1);
}

struct LoadAgent::Wire {
  static zmq::context_t& Context() {
    static zmq::context_t context(1);
    return context;
  }
  zmq::socket_t socket{Context(), zmq::socket_type::dealer};
};

LoadAgent::LoadAgent(std::string id, std::string sector) : RawOrganisation(std::move(id), std::move(sector)) {}
LoadAgent::~LoadAgent() = default;
LoadAgent::LoadAgent(LoadAgent&&) noexcept = default;

void LoadAgent::Connect(const testing::HubAddress& hub) {
  origin_ = hub.origin;
  wire_ = std::make_unique<Wire>();
  zmq::socket_t& socket = wire_->socket;
  socket.set(zmq::sockopt::curve_serverkey,
             std::string_view(reinterpret_cast<const char*>(hub.transport.value().data()), 32));
  socket.set(zmq::sockopt::curve_publickey,
             std::string_view(reinterpret_cast<const char*>(transport_key().public_key.value().data()), 32));
  socket.set(zmq::sockopt::curve_secretkey,
             std::string_view(reinterpret_cast<const char*>(transport_key().secret.view().data()), 32));
  socket.set(zmq::sockopt::linger, 0);
  socket.set(zmq::sockopt::sndhwm, 0);
  socket.set(zmq::sockopt::rcvhwm, 0);
  socket.connect(hub.endpoint);
  Send(EncodeMessage({++request_, Hello{"schakel-load 0", {}, {}}}));
  Await<Welcome>();
}

void LoadAgent::Disconnect() { wire_.reset(); }
void* LoadAgent::socket() { return wire_->socket.handle(); }

void LoadAgent::Send(const Bytes& message) {
  wire_->socket.send(zmq::buffer(message.data(), message.size()), zmq::send_flags::none);
}

std::optional<Message> LoadAgent::Receive(long timeout_ms) {
  zmq::message_t frame;
  if (!wire_->socket.recv(frame, zmq::recv_flags::dontwait)) {
    if (timeout_ms == 0) return std::nullopt;
    zmq::pollitem_t item{wire_->socket.handle(), 0, ZMQ_POLLIN, 0};
    zmq::poll(&item, 1, std::chrono::milliseconds(timeout_ms));
    if (!wire_->socket.recv(frame, zmq::recv_flags::dontwait)) return std::nullopt;
  }
  CodecLimits limits;
  limits.bytes_max = 16U << 20;
  auto message = DecodeMessage({static_cast<const std::uint8_t*>(frame.data()), frame.size()}, limits);
  if (!message) Die("the hub sent " + ToText(message.error()));
  return std::move(*message);
}

void LoadAgent::Say(std::vector<std::pair<Header, std::vector<RecipientKey>>> statements) {
  for (std::size_t begin = 0; begin < statements.size(); begin += kSignatureBatchMax) {
    std::vector<SealedRecord> records;
    for (std::size_t i = begin; i < std::min(statements.size(), begin + kSignatureBatchMax); ++i) {
      records.push_back(Seal(statements[i].first, 16, statements[i].second));
    }
    Send(EncodeSubmit(std::move(records), ++request_));
    for (const Outcome& outcome : Await<SubmitAck>().outcomes) {
      if (outcome.error) Die(id().value() + ": " + ToText(*outcome.error));
      for (const RoutingRefusal& refusal : outcome.refused) {
        Die(id().value() + ": not routed to " + refusal.recipient.value() + ": " + std::string(Slug(refusal.reason)));
      }
    }
  }
}

}  // namespace schakel::bench
