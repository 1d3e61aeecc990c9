// What answers prove beyond the entries they hold: that nothing is missing, and who stands behind the history.
#include "protocol/verdict.h"

#include "broker/witnesses.h"
#include "protocol/codec.h"
#include "support/hub_world.h"

namespace schakel::test {
namespace {

using Counts = std::vector<AnswerEntry::Count>;

class ProofTest : public ::testing::Test {
 protected:
  void SetUp() override {
    lead.Greet();
    Found(world, lead, {kPsychiatry, kSchool});
    Expect(lead.Say(Says(kYouthCare, GrantTo(kYouthCare), 0x72)));
    psychiatry.Greet();
    school.Greet();
    for (TestAgent* agent : {&lead, &psychiatry, &school}) agent->AskFeed(0, 1000);
    world.Settle();
  }
  static void Expect(const Outcome& outcome) { ASSERT_FALSE(outcome.error) << ToText(*outcome.error); }
  void Write(std::uint64_t number, const std::vector<OrgId>& to) { Expect(lead.Say(Note(kYouthCare, number), to)); }
  static Header Note(const OrgId& author, std::uint64_t number) { return NoteBy(author, kOurs, number); }

  Evidence Ask(TestAgent& agent, const RecordId& record = {}) {
    const std::uint64_t request =
        agent.Send(AccessQuery{.trajectory = kOurs, .record = record, .after = {}, .limit = 1024});
    world.Settle();
    auto reply = agent.Reply<AccessReply>(request);
    EXPECT_TRUE(reply) << agent.RuleOf(request);
    return reply ? reply->evidence : Evidence();
  }
  static Result<std::vector<Completeness>> Complete(const Evidence& evidence) {
    SCHAKEL_ASSIGN(const CheckedEvidence checked, CheckEvidence(evidence, HubLogVerifier()));
    return CheckComplete(evidence, checked);
  }
  // "clb-gent 3, karus-gent 4": what the evidence proves to be all.
  static std::string Whole(const Evidence& evidence) {
    const auto complete = Complete(evidence);
    if (!complete) return ToText(complete.error());
    std::string text;
    for (const Completeness& one : *complete) {
      text += (text.empty() ? "" : ", ") + one.recipient.value() + " " + std::to_string(one.deliveries);
    }
    return text;
  }
  static std::size_t Opened(const Evidence& evidence) {
    return static_cast<std::size_t>(
        std::ranges::count_if(evidence.entries, [](const ProvenEntry& e) { return e.opening.has_value(); }));
  }
  // Deliveries to `recipient`, as the log has them.
  std::uint64_t InLog(const OrgId& recipient) const {
    const auto all = world.All<DeliveryEntry>();
    return static_cast<std::uint64_t>(
        std::ranges::count_if(all, [&](const DeliveryEntry& d) { return d.recipient == recipient; }));
  }

  std::string Head(std::uint64_t size) const {
    return SignCheckpoint(std::string(kHub), {size, world.log->RootAt(size).value()}, HubLogKey());
  }
  std::string Newest() const { return Head(world.log->Last().value()); }
  static std::string CosignedBy(const OrgId& who, const std::string& note) {
    return CosignCheckpoint(note, kHub, who, SecretsOf(who).cosign, kNow).value();
  }
  // The rule, or "ok".
  std::string CosignRule(TestAgent& agent, const std::string& note) {
    const std::uint64_t request = agent.Send(Cosign{note});
    world.Settle();
    world.clock.Advance(std::chrono::seconds(1));
    return agent.Reply<CosignAck>(request) ? "ok" : agent.RuleOf(request);
  }

  HubWorld world;
  TestAgent lead{world, kYouthCare};
  TestAgent psychiatry{world, kPsychiatry};
  TestAgent school{world, kSchool};
};

// ---- Nothing is missing ----

TEST_F(ProofTest, TheLeadCanSeeThatNothingIsMissingForAnybody) {
  Write(0x100, {kPsychiatry, kSchool});
  Write(0x101, {kPsychiatry});
  const Evidence evidence = Ask(lead);
  EXPECT_EQ(Whole(evidence), "clb-gent " + std::to_string(InLog(kSchool)) + ", karus-gent " +
                                 std::to_string(InLog(kPsychiatry)) + ", stappen-gent " +
                                 std::to_string(InLog(kYouthCare)));
  EXPECT_EQ(Opened(evidence), InLog(kSchool) + InLog(kPsychiatry) + InLog(kYouthCare));
  EXPECT_GT(InLog(kPsychiatry), InLog(kSchool));
}

TEST_F(ProofTest, AnotherCanSeeItForItselfAndLearnsNoOtherNumber) {
  Write(0x100, {kPsychiatry, kSchool});
  Expect(psychiatry.Say(Note(kPsychiatry, 0x101), {kYouthCare}));
  const Evidence evidence = Ask(psychiatry);
  EXPECT_EQ(Whole(evidence), "karus-gent " + std::to_string(InLog(kPsychiatry)));
  EXPECT_EQ(Opened(evidence), InLog(kPsychiatry));
  bool shown = false;
  for (const ProvenEntry& proven : evidence.entries) {
    const Entry entry = DecodeEntry(proven.entry).value();
    const auto* delivery = std::get_if<DeliveryEntry>(&entry.body);
    if (delivery == nullptr || delivery->recipient == kPsychiatry) continue;
    shown = true;
    EXPECT_TRUE(delivery->number.has_value());
    EXPECT_FALSE(proven.opening.has_value()) << delivery->recipient.value();
  }
  EXPECT_TRUE(shown) << "it is shown to whom its own note went";
}

TEST_F(ProofTest, WhatWasWithheldCountsToo) {
  TestAgent gone(world, kSchool);
  world.transport.Break(school.connection());
  world.core->Closed(school.connection());
  Write(0x100, {kSchool});
  Expect(lead.Say(Says(kYouthCare, GrantWithdraw{RecordNo(0x51)}, 0x102)));
  const std::uint64_t before = InLog(kSchool);
  gone.Greet();
  gone.AskFeed(0, 1000);
  world.Settle();
  EXPECT_GT(InLog(kSchool), before);
  EXPECT_EQ(Whole(Ask(gone)), "clb-gent " + std::to_string(InLog(kSchool)));
}

TEST_F(ProofTest, AnEntryLeftOutOfAnAnswerShows) {
  Write(0x100, {kPsychiatry});
  const Evidence whole = Ask(psychiatry);
  ASSERT_TRUE(Complete(whole));
  std::size_t deliveries = 0;
  for (std::size_t i = 0; i < whole.entries.size(); ++i) {
    const Entry entry = DecodeEntry(whole.entries[i].entry).value();
    if (!std::holds_alternative<DeliveryEntry>(entry.body)) continue;
    ++deliveries;
    Evidence cut = whole;
    cut.entries.erase(cut.entries.begin() + static_cast<std::ptrdiff_t>(i));
    ASSERT_FALSE(Complete(cut)) << i;
    EXPECT_EQ(Complete(cut).error().rule, "evidence.incomplete");
  }
  EXPECT_EQ(deliveries, InLog(kPsychiatry));
}

// Who takes part unseen shows in no number.
TEST(ProofStory, AHiddenPartnerDoesNotShowInCountsOrNumbers) {
  const auto story = [](bool hidden) {
    HubWorld w;
    TestAgent head(w, kYouthCare);
    head.Greet();
    Found(w, head, hidden ? std::vector{kPsychiatry, kWelfare} : std::vector{kPsychiatry});
    EXPECT_FALSE(head.Say(Says(kYouthCare, GrantTo(kYouthCare), 0x72)).error);
    TestAgent member(w, kPsychiatry);
    member.Greet();
    member.AskFeed(0, 100);
    head.AskFeed(0, 100);
    w.Settle();
    if (hidden) {
      TestAgent other(w, kWelfare);
      other.Greet();
      other.AskFeed(0, 100);
      head.Say(NoteBy(kYouthCare, kOurs, 0x500), {kWelfare});
      other.Say(NoteBy(kWelfare, kOurs, 0x501), {kYouthCare});
    }
    member.Say(NoteBy(kPsychiatry, kOurs, 0x600), {kYouthCare});
    head.Say(NoteBy(kYouthCare, kOurs, 0x601), {kPsychiatry});
    const std::uint64_t request =
        member.Send(AccessQuery{.trajectory = kOurs, .record = {}, .after = {}, .limit = 1024});
    w.Settle();
    std::vector<std::string> seen;
    const AccessReply reply = member.Reply<AccessReply>(request).value_or(AccessReply());
    EXPECT_FALSE(reply.evidence.entries.empty());
    for (const ProvenEntry& proven : reply.evidence.entries) {
      const Entry entry = DecodeEntry(proven.entry).value();
      if (proven.opening) seen.push_back("number " + std::to_string(proven.opening->number));
      const auto* answer = std::get_if<AnswerEntry>(&entry.body);
      if (answer == nullptr) continue;
      for (const auto& count : answer->counts) {
        seen.push_back(count.recipient.value() + " " + std::to_string(count.deliveries));
      }
    }
    return seen;
  };
  EXPECT_EQ(story(true), story(false));
}

TEST_F(ProofTest, NumbersGoOnAfterARestartWithAndWithoutASnapshot) {
  Write(0x100, {kPsychiatry});
  const std::uint64_t before = InLog(kPsychiatry);
  for (const bool snapshot : {false, true}) {
    SCOPED_TRACE(snapshot);
    if (snapshot) world.Operate(TakeSnapshot{});
    world.Reopen();
    EXPECT_EQ(world.core->feeds().NumberOf(kPsychiatry, kOurs), before);
  }
  EXPECT_FALSE(world.observer.Has("log.snapshot"));
  TestAgent again(world, kPsychiatry);
  again.Greet();
  again.AskFeed(before, 1000);
  lead.Greet();
  Write(0x101, {kPsychiatry});
  EXPECT_EQ(Whole(Ask(again)), "karus-gent " + std::to_string(before + 1));
}

// ---- A log from before ----

// Makes a group durable as the version without numbers did.
class EarlierWriter {
 public:
  void Commit(HubWorld& world) {
    Group group = world.TakeGroup();
    for (StagedEntry& staged : group.entries) {
      Entry entry = DecodeEntry(staged.entry).value();
      auto* delivery = std::get_if<DeliveryEntry>(&entry.body);
      if (delivery == nullptr) continue;
      delivery->number.reset();
      delivery->blind.reset();
      Hash32& last = last_[delivery->recipient];
      delivery->previous = last;
      staged.entry = EncodeEntry(entry);
      last = FeedHash(staged.entry);
    }
    world.Write(group);
    world.Release(std::move(group));
  }

 private:
  std::map<OrgId, Hash32> last_;
};

// As restore.cc wrote it then.
Bytes EarlierSnapshot(const HubWorld& world) {
  Encoder to;
  to.Array(5).Uint(1).Uint(0).Binary(world.core->policy().Encode());
  const auto& statements = world.core->directory()->statements();
  to.Array(statements.size());
  for (const SignedStatement& statement : statements) to.Binary(EncodeSignedStatement(statement));
  const auto ends = world.core->feeds().Ends();
  to.Array(ends.size());
  for (const auto& [organisation, end] : ends) {
    to.Array(4).Id(organisation).Uint(end.last.value()).Binary(end.hash).Uint(end.record.value());
  }
  return to.Take();
}

TEST(EarlierLog, OpensAndNumbersGoOnWhereTheCountStands) {
  HubWorld world;
  EarlierWriter earlier;
  TestAgent lead(world, kYouthCare);
  lead.Greet();
  Found(world, lead, {kPsychiatry});
  for (std::uint64_t i = 0; i < 3; ++i) {
    ASSERT_FALSE(lead.Say(NoteBy(kYouthCare, kOurs, 0x90 + i), {kPsychiatry}).error);
  }
  TestAgent psychiatry(world, kPsychiatry);
  psychiatry.Greet();
  psychiatry.AskFeed(0, 1000);
  while (world.core->Pump() || world.core->HasGroup()) earlier.Commit(world);
  const auto old = world.All<DeliveryEntry>();
  ASSERT_EQ(old.size(), 3U);
  for (const DeliveryEntry& delivery : old) ASSERT_FALSE(delivery.number);
  world.Reopen();
  // A snapshot of that version is there too.
  ASSERT_TRUE(world.log->SaveSnapshot(world.log->Last(), EarlierSnapshot(world)));
  world.Reopen();
  EXPECT_TRUE(world.observer.Has("log.snapshot")) << "the operator is told why the start took longer";
  EXPECT_EQ(world.core->feeds().NumberOf(kPsychiatry, kOurs), old.size());
  EXPECT_EQ(world.core->policy().trajectories().size(), 1U);

  lead.Greet();
  psychiatry.Greet();
  psychiatry.AskFeed(old.size(), 1000);
  ASSERT_FALSE(lead.Say(NoteBy(kYouthCare, kOurs, 0x100), {kPsychiatry}).error);
  const std::uint64_t request = lead.Send(AccessQuery{.trajectory = kOurs, .record = {}, .after = {}, .limit = 1024});
  world.Settle();
  const Evidence evidence = lead.Reply<AccessReply>(request)->evidence;
  const auto checked = CheckEvidence(evidence, HubLogVerifier());
  ASSERT_TRUE(checked) << ToText(checked.error());
  const auto complete = CheckComplete(evidence, *checked);
  ASSERT_TRUE(complete) << ToText(complete.error());
  EXPECT_EQ((*complete)[0].recipient, kPsychiatry);
  EXPECT_EQ((*complete)[0].deliveries, old.size() + 1);

  // The next start is quick again.
  world.observer.events.clear();
  world.Operate(TakeSnapshot{});
  world.Reopen();
  EXPECT_FALSE(world.observer.Has("log.snapshot"));
  EXPECT_EQ(world.core->feeds().NumberOf(kPsychiatry, kOurs), old.size() + 1);
}

// ---- Cosignatures ----

TEST_F(ProofTest, ACosignatureIsCheckedBeforeItIsKept) {
  const std::string newest = Newest();
  const std::uint64_t size = world.log->Last().value();
  const std::string good = CosignedBy(kSchool, newest);
  const std::string fork = SignCheckpoint(std::string(kHub), {size, Filled<32>(0x66)}, HubLogKey());
  const std::string future = SignCheckpoint(std::string(kHub), {size + 1000, Filled<32>(0x66)}, HubLogKey());
  const std::string forged =
      SignCheckpoint(std::string(kHub), {size, world.log->RootAt(size).value()}, SecretsOf(kSchool).cosign);
  const std::string empty = SignCheckpoint(std::string(kHub), {0, Filled<32>(0)}, HubLogKey());
  SignedNote twice = ParseSignedNote(good).value();
  twice.signatures.push_back(twice.signatures.back());
  const std::string by_record_key = CosignCheckpoint(newest, kHub, kSchool, SecretsOf(kSchool).record, kNow).value();
  const std::pair<const char*, std::pair<std::string, const char*>> cases[] = {
      {"as it should be", {good, "ok"}},
      {"again", {good, "ok"}},
      {"an older one", {CosignedBy(kSchool, Head(3)), "ok"}},
      {"not cosigned", {newest, "cosign.signature"}},
      {"by another organisation", {CosignedBy(kPsychiatry, newest), "cosign.signature"}},
      {"by another key", {by_record_key, "cosign.signature"}},
      {"twice", {ToText(twice), "cosign.signature"}},
      {"another root", {CosignedBy(kSchool, fork), "cosign.head"}},
      {"a head from the future", {CosignedBy(kSchool, future), "cosign.head"}},
      {"an empty head", {CosignedBy(kSchool, empty), "cosign.head"}},
      {"a head that the log did not sign", {CosignedBy(kSchool, forged), "checkpoint.signature"}},
      {"no note", {"x", "note.format"}},
  };
  const std::uint64_t refused = world.core->counts().cosigns_refused;
  for (const auto& [name, made] : cases) EXPECT_EQ(CosignRule(school, made.first), made.second) << name;
  EXPECT_EQ(world.core->counts().cosigns_refused - refused, 9U);
  EXPECT_TRUE(world.observer.Has("cosign.refused"));
  const Evidence evidence = Ask(lead);
  ASSERT_EQ(evidence.witnesses.size(), 1U) << "the larger one, of the one who cosigned";
  EXPECT_EQ(evidence.witnesses[0].note, good);
}

TEST_F(ProofTest, CosignedHeadsStandBesideAnAnswerAndSurviveARestart) {
  ASSERT_EQ(CosignRule(school, CosignedBy(kSchool, Head(5))), "ok");
  ASSERT_EQ(CosignRule(psychiatry, CosignedBy(kPsychiatry, Head(9))), "ok");
  const auto witnesses = [&] {
    const Evidence evidence = Ask(lead);
    const auto checked = CheckEvidence(evidence, HubLogVerifier());
    EXPECT_TRUE(checked) << ToText(checked.error());
    std::vector<std::uint64_t> sizes;
    for (const TreeHead& head : checked->witnessed) sizes.push_back(head.size);
    return sizes;
  };
  EXPECT_EQ(witnesses(), (std::vector<std::uint64_t>{9, 5}));
  world.Operate(TakeSnapshot{});
  world.Reopen();
  lead.Greet();
  EXPECT_EQ(witnesses(), (std::vector<std::uint64_t>{9, 5}));
}

TEST_F(ProofTest, EachIsToldWhatAnotherCosigned) {
  const std::uint64_t first = school.Send(Cosign{CosignedBy(kSchool, Head(5))});
  const std::uint64_t second = psychiatry.Send(Cosign{CosignedBy(kPsychiatry, Head(9))});
  const std::uint64_t third = lead.Send(Cosign{CosignedBy(kYouthCare, Head(7))});
  world.Settle();
  EXPECT_EQ(school.Reply<CosignAck>(first)->other, "");
  EXPECT_EQ(psychiatry.Reply<CosignAck>(second)->other, CosignedBy(kSchool, Head(5)));
  EXPECT_EQ(lead.Reply<CosignAck>(third)->other, CosignedBy(kPsychiatry, Head(9)));
}

TEST_F(ProofTest, CosigningTooOftenIsRefusedAndNothingElseIs) {
  std::vector<std::uint64_t> requests;
  for (int i = 0; i < 5; ++i) requests.push_back(school.Send(Cosign{CosignedBy(kSchool, Head(5))}));
  const std::uint64_t beat = school.Send(Heartbeat{});
  world.Settle();
  EXPECT_TRUE(school.Reply<CosignAck>(requests[0]));
  EXPECT_EQ(school.RuleOf(requests[4]), "cosign.rate");
  EXPECT_TRUE(school.Reply<HeartbeatReply>(beat));
}

TEST(WitnessesTest, KeepsTheLargestOfEachAndHandsThemOutInTurn) {
  Witnesses witnesses;
  EXPECT_EQ(witnesses.NextFor(kSchool), "");
  witnesses.Keep(kSchool, {{5, {}}, "five"});
  witnesses.Keep(kSchool, {{4, {}}, "four"});
  EXPECT_EQ(witnesses.NextFor(kSchool), "");
  EXPECT_EQ(witnesses.NextFor(kPolice), "five");
  witnesses.Keep(kPsychiatry, {{9, {}}, "nine"});
  EXPECT_EQ(witnesses.NextFor(kPolice), "nine");
  EXPECT_EQ(witnesses.NextFor(kPolice), "five");
  EXPECT_EQ(witnesses.Newest(1), std::vector<std::string>{"nine"});
  EXPECT_EQ(witnesses.Newest(5), (std::vector<std::string>{"nine", "five"}));
}

}  // namespace
}  // namespace schakel::test
