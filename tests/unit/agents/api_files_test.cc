#include "agents/api.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "protocol/crypto.h"
#include "support/api_world.h"
#include "support/fhir_check.h"

namespace schakel {
namespace {

using nlohmann::json;
using Answer = schakel::test::ApiAnswer;
using schakel::test::ApiTest;
using ::testing::IsEmpty;

TEST_F(ApiTest, AFileIsTakenInWhereItWasSentAndGivenOutInParts) {
  const std::string id = Shared();
  const std::string path = "/v1/trajectories/" + id;
  const Answer note = wissel.Post(path + "/notes", {{"title", "t"}, {"text", "x"}, {"categories", {"goals"}}});
  ASSERT_EQ(note.status, 201) << note.raw.body;
  const std::string about = note.body["record"];
  std::string bytes;
  for (int line = 0; bytes.size() < 300'000; ++line) bytes += "regel " + std::to_string(line) + "\n";
  const Answer begun =
      wissel.Post(path + "/uploads", {{"name", "één.txt"}, {"size", bytes.size()}, {"about", about}, {"caption", "c"}});
  ASSERT_EQ(begun.status, 201) << begun.raw.body;
  EXPECT_EQ(begun.body["categories"][0], "goals") << "as what it goes with";
  const std::string upload = "/v1/uploads/" + begun.body["upload"].get<std::string>();
  EXPECT_EQ(wissel.Send("PUT", upload, bytes.substr(0, 9)).status, 400) << "where?";
  EXPECT_EQ(wissel.Send("PUT", upload + "?offset=0", bytes, {{"content-type", "application/json"}}).status, 400);
  EXPECT_EQ(wissel.Send("PUT", upload + "?offset=0", bytes.substr(0, 150'000)).body["offset"], 150'000);
  const Answer again = wissel.Send("PUT", upload + "?offset=0", bytes.substr(0, 150'000));
  EXPECT_EQ(again.status, 409);
  EXPECT_EQ(again.body["field"], "offset");
  EXPECT_EQ(again.body["value"], "150000") << "which one is right";
  EXPECT_EQ(wissel.Get(upload.substr(0, 12 + 4)).body["offset"], 150'000) << "by its first digits";
  EXPECT_EQ(wissel.Get(upload.substr(0, 12 + 3)).body["rule"], "id.short");
  EXPECT_EQ(wissel.Get(upload.substr(0, 12 + 3)).body["field"], "upload");
  EXPECT_EQ(wissel.Get(upload).body["offset"], 150'000);
  EXPECT_EQ(wissel.Get("/v1/uploads").body["uploads"].size(), 1U);
  EXPECT_EQ(upc.Get(upload).status, 404);
  EXPECT_EQ(wissel.Send("PUT", upload + "?offset=150000", bytes.substr(150'000)).status, 200);
  EXPECT_EQ(wissel.Post(upload + "/finish", {{"sha256", "x"}}).body["rule"], "upload.sha256");
  const json finish = {{"sha256", ToHex(Sha256(AsBytes(bytes)))}};
  const Answer sent = wissel.Post(upload + "/finish", finish);
  ASSERT_EQ(sent.status, 201) << sent.raw.body;
  EXPECT_EQ(wissel.Get(upload).status, 404);

  const std::string attachment = sent.body["record"];
  const Answer list = upc.Get(path + "/attachments");
  ASSERT_EQ(list.body["attachments"].size(), 1U) << list.raw.body;
  EXPECT_EQ(list.body["attachments"][0]["missing"], 0);
  EXPECT_EQ(list.body["attachments"][0]["about"], about);
  EXPECT_FALSE(list.body["attachments"][0].contains("body")) << "its name is for who reads it";
  EXPECT_EQ(upc.Get(path + "/attachments?show=full").body["attachments"][0]["body"]["name"], "één.txt");
  EXPECT_EQ(upc.Get("/v1/records/" + about).body["attachments"][0]["body"]["size"], bytes.size());
  const std::string content = "/v1/attachments/" + attachment + "/content";
  const std::size_t views = leuven.psychiatry.views().size();
  const Answer whole = upc.Get(content);
  EXPECT_EQ(whole.status, 200);
  EXPECT_EQ(whole.raw.body, bytes);
  EXPECT_EQ(leuven.psychiatry.views().size(), views + 1);
  EXPECT_EQ(whole.raw.headers.at("Content-Type"), "text/plain");
  EXPECT_EQ(whole.raw.headers.at("X-Content-Type-Options"), "nosniff");
  EXPECT_EQ(whole.raw.headers.at("Content-Disposition"),
            "attachment; filename=\"____n.txt\"; filename*=UTF-8''%C3%A9%C3%A9n.txt");
  struct Case {
    const char* name;
    const char* range;
    int status;
    std::size_t begin;
    std::size_t size;
  };
  const Case cases[] = {
      {"the rest", "bytes=290000-", 206, 290'000, bytes.size() - 290'000},
      {"over an end of a piece", "bytes=130000-130100", 206, 130'000, 101},
      {"the last ones", "bytes=-10", 206, bytes.size() - 10, 10},
      {"the last byte and beyond", "bytes=0-999999", 206, 0, bytes.size()},
      {"two at once", "bytes=0-1,5-6", 200, 0, bytes.size()},
      {"another unit", "lines=0-1", 200, 0, bytes.size()},
      {"backwards", "bytes=5-1", 200, 0, bytes.size()},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    const Answer part = upc.Send("GET", content, {}, {{"range", c.range}});
    EXPECT_EQ(part.status, c.status);
    EXPECT_EQ(part.raw.body, bytes.substr(c.begin, c.size));
    EXPECT_EQ(part.raw.headers.contains("Content-Range"), c.status == 206);
  }
  EXPECT_EQ(upc.Send("GET", content, {}, {{"range", "bytes=999999-"}}).status, 416);
  EXPECT_EQ(upc.Get("/v1/attachments/" + about + "/content").body["rule"], "attachment.unknown");
}

TEST_F(ApiTest, AFileIsGivenUpAndOneOfAConsultationStandsBesideIt) {
  const std::string id = Shared();
  const Answer asked = wissel.Post("/v1/consultations",
                                   {{"trajectory", id}, {"question", "Wat nu?"}, {"categories", {"mental-health"}}});
  ASSERT_EQ(asked.status, 201) << asked.raw.body;
  const std::string consultation = "/v1/consultations/" + asked.body["record"].get<std::string>();
  const auto begin = [&] {
    const Answer begun = wissel.Post(consultation + "/uploads", {{"name", "a.txt"}, {"size", 5}});
    EXPECT_EQ(begun.status, 201) << begun.raw.body;
    return "/v1/uploads/" + begun.body["upload"].get<std::string>();
  };
  const std::string dropped = begin();
  EXPECT_EQ(wissel.Send("DELETE", dropped, {}).status, 200);
  EXPECT_EQ(wissel.Get(dropped).status, 404);
  const std::string upload = begin();
  EXPECT_EQ(wissel.Send("PUT", upload + "?offset=0", "hallo").status, 200);
  EXPECT_EQ(wissel.Post(upload + "/finish", {{"sha256", ToHex(Sha256(AsBytes("hallo")))}}).status, 201);
  const Answer shown = upc.Get(consultation);
  EXPECT_EQ(shown.body["thread"].size(), 1U);
  ASSERT_EQ(shown.body["attachments"].size(), 1U) << shown.raw.body;
  EXPECT_EQ(shown.body["attachments"][0]["body"]["name"], "a.txt");
}

TEST_F(ApiTest, AFileIsAskedForByParameterOrByAccept) {
  const std::string id = Shared();
  const auto type = [&](const std::string& parameters, std::map<std::string, std::string> headers) {
    const Answer answer = wissel.Send("GET", "/v1/audit?trajectory=" + id + parameters, {}, std::move(headers));
    EXPECT_EQ(answer.status, 200) << answer.raw.body;
    return answer.raw.headers.at("Content-Type");
  };
  EXPECT_EQ(type("", {}), "application/json");
  EXPECT_EQ(type("&format=csv", {}), "text/csv; charset=utf-8");
  EXPECT_EQ(type("", {{"accept", "text/csv"}}), "text/csv; charset=utf-8");
  EXPECT_EQ(type("", {{"accept", "application/fhir+json"}}), "application/fhir+json");
  EXPECT_EQ(wissel.Get("/v1/audit?format=xml&trajectory=" + id).body["rule"], "request.value");
  EXPECT_EQ(wissel.Get("/v1/audit?limit=0&trajectory=" + id).body["rule"], "request.value");
  EXPECT_EQ(wissel.Get("/v1/audit?from=gisteren&trajectory=" + id).body["rule"], "request.time");
  const Answer events = wissel.Get("/v1/audit?format=fhir&trajectory=" + id);
  EXPECT_THAT(schakel::test::CheckFhirBundle(events.body), ::testing::IsEmpty());
  EXPECT_GT(events.body["entry"].size(), 5U);
  const Answer consents = wissel.Get("/v1/consents/" + id);
  EXPECT_THAT(schakel::test::CheckFhirBundle(consents.body), ::testing::IsEmpty());
  EXPECT_EQ(consents.body["entry"].size(), 2U);
}

}  // namespace
}  // namespace schakel
