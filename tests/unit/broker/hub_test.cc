// The hub with all its threads, over real sockets on a real log.
#include "broker/hub.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <set>
#include <thread>

#include "broker/zmq_transport.h"
#include "support/builders.h"
#include "support/curve_client.h"
#include "support/hub_world.h"
#include "support/wrapped_log.h"

namespace schakel::test {
namespace {

using namespace std::chrono_literals;

// An organisation with a socket.
class WireAgent {
 public:
  WireAgent(const std::string& endpoint, const TransportPublicKey& hub, OrgId organisation)
      : organisation_(std::move(organisation)), secrets_(SecretsOf(organisation_)), client_(endpoint, hub) {}

  bool Connect() {
    return client_.Connect(secrets_.transport) && Ask(Hello{.software = "test", .seen = {}, .checkpoint = {}});
  }
  bool Send(MessagePayload payload) { return client_.Send(EncodeMessage({++request_, std::move(payload)}), false); }
  std::optional<Message> Receive() {
    const auto bytes = client_.Receive();
    if (!bytes) return std::nullopt;
    auto message = DecodeMessage(*bytes);
    return message ? std::optional(std::move(*message)) : std::nullopt;
  }
  std::optional<Message> Ask(MessagePayload payload) {
    if (!Send(std::move(payload))) return std::nullopt;
    auto reply = Receive();
    while (reply && reply->request != request_) reply = Receive();
    return reply;
  }
  SealedRecord Seal(const Header& header, const std::vector<OrgId>& recipients = {}) {
    std::vector<RecipientKey> keys;
    for (const OrgId& recipient : recipients) keys.push_back(RecipientKeyOf(recipient));
    auto sealed = SealRecord(header, {1, 1, ToBytes(AsBytes("text"))}, keys, kHub, SystemRandom());
    SCHAKEL_ASSERT(sealed.has_value());
    return std::move(sealed->record);
  }
  Submit Signed(std::vector<SealedRecord> records) { return {SignBatch(std::move(records), secrets_.record)}; }

 private:
  OrgId organisation_;
  OrgSecrets secrets_;
  CurveClient client_;
  std::uint64_t request_ = 0;
};

class HubTest : public ::testing::Test {
 protected:
  HubTest() {
    InitCrypto();
    options.core.face.origin = std::string(kHub);
    options.core.face.verifier = HubLogVerifier();
    options.core.registrars = RegistrarsOf(2, 3);
    options.helpers = 2;
  }
  ~HubTest() override { Stop(); }

  void OpenLog() {
    RocksLogOptions log_options;
    log_options.directory = folder.path() / "log";
    log_options.master_key = TestMasterKey(folder.path());
    log_options.if_absent = IfAbsent::kCreate;
    log_options.ballast_bytes = 0;
    auto opened = OpenRocksLog(log_options);
    ASSERT_TRUE(opened) << ToText(opened.error());
    rocks = std::move(*opened);
    log = std::make_unique<WrappedLog>(*rocks);
  }
  void Start() {
    if (!rocks) OpenLog();
    ZmqTransportOptions transport_options;
    transport_options.listen = "tcp://127.0.0.1:*";
    transport_options.key = &hub_key;
    transport_options.admin_socket = folder.path() / "admin" / "hub.sock";
    auto listening = MakeZmqTransport(transport_options);
    auto made = Hub::Open(options, *log, *listening, log_key, SystemClock(), SystemRandom(), observer);
    ASSERT_TRUE(made) << ToText(made.error());
    hub = std::move(*made);
    const auto opened = listening->Listen();
    transport = std::move(listening);
    ASSERT_TRUE(opened) << ToText(opened.error());
    endpoint = *opened;
    if (when_it_listens) when_it_listens();
    runner = std::thread([this] { ended = hub->Run(); });
    if (rocks->Last().value() > 0) return;
    const Directory six = DirectoryOfSix();
    for (const SignedStatement& statement : six.statements()) {
      const auto reply = AskHub(transport_options.admin_socket, ApplyStatement{EncodeSignedStatement(statement)}, 10s);
      ASSERT_TRUE(reply) << ToText(reply.error());
    }
  }
  void Stop() {
    if (!runner.joinable()) return;
    hub->Stop();
    runner.join();
    hub.reset();
    transport.reset();
  }
  WireAgent Agent(const OrgId& organisation) { return WireAgent(endpoint, hub_key.public_key, organisation); }

  testing::TemporaryFolder folder;
  const TransportKey hub_key = TransportKey::Generate();
  const SigningKey log_key = HubLogKey();
  HubOptions options;
  NotingObserver observer;
  std::unique_ptr<Log> rocks;
  std::unique_ptr<WrappedLog> log;
  std::unique_ptr<Transport> transport;
  std::string endpoint;
  std::function<void()> when_it_listens;  // Before the hub takes its first step.
  std::unique_ptr<Hub> hub;
  std::thread runner;
  Status ended;
};

TEST_F(HubTest, LetsInWhomItKnowsFromTheMomentThatItListens) {
  Start();
  Stop();
  int let_in = 0;
  when_it_listens = [&] {
    for (const OrgId& organisation : {kYouthCare, kPsychiatry}) {
      CurveClient client(endpoint, hub_key.public_key);
      if (client.Connect(SecretsOf(organisation).transport)) ++let_in;
    }
  };
  Start();
  EXPECT_EQ(let_in, 2);
  EXPECT_EQ(transport->Stats().refused_keys, 0U);
}

TEST_F(HubTest, ServesARegionOverTheWire) {
  Start();
  WireAgent lead = Agent(kYouthCare);
  WireAgent reader = Agent(kPsychiatry);
  ASSERT_TRUE(lead.Connect());
  ASSERT_TRUE(reader.Connect());
  const Timestamp now = SystemClock().Now();
  const auto say = [](WireAgent& agent, const Header& header, const std::vector<OrgId>& to = {}) {
    const auto reply = agent.Ask(agent.Signed({agent.Seal(header, to)}));
    if (!reply || !std::holds_alternative<SubmitAck>(reply->payload)) return std::string("no acknowledgement");
    const auto& outcome = std::get<SubmitAck>(reply->payload).outcomes.at(0);
    return outcome.error ? outcome.error->rule : std::string("taken");
  };
  GrantGive grant = GrantTo(kPsychiatry);
  grant.begins_at = now - kDay;
  grant.ends_at = now + kDay;
  EXPECT_EQ(say(lead, Says(kYouthCare, TrajectoryOpen{}, 0x10)), "taken");
  EXPECT_EQ(say(lead, Says(kYouthCare, MemberInvite{kPsychiatry, now + kDay}, 0x11)), "taken");
  EXPECT_EQ(say(reader, Says(kPsychiatry, MemberJoin{RecordNo(0x11)}, 0x12)), "taken");
  EXPECT_EQ(say(lead, Says(kYouthCare, grant, 0x50)), "taken");
  ASSERT_TRUE(reader.Send(Feed{FeedPosition(0), 100}));
  EXPECT_EQ(say(lead, NoteBy(kYouthCare), {kPsychiatry}), "taken");
  std::size_t items = 0;
  while (items == 0) {
    const auto message = reader.Receive();
    ASSERT_TRUE(message);
    if (const auto* got = std::get_if<FeedItems>(&message->payload)) items += got->items.size();
  }
  EXPECT_EQ(items, 1U);
  const auto access = lead.Ask(AccessQuery{.trajectory = kOurs, .record = {}, .after = {}, .limit = 100});
  ASSERT_TRUE(access);
  const auto checked = CheckEvidence(std::get<AccessReply>(access->payload).evidence, HubLogVerifier());
  ASSERT_TRUE(checked) << ToText(checked.error());
  EXPECT_GE(checked->entries.size(), 6U);
}

TEST_F(HubTest, WhatManyWriteAtOnceIsAllThereOnce) {
  options.core.snapshot_entries = 100;
  options.core.group_entries_max = 64;
  Start();
  constexpr std::size_t kBatches = 40;
  constexpr std::size_t kBatch = 8;
  const std::vector<OrgId> writers{kYouthCare, kPsychiatry, kSchool, kWelfare};
  std::vector<std::set<std::uint64_t>> acknowledged(writers.size());
  std::vector<std::thread> threads;
  for (std::size_t w = 0; w < writers.size(); ++w) {
    threads.emplace_back([&, w] {
      WireAgent agent = Agent(writers[w]);
      if (!agent.Connect()) return;
      for (std::size_t i = 0; i < kBatches; ++i) {
        std::vector<SealedRecord> records;
        for (std::size_t j = 0; j < kBatch; ++j) {
          const std::uint64_t number = (w + 1) * 1'000'000 + i * 1000 + j;
          records.push_back(agent.Seal(Says(writers[w], TrajectoryOpen{}, number, TrajectoryNo(number))));
        }
        const Submit submit = agent.Signed(std::move(records));
        if (!agent.Send(submit) || (i % 5 == 0 && !agent.Send(submit))) return;  // Now and then twice.
      }
      const std::size_t messages = kBatches + (kBatches + 4) / 5;
      for (std::size_t i = 0; i < messages; ++i) {
        const auto message = agent.Receive();
        if (!message) return;
        const auto* ack = std::get_if<SubmitAck>(&message->payload);
        if (!ack) return;
        for (const Outcome& outcome : ack->outcomes) {
          if (!outcome.error) acknowledged[w].insert(outcome.sequence.value());
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  Stop();
  EXPECT_TRUE(ended) << ToText(ended.error());
  std::map<OrgId, std::set<std::uint64_t>> logged;
  std::set<RecordId> ids;
  std::size_t records = 0;
  ASSERT_TRUE(rocks->Read(Sequence(1), [&](const StoredEntry& stored) {
    const auto entry = DecodeEntry(stored.entry);
    EXPECT_TRUE(entry);
    if (const auto* record = std::get_if<RecordEntry>(&entry->body)) {
      const auto header = DecodeHeader(record->header);
      logged[header->author].insert(stored.sequence.value());
      ids.insert(header->id);
      ++records;
    }
    return true;
  }));
  EXPECT_EQ(records, writers.size() * kBatches * kBatch);
  EXPECT_EQ(ids.size(), records);
  for (std::size_t w = 0; w < writers.size(); ++w) EXPECT_EQ(acknowledged[w], logged[writers[w]]);
  EXPECT_TRUE(rocks->VerifyAll());
  // The snapshot of the end is of the end.
  const auto snapshot = rocks->LoadSnapshot();
  ASSERT_TRUE(snapshot && *snapshot);
  EXPECT_EQ((*snapshot)->first, rocks->Last());
}

TEST_F(HubTest, AFailedSyncEndsItWithoutAnAnswer) {
  Start();
  WireAgent agent = Agent(kYouthCare);
  ASSERT_TRUE(agent.Connect());
  log->Break();
  ASSERT_TRUE(agent.Send(agent.Signed({agent.Seal(Says(kYouthCare, TrajectoryOpen{}, 1))})));
  runner.join();
  ASSERT_FALSE(ended);
  EXPECT_EQ(ended.error().rule, "log.sync");
  hub.reset();
  transport.reset();
  EXPECT_FALSE(agent.Receive());
}

TEST_F(HubTest, ASlowDiskHoldsTheSendersBackAndNothingGrows) {
  options.core.group_entries_max = 32;
  Start();
  WireAgent agent = Agent(kYouthCare);
  ASSERT_TRUE(agent.Connect());
  log->Hold(true);
  constexpr std::size_t kMessages = 1500;
  std::thread sender([&] {
    for (std::uint64_t i = 0; i < kMessages; ++i) {
      const std::uint64_t number = 1'000 + i;
      if (!agent.Send(agent.Signed({agent.Seal(Says(kYouthCare, TrajectoryOpen{}, number, TrajectoryNo(number)))})))
        return;
    }
  });
  log->AwaitHeld();
  // The report is renewed by the hub's own thread: it must not be the one that waits for the disk for ever.
  const std::uint64_t taken_before = hub->Report().counts.batches;
  sender.join();
  EXPECT_LE(hub->Report().counts.batches - taken_before, 400U) << "it went on reading";
  log->Hold(false);
  for (std::size_t i = 0; i < kMessages; ++i) {
    const auto message = agent.Receive();
    ASSERT_TRUE(message) << i;
    ASSERT_TRUE(std::holds_alternative<SubmitAck>(message->payload)) << i;
  }
}

TEST_F(HubTest, RestartsWhereItWas) {
  Start();
  {
    WireAgent agent = Agent(kYouthCare);
    ASSERT_TRUE(agent.Connect());
    for (std::uint64_t i = 1; i <= 20; ++i) {
      ASSERT_TRUE(agent.Ask(agent.Signed({agent.Seal(Says(kYouthCare, TrajectoryOpen{}, i, TrajectoryNo(i)))})));
    }
  }
  Stop();
  ASSERT_TRUE(ended);
  const TreeHead head = rocks->Head();
  log.reset();
  rocks.reset();
  OpenLog();
  EXPECT_EQ(rocks->Head(), head);
  Start();
  WireAgent agent = Agent(kYouthCare);
  ASSERT_TRUE(agent.Connect());
  const auto again = agent.Ask(agent.Signed({agent.Seal(Says(kYouthCare, TrajectoryOpen{}, 30, TrajectoryNo(7)))}));
  ASSERT_TRUE(again);
  EXPECT_EQ(std::get<SubmitAck>(again->payload).outcomes.at(0).error->rule, "admit.trajectory_exists");
}

TEST_F(HubTest, OnOneThreadAStepDoesAllThereIsToDo) {
  OpenLog();
  options.threads = false;
  FakeTransport fake;
  FixedClock clock;
  SeededRandom random(1);
  auto made = Hub::Open(options, *log, fake, log_key, clock, random, observer);
  ASSERT_TRUE(made);
  const auto run = [&] {
    while (true) {
      const auto busy = (*made)->Step();
      ASSERT_TRUE(busy);
      if (!*busy) return;
    }
  };
  const ConnectionId admin = fake.ConnectOperator();
  const Directory six = DirectoryOfSix();
  for (const SignedStatement& statement : six.statements()) {
    fake.Deliver(admin, EncodeAdminRequest(ApplyStatement{EncodeSignedStatement(statement)}));
    run();
  }
  EXPECT_EQ(fake.Received(admin).size(), six.statements().size());
  const auto connection = fake.Connect(SecretsOf(kYouthCare).transport.public_key);
  ASSERT_TRUE(connection);
  fake.Deliver(*connection, EncodeMessage({1, Hello{.software = "test", .seen = {}, .checkpoint = {}}}));
  run();
  const auto replies = fake.Received(*connection);
  ASSERT_EQ(replies.size(), 1U);
  EXPECT_TRUE(std::holds_alternative<Welcome>(DecodeMessage(replies[0])->payload));
  EXPECT_TRUE((*made)->Close());
}

}  // namespace
}  // namespace schakel::test
