#include "protocol/token.h"

#include <gtest/gtest.h>

#include "protocol/codec.h"
#include "support/builders.h"
#include "support/canonical.h"

namespace schakel::test {
namespace {

Invitation Sample() {
  return {.endpoint = "tcp://hub.schakel.example:7420",
          .hub_transport = TransportKey::FromSecret(Filled<32>(0x44)).public_key,
          .hub_log = HubLogVerifier(),
          .registrars = RegistrarsOf(2, 3),
          .organisation = kSchool,
          .sector = Sector("school-support"),
          .token = Secret<32>::From(Filled<32>(0x70))};
}

TEST(TokenTest, InvitationComesBackAsItWas) {
  const Invitation sample = Sample();
  const std::string text = ToText(sample);
  EXPECT_TRUE(text.starts_with("schakel-invitation-1:"));
  EXPECT_EQ(text.find_first_of(" \n"), std::string::npos) << "one line";
  const auto parsed = ParseInvitation(text);
  ASSERT_TRUE(parsed.has_value());
  EXPECT_EQ(parsed->endpoint, sample.endpoint);
  EXPECT_EQ(parsed->hub_transport, sample.hub_transport);
  EXPECT_EQ(parsed->hub_log, sample.hub_log);
  EXPECT_EQ(parsed->registrars, sample.registrars);
  EXPECT_EQ(parsed->organisation, sample.organisation);
  EXPECT_EQ(parsed->sector, sample.sector);
  EXPECT_TRUE(Equal(parsed->token.view(), sample.token.view()));
}

TEST(TokenTest, WhiteSpaceAtTheEndIsForgivenAndNothingElse) {
  const std::string text = ToText(Sample());
  EXPECT_TRUE(ParseInvitation(text + " \r\n").has_value());
  EXPECT_FALSE(ParseInvitation(" " + text).has_value());
  EXPECT_FALSE(ParseInvitation(text + "\t").has_value());
  EXPECT_FALSE(ParseInvitation("").has_value());
  EXPECT_FALSE(ParseInvitation("\n").has_value());
  EXPECT_FALSE(ParseInvitation(text.substr(text.find(':') + 1)).has_value()) << "without its beginning";
}

TEST(TokenTest, InvitationHasOneForm) {
  const std::string text = ToText(Sample());
  for (std::size_t size = 0; size < text.size(); ++size) {
    ASSERT_FALSE(ParseInvitation(text.substr(0, size)).has_value()) << size;
  }
  std::string mutated = text;
  for (std::size_t i = 0; i < text.size(); ++i) {
    for (const char c : {'A', 'Q', 'b', '9', '/', '=', '\0', '\xff'}) {
      mutated[i] = c;
      const auto again = ReencodeInvitation(AsBytes(mutated));
      if (again) {
        ASSERT_EQ(AsText(*again), mutated) << i;
      }
    }
    mutated[i] = text[i];
  }
}

TEST(TokenTest, InvitationKeepsItsRules) {
  const auto with = [](auto&& change) {
    Invitation invitation = Sample();
    change(invitation);
    return ToText(invitation);
  };
  using I = Invitation;
  struct Case {
    const char* name;
    std::string text;
    bool parses;
  };
  const Case cases[] = {
      {"as it is", with([](I&) {}), true},
      {"all registrars needed", with([](I& i) { i.registrars.threshold = 3; }), true},
      {"more than there are", with([](I& i) { i.registrars.threshold = 4; }), false},
      {"none needed", with([](I& i) { i.registrars.threshold = 0; }), false},
      {"no registrars", with([](I& i) { i.registrars = {0, {}}; }), false},
      {"sixteen registrars", with([](I& i) { i.registrars.keys.resize(16); }), true},
      {"seventeen registrars", with([](I& i) { i.registrars.keys.resize(17); }), false},
      {"no organisation", with([](I& i) { i.organisation = {}; }), false},
      {"no sector", with([](I& i) { i.sector = {}; }), false},
      {"endpoint of 256 bytes", with([](I& i) { i.endpoint = std::string(256, 'x'); }), true},
      {"endpoint of 257 bytes", with([](I& i) { i.endpoint = std::string(257, 'x'); }), false},
      {"a log name that is none", with([](I& i) { i.hub_log.name = "two words"; }), false},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    const auto parsed = ParseInvitation(c.text);
    EXPECT_EQ(parsed.has_value(), c.parses);
    if (!parsed) {
      EXPECT_EQ(parsed.error().rule, "invitation.format");
    }
  }
}

// The token is a seed: hub and agent derive the same key pair, and the hub keeps the public half only.
TEST(TokenTest, TokenIsTheSeedOfAKeyPair) {
  const TransportKey key = KeyOfToken(Filled<32>(0x70));
  EXPECT_EQ(key.public_key, KeyOfToken(Filled<32>(0x70)).public_key);
  EXPECT_NE(key.public_key, KeyOfToken(Filled<32>(0x71)).public_key);
  const Hash32 secret = Hkdf32(Filled<32>(0x70), {}, "schakel/enrol-transport/v1");
  EXPECT_EQ(key.public_key, TransportKey::FromSecret(secret).public_key);
  EXPECT_FALSE(Equal(key.secret.view(), Filled<32>(0x70))) << "not the token itself";
}

}  // namespace
}  // namespace schakel::test
