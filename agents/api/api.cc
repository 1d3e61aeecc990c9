#include "agents/api.h"

#include <algorithm>
#include <charconv>

#include <spdlog/spdlog.h>

#include "agents/i18n.h"
#include "doorkeeper.h"
#include "entity_tag.h"
#include "housekeeping.h"
#include "http.h"
#include "idempotency.h"
#include "notices/pump.h"
#include "oidc/oidc.h"
#include "pages.h"
#include "permissions.h"
#include "router.h"
#include "sign_in.h"
#include "writing.h"

namespace schakel {

namespace embedded {
extern const std::string_view openapi_json;
}  // namespace embedded

namespace {

constexpr std::chrono::seconds kPatienceMax{60};
constexpr std::chrono::minutes kHousekeepingEvery{10};
// A stay that ends is told within a minute; a place that is asked for, and refused at once, not at all.
constexpr std::chrono::minutes kStandingsEvery{1};
constexpr std::chrono::seconds kStandingsSoon{1};

// "nl-BE,nl;q=0.9,en;q=0.8": thousandths for a language range, 0 if it is not asked for.
int QualityOf(std::string_view header, std::string_view language) {
  int best = 0;
  ForEachPart(header, [&](std::string_view part) {
    const std::size_t semicolon = part.find(';');
    const std::string_view range = Trimmed(part.substr(0, semicolon));
    if (!range.starts_with(language) || (range.size() > language.size() && range[language.size()] != '-')) return;
    int quality = 1000;
    const std::size_t q = semicolon == std::string_view::npos ? semicolon : part.find("q=", semicolon);
    if (q != std::string_view::npos) {
      quality = 0;
      int weight = 1000;
      for (char c : part.substr(q + 2)) {
        if (c >= '0' && c <= '9') {
          quality += (c - '0') * weight;
          weight /= 10;
        } else if (c != '.') {
          break;
        }
      }
    }
    best = std::max(best, quality);
  });
  return best;
}

// RFC 7240: how many seconds the caller is willing to wait for the hub.
std::chrono::milliseconds PatienceOf(const ApiRequest& request) {
  std::chrono::milliseconds patience{0};
  ForEachPart(HeaderOf(request, "prefer"), [&](std::string_view part) {
    constexpr std::string_view kWait = "wait=";
    if (!part.starts_with(kWait)) return;
    part.remove_prefix(kWait.size());
    unsigned seconds = 0;
    const auto parsed = std::from_chars(part.data(), part.data() + part.size(), seconds);
    if (parsed.ec == std::errc{}) {
      patience =
          std::min(std::chrono::milliseconds(std::chrono::seconds(seconds)), std::chrono::milliseconds(kPatienceMax));
    }
  });
  return patience;
}

// Parameters that take words of ours; the others name things.
bool MayBe(const std::string& name, const std::string& value) {
  if (name == "show") return value == "full";
  if (name == "evidence") return value == "true" || value == "false" || value == "whole";
  for (const std::string_view flag : {"closed", "answer", "dry_run", "skip_bad", "due", "all"}) {
    if (name == flag) return value == "true" || value == "false";
  }
  return true;
}

Result<std::map<std::string, std::string>> QueryOf(std::string_view text, const Route& route) {
  std::map<std::string, std::string> query;
  while (!text.empty()) {
    const std::size_t end = text.find('&');
    const std::string_view pair = text.substr(0, end);
    const std::size_t equals = pair.find('=');
    auto name = PercentDecoded(pair.substr(0, equals), true);
    auto value = PercentDecoded(equals == std::string_view::npos ? std::string_view{} : pair.substr(equals + 1), true);
    if (!name || !value) return Fail(Code::kInvalid, "request.query", "query", "percent-encode it as UTF-8");
    if (std::ranges::find(route.query, *name) == route.query.end()) {
      return Fail(Code::kInvalid, "request.unknown", name->substr(0, 40), "check the spelling of the parameter");
    }
    if (!MayBe(*name, *value)) {
      return Fail(Code::kInvalid, "request.value", *name,
                  *name == "show"       ? "choose one of full"
                  : *name == "evidence" ? "choose one of true, false, whole"
                                        : "choose one of true, false");
    }
    query[*name] = *value;
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return query;
}

// RFC 4180, 3: of the parameters of a table's type, the one that matters to us is how its letters are written.
bool IsTable(std::string_view type) {
  constexpr std::string_view kTable = "text/csv";
  return type == kTable || (type.starts_with(kTable) && type[kTable.size()] == ';');
}
bool IsUtf8Table(std::string_view type) {
  std::string lower(type);
  std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  constexpr std::string_view kName = "charset=";
  const std::size_t at = lower.find(kName);
  if (at == std::string::npos) return true;  // Its bytes will tell.
  std::string charset = lower.substr(at + kName.size());
  charset = charset.substr(0, charset.find(';'));
  std::erase(charset, '"');
  const std::string_view name = Trimmed(charset);
  return name == "utf-8" || name == "us-ascii";
}

Result<Json> BodyOf(const ApiRequest& request, const Route& route) {
  if (request.method == "PUT" && !Trimmed(HeaderOf(request, "content-type")).starts_with("application/octet-stream")) {
    return Fail(Code::kInvalid, "request.content_type", "Content-Type", "send application/octet-stream");
  }
  if (request.method != "POST") return Json::object();
  if (request.body.empty()) return Json::object();
  if (const auto type = Trimmed(HeaderOf(request, "content-type")); route.table && IsTable(type)) {
    if (!IsUtf8Table(type)) return Fail(Code::kInvalid, "csv.encoding", "Content-Type", "save it as CSV UTF-8");
    return Json{{"csv", request.body}};
  }
  // A form that a foreign web page makes a browser send is not JSON, and is refused for that.
  if (!Trimmed(HeaderOf(request, "content-type")).starts_with("application/json")) {
    return Fail(Code::kInvalid, "request.content_type", "Content-Type",
                route.table ? "send text/csv or application/json" : "send application/json");
  }
  SCHAKEL_ASSIGN(Json json, ParseJson(request.body));
  if (!json.is_object()) return Fail(Code::kInvalid, "request.json", "body", "send a JSON object");
  return json;
}

// A page that never is one: what we answer is data, whatever a browser makes of it.
constexpr std::string_view kContentPolicy =
    "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

// Which rule held off how many, and at which route: never who. One line a second of each rule, whatever comes.
class RefusalLog {
 public:
  explicit RefusalLog(const Clock& clock) : clock_(clock) {}

  void Note(const ApiRequest& request, const Error& error) {
    const Match match = FindRoute(request.method, std::string_view(request.target).substr(0, request.target.find('?')));
    std::lock_guard lock(mutex_);
    Told& told = told_[error.rule];
    const auto now = clock_.Steady();
    if (told.last && now - *told.last < std::chrono::seconds(1)) {
      ++told.more;
      return;
    }
    told.last = now;
    spdlog::warn(R"("event":"access.refused","rule":"{}","route":"{}","more":{})", error.rule,
                 match.route == nullptr ? "" : match.route->pattern, std::exchange(told.more, 0));
  }

 private:
  struct Told {
    std::optional<std::chrono::steady_clock::time_point> last;
    std::uint64_t more = 0;  // Since then.
  };
  const Clock& clock_;
  std::mutex mutex_;
  std::map<std::string, Told> told_;  // By rule: few, and ours.
};

class ApiOnDesk final : public Api {
 public:
  ApiOnDesk(Engine& engine, Clock& clock, Random& random, std::map<Sector, Profile> profiles,
            std::unique_ptr<People> people, const ApiOptions& options)
      : engine_(engine),
        people_(std::move(people)),
        doorkeeper_(*people_, options.edge),
        once_(engine, clock),
        refusals_(clock),
        pages_(options.web),
        desk_(engine, clock, random, std::move(profiles), *people_,
              options.edge ? options.edge->public_url : std::string(),
              {options.mail, options.webhooks, options.edge ? options.edge->public_url : std::string()},
              options.house) {
    if (options.edge) {
      const EdgeOptions& edge = *options.edge;
      desk_.guest_origin =
          edge.public_url.empty() ? (edge.plain ? "http://" : "https://") + edge.listen : edge.public_url;
      while (desk_.guest_origin.ends_with('/')) desk_.guest_origin.pop_back();
    }
    if (!options.oidc || desk_.public_url.empty()) return;
    std::string callback = desk_.public_url;
    while (callback.ends_with('/')) callback.pop_back();
    oidc_ = std::make_unique<Oidc>(*options.oidc, callback + "/v1/oidc/callback", clock, random);
    desk_.oidc = oidc_.get();
  }

  Status Load(const Clock& clock, Random& random) {
    SCHAKEL_TRY(once_.Load());
    desk_.notices.AlsoTellOf(&desk_.visit_alarms);
    SCHAKEL_TRY(desk_.notices.Load());
    SCHAKEL_TRY(desk_.guests.Load());
    // What the disk refuses to forget is tried again the next time; whoever uploads meanwhile is told.
    SCHAKEL_TRY(DropOld());
    housekeeping_ = std::make_unique<Housekeeping>([this] { [[maybe_unused]] const Status dropped = DropOld(); },
                                                   kHousekeepingEvery);
    standings_ =
        std::make_unique<Housekeeping>([this] { [[maybe_unused]] const Status told = desk_.places.TellWhetherFull(); },
                                       kStandingsEvery, kStandingsSoon);
    of_none_ = engine_.OnChange([wake = standings_->Waker()](const Engine::Change& change) {
      if (IsNone(change.trajectory) && !IsNone(change.record)) wake();
    });
    const NoticeOptions& options = desk_.notices.options();
    if (!options.mail && !options.webhooks) return {};
    pump_ = std::make_unique<NoticePump>(
        desk_.notices, MakeCourier({options.mail, options.webhooks, options.public_url}, clock, random), clock);
    pump_->Start();
    return {};
  }

  ApiResponse Handle(const ApiRequest& request) override {
    const Language language = LanguageOf(request);
    if (pages_.Has(request) && doorkeeper_.CheckHost(request)) return pages_.Answer(request);
    ApiResponse response = [&] {
      try {
        auto response_or = Answer(request, language);
        return response_or ? std::move(*response_or) : Refused(request, response_or.error(), language);
      } catch (const std::exception&) {
        // The JSON library throws on what we overlooked; that is our mistake, and ends here.
        return Refused(request, Error{Code::kInternal, "api.internal", {}, "report this to the operator"}, language);
      }
    }();
    response.headers["Content-Language"] = Slug(language);
    response.headers["Vary"] = "Accept-Language, Cookie, Authorization";
    PutSecurityHeaders(request.door, response);
    return response;
  }

  ApiLane LaneOf(const ApiRequest& request) const override {
    const std::string_view path = std::string_view(request.target).substr(0, request.target.find('?'));
    for (const std::string_view hashes : {"/v1/login", "/v1/setup", "/v1/account/password",
                                          "/v1/account/recovery-codes", "/v1/account/totp", "/v1/oidc/"}) {
      if (path.starts_with(hashes)) return ApiLane::kHashes;
    }
    const bool asks_hub = path.ends_with("/accesses") || path.ends_with("/evidence") || path == "/v1/guest/report";
    // A whole file is read, or sealed.
    if (path.ends_with("/content") || path.ends_with("/finish") || path.ends_with("/shares")) return ApiLane::kWaits;
    return asks_hub || PatienceOf(request).count() > 0 ? ApiLane::kWaits : ApiLane::kQuick;
  }
  bool MayListen(const Id128& pass) const override {
    return pass == Id128{} || people_->RolesOf(PassId(pass)).has_value();
  }
  void OnEnded(std::function<void(const std::vector<Id128>&)> ended) override {
    people_->passes().OnEnded([ended = std::move(ended)](const std::vector<PassId>& passes) {
      std::vector<Id128> ids;
      ids.reserve(passes.size());
      for (const PassId& pass : passes) ids.push_back(pass.value());
      ended(ids);
    });
  }

 private:
  Status DropOld() {
    SCHAKEL_TRY(desk_.attachments.DropOld());
    SCHAKEL_TRY(desk_.parents_groups.ForgetOld());
    SCHAKEL_TRY(desk_.family_notes.ForgetGone(desk_.cases));
    SCHAKEL_TRY(desk_.enrolments.ForgetOld());
    SCHAKEL_TRY(desk_.learning.ForgetWithdrawn());
    SCHAKEL_TRY(desk_.visits.ForgetOld());
    return desk_.adulthood.EndOnTheDay();
  }

  Result<ApiResponse> Answer(const ApiRequest& request, Language language) {
    const std::string_view target = request.target;
    const std::size_t question = target.find('?');
    const Match match = FindRoute(request.method, target.substr(0, question));
    if (pages_.Has(request)) SCHAKEL_TRY(doorkeeper_.CheckHost(request));
    if (match.route == nullptr && match.allowed.empty()) {
      return Fail(Code::kInvalid, "request.path", "path", "see /v1/openapi.json for what there is");
    }
    if (match.route == nullptr) return Fail(Code::kInvalid, "request.method", "method", "use " + match.allowed);
    SCHAKEL_ASSIGN(Visitor visitor, doorkeeper_.Admit(request, *match.route, desk_.guests));
    Call call{desk_, {}, language, PatienceOf(request), match.path, {}, {}, Json::object(), std::move(visitor)};
    SCHAKEL_ASSIGN(call.caller, doorkeeper_.CallerOf(request, call.visitor, *match.route));
    call.if_match = HeaderOf(request, "if-match");
    call.last_event_id = HeaderOf(request, "last-event-id");
    const auto query = question == std::string_view::npos ? std::string_view{} : target.substr(question + 1);
    SCHAKEL_ASSIGN(call.query, QueryOf(query, *match.route));
    call.accept = HeaderOf(request, "accept");
    call.range = HeaderOf(request, "range");
    SCHAKEL_ASSIGN(call.body, BodyOf(request, *match.route));
    if (request.method == "PUT") call.bytes = request.body;
    const std::string_view key = HeaderOf(request, "idempotency-key");
    if (key.empty()) return Run(*match.route, call, request);
    return RunOnce(*match.route, call, request, key);
  }

  Result<ApiResponse> Run(const Route& route, Call& call, const ApiRequest& request) {
    SCHAKEL_TRY(CheckMayLook(call, route));
    SCHAKEL_TRY(CheckMayWrite(call, route));
    auto reply = route.handler(call);
    const auto preview = call.body.find("preview");
    const bool looked_ahead = preview != call.body.end() && *preview == true;
    if (!reply || looked_ahead) SCHAKEL_TRY(NoteNothingWritten(call));
    if (!looked_ahead) SCHAKEL_TRY(NoteHeldBack(call, reply));
    if (!reply) return std::unexpected(std::move(reply.error()));
    return Finished(request, std::move(*reply));
  }

  Result<ApiResponse> RunOnce(const Route& route, Call& call, const ApiRequest& request, std::string_view key) {
    const Permission* permission = PermissionFor(route.method, route.pattern);
    if (permission == nullptr || !permission->sends) {
      return Fail(Code::kInvalid, "idempotency.not_here", "Idempotency-Key", "leave it out: this sends nothing");
    }
    const std::string who = call.visitor.visit   ? "account " + ToText(call.visitor.visit->account.id)
                            : call.visitor.guest ? "guest " + ToHex(call.visitor.guest->link)
                                                 : "local " + call.caller.person.name;
    SCHAKEL_ASSIGN(const Idempotency::Once once, Idempotency::Read(key, who, request));
    SCHAKEL_ASSIGN(auto before, once_.Begin(once));
    if (before) return std::move(*before);
    // Whatever throws on the way out did not succeed.
    struct Undo {
      Idempotency& idempotency;
      const Idempotency::Once& once;
      bool done = false;
      ~Undo() {
        if (!done) idempotency.Undone(once);
      }
    } undo{once_, once};
    SCHAKEL_ASSIGN(ApiResponse response, Run(route, call, request));
    undo.done = response.status < 300;
    if (undo.done) once_.Done(once, response);
    return response;
  }

  static ApiResponse Finished(const ApiRequest& request, Reply reply) {
    ApiResponse response;
    response.status = reply.status;
    response.events = reply.events;
    response.headers = std::move(reply.headers);
    response.parts = std::move(reply.parts);
    if (response.parts) {
      response.headers["Content-Type"] = reply.type;
      return response;
    }
    const bool json = reply.raw.empty();
    response.headers["Content-Type"] = reply.type.empty() ? "application/json" : reply.type;
    response.body = json && !reply.events ? Dump(reply.json) : std::move(reply.raw);
    if (request.method != "GET" || response.status != 200 || response.events) return response;
    // The view was logged all the same: who holds the bytes already sees them again.
    const std::string tag = EntityTag(response.body);
    response.headers["ETag"] = tag;
    if (!NamesEntityTag(HeaderOf(request, "if-none-match"), tag)) return response;
    response.status = 304;
    response.body.clear();
    response.headers.erase("Content-Type");
    return response;
  }

  ApiResponse Refused(const ApiRequest& request, const Error& error, Language language) {
    ApiResponse response = Problem(error, JsonViews(engine_, language));
    if (error.rule == "request.method") {
      response.headers["Allow"] = FindRoute({}, request.target.substr(0, request.target.find('?'))).allowed;
    }
    if (error.rule == "login.wait") response.headers["Retry-After"] = error.field;
    const bool held_off = error.code == Code::kDenied || error.code == Code::kUnauthenticated;
    if (request.door != ApiDoor::kSocket && (held_off || error.rule == "login.wait")) refusals_.Note(request, error);
    if (const auto page = PageInsteadOf(request, error)) {
      response = {303, {{"Location", *page}}, {}};
    }
    if (response.status == 401) response.headers["WWW-Authenticate"] = "Bearer realm=\"schakel\"";
    return response;
  }

  Engine& engine_;
  const std::unique_ptr<People> people_;
  Doorkeeper doorkeeper_;
  Idempotency once_;
  RefusalLog refusals_;
  const Pages pages_;
  std::unique_ptr<Oidc> oidc_;
  Desk desk_;
  std::unique_ptr<Housekeeping> housekeeping_;  // Likewise.
  std::unique_ptr<Housekeeping> standings_;     // Likewise: of places, whether they are all taken.
  Engine::Subscription of_none_;                // Wakes it.
  std::unique_ptr<NoticePump> pump_;            // Ends before what it pumps from. Null: nobody is to be told.
};

}  // namespace

Language LanguageOf(const ApiRequest& request) {
  const std::string_view accepted = HeaderOf(request, "accept-language");
  // Of those that are wanted as much, the first of ours.
  return *std::ranges::max_element(kLanguages, {},
                                   [&](Language language) { return QualityOf(accepted, Slug(language)); });
}

void PutSecurityHeaders(ApiDoor door, ApiResponse& response) {
  response.headers["Cache-Control"] = "no-store";
  response.headers["X-Content-Type-Options"] = "nosniff";
  response.headers["Referrer-Policy"] = "no-referrer";
  response.headers["Content-Security-Policy"] = kContentPolicy;
  response.headers["Cross-Origin-Resource-Policy"] = "same-origin";
  response.headers["X-Frame-Options"] = "DENY";
  if (door == ApiDoor::kTls) response.headers["Strict-Transport-Security"] = "max-age=31536000";
}

Result<std::unique_ptr<Api>> Api::Open(Engine& engine, const ApiOptions& options, Clock& clock, Random& random) {
  SCHAKEL_ASSIGN(auto loaded, LoadProfiles(options.profiles));
  SCHAKEL_ASSIGN(auto people, People::Open(engine, options.people, clock, random));
  auto api = std::make_unique<ApiOnDesk>(engine, clock, random, std::move(loaded), std::move(people), options);
  SCHAKEL_TRY(api->Load(clock, random));
  return std::unique_ptr<Api>(std::move(api));
}

Result<std::unique_ptr<Api>> Api::Open(Engine& engine, const std::filesystem::path& profiles, Clock& clock,
                                       Random& random) {
  return Open(engine, ApiOptions{.socket = {}, .profiles = profiles}, clock, random);
}

std::vector<std::string> ApiRoutes() {
  std::vector<std::string> routes;
  for (const Route* route : AllRoutes()) routes.push_back(std::string(route->method) + " " + route->pattern);
  std::ranges::sort(routes);
  return routes;
}

std::string ApiAccess(std::string_view route) {
  const auto all = AllPermissions();
  const auto found = std::ranges::find(all, route, &Permission::route);
  if (found == all.end()) return {};
  if (found->needs == Permission::Needs::kNothing) return "*";
  if (found->needs == Permission::Needs::kGuest) return "G";
  std::string letters;
  if (found->roles.Has(StaffRole::kWorker)) letters += 'W';
  if (found->roles.Has(StaffRole::kCoordinator)) letters += 'C';
  if (found->roles.Has(StaffRole::kAuditor)) letters += 'A';
  if (found->roles.Has(StaffRole::kAdministrator)) letters += 'S';
  return letters;
}

std::string_view OpenApiDocument() { return embedded::openapi_json; }

}  // namespace schakel
