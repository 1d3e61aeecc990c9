#include "replaced_keys.h"

#include <map>

namespace schakel {

std::vector<ReplacedKey> ReplacedKeys(const Directory& directory) {
  std::vector<ReplacedKey> replaced;
  std::map<OrgId, TransportPublicKey> before;
  for (const SignedStatement& signed_statement : directory.statements()) {
    const auto decoded = DecodeStatement(signed_statement.statement);
    const auto* stated = decoded ? std::get_if<OrgStatement>(&*decoded) : nullptr;
    if (stated == nullptr) continue;
    const auto [known, first] = before.try_emplace(stated->organisation, stated->keys.transport);
    if (first || known->second == stated->keys.transport) continue;
    replaced.push_back({stated->organisation, known->second, stated->issued_at});
    known->second = stated->keys.transport;
  }
  std::erase_if(replaced, [&](const ReplacedKey& one) { return directory.FindByTransportKey(one.key) != nullptr; });
  return replaced;
}

}  // namespace schakel
