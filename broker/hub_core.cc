#include "broker/hub_core.h"

#include <algorithm>
#include <utility>

#include "stopped.h"

namespace schakel {
namespace {

using Level = HubObserver::Level;

constexpr std::size_t kKnownRootsMax = 256;
constexpr std::uint64_t kCosignedPerSecond = 2;  // Of an organisation: each costs two signature checks.
constexpr std::size_t kWitnessesShown = 16;
constexpr std::chrono::seconds kRoomInterval{1};
constexpr std::uint64_t kUnreadablePerSecond = 4;    // Logged, per organisation; all are counted and answered.
constexpr std::size_t kDirectoryBytes = 512U << 10;  // Of one reply, before its last statement.

std::string Describe(const Error& error) {
  std::string text = error.rule;
  if (!error.field.empty()) text += " (" + error.field + ")";
  return text;
}

Bytes ReturnedKey(const AcceptedHead& accepted, const OrgId& organisation) {
  return ToBytes(AsBytes(std::to_string(accepted.number) + "/" + organisation.value()));
}

}  // namespace

HubCore::HubCore(HubCoreOptions options, const Log& log, Transport& transport, const Clock& clock, Random& random,
                 HubObserver& observer)
    : options_(std::move(options)),
      log_(log),
      transport_(transport),
      clock_(clock),
      observer_(observer),
      directory_(std::make_shared<Directory>(options_.registrars)),
      feeds_(options_.feed, options_.number_key, log, transport, clock),
      erasing_(log),
      staging_(random) {}

bool HubCore::Meter::Take(double amount, double per_second, double at_once, std::chrono::steady_clock::time_point now) {
  if (at == std::chrono::steady_clock::time_point{}) {
    left = at_once;
  } else {
    left = std::min(at_once, left + per_second * std::chrono::duration<double>(now - at).count());
  }
  at = now;
  if (left < amount) return false;
  left -= amount;
  return true;
}

void HubCore::Now(ConnectionId connection, std::uint64_t request, MessagePayload payload) {
  transport_.Reply(connection, EncodeMessage({request, std::move(payload)}));
}

void HubCore::Later(ConnectionId connection, std::uint64_t request, MessagePayload payload) {
  staging_.group().replies.push_back({connection, EncodeMessage({request, std::move(payload)})});
}

void HubCore::Queue(ReadTask task) {
  if (task.from != OrgId()) {
    Meters& meters = meters_[task.from];
    if (meters.questions >= options_.questions_max) {
      ++counts_.limited;
      return Now(task.to, task.request, Error{Code::kLimit, "session.questions", {}, "wait for the answers"});
    }
    ++meters.questions;
  }
  if (staging_.group().entries.empty() && task.size_min <= log_.Last().value()) {
    tasks_.push_back(std::move(task));
  } else {
    staging_.group().tasks.push_back(std::move(task));
  }
}

void HubCore::Answered(const OrgId& from) {
  if (from != OrgId()) --meters_[from].questions;
}

// ---- sessions ----

HubCore::Session& HubCore::SessionOf(ConnectionId connection, const IdentityPtr& from) {
  auto [found, fresh] = sessions_.try_emplace(connection.value());
  Session& session = found->second;
  if (fresh) {
    session.opened = ++sessions_opened_;
  }
  session.from = from;
  session.heard_at = clock_.Steady();
  return session;
}

void HubCore::Forget(ConnectionId connection) {
  auto found = sessions_.find(connection.value());
  if (found == sessions_.end()) return;
  if (found->second.welcome && !frozen_) {
    StageSession(found->second.from->organisation, SessionEvent::kDisconnected, {}, {}, {}, clock_.Now());
  }
  feeds_.Leave(found->second.from->organisation, connection, frozen_ ? nullptr : &staging_);
  sessions_.erase(found);
}

void HubCore::Closed(ConnectionId connection) { Forget(connection); }

void HubCore::CloseWhere(const std::function<bool(const Identity&)>& which) {
  std::vector<ConnectionId> connections;
  for (const auto& [connection, session] : sessions_) {
    if (which(*session.from)) connections.push_back(ConnectionId(connection));
  }
  std::ranges::sort(connections);
  for (ConnectionId connection : connections) {
    transport_.Close(connection);
    Forget(connection);
  }
}

// An organisation that opens more connections than it may loses the oldest.
void HubCore::BoundConnections(const OrgId& organisation) {
  std::size_t count = 0;
  std::optional<std::uint64_t> oldest;
  for (const auto& [connection, session] : sessions_) {
    if (session.from->kind != Identity::Kind::kOrganisation || session.from->organisation != organisation) continue;
    ++count;
    if (!oldest || session.opened < sessions_.at(*oldest).opened) oldest = connection;
  }
  if (count <= options_.connections_max) return;
  transport_.Close(ConnectionId(*oldest));
  Forget(ConnectionId(*oldest));
}

void HubCore::Tick() {
  ThawIfRoom();
  const auto steady = clock_.Steady();
  std::vector<ConnectionId> silent;
  for (const auto& [connection, session] : sessions_) {
    if (steady - session.heard_at > options_.silence_max) silent.push_back(ConnectionId(connection));
  }
  std::sort(silent.begin(), silent.end());
  for (ConnectionId connection : silent) {
    transport_.Close(connection);
    Forget(connection);
  }
  for (const TransportPublicKey& token : enrolments_.TakeExpired(clock_.Now())) transport_.Revoke(token);
  EndOverlaps();
}

void HubCore::Freeze(const Error& why) {
  if (frozen_) return;
  frozen_ = why;
  observer_.Report(Level::kAlarm, "hub.read_only", OrgId(), Describe(why));
}

// A log that is read-only for want of room alone looks for it again when it is asked; it lost nothing. Whoever was
// turned away meanwhile comes again by itself.
void HubCore::ThawIfRoom() {
  if (!frozen_ || frozen_->rule != "log.disk_full") return;
  const auto steady = clock_.Steady();
  if (steady - looked_for_room_at_ < kRoomInterval) return;
  looked_for_room_at_ = steady;
  if (log_.read_only()) return;
  frozen_.reset();
  observer_.Report(Level::kInfo, "hub.writes_again", OrgId(), "there is room on the disk of the log again");
}

// ---- messages ----

// Each is counted; the log has a few a second of each sender, so that nobody can fill the disk with it.
void HubCore::NoteUnreadable(const OrgId& from, const Error& error) {
  ++counts_.unreadable;
  if (!meters_[from].unreadable.Take(1, kUnreadablePerSecond, clock_.Steady())) return;
  observer_.Report(Level::kWarning, "message.unreadable", from, error.rule);
}

// Likewise: one a second of each organisation.
void HubCore::NoteSession(Level level, std::string_view event, const OrgId& organisation, std::string_view detail) {
  if (meters_[organisation].told.Take(1, 1, clock_.Steady())) observer_.Report(level, event, organisation, detail);
}

void HubCore::Take(ConnectionId connection, const IdentityPtr& from, Examined examined) {
  Session& session = SessionOf(connection, from);
  if (auto* error = std::get_if<Error>(&examined.what)) {
    NoteUnreadable(from->organisation, *error);
    Now(connection, examined.request, std::move(*error));
    return;
  }
  if (frozen_ && !std::holds_alternative<ExaminedBatch>(examined.what) &&
      std::holds_alternative<Heartbeat>(std::get<MessagePayload>(examined.what))) {
    Now(connection, examined.request, HeartbeatReply{clock_.Now(), directory_->statements().size()});
    return;
  }
  if (frozen_) {
    NoteSession(Level::kWarning, "session.refused", from->organisation, frozen_->rule);
    Now(connection, examined.request, AsToldToAgents(*frozen_));
    return;
  }
  if (from->kind == Identity::Kind::kToken) {
    const auto* payload = std::get_if<MessagePayload>(&examined.what);
    TakeFromToken(connection, *from, examined.request, payload ? *payload : MessagePayload(Heartbeat{}));
    return;
  }
  if (auto* batch = std::get_if<ExaminedBatch>(&examined.what)) {
    if (!session.welcome) {
      Now(connection, examined.request, Error{Code::kInvalid, "session.hello", {}, "say Hello first"});
      return;
    }
    TakeBatch(connection, *from, examined.request, std::move(*batch));
    return;
  }
  Meters& meters = meters_[from->organisation];
  if (!meters.requests.Take(1, options_.requests_per_second, clock_.Steady())) {
    ++counts_.limited;
    Now(connection, examined.request, Error{Code::kLimit, "session.rate", {}, "ask more slowly"});
    return;
  }
  TakeFromOrganisation(connection, session, examined.request, std::get<MessagePayload>(examined.what));
}

void HubCore::TakeFromOrganisation(ConnectionId connection, Session& session, std::uint64_t request,
                                   MessagePayload& payload) {
  const OrgId organisation = session.from->organisation;
  if (const auto* hello = std::get_if<Hello>(&payload)) return TakeHello(connection, session, request, *hello);
  if (std::holds_alternative<EnrolStatusQuery>(payload)) {
    return Now(connection, request, EnrolStatus{EnrolState::kApproved, organisation, {}});
  }
  if (!session.welcome) {
    return Now(connection, request, Error{Code::kInvalid, "session.hello", {}, "say Hello first"});
  }
  if (const auto* feed = std::get_if<Feed>(&payload)) {
    TakeFeed(connection, session, request, *feed);
  } else if (const auto* inclusion = std::get_if<ProveInclusion>(&payload)) {
    Queue({connection, request, organisation, ReadTask::ShowInclusion{organisation, *inclusion}, 0});
  } else if (const auto* consistency = std::get_if<ProveConsistency>(&payload)) {
    Queue({connection, request, organisation, *consistency, 0});
  } else if (const auto* access = std::get_if<AccessQuery>(&payload)) {
    TakeAccessQuery(connection, organisation, request, *access);
  } else if (const auto* cosign = std::get_if<Cosign>(&payload)) {
    TakeCosign(connection, organisation, request, *cosign);
  } else if (const auto* rotate = std::get_if<RotateRequest>(&payload)) {
    TakeRotateRequest(connection, organisation, request, *rotate);
  } else if (const auto* announce = std::get_if<Announce>(&payload)) {
    TakeAnnounce(connection, organisation, request, *announce);
  } else if (const auto* own = std::get_if<OwnRecordsQuery>(&payload)) {
    Queue({connection, request, organisation, ReadTask::ShowOwnRecords{organisation, own->after}, 0});
  } else if (const auto* directory = std::get_if<DirectoryQuery>(&payload)) {
    TakeDirectoryQuery(connection, request, *directory);
  } else if (std::holds_alternative<Heartbeat>(payload)) {
    Now(connection, request, HeartbeatReply{clock_.Now(), directory_->statements().size()});
  } else {
    Error error{Code::kInvalid, "session.message", {}, "this is not for a hub: see docs/protocol.md"};
    NoteUnreadable(organisation, error);
    Now(connection, request, std::move(error));
  }
}

// Two connections that ask for one feed in turn are two programs with the keys of one organisation: a copy of an agent,
// or a thief. Each hears of the other, so that neither waits in silence for what the other is handed.
void HubCore::TakeFeed(ConnectionId connection, Session& session, std::uint64_t request, const Feed& feed) {
  const OrgId& organisation = session.from->organisation;
  const auto read = feeds_.Read(organisation, connection, request, feed, staging_);
  if (!read) {
    observer_.Report(Level::kAlarm, "feed.after", organisation, "an agent holds more of its feed than the log does");
    return Now(connection, request, read.error());
  }
  if (!*read) return;
  if (std::exchange(session.lost_feed, false) && meters_[organisation].elsewhere.Take(1, 1, clock_.Steady())) {
    observer_.Report(Level::kAlarm, "session.elsewhere", organisation,
                     "two programs use the keys of this organisation");
  }
  auto other = sessions_.find((*read)->connection.value());
  if (other != sessions_.end()) other->second.lost_feed = true;
  Now((*read)->connection, (*read)->request,
      Error{Code::kConflict,
            "session.elsewhere",
            {},
            "another program with the keys of this organisation reads its feed: find it, and stop one of the two"});
}

void HubCore::TakeFromToken(ConnectionId connection, const Identity& from, std::uint64_t request,
                            const MessagePayload& payload) {
  if (!meters_[from.organisation].requests.Take(1, options_.requests_per_second, clock_.Steady())) {
    ++counts_.limited;
    return Now(connection, request, Error{Code::kLimit, "session.rate", {}, "ask more slowly"});
  }
  if (std::holds_alternative<EnrolStatusQuery>(payload)) {
    return Now(connection, request, enrolments_.StatusOf(from.key, *directory_));
  }
  const auto* enrol = std::get_if<EnrolRequest>(&payload);
  if (!enrol) {
    return Now(connection, request, Error{Code::kDenied, "session.token", {}, "with an invitation you can only enrol"});
  }
  const Status taken = enrolments_.Request(from.key, *enrol, clock_.Now(), staging_);
  if (!taken) {
    observer_.Report(Level::kWarning, "enrol.refused", from.organisation, taken.error().rule);
    return Now(connection, request, taken.error());
  }
  const EnrolStatus status = enrolments_.StatusOf(from.key, *directory_);
  observer_.Report(Level::kInfo, "enrol.requested", from.organisation, status.fingerprint);
  Later(connection, request, status);
}

// ---- hello ----

// A head that our durable log once had. Many records carry the same one.
bool HubCore::IsOurs(const TreeHead& head) {
  if (head.size == 0) return true;
  if (head.size > log_.Last().value()) return false;
  if (auto known = known_roots_.find(head.size); known != known_roots_.end()) return known->second == head.root;
  auto root = log_.RootAt(head.size);
  if (!root) return false;
  known_roots_.emplace(head.size, *root);
  if (known_roots_.size() > kKnownRootsMax) known_roots_.erase(known_roots_.begin());
  return *root == head.root;
}

Status HubCore::CheckSeen(const OrgId& organisation, const Hello& hello) {
  const Error lost{Code::kTampered, "hello.seen", "hello.seen",
                   "this hub does not have the history that you saw: stop using it and tell its operator"};
  if (!hello.checkpoint.empty()) {
    auto proven = VerifyCheckpoint(hello.checkpoint, options_.face.verifier);
    if (proven && !IsOurs(*proven)) {
      // What the operator has accepted as lost must not stop the hub again. But whoever was welcomed since then holds
      // heads of the log as it went on: from them it is news.
      if (const auto accepted = log_.accepted(); accepted && !HasReturned(organisation)) {
        const Error known{
            Code::kTampered, "hello.lost", "hello.seen",
            "this hub lost what came after entry " + std::to_string(accepted->head.size) +
                ", and its operator accepted that at " + ToText(accepted->at) +
                ": when they have explained it, stop this agent, run `schakel-agent trust --forget-head`, and "
                "start it again"};
        return std::unexpected(known);
      }
      observer_.Report(Level::kAlarm, "hello.proven", organisation,
                       "an agent holds a head that we signed and that our log does not reach");
      quarantine_ = lost;
      Freeze(lost);
      return std::unexpected(lost);
    }
  }
  if (!IsOurs(hello.seen)) {
    observer_.Report(Level::kAlarm, "hello.seen", organisation,
                     "an agent says it saw a head that our log does not reach");
    return std::unexpected(lost);
  }
  return {};
}

bool HubCore::HasReturned(const OrgId& organisation) {
  if (returned_.contains(organisation)) return true;
  const auto row =
      log_.FindRow(static_cast<std::uint8_t>(Table::kReturned), ReturnedKey(*log_.accepted(), organisation));
  return row && *row;
}

void HubCore::NoteReturned(const OrgId& organisation) {
  const auto accepted = log_.accepted();
  if (!accepted || returned_.contains(organisation)) return;
  if (!HasReturned(organisation)) staging_.AddRow(Table::kReturned, ReturnedKey(*accepted, organisation), {1});
  returned_.insert(organisation);
}

void HubCore::TakeHello(ConnectionId connection, Session& session, std::uint64_t request, const Hello& hello) {
  const OrgId organisation = session.from->organisation;
  const Timestamp now = clock_.Now();
  if (Status seen = CheckSeen(organisation, hello); !seen) {
    ++counts_.hellos_refused;
    session.welcome = false;
    NoteSession(Level::kWarning, "session.refused", organisation, seen.error().rule);
    // An agent asks again and again; the log has it once.
    if (std::string& noted = refused_hellos_[organisation]; !frozen_ && noted != seen.error().rule) {
      noted = seen.error().rule;
      StageSession(organisation, SessionEvent::kRefused, noted, {}, {}, now);
    }
    return Now(connection, request, std::move(seen).error());
  }
  ++counts_.hellos;
  session.welcome = true;
  refused_hellos_.erase(organisation);
  NoteReturned(organisation);
  NoteSession(Level::kInfo, "session.begun", organisation, hello.software);
  StageSession(organisation, SessionEvent::kConnected, {}, {}, {}, now);
  feeds_.Expect(organisation, staging_);
  ReadTask::SayWelcome task;
  task.seen = hello.seen;
  task.welcome.origin = options_.face.origin;
  task.welcome.feed_last = feeds_.DurableLast(organisation);
  task.welcome.statements = directory_->statements().size();
  task.welcome.hub_time = now;
  task.welcome.limits = options_.wire;
  // Durable when this is answered.
  if (auto last = own_last_.find(organisation); last != own_last_.end()) task.welcome.own_last = last->second;
  Queue({connection, request, organisation, std::move(task), staging_.group().last().value()});
  const Rotations::Overlap* overlap = rotations_.FindOverlap(organisation);
  if (overlap != nullptr && session.from->key != overlap->old_key) EndOverlap(organisation);
  BoundConnections(organisation);
}

// ---- queries ----

void HubCore::TakeAccessQuery(ConnectionId connection, const OrgId& asker, std::uint64_t request,
                              const AccessQuery& query) {
  ++counts_.queries;
  if (IsNone(query.trajectory) && IsNone(query.record)) {
    return Now(connection, request,
               Error{Code::kInvalid, "access.subject", "access", "name a trajectory, a record, or both"});
  }
  const Trajectory* trajectory = policy_.Find(query.trajectory);
  const bool takes_part = trajectory && (trajectory->lead == asker || trajectory->members.contains(asker));
  if (takes_part) {
    if (!IsNextPage(asker, query)) StageAnswer(asker, *trajectory, query);
  } else {
    StageSession(asker, SessionEvent::kQuery, "access", query.trajectory, query.record, clock_.Now());
  }
  // One answer for "does not exist" and "not yours".
  if (!IsNone(query.trajectory) && !takes_part) {
    return Later(connection, request,
                 Error{Code::kNotFound, "access.trajectory", "access.trajectory",
                       "check the id, or ask the lead for an invitation"});
  }
  ReadTask::ShowAccess task{asker, query, trajectory ? std::optional(*trajectory) : std::nullopt,
                            witnesses_.Newest(kWitnessesShown)};
  Queue({connection, request, asker, std::move(task), staging_.group().last().value()});
}

// Its question stands in the log already. What lies behind that is asked anew: so nobody looks on without its being
// logged.
bool HubCore::IsNextPage(const OrgId& asker, const AccessQuery& query) const {
  const auto asked = asked_.find(asker);
  return asked != asked_.end() && query.after > Sequence() && query.after < asked->second.answer &&
         query.trajectory == asked->second.trajectory && query.record == asked->second.record;
}

// The question, and how much there is to answer it with: whoever reads the answer can see that nothing is missing.
void HubCore::StageAnswer(const OrgId& asker, const Trajectory& trajectory, const AccessQuery& query) {
  AnswerEntry answer;
  answer.asker = asker;
  answer.trajectory = query.trajectory;
  answer.record = query.record;
  std::set<OrgId> recipients{asker};
  if (trajectory.lead == asker) {
    for (const auto& [member, standing] : trajectory.members) recipients.insert(member);
  }
  // Too many to name, or most of it erased: then nothing is promised about any.
  if (recipients.size() > kAnswerCountsMax || trajectory.erased()) recipients.clear();
  for (const OrgId& recipient : recipients) {
    answer.counts.push_back({recipient, feeds_.NumberOf(recipient, query.trajectory)});
  }
  const TrajectoryId scope = trajectory.erased() ? TrajectoryId() : query.trajectory;
  const Sequence sequence = staging_.Add(clock_.Now(), std::move(answer), scope);
  staging_.Touch(query.trajectory, query.record, sequence, PrefixOf(query.record));
  asked_[asker] = {query.trajectory, query.record, sequence};
}

// ---- cosignatures ----

void HubCore::TakeCosign(ConnectionId connection, const OrgId& organisation, std::uint64_t request,
                         const Cosign& cosign) {
  // Not through NoteSession: an agent cosigns right after it was let in, and that takes the one line of this second.
  const auto refuse = [&](Error why) {
    ++counts_.cosigns_refused;
    observer_.Report(Level::kWarning, "cosign.refused", organisation, why.rule);
    Now(connection, request, std::move(why));
  };
  if (!meters_[organisation].cosigned.Take(1, kCosignedPerSecond, clock_.Steady())) {
    ++counts_.limited;
    return Now(connection, request, Error{Code::kLimit, "cosign.rate", {}, "cosign less often"});
  }
  auto head = VerifyCheckpoint(cosign.note, options_.face.verifier);
  if (!head) return refuse(std::move(head).error());
  if (head->size == 0 || !IsOurs(*head)) {
    return refuse({Code::kTampered, "cosign.head", "cosign.note", "this hub's log never had the head that it names"});
  }
  const Directory::Organisation* known = directory_->Find(organisation);
  const SigningPublicKey key = known ? known->statement.keys.cosign : SigningPublicKey();
  const auto signatures = ParseSignedNote(cosign.note);
  const auto signed_at = VerifyCosignature(cosign.note, options_.face.origin, organisation, key);
  if (!known || !signatures || signatures->signatures.size() != 2 || !signed_at) {
    return refuse({Code::kUnauthenticated, "cosign.signature", "cosign.note",
                   "sign the head with the cosign key that the directory has of you, once"});
  }
  witnesses_.Keep(organisation, {*head, cosign.note});
  Now(connection, request, CosignAck{witnesses_.NextFor(organisation)});
}

void HubCore::TakeDirectoryQuery(ConnectionId connection, std::uint64_t request, const DirectoryQuery& query) {
  DirectoryReply reply;
  const auto& statements = directory_->statements();
  std::size_t bytes = 0;
  std::size_t i = std::min<std::uint64_t>(query.after, statements.size());
  for (; i < statements.size() && bytes < kDirectoryBytes && reply.statements.size() < 512; ++i) {
    bytes += statements[i].statement.size() + statements[i].signatures.size() * 80;
    reply.statements.push_back(statements[i]);
  }
  reply.more = i < statements.size();
  Now(connection, request, std::move(reply));
}

// ---- groups ----

bool HubCore::Pump() {
  if (frozen_) return false;
  const bool erasing = erasing_.Pump(policy_, feeds_, own_last_, clock_.Now(), staging_);
  // A snapshot made before would still tell of it.
  if (!staging_.group().erase.empty()) WantSnapshot();
  const bool attempts = StageAttempts();
  return feeds_.Pump(RulesNow(), clock_.Now(), staging_, options_.group_bytes_max) || erasing || attempts;
}

void HubCore::EndFeeds() {
  if (!frozen_) feeds_.LeaveAll(staging_);
}

TrajectoryId HubCore::ScopeOf(const TrajectoryId& trajectory, Kind kind) const {
  const Trajectory* known = policy_.Find(trajectory);
  return IsOfErasure(kind) || (known && known->erased()) ? TrajectoryId() : trajectory;
}

bool HubCore::GroupFull() const {
  const Group& group = staging_.group();
  return group.bytes >= options_.group_bytes_max || group.entries.size() >= options_.group_entries_max;
}

Group HubCore::TakeGroup() {
  const Sequence last = staging_.group().last();
  // A snapshot of many trajectories is dear: let it come less often.
  const std::uint64_t interval = std::max<std::uint64_t>(options_.snapshot_entries, policy_.trajectories().size() * 4);
  if (snapshot_wanted_ || last.value() - snapshot_at_.value() >= interval) {
    staging_.group().snapshot = EncodeSnapshot();
    snapshot_at_ = last;
    snapshot_wanted_ = false;
  }
  return staging_.Take();
}

void HubCore::Committed(Group group) {
  // Before anybody hears of it.
  for (const Curtailed& curtailed : group.curtailed) feeds_.Recall(curtailed, RulesNow(), clock_.Now());
  feeds_.Committed(group, RulesNow(), clock_.Now());
  for (const Curtailed& curtailed : group.curtailed) feeds_.JudgeUnoffered(curtailed.organisation);
  for (const Identity& identity : group.admissions) transport_.Admit(identity);
  for (const RecordId& id : group.records) recent_.erase(id);
  for (const auto& [organisation, count] : group.in_flight) meters_[organisation].in_flight -= count;
  if (group.master_key) AnswerNewMaster(*group.master_key);
  for (StagedReply& reply : group.replies) transport_.Reply(reply.to, std::move(reply.message));
  for (ReadTask& task : group.tasks) tasks_.push_back(std::move(task));
}

}  // namespace schakel
