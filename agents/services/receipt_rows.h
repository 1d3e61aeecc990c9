// What the hub said of those who were asked, as it is kept in the vault: a row a consultation. Pure.
#pragma once

#include <map>
#include <optional>

#include "protocol/bytes.h"
#include "protocol/ids.h"
#include "protocol/result.h"
#include "protocol/seams.h"

namespace schakel {

inline constexpr const char* kReceiptSet = "consultation.receipts";

// What the hub said of one organisation.
struct HubSaid {
  std::optional<Timestamp> stored_at;
  std::optional<Timestamp> opened_at;
};
using ReceiptsBy = std::map<OrgId, HubSaid>;

Bytes EncodeReceipts(const ReceiptsBy& all);
Result<ReceiptsBy> DecodeReceipts(ByteView bytes);

}  // namespace schakel
