// What people take along of one trajectory: as a document on paper, as an archive that can be checked anywhere, or for
// another program (docs/exports.md).
//
// Each is a look at every record in it: who has no task there gets nothing, what is sealed is not shown. That it was
// taken along, and the views, are in the vault before a byte is yielded. Threads: any. Errors: those of Reading;
// kDenied ("view.no_task"); kNotFound ("id.unknown"; those of CheckNotErased).
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "agents/i18n.h"
#include "agents/services.h"

namespace schakel {

// The records of one trajectory that this organisation holds and the hub has, in the order of the log. Those by which
// views are told are none of them, nor the pieces of files: the attachment that has their names, size and hash is.
std::vector<RecordId> RecordsToTake(const Engine& engine, const TrajectoryId& id);

// Before anything is taken along: one attempt is one line in the audit. kDenied ("view.no_task"), and that is noted.
Status CheckMayTakeAlong(Engine& engine, const TrajectoryId& id, const Caller& caller, Timestamp now);

// Of an erased trajectory nothing can be taken along any more. kNotFound ("trajectory.erased";
// "trajectory.erased_kept": something is kept here, sealed, because the law obliges to); the field says since which
// day.
Status CheckNotErased(const Engine& engine, Cases& cases, const TrajectoryId& id);

// What stands in the printable dossier.
struct Paper {
  CaseTrajectory trajectory;
  std::map<RecordId, Reading::Shown> shown;  // What was read for it; some of it sealed.
  OrgId maker;
  Person printed_by;
  Timestamp printed_at;
  std::string log;  // The hub's, and how far it was verified here.
  TreeHead head;
  std::map<OrgId, std::string> names;
};
// One HTML document on A4, with all that it needs inside: no script, nothing from elsewhere. Pure.
std::string RenderPaper(const Paper& paper, Language language);
inline constexpr std::size_t kPaperRecordsMax = 5000;

class ExportService {
 public:
  ExportService(Engine& engine, Cases& cases, Reading& reading, Clock& clock)
      : engine_(engine), cases_(cases), reading_(reading), clock_(clock) {}

  // The printable dossier: the words of what is in the case file now, each version that counts. kLimit ("paper.large"):
  // more than kPaperRecordsMax.
  Result<Paper> MakePaper(const TrajectoryId& id, const Caller& caller);
  // The goals, actions, referrals, aftercare and plan for adulthood alone, for another program.
  Result<Paper> MakePlan(const TrajectoryId& id, const Caller& caller);
  // An archive (protocol/archive.h): all of RecordsToTake, with what opens those that may be read. kLimit
  // ("archive.large"); kConflict ("archive.empty"): the hub has none of it yet; kUnavailable ("hub.offline"): the hub
  // proves where they stand.
  Result<Bytes> MakeArchive(const TrajectoryId& id, const Caller& caller, std::chrono::milliseconds patience);

 private:
  Result<Paper> Take(const TrajectoryId& id, const Caller& caller, const char* as,
                     std::vector<RecordId> (*records_of)(const CaseTrajectory&));

  Engine& engine_;
  Cases& cases_;
  Reading& reading_;
  Clock& clock_;
};

}  // namespace schakel
