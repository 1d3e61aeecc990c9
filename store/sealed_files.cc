#include "sealed_files.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>

#include "disk_files.h"
#include "wire.h"

namespace schakel {
namespace {

namespace fs = std::filesystem;

constexpr const char* kQuarantineRule = "log.quarantined";
constexpr const char* kAcceptedRule = "log.accept";
constexpr const char* kSnapshotRule = "log.snapshot";
constexpr std::size_t kQuarantineBytesMax = 64U << 10;
constexpr std::size_t kTextBytesMax = 4U << 10;
constexpr std::uint8_t kSnapshotVersion = 1;
constexpr std::size_t kSnapshotHeadBytes = 1 + 8;
constexpr std::size_t kPartBytes = 1U << 20;
constexpr std::size_t kSealedOverhead = kNonceBytes + kTagBytes;

void PutText(Bytes& to, const std::string& text) {
  const std::size_t size = std::min(text.size(), kTextBytesMax);
  PutU32(to, static_cast<std::uint32_t>(size));
  Append(to, AsBytes(std::string_view(text).substr(0, size)));
}
std::string TakeText(ByteReader& reader) { return std::string(AsText(reader.Take(reader.U32()))); }

std::unexpected<Error> SnapshotError(const fs::path& path) {
  return Fail(Code::kCorrupt, kSnapshotRule, path.string(),
              "it is of no use: the hub reads the whole log instead, and makes a new one");
}

class PartPlace {
 public:
  PartPlace(const TreeHead& at, std::uint32_t part, bool last) {
    StoreU64(at.size, bytes_.data());
    std::memcpy(bytes_.data() + 8, at.root.data(), 8);
    StoreU64(std::uint64_t{part} << 8 | (last ? 1 : 0), bytes_.data() + 16);
  }
  ByteView view() const { return bytes_; }

 private:
  std::array<std::uint8_t, 24> bytes_;
};

}  // namespace

Status SaveQuarantine(const fs::path& path, const Sealing& sealing, const DataKey& common, const Error& why) {
  Bytes plain;
  PutU8(plain, static_cast<std::uint8_t>(why.code));
  PutText(plain, why.rule);
  PutText(plain, why.field);
  PutText(plain, why.next);
  Bytes file = ToBytes(sealing.store_id());
  sealing.Seal(common, SealedKind::kQuarantine, {}, plain, file);
  return ReplaceFile(path, file, kQuarantineRule);
}

std::optional<Error> LoadQuarantine(const fs::path& path, const Sealing& sealing, const DataKey& common) {
  auto file = ReadWholeFile(path, kQuarantineBytesMax, kQuarantineRule);
  if (!file && file.error().code == Code::kNotFound) return std::nullopt;
  const Error unreadable{Code::kTampered, kQuarantineRule, path.string(),
                         "the reason cannot be read: ask the operator, and see the operations guide"};
  if (!file || file->size() < 16) return unreadable;
  auto plain = sealing.Open(common, SealedKind::kQuarantine, {}, ByteView(*file).subspan(16));
  if (!plain) return unreadable;
  ByteReader reader(*plain);
  Error why;
  why.code = static_cast<Code>(reader.U8());
  why.rule = TakeText(reader);
  why.field = TakeText(reader);
  why.next = TakeText(reader);
  return reader.AtEnd() ? why : unreadable;
}

Status SaveAccepted(const fs::path& path, const Sealing& sealing, const DataKey& common, const AcceptedHead& accepted) {
  Bytes plain;
  PutU64(plain, accepted.number);
  PutU64(plain, accepted.head.size);
  Append(plain, accepted.head.root);
  PutU64(plain, static_cast<std::uint64_t>(accepted.at.time_since_epoch().count()));
  Bytes file = ToBytes(sealing.store_id());
  sealing.Seal(common, SealedKind::kAccepted, {}, plain, file);
  return ReplaceFile(path, file, kAcceptedRule);
}

std::optional<AcceptedHead> LoadAccepted(const fs::path& path, const Sealing& sealing, const DataKey& common) {
  const auto file = ReadWholeFile(path, kQuarantineBytesMax, kAcceptedRule);
  if (!file || file->size() < 16) return std::nullopt;
  const auto plain = sealing.Open(common, SealedKind::kAccepted, {}, ByteView(*file).subspan(16));
  if (!plain) return std::nullopt;
  ByteReader reader(*plain);
  AcceptedHead accepted;
  accepted.number = reader.U64();
  accepted.head.size = reader.U64();
  accepted.head.root = reader.Fixed<32>();
  accepted.at = Timestamp(Timestamp::duration(static_cast<std::int64_t>(reader.U64())));
  return reader.AtEnd() ? std::optional(accepted) : std::nullopt;
}

Status SnapshotFile::Save(const fs::path& path, const Sealing& sealing, const DataKey& common, const TreeHead& at,
                          ByteView snapshot) {
  fs::path temporary = path;
  temporary += ".tmp";
  FileDescriptor file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  if (!file.open()) return DiskFailure(kSnapshotRule, temporary);
  Bytes out;
  PutU8(out, kSnapshotVersion);
  PutU64(out, at.size);
  Status written;
  for (std::uint32_t part = 0; written; ++part) {
    const ByteView piece = snapshot.first(std::min(snapshot.size(), kPartBytes));
    snapshot = snapshot.subspan(piece.size());
    PutU32(out, static_cast<std::uint32_t>(piece.size() + kSealedOverhead));
    sealing.Seal(common, SealedKind::kSnapshot, PartPlace(at, part, snapshot.empty()).view(), piece, out);
    written = WriteAll(file.get(), out, temporary, kSnapshotRule);
    out.clear();
    if (snapshot.empty()) break;
  }
  if (written && ::fsync(file.get()) != 0) written = DiskFailure(kSnapshotRule, temporary);
  if (!written) {
    ::unlink(temporary.c_str());
    return written;
  }
  return RenameFile(temporary, path, kSnapshotRule);
}

Result<std::optional<std::uint64_t>> SnapshotFile::SizeOf(const fs::path& path) {
  FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.open()) {
    if (errno == ENOENT) return std::nullopt;
    return DiskFailure(kSnapshotRule, path);
  }
  std::array<std::uint8_t, kSnapshotHeadBytes> head{};
  if (::read(file.get(), head.data(), head.size()) != static_cast<ssize_t>(head.size())) return SnapshotError(path);
  if (head[0] != kSnapshotVersion) return SnapshotError(path);
  return LoadU64(head.data() + 1);
}

Result<Bytes> SnapshotFile::Load(const fs::path& path, const Sealing& sealing, const DataKey& common,
                                 const TreeHead& at) {
  SCHAKEL_ASSIGN(const Bytes file, ReadWholeFile(path, std::size_t{1} << 40, kSnapshotRule));
  ByteReader reader(file);
  reader.Take(kSnapshotHeadBytes);
  Bytes out;
  for (std::uint32_t part = 0;; ++part) {
    const ByteView sealed = reader.Take(reader.U32());
    if (!reader.ok()) return SnapshotError(path);
    const bool last = reader.AtEnd();
    auto piece = sealing.Open(common, SealedKind::kSnapshot, PartPlace(at, part, last).view(), sealed);
    if (!piece) return SnapshotError(path);
    Append(out, *piece);
    if (last) return out;
  }
}

}  // namespace schakel
