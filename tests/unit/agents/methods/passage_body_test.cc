// Bodies of aftercare and of the plan for adulthood: frozen bytes, and what they must hold.
#include <gtest/gtest.h>

#include "agents/body.h"
#include "protocol/codec.h"

namespace schakel {
namespace {

constexpr Timestamp kThen{std::chrono::milliseconds(1795000000000)};
constexpr Timestamp kLater = kThen + std::chrono::days(90);

std::string Time(Timestamp at) {
  Encoder to;
  to.Time(at);
  return ToHex(to.bytes());
}
std::string RuleOf(const TypedBody& body) {
  const Status checked = CheckBody(body);
  return checked ? "ok" : checked.error().rule;
}

TEST(PassageBody, TheWorkedExamplesHold) {
  const AftercareContactBody contact{false, OrgId("caw"), "Sam", ContactHow::kPhone, kThen, 4, kLater, ""};
  const Body encoded = EncodeBody(contact).value();
  EXPECT_EQ(encoded.type, 117U);
  EXPECT_EQ(encoded.version, 1U);
  EXPECT_EQ(ToHex(encoded.content), "98c2a3636177a353616d04" + Time(kThen) + "04" + Time(kLater) + "a0");
  EXPECT_EQ(DecodeBody(encoded).value(), TypedBody(contact));
  const AdulthoodPlanBody plan{kThen, "caw", {{"wonen", "Wonen", "", "", std::nullopt, DomainState::kOpen}}, ""};
  const Body second = EncodeBody(plan).value();
  EXPECT_EQ(second.type, 122U);
  EXPECT_EQ(ToHex(second.content), "94" + Time(kThen) + "a36361779196a5776f6e656ea5576f6e656ea0a0c001a0");
  EXPECT_EQ(DecodeBody(second).value(), TypedBody(plan));
}

TEST(PassageBody, HoldsAsAWhole) {
  AftercareContactBody contact{false, OrgId("caw"), "Sam", ContactHow::kPhone, kThen, 0, kLater, ""};
  EXPECT_EQ(RuleOf(contact), "ok");
  contact.until = kThen;
  EXPECT_EQ(RuleOf(contact), "body.period");
  contact.until.reset();
  EXPECT_EQ(RuleOf(contact), "body.required");
  contact = {false, OrgId("caw"), " ", ContactHow::kPhone, kThen, 0, kLater, ""};
  EXPECT_EQ(RuleOf(contact), "body.required");
  AdulthoodPlanBody plan{kThen, "", {{"", "Rijbewijs", "", "", std::nullopt, DomainState::kOpen}}, ""};
  EXPECT_EQ(RuleOf(plan), "ok");
  plan.domains.assign(kAdulthoodDomainsMax + 1, plan.domains[0]);
  EXPECT_EQ(RuleOf(plan), "body.many");
  plan.domains = {{"", "", "", "", std::nullopt, DomainState::kOpen}};
  EXPECT_EQ(RuleOf(plan), "body.required") << "a domain without a name";
}

}  // namespace
}  // namespace schakel
