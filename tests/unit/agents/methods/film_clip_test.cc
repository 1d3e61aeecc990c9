// A clip that the young person made, for the context worker: encrypted as any file, and unplayable once taken back.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "protocol/crypto.h"
#include "support/api_world.h"

namespace schakel {
namespace {

using nlohmann::json;
using schakel::test::ApiDesk;
using schakel::test::ApiTest;

// What a program that plays them, and libmagic, goes by: the first box of an MP4, the EBML header of a WebM.
std::string Clip(std::string_view start, std::size_t size) {
  std::string bytes(start);
  for (std::size_t i = bytes.size(); i < size; ++i) bytes += static_cast<char>(i * 31 % 251);
  return bytes;
}
constexpr std::string_view kMp4(
    "\0\0\0\x18"
    "ftypisom\0\0\2\0isomiso2\0\0\0\x08mdat",
    32);
constexpr std::string_view kWebm(
    "\x1A\x45\xDF\xA3\x9F\x42\x86\x81\x01\x42\xF7\x81\x01\x42\xF2\x81\x04\x42\xF3\x81\x08"
    "\x42\x82\x84webm\x42\x87\x81\x04\x42\x85\x81\x02\x18\x53\x80\x67",
    40);

class FilmClipTest : public ApiTest {
 protected:
  const std::string id_ = Shared();
  const std::string path_ = "/v1/trajectories/" + id_;

  std::string Consent() {
    const auto given = wissel.Post(path_ + "/grants", {{"organisation", "upc-leuven"},
                                                       {"purposes", {"care-coordination"}},
                                                       {"categories", {"own-voice"}},
                                                       {"ends_at", "2027-03-01T00:00:00Z"},
                                                       {"consented_by", "Sam"},
                                                       {"how", "gesprek"}});
    EXPECT_EQ(given.status, 201) << given.raw.body;
    return given.body["record"];
  }
  test::ApiAnswer Attach(const std::string& name, const std::string& bytes) {
    const auto begun = wissel.Post(path_ + "/uploads", {{"name", name},
                                                        {"size", bytes.size()},
                                                        {"categories", {"own-voice"}},
                                                        {"caption", "mijn film"},
                                                        {"to", {"upc-leuven"}}});
    EXPECT_EQ(begun.status, 201) << begun.raw.body;
    const std::string upload = "/v1/uploads/" + begun.body["upload"].get<std::string>();
    constexpr std::size_t kPart = 500'000;
    for (std::size_t at = 0; at < bytes.size(); at += kPart) {
      const auto put = wissel.Send("PUT", upload + "?offset=" + std::to_string(at), bytes.substr(at, kPart));
      EXPECT_EQ(put.status, 200) << put.raw.body;
    }
    return wissel.Post(upload + "/finish", {{"sha256", ToHex(Sha256(AsBytes(bytes)))}});
  }
};

TEST_F(FilmClipTest, AClipOfAUsefulSizePlaysForWhoItIsForAndNoLongerOnceTakenBack) {
  const std::string grant = Consent();
  const std::string bytes = Clip(kMp4, 6U << 20);
  const auto sent = Attach("mijn film.mp4", bytes);
  ASSERT_EQ(sent.status, 201) << sent.raw.body;
  ASSERT_EQ(sent.body["reaches"].size(), 1U);
  const std::string content = "/v1/attachments/" + sent.body["record"].get<std::string>() + "/content";
  const auto played = upc.Get(content);
  ASSERT_EQ(played.status, 200) << played.raw.body.substr(0, 300);
  EXPECT_TRUE(played.raw.body == bytes);
  EXPECT_EQ(played.raw.headers.at("Content-Type"), "video/mp4");
  const auto part = upc.Send("GET", content, {}, {{"range", "bytes=3000000-3000999"}});
  EXPECT_EQ(part.status, 206) << "a player that jumps";
  EXPECT_TRUE(part.raw.body == bytes.substr(3'000'000, 1000));

  ASSERT_EQ(wissel.Post("/v1/grants/" + grant + "/withdrawal", {{"reason", "ik wil het niet meer"}}).status, 201);
  for (const char* range : {"", "bytes=0-31", "bytes=3000000-"}) {
    const auto gone = *range == '\0' ? upc.Get(content) : upc.Send("GET", content, {}, {{"range", range}});
    EXPECT_EQ(gone.status, 403) << range;
    EXPECT_EQ(gone.body["rule"], "view.withdrawn");
    EXPECT_EQ(gone.raw.body.find("ftypisom"), std::string::npos);
  }
  EXPECT_EQ(wissel.Get(content).status, 200) << "at home it stays the young person's";
}

TEST_F(FilmClipTest, WebmIsTakenInAndWhatOnlyLooksLikeAClipIsNot) {
  Consent();
  EXPECT_EQ(Attach("film.webm", Clip(kWebm, 200'000)).status, 201);
  const auto script = Attach("film.mp4", "<html><script>alert(1)</script></html>" + std::string(200, ' '));
  EXPECT_EQ(script.status, 400) << script.raw.body;
  EXPECT_EQ(Attach("film.webm", Clip(kMp4, 4096)).status, 400) << "another format than its name says";
}

}  // namespace
}  // namespace schakel
