// Files: taking them in, sending them, and giving them out.
#include <algorithm>

#include "router.h"
#include "screened.h"

namespace schakel::attachments_routes {
namespace {

// ---- Taking in ----

Json UploadView(const Call& call, const Upload& upload) {
  const UploadRequest& request = upload.request;
  return {{"upload", ToText(upload.id)},
          {"trajectory", IdView(request.trajectory)},
          {"about", IdView(request.about)},
          {"name", request.name},
          {"media_type", request.media_type},
          {"size", request.size},
          {"caption", request.caption},
          {"purpose", Slug(request.purpose)},
          {"categories", Slugs(request.categories, AllCategories())},
          {"to", call.Views().Organisations(request.audience.named)},
          {"offset", upload.offset},
          {"part_bytes_max", AttachmentService::kPutBytesMax},
          {"begun_at", ToText(upload.begun_at)},
          {"expires_at", ToText(upload.begun_at + AttachmentService::kUploadLasts)}};
}

Result<UploadId> UploadOf(const Call& call) {
  auto id = call.desk.attachments.FindLike(call.path.at("upload"), call.caller.person.name);
  if (!id) id.error().field = "upload";
  return id;
}

UploadRequest ReadUpload(Call& call, Input& input) {
  UploadRequest request;
  request.name = input.RequiredText("name");
  request.size = input.Number("size").value_or(0);
  request.media_type = input.Text("media_type");
  request.caption = input.Text("caption");
  request.purpose = input.Word("purpose", Purpose::kCareCoordination, &ParsePurpose);
  request.categories = input.Set<Category>("categories", &ParseCategory);
  request.audience.named = input.Recipients("to");
  request.audience.accept_unreached = input.Flag("accept_unreached", false);
  request.audience.patience = call.patience;
  return request;
}

Result<Reply> Begun(Call& call, UploadRequest request) {
  SCHAKEL_ASSIGN(const Upload upload, call.desk.attachments.Begin(std::move(request), call.caller.person.name));
  return Reply{.status = 201, .json = UploadView(call, upload)};
}

Result<Reply> Begin(Call& call) {
  SCHAKEL_ASSIGN(const TrajectoryId id, call.Trajectory());
  Input input(call.body);
  UploadRequest request = ReadUpload(call, input);
  const std::string about = input.Text("about");
  SCHAKEL_TRY(input.Finish());
  request.trajectory = id;
  if (!about.empty()) {
    SCHAKEL_ASSIGN(request.about, call.desk.cases.FindRecord(about));
  }
  return Begun(call, std::move(request));
}

// Of whatever is in it: the question, if nothing is said; also where there is no trajectory.
Result<Reply> BeginOfConsultation(Call& call) {
  SCHAKEL_ASSIGN(const RecordId id, call.Record("consultation"));
  SCHAKEL_ASSIGN(const Consultation found, call.desk.consultations.Find(id));
  Input input(call.body);
  UploadRequest request = ReadUpload(call, input);
  SCHAKEL_TRY(input.Finish());
  request.trajectory = found.trajectory;
  request.about = id;
  return Begun(call, std::move(request));
}

Result<Reply> Uploads(Call& call) {
  SCHAKEL_ASSIGN(std::vector<Upload> uploads, call.desk.attachments.Of(call.caller.person.name));
  SCHAKEL_ASSIGN(const auto page, call.PageOf(std::move(uploads), [](const Upload& one) { return ToText(one.id); }));
  Json list = Json::array();
  for (const Upload& one : page.items) list.push_back(UploadView(call, one));
  return Reply{.json = {{"uploads", std::move(list)}, {"next", page.next}}};
}

Result<Reply> ShowUpload(Call& call) {
  SCHAKEL_ASSIGN(const UploadId id, UploadOf(call));
  SCHAKEL_ASSIGN(const Upload upload, call.desk.attachments.Find(id, call.caller.person.name));
  return Reply{.json = UploadView(call, upload)};
}

Result<Reply> Put(Call& call) {
  SCHAKEL_ASSIGN(const UploadId id, UploadOf(call));
  const auto offset = WholeNumber(call.Asked("offset"));
  if (!offset) return Fail(Code::kInvalid, "request.value", "offset", "say from which byte these go on");
  const std::string& person = call.caller.person.name;
  SCHAKEL_ASSIGN(const std::uint32_t reached, call.desk.attachments.Put(id, person, *offset, AsBytes(call.bytes)));
  return Reply{.json = {{"upload", ToText(id)}, {"offset", reached}}};
}

Result<Reply> Drop(Call& call) {
  SCHAKEL_ASSIGN(const UploadId id, UploadOf(call));
  SCHAKEL_TRY(call.desk.attachments.Drop(id, call.caller.person.name));
  return Reply{.json = {{"upload", ToText(id)}}};
}

Result<Reply> Finish(Call& call) {
  Input input(call.body);
  AttachmentService::Finishing finishing;
  const auto hash = FromHex(input.RequiredText("sha256"));
  if (hash && hash->size() == finishing.sha256.size()) {
    std::ranges::copy(*hash, finishing.sha256.begin());
  } else {
    input.Refuse(Error{Code::kInvalid, "upload.sha256", {}, "give 64 hex digits"}, "sha256");
  }
  finishing.accept_unreached = input.Flag("accept_unreached", false);
  finishing.accept_findings = input.Flag("accept_findings", false);
  finishing.preview = input.Flag("preview", false);
  finishing.patience = call.patience;
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const UploadId id, UploadOf(call));
  std::vector<Finding> found;
  finishing.found = &found;
  const auto sent = call.desk.attachments.Finish(id, call.caller.person.name, finishing);
  if (sent) return call.Sending(*sent);
  if (sent.error().rule != "attachment.identifying") return std::unexpected(sent.error());
  return RefusedWith(call, sent.error(), found);
}

// ---- Giving out ----

Result<Reply> Attachments(Call& call) {
  SCHAKEL_ASSIGN(const TrajectoryId id, call.Trajectory());
  const auto id_of = [](const CaseAttachment& one) { return ToText(one.item.id); };
  SCHAKEL_ASSIGN(const auto page, call.PageOf(call.desk.attachments.Of(id), id_of));
  const JsonViews views = call.Views();
  Json list = Json::array();
  if (!call.Asks("show", "full")) {
    for (const CaseAttachment& one : page.items) list.push_back(AttachmentView(views.ItemView(one.item), one));
    return Reply{.json = {{"attachments", std::move(list)}, {"next", page.next}}};
  }
  std::vector<RecordId> ids;
  ids.reserve(page.items.size());
  for (const CaseAttachment& one : page.items) ids.push_back(one.item.id);
  SCHAKEL_ASSIGN(const auto shown, call.desk.reading.Show(ids, call.caller));
  if (auto turned_away = TurnedAway(shown)) return std::unexpected(std::move(*turned_away));
  for (std::size_t i = 0; i < shown.size(); ++i) {
    list.push_back(AttachmentView(views.ShownView(shown[i]), page.items[i]));
  }
  return Reply{.json = {{"attachments", std::move(list)}, {"next", page.next}}};
}

struct Span {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;  // Already outside.
};
// RFC 9110, 14.2: what is no range of bytes, or several, is as if it were not there. kInvalid ("attachment.range"):
// nothing of it lies within the file.
Result<std::optional<Span>> SpanOf(std::string_view range, std::uint64_t size) {
  constexpr std::string_view kUnit = "bytes=";
  if (!range.starts_with(kUnit)) return std::optional<Span>{};
  range.remove_prefix(kUnit.size());
  const std::size_t dash = range.find('-');
  if (dash == std::string_view::npos) return std::optional<Span>{};
  const auto first = WholeNumber(range.substr(0, dash));
  const auto last = WholeNumber(range.substr(dash + 1));
  const bool open = dash + 1 == range.size();
  Span span{0, size};
  if (first && (open || (last && *last >= *first))) {
    span.begin = *first;
    if (last && *last < size) span.end = *last + 1;
  } else if (dash == 0 && last) {
    span.begin = *last >= size ? 0 : size - *last;
  } else {
    return std::optional<Span>{};
  }
  if (span.begin >= span.end) {
    return Fail(Code::kInvalid, "attachment.range", "Range",
                "ask for a part within " + std::to_string(size) + " bytes");
  }
  return std::optional(span);
}

// RFC 6266 and 8187: the name for old programs without what is not ASCII, and for others as it is.
std::string Disposition(std::string_view name) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string plain;
  std::string encoded;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    const bool letter = (byte >= '0' && byte <= '9') || ((byte | 0x20U) >= 'a' && (byte | 0x20U) <= 'z');
    const bool simple = letter || c == '.' || c == '-' || c == '_';
    plain += simple || c == ' ' ? c : '_';
    if (simple) {
      encoded += c;
    } else {
      encoded.append({'%', kHex[byte >> 4U], kHex[byte & 15U]});
    }
  }
  return "attachment; filename=\"" + plain + "\"; filename*=UTF-8''" + encoded;
}

// As much of it as was asked for.
Result<Reply> FileReply(const Call& call, AttachmentContent content) {
  SCHAKEL_ASSIGN(const auto asked, SpanOf(call.range, content.size));
  const Span span = asked.value_or(Span{0, content.size});
  Reply reply;
  reply.status = asked ? 206 : 200;
  reply.type = content.media_type;
  reply.headers["Accept-Ranges"] = "bytes";
  reply.headers["Content-Disposition"] = Disposition(content.name);
  reply.headers["ETag"] = "\"" + ToHex(content.sha256) + "\"";
  if (asked) {
    reply.headers["Content-Range"] =
        "bytes " + std::to_string(span.begin) + "-" + std::to_string(span.end - 1) + "/" + std::to_string(content.size);
  }
  // One piece at a time, however large the file. What is taken back meanwhile ends it.
  reply.parts = ApiResponse::Parts{
      span.end - span.begin,
      [content = std::move(content), at = span.begin, end = span.end]() mutable -> Result<std::string> {
        SCHAKEL_ASSIGN(const Bytes bytes, content.ReadFrom(at));
        const std::string_view part = AsText(bytes).substr(0, static_cast<std::size_t>(end - at));
        at += part.size();
        return std::string(part);
      }};
  return reply;
}

Result<Reply> Content(Call& call) {
  SCHAKEL_ASSIGN(const RecordId id, call.Record("attachment"));
  SCHAKEL_ASSIGN(AttachmentContent content, call.desk.attachments.Open(id, call.caller));
  return FileReply(call, std::move(content));
}

// What the auditor opened just now: each part that is fetched belongs to that act.
Result<Reply> UnsealedContent(Call& call) {
  SCHAKEL_ASSIGN(const RecordId id, call.SealedRecord("record"));
  SCHAKEL_ASSIGN(AttachmentContent content, call.desk.attachments.OpenUnsealed(id, call.caller));
  return FileReply(call, std::move(content));
}

const Route kRoutes[] = {
    {"POST", "/v1/trajectories/{trajectory}/uploads", &Begin},
    {"POST", "/v1/consultations/{consultation}/uploads", &BeginOfConsultation},
    {"GET", "/v1/uploads", &Uploads, {"limit", "cursor"}},
    {"GET", "/v1/uploads/{upload}", &ShowUpload},
    {"PUT", "/v1/uploads/{upload}", &Put, {"offset"}},
    {"DELETE", "/v1/uploads/{upload}", &Drop},
    {"POST", "/v1/uploads/{upload}/finish", &Finish},
    {"GET", "/v1/trajectories/{trajectory}/attachments", &Attachments, {"show", "limit", "cursor"}},
    {"GET", "/v1/attachments/{attachment}/content", &Content},
    {"GET", "/v1/records/{record}/unsealed-content", &UnsealedContent},
};

}  // namespace
}  // namespace schakel::attachments_routes

namespace schakel {

Json AttachmentView(Json shown, const CaseAttachment& attachment) {
  using namespace attachments_routes;
  shown["about"] = IdView(attachment.about);
  shown["pieces"] = attachment.pieces;
  shown["missing"] = attachment.missing;
  return shown;
}

std::span<const Route> AttachmentRoutes() { return attachments_routes::kRoutes; }

}  // namespace schakel
