// An authenticator app, as a person has it on a phone: the secret as it was typed over, and the code of a moment.
#pragma once

#include <openssl/hmac.h>

#include <array>
#include <cstdint>
#include <string>

#include "protocol/seams.h"

namespace schakel::testing {

class Authenticator {
 public:
  Authenticator() = default;
  explicit Authenticator(const std::string& base32) {
    std::uint64_t buffer = 0;
    unsigned bits = 0;
    for (const char c : base32) {
      buffer = (buffer << 5) | static_cast<unsigned>(c >= 'A' ? c - 'A' : c - '2' + 26);
      bits += 5;
      if (bits < 8) continue;
      bits -= 8;
      secret_.push_back(static_cast<char>(static_cast<unsigned char>(buffer >> bits)));
    }
  }

  // RFC 6238, written from the standard and not from our product.
  std::string Code(Timestamp at) const {
    const std::uint64_t step = ToMillis(at) / 30'000;
    std::array<unsigned char, 8> counter{};
    for (int i = 0; i < 8; ++i) counter[static_cast<std::size_t>(7 - i)] = static_cast<unsigned char>(step >> (8 * i));
    std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
    unsigned size = 0;
    HMAC(EVP_sha1(), secret_.data(), static_cast<int>(secret_.size()), counter.data(), counter.size(), mac.data(),
         &size);
    const unsigned at_byte = mac[size - 1] & 15U;
    std::uint32_t number = 0;
    for (unsigned i = 0; i < 4; ++i) number = (number << 8) | mac[at_byte + i];
    std::string digits = std::to_string((number & 0x7FFFFFFFU) % 1'000'000);
    return std::string(6 - digits.size(), '0') + digits;
  }

 private:
  std::string secret_;
};

}  // namespace schakel::testing
