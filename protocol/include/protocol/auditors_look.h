// What may still be said of an erased trajectory besides the erasure itself: that an auditor looked at what the law
// obliges to keep of it, sealed.
#pragma once

#include <algorithm>
#include <variant>

#include "protocol/control.h"
#include "protocol/record.h"

namespace schakel {

// Whether all that it tells of is looks of auditors, for an audit.
inline bool IsLookOfAuditors(const Header& header) {
  const auto* views = std::get_if<Views>(&header.control);
  return views != nullptr && std::ranges::all_of(views->views, [](const View& view) {
           return view.role == StaffRole::kAuditor && view.reason == ViewReason::kAudit;
         });
}

}  // namespace schakel
