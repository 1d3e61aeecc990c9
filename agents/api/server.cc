#include <utility>  // Asio 1.74 needs it first.

#include <fmt/format.h>
#include <pwd.h>
#include <spdlog/spdlog.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/asio.hpp>
#include <boost/asio/ssl/context.hpp>
#include <deque>
#include <list>
#include <map>
#include <mutex>
#include <thread>

#include "agents/api.h"
#include "event_log.h"
#include "http.h"
#include "listen.h"
#include "refused.h"
#include "wire.h"

namespace schakel {
namespace {

namespace asio = boost::asio;
using Unix = asio::local::stream_protocol;
using Tcp = asio::ip::tcp;
using asio::awaitable;
using asio::use_awaitable;
using std::chrono::seconds;

constexpr std::size_t kLocalConnectionsMax = 256;  // Event streams included.
constexpr std::size_t kHandlers = 4;               // At once.
constexpr std::size_t kWaiters = 32;               // At once: those who wait for the hub.
constexpr std::size_t kHashers = 2;                // At once: what costs a core and 64 MiB.
constexpr std::size_t kHashersWaiting = 64;
constexpr std::size_t kEventsQueued = 256;  // Per stream; who is slower must look again.
constexpr seconds kWriteDeadline{30};
constexpr seconds kIdleDeadline{120};
constexpr seconds kHeartbeat{15};
constexpr seconds kDrainDeadline{5};
constexpr seconds kFinishDeadline{2};
constexpr std::size_t kDrainBytesMax = 64U << 20;

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
  Connection(std::unique_ptr<Wire> wire_in, std::string peer_in, const asio::any_io_executor& executor)
      : wire(std::move(wire_in)), peer(std::move(peer_in)), deadline(executor), wake(executor) {}

  void Expire(seconds after) {
    deadline.expires_after(after);
    deadline.async_wait([weak = weak_from_this()](const boost::system::error_code& error) {
      auto self = weak.lock();
      if (!error && self) self->Close();
    });
  }
  void Close() {
    wire->Close();
    wake.cancel();
  }
  bool local() const { return wire->door() == ApiDoor::kSocket; }

  const std::unique_ptr<Wire> wire;
  const std::string peer;
  asio::steady_timer deadline;
  // Between requests.
  bool idle = true;
  std::chrono::steady_clock::time_point idle_since = std::chrono::steady_clock::now();
  // An event stream: what waits to be written, and what wakes the writer.
  asio::steady_timer wake;
  std::optional<ApiResponse::Events> events;
  bool lost = false;
  std::deque<std::string> queue;
};

// What a server stands behind.
struct Sockets {
  int local = -1;
  std::optional<NetworkListener> network;
  std::shared_ptr<asio::ssl::context> tls;  // None: plain.
};

class Server final : public ApiServer {
 public:
  Server(Engine& engine, std::unique_ptr<Api> api, const ApiOptions& options, const Sockets& sockets, Random& random)
      : api_(std::move(api)),
        options_(options),
        local_(io_, Unix(), sockets.local),
        network_(io_),
        tls_(sockets.tls),
        pool_(kHandlers),
        waiters_(kWaiters),
        hashers_(kHashers),
        log_(EpochOf(random)) {
    if (sockets.network) {
      network_.assign(sockets.network->ip6 ? Tcp::v6() : Tcp::v4(), sockets.network->socket);
      port_ = sockets.network->port;
    }
    gate_->server = this;
    // From the threads of others: only pass it on. A call may still be under way when the handle goes.
    subscription_ = engine.OnChange([gate = gate_](const Engine::Change& change) {
      gate->Post([change](Server& server) { server.Broadcast(change); });
    });
    api_->OnEnded([gate = gate_](const std::vector<Id128>& passes) {
      gate->Post([passes](Server& server) { server.Cut(passes); });
    });
    asio::co_spawn(io_, AcceptLocal(), asio::detached);
    if (sockets.network) asio::co_spawn(io_, AcceptNetwork(), asio::detached);
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
    for (const auto& [rule, count] : refused_.Left()) LogRefused(rule, count);
    // Handlers point to their requests, which live as long as `io_`. None waits longer than its caller's patience.
    pool_.join();
    waiters_.join();
    hashers_.join();
    ::unlink(options_.socket.c_str());
  }

  Status ReloadCertificate() override {
    if (!options_.edge || options_.edge->plain) return {};
    SCHAKEL_ASSIGN(auto context, MakeTlsContext(*options_.edge));
    std::lock_guard lock(tls_mutex_);
    tls_ = std::move(context);
    return {};
  }
  std::uint16_t port() const override { return port_; }

 private:
  static std::string EpochOf(Random& random) { return ToHex(ByteView(random.Draw<Id128>()).first(4)); }

  awaitable<void> AcceptLocal() {
    while (local_.is_open()) {
      boost::system::error_code error;
      Unix::socket socket = co_await local_.async_accept(asio::redirect_error(use_awaitable, error));
      if (error == asio::error::operation_aborted) co_return;
      if (error) {
        co_await Breathe();
        continue;
      }
      if (CountOf(true) >= kLocalConnectionsMax && !DropIdle(true)) continue;  // Closed at once, by its destructor.
      std::string peer = PeerOf(socket.native_handle());
      Take(MakeWire(std::move(socket)), std::move(peer));
    }
  }

  awaitable<void> AcceptNetwork() {
    while (network_.is_open()) {
      boost::system::error_code error;
      Tcp::socket socket = co_await network_.async_accept(asio::redirect_error(use_awaitable, error));
      if (error == asio::error::operation_aborted) co_return;
      if (error) {
        co_await Breathe();
        continue;
      }
      const auto remote = socket.remote_endpoint(error);
      if (error) continue;  // Gone already.
      std::string peer = remote.address().to_string();
      const auto from_there = by_address_.find(peer);
      if (from_there != by_address_.end() && from_there->second >= options_.edge->connections_per_address_max) continue;
      if (CountOf(false) >= options_.edge->connections_max && !DropIdle(false)) continue;
      socket.set_option(Tcp::no_delay(true), error);
      std::lock_guard lock(tls_mutex_);
      Take(tls_ ? MakeWire(std::move(socket), tls_) : MakeWire(std::move(socket)), std::move(peer));
    }
  }

  // Out of descriptors: others will be freed; do not spin meanwhile.
  awaitable<void> Breathe() {
    boost::system::error_code ignored;
    asio::steady_timer pause(io_, std::chrono::milliseconds(100));
    co_await pause.async_wait(asio::redirect_error(use_awaitable, ignored));
  }

  void Take(std::unique_ptr<Wire> wire, std::string peer) {
    auto connection = std::make_shared<Connection>(std::move(wire), std::move(peer), io_.get_executor());
    connections_.push_back(connection);
    const auto place = std::prev(connections_.end());
    if (connection->local()) {
      ++local_count_;
    } else {
      ++by_address_[connection->peer];
    }
    asio::co_spawn(io_, Serve(connection), [this, connection, place](const std::exception_ptr&) {
      connection->Close();
      connections_.erase(place);
      if (connection->local()) {
        --local_count_;
        return;
      }
      auto found = by_address_.find(connection->peer);
      if (--found->second == 0) by_address_.erase(found);
    });
  }
  std::size_t CountOf(bool local) const { return local ? local_count_ : connections_.size() - local_count_; }

  // The one that has said nothing for longest makes room for who asks now. False: all are at work.
  bool DropIdle(bool local) {
    Connection* longest = nullptr;
    for (const auto& connection : connections_) {
      if (!connection->idle || connection->local() != local || !connection->wire->open()) continue;
      if (longest == nullptr || connection->idle_since < longest->idle_since) longest = connection.get();
    }
    if (longest != nullptr) longest->Close();
    return longest != nullptr;
  }

  awaitable<void> Serve(std::shared_ptr<Connection> connection) {
    connection->Expire(handshake_deadline_);
    if (!co_await connection->wire->Open()) co_return;
    RequestReader reader;
    std::string bytes;
    bool first = !connection->local();
    for (bool alive = true; alive;) {
      // Over the network nobody connects to say nothing.
      connection->Expire(!bytes.empty() ? request_deadline_ : first ? handshake_deadline_ : kIdleDeadline);
      first = false;
      const bool whole = co_await ReadRequest(*connection, reader, bytes);
      if (!whole) co_return;
      connection->deadline.cancel();
      ApiRequest request = reader.Take();
      request.peer = connection->peer;
      request.door = connection->wire->door();
      const ApiResponse response = co_await Handle(request);
      // No program of ours sends such a thing: whoever tries a door is to be seen.
      if (response.rule.starts_with("request.")) CountRefused(response.rule);
      alive = reader.keeps_alive() && !response.events;
      connection->Expire(kWriteDeadline);
      if (!co_await Write(*connection, ResponseBytes(response, alive))) co_return;
      if (response.parts && !co_await WriteParts(*connection, *response.parts)) co_return;
      connection->idle = bytes.empty() && !response.events;
      connection->idle_since = std::chrono::steady_clock::now();
      if (response.events) co_await Stream(*connection, *response.events);
    }
    connection->Expire(kFinishDeadline);
    co_await connection->wire->Finish();
  }

  // On a pool, where waiting hurts nobody.
  awaitable<ApiResponse> Handle(const ApiRequest& request) {
    const ApiLane lane = api_->LaneOf(request);
    return lane == ApiLane::kHashes ? Hash(request) : On(lane == ApiLane::kWaits ? waiters_ : pool_, request);
  }
  awaitable<ApiResponse> On(asio::thread_pool& pool, const ApiRequest& request) {
    return asio::co_spawn(
        pool, [this, &request]() -> awaitable<ApiResponse> { co_return api_->Handle(request); }, use_awaitable);
  }
  awaitable<ApiResponse> Hash(const ApiRequest& request) {
    if (hashing_ >= kHashers + kHashersWaiting) {
      const Error busy{Code::kLimit, "login.busy", {}, "try again in a few seconds"};
      ApiResponse response = BrokenResponse(busy, 503, request.door, LanguageOf(request));
      response.headers["Retry-After"] = "5";
      co_return response;
    }
    ++hashing_;
    ApiResponse response = co_await On(hashers_, request);
    --hashing_;
    co_return response;
  }

  awaitable<bool> ReadRequest(Connection& connection, RequestReader& reader, std::string& bytes) {
    std::array<char, 16384> chunk;
    bool begun = !bytes.empty();
    for (;;) {
      const RequestReader::State state = reader.Feed(bytes);
      if (state == RequestReader::State::kWhole) co_return true;
      if (state == RequestReader::State::kBroken) {
        CountRefused(reader.problem().rule);
        const ApiResponse broken =
            BrokenResponse(reader.problem(), reader.status(), connection.wire->door(), reader.language());
        co_await Write(connection, ResponseBytes(broken, false));
        co_await Drain(connection);
        co_return false;
      }
      if (reader.wants_continue() && !co_await Write(connection, "HTTP/1.1 100 Continue\r\n\r\n")) co_return false;
      const std::size_t size = co_await connection.wire->Read(asio::buffer(chunk));
      if (size == 0) co_return false;
      if (!begun) connection.Expire(request_deadline_);  // From here on it has to come to an end.
      begun = true;
      connection.idle = false;
      bytes.append(chunk.data(), size);
    }
  }

  static void LogRefused(const std::string& rule, std::uint64_t count) {
    spdlog::warn(R"("event":"api.refused","reason":"{}","count":{})", rule, count);
  }
  // Of what was sent, nothing.
  void CountRefused(const std::string& rule) {
    if (const auto count = refused_.Count(rule, std::chrono::steady_clock::now())) {
      LogRefused(rule, *count);
    } else if (!std::exchange(telling_refused_, true)) {
      asio::co_spawn(io_, TellRefused(), asio::detached);
    }
  }
  awaitable<void> TellRefused() {
    asio::steady_timer pause(io_);
    while (refused_.waiting()) {
      boost::system::error_code ignored;
      pause.expires_after(Refused::kInterval);
      co_await pause.async_wait(asio::redirect_error(use_awaitable, ignored));
      for (const auto& [rule, count] : refused_.Due(std::chrono::steady_clock::now())) LogRefused(rule, count);
    }
    telling_refused_ = false;
  }

  // Who still sends does not read yet: closing now would throw away the answer with what was not taken.
  static awaitable<void> Drain(Connection& connection) {
    connection.wire->EndSending();
    connection.Expire(kDrainDeadline);
    std::array<char, 16384> chunk;
    for (std::size_t drained = 0; drained < kDrainBytesMax;) {
      const std::size_t size = co_await connection.wire->Read(asio::buffer(chunk));
      if (size == 0) co_return;
      drained += size;
    }
  }

  static awaitable<bool> Write(Connection& connection, std::string bytes) {
    co_return co_await connection.wire->Write(bytes);
  }

  // One part in memory at a time: who takes them slowly waits for nobody but themselves. False: cut off.
  awaitable<bool> WriteParts(Connection& connection, const ApiResponse::Parts& parts) {
    for (std::uint64_t left = parts.length; left > 0;) {
      connection.deadline.cancel();
      const Result<std::string> part = co_await asio::co_spawn(
          waiters_, [&parts]() -> awaitable<Result<std::string>> { co_return parts.next(); }, use_awaitable);
      if (!part || part->empty() || part->size() > left) co_return false;
      left -= part->size();
      connection.Expire(kWriteDeadline);
      if (!co_await Write(connection, *part)) co_return false;
    }
    co_return true;
  }

  awaitable<void> Stream(Connection& connection, const ApiResponse::Events& events) {
    connection.deadline.cancel();
    connection.events = events;
    // It may have ended between the answer and now, when nobody knew of this stream yet.
    if (!api_->MayListen(events.pass)) co_return;
    if (!co_await Write(connection, "retry: 2000\n: open\n\n")) co_return;
    if (!events.after.empty()) CatchUp(connection);
    while (connection.wire->open()) {
      if (connection.queue.empty()) {
        if (connection.lost) {
          co_await Write(connection, "event: lost\ndata: {\"what\":\"lost\"}\n\n");
          co_return;
        }
        connection.wake.expires_after(kHeartbeat);
        boost::system::error_code error;
        co_await connection.wake.async_wait(asio::redirect_error(use_awaitable, error));
        if (error) continue;
        // Passes also end by themselves.
        if (!api_->MayListen(events.pass)) co_return;
        connection.Expire(kWriteDeadline);
        if (!co_await Write(connection, ": here\n\n")) co_return;
        connection.deadline.cancel();
        continue;
      }
      std::string bytes = std::move(connection.queue.front());
      connection.queue.pop_front();
      connection.Expire(kWriteDeadline);  // Who does not take it in time is gone.
      const bool written = co_await Write(connection, std::move(bytes));
      connection.deadline.cancel();
      if (!written) co_return;
    }
  }

  void CatchUp(Connection& connection) {
    const auto missed = log_.After(connection.events->after);
    if (!missed) {
      connection.queue.push_front("event: lost\ndata: {\"what\":\"lost\"}\n\n");
      return;
    }
    // What came while we wrote stands in the queue already, and among those missed.
    connection.queue.clear();
    for (const EventLog::Event* event : *missed) {
      if (EventLog::Concerns(*connection.events, event->change)) connection.queue.push_back(event->bytes);
    }
  }

  void Broadcast(const Engine::Change& change) {
    const EventLog::Event& event = log_.Add(change);
    for (const auto& connection : connections_) {
      if (!connection->events || connection->lost || !EventLog::Concerns(*connection->events, change)) continue;
      if (connection->queue.size() >= kEventsQueued) {
        connection->lost = true;
      } else {
        connection->queue.push_back(event.bytes);
      }
      connection->wake.cancel();
    }
  }

  void Cut(const std::vector<Id128>& passes) {
    for (const auto& connection : connections_) {
      if (!connection->events || connection->events->pass == Id128{}) continue;
      if (std::ranges::find(passes, connection->events->pass) != passes.end()) connection->Close();
    }
  }

  std::unique_ptr<Api> api_;
  const ApiOptions options_;
  const seconds handshake_deadline_ = options_.edge.value_or(EdgeOptions{}).handshake_deadline;
  const seconds request_deadline_ = options_.edge.value_or(EdgeOptions{}).request_deadline;
  asio::io_context io_{1};
  Unix::acceptor local_;
  Tcp::acceptor network_;
  std::uint16_t port_ = 0;
  std::mutex tls_mutex_;
  std::shared_ptr<asio::ssl::context> tls_;  // For the connections to come.
  asio::thread_pool pool_;
  asio::thread_pool waiters_;
  asio::thread_pool hashers_;
  // The server's thread alone.
  std::list<std::shared_ptr<Connection>> connections_;
  std::size_t local_count_ = 0;
  std::map<std::string, std::size_t> by_address_;
  std::size_t hashing_ = 0;
  EventLog log_;
  Refused refused_;
  bool telling_refused_ = false;
  struct Gate {
    std::mutex mutex;
    Server* server = nullptr;

    template <typename Act>
    void Post(Act act) {
      std::lock_guard lock(mutex);
      if (server != nullptr) asio::post(server->io_, [to = server, act = std::move(act)] { act(*to); });
    }
  };
  const std::shared_ptr<Gate> gate_ = std::make_shared<Gate>();
  Engine::Subscription subscription_;
  std::thread thread_;
};

}  // namespace

Result<std::unique_ptr<ApiServer>> StartApi(Engine& engine, const ApiOptions& options, Clock& clock, Random& random) {
  Sockets sockets;
  if (options.edge) {
    SCHAKEL_TRY(CheckEdge(*options.edge));
    if (!options.edge->plain) {
      SCHAKEL_ASSIGN(sockets.tls, MakeTlsContext(*options.edge));
    }
  }
  SCHAKEL_ASSIGN(auto api, Api::Open(engine, options, clock, random));
  SCHAKEL_ASSIGN(sockets.local, ListenAtSocket(options.socket));
  if (options.edge) {
    auto network = ListenAtAddress(*options.edge);
    if (!network) {
      ::close(sockets.local);
      ::unlink(options.socket.c_str());
      return std::unexpected(network.error());
    }
    sockets.network = *network;
  }
  try {
    return std::unique_ptr<ApiServer>(std::make_unique<Server>(engine, std::move(api), options, sockets, random));
  } catch (const std::exception&) {
    return Fail(Code::kUnavailable, "api.socket", options.socket.string(),
                "free memory or descriptors, then try again");
  }
}

}  // namespace schakel
