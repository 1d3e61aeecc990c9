#include "listen.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <charconv>

namespace schakel {
namespace {

std::unexpected<Error> SocketFails(const std::filesystem::path& path, Code code, const char* next) {
  return Fail(code, "api.socket", path.string(), next);
}

}  // namespace

Result<int> ListenAtSocket(const std::filesystem::path& path) {
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

Result<NetworkAddress> ParseNetworkAddress(const std::string& text) {
  const auto bad = [&] {
    return Fail(Code::kInvalid, "edge.listen", text, "give ADDRESS:PORT, such as 0.0.0.0:8443 or [::]:8443");
  };
  const std::size_t colon = text.rfind(':');
  if (colon == std::string::npos) return bad();
  NetworkAddress address;
  address.host = text.substr(0, colon);
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data() + colon + 1, end, address.port);
  if (parsed.ec != std::errc{} || parsed.ptr != end) return bad();
  if (address.host.starts_with('[') && address.host.ends_with(']')) {
    address.host = address.host.substr(1, address.host.size() - 2);
    address.ip6 = true;
  }
  if (address.ip6) {
    in6_addr ip{};
    if (inet_pton(AF_INET6, address.host.c_str(), &ip) != 1) return bad();
    address.loopback = IN6_IS_ADDR_LOOPBACK(&ip);
  } else {
    in_addr ip{};
    if (inet_pton(AF_INET, address.host.c_str(), &ip) != 1) return bad();
    address.loopback = (ntohl(ip.s_addr) >> 24) == 127;
  }
  return address;
}

std::vector<Error> FindEdgeFaults(const EdgeOptions& options) {
  std::vector<Error> faults;
  const auto refuse = [&](const char* rule, const std::string& field, const char* next) {
    faults.push_back({Code::kInvalid, rule, field, next});
  };
  const auto address = ParseNetworkAddress(options.listen);
  const bool files = !options.certificate.empty() && !options.key.empty();
  if (!address) {
    faults.push_back(address.error());
  } else if (options.plain && !address->loopback) {
    refuse("edge.plain", options.listen, "without TLS listen on 127.0.0.1 alone, or use TLS");
  } else if (options.plain == files || options.certificate.empty() != options.key.empty()) {
    refuse("edge.plain", options.listen, "give certificate and key; or plain = true on loopback");
  }
  const std::string& url = options.public_url;
  const std::string scheme = options.plain ? "http://" : "https://";
  const std::string rest = url.starts_with(scheme) ? url.substr(scheme.size()) : std::string();
  const bool bare = rest.find_first_of(" /?#\"<>@") == std::string::npos;
  if (!url.empty() && (rest.empty() || !bare)) {
    refuse("edge.public_url", url, "give https://HOST or https://HOST:PORT and nothing after it");
  }
  return faults;
}

Status CheckEdge(const EdgeOptions& options) {
  std::vector<Error> faults = FindEdgeFaults(options);
  return faults.empty() ? Status() : std::unexpected(std::move(faults.front()));
}

Result<NetworkListener> ListenAtAddress(const EdgeOptions& options) {
  SCHAKEL_TRY(CheckEdge(options));
  SCHAKEL_ASSIGN(const NetworkAddress address, ParseNetworkAddress(options.listen));
  sockaddr_storage storage{};
  socklen_t size = 0;
  if (address.ip6) {
    auto* ip = reinterpret_cast<sockaddr_in6*>(&storage);
    ip->sin6_family = AF_INET6;
    ip->sin6_port = htons(address.port);
    inet_pton(AF_INET6, address.host.c_str(), &ip->sin6_addr);
    size = sizeof *ip;
  } else {
    auto* ip = reinterpret_cast<sockaddr_in*>(&storage);
    ip->sin_family = AF_INET;
    ip->sin_port = htons(address.port);
    inet_pton(AF_INET, address.host.c_str(), &ip->sin_addr);
    size = sizeof *ip;
  }
  auto* generic = reinterpret_cast<sockaddr*>(&storage);
  const int yes = 1;
  const int listening = ::socket(generic->sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  const bool bound = listening >= 0 && ::setsockopt(listening, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) == 0 &&
                     ::bind(listening, generic, size) == 0 && ::listen(listening, SOMAXCONN) == 0 &&
                     ::getsockname(listening, generic, &size) == 0;
  if (!bound) {
    if (listening >= 0) ::close(listening);
    return Fail(Code::kUnavailable, "edge.listen", options.listen, "choose an address of this machine that is free");
  }
  const std::uint16_t port = address.ip6 ? reinterpret_cast<sockaddr_in6*>(&storage)->sin6_port
                                         : reinterpret_cast<sockaddr_in*>(&storage)->sin_port;
  return NetworkListener{listening, address.ip6, ntohs(port)};
}

}  // namespace schakel
