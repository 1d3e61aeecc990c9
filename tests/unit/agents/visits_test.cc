// Home visits: who does not check out is missed, whatever happens to the agent meanwhile.
#include "agents/visits.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "house/visit_alarms.h"
#include "notices/pump.h"
#include "support/api_world.h"
#include "support/cli_world.h"

namespace schakel {
namespace {

using nlohmann::json;
using schakel::test::ApiTest;
using schakel::test::CliTest;
using std::chrono::minutes;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// A courier that keeps what it is given.
class KeepingCourier final : public Courier {
 public:
  struct Kept {
    std::vector<Mail> mails;
    std::vector<std::string> bodies;
    Carried answer = Carried::kDelivered;
  };
  explicit KeepingCourier(Kept& kept) : kept_(kept) {}
  Carried Carry(const Mail& mail) override {
    kept_.mails.push_back(mail);
    return kept_.answer;
  }
  Carried Carry(const HookMessage& message) override {
    kept_.bodies.push_back(message.body);
    return kept_.answer;
  }

 private:
  Kept& kept_;
};

class VisitsTest : public ::testing::Test {
 protected:
  test::Leuven leuven;
  test::FakeEngine& engine = leuven.youth_care;
  const Person nora{"Nora Peeters", StaffRole::kWorker};
  const Person an{"An Maes", StaffRole::kWorker};
  const Person bea{"Bea Coene", StaffRole::kCoordinator};
  const Person jef{"Jef Claes", StaffRole::kWorker};
  Cases cases{engine};
  FollowService following{engine, cases, leuven.region.clock};
  KeepingCourier::Kept told;
  std::unique_ptr<VisitService> visits;
  std::unique_ptr<VisitAlarms> alarms;
  std::unique_ptr<Notices> notices;
  std::unique_ptr<NoticePump> pump;

  void SetUp() override { Start(); }
  // The agent, as it is after every start.
  void Start() {
    pump.reset();
    notices.reset();
    visits = std::make_unique<VisitService>(engine, leuven.region.clock, leuven.region.random, minutes(30),
                                            [](const std::string& name) { return name != "Niemand"; });
    alarms = std::make_unique<VisitAlarms>(*visits, [this] { return std::vector{bea.name}; });
    const NoticeOptions options{
        MailOptions{.server = "smtps://mail.example", .from = "schakel@wissel.example"}, WebhookOptions{}, {}};
    notices = std::make_unique<Notices>(engine, following, leuven.region.clock, leuven.region.random, options,
                                        [](const std::string&) { return false; });
    notices->AlsoTellOf(alarms.get());
    ASSERT_TRUE(notices->Load());
    pump = std::make_unique<NoticePump>(*notices, std::make_unique<KeepingCourier>(told), leuven.region.clock);
  }
  void Wants(const Person& person, MailMode mode, std::optional<QuietHours> quiet = {}) {
    ASSERT_TRUE(notices->Choose({person.name, mode, "x" + std::to_string(person.name.size()) + "@wissel.example",
                                 minutes(480), quiet, Language::kDutch}));
  }
  std::string Begun(int lasts = 60) {
    const auto begun = visits->Begin("Tiensestraat 12", leuven.region.clock.Now() + minutes(lasts), an.name, nora);
    EXPECT_TRUE(begun) << ToText(begun.error());
    return begun ? ToHex(begun->id) : std::string();
  }
  void Pass(int time) { leuven.region.clock.Advance(minutes(time)); }
  std::size_t WaitsFor(const Person& person) { return visits->WaitsFor(person).value().size(); }
  std::size_t Mails() {
    EXPECT_TRUE(pump->Step());
    return told.mails.size();
  }
};

TEST_F(VisitsTest, AMissedCheckOutIsTheColleaguesTaskAtOnceAndLaterThatOfCoordinators) {
  const std::string id = Begun();
  Pass(59);
  EXPECT_EQ(WaitsFor(an), 0U);
  Pass(1);
  EXPECT_EQ(WaitsFor(an), 1U) << "at that moment";
  EXPECT_EQ(WaitsFor(nora), 1U) << "who forgot";
  EXPECT_EQ(WaitsFor(bea), 0U);
  EXPECT_EQ(WaitsFor(jef), 0U);
  Pass(29);
  EXPECT_EQ(WaitsFor(bea), 0U);
  Pass(1);
  EXPECT_EQ(WaitsFor(bea), 1U);
  ASSERT_TRUE(visits->CheckOut(id, an)) << "who reached her";
  EXPECT_EQ(WaitsFor(an) + WaitsFor(bea) + WaitsFor(nora), 0U);
  EXPECT_EQ(visits->CheckOut(id, nora).error().rule, "visit.ended");
  const auto seen = visits->List(bea).value();
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_EQ(seen[0].ended_by, "An Maes");
  EXPECT_TRUE(visits->List(jef).value().empty());
}

TEST_F(VisitsTest, WhoChecksOutOrExtendsInTimeIsMissedByNobody) {
  const std::string id = Begun();
  EXPECT_EQ(visits->CheckOut(id, an).error().rule, "visit.others") << "it is under way";
  EXPECT_EQ(visits->CheckOut(id, jef).error().rule, "visit.unknown");
  Pass(59);
  ASSERT_TRUE(visits->Extend(id.substr(0, 8), leuven.region.clock.Now() + minutes(60), nora));
  Pass(59);
  EXPECT_EQ(WaitsFor(an), 0U);
  ASSERT_TRUE(visits->CheckOut(id, nora));
  Pass(600);
  EXPECT_EQ(WaitsFor(an) + WaitsFor(bea), 0U);
  EXPECT_EQ(Mails(), 0U);
}

TEST_F(VisitsTest, ItIsAboutSomebodyWhoGoesAndSomebodyWhoStays) {
  const auto begin = [&](const std::string& where, int lasts, const std::string& colleague) {
    const auto begun = visits->Begin(where, leuven.region.clock.Now() + minutes(lasts), colleague, nora);
    return begun ? std::string() : begun.error().rule;
  };
  EXPECT_EQ(begin(" ", 60, an.name), "body.required");
  EXPECT_EQ(begin("x", 0, an.name), "visit.until");
  EXPECT_EQ(begin("x", 24 * 60 + 1, an.name), "visit.until");
  EXPECT_EQ(begin("x", 60, "nora  PEETERS"), "visit.colleague") << "herself";
  EXPECT_EQ(begin("x", 60, "Niemand"), "visit.colleague");
  EXPECT_EQ(begin("x", 60, ""), "visit.colleague");
  EXPECT_EQ(begin("x", 24 * 60, an.name), "");
  EXPECT_EQ(begin("y", 60, an.name), "visit.open");
}

TEST_F(VisitsTest, IsToldAtOnceAlsoInQuietHoursAndOnce) {
  Wants(an, MailMode::kDigest, ParseQuietHours("00:00-23:59").value());
  Wants(bea, MailMode::kImmediate);
  Begun();
  EXPECT_EQ(Mails(), 0U);
  EXPECT_EQ(notices->NextDue(), leuven.region.clock.Now() + minutes(60));
  Pass(60);
  ASSERT_EQ(Mails(), 1U);
  EXPECT_EQ(told.mails[0].to, "x7@wissel.example");
  EXPECT_TRUE(told.mails[0].urgent);
  EXPECT_EQ(Mails(), 1U) << "once";
  EXPECT_EQ(notices->NextDue(), leuven.region.clock.Now() + minutes(30));
  Pass(30);
  ASSERT_EQ(Mails(), 2U);
  EXPECT_EQ(told.mails[1].to, "x9@wissel.example") << "the coordinator";
  Pass(6000);
  EXPECT_EQ(Mails(), 2U);
}

TEST_F(VisitsTest, AnExtensionIsATimerAnew) {
  Wants(an, MailMode::kImmediate);
  const std::string id = Begun();
  Pass(60);
  EXPECT_EQ(Mails(), 1U);
  ASSERT_TRUE(visits->Extend(id, leuven.region.clock.Now() + minutes(60), an)) << "who phoned her";
  EXPECT_EQ(WaitsFor(an), 0U);
  Pass(60);
  EXPECT_EQ(WaitsFor(an), 1U);
  EXPECT_EQ(Mails(), 2U);
}

TEST_F(VisitsTest, SurvivesThatTheAgentIsStartedAnew) {
  Wants(an, MailMode::kImmediate);
  Wants(bea, MailMode::kImmediate);
  Begun();
  Start();
  Pass(120);  // It was down when the hour passed.
  Start();
  EXPECT_EQ(WaitsFor(an), 1U);
  EXPECT_EQ(WaitsFor(bea), 1U);
  EXPECT_EQ(Mails(), 2U);
  Start();
  EXPECT_EQ(Mails(), 2U) << "it was told";
  EXPECT_EQ(WaitsFor(an), 1U) << "and she is still missed";
}

TEST_F(VisitsTest, AMailThatFailedIsTriedAgainAlsoInQuietHours) {
  Wants(an, MailMode::kImmediate, ParseQuietHours("00:00-23:59").value());
  Begun();
  Pass(60);
  told.answer = Carried::kFailed;
  EXPECT_EQ(Mails(), 1U);
  Pass(1);
  told.answer = Carried::kDelivered;
  EXPECT_EQ(Mails(), 2U);
  EXPECT_TRUE(told.mails[1].urgent);
}

TEST_F(VisitsTest, ProgramsAreToldWhateverKindsTheyAskedFor) {
  ASSERT_TRUE(notices->AddWebhook("https://alarm.example", {Kind::kNote}));
  const std::string id = Begun();
  Pass(60);
  ASSERT_TRUE(pump->Step());
  Pass(30);
  ASSERT_TRUE(pump->Step());
  ASSERT_THAT(told.bodies, SizeIs(2));
  EXPECT_THAT(told.bodies[0], ::testing::AllOf(HasSubstr("visit.overdue"), HasSubstr(id)));
  EXPECT_THAT(told.bodies[1], HasSubstr("visit.escalated"));
  EXPECT_THAT(told.bodies[0], ::testing::Not(HasSubstr("Tiensestraat")));
}

TEST_F(VisitsTest, OneThatEndedIsForgottenAfterAWeek) {
  const std::string id = Begun();
  ASSERT_TRUE(visits->CheckOut(id, nora));
  Pass(7 * 24 * 60 - 1);
  ASSERT_TRUE(visits->ForgetOld());
  EXPECT_THAT(visits->List(nora).value(), SizeIs(1));
  Pass(1);
  ASSERT_TRUE(visits->ForgetOld());
  EXPECT_THAT(visits->List(nora).value(), IsEmpty());
}

TEST_F(VisitsTest, AColleagueWhoIsCalledOtherwiseSinceIsStillTheOne) {
  Begun();
  ASSERT_TRUE(engine.Keep(FormerNames::Of(engine).value().RowsFor(Id128{1}, an.name, "An Smets")));
  Pass(60);
  EXPECT_EQ(WaitsFor({"An Smets", StaffRole::kWorker}), 1U);
}

TEST(VisitMail, SaysThatItIsUrgentAndNoNames) {
  const std::string text = MailText({"a@b.example", Language::kDutch, true}, "s@b.example", "https://s.example",
                                    ParseTimestamp("2026-11-23T08:00:00Z").value(), "1");
  EXPECT_THAT(text, HasSubstr("Subject: Dringend"));
  EXPECT_THAT(text, HasSubstr("https://s.example"));
}

TEST_F(ApiTest, AVisitOverTheApi) {
  const auto begun = wissel.Post(
      "/v1/visits", {{"where", "Tiensestraat 12"}, {"until", "2026-11-23T10:00:00Z"}, {"colleague", "An Maes"}});
  ASSERT_EQ(begun.status, 201) << begun.raw.body;
  EXPECT_EQ(begun.body["told_by_mail"], false);
  EXPECT_EQ(begun.body["standing"], "under-way");
  EXPECT_EQ(begun.body["escalates_at"], "2026-11-23T10:30:00.000Z");
  const std::string path = "/v1/visits/" + begun.body["id"].get<std::string>();
  const auto house = [&](const char* person, const char* role) {
    return wissel.Send("GET", "/v1/inbox", "", {{"schakel-person", person}, {"schakel-role", role}}).body["house"];
  };
  EXPECT_TRUE(house("An Maes", "worker").empty());
  leuven.region.clock.Advance(std::chrono::hours(2));
  const json waits = house("An Maes", "worker");
  ASSERT_EQ(waits.size(), 1U);
  EXPECT_EQ(waits[0]["what"], "visit-overdue");
  EXPECT_EQ(waits[0]["visit"]["where"], "Tiensestraat 12");
  EXPECT_TRUE(house("Bea", "coordinator").empty());
  leuven.region.clock.Advance(minutes(30));
  EXPECT_EQ(house("Bea", "coordinator")[0]["what"], "visit-escalated");
  EXPECT_EQ(wissel.Post(path + "/extension", {{"until", "2026-11-23T09:00:00Z"}}).body["rule"], "visit.until");
  EXPECT_EQ(wissel.Post(path + "/checkout", json::object()).body["standing"], "ended");
  EXPECT_TRUE(house("Bea", "coordinator").empty());
  EXPECT_EQ(wissel.Get("/v1/visits").body["visits"].size(), 1U);
}

TEST_F(CliTest, AVisitFromTheCommandLine) {
  const auto begun =
      As("de-wissel", {"visits", "begin", "--where", "Kessel-Lo", "--minutes", "90", "--colleague", "An Maes"});
  EXPECT_EQ(begun.exit_code, 0) << begun.err;
  EXPECT_THAT(begun.out, HasSubstr("krijgt geen mail"));
  const std::string id = Json("de-wissel", {"visits", "list"})["visits"][0]["id"];
  EXPECT_EQ(As("de-wissel", {"visits", "extend", id, "--until", "12:00"}).exit_code, 0);
  EXPECT_EQ(Json("de-wissel", {"visits", "list"})["visits"][0]["until"], "2026-11-23T11:00:00.000Z");
  const auto passed = As("de-wissel", {"visits", "extend", id, "--until", "08:00"});
  EXPECT_EQ(passed.exit_code, 1) << "not tomorrow: nobody would miss her until then";
  EXPECT_THAT(passed.err, ::testing::AllOf(HasSubstr("08:00"), HasSubstr("dag")));
  leuven.region.clock.Advance(std::chrono::hours(4));
  EXPECT_THAT(As("de-wissel", {"inbox", "--as", "An Maes"}).out,
              ::testing::AllOf(HasSubstr("NIET AFGEMELD: Nora Peeters, Kessel-Lo"), HasSubstr("visits out")));
  EXPECT_EQ(As("de-wissel", {"visits", "out", id}).exit_code, 0);
  EXPECT_EQ(As("de-wissel",
               {"visits", "begin", "--where", "x", "--minutes", "5", "--until", "12:00", "--colleague", "An Maes"})
                .exit_code,
            1);
}

}  // namespace
}  // namespace schakel
