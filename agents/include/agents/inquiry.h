// The questions that people ask about looks and deliveries, and the rules of who may ask which (docs/audit.md).
//
// An answer joins what the hub proves with what only stands here: looks not yet reported, questions, refusals, tasks.
// Threads:    any.
// Durability: that a question about somebody's looks was asked is in the vault before anything of the answer returns;
//             so is that a question was refused.
// Errors:     kDenied ("audit.<rule>"): not for this person to ask; kUnavailable ("hub.offline"): the hub has the
//             answer. Questions that the vault answers as well are then answered from it, and say so.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "agents/services.h"
#include "agents/tasks.h"

namespace schakel {

enum class Question : std::uint8_t {
  kAll = 1,       // Everything.
  kRecord,        // Who got and who saw this record.
  kOrganisation,  // What this organisation got and saw.
  kPerson,        // What this person of ours saw.
  kDenied,        // What was refused, held back, or not shown.
  kWithoutTask,   // Which of our people looked with no task there.
};
inline constexpr Question kQuestionLast = Question::kWithoutTask;
std::string_view Slug(Question value);
Result<Question> ParseQuestion(std::string_view slug);  // kInvalid ("vocabulary.question").

// ---- The rules. Pure. ----

struct Asking {
  Question question = Question::kAll;
  StaffRole role = StaffRole::kWorker;
  bool everywhere = false;                            // Over all trajectories.
  bool own_looks = false;                             // kPerson: what the asker saw.
  TaskStanding task = TaskStanding::kNobodyAssigned;  // The asker's, on that trajectory.
};
// kDenied ("audit.administrator", "audit.person", "audit.without_task", "audit.everywhere", "audit.task").
Status MayAsk(const Asking& asking);

// What an organisation is shown of one trajectory.
struct Onlooker {
  OrgId self;
  bool lead = false;
  std::function<bool(const OrgId&)> may_know;  // Whether it may know that this one takes part.
};
// The lead is shown all, an author what concerns its records, anybody what concerns itself; nothing else. Who may not
// be known of becomes "another partner" (an empty organisation): without sequence, grant or role, and once for each
// record and each thing that was done, so that several look like one.
std::vector<AccessRow> Curated(const std::vector<AccessRow>& rows, const Onlooker& onlooker);
// The same of what proves them: whatever speaks of who may not be known of is left out.
Evidence Curated(Evidence evidence, const Onlooker& onlooker);

// ---- The answers ----

struct Inquiry {
  Question question = Question::kAll;
  std::optional<TrajectoryId> trajectory;  // None: all; of kRecord: the record's.
  std::string record;                      // The id, or its first digits. None: about all.
  OrgId organisation;                      // kOrganisation.
  std::string person;                      // kPerson.
  std::optional<Timestamp> from;
  std::optional<Timestamp> until;  // Already outside.
};
struct Findings {
  std::vector<AccessRow> rows;  // By time.
  struct File {
    TrajectoryId trajectory;  // None: of an anonymous consultation.
    Evidence evidence;
  };
  std::vector<File> files;
  std::vector<TrajectoryId> unasked;  // The hub could not be asked: what stands here is all there is of them.
};

class InquiryService {
 public:
  InquiryService(Engine& engine, Cases& cases, AuditService& audit, Clock& clock)
      : engine_(engine), cases_(cases), audit_(audit), clock_(clock) {}

  // kInvalid ("audit.record", "audit.organisation", "audit.person_name"): the question lacks what it is about;
  // ("audit.period"): it ends before it begins. kNotFound ("directory.organisation"; "audit.person_unknown"): there is
  // no such organisation, or nobody was ever heard of here by that name.
  // People of ours stand in it as they are called now, and are found by what they were called before.
  Result<Findings> Ask(Inquiry inquiry, const Caller& caller, std::chrono::milliseconds patience);

 private:
  Result<Inquiry> Located(Inquiry inquiry) const;
  Status CheckAsks(const Inquiry& inquiry, const Caller& caller) const;
  Status NoteTurnedAway(const Inquiry& inquiry, const Caller& caller, const Error& why) const;
  Result<AuditService::Report> AskHub(const Inquiry& inquiry, const TrajectoryId& id, const Caller& caller,
                                      std::chrono::milliseconds patience);
  Onlooker OnlookerOf(const TrajectoryId& id) const;

  Engine& engine_;
  Cases& cases_;
  AuditService& audit_;
  Clock& clock_;
};

}  // namespace schakel
