// Strong ids: whatever can be confused has a type of its own.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "protocol/bytes.h"
#include "protocol/result.h"

namespace schakel {

// Compares like Rep but never converts to or from it.
template <typename Tag, typename Rep>
class StrongId {
 public:
  StrongId() = default;
  explicit StrongId(Rep value) : value_(std::move(value)) {}
  const Rep& value() const { return value_; }
  friend auto operator<=>(const StrongId&, const StrongId&) = default;

 private:
  Rep value_{};
};

using Id128 = std::array<std::uint8_t, 16>;

// Lower-case letters, digits and inner hyphens, 2 to 40 characters: "stappen-gent". Chosen at enrolment, for ever.
using OrgId = StrongId<struct OrgIdTag, std::string>;
using TrajectoryId = StrongId<struct TrajectoryIdTag, Id128>;  // A random pseudonym; all zero: no trajectory.
using RecordId = StrongId<struct RecordIdTag, Id128>;          // Random; the idempotency key, for ever. All zero: none.
using KeyId = StrongId<struct KeyIdTag, std::array<std::uint8_t, 8>>;  // First bytes of a key's hash; see keys.h.
using Sequence = StrongId<struct SequenceTag, std::uint64_t>;  // Of a log entry; the first is 1; 0: before the first.
using FeedPosition = StrongId<struct FeedPositionTag, std::uint64_t>;  // In one organisation's feed; likewise from 1.

// kInvalid ("id.organisation"): breaks the rule above.
Result<OrgId> ParseOrgId(std::string_view text);

template <typename Id>
concept Id128Type = std::is_same_v<std::remove_cvref_t<decltype(std::declval<Id>().value())>, Id128>;

template <Id128Type Id>
std::string ToText(const Id& id) {
  return ToHex(id.value());
}
inline std::string ToText(const KeyId& id) { return ToHex(id.value()); }
template <Id128Type Id>
bool IsNone(const Id& id) {
  return id == Id{};
}
// 32 hex digits. kInvalid ("id.hex").
template <Id128Type Id>
Result<Id> ParseId(std::string_view text) {
  auto bytes = FromHex(text);
  if (!bytes || bytes->size() != 16) return Fail(Code::kInvalid, "id.hex", {}, "give the 32 hex digits of the id");
  Id128 value;
  std::memcpy(value.data(), bytes->data(), 16);
  return Id(value);
}
Sequence Next(Sequence sequence);
FeedPosition Next(FeedPosition position);

// The ids are random or hashed already, or short: fold them.
struct IdHash {
  template <Id128Type Id>
  std::size_t operator()(const Id& id) const {
    std::size_t value;
    std::memcpy(&value, id.value().data(), sizeof value);
    return value;
  }
  std::size_t operator()(const OrgId& id) const { return std::hash<std::string>{}(id.value()); }
  std::size_t operator()(const KeyId& id) const {
    std::size_t value;
    std::memcpy(&value, id.value().data(), sizeof value);
    return value;
  }
};

}  // namespace schakel
