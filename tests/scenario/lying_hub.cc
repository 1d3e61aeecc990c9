#include "lying_hub.h"

#include <gtest/gtest.h>

#include <deque>
#include <stdexcept>
#include <utility>

#include "broker/config.h"
#include "store/log.h"

namespace schakel::testing {

template <typename T>
T LyingHub::Must(Result<T> result) {
  if (!result) throw std::runtime_error(ToText(result.error()));
  return std::move(*result);
}

// One history, as the hub's own code serves it: it has the connections of those who are shown this one.
class LyingHub::Face : public Transport {
 public:
  Face(LyingHub& owner, std::unique_ptr<Log> log) : owner_(owner), log_(std::move(log)) {}

  void Open(const HubCoreOptions& core) {
    HubOptions options;
    options.core = core;
    options.helpers = 0;
    options.threads = false;
    hub_ = Must(
        Hub::Open(std::move(options), *log_, *this, *owner_.log_key_, SystemClock(), SystemRandom(), owner_.observer_));
  }
  void Take(Incoming incoming) { incoming_.push_back(std::move(incoming)); }
  Result<bool> Step() { return hub_->Step(); }
  void End() {
    const Status done = hub_->Close();
    if (!done) ADD_FAILURE() << ToText(done.error());
  }

  void Wait(std::chrono::milliseconds, Interest) override {}
  bool Receive(Incoming& to) override {
    if (incoming_.empty()) return false;
    to = std::move(incoming_.front());
    incoming_.pop_front();
    return true;
  }
  void Reply(ConnectionId to, Bytes message) override {
    owner_.socket_->Reply(to, owner_.Told(to, std::move(message)));
  }
  bool Offer(ConnectionId to, Bytes message) override {
    return owner_.socket_->Offer(to, owner_.Told(to, std::move(message)));
  }
  void Recall(ConnectionId connection) override { owner_.socket_->Recall(connection); }
  void Close(ConnectionId connection) override { owner_.socket_->Close(connection); }
  void Admit(const Identity& identity) override { owner_.socket_->Admit(identity); }
  void Revoke(const TransportPublicKey& key) override { owner_.socket_->Revoke(key); }
  void Wake() override { owner_.socket_->Wake(); }
  TransportStats Stats() const override { return owner_.socket_->Stats(); }

 private:
  LyingHub& owner_;
  std::unique_ptr<Log> log_;
  std::deque<Incoming> incoming_;
  std::unique_ptr<Hub> hub_;
};

LyingHub::LyingHub(const RealHub& hub, const std::vector<std::filesystem::path>& logs, Lies lies)
    : lies_(std::move(lies)) {
  const HubConfig config = Must(LoadConfig(hub.folder() / "hub.toml"));
  transport_key_ = TransportKey::FromSecret(Must(ReadSecretFile(config.transport_key_file)).view());
  log_key_ = SigningKey::FromSeed(Must(ReadSecretFile(config.log_key_file)).view());

  ZmqTransportOptions network;
  network.listen = config.listen;
  network.key = &*transport_key_;
  socket_ = MakeZmqTransport(std::move(network));

  HubCoreOptions core;
  core.face.origin = config.origin;
  core.face.endpoint = config.advertise;
  core.face.verifier = {config.origin, log_key_->public_key};
  core.face.transport = transport_key_->public_key;
  core.registrars = config.registrars;
  for (const std::filesystem::path& folder : logs) {
    RocksLogOptions options;
    options.directory = folder;
    options.master_key = std::get<MasterKeyFile>(config.master);
    options.identity = LogIdentity{config.origin, log_key_->public_key, transport_key_->public_key};
    faces_.push_back(std::make_unique<Face>(*this, Must(OpenRocksLog(options))));
    faces_.back()->Open(core);
  }
  static_cast<void>(Must(socket_->Listen()));
  thread_ = std::thread([this] { Run(); });
}

LyingHub::~LyingHub() {
  stop_.store(true);
  socket_->Wake();
  if (thread_.joinable()) thread_.join();
}

void LyingHub::Run() {
  constexpr std::chrono::milliseconds kIdle{20};  // For what the faces have to do by the clock.
  while (!stop_.load()) {
    for (Incoming incoming; socket_->Receive(incoming); incoming = Incoming()) Take(std::move(incoming));
    bool busy = false;
    for (const auto& face : faces_) {
      const Result<bool> done = face->Step();
      if (!done) {
        ADD_FAILURE() << "the hub ended: " << ToText(done.error());
        return;
      }
      busy = busy || *done;
    }
    socket_->Wait(busy ? std::chrono::milliseconds(0) : kIdle, Transport::Interest::kMessages);
  }
  for (const auto& face : faces_) face->End();
}

void LyingHub::Take(Incoming incoming) {
  if (incoming.turned_away) return;
  auto [found, fresh] = lines_.try_emplace(incoming.connection.value());
  Line& line = found->second;
  if (fresh) {
    line.whose = incoming.from->organisation;
    line.face = faces_.at(lies_.face ? lies_.face(line.whose) : 0).get();
  }
  if (!incoming.closed) {
    if (auto changed = Changed(lies_.hear, line.whose, incoming.message.view())) {
      incoming.message = ReceivedBytes(std::move(*changed));
    }
  }
  Face& face = *line.face;
  if (incoming.closed) lines_.erase(found);
  face.Take(std::move(incoming));
}

std::optional<Bytes> LyingHub::Changed(const Change& change, const OrgId& whose, ByteView message) {
  if (!change) return std::nullopt;
  CodecLimits limits;
  limits.bytes_max = 16U << 20;
  auto decoded = DecodeMessage(message, limits);
  if (!decoded || !change(whose, *decoded)) return std::nullopt;
  return EncodeMessage(*decoded);
}

Bytes LyingHub::Told(ConnectionId to, Bytes message) const {
  const auto line = lines_.find(to.value());
  if (line == lines_.end()) return message;
  auto changed = Changed(lies_.tell, line->second.whose, message);
  return changed ? std::move(*changed) : message;
}

}  // namespace schakel::testing
