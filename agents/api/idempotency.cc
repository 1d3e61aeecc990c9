#include "idempotency.h"

#include <algorithm>

#include "protocol/codec.h"
#include "protocol/crypto.h"

namespace schakel {
namespace {

constexpr std::uint64_t kReplyRowVersion = 1;
constexpr std::chrono::hours kLasts{24};
constexpr std::size_t kRowsMax = 10'000;
constexpr std::size_t kBodyBytesMax = 256U << 10;

}  // namespace

Bytes Idempotency::Encode(const Row& row) {
  Encoder to;
  to.Array(6).Uint(kReplyRowVersion).Binary(row.asked).Time(row.at).Uint(static_cast<std::uint64_t>(row.status));
  to.Text(row.type).Binary(AsBytes(row.body));
  return to.Take();
}

Result<Idempotency::Row> Idempotency::Decode(ByteView bytes) {
  CodecLimits limits;
  limits.bytes_max = kBodyBytesMax + 1024;
  Decoder from(bytes, limits);
  Row row;
  from.Array(6, "idempotency");
  if (from.Uint("idempotency") != kReplyRowVersion) from.FailWith(Code::kVersion, "vault.row", "idempotency");
  row.asked = from.Fixed<32>("idempotency.asked");
  row.at = from.Time("idempotency.at");
  row.status = static_cast<int>(from.Uint("idempotency.status", 599));
  row.type = from.Text("idempotency.type", 128);
  row.body = AsText(from.Binary("idempotency.body", kBodyBytesMax));
  if (Status done = from.Finish(); !done) {
    const Code code = done.error().code == Code::kVersion ? Code::kVersion : Code::kCorrupt;
    return Fail(code, "vault.row", "idempotency", "check the vault with: schakel-agent check");
  }
  return row;
}

Status Idempotency::Load() {
  SCHAKEL_ASSIGN(const auto rows, engine_.Kept(kSet));
  std::lock_guard lock(mutex_);
  for (const auto& [key, value] : rows) {
    SCHAKEL_ASSIGN(Row row, Decode(value));
    rows_.emplace(key, std::move(row));
  }
  return {};
}

Result<Idempotency::Once> Idempotency::Read(std::string_view key, std::string_view who, const ApiRequest& request) {
  const bool visible = std::ranges::all_of(key, [](unsigned char c) { return c > 0x20 && c < 0x7F; });
  if (key.empty() || key.size() > 128 || !visible) {
    return Fail(Code::kInvalid, "idempotency.key", "Idempotency-Key",
                "use 1 to 128 visible characters, such as a UUID");
  }
  const Hash32 inner = Sha256(AsBytes(who));
  const Hash32 body = Sha256(AsBytes(request.body));
  const Hash32 target = Sha256(AsBytes(request.target));
  return Once{ToHex(Sha256({inner, AsBytes(key)})), Sha256({AsBytes(request.method), target, body})};
}

Result<std::optional<ApiResponse>> Idempotency::Begin(const Once& once) {
  const Timestamp now = clock_.Now();
  std::vector<Engine::KeptRow> writes;
  std::unique_lock lock(mutex_);
  auto found = rows_.find(once.key);
  if (found != rows_.end() && now < found->second.at + kLasts) {
    const Row& row = found->second;
    if (row.asked != once.asked) {
      return Fail(Code::kConflict, "idempotency.other_body", "Idempotency-Key", "use a new key for another request");
    }
    if (row.status == 0 && row.ours) {
      return Fail(Code::kConflict, "idempotency.under_way", "Idempotency-Key", "wait for the answer, then ask again");
    }
    if (row.status == 0) {
      return Fail(Code::kConflict, "idempotency.unknown", "Idempotency-Key",
                  "look whether it happened; if not, ask it with a new key");
    }
    ApiResponse response;
    response.status = row.status;
    response.headers["Content-Type"] = row.type;
    response.headers["Idempotency-Replayed"] = "true";
    response.body = row.body;
    return std::optional(std::move(response));
  }
  for (auto row = rows_.begin(); row != rows_.end();) {
    if (now < row->second.at + kLasts) {
      ++row;
      continue;
    }
    writes.push_back({kSet, row->first, std::nullopt});
    row = rows_.erase(row);
  }
  if (rows_.size() >= kRowsMax) {
    const auto oldest = std::ranges::min_element(rows_, {}, [](const auto& entry) { return entry.second.at; });
    writes.push_back({kSet, oldest->first, std::nullopt});
    rows_.erase(oldest);
  }
  Row row;
  row.asked = once.asked;
  row.at = now;
  row.ours = true;
  // Before it is done: if the agent stops halfway, nobody shall take it for not asked.
  writes.push_back({kSet, once.key, Encode(row)});
  rows_[once.key] = std::move(row);
  lock.unlock();
  if (Status kept = engine_.Keep(writes); !kept) {
    lock.lock();
    rows_.erase(once.key);
    return std::unexpected(kept.error());
  }
  return std::optional<ApiResponse>{};
}

void Idempotency::Done(const Once& once, const ApiResponse& response) {
  if (response.body.size() > kBodyBytesMax) return;
  Row row;
  {
    std::lock_guard lock(mutex_);
    auto found = rows_.find(once.key);
    if (found == rows_.end()) return;
    const auto type = response.headers.find("Content-Type");
    found->second.type = type == response.headers.end() ? "application/json" : type->second;
    found->second.body = response.body;
    found->second.status = response.status;
    row = found->second;
  }
  // If the disk refuses, the row says that it was begun; after a restart whoever asks again is told to look.
  static_cast<void>(engine_.Keep({{kSet, once.key, Encode(row)}}));
}

void Idempotency::Undone(const Once& once) {
  {
    std::lock_guard lock(mutex_);
    if (rows_.erase(once.key) == 0) return;
  }
  static_cast<void>(engine_.Keep({{kSet, once.key, std::nullopt}}));
}

}  // namespace schakel
