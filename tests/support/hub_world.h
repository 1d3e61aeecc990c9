// A hub's core on a real log in a folder of its own, with agents that speak to it over a transport in memory.
//
// Nothing happens behind a test's back: a group is durable when the test says so.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "broker/hub_core.h"
#include "broker/reader.h"
#include "broker/routed.h"
#include "protocol/token.h"
#include "support/builders.h"
#include "support/fake_transport.h"
#include "support/fixed_clock.h"
#include "support/process.h"

namespace schakel::test {

class NotingObserver : public HubObserver {
 public:
  void Report(Level level, std::string_view event, const OrgId&, std::string_view) override {
    events.emplace_back(event);
    if (level == Level::kAlarm) alarms.emplace_back(event);
  }
  bool Has(std::string_view event) const { return std::find(events.begin(), events.end(), event) != events.end(); }
  std::vector<std::string> alarms;
  std::vector<std::string> events;  // Of every level.
};

// One log for all tests of a program would hide what one leaves to the next; one key file is enough.
inline MasterKeySource TestMasterKey(const std::filesystem::path& folder) {
  const auto file = folder / "master.key";
  if (!std::filesystem::exists(file)) SCHAKEL_ASSERT(CreateMasterKeyFile(file).has_value());
  return MasterKeyFile{file};
}

class HubWorld {
 public:
  // With the six of DirectoryOfSix enrolled.
  explicit HubWorld(HubCoreOptions options = {}, std::uint64_t seed = 1) : options_(std::move(options)), random_(seed) {
    InitCrypto();
    options_.face.origin = std::string(kHub);
    options_.face.verifier = HubLogVerifier();
    options_.registrars = RegistrarsOf(2, 3);
    options_.number_key = NumberKeyOf(log_key_);
    Open();
    operator_ = transport.ConnectOperator();
    const Directory six = DirectoryOfSix();
    for (const SignedStatement& statement : six.statements()) Apply(statement);
  }

  RocksLogOptions LogOptions() const {
    RocksLogOptions log_options;
    log_options.directory = folder_.path() / "log";
    log_options.master_key = TestMasterKey(folder_.path());
    log_options.if_absent = IfAbsent::kCreate;
    log_options.ballast_bytes = 0;
    return log_options;
  }
  void Open() {
    auto opened = OpenRocksLog(LogOptions());
    SCHAKEL_ASSERT(opened.has_value());
    log = std::move(*opened);
    auto restored = HubCore::Restore(options_, *log, transport, clock, random_, observer);
    SCHAKEL_ASSERT(restored.has_value());
    core = std::move(*restored);
    reader = std::make_unique<Reader>(*log, options_.face.origin, log_key_, core->rechecked());
  }
  // As after a crash: what was not durable is gone, and so are all connections.
  void Reopen() {
    reader.reset();
    core.reset();
    log.reset();
    transport = FakeTransport();
    Open();
    operator_ = transport.ConnectOperator();
  }

  // As the operator does with a log that stopped: whatever was lost is accepted.
  void AcceptAsItStands() {
    const TreeHead head = log->Head();
    reader.reset();
    core.reset();
    log.reset();
    ASSERT_TRUE(AcceptLogHead(LogOptions(), head, clock).has_value());
    transport = FakeTransport();
    Open();
    operator_ = transport.ConnectOperator();
  }

  // ---- messages ----
  void Give(ConnectionId from, const Bytes& message) {
    const IdentityPtr identity = transport.IdentityOf(from);
    core->Take(from, identity, Examine(message, *core->directory(), core->wire()));
  }
  AdminReply Operate(const AdminRequest& request) {
    core->TakeFromOperator(operator_, EncodeAdminRequest(request));
    Settle();
    const auto replies = transport.Received(operator_);
    SCHAKEL_ASSERT(replies.size() == 1);
    auto reply = DecodeAdminReply(replies.front());
    SCHAKEL_ASSERT(reply.has_value());
    return std::move(*reply);
  }
  void Apply(const SignedStatement& statement) {
    const AdminReply reply = Operate(ApplyStatement{EncodeSignedStatement(statement)});
    if (const auto* error = std::get_if<Error>(&reply)) ADD_FAILURE() << ToText(*error);
  }

  // ---- commits ----
  Group TakeGroup() { return core->TakeGroup(); }
  // Makes it durable.
  void Write(Group& group) {
    if (!group.entries.empty() || !group.rows.empty() || !group.list_rows.empty()) {
      auto appended = log->Append(group.TakeBatch(), group.before);
      ASSERT_TRUE(appended.has_value()) << ToText(appended.error());
      ASSERT_TRUE(log->Sync().has_value());
    }
    if (!group.erase.empty()) {
      ASSERT_TRUE(log->Erase(group.erase).has_value());
    }
    if (group.master_key) {
      auto changed = log->ChangeMasterKey(group.master_key->source);
      if (!changed) group.master_key->refused = changed.error();
    }
    if (group.snapshot) {
      ASSERT_TRUE(log->SaveSnapshot(group.last(), *group.snapshot).has_value());
    }
  }
  // Lets go what it was to send.
  void Release(Group group) {
    core->Committed(std::move(group));
    Answer();
  }
  void Answer() {
    for (const ReadTask& task : core->TakeTasks()) {
      StagedReply reply = reader->Answer(task);
      core->Answered(task.from);
      transport.Reply(reply.to, std::move(reply.message));
    }
  }
  void Commit() {
    Group group = TakeGroup();
    Write(group);
    Release(std::move(group));
  }
  // Until nothing is left to do.
  void Settle() {
    Answer();
    for (bool more = true; more;) {
      more = core->Pump();
      if (core->HasGroup()) {
        Commit();
        more = true;
      }
    }
  }

  // ---- the log ----
  std::vector<Entry> Entries(Sequence first = Sequence(1)) const {
    std::vector<Entry> entries;
    const Status read = log->Read(first, [&](const StoredEntry& stored) {
      auto entry = DecodeEntry(stored.entry);
      SCHAKEL_ASSERT(entry.has_value());
      entries.push_back(std::move(*entry));
      return true;
    });
    SCHAKEL_ASSERT(read.has_value());
    return entries;
  }
  // Those that stand in slots too.
  template <typename Body>
  std::vector<Body> All() const {
    std::vector<Body> found;
    for (const Entry& entry : Entries()) {
      if (const auto* body = std::get_if<Body>(&entry.body)) found.push_back(*body);
      if (!std::holds_alternative<RoutingEntry>(entry.body)) continue;
      const auto slots = ReadRoutedEntries(*log, entry.sequence).value();
      for (const auto& [routed, bytes] : slots) {
        if (const auto* body = std::get_if<Body>(&routed.body)) found.push_back(*body);
      }
    }
    return found;
  }

  const std::filesystem::path& folder() const { return folder_.path(); }
  Random& random() { return random_; }
  HubCoreOptions& options() { return options_; }

 private:
  testing::TemporaryFolder folder_;
  HubCoreOptions options_;
  SeededRandom random_;
  SigningKey log_key_ = HubLogKey();
  ConnectionId operator_;

 public:
  FixedClock clock;
  FakeTransport transport;
  NotingObserver observer;
  std::unique_ptr<Log> log;
  std::unique_ptr<HubCore> core;
  std::unique_ptr<Reader> reader;
};

// An organisation's end of the line.
class TestAgent {
 public:
  TestAgent(HubWorld& world, OrgId organisation)
      : world_(world), organisation_(std::move(organisation)), secrets_(SecretsOf(organisation_)) {}

  // Connects and says Hello; the reply is left to be taken.
  TestAgent& Connect(Hello hello = {.software = "test", .seen = {}, .checkpoint = {}}) {
    auto connection = world_.transport.Connect(secrets_.transport.public_key);
    SCHAKEL_ASSERT(connection.has_value());
    connection_ = *connection;
    Send(std::move(hello));
    return *this;
  }
  TestAgent& Greet() {
    Connect();
    world_.Settle();
    Messages();
    return *this;
  }

  std::uint64_t Send(MessagePayload payload) {
    const std::uint64_t request = ++request_;
    world_.Give(connection_, EncodeMessage({request, std::move(payload)}));
    return request;
  }

  SealedRecord Seal(const Header& header, const std::vector<OrgId>& recipients = {},
                    std::string_view text = "text") const {
    std::vector<RecipientKey> keys;
    for (const OrgId& recipient : recipients) keys.push_back(RecipientKeyOf(recipient));
    auto sealed = SealRecord(header, {1, 1, ToBytes(AsBytes(text))}, keys, kHub, world_.random());
    SCHAKEL_ASSERT(sealed.has_value());
    return std::move(sealed->record);
  }
  std::uint64_t Submit(std::vector<SealedRecord> records) {
    return Send(schakel::Submit{SignBatch(std::move(records), secrets_.record)});
  }
  // Submits one record, and commits; its outcome.
  Outcome Say(const Header& header, const std::vector<OrgId>& recipients = {}) {
    const std::uint64_t request = Submit({Seal(header, recipients)});
    world_.Settle();
    return Ack(request).outcomes.at(0);
  }

  // All that came since the last call.
  std::vector<Message> Messages() {
    for (const Bytes& bytes : world_.transport.Received(connection_)) {
      auto message = DecodeMessage(bytes);
      SCHAKEL_ASSERT(message.has_value());
      if (const auto* items = std::get_if<FeedItems>(&message->payload)) {
        for (const FeedItem& item : items->items) feed_.push_back(item);
        feed_last_ = items->last;
      } else {
        kept_.push_back(std::move(*message));
      }
    }
    return kept_;
  }
  // The reply to `request`, if it came.
  template <typename M>
  std::optional<M> Reply(std::uint64_t request) {
    Messages();
    for (Message& message : kept_) {
      if (message.request == request && std::holds_alternative<M>(message.payload)) return std::get<M>(message.payload);
    }
    return std::nullopt;
  }
  SubmitAck Ack(std::uint64_t request) {
    auto ack = Reply<SubmitAck>(request);
    if (!ack) {
      ADD_FAILURE() << "no acknowledgement";
      return {{Outcome{}}};
    }
    return *ack;
  }
  std::string RuleOf(std::uint64_t request) {
    const auto error = Reply<Error>(request);
    return error ? error->rule : "no error";
  }
  // Feed items since the last call.
  std::vector<FeedItem> Feed() {
    Messages();
    return std::exchange(feed_, {});
  }
  std::uint64_t AskFeed(std::uint64_t after, std::uint64_t credit) {
    return Send(schakel::Feed{FeedPosition(after), credit});
  }
  FeedPosition feed_last() const { return feed_last_; }

  const OrgId& id() const { return organisation_; }
  const OrgSecrets& secrets() const { return secrets_; }
  ConnectionId connection() const { return connection_; }

 private:
  HubWorld& world_;
  OrgId organisation_;
  OrgSecrets secrets_;
  ConnectionId connection_;
  std::uint64_t request_ = 0;
  std::vector<Message> kept_;
  std::vector<FeedItem> feed_;
  FeedPosition feed_last_;
};

inline DeliveryEntry DeliveryIn(const FeedItem& item) {
  auto entry = DecodeEntry(item.delivery);
  SCHAKEL_ASSERT(entry.has_value());
  return std::get<DeliveryEntry>(entry->body);
}

// kYouthCare leads kOurs, `members` have joined, each with consent for goals and agreements. Their statements are
// records from 0x10 and 0x50 on.
inline void Found(HubWorld& world, TestAgent& lead, const std::vector<OrgId>& members) {
  ASSERT_FALSE(lead.Say(Says(kYouthCare, TrajectoryOpen{}, 0x10)).error);
  std::uint64_t number = 0x11;
  std::uint64_t grant = 0x50;
  for (const OrgId& organisation : members) {
    TestAgent member(world, organisation);
    member.Greet();
    ASSERT_FALSE(lead.Say(Says(kYouthCare, MemberInvite{organisation, kNow + kDay}, number)).error);
    ASSERT_FALSE(member.Say(Says(organisation, MemberJoin{RecordNo(number)}, number + 1)).error);
    const Outcome granted = lead.Say(Says(kYouthCare, GrantTo(organisation), grant++));
    ASSERT_FALSE(granted.error) << ToText(*granted.error);
    number += 2;
    world.transport.Break(member.connection());
    world.core->Closed(member.connection());
  }
  world.Settle();
}

}  // namespace schakel::test
