// The command line, alone or with the agents of a region behind it.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "agents/api.h"
#include "agents/cli.h"
#include "support/fake_engine.h"
#include "support/paths.h"
#include "support/temp_folder.h"

namespace schakel::test {

struct CliOutcome {
  int exit_code = 0;
  std::string out;
  std::string err;
};

struct Terminal {
  std::map<std::string, std::string> environment;
  std::string input;
  Clock* clock = &SystemClock();

  CliOutcome Run(const std::vector<std::string>& arguments) {
    std::istringstream in(input);
    std::ostringstream out;
    std::ostringstream err;
    CliWorld world{in, out, err, Lookup(), *clock};
    const int exit_code = RunCli(arguments, world);
    return {exit_code, out.str(), err.str()};
  }
  CliParsed Parse(const std::vector<std::string>& arguments) {
    std::istringstream in;
    std::ostringstream none;
    return ParseCli(arguments, CliWorld{in, none, none, Lookup(), *clock});
  }

 private:
  std::function<std::optional<std::string>(const std::string&)> Lookup() {
    return [this](const std::string& name) -> std::optional<std::string> {
      auto found = environment.find(name);
      return found == environment.end() ? std::nullopt : std::optional(found->second);
    };
  }
};

// Its paths as text, as lines take them.
struct TextFolder : TempFolder {
  std::string operator/(const std::string& name) const { return (path() / name).string(); }
};

class CliTest : public ::testing::Test {
 protected:
  TextFolder folder;
  Leuven leuven;
  std::map<std::string, std::unique_ptr<ApiServer>> servers;

  void SetUp() override {
    for (auto& [id, engine] : leuven.region.engines) {
      servers[id.value()] = StartApi(*engine, {folder / id.value(), SourceDir() / "agents/profiles"},
                                     leuven.region.clock, leuven.region.random)
                                .value();
    }
  }
  CliOutcome As(const std::string& organisation, std::vector<std::string> line, const std::string& input = {}) {
    Terminal terminal;
    terminal.clock = &leuven.region.clock;
    terminal.input = input;
    terminal.environment["SCHAKEL_SOCKET"] = folder / organisation;
    if (std::ranges::find(line, "--as") == line.end()) {
      line.insert(line.end(), {"--as", "Nora Peeters"});
    }
    return terminal.Run(line);
  }
  nlohmann::json Json(const std::string& organisation, std::vector<std::string> line) {
    line.push_back("--json");
    const CliOutcome outcome = As(organisation, line);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err << outcome.out;
    return nlohmann::json::parse(outcome.out, nullptr, false);
  }
  // With psychiatry and school in it; both may receive goals and meetings, psychiatry mental health as well.
  std::string Shared() {
    const std::string id =
        Json("de-wissel", {"trajectories", "open", "--label", "Sam (2010)", "--module", "mobile"})["trajectory"];
    for (const std::string organisation : {"upc-leuven", "clb-leuven"}) {
      EXPECT_EQ(As("de-wissel", {"trajectories", "invite", id, organisation, "--message", "welkom"}).exit_code, 0);
      EXPECT_EQ(As(organisation, {"trajectories", "join", id.substr(0, 6), "--message", "ja"}).exit_code, 0);
    }
    for (const std::string organisation : {"upc-leuven", "clb-leuven", "de-wissel"}) {
      const char* categories = organisation == "clb-leuven" ? "goals,meeting" : "goals,meeting,mental-health";
      const CliOutcome grant = As("de-wissel", {"grants", "give", id, "--to", organisation, "--purpose",
                                                "care-coordination,consultation,round-table", "--category", categories,
                                                "--for", "3m", "--by", "Sam", "--how", "ondertekend"});
      EXPECT_EQ(grant.exit_code, 0) << grant.err;
    }
    return id;
  }
};

// A file of that much text in the folder.
inline std::string WriteText(const std::string& path, std::size_t bytes) {
  std::string text;
  for (std::size_t line = 0; text.size() < bytes; ++line) text += "regel " + std::to_string(line) + "\n";
  text.resize(bytes);
  std::ofstream(path, std::ios::binary) << text;
  return text;
}

inline std::string ReadText(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace schakel::test
