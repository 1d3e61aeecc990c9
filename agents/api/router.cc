#include "router.h"

#include <algorithm>
#include <charconv>

#include "agents/person_name.h"

namespace schakel {
namespace {

std::vector<std::string_view> Segments(std::string_view path) {
  std::vector<std::string_view> segments;
  while (!path.empty()) {
    const std::size_t slash = path.find('/');
    if (slash != 0) segments.push_back(path.substr(0, slash));
    if (slash == std::string_view::npos) break;
    path.remove_prefix(slash + 1);
  }
  return segments;
}

bool Matches(std::string_view pattern, const std::vector<std::string_view>& segments,
             std::map<std::string, std::string>& path) {
  const auto wanted = Segments(pattern);
  if (wanted.size() != segments.size()) return false;
  std::map<std::string, std::string> found;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (wanted[i].starts_with('{')) {
      auto value = PercentDecoded(segments[i], false);
      if (!value) return false;
      found.emplace(wanted[i].substr(1, wanted[i].size() - 2), std::move(*value));
    } else if (wanted[i] != segments[i]) {
      return false;
    }
  }
  path = std::move(found);
  return true;
}

int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::optional<std::string> PercentDecoded(std::string_view text, bool plus_is_space) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      if (i + 2 >= text.size()) return std::nullopt;
      const int high = HexValue(text[i + 1]);
      const int low = HexValue(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      decoded += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      decoded += plus_is_space && text[i] == '+' ? ' ' : text[i];
    }
  }
  if (!IsUtf8(decoded)) return std::nullopt;
  return decoded;
}

std::vector<const Route*> AllRoutes() {
  std::vector<const Route*> all;
  for (const auto& part :
       {GeneralRoutes(),  KeyRoutes(),        TrajectoryRoutes(),   GrantRoutes(),       ConsultationRoutes(),
        RecordRoutes(),   AttachmentRoutes(), TableRoutes(),        GuestRoutes(),       CalendarRoutes(),
        DossierRoutes(),  NetworkRoutes(),    NetworkFileRoutes(),  PartnershipRoutes(), PartnerAgreementRoutes(),
        LeadRoutes(),     CourtRoutes(),      DutyRoutes(),         ModuleRoutes(),      PlaceRoutes(),
        KeepingRoutes(),  TaskRoutes(),       AuditRoutes(),        ExportRoutes(),      ImportRoutes(),
        AccountRoutes(),  PeopleRoutes(),     OidcRoutes(),         SearchRoutes(),      FollowingRoutes(),
        NoticeRoutes(),   StructuralRoutes(), ParentsGroupRoutes(), VisitRoutes(),       EffectRoutes(),
        FamilyRoutes(),   SupporterRoutes(),  PassageRoutes(),      SchoolRoutes(),      SchoolBoardRoutes(),
        LearningRoutes(), EngagementRoutes()}) {
    for (const Route& route : part) all.push_back(&route);
  }
  return all;
}

Match FindRoute(const std::string& method, std::string_view path) {
  Match match;
  const auto segments = Segments(path);
  for (const Route* route : AllRoutes()) {
    std::map<std::string, std::string> parameters;
    if (!Matches(route->pattern, segments, parameters)) continue;
    if (method == route->method) {
      match.route = route;
      match.path = std::move(parameters);
      return match;
    }
    if (!match.allowed.empty()) match.allowed += ", ";
    match.allowed += route->method;
  }
  return match;
}

std::optional<std::uint64_t> WholeNumber(std::string_view text) {
  std::uint64_t number = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || parsed.ec != std::errc{} || parsed.ptr != text.data() + text.size()) return std::nullopt;
  return number;
}

bool Desk::IsGone(const std::string& person) const {
  const auto accounts = people.All();
  const auto account = std::ranges::find_if(accounts, [&](const Account& one) { return SamePerson(one.name, person); });
  return account != accounts.end() && account->state == AccountState::kDeactivated;
}

bool Desk::MayLookOut(const std::string& person) const {
  const auto accounts = people.All();
  const RoleSet care = {StaffRole::kWorker, StaffRole::kCoordinator};
  return accounts.empty() || std::ranges::any_of(accounts, [&](const Account& one) {
           return one.state == AccountState::kActive && !one.roles.And(care).empty() && SamePerson(one.name, person);
         });
}

std::vector<std::string> Desk::Coordinators() const {
  std::vector<std::string> names;
  for (const Account& one : people.All()) {
    if (one.state == AccountState::kActive && one.roles.Has(StaffRole::kCoordinator)) names.push_back(one.name);
  }
  return names;
}

Result<std::optional<TrajectoryId>> Call::AskedTrajectory() const {
  auto found = query.find("trajectory");
  if (found == query.end()) return std::optional<TrajectoryId>{};
  SCHAKEL_ASSIGN(const TrajectoryId id, desk.cases.FindTrajectory(found->second));
  return std::optional(id);
}

Result<std::optional<Timestamp>> Call::AskedTime(const std::string& name) const {
  const std::string text = Asked(name);
  if (text.empty()) return std::optional<Timestamp>();
  auto time = ParseTimestamp(text);
  if (!time) return Fail(Code::kInvalid, "request.time", name, "write it as 2026-11-23T08:00:00Z");
  return std::optional(*time);
}

Result<Period> Call::AskedPeriod() const {
  Period period;
  SCHAKEL_ASSIGN(period.from, AskedTime("from"));
  SCHAKEL_ASSIGN(period.to, AskedTime("to"));
  if (period.from && period.to && *period.to <= *period.from) {
    return Fail(Code::kInvalid, "search.period", "to", "let it end after it begins");
  }
  return period;
}

Person Call::AsCoordinatorIfSo() const {
  Person person = caller.person;
  if (!visitor.local && visitor.roles().Has(StaffRole::kCoordinator)) person.role = StaffRole::kCoordinator;
  return person;
}

Result<std::size_t> Call::PageLimit() const {
  constexpr std::size_t kLimitMax = 200;
  const auto found = query.find("limit");
  if (found == query.end()) return kLimitMax;
  std::size_t limit = 0;
  const auto* end = found->second.data() + found->second.size();
  const auto parsed = std::from_chars(found->second.data(), end, limit);
  if (parsed.ec != std::errc{} || parsed.ptr != end || limit < 1 || limit > kLimitMax) {
    return Fail(Code::kInvalid, "page.limit", "limit", "give a whole number from 1 to 200");
  }
  return limit;
}

Result<Thread> Call::ReadThread(const std::vector<RecordId>& ids, const CaseTrajectory* trajectory) const {
  std::vector<RecordId> all = ids;
  if (trajectory != nullptr && !IsNone(trajectory->label_record)) all.push_back(trajectory->label_record);
  SCHAKEL_ASSIGN(const auto shown, desk.reading.Show(all, caller));
  if (auto turned_away = TurnedAway(shown)) return std::unexpected(std::move(*turned_away));
  Thread thread;
  const JsonViews views = Views();
  for (std::size_t i = 0; i < shown.size(); ++i) {
    thread.glance.Take(shown[i]);
    if (i < ids.size()) thread.records.push_back(views.ShownView(shown[i]));
  }
  return thread;
}

Audience Call::ReadAudience(Input& input) const {
  Audience audience = ReadHow(input);
  audience.named = input.Recipients("to");
  return audience;
}

Audience Call::ReadHow(Input& input) const {
  Audience audience;
  audience.accept_unreached = input.Flag("accept_unreached", false);
  audience.preview = input.Flag("preview", false);
  audience.patience = patience;
  return audience;
}

Reply Call::Sending(const Sent& sent) const {
  Reply reply;
  if (sent.outcome == Sent::Outcome::kHeldBack) {
    const Error error{Code::kConflict, "sending.unreached", "to",
                      "leave them out, or accept that it will not reach them"};
    reply.json = Views().ProblemView(error);
    reply.json["reaches"] = Views().Organisations(sent.reaches);
    reply.json["unreached"] = Views().UnreachedView(sent.unreached, sent.trajectory);
    reply.status = StatusOf(error);
    reply.type = "application/problem+json";
    reply.json["type"] = "urn:schakel:rule:sending.unreached";
    reply.json["status"] = reply.status;
    return reply;
  }
  const bool said = sent.outcome == Sent::Outcome::kSent;
  // It is on its way whatever becomes of this: at worst it is news to who wrote it.
  if (said && !visitor.guest && !IsNone(sent.trajectory)) {
    static_cast<void>(desk.following.NoteOwn(sent.trajectory, sent.record, caller.person.name));
  }
  reply.status = said ? 201 : 200;
  reply.json = Views().SentView(sent);
  return reply;
}

namespace {

// What was sent, not what would be answered.
bool IsTooLarge(std::string_view rule) {
  constexpr std::string_view kRules[] = {"calendar.large", "csv.cells",     "csv.large",
                                         "csv.rows",       "gedcom.people", "gedcom.size"};
  return std::ranges::find(kRules, rule) != std::end(kRules);
}

}  // namespace

int StatusOf(const Error& error) {
  switch (error.code) {
    case Code::kInvalid:
      return error.rule == "request.path"           ? 404
             : error.rule == "request.method"       ? 405
             : error.rule == "edge.host"            ? 421
             : error.rule == "request.precondition" ? 428
             : error.rule == "attachment.range"     ? 416
                                                    : 400;
    case Code::kUnauthenticated:
      // Who asks has not shown who they are; the others are about keys and signatures.
      return error.rule.starts_with("session.") || error.rule.starts_with("login.") ||
                     error.rule.starts_with("invitation.") || error.rule.starts_with("oidc.") ||
                     error.rule.starts_with("guest.")
                 ? 401
                 : 403;
    case Code::kDenied:
      return 403;
    case Code::kNotFound:
      return 404;
    case Code::kConflict:
      return error.rule == "idempotency.other_body" ? 422 : error.rule == "request.if_match" ? 412 : 409;
    case Code::kExists:
      return 409;
    case Code::kLimit:
      // Sent again it would be as large; the others are of how many and how often.
      return IsTooLarge(error.rule) ? 413 : 429;
    case Code::kUnavailable:
      return 503;
    case Code::kTampered:
      return 502;
    case Code::kVersion:
      return 501;
    case Code::kCorrupt:
    case Code::kWrongKey:
    case Code::kInternal:
      return 500;
  }
  return 500;
}

// Of what was erased no view tells any more.
Result<RecordId> Call::SealedRecord(const char* name) const {
  const auto known = Record(name);
  if (known || (known.error().rule != "record.erased" && known.error().rule != "id.unknown")) return known;
  const auto kept = desk.sealed.Find(path.at(name));
  return kept || kept.error().code == Code::kConflict ? kept : known;
}

Json ProblemJson(const Error& error, const JsonViews& views) {
  Json json = {{"type", "urn:schakel:rule:" + error.rule}, {"status", StatusOf(error)}};
  json.update(views.ProblemView(error));
  return json;
}

ApiResponse Problem(const Error& error, const JsonViews& views, const Json& extra) {
  Json json = ProblemJson(error, views);
  json.update(extra);
  ApiResponse response;
  response.status = StatusOf(error);
  response.rule = error.rule;
  response.headers["Content-Type"] = "application/problem+json";
  response.body = json.dump(-1, ' ', false, Json::error_handler_t::replace);
  return response;
}

}  // namespace schakel
