// An organisation that speaks the protocol by hand: real keys, signatures and sealed bodies; no vault, no checks.
#pragma once

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "protocol/record.h"
#include "protocol/registry.h"
#include "protocol/wire.h"

namespace schakel::testing {

// What must be known of a running hub.
struct HubAddress {
  std::string endpoint;
  std::string origin;
  TransportPublicKey transport;
};

class RawOrganisation {
 public:
  RawOrganisation(std::string id, std::string sector) : id_(std::move(id)), sector_(std::move(sector)) {}

  const OrgId& id() const { return id_; }
  const SigningKey& record_key() const { return record_; }
  const TransportKey& transport_key() const { return transport_; }
  const AgreementKey& hpke_key() const { return hpke_; }
  RecipientKey AsRecipient() const { return {id_, hpke_.public_key}; }

  OrgStatement Statement() const {
    OrgStatement statement;
    statement.organisation = id_;
    statement.name = "Raw " + id_.value();
    statement.sector = sector_;
    statement.keys = {record_.public_key, cosign_.public_key, transport_.public_key, hpke_.public_key};
    statement.issued_at = SystemClock().Now();
    return statement;
  }

  // A header of this author, ready to be sealed; content is about school.
  Header NewHeader(Kind kind, const TrajectoryId& trajectory) const {
    Header header;
    header.kind = kind;
    header.id = SystemRandom().Draw<RecordId>();
    header.author = id_;
    header.signer = IdOf(record_.public_key);
    header.trajectory = trajectory;
    header.thread = header.id;
    header.created_at = SystemClock().Now();
    if (IsContent(kind)) header.categories = {Category::kSchool};
    return header;
  }
  SealedRecord Seal(const std::string& origin, const Header& header, std::size_t body_bytes,
                    const std::vector<RecipientKey>& recipients) const {
    Body body;
    body.type = 1;
    body.content.resize(body_bytes);
    SystemRandom().Fill(body.content);
    auto sealed = SealRecord(header, body, recipients, origin, SystemRandom());
    if (!sealed) throw std::runtime_error(ToText(sealed.error()));
    return std::move(sealed->record);
  }
  Bytes EncodeSubmit(std::vector<SealedRecord> records, std::uint64_t request) const {
    return EncodeMessage({request, Submit{SignBatch(std::move(records), record_)}});
  }

 private:
  OrgId id_;
  Sector sector_;
  SigningKey record_ = SigningKey::Generate();
  SigningKey cosign_ = SigningKey::Generate();
  TransportKey transport_ = TransportKey::Generate();
  AgreementKey hpke_ = AgreementKey::Generate();
};

}  // namespace schakel::testing
