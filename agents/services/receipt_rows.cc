#include "receipt_rows.h"

#include "optional_time.h"
#include "protocol/codec.h"
#include "protocol/record.h"

namespace schakel {

Bytes EncodeReceipts(const ReceiptsBy& all) {
  Encoder to;
  to.Array(all.size());
  for (const auto& [organisation, said] : all) {
    to.Array(3).Id(organisation);
    PutTime(to, said.stored_at);
    PutTime(to, said.opened_at);
  }
  return to.Take();
}

Result<ReceiptsBy> DecodeReceipts(ByteView bytes) {
  Decoder from(bytes);
  ReceiptsBy all;
  const std::size_t count = from.ArrayBetween(0, kRecipientsMax, "receipts");
  for (std::size_t i = 0; i < count && from.ok(); ++i) {
    from.Array(3, "receipt");
    const OrgId organisation = from.ReadOrgId("receipt.organisation");
    HubSaid said;
    said.stored_at = TakeTime(from, "receipt.stored_at");
    said.opened_at = TakeTime(from, "receipt.opened_at");
    all[organisation] = said;
  }
  SCHAKEL_TRY(from.Finish());
  return all;
}

}  // namespace schakel
