// Organisations of a made-up region: their keys, and the directory that one registrar signed.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "agents/keys.h"
#include "agents/vault.h"
#include "protocol/checkpoint.h"
#include "protocol/crypto.h"
#include "protocol/registry.h"

namespace schakel::testing {

inline constexpr std::string_view kOrigin = "hub.example/test";

inline SigningKey SeededSigningKey(std::string_view name) { return SigningKey::FromSeed(Sha256(AsBytes(name))); }
inline AgentKeys SeededKeys(const std::string& name) {
  AgentKeys keys{SeededSigningKey(name + "/record"),
                 SeededSigningKey(name + "/cosign"),
                 TransportKey::FromSecret(Sha256(AsBytes(name + "/transport"))),
                 {}};
  keys.hpke.push_back(AgreementKey::FromSecret(Sha256(AsBytes(name + "/hpke"))));
  return keys;
}
inline AgentKeys CopyOf(const AgentKeys& keys) {
  Bytes bytes = EncodeKeys(keys);
  return std::move(DecodeKeys(bytes).value());
}

inline CategorySet AllOfThem() {
  CategorySet all;
  for (Category category : AllCategories()) all.Add(category);
  return all;
}

class Region {
 public:
  Region() : registrar(SeededSigningKey("registrar")), hub_log(SeededSigningKey("hub")) {
    InitCrypto();
    CeilingStatement ceilings;
    ceilings.rows.push_back({Sector("youth-care"), AllOfThem(), false});
    ceilings.rows.push_back({Sector("police-liaison"), {Category::kIdentity, Category::kSafety}, false});
    ceilings.issued_at = FromMillis(1'789'999'000'000);
    Sign(ceilings);
  }

  OrgId Enrol(const std::string& name, const std::string& sector = "youth-care") {
    const OrgId id(name);
    keys.emplace(id, SeededKeys(name));
    State(id, 1, sector, OrgStatus::kActive, keys.at(id).Public());
    return id;
  }
  void State(const OrgId& id, std::uint64_t serial, const std::string& sector, OrgStatus status, const OrgKeys& of) {
    OrgStatement statement{id,     serial, "Organisation " + id.value(), Sector(sector),
                           status, of,     FromMillis(1'789'999'000'000)};
    Sign(statement);
  }
  void Sign(const Statement& statement) {
    SignedStatement signed_statement{EncodeStatement(statement), {}};
    signed_statement.signatures.push_back(SignStatement(signed_statement.statement, registrar));
    statements.push_back(std::move(signed_statement));
  }

  Registrars registrars() const { return {1, {registrar.public_key}}; }
  NoteVerifier verifier() const { return {std::string(kOrigin), hub_log.public_key}; }
  Membership MembershipOf(const OrgId& id) const {
    return {id, Sector("youth-care"), "tcp://127.0.0.1:1", {}, verifier(), registrars(), EnrolState::kApproved};
  }
  Directory directory() const {
    Directory all(registrars());
    for (const SignedStatement& statement : statements) SCHAKEL_ASSERT(all.Apply(statement).has_value());
    return all;
  }

  SigningKey registrar;
  SigningKey hub_log;
  std::map<OrgId, AgentKeys> keys;
  std::vector<SignedStatement> statements;
};

}  // namespace schakel::testing
