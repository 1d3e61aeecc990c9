#include "protocol/ids.h"

#include <algorithm>
#include <limits>

namespace schakel {
namespace {

constexpr std::size_t kOrgIdMin = 2;
constexpr std::size_t kOrgIdMax = 40;

bool IsLetterOrDigit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

bool IsOrgId(std::string_view text) {
  if (text.size() < kOrgIdMin || text.size() > kOrgIdMax) return false;
  if (!IsLetterOrDigit(text.front()) || !IsLetterOrDigit(text.back())) return false;
  return std::ranges::all_of(text, [](char c) { return IsLetterOrDigit(c) || c == '-'; });
}

template <typename Id>
Id Following(const Id& id) {
  SCHAKEL_ASSERT(id.value() != std::numeric_limits<std::uint64_t>::max());
  return Id(id.value() + 1);
}

}  // namespace

Result<OrgId> ParseOrgId(std::string_view text) {
  if (!IsOrgId(text)) {
    return Fail(Code::kInvalid, "id.organisation", {},
                "use 2 to 40 lower-case letters, digits and hyphens, with no hyphen first or last");
  }
  return OrgId(std::string(text));
}

Sequence Next(Sequence sequence) { return Following(sequence); }
FeedPosition Next(FeedPosition position) { return Following(position); }

}  // namespace schakel
