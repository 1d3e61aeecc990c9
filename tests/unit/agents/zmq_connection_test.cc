// The connection over real sockets, against a bare ROUTER.
#include <gtest/gtest.h>
#include <zmq.h>

#include <array>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "agents/connection.h"
#include "protocol/crypto.h"

namespace schakel::testing {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr auto kPatience = seconds(20);

// Remembers what it hears, for a test that waits.
class Listener : public ConnectionEvents {
 public:
  void OnConnected(LinkId id) override { Add({"connected", id, {}}); }
  void OnMessage(LinkId id, Bytes message) override { Add({"message", id, std::string(AsText(message))}); }
  void OnDisconnected(const Error& why) override { Add({"disconnected", 0, why.rule}); }

  struct Event {
    std::string what;
    LinkId id = 0;
    std::string detail;
  };
  // The next event of that kind; others before it are passed over.
  Event Next(const std::string& what) {
    std::unique_lock lock(mutex_);
    while (true) {
      if (!arrived_.wait_for(lock, kPatience, [&] { return !events_.empty(); })) return {"nothing came", 0, {}};
      Event event = std::move(events_.front());
      events_.pop_front();
      if (event.what == what) return event;
    }
  }

 private:
  void Add(Event event) {
    std::lock_guard lock(mutex_);
    events_.push_back(std::move(event));
    arrived_.notify_one();
  }
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<Event> events_;
};

class Router {
 public:
  enum class Door : std::uint8_t { kOpen, kShut };  // Shut: every key is refused (RFC 27).

  explicit Router(const TransportKey& key, int port = 0, Door door = Door::kOpen) : context_(zmq_ctx_new()) {
    if (door == Door::kShut) {
      void* zap = zmq_socket(context_, ZMQ_REP);
      EXPECT_EQ(zmq_bind(zap, "inproc://zeromq.zap.01"), 0);
      door_ = std::thread([zap] { RefuseAll(zap); });
    }
    socket_ = zmq_socket(context_, ZMQ_ROUTER);
    const int yes = 1, none = 0, patience = 20'000;
    zmq_setsockopt(socket_, ZMQ_CURVE_SERVER, &yes, sizeof yes);
    zmq_setsockopt(socket_, ZMQ_CURVE_SECRETKEY, key.secret.view().data(), 32);
    zmq_setsockopt(socket_, ZMQ_ZAP_DOMAIN, "test", 4);
    zmq_setsockopt(socket_, ZMQ_LINGER, &none, sizeof none);
    zmq_setsockopt(socket_, ZMQ_RCVTIMEO, &patience, sizeof patience);
    const std::string address = "tcp://127.0.0.1:" + (port == 0 ? "*" : std::to_string(port));
    EXPECT_EQ(zmq_bind(socket_, address.c_str()), 0);
    char bound[128];
    std::size_t size = sizeof bound;
    EXPECT_EQ(zmq_getsockopt(socket_, ZMQ_LAST_ENDPOINT, bound, &size), 0);
    endpoint_ = bound;
  }
  ~Router() {
    zmq_close(socket_);
    zmq_ctx_shutdown(context_);
    if (door_.joinable()) door_.join();
    zmq_ctx_term(context_);
  }
  const std::string& endpoint() const { return endpoint_; }
  int port() const { return std::stoi(endpoint_.substr(endpoint_.rfind(':') + 1)); }

  // The next message and who sent it.
  std::pair<Bytes, std::string> Receive() {
    Bytes from(64);
    const int from_size = zmq_recv(socket_, from.data(), from.size(), 0);
    if (from_size < 0) return {};
    from.resize(static_cast<std::size_t>(from_size));
    std::string text(1U << 16, 0);
    const int size = zmq_recv(socket_, text.data(), text.size(), 0);
    text.resize(static_cast<std::size_t>(std::max(size, 0)));
    return {from, text};
  }
  void Send(const Bytes& to, std::string_view text) {
    zmq_send(socket_, to.data(), to.size(), ZMQ_SNDMORE);
    zmq_send(socket_, text.data(), text.size(), 0);
  }

 private:
  static void RefuseAll(void* zap) {
    std::array<char, 256> frame;
    std::string request;
    for (int part = 0;; ++part) {
      const int size = zmq_recv(zap, frame.data(), frame.size(), 0);
      if (size < 0) break;
      if (part == 1) request.assign(frame.data(), static_cast<std::size_t>(size));
      int more = 0;
      std::size_t more_size = sizeof more;
      zmq_getsockopt(zap, ZMQ_RCVMORE, &more, &more_size);
      if (more != 0) continue;
      const std::string reply[] = {"1.0", request, "400", "unknown key", "", ""};
      for (std::size_t i = 0; i < std::size(reply); ++i)
        zmq_send(zap, reply[i].data(), reply[i].size(), i + 1 < std::size(reply) ? ZMQ_SNDMORE : 0);
      part = -1;
    }
    zmq_close(zap);
  }

  void* context_;
  void* socket_;
  std::thread door_;
  std::string endpoint_;
};

class ZmqConnectionTest : public ::testing::Test {
 protected:
  ZmqConnectionTest() { InitCrypto(); }
  std::unique_ptr<HubConnection> Connect(const std::string& endpoint, const TransportPublicKey& server) {
    ZmqConnectionOptions options;
    options.endpoint = endpoint;
    options.server = server;
    options.client = TransportKey::Generate();
    options.message_bytes_max = 1000;
    options.handshake = milliseconds(1000);
    options.backoff_first = milliseconds(10);
    options.backoff_max = milliseconds(50);
    auto connection = OpenZmqConnection(std::move(options));
    EXPECT_TRUE(connection.has_value());
    return std::move(*connection);
  }
  TransportKey key = TransportKey::Generate();
  Listener listener;
};

TEST_F(ZmqConnectionTest, CarriesWholeMessagesBothWays) {
  Router router(key);
  auto connection = Connect(router.endpoint(), key.public_key);
  connection->Start(listener);
  const LinkId id = listener.Next("connected").id;
  connection->Send(id, ToBytes(AsBytes("hello")));
  auto [from, text] = router.Receive();
  EXPECT_EQ(text, "hello");
  router.Send(from, "welcome");
  EXPECT_EQ(listener.Next("message").detail, "welcome");
}

TEST_F(ZmqConnectionTest, NeverConnectsToAHubWithAnotherKey) {
  Router router(TransportKey::Generate());
  auto connection = Connect(router.endpoint(), key.public_key);
  connection->Start(listener);
  EXPECT_EQ(listener.Next("disconnected").what, "disconnected");
  EXPECT_EQ(listener.Next("disconnected").what, "disconnected") << "it keeps trying";
}

// The library tells of one end more than once (refused, disconnected, closed). Its thread once waited for ever for room
// to tell the second at an attempt that was over with the first, and nothing ever reached the hub again.
TEST_F(ZmqConnectionTest, HoweverOftenItIsRefusedItTriesAgain) {
  constexpr int kAttempts = 400;
  Router router(key, 0, Router::Door::kShut);
  std::vector<Listener> listeners(3);  // Side by side, so that their threads are interrupted anywhere.
  std::vector<std::unique_ptr<HubConnection>> connections;
  for (Listener& one : listeners) {
    ZmqConnectionOptions options;
    options.endpoint = router.endpoint();
    options.server = key.public_key;
    options.client = TransportKey::Generate();
    options.backoff_first = options.backoff_max = milliseconds(1);
    connections.push_back(OpenZmqConnection(std::move(options)).value());
    connections.back()->Start(one);
  }
  for (Listener& one : listeners) {
    for (int i = 0; i < kAttempts; ++i) {
      const auto ended = one.Next("disconnected");
      ASSERT_EQ(ended.what, "disconnected") << "attempt " << i;
      ASSERT_EQ(ended.detail, "connection.refused") << "attempt " << i;
    }
  }
}

TEST_F(ZmqConnectionTest, TriesAgainAndNothingOfBeforeLeavesOnTheNewConnection) {
  auto router = std::make_unique<Router>(key);
  auto connection = Connect(router->endpoint(), key.public_key);
  connection->Start(listener);
  const LinkId first = listener.Next("connected").id;
  const int port = router->port();
  router.reset();
  listener.Next("disconnected");
  connection->Send(first, ToBytes(AsBytes("too late")));
  router = std::make_unique<Router>(key, port);
  const LinkId second = listener.Next("connected").id;
  EXPECT_NE(first, second);
  connection->Send(first, ToBytes(AsBytes("far too late")));
  connection->Send(second, ToBytes(AsBytes("hello again")));
  EXPECT_EQ(router->Receive().second, "hello again");
}

TEST_F(ZmqConnectionTest, DropEndsTheConnectionAndAnotherFollows) {
  Router router(key);
  auto connection = Connect(router.endpoint(), key.public_key);
  connection->Start(listener);
  const LinkId first = listener.Next("connected").id;
  connection->Drop(first);
  EXPECT_EQ(listener.Next("disconnected").detail, "connection.dropped");
  EXPECT_NE(listener.Next("connected").id, first);
}

TEST_F(ZmqConnectionTest, AHubThatAnswersWhatWeCannotLiveWithIsAskedEverLessOften) {
  Router router(key);
  ZmqConnectionOptions options;
  options.endpoint = router.endpoint();
  options.server = key.public_key;
  options.client = TransportKey::Generate();
  options.backoff_first = milliseconds(20);
  options.backoff_max = seconds(5);
  auto connection = OpenZmqConnection(std::move(options)).value();
  const auto began = std::chrono::steady_clock::now();
  connection->Start(listener);
  for (int i = 0; i < 5; ++i) {
    const LinkId id = listener.Next("connected").id;
    connection->Send(id, ToBytes(AsBytes("hello")));
    router.Send(router.Receive().first, "no");
    listener.Next("message");
    connection->Drop(id);
  }
  listener.Next("connected");
  EXPECT_GE(std::chrono::steady_clock::now() - began, milliseconds(20 + 40 + 80 + 160 + 320));
}

TEST_F(ZmqConnectionTest, AMessageBeyondTheLimitEndsTheConnection) {
  Router router(key);
  auto connection = Connect(router.endpoint(), key.public_key);
  connection->Start(listener);
  const LinkId id = listener.Next("connected").id;
  connection->Send(id, ToBytes(AsBytes("hello")));
  router.Send(router.Receive().first, std::string(2000, 'x'));
  EXPECT_EQ(listener.Next("disconnected").what, "disconnected");
}

TEST_F(ZmqConnectionTest, WithoutAHubItSaysSoAndStopsAtOnce) {
  auto connection = Connect("tcp://127.0.0.1:1", key.public_key);
  connection->Start(listener);
  EXPECT_EQ(listener.Next("disconnected").what, "disconnected");
  connection->Stop();
  connection->Stop();
}

TEST_F(ZmqConnectionTest, RefusesAnAddressThatIsNone) {
  ZmqConnectionOptions options;
  options.endpoint = "localhost:7410";
  EXPECT_EQ(OpenZmqConnection(std::move(options)).error().rule, "connection.endpoint");
}

}  // namespace
}  // namespace schakel::testing
