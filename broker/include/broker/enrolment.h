// Invitations and what became of them: a small history of its own, kept as rows beside the log.
//
// Threads: one, the core's.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "broker/group.h"
#include "protocol/registry.h"
#include "protocol/wire.h"
#include "store/log.h"

namespace schakel {

struct Enrolment {
  TransportPublicKey token;  // The public half; the secret was never here.
  OrgId organisation;
  Sector sector;
  std::string name;  // For people, as the operator gave it.
  Timestamp expires_at;
  bool withdrawn = false;
  std::optional<OrgKeys> keys;  // As the organisation asked for; set once.
  friend bool operator==(const Enrolment&, const Enrolment&) = default;
};

class Enrolments {
 public:
  // A new invitation; earlier ones of that organisation that nobody used are withdrawn: how many. kLimit
  // ("enrol.tokens").
  Result<std::size_t> Invite(Enrolment invitation, Staging& staging);
  // Whatever is open for it. kNotFound ("enrol.token").
  Status Withdraw(const OrgId& organisation, Staging& staging);
  // kConflict ("enrol.used"): the token was used for other keys; kDenied ("enrol.expired", "enrol.withdrawn");
  // kUnauthenticated ("enrol.proof"): the keys are not held by who asks.
  Status Request(const TransportPublicKey& token, const EnrolRequest& request, Timestamp now, Staging& staging);

  // Tokens that nobody used and whose time is over; each is told once.
  std::vector<TransportPublicKey> TakeExpired(Timestamp now);

  const Enrolment* Find(const TransportPublicKey& token) const;
  // The newest for this organisation that asked for keys and was not withdrawn.
  const Enrolment* FindRequest(const OrgId& organisation) const;
  EnrolStatus StatusOf(const TransportPublicKey& token, const Directory& directory) const;
  const std::vector<Enrolment>& all() const { return enrolments_; }  // Oldest first.

  // Reads the rows; before anything else.
  Status Load(const Log& log);

 private:
  enum class Event : std::uint8_t { kInvited = 1, kRequested, kWithdrawn };
  void Put(Event event, const Enrolment& enrolment, Staging& staging);
  Status Replay(ByteView row);
  Enrolment* Find(const TransportPublicKey& token);

  std::vector<Enrolment> enrolments_;
  std::map<TransportPublicKey, std::size_t> by_token_;
  std::set<std::pair<Timestamp, std::size_t>> expiries_;  // Of what is open.
  std::uint64_t rows_ = 0;
};

}  // namespace schakel
