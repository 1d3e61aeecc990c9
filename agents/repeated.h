// What an own record repeats of another's words: whoever shares a received record again keeps a copy of it, and that
// copy stays under the grant under which the record came.
#pragma once

#include <optional>

#include "agents/vault.h"

namespace schakel {

struct Repeated {
  std::uint64_t number = 0;
  StoredRecord record;
  Header header;
};

// Whether it may repeat others' words.
inline bool MayRepeat(const StoredRecord& record, const Header& header) {
  return record.state != RecordState::kReceived && header.kind == Kind::kShareAgain;
}

// The received record whose words an own one repeats, also through others of our own. Nothing: the words are our own,
// or that record is not here any more.
Result<std::optional<Repeated>> FindRepeated(const Vault& vault, const StoredRecord& record, const Header& header);

}  // namespace schakel
