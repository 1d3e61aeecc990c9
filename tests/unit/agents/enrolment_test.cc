// Coming to a hub with an invitation: keys first, then the request, again after every interruption with the same keys.
#include "agents/enrolment.h"

#include <gtest/gtest.h>

#include "agents/vault.h"
#include "protocol/crypto.h"
#include "protocol/wire.h"
#include "support/memory_vault.h"
#include "support/region.h"

namespace schakel::testing {
namespace {

using std::chrono::milliseconds;

Invitation InvitationFor(const std::string& organisation) {
  Region region;
  Invitation invitation;
  invitation.endpoint = "tcp://127.0.0.1:1";
  invitation.hub_log = region.verifier();
  invitation.registrars = region.registrars();
  invitation.organisation = OrgId(organisation);
  invitation.sector = Sector("youth-care");
  invitation.token = Secret<32>::From(Sha256(AsBytes("token")));
  return invitation;
}

// Answers at once, in the caller's thread; like the hub, it lets a used token in no longer.
struct EnrolmentDesk {
  EnrolState state = EnrolState::kPending;
  std::optional<Error> refusal;
  bool locked = false;  // Lets no key in.
  std::vector<EnrolRequest> requests;
  std::vector<TransportPublicKey> keys;  // Of each connection.

  class Line : public HubConnection {
   public:
    Line(EnrolmentDesk& desk, TransportPublicKey key) : desk_(desk), key_(key) {}
    void Start(ConnectionEvents& events) override {
      events_ = &events;
      if (desk_.locked) return events.OnDisconnected({Code::kUnauthenticated, "connection.refused", {}, {}});
      const bool token = key_ == KeyOfToken(Sha256(AsBytes("token"))).public_key;
      if (token == (desk_.state != EnrolState::kApproved)) events.OnConnected(1);
    }
    void Send(LinkId, Bytes bytes) override {
      const Message message = DecodeMessage(bytes).value();
      if (const auto* request = std::get_if<EnrolRequest>(&message.payload)) desk_.requests.push_back(*request);
      MessagePayload answer = EnrolStatus{desk_.state, OrgId("new-org"), "fingerprint"};
      if (desk_.refusal) answer = *desk_.refusal;
      events_->OnMessage(1, EncodeMessage({message.request, std::move(answer)}));
    }
    void Drop(LinkId) override {}
    void Stop() override {}

   private:
    EnrolmentDesk& desk_;
    TransportPublicKey key_;
    ConnectionEvents* events_ = nullptr;
  };
  ConnectAs connect = [this](const Membership&, TransportKey key) -> Result<std::unique_ptr<HubConnection>> {
    keys.push_back(key.public_key);
    return std::unique_ptr<HubConnection>(std::make_unique<Line>(*this, key.public_key));
  };
};

class EnrolmentTest : public ::testing::Test {
 protected:
  EnrolmentTest() { InitCrypto(); }
  std::shared_ptr<MemoryDisk> disk = std::make_shared<MemoryDisk>();
  MemoryVaultStore store{disk};
  Vault vault{store};
  EnrolmentDesk desk;
};

TEST_F(EnrolmentTest, MakesKeysOnceAndProvesThem) {
  ASSERT_TRUE(PrepareEnrolment(vault, InvitationFor("new-org")));
  const std::string fingerprint = OwnFingerprint(vault).value();
  EXPECT_EQ(Enrol(vault, milliseconds(0), desk.connect).value(), EnrolState::kPending);
  ASSERT_TRUE(PrepareEnrolment(vault, InvitationFor("new-org")));
  EXPECT_EQ(Enrol(vault, milliseconds(0), desk.connect).value(), EnrolState::kPending);
  EXPECT_EQ(OwnFingerprint(vault).value(), fingerprint);
  ASSERT_EQ(desk.requests.size(), 2U);
  EXPECT_EQ(desk.requests[0].keys, desk.requests[1].keys);
  EXPECT_EQ(Fingerprint(OrgId("new-org"), desk.requests[0].keys), fingerprint);
  const Bytes proof = EnrolProofBytes(OrgId("new-org"), desk.requests[0].keys);
  EXPECT_TRUE(Verify(desk.requests[0].keys.record, "schakel/enrol/v1", proof, desk.requests[0].proof_record));
  EXPECT_TRUE(Verify(desk.requests[0].keys.cosign, "schakel/enrol/v1", proof, desk.requests[0].proof_cosign));
}

TEST_F(EnrolmentTest, OnceApprovedTheTokenGoesAndTheMembershipStays) {
  ASSERT_TRUE(PrepareEnrolment(vault, InvitationFor("new-org")));
  desk.state = EnrolState::kApproved;  // Meanwhile: the token is let in no longer, the new key is.
  EXPECT_EQ(Enrol(vault, std::chrono::seconds(30), desk.connect).value(), EnrolState::kApproved);
  EXPECT_EQ(desk.keys.back(), vault.Keys().value()->transport.public_key);
  EXPECT_FALSE(vault.Token().value());
  EXPECT_EQ(vault.LoadMembership().value()->state, EnrolState::kApproved);
  EXPECT_EQ(Enrol(vault, milliseconds(0), nullptr).value(), EnrolState::kApproved) << "there is nothing left to ask";
}

TEST_F(EnrolmentTest, ARefusalIsSaid) {
  ASSERT_TRUE(PrepareEnrolment(vault, InvitationFor("new-org")));
  desk.state = EnrolState::kRefused;
  EXPECT_EQ(Enrol(vault, milliseconds(0), desk.connect).error().rule, "enrol.refused");
  desk.refusal = Error{Code::kDenied, "enrol.expired", "token", "ask for a new one"};
  EXPECT_EQ(Enrol(vault, milliseconds(0), desk.connect).error().rule, "enrol.expired");
}

TEST_F(EnrolmentTest, AnInvitationThatIsWorthNothingAnyMoreIsToldFromAHubThatIsAway) {
  ASSERT_TRUE(PrepareEnrolment(vault, InvitationFor("new-org")));
  desk.locked = true;
  for (const auto patience : {milliseconds(0), milliseconds(60'000)}) {
    EXPECT_EQ(Enrol(vault, patience, desk.connect).error().rule, "enrol.invitation");
  }
  desk.locked = false;
  EXPECT_EQ(Enrol(vault, milliseconds(0), desk.connect).value(), EnrolState::kPending) << "it was but a mistake";
}

// After a theft: the old keys stay until the new ones are in force, which the running agent finds out.
TEST_F(EnrolmentTest, AnInvitationBringsNewKeysToWhoIsEnrolled) {
  ASSERT_TRUE(PrepareEnrolment(vault, InvitationFor("new-org")));
  desk.state = EnrolState::kApproved;
  ASSERT_EQ(Enrol(vault, milliseconds(0), desk.connect).value(), EnrolState::kApproved);
  const OrgKeys before = vault.Keys().value()->Public();
  ASSERT_TRUE(PrepareEnrolment(vault, InvitationFor("new-org")));
  EXPECT_FALSE(vault.NextKeys().value()) << "an invitation alone changes nothing";

  ASSERT_TRUE(PrepareEnrolment(vault, InvitationFor("new-org"), EnrolKeys::kNew));
  const OrgKeys next = vault.NextKeys().value()->Public();
  EXPECT_NE(next.record, before.record);
  EXPECT_EQ(OwnFingerprint(vault).value(), Fingerprint(OrgId("new-org"), next));
  ASSERT_TRUE(PrepareEnrolment(vault, InvitationFor("new-org"), EnrolKeys::kNew));
  EXPECT_EQ(vault.NextKeys().value()->Public(), next) << "run again, it asks for the same";
  desk.state = EnrolState::kPending;
  desk.requests.clear();
  EXPECT_EQ(Enrol(vault, milliseconds(0), desk.connect).value(), EnrolState::kPending);
  ASSERT_FALSE(desk.requests.empty());
  EXPECT_EQ(desk.requests.back().keys, next);
  EXPECT_EQ(vault.LoadMembership().value()->state, EnrolState::kApproved) << "a member meanwhile";
  desk.state = EnrolState::kApproved;
  EXPECT_EQ(Enrol(vault, milliseconds(0), desk.connect).value(), EnrolState::kApproved);
  EXPECT_FALSE(vault.Token().value());
  EXPECT_EQ(vault.Keys().value()->Public(), before);
  EXPECT_EQ(vault.NextKeys().value()->Public(), next) << "in force once the directory says so";
}

TEST_F(EnrolmentTest, AVaultBelongsToOneOrganisation) {
  ASSERT_TRUE(PrepareEnrolment(vault, InvitationFor("new-org")));
  EXPECT_EQ(PrepareEnrolment(vault, InvitationFor("other-org")).error().rule, "enrol.other");
}

TEST_F(EnrolmentTest, ARefusedInvitationBindsTheVaultToNobody) {
  ASSERT_TRUE(PrepareEnrolment(vault, InvitationFor("new-org")));
  const OrgKeys before = vault.Keys().value()->Public();
  desk.refusal = Error{Code::kDenied, "enrol.used", "token", "ask for a new one"};
  EXPECT_EQ(Enrol(vault, milliseconds(0), desk.connect).error().rule, "enrol.used");
  EXPECT_TRUE(PrepareEnrolment(vault, InvitationFor("other-org")));
  EXPECT_EQ(vault.LoadMembership().value()->organisation, OrgId("other-org"));
  EXPECT_NE(vault.Keys().value()->Public(), before) << "the hub may know those under the other name";
  EXPECT_EQ(PrepareEnrolment(vault, InvitationFor("new-org")).error().rule, "enrol.other") << "asked, not yet refused";
}

TEST_F(EnrolmentTest, WithoutAnInvitationThereIsNothing) {
  EXPECT_EQ(OwnFingerprint(vault).error().rule, "agent.enrolment");
  EXPECT_EQ(Enrol(vault, milliseconds(0), desk.connect).error().rule, "agent.enrolment");
}

}  // namespace
}  // namespace schakel::testing
