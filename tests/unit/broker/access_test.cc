// Who saw what: answers that are complete for the lead, and show others nothing that they may not know of.
#include <map>

#include "support/hub_world.h"

namespace schakel::test {
namespace {

class AccessTest : public ::testing::Test {
 protected:
  void SetUp() override {
    lead.Greet();
    Found(world, lead, {kPsychiatry, kSchool, kWelfare});
    psychiatry.Greet();
    school.Greet();
    welfare.Greet();
    // Psychiatry and welfare know of each other; the school knows the lead alone.
    Expect(lead.Say(Says(kYouthCare, MemberShow{kPsychiatry, kWelfare}, 0x70)));
    Expect(lead.Say(Says(kYouthCare, MemberShow{kWelfare, kPsychiatry}, 0x71)));
    Expect(lead.Say(Says(kYouthCare, GrantTo(kYouthCare), 0x72)));
    for (TestAgent* agent : {&lead, &psychiatry, &school, &welfare}) agent->AskFeed(0, 1000);
    Expect(lead.Say(Note(kYouthCare, 0x100), {kPsychiatry, kSchool}));
    Expect(psychiatry.Say(Note(kPsychiatry, 0x101), {kYouthCare, kWelfare}));
  }
  static void Expect(const Outcome& outcome) { ASSERT_FALSE(outcome.error) << ToText(*outcome.error); }
  static Header Note(const OrgId& author, std::uint64_t number) { return NoteBy(author, kOurs, number); }
  static Header Saw(const OrgId& viewer, std::uint64_t number, std::initializer_list<std::uint64_t> records) {
    Views views;
    for (std::uint64_t record : records) {
      views.views.push_back({RecordNo(record), Filled<16>(0x51), StaffRole::kWorker, ViewReason::kTask, kNow});
    }
    return Says(viewer, views, number);
  }
  AccessReply Ask(TestAgent& agent, AccessQuery query) {
    const std::uint64_t request = agent.Send(query);
    world.Settle();
    auto reply = agent.Reply<AccessReply>(request);
    EXPECT_TRUE(reply) << agent.RuleOf(request);
    return reply.value_or(AccessReply{});
  }
  // "record 100 by karus-gent", "delivery 100 to clb-gent", "views of 100 by ..", "denial ..", "query by ..".
  std::vector<std::string> Shown(TestAgent& agent, AccessQuery query) {
    const auto checked = CheckEvidence(Ask(agent, query).evidence, HubLogVerifier());
    EXPECT_TRUE(checked) << ToText(checked.error());
    std::vector<std::string> shown;
    for (const Entry& entry : checked->entries) shown.push_back(Describe(entry));
    std::sort(shown.begin(), shown.end());  // Recipients lie in random slots.
    return shown;
  }
  static std::string Describe(const Entry& entry) {
    const auto number = [](const RecordId& id) { return ToText(id).substr(29); };
    if (const auto* delivery = std::get_if<DeliveryEntry>(&entry.body)) {
      const std::string what = delivery->withheld ? "withheld " : "delivery ";
      return what + number(delivery->record) + " to " + delivery->recipient.value();
    }
    if (const auto* denial = std::get_if<DenialEntry>(&entry.body)) {
      return "denial " + number(denial->record) + " to " + denial->recipient.value();
    }
    if (const auto* session = std::get_if<SessionEntry>(&entry.body)) {
      return "query by " + session->organisation.value();
    }
    if (const auto* answer = std::get_if<AnswerEntry>(&entry.body)) return "query by " + answer->asker.value();
    if (const auto* record = std::get_if<RecordEntry>(&entry.body)) {
      const auto header = DecodeHeader(record->header);
      EXPECT_TRUE(header);
      const auto* views = std::get_if<Views>(&header->control);
      const std::string what = views ? "views " : "record ";
      return what + number(header->id) + " by " + header->author.value();
    }
    return "registry";
  }
  static AccessQuery About(std::uint64_t record) {
    return {.trajectory = kOurs, .record = RecordNo(record), .after = {}, .limit = 1024};
  }
  static bool Has(const std::vector<std::string>& list, const std::string& item) {
    return std::find(list.begin(), list.end(), item) != list.end();
  }
  using List = std::vector<std::string>;

  HubWorld world;
  TestAgent lead{world, kYouthCare};
  TestAgent psychiatry{world, kPsychiatry};
  TestAgent school{world, kSchool};
  TestAgent welfare{world, kWelfare};
};

TEST_F(AccessTest, TheLeadSeesAllOfARecord) {
  EXPECT_EQ(Shown(lead, About(0x100)), (List{"delivery 100 to clb-gent", "delivery 100 to karus-gent",
                                             "query by stappen-gent", "record 100 by stappen-gent"}));
  EXPECT_EQ(Shown(lead, About(0x101)), (List{"delivery 101 to caw-gent", "delivery 101 to stappen-gent",
                                             "query by stappen-gent", "record 101 by karus-gent"}));
}

TEST_F(AccessTest, ARecipientSeesItsOwnDeliveryAlone) {
  EXPECT_EQ(Shown(school, About(0x100)), (List{"delivery 100 to clb-gent", "query by clb-gent"}));
  EXPECT_EQ(Shown(psychiatry, About(0x100)), (List{"delivery 100 to karus-gent", "query by karus-gent"}));
  // What it never got leaves no trace, and looks like a record that does not exist.
  EXPECT_EQ(Shown(school, About(0x101)), List{"query by clb-gent"});
  EXPECT_EQ(Shown(school, About(0x999)), List{"query by clb-gent"});
}

TEST_F(AccessTest, AnAuthorSeesWhoGotItsRecord) {
  EXPECT_EQ(Shown(psychiatry, About(0x101)), (List{"delivery 101 to caw-gent", "delivery 101 to stappen-gent",
                                                   "query by karus-gent", "record 101 by karus-gent"}));
}

TEST_F(AccessTest, WhereARecordStandsInAFeedItsRecipientAloneIsShown) {
  const auto places = [&](TestAgent& agent, std::uint64_t record) {
    const auto checked = CheckEvidence(Ask(agent, About(record)).evidence, HubLogVerifier());
    EXPECT_TRUE(checked) << ToText(checked.error());
    std::map<OrgId, bool> known;
    for (const Entry& entry : checked->entries) {
      const auto* delivery = std::get_if<DeliveryEntry>(&entry.body);
      if (delivery == nullptr) continue;
      const bool nothing = delivery->position == FeedPosition() && delivery->previous == Hash32{} && !delivery->blind;
      EXPECT_EQ(nothing, delivery->closed.has_value());
      known[delivery->recipient] = !nothing;
    }
    return known;
  };
  EXPECT_EQ(places(psychiatry, 0x101), (std::map<OrgId, bool>{{kWelfare, false}, {kYouthCare, false}})) << "its author";
  EXPECT_EQ(places(welfare, 0x101), (std::map<OrgId, bool>{{kWelfare, true}}));
  EXPECT_EQ(places(lead, 0x101), (std::map<OrgId, bool>{{kWelfare, false}, {kYouthCare, true}}));
}

TEST_F(AccessTest, GrantsOfOthersDoNotShowInWhatAnAuthorIsShown) {
  // What a note came close to is not said: welfare has a grant, but not for this category or this purpose.
  Header health = Note(kPsychiatry, 0x110);
  health.categories = CategorySet{Category::kHealth};
  Header report = Note(kPsychiatry, 0x111);
  report.purpose = Purpose::kCrisis;
  for (const Header& probe : {health, report}) {
    const Outcome outcome = psychiatry.Say(probe, {kWelfare});
    ASSERT_EQ(outcome.refused.size(), 1U);
    EXPECT_EQ(outcome.refused[0].reason, Denial::kNoGrant) << Slug(outcome.refused[0].reason);
  }
  EXPECT_EQ(Shown(psychiatry, About(0x110)), (List{"query by karus-gent", "record 110 by karus-gent"}));
  // The lead gave the grants: it sees the reason, and hears it of its own records.
  EXPECT_TRUE(Has(Shown(lead, About(0x110)), "denial 110 to caw-gent"));
  Header by_lead = Note(kYouthCare, 0x112);
  by_lead.categories = CategorySet{Category::kHealth};
  const Outcome own = lead.Say(by_lead, {kWelfare});
  ASSERT_EQ(own.refused.size(), 1U);
  EXPECT_EQ(own.refused[0].reason, Denial::kCategory);
}

// That a grant ended is between who leads and who had it: who led, and wrote the record, is shown it no more.
TEST_F(AccessTest, WhatWasWithheldIsShownToWhoLeadsAndToWhoDidNotGetIt) {
  world.transport.Break(school.connection());
  world.core->Closed(school.connection());
  Expect(lead.Say(Note(kYouthCare, 0x120), {kSchool}));
  Expect(lead.Say(Says(kYouthCare, GrantWithdraw{RecordNo(0x51)}, 0x73), {kSchool}));
  EXPECT_FALSE(Has(Shown(lead, About(0x120)), "withheld 120 to clb-gent")) << "it waits until the school is there";
  school.Greet();
  school.AskFeed(0, 1000);
  world.Settle();
  EXPECT_TRUE(Has(Shown(lead, About(0x120)), "withheld 120 to clb-gent"));
  EXPECT_TRUE(Has(Shown(school, About(0x120)), "withheld 120 to clb-gent"));
  EXPECT_EQ(Shown(psychiatry, About(0x120)), List{"query by karus-gent"});

  Expect(lead.Say(Says(kYouthCare, MemberShow{kSchool, kPsychiatry}, 0x74)));
  Expect(lead.Say(Says(kYouthCare, MemberShow{kPsychiatry, kSchool}, 0x75)));
  Expect(lead.Say(Says(kYouthCare, LeadOffer{kPsychiatry, kNow + kDay}, 0x76)));
  Expect(psychiatry.Say(Says(kPsychiatry, LeadAccept{RecordNo(0x76)}, 0x77)));
  EXPECT_TRUE(Has(Shown(psychiatry, About(0x120)), "withheld 120 to clb-gent")) << "also of before it led";
  EXPECT_FALSE(Has(Shown(lead, About(0x120)), "withheld 120 to clb-gent"));
  EXPECT_TRUE(Has(Shown(lead, About(0x100)), "delivery 100 to clb-gent")) << "who got it, it sees as any author";
  // So that whoever reads its file, in which its own opening stands, sees that it is none of a lead.
  const AccessQuery all{.trajectory = kOurs, .record = {}, .after = {}, .limit = 1024};
  EXPECT_TRUE(Has(Shown(lead, all), "record 077 by karus-gent"));
  EXPECT_FALSE(Has(Shown(school, all), "record 077 by karus-gent"));
}

TEST_F(AccessTest, AnAuthorSeesOnlyThoseItMayKnowOf) {
  // Psychiatry guesses at the school, which it may not know of: the attempt is denied, and not shown back.
  Expect(psychiatry.Say(Note(kPsychiatry, 0x102), {kSchool, kWelfare}));
  EXPECT_EQ(Shown(psychiatry, About(0x102)),
            (List{"delivery 102 to caw-gent", "query by karus-gent", "record 102 by karus-gent"}));
  EXPECT_TRUE(Has(Shown(lead, About(0x102)), "denial 102 to clb-gent"));
  EXPECT_EQ(Shown(school, About(0x102)), List{"query by clb-gent"});
}

// Content and the end of its grant reach the hub together: the delivery is written, and nothing leaves.
TEST_F(AccessTest, WhatNeverLeftAfterAllIsToldToTheLeadAndToWhoseFeedItIsIn) {
  lead.Submit({lead.Seal(Note(kYouthCare, 0x120), {kPsychiatry}),
               lead.Seal(Says(kYouthCare, GrantWithdraw{RecordNo(0x50)}, 0x60), {kPsychiatry})});
  world.Settle();
  EXPECT_EQ(Shown(lead, About(0x120)), (List{"delivery 120 to karus-gent", "denial 120 to karus-gent",
                                             "query by stappen-gent", "record 120 by stappen-gent"}));
  EXPECT_EQ(Shown(psychiatry, About(0x120)),
            (List{"delivery 120 to karus-gent", "denial 120 to karus-gent", "query by karus-gent"}));
  EXPECT_EQ(Shown(school, About(0x120)), List{"query by clb-gent"});
}

// Which agreement ended is not the author's to know, so it is not told that the content was handed over either.
TEST_F(AccessTest, AnAuthorIsNotToldOfADeliveryThatNeverLeft) {
  Expect(lead.Say(Says(kYouthCare, MemberShow{kPsychiatry, kSchool}, 0x73)));
  Expect(lead.Say(Says(kYouthCare, MemberShow{kSchool, kPsychiatry}, 0x74)));
  psychiatry.Submit({psychiatry.Seal(Note(kPsychiatry, 0x121), {kSchool})});
  lead.Submit({lead.Seal(Says(kYouthCare, GrantWithdraw{RecordNo(0x51)}, 0x61), {kSchool})});
  world.Settle();
  EXPECT_EQ(Shown(psychiatry, About(0x121)), (List{"query by karus-gent", "record 121 by karus-gent"}));
  EXPECT_EQ(Shown(school, About(0x121)),
            (List{"delivery 121 to clb-gent", "denial 121 to clb-gent", "query by clb-gent"}));
  EXPECT_TRUE(Has(Shown(lead, About(0x121)), "denial 121 to clb-gent"));
}

TEST_F(AccessTest, ViewsAreShownToTheAuthorOfWhatWasViewed) {
  Expect(welfare.Say(Saw(kWelfare, 0x200, {0x101})));
  Expect(school.Say(Saw(kSchool, 0x201, {0x100})));
  EXPECT_TRUE(Has(Shown(psychiatry, About(0x101)), "views 200 by caw-gent"));
  EXPECT_TRUE(Has(Shown(welfare, About(0x101)), "views 200 by caw-gent")) << "its own";
  EXPECT_TRUE(Has(Shown(lead, About(0x101)), "views 200 by caw-gent"));
  EXPECT_TRUE(Has(Shown(lead, About(0x100)), "views 201 by clb-gent"));
  // Psychiatry did not write 100; and the school is nobody to it.
  EXPECT_FALSE(Has(Shown(psychiatry, About(0x100)), "views 201 by clb-gent"));
}

TEST_F(AccessTest, AnAuthorSeesWhoGotAndSawItsRecordWhenAnotherSharedItAgain) {
  const auto repeats = [](const OrgId& author, std::uint64_t number, std::uint64_t original) {
    Header header = Note(author, number);
    header.kind = Kind::kShareAgain;
    header.references = {RecordNo(original)};
    return header;
  };
  const auto introduce = [&](const OrgId& one, const OrgId& other, std::uint64_t number) {
    Expect(lead.Say(Says(kYouthCare, MemberShow{one, other}, number)));
    Expect(lead.Say(Says(kYouthCare, MemberShow{other, one}, number + 1)));
  };
  introduce(kWelfare, kSchool, 0x74);
  // Welfare shares what psychiatry wrote with the school, which psychiatry may not know of; and the school shares it
  // on.
  Expect(welfare.Say(repeats(kWelfare, 0x130, 0x101), {kYouthCare, kSchool}));
  Expect(school.Say(repeats(kSchool, 0x131, 0x130), {kYouthCare}));
  Expect(school.Say(Saw(kSchool, 0x230, {0x130})));
  Expect(lead.Say(Saw(kYouthCare, 0x231, {0x130})));
  // What goes to nobody whom psychiatry may know of is as if it was not shared at all, also when its author looks at
  // it.
  Expect(welfare.Say(repeats(kWelfare, 0x133, 0x101), {kSchool}));
  Expect(welfare.Say(Saw(kWelfare, 0x233, {0x133})));
  const List before = Shown(psychiatry, About(0x101));
  for (const char* item : {"record 130 by caw-gent", "delivery 130 to stappen-gent", "views 231 by stappen-gent"}) {
    EXPECT_TRUE(Has(before, item)) << item;
  }
  for (const char* item : {"delivery 130 to clb-gent", "record 131 by clb-gent", "delivery 131 to stappen-gent",
                           "views 230 by clb-gent", "record 133 by caw-gent", "views 233 by caw-gent"}) {
    EXPECT_FALSE(Has(before, item)) << item << ": nobody to psychiatry";
  }
  const AccessQuery all{.trajectory = kOurs, .record = {}, .after = {}, .limit = 1024};
  EXPECT_FALSE(Has(Shown(psychiatry, all), "delivery 130 to clb-gent"));
  EXPECT_FALSE(Has(Shown(welfare, About(0x101)), "delivery 101 to stappen-gent")) << "it did not write that one";

  introduce(kPsychiatry, kSchool, 0x78);
  for (const AccessQuery& query : {About(0x101), all}) {
    const List after = Shown(psychiatry, query);
    for (const char* item : {"delivery 130 to clb-gent", "record 131 by clb-gent", "delivery 131 to stappen-gent",
                             "views 230 by clb-gent", "record 133 by caw-gent"}) {
      EXPECT_TRUE(Has(after, item)) << item;
    }
  }
  EXPECT_FALSE(Has(Shown(psychiatry, About(0x100)), "delivery 130 to clb-gent")) << "of that record alone";
  // What refers to others' records too may not give those away.
  Header two = repeats(kWelfare, 0x132, 0x101);
  two.references.push_back(RecordNo(0x100));
  Expect(welfare.Say(two, {kYouthCare}));
  EXPECT_FALSE(Has(Shown(psychiatry, About(0x101)), "record 132 by caw-gent"));
}

TEST_F(AccessTest, AnEntryAboutRecordsOfOthersTooIsLeftOut) {
  Expect(lead.Say(Saw(kYouthCare, 0x200, {0x100, 0x101})));
  EXPECT_FALSE(Has(Shown(psychiatry, About(0x101)), "views 200 by stappen-gent"));
  EXPECT_TRUE(Has(Shown(lead, About(0x101)), "views 200 by stappen-gent"));
  EXPECT_TRUE(Has(Shown(lead, About(0x100)), "views 200 by stappen-gent"));
}

TEST_F(AccessTest, WhoeverTakesNoPartLearnsNothing) {
  TestAgent police(world, kPolice);
  police.Greet();
  const std::uint64_t real = police.Send(AccessQuery{.trajectory = kOurs, .record = {}, .after = {}, .limit = 10});
  const std::uint64_t absent = police.Send(AccessQuery{.trajectory = kOther, .record = {}, .after = {}, .limit = 10});
  world.Settle();
  ASSERT_TRUE(police.Reply<Error>(real));
  EXPECT_EQ(*police.Reply<Error>(real), *police.Reply<Error>(absent));
  EXPECT_EQ(police.Reply<Error>(real)->rule, "access.trajectory");
  EXPECT_TRUE(
      Has(Shown(lead, {.trajectory = kOurs, .record = {}, .after = {}, .limit = 1024}), "query by politie-gent"))
      << "but the lead learns that it asked";
}

TEST_F(AccessTest, TheQuestionIsInTheLogBeforeTheAnswerLeaves) {
  const std::uint64_t request = lead.Send(About(0x100));
  EXPECT_FALSE(lead.Reply<AccessReply>(request));
  Group group = world.TakeGroup();
  world.Write(group);
  EXPECT_FALSE(lead.Reply<AccessReply>(request));
  world.Release(std::move(group));
  EXPECT_TRUE(lead.Reply<AccessReply>(request));
}

TEST_F(AccessTest, PagesAddUpToTheWhole) {
  for (std::uint64_t i = 0; i < 30; ++i) Expect(lead.Say(Note(kYouthCare, 0x300 + i), {kPsychiatry, kSchool}));
  AccessQuery query{.trajectory = kOurs, .record = {}, .after = {}, .limit = 7};
  std::vector<Sequence> paged;
  std::size_t deliveries = 0;
  std::size_t questions = 0;
  for (bool more = true; more;) {
    const AccessReply reply = Ask(school, query);
    const auto checked = CheckEvidence(reply.evidence, HubLogVerifier());
    ASSERT_TRUE(checked);
    EXPECT_LE(checked->entries.size(), 7U);
    for (const Entry& entry : checked->entries) {
      paged.push_back(entry.sequence);
      const auto* delivery = std::get_if<DeliveryEntry>(&entry.body);
      deliveries += delivery && delivery->recipient == kSchool ? 1 : 0;
      questions += std::holds_alternative<AnswerEntry>(entry.body) ? 1 : 0;
    }
    more = reply.more && !checked->entries.empty();
    query.after = paged.back();
    ASSERT_LE(paged.size(), 200U) << "it chases its own questions";
  }
  EXPECT_TRUE(std::is_sorted(paged.begin(), paged.end()));
  EXPECT_GE(deliveries, 31U);
  EXPECT_EQ(questions, 1U) << "pages ask nothing anew";
  // Behind its own question it asks again, and about something else as well.
  const auto asked = [&] {
    const auto shown = Shown(lead, {.trajectory = kOurs, .record = {}, .after = {}, .limit = 1024});
    return std::count(shown.begin(), shown.end(), "query by clb-gent");
  };
  const auto before = asked();
  query.after = paged.back();
  Ask(school, query);
  EXPECT_EQ(asked(), before + 1);
  query = About(0x100);
  query.after = paged.front();
  Ask(school, query);
  EXPECT_EQ(asked(), before + 2);
}

TEST_F(AccessTest, AFullPageDoesNotTellOfWhatMayNotBeShown) {
  // The school may see one delivery and its own question; what follows concerns others alone.
  AccessQuery query{.trajectory = kOurs, .record = RecordNo(0x100), .after = {}, .limit = 2};
  const std::uint64_t request = school.Send(query);
  Group group = world.TakeGroup();
  world.Write(group);
  lead.Submit({lead.Seal(Saw(kYouthCare, 0x200, {0x100}))});
  Group next = world.TakeGroup();
  world.Write(next);
  world.Release(std::move(group));
  world.Release(std::move(next));
  world.Settle();
  const auto reply = school.Reply<AccessReply>(request);
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->evidence.entries.size(), 2U);
  EXPECT_FALSE(reply->more);
  query.limit = 1;
  const AccessReply first = Ask(school, query);
  EXPECT_EQ(first.evidence.entries.size(), 1U);
  EXPECT_TRUE(first.more);
}

TEST_F(AccessTest, WithoutATrajectoryTheAuthorAsksAboutARecord) {
  Header question = NoteBy(kYouthCare, TrajectoryId(), 0x400);
  question.kind = Kind::kQuestion;
  Expect(lead.Say(question, {kPolice, kPsychiatry}));
  const AccessQuery query{.trajectory = {}, .record = RecordNo(0x400), .after = {}, .limit = 10};
  EXPECT_TRUE(Has(Shown(lead, query), "delivery 400 to karus-gent"));
  EXPECT_EQ(Shown(psychiatry, query), List{"delivery 400 to karus-gent"});
  EXPECT_EQ(Shown(school, query), List{});
  const std::uint64_t neither = lead.Send(AccessQuery{.trajectory = {}, .record = {}, .after = {}, .limit = 1});
  EXPECT_EQ(lead.RuleOf(neither), "access.subject");
}

// From every answer that a member can get: an organisation it may not know of must look like one that is not there.
TEST_F(AccessTest, AHiddenPartnerLooksLikeAnAbsentOne) {
  // The same story twice; in the second welfare work took part all along, shown to nobody.
  const auto story = [](bool hidden) {
    HubWorld w;
    TestAgent head(w, kYouthCare);
    head.Greet();
    Found(w, head, hidden ? std::vector{kPsychiatry, kWelfare} : std::vector{kPsychiatry});
    TestAgent member(w, kPsychiatry);
    member.Greet();
    member.AskFeed(0, 100);
    TestAgent other(w, kWelfare);
    other.Greet();
    if (hidden) {
      head.Say(NoteBy(kYouthCare, kOurs, 0x500), {kWelfare});
      other.Say(NoteBy(kWelfare, kOurs, 0x501), {kYouthCare});
    }
    std::vector<std::string> seen;
    const Outcome to_other = member.Say(NoteBy(kPsychiatry, kOurs, 0x600), {kWelfare, kYouthCare});
    for (const RoutingRefusal& refusal : to_other.refused) {
      seen.push_back("refused " + refusal.recipient.value() + " " + std::string(Slug(refusal.reason)));
    }
    head.Say(NoteBy(kYouthCare, kOurs, 0x601), {kPsychiatry, kWelfare});
    for (const FeedItem& item : member.Feed()) {
      const DeliveryEntry delivery = DeliveryIn(item);
      seen.push_back("feed " + std::to_string(delivery.position.value()) + " " + ToText(delivery.record));
    }
    const std::uint64_t request =
        member.Send(AccessQuery{.trajectory = kOurs, .record = {}, .after = {}, .limit = 1024});
    w.Settle();
    const auto reply = member.Reply<AccessReply>(request);
    const auto checked = CheckEvidence(reply->evidence, HubLogVerifier());
    for (const Entry& entry : checked->entries) seen.push_back(Describe(entry));
    seen.push_back(reply->more ? "more" : "all");
    std::sort(seen.begin(), seen.end());
    return seen;
  };
  EXPECT_EQ(story(true), story(false));
}

}  // namespace
}  // namespace schakel::test
