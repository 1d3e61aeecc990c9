// What was sent under an Idempotency-Key happens once: the same key and body get the same answer, for a day.
//
// Kept in the vault, so also when the agent was restarted in between. Only what succeeded is kept: what was refused did
// nothing, and may be asked again.
// Threads: any. Memory: 10,000 keys, the oldest make room.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "agents/api.h"

namespace schakel {

class Idempotency {
 public:
  static constexpr const char* kSet = "api.idempotency";

  Idempotency(Engine& engine, const Clock& clock) : engine_(engine), clock_(clock) {}
  Status Load();  // Once, before all else.

  // One request under a key: who asks, and the hash of what is asked.
  struct Once {
    std::string key;  // Hashed with who asks.
    Hash32 asked{};
  };
  // kInvalid ("idempotency.key"): 1 to 128 visible characters.
  static Result<Once> Read(std::string_view key, std::string_view who, const ApiRequest& request);

  // The answer that was given before; nothing: go on, then Done() or Undone().
  // kConflict ("idempotency.other_body"): the key was used for something else; ("idempotency.under_way"): it is being
  // done; ("idempotency.unknown"): the agent stopped while it was done.
  Result<std::optional<ApiResponse>> Begin(const Once& once);
  void Done(const Once& once, const ApiResponse& response);
  void Undone(const Once& once);

 private:
  struct Row {
    Hash32 asked{};
    Timestamp at;
    bool ours = false;  // Begun since the agent was started.
    int status = 0;     // 0: not done yet.
    std::string type;
    std::string body;
  };
  static Bytes Encode(const Row& row);
  static Result<Row> Decode(ByteView bytes);

  Engine& engine_;
  const Clock& clock_;
  std::mutex mutex_;
  std::map<std::string, Row> rows_;
};

}  // namespace schakel
