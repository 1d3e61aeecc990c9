#include "notices/webhook.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <nlohmann/json.hpp>
#include <optional>

#include "protocol/crypto.h"

namespace schakel {
namespace {

std::unexpected<Error> BadUrl() {
  return Fail(Code::kInvalid, "webhooks.url", "url", "give an https address without a name or password in it");
}

std::optional<Bytes> AddressOf(const std::string& host) {
  std::array<std::uint8_t, 16> bytes{};
  if (inet_pton(AF_INET, host.c_str(), bytes.data()) == 1) return Bytes(bytes.begin(), bytes.begin() + 4);
  if (inet_pton(AF_INET6, host.c_str(), bytes.data()) == 1) return Bytes(bytes.begin(), bytes.end());
  return std::nullopt;
}

struct Network {
  std::array<std::uint8_t, 16> begins;
  unsigned bits;
};

bool IsIn(const Network& network, ByteView address) {
  for (unsigned bit = 0; bit < network.bits; ++bit) {
    const unsigned mask = 0x80U >> (bit % 8);
    if ((network.begins[bit / 8] & mask) != (address[bit / 8] & mask)) return false;
  }
  return true;
}

// Of the registries of special-purpose addresses (RFC 6890): those that do not lead out onto the network of all.
constexpr Network kNotPublic4[] = {
    {{0}, 8},
    {{10}, 8},
    {{100, 64}, 10},
    {{127}, 8},
    {{169, 254}, 16},
    {{172, 16}, 12},
    {{192, 0, 0}, 24},
    {{192, 0, 2}, 24},
    {{192, 88, 99}, 24},
    {{192, 168}, 16},
    {{198, 18}, 15},
    {{198, 51, 100}, 24},
    {{203, 0, 113}, 24},
    {{224}, 3},
};
// All but what is given out (2000::/3), and in that: the old tunnels, which carry addresses of the other kind inside,
// and what is for documents.
constexpr Network kPublic6 = {{0x20}, 3};
constexpr Network kNotPublic6[] = {
    {{0x20, 0x01, 0x00}, 23}, {{0x20, 0x01, 0x0D, 0xB8}, 32}, {{0x20, 0x02}, 16}, {{0x3F, 0xFF, 0x00}, 20}};

}  // namespace

Result<HookTarget> ParseHookUrl(std::string_view url) {
  HookTarget target;
  if (url.size() > kUrlBytesMax || !std::ranges::all_of(url, [](unsigned char c) { return c > 0x20 && c < 0x7F; })) {
    return BadUrl();
  }
  if (url.starts_with("http://")) {
    target.tls = false;
  } else if (!url.starts_with("https://")) {
    return BadUrl();
  }
  url.remove_prefix(target.tls ? 8 : 7);
  std::string_view host = url.substr(0, url.find_first_of("/?#"));
  if (host.empty() || host.find_first_of("@\\%") != std::string_view::npos) return BadUrl();
  const std::size_t bracket = host.starts_with('[') ? host.find(']') : std::string_view::npos;
  if (host.starts_with('[') && bracket == std::string_view::npos) return BadUrl();
  const std::size_t colon = host.find(':', bracket == std::string_view::npos ? 0 : bracket);
  target.port = target.tls ? "443" : "80";
  if (colon != std::string_view::npos) {
    target.port = host.substr(colon + 1);
    host = host.substr(0, colon);
    const bool digits = std::ranges::all_of(target.port, [](char c) { return c >= '0' && c <= '9'; });
    if (target.port.empty() || target.port.size() > 5 || !digits) return BadUrl();
  }
  if (bracket != std::string_view::npos) {
    if (bracket + 1 != host.size()) return BadUrl();
    host = host.substr(1, host.size() - 2);
  }
  for (const char c : host) target.host += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 0x20) : c;
  if (target.host.empty() || (bracket != std::string_view::npos && !AddressOf(target.host))) return BadUrl();
  return target;
}

std::string TargetText(const HookTarget& target) {
  const bool six = target.host.find(':') != std::string::npos;
  return (six ? "[" + target.host + "]" : target.host) + ":" + target.port;
}

bool IsListed(const HookTarget& target, const std::vector<std::string>& private_targets) {
  return std::ranges::find(private_targets, TargetText(target)) != private_targets.end();
}

Status CheckHookUrl(std::string_view url, const std::vector<std::string>& private_targets) {
  SCHAKEL_ASSIGN(const HookTarget target, ParseHookUrl(url));
  if (IsListed(target, private_targets)) return {};
  const auto address = AddressOf(target.host);
  // RFC 6761: a name of this machine. Others, and numbers in other writings, are checked when they are looked up.
  const std::string_view host = target.host;
  const std::string_view plain = host.ends_with('.') ? host.substr(0, host.size() - 1) : host;
  const bool here = plain == "localhost" || plain.ends_with(".localhost");
  if (target.tls && !here && (!address || IsPublicAddress(*address))) return {};
  return Fail(Code::kInvalid, "webhooks.private", "url",
              "give an https address that everybody can reach, or list it under [webhooks] private_targets");
}

bool IsPublicAddress(ByteView address) {
  const auto within = [&](const Network& network) { return IsIn(network, address); };
  if (address.size() == 4) return std::ranges::none_of(kNotPublic4, within);
  return address.size() == 16 && within(kPublic6) && std::ranges::none_of(kNotPublic6, within);
}

std::string SecretText(ByteView secret) { return "whsec_" + ToBase64(secret); }

namespace {

const char* TypeOf(HookRow::What what) {
  switch (what) {
    case HookRow::What::kReceived:
      return "record.received";
    case HookRow::What::kAnswerLate:
      return "answer.late";
    case HookRow::What::kVisitOverdue:
      return "visit.overdue";
    case HookRow::What::kVisitEscalated:
      return "visit.escalated";
  }
  return "unknown";
}

}  // namespace

std::string HookBody(const HookRow& row) {
  using Json = nlohmann::ordered_json;
  if (IsOfVisit(row.what)) {
    return Json{{"type", TypeOf(row.what)}, {"timestamp", ToText(row.at)}, {"data", {{"visit", ToText(row.record)}}}}
        .dump();
  }
  const Json trajectory = IsNone(row.trajectory) ? Json(nullptr) : Json(ToText(row.trajectory));
  const Json body = {{"type", TypeOf(row.what)},
                     {"timestamp", ToText(row.at)},
                     {"data", {{"trajectory", trajectory}, {"record", ToText(row.record)}}}};
  return body.dump();
}

std::map<std::string, std::string> HookHeaders(ByteView secret, const std::string& message, Timestamp now,
                                               std::string_view body) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
  const std::string time = std::to_string(seconds);
  const Hash32 mac = HmacSha256(secret, {AsBytes(message), AsBytes("."), AsBytes(time), AsBytes("."), AsBytes(body)});
  return {{"content-type", "application/json"},
          {"webhook-id", message},
          {"webhook-timestamp", time},
          {"webhook-signature", "v1," + ToBase64(mac)}};
}

}  // namespace schakel
