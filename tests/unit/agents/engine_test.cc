// The engine as services see it, on its own thread, against a fake hub on another.
#include "agents/engine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <mutex>
#include <set>
#include <thread>

#include "agents/start_engine.h"
#include "support/hub_thread.h"
#include "support/memory_vault.h"
#include "support/process.h"
#include "support/region.h"

namespace schakel::testing {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr auto kPatience = seconds(20);

// Writes what enrolment leaves behind.
void Settle(VaultStore& store, const Region& region, const OrgId& id) {
  Vault vault(store);
  VaultBatch batch;
  batch.PutMembership(region.MembershipOf(id));
  batch.PutKeys(region.keys.at(id));
  batch.PutPseudonymKey(Secret<32>::From(Sha256(AsBytes(id.value()))));
  ASSERT_TRUE(vault.Commit(batch));
}

class EngineTest : public ::testing::Test {
 protected:
  EngineTest() {
    lead_id = region.Enrol("lead-org");
    partner_id = region.Enrol("partner-org");
    police_id = region.Enrol("police-org", "police-liaison");
    hub = std::make_unique<FakeHub>(region, clock);
    thread = std::make_unique<HubThread>(*hub);
    lead = Start(lead_id);
    partner = Start(partner_id);
    EXPECT_TRUE(lead->Settle(kPatience));
    EXPECT_TRUE(partner->Settle(kPatience));
  }

  std::unique_ptr<Engine> Start(const OrgId& id) {
    auto& disk = disks[id];
    const bool fresh = !disk;
    if (fresh) disk = std::make_shared<MemoryDisk>();
    auto store = std::make_unique<MemoryVaultStore>(disk);
    if (fresh) Settle(*store, region, id);
    EngineParts parts;
    parts.store = std::move(store);
    parts.connection = thread->ConnectionFor(id);
    parts.clock = &clock;
    auto engine = StartEngine(std::move(parts));
    EXPECT_TRUE(engine.has_value());
    return engine ? std::move(*engine) : nullptr;
  }
  RecordId Said(Engine& engine, Kind kind, Control control) {
    Draft draft;
    draft.kind = kind;
    draft.trajectory = trajectory;
    draft.control = std::move(control);
    auto said = engine.Say(draft);
    EXPECT_TRUE(said) << (said ? "" : ToText(said.error()));
    return said ? *said : RecordId();
  }
  Draft Note(std::vector<OrgId> recipients, const std::string& text, Category category = Category::kLiving) {
    Draft draft;
    draft.trajectory = trajectory;
    draft.categories = {category};
    draft.body = {7, 1, ToBytes(AsBytes(text))};
    draft.recipients = std::move(recipients);
    return draft;
  }
  // The partner takes part and has a grant for living.
  void OpenTrajectory() {
    Said(*lead, Kind::kTrajectoryOpen, TrajectoryOpen{});
    const RecordId invite =
        Said(*lead, Kind::kMemberInvite, MemberInvite{partner_id, clock.Now() + std::chrono::hours(9)});
    ASSERT_TRUE(lead->Settle(kPatience));
    ASSERT_TRUE(partner->Settle(kPatience));
    Said(*partner, Kind::kMemberJoin, MemberJoin{invite});
    ASSERT_TRUE(partner->Settle(kPatience));
    ASSERT_TRUE(lead->Settle(kPatience));
    GrantGive give;
    give.recipient = partner_id;
    give.purposes = {Purpose::kCareCoordination};
    give.categories = {Category::kLiving};
    give.begins_at = clock.Now() - seconds(1);
    give.ends_at = clock.Now() + std::chrono::hours(99);
    grant = Said(*lead, Kind::kGrantGive, give);
    ASSERT_TRUE(lead->Settle(kPatience));
    ASSERT_TRUE(partner->Settle(kPatience));
  }
  RecordId Deliver(const std::string& text) {
    const RecordId id = lead->Say(Note({partner_id}, text)).value();
    EXPECT_TRUE(lead->Settle(kPatience));
    EXPECT_TRUE(partner->Settle(kPatience));
    return id;
  }

  ManualClock clock;
  Region region;
  OrgId lead_id, partner_id, police_id;
  std::map<OrgId, std::shared_ptr<MemoryDisk>> disks;
  std::unique_ptr<FakeHub> hub;
  std::unique_ptr<HubThread> thread;
  std::unique_ptr<Engine> lead, partner;
  TrajectoryId trajectory{Id128{1}};
  RecordId grant;
};

TEST_F(EngineTest, WhatOneSaysTheOtherReads) {
  OpenTrajectory();
  const RecordId note = Deliver("how is it going");
  EXPECT_EQ(lead->WaitFor(note, kPatience)->state, RecordState::kAccepted);
  EXPECT_EQ(lead->Open(note)->content, ToBytes(AsBytes("how is it going")));
  EXPECT_EQ(partner->Open(note)->content, ToBytes(AsBytes("how is it going")));
  EXPECT_EQ(partner->Find(note)->header.author, lead_id);
  std::vector<RecordId> seen;
  partner->Records([&](const HeldRecord& record) {
    seen.push_back(record.header.id);
    return true;
  });
  EXPECT_EQ(seen.size(), 4U);
  EXPECT_EQ(seen.back(), note);
  const EngineStatus status = partner->Report();
  EXPECT_TRUE(status.connected);
  EXPECT_EQ(status.organisation, partner_id);
  EXPECT_EQ(status.name, "Organisation partner-org");
  EXPECT_EQ(status.outbox, 0U);
}

TEST_F(EngineTest, RefusesAtOnceWhatTheHubWouldRefuse) {
  OpenTrajectory();
  struct Case {
    const char* name;
    Engine& engine;
    Draft draft;
    Code code;
    const char* rule;
  };
  Draft elsewhere = Note({partner_id}, "x");
  elsewhere.trajectory = TrajectoryId(Id128{9});
  Draft by_partner;
  by_partner.kind = Kind::kTrajectoryClose;
  by_partner.trajectory = trajectory;
  by_partner.control = TrajectoryClose{};
  Draft nothing = Note({partner_id}, "x");
  nothing.categories = {};
  const Case cases[] = {
      {"unknown organisation", *lead, Note({OrgId("nobody-org")}, "x"), Code::kNotFound, "directory.organisation"},
      {"ourselves", *lead, Note({lead_id}, "x"), Code::kInvalid, "draft.recipients"},
      {"unknown trajectory", *lead, elsewhere, Code::kNotFound, "admit.trajectory"},
      {"no grant", *lead, Note({partner_id}, "x", Category::kSchool), Code::kDenied, "recipient.category"},
      {"not a member", *lead, Note({police_id}, "x"), Code::kDenied, "recipient.not-member"},
      {"no category", *lead, nothing, Code::kInvalid, "record.header"},
      {"not the lead", *partner, by_partner, Code::kDenied, "admit.lead"},
      {"one it may not know of", *partner, Note({police_id}, "x"), Code::kDenied, "recipient.not-member"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    auto said = c.engine.Say(c.draft);
    ASSERT_FALSE(said);
    EXPECT_EQ(said.error().code, c.code);
    EXPECT_EQ(said.error().rule, c.rule);
    EXPECT_FALSE(said.error().next.empty() && c.code == Code::kDenied);
  }
  EXPECT_EQ(lead->Report().outbox, 0U) << "nothing of it was queued";
}

TEST_F(EngineTest, ForeseesWhatWouldHappen) {
  OpenTrajectory();
  EXPECT_EQ(lead->Foresee(Note({}, "x"), partner_id), Decision(Permit{grant}));
  EXPECT_EQ(lead->Foresee(Note({}, "x", Category::kSchool), partner_id), Decision(Denial::kCategory));
  EXPECT_EQ(lead->Foresee(Note({}, "x"), police_id), Decision(Denial::kNotMember));
}

TEST_F(EngineTest, AStatementReachesWhomItConcernsWithoutBeingTold) {
  OpenTrajectory();
  EXPECT_THAT(lead->Find(grant)->recipients, ElementsAre(partner_id));
  EXPECT_EQ(partner->FindTrajectory(trajectory)->grants.size(), 1U);
}

TEST_F(EngineTest, WhoeverKnowsOfAMemberHearsThatItLeft) {
  OpenTrajectory();
  const auto police = Start(police_id);
  const auto settle = [&] {
    for (Engine* engine : {lead.get(), partner.get(), police.get()}) ASSERT_TRUE(engine->Settle(kPatience));
  };
  const RecordId invite =
      Said(*lead, Kind::kMemberInvite, MemberInvite{police_id, clock.Now() + std::chrono::hours(9)});
  settle();
  Said(*police, Kind::kMemberJoin, MemberJoin{invite});
  settle();
  Said(*lead, Kind::kMemberShow, MemberShow{partner_id, police_id});
  Said(*lead, Kind::kMemberShow, MemberShow{police_id, partner_id});
  settle();
  ASSERT_TRUE(police->FindTrajectory(trajectory)->IsMember(partner_id));
  Said(*partner, Kind::kMemberLeave, MemberLeave{});
  for (int round = 0; round < 2; ++round) settle();  // To the hub, and from there.
  EXPECT_FALSE(lead->FindTrajectory(trajectory)->IsMember(partner_id));
  EXPECT_FALSE(police->FindTrajectory(trajectory)->IsMember(partner_id));
}

TEST_F(EngineTest, NobodySeesABodyBeforeTheViewIsDurable) {
  OpenTrajectory();
  const RecordId note = Deliver("private");
  const Person person{"Lotte Vermeulen", StaffRole::kCoordinator};
  auto& disk = *disks[partner_id];
  ASSERT_TRUE(partner->Read({note}, person, ViewReason::kTask));
  {
    std::lock_guard lock(disk.mutex);
    disk.commits_max = disk.commits;
  }
  auto read = partner->Read({note}, person, ViewReason::kTask);
  ASSERT_FALSE(read) << "the disk took no view, so there is nothing to see";
  EXPECT_EQ(read.error().rule, "vault.disk");
  MemoryVaultStore store(disks[partner_id]);
  EXPECT_EQ(Vault(store).LastView().value(), 1U);
}

TEST_F(EngineTest, ViewsReachTheHubUnderAPseudonymThatOnlyWeResolve) {
  OpenTrajectory();
  const RecordId note = Deliver("private");
  const Person person{"Lotte Vermeulen", StaffRole::kCoordinator};
  auto read = partner->Read({note, note}, person, ViewReason::kRoundTable);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->size(), 2U);
  std::optional<Views> reported;
  ASSERT_TRUE(WaitUntil([&] {
    clock.Advance(milliseconds(500));
    partner->Records([&](const HeldRecord& record) {
      if (const auto* views = std::get_if<Views>(&record.header.control)) reported = *views;
      return true;
    });
    return reported && partner->Report().outbox == 0;
  }));
  ASSERT_EQ(reported->views.size(), 2U);
  EXPECT_EQ(reported->views[0].record, note);
  EXPECT_EQ(reported->views[0].role, StaffRole::kCoordinator);
  EXPECT_EQ(reported->views[0].reason, ViewReason::kRoundTable);
  EXPECT_EQ(partner->NameOf(reported->views[0].person), "Lotte Vermeulen");
  EXPECT_EQ(lead->NameOf(reported->views[0].person), std::nullopt);
  EXPECT_NE(lead->PseudonymOf("Lotte Vermeulen"), partner->PseudonymOf("Lotte Vermeulen"));
}

// A page that is shown anew at each news of its trajectory would look, and so cause the next, without end.
TEST_F(EngineTest, WhatTellsOfALookIsNoNewsOfItsTrajectory) {
  OpenTrajectory();
  const RecordId note = Deliver("private");
  struct Told {
    std::mutex mutex;
    std::vector<Engine::Change::What> whats;
  };
  const auto told = std::make_shared<Told>();
  const auto subscription = partner->OnChange([told, of = trajectory](const Engine::Change& change) {
    std::lock_guard lock(told->mutex);
    if (change.trajectory == of) told->whats.push_back(change.what);
  });
  ASSERT_TRUE(partner->Read({note}, {"Lotte Vermeulen", StaffRole::kWorker}, ViewReason::kTask));
  ASSERT_TRUE(WaitUntil([&] {
    clock.Advance(milliseconds(500));
    std::lock_guard lock(told->mutex);
    return told->whats.size() >= 2;
  })) << "that it was written, and that the hub has it";
  std::lock_guard lock(told->mutex);
  EXPECT_THAT(told->whats, ::testing::Each(Engine::Change::What::kLook));
}

TEST_F(EngineTest, ContentWhoseOnlyGrantWasTakenBackIsClosed) {
  OpenTrajectory();
  const RecordId note = Deliver("while it was agreed");
  ASSERT_TRUE(partner->Open(note));
  Said(*lead, Kind::kGrantWithdraw, GrantWithdraw{grant});
  ASSERT_TRUE(lead->Settle(kPatience));
  ASSERT_TRUE(partner->Settle(kPatience));
  EXPECT_EQ(partner->Open(note).error().rule, "view.withdrawn");
  EXPECT_EQ(partner->Read({note}, {"Lotte", StaffRole::kWorker}, ViewReason::kTask).error().rule, "view.withdrawn");
  EXPECT_TRUE(lead->Open(note)) << "its author still has it";
  EXPECT_TRUE(partner->Find(note)) << "that it was there stays known";
}

TEST_F(EngineTest, WhoGoesThroughTheVaultIsToldTheSameAsWhoLooksUpEach) {
  OpenTrajectory();
  const RecordId note = Deliver("while it was agreed");
  Said(*lead, Kind::kGrantWithdraw, GrantWithdraw{grant});
  ASSERT_TRUE(lead->Settle(kPatience));
  ASSERT_TRUE(partner->Settle(kPatience));
  lead->Say(Note({}, "of which nobody else knows")).value();
  for (const Engine* engine : {lead.get(), partner.get()}) {
    std::vector<RecordId> all;
    std::size_t refused = 0;
    engine->RecordsToOpen([&](const HeldRecord& held, const Engine::BodyOpener& open) {
      all.push_back(held.header.id);
      const auto here = open();
      const auto there = engine->Open(held.header.id);
      EXPECT_EQ(here.has_value(), there.has_value());
      EXPECT_EQ(here.value_or(Body{}), there.value_or(Body{}));
      EXPECT_EQ(here ? "" : here.error().rule, there ? "" : there.error().rule);
      refused += here ? 0 : 1;
      return true;
    });
    std::vector<RecordId> one_by_one;
    engine->Records([&](const HeldRecord& held) {
      one_by_one.push_back(held.header.id);
      return true;
    });
    EXPECT_EQ(all, one_by_one);
    EXPECT_EQ(refused, engine == partner.get() ? 1U : 0U) << "what was taken back";
    std::size_t seen = 0;
    engine->RecordsToOpen([&](const HeldRecord&, const Engine::BodyOpener&) { return ++seen < 2; });
    EXPECT_EQ(seen, 2U) << "until it is enough";
  }
  EXPECT_EQ(partner->Open(note).error().rule, "view.withdrawn");
}

TEST_F(EngineTest, WhatWasSharedAgainIsClosedWithWhatItRepeats) {
  OpenTrajectory();
  const RecordId note = Deliver("while it was agreed");
  Draft draft = Note({lead_id}, "while it was agreed");
  draft.kind = Kind::kShareAgain;
  draft.references = {note};
  const RecordId share = partner->Say(draft).value();
  draft.references = {share};
  const RecordId shared_on = partner->Say(draft).value();
  ASSERT_TRUE(partner->Open(share));
  Said(*lead, Kind::kGrantWithdraw, GrantWithdraw{grant});
  ASSERT_TRUE(lead->Settle(kPatience));
  ASSERT_TRUE(partner->Settle(kPatience));
  for (const RecordId& id : {share, shared_on}) {
    EXPECT_EQ(partner->Open(id).error().rule, "view.withdrawn");
    EXPECT_EQ(partner->Read({id}, {"Lotte", StaffRole::kWorker}, ViewReason::kTask).error().rule, "view.withdrawn");
    EXPECT_TRUE(partner->Find(id)) << "that it was shared stays known";
  }
}

TEST_F(EngineTest, AnAuditorOpensWhatWasSealedAndTheHubHearsOfItFirst) {
  OpenTrajectory();
  const RecordId note = Deliver("while it was agreed");
  const Person auditor{"Els", StaffRole::kAuditor};
  EXPECT_EQ(partner->Unseal(note, auditor, "klacht", kPatience).error().rule, "seal.not_sealed");
  Said(*lead, Kind::kGrantWithdraw, GrantWithdraw{grant});
  ASSERT_TRUE(lead->Settle(kPatience));
  ASSERT_TRUE(partner->Settle(kPatience));
  ASSERT_TRUE(lead->Settle(kPatience));
  ASSERT_EQ(partner->Sealed().size(), 1U);
  EXPECT_EQ(partner->Sealed()[0].record, note);
  bool answered = false;
  lead->Records([&](const HeldRecord& held) {
    answered = answered || held.header.kind == Kind::kGrantReceipt;
    return true;
  });
  EXPECT_TRUE(answered);
  for (const StaffRole role : {StaffRole::kWorker, StaffRole::kCoordinator, StaffRole::kAdministrator}) {
    EXPECT_EQ(partner->Unseal(note, {"Lotte", role}, "klacht", kPatience).error().rule, "seal.auditor");
  }
  EXPECT_EQ(partner->Unseal(note, auditor, " \n", kPatience).error().rule, "seal.why");
  EXPECT_TRUE(partner->Unsealings().empty());
  const auto body = partner->Unseal(note, auditor, "klacht", kPatience);
  ASSERT_TRUE(body) << ToText(body.error());
  EXPECT_EQ(AsText(body->content), "while it was agreed");
  const std::vector<Unsealing> opened = partner->Unsealings();
  ASSERT_EQ(opened.size(), 1U);
  EXPECT_EQ(opened[0].why, "klacht");
  EXPECT_EQ(partner->NameOf(opened[0].person), "Els");
  const HeldRecord told = partner->Find(opened[0].views).value();
  EXPECT_EQ(told.state, RecordState::kAccepted) << "the hub had it before";
  const auto& views = std::get<Views>(told.header.control).views;
  EXPECT_EQ(views.at(0).record, note);
  EXPECT_EQ(views.at(0).reason, ViewReason::kAudit);
  EXPECT_EQ(views.at(0).role, StaffRole::kAuditor);
  EXPECT_EQ(partner->Open(note).error().rule, "view.withdrawn") << "it stays sealed";

  thread->SetReachable(false);
  EXPECT_EQ(partner->Unseal(note, auditor, "nog eens", milliseconds(200)).error().rule, "seal.unreported");
  EXPECT_EQ(partner->Unsealings().size(), 1U) << "nothing was shown";
}

TEST_F(EngineTest, AnAuditorOpensWhatIsKeptOfAnErasedTrajectoryAndTheHubHearsOfItFirst) {
  OpenTrajectory();
  const RecordId note = Deliver("while it was agreed");
  const Person auditor{"Els", StaffRole::kAuditor};
  Said(*lead, Kind::kGrantWithdraw, GrantWithdraw{grant});
  ASSERT_TRUE(lead->Settle(kPatience));
  ASSERT_TRUE(partner->Settle(kPatience));
  ASSERT_TRUE(lead->Settle(kPatience));
  const RecordId proposal = Said(*lead, Kind::kErasePropose, ErasePropose{EraseReason::kCourtOrder, Id128{1}});
  Said(*lead, Kind::kEraseConfirm, EraseConfirm{proposal, Id128{2}});
  ASSERT_TRUE(lead->Settle(kPatience));
  ASSERT_TRUE(partner->Settle(kPatience));
  ASSERT_FALSE(partner->Find(note));
  ASSERT_EQ(partner->Sealed().size(), 1U);
  EXPECT_EQ(partner->FindSealed(note).value().header.id, note);
  EXPECT_EQ(partner->Unseal(note, {"Lotte", StaffRole::kWorker}, "klacht", kPatience).error().rule, "seal.auditor");
  EXPECT_EQ(lead->Unseal(note, auditor, "klacht", kPatience).error().code, Code::kNotFound) << "nothing is kept there";
  const auto body = partner->Unseal(note, auditor, "klacht", kPatience);
  ASSERT_TRUE(body) << ToText(body.error());
  EXPECT_EQ(AsText(body->content), "while it was agreed");
  const std::vector<Unsealing> opened = partner->Unsealings();
  ASSERT_EQ(opened.size(), 1U);
  EXPECT_EQ(opened[0].why, "klacht");
  EXPECT_EQ(partner->Find(opened[0].views).value().state, RecordState::kAccepted) << "the hub had it before";
  EXPECT_EQ(partner->Open(note).error().code, Code::kNotFound) << "for everybody else it is gone";
  thread->SetReachable(false);
  EXPECT_EQ(partner->Unseal(note, auditor, "nog eens", milliseconds(200)).error().rule, "seal.unreported");
  EXPECT_EQ(partner->Unsealings().size(), 1U) << "nothing was shown";
}

TEST_F(EngineTest, ContentThatANarrowerGrantNoLongerCoversIsClosed) {
  OpenTrajectory();
  GrantGive wide;
  wide.recipient = partner_id;
  wide.purposes = {Purpose::kCareCoordination};
  wide.categories = {Category::kSchool, Category::kGoals};
  wide.begins_at = clock.Now() - seconds(1);
  wide.ends_at = clock.Now() + std::chrono::hours(9);
  const RecordId second = Said(*lead, Kind::kGrantGive, wide);
  const RecordId school = lead->Say(Note({partner_id}, "school", Category::kSchool)).value();
  const RecordId goals = lead->Say(Note({partner_id}, "goals", Category::kGoals)).value();
  Said(*lead, Kind::kGrantNarrow, GrantNarrow{second, {Purpose::kCareCoordination}, {Category::kGoals}, wide.ends_at});
  ASSERT_TRUE(lead->Settle(kPatience));
  ASSERT_TRUE(partner->Settle(kPatience));
  EXPECT_EQ(partner->Open(school).error().rule, "view.withdrawn");
  EXPECT_TRUE(partner->Open(goals));
}

TEST_F(EngineTest, ContentOfAPeriodThatEndedStaysReadable) {
  OpenTrajectory();
  const RecordId note = Deliver("then");
  clock.Advance(std::chrono::hours(24 * 365));
  EXPECT_TRUE(partner->Open(note));
}

TEST_F(EngineTest, WorksOfflineAndCatchesUpByItself) {
  OpenTrajectory();
  thread->SetReachable(false);
  const RecordId note = lead->Say(Note({partner_id}, "from the train")).value();
  EXPECT_EQ(lead->Find(note)->state, RecordState::kWaiting);
  EXPECT_TRUE(lead->Open(note));
  ASSERT_TRUE(WaitUntil([&] { return !lead->Report().connected; }));
  EXPECT_EQ(lead->WaitFor(note, milliseconds(1)).error().rule, "hub.offline");
  EXPECT_EQ(lead->Settle(milliseconds(1)).error().rule, "hub.offline");
  EXPECT_EQ(lead->Access({trajectory, {}, {}, 10}, kPatience).error().rule, "hub.offline");
  EXPECT_FALSE(lead->Report().connected);
  EXPECT_EQ(lead->Report().last_error->rule, "connection.closed");
  thread->SetReachable(true);
  EXPECT_EQ(lead->WaitFor(note, kPatience)->state, RecordState::kAccepted);
  ASSERT_TRUE(partner->Settle(kPatience));
  EXPECT_TRUE(partner->Open(note));
}

TEST_F(EngineTest, GoesOnWhereItStopped) {
  OpenTrajectory();
  thread->SetReachable(false);
  const RecordId note = lead->Say(Note({partner_id}, "before the restart")).value();
  lead.reset();
  lead = Start(lead_id);
  EXPECT_EQ(lead->Find(note)->state, RecordState::kWaiting);
  thread->SetReachable(true);
  EXPECT_EQ(lead->WaitFor(note, kPatience)->state, RecordState::kAccepted);
  EXPECT_EQ(lead->FindTrajectory(trajectory)->lead, lead_id);
}

TEST_F(EngineTest, TellsOfChanges) {
  OpenTrajectory();
  std::mutex mutex;
  std::vector<RecordId> records;
  auto subscription = partner->OnChange([&](const Engine::Change& change) {
    std::lock_guard lock(mutex);
    if (change.what == Engine::Change::What::kRecord) records.push_back(change.record);
  });
  const RecordId first = Deliver("one");
  subscription.reset();
  Deliver("two");
  std::lock_guard lock(mutex);
  EXPECT_THAT(records, ElementsAre(first));
}

TEST_F(EngineTest, WhoeverListensHasHeardOfItByTheTimeItIsSaid) {
  OpenTrajectory();
  // Shared: a change that is being told of outlives the subscription.
  struct Heard {
    std::mutex mutex;
    std::set<RecordId> records;
  };
  const auto heard = std::make_shared<Heard>();
  const auto subscription = lead->OnChange([heard](const Engine::Change& change) {
    std::this_thread::yield();
    std::lock_guard lock(heard->mutex);
    heard->records.insert(change.record);
  });
  for (int i = 0; i < 200; ++i) {
    const auto said = lead->Say(Note({}, "Het regent."));
    ASSERT_TRUE(said);
    std::lock_guard lock(heard->mutex);
    ASSERT_TRUE(heard->records.contains(*said)) << i;
  }
}

TEST_F(EngineTest, EvidenceComesChecked) {
  OpenTrajectory();
  Deliver("x");
  auto evidence = lead->Access({trajectory, {}, {}, 256}, kPatience);
  ASSERT_TRUE(evidence) << ToText(evidence.error());
  EXPECT_TRUE(CheckEvidence(*evidence, region.verifier()));
}

TEST_F(EngineTest, OnceTheHubWasCaughtNothingReliesOnItAnyMore) {
  OpenTrajectory();
  thread->Do([&](FakeHub& fake) {
    fake.tamper = [&](const OrgId& to, Message& message) {
      auto* items = std::get_if<FeedItems>(&message.payload);
      if (to == partner_id && items && !items->items.empty()) items->items[0].delivery[20] ^= 1;
    };
  });
  const RecordId note = lead->Say(Note({partner_id}, "x")).value();
  ASSERT_TRUE(WaitUntil([&] { return partner->Report().distrusted.has_value(); }));
  EXPECT_FALSE(partner->Report().connected);
  EXPECT_FALSE(partner->Find(note));
  EXPECT_EQ(partner->Settle(kPatience).error().rule, "hub.distrusted");
  EXPECT_EQ(partner->Access({trajectory, {}, {}, 10}, kPatience).error().rule, "hub.distrusted");
  const RecordId queued = partner->Say(Note({lead_id}, "still written down")).value();
  EXPECT_EQ(partner->WaitFor(queued, kPatience).error().rule, "hub.distrusted");
  EXPECT_FALSE(partner->Alarms().empty());
}

TEST_F(EngineTest, ManyMaySpeakAtOnce) {
  OpenTrajectory();
  constexpr int kEach = 25;
  std::atomic<int> said = 0;
  std::vector<std::thread> people;
  for (int person = 0; person < 4; ++person) {
    people.emplace_back([&, person] {
      for (int i = 0; i < kEach; ++i) {
        auto note = lead->Say(Note({partner_id}, std::to_string(person) + "/" + std::to_string(i)));
        if (note && lead->Open(*note) && lead->Report().organisation == lead_id) ++said;
      }
    });
  }
  for (std::thread& person : people) person.join();
  EXPECT_EQ(said, 4 * kEach);
  ASSERT_TRUE(lead->Settle(kPatience));
  ASSERT_TRUE(partner->Settle(kPatience));
  int received = 0;
  partner->Records([&](const HeldRecord& record) {
    received += IsContent(record.header.kind) ? 1 : 0;
    return true;
  });
  EXPECT_EQ(received, 4 * kEach);
}

TEST_F(EngineTest, SeveralAreSaidTogetherOrNone) {
  OpenTrajectory();
  const auto count = [&] {
    std::size_t records = 0;
    lead->Records([&](const HeldRecord&) {
      ++records;
      return true;
    });
    return records;
  };
  const std::size_t before = count();
  EXPECT_FALSE(lead->SayAll({Note({partner_id}, "one"), Note({OrgId("no-such-org")}, "two")}));
  EXPECT_EQ(count(), before) << "the first was not said either";
  const auto said = lead->SayAll({Note({partner_id}, "one"), Note({partner_id}, "two")});
  ASSERT_TRUE(said) << ToText(said.error());
  ASSERT_EQ(said->size(), 2U);
  ASSERT_TRUE(lead->Settle(kPatience));
  ASSERT_TRUE(partner->Settle(kPatience));
  EXPECT_EQ(partner->Open(said->at(0))->content, ToBytes(AsBytes("one")));
  EXPECT_EQ(partner->Open(said->at(1))->content, ToBytes(AsBytes("two")));
  EXPECT_LT(partner->Find(said->at(0))->position, partner->Find(said->at(1))->position) << "in their order";
}

TEST_F(EngineTest, OfAPieceOfAFileNobodyIsTold) {
  OpenTrajectory();
  std::mutex mutex;
  std::vector<RecordId> told;
  const auto subscription = partner->OnChange([&](const Engine::Change& change) {
    std::lock_guard lock(mutex);
    told.push_back(change.record);
  });
  Draft piece = Note({partner_id}, "piece");
  piece.kind = Kind::kAttachmentChunk;
  Draft file = Note({partner_id}, "file");
  file.kind = Kind::kAttachment;
  const auto said = lead->SayAll({piece, file});
  ASSERT_TRUE(said) << ToText(said.error());
  ASSERT_TRUE(lead->Settle(kPatience));
  ASSERT_TRUE(partner->Settle(kPatience));
  ASSERT_TRUE(partner->Settle(kPatience));  // By then the step that took it in has told of it.
  EXPECT_TRUE(partner->Open(said->at(0))) << "it is here all the same";
  std::lock_guard lock(mutex);
  EXPECT_EQ(std::ranges::count(told, said->at(0)), 0);
  EXPECT_EQ(std::ranges::count(told, said->at(1)), 1);
}

TEST_F(EngineTest, SeveralFactsChangeTogether) {
  ASSERT_TRUE(lead->ChangeFacts({{"a", ToBytes(AsBytes("1"))}, {"b", ToBytes(AsBytes("2"))}}));
  ASSERT_TRUE(lead->ChangeFacts({{"a", std::nullopt}, {"b", ToBytes(AsBytes("3"))}, {"never", std::nullopt}}));
  EXPECT_FALSE(lead->GetFact("a").value().has_value());
  EXPECT_EQ(lead->GetFact("b").value(), ToBytes(AsBytes("3")));
}

TEST_F(EngineTest, AVaultThatTakesNothingAnyMoreIsToldToWhoeverListens) {
  EXPECT_FALSE(lead->Report().stopped);
  std::atomic<int> told = 0;
  const auto subscription = lead->OnChange([&](const Engine::Change& change) {
    if (change.what == Engine::Change::What::kConnection) ++told;
  });
  {
    std::lock_guard lock(disks[lead_id]->mutex);
    disks[lead_id]->commits_max = 0;
  }
  const int before = told;
  Draft open;
  open.kind = Kind::kTrajectoryOpen;
  open.trajectory = trajectory;
  open.control = TrajectoryOpen{};
  EXPECT_FALSE(lead->Say(open));
  ASSERT_TRUE(lead->Report().stopped);
  EXPECT_EQ(lead->Report().stopped->rule, "vault.disk");
  EXPECT_TRUE(WaitUntil([&] { return told > before; }));
}

TEST_F(EngineTest, KeepsFacts) {
  ASSERT_TRUE(lead->PutFact("colour", AsBytes("blue")));
  EXPECT_EQ(lead->GetFact("colour").value(), ToBytes(AsBytes("blue")));
  EXPECT_EQ(lead->GetFact("shape").value(), std::nullopt);
}

TEST(EngineStart, NeedsAnEnrolment) {
  EngineParts parts;
  parts.store = std::make_unique<MemoryVaultStore>(std::make_shared<MemoryDisk>());
  EXPECT_EQ(StartEngine(std::move(parts)).error().rule, "agent.enrolment");
}

// ---- On a real disk ----

bool AnyFileHolds(const std::filesystem::path& folder, std::string_view words) {
  for (const auto& file : std::filesystem::recursive_directory_iterator(folder)) {
    if (file.path().string().find(words) != std::string::npos) return true;
    if (file.is_regular_file() && ReadFile(file.path()).find(words) != std::string::npos) return true;
  }
  return false;
}

TEST(EngineOnDisk, NothingReadableLiesInTheVault) {
  TemporaryFolder folder;
  const auto master = folder.path() / "master.key";
  ASSERT_TRUE(CreateMasterKeyFile(master));
  Region region;
  const OrgId id = region.Enrol("canary-organisation");
  ManualClock clock;
  FakeHub hub(region, clock);
  HubThread thread(hub);
  const auto open = [&] {
    auto store = OpenVaultStore({.directory = folder.path() / "vault",
                                 .master_key = MasterKeyFile{master},
                                 .if_absent = IfAbsent::kCreate,
                                 .environment = {}});
    EXPECT_TRUE(store.has_value());
    return std::move(*store);
  };
  {
    auto store = open();
    Settle(*store, region, id);
  }
  {
    EngineParts parts;
    parts.store = open();
    parts.connection = thread.ConnectionFor(id);
    parts.clock = &clock;
    auto engine = StartEngine(std::move(parts)).value();
    ASSERT_TRUE(engine->Settle(kPatience));
    Draft draft;
    draft.kind = Kind::kTrajectoryOpen;
    draft.trajectory =
        TrajectoryId(Id128{'c', 'a', 'n', 'a', 'r', 'y', '-', 't', 'r', 'a', 'j', 'e', 'c', 't', '-', '1'});
    draft.control = TrajectoryOpen{};
    draft.body = {1, 1, ToBytes(AsBytes("canary in the body"))};
    const RecordId opened = engine->Say(draft).value();
    ASSERT_TRUE(engine->Read({opened}, {"Canary Person", StaffRole::kWorker}, ViewReason::kTask));
    engine->PseudonymOf("Canary Second");
    ASSERT_TRUE(engine->PutFact("canary-fact", AsBytes("canary value")));
    ASSERT_TRUE(engine->Settle(kPatience));
  }
  for (const char* canary : {"canary in the body", "Canary Person", "Canary Second", "canary-fact", "canary value",
                             "canary-traject-1", "canary-organisation", "hub.example", "membership", "pseudonym"}) {
    EXPECT_FALSE(AnyFileHolds(folder.path() / "vault", canary)) << canary;
  }
  auto store = open();
  EXPECT_TRUE(store->VerifyAll());
}

}  // namespace
}  // namespace schakel::testing
