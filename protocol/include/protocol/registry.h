// The directory of organisations, sectors, keys, ceilings and rules: statements signed by k of n registrar keys that
// are kept off the hub, pinned by every agent. Threads: one object, one thread.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

#include "protocol/bytes.h"
#include "protocol/ids.h"
#include "protocol/keys.h"
#include "protocol/result.h"
#include "protocol/seams.h"
#include "protocol/vocabulary.h"

namespace schakel {

enum class OrgStatus : std::uint8_t { kActive = 1, kSuspended };

// The public keys of an organisation, each for one use.
struct OrgKeys {
  SigningPublicKey record;
  SigningPublicKey cosign;
  TransportPublicKey transport;
  AgreementPublicKey hpke;
  friend bool operator==(const OrgKeys&, const OrgKeys&) = default;
};
// What two people read to each other on the telephone: 8 groups of 4 hex digits of
// SHA-256("schakel/fingerprint/v1" ‖ organisation ‖ the four keys).
std::string Fingerprint(const OrgId& organisation, const OrgKeys& keys);

// The whole truth about one organisation from now on; a later serial replaces an earlier one.
struct OrgStatement {
  OrgId organisation;
  std::uint64_t serial = 1;  // Grows by one with each statement about this organisation.
  std::string name;          // For people; 1 to 120 bytes of UTF-8.
  Sector sector;
  OrgStatus status = OrgStatus::kActive;
  OrgKeys keys;
  Timestamp issued_at;
  friend bool operator==(const OrgStatement&, const OrgStatement&) = default;
};
// category × sector: what a sector may at most receive, whatever is consented to. A sector that is not listed
// receives nothing.
struct CeilingStatement {
  struct Row {
    Sector sector;
    CategorySet categories;
    bool court_wall = false;  // A youth judge or the court's social service.
    friend bool operator==(const Row&, const Row&) = default;
  };
  std::uint64_t serial = 1;
  std::vector<Row> rows;
  Timestamp issued_at;
  friend bool operator==(const CeilingStatement&, const CeilingStatement&) = default;
};
// What the law leaves to the region. These are the defaults of Belgian and Flemish law, to be confirmed by counsel.
struct RegionRules {
  // From 12 on a minor is presumed capable: decree of 7 May 2004 on the legal position of the minor in integral youth
  // care, article 4.
  std::uint64_t consent_age_years = 12;
  std::uint64_t adult_age_years = 18;  // Old Civil Code, article 388 and 488.
  // Towards others each parent is presumed to act with the other's agreement, as long as nothing says otherwise: old
  // Civil Code, article 373, second paragraph.
  ParentsRule parents = ParentsRule::kEitherUntilWithdrawn;
  // The law sets no number: it asks that the danger be present. 72 hours is the longest that this protocol knows.
  std::uint64_t emergency_hours_max = 72;
  std::uint64_t emergency_review_hours = 72;  // After the emergency ended. No source: a choice, to be confirmed.
  // Files of youth care until the age of 35, those of community institutions 10 years after departure: jeugdhulp.be,
  // "Bewaartermijnen dossiers jeugdhulp" (to be checked against the decree of 17 May 2024).
  std::uint64_t retain_until_age_years = 35;
  std::uint64_t retain_after_departure_years = 10;
  // Whether the young person reads roles where names of persons stand. Not set by law.
  bool names_by_role = false;
  friend bool operator==(const RegionRules&, const RegionRules&) = default;
};
inline constexpr std::uint64_t kEmergencyHoursMax = 72;  // Of every region.
struct RulesStatement {
  std::uint64_t serial = 1;
  RegionRules rules;
  Timestamp issued_at;
  friend bool operator==(const RulesStatement&, const RulesStatement&) = default;
};
// Pinned in the configuration of hub and agents: the root from which the directory is verified.
struct Registrars {
  std::size_t threshold = 1;
  std::vector<SigningPublicKey> keys;
  friend bool operator==(const Registrars&, const Registrars&) = default;
};
inline constexpr std::size_t kRegistrarsMax = 16;
// Who signs from now on. Signed by those in force until then, and by as many of the new ones as will be needed: keys
// that nobody holds would leave the region without registrars for ever.
struct RegistrarsStatement {
  std::uint64_t serial = 1;
  Registrars registrars;  // Each key once.
  Timestamp issued_at;
  friend bool operator==(const RegistrarsStatement&, const RegistrarsStatement&) = default;
};
// An organisation's newer HPKE key, signed by itself with the record key that the registrars vouched for: the only
// statement that needs no registrar.
struct HpkeStatement {
  OrgId organisation;
  std::uint64_t serial = 1;  // Of these alone; grows by one with each of this organisation.
  AgreementPublicKey hpke;
  Timestamp issued_at;
  friend bool operator==(const HpkeStatement&, const HpkeStatement&) = default;
};
// Of a kind that is newer than this program: kept whole and passed on, not acted upon.
struct UnknownStatement {
  std::uint64_t type = 0;
  Bytes bytes;
  friend bool operator==(const UnknownStatement&, const UnknownStatement&) = default;
};
using Statement =
    std::variant<OrgStatement, CeilingStatement, RulesStatement, UnknownStatement, RegistrarsStatement, HpkeStatement>;
Bytes EncodeStatement(const Statement& statement);
Result<Statement> DecodeStatement(ByteView bytes);

struct RegistrarSignature {
  KeyId registrar;  // Of an HpkeStatement: of the organisation's record key.
  Signature signature{};
  friend bool operator==(const RegistrarSignature&, const RegistrarSignature&) = default;
};
struct SignedStatement {
  Bytes statement;
  std::vector<RegistrarSignature> signatures;  // Domain "schakel/registry/v1"; of an HpkeStatement "schakel/hpke/v1".
  friend bool operator==(const SignedStatement&, const SignedStatement&) = default;
};
RegistrarSignature SignStatement(ByteView statement, const SigningKey& registrar);
SignedStatement SignHpkeStatement(const HpkeStatement& statement, const SigningKey& record);
// How many of these registrars signed it, each counted once.
std::size_t CountSigned(const SignedStatement& statement, const Registrars& registrars);
Bytes EncodeSignedStatement(const SignedStatement& statement);
Result<SignedStatement> DecodeSignedStatement(ByteView bytes);

// All that the statements seen so far say. Old record keys stay known, so that old signatures still verify.
class Directory {
 public:
  struct Organisation {
    OrgStatement statement;                     // The latest.
    std::vector<SigningPublicKey> record_keys;  // Of all statements, oldest first.
    std::vector<AgreementPublicKey> hpke_keys;  // Likewise. The one in force is statement.keys.hpke.
    std::uint64_t hpke_serial = 0;              // Of the last HpkeStatement.
    Timestamp hpke_since;                       // When the statement that brought the present one was issued.
  };

  // `pinned`: who signs until a statement says otherwise.
  explicit Directory(Registrars pinned) : pinned_(std::move(pinned)), signers_(pinned_) {}

  // Verifies and takes in one statement. kUnauthenticated ("registry.signatures"): fewer than the threshold hold;
  // kConflict ("registry.serial"): not the next serial; kExists ("registry.transport_key"): another organisation has
  // that key; kConflict ("registry.sector"): an organisation never changes sector; kUnauthenticated
  // ("registry.new_registrars"): too few of the new registrars signed; kUnauthenticated ("registry.own_signature"): not
  // signed by the record key in force; kExists ("registry.hpke_key"): it had that key before. A kind of statement that
  // is newer than this program is kept, so that the directory stays usable: see unknown_statements().
  Result<Statement> Apply(const SignedStatement& signed_statement);

  const Organisation* Find(const OrgId& organisation) const;
  const OrgId* FindByTransportKey(const TransportPublicKey& key) const;  // Current keys only.
  const SigningPublicKey* FindRecordKey(const OrgId& organisation, const KeyId& key) const;
  const std::map<OrgId, Organisation>& organisations() const { return organisations_; }
  const std::optional<CeilingStatement>& ceilings() const { return ceilings_; }
  const CeilingStatement::Row* FindCeiling(const Sector& sector) const;
  const std::optional<RulesStatement>& rules_statement() const { return rules_statement_; }
  const RegionRules& rules() const { return rules_; }  // The defaults, unless a statement says otherwise.
  std::size_t unknown_statements() const { return unknown_statements_; }          // Kept, and not acted upon.
  const std::vector<SignedStatement>& statements() const { return statements_; }  // In the order they came.
  const Registrars& registrars() const { return pinned_; }
  const Registrars& signers() const { return signers_; }  // Whose signatures count now.
  const std::optional<RegistrarsStatement>& registrars_statement() const { return registrars_statement_; }

 private:
  Status Enter(const OrgStatement& organisation);
  Status Enter(const CeilingStatement& ceilings);
  Status Enter(const RulesStatement& rules);
  Status Enter(const RegistrarsStatement& registrars, const SignedStatement& signed_statement);
  Status Enter(const HpkeStatement& hpke, const SignedStatement& signed_statement);
  Status CheckSigned(const SignedStatement& signed_statement) const;

  Registrars pinned_;
  Registrars signers_;
  std::optional<RegistrarsStatement> registrars_statement_;
  std::map<OrgId, Organisation> organisations_;
  std::map<TransportPublicKey, OrgId> by_transport_;
  std::optional<CeilingStatement> ceilings_;
  std::optional<RulesStatement> rules_statement_;
  RegionRules rules_;
  std::size_t unknown_statements_ = 0;
  std::vector<SignedStatement> statements_;
};

}  // namespace schakel
