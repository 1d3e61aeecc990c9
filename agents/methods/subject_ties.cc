#include "agents/subject_ties.h"

#include <algorithm>

#include "services/kept_rows.h"
#include "services/word_lists.h"

namespace schakel {
namespace {

constexpr const char* kTieSet = "subject-ties";
constexpr const char* kTieRow = "subject tie";
constexpr Word<SubjectRelation> kSubjectRelations[] = {{SubjectRelation::kParent, "parent"},
                                                       {SubjectRelation::kChild, "child"},
                                                       {SubjectRelation::kSibling, "sibling"},
                                                       {SubjectRelation::kPartner, "partner"}};

bool IsOfAftercare(SubjectRelation relation) {
  return relation == SubjectRelation::kFollows || relation == SubjectRelation::kPrecedes;
}

SubjectTie TieSeenFrom(const TrajectoryId& id, SubjectTie one) {
  if (one.from == id) return one;
  std::swap(one.from, one.to);
  one.relation = Reversed(one.relation);
  return one;
}

// That is still there: of one that was erased, this goes too.
bool TrajectoryIsThere(CaseFile& file, const TrajectoryId& id) {
  const CaseTrajectory* found = file.Find(id);
  return found != nullptr && !(found->erasure && !IsNone(found->erasure->confirm));
}

}  // namespace

std::string_view Slug(SubjectRelation value) {
  if (value == SubjectRelation::kFollows) return "follows";
  if (value == SubjectRelation::kPrecedes) return "precedes";
  return SlugIn(kSubjectRelations, value);
}
Result<SubjectRelation> ParseSubjectRelation(std::string_view slug) {
  return ParseIn(kSubjectRelations, slug, "vocabulary.subject_relation");
}
SubjectRelation Reversed(SubjectRelation value) {
  switch (value) {
    case SubjectRelation::kParent:
      return SubjectRelation::kChild;
    case SubjectRelation::kChild:
      return SubjectRelation::kParent;
    case SubjectRelation::kFollows:
      return SubjectRelation::kPrecedes;
    case SubjectRelation::kPrecedes:
      return SubjectRelation::kFollows;
    case SubjectRelation::kSibling:
    case SubjectRelation::kPartner:
      break;
  }
  return value;
}

Bytes EncodeSubjectTie(const SubjectTie& one) {
  Encoder to = BeginKept(5);
  to.Binary(one.id).Binary(one.from.value()).Binary(one.to.value()).Enum(one.relation).Time(one.at);
  return to.Take();
}

Result<SubjectTie> DecodeSubjectTie(ByteView bytes) {
  Decoder from(bytes);
  SCHAKEL_TRY(EnterKept(from, 5, kTieRow));
  SubjectTie one;
  one.id = from.Fixed<16>("id");
  one.from = TrajectoryId(from.Fixed<16>("from"));
  one.to = TrajectoryId(from.Fixed<16>("to"));
  one.relation = from.Enum("relation", SubjectRelation::kParent, kSubjectRelationLast);
  one.at = from.Time("at");
  return LeaveKept(from, std::move(one), kTieRow);
}

SubjectTie SubjectTies::New(const TrajectoryId& from, const TrajectoryId& to, SubjectRelation relation) {
  return {random_.Draw<RecordId>().value(), from, to, relation, clock_.Now()};
}
Status SubjectTies::Put(const SubjectTie& one) {
  return engine_.Keep({{kTieSet, ToHex(one.id), EncodeSubjectTie(one)}});
}
Status SubjectTies::Drop(const SubjectTie& one) { return engine_.Keep({{kTieSet, ToHex(one.id), std::nullopt}}); }

Result<std::vector<SubjectTie>> SubjectTies::All() {
  SCHAKEL_ASSIGN(auto all, ReadKept(engine_, kTieSet, &DecodeSubjectTie));
  std::vector<SubjectTie> gone;
  cases_.With([&](CaseFile& file) {
    std::erase_if(all, [&](const SubjectTie& one) {
      const bool there = TrajectoryIsThere(file, one.from) && TrajectoryIsThere(file, one.to);
      if (!there) gone.push_back(one);
      return !there;
    });
  });
  for (const SubjectTie& one : gone) SCHAKEL_TRY(Drop(one));
  std::ranges::sort(all, {}, [](const SubjectTie& one) { return std::tuple(one.at, one.id); });
  return all;
}

// Whatever reason is given for a look: what two files have to do with one another is for who works on both.
Result<bool> SubjectTies::MaySee(const SubjectTie& one, const Caller& caller) {
  Sieve sieve(engine_, {caller.person, ViewReason::kTask}, clock_.Now());
  for (const TrajectoryId& id : {one.from, one.to}) {
    SCHAKEL_ASSIGN(const CaseTrajectory trajectory, cases_.Trajectory(id));
    SCHAKEL_ASSIGN(const bool task, sieve.LetsInto(id));
    if (!task || trajectory.lead != engine_.Self()) return false;
  }
  return true;
}

Result<std::vector<SubjectTie>> SubjectTies::Of(const TrajectoryId& id, const Caller& caller) {
  SCHAKEL_ASSIGN(const auto all, All());
  std::vector<SubjectTie> seen;
  for (const SubjectTie& one : all) {
    if (one.from != id && one.to != id) continue;
    SCHAKEL_ASSIGN(const bool may, MaySee(one, caller));
    if (may) seen.push_back(TieSeenFrom(id, one));
  }
  return seen;
}

Result<SubjectTie> SubjectTies::Tie(const TrajectoryId& from, const TrajectoryId& to, SubjectRelation relation,
                                    const Caller& caller) {
  if (from == to) return Fail(Code::kInvalid, "subjects.same", "other", "name another trajectory");
  for (const TrajectoryId& id : {from, to}) {
    SCHAKEL_ASSIGN(const CaseTrajectory trajectory, cases_.Trajectory(id));
    if (trajectory.lead == engine_.Self()) continue;
    return Fail(Code::kDenied, "subjects.lead", "trajectory", "tie trajectories that your organisation leads");
  }
  const SubjectTie one = New(from, to, relation);
  SCHAKEL_ASSIGN(const bool may, MaySee(one, caller));
  if (!may) return Fail(Code::kDenied, "subjects.task", "trajectory", "ask a colleague who has a task on both");
  SCHAKEL_ASSIGN(const auto tied, Of(from, caller));
  if (std::ranges::find(tied, to, &SubjectTie::to) != tied.end()) {
    return Fail(Code::kConflict, "subjects.twice", "other", "there is nothing to do: they are tied");
  }
  SCHAKEL_TRY(Put(one));
  return one;
}

Status SubjectTies::Untie(std::string_view id, const Caller& caller) {
  SCHAKEL_ASSIGN(auto all, All());
  std::erase_if(all, [](const SubjectTie& one) { return IsOfAftercare(one.relation); });
  SCHAKEL_ASSIGN(const SubjectTie one,
                 FindKept(all, id, "subjects.unknown", "tie", "see which there are: schakel subjects list"));
  SCHAKEL_ASSIGN(const bool may, MaySee(one, caller));
  if (!may) return Fail(Code::kNotFound, "subjects.unknown", "tie", "see which there are: schakel subjects list");
  return Drop(one);
}

}  // namespace schakel
