#include "notices/notices.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <fstream>
#include <sstream>

#include "agents/duty.h"
#include "agents/i18n.h"
#include "agents/learning.h"
#include "agents/places.h"
#include "agents/tasks.h"
#include "local_time.h"
#include "notices/pump.h"
#include "support/fake_engine.h"
#include "support/paths.h"
#include "support/receivers.h"
#include "support/temp_folder.h"
#include "support/tls.h"

namespace schakel {
namespace {

using schakel::test::Leuven;
using schakel::testing::HookServer;
using schakel::testing::MailServer;
using std::chrono::hours;
using std::chrono::minutes;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;

Timestamp At(const char* utc) { return ParseTimestamp(utc).value(); }

// ---- Quiet hours ----
TEST(QuietHoursTest, EndWhenTheClockInBelgiumSaysSo) {
  struct Case {
    const char* name;
    const char* quiet;
    const char* at;
    const char* want;
  };
  const Case cases[] = {
      {"before them", "20:00-07:30", "2026-11-23T18:59:59Z", "2026-11-23T18:59:59Z"},
      {"at their beginning", "20:00-07:30", "2026-11-23T19:00:00Z", "2026-11-24T06:30:00Z"},
      {"after midnight", "20:00-07:30", "2026-11-24T01:00:00Z", "2026-11-24T06:30:00Z"},
      {"the last minute", "20:00-07:30", "2026-11-24T06:29:59Z", "2026-11-24T06:30:00Z"},
      {"at their end", "20:00-07:30", "2026-11-24T06:30:00Z", "2026-11-24T06:30:00Z"},
      {"within a day", "12:00-13:00", "2026-07-01T10:30:00Z", "2026-07-01T11:00:00Z"},
      {"after them that day", "12:00-13:00", "2026-07-01T11:00:00Z", "2026-07-01T11:00:00Z"},
      {"the night that summer time begins", "22:00-07:00", "2026-03-28T23:00:00Z", "2026-03-29T05:00:00Z"},
      {"the night that it ends", "22:00-07:00", "2026-10-24T22:00:00Z", "2026-10-25T06:00:00Z"},
      {"an end that is skipped", "22:00-02:30", "2026-03-29T00:30:00Z", "2026-03-29T01:00:00Z"},
      {"an end that occurs twice", "22:00-02:30", "2026-10-24T23:00:00Z", "2026-10-25T00:30:00Z"},
      {"and is quiet again before the second", "22:00-02:30", "2026-10-25T01:10:00Z", "2026-10-25T01:30:00Z"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    EXPECT_EQ(ToText(AfterQuiet(ParseQuietHours(c.quiet).value(), At(c.at))), ToText(At(c.want)));
  }
  EXPECT_EQ(AfterQuiet(std::nullopt, At("2026-11-24T01:00:00Z")), At("2026-11-24T01:00:00Z"));
}

TEST(QuietHoursTest, AreReadAsPeopleWriteThem) {
  EXPECT_EQ(ToText(ParseQuietHours("20:00-07:30").value()), "20:00-07:30");
  EXPECT_EQ(ToText(ParseQuietHours("20u - 7u30").value()), "20:00-07:30");
  for (const char* bad : {"", "20:00", "20:00-20:00", "24:00-07:00", "20:00-07:60", "x-y"}) {
    EXPECT_EQ(ParseQuietHours(bad).error().rule, "notices.quiet") << bad;
  }
}

// Whenever it is: the wait is less than two days, ends outside the quiet hours, and is none outside them.
RC_GTEST_PROP(QuietHoursTest, EndSoonAndNotInThemselves, ()) {
  const Timestamp at = At("2026-01-01T00:00:00Z") + minutes(*rc::gen::inRange(0, 366 * 24 * 60));
  const QuietHours quiet{minutes(*rc::gen::inRange(0, 24 * 60)), minutes(*rc::gen::inRange(0, 24 * 60))};
  RC_PRE(quiet.from != quiet.until);
  const Timestamp after = AfterQuiet(quiet, at);
  RC_ASSERT(after >= at && after < at + hours(48));
  RC_ASSERT(!IsQuiet(quiet, after) || LocalMinute(after) == minutes(3 * 60));
  RC_ASSERT(IsQuiet(quiet, at) || after == at);
}

// ---- Rows ----
RC_GTEST_PROP(NoticeRows, AreReadBackAndCutOnesAreRefused, ()) {
  const auto time = [] { return Timestamp(std::chrono::milliseconds(*rc::gen::inRange(0, 1'000'000))); };
  const bool some = *rc::gen::arbitrary<bool>();
  NoticeSettings settings{"Nora",
                          some ? MailMode::kDigest : MailMode::kNone,
                          some ? "nora@example.org" : "",
                          minutes(*rc::gen::inRange(0, 1440)),
                          {},
                          *rc::gen::elementOf(std::vector<Language>(kLanguages.begin(), kLanguages.end()))};
  if (some) settings.quiet = QuietHours{minutes(1), minutes(2)};
  MailRow mail{"Nora", {}, time(), 3, {}};
  if (some) mail.since = time();
  if (!some) mail.sent_at = time();
  mail.late = *rc::gen::arbitrary<bool>();
  Webhook webhook{WebhookId(Id128{7}), "https://example.org", {1, 2, 3}, {}, time(), some, 2, time()};
  if (some) webhook.kinds = {Kind::kNote};
  const auto what = some ? HookRow::What::kReceived : HookRow::What::kAnswerLate;
  const HookRow row{what, webhook.id, 5, Id128{8}, TrajectoryId(Id128{9}), RecordId(Id128{10}), time()};
  RC_ASSERT(DecodeNoticeSettings(Encode(settings)).value() == settings);
  RC_ASSERT(DecodeMailRow(Encode(mail)).value() == mail);
  RC_ASSERT(DecodeWebhook(Encode(webhook)).value() == webhook);
  RC_ASSERT(DecodeHookRow(Encode(row)).value() == row);
  const Bytes bytes = Encode(webhook);
  RC_ASSERT(!DecodeWebhook(ByteView(bytes).first(*rc::gen::inRange<std::size_t>(0, bytes.size()))));
}

TEST(NoticeRows, AnAddressIsOneThatCannotBeAnythingElse) {
  for (const char* good : {"a@b", "nora.peeters+schakel@dewissel.example", "x_y@a-b.example"}) {
    EXPECT_TRUE(CheckMailAddress(good)) << good;
  }
  const std::string long_local(65, 'a');
  for (const std::string& bad : {std::string(), std::string("nora"), std::string("@b"), std::string("a@"),
                                 std::string("a@b@c"), std::string("a b@c"), std::string("a@b\r\nBcc: x@y"),
                                 std::string("<a@b>"), std::string("-a@b"), std::string(".a@b"), std::string("a..b@c"),
                                 std::string("a@b."), std::string("\xC3\xA9@b"), long_local + "@b"}) {
    EXPECT_EQ(CheckMailAddress(bad).error().rule, "notices.address") << bad;
  }
}

// ---- Webhooks ----
TEST(WebhookTest, IsSignedAsTheSpecificationSays) {
  const Bytes secret = FromBase64("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").value();
  const auto headers = HookHeaders(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", Timestamp(std::chrono::seconds(1614265330)),
                                   R"({"test": 2432232314})");
  EXPECT_EQ(headers.at("webhook-id"), "msg_p5jXN8AQM9LWM0D4loKWxJek");
  EXPECT_EQ(headers.at("webhook-timestamp"), "1614265330");
  EXPECT_EQ(headers.at("webhook-signature"), "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
  EXPECT_EQ(SecretText(secret), "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
}

TEST(WebhookTest, SaysWhatHappenedAndOfWhich) {
  HookRow row;
  row.record = RecordId(Id128{0x3F});
  row.at = At("2026-11-23T08:00:00Z");
  row.what = HookRow::What::kAnswerLate;
  EXPECT_EQ(HookBody(row),
            R"({"type":"answer.late","timestamp":"2026-11-23T08:00:00.000Z","data":{"trajectory":null,"record":")" +
                ToText(row.record) + R"("}})");
  row.trajectory = TrajectoryId(Id128{0x7C});
  EXPECT_THAT(HookBody(row), HasSubstr("\"trajectory\":\"" + ToText(row.trajectory) + "\""));
}

// What docs/operations.md shows to whoever writes a receiver is what we send.
TEST(WebhookTest, IsAsTheDocumentShowsIt) {
  std::ifstream file(SourceDir() / "docs/operations.md");
  std::ostringstream document;
  document << file.rdbuf();
  const auto id = [](const char* hex) { return ParseId<RecordId>(hex).value(); };
  HookRow row;
  row.trajectory = TrajectoryId(id("7c01000000000000000000000000a1b2").value());
  row.record = id("3f9a21bc000000000000000000000001");
  row.at = At("2026-11-23T08:00:00Z");
  const std::string body = HookBody(row);
  for (const auto& [name, value] :
       HookHeaders(FromBase64("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").value(), "msg_5f0c8e4d2b1a49d7a6c3e2f1b0d9c8a7",
                   At("2026-11-23T08:00:05Z"), body)) {
    EXPECT_THAT(document.str(), HasSubstr("\n" + name + ": " + value + "\n"));
  }
  EXPECT_THAT(document.str(), HasSubstr("\n" + body + "\n"));
}

TEST(WebhookTest, GoesWhereEverybodyCanReachOrWhereTheOperatorSaid) {
  struct Case {
    const char* url;
    const char* rule;  // Empty: good.
  };
  const std::vector<std::string> listed = {"10.0.0.5:8080", "epd.intern:443", "[::1]:9000"};
  const Case cases[] = {
      {"https://epd.example", ""},
      {"https://epd.example:8443/schakel?x=1", ""},
      {"https://93.184.216.34/", ""},
      {"https://[2606:2800:220:1::1]/", ""},
      {"http://epd.example", "webhooks.private"},
      {"https://127.0.0.1/", "webhooks.private"},
      {"https://10.0.0.5/", "webhooks.private"},
      {"https://localhost/x", "webhooks.private"},
      {"https://LocalHost.:8443/x", "webhooks.private"},
      {"https://epd.localhost/", "webhooks.private"},
      {"https://localhost.example/", ""},
      {"http://10.0.0.5:8080/", ""},
      {"https://EPD.intern/", ""},
      {"http://epd.intern/", "webhooks.private"},
      {"http://[::1]:9000/x", ""},
      {"https://[::ffff:10.0.0.5]/", "webhooks.private"},
      {"https://user@epd.example", "webhooks.url"},
      {"https://epd.example@127.0.0.1", "webhooks.url"},
      {"https://epd%2Eexample", "webhooks.url"},
      {"https://epd.example:x/", "webhooks.url"},
      {"https://[epd]/", "webhooks.url"},
      {"https://[::1/", "webhooks.url"},
      {"https:///x", "webhooks.url"},
      {"ftp://epd.example", "webhooks.url"},
      {"https://epd.example/\r\nx: y", "webhooks.url"},
      {"", "webhooks.url"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.url);
    const Status checked = CheckHookUrl(c.url, listed);
    EXPECT_EQ(checked ? "" : checked.error().rule, c.rule);
  }
}

TEST(WebhookTest, KnowsWhichAddressesArePublic) {
  const auto is_public = [](std::initializer_list<std::uint8_t> bytes) { return IsPublicAddress(Bytes(bytes)); };
  EXPECT_TRUE(is_public({8, 8, 8, 8}));
  EXPECT_TRUE(is_public({172, 15, 255, 255}));
  EXPECT_FALSE(is_public({172, 16, 0, 0}));
  EXPECT_FALSE(is_public({172, 31, 255, 255}));
  EXPECT_TRUE(is_public({172, 32, 0, 0}));
  EXPECT_FALSE(is_public({127, 0, 0, 1}));
  EXPECT_FALSE(is_public({169, 254, 169, 254}));
  EXPECT_FALSE(is_public({100, 64, 0, 1}));
  EXPECT_FALSE(is_public({0, 0, 0, 0}));
  EXPECT_FALSE(is_public({255, 255, 255, 255}));
  EXPECT_TRUE(is_public({0x26, 0x06, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}));
  EXPECT_FALSE(is_public({0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}));
  EXPECT_FALSE(is_public({0xFE, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}));
  EXPECT_FALSE(is_public({0xFD, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}));
  EXPECT_FALSE(is_public({0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 8, 8, 8, 8})) << "the other kind inside";
  EXPECT_FALSE(is_public({0x20, 0x02, 10, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1})) << "likewise";
  EXPECT_FALSE(is_public({}));
}

// ---- What is to be told ----
// A courier that notes what it is given, and answers as it is told.
class NotingCourier final : public Courier {
 public:
  struct Book {
    std::vector<Mail> mails;
    std::vector<HookMessage> messages;
    Carried answer = Carried::kDelivered;
  };
  explicit NotingCourier(Book& book) : book_(book) {}
  Carried Carry(const Mail& mail) override {
    book_.mails.push_back(mail);
    return book_.answer;
  }
  Carried Carry(const HookMessage& message) override {
    book_.messages.push_back(message);
    return book_.answer;
  }

 private:
  Book& book_;
};

class NoticesTest : public ::testing::Test {
 protected:
  Leuven leuven;
  schakel::test::FakeEngine& upc = leuven.psychiatry;
  Cases ours{leuven.youth_care};
  TrajectoryService trajectories{leuven.youth_care, ours, leuven.region.clock, leuven.region.random};
  ContentService content{leuven.youth_care, ours};
  GrantService grants{leuven.youth_care, ours, leuven.region.clock, leuven.region.random};
  Cases theirs{upc};
  TrajectoryService joining{upc, theirs, leuven.region.clock, leuven.region.random};
  FollowService following{upc, theirs, leuven.region.clock};
  TaskService tasks{upc, leuven.region.clock};
  NoticeOptions options{MailOptions{.server = "smtps://mail.example", .from = "schakel@upc.example"}, WebhookOptions{},
                        "https://schakel.upc.example"};
  std::set<std::string> gone;
  NotingCourier::Book book;
  const Person nora{"Nora", StaffRole::kWorker};
  const TrajectoryId sam = Shared();

  std::unique_ptr<Notices> notices = Open();
  std::unique_ptr<NoticePump> pump = Pumping();

  TrajectoryId Shared() {
    const TrajectoryId id = trajectories.Open({"Sam", Module::kMobile, ""}, Stage::kCapable, {}).value().trajectory;
    EXPECT_TRUE(trajectories.Invite(id, upc.Self(), {"Traject 12", ""}, {}, {}));
    EXPECT_TRUE(joining.Join(id, {"ja"}, {}));
    GrantRequest request;
    request.trajectory = id;
    request.recipient = upc.Self();
    request.purposes = {Purpose::kCareCoordination};
    request.categories = {Category::kGoals};
    request.ends_at = leuven.region.clock.Now() + std::chrono::days(30);
    request.consented_by = "Sam";
    request.how = "ondertekend";
    EXPECT_TRUE(grants.Give(request, {nora, ViewReason::kTask}, {}));
    return id;
  }
  std::unique_ptr<Notices> Open() {
    auto opened = std::make_unique<Notices>(upc, following, leuven.region.clock, leuven.region.random, options,
                                            [this](const std::string& person) { return gone.contains(person); });
    EXPECT_TRUE(opened->Load());
    return opened;
  }
  std::unique_ptr<NoticePump> Pumping() {
    return std::make_unique<NoticePump>(*notices, std::make_unique<NotingCourier>(book), leuven.region.clock);
  }
  void Restart() {
    pump.reset();
    notices.reset();
    notices = Open();
    pump = Pumping();
  }
  RecordId Note() {
    leuven.region.clock.Advance(minutes(1));
    return content.Note(sam, {"Slapen", "woorden"}, Purpose::kCareCoordination, {Category::kGoals}, {}).value().record;
  }
  void Wants(const std::string& person, MailMode mode, std::optional<QuietHours> quiet = {}) {
    ASSERT_TRUE(following.Begin(sam, {}, person));
    ASSERT_TRUE(notices->Choose({person, mode, person + "@upc.example", minutes(8 * 60), quiet, Language::kDutch}));
  }
  std::size_t Mails() {
    EXPECT_TRUE(pump->Step());
    return book.mails.size();
  }
  std::size_t Messages() {
    EXPECT_TRUE(pump->Step());
    return book.messages.size();
  }
  void Pass(minutes time) { leuven.region.clock.Advance(time); }
  void Rename(const std::string& from, const std::string& to) {
    const auto names = FormerNames::Of(upc);
    ASSERT_TRUE(names);
    const Id128 account{static_cast<std::uint8_t>(from.front())};
    ASSERT_TRUE(upc.Keep(names->RowsFor(account, from, to)));
  }
  void Look(const std::string& person = "Nora") {
    const Caller caller{{person, StaffRole::kWorker}, ViewReason::kTask};
    ASSERT_TRUE(following.MarkSeen(sam, following.Since(sam, caller).value().last, caller));
  }
};

TEST_F(NoticesTest, WhoFollowsGetsOneMailForAllThatCame) {
  Wants("Nora", MailMode::kImmediate);
  EXPECT_EQ(Mails(), 0U) << "what was there before is no news";
  Note();
  Note();
  EXPECT_EQ(Mails(), 1U);
  EXPECT_EQ(book.mails[0].to, "Nora@upc.example");
  Note();
  EXPECT_EQ(Mails(), 1U) << "not so soon again";
  Pass(Notices::kBetweenMails);
  EXPECT_EQ(Mails(), 2U);
  Pass(hours(24));
  EXPECT_EQ(Mails(), 2U) << "nothing new";
}

TEST_F(NoticesTest, WhoFollowsIsToldOnceThatAnAnswerIsLate) {
  GrantRequest request;
  request.trajectory = sam;
  request.recipient = leuven.youth_care.Self();
  request.purposes = {Purpose::kConsultation};
  request.categories = {Category::kGoals};
  request.ends_at = leuven.region.clock.Now() + std::chrono::days(30);
  request.consented_by = "Sam";
  request.how = "ondertekend";
  ASSERT_TRUE(grants.Give(request, {nora, ViewReason::kTask}, {}));
  Wants("Nora", MailMode::kImmediate);
  ConsultationService asking(upc, theirs, leuven.region.clock);
  const QuestionBody question{"", "Hoe?", Urgency::kNormal, leuven.region.clock.Now() + hours(2)};
  ASSERT_TRUE(asking.Ask(sam, question, {Category::kGoals}, Purpose::kConsultation, {}));
  Look();
  Pass(minutes(119));
  const std::size_t before = Mails();
  Pass(minutes(1));
  EXPECT_EQ(Mails(), before + 1) << "nothing came, but the day passed";
  Restart();
  Pass(hours(24));
  EXPECT_EQ(Mails(), before + 1) << "once";
}

TEST_F(NoticesTest, WhoAskedAnonymouslyIsToldOnceThatAnAnswerIsLate) {
  ASSERT_TRUE(notices->Choose({"Nora", MailMode::kImmediate, "Nora@upc.example", minutes(0), {}, Language::kDutch}));
  Wants("Wim", MailMode::kImmediate);
  Look("Wim");
  ConsultationService asking(upc, theirs, leuven.region.clock);
  const auto ask = [&](Timestamp answer_by) {
    Audience audience;
    audience.named = {leuven.youth_care.Self()};
    Screening screening;
    const auto sent =
        asking.AskAnonymously({"Slapen", "Hoe?", Urgency::kNormal, answer_by}, {Category::kGoals}, audience, screening);
    EXPECT_TRUE(sent) << ToText(sent.error());
    EXPECT_TRUE(following.NoteAsker(sent->record, "Nora"));
    return sent->record;
  };
  const Timestamp day = leuven.region.clock.Now() + hours(2);
  ask(day);
  const RecordId concluded = ask(day + hours(8));
  Pass(minutes(119));
  EXPECT_EQ(Mails(), 0U);
  Pass(minutes(1));
  ASSERT_EQ(Mails(), 1U);
  EXPECT_EQ(book.mails[0].to, "Nora@upc.example");
  Restart();
  Pass(hours(1));
  EXPECT_EQ(Mails(), 1U) << "once";
  Screening screening;
  ASSERT_TRUE(asking.Conclude(concluded, {AdviceTaken::kNo, "niet meer nodig"}, {}, screening));
  Pass(hours(24));
  EXPECT_EQ(Mails(), 1U) << "nobody waits for that one any more";
  ask(leuven.region.clock.Now() + hours(1));
  EXPECT_THAT(upc.Kept(FollowService::kAskerSet).value(), SizeIs(2)) << "of what is concluded nothing is kept";
}

// Whoever is on duty hears of a crisis at once: in quiet hours, with a digest, and without following anything.
TEST_F(NoticesTest, WhoIsOnDutyIsToldOfACrisisAtOnceAndWhenItGoesUp) {
  const QuietHours always{minutes(0), minutes(24 * 60 - 1)};
  for (const char* person : {"Nora", "Wim"}) {
    const std::string address = std::string(person) + "@upc.example";
    ASSERT_TRUE(notices->Choose({person, MailMode::kDigest, address, minutes(8 * 60), always, Language::kDutch}));
  }
  DutyService duty(upc, theirs, leuven.region.clock, leuven.region.random);
  const Timestamp now = leuven.region.clock.Now();
  ASSERT_TRUE(duty.Add({{}, "Nora", now, now + hours(30), ""}, {"Ilse", StaffRole::kCoordinator}));
  ASSERT_TRUE(duty.Add({{}, "Wim", now + hours(29), now + hours(30), ""}, {"Ilse", StaffRole::kCoordinator}));
  ConsultationService asking(leuven.youth_care, ours, leuven.region.clock);
  const auto ask = [&](Urgency urgency) {
    Audience audience;
    audience.named = {upc.Self()};
    Screening screening;
    return asking.AskAnonymously({"", "nu", urgency, {}}, {Category::kGoals}, audience, screening).has_value();
  };
  Pass(minutes(1));
  ASSERT_TRUE(ask(Urgency::kToday));
  EXPECT_EQ(Mails(), 0U);
  Pass(minutes(1));
  ASSERT_TRUE(ask(Urgency::kCrisis));
  ASSERT_EQ(Mails(), 1U);
  EXPECT_EQ(book.mails[0].to, "Nora@upc.example") << "Wim is not on duty yet";
  EXPECT_EQ(Mails(), 1U) << "once";
  Pass(minutes(48 * 60));
  EXPECT_EQ(Mails(), 1U) << "nobody is on duty when it goes up";
}

TEST_F(NoticesTest, AWebhookIsToldOnceThatAnAnswerIsLateAlsoOfAnAnonymousQuestion) {
  options.mail.reset();
  Restart();
  ASSERT_TRUE(notices->AddWebhook("https://epd.example/questions", {Kind::kQuestion}));
  ASSERT_TRUE(notices->AddWebhook("https://epd.example/notes", {Kind::kNote}));
  ConsultationService asking(upc, theirs, leuven.region.clock);
  Audience audience;
  audience.named = {leuven.youth_care.Self()};
  const auto ask = [&](Timestamp answer_by) {
    Screening screening;
    const QuestionBody question{"Slapen", "Hoe?", Urgency::kNormal, answer_by};
    return asking.AskAnonymously(question, {Category::kGoals}, audience, screening).value().record;
  };
  const Timestamp day = leuven.region.clock.Now() + hours(2);
  const RecordId late = ask(day);
  const RecordId later = ask(day + minutes(1));
  Pass(minutes(119));
  EXPECT_EQ(Messages(), 0U);
  Pass(minutes(3));
  EXPECT_EQ(Messages(), 1U);
  EXPECT_EQ(Messages(), 2U) << "the one whose day passed first is the first";
  for (const HookMessage& message : book.messages) EXPECT_EQ(message.url, "https://epd.example/questions");
  EXPECT_THAT(book.messages[0].body,
              AllOf(HasSubstr(R"("type":"answer.late")"), HasSubstr(ToText(late)), HasSubstr(ToText(day)),
                    HasSubstr(R"("trajectory":null)"), Not(HasSubstr("Slapen"))));
  EXPECT_THAT(book.messages[1].body, HasSubstr(ToText(later)));
  Restart();
  Pass(hours(24));
  EXPECT_EQ(Messages(), 2U) << "once";
}

TEST_F(NoticesTest, WhatIsLateAndWhatComesInStandInOneQueue) {
  ASSERT_TRUE(notices->AddWebhook("https://epd.example/x", {}));
  ConsultationService asking(upc, theirs, leuven.region.clock);
  Audience audience;
  audience.named = {leuven.youth_care.Self()};
  Screening screening;
  const QuestionBody question{"Slapen", "Hoe?", Urgency::kNormal, leuven.region.clock.Now() + hours(2)};
  ASSERT_TRUE(asking.AskAnonymously(question, {Category::kGoals}, audience, screening));
  book.answer = Carried::kFailed;
  Note();
  EXPECT_EQ(Messages(), 1U);
  Pass(hours(3));
  EXPECT_EQ(Messages(), 2U);
  Note();
  EXPECT_EQ(Messages(), 2U) << "it waits a while after a failure";
  book.answer = Carried::kDelivered;
  book.messages.clear();
  Pass(hours(7));
  Messages();
  Messages();
  ASSERT_EQ(Messages(), 3U);
  const auto type = [&](std::size_t i) { return nlohmann::json::parse(book.messages[i].body)["type"]; };
  EXPECT_EQ(type(0), "record.received");
  EXPECT_EQ(type(1), "answer.late");
  EXPECT_EQ(type(2), "record.received");
}

// What People keeps with an account whose name changes.
TEST_F(NoticesTest, WhoIsCalledOtherwiseNowIsToldAsTheyChose) {
  Wants("Nora", MailMode::kDigest);
  Wants("Wim", MailMode::kImmediate);
  Note();
  EXPECT_EQ(Mails(), 1U) << "of Nora one waits";
  Rename("Nora", "Nora Maes");
  const NoticeSettings settings = notices->SettingsOf("Nora Maes").value();
  EXPECT_EQ(settings.mode, MailMode::kDigest);
  EXPECT_EQ(settings.person, "Nora Maes");
  EXPECT_TRUE(notices->HasSettings("Nora").value()) << "under whatever name: it is one person";
  EXPECT_FALSE(notices->HasSettings("Els").value());
  EXPECT_EQ(book.mails.size(), 1U);
  Pass(hours(24));
  ASSERT_EQ(Mails(), 2U);
  EXPECT_EQ(book.mails[1].to, "Nora@upc.example");
  // One row of each kind for her, and it outlives a restart.
  EXPECT_THAT(upc.Kept(Notices::kSettingsSet).value(), SizeIs(2));
  EXPECT_THAT(upc.Kept(Notices::kMailSet).value(), SizeIs(2));
  Restart();
  EXPECT_EQ(notices->SettingsOf("Nora Maes").value(), settings);
  ASSERT_TRUE(notices->Choose({"Nora", MailMode::kNone, "", minutes(0), {}, Language::kDutch}));
  EXPECT_EQ(notices->SettingsOf("Nora Maes").value().mode, MailMode::kNone);
  gone.insert("Wim Claes");
  Rename("Wim", "Wim Claes");
  Note();
  Pass(hours(24));
  EXPECT_EQ(Mails(), 2U) << "whose account was closed gets none";
}

// Kept by an earlier version, under the name of then.
TEST_F(NoticesTest, RowsOfBeforeANameChangedAreFoundAfterARestart) {
  Wants("Nora", MailMode::kImmediate);
  pump.reset();
  notices.reset();
  Rename("Nora", "Nora Maes");
  Rename("Nora Maes", "Nora Claes");
  notices = Open();
  pump = Pumping();
  Note();
  ASSERT_EQ(Mails(), 1U);
  EXPECT_EQ(book.mails[0].to, "Nora@upc.example");
  EXPECT_THAT(upc.Kept(Notices::kSettingsSet).value(), SizeIs(1));
}

TEST_F(NoticesTest, WhoDoesNotFollowOrHasNoTaskOrLeftGetsNone) {
  Wants("Nora", MailMode::kImmediate);
  Wants("Wim", MailMode::kImmediate);
  Wants("Els", MailMode::kImmediate);
  ASSERT_TRUE(notices->Choose({"Ann", MailMode::kImmediate, "a@upc.example", minutes(0), {}, Language::kDutch}));
  ASSERT_TRUE(tasks.Assign(sam, "Nora", {}, {"Karim", StaffRole::kCoordinator}));
  ASSERT_TRUE(tasks.Assign(sam, "Els", {}, {"Karim", StaffRole::kCoordinator}));
  gone.insert("Els");
  Note();
  EXPECT_EQ(Mails(), 1U);
  EXPECT_EQ(book.mails[0].to, "Nora@upc.example");
  EXPECT_EQ(Mails(), 1U) << "nothing is left over of the others";
}

TEST_F(NoticesTest, WhoLookedByThenGetsNone) {
  Wants("Nora", MailMode::kDigest);
  Note();
  EXPECT_EQ(Mails(), 0U);
  Look();
  Pass(hours(24));
  EXPECT_EQ(Mails(), 0U);
  EXPECT_FALSE(notices->NextDue());
  Note();
  EXPECT_EQ(Mails(), 0U);
  Pass(hours(24));
  EXPECT_EQ(Mails(), 1U);
}

TEST_F(NoticesTest, ADigestLeavesAtItsHourAndNothingInQuietHours) {
  Wants("Nora", MailMode::kDigest);
  Wants("Wim", MailMode::kImmediate, ParseQuietHours("09:00-21:00").value());
  Note();  // At 09:01 in Belgium.
  EXPECT_EQ(Mails(), 0U);
  EXPECT_EQ(notices->NextDue(), At("2026-11-23T20:00:00Z"));
  Pass(hours(12));
  EXPECT_EQ(Mails(), 1U);
  EXPECT_EQ(book.mails[0].to, "Wim@upc.example");
  EXPECT_EQ(notices->NextDue(), At("2026-11-24T07:00:00Z"));
  Pass(hours(12));
  EXPECT_EQ(Mails(), 2U);
  EXPECT_EQ(book.mails[1].to, "Nora@upc.example");
}

TEST_F(NoticesTest, WhatWaitsOutlivesARestartAndWhatCameMeanwhileIsTold) {
  Wants("Nora", MailMode::kDigest);
  Note();
  EXPECT_EQ(Mails(), 0U);
  Restart();
  Pass(hours(24));
  EXPECT_EQ(Mails(), 1U);
  pump.reset();
  notices.reset();
  Note();
  notices = Open();
  pump = Pumping();
  EXPECT_EQ(Mails(), 1U);
  Pass(hours(24));
  EXPECT_EQ(Mails(), 2U);
}

TEST_F(NoticesTest, AFullDiskLosesNothing) {
  Wants("Nora", MailMode::kImmediate);
  Note();
  upc.RefuseToKeep(true);
  EXPECT_FALSE(pump->Step());
  EXPECT_THAT(book.mails, IsEmpty());
  upc.RefuseToKeep(false);
  EXPECT_EQ(Mails(), 1U);
}

TEST_F(NoticesTest, AMailIsTriedAgainMoreAndMoreSeldomAndGivenUpWithAnAlarm) {
  Wants("Nora", MailMode::kImmediate);
  book.answer = Carried::kFailed;
  Note();
  EXPECT_EQ(Mails(), 1U);
  std::vector<minutes> waits;
  while (upc.Alarms().empty()) {
    const auto next = notices->NextDue();
    ASSERT_TRUE(next);
    const Timestamp now = leuven.region.clock.Now();
    waits.push_back(std::chrono::ceil<minutes>(*next - now));
    leuven.region.clock.Advance(*next - now);
    Mails();
  }
  EXPECT_THAT(std::vector<minutes>(waits.begin(), waits.begin() + 6),
              ElementsAre(minutes(1), minutes(2), minutes(8), minutes(32), minutes(128), minutes(360)));
  EXPECT_EQ(upc.Alarms()[0].what.rule, "notices.given_up");
  EXPECT_EQ(upc.Alarms()[0].what.field, "") << "whose it was is nobody else's business";
  EXPECT_FALSE(notices->NextDue());
}

TEST_F(NoticesTest, ChoosingNoMailEndsWhatWaited) {
  Wants("Nora", MailMode::kDigest);
  Note();
  EXPECT_EQ(Mails(), 0U);
  ASSERT_TRUE(notices->Choose({"Nora", MailMode::kNone, "", minutes(0), {}, Language::kDutch}));
  EXPECT_FALSE(notices->NextDue());
  Pass(hours(24));
  EXPECT_EQ(Mails(), 0U);
  EXPECT_EQ(notices->Choose({"Nora", MailMode::kDigest, "x", minutes(0), {}, Language::kDutch}).error().rule,
            "notices.address");
}

TEST_F(NoticesTest, WithoutAServerNobodyChoosesMail) {
  options = {};
  Restart();
  EXPECT_EQ(notices->Choose({"Nora", MailMode::kDigest, "a@b", minutes(0), {}, Language::kDutch}).error().rule,
            "notices.no_mail");
  EXPECT_EQ(notices->AddWebhook("https://epd.example", {}).error().rule, "webhooks.off");
}

TEST_F(NoticesTest, AWebhookIsToldIdsInTheOrderInWhichTheyCame) {
  const Webhook webhook = notices->AddWebhook("https://epd.example/x", {Kind::kNote}).value();
  const RecordId first = Note();
  const RecordId second = Note();
  EXPECT_EQ(Messages(), 1U);
  EXPECT_EQ(Messages(), 2U);
  EXPECT_EQ(Messages(), 2U);
  EXPECT_THAT(book.messages[0].body, AllOf(HasSubstr(ToText(first)), HasSubstr(ToText(sam)), Not(HasSubstr("Slapen"))));
  EXPECT_THAT(book.messages[1].body, HasSubstr(ToText(second)));
  EXPECT_EQ(book.messages[0].secret, webhook.secret);
  EXPECT_NE(book.messages[0].id, book.messages[1].id);
}

TEST_F(NoticesTest, AWebhookForCasesToLearnFromHearsNothingOfPlaces) {
  const auto add = [&](const std::string& name, const std::set<Kind>& kinds) {
    ASSERT_TRUE(notices->AddWebhook("https://epd.example/" + name, kinds));
  };
  add("cases", {Kind::kLearningCase});
  add("places", {Kind::kPlaceOffer});
  add("all", {});
  const auto heard = [&](const std::string& name, const RecordId& record) {
    for (int i = 0; i < 20; ++i) EXPECT_TRUE(pump->Step());
    return std::ranges::any_of(book.messages, [&](const HookMessage& one) {
      return one.url.ends_with(name) && one.body.contains(ToText(record));
    });
  };
  PlaceService places{leuven.youth_care, ours, leuven.region.clock};
  PlaceService asking{upc, theirs, leuven.region.clock};
  LearningService learning{leuven.youth_care, ours, leuven.region.clock};
  const Timestamp end = leuven.region.clock.Now() + std::chrono::days(10);
  const RecordId offer =
      places.Offer({PlaceKind::kTimeOut, "De Pas", "", 0, 0, {}, "", ""}, {1, 60, end}, {}).value().record;
  Screening screening;
  ASSERT_TRUE(asking.Hold({offer, {0, 0, "rust", {}, Urgency::kNormal}, {}, end}, {}, screening));
  ASSERT_TRUE(places.TellWhetherFull());
  std::optional<RecordId> full;
  upc.Records([&](const HeldRecord& held) {
    if (held.header.kind == Kind::kLearningCase) full = held.header.id;
    return true;
  });
  ASSERT_TRUE(full);
  EXPECT_TRUE(heard("all", *full));
  EXPECT_TRUE(heard("places", *full)) << "it is of the offer";
  EXPECT_FALSE(heard("cases", *full));
  const RecordId lesson =
      learning.Publish({"Rust", "Een jongere kwam tot rust.", "", {}}, {Category::kAgreements}, {}, screening)
          .value()
          .record;
  EXPECT_TRUE(heard("all", lesson));
  EXPECT_TRUE(heard("cases", lesson));
  EXPECT_FALSE(heard("places", lesson));
}

TEST_F(NoticesTest, AWebhookThatFailsIsAskedAgainWithTheSameMessage) {
  const Webhook webhook = notices->AddWebhook("https://epd.example/x", {}).value();
  book.answer = Carried::kFailed;
  Note();
  Note();
  EXPECT_EQ(Messages(), 1U);
  EXPECT_EQ(Messages(), 1U) << "not at once";
  EXPECT_EQ(notices->Webhooks()[0].waiting, 2U);
  Restart();
  EXPECT_EQ(Messages(), 1U) << "nor after a restart";
  Pass(minutes(1));
  EXPECT_EQ(Messages(), 2U);
  EXPECT_EQ(book.messages[0].id, book.messages[1].id);
  book.answer = Carried::kDelivered;
  Pass(minutes(3));
  EXPECT_EQ(Messages(), 3U);
  EXPECT_EQ(Messages(), 4U);
  EXPECT_EQ(notices->Webhooks()[0].waiting, 0U);
  EXPECT_EQ(notices->Webhooks()[0].webhook.failures, 0U);
}

TEST_F(NoticesTest, WhatAWebhookDidNotTakeInDaysIsGivenUpWithAnAlarm) {
  const Webhook webhook = notices->AddWebhook("https://epd.example/x", {}).value();
  book.answer = Carried::kFailed;
  Note();
  Pass(Notices::kGivenUpAfter);
  Note();
  Messages();
  ASSERT_THAT(upc.Alarms(), SizeIs(1));
  EXPECT_EQ(upc.Alarms()[0].what.rule, "webhooks.given_up");
  EXPECT_EQ(upc.Alarms()[0].what.field, ToText(webhook.id));
  EXPECT_EQ(notices->Webhooks()[0].waiting, 1U) << "the younger one";
}

TEST_F(NoticesTest, WhoWantsNoMoreIsAskedNoMore) {
  ASSERT_TRUE(notices->AddWebhook("https://epd.example/x", {}));
  book.answer = Carried::kGone;
  Note();
  Note();
  EXPECT_EQ(Messages(), 1U);
  Note();
  Pass(hours(24));
  EXPECT_EQ(Messages(), 1U);
  EXPECT_TRUE(notices->Webhooks()[0].webhook.gone);
  EXPECT_EQ(upc.Alarms().at(0).what.rule, "webhooks.gone");
}

TEST_F(NoticesTest, ARemovedWebhookTakesItsMessagesAlong) {
  const WebhookId id = notices->AddWebhook("https://epd.example/x", {}).value().id;
  book.answer = Carried::kFailed;
  Note();
  Messages();
  ASSERT_TRUE(notices->RemoveWebhook(id));
  EXPECT_EQ(notices->RemoveWebhook(id).error().rule, "webhooks.unknown");
  Restart();
  EXPECT_THAT(notices->Webhooks(), IsEmpty());
  EXPECT_FALSE(notices->NextDue());
  EXPECT_THAT(upc.Kept(Notices::kHookSet).value(), IsEmpty());
}

TEST_F(NoticesTest, ThereAreAsManyWebhooksAsTheBound) {
  for (std::size_t i = 0; i < Notices::kWebhooksMax; ++i) {
    ASSERT_TRUE(notices->AddWebhook("https://epd.example/x", {}));
  }
  EXPECT_EQ(notices->AddWebhook("https://epd.example/x", {}).error().rule, "webhooks.many");
}

TEST(NoticeTexts, EveryAlarmOfNoticesIsExplained) {
  for (const char* rule : {"notices.given_up", "webhooks.given_up", "webhooks.gone", "webhooks.full"}) {
    for (const Language language : kLanguages) EXPECT_TRUE(CanExplain(rule, language)) << rule;
  }
}

TEST(NoticeTexts, AMailSaysThatSomethingWaitsAndNothingElse) {
  const std::string text = MailText({"nora@upc.example", Language::kDutch}, "schakel@upc.example",
                                    "https://schakel.upc.example", At("2026-11-23T08:05:09Z"), "ab12");
  EXPECT_EQ(text,
            "From: Schakel <schakel@upc.example>\r\nTo: <nora@upc.example>\r\n"
            "Date: Mon, 23 Nov 2026 08:05:09 +0000\r\nMessage-ID: <ab12@upc.example>\r\n"
            "Subject: Er wacht iets in Schakel\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
            "Content-Transfer-Encoding: 8bit\r\nAuto-Submitted: auto-generated\r\n\r\n"
            "Er is nieuws in wat u volgt. Meld u aan om het te zien.\r\n\r\nhttps://schakel.upc.example\r\n");
}

// ---- Over real sockets ----
class CourierTest : public NoticesTest {
 protected:
  schakel::test::TempFolder folder;

  Carried Bring(const MailOptions& mail) {
    return MakeCourier({mail, {}, ""}, leuven.region.clock, leuven.region.random)
        ->Carry(Mail{"nora@upc.example", Language::kDutch});
  }
  static MailOptions To(const MailServer& server, bool plain) {
    return {.server = "smtp://localhost:" + std::to_string(server.port()),
            .from = "schakel@upc.example",
            .user = "",
            .password_file = "",
            .ca_file = "",
            .plain = plain};
  }
};

TEST_F(CourierTest, AMailArrivesWholeOverStartTls) {
  schakel::testing::WriteCertificate(folder.path() / "cert", folder.path() / "key");
  MailServer server(MailServer::Tls::kStartTls, folder.path() / "cert", folder.path() / "key");
  MailOptions mail = To(server, false);
  EXPECT_EQ(Bring(mail), Carried::kFailed) << "nobody vouches for that server";
  mail.ca_file = folder.path() / "cert";
  EXPECT_EQ(Bring(mail), Carried::kDelivered);
  const auto received = server.Await(1);
  ASSERT_THAT(received, SizeIs(1));
  EXPECT_TRUE(received[0].encrypted);
  EXPECT_EQ(received[0].from, "schakel@upc.example");
  EXPECT_EQ(received[0].to, "nora@upc.example");
  EXPECT_THAT(received[0].text, StartsWith("From: Schakel <schakel@upc.example>\r\n"));
}

TEST_F(CourierTest, WithoutTlsNothingLeavesUnlessTheOperatorSaidSo) {
  MailServer server;
  EXPECT_EQ(Bring(To(server, false)), Carried::kFailed);
  EXPECT_EQ(server.talks(), 1U) << "it was asked, and had nothing to offer";
  EXPECT_EQ(Bring(To(server, true)), Carried::kDelivered);
  EXPECT_THAT(server.Await(1), SizeIs(1));
}

TEST_F(CourierTest, AServerThatRefusesIsToldAgainLater) {
  MailServer server;
  server.Refuse(true);
  EXPECT_EQ(Bring(To(server, true)), Carried::kFailed);
  server.Refuse(false);
  EXPECT_EQ(Bring(To(server, true)), Carried::kDelivered);
}

TEST_F(CourierTest, AWebhookOnThisMachineIsReachedOnlyIfListed) {
  HookServer server;
  const std::string target = "127.0.0.1:" + std::to_string(server.port());
  const HookMessage message{server.url(), {1, 2, 3}, "msg_1", "{}"};
  const auto bring = [&](std::vector<std::string> listed, const HookMessage& one) {
    return MakeCourier({{}, WebhookOptions{std::move(listed)}, ""}, leuven.region.clock, leuven.region.random)
        ->Carry(one);
  };
  EXPECT_EQ(bring({}, message), Carried::kFailed);
  HookMessage named = message;
  named.url = "https://localhost:" + std::to_string(server.port()) + "/hook";
  EXPECT_EQ(bring({}, named), Carried::kFailed) << "a name that leads here";
  EXPECT_EQ(bring({target}, message), Carried::kDelivered);
  const auto posted = server.Await(1);
  ASSERT_THAT(posted, SizeIs(1)) << "and that one alone";
  EXPECT_EQ(posted[0].path, "/hook");
  EXPECT_EQ(posted[0].body, "{}");
  auto headers = posted[0].headers;
  for (const auto& [name, value] : HookHeaders(message.secret, "msg_1", leuven.region.clock.Now(), "{}")) {
    EXPECT_EQ(headers[name], value) << name;
  }
  for (const auto& [status, want] : {std::pair(500, Carried::kFailed), std::pair(302, Carried::kFailed),
                                     std::pair(410, Carried::kGone), std::pair(200, Carried::kDelivered)}) {
    server.AnswerWith(status);
    EXPECT_EQ(bring({target}, message), want) << status;
  }
}

TEST_F(CourierTest, ThePumpTellsByItselfWhatComesIn) {
  MailServer mails;
  HookServer hooks;
  options = {To(mails, true), WebhookOptions{{"127.0.0.1:" + std::to_string(hooks.port())}}, ""};
  pump.reset();
  notices.reset();
  notices = Open();
  pump = std::make_unique<NoticePump>(
      *notices, MakeCourier({options.mail, options.webhooks, ""}, leuven.region.clock, leuven.region.random),
      leuven.region.clock);
  Wants("Nora", MailMode::kImmediate);
  ASSERT_TRUE(notices->AddWebhook(hooks.url(), {Kind::kNote}));
  pump->Start();
  const RecordId note = Note();
  ASSERT_THAT(hooks.Await(1), SizeIs(1));
  EXPECT_THAT(hooks.Await(1)[0].body, HasSubstr(ToText(note)));
  ASSERT_THAT(mails.Await(1), SizeIs(1));
  EXPECT_EQ(mails.Await(1)[0].to, "Nora@upc.example");
}

}  // namespace
}  // namespace schakel
