#include "broker/enrolment.h"

#include "protocol/codec.h"
#include "protocol/crypto.h"

namespace schakel {
namespace {

constexpr std::size_t kEnrolmentsMax = 100'000;
constexpr std::string_view kEnrolDomain = "schakel/enrol/v1";
constexpr std::string_view kListKey = "enrolments";
constexpr std::size_t kNameBytesMax = 120;

}  // namespace

Enrolment* Enrolments::Find(const TransportPublicKey& token) {
  auto found = by_token_.find(token);
  return found == by_token_.end() ? nullptr : &enrolments_[found->second];
}

std::vector<TransportPublicKey> Enrolments::TakeExpired(Timestamp now) {
  std::vector<TransportPublicKey> expired;
  while (!expiries_.empty() && expiries_.begin()->first <= now) {
    const Enrolment& enrolment = enrolments_[expiries_.begin()->second];
    if (!enrolment.withdrawn && !enrolment.keys) expired.push_back(enrolment.token);
    expiries_.erase(expiries_.begin());
  }
  return expired;
}

const Enrolment* Enrolments::Find(const TransportPublicKey& token) const {
  auto found = by_token_.find(token);
  return found == by_token_.end() ? nullptr : &enrolments_[found->second];
}

const Enrolment* Enrolments::FindRequest(const OrgId& organisation) const {
  for (auto enrolment = enrolments_.rbegin(); enrolment != enrolments_.rend(); ++enrolment) {
    if (enrolment->organisation == organisation && enrolment->keys && !enrolment->withdrawn) return &*enrolment;
  }
  return nullptr;
}

// [event, token, organisation, sector, name, expires at, keys or nil]
void Enrolments::Put(Event event, const Enrolment& enrolment, Staging& staging) {
  Encoder to(256);
  to.Array(7).Enum(event).Binary(enrolment.token.value()).Id(enrolment.organisation).Text(enrolment.sector.value());
  to.Text(enrolment.name).Time(enrolment.expires_at);
  if (enrolment.keys) {
    to.Array(4).Binary(enrolment.keys->record.value()).Binary(enrolment.keys->cosign.value());
    to.Binary(enrolment.keys->transport.value()).Binary(enrolment.keys->hpke.value());
  } else {
    to.Nil();
  }
  staging.AddListRow(Table::kEnrolment, AsBytes(kListKey), ++rows_, to.Take());
}

Status Enrolments::Replay(ByteView row) {
  Decoder from(row);
  Enrolment read;
  from.Array(7, "enrolment");
  const auto event = from.Enum("enrolment.event", Event::kInvited, Event::kWithdrawn);
  read.token = TransportPublicKey(from.Fixed<32>("enrolment.token"));
  read.organisation = from.ReadOrgId("enrolment.organisation");
  read.sector = Sector(std::string(from.Text("enrolment.sector", 40)));
  read.name = std::string(from.Text("enrolment.name", kNameBytesMax));
  read.expires_at = from.Time("enrolment.expires_at");
  if (!from.Nil()) {
    OrgKeys keys;
    from.Array(4, "enrolment.keys");
    keys.record = SigningPublicKey(from.Fixed<32>("enrolment.record"));
    keys.cosign = SigningPublicKey(from.Fixed<32>("enrolment.cosign"));
    keys.transport = TransportPublicKey(from.Fixed<32>("enrolment.transport"));
    keys.hpke = AgreementPublicKey(from.Fixed<32>("enrolment.hpke"));
    read.keys = keys;
  }
  SCHAKEL_TRY(from.Finish());
  read.withdrawn = event == Event::kWithdrawn;
  if (Enrolment* known = Find(read.token)) {
    *known = std::move(read);
  } else {
    by_token_[read.token] = enrolments_.size();
    expiries_.emplace(read.expires_at, enrolments_.size());
    enrolments_.push_back(std::move(read));
  }
  return {};
}

Status Enrolments::Load(const Log& log) {
  Status status;
  SCHAKEL_TRY(log.ReadList(static_cast<std::uint8_t>(Table::kEnrolment), AsBytes(kListKey), 0,
                           [&](std::uint64_t position, ByteView row) {
                             rows_ = position;
                             status = Replay(row);
                             return status.has_value();
                           }));
  return status;
}

Result<std::size_t> Enrolments::Invite(Enrolment invitation, Staging& staging) {
  if (enrolments_.size() >= kEnrolmentsMax) {
    return Fail(Code::kLimit, "enrol.tokens", {}, "there are too many invitations; ask for help");
  }
  if (invitation.name.empty() || invitation.name.size() > kNameBytesMax || !IsOneLine(invitation.name)) {
    return Fail(Code::kInvalid, "registry.name", "name", "give a name of 1 to 120 bytes on one line");
  }
  if (Find(invitation.token)) return Fail(Code::kExists, "enrol.token", "token", "make a new invitation");
  std::size_t replaced = 0;
  for (Enrolment& earlier : enrolments_) {
    if (earlier.organisation != invitation.organisation || earlier.withdrawn || earlier.keys) continue;
    earlier.withdrawn = true;
    ++replaced;
    Put(Event::kWithdrawn, earlier, staging);
  }
  Put(Event::kInvited, invitation, staging);
  by_token_[invitation.token] = enrolments_.size();
  expiries_.emplace(invitation.expires_at, enrolments_.size());
  enrolments_.push_back(std::move(invitation));
  return replaced;
}

Status Enrolments::Withdraw(const OrgId& organisation, Staging& staging) {
  bool any = false;
  for (Enrolment& enrolment : enrolments_) {
    if (enrolment.organisation != organisation || enrolment.withdrawn) continue;
    enrolment.withdrawn = any = true;
    Put(Event::kWithdrawn, enrolment, staging);
  }
  if (!any) return Fail(Code::kNotFound, "enrol.token", "organisation", "see which invitations there are: enrolments");
  return {};
}

Status Enrolments::Request(const TransportPublicKey& token, const EnrolRequest& request, Timestamp now,
                           Staging& staging) {
  Enrolment* enrolment = Find(token);
  if (!enrolment || enrolment->withdrawn) {
    return Fail(Code::kDenied, "enrol.withdrawn", "token", "ask the operator for a new invitation");
  }
  if (enrolment->keys) {
    if (*enrolment->keys == request.keys) return {};
    return Fail(Code::kConflict, "enrol.used", "token", "this invitation was used; if not by you, tell the operator");
  }
  if (now >= enrolment->expires_at) {
    return Fail(Code::kDenied, "enrol.expired", "token", "ask the operator for a new invitation");
  }
  const Bytes proof = EnrolProofBytes(enrolment->organisation, request.keys);
  if (!Verify(request.keys.record, kEnrolDomain, proof, request.proof_record) ||
      !Verify(request.keys.cosign, kEnrolDomain, proof, request.proof_cosign)) {
    return Fail(Code::kUnauthenticated, "enrol.proof", "proof", "sign the request with both new keys");
  }
  if (request.keys.transport == token) {
    return Fail(Code::kInvalid, "enrol.transport_key", "keys.transport",
                "make a key of your own, apart from the token");
  }
  enrolment->keys = request.keys;
  Put(Event::kRequested, *enrolment, staging);
  return {};
}

EnrolStatus Enrolments::StatusOf(const TransportPublicKey& token, const Directory& directory) const {
  EnrolStatus status;
  const Enrolment* enrolment = Find(token);
  if (!enrolment) return status;
  status.organisation = enrolment->organisation;
  if (enrolment->keys) status.fingerprint = Fingerprint(enrolment->organisation, *enrolment->keys);
  const auto* organisation = directory.Find(enrolment->organisation);
  if (enrolment->keys && organisation && organisation->statement.keys == *enrolment->keys) {
    status.state = EnrolState::kApproved;
  } else if (enrolment->withdrawn) {
    status.state = EnrolState::kRefused;
  } else {
    status.state = enrolment->keys ? EnrolState::kPending : EnrolState::kUnknown;
  }
  return status;
}

}  // namespace schakel
