#include "paper_lines.h"

#include <fmt/format.h>

#include "family_fields.h"
#include "local_time.h"
#include "passage_fields.h"
#include "school_fields.h"
#include "services/court_fields.h"
#include "services/dossier_fields.h"
#include "services/modules_fields.h"
#include "services/network_fields.h"
#include "services/places_fields.h"

namespace schakel {
namespace {

// In which list of the catalogue the words of a type stand; by its field alone otherwise.
template <typename E>
const char* WordListFor() {
  if constexpr (std::is_same_v<E, Module>) return "module";
  if constexpr (std::is_same_v<E, ContactHow>) return "contact-how";
  if constexpr (std::is_same_v<E, Speaker>) return "who";
  if constexpr (std::is_same_v<E, SignedHow>) return "signed-how";
  if constexpr (std::is_same_v<E, AgreementTopic>) return "about";
  if constexpr (std::is_same_v<E, AlertEnd>) return "alert-end";
  if constexpr (std::is_same_v<E, AskingRing>) return "asking-ring";
  if constexpr (std::is_same_v<E, DomainState>) return "domain-state";
  if constexpr (std::is_same_v<E, Informant>) return "informant";
  return "";
}

class LineWriter {
 public:
  LineWriter(Language language, std::vector<PaperLine>& to) : language_(language), to_(to) {}

  void Text(const char* field, const std::string& value, std::size_t, Need) { Add(field, value); }
  template <typename E>
  void Enum(const char* field, E value, E, E) {
    Add(field, WordOf(value));
  }
  void Flag(const char* field, bool value) {
    if (value) Add(field, Phrase(language_, "cli.yes"));
  }
  void OptionalTime(const char* field, const std::optional<Timestamp>& value) {
    if (value) Add(field, LocalText(*value, language_));
  }
  void Slot(const char* field, const MeetingSlot& value) { Add(field, SlotText(value)); }
  void Slots(const char* field, const std::vector<MeetingSlot>& value, std::size_t) {
    for (const MeetingSlot& one : value) Slot(field, one);
  }
  void Choices(const char*, const std::vector<VoteChoice>&, std::size_t) {}  // Votes stand elsewhere.
  void Texts(const char* field, const std::vector<std::string>& value, std::size_t, std::size_t) {
    std::string all;
    for (const std::string& one : value) {
      const std::string key = "word.asking-ring." + one;
      const bool ring = std::string_view(field) == "unanswered" && HasText(language_, key);
      all += (all.empty() ? "" : ", ") + (ring ? Phrase(language_, key) : one);
    }
    Add(field, all);
  }
  void Attendances(const char*, const std::vector<Attendance>&, std::size_t) {}
  void Salt(const char*, const std::array<std::uint8_t, 16>&) {}
  void Number(const char* field, std::uint32_t value) {
    if (value > 0) Add(field, fmt::format("{}", value));
  }
  void Blob(const char*, const Bytes&, std::size_t) {}
  void Speakers(const char* field, const std::vector<Speaker>& value) {
    std::string all;
    for (const Speaker one : value) all += (all.empty() ? "" : ", ") + WordOf(one);
    Add(field, all);
  }
  void Organisation(const char* field, const OrgId& value) { Add(field, value.value()); }
  void Organisations(const char* field, const std::vector<OrgId>& value, std::size_t) {
    for (const OrgId& one : value) Organisation(field, one);
  }
  void OptionalSlot(const char* field, const std::optional<MeetingSlot>& value) {
    if (value) Slot(field, *value);
  }
  void Figure(const char*, const Id128&) {}  // A number says nothing on paper.
  template <typename Row>
  void Rows(const char*, const std::vector<Row>&, std::size_t) {}  // Of no trajectory, so on no paper.
  void Rows(const char*, const std::vector<AdulthoodDomain>& value, std::size_t) {
    for (const AdulthoodDomain& one : value) {
      std::string words = WordOf(one.state);
      if (!one.agreed.empty()) words += "; " + one.agreed;
      if (!one.who.empty()) words += "; " + one.who;
      if (one.by) words += "; " + LocalDate(*one.by, language_);
      to_.push_back({one.title, words});
    }
  }

 private:
  template <typename E>
  std::string WordOf(E value) const {
    const std::string slug(Slug(value));
    const std::string key = "word." + std::string(WordListFor<E>()) + "." + slug;
    return HasText(language_, key) ? Phrase(language_, key) : slug;
  }
  std::string SlotText(const MeetingSlot& slot) const {
    return LocalText(slot.begins_at, language_) + " - " + LocalClock(slot.ends_at);
  }
  void Add(const char* field, const std::string& words) {
    if (words.empty()) return;
    const std::string key = "field." + std::string(field);
    to_.push_back({HasText(language_, key) ? Phrase(language_, key) : std::string(field), words});
  }

  const Language language_;
  std::vector<PaperLine>& to_;
};

}  // namespace

std::vector<PaperLine> LinesOf(const TypedBody& body, Language language) {
  std::vector<PaperLine> lines;
  std::visit(
      [&]<typename T>(const T& value) {
        if constexpr (!std::is_same_v<T, UnknownBody>) {
          LineWriter writer(language, lines);
          Fields(writer, value);
          if (VersionOf(value) > 1) LaterFields(writer, value);
          if (VersionOf(value) > 2) ThirdFields(writer, value);
        }
      },
      body);
  return lines;
}

}  // namespace schakel
