#include "colleague.h"

#include <vector>

#include "agents/former_names.h"
#include "agents/person_name.h"
#include "router.h"

namespace schakel {

Result<std::string> ColleagueOf(const Desk& desk, const std::string& text, const char* rule, const char* field) {
  if (text.empty()) return text;
  const std::vector<Account> accounts = desk.people.All();
  if (accounts.empty()) return text;
  SCHAKEL_ASSIGN(const FormerNames names, FormerNames::Of(desk.engine));
  const std::string name = names.Now(text);
  for (const Account& one : accounts) {
    if (!SamePerson(one.login, text) && !SamePerson(one.name, name)) continue;
    if (one.state != AccountState::kDeactivated) return one.name;
  }
  return Fail(Code::kNotFound, rule, field, "give the login or the name of somebody with an account");
}

}  // namespace schakel
