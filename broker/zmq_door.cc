#include "zmq_door.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <vector>

#include "thread_name.h"

namespace schakel {
namespace {

constexpr int kZapEnforceDomain = 93;  // A draft macro, yet honoured by the released library.
constexpr std::size_t kAddressesMax = 4096;
constexpr int kProofPatienceMs = 5000;
constexpr std::size_t kZapFramesMax = 8;

}  // namespace

// ---- keys ----

void AdmittedKeys::Admit(const Identity& identity) {
  std::scoped_lock lock(mutex_);
  IdentityPtr& known = identities_[identity.key];
  if (!known || *known != identity) known = std::make_shared<const Identity>(identity);
}

void AdmittedKeys::Revoke(const TransportPublicKey& key) {
  std::scoped_lock lock(mutex_);
  identities_.erase(key);
}

IdentityPtr AdmittedKeys::Find(const TransportPublicKey& key) const {
  std::scoped_lock lock(mutex_);
  auto found = identities_.find(key);
  return found == identities_.end() ? nullptr : found->second;
}

// ---- the handler ----

ZapDoor::ZapDoor(void* context, const AdmittedKeys& keys, OnRefused on_refused, TransportPublicKey stranger)
    : keys_(keys), on_refused_(std::move(on_refused)), stranger_(stranger), socket_(zmq_socket(context, ZMQ_REP)) {
  bound_ = socket_ && SetOption(socket_.get(), ZMQ_LINGER, 0) && zmq_bind(socket_.get(), "inproc://zeromq.zap.01") == 0;
  if (bound_) thread_ = std::thread([this] { Serve(); });
}

ZapDoor::~ZapDoor() {
  if (thread_.joinable()) thread_.join();
}

void ZapDoor::Serve() {
  NameThisThread("hub-door");
  while (Answer()) {
  }
  socket_.reset();
}

OrgId ZapDoor::LastFrom(const std::string& address) const {
  std::scoped_lock lock(mutex_);
  auto found = last_from_.find(address);
  return found == last_from_.end() ? OrgId() : found->second;
}

bool ZapDoor::TooFast(const TransportPublicKey& key) {
  const auto now = std::chrono::steady_clock::now();
  Pace& pace = paces_.try_emplace(key, Pace{kConnectionsAtOnce, now}).first->second;
  const double since = std::chrono::duration<double>(now - pace.at).count();
  pace.left = std::min(kConnectionsAtOnce, pace.left + since * kConnectionsPerSecond);
  pace.at = now;
  if (pace.left < 1) return true;
  pace.left -= 1;
  return false;
}

namespace {

std::string_view KindOfRefusal(const IdentityPtr& whose) {
  if (!whose) return "key";
  if (whose->kind == Identity::Kind::kSuspended) return "suspended";
  return whose->kind == Identity::Kind::kReplaced ? "replaced" : "pace";
}

}  // namespace

// RFC 27: version, request id, domain, address, identity, mechanism, key. False: the context is closing.
bool ZapDoor::Answer() {
  std::vector<std::string> frames;
  for (bool more = true; more;) {
    ZmqFrame frame;
    while (!frame.Receive(socket_.get(), 0)) {
      if (zmq_errno() != EINTR) return false;
    }
    more = frame.more();
    if (frames.size() < kZapFramesMax) frames.emplace_back(frame.text());
  }
  IdentityPtr identity;
  TransportPublicKey key;
  const bool ours = frames.size() == 7 && frames[0] == "1.0" && frames[2] == kDomain && frames[5] == "CURVE" &&
                    frames[6].size() == 32;
  if (ours) {
    std::array<std::uint8_t, 32> bytes;
    std::memcpy(bytes.data(), frames[6].data(), bytes.size());
    key = TransportPublicKey(bytes);
    identity = keys_.Find(key);
  }
  const IdentityPtr whose = identity;
  if (identity && !IsLetIn(*identity)) identity = nullptr;
  const bool too_fast = identity && TooFast(key);
  const bool self_test = ours && key == stranger_;
  if ((!identity || too_fast) && !self_test) {
    refused_.fetch_add(1, std::memory_order_relaxed);
    const std::string_view peer = frames.size() > 3 ? std::string_view(frames[3]) : std::string_view();
    if (on_refused_) on_refused_(KindOfRefusal(whose), whose, peer);
  }
  if (identity) {
    std::scoped_lock lock(mutex_);
    if (last_from_.size() >= kAddressesMax) last_from_.clear();
    last_from_[frames[3]] = identity->organisation;
  }
  const std::string request_id = frames.size() > 1 ? frames[1] : std::string();
  const std::string user = identity ? ToHex(key.value()) : std::string();
  // 300: not now. The library then ends the connection without a word.
  const std::string_view code = too_fast ? "300" : identity ? "200" : "400";
  const std::string_view text = too_fast ? "too many connections" : identity ? "OK" : "unknown key";
  const std::string_view reply[] = {"1.0", request_id, code, text, user, ""};
  for (std::size_t i = 0; i < std::size(reply); ++i) {
    const int flags = i + 1 < std::size(reply) ? ZMQ_SNDMORE : 0;
    if (zmq_send(socket_.get(), reply[i].data(), reply[i].size(), flags) < 0 && zmq_errno() == ETERM) return false;
  }
  return true;
}

bool GuardWithCurve(void* socket, ByteView secret_key32) {
  return SetOption(socket, ZMQ_CURVE_SERVER, 1) && SetOption(socket, ZMQ_CURVE_SECRETKEY, AsText(secret_key32)) &&
         SetOption(socket, ZMQ_ZAP_DOMAIN, ZapDoor::kDomain) && SetOption(socket, kZapEnforceDomain, 1);
}

// ---- the proof ----

namespace {

// The first of these events on `monitor`: 0 if none came in time.
int WaitForEvent(void* monitor, int wanted) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(kProofPatienceMs);
  while (true) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) return 0;
    zmq_pollitem_t item{monitor, 0, ZMQ_POLLIN, 0};
    if (zmq_poll(&item, 1, left.count()) <= 0) continue;
    ZmqFrame event;
    ZmqFrame address;
    if (!event.Receive(monitor, 0) || !event.more() || !address.Receive(monitor, 0)) return 0;
    if (event.size() < 6) continue;
    std::uint16_t number = 0;
    std::memcpy(&number, event.data(), sizeof number);
    if ((number & wanted) != 0) return number;
  }
}

// Where a listener on every address can be reached from here.
std::string Reachable(std::string endpoint) {
  for (const auto& [any, here] :
       {std::pair<std::string, std::string>{"//0.0.0.0:", "//127.0.0.1:"}, {"//[::]:", "//[::1]:"}}) {
    if (const auto at = endpoint.find(any); at != std::string::npos) endpoint.replace(at, any.size(), here);
  }
  return endpoint;
}

}  // namespace

bool ProveRefusal(void* context, const std::string& endpoint, ByteView server_key32, const TransportKey& stranger) {
  ZmqSocket socket(zmq_socket(context, ZMQ_DEALER));
  constexpr int kEvents = ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH |
                          ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL | ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL;
  const bool ready = socket && SetOption(socket.get(), ZMQ_LINGER, 0) && SetOption(socket.get(), ZMQ_IPV6, 1) &&
                     SetOption(socket.get(), ZMQ_CURVE_SERVERKEY, AsText(server_key32)) &&
                     SetOption(socket.get(), ZMQ_CURVE_PUBLICKEY, AsText(stranger.public_key.value())) &&
                     SetOption(socket.get(), ZMQ_CURVE_SECRETKEY, AsText(stranger.secret.view())) &&
                     zmq_socket_monitor(socket.get(), "inproc://schakel.proof", kEvents) == 0;
  if (!ready) return false;
  ZmqSocket monitor(zmq_socket(context, ZMQ_PAIR));
  bool refused = false;
  if (monitor && SetOption(monitor.get(), ZMQ_LINGER, 0) && zmq_connect(monitor.get(), "inproc://schakel.proof") == 0 &&
      zmq_connect(socket.get(), Reachable(endpoint).c_str()) == 0) {
    refused = WaitForEvent(monitor.get(), kEvents) == ZMQ_EVENT_HANDSHAKE_FAILED_AUTH;
  }
  zmq_socket_monitor(socket.get(), nullptr, 0);
  return refused;
}

}  // namespace schakel
