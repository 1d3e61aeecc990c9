// The number that a delivery has among all that its recipient was handed on its trajectory: 1, 2, 3, ..
//
// It stands in the delivery's entry, but closed: the author of a record is shown to whom it went, and must not read
// from a number what the recipient got from others. Recipient and lead are given the opening; then the entry, which the
// log had before anybody asked, proves that the number was this one from the beginning.
//
//   blind       HMAC-SHA-256(the hub's number key, position ‖ recipient), position as 8 bytes, highest first
//   commitment  SHA-256(0x31 ‖ blind ‖ number), number as 8 bytes
//   masked      number XOR the first 8 bytes of SHA-256(0x32 ‖ blind): so that the hub reads it back
//
// Threads: pure.
#pragma once

#include <optional>

#include "protocol/bytes.h"
#include "protocol/ids.h"
#include "protocol/keys.h"

namespace schakel {

struct ClosedNumber {
  std::array<std::uint8_t, 8> masked{};
  Hash32 commitment{};
  friend bool operator==(const ClosedNumber&, const ClosedNumber&) = default;
};
struct NumberOpening {
  std::uint64_t number = 0;
  Hash32 blind{};
  friend bool operator==(const NumberOpening&, const NumberOpening&) = default;
};

// HKDF of the log key's seed: another for each log, the same after each start.
Hash32 NumberKeyOf(const SigningKey& log_key);
ClosedNumber CloseNumber(const Hash32& number_key, const OrgId& recipient, FeedPosition position, std::uint64_t number);
// Nothing: it was not closed with this key.
std::optional<NumberOpening> OpenNumber(const Hash32& number_key, const OrgId& recipient, FeedPosition position,
                                        const ClosedNumber& closed);
bool Opens(const NumberOpening& opening, const ClosedNumber& closed);

}  // namespace schakel
