// Family group conferences and messages with supporters: phases, who may, what lies in the vault.
#include "agents/family.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "agents/supporters.h"
#include "methods/family_fold.h"
#include "support/guest_world.h"

namespace schakel {
namespace {

using schakel::test::GuestsTest;
using schakel::test::kGuestAddress;
using schakel::test::MeetingOffice;
using schakel::test::MeetingsTest;
using std::chrono::days;
using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using enum FamilyPhase;

template <typename T>
std::string RuleOfFamily(const Result<T>& result) {
  return result ? "" : result.error().rule;
}

// Psychiatry takes part and does not lead: it convenes, and Sam, his mother and an aunt come by its links.
class FamilyTest : public MeetingsTest {
 protected:
  FamilyTest() {
    for (MeetingOffice* office : {&wissel, &upc, &clb}) {
      GrantRequest request;
      request.trajectory = trajectory;
      request.recipient = office->id();
      request.purposes = {Purpose::kCareCoordination};
      request.categories = office == &clb ? CategorySet{Category::kFamily} : CategorySet{Category::kOwnVoice};
      request.ends_at = start + days(300);
      request.consented_by = "Sam";
      request.how = "ondertekend";
      EXPECT_TRUE(wissel.grants.Give(request, {{"Nora", StaffRole::kWorker}, ViewReason::kTask}, {}));
    }
  }
  const Caller claes{{"dokter Claes", StaffRole::kWorker}, ViewReason::kTask};
  GuestService guests{upc.engine, upc.cases, upc.meetings, leuven.region.clock, leuven.region.random};
  ConferenceService conferences{upc.engine, upc.cases, upc.meetings, guests};
  FamilyNotes notes{upc.engine, conferences, leuven.region.clock, leuven.region.random};
  SupporterService supporters{upc.engine, upc.cases, guests};
  GuestService of_lead{wissel.engine, wissel.cases, wissel.meetings, leuven.region.clock, leuven.region.random};
  ConferenceService lead_conferences{wissel.engine, wissel.cases, wissel.meetings, of_lead};
  const RecordId table = upc.meetings.Propose(trajectory, Dates(), {}).value().record;
  const RecordId sam = Invited(Speaker::kYoungPerson, "Sam");
  const RecordId mother = Invited(Speaker::kMother, "Els");
  const RecordId aunt = Invited(Speaker::kOther, "Tante Mia");
  const RecordId uncle = Invited(Speaker::kOther, "Nonkel Jan");

  RecordId Invited(Speaker who, const std::string& name) {
    return upc.meetings.Invite(table, {name, who, ""}, {}).value().record;
  }
  GuestService::Visit In(const RecordId& guest) {
    const std::string link = guests.Make(table, guest, {}, claes).value().secret;
    return guests.Who(guests.Enter(link, kGuestAddress).value().session).value();
  }
  FamilyConferenceBody About() const { return {kInformation, "Ria", "Waar woont Sam?", {}, ""}; }
  RecordId Begun() {
    const auto sent = conferences.Begin(trajectory, table, About(), {});
    EXPECT_TRUE(sent) << ToText(sent.error());
    return sent ? sent->record : RecordId{};
  }
  RecordId InPhase(FamilyPhase phase) {
    const RecordId id = Begun();
    EXPECT_TRUE(conferences.Move(id, kPrivate, "", {}));
    EXPECT_TRUE(phase == kPrivate || conferences.Move(id, kPlan, "", {}));
    return id;
  }
  static FamilyNote Sealed(bool words = false, std::size_t blocks = 1) {
    FamilyNote note;
    note.words = words;
    note.sealed = Bytes(blocks * FamilyNotes::kPaddedTo + FamilyNotes::kTagBytes, 0xa7);
    return note;
  }
  CaseFamily Seen(MeetingOffice& office) { return office.cases.Trajectory(trajectory).value().family; }
  std::vector<InboxItem::What> WaitsAt(MeetingOffice& office) {
    std::vector<InboxItem::What> whats;
    const InboxService::Inbox inbox = office.inbox.Show("x").value();
    for (const InboxItem& item : inbox.items) {
      const bool ours = item.what == InboxItem::What::kSupporter || item.what == InboxItem::What::kFamilyPlan;
      if (ours) whats.push_back(item.what);
    }
    return whats;
  }
};

TEST_F(FamilyTest, WhoLeadsDoesNotCoordinate) {
  const RecordId of_wissel = Propose(Dates());
  EXPECT_EQ(RuleOfFamily(lead_conferences.Begin(trajectory, of_wissel, About(), {})), "conference.independent");
  EXPECT_EQ(RuleOfFamily(conferences.Begin(trajectory, of_wissel, About(), {})), "meeting.convener");
  EXPECT_EQ(RuleOfFamily(conferences.Begin(trajectory, table, {kInformation, "", "Waar?", {}, ""}, {})),
            "body.required");
  EXPECT_EQ(RuleOfFamily(conferences.Begin(trajectory, table, About(), {})), "");
  EXPECT_EQ(RuleOfFamily(conferences.Begin(trajectory, table, About(), {})), "conference.begun");
  ASSERT_THAT(Seen(wissel).conferences, SizeIs(1)) << "others are told";
  EXPECT_EQ(Seen(wissel).conferences[0].coordinator, upc.id());
  EXPECT_EQ(Seen(wissel).conferences[0].table, table);
}

TEST_F(FamilyTest, APhaseFollowsTheOneBeforeAndNeverGoesBack) {
  const RecordId id = Begun();
  EXPECT_EQ(RuleOfFamily(conferences.Move(id, kInformation, "", {})), "conference.phase");
  EXPECT_EQ(RuleOfFamily(conferences.Move(id, kPlan, "", {})), "conference.phase")
      << "the family is among itself first";
  EXPECT_EQ(RuleOfFamily(lead_conferences.Move(id, kPrivate, "", {})), "conference.coordinator");
  ASSERT_TRUE(conferences.Move(id, kPrivate, "", {}));
  EXPECT_EQ(Seen(wissel).conferences[0].phase(), kPrivate);
  EXPECT_EQ(RuleOfFamily(conferences.Move(id, kPrivate, "", {})), "conference.phase");
  ASSERT_TRUE(conferences.Move(id, kPlan, "", {}));
  EXPECT_EQ(RuleOfFamily(conferences.Move(id, kPrivate, "", {})), "conference.phase");
  EXPECT_THAT(Seen(upc).conferences[0].moves, SizeIs(3));
}

TEST_F(FamilyTest, TheFoldTakesNoPhaseThatDoesNotFollowNorOneOfAnother) {
  const auto record = [&](std::uint8_t id, std::uint8_t thread, const OrgId& author, FamilyPhase phase) {
    CaseRecord one;
    one.held.header.kind = Kind::kFamilyConference;
    one.held.header.id = RecordId(Id128{id});
    one.held.header.thread = RecordId(Id128{thread});
    one.held.header.author = author;
    one.body = FamilyConferenceBody{phase, "Ria", "Waar?", {}, ""};
    return one;
  };
  const std::vector<CaseRecord> all = {record(1, 1, upc.id(), kInformation), record(2, 1, upc.id(), kPlan),
                                       record(3, 1, clb.id(), kPrivate), record(4, 1, upc.id(), kPrivate),
                                       record(5, 1, upc.id(), kInformation)};
  std::vector<const CaseRecord*> records;
  for (const CaseRecord& one : all) records.push_back(&one);
  const CaseFamily family = FoldFamily(records, [](const OrgId&, Timestamp) { return true; });
  ASSERT_THAT(family.conferences, SizeIs(1));
  ASSERT_THAT(family.conferences[0].moves, SizeIs(2));
  EXPECT_EQ(family.conferences[0].moves[1].record, RecordId(Id128{4}));
}

TEST_F(FamilyTest, NotesAreKeptInThePrivatePhaseAlone) {
  const auto visit = In(sam);
  EXPECT_EQ(RuleOfFamily(notes.Read(visit)), "conference.none");
  const RecordId id = Begun();
  EXPECT_EQ(RuleOfFamily(notes.Read(visit)), "family_note.not_yet");
  EXPECT_EQ(RuleOfFamily(notes.Write(visit, Sealed(true))), "family_note.not_yet");
  ASSERT_TRUE(conferences.Move(id, kPrivate, "", {}));
  EXPECT_EQ(RuleOfFamily(notes.Write(visit, Sealed())), "family_note.no_words");
  ASSERT_TRUE(notes.Write(visit, Sealed(true)));
  EXPECT_EQ(RuleOfFamily(notes.Write(In(mother), Sealed(true))), "family_note.words");
  ASSERT_TRUE(notes.Write(visit, Sealed()));
  ASSERT_TRUE(notes.Write(In(mother), Sealed()));
  EXPECT_EQ(notes.CountOf(id).value(), 2U) << "the words are no note";
  ASSERT_TRUE(conferences.Move(id, kPlan, "", {}));
  EXPECT_EQ(RuleOfFamily(notes.Write(visit, Sealed())), "family_note.over");
  EXPECT_THAT(notes.Read(In(sam)).value(), SizeIs(3)) << "they are read afterwards too";
}

TEST_F(FamilyTest, OnlyWhatThePageCouldHaveSealedIsKeptAndNoMoreThanThatMany) {
  InPhase(kPrivate);
  const auto visit = In(sam);
  ASSERT_TRUE(notes.Write(visit, Sealed(true)));
  FamilyNote clear = Sealed();
  clear.sealed = ToBytes(AsBytes("we gaan naar oma"));
  EXPECT_EQ(RuleOfFamily(notes.Write(visit, clear)), "family_note.sealed");
  FamilyNote odd = Sealed();
  odd.sealed.push_back(0);
  EXPECT_EQ(RuleOfFamily(notes.Write(visit, odd)), "family_note.sealed");
  EXPECT_TRUE(notes.Write(visit, Sealed(false, 32)));
  EXPECT_EQ(RuleOfFamily(notes.Write(visit, Sealed(false, 33))), "family_note.sealed");
  for (std::size_t i = 2; i < FamilyNotes::kNotesMax; ++i) ASSERT_TRUE(notes.Write(visit, Sealed()));
  EXPECT_EQ(RuleOfFamily(notes.Write(visit, Sealed())), "family_note.many");
}

TEST_F(FamilyTest, EachWipesTheirOwnNotesAndAnybodyAll) {
  const RecordId id = InPhase(kPrivate);
  const auto visit = In(sam);
  const auto of_mother = In(mother);
  const std::string words = ToHex(notes.Write(visit, Sealed(true)).value().id);
  const std::string own = ToHex(notes.Write(visit, Sealed()).value().id);
  ASSERT_TRUE(notes.Write(of_mother, Sealed()));
  EXPECT_EQ(RuleOfFamily(notes.Wipe(of_mother, own)), "family_note.unknown");
  EXPECT_EQ(RuleOfFamily(notes.Wipe(visit, words)), "family_note.unknown");
  EXPECT_TRUE(notes.Wipe(visit, own));
  EXPECT_EQ(notes.CountOf(id).value(), 1U);
  ASSERT_TRUE(notes.WipeAll(of_mother));
  EXPECT_THAT(notes.Read(visit).value(), IsEmpty());
  EXPECT_TRUE(upc.engine.Kept("family.notes." + ToText(id)).value().empty());
  EXPECT_TRUE(notes.Write(of_mother, Sealed(true))) << "with other words";
}

TEST_F(FamilyTest, ALinkThatIsMadeOnceTheFamilyIsAmongItselfIsSaidFirst) {
  const auto say = [&](const std::string& why) {
    return conferences.SayNewLink(table, sam, why, "Nieuwe link. " + why, milliseconds(0));
  };
  EXPECT_FALSE(say("").value()) << "there is no conference";
  const RecordId id = Begun();
  EXPECT_FALSE(say("").value()) << "everybody is in the room yet";
  ASSERT_TRUE(conferences.Move(id, kPrivate, "", {}));
  EXPECT_EQ(RuleOfFamily(say(" ")), "conference.link_why");
  EXPECT_FALSE(conferences.SayNewLink(table, RecordId(Id128{7}), "x", "x", milliseconds(0)).value()) << "no guest";
  EXPECT_TRUE(say("toestel kwijt").value());
  EXPECT_EQ(Seen(wissel).conferences[0].phase(), kPrivate) << "it is no phase";
  ASSERT_TRUE(conferences.Move(id, kPlan, "", {}));
  EXPECT_TRUE(say("weer kwijt").value()) << "the plan comes by a link too";
  const auto at_lead = lead_conferences.NewLinks(trajectory, id).value();
  ASSERT_THAT(at_lead, SizeIs(2));
  EXPECT_EQ(at_lead[0].guest, sam);
  EXPECT_EQ(at_lead[0].by, upc.id());
  const TypedBody said = DecodeBody(wissel.engine.Open(at_lead[0].record).value()).value();
  EXPECT_EQ(std::get<FamilyConferenceBody>(said).text, "Nieuwe link. toestel kwijt");
  EXPECT_THAT(conferences.Look(In(mother)).value().new_links, SizeIs(2)) << "the family sees it";
}

TEST_F(FamilyTest, ANewLinkWipesNothingThatWasThereBefore) {
  const RecordId id = InPhase(kPrivate);
  const auto of_mother = In(mother);
  const auto before = In(sam);
  ASSERT_TRUE(notes.Write(before, Sealed(true)));
  const std::string own = ToHex(notes.Write(before, Sealed()).value().id);
  leuven.region.clock.Advance(std::chrono::minutes(1));
  const auto after = In(sam);
  EXPECT_EQ(RuleOfFamily(notes.Wipe(after, own)), "family_note.older");
  EXPECT_EQ(RuleOfFamily(notes.WipeAll(after)), "family_note.older");
  EXPECT_EQ(notes.CountOf(id).value(), 1U);
  const std::string newer = ToHex(notes.Write(after, Sealed()).value().id);
  EXPECT_TRUE(notes.Wipe(after, newer)) << "what it wrote itself";
  EXPECT_TRUE(notes.WipeAll(of_mother)) << "by a link from before";
}

TEST_F(FamilyTest, APlanSaysThatItCameByANewLink) {
  const RecordId id = InPhase(kPlan);
  const auto of_mother = In(mother);
  const auto link_of = [&](const Result<Sent>& sent) {
    const auto links = lead_conferences.NewLinks(trajectory, id).value();
    const ConferenceLink* link = LinkOfPlan(links, wissel.engine.Find(sent.value().record)->header);
    return link == nullptr ? std::nullopt : std::optional(*link);
  };
  ASSERT_TRUE(conferences.SayNewLink(table, sam, "kwijt", "kwijt", milliseconds(0)).value());
  EXPECT_FALSE(link_of(conferences.HandOver(of_mother, "naar oma", milliseconds(0)))) << "hers is an older one";
  const auto of_sam = In(sam);
  const auto link = link_of(conferences.HandOver(of_sam, "naar tante", milliseconds(0)));
  ASSERT_TRUE(link);
  EXPECT_EQ(link->guest, sam);
}

TEST_F(FamilyTest, NothingStaysOfAClosedTrajectory) {
  const RecordId id = InPhase(kPrivate);
  ASSERT_TRUE(notes.Write(In(sam), Sealed(true)));
  ASSERT_TRUE(notes.ForgetGone(upc.cases));
  EXPECT_EQ(upc.engine.Kept("family.notes." + ToText(id)).value().size(), 1U);
  ClosingBody closing;
  closing.copy_offered = "aan Sam, op papier";
  const auto closed = wissel.trajectories.Close(trajectory, closing, {}, {});
  ASSERT_TRUE(closed) << ToText(closed.error());
  ASSERT_TRUE(notes.ForgetGone(upc.cases));
  EXPECT_TRUE(upc.engine.Kept("family.notes." + ToText(id)).value().empty());
  EXPECT_TRUE(upc.engine.Kept("family.conferences").value().empty());
}

TEST_F(FamilyTest, TheFamilyHandsOverItsPlanAndWhoLeadsAnswers) {
  const RecordId id = InPhase(kPrivate);
  const auto visit = In(mother);
  EXPECT_EQ(RuleOfFamily(conferences.HandOver(visit, "Sam gaat naar oma", milliseconds(0))), "conference.not_yet");
  ASSERT_TRUE(conferences.Move(id, kPlan, "", {}));
  const auto sent = conferences.HandOver(visit, "Sam gaat naar oma", milliseconds(0));
  ASSERT_TRUE(sent) << ToText(sent.error());
  EXPECT_THAT(sent->reaches, ElementsAre(wissel.id())) << "whose grant covers their own voice";
  const CaseFamily seen = Seen(wissel);
  ASSERT_THAT(seen.plans, SizeIs(1));
  EXPECT_EQ(seen.plans[0].guest, mother);
  EXPECT_THAT(WaitsAt(wissel), ElementsAre(InboxItem::What::kFamilyPlan));
  EXPECT_THAT(WaitsAt(upc), IsEmpty());
  const FamilyPlanBody accepted{FamilyPlanSaid::kAccepted, "", Speaker::kYoungPerson, "", false};
  EXPECT_EQ(RuleOfFamily(conferences.Answer(sent->record, accepted, {})), "family_plan.lead");
  EXPECT_EQ(RuleOfFamily(lead_conferences.Answer(sent->record,
                                                 {FamilyPlanSaid::kPlan, "x", Speaker::kYoungPerson, "y", false}, {})),
            "family_plan.said");
  EXPECT_EQ(RuleOfFamily(lead_conferences.Answer(sent->record,
                                                 {FamilyPlanSaid::kAsked, "", Speaker::kYoungPerson, "", false}, {})),
            "body.required");
  leuven.region.clock.Advance(milliseconds(1));
  GrantRequest later;
  later.trajectory = trajectory;
  later.recipient = clb.id();
  later.purposes = {Purpose::kCareCoordination};
  later.categories = {Category::kOwnVoice};
  later.ends_at = start + days(300);
  later.consented_by = "Sam";
  later.how = "ondertekend";
  ASSERT_TRUE(wissel.grants.Give(later, {{"Nora", StaffRole::kWorker}, ViewReason::kTask}, {}));
  const auto answered = lead_conferences.Answer(sent->record, accepted, {});
  ASSERT_TRUE(answered) << ToText(answered.error());
  EXPECT_THAT(answered->reaches, ElementsAre(upc.id())) << "the school, covered since, has no plan";
  EXPECT_EQ(Seen(upc).plans[0].answer->said, FamilyPlanSaid::kAccepted);
  EXPECT_THAT(WaitsAt(wissel), IsEmpty());
  const auto view = conferences.Look(In(sam)).value();
  EXPECT_EQ(view.plan->text, "Sam gaat naar oma");
  EXPECT_EQ(view.plan->name, "Els");
  EXPECT_EQ(view.answer->said, FamilyPlanSaid::kAccepted);
  ASSERT_TRUE(conferences.HandOver(visit, "Toch naar tante", milliseconds(0)));
  EXPECT_EQ(RuleOfFamily(lead_conferences.Answer(sent->record, accepted, {})), "family_plan.newer");
  for (int more = 2; more < 20; ++more) ASSERT_TRUE(conferences.HandOver(visit, "nog een", milliseconds(0))) << more;
  EXPECT_EQ(RuleOfFamily(conferences.HandOver(visit, "nog een", milliseconds(0))), "family_plan.many");
}

TEST_F(FamilyTest, OfAnotherMeetingNobodyComesToTheConference) {
  InPhase(kPrivate);
  const RecordId other = upc.meetings.Propose(trajectory, Dates(), {}).value().record;
  const RecordId guest = upc.meetings.Invite(other, {"Jef", Speaker::kOther, ""}, {}).value().record;
  const std::string link = guests.Make(other, guest, {}, claes).value().secret;
  const auto visit = guests.Who(guests.Enter(link, kGuestAddress).value().session).value();
  EXPECT_EQ(RuleOfFamily(notes.Read(visit)), "conference.none");
  EXPECT_EQ(RuleOfFamily(notes.Write(visit, Sealed(true))), "conference.none");
  EXPECT_EQ(RuleOfFamily(conferences.Look(visit)), "conference.none");
}

TEST_F(FamilyTest, ARowOfANoteComesBackAsItWent) {
  FamilyNote note = Sealed(true);
  note.id = {1, 2};
  note.author = sam;
  note.at = start;
  note.nonce = {9};
  EXPECT_EQ(DecodeFamilyNote(EncodeFamilyNote(note)).value(), note);
  Bytes cut = EncodeFamilyNote(note);
  cut.pop_back();
  EXPECT_EQ(DecodeFamilyNote(cut).error().rule, "vault.row");
}

// ---- Supporters ----

TEST_F(FamilyTest, ASupporterSeesTheirOwnConversationAlone) {
  const auto of_aunt = In(aunt);
  const auto of_uncle = In(uncle);
  const auto sent = supporters.Write(trajectory, {aunt, uncle}, "Kunt u zaterdag?", {}, claes);
  ASSERT_TRUE(sent) << ToText(sent.error());
  ASSERT_THAT(*sent, SizeIs(2)) << "each a record of its own";
  EXPECT_NE((*sent)[0].record, (*sent)[1].record);
  EXPECT_THAT((*sent)[0].reaches, IsEmpty());
  ASSERT_TRUE(supporters.Answer(of_aunt, "Ja, van Mia", milliseconds(0)));
  ASSERT_TRUE(supporters.Answer(of_uncle, "Neen, van Jan", milliseconds(0)));
  const auto texts = [&](const GuestService::Visit& visit) {
    std::vector<std::string> all;
    const auto said = supporters.Read(visit).value();
    for (const auto& one : said) all.push_back(one.body.text);
    return all;
  };
  EXPECT_THAT(texts(of_aunt), ElementsAre("Kunt u zaterdag?", "Ja, van Mia"));
  EXPECT_THAT(texts(of_uncle), ElementsAre("Kunt u zaterdag?", "Neen, van Jan"));
  EXPECT_EQ(supporters.Read(of_aunt).value()[0].body.by, "dokter Claes");
  EXPECT_EQ(RuleOfFamily(supporters.Read(In(sam))), "supporter.none");
  EXPECT_EQ(RuleOfFamily(supporters.Answer(In(mother), "x", milliseconds(0))), "supporter.none");
}

TEST_F(FamilyTest, WhatASupporterWroteWaitsUntilItIsAnswered) {
  const auto visit = In(aunt);
  EXPECT_THAT(WaitsAt(upc), IsEmpty());
  ASSERT_TRUE(supporters.Answer(visit, "Sam was hier", milliseconds(0)));
  EXPECT_THAT(WaitsAt(upc), ElementsAre(InboxItem::What::kSupporter));
  EXPECT_THAT(WaitsAt(wissel), IsEmpty());
  ASSERT_TRUE(supporters.Write(trajectory, {aunt}, "Dank u", {}, claes));
  EXPECT_THAT(WaitsAt(upc), IsEmpty());
  ASSERT_TRUE(supporters.Answer(visit, "Graag gedaan", milliseconds(0)));
  leuven.region.clock.Advance(days(14));
  EXPECT_THAT(WaitsAt(upc), IsEmpty()) << "some last words need no answer";
}

TEST_F(FamilyTest, TheTeamReadsAlongWhereItWasLetIn) {
  const auto visit = In(aunt);
  ASSERT_TRUE(wissel.trajectories.Introduce(trajectory, clb.id(), upc.id(), {}));
  ASSERT_TRUE(wissel.trajectories.Introduce(trajectory, upc.id(), clb.id(), {}));
  Audience team;
  team.named = {clb.id()};
  const auto asked = supporters.Write(trajectory, {aunt}, "Hoe was het?", team, claes);
  ASSERT_TRUE(asked) << ToText(asked.error());
  ASSERT_EQ(asked->front().outcome, Sent::Outcome::kSent);
  const auto answer = supporters.Answer(visit, "Rustig", milliseconds(0));
  ASSERT_TRUE(answer) << ToText(answer.error());
  EXPECT_THAT(answer->reaches, ElementsAre(clb.id()));
  ASSERT_THAT(Seen(clb).supporters, SizeIs(1));
  EXPECT_THAT(Seen(clb).supporters[0].messages, SizeIs(2));
  EXPECT_THAT(Seen(wissel).supporters, IsEmpty());
  EXPECT_THAT(WaitsAt(clb), IsEmpty()) << "it is not theirs to answer";
}

TEST_F(FamilyTest, WithoutALinkThatHoldsNobodyWritesOrIsWrittenTo) {
  EXPECT_EQ(RuleOfFamily(supporters.Write(trajectory, {aunt}, "x", {}, claes)), "supporter.no_link");
  const std::string link = guests.Make(table, aunt, {}, claes).value().secret;
  const auto session = guests.Enter(link, kGuestAddress).value().session;
  ASSERT_TRUE(supporters.Write(trajectory, {aunt}, "x", {}, claes));
  EXPECT_EQ(RuleOfFamily(supporters.Write(trajectory, {aunt, uncle}, "x", {}, claes)), "supporter.no_link");
  EXPECT_THAT(Seen(upc).supporters[0].messages, SizeIs(1)) << "nothing is sent before all was checked";
  ASSERT_TRUE(guests.Revoke(table, aunt, claes));
  EXPECT_FALSE(guests.Who(session));
  EXPECT_EQ(RuleOfFamily(guests.Enter(link, kGuestAddress)), "guest.link");
  EXPECT_EQ(RuleOfFamily(supporters.Write(trajectory, {aunt}, "x", {}, claes)), "supporter.no_link");
  const std::string later = guests.Make(table, aunt, {}, claes).value().secret;
  const auto again = guests.Enter(later, kGuestAddress).value().session;
  leuven.region.clock.Advance(days(30));
  EXPECT_FALSE(guests.Who(again)) << "it expired";
  EXPECT_EQ(RuleOfFamily(supporters.Write(trajectory, {aunt}, "x", {}, claes)), "supporter.no_link");
  EXPECT_EQ(RuleOfFamily(supporters.Write(trajectory, {sam}, "x", {}, claes)), "supporter.unknown");
  EXPECT_EQ(RuleOfFamily(supporters.Write(trajectory, {}, "x", {}, claes)), "supporter.to");
}

TEST_F(FamilyTest, ASupporterWaitsAfterManyMessagesWithoutAnAnswer) {
  const auto visit = In(aunt);
  for (std::size_t i = 0; i < SupporterService::kUnansweredMax; ++i) {
    ASSERT_TRUE(supporters.Answer(visit, "nog iets", milliseconds(0)));
  }
  EXPECT_EQ(RuleOfFamily(supporters.Answer(visit, "nog iets", milliseconds(0))), "supporter.wait");
  ASSERT_TRUE(supporters.Write(trajectory, {aunt}, "gelezen", {}, claes));
  EXPECT_TRUE(supporters.Answer(visit, "nog iets", milliseconds(0)));
}

TEST(FamilyBodies, TheWorkedExamplesHold) {
  const auto encoded = [](const TypedBody& body) { return EncodeBody(body).value(); };
  const Body conference = encoded(FamilyConferenceBody{kInformation, "Ria", "Waar woont Sam?", {}, ""});
  EXPECT_EQ(conference.type, 115U);
  EXPECT_EQ(ToHex(conference.content), "9501a3526961af5761617220776f6f6e742053616d3fc0a0");
  const Body plan = encoded(FamilyPlanBody{FamilyPlanSaid::kPlan, "Sam gaat naar oma", Speaker::kMother, "Els", true});
  EXPECT_EQ(plan.type, 116U);
  EXPECT_EQ(ToHex(plan.content), "9501b153616d2067616174206e616172206f6d6102a3456c73c3");
  const Body message = encoded(SupporterMessageBody{"Sam was hier", "Tante Mia", "", true});
  EXPECT_EQ(message.type, 118U);
  EXPECT_EQ(ToHex(message.content), "94ac53616d207761732068696572a954616e7465204d6961a0c3");
}

TEST(FamilyBodies, HoldAsAWhole) {
  const auto rule = [](const TypedBody& body) { return EncodeBody(body) ? "" : EncodeBody(body).error().field; };
  EXPECT_EQ(rule(FamilyConferenceBody{kInformation, " ", "Waar?", {}, ""}), "body.coordinator");
  EXPECT_EQ(rule(FamilyConferenceBody{kInformation, "Ria", "", {}, ""}), "body.question");
  EXPECT_EQ(rule(FamilyConferenceBody{kPrivate, "", "", {}, ""}), "");
  EXPECT_EQ(rule(FamilyPlanBody{FamilyPlanSaid::kPlan, "", Speaker::kMother, "Els", true}), "body.text");
  EXPECT_EQ(rule(FamilyPlanBody{FamilyPlanSaid::kPlan, "x", Speaker::kMother, "", true}), "body.name");
  EXPECT_EQ(rule(FamilyPlanBody{FamilyPlanSaid::kAccepted, "", Speaker::kMother, "", false}), "");
  EXPECT_EQ(rule(SupporterMessageBody{"x", "Mia", "", false}), "body.by");
  EXPECT_EQ(rule(SupporterMessageBody{"x", "Mia", "Claes", true}), "body.by");
}

}  // namespace
}  // namespace schakel
