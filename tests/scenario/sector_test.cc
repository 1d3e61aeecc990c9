// A sector that nobody thought of when this was written: a file describes it, the registrars sign what it may receive,
// and an organisation of it takes part. No code knows its name.
#include <gtest/gtest.h>

#include "support/paths.h"
#include "support/real_region.h"

namespace schakel::testing {
namespace {

namespace fs = std::filesystem;

constexpr const char* kSectorFile = R"(sector = "disability-care"
name = { nl = "Zorg voor personen met een handicap", en = "Disability care", fr = "Aide aux personnes handicapées" }
court_wall = false
ceiling = ["identity", "contact", "living", "goals", "meeting", "health"]

[defaults]
purposes = ["care-coordination", "round-table"]
categories = ["living", "goals", "meeting"]

[vocabulary]
worker = { nl = "opvoeder", en = "educator", fr = "éducateur" }

[[topics]]
nl = "Dagbesteding op maat"
en = "A day programme that fits"
fr = "Des activités de jour adaptées"
)";

class SixthSector : public ::testing::Test {
 protected:
  // The profiles of the product, with one file more.
  fs::path Profiles() {
    const fs::path folder = region_.folder() / "profiles";
    fs::copy(SourceDir() / "agents/profiles", folder);
    WriteFile(folder / "disability-care.toml", kSectorFile);
    return folder;
  }
  // As the operator and the registrars do.
  void SignCeilings(const fs::path& profiles) {
    const fs::path file = region_.folder() / "ceilings";
    MustRun(region_.hub().Command({"ceilings", "--profiles", profiles, "--output", file}));
    region_.hub().Apply(std::vector<Bytes>{ToBytes(AsBytes(ReadFile(file)))});
  }

  RealRegion region_{{"jeugd-leidt"}};
  ApiClient lead_ = region_.agent(0).Client();
};

TEST_F(SixthSector, TakesPartWithoutALineOfCode) {
  const fs::path profiles = Profiles();
  const std::vector<std::string> token = {"token",
                                          "--org",
                                          "de-zonnebloem",
                                          "--sector",
                                          "disability-care",
                                          "--output",
                                          (region_.folder() / "early").string()};
  EXPECT_NE(schakel::testing::Run(region_.hub().Command(token)).exit_code, 0) << "nobody signed what it may receive";
  SignCeilings(profiles);
  RealAgent& newcomer = region_.Add("de-zonnebloem", "disability-care", profiles);
  ApiClient partner = newcomer.Client("Hanne Smets");

  const Json own = partner.MustGet("/v1/profiles")["profiles"];
  const auto described = std::ranges::find_if(own, [](const Json& one) { return one["sector"] == "disability-care"; });
  ASSERT_NE(described, own.end()) << own;
  EXPECT_EQ(described->at("name"), "Disability care");
  EXPECT_EQ(described->at("vocabulary").at("worker"), "educator");
  const Json known = lead_.MustGet("/v1/organisations");
  for (const Json& one : known.at("organisations")) {
    if (one.at("id") != "de-zonnebloem") continue;
    EXPECT_EQ(one.at("sector_name"), "disability-care") << "its file is not there yet";
  }

  const std::string path =
      "/v1/trajectories/" +
      lead_.MustPost("/v1/trajectories", {{"label", "Milan"}}, 10)["trajectory"].get<std::string>();
  lead_.MustPost(path + "/invitations", {{"organisation", "de-zonnebloem"}}, 10);
  ASSERT_TRUE(WaitUntil([&] { return partner.Get(path).ok(); }));
  partner.MustPost(path + "/join", Json::object(), 10);
  ASSERT_TRUE(WaitUntil([&] { return lead_.Post(path + "/grants", LivingGrant("de-zonnebloem"), 10).ok(); }));

  const std::string note = lead_.MustPost(path + "/notes", LivingNote("Kamer", "een kamer gelijkvloers"), 10)["record"];
  ASSERT_TRUE(WaitUntil([&] { return partner.Get("/v1/records/" + note).ok(); }));
  EXPECT_EQ(partner.MustGet("/v1/records/" + note)["body"]["text"], "een kamer gelijkvloers");
  Json beyond = LivingNote("Therapie", "woorden");
  beyond["categories"] = {"mental-health"};
  beyond["to"] = {"de-zonnebloem"};
  const Reply refused = lead_.Post(path + "/notes", beyond, 10);
  EXPECT_FALSE(refused.ok());
  EXPECT_NE(refused.json.dump().find("sector-ceiling"), std::string::npos)
      << "its file does not name that: " << refused.json;
  region_.Stop();
  region_.hub().Verify();
}

}  // namespace
}  // namespace schakel::testing
