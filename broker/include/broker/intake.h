// The examination of what a peer sent: all that can be checked without the hub's state, on any thread.
//
// Threads: pure; any.
#pragma once

#include <optional>
#include <variant>
#include <vector>

#include "protocol/record.h"
#include "protocol/registry.h"
#include "protocol/result.h"
#include "protocol/wire.h"

namespace schakel {

// One record of a Submit whose signature holds, or why it cannot be taken.
struct ExaminedRecord {
  std::optional<Error> error;  // Set: only `header` may still say something, and may be empty.
  Header header;
  Bytes header_bytes;
  Hash32 ciphertext_hash{};
  Hash32 recipients_root{};
  Hash32 leaf{};  // RecordLeaf: what the signature covers.
  SignatureEvidence evidence;
  Recipients recipients;
  Bytes ciphertext;
};
struct ExaminedBatch {
  std::vector<ExaminedRecord> records;
};

struct Examined {
  std::uint64_t request = 0;
  // An error: the message could not be read at all.
  std::variant<Error, ExaminedBatch, MessagePayload> what;
};

// `directory` may be somewhat old: keys are never forgotten, and the hub decides with its own whether the author may
// still speak.
Examined Examine(ByteView message, const Directory& directory, const WireLimits& limits);

}  // namespace schakel
