// Real servers on loopback that mails and webhooks are sent to, and that say what came.
//
// Threads: each has its own; the rest from any. The destructor ends it.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace schakel::testing {

// Listens on 127.0.0.1 and serves one connection after another.
class Listener {
 public:
  explicit Listener(std::function<void(int socket)> serve);
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;
  int port() const { return port_; }

 private:
  int socket_ = -1;
  int port_ = 0;
  std::atomic<int> serving_ = -1;
  std::function<void(int)> serve_;
  std::thread thread_;
};

// A mail server: as much of SMTP as a sender needs.
class MailServer {
 public:
  enum class Tls : std::uint8_t { kNone, kStartTls };
  // `certificate` and `key`: PEM, for kStartTls.
  explicit MailServer(Tls tls = Tls::kNone, std::filesystem::path certificate = {}, std::filesystem::path key = {});

  struct Received {
    std::string from;
    std::string to;
    std::string text;  // As it came, headers first.
    bool encrypted = false;
  };
  int port() const { return listener_.port(); }
  // Refuses recipients from now on, or no longer.
  void Refuse(bool refuse) { refuse_ = refuse; }
  // Waits until that many came; all of them. Fewer: they did not come in time.
  std::vector<Received> Await(std::size_t count);
  std::size_t talks() const { return talks_; }  // Connections that got as far as a greeting.

 private:
  void Serve(int socket);

  const Tls tls_;
  const std::filesystem::path certificate_;
  const std::filesystem::path key_;
  std::atomic<bool> refuse_ = false;
  std::atomic<std::size_t> talks_ = 0;
  std::mutex mutex_;
  std::condition_variable came_;
  std::vector<Received> received_;
  Listener listener_;  // Last: it serves with all of the above.
};

// A web server that takes what is posted and answers as it is told.
class HookServer {
 public:
  struct Posted {
    std::string path;
    std::map<std::string, std::string> headers;  // Names in lower case.
    std::string body;
  };
  HookServer();
  int port() const { return listener_.port(); }
  std::string url(const std::string& path = "/hook") const {
    return "http://127.0.0.1:" + std::to_string(port()) + path;
  }
  void AnswerWith(int status) { status_ = status; }
  std::vector<Posted> Await(std::size_t count);  // As MailServer's.

 private:
  void Serve(int socket);

  std::atomic<int> status_ = 204;
  std::mutex mutex_;
  std::condition_variable came_;
  std::vector<Posted> posted_;
  Listener listener_;
};

}  // namespace schakel::testing
