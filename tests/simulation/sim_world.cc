#include "sim_world.h"

#include <algorithm>

namespace schakel::testing {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kAgents = 4;

Holdings HoldingsOf(TestAgent& agent) {
  Holdings holdings;
  for (HeldRecord& record : agent.Held()) {
    const RecordId id = record.header.id;
    holdings.records.emplace(id, std::move(record));
  }
  const std::vector<WithheldMark> marks = agent.vault().Withheld().value();
  for (const WithheldMark& mark : marks) holdings.marks.insert(mark.record);
  return holdings;
}

}  // namespace

const HeldRecord* Holdings::Find(const RecordId& id) const {
  const auto at = records.find(id);
  return at == records.end() ? nullptr : &at->second;
}

// ---- One agent ----

SimAgent::SimAgent(const Region& region, const OrgId& id, ManualClock& clock, Agenda& agenda, SimNetwork& network,
                   SeededRandom& random)
    : agent_(region, id, clock, random.Below(1U << 30)),
      agenda_(agenda),
      network_(network),
      random_(random),
      identity_(std::make_shared<Identity>(
          Identity{Identity::Kind::kOrganisation, id, region.keys.at(id).transport.public_key})) {}

void SimAgent::Start() {
  PlanConnect();
  Tick();
}

void SimAgent::Tick() {
  agent_.sync().OnTick();
  EndStep();
  agenda_.After(milliseconds(100), [this] { Tick(); });
}

void SimAgent::PlanConnect() {
  if (std::exchange(connect_planned_, true)) return;
  const std::uint64_t longest = random_.OneIn(4) ? 4000 : 300;
  agenda_.After(milliseconds(20 + random_.Below(longest)), [this] {
    connect_planned_ = false;
    TryConnect();
  });
}

void SimAgent::TryConnect() {
  if (line_) return;
  const std::uint64_t life = life_;
  auto still_ours = [this, life] { return life == life_ && line_; };
  line_ = network_.Connect(identity_, {[this, still_ours](Bytes message) {
                                         if (!still_ours()) return;
                                         agent_.sync().OnMessage(message);
                                         PlanStepEnd();
                                       },
                                       [this, still_ours] {
                                         if (!still_ours()) return;
                                         line_.reset();
                                         ++life_;
                                         agent_.sync().OnDisconnected({Code::kUnavailable, "sim.cut", {}, {}});
                                         PlanStepEnd();
                                         PlanConnect();
                                       }});
  if (!line_) return PlanConnect();
  agent_.sync().OnConnected();
  PlanStepEnd();
}

// Several inputs may go into one step.
void SimAgent::PlanStepEnd() {
  if (std::exchange(step_end_planned_, true)) return;
  agenda_.After(milliseconds(random_.Below(4)), [this] {
    step_end_planned_ = false;
    EndStep();
  });
}

void SimAgent::EndStep() {
  bool disconnect = false;
  for (Bytes& message : agent_.Finish(&disconnect)) {
    if (line_) network_.SendToHub(*line_, std::move(message));
  }
  if (agent_.crashed()) return Crash();
  if (disconnect && line_) network_.Break(*line_);
}

void SimAgent::Crash() {
  ++life_;
  if (line_) network_.Break(*line_);
  line_.reset();
  agent_.Restart();
  PlanConnect();
}

// ---- The world ----

SimWorld::SimWorld(std::uint64_t seed) : random_(seed), agenda_(clock_), network_(agenda_, random_) {
  CrashLog seeding(disk_);
  std::vector<OrgId> ids;
  for (std::size_t i = 0; i < kAgents; ++i) ids.push_back(region_.Enrol("org-" + std::to_string(i)));
  for (const SignedStatement& statement : region_.statements) {
    const Sequence last = seeding.Last();
    const Bytes entry = EncodeEntry({Next(last), clock_.Now(), RegistryEntry{statement}});
    LogBatch batch;
    batch.entries.push_back({DataScope(), entry, random_.Draw<Hash32>(), {}});
    SCHAKEL_ASSERT(seeding.Append(batch, last).has_value());
    SCHAKEL_ASSERT(seeding.Sync().has_value());
  }
  network_.on_incoming = [this] { agenda_.After(milliseconds(random_.Below(2)), [this] { RunHub(); }); };
  OpenHub();
  HubTick();
  for (const OrgId& id : ids) {
    agents_.push_back(std::make_unique<SimAgent>(region_, id, clock_, agenda_, network_, random_));
    agents_.back()->Start();
  }
}

void SimWorld::OpenHub() {
  log_ = std::make_unique<CrashLog>(disk_);
  HubOptions options;
  options.threads = false;
  options.core.face.origin = kOrigin;
  options.core.face.verifier = region_.verifier();
  options.core.registrars = region_.registrars();
  options.core.snapshot_entries = 50 + random_.Below(200);
  auto hub = Hub::Open(std::move(options), *log_, network_, region_.hub_log, clock_, random_, *this);
  SCHAKEL_ASSERT(hub.has_value());
  hub_ = std::move(*hub);
  network_.hub_up = true;
}

void SimWorld::CrashHub() {
  ++tally_.hub_crashes;
  network_.hub_up = false;
  hub_.reset();
  log_.reset();
  network_.BreakAll();
  agenda_.After(milliseconds(50 + random_.Below(1500)), [this] { OpenHub(); });
}

void SimWorld::RunHub() {
  while (hub_) {
    auto busy = hub_->Step();
    if (!busy) return CrashHub();
    if (!*busy) return;
  }
}

void SimWorld::HubTick() {
  RunHub();
  agenda_.After(milliseconds(100), [this] { HubTick(); });
}

void SimWorld::Work(milliseconds time) {
  chaos_ = true;
  agenda_.After(milliseconds(500), [this] { Misfortune(); });
  agenda_.After(milliseconds(300), [this] { SomebodyActs(); });
  const auto end = agenda_.now() + time;
  while (agenda_.Step(end)) {
  }
  chaos_ = false;
}

void SimWorld::Misfortune() {
  if (!chaos_) return;
  switch (random_.Below(6)) {
    case 0:
    case 1: {
      auto open = network_.open();
      if (!open.empty()) network_.Break(open[random_.Below(open.size())]);
      ++tally_.cuts;
      break;
    }
    case 2:
      agents_[random_.Below(agents_.size())]->Crash();
      ++tally_.agent_crashes;
      break;
    case 3: {
      MemoryDisk& disk = agents_[random_.Below(agents_.size())]->agent().disk();
      disk.commits_max = disk.commits + random_.Below(3);
      break;
    }
    case 4:
      if (hub_) CrashHub();
      break;
    case 5:
      if (log_) {
        log_->FailNextSync(random_.OneIn(2) ? CrashLog::Fault::kLost : CrashLog::Fault::kWrittenButFailed);
      }
      break;
  }
  agenda_.After(milliseconds(100 + random_.Below(1500)), [this] { Misfortune(); });
}

void SimWorld::SomebodyActs() {
  if (!chaos_) return;
  SimAgent& who = *agents_[random_.Below(agents_.size())];
  for (std::uint64_t times = 1 + random_.Below(4); times > 0; --times) {
    switch (random_.Below(8)) {
      case 0:
      case 1:
        LeadActs(who.agent());
        break;
      case 2:
        SomebodyReads(who.agent());
        break;
      default:
        AnyoneWrites(who.agent());
        break;
    }
  }
  if (random_.OneIn(40) && who.agent().sync().RotateHpke()) ++tally_.hpke_rotations;
  who.EndStep();
  agenda_.After(milliseconds(5 + random_.Below(100)), [this] { SomebodyActs(); });
}

// What the rules do not allow is refused, here or by the hub; that is fine.
void SimWorld::LeadActs(TestAgent& lead) {
  std::vector<TrajectoryId> led;
  for (const TrajectoryId& trajectory : trajectories_) {
    auto known = lead.knowledge().FindTrajectory(trajectory);
    if (known && known->lead == lead.self()) led.push_back(trajectory);
  }
  if (led.empty() || random_.OneIn(30)) {
    const auto trajectory = random_.Draw<TrajectoryId>();
    if (lead.Open(trajectory)) trajectories_.push_back(trajectory);
    return;
  }
  const TrajectoryId& trajectory = led[random_.Below(led.size())];
  const OrgId& other = agents_[random_.Below(agents_.size())]->id();
  const OrgId& third = agents_[random_.Below(agents_.size())]->id();
  switch (random_.Below(6)) {
    case 0:
    case 1: {
      [[maybe_unused]] auto invited = lead.Invite(trajectory, other);
      break;
    }
    case 2:
    case 3: {
      if (auto given = lead.Give(trajectory, other)) grants_.emplace_back(trajectory, *given);
      break;
    }
    case 4: {
      [[maybe_unused]] auto shown = lead.Show(trajectory, other, third);
      [[maybe_unused]] auto shown_back = lead.Show(trajectory, third, other);
      break;
    }
    case 5: {
      if (grants_.empty()) break;
      const auto& [of, grant] = grants_[random_.Below(grants_.size())];
      [[maybe_unused]] auto withdrawn = lead.Withdraw(of, grant);
      break;
    }
  }
}

void SimWorld::AnyoneWrites(TestAgent& author) {
  if (trajectories_.empty()) return;
  const TrajectoryId& trajectory = trajectories_[random_.Below(trajectories_.size())];
  auto known = author.knowledge().FindTrajectory(trajectory);
  if (!known) return;
  auto self = known->members.find(author.self());
  if (self != known->members.end() && self->second.status == MemberStatus::kInvited) {
    [[maybe_unused]] auto joined = author.Join(trajectory, self->second.invite);
    return;
  }
  std::vector<OrgId> recipients;
  for (const auto& other : agents_) {
    const bool may_know = known->lead == author.self() || known->MayKnow(author.self(), other->id());
    if (other->id() != author.self() && may_know && known->IsMember(other->id()) && random_.Below(3) > 0)
      recipients.push_back(other->id());
  }
  [[maybe_unused]] auto written =
      author.Note(trajectory, recipients, "note " + std::to_string(random_.Below(1U << 30)));
}

void SimWorld::SomebodyReads(TestAgent& reader) {
  std::vector<HeldRecord> held = reader.Held();
  if (held.empty()) return;
  const HeldRecord& record = held[random_.Below(held.size())];
  reader.sync().AppendView(
      {record.header.trajectory, {record.header.id, Id128{9}, StaffRole::kWorker, ViewReason::kTask, clock_.Now()}});
}

std::string SimWorld::Unsettled() {
  std::string what = hub_ ? "" : "the hub is down; ";
  for (const auto& sim : agents_) {
    const SyncReport report = sim->agent().sync().Report();
    if (report.connected && report.up_to_date && report.unproven == 0 && report.views_unreported == 0) continue;
    what += sim->id().value() + ": connected " + std::to_string(report.connected) + ", outbox " +
            std::to_string(report.outbox) + ", unproven " + std::to_string(report.unproven) + ", views " +
            std::to_string(report.views_unreported) + ", feed " + std::to_string(report.feed.value()) +
            (report.last_error ? ", " + ToText(*report.last_error) : std::string()) +
            (report.distrusted ? ", " + ToText(*report.distrusted) : std::string()) + "; ";
  }
  return what;
}

std::string SimWorld::Heal() {
  for (const auto& agent : agents_) agent->agent().disk().Mend();
  if (log_) log_->FailNextSync(CrashLog::Fault::kNone);
  std::string unsettled;
  for (int tries = 0; tries < 200; ++tries) {
    for (const auto& agent : agents_) {
      agent->agent().sync().PullFeed();
      agent->EndStep();
    }
    const auto end = agenda_.now() + milliseconds(1000);
    while (agenda_.Step(end)) {
    }
    unsettled = Unsettled();
    if (unsettled.empty()) break;
  }
  return unsettled;
}

// All entries, those in slots after the routing that they stand in.
std::vector<Entry> SimWorld::AllEntries() const {
  std::vector<Entry> entries;
  for (std::size_t i = 0; i < disk_->entries.size(); ++i) {
    entries.push_back(DecodeEntry(disk_->entries[i].entry).value());
    if (!std::holds_alternative<RoutingEntry>(entries.back().body) || disk_->payloads[i].empty()) continue;
    const Slots slots = DecodeSlots(disk_->payloads[i]).value();
    for (const Slots::Used& used : slots.used) {
      entries.push_back(DecodeEntry(used.entry).value());
    }
  }
  return entries;
}

SimWorld::Tally SimWorld::Count() {
  Tally tally = tally_;
  for (const Entry& entry : AllEntries()) {
    if (const auto* record = std::get_if<RecordEntry>(&entry.body)) {
      const Header header = DecodeHeader(record->header).value();
      ++tally.records;
      if (IsContent(header.kind)) ++tally.content;
      if (header.kind == Kind::kViews) ++tally.views;
    } else if (const auto* delivery = std::get_if<DeliveryEntry>(&entry.body)) {
      ++(delivery->withheld ? tally.withheld : tally.delivered);
    } else if (std::holds_alternative<DenialEntry>(entry.body)) {
      ++tally.denied;
    }
  }
  return tally;
}

std::string SimWorld::Check() {
  std::string wrong;
  std::map<OrgId, Holdings> held;  // Read once: there are as many checks as records.
  for (const auto& agent : agents_) held.emplace(agent->id(), HoldingsOf(agent->agent()));
  std::map<RecordId, int> seen;
  for (const StoredEntry& stored : disk_->entries) {
    const Entry entry = DecodeEntry(stored.entry).value();
    const auto* record = std::get_if<RecordEntry>(&entry.body);
    if (!record) continue;
    if (++seen[DecodeHeader(record->header).value().id] > 1) wrong += "twice in the log; ";
    wrong += CheckRecord(entry, *record, held);
  }
  for (const auto& agent : agents_) wrong += CheckAgent(*agent);
  return wrong + CheckNumbers();
}

// Whatever crashed: what each was handed on each trajectory is numbered without gaps.
std::string SimWorld::CheckNumbers() {
  std::map<std::pair<OrgId, TrajectoryId>, std::uint64_t> last;
  for (const Entry& entry : AllEntries()) {
    const auto* delivery = std::get_if<DeliveryEntry>(&entry.body);
    if (delivery == nullptr || IsNone(delivery->trajectory)) continue;
    const auto opening = delivery->number ? OpenNumber(NumberKeyOf(region_.hub_log), delivery->recipient,
                                                       delivery->position, *delivery->number)
                                          : std::nullopt;
    const std::uint64_t number = ++last[{delivery->recipient, delivery->trajectory}];
    if (!opening || opening->number != number) {
      return "delivery " + std::to_string(entry.sequence.value()) + " is not number " + std::to_string(number) + "; ";
    }
  }
  return {};
}

// Its author knows it as accepted; each recipient that was not refused has it or a mark in its place; nobody else has.
std::string SimWorld::CheckRecord(const Entry& entry, const RecordEntry& record,
                                  const std::map<OrgId, Holdings>& holdings) {
  const Header header = DecodeHeader(record.header).value();
  const std::string name = "record " + std::to_string(entry.sequence.value()) + ": ";
  const auto author = holdings.find(header.author);
  const HeldRecord* own = author == holdings.end() ? nullptr : author->second.Find(header.id);
  if (own == nullptr || own->state != RecordState::kAccepted || own->sequence != entry.sequence ||
      own->at != entry.at) {
    return name + "its author does not know that it was accepted; ";
  }
  std::string wrong;
  for (const auto& [id, agent] : holdings) {
    if (id == header.author) continue;
    const bool refused =
        std::ranges::any_of(own->refused, [&](const RoutingRefusal& refusal) { return refusal.recipient == id; });
    const bool permitted = !refused && std::ranges::find(own->recipients, id) != own->recipients.end();
    const bool marked = agent.marks.contains(header.id);
    const HeldRecord* held = agent.Find(header.id);
    if (permitted != (held != nullptr || marked))
      wrong += name + (permitted ? "lost at " : "leaked to ") + id.value() + "; ";
    if (held != nullptr && marked) wrong += name + "held and marked; ";
    if (held != nullptr && (held->state != RecordState::kReceived || held->sequence != entry.sequence))
      wrong += name + "held wrongly; ";
  }
  return wrong;
}

std::string SimWorld::CheckAgent(SimAgent& sim) {
  TestAgent& agent = sim.agent();
  std::string wrong;
  for (const std::string& alarm : agent.Alarms()) {
    // Somebody who was removed or was never in cannot report views there, and keys change only so often; people are
    // told.
    if (!alarm.starts_with("admit.") && alarm != "announce.rate")
      wrong += agent.self().value() + " raised " + alarm + "; ";
  }
  if (agent.sync().Report().distrusted) wrong += agent.self().value() + " distrusts the hub; ";
  if (!agent.vault().Outbox().value().empty()) wrong += agent.self().value() + " still has an outbox; ";
  // What the directory says of its key is what it holds, newest of all.
  const auto known = agent.knowledge().FindOrganisation(agent.self());
  if (!known || !agent.keys().FindHpke(IdOf(known->statement.keys.hpke))) {
    wrong += agent.self().value() + " does not hold the key that others seal to; ";
  }
  for (const HeldRecord& record : agent.Held()) {
    if (record.state == RecordState::kWaiting) wrong += agent.self().value() + " still waits; ";
    if (record.state != RecordState::kReceived) continue;
    const std::uint64_t number = agent.vault().NumberOf(record.header.id).value();
    const StoredContent content = agent.vault().Content(number).value();
    if (IsNone(content.key) && !IsContent(record.header.kind)) continue;  // Words that were not for it.
    const StoredRecord head = agent.vault().Record(number).value();
    if (!OpenBody(content.ciphertext, content.key, head.header, record.header.author, content.recipients_root)) {
      wrong += agent.self().value() + " cannot open what it has; ";
    }
  }
  return wrong;
}

}  // namespace schakel::testing
