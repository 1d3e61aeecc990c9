// What somebody may throw at the local socket of an agent: each request is refused with a rule and a next step, memory
// stays bounded, and a colleague is served meanwhile. The requests are made from the document that describes the API.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "bystander.h"
#include "support/real_region.h"

namespace schakel::testing {
namespace {

constexpr double kRssMiBMax = 300;

class HostileAgentTest : public ::testing::Test {
 protected:
  HostileAgentTest() : region_({"lead", "partner"}) { path_ = "/v1/trajectories/" + region_.ShareCase(); }

  RealAgent& agent() { return region_.agent(0); }
  HttpAnswer Send(const std::string& bytes) {
    Stream stream = Stream::ToSocket(agent().socket());
    stream.Send(bytes);
    return ReadHttpAnswer(stream, std::chrono::seconds(20));
  }
  // Refused by a rule, with what to do about it; never a fault of the program.
  void ExpectRefused(const HttpAnswer& answer, int want = 0) {
    EXPECT_TRUE(want == 0 ? answer.status >= 400 && answer.status < 500 : answer.status == want)
        << answer.status << " " << answer.body.substr(0, 300);
    const Json problem = Json::parse(answer.body, nullptr, false);
    ASSERT_TRUE(problem.is_object()) << answer.body.substr(0, 300);
    EXPECT_FALSE(problem.value("rule", "").empty());
    EXPECT_FALSE(problem.value("next", "").empty()) << problem.dump();
    ++refused_;
  }
  void FinishCleanly(Bystander& bystander) {
    bystander.ExpectServed(5);
    ASSERT_TRUE(agent().process().Running());
    EXPECT_LT(RssMiB(agent().process().pid()), kRssMiBMax);
    EXPECT_EQ(agent().Status()["alarms"], 0);
    region_.Stop();
    MustRun(agent().Command({"check"}));
    region_.hub().Verify();
    std::string secret = ReadFile(agent().folder() / "master.key");
    secret.resize(24);
    EXPECT_EQ(agent().Log().find(secret), std::string::npos);
    EXPECT_EQ(agent().Log().find("gewoon werk"), std::string::npos) << "words of a record in the agent's log";
  }

  RealRegion region_;
  std::string path_;
  int refused_ = 0;
};

TEST_F(HostileAgentTest, MalformedHttp) {
  Bystander bystander(agent(), path_);
  // Who never finishes is cut in the end, and keeps nobody else waiting.
  std::vector<Stream> slow;
  const char* const beginnings[] = {"G", "GET /v1/status HTTP/1.1\r\nHost: x\r\nX: ",
                                    "POST /v1/trajectories HTTP/1.1\r\nContent-Type: application/json\r\n"
                                    "Content-Length: 100\r\n\r\n{\"label\":",
                                    "POST /v1/trajectories HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"la"};
  for (int i = 0; i < 100; ++i) {
    slow.push_back(Stream::ToSocket(agent().socket()));
    ASSERT_TRUE(slow.back().Send(beginnings[i % 4]));
  }
  bystander.ExpectServedNow();

  const std::string chunk = "10000\r\n" + std::string(0x10000, ' ') + "\r\n";
  std::string chunks =
      "POST /v1/trajectories HTTP/1.1\r\nContent-Type: application/json\r\n"
      "Transfer-Encoding: chunked\r\n\r\n";
  for (int i = 0; i < 64; ++i) chunks += chunk;
  const auto post = [](const std::string& body) { return HttpRequest("POST", "/v1/trajectories", body); };
  struct Case {
    const char* name;
    std::string request;
    int want;
  };
  const Case cases[] = {
      {"no HTTP", "hallo\r\n\r\n", 400},
      {"a byte of zero", std::string("GET /v1/st\0tus HTTP/1.1\r\n\r\n", 28), 400},
      {"another version", "GET /v1/status HTTP/7.3\r\n\r\n", 400},
      {"huge header", "GET /v1/status HTTP/1.1\r\nX: " + std::string(1U << 20, 'x') + "\r\n\r\n", 431},
      {"huge target", "GET /" + std::string(1U << 20, 'x') + " HTTP/1.1\r\n\r\n", 431},
      {"huge body", post(std::string(2U << 20, ' ')), 413},
      {"promise of a huge body", "POST /v1/trajectories HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n", 413},
      {"a negative length", "POST /v1/trajectories HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 400},
      {"chunks without end", chunks, 413},
      {"a broken chunk", "POST /v1/trajectories HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400},
      {"deep arrays", post("{\"label\":" + std::string(200'000, '[') + std::string(200'000, ']') + "}"), 400},
      {"deep objects", post([] {
         std::string text;
         for (int i = 0; i < 50'000; ++i) text += "{\"a\":";
         return text;
       }()),
       400},
      {"no JSON", post("{label: ja}"), 400},
      {"no UTF-8", post("{\"label\":\"\xff\xfe\"}"), 400},
      {"half a surrogate", post("{\"label\":\"\\ud800\"}"), 400},
      {"a number without end", post("{\"label\":1" + std::string(100'000, '0') + "}"), 400},
      {"a list", post("[]"), 400},
      {"a form", HttpRequest("POST", "/v1/trajectories", "label=x", {{"Content-Type", "text/plain"}}), 400},
      {"another method", HttpRequest("PATCH", "/v1/trajectories"), 405},
      {"another path", HttpRequest("GET", "/v1/../../etc/passwd"), 404},
      {"percents", HttpRequest("GET", "/v1/trajectories/%ff%00"), 404},
      {"unknown parameter", HttpRequest("GET", "/v1/trajectories?x=1"), 400},
      {"a nameless person", HttpRequest("GET", "/v1/status", {}, {{"Schakel-Person", "%0a"}}), 400},
      {"a person of a megabyte", HttpRequest("GET", "/v1/status", {}, {{"Schakel-Person", std::string(9000, 'x')}}),
       400},
      {"another role", HttpRequest("GET", "/v1/status", {}, {{"Schakel-Role", "koning"}}), 400},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    ExpectRefused(Send(c.request), c.want);
  }
  EXPECT_LT(RssMiB(agent().process().pid()), kRssMiBMax);
  std::mt19937 dice(3);
  for (int i = 0; i < 300; ++i) {
    std::string noise(1 + dice() % 3000, '\0');
    for (char& c : noise) c = static_cast<char>(dice());
    Stream::ToSocket(agent().socket()).Send(noise);
  }
  bystander.ExpectServedNow();
  for (Stream& stream : slow) EXPECT_TRUE(stream.AwaitEnd(std::chrono::seconds(45))) << "a sender without end is kept";
  FinishCleanly(bystander);
}

// ---- from the document ----

// A value as the schema wants it.
Json Sample(const Json& document, const Json& schema) {
  if (schema.contains("$ref")) {
    return Sample(document, document.at(Json::json_pointer(schema["$ref"].get<std::string>().substr(1))));
  }
  if (schema.contains("enum")) return schema["enum"][0];
  const std::string type = schema.value("type", "string");
  if (type == "integer") return 0;
  if (type == "boolean") return false;
  if (type == "array") return Json::array({Sample(document, schema["items"])});
  if (type == "object") {
    Json object = Json::object();
    for (const auto& [name, property] : schema["properties"].items()) object[name] = Sample(document, property);
    return object;
  }
  if (schema.value("format", "") == "date-time") return "2027-01-12T10:00:00Z";
  return schema.contains("pattern") ? "partner" : "woorden";
}

// Values that the schema does not allow.
std::vector<Json> Wrong(const Json& document, const Json& schema) {
  if (schema.contains("$ref")) {
    return Wrong(document, document.at(Json::json_pointer(schema["$ref"].get<std::string>().substr(1))));
  }
  if (schema.contains("enum")) return {"geen-woord", 7, Json::array(), Json::object(), true};
  const std::string type = schema.value("type", "string");
  if (type == "integer") return {-1, 1.5, "1", Json::array(), true};
  if (type == "boolean") return {"ja", 1, Json::array()};
  if (type == "array") {
    std::vector<Json> wrong = {"los", 7, Json::object()};
    for (const Json& item : Wrong(document, schema["items"])) wrong.push_back(Json::array({item}));
    return wrong;
  }
  if (type == "object") return {"los", 7, Json::array(), Json::object({{"vreemd", 1}})};
  std::vector<Json> wrong = {7, 1.5, true, Json::array(), Json::object()};
  if (schema.value("format", "") == "date-time") wrong.insert(wrong.end(), {"gisteren", "2027-13-45T99:00:00Z"});
  if (schema.contains("pattern")) wrong.insert(wrong.end(), {"Geen Id", "../x", std::string(5000, 'a')});
  return wrong;
}

TEST_F(HostileAgentTest, WrongTypesInEveryRouteOfTheDocument) {
  Bystander bystander(agent(), path_);
  ApiClient client = agent().Client();
  const Json document = client.MustGet("/v1/openapi.json");
  // Real things, so that a request gets as far as its body.
  const std::string trajectory = path_.substr(path_.rfind('/') + 1);
  Json note = LivingNote("iets", "woorden");
  std::map<std::string, std::string> ids{{"trajectory", trajectory}};
  ids["record"] = client.MustPost(path_ + "/notes", note, 10)["record"];
  ids["grant"] = client.MustGet(path_ + "/grants")["grants"][0]["id"];
  ids["consultation"] = client.MustPost("/v1/consultations",
                                        {{"trajectory", trajectory},
                                         {"question", "wat nu?"},
                                         {"categories", {"living"}},
                                         {"purpose", "care-coordination"}},
                                        10)["record"];
  ids["table"] =
      client.MustPost(path_ + "/tables",
                      {{"title", "tafel"},
                       {"slots", {{{"begins_at", "2027-01-12T10:00:00Z"}, {"ends_at", "2027-01-12T11:00:00Z"}}}},
                       {"to", {"partner"}},
                       {"accept_unreached", true}},
                      10)["record"];
  ids["id"] = ids["trajectory"];
  ids["person"] = "klaas";
  agent()
      .Client("it", "administrator")
      .MustPost("/v1/people", {{"login", "klaas"}, {"name", "Klaas"}, {"roles", {"worker"}}});
  ids["pass"] = std::string(32, 'f');
  ids["webhook"] = ids["pass"];
  ids["goal"] = client.MustPost(
      path_ + "/goals", {{"text", "doel"}, {"owners", {"lead"}}, {"to", {"partner"}}, {"accept_unreached", true}},
      10)["record"];
  ids["action"] = client.MustPost(path_ + "/actions",
                                  {{"text", "bellen"},
                                   {"owner", "lead"},
                                   {"due_at", "2027-01-12T10:00:00Z"},
                                   {"to", {"partner"}},
                                   {"accept_unreached", true}},
                                  10)["record"];
  ids["guest"] =
      client.MustPost("/v1/tables/" + ids["table"] + "/guests", {{"name", "Oma"}, {"who", "other"}}, 10)["record"];
  ids["upload"] = client.MustPost(path_ + "/uploads", {{"name", "brief.txt"},
                                                       {"size", 12},
                                                       {"categories", {"living"}},
                                                       {"to", {"partner"}},
                                                       {"accept_unreached", true}})["upload"];
  const auto add = [&](const char* place, Json body) {
    body["to"] = {"partner"};
    body["accept_unreached"] = true;
    return client.MustPost(path_ + place, body, 10)["record"].get<std::string>();
  };
  ids["figure"] = add("/figures", {{"name", "Oma"}, {"kind", "person"}, {"ring", "family"}});
  ids["kinship"] =
      add("/kinships", {{"relation", "parent"}, {"a", ids["figure"]}, {"b", "young-person"}, {"how", "foster"}});
  ids["event"] = add("/lifeline", {{"lane", "stay"}, {"title", "bij oma"}, {"begins", "2020"}});
  // Any record gets as far as that.
  for (const char* name :
       {"referral", "commitment", "criterion", "attachment", "agreement", "alert",   "question", "place",      "hold",
        "hearing",  "plan",       "turn",      "visit",      "group",     "session", "meeting",  "conference", "note",
        "contact",  "case",       "day",       "tie",        "report",    "board",   "switch"}) {
    ids[name] = ids["record"];
  }
  ids["partnership"] =
      client.MustPost("/v1/partnerships", {{"name", "VDAB"}, {"kind", "contact"}, {"quality", "positive"}}, 10)["id"];
  const auto fill = [&](std::string path, const std::map<std::string, std::string>& with) {
    for (const auto& [name, value] : with) {
      const auto at = path.find("{" + name + "}");
      if (at != std::string::npos) path.replace(at, name.size() + 2, value);
    }
    return path;
  };

  Stream stream = Stream::ToSocket(agent().socket());
  const auto ask = [&](const std::string& method, const std::string& target, const Json& body) {
    const bool has_body = method == "POST" || method == "PUT";
    EXPECT_TRUE(stream.Send(HttpRequest(method, target, has_body ? body.dump() : std::string())));
    return ReadHttpAnswer(stream);
  };
  int routes = 0;
  for (const auto& [path, methods] : document["paths"].items()) {
    for (const auto& [verb, operation] : methods.items()) {
      SCOPED_TRACE(verb + " " + path);
      std::string method = verb;
      std::ranges::transform(method, method.begin(), [](char c) { return c & ~0x20; });
      const std::string target = fill(path, ids);
      ASSERT_EQ(target.find('{'), std::string::npos) << "no id for this path";
      ++routes;
      if (path.find('{') != std::string::npos) {
        for (const char* id :
             {"00000000000000000000000000000000", "geen-id", "%22%7B", "ffffffffffffffffffffffffffffffffff"}) {
          std::map<std::string, std::string> none;
          for (const auto& [name, value] : ids) none[name] = id;
          ExpectRefused(ask(method, fill(path, none), Json::object()));
        }
      }
      const Json::json_pointer json_body("/requestBody/content/application~1json/schema");
      if (!operation.contains(json_body)) continue;
      const Json& schema = operation[json_body];
      // Of what the organisation keeps for itself some look first at who asks, or at what it is of.
      const bool of_house = path.starts_with("/v1/parents-") || path.starts_with("/v1/structural-") ||
                            path.ends_with("{partnership}/agreements") || path.starts_with("/v1/school/open-days/") ||
                            path.starts_with("/v1/adulthood/") || path.starts_with("/v1/aftercare/") ||
                            path.starts_with("/v1/modules/");
      const int want = of_house ? 0 : 400;
      const Json whole = Sample(document, schema);
      Json strange = whole;
      strange["vreemd"] = 1;
      ExpectRefused(ask(method, target, strange), want);
      for (const Json& required : schema.value("required", Json::array())) {
        SCOPED_TRACE("without " + required.dump());
        Json lacking = whole;
        lacking.erase(required.get<std::string>());
        ExpectRefused(ask(method, target, lacking), want);
      }
      for (const auto& [name, property] : schema["properties"].items()) {
        for (const Json& wrong : Wrong(document, property)) {
          SCOPED_TRACE(name + " = " + wrong.dump().substr(0, 60));
          Json body = whole;
          body[name] = wrong;
          ExpectRefused(ask(method, target, body), want);
        }
      }
    }
  }
  EXPECT_GE(routes, 40);
  EXPECT_GE(refused_, 500);
  EXPECT_EQ(client.MustGet(path_)["closed"], false);
  bystander.ExpectServedNow();
  FinishCleanly(bystander);
}

}  // namespace
}  // namespace schakel::testing
