#include "json.h"
#include "methods/family_fields.h"
#include "methods/passage_fields.h"
#include "methods/school_fields.h"
#include "services/body_fields.h"
#include "services/court_fields.h"
#include "services/dossier_fields.h"
#include "services/modules_fields.h"
#include "services/network_fields.h"
#include "services/places_fields.h"

namespace schakel {
namespace {

class Writer {
 public:
  explicit Writer(Json& to) : to_(to) {}
  void Text(const char* field, const std::string& value, std::size_t, Need) { to_[field] = value; }
  template <typename E>
  void Enum(const char* field, E value, E, E) {
    to_[field] = Slug(value);
  }
  void Flag(const char* field, bool value) { to_[field] = value; }
  void OptionalTime(const char* field, const std::optional<Timestamp>& value) {
    to_[field] = value ? Json(ToText(*value)) : Json(nullptr);
  }
  void Slot(const char* field, const MeetingSlot& value) { to_[field] = View(value); }
  void Slots(const char* field, const std::vector<MeetingSlot>& value, std::size_t) {
    Json list = Json::array();
    for (const MeetingSlot& slot : value) list.push_back(View(slot));
    to_[field] = std::move(list);
  }
  void Choices(const char* field, const std::vector<VoteChoice>& value, std::size_t) {
    Json list = Json::array();
    for (VoteChoice choice : value) list.push_back(Slug(choice));
    to_[field] = std::move(list);
  }
  void Texts(const char* field, const std::vector<std::string>& value, std::size_t, std::size_t) { to_[field] = value; }
  void Attendances(const char* field, const std::vector<Attendance>& value, std::size_t) {
    Json list = Json::array();
    for (const Attendance& one : value) list.push_back({{"name", one.name}, {"present", one.present}});
    to_[field] = std::move(list);
  }
  void Salt(const char*, const std::array<std::uint8_t, 16>&) {}  // Says nothing to people.
  void Number(const char* field, std::uint32_t value) { to_[field] = value; }
  void Blob(const char* field, const Bytes& value, std::size_t) { to_[field] = ToBase64(value); }
  void Speakers(const char* field, const std::vector<Speaker>& value) {
    Json list = Json::array();
    for (Speaker one : value) list.push_back(Slug(one));
    to_[field] = std::move(list);
  }
  void Organisation(const char* field, const OrgId& value) { to_[field] = value.value(); }
  void Organisations(const char* field, const std::vector<OrgId>& value, std::size_t) {
    Json list = Json::array();
    for (const OrgId& one : value) list.push_back(one.value());
    to_[field] = std::move(list);
  }
  void OptionalSlot(const char* field, const std::optional<MeetingSlot>& value) {
    to_[field] = value ? View(*value) : Json(nullptr);
  }
  void Figure(const char* field, const Id128& value) { to_[field] = FigureView(RecordId(value)); }
  template <typename Row>
  void Rows(const char* field, const std::vector<Row>& value, std::size_t) {
    Json list = Json::array();
    for (const Row& one : value) {
      Writer writer(list.emplace_back(Json::object()));
      RowFields(writer, one);
    }
    to_[field] = std::move(list);
  }

 private:
  static Json View(const MeetingSlot& slot) {
    return {{"begins_at", ToText(slot.begins_at)}, {"ends_at", ToText(slot.ends_at)}};
  }
  Json& to_;
};

constexpr std::string_view kNames[] = {"empty",
                                       "opening",
                                       "invitation",
                                       "evidence",
                                       "withdrawal",
                                       "message",
                                       "note",
                                       "question",
                                       "answer",
                                       "conclusion",
                                       "proposal",
                                       "vote",
                                       "fixed",
                                       "report",
                                       "agreement",
                                       "request",
                                       "shared-again",
                                       "closing",
                                       "marked",
                                       "referral",
                                       "referral-answer",
                                       "referral-withdrawal",
                                       "commitment",
                                       "signature",
                                       "goal",
                                       "progress",
                                       "goal-review",
                                       "criterion",
                                       "judgement",
                                       "action",
                                       "action-done",
                                       "closing-reason",
                                       "terms",
                                       "cancelled",
                                       "attending",
                                       "guest",
                                       "action-taken-back",
                                       "attachment",
                                       "attachment-chunk",
                                       "reveal",
                                       "figure",
                                       "tie",
                                       "kinship",
                                       "life-event",
                                       "life-domain",
                                       "circular-question",
                                       "circular-answer",
                                       "tie-repair",
                                       "module-switch",
                                       "contact-moment",
                                       "alert",
                                       "alert-withdrawn",
                                       "place-offer",
                                       "place-ask",
                                       "place-standing",
                                       "hearing",
                                       "ring-answer",
                                       "court-plan",
                                       "family-conference",
                                       "family-plan",
                                       "supporter-message",
                                       "aftercare-contact",
                                       "adulthood-plan",
                                       "school-report",
                                       "school-step",
                                       "place-enrolment",
                                       "learning-case",
                                       "learning-withdrawal",
                                       "school-board",
                                       "unknown"};
static_assert(std::size(kNames) == std::variant_size_v<TypedBody>);

// Who wrote it first, and when; null: that cannot be read.
Json OriginalView(ByteView bytes) {
  const auto header = DecodeHeader(bytes);
  if (!header) return nullptr;
  return {{"record", ToText(header->id)},
          {"author", header->author.value()},
          {"kind", Slug(header->kind)},
          {"created_at", ToText(header->created_at)}};
}

// What was shared again shows itself as it was: who wrote it first, when, and the words.
Json SharedView(const SharedAgainBody& shared) {
  Json view = {{"type", "shared-again"}};
  if (auto original = OriginalView(shared.header); !original.is_null()) view["original"] = std::move(original);
  if (auto inner = DecodeBody({shared.type, shared.version, shared.content})) {
    if (!std::holds_alternative<SharedAgainBody>(*inner)) view["body"] = BodyView(Unmarked(std::move(*inner)));
  }
  return view;
}

}  // namespace

Json BodyView(const TypedBody& body) {
  if (const auto* shared = std::get_if<SharedAgainBody>(&body)) return SharedView(*shared);
  Json view = {{"type", kNames[body.index()]}};
  if (const auto* marked = std::get_if<MarkedBody>(&body)) {
    view["exception"] = Slug(marked->exception);
    view["why"] = marked->why;
    return view;
  }
  if (const auto* unknown = std::get_if<UnknownBody>(&body)) {
    view["number"] = unknown->body.type;
    view["version"] = unknown->body.version;
    view["content"] = ToBase64(unknown->body.content);
    return view;
  }
  if (const auto* attachment = std::get_if<AttachmentBody>(&body)) {
    view["name"] = attachment->name;
    view["media_type"] = attachment->media_type;
    view["size"] = attachment->size;
    view["sha256"] = ToHex(attachment->sha256);
    view["caption"] = attachment->caption;
    if (auto original = OriginalView(attachment->first); !original.is_null()) view["original"] = std::move(original);
    return view;
  }
  if (const auto* reveal = std::get_if<RevealBody>(&body)) view["question"] = ToHex(reveal->question);
  if (const auto* chunk = std::get_if<AttachmentChunkBody>(&body)) {
    view["number"] = chunk->number;
    view["size"] = chunk->bytes.size();
    return view;
  }
  std::visit(
      [&]<typename T>(const T& value) {
        if constexpr (!std::is_same_v<T, UnknownBody>) {
          Writer writer(view);
          Fields(writer, value);
          if (VersionOf(value) > 1) LaterFields(writer, value);
          if (VersionOf(value) > 2) ThirdFields(writer, value);
        }
      },
      body);
  return view;
}

}  // namespace schakel
