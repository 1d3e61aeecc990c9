// Sharing a file again: with who came later, or beside another record.
#include <algorithm>

#include "agents/attachments.h"
#include "agents/person_name.h"
#include "file_types.h"
#include "upload_hold.h"

namespace schakel {
namespace {

std::unexpected<Error> NoFile() {
  return Fail(Code::kInvalid, "share.kind", "record", "share notes, answers, reports, files and the like");
}

// A file that may be read here. The mark of an exception that it was written under stays on it.
struct Source {
  HeldRecord held;
  AttachmentBody file;
  std::optional<MarkedBody> mark;
};

Result<Source> SourceOf(const Engine& engine, const RecordId& id) {
  SCHAKEL_ASSIGN(HeldRecord held, engine.Find(id));
  if (held.header.kind != Kind::kAttachment || IsNone(held.header.trajectory) || held.state == RecordState::kRefused) {
    return NoFile();
  }
  SCHAKEL_ASSIGN(const Body body, engine.Open(id));
  SCHAKEL_ASSIGN(TypedBody typed, DecodeBody(body));
  Source source{std::move(held), {}, {}};
  if (const auto* marked = std::get_if<MarkedBody>(&typed)) source.mark = *marked;
  TypedBody whole = Unmarked(std::move(typed));
  auto* file = std::get_if<AttachmentBody>(&whole);
  if (file == nullptr) return NoFile();
  source.file = std::move(*file);
  return source;
}

}  // namespace

Result<Bytes> AttachmentService::PieceOfSource(const Upload& upload, std::uint32_t number) const {
  SCHAKEL_ASSIGN(const Source source, SourceOf(engine_, upload.source));
  SCHAKEL_ASSIGN(const AttachmentContent content, ContentOf(source.held, source.file));
  const std::uint64_t begin = std::uint64_t{number} * kPieceBytes;
  const std::uint64_t wanted = std::min<std::uint64_t>(kPieceBytes, upload.request.size - begin);
  // Another program may have cut it otherwise.
  Bytes piece;
  while (piece.size() < wanted) {
    SCHAKEL_ASSIGN(Bytes part, content.ReadFrom(begin + piece.size()));
    part.resize(std::min<std::uint64_t>(part.size(), wanted - piece.size()));
    Append(piece, part);
  }
  return piece;
}

// What is said of a file that is all here.
Result<Body> AttachmentService::BodyFor(const Upload& upload, const Hash32& sha256) const {
  AttachmentBody body;
  body.name = upload.request.name;
  body.media_type = upload.request.media_type;
  body.size = static_cast<std::uint32_t>(upload.request.size);
  body.sha256 = Bytes(sha256.begin(), sha256.end());
  body.chunk_bytes = kPieceBytes;
  body.chunks = ChunkIds(upload.pieces);
  body.caption = upload.request.caption;
  if (IsNone(upload.source)) return EncodeBody(body);
  SCHAKEL_ASSIGN(const Source source, SourceOf(engine_, upload.source));
  // Shared on: the first header stays.
  body.first = source.file.first.empty() ? EncodeHeader(source.held.header) : source.file.first;
  SCHAKEL_ASSIGN(Body encoded, EncodeBody(body));
  if (!source.mark) return encoded;
  return Marked(std::move(encoded), source.mark->exception, source.mark->why);
}

Result<Upload> AttachmentService::UploadOf(const Sharing& sharing, const std::string& person) {
  SCHAKEL_ASSIGN(const Source source, SourceOf(engine_, sharing.attachment));
  if (sharing.audience.named.empty() && IsNone(sharing.about)) {
    return Fail(Code::kInvalid, "share.to", "to", "name whom you share it with");
  }
  const Header& header = source.held.header;
  Upload upload;
  upload.person = person;
  upload.source = sharing.attachment;
  UploadRequest& request = upload.request;
  request.trajectory = header.trajectory;
  request.about = sharing.about;
  if (IsNone(request.about) && !header.references.empty()) request.about = header.references.front();
  // Never those of the record that it is put beside: a file about health stays one.
  request.purpose = header.purpose;
  request.categories = header.categories;
  if (!IsNone(sharing.about)) {
    SCHAKEL_TRY(CheckAbout(request, upload.thread));
  } else if (!IsNone(request.about)) {
    upload.thread = header.thread;
  }
  SCHAKEL_ASSIGN(request.name, CleanFileName(source.file.name));
  SCHAKEL_ASSIGN(request.media_type, FileTypeOf(request.name, source.file.media_type));
  request.size = source.file.size;
  request.caption = source.file.caption;
  request.audience = sharing.audience;
  upload.offset = source.file.size;
  SCHAKEL_ASSIGN(const AttachmentContent content, ContentOf(source.held, source.file));
  SCHAKEL_TRY(CheckWhole(sharing.attachment, content));
  return upload;
}

// With the mutex held: as the one that stopped halfway, or as a new one. Of either, one call at a time.
Status AttachmentService::Resume(Upload& upload) {
  SCHAKEL_TRY(Load());
  upload.id = random_.Draw<UploadId>();
  upload.begun_at = clock_.Now();
  const auto same = std::ranges::find_if(uploads_, [&](const auto& one) {
    const Upload& other = one.second;
    return other.source == upload.source && SamePerson(other.person, upload.person) &&
           other.request.about == upload.request.about && other.request.audience.named == upload.request.audience.named;
  });
  if (same != uploads_.end()) {
    if (busy_.contains(same->first)) {
      return Fail(Code::kConflict, "upload.busy", "upload", "wait until the request before has its answer");
    }
    upload = same->second;
  }
  busy_.insert(upload.id);
  return {};
}

Result<Sent> AttachmentService::ShareAgain(const Sharing& sharing, const std::string& person) {
  SCHAKEL_ASSIGN(Upload upload, UploadOf(sharing, person));
  {
    std::lock_guard lock(mutex_);
    SCHAKEL_TRY(Resume(upload));
  }
  const Hold hold(mutex_, busy_, upload.id);
  Finishing finishing;
  finishing.accept_unreached = sharing.audience.accept_unreached;
  finishing.preview = sharing.audience.preview;
  finishing.patience = sharing.audience.patience;
  SCHAKEL_ASSIGN(const Source source, SourceOf(engine_, upload.source));
  std::copy_n(source.file.sha256.begin(), finishing.sha256.size(), finishing.sha256.begin());
  return Deliver(std::move(upload), finishing);
}

}  // namespace schakel
