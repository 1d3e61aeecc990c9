#include "account_views.h"

#include <algorithm>
#include <iterator>

#include <spdlog/spdlog.h>

#include "doorkeeper.h"

namespace schakel {
namespace {

constexpr StaffRole kRoles[] = {StaffRole::kWorker, StaffRole::kCoordinator, StaffRole::kAuditor,
                                StaffRole::kAdministrator};

std::string_view SecondFactor(const Account& account) {
  if (!account.subject.empty()) return "provider";
  return account.password.empty() ? "none" : "totp";
}

}  // namespace

Json RolesView(RoleSet roles) { return Slugs(roles, std::span<const StaffRole>(kRoles)); }

Json AccountView(const Account& account) {
  return {{"id", ToText(account.id)},
          {"login", account.login},
          {"name", account.name},
          {"roles", RolesView(account.roles)},
          {"state", Slug(account.state)},
          {"second_factor", SecondFactor(account)},
          {"recovery_codes", account.recovery.size()},
          {"invitation_expires_at", account.invitation ? Json(ToText(account.invitation->expires_at)) : Json(nullptr)},
          {"created_at", ToText(account.created_at)}};
}

Json PassView(const Pass& pass, RoleSet held, std::optional<PassId> current) {
  return {{"id", ToText(pass.id)},
          {"kind", pass.kind == Pass::Kind::kSession ? "session" : "token"},
          {"label", pass.label},
          {"roles", RolesView(pass.roles.And(held))},
          {"reads_only", pass.reads_only},
          {"current", current.has_value() && *current == pass.id},
          {"issued_at", ToText(pass.issued_at)},
          {"used_at", ToText(pass.used_at)},
          {"expires_at", ToText(pass.expires_at)}};
}

Json PassesView(const std::vector<Pass>& passes, RoleSet held, std::optional<PassId> current) {
  Json list = Json::array();
  for (const Pass& pass : passes) list.push_back(PassView(pass, held, current));
  return list;
}

namespace {

// What a browser is called and what it runs on, as far as it says so; in the order in which they name one another.
// Empty: no browser that we know.
std::string BrowserName(std::string_view program) {
  using Name = std::pair<std::string_view, std::string_view>;
  constexpr Name kBrowsers[] = {{"Edg", "Edge"},         {"OPR/", "Opera"},     {"SamsungBrowser/", "Samsung Internet"},
                                {"Firefox/", "Firefox"}, {"Chrome/", "Chrome"}, {"Safari/", "Safari"}};
  constexpr Name kDevices[] = {{"iPhone", "iPhone"},   {"iPad", "iPad"},    {"Android", "Android"},
                               {"Windows", "Windows"}, {"Mac OS X", "Mac"}, {"CrOS", "Chromebook"},
                               {"Linux", "Linux"}};
  const auto named = [&](const Name& one) { return program.contains(one.first); };
  const auto* browser = std::ranges::find_if(kBrowsers, named);
  const auto* device = std::ranges::find_if(kDevices, named);
  if (browser == std::end(kBrowsers) || device == std::end(kDevices)) return {};
  return std::string(browser->second) + ", " + std::string(device->second);
}

}  // namespace

std::string PassLabel(const Visitor& visitor) {
  if (const std::string browser = BrowserName(visitor.program); !browser.empty()) {
    return visitor.address + " · " + browser;
  }
  std::string program = visitor.program.substr(0, 120);
  while (!IsUtf8(program)) program.pop_back();
  for (char& c : program) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  }
  return program.empty() ? visitor.address : visitor.address + " · " + program;
}

Result<TokenRequest> ReadToken(const Json& body) {
  Input input(body);
  TokenRequest request;
  request.label = input.RequiredText("label");
  request.roles = input.Set<StaffRole>("roles", &ParseStaffRole);
  request.reads_only = input.Flag("reads_only", false);
  const auto expires_at = input.Time("expires_at");
  if (!expires_at) input.Refuse({Code::kInvalid, "request.required", {}, "fill it in"}, "expires_at");
  if (request.roles.empty()) input.Refuse({Code::kInvalid, "request.required", {}, "fill it in"}, "roles");
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(request.label, ParsePersonName(request.label));
  request.expires_at = *expires_at;
  return request;
}

Result<Reply> IssueToken(Call& call, const Account& account, const TokenRequest& request) {
  if (!account.roles.Covers(request.roles)) {
    return Fail(Code::kDenied, "token.roles", "roles", "give only roles that the account has");
  }
  SCHAKEL_ASSIGN(const auto issued, call.desk.people.passes().IssueToken(account.id, request.label, request.roles,
                                                                         request.reads_only, request.expires_at));
  LogPeople("token.issued", account.id);
  return Reply{.status = 201, .json = {{"token", issued.secret}, {"pass", PassView(issued.pass, account.roles)}}};
}

std::string SessionCookie(const std::string& secret, std::chrono::seconds lasts) {
  return std::string(kCookieName) + "=" + secret +
         "; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=" + std::to_string(lasts.count());
}

Status EndPassOf(Call& call, const AccountId& account) {
  const auto id = ParseId<PassId>(call.path.at("pass"));
  const auto pass = id ? call.desk.people.passes().Find(*id) : std::nullopt;
  if (!pass || pass->account != account) {
    return Fail(Code::kNotFound, "pass.unknown", "pass", "list those that there are");
  }
  SCHAKEL_TRY(call.desk.people.passes().End(*id));
  LogPeople(pass->kind == Pass::Kind::kSession ? "session.ended" : "token.revoked", account);
  return {};
}

void LogPeople(std::string_view event, const AccountId& account) {
  spdlog::info(R"("event":"{}","account":"{}")", event, ToText(account));
}

}  // namespace schakel
