// Who signed which statement: by the registrars of that moment, also after others took their place.
#include "agents/signers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace schakel {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

SignedStatement SignedWith(const Statement& statement, const std::vector<const SigningKey*>& keys) {
  SignedStatement out{EncodeStatement(statement), {}};
  for (const SigningKey* key : keys) out.signatures.push_back(SignStatement(out.statement, *key));
  return out;
}

TEST(SignersTest, CountsThoseOfThatMomentWhoseSignatureHolds) {
  const SigningKey an = SigningKey::Generate();
  const SigningKey bert = SigningKey::Generate();
  const SigningKey carl = SigningKey::Generate();
  const Registrars pinned{1, {an.public_key, bert.public_key}};
  RegistrarsStatement change;
  change.registrars = {1, {carl.public_key}};
  SignedStatement forged = SignedWith(CeilingStatement{.serial = 3}, {&carl, &an});
  forged.signatures.front().signature[0] ^= 1U;
  const std::vector<SignedStatement> statements = {SignedWith(CeilingStatement{.serial = 1}, {&bert, &an, &carl}),
                                                   SignedWith(change, {&an, &carl}),
                                                   SignedWith(CeilingStatement{.serial = 2}, {&an, &carl}), forged};
  const std::vector<Signers> signers = SignersOf(pinned, statements);
  ASSERT_EQ(signers.size(), 4U);
  EXPECT_THAT(signers[0].signed_by, ElementsAre(an.public_key, bert.public_key)) << "not of who was none yet";
  EXPECT_EQ(signers[0].registrars, pinned);
  EXPECT_THAT(signers[1].signed_by, ElementsAre(an.public_key));
  EXPECT_THAT(signers[2].signed_by, ElementsAre(carl.public_key)) << "not of who was one before";
  EXPECT_EQ(signers[2].registrars, change.registrars);
  EXPECT_THAT(signers[3].signed_by, IsEmpty());
}

}  // namespace
}  // namespace schakel
