#include "endpoint.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <charconv>
#include <cstring>

namespace schakel {
namespace {

constexpr std::size_t kHostBytesMax = 253;  // RFC 1035.

std::optional<in6_addr> ParseIpv6(const std::string& host) {
  in6_addr address{};
  if (inet_pton(AF_INET6, host.c_str(), &address) != 1) return std::nullopt;
  return address;
}
std::optional<std::uint32_t> ParseIpv4(const std::string& host) {
  in_addr address{};
  if (inet_pton(AF_INET, host.c_str(), &address) != 1) return std::nullopt;
  return ntohl(address.s_addr);
}
bool IsHostByte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
}

}  // namespace

std::optional<HostPort> ParseHostPort(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const std::string_view digits = text.substr(colon + 1);
  HostPort parsed;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), parsed.port);
  if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  std::string_view host = text.substr(0, colon);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    parsed.host = host.substr(1, host.size() - 2);
    if (!ParseIpv6(parsed.host)) return std::nullopt;
    return parsed;
  }
  if (host.empty() || host.size() > kHostBytesMax) return std::nullopt;
  if (host != "*" && !std::ranges::all_of(host, IsHostByte)) return std::nullopt;
  parsed.host = host;
  return parsed;
}

std::optional<HostPort> ParseTcpEndpoint(std::string_view text) {
  constexpr std::string_view kScheme = "tcp://";
  if (!text.starts_with(kScheme)) return std::nullopt;
  return ParseHostPort(text.substr(kScheme.size()));
}

bool IsIpAddress(const std::string& host) { return ParseIpv4(host) || ParseIpv6(host); }

bool IsLoopback(const std::string& ip_address) {
  if (const auto v4 = ParseIpv4(ip_address)) return (*v4 >> 24) == 127;
  const auto v6 = ParseIpv6(ip_address);
  return v6 && IN6_IS_ADDR_LOOPBACK(&*v6);
}

bool IsAnyAddress(std::string_view host) { return host == "*" || host == "0.0.0.0" || host == "::"; }

}  // namespace schakel
