#include "agents/api.h"

#include <algorithm>
#include <charconv>

#include "agents/i18n.h"
#include "router.h"

namespace schakel {

namespace embedded {
extern const std::string_view openapi_json;
}  // namespace embedded

namespace {

constexpr std::size_t kPersonBytesMax = 120;
constexpr std::chrono::seconds kPatienceMax{60};

std::string_view HeaderOf(const ApiRequest& request, const std::string& name) {
  auto found = request.headers.find(name);
  return found == request.headers.end() ? std::string_view{} : std::string_view(found->second);
}

std::string_view Trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// Calls `take` with each part of a comma-separated list.
template <typename Take>
void ForEachPart(std::string_view list, Take take) {
  while (!list.empty()) {
    const std::size_t comma = list.find(',');
    take(Trimmed(list.substr(0, comma)));
    if (comma == std::string_view::npos) break;
    list.remove_prefix(comma + 1);
  }
}

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

Language LanguageOf(const ApiRequest& request) {
  const std::string_view accepted = HeaderOf(request, "accept-language");
  return QualityOf(accepted, "en") > QualityOf(accepted, "nl") ? Language::kEnglish : Language::kDutch;
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

Result<Caller> CallerOf(const ApiRequest& request) {
  Caller caller;
  const std::string_view person = Trimmed(HeaderOf(request, "schakel-person"));
  auto name = PercentDecoded(person.empty() ? std::string_view(request.peer) : person, false);
  if (name && name->size() > kPersonBytesMax) {
    return Fail(Code::kInvalid, "caller.long", "Schakel-Person", "use at most 120 bytes");
  }
  const bool printable = name && std::ranges::none_of(*name, [](unsigned char c) { return c < 0x20 || c == 0x7F; });
  if (!printable || name->empty()) {
    return Fail(Code::kInvalid, "caller.person", "Schakel-Person", "say who you are, in 1 to 120 bytes of UTF-8");
  }
  caller.person.name = std::move(*name);
  if (const auto role = HeaderOf(request, "schakel-role"); !role.empty()) {
    SCHAKEL_ASSIGN(caller.person.role, ParseStaffRole(role));
  }
  if (const auto reason = HeaderOf(request, "schakel-reason"); !reason.empty()) {
    SCHAKEL_ASSIGN(caller.reason, ParseViewReason(reason));
  }
  return caller;
}

// Parameters that take words of ours; the others name things.
bool MayBe(const std::string& name, const std::string& value) {
  if (name == "show") return value == "full";
  if (name == "closed" || name == "evidence") return value == "true" || value == "false";
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
                  *name == "show" ? "choose one of full" : "choose one of true, false");
    }
    query[*name] = *value;
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return query;
}

Result<Json> BodyOf(const ApiRequest& request) {
  if (request.method != "POST") return Json::object();
  if (request.body.empty()) return Json::object();
  // A form that a foreign web page makes a browser send is not JSON, and is refused for that.
  if (!Trimmed(HeaderOf(request, "content-type")).starts_with("application/json")) {
    return Fail(Code::kInvalid, "request.content_type", "Content-Type", "send application/json");
  }
  SCHAKEL_ASSIGN(Json json, ParseJson(request.body));
  if (!json.is_object()) return Fail(Code::kInvalid, "request.json", "body", "send a JSON object");
  return json;
}

class ApiOnDesk final : public Api {
 public:
  ApiOnDesk(Engine& engine, Clock& clock, Random& random, std::map<Sector, Profile> profiles)
      : engine_(engine), desk_(engine, clock, random, std::move(profiles)) {}

  ApiResponse Handle(const ApiRequest& request) override {
    const Language language = LanguageOf(request);
    ApiResponse response = [&] {
      try {
        auto reply = Answer(request, language);
        return reply ? Finished(std::move(*reply)) : Refused(request, reply.error(), language);
      } catch (const std::exception&) {
        // The JSON library throws on what we overlooked; that is our mistake, and ends here.
        return Refused(request, Error{Code::kInternal, "api.internal", {}, "report this to the operator"}, language);
      }
    }();
    response.headers["Content-Language"] = language == Language::kDutch ? "nl" : "en";
    response.headers["Cache-Control"] = "no-store";
    response.headers["X-Content-Type-Options"] = "nosniff";
    return response;
  }

 private:
  Result<Reply> Answer(const ApiRequest& request, Language language) {
    const std::string_view target = request.target;
    const std::size_t question = target.find('?');
    const Match match = FindRoute(request.method, target.substr(0, question));
    if (match.route == nullptr && match.allowed.empty()) {
      return Fail(Code::kInvalid, "request.path", "path", "see /v1/openapi.json for what there is");
    }
    if (match.route == nullptr) return Fail(Code::kInvalid, "request.method", "method", "use " + match.allowed);
    Call call{desk_, {}, language, PatienceOf(request), match.path, {}, {}, Json::object()};
    SCHAKEL_ASSIGN(call.caller, CallerOf(request));
    const auto query = question == std::string_view::npos ? std::string_view{} : target.substr(question + 1);
    SCHAKEL_ASSIGN(call.query, QueryOf(query, *match.route));
    call.accept = HeaderOf(request, "accept");
    SCHAKEL_ASSIGN(call.body, BodyOf(request));
    return match.route->handler(call);
  }

  ApiResponse Finished(Reply reply) {
    ApiResponse response;
    response.status = reply.status;
    response.events = reply.events;
    response.trajectory = reply.trajectory;
    const bool json = reply.raw.empty();
    response.headers["Content-Type"] = reply.type.empty() ? "application/json" : reply.type;
    response.body =
        json && !reply.events ? reply.json.dump(-1, ' ', false, Json::error_handler_t::replace) : std::move(reply.raw);
    return response;
  }
  ApiResponse Refused(const ApiRequest& request, const Error& error, Language language) {
    ApiResponse response = Problem(error, JsonViews(engine_, language));
    if (error.rule == "request.method") {
      response.headers["Allow"] = FindRoute({}, request.target.substr(0, request.target.find('?'))).allowed;
    }
    return response;
  }

  Engine& engine_;
  Desk desk_;
};

}  // namespace

Result<std::unique_ptr<Api>> Api::Open(Engine& engine, const std::filesystem::path& profiles, Clock& clock,
                                       Random& random) {
  SCHAKEL_ASSIGN(auto loaded, LoadProfiles(profiles));
  return std::unique_ptr<Api>(std::make_unique<ApiOnDesk>(engine, clock, random, std::move(loaded)));
}

std::vector<std::string> ApiRoutes() {
  std::vector<std::string> routes;
  for (const Route* route : AllRoutes()) routes.push_back(std::string(route->method) + " " + route->pattern);
  std::ranges::sort(routes);
  return routes;
}

std::string_view OpenApiDocument() { return embedded::openapi_json; }

}  // namespace schakel
