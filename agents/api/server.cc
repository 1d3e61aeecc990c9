#include <utility>  // Asio 1.74 needs it first.

#include <fmt/format.h>
#include <pwd.h>
#include <spdlog/spdlog.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <boost/asio.hpp>
#include <deque>
#include <list>
#include <mutex>
#include <thread>

#include "agents/api.h"
#include "http.h"

namespace schakel {
namespace {

namespace asio = boost::asio;
using Unix = asio::local::stream_protocol;
using asio::awaitable;
using asio::use_awaitable;

constexpr std::size_t kConnectionsMax = 256;          // Event streams included.
constexpr std::size_t kHandlers = 4;                  // At once; some wait for the hub.
constexpr std::size_t kEventsQueued = 256;            // Per stream; who is slower must look again.
constexpr std::chrono::seconds kRequestDeadline{30};  // From its first byte to the whole request.
constexpr std::chrono::seconds kIdleDeadline{120};
constexpr std::chrono::seconds kHeartbeat{15};
constexpr std::chrono::seconds kDrainDeadline{5};
constexpr std::size_t kDrainBytesMax = 64U << 20;

std::string_view Name(Engine::Change::What what) {
  switch (what) {
    case Engine::Change::What::kRecord:
      return "record";
    case Engine::Change::What::kOutcome:
      return "outcome";
    case Engine::Change::What::kWithheld:
      return "withheld";
    case Engine::Change::What::kConnection:
      return "connection";
    case Engine::Change::What::kDistrust:
      return "distrust";
    case Engine::Change::What::kAlarm:
      return "alarm";
    case Engine::Change::What::kSealed:
      return "sealed";
    case Engine::Change::What::kErased:
      return "erased";
    default:
      return "other";
  }
}

// Ids alone: what a record says is shown by reading it, which is logged.
std::string EventBytes(const Engine::Change& change) {
  return fmt::format("event: {0}\ndata: {{\"what\":\"{0}\",\"record\":{1},\"trajectory\":{2}}}\n\n", Name(change.what),
                     IsNone(change.record) ? "null" : "\"" + ToText(change.record) + "\"",
                     IsNone(change.trajectory) ? "null" : "\"" + ToText(change.trajectory) + "\"");
}

// The user name at the other end; empty if it has none.
std::string PeerOf(int socket) {
  ucred credentials{};
  socklen_t size = sizeof credentials;
  if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0) return {};
  passwd entry{};
  passwd* found = nullptr;
  std::array<char, 4096> buffer{};
  if (getpwuid_r(credentials.uid, &entry, buffer.data(), buffer.size(), &found) != 0 || found == nullptr) {
    return "uid-" + std::to_string(credentials.uid);
  }
  return found->pw_name;
}

// One client. Lives on the server's thread; a deadline that passes closes the socket under whatever waits on it.
struct Connection : std::enable_shared_from_this<Connection> {
  explicit Connection(Unix::socket socket_in)
      : socket(std::move(socket_in)), deadline(socket.get_executor()), wake(socket.get_executor()) {}

  void Expire(std::chrono::seconds after) {
    deadline.expires_after(after);
    deadline.async_wait([weak = weak_from_this()](const boost::system::error_code& error) {
      auto self = weak.lock();
      if (!error && self) self->Close();
    });
  }
  void Close() {
    boost::system::error_code ignored;
    socket.close(ignored);
    wake.cancel();
  }

  Unix::socket socket;
  asio::steady_timer deadline;
  // Between requests.
  bool idle = true;
  std::chrono::steady_clock::time_point idle_since = std::chrono::steady_clock::now();
  // An event stream: what waits to be written, and what wakes the writer.
  asio::steady_timer wake;
  bool events = false;
  bool lost = false;
  TrajectoryId trajectory;
  std::deque<std::string> queue;
};

class Server final : public ApiServer {
 public:
  Server(Engine& engine, std::unique_ptr<Api> api, std::filesystem::path path, int listening)
      : api_(std::move(api)), path_(std::move(path)), acceptor_(io_, Unix(), listening), pool_(kHandlers) {
    gate_->server = this;
    subscription_ = engine.OnChange([gate = gate_](const Engine::Change& change) {
      // From the engine's thread: only pass it on. A call may still be under way when the handle goes.
      std::lock_guard lock(gate->mutex);
      if (gate->server == nullptr) return;
      asio::post(gate->server->io_, [server = gate->server, change] { server->Broadcast(change); });
    });
    asio::co_spawn(io_, Accept(), asio::detached);
    thread_ = std::thread([this] { io_.run(); });
  }

  ~Server() override {
    {
      std::lock_guard lock(gate_->mutex);
      gate_->server = nullptr;
    }
    subscription_.reset();
    io_.stop();
    thread_.join();
    // Handlers point to their requests, which live as long as `io_`. None waits longer than its caller's patience.
    pool_.join();
    ::unlink(path_.c_str());
  }

 private:
  awaitable<void> Accept() {
    while (acceptor_.is_open()) {
      boost::system::error_code error;
      Unix::socket socket = co_await acceptor_.async_accept(asio::redirect_error(use_awaitable, error));
      if (error == asio::error::operation_aborted) co_return;
      if (error) {
        // Out of descriptors: others will be freed; do not spin meanwhile.
        asio::steady_timer pause(io_, std::chrono::milliseconds(100));
        co_await pause.async_wait(asio::redirect_error(use_awaitable, error));
        continue;
      }
      if (connections_.size() >= kConnectionsMax && !DropIdle()) continue;  // Closed at once, by its destructor.
      auto connection = std::make_shared<Connection>(std::move(socket));
      connections_.push_back(connection);
      asio::co_spawn(io_, Serve(connection), [this, connection](const std::exception_ptr&) {
        connection->Close();
        connections_.remove(connection);
      });
    }
  }

  // The one that has said nothing for longest makes room for who asks now. False: all are at work.
  bool DropIdle() {
    Connection* longest = nullptr;
    for (const auto& connection : connections_) {
      if (!connection->idle || !connection->socket.is_open()) continue;
      if (longest == nullptr || connection->idle_since < longest->idle_since) longest = connection.get();
    }
    if (longest != nullptr) longest->Close();
    return longest != nullptr;
  }

  awaitable<void> Serve(std::shared_ptr<Connection> connection) {
    RequestReader reader;
    std::string bytes;
    const std::string peer = PeerOf(connection->socket.native_handle());
    for (bool alive = true; alive;) {
      connection->Expire(bytes.empty() ? kIdleDeadline : kRequestDeadline);
      const bool whole = co_await ReadRequest(*connection, reader, bytes);
      if (!whole) co_return;
      connection->deadline.cancel();
      ApiRequest request = reader.Take();
      request.peer = peer;
      const ApiResponse response = co_await Handle(request);
      alive = reader.keeps_alive() && !response.events;
      connection->Expire(kRequestDeadline);
      if (!co_await Write(*connection, ResponseBytes(response, alive))) co_return;
      connection->idle = bytes.empty() && !response.events;
      connection->idle_since = std::chrono::steady_clock::now();
      if (response.events) co_await Stream(*connection, response.trajectory);
    }
  }

  // On the pool, where waiting hurts nobody.
  awaitable<ApiResponse> Handle(const ApiRequest& request) {
    return asio::co_spawn(
        pool_, [this, &request]() -> awaitable<ApiResponse> { co_return api_->Handle(request); }, use_awaitable);
  }

  awaitable<bool> ReadRequest(Connection& connection, RequestReader& reader, std::string& bytes) {
    std::array<char, 16384> chunk;
    bool begun = !bytes.empty();
    for (;;) {
      const RequestReader::State state = reader.Feed(bytes);
      if (state == RequestReader::State::kWhole) co_return true;
      if (state == RequestReader::State::kBroken) {
        CountRefused(reader.problem());
        co_await Write(connection, ResponseBytes(BrokenResponse(reader.problem(), reader.status()), false));
        co_await Drain(connection);
        co_return false;
      }
      if (reader.wants_continue() && !co_await Write(connection, "HTTP/1.1 100 Continue\r\n\r\n")) co_return false;
      boost::system::error_code error;
      const std::size_t size =
          co_await connection.socket.async_read_some(asio::buffer(chunk), asio::redirect_error(use_awaitable, error));
      if (error) co_return false;
      if (!begun) connection.Expire(kRequestDeadline);  // From here on it has to come to an end.
      begun = true;
      connection.idle = false;
      bytes.append(chunk.data(), size);
    }
  }

  // At most one line a second, with the number since the last; of what was sent, nothing.
  void CountRefused(const Error& why) {
    ++refused_;
    const auto now = std::chrono::steady_clock::now();
    if (refused_at_ && now - *refused_at_ < std::chrono::seconds(1)) return;
    spdlog::warn(R"("event":"api.refused","reason":"{}","count":{})", why.rule, refused_);
    refused_ = 0;
    refused_at_ = now;
  }

  // Who still sends does not read yet: closing now would throw away the answer with what was not taken.
  static awaitable<void> Drain(Connection& connection) {
    boost::system::error_code error;
    connection.socket.shutdown(Unix::socket::shutdown_send, error);
    connection.Expire(kDrainDeadline);
    std::array<char, 16384> chunk;
    for (std::size_t drained = 0; !error && drained < kDrainBytesMax;) {
      drained +=
          co_await connection.socket.async_read_some(asio::buffer(chunk), asio::redirect_error(use_awaitable, error));
    }
  }

  static awaitable<bool> Write(Connection& connection, std::string bytes) {
    boost::system::error_code error;
    co_await asio::async_write(connection.socket, asio::buffer(bytes), asio::redirect_error(use_awaitable, error));
    co_return !error;
  }

  awaitable<void> Stream(Connection& connection, TrajectoryId trajectory) {
    connection.deadline.cancel();
    connection.trajectory = trajectory;
    connection.events = true;
    if (!co_await Write(connection, "retry: 2000\n: open\n\n")) co_return;
    while (connection.socket.is_open()) {
      if (connection.queue.empty()) {
        if (connection.lost) {
          co_await Write(connection, "event: lost\ndata: {\"what\":\"lost\"}\n\n");
          co_return;
        }
        connection.wake.expires_after(kHeartbeat);
        boost::system::error_code error;
        co_await connection.wake.async_wait(asio::redirect_error(use_awaitable, error));
        if (!error && !co_await Write(connection, ": here\n\n")) co_return;
        continue;
      }
      std::string bytes = std::move(connection.queue.front());
      connection.queue.pop_front();
      connection.Expire(kRequestDeadline);  // Who does not take it in time is gone.
      const bool written = co_await Write(connection, std::move(bytes));
      connection.deadline.cancel();
      if (!written) co_return;
    }
  }

  void Broadcast(const Engine::Change& change) {
    const std::string bytes = EventBytes(change);
    for (const auto& connection : connections_) {
      const bool concerned = IsNone(connection->trajectory) || connection->trajectory == change.trajectory;
      if (!connection->events || connection->lost || !concerned) continue;
      if (connection->queue.size() >= kEventsQueued) {
        connection->lost = true;
      } else {
        connection->queue.push_back(bytes);
      }
      connection->wake.cancel();
    }
  }

  std::unique_ptr<Api> api_;
  const std::filesystem::path path_;
  asio::io_context io_{1};
  Unix::acceptor acceptor_;
  asio::thread_pool pool_;
  std::list<std::shared_ptr<Connection>> connections_;  // The server's thread alone.
  std::uint64_t refused_ = 0;                           // Likewise: requests since the last line in the log.
  std::optional<std::chrono::steady_clock::time_point> refused_at_;
  struct Gate {
    std::mutex mutex;
    Server* server = nullptr;
  };
  const std::shared_ptr<Gate> gate_ = std::make_shared<Gate>();
  Engine::Subscription subscription_;
  std::thread thread_;
};

std::unexpected<Error> SocketFails(const std::filesystem::path& path, Code code, const char* next) {
  return Fail(code, "api.socket", path.string(), next);
}

// Binds with mode 0600 from the first instant: Linux takes the mode of the socket's own inode.
Result<int> Listen(const std::filesystem::path& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string text = path.string();
  if (text.empty() || text.size() >= sizeof address.sun_path) {
    return SocketFails(path, Code::kInvalid, "choose a path of 1 to 107 bytes");
  }
  text.copy(address.sun_path, text.size());
  const auto* generic = reinterpret_cast<const sockaddr*>(&address);
  struct stat status{};
  if (::lstat(text.c_str(), &status) == 0) {
    if (!S_ISSOCK(status.st_mode)) return SocketFails(path, Code::kConflict, "something else has that name");
    const int probe = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const bool answered = probe >= 0 && ::connect(probe, generic, sizeof address) == 0;
    if (probe >= 0) ::close(probe);
    if (answered) return SocketFails(path, Code::kConflict, "another agent answers there; stop it first");
    ::unlink(text.c_str());
  }
  const int listening = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  const bool bound = listening >= 0 && ::fchmod(listening, 0600) == 0 &&
                     ::bind(listening, generic, sizeof address) == 0 && ::listen(listening, SOMAXCONN) == 0;
  if (bound) return listening;
  if (listening >= 0) ::close(listening);
  return SocketFails(path, Code::kUnavailable, "check that the directory exists and may be written");
}

}  // namespace

Result<std::unique_ptr<ApiServer>> StartApi(Engine& engine, const ApiOptions& options, Clock& clock, Random& random) {
  SCHAKEL_ASSIGN(auto api, Api::Open(engine, options.profiles, clock, random));
  SCHAKEL_ASSIGN(const int listening, Listen(options.socket));
  try {
    return std::unique_ptr<ApiServer>(std::make_unique<Server>(engine, std::move(api), options.socket, listening));
  } catch (const std::exception&) {
    return SocketFails(options.socket, Code::kUnavailable, "free memory or descriptors, then try again");
  }
}

}  // namespace schakel
