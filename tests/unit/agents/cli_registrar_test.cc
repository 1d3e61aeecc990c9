// The registrar's desk: no hub, no agent.
#include "agents/cli.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "protocol/crypto.h"
#include "protocol/registry.h"
#include "support/cli_world.h"

namespace schakel {
namespace {

using schakel::test::Leuven;
using Outcome = schakel::test::CliOutcome;
using schakel::test::Terminal;
using Folder = schakel::test::TextFolder;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(CliRegistrar, AKeyIsMadeShownAndSignsWhatTheHubExported) {
  const Folder folder;
  Terminal terminal;
  const std::string key = folder / "a.key";
  const Outcome made = terminal.Run({"registrar", "keygen", "--output", key});
  ASSERT_EQ(made.exit_code, 0) << made.err;
  struct stat status{};
  ASSERT_EQ(::stat(key.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
  EXPECT_EQ(terminal.Run({"registrar", "keygen", "--output", key}).exit_code, 1);
  EXPECT_EQ(terminal.Run({"registrar", "public", key}).out, made.out);
  const auto public_key = FromBase64(made.out.substr(0, made.out.size() - 1));
  ASSERT_EQ(public_key->size(), 32U);

  OrgStatement statement;
  statement.organisation = OrgId("upc-leuven");
  statement.name = "UPC Leuven";
  statement.sector = Sector("psychiatry");
  statement.issued_at = ParseTimestamp("2026-11-23T08:00:00Z").value();
  statement.keys.record = SigningKey::Generate().public_key;
  const Bytes request = EncodeStatement(Statement(statement));
  std::ofstream(folder / "request", std::ios::binary) << AsText(request);
  terminal.Run({"registrar", "keygen", "--output", folder / "b.key"});
  const Outcome sign = terminal.Run({"registrar", "sign", "--key", key, "--key", folder / "b.key", folder / "request",
                                     "--output", folder / "signed"});
  ASSERT_EQ(sign.exit_code, 0) << sign.err;
  EXPECT_THAT(sign.err, AllOf(HasSubstr("U ondertekent:"), HasSubstr("UPC Leuven"),
                              HasSubstr(Fingerprint(statement.organisation, statement.keys))));
  std::ifstream in(folder / "signed", std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(in), {}};
  const SignedStatement signed_statement = DecodeSignedStatement(AsBytes(bytes)).value();
  EXPECT_EQ(signed_statement.statement, request);
  std::array<std::uint8_t, 32> raw{};
  std::ranges::copy(*public_key, raw.begin());
  Registrars registrars{1, {SigningPublicKey(raw)}};
  EXPECT_TRUE(Directory(registrars).Apply(signed_statement));
  EXPECT_EQ(signed_statement.signatures.size(), 2U);

  // A second registrar, elsewhere, adds to what the first one signed.
  terminal.Run({"registrar", "sign", "--key", key, folder / "request", "--output", folder / "first"});
  ASSERT_EQ(
      terminal.Run({"registrar", "sign", "--key", folder / "b.key", folder / "first", "--output", folder / "second"})
          .exit_code,
      0);
  std::ifstream again(folder / "second", std::ios::binary);
  const std::string second{std::istreambuf_iterator<char>(again), {}};
  EXPECT_EQ(DecodeSignedStatement(AsBytes(second)).value().signatures.size(), 2U);

  const Outcome twice = terminal.Run({"--lang", "en", "registrar", "sign", "--key", key, "--key", key,
                                      folder / "request", "--output", folder / "third"});
  EXPECT_EQ(twice.exit_code, 1);
  EXPECT_THAT(twice.err, HasSubstr("counts once"));
}

TEST(CliRegistrar, NothingOfWhatIsSignedIsCutOff) {
  const Folder folder;
  Terminal terminal;
  CeilingStatement statement;
  statement.serial = 1;
  statement.issued_at = ParseTimestamp("2026-11-23T08:00:00Z").value();
  statement.rows = {{Sector("a-sector-with-a-long-name-of-its-own"), CategorySet(~std::uint64_t{0}), true}};
  std::ofstream(folder / "request", std::ios::binary) << AsText(EncodeStatement(Statement(statement)));
  terminal.Run({"registrar", "keygen", "--output", folder / "key"});
  const Outcome sign = terminal.Run(
      {"--lang", "en", "registrar", "sign", "--key", folder / "key", folder / "request", "--output", folder / "out"});
  ASSERT_EQ(sign.exit_code, 0) << sign.err;
  EXPECT_THAT(sign.err, Not(HasSubstr("…")));
  for (Category category : AllCategories()) {
    EXPECT_THAT(sign.err, HasSubstr(std::string(Label(category, Language::kEnglish))));
  }
}

TEST(CliRegistrar, OtherRegistrarsAreStatedAndSignedByBoth) {
  const Folder folder;
  Terminal terminal;
  for (const char* name : {"old", "a", "b"}) {
    const Outcome made = terminal.Run({"registrar", "keygen", "--output", folder / (std::string(name) + ".key")});
    std::ofstream(folder / (std::string(name) + ".pub")) << made.out;
  }
  const Outcome made = terminal.Run({"--lang", "en", "registrar", "rotate", "--serial", "1", "--threshold", "2",
                                     "--registrar", "@" + (folder / "a.pub"), "--registrar", "@" + (folder / "b.pub"),
                                     "--output", folder / "registrars"});
  ASSERT_EQ(made.exit_code, 0) << made.err;
  EXPECT_THAT(made.err, HasSubstr("2/2"));
  ASSERT_EQ(terminal
                .Run({"registrar", "sign", "--key", folder / "old.key", "--key", folder / "a.key", "--key",
                      folder / "b.key", folder / "registrars", "--output", folder / "signed"})
                .exit_code,
            0);
  std::ifstream in(folder / "signed", std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(in), {}};
  const SignedStatement signed_statement = DecodeSignedStatement(AsBytes(bytes)).value();
  std::ifstream old_public(folder / "old.pub");
  std::string old_text;
  std::getline(old_public, old_text);
  std::array<std::uint8_t, 32> raw{};
  std::ranges::copy(*FromBase64(old_text), raw.begin());
  Directory directory(Registrars{1, {SigningPublicKey(raw)}});
  ASSERT_TRUE(directory.Apply(signed_statement));
  EXPECT_EQ(directory.signers().keys.size(), 2U);

  struct Case {
    const char* name;
    std::vector<std::string> words;
    const char* want;
  };
  const Case cases[] = {
      {"no serial", {"--threshold", "1", "--registrar", "@" + (folder / "a.pub")}, "A serial begins at 1"},
      {"no threshold", {"--serial", "1", "--registrar", "@" + (folder / "a.pub")}, "not possible"},
      {"more than there are",
       {"--serial", "1", "--threshold", "2", "--registrar", "@" + (folder / "a.pub")},
       "not possible"},
      {"one twice",
       {"--serial", "1", "--threshold", "1", "--registrar", "@" + (folder / "a.pub"), "--registrar",
        "@" + (folder / "a.pub")},
       "not possible"},
      {"no key", {"--serial", "1", "--threshold", "1", "--registrar", "abc"}, "not a public key"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    std::vector<std::string> words = {"--lang", "en", "registrar", "rotate", "--output", folder / "wrong"};
    words.insert(words.end(), c.words.begin(), c.words.end());
    const Outcome refused = terminal.Run(words);
    EXPECT_EQ(refused.exit_code, 1);
    EXPECT_THAT(refused.err, HasSubstr(c.want));
    EXPECT_FALSE(std::filesystem::exists(folder / "wrong"));
  }
}

TEST(CliRegistrar, WhatIsNoKeyOrNoRequestIsRefused) {
  const Folder folder;
  Terminal terminal;
  std::ofstream(folder / "noise") << "noise";
  EXPECT_THAT(terminal.Run({"registrar", "public", folder / "noise"}).err, HasSubstr("geen sleutel van een registrar"));
  terminal.Run({"registrar", "keygen", "--output", folder / "key"});
  EXPECT_THAT(
      terminal.Run({"registrar", "sign", "--key", folder / "key", folder / "noise", "--output", folder / "out"}).err,
      HasSubstr("geen verklaring om te ondertekenen"));
  EXPECT_FALSE(std::filesystem::exists(folder / "out"));
}

}  // namespace
}  // namespace schakel
