// The engine: the state machine of sync.h on a thread of its own, with the connection on one side and the callers on
// the other.
//
// What callers want done stands in one queue with what the hub sends. The thread takes what is there, runs it, commits
// it all at once and only then answers: so many callers share one synced write.
#include "agents/engine.h"

#include <condition_variable>
#include <future>
#include <mutex>
#include <thread>

#include "agents/knowledge.h"
#include "agents/person_name.h"
#include "agents/start_engine.h"
#include "agents/sync.h"
#include "compose.h"
#include "fact_lists.h"
#include "protocol/crypto.h"
#include "repeated.h"
#include "subscribers.h"
#include "task_queue.h"

namespace schakel {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kTick{100};
constexpr std::size_t kTasksAStep = 256;
constexpr std::size_t kMessagesWaiting = 64;

Error Stopped() { return {Code::kUnavailable, "agent.stopped", {}, "start the agent again"}; }
Error Offline() { return {Code::kUnavailable, "hub.offline", {}, "it goes on by itself when the hub can be reached"}; }
Error Busy() { return {Code::kUnavailable, "hub.busy", {}, "it goes on by itself; ask again in a moment"}; }
Error Distrusted() {
  return {Code::kTampered, "hub.distrusted", {}, "see the alarm, and call the operator of the hub"};
}

std::optional<Retention> RetentionOf(const std::map<Sector, Retention>& all, const Sector& sector) {
  auto found = all.find(sector);
  return found == all.end() ? std::nullopt : std::optional(found->second);
}

class AgentEngine : public Engine, private ConnectionEvents {
 public:
  AgentEngine(EngineParts parts, Membership membership, AgentKeys keys, Secret<32> pseudonym_key)
      : store_(std::move(parts.store)),
        connection_(std::move(parts.connection)),
        clock_(*parts.clock),
        membership_(std::move(membership)),
        keys_(std::move(keys)),
        pseudonym_key_(std::move(pseudonym_key)),
        vault_(*store_),
        fact_lists_(vault_),
        knowledge_(membership_.organisation, membership_.registrars),
        retention_(RetentionOf(parts.retention, membership_.sector)),
        sync_(membership_, keys_, vault_, knowledge_, clock_, *parts.random, parts.key_policy),
        sketcher_(membership_.hub_log.name, IdOf(keys_.record.public_key), knowledge_, clock_, *parts.random) {}

  ~AgentEngine() override {
    tasks_.Close();
    connection_->Stop();
    if (thread_.joinable()) thread_.join();
  }

  Status Start() {
    SCHAKEL_TRY(vault_.SortKept());
    sync_.SetRetention(std::move(retention_));
    SCHAKEL_TRY(sync_.Load());
    connection_->UseKeys(sync_.TransportKeys());
    Publish();
    const bool trusted = !report_.distrusted;
    thread_ = std::thread([this] { Run(); });
    if (trusted) connection_->Start(*this);
    return {};
  }

  // ---- What is known ----
  EngineStatus Report() const override;
  OrgId Self() const override { return membership_.organisation; }
  Pins PinnedHere() const override { return {membership_.hub_log, membership_.registrars}; }
  std::vector<Directory::Organisation> Organisations() const override { return knowledge_.Organisations(); }
  std::optional<CeilingStatement> Ceilings() const override { return knowledge_.Ceilings(); }
  RegionRules Rules() const override { return knowledge_.Rules(); }
  std::vector<SignedStatement> Statements() const override { return knowledge_.Statements(); }
  PolicyState Policy() const override { return knowledge_.Policy(); }
  Result<Trajectory> FindTrajectory(const TrajectoryId& id) const override;
  std::vector<Header> ToldOf(const TrajectoryId& id) const override { return knowledge_.ToldOf(id); }
  Status MaySay(const Draft& draft) const override { return sketcher_.Check(draft); }
  Decision Foresee(const Draft& draft, const OrgId& recipient) const override {
    Header header = sketcher_.Sketch(draft);
    return knowledge_.Foresee(header, recipient, header.created_at);
  }

  bool GivesWords(const Draft& draft, const OrgId& recipient) const override {
    const Header header = sketcher_.Sketch(draft);
    return knowledge_.GivesWords(header, recipient, header.created_at);
  }

  // ---- What is held ----
  void Records(const std::function<bool(const HeldRecord&)>& visit) const override;
  void RecordsToOpen(const std::function<bool(const HeldRecord&, const BodyOpener& open)>& visit) const override;
  Result<HeldRecord> Find(const RecordId& id) const override;
  std::vector<WithheldMark> Withheld() const override {
    return vault_.Withheld().value_or(std::vector<WithheldMark>());
  }
  std::vector<Alarm> Alarms() const override { return vault_.Alarms().value_or(std::vector<Alarm>()); }
  Status Alert(const Error& what) override {
    const auto raised = OnThread<bool>([&]() -> Result<bool> {
      sync_.Alert(what);
      return true;
    });
    return raised ? Status() : Status(std::unexpected(raised.error()));
  }
  Result<Body> Open(const RecordId& id) const override;
  Result<Content> ContentOf(const RecordId& id) const override;
  std::vector<SealedItem> Sealed() const override;
  std::vector<Unsealing> Unsealings() const override;
  Result<HeldRecord> FindSealed(const RecordId& id) const override;
  Result<Body> Unseal(const RecordId& id, const Person& person, const std::string& why, milliseconds patience) override;
  Result<Body> OpenUnsealed(const RecordId& opened, const RecordId& record, const Person& person) const override;
  std::optional<std::string> NameOf(const Id128& pseudonym) const override {
    return vault_.Name(pseudonym).value_or(std::nullopt);
  }
  Id128 PseudonymOf(const std::string& name) override;
  Id128 PseudonymFor(const std::string& name) const override { return DerivePseudonym(name); }
  Status PutFact(std::string_view name, ByteView value) override;
  Status ChangeFacts(const std::vector<FactChange>& changes) override;
  Result<std::optional<Bytes>> GetFact(std::string_view name) const override { return vault_.Fact(name); }
  Status AppendFact(std::string_view list, ByteView value) override { return fact_lists_.Append(list, value); }
  Status VisitFacts(std::string_view list, const std::function<bool(ByteView)>& visit) const override {
    return fact_lists_.Visit(list, visit);
  }
  Status Looks(const std::function<bool(const LoggedView&)>& visit) const override { return vault_.ScanViews(visit); }
  Status Keep(const std::vector<KeptRow>& rows) override;
  Result<std::map<std::string, Bytes>> Kept(std::string_view set) const override { return vault_.Kept(set); }

  // ---- What is done ----
  Result<RecordId> Say(const Draft& draft) override {
    return OnThread<RecordId>([&] { return sync_.Say(draft); });
  }
  Result<std::vector<RecordId>> SayAll(const std::vector<Draft>& drafts) override {
    return OnThread<std::vector<RecordId>>([&] { return sync_.SayAll(drafts); });
  }
  Result<std::vector<Body>> Read(const std::vector<RecordId>& ids, const Person& person, ViewReason reason) override;
  Status Forget(const RecordId& id) override {
    const auto forgotten = OnThread<bool>([&]() -> Result<bool> {
      SCHAKEL_TRY(sync_.Forget(id));
      return true;
    });
    return forgotten ? Status() : Status(std::unexpected(forgotten.error()));
  }
  KeyReport Keys() const override {
    std::lock_guard lock(mutex_);
    return report_.keys;
  }
  Result<KeyReport> RotateKeys() override {
    return OnThread<KeyReport>([&]() -> Result<KeyReport> {
      sync_.RotateKeys();
      return sync_.Report().keys;
    });
  }
  Result<KeyReport> RotateHpke() override {
    return OnThread<KeyReport>([&]() -> Result<KeyReport> {
      SCHAKEL_TRY(sync_.RotateHpke());
      return sync_.Report().keys;
    });
  }
  Result<HeldRecord> WaitFor(const RecordId& id, milliseconds patience) override;
  Status Settle(milliseconds patience) override;
  Result<Evidence> Access(const AccessQuery& query, milliseconds patience) override;
  Result<Evidence> Prove(const TrajectoryId& trajectory, const std::vector<RecordId>& records,
                         milliseconds patience) override;
  Subscription OnChange(std::function<void(const Change&)> changed) override {
    return subscribers_.Add(std::move(changed));
  }

 private:
  // ---- The connection's thread ----
  void OnConnected(LinkId id) override {
    tasks_.PostBounded(
        [this, id] {
          link_ = id;
          sync_.OnConnected();
        },
        kMessagesWaiting);
  }
  void OnMessage(LinkId id, Bytes message) override {
    tasks_.PostBounded(
        [this, id, message = std::move(message)] {
          if (id == link_) sync_.OnMessage(message);
        },
        kMessagesWaiting);
  }
  void OnDisconnected(const Error& why) override {
    tasks_.PostBounded(
        [this, why] {
          link_ = 0;
          sync_.OnDisconnected(why);
        },
        kMessagesWaiting);
  }

  // ---- The engine's thread ----
  void Run();
  void Step(std::deque<TaskQueue::Task> tasks);
  void Publish();

  Result<std::pair<std::uint64_t, StoredRecord>> LocateSealed(const RecordId& id) const;
  Id128 DerivePseudonym(std::string_view name) const;
  Result<std::pair<Header, Body>> OpenNumber(std::uint64_t number) const;
  Result<Body> OpenStored(std::uint64_t number, const StoredRecord& stored, const Header& header) const;
  Result<bool> IsTakenBack(std::uint64_t number, const StoredRecord& stored, const Header& header) const;
  Result<Body> OpenContent(std::uint64_t number, const Bytes& header_bytes, const Header& header) const;

  // Runs `work` on the engine's thread and waits until what it did is durable.
  template <typename T, typename Work>
  Result<T> OnThread(Work&& work) {
    std::promise<Result<T>> promise;
    auto future = promise.get_future();
    const bool posted = tasks_.Post([&] {
      Result<T> result = work();
      answers_.push_back([&promise, result = std::move(result)](const Status& durable) mutable {
        promise.set_value(durable ? std::move(result) : Result<T>(std::unexpected(durable.error())));
      });
    });
    if (!posted) return std::unexpected(Stopped());
    return future.get();
  }

  // Why nothing came in time: there is no connection, or there is much to send first.
  Error NotInTime() const { return Report().connected ? Busy() : Offline(); }

  // Has `ask` ask the hub, and waits for what it yields.
  template <typename Ask>
  Result<Evidence> AskForEvidence(milliseconds patience, Ask ask) {
    // Outlives this call if the hub answers too late.
    auto promise = std::make_shared<std::promise<Result<Evidence>>>();
    auto future = promise->get_future();
    const bool posted = tasks_.Post([ask = std::move(ask), promise] {
      ask([promise](Result<Evidence> result) { promise->set_value(std::move(result)); });
    });
    if (!posted) return std::unexpected(Stopped());
    if (future.wait_for(patience) != std::future_status::ready) return std::unexpected(NotInTime());
    return future.get();
  }

  // Waits until `done()` yields something, looking again after each step.
  template <typename T, typename Done>
  std::optional<T> Await(milliseconds patience, Done&& done) const {
    const auto until = std::chrono::steady_clock::now() + patience;
    std::unique_lock lock(mutex_);
    while (true) {
      const std::uint64_t steps = steps_;
      lock.unlock();
      if (std::optional<T> result = done()) return result;
      lock.lock();
      if (!stepped_.wait_until(lock, until, [&] { return steps_ != steps; })) return {};
    }
  }

  std::unique_ptr<VaultStore> store_;
  std::unique_ptr<HubConnection> connection_;
  const Clock& clock_;
  const Membership membership_;
  AgentKeys keys_;  // Of the engine's thread, once it runs.
  const Secret<32> pseudonym_key_;
  Vault vault_;
  FactLists fact_lists_;
  Knowledge knowledge_;
  std::optional<Retention> retention_;
  Sync sync_;
  const Composer sketcher_;
  Subscribers subscribers_;
  TaskQueue tasks_;
  std::thread thread_;

  // Of the engine's thread.
  LinkId link_ = 0;
  std::vector<std::move_only_function<void(const Status&)>> answers_;
  std::optional<Error> failed_;

  mutable std::mutex mutex_;
  mutable std::condition_variable stepped_;
  SyncReport report_;
  std::optional<Error> stopped_;
  std::uint64_t steps_ = 0;
};

void AgentEngine::Run() {
  auto next_tick = std::chrono::steady_clock::now() + kTick;
  while (true) {
    const auto left = std::chrono::ceil<milliseconds>(next_tick - std::chrono::steady_clock::now());
    std::deque<TaskQueue::Task> tasks = tasks_.Take(kTasksAStep, std::max(left, milliseconds(0)));
    if (tasks.empty() && tasks_.closed()) return;
    const bool tick = std::chrono::steady_clock::now() >= next_tick;
    if (tick) {
      tasks.push_back([this] { sync_.OnTick(); });
      next_tick = std::chrono::steady_clock::now() + kTick;
    }
    Step(std::move(tasks));
  }
}

void AgentEngine::Step(std::deque<TaskQueue::Task> tasks) {
  for (TaskQueue::Task& task : tasks) task();
  Status durable;
  std::vector<Change> changes;
  if (failed_) {
    durable = std::unexpected(*failed_);
  } else if (auto finished = sync_.Finish(); finished) {
    for (Bytes& message : finished->to_send) connection_->Send(link_, std::move(message));
    if (finished->disconnect) connection_->Drop(link_);
    if (finished->keys_changed) connection_->UseKeys(sync_.TransportKeys());
    changes = std::move(finished->changes);
  } else {
    // The vault takes no more until it is reopened; nothing may leave that is not in it.
    failed_ = finished.error();
    durable = std::unexpected(*failed_);
    connection_->Drop(link_);
    link_ = 0;
    changes.push_back({Change::What::kConnection, {}, {}});
  }
  Publish();
  // First, so that whoever said something finds it there as soon as it is told that it was said.
  subscribers_.Tell(changes);
  for (auto& answer : std::exchange(answers_, {})) answer(durable);
}

void AgentEngine::Publish() {
  SyncReport report = sync_.Report();
  if (failed_) {
    report.connected = false;
    report.last_error = failed_;
  }
  std::lock_guard lock(mutex_);
  stopped_ = failed_;
  report_ = std::move(report);
  ++steps_;
  stepped_.notify_all();
}

// ---- What is known ----

EngineStatus AgentEngine::Report() const {
  EngineStatus status;
  {
    std::lock_guard lock(mutex_);
    status.connected = report_.connected;
    status.distrusted = report_.distrusted;
    status.outbox = report_.outbox;
    status.looks_waiting = report_.looks_waiting;
    status.unproven = report_.unproven;
    status.views_unreported = report_.views_unreported;
    status.feed = report_.feed;
    status.seen = report_.seen;
    status.last_error = report_.last_error;
    status.stopped = stopped_;
  }
  status.organisation = membership_.organisation;
  status.hub = membership_.hub_log.name;
  auto self = knowledge_.FindOrganisation(membership_.organisation);
  if (self) status.name = self->statement.name;
  return status;
}

Result<Trajectory> AgentEngine::FindTrajectory(const TrajectoryId& id) const {
  auto found = knowledge_.FindTrajectory(id);
  if (!found) return Fail(Code::kNotFound, "trajectory", {}, "check the id, or ask the lead for an invitation");
  return std::move(*found);
}

// ---- What is held ----

void AgentEngine::Records(const std::function<bool(const HeldRecord&)>& visit) const {
  // A vault that cannot be read says so at every call that yields a Result; here there is nothing more to show.
  [[maybe_unused]] Status scanned = vault_.ScanRecords([&](std::uint64_t, const StoredRecord& stored) {
    auto held = ToHeld(stored);
    return !held || visit(*held);
  });
}

void AgentEngine::RecordsToOpen(const std::function<bool(const HeldRecord&, const BodyOpener& open)>& visit) const {
  [[maybe_unused]] Status scanned = vault_.ScanRecords([&](std::uint64_t number, const StoredRecord& stored) {
    auto held = ToHeld(stored);
    return !held || visit(*held, [&] { return OpenStored(number, stored, held->header); });
  });
}

Result<HeldRecord> AgentEngine::Find(const RecordId& id) const {
  SCHAKEL_ASSIGN(std::uint64_t number, vault_.NumberOf(id));
  SCHAKEL_ASSIGN(StoredRecord stored, vault_.Record(number));
  return ToHeld(stored);
}

Result<std::pair<Header, Body>> AgentEngine::OpenNumber(std::uint64_t number) const {
  SCHAKEL_ASSIGN(StoredRecord stored, vault_.Record(number));
  SCHAKEL_ASSIGN(Header header, DecodeHeader(stored.header));
  SCHAKEL_ASSIGN(Body body, OpenStored(number, stored, header));
  return std::pair(std::move(header), std::move(body));
}

Result<Body> AgentEngine::OpenStored(std::uint64_t number, const StoredRecord& stored, const Header& header) const {
  if (knowledge_.IsErased(header.trajectory)) {
    return Fail(Code::kNotFound, "view.erased", {}, "the trajectory was erased: nothing of it can be shown");
  }
  SCHAKEL_ASSIGN(const bool taken_back, IsTakenBack(number, stored, header));
  if (taken_back) {
    return Fail(Code::kDenied, "view.withdrawn", {}, "the agreement under which you had this was taken back");
  }
  return OpenContent(number, stored.header, header);
}

// What we share again is closed with what it repeats.
Result<bool> AgentEngine::IsTakenBack(std::uint64_t number, const StoredRecord& stored, const Header& header) const {
  SCHAKEL_ASSIGN(auto sealed, vault_.Sealed(number));
  SCHAKEL_ASSIGN(const auto repeated, FindRepeated(vault_, stored, header));
  if (!sealed && repeated) {
    SCHAKEL_ASSIGN(sealed, vault_.Sealed(repeated->number));
  }
  if (sealed) return true;
  const StoredRecord& came = repeated ? repeated->record : stored;
  const bool received = came.state == RecordState::kReceived;
  return received && !knowledge_.StillCovered(repeated ? repeated->header : header, came.sequence, came.at);
}

Result<Body> AgentEngine::OpenContent(std::uint64_t number, const Bytes& header_bytes, const Header& header) const {
  auto content = vault_.Content(number);
  if (!content && content.error().code == Code::kNotFound && header.kind == Kind::kPlaceEnrolment) {
    return Fail(Code::kNotFound, "view.forgotten", {}, "the stay is over: who came is kept no longer");
  }
  if (!content && content.error().code == Code::kNotFound && header.kind == Kind::kLearningCase) {
    return Fail(Code::kNotFound, "view.taken_back", {}, "its author took it back: nothing of it is kept here");
  }
  if (!content && content.error().code == Code::kNotFound) {
    return Fail(Code::kNotFound, "view.lost", {},
                "ask a recipient for it: the vault here was put back to an older copy");
  }
  if (!content) return std::unexpected(content.error());
  if (IsNone(content->key)) {
    return Fail(Code::kDenied, "view.no_words", {}, "that it was said is told here; ask its author for the words");
  }
  return OpenBody(content->ciphertext, content->key, header_bytes, header.author, content->recipients_root);
}

std::vector<SealedItem> AgentEngine::Sealed() const {
  std::vector<SealedItem> all;
  auto rows = vault_.SealedByNumber();
  if (!rows) return all;
  for (auto& [number, sealed] : *rows) {
    // Of a file of an erased trajectory nobody can ask any more which records are its pieces.
    const auto kept = vault_.KeptRecord(number);
    const auto header = kept ? DecodeHeader(kept->header) : Fail(Code::kNotFound, "vault.record");
    if (!header || header->kind != Kind::kAttachmentChunk) all.push_back(std::move(sealed));
  }
  return all;
}

std::vector<Unsealing> AgentEngine::Unsealings() const {
  std::vector<Unsealing> all;
  auto rows = vault_.UnsealingsByNumber();
  if (!rows) return all;
  for (auto& [number, unsealing] : *rows) all.push_back(std::move(unsealing));
  return all;
}

// Also what is kept of an erased trajectory: no index leads there.
Result<std::pair<std::uint64_t, StoredRecord>> AgentEngine::LocateSealed(const RecordId& id) const {
  using Located = std::pair<std::uint64_t, StoredRecord>;
  const auto number = vault_.NumberOf(id);
  if (number) {
    SCHAKEL_ASSIGN(StoredRecord stored, vault_.Record(*number));
    return Located{*number, std::move(stored)};
  }
  if (number.error().code != Code::kNotFound) return std::unexpected(number.error());
  SCHAKEL_ASSIGN(const auto rows, vault_.SealedByNumber());
  const auto found = std::ranges::find(rows, id, [](const auto& row) { return row.second.record; });
  if (found == rows.end()) return std::unexpected(number.error());
  SCHAKEL_ASSIGN(StoredRecord kept, vault_.KeptRecord(found->first));
  return Located{found->first, std::move(kept)};
}

Result<HeldRecord> AgentEngine::FindSealed(const RecordId& id) const {
  SCHAKEL_ASSIGN(const auto located, LocateSealed(id));
  return ToHeld(located.second);
}

Result<Body> AgentEngine::Unseal(const RecordId& id, const Person& person, const std::string& why,
                                 milliseconds patience) {
  if (person.role != StaffRole::kAuditor) {
    return Fail(Code::kDenied, "seal.auditor", "role", "ask an auditor of your organisation to open it");
  }
  if (why.find_first_not_of(" \t\r\n") == std::string::npos) {
    return Fail(Code::kInvalid, "seal.why", "why", "say in words why the law needs it opened");
  }
  SCHAKEL_ASSIGN(const auto located, LocateSealed(id));
  const auto& [number, stored] = located;
  SCHAKEL_ASSIGN(const auto sealed, vault_.Sealed(number));
  if (!sealed) return Fail(Code::kConflict, "seal.not_sealed", "record", "it was not sealed: read it as any other");
  if (sealed->destroyed_at) {
    return Fail(Code::kNotFound, "seal.destroyed", "record", "the time of keeping it was over: it is gone");
  }
  SCHAKEL_ASSIGN(const Header header, DecodeHeader(stored.header));
  // What the hub cannot hear of now would be told later, as a look, and nobody was shown anything.
  if (!Report().connected) {
    return Fail(Code::kUnavailable, "seal.unreported", "hub.offline", "the hub has to hear of it first: try again");
  }
  const Id128 pseudonym = DerivePseudonym(person.name);
  const StoredView view{header.trajectory, {id, pseudonym, person.role, ViewReason::kAudit, clock_.Now()}};
  SCHAKEL_ASSIGN(const RecordId told, OnThread<RecordId>([&]() -> Result<RecordId> {
                   sync_.PutName(pseudonym, person.name);
                   return sync_.SayUnsealing(view);
                 }));
  const auto held = WaitFor(told, patience);
  if (!held) {
    return Fail(Code::kUnavailable, "seal.unreported", held.error().rule, "the hub has to hear of it first: try again");
  }
  if (held->state != RecordState::kAccepted) {
    if (held->error && held->error->rule == "admit.erased") {
      return Fail(Code::kUnavailable, "seal.old_hub", {},
                  "ask the hub's operator to update its program, and try again");
    }
    return std::unexpected(held->error.value_or(Error{Code::kInternal, "hub.refused", {}, "ask the hub's operator"}));
  }
  SCHAKEL_ASSIGN(Body body, OpenContent(number, stored.header, header));
  // Durable before it is shown; what is not shown was not opened.
  const auto noted = OnThread<bool>([&]() -> Result<bool> {
    SCHAKEL_TRY(sync_.AppendUnsealing(view, why, told));
    return true;
  });
  if (!noted) return std::unexpected(noted.error());
  return body;
}

Result<Body> AgentEngine::OpenUnsealed(const RecordId& opened, const RecordId& record, const Person& person) const {
  const Id128 pseudonym = DerivePseudonym(person.name);
  const Timestamp now = clock_.Now();
  SCHAKEL_ASSIGN(const auto acts, vault_.UnsealingsByNumber());
  const bool logged = std::ranges::any_of(acts, [&](const auto& act) {
    const Unsealing& one = act.second;
    return one.record == opened && one.person == pseudonym && one.at <= now && now - one.at <= kUnsealedFor;
  });
  if (!logged) return Fail(Code::kDenied, "seal.unopened", "record", "open it first, and say why");
  SCHAKEL_ASSIGN(const auto located, LocateSealed(record));
  const auto& [number, stored] = located;
  SCHAKEL_ASSIGN(const auto sealed, vault_.Sealed(number));
  SCHAKEL_ASSIGN(const Header header, DecodeHeader(stored.header));
  const bool belongs = record == opened || header.kind == Kind::kAttachmentChunk;
  if (!sealed || !belongs) return Fail(Code::kDenied, "seal.unopened", "record", "open it first, and say why");
  return OpenContent(number, stored.header, header);
}

Result<Body> AgentEngine::Open(const RecordId& id) const {
  SCHAKEL_ASSIGN(std::uint64_t number, vault_.NumberOf(id));
  SCHAKEL_ASSIGN(auto opened, OpenNumber(number));
  return std::move(opened.second);
}

Result<Engine::Content> AgentEngine::ContentOf(const RecordId& id) const {
  SCHAKEL_ASSIGN(const std::uint64_t number, vault_.NumberOf(id));
  SCHAKEL_TRY(OpenNumber(number));
  SCHAKEL_ASSIGN(StoredContent content, vault_.Content(number));
  return Content{content.key, std::move(content.ciphertext)};
}

Result<std::vector<Body>> AgentEngine::Read(const std::vector<RecordId>& ids, const Person& person, ViewReason reason) {
  std::vector<Body> bodies;
  std::vector<StoredView> views;
  const Id128 pseudonym = DerivePseudonym(person.name);
  for (const RecordId& id : ids) {
    SCHAKEL_ASSIGN(std::uint64_t number, vault_.NumberOf(id));
    SCHAKEL_ASSIGN(auto opened, OpenNumber(number));
    views.push_back({opened.first.trajectory, {id, pseudonym, person.role, reason, clock_.Now()}});
    bodies.push_back(std::move(opened.second));
  }
  auto noted = OnThread<bool>([&]() -> Result<bool> {
    sync_.PutName(pseudonym, person.name);
    for (const StoredView& view : views) sync_.AppendView(view);
    return true;
  });
  if (!noted) return std::unexpected(noted.error());
  return bodies;
}

Id128 AgentEngine::DerivePseudonym(std::string_view name) const {
  const Hash32 hash = HmacSha256(pseudonym_key_.view(), {AsBytes("schakel/person/v2"), AsBytes(PersonKey(name))});
  Id128 pseudonym;
  std::copy_n(hash.begin(), pseudonym.size(), pseudonym.begin());
  return pseudonym;
}

Id128 AgentEngine::PseudonymOf(const std::string& name) {
  const Id128 pseudonym = DerivePseudonym(name);
  if (NameOf(pseudonym)) return pseudonym;
  VaultBatch batch;
  batch.PutName(pseudonym, name);
  // If the disk refuses, the pseudonym still is the right one, and the next write says what is wrong.
  [[maybe_unused]] Status remembered = vault_.Commit(batch);
  return pseudonym;
}

Status AgentEngine::PutFact(std::string_view name, ByteView value) {
  VaultBatch batch;
  batch.PutFact(name, value);
  return vault_.Commit(batch);
}

Status AgentEngine::ChangeFacts(const std::vector<FactChange>& changes) {
  VaultBatch batch;
  for (const FactChange& change : changes) {
    if (change.value) {
      batch.PutFact(change.name, *change.value);
    } else {
      batch.DropFact(change.name);
    }
  }
  return vault_.Commit(batch);
}

Status AgentEngine::Keep(const std::vector<KeptRow>& rows) {
  VaultBatch batch;
  for (const KeptRow& row : rows) batch.Keep(row);
  return vault_.Commit(batch);
}

// ---- What waits for the hub ----

Result<HeldRecord> AgentEngine::WaitFor(const RecordId& id, milliseconds patience) {
  using Outcome = Result<HeldRecord>;
  auto done = Await<Outcome>(patience, [&]() -> std::optional<Outcome> {
    Outcome held = Find(id);
    if (!held || held->state != RecordState::kWaiting) return held;
    if (Report().distrusted) return Outcome(std::unexpected(Distrusted()));
    return {};
  });
  if (done) return std::move(*done);
  return std::unexpected(NotInTime());
}

Status AgentEngine::Settle(milliseconds patience) {
  const auto until = std::chrono::steady_clock::now() + patience;
  const auto left = [&] {
    return std::max(milliseconds(0), std::chrono::ceil<milliseconds>(until - std::chrono::steady_clock::now()));
  };
  const auto reached = [&](auto&& condition) -> std::optional<Status> {
    SyncReport report;
    {
      std::lock_guard lock(mutex_);
      report = report_;
    }
    if (report.distrusted) return Status(std::unexpected(Distrusted()));
    return condition(report) ? std::optional<Status>(Status()) : std::nullopt;
  };
  auto sent = Await<Status>(
      left(), [&] { return reached([](const SyncReport& report) { return report.connected && report.outbox == 0; }); });
  if (!sent) return std::unexpected(NotInTime());
  SCHAKEL_TRY(*sent);
  auto pulled = OnThread<bool>([&]() -> Result<bool> {
    sync_.PullFeed();
    return true;
  });
  if (!pulled) return std::unexpected(pulled.error());
  auto here =
      Await<Status>(left(), [&] { return reached([](const SyncReport& report) { return report.up_to_date; }); });
  if (!here) return std::unexpected(NotInTime());
  return *here;
}

Result<Evidence> AgentEngine::Access(const AccessQuery& query, milliseconds patience) {
  return AskForEvidence(patience, [this, query](auto done) { sync_.Access(query, std::move(done)); });
}

Result<Evidence> AgentEngine::Prove(const TrajectoryId& trajectory, const std::vector<RecordId>& records,
                                    milliseconds patience) {
  return AskForEvidence(patience,
                        [this, trajectory, records](auto done) { sync_.Prove(trajectory, records, std::move(done)); });
}

Result<std::unique_ptr<HubConnection>> Connect(const Membership& membership, const AgentKeys& keys, Random& random) {
  ZmqConnectionOptions options;
  options.endpoint = membership.endpoint;
  options.server = membership.hub_transport;
  options.client = TransportKey::FromSecret(keys.transport.secret.view());
  return OpenZmqConnection(std::move(options), random);
}

}  // namespace

Result<std::unique_ptr<Engine>> StartEngine(EngineParts parts) {
  Vault vault(*parts.store);
  SCHAKEL_ASSIGN(auto membership, vault.LoadMembership());
  SCHAKEL_ASSIGN(auto keys, vault.Keys());
  SCHAKEL_ASSIGN(auto pseudonym_key, vault.PseudonymKey());
  if (!membership || !keys || !pseudonym_key) {
    return Fail(Code::kNotFound, "agent.enrolment", {}, "enrol first: schakel-agent enrol");
  }
  if (!parts.connection) {
    SCHAKEL_ASSIGN(parts.connection, Connect(*membership, *keys, *parts.random));
  }
  auto engine = std::make_unique<AgentEngine>(std::move(parts), std::move(*membership), std::move(*keys),
                                              std::move(*pseudonym_key));
  SCHAKEL_TRY(engine->Start());
  return std::unique_ptr<Engine>(std::move(engine));
}

}  // namespace schakel
