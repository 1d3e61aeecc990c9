// The forms of help over time, contacts and alerts as people see them: a part of the case file.
//
// What counts (docs/methods.md, property-tested): a switch counts if its author led when the log took it, and so does a
// correction of it, the last one. Switches
// stand in the order in which they begin; of two that begin at once the later word. Each ends the one before; when one
// with an end runs out, the last one without an end goes on. All of it follows from the records and their order in the
// log.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "agents/body.h"
#include "protocol/ids.h"
#include "protocol/seams.h"
#include "protocol/vocabulary.h"

namespace schakel {

struct CaseTrajectory;

struct CaseSwitch {
  RecordId record;  // Its last version; a correction takes the place of the one before.
  OrgId author;
  Timestamp at;
  Module module = Module::kUnspecified;
  Timestamp begins_at;
  std::optional<Timestamp> ends_at;
  RecordId id;  // The first version.
  friend bool operator==(const CaseSwitch&, const CaseSwitch&) = default;
};
struct CaseContact {
  RecordId record;
  OrgId author;
  ContactHow how = ContactHow::kHomeVisit;
  bool face_to_face = true;
  Timestamp at;                   // When it was.
  std::vector<RecordId> actions;  // Which it carried out.
  friend bool operator==(const CaseContact&, const CaseContact&) = default;
};
struct CaseAlert {
  RecordId id;
  OrgId author;
  Timestamp at;
  RecordId agreement;  // Which says so; none: it names none.
  std::set<OrgId> to;  // Whom it reached, if it is ours; else ourselves.
  Purpose purpose{1};  // Under which grants it goes.
  CategorySet categories;
  RecordId withdrawal;       // Of its author, the first; none: it was not withdrawn.
  Timestamp withdrawn_at{};  // When the log took that.
  std::set<OrgId> told;      // Of ours: whom a withdrawal reached.
  bool stands() const { return IsNone(withdrawal); }
  // Of ours, once withdrawn: who had it, and was not told that it is over.
  std::vector<OrgId> Untold() const;
  friend bool operator==(const CaseAlert&, const CaseAlert&) = default;
};
// What each said of the help that was allocated.
struct CaseChoice {
  RecordId record;
  HelpChoice choice = HelpChoice::kUnsaid;
  friend bool operator==(const CaseChoice&, const CaseChoice&) = default;
};

struct CaseHelp {
  RecordId opening;  // That says the first module; none: it is not here.
  Module first = Module::kUnspecified;
  bool allocated = false;
  std::vector<CaseSwitch> switches;       // In the order of the log.
  std::vector<CaseContact> contacts;      // In the order in which they were.
  std::vector<CaseAlert> alerts;          // In the order of the log.
  std::map<Speaker, CaseChoice> choices;  // The last word of each.
  friend bool operator==(const CaseHelp&, const CaseHelp&) = default;

  const CaseAlert* FindAlert(const RecordId& id) const;
  const CaseSwitch* FindSwitch(const RecordId& id) const;  // By its first version.
};

// ---- What follows from it. Pure. ----

// One form of help, from a moment to the next.
struct ModulePeriod {
  Module module = Module::kUnspecified;
  RecordId record;  // That says it; none: nothing does.
  Timestamp begins_at;
  std::optional<Timestamp> ends_at;  // Already outside; none: until something else is said.
  friend bool operator==(const ModulePeriod&, const ModulePeriod&) = default;
};
// The first begins when the trajectory was opened. Never empty; without gaps.
std::vector<ModulePeriod> ModulesOver(const CaseHelp& help, Timestamp opened_at);
// The one in force then; before the first one: that.
const ModulePeriod& ModuleAt(const std::vector<ModulePeriod>& periods, Timestamp at);

// The last of them that has no end, and what comes behind it.
std::vector<ModulePeriod> LastModules(const CaseHelp& help, Timestamp opened_at);

// Whether help may begin.
enum class HelpStart : std::uint8_t {
  kFree = 1,  // It was not allocated, or those it is for chose it.
  kNotChosen,
  kDeclined,
};
// The young person chooses, and while it is no adult one parent at least, or who stands for them.
HelpStart StartOf(const CaseHelp& help, bool adult);

// When the last grant under which `to` has an alert ends, or was taken back: no word that it is over can arrive there
// afterwards, so that it ends there with that. None: we know of no such grant.
std::optional<Timestamp> CutOffAt(const CaseTrajectory& trajectory, const CaseAlert& alert, const OrgId& to);
// As `self` has it: a withdrawn one stands no more, nor one of somebody else that was cut off. One of ours stands again
// while somebody who was not told that it is over is covered again: it stands there, and they may be told now.
bool StandsFor(const OrgId& self, const CaseTrajectory& trajectory, const CaseAlert& alert, Timestamp now);

// From Monday to Monday, on the clock of the region.
struct ContactWeek {
  int year = 0;  // Of the week (ISO 8601), which around New Year is not always that of the day.
  int week = 0;
  Timestamp begins_at;
  Timestamp ends_at;
  std::size_t contacts = 0;
  std::size_t face_to_face = 0;
  std::vector<RecordId> records;
  bool over = false;
  // Twice a week is what this kind of help stands for; a week that still runs is not short yet.
  bool IsShort() const { return over && face_to_face < kFaceToFaceMin; }
  static constexpr std::size_t kFaceToFaceMin = 2;
  friend bool operator==(const ContactWeek&, const ContactWeek&) = default;
};
// Each week in which a moment from `from` until `to` (already outside) lies, the first one first; also those without
// any contact. At most kWeeksMax: the last ones.
std::vector<ContactWeek> ContactWeeks(const std::vector<CaseContact>& contacts, Timestamp from, Timestamp to,
                                      Timestamp now);
inline constexpr std::size_t kWeeksMax = 520;
std::string WeekText(const ContactWeek& week);  // "2026-W48"

}  // namespace schakel
