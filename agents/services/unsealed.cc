#include "unsealed.h"

#include <algorithm>

namespace schakel {
namespace {

bool IsLookForAudit(const AccessRow& row) {
  return row.what == AccessRow::What::kSaw && row.reason == ViewReason::kAudit;
}

bool CoversStill(const Grant& grant, const Header& header) {
  return !grant.withdrawn && grant.purposes.Has(header.purpose) && Covers(grant.categories, header);
}

// Whether `organisation` had answered by then that what came under that grant was sealed.
bool HadSealed(const CaseTrajectory& trajectory, const OrgId& organisation, const RecordId& grant, const Header& header,
               Timestamp at) {
  bool sealed = false;
  for (const CaseGrant& one : trajectory.grants) {
    if (one.grant.terms.recipient != organisation) continue;
    if (CoversStill(one.grant, header)) return false;
    const auto answered = [&](const CaseTakenBack& taken) { return taken.sealed_at && *taken.sealed_at <= at; };
    sealed = sealed || (one.grant.id == grant && std::ranges::any_of(one.taken_back, answered));
  }
  return sealed;
}

}  // namespace

void MarkOwnUnsealed(const Engine& engine, std::vector<AccessRow>& rows) {
  std::map<std::pair<RecordId, Timestamp>, std::string> opened;
  for (Unsealing& one : engine.Unsealings()) opened[{one.record, one.at}] = std::move(one.why);
  for (AccessRow& row : rows) {
    if (!IsLookForAudit(row) || row.organisation != engine.Self()) continue;
    const auto found = opened.find({row.record, row.seen_at.value_or(row.at)});
    if (found == opened.end()) continue;
    row.was_sealed = true;
    row.why = found->second;
  }
}

void MarkKept(std::vector<AccessRow>& rows) {
  for (AccessRow& row : rows) row.was_sealed = row.was_sealed || IsLookForAudit(row);
}

void MarkUnsealed(const CaseTrajectory& trajectory, const std::map<RecordId, Header>& headers,
                  std::vector<AccessRow>& rows) {
  std::map<std::pair<OrgId, RecordId>, RecordId> came_under;
  for (AccessRow& row : rows) {
    if (row.what == AccessRow::What::kHandedOver && row.grant) came_under[{row.organisation, row.record}] = *row.grant;
    if (!IsLookForAudit(row) || row.was_sealed) continue;
    const auto grant = came_under.find({row.organisation, row.record});
    const auto header = headers.find(row.record);
    if (grant == came_under.end() || header == headers.end()) continue;
    row.was_sealed = HadSealed(trajectory, row.organisation, grant->second, header->second, row.at);
  }
}

}  // namespace schakel
