// School support: reports of school trouble to a desk, and what the desk does with each (Netwerk Leerrecht).
// docs/methods.md says how it goes.
//
// A report ends placed, coached or escalated, and in no other way: until then it stands in the queue of its desk. Who
// leads and removes the desk, or closes the trajectory, escalates it to itself and says why; where it was never handed
// the report, the removal or the closing itself passes it on, and the desk is told to call. What was taken back says
// so. All of it is content of the trajectory, under a grant of education about school; which place somebody was sent to
// stands in words alone. Threads, durability, errors: as services.h.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <vector>

#include "agents/profiles.h"
#include "agents/services.h"

namespace schakel {

struct SchoolReport {
  enum class State : std::uint8_t { kNew = 1, kTakenUp, kDispatched, kPlaced, kCoached, kEscalated };
  enum class Expected : std::uint8_t { kTakeUp = 1, kDispatch, kOutcome };  // Of the desk.
  enum class CutOff : std::uint8_t { kClosed = 1, kLeft, kTakenBack };
  struct Step {
    RecordId record;
    SchoolMove move = SchoolMove::kTakenUp;
    Timestamp at;
    OrgId author;
    RecordId place;  // None: none of the catalogue.
    friend bool operator==(const Step&, const Step&) = default;
  };
  RecordId id;
  TrajectoryId trajectory;
  OrgId reporter;
  OrgId desk;
  Timestamp at;
  SchoolTrouble trouble = SchoolTrouble::kOther;
  SchoolLevel level = SchoolLevel::kUnsaid;
  std::string municipality;
  bool sealed = false;  // Its words were taken back: what they said is not known.
  State state = State::kNew;
  std::optional<Timestamp> ended_at;
  // kClosed, kLeft: it ended as escalated to who led, who was never handed it. kTakenBack: it has not ended, and
  // cannot.
  std::optional<CutOff> cut_off;
  std::optional<Timestamp> cut_off_at;
  RecordId same_as;  // An earlier one, open then, of the same trouble. None: there was none.
  std::vector<Step> steps;

  bool IsOpen() const { return !ended_at && !cut_off; }
  std::optional<Expected> IsExpected() const;
  friend bool operator==(const SchoolReport&, const SchoolReport&) = default;
};
std::string_view Slug(SchoolReport::State value);
std::string_view Slug(SchoolReport::Expected value);
std::string_view Slug(SchoolReport::CutOff value);

// The reports on a trajectory that are known here, in the log's order. Pure.
std::vector<SchoolReport> SchoolReportsOf(CaseFile& file, const CaseTrajectory& trajectory, const OrgId& self);

class SchoolService {
 public:
  static constexpr std::chrono::days kCutOffShown{30};

  SchoolService(Engine& engine, Cases& cases, Clock& clock, const std::map<Sector, Profile>& profiles,
                std::chrono::days escalates)
      : engine_(engine), cases_(cases), clock_(clock), profiles_(profiles), escalates_(escalates) {}

  // Who takes part and is of a sector with a reporting desk, ourselves among them.
  Result<std::vector<OrgId>> Desks(const TrajectoryId& id);
  // To the desk, and to the lead as far as that goes; `audience` names more. kDenied ("school.desk"): no such desk
  // takes part. kConflict ("school.twice", its field the report): the same trouble was reported and is open, unless it
  // is `another` one.
  Result<Sent> Report(const TrajectoryId& id, const SchoolReportBody& body, bool another, const Audience& audience);
  // By the desk, to who reported it and to the lead. kDenied ("school.not_desk"). kConflict ("school.ended";
  // "school.cut_off"; "school.taken_up": twice). kNotFound ("school.place"): no such offer is known here; kConflict
  // ("school.no_place"): it is over, or full as far as is known. kDenied ("partnership.ended"): the agreement with its
  // owner for such places has ended, and nobody was sent there before.
  Result<Sent> TakeStep(const RecordId& report, SchoolStepBody body, const Audience& audience);

  Result<std::vector<SchoolReport>> On(const TrajectoryId& id);
  Result<SchoolReport> Show(const RecordId& id);  // By the report, or a step. kNotFound ("id.unknown").
  std::vector<SchoolReport> Queue();              // To us: what is open, the oldest first; then what was, the newest.
  Timestamp GoesUpAt(const SchoolReport& one) const { return one.at + escalates_; }
  bool IsLate(const SchoolReport& one) const { return one.IsOpen() && clock_.Now() >= GoesUpAt(one); }
  std::chrono::days escalates() const { return escalates_; }

  // What waits for somebody in that role: open reports; those that went up, and what was cut off lately, for
  // coordinators as well.
  struct Waiting {
    enum class What : std::uint8_t { kReport = 1, kLate, kCutOff };
    What what = What::kReport;
    SchoolReport report;
    Timestamp due;
  };
  std::vector<Waiting> WaitsFor(StaffRole role);

 private:
  Engine& engine_;
  Cases& cases_;
  Clock& clock_;
  const std::map<Sector, Profile>& profiles_;
  const std::chrono::days escalates_;
};

// Whether reports to `desk` (none: to anybody) are open on that trajectory, as far as is known here. kConflict
// (`rule`), its field the first of them.
Status CheckNoOpenReports(Cases& cases, const TrajectoryId& id, const OrgId& self, const std::optional<OrgId>& desk,
                          const char* rule, const char* next);
// We, who lead, go on with these ourselves, because of `why`: each ends as escalated, which the desk and who reported
// it are told as far as grants reach them.
Status TakeOverOpenReports(Engine& engine, Cases& cases, const CaseTrajectory& trajectory,
                           const std::optional<OrgId>& desk, const std::string& why,
                           std::chrono::milliseconds patience);

}  // namespace schakel
