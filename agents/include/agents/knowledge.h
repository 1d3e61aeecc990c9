// What this organisation knows of the others: the directory, and the policy as far as it was told.
//
// Threads: any; each call is whole.
#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <vector>

#include "agents/policy_book.h"
#include "protocol/policy.h"
#include "protocol/registry.h"

namespace schakel {

class Knowledge {
 public:
  Knowledge(OrgId self, Registrars registrars)
      : self_(self), directory_(std::move(registrars)), book_(std::move(self)) {}

  const OrgId& self() const { return self_; }

  // ---- The directory ----
  Result<Statement> AddStatement(const SignedStatement& statement);  // As Directory::Apply.
  std::size_t StatementCount() const;
  std::vector<SignedStatement> Statements() const;
  std::vector<Directory::Organisation> Organisations() const;
  std::optional<Directory::Organisation> FindOrganisation(const OrgId& organisation) const;
  std::optional<SigningPublicKey> FindRecordKey(const OrgId& organisation, const KeyId& key) const;
  std::optional<CeilingStatement> Ceilings() const;
  RegionRules Rules() const;
  std::size_t UnknownStatements() const;  // Of a newer kind: kept, not acted upon.

  // ---- Statements ----
  void AddWaiting(const Header& header, std::uint64_t number);
  void AddKnown(const Header& header, std::uint64_t number, Sequence sequence);
  void Accept(const Header& header, Sequence sequence);
  void Drop(const Header& header);
  // Of a trajectory whose lead passed to us, by who led it: hearsay, so it never weighs against the hub.
  void AddTold(const TrajectoryId& trajectory, std::vector<PolicyBook::Told> told);
  std::vector<Header> ToldOf(const TrajectoryId& trajectory) const;  // As PolicyBook::ToldOf.
  // What was said of the trajectory before that statement; nothing while the log does not have it.
  std::vector<PolicyBook::Told> ToldBefore(const TrajectoryId& trajectory, const RecordId& statement) const;
  void Erase(const TrajectoryId& trajectory);  // All but what was said of its erasure.

  PolicyState Policy() const;
  std::optional<Trajectory> FindTrajectory(const TrajectoryId& id) const;
  bool IsErased(const TrajectoryId& id) const;

  // ---- Judgement ----
  // May we say this? As Admit, with what is known here.
  Status MaySay(const Header& header, Timestamp now) const;
  Decision Foresee(const Header& header, const OrgId& recipient, Timestamp now) const;
  // The denial that the hub is sure to give as well; nothing where only the hub can know.
  std::optional<Denial> SureDenial(const Header& header, const OrgId& recipient, Timestamp now) const;
  // Those whom a statement concerns: who must receive it for the parties to agree on what holds.
  std::vector<OrgId> Concerned(const Header& header) const;

  // Whether `recipient` is given the words of our statement, or only that it was said.
  bool GivesWords(const Header& header, const OrgId& recipient, Timestamp now) const;
  // Whether the words of a statement of another may be kept here, whatever its author gave.
  bool MayHoldWords(const Header& header) const;

  // Was it right to hand this to us at `delivered`, as entry number `delivery` of the log? The reason if not.
  std::optional<Denial> WhyNotOurs(const Header& header, Sequence delivery, Timestamp delivered) const;
  // May its author say this? kDenied as Admit; for a statement that only the hub can judge: fine.
  Status CheckStatement(const Header& header, Sequence sequence, Timestamp at) const;
  // What was taken from us on this trajectory, as far as the log has it: by grant.
  std::vector<GrantTakenBack> TakenFromUs(const TrajectoryId& trajectory) const;
  // Whether received content is still covered by a grant that was not taken back since; and the reason of an emergency,
  // that was told here, not by one that was found unjustified.
  bool StillCovered(const Header& header, Sequence sequence, Timestamp delivered) const;

 private:
  OrgId self_;
  mutable std::mutex mutex_;
  Directory directory_;
  PolicyBook book_;
};

}  // namespace schakel
