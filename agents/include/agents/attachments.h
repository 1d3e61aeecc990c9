// Files that go with records: taken in piece by piece, checked, sent as records, and put together again.
//
// Taking in:  an upload is begun with what is known of the file and to whom it goes, given bytes from where it is, and
//             finished with the hash of all of them. Until then its bytes lie in the vault, sealed, and nowhere else;
//             they survive a restart, belong to who began it, and are dropped after kUploadLasts, whether or not
//             anybody asks for one.
// Sending:    pieces of kPieceBytes first, several in one synced write, the attachment that names them last. What was
//             said of them stays said when the agent stops halfway; finishing again goes on from there.
// Sharing:    an attachment that may be read here goes out once more, sealed anew for whom the grants cover now: with
//             the purpose and the categories that it has, whatever record it is put beside, and the header under which
//             it was first signed.
// Showing:    through Reading, so that the view is logged before a byte leaves; each piece must be of the author of the
//             attachment and in its place, and all of them together must have the hash that it names.
// Threads:    every call from any thread; of one upload one call at a time (kConflict, "upload.busy").
// Durability: what Put and Begin return is in the vault, synced.
// Errors:     kInvalid ("attachment.<rule>"): what the file may not be; kNotFound ("upload.unknown"): none such, or
//             another's; ("attachment.unknown"); kLimit ("upload.many", "upload.space").
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "agents/services.h"

namespace schakel {

using UploadId = StrongId<struct UploadIdTag, Id128>;

struct UploadRequest {
  TrajectoryId trajectory;  // None: with an anonymous question, which `about` is.
  RecordId about;           // None: with the trajectory itself.
  std::string name;
  std::string media_type;  // Empty: as the name says.
  std::uint64_t size = 0;
  std::string caption;
  Purpose purpose = Purpose::kCareCoordination;
  CategorySet categories;
  Audience audience;
};

struct Upload {
  UploadId id;
  std::string person;
  UploadRequest request;  // As it was cleaned. Of the audience: who was named, and whether missing some is accepted.
  RecordId thread;        // That `about` belongs to; none: a thread of its own.
  Timestamp begun_at;
  std::uint32_t offset = 0;      // Of the bytes that are here.
  std::vector<RecordId> pieces;  // Said already, in order,
  std::vector<OrgId> reaches;    // and to whom.
  RecordId source;               // The attachment whose bytes these are, when it is shared again; none: they are sent.
};

struct CaseAttachment {
  CaseItem item;
  RecordId about;          // None: the trajectory itself.
  std::size_t pieces = 0;  // 0: sealed.
  std::size_t missing = 0;
};

// A whole and true file, to be read piece by piece.
class AttachmentContent {
 public:
  std::string name;
  std::string media_type;
  std::uint64_t size = 0;
  Hash32 sha256{};

  // From `offset`, below `size`, to the end of the piece in which it stands. kTampered ("attachment.broken"); what
  // Engine::Open refuses, as when it was taken back meanwhile.
  Result<Bytes> ReadFrom(std::uint64_t offset) const;

 private:
  friend class AttachmentService;
  Result<HeldRecord> FindPiece(const RecordId& id) const;
  Result<Body> OpenPiece(const RecordId& id) const;

  struct Unsealed {
    RecordId attachment;
    Person by;
  };
  std::optional<Unsealed> unsealed_;  // It was sealed, and opened by an auditor.
  const Engine* engine_ = nullptr;
  OrgId author_;
  TrajectoryId trajectory_;
  std::uint32_t chunk_bytes_ = 1;
  std::vector<RecordId> chunks_;
};

class AttachmentService {
 public:
  // So that a piece fits the size class of 128 KiB with its envelope, and hardly any of it is padding.
  static constexpr std::uint32_t kPieceBytes = 127U << 10;
  static constexpr std::size_t kPutBytesMax = 512U << 10;
  static constexpr std::size_t kUploadsMax = 5;                  // Of one person.
  static constexpr std::uint64_t kUploadsBytesMax = 1ULL << 30;  // Of all, as announced.
  static constexpr std::chrono::hours kUploadLasts{24};
  static constexpr std::size_t kAnonymousBytesMax = 1U << 20;  // Read whole by the check of what identifies.

  AttachmentService(Engine& engine, Cases& cases, Reading& reading, Clock& clock, Random& random)
      : engine_(engine), cases_(cases), reading_(reading), clock_(clock), random_(random) {}

  // kInvalid ("attachment.size", "attachment.about", "attachment.unreadable": with an anonymous question only text
  // goes, since anything else cannot be checked for what identifies; "attachment.categories").
  Result<Upload> Begin(UploadRequest request, const std::string& person);
  // kConflict ("upload.offset", its field is where it is; "upload.sending"); kInvalid ("upload.long"): more than was
  // announced. Yields where it is now.
  Result<std::uint32_t> Put(const UploadId& id, const std::string& person, std::uint64_t offset, ByteView bytes);
  Result<Upload> Find(const UploadId& id, const std::string& person);
  // By the first digits of its id. kInvalid ("id.short"); kConflict ("id.ambiguous"); kNotFound ("upload.unknown").
  Result<UploadId> FindLike(std::string_view text, const std::string& person);
  Result<std::vector<Upload>> Of(const std::string& person);  // The newest first.
  Status Drop(const UploadId& id, const std::string& person);
  Status DropOld();  // Of anybody, what lasted kUploadLasts: for the agent's start, and now and again.

  struct Finishing {
    Hash32 sha256{};
    bool accept_unreached = false;  // Also if that was not said before.
    bool accept_findings = false;   // A person looked at what may identify, and says that it does not.
    bool preview = false;
    std::chrono::milliseconds patience{0};
    std::vector<Finding>* found = nullptr;  // In name, caption and content, as if they were one; of what is refused.
  };
  // kConflict ("upload.incomplete", its field is where it is); kInvalid ("upload.hash", "attachment.identifying";
  // "attachment.content", "attachment.unreadable", and "attachment.identifying" with a certain finding: then the upload
  // is gone).
  Result<Sent> Finish(const UploadId& id, const std::string& person, const Finishing& finishing);

  struct Sharing {
    RecordId attachment;
    RecordId about;     // Beside which record; none: where it stands.
    Audience audience;  // Somebody is named, unless it is put beside another record.
  };
  // Again in the same words goes on where it stopped. kInvalid ("share.kind", "share.to", "attachment.about"); kDenied
  // ("share.hidden"): somebody who is named may not know who wrote it; what Open and Finish refuse of a file, and what
  // Engine::Open refuses of a record.
  Result<Sent> ShareAgain(const Sharing& sharing, const std::string& person);

  // Of a trajectory (none: with anonymous questions), in the log's order.
  std::vector<CaseAttachment> Of(const TrajectoryId& trajectory);
  std::vector<CaseAttachment> About(const RecordId& record);
  // kUnavailable ("attachment.missing", its field says how many pieces are on their way); kTampered
  // ("attachment.broken"); what Reading says of a record that is not shown.
  Result<AttachmentContent> Open(const RecordId& attachment, const Caller& caller);
  // Of one that was sealed, also of an erased trajectory, by who opened it as an auditor just now; what
  // Engine::OpenUnsealed refuses.
  Result<AttachmentContent> OpenUnsealed(const RecordId& attachment, const Caller& caller);

 private:
  class Hold;
  struct Looked;

  Status Load();  // Once, with the mutex held; also drops what is too old.
  Result<Upload*> Own(const UploadId& id, const std::string& person);
  Status Remove(const Upload& upload);
  void GiveUp(const Upload& upload);
  Result<Bytes> Piece(const Upload& upload, std::uint32_t number) const;
  Result<Bytes> PieceOfSource(const Upload& upload, std::uint32_t number) const;
  Result<Upload> UploadOf(const Sharing& sharing, const std::string& person);
  Status Resume(Upload& upload);
  // Of those that are not named: who may not know who wrote what is shared again.
  Status LeaveOutStrangers(const Upload& upload, std::vector<OrgId>& usual) const;
  Result<AttachmentContent> ContentOf(const HeldRecord& held, const AttachmentBody& body) const;
  Result<Body> BodyFor(const Upload& upload, const Hash32& sha256) const;
  Status CheckWhole(const RecordId& id, const AttachmentContent& content);
  Status CheckAbout(UploadRequest& request, RecordId& thread);
  Result<Looked> Look(const Upload& upload) const;
  Status CheckAnonymous(const Upload& upload, const Looked& looked, const Finishing& finishing);
  Result<Sent> Deliver(Upload upload, const Finishing& finishing);
  Result<Sent> Send(Upload& upload, const Finishing& finishing);
  Status SayPieces(Upload& upload);
  Status Keep(const Upload& upload);
  Draft DraftOf(const Upload& upload, Kind kind) const;
  std::optional<RecordId> SaidAlready(const Upload& upload);
  // `about` none: all of them.
  std::vector<CaseAttachment> Those(const TrajectoryId& trajectory, const std::optional<RecordId>& about);
  CaseAttachment View(const CaseRecord& record) const;

  Engine& engine_;
  Cases& cases_;
  Reading& reading_;
  Clock& clock_;
  Random& random_;
  std::mutex mutex_;
  bool loaded_ = false;
  std::map<UploadId, Upload> uploads_;
  std::set<UploadId> busy_;
  std::set<RecordId> checked_;  // Whose whole hash was found right.
};

}  // namespace schakel
