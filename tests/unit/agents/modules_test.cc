// Modules, contacts and alerts between agents that know only what they were handed.
#include "agents/modules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "agents/dossier.h"
#include "support/office.h"

namespace schakel {
namespace {

using schakel::test::Leuven;
using schakel::test::Office;
using schakel::test::ServicesTest;
using std::chrono::days;
using std::chrono::hours;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::string RuleOf(const Result<Sent>& sent) { return sent ? "ok" : sent.error().rule; }

class ModulesTest : public ServicesTest {
 protected:
  ModuleService modules{wissel.engine, wissel.cases, leuven.region.clock};
  ModuleService of_psychiatry{upc.engine, upc.cases, leuven.region.clock};
  AlertService alerts{wissel.engine, wissel.cases, leuven.region.clock};
  AlertService of_police{police.engine, police.cases, leuven.region.clock};
  DossierService dossier{wissel.engine, wissel.cases};

  Timestamp Now() { return leuven.region.clock.Now(); }
  ModuleSwitchBody To(Module module) {
    ModuleSwitchBody body;
    body.module = module;
    return body;
  }
  ModuleSwitchBody TimeOut() {
    ModuleSwitchBody body = To(Module::kTimeOut);
    body.ends_at = Now() + days(14);
    body.place = "De Pas";
    body.agreed = {Speaker::kYoungPerson, Speaker::kMother};
    return body;
  }
  Module Current(Office& office) {
    const CaseTrajectory seen = Seen(office);
    return ModuleAt(ModulesOver(seen.help, seen.opened_at), Now()).module;
  }
  std::size_t Waiting(Office& office, InboxItem::What what) {
    const auto items = office.inbox.Show(office.caller.person.name).value().items;
    return static_cast<std::size_t>(std::ranges::count(items, what, &InboxItem::what));
  }
};

TEST_F(ModulesTest, ASwitchLeavesWorkerDossierAndConsentsAsTheyAre) {
  Join(upc);
  for (Office* office : {&upc, &wissel}) {
    Grant(*office, {Purpose::kCareCoordination}, {Category::kLiving, Category::kGoals});
  }
  TaskService tasks(wissel.engine, leuven.region.clock);
  ASSERT_TRUE(tasks.Assign(trajectory, "Nora Peeters", std::nullopt, {"Ilse", StaffRole::kCoordinator}));
  ASSERT_TRUE(dossier.SetGoal(trajectory, {"school", {"de-wissel"}, "", Now(), Now() + days(180)}, {}));
  const CaseTrajectory before = Seen(wissel);
  const auto worker = TaskChangesOf(wissel.engine, trajectory).value();
  for (const Module module : {Module::kAmbulant, Module::kSemiResidential, Module::kResidential,
                              Module::kIndependentLiving, Module::kMobile}) {
    leuven.region.clock.Advance(days(1));
    const auto sent = modules.Switch(trajectory, To(module), {});
    ASSERT_TRUE(sent) << ToText(sent.error());
    EXPECT_THAT(sent->reaches, ElementsAre(upc.id()));
    EXPECT_EQ(Current(wissel), module);
    EXPECT_EQ(Current(upc), module);
    const CaseTrajectory after = Seen(wissel);
    EXPECT_EQ(after.grants, before.grants);
    EXPECT_EQ(after.dossier, before.dossier);
    EXPECT_EQ(after.participants, before.participants);
    EXPECT_EQ(TaskChangesOf(wissel.engine, trajectory).value(), worker);
  }
  EXPECT_EQ(RuleOf(of_psychiatry.Switch(trajectory, To(Module::kResidential), {})), "module.lead");
}

// De Pas: two weeks of shelter were agreed with the young person and the mother; after a few days the grandparents,
// mobilised meanwhile, take over.
TEST_F(ModulesTest, ATimeOutIsAgreedTheSameDayAndEndsOnceGrandparentsTakeOver) {
  ModuleSwitchBody stay = TimeOut();
  stay.ends_at.reset();
  EXPECT_EQ(RuleOf(modules.Switch(trajectory, stay, {})), "module.end");
  stay = TimeOut();
  stay.agreed = {Speaker::kMother};
  EXPECT_EQ(RuleOf(modules.Switch(trajectory, stay, {})), "module.agreed") << "the young person did not agree";
  stay.agreed = {Speaker::kYoungPerson};
  EXPECT_EQ(RuleOf(modules.Switch(trajectory, stay, {})), "module.agreed") << "no parent did";
  stay = TimeOut();
  stay.begins_at = Now() + hours(1);
  EXPECT_EQ(RuleOf(modules.Switch(trajectory, stay, {})), "module.future");
  stay = TimeOut();
  stay.begins_at = Now() - days(3);
  stay.ends_at = Now();
  EXPECT_EQ(RuleOf(modules.Switch(trajectory, stay, {})), "module.past");
  stay = TimeOut();
  stay.begins_at = Now() - days(3);
  stay.ends_at = *stay.begins_at + days(32);
  EXPECT_EQ(RuleOf(modules.Switch(trajectory, stay, {})), "module.long");
  Audience only_ahead;
  only_ahead.preview = true;
  stay.ends_at = *stay.begins_at + days(32) - hours(1);
  EXPECT_TRUE(modules.Switch(trajectory, stay, only_ahead)) << "the longest there is";
  stay.module = Module::kResidential;
  stay.ends_at = *stay.begins_at + days(400);
  EXPECT_TRUE(modules.Switch(trajectory, stay, only_ahead)) << "of any other form it is not asked";

  leuven.region.clock.Advance(days(1));
  EXPECT_THAT(Seen(wissel).grants, IsEmpty()) << "nobody ordered it";
  ASSERT_TRUE(modules.Switch(trajectory, TimeOut(), {}));
  EXPECT_EQ(Current(wissel), Module::kTimeOut);
  EXPECT_EQ(Waiting(wissel, InboxItem::What::kStayEnds), 0U);
  leuven.region.clock.Advance(days(4));
  ModuleSwitchBody back = To(Module::kMobile);
  back.place = "bij de grootouders";
  ASSERT_TRUE(modules.Switch(trajectory, back, {}));
  EXPECT_EQ(Current(wissel), Module::kMobile);
  const CaseTrajectory seen = Seen(wissel);
  const auto periods = ModulesOver(seen.help, seen.opened_at);
  ASSERT_EQ(periods.size(), 3U);
  EXPECT_EQ(periods[1].ends_at, periods[1].begins_at + days(4));
  leuven.region.clock.Advance(days(30));
  EXPECT_EQ(Waiting(wissel, InboxItem::What::kStayEnds), 0U) << "it was said what came after";
}

TEST_F(ModulesTest, ASwitchDoesNotBeginYearsBeforeTheFile) {
  const Timestamp earliest = Seen(wissel).opened_at - days(366);
  ModuleSwitchBody early = To(Module::kResidential);
  early.begins_at = earliest - std::chrono::milliseconds(1);
  EXPECT_EQ(RuleOf(modules.Switch(trajectory, early, {})), "module.early");
  early.begins_at = earliest;
  EXPECT_EQ(RuleOf(modules.Switch(trajectory, early, {})), "ok") << "help that ran when the file was opened";
}

TEST_F(ModulesTest, ASwitchThatWasSaidWrongIsPutRight) {
  leuven.region.clock.Advance(days(40));
  ModuleSwitchBody wrong = To(Module::kResidential);
  wrong.begins_at = Now() - days(30);
  wrong.place = "De Pas";
  const RecordId first = modules.Switch(trajectory, wrong, {}).value().record;
  ModuleSwitchBody right = modules.WordsOf(first).value();
  EXPECT_EQ(right, wrong);
  right.begins_at = Now() - days(3);
  const auto corrected = modules.Correct(first, right, {});
  ASSERT_TRUE(corrected) << ToText(corrected.error());
  const CaseTrajectory seen = Seen(wissel);
  const auto periods = ModulesOver(seen.help, seen.opened_at);
  ASSERT_EQ(periods.size(), 2U) << "it is no other switch";
  EXPECT_EQ(periods[1].begins_at, right.begins_at);
  EXPECT_EQ(periods[1].record, corrected->record);
  right.module = Module::kMobile;
  ASSERT_TRUE(modules.Correct(corrected->record, right, {})) << "by any version of it";
  EXPECT_EQ(Current(wissel), Module::kMobile);
  right.begins_at = Now() + hours(1);
  EXPECT_EQ(RuleOf(modules.Correct(first, right, {})), "module.future");
  right.begins_at = Seen(wissel).opened_at - days(400);
  EXPECT_EQ(RuleOf(modules.Correct(first, right, {})), "module.early");
  EXPECT_EQ(RuleOf(of_psychiatry.Correct(first, wrong, {})), "id.unknown");
}

TEST_F(ModulesTest, TheInboxAsksWhatComesAfterAStay) {
  ASSERT_TRUE(modules.Switch(trajectory, TimeOut(), {}));
  leuven.region.clock.Advance(days(12) - hours(1));
  EXPECT_EQ(Waiting(wissel, InboxItem::What::kStayEnds), 0U);
  leuven.region.clock.Advance(hours(1));
  EXPECT_EQ(Waiting(wissel, InboxItem::What::kStayEnds), 1U);
  leuven.region.clock.Advance(days(3));
  EXPECT_EQ(Waiting(wissel, InboxItem::What::kStayEnds), 1U) << "also once it ran out";
  EXPECT_EQ(Current(wissel), Module::kMobile);
}

TEST_F(ModulesTest, AllocatedHelpBeginsOnceItWasChosen) {
  const TrajectoryId allocated =
      wissel.trajectories.Open({"Sam", Module::kUnspecified, "", true}, Stage::kCapable, {}).value().trajectory;
  EXPECT_EQ(RuleOf(modules.Switch(allocated, To(Module::kMobile), {})), "module.choice");
  ASSERT_TRUE(wissel.content.AskForHelp(allocated, {Speaker::kYoungPerson, "", "oké", HelpChoice::kChosen}, {}));
  EXPECT_EQ(RuleOf(modules.Switch(allocated, To(Module::kMobile), {})), "module.choice");
  ASSERT_TRUE(wissel.content.AskForHelp(allocated, {Speaker::kFather, "", "nee", HelpChoice::kDeclined}, {}));
  EXPECT_EQ(RuleOf(modules.Switch(allocated, To(Module::kMobile), {})), "module.declined");
  ASSERT_TRUE(wissel.content.AskForHelp(allocated, {Speaker::kFather, "", "toch wel", HelpChoice::kChosen}, {}));
  EXPECT_TRUE(modules.Switch(allocated, To(Module::kMobile), {}));
}

TEST_F(ModulesTest, AllocatedHelpIsNotOpenedWithAFormOfIt) {
  Audience preview;
  preview.preview = true;
  for (const Audience& audience : {preview, Audience{}}) {
    const auto refused = wissel.trajectories.Open({"Sam", Module::kResidential, "", true}, Stage::kCapable, audience);
    EXPECT_EQ(RuleOf(refused), "module.allocated") << "it would run before anybody chose it";
    EXPECT_EQ(refused.error().field, "module");
  }
}

TEST_F(ModulesTest, AContactNamesTheActionsThatItCarriedOut) {
  const RecordId action =
      dossier.AddAction(trajectory, {"mee naar school", "de-wissel", "Nora", Now() + days(2)}, {}).value().record;
  ContactMomentBody together;
  together.how = ContactHow::kDoingTogether;
  const auto sent = modules.Contact(trajectory, together, {action, action}, {});
  ASSERT_TRUE(sent) << ToText(sent.error());
  const CaseTrajectory seen = Seen(wissel);
  ASSERT_EQ(seen.help.contacts.size(), 1U);
  EXPECT_THAT(seen.help.contacts[0].actions, ElementsAre(action));
  EXPECT_EQ(seen.help.contacts[0].at, Now());
  EXPECT_EQ(RuleOf(modules.Contact(trajectory, together, {sent->record}, {})), "contact.action");
  together.at = Now() + hours(1);
  EXPECT_EQ(RuleOf(modules.Contact(trajectory, together, {}, {})), "contact.future");
  together.at = Now() - std::chrono::days(26 * 366);
  EXPECT_EQ(RuleOf(modules.Contact(trajectory, together, {}, {})), "contact.long_ago") << "1926";
  together.at.reset();
  together.minutes = kContactMinutesMax + 1;
  EXPECT_EQ(RuleOf(modules.Contact(trajectory, together, {}, {})), "contact.minutes");
}

TEST_F(ModulesTest, AnAlertCarriesWhatWasAgreedAndNothingElse) {
  Join(police);
  Join(upc);
  Grant(police, {Purpose::kSafety}, {Category::kSafety, Category::kIdentity, Category::kAgreements});
  Grant(upc, {Purpose::kSafety}, {Category::kSafety, Category::kIdentity, Category::kAgreements});
  const AgreementBody terms{
      AgreementTopic::kRunningAway, "eerst bellen wij", "permanentie", police.id().value(), {"name", "last-seen-at"}};
  EXPECT_EQ(RuleOf(wissel.content.Agree(trajectory, terms, {.named = {upc.id()}})), "agreement.hidden")
      << "psychiatry does not know that the police take part";
  const auto agreed = wissel.content.Agree(trajectory, terms, {});
  ASSERT_TRUE(agreed) << ToText(agreed.error());
  EXPECT_THAT(agreed->reaches, ElementsAre(police.id()));
  AgreementBody elsewhere = terms;
  elsewhere.partner = "caw-leuven";
  EXPECT_EQ(RuleOf(wissel.content.Agree(trajectory, elsewhere, {})), "agreement.member");
  const auto plain = wissel.content.Agree(trajectory, {AgreementTopic::kDrugs, "we bellen", ""}, {});
  ASSERT_TRUE(plain);

  AlertBody alert;
  EXPECT_EQ(RuleOf(alerts.Alert(agreed->record, alert, {})), "alert.empty");
  alert.name = "Sam J.";
  EXPECT_EQ(RuleOf(alerts.Alert(plain->record, alert, {})), "alert.agreement");
  alert.incident = "vocht met een begeleider";
  const auto refused = alerts.Alert(agreed->record, alert, {});
  EXPECT_EQ(RuleOf(refused), "alert.field");
  EXPECT_EQ(refused.error().field, "incident");
  alert.incident.clear();
  alert.last_seen_at = Now() + hours(1);
  EXPECT_EQ(RuleOf(alerts.Alert(agreed->record, alert, {})), "alert.seen_future");
  alert.last_seen_at = Now();
  const std::string named = alert.name;
  for (const char* sentence :
       {"Sam, neemt medicatie en was gisteren weg", "Sam (16)", "Sam. Weg sinds gisteren", "Sam J. 16", "Sam; weg",
        "Sam is weg sinds gisteren met zijn vrienden", "Sam\nWeg", "Sam: weg", "Sam!"}) {
    alert.name = sentence;
    EXPECT_EQ(RuleOf(alerts.Alert(agreed->record, alert, {.preview = true})), "alert.name") << sentence;
  }
  alert.name = std::string(61, 'a');
  EXPECT_EQ(RuleOf(alerts.Alert(agreed->record, alert, {.preview = true})), "alert.name");
  for (const char* name : {"Sam J.", "Sam van den Berg-D'hondt", "J.-P. Zoë Ünal", "S. V.d. Berg"}) {
    alert.name = name;
    EXPECT_EQ(RuleOf(alerts.Alert(agreed->record, alert, {.preview = true})), "ok") << name;
  }
  alert.name = named;
  const auto sent = alerts.Alert(agreed->record, alert, {});
  ASSERT_TRUE(sent) << ToText(sent.error());
  EXPECT_EQ(sent->outcome, Sent::Outcome::kSent);
  EXPECT_THAT(sent->reaches, ElementsAre(police.id())) << "psychiatry may have it, and is no party";
  EXPECT_THAT(Seen(upc).help.alerts, IsEmpty());
  EXPECT_EQ(Seen(police).help.alerts.at(0).agreement, agreed->record);
  EXPECT_EQ(RuleOf(of_police.Alert(agreed->record, alert, {})), "alert.partner");

  EXPECT_EQ(Waiting(police, InboxItem::What::kAlertStands), 1U);
  EXPECT_EQ(Waiting(wissel, InboxItem::What::kAlertOpen), 1U);
  EXPECT_EQ(RuleOf(of_police.Withdraw(sent->record, {}, {})), "alert.author");
  EXPECT_EQ(RuleOf(alerts.Withdraw(sent->record, {AlertEnd::kReturned, Now() + hours(1)}, {})), "alert.future");
  EXPECT_EQ(RuleOf(alerts.Withdraw(sent->record, {AlertEnd::kReturned, Now() - hours(1)}, {})), "alert.before");
  const auto over = alerts.Withdraw(sent->record, {}, {});
  ASSERT_TRUE(over) << ToText(over.error());
  EXPECT_THAT(over->reaches, ElementsAre(police.id()));
  EXPECT_FALSE(Seen(police).help.alerts.at(0).stands());
  EXPECT_EQ(Waiting(police, InboxItem::What::kAlertStands), 0U);
  EXPECT_EQ(Waiting(wissel, InboxItem::What::kAlertOpen), 0U);
  EXPECT_EQ(RuleOf(alerts.Withdraw(sent->record, {}, {})), "alert.over");
}

TEST_F(ModulesTest, AnAlertEndsWithTheConsentAndIsWithdrawnAgainUnderANewOne) {
  Join(police);
  const CategorySet safety{Category::kSafety, Category::kIdentity, Category::kAgreements};
  const RecordId grant = Grant(police, {Purpose::kSafety}, safety);
  const AgreementBody terms{AgreementTopic::kRunningAway, "we bellen", "", police.id().value(), {"name"}};
  const RecordId agreement = wissel.content.Agree(trajectory, terms, {}).value().record;
  AlertBody alert;
  alert.name = "Sam J.";
  const RecordId id = alerts.Alert(agreement, alert, {}).value().record;
  leuven.region.clock.Advance(hours(1));
  ASSERT_TRUE(wissel.grants.Withdraw(grant, {"Sam zegt nee"}, {}));
  EXPECT_EQ(Waiting(police, InboxItem::What::kAlertStands), 0U) << "no word that it is over can arrive any more";
  const CaseTrajectory cut = Seen(police);
  EXPECT_EQ(CutOffAt(cut, cut.help.alerts.at(0), police.id()), Now());
  EXPECT_EQ(Waiting(wissel, InboxItem::What::kAlertOpen), 1U);

  const auto over = alerts.Withdraw(id, {}, {});
  ASSERT_TRUE(over) << ToText(over.error());
  EXPECT_THAT(over->reaches, IsEmpty());
  EXPECT_THAT(Seen(wissel).help.alerts.at(0).Untold(), ElementsAre(police.id()));
  EXPECT_EQ(Waiting(wissel, InboxItem::What::kAlertOpen), 0U);
  const auto again = alerts.Withdraw(id, {}, {});
  EXPECT_EQ(RuleOf(again), "alert.untold");
  EXPECT_EQ(again.error().field, police.id().value());

  leuven.region.clock.Advance(hours(1));
  Grant(police, {Purpose::kSafety}, safety);
  EXPECT_EQ(Waiting(police, InboxItem::What::kAlertStands), 1U) << "it is covered again";
  EXPECT_EQ(Waiting(wissel, InboxItem::What::kAlertOpen), 1U) << "and they may be told";
  const auto told = alerts.Withdraw(id, {}, {});
  ASSERT_TRUE(told) << ToText(told.error());
  EXPECT_THAT(told->reaches, ElementsAre(police.id()));
  EXPECT_EQ(Waiting(police, InboxItem::What::kAlertStands), 0U);
  EXPECT_EQ(Waiting(wissel, InboxItem::What::kAlertOpen), 0U);
  EXPECT_EQ(RuleOf(alerts.Withdraw(id, {}, {})), "alert.over");
}

TEST_F(ModulesTest, AnAlertEndsWhereTheConsentRunsOut) {
  Join(police);
  Grant(police, {Purpose::kSafety}, {Category::kSafety, Category::kIdentity, Category::kAgreements}, hours(48));
  const AgreementBody terms{AgreementTopic::kRunningAway, "we bellen", "", police.id().value(), {"name"}};
  const RecordId agreement = wissel.content.Agree(trajectory, terms, {}).value().record;
  AlertBody alert;
  alert.name = "Sam J.";
  ASSERT_TRUE(alerts.Alert(agreement, alert, {}));
  leuven.region.clock.Advance(hours(48) - std::chrono::milliseconds(1));
  EXPECT_EQ(Waiting(police, InboxItem::What::kAlertStands), 1U);
  leuven.region.clock.Advance(std::chrono::milliseconds(1));
  EXPECT_EQ(Waiting(police, InboxItem::What::kAlertStands), 0U);
}

}  // namespace
}  // namespace schakel
