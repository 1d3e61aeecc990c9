#include <algorithm>
#include <set>

#include "protocol/crypto.h"
#include "protocol/registry.h"

namespace schakel {
namespace {

constexpr std::string_view kRegistryDomain = "schakel/registry/v1";
constexpr std::string_view kHpkeDomain = "schakel/hpke/v1";

Status CheckSerial(std::uint64_t serial, std::uint64_t last) {
  if (serial == last + 1) return {};
  return Fail(Code::kConflict, "registry.serial", "serial", "export the statement again and sign the new file");
}

template <typename Key>
bool Has(const std::vector<Key>& keys, const Key& key) {
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

template <typename Key>
void AddKey(std::vector<Key>& keys, const Key& key) {
  if (!Has(keys, key)) keys.push_back(key);
}

}  // namespace

std::size_t CountSigned(const SignedStatement& statement, const Registrars& registrars) {
  std::set<SigningPublicKey> valid;  // A key counts once, however often it signed.
  for (const RegistrarSignature& signature : statement.signatures) {
    for (const SigningPublicKey& key : registrars.keys) {
      if (IdOf(key) == signature.registrar && Verify(key, kRegistryDomain, statement.statement, signature.signature)) {
        valid.insert(key);
      }
    }
  }
  return valid.size();
}

Status Directory::Enter(const OrgStatement& organisation) {
  const Organisation* known = Find(organisation.organisation);
  SCHAKEL_TRY(CheckSerial(organisation.serial, known ? known->statement.serial : 0));
  if (known && known->statement.sector != organisation.sector) {
    return Fail(Code::kConflict, "registry.sector", "sector", "enrol it as another organisation");
  }
  const OrgId* holder = FindByTransportKey(organisation.keys.transport);
  if (holder && *holder != organisation.organisation) {
    return Fail(Code::kExists, "registry.transport_key", "keys.transport", "let it make new keys");
  }
  Organisation& entry = organisations_[organisation.organisation];
  if (known) by_transport_.erase(entry.statement.keys.transport);
  if (!known || entry.statement.keys.hpke != organisation.keys.hpke) entry.hpke_since = organisation.issued_at;
  entry.statement = organisation;
  AddKey(entry.record_keys, organisation.keys.record);
  AddKey(entry.hpke_keys, organisation.keys.hpke);
  by_transport_[organisation.keys.transport] = organisation.organisation;
  return {};
}

Status Directory::Enter(const CeilingStatement& ceilings) {
  SCHAKEL_TRY(CheckSerial(ceilings.serial, ceilings_ ? ceilings_->serial : 0));
  ceilings_ = ceilings;
  return {};
}

Status Directory::Enter(const RulesStatement& rules) {
  SCHAKEL_TRY(CheckSerial(rules.serial, rules_statement_ ? rules_statement_->serial : 0));
  rules_statement_ = rules;
  rules_ = rules.rules;
  return {};
}

Status Directory::Enter(const RegistrarsStatement& registrars, const SignedStatement& signed_statement) {
  SCHAKEL_TRY(CheckSerial(registrars.serial, registrars_statement_ ? registrars_statement_->serial : 0));
  if (CountSigned(signed_statement, registrars.registrars) < registrars.registrars.threshold) {
    return Fail(Code::kUnauthenticated, "registry.new_registrars", "signatures",
                "have " + std::to_string(registrars.registrars.threshold) + " of the new registrars sign it as well");
  }
  registrars_statement_ = registrars;
  signers_ = registrars.registrars;
  return {};
}

// Only the record key in force counts: with one that was replaced, because it was stolen perhaps, nobody gets to read
// what is meant for the organisation.
Status Directory::Enter(const HpkeStatement& hpke, const SignedStatement& signed_statement) {
  const auto found = organisations_.find(hpke.organisation);
  if (found == organisations_.end()) {
    return Fail(Code::kNotFound, "registry.organisation", "organisation", "enrol it first");
  }
  Organisation& entry = found->second;
  const SigningPublicKey& key = entry.statement.keys.record;
  const auto& signatures = signed_statement.signatures;
  if (entry.statement.status != OrgStatus::kActive || signatures.size() != 1 || signatures[0].registrar != IdOf(key) ||
      !Verify(key, kHpkeDomain, signed_statement.statement, signatures[0].signature)) {
    return Fail(Code::kUnauthenticated, "registry.own_signature", "signatures",
                "sign it with the record key that the directory has of this organisation");
  }
  SCHAKEL_TRY(CheckSerial(hpke.serial, entry.hpke_serial));
  if (Has(entry.hpke_keys, hpke.hpke)) return Fail(Code::kExists, "registry.hpke_key", "hpke", "make a new key");
  entry.hpke_serial = hpke.serial;
  entry.hpke_since = hpke.issued_at;
  entry.statement.keys.hpke = hpke.hpke;
  entry.hpke_keys.push_back(hpke.hpke);
  return {};
}

Status Directory::CheckSigned(const SignedStatement& signed_statement) const {
  SCHAKEL_ASSERT(signers_.threshold >= 1);
  if (CountSigned(signed_statement, signers_) >= signers_.threshold) return {};
  return Fail(Code::kUnauthenticated, "registry.signatures", "signatures",
              "have " + std::to_string(signers_.threshold) + " registrar(s) sign it");
}

Result<Statement> Directory::Apply(const SignedStatement& signed_statement) {
  auto decoded = DecodeStatement(signed_statement.statement);
  const auto* own = decoded ? std::get_if<HpkeStatement>(&*decoded) : nullptr;
  if (own == nullptr) SCHAKEL_TRY(CheckSigned(signed_statement));
  SCHAKEL_ASSIGN(Statement statement, std::move(decoded));
  SCHAKEL_TRY(std::visit(
      [&]<typename S>(const S& what) -> Status {
        if constexpr (std::is_same_v<S, UnknownStatement>) {
          ++unknown_statements_;
          return {};
        } else if constexpr (std::is_same_v<S, RegistrarsStatement> || std::is_same_v<S, HpkeStatement>) {
          return Enter(what, signed_statement);
        } else {
          return Enter(what);
        }
      },
      statement));
  statements_.push_back(signed_statement);
  return statement;
}

const Directory::Organisation* Directory::Find(const OrgId& organisation) const {
  auto found = organisations_.find(organisation);
  return found == organisations_.end() ? nullptr : &found->second;
}

const OrgId* Directory::FindByTransportKey(const TransportPublicKey& key) const {
  auto found = by_transport_.find(key);
  return found == by_transport_.end() ? nullptr : &found->second;
}

const SigningPublicKey* Directory::FindRecordKey(const OrgId& organisation, const KeyId& key) const {
  const Organisation* found = Find(organisation);
  if (!found) return nullptr;
  for (const SigningPublicKey& candidate : found->record_keys) {
    if (IdOf(candidate) == key) return &candidate;
  }
  return nullptr;
}

const CeilingStatement::Row* Directory::FindCeiling(const Sector& sector) const {
  if (!ceilings_) return nullptr;
  for (const auto& row : ceilings_->rows) {
    if (row.sector == sector) return &row;
  }
  return nullptr;
}

}  // namespace schakel
