// What an agent was enrolled with is said to whoever checks evidence without it.
#include "agents/pinned.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "agents/api.h"
#include "support/builders.h"
#include "support/fake_engine.h"
#include "support/paths.h"

namespace schakel::test {
namespace {

class PinnedEngine : public FakeEngine {
 public:
  using FakeEngine::FakeEngine;
  Pins PinnedHere() const override { return {HubLogVerifier(), RegistrarsOf(2, 3)}; }
};

nlohmann::json StatusOf(Engine& engine, Leuven& leuven) {
  const auto api = Api::Open(engine, SourceDir() / "agents/profiles", leuven.region.clock, leuven.region.random);
  const ApiRequest request{"GET", "/v1/status", {{"schakel-person", "Nora Peeters"}}, {}, "peer"};
  return nlohmann::json::parse((*api)->Handle(request).body);
}

TEST(PinnedTest, StatusSaysWhatEvidenceIsCheckedBy) {
  Leuven leuven;
  PinnedEngine engine(leuven.region, leuven.youth_care.Self(), "Wissel");
  const auto pinned = StatusOf(engine, leuven).at("pinned");
  EXPECT_EQ(pinned.at("hub_key"), ToText(HubLogVerifier()));
  EXPECT_EQ(pinned.at("registrars").at("threshold"), 2);
  EXPECT_EQ(pinned.at("registrars").at("keys").size(), 3U);
  EXPECT_EQ(pinned.at("registrars").at("keys").front(), ToHex(RegistrarKey(1).public_key.value()));
}

}  // namespace
}  // namespace schakel::test
