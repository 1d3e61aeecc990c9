#include "people/totp.h"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "protocol/crypto.h"
#include "protocol/result.h"

namespace schakel {
namespace {

std::string UriEncoded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (byte >= '0' && byte <= '9') || ((byte | 0x20U) >= 'a' && (byte | 0x20U) <= 'z') || c == '-' ||
                       c == '.' || c == '_' || c == '~';
    out += plain ? std::string(1, c) : fmt::format("%{:02X}", byte);
  }
  return out;
}

}  // namespace

std::string TotpCode(const TotpSecret& secret, std::uint64_t step) {
  std::array<std::uint8_t, 8> counter{};
  for (std::size_t i = 0; i < counter.size(); ++i) counter[i] = static_cast<std::uint8_t>(step >> (8 * (7 - i)));
  std::array<std::uint8_t, EVP_MAX_MD_SIZE> mac{};
  unsigned size = 0;
  const auto* made = HMAC(EVP_sha1(), secret.data(), static_cast<int>(secret.size()), counter.data(), counter.size(),
                          mac.data(), &size);
  SCHAKEL_ASSERT(made != nullptr && size == 20);
  // RFC 4226 section 5.3: the last nibble says where the number stands.
  const std::size_t at = mac[19] & 0x0FU;
  const std::uint32_t number = (static_cast<std::uint32_t>(mac[at] & 0x7FU) << 24) |
                               (static_cast<std::uint32_t>(mac[at + 1]) << 16) |
                               (static_cast<std::uint32_t>(mac[at + 2]) << 8) | mac[at + 3];
  return fmt::format("{:06}", number % 1'000'000);
}

std::optional<std::uint64_t> AcceptTotp(const TotpSecret& secret, std::string_view code, Timestamp now,
                                        std::uint64_t last_used) {
  const std::uint64_t current = TotpStepAt(now);
  std::optional<std::uint64_t> accepted;
  // All of them, whichever fits: how long it takes tells nothing.
  for (const std::uint64_t step : {current - 1, current, current + 1}) {
    const std::string right = TotpCode(secret, step);
    if (ConstantTimeEqual(AsBytes(right), AsBytes(code)) && step > last_used && !accepted) accepted = step;
  }
  return accepted;
}

std::string ToBase32(ByteView bytes) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  std::string out;
  std::uint32_t buffer = 0;
  unsigned bits = 0;
  for (const std::uint8_t byte : bytes) {
    buffer = (buffer << 8) | byte;
    for (bits += 8; bits >= 5; bits -= 5) out += kDigits[(buffer >> (bits - 5)) & 31U];
  }
  if (bits > 0) out += kDigits[(buffer << (5 - bits)) & 31U];
  return out;
}

std::string OtpauthUri(std::string_view issuer, std::string_view account, const TotpSecret& secret) {
  return fmt::format("otpauth://totp/{0}:{1}?secret={2}&issuer={0}&algorithm=SHA1&digits=6&period=30",
                     UriEncoded(issuer), UriEncoded(account), ToBase32(secret));
}

}  // namespace schakel
