#include "agents/cli.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/cli_world.h"

namespace schakel {
namespace {

using schakel::test::CliTest;
using schakel::test::Leuven;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

TEST_F(CliTest, TheLeadIsOfferedRefusedAndTakenOver) {
  const std::string id = Shared();
  EXPECT_THAT(As("de-wissel", {"lead", "offer", id, "--to", "upc-leuven"}).err, HasSubstr("introduce"))
      << "the school does not know psychiatry yet";
  EXPECT_EQ(As("de-wissel", {"trajectories", "introduce", id, "--member", "upc-leuven", "--to", "clb-leuven", "--both"})
                .exit_code,
            0);
  EXPECT_THAT(As("de-wissel", {"lead", "offer", id, "--to", "upc-leuven", "--dry-run"}).out, HasSubstr("CLB Leuven"));
  EXPECT_EQ(As("de-wissel", {"lead", "offer", id, "--to", "upc-leuven", "--message", "zoals besproken"}).exit_code, 0);
  EXPECT_THAT(As("upc-leuven", {"inbox"}).out, HasSubstr("De regie wordt aangeboden"));
  EXPECT_THAT(As("clb-leuven", {"trajectories", "show", id}).out, HasSubstr("Regie aangeboden"));
  EXPECT_EQ(As("upc-leuven", {"lead", "refuse", id}).exit_code, 2) << "a reason is asked";
  EXPECT_EQ(As("upc-leuven", {"lead", "refuse", id, "--why", "geen plaats"}).exit_code, 0);
  EXPECT_EQ(As("de-wissel", {"lead", "offer", id, "--to", "upc-leuven"}).exit_code, 0);
  EXPECT_EQ(As("de-wissel", {"lead", "withdraw", id}).exit_code, 0);
  EXPECT_EQ(As("de-wissel", {"lead", "offer", id, "--to", "upc-leuven"}).exit_code, 0);
  EXPECT_THAT(As("clb-leuven", {"lead", "accept", id}).err, HasSubstr("staat niet open"));
  EXPECT_EQ(As("upc-leuven", {"lead", "accept", id, "--message", "vanaf vandaag"}).exit_code, 0);
  EXPECT_THAT(As("clb-leuven", {"trajectories", "show", id}).out,
              AllOf(HasSubstr("UPC Leuven"), HasSubstr("Vorige regie"), HasSubstr("De Wissel, tot")));
  EXPECT_EQ(Json("clb-leuven", {"trajectories", "show", id})["lead"]["id"], "upc-leuven");
}

TEST_F(CliTest, ADossierIsWrittenTogether) {
  const std::string id = Shared();
  EXPECT_EQ(As("de-wissel", {"trajectories", "introduce", id, "--member", "upc-leuven", "--to", "clb-leuven", "--both"})
                .exit_code,
            0);
  const std::string goal = Json("de-wissel", {"goals", "set", id, "--text", "terug naar school", "--owner",
                                              "clb-leuven,upc-leuven", "--with", "Sam en oma"})["record"];
  EXPECT_EQ(
      As("upc-leuven", {"goals", "progress", goal, "--progress", "zit-vast", "--text", "slaapt slecht"}).exit_code, 0);
  EXPECT_EQ(As("clb-leuven", {"goals", "edit", goal, "--text", "drie halve dagen", "--owner", "clb-leuven"}).exit_code,
            0);
  EXPECT_EQ(As("clb-leuven", {"goals", "review", goal, "--found", "voortgezet", "--text", "verder"}).exit_code, 0);
  EXPECT_THAT(As("de-wissel", {"goals", "list", id}).out,
              AllOf(HasSubstr("drie halve dagen"), HasSubstr("UPC Leuven: zit vast"), HasSubstr("voortgezet"),
                    HasSubstr("Te evalueren tegen"), HasSubstr("1. CLB Leuven"), Not(HasSubstr("terug naar school"))));
  EXPECT_THAT(As("upc-leuven", {"goals", "review", goal, "--found", "bereikt", "--text", "x"}).err,
              HasSubstr("Alleen wie een doel draagt"));

  const std::string action = Json("de-wissel", {"actions", "add", id, "--text", "belt de school", "--owner",
                                                "clb-leuven", "--due", "27/11/2026"})["record"];
  EXPECT_THAT(As("clb-leuven", {"inbox"}).out, HasSubstr("Voer een actie uit"));
  EXPECT_EQ(As("clb-leuven", {"actions", "done", action, "--remark", "maandag"}).exit_code, 0);
  EXPECT_THAT(As("de-wissel", {"actions", "list", id}).out,
              AllOf(HasSubstr("gedaan"), HasSubstr("Uitvoerder: CLB Leuven")));
  EXPECT_EQ(As("clb-leuven", {"actions", "undone", action}).exit_code, 0);
  EXPECT_EQ(As("clb-leuven",
               {"actions", "edit", action, "--text", "belt thuis", "--owner", "clb-leuven", "--due", "30/11/2026"})
                .exit_code,
            0);

  const std::string criterion =
      Json("de-wissel", {"criteria", "set", id, "--whose", "jeugdrechter", "--text", "een vast adres"})["record"];
  const auto closes = [&](const std::vector<std::string>& more) {
    std::vector<std::string> line = {"trajectories", "close", id, "--copy-offered", "op papier", "--copy", "taken"};
    line.insert(line.end(), more.begin(), more.end());
    return As("de-wissel", line);
  };
  EXPECT_THAT(closes({}).err, AllOf(HasSubstr("goed genoeg"), HasSubstr(criterion.substr(0, 8))));
  EXPECT_EQ(As("de-wissel", {"criteria", "edit", criterion, "--whose", "jeugdrechter", "--text", "bij oma"}).exit_code,
            0);
  EXPECT_EQ(As("de-wissel", {"criteria", "met", criterion, "--why", "woont bij oma"}).exit_code, 0);
  EXPECT_THAT(As("upc-leuven", {"criteria", "list", id}).out, HasSubstr("voldaan"));
  EXPECT_EQ(As("de-wissel", {"criteria", "unmet", criterion}).exit_code, 0);
  EXPECT_THAT(As("upc-leuven", {"criteria", "list", id}).out, HasSubstr("niet voldaan"));
  EXPECT_EQ(closes({"--unmet-why", "Sam verhuist"}).exit_code, 0);
}

TEST_F(CliTest, ReferralsAreAnsweredAndCommitmentsSigned) {
  const std::string id = Shared();
  for (const char* organisation : {"upc-leuven", "de-wissel"}) {
    EXPECT_EQ(As("de-wissel", {"grants", "give", id, "--to", organisation, "--purpose", "care-coordination",
                               "--category", "agreements", "--for", "3m", "--by", "Sam", "--how", "ondertekend"})
                  .exit_code,
              0);
  }
  const std::string referral = Json("de-wissel", {"referrals", "ask", id, "upc-leuven", "--question", "Is er plaats?",
                                                  "--category", "goals"})["record"];
  EXPECT_THAT(As("upc-leuven", {"inbox"}).out, HasSubstr("Beantwoord een aanmelding"));
  EXPECT_EQ(As("upc-leuven", {"referrals", "refuse", referral}).exit_code, 2) << "a reason is asked";
  EXPECT_EQ(As("upc-leuven", {"referrals", "refuse", referral, "--why", "geen plaats"}).exit_code, 0);
  EXPECT_THAT(As("de-wissel", {"referrals", "list", id}).out, AllOf(HasSubstr("geweigerd"), HasSubstr("geen plaats")));
  const std::string second = Json("de-wissel", {"referrals", "ask", id, "upc-leuven", "--question", "En in maart?",
                                                "--category", "goals"})["record"];
  EXPECT_EQ(As("upc-leuven", {"referrals", "accept", second}).exit_code, 0);
  EXPECT_THAT(As("de-wissel", {"referrals", "withdraw", second}).err, HasSubstr("niet meer open"));

  const std::string commitment = Json(
      "de-wissel", {"commitments", "propose", id, "--party", "upc-leuven,de-wissel", "--text", "elke week"})["record"];
  EXPECT_THAT(As("upc-leuven", {"inbox"}).out, HasSubstr("Teken een engagementsverklaring"));
  EXPECT_THAT(As("de-wissel", {"commitments", "list", id}).out, HasSubstr("wacht op UPC Leuven"));
  EXPECT_EQ(As("upc-leuven", {"commitments", "sign", commitment, "--remark", "besproken"}).exit_code, 0);
  EXPECT_THAT(As("de-wissel", {"commitments", "list", id}).out, HasSubstr("geldt sinds"));
  const auto holds = AllOf(HasSubstr("engagementsverklaring"), HasSubstr(commitment.substr(0, 8)));
  EXPECT_THAT(As("upc-leuven", {"trajectories", "leave", id, "--message", "geen tijd"}).err, holds);
  EXPECT_THAT(As("de-wissel", {"trajectories", "remove", id, "upc-leuven"}).err, holds);
  EXPECT_THAT(As("de-wissel", {"trajectories", "close", id, "--copy-offered", "op papier", "--copy", "taken"}).err,
              AllOf(holds, HasSubstr("--unmet-why")));
  EXPECT_THAT(As("de-wissel", {"trajectories", "show", id}).out, HasSubstr("UPC Leuven"));
  EXPECT_EQ(
      As("de-wissel", {"commitments", "edit", commitment, "--party", "upc-leuven,de-wissel", "--text", "elke dag"})
          .exit_code,
      0);
  EXPECT_THAT(As("upc-leuven", {"commitments", "sign", commitment}).err, HasSubstr("intussen gewijzigd"));
}

TEST_F(CliTest, APersonSignsOnPaperBesidesTheOrganisations) {
  const std::string id = Shared();
  const std::string one = Json("de-wissel", {"commitments", "propose", id, "--party", "de-wissel", "--person",
                                             "young-person,mother", "--text", "elke week"})["record"];
  EXPECT_THAT(As("de-wissel", {"commitments", "list", id}).out,
              AllOf(HasSubstr("wacht op de jongere, moeder"), HasSubstr("moet nog tekenen")));
  EXPECT_THAT(As("de-wissel", {"commitments", "court-copy", one}).err, HasSubstr("Nog niet iedereen"));
  EXPECT_THAT(As("de-wissel", {"commitments", "sign", one, "--for", "young-person"}).err, HasSubstr("--paper"));
  const std::vector<std::string> sam = {"commitments",  "sign",    one,    "--for",
                                        "young-person", "--paper", "--at", "20/11/2026"};
  const auto signed_now = As("de-wissel", sam);
  EXPECT_EQ(signed_now.exit_code, 0) << signed_now.err;
  EXPECT_THAT(As("de-wissel", sam).err, HasSubstr("al getekend"));
  EXPECT_EQ(As("de-wissel", {"commitments", "sign", one, "--for", "mother", "--paper", "--at", "20/11/2026"}).exit_code,
            0);
  EXPECT_THAT(As("de-wissel", {"commitments", "list", id}).out,
              AllOf(HasSubstr("geldt sinds"), HasSubstr("op papier")));
  EXPECT_EQ(As("de-wissel", {"commitments", "court-copy", one}).exit_code, 0);
  EXPECT_THAT(As("de-wissel", {"plans", "list", id}).out, HasSubstr("Handtekeningen"));
  EXPECT_EQ(As("de-wissel", {"commitments", "hand-over", one, "--to", "upc-leuven"}).exit_code, 1) << "no court";
}

TEST_F(CliTest, ACommitmentCitesGoalsAndWhoSignedSaysHowFarTheyAre) {
  const std::string id = Shared();
  const std::string goal =
      Json("de-wissel", {"goals", "set", id, "--text", "terug naar school", "--owner", "de-wissel"})["record"];
  const std::string criterion =
      Json("de-wissel", {"criteria", "set", id, "--whose", "jongere", "--text", "vier dagen op vijf"})["record"];
  const std::string one =
      Json("de-wissel", {"commitments", "propose", id, "--party", "de-wissel", "--person", "mother", "--text",
                         "elke week", "--goal", goal.substr(0, 12), "--criterion", criterion})["record"];
  EXPECT_THAT(As("de-wissel", {"inbox"}).out, HasSubstr("Laat de jongere of de familie"));
  const std::vector<std::string> says = {"goals",  "progress", goal,   "--progress", "zit-vast", "--for",
                                         "mother", "--paper",  "--at", "20/11/2026", "--text",   "nog niet"};
  EXPECT_THAT(As("de-wissel", says).err, HasSubstr("tekende geen engagementsverklaring"));
  EXPECT_EQ(As("de-wissel", {"commitments", "sign", one, "--for", "mother", "--paper", "--at", "20/11/2026"}).exit_code,
            0);
  const auto said = As("de-wissel", says);
  EXPECT_EQ(said.exit_code, 0) << said.err;
  EXPECT_THAT(As("de-wissel", {"commitments", "list", id}).out,
              AllOf(HasSubstr("Doel: terug naar school"), HasSubstr("moeder: zit vast"), HasSubstr("op papier"),
                    HasSubstr("jongere: vier dagen op vijf"), HasSubstr("Te vernieuwen tegen")));
  EXPECT_EQ(As("de-wissel", {"goals", "edit", goal, "--text", "halve dagen", "--owner", "de-wissel"}).exit_code, 0);
  EXPECT_THAT(As("de-wissel", {"commitments", "list", id}).out,
              AllOf(HasSubstr("sindsdien gewijzigd"), HasSubstr("Geldt niet meer"), Not(HasSubstr("geldt sinds"))));
  EXPECT_THAT(As("de-wissel", {"inbox"}).out, HasSubstr("Schrijf een engagementsverklaring opnieuw"));
  EXPECT_THAT(As("de-wissel", {"commitments", "edit", one, "--party", "de-wissel", "--person", "mother", "--text",
                               "elke week", "--goal", goal})
                  .err,
              HasSubstr("niet meer de versie"));
}

}  // namespace
}  // namespace schakel
