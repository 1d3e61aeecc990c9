// Structural consultation with partners: three times a year at three levels (direction, staff, workers). Kept at home,
// goes to nobody; docs/network.md says what counts.
//
// Threads, durability, errors: as services.h.
#pragma once

#include <string>
#include <vector>

#include "agents/engine.h"
#include "agents/network.h"
#include "protocol/seams.h"

namespace schakel {

enum class ConsultationLevel : std::uint8_t { kDirection = 1, kStaff, kWorkers };
inline constexpr ConsultationLevel kConsultationLevelLast = ConsultationLevel::kWorkers;
std::string_view Slug(ConsultationLevel value);
Result<ConsultationLevel> ParseConsultationLevel(std::string_view slug);  // kInvalid ("vocabulary.level").

enum class StructuralState : std::uint8_t { kPlanned = 1, kHeld, kCancelled };
inline constexpr StructuralState kStructuralStateLast = StructuralState::kCancelled;
std::string_view Slug(StructuralState value);
Result<StructuralState> ParseStructuralState(std::string_view slug);  // kInvalid ("vocabulary.structural_state").

struct StructuralMeeting {
  Id128 id{};
  Id128 partnership{};
  std::string partner;  // What the partnership was called then: it stays when that goes.
  ConsultationLevel level = ConsultationLevel::kWorkers;
  std::string day;  // A whole one.
  StructuralState state = StructuralState::kPlanned;
  std::vector<std::string> who;
  std::string notes;
  std::string by;
  friend bool operator==(const StructuralMeeting&, const StructuralMeeting&) = default;
};
Bytes EncodeStructuralMeeting(const StructuralMeeting& one);
Result<StructuralMeeting> DecodeStructuralMeeting(ByteView bytes);  // kCorrupt, kVersion ("vault.row").

// How a level does in a calendar year.
enum class CadenceStanding : std::uint8_t {
  kMet = 1,  // Three were held.
  kOnTrack,
  kToPlan,  // The next one ought to be planned by now.
  kAtRisk,  // The day by which the next one was due has passed.
  kMissed,  // The year is over, and fewer than three were held.
};
std::string_view Slug(CadenceStanding value);
struct Cadence {
  ConsultationLevel level = ConsultationLevel::kWorkers;
  std::size_t held = 0;
  std::size_t planned = 0;  // From today on.
  CadenceStanding standing = CadenceStanding::kOnTrack;
  std::string due;  // By when the next one is to be held; empty: none has to be.
  // Whether a coordinator has something to plan.
  bool Waits() const {
    return planned == 0 && (standing == CadenceStanding::kToPlan || standing == CadenceStanding::kAtRisk);
  }
  friend bool operator==(const Cadence&, const Cadence&) = default;
};
inline constexpr std::size_t kStructuralPerYear = 3;
inline constexpr std::chrono::days kToPlanBefore{60};  // Before the day by which one is due.
// Each level, in the order of the list. `today`: "2026-11-23". Pure.
std::vector<Cadence> CadencesOf(const std::vector<StructuralMeeting>& meetings, int year, const std::string& today);

class StructuralService {
 public:
  StructuralService(Engine& engine, PartnershipService& partnerships, Clock& clock, Random& random)
      : engine_(engine), partnerships_(partnerships), clock_(clock), random_(random) {}

  // By day. Those with a discreet partner stand there for coordinators and administrators alone.
  Result<std::vector<StructuralMeeting>> List(StaffRole role) const;
  // kInvalid ("body.whole_day", "body.many", "body.long"; "structural.future": what is still to come was not held).
  // kNotFound ("partnership.unknown", "structural.unknown").
  Result<StructuralMeeting> Note(const std::string& partnership, StructuralMeeting one, const Person& by);
  Result<StructuralMeeting> Edit(const std::string& id, StructuralMeeting one, const Person& by);
  Status Drop(const std::string& id, StaffRole role);

  // What waits for coordinators, and for nobody else: levels whose next one ought to be planned, and, in the first
  // months of a year, those that the year before missed. Nothing, as long as none was ever noted.
  struct Waiting {
    int year = 0;
    Cadence cadence;
  };
  Result<std::vector<Waiting>> WaitsFor(StaffRole role) const;

 private:
  Result<std::vector<StructuralMeeting>> All() const;
  Status Check(const StructuralMeeting& one) const;

  Engine& engine_;
  PartnershipService& partnerships_;
  Clock& clock_;
  Random& random_;
};

}  // namespace schakel
