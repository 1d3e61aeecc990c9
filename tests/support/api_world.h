// One or more organisations' API, called without a socket.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "agents/api.h"
#include "support/api_document.h"
#include "support/fake_engine.h"
#include "support/paths.h"

namespace schakel::test {

inline const std::filesystem::path kProfiles = SourceDir() / "agents/profiles";

struct ApiAnswer {
  int status = 0;
  nlohmann::json body;
  ApiResponse raw;
};

// One organisation's API, called without a socket.
class ApiDesk {
 public:
  ApiDesk(Leuven& leuven, FakeEngine& engine, std::string person)
      : api_(Api::Open(engine, kProfiles, leuven.region.clock, leuven.region.random).value()),
        person_(std::move(person)) {}

  ApiAnswer Send(const std::string& method, const std::string& target, const std::string& body,
                 std::map<std::string, std::string> headers = {}) {
    ApiRequest request{method, target, std::move(headers), body, "peer"};
    if (!person_.empty()) request.headers.emplace("schakel-person", person_);
    if (method == "POST") request.headers.emplace("content-type", "application/json");
    if (method == "PUT") request.headers.emplace("content-type", "application/octet-stream");
    ApiAnswer answer{0, {}, api_->Handle(request)};
    while (answer.raw.parts && answer.raw.body.size() < answer.raw.parts->length) {
      const auto part = answer.raw.parts->next();
      if (!part) break;
      answer.raw.body += *part;
    }
    ExpectDocumented(method, target, answer.raw);
    answer.status = answer.raw.status;
    answer.body = nlohmann::json::parse(answer.raw.body, nullptr, false);
    return answer;
  }
  ApiAnswer Get(const std::string& target) { return Send("GET", target, {}); }
  ApiAnswer Post(const std::string& target, const nlohmann::json& body) { return Send("POST", target, body.dump()); }
  Api& api() { return *api_; }

 private:
  std::unique_ptr<Api> api_;
  std::string person_;
};

class ApiTest : public ::testing::Test {
 protected:
  Leuven leuven;
  ApiDesk wissel{leuven, leuven.youth_care, "Nora Peeters"};
  ApiDesk upc{leuven, leuven.psychiatry, "dokter Claes"};

  std::string Opened() {
    const ApiAnswer answer = wissel.Post("/v1/trajectories", {{"label", "Sam (2010)"}, {"module", "mobile"}});
    EXPECT_EQ(answer.status, 201) << answer.raw.body;
    return answer.body["trajectory"];
  }
  // A trajectory in which psychiatry takes part, and may receive what is asked of it.
  std::string Shared() {
    const std::string id = Opened();
    const std::string path = "/v1/trajectories/" + id;
    EXPECT_EQ(wissel
                  .Post(path + "/invitations",
                        {{"organisation", "upc-leuven"}, {"label", "Traject 12"}, {"message", "welkom"}})
                  .status,
              201);
    EXPECT_EQ(upc.Post(path + "/join", {{"message", "we doen mee"}}).status, 201);
    for (const char* organisation : {"upc-leuven", "de-wissel"}) {
      const ApiAnswer grant =
          wissel.Post(path + "/grants", {{"organisation", organisation},
                                         {"purposes", {"consultation", "care-coordination", "round-table"}},
                                         {"categories", {"mental-health", "goals", "meeting"}},
                                         {"ends_at", "2027-03-01T00:00:00Z"},
                                         {"consented_by", "Sam"},
                                         {"how", "ondertekend"}});
      EXPECT_EQ(grant.status, 201) << grant.raw.body;
    }
    return id;
  }
};

}  // namespace schakel::test
