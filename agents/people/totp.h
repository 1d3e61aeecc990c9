// Time-based one-time passwords (RFC 6238: HMAC-SHA-1, 30 seconds, 6 digits: what every authenticator app knows).
//
// Threads: pure.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "protocol/bytes.h"
#include "protocol/seams.h"

namespace schakel {

using TotpSecret = std::array<std::uint8_t, 20>;
inline constexpr std::chrono::seconds kTotpStep{30};

inline std::uint64_t TotpStepAt(Timestamp time) {
  return ToMillis(time) / static_cast<std::uint64_t>(std::chrono::milliseconds(kTotpStep).count());
}
std::string TotpCode(const TotpSecret& secret, std::uint64_t step);  // 6 digits.

// The step of which `code` is the code: the one of `now`, the one before or the one after, and later than `last_used`,
// so that each code works once. Nothing: it is none of these.
std::optional<std::uint64_t> AcceptTotp(const TotpSecret& secret, std::string_view code, Timestamp now,
                                        std::uint64_t last_used);

// RFC 4648 section 6, upper case, without padding: as people type it over.
std::string ToBase32(ByteView bytes);
// "otpauth://totp/ISSUER:ACCOUNT?secret=..&issuer=..": what a QR code for an authenticator app holds.
std::string OtpauthUri(std::string_view issuer, std::string_view account, const TotpSecret& secret);

}  // namespace schakel
