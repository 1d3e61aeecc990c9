#include "people/proving.h"

#include "protocol/crypto.h"

namespace schakel::people {

std::unexpected<Error> Refused(const char* field) {
  return Fail(Code::kUnauthenticated, "login.refused", field, "check login, password and code, then try again");
}
std::unexpected<Error> InvitationUsed() {
  return Fail(Code::kUnauthenticated, "invitation.used", {}, "ask an administrator for a new one");
}
std::unexpected<Error> Unknown() {
  return Fail(Code::kNotFound, "people.unknown", "person", "list the people that there are");
}

Hash32 RecoveryHash(const AccountId& account, std::string_view code) {
  return Sha256({AsBytes("schakel/recovery/v1"), account.value(), AsBytes(code)});
}

std::string LoginKey(std::string_view login) { return ToHex(Sha256(AsBytes(login))); }

std::string PlainCode(std::string_view code) {
  std::string plain;
  for (const char c : code) {
    if (c == ' ' || c == '-') continue;
    plain += static_cast<char>(c >= 'A' && c <= 'Z' ? c + 0x20 : c);
  }
  return plain;
}

std::string IssuerName(const Engine& engine) {
  const std::string name = engine.Report().name;
  return name.empty() ? "Schakel" : "Schakel " + name;
}

}  // namespace schakel::people
