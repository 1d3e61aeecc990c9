#include "agents/vault.h"

#include <algorithm>

#include "protocol/auditors_look.h"
#include "protocol/crypto.h"
#include "vault_rows.h"

namespace schakel {
namespace {

// Table numbers are part of the format on disk: append, never renumber. From 128 on: by number, in order.
enum Table : std::uint8_t {
  kMeta = 1,
  kRecordById = 2,
  kNames = 3,
  kFacts = 4,
  kContentScopes = 5,
  kErasures = 6,
  kKeptBefore = 16,  // Rows of all sets together: none are written any more.
  kKept = 17,        // Rows of sets.
  kHeads = 128,
  kContents = 129,
  kOutbox = 130,
  kStatements = 131,
  kWithheld = 132,
  kHidden = 133,
  kAlarms = 134,
  kViews = 135,
  kUnreported = 136,
  kSealed = 137,
  kUnsealings = 138,
  kKeptHeads = 139,
};

constexpr char kEndOfSet = '\0';
constexpr std::size_t kMovedAtOnce = 500;

constexpr std::string_view kKeysName = "keys";
constexpr std::string_view kNextKeysName = "next-keys";
constexpr std::string_view kPseudonymKeyName = "pseudonym-key";
constexpr std::string_view kMembershipName = "membership";
constexpr std::string_view kTokenName = "token";
constexpr std::string_view kCursorName = "cursor";
constexpr std::string_view kSeenName = "seen";
constexpr std::string_view kDistrustName = "distrust";

DataScope ScopeOf(const TrajectoryId& trajectory) { return DataScope(trajectory.value()); }
// What is said of the erasure of a trajectory outlives it; looks of auditors can be told after it.
DataScope ScopeOf(const Header& header) {
  return IsOfErasure(header.kind) || IsLookOfAuditors(header) ? DataScope() : ScopeOf(header.trajectory);
}

VaultWrite PutByName(std::uint8_t table, ByteView key, Bytes value, DataScope scope = {}) {
  return {VaultWrite::Kind::kPut, table, ToBytes(key), 0, std::move(value), scope};
}
VaultWrite DropByName(std::uint8_t table, ByteView key) {
  return {VaultWrite::Kind::kDelete, table, ToBytes(key), 0, {}, {}};
}
VaultWrite PutByNumber(std::uint8_t table, std::uint64_t number, Bytes value, DataScope scope = {}) {
  return {VaultWrite::Kind::kPut, table, {}, number, std::move(value), scope};
}
VaultWrite DropByNumber(std::uint8_t table, std::uint64_t number) {
  return {VaultWrite::Kind::kDelete, table, {}, number, {}, {}};
}

// No set's name is the begin of another's.
std::string SetOfRows(std::string_view set) { return std::string(set) + kEndOfSet; }

Result<std::optional<Secret<32>>> ToSecret(std::optional<Bytes> bytes, const char* name) {
  if (!bytes) return std::optional<Secret<32>>();
  if (bytes->size() != 32) return Fail(Code::kCorrupt, "vault.row", name);
  std::optional<Secret<32>> secret = Secret<32>::From(*bytes);
  Wipe(*bytes);
  return secret;
}

// Collects the decoded rows of a table by number.
template <typename T, typename Decode>
Result<std::vector<T>> Collect(const VaultStore& store, std::uint8_t table, Decode&& decode) {
  std::vector<T> rows;
  std::optional<Error> failed;
  SCHAKEL_TRY(store.Scan(table, 0, [&](std::uint64_t number, ByteView value) {
    Result<T> row = decode(number, value);
    if (!row) {
      failed = row.error();
      return false;
    }
    rows.push_back(std::move(*row));
    return true;
  }));
  if (failed) return std::unexpected(*failed);
  return rows;
}

Result<Bytes> Needed(Result<std::optional<Bytes>> row) {
  SCHAKEL_TRY(row);
  if (!*row) return Fail(Code::kNotFound, "vault.record", {}, "no such record here");
  return std::move(**row);
}

}  // namespace

void VaultBatch::PutMeta(std::string_view name, Bytes value) {
  meta_.insert_or_assign(std::string(name), std::move(value));
}
void VaultBatch::PutKeys(const AgentKeys& keys) { PutMeta(kKeysName, EncodeKeys(keys)); }
void VaultBatch::PutNextKeys(const AgentKeys& keys) { PutMeta(kNextKeysName, EncodeKeys(keys)); }
void VaultBatch::DropNextKeys() { PutMeta(kNextKeysName, {}); }
void VaultBatch::PutPseudonymKey(const Secret<32>& key) { PutMeta(kPseudonymKeyName, ToBytes(key.view())); }
void VaultBatch::PutMembership(const Membership& membership) {
  PutMeta(kMembershipName, vault_rows::EncodeMembership(membership));
}
void VaultBatch::PutToken(const Secret<32>& token) { PutMeta(kTokenName, ToBytes(token.view())); }
void VaultBatch::DropToken() { PutMeta(kTokenName, {}); }
void VaultBatch::PutCursor(const FeedCursor& cursor) { PutMeta(kCursorName, vault_rows::EncodeCursor(cursor)); }
void VaultBatch::PutSeen(const SeenHead& seen) { PutMeta(kSeenName, vault_rows::EncodeSeen(seen)); }
void VaultBatch::PutDistrust(const Error& why) { PutMeta(kDistrustName, vault_rows::EncodeError(why)); }
void VaultBatch::ClearDistrust() { PutMeta(kDistrustName, {}); }
void VaultBatch::PutStatement(std::uint64_t number, const SignedStatement& statement) {
  writes_.push_back(PutByNumber(kStatements, number, EncodeSignedStatement(statement)));
}
void VaultBatch::DropStatement(std::uint64_t number) { writes_.push_back(DropByNumber(kStatements, number)); }

void VaultBatch::PutRecord(std::uint64_t number, const StoredRecord& record, const Header& header) {
  const DataScope scope = ScopeOf(header);
  writes_.push_back(PutByNumber(kHeads, number, vault_rows::EncodeRecord(record), scope));
  writes_.push_back(PutByName(kRecordById, header.id.value(), vault_rows::EncodeNumber(number), scope));
}
void VaultBatch::DropRecord(std::uint64_t number, const RecordId& id) {
  writes_.push_back(DropByNumber(kHeads, number));
  writes_.push_back(DropByName(kRecordById, id.value()));
  DropContent(number);
}
void VaultBatch::PutContent(std::uint64_t number, const StoredContent& content, const Header& header) {
  // Why it was proposed goes with all the rest.
  PutContent(number, content, header.kind == Kind::kErasePropose ? ScopeOf(header.trajectory) : ScopeOf(header));
}
void VaultBatch::PutContent(std::uint64_t number, const StoredContent& content, const DataScope& scope) {
  writes_.push_back(PutByNumber(kContents, number, vault_rows::EncodeContent(content), scope));
}
void VaultBatch::DropContent(std::uint64_t number) { writes_.push_back(DropByNumber(kContents, number)); }
void VaultBatch::PutContentScope(const ContentScope& scope) {
  writes_.push_back(
      PutByName(kContentScopes, scope.scope.value(), vault_rows::EncodeContentScope(scope), ScopeOf(scope.trajectory)));
}
void VaultBatch::DropContentScope(const DataScope& scope) {
  writes_.push_back(DropByName(kContentScopes, scope.value()));
}
void VaultBatch::PutSealed(std::uint64_t number, const SealedItem& sealed) {
  writes_.push_back(PutByNumber(kSealed, number, vault_rows::EncodeSealed(sealed), ScopeOf(sealed.trajectory)));
}
void VaultBatch::PutErasure(const Erasure& erasure) {
  writes_.push_back(PutByName(kErasures, erasure.trajectory.value(), vault_rows::EncodeErasure(erasure)));
}
void VaultBatch::PutKept(std::uint64_t number, const StoredRecord& record, const StoredContent& content,
                         const SealedItem& sealed, const DataScope& scope) {
  writes_.push_back(PutByNumber(kKeptHeads, number, vault_rows::EncodeRecord(record), scope));
  PutContent(number, content, scope);
  writes_.push_back(PutByNumber(kSealed, number, vault_rows::EncodeSealed(sealed), scope));
}
void VaultBatch::DropKept(std::uint64_t number) {
  for (const std::uint8_t table : {kKeptHeads, kContents, kSealed}) writes_.push_back(DropByNumber(table, number));
}
void VaultBatch::PutUnsealing(std::uint64_t number, const Unsealing& unsealing) {
  PutUnsealing(number, unsealing, ScopeOf(unsealing.trajectory));
}
void VaultBatch::PutUnsealing(std::uint64_t number, const Unsealing& unsealing, const DataScope& scope) {
  writes_.push_back(PutByNumber(kUnsealings, number, vault_rows::EncodeUnsealing(unsealing), scope));
}
void VaultBatch::DropUnsealing(std::uint64_t number) { writes_.push_back(DropByNumber(kUnsealings, number)); }
void VaultBatch::PutOutbox(std::uint64_t number, OutboxState state) {
  writes_.push_back(PutByNumber(kOutbox, number, vault_rows::EncodeNumber(static_cast<std::uint64_t>(state))));
}
void VaultBatch::DropOutbox(std::uint64_t number) { writes_.push_back(DropByNumber(kOutbox, number)); }

void VaultBatch::PutWithheld(const WithheldMark& mark) {
  writes_.push_back(
      PutByNumber(kWithheld, mark.position.value(), vault_rows::EncodeWithheld(mark), ScopeOf(mark.trajectory)));
}
void VaultBatch::PutHidden(const HiddenItem& item, const TrajectoryId& trajectory) {
  writes_.push_back(PutByNumber(kHidden, item.position.value(), vault_rows::EncodeHidden(item), ScopeOf(trajectory)));
}
void VaultBatch::PutAlarm(const Alarm& alarm) {
  writes_.push_back(PutByNumber(kAlarms, alarm.number, vault_rows::EncodeAlarm(alarm)));
}
void VaultBatch::PutView(std::uint64_t number, const StoredView& view) {
  writes_.push_back(PutByNumber(kViews, number, vault_rows::EncodeView(view)));
}
void VaultBatch::PutUnreported(std::uint64_t number) {
  writes_.push_back(PutByNumber(kUnreported, number, vault_rows::EncodeNumber(number)));
}
void VaultBatch::DropUnreported(std::uint64_t number) { writes_.push_back(DropByNumber(kUnreported, number)); }
void VaultBatch::PutName(const Id128& pseudonym, std::string_view name) {
  writes_.push_back(PutByName(kNames, pseudonym, ToBytes(AsBytes(name))));
}
void VaultBatch::PutFact(std::string_view name, ByteView value) {
  writes_.push_back(PutByName(kFacts, AsBytes(name), ToBytes(value)));
}
void VaultBatch::DropFact(std::string_view name) { writes_.push_back(DropByName(kFacts, AsBytes(name))); }
void VaultBatch::Keep(const Engine::KeptRow& row) {
  const std::string set = SetOfRows(row.set);
  const std::string key = set + row.key;
  writes_.push_back(row.value ? PutByName(kKept, AsBytes(key), *row.value) : DropByName(kKept, AsBytes(key)));
  writes_.back().set_bytes = set.size();
}

Status Vault::Commit(VaultBatch& batch) {
  std::vector<VaultWrite> writes = std::exchange(batch.writes_, {});
  for (auto& [name, value] : std::exchange(batch.meta_, {})) {
    writes.push_back(value.empty() ? DropByName(kMeta, AsBytes(name))
                                   : PutByName(kMeta, AsBytes(name), std::move(value)));
  }
  {
    std::lock_guard lock(mutex_);
    std::erase_if(writes, [&](const VaultWrite& write) {
      return write.kind == VaultWrite::Kind::kPut && forgotten_.contains(write.scope);
    });
  }
  if (writes.empty()) return {};
  Status done = store_.Commit(writes);
  for (VaultWrite& write : writes) {
    if (write.table == kMeta) Wipe(write.value);
  }
  return done;
}

Result<std::optional<Bytes>> Vault::Meta(std::string_view name) const { return store_.Get(kMeta, AsBytes(name)); }

Result<std::optional<AgentKeys>> Vault::Keys() const { return KeysAt(kKeysName); }
Result<std::optional<AgentKeys>> Vault::NextKeys() const { return KeysAt(kNextKeysName); }
Result<std::optional<AgentKeys>> Vault::KeysAt(std::string_view name) const {
  SCHAKEL_ASSIGN(std::optional<Bytes> bytes, Meta(name));
  if (!bytes) return std::optional<AgentKeys>();
  auto keys = DecodeKeys(*bytes);
  Wipe(*bytes);
  if (!keys) return Fail(Code::kCorrupt, "vault.row", std::string(name));
  return std::optional<AgentKeys>(std::move(*keys));
}
Result<std::optional<Secret<32>>> Vault::PseudonymKey() const {
  SCHAKEL_ASSIGN(std::optional<Bytes> bytes, Meta(kPseudonymKeyName));
  return ToSecret(std::move(bytes), "pseudonym-key");
}
Result<std::optional<Membership>> Vault::LoadMembership() const {
  SCHAKEL_ASSIGN(std::optional<Bytes> bytes, Meta(kMembershipName));
  if (!bytes) return std::optional<Membership>();
  SCHAKEL_ASSIGN(Membership membership, vault_rows::DecodeMembership(*bytes));
  return std::optional<Membership>(std::move(membership));
}
Result<std::optional<Secret<32>>> Vault::Token() const {
  SCHAKEL_ASSIGN(std::optional<Bytes> bytes, Meta(kTokenName));
  return ToSecret(std::move(bytes), "token");
}
Result<FeedCursor> Vault::Cursor() const {
  SCHAKEL_ASSIGN(std::optional<Bytes> bytes, Meta(kCursorName));
  if (!bytes) return FeedCursor();
  return vault_rows::DecodeCursor(*bytes);
}
Result<SeenHead> Vault::Seen() const {
  SCHAKEL_ASSIGN(std::optional<Bytes> bytes, Meta(kSeenName));
  if (!bytes) return SeenHead();
  return vault_rows::DecodeSeen(*bytes);
}
Result<std::optional<Error>> Vault::Distrust() const {
  SCHAKEL_ASSIGN(std::optional<Bytes> bytes, Meta(kDistrustName));
  if (!bytes) return std::optional<Error>();
  SCHAKEL_ASSIGN(Error why, vault_rows::DecodeError(*bytes));
  return std::optional<Error>(std::move(why));
}
Result<std::vector<SignedStatement>> Vault::Statements() const {
  return Collect<SignedStatement>(store_, kStatements,
                                  [](std::uint64_t, ByteView value) { return DecodeSignedStatement(value); });
}

Result<std::uint64_t> Vault::NumberOf(const RecordId& id) const {
  SCHAKEL_ASSIGN(Bytes row, Needed(store_.Get(kRecordById, ByteView(id.value()))));
  return vault_rows::DecodeNumber(row);
}
Result<StoredRecord> Vault::Record(std::uint64_t number) const {
  SCHAKEL_ASSIGN(Bytes row, Needed(store_.Get(kHeads, number)));
  return vault_rows::DecodeRecord(row);
}
Result<StoredContent> Vault::Content(std::uint64_t number) const {
  SCHAKEL_ASSIGN(Bytes row, Needed(store_.Get(kContents, number)));
  return vault_rows::DecodeContent(row);
}
Status Vault::ScanRecords(const std::function<bool(std::uint64_t, const StoredRecord&)>& visit) const {
  std::optional<Error> failed;
  SCHAKEL_TRY(store_.Scan(kHeads, 0, [&](std::uint64_t number, ByteView value) {
    auto record = vault_rows::DecodeRecord(value);
    if (!record) {
      failed = record.error();
      return false;
    }
    return visit(number, *record);
  }));
  if (failed) return std::unexpected(*failed);
  return {};
}
Result<std::uint64_t> Vault::Last(std::uint8_t table) const {
  SCHAKEL_ASSIGN(std::optional<std::uint64_t> last, store_.LastNumber(table));
  return last.value_or(0);
}
Result<StoredRecord> Vault::KeptRecord(std::uint64_t number) const {
  SCHAKEL_ASSIGN(Bytes row, Needed(store_.Get(kKeptHeads, number)));
  return vault_rows::DecodeRecord(row);
}
Result<std::uint64_t> Vault::LastRecord() const {
  SCHAKEL_ASSIGN(const std::uint64_t last, Last(kHeads));
  SCHAKEL_ASSIGN(const std::uint64_t last_kept, Last(kKeptHeads));
  return std::max(last, last_kept);
}
Result<std::map<std::uint64_t, OutboxState>> Vault::Outbox() const {
  using Row = std::pair<std::uint64_t, OutboxState>;
  auto rows = Collect<Row>(store_, kOutbox, [](std::uint64_t number, ByteView value) -> Result<Row> {
    SCHAKEL_ASSIGN(std::uint64_t state, vault_rows::DecodeNumber(value));
    return Row{number, static_cast<OutboxState>(state)};
  });
  SCHAKEL_TRY(rows);
  return std::map<std::uint64_t, OutboxState>(rows->begin(), rows->end());
}

Result<std::vector<ContentScope>> Vault::ContentScopes() const {
  std::vector<ContentScope> scopes;
  std::optional<Error> failed;
  SCHAKEL_TRY(store_.Scan(kContentScopes, [&](ByteView, ByteView value) {
    auto scope = vault_rows::DecodeContentScope(value);
    if (scope) {
      scopes.push_back(*scope);
    } else {
      failed = scope.error();
    }
    return !failed;
  }));
  if (failed) return std::unexpected(*failed);
  return scopes;
}
Result<std::vector<Erasure>> Vault::Erasures() const {
  std::vector<Erasure> erasures;
  std::optional<Error> failed;
  SCHAKEL_TRY(store_.Scan(kErasures, [&](ByteView, ByteView value) {
    auto erasure = vault_rows::DecodeErasure(value);
    if (erasure) {
      erasures.push_back(*erasure);
    } else {
      failed = erasure.error();
    }
    return !failed;
  }));
  if (failed) return std::unexpected(*failed);
  return erasures;
}
void Vault::ForgetScopes(std::span<const DataScope> scopes) {
  std::lock_guard lock(mutex_);
  forgotten_.insert(scopes.begin(), scopes.end());
}
Result<std::map<std::uint64_t, SealedItem>> Vault::SealedByNumber() const {
  using Row = std::pair<std::uint64_t, SealedItem>;
  auto rows = Collect<Row>(store_, kSealed, [](std::uint64_t number, ByteView value) -> Result<Row> {
    SCHAKEL_ASSIGN(SealedItem sealed, vault_rows::DecodeSealed(value));
    return Row{number, std::move(sealed)};
  });
  SCHAKEL_TRY(rows);
  return std::map<std::uint64_t, SealedItem>(rows->begin(), rows->end());
}
Result<std::optional<SealedItem>> Vault::Sealed(std::uint64_t number) const {
  SCHAKEL_ASSIGN(const std::optional<Bytes> row, store_.Get(kSealed, number));
  if (!row) return std::optional<SealedItem>();
  SCHAKEL_ASSIGN(SealedItem sealed, vault_rows::DecodeSealed(*row));
  return std::optional(std::move(sealed));
}
Result<std::map<std::uint64_t, Unsealing>> Vault::UnsealingsByNumber() const {
  using Row = std::pair<std::uint64_t, Unsealing>;
  auto rows = Collect<Row>(store_, kUnsealings, [](std::uint64_t number, ByteView value) -> Result<Row> {
    SCHAKEL_ASSIGN(Unsealing unsealing, vault_rows::DecodeUnsealing(value));
    return Row{number, std::move(unsealing)};
  });
  SCHAKEL_TRY(rows);
  return std::map<std::uint64_t, Unsealing>(rows->begin(), rows->end());
}
Result<std::uint64_t> Vault::LastUnsealing() const { return Last(kUnsealings); }

Result<std::vector<WithheldMark>> Vault::Withheld() const {
  return Collect<WithheldMark>(store_, kWithheld,
                               [](std::uint64_t, ByteView value) { return vault_rows::DecodeWithheld(value); });
}
Result<std::vector<HiddenItem>> Vault::Hidden() const {
  return Collect<HiddenItem>(store_, kHidden,
                             [](std::uint64_t, ByteView value) { return vault_rows::DecodeHidden(value); });
}
Result<std::vector<Alarm>> Vault::Alarms() const {
  return Collect<Alarm>(store_, kAlarms, [](std::uint64_t, ByteView value) { return vault_rows::DecodeAlarm(value); });
}
Result<std::uint64_t> Vault::LastAlarm() const { return Last(kAlarms); }
Result<std::uint64_t> Vault::LastView() const { return Last(kViews); }
Result<StoredView> Vault::FindView(std::uint64_t number) const {
  SCHAKEL_ASSIGN(Bytes row, Needed(store_.Get(kViews, number)));
  return vault_rows::DecodeView(row);
}
Status Vault::ScanViews(const std::function<bool(const StoredView&)>& visit) const {
  std::optional<Error> failed;
  SCHAKEL_TRY(store_.Scan(kViews, 0, [&](std::uint64_t, ByteView value) {
    auto view = vault_rows::DecodeView(value);
    if (!view) failed = view.error();
    return view && visit(*view);
  }));
  if (failed) return std::unexpected(*failed);
  return {};
}
Result<std::map<std::uint64_t, StoredView>> Vault::ViewsOf(const TrajectoryId& trajectory) const {
  std::map<std::uint64_t, StoredView> views;
  std::optional<Error> failed;
  SCHAKEL_TRY(store_.Scan(kViews, 0, [&](std::uint64_t number, ByteView value) {
    auto view = vault_rows::DecodeView(value);
    if (!view) failed = view.error();
    if (view && view->trajectory == trajectory) views.emplace(number, std::move(*view));
    return !failed;
  }));
  if (failed) return std::unexpected(*failed);
  return views;
}
Result<std::vector<std::uint64_t>> Vault::Unreported() const {
  return Collect<std::uint64_t>(store_, kUnreported,
                                [](std::uint64_t, ByteView value) { return vault_rows::DecodeNumber(value); });
}
Result<std::optional<std::string>> Vault::Name(const Id128& pseudonym) const {
  SCHAKEL_ASSIGN(std::optional<Bytes> bytes, store_.Get(kNames, ByteView(pseudonym)));
  if (!bytes) return std::optional<std::string>();
  return std::optional<std::string>(AsText(*bytes));
}
Result<std::optional<Bytes>> Vault::Fact(std::string_view name) const { return store_.Get(kFacts, AsBytes(name)); }
Result<std::map<std::string, Bytes>> Vault::Kept(std::string_view set) const {
  std::map<std::string, Bytes> rows;
  const std::string begins = SetOfRows(set);
  SCHAKEL_TRY(store_.Scan(kKept, AsBytes(begins), [&](ByteView key, ByteView value) {
    rows.emplace(AsText(key).substr(begins.size()), ToBytes(value));
    return true;
  }));
  return rows;
}

Status Vault::SortKept() {
  std::vector<VaultWrite> rows;
  bool sorted = true;
  SCHAKEL_TRY(store_.Scan(kKeptBefore, [&](ByteView key, ByteView value) {
    const std::size_t end = AsText(key).find(kEndOfSet);
    sorted = end != std::string_view::npos;
    if (!sorted) return false;
    rows.push_back(PutByName(kKept, key, ToBytes(value)));
    rows.back().set_bytes = end + 1;
    rows.push_back(DropByName(kKeptBefore, key));
    return true;
  }));
  if (!sorted) return Fail(Code::kCorrupt, "vault.row", "kept");
  for (std::size_t at = 0; at < rows.size(); at += 2 * kMovedAtOnce) {
    const std::size_t end = std::min(rows.size(), at + 2 * kMovedAtOnce);
    const auto begin = rows.begin();
    SCHAKEL_TRY(store_.Commit({begin + static_cast<std::ptrdiff_t>(at), begin + static_cast<std::ptrdiff_t>(end)}));
  }
  return {};
}

Result<HeldRecord> ToHeld(const StoredRecord& stored) {
  auto header = DecodeHeader(stored.header);
  if (!header) return Fail(Code::kCorrupt, "vault.row", "record.header");
  return HeldRecord{std::move(*header), stored.state,   stored.sequence, stored.position, stored.at,
                    stored.recipients,  stored.refused, stored.error,    stored.grant};
}

}  // namespace schakel
