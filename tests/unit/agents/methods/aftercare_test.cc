// Aftercare between agents that know only what they were handed: each contact rests on one consent of its own.
#include "agents/aftercare.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "aftercare_consent.h"
#include "support/office.h"
#include "support/small_world.h"

namespace schakel {
namespace {

using schakel::test::Office;
using schakel::test::ServicesTest;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::weeks;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
using enum AftercareStanding;

std::string RuleOf(const Result<Sent>& sent) { return sent ? "ok" : sent.error().rule; }

struct Aftercare {
  Aftercare(Office& office, test::FakeRegion& region)
      : ties(office.engine, office.cases, region.clock, region.random),
        service(office.engine, office.cases, office.trajectories, ties, region.clock) {}
  SubjectTies ties;
  AftercareService service;
};

class AftercareTest : public ServicesTest {
 protected:
  Aftercare ours{wissel, leuven.region};
  Aftercare of_upc{upc, leuven.region};
  Aftercare of_clb{clb, leuven.region};

  Timestamp Now() { return leuven.region.clock.Now(); }
  void Close() {
    ASSERT_TRUE(wissel.trajectories.Close(trajectory, {"", "aangeboden", CopyTaken::kTaken, ""}, std::nullopt, {}));
  }
  // The small one behind it, with psychiatry and school invited anew.
  TrajectoryId Begun() {
    Close();
    const auto sent = ours.service.Begin(trajectory, {}, {});
    EXPECT_TRUE(sent) << ToText(sent.error());
    const TrajectoryId id = sent.value().trajectory;
    for (Office* office : {&upc, &clb}) {
      EXPECT_TRUE(wissel.trajectories.Invite(id, office->id(), {"", "nazorg"}, std::nullopt, {}));
      EXPECT_TRUE(office->trajectories.Join(id, {"we bellen"}, {}));
    }
    return id;
  }
  RecordId Consent(const TrajectoryId& id, const Office& office, days length, Grantor grantor = Grantor::kYoungPerson) {
    GrantRequest request = Request(office, {Purpose::kAftercare}, {Category::kAgreements}, length);
    request.trajectory = id;
    request.grantor = grantor;
    const auto sent = wissel.grants.Give(request, wissel.caller, {});
    EXPECT_TRUE(sent) << ToText(sent.error());
    return sent.value().record;
  }
  AftercareContactBody Calls(const Office& office, std::uint32_t every_weeks = 4) {
    return {false, office.id(), "Sam", ContactHow::kPhone, Now() + days(3), every_weeks, std::nullopt, ""};
  }
  static CaseTrajectory SeenOf(Office& office, const TrajectoryId& id) { return office.cases.Trajectory(id).value(); }
  AftercareState State(Office& office, const TrajectoryId& id, std::size_t which = 0) {
    const CaseTrajectory seen = SeenOf(office, id);
    return StateOf(seen, seen.passage.contacts.at(which), Now());
  }
  std::vector<InboxItem::What> Asked(Office& office) {
    std::vector<InboxItem::What> asked;
    const InboxService::Inbox inbox = office.inbox.Show("Nora").value();
    for (const InboxItem& one : inbox.items) asked.push_back(one.what);
    return asked;
  }
};

TEST_F(AftercareTest, ItBeginsAsANewTrajectoryTiedInTheOwnVaultAlone) {
  Join(upc);
  EXPECT_EQ(RuleOf(ours.service.Begin(trajectory, {}, {})), "aftercare.open");
  Close();
  EXPECT_EQ(RuleOf(of_upc.service.Begin(trajectory, {}, {})), "aftercare.lead");
  const auto preview = ours.service.Begin(trajectory, {}, {.preview = true});
  ASSERT_TRUE(preview);
  EXPECT_THAT(ours.ties.All().value(), IsEmpty()) << "a preview ties nothing";
  const auto sent = ours.service.Begin(trajectory, {}, {});
  ASSERT_TRUE(sent) << ToText(sent.error());
  const CaseTrajectory after = SeenOf(wissel, sent->trajectory);
  EXPECT_EQ(after.participants.size(), 1U) << "who takes part is invited anew";
  EXPECT_THAT(after.grants, IsEmpty());
  EXPECT_EQ(after.stage, Seen(wissel).stage);
  Glance glance;
  glance.Want(after);
  ASSERT_TRUE(glance.Read(wissel.reading, wissel.caller));
  EXPECT_EQ(glance.LabelOf(after), "Sam (2010)");
  const auto ties = ours.ties.Of(trajectory, wissel.caller).value();
  ASSERT_EQ(ties.size(), 1U);
  EXPECT_EQ(ties[0].to, sent->trajectory);
  EXPECT_EQ(ties[0].relation, SubjectRelation::kFollows);
  EXPECT_EQ(ours.ties.Of(sent->trajectory, wissel.caller).value().at(0).relation, SubjectRelation::kPrecedes);
  EXPECT_FALSE(upc.cases.Trajectory(sent->trajectory)) << "nobody else hears of it";
  EXPECT_THAT(of_upc.ties.All().value(), IsEmpty());
  EXPECT_EQ(RuleOf(ours.service.Begin(trajectory, {}, {})), "aftercare.begun");
  ASSERT_TRUE(wissel.trajectories.Close(sent->trajectory, {"", "aangeboden", CopyTaken::kTaken, ""}, std::nullopt, {}));
  EXPECT_EQ(RuleOf(ours.service.Begin(trajectory, {}, {})), "ok") << "what was over may begin again";
}

TEST_F(AftercareTest, EachContactEndsWithItsOwnConsentAndTheOtherGoesOn) {
  const TrajectoryId id = Begun();
  const RecordId short_one = Consent(id, upc, days(30));
  const RecordId long_one = Consent(id, clb, days(180));
  const auto by_upc = ours.service.Agree(id, Calls(upc), short_one, {});
  ASSERT_TRUE(by_upc) << ToText(by_upc.error());
  EXPECT_THAT(by_upc->reaches, ElementsAre(upc.id())) << "under that very consent, and nobody besides";
  const auto by_clb = ours.service.Agree(id, Calls(clb), long_one, {});
  ASSERT_TRUE(by_clb) << ToText(by_clb.error());
  EXPECT_EQ(SeenOf(clb, id).passage.contacts.size(), 1U);
  EXPECT_EQ(State(wissel, id, 0).standing, kDue);
  EXPECT_THAT(Asked(upc), Contains(InboxItem::What::kAftercareDue));

  // Until the instant the consent ends, what it covers is handed over; from then on not.
  const auto reached = [&](const Office& office) {
    const auto sent = wissel.content.Note(id, {"t", ""}, Purpose::kAftercare, {Category::kAgreements},
                                          {.named = {office.id()}, .accept_unreached = true, .preview = true});
    EXPECT_TRUE(sent) << ToText(sent.error());
    return !sent.value().reaches.empty();
  };
  leuven.region.clock.Advance(days(30) - hours(1));
  EXPECT_TRUE(reached(upc));
  EXPECT_EQ(State(upc, id).standing, kLate);
  EXPECT_THAT(Asked(wissel), Contains(InboxItem::What::kAftercareLate));
  leuven.region.clock.Advance(hours(1));
  EXPECT_FALSE(reached(upc));
  EXPECT_TRUE(reached(clb)) << "the other goes on";
  for (Office* office : {&wissel, &upc}) {
    EXPECT_EQ(State(*office, id, 0).standing, kConsentEnded);
    EXPECT_EQ(State(*office, id, 0).ended_at, Now());
  }
  EXPECT_EQ(State(wissel, id, 1).standing, kLate);
  EXPECT_EQ(State(clb, id).standing, kLate);
  EXPECT_THAT(Asked(upc), Not(Contains(InboxItem::What::kAftercareDue))) << "no longer due";
  EXPECT_THAT(Asked(clb), Contains(InboxItem::What::kAftercareDue));
  const ContactMomentBody now{ContactHow::kPhone, false, std::nullopt, 10, {Speaker::kYoungPerson}, "", ""};
  EXPECT_EQ(RuleOf(of_upc.service.Done(by_upc->record, now, {})), "aftercare.consent");
  ContactMomentBody before = now;
  before.at = Now() - days(1);
  const auto late = ours.service.Done(by_upc->record, before, {});
  ASSERT_TRUE(late) << ToText(late.error());
  EXPECT_THAT(late->reaches, IsEmpty()) << "what took place in time is written down, at home";
  const auto done = of_clb.service.Done(by_clb->record, now, {});
  EXPECT_TRUE(done) << ToText(done.error());
}

TEST_F(AftercareTest, WhoLeadsHearsThatItWasDoneUnderAConsentOfItsOwn) {
  const TrajectoryId id = Begun();
  const auto contact = ours.service.Agree(id, Calls(upc), Consent(id, upc, days(180)), {});
  ASSERT_TRUE(contact) << ToText(contact.error());
  EXPECT_TRUE(State(wissel, id).unheard) << "no consent lets us hear of it";
  leuven.region.clock.Advance(days(4));
  const ContactMomentBody now{ContactHow::kPhone, false, std::nullopt, 10, {Speaker::kYoungPerson}, "", ""};
  const auto unheard = of_upc.service.Done(contact->record, now, {});
  ASSERT_TRUE(unheard) << ToText(unheard.error());
  EXPECT_THAT(unheard->reaches, IsEmpty());
  EXPECT_THAT(Asked(wissel), Contains(InboxItem::What::kAftercareLate)) << "not heard: call them";
  ASSERT_TRUE(ours.service.Done(contact->record, now, {})) << "and write down what they say";
  EXPECT_THAT(Asked(wissel), Not(Contains(InboxItem::What::kAftercareLate)));

  Consent(id, wissel, days(180));
  EXPECT_FALSE(State(wissel, id).unheard);
  leuven.region.clock.Advance(weeks(4) + days(1));
  EXPECT_THAT(Asked(wissel), Contains(InboxItem::What::kAftercareLate));
  const auto heard = of_upc.service.Done(contact->record, now, {});
  ASSERT_TRUE(heard) << ToText(heard.error());
  EXPECT_THAT(heard->reaches, ElementsAre(wissel.id()));
  EXPECT_THAT(Asked(wissel), Not(Contains(InboxItem::What::kAftercareLate)));
}

TEST_F(AftercareTest, WhatIsTakenBackStopsThatContactAlone) {
  const TrajectoryId id = Begun();
  const RecordId first = Consent(id, upc, days(180));
  const RecordId second = Consent(id, clb, days(180));
  const RecordId contact = ours.service.Agree(id, Calls(upc), first, {}).value().record;
  ASSERT_TRUE(ours.service.Agree(id, Calls(clb), second, {}));
  leuven.region.clock.Advance(days(1));
  ASSERT_TRUE(wissel.grants.Withdraw(first, {"Sam wil het niet meer"}, {}));
  EXPECT_EQ(State(wissel, id, 0).standing, kWithdrawn);
  EXPECT_EQ(State(wissel, id, 0).ended_at, Now());
  EXPECT_EQ(State(wissel, id, 1).standing, kDue);
  EXPECT_EQ(State(clb, id).standing, kDue);
  const auto shown = upc.reading.Show({contact}, upc.caller).value();
  EXPECT_TRUE(shown.at(0).sealed) << "its words are sealed where they were";
  EXPECT_EQ(RuleOf(ours.service.Done(contact, {}, {})), "aftercare.consent");
}

TEST_F(AftercareTest, AConsentCarriesOneContactThatItOutlives) {
  const TrajectoryId id = Begun();
  const RecordId grant = Consent(id, upc, days(90));
  EXPECT_EQ(RuleOf(of_upc.service.Agree(id, Calls(upc), grant, {})), "aftercare.lead");
  EXPECT_EQ(RuleOf(ours.service.Agree(id, Calls(clb), grant, {})), "aftercare.grant") << "of another";
  AftercareContactBody body = Calls(upc);
  body.until = Now() + days(91);
  EXPECT_EQ(RuleOf(ours.service.Agree(id, body, grant, {})), "aftercare.until");
  body.every_weeks = kAftercareWeeksMax + 1;
  body.until.reset();
  EXPECT_EQ(RuleOf(ours.service.Agree(id, body, grant, {})), "aftercare.weeks");
  body = Calls(upc);
  body.at = Now() - days(30);
  EXPECT_EQ(RuleOf(ours.service.Agree(id, body, grant, {})), "aftercare.past");
  GrantRequest other = Request(upc, {Purpose::kCareCoordination}, {Category::kAgreements});
  other.trajectory = id;
  const RecordId for_care = wissel.grants.Give(other, wissel.caller, {}).value().record;
  EXPECT_EQ(RuleOf(ours.service.Agree(id, Calls(upc), for_care, {})), "aftercare.grant") << "for another purpose";
  const auto sent = ours.service.Agree(id, Calls(upc), grant, {});
  ASSERT_TRUE(sent) << ToText(sent.error());
  EXPECT_EQ(RuleOf(ours.service.Agree(id, Calls(upc), grant, {})), "aftercare.grant_used");
  body = Calls(upc, 0);
  body.ended = true;
  ASSERT_TRUE(ours.service.Edit(sent->record, body, grant, {}));
  EXPECT_EQ(State(upc, id).standing, kStopped);
  EXPECT_EQ(RuleOf(ours.service.Done(sent->record, {}, {})), "aftercare.stopped");
  EXPECT_EQ(RuleOf(ours.service.Agree(id, Calls(upc), grant, {})), "ok") << "free again";
}

TEST_F(AftercareTest, WhatTookPlaceSaysWhenTheNextOneIs) {
  const TrajectoryId id = Begun();
  const RecordId own = Consent(id, wissel, days(70));
  Consent(id, clb, days(70));
  const auto sent =
      ours.service.Agree(id, {false, {}, "Sam", ContactHow::kPhone, Now() + days(10), 4, {}, ""}, own, {});
  ASSERT_TRUE(sent) << ToText(sent.error());
  EXPECT_THAT(sent->reaches, IsEmpty()) << "ours to keep: it goes to nobody";
  EXPECT_EQ(State(wissel, id).standing, kPlanned);
  leuven.region.clock.Advance(days(10));
  EXPECT_EQ(State(wissel, id).standing, kDue);
  EXPECT_EQ(RuleOf(of_clb.service.Done(sent->record, {}, {})), "id.unknown");
  ContactMomentBody moment{ContactHow::kPhone, false, Now() + hours(1), 5, {Speaker::kYoungPerson}, "", ""};
  EXPECT_EQ(RuleOf(ours.service.Done(sent->record, moment, {})), "contact.future");
  moment.at.reset();
  ASSERT_TRUE(ours.service.Done(sent->record, moment, {}));
  EXPECT_EQ(State(wissel, id).standing, kPlanned);
  EXPECT_EQ(State(wissel, id).next_at, Now() + weeks(4));
  ASSERT_EQ(SeenOf(wissel, id).help.contacts.size(), 1U) << "it is a contact as any other";
  const RecordId moment_record = SeenOf(wissel, id).help.contacts[0].record;
  EXPECT_EQ(OwnConsentOf(wissel.engine.Find(moment_record)->header), own) << "and goes with that consent";
  leuven.region.clock.Advance(weeks(4));
  ASSERT_TRUE(ours.service.Done(sent->record, moment, {}));
  leuven.region.clock.Advance(weeks(4));
  ASSERT_TRUE(ours.service.Done(sent->record, moment, {}));
  EXPECT_EQ(State(wissel, id).standing, kDone) << "the next one would lie behind its end";
  EXPECT_THAT(Asked(wissel), Not(Contains(InboxItem::What::kAftercareDue)));
}

TEST_F(AftercareTest, WhoseConsentCountsChangesAtEighteen) {
  Close();
  ASSERT_EQ(Seen(wissel).stage, Stage::kCapable);
  const TrajectoryId id = ours.service.Begin(trajectory, {}, {}).value().trajectory;
  const RecordId of_mother = Consent(id, wissel, days(300), Grantor::kFirstParent);
  EXPECT_EQ(RuleOf(ours.service.Agree(id, Calls(wissel), of_mother, {})), "aftercare.grant")
      << "a capable young person consents";
  const RecordId own = Consent(id, wissel, days(300));
  ASSERT_TRUE(ours.service.Agree(id, Calls(wissel), own, {}));
  ASSERT_TRUE(wissel.trajectories.SayStage(id, Stage::kAdult, std::nullopt, {}));
  EXPECT_EQ(State(wissel, id).standing, kDue) << "what they consented to themselves goes on";
}

// Two contacts at one partner, each under its own consent, which cover the same purpose and category.
TEST(AftercareConsent, WhatOneContactSaidIsSealedWhenItsOwnConsentIsTakenBack) {
  testing::SmallWorld world;
  world.ConnectAll();
  world.OpenTrajectory();
  const RecordId other = world.lead().Give(world.trajectory, world.partner_id).value();
  const auto say = [&](Kind kind, std::vector<RecordId> references, Purpose purpose) {
    Draft draft;
    draft.kind = kind;
    draft.trajectory = world.trajectory;
    draft.purpose = purpose;
    draft.categories = {Category::kLiving};
    draft.references = std::move(references);
    draft.body = {1, 1, ToBytes(AsBytes("Sam"))};
    draft.recipients = {world.partner_id};
    return world.lead().sync().Say(draft).value();
  };
  const RecordId first = say(Kind::kAftercareContact, {world.grant}, Purpose::kCareCoordination);
  const RecordId second = say(Kind::kAftercareContact, {other}, Purpose::kCareCoordination);
  const RecordId note = world.lead().Note(world.trajectory, {world.partner_id}, "van allebei").value();
  world.Exchange();
  ASSERT_TRUE(world.lead().Withdraw(world.trajectory, world.grant));
  world.Exchange();
  const auto sealed = world.partner().vault().SealedByNumber().value();
  ASSERT_EQ(sealed.size(), 1U) << "what rests on no consent of its own stays under the other";
  EXPECT_EQ(sealed.begin()->second.record, first);
  EXPECT_EQ(sealed.begin()->second.grant, world.grant);
  ASSERT_TRUE(world.lead().Withdraw(world.trajectory, other));
  world.Exchange();
  EXPECT_EQ(world.partner().vault().SealedByNumber().value().size(), 3U);
  EXPECT_NE(second, note);
}

TEST(AftercareConsent, ARecordNamesItsOwnConsentLast) {
  const RecordId id(Id128{1});
  const RecordId contact(Id128{2});
  const RecordId grant(Id128{3});
  struct Row {
    const char* name;
    Kind kind;
    RecordId thread;
    Purpose purpose;
    std::vector<RecordId> references;
    RecordId want;
  };
  const Row rows[] = {
      {"agreed", Kind::kAftercareContact, id, Purpose::kAftercare, {grant}, grant},
      {"a later version", Kind::kAftercareContact, contact, Purpose::kAftercare, {contact, grant}, grant},
      {"a version without", Kind::kAftercareContact, contact, Purpose::kAftercare, {contact}, {}},
      {"done", Kind::kContactMoment, id, Purpose::kAftercare, {contact, grant}, grant},
      {"done, as it was once said", Kind::kContactMoment, id, Purpose::kAftercare, {contact}, {}},
      {"a contact of another kind", Kind::kContactMoment, id, Purpose::kCareCoordination, {contact, grant}, {}},
      {"a note", Kind::kNote, id, Purpose::kAftercare, {contact, grant}, {}},
  };
  for (const Row& row : rows) {
    Header header;
    header.id = id;
    header.kind = row.kind;
    header.thread = row.thread;
    header.purpose = row.purpose;
    header.references = row.references;
    EXPECT_EQ(OwnConsentOf(header), row.want) << row.name;
  }
}

}  // namespace
}  // namespace schakel
