// Which trajectories belong together, as this organisation knows it: a teen parent and the child, and aftercare with
// the trajectory that it follows. Rows of the vault, of trajectories that this organisation leads: no record says it,
// so that nothing of the one ever opens the other for anybody. docs/methods.md says how it goes.
//
// Threads, durability, errors: as services.h.
#pragma once

#include <string>
#include <vector>

#include "agents/services.h"

namespace schakel {

// What the subject of the other trajectory is of the one that is asked about.
enum class SubjectRelation : std::uint8_t {
  kParent = 1,
  kChild,
  kSibling,
  kPartner,
  kFollows,   // No other subject: the other is the aftercare of this one,
  kPrecedes,  // or this one is that of the other.
};
inline constexpr SubjectRelation kSubjectRelationLast = SubjectRelation::kPrecedes;
std::string_view Slug(SubjectRelation value);
// Of other subjects. kInvalid ("vocabulary.subject_relation").
Result<SubjectRelation> ParseSubjectRelation(std::string_view slug);
SubjectRelation Reversed(SubjectRelation value);

struct SubjectTie {
  Id128 id{};
  TrajectoryId from;
  TrajectoryId to;
  SubjectRelation relation = SubjectRelation::kSibling;  // What `to` is of `from`.
  Timestamp at;
  friend bool operator==(const SubjectTie&, const SubjectTie&) = default;
};
Bytes EncodeSubjectTie(const SubjectTie& one);
Result<SubjectTie> DecodeSubjectTie(ByteView bytes);  // kCorrupt, kVersion ("vault.row").

class SubjectTies {
 public:
  SubjectTies(Engine& engine, Cases& cases, Clock& clock, Random& random)
      : engine_(engine), cases_(cases), clock_(clock), random_(random) {}

  // Those of `id`, each with `from` = `id`, as far as `caller` has a task on both and this organisation leads both.
  // What was erased is tied to nothing: such rows are dropped here.
  Result<std::vector<SubjectTie>> Of(const TrajectoryId& id, const Caller& caller);
  // kInvalid ("subjects.same"); kDenied ("subjects.lead", "subjects.task": not of both); kConflict ("subjects.twice").
  Result<SubjectTie> Tie(const TrajectoryId& from, const TrajectoryId& to, SubjectRelation relation,
                         const Caller& caller);
  // Of other subjects; by its id, or the first digits of it. kNotFound ("subjects.unknown"): also one that `caller` may
  // not see.
  Status Untie(std::string_view id, const Caller& caller);

  // Without asking who may: of what follows from another act.
  Status Put(const SubjectTie& one);
  Status Drop(const SubjectTie& one);
  SubjectTie New(const TrajectoryId& from, const TrajectoryId& to, SubjectRelation relation);
  Result<std::vector<SubjectTie>> All();  // But what was erased.

 private:
  Result<bool> MaySee(const SubjectTie& one, const Caller& caller);

  Engine& engine_;
  Cases& cases_;
  Clock& clock_;
  Random& random_;
};

}  // namespace schakel
