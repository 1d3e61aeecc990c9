// What somebody may throw at the sockets of a hub: it refuses with a reason, counts, keeps its memory and its secrets,
// and serves everybody else meanwhile.
#include <gtest/gtest.h>

#include <random>

#include "broker/admin.h"
#include "bystander.h"
#include "hub_log.h"
#include "protocol/crypto.h"
#include "support/real_region.h"

namespace schakel::testing {
namespace {

constexpr double kRssMiBMax = 400;
constexpr std::size_t kMessageBytesMax = 512U << 10;
constexpr const char* kLimits = "message_bytes = 524_288\nsurplus_mib = 10\n";  // So that it takes less to break them.

class HostileHubTest : public ::testing::Test {
 protected:
  HostileHubTest()
      : enemy_("vijand", "youth-care"),
        neighbour_("buur", "youth-care"),
        region_({"omstander"}, {&enemy_, &neighbour_}, kLimits) {
    path_ = "/v1/trajectories/" + region_.ShareCase();
  }
  RealHub& hub() { return region_.hub(); }
  Bytes RandomBytes(std::size_t size) {
    Bytes bytes(size);
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(dice_());
    return bytes;
  }
  std::size_t Draw(std::size_t below) { return static_cast<std::size_t>(dice_() % below); }

  // Some bytes changed, cut off, put in or added.
  Bytes Mutated(Bytes bytes) {
    for (std::size_t times = 1 + Draw(4); times > 0 && !bytes.empty(); --times) {
      const auto at = static_cast<std::ptrdiff_t>(Draw(bytes.size()));
      switch (Draw(4)) {
        case 0:
          bytes[static_cast<std::size_t>(at)] ^= static_cast<std::uint8_t>(1 + Draw(255));
          break;
        case 1:
          bytes.resize(static_cast<std::size_t>(at));
          break;
        case 2:
          bytes.insert(bytes.begin() + at, static_cast<std::uint8_t>(dice_()));
          break;
        default:
          Append(bytes, RandomBytes(1 + Draw(20)));
      }
    }
    return bytes;
  }

  // Sends all, asking for a sign of life now and then (who does not read is cut); how many errors with a rule came
  // back.
  std::size_t Refusals(RawMember& member, const std::vector<Bytes>& messages) {
    std::size_t refused = 0;
    for (std::size_t i = 0; i < messages.size(); ++i) {
      EXPECT_TRUE(member.Send(messages[i])) << "the hub cut the connection";
      if (i % 20 == 19) refused += Errors(member);
    }
    return refused + Errors(member);
  }
  // Until the hub answers a heartbeat.
  std::size_t Errors(RawMember& member) {
    std::size_t errors = 0;
    const std::uint64_t last = 1'000'000 + member.NextRequest();
    EXPECT_TRUE(member.Send(EncodeMessage({last, Heartbeat{}})));
    while (auto reply = member.Receive()) {
      if (reply->request == last) return errors;
      const auto* error = std::get_if<Error>(&reply->payload);
      EXPECT_TRUE(error == nullptr || !error->rule.empty());
      errors += error ? 1 : 0;
    }
    ADD_FAILURE() << "the hub no longer answers";
    return errors;
  }
  // The page is made now and then.
  void ExpectCounted(const std::string& name, double at_least) {
    EXPECT_TRUE(WaitUntil([&] { return hub().Metric(name) >= at_least; }, std::chrono::seconds(5)))
        << name << " is " << hub().Metric(name) << ", not " << at_least;
  }
  void ExpectRefused(const std::optional<SubmitAck>& ack, const std::string& rule) {
    ASSERT_TRUE(ack && ack->outcomes.size() == 1) << rule;
    ASSERT_TRUE(ack->outcomes[0].error) << rule << ": it was taken";
    EXPECT_EQ(ack->outcomes[0].error->rule, rule);
    EXPECT_FALSE(ack->outcomes[0].error->next.empty()) << rule;
  }
  // The enemy's own trajectory.
  TrajectoryId Found() {
    const auto trajectory = SystemRandom().Draw<TrajectoryId>();
    Header open = enemy_.NewHeader(Kind::kTrajectoryOpen, trajectory);
    open.control = TrajectoryOpen();
    enemy_.Say(open);
    return trajectory;
  }
  void ExpectSane() {
    ASSERT_TRUE(hub().process().Running());
    EXPECT_TRUE(hub().Ready());
    EXPECT_LT(RssMiB(hub().process().pid()), kRssMiBMax);
  }
  // Ends all, and looks at what is left: the log holds, and nothing that the hub printed is a secret.
  void FinishCleanly(Bystander& bystander) {
    bystander.ExpectServed(5);
    ExpectSane();
    enemy_.Disconnect();
    neighbour_.Disconnect();
    region_.Stop();
    hub().Verify();
    const std::string printed = hub().Log();
    for (const char* key : {"transport.key", "log.key", "master.key"}) {
      std::string secret = ReadFile(hub().folder() / "keys" / key);
      secret.resize(64);
      EXPECT_EQ(printed.find(secret), std::string::npos) << key << " is in the hub's log";
      EXPECT_EQ(printed.find(secret.substr(0, 24)), std::string::npos) << key << " is in the hub's log";
    }
    EXPECT_EQ(printed.find("gewoon werk"), std::string::npos);
  }

  std::mt19937_64 dice_{7};
  RawMember enemy_;
  RawMember neighbour_;
  RealRegion region_;
  std::string path_;
};

TEST_F(HostileHubTest, MalformedMessagesOfAnEnrolledOrganisation) {
  Bystander bystander(region_.agent(0), path_);
  ASSERT_TRUE(enemy_.Connect(hub().address()));
  const double unreadable = hub().Metric("hub_unreadable_total");

  std::vector<Bytes> noise;
  for (int i = 0; i < 300; ++i) noise.push_back(RandomBytes(1 + Draw(4096)));
  EXPECT_EQ(Refusals(enemy_, noise), noise.size());
  ExpectCounted("hub_unreadable_total", unreadable + 300);

  std::vector<Bytes> nested;
  for (const std::size_t depth : {9UL, 100UL, 10'000UL, 500'000UL}) {
    nested.emplace_back(depth, std::uint8_t{0x91});   // Arrays in arrays.
    nested.push_back(Bytes{0x94, 0x01, 0x02, 0x03});  // A submission of them.
    nested.back().insert(nested.back().end(), depth, std::uint8_t{0x91});
    nested.push_back(Bytes{0xdd, 0xff, 0xff, 0xff, 0xff});        // Four thousand million values are promised.
    nested.push_back(Bytes{0xc6, 0xff, 0xff, 0xff, 0xff, 0x00});  // Four thousand million bytes likewise.
  }
  EXPECT_EQ(Refusals(enemy_, nested), nested.size());

  const TrajectoryId trajectory = Found();
  const Header note = enemy_.NewHeader(Kind::kNote, trajectory);
  const std::vector<Bytes> valid = {
      enemy_.EncodeSubmit({enemy_.Seal(hub().address().origin, note, 64, {enemy_.AsRecipient()})}, 77),
      EncodeMessage({78, AccessQuery{trajectory, {}, {}, 10}}),
      EncodeMessage({79, DirectoryQuery{}}),
      EncodeMessage({80, ProveInclusion{Sequence(1), 1}}),
      EncodeMessage({81, ProveConsistency{1, 0}}),
      EncodeMessage({82, Feed{FeedPosition(0), 8}}),
      EncodeMessage({83, Hello{"x", {}, {}}}),
      EncodeMessage({84, EnrolStatusQuery{}}),
      EncodeMessage({85, Welcome{}}),  // For an agent, not for a hub.
  };
  std::vector<Bytes> mutated;
  for (int i = 0; i < 600; ++i) mutated.push_back(Mutated(valid[Draw(valid.size())]));
  EXPECT_GE(Refusals(enemy_, mutated), 200U);
  bystander.ExpectServedNow();

  // More than two frames make no message, whatever they hold.
  const double dropped = hub().Metric("hub_dropped_messages_total");
  const Bytes heartbeat = EncodeMessage({90, Heartbeat{}});
  for (int frame = 0; frame < 4; ++frame) ASSERT_TRUE(enemy_.wire().Send(heartbeat, frame < 3));
  EXPECT_EQ(Refusals(enemy_, {}), 0U);
  ExpectCounted("hub_dropped_messages_total", dropped + 1);

  EXPECT_NE(hub().Log().find("\"organisation\":\"vijand\""), std::string::npos) << "nobody could see who it was";
  FinishCleanly(bystander);
}

TEST_F(HostileHubTest, RepeatedReorderedAndForgedRecords) {
  Bystander bystander(region_.agent(0), path_);
  const std::string& origin = hub().address().origin;

  // Before Hello nothing is heard.
  {
    test::CurveClient early(hub().address().endpoint, hub().address().transport);
    ASSERT_TRUE(early.Connect(enemy_.transport_key()));
    ASSERT_TRUE(early.Send(EncodeMessage({1, DirectoryQuery{}}), false));
    const auto reply = early.Receive();
    ASSERT_TRUE(reply);
    const Message message = DecodeMessage(*reply).value();
    ASSERT_TRUE(std::holds_alternative<Error>(message.payload));
    EXPECT_EQ(std::get<Error>(message.payload).rule, "session.hello");
  }
  ASSERT_TRUE(enemy_.Connect(hub().address()));
  ASSERT_TRUE(neighbour_.Connect(hub().address()));
  const TrajectoryId trajectory = Found();

  // Sent again: the same answer, once in the log.
  const Header note = enemy_.NewHeader(Kind::kNote, trajectory);
  const Bytes submitted = enemy_.EncodeSubmit({enemy_.Seal(origin, note, 64, {})}, enemy_.NextRequest());
  const double repeated = hub().Metric("hub_records_repeated_total");
  std::set<std::uint64_t> sequences;
  for (int i = 0; i < 5; ++i) {
    ASSERT_TRUE(enemy_.Send(submitted));
    const auto ack = enemy_.Await<SubmitAck>();
    ASSERT_TRUE(ack && ack->outcomes.size() == 1 && !ack->outcomes[0].error);
    sequences.insert(ack->outcomes[0].sequence.value());
  }
  EXPECT_EQ(sequences.size(), 1U);
  ExpectCounted("hub_records_repeated_total", repeated + 4);

  const double refused = hub().Metric("hub_records_refused_total");
  // Another one's record, word for word.
  ASSERT_TRUE(neighbour_.Send(submitted));
  ExpectRefused(neighbour_.Await<SubmitAck>(), "submit.author");
  // Another record under an id that is taken.
  ExpectRefused(enemy_.Submit({{note, {}}}, 32), "record.id");
  // Signed by somebody else, by nobody known, or changed after it was signed.
  SealedRecord record = enemy_.Seal(origin, enemy_.NewHeader(Kind::kNote, trajectory), 64, {});
  SignedBatch batch = SignBatch({record}, neighbour_.record_key());
  ASSERT_TRUE(enemy_.Send(EncodeMessage({enemy_.NextRequest(), Submit{batch}})));
  ExpectRefused(enemy_.Await<SubmitAck>(), "record.signature");
  batch = SignBatch({record}, enemy_.record_key());
  batch.records[0].ciphertext[70] ^= 1;
  ASSERT_TRUE(enemy_.Send(EncodeMessage({enemy_.NextRequest(), Submit{batch}})));
  ExpectRefused(enemy_.Await<SubmitAck>(), "record.signature");
  Header unknown = enemy_.NewHeader(Kind::kNote, trajectory);
  unknown.signer = IdOf(SigningKey::Generate().public_key);
  ExpectRefused(enemy_.Submit({{unknown, {}}}), "record.signer");
  Header other = neighbour_.NewHeader(Kind::kNote, trajectory);
  SealedRecord framed = neighbour_.Seal(origin, other, 64, {});
  ASSERT_TRUE(enemy_.Send(enemy_.EncodeSubmit({framed}, enemy_.NextRequest())));
  ExpectRefused(enemy_.Await<SubmitAck>(), "record.signature");
  // A head that this log never had: in a record, and in a greeting; with a note that another key signed as well.
  Header seen = enemy_.NewHeader(Kind::kNote, trajectory);
  seen.seen = {3, Sha256(AsBytes("nooit"))};
  ExpectRefused(enemy_.Submit({{seen, {}}}), "record.seen");
  Hello hello{"raw", {1'000'000, Sha256(AsBytes("nooit"))}, {}};
  hello.checkpoint = SignCheckpoint(origin, hello.seen, SigningKey::Generate());
  ASSERT_TRUE(enemy_.Send(hello));
  const auto lost = enemy_.Await<Error>();
  ASSERT_TRUE(lost);
  EXPECT_EQ(lost->rule, "hello.seen");
  ASSERT_TRUE(enemy_.Connect(hub().address()));
  // Out of order: joining before the invitation, a grant at a trajectory of somebody else, a withdrawal of no grant.
  Header join = neighbour_.NewHeader(Kind::kMemberJoin, trajectory);
  join.control = MemberJoin{SystemRandom().Draw<RecordId>()};
  const auto joined = neighbour_.Submit({{join, {}}});
  ASSERT_TRUE(joined && joined->outcomes.size() == 1);
  EXPECT_TRUE(joined->outcomes[0].error);
  Header withdraw = enemy_.NewHeader(Kind::kGrantWithdraw, trajectory);
  withdraw.control = GrantWithdraw{SystemRandom().Draw<RecordId>()};
  ExpectRefused(enemy_.Submit({{withdraw, {}}}), "admit.grant");
  // A cursor beyond the end of the own feed.
  ASSERT_TRUE(enemy_.Send(Feed{FeedPosition(1'000'000), 10}));
  const auto beyond = enemy_.Await<Error>();
  ASSERT_TRUE(beyond);
  EXPECT_FALSE(beyond->rule.empty());

  ExpectCounted("hub_records_refused_total", refused + 8);
  ExpectCounted("hub_hellos_refused_total", 1);
  bystander.ExpectServedNow();
  FinishCleanly(bystander);
  const HubLog log = ReadHubLog(hub().folder());
  EXPECT_EQ(log.records.at(note.id).size(), 1U);
  EXPECT_FALSE(log.records.contains(seen.id));
  EXPECT_FALSE(log.records.contains(other.id));
  EXPECT_GE(log.refused.at("vijand"), 5) << "refusals are accounted for";
}

TEST_F(HostileHubTest, BytesWithoutEndAndPeersWithoutAKey) {
  Bystander bystander(region_.agent(0), path_);
  const auto& address = hub().address();
  const int port = std::stoi(address.endpoint.substr(address.endpoint.rfind(':') + 1));

  // A key that nobody enrolled; the hub's own socket knows no other door.
  const double strangers = hub().Metric("hub_refused_keys_total");
  for (int i = 0; i < 20; ++i) {
    test::CurveClient stranger(address.endpoint, address.transport);
    EXPECT_FALSE(stranger.Connect(TransportKey::Generate()) && stranger.Send(EncodeMessage({1, Heartbeat{}}), false) &&
                 stranger.Receive());
  }
  ExpectCounted("hub_refused_keys_total", strangers + 20);
  // Nothing that speaks the protocol at all, and some who say nothing and wait.
  const double failed = hub().Metric("hub_handshakes_failed_total");
  std::vector<Stream> idle;
  for (int i = 0; i < 50; ++i) {
    Stream stream = Stream::ToPort(port);
    ASSERT_TRUE(stream.open());
    if (i % 5 == 1) stream.Send("GET / HTTP/1.1\r\nHost: hub\r\n\r\n");
    if (i % 5 == 2) stream.Send(AsText(RandomBytes(5000)));
    if (i % 5 == 3) stream.Send(std::string("\xff\0\0\0\0\0\0\0\1\x7f\3\1", 12) + "NULL" + std::string(48, '\0'));
    if (i % 5 == 4) stream.Send(std::string("\xff\0\0\0\0\0\0\0\1\x7f\3\1", 12) + "CURVE");
    idle.push_back(std::move(stream));
  }
  for (Stream& stream : idle) EXPECT_TRUE(stream.AwaitEnd(std::chrono::seconds(15))) << "a mute peer is kept";
  ExpectCounted("hub_handshakes_failed_total", failed + 10);
  bystander.ExpectServedNow();

  // A frame beyond the limit.
  ASSERT_TRUE(enemy_.Connect(address));
  enemy_.Send(Bytes(kMessageBytesMax + 1, 0));
  EXPECT_TRUE(enemy_.wire().AwaitEnd(10)) << "an oversized frame was taken";
  // Frames without end, large and small, over several connections.
  const double cut = hub().Metric("hub_cut_surplus_total");
  for (const std::size_t size : {std::size_t{256} << 10, std::size_t{4096}, std::size_t{64}}) {
    ASSERT_TRUE(enemy_.Connect(address));
    const Bytes frame(size, 0x91);
    std::size_t sent = 0;
    while (sent < (128U << 20) && enemy_.wire().Send(frame, true)) {
      sent += size;
      if (sent % (64 * size) == 0) {
        EXPECT_LT(RssMiB(hub().process().pid()), kRssMiBMax);
      }
    }
    EXPECT_LT(sent, 100U << 20) << "frames of " << size << " bytes went on and on";
  }
  ExpectCounted("hub_cut_surplus_total", cut + 3);
  EXPECT_NE(hub().Log().find("\"why\":\"surplus\""), std::string::npos);
  bystander.ExpectServedNow();
  FinishCleanly(bystander);
}

// A client of ZMTP without a mechanism, as the operator's socket takes it: what a REQ socket would say.
class PlainZmtp {
 public:
  explicit PlainZmtp(const std::filesystem::path& socket) : stream_(Stream::ToSocket(socket)) {
    stream_.Send(std::string("\xff\0\0\0\0\0\0\0\1\x7f\3\1NULL", 16) + std::string(48, '\0'));
    stream_.Send(std::string("\4\x19\5READY\x0bSocket-Type\0\0\0\3REQ", 27));
    in_ = stream_.Receive(std::chrono::seconds(5));
    while (!in_.empty() && in_.size() < 64) in_ += stream_.Receive(std::chrono::seconds(5));
    in_.erase(0, 64);  // Their greeting.
  }
  // An empty frame and this one; what is answered.
  std::optional<AdminReply> Ask(ByteView message) {
    std::string bytes("\1\0\2", 3);
    for (int shift = 56; shift >= 0; shift -= 8) bytes += static_cast<char>(message.size() >> shift);
    if (!stream_.Send(bytes + std::string(AsText(message)))) return std::nullopt;
    return Read();
  }
  bool AwaitEnd() { return stream_.AwaitEnd(std::chrono::seconds(10)); }
  Stream& stream() { return stream_; }

 private:
  // The frames of one message; the last is the reply.
  std::optional<AdminReply> Read() {
    for (;;) {
      if (in_.size() >= 2) {
        const auto flags = static_cast<unsigned char>(in_[0]);
        const bool wide = (flags & 2) != 0;
        std::size_t size = static_cast<unsigned char>(in_[1]);
        if (wide && in_.size() >= 9) {
          size = 0;
          for (int i = 1; i <= 8; ++i) size = size << 8 | static_cast<unsigned char>(in_[static_cast<std::size_t>(i)]);
        }
        const std::size_t head = wide ? 9 : 2;
        if (in_.size() >= head + size) {
          const std::string body = in_.substr(head, size);
          in_.erase(0, head + size);
          if ((flags & 4) != 0 || (flags & 1) != 0) continue;  // A command, or more to come.
          auto reply = DecodeAdminReply(AsBytes(body));
          return reply ? std::optional(std::move(*reply)) : std::nullopt;
        }
      }
      const std::string more = stream_.Receive(std::chrono::seconds(5));
      if (more.empty()) return std::nullopt;
      in_ += more;
    }
  }
  Stream stream_;
  std::string in_;
};

TEST_F(HostileHubTest, TheOperatorsSocket) {
  Bystander bystander(region_.agent(0), path_);
  const auto socket = hub().folder() / "admin" / "hub.sock";
  EXPECT_EQ(std::filesystem::status(socket.parent_path()).permissions(), std::filesystem::perms::owner_all);

  PlainZmtp operator_program(socket);
  auto status = operator_program.Ask(EncodeAdminRequest(AskStatus{}));
  ASSERT_TRUE(status && std::holds_alternative<HubStatus>(*status)) << "the socket is not reached at all";
  const double unreadable = hub().Metric("hub_unreadable_total");
  int refused = 0;
  std::vector<Bytes> messages;
  for (int i = 0; i < 200; ++i) messages.push_back(RandomBytes(1 + Draw(2000)));
  messages.emplace_back(1'000'000, std::uint8_t{0x91});
  messages.push_back(EncodeAdminRequest(ApplyStatement{RandomBytes(1000)}));
  CreateToken token{OrgId("nieuw"), Sector("youth-care"), std::string(120, 'x'), std::chrono::hours(1),
                    TransportKey::Generate().public_key};
  for (int i = 0; i < 200; ++i) messages.push_back(Mutated(EncodeAdminRequest(token)));
  int answered = 0;
  for (const Bytes& message : messages) {
    if (message.empty()) continue;
    const auto reply = operator_program.Ask(message);
    ASSERT_TRUE(reply) << "no answer after " << answered;
    ++answered;
    if (const auto* error = std::get_if<Error>(&*reply)) {
      ++refused;
      EXPECT_FALSE(error->rule.empty());
    }
  }
  EXPECT_GE(refused, 300);
  ExpectCounted("hub_unreadable_total", unreadable + 201);
  // Too much; and what is no ZMTP, or stops in the middle.
  PlainZmtp greedy(socket);
  greedy.stream().Send(std::string("\1\0\2\0\0\0\0\x7f\xff\xff\xff", 11));
  for (int i = 0; i < 64 && greedy.stream().Send(std::string(1U << 20, 'x')); ++i) {
  }
  EXPECT_TRUE(greedy.AwaitEnd());
  std::vector<Stream> others;
  for (int i = 0; i < 100; ++i) {
    others.push_back(Stream::ToSocket(socket));
    others.back().Send(AsText(RandomBytes(1 + Draw(200))));
  }
  // The operator is served meanwhile.
  EXPECT_FALSE(MustRun(hub().Command({"status"})).empty());
  others.clear();
  bystander.ExpectServedNow();
  FinishCleanly(bystander);
}

TEST_F(HostileHubTest, TheMonitoringPort) {
  Bystander bystander(region_.agent(0), path_);
  const int port = hub().metrics_port();
  // Stay and say nothing, or never come to an end: but for these, the page is served.
  std::vector<Stream> slow;
  for (int i = 0; i < 10; ++i) {
    slow.push_back(Stream::ToPort(port));
    slow.back().Send(i % 2 == 0 ? "" : "GET /metrics HTTP/1.1\r\nX-Slow: ");
  }
  ExpectCounted("hub_ready", 1);
  for (Stream& stream : slow) EXPECT_TRUE(stream.AwaitEnd(std::chrono::seconds(10)));

  const double before = hub().Metric("hub_monitoring_refused_total");
  struct Case {
    const char* name;
    std::string request;
    int want;
  };
  const Case cases[] = {
      {"no HTTP", "hallo\r\n\r\n", 400},
      {"bytes", std::string(AsText(RandomBytes(3000))) + "\r\n\r\n", 400},
      {"no version", "GET /metrics\r\n\r\n", 400},
      {"huge header", "GET /metrics HTTP/1.1\r\nX: " + std::string(100'000, 'x') + "\r\n\r\n", 431},
      {"many headers",
       [] {
         std::string text = "GET /metrics HTTP/1.1\r\n";
         for (int i = 0; i < 5000; ++i) text += "X-" + std::to_string(i) + ": y\r\n";
         return text + "\r\n";
       }(),
       431},
      {"a body", HttpRequest("GET", "/metrics", std::string(1000, 'x')), 413},
      {"posted", HttpRequest("POST", "/metrics"), 405},
      {"deleted", HttpRequest("DELETE", "/healthz"), 405},
      {"another page", HttpRequest("GET", "/../../etc/passwd"), 404},
      {"two lengths", "GET /metrics HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx", 400},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    Stream stream = Stream::ToPort(port);
    stream.Send(c.request);
    const HttpAnswer answer = ReadHttpAnswer(stream, std::chrono::seconds(8));
    EXPECT_EQ(answer.status, c.want);
    EXPECT_FALSE(answer.body.empty());
  }
  ExpectCounted("hub_monitoring_refused_total", before + static_cast<double>(std::size(cases)));
  for (int i = 0; i < 300; ++i) Stream::ToPort(port).Send(AsText(RandomBytes(1 + Draw(3000))));
  EXPECT_TRUE(WaitUntil([&] { return hub().Ready(); }));
  bystander.ExpectServedNow();
  FinishCleanly(bystander);
}

}  // namespace
}  // namespace schakel::testing
