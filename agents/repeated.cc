#include "repeated.h"

namespace schakel {

Result<std::optional<Repeated>> FindRepeated(const Vault& vault, const StoredRecord& record, const Header& header) {
  if (!MayRepeat(record, header)) return std::nullopt;
  Repeated at{0, record, header};
  while (MayRepeat(at.record, at.header)) {
    if (at.header.references.empty()) return std::nullopt;
    const auto number = vault.NumberOf(at.header.references.front());
    if (!number && number.error().code == Code::kNotFound) return std::nullopt;
    if (!number) return std::unexpected(number.error());
    SCHAKEL_ASSIGN(at.record, vault.Record(*number));
    SCHAKEL_ASSIGN(at.header, DecodeHeader(at.record.header));
    at.number = *number;
  }
  if (at.record.state != RecordState::kReceived) return std::nullopt;
  return at;
}

}  // namespace schakel
