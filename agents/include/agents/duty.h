// Crisis questions, who is on duty, and what goes up when nobody answered by the next day. docs/methods.md says how it
// goes.
//
// Who is on duty stays in the vault: neither the hub nor a partner hears of it. A person who is called otherwise since
// is named as now (former_names.h). What waits follows from the questions alone.
// Threads: any. Durability: a change is synced when the call returns.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "agents/services.h"

namespace schakel {

// Somebody of ours answers crisis questions, in and after hours.
struct DutyTurn {
  Id128 id{};
  std::string person;  // As in Person::name.
  Timestamp from;
  Timestamp until;  // Already outside.
  std::string by;   // Who said so.
  bool Holds(Timestamp at) const { return from <= at && at < until; }
  friend bool operator==(const DutyTurn&, const DutyTurn&) = default;
};
Bytes EncodeDutyTurn(const DutyTurn& turn);
Result<DutyTurn> DecodeDutyTurn(ByteView bytes);  // kCorrupt or kVersion ("vault.row").

// A crisis question that waits for an answer.
struct CrisisQuestion {
  RecordId id;
  TrajectoryId trajectory;  // None: anonymous.
  OrgId asker;
  Timestamp asked_at;  // Last: by the question, or a follow-up.
  Timestamp due_at;
  bool escalated = false;     // That day is over.
  std::vector<OrgId> silent;  // Of ours: who did not answer.
  std::vector<OrgId> asked;   // Likewise: who was asked.
  friend bool operator==(const CrisisQuestion&, const CrisisQuestion&) = default;
};
struct CrisisQueue {
  std::vector<CrisisQuestion> to_us;  // The one that is due first comes first.
  std::vector<CrisisQuestion> ours;   // Asked by us, likewise.
  friend bool operator==(const CrisisQueue&, const CrisisQueue&) = default;
};
CrisisQueue CrisisQueueOf(CaseFile& file, const OrgId& self, Timestamp now);

// Whom to ask in the place of `silent`. `candidates`: who may be asked; those of the same sector first, by name. None:
// nobody is left. Pure.
std::optional<OrgId> NextPartner(const CrisisQuestion& question, const OrgId& silent,
                                 const std::vector<OrgId>& candidates, const std::map<OrgId, Sector>& sectors);

class DutyService {
 public:
  static constexpr const char* kSet = "duty";
  static constexpr std::size_t kTurnsMax = 400;     // That are not over.
  static constexpr std::chrono::days kLongest{31};  // Of one turn.
  static constexpr std::chrono::days kKept{366};    // After it is over.

  DutyService(Engine& engine, Cases& cases, Clock& clock, Random& random)
      : engine_(engine), cases_(cases), clock_(clock), random_(random) {}

  Result<std::vector<DutyTurn>> Roster() const;  // Those that are not over, by when they begin.
  // kDenied ("duty.role"), also of Remove: coordinators and administrators say who is on duty. kInvalid ("task.person";
  // "duty.period"). kLimit ("duty.many").
  Result<DutyTurn> Add(DutyTurn turn, const Person& by);
  Status Remove(const std::string& id, const Person& by);  // kNotFound ("duty.turn").

  CrisisQueue Queue();
  // Whom we may ask next; none: nobody is left. First those with whom an agreement for a crisis stands, in their turn;
  // never one whose agreement has ended, nor who stands behind the court wall.
  std::optional<OrgId> NextFor(const CrisisQuestion& question, const OrgId& silent);

 private:
  Engine& engine_;
  Cases& cases_;
  Clock& clock_;
  Random& random_;
};

}  // namespace schakel
