#include "agents/cli.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "protocol/crypto.h"
#include "support/cli_world.h"
#include "support/golden_bytes.h"

namespace schakel {
namespace {

using nlohmann::json;
using schakel::test::CliTest;
using schakel::test::Leuven;
using Outcome = schakel::test::CliOutcome;
using schakel::test::Terminal;
using ::testing::AllOf;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

// A partner cannot know what another got: of one that got it, and of one that is no part of it, it is told the same.
TEST_F(CliTest, WhatAnOrganisationGotIsSaidToBeNothingThatOneMaySee) {
  const std::string id = Shared();
  ASSERT_EQ(As("de-wissel",
               {"notes", "add", id, "--title", "Plan", "--text", "x", "--category", "goals", "--to", "upc-leuven"})
                .exit_code,
            0);
  std::set<std::string> answers;
  for (const char* other : {"upc-leuven", "caw-leuven"}) {
    const Outcome asked = As("clb-leuven", {"audit", id, "--organisation", other});
    EXPECT_EQ(asked.exit_code, 0) << asked.err;
    answers.insert(asked.out);
  }
  ASSERT_EQ(answers.size(), 1U) << *answers.begin() << *answers.rbegin();
  EXPECT_THAT(*answers.begin(), StartsWith("Van deze organisatie is hier niets dat u mag zien.\n"));
}

TEST_F(CliTest, WhoLookedWithoutATaskIsALineForEachAndHowOften) {
  const std::string id = Shared();
  const json sent = Json("de-wissel", {"notes", "add", id, "--title", "t", "--text", "x", "--category", "goals"});
  const std::string note = sent["record"];
  for (const char* person : {"Wim Maes", "Wim Maes", "Wim Maes", "Lotte Claes"}) {
    ASSERT_EQ(As("de-wissel", {"read", note, "--as", person}).exit_code, 0);
    leuven.region.clock.Advance(std::chrono::minutes(1));
  }
  const std::vector<std::string> question = {"audit", id, "--without-task", "--role", "auditor", "--reason", "audit"};
  const Outcome answer = As("de-wissel", question);
  ASSERT_EQ(answer.exit_code, 0) << answer.err;
  const auto line_of = [&](const std::string& person) {
    std::string found;
    int count = 0;
    std::istringstream from(answer.out);
    for (std::string line; std::getline(from, line);) {
      if (line.find(person) == std::string::npos) continue;
      found = line;
      ++count;
    }
    return count == 1 ? found : "not one line";
  };
  EXPECT_THAT(line_of("Wim Maes"), AllOf(HasSubstr(" 3 "), HasSubstr("niemand had er een taak")));
  EXPECT_THAT(line_of("Lotte Claes"), HasSubstr(" 1 "));
}

TEST_F(CliTest, ARowOfTheAuditNamesTheKindBesideTheNumber) {
  const std::string id = Shared();
  const std::string note =
      Json("de-wissel", {"notes", "add", id, "--title", "t", "--text", "x", "--category", "goals"})["record"];
  ASSERT_EQ(As("upc-leuven", {"read", note}).exit_code, 0);
  const Outcome at_author = As("de-wissel", {"audit", id, "--record", note});
  EXPECT_THAT(at_author.out, AllOf(ContainsRegex("kreeg +Notitie " + note.substr(0, 8)),
                                   ContainsRegex("zag +Notitie " + note.substr(0, 8) + " +[Tt]aak")))
      << "and why they looked stands beside it";
  const json rows = Json("upc-leuven", {"audit", id, "--record", note})["rows"];
  const auto got = std::ranges::find_if(rows, [](const json& row) { return row["what"] == "handed-over"; });
  ASSERT_NE(got, rows.end());
  EXPECT_EQ((*got)["kind"], "note");
}

TEST_F(CliTest, TheAuditIsExportedAndVerifiedOffline) {
  const std::string id = Shared();
  const std::string file = folder / "bewijs.bin";
  const Outcome audit = As("de-wissel", {"audit", id, "--export", file});
  ASSERT_EQ(audit.exit_code, 0) << audit.err;
  EXPECT_THAT(audit.out, AllOf(HasSubstr("UPC Leuven"), HasSubstr("kreeg")));
  struct stat status{};
  ASSERT_EQ(::stat(file.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
  EXPECT_EQ(As("de-wissel", {"audit", id, "--export", file}).exit_code, 1) << "nothing is overwritten";

  Terminal offline;  // No agent, no socket.
  const std::string key = ToText(leuven.region.verifier);
  std::ofstream(folder / "hub.pub") << key << "\n";
  const Outcome proven = offline.Run({"verify", file, "--hub-key", "@" + (folder / "hub.pub"), "--rows"});
  EXPECT_EQ(proven.exit_code, 0) << proven.err;
  EXPECT_THAT(proven.out, AllOf(HasSubstr("Bewezen: deze"), HasSubstr("Niet bewezen: dat"), HasSubstr("upc-leuven")));
  EXPECT_EQ(json::parse(offline.Run({"verify", file, "--hub-key", key, "--json"}).out)["proven"], true);

  const json with_rows = json::parse(offline.Run({"verify", file, "--hub-key", key, "--rows", "--json"}).out);
  EXPECT_EQ(with_rows["subject"], "trajectory " + id);
  EXPECT_GT(with_rows["rows"].size(), 3U);
  EXPECT_THAT(with_rows["not_proven"].get<std::string>(), HasSubstr("weggelaten"));
  EXPECT_THAT(proven.out, AllOf(HasSubstr("Traject " + id), HasSubstr("Van ma 23/11/2026 09:00:00 tot en met")));
  const json asked = Json("de-wissel", {"audit", id});
  EXPECT_EQ(std::ranges::count_if(asked["rows"], [](const json& row) { return row["what"] == "asked"; }), 2)
      << "the file and the rows were one question";

  const auto rewritten = [&](const char* name, auto change) {
    std::ifstream in(file, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    Evidence evidence = DecodeEvidence(AsBytes(bytes)).value();
    change(evidence);
    std::ofstream(folder / name, std::ios::binary) << AsText(EncodeEvidence(evidence));
    return offline.Run({"verify", folder / name, "--hub-key", key});
  };
  const Outcome nothing = rewritten("empty", [](Evidence& e) { e.entries.clear(); });
  EXPECT_EQ(nothing.exit_code, 1);
  EXPECT_THAT(nothing.err, HasSubstr("geen enkele vermelding"));
  const Outcome elsewhere =
      rewritten("elsewhere", [](Evidence& e) { e.subject = "trajectory 0000000000000000000000000000000a"; });
  EXPECT_EQ(elsewhere.exit_code, 1);
  EXPECT_THAT(elsewhere.err, HasSubstr("gaat niet over wat het zegt"));
  const Outcome part = rewritten("part", [](Evidence& e) {
    std::erase_if(e.entries, [](const ProvenEntry& one) {
      const Entry entry = DecodeEntry(one.entry).value();
      const auto* record = std::get_if<RecordEntry>(&entry.body);
      return record != nullptr && DecodeHeader(record->header).value().kind == Kind::kGrantGive;
    });
  });
  EXPECT_EQ(part.exit_code, 1);
  EXPECT_THAT(part.err, HasSubstr("weggelaten"));
  EXPECT_THAT(offline.Run({"verify", folder / "", "--hub-key", key}).err, HasSubstr("Dit is een map"));
  const Outcome unlooked = offline.Run({"verify", file, "--hub-key", "@" + (folder / "no.pub")});
  EXPECT_EQ(unlooked.exit_code, 1);
  EXPECT_THAT(unlooked.err, HasSubstr("is nog niet bekeken"));

  const NoteVerifier other{leuven.region.verifier.name, SigningKey::Generate().public_key};
  const Outcome forged = offline.Run({"verify", file, "--hub-key", ToText(other)});
  EXPECT_EQ(forged.exit_code, 1);
  EXPECT_THAT(forged.err, AllOf(HasSubstr("schakel: fout: "), HasSubstr("Niet bewezen")));
  std::fstream change(file, std::ios::in | std::ios::out | std::ios::binary);
  change.seekp(-1, std::ios::end);
  change.put('\x7f');
  change.close();
  EXPECT_EQ(offline.Run({"verify", file, "--hub-key", key}).exit_code, 1);
}

TEST_F(CliTest, AClockThatWasSetBackIsToldAndTheLogsOrderHolds) {
  const std::string id = Shared();
  const auto note = [&](const char* title) {
    return As("de-wissel", {"notes", "add", id, "--title", title, "--text", "t", "--category", "goals"}).exit_code;
  };
  leuven.region.clock.Advance(std::chrono::hours(24));
  ASSERT_EQ(note("een"), 0);
  leuven.region.clock.Advance(-std::chrono::hours(24));
  ASSERT_EQ(note("twee"), 0);
  const std::string file = folder / "sprong.bin";
  const Outcome audit = As("de-wissel", {"audit", id, "--export", file});
  ASSERT_EQ(audit.exit_code, 0) << audit.err;
  EXPECT_THAT(audit.err, HasSubstr("de klok van de hub is teruggezet"));
  Terminal offline;
  const std::string key = ToText(leuven.region.verifier);
  const Outcome proven = offline.Run({"verify", file, "--hub-key", key});
  EXPECT_EQ(proven.exit_code, 0) << proven.err;
  EXPECT_THAT(proven.out, AllOf(HasSubstr("tot en met di 24/11/2026"), HasSubstr("de klok van de hub is teruggezet")));
  const json view = json::parse(offline.Run({"verify", file, "--hub-key", key, "--json"}).out);
  ASSERT_EQ(view["clock_set_back"].size(), 1U);
  EXPECT_GT(view["until"].get<std::string>(), view["from"].get<std::string>());
}

TEST_F(CliTest, AnAuditOfMoreThanOnePageIsOneAnswer) {
  const std::string id = Shared();
  const std::string note =
      Json("de-wissel", {"notes", "add", id, "--title", "t", "--text", "x", "--category", "goals"})["record"];
  const std::vector<RecordId> looked(60, ParseId<RecordId>(note).value());
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(leuven.youth_care.Read(looked, {"Wim Maes", StaffRole::kWorker}, ViewReason::kTask));
  }
  const std::string file = folder / "bewijs.bin";
  const json answer = Json("de-wissel", {"audit", id, "--export", file});
  EXPECT_GT(answer["rows"].size(), 1200U);
  EXPECT_EQ(answer["rows"].size(), answer["total"]);
  EXPECT_TRUE(std::filesystem::exists(file));
  // What would narrow the table alone is not taken for narrowing the file.
  const Outcome part = As("de-wissel", {"audit", id, "--denied", "--export", folder / "deel.bin"});
  EXPECT_EQ(part.exit_code, 2);
  EXPECT_THAT(part.err, HasSubstr("het hele antwoord van de hub"));
  EXPECT_FALSE(std::filesystem::exists(folder / "deel.bin"));
  const Outcome printed = As("de-wissel", {"audit", id});
  EXPECT_THAT(printed.err, HasSubstr("kunnen nog onderweg zijn"));
  EXPECT_EQ(printed.exit_code, 0) << printed.err;
  EXPECT_GT(std::ranges::count(printed.out, '\n'), static_cast<std::ptrdiff_t>(answer["rows"].size()));
}

// A file as it was written once, and public keys: no hub, no agent.
TEST_F(CliTest, AFileAndPublicKeysSayWhatIsProvenAndWhatIsNot) {
  const Evidence good = DecodeEvidence(test::GoldenBytes("protocol-v1/evidence-witnessed")).value();
  const std::string file = folder / "getuigd.bin";
  const auto seed = [](std::string_view use, std::string_view name) {
    return SigningKey::FromSeed(Sha256({AsBytes("schakel/test/"), AsBytes(use), AsBytes("/"), AsBytes(name)}));
  };
  const std::string origin = "schakel.example/gent";
  const std::string key = ToText(NoteVerifier{origin, seed("hub-log", origin).public_key});
  const auto registrar = [&](const char* number) { return ToHex(seed("registrar", number).public_key.value()); };
  std::ofstream(folder / "drie.pub") << ToBase64(seed("registrar", "3").public_key.value()) << "\tderde\n";
  const std::vector<std::string> three = {"--registrar", registrar("1") + "," + registrar("2"), "--registrar",
                                          "@" + (folder / "drie.pub")};
  Terminal offline;
  const auto verify = [&](const Evidence& evidence, std::vector<std::string> more) {
    std::ofstream(file, std::ios::binary | std::ios::trunc) << AsText(EncodeEvidence(evidence));
    std::vector<std::string> line = {"verify", file, "--hub-key", key};
    line.insert(line.end(), more.begin(), more.end());
    return offline.Run(line);
  };
  const auto with = [&](std::vector<std::string> more) {
    more.insert(more.begin(), three.begin(), three.end());
    return more;
  };

  const Outcome all = verify(good, with({"--threshold", "2"}));
  EXPECT_EQ(all.exit_code, 0) << all.err;
  EXPECT_THAT(all.out,
              AllOf(HasSubstr("Bewezen: deze 4 vermeldingen"),
                    HasSubstr("wat vóór vermelding 8 aan karus-gent overhandigd of achtergehouden is, ontbreekt "
                              "niets"),
                    HasSubstr("meegetekend door karus-gent (tot en met vermelding 6)"),
                    HasSubstr("Niet bewezen: dat er geen andere")));
  const json view = json::parse(verify(good, with({"--threshold", "2", "--json"})).out);
  EXPECT_EQ(view["complete"], json::parse(R"([{"organisation":"karus-gent","deliveries":3,"before":8}])"));
  EXPECT_EQ(view["parties"]["witnesses"][0]["size"], 6);
  EXPECT_THAT(view["sentence"].get<std::string>(), StartsWith("Bewezen: "));

  // Less is given: less is said, and nothing refused.
  const Outcome alone = verify(good, {});
  EXPECT_EQ(alone.exit_code, 0) << alone.err;
  EXPECT_THAT(alone.out, AllOf(HasSubstr("ontbreekt niets"), Not(HasSubstr("meegetekend door")),
                               HasSubstr("de sleutels van de registrars nodig")));
  Evidence unknown = good;
  unknown.statements.clear();
  const Outcome nobody = verify(unknown, with({"--threshold", "2"}));
  EXPECT_EQ(nobody.exit_code, 0) << nobody.err;
  EXPECT_THAT(nobody.out, AllOf(HasSubstr("wat karus-gent ondertekenden"), HasSubstr("andere organisatie")));

  EXPECT_EQ(verify(good, {"--threshold", "2"}).exit_code, 2) << "of which registrars?";
  const Outcome none = verify(good, with({"--threshold", "0"}));
  EXPECT_EQ(none.exit_code, 2) << "none is not all";
  EXPECT_THAT(none.err, HasSubstr("telt vanaf 1"));

  struct Case {
    const char* name;
    std::function<void(Evidence&)> change;
    std::vector<std::string> options;
    std::string text;
    const char* verdict = "Niet bewezen: ";
  };
  const Case refused[] = {
      {"a delivery dropped", [](Evidence& e) { e.entries.erase(e.entries.begin() + 1); }, {}, "karus-gent: 2"},
      {"a number changed", [](Evidence& e) { e.entries[2].opening->number = 2; }, {}, "volgnummer"},
      {"a cosignature gone bad", [](Evidence& e) { e.witnesses[0].note[e.witnesses[0].note.size() - 20] ^= 1; },
       with({"--threshold", "2"}), "mede-ondertekening klopt niet: karus-gent"},
      {"all three must have signed", [](Evidence&) {}, three, "--threshold 2"},
      {"more than are given", [](Evidence&) {}, with({"--threshold", "4"}), "minder sleutels", "Niets nagekeken: "},
      {"no key",
       [](Evidence&) {},
       {"--registrar", "abc"},
       "geen publieke sleutel van een registrar",
       "Niets nagekeken: "},
  };
  for (const Case& c : refused) {
    SCOPED_TRACE(c.name);
    Evidence bad = good;
    c.change(bad);
    const Outcome outcome = verify(bad, c.options);
    EXPECT_EQ(outcome.exit_code, 1);
    EXPECT_THAT(outcome.err, AllOf(HasSubstr(c.text), HasSubstr(c.verdict)));
  }
}

}  // namespace
}  // namespace schakel
