#include "agents/sync.h"

#include "access.h"
#include "agents/knowledge.h"
#include "agents/trust.h"
#include "compose.h"
#include "cosigner.h"
#include "directory_keeper.h"
#include "eraser.h"
#include "feed.h"
#include "heads.h"
#include "inclusion.h"
#include "key_keeper.h"
#include "lead_teller.h"
#include "outbox.h"
#include "own_history.h"
#include "record_prover.h"
#include "repeated.h"
#include "requests.h"
#include "sealer.h"
#include "step.h"
#include "views.h"

namespace schakel {
namespace {

constexpr auto kHeartbeatInterval = std::chrono::seconds(5);
constexpr auto kAnswerMax = std::chrono::seconds(30);
constexpr unsigned kTicksElsewhere = 30;
constexpr auto kClockOffMax = std::chrono::minutes(5);
constexpr std::string_view kSoftware = "schakel-agent " SCHAKEL_VERSION;

enum class Phase : std::uint8_t { kOffline, kGreeting, kLearning, kReady };

}  // namespace

struct Sync::Parts {
  Parts(const Membership& membership_in, AgentKeys& keys_in, Vault& vault_in, Knowledge& knowledge_in,
        const Clock& clock_in, Random& random, KeyPolicy key_policy)
      : membership(membership_in),
        keys(keys_in),
        vault(vault_in),
        knowledge(knowledge_in),
        clock(clock_in),
        step(vault, clock),
        heads(membership.hub_log, step, requests, clock),
        directory(step, requests, knowledge, clock),
        outbox(vault, step, requests, knowledge, keys, clock),
        inclusion(membership.organisation, keys, vault, step, requests, heads, clock),
        feed(membership.hub_log.name, vault, step, requests, knowledge, heads, inclusion, random),
        composer(membership.hub_log.name, IdOf(keys.record.public_key), knowledge, clock, random),
        views(vault, step, clock),
        sealer(vault, step, knowledge, clock, random),
        eraser(vault, step, knowledge, clock, random),
        lead_teller(vault, step, knowledge, clock),
        own_history(vault, step, requests, knowledge, heads, clock),
        cosigner(membership.organisation, keys.cosign, step, requests, heads, clock),
        access(step, requests, heads, cosigner, knowledge, clock),
        prover(vault, step, requests, heads, cosigner, knowledge, clock),
        key_keeper(keys, vault, step, requests, knowledge, clock, key_policy) {
    heads.on_seen = [this] { inclusion.Pump(); };
    directory.on_failed = [this](const Error& error) {
      last_error = error;
      disconnect = true;
    };
    directory.on_taken = [this](bool about_us) { key_keeper.OnDirectory(about_us); };
    key_keeper.refresh_directory = [this](std::function<void()> done) { directory.CatchUp(std::move(done)); };
    key_keeper.on_switched = [this] {
      composer.UseSigner(IdOf(keys.record.public_key));
      disconnect = true;
    };
    outbox.reseal = [this](std::uint64_t number) { return Reseal(number); };
    outbox.on_accepted = [this](std::uint64_t number, Sequence sequence, const Header& header) {
      inclusion.AddOwn(number, sequence);
      own_history.Add(sequence);
      sealer.Note(header);
      eraser.Note(header);
      lead_teller.Note(header);
    };
    feed.find_agreement = [this](const KeyId& key) { return key_keeper.FindAgreement(key); };
    feed.draw_number = [this] { return ++last_number; };
    own_history.draw_number = feed.draw_number;
    feed.on_kept = [this](std::uint64_t number, const StoredRecord& record, const Header& header) {
      sealer.Add(number, record, header);
      eraser.Note(header);
      lead_teller.Note(header);
    };
    feed.scope_for = [this](const Header& header, const std::optional<RecordId>& grant) {
      return sealer.ScopeFor(header, grant);
    };
    own_history.on_found = feed.on_kept;
    feed.refresh_directory = [this](std::function<void()> done) { directory.CatchUp(std::move(done)); };
    views.say = [this](const Draft& draft) { return Say(draft); };
    sealer.say = views.say;
    eraser.say = views.say;
    lead_teller.say = views.say;
    eraser.keep_look = [this](const StoredView& look) { views.Keep(look); };
    eraser.forget = [this](const TrajectoryId& trajectory, const std::set<std::uint64_t>& numbers) {
      outbox.Forget(numbers);
      inclusion.Forget(numbers);
      views.Forget(trajectory);
      sealer.Forget(trajectory);
    };
  }

  Status LoadRecords();
  Status Reseal(std::uint64_t number);
  void OnRefused(const Error& error);
  void EndRecoveryIfOver();
  void OnWelcome(MessagePayload& reply);
  void OnReady();
  void OnUnasked(Message& message);
  Result<RecordId> Say(const Draft& draft);
  Result<std::vector<RecordId>> SayAll(const std::vector<Draft>& drafts);
  struct Ready {
    Composed composed;
    DataScope scope;  // For its content.
  };
  Result<Ready> Compose(const Draft& draft);
  RecordId Queue(const Ready& ready);
  Status CommitMore(std::vector<Engine::Change>& changes);
  Status SealWhatWasTakenBack(std::vector<Engine::Change>& changes);
  Status EraseWhatIsToGo(std::vector<Engine::Change>& changes);
  Status TellOfLead(std::vector<Engine::Change>& changes);
  void Beat();
  void CompareClocks(Timestamp hub_time);

  const Membership membership;
  AgentKeys& keys;
  Vault& vault;
  Knowledge& knowledge;
  const Clock& clock;

  Step step;
  Requests requests;
  HeadWatch heads;
  DirectoryKeeper directory;
  OutboxSender outbox;
  InclusionProver inclusion;
  FeedTaker feed;
  Composer composer;
  ViewReporter views;
  Sealer sealer;
  Eraser eraser;
  LeadTeller lead_teller;
  OwnHistory own_history;
  Cosigner cosigner;
  AccessAsker access;
  RecordProver prover;
  KeyKeeper key_keeper;

  Phase phase = Phase::kOffline;
  WireLimits limits;
  FeedPosition feed_last;
  Sequence own_last;
  std::uint64_t last_number = 0;
  std::uint64_t last_unsealing = 0;
  std::chrono::steady_clock::time_point last_heard{};
  std::chrono::steady_clock::time_point last_beat{};
  std::optional<Error> last_error;
  bool disconnect = false;
  bool distrust_told = false;
  bool clock_off = false;
};

Sync::Sync(const Membership& membership, AgentKeys& keys, Vault& vault, Knowledge& knowledge, const Clock& clock,
           Random& random, KeyPolicy key_policy)
    : parts_(std::make_unique<Parts>(membership, keys, vault, knowledge, clock, random, key_policy)) {}
Sync::~Sync() = default;

Status Sync::Load() {
  Parts& p = *parts_;
  SCHAKEL_TRY(p.step.Load());
  SCHAKEL_ASSIGN(SeenHead seen, p.vault.Seen());
  p.heads.Load(std::move(seen));
  SCHAKEL_ASSIGN(FeedCursor cursor, p.vault.Cursor());
  SCHAKEL_ASSIGN(const Forgotten forgotten, LoadForgotten(p.vault));
  p.feed.Load(cursor, forgotten.up_to);
  p.outbox.Load(forgotten.up_to);
  p.outbox.HoldContent(forgotten.recovering);
  SCHAKEL_ASSIGN(std::vector<SignedStatement> statements, p.vault.Statements());
  for (const SignedStatement& statement : statements) {
    if (auto applied = p.knowledge.AddStatement(statement); !applied) {
      return Fail(Code::kCorrupt, "vault.row", "statement", "check the vault with: schakel-agent check");
    }
  }
  SCHAKEL_TRY(p.key_keeper.Load());
  p.composer.UseSigner(IdOf(p.keys.record.public_key));
  SCHAKEL_TRY(p.eraser.Load());
  SCHAKEL_TRY(p.LoadRecords());
  SCHAKEL_TRY(p.sealer.Load());
  return p.views.Load();
}

Status Sync::Parts::LoadRecords() {
  SCHAKEL_ASSIGN(last_number, vault.LastRecord());
  std::optional<Error> failed;
  SCHAKEL_TRY(vault.ScanRecords([&](std::uint64_t number, const StoredRecord& record) {
    auto header = DecodeHeader(record.header);
    if (!header) {
      failed = Error{Code::kCorrupt, "vault.row", "record.header", "check the vault with: schakel-agent check"};
      return false;
    }
    sealer.Add(number, record, *header);
    if (record.state == RecordState::kRefused) return true;
    if (record.state != RecordState::kWaiting) {
      eraser.Note(*header);
      lead_teller.Note(*header);
    }
    if (record.state == RecordState::kWaiting) {
      knowledge.AddWaiting(*header, number);
    } else {
      knowledge.AddKnown(*header, number, record.sequence);
      if (record.state == RecordState::kAccepted) own_history.Add(record.sequence);
      const bool awaited = record.state == RecordState::kReceived && record.position == FeedPosition();
      if (awaited && !IsContent(header->kind)) feed.Await(header->id);
    }
    return true;
  }));
  if (failed) return std::unexpected(*failed);
  SCHAKEL_ASSIGN(auto outgoing, vault.Outbox());
  for (const auto& [number, state] : outgoing) {
    if (state == OutboxState::kWaiting) {
      SCHAKEL_ASSIGN(const StoredRecord waiting, vault.Record(number));
      SCHAKEL_ASSIGN(const Header header, DecodeHeader(waiting.header));
      outbox.Add(number, header);
      continue;
    }
    SCHAKEL_ASSIGN(StoredRecord record, vault.Record(number));
    inclusion.AddOwn(number, record.sequence);
  }
  return {};
}

// ---- The connection ----

void Sync::OnConnected() {
  Parts& p = *parts_;
  if (p.phase != Phase::kOffline) OnDisconnected({Code::kUnavailable, "hub.reconnected", {}, {}});
  p.requests.Forget();
  p.last_heard = p.last_beat = p.clock.Steady();
  if (p.step.distrusted()) {
    p.disconnect = true;
    return;
  }
  p.phase = Phase::kGreeting;
  const SeenHead& seen = p.heads.seen();
  p.requests.Ask(Hello{std::string(kSoftware), seen.head, seen.note}, p.clock.Steady(),
                 [&p](MessagePayload& reply) { p.OnWelcome(reply); });
}

void Sync::OnDisconnected(const Error& why) {
  Parts& p = *parts_;
  const bool was_ready = p.phase == Phase::kReady;
  p.phase = Phase::kOffline;
  // Given up on by us: why, is known already.
  const std::string before = p.last_error ? p.last_error->rule : std::string();
  if (why.rule != "connection.dropped" || !p.last_error) p.last_error = why;
  p.requests.Forget();
  p.heads.OnDisconnected();
  p.directory.OnDisconnected();
  p.outbox.OnDisconnected();
  p.inclusion.OnDisconnected();
  p.feed.OnDisconnected();
  p.access.OnDisconnected();
  p.prover.OnDisconnected();
  p.cosigner.OnDisconnected();
  p.own_history.OnDisconnected();
  p.key_keeper.OnDisconnected();
  if (was_ready || p.last_error->rule != before) p.step.Tell({Engine::Change::What::kConnection, {}, {}});
}

void Sync::Parts::OnWelcome(MessagePayload& reply) {
  const auto* welcome = std::get_if<Welcome>(&reply);
  if (!welcome) {
    const auto* error = std::get_if<Error>(&reply);
    return OnRefused(error ? *error : Error{Code::kInvalid, "wire.type", "welcome", {}});
  }
  if (welcome->origin != membership.hub_log.name) {
    return step.Distrust({Code::kTampered, "hub.origin", welcome->origin, {}});
  }
  if (!heads.Advance(welcome->checkpoint, welcome->consistency)) return;
  if (welcome->statements < knowledge.StatementCount()) {
    return step.Distrust({Code::kTampered, "directory.went_back", std::to_string(welcome->statements), {}});
  }
  CompareClocks(welcome->hub_time);
  limits = welcome->limits;
  feed_last = welcome->feed_last;
  own_last = welcome->own_last;
  phase = Phase::kLearning;
  // Signatures are checked with the directory's keys, so that comes before anything else.
  if (welcome->statements == knowledge.StatementCount()) return OnReady();
  directory.CatchUp([this, promised = welcome->statements] {
    if (knowledge.StatementCount() >= promised) return OnReady();
    step.Distrust({Code::kTampered, "directory.incomplete", std::to_string(promised), {}});
  });
}

// A hub that says itself that it lost history (or was told so by another agent) is no liar, and may get it back:
// nothing is given to it or taken from it until then, it is tried again ever less often, and people hear of it once.
void Sync::Parts::OnRefused(const Error& error) {
  if (error.code == Code::kTampered) step.RaiseOnce(Alarm::Fault::kHub, error);
  if (!last_error || last_error->rule != error.rule) step.Tell({Engine::Change::What::kConnection, {}, {}});
  last_error = error;
  disconnect = true;
}

void Sync::Parts::OnReady() {
  phase = Phase::kReady;
  last_error.reset();
  // So that the next time is told anew.
  if (const auto refused = step.refused()) {
    step.Raise(Alarm::Fault::kNotice, {Code::kConflict, "hub.welcome_again", refused->rule, {}});
  }
  step.Tell({Engine::Change::What::kConnection, {}, {}});
  heads.OnReady();
  outbox.OnReady(limits);
  inclusion.OnReady();
  feed.OnReady(limits, feed_last);
  access.OnReady();
  prover.OnReady();
  cosigner.OnReady();
  own_history.OnReady(own_last);
  key_keeper.OnReady();
}

// Times that people read come from either clock, and what holds from when to when is judged by the hub's.
void Sync::Parts::CompareClocks(Timestamp hub_time) {
  const auto ahead = std::chrono::duration_cast<std::chrono::minutes>(clock.Now() - hub_time);
  const bool off = ahead > kClockOffMax || ahead < -kClockOffMax;
  if (off && !clock_off) {
    step.Raise(Alarm::Fault::kNotice,
               {Code::kConflict, "clock.off", (ahead.count() > 0 ? "+" : "") + std::to_string(ahead.count()) + " min",
                "set the clock of this machine; if it is right, tell the operator of the hub"});
  }
  clock_off = off;
}

void Sync::OnMessage(ByteView bytes) {
  Parts& p = *parts_;
  if (p.phase == Phase::kOffline || p.step.distrusted()) return;
  p.last_heard = p.clock.Steady();
  CodecLimits codec;
  codec.bytes_max = 4U << 20;
  auto message = DecodeMessage(bytes, codec);
  if (!message) {
    if (message.error().code == Code::kVersion) {
      p.last_error = message.error();
      p.disconnect = true;
      return;
    }
    return p.step.Distrust({Code::kTampered, "hub.message", message.error().rule, {}});
  }
  if (!p.requests.Answer(*message)) p.OnUnasked(*message);
}

// Feed items answer a pull for as long as its credit lasts; errors may answer a pull or nothing at all.
void Sync::Parts::OnUnasked(Message& message) {
  if (auto* items = std::get_if<FeedItems>(&message.payload)) return feed.OnItems(message.request, *items);
  if (auto* error = std::get_if<Error>(&message.payload)) {
    if (error->rule == "session.elsewhere") {
      // Content goes to the other one meanwhile, so that it must be asked for again; not at once, or the two would do
      // nothing else.
      step.RaiseOnce(Alarm::Fault::kNotice, *error);
      static_cast<void>(feed.OnError(message.request, kTicksElsewhere));
      return;
    }
    last_error = *error;
    if (!feed.OnError(message.request, 0)) disconnect = true;
    return;
  }
  // A late answer to something that was given up is of no use and does no harm.
}

void Sync::OnTick() {
  Parts& p = *parts_;
  p.views.OnTick();
  if (p.phase == Phase::kOffline || p.step.distrusted()) return;
  const auto now = p.clock.Steady();
  auto oldest = p.requests.OldestUnanswered();
  if (oldest && now - *oldest > kAnswerMax) {
    p.last_error = Error{Code::kUnavailable, "hub.silent", {}, "the hub does not answer; see whether it runs"};
    p.disconnect = true;
    return;
  }
  if (p.phase != Phase::kReady) return;
  p.Beat();
  p.EndRecoveryIfOver();
  p.heads.OnTick();
  p.cosigner.OnTick();
  p.own_history.OnTick(p.outbox.size() == 0);
  p.inclusion.OnTick();
  p.feed.OnTick();
  p.access.OnTick();
  p.prover.OnTick();
  p.key_keeper.OnTick(p.outbox.size() == 0 && p.feed.up_to_date());
}

// Content that reached the hub before the others gave back their standing would reach nobody.
void Sync::Parts::EndRecoveryIfOver() {
  if (!outbox.holds_content() || (feed.awaits() && !outbox.RecoveryIsOver())) return;
  outbox.HoldContent(false);
  EndRecovery(step.writes());
}

void Sync::Parts::Beat() {
  const auto now = clock.Steady();
  if (now - last_beat < kHeartbeatInterval) return;
  last_beat = now;
  requests.Ask(Heartbeat{}, now, [this](MessagePayload& reply) {
    const auto* beat = std::get_if<HeartbeatReply>(&reply);
    if (!beat) return;
    CompareClocks(beat->hub_time);
    if (beat->statements > knowledge.StatementCount()) directory.CatchUp([] {});
  });
}

// ---- What the organisation does ----

Result<Sync::Parts::Ready> Sync::Parts::Compose(const Draft& draft) {
  SCHAKEL_ASSIGN(Composed composed, composer.Compose(draft, heads.seen().head));
  SCHAKEL_ASSIGN(const DataScope scope, sealer.ScopeForOwn(composed.record, composed.header));
  return Ready{std::move(composed), scope};
}

Result<RecordId> Sync::Parts::Say(const Draft& draft) {
  SCHAKEL_ASSIGN(const Ready ready, Compose(draft));
  return Queue(ready);
}

Result<std::vector<RecordId>> Sync::Parts::SayAll(const std::vector<Draft>& drafts) {
  std::vector<Ready> all;
  all.reserve(drafts.size());
  for (const Draft& draft : drafts) {
    SCHAKEL_ASSIGN(Ready ready, Compose(draft));
    all.push_back(std::move(ready));
  }
  // Only now that none of them was refused.
  std::vector<RecordId> said;
  said.reserve(all.size());
  for (const Ready& ready : all) said.push_back(Queue(ready));
  return said;
}

RecordId Sync::Parts::Queue(const Ready& ready) {
  const Composed& composed = ready.composed;
  const std::uint64_t number = ++last_number;
  step.writes().PutRecord(number, composed.record, composed.header);
  step.writes().PutContent(number, composed.content, ready.scope);
  step.writes().PutOutbox(number, OutboxState::kWaiting);
  outbox.Add(number, composed.header);
  knowledge.AddWaiting(composed.header, number);
  if (MayRepeat(composed.record, composed.header)) sealer.Add(number, composed.record, composed.header);
  step.TellOf(Engine::Change::What::kRecord, composed.header);
  return composed.header.id;
}

// A record that names a head which the operator has since forgotten: the hub lost that head with its history. It is
// closed anew without it, under the same id.
Status Sync::Parts::Reseal(std::uint64_t number) {
  SCHAKEL_ASSIGN(StoredRecord record, vault.Record(number));
  SCHAKEL_ASSIGN(StoredContent content, vault.Content(number));
  SCHAKEL_ASSIGN(const Header header, composer.Reseal(record, content));
  SCHAKEL_ASSIGN(const DataScope scope, sealer.ScopeForOwn(record, header));
  step.writes().PutRecord(number, record, header);
  step.writes().PutContent(number, content, scope);
  return {};
}

Result<RecordId> Sync::Say(const Draft& draft) { return parts_->Say(draft); }
Result<std::vector<RecordId>> Sync::SayAll(const std::vector<Draft>& drafts) { return parts_->SayAll(drafts); }
Status Sync::Forget(const RecordId& id) {
  SCHAKEL_ASSIGN(const std::uint64_t number, parts_->vault.NumberOf(id));
  SCHAKEL_ASSIGN(const StoredRecord record, parts_->vault.Record(number));
  SCHAKEL_ASSIGN(const Header header, DecodeHeader(record.header));
  if (header.kind != Kind::kPlaceEnrolment && header.kind != Kind::kLearningCase) {
    return Fail(Code::kDenied, "forget.kind", "record",
                "only who comes to a place, and what was taken back, is forgotten");
  }
  if (record.state == RecordState::kWaiting) {
    return Fail(Code::kConflict, "record.waiting", "record", "wait until the hub has it");
  }
  parts_->sealer.DestroyWords(number, header);
  return {};
}
void Sync::AppendView(const StoredView& view) { parts_->views.Append(view); }
Result<RecordId> Sync::SayUnsealing(const StoredView& view) {
  Draft draft;
  draft.kind = Kind::kViews;
  draft.trajectory = view.trajectory;
  draft.control = Views{{view.view}};
  return parts_->Say(draft);
}
Status Sync::AppendUnsealing(const StoredView& view, const std::string& why, const RecordId& said) {
  Parts& p = *parts_;
  SCHAKEL_ASSIGN(const std::uint64_t last, p.vault.LastUnsealing());
  p.last_unsealing = std::max(p.last_unsealing, last) + 1;
  const Unsealing unsealing{view.view.record, view.trajectory, view.view.person, why, view.view.at, said};
  p.views.Keep(view);
  SCHAKEL_ASSIGN(const auto erasures, p.vault.Erasures());
  const auto erased = std::ranges::find(erasures, view.trajectory, &Erasure::trajectory);
  if (erased == erasures.end()) {
    p.step.writes().PutUnsealing(p.last_unsealing, unsealing);
    return {};
  }
  // Its day may have come meanwhile.
  if (IsNone(erased->kept)) return Fail(Code::kNotFound, "seal.destroyed", "record", "the time of keeping it was over");
  p.step.writes().PutUnsealing(p.last_unsealing, unsealing, erased->kept);
  return {};
}
void Sync::SetRetention(std::optional<Retention> retention) { parts_->sealer.SetRetention(std::move(retention)); }
void Sync::PutName(const Id128& pseudonym, std::string_view name) { parts_->step.writes().PutName(pseudonym, name); }
void Sync::Access(const AccessQuery& query, std::move_only_function<void(Result<Evidence>)> done) {
  parts_->access.Ask(query, std::move(done));
}
void Sync::Prove(const TrajectoryId& trajectory, const std::vector<RecordId>& records,
                 std::move_only_function<void(Result<Evidence>)> done) {
  parts_->prover.Prove(trajectory, records, std::move(done));
}
void Sync::RotateKeys() { parts_->key_keeper.Rotate(); }
Status Sync::RotateHpke() { return parts_->key_keeper.RotateHpke(); }
void Sync::Alert(const Error& what) { parts_->step.RaiseOnce(Alarm::Fault::kNotice, what); }
std::vector<TransportKey> Sync::TransportKeys() const { return parts_->key_keeper.TransportKeys(); }
void Sync::PullFeed() {
  if (parts_->phase == Phase::kReady && !parts_->step.distrusted()) parts_->feed.Pull();
}

// ---- The end of a step ----

// In a commit of its own, since it reads what the one before wrote; a crash between the two is made up for at Load.
Status Sync::Parts::SealWhatWasTakenBack(std::vector<Engine::Change>& changes) {
  SCHAKEL_ASSIGN(const bool more, sealer.Pump());
  if (more) SCHAKEL_TRY(CommitMore(changes));
  return sealer.DestroyKeys();
}

Status Sync::Parts::EraseWhatIsToGo(std::vector<Engine::Change>& changes) {
  SCHAKEL_ASSIGN(const bool more, eraser.Pump());
  if (!more) return {};
  SCHAKEL_TRY(CommitMore(changes));
  SCHAKEL_ASSIGN(const bool answers, eraser.Destroy());
  return answers ? CommitMore(changes) : Status();
}

Status Sync::Parts::TellOfLead(std::vector<Engine::Change>& changes) {
  SCHAKEL_ASSIGN(const bool more, lead_teller.Pump());
  return more ? CommitMore(changes) : Status();
}

Status Sync::Parts::CommitMore(std::vector<Engine::Change>& changes) {
  SCHAKEL_ASSIGN(const std::vector<Engine::Change> more, step.Commit());
  changes.insert(changes.end(), more.begin(), more.end());
  return {};
}

Result<Sync::Finished> Sync::Finish() {
  Parts& p = *parts_;
  if (p.step.distrusted()) {
    p.requests.Forget();
    p.access.OnDistrusted();
    p.prover.OnDistrusted();
    p.disconnect = p.disconnect || p.phase != Phase::kOffline;
  }
  Finished finished;
  SCHAKEL_ASSIGN(finished.changes, p.step.Commit());
  p.feed.OnCommitted();
  SCHAKEL_TRY(p.EraseWhatIsToGo(finished.changes));
  SCHAKEL_TRY(p.SealWhatWasTakenBack(finished.changes));
  SCHAKEL_TRY(p.TellOfLead(finished.changes));
  if (Status pumped = p.outbox.Pump(); !pumped) return std::unexpected(pumped.error());
  finished.to_send = p.requests.TakeOutgoing();
  finished.disconnect = std::exchange(p.disconnect, false);
  finished.keys_changed = p.key_keeper.TakeChange();
  return finished;
}

SyncReport Sync::Report() const {
  const Parts& p = *parts_;
  SyncReport report;
  report.connected = p.phase == Phase::kReady && !p.step.distrusted();
  report.distrusted = p.step.distrusted();
  report.last_error = p.last_error;
  report.outbox = p.outbox.size();
  report.looks_waiting = p.outbox.looks_records();
  report.unproven = p.inclusion.own_left();
  report.views_unreported = p.views.unreported() + p.outbox.looks();
  report.feed = p.feed.cursor().position;
  report.seen = p.heads.seen().head;
  report.keys = p.key_keeper.Report();
  report.up_to_date = report.connected && p.outbox.size() == 0 && p.feed.up_to_date();
  return report;
}

}  // namespace schakel
