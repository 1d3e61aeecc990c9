#include "session.h"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>
#include <utility>

#include "files.h"
#include "local_time.h"
#include "output.h"

namespace schakel {
namespace {

constexpr std::size_t kTextFileBytesMax = 1U << 20;

std::map<std::string, std::string> HeadersOf(const CliOptions& options) {
  std::map<std::string, std::string> headers;
  headers["Accept-Language"] = Slug(options.language);
  headers["Prefer"] = "wait=" + std::to_string(options.wait_s);
  if (!options.person.empty()) headers["Schakel-Person"] = PercentEncoded(options.person);
  if (!options.role.empty()) headers["Schakel-Role"] = options.role;
  if (!options.reason.empty()) headers["Schakel-Reason"] = options.reason;
  return headers;
}

// Fields of a body that hold words of a closed list, and which one.
constexpr std::pair<std::string_view, std::string_view> kWordFields[] = {{"module", "module"},
                                                                         {"urgency", "urgency"},
                                                                         {"taken", "taken"},
                                                                         {"kind", "kind"},
                                                                         {"about", "about"},
                                                                         {"who", "who"},
                                                                         {"choices", "choices"},
                                                                         {"attending", "attending"},
                                                                         {"left_out", "who"},
                                                                         {"required_clients", "who"},
                                                                         {"progress", "progress"},
                                                                         {"found", "found"},
                                                                         {"whose", "whose"},
                                                                         {"answer", "answer"},
                                                                         {"how", "contact-how"},
                                                                         {"how", "alert-end"},
                                                                         {"how", "signed-how"},
                                                                         {"choice", "help-choice"},
                                                                         {"alert_fields", "alert-field"},
                                                                         {"kind", "place-kind"},
                                                                         {"agreed", "who"},
                                                                         {"with", "who"},
                                                                         {"how", "how"},
                                                                         {"ring", "ring"},
                                                                         {"ring", "asking-ring"},
                                                                         {"unanswered", "asking-ring"},
                                                                         {"phase", "family-phase"},
                                                                         {"said", "family-plan-said"},
                                                                         {"trouble", "school-trouble"},
                                                                         {"level", "school-level"},
                                                                         {"step", "school-step"}};

struct Place {
  std::size_t line = 1;
  std::size_t byte = 1;  // In that line.
};
std::optional<Place> FirstNotUtf8(std::string_view text) {
  Place place;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t size = 1;
    while (size <= 4 && !IsUtf8(text.substr(at, size))) ++size;
    if (size > 4) return place;
    place.byte += size;
    if (text[at] == '\n') place = {place.line + 1, 1};
    at += size;
  }
  return std::nullopt;
}

// The API speaks of fields; people at a terminal know options.
constexpr std::pair<std::string_view, std::string_view> kOptions[] = {
    {"ends_at", "--until / --for"},
    {"expires_at", "--until"},
    {"begins_at", "--from"},
    {"consented_by", "--by"},
    {"reason", "--why"},
    {"categories", "--category"},
    {"purposes", "--purpose"},
    {"slots", "--date"},
    {"slot", "--date"},
    {"answer_by", "--answer-by"},
    {"decisions", "--decision"},
    {"text", "--text"},
    {"title", "--title"},
    {"label", "--label"},
    {"message", "--message"},
    {"how", "--how"},
    {"witness", "--witness"},
    {"question", "--question"},
    {"subject", "--subject"},
    {"words", "--words"},
    {"who", "--who"},
    {"coordinator", "--coordinator"},
    {"phase", "--phase"},
    {"said", "--said"},
    {"supporters", "--supporter"},
    {"table", "--table"},
    {"about", "--about"},
    {"contact", "--contact"},
    {"taken", "--taken"},
    {"why", "--why"},
    {"why_not", "--without-clients"},
    {"place", "--place"},
    {"agenda", "--agenda"},
    {"comment", "--comment"},
    {"choices", "--choices"},
    {"to", "--to"},
    {"member", "--member"},
    {"basis", "--basis"},
    {"grantor", "--grantor"},
    {"urgency", "--urgency"},
    {"module", "--module"},
    {"kind", "--kind"},
    {"purpose", "--purpose"},
    {"name", "--name"},
    {"media_type", "--media-type"},
    {"caption", "--caption"},
    {"how", "--how"},
    {"agreed", "--agreed"},
    {"alert_fields", "--alert-field"},
    {"partner", "--partner"},
    {"actions", "--action"},
    {"needs", "--needs"},
    {"age_to", "--age-to"},
    {"wait_until", "--wait-until"},
    {"hold_minutes", "--wait-minutes"},
    {"places", "--count"},
    {"organiser", "--organiser"},
    {"day", "--day"},
    {"hours", "--hours"},
    {"at", "--at"},
    {"until", "--until"},
    {"every_weeks", "--every-weeks"},
    {"grant", "--grant"},
    {"of_age_at", "--of-age"},
    {"receiver", "--receiver"},
    {"domains", "--domain"},
    {"desk", "--desk"},
    {"trouble", "--trouble"},
    {"level", "--level"},
    {"tried", "--tried"},
    {"since", "--since"},
    {"municipality", "--municipality"},
    {"step", "--step"},
    {"coach", "--coach"},
    {"theme", "--theme"},
    {"minutes", "--minutes"},
    {"others", "--others"},
    {"with", "--with"},
    {"due_at", "--due"},
    {"born", "--born"},
    {"died", "--died"},
    {"other", "--other"},
    {"asked_name", "--informant-name"},
    {"informant_name", "--informant-name"},
    {"begins", "--begins"},
    {"ends", "--ends"},
    {"where", "--where"},
    {"colleague", "--colleague"},
    {"attendees", "--attendee"},
    {"leaders", "--leader"},
    {"last_seen_at", "--last-seen-at"},
    {"Schakel-Person", "--as"},
};
// Where a command calls a field otherwise: by the end of the address.
struct OptionThere {
  std::string_view address;
  std::string_view field;
  std::string_view option;  // Empty: an argument without a name.
};
constexpr OptionThere kOptionsThere[] = {
    {"/signature", "who", "--for"},
    {"/signature", "how", "--paper"},
    {"/signature", "signed_at", "--at"},
    {"/subjects", "other", ""},
};
// Names of these stand in the address as well, where no option gives them.
constexpr std::string_view kAlsoInAddresses[] = {"day", "grant"};

std::string OptionOf(std::string_view field, std::string_view target) {
  const std::size_t dot = field.find('.');
  const std::string_view prefix = field.substr(0, dot);
  if (dot != std::string_view::npos && (prefix == "body" || prefix == "grant")) field.remove_prefix(dot + 1);
  field = field.substr(0, field.find('['));  // "actions[0].text" is of an --action.
  target = target.substr(0, target.find('?'));
  for (const auto& [address, name, option] : kOptionsThere) {
    if (name == field && target.ends_with(address)) return std::string(option);
  }
  for (const auto& [name, option] : kOptions) {
    if (name == field) return std::string(option);
  }
  return {};
}
// "/v1/records/3f9a/shares" is about 3f9a; "?record=3f9a" too.
std::string IdIn(std::string_view target) {
  constexpr std::string_view kRecord = "record=";
  if (const std::size_t at = target.find(kRecord); at != std::string_view::npos) {
    return std::string(target.substr(at + kRecord.size(), target.find('&', at) - at - kRecord.size()));
  }
  if (const std::size_t at = target.find("trajectory="); at != std::string_view::npos) {
    return std::string(target.substr(at + 11));
  }
  constexpr std::string_view kVersion = "/v1/";
  if (!target.starts_with(kVersion)) return {};
  target.remove_prefix(kVersion.size());
  const std::size_t slash = target.find('/');
  if (slash == std::string_view::npos) return {};
  target.remove_prefix(slash + 1);
  return std::string(target.substr(0, target.find_first_of("/?")));
}
// "ba73%201e2b" was typed as "ba73 1e2b".
std::string PercentDecodedOrSame(const std::string& text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned byte = 0;
    const char* from = text.data() + i + 1;
    if (text[i] == '%' && i + 2 < text.size() && std::from_chars(from, from + 2, byte, 16).ptr == from + 2) {
      plain += static_cast<char>(byte);
      i += 2;
    } else {
      plain += text[i];
    }
  }
  return plain;
}
// The id that `field` is about: that which stands in the request itself, else that in its address.
std::string TypedId(const Json& body, const std::string& target, const std::string& field) {
  // "/v1/consultations/51aa/reveals" with a trajectory in the body: of the two it is the consultation.
  const bool addressed = !field.empty() && target.starts_with("/v1/" + field);
  for (const std::string& name : {field, std::string("trajectory")}) {
    if (addressed && name != field) continue;
    if (!body.is_object() || !body.contains(name)) continue;
    const Json& value = body.at(name);
    if (value.is_string()) return value.get<std::string>();
    // Of several, the agent does not say which.
    if (value.is_array()) return value.size() == 1 && value[0].is_string() ? value[0].get<std::string>() : "";
  }
  return PercentDecodedOrSame(IdIn(target));
}
// Rules that are about what stood there, not about where.
bool IsAboutTheValue(const std::string& rule) {
  return rule == "id.organisation" || rule == "directory.organisation" || rule == "body.choice" ||
         rule.starts_with("vocabulary.");
}
// Of a list: the first that is no name.
std::string ValueIn(const Json& body, const std::string& field) {
  if (!body.is_object() || !body.contains(field)) return {};
  const Json& value = body.at(field);
  if (value.is_string()) return value.get<std::string>();
  if (!value.is_array()) return {};
  for (const Json& one : value) {
    if (one.is_string() && !ParseOrgId(one.get<std::string>())) return one.get<std::string>();
  }
  return {};
}
// Worth showing by itself: somebody typed it.
bool MeansSomething(const std::string& field) {
  return field.starts_with("--") || field.starts_with('/') || field.starts_with('"');
}
void ReplaceWord(std::string& text, const std::string& word, const std::string& by) {
  const std::size_t at = word.empty() ? std::string::npos : text.rfind(word);
  if (at != std::string::npos) text.replace(at, word.size(), by);
}

std::string Text(const Json& value) { return value.is_string() ? value.get<std::string>() : std::string{}; }

// Of a plan for adulthood: "Wonen: Studio via het CAW (afgesproken; Lies; 01/04/2027)".
std::string DomainText(const Session& session, const Json& one) {
  std::string text = Text(one.at("title"));
  if (!Text(one.at("agreed")).empty()) text += ": " + Text(one.at("agreed"));
  text += " (" + session.Word("domain-state", one.at("state"));
  if (!Text(one.at("who")).empty()) text += "; " + Text(one.at("who"));
  if (!one.at("by").is_null()) text += "; " + session.Day(one.at("by"));
  return text + ")";
}

}  // namespace

std::string MisuseJson(const std::string& what, const std::string& next) {
  // The option or the argument that it names, if any.
  const std::size_t option = what.find("--");
  const std::string field =
      option == std::string::npos ? std::string() : what.substr(option, what.find_first_of(" :;,.=)", option) - option);
  const Json json = {{"type", "urn:schakel:rule:cli.misuse"},
                     {"title", what},
                     {"status", 400},
                     {"detail", next},
                     {"code", "invalid"},
                     {"rule", "cli.misuse"},
                     {"field", field},
                     {"next", next}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace);
}

Session::Session(const CliOptions& options, CliWorld& world)
    : options_(options), world_(world), client_(options.socket, HeadersOf(options)) {}

int Session::Say(const Error& error) {
  const Explanation explanation = Explain(error, options_.language);
  if (options_.json) {
    const Json json = {{"title", explanation.what},
                       {"code", CodeName(error.code)},
                       {"rule", error.rule},
                       {"field", error.field},
                       {"next", explanation.next}};
    world_.out << json.dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
  }
  const std::string field = FieldInWords(error, options_.language);
  const bool named = field.empty() || explanation.what.find(field) != std::string::npos;
  const bool entry = error.field.starts_with("entry ");
  world_.err << "schakel: " << T("cli.error") << ": " << Clean(explanation.what);
  if (!named && (entry || MeansSomething(field))) world_.err << " (" << Clean(field) << ")";
  world_.err << "\nhint: " << Clean(explanation.next) << '\n';
  return 1;
}

int Session::SayMisuse(const std::string& what, const std::string& next) {
  if (options_.json) world_.out << MisuseJson(what, next) << '\n';
  world_.err << "schakel: " << T("cli.error") << ": " << Clean(what) << "\nhint: " << Clean(next) << '\n';
  return 2;
}

// What a person typed there: the id, the name that is none, or else the option.
std::string Session::TypedFor(const std::string& rule, const std::string& field) const {
  if (rule.starts_with("id.") && rule != "id.organisation") {
    if (const std::string id = TypedId(asked_, target_, field); !id.empty()) return id;
  }
  if (IsAboutTheValue(rule)) {
    if (const std::string value = ValueIn(asked_, field); !value.empty()) return value;
  }
  const bool elsewhere = std::ranges::find(kAlsoInAddresses, field) != std::end(kAlsoInAddresses);
  return elsewhere && !asked_.contains(field) ? std::string() : OptionOf(field, target_);
}

int Session::SayProblem(const Json& problem) {
  const std::string rule = problem.value("rule", std::string());
  std::string what = problem.value("title", std::string("?"));
  std::string field = problem.value("field", std::string());
  const std::string value = problem.value("value", std::string());  // The text names it already.
  const std::string typed = value.empty() ? TypedFor(rule, field) : value;
  if (!value.empty()) {
    field = value;
  } else if (!typed.empty()) {
    // Only where the text names the field: its name may be a word of the text as well.
    const std::string text = "error." + rule;
    if (HasText(options_.language, text) && T(text).find("{field}") != std::string::npos) {
      const std::string of = "id_of." + field;  // How the agent calls what an id is of.
      ReplaceWord(what, rule.starts_with("id.") && HasText(options_.language, of) ? T(of) : field, typed);
    }
    field = typed;
  }
  if (options_.json) {
    Json shown = problem;
    shown["title"] = what;
    world_.out << shown.dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
  }
  world_.err << "schakel: " << T("cli.error") << ": " << Clean(what);
  const bool named = field.empty() || what.find(field) != std::string::npos;
  if (!named && (!typed.empty() || MeansSomething(field))) world_.err << " (" << Clean(field) << ")";
  world_.err << '\n';
  if (problem.contains("unreached")) {
    for (const Json& one : problem.at("unreached")) {
      world_.err << "  " << Clean(Name(one.at("organisation"))) << ": " << Clean(Text(one.at("label"))) << '\n';
    }
  }
  const std::string own = "cli.hint." + rule;  // What to do here may be another option.
  world_.err << "hint: " << (HasText(options_.language, own) ? T(own) : Clean(problem.value("next", std::string())))
             << '\n';
  if (problem.contains("unreached")) HintAtPurpose(problem.at("unreached"));
  return 1;
}

void Session::HintAtPurpose(const Json& unreached) {
  if (assumed_purpose_.empty()) return;
  const bool for_purpose =
      std::ranges::any_of(unreached, [](const Json& one) { return one.value("reason", std::string()) == "purpose"; });
  if (!for_purpose) return;
  const std::string purpose = Purposes(Json::array({assumed_purpose_}));
  world_.err << "hint: " << T("cli.purpose_assumed", {{"purpose", purpose + " (" + assumed_purpose_ + ")"}}) << '\n';
}

std::optional<Json> Session::Take(Result<ClientReply> reply) {
  if (!reply) {
    Say(reply.error());
    return std::nullopt;
  }
  Json json = Json::parse(reply->body, nullptr, false);
  if (json.is_discarded() || !json.is_object()) {
    Say({Code::kCorrupt, "agent.answer", "--socket", "check that the socket is that of schakel-agent"});
    return std::nullopt;
  }
  if (reply->status >= 400) {
    SayProblem(json);
    return std::nullopt;
  }
  return json;
}

std::optional<Json> Session::Get(const std::string& target) {
  target_ = target;
  asked_ = Json::object();
  auto json = Take(client_.Send("GET", target, {}));
  // A list comes in pages; what is asked for here is all of it.
  while (json) {
    const auto next = json->find("next");
    if (next == json->end() || !next->is_string()) break;
    const std::string cursor = PercentEncoded(next->get<std::string>());
    auto page = Take(
        client_.Send("GET", target + (target.find('?') == std::string::npos ? "?" : "&") + "cursor=" + cursor, {}));
    if (!page) return std::nullopt;
    for (auto& [field, value] : json->items()) {
      // What is said once, of all of it, stands on the first page alone.
      const auto more = page->find(field);
      if (value.is_array() && more != page->end()) value.insert(value.end(), more->begin(), more->end());
    }
    (*json)["next"] = page->value("next", Json(nullptr));
  }
  return json;
}

std::optional<Json> Session::Post(const std::string& target, const Json& body) {
  target_ = target;
  asked_ = body;
  return Take(client_.Send("POST", target, body.dump(-1, ' ', false, Json::error_handler_t::replace)));
}

std::optional<Json> Session::Delete(const std::string& target) {
  target_ = target;
  asked_ = Json::object();
  return Take(client_.Send("DELETE", target, {}));
}

std::optional<std::pair<int, Json>> Session::PostWhatever(const std::string& target, const Json& body) {
  target_ = target;
  asked_ = body;
  auto reply = client_.Send("POST", target, body.dump(-1, ' ', false, Json::error_handler_t::replace));
  if (!reply) {
    Say(reply.error());
    return std::nullopt;
  }
  return std::pair(reply->status, Json::parse(reply->body));
}

std::optional<Json> Session::Put(const std::string& target, ByteView bytes) {
  target_ = target;
  asked_ = Json::object();
  return Take(client_.Put(target, bytes));
}

std::expected<std::string, Session::Unfetched> Session::Fetch(const std::string& target, std::uint64_t from,
                                                              const std::function<bool(std::string_view bytes)>& take) {
  target_ = target;
  asked_ = Json::object();
  auto reply = client_.Fetch(target, from, take);
  if (reply && (reply->status == 200 || reply->status == 206)) return std::move(reply->tag);
  const Unfetched why = reply && reply->status >= 400 ? Unfetched::kRefused : Unfetched::kCutOff;
  Take(std::move(reply));
  return std::unexpected(why);
}

std::optional<std::string> Session::GetBytes(const std::string& target) {
  auto reply = client_.Send("GET", target, {});
  if (reply && reply->status == 200) return std::move(reply->body);
  Take(std::move(reply));
  return std::nullopt;
}

bool Session::PrintedJson(const Json& json) {
  if (options_.json) world_.out << json.dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
  return options_.json;
}

std::optional<std::string> Session::TextOf(const std::string& argument) {
  std::string text = argument;
  std::string source = argument;
  if (argument == "-") {
    text.assign(std::istreambuf_iterator<char>(world_.in), {});
  } else if (argument.starts_with('@')) {
    source = argument.substr(1);
    auto bytes = ReadWhole(source, kTextFileBytesMax);
    if (!bytes) {
      Say(bytes.error());
      return std::nullopt;
    }
    text = std::string(AsText(*bytes));
  }
  if (text.size() > kTextFileBytesMax) {
    Say({Code::kLimit, "file.large", source, std::to_string(kTextFileBytesMax >> 10) + " KiB"});
    return std::nullopt;
  }
  // Nobody's words are altered unseen.
  if (const auto place = FirstNotUtf8(text)) {
    Say({Code::kInvalid, "file.utf8",
         source + T("cli.place", {{"line", std::to_string(place->line)}, {"byte", std::to_string(place->byte)}}),
         "save it as UTF-8"});
    return std::nullopt;
  }
  if (text.find_first_not_of(" \t\r\n") == std::string::npos) {
    Say({Code::kInvalid, "file.empty", source, "write something in it"});
    return std::nullopt;
  }
  return text;
}

std::string Session::When(const Json& time) const {
  auto parsed = ParseTimestamp(Text(time));
  return parsed ? LocalText(*parsed, options_.language) : std::string{};
}

std::string Session::Exactly(const Json& time) const {
  auto parsed = ParseTimestamp(Text(time));
  return parsed ? LocalExactText(*parsed, options_.language) : std::string{};
}

std::string Session::Day(const Json& time) const {
  auto parsed = ParseTimestamp(Text(time));
  return parsed ? LocalDate(*parsed, options_.language) : std::string{};
}

std::string Session::LastDay(const Json& end) const {
  auto parsed = ParseTimestamp(Text(end));
  return parsed ? LocalDate(*parsed - std::chrono::milliseconds(1), options_.language) : std::string{};
}

std::string Session::Until(const Json& end) const {
  auto parsed = ParseTimestamp(Text(end));
  return parsed && LocalClock(*parsed) == "00:00" ? LastDay(end) : When(end);
}

std::string Session::Slot(const Json& slot) const {
  if (!slot.is_object()) return {};
  auto end = ParseTimestamp(Text(slot.at("ends_at")));
  return When(slot.at("begins_at")) + (end ? "–" + LocalClock(*end) : std::string{});
}

std::string Session::Name(const Json& organisation) const {
  return organisation.is_object() ? Text(organisation.at("name")) : std::string{};
}

std::string Session::Names(const Json& organisations) const {
  std::string names;
  for (const Json& one : organisations) names += (names.empty() ? "" : ", ") + Name(one);
  return names;
}

std::string Session::Categories(const Json& slugs) const {
  std::string words;
  for (const Json& slug : slugs) {
    auto category = ParseCategory(Text(slug));
    words += (words.empty() ? "" : ", ") + (category ? std::string(Label(*category, options_.language)) : Text(slug));
  }
  return words;
}

std::string Session::Purposes(const Json& slugs) const {
  std::string words;
  for (const Json& slug : slugs) {
    auto purpose = ParsePurpose(Text(slug));
    words += (words.empty() ? "" : ", ") + (purpose ? std::string(Label(*purpose, options_.language)) : Text(slug));
  }
  return words;
}

std::string Session::KindWord(const Json& slug) const { return Word("record", slug); }

std::string Session::Word(std::string_view list, const Json& slug) const {
  const std::string key = "word." + std::string(list) + "." + Text(slug);
  return HasText(options_.language, key) ? T(key) : Text(slug);
}

std::string Session::TrajectoryWord(const Json& trajectory) const {
  if (!trajectory.is_object()) return T("cli.anonymous");
  const std::string label = Text(trajectory.at("label"));
  const std::string id = Short(Text(trajectory.at("id")));
  return label.empty() || label == id ? id : label + " (" + id + ")";
}

std::string Session::FieldText(const std::string& field, const Json& value) const {
  for (const auto& [name, list] : kWordFields) {
    // Bodies of several types may have a field of that name, each with a list of its own.
    const std::string key = "word." + std::string(list) + "." + Text(value);
    if (field == name && HasText(options_.language, key)) return T(key);
  }
  if (value.is_boolean()) return T(value.get<bool>() ? "cli.yes" : "cli.no");
  if (field == "at" || field.ends_with("_at") || field.ends_with("_by")) {
    const std::string when = When(value);
    if (!when.empty()) return when;
  }
  if (value.is_string()) return value.get<std::string>();
  if (value.is_number()) return value.dump();
  if (value.is_object() && value.contains("begins_at")) return Slot(value);
  return {};
}

void Session::PrintBody(const Json& body, const std::string& indent) {
  for (const auto& [field, value] : body.items()) {
    if (field == "type") continue;
    // Nobody is shut out by an age that was not given.
    if ((field == "age_from" || field == "age_to") && value == 0) continue;
    const std::string key = "field." + field;
    const std::string name = HasText(options_.language, key) ? T(key) : field;
    if (value.is_array()) {
      if (value.empty()) continue;
      out() << indent << name << ":\n";
      std::size_t number = 0;
      for (const Json& one : value) {
        std::string text = FieldText(field, one);
        if (one.is_object() && one.contains("present")) {
          text = Text(one.at("name")) + (one.at("present") == true ? "" : " (" + T("cli.absent") + ")");
        } else if (one.is_object() && one.contains("agreed")) {
          text = DomainText(*this, one);
        }
        out() << indent << "  " << ++number << ". " << Fitted(text, 500) << '\n';
      }
    } else if (value.is_object() && field == "body") {
      PrintBody(value, indent);
    } else if (value.is_object() && field == "original") {
      out() << indent
            << T("cli.shared_again", {{"author", Text(value.at("author"))}, {"at", When(value.at("created_at"))}})
            << '\n';
    } else {
      const std::string text = Clean(FieldText(field, value));
      if (text.empty()) continue;
      if (text.size() > 60 || text.find('\n') != std::string::npos) {
        out() << indent << name << ":\n";
        PrintText(out(), text, indent + "  ");
      } else {
        out() << indent << name << ": " << text << '\n';
      }
    }
  }
}

void Session::PrintStatement(const Json& record) {
  if (record.contains("frame")) {
    const Json& frame = record.at("frame");
    out() << "  " << T("cli.col.chair") << ": " << Clean(Name(frame.at("chair"))) << '\n'
          << "  " << T("cli.col.purposes") << ": " << Purposes(frame.at("purposes")) << '\n'
          << "  " << T("cli.col.from_time") << ": " << When(frame.at("begins_at")) << '\n'
          << "  " << T("cli.col.until") << ": " << When(frame.at("ends_at")) << '\n';
  }
  if (record.contains("review")) {
    const Json& review = record.at("review");
    const auto outcome = ParseReviewOutcome(Text(review.at("outcome")));
    out() << "  " << T("cli.col.review") << ": " << (outcome ? Label(*outcome, options_.language) : "") << " ("
          << T("cli.col.grant") << " " << Short(Text(review.at("grant"))) << ")\n";
  }
}

void Session::PrintRecord(const Json& record) {
  out() << KindWord(record.at("kind")) << " " << Short(Text(record.at("id"))) << " · "
        << Clean(Name(record.at("author"))) << " · " << When(record.at("at"));
  const std::string categories = Categories(record.at("categories"));
  if (!categories.empty()) out() << " · " << categories;
  if (record.at("state") == "waiting") out() << " · " << T("word.state.waiting");
  out() << '\n';
  PrintStatement(record);
  if (record.contains("body")) PrintBody(record.at("body"), "  ");
  if (record.contains("attachments")) PrintAttachments(record.at("attachments"));
  if (record.contains("sealed")) {
    out() << "  " << Text(record.at("sealed").at("title")) << '\n';
  }
}

std::string Session::HowWhole(const Json& attachment) const {
  const auto missing = attachment.at("missing").get<std::uint64_t>();
  if (attachment.at("pieces") == 0) return T("cli.attachment.sealed");
  if (missing == 0) return T("cli.attachment.whole");
  return T("cli.attachment.missing",
           {{"missing", std::to_string(missing)}, {"pieces", attachment.at("pieces").dump()}});
}

void Session::PrintAttachments(const Json& attachments) {
  for (const Json& one : attachments) {
    out() << "  " << KindWord("attachment") << " " << Short(Text(one.at("id"))) << ": ";
    if (one.contains("body") && one.at("body").contains("name")) {
      const Json& body = one.at("body");
      out() << Clean(Text(body.at("name"))) << " (" << Clean(Text(body.at("media_type"))) << ", "
            << body.at("size").dump() << " bytes) ";
    }
    out() << HowWhole(one) << '\n';
  }
}

// What waits though the hub is there has others before it.
bool Session::IsConnected() {
  const auto reply = client_.Send("GET", "/v1/status", {});
  const Json status = reply ? Json::parse(reply->body, nullptr, false) : Json();
  return status.is_object() && status.value("connected", false);
}

int Session::PrintSent(const Json& sent, const std::string& kind) {
  const int exit_code = sent.at("missed") == true ? 3 : 0;
  if (PrintedJson(sent)) return exit_code;
  const bool preview = sent.at("state") == "preview";
  const bool waiting = sent.at("state") == "waiting";
  const std::string what = KindWord(kind);
  const std::string done = "cli.done." + kind;  // "Traject gesloten": such a thing is not sent, it is so.
  if (preview) {
    out() << T("cli.preview", {{"what", what}}) << '\n';
  } else {
    const std::string id = Short(Text(sent.at("record")));
    if (HasText(options_.language, done)) {
      out() << T(done) << ": " << id;
    } else {
      out() << T(waiting ? "cli.written" : "cli.sent", {{"what", what}, {"id", id}});
    }
    const char* leaves = waiting && IsConnected() ? "cli.leaves_soon" : "cli.leaves_later";
    out() << (waiting ? "; " + T(leaves) : " (" + T("word.state." + Text(sent.at("state"))) + ")") << '\n';
  }
  Json sure = Json::array();
  // Who is told only that it was said stands there, and not among those whom the words reach.
  const auto stands_in = [&](const char* list, const Json& one) {
    return std::ranges::find(sent.at(list), one) != sent.at(list).end();
  };
  for (const Json& one : sent.at("reaches")) {
    if (!stands_in("unsure", one) && !stands_in("told_only", one)) sure.push_back(one);
  }
  const char* reaches = waiting ? "cli.reaches_later" : preview ? "cli.reaches_preview" : "cli.reaches";
  if (!sure.empty()) out() << T(reaches) << ": " << Clean(Names(sure)) << '\n';
  if (!sent.at("unsure").empty()) {
    out() << T("cli.unsure", {{"who", Clean(Names(sent.at("unsure")))}}) << '\n';
  }
  if (!sent.at("told_only").empty()) {
    out() << T("cli.told_only", {{"who", Clean(Names(sent.at("told_only")))}}) << '\n';
  }
  const bool statement = kind.starts_with("trajectory-") || kind.starts_with("member-") || kind.starts_with("grant-");
  if (sent.at("reaches").empty() && !statement) out() << T("cli.reaches_nobody") << '\n';
  for (const Json& one : sent.at("unreached")) {
    out() << T("cli.unreached") << ": " << Clean(Name(one.at("organisation"))) << " (" << Text(one.at("label"))
          << ")\n";
  }
  HintAtPurpose(sent.at("unreached"));
  if (exit_code != 0) {
    world_.err << "schakel: " << T("cli.error") << ": " << T("cli.missed") << "\nhint: " << T("cli.missed_next")
               << '\n';
  }
  return exit_code;
}

}  // namespace schakel
