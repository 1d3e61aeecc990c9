// The other end of TLS for tests: a certificate for this machine, and a client that may say whatever it likes.
#pragma once

#include <openssl/ssl.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "support/loopback.h"

namespace schakel::testing {

// Writes a fresh self-signed certificate for localhost and its key (mode 0600), both as PEM.
void WriteCertificate(const std::filesystem::path& certificate, const std::filesystem::path& key);

// Blocking. Whatever fails: it reads nothing and sends nothing.
class TlsStream {
 public:
  // `version_max`: TLS1_1_VERSION and so on; 0: the newest.
  explicit TlsStream(int port, int version_max = 0);
  ~TlsStream();
  TlsStream(const TlsStream&) = delete;
  TlsStream& operator=(const TlsStream&) = delete;

  bool open() const { return ssl_ != nullptr; }
  std::string version() const { return ssl_ ? SSL_get_version(ssl_.get()) : ""; }
  std::string cipher() const { return ssl_ ? SSL_get_cipher_name(ssl_.get()) : ""; }
  bool Send(std::string_view bytes);
  // Reads on until `mark` was seen, or the other side ended it; all that came so far.
  std::string ReadUntil(const std::string& mark);
  HttpAnswer Ask(std::string_view method, std::string_view target, std::string_view body, const HttpHeaders& headers);

 private:
  struct Free {
    void operator()(SSL* ssl) const { SSL_free(ssl); }
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  };
  std::unique_ptr<SSL_CTX, Free> context_;
  std::unique_ptr<SSL, Free> ssl_;
  int socket_ = -1;
  std::string read_;
};

}  // namespace schakel::testing
