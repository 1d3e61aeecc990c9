// Frozen rows: what an agent once wrote into its vault must be read by every later one, for as long as anyone has such
// a vault. Each row that is written now is in tests/golden/vault-rows-v1 as its bytes; shapes that earlier versions
// wrote stay there beside them. SCHAKEL_WRITE_GOLDEN=1 adds those that are missing, and never changes one that is
// there: a row that changes keeps its old sample under another name.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <set>

#include "agents/following.h"
#include "agents/former_names.h"
#include "agents/parents_groups.h"
#include "agents/partnership_agreements.h"
#include "agents/structural.h"
#include "agents/visits.h"
#include "api/idempotency.h"
#include "api/imported_rows.h"
#include "notices/rows.h"
#include "people/account.h"
#include "people/guest_links.h"
#include "people/passes.h"
#include "protocol/codec.h"
#include "services/receipt_rows.h"
#include "services/upload_rows.h"
#include "support/annotate.h"
#include "support/fake_engine.h"
#include "support/golden_bytes.h"
#include "support/temp_folder.h"
#include "vault_rows.h"

namespace schakel::testing {
namespace {

const std::filesystem::path kRowsFolder = SourceDir() / "tests/golden/vault-rows-v1";

const TrajectoryId kSam(Id128{1});
const RecordId kSome(Id128{2});
const RecordId kOther(Id128{3});
const Timestamp kMoment = ParseTimestamp("2026-11-23T08:00:00Z").value();

struct RowSample {
  std::string name;
  Bytes bytes;                                     // As it is written now; of an earlier shape, as it was.
  std::function<Result<Bytes>(ByteView)> rewrite;  // What reading and writing makes of it; of an earlier shape none.
};

template <typename T>
RowSample Sample(const char* name, const T& value, Bytes (*encode)(const T&), Result<T> (*decode)(ByteView)) {
  return {name, encode(value), [encode, decode](ByteView bytes) -> Result<Bytes> {
            SCHAKEL_ASSIGN(const T read, decode(bytes));
            return encode(read);
          }};
}

SlotPlace Place() {
  SlotPlace place{Bytes(84, 4), Hash32{5}, 17, {}};
  for (std::size_t i = 0; i < place.path.size(); ++i) place.path[i][0] = static_cast<std::uint8_t>(i + 1);
  return place;
}

StoredRecord OwnRecord() {
  StoredRecord record;
  record.header = Bytes(60, 6);
  record.state = RecordState::kRefused;
  record.sequence = Sequence(7);
  record.at = kMoment;
  record.recipients = {OrgId("de-wissel"), OrgId("upc-leuven")};
  record.refused = {{OrgId("clb-kessel-lo"), Denial::kNoGrant}};
  record.error = Error{Code::kDenied, "admit.member", "trajectory", "ask the lead"};
  return record;
}
StoredRecord ReceivedRecord() {
  StoredRecord record;
  record.header = Bytes(60, 6);
  record.state = RecordState::kReceived;
  record.sequence = Sequence(8);
  record.position = FeedPosition(9);
  record.at = kMoment;
  record.grant = kOther;
  return record;
}
StoredContent OwnContent() {
  auto payload = DecodePayload(test::GoldenBytes("protocol-v1/payload")).value();
  StoredContent content;
  content.recipients_root = Hash32{1};
  content.ciphertext = std::move(payload.ciphertext);
  content.recipients = std::move(payload.recipients);
  return content;
}
StoredContent ReceivedContent(bool in_slot) {
  StoredContent content;
  content.recipients_root = Hash32{1};
  content.ciphertext = Bytes(40, 2);
  content.origin = StoredContent::Origin{Bytes(30, 2), Hash32{2}, Bytes(16, 3), Hash32{3}, {}};
  if (in_slot) content.origin->place = Place();
  return content;
}
HiddenItem Hidden(bool in_slot) {
  HiddenItem item{FeedPosition(4), Alarm::Fault::kHub, {Code::kTampered, "feed.stanza", "stanza", "tell the operator"},
                  Bytes(16, 3),    Hash32{3},          Bytes(30, 2),
                  Bytes(40, 1)};
  if (in_slot) item.place = Place();
  return item;
}
SealedItem Sealed() {
  return {kSome, kSam, kOther, RecordId(Id128{4}), kMoment, kMoment, {"bewaarplicht", "duty to keep", "obligation"},
          {}};
}
// Before there was French.
Bytes SealedInTwoLanguages() {
  const SealedItem sealed = Sealed();
  Encoder to;
  to.Array(10).Uint(1).Id(sealed.record).Id(sealed.trajectory).Id(sealed.grant).Id(sealed.change);
  to.Time(sealed.sealed_at).Time(sealed.keep_until).Text(sealed.reason.dutch).Text(sealed.reason.english).Nil();
  return to.Take();
}

std::vector<RowSample> VaultTableSamples() {
  using namespace vault_rows;
  Membership membership{OrgId("de-wissel"),  ParseSector("youth-care").value(), "tcp://hub.example:7000", {}, {}, {},
                        EnrolState::kPending};
  membership.hub_log.name = "schakel.example/gent";
  const Unsealing unsealing{kSome, kSam, Id128{5}, "nazicht", kMoment, kOther};
  const Alarm alarm{3,
                    kMoment,
                    Alarm::Fault::kNotice,
                    {Code::kConflict, "keys.changed", "x", "call them"},
                    OrgId("de-wissel"),
                    kSome,
                    FeedPosition(4)};
  const StoredView view{kSam, {kSome, Id128{5}, StaffRole::kAuditor, ViewReason::kAudit, kMoment}};
  Erasure keeps{kSam, kSome, Erasure::State::kErased, {}};
  keeps.kept = DataScope(Id128{3});
  const Error error{Code::kTampered, "head.fork", "head", "tell the operator"};
  return {
      Sample("membership", membership, &EncodeMembership, &DecodeMembership),
      Sample("cursor", FeedCursor{FeedPosition(4), Hash32{1}, Sequence(9)}, &EncodeCursor, &DecodeCursor),
      Sample("seen", SeenHead{{9, Hash32{1}}, "note"}, &EncodeSeen, &DecodeSeen),
      Sample("distrust", error, &EncodeError, &DecodeError),
      Sample("record-own", OwnRecord(), &EncodeRecord, &DecodeRecord),
      Sample("record-received", ReceivedRecord(), &EncodeRecord, &DecodeRecord),
      Sample("content-own", OwnContent(), &EncodeContent, &DecodeContent),
      Sample("content-received", ReceivedContent(false), &EncodeContent, &DecodeContent),
      Sample("content-in-slot", ReceivedContent(true), &EncodeContent, &DecodeContent),
      Sample("withheld", WithheldMark{FeedPosition(4), kSome, kSam, Denial::kPeriod, kMoment}, &EncodeWithheld,
             &DecodeWithheld),
      Sample("hidden", Hidden(false), &EncodeHidden, &DecodeHidden),
      Sample("hidden-in-slot", Hidden(true), &EncodeHidden, &DecodeHidden),
      Sample("alarm", alarm, &EncodeAlarm, &DecodeAlarm),
      Sample("view", view, &EncodeView, &DecodeView),
      Sample("content-scope", ContentScope{DataScope(Id128{6}), kSam, kSome, true}, &EncodeContentScope,
             &DecodeContentScope),
      Sample("sealed", Sealed(), &EncodeSealed, &DecodeSealed),
      {"sealed-two-languages", SealedInTwoLanguages(), {}},
      Sample("unsealing", unsealing, &EncodeUnsealing, &DecodeUnsealing),
      Sample("erasure", Erasure{kSam, kSome, Erasure::State::kAsked, {}}, &EncodeErasure, &DecodeErasure),
      Sample("erasure-keeps", keeps, &EncodeErasure, &DecodeErasure),
      {"number", EncodeNumber(12),
       [](ByteView bytes) -> Result<Bytes> {
         SCHAKEL_ASSIGN(const std::uint64_t number, DecodeNumber(bytes));
         return EncodeNumber(number);
       }},
  };
}

// ---- What services keep in sets of their own ----
NoticeSettings Chosen(Language language) {
  return {"Nora Peeters",
          MailMode::kDigest,
          "nora@dewissel.example",
          std::chrono::minutes(480),
          QuietHours{std::chrono::minutes(1200), std::chrono::minutes(450)},
          language};
}
// Before there was French.
Bytes ChosenInOneOfTwoLanguages() {
  Encoder to;
  to.Array(8).Uint(1).Text("Nora Peeters").Enum(MailMode::kDigest).Text("nora@dewissel.example").Uint(480);
  return to.Uint(1200).Uint(450).Bool(true).Take();
}

std::vector<RowSample> ServiceSamples() {
  Account account;
  account.id = AccountId(Id128{7});
  account.login = "nora";
  account.name = "Nora Peeters";
  account.roles = {StaffRole::kWorker, StaffRole::kAuditor};
  account.state = AccountState::kActive;
  account.password = "$argon2id$v=19$m=65536,t=3,p=1$c2FsdA$aGFzaA";
  account.totp = TotpSecret{1, 2, 3};
  account.totp_last = 58;
  account.recovery = {Hash32{1}, Hash32{2}};
  account.subject = "https://id.example\nnora";
  account.created_at = kMoment;
  account.version = 4;
  Account invited = account;
  invited.state = AccountState::kInvited;
  invited.password.clear();
  invited.invitation = Account::Invitation{Hash32{3}, kMoment};
  const WebhookId hook(Id128{8});
  Upload upload;
  upload.id = UploadId(Id128{9});
  upload.person = "Nora Peeters";
  upload.request = {
      kSam, kSome, "verslag.pdf", "application/pdf", 2000, "bijschrift", Purpose::kEducation, {Category::kSchool}, {}};
  upload.request.audience.named = {OrgId("upc-leuven")};
  upload.begun_at = kMoment;
  upload.offset = 1000;
  upload.pieces = {kOther};
  upload.reaches = {OrgId("upc-leuven")};
  Upload again = upload;
  again.source = RecordId(Id128{4});
  const MailRow mail{"Nora Peeters", kMoment, kMoment, 2, kMoment};
  MailRow late = mail;
  late.late = true;
  MailRow urgent = mail;
  urgent.urgent = true;
  const PartnershipAgreement agreed{Id128{10},
                                    Id128{11},
                                    "upc-leuven",
                                    {AgreementUse::kCrisis, AgreementUse::kSchool},
                                    "2026-01-01",
                                    "2026-12-31",
                                    "016 00 00 00",
                                    1,
                                    {},
                                    {},
                                    {}};
  PartnershipAgreement ended = agreed;
  ended.ended_at = kMoment;
  ended.ended_by = "Bea Coene";
  ended.why = "niet verlengd";
  const StructuralMeeting structural{Id128{12},
                                     Id128{11},
                                     "UPC",
                                     ConsultationLevel::kStaff,
                                     "2026-11-20",
                                     StructuralState::kHeld,
                                     {"Nora Peeters", "dokter Claes"},
                                     "besproken",
                                     "Bea Coene"};
  const ParentsGroup parents{Id128{13}, "Ouders dinsdag", {"Nora Peeters"}, true};
  const ParentsSession session{Id128{14}, Id128{13}, "2026-11-24", "Grenzen", {{"Fa", 2}, {"Roos", 1}}, 3, false};
  const Visit visit{Id128{15}, "Nora Peeters", "An Maes", "Tiensestraat 12", kMoment, kMoment, kMoment, {}, {}, {}};
  const ReceiptsBy receipts = {{OrgId("caw"), {kMoment, {}}},
                               {OrgId("clb-leuven"), {}},
                               {OrgId("upc-leuven"), {kMoment, kMoment + std::chrono::hours(1)}}};
  const auto account_row = [](const char* name, const Account& one) {
    return Sample(name, one, &EncodeAccount, &DecodeAccount);
  };
  const auto hook_row = [&](const char* name, HookRow::What what) {
    return Sample<HookRow>(name, {what, hook, 5, Id128{8}, kSam, kSome, kMoment}, &Encode, &DecodeHookRow);
  };
  return {
      account_row("account", account),
      account_row("account-invited", invited),
      Sample<NoticeSettings>("notice-settings", Chosen(Language::kFrench), &Encode, &DecodeNoticeSettings),
      {"notice-settings-two-languages", ChosenInOneOfTwoLanguages(), {}},
      Sample<MailRow>("notice-mail", mail, &Encode, &DecodeMailRow),
      Sample<MailRow>("notice-mail-late", late, &Encode, &DecodeMailRow),
      Sample<MailRow>("notice-mail-urgent", urgent, &Encode, &DecodeMailRow),
      Sample("partnership-agreement", agreed, &EncodePartnershipAgreement, &DecodePartnershipAgreement),
      Sample("partnership-agreement-ended", ended, &EncodePartnershipAgreement, &DecodePartnershipAgreement),
      Sample("structural-consultation", structural, &EncodeStructuralMeeting, &DecodeStructuralMeeting),
      Sample("parents-group", parents, &EncodeParentsGroup, &DecodeParentsGroup),
      Sample("parents-session", session, &EncodeParentsSession, &DecodeParentsSession),
      Sample("visit", visit, &EncodeVisit, &DecodeVisit),
      Sample<Webhook>(
          "notice-webhook",
          {hook, "https://epd.example/x", Bytes(32, 1), {Kind::kNote, Kind::kGoal}, kMoment, false, 2, kMoment},
          &Encode, &DecodeWebhook),
      hook_row("notice-message", HookRow::What::kReceived),
      hook_row("notice-message-late", HookRow::What::kAnswerLate),
      hook_row("notice-message-visit", HookRow::What::kVisitOverdue),
      Sample<Follow>("follow", {kSam, "Nora Peeters", {Kind::kNote}, kMoment}, &EncodeFollow, &DecodeFollow),
      Sample("upload", upload, &EncodeUpload, &DecodeUpload),
      Sample("upload-again", again, &EncodeUpload, &DecodeUpload),
      Sample("receipts", receipts, &EncodeReceipts, &DecodeReceipts),
      Sample("imported", Imported{kSam, true}, &EncodeImported, &DecodeImported),
      Sample("imported-under-way", Imported{kSam, false}, &EncodeImported, &DecodeImported),
  };
}

// Of services that encode their rows for themselves: what they write, with everything that is drawn or told from
// outside held fast. That they read what they write, their own tests say.
std::vector<RowSample> WrittenByServices() {
  test::Leuven leuven;
  test::FakeEngine& engine = leuven.youth_care;
  std::vector<RowSample> samples;
  const auto only_row_of = [&](const char* name, const char* set) {
    const auto rows = engine.Kept(set).value();
    EXPECT_EQ(rows.size(), 1U) << set;
    samples.push_back({name, rows.empty() ? Bytes() : rows.begin()->second, {}});
  };
  test::FakeRandom random(1);
  Passes passes(engine, leuven.region.clock, random, {});
  EXPECT_TRUE(passes.IssueToken(AccountId(Id128{7}), "EPD", {StaffRole::kWorker}, true,
                                leuven.region.clock.Now() + std::chrono::hours(1)));
  only_row_of("pass", Passes::kSet);
  GuestLinks links(engine, leuven.region.clock, random);
  EXPECT_TRUE(links.Make(kSam, kSome, kOther, leuven.region.clock.Now() + std::chrono::hours(1), LinkEnd::kFollows,
                         "Nora Peeters"));
  only_row_of("guest-link", GuestLinks::kSet);
  EXPECT_TRUE(engine.VisitFacts(GuestLinks::kEvents, [&](ByteView row) {
    samples.push_back({"guest-event", ToBytes(row), {}});
    return true;
  }));
  EXPECT_TRUE(engine.Keep(FormerNames::Of(engine).value().RowsFor(Id128{7}, "Nora Peeters", "Nora Maes")));
  only_row_of("former-name", FormerNames::kSet);
  Cases cases(engine);
  FollowService following(engine, cases, leuven.region.clock);
  EXPECT_TRUE(following.NoteAsker(kSome, "Nora Peeters"));
  only_row_of("asker", FollowService::kAskerSet);
  EXPECT_TRUE(following.Begin(kSam, {}, "Nora Peeters"));
  EXPECT_TRUE(following.NoteOwn(kSam, kSome, "Nora Peeters"));
  only_row_of("own-followed", FollowService::kOwnSet);
  Idempotency once(engine, leuven.region.clock);
  const Idempotency::Once key{"key", Hash32{1}};
  EXPECT_TRUE(once.Begin(key));
  once.Done(key, {201, {{"Content-Type", "application/json"}}, R"({"record":"3f9a"})"});
  only_row_of("idempotency", Idempotency::kSet);
  return samples;
}

std::vector<RowSample> AllRowSamples() {
  std::vector<RowSample> all = VaultTableSamples();
  for (auto& more : {ServiceSamples(), WrittenByServices()}) all.insert(all.end(), more.begin(), more.end());
  return all;
}

TEST(VaultGolden, WhatIsWrittenNowIsWhatWasWrittenThen) {
  for (const RowSample& sample : AllRowSamples()) {
    const std::filesystem::path path = kRowsFolder / (sample.name + ".hex");
    if (std::getenv("SCHAKEL_WRITE_GOLDEN") != nullptr && !exists(path)) {
      create_directories(kRowsFolder);
      std::ofstream(path) << test::HexLines(sample.bytes);
    }
    EXPECT_EQ(ToHex(sample.bytes), ToHex(test::GoldenBytes("vault-rows-v1/" + sample.name))) << sample.name;
  }
}

TEST(VaultGolden, WhatWasWrittenThenIsReadAndWrittenTheSame) {
  for (const RowSample& sample : AllRowSamples()) {
    if (!sample.rewrite) continue;
    const Bytes golden = test::GoldenBytes("vault-rows-v1/" + sample.name);
    const auto again = sample.rewrite(golden);
    ASSERT_TRUE(again) << sample.name << " " << ToText(again.error());
    EXPECT_EQ(ToHex(*again), ToHex(golden)) << sample.name;
  }
}

TEST(VaultGolden, EveryFileIsTested) {
  std::set<std::string> names;
  for (const RowSample& sample : AllRowSamples()) EXPECT_TRUE(names.insert(sample.name + ".hex").second) << sample.name;
  for (const auto& file : std::filesystem::directory_iterator(kRowsFolder)) {
    EXPECT_EQ(names.erase(file.path().filename().string()), 1U) << file.path();
  }
  EXPECT_TRUE(names.empty()) << *names.begin() << " is missing";
}

TEST(VaultGolden, WhatWasWrittenBeforeThereWasFrenchIsInTheOldLanguages) {
  const auto sealed = vault_rows::DecodeSealed(test::GoldenBytes("vault-rows-v1/sealed-two-languages"));
  ASSERT_TRUE(sealed) << ToText(sealed.error());
  SealedItem expected = Sealed();
  expected.reason.french = expected.reason.dutch;
  EXPECT_EQ(*sealed, expected);
  const auto chosen = DecodeNoticeSettings(test::GoldenBytes("vault-rows-v1/notice-settings-two-languages"));
  ASSERT_TRUE(chosen) << ToText(chosen.error());
  EXPECT_EQ(*chosen, Chosen(Language::kEnglish));
}

// ---- On disk ----
constexpr std::uint8_t kTableOfSetsBefore = 16;
using KeptRows = std::map<std::string, Bytes>;

class VaultOnDisk : public ::testing::Test {
 protected:
  VaultOnDisk() {
    std::ofstream(key_) << std::string(64, '7') << "\n";
    std::filesystem::permissions(key_, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  }
  std::unique_ptr<VaultStore> Open() {
    VaultStoreOptions options;
    options.directory = directory_;
    options.master_key = MasterKeyFile{key_};
    options.if_absent = IfAbsent::kCreate;
    auto store = OpenVaultStore(options);
    EXPECT_TRUE(store) << ToText(store.error());
    return store ? std::move(*store) : nullptr;
  }
  void WriteIfMissing() {
    if (std::getenv("SCHAKEL_WRITE_GOLDEN") == nullptr || exists(golden_)) return;
    {
      const auto store = Open();
      // As the first version kept all sets: in one table, each key behind the name of its set.
      std::vector<VaultWrite> before;
      for (const char* key : {"one", "two"}) {
        const std::string whole = std::string("follows") + '\0' + key;
        before.push_back({.table = kTableOfSetsBefore, .key = ToBytes(AsBytes(whole)), .value = Bytes{1}, .scope = {}});
      }
      ASSERT_TRUE(store->Commit(before));
      Vault vault(*store);
      VaultBatch batch;
      batch.Keep({"people.accounts", "nora", Bytes{2}});
      batch.Keep({"people.accounts", "wim", Bytes{3}});
      batch.Keep({"people", "", Bytes{4}});
      ASSERT_TRUE(vault.Commit(batch));
    }
    std::filesystem::copy(directory_, golden_, std::filesystem::copy_options::recursive);
    for (const auto& item : std::filesystem::recursive_directory_iterator(golden_)) {
      const std::string file = item.path().filename().string();  // What no reader needs.
      if (file.starts_with("OPTIONS") || file == "LOCK" || file == "lock") std::filesystem::remove(item.path());
    }
    std::filesystem::remove_all(directory_);
  }

  const std::filesystem::path golden_ = SourceDir() / "tests/golden/vault-sets-v1";
  test::TempFolder folder_;
  const std::filesystem::path key_ = folder_ / "key";
  const std::filesystem::path directory_ = folder_ / "vault";
};

TEST_F(VaultOnDisk, SetsAsTheyWereOnceKeptAreSortedAndRead) {
  WriteIfMissing();
  std::filesystem::copy(golden_, directory_, std::filesystem::copy_options::recursive);
  for (const char* round : {"first", "again"}) {
    SCOPED_TRACE(round);
    const auto store = Open();
    ASSERT_NE(store, nullptr);
    Vault vault(*store);
    ASSERT_TRUE(vault.SortKept());
    EXPECT_EQ(vault.Kept("follows").value(), (KeptRows{{"one", Bytes{1}}, {"two", Bytes{1}}}));
    EXPECT_EQ(vault.Kept("people.accounts").value(), (KeptRows{{"nora", Bytes{2}}, {"wim", Bytes{3}}}));
    EXPECT_EQ(vault.Kept("people").value(), (KeptRows{{"", Bytes{4}}}));
    EXPECT_EQ(store->VerifyAll().value(), 5U);
  }
}

}  // namespace
}  // namespace schakel::testing
