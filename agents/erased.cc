#include "agents/erased.h"

#include <algorithm>

namespace schakel {

std::string ErasedFact(const TrajectoryId& trajectory) { return "erased." + ToText(trajectory); }

Bytes EncodeErased(const std::vector<RecordId>& records) {
  Bytes bytes;
  bytes.reserve(records.size() * sizeof(Id128));
  for (const RecordId& record : records) bytes.insert(bytes.end(), record.value().begin(), record.value().end());
  return bytes;
}

Result<std::vector<RecordId>> DecodeErased(ByteView bytes) {
  if (bytes.size() % sizeof(Id128) != 0) return Fail(Code::kCorrupt, "vault.row", "erased");
  std::vector<RecordId> records;
  records.reserve(bytes.size() / sizeof(Id128));
  for (std::size_t at = 0; at < bytes.size(); at += sizeof(Id128)) {
    Id128 id;
    std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), id.size(), id.begin());
    records.emplace_back(id);
  }
  return records;
}

}  // namespace schakel
