#include "identity_file.h"

#include "disk_files.h"
#include "protocol/crypto.h"
#include "wire.h"

namespace schakel {
namespace {

constexpr const char* kIdentityRule = "log.identity";
constexpr std::uint8_t kIdentityVersion = 1;
constexpr std::size_t kFileBytesMax = 4U << 10;

Bytes Encode(const LogIdentity& identity) {
  Bytes out;
  PutU8(out, kIdentityVersion);
  Append(out, identity.log_key.value());
  Append(out, identity.transport_key.value());
  Append(out, AsBytes(identity.origin));
  return out;
}

std::unexpected<Error> Differs(const char* what, const std::string& theirs, const std::string& ours, const char* next) {
  return Fail(Code::kConflict, kIdentityRule,
              std::string(what) + ": the log has " + theirs + ", the configuration " + ours, next);
}

}  // namespace

Status SaveIdentity(const std::filesystem::path& path, const KeyRing& ring, const LogIdentity& identity) {
  Bytes file;
  SealXChaChaTo(ring.Derive("identity").bytes, Encode(identity), ring.store_id(), file);
  return ReplaceFile(path, file, kIdentityRule);
}

Status CheckIdentity(const std::filesystem::path& path, const KeyRing& ring, const LogIdentity& identity) {
  const auto broken = [&] {
    return Fail(Code::kCorrupt, kIdentityRule, path.string(), "put this file back from the last backup of the log");
  };
  auto file = ReadWholeFile(path, kFileBytesMax, kIdentityRule);
  if (!file) return file.error().code == Code::kUnavailable ? Status(std::unexpected(file.error())) : broken();
  const auto plain = OpenXChaCha(ring.Derive("identity").bytes, *file, ring.store_id());
  if (!plain) return broken();
  ByteReader reader(*plain);
  if (reader.U8() != kIdentityVersion) return broken();
  LogIdentity kept;
  kept.log_key = SigningPublicKey(reader.Fixed<32>());
  kept.transport_key = TransportPublicKey(reader.Fixed<32>());
  if (!reader.ok()) return broken();
  kept.origin = std::string(AsText(reader.Rest()));
  if (kept.origin != identity.origin) {
    return Differs("origin", kept.origin, identity.origin, "a log keeps its name for ever: put the old origin back");
  }
  if (kept.log_key != identity.log_key) {
    return Differs("log key", ToHex(kept.log_key.value()), ToHex(identity.log_key.value()),
                   "put the log key of this log back, from its safe copy: agents trust no other");
  }
  if (kept.transport_key != identity.transport_key) {
    return Differs("transport key", ToHex(kept.transport_key.value()), ToHex(identity.transport_key.value()),
                   "put the transport key of this log back, from its safe copy: agents connect to no other");
  }
  return {};
}

}  // namespace schakel
