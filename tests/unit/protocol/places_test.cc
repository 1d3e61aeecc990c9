// Places that partners may ask for: each held by one at a time, by the order of the log.
#include <gtest/gtest.h>

#include <random>

#include "protocol/places.h"
#include "support/builders.h"

namespace schakel::test {
namespace {

constexpr std::uint64_t kPlaces = 0x60;  // The offer of kYouthCare.
constexpr std::chrono::minutes kMinute{1};
constexpr std::uint32_t kWait = 60;  // Minutes that a place of it waits for an answer.

Header OfPlace(const OrgId& author, const Control& control, std::uint64_t number) {
  return Says(author, control, number, TrajectoryId());
}
Header Offered(std::uint32_t places = 1, std::uint64_t number = kPlaces) {
  return OfPlace(kYouthCare, PlaceOffer{places, kWait, kNow + 30 * kDay}, number);
}
Header Held(const OrgId& holder, std::uint64_t number, Timestamp from = kNow) {
  return OfPlace(holder, PlaceHold{RecordNo(kPlaces), from + kWait * kMinute, from + 7 * kDay}, number);
}
Header Agreed(const OrgId& holder, std::uint64_t hold, std::uint64_t number, bool agreed = true) {
  return OfPlace(kYouthCare, PlaceAnswer{RecordNo(kPlaces), RecordNo(hold), holder, agreed}, number);
}
Header Released(const OrgId& holder, std::uint64_t hold, std::uint64_t number) {
  return OfPlace(holder, PlaceRelease{RecordNo(kPlaces), RecordNo(hold)}, number);
}
Header Closed(std::uint64_t number) { return OfPlace(kYouthCare, PlaceClose{RecordNo(kPlaces)}, number); }

std::string Asked(const PolicyState& state, const Header& header, Timestamp now = kNow,
                  const Directory& directory = DirectoryOfSix()) {
  return Said(Admit(state, directory, header, now));
}

TEST(PlacesTest, AnOfferEndsWithinAYear) {
  const auto ending = [](Timestamp at) { return OfPlace(kYouthCare, PlaceOffer{1, kWait, at}, 0x61); };
  EXPECT_EQ(Asked({}, ending(kNow)), "place.period");
  EXPECT_EQ(Asked({}, ending(kNow + kTick)), "ok");
  EXPECT_EQ(Asked({}, ending(kNow + 366 * kDay)), "ok");
  EXPECT_EQ(Asked({}, ending(kNow + 366 * kDay + kTick)), "place.period");
  EXPECT_EQ(Asked(StateAfter({Offered()}), Offered()), "place.exists");
}

TEST(PlacesTest, OneOwnerHasOnlySoManyOffersOpen) {
  PolicyState state;
  for (std::uint64_t i = 0; i < 512; ++i) state.Apply(Offered(1, 0x1000 + i));
  EXPECT_EQ(Asked(state, Offered()), "place.offers");
  EXPECT_EQ(Asked(state, Offered(), kNow + 29 * kDay), "place.offers");
  const Header other = OfPlace(kSchool, PlaceOffer{1, kWait, kNow + kDay}, 0x61);
  EXPECT_EQ(Asked(state, other), "ok") << "those are somebody else's";
  state.Apply(OfPlace(kYouthCare, PlaceClose{RecordNo(0x1000)}, 0x2000));
  EXPECT_EQ(Asked(state, Offered()), "ok") << "one was closed";
}

TEST(PlacesTest, OfTwoThatAskForTheLastPlaceTheFirstHasIt) {
  PolicyState state = StateAfter({Offered()});
  EXPECT_EQ(Asked(state, Held(kPsychiatry, 0x62)), "ok");
  EXPECT_EQ(Asked(state, Held(kSchool, 0x63)), "ok");
  state.Apply(Held(kPsychiatry, 0x62));
  EXPECT_EQ(Asked(state, Held(kSchool, 0x63)), "place.taken");
  EXPECT_EQ(Asked(state, Held(kPsychiatry, 0x64)), "place.waiting") << "it asked already";
  EXPECT_EQ(Asked(StateAfter({Offered(2), Held(kPsychiatry, 0x62)}), Held(kSchool, 0x63)), "ok") << "there are two";
}

TEST(PlacesTest, APlaceIsFreeAgainWhenNobodyAnsweredInTime) {
  const PolicyState state = StateAfter({Offered(), Held(kPsychiatry, 0x62)});
  const Timestamp end = kNow + kWait * kMinute;
  EXPECT_EQ(Asked(state, Held(kSchool, 0x63, end - kTick), end - kTick), "place.taken");
  EXPECT_EQ(Asked(state, Held(kSchool, 0x63, end), end), "ok");
  EXPECT_EQ(Asked(state, Agreed(kPsychiatry, 0x62, 0x64), end - kTick), "ok");
  EXPECT_EQ(Asked(state, Agreed(kPsychiatry, 0x62, 0x64), end), "place.expired");
  EXPECT_EQ(Asked(state, Released(kPsychiatry, 0x62, 0x64), end - kTick), "ok");
  EXPECT_EQ(Asked(state, Released(kPsychiatry, 0x62, 0x64), end), "place.over");
}

TEST(PlacesTest, DuringAStayTheHolderAloneGivesThePlaceBack) {
  const PolicyState state = StateAfter({Offered(), Held(kPsychiatry, 0x62), Agreed(kPsychiatry, 0x62, 0x63)});
  EXPECT_EQ(state.FindPlaces(RecordNo(kPlaces))->Taken(kNow + 6 * kDay), 1U);
  EXPECT_EQ(Asked(state, Agreed(kPsychiatry, 0x62, 0x64, false)), "place.answered");
  EXPECT_EQ(Asked(state, OfPlace(kYouthCare, PlaceRelease{RecordNo(kPlaces), RecordNo(0x62)}, 0x64)), "place.hold");
  EXPECT_EQ(Asked(state, Released(kSchool, 0x62, 0x64)), "place.hold");
  EXPECT_EQ(Asked(state, Released(kPsychiatry, 0x62, 0x64), kNow + 6 * kDay), "ok");
  EXPECT_EQ(Asked(state, Released(kPsychiatry, 0x62, 0x64), kNow + 7 * kDay), "place.over");
  PolicyState after = state;
  after.Apply(Closed(0x65));
  EXPECT_EQ(after.FindPlaces(RecordNo(kPlaces))->Taken(kNow + 6 * kDay), 1U) << "closing ends no stay";
  after.Apply(Released(kPsychiatry, 0x62, 0x66));
  EXPECT_EQ(after.FindPlaces(RecordNo(kPlaces))->Taken(kNow), 0U);
}

// An author's clock is its own: one that runs ahead ends no stay of another.
TEST(PlacesTest, NoClockOfItsOwnerEndsAStay) {
  PolicyState state = StateAfter({Offered(), Held(kPsychiatry, 0x62), Agreed(kPsychiatry, 0x62, 0x63)});
  Header later = Offered(1, 0x64);
  later.created_at = kNow + 40 * 366 * kDay;
  std::get<PlaceOffer>(later.control).ends_at = kNow + 366 * kDay;
  ASSERT_EQ(Asked(state, later), "ok");
  state.Apply(later);
  ASSERT_NE(state.FindPlaces(RecordNo(kPlaces)), nullptr);
  EXPECT_EQ(state.FindPlaces(RecordNo(kPlaces))->Taken(kNow), 1U);
}

TEST(PlacesTest, WhatIsLongOverIsForgottenWithTheNextOffer) {
  PolicyState state = StateAfter({Offered()});
  const auto next = [](std::chrono::days later, std::uint64_t number) {
    return OfPlace(kYouthCare, PlaceOffer{1, kWait, kNow + 366 * kDay + later}, number);
  };
  state.Apply(next(std::chrono::days(61), 0x70));
  EXPECT_NE(state.FindPlaces(RecordNo(kPlaces)), nullptr) << "over for 31 days";
  state.Apply(next(std::chrono::days(62), 0x71));
  EXPECT_EQ(state.FindPlaces(RecordNo(kPlaces)), nullptr);
  EXPECT_EQ(state.places().size(), 2U);
}

TEST(PlacesTest, AHoldFitsTheOffer) {
  const PolicyState state = StateAfter({Offered()});
  const auto asks = [&](const OrgId& who, Timestamp expires_at, Timestamp ends_at, Timestamp now = kNow) {
    return Asked(state, OfPlace(who, PlaceHold{RecordNo(kPlaces), expires_at, ends_at}, 0x62), now);
  };
  const Timestamp latest = kNow + kWait * kMinute;
  EXPECT_EQ(asks(kPsychiatry, latest, latest + kTick), "ok");
  EXPECT_EQ(asks(kPsychiatry, latest + kTick, latest + kDay), "place.expiry");
  EXPECT_EQ(asks(kPsychiatry, kNow, latest), "place.expiry");
  EXPECT_EQ(asks(kPsychiatry, kNow + kTick, latest), "ok");
  EXPECT_EQ(asks(kPsychiatry, latest, latest), "place.end");
  EXPECT_EQ(asks(kPsychiatry, latest, kNow + 366 * kDay), "ok");
  EXPECT_EQ(asks(kPsychiatry, latest, kNow + 366 * kDay + kTick), "place.end");
  EXPECT_EQ(asks(kYouthCare, latest, latest + kDay), "place.own");
  const Timestamp end = kNow + 30 * kDay;
  EXPECT_EQ(asks(kPsychiatry, end + kMinute, end + kDay, end - kTick), "ok") << "the answer may come after its end";
  EXPECT_EQ(asks(kPsychiatry, end + kMinute, end + kDay, end), "place.closed");
  EXPECT_EQ(Asked({}, Held(kPsychiatry, 0x62)), "place.offer");
  EXPECT_EQ(Asked(StateAfter({Offered(), Closed(0x61)}), Held(kPsychiatry, 0x62)), "place.closed");
  const Directory suspended = WithSuspended(DirectoryOfSix(), kYouthCare);
  EXPECT_EQ(Asked(state, Held(kPsychiatry, 0x62), kNow, suspended), "place.closed");
  const Directory asker_suspended = WithSuspended(DirectoryOfSix(), kPsychiatry);
  EXPECT_EQ(Asked(state, Held(kPsychiatry, 0x62), kNow, asker_suspended), "admit.suspended");
}

TEST(PlacesTest, OnlyTheOwnerAnswersAndOnlyWhatIsHeld) {
  const PolicyState state = StateAfter({Offered(), Held(kPsychiatry, 0x62)});
  EXPECT_EQ(Asked(state, Agreed(kPsychiatry, 0x62, 0x63)), "ok");
  EXPECT_EQ(Asked(state, Agreed(kSchool, 0x62, 0x63)), "place.hold") << "it is not the school's";
  EXPECT_EQ(Asked(state, Agreed(kPsychiatry, 0x69, 0x63)), "place.hold");
  Header meddles = Agreed(kPsychiatry, 0x62, 0x63);
  meddles.author = kSchool;
  EXPECT_EQ(Asked(state, meddles), "place.offer") << "as if there were no such offer";
  Header closes = Closed(0x63);
  closes.author = kSchool;
  EXPECT_EQ(Asked(state, closes), "place.offer");
  EXPECT_EQ(Asked(state, Closed(0x63)), "ok");
  EXPECT_EQ(Asked(StateAfter({Offered(), Closed(0x63)}), Closed(0x64)), "place.closed");
  const PolicyState refused = StateAfter({Offered(), Held(kPsychiatry, 0x62), Agreed(kPsychiatry, 0x62, 0x63, false)});
  EXPECT_EQ(Asked(refused, Held(kSchool, 0x64)), "ok") << "a refusal frees the place";
  EXPECT_EQ(Asked(refused, Agreed(kPsychiatry, 0x62, 0x64)), "place.hold");
}

// An agent takes in what its hub hands it, and the hub may lie.
TEST(PlacesTest, WhoMayNotSayItChangesNothing) {
  const std::vector<Header> before = {Offered(), Held(kPsychiatry, 0x62)};
  const PolicyState state = StateAfter(before);
  Header answers = Agreed(kPsychiatry, 0x62, 0x63);
  answers.author = kSchool;
  Header closes = Closed(0x63);
  closes.author = kSchool;
  for (const Header& header : {answers, closes, Released(kSchool, 0x62, 0x63), Held(kPsychiatry, 0x62)}) {
    PolicyState after = state;
    after.Apply(header);
    EXPECT_EQ(after, state) << Slug(header.kind);
  }
}

TEST(PlacesTest, WordsAboutAPlaceGoToWhomTheyAreFor) {
  const PolicyState state = StateAfter({Offered(), Held(kPsychiatry, 0x62)});
  const Directory directory = DirectoryOfSix();
  struct Case {
    const char* name;
    Header header;
    OrgId recipient;
    const char* want;
  };
  const Case cases[] = {
      {"an offer to anybody", Offered(), kPolice, "permit"},
      {"also behind the court wall", Offered(), kCourt, "permit"},
      {"not to who is not there", Offered(), kStranger, "not-enrolled"},
      {"its end to anybody", Closed(0x63), kPolice, "permit"},
      {"a hold to the owner", Held(kPsychiatry, 0x62), kYouthCare, "permit"},
      {"and to nobody else", Held(kPsychiatry, 0x62), kSchool, "not-addressed"},
      {"an answer to the holder", Agreed(kPsychiatry, 0x62, 0x63), kPsychiatry, "permit"},
      {"and to nobody else", Agreed(kPsychiatry, 0x62, 0x63), kSchool, "not-addressed"},
      {"a release to the owner", Released(kPsychiatry, 0x62, 0x63), kYouthCare, "permit"},
      {"and to nobody else", Released(kPsychiatry, 0x62, 0x63), kSchool, "not-addressed"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    EXPECT_EQ(Said(Decide(state, directory, c.header, c.recipient, kNow)), c.want);
  }
  EXPECT_EQ(Said(Decide({}, directory, Held(kPsychiatry, 0x62), kYouthCare, kNow)), "not-addressed");
  EXPECT_EQ(AddresseeOfPlace(state, Held(kSchool, 0x64)), kYouthCare);
  EXPECT_EQ(AddresseeOfPlace(state, Agreed(kPsychiatry, 0x62, 0x64)), kPsychiatry);
  EXPECT_EQ(AddresseeOfPlace(state, Closed(0x64)), std::nullopt);
}

TEST(PlacesTest, APlaceIsOfNoTrajectory) {
  const auto decoded = [](const Header& header) { return DecodeHeader(EncodeHeader(header)); };
  EXPECT_TRUE(decoded(Offered()).has_value());
  Header of_one = Offered();
  of_one.trajectory = kOurs;
  const auto refused = decoded(of_one);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().rule, "record.header");
  EXPECT_EQ(refused.error().field, "header.trajectory");
}

// ---- Who comes ----

Header Enrols(const OrgId& author, std::uint64_t hold, std::uint64_t number = 0x68) {
  Header header = NoteBy(author, TrajectoryId(), number);
  header.kind = Kind::kPlaceEnrolment;
  header.thread = RecordNo(kPlaces);
  header.references = {RecordNo(hold)};
  header.categories = {Category::kIdentity, Category::kSchool};
  return header;
}

PolicyState AgreedFor(const OrgId& holder) {
  return StateAfter({Offered(), Held(holder, 0x62), Agreed(holder, 0x62, 0x63)});
}

TEST(PlacesTest, WhoComesIsSaidOnceItWasAgreedAndForAsLongAsTheStayLasts) {
  const PolicyState agreed = AgreedFor(kPsychiatry);
  EXPECT_EQ(Asked(StateAfter({Offered()}), Enrols(kPsychiatry, 0x62)), "place.hold");
  EXPECT_EQ(Asked(StateAfter({Offered(), Held(kPsychiatry, 0x62)}), Enrols(kPsychiatry, 0x62)), "place.not_agreed");
  EXPECT_EQ(Asked(agreed, Enrols(kPsychiatry, 0x62)), "ok");
  EXPECT_EQ(Asked(agreed, Enrols(kPsychiatry, 0x62), kNow + 7 * kDay - kTick), "ok");
  EXPECT_EQ(Asked(agreed, Enrols(kPsychiatry, 0x62), kNow + 7 * kDay), "place.over");
  EXPECT_EQ(Asked(agreed, Enrols(kSchool, 0x62)), "place.hold") << "that place is another's";
  EXPECT_EQ(Asked(agreed, Enrols(kYouthCare, 0x62)), "place.hold") << "its owner says nothing for who holds it";
  Header two = Enrols(kPsychiatry, 0x62);
  two.references.push_back(RecordNo(0x62));
  EXPECT_EQ(Asked(agreed, two), "place.hold");
  Header elsewhere = Enrols(kPsychiatry, 0x62);
  elsewhere.thread = RecordNo(0x77);
  EXPECT_EQ(Asked(agreed, elsewhere), "place.hold");
  PolicyState given_back = agreed;
  given_back.Apply(Released(kPsychiatry, 0x62, 0x64));
  EXPECT_EQ(Asked(given_back, Enrols(kPsychiatry, 0x62)), "place.hold");
  PolicyState said = agreed;
  said.Apply(Enrols(kPsychiatry, 0x62));
  EXPECT_EQ(said, agreed) << "content changes nothing";
}

TEST(PlacesTest, WhoComesGoesToTheOwnerAlone) {
  const PolicyState agreed = AgreedFor(kPsychiatry);
  const Directory directory = DirectoryOfSix();
  const auto decided = [&](const PolicyState& state, const Header& header, const OrgId& to, Timestamp now = kNow) {
    return Said(Decide(state, directory, header, to, now));
  };
  const Header enrols = Enrols(kPsychiatry, 0x62);
  EXPECT_EQ(decided(agreed, enrols, kYouthCare), "permit");
  EXPECT_EQ(decided(agreed, enrols, kSchool), "not-addressed");
  EXPECT_EQ(decided(agreed, enrols, kStranger), "not-enrolled");
  EXPECT_EQ(decided(agreed, enrols, kYouthCare, kNow + 7 * kDay - kTick), "permit");
  EXPECT_EQ(decided(agreed, enrols, kYouthCare, kNow + 7 * kDay), "period");
  EXPECT_EQ(decided(agreed, Enrols(kSchool, 0x62), kYouthCare), "not-addressed") << "the hub may lie";
  EXPECT_EQ(decided(StateAfter({Offered(), Held(kPsychiatry, 0x62)}), enrols, kYouthCare), "not-addressed");
  PolicyState given_back = agreed;
  given_back.Apply(Released(kPsychiatry, 0x62, 0x64));
  EXPECT_EQ(decided(given_back, enrols, kYouthCare), "not-addressed");
  Header health = enrols;
  health.categories = {};
  EXPECT_EQ(decided(agreed, health, kYouthCare), "sector-ceiling") << "about nothing is covered by nothing";
  Header offered = OfPlace(kPolice, PlaceOffer{1, kWait, kNow + 30 * kDay}, kPlaces);
  PolicyState of_police = StateAfter({offered, Held(kPsychiatry, 0x62)});
  of_police.Apply(OfPlace(kPolice, PlaceAnswer{RecordNo(kPlaces), RecordNo(0x62), kPsychiatry, true}, 0x63));
  health.categories = {Category::kIdentity, Category::kHealth};
  EXPECT_EQ(decided(of_police, health, kPolice), "sector-ceiling");
}

TEST(PlacesTest, WhoComesAndWhatIsLearnedFromAreOfNoTrajectory) {
  Header learned = NoteBy(kYouthCare);
  learned.kind = Kind::kLearningCase;
  for (Header header : {Enrols(kPsychiatry, 0x62), learned}) {
    SCOPED_TRACE(Slug(header.kind));
    header.trajectory = {};
    EXPECT_TRUE(DecodeHeader(EncodeHeader(header)).has_value());
    header.trajectory = kOurs;
    const auto refused = DecodeHeader(EncodeHeader(header));
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().field, "header.trajectory");
  }
}

TEST(PlacesTest, ASnapshotThatTellsOfMoreHoldsThanPlacesIsRefused) {
  const PolicyState two = StateAfter({Offered(2), Held(kPsychiatry, 0x62), Held(kSchool, 0x63)});
  EXPECT_EQ(PolicyState::Decode(two.Encode()).value(), two);
  Bytes bytes = two.Encode();
  Encoder terms;
  EncodeControl(Offered(2).control, terms);
  const Bytes found = terms.Take();
  const auto place = std::ranges::search(bytes, found);
  ASSERT_FALSE(place.empty());
  place.begin()[1] = 1;  // One place.
  const auto refused = PolicyState::Decode(bytes);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().rule, "policy.places");
}

// ---- Whatever happens ----

// Random words about the places of two owners, by whoever.
class PlacesStory {
 public:
  explicit PlacesStory(std::uint64_t seed) : draw_(seed) {}

  Header Next() {
    const OrgId& author = Pick(kPlayers);
    const std::uint64_t number = ++number_;
    const unsigned what = Below(10);
    if (what == 0 || offers_.empty()) {
      const PlaceOffer offer{1 + Below(3), 1 + Below(120), now_ + (1 + Below(72)) * kHour};
      offers_.push_back(RecordNo(number));
      return OfPlace(author, offer, number);
    }
    const RecordId offer = Pick(offers_);
    const PlacePool* pool = state_.FindPlaces(offer);
    if (what < 6 || !pool || pool->holds.empty()) {
      const std::uint32_t wait = pool ? pool->terms.hold_minutes : 30;
      const Timestamp expires_at = now_ + (1 + Below(wait + 1)) * kMinute;
      return OfPlace(author, PlaceHold{offer, expires_at, expires_at + (1 + Below(48)) * kHour}, number);
    }
    const HeldPlace& held = Pick(pool->holds);
    if (what < 8) {
      const OrgId& answers = Below(8) == 0 ? author : pool->owner;
      return OfPlace(answers, PlaceAnswer{offer, held.id, held.holder, Below(3) != 0}, number);
    }
    if (what < 9) {
      return OfPlace(Below(8) == 0 ? author : held.holder, PlaceRelease{offer, held.id}, number);
    }
    return OfPlace(Below(2) == 0 ? author : pool->owner, PlaceClose{offer}, number);
  }

  // True: it was admitted.
  bool Say(const Header& header) {
    if (!Admit(state_, directory_, header, now_)) return false;
    state_.Apply(header);
    history_.push_back(header);
    return true;
  }
  void Step() { now_ += Below(90) * kMinute; }

  unsigned Below(unsigned end) { return static_cast<unsigned>(draw_() % end); }
  const PolicyState& state() const { return state_; }
  const std::vector<Header>& history() const { return history_; }
  Timestamp now() const { return now_; }

 private:
  static inline const std::vector<OrgId> kPlayers{kYouthCare, kPsychiatry, kSchool, kPolice};

  template <typename T>
  const T& Pick(const std::vector<T>& from) {
    return from[draw_() % from.size()];
  }

  std::mt19937_64 draw_;
  Directory directory_ = DirectoryOfSix();
  PolicyState state_;
  std::vector<Header> history_;
  std::vector<RecordId> offers_;
  std::uint64_t number_ = 0x100;
  Timestamp now_ = kNow;
};

// As the words of places say, told anew from what was admitted: whose hold stands at a moment.
std::size_t StandingHolds(const std::vector<Header>& history, const RecordId& offer, Timestamp now) {
  std::size_t standing = 0;
  for (const Header& header : history) {
    const auto* hold = std::get_if<PlaceHold>(&header.control);
    if (!hold || hold->offer != offer) continue;
    bool agreed = false;
    bool gone = false;
    for (const Header& later : history) {
      const auto* answer = std::get_if<PlaceAnswer>(&later.control);
      if (answer && answer->hold == header.id) (answer->agreed ? agreed : gone) = true;
      const auto* release = std::get_if<PlaceRelease>(&later.control);
      if (release && release->hold == header.id) gone = true;
    }
    standing += !gone && now < (agreed ? hold->ends_at : hold->expires_at) ? 1 : 0;
  }
  return standing;
}

TEST(PlacesTest, NeverMoreHoldsThanPlacesWhateverIsSaid) {
  const std::uint64_t seed = 20261127;
  std::map<Kind, std::size_t> admitted;
  std::size_t full = 0;
  std::size_t refused = 0;
  for (std::uint64_t story = 0; story < 60; ++story) {
    SCOPED_TRACE("seed " + std::to_string(seed) + ", story " + std::to_string(story));
    PlacesStory told(seed + story);
    for (int i = 0; i < 120; ++i) {
      const Header header = told.Next();
      (told.Say(header) ? admitted[header.kind] : refused) += 1;
      if (told.Below(4) == 0) told.Step();
      for (const auto& [offer, pool] : told.state().places()) {
        const std::size_t standing = StandingHolds(told.history(), offer, told.now());
        ASSERT_LE(standing, pool.terms.places) << "step " << i;
        ASSERT_EQ(pool.Taken(told.now()), standing) << "step " << i;
        ASSERT_LE(pool.holds.size(), pool.terms.places) << "step " << i;
        full += standing == pool.terms.places ? 1 : 0;
      }
    }
    EXPECT_EQ(StateAfter(told.history()), told.state()) << "told again from the log";
    const Bytes snapshot = told.state().Encode();
    const auto read = PolicyState::Decode(snapshot);
    ASSERT_TRUE(read.has_value()) << ToText(read.error());
    EXPECT_EQ(*read, told.state());
    EXPECT_EQ(read->Encode(), snapshot);
  }
  for (const Kind kind :
       {Kind::kPlaceOffer, Kind::kPlaceHold, Kind::kPlaceAnswer, Kind::kPlaceRelease, Kind::kPlaceClose}) {
    EXPECT_GT(admitted[kind], 50U) << Slug(kind) << ": stories that reach nothing prove nothing";
  }
  EXPECT_GT(full, 500U);
  EXPECT_GT(refused, 500U);
}

}  // namespace
}  // namespace schakel::test
