#include "agents/signers.h"

namespace schakel {

std::vector<Signers> SignersOf(const Registrars& pinned, std::span<const SignedStatement> statements) {
  std::vector<Signers> all;
  Registrars in_force = pinned;
  for (const SignedStatement& one : statements) {
    Signers signers{in_force, {}};
    for (const SigningPublicKey& key : in_force.keys) {
      if (CountSigned(one, {1, {key}}) == 1) signers.signed_by.push_back(key);
    }
    all.push_back(std::move(signers));
    const auto decoded = DecodeStatement(one.statement);
    if (const auto* next = decoded ? std::get_if<RegistrarsStatement>(&*decoded) : nullptr) in_force = next->registrars;
  }
  return all;
}

}  // namespace schakel
