#include "support/tls.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <stdexcept>

namespace schakel::testing {
namespace {

void Require(bool held, const char* what) {
  if (!held) throw std::runtime_error(what);
}

}  // namespace

void WriteCertificate(const std::filesystem::path& certificate, const std::filesystem::path& key) {
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> pair(EVP_EC_gen("P-256"), &EVP_PKEY_free);
  const std::unique_ptr<X509, decltype(&X509_free)> x509(X509_new(), &X509_free);
  Require(pair && x509, "no key");
  X509_set_version(x509.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(x509.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(x509.get()), -3600);
  X509_gmtime_adj(X509_getm_notAfter(x509.get()), 86'400L * 30);
  X509_set_pubkey(x509.get(), pair.get());
  X509_NAME* name = X509_get_subject_name(x509.get());
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("localhost"), -1, -1, 0);
  X509_set_issuer_name(x509.get(), name);
  X509_EXTENSION* names = X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1");
  X509_add_ext(x509.get(), names, -1);
  X509_EXTENSION_free(names);
  Require(X509_sign(x509.get(), pair.get(), EVP_sha256()) > 0, "not signed");
  std::FILE* to = std::fopen(certificate.c_str(), "w");
  Require(to != nullptr && PEM_write_X509(to, x509.get()) == 1 && std::fclose(to) == 0, "certificate not written");
  to = std::fopen(key.c_str(), "w");
  Require(to != nullptr && ::fchmod(::fileno(to), 0600) == 0 &&
              PEM_write_PrivateKey(to, pair.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1 && std::fclose(to) == 0,
          "key not written");
}

TlsStream::TlsStream(int port, int version_max) : context_(SSL_CTX_new(TLS_client_method())) {
  if (version_max != 0) {
    // Below what OpenSSL itself allows by default, since the server is to refuse it, not the client.
    SSL_CTX_set_security_level(context_.get(), 0);
    SSL_CTX_set_min_proto_version(context_.get(), TLS1_VERSION);
    SSL_CTX_set_max_proto_version(context_.get(), version_max);
  }
  socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const timeval patience{60, 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return;
  ssl_.reset(SSL_new(context_.get()));
  SSL_set_fd(ssl_.get(), socket_);
  SSL_set_tlsext_host_name(ssl_.get(), "localhost");
  if (SSL_connect(ssl_.get()) != 1) ssl_.reset();
}

TlsStream::~TlsStream() {
  ssl_.reset();
  if (socket_ >= 0) ::close(socket_);
}

bool TlsStream::Send(std::string_view bytes) {
  return ssl_ && SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size())) == static_cast<int>(bytes.size());
}

std::string TlsStream::ReadUntil(const std::string& mark) {
  std::array<char, 16384> chunk;
  while (ssl_ && read_.find(mark) == std::string::npos) {
    const int size = SSL_read(ssl_.get(), chunk.data(), static_cast<int>(chunk.size()));
    if (size <= 0) break;
    read_.append(chunk.data(), static_cast<std::size_t>(size));
  }
  return read_;
}

HttpAnswer TlsStream::Ask(std::string_view method, std::string_view target, std::string_view body,
                          const HttpHeaders& headers) {
  HttpAnswer answer;
  read_.clear();
  if (!Send(HttpRequest(method, target, body, headers))) return answer;
  const std::size_t end = ReadUntil("\r\n\r\n").find("\r\n\r\n");
  if (end == std::string::npos) return answer;
  answer.head = read_.substr(0, end);
  std::size_t length = 0;
  if (const std::size_t at = answer.head.find("Content-Length: "); at != std::string::npos) {
    length = std::stoul(answer.head.substr(at + 16));
  }
  std::array<char, 16384> chunk;
  while (read_.size() < end + 4 + length) {
    const int size = SSL_read(ssl_.get(), chunk.data(), static_cast<int>(chunk.size()));
    if (size <= 0) return answer;
    read_.append(chunk.data(), static_cast<std::size_t>(size));
  }
  answer.body = read_.substr(end + 4, length);
  answer.status = std::stoi(answer.head.substr(9, 3));
  return answer;
}

}  // namespace schakel::testing
