#include "broker/feeds.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "broker/routed.h"

namespace schakel {
namespace {

using Milliseconds = std::chrono::milliseconds;
constexpr Milliseconds kRetryDelayFirst{10};
constexpr Milliseconds kRetryDelayMax{1000};
constexpr std::size_t kStageAtOnce = 128;

std::size_t SizeOf(const FeedItem& item) {
  std::size_t size = item.delivery.size() + (item.place ? 384 : 64);
  if (item.content) size += item.content->entry.size() + item.content->ciphertext.size() + 512;
  return size;
}

std::optional<std::size_t> StanzaOf(const Recipients& recipients, const OrgId& organisation) {
  for (std::size_t i = 0; i < recipients.stanzas.size(); ++i) {
    if (recipients.stanzas[i].stanza.recipient == organisation) return i;
  }
  return std::nullopt;
}

DeliveryEntry DeliveryOf(const OrgId& recipient, const Header& header, Sequence record, const Decision& decision) {
  DeliveryEntry delivery;
  delivery.recipient = recipient;
  delivery.record_sequence = record;
  delivery.record = header.id;
  delivery.trajectory = header.trajectory;
  if (const auto* permit = std::get_if<Permit>(&decision)) {
    delivery.grant = permit->grant;
  } else {
    delivery.withheld = std::get<Denial>(decision);
  }
  return delivery;
}

FeedPosition Plus(FeedPosition position, std::uint64_t count) {
  const std::uint64_t room = std::numeric_limits<std::uint64_t>::max() - position.value();
  return FeedPosition(position.value() + std::min(count, room));
}

}  // namespace

OrganisationFeed& Feeds::Of(const OrgId& organisation) {
  auto found = feeds_.find(organisation);
  if (found == feeds_.end()) {
    found = feeds_.emplace(organisation, std::make_unique<OrganisationFeed>(organisation)).first;
  }
  return *found->second;
}

void Feeds::Queue(OrganisationFeed& feed) {
  if (std::exchange(feed.queued, true)) return;
  queue_.push_back(&feed);
}

void Feeds::Parcel::Add(FeedItem item) {
  bytes += SizeOf(item);
  items.items.push_back(std::move(item));
}

// ---- routing ----

// Gives it the next place in the feed, in the next entry of the log: as that entry, or in a slot of it.
Bytes Feeds::Place(OrganisationFeed& feed, DeliveryEntry delivery, Timestamp now, Staging& staging) {
  delivery.position = Next(feed.end.last);
  delivery.previous = feed.end.hash;
  staging.random().Fill(delivery.blind.emplace());
  const FeedPosition position = delivery.position;
  const Sequence record_sequence = delivery.record_sequence;
  if (delivery.withheld) ++counts_.withheld;
  if (!IsNone(delivery.trajectory)) {
    delivery.number = CloseNumber(number_key_, feed.organisation, position, ++feed.numbers[delivery.trajectory]);
  }
  Bytes bytes = EncodeEntry({staging.Next(), now, std::move(delivery)});
  feed.end = {position, FeedHash(bytes), record_sequence};
  staging.FeedGrew(&feed, feed.organisation, position, staging.Next());
  return bytes;
}

void Feeds::StageDelivery(OrganisationFeed& feed, DeliveryEntry delivery, const TrajectoryId& scope, Timestamp now,
                          Staging& staging) {
  const TrajectoryId trajectory = delivery.trajectory;
  const RecordId record = delivery.record;
  const Sequence sequence = staging.AddEncoded(Place(feed, std::move(delivery), now, staging), scope);
  staging.Touch(trajectory, record, sequence, PrefixOf(record));
}

std::optional<Feeds::Routed> Feeds::Route(const OrgId& recipient, const Header& header, Sequence record,
                                          const Permit& permit, Timestamp now, Staging& staging) {
  OrganisationFeed& feed = Of(recipient);
  const auto& reader = feed.reader;
  if (reader && !reader->blocked && !feed.HasPending() && feed.end.last < reader->limit &&
      feed.end.last.value() - reader->sent.value() < limits_.staged_ahead_max) {
    Bytes delivery = Place(feed, DeliveryOf(recipient, header, record, permit), now, staging);
    return Routed{&feed, feed.end.last, std::move(delivery)};
  }
  staging.AddListRow(Table::kPending, AsBytes(recipient.value()), record.value(), {});
  const bool all_in_memory =
      feed.pending_known && (feed.pending.empty() ? !feed.HasPending() : feed.pending.back() == feed.pending_last);
  if (all_in_memory && feed.pending.size() < limits_.pending_in_memory) feed.pending.push_back(record);
  feed.pending_last = record;
  return std::nullopt;
}

// ---- readers ----

Result<std::optional<Feeds::Pull>> Feeds::Read(const OrgId& organisation, ConnectionId connection,
                                               std::uint64_t request, const Feed& asked) {
  OrganisationFeed& feed = Of(organisation);
  if (asked.after > feed.durable_last) {
    return Fail(Code::kTampered, "feed.after", "feed.after",
                "this hub's feed is shorter than yours: it was put back; ask the operator");
  }
  LoadPending(feed);
  auto& reader = feed.reader;
  std::optional<Pull> taken_from;
  if (reader && reader->connection != connection) taken_from = Pull{reader->connection, reader->request};
  const bool goes_on = reader && !taken_from && asked.after >= reader->acknowledged;
  if (!goes_on) {
    std::erase(blocked_, &feed);
    reader = OrganisationFeed::ReaderState{};
    reader->connection = connection;
    reader->sent = asked.after;
  }
  reader->request = request;
  reader->unanswered = true;
  reader->acknowledged = asked.after;
  reader->sent = std::max(reader->sent, asked.after);
  while (!reader->under_way.empty() && reader->under_way.front().position <= asked.after) reader->under_way.pop_front();
  reader->limit = Plus(asked.after, std::min(asked.credit, limits_.credit_max));
  if (!reader->blocked) Queue(feed);
  return taken_from;
}

void Feeds::Leave(ConnectionId connection) {
  for (auto& [organisation, feed] : feeds_) {
    if (!feed->reader || feed->reader->connection != connection) continue;
    std::erase(blocked_, feed.get());
    feed->reader.reset();
  }
}

std::optional<std::chrono::steady_clock::time_point> Feeds::NextRetry() const {
  std::optional<std::chrono::steady_clock::time_point> next;
  for (const OrganisationFeed* feed : blocked_) {
    if (!next || feed->reader->retry_at < *next) next = feed->reader->retry_at;
  }
  return next;
}

FeedEnd Feeds::EndOf(const OrgId& organisation) const {
  auto found = feeds_.find(organisation);
  return found == feeds_.end() ? FeedEnd() : found->second->end;
}

FeedPosition Feeds::DurableLast(const OrgId& organisation) const {
  auto found = feeds_.find(organisation);
  return found == feeds_.end() ? FeedPosition() : found->second->durable_last;
}

std::uint64_t Feeds::NumberOf(const OrgId& organisation, const TrajectoryId& trajectory) const {
  const auto feed = feeds_.find(organisation);
  if (feed == feeds_.end()) return 0;
  const auto number = feed->second->numbers.find(trajectory);
  return number == feed->second->numbers.end() ? 0 : number->second;
}

// ---- what waits ----

// Rows of groups that are not durable yet cannot be read back: what is missing comes with a later call.
void Feeds::LoadPending(OrganisationFeed& feed) {
  const ByteView key = AsBytes(feed.organisation.value());
  constexpr auto table = static_cast<std::uint8_t>(Table::kPending);
  if (!feed.pending_known) {
    auto last = log_.FindListRow(table, key, std::numeric_limits<std::uint64_t>::max());
    if (!last) return;
    if (*last) feed.pending_last = std::max(feed.pending_last, Sequence((*last)->first));
    feed.pending_known = true;
  }
  if (!feed.pending.empty() || !feed.HasPending()) return;
  const Status read = log_.ReadList(table, key, feed.end.record.value() + 1, [&](std::uint64_t position, ByteView) {
    feed.pending.push_back(Sequence(position));
    return feed.pending.size() < limits_.pending_in_memory;
  });
  if (!read) feed.pending.clear();
}

Feeds::Step Feeds::StageNext(OrganisationFeed& feed, const Rules& rules, Timestamp now, Staging& staging) {
  if (feed.pending.empty()) LoadPending(feed);
  if (feed.pending.empty() || feed.pending.front() > log_.Last()) return Step::kStarved;  // Not durable yet.
  const Sequence record = feed.pending.front();
  auto stored = log_.Get(record);
  if (!stored && stored.error().code == Code::kUnavailable) return Step::kStarved;
  feed.pending.pop_front();
  if (!stored && StageErased(feed, record, now, staging)) return Step::kStaged;
  auto entry = stored ? DecodeEntry(stored->entry) : Result<Entry>(std::unexpected(std::move(stored).error()));
  const auto* body = entry ? std::get_if<RecordEntry>(&entry->body) : nullptr;
  auto header = body ? DecodeHeader(body->header) : Fail(Code::kCorrupt, "feed.record");
  if (!header) {
    // Not to be read: nothing is left to hand over, nor to say about it.
    ++counts_.unreadable;
    feed.end.record = record;
    return Step::kStaged;
  }
  const Decision decision = Decide(rules.policy, rules.directory, *header, feed.organisation, now);
  // Nothing more is sealed under the key of a trajectory that is being erased.
  const Trajectory* trajectory = rules.policy.Find(header->trajectory);
  const bool outlives = IsOfErasure(header->kind) || (trajectory && trajectory->erased());
  StageDelivery(feed, DeliveryOf(feed.organisation, *header, record, decision),
                outlives ? TrajectoryId() : header->trajectory, now, staging);
  return Step::kStaged;
}

// Erased while it waited: a mark says so. False: it was not.
bool Feeds::StageErased(OrganisationFeed& feed, Sequence record, Timestamp now, Staging& staging) {
  const auto row = log_.FindRow(static_cast<std::uint8_t>(Table::kErased), ErasedRecordKey(record));
  const auto erased = row && *row ? DecodeErasedRecord(**row) : Fail(Code::kNotFound, "feed.record");
  if (!erased) return false;
  DeliveryEntry delivery;
  delivery.recipient = feed.organisation;
  delivery.record_sequence = record;
  delivery.record = erased->record;
  delivery.trajectory = erased->trajectory;
  delivery.withheld = Denial::kErased;
  StageDelivery(feed, std::move(delivery), TrajectoryId(), now, staging);
  return true;
}

// True: there is more to do at once.
bool Feeds::StagePending(OrganisationFeed& feed, const Rules& rules, Timestamp now, Staging& staging,
                         std::size_t staging_bytes_max) {
  for (std::size_t staged = 0; staged < kStageAtOnce; ++staged) {
    if (!feed.HasPending() || feed.end.last >= feed.reader->limit) return false;
    if (feed.end.last.value() - feed.reader->sent.value() >= limits_.staged_ahead_max) return false;
    const bool full = staging.group().bytes >= staging_bytes_max;
    if (full || StageNext(feed, rules, now, staging) == Step::kStarved) {
      starved_.push_back(&feed);
      return false;
    }
  }
  return true;
}

// ---- handing over ----

void Feeds::Recall(const Curtailed& curtailed, const Rules& rules, Timestamp now) {
  const auto found = feeds_.find(curtailed.organisation);
  if (found == feeds_.end() || !found->second->reader) return;
  const auto& reader = *found->second->reader;
  std::size_t judged = 0;
  for (const UnderWay& one : reader.under_way) {
    if (one.trajectory != curtailed.trajectory) continue;
    // Past that many, sending it all again is cheaper than judging, and as safe.
    if (judged++ < limits_.recall_judged_max && MayStillLeave(one, curtailed.organisation, rules, now)) continue;
    transport_.Recall(reader.connection);
    return;
  }
}

bool Feeds::MayStillLeave(const UnderWay& content, const OrgId& recipient, const Rules& rules, Timestamp now) const {
  const auto stored = log_.Get(content.record);
  const auto entry = stored ? DecodeEntry(stored->entry) : Result<Entry>(std::unexpected(stored.error()));
  const auto* record = entry ? std::get_if<RecordEntry>(&entry->body) : nullptr;
  const auto header = record ? DecodeHeader(record->header) : Fail(Code::kCorrupt, "feed.record");
  return header && std::holds_alternative<Permit>(Decide(rules.policy, rules.directory, *header, recipient, now));
}

Result<std::vector<Sequence>> Feeds::SequencesFrom(const OrgId& organisation, FeedPosition from,
                                                   std::size_t count) const {
  const ByteView key = AsBytes(organisation.value());
  constexpr auto table = static_cast<std::uint8_t>(Table::kFeed);
  SCHAKEL_ASSIGN(auto row, log_.FindListRow(table, key, from.value()));
  if (!row) return Fail(Code::kCorrupt, "feed.rows", {}, "verify the log");
  std::vector<Sequence> sequences;
  std::optional<Error> broken;
  std::uint64_t position = from.value();
  SCHAKEL_TRY(log_.ReadList(table, key, row->first, [&](std::uint64_t first, ByteView value) {
    auto decoded = DecodeFeedRow(value);
    if (!decoded || first > position) {
      broken = decoded ? Error{Code::kCorrupt, "feed.rows", {}, "verify the log"} : decoded.error();
      return false;
    }
    for (std::size_t i = position - first; i < decoded->size() && sequences.size() < count; ++i, ++position) {
      sequences.push_back((*decoded)[i]);
    }
    return sequences.size() < count;
  }));
  if (broken) return std::unexpected(std::move(*broken));
  return sequences;
}

std::optional<FeedItem::Content> Feeds::ContentFor(const DeliveryEntry& delivery, const Rules& rules, Timestamp now,
                                                   std::optional<WithheldLate>& late) {
  auto stored = log_.Get(delivery.record_sequence);
  if (!stored) {
    ++counts_.unreadable;
    return std::nullopt;
  }
  auto entry = DecodeEntry(stored->entry);
  if (!entry || !std::holds_alternative<RecordEntry>(entry->body)) return std::nullopt;
  auto header = DecodeHeader(std::get<RecordEntry>(entry->body).header);
  if (!header) return std::nullopt;
  const Decision decision = Decide(rules.policy, rules.directory, *header, delivery.recipient, now);
  if (const auto* denial = std::get_if<Denial>(&decision)) {
    ++counts_.withheld_late;
    late = WithheldLate{delivery.recipient, delivery.position,   delivery.record_sequence,
                        delivery.record,    delivery.trajectory, *denial};
    return std::nullopt;
  }
  // What the log says never left stays here, whatever was agreed since.
  const auto before = FindWithheldLate(log_, delivery.record_sequence, delivery.recipient);
  if (!before || *before) return std::nullopt;
  auto bytes = log_.Payload(delivery.record_sequence);
  auto payload = bytes ? DecodePayload(*bytes) : Result<Payload>(std::unexpected(std::move(bytes).error()));
  const auto stanza = payload ? StanzaOf(payload->recipients, delivery.recipient) : std::nullopt;
  if (!stanza) {
    ++counts_.unreadable;
    return std::nullopt;
  }
  return FeedItem::Content{std::move(stored->entry), stored->salt, ProveStanza(payload->recipients, *stanza),
                           std::move(payload->ciphertext)};
}

Status Feeds::PutItem(Sequence sequence, FeedPosition position, const OrgId& recipient, const Rules& rules,
                      Timestamp now, Parcel& parcel) {
  auto found = log_.Get(sequence);
  if (!found && found.error().code == Code::kNotFound) {
    const Bytes key = ErasedDeliveryKey(recipient, position);
    SCHAKEL_ASSIGN(const auto row, log_.FindRow(static_cast<std::uint8_t>(Table::kErased), key));
    if (!row) return Fail(Code::kCorrupt, "feed.rows", {}, "verify the log");
    FeedItem item;
    SCHAKEL_ASSIGN(item.erased, DecodeErasedDelivery(*row));
    parcel.Add(std::move(item));
    return {};
  }
  SCHAKEL_ASSIGN(StoredEntry stored, std::move(found));
  SCHAKEL_ASSIGN(Entry entry, DecodeEntry(stored.entry));
  FeedItem item;
  if (std::holds_alternative<RoutingEntry>(entry.body)) {
    SCHAKEL_ASSIGN(auto routed, ReadRouted(log_, stored));
    for (RoutedEntry& one : routed) {
      const auto* delivery = std::get_if<DeliveryEntry>(&one.entry.body);
      if (!delivery || delivery->recipient != recipient) continue;
      entry = std::move(one.entry);
      item.delivery = std::move(one.bytes);
      item.delivery_salt = one.salt;
      item.place = std::move(one.place);
      break;
    }
  } else {
    item.delivery = std::move(stored.entry);
    item.delivery_salt = stored.salt;
  }
  const auto* delivery = std::get_if<DeliveryEntry>(&entry.body);
  if (!delivery || delivery->recipient != recipient || delivery->position != position) {
    return Fail(Code::kCorrupt, "feed.rows", {}, "verify the log");
  }
  if (!delivery->withheld) {
    std::optional<WithheldLate> late;
    item.content = ContentFor(*delivery, rules, now, late);
    if (late) parcel.late.push_back(std::move(*late));
  }
  if (item.content) parcel.content.push_back({position, delivery->record_sequence, delivery->trajectory});
  parcel.Add(std::move(item));
  return {};
}

bool Feeds::Offer(OrganisationFeed& feed, Parcel parcel) {
  auto& reader = *feed.reader;
  const std::size_t count = parcel.items.items.size();
  if (!transport_.Offer(reader.connection, EncodeMessage({reader.request, std::move(parcel.items)}))) {
    reader.retry_delay = std::clamp(reader.retry_delay * 2, kRetryDelayFirst, kRetryDelayMax);
    reader.retry_at = clock_.Steady() + reader.retry_delay;
    if (!std::exchange(reader.blocked, true)) blocked_.push_back(&feed);
    return false;
  }
  counts_.delivered += parcel.content.size();
  reader.under_way.insert(reader.under_way.end(), parcel.content.begin(), parcel.content.end());
  reader.sent = Plus(reader.sent, count);
  for (WithheldLate& one : parcel.late) {
    if (one.position > feed.offered) late_.push_back(std::move(one));
  }
  feed.offered = std::max(feed.offered, reader.sent);
  if (count == 0) reader.unanswered = false;
  reader.retry_delay = Milliseconds(0);
  return true;
}

// One message. False: nothing (more) to send now.
bool Feeds::SendDurable(OrganisationFeed& feed, const Rules& rules, Timestamp now) {
  auto& reader = *feed.reader;
  const FeedPosition end = std::min(feed.durable_last, reader.limit);
  if (reader.sent >= end) {
    // Whoever asked is told, once, that this is all.
    if (reader.unanswered && !feed.HasPending())
      Offer(feed, {.items = {{}, feed.durable_last}, .content = {}, .late = {}});
    return false;
  }
  // After a blockade, one item tells whether there is room again.
  const std::size_t items_max = reader.retry_delay.count() > 0 ? 1 : limits_.message_items;
  const std::size_t count = std::min<std::size_t>(end.value() - reader.sent.value(), items_max);
  auto sequences = SequencesFrom(feed.organisation, Next(reader.sent), count);
  if (!sequences) return false;
  Parcel parcel;
  FeedPosition position = reader.sent;
  for (Sequence sequence : *sequences) {
    if (parcel.bytes >= limits_.message_bytes) break;
    position = Next(position);
    if (!PutItem(sequence, position, feed.organisation, rules, now, parcel)) break;
  }
  if (parcel.items.items.empty()) return false;
  parcel.items.last = feed.durable_last;
  return Offer(feed, std::move(parcel)) && (reader.sent < end || reader.unanswered);
}

bool Feeds::Pump(const Rules& rules, Timestamp now, Staging& staging, std::size_t staging_bytes_max) {
  const auto steady = clock_.Steady();
  for (std::size_t i = 0; i < blocked_.size();) {
    OrganisationFeed* feed = blocked_[i];
    if (feed->reader->retry_at > steady) {
      ++i;
      continue;
    }
    feed->reader->blocked = false;
    blocked_.erase(blocked_.begin() + static_cast<std::ptrdiff_t>(i));
    Queue(*feed);
  }
  for (std::size_t turns = queue_.size(); turns > 0; --turns) {
    OrganisationFeed& feed = *queue_.front();
    queue_.pop_front();
    feed.queued = false;
    if (!feed.reader || feed.reader->blocked) continue;
    bool more = SendDurable(feed, rules, now);
    if (feed.reader->blocked) continue;
    more |= StagePending(feed, rules, now, staging, staging_bytes_max);
    if (more) Queue(feed);
  }
  for (const WithheldLate& one : std::exchange(late_, {})) StageWithheldLate(one, rules.policy, now, staging);
  return !queue_.empty();
}

void Feeds::Committed(const Group& group, const Rules& rules, Timestamp now) {
  for (const auto& [feed, position] : group.feed_ends) feed->durable_last = position;

  std::map<OrganisationFeed*, Parcel> parcels;
  std::vector<OrganisationFeed*> order;
  const auto send = [&](OrganisationFeed& feed, Parcel& parcel) {
    if (parcel.items.items.empty()) return;
    parcel.items.last = feed.durable_last;
    Offer(feed, std::exchange(parcel, {}));
  };
  for (const Group::LiveDelivery& live : group.live_deliveries) {
    OrganisationFeed& feed = *live.feed;
    if (!feed.reader || feed.reader->blocked) continue;
    auto [found, fresh] = parcels.try_emplace(&feed);
    Parcel& parcel = found->second;
    if (fresh) order.push_back(&feed);
    // Behind: it is read back from the log, in its turn.
    if (Plus(feed.reader->sent, parcel.items.items.size() + 1) != live.position || live.position > feed.reader->limit) {
      continue;
    }
    const Group::LiveRecord& record = group.live_records[live.live_record];
    const StagedEntry& routing = group.At(Next(record.sequence));
    FeedItem item{live.delivery, live.salt, std::nullopt};
    item.place = SlotPlace{routing.entry, routing.salt, live.slot, live.path};
    // The rules may have changed while the group was being synced.
    std::optional<WithheldLate> late;
    if (live.rules_epoch != rules.epoch) {
      const Decision decision = Decide(rules.policy, rules.directory, record.header, feed.organisation, now);
      if (const auto* denial = std::get_if<Denial>(&decision)) {
        late = WithheldLate{feed.organisation,        live.position, record.sequence, record.header.id,
                            record.header.trajectory, *denial};
      }
    }
    if (late) {
      ++counts_.withheld_late;
      parcel.late.push_back(std::move(*late));
    } else {
      const StagedEntry& entry = group.At(record.sequence);
      item.content =
          FeedItem::Content{entry.entry, entry.salt, ProveStanza(record.recipients, live.stanza), record.ciphertext};
      parcel.content.push_back({live.position, record.sequence, record.header.trajectory});
    }
    parcel.Add(std::move(item));
    if (parcel.bytes >= limits_.message_bytes || parcel.items.items.size() >= limits_.message_items) {
      send(feed, parcel);
    }
  }
  for (OrganisationFeed* feed : order) {
    if (feed->reader && !feed->reader->blocked) send(*feed, parcels[feed]);
  }
  for (const auto& [feed, position] : group.feed_ends) {
    if (!feed->reader || feed->reader->blocked) continue;
    if (feed->reader->sent < feed->durable_last || feed->reader->unanswered) Queue(*feed);
  }
  for (OrganisationFeed* feed : std::exchange(starved_, {})) Queue(*feed);
}

// ---- the projection ----

void Feeds::Replay(const DeliveryEntry& delivery, ByteView entry) {
  OrganisationFeed& feed = Of(delivery.recipient);
  feed.end = {delivery.position, FeedHash(entry), delivery.record_sequence};
  feed.durable_last = delivery.position;
  feed.offered = delivery.position;
  if (!IsNone(delivery.trajectory)) ++feed.numbers[delivery.trajectory];
}

void Feeds::Replay(const ErasureEntry& erasure) {
  for (const ErasureEntry::Party& party : erasure.parties) {
    OrganisationFeed& feed = Of(party.organisation);
    if (party.deliveries > 0) feed.numbers[erasure.trajectory] = party.deliveries;
    if (party.last <= feed.end.last) continue;
    feed.end = {party.last, party.hash, party.record};
    feed.durable_last = party.last;
    feed.offered = party.last;
  }
}

void Feeds::ForEachNumber(const std::function<void(const OrgId&, const TrajectoryId&, std::uint64_t)>& visit) const {
  for (const auto& [organisation, feed] : feeds_) {
    for (const auto& [trajectory, number] : feed->numbers) visit(organisation, trajectory, number);
  }
}

std::size_t Feeds::number_count() const {
  std::size_t count = 0;
  for (const auto& [organisation, feed] : feeds_) count += feed->numbers.size();
  return count;
}

void Feeds::RestoreNumber(const OrgId& organisation, const TrajectoryId& trajectory, std::uint64_t number) {
  Of(organisation).numbers[trajectory] = number;
}

std::map<OrgId, FeedEnd> Feeds::Ends() const {
  std::map<OrgId, FeedEnd> ends;
  for (const auto& [organisation, feed] : feeds_) {
    if (feed->end != FeedEnd{}) ends.emplace(organisation, feed->end);
  }
  return ends;
}

void Feeds::Restore(const OrgId& organisation, const FeedEnd& end) {
  OrganisationFeed& feed = Of(organisation);
  feed.end = end;
  feed.durable_last = end.last;
  feed.offered = end.last;
}

}  // namespace schakel
