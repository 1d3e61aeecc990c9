// Sessions: the first word, what an agent says it saw, heartbeats, the directory, and who may connect.
#include "protocol/merkle.h"
#include "support/hub_world.h"

namespace schakel::test {
namespace {

class SessionTest : public ::testing::Test {
 protected:
  TreeHead Head() const { return world.log->Head(); }
  static std::string Note(const TreeHead& head) { return SignCheckpoint(std::string(kHub), head, HubLogKey()); }
  std::size_t Connected() const {
    std::size_t count = 0;
    for (const SessionEntry& entry : world.All<SessionEntry>()) count += entry.event == SessionEvent::kConnected;
    return count;
  }

  HubWorld world;
  TestAgent agent{world, kPsychiatry};
};

TEST_F(SessionTest, IsWelcomedWithAHeadThatGrewFromWhatItSaw) {
  agent.Greet();
  const TreeHead seen = Head();
  TestAgent(world, kSchool).Greet();
  agent.Connect({.software = "test", .seen = seen, .checkpoint = Note(seen)});
  EXPECT_FALSE(agent.Reply<Welcome>(2)) << "not before the session is in the log";
  world.Settle();
  const auto welcome = agent.Reply<Welcome>(2);
  ASSERT_TRUE(welcome);
  const auto head = VerifyCheckpoint(welcome->checkpoint, HubLogVerifier());
  ASSERT_TRUE(head);
  EXPECT_EQ(*head, Head());
  EXPECT_TRUE(VerifyConsistency(seen.size, seen.root, head->size, head->root, welcome->consistency));
  EXPECT_EQ(welcome->origin, kHub);
  EXPECT_EQ(welcome->statements, 7U);
  EXPECT_EQ(welcome->hub_time, kNow);
  EXPECT_EQ(welcome->limits, WireLimits{});
  EXPECT_EQ(Connected(), 3U);
}

TEST_F(SessionTest, AnAgentIsToldOfItsOwnLastRecordAndCanHaveBackWhatItWrote) {
  TestAgent lead(world, kYouthCare);
  lead.Greet();
  Outcome first = lead.Say(Says(kYouthCare, TrajectoryOpen{}, 0x20));
  const Outcome second = lead.Say(Says(kYouthCare, MemberInvite{kPsychiatry, kNow + kDay}, 0x21));
  agent.Greet();
  const Outcome other = agent.Say(Says(kPsychiatry, MemberJoin{RecordNo(0x21)}, 0x22));
  const Outcome last = lead.Say(Says(kYouthCare, MemberRemove{kPsychiatry}, 0x23));
  for (const bool restarted : {false, true}) {
    if (restarted) world.Reopen();
    TestAgent again(world, kYouthCare);
    again.Connect();
    world.Settle();
    EXPECT_EQ(again.Reply<Welcome>(1)->own_last, last.sequence);
    const std::uint64_t request = again.Send(OwnRecordsQuery{first.sequence});
    world.Settle();
    const auto reply = again.Reply<OwnRecordsReply>(request);
    ASSERT_TRUE(reply);
    EXPECT_GE(reply->upto, last.sequence);
    const auto head = VerifyCheckpoint(reply->checkpoint, HubLogVerifier());
    ASSERT_TRUE(head);
    std::vector<Sequence> sequences;
    for (const ProvenEntry& proven : reply->entries) {
      sequences.push_back(DecodeEntry(proven.entry)->sequence);
      EXPECT_TRUE(VerifyInclusion(LogLeafHash(proven.salt, proven.entry), sequences.back().value() - 1, head->size,
                                  proven.proof, head->root));
    }
    EXPECT_EQ(sequences, (std::vector{second.sequence, last.sequence}))
        << "its own alone, not " << other.sequence.value();
  }
}

// Everything that the core is told of attempts that were turned away.
void TakeTurnedAway(HubWorld& world) {
  Incoming incoming;
  while (world.transport.Receive(incoming)) {
    if (incoming.closed) continue;  // What it was in with.
    ASSERT_TRUE(incoming.turned_away);
    world.core->TurnedAway(*incoming.from);
  }
  world.Settle();
}

TEST_F(SessionTest, WhoIsSuspendedAndComesAgainIsNamedInTheLogAFewTimes) {
  agent.Greet();
  OrgStatement suspension = StatementOf(kPsychiatry, "psychiatry", 2);
  suspension.status = OrgStatus::kSuspended;
  world.Apply(SignedBy(suspension, {1, 2}));
  const TransportPublicKey key = SecretsOf(kPsychiatry).transport.public_key;
  const auto attempts = [&] {
    std::size_t named = 0;
    for (const SessionEntry& entry : world.All<SessionEntry>()) {
      if (entry.detail != "session.suspended") continue;
      EXPECT_EQ(entry.organisation, kPsychiatry);
      EXPECT_EQ(entry.event, SessionEvent::kRefused);
      ++named;
    }
    return named;
  };
  const auto come = [&](int times) {
    for (int i = 0; i < times; ++i) {
      EXPECT_FALSE(world.transport.Connect(key));
      TakeTurnedAway(world);
    }
  };
  EXPECT_EQ(attempts(), 0U);
  come(1);
  EXPECT_EQ(attempts(), 1U);
  come(100);
  EXPECT_EQ(attempts(), 4U) << "it cannot fill the log";
  // The hub knows whose key it is after a restart too.
  world.Reopen();
  come(1);
  EXPECT_EQ(attempts(), 5U);

  suspension.serial = 3;
  suspension.status = OrgStatus::kActive;
  world.Apply(SignedBy(suspension, {1, 2}));
  EXPECT_TRUE(world.transport.MayConnect(key));
}

TEST_F(SessionTest, AnAttemptThatWasTurnedAwayStandsOnItsOpenTrajectoriesOnceADay) {
  TestAgent lead(world, kYouthCare);
  lead.Greet();
  Found(world, lead, {kPsychiatry});
  ASSERT_FALSE(lead.Say(Says(kYouthCare, TrajectoryOpen{}, 0x30, kOther)).error);
  OrgStatement suspension = StatementOf(kPsychiatry, "psychiatry", 2);
  suspension.status = OrgStatus::kSuspended;
  world.Apply(SignedBy(suspension, {1, 2}));
  const auto attempts = [&](const TrajectoryId& trajectory) {
    std::size_t found = 0;
    for (const SessionEntry& entry : world.All<SessionEntry>()) {
      found += entry.detail == "session.suspended" && entry.trajectory == trajectory;
    }
    return found;
  };
  const auto come = [&] {
    EXPECT_FALSE(world.transport.Connect(SecretsOf(kPsychiatry).transport.public_key));
    TakeTurnedAway(world);
  };
  for (int i = 0; i < 3; ++i) come();
  EXPECT_EQ(attempts(TrajectoryId()), 3U);
  EXPECT_EQ(attempts(kOurs), 1U);
  EXPECT_EQ(attempts(kOther), 0U) << "it takes no part there";
  world.clock.Advance(std::chrono::hours(25));
  come();
  EXPECT_EQ(attempts(kOurs), 2U);
  const auto sees = [&](const OrgId& asker) {
    TestAgent asking(world, asker);
    asking.Greet();
    const std::uint64_t asked = asking.Send(AccessQuery{kOurs, {}, Sequence(0), 256});
    world.Settle();
    const auto answer = asking.Reply<AccessReply>(asked);
    std::size_t found = 0;
    if (!answer) return found;
    const auto checked = CheckEvidence(answer->evidence, HubLogVerifier());
    EXPECT_TRUE(checked);
    for (const Entry& entry : checked->entries) {
      const auto* session = std::get_if<SessionEntry>(&entry.body);
      found += session != nullptr && session->event == SessionEvent::kRefused;
    }
    return found;
  };
  EXPECT_EQ(sees(kYouthCare), 2U) << "the lead may ask";
  suspension.serial = 3;
  suspension.status = OrgStatus::kActive;
  world.Apply(SignedBy(suspension, {1, 2}));
  EXPECT_EQ(sees(kPsychiatry), 2U) << "and who it was, once it is back";
}

TEST_F(SessionTest, OfMoreAttemptsThanMayWaitTheRestIsDroppedCountedAndSaid) {
  TestAgent lead(world, kYouthCare);
  lead.Greet();
  Found(world, lead, {kPsychiatry});
  world.options().attempts_max = 0;
  world.Reopen();
  OrgStatement suspension = StatementOf(kPsychiatry, "psychiatry", 2);
  suspension.status = OrgStatus::kSuspended;
  world.Apply(SignedBy(suspension, {1, 2}));
  EXPECT_FALSE(world.transport.Connect(SecretsOf(kPsychiatry).transport.public_key));
  TakeTurnedAway(world);
  EXPECT_EQ(world.core->counts().attempts_dropped, 1U);
  EXPECT_TRUE(world.observer.Has("session.attempts_dropped"));
  std::size_t said = 0;
  for (const SessionEntry& entry : world.All<SessionEntry>()) {
    said += entry.detail == "session.suspended";
    EXPECT_NE(entry.trajectory, kOurs);
  }
  EXPECT_EQ(said, 1U) << "the hub's own log has it";
}

TEST_F(SessionTest, AHubWithoutRoomSaysWhoseDiskItIsAndGoesOnByItself) {
  world.core->Freeze({Code::kUnavailable, "log.disk_full", "/srv/log: 1 MiB free", "make room on the disk"});
  agent.Connect();
  world.Settle();
  const auto messages = agent.Messages();
  ASSERT_FALSE(messages.empty());
  const auto* refused = std::get_if<Error>(&messages.back().payload);
  ASSERT_NE(refused, nullptr);
  EXPECT_EQ(refused->rule, "log.disk_full");
  EXPECT_EQ(refused->field, "hub") << "where the log lies is nobody else's business";
  EXPECT_NE(refused->next.find("the disk of the hub is full, not yours"), std::string::npos) << refused->next;
  world.clock.Advance(std::chrono::seconds(2));
  world.core->Tick();  // The log itself has room.
  EXPECT_FALSE(world.core->frozen());
  EXPECT_TRUE(world.observer.Has("hub.writes_again"));
  agent.Greet();
  EXPECT_TRUE(world.core->HasGroup() || world.core->counts().hellos > 0);
}

TEST_F(SessionTest, WhatRoomDoesNotMendStaysStopped) {
  world.core->Freeze({Code::kTampered, "log.root_mismatch", {}, {}});
  world.clock.Advance(std::chrono::seconds(2));
  world.core->Tick();
  EXPECT_TRUE(world.core->frozen());
}

TEST_F(SessionTest, AnAttemptThatWasTurnedAwayIsNotToldToAnotherMember) {
  TestAgent lead(world, kYouthCare);
  lead.Greet();
  Found(world, lead, {kPsychiatry, kSchool});
  OrgStatement suspension = StatementOf(kPsychiatry, "psychiatry", 2);
  suspension.status = OrgStatus::kSuspended;
  world.Apply(SignedBy(suspension, {1, 2}));
  EXPECT_FALSE(world.transport.Connect(SecretsOf(kPsychiatry).transport.public_key));
  TakeTurnedAway(world);
  TestAgent member(world, kSchool);
  member.Greet();
  const std::uint64_t asked = member.Send(AccessQuery{kOurs, {}, Sequence(0), 256});
  world.Settle();
  const auto answer = member.Reply<AccessReply>(asked);
  ASSERT_TRUE(answer);
  const auto checked = CheckEvidence(answer->evidence, HubLogVerifier());
  ASSERT_TRUE(checked);
  for (const Entry& entry : checked->entries) {
    const auto* session = std::get_if<SessionEntry>(&entry.body);
    EXPECT_TRUE(session == nullptr || session->organisation == kSchool);
  }
}

TEST_F(SessionTest, WhoComesWithAKeyOfBeforeIsNamedWithSinceWhen) {
  OrgStatement changed = StatementOf(kPsychiatry, "psychiatry", 2);
  const TransportPublicKey old_key = changed.keys.transport;
  changed.keys = SecretsOf(OrgId("upc-leuven-anew")).Public();
  changed.issued_at = kNow + std::chrono::hours(2);
  world.Apply(SignedBy(changed, {1, 2}));
  const auto named = [&] {
    std::vector<std::string> details;
    for (const SessionEntry& entry : world.All<SessionEntry>()) {
      if (entry.organisation == kPsychiatry && entry.detail.starts_with("session.old_key")) {
        details.push_back(entry.detail);
      }
    }
    return details;
  };
  const std::string want = "session.old_key " + ToText(changed.issued_at).substr(0, 10);
  EXPECT_FALSE(world.transport.Connect(old_key));
  TakeTurnedAway(world);
  EXPECT_EQ(named(), std::vector<std::string>{want});
  EXPECT_TRUE(world.transport.MayConnect(changed.keys.transport));
  // The hub knows whose it was after a restart too.
  world.Reopen();
  EXPECT_FALSE(world.transport.Connect(old_key));
  TakeTurnedAway(world);
  EXPECT_EQ(named(), (std::vector<std::string>{want, want}));
}

TEST_F(SessionTest, AnAgentThatSawAnotherHistoryIsRefused) {
  agent.Greet();
  const TreeHead head = Head();
  TreeHead other = head;
  other.root[0] ^= 1;
  struct Case {
    const char* name;
    TreeHead seen;
    bool welcome;
  };
  const Case cases[] = {
      {"nothing", {}, true},
      {"the newest", head, true},
      {"one more than there is", {head.size + 3, head.root}, false},
      {"another root", other, false},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    world.observer.alarms.clear();
    TestAgent fresh(world, kPsychiatry);
    fresh.Connect({.software = "test", .seen = c.seen, .checkpoint = {}});
    world.Settle();
    EXPECT_EQ(fresh.Reply<Welcome>(1).has_value(), c.welcome);
    EXPECT_EQ(fresh.RuleOf(1), c.welcome ? "no error" : "hello.seen");
    EXPECT_EQ(world.observer.alarms.size(), c.welcome ? 0U : 1U);
    // It proves nothing: the hub goes on for the others.
    EXPECT_FALSE(world.core->frozen());
    EXPECT_EQ(fresh.RuleOf(fresh.Send(Heartbeat{})), c.welcome ? "no error" : "session.hello");
  }
}

TEST_F(SessionTest, AHubThatLostHistoryStopsWritingWhenItsOwnSignatureProvesIt) {
  agent.Greet();
  const TreeHead ours = Head();
  const TreeHead lost{ours.size + 10, Filled<32>(7)};
  std::string forged = SignCheckpoint(std::string(kHub), lost, RegistrarKey(1));
  TestAgent liar(world, kSchool);
  liar.Connect({.software = "test", .seen = lost, .checkpoint = forged});
  world.Settle();
  EXPECT_FALSE(world.core->frozen()) << "anyone could say so";

  TestAgent witness(world, kPolice);
  witness.Connect({.software = "test", .seen = lost, .checkpoint = Note(lost)});
  EXPECT_EQ(witness.RuleOf(1), "hello.seen");
  ASSERT_TRUE(world.core->frozen());
  EXPECT_EQ(world.core->frozen()->code, Code::kTampered);
  EXPECT_TRUE(world.core->TakeQuarantine());
  EXPECT_FALSE(world.core->HasGroup());
  const std::uint64_t submit = agent.Submit({agent.Seal(Says(kPsychiatry, TrajectoryOpen{}, 1))});
  EXPECT_EQ(agent.RuleOf(submit), "hello.seen");
  EXPECT_TRUE(agent.Reply<HeartbeatReply>(agent.Send(Heartbeat{})));
}

TEST_F(SessionTest, AQuarantinedLogStaysSoAndSaysWhy) {
  agent.Greet();
  world.log->Quarantine({Code::kTampered, "hello.seen", {}, "look"});
  world.Reopen();
  ASSERT_TRUE(world.core->frozen());
  agent.Connect();
  EXPECT_EQ(agent.Reply<Error>(2)->code, Code::kTampered);
  const auto status = std::get<HubStatus>(world.Operate(AskStatus{}));
  ASSERT_TRUE(status.read_only);
}

TEST_F(SessionTest, WhatTheOperatorAcceptedAsLostDoesNotStopTheHubAgain) {
  agent.Greet();
  const TreeHead lost{Head().size + 10, Filled<32>(7)};
  const Hello hello{.software = "test", .seen = lost, .checkpoint = Note(lost)};
  agent.Connect(hello);
  ASSERT_TRUE(world.core->TakeQuarantine());
  world.log->Quarantine(*world.core->frozen());
  world.AcceptAsItStands();
  ASSERT_FALSE(world.core->frozen());
  ASSERT_TRUE(world.log->accepted());
  EXPECT_EQ(world.log->accepted()->at, kNow);

  // It has not forgotten yet: it is told why, and everybody else is served.
  for (int i = 0; i < 3; ++i) {
    TestAgent again(world, kPsychiatry);
    again.Connect(hello);
    world.Settle();
    EXPECT_EQ(again.RuleOf(1), "hello.lost");
    EXPECT_FALSE(world.core->frozen());
  }
  TestAgent other(world, kSchool);
  other.Greet();
  std::size_t refused = 0;
  for (const SessionEntry& entry : world.All<SessionEntry>()) refused += entry.event == SessionEvent::kRefused;
  EXPECT_EQ(refused, 1U) << "the log has it once";

  // Once it has forgotten it is welcome; what it is shown from then on may not be lost in silence a second time.
  TestAgent(world, kPsychiatry).Greet();
  world.Reopen();
  const TreeHead lost_again{Head().size + 10, Filled<32>(8)};
  TestAgent witness(world, kPsychiatry);
  witness.Connect({.software = "test", .seen = lost_again, .checkpoint = Note(lost_again)});
  EXPECT_EQ(witness.RuleOf(1), "hello.seen");
  EXPECT_TRUE(world.core->frozen());
}

TEST_F(SessionTest, SessionsAndRefusedHellosAreTold) {
  agent.Greet();
  EXPECT_TRUE(world.observer.Has("session.begun"));
  TestAgent fresh(world, kSchool);
  fresh.Connect({.software = "test", .seen = {Head().size + 3, {}}, .checkpoint = {}});
  EXPECT_TRUE(world.observer.Has("session.refused"));
}

TEST_F(SessionTest, HeartbeatsTellTimeAndDirectory) {
  agent.Greet();
  world.clock.Advance(std::chrono::minutes(1));
  const auto reply = agent.Reply<HeartbeatReply>(agent.Send(Heartbeat{}));
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->hub_time, kNow + std::chrono::minutes(1));
  EXPECT_EQ(reply->statements, 7U);
}

TEST_F(SessionTest, TheDirectoryComesInPages) {
  agent.Greet();
  const auto all = agent.Reply<DirectoryReply>(agent.Send(DirectoryQuery{0}));
  ASSERT_TRUE(all);
  EXPECT_EQ(all->statements, DirectoryOfSix().statements());
  EXPECT_FALSE(all->more);
  const auto rest = agent.Reply<DirectoryReply>(agent.Send(DirectoryQuery{5}));
  ASSERT_TRUE(rest);
  EXPECT_EQ(rest->statements.size(), 2U);
  EXPECT_TRUE(agent.Reply<DirectoryReply>(agent.Send(DirectoryQuery{99}))->statements.empty());
}

TEST_F(SessionTest, ProofsHoldAndStayWithinTheLog) {
  agent.Greet();
  const auto newest = agent.Reply<ProofReply>(agent.Send(ProveConsistency{3, 0}));
  world.Answer();
  const std::uint64_t request = agent.Send(ProveConsistency{3, 0});
  world.Answer();
  const auto reply = agent.Reply<ProofReply>(request);
  ASSERT_TRUE(reply);
  const auto head = VerifyCheckpoint(reply->checkpoint, HubLogVerifier());
  ASSERT_TRUE(head);
  EXPECT_TRUE(VerifyConsistency(3, *world.log->RootAt(3), head->size, head->root, reply->hashes));

  const std::uint64_t own = agent.Send(ProveInclusion{Sequence(head->size), head->size});
  const std::uint64_t others = agent.Send(ProveInclusion{Sequence(1), head->size});
  const std::uint64_t beyond = agent.Send(ProveInclusion{Sequence(1), head->size + 1});
  const std::uint64_t zero = agent.Send(ProveInclusion{Sequence(0), head->size});
  world.Answer();
  const auto mine = agent.Reply<ProofReply>(own);
  ASSERT_TRUE(mine);
  EXPECT_TRUE(
      VerifyInclusion(LogLeafHash(mine->salt, mine->entry), head->size - 1, head->size, mine->hashes, head->root));
  ASSERT_TRUE(agent.Reply<ProofReply>(others));
  EXPECT_TRUE(agent.Reply<ProofReply>(others)->entry.empty()) << "not its own";
  EXPECT_EQ(agent.RuleOf(beyond), "proof.range");
  EXPECT_EQ(agent.RuleOf(zero), "proof.range");
}

TEST_F(SessionTest, MoreConnectionsThanAllowedCostTheOldest) {
  HubCoreOptions options;
  options.connections_max = 2;
  HubWorld small(options);
  TestAgent first(small, kPsychiatry);
  TestAgent second(small, kPsychiatry);
  TestAgent third(small, kPsychiatry);
  TestAgent other(small, kSchool);
  first.Greet();
  other.Greet();
  second.Greet();
  EXPECT_TRUE(small.transport.IsOpen(first.connection()));
  third.Greet();
  EXPECT_FALSE(small.transport.IsOpen(first.connection()));
  EXPECT_TRUE(small.transport.IsOpen(second.connection()));
  EXPECT_TRUE(small.transport.IsOpen(other.connection()));
}

TEST_F(SessionTest, SilentConnectionsEnd) {
  agent.Greet();
  world.clock.Advance(std::chrono::seconds(180));
  world.core->Tick();
  EXPECT_TRUE(world.transport.IsOpen(agent.connection()));
  world.clock.Advance(std::chrono::milliseconds(1));
  world.core->Tick();
  EXPECT_FALSE(world.transport.IsOpen(agent.connection()));
  world.Settle();
  EXPECT_EQ(world.All<SessionEntry>().back().event, SessionEvent::kDisconnected);
}

TEST_F(SessionTest, RequestsAreBoundedPerOrganisation) {
  HubCoreOptions options;
  options.requests_per_second = 3;
  HubWorld small(options);
  TestAgent eager(small, kSchool);
  TestAgent calm(small, kPolice);
  eager.Greet();
  EXPECT_EQ(eager.RuleOf(eager.Send(Heartbeat{})), "no error");
  EXPECT_EQ(eager.RuleOf(eager.Send(Heartbeat{})), "no error");
  EXPECT_EQ(eager.RuleOf(eager.Send(Heartbeat{})), "session.rate");
  calm.Greet();
  EXPECT_EQ(calm.RuleOf(calm.Send(Heartbeat{})), "no error");
}

TEST_F(SessionTest, QuestionsToTheLogAreBoundedPerOrganisation) {
  HubCoreOptions options;
  options.questions_max = 2;
  HubWorld small(options);
  TestAgent curious(small, kSchool);
  curious.Greet();
  const std::uint64_t first = curious.Send(ProveConsistency{1, 0});
  curious.Send(ProveConsistency{1, 0});
  EXPECT_EQ(curious.RuleOf(curious.Send(ProveConsistency{1, 0})), "session.questions");
  small.Answer();
  EXPECT_TRUE(curious.Reply<ProofReply>(first));
  const std::uint64_t again = curious.Send(ProveConsistency{1, 0});
  small.Answer();
  EXPECT_TRUE(curious.Reply<ProofReply>(again));
}

TEST_F(SessionTest, MessagesThatAreForAgentsAreRefused) {
  agent.Greet();
  EXPECT_EQ(agent.RuleOf(agent.Send(HeartbeatReply{kNow, 0})), "session.message");
  EXPECT_EQ(agent.RuleOf(agent.Send(EnrolRequest{})), "session.message");
}

TEST_F(SessionTest, AnUnreadableMessageIsAnsweredAndCounted) {
  agent.Greet();
  world.Give(agent.connection(), {0x93, 0x01});
  EXPECT_EQ(agent.RuleOf(0), "codec.truncated");
  EXPECT_EQ(world.core->counts().unreadable, 1U);
}

}  // namespace
}  // namespace schakel::test
