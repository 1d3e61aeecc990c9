// The OpenAPI document and the routes hold each other.
#include "agents/api.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "support/api_world.h"

namespace schakel {
namespace {

using nlohmann::json;
using Answer = schakel::test::ApiAnswer;
using schakel::test::ApiTest;

// Each field of the document that says whom something goes to.
TEST_F(ApiTest, WhatGoesToNobodyNeverGoesToEverybody) {
  const json document = json::parse(OpenApiDocument());
  const std::string id = Shared();
  const std::string opening = wissel.Get("/v1/trajectories/" + id).body["opening"];
  const std::size_t records = leuven.youth_care.records();
  std::size_t lists = 0;
  for (const auto& [path, item] : document["paths"].items()) {
    if (!item.contains("post")) continue;
    const json& fields = item["post"]["requestBody"]["content"]["application/json"]["schema"]["properties"];
    if (!fields.contains("to") || fields["to"].value("type", "") != "array") continue;
    ++lists;
    EXPECT_EQ(fields["to"].value("minItems", 0), 1) << path;
    std::string target = path;
    for (std::size_t hole = target.find('{'); hole != std::string::npos; hole = target.find('{')) {
      const bool trajectory = target.substr(hole, 12) == "{trajectory}";
      target.replace(hole, target.find('}') - hole + 1, trajectory ? id : opening);
    }
    // Whatever else is missing: nothing of it leaves.
    EXPECT_GE(wissel.Post(target, {{"to", json::array()}}).status, 400) << path;
  }
  EXPECT_GT(lists, 30U);
  const std::string path = "/v1/trajectories/" + id;
  const auto note = [&](const json& to) {
    return wissel.Post(path + "/notes", {{"title", "t"}, {"text", "x"}, {"categories", {"goals"}}, {"to", to}});
  };
  const Answer refused = note(json::array());
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(refused.body["rule"], "sending.nobody");
  EXPECT_EQ(refused.body["field"], "to");
  const json question = {{"question", "x"}, {"trajectory", id}, {"categories", {"goals"}}, {"to", json::array()}};
  EXPECT_EQ(wissel.Post("/v1/consultations", question).body["rule"], "sending.nobody");
  const json upload = {{"name", "a.txt"}, {"size", 1}, {"categories", {"goals"}}, {"to", json::array()}};
  EXPECT_EQ(wissel.Post(path + "/uploads", upload).body["rule"], "sending.nobody");
  EXPECT_EQ(leuven.youth_care.records(), records);
  EXPECT_EQ(note(nullptr).status, 201) << "left out";
  EXPECT_EQ(note(json::array({"upc-leuven"})).status, 201);
}

TEST(OpenApi, DocumentAndRoutesHoldEachOtherBothWays) {
  const json document = json::parse(OpenApiDocument());
  EXPECT_EQ(document["openapi"], "3.1.0");
  std::vector<std::string> documented;
  for (const auto& [path, item] : document["paths"].items()) {
    for (const auto& [method, operation] : item.items()) {
      std::string upper = method;
      std::ranges::transform(upper, upper.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
      documented.push_back(upper + " " + path);
    }
  }
  std::ranges::sort(documented);
  EXPECT_EQ(documented, ApiRoutes());
}

TEST(OpenApi, EveryReferenceLeadsSomewhereAndEveryOperationIsWhole) {
  const json document = json::parse(OpenApiDocument());
  std::set<std::string> ids;
  for (const auto& [path, item] : document["paths"].items()) {
    for (const auto& [method, operation] : item.items()) {
      EXPECT_TRUE(ids.insert(operation["operationId"]).second) << path;
      EXPECT_FALSE(operation["summary"].get<std::string>().empty());
      EXPECT_TRUE(operation["responses"].contains("default")) << path;
      EXPECT_EQ(method == "post" || method == "put", operation.contains("requestBody")) << path;
    }
  }
  const std::string text(OpenApiDocument());
  for (std::size_t at = text.find("\"#/"); at != std::string::npos; at = text.find("\"#/", at + 1)) {
    const std::string pointer = text.substr(at + 2, text.find('"', at + 1) - at - 2);
    EXPECT_TRUE(document.contains(json::json_pointer(pointer))) << pointer;
  }
}

// What a request body may hold is what the handlers read: each field of the document is known to its route.
TEST_F(ApiTest, EveryDocumentedFieldIsKnownAndNoOther) {
  const json document = json::parse(OpenApiDocument());
  const std::string id = Shared();
  for (const auto& [path, item] : document["paths"].items()) {
    if (!item.contains("post")) continue;
    const json schema = item["post"]["requestBody"]["content"]["application/json"]["schema"];
    EXPECT_EQ(schema["additionalProperties"], false) << path;
    std::string target = path;
    for (std::size_t open = target.find('{'); open != std::string::npos; open = target.find('{')) {
      const bool trajectory = target.substr(open, 12) == "{trajectory}";
      const std::string record = wissel.Get("/v1/trajectories/" + id).body["opening"];
      target.replace(open, target.find('}') - open + 1, trajectory ? id : record);
    }
    for (const auto& [field, type] : schema["properties"].items()) {
      // A value of no type at all: a known field says so, an unknown one is unknown.
      const Answer answer = wissel.Post(target, {{field, json::object()}});
      EXPECT_GE(answer.status, 400) << path << " " << field;
      EXPECT_FALSE(answer.body["rule"] == "request.unknown" && answer.body["field"] == field) << path << " " << field;
    }
    const Answer unknown = wissel.Post(target, {{"no_such_field", 1}});
    EXPECT_GE(unknown.status, 400) << path;
  }
}

}  // namespace
}  // namespace schakel
