// The composition rule, row by row: docs/consent.md is its model.
#include <gtest/gtest.h>

#include "protocol/policy.h"
#include "support/builders.h"

namespace schakel::test {
namespace {

constexpr std::uint64_t kFrame = 0x40;

Header About(CategorySet categories, Purpose purpose = Purpose::kCareCoordination, const OrgId& author = kYouthCare) {
  Header header = NoteBy(author);
  header.categories = categories;
  header.purpose = purpose;
  return header;
}
const Header kGoalsNote = About({Category::kGoals});

// Consents to psychiatry, each as record 0x80 + the number of who gave it.
enum class Now : std::uint8_t { kConsents, kWithdrew, kNarrowed, kCutShort, kLapsed, kWentWithRecipient };
struct Consent {
  Grantor by;
  Now now = Now::kConsents;
};

std::vector<Header> Headers(Stage stage, const std::vector<Consent>& consents) {
  std::vector<Header> headers = Membership({kPsychiatry, kSchool}, kOurs, stage);
  headers.push_back(Says(kYouthCare, MemberShow{kPsychiatry, kSchool}, 0x30));
  headers.push_back(Says(kYouthCare, MemberShow{kSchool, kPsychiatry}, 0x31));
  std::uint64_t later = 0x1000;
  for (const Consent& consent : consents) {
    const RecordId id = RecordNo(0x80 + static_cast<std::uint64_t>(consent.by));
    GrantGive grant = GrantTo(kPsychiatry);
    grant.grantor = consent.by;
    if (consent.now == Now::kLapsed) grant.ends_at = kNow;
    Header give = Says(kYouthCare, grant, 0);
    give.id = id;
    headers.push_back(give);
    GrantNarrow narrow{id, grant.purposes, grant.categories, grant.ends_at};
    if (consent.now == Now::kWithdrew) headers.push_back(Says(kYouthCare, GrantWithdraw{id}, later++));
    if (consent.now == Now::kNarrowed) {
      narrow.categories = {Category::kAgreements};
      headers.push_back(Says(kYouthCare, narrow, later++));
    }
    if (consent.now == Now::kCutShort) {
      narrow.ends_at = kNow;
      headers.push_back(Says(kYouthCare, narrow, later++));
    }
    if (consent.now == Now::kWentWithRecipient) {
      headers.push_back(Says(kPsychiatry, MemberLeave{}, later++));
      headers.push_back(Says(kYouthCare, MemberInvite{kPsychiatry, kNow + kDay, stage}, later));
      headers.push_back(Says(kPsychiatry, MemberJoin{RecordNo(later)}, later + 1));
      later += 2;
    }
  }
  return headers;
}

Decision By(Grantor grantor) { return Permit{RecordNo(0x80 + static_cast<std::uint64_t>(grantor))}; }

TEST(ComposeTest, TheStageSaysWhoseConsentCovers) {
  using enum Grantor;
  struct Row {
    const char* name;
    std::vector<Consent> consents;
    Decision child, capable, adult;
  };
  const Decision grantor = Denial::kGrantor;
  const Row rows[] = {
      {"nobody", {}, Denial::kNoGrant, Denial::kNoGrant, Denial::kNoGrant},
      {"young person", {{kYoungPerson}}, grantor, By(kYoungPerson), By(kYoungPerson)},
      {"a parent", {{kFirstParent}}, By(kFirstParent), grantor, grantor},
      {"the other parent", {{kSecondParent}}, By(kSecondParent), grantor, grantor},
      {"both parents", {{kSecondParent}, {kFirstParent}}, By(kFirstParent), grantor, grantor},
      {"guardian", {{kGuardian}}, By(kGuardian), grantor, grantor},
      {"all", {{kYoungPerson}, {kFirstParent}, {kGuardian}}, By(kFirstParent), By(kYoungPerson), By(kYoungPerson)},
      {"young person withdrew", {{kYoungPerson, Now::kWithdrew}, {kFirstParent}}, By(kFirstParent), grantor, grantor},
      {"young person's has ended", {{kYoungPerson, Now::kLapsed}}, Denial::kPeriod, Denial::kPeriod, Denial::kPeriod},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    for (const auto& [stage, want] : {std::pair(Stage::kChild, row.child), std::pair(Stage::kCapable, row.capable),
                                      std::pair(Stage::kAdult, row.adult)}) {
      const PolicyState state = StateAfter(Headers(stage, row.consents));
      EXPECT_EQ(Said(Decide(state, DirectoryOfSix(), kGoalsNote, kPsychiatry, kNow)), Said(want)) << Slug(stage);
    }
  }
}

TEST(ComposeTest, TheRegionSaysHowParentsConsent) {
  using enum Grantor;
  using enum Now;
  const Decision first = By(kFirstParent);
  const Decision second = By(kSecondParent);
  const Decision guardian = By(kGuardian);
  const Decision waits = Denial::kGrantor;
  struct Row {
    const char* name;
    std::vector<Consent> consents;
    Decision either, both, until_withdrawn;
  };
  const Row rows[] = {
      {"one", {{kFirstParent}}, first, waits, first},
      {"the other", {{kSecondParent}}, second, waits, second},
      {"both", {{kFirstParent}, {kSecondParent}}, first, first, first},
      {"one, the other withdrew", {{kFirstParent}, {kSecondParent, kWithdrew}}, first, waits, waits},
      {"one withdrew, the other", {{kFirstParent, kWithdrew}, {kSecondParent}}, second, waits, waits},
      {"one, the other narrowed it away", {{kFirstParent}, {kSecondParent, kNarrowed}}, first, waits, waits},
      {"one, the other cut it short", {{kFirstParent}, {kSecondParent, kCutShort}}, first, waits, waits},
      {"one, the other's has ended", {{kFirstParent}, {kSecondParent, kLapsed}}, first, waits, first},
      {"one, the other's went with the recipient",
       {{kSecondParent, kWentWithRecipient}, {kFirstParent}},
       first,
       waits,
       first},
      {"both withdrew",
       {{kFirstParent, kWithdrew}, {kSecondParent, kWithdrew}},
       Denial::kWithdrawn,
       Denial::kWithdrawn,
       Denial::kWithdrawn},
      {"guardian, a parent withdrew", {{kGuardian}, {kFirstParent, kWithdrew}}, guardian, guardian, guardian},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    for (const auto& [rule, want] :
         {std::pair(ParentsRule::kEither, row.either), std::pair(ParentsRule::kBoth, row.both),
          std::pair(ParentsRule::kEitherUntilWithdrawn, row.until_withdrawn)}) {
      const PolicyState state = StateAfter(Headers(Stage::kChild, row.consents));
      const Directory directory = WithParentsRule(DirectoryOfSix(), rule);
      EXPECT_EQ(Said(Decide(state, directory, kGoalsNote, kPsychiatry, kNow)), Said(want)) << Slug(rule);
    }
  }
}

TEST(ComposeTest, AParentWhoConsentsAnewObjectsNoMore) {
  std::vector<Header> headers =
      Headers(Stage::kChild, {{Grantor::kFirstParent}, {Grantor::kSecondParent, Now::kWithdrew}});
  const auto said = [&] { return Said(Decide(StateAfter(headers), DirectoryOfSix(), kGoalsNote, kPsychiatry, kNow)); };
  EXPECT_EQ(said(), "grantor");
  GrantGive anew = GrantTo(kPsychiatry);
  anew.grantor = Grantor::kSecondParent;
  headers.push_back(Says(kYouthCare, anew, 0x99));
  EXPECT_EQ(said(), Said(By(Grantor::kFirstParent)));
}

TEST(ComposeTest, WhatWasTakenBackIsAboutWhatItCovered) {
  const PolicyState state =
      StateAfter(Headers(Stage::kChild, {{Grantor::kFirstParent}, {Grantor::kSecondParent, Now::kNarrowed}}));
  const auto said = [&](CategorySet categories) {
    return Said(Decide(state, DirectoryOfSix(), About(categories), kPsychiatry, kNow));
  };
  EXPECT_EQ(said({Category::kGoals}), "grantor");
  EXPECT_EQ(said({Category::kAgreements}), Said(By(Grantor::kFirstParent)));
  EXPECT_EQ(said({Category::kAgreements, Category::kGoals}), "grantor");
}

// ---- Other bases ----

TEST(ComposeTest, AnotherBasisCoversOnItsOwn) {
  for (const Stage stage : {Stage::kChild, Stage::kCapable, Stage::kAdult}) {
    GrantGive mandate = GrantTo(kPsychiatry);
    mandate.basis = Basis::kCourtMandate;
    mandate.grantor = Grantor::kCourt;
    for (const GrantGive& grant : {mandate, SecrecyTo(kPsychiatry), EmergencyTo(kPsychiatry)}) {
      std::vector<Header> headers = Headers(stage, {});
      headers.push_back(Says(kYouthCare, grant, 0x90));
      EXPECT_EQ(Said(Decide(StateAfter(headers), DirectoryOfSix(), kGoalsNote, kPsychiatry, kNow)),
                Said(Permit{RecordNo(0x90)}))
          << Slug(grant.basis);
    }
  }
}

TEST(ComposeTest, WithoutWhatItMustCarryItCoversNothing) {
  GrantGive undeclared = SecrecyTo(kPsychiatry);
  undeclared.secrecy.reset();
  const GrantGive unframed = FramedTo(kPsychiatry, RecordId());
  for (const GrantGive& grant : {undeclared, unframed}) {
    std::vector<Header> headers = Headers(Stage::kCapable, {});
    headers.push_back(Says(kYouthCare, grant, 0x90));
    EXPECT_EQ(Said(Decide(StateAfter(headers), DirectoryOfSix(), kGoalsNote, kPsychiatry, kNow)), "no-grant");
  }
}

TEST(ComposeTest, ConsentIsNamedBeforeWhatDoesWithout) {
  std::vector<Header> headers = Headers(Stage::kCapable, {{Grantor::kYoungPerson}});
  headers.push_back(Says(kYouthCare, EmergencyTo(kPsychiatry), 0x05));
  EXPECT_EQ(Said(Decide(StateAfter(headers), DirectoryOfSix(), kGoalsNote, kPsychiatry, kNow)),
            Said(By(Grantor::kYoungPerson)));
}

TEST(ComposeTest, AMembersEmergencyCoversWhatItWroteItself) {
  std::vector<Header> headers = Headers(Stage::kCapable, {});
  headers.push_back(Says(kSchool, EmergencyTo(kPsychiatry), 0x90));
  const PolicyState state = StateAfter(headers);
  const auto said = [&](const OrgId& author, Timestamp now) {
    return Said(Decide(state, DirectoryOfSix(), About({Category::kGoals}, Purpose::kCareCoordination, author),
                       kPsychiatry, now));
  };
  EXPECT_EQ(said(kSchool, kNow), Said(Permit{RecordNo(0x90)}));
  EXPECT_EQ(said(kYouthCare, kNow), "no-grant");
  EXPECT_EQ(said(kSchool, kNow + kDay - kTick), Said(Permit{RecordNo(0x90)}));
  EXPECT_EQ(said(kSchool, kNow + kDay), "period");
}

TEST(ComposeTest, AnEmergencyCoversNothingWhileAnEarlierOneShouldHaveBeenReviewed) {
  GrantGive first = EmergencyTo(kPsychiatry);
  first.ends_at = kNow + kHour;
  GrantGive second = EmergencyTo(kPsychiatry);
  second.begins_at = kNow + kHour;
  second.ends_at = kNow + 100 * kHour;
  const Timestamp due = first.ends_at + 72 * kHour;
  const auto said = [&](const std::vector<Header>& more, Timestamp now, const OrgId& to = kPsychiatry) {
    std::vector<Header> headers = Headers(Stage::kCapable, {});
    headers.push_back(Says(kYouthCare, first, 0x90));
    headers.push_back(Says(kYouthCare, second, 0x91));
    headers.insert(headers.end(), more.begin(), more.end());
    return Said(Decide(StateAfter(headers), DirectoryOfSix(), About({Category::kGoals}), to, now));
  };
  const Header review = Says(kYouthCare, EmergencyReview{RecordNo(0x90), ReviewOutcome::kJustified}, 0x92);
  const Header withdrawal = Says(kYouthCare, GrantWithdraw{RecordNo(0x90)}, 0x93);
  EXPECT_EQ(said({}, due - kTick), Said(Permit{RecordNo(0x91)}));
  EXPECT_EQ(said({}, due), "period");
  EXPECT_EQ(said({withdrawal}, due), "period") << "taking it back is no review";
  EXPECT_EQ(said({review}, due), Said(Permit{RecordNo(0x91)}));
  GrantGive of_another = second;
  of_another.recipient = kSchool;
  EXPECT_EQ(said({Says(kYouthCare, of_another, 0x94)}, due, kSchool), Said(Permit{RecordNo(0x94)}))
      << "that recipient was not told of the first";
}

TEST(ComposeTest, ACaseConsultationStaysWithinItsFrame) {
  const auto said = [](const CaseFrame& frame, const Header& header, Timestamp now = kNow) {
    std::vector<Header> headers = Headers(Stage::kCapable, {});
    GrantGive grant = FramedTo(kPsychiatry, RecordNo(kFrame));
    grant.purposes.Add(Purpose::kSafety);
    grant.begins_at = kNow - 2 * kDay;
    grant.ends_at = kNow + 2 * kDay;
    headers.push_back(Says(kYouthCare, grant, 0x90));
    headers.push_back(Says(kYouthCare, frame, kFrame));  // It may come after.
    return Said(Decide(StateAfter(headers), DirectoryOfSix(), header, kPsychiatry, now));
  };
  const std::string permit = Said(Permit{RecordNo(0x90)});
  const CaseFrame frame = FrameOf({kYouthCare, kPsychiatry});
  EXPECT_EQ(said(frame, kGoalsNote), permit);
  EXPECT_EQ(said(frame, kGoalsNote, frame.begins_at), permit);
  EXPECT_EQ(said(frame, kGoalsNote, frame.begins_at - kTick), "period");
  EXPECT_EQ(said(frame, kGoalsNote, frame.ends_at - kTick), permit);
  EXPECT_EQ(said(frame, kGoalsNote, frame.ends_at), "period");
  EXPECT_EQ(said(frame, About({Category::kGoals}, Purpose::kSafety)), "purpose");
  EXPECT_EQ(said(frame, About({Category::kGoals}, Purpose::kCareCoordination, kSchool)), "no-grant") << "not listed";
  EXPECT_EQ(said(FrameOf({kYouthCare, kSchool}), kGoalsNote), "no-grant") << "the recipient is not listed";
}

// ---- The court wall ----

struct ToCourt {
  Basis basis = Basis::kConsent;
  Grantor grantor = Grantor::kYoungPerson;
  CategorySet categories{Category::kIdentity, Category::kContact, Category::kGoals};
  bool withdrawn = false;
};

std::string SaidToCourt(Stage stage, const std::vector<ToCourt>& grants, const Header& header,
                        ParentsRule rule = ParentsRule::kEitherUntilWithdrawn) {
  std::vector<Header> headers = Membership({kCourt}, kOurs, stage);
  std::uint64_t number = 0x80;
  for (const ToCourt& one : grants) {
    GrantGive grant = one.basis == Basis::kSharedSecrecy ? SecrecyTo(kCourt) : GrantTo(kCourt);
    grant.basis = one.basis;
    grant.grantor = one.grantor;
    grant.categories = one.categories;
    grant.purposes = {Purpose::kCourtReport, Purpose::kCareCoordination};
    headers.push_back(Says(kYouthCare, grant, number));
    if (one.withdrawn) headers.push_back(Says(kYouthCare, GrantWithdraw{RecordNo(number)}, number + 0x1000));
    ++number;
  }
  return Said(Decide(StateAfter(headers), WithParentsRule(DirectoryOfSix(), rule), header, kCourt, kNow));
}

TEST(ComposeTest, TheCourtWall) {
  const ToCourt minor;
  const ToCourt first{.grantor = Grantor::kFirstParent};
  const ToCourt second{.grantor = Grantor::kSecondParent};
  const ToCourt second_withdrew{.grantor = Grantor::kSecondParent, .withdrawn = true};
  const ToCourt guardian{.grantor = Grantor::kGuardian};
  const ToCourt request{.basis = Basis::kCourtMandate, .grantor = Grantor::kCourt};
  const ToCourt secrecy{.basis = Basis::kSharedSecrecy, .grantor = Grantor::kProfessional};
  const ToCourt emergency{.basis = Basis::kEmergency, .grantor = Grantor::kProfessional};
  const Header report = About({Category::kGoals}, Purpose::kCourtReport);
  const Header basic = About({Category::kIdentity}, Purpose::kCourtReport);
  const std::string wall = "court-wall";
  const std::string permit = Said(Permit{RecordNo(0x80)});
  using enum Stage;
  using enum ParentsRule;
  EXPECT_EQ(SaidToCourt(kCapable, {minor, first}, report), permit);
  EXPECT_EQ(SaidToCourt(kCapable, {minor, guardian}, report, kBoth), permit);
  EXPECT_EQ(SaidToCourt(kCapable, {minor}, report), wall);
  EXPECT_EQ(SaidToCourt(kCapable, {first, second}, report), wall);
  EXPECT_EQ(SaidToCourt(kCapable, {minor, first}, report, kBoth), wall);
  EXPECT_EQ(SaidToCourt(kCapable, {minor, first, second}, report, kBoth), permit);
  EXPECT_EQ(SaidToCourt(kCapable, {minor, first, second_withdrew}, report), wall);
  EXPECT_EQ(SaidToCourt(kCapable, {minor, first, second_withdrew}, report, kEither), permit);
  EXPECT_EQ(SaidToCourt(kCapable, {minor, first}, About({Category::kGoals})), wall) << "another purpose";
  EXPECT_EQ(SaidToCourt(kAdult, {minor}, report), permit) << "of age, alone";
  EXPECT_EQ(SaidToCourt(kAdult, {first, second}, report), wall);
  EXPECT_EQ(SaidToCourt(kChild, {minor, first, second}, report), wall) << "who is not capable cannot agree";
  for (const Stage stage : {kChild, kCapable, kAdult}) {
    EXPECT_EQ(SaidToCourt(stage, {request}, basic), permit) << "basic data on request";
    EXPECT_EQ(SaidToCourt(stage, {request}, report), wall) << "and nothing else";
    EXPECT_EQ(SaidToCourt(stage, {request}, About({Category::kIdentity, Category::kGoals}, Purpose::kCourtReport)),
              wall);
    EXPECT_EQ(SaidToCourt(stage, {secrecy, emergency}, basic), wall);
    EXPECT_EQ(SaidToCourt(stage, {}, basic), wall);
  }
}

TEST(ComposeTest, BehindTheWallAConsentIsForTheRecordThatItNames) {
  const RecordId piece = RecordNo(0x100);
  std::vector<Header> headers = Membership({kCourt, kSchool});
  for (const auto& [grantor, number] :
       {std::pair(Grantor::kYoungPerson, 0x80U), std::pair(Grantor::kGuardian, 0x81U)}) {
    GrantGive grant = GrantTo(kCourt);
    grant.grantor = grantor;
    grant.purposes = {Purpose::kCourtReport};
    headers.push_back(Says(kYouthCare, grant, number));
    headers.back().references = {piece};
  }
  headers.push_back(Says(kYouthCare, MemberShow{kSchool, kCourt}, 0x82));
  headers.push_back(Says(kYouthCare, MemberShow{kCourt, kSchool}, 0x83));
  const PolicyState state = StateAfter(headers);
  const auto said = [&](const Header& header) { return Said(Decide(state, DirectoryOfSix(), header, kCourt, kNow)); };
  Header report = About({Category::kGoals}, Purpose::kCourtReport);
  report.id = piece;
  EXPECT_EQ(said(report), Said(Permit{RecordNo(0x80)}));
  Header shared = report;
  shared.id = RecordNo(0x101);
  shared.kind = Kind::kShareAgain;
  shared.references = {piece};
  EXPECT_EQ(said(shared), Said(Permit{RecordNo(0x80)})) << "the same, shared";
  Header another = report;
  another.id = RecordNo(0x101);
  EXPECT_EQ(said(another), "court-wall");
  another.references = {piece};
  EXPECT_EQ(said(another), "court-wall") << "that refers to it";
  Header shared_another = shared;
  shared_another.references = {RecordNo(0x102), piece};
  EXPECT_EQ(said(shared_another), "court-wall");
  Header of_member = shared;
  of_member.author = kSchool;
  EXPECT_EQ(said(of_member), "court-wall") << "by another than who recorded the agreement";

  const auto restored = PolicyState::Decode(state.Encode());
  ASSERT_TRUE(restored.has_value()) << ToText(restored.error());
  EXPECT_EQ(*restored, state);
  PolicyState untied;
  for (Header header : headers) {
    if (header.kind == Kind::kGrantGive) header.references.clear();
    untied.Apply(header);
  }
  EXPECT_NE(untied, state);
  EXPECT_EQ(Said(Decide(untied, DirectoryOfSix(), another, kCourt, kNow)), Said(Permit{RecordNo(0x80)}))
      << "given before a record was asked for";
}

}  // namespace
}  // namespace schakel::test
