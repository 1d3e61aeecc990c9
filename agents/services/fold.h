// The fold of one trajectory: from records in the log's order to what people see. Pure.
#pragma once

#include <set>
#include <vector>

#include "agents/case_file.h"

namespace schakel {

// The log's order; what still waits comes last, by time, then by id.
bool Earlier(const HeldRecord& a, const HeldRecord& b);

// `records`: of one trajectory (or of none), in Earlier()'s order, refused ones included. `rules`: null if unknown.
// `told`: statements without a record here, of which only who led before us told.
CaseTrajectory FoldTrajectory(const OrgId& self, const TrajectoryId& id, const std::vector<const CaseRecord*>& records,
                              const Trajectory* rules, const std::vector<Header>& told);

// Whom an own record reached or will reach; of a received one we know only ourselves.
std::set<OrgId> Reached(const OrgId& self, const HeldRecord& held);

// Null: another body, or none.
template <typename T>
const T* As(const CaseRecord& record) {
  return record.body ? std::get_if<T>(&*record.body) : nullptr;
}

}  // namespace schakel
