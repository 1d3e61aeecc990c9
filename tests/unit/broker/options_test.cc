#include "broker/options.h"

#include <gtest/gtest.h>

#include <sstream>

namespace schakel {
namespace {

std::vector<std::string> Words(const std::string& line) {
  std::istringstream in(line);
  return {std::istream_iterator<std::string>(in), {}};
}

// "init", "run", ... or the exit code.
std::string Parsed(const std::string& line) {
  const auto parsed = ParseOptions(Words(line));
  if (const auto* text = std::get_if<OptionsText>(&parsed)) return "exit " + std::to_string(text->exit_code);
  constexpr const char* kNames[] = {"init",     "run",    "token", "enrolments", "request", "apply", "suspend",
                                    "ceilings", "status", "rekey", "snapshot",   "verify",  "head",  "accept"};
  return kNames[std::get<ParsedOptions>(parsed).command.index()];
}
template <typename Command>
Command Get(const std::string& line) {
  const auto parsed = ParseOptions(Words(line));
  const auto* options = std::get_if<ParsedOptions>(&parsed);
  EXPECT_TRUE(options) << std::get<OptionsText>(parsed).text;
  return options ? std::get<Command>(options->command) : Command{};
}

TEST(Options, EachCommandTakesWhatItNeeds) {
  struct Case {
    const char* line;
    const char* want;
  };
  const Case cases[] = {
      {"init --directory=/d --origin=a/b --listen=tcp://0.0.0.0:1", "init"},
      {"init --directory=/d --origin=a/b", "exit 2"},
      {"init --directory=/d --origin=a/b --listen=x --threshold=0", "exit 2"},
      {"run", "run"},
      {"--config=/c run", "run"},
      {"run --config=/c --check-config", "run"},
      {"run extra", "exit 2"},
      {"token --org=stappen-gent --sector=youth-care", "token"},
      {"token --org=stappen-gent", "exit 2"},
      {"token --org=stappen-gent --withdraw", "token"},
      {"token --org=stappen-gent --withdraw --sector=youth-care", "exit 2"},
      {"token --org=Stappen --sector=youth-care", "exit 2"},
      {"token --org=stappen-gent --sector=Youth", "exit 2"},
      {"token --org=stappen-gent --sector=youth-care --valid-hours=0", "exit 2"},
      {"token --org=stappen-gent --sector=youth-care --valid-hours=2160", "token"},
      {"token --org=stappen-gent --sector=youth-care --valid-hours=2161", "exit 2"},
      {"enrolments", "enrolments"},
      {"request --org=stappen-gent --output=f", "request"},
      {"request --org=stappen-gent", "exit 2"},
      {"apply a b c", "apply"},
      {"apply", "exit 2"},
      {"suspend --org=stappen-gent --output=f", "suspend"},
      {"suspend --output=f", "exit 2"},
      {"ceilings --profiles=p --output=f", "ceilings"},
      {"ceilings --profiles=p", "exit 2"},
      {"status", "status"},
      {"snapshot", "snapshot"},
      {"verify", "verify"},
      {"head", "head"},
      {"accept --head=1:00", "accept"},
      {"accept", "exit 2"},
      {"", "exit 2"},
      {"unknown", "exit 2"},
      {"status run", "exit 2"},
      {"--help", "exit 0"},
      {"token --help", "exit 0"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.line);
    EXPECT_EQ(Parsed(c.line), c.want);
  }
}

TEST(Options, ValuesArriveWhereTheyBelong) {
  const auto init = Get<InitCommand>(
      "init --directory=/d --origin=a/b --listen=tcp://0.0.0.0:1 --advertise=tcp://h:1 --registrar=k1 --registrar=k2 "
      "--threshold=2");
  EXPECT_EQ(init.directory, "/d");
  EXPECT_EQ(init.origin, "a/b");
  EXPECT_EQ(init.listen, "tcp://0.0.0.0:1");
  EXPECT_EQ(init.advertise, "tcp://h:1");
  EXPECT_EQ(init.registrars, (std::vector<std::string>{"k1", "k2"}));
  EXPECT_EQ(init.threshold, 2U);
  const auto token = Get<TokenCommand>("token --org=caw-gent --sector=welfare --output=o");
  EXPECT_EQ(token.organisation, OrgId("caw-gent"));
  EXPECT_EQ(token.sector, Sector("welfare"));
  EXPECT_EQ(token.name, "caw-gent") << "for want of another";
  EXPECT_EQ(token.valid_hours, 72U);
  EXPECT_EQ(token.output, "o");
  EXPECT_TRUE(Get<RunCommand>("run --check-config").check_config);
  EXPECT_FALSE(Get<RunCommand>("run").check_config);
  EXPECT_EQ(Get<ApplyCommand>("apply b a").files, (std::vector<std::filesystem::path>{"b", "a"}));
  const auto parsed = ParseOptions(Words("--config=/x/y run"));
  EXPECT_EQ(std::get<ParsedOptions>(parsed).config, "/x/y");
}

TEST(Options, MisuseNamesWhatIsWrongAndWhatNext) {
  const auto parsed = ParseOptions(Words("token --org=X --sector=y1"));
  const auto& text = std::get<OptionsText>(parsed).text;
  EXPECT_NE(text.find("schakel-hub: error: --org"), std::string::npos) << text;
  EXPECT_NE(text.find("hint: "), std::string::npos);
}

TEST(Options, VersionHelpAndSlipsAreAnswered) {
  const auto text = [](const std::string& line) { return std::get<OptionsText>(ParseOptions(Words(line))); };
  EXPECT_EQ(text("--version").exit_code, 0);
  EXPECT_NE(text("--version").text.find(SCHAKEL_VERSION), std::string::npos);
  EXPECT_EQ(text("bogus").exit_code, 2);
  EXPECT_NE(text("--config c bogus").text.find("no command bogus"), std::string::npos);
  EXPECT_NE(text("--help").text.find("--advertise"), std::string::npos) << "the first day works as it stands";
  EXPECT_NE(text("--help").text.find("--withdraw"), std::string::npos) << "an invitation can be taken back";
  EXPECT_EQ(text("init --help").text.find("The first day"), std::string::npos) << "once is enough";
}

}  // namespace
}  // namespace schakel
