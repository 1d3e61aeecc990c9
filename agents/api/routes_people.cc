// The people of the organisation, for its administrators.
#include "account_views.h"
#include "entity_tag.h"
#include "router.h"

namespace schakel::people_routes {
namespace {

// {person}: the login, or the id.
Result<Account> PersonOf(const Call& call) {
  const std::string& text = call.path.at("person");
  if (const auto id = ParseId<AccountId>(text)) {
    auto found = call.desk.people.Find(*id);
    if (found) return found;
  }
  return call.desk.people.FindLogin(text);
}

// The link, once. Without an address over the network there is only the secret in it.
Json InvitedView(const Call& call, const People::Invited& invited) {
  std::string link = call.desk.public_url;
  while (link.ends_with('/')) link.pop_back();
  return {{"person", AccountView(invited.account)},
          {"invitation", invited.secret},
          {"link", link.empty() ? Json(nullptr) : Json(link + "/#/setup/" + invited.secret)}};
}

Result<Reply> List(Call& call) {
  SCHAKEL_ASSIGN(const auto page,
                 call.PageOf(call.desk.people.All(), [](const Account& one) { return ToText(one.id); }));
  Json list = Json::array();
  for (const Account& account : page.items) list.push_back(AccountView(account));
  return Reply{.json = {{"people", std::move(list)}, {"next", page.next}}};
}

Result<Reply> Invite(Call& call) {
  Input input(call.body);
  const std::string login = input.RequiredText("login");
  const std::string name = input.RequiredText("name");
  const RoleSet roles = input.Set<StaffRole>("roles", &ParseStaffRole);
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const auto invited, call.desk.people.Invite(login, name, roles));
  LogPeople("people.invited", invited.account.id);
  return Reply{.status = 201, .json = InvitedView(call, invited)};
}

Result<Reply> Show(Call& call) {
  SCHAKEL_ASSIGN(const Account account, PersonOf(call));
  return Reply{.json = AccountView(account)};
}

Result<AccountState> ParseState(std::string_view slug) {
  if (slug == Slug(AccountState::kActive)) return AccountState::kActive;
  if (slug == Slug(AccountState::kDeactivated)) return AccountState::kDeactivated;
  return Fail(Code::kInvalid, "request.value", "state", "choose one of active, deactivated");
}

// An administrator who takes a role that opens case files lets itself in: that is possible, and everybody sees it.
Status TellOfOwnRoles(const Call& call, const Account& before, const Account& now) {
  const bool own = call.visitor.visit && call.visitor.visit->account.id == now.id;
  const auto took = [&](StaffRole role) { return now.roles.Has(role) && !before.roles.Has(role); };
  if (!own || !(took(StaffRole::kWorker) || took(StaffRole::kCoordinator) || took(StaffRole::kAuditor))) return {};
  LogPeople("people.own_roles", now.id);
  return call.desk.engine.Alert({Code::kDenied, "people.own_roles", ToText(now.id).substr(0, 8),
                                 "ask that administrator, and another one, whether that was agreed"});
}

Result<Reply> Amend(Call& call) {
  SCHAKEL_ASSIGN(const Account account, PersonOf(call));
  Input input(call.body);
  People::Change change;
  if (call.body.contains("name")) change.name = input.Text("name");
  if (call.body.contains("roles")) change.roles = input.Set<StaffRole>("roles", &ParseStaffRole);
  if (call.body.contains("state")) change.state = input.RequiredWord("state", AccountState::kActive, &ParseState);
  SCHAKEL_TRY(input.Finish());
  // Who changes it must have seen what it is now: two administrators shall not undo each other unseen.
  if (call.if_match.empty() && !call.visitor.local) {
    return Fail(Code::kInvalid, "request.precondition", "If-Match", "send the ETag of what you looked at");
  }
  if (!call.if_match.empty() && !NamesEntityTag(call.if_match, EntityTag(Dump(AccountView(account))))) {
    return Fail(Code::kConflict, "request.if_match", "If-Match", "look at it again, then decide");
  }
  SCHAKEL_ASSIGN(const Account amended, call.desk.people.Amend(account.id, account.version, change));
  LogPeople("people.changed", account.id);
  SCHAKEL_TRY(TellOfOwnRoles(call, account, amended));
  return Reply{.json = AccountView(amended)};
}

Result<Reply> Reset(Call& call) {
  SCHAKEL_TRY(Input(call.body).Finish());
  SCHAKEL_ASSIGN(const Account account, PersonOf(call));
  SCHAKEL_ASSIGN(const auto invited, call.desk.people.Reset(account.id));
  LogPeople("people.reset", account.id);
  return Reply{.status = 201, .json = InvitedView(call, invited)};
}

Json LockView(const Lockout::Standing& standing) {
  return {{"failures", standing.failures},
          {"wait_seconds", standing.wait ? Json(standing.wait->count()) : Json(nullptr)}};
}

Result<Reply> ShowLock(Call& call) {
  SCHAKEL_ASSIGN(const Account account, PersonOf(call));
  SCHAKEL_ASSIGN(const auto standing, call.desk.people.LockOf(account.id));
  return Reply{.json = LockView(standing)};
}

Result<Reply> Unlock(Call& call) {
  SCHAKEL_TRY(Input(call.body).Finish());
  SCHAKEL_ASSIGN(const Account account, PersonOf(call));
  SCHAKEL_ASSIGN(const auto before, call.desk.people.Unlock(account.id));
  LogPeople("people.unlocked", account.id);
  return Reply{.json = LockView(before)};
}

Result<Reply> PassesOf(Call& call) {
  SCHAKEL_ASSIGN(const Account account, PersonOf(call));
  return Reply{.json = {{"passes", PassesView(call.desk.people.passes().Of(account.id), account.roles)}}};
}

Result<Reply> IssueTokenFor(Call& call) {
  SCHAKEL_ASSIGN(const TokenRequest request, ReadToken(call.body));
  SCHAKEL_ASSIGN(const Account account, PersonOf(call));
  return IssueToken(call, account, request);
}

Result<Reply> Revoke(Call& call) {
  SCHAKEL_TRY(Input(call.body).Finish());
  SCHAKEL_ASSIGN(const Account account, PersonOf(call));
  SCHAKEL_TRY(EndPassOf(call, account.id));
  return Reply{.json = Json::object()};
}

Result<Reply> RevokeAll(Call& call) {
  SCHAKEL_TRY(Input(call.body).Finish());
  SCHAKEL_ASSIGN(const Account account, PersonOf(call));
  SCHAKEL_TRY(call.desk.people.passes().EndAll(account.id));
  LogPeople("session.ended", account.id);
  return Reply{.json = Json::object()};
}

const Route kRoutes[] = {
    {"GET", "/v1/people", &List, {"limit", "cursor"}},
    {"POST", "/v1/people", &Invite},
    {"GET", "/v1/people/{person}", &Show},
    {"POST", "/v1/people/{person}", &Amend},
    {"POST", "/v1/people/{person}/reset", &Reset},
    {"GET", "/v1/people/{person}/lock", &ShowLock},
    {"POST", "/v1/people/{person}/unlock", &Unlock},
    {"GET", "/v1/people/{person}/passes", &PassesOf},
    {"POST", "/v1/people/{person}/tokens", &IssueTokenFor},
    {"POST", "/v1/people/{person}/passes/{pass}/revoke", &Revoke},
    {"POST", "/v1/people/{person}/passes/revoke", &RevokeAll},
};

}  // namespace
}  // namespace schakel::people_routes

namespace schakel {

std::span<const Route> PeopleRoutes() { return people_routes::kRoutes; }

}  // namespace schakel
