// The API on its socket.
#include "agents/api.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "support/api_world.h"
#include "support/temp_folder.h"

namespace schakel {
namespace {

using nlohmann::json;
using schakel::test::ApiTest;
using schakel::test::kProfiles;
using ::testing::HasSubstr;

class Wire {
 public:
  explicit Wire(const std::filesystem::path& path) : socket_(::socket(AF_UNIX, SOCK_STREAM, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.string().copy(address.sun_path, sizeof address.sun_path - 1);
    connected_ = ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }
  ~Wire() { ::close(socket_); }
  bool connected() const { return connected_; }
  void Send(const std::string& bytes) {
    ASSERT_EQ(::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL), static_cast<ssize_t>(bytes.size()));
  }
  // Reads on until `mark` was seen `times` times, or the other side closed.
  std::string ReadUntil(const std::string& mark, int times = 1) {
    for (;;) {
      int seen = 0;
      for (std::size_t at = read_.find(mark); at != std::string::npos; at = read_.find(mark, at + 1)) ++seen;
      if (seen >= times) return read_;
      std::array<char, 4096> chunk;
      const ssize_t size = ::recv(socket_, chunk.data(), chunk.size(), 0);
      if (size <= 0) return read_;
      read_.append(chunk.data(), static_cast<std::size_t>(size));
    }
  }

 private:
  int socket_;
  bool connected_ = false;
  std::string read_;
};

class SocketTest : public ApiTest {
 protected:
  test::TempFolder folder;
  std::filesystem::path socket = folder / "api.sock";
  std::unique_ptr<ApiServer> Start() {
    auto server = StartApi(leuven.youth_care, {socket, kProfiles}, leuven.region.clock, leuven.region.random);
    EXPECT_TRUE(server) << ToText(server.error());
    return server ? std::move(*server) : nullptr;
  }
};

TEST_F(SocketTest, TheSocketIsForItsOwnerAloneAndGoesWithTheServer) {
  auto server = Start();
  struct stat status{};
  ASSERT_EQ(::stat(socket.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
  server.reset();
  EXPECT_FALSE(std::filesystem::exists(socket));
}

TEST_F(SocketTest, RequestsFollowEachOtherOnOneConnection) {
  auto server = Start();
  Wire wire(socket);
  const std::string get = "GET /v1/vocabulary HTTP/1.1\r\nHost: x\r\n\r\n";
  wire.Send(get + get);
  EXPECT_THAT(wire.ReadUntil("HTTP/1.1 200 OK", 2), HasSubstr("Connection: keep-alive"));
  wire.Send("GET /v1/status HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(wire.ReadUntil("never"), HasSubstr("Connection: close"));
}

TEST_F(SocketTest, TheUserAtTheOtherEndIsThePerson) {
  auto server = Start();
  Wire wire(socket);
  wire.Send("GET /v1/status HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  const std::string answer = wire.ReadUntil("never");
  const json body = json::parse(answer.substr(answer.find("\r\n\r\n") + 4));
  EXPECT_FALSE(body["person"].get<std::string>().empty());
}

TEST_F(SocketTest, ABodyMayWaitForTheGoAhead) {
  auto server = Start();
  Wire wire(socket);
  wire.Send(
      "POST /v1/trajectories HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nExpect: 100-continue\r\n"
      "Content-Length: 13\r\n\r\n");
  EXPECT_THAT(wire.ReadUntil("\r\n\r\n"), HasSubstr("100 Continue"));
  wire.Send(R"({"label":"x"})");
  EXPECT_THAT(wire.ReadUntil("HTTP/1.1 201"), HasSubstr("HTTP/1.1 201"));
}

TEST_F(SocketTest, EventsTellWhatChangedWithoutWords) {
  auto server = Start();
  Wire wire(socket);
  wire.Send("GET /v1/events HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(wire.ReadUntil(": open\n\n"), HasSubstr("text/event-stream"));
  const std::string id = Opened();
  const std::string events = wire.ReadUntil("event: outcome");
  EXPECT_THAT(events, HasSubstr("event: record"));
  EXPECT_THAT(wire.ReadUntil(id, 2), HasSubstr("\"trajectory\":\"" + id + "\""));
  EXPECT_EQ(events.find("Sam"), std::string::npos);
}

TEST_F(SocketTest, EventsOfOneTrajectoryLeaveOutTheOthers) {
  auto server = Start();
  const std::string mine = Opened();
  const std::string other = Opened();
  Wire wire(socket);
  wire.Send("GET /v1/events?trajectory=" + mine + " HTTP/1.1\r\nHost: x\r\n\r\n");
  wire.ReadUntil(": open\n\n");
  wissel.Post("/v1/trajectories/" + other + "/notes", {{"title", "t"}, {"text", "x"}, {"categories", {"goals"}}});
  wissel.Post("/v1/trajectories/" + mine + "/notes", {{"title", "t"}, {"text", "x"}, {"categories", {"goals"}}});
  const std::string events = wire.ReadUntil(mine);
  EXPECT_EQ(events.find(other), std::string::npos);
}

TEST_F(SocketTest, WhoSendsTooMuchStillReadsWhy) {
  auto server = Start();
  Wire wire(socket);
  wire.Send(
      "POST /v1/trajectories HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2000000\r\n\r\n");
  for (int i = 0; i < 20; ++i) wire.Send(std::string(100'000, ' '));
  EXPECT_THAT(wire.ReadUntil("never"), HasSubstr("HTTP/1.1 413"));
}

TEST_F(SocketTest, WhoIsIdleMakesRoomForWhoAsks) {
  auto server = Start();
  std::vector<std::unique_ptr<Wire>> idle;
  for (int i = 0; i < 400; ++i) idle.push_back(std::make_unique<Wire>(socket));
  for (int i = 0; i < 5; ++i) {
    Wire wire(socket);
    wire.Send("GET /v1/status HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    EXPECT_THAT(wire.ReadUntil("never"), HasSubstr("HTTP/1.1 200"));
  }
}

TEST_F(SocketTest, ASecondServerDoesNotPushOutTheFirst) {
  auto server = Start();
  EXPECT_EQ(StartApi(leuven.youth_care, {socket, kProfiles}).error().rule, "api.socket");
  Wire wire(socket);
  EXPECT_TRUE(wire.connected());
}

TEST_F(SocketTest, ADeadServersSocketIsReplaced) {
  {
    const int dead = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    socket.string().copy(address.sun_path, sizeof address.sun_path - 1);
    ASSERT_EQ(::bind(dead, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    ::close(dead);
  }
  EXPECT_NE(Start(), nullptr);
}

TEST_F(SocketTest, WhatIsNoSocketStays) {
  const auto file = folder / "file";
  ASSERT_TRUE(std::filesystem::create_directory(file));
  EXPECT_EQ(StartApi(leuven.youth_care, {file, kProfiles}).error().rule, "api.socket");
  EXPECT_TRUE(std::filesystem::exists(file));
}

TEST_F(SocketTest, StoppingWithOpenConnectionsAndStreamsIsClean) {
  auto server = Start();
  Wire idle(socket);
  Wire half(socket);
  half.Send("GET /v1/st");
  Wire stream(socket);
  stream.Send("GET /v1/events HTTP/1.1\r\nHost: x\r\n\r\n");
  stream.ReadUntil(": open\n\n");
  server.reset();
  EXPECT_EQ(idle.ReadUntil("x"), "");
}

}  // namespace
}  // namespace schakel
