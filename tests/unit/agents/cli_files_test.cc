#include "agents/cli.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "cli/client.h"
#include "protocol/archive.h"
#include "protocol/crypto.h"
#include "support/cli_world.h"

namespace schakel {
namespace {

using nlohmann::json;
using schakel::test::CliTest;
using Outcome = schakel::test::CliOutcome;
using schakel::test::ReadText;
using schakel::test::Terminal;
using schakel::test::WriteText;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

TEST_F(CliTest, AFileIsAttachedListedAndFetched) {
  const std::string id = Shared();
  const std::string note =
      Json("de-wissel", {"notes", "add", id, "--title", "t", "--text", "x", "--category", "goals"})["record"];
  const std::string path = folder / "verslag.txt";
  const std::string text = WriteText(path, 1'200'000);
  const json sent = Json("de-wissel", {"attach", id, path, "--about", note, "--caption", "van de huisarts"});
  const std::string attachment = sent["record"];
  EXPECT_EQ(Json("de-wissel", {"uploads", "list"})["uploads"].size(), 0U);
  EXPECT_THAT(As("upc-leuven", {"attachments", id}).out,
              AllOf(HasSubstr(attachment.substr(0, 8)), HasSubstr("volledig")));
  EXPECT_THAT(As("upc-leuven", {"attachments", id, "--full"}).out,
              AllOf(HasSubstr("verslag.txt"), HasSubstr("van de huisarts"), HasSubstr("volledig")));
  EXPECT_THAT(As("upc-leuven", {"read", note}).out, HasSubstr("verslag.txt (text/plain, 1200000 bytes) volledig"));

  const std::string other_note =
      Json("de-wissel", {"notes", "add", id, "--title", "u", "--text", "x", "--category", "goals"})["record"];
  const json beside = Json("de-wissel", {"share", attachment, "--about", other_note});
  EXPECT_THAT(As("upc-leuven", {"read", other_note}).out,
              HasSubstr("verslag.txt (text/plain, 1200000 bytes) volledig"));
  EXPECT_THAT(As("upc-leuven", {"read", beside["record"]}).out, HasSubstr("de-wissel"));
  EXPECT_EQ(As("de-wissel", {"share", note, "--about", other_note}).exit_code, 1) << "a note beside a note";

  const std::string to = folder / "opgehaald.txt";
  const Outcome fetched = As("upc-leuven", {"download", attachment, "--to", to});
  EXPECT_EQ(fetched.exit_code, 0) << fetched.err;
  EXPECT_EQ(ReadText(to), text);
  EXPECT_FALSE(std::filesystem::exists(to + ".part"));
  const Outcome again = As("upc-leuven", {"download", attachment, "--to", to});
  EXPECT_EQ(again.exit_code, 1) << "nothing is overwritten";
  EXPECT_EQ(As("upc-leuven", {"download", attachment, "--to", to, "--force"}).exit_code, 0);

  std::ofstream(folder / "half.txt.part", std::ios::binary) << text.substr(0, 700'000);
  EXPECT_EQ(As("upc-leuven", {"download", attachment, "--to", folder / "half.txt"}).exit_code, 0);
  EXPECT_EQ(ReadText(folder / "half.txt"), text) << "it went on where it stopped";
  std::ofstream(folder / "all.txt.part", std::ios::binary) << text;
  EXPECT_EQ(As("upc-leuven", {"download", attachment, "--to", folder / "all.txt"}).exit_code, 0);
  EXPECT_EQ(ReadText(folder / "all.txt"), text);
  std::ofstream(folder / "other.txt.part", std::ios::binary) << std::string(1000, 'x');
  const Outcome other = As("upc-leuven", {"download", attachment, "--to", folder / "other.txt"});
  EXPECT_EQ(other.exit_code, 1);
  EXPECT_THAT(other.err, HasSubstr("niet het bestand dat de afzender ondertekende"));
  EXPECT_FALSE(std::filesystem::exists(folder / "other.txt"));
  const Outcome unknown = As("upc-leuven", {"download", "ffffffff", "--to", folder / "none.txt"});
  EXPECT_EQ(unknown.exit_code, 1);
  EXPECT_THAT(unknown.err, AllOf(HasSubstr("niet gekend: ffffffff"), Not(HasSubstr("gaat daar verder"))));
  EXPECT_FALSE(std::filesystem::exists(folder / "none.txt.part"));
}

TEST_F(CliTest, OfARefusedFileAndAPreviewNothingStays) {
  const std::string id = Shared();
  const std::string path = folder / "verslag.txt";
  WriteText(path, 400);
  const Outcome wrong = As("de-wissel", {"attach", id, path + "x", "--category", "goals"});
  EXPECT_EQ(wrong.exit_code, 1);
  EXPECT_EQ(As("de-wissel", {"attach", id, path}).exit_code, 1) << "about what?";
  std::filesystem::copy_file(path, folder / "verslag.pdf");
  const Outcome refused = As("de-wissel", {"attach", id, folder / "verslag.pdf", "--category", "goals"});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err, AllOf(HasSubstr("niet wat de naam zegt"), Not(HasSubstr("--resume "))));
  EXPECT_EQ(Json("de-wissel", {"uploads", "list"})["uploads"].size(), 0U) << "it could never be sent";
  EXPECT_THAT(As("de-wissel", {"uploads", "list"}).out, HasSubstr("geen begonnen bijlagen"));
  EXPECT_EQ(As("de-wissel", {"uploads", "drop", "00112233445566778899aabbccddeeff"}).exit_code, 1);
  const json preview = Json("de-wissel", {"attach", id, path, "--category", "goals", "--dry-run"});
  EXPECT_EQ(preview["state"], "preview");
  EXPECT_EQ(Json("de-wissel", {"uploads", "list"})["uploads"].size(), 0U) << "nothing stays of it";
  EXPECT_EQ(Json("de-wissel", {"attachments", id})["attachments"].size(), 0U);
}

TEST_F(CliTest, AnUploadIsGoneOnWithAndGivenUp) {
  const std::string id = Shared();
  const std::string path = folder / "verslag.txt";
  WriteText(path, 400);
  // A command that was cut off halfway leaves this behind.
  Client cut(folder / "de-wissel", {{"Schakel-Person", PercentEncoded("Nora Peeters")}, {"Accept-Language", "nl"}});
  const auto begin = [&] {
    const json body = {
        {"name", "verslag.txt"}, {"size", 400}, {"categories", {"goals"}}, {"purpose", "care-coordination"}};
    const ClientReply begun = cut.Send("POST", "/v1/trajectories/" + id + "/uploads", body.dump()).value();
    EXPECT_EQ(begun.status, 201) << begun.body;
    const std::string upload = json::parse(begun.body)["upload"];
    EXPECT_EQ(cut.Put("/v1/uploads/" + upload + "?offset=0", AsBytes(ReadText(path).substr(0, 150))).value().status,
              200);
    return upload;
  };
  const std::string upload = begin();
  EXPECT_EQ(Json("de-wissel", {"uploads", "list"})["uploads"].size(), 1U);
  WriteText(folder / "ander.txt", 300);
  EXPECT_THAT(As("de-wissel", {"attach", id, folder / "ander.txt", "--resume", upload}).err,
              HasSubstr("niet het bestand waarmee"));
  // Of the same size, and other words from the place where it was cut off: they are not those of the file named now.
  std::ofstream(folder / "zelfde.txt", std::ios::binary) << std::string(400, 'x');
  EXPECT_THAT(As("de-wissel", {"attach", id, folder / "zelfde.txt", "--resume", upload}).err,
              AllOf(HasSubstr("niet die van het bestand"), HasSubstr("--resume ")));
  EXPECT_EQ(As("de-wissel", {"uploads", "drop", upload}).exit_code, 0);
  EXPECT_THAT(As("de-wissel", {"uploads", "list"}).out, HasSubstr("geen begonnen bijlagen"));
  const Outcome resumed = As("de-wissel", {"attach", id, path, "--resume", begin()});
  EXPECT_EQ(resumed.exit_code, 0) << resumed.err;
  EXPECT_EQ(Json("de-wissel", {"attachments", id})["attachments"].size(), 1U);
  EXPECT_EQ(Json("de-wissel", {"uploads", "list"})["uploads"].size(), 0U);
}

TEST_F(CliTest, AnArchiveIsMadeAndVerifiedOfflineRecordByRecord) {
  const std::string id = Shared();
  ASSERT_EQ(
      As("de-wissel", {"notes", "add", id, "--title", "Slapen", "--text", "beter", "--category", "goals"}).exit_code,
      0);
  const std::string file = folder / "sam.archief";
  const Outcome made = As("de-wissel", {"export", "archive", id, "--to", file});
  ASSERT_EQ(made.exit_code, 0) << made.err;
  struct stat status{};
  ASSERT_EQ(::stat(file.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
  EXPECT_THAT(As("de-wissel", {"export", "archive", id, "--to", file}).err, HasSubstr("bestaat al"));
  EXPECT_EQ(As("de-wissel", {"export", "archive", id, "--to", file, "--force"}).exit_code, 0);

  Terminal offline;
  const std::string key = ToText(leuven.region.verifier);
  const Outcome proven = offline.Run({"verify", file, "--hub-key", key, "--rows"});
  EXPECT_EQ(proven.exit_code, 0) << proven.err;
  EXPECT_THAT(proven.out, AllOf(HasSubstr("Bewezen: deze"), HasSubstr("Niet bewezen: dat dit alles"),
                                HasSubstr("de sleutels van de registrars"), HasSubstr("Slapen")));
  const json view = json::parse(offline.Run({"verify", file, "--hub-key", key, "--rows", "--json"}).out);
  EXPECT_EQ(view["proven"], true);
  EXPECT_EQ(view["subject"], "trajectory " + id);
  const auto note = std::ranges::find_if(view["records"], [](const json& one) { return one["kind"] == "note"; });
  ASSERT_NE(note, view["records"].end());
  EXPECT_EQ((*note)["state"], "proved");
  EXPECT_EQ((*note)["author"], "de-wissel");
  EXPECT_EQ((*note)["body"]["title"], "Slapen");

  std::ifstream in(file, std::ios::binary);
  const std::string good{std::istreambuf_iterator<char>(in), {}};
  const std::string bad = folder / "anders.archief";
  // Bytes all over it: none goes unseen, and no words are shown then.
  for (std::size_t part = 0; part < 60; ++part) {
    std::string bytes = good;
    bytes[part * (good.size() - 1) / 59] ^= 0x20;
    std::ofstream(bad, std::ios::binary | std::ios::trunc) << bytes;
    const Outcome doubted = offline.Run({"verify", bad, "--hub-key", key, "--rows"});
    EXPECT_EQ(doubted.exit_code, 1) << part;
    EXPECT_THAT(doubted.err, HasSubstr("Niet bewezen: ")) << part;
    EXPECT_THAT(doubted.out, Not(HasSubstr("Slapen"))) << part;
  }
  // Which one it is, is told; and that the others hold.
  Archive archive = DecodeArchive(AsBytes(good)).value();
  archive.contents.back().ciphertext[100] ^= 1;
  std::ofstream(bad, std::ios::binary | std::ios::trunc) << AsText(EncodeArchive(archive));
  const Outcome one = offline.Run({"verify", bad, "--hub-key", key, "--json"});
  EXPECT_EQ(one.exit_code, 1);
  const json doubted = json::parse(one.out);
  EXPECT_EQ(doubted["proven"], false);
  const auto states = [&](const char* state) {
    return std::ranges::count_if(doubted["records"], [&](const json& each) { return each["state"] == state; });
  };
  EXPECT_EQ(states("altered"), 1);
  EXPECT_EQ(static_cast<std::size_t>(states("altered") + states("proved")), doubted["records"].size());
  // Those who should have signed are others.
  const std::string registrar = ToHex(SigningKey::Generate().public_key.value());
  EXPECT_EQ(offline.Run({"verify", file, "--hub-key", key, "--registrar", registrar}).exit_code, 1);
  EXPECT_EQ(offline.Run({"verify", file, "--hub-key", key, "--registrar", leuven.region.registrar_hex()}).exit_code, 0);
}

TEST_F(CliTest, TheDossierIsPrintedToAFileOfOnesOwn) {
  const std::string id = Shared();
  ASSERT_EQ(
      As("de-wissel", {"notes", "add", id, "--title", "Slapen", "--text", "beter", "--category", "goals"}).exit_code,
      0);
  const std::string file = folder / "sam.html";
  const Outcome made = As("de-wissel", {"export", "dossier", id, "--to", file, "--lang", "en"});
  ASSERT_EQ(made.exit_code, 0) << made.err;
  std::ifstream in(file, std::ios::binary);
  const std::string html{std::istreambuf_iterator<char>(in), {}};
  EXPECT_THAT(html, AllOf(StartsWith("<!DOCTYPE html>"), HasSubstr("lang=\"en\""), HasSubstr("Slapen")));
  struct stat status{};
  ASSERT_EQ(::stat(file.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
  EXPECT_EQ(As("de-wissel", {"export", "dossier", id, "--to", file}).exit_code, 1);
  const json again = Json("de-wissel", {"export", "dossier", id, "--to", file, "--force"});
  EXPECT_GT(again["bytes"], 1000);
}

TEST_F(CliTest, ATableIsTakenInWithAReportLineByLine) {
  const std::string file = folder / "mensen.csv";
  std::ofstream(file) << "login;naam;rollen\njef;Jef Smets;worker\nan;An;baas\n";
  const Outcome held = As("de-wissel", {"import", "people", file});
  EXPECT_EQ(held.exit_code, 1);
  EXPECT_THAT(held.out, AllOf(HasSubstr("regel 2 (jef): kan gemaakt worden"), HasSubstr("regel 3")));
  EXPECT_THAT(held.err, AllOf(HasSubstr("Gemaakt: 0"), HasSubstr("--skip-bad")));
  const Outcome made = As("de-wissel", {"import", "people", file, "--skip-bad"});
  EXPECT_EQ(made.exit_code, 1) << "a line is wrong";
  EXPECT_THAT(made.out, HasSubstr("regel 2 (jef): gemaakt"));
  std::ofstream(file, std::ios::trunc) << "login;naam;rollen\njef;Jef Smets;worker\n";
  const Outcome again = As("de-wissel", {"import", "people", file, "--dry-run"});
  EXPECT_EQ(again.exit_code, 0) << again.err;
  EXPECT_THAT(again.out, HasSubstr("was er al"));
  std::ofstream(file, std::ios::trunc) << "login;naam;rollen\njos;Jos\xE9;worker\n";
  EXPECT_THAT(As("de-wissel", {"import", "people", file}).err, HasSubstr("Windows-1252"));
}

}  // namespace
}  // namespace schakel
