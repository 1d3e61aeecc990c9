#include "support/receivers.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <utility>

namespace schakel::testing {
namespace {

constexpr std::chrono::seconds kPatience{30};

struct FreeTls {
  void operator()(SSL* ssl) const { SSL_free(ssl); }
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};

// Lines and bytes over a socket, with TLS from where that was agreed on.
class Talk {
 public:
  explicit Talk(int socket) : socket_(socket) {}

  bool Encrypt(const std::string& certificate, const std::string& key) {
    context_.reset(SSL_CTX_new(TLS_server_method()));
    if (SSL_CTX_use_certificate_file(context_.get(), certificate.c_str(), SSL_FILETYPE_PEM) != 1) return false;
    if (SSL_CTX_use_PrivateKey_file(context_.get(), key.c_str(), SSL_FILETYPE_PEM) != 1) return false;
    ssl_.reset(SSL_new(context_.get()));
    SSL_set_fd(ssl_.get(), socket_);
    return SSL_accept(ssl_.get()) == 1;
  }
  bool encrypted() const { return ssl_ != nullptr; }

  void Say(const std::string& text) {
    if (ssl_) {
      SSL_write(ssl_.get(), text.data(), static_cast<int>(text.size()));
    } else {
      [[maybe_unused]] const auto sent = send(socket_, text.data(), text.size(), MSG_NOSIGNAL);
    }
  }
  // Up to and with `mark`; empty: the other end closed first.
  std::string Until(const std::string& mark) {
    for (;;) {
      if (const std::size_t at = read_.find(mark); at != std::string::npos) {
        std::string text = read_.substr(0, at + mark.size());
        read_.erase(0, at + mark.size());
        return text;
      }
      if (!More()) return {};
    }
  }
  std::string Bytes(std::size_t count) {
    while (read_.size() < count) {
      if (!More()) return {};
    }
    std::string text = read_.substr(0, count);
    read_.erase(0, count);
    return text;
  }

 private:
  bool More() {
    char buffer[4096];
    const auto count =
        ssl_ ? SSL_read(ssl_.get(), buffer, sizeof buffer) : static_cast<int>(recv(socket_, buffer, sizeof buffer, 0));
    if (count <= 0) return false;
    read_.append(buffer, static_cast<std::size_t>(count));
    return true;
  }

  int socket_;
  std::unique_ptr<SSL_CTX, FreeTls> context_;
  std::unique_ptr<SSL, FreeTls> ssl_;
  std::string read_;
};

std::string Lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

// What stands between < and >.
std::string Angled(const std::string& line) {
  const std::size_t open = line.find('<');
  const std::size_t close = line.find('>');
  return open == std::string::npos || close == std::string::npos ? std::string()
                                                                 : line.substr(open + 1, close - open - 1);
}

}  // namespace

Listener::Listener(std::function<void(int)> serve) : serve_(std::move(serve)) {
  socket_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (bind(socket_, reinterpret_cast<sockaddr*>(&address), size) != 0 || listen(socket_, 16) != 0 ||
      getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    throw std::runtime_error("no port to listen on");
  }
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] {
    for (;;) {
      const int one = accept4(socket_, nullptr, nullptr, SOCK_CLOEXEC);
      if (one < 0) return;
      serving_ = one;
      serve_(one);
      serving_ = -1;
      close(one);
    }
  });
}

Listener::~Listener() {
  shutdown(socket_, SHUT_RDWR);
  if (const int one = serving_; one >= 0) shutdown(one, SHUT_RDWR);
  thread_.join();
  close(socket_);
}

MailServer::MailServer(Tls tls, std::filesystem::path certificate, std::filesystem::path key)
    : tls_(tls),
      certificate_(std::move(certificate)),
      key_(std::move(key)),
      listener_([this](int socket) { Serve(socket); }) {}

void MailServer::Serve(int socket) {
  Talk talk(socket);
  ++talks_;
  talk.Say("220 localhost ready\r\n");
  Received mail;
  for (std::string line = talk.Until("\r\n"); !line.empty(); line = talk.Until("\r\n")) {
    const std::string verb = Lower(line.substr(0, 4));
    if (verb == "ehlo") {
      talk.Say(tls_ == Tls::kStartTls && !talk.encrypted() ? "250-localhost\r\n250 STARTTLS\r\n" : "250 localhost\r\n");
    } else if (verb == "star" && tls_ == Tls::kStartTls) {
      talk.Say("220 go ahead\r\n");
      if (!talk.Encrypt(certificate_, key_)) return;
    } else if (verb == "mail") {
      mail.from = Angled(line);
      talk.Say("250 ok\r\n");
    } else if (verb == "rcpt") {
      mail.to = Angled(line);
      talk.Say(refuse_ ? "451 try again\r\n" : "250 ok\r\n");
    } else if (verb == "data") {
      talk.Say("354 go ahead\r\n");
      mail.text = talk.Until("\r\n.\r\n");
      mail.encrypted = talk.encrypted();
      {
        std::lock_guard lock(mutex_);
        received_.push_back(mail);
        came_.notify_all();
      }
      talk.Say("250 taken\r\n");
    } else if (verb == "quit") {
      talk.Say("221 bye\r\n");
      return;
    } else {
      talk.Say("502 not here\r\n");
    }
  }
}

std::vector<MailServer::Received> MailServer::Await(std::size_t count) {
  std::unique_lock lock(mutex_);
  came_.wait_for(lock, kPatience, [&] { return received_.size() >= count; });
  return received_;
}

HookServer::HookServer() : listener_([this](int socket) { Serve(socket); }) {}

void HookServer::Serve(int socket) {
  Talk talk(socket);
  Posted posted;
  const std::string head = talk.Until("\r\n\r\n");
  if (head.empty()) return;
  const std::size_t path = head.find(' ') + 1;
  posted.path = head.substr(path, head.find(' ', path) - path);
  for (std::size_t at = head.find("\r\n") + 2; at + 2 < head.size(); at = head.find("\r\n", at) + 2) {
    const std::size_t colon = head.find(':', at);
    const std::size_t value = head.find_first_not_of(' ', colon + 1);
    posted.headers[Lower(head.substr(at, colon - at))] = head.substr(value, head.find("\r\n", at) - value);
  }
  posted.body = talk.Bytes(std::strtoul(posted.headers["content-length"].c_str(), nullptr, 10));
  {
    std::lock_guard lock(mutex_);
    posted_.push_back(std::move(posted));
    came_.notify_all();
  }
  talk.Say("HTTP/1.1 " + std::to_string(status_) + " x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
}

std::vector<HookServer::Posted> HookServer::Await(std::size_t count) {
  std::unique_lock lock(mutex_);
  came_.wait_for(lock, kPatience, [&] { return posted_.size() >= count; });
  return posted_;
}

}  // namespace schakel::testing
