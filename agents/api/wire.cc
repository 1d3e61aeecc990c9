#include "wire.h"

#include <openssl/ssl.h>
#include <sys/stat.h>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

namespace schakel {
namespace {

namespace asio = boost::asio;
using asio::awaitable;
using asio::redirect_error;
using asio::use_awaitable;
using Error_code = boost::system::error_code;

template <typename Socket>
class PlainWire final : public Wire {
 public:
  PlainWire(Socket socket, ApiDoor door) : socket_(std::move(socket)), door_(door) {}

  ApiDoor door() const override { return door_; }
  awaitable<bool> Open() override { co_return true; }
  awaitable<std::size_t> Read(asio::mutable_buffer into) override {
    Error_code error;
    const std::size_t size = co_await socket_.async_read_some(into, redirect_error(use_awaitable, error));
    co_return error ? 0 : size;
  }
  awaitable<bool> Write(std::string_view bytes) override {
    Error_code error;
    co_await asio::async_write(socket_, asio::buffer(bytes.data(), bytes.size()), redirect_error(use_awaitable, error));
    co_return !error;
  }
  awaitable<void> Finish() override { co_return; }
  void EndSending() override {
    Error_code ignored;
    socket_.shutdown(Socket::shutdown_send, ignored);
  }
  void Close() override {
    Error_code ignored;
    socket_.close(ignored);
  }
  bool open() const override { return socket_.is_open(); }

 private:
  Socket socket_;
  const ApiDoor door_;
};

class TlsWire final : public Wire {
 public:
  TlsWire(asio::ip::tcp::socket socket, std::shared_ptr<asio::ssl::context> context)
      : context_(std::move(context)), stream_(std::move(socket), *context_) {}

  ApiDoor door() const override { return ApiDoor::kTls; }
  awaitable<bool> Open() override {
    Error_code error;
    co_await stream_.async_handshake(asio::ssl::stream_base::server, redirect_error(use_awaitable, error));
    co_return !error;
  }
  awaitable<std::size_t> Read(asio::mutable_buffer into) override {
    Error_code error;
    const std::size_t size = co_await stream_.async_read_some(into, redirect_error(use_awaitable, error));
    co_return error ? 0 : size;
  }
  awaitable<bool> Write(std::string_view bytes) override {
    Error_code error;
    co_await asio::async_write(stream_, asio::buffer(bytes.data(), bytes.size()), redirect_error(use_awaitable, error));
    co_return !error;
  }
  // close_notify: so that the other end knows the answer is whole, not cut.
  awaitable<void> Finish() override {
    Error_code error;
    co_await stream_.async_shutdown(redirect_error(use_awaitable, error));
  }
  void EndSending() override {}  // A half-closed TLS stream is none.
  void Close() override {
    Error_code ignored;
    stream_.lowest_layer().close(ignored);
  }
  bool open() const override { return stream_.lowest_layer().is_open(); }

 private:
  const std::shared_ptr<asio::ssl::context> context_;
  asio::ssl::stream<asio::ip::tcp::socket> stream_;
};

std::unexpected<Error> Bad(const std::filesystem::path& file, const char* next) {
  return Fail(Code::kUnavailable, "edge.certificate", file.string(), next);
}

// HTTP/1.1 is all we speak; whoever asks for more by name gets that.
int ChooseProtocol(SSL*, const unsigned char** out, unsigned char* out_size, const unsigned char* in, unsigned in_size,
                   void*) {
  static constexpr unsigned char kOurs[] = "\x08http/1.1";
  unsigned char* chosen = nullptr;
  if (SSL_select_next_proto(&chosen, out_size, kOurs, sizeof kOurs - 1, in, in_size) != OPENSSL_NPN_NEGOTIATED) {
    return SSL_TLSEXT_ERR_NOACK;
  }
  *out = chosen;
  return SSL_TLSEXT_ERR_OK;
}

}  // namespace

std::unique_ptr<Wire> MakeWire(asio::local::stream_protocol::socket socket) {
  return std::make_unique<PlainWire<asio::local::stream_protocol::socket>>(std::move(socket), ApiDoor::kSocket);
}
std::unique_ptr<Wire> MakeWire(asio::ip::tcp::socket socket) {
  return std::make_unique<PlainWire<asio::ip::tcp::socket>>(std::move(socket), ApiDoor::kPlain);
}
std::unique_ptr<Wire> MakeWire(asio::ip::tcp::socket socket, std::shared_ptr<asio::ssl::context> context) {
  return std::make_unique<TlsWire>(std::move(socket), std::move(context));
}

Result<std::shared_ptr<asio::ssl::context>> MakeTlsContext(const EdgeOptions& options) {
  struct stat status{};
  if (::stat(options.key.c_str(), &status) == 0 && (status.st_mode & 077) != 0) {
    return Bad(options.key, "let nobody else read the key: chmod 600");
  }
  auto context = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_server);
  SSL_CTX* native = context->native_handle();
  const bool set = SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION) == 1 &&
                   SSL_CTX_set_cipher_list(native, "ECDHE+AESGCM:ECDHE+CHACHA20") == 1;
  SCHAKEL_ASSERT(set);
  SSL_CTX_set_options(native, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_mode(native, SSL_MODE_RELEASE_BUFFERS);  // A stream that waits needs none.
  SSL_CTX_set_alpn_select_cb(native, &ChooseProtocol, nullptr);
  Error_code error;
  context->use_certificate_chain_file(options.certificate.string(), error);
  if (error) return Bad(options.certificate, "give a readable PEM file: ours, then those up to the root");
  context->use_private_key_file(options.key.string(), asio::ssl::context::pem, error);
  if (error || SSL_CTX_check_private_key(native) != 1) {
    return Bad(options.key, "give the PEM file of the key that belongs to the certificate");
  }
  return context;
}

}  // namespace schakel
