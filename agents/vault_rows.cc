#include "vault_rows.h"

#include "protocol/codec.h"

namespace schakel::vault_rows {
namespace {

constexpr std::uint64_t kRowVersion = 1;
constexpr std::size_t kTextBytesMax = 4096;

Encoder Row(std::size_t fields) {
  Encoder to;
  to.Array(fields + 1).Uint(kRowVersion);
  return to;
}

// Enters a row of `fields` values, or of one more; a row that a newer version wrote is refused here. True: of one more.
bool EnterLongerRow(Decoder& from, std::size_t fields, const char* name) {
  const bool longer = from.ArrayBetween(fields + 1, fields + 2, name) == fields + 2;
  if (from.Uint(name) != kRowVersion) from.FailWith(Code::kVersion, "vault.row", name);
  return longer;
}
void EnterRow(Decoder& from, std::size_t fields, const char* name) {
  from.Array(fields + 1, name);
  if (from.Uint(name) != kRowVersion) from.FailWith(Code::kVersion, "vault.row", name);
}

// A row that does not decode is damage (or a newer version), whatever the codec calls it.
Status Finish(Decoder& from, const char* name) {
  Status done = from.Finish();
  if (done) return {};
  Code code = done.error().code == Code::kVersion ? Code::kVersion : Code::kCorrupt;
  return Fail(code, "vault.row", name, "check the vault with: schakel-agent check");
}

template <typename T, typename F>
void EncodeOptional(Encoder& to, const std::optional<T>& value, F&& encode) {
  if (value) {
    encode(*value);
  } else {
    to.Nil();
  }
}

void PutError(Encoder& to, const Error& error) {
  to.Array(4).Enum(error.code).Text(error.rule).Text(error.field).Text(error.next);
}
Error TakeError(Decoder& from) {
  Error error;
  from.Array(4, "error");
  error.code = from.Enum("error.code", Code::kInvalid, Code::kInternal);
  error.rule = from.Text("error.rule", kTextBytesMax);
  error.field = from.Text("error.field", kTextBytesMax);
  error.next = from.Text("error.next", kTextBytesMax);
  return error;
}

void PutOrg(Encoder& to, const OrgId& organisation) { to.Text(organisation.value()); }
OrgId TakeOrg(Decoder& from, const char* field) { return OrgId(std::string(from.Text(field, 64))); }

}  // namespace

Bytes EncodeMembership(const Membership& membership) {
  Encoder to = Row(9);
  to.Id(membership.organisation).Text(membership.sector.value()).Text(membership.endpoint);
  to.Binary(membership.hub_transport.value()).Text(membership.hub_log.name).Binary(membership.hub_log.key.value());
  to.Uint(membership.registrars.threshold).Array(membership.registrars.keys.size());
  for (const SigningPublicKey& key : membership.registrars.keys) to.Binary(key.value());
  to.Enum(membership.state);
  return to.Take();
}
Result<Membership> DecodeMembership(ByteView bytes) {
  Decoder from(bytes);
  EnterRow(from, 9, "membership");
  Membership membership;
  membership.organisation = from.ReadOrgId("membership.organisation");
  membership.sector = Sector(std::string(from.Text("membership.sector", 64)));
  membership.endpoint = from.Text("membership.endpoint", kTextBytesMax);
  membership.hub_transport = TransportPublicKey(from.Fixed<32>("membership.hub_transport"));
  membership.hub_log.name = from.Text("membership.hub_log", kTextBytesMax);
  membership.hub_log.key = SigningPublicKey(from.Fixed<32>("membership.hub_log"));
  membership.registrars.threshold = from.Uint("membership.threshold", 64);
  membership.registrars.keys.resize(from.ArrayBetween(0, 64, "membership.registrars"));
  for (SigningPublicKey& key : membership.registrars.keys) key = SigningPublicKey(from.Fixed<32>("registrar"));
  membership.state = from.Enum("membership.state", EnrolState::kUnknown, EnrolState::kRefused);
  SCHAKEL_TRY(Finish(from, "membership"));
  return membership;
}

Bytes EncodeCursor(const FeedCursor& cursor) {
  return Row(3).Uint(cursor.position.value()).Binary(cursor.hash).Uint(cursor.sequence.value()).Take();
}
Result<FeedCursor> DecodeCursor(ByteView bytes) {
  Decoder from(bytes);
  EnterRow(from, 3, "cursor");
  FeedCursor cursor;
  cursor.position = FeedPosition(from.Uint("cursor.position"));
  cursor.hash = from.Fixed<32>("cursor.hash");
  cursor.sequence = Sequence(from.Uint("cursor.sequence"));
  SCHAKEL_TRY(Finish(from, "cursor"));
  return cursor;
}

Bytes EncodeSeen(const SeenHead& seen) {
  return Row(3).Uint(seen.head.size).Binary(seen.head.root).Text(seen.note).Take();
}
Result<SeenHead> DecodeSeen(ByteView bytes) {
  Decoder from(bytes);
  EnterRow(from, 3, "seen");
  SeenHead seen;
  seen.head.size = from.Uint("seen.size");
  seen.head.root = from.Fixed<32>("seen.root");
  seen.note = from.Text("seen.note", kNoteBytesMax);
  SCHAKEL_TRY(Finish(from, "seen"));
  return seen;
}

Bytes EncodeError(const Error& error) {
  Encoder to = Row(1);
  PutError(to, error);
  return to.Take();
}
Result<Error> DecodeError(ByteView bytes) {
  Decoder from(bytes);
  EnterRow(from, 1, "error");
  Error error = TakeError(from);
  SCHAKEL_TRY(Finish(from, "error"));
  return error;
}

Bytes EncodeRecord(const StoredRecord& record) {
  Encoder to = Row(9);
  to.Binary(record.header).Enum(record.state).Uint(record.sequence.value()).Uint(record.position.value());
  to.Time(record.at);
  EncodeOptional(to, record.grant, [&](const RecordId& grant) { to.Id(grant); });
  to.Array(record.recipients.size());
  for (const OrgId& recipient : record.recipients) PutOrg(to, recipient);
  to.Array(record.refused.size());
  for (const RoutingRefusal& refusal : record.refused) {
    to.Array(2);
    PutOrg(to, refusal.recipient);
    to.Enum(refusal.reason);
  }
  EncodeOptional(to, record.error, [&](const Error& error) { PutError(to, error); });
  return to.Take();
}
Result<StoredRecord> DecodeRecord(ByteView bytes) {
  Decoder from(bytes);
  EnterRow(from, 9, "record");
  StoredRecord record;
  record.header = ToBytes(from.Binary("record.header", kHeaderBytesMax));
  record.state = from.Enum("record.state", RecordState::kWaiting, RecordState::kReceived);
  record.sequence = Sequence(from.Uint("record.sequence"));
  record.position = FeedPosition(from.Uint("record.position"));
  record.at = from.Time("record.at");
  if (!from.Nil()) record.grant = from.ReadId<RecordId>("record.grant");
  record.recipients.resize(from.ArrayBetween(0, kRecipientsMax, "record.recipients"));
  for (OrgId& recipient : record.recipients) recipient = TakeOrg(from, "record.recipient");
  record.refused.resize(from.ArrayBetween(0, kRecipientsMax, "record.refused"));
  for (RoutingRefusal& refusal : record.refused) {
    from.Array(2, "record.refused");
    refusal.recipient = TakeOrg(from, "record.refused");
    refusal.reason = from.Enum("record.refused", Denial::kNotEnrolled, kDenialLast);
  }
  if (!from.Nil()) record.error = TakeError(from);
  SCHAKEL_TRY(Finish(from, "record"));
  return record;
}

// Own records lie as the payload that was submitted, received ones as their ciphertext.
Bytes EncodeContent(const StoredContent& content) {
  Encoder to(content.ciphertext.size() + 4096);
  to.Array(5).Uint(kRowVersion).Binary(content.recipients_root).Binary(content.key.bytes);
  if (content.origin) {
    const StoredContent::Origin& origin = *content.origin;
    to.Binary(content.ciphertext);
    to.Array(origin.place ? 5 : 4).Binary(origin.entry).Binary(origin.salt);
    to.Binary(origin.delivery).Binary(origin.delivery_salt);
    if (origin.place) EncodeSlotPlace(*origin.place, to);
  } else {
    SCHAKEL_ASSERT(content.recipients.has_value());
    to.Binary(EncodePayload(*content.recipients, content.ciphertext)).Nil();
  }
  return to.Take();
}
Result<StoredContent> DecodeContent(ByteView bytes) {
  Decoder from(bytes);
  EnterRow(from, 4, "content");
  StoredContent content;
  content.recipients_root = from.Fixed<32>("content.root");
  content.key.bytes = from.Fixed<32>("content.key");
  ByteView payload = from.Binary("content.bytes", 1U << 20);
  if (!from.Nil()) {
    StoredContent::Origin origin;
    const std::size_t parts = from.ArrayBetween(4, 5, "content.origin");
    origin.entry = ToBytes(from.Binary("content.entry", 256U << 10));
    origin.salt = from.Fixed<32>("content.salt");
    origin.delivery = ToBytes(from.Binary("content.delivery", 256U << 10));
    origin.delivery_salt = from.Fixed<32>("content.delivery_salt");
    if (parts == 5) origin.place = DecodeSlotPlace(from);
    content.origin = std::move(origin);
  }
  SCHAKEL_TRY(Finish(from, "content"));
  if (content.origin) {
    content.ciphertext = ToBytes(payload);
    return content;
  }
  auto own = DecodePayload(payload);
  if (!own) return Fail(Code::kCorrupt, "vault.row", "content.bytes", "check the vault with: schakel-agent check");
  content.recipients = std::move(own->recipients);
  content.ciphertext = std::move(own->ciphertext);
  return content;
}

Bytes EncodeWithheld(const WithheldMark& mark) {
  return Row(5).Uint(mark.position.value()).Id(mark.record).Id(mark.trajectory).Enum(mark.reason).Time(mark.at).Take();
}
Result<WithheldMark> DecodeWithheld(ByteView bytes) {
  Decoder from(bytes);
  EnterRow(from, 5, "withheld");
  WithheldMark mark;
  mark.position = FeedPosition(from.Uint("withheld.position"));
  mark.record = from.ReadId<RecordId>("withheld.record");
  mark.trajectory = from.ReadId<TrajectoryId>("withheld.trajectory");
  mark.reason = from.Enum("withheld.reason", Denial::kNotEnrolled, kDenialLast);
  mark.at = from.Time("withheld.at");
  SCHAKEL_TRY(Finish(from, "withheld"));
  return mark;
}

Bytes EncodeHidden(const HiddenItem& item) {
  Encoder to = Row(item.place ? 8 : 7);
  to.Uint(item.position.value()).Enum(item.fault);
  PutError(to, item.why);
  to.Binary(item.delivery).Binary(item.delivery_salt).Binary(item.entry).Binary(item.ciphertext);
  if (item.place) EncodeSlotPlace(*item.place, to);
  return to.Take();
}
Result<HiddenItem> DecodeHidden(ByteView bytes) {
  Decoder from(bytes);
  const bool placed = EnterLongerRow(from, 7, "hidden");
  HiddenItem item;
  item.position = FeedPosition(from.Uint("hidden.position"));
  item.fault = from.Enum("hidden.fault", Alarm::Fault::kHub, Alarm::Fault::kNotice);
  item.why = TakeError(from);
  item.delivery = ToBytes(from.Binary("hidden.delivery", 1U << 20));
  item.delivery_salt = from.Fixed<32>("hidden.delivery_salt");
  item.entry = ToBytes(from.Binary("hidden.entry", 1U << 20));
  item.ciphertext = ToBytes(from.Binary("hidden.ciphertext", 1U << 20));
  if (placed) item.place = DecodeSlotPlace(from);
  SCHAKEL_TRY(Finish(from, "hidden"));
  return item;
}

Bytes EncodeAlarm(const Alarm& alarm) {
  Encoder to = Row(7);
  to.Uint(alarm.number).Time(alarm.at).Enum(alarm.fault);
  PutError(to, alarm.what);
  PutOrg(to, alarm.organisation);
  to.Id(alarm.record).Uint(alarm.position.value());
  return to.Take();
}
Result<Alarm> DecodeAlarm(ByteView bytes) {
  Decoder from(bytes);
  EnterRow(from, 7, "alarm");
  Alarm alarm;
  alarm.number = from.Uint("alarm.number");
  alarm.at = from.Time("alarm.at");
  alarm.fault = from.Enum("alarm.fault", Alarm::Fault::kHub, Alarm::Fault::kNotice);
  alarm.what = TakeError(from);
  alarm.organisation = TakeOrg(from, "alarm.organisation");
  alarm.record = from.ReadId<RecordId>("alarm.record");
  alarm.position = FeedPosition(from.Uint("alarm.position"));
  SCHAKEL_TRY(Finish(from, "alarm"));
  return alarm;
}

Bytes EncodeView(const StoredView& view) {
  Encoder to = Row(6);
  to.Id(view.trajectory).Id(view.view.record).Binary(view.view.person).Enum(view.view.role).Enum(view.view.reason);
  return to.Time(view.view.at).Take();
}
Result<StoredView> DecodeView(ByteView bytes) {
  Decoder from(bytes);
  EnterRow(from, 6, "view");
  StoredView view;
  view.trajectory = from.ReadId<TrajectoryId>("view.trajectory");
  view.view.record = from.ReadId<RecordId>("view.record");
  view.view.person = from.Fixed<16>("view.person");
  view.view.role = from.Enum("view.role", StaffRole::kWorker, kStaffRoleLast);
  view.view.reason = from.Enum("view.reason", ViewReason::kTask, kViewReasonLast);
  view.view.at = from.Time("view.at");
  SCHAKEL_TRY(Finish(from, "view"));
  return view;
}

Bytes EncodeContentScope(const ContentScope& scope) {
  return Row(4).Id(scope.scope).Id(scope.trajectory).Id(scope.grant).Bool(scope.spent).Take();
}
Result<ContentScope> DecodeContentScope(ByteView bytes) {
  Decoder from(bytes);
  EnterRow(from, 4, "scope");
  ContentScope scope;
  scope.scope = from.ReadId<DataScope>("scope.scope");
  scope.trajectory = from.ReadId<TrajectoryId>("scope.trajectory");
  scope.grant = from.ReadId<RecordId>("scope.grant");
  scope.spent = from.Bool("scope.spent");
  SCHAKEL_TRY(Finish(from, "scope"));
  return scope;
}

Bytes EncodeSealed(const SealedItem& sealed) {
  Encoder to = Row(10);
  to.Id(sealed.record).Id(sealed.trajectory).Id(sealed.grant).Id(sealed.change);
  to.Time(sealed.sealed_at).Time(sealed.keep_until).Text(sealed.reason.dutch).Text(sealed.reason.english);
  EncodeOptional(to, sealed.destroyed_at, [&](Timestamp at) { to.Time(at); });
  return to.Text(sealed.reason.french).Take();
}
Result<SealedItem> DecodeSealed(ByteView bytes) {
  Decoder from(bytes);
  const bool in_french = EnterLongerRow(from, 9, "sealed");
  SealedItem sealed;
  sealed.record = from.ReadId<RecordId>("sealed.record");
  sealed.trajectory = from.ReadId<TrajectoryId>("sealed.trajectory");
  sealed.grant = from.ReadId<RecordId>("sealed.grant");
  sealed.change = from.ReadId<RecordId>("sealed.change");
  sealed.sealed_at = from.Time("sealed.sealed_at");
  sealed.keep_until = from.Time("sealed.keep_until");
  sealed.reason.dutch = from.Text("sealed.reason", kTextBytesMax);
  sealed.reason.english = from.Text("sealed.reason", kTextBytesMax);
  if (!from.Nil()) sealed.destroyed_at = from.Time("sealed.destroyed_at");
  // Sealed before there was French: the law's own words.
  sealed.reason.french = in_french ? std::string(from.Text("sealed.reason", kTextBytesMax)) : sealed.reason.dutch;
  SCHAKEL_TRY(Finish(from, "sealed"));
  return sealed;
}

Bytes EncodeUnsealing(const Unsealing& unsealing) {
  Encoder to = Row(6);
  to.Id(unsealing.record).Id(unsealing.trajectory).Binary(unsealing.person).Text(unsealing.why).Time(unsealing.at);
  return to.Id(unsealing.views).Take();
}
Result<Unsealing> DecodeUnsealing(ByteView bytes) {
  Decoder from(bytes);
  EnterRow(from, 6, "unsealing");
  Unsealing unsealing;
  unsealing.record = from.ReadId<RecordId>("unsealing.record");
  unsealing.trajectory = from.ReadId<TrajectoryId>("unsealing.trajectory");
  unsealing.person = from.Fixed<16>("unsealing.person");
  unsealing.why = from.Text("unsealing.why", kTextBytesMax);
  unsealing.at = from.Time("unsealing.at");
  unsealing.views = from.ReadId<RecordId>("unsealing.views");
  SCHAKEL_TRY(Finish(from, "unsealing"));
  return unsealing;
}

Bytes EncodeErasure(const Erasure& erasure) {
  Encoder to = Row(IsNone(erasure.kept) ? 3 : 4);
  to.Id(erasure.trajectory).Id(erasure.confirm).Enum(erasure.state);
  if (!IsNone(erasure.kept)) to.Id(erasure.kept);
  return to.Take();
}
Result<Erasure> DecodeErasure(ByteView bytes) {
  Decoder from(bytes);
  const bool keeps = EnterLongerRow(from, 3, "erasure");
  Erasure erasure;
  erasure.trajectory = from.ReadId<TrajectoryId>("erasure.trajectory");
  erasure.confirm = from.ReadId<RecordId>("erasure.confirm");
  erasure.state = from.Enum("erasure.state", Erasure::State::kAsked, Erasure::State::kAnswered);
  if (keeps) erasure.kept = from.ReadId<DataScope>("erasure.kept");
  SCHAKEL_TRY(Finish(from, "erasure"));
  return erasure;
}

Bytes EncodeNumber(std::uint64_t number) { return Row(1).Uint(number).Take(); }
Result<std::uint64_t> DecodeNumber(ByteView bytes) {
  Decoder from(bytes);
  EnterRow(from, 1, "number");
  std::uint64_t number = from.Uint("number");
  SCHAKEL_TRY(Finish(from, "number"));
  return number;
}

}  // namespace schakel::vault_rows
