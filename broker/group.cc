#include "broker/group.h"

#include <utility>

#include "protocol/codec.h"

namespace schakel {

LogBatch Group::TakeBatch() {
  LogBatch batch;
  batch.entries.reserve(entries.size());
  for (const StagedEntry& entry : entries) {
    batch.entries.push_back({entry.scope, entry.entry, entry.salt, entry.payload});
  }
  batch.rows = std::move(rows);
  batch.list_rows = std::move(list_rows);
  return batch;
}

Bytes EncodeRecordRow(const RecordRow& row) {
  Encoder to(64);
  to.Array(4).Uint(row.sequence.value()).Time(row.at).Binary(row.leaf).Array(row.refused.size());
  for (const RoutingRefusal& refusal : row.refused) to.Array(2).Id(refusal.recipient).Enum(refusal.reason);
  return to.Take();
}

Result<RecordRow> DecodeRecordRow(ByteView bytes) {
  Decoder from(bytes);
  RecordRow row;
  from.Array(4, "record_row");
  row.sequence = Sequence(from.Uint("record_row.sequence"));
  row.at = from.Time("record_row.at");
  row.leaf = from.Fixed<32>("record_row.leaf");
  const std::size_t refused = from.ArrayBetween(0, kRecipientsMax, "record_row.refused");
  for (std::size_t i = 0; i < refused && from.ok(); ++i) {
    from.Array(2, "record_row.refused");
    RoutingRefusal refusal;
    refusal.recipient = from.ReadOrgId("record_row.recipient");
    refusal.reason = from.Enum("record_row.reason", Denial::kNotEnrolled, kDenialLast);
    row.refused.push_back(std::move(refusal));
  }
  SCHAKEL_TRY(from.Finish());
  return row;
}

Bytes ErasedRecordKey(Sequence record) {
  Encoder to(16);
  to.Array(2).Uint(1).Uint(record.value());
  return to.Take();
}
Bytes EncodeErasedRecord(const ErasedRecord& row) {
  Encoder to(48);
  to.Array(2).Id(row.record).Id(row.trajectory);
  return to.Take();
}
Result<ErasedRecord> DecodeErasedRecord(ByteView bytes) {
  Decoder from(bytes);
  ErasedRecord row;
  from.Array(2, "erased_record");
  row.record = from.ReadId<RecordId>("erased_record.record");
  row.trajectory = from.ReadId<TrajectoryId>("erased_record.trajectory");
  SCHAKEL_TRY(from.Finish());
  return row;
}
Bytes ErasedDeliveryKey(const OrgId& recipient, FeedPosition position) {
  Encoder to(64);
  to.Array(3).Uint(2).Id(recipient).Uint(position.value());
  return to.Take();
}
Bytes EncodeErasedDelivery(const FeedItem::Erased& row) {
  Encoder to(64);
  to.Array(3).Uint(row.position.value()).Uint(row.sequence.value()).Binary(row.hash);
  return to.Take();
}
Result<FeedItem::Erased> DecodeErasedDelivery(ByteView bytes) {
  Decoder from(bytes);
  FeedItem::Erased row;
  from.Array(3, "erased_delivery");
  row.position = FeedPosition(from.Uint("erased_delivery.position"));
  row.sequence = Sequence(from.Uint("erased_delivery.sequence"));
  row.hash = from.Fixed<32>("erased_delivery.hash");
  SCHAKEL_TRY(from.Finish());
  return row;
}

Bytes EncodeOfferedRow(const std::optional<OfferedRow>& row) {
  Encoder to(24);
  if (!row) return to.Array(0).Take();
  to.Array(2).Uint(row->last.value()).Uint(row->at.value());
  return to.Take();
}
Result<std::optional<OfferedRow>> DecodeOfferedRow(ByteView bytes) {
  Decoder from(bytes);
  std::optional<OfferedRow> row;
  if (from.ArrayBetween(0, 2, "offered_row") > 0) {
    row.emplace();
    row->last = FeedPosition(from.Uint("offered_row.last"));
    row->at = Sequence(from.Uint("offered_row.at"));
  }
  SCHAKEL_TRY(from.Finish());
  return row;
}

namespace {

constexpr CodecLimits kRowLimits{.bytes_max = 16U << 20, .array_max = 1U << 20, .items_max = 4U << 20};
constexpr std::size_t kRowItemsMax = 1U << 20;

}  // namespace

// Differences: sequences of one group lie close together.
Bytes EncodeFeedRow(const std::vector<Sequence>& sequences) {
  Encoder to(9 + sequences.size() * 3);
  to.Array(sequences.size());
  std::uint64_t previous = 0;
  for (Sequence sequence : sequences) to.Uint(sequence.value() - std::exchange(previous, sequence.value()));
  return to.Take();
}

Result<std::vector<Sequence>> DecodeFeedRow(ByteView bytes) {
  Decoder from(bytes, kRowLimits);
  std::vector<Sequence> sequences(from.ArrayBetween(0, kRowItemsMax, "feed_row"));
  std::uint64_t previous = 0;
  for (Sequence& sequence : sequences) sequence = Sequence(previous += from.Uint("feed_row.sequence"));
  SCHAKEL_TRY(from.Finish());
  return sequences;
}

Bytes AccessKey(const TrajectoryId& trajectory, const RecordId& record) {
  const bool anonymous = IsNone(trajectory);
  Bytes key = {static_cast<std::uint8_t>(anonymous ? 'r' : 't')};
  Append(key, anonymous ? ByteView(record.value()) : ByteView(trajectory.value()));
  return key;
}

std::uint64_t PrefixOf(const RecordId& record) {
  std::uint64_t prefix = 0;
  for (std::size_t i = 0; i < 8; ++i) prefix = prefix << 8 | record.value()[i];
  return prefix;
}

Bytes EncodeAccessRow(const std::vector<AccessItem>& items) {
  Encoder to(9 + items.size() * 12);
  to.Array(items.size() * 2);
  std::uint64_t previous = 0;
  for (const AccessItem& item : items) {
    to.Uint(item.sequence.value() - std::exchange(previous, item.sequence.value())).Uint(item.record_prefix);
  }
  return to.Take();
}

Result<std::vector<AccessItem>> DecodeAccessRow(ByteView bytes) {
  Decoder from(bytes, kRowLimits);
  std::vector<AccessItem> items(from.ArrayBetween(0, kRowItemsMax, "access_row") / 2);
  std::uint64_t previous = 0;
  for (AccessItem& item : items) {
    item.sequence = Sequence(previous += from.Uint("access_row.sequence"));
    item.record_prefix = from.Uint("access_row.record");
  }
  SCHAKEL_TRY(from.Finish());
  return items;
}

void Staging::Reset(Sequence last) {
  group_ = {};
  group_.before = last;
  access_.clear();
  feed_rows_.clear();
}

Sequence Staging::Add(Timestamp at, EntryBody body, const TrajectoryId& scope, Bytes payload) {
  return AddEncoded(EncodeEntry({Next(), at, std::move(body)}), scope, std::move(payload));
}

Sequence Staging::AddEncoded(Bytes entry, const TrajectoryId& scope, Bytes payload) {
  const Sequence sequence = Next();
  StagedEntry staged;
  staged.scope = DataScope(scope.value());
  staged.entry = std::move(entry);
  random_.Fill(staged.salt);
  staged.payload = std::move(payload);
  group_.bytes += staged.entry.size() + staged.payload.size();
  group_.entries.push_back(std::move(staged));
  return sequence;
}

void Staging::Touch(const TrajectoryId& trajectory, const RecordId& record, Sequence sequence, std::uint64_t prefix) {
  auto& items = access_[AccessKey(trajectory, record)];
  // One entry about several records of one list (views) stands in it once, to be looked into.
  if (!items.empty() && items.back().sequence == sequence) return;
  items.push_back({sequence, prefix});
}

void Staging::FeedGrew(OrganisationFeed* feed, const OrgId& organisation, FeedPosition position, Sequence sequence) {
  auto [rows, fresh] = feed_rows_.try_emplace(organisation);
  if (fresh) rows->second = {feed, position, {}};
  rows->second.sequences.push_back(sequence);
}

void Staging::AddRow(Table table, ByteView key, Bytes value) {
  group_.rows.push_back({static_cast<std::uint8_t>(table), ToBytes(key), std::move(value)});
}

void Staging::AddListRow(Table table, ByteView key, std::uint64_t position, Bytes value) {
  group_.list_rows.push_back({static_cast<std::uint8_t>(table), ToBytes(key), position, std::move(value)});
}

Group Staging::Take() {
  for (auto& [key, items] : access_) {
    AddListRow(Table::kAccess, key, items.front().sequence.value(), EncodeAccessRow(items));
  }
  for (auto& [organisation, rows] : feed_rows_) {
    AddListRow(Table::kFeed, AsBytes(organisation.value()), rows.first.value(), EncodeFeedRow(rows.sequences));
    group_.feed_ends.emplace_back(rows.feed, FeedPosition(rows.first.value() + rows.sequences.size() - 1));
  }
  Group done = std::move(group_);
  Reset(done.last());
  return done;
}

}  // namespace schakel
