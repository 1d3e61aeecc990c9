#include "people/account.h"

#include <algorithm>

#include "agents/person_name.h"
#include "protocol/codec.h"

namespace schakel {
namespace {

constexpr std::uint64_t kAccountRowVersion = 1;
constexpr std::size_t kRecoveryMax = 32;

}  // namespace

std::string_view Slug(AccountState value) {
  switch (value) {
    case AccountState::kInvited:
      return "invited";
    case AccountState::kActive:
      return "active";
    case AccountState::kDeactivated:
      return "deactivated";
  }
  return "unknown";
}

Result<std::string> ParseLogin(std::string_view text) {
  std::string login(text);
  std::ranges::transform(login, login.begin(),
                         [](unsigned char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 0x20 : c); });
  const bool plain = std::ranges::all_of(login, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_' || c == '@' || c == '+';
  });
  if (login.size() < 2 || login.size() > 64 || !plain) {
    return Fail(Code::kInvalid, "people.login", "login", "use 2 to 64 of a-z, 0-9 and .-_@+");
  }
  return login;
}

Result<std::string> ParsePersonName(std::string_view text) {
  const bool printable = std::ranges::none_of(text, [](unsigned char c) { return c < 0x20 || c == 0x7F; });
  const bool blank = text.find_first_not_of(' ') == std::string_view::npos;
  if (!IsUtf8(text) || !printable || blank || text.size() > 120 || text.front() == ' ' || text.back() == ' ' ||
      PersonKey(text).empty() || IsGuestName(text)) {
    return Fail(Code::kInvalid, "people.name", "name", "use 1 to 120 bytes of UTF-8, without spaces around it");
  }
  return std::string(text);
}

Bytes EncodeAccount(const Account& account) {
  Encoder to;
  to.Array(14)
      .Uint(kAccountRowVersion)
      .Id(account.id)
      .Text(account.login)
      .Text(account.name)
      .Uint(account.roles.bits());
  to.Enum(account.state).Text(account.password).Binary(account.totp).Uint(account.totp_last);
  to.Array(account.recovery.size());
  for (const Hash32& code : account.recovery) to.Binary(code);
  if (account.invitation) {
    to.Array(2).Binary(account.invitation->secret).Time(account.invitation->expires_at);
  } else {
    to.Nil();
  }
  to.Text(account.subject).Time(account.created_at).Uint(account.version);
  return to.Take();
}

Result<Account> DecodeAccount(ByteView bytes) {
  Decoder from(bytes);
  Account account;
  from.Array(14, "account");
  if (from.Uint("account") != kAccountRowVersion) from.FailWith(Code::kVersion, "vault.row", "account");
  account.id = from.ReadId<AccountId>("account.id");
  account.login = from.Text("account.login", 64);
  account.name = from.Text("account.name", 120);
  account.roles = RoleSet(from.Uint("account.roles", kAllRoles.bits()));
  account.state = from.Enum("account.state", AccountState::kInvited, kAccountStateLast);
  account.password = from.Text("account.password", 128);
  account.totp = from.Fixed<20>("account.totp");
  account.totp_last = from.Uint("account.totp_last");
  account.recovery.resize(from.ArrayBetween(0, kRecoveryMax, "account.recovery"));
  for (Hash32& code : account.recovery) code = from.Fixed<32>("account.recovery");
  if (!from.Nil()) {
    from.Array(2, "account.invitation");
    Account::Invitation invitation;
    invitation.secret = from.Fixed<32>("account.invitation.secret");
    invitation.expires_at = from.Time("account.invitation.expires_at");
    account.invitation = invitation;
  }
  account.subject = from.Text("account.subject", 1024);
  account.created_at = from.Time("account.created_at");
  account.version = from.Uint("account.version");
  if (Status done = from.Finish(); !done) {
    const Code code = done.error().code == Code::kVersion ? Code::kVersion : Code::kCorrupt;
    return Fail(code, "vault.row", "account", "check the vault with: schakel-agent check");
  }
  return account;
}

}  // namespace schakel
