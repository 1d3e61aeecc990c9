#include "upload_rows.h"

#include "protocol/codec.h"

namespace schakel {
namespace {

constexpr std::uint64_t kUploadVersion = 2;  // Of version 1, without a source: as uploads of bytes still are.
constexpr std::size_t kWordsBytesMax = 1000;

}  // namespace

Bytes EncodeUpload(const Upload& upload) {
  const UploadRequest& request = upload.request;
  Encoder to;
  const bool shares = !IsNone(upload.source);
  to.Array(shares ? 18 : 17)
      .Uint(shares ? kUploadVersion : 1)
      .Id(upload.id)
      .Text(upload.person)
      .Time(upload.begun_at)
      .Uint(upload.offset);
  to.Id(request.trajectory).Id(request.about).Id(upload.thread);
  to.Text(request.name).Text(request.media_type).Uint(request.size).Text(request.caption);
  to.Enum(request.purpose).Uint(request.categories.bits());
  to.Array(request.audience.named.size() + 1).Bool(request.audience.accept_unreached);
  for (const OrgId& one : request.audience.named) to.Id(one);
  to.Binary(ChunkIds(upload.pieces));
  to.Array(upload.reaches.size());
  for (const OrgId& one : upload.reaches) to.Id(one);
  if (shares) to.Id(upload.source);
  return to.Take();
}

Result<Upload> DecodeUpload(ByteView bytes) {
  Decoder from(bytes);
  Upload upload;
  UploadRequest& request = upload.request;
  const bool shares = from.ArrayBetween(17, 18, "upload") == 18;
  if (from.Uint("upload.version") != (shares ? kUploadVersion : 1)) return Fail(Code::kVersion, "vault.row", "upload");
  upload.id = from.ReadId<UploadId>("upload.id");
  upload.person = from.Text("upload.person", kWordsBytesMax);
  upload.begun_at = from.Time("upload.begun_at");
  upload.offset = static_cast<std::uint32_t>(from.Uint("upload.offset", kAttachmentBytesMax));
  request.trajectory = from.ReadId<TrajectoryId>("upload.trajectory");
  request.about = from.ReadId<RecordId>("upload.about");
  upload.thread = from.ReadId<RecordId>("upload.thread");
  request.name = from.Text("upload.name", kWordsBytesMax);
  request.media_type = from.Text("upload.media_type", kWordsBytesMax);
  request.size = from.Uint("upload.size", kAttachmentBytesMax);
  request.caption = from.Text("upload.caption", kWordsBytesMax);
  request.purpose = from.Enum("upload.purpose", Purpose::kCareCoordination, kPurposeLast);
  request.categories = CategorySet(from.Uint("upload.categories"));
  const std::size_t named = from.ArrayBetween(1, 1024, "upload.to");
  request.audience.accept_unreached = from.Bool("upload.to");
  for (std::size_t i = 1; i < named; ++i) request.audience.named.push_back(from.ReadOrgId("upload.to"));
  AttachmentBody ids;
  ids.chunks = ToBytes(from.Binary("upload.pieces", kAttachmentChunksMax * sizeof(Id128)));
  upload.pieces = ChunksOf(ids);
  const std::size_t reaches = from.ArrayBetween(0, 1024, "upload.reaches");
  for (std::size_t i = 0; i < reaches; ++i) upload.reaches.push_back(from.ReadOrgId("upload.reaches"));
  if (shares) upload.source = from.ReadId<RecordId>("upload.source");
  if (!from.Finish()) return Fail(Code::kCorrupt, "vault.row", "upload", "check the vault with: schakel-agent check");
  return upload;
}

std::string UploadPieceName(const UploadId& id, std::uint32_t number) {
  return "upload." + ToText(id) + "." + std::to_string(number);
}

}  // namespace schakel
