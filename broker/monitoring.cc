#include "monitoring.h"

#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
#include <optional>
#include <thread>

#include "thread_name.h"

namespace schakel {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using Tcp = asio::ip::tcp;
using ErrorCode = beast::error_code;

constexpr auto kDeadline = std::chrono::seconds(5);
constexpr std::size_t kConnectionsMax = 16;
constexpr std::uint32_t kHeaderBytesMax = 8192;

using Response = http::response<http::string_body>;

Response Answer(const http::request<http::empty_body>& request, const MonitoringPages& pages, std::uint64_t refused) {
  Response response(http::status::ok, request.version());
  response.set(http::field::content_type, "text/plain; charset=utf-8");
  response.set("X-Content-Type-Options", "nosniff");
  response.keep_alive(false);
  const auto target = request.target();
  if (request.method() != http::verb::get) {
    response.result(http::status::method_not_allowed);
    response.body() = "only GET\n";
  } else if (target == "/metrics") {
    response.set(http::field::content_type, "text/plain; version=0.0.4; charset=utf-8");
    response.body() = pages.metrics(refused);
  } else if (target == "/healthz") {
    response.body() = "ok\n";
  } else if (target == "/readyz") {
    const bool ready = pages.ready();
    if (!ready) response.result(http::status::service_unavailable);
    response.body() = ready ? "ready\n" : "not ready: see the log and schakel-hub status\n";
  } else {
    response.result(http::status::not_found);
    response.body() = "there are /metrics, /healthz and /readyz\n";
  }
  response.prepare_payload();
  return response;
}

// What is no request of ours. Empty: the other end went, or did not finish in time; nobody waits for an answer.
std::optional<Response> AnswerTo(ErrorCode error) {
  Response response(http::status::bad_request, 11);
  response.body() = "send HTTP/1.1\n";
  if (error == http::error::header_limit || error == http::error::buffer_overflow) {
    response.result(http::status::request_header_fields_too_large);
    response.body() = "send smaller headers\n";
  } else if (error == http::error::body_limit) {
    response.result(http::status::payload_too_large);
    response.body() = "send no body\n";
  } else if (error.category() != http::make_error_code(http::error::bad_method).category() ||
             error == http::error::end_of_stream || error == http::error::partial_message) {
    return std::nullopt;
  }
  response.set(http::field::content_type, "text/plain; charset=utf-8");
  response.keep_alive(false);
  response.prepare_payload();
  return response;
}

class Visit : public std::enable_shared_from_this<Visit> {
 public:
  Visit(Tcp::socket socket, const MonitoringPages& pages, std::size_t& open, std::uint64_t& refused)
      : stream_(std::move(socket)), pages_(pages), open_(open), refused_(refused) {
    ++open_;
    parser_.header_limit(kHeaderBytesMax);
    parser_.body_limit(0);
  }
  ~Visit() { --open_; }

  void Start() {
    stream_.expires_after(kDeadline);
    http::async_read(stream_, buffer_, parser_, [self = shared_from_this()](ErrorCode error, std::size_t) {
      if (!error) return self->Reply(Answer(self->parser_.get(), self->pages_, self->refused_));
      self->Refuse();
      if (auto response = AnswerTo(error)) self->Reply(std::move(*response));
    });
  }

 private:
  void Refuse() {
    ++refused_;
    if (pages_.on_refused) pages_.on_refused();
  }
  void Reply(Response response) {
    response_ = std::move(response);
    const bool page = response_.result() == http::status::ok || response_.result() == http::status::service_unavailable;
    if (!page && parser_.is_done()) Refuse();
    http::async_write(stream_, response_, [self = shared_from_this()](ErrorCode, std::size_t) {
      ErrorCode ignored;
      static_cast<void>(self->stream_.socket().shutdown(Tcp::socket::shutdown_send, ignored));
    });
  }

  beast::tcp_stream stream_;
  const MonitoringPages& pages_;
  std::size_t& open_;
  std::uint64_t& refused_;
  beast::flat_static_buffer<kHeaderBytesMax> buffer_;
  http::request_parser<http::empty_body> parser_;
  Response response_;
};

class Server : public Monitoring {
 public:
  explicit Server(MonitoringPages pages) : pages_(std::move(pages)) {}
  ~Server() override {
    context_.stop();
    if (thread_.joinable()) thread_.join();
  }

  Status Open(const std::string& listen) {
    const auto bad = [&](const std::string& why) { return Fail(Code::kUnavailable, "metrics.listen", listen, why); };
    const auto colon = listen.rfind(':');
    if (colon == std::string::npos) return bad("give address:port");
    std::string host = listen.substr(0, colon);
    if (host == "localhost") host = "127.0.0.1";
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    ErrorCode error;
    const auto address = asio::ip::make_address(host, error);
    if (error) return bad("give an address, such as 127.0.0.1:9464");
    const unsigned long port = std::strtoul(listen.c_str() + colon + 1, nullptr, 10);
    if (port > 65535) return bad("give a port below 65536");
    const Tcp::endpoint endpoint(address, static_cast<std::uint16_t>(port));
    static_cast<void>(acceptor_.open(endpoint.protocol(), error));
    if (!error) static_cast<void>(acceptor_.set_option(Tcp::acceptor::reuse_address(true), error));
    if (!error) static_cast<void>(acceptor_.bind(endpoint, error));
    if (!error) static_cast<void>(acceptor_.listen(64, error));
    if (error) return bad("cannot listen there: " + error.message());
    const auto local = acceptor_.local_endpoint(error);
    address_ = local.address().to_string() + ":" + std::to_string(local.port());
    Accept();
    thread_ = std::thread([this] {
      NameThisThread("hub-monitoring");
      context_.run();
    });
    return {};
  }
  std::string address() const override { return address_; }

 private:
  void Accept() {
    acceptor_.async_accept([this](ErrorCode error, Tcp::socket socket) {
      if (error == asio::error::operation_aborted) return;
      // Beyond the bound: closed at once.
      if (!error && open_ < kConnectionsMax) {
        std::make_shared<Visit>(std::move(socket), pages_, open_, refused_)->Start();
      }
      if (!error) return Accept();
      // No descriptors left, say: not again at once.
      pause_.expires_after(std::chrono::milliseconds(200));
      pause_.async_wait([this](ErrorCode stopped) {
        if (!stopped) Accept();
      });
    });
  }

  const MonitoringPages pages_;
  std::size_t open_ = 0;
  std::uint64_t refused_ = 0;
  asio::io_context context_{1};
  Tcp::acceptor acceptor_{context_};
  asio::steady_timer pause_{context_};
  std::string address_;
  std::thread thread_;
};

}  // namespace

Result<std::unique_ptr<Monitoring>> StartMonitoring(const std::string& listen, MonitoringPages pages) {
  auto server = std::make_unique<Server>(std::move(pages));
  SCHAKEL_TRY(server->Open(listen));
  return server;
}

}  // namespace schakel
