#include <algorithm>

#include "agents/case_file.h"

namespace schakel {

std::string_view Slug(ErasureStanding value) {
  switch (value) {
    case ErasureStanding::kProposed:
      return "proposed";
    case ErasureStanding::kAgreed:
      return "agreed";
    case ErasureStanding::kConfirmed:
      return "confirmed";
    case ErasureStanding::kReceipts:
      return "receipts";
    case ErasureStanding::kDone:
      return "done";
  }
  return "unknown";
}

Result<ErasureStanding> ParseErasureStanding(std::string_view slug) {
  for (auto value = static_cast<unsigned>(ErasureStanding::kProposed);
       value <= static_cast<unsigned>(kErasureStandingLast); ++value) {
    if (Slug(static_cast<ErasureStanding>(value)) == slug) return static_cast<ErasureStanding>(value);
  }
  return Fail(Code::kInvalid, "vocabulary.erasure", {}, "choose one of: proposed, agreed, confirmed, receipts, done");
}

ErasureStanding StandingOf(const CaseErasure& erasure, bool we_lead) {
  if (IsNone(erasure.confirm)) return erasure.seconded ? ErasureStanding::kAgreed : ErasureStanding::kProposed;
  if (!we_lead) return ErasureStanding::kConfirmed;
  const bool all = std::ranges::all_of(erasure.parties, [](const auto& one) { return one.answered_at.has_value(); });
  return erasure.confirmed_at && all ? ErasureStanding::kDone : ErasureStanding::kReceipts;
}

}  // namespace schakel
