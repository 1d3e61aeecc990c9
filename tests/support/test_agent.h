// One organisation's state machine over a disk that outlives it, with words for what its people do.
#pragma once

#include <gtest/gtest.h>

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "agents/knowledge.h"
#include "agents/sync.h"
#include "agents/vault.h"
#include "support/manual_clock.h"
#include "support/memory_vault.h"
#include "support/region.h"

namespace schakel::testing {

class TestAgent {
 public:
  TestAgent(const Region& region, const OrgId& self, Clock& clock, std::uint64_t seed = 1)
      : self_(self),
        first_keys_(CopyOf(region.keys.at(self))),
        keys_(CopyOf(first_keys_)),
        membership_(region.MembershipOf(self)),
        clock_(clock),
        random_(seed) {
    Start();
  }

  // From the next start on.
  std::optional<Retention> retention;

  // As after a crash: all that is left is the disk.
  void Restart() {
    sync_.reset();
    disk_->Mend();
    Start();
  }

  const OrgId& self() const { return self_; }
  Sync& sync() { return *sync_; }
  Vault& vault() { return *vault_; }
  Knowledge& knowledge() { return *knowledge_; }
  KeyPolicy key_policy;  // From the next Restart on.
  MemoryDisk& disk() { return *disk_; }
  const AgentKeys& keys() const { return keys_; }
  const std::vector<Engine::Change>& changes() const { return changes_; }

  // Ends the step; what is to be sent. Nothing once the disk has refused.
  std::vector<Bytes> Finish(bool* disconnect = nullptr) {
    auto finished = sync_->Finish();
    if (!finished) {
      crashed_ = true;
      return {};
    }
    changes_.insert(changes_.end(), finished->changes.begin(), finished->changes.end());
    if (disconnect) *disconnect = finished->disconnect;
    return std::move(finished->to_send);
  }
  bool crashed() const { return crashed_; }

  // ---- What its people do; each is said, but not finished ----
  Result<RecordId> Open(const TrajectoryId& trajectory) {
    return Say(Kind::kTrajectoryOpen, trajectory, TrajectoryOpen{});
  }
  Result<RecordId> Close(const TrajectoryId& trajectory) {
    return Say(Kind::kTrajectoryClose, trajectory, TrajectoryClose{});
  }
  Result<RecordId> Invite(const TrajectoryId& trajectory, const OrgId& whom) {
    return Say(Kind::kMemberInvite, trajectory, MemberInvite{whom, clock_.Now() + std::chrono::hours(24)});
  }
  Result<RecordId> Join(const TrajectoryId& trajectory, const RecordId& invite) {
    return Say(Kind::kMemberJoin, trajectory, MemberJoin{invite});
  }
  Result<RecordId> Show(const TrajectoryId& trajectory, const OrgId& member, const OrgId& to) {
    return Say(Kind::kMemberShow, trajectory, MemberShow{member, to});
  }
  Result<RecordId> Give(const TrajectoryId& trajectory, const OrgId& recipient,
                        CategorySet categories = {Category::kLiving, Category::kGoals}) {
    GrantGive give;
    give.recipient = recipient;
    give.purposes = {Purpose::kCareCoordination};
    give.categories = categories;
    give.begins_at = clock_.Now() - std::chrono::hours(1);
    give.ends_at = clock_.Now() + std::chrono::hours(24 * 90);
    return Say(Kind::kGrantGive, trajectory, give);
  }
  Result<RecordId> GiveEmergency(const TrajectoryId& trajectory, const OrgId& recipient, const std::string& reason) {
    GrantGive give;
    give.recipient = recipient;
    give.purposes = {Purpose::kSafety};
    give.categories = {Category::kSafety};
    give.begins_at = clock_.Now() - std::chrono::hours(1);
    give.ends_at = clock_.Now() + std::chrono::hours(24);
    give.basis = Basis::kEmergency;
    give.grantor = Grantor::kProfessional;
    give.evidence = Sha256(AsBytes(reason));
    Draft draft;
    draft.kind = Kind::kGrantGive;
    draft.trajectory = trajectory;
    draft.control = give;
    draft.body = {1, 1, ToBytes(AsBytes(reason))};
    return sync_->Say(draft);
  }
  Result<RecordId> Review(const TrajectoryId& trajectory, const RecordId& grant, ReviewOutcome outcome) {
    return Say(Kind::kEmergencyReview, trajectory, EmergencyReview{grant, outcome});
  }
  Result<RecordId> Withdraw(const TrajectoryId& trajectory, const RecordId& grant) {
    return Say(Kind::kGrantWithdraw, trajectory, GrantWithdraw{grant});
  }
  Result<RecordId> Narrow(const TrajectoryId& trajectory, const RecordId& grant, CategorySet categories) {
    return Say(
        Kind::kGrantNarrow, trajectory,
        GrantNarrow{grant, {Purpose::kCareCoordination}, categories, clock_.Now() + std::chrono::hours(24 * 90)});
  }
  Result<RecordId> Leave(const TrajectoryId& trajectory) { return Say(Kind::kMemberLeave, trajectory, MemberLeave{}); }
  Result<RecordId> Note(const TrajectoryId& trajectory, std::vector<OrgId> recipients, const std::string& text,
                        Category category = Category::kLiving) {
    Draft draft;
    draft.trajectory = trajectory;
    draft.categories = {category};
    draft.body = {1, 1, ToBytes(AsBytes(text))};
    draft.recipients = std::move(recipients);
    return sync_->Say(draft);
  }

  Result<RecordId> ShareAgain(const TrajectoryId& trajectory, std::vector<OrgId> recipients, const RecordId& original,
                              Category category = Category::kLiving) {
    Draft draft;
    draft.kind = Kind::kShareAgain;
    draft.trajectory = trajectory;
    draft.categories = {category};
    draft.references = {original};
    draft.body = {1, 1, {}};
    draft.recipients = std::move(recipients);
    return sync_->Say(draft);
  }

  // ---- What it holds ----
  std::vector<HeldRecord> Held() const {
    std::vector<HeldRecord> held;
    EXPECT_TRUE(vault_->ScanRecords([&](std::uint64_t, const StoredRecord& record) {
      held.push_back(ToHeld(record).value());
      return true;
    }));
    return held;
  }
  std::optional<HeldRecord> Find(const RecordId& id) const {
    for (HeldRecord& record : Held()) {
      if (record.header.id == id) return std::move(record);
    }
    return {};
  }
  std::size_t Received() const {
    std::size_t count = 0;
    for (const HeldRecord& record : Held()) count += record.state == RecordState::kReceived ? 1 : 0;
    return count;
  }
  std::vector<std::string> Alarms() const {
    std::vector<std::string> rules;
    const std::vector<Alarm> alarms = vault_->Alarms().value();
    for (const Alarm& alarm : alarms) rules.push_back(alarm.what.rule);
    return rules;
  }

 private:
  Result<RecordId> Say(Kind kind, const TrajectoryId& trajectory, Control control) {
    Draft draft;
    draft.kind = kind;
    draft.trajectory = trajectory;
    draft.control = std::move(control);
    return sync_->Say(draft);
  }
  void Start() {
    crashed_ = false;
    sync_.reset();
    keys_ = CopyOf(first_keys_);  // Unless the vault has others.
    store_ = std::make_unique<MemoryVaultStore>(disk_);
    vault_ = std::make_unique<Vault>(*store_);
    knowledge_ = std::make_unique<Knowledge>(self_, membership_.registrars);
    sync_ = std::make_unique<Sync>(membership_, keys_, *vault_, *knowledge_, clock_, random_, key_policy);
    sync_->SetRetention(retention);
    auto loaded = sync_->Load();
    ASSERT_TRUE(loaded) << ToText(loaded.error());
  }

  OrgId self_;
  AgentKeys first_keys_;
  AgentKeys keys_;
  Membership membership_;
  Clock& clock_;
  SeededRandom random_;
  std::shared_ptr<MemoryDisk> disk_ = std::make_shared<MemoryDisk>();
  std::unique_ptr<MemoryVaultStore> store_;
  std::unique_ptr<Vault> vault_;
  std::unique_ptr<Knowledge> knowledge_;
  std::unique_ptr<Sync> sync_;
  std::vector<Engine::Change> changes_;
  bool crashed_ = false;
};

}  // namespace schakel::testing
