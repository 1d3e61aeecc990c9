// Attackers of docs/threats.md at real processes: an organisation that lies about itself, somebody with a copied disk,
// clocks that are off, and how quickly a suspension bites. Each ends with nothing leaked, the attempt in the audit, and
// a word about what to do.
#include <gtest/gtest.h>

#include <chrono>
#include <set>
#include <thread>

#include "bystander.h"
#include "hub_log.h"
#include "support/canary.h"
#include "support/real_region.h"

namespace schakel::testing {
namespace {

constexpr const char* kWords = "kanarie-onder-de-dakpan";

// ---- An organisation that lies about itself ----

// The neighbour leads a trajectory on which the enemy takes part without a grant of its own, and another that the enemy
// has nothing to do with.
class HostileMemberTest : public ::testing::Test {
 protected:
  HostileMemberTest()
      : enemy_("vijand", "youth-care"),
        neighbour_("buur", "youth-care"),
        region_({"lead"}, {&enemy_, &neighbour_}, "records_per_second = 64\n") {
    if (!enemy_.Connect(hub().address()) || !neighbour_.Connect(hub().address())) {
      throw std::runtime_error("no connection");
    }
    shared_ = Open(neighbour_);
    foreign_ = Open(neighbour_);
    Header invite = neighbour_.NewHeader(Kind::kMemberInvite, shared_);
    invite.control = MemberInvite{enemy_.id(), SystemClock().Now() + std::chrono::hours(24)};
    neighbour_.Say(invite);
    Header join = enemy_.NewHeader(Kind::kMemberJoin, shared_);
    join.control = MemberJoin{invite.id};
    enemy_.Say(join);
  }
  RealHub& hub() { return region_.hub(); }
  static TrajectoryId Open(RawMember& lead) {
    const auto trajectory = SystemRandom().Draw<TrajectoryId>();
    Header open = lead.NewHeader(Kind::kTrajectoryOpen, trajectory);
    open.control = TrajectoryOpen();
    lead.Say(open);
    return trajectory;
  }
  static GrantGive LivingFor(const OrgId& recipient) {
    GrantGive terms;
    terms.recipient = recipient;
    terms.purposes = {Purpose::kCareCoordination};
    terms.categories = {Category::kSchool};
    terms.begins_at = SystemClock().Now() - std::chrono::hours(1);
    terms.ends_at = SystemClock().Now() + std::chrono::hours(24);
    return terms;
  }
  // The rule by which it is refused, which comes with a next step.
  std::string RuleOf(const Header& header) {
    const auto ack = enemy_.Submit({{header, {}}});
    if (!ack || ack->outcomes.size() != 1) return "no answer";
    if (!ack->outcomes[0].error) return "taken";
    EXPECT_FALSE(ack->outcomes[0].error->next.empty()) << ack->outcomes[0].error->rule;
    ++refusals_;
    return ack->outcomes[0].error->rule;
  }
  // Ends all; every refusal is in the log under the name of who tried.
  HubLog Finish() {
    enemy_.Disconnect();
    neighbour_.Disconnect();
    region_.Stop();
    hub().Verify();
    HubLog log = ReadHubLog(hub().folder());
    EXPECT_GE(log.refused["vijand"], refusals_);
    EXPECT_EQ(log.refused["buur"], 0);
    return log;
  }

  RawMember enemy_;
  RawMember neighbour_;
  RealRegion region_;
  TrajectoryId shared_;
  TrajectoryId foreign_;
  int refusals_ = 0;
};

TEST_F(HostileMemberTest, ClaimsGrantsOfOthersAndGuessesIds) {
  Header grant = neighbour_.NewHeader(Kind::kGrantGive, shared_);
  grant.control = LivingFor(neighbour_.id());
  neighbour_.Say(grant);

  Header give = enemy_.NewHeader(Kind::kGrantGive, shared_);
  give.control = LivingFor(enemy_.id());
  EXPECT_EQ(RuleOf(give), "admit.lead") << "a grant to itself";
  Header withdraw = enemy_.NewHeader(Kind::kGrantWithdraw, shared_);
  withdraw.control = GrantWithdraw{grant.id};
  EXPECT_EQ(RuleOf(withdraw), "admit.grant") << "another's grant";
  GrantWithdraw guessed{SystemRandom().Draw<RecordId>()};
  withdraw = enemy_.NewHeader(Kind::kGrantWithdraw, shared_);
  withdraw.control = guessed;
  EXPECT_EQ(RuleOf(withdraw), "admit.grant") << "the same answer for one that does not exist";
  EXPECT_EQ(RuleOf(enemy_.NewHeader(Kind::kNote, foreign_)), "admit.trajectory");
  EXPECT_EQ(RuleOf(enemy_.NewHeader(Kind::kNote, SystemRandom().Draw<TrajectoryId>())), "admit.trajectory")
      << "the same answer for one that does not exist";
  Header seize = enemy_.NewHeader(Kind::kTrajectoryOpen, foreign_);
  seize.control = TrajectoryOpen();
  EXPECT_EQ(RuleOf(seize), "admit.trajectory_exists");

  // Questions about what is not its own: one answer, whether it exists or not.
  std::set<std::string> answers;
  for (const TrajectoryId& about : {foreign_, SystemRandom().Draw<TrajectoryId>()}) {
    ASSERT_TRUE(enemy_.Send(AccessQuery{about, {}, {}, 10}));
    const auto error = enemy_.Await<Error>();
    ASSERT_TRUE(error);
    answers.insert(ToText(*error));
  }
  EXPECT_EQ(answers.size(), 1U);
  // Every entry of the log asked for by number: the enemy is shown its own alone.
  ASSERT_TRUE(enemy_.Send(ProveConsistency{0, 0}));
  const auto head = enemy_.Await<ProofReply>();
  ASSERT_TRUE(head);
  // The second line of a checkpoint.
  const std::uint64_t size = std::stoull(head->checkpoint.substr(head->checkpoint.find('\n') + 1));
  ASSERT_GT(size, 5U);
  int shown = 0;
  for (std::uint64_t sequence = 1; sequence <= size; ++sequence) {
    ASSERT_TRUE(enemy_.Send(ProveInclusion{Sequence(sequence), size}));
    const auto proof = enemy_.Await<ProofReply>();
    ASSERT_TRUE(proof);
    if (proof->entry.empty()) continue;
    const Entry entry = DecodeEntry(proof->entry).value();
    if (const auto* delivery = std::get_if<DeliveryEntry>(&entry.body)) {
      EXPECT_EQ(delivery->recipient, enemy_.id());
    } else if (const auto* record = std::get_if<RecordEntry>(&entry.body)) {
      EXPECT_EQ(DecodeHeader(record->header).value().author, enemy_.id());
      ++shown;
    }
  }
  EXPECT_EQ(shown, 1) << "its joining";
  Finish();
}

TEST_F(HostileMemberTest, BackDatesRecordsAndTheHubsTimeCounts) {
  Header grant = neighbour_.NewHeader(Kind::kGrantGive, shared_);
  grant.control = LivingFor(enemy_.id());
  neighbour_.Say(grant);
  Header withdraw = neighbour_.NewHeader(Kind::kGrantWithdraw, shared_);
  withdraw.control = GrantWithdraw{grant.id};
  neighbour_.Say(withdraw);
  // As if it had been written while the grant was there; and as if it were not yet written.
  for (const auto& shift : {-std::chrono::hours(24 * 365), std::chrono::hours(24 * 365)}) {
    Header note = neighbour_.NewHeader(Kind::kNote, shared_);
    note.created_at = note.created_at + shift;
    const Timestamp before = SystemClock().Now();
    const auto ack = neighbour_.Submit({{note, {enemy_.AsRecipient()}}});
    ASSERT_TRUE(ack && !ack->outcomes.at(0).error);
    ASSERT_EQ(ack->outcomes[0].refused.size(), 1U) << "it reaches nobody";
    EXPECT_EQ(ack->outcomes[0].refused[0].reason, Denial::kWithdrawn);
    EXPECT_GE(ack->outcomes[0].at, before - std::chrono::seconds(1)) << "the hub's own time stands in the log";
  }
  // A grant that would have begun and ended in the past opens nothing either.
  Header late = neighbour_.NewHeader(Kind::kGrantGive, shared_);
  GrantGive terms = LivingFor(enemy_.id());
  terms.begins_at = SystemClock().Now() - std::chrono::hours(48);
  terms.ends_at = SystemClock().Now() - std::chrono::hours(24);
  late.control = terms;
  late.created_at = terms.begins_at;
  const auto ack = neighbour_.Submit({{late, {}}});
  ASSERT_TRUE(ack && ack->outcomes.at(0).error);
  EXPECT_EQ(ack->outcomes[0].error->rule, "grant.period");
  enemy_.Disconnect();
  neighbour_.Disconnect();
  region_.Stop();
  const HubLog log = ReadHubLog(hub().folder());
  for (const auto& [to, where] : log.handed) EXPECT_NE(to.first, "vijand") << "handed over after all";
}

TEST_F(HostileMemberTest, FloodsAndIsSlowedWhileOthersAreServed) {
  // It has its own second full of records at most; the agent's organisation has its own.
  ApiClient worker = region_.agent(0).Client();
  const std::string path =
      "/v1/trajectories/" +
      worker.MustPost("/v1/trajectories", {{"label", "Milan"}}, 10)["trajectory"].get<std::string>();
  Bystander bystander(region_.agent(0), path);
  bystander.ExpectServedNow();
  int taken = 0;
  int limited = 0;
  for (int batch = 0; batch < 60; ++batch) {
    std::vector<std::pair<Header, std::vector<RecipientKey>>> records;
    for (int i = 0; i < 64; ++i)
      records.emplace_back(enemy_.NewHeader(Kind::kNote, shared_), std::vector<RecipientKey>{});
    const auto ack = enemy_.Submit(records);
    ASSERT_TRUE(ack);
    for (const Outcome& outcome : ack->outcomes) {
      if (!outcome.error) ++taken;
      if (outcome.error && outcome.error->rule == "submit.rate") {
        ++limited;
        EXPECT_FALSE(outcome.error->next.empty());
      }
    }
  }
  EXPECT_GT(taken, 0);
  EXPECT_GT(limited, taken) << "most of it was not taken";
  EXPECT_TRUE(WaitUntil([&] { return hub().Metric("hub_limited_total") >= static_cast<double>(limited); }));
  bystander.ExpectServedNow();
  bystander.ExpectServed(2);
  Finish();
}

TEST_F(HostileMemberTest, SpeaksAnotherVersionAndIsToldSo) {
  const auto with_version = [&](Bytes bytes, std::uint8_t version) {
    bytes.at(1) = version;
    return bytes;
  };
  for (const std::uint8_t version : {std::uint8_t{0}, std::uint8_t{2}, std::uint8_t{127}}) {
    ASSERT_TRUE(enemy_.Send(with_version(EncodeMessage({enemy_.NextRequest(), Heartbeat{}}), version)));
    const auto error = enemy_.Await<Error>();
    ASSERT_TRUE(error);
    EXPECT_EQ(error->rule, "wire.version");
    EXPECT_EQ(error->code, Code::kVersion);
    EXPECT_FALSE(error->next.empty());
  }
  // A header of another version, properly signed.
  for (const std::uint8_t version : {std::uint8_t{0}, std::uint8_t{2}}) {
    SealedRecord record = enemy_.Seal(hub().address().origin, enemy_.NewHeader(Kind::kNote, shared_), 64, {});
    record.header = with_version(record.header, version);
    ASSERT_TRUE(enemy_.Send(enemy_.EncodeSubmit({record}, enemy_.NextRequest())));
    const auto ack = enemy_.Await<SubmitAck>();
    ASSERT_TRUE(ack && ack->outcomes.size() == 1 && ack->outcomes[0].error);
    EXPECT_TRUE(ack->outcomes[0].error->rule == "record.version" || ack->outcomes[0].error->rule == "codec.type")
        << ack->outcomes[0].error->rule;
    EXPECT_FALSE(ack->outcomes[0].error->rule.empty());
  }
  Finish();
}

// ---- Somebody with a copied disk ----

class CopiedDiskTest : public ::testing::Test {
 protected:
  CopiedDiskTest() : region_({"lead", "partner"}) {
    path_ = "/v1/trajectories/" + region_.ShareCase();
    region_.agent(0).Client().MustPost(path_ + "/notes", LivingNote(kWords, kWords), 10);
    trajectory_ = path_.substr(path_.rfind('/') + 1);
  }
  static void ExpectNowhere(const std::filesystem::path& folder, const std::vector<Bytes>& words) {
    CanarySearch search(words);
    EXPECT_EQ(search.FindBelow(folder), std::vector<std::string>{});
    EXPECT_GT(search.bytes, 0U);
  }
  // The program with a copy of its data, and a key of the thief's own.
  static void ExpectRefused(const std::vector<std::string>& command) {
    const Finished finished = schakel::testing::Run(command);
    EXPECT_EQ(finished.exit_code, 1) << finished.out << finished.err;
    EXPECT_NE(finished.err.find("store.master_key"), std::string::npos) << finished.err;
    EXPECT_NE(finished.err.find("hint: "), std::string::npos) << finished.err;
    EXPECT_EQ(finished.err.find(kWords), std::string::npos);
  }

  RealRegion region_;
  std::string path_;
  std::string trajectory_;
};

TEST_F(CopiedDiskTest, ALaptopsVaultWithoutItsKeyOpensNothing) {
  ASSERT_TRUE(WaitUntil([&] { return region_.agent(1).Client().MustGet(path_ + "/notes")["records"].size() == 1; }));
  region_.Stop();
  RealAgent& owner = region_.agent(1);
  const auto stolen = region_.folder() / "stolen";
  MustRun({Program("schakel-agent"), "init", "--data", stolen});
  std::filesystem::copy(owner.vault(), stolen / "vault", std::filesystem::copy_options::recursive);
  const std::string config = (stolen / "agent.toml").string();
  for (const char* command : {"check", "fingerprint", "run", "trust"}) {
    ExpectRefused({Program("schakel-agent"), command, "--config", config});
  }
  ExpectNowhere(stolen / "vault", {ToBytes(AsBytes(kWords)), ToBytes(AsBytes("Milan (17)")), *FromHex(trajectory_),
                                   ToBytes(AsBytes("gesprek op de kamer"))});
  MustRun(owner.Command({"check"}));
}

TEST_F(CopiedDiskTest, AHubsDiskWithoutItsKeysOpensNothing) {
  region_.Stop();
  const auto stolen = region_.folder() / "stolen";
  MustRun({Program("schakel-hub"), "init", "--directory", stolen, "--origin", region_.hub().address().origin,
           "--listen", region_.hub().address().endpoint, "--registrar", ToHex(region_.hub().root_registrar().value())});
  std::filesystem::remove_all(stolen / "log");
  std::filesystem::copy(region_.hub().data(), stolen / "log", std::filesystem::copy_options::recursive);
  const std::string config = "--config=" + (stolen / "hub.toml").string();
  for (const char* command : {"verify", "run", "head"}) ExpectRefused({Program("schakel-hub"), config, command});
  ExpectNowhere(stolen / "log", {ToBytes(AsBytes(kWords)), *FromHex(trajectory_), ToBytes(AsBytes("partner")),
                                 ToBytes(AsBytes("youth-care"))});
  region_.hub().Verify();
}

// ---- Clocks ----

class ClockTest : public ::testing::Test {
 protected:
  void SetUp() override {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    GTEST_SKIP() << "a sanitizer must be the first library";
#endif
  }
  static Environment Ahead(std::chrono::seconds by) {
    return {"LD_PRELOAD=" CLOCK_TROUBLE_LIBRARY, "CLOCK_TROUBLE_AHEAD_SECONDS=" + std::to_string(by.count())};
  }
  // That it is ahead of the hub, or behind.
  static std::optional<Json> Said(const RealAgent& agent, bool ahead) {
    std::optional<Json> said;
    const std::string about = ahead ? "+14" : "-14";  // 1440 minutes, or just as good.
    WaitUntil([&] {
      const Json alarms = agent.Client().MustGet("/v1/alarms")["alarms"];
      for (const Json& one : alarms) {
        const Json& what = one["what"];
        if (what["rule"] == "clock.off" && what.dump().find(about) != std::string::npos) said = what;
      }
      return said.has_value();
    });
    return said;
  }
};

TEST_F(ClockTest, AnAgentADayOffIsToldAndTheHubsClockDecides) {
  RealRegion region({"lead", "partner"});
  const std::string path = "/v1/trajectories/" + region.ShareCase();
  for (const int days : {-1, 1}) {
    SCOPED_TRACE(days);
    RealAgent& lead = region.agent(0);
    ASSERT_EQ(lead.process().Terminate(), 0);
    lead.Start(Ahead(std::chrono::hours(24) * days));
    const auto said = Said(lead, days > 0);
    ASSERT_TRUE(said) << lead.Log();
    EXPECT_FALSE((*said)["next"].get<std::string>().empty());
    const Json note = lead.Client().MustPost(path + "/notes", LivingNote("klok", "gewoon werk"), 10);
    EXPECT_EQ(note["state"], "accepted") << "work goes on";
    // What has ended by the hub's clock has ended, whatever this machine thinks.
    if (days < 0) {
      Json grant = LivingGrant("partner");
      grant["ends_at"] = ToText(SystemClock().Now() - std::chrono::hours(1));
      const Reply reply = lead.Client().Post(path + "/grants", grant, 10);
      EXPECT_TRUE(!reply.ok() || reply.json["state"] == "refused") << reply.json.dump();
    }
    EXPECT_EQ(lead.Status()["distrusted"], nullptr);
  }
}

TEST_F(ClockTest, AHubADayOffIsNoticedByEveryAgent) {
  for (const int days : {1, -1}) {
    SCOPED_TRACE(days);
    RealRegion region({"lead", "partner"});
    const std::string path = "/v1/trajectories/" + region.ShareCase();
    ASSERT_EQ(region.hub().process().Terminate(), 0);
    region.hub().Start(Ahead(std::chrono::hours(24) * days));
    for (RealAgent& agent : region.agents()) {
      EXPECT_TRUE(Said(agent, days < 0)) << agent.id() << agent.Log();
      EXPECT_EQ(agent.Status()["distrusted"], nullptr);
    }
    const Json note = region.agent(0).Client().MustPost(path + "/notes", LivingNote("klok", "gewoon werk"), 20);
    EXPECT_EQ(note["state"], "accepted");
  }
}

// ---- Suspension ----

// That the connection is gone before the operator is answered is judged; how long it took is reported.
TEST(SuspensionTest, CutsEveryConnectionOfTheOrganisationAndLetsNobodyInAgain) {
  RawMember suspended("geschorst", "youth-care");
  RealRegion region({"lead"}, {&suspended});
  ASSERT_TRUE(suspended.Connect(region.hub().address()));
  ASSERT_TRUE(suspended.Send(Heartbeat{}));
  ASSERT_TRUE(suspended.Await<HeartbeatReply>());
  OrgStatement statement = suspended.Statement();
  statement.serial = 2;
  statement.status = OrgStatus::kSuspended;
  const auto began = std::chrono::steady_clock::now();
  std::chrono::steady_clock::time_point cut;
  std::thread watcher([&] {
    while (suspended.Receive()) {
    }
    cut = std::chrono::steady_clock::now();
  });
  region.hub().Apply(std::vector<Statement>{statement});
  const bool cut_before_the_answer = suspended.wire().ended();
  const auto applied = std::chrono::steady_clock::now();
  watcher.join();
  EXPECT_TRUE(cut_before_the_answer) << "the operator was told that it is done while the connection stood";
  const auto ms = [](auto time) { return std::chrono::duration<double, std::milli>(time).count(); };
  std::printf("suspension: cut %.1f ms after the operator's command began, which took %.1f ms\n", ms(cut - began),
              ms(applied - began));
  RecordProperty("suspension_ms", std::to_string(ms(cut - began)));
  EXPECT_FALSE(suspended.Connect(region.hub().address())) << "it is let in again";
  EXPECT_EQ(region.agent(0).Status()["connected"], true) << "nobody else is touched";
  EXPECT_TRUE(WaitUntil([&] { return region.hub().Metric("hub_refused_keys_total") >= 1; }))
      << "the attempt is counted";
  const std::string refusal = R"("event":"transport.refused","kind":"suspended","organisation":"geschorst")";
  EXPECT_TRUE(WaitUntil([&] { return region.hub().Log().contains(refusal); })) << "and named: " << region.hub().Log();
  EXPECT_TRUE(WaitUntil([&] { return region.hub().Log().contains("session.suspended"); })) << region.hub().Log();
  OrgStatement lifted = statement;
  lifted.serial = 3;
  lifted.status = OrgStatus::kActive;
  region.hub().Apply(std::vector<Statement>{lifted});
  EXPECT_TRUE(WaitUntil([&] { return suspended.Connect(region.hub().address()); })) << "it comes back once lifted";
  suspended.Disconnect();
  region.Stop();
  region.hub().Verify();
  EXPECT_EQ(ReadHubLog(region.hub().folder()).refused["geschorst"], 1) << "the attempt is in the log, once";
}

}  // namespace
}  // namespace schakel::testing
