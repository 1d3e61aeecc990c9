// Turns what a service wants said into a sealed record, after the checks that can be made here.
//
// Threads: const calls from any; Compose from one at a time (it draws random bytes).
#pragma once

#include "agents/knowledge.h"
#include "agents/vault.h"
#include "protocol/seams.h"

namespace schakel {

struct Composed {
  Header header;
  StoredRecord record;
  StoredContent content;
};

class Composer {
 public:
  Composer(std::string hub, KeyId signer, const Knowledge& knowledge, const Clock& clock, Random& random)
      : hub_(std::move(hub)), signer_(signer), knowledge_(knowledge), clock_(clock), random_(random) {}

  // Errors as Engine::Say.
  Result<Composed> Compose(const Draft& draft, const TreeHead& seen);
  // What Compose would refuse.
  Status Check(const Draft& draft) const;
  // Closes an own record anew, for the same recipients, without the head that it names. Yields its new header.
  Result<Header> Reseal(StoredRecord& record, StoredContent& content);
  // From now on.
  void UseSigner(const KeyId& signer) { signer_ = signer; }
  // The header as it would be, apart from what is drawn anew for each.
  Header Sketch(const Draft& draft) const;

 private:
  // Whom it goes to, if it may be said and may reach them.
  struct Addressed {
    std::vector<OrgId> recipients;
    std::vector<RecipientKey> keys;
  };
  Result<Addressed> Address(const Header& header, const Draft& draft) const;
  Given GivenTo(const Header& header, const OrgId& recipient) const;
  Result<std::vector<RecipientKey>> Resolve(const Header& header, const std::vector<OrgId>& recipients) const;

  std::string hub_;
  KeyId signer_;
  const Knowledge& knowledge_;
  const Clock& clock_;
  Random& random_;
};

}  // namespace schakel
