#include "head_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "protocol/crypto.h"
#include "wire.h"

namespace schakel {
namespace {

constexpr std::uint8_t kHeadVersion = 1;
constexpr std::size_t kSlotStep = 4096;  // No disk has larger sectors.
constexpr std::size_t kIdOffset = 1;
constexpr std::size_t kBodyBytes = 1 + 16 + 8 + 8 + 8 + 32;
constexpr std::size_t kSlotBytes = kBodyBytes + 32;
constexpr std::size_t kFileBytes = kSlotStep + kSlotBytes;

}  // namespace

HeadFile::HeadFile(std::filesystem::path path, const KeyRing& ring, const char* rule)
    : path_(std::move(path)), store_id_(ring.store_id()), key_(ring.Derive("head")), rule_(rule) {}

Bytes HeadFile::Encode(std::uint64_t counter, const HeadRecord& record) const {
  Bytes out;
  out.reserve(kSlotBytes);
  PutU8(out, kHeadVersion);
  Append(out, store_id_);
  PutU64(out, counter);
  PutU64(out, record.position);
  PutU64(out, record.head.size);
  Append(out, record.head.root);
  Append(out, HmacSha256(key_.bytes, {out}));
  return out;
}

std::optional<std::pair<std::uint64_t, HeadRecord>> HeadFile::Decode(ByteView slot) const {
  if (slot.size() < kSlotBytes) return std::nullopt;
  const ByteView body = slot.first(kBodyBytes);
  if (!ConstantTimeEqual(HmacSha256(key_.bytes, {body}), slot.subspan(kBodyBytes, 32))) return std::nullopt;
  ByteReader reader(body);
  const std::uint8_t version = reader.U8();
  const Id128 id = reader.Fixed<16>();
  if (version != kHeadVersion || id != store_id_) return std::nullopt;
  const std::uint64_t counter = reader.U64();
  HeadRecord record;
  record.position = reader.U64();
  record.head.size = reader.U64();
  record.head.root = reader.Fixed<32>();
  return std::pair(counter, record);
}

Result<HeadFile::State> HeadFile::Load() {
  auto read = ReadWholeFile(path_, kFileBytes, rule_);
  if (!read) {
    if (read.error().code == Code::kNotFound) return State::kMissing;
    if (read.error().code == Code::kCorrupt) return State::kDamaged;
    return std::unexpected(read.error());
  }
  const ByteView file(*read);
  const ByteView slots[] = {file.first(std::min(file.size(), kSlotBytes)),
                            file.subspan(std::min(file.size(), kSlotStep))};
  bool found = false;
  bool foreign = true;
  for (const ByteView slot : slots) {
    const bool names_us = slot.size() >= kIdOffset + 16 && Equal(slot.subspan(kIdOffset, 16), store_id_);
    if (names_us) foreign = false;
    const auto decoded = Decode(slot);
    if (!decoded) slot_broken_ = true;
    if (decoded && (!found || decoded->first > counter_)) {
      counter_ = decoded->first;
      record_ = decoded->second;
      found = true;
    }
  }
  if (!found) return foreign && file.size() == kFileBytes ? State::kSwapped : State::kDamaged;
  file_ = FileDescriptor(::open(path_.c_str(), O_WRONLY | O_CLOEXEC));
  if (!file_.open()) return DiskFailure(rule_, path_);
  return State::kFound;
}

Status HeadFile::Create(const HeadRecord& record) {
  counter_ = 2;
  Bytes file = Encode(1, record);
  file.resize(kSlotStep);
  Append(file, Encode(2, record));
  SCHAKEL_TRY(ReplaceFile(path_, file, rule_));
  file_ = FileDescriptor(::open(path_.c_str(), O_WRONLY | O_CLOEXEC));
  if (!file_.open()) return DiskFailure(rule_, path_);
  record_ = record;
  slot_broken_ = false;
  return {};
}

Status HeadFile::Write(const HeadRecord& record) {
  SCHAKEL_ASSERT(file_.open());
  if (record == record_) return {};
  ++counter_;
  const Bytes slot = Encode(counter_, record);
  const auto offset = static_cast<off_t>(counter_ % 2 == 1 ? 0 : kSlotStep);
  const ssize_t wrote = ::pwrite(file_.get(), slot.data(), slot.size(), offset);
  if (wrote != static_cast<ssize_t>(slot.size())) {
    if (wrote >= 0) errno = EIO;
    return DiskFailure(rule_, path_);
  }
  record_ = record;
  slot_broken_ = false;  // Slots are written in turn: this was the other one.
  return {};
}

}  // namespace schakel
