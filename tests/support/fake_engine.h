// Several organisations wired together in one process: real rules, real log entries and proofs, no sockets and no disk.
#pragma once

#include <algorithm>
#include <atomic>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "agents/engine.h"
#include "agents/erased.h"
#include "agents/person_name.h"
#include "protocol/crypto.h"
#include "protocol/entry.h"
#include "protocol/merkle.h"
#include "support/fake_region.h"

namespace schakel::test {

class FakeEngine : public Engine {
 public:
  FakeEngine(FakeRegion& region, OrgId self, std::string name)
      : region_(region), self_(std::move(self)), name_(std::move(name)) {}

  // ---- What tests turn ----
  void GoOffline() { online_ = false; }
  void LearnName(const std::string& name) {
    std::lock_guard lock(region_.mutex);
    name_ = name;
  }
  void FallBehind() { behind_ = true; }  // Connected, and what is said waits for what was said before.
  void GoOnline() {
    std::lock_guard lock(region_.mutex);
    online_ = true;
    behind_ = false;
    std::deque<RecordId> waiting;
    waiting.swap(outbox_);
    for (const RecordId& id : waiting) Deliver(id);
  }
  void Raise(Alarm alarm) {
    alarm.number = alarms_.size() + 1;
    alarm.at = region_.clock.Now();
    alarms_.push_back(std::move(alarm));
    std::lock_guard lock(region_.mutex);
    for (const auto& [number, changed] : subscribers_) changed({Change::What::kAlarm, {}, {}});
  }
  // What who led before us told of grants; the record that it came with is said as any other.
  void HearOf(const TrajectoryId& id, const std::vector<Header>& told) {
    std::lock_guard lock(region_.mutex);
    for (const Header& header : told) policy_.Apply(header);
    told_[id] = told;
  }
  void Distrust(std::optional<Error> why) { distrusted_ = std::move(why); }
  std::size_t records() const { return records_.size(); }
  std::size_t reads() const { return reads_; }               // Calls of Read.
  const std::vector<View>& views() const { return views_; }  // All that were logged.

  // ---- Engine ----
  EngineStatus Report() const override {
    std::lock_guard lock(region_.mutex);
    EngineStatus status;
    status.organisation = self_;
    status.name = name_;
    status.hub = region_.verifier.name;
    status.connected = online_;
    status.distrusted = distrusted_;
    status.outbox = outbox_.size();
    status.feed = feed_;
    status.seen = region_.Head();
    return status;
  }
  OrgId Self() const override { return self_; }
  std::vector<Directory::Organisation> Organisations() const override {
    std::lock_guard lock(region_.mutex);
    std::vector<Directory::Organisation> all;
    for (const auto& [id, organisation] : region_.directory.organisations()) all.push_back(organisation);
    return all;
  }
  std::optional<CeilingStatement> Ceilings() const override { return region_.directory.ceilings(); }
  Pins PinnedHere() const override { return {region_.verifier, region_.directory.registrars()}; }
  RegionRules Rules() const override { return region_.directory.rules(); }
  std::vector<SignedStatement> Statements() const override { return region_.directory.statements(); }

  Result<RecordId> Say(const Draft& draft) override {
    std::lock_guard lock(region_.mutex);
    Header header = Sketch(draft);
    header.id = region_.random.Draw<RecordId>();
    if (IsNone(header.thread)) header.thread = header.id;
    header.seen = region_.Head();
    SCHAKEL_TRY(Check(header, draft));
    Stored kept;
    kept.held.header = header;
    kept.held.state = RecordState::kWaiting;
    kept.held.at = header.created_at;
    kept.held.recipients = draft.recipients;
    kept.body = draft.body;
    for (const OrgId& recipient : draft.recipients) {
      if (!GivesWords(draft, recipient)) kept.without_words.insert(recipient);
    }
    records_[header.id] = std::move(kept);
    order_.push_back(header.id);
    policy_.Apply(header);
    Changed(Change::What::kRecord, header);
    if (online_ && !behind_) {
      Deliver(header.id);
    } else {
      outbox_.push_back(header.id);
    }
    EraseAfter(header);
    return header.id;
  }

  Result<std::vector<RecordId>> SayAll(const std::vector<Draft>& drafts) override {
    std::lock_guard lock(region_.mutex);
    for (const Draft& draft : drafts) SCHAKEL_TRY(MaySay(draft));
    std::vector<RecordId> said;
    for (const Draft& draft : drafts) {
      SCHAKEL_ASSIGN(const RecordId id, Say(draft));
      said.push_back(id);
    }
    return said;
  }

  Status MaySay(const Draft& draft) const override {
    std::lock_guard lock(region_.mutex);
    Header header = Sketch(draft);
    header.id = RecordId(Id128{1});
    if (IsNone(header.thread)) header.thread = header.id;
    return Check(header, draft);
  }
  Decision Foresee(const Draft& draft, const OrgId& recipient) const override {
    std::lock_guard lock(region_.mutex);
    const Header header = Sketch(draft);
    const Decision decision = Decide(policy_, region_.directory, header, recipient, region_.clock.Now());
    // Like Knowledge: who may hear of an emergency, the hub knows.
    const auto* give = std::get_if<GrantGive>(&header.control);
    const bool emergency = header.kind == Kind::kEmergencyReview || (give && give->basis == Basis::kEmergency);
    const Trajectory* trajectory = policy_.Find(header.trajectory);
    if (emergency && trajectory && trajectory->lead != self_ && decision == Decision(Denial::kNotAddressed)) {
      return Permit{};
    }
    return decision;
  }
  bool GivesWords(const Draft& draft, const OrgId& recipient) const override {
    std::lock_guard lock(region_.mutex);
    if (IsContent(draft.kind)) return true;
    return MayReadWords(policy_, region_.directory, Sketch(draft), recipient, region_.clock.Now());
  }
  PolicyState Policy() const override {
    std::lock_guard lock(region_.mutex);
    return policy_;
  }
  Result<Trajectory> FindTrajectory(const TrajectoryId& id) const override {
    std::lock_guard lock(region_.mutex);
    const Trajectory* found = policy_.Find(id);
    if (found == nullptr) return Fail(Code::kNotFound, "trajectory.unknown", "trajectory", "check the id");
    return *found;
  }
  std::vector<Header> ToldOf(const TrajectoryId& id) const override {
    std::lock_guard lock(region_.mutex);
    auto found = told_.find(id);
    return found == told_.end() ? std::vector<Header>{} : found->second;
  }

  void Records(const std::function<bool(const HeldRecord&)>& visit) const override {
    std::vector<HeldRecord> all;
    {
      std::lock_guard lock(region_.mutex);
      for (const RecordId& id : order_) all.push_back(records_.at(id).held);
    }
    for (const HeldRecord& held : all) {
      if (!visit(held)) return;
    }
  }
  Result<HeldRecord> Find(const RecordId& id) const override {
    std::lock_guard lock(region_.mutex);
    auto found = records_.find(id);
    if (found == records_.end()) return Fail(Code::kNotFound, "id.unknown", "record", "check the id");
    return found->second.held;
  }
  std::vector<WithheldMark> Withheld() const override { return withheld_; }
  std::vector<Alarm> Alarms() const override { return alarms_; }
  Status Alert(const Error& what) override {
    if (alarms_.empty() || alarms_.back().what.rule != what.rule || alarms_.back().what.field != what.field) {
      Alarm alarm;
      alarm.what = what;
      Raise(std::move(alarm));
    }
    return {};
  }

  Result<Body> Open(const RecordId& id) const override {
    std::lock_guard lock(region_.mutex);
    auto found = records_.find(id);
    if (found == records_.end()) return Fail(Code::kNotFound, "id.unknown", "record", "check the id");
    const Stored& kept = found->second;
    if (kept.grant) {
      const Trajectory* trajectory = policy_.Find(kept.held.header.trajectory);
      const Grant* grant = trajectory == nullptr ? nullptr : trajectory->FindGrant(*kept.grant);
      if (grant != nullptr && grant->withdrawn) {
        return Fail(Code::kDenied, "view.withdrawn", "record", "respect the withdrawal");
      }
    }
    if (kept.forgotten) return Fail(Code::kNotFound, "view.forgotten", "record", "it is kept no longer");
    if (IsUndone(kept)) return Fail(Code::kDenied, "view.withdrawn", "record", "respect the withdrawal");
    if (kept.words == Given::kWithoutBody) {
      return Fail(Code::kDenied, "view.no_words", "record", "ask its author for the words");
    }
    return kept.body;
  }
  Result<Content> ContentOf(const RecordId& id) const override {
    std::lock_guard lock(region_.mutex);
    SCHAKEL_TRY(Open(id));
    const FakeRegion::SealedBody& sealed = region_.SealedOf(id);
    return Content{sealed.key, sealed.ciphertext};
  }
  std::vector<SealedItem> Sealed() const override {
    std::lock_guard lock(region_.mutex);
    return sealed_;
  }
  std::vector<Unsealing> Unsealings() const override {
    std::lock_guard lock(region_.mutex);
    return unsealings_;
  }
  Result<Body> Unseal(const RecordId& id, const Person& person, const std::string& why,
                      std::chrono::milliseconds) override {
    std::lock_guard lock(region_.mutex);
    if (person.role != StaffRole::kAuditor) return Fail(Code::kDenied, "seal.auditor", "role", "ask an auditor");
    auto sealed = std::ranges::find(sealed_, id, &SealedItem::record);
    if (sealed == sealed_.end()) return Fail(Code::kConflict, "seal.not_sealed", "record", "read it");
    if (!online_) return Fail(Code::kUnavailable, "seal.unreported", "hub.offline", "try again later");
    const Timestamp now = region_.clock.Now();
    Draft draft;
    draft.kind = Kind::kViews;
    draft.trajectory = sealed->trajectory;
    draft.control = Views{{{id, PseudonymOf(person.name), person.role, ViewReason::kAudit, now}}};
    SCHAKEL_ASSIGN(const RecordId told, Say(draft));
    unsealings_.push_back({id, sealed->trajectory, PseudonymOf(person.name), why, now, told});
    return records_.at(id).body;
  }
  Result<Body> OpenUnsealed(const RecordId& opened, const RecordId& record, const Person& person) const override {
    std::lock_guard lock(region_.mutex);
    const Id128 pseudonym = PseudonymFor(person.name);
    const bool logged = std::ranges::any_of(unsealings_, [&](const Unsealing& one) {
      return one.record == opened && one.person == pseudonym && region_.clock.Now() - one.at <= kUnsealedFor;
    });
    if (!logged || !records_.contains(record)) return Fail(Code::kDenied, "seal.unopened", "record", "open it first");
    return records_.at(record).body;
  }
  // Answers that it erased what the lead had erased, but what it keeps by law.
  void AnswerThatItErased(const std::optional<KeptByLaw>& kept = std::nullopt) {
    std::lock_guard lock(region_.mutex);
    const PolicyState before = policy_;
    for (const auto& [id, trajectory] : before.trajectories()) {
      if (!trajectory.erased()) continue;
      Draft draft;
      draft.kind = Kind::kEraseReceipt;
      draft.trajectory = id;
      draft.control = EraseReceipt{trajectory.erased_by, kept};
      if (trajectory.lead != self_) draft.recipients = {trajectory.lead};
      SCHAKEL_ASSERT(Say(draft).has_value());
    }
  }
  // Seals what grants that were taken back had covered, and answers for it, as an agent does by itself.
  void AnswerForWhatWasTakenBack() {
    std::lock_guard lock(region_.mutex);
    const PolicyState before = policy_;
    for (const auto& [id, trajectory] : before.trajectories()) {
      for (const GrantTakenBack& taken : trajectory.taken_back) {
        const Grant* grant = trajectory.FindGrant(taken.grant);
        if (grant == nullptr || grant->terms.recipient != self_) continue;
        for (const auto& [record, kept] : records_) {
          if (kept.grant != taken.grant) continue;
          sealed_.push_back({record,
                             id,
                             taken.grant,
                             taken.change,
                             region_.clock.Now(),
                             region_.clock.Now() + std::chrono::years(10),
                             {"bewaarplicht", "duty to keep", "obligation de conservation"},
                             {}});
        }
        Draft draft;
        draft.kind = Kind::kGrantReceipt;
        draft.trajectory = id;
        draft.control = GrantReceipt{taken.grant, taken.change, schakel::Kept::kSealed};
        if (trajectory.lead != self_) draft.recipients = {trajectory.lead};
        SCHAKEL_ASSERT(Say(draft).has_value());
      }
    }
  }
  Result<std::vector<Body>> Read(const std::vector<RecordId>& ids, const Person& person, ViewReason reason) override {
    std::lock_guard lock(region_.mutex);
    std::vector<Body> bodies;
    std::map<TrajectoryId, Views> by_trajectory;
    for (const RecordId& id : ids) {
      SCHAKEL_ASSIGN(Body body, Open(id));
      bodies.push_back(std::move(body));
      by_trajectory[records_.at(id).held.header.trajectory].views.push_back(
          {id, PseudonymOf(person.name), person.role, reason, region_.clock.Now()});
    }
    ++reads_;
    for (auto& [trajectory, views] : by_trajectory) {
      views_.insert(views_.end(), views.views.begin(), views.views.end());
      for (const View& view : views.views) looks_.push_back({trajectory, view});
      Draft draft;
      draft.kind = Kind::kViews;
      draft.trajectory = trajectory;
      draft.control = views;
      auto said = Say(draft);
      SCHAKEL_ASSERT(said.has_value());
    }
    return bodies;
  }

  Status Forget(const RecordId& id) override {
    std::lock_guard lock(region_.mutex);
    auto found = records_.find(id);
    if (found == records_.end()) return Fail(Code::kNotFound, "id.unknown", "record", "check the id");
    const Kind kind = found->second.held.header.kind;
    if (kind != Kind::kPlaceEnrolment && kind != Kind::kLearningCase) {
      return Fail(Code::kDenied, "forget.kind", "record");
    }
    if (found->second.held.state == RecordState::kWaiting) return Fail(Code::kConflict, "record.waiting", "record");
    found->second.forgotten = true;
    Changed(Change::What::kSealed, found->second.held.header);
    return {};
  }
  KeyReport Keys() const override {
    std::lock_guard lock(region_.mutex);
    return keys_;
  }
  Result<KeyReport> RotateKeys() override {
    std::lock_guard lock(region_.mutex);
    keys_.asked = "1234 5678";
    keys_.heard = online_;
    return keys_;
  }
  Result<KeyReport> RotateHpke() override {
    std::lock_guard lock(region_.mutex);
    if (!online_) return Fail(Code::kConflict, "keys.not_in_force", {}, "rotate all keys");
    ++keys_.hpke_held;
    return keys_;
  }

  std::optional<std::string> NameOf(const Id128& pseudonym) const override {
    std::lock_guard lock(region_.mutex);
    auto found = names_.find(pseudonym);
    return found == names_.end() ? std::nullopt : std::optional(found->second);
  }
  Id128 PseudonymFor(const std::string& name) const override {
    const Hash32 hash = Sha256({AsBytes(self_.value()), AsBytes("/"), AsBytes(PersonKey(name))});
    Id128 pseudonym;
    std::copy_n(hash.begin(), pseudonym.size(), pseudonym.begin());
    return pseudonym;
  }
  Id128 PseudonymOf(const std::string& name) override {
    std::lock_guard lock(region_.mutex);
    const Id128 pseudonym = PseudonymFor(name);
    names_[pseudonym] = name;
    return pseudonym;
  }
  Status PutFact(std::string_view name, ByteView value) override {
    std::lock_guard lock(region_.mutex);
    facts_[std::string(name)] = ToBytes(value);
    return {};
  }
  Status ChangeFacts(const std::vector<FactChange>& changes) override {
    std::lock_guard lock(region_.mutex);
    if (keep_fails_) return Fail(Code::kUnavailable, "vault.disk", {}, "make room");
    for (const FactChange& change : changes) {
      if (change.value) {
        facts_[change.name] = *change.value;
      } else {
        facts_.erase(change.name);
      }
    }
    return {};
  }
  std::size_t facts() const {
    std::lock_guard lock(region_.mutex);
    return facts_.size();
  }
  Result<std::optional<Bytes>> GetFact(std::string_view name) const override {
    std::lock_guard lock(region_.mutex);
    auto found = facts_.find(std::string(name));
    return found == facts_.end() ? std::optional<Bytes>{} : std::optional(found->second);
  }
  Status Keep(const std::vector<KeptRow>& rows) override {
    std::lock_guard lock(region_.mutex);
    if (keep_fails_) return Fail(Code::kUnavailable, "vault.disk", {}, "make room");
    for (const KeptRow& row : rows) {
      if (row.value) {
        kept_[row.set][row.key] = *row.value;
      } else {
        kept_[row.set].erase(row.key);
      }
    }
    return {};
  }
  Result<std::map<std::string, Bytes>> Kept(std::string_view set) const override {
    std::lock_guard lock(region_.mutex);
    auto found = kept_.find(std::string(set));
    return found == kept_.end() ? std::map<std::string, Bytes>{} : found->second;
  }
  void RefuseToKeep(bool refuse) { keep_fails_ = refuse; }

  Status AppendFact(std::string_view list, ByteView value) override {
    std::lock_guard lock(region_.mutex);
    fact_lists_[std::string(list)].push_back(ToBytes(value));
    return {};
  }
  Status VisitFacts(std::string_view list, const std::function<bool(ByteView)>& visit) const override {
    std::lock_guard lock(region_.mutex);
    auto found = fact_lists_.find(std::string(list));
    if (found == fact_lists_.end()) return {};
    for (const Bytes& row : found->second) {
      if (!visit(row)) break;
    }
    return {};
  }
  Status Looks(const std::function<bool(const LoggedView&)>& visit) const override {
    std::lock_guard lock(region_.mutex);
    for (const LoggedView& look : looks_) {
      if (!visit(look)) break;
    }
    return {};
  }

  Result<HeldRecord> WaitFor(const RecordId& id, std::chrono::milliseconds) override {
    if (!online_) return Fail(Code::kUnavailable, "hub.offline", {}, "try again later");
    if (behind_) return Fail(Code::kUnavailable, "hub.busy", {}, "try again later");
    return Find(id);
  }
  Status Settle(std::chrono::milliseconds) override {
    if (!online_) return Fail(Code::kUnavailable, "hub.offline", {}, "try again later");
    return {};
  }
  // The lead asks about a whole trajectory; others see what concerns themselves.
  Result<Evidence> Access(const AccessQuery& query, std::chrono::milliseconds) override {
    std::lock_guard lock(region_.mutex);
    if (!online_) return Fail(Code::kUnavailable, "hub.offline", {}, "try again later");
    region_.Append(SessionEntry{self_, SessionEvent::kQuery, "access", query.trajectory, query.record});
    const Trajectory* trajectory = region_.policy.Find(query.trajectory);
    const bool whole = trajectory != nullptr && trajectory->lead == self_;
    return region_.Prove("trajectory " + ToText(query.trajectory),
                         [&](const Entry& entry) { return Concerns(entry, query, whole); });
  }

  Result<Evidence> Prove(const TrajectoryId& trajectory, const std::vector<RecordId>& records,
                         std::chrono::milliseconds) override {
    std::lock_guard lock(region_.mutex);
    if (!online_) return Fail(Code::kUnavailable, "hub.offline", {}, "try again later");
    Evidence evidence = region_.Prove("trajectory " + ToText(trajectory), [&](const Entry& entry) {
      const auto* record = std::get_if<RecordEntry>(&entry.body);
      return record != nullptr && std::ranges::find(records, DecodeHeader(record->header).value().id) != records.end();
    });
    evidence.statements = Statements();
    return evidence;
  }

  Subscription OnChange(std::function<void(const Change&)> changed) override {
    std::lock_guard lock(region_.mutex);
    const std::uint64_t number = ++last_subscriber_;
    subscribers_[number] = std::move(changed);
    return {static_cast<void*>(this), [this, number](void*) {
              std::lock_guard inner(region_.mutex);
              subscribers_.erase(number);
            }};
  }

  // ---- From the hub ----
  void Receive(const Header& header, const std::optional<Body>& body, Sequence sequence,
               std::optional<RecordId> grant) {
    Stored kept;
    kept.held.header = header;
    kept.held.state = RecordState::kReceived;
    kept.held.sequence = sequence;
    kept.held.position = feed_ = Next(feed_);
    kept.held.at = region_.clock.Now();
    kept.body = body.value_or(Body());
    kept.words = body ? Given::kWhole : Given::kWithoutBody;
    kept.grant = grant;
    kept.held.grant = grant;
    records_[header.id] = std::move(kept);
    order_.push_back(header.id);
    policy_.Apply(header);
    Changed(Change::What::kRecord, header);
    EraseAfter(header);
  }
  void ReceiveWithheld(const Header& header, Denial reason) {
    feed_ = Next(feed_);
    withheld_.push_back({feed_, header.id, header.trajectory, reason, region_.clock.Now()});
    Changed(Change::What::kWithheld, header);
  }
  FeedPosition feed() const { return feed_; }

 private:
  KeyReport keys_;
  void EraseAfter(const Header& confirm) {
    if (confirm.kind != Kind::kEraseConfirm) return;
    const auto goes = [&](const Header& header) {
      return header.trajectory == confirm.trajectory && !IsOfErasure(header.kind);
    };
    std::vector<RecordId> gone;
    for (const RecordId& id : order_) {
      if (goes(records_.at(id).held.header)) gone.push_back(id);
    }
    facts_[ErasedFact(confirm.trajectory)] = EncodeErased(gone);
    std::erase_if(order_, [&](const RecordId& id) { return goes(records_.at(id).held.header); });
    std::erase_if(records_, [&](const auto& one) { return goes(one.second.held.header); });
    Changed(Change::What::kErased, confirm);
  }

  struct Stored {
    HeldRecord held;
    Body body;
    std::optional<RecordId> grant;  // That covered what was received.
    Given words = Given::kWhole;
    std::set<OrgId> without_words;  // Recipients of an own one.
    bool forgotten = false;
  };

  // The reason of an emergency that was told here and found unjustified.
  bool IsUndone(const Stored& kept) const {
    const Header& header = kept.held.header;
    const auto* give = std::get_if<GrantGive>(&header.control);
    const Trajectory* trajectory = policy_.Find(header.trajectory);
    const bool told = give != nullptr && give->basis == Basis::kEmergency && header.author != self_;
    if (!told || trajectory == nullptr || trajectory->lead == self_) return false;
    const Grant* grant = trajectory->FindGrant(header.id);
    return grant != nullptr && grant->review == ReviewOutcome::kUnjustified;
  }

  Status Check(const Header& header, const Draft& draft) const {
    SCHAKEL_TRY(DecodeHeader(EncodeHeader(header)));
    SCHAKEL_TRY(Admit(policy_, region_.directory, header, region_.clock.Now()));
    for (const OrgId& recipient : draft.recipients) {
      if (region_.directory.Find(recipient) == nullptr) {
        return Fail(Code::kNotFound, "directory.organisation", recipient.value(), "choose one from the directory");
      }
    }
    return {};
  }
  Header Sketch(const Draft& draft) const {
    Header header;
    header.kind = draft.kind;
    header.author = self_;
    header.signer = IdOf(region_.directory.Find(self_)->statement.keys.record);
    header.trajectory = draft.trajectory;
    header.thread = draft.thread;
    header.purpose = draft.purpose;
    header.categories = draft.categories;
    header.basis = draft.basis;
    header.created_at = region_.clock.Now();
    header.references = draft.references;
    header.control = draft.control;
    return header;
  }
  void Deliver(const RecordId& id) {
    Stored& kept = records_.at(id);
    const FakeRegion::Verdict verdict =
        region_.Submit(kept.held.header, kept.body, kept.held.recipients, kept.without_words);
    Stored& after = records_.at(id);
    after.held.state = verdict.error ? RecordState::kRefused : RecordState::kAccepted;
    after.held.sequence = verdict.sequence;
    after.held.refused = verdict.refused;
    after.held.error = verdict.error;
    Changed(Change::What::kOutcome, after.held.header);
  }
  void Changed(Change::What what, const Header& header) {
    for (const auto& [number, changed] : subscribers_) changed({what, header.id, header.trajectory});
  }
  // Without a trajectory an author is shown who got and saw what it wrote; others what they did themselves.
  bool ConcernsAnonymous(const Entry& entry, const RecordId& wanted) const {
    auto found = records_.find(wanted);
    const bool wrote = found != records_.end() && found->second.held.header.author == self_;
    if (const auto* record = std::get_if<RecordEntry>(&entry.body)) {
      const Header header = DecodeHeader(record->header).value();
      const auto* views = std::get_if<Views>(&header.control);
      const auto is_it = [&](const View& view) { return view.record == wanted; };
      const bool about = header.id == wanted || (views != nullptr && std::ranges::any_of(views->views, is_it));
      return about && (wrote || header.author == self_);
    }
    if (const auto* delivery = std::get_if<DeliveryEntry>(&entry.body)) {
      return delivery->record == wanted && (wrote || delivery->recipient == self_);
    }
    const auto* session = std::get_if<SessionEntry>(&entry.body);
    return session != nullptr && session->record == wanted && session->organisation == self_;
  }
  bool Concerns(const Entry& entry, const AccessQuery& query, bool whole) const {
    if (IsNone(query.trajectory)) return ConcernsAnonymous(entry, query.record);
    if (const auto* record = std::get_if<RecordEntry>(&entry.body)) {
      const Header header = DecodeHeader(record->header).value();
      const auto* accept = std::get_if<LeadAccept>(&header.control);
      const auto offer = accept ? records_.find(accept->offer) : records_.end();
      const bool took_over = offer != records_.end() && offer->second.held.header.author == self_;
      return header.trajectory == query.trajectory && (whole || took_over || header.author == self_);
    }
    if (const auto* delivery = std::get_if<DeliveryEntry>(&entry.body)) {
      return delivery->trajectory == query.trajectory && (whole || delivery->recipient == self_);
    }
    if (const auto* denial = std::get_if<DenialEntry>(&entry.body)) {
      return denial->trajectory == query.trajectory && whole;
    }
    const auto* session = std::get_if<SessionEntry>(&entry.body);
    return session != nullptr && session->trajectory == query.trajectory && (whole || session->organisation == self_);
  }

  FakeRegion& region_;
  const OrgId self_;
  std::string name_;
  std::atomic<bool> online_ = true;
  std::atomic<bool> behind_ = false;
  PolicyState policy_;
  std::map<RecordId, Stored> records_;
  std::vector<RecordId> order_;
  std::deque<RecordId> outbox_;
  std::map<TrajectoryId, std::vector<Header>> told_;
  std::vector<WithheldMark> withheld_;
  std::vector<SealedItem> sealed_;
  std::vector<Unsealing> unsealings_;
  std::vector<Alarm> alarms_;
  std::optional<Error> distrusted_;
  FeedPosition feed_;
  std::map<Id128, std::string> names_;
  std::map<std::string, Bytes> facts_;
  std::map<std::string, std::vector<Bytes>> fact_lists_;
  std::map<std::string, std::map<std::string, Bytes>> kept_;
  std::atomic<bool> keep_fails_ = false;
  std::vector<View> views_;
  std::vector<LoggedView> looks_;
  std::size_t reads_ = 0;
  std::map<std::uint64_t, std::function<void(const Change&)>> subscribers_;
  std::uint64_t last_subscriber_ = 0;
};

inline FakeEngine& FakeRegion::Enrol(const std::string& organisation, const std::string& name,
                                     const std::string& sector) {
  OrgStatement statement;
  statement.organisation = ParseOrgId(organisation).value();
  statement.name = name;
  statement.sector = ParseSector(sector).value();
  SigningKey record_key = SigningKey::Generate();
  statement.keys = {record_key.public_key, SigningKey::Generate().public_key, TransportKey::Generate().public_key,
                    AgreementKey::Generate().public_key};
  statement.issued_at = clock.Now();
  record_keys_.insert_or_assign(statement.organisation, std::move(record_key));
  Apply(statement);
  auto& slot = engines[statement.organisation];
  slot = std::make_unique<FakeEngine>(*this, statement.organisation, name);
  return *slot;
}

inline FakeRegion::Verdict FakeRegion::Submit(const Header& header, const Body& body,
                                              const std::vector<OrgId>& recipients,
                                              const std::set<OrgId>& without_words) {
  Verdict verdict;
  if (auto admitted = Admit(policy, directory, header, clock.Now()); !admitted) {
    verdict.error = admitted.error();
    return verdict;
  }
  policy.Apply(header);
  verdict.sequence = Append(Seal(header, body, recipients));
  for (const OrgId& recipient : recipients) {
    const Decision decision = Decide(policy, directory, header, recipient, clock.Now());
    if (const auto* denial = std::get_if<Denial>(&decision)) {
      Append(DenialEntry{recipient, verdict.sequence, header.id, header.trajectory, *denial});
      verdict.refused.push_back({recipient, *denial});
      continue;
    }
    FakeEngine& engine = *engines.at(recipient);
    DeliveryEntry delivery;
    delivery.recipient = recipient;
    delivery.position = Next(engine.feed());
    delivery.record_sequence = verdict.sequence;
    delivery.record = header.id;
    delivery.trajectory = header.trajectory;
    delivery.grant = std::get<Permit>(decision).grant;
    delivery.previous = fed_[recipient];
    Append(delivery);
    fed_[recipient] = FeedHash(log_.back().entry);
    const auto words = without_words.contains(recipient) ? std::nullopt : std::optional(body);
    engine.Receive(header, words, verdict.sequence, delivery.grant);
  }
  return verdict;
}

// Five sectors around one young person, with the ceilings of the profiles.
struct Leuven {
  FakeRegion region;
  FakeEngine& youth_care = region.Enrol("de-wissel", "De Wissel", "youth-care");
  FakeEngine& psychiatry = region.Enrol("upc-leuven", "UPC Leuven", "psychiatry");
  FakeEngine& school = region.Enrol("clb-leuven", "CLB Leuven", "school-support");
  FakeEngine& police = region.Enrol("politie-leuven", "Politie Leuven", "police-liaison");
  FakeEngine& welfare = region.Enrol("caw-leuven", "CAW Oost-Brabant", "general-welfare");

  explicit Leuven(std::uint64_t seed = 1) : region(seed) {
    using enum Category;
    const CategorySet all(~std::uint64_t{0});
    const auto row = [](const char* sector, CategorySet categories) {
      return CeilingStatement::Row{ParseSector(sector).value(), categories, false};
    };
    region.SetCeilings({row("general-welfare", {kIdentity, kContact, kFamily, kLiving, kSchool, kIncome, kSafety,
                                                kAgreements, kGoals, kOwnVoice, kMeeting}),
                        row("police-liaison", {kIdentity, kSafety, kAgreements, kMeeting}), row("psychiatry", all),
                        row("school-support",
                            {kIdentity, kContact, kFamily, kLiving, kSchool, kAgreements, kGoals, kOwnVoice, kMeeting}),
                        row("youth-care", all)});
  }
};

}  // namespace schakel::test
