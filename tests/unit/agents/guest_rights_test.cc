// What guests did, in who saw what; and what the young person may do by link: ask who saw them, take back consent.
#include "protocol/evidence.h"
#include "support/guest_world.h"

namespace schakel {
namespace {

using schakel::test::GuestsTest;
using schakel::test::kGuestAddress;
using std::chrono::days;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using enum VoteChoice;

TEST_F(GuestsTest, WhatAGuestDidAndWhatBecameOfTheLinkIsInTheAudit) {
  const std::string link = Link(sam);
  const auto visit = In(link);
  ASSERT_TRUE(guests.Look(visit));
  ASSERT_TRUE(guests.Vote(visit, {{kNo, kYes}, ""}, {}));
  ASSERT_TRUE(wissel.meetings.VoteFor(table, mother, {{kYes, kYes}, ""}, {})) << "written down by a worker";
  ASSERT_TRUE(guests.Revoke(table, sam, nora));
  EXPECT_EQ(RuleOfEntering(link), "guest.link");
  const std::string name = " young-person " + GuestPersonName("Sam", sam);
  const std::set<std::string> all = {"link-made Nora", "link-opened" + name, "saw" + name,
                                     "sent" + name,    "link-revoked Nora",  "link-refused" + name};
  EXPECT_EQ(OfGuests(Audited(Question::kAll)), all);
  EXPECT_EQ(OfGuests(Audited(Question::kDenied)), std::set{"link-refused" + name});
  EXPECT_EQ(OfGuests(Audited(Question::kPerson, "Nora")),
            (std::set<std::string>{"link-made Nora", "link-revoked Nora"}));
  // Whoever was taken off since did what it did all the same.
  ASSERT_TRUE(wissel.meetings.TakeOff(table, sam, "", {}));
  EXPECT_EQ(OfGuests(Audited(Question::kAll)), all);
}

TEST_F(GuestsTest, AGuestHasNoTaskAndNeedsNone) {
  ASSERT_TRUE(guests.Look(In(Link(sam))));
  TaskService tasks(wissel.engine, leuven.region.clock);
  ASSERT_TRUE(tasks.Assign(trajectory, "Lotte", std::nullopt, {"Karim", StaffRole::kCoordinator}));
  Advance(days(1));
  ASSERT_TRUE(reading.Show({table}, {{"Wim", StaffRole::kWorker}, ViewReason::kOther}));
  const auto rows = Audited(Question::kWithoutTask);
  ASSERT_FALSE(rows.empty());
  for (const AccessRow& row : rows) EXPECT_EQ(row.person, "Wim");
}

TEST_F(GuestsTest, WhereTheRegionSaysSoGuestsStandByRoleAlone) {
  ASSERT_TRUE(guests.Look(In(Link(sam))));
  NameByRole();
  const std::set<std::string> all = {"link-made Nora", "link-opened young-person ?", "saw young-person ?"};
  EXPECT_EQ(OfGuests(Audited(Question::kAll)), all);
  EXPECT_THAT(OfGuests(Audited(Question::kPerson, GuestPersonName("Sam", sam))), IsEmpty());
  for (const AccessRow& row : Audited(Question::kAll)) {
    EXPECT_THAT(row.person.value_or(""), Not(HasSubstr("Sam")));
    EXPECT_THAT(row.about.value_or(""), Not(HasSubstr("Sam"))) << "nor as somebody who was asked about";
  }
}

TEST_F(GuestsTest, TheYoungPersonAsksWhoSawThemAndOthersDoNot) {
  const auto visit = In(Link(sam));
  ASSERT_TRUE(guests.Look(visit));
  const auto files = guests.Report(visit, report, std::chrono::seconds(1));
  ASSERT_TRUE(files) << ToText(files.error());
  ASSERT_EQ(files->size(), 4U);
  EXPECT_THAT(files->at(0).bytes, HasSubstr("De jongere zelf, met een link van De Wissel"));
  EXPECT_THAT(files->at(0).bytes, Not(HasSubstr("Vraag het volledige blad"))) << "all of it";
  EXPECT_THAT(files->at(0).bytes, Not(HasSubstr(GuestPersonName("Sam", sam))));
  EXPECT_TRUE(DecodeEvidence(AsBytes(files->at(3).bytes)));
  EXPECT_TRUE(OfGuests(Audited(Question::kAll)).contains("reported young-person " + GuestPersonName("Sam", sam)));
  EXPECT_EQ(wissel.engine.views().back().reason, ViewReason::kSubjectRequest);
  const auto of_mother = guests.Report(In(Link(mother)), report, std::chrono::seconds(1));
  EXPECT_EQ(of_mother.error().rule, "guest.young_person");
}

TEST_F(GuestsTest, AskingForItAgainAndAgainWaits) {
  const auto visit = In(Link(sam));
  std::size_t made = 0;
  while (guests.Report(visit, report, std::chrono::seconds(1))) ASSERT_LT(++made, 100U);
  EXPECT_EQ(made, 11U);
  EXPECT_EQ(guests.Report(visit, report, std::chrono::seconds(1)).error().rule, "login.wait");
}

TEST_F(GuestsTest, TheYoungPersonTakesBackTheirOwnConsent) {
  GrantRequest request;
  request.trajectory = trajectory;
  request.recipient = upc.id();
  request.purposes = {Purpose::kConsultation};
  request.categories = {Category::kMeeting};
  request.ends_at = start + days(100);
  request.grantor = Grantor::kFirstParent;
  request.consented_by = "Els";
  request.how = "ondertekend";
  const auto of_parent = wissel.grants.Give(request, nora, {});
  ASSERT_TRUE(of_parent) << ToText(of_parent.error());
  const auto visit = In(Link(sam));
  const auto consents = guests.Consents(visit).value();
  ASSERT_EQ(consents.size(), 3U) << "their own alone";
  const auto to_upc = std::ranges::find(consents, std::string("UPC Leuven"), &GuestService::Consent::recipient);
  ASSERT_NE(to_upc, consents.end());
  EXPECT_TRUE(to_upc->ours_to_withdraw);
  EXPECT_EQ(to_upc->author, "De Wissel");
  const std::string id = ToText(to_upc->grant.id);
  const auto withdraw = [&](const GuestService::Visit& by, const std::string& grant) {
    return RuleOf(guests.Withdraw(by, grant, "ik wil het niet meer", wissel.grants, {}));
  };
  EXPECT_EQ(withdraw(In(Link(mother)), id), "guest.young_person");
  EXPECT_EQ(guests.Consents(In(Link(mother))).error().rule, "guest.young_person");
  EXPECT_EQ(withdraw(visit, id.substr(0, 8)), "guest.consent") << "an id is named whole";
  EXPECT_EQ(withdraw(visit, ToText(of_parent->record)), "guest.consent") << "what another consented to";
  EXPECT_EQ(withdraw(visit, id), "");
  EXPECT_TRUE(wissel.grants.Find(to_upc->grant.id).value().grant.grant.withdrawn);
  EXPECT_TRUE(upc.grants.Find(to_upc->grant.id).value().grant.grant.withdrawn) << "at once";
  EXPECT_EQ(guests.Consents(visit).value().size(), 2U);
  EXPECT_EQ(withdraw(visit, id), "guest.consent");
  EXPECT_TRUE(OfGuests(Audited(Question::kAll)).contains("took-back young-person " + GuestPersonName("Sam", sam)));
}

TEST_F(GuestsTest, WhoDoesNotLeadSaysWhomToCallAboutAConsent) {
  const auto proposed = upc.meetings.Propose(trajectory, Dates(), {}, {});
  ASSERT_TRUE(proposed) << ToText(proposed.error());
  const RecordId guest = upc.meetings.Invite(proposed->record, {"Sam", Speaker::kYoungPerson, ""}, {}).value().record;
  GuestService theirs(upc.engine, upc.cases, upc.meetings, leuven.region.clock, leuven.region.random);
  const std::string link = theirs.Make(proposed->record, guest, {}, nora).value().secret;
  const auto visit = theirs.Who(theirs.Enter(link, kGuestAddress).value().session).value();
  const auto consents = theirs.Consents(visit).value();
  ASSERT_EQ(consents.size(), 1U) << "its own is all it knows of";
  EXPECT_FALSE(consents[0].ours_to_withdraw);
  EXPECT_EQ(consents[0].author, "De Wissel");
  EXPECT_EQ(RuleOf(theirs.Withdraw(visit, ToText(consents[0].grant.id), "", upc.grants, {})), "grant.giver");
}

}  // namespace
}  // namespace schakel
