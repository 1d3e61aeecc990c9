#include "agents/body.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <span>
#include <utility>

#include "blank.h"
#include "body_fields.h"
#include "court_body.h"
#include "court_fields.h"
#include "dossier_body.h"
#include "dossier_fields.h"
#include "methods/family_body.h"
#include "methods/family_fields.h"
#include "methods/passage_body.h"
#include "methods/passage_fields.h"
#include "methods/school_body.h"
#include "methods/school_fields.h"
#include "modules_body.h"
#include "modules_fields.h"
#include "network_body.h"
#include "network_fields.h"
#include "places_body.h"
#include "places_fields.h"
#include "protocol/codec.h"
#include "protocol/crypto.h"

namespace schakel {
namespace {

class Counter {
 public:
  std::size_t count = 0;
  template <typename... T>
  void Text(const T&...) {
    ++count;
  }
  template <typename... T>
  void Enum(const T&...) {
    ++count;
  }
  template <typename... T>
  void Flag(const T&...) {
    ++count;
  }
  template <typename... T>
  void OptionalTime(const T&...) {
    ++count;
  }
  template <typename... T>
  void Slot(const T&...) {
    ++count;
  }
  template <typename... T>
  void Slots(const T&...) {
    ++count;
  }
  template <typename... T>
  void Choices(const T&...) {
    ++count;
  }
  template <typename... T>
  void Texts(const T&...) {
    ++count;
  }
  template <typename... T>
  void Attendances(const T&...) {
    ++count;
  }
  template <typename... T>
  void Salt(const T&...) {
    ++count;
  }
  template <typename... T>
  void Number(const T&...) {
    ++count;
  }
  template <typename... T>
  void Blob(const T&...) {
    ++count;
  }
  template <typename... T>
  void Speakers(const T&...) {
    ++count;
  }
  template <typename... T>
  void Organisation(const T&...) {
    ++count;
  }
  template <typename... T>
  void Organisations(const T&...) {
    ++count;
  }
  template <typename... T>
  void OptionalSlot(const T&...) {
    ++count;
  }
  template <typename... T>
  void Figure(const T&...) {
    ++count;
  }
  template <typename... T>
  void Rows(const T&...) {
    ++count;
  }
};

template <typename Row>
std::size_t CountOf(const Row& row) {
  Counter counter;
  RowFields(counter, row);
  return counter.count;
}

class BodyWriter {
 public:
  explicit BodyWriter(Encoder& to) : to_(to) {}
  void Text(const char*, const std::string& value, std::size_t, Need) { to_.Text(value); }
  template <typename E>
  void Enum(const char*, E value, E, E) {
    to_.Enum(value);
  }
  void Flag(const char*, bool value) { to_.Bool(value); }
  void OptionalTime(const char*, const std::optional<Timestamp>& value) {
    if (value) {
      to_.Time(*value);
    } else {
      to_.Nil();
    }
  }
  void Slot(const char*, const MeetingSlot& value) { to_.Array(2).Time(value.begins_at).Time(value.ends_at); }
  void Slots(const char* field, const std::vector<MeetingSlot>& value, std::size_t) {
    to_.Array(value.size());
    for (const MeetingSlot& slot : value) Slot(field, slot);
  }
  void Choices(const char*, const std::vector<VoteChoice>& value, std::size_t) {
    to_.Array(value.size());
    for (VoteChoice choice : value) to_.Enum(choice);
  }
  void Texts(const char*, const std::vector<std::string>& value, std::size_t, std::size_t) {
    to_.Array(value.size());
    for (const std::string& text : value) to_.Text(text);
  }
  void Attendances(const char*, const std::vector<Attendance>& value, std::size_t) {
    to_.Array(value.size());
    for (const Attendance& one : value) to_.Array(2).Text(one.name).Bool(one.present);
  }
  void Salt(const char*, const std::array<std::uint8_t, 16>& value) { to_.Binary(value); }
  void Number(const char*, std::uint32_t value) { to_.Uint(value); }
  void Blob(const char*, const Bytes& value, std::size_t) { to_.Binary(value); }
  void Speakers(const char*, const std::vector<Speaker>& value) {
    to_.Array(value.size());
    for (Speaker one : value) to_.Enum(one);
  }
  void Organisation(const char*, const OrgId& value) { to_.Id(value); }
  void Organisations(const char*, const std::vector<OrgId>& value, std::size_t) {
    to_.Array(value.size());
    for (const OrgId& one : value) to_.Id(one);
  }
  void OptionalSlot(const char* field, const std::optional<MeetingSlot>& value) {
    if (value) {
      Slot(field, *value);
    } else {
      to_.Nil();
    }
  }
  void Figure(const char*, const Id128& value) { to_.Binary(value); }
  template <typename Row>
  void Rows(const char*, const std::vector<Row>& value, std::size_t) {
    to_.Array(value.size());
    for (const Row& one : value) {
      to_.Array(CountOf(one));
      RowFields(*this, one);
    }
  }

 private:
  Encoder& to_;
};

class BodyReader {
 public:
  explicit BodyReader(Decoder& from) : from_(from) {}
  void Text(const char* field, std::string& value, std::size_t bytes_max, Need) {
    value = from_.Text(field, bytes_max);
  }
  template <typename E>
  void Enum(const char* field, E& value, E first, E last) {
    value = from_.Enum(field, first, last);
  }
  void Flag(const char* field, bool& value) { value = from_.Bool(field); }
  void OptionalTime(const char* field, std::optional<Timestamp>& value) {
    value.reset();
    if (!from_.Nil()) value = from_.Time(field);
  }
  void Slot(const char* field, MeetingSlot& value) {
    from_.Array(2, field);
    value.begins_at = from_.Time(field);
    value.ends_at = from_.Time(field);
  }
  void Slots(const char* field, std::vector<MeetingSlot>& value, std::size_t max) {
    value.resize(from_.ArrayBetween(0, max, field));
    for (MeetingSlot& slot : value) Slot(field, slot);
  }
  void Choices(const char* field, std::vector<VoteChoice>& value, std::size_t max) {
    value.resize(from_.ArrayBetween(0, max, field));
    for (VoteChoice& choice : value) choice = from_.Enum(field, VoteChoice::kYes, VoteChoice::kNo);
  }
  void Texts(const char* field, std::vector<std::string>& value, std::size_t max, std::size_t bytes_max) {
    value.resize(from_.ArrayBetween(0, max, field));
    for (std::string& text : value) text = from_.Text(field, bytes_max);
  }
  void Attendances(const char* field, std::vector<Attendance>& value, std::size_t max) {
    value.resize(from_.ArrayBetween(0, max, field));
    for (Attendance& one : value) {
      from_.Array(2, field);
      one.name = from_.Text(field, kNameBytesMax);
      one.present = from_.Bool(field);
    }
  }
  void Salt(const char* field, std::array<std::uint8_t, 16>& value) { value = from_.Fixed<16>(field); }
  void Number(const char* field, std::uint32_t& value) {
    value = static_cast<std::uint32_t>(from_.Uint(field, ~std::uint32_t{0}));
  }
  void Blob(const char* field, Bytes& value, std::size_t bytes_max) { value = ToBytes(from_.Binary(field, bytes_max)); }
  void Speakers(const char* field, std::vector<Speaker>& value) {
    value.resize(from_.ArrayBetween(0, static_cast<std::size_t>(Speaker::kOther), field));
    for (Speaker& one : value) one = from_.Enum(field, Speaker::kYoungPerson, Speaker::kOther);
  }
  void Organisation(const char* field, OrgId& value) { value = from_.ReadOrgId(field); }
  void Organisations(const char* field, std::vector<OrgId>& value, std::size_t max) {
    value.resize(from_.ArrayBetween(0, max, field));
    for (OrgId& one : value) one = from_.ReadOrgId(field);
  }
  void OptionalSlot(const char* field, std::optional<MeetingSlot>& value) {
    value.reset();
    if (!from_.Nil()) Slot(field, value.emplace());
  }
  void Figure(const char* field, Id128& value) { value = from_.Fixed<16>(field); }
  template <typename Row>
  void Rows(const char* field, std::vector<Row>& value, std::size_t max) {
    value.resize(from_.ArrayBetween(0, max, field));
    for (Row& one : value) {
      from_.Array(CountOf(one), field);
      RowFields(*this, one);
    }
  }

 private:
  Decoder& from_;
};

// Finds the first field that a person must put right.
class Checker {
 public:
  Status status;
  void Text(const char* field, const std::string& value, std::size_t bytes_max, Need need) {
    if (need == Need::kRequired && IsBlank(value)) Refuse("body.required", field, "fill it in");
    Long(field, value, bytes_max);
  }
  template <typename E>
  void Enum(const char* field, E value, E first, E last) {
    if (value < first || value > last) Refuse("body.choice", field, "choose from the list");
  }
  void Flag(const char*, bool) {}
  void OptionalTime(const char*, const std::optional<Timestamp>&) {}
  void Slot(const char* field, const MeetingSlot& value) {
    if (value.ends_at <= value.begins_at) Refuse("body.slot", field, "let it end after it begins");
  }
  void Slots(const char* field, const std::vector<MeetingSlot>& value, std::size_t max) {
    if (value.empty()) Refuse("body.few", field, "give at least one");
    Many(field, value.size(), max);
    for (const MeetingSlot& slot : value) Slot(field, slot);
  }
  void Choices(const char* field, const std::vector<VoteChoice>& value, std::size_t max) {
    if (value.empty()) Refuse("body.few", field, "give at least one");
    Many(field, value.size(), max);
  }
  void Texts(const char* field, const std::vector<std::string>& value, std::size_t max, std::size_t bytes_max) {
    Many(field, value.size(), max);
    for (const std::string& text : value) Text(field, text, bytes_max, Need::kRequired);
  }
  void Attendances(const char* field, const std::vector<Attendance>& value, std::size_t max) {
    Many(field, value.size(), max);
    for (const Attendance& one : value) Text(field, one.name, kNameBytesMax, Need::kRequired);
  }
  void Salt(const char*, const std::array<std::uint8_t, 16>&) {}
  void Number(const char*, std::uint32_t) {}
  void Blob(const char* field, const Bytes& value, std::size_t bytes_max) {
    if (value.size() > bytes_max) Refuse("body.long", field, fmt::format("at most {} bytes", bytes_max));
  }
  void Speakers(const char* field, const std::vector<Speaker>& value) {
    const bool ascending = std::ranges::adjacent_find(value, std::ranges::greater_equal()) == value.end();
    if (!ascending) Refuse("body.twice", field, "name each once");
    for (Speaker one : value) Enum(field, one, Speaker::kYoungPerson, Speaker::kOther);
  }
  void Organisation(const char* field, const OrgId& value) {
    if (!ParseOrgId(value.value())) Refuse("body.required", field, "fill it in");
  }
  void Organisations(const char* field, const std::vector<OrgId>& value, std::size_t max) {
    Many(field, value.size(), max);
    for (const OrgId& one : value) Organisation(field, one);
  }
  void OptionalSlot(const char* field, const std::optional<MeetingSlot>& value) {
    if (value) Slot(field, *value);
  }
  void Figure(const char*, const Id128&) {}
  template <typename Row>
  void Rows(const char* field, const std::vector<Row>& value, std::size_t max) {
    Many(field, value.size(), max);
    for (const Row& one : value) RowFields(*this, one);
  }

 private:
  void Long(const char* field, const std::string& value, std::size_t bytes_max) {
    if (value.size() > bytes_max) {
      Refuse("body.long", field, fmt::format("at most {} bytes; it has {}", bytes_max, value.size()));
    }
  }
  void Many(const char* field, std::size_t count, std::size_t max) {
    if (count > max) Refuse("body.many", field, fmt::format("at most {}", max));
  }
  void Refuse(const char* rule, const char* field, std::string next) {
    if (status) status = Fail(Code::kInvalid, rule, std::string("body.") + field, std::move(next));
  }
};

Status CheckWhole(const ProposalBody& body) {
  // Clients at the table is the rule; the exception needs a reason that can be read later.
  if ((!body.clients_invited || !body.left_out.empty()) && IsBlank(body.why_not)) {
    return Fail(Code::kInvalid, "body.clients", "body.why_not", "invite the clients, or say why not");
  }
  return {};
}
Status CheckWhole(const FixedBody& body) {
  if (VersionOf(body) == 1) return {};
  const bool series = body.every_weeks >= 1 && body.every_weeks <= kWeeksBetweenMax && body.times >= 2 &&
                      body.times <= kOccurrencesMax && !body.occurrence;
  const bool one = body.every_weeks == 0 && body.times == 0;
  if (series || one) return {};
  return Fail(Code::kInvalid, "body.repeat", "body.times",
              fmt::format("from 2 to {} times, 1 to {} weeks apart", kOccurrencesMax, kWeeksBetweenMax));
}
Status CheckWhole(const TermsBody& body) {
  if (body.quorum <= kListMax) return {};
  return Fail(Code::kInvalid, "body.many", "body.quorum", fmt::format("at most {}", kListMax));
}
// A size that its pieces do not add up to could never be whole.
Status CheckWhole(const AttachmentBody& body) {
  const auto bad = [](const char* field, const char* next) {
    return Fail(Code::kInvalid, "body.attachment", field, next);
  };
  if (body.size < 1 || body.size > kAttachmentBytesMax) return bad("body.size", "give from 1 byte to 100 MiB");
  if (body.sha256.size() != sizeof(Hash32)) return bad("body.sha256", "give 32 bytes");
  if (body.chunk_bytes < 1 || body.chunk_bytes > kAttachmentChunkBytesMax) {
    return bad("body.chunk_bytes", "give from 1 byte to 192 KiB");
  }
  const std::size_t count = (std::size_t{body.size} + body.chunk_bytes - 1) / body.chunk_bytes;
  if (body.chunks.size() == count * sizeof(Id128)) return {};
  return bad("body.chunks", "name as many pieces as the size asks for");
}
Status CheckWhole(const RevealBody& body) {
  if (body.question != Id128{}) return {};
  return Fail(Code::kInvalid, "body.required", "body.question", "name the question");
}
Status CheckWhole(const AttachmentChunkBody& body) {
  const bool whole = !body.bytes.empty() && body.number < kAttachmentChunksMax;
  return whole ? Status() : Fail(Code::kInvalid, "body.attachment", "body.bytes", "give at least one byte");
}
template <typename T>
Status CheckWhole(const T&) {
  return {};
}

// The newest that this program writes.
template <typename T>
constexpr std::uint32_t Newest() {
  if constexpr (requires { T::kVersions; }) {
    return T::kVersions;
  } else {
    return 1;
  }
}

// All fields of `version`.
template <typename A, typename T>
void FieldsOf(A& a, T& value, std::uint32_t version) {
  Fields(a, value);
  if (version > 1) LaterFields(a, value);
  if (version > 2) ThirdFields(a, value);
}

template <typename T>
Result<TypedBody> DecodeAs(const Body& body) {
  Decoder decoder(body.content);
  T value;
  Counter counter;
  FieldsOf(counter, value, body.version);
  decoder.Array(counter.count, "body");
  BodyReader reader(decoder);
  FieldsOf(reader, value, body.version);
  SCHAKEL_TRY(decoder.Finish());
  if (VersionOf(value) != body.version) return Fail(Code::kInvalid, "codec.canonical", "body");
  TypedBody typed = std::move(value);
  SCHAKEL_TRY(CheckBody(typed));
  return typed;
}

template <std::size_t index = 0>
Result<TypedBody> DecodeFrom(const Body& body) {
  using T = std::variant_alternative_t<index, TypedBody>;
  if constexpr (std::is_same_v<T, UnknownBody>) {
    return TypedBody(UnknownBody{body});
  } else {
    if (T::kType == body.type && body.version >= 1 && body.version <= Newest<T>()) return DecodeAs<T>(body);
    return DecodeFrom<index + 1>(body);
  }
}

}  // namespace

Status CheckBody(const TypedBody& body) {
  return std::visit(
      []<typename T>(const T& value) -> Status {
        if constexpr (std::is_same_v<T, UnknownBody>) {
          return {};
        } else {
          Checker checker;
          FieldsOf(checker, value, Newest<T>());
          if (!checker.status) return checker.status;
          return CheckWhole(value);
        }
      },
      body);
}

namespace {

// What stands on one line in every list. Asked of what is written here alone: what arrived is shown as it is.
Status CheckLines(const TypedBody& body) {
  const std::string* title = nullptr;
  const char* field = "body.title";
  if (const auto* note = std::get_if<NoteBody>(&body)) title = &note->title;
  if (const auto* proposal = std::get_if<ProposalBody>(&body)) title = &proposal->title;
  if (const auto* attachment = std::get_if<AttachmentBody>(&body)) {
    title = &attachment->caption;
    field = "body.caption";
  }
  if (const auto* opening = std::get_if<OpeningBody>(&body)) {
    title = &opening->label;
    field = "body.label";
  }
  if (const auto* figure = std::get_if<FigureBody>(&body)) {
    title = &figure->name;
    field = "body.name";
  }
  if (const auto* event = std::get_if<LifeEventBody>(&body)) title = &event->title;
  if (const auto* offer = std::get_if<PlaceOfferBody>(&body)) title = &offer->title;
  // A line break, or what a terminal would obey.
  const auto is_control = [](unsigned char c) { return c < 0x20 || c == 0x7F; };
  if (title == nullptr || std::ranges::none_of(*title, is_control)) return {};
  return Fail(Code::kInvalid, "body.line", field, "keep it on one line");
}

}  // namespace

Result<Body> EncodeBody(const TypedBody& body) {
  SCHAKEL_TRY(CheckBody(body));
  SCHAKEL_TRY(CheckLines(body));
  return std::visit(
      []<typename T>(const T& value) -> Result<Body> {
        if constexpr (std::is_same_v<T, UnknownBody>) {
          return value.body;
        } else if constexpr (std::is_same_v<T, EmptyBody>) {
          return Body{};
        } else {
          const std::uint32_t version = VersionOf(value);
          Counter counter;
          FieldsOf(counter, value, version);
          Encoder encoder;
          encoder.Array(counter.count);
          BodyWriter writer(encoder);
          FieldsOf(writer, value, version);
          return Body{T::kType, version, encoder.Take()};
        }
      },
      body);
}

Result<TypedBody> DecodeBody(const Body& body) {
  if (body == Body{}) return TypedBody(EmptyBody{});
  if (body.type == EmptyBody::kType) return TypedBody(UnknownBody{body});
  return DecodeFrom(body);
}

std::vector<RecordId> ChunksOf(const AttachmentBody& body) {
  std::vector<RecordId> chunks;
  for (std::size_t at = 0; at + sizeof(Id128) <= body.chunks.size(); at += sizeof(Id128)) {
    Id128 id{};
    std::copy_n(body.chunks.begin() + static_cast<std::ptrdiff_t>(at), id.size(), id.begin());
    chunks.emplace_back(id);
  }
  return chunks;
}

Bytes ChunkIds(const std::vector<RecordId>& chunks) {
  Bytes ids;
  ids.reserve(chunks.size() * sizeof(Id128));
  for (const RecordId& id : chunks) ids.insert(ids.end(), id.value().begin(), id.value().end());
  return ids;
}

Result<Body> Marked(Body encoded, Exception exception, std::string why) {
  return EncodeBody(MarkedBody{exception, std::move(why), encoded.type, encoded.version, std::move(encoded.content)});
}

TypedBody Unmarked(TypedBody body) {
  auto* marked = std::get_if<MarkedBody>(&body);
  if (marked == nullptr || marked->type == EmptyBody::kType) return body;
  const Body inner{marked->type, marked->version, marked->content};
  // Marked twice, or broken inside: kept whole.
  auto typed = inner.type == MarkedBody::kType ? Result<TypedBody>(UnknownBody{inner}) : DecodeBody(inner);
  return typed ? std::move(*typed) : TypedBody(UnknownBody{inner});
}

Hash32 EvidenceHash(const Body& encoded) { return Sha256(encoded.content); }

}  // namespace schakel
