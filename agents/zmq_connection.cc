// The only file of the agents that knows ZeroMQ.
//
// Each attempt has a socket of its own and ZeroMQ's own reconnecting is off: a DEALER that reconnects by itself would
// send what was meant for the old connection on the new one, before its Hello.
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include <zmq.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "agents/connection.h"
#include "protocol/handover.h"

namespace schakel {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr int kReceiveHwm = 64;
constexpr int kSendHwm = 64;
constexpr int kMessagesATurn = 64;
constexpr std::chrono::seconds kLasted{60};  // A connection that did was a good one.

struct CloseSocket {
  void operator()(void* socket) const { zmq_close(socket); }
};
using Socket = std::unique_ptr<void, CloseSocket>;
struct EndContext {
  void operator()(void* context) const { zmq_ctx_term(context); }
};
using Context = std::unique_ptr<void, EndContext>;

// A counter that poll() can wait for.
class Wake {
 public:
  Wake() : fd_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {}
  ~Wake() {
    if (fd_ >= 0) close(fd_);
  }
  Wake(const Wake&) = delete;
  Wake& operator=(const Wake&) = delete;
  bool ok() const { return fd_ >= 0; }
  int fd() const { return fd_; }
  void Ring() {
    const std::uint64_t one = 1;
    // Full means that it rings already.
    [[maybe_unused]] auto written = write(fd_, &one, sizeof one);
  }
  void Hush() {
    std::uint64_t count = 0;
    [[maybe_unused]] auto got = read(fd_, &count, sizeof count);
  }

 private:
  int fd_;
};

constexpr const char* kRefused = "connection.refused";
constexpr const char* kNotAdmitted =
    "the hub does not let this organisation's key in: it is not approved yet, or suspended, or this is another hub; "
    "ask "
    "its operator";

Error Lost(const char* rule, const char* next) { return {Code::kUnavailable, rule, {}, next}; }

class ZmqConnection : public HubConnection {
 public:
  ZmqConnection(ZmqConnectionOptions options, Random& random, Context context)
      : options_(std::move(options)), random_(random), context_(std::move(context)) {
    keys_.push_back(std::move(options_.client));
  }
  ~ZmqConnection() override { Stop(); }

  bool ok() const { return wake_.ok(); }

  void Start(ConnectionEvents& events) override {
    SCHAKEL_ASSERT(!thread_.joinable());
    thread_ = std::thread([this, &events] { Run(events); });
  }

  void Send(LinkId id, Bytes message) override {
    {
      std::lock_guard lock(mutex_);
      if (id != current_) return;
      outgoing_bytes_ += message.size();
      outgoing_.push_back(std::move(message));
      if (outgoing_bytes_ > options_.send_bytes_max) drop_ = true;
    }
    wake_.Ring();
  }

  void Drop(LinkId id) override {
    {
      std::lock_guard lock(mutex_);
      if (id != current_) return;
      drop_ = true;
    }
    wake_.Ring();
  }

  void UseKeys(std::vector<TransportKey> keys) override {
    SCHAKEL_ASSERT(!keys.empty());
    std::lock_guard lock(mutex_);
    keys_ = std::move(keys);
    key_ = 0;
    hurry_ = drop_;
  }

  void Stop() override {
    stopping_.store(true);
    wake_.Ring();
    if (thread_.joinable()) thread_.join();
  }

 private:
  // One attempt: its sockets.
  struct Attempt {
    Attempt() = default;
    Attempt(const Attempt&) = delete;
    Attempt& operator=(const Attempt&) = delete;
    // The library tells of one end more than once, and its I/O thread waits for ever to tell a monitor that has gone:
    // it has to stop telling before either end is closed.
    ~Attempt() {
      if (socket) zmq_socket_monitor(socket.get(), nullptr, 0);
    }
    Socket monitor;
    Socket socket;
    bool connected = false;
    steady_clock::time_point give_up_at;
  };

  void Run(ConnectionEvents& events) {
    milliseconds backoff = options_.backoff_first;
    while (!stopping_.load()) {
      heard_ = false;
      const auto began = steady_clock::now();
      Error why = Serve(events);
      bool given_up = false;
      bool hurry = false;
      {
        std::lock_guard lock(mutex_);
        hurry = std::exchange(hurry_, false);
        if (why.rule == kRefused) key_ = (key_ + 1) % keys_.size();
        given_up = drop_;
        current_ = 0;
        outgoing_.clear();
        outgoing_bytes_ = 0;
        drop_ = false;
      }
      if (stopping_.load()) return;
      events.OnDisconnected(why);
      if (hurry) continue;
      // A hub that answers, and whose answer we cannot live with, is not asked more often for having answered.
      const bool lasted = steady_clock::now() - began >= kLasted;
      if (heard_ && (lasted || !given_up)) backoff = options_.backoff_first;
      Pause(backoff + milliseconds(Dice(backoff.count() / 2)));
      backoff = std::min(backoff * 2, options_.backoff_max);
    }
  }

  milliseconds::rep Dice(milliseconds::rep below) {
    std::array<std::uint8_t, 4> bytes;
    random_.Fill(bytes);
    std::uint32_t value = 0;
    std::memcpy(&value, bytes.data(), sizeof value);
    return below > 0 ? static_cast<milliseconds::rep>(value % static_cast<std::uint64_t>(below)) : 0;
  }

  void Pause(milliseconds length) {
    const auto until = steady_clock::now() + length;
    while (!stopping_.load()) {
      const auto left = std::chrono::duration_cast<milliseconds>(until - steady_clock::now());
      if (left.count() <= 0) return;
      pollfd item{wake_.fd(), POLLIN, 0};
      poll(&item, 1, static_cast<int>(left.count()) + 1);
      wake_.Hush();
    }
  }

  static bool SetInt(void* socket, int option, milliseconds::rep value) {
    const int number = static_cast<int>(value);
    return zmq_setsockopt(socket, option, &number, sizeof number) == 0;
  }

  TransportKey PresentKey() {
    std::lock_guard lock(mutex_);
    return TransportKey::FromSecret(keys_[key_].secret.view());
  }

  bool Configure(void* socket) {
    const auto size = static_cast<std::int64_t>(options_.message_bytes_max);
    const TransportKey client = PresentKey();
    return SetInt(socket, ZMQ_LINGER, options_.linger.count()) && SetInt(socket, ZMQ_RECONNECT_IVL, -1) &&
           SetInt(socket, ZMQ_IMMEDIATE, 1) && SetInt(socket, ZMQ_IPV6, 1) && SetInt(socket, ZMQ_RCVHWM, kReceiveHwm) &&
           SetInt(socket, ZMQ_SNDHWM, kSendHwm) && SetInt(socket, ZMQ_HANDSHAKE_IVL, options_.handshake.count()) &&
           SetInt(socket, ZMQ_CONNECT_TIMEOUT, options_.handshake.count()) &&
           SetInt(socket, ZMQ_HEARTBEAT_IVL, options_.heartbeat.count()) &&
           SetInt(socket, ZMQ_HEARTBEAT_TIMEOUT, options_.heartbeat.count() * 3) &&
           SetInt(socket, ZMQ_HEARTBEAT_TTL, options_.heartbeat.count() * 3) &&
           zmq_setsockopt(socket, ZMQ_MAXMSGSIZE, &size, sizeof size) == 0 &&
           zmq_setsockopt(socket, ZMQ_CURVE_SERVERKEY, options_.server.value().data(), 32) == 0 &&
           zmq_setsockopt(socket, ZMQ_CURVE_PUBLICKEY, client.public_key.value().data(), 32) == 0 &&
           zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, client.secret.view().data(), 32) == 0;
  }

  std::optional<Error> Connect(Attempt& attempt) {
    attempt.socket.reset(zmq_socket(context_.get(), ZMQ_DEALER));
    attempt.monitor.reset(zmq_socket(context_.get(), ZMQ_PAIR));
    const std::string address = "inproc://hub-connection-" + std::to_string(++attempts_);
    if (!attempt.socket || !attempt.monitor || !Configure(attempt.socket.get()) ||
        !SetInt(attempt.monitor.get(), ZMQ_LINGER, 0) ||
        zmq_socket_monitor(attempt.socket.get(), address.c_str(), ZMQ_EVENT_ALL) != 0 ||
        zmq_connect(attempt.monitor.get(), address.c_str()) != 0) {
      return Error{Code::kInternal, "connection.socket", zmq_strerror(zmq_errno()), {}};
    }
    if (zmq_connect(attempt.socket.get(), options_.endpoint.c_str()) != 0) {
      return Error{Code::kUnavailable, "connection.endpoint", {}, "check the hub's address in the invitation"};
    }
    attempt.give_up_at = steady_clock::now() + options_.handshake * 2;
    return {};
  }

  // Until the connection ends; why it did.
  Error Serve(ConnectionEvents& events) {
    Attempt attempt;
    if (auto failed = Connect(attempt)) return *failed;
    while (!stopping_.load()) {
      if (!attempt.connected && steady_clock::now() >= attempt.give_up_at) {
        return Lost("connection.timeout",
                    "check that the hub runs and that its address is right; it does not answer either while this "
                    "organisation is "
                    "not approved: ask its operator");
      }
      Poll(attempt);
      wake_.Hush();
      if (auto ended = ReadMonitor(attempt, events)) return *ended;
      if (!attempt.connected) continue;
      if (auto ended = SendSome(attempt)) return *ended;
      if (auto ended = ReceiveSome(attempt, events)) return *ended;
    }
    SendSome(attempt);
    return Lost("connection.stopped", "");
  }

  void Poll(const Attempt& attempt) {
    bool wants_out;
    {
      std::lock_guard lock(mutex_);
      wants_out = !outgoing_.empty() || drop_;
    }
    short events = attempt.connected ? ZMQ_POLLIN : 0;
    if (attempt.connected && wants_out) events |= ZMQ_POLLOUT;
    zmq_pollitem_t items[] = {{attempt.socket.get(), 0, events, 0},
                              {attempt.monitor.get(), 0, ZMQ_POLLIN, 0},
                              {nullptr, wake_.fd(), ZMQ_POLLIN, 0}};
    zmq_poll(items, 3, attempt.connected ? -1 : 100);
  }

  // An event is two frames: its number and value; then the address, which tells nothing new.
  static std::optional<std::uint16_t> NextEvent(void* monitor) {
    std::array<std::uint8_t, 6> event{};
    if (zmq_recv(monitor, event.data(), event.size(), ZMQ_DONTWAIT) < 0) return {};
    std::array<char, 256> address;
    zmq_recv(monitor, address.data(), address.size(), 0);
    std::uint16_t number = 0;
    std::memcpy(&number, event.data(), sizeof number);
    return number;
  }

  std::optional<Error> ReadMonitor(Attempt& attempt, ConnectionEvents& events) {
    while (auto event = NextEvent(attempt.monitor.get())) {
      switch (*event) {
        case ZMQ_EVENT_HANDSHAKE_SUCCEEDED:
          attempt.connected = true;
          events.OnConnected(BeginConnection());
          break;
        case ZMQ_EVENT_HANDSHAKE_FAILED_AUTH:
          return Error{Code::kUnauthenticated, kRefused, {}, kNotAdmitted};
        case ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL:
        case ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL:
          return Lost("connection.handshake", "check that the invitation is of this hub");
        case ZMQ_EVENT_DISCONNECTED:
        case ZMQ_EVENT_CLOSED:
          return Lost("connection.closed", "it is tried again by itself");
        default:
          break;
      }
    }
    return {};
  }

  LinkId BeginConnection() {
    std::lock_guard lock(mutex_);
    current_ = ++last_id_;
    return current_;
  }

  std::optional<Error> SendSome(Attempt& attempt) {
    while (true) {
      Bytes message;
      {
        std::lock_guard lock(mutex_);
        if (drop_) return Lost("connection.dropped", "it is tried again by itself");
        if (outgoing_.empty()) return {};
        message = std::move(outgoing_.front());
        outgoing_.pop_front();
      }
      if (zmq_send(attempt.socket.get(), message.data(), message.size(), ZMQ_DONTWAIT) < 0) {
        if (zmq_errno() != EAGAIN) return Lost("connection.send", "it is tried again by itself");
        std::lock_guard lock(mutex_);
        outgoing_.push_front(std::move(message));
        return {};
      }
      std::lock_guard lock(mutex_);
      outgoing_bytes_ -= message.size();
    }
  }

  std::optional<Error> ReceiveSome(Attempt& attempt, ConnectionEvents& events) {
    for (int turn = 0; turn < kMessagesATurn; ++turn) {
      zmq_msg_t message;
      zmq_msg_init(&message);
      if (zmq_msg_recv(&message, attempt.socket.get(), ZMQ_DONTWAIT) < 0) {
        zmq_msg_close(&message);
        return {};
      }
      const bool whole = zmq_msg_more(&message) == 0;
      const auto* data = static_cast<const std::uint8_t*>(zmq_msg_data(&message));
      Bytes bytes;
      {
        const LibraryHandover handover;
        bytes.assign(data, data + zmq_msg_size(&message));
      }
      zmq_msg_close(&message);
      if (!whole) return Lost("connection.parts", "the hub speaks another protocol");
      heard_ = true;
      events.OnMessage(last_id_, std::move(bytes));
      if (stopping_.load()) return {};
    }
    return {};
  }

  ZmqConnectionOptions options_;
  Random& random_;
  Context context_;
  Wake wake_;
  std::thread thread_;
  std::atomic<bool> stopping_{false};

  // Of the thread alone.
  bool heard_ = false;
  std::uint64_t attempts_ = 0;
  LinkId last_id_ = 0;

  std::mutex mutex_;
  LinkId current_ = 0;  // 0: none.
  std::deque<Bytes> outgoing_;
  std::size_t outgoing_bytes_ = 0;
  bool drop_ = false;
  std::vector<TransportKey> keys_;
  std::size_t key_ = 0;  // Which of them is tried.
  bool hurry_ = false;   // The keys changed: no back-off.
};

}  // namespace

Result<std::unique_ptr<HubConnection>> OpenZmqConnection(ZmqConnectionOptions options, Random& random) {
  if (!options.endpoint.starts_with("tcp://") || options.endpoint.size() > 256) {
    return Fail(Code::kInvalid, "connection.endpoint", {}, "give the hub's address as tcp://host:port");
  }
  Context context(zmq_ctx_new());
  if (!context) return Fail(Code::kInternal, "connection.socket");
  auto connection = std::make_unique<ZmqConnection>(std::move(options), random, std::move(context));
  if (!connection->ok()) return Fail(Code::kInternal, "connection.socket");
  return std::unique_ptr<HubConnection>(std::move(connection));
}

}  // namespace schakel
