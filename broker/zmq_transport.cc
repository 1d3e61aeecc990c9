#include "broker/zmq_transport.h"

#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <deque>
#include <mutex>
#include <set>
#include <thread>
#include <unordered_map>
#include <utility>

#include "admin_folder.h"
#include "connection_guard.h"
#include "protocol/handover.h"
#include "thread_name.h"
#include "zmq_door.h"
#include "zmq_handles.h"

namespace schakel {

ReceivedBytes::ReceivedBytes(Bytes bytes)
    : owner_(new Bytes(std::move(bytes)), [](void* owner) { delete static_cast<Bytes*>(owner); }) {
  view_ = *static_cast<Bytes*>(owner_.get());
}

namespace {

constexpr int kHighWaterMark = 16;    // Messages per connection, each way.
constexpr int kZeroCopyReceive = 10;  // A draft macro, yet honoured by the released library.
constexpr auto kGuardPeriod = std::chrono::milliseconds(50);
const ConnectionId kOperator{0};
constexpr auto kOnItsWay = std::chrono::milliseconds(100);
constexpr int kLooksAtMost = 100;       // At a descriptor whose connection ended, until it is closed.
constexpr std::size_t kCopyMax = 1024;  // A shorter reply is copied into its frame.

std::unexpected<Error> CannotListen(const char* rule, const std::string& field) {
  return Fail(Code::kUnavailable, rule, field, std::string("cannot open it: ") + zmq_strerror(zmq_errno()));
}

ReceivedBytes OwnFrame(ZmqFrame& frame) {
  if constexpr (LibraryHandover::kMustCopy) {
    const LibraryHandover handover;
    return ReceivedBytes(Bytes(frame.data(), frame.data() + frame.size()));
  }
  auto* message = new zmq_msg_t;
  zmq_msg_init(message);
  zmq_msg_move(message, frame.get());
  const auto* data = static_cast<const std::uint8_t*>(zmq_msg_data(message));
  return {ByteView(data, zmq_msg_size(message)), message, [](void* owner) {
            zmq_msg_close(static_cast<zmq_msg_t*>(owner));
            delete static_cast<zmq_msg_t*>(owner);
          }};
}

// Hands `bytes` over to a frame; long ones without a copy.
void MakeFrame(zmq_msg_t* message, Bytes bytes) {
  if (bytes.size() <= kCopyMax) {
    zmq_msg_init_size(message, bytes.size());
    std::memcpy(zmq_msg_data(message), bytes.data(), bytes.size());
    return;
  }
  auto* kept = new Bytes(std::move(bytes));
  zmq_msg_init_data(
      message, kept->data(), kept->size(), [](void*, void* owner) { delete static_cast<Bytes*>(owner); }, kept);
}

struct Connection {
  ConnectionId id;
  std::string route;  // ROUTER's name for it; never an identity.
  std::string user;   // The hex key that ZAP proved.
  IdentityPtr from;
  int fd = -1;
  std::uint64_t cookie = 0;
  std::deque<Bytes> queue;
  std::size_t queue_bytes = 0;
  bool cut = false;                                  // It is being ended: nothing more goes out.
  std::chrono::steady_clock::time_point offered_at;  // When something last was.
};

class ZmqTransport : public ListeningTransport {
 public:
  explicit ZmqTransport(ZmqTransportOptions options);
  ~ZmqTransport() override;
  Result<std::string> Listen() override;

  void Wait(std::chrono::milliseconds timeout, Interest interest) override;
  bool Receive(Incoming& to) override;
  void Reply(ConnectionId to, Bytes message) override;
  bool Offer(ConnectionId to, Bytes message) override;
  void Recall(ConnectionId connection) override;
  void Close(ConnectionId connection) override;
  void Admit(const Identity& identity) override { keys_.Admit(identity); }
  void Revoke(const TransportPublicKey& key) override;
  void Wake() override;
  TransportStats Stats() const override;

 private:
  enum class Sent : std::uint8_t { kYes, kFull, kGone };

  Status OpenRouter();
  Status PrepareAdmin();
  Status OpenAdmin();
  Status OpenMonitor();
  void Guard();
  void TakeEvents(void* monitor);
  void TakeAdminEvents(void* monitor);
  void OnCut(const ConnectionGuard::Report& report);
  void Refused(std::string_view kind, const OrgId& organisation, std::string_view peer);
  void TurnedAway(const IdentityPtr& whose);
  bool ReceiveOperator(Incoming& to);
  bool ReceivePeer(Incoming& to);
  bool TakeClosed(Incoming& to);
  bool TakeTurnedAway(Incoming& to);
  Connection* ConnectionOf(ZmqFrame& route, ZmqFrame& body);
  Sent Send(const Connection& connection, Bytes& message);
  void FlushQueues();
  void FindGone();
  void Forget(ConnectionId id);

  const ZmqTransportOptions options_;
  std::atomic<bool> proven_{false};
  AdmittedKeys keys_;
  ConnectionGuard guard_;
  ZmqContext context_{zmq_ctx_new()};
  std::unique_ptr<ZapDoor> door_;
  ZmqSocket router_;
  ZmqSocket admin_;
  ZmqSocket monitor_;
  ZmqSocket admin_monitor_;
  int wake_fd_ = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  int stop_fd_ = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  std::thread guard_thread_;
  bool self_test_passed_over_ = false;  // The guard's thread only.

  std::unordered_map<std::string, std::unique_ptr<Connection>> by_route_;
  std::unordered_map<std::uint64_t, Connection*> by_id_;
  std::vector<ConnectionId> queued_;  // With something in their queue.
  std::uint64_t last_id_ = kOperator.value();
  bool admin_first_ = false;

  // From the guard's thread: descriptors of connections that ended. From the door's: who is not let in and tried.
  mutable std::mutex mutex_;
  std::vector<int> gone_;
  std::map<TransportPublicKey, IdentityPtr> turned_away_;
  std::unordered_map<std::uint64_t, OrgId> owners_;            // Of connections that said something.
  std::vector<ConnectionId> closed_;                           // To be told.
  std::map<TransportPublicKey, IdentityPtr> turned_away_now_;  // Likewise.
  std::vector<std::pair<int, int>> suspects_;  // Those descriptors, and how often they are looked at yet.

  struct Counters {
    std::atomic<std::uint64_t> received_messages, received_bytes, sent_messages, sent_bytes, handshakes_failed,
        dropped_frames, cut_surplus, cut_silent, cut_crowd, cut_slow, admin_refused;
  };
  mutable Counters counters_{};
};

ZmqTransport::ZmqTransport(ZmqTransportOptions options)
    : options_(std::move(options)),
      guard_({options_.surplus_bytes_max, options_.surplus_total_bytes_max, options_.silence_max,
              options_.connections_max},
             [this](const ConnectionGuard::Report& report) { OnCut(report); }) {}

ZmqTransport::~ZmqTransport() {
  if (router_) zmq_socket_monitor(router_.get(), nullptr, 0);
  if (admin_) zmq_socket_monitor(admin_.get(), nullptr, 0);
  if (guard_thread_.joinable()) {
    const std::uint64_t one = 1;
    (void)!write(stop_fd_, &one, sizeof one);
    guard_thread_.join();
  }
  router_.reset();
  admin_.reset();
  zmq_ctx_shutdown(context_.get());
  door_.reset();
  close(wake_fd_);
  close(stop_fd_);
}

// ---- opening ----

Result<std::string> ZmqTransport::Listen() {
  zmq_ctx_set(context_.get(), ZMQ_MAX_SOCKETS, 64);  // Of ours; connections do not count.
  // Else each frame, however short, may keep the 8 KiB alive that it arrived in: a message without end, sent a few
  // bytes at a time, took a hundred times its own size (measured), and no bound on bytes would bound memory.
  if (zmq_ctx_set(context_.get(), kZeroCopyReceive, 0) != 0) return CannotListen("transport.listen", "zero copy");
  const TransportKey stranger = TransportKey::Generate();
  door_ = std::make_unique<ZapDoor>(
      context_.get(), keys_,
      [this](std::string_view kind, const IdentityPtr& whose, std::string_view peer) {
        Refused(kind, whose ? whose->organisation : OrgId(), peer);
        if (whose && !IsLetIn(*whose)) TurnedAway(whose);
      },
      stranger.public_key);
  if (!door_->bound()) return CannotListen("transport.listen", "zap");
  SCHAKEL_TRY(OpenRouter());
  SCHAKEL_TRY(OpenMonitor());
  if (zmq_bind(router_.get(), options_.listen.c_str()) != 0) {
    const bool taken = zmq_errno() == EADDRINUSE;
    auto failed = CannotListen("transport.listen", "listen = " + options_.listen);
    if (taken)
      failed.error().next += ": stop what listens there, most likely a hub that runs already, or choose another port";
    return failed;
  }
  std::array<char, 256> endpoint{};
  std::size_t size = endpoint.size();
  zmq_getsockopt(router_.get(), ZMQ_LAST_ENDPOINT, endpoint.data(), &size);
  SCHAKEL_TRY(PrepareAdmin());
  guard_thread_ = std::thread([this] { Guard(); });
  if (!ProveRefusal(context_.get(), endpoint.data(), options_.key->public_key.value(), stranger)) {
    return Fail(Code::kInternal, "transport.self_test", "listen",
                "a key that nobody admitted was not refused: do not run this hub; check the ZeroMQ library");
  }
  proven_.store(true);
  SCHAKEL_TRY(OpenAdmin());
  return std::string(endpoint.data());
}

Status ZmqTransport::OpenRouter() {
  router_.reset(zmq_socket(context_.get(), ZMQ_ROUTER));
  if (!router_) return CannotListen("transport.listen", "socket");
  void* socket = router_.get();
  const bool v6 = options_.listen.find('[') != std::string::npos;
  const bool set = GuardWithCurve(socket, options_.key->secret.view()) && SetOption(socket, ZMQ_IPV6, v6 ? 1 : 0) &&
                   SetOption(socket, ZMQ_LINGER, 0) && SetOption(socket, ZMQ_ROUTER_MANDATORY, 1) &&
                   SetOption(socket, ZMQ_ROUTER_HANDOVER, 0) && SetOption(socket, ZMQ_RCVHWM, kHighWaterMark) &&
                   SetOption(socket, ZMQ_SNDHWM, kHighWaterMark) &&
                   SetOption(socket, ZMQ_MAXMSGSIZE, static_cast<std::int64_t>(options_.message_bytes_max)) &&
                   SetOption(socket, ZMQ_HANDSHAKE_IVL, static_cast<int>(options_.handshake_max.count())) &&
                   SetOption(socket, ZMQ_HEARTBEAT_IVL, 10'000) && SetOption(socket, ZMQ_HEARTBEAT_TIMEOUT, 30'000) &&
                   SetOption(socket, ZMQ_HEARTBEAT_TTL, 60'000) && SetOption(socket, ZMQ_TCP_KEEPALIVE, 1) &&
                   SetOption(socket, ZMQ_TCP_KEEPALIVE_IDLE, 60) && SetOption(socket, ZMQ_TCP_KEEPALIVE_INTVL, 15) &&
                   SetOption(socket, ZMQ_BACKLOG, 1024);
  if (!set) return CannotListen("transport.listen", "options");
  return {};
}

Status ZmqTransport::OpenMonitor() {
  constexpr int kEvents = ZMQ_EVENT_ACCEPTED | ZMQ_EVENT_DISCONNECTED | ZMQ_EVENT_CLOSED |
                          ZMQ_EVENT_HANDSHAKE_FAILED_AUTH | ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL |
                          ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL;
  monitor_.reset(zmq_socket(context_.get(), ZMQ_PAIR));
  // Without a mark of its own: the library's I/O thread must never wait for us.
  const bool open = monitor_ && SetOption(monitor_.get(), ZMQ_LINGER, 0) && SetOption(monitor_.get(), ZMQ_RCVHWM, 0) &&
                    zmq_socket_monitor(router_.get(), "inproc://schakel.connections", kEvents) == 0 &&
                    zmq_connect(monitor_.get(), "inproc://schakel.connections") == 0;
  if (!open) return CannotListen("transport.listen", "monitor");
  return {};
}

// Before the guard's thread starts: it looks after both sockets.
Status ZmqTransport::PrepareAdmin() {
  if (options_.admin_socket.empty()) return {};
  constexpr int kEvents =
      ZMQ_EVENT_HANDSHAKE_FAILED_AUTH | ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL | ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL;
  admin_.reset(zmq_socket(context_.get(), ZMQ_REP));
  admin_monitor_.reset(zmq_socket(context_.get(), ZMQ_PAIR));
  const bool open = admin_ && admin_monitor_ && SetOption(admin_monitor_.get(), ZMQ_LINGER, 0) &&
                    SetOption(admin_monitor_.get(), ZMQ_RCVHWM, 0) &&
                    zmq_socket_monitor(admin_.get(), "inproc://schakel.operators", kEvents) == 0 &&
                    zmq_connect(admin_monitor_.get(), "inproc://schakel.operators") == 0;
  if (!open) return CannotListen("transport.admin_socket", "monitor");
  return {};
}

Status ZmqTransport::OpenAdmin() {
  if (options_.admin_socket.empty()) return {};
  SCHAKEL_TRY(ReadyAdminFolder(options_.admin_socket, IfNoFolder::kMake));
  const bool open = SetOption(admin_.get(), ZMQ_LINGER, 500) &&
                    SetOption(admin_.get(), ZMQ_MAXMSGSIZE, std::int64_t{4} << 20) &&
                    zmq_bind(admin_.get(), ("ipc://" + options_.admin_socket.string()).c_str()) == 0;
  if (!open) return CannotListen("transport.admin_socket", "admin.socket");
  return {};
}

// ---- the guard's thread ----

void ZmqTransport::Guard() {
  NameThisThread("hub-guard");
  ZmqSocket monitor = std::move(monitor_);
  ZmqSocket admin = std::move(admin_monitor_);
  auto next = std::chrono::steady_clock::now() + kGuardPeriod;
  while (true) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(next - std::chrono::steady_clock::now());
    zmq_pollitem_t items[] = {
        {monitor.get(), 0, ZMQ_POLLIN, 0}, {nullptr, stop_fd_, ZMQ_POLLIN, 0}, {admin.get(), 0, ZMQ_POLLIN, 0}};
    const int ready = zmq_poll(items, admin ? 3 : 2, std::max<long>(left.count(), 0));
    if (ready < 0 && zmq_errno() == ETERM) return;
    if (items[1].revents != 0) return;
    if (items[0].revents != 0) TakeEvents(monitor.get());
    if (admin && items[2].revents != 0) TakeAdminEvents(admin.get());
    const auto now = std::chrono::steady_clock::now();
    if (now >= next) {
      guard_.Check(now);
      next = now + kGuardPeriod;
    }
  }
}

void ZmqTransport::TakeEvents(void* monitor) {
  bool any_gone = false;
  while (true) {
    ZmqFrame event;
    ZmqFrame address;
    if (!event.Receive(monitor, ZMQ_DONTWAIT) || !event.more() || !address.Receive(monitor, 0)) break;
    if (event.size() < 6) continue;
    std::uint16_t number = 0;
    std::uint32_t value = 0;
    std::memcpy(&number, event.data(), sizeof number);
    std::memcpy(&value, event.data() + sizeof number, sizeof value);
    const int fd = static_cast<int>(value);
    if (number == ZMQ_EVENT_ACCEPTED) {
      guard_.Accepted(fd, std::chrono::steady_clock::now());
    } else if (number == ZMQ_EVENT_DISCONNECTED || number == ZMQ_EVENT_CLOSED) {
      if (guard_.Gone(fd)) Refused("unspoken", OrgId(), {});
      std::scoped_lock lock(mutex_);
      gone_.push_back(fd);
      any_gone = true;
    } else if (number == ZMQ_EVENT_HANDSHAKE_FAILED_AUTH && !std::exchange(self_test_passed_over_, true)) {
      // Whoever else comes first: one refusal is that of the self-test.
      continue;
    } else {
      counters_.handshakes_failed.fetch_add(1, std::memory_order_relaxed);
      // Those for their key were told by the door, with their address.
      if (number != ZMQ_EVENT_HANDSHAKE_FAILED_AUTH) Refused("handshake", OrgId(), {});
    }
  }
  if (any_gone) Wake();
}

// Whoever is connected to that socket is on this machine and in the operator's folder, and yet no program of ours.
void ZmqTransport::TakeAdminEvents(void* monitor) {
  while (true) {
    ZmqFrame event;
    ZmqFrame address;
    if (!event.Receive(monitor, ZMQ_DONTWAIT) || !event.more() || !address.Receive(monitor, 0)) return;
    if (event.size() < 6) continue;
    std::uint16_t number = 0;
    std::memcpy(&number, event.data(), sizeof number);
    if (number == ZMQ_EVENT_MONITOR_STOPPED) continue;
    counters_.admin_refused.fetch_add(1, std::memory_order_relaxed);
    Refused("admin", OrgId(), {});
  }
}

// The stranger of the self-test is nobody to report.
void ZmqTransport::Refused(std::string_view kind, const OrgId& organisation, std::string_view peer) {
  if (options_.on_refused && proven_.load()) options_.on_refused(kind, organisation, peer);
}

void ZmqTransport::OnCut(const ConnectionGuard::Report& report) {
  std::string_view why = "surplus";
  if (report.why == ConnectionGuard::Cut::kSurplus) {
    counters_.cut_surplus.fetch_add(1, std::memory_order_relaxed);
  } else if (report.why == ConnectionGuard::Cut::kSilent) {
    counters_.cut_silent.fetch_add(1, std::memory_order_relaxed);
    why = "silent";
  } else {
    counters_.cut_crowd.fetch_add(1, std::memory_order_relaxed);
    why = "crowd";
  }
  OrgId owner;
  {
    std::scoped_lock lock(mutex_);
    const auto found = owners_.find(SocketCookie(report.fd));
    if (found != owners_.end()) owner = found->second;
  }
  if (owner == OrgId()) owner = door_->LastFrom(report.peer.substr(0, report.peer.rfind(':')));
  if (options_.on_cut) options_.on_cut(why, owner, report.peer);
}

// Once until the hub takes it, however often it tries meanwhile.
void ZmqTransport::TurnedAway(const IdentityPtr& whose) {
  {
    std::scoped_lock lock(mutex_);
    if (!turned_away_.emplace(whose->key, whose).second) return;
  }
  Wake();
}

// ---- receiving ----

void ZmqTransport::Wake() {
  const std::uint64_t one = 1;
  (void)!write(wake_fd_, &one, sizeof one);
}

void ZmqTransport::Wait(std::chrono::milliseconds timeout, Interest interest) {
  FlushQueues();
  std::array<zmq_pollitem_t, 3> items{};
  std::size_t count = 0;
  items[count++] = {nullptr, wake_fd_, ZMQ_POLLIN, 0};
  if (interest == Interest::kMessages) {
    items[count++] = {router_.get(), 0, ZMQ_POLLIN, 0};
    if (admin_) items[count++] = {admin_.get(), 0, ZMQ_POLLIN, 0};
  }
  // Whoever has no room is tried again soon; the library does not tell when there is.
  if (!queued_.empty() || !suspects_.empty()) timeout = std::min(timeout, std::chrono::milliseconds(5));
  zmq_poll(items.data(), static_cast<int>(count), std::max<long>(timeout.count(), 0));
  std::uint64_t woken = 0;
  (void)!read(wake_fd_, &woken, sizeof woken);
  FindGone();
}

// A descriptor that the library said it is done with may not be closed yet, or be somebody else's already.
void ZmqTransport::FindGone() {
  {
    std::scoped_lock lock(mutex_);
    for (int fd : std::exchange(gone_, {})) suspects_.emplace_back(fd, kLooksAtMost);
    turned_away_now_.merge(turned_away_);
    turned_away_.clear();
  }
  if (suspects_.empty()) return;
  std::vector<int> found;
  for (const auto& [route, connection] : by_route_) {
    const auto suspect = std::find_if(suspects_.begin(), suspects_.end(),
                                      [&](const auto& pair) { return pair.first == connection->fd; });
    if (suspect == suspects_.end() || SocketCookie(connection->fd) == connection->cookie) continue;
    closed_.push_back(connection->id);
    found.push_back(connection->fd);
  }
  std::erase_if(suspects_, [&](auto& suspect) {
    return --suspect.second == 0 || std::find(found.begin(), found.end(), suspect.first) != found.end();
  });
}

bool ZmqTransport::Receive(Incoming& to) {
  if (TakeClosed(to) || TakeTurnedAway(to)) return true;
  // In turn, so that neither keeps the other waiting.
  admin_first_ = !admin_first_;
  if (admin_first_ && ReceiveOperator(to)) return true;
  return ReceivePeer(to) || (!admin_first_ && ReceiveOperator(to));
}

bool ZmqTransport::TakeClosed(Incoming& to) {
  while (!closed_.empty()) {
    const ConnectionId id = closed_.back();
    closed_.pop_back();
    auto found = by_id_.find(id.value());
    if (found == by_id_.end()) continue;
    to = {id, found->second->from, {}, true};
    Forget(id);
    return true;
  }
  return false;
}

bool ZmqTransport::TakeTurnedAway(Incoming& to) {
  if (turned_away_now_.empty()) return false;
  const auto who = turned_away_now_.extract(turned_away_now_.begin());
  to = Incoming();
  to.from = who.mapped();
  to.turned_away = true;
  return true;
}

bool ZmqTransport::ReceiveOperator(Incoming& to) {
  if (!admin_) return false;
  ZmqFrame frame;
  if (!frame.Receive(admin_.get(), ZMQ_DONTWAIT)) return false;
  while (frame.more()) {
    if (!frame.Receive(admin_.get(), 0)) return false;
  }
  static const IdentityPtr identity = std::make_shared<const Identity>(Identity{Identity::Kind::kOperator, {}, {}});
  to = {kOperator, identity, OwnFrame(frame), false};
  return true;
}

// The connection that a message came from, if it may speak.
Connection* ZmqTransport::ConnectionOf(ZmqFrame& route, ZmqFrame& body) {
  const LibraryHandover handover;
  const char* user = zmq_msg_gets(body.get(), "User-Id");
  if (user == nullptr) return nullptr;
  const std::string name(route.text());
  auto found = by_route_.find(name);
  if (found != by_route_.end() && found->second->user == user) return found->second.get();
  if (found != by_route_.end()) {
    // The name went over to another peer: whoever had it is gone.
    closed_.push_back(found->second->id);
    return nullptr;
  }
  // Names that peers choose could be those of others: only the library's own, five bytes that begin with zero. (A
  // peer can forge such a one, but must guess 32 bits of another's, at the pace that the door allows.)
  if (name.size() != 5 || name[0] != '\0') return nullptr;
  const auto key = FromHex(user);
  if (!key || key->size() != 32) return nullptr;
  std::array<std::uint8_t, 32> bytes;
  std::copy(key->begin(), key->end(), bytes.begin());
  IdentityPtr identity = keys_.Find(TransportPublicKey(bytes));
  // Revoked, suspended or replaced, since it came in.
  if (!identity || !IsLetIn(*identity)) return nullptr;

  auto connection = std::make_unique<Connection>();
  connection->id = ConnectionId(++last_id_);
  connection->route = name;
  connection->user = user;
  connection->from = std::move(identity);
  connection->fd = zmq_msg_get(body.get(), ZMQ_SRCFD);
  connection->cookie = SocketCookie(connection->fd);
  {
    std::scoped_lock lock(mutex_);
    owners_[connection->cookie] = connection->from->organisation;
  }
  Connection* raw = connection.get();
  by_id_[raw->id.value()] = raw;
  by_route_[name] = std::move(connection);
  return raw;
}

bool ZmqTransport::ReceivePeer(Incoming& to) {
  while (true) {
    ZmqFrame route;
    if (!route.Receive(router_.get(), ZMQ_DONTWAIT)) return false;
    ZmqFrame body;
    std::size_t frames = 0;
    std::size_t bytes = 0;
    bool more = route.more();
    while (more) {
      if (!body.Receive(router_.get(), 0)) return false;
      more = body.more();
      ++frames;
      bytes += body.size();
    }
    counters_.received_messages.fetch_add(1, std::memory_order_relaxed);
    counters_.received_bytes.fetch_add(body.size(), std::memory_order_relaxed);
    // One frame, or an empty one and one (as REQ sockets send).
    Connection* connection = frames > 0 ? ConnectionOf(route, body) : nullptr;
    if (!connection) {
      const int fd = frames > 0 ? zmq_msg_get(body.get(), ZMQ_SRCFD) : -1;
      ShutDown(fd, SocketCookie(fd));
      Refused("route", OrgId(), {});
      if (TakeClosed(to)) return true;
      continue;
    }
    guard_.Delivered(connection->fd, connection->cookie, bytes, frames);
    if (frames > 2) {
      counters_.dropped_frames.fetch_add(1, std::memory_order_relaxed);
      Refused("frames", connection->from->organisation, {});
      continue;
    }
    to = {connection->id, connection->from, OwnFrame(body), false};
    return true;
  }
}

// ---- sending ----

ZmqTransport::Sent ZmqTransport::Send(const Connection& connection, Bytes& message) {
  if (zmq_send(router_.get(), connection.route.data(), connection.route.size(), ZMQ_SNDMORE | ZMQ_DONTWAIT) < 0) {
    return zmq_errno() == EAGAIN ? Sent::kFull : Sent::kGone;
  }
  counters_.sent_messages.fetch_add(1, std::memory_order_relaxed);
  counters_.sent_bytes.fetch_add(message.size(), std::memory_order_relaxed);
  zmq_msg_t frame;
  MakeFrame(&frame, std::move(message));
  if (zmq_msg_send(&frame, router_.get(), ZMQ_DONTWAIT) < 0) zmq_msg_close(&frame);
  return Sent::kYes;
}

void ZmqTransport::Reply(ConnectionId to, Bytes message) {
  if (to == kOperator) {
    zmq_msg_t frame;
    MakeFrame(&frame, std::move(message));
    if (zmq_msg_send(&frame, admin_.get(), ZMQ_DONTWAIT) < 0) zmq_msg_close(&frame);
    return;
  }
  auto found = by_id_.find(to.value());
  if (found == by_id_.end()) return;
  Connection& connection = *found->second;
  if (connection.cut) return;
  if (connection.queue.empty()) {
    const Sent sent = Send(connection, message);
    if (sent == Sent::kYes) return;
    if (sent == Sent::kGone) {
      closed_.push_back(to);
      return;
    }
    queued_.push_back(to);
  }
  connection.queue_bytes += message.size();
  connection.queue.push_back(std::move(message));
  if (connection.queue.size() <= options_.queue_messages_max && connection.queue_bytes <= options_.queue_bytes_max) {
    return;
  }
  counters_.cut_slow.fetch_add(1, std::memory_order_relaxed);
  if (options_.on_cut) options_.on_cut("slow", connection.from->organisation, {});
  ShutDown(connection.fd, connection.cookie);
  closed_.push_back(to);
  connection.cut = true;
  connection.queue.clear();
  connection.queue_bytes = 0;
}

void ZmqTransport::FlushQueues() {
  for (ConnectionId id : std::exchange(queued_, {})) {
    auto found = by_id_.find(id.value());
    if (found == by_id_.end()) continue;
    Connection& connection = *found->second;
    Sent sent = Sent::kYes;
    while (sent == Sent::kYes && !connection.queue.empty()) {
      const std::size_t size = connection.queue.front().size();
      sent = Send(connection, connection.queue.front());
      if (sent != Sent::kYes) break;
      connection.queue_bytes -= size;
      connection.queue.pop_front();
    }
    if (sent == Sent::kFull) queued_.push_back(id);
    if (sent == Sent::kGone) closed_.push_back(id);
  }
}

bool ZmqTransport::Offer(ConnectionId to, Bytes message) {
  auto found = by_id_.find(to.value());
  if (found == by_id_.end() || !found->second->queue.empty() || found->second->cut) return false;
  const Sent sent = Send(*found->second, message);
  if (sent == Sent::kGone) closed_.push_back(to);
  found->second->offered_at = std::chrono::steady_clock::now();
  return sent == Sent::kYes;
}

// ---- ending ----

void ZmqTransport::Forget(ConnectionId id) {
  auto found = by_id_.find(id.value());
  if (found == by_id_.end()) return;
  {
    std::scoped_lock lock(mutex_);
    owners_.erase(found->second->cookie);
  }
  const std::string route = found->second->route;
  by_id_.erase(found);
  by_route_.erase(route);
}

void ZmqTransport::Recall(ConnectionId to) {
  auto found = by_id_.find(to.value());
  if (found == by_id_.end() || found->second->cut) return;
  Connection& connection = *found->second;
  // The library does not tell what it holds: it passes everything on within kOnItsWay, unless the kernel has no room.
  const bool passed_on = std::chrono::steady_clock::now() - connection.offered_at > kOnItsWay;
  if (passed_on && !HasUnsent(connection.fd)) return;
  if (options_.on_cut) options_.on_cut("recalled", connection.from->organisation, {});
  Abort(connection.fd, connection.cookie);
  closed_.push_back(to);
  connection.cut = true;
  connection.queue.clear();
  connection.queue_bytes = 0;
}

void ZmqTransport::Close(ConnectionId connection) {
  auto found = by_id_.find(connection.value());
  if (found == by_id_.end()) return;
  ShutDown(found->second->fd, found->second->cookie);
  Forget(connection);
}

void ZmqTransport::Revoke(const TransportPublicKey& key) {
  keys_.Revoke(key);
  for (const auto& [route, connection] : by_route_) {
    if (connection->from->key != key) continue;
    Abort(connection->fd, connection->cookie);
    closed_.push_back(connection->id);
  }
}

TransportStats ZmqTransport::Stats() const {
  const auto get = [](const std::atomic<std::uint64_t>& counter) { return counter.load(std::memory_order_relaxed); };
  TransportStats stats;
  stats.connections = guard_.open();
  stats.received_messages = get(counters_.received_messages);
  stats.received_bytes = get(counters_.received_bytes);
  stats.sent_messages = get(counters_.sent_messages);
  stats.sent_bytes = get(counters_.sent_bytes);
  stats.refused_keys = door_ ? door_->refused() : 0;
  stats.handshakes_failed = get(counters_.handshakes_failed);
  stats.dropped_frames = get(counters_.dropped_frames);
  stats.cut_surplus = get(counters_.cut_surplus);
  stats.cut_silent = get(counters_.cut_silent);
  stats.cut_crowd = get(counters_.cut_crowd);
  stats.cut_slow = get(counters_.cut_slow);
  stats.admin_refused = get(counters_.admin_refused);
  return stats;
}

}  // namespace

std::unique_ptr<ListeningTransport> MakeZmqTransport(ZmqTransportOptions options) {
  return std::make_unique<ZmqTransport>(std::move(options));
}

}  // namespace schakel
