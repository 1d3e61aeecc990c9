#include "broker/withheld_late.h"

#include "protocol/codec.h"

namespace schakel {
namespace {

Bytes KeyOf(Sequence record, const OrgId& recipient) {
  Encoder to(64);
  to.Array(2).Uint(record.value()).Id(recipient);
  return to.Take();
}

}  // namespace

void StageWithheldLate(const WithheldLate& late, const PolicyState& policy, Timestamp now, Staging& staging) {
  const Trajectory* trajectory = policy.Find(late.trajectory);
  if (trajectory && trajectory->erased()) return;
  const Sequence sequence =
      staging.Add(now, DenialEntry{late.recipient, late.record_sequence, late.record, late.trajectory, late.reason},
                  late.trajectory);
  staging.Touch(late.trajectory, late.record, sequence, PrefixOf(late.record));
  Encoder value(16);
  value.Enum(late.reason);
  staging.AddRow(Table::kWithheldLate, KeyOf(late.record_sequence, late.recipient), value.Take());
}

Result<std::optional<Denial>> FindWithheldLate(const Log& log, Sequence record, const OrgId& recipient) {
  SCHAKEL_ASSIGN(const auto row,
                 log.FindRow(static_cast<std::uint8_t>(Table::kWithheldLate), KeyOf(record, recipient)));
  if (!row) return std::optional<Denial>();
  Decoder from(*row);
  const Denial reason = from.Enum("withheld_late.reason", Denial::kNotEnrolled, kDenialLast);
  SCHAKEL_TRY(from.Finish());
  return std::optional(reason);
}

}  // namespace schakel
