// What is said inside the records of the forms of help over time: switches between modules, contacts, alerts. Part of
// body.h, whose rules hold here too.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/result.h"
#include "protocol/seams.h"

namespace schakel {

enum class Module : std::uint8_t;
enum class Speaker : std::uint8_t;
enum class AgreementTopic : std::uint8_t;

// How a worker and the family met. Whether they saw each other stands beside it: a door may stay shut.
enum class ContactHow : std::uint8_t {
  kHomeVisit = 1,
  kDoingTogether,  // To the school, the bank, a walk: samen doen.
  kConversation,   // Anywhere else.
  kPhone,
  kVideo,
  kMessage,
  kOther,
};
inline constexpr ContactHow kContactHowLast = ContactHow::kOther;
bool IsUsuallyFaceToFace(ContactHow how);

// Whether somebody chose the help that was allocated to them.
enum class HelpChoice : std::uint8_t { kUnsaid = 1, kChosen, kDeclined };

// Why an alert ends.
enum class AlertEnd : std::uint8_t { kReturned = 1, kOver, kMistaken };

// What an alert may carry, each only if the agreement says so. Never anything of health: police may not have it.
enum class AlertField : std::uint8_t {
  kName = 1,
  kAge,
  kDescription,
  kClothing,
  kLastSeenAt,
  kLastSeenPlace,
  kPlaces,      // Where somebody may be.
  kCompanions,  // With whom.
  kIncident,    // What happened.
  kRisk,        // For whom it is dangerous.
  kContact,     // Whom to call.
};
inline constexpr AlertField kAlertFieldLast = AlertField::kContact;

// From a day on, help takes another form. One event: it touches no grant, no task and nothing of the dossier.
// Worked example: a time-out of two weeks in "De Pas", agreed with the young person and the mother, is type 64, version
// 1, content
//   96                                array of its six fields
//      07                             time-out
//      cf .. cf ..                    begin, and end, in milliseconds
//      a6 44 65 20 50 61 73           the place
//      92 01 02                       agreed with: the young person, the mother
//      a0                             why
struct ModuleSwitchBody {
  static constexpr std::uint32_t kType = 64;
  Module module{2};                    // Never unspecified.
  std::optional<Timestamp> begins_at;  // Always said.
  std::optional<Timestamp> ends_at;    // Already outside. A time-out always has one.
  std::string place;
  std::vector<Speaker> agreed;  // With whom. Ascending; of a time-out the young person among them.
  std::string why;
  friend bool operator==(const ModuleSwitchBody&, const ModuleSwitchBody&) = default;
};
// Somebody of us saw or spoke the young person or the family. Which actions it carried out the header refers to.
// Worked example: a phone call of ten minutes with the father, without text, is type 65, version 1, content
//   97 04 c2 cf .. 0a 91 03 a0 a0
struct ContactMomentBody {
  static constexpr std::uint32_t kType = 65;
  ContactHow how = ContactHow::kHomeVisit;
  bool face_to_face = true;
  std::optional<Timestamp> at;  // Always said.
  std::uint32_t minutes = 0;    // 0: not said; at most kContactMinutesMax.
  std::vector<Speaker> with;    // Ascending.
  std::string others;           // Who else was there, in words.
  std::string text;
  friend bool operator==(const ContactMomentBody&, const ContactMomentBody&) = default;
};
inline constexpr std::uint32_t kContactMinutesMax = 24 * 60;
// What was agreed that the partner is told at once. Which agreement says so the header refers to; what that does not
// name stays empty.
// Worked example: "Sam" runs away; only the name was agreed: type 66, version 1, content
//   9c 03 a3 53 61 6d a0 a0 a0 c0 a0 a0 a0 a0 a0 a0
struct AlertBody {
  static constexpr std::uint32_t kType = 66;
  AgreementTopic about{5};
  std::string name;
  std::string age;
  std::string description;
  std::string clothing;
  std::optional<Timestamp> last_seen_at;
  std::string last_seen_place;
  std::string places;
  std::string companions;
  std::string incident;
  std::string risk;
  std::string contact;
  friend bool operator==(const AlertBody&, const AlertBody&) = default;
};
// It is over. No words: those would go beside what was agreed.
// Worked example: returned: type 67, version 1, content 92 01 cf ..
struct AlertWithdrawnBody {
  static constexpr std::uint32_t kType = 67;
  AlertEnd how = AlertEnd::kReturned;
  std::optional<Timestamp> at;  // Always said.
  friend bool operator==(const AlertWithdrawnBody&, const AlertWithdrawnBody&) = default;
};

// Of an alert, the fields in which something stands, ascending.
std::vector<AlertField> FieldsIn(const AlertBody& body);

std::string_view Slug(ContactHow value);
std::string_view Slug(HelpChoice value);
std::string_view Slug(AlertEnd value);
std::string_view Slug(AlertField value);
Result<ContactHow> ParseContactHow(std::string_view slug);
Result<HelpChoice> ParseHelpChoice(std::string_view slug);
Result<AlertEnd> ParseAlertEnd(std::string_view slug);
Result<AlertField> ParseAlertField(std::string_view slug);

}  // namespace schakel
