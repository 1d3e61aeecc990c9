// Places that partners may ask for, between agents that know only what they were handed.
#include "agents/places.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/office.h"

namespace schakel {
namespace {

using schakel::test::Office;
using schakel::test::ServicesTest;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using State = CaseHold::State;

class PlacesServiceTest : public ServicesTest {
 protected:
  PlaceService offers{wissel.engine, wissel.cases, leuven.region.clock};
  PlaceService of_upc{upc.engine, upc.cases, leuven.region.clock};
  PlaceService of_clb{clb.engine, clb.cases, leuven.region.clock};
  PlaceService of_police{police.engine, police.cases, leuven.region.clock};

  Timestamp Now() { return leuven.region.clock.Now(); }
  void Pass(std::chrono::milliseconds time) { leuven.region.clock.Advance(time); }

  PlaceOfferBody DePas() { return {PlaceKind::kTimeOut, "De Pas", "Op de boerderij", 14, 17, {"paarden"}, "", ""}; }
  RecordId Offered(const PlaceOfferBody& body, std::uint32_t places = 1, const Audience& audience = {}) {
    const auto sent = offers.Offer(body, {places, 60, Now() + days(30)}, audience);
    EXPECT_TRUE(sent) << ToText(sent.error());
    return sent ? sent->record : RecordId();
  }
  Result<Sent> Ask(PlaceService& by, const RecordId& offer, const std::string& needs = "rust") {
    Screening screening;
    return by.Hold({offer, {15, 16, needs, std::nullopt, Urgency::kToday}, std::nullopt, Now() + days(14)}, {},
                   screening);
  }
  static std::string Rule(const Result<Sent>& sent) { return sent ? "ok" : sent.error().rule; }
  State StateOf(PlaceService& at, const RecordId& hold) { return at.Show(hold).value().FindHold(hold)->StateAt(Now()); }
  std::size_t Waiting(Office& office, InboxItem::What what) {
    const auto items = office.inbox.Show(office.caller.person.name).value().items;
    return static_cast<std::size_t>(std::ranges::count(items, what, &InboxItem::what));
  }
};

TEST_F(PlacesServiceTest, ASearchFindsWhatIsOpenAndFits) {
  const RecordId pas = Offered(DePas());
  const RecordId bed = Offered({PlaceKind::kCrisisBed, "Crisisbed", "Elke nacht", 0, 0, {}, "Leuven", ""});
  const auto found = [&](const PlaceSearch& search) {
    std::vector<RecordId> ids;
    for (const CasePlaces& one : of_upc.Find(search)) ids.push_back(one.id);
    return ids;
  };
  EXPECT_THAT(found({}), SizeIs(2));
  EXPECT_EQ(found({.kind = PlaceKind::kTimeOut}), std::vector{pas});
  EXPECT_EQ(found({.age = 13}), std::vector{bed}) << "whose ages were not said takes all";
  EXPECT_THAT(found({.age = 14}), SizeIs(2));
  EXPECT_THAT(found({.age = 17}), SizeIs(2));
  EXPECT_EQ(found({.age = 18}), std::vector{bed});
  EXPECT_EQ(found({.words = "Boerderij PAARDEN"}), std::vector{pas});
  EXPECT_THAT(found({.words = "boerderij nacht"}), IsEmpty()) << "not both in one";
  EXPECT_THAT(offers.Find({}), IsEmpty()) << "one's own is not to be asked for";
  EXPECT_THAT(offers.Find({.all = true}), SizeIs(2));
  ASSERT_TRUE(offers.Close(bed, {}, {}));
  EXPECT_EQ(found({}), std::vector{pas});
  Pass(days(30));
  EXPECT_THAT(found({}), IsEmpty());
  EXPECT_THAT(found({.all = true}), SizeIs(2));
}

TEST_F(PlacesServiceTest, AnOfferReachesWhomItNames) {
  const RecordId pas = Offered(DePas(), 1, {.named = {upc.id()}});
  EXPECT_THAT(of_upc.Find({}), SizeIs(1));
  EXPECT_THAT(of_clb.Find({.all = true}), IsEmpty());
  EXPECT_EQ(offers.Show(pas)->to, std::set<OrgId>{upc.id()});
  const auto refused = offers.Offer(DePas(), {1, 0, Now() + days(1)}, {});
  EXPECT_EQ(Rule(refused), "place.wait");
  EXPECT_EQ(Rule(offers.Offer(DePas(), {65, 60, Now() + days(1)}, {})), "place.count");
  EXPECT_EQ(Rule(offers.Offer(DePas(), {1, 60, Now()}, {})), "place.period");
}

TEST_F(PlacesServiceTest, TheLastPlaceHasOneWinnerAndTheOtherReadsWhy) {
  const RecordId pas = Offered(DePas());
  const auto first = Ask(of_upc, pas);
  ASSERT_TRUE(first) << ToText(first.error());
  const auto second = Ask(of_clb, pas);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().rule, "place.taken");
  EXPECT_FALSE(second.error().next.empty());
  EXPECT_EQ(StateOf(of_upc, first->record), State::kWaiting);
  EXPECT_THAT(of_clb.Find({}), IsEmpty()) << "just now there was none";
  EXPECT_EQ(offers.Show(pas)->FreeAt(Now()), 0U);
  EXPECT_THAT(offers.Show(pas)->holds, SizeIs(1));
  EXPECT_THAT(of_police.Find({}), SizeIs(1)) << "which the owner has yet to tell";
  ASSERT_TRUE(offers.TellWhetherFull());
  EXPECT_THAT(of_police.Find({}), IsEmpty()) << "who never asked";
  EXPECT_THAT(of_police.Find({.all = true}), SizeIs(1));
  EXPECT_THAT(of_police.Show(pas)->holds, IsEmpty()) << "and hears of nobody";
  EXPECT_EQ(Rule(Ask(of_police, pas)), "place.taken") << "the hub judges";
  Pass(hours(1));
  EXPECT_THAT(of_clb.Find({}), IsEmpty()) << "its owner did not say that it is free";
  ASSERT_TRUE(offers.TellWhetherFull());
  EXPECT_THAT(of_clb.Find({}), SizeIs(1)) << "nobody answered the first in time";
  EXPECT_EQ(Rule(Ask(of_clb, pas)), "ok");
}

TEST_F(PlacesServiceTest, AFullPlaceIsFoundAgainWhenTheStayEnds) {
  const RecordId pas = Offered(DePas(), 2);
  const RecordId hold = Ask(of_upc, pas).value().record;
  ASSERT_TRUE(offers.Answer(hold, true, {}, {}));
  const std::size_t before = police.engine.records();
  ASSERT_TRUE(offers.TellWhetherFull());
  EXPECT_EQ(police.engine.records(), before) << "one of two is free: there is nothing to tell";
  const RecordId second = Ask(of_clb, pas).value().record;
  ASSERT_TRUE(offers.Answer(second, true, {}, {}));
  const std::size_t news = Waiting(police, InboxItem::What::kNew);
  ASSERT_TRUE(offers.TellWhetherFull());
  ASSERT_TRUE(offers.TellWhetherFull());
  EXPECT_EQ(police.engine.records(), before + 1) << "said once";
  EXPECT_EQ(Waiting(police, InboxItem::What::kNew), news) << "nobody has to read it";
  EXPECT_THAT(of_police.Find({}), IsEmpty());
  EXPECT_TRUE(of_police.Show(pas)->told_full);
  EXPECT_EQ(of_police.Show(pas)->terms.places, 2U);
  EXPECT_THAT(of_police.Find({.then = Now() + days(20)}), SizeIs(1)) << "of later nothing was said";
  Pass(days(14));
  ASSERT_TRUE(offers.TellWhetherFull());
  EXPECT_THAT(of_police.Find({}), SizeIs(1));
  EXPECT_EQ(Rule(Ask(of_police, pas)), "ok");
}

TEST_F(PlacesServiceTest, OnlyWhoOffersAPlaceSaysThatItIsFull) {
  const RecordId pas = Offered(DePas());
  Draft draft;
  draft.kind = Kind::kLearningCase;
  draft.purpose = Purpose::kCareCoordination;
  draft.categories = {Category::kAgreements};
  draft.thread = pas;
  draft.references = {pas};
  draft.recipients = {upc.id()};
  draft.body = EncodeBody(PlaceStandingBody{true}).value();
  ASSERT_TRUE(clb.engine.Say(draft));
  EXPECT_THAT(of_upc.Find({}), SizeIs(1));
}

TEST_F(PlacesServiceTest, AMediatorIsAskedForAsAPlaceIs) {
  const RecordId ria = Offered({PlaceKind::kMediator, "Ria bemiddelt", "Van buiten", 0, 0, {}, "", ""});
  EXPECT_THAT(of_upc.Find({.kind = PlaceKind::kMediator}), SizeIs(1));
  EXPECT_THAT(of_upc.Find({.kind = PlaceKind::kTimeOut}), IsEmpty());
  EXPECT_EQ(Rule(Ask(of_upc, ria)), "ok");
  EXPECT_EQ(Rule(Ask(of_clb, ria)), "place.taken");
}

TEST_F(PlacesServiceTest, WhoLeadsStaysWhileSomebodyHasAPriorityPlace) {
  Join(upc);
  const auto offered =
      of_upc.Offer({PlaceKind::kPriority, "Prioritaire plaats", "", 14, 17, {}, "", ""}, {1, 60, Now() + days(60)}, {});
  ASSERT_TRUE(offered) << ToText(offered.error());
  const auto lead_stays = [&](const char* when) {
    EXPECT_EQ(Seen(wissel).lead, wissel.id()) << when;
    EXPECT_EQ(Seen(upc).lead, wissel.id()) << when;
  };
  Screening screening;
  const PlaceAskBody ask{15, 16, "rust", std::nullopt, Urgency::kToday};
  EXPECT_EQ(Rule(offers.Hold({offered->record, ask, std::nullopt, Timestamp{}}, {}, screening)), "place.end")
      << "it says when the place is given back";
  for (const bool given_back : {true, false}) {
    const auto hold = offers.Hold({offered->record, ask, std::nullopt, Now() + days(14)}, {}, screening);
    ASSERT_TRUE(hold) << ToText(hold.error());
    lead_stays("asked");
    ASSERT_TRUE(of_upc.Answer(hold->record, true, {}, {}));
    lead_stays("agreed");
    Pass(days(7));
    EXPECT_EQ(StateOf(offers, hold->record), State::kAgreed);
    lead_stays("halfway");
    if (given_back) {
      ASSERT_TRUE(offers.Release(hold->record, {}, {}, screening));
    } else {
      Pass(days(7));
    }
    EXPECT_EQ(StateOf(offers, hold->record), given_back ? State::kGivenBack : State::kOver);
    lead_stays("over");
  }
}

TEST_F(PlacesServiceTest, AStayIsAgreedHeldAndGivenBack) {
  const RecordId pas = Offered(DePas());
  const RecordId hold = Ask(of_upc, pas).value().record;
  EXPECT_EQ(Waiting(wissel, InboxItem::What::kPlaceAsked), 1U);
  EXPECT_EQ(Rule(of_clb.Answer(hold, true, {}, {})), "id.unknown") << "it is not told of";
  EXPECT_EQ(Rule(of_upc.Answer(hold, true, {}, {})), "place.answerer");
  ASSERT_TRUE(offers.Answer(hold, true, {"vanaf 17 uur"}, {}));
  EXPECT_EQ(Waiting(wissel, InboxItem::What::kPlaceAsked), 0U);
  EXPECT_EQ(Waiting(upc, InboxItem::What::kPlaceAgreed), 1U);
  EXPECT_EQ(StateOf(of_upc, hold), State::kAgreed);
  // Nothing that the owner can say ends it.
  EXPECT_EQ(Rule(offers.Answer(hold, false, {}, {})), "place.answered");
  Screening screening;
  EXPECT_EQ(Rule(offers.Release(hold, {}, {}, screening)), "place.holder");
  ASSERT_TRUE(offers.Close(pas, {}, {}));
  EXPECT_EQ(StateOf(of_upc, hold), State::kAgreed);
  EXPECT_EQ(StateOf(offers, hold), State::kAgreed);
  EXPECT_EQ(Waiting(upc, InboxItem::What::kPlaceEnds), 0U);
  Pass(days(12));
  EXPECT_EQ(Waiting(upc, InboxItem::What::kPlaceEnds), 1U) << "two days before";
  ASSERT_TRUE(of_upc.Release(hold, {"terug naar huis"}, {}, screening));
  EXPECT_EQ(StateOf(offers, hold), State::kGivenBack);
  EXPECT_EQ(Waiting(upc, InboxItem::What::kPlaceEnds), 0U);
  EXPECT_EQ(offers.Show(pas)->FreeAt(Now()), 1U);
}

TEST_F(PlacesServiceTest, WhoAskedHearsThatItWasRefusedOrLapsed) {
  const RecordId pas = Offered(DePas());
  const RecordId refused = Ask(of_upc, pas).value().record;
  EXPECT_EQ(Rule(Ask(of_upc, pas)), "place.waiting");
  ASSERT_TRUE(offers.Answer(refused, false, {"te jong"}, {}));
  EXPECT_EQ(Waiting(upc, InboxItem::What::kPlaceRefused), 1U);
  EXPECT_EQ(StateOf(of_upc, refused), State::kRefused);
  const RecordId again = Ask(of_upc, pas).value().record;
  Pass(minutes(57));
  EXPECT_EQ(StateOf(of_upc, again), State::kWaiting);
  Pass(minutes(1));
  EXPECT_EQ(StateOf(of_upc, again), State::kExpired) << "two minutes less than the hour, for a hub with another clock";
  EXPECT_EQ(Waiting(upc, InboxItem::What::kPlaceLapsed), 1U);
  EXPECT_EQ(Waiting(wissel, InboxItem::What::kPlaceAsked), 0U);
  EXPECT_EQ(Rule(offers.Answer(again, true, {}, {})), "place.expired");
  Pass(days(3));
  EXPECT_EQ(Waiting(upc, InboxItem::What::kPlaceLapsed), 0U);
}

TEST_F(PlacesServiceTest, WhatTellsWhoItIsForDoesNotLeave) {
  const auto offered = of_upc.Offer(DePas(), {1, 60, Now() + days(30)}, {});
  ASSERT_TRUE(offered) << ToText(offered.error());
  const auto ask = [&](const std::string& needs, Screening& screening) {
    return offers.Hold(
        {offered->record, {15, 16, needs, std::nullopt, Urgency::kToday}, std::nullopt, Now() + days(14)}, {},
        screening);
  };
  Screening named;
  EXPECT_EQ(Rule(ask("Sam zoekt rust", named)), "place.identifying") << "whose trajectory is called so here";
  EXPECT_THAT(named.findings, SizeIs(1));
  Screening certain;
  certain.overruled = true;
  EXPECT_EQ(Rule(ask("mail naar sam@example.be", certain)), "place.identifying") << "nobody overrules what is certain";
  EXPECT_THAT(of_upc.Show(offered->record)->holds, IsEmpty());
  Screening overruled;
  overruled.overruled = true;
  EXPECT_EQ(Rule(ask("Sam zoekt rust", overruled)), "ok");
}

}  // namespace
}  // namespace schakel
