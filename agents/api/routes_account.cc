// Getting in and out, and what people do with their own account.
#include "account_views.h"
#include "router.h"

namespace schakel::account_routes {
namespace {

// The socket has no sessions: whoever may open it is in already.
Status OverTheNetwork(const Call& call) {
  if (!call.visitor.local) return {};
  return Fail(Code::kInvalid, "login.local", {}, "the local socket needs no login; use the address over the network");
}

Result<Reply> LogIn(Call& call) {
  SCHAKEL_TRY(OverTheNetwork(call));
  Input input(call.body);
  const std::string login = input.RequiredText("login");
  const std::string password = input.RequiredText("password");
  const std::string code = input.RequiredText("code");
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const auto entered,
                 call.desk.people.Login(login, password, code, call.visitor.address, PassLabel(call.visitor)));
  return EnteredReply(call, entered);
}

Result<Reply> LookAtSetup(Call& call) {
  SCHAKEL_TRY(OverTheNetwork(call));
  Input input(call.body);
  const std::string invitation = input.RequiredText("invitation");
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const People::Setup setup, call.desk.people.Look(invitation, call.visitor.address));
  return Reply{.json = {{"login", setup.login},
                        {"name", setup.name},
                        {"totp_secret", setup.totp_secret},
                        {"totp_uri", setup.totp_uri},
                        {"expires_at", ToText(setup.expires_at)}}};
}

Result<Reply> SetUp(Call& call) {
  SCHAKEL_TRY(OverTheNetwork(call));
  Input input(call.body);
  const std::string invitation = input.RequiredText("invitation");
  const std::string password = input.RequiredText("password");
  const std::string code = input.RequiredText("code");
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const auto entered,
                 call.desk.people.Accept(invitation, password, code, call.visitor.address, PassLabel(call.visitor)));
  return EnteredReply(call, entered);
}

Result<Reply> ShowSession(Call& call) {
  if (call.visitor.visit) {
    const People::Visit& visit = *call.visitor.visit;
    return Reply{.json = SessionView(visit.account, visit.roles, visit.pass, call.visitor.secret)};
  }
  return Reply{.json = {{"person", {{"id", nullptr}, {"login", nullptr}, {"name", call.caller.person.name}}},
                        {"roles", RolesView(kAllRoles)},
                        {"pass", nullptr}}};
}

// The visit of whoever has one: on the socket there is none.
Result<People::Visit> Own(const Call& call) {
  if (call.visitor.visit) return *call.visitor.visit;
  return Fail(Code::kInvalid, "login.local", {}, "the local socket has no account of its own; use schakel people");
}

Result<Reply> LogOut(Call& call) {
  SCHAKEL_TRY(Input(call.body).Finish());
  SCHAKEL_ASSIGN(const People::Visit visit, Own(call));
  SCHAKEL_TRY(call.desk.people.passes().End(visit.pass.id));
  LogPeople("session.ended", visit.account.id);
  return Reply{.json = Json::object(), .headers = {{"Set-Cookie", SessionCookie("", std::chrono::seconds(0))}}};
}

Result<Reply> ChangePassword(Call& call) {
  Input input(call.body);
  const std::string current = input.RequiredText("current");
  const std::string next = input.RequiredText("next");
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const People::Visit visit, Own(call));
  SCHAKEL_TRY(call.desk.people.ChangePassword(visit.account.id, visit.pass.id, current, next));
  LogPeople("people.password", visit.account.id);
  return Reply{.json = Json::object()};
}

Result<Reply> RenewRecoveryCodes(Call& call) {
  Input input(call.body);
  const std::string password = input.RequiredText("password");
  const std::string code = input.RequiredText("code");
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const People::Visit visit, Own(call));
  SCHAKEL_ASSIGN(const auto codes, call.desk.people.RenewRecoveryCodes(visit.account.id, password, code));
  LogPeople("people.recovery_codes", visit.account.id);
  return Reply{.json = {{"recovery_codes", codes}}};
}

// The old one holds until a code of the new one was given.
Result<Reply> BeginTotp(Call& call) {
  Input input(call.body);
  const std::string password = input.RequiredText("password");
  const std::string code = input.RequiredText("code");
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const People::Visit visit, Own(call));
  SCHAKEL_ASSIGN(const auto begun, call.desk.people.BeginTotp(visit.account.id, password, code));
  LogPeople("people.totp_begun", visit.account.id);
  return Reply{
      .json = {{"totp_secret", begun.secret}, {"totp_uri", begun.uri}, {"expires_at", ToText(begun.expires_at)}}};
}

Result<Reply> ConfirmTotp(Call& call) {
  Input input(call.body);
  const std::string code = input.RequiredText("code");
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const People::Visit visit, Own(call));
  SCHAKEL_TRY(call.desk.people.ConfirmTotp(visit.account.id, visit.pass.id, code));
  LogPeople("people.totp", visit.account.id);
  return Reply{.json = Json::object()};
}

Result<Reply> OwnPasses(Call& call) {
  SCHAKEL_ASSIGN(const People::Visit visit, Own(call));
  return Reply{.json = {{"passes", PassesView(call.desk.people.passes().Of(visit.account.id), visit.account.roles,
                                              visit.pass.id)}}};
}

Result<Reply> RevokeOwn(Call& call) {
  SCHAKEL_TRY(Input(call.body).Finish());
  SCHAKEL_ASSIGN(const People::Visit visit, Own(call));
  SCHAKEL_TRY(EndPassOf(call, visit.account.id));
  return Reply{.json = Json::object()};
}

Result<Reply> IssueOwnToken(Call& call) {
  SCHAKEL_ASSIGN(const TokenRequest request, ReadToken(call.body));
  SCHAKEL_ASSIGN(const People::Visit visit, Own(call));
  return IssueToken(call, visit.account, request);
}

const Route kRoutes[] = {
    {"POST", "/v1/login", &LogIn},
    {"POST", "/v1/setup/look", &LookAtSetup},
    {"POST", "/v1/setup", &SetUp},
    {"GET", "/v1/session", &ShowSession},
    {"POST", "/v1/logout", &LogOut},
    {"POST", "/v1/account/password", &ChangePassword},
    {"POST", "/v1/account/recovery-codes", &RenewRecoveryCodes},
    {"POST", "/v1/account/totp", &BeginTotp},
    {"POST", "/v1/account/totp/confirmation", &ConfirmTotp},
    {"GET", "/v1/account/passes", &OwnPasses},
    {"POST", "/v1/account/passes/{pass}/revoke", &RevokeOwn},
    {"POST", "/v1/account/tokens", &IssueOwnToken},
};

}  // namespace
}  // namespace schakel::account_routes

namespace schakel {

std::span<const Route> AccountRoutes() { return account_routes::kRoutes; }

}  // namespace schakel
