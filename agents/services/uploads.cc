// Taking in the bytes of a file, until all of them are here.
#include <algorithm>
#include <utility>

#include "agents/attachments.h"
#include "agents/person_name.h"
#include "file_types.h"
#include "short_id.h"
#include "upload_hold.h"
#include "upload_rows.h"

namespace schakel {
namespace {

constexpr std::uint32_t kPiece = AttachmentService::kPieceBytes;

std::uint32_t PiecesOf(std::uint32_t bytes) { return (bytes + kPiece - 1) / kPiece; }

std::unexpected<Error> UnknownUpload() {
  return Fail(Code::kNotFound, "upload.unknown", "upload", "begin again: it was sent, given up, or a day has passed");
}

}  // namespace

Status AttachmentService::Keep(const Upload& upload) {
  return engine_.Keep({{kUploadSet, ToText(upload.id), EncodeUpload(upload)}});
}

// The pieces first: what is left when the machine stops in between is still known of, and is dropped later.
Status AttachmentService::Remove(const Upload& upload) {
  std::vector<Engine::FactChange> changes;
  const auto total = IsNone(upload.source) ? static_cast<std::uint32_t>(upload.request.size) : 0;
  for (std::uint32_t number = 0; number < PiecesOf(total); ++number) {
    changes.push_back({UploadPieceName(upload.id, number), std::nullopt});
  }
  SCHAKEL_TRY(engine_.ChangeFacts(changes));
  return engine_.Keep({{kUploadSet, ToText(upload.id), std::nullopt}});
}

Status AttachmentService::Load() {
  if (!loaded_) {
    SCHAKEL_ASSIGN(const auto rows, engine_.Kept(kUploadSet));
    for (const auto& [key, row] : rows) {
      SCHAKEL_ASSIGN(Upload upload, DecodeUpload(row));
      uploads_.insert_or_assign(upload.id, std::move(upload));
    }
    loaded_ = true;
  }
  const Timestamp now = clock_.Now();
  for (auto one = uploads_.begin(); one != uploads_.end();) {
    const bool old = now >= one->second.begun_at + kUploadLasts;
    if (!old || busy_.contains(one->first)) {
      ++one;
      continue;
    }
    SCHAKEL_TRY(Remove(one->second));
    one = uploads_.erase(one);
  }
  return {};
}

// With the mutex held. Another's is as if it were not there.
Result<Upload*> AttachmentService::Own(const UploadId& id, const std::string& person) {
  SCHAKEL_TRY(Load());
  const auto found = uploads_.find(id);
  if (found == uploads_.end() || !SamePerson(found->second.person, person)) return UnknownUpload();
  if (busy_.contains(id)) {
    return Fail(Code::kConflict, "upload.busy", "upload", "wait until the request before has its answer");
  }
  return &found->second;
}

// What it hangs on: content of that trajectory, or of that anonymous consultation.
Status AttachmentService::CheckAbout(UploadRequest& request, RecordId& thread) {
  if (IsNone(request.about)) {
    if (!IsNone(request.trajectory)) return {};
    return Fail(Code::kInvalid, "attachment.about", "about", "name the question that it goes with");
  }
  SCHAKEL_ASSIGN(const HeldRecord held, engine_.Find(request.about));
  const Header& header = held.header;
  const bool file = header.kind == Kind::kAttachment || header.kind == Kind::kAttachmentChunk;
  if (!IsContent(header.kind) || file || header.trajectory != request.trajectory ||
      held.state == RecordState::kRefused) {
    return Fail(Code::kInvalid, "attachment.about", "about", "name a note, question, answer or the like of it");
  }
  thread = header.thread;
  // As what it goes with, unless said otherwise: then the same grants cover both.
  if (request.categories.empty()) {
    request.categories = header.categories;
    request.purpose = header.purpose;
  }
  return {};
}

Result<Upload> AttachmentService::Begin(UploadRequest request, const std::string& person) {
  if (request.size < 1 || request.size > kAttachmentBytesMax) {
    return Fail(Code::kInvalid, "attachment.size", "size", "attach a file of 1 byte to 100 MiB");
  }
  SCHAKEL_ASSIGN(request.name, CleanFileName(request.name));
  SCHAKEL_ASSIGN(request.media_type, FileTypeOf(request.name, request.media_type));
  Upload upload;
  SCHAKEL_TRY(CheckAbout(request, upload.thread));
  if (request.categories.empty()) {
    return Fail(Code::kInvalid, "attachment.categories", "categories", "say what it is about");
  }
  AttachmentBody words;  // Of what is there by now.
  words.name = request.name;
  words.media_type = request.media_type;
  words.caption = request.caption;
  words.size = 1;
  words.chunk_bytes = 1;
  words.sha256 = Bytes(sizeof(Hash32));
  words.chunks = Bytes(sizeof(Id128));
  SCHAKEL_TRY(EncodeBody(words));
  if (IsNone(request.trajectory)) {
    const bool readable = IsPlainText(request.media_type) && request.size <= kAnonymousBytesMax;
    if (!readable) {
      return Fail(Code::kInvalid, "attachment.unreadable", "name",
                  "write it in the question, or attach plain text of at most 1 MiB");
    }
  }
  request.audience.preview = false;
  upload.id = random_.Draw<UploadId>();
  upload.person = person;
  upload.request = std::move(request);
  upload.begun_at = clock_.Now();

  std::lock_guard lock(mutex_);
  SCHAKEL_TRY(Load());
  std::size_t own = 0;
  std::uint64_t bytes = upload.request.size;
  for (const auto& [id, one] : uploads_) {
    if (!IsNone(one.source)) continue;  // Nothing of it lies here twice.
    bytes += one.request.size;
    if (SamePerson(one.person, person)) ++own;
  }
  if (own >= kUploadsMax) {
    return Fail(Code::kLimit, "upload.many", "upload", "finish or give up one of those that you began");
  }
  if (bytes > kUploadsBytesMax) {
    return Fail(Code::kLimit, "upload.space", "size", "wait until others have finished theirs");
  }
  SCHAKEL_TRY(Keep(upload));
  return uploads_.emplace(upload.id, upload).first->second;
}

Result<Bytes> AttachmentService::Piece(const Upload& upload, std::uint32_t number) const {
  if (!IsNone(upload.source)) return PieceOfSource(upload, number);
  SCHAKEL_ASSIGN(auto bytes, engine_.GetFact(UploadPieceName(upload.id, number)));
  const std::uint32_t here = upload.offset - number * kPiece;
  const std::size_t wanted = std::min(here, kPiece);
  if (!bytes || bytes->size() < wanted) {
    return Fail(Code::kCorrupt, "upload.lost", "upload", "give it up, then attach the file again");
  }
  bytes->resize(wanted);  // What was written before the machine stopped, and not counted.
  return std::move(*bytes);
}

Result<std::uint32_t> AttachmentService::Put(const UploadId& id, const std::string& person, std::uint64_t offset,
                                             ByteView bytes) {
  Upload upload;
  {
    std::lock_guard lock(mutex_);
    SCHAKEL_ASSIGN(Upload * found, Own(id, person));
    upload = *found;
    busy_.insert(id);
  }
  const Hold hold(mutex_, busy_, id);
  if (!upload.pieces.empty() || !IsNone(upload.source)) {
    return Fail(Code::kConflict, "upload.sending", "upload", "finish it: all of it is here");
  }
  if (offset != upload.offset) {
    return Fail(Code::kConflict, "upload.offset", std::to_string(upload.offset), "go on from where it is");
  }
  if (bytes.empty()) return upload.offset;
  if (bytes.size() > upload.request.size - upload.offset || bytes.size() > kPutBytesMax) {
    return Fail(Code::kInvalid, "upload.long", "upload", "send what was announced, at most 512 KiB at a time");
  }
  std::uint32_t number = upload.offset / kPiece;
  Bytes piece;
  if (upload.offset % kPiece != 0) {
    SCHAKEL_ASSIGN(piece, Piece(upload, number));
  }
  std::vector<Engine::FactChange> changes;
  for (ByteView rest = bytes; !rest.empty(); ++number) {
    const std::size_t taken = std::min(rest.size(), kPiece - piece.size());
    Append(piece, rest.first(taken));
    rest = rest.subspan(taken);
    changes.push_back({UploadPieceName(id, number), std::exchange(piece, {})});
  }
  // The bytes before the count of them: what is counted is here.
  SCHAKEL_TRY(engine_.ChangeFacts(changes));
  upload.offset += static_cast<std::uint32_t>(bytes.size());
  SCHAKEL_TRY(Keep(upload));
  std::lock_guard lock(mutex_);
  uploads_.insert_or_assign(id, upload);
  return upload.offset;
}

Result<Upload> AttachmentService::Find(const UploadId& id, const std::string& person) {
  std::lock_guard lock(mutex_);
  SCHAKEL_ASSIGN(const Upload* found, Own(id, person));
  return *found;
}

Result<UploadId> AttachmentService::FindLike(std::string_view text, const std::string& person) {
  SCHAKEL_ASSIGN(const std::string prefix, HexPrefix(text));
  SCHAKEL_ASSIGN(const std::vector<Upload> own, Of(person));
  std::vector<UploadId> like;
  for (const Upload& one : own) {
    if (ToText(one.id).starts_with(prefix)) like.push_back(one.id);
  }
  if (like.empty()) return UnknownUpload();
  return OnlyOne(like);
}

Result<std::vector<Upload>> AttachmentService::Of(const std::string& person) {
  std::lock_guard lock(mutex_);
  SCHAKEL_TRY(Load());
  std::vector<Upload> own;
  for (const auto& [id, one] : uploads_) {
    if (SamePerson(one.person, person)) own.push_back(one);
  }
  std::ranges::sort(own, [](const Upload& a, const Upload& b) {
    return a.begun_at != b.begun_at ? a.begun_at > b.begun_at : a.id < b.id;
  });
  return own;
}

Status AttachmentService::DropOld() {
  std::lock_guard lock(mutex_);
  return Load();
}

Status AttachmentService::Drop(const UploadId& id, const std::string& person) {
  std::lock_guard lock(mutex_);
  SCHAKEL_ASSIGN(const Upload* found, Own(id, person));
  SCHAKEL_TRY(Remove(*found));
  uploads_.erase(id);
  return {};
}

}  // namespace schakel
