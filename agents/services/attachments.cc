// Sending a file that is all here, and putting one together again.
#include "agents/attachments.h"

#include <algorithm>

#include "file_types.h"
#include "protocol/crypto.h"
#include "sending.h"
#include "upload_hold.h"
#include "upload_rows.h"

namespace schakel {
namespace {

constexpr std::size_t kSaidAtOnce = 8;  // A megabyte.
constexpr std::size_t kCheckedMax = 10'000;

std::uint32_t PieceCount(const Upload& upload) {
  const auto size = static_cast<std::uint32_t>(upload.request.size);
  return (size + AttachmentService::kPieceBytes - 1) / AttachmentService::kPieceBytes;
}

std::unexpected<Error> BrokenFile() {
  return Fail(Code::kTampered, "attachment.broken", "attachment", "ask its author to attach it again");
}

const AttachmentBody* BodyOf(const CaseRecord& record) {
  const bool counts = record.held.header.kind == Kind::kAttachment && record.held.state != RecordState::kRefused;
  return counts && record.body ? std::get_if<AttachmentBody>(&*record.body) : nullptr;
}

bool IsPieceOf(const HeldRecord& piece, const OrgId& author, const TrajectoryId& trajectory) {
  const Header& header = piece.header;
  return header.kind == Kind::kAttachmentChunk && header.author == author && header.trajectory == trajectory &&
         piece.state != RecordState::kRefused;
}

}  // namespace

// ---- Sending ----

struct AttachmentService::Looked {
  Hash32 sha256{};
  Bytes head;
  Bytes tail;
  std::string text;   // All of it, of an anonymous one.
  bool runs = false;  // Something in it does.
};

Result<AttachmentService::Looked> AttachmentService::Look(const Upload& upload) const {
  Looked looked;
  Sha256Stream hash;
  RunFinder runs(upload.request.media_type);
  for (std::uint32_t number = 0; number < PieceCount(upload); ++number) {
    SCHAKEL_ASSIGN(const Bytes piece, Piece(upload, number));
    hash.Add(piece);
    runs.Add(piece);
    if (looked.head.size() < kFileHeadBytes) Append(looked.head, piece);
    Append(looked.tail, piece);
    if (looked.tail.size() > kFileTailBytes) {
      looked.tail.erase(looked.tail.begin(), looked.tail.end() - static_cast<std::ptrdiff_t>(kFileTailBytes));
    }
    if (IsNone(upload.request.trajectory)) looked.text += AsText(piece);
  }
  looked.sha256 = hash.Finish();
  looked.runs = runs.found();
  return looked;
}

// As for the question itself: its name and caption go along. What nobody may overrule never goes, nor what is no text.
Status AttachmentService::CheckAnonymous(const Upload& upload, const Looked& looked, const Finishing& finishing) {
  if (!IsNone(upload.request.trajectory)) return {};
  if (!IsUtf8(looked.text)) {
    GiveUp(upload);
    return Fail(Code::kInvalid, "attachment.unreadable", "name", "save the text as UTF-8");
  }
  Screening screening;
  screening.overruled = finishing.accept_findings;
  const std::vector<ScreenedText> texts = {
      {"name", upload.request.name}, {"caption", upload.request.caption}, {"content", looked.text}};
  if (MayLeave(cases_, clock_.Now(), texts, screening)) return {};
  if (finishing.found != nullptr) *finishing.found = screening.findings;
  if (std::ranges::any_of(screening.findings, [](const Finding& one) { return IsCertain(one.what); })) GiveUp(upload);
  return Fail(Code::kInvalid, "attachment.identifying", screening.field,
              "leave out what tells who it is about; what is no name or number of a person may be overruled");
}

Draft AttachmentService::DraftOf(const Upload& upload, Kind kind) const {
  Draft draft;
  draft.kind = kind;
  draft.trajectory = upload.request.trajectory;
  draft.purpose = upload.request.purpose;
  draft.categories = upload.request.categories;
  if (!IsNone(upload.request.about)) {
    draft.thread = upload.thread;
    draft.references = {upload.request.about};
  }
  // So that it is closed and destroyed with what it repeats.
  if (!IsNone(upload.source)) {
    if (draft.references.empty()) draft.references = {upload.source};
    draft.references.push_back(upload.source);
  }
  return draft;
}

Result<Sent> AttachmentService::Finish(const UploadId& id, const std::string& person, const Finishing& finishing) {
  Upload upload;
  {
    std::lock_guard lock(mutex_);
    SCHAKEL_ASSIGN(Upload * found, Own(id, person));
    upload = *found;
    busy_.insert(id);
  }
  const Hold hold(mutex_, busy_, id);
  if (upload.offset != upload.request.size) {
    return Fail(Code::kConflict, "upload.incomplete", std::to_string(upload.offset), "send the rest first");
  }
  return Deliver(std::move(upload), finishing);
}

// What the disk refuses to forget goes with what is too old.
void AttachmentService::GiveUp(const Upload& upload) {
  std::lock_guard lock(mutex_);
  if (Remove(upload)) uploads_.erase(upload.id);
}

// All of it is here, and nobody else works on it.
Result<Sent> AttachmentService::Deliver(Upload upload, const Finishing& finishing) {
  SCHAKEL_ASSIGN(const Looked looked, Look(upload));
  if (looked.sha256 != finishing.sha256) {
    return Fail(Code::kInvalid, "upload.hash", "sha256", "give it up, then attach the file again");
  }
  Status fits = CheckFileContent(upload.request.media_type, looked.head, looked.tail);
  if (fits && looked.runs) {
    fits = Fail(Code::kInvalid, "attachment.content", "name", "save it without scripts, or print it to a new file");
  }
  if (!fits) {
    // These bytes never go: they do not lie here for a day, nor count among those under way.
    if (fits.error().code == Code::kInvalid && IsNone(upload.source)) GiveUp(upload);
    return std::unexpected(std::move(fits).error());
  }
  SCHAKEL_TRY(CheckAnonymous(upload, looked, finishing));
  auto sent = Send(upload, finishing);
  std::lock_guard lock(mutex_);
  const bool done = sent && sent->outcome == Sent::Outcome::kSent;
  if (!done) {
    // Of a sharing that said nothing yet there is nothing to keep.
    if (IsNone(upload.source) || !upload.pieces.empty()) uploads_.insert_or_assign(upload.id, upload);
    return sent;
  }
  SCHAKEL_TRY(Remove(upload));
  uploads_.erase(upload.id);
  return sent;
}

// The machine may have stopped between the attachment and the end of its upload.
std::optional<RecordId> AttachmentService::SaidAlready(const Upload& upload) {
  if (upload.pieces.size() != PieceCount(upload)) return std::nullopt;
  const Bytes ids = ChunkIds(upload.pieces);
  return cases_.With([&](CaseFile& file) -> std::optional<RecordId> {
    for (const CaseRecord* record : file.RecordsOf(upload.request.trajectory)) {
      const AttachmentBody* body = BodyOf(*record);
      if (body != nullptr && body->chunks == ids) return record->held.header.id;
    }
    return std::nullopt;
  });
}

Status AttachmentService::SayPieces(Upload& upload) {
  while (upload.pieces.size() < PieceCount(upload)) {
    std::vector<Draft> drafts;
    const auto first = static_cast<std::uint32_t>(upload.pieces.size());
    for (std::uint32_t number = first; number < PieceCount(upload) && drafts.size() < kSaidAtOnce; ++number) {
      Draft draft = DraftOf(upload, Kind::kAttachmentChunk);
      SCHAKEL_ASSIGN(Bytes bytes, Piece(upload, number));
      SCHAKEL_ASSIGN(draft.body, EncodeBody(AttachmentChunkBody{number, std::move(bytes)}));
      draft.recipients = upload.reaches;
      drafts.push_back(std::move(draft));
    }
    SCHAKEL_ASSIGN(const auto said, engine_.SayAll(drafts));
    upload.pieces.insert(upload.pieces.end(), said.begin(), said.end());
    SCHAKEL_TRY(Keep(upload));
  }
  return {};
}

Result<Sent> AttachmentService::Send(Upload& upload, const Finishing& finishing) {
  Audience audience = upload.request.audience;
  audience.accept_unreached = audience.accept_unreached || finishing.accept_unreached;
  audience.preview = true;
  std::vector<OrgId> usual;
  if (!IsNone(upload.request.trajectory)) {
    SCHAKEL_ASSIGN(const CaseTrajectory trajectory, cases_.Trajectory(upload.request.trajectory));
    usual = OthersIn(trajectory, engine_.Self());
    SCHAKEL_TRY(LeaveOutStrangers(upload, usual));
  } else {
    cases_.With([&](CaseFile& file) {
      const Consultation* found = file.FindConsultation(upload.request.about);
      if (found == nullptr) return;
      usual.assign(found->asked.begin(), found->asked.end());
      usual.push_back(found->asker);
      std::erase(usual, engine_.Self());
    });
  }
  Draft head = DraftOf(upload, Kind::kAttachment);
  SCHAKEL_ASSIGN(Sent foreseen, schakel::Send(engine_, head, usual, audience));
  if (finishing.preview) return foreseen;
  if (!audience.named.empty() && !foreseen.unreached.empty() && !audience.accept_unreached) {
    foreseen.outcome = Sent::Outcome::kHeldBack;
    return foreseen;
  }
  if (const auto already = SaidAlready(upload)) {
    foreseen.outcome = Sent::Outcome::kSent;
    foreseen.record = *already;
    return foreseen;
  }
  // Whoever gets the attachment has got its pieces: those that were said before decide who may.
  if (upload.pieces.empty()) upload.reaches = foreseen.reaches;
  SCHAKEL_TRY(SayPieces(upload));
  SCHAKEL_ASSIGN(head.body, BodyFor(upload, finishing.sha256));
  Audience reached;
  reached.patience = finishing.patience;
  SCHAKEL_ASSIGN(Sent sent, schakel::Send(engine_, std::move(head), upload.reaches, reached));
  const auto named = [&](const Unreached& one) {
    return std::ranges::find(audience.named, one.organisation) != audience.named.end();
  };
  sent.missed = !audience.accept_unreached && std::ranges::any_of(sent.unreached, named);
  for (const Unreached& one : foreseen.unreached) {
    if (std::ranges::find(sent.unreached, one.organisation, &Unreached::organisation) == sent.unreached.end()) {
      sent.unreached.push_back(one);
    }
  }
  return sent;
}

// ---- Showing ----

CaseAttachment AttachmentService::View(const CaseRecord& record) const {
  const HeldRecord& held = record.held;
  const Header& header = held.header;
  CaseAttachment view;
  view.item = {header.id, header.kind, header.author, held.at, header.purpose, header.categories, held.state};
  view.about = AttachedTo(header);
  const AttachmentBody* body = BodyOf(record);
  if (body == nullptr) return view;
  const std::vector<RecordId> pieces = ChunksOf(*body);
  view.pieces = pieces.size();
  for (const RecordId& piece : pieces) {
    const auto found = engine_.Find(piece);
    if (!found || !IsPieceOf(*found, header.author, header.trajectory)) ++view.missing;
  }
  return view;
}

std::vector<CaseAttachment> AttachmentService::Those(const TrajectoryId& trajectory,
                                                     const std::optional<RecordId>& about) {
  return cases_.With([&](CaseFile& file) {
    std::vector<CaseAttachment> all;
    for (const CaseRecord* record : file.RecordsOf(trajectory)) {
      const HeldRecord& held = record->held;
      if (held.header.kind != Kind::kAttachment || held.state == RecordState::kRefused) continue;
      if (!about || AttachedTo(held.header) == *about) all.push_back(View(*record));
    }
    return all;
  });
}

std::vector<CaseAttachment> AttachmentService::Of(const TrajectoryId& trajectory) { return Those(trajectory, {}); }

std::vector<CaseAttachment> AttachmentService::About(const RecordId& record) {
  const auto held = engine_.Find(record);
  if (!held) return {};
  return Those(held->header.trajectory, record);
}

Result<HeldRecord> AttachmentContent::FindPiece(const RecordId& id) const {
  return unsealed_ ? engine_->FindSealed(id) : engine_->Find(id);
}
Result<Body> AttachmentContent::OpenPiece(const RecordId& id) const {
  return unsealed_ ? engine_->OpenUnsealed(unsealed_->attachment, id, unsealed_->by) : engine_->Open(id);
}

Result<Bytes> AttachmentContent::ReadFrom(std::uint64_t offset) const {
  SCHAKEL_ASSERT(offset < size);
  const std::uint64_t number = offset / chunk_bytes_;
  const RecordId& id = chunks_.at(number);
  SCHAKEL_ASSIGN(const HeldRecord held, FindPiece(id));
  if (!IsPieceOf(held, author_, trajectory_)) return BrokenFile();
  SCHAKEL_ASSIGN(const Body body, OpenPiece(id));
  SCHAKEL_ASSIGN(TypedBody typed, DecodeBody(body));
  auto* piece = std::get_if<AttachmentChunkBody>(&typed);
  const std::uint64_t begin = number * chunk_bytes_;
  const std::uint64_t wanted = std::min<std::uint64_t>(chunk_bytes_, size - begin);
  if (piece == nullptr || piece->number != number || piece->bytes.size() != wanted) return BrokenFile();
  piece->bytes.erase(piece->bytes.begin(), piece->bytes.begin() + static_cast<std::ptrdiff_t>(offset - begin));
  return std::move(piece->bytes);
}

Result<AttachmentContent> AttachmentService::Open(const RecordId& id, const Caller& caller) {
  SCHAKEL_ASSIGN(const auto shown, reading_.Show({id}, caller));
  const Reading::Shown& one = shown.front();
  if (one.held.header.kind != Kind::kAttachment) {
    return Fail(Code::kNotFound, "attachment.unknown", "attachment", "see which attachments there are");
  }
  if (one.sealed) return std::unexpected(*one.sealed);
  const auto* body = one.body ? std::get_if<AttachmentBody>(&*one.body) : nullptr;
  if (body == nullptr) return BrokenFile();
  SCHAKEL_ASSIGN(AttachmentContent content, ContentOf(one.held, *body));
  SCHAKEL_TRY(CheckWhole(id, content));
  return content;
}

Result<AttachmentContent> AttachmentService::OpenUnsealed(const RecordId& id, const Caller& caller) {
  SCHAKEL_ASSIGN(const HeldRecord held, engine_.FindSealed(id));
  if (held.header.kind != Kind::kAttachment) {
    return Fail(Code::kNotFound, "attachment.unknown", "attachment", "see which attachments there are");
  }
  SCHAKEL_ASSIGN(const Body body, engine_.OpenUnsealed(id, id, caller.person));
  SCHAKEL_ASSIGN(TypedBody typed, DecodeBody(body));
  const TypedBody inner = Unmarked(std::move(typed));
  const auto* file = std::get_if<AttachmentBody>(&inner);
  if (file == nullptr) return BrokenFile();
  SCHAKEL_ASSIGN(AttachmentContent content, ContentOf(held, *file));
  content.unsealed_ = {id, caller.person};
  SCHAKEL_TRY(CheckWhole(id, content));
  return content;
}

Result<AttachmentContent> AttachmentService::ContentOf(const HeldRecord& held, const AttachmentBody& body) const {
  if (body.sha256.size() != sizeof(Hash32)) return BrokenFile();
  AttachmentContent content;
  content.name = body.name;
  content.media_type = body.media_type;
  content.size = body.size;
  std::copy_n(body.sha256.begin(), content.sha256.size(), content.sha256.begin());
  content.engine_ = &engine_;
  content.author_ = held.header.author;
  content.trajectory_ = held.header.trajectory;
  content.chunk_bytes_ = body.chunk_bytes;
  content.chunks_ = ChunksOf(body);
  return content;
}

// That every piece is here, and, once, that together they are the file.
Status AttachmentService::CheckWhole(const RecordId& id, const AttachmentContent& content) {
  const auto missing = std::ranges::count_if(
      content.chunks_, [&](const RecordId& piece) { return !content.FindPiece(piece).has_value(); });
  if (missing > 0) {
    return Fail(Code::kUnavailable, "attachment.missing", std::to_string(missing), "try again later");
  }
  {
    std::lock_guard lock(mutex_);
    if (checked_.contains(id)) return {};
  }
  Sha256Stream hash;
  for (std::uint64_t at = 0; at < content.size; at += content.chunk_bytes_) {
    SCHAKEL_ASSIGN(const Bytes piece, content.ReadFrom(at));
    hash.Add(piece);
  }
  if (hash.Finish() != content.sha256) return BrokenFile();
  std::lock_guard lock(mutex_);
  if (checked_.size() >= kCheckedMax) checked_.clear();
  checked_.insert(id);
  return {};
}

}  // namespace schakel
