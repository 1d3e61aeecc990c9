// Addresses as they are written in the configuration.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace schakel {

struct HostPort {
  std::string host;  // Without the brackets of an IPv6 address.
  std::uint16_t port = 0;
  friend bool operator==(const HostPort&, const HostPort&) = default;
};
// "host:port", "192.0.2.1:80", "[2001:db8::1]:80". Nothing if it is none of these; the host is not looked up.
std::optional<HostPort> ParseHostPort(std::string_view text);
// "tcp://" before it.
std::optional<HostPort> ParseTcpEndpoint(std::string_view text);

bool IsIpAddress(const std::string& host);
bool IsLoopback(const std::string& ip_address);
// "0.0.0.0", "::" or "*": all addresses of the machine.
bool IsAnyAddress(std::string_view host);

}  // namespace schakel
