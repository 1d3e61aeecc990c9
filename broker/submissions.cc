// How a submitted record becomes entries: repeated or new, admitted, routed, or refused with the rule.
#include <algorithm>
#include <utility>

#include "broker/hub_core.h"
#include "protocol/discretion.h"

namespace schakel {
namespace {

constexpr std::uint64_t kRefusalsPerSecond = 16;  // Logged, per organisation; all are counted and answered.
constexpr std::size_t kDetailBytesMax = 64;       // Of a session entry.
constexpr std::size_t kRefusalsPerBatch = 4;

Outcome Refused(Error error) {
  Outcome outcome;
  outcome.error = std::move(error);
  return outcome;
}

Outcome Taken(const RecordRow& row) { return {row.sequence, row.at, row.refused, std::nullopt}; }

}  // namespace

void HubCore::StageSession(const OrgId& organisation, SessionEvent event, std::string_view detail,
                           const TrajectoryId& trajectory, const RecordId& record, Timestamp now) {
  // An id that means nothing here gets no data key and no list of its own.
  const bool known = policy_.Find(trajectory) != nullptr;
  SessionEntry entry;
  entry.organisation = organisation;
  entry.event = event;
  entry.detail = std::string(detail.substr(0, kDetailBytesMax));
  if (known) entry.trajectory = trajectory;
  entry.record = record;
  const TrajectoryId scope = known ? ScopeOf(trajectory, Kind::kViews) : TrajectoryId();
  const Sequence sequence = staging_.Add(now, std::move(entry), scope);
  if (known) staging_.Touch(trajectory, record, sequence, PrefixOf(record));
}

// Of all records of a batch at once: reading the index is dear.
Result<std::vector<std::optional<RecordRow>>> HubCore::FindEarlier(const ExaminedBatch& batch) const {
  std::vector<Bytes> keys;
  keys.reserve(batch.records.size());
  for (const ExaminedRecord& record : batch.records) keys.push_back(ToBytes(record.header.id.value()));
  SCHAKEL_ASSIGN(auto values, log_.FindRows(static_cast<std::uint8_t>(Table::kRecord), keys));
  std::vector<std::optional<RecordRow>> rows(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!values[i]) continue;
    SCHAKEL_ASSIGN(rows[i], DecodeRecordRow(*values[i]));
  }
  return rows;
}

void HubCore::TakeBatch(ConnectionId connection, const Identity& from, std::uint64_t request, ExaminedBatch batch) {
  ++counts_.batches;
  Meters& meters = meters_[from.organisation];
  const std::size_t count = batch.records.size();
  const bool crowded = meters.in_flight + count > options_.wire.in_flight_max;
  if (crowded || !meters.records.Take(static_cast<double>(count), options_.records_per_second, clock_.Steady())) {
    counts_.limited += count;
    SubmitAck ack;
    ack.outcomes.assign(count, Refused(crowded ? Error{Code::kLimit, "submit.in_flight", {}, "wait for the answers"}
                                               : Error{Code::kLimit, "submit.rate", {}, "send more slowly"}));
    return Now(connection, request, std::move(ack));
  }
  auto earlier = FindEarlier(batch);
  if (!earlier) return Now(connection, request, std::move(earlier).error());

  const Timestamp now = clock_.Now();
  SubmitAck ack;
  ack.outcomes.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    ack.outcomes.push_back(TakeRecord(from, batch.records[i], (*earlier)[i], now));
    if (ack.outcomes.back().error) ++counts_.refused;
  }
  Sequence& own_last = own_last_[from.organisation];
  for (const Outcome& outcome : ack.outcomes) own_last = std::max(own_last, outcome.sequence);
  NoteRefusals(from, batch, ack.outcomes, now);
  meters.in_flight += count;
  staging_.group().in_flight.emplace_back(from.organisation, count);
  Later(connection, request, std::move(ack));
}

Outcome HubCore::TakeRecord(const Identity& from, ExaminedRecord& record, const std::optional<RecordRow>& earlier,
                            Timestamp now) {
  if (record.error) return Refused(*record.error);
  const Header& header = record.header;
  if (header.author != from.organisation) {
    return Refused({Code::kDenied, "submit.author", "header.author", "send only what your own organisation wrote"});
  }
  const auto recent = recent_.find(header.id);
  if (const RecordRow* first = recent != recent_.end() ? &recent->second : earlier ? &*earlier : nullptr) {
    if (first->leaf != record.leaf) {
      return Refused({Code::kExists, "record.id", "header.id", "draw a new random id"});
    }
    ++counts_.repeated;
    return Taken(*first);
  }
  // Readers take a head that is not of the log for proof that the hub has two faces; no author may make it look so.
  if (!IsOurs(header.seen)) {
    return Refused({Code::kConflict, "record.seen", "header.seen", "this hub's log never had the head that it names"});
  }
  if (Status admitted = Admit(policy_, *directory_, header, now); !admitted) {
    return Refused(std::move(admitted).error());
  }

  RecordRow row{staging_.Next(), now, record.leaf, {}};
  RecordEntry entry{std::move(record.header_bytes), record.ciphertext_hash, record.recipients_root,
                    std::move(record.evidence)};
  const Sequence sequence = staging_.Add(now, std::move(entry), ScopeOf(header.trajectory, header.kind),
                                         EncodePayload(record.recipients, record.ciphertext));
  if (const auto* views = std::get_if<Views>(&header.control)) {
    for (const View& view : views->views) staging_.Touch(header.trajectory, view.record, sequence, 0);
  } else {
    staging_.Touch(header.trajectory, header.id, sequence, PrefixOf(header.id));
  }
  if (!IsContent(header.kind) && header.kind != Kind::kViews) {
    for (OrgId& curtailed : CurtailedBy(header)) {
      staging_.group().curtailed.push_back({std::move(curtailed), header.trajectory});
    }
    policy_.Apply(header);
    ++rules_epoch_;
    if (header.kind == Kind::kEraseConfirm) erasing_.Add(header.trajectory, sequence);
  }
  RouteRecord(record, sequence, now, row);
  staging_.AddRow(Table::kRecord, header.id.value(), EncodeRecordRow(row));
  staging_.group().records.push_back(header.id);
  ++counts_.records;
  return Taken(recent_.emplace(header.id, std::move(row)).first->second);
}

// Who may receive less once this is in force. Before it is applied.
std::vector<OrgId> HubCore::CurtailedBy(const Header& header) const {
  if (const auto* remove = std::get_if<MemberRemove>(&header.control)) return {remove->organisation};
  if (std::holds_alternative<MemberLeave>(header.control)) return {header.author};
  const Trajectory* trajectory = policy_.Find(header.trajectory);
  if (!trajectory) return {};
  RecordId grant;
  if (const auto* withdraw = std::get_if<GrantWithdraw>(&header.control)) grant = withdraw->grant;
  if (const auto* narrow = std::get_if<GrantNarrow>(&header.control)) grant = narrow->grant;
  const auto* review = std::get_if<EmergencyReview>(&header.control);
  if (review && review->outcome == ReviewOutcome::kUnjustified) grant = review->grant;
  if (const Grant* found = trajectory->FindGrant(grant)) return {found->terms.recipient};
  std::vector<OrgId> curtailed;
  // With a new stage, the consent of some lapses; of what is erased, nobody receives anything.
  if (std::holds_alternative<SubjectStage>(header.control) || std::holds_alternative<EraseConfirm>(header.control)) {
    curtailed.push_back(trajectory->lead);
    for (const auto& [organisation, member] : trajectory->members) curtailed.push_back(organisation);
  }
  return curtailed;
}

// Statements are routed by the state that they themselves made.
void HubCore::RouteRecord(const ExaminedRecord& record, Sequence sequence, Timestamp now, RecordRow& row) {
  const Header& header = record.header;
  Group& group = staging_.group();
  const std::size_t live_before = group.live_deliveries.size();
  Slots slots;
  staging_.random().Fill(slots.seed);
  for (std::size_t i = 0; i < record.recipients.stanzas.size(); ++i) {
    const auto& [slot, stanza] = record.recipients.stanzas[i];
    const OrgId& recipient = stanza.recipient;
    const Decision decision = Decide(policy_, *directory_, header, recipient, now);
    if (const auto* denial = std::get_if<Denial>(&decision)) {
      ++counts_.denials;
      row.refused.push_back({recipient, AsToldTo(header.author, policy_.Find(header.trajectory), *denial)});
      DenialEntry entry{recipient, sequence, header.id, header.trajectory, *denial};
      slots.used.push_back({slot, EncodeEntry({staging_.Next(), now, std::move(entry)})});
      continue;
    }
    auto routed = feeds_.Route(recipient, header, sequence, std::get<Permit>(decision), now, staging_);
    if (!routed) continue;
    slots.used.push_back({slot, routed->delivery});
    Group::LiveDelivery live{routed->feed, routed->position, std::move(routed->delivery)};
    live.slot = slot;
    live.live_record = group.live_records.size();
    live.stanza = static_cast<std::uint8_t>(i);
    live.rules_epoch = rules_epoch_;
    group.live_deliveries.push_back(std::move(live));
  }
  StageRouting(header, sequence, slots, live_before, now);
  if (group.live_deliveries.size() > live_before) {
    group.live_records.push_back({sequence, header, record.recipients, record.ciphertext});
  }
}

// One entry, whatever became of the record and however many it is for: places in the log tell nothing of that.
void HubCore::StageRouting(const Header& header, Sequence sequence, const Slots& slots, std::size_t live_before,
                           Timestamp now) {
  const TrajectoryId scope = ScopeOf(header.trajectory, header.kind);
  RoutingEntry routing{sequence, header.id, header.trajectory, slots.seed};
  if (slots.used.empty()) {
    // Nobody is ever shown a way to its root: any hash will do.
    staging_.Add(now, routing, scope);
    return;
  }
  const SlotTree tree(slots);
  routing.slots_root = tree.Root();
  auto& live = staging_.group().live_deliveries;
  for (std::size_t i = 0; i < slots.used.size(); ++i) {
    const std::uint8_t slot = slots.used[i].slot;
    if (live_before >= live.size() || live[live_before].slot != slot) continue;
    live[live_before].salt = tree.Salt(i);
    live[live_before].path = tree.Path(slot);
    ++live_before;
  }
  const Sequence at = staging_.Add(now, routing, scope, EncodeSlots(slots));
  staging_.Touch(header.trajectory, header.id, at, PrefixOf(header.id));
}

void HubCore::NoteRefusals(const Identity& from, const ExaminedBatch& batch, const std::vector<Outcome>& outcomes,
                           Timestamp now) {
  std::size_t noted = 0;
  for (std::size_t i = 0; i < outcomes.size() && noted < kRefusalsPerBatch; ++i) {
    if (!outcomes[i].error) continue;
    if (!meters_[from.organisation].refusals.Take(1, kRefusalsPerSecond, clock_.Steady())) return;
    const Header& header = batch.records[i].header;
    StageSession(from.organisation, SessionEvent::kRefused, outcomes[i].error->rule, header.trajectory, header.id, now);
    ++noted;
  }
}

}  // namespace schakel
