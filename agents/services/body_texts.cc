#include "services/body_texts.h"

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

class Collector {
 public:
  explicit Collector(std::vector<std::string_view>& to) : to_(to) {}
  void Text(const char*, const std::string& value, std::size_t, Need) { Add(value); }
  void Texts(const char*, const std::vector<std::string>& value, std::size_t, std::size_t bytes_max) {
    if (bytes_max == kIdTextBytes) return;  // What a commitment cites are ids, and no words.
    for (const std::string& one : value) Add(one);
  }
  void Attendances(const char*, const std::vector<Attendance>& value, std::size_t) {
    for (const Attendance& one : value) Add(one.name);
  }
  template <typename E>
  void Enum(const char*, E, E, E) {}
  void Flag(const char*, bool) {}
  void OptionalTime(const char*, const std::optional<Timestamp>&) {}
  void Slot(const char*, const MeetingSlot&) {}
  void Slots(const char*, const std::vector<MeetingSlot>&, std::size_t) {}
  void Choices(const char*, const std::vector<VoteChoice>&, std::size_t) {}
  void Salt(const char*, const std::array<std::uint8_t, 16>&) {}
  void Number(const char*, std::uint32_t) {}
  void Blob(const char*, const Bytes&, std::size_t) {}
  void Speakers(const char*, const std::vector<Speaker>&) {}
  void Organisation(const char*, const OrgId&) {}
  void Organisations(const char*, const std::vector<OrgId>&, std::size_t) {}
  void OptionalSlot(const char*, const std::optional<MeetingSlot>&) {}
  void Figure(const char*, const Id128&) {}
  template <typename Row>
  void Rows(const char*, const std::vector<Row>& value, std::size_t) {
    for (const Row& one : value) RowFields(*this, one);
  }

 private:
  void Add(const std::string& text) {
    if (!text.empty()) to_.push_back(text);
  }
  std::vector<std::string_view>& to_;
};

}  // namespace

std::vector<std::string_view> TextsOf(const TypedBody& body, TypedBody& inner) {
  std::vector<std::string_view> texts;
  const TypedBody* read = &body;
  if (const auto* shared = std::get_if<SharedAgainBody>(&body)) {
    auto decoded = DecodeBody({shared->type, shared->version, shared->content});
    if (!decoded) return texts;
    inner = Unmarked(std::move(*decoded));
    read = &inner;
  }
  if (const auto* attachment = std::get_if<AttachmentBody>(read)) {
    for (const std::string* text : {&attachment->name, &attachment->caption}) {
      if (!text->empty()) texts.push_back(*text);
    }
    return texts;
  }
  std::visit(
      [&]<typename T>(const T& value) {
        if constexpr (!std::is_same_v<T, UnknownBody>) {
          Collector collector(texts);
          Fields(collector, value);
          if (VersionOf(value) > 1) LaterFields(collector, value);
          if (VersionOf(value) > 2) ThirdFields(collector, value);
        }
      },
      *read);
  return texts;
}

}  // namespace schakel
