#include "people/lockout.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

#include "protocol/bytes.h"

namespace schakel {

std::optional<std::chrono::seconds> Lockout::Try(const std::string& key) {
  std::lock_guard lock(mutex_);
  const Steady now = clock_.Steady();
  auto found = failures_.find(key);
  if (found != failures_.end() && now - found->second.last > rule_.forget_after) {
    failures_.erase(found);
    found = failures_.end();
  }
  if (found == failures_.end()) {
    MakeRoom();
    found = failures_.emplace(key, Failures{}).first;
  }
  Failures& failures = found->second;
  if (now < failures.not_before) {
    return std::chrono::ceil<std::chrono::seconds>(failures.not_before - now);
  }
  ++failures.count;
  failures.last = now;
  if (failures.count > rule_.free) {
    const unsigned doublings = std::min(failures.count - rule_.free - 1, 20U);
    failures.not_before = now + std::min<std::chrono::seconds>(rule_.first * (1U << doublings), rule_.longest);
  }
  return std::nullopt;
}

void Lockout::Succeeded(const std::string& key, Forget forget) {
  std::lock_guard lock(mutex_);
  auto found = failures_.find(key);
  if (found == failures_.end()) return;
  Failures& failures = found->second;
  if (forget == Forget::kAll || failures.count <= 1) {
    failures_.erase(found);
    return;
  }
  --failures.count;
  failures.not_before = {};
}

Lockout::Standing Lockout::Of(const std::string& key) const {
  std::lock_guard lock(mutex_);
  const Steady now = clock_.Steady();
  const auto found = failures_.find(key);
  if (found == failures_.end() || now - found->second.last > rule_.forget_after) return {};
  const Failures& failures = found->second;
  Standing standing{failures.count, std::nullopt};
  if (now < failures.not_before) standing.wait = std::chrono::ceil<std::chrono::seconds>(failures.not_before - now);
  return standing;
}

void Lockout::MakeRoom() {
  if (failures_.size() < rule_.keys_max) return;
  failures_.erase(std::ranges::min_element(failures_, {}, [](const auto& entry) { return entry.second.last; }));
}

std::string AddressKey(const std::string& address) {
  std::array<std::uint8_t, 16> bytes{};
  if (inet_pton(AF_INET6, address.c_str(), bytes.data()) != 1) return address;
  constexpr std::array<std::uint8_t, 12> kMapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
  if (std::equal(kMapped.begin(), kMapped.end(), bytes.begin())) return ToHex(ByteView(bytes).subspan(12));
  return ToHex(ByteView(bytes).first(8));
}

}  // namespace schakel
