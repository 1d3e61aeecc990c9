// "Wie zag mij?": the access report for the young person, and the edition for the confidant.
//
// Which organisation got or looked at what kind of thing, in which role, why, on which agreement; what was refused;
// what it does not show and why. It holds no words of any record. Records under a legal exception (body.h) are there
// without their kind; the confidant sees those of the agogic exception as well, and not the other three. Threads: any.
// Durability: that it was made, and by whom, is in the vault and on its way to the hub before it returns.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "agents/body.h"
#include "agents/inquiry.h"
#include "agents/services.h"

namespace schakel {

enum class Edition : std::uint8_t { kYoungPerson = 1, kConfidant };
std::string_view Slug(Edition value);
Result<Edition> ParseEdition(std::string_view slug);  // kInvalid ("vocabulary.edition").

// What the report says of one record. Pure.
enum class Shown : std::uint8_t {
  kWhole,    // Its kind and what it is about.
  kHeld,     // That there is something, and under which exception.
  kUnknown,  // That there is something: its body is not here, so nobody here knows whether an exception holds.
};
Shown ShownTo(Edition edition, bool body_is_here, Exception exception);

struct ReportModel {
  struct Item {
    RecordId record;
    Kind kind = Kind::kNote;
    CategorySet categories;
    Purpose purpose = Purpose::kCareCoordination;
    OrgId author;  // Empty: not known here.
    Shown shown = Shown::kUnknown;
    Exception exception = Exception::kNone;
    std::optional<Kind> before;  // Shared again: what it was, if that is known here and not held back.
    std::optional<Basis> basis;  // Of what gives, narrows or takes back a grant: what it is based on.
    // Of what gives: basic data alone for the report to the youth court, which it may have on its written request; no
    // judge decided that (docs/consent.md).
    bool on_written_request = false;
  };
  struct Line {
    Timestamp at;
    AccessRow::What what = AccessRow::What::kSent;
    std::vector<OrgId> who;
    std::optional<std::string> person;
    std::optional<StaffRole> role;
    std::optional<Speaker> guest;  // Of a meeting, who is nobody's staff.
    std::optional<ViewReason> reason;
    std::optional<Item> item;             // None: about the whole file. Several times: what they have in common.
    std::vector<std::size_t> agreements;  // Their numbers, from 1.
    std::optional<Denial> denial;
    std::size_t times = 1;
    bool was_sealed = false;
    std::optional<Timestamp> last = std::nullopt;  // Several times on one day: `at` is the first.
  };
  struct Agreement {
    CaseGrant grant;
    std::optional<Timestamp> withdrawn_at;
    Standing standing = Standing::kCounts;
  };
  Edition edition = Edition::kYoungPerson;
  OrgId maker;
  OrgId lead;
  std::string number;  // Of the file: the first digits of its id.
  Timestamp made_at;
  bool whole = false;  // The lead made it: nothing that the log holds is left out.
  bool names_by_role = false;
  std::set<OrgId> wordless;  // Behind the court wall: they hear that something was said, and never the words.
  std::string log;           // The hub's.
  std::string evidence_name;
  std::string evidence_sha256;
  std::vector<Line> lines;  // By time, joined: see Grouped.
  std::vector<Agreement> agreements;
  std::map<Exception, std::size_t> held;  // Records, by exception.
  std::size_t unknown = 0;                // Records.
  std::map<OrgId, std::string> names;
};
// Of lines by time: what the same one did several times on one day, to things of one kind, for one reason, is one line.
// A year of looks would fill a book otherwise; each by itself stands in the evidence. Pure.
std::vector<ReportModel::Line> Grouped(std::vector<ReportModel::Line> lines);
// One HTML document on A4, with all that it needs inside.
std::string RenderReport(const ReportModel& model, Language language);

struct ReportFile {
  std::string name;
  std::string type;
  std::string bytes;
};

class ReportService {
 public:
  ReportService(Engine& engine, Cases& cases, AuditService& audit, Reading& reading, Clock& clock)
      : engine_(engine), cases_(cases), audit_(audit), reading_(reading), clock_(clock) {}

  // A page in each language, and the evidence. Made for whoever the file is about, so the reason of the look is theirs.
  // kDenied as MayAsk; kUnavailable ("hub.offline").
  Result<std::vector<ReportFile>> Make(const TrajectoryId& id, Edition edition, const Caller& caller,
                                       std::chrono::milliseconds patience);
  // For the young person itself, who came with a link: nobody has to be asked. `person`: as whom it is logged.
  Result<std::vector<ReportFile>> MakeForYoungPerson(const TrajectoryId& id, const Person& person,
                                                     std::chrono::milliseconds patience);

 private:
  Result<std::vector<ReportFile>> Write(const TrajectoryId& id, Edition edition, const Person& person,
                                        std::chrono::milliseconds patience);

  Engine& engine_;
  Cases& cases_;
  AuditService& audit_;
  Reading& reading_;
  Clock& clock_;
};

}  // namespace schakel
