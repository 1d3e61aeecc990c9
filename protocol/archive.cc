#include "protocol/archive.h"

#include <algorithm>

#include "protocol/codec.h"
#include "protocol/crypto.h"

namespace schakel {
namespace {

constexpr std::uint64_t kArchiveVersion = 1;
constexpr std::string_view kMark = "schakel-archive";
constexpr std::string_view kDigestDomain = "schakel/archive/v1";
constexpr std::size_t kArchiveItems = 5;
constexpr std::size_t kDigestBytes = 2 + 32;  // With its head.

// Of all that stands before it, its own head not counted.
Hash32 DigestOf(ByteView before) { return Sha256({AsBytes(kDigestDomain), before}); }

ArchivedContent DecodeContent(Decoder& from) {
  ArchivedContent content;
  from.Array(3, "archive.content");
  content.entry = from.Uint("archive.entry");
  content.key = from.Fixed<32>("archive.key");
  const ByteView ciphertext = from.Binary("archive.ciphertext", kCiphertextBytesMax);
  if (from.ok() && !IsCiphertextSize(ciphertext.size())) {
    from.FailWith(Code::kInvalid, "record.size_class", "archive.ciphertext");
  }
  content.ciphertext = ToBytes(ciphertext);
  return content;
}

// The body that the author signed, by the entry that stands in the log.
Result<Body> OpenArchived(const RecordEntry& record, const Header& header, const ArchivedContent& content) {
  if (Sha256(content.ciphertext) != record.ciphertext_hash) {
    return Fail(Code::kTampered, "archive.ciphertext", "archive.ciphertext", "get it again from who made it");
  }
  ContentKey key;
  key.bytes = content.key;
  return OpenBody(content.ciphertext, key, record.header, header.author, record.recipients_root);
}

Error AtEntry(Error error, std::size_t index) {
  error.field = "entry " + std::to_string(index + 1);
  return error;
}

ArchivedRecord CheckOne(const Archive& archive, std::size_t index, const ArchivedContent* content,
                        const NoteVerifier& verifier) {
  ArchivedRecord checked;
  Evidence alone;
  alone.checkpoint = archive.evidence.checkpoint;
  alone.subject = archive.evidence.subject;
  alone.entries = {archive.evidence.entries[index]};
  if (auto entry = DecodeEntry(alone.entries.front().entry)) checked.entry = std::move(*entry);
  const auto* record = checked.entry ? std::get_if<RecordEntry>(&checked.entry->body) : nullptr;
  if (record != nullptr) {
    if (auto header = DecodeHeader(record->header)) checked.header = std::move(*header);
  }
  if (auto holds = CheckEvidence(alone, verifier); !holds) {
    checked.doubt = AtEntry(std::move(holds).error(), index);
  } else if (content != nullptr && !checked.header) {
    checked.doubt = Error{Code::kInvalid, "archive.content", {}, "get it again from who made it"};
    checked.doubt = AtEntry(*checked.doubt, index);
  } else if (content != nullptr) {
    auto body = OpenArchived(*record, *checked.header, *content);
    if (body) {
      checked.body = std::move(*body);
    } else {
      checked.doubt = AtEntry(std::move(body).error(), index);
    }
  }
  return checked;
}

}  // namespace

// [version, "schakel-archive", evidence, [[entry, key, ciphertext], ..], digest]
Bytes EncodeArchive(const Archive& archive) {
  const Bytes evidence = EncodeEvidence(archive.evidence);
  std::size_t size = evidence.size() + 256;
  for (const ArchivedContent& content : archive.contents) size += content.ciphertext.size() + 64;
  Encoder to(size);
  to.Array(kArchiveItems).Uint(kArchiveVersion).Text(kMark).Binary(evidence).Array(archive.contents.size());
  for (const ArchivedContent& content : archive.contents) {
    to.Array(3).Uint(content.entry).Binary(content.key).Binary(content.ciphertext);
  }
  to.Binary(DigestOf(to.bytes()));
  return to.Take();
}

// The head of an array, a version of one byte, and the mark: nothing else of ours begins so.
bool IsArchive(ByteView bytes) {
  Encoder mark;
  mark.Text(kMark);
  return bytes.size() > 2 + mark.bytes().size() &&
         std::ranges::equal(bytes.subspan(2, mark.bytes().size()), mark.bytes());
}

Result<Archive> DecodeArchive(ByteView bytes) {
  Decoder from(bytes, {.bytes_max = kArchiveBytesMax,
                       .depth_max = 3,
                       .array_max = kArchiveRecordsMax,
                       .items_max = 8 + 4 * kArchiveRecordsMax,
                       .binary_bytes_max = kArchiveBytesMax});
  const std::size_t items = from.ArrayBetween(kArchiveItems, 64, "archive");
  const std::uint64_t version = from.Uint("archive.version");
  if (from.ok() && version > kArchiveVersion) {
    return Fail(Code::kVersion, "archive.version", "archive.version", "update this program to read it");
  }
  if (version == 0 || items != kArchiveItems) from.FailWith(Code::kInvalid, "codec.type", "archive");
  if (from.Text("archive.mark", kMark.size()) != kMark) from.FailWith(Code::kInvalid, "codec.type", "archive.mark");
  const ByteView encoded = from.Binary("archive.evidence", kEvidenceBytesMax);
  Archive archive;
  const std::size_t count = from.ArrayBetween(0, kArchiveRecordsMax, "archive.contents");
  for (std::size_t i = 0; i < count && from.ok(); ++i) {
    archive.contents.push_back(DecodeContent(from));
    if (i > 0 && archive.contents[i].entry <= archive.contents[i - 1].entry) {
      from.FailWith(Code::kInvalid, "archive.content", "archive.entry");
    }
  }
  const auto digest = from.Fixed<32>("archive.digest");
  SCHAKEL_TRY(from.Finish());
  SCHAKEL_ASSIGN(archive.evidence, DecodeEvidence(encoded));
  if (!archive.contents.empty() && archive.contents.back().entry >= archive.evidence.entries.size()) {
    return Fail(Code::kInvalid, "archive.content", "archive.entry", "get it again from who made it");
  }
  archive.intact = digest == DigestOf(bytes.first(bytes.size() - kDigestBytes));
  return archive;
}

Result<CheckedArchive> CheckArchive(const Archive& archive, const NoteVerifier& verifier) {
  SCHAKEL_TRY(VerifyCheckpoint(archive.evidence.checkpoint, verifier));
  CheckedArchive checked;
  if (!archive.intact) {
    checked.doubts.push_back({Code::kTampered, "archive.digest", {}, "get it again from who made it"});
  }
  auto content = archive.contents.begin();
  for (std::size_t i = 0; i < archive.evidence.entries.size(); ++i) {
    const bool has_content = content != archive.contents.end() && content->entry == i;
    checked.records.push_back(CheckOne(archive, i, has_content ? &*content : nullptr, verifier));
    if (has_content) ++content;
    if (checked.records.back().doubt) checked.doubts.push_back(*checked.records.back().doubt);
  }
  auto whole = CheckEvidence(archive.evidence, verifier);
  if (!whole) {
    if (checked.doubts.empty()) checked.doubts.push_back(std::move(whole).error());
  } else if (checked.doubts.empty()) {
    checked.evidence = std::move(*whole);
  }
  return checked;
}

}  // namespace schakel
