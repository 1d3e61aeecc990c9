#include "unit/protocol/samples.h"

#include <algorithm>

namespace schakel::test {
namespace {

const RecordId kNoteId = RecordNo(0x101);
const RecordId kGrantId = RecordNo(0x50);
const RecordId kRoutedId = RecordNo(0x104);

Views SampleViews() {
  return {{{kNoteId, Filled<16>(0x71), StaffRole::kWorker, ViewReason::kTask, kNow + kHour},
           {kNoteId, Filled<16>(0x72), StaffRole::kCoordinator, ViewReason::kRoundTable, kNow + 2 * kHour}}};
}

// The same note once more, under another id.
const SealedRecord& RoutedRecord() {
  static const SealedRecord record = [] {
    Header header = SampleNote();
    header.id = kRoutedId;
    return ReferenceSeal(header, SampleBody(), SampleDraws());
  }();
  return record;
}

SignatureEvidence EvidenceOf(const SealedRecord& record) {
  const std::vector<Hash32> leaves{
      RecordLeaf(record.header, Sha256(record.ciphertext), RecipientsRoot(record.recipients))};
  return ProveLeaves(leaves, SignLeaves(SecretsOf(kYouthCare).record, leaves)).front();
}

RecordEntry RecordEntryOf(const SealedRecord& record) {
  return {record.header, Sha256(record.ciphertext), RecipientsRoot(record.recipients), EvidenceOf(record)};
}

MemoryLog MakeLog() {
  MemoryLog log;
  log.Append(RegistryEntry{SampleSignedStatement()}, kNow - kDay);
  log.Append(SessionEntry{kYouthCare, SessionEvent::kConnected, "", {}, {}}, kNow - kHour);
  log.Append(RecordEntryOf(SampleRecord()));
  log.Append(DeliveryEntry{kPsychiatry, FeedPosition(1), {}, Sequence(3), kNoteId, kOurs, kGrantId, std::nullopt});
  log.Append(DenialEntry{kPolice, Sequence(3), kNoteId, kOurs, Denial::kSectorCeiling});
  log.Append(DeliveryEntry{kPsychiatry, FeedPosition(2), FeedHash(log.EntryAt(4)), Sequence(3), RecordNo(0x102), kOurs,
                           std::nullopt, Denial::kWithdrawn},
             kNow + kHour);
  const FeedPosition third(3);
  const ClosedNumber number = CloseNumber(NumberKeyOf(HubLogKey()), kPsychiatry, third, 3);
  log.Append(DeliveryEntry{kPsychiatry, third, FeedHash(log.EntryAt(6)), Sequence(3), RecordNo(0x103), kOurs, kGrantId,
                           std::nullopt, number},
             kNow + kHour);
  log.Append(AnswerEntry{kPsychiatry, kOurs, {}, {{kPsychiatry, 3}}}, kNow + kDay);
  const ErasureEntry::Party lead{kYouthCare, 0, {}, {}, {}, Sequence(3)};
  const ErasureEntry::Party party{kPsychiatry, 3, third, FeedHash(log.EntryAt(7)), Sequence(3), {}};
  log.Append(ErasureEntry{kOurs, RecordNo(0x28), kYouthCare, {party, lead}}, kNow + kDay);
  log.Append(OperatorEntry{"master-key-changed"}, kNow + kDay);
  log.Append(RecordEntryOf(RoutedRecord()), kNow + kDay);
  const FeedPosition fourth(4);
  const ClosedNumber next = CloseNumber(NumberKeyOf(HubLogKey()), kPsychiatry, fourth, 4);
  const DeliveryEntry routed{kPsychiatry,  fourth, FeedHash(log.EntryAt(7)), Sequence(11), kRoutedId, kOurs, kGrantId,
                             std::nullopt, next};
  const DenialEntry denied{kPolice, Sequence(11), kRoutedId, kOurs, Denial::kSectorCeiling};
  log.AppendRouting(kRoutedId, kOurs, {{3, routed}, {20, denied}}, kNow + kDay);
  return log;
}

// By karus-gent, an hour after the head.
std::string SampleCosigned() {
  const SigningKey key = SecretsOf(kPsychiatry).cosign;
  return *CosignCheckpoint(SampleLog().Checkpoint(6), kHub, kPsychiatry, key, kNow + kHour);
}

EnrolRequest SampleEnrolRequest() {
  const OrgSecrets secrets = SecretsOf(kYouthCare);
  EnrolRequest request{.keys = secrets.Public()};
  const Bytes bytes = EnrolProofBytes(kYouthCare, request.keys);
  request.proof_record = Sign(secrets.record, "schakel/enrol/v1", bytes);
  request.proof_cosign = Sign(secrets.cosign, "schakel/enrol/v1", bytes);
  return request;
}

Welcome SampleWelcome() {
  const MemoryLog& log = SampleLog();
  return {.origin = std::string(kHub),
          .checkpoint = log.Checkpoint(6),
          .consistency = log.ProveGrowth(4, 6),
          .feed_last = FeedPosition(2),
          .statements = 7,
          .hub_time = kNow + kDay,
          .limits = {},
          .own_last = Sequence(3)};
}

SubmitAck SampleSubmitAck() {
  Outcome taken{.sequence = Sequence(3), .at = kNow, .refused = {{kPolice, Denial::kSectorCeiling}}, .error = {}};
  Outcome refused{.sequence = {}, .at = {}, .refused = {}, .error = {}};
  refused.error = Error{Code::kDenied, "admit.lead", "author", "ask the organisation that holds the lead to do this"};
  return {{taken, refused}};
}

FeedItems SampleFeedItems() {
  const MemoryLog& log = SampleLog();
  FeedItem handed{.delivery = log.EntryAt(4), .delivery_salt = log.SaltAt(4), .content = {}};
  handed.content = FeedItem::Content{log.EntryAt(3), log.SaltAt(3), ProveStanza(SampleRecord().recipients, 0),
                                     SampleRecord().ciphertext};
  return {{handed, {log.EntryAt(6), log.SaltAt(6), std::nullopt}}, FeedPosition(2)};
}

// The rules changed when its content was about to leave.
FeedItems SampleRoutedItems() {
  const ProvenEntry proven = SampleLog().ProveSlot(12, 12, 0);
  FeedItem item{.delivery = proven.entry, .delivery_salt = proven.salt, .content = {}};
  item.place = proven.place;
  return {{item}, FeedPosition(4)};
}

ProofReply SampleProofReply() {
  const ProvenEntry proven = SampleLog().Prove(3, 6);
  return {.checkpoint = "", .hashes = proven.proof, .entry = proven.entry, .salt = proven.salt};
}

OrgSecrets NextSecrets() { return SecretsOf(OrgId("stappen-gent-next")); }

HpkeStatement SampleHpke() { return {kYouthCare, 1, NextSecrets().Public().hpke, kNow}; }

RotateRequest SampleRotateRequest() {
  const OrgSecrets next = NextSecrets();
  return ProveRotation(kYouthCare, next.Public(), next.record, next.cosign, SecretsOf(kYouthCare).record);
}

std::vector<std::pair<std::string, MessagePayload>> SamplePayloads() {
  const MemoryLog& log = SampleLog();
  return {
      {"hello", Hello{"schakel-agent 0.1.0", log.Head(4), log.Checkpoint(4)}},
      {"submit", Submit{SignBatch({SampleRecord()}, SecretsOf(kYouthCare).record)}},
      {"signed-batch", Submit{SignBatch({SampleRecord(), SampleSecondRecord()}, SecretsOf(kYouthCare).record)}},
      {"feed", Feed{FeedPosition(1), 256}},
      {"prove-inclusion", ProveInclusion{Sequence(3), 6}},
      {"prove-consistency", ProveConsistency{4, 6}},
      {"access-query", AccessQuery{kOurs, {}, Sequence(2), 256}},
      {"directory-query", DirectoryQuery{1}},
      {"heartbeat", Heartbeat{}},
      {"enrol-request", SampleEnrolRequest()},
      {"enrol-status-query", EnrolStatusQuery{}},
      {"rotate-request", SampleRotateRequest()},
      {"announce", Announce{SignHpkeStatement(SampleHpke(), SecretsOf(kYouthCare).record)}},
      {"welcome", SampleWelcome()},
      {"submit-ack", SampleSubmitAck()},
      {"feed-items", SampleFeedItems()},
      {"feed-items-erased",
       FeedItems{{FeedItem{{}, {}, {}, FeedItem::Erased{FeedPosition(3), Sequence(7), FeedHash(log.EntryAt(7))}}},
                 FeedPosition(3)}},
      {"feed-items-routed", SampleRoutedItems()},
      {"proof-reply", SampleProofReply()},
      {"proof-reply-head", ProofReply{log.Checkpoint(6), log.ProveGrowth(4, 6), {}, {}}},
      {"access-reply", AccessReply{SampleEvidence(), false}},
      {"directory-reply", DirectoryReply{{SampleSignedStatement()}, true}},
      {"heartbeat-reply", HeartbeatReply{kNow, 7}},
      {"cosign", Cosign{SampleCosigned()}},
      {"cosign-ack", CosignAck{SampleCosigned()}},
      {"own-records-query", OwnRecordsQuery{Sequence(2)}},
      {"own-records-reply", OwnRecordsReply{log.Checkpoint(6), {log.Prove(3, 6)}, Sequence(6)}},
      {"enrol-status",
       EnrolStatus{EnrolState::kPending, kYouthCare, Fingerprint(kYouthCare, SecretsOf(kYouthCare).Public())}},
      {"error", Error{Code::kLimit, "codec.size", "message", "send less, or raise the limit on both sides"}},
  };
}

}  // namespace

Header SampleNote() {
  Header header = NoteBy(kYouthCare, kOurs, 0x101);
  header.thread = RecordNo(0x100);
  header.categories = {Category::kGoals, Category::kAgreements};
  header.basis = Basis::kConsent;
  header.references = {RecordNo(0x100)};
  header.seen = {2, Filled<32>(0x99)};
  return header;
}

const std::vector<std::pair<std::string, Header>>& SampleStatementHeaders() {
  static const std::vector<std::pair<std::string, Header>> headers = [] {
    GrantGive oral = GrantTo(kPsychiatry);
    oral.oral = true;
    oral.witnessed_by = Filled<16>(0x52);
    const GrantNarrow narrow{kGrantId, {Purpose::kCareCoordination}, {Category::kGoals}, kNow + kHour};
    const std::vector<std::pair<OrgId, Control>> said = {
        {kYouthCare, TrajectoryOpen{}},
        {kYouthCare, TrajectoryClose{}},
        {kYouthCare, MemberInvite{kPsychiatry, kNow + kDay}},
        {kPsychiatry, MemberJoin{RecordNo(0x11)}},
        {kPsychiatry, MemberLeave{}},
        {kYouthCare, MemberRemove{kPsychiatry}},
        {kYouthCare, MemberShow{kPolice, kPsychiatry}},
        {kYouthCare, oral},
        {kYouthCare, narrow},
        {kYouthCare, GrantWithdraw{kGrantId}},
        {kPsychiatry, SampleViews()},
    };
    std::vector<std::pair<std::string, Header>> made;
    std::uint64_t number = 0x10;
    for (const auto& [author, control] : said) {
      const Kind kind = *KindOf(control);
      const Header header = Says(author, control, kind == Kind::kGrantGive ? 0x50 : number);
      made.emplace_back(std::string(Slug(kind)), header);
      ++number;
    }
    const std::vector<std::tuple<const char*, OrgId, Control>> later = {
        {"trajectory-open-child", kYouthCare, TrajectoryOpen{Stage::kChild}},
        {"member-invite-child", kYouthCare, MemberInvite{kPsychiatry, kNow + kDay, Stage::kChild}},
        {"subject-stage", kYouthCare, SubjectStage{Stage::kAdult, std::nullopt}},
        {"subject-stage-receiver", kYouthCare, SubjectStage{Stage::kAdult, kPsychiatry}},
        {"case-frame", kYouthCare, FrameOf({kYouthCare, kPsychiatry})},
        {"emergency-review", kYouthCare, EmergencyReview{kGrantId, ReviewOutcome::kJustified}},
        {"grant-secrecy", kYouthCare, SecrecyTo(kPsychiatry)},
        {"grant-framed", kYouthCare, FramedTo(kPsychiatry, RecordNo(0x1f))},
        {"grant-emergency", kPsychiatry, EmergencyTo(kPolice)},
        {"trajectory-close-kept", kYouthCare, TrajectoryClose{kNow + kDay}},
        {"grant-receipt", kPsychiatry, GrantReceipt{kGrantId, RecordNo(0x19), Kept::kSealed}},
        {"erase-propose", kYouthCare, ErasePropose{EraseReason::kSubjectRequest, Filled<16>(0x71)}},
        {"erase-second", kPsychiatry, EraseSecond{RecordNo(0x26)}},
        {"erase-confirm", kYouthCare, EraseConfirm{RecordNo(0x26), Filled<16>(0x72)}},
        {"erase-receipt", kPsychiatry, EraseReceipt{RecordNo(0x28)}},
        {"lead-offer", kYouthCare, LeadOffer{kPsychiatry, kNow + kDay}},
        {"lead-accept", kPsychiatry, LeadAccept{RecordNo(0x2a)}},
        {"lead-refuse", kPsychiatry, LeadRefuse{RecordNo(0x2a)}},
        {"lead-withdraw", kYouthCare, LeadWithdraw{RecordNo(0x2a)}},
        {"lead-passed", kYouthCare, LeadPassed{RecordNo(0x2b), kPsychiatry, true}},
        {"erase-receipt-kept", kPsychiatry, EraseReceipt{RecordNo(0x28), KeptByLaw{kNow + kDay, KeepReason::kSector}}},
    };
    for (const auto& [name, author, control] : later) made.emplace_back(name, Says(author, control, number++));
    const RecordId offer = RecordNo(number);  // The first of these.
    const RecordId hold = RecordNo(number + 1);
    const std::tuple<const char*, OrgId, Control> of_places[] = {
        {"place-offer", kYouthCare, PlaceOffer{2, 240, kNow + 30 * kDay}},
        {"place-hold", kPsychiatry, PlaceHold{offer, kNow + 4 * kHour, kNow + 7 * kDay}},
        {"place-answer", kYouthCare, PlaceAnswer{offer, hold, kPsychiatry, true}},
        {"place-release", kPsychiatry, PlaceRelease{offer, hold}},
        {"place-close", kYouthCare, PlaceClose{offer}},
    };
    for (const auto& [name, author, control] : of_places) {
      made.emplace_back(name, Says(author, control, number++, TrajectoryId()));
    }
    return made;
  }();
  return headers;
}

Header SampleReveal() {
  Header header = NoteBy(kYouthCare, kOurs, 0x105);
  header.kind = Kind::kReveal;
  return header;
}

Header SampleEnrolment() {
  Header header = NoteBy(kPsychiatry, TrajectoryId(), 0x106);
  header.kind = Kind::kPlaceEnrolment;
  header.thread = RecordNo(0x30);
  header.categories = {Category::kIdentity, Category::kSchool};
  header.references = {RecordNo(0x31)};
  return header;
}

Body SampleRevealBody() {
  Encoder content;
  content.Array(2).Binary(Filled<16>(0x01)).Text("Sam");
  return {.type = 77, .version = 1, .content = content.Take()};
}

Body SampleBody() { return {.type = 7, .version = 1, .content = ToBytes(AsBytes("vrijdag samen naar het CLB"))}; }

ContentKey SampleContentKey() {
  ContentKey key;
  key.bytes = Filled<32>(0xc0);
  return key;
}

Draws SampleDraws() {
  return {.content_key = Filled<32>(0xc0),
          .tree_seed = Filled<32>(0x5e),
          .nonce = Filled<24>(0x4e),
          .recipients = {{RecipientKeyOf(kPsychiatry), 3, Filled<32>(0xa1)},
                         {RecipientKeyOf(kPolice), 20, Filled<32>(0xa2)}}};
}

const SealedRecord& SampleRecord() {
  static const SealedRecord record = ReferenceSeal(SampleNote(), SampleBody(), SampleDraws());
  return record;
}

const SealedRecord& SampleSecondRecord() {
  static const SealedRecord record =
      ReferenceSeal(Says(kYouthCare, GrantTo(kPsychiatry), 0x51), Body{.type = 1, .version = 1, .content = {}},
                    {.content_key = Filled<32>(0xc1), .tree_seed = Filled<32>(0x5f), .nonce = Filled<24>(0x4f)});
  return record;
}

const MemoryLog& SampleLog() {
  static const MemoryLog log = MakeLog();
  return log;
}

OrgStatement SampleOrganisation() { return StatementOf(kYouthCare, "youth-care"); }

RulesStatement SampleRules() { return {1, {}, kNow - 30 * kDay}; }

SignedStatement SampleSignedStatement() { return SignedBy(SampleOrganisation(), {1, 3}); }

Evidence SampleEvidence() {
  return {.checkpoint = SampleLog().Checkpoint(6),
          .entries = {SampleLog().Prove(3, 6), SampleLog().Prove(4, 6)},
          .subject = "trajectory 0000000000000000000000000000000a"};
}

Evidence SampleWitnessedEvidence() {
  const MemoryLog& log = SampleLog();
  Evidence evidence{.checkpoint = log.Checkpoint(8), .entries = {}, .subject = SampleEvidence().subject};
  for (const std::uint64_t sequence : {4, 6, 7, 8}) evidence.entries.push_back(log.Prove(sequence, 8));
  evidence.entries[2].opening = OpenNumber(NumberKeyOf(HubLogKey()), kPsychiatry, FeedPosition(3),
                                           *std::get<DeliveryEntry>(DecodeEntry(log.EntryAt(7))->body).number);
  evidence.witnesses = {{SampleCosigned(), log.ProveGrowth(6, 8)}};
  evidence.statements = {SignedBy(StatementOf(kPsychiatry, "psychiatry"), {1, 3})};
  return evidence;
}

Archive SampleArchive() { return {SampleEvidence(), {{0, SampleContentKey().bytes, SampleRecord().ciphertext}}}; }

Evidence SampleRoutedEvidence() {
  const MemoryLog& log = SampleLog();
  Evidence evidence{.checkpoint = log.Checkpoint(12), .entries = {}, .subject = "record " + ToText(kRoutedId)};
  evidence.entries = {log.Prove(11, 12), log.ProveSlot(12, 12, 0), log.ProveSlot(12, 12, 1)};
  const auto delivery = std::get<DeliveryEntry>(DecodeEntry(evidence.entries[1].entry)->body);
  evidence.entries[1].opening = OpenNumber(NumberKeyOf(HubLogKey()), kPsychiatry, delivery.position, *delivery.number);
  return evidence;
}

Invitation SampleInvitation() {
  Invitation invitation{.endpoint = "tcp://hub.schakel.example:7420",
                        .hub_transport = TransportKey::FromSecret(SeedOf("transport", kHub)).public_key,
                        .hub_log = HubLogVerifier(),
                        .registrars = RegistrarsOf(2, 3),
                        .organisation = kYouthCare,
                        .sector = Sector("youth-care"),
                        .token = Secret<32>::From(Filled<32>(0x70))};
  return invitation;
}

PolicyState SamplePassedPolicy() {
  std::vector<Header> headers = Membership({kPsychiatry});
  headers.push_back(Says(kYouthCare, LeadOffer{kPsychiatry, kNow + kDay}, 0x20));
  headers.push_back(Says(kPsychiatry, LeadAccept{RecordNo(0x20)}, 0x21));
  headers.push_back(Says(kYouthCare, LeadPassed{RecordNo(0x21), kPsychiatry, true}, 0x22));
  headers.push_back(Says(kPsychiatry, LeadOffer{kYouthCare, kNow + kDay}, 0x23));
  return StateAfter(headers);
}

// A consent to one record, and to no other.
PolicyState SamplePiecePolicy() {
  std::vector<Header> headers = Membership({kPsychiatry});
  headers.push_back(Says(kYouthCare, GrantTo(kPsychiatry), 0x50));
  headers.back().references = {RecordNo(0x100)};
  return StateAfter(headers);
}

// One of two places is held, the other taken.
PolicyState SamplePlacesPolicy() {
  PolicyState state = SamplePolicy();
  for (const auto& [name, header] : SampleStatementHeaders()) {
    if (header.kind >= Kind::kPlaceOffer && header.kind <= Kind::kPlaceAnswer) state.Apply(header);
  }
  const auto& offer = state.places().begin()->first;
  state.Apply(Says(kSchool, PlaceHold{offer, kNow + kHour, kNow + kDay}, 0x70, TrajectoryId()));
  return state;
}

PolicyState SamplePolicy() {
  std::vector<Header> headers = Membership({kPsychiatry, kPolice});
  headers.push_back(Says(kYouthCare, MemberShow{kPolice, kPsychiatry}, 0x30));
  headers.push_back(Says(kYouthCare, GrantTo(kPsychiatry), 0x50));
  headers.push_back(Says(kYouthCare, TrajectoryOpen{}, 0x60, kOther));
  return StateAfter(headers);
}

Message SampleMessage(std::string_view name) {
  for (auto& [known, payload] : SamplePayloads()) {
    if (known == name) return {.request = 7, .payload = std::move(payload)};
  }
  AssertFailed("the name of a message", __FILE__, __LINE__);
}

const std::vector<std::string>& SampleMessageNames() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> made;
    for (const auto& [name, payload] : SamplePayloads()) made.push_back(name);
    return made;
  }();
  return names;
}

// ---- The bytes ----

namespace {

using Labels = std::vector<std::string>;

Labels operator+(Labels a, const Labels& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

Labels HeaderLabels(std::string_view kind, const Labels& control) {
  return Labels{"header",     "version", "kind: " + std::string(kind),
                "id",         "author",  "signer: id of its record key",
                "trajectory", "thread",  "purpose: care-coordination",
                "categories"} +
         control;
}
const Labels kContentTail = {"basis: consent", "created at",       "references", "a reference",
                             "seen",           "size of the tree", "its root",   "control: none"};
const Labels kStatementTail = {"basis: none", "created at", "references: none", "seen", "size: none yet", "root"};

Labels ControlLabels(std::string_view kind) {
  if (kind == "member-invite") return {"control", "organisation", "expires at"};
  if (kind == "trajectory-open-child") return {"control", "stage: child"};
  if (kind == "member-invite-child") return {"control", "organisation", "expires at", "stage: child"};
  if (kind == "subject-stage") return {"control", "stage: adult"};
  if (kind == "subject-stage-receiver") return {"control", "stage: adult", "receiver"};
  if (kind == "case-frame") {
    return {"control",      "ground: decree", "hash of the document", "chair",
            "participants", "participant",    "participant",          "purposes",
            "begins at",    "ends at"};
  }
  if (kind == "emergency-review") return {"control", "the grant", "outcome: justified"};
  if (kind == "trajectory-close-kept") return {"control", "retain until"};
  if (kind == "grant-receipt") return {"control", "the grant", "the withdrawal", "kept: sealed"};
  if (kind == "erase-propose") return {"control", "reason: subject-request", "person"};
  if (kind == "erase-second") return {"control", "the proposal"};
  if (kind == "erase-confirm") return {"control", "the proposal", "person"};
  if (kind == "erase-receipt") return {"control", "the confirmation"};
  if (kind == "erase-receipt-kept") return {"control", "the confirmation", "kept until", "because: sector-law"};
  if (kind == "lead-offer") return {"control", "to, \"karus-gent\"", "expires at, 1795550400000"};
  if (kind == "lead-accept" || kind == "lead-refuse" || kind == "lead-withdraw") return {"control", "the offer"};
  if (kind == "place-offer") return {"control", "places", "minutes that one waits for an answer", "ends at"};
  if (kind == "place-hold") return {"control", "the offer", "waits until", "ends at"};
  if (kind == "place-answer") return {"control", "the offer", "the hold", "its holder", "agreed: true"};
  if (kind == "place-release") return {"control", "the offer", "the hold"};
  if (kind == "place-close") return {"control", "the offer"};
  if (kind == "lead-passed") return {"control", "the acceptance", "lead, \"karus-gent\"", "last: true"};
  if (kind.starts_with("grant-") && kind != "grant-give" && kind != "grant-narrow" && kind != "grant-withdraw") {
    Labels labels = ControlLabels("grant-give");
    labels[6] = kind == "grant-secrecy"  ? "basis: shared secrecy"
                : kind == "grant-framed" ? "basis: case consultation"
                                         : "basis: emergency";
    labels[7] = "grantor: professional";
    labels[10] = "witnessed by: nobody";
    labels[11] = "oral: false";
    if (kind == "grant-secrecy")
      labels = labels + Labels{"agreement: refused", "necessary", "in the client's interest"};
    if (kind == "grant-framed") labels.emplace_back("the frame");
    return labels;
  }
  if (kind == "member-join") return {"control", "the invitation"};
  if (kind == "member-remove") return {"control", "organisation"};
  if (kind == "member-show") return {"control", "member", "to"};
  if (kind == "grant-give") {
    return {"control",   "recipient",   "purposes",       "categories",
            "begins at", "ends at",     "basis: consent", "grantor: young person",
            "evidence",  "recorded by", "witnessed by",   "oral: true"};
  }
  if (kind == "grant-narrow") return {"control", "the grant", "purposes", "categories", "ends at"};
  if (kind == "grant-withdraw") return {"control", "the grant"};
  if (kind == "views") {
    return {"control", "a view", "record", "person", "role: worker",      "reason: task",
            "at",      "a view", "record", "person", "role: coordinator", "reason: round-table",
            "at"};
  }
  return {"control: nothing to add"};
}

const Labels kStanzaLabels = {"stanza", "recipient", "id of its HPKE key", "enc", "wrapped content key"};
Labels SlottedLabels() {
  return Labels{"stanzas", "one stanza in its slot", "slot"} + kStanzaLabels + Labels{"another", "slot"} +
         kStanzaLabels;
}
const Labels kProofLabels = Labels{"stanza proof", "slot", "salt"} + kStanzaLabels +
                            Labels{"path", "level 0", "level 1", "level 2", "level 3", "level 4"};
const Labels kPlaceLabels = {"place",   "routing entry", "its salt", "slot",    "path",
                             "level 0", "level 1",       "level 2",  "level 3", "level 4"};
const Labels kKeysLabels = {"keys", "record (Ed25519)", "cosign (Ed25519)", "transport (X25519, CURVE)",
                            "hpke (X25519)"};

Labels EntryLabels(std::string_view type, const Labels& fields) {
  return Labels{"entry", "version", "type: " + std::string(type), "sequence", "the hub's time"} + fields;
}
Labels MessageLabels(std::string_view type, const Labels& fields) {
  return Labels{"message", "version", "type: " + std::string(type), "request"} + fields;
}

Labels LabelsOfMessage(std::string_view name) {
  if (name == "hello") return MessageLabels("hello", {"software", "seen: size", "seen: root", "its checkpoint"});
  if (name == "submit") {
    return MessageLabels("submit", Labels{"records", "record", "header", "seed of the recipients tree"} +
                                       SlottedLabels() + Labels{"ciphertext", "signature"});
  }
  if (name == "feed") return MessageLabels("feed", {"after", "credit"});
  if (name == "prove-inclusion") return MessageLabels("prove inclusion", {"sequence", "size of the tree"});
  if (name == "prove-consistency") return MessageLabels("prove consistency", {"first size", "second size"});
  if (name == "access-query") {
    return MessageLabels("access query", {"trajectory", "record: all", "after", "limit"});
  }
  if (name == "directory-query") return MessageLabels("directory query", {"after"});
  if (name == "heartbeat") return MessageLabels("heartbeat", {});
  if (name == "enrol-request") {
    return MessageLabels("enrol request", {"record key", "cosign key", "transport key", "hpke key",
                                           "proof by the record key", "proof by the cosign key"});
  }
  if (name == "rotate-request") {
    return MessageLabels("rotate request",
                         {"record key", "cosign key", "transport key", "hpke key", "proof by the record key",
                          "proof by the cosign key", "proof by the record key in force"});
  }
  if (name == "announce") return MessageLabels("announce", {"signed statement"});
  if (name == "enrol-status-query") return MessageLabels("enrol status query", {});
  if (name == "welcome") {
    return MessageLabels("welcome", {"origin", "checkpoint", "consistency proof", "hash", "last feed position",
                                     "statements in the directory", "the hub's time", "limits", "bytes of a message",
                                     "records of a batch", "credit", "records in flight", "own last record"});
  }
  if (name == "submit-ack") {
    return MessageLabels(
        "submit ack", {"outcomes", "outcome", "sequence", "time in its entry", "refused", "recipient and reason",
                       "recipient", "reason: sector-ceiling", "error: none", "outcome", "sequence: none", "time: none",
                       "refused: nobody", "error", "code: denied", "rule", "field", "next"});
  }
  if (name == "feed-items") {
    return MessageLabels(
        "feed items",
        Labels{"items", "item", "delivery entry", "its salt", "content", "record entry", "its salt"} + kProofLabels +
            Labels{"ciphertext", "item", "delivery entry", "its salt", "content: withheld", "last feed position"});
  }
  if (name == "feed-items-erased") {
    return MessageLabels("feed items", {"items", "item", "no delivery", "erased", "feed position",
                                        "sequence of the delivery", "its feed hash", "last feed position"});
  }
  if (name == "feed-items-routed") {
    return MessageLabels("feed items", Labels{"items", "item", "delivery", "salt of its slot", "content: withheld"} +
                                           kPlaceLabels + Labels{"last feed position"});
  }
  if (name == "proof-reply") {
    return MessageLabels("proof reply", {"checkpoint: none", "hashes", "hash", "hash", "hash", "entry", "its salt"});
  }
  if (name == "proof-reply-head") {
    return MessageLabels("proof reply", {"checkpoint", "hashes", "hash", "entry: none", "salt: none"});
  }
  if (name == "access-reply") return MessageLabels("access reply", {"evidence", "more"});
  if (name == "directory-reply") {
    return MessageLabels("directory reply", {"statements", "signed statement", "more"});
  }
  if (name == "heartbeat-reply") {
    return MessageLabels("heartbeat reply", {"the hub's time", "statements in the directory"});
  }
  if (name == "cosign") return MessageLabels("cosign", {"the cosigned head"});
  if (name == "cosign-ack") return MessageLabels("cosign ack", {"what another cosigned"});
  if (name == "own-records-query") return MessageLabels("own records query", {"after"});
  if (name == "own-records-reply")
    return MessageLabels("own records reply", {"checkpoint", "entries", "one", "entry", "its salt", "proof", "hash",
                                               "hash", "hash", "looked through up to"});
  if (name == "enrol-status") return MessageLabels("enrol status", {"state: pending", "organisation", "fingerprint"});
  if (name == "error") return MessageLabels("error", {"error", "code: limit", "rule", "field", "next"});
  return {};
}

void AddRecordSamples(std::vector<Sample>& to) {
  to.push_back({"header-note", EncodeHeader(SampleNote()), ReencodeHeader, HeaderLabels("note", kContentTail)});
  for (const auto& [name, header] : SampleStatementHeaders()) {
    // One is shown whole; of the others the last field tells enough.
    const bool whole = name == Slug(Kind::kGrantGive);
    to.push_back({"header-" + name, EncodeHeader(header), ReencodeHeader,
                  whole ? HeaderLabels(name, kStatementTail + ControlLabels(name)) : Labels()});
    if (whole) continue;
    Encoder control;
    EncodeControl(header.control, control);
    to.push_back({"control-" + name, control.Take(), nullptr, ControlLabels(name)});
  }
  const SealedRecord& record = SampleRecord();
  to.push_back({"body",
                EncodeBody(SampleBody(), kYouthCare, HeaderHash(record.header), RecipientsRoot(record.recipients)),
                nullptr,
                {"body", "type", "version", "author", "header hash", "recipients root", "content"}});
  to.push_back({"header-reveal", EncodeHeader(SampleReveal()), ReencodeHeader});
  to.push_back({"header-place-enrolment", EncodeHeader(SampleEnrolment()), ReencodeHeader});
  to.push_back({"body-reveal", EncodeBody(SampleRevealBody(), kYouthCare, HeaderHash(EncodeHeader(SampleReveal())),
                                          RecipientsRoot(record.recipients))});
  to.push_back({"ciphertext", record.ciphertext});
  Encoder proof;
  EncodeStanzaProof(ProveStanza(record.recipients, 0), proof);
  to.push_back({"stanza-proof", proof.Take(), ReencodeStanzaProof, kProofLabels});
  to.push_back({"payload", EncodePayload(record.recipients, record.ciphertext), ReencodePayload,
                Labels{"payload", "seed"} + SlottedLabels() + Labels{"ciphertext"}});
}

void AddRegistrySamples(std::vector<Sample>& to) {
  to.push_back({"statement-organisation", EncodeStatement(SampleOrganisation()), ReencodeStatement,
                Labels{"statement", "version", "type: organisation", "organisation", "serial", "name", "sector",
                       "status: active"} +
                    kKeysLabels + Labels{"issued at"}});
  Labels rows{"statement", "version", "type: ceilings", "serial", "rows"};
  for (int i = 0; i < 6; ++i) rows = rows + Labels{"row", "sector", "categories", "court wall"};
  to.push_back({"statement-ceilings", EncodeStatement(Ceilings()), ReencodeStatement, rows + Labels{"issued at"}});
  to.push_back({"statement-rules",
                EncodeStatement(SampleRules()),
                ReencodeStatement,
                {"statement", "version", "type: rules", "serial", "age of consent", "age of majority",
                 "parents: either until withdrawn", "an emergency lasts at most, hours", "reviewed within, hours",
                 "kept until the age of", "kept after departure, years", "names by role", "issued at"}});
  to.push_back(
      {"statement-registrars",
       EncodeStatement(RegistrarsStatement{1, RegistrarsOf(2, 3), kNow}),
       ReencodeStatement,
       {"statement", "version", "type: registrars", "serial", "threshold", "keys", "key", "key", "key", "issued at"}});
  to.push_back({"statement-hpke",
                EncodeStatement(SampleHpke()),
                ReencodeStatement,
                {"statement", "version", "type: hpke key", "organisation", "serial", "key", "issued at"}});
  to.push_back({"signed-statement",
                EncodeSignedStatement(SampleSignedStatement()),
                ReencodeSignedStatement,
                {"signed statement", "the statement", "signatures", "one signature", "id of the registrar's key",
                 "signature", "another", "id of the registrar's key", "signature"}});
}

void AddEntrySamples(std::vector<Sample>& to) {
  const Labels kDelivery = {"recipient", "feed position", "feed hash before", "sequence of the record",
                            "record",    "trajectory"};
  const std::pair<const char*, Labels> entries[] = {
      {"entry-registry", EntryLabels("registry", {"signed statement"})},
      {"entry-session", EntryLabels("session", {"organisation", "event: connected", "detail", "trajectory", "record"})},
      {"entry-record",
       EntryLabels("record", {"header", "SHA-256 of the ciphertext", "recipients root", "signature evidence",
                              "signature", "records under it", "index among them", "path"})},
      {"entry-delivery", EntryLabels("delivery", kDelivery + Labels{"grant", "withheld: no"})},
      {"entry-denial", EntryLabels("denial", {"recipient", "sequence of the record", "record", "trajectory",
                                              "reason: sector-ceiling"})},
      {"entry-withheld", EntryLabels("delivery", kDelivery + Labels{"grant: none", "withheld: withdrawn"})},
      {"entry-delivery-numbered",
       EntryLabels("delivery", kDelivery + Labels{"grant", "withheld: no", "its number, masked", "its commitment"})},
      {"entry-answer", EntryLabels("answer", {"who asked", "trajectory", "record: all", "counts", "one recipient",
                                              "recipient", "deliveries"})},
      {"entry-erasure", EntryLabels("erasure", {"trajectory", "the confirmation", "the lead", "parties", "a party",
                                                "organisation", "deliveries", "last feed position", "its feed hash",
                                                "sequence of the record there", "its last own record: none", "a party",
                                                "organisation", "deliveries: none", "last feed position: none",
                                                "its feed hash: none", "sequence: none", "its last own record"})},
      {"entry-operator", EntryLabels("operator", {"act"})},
  };
  for (std::uint64_t sequence = 1; const auto& [name, labels] : entries) {
    to.push_back({name, SampleLog().EntryAt(sequence), ReencodeEntry, labels});
    ++sequence;
  }
  Entry placed = DecodeEntry(SampleLog().EntryAt(7)).value();
  std::get<DeliveryEntry>(placed.body).blind = Filled<32>(0x72);
  const Bytes open = EncodeEntry(placed);
  const Labels number = {"grant", "withheld: no", "its number, masked", "its commitment"};
  to.push_back({"entry-delivery-placed", open, ReencodeEntry,
                EntryLabels("delivery", kDelivery + number + Labels{"its blind"})});
  to.push_back({"entry-delivery-closed", ClosedForm(open), ReencodeEntry,
                EntryLabels("delivery",
                            Labels{"recipient", "its place, closed", "sequence of the record", "record", "trajectory"} +
                                number)});
  to.push_back({"entry-record-routed", SampleLog().EntryAt(11), ReencodeEntry, entries[2].second});
  to.push_back({"entry-routing", SampleLog().EntryAt(12), ReencodeEntry,
                EntryLabels("routing", {"sequence of the record", "record", "trajectory", "slots root"})});
  const Slots& slots = SampleLog().SlotsAt(12);
  to.push_back(
      {"entry-delivery-routed", slots.used[0].entry, ReencodeEntry,
       EntryLabels("delivery", kDelivery + Labels{"grant", "withheld: no", "its number, masked", "its commitment"})});
  to.push_back({"entry-denial-routed", slots.used[1].entry, ReencodeEntry,
                EntryLabels("denial", {"recipient", "sequence of the record", "record", "trajectory",
                                       "reason: sector-ceiling"})});
  to.push_back({"slots",
                EncodeSlots(slots),
                ReencodeSlots,
                {"slots", "seed", "used", "one", "slot", "a delivery", "another", "slot", "a denial"}});
}

void AddEvidenceSamples(std::vector<Sample>& to) {
  to.push_back({"checkpoint", ToBytes(AsBytes(SampleLog().Checkpoint(6)))});
  to.push_back(
      {"evidence",
       EncodeEvidence(SampleEvidence()),
       ReencodeEvidence,
       {"evidence", "version", "checkpoint", "subject", "entries", "one entry", "the entry", "its salt", "proof",
        "hash", "hash", "hash", "another", "the entry", "its salt", "proof", "hash", "hash", "hash"}});
  to.push_back({"cosigned", ToBytes(AsBytes(SampleCosigned()))});
  const Labels proven = {"one entry", "the entry", "its salt", "proof", "hash", "hash", "hash"};
  const Labels closed = proven + Labels{"number: not opened"};
  to.push_back({"evidence-witnessed", EncodeEvidence(SampleWitnessedEvidence()), ReencodeEvidence,
                Labels{"evidence", "version", "checkpoint", "subject", "entries"} + closed + closed + proven +
                    Labels{"opening", "number", "blind"} + closed +
                    Labels{"witnesses", "one head", "the cosigned head", "consistency proof", "hash", "hash", "hash"} +
                    Labels{"statements", "signed statement"}});
  const Labels four = {"one entry", "the entry", "its salt", "proof", "hash", "hash", "hash", "hash"};
  to.push_back({"evidence-routed", EncodeEvidence(SampleRoutedEvidence()), ReencodeEvidence,
                Labels{"evidence", "version", "checkpoint", "subject", "entries"} + proven +
                    Labels{"number: not opened", "place: a leaf of its own"} + proven +
                    Labels{"opening", "number", "blind"} + kPlaceLabels + proven + Labels{"number: not opened"} +
                    kPlaceLabels + Labels{"witnesses: none", "statements: none"}});
  to.push_back({"archive",
                EncodeArchive(SampleArchive()),
                ReencodeArchive,
                {"archive", "version", "mark", "evidence", "contents", "one of them", "its entry", "content key",
                 "ciphertext", "digest"}});
  const std::string invitation = ToText(SampleInvitation());
  to.push_back({"invitation", ToBytes(AsBytes(invitation)), ReencodeInvitation});
  to.push_back({"invitation-inside",
                *FromBase64(invitation.substr(invitation.find(':') + 1)),
                nullptr,
                {"invitation", "endpoint", "the hub's transport key", "the log's verifier key", "threshold",
                 "registrars", "key", "key", "key", "organisation", "sector", "token"}});
  to.push_back({"policy", SamplePolicy().Encode(), ReencodePolicy});
  to.push_back({"policy-passed", SamplePassedPolicy().Encode(), ReencodePolicy});
  to.push_back({"policy-piece", SamplePiecePolicy().Encode(), ReencodePolicy});
  to.push_back({"policy-places", SamplePlacesPolicy().Encode(), ReencodePolicy});
}

std::vector<Sample> MakeSamples() {
  std::vector<Sample> samples;
  AddRecordSamples(samples);
  AddRegistrySamples(samples);
  AddEntrySamples(samples);
  AddEvidenceSamples(samples);
  for (const std::string& name : SampleMessageNames()) {
    samples.push_back({"message-" + name, EncodeMessage(SampleMessage(name)), ReencodeMessage, LabelsOfMessage(name)});
  }
  return samples;
}

}  // namespace

const std::vector<Sample>& Samples() {
  static const std::vector<Sample> samples = MakeSamples();
  return samples;
}

const Sample& FindSample(std::string_view name) {
  const auto found = std::ranges::find(Samples(), name, &Sample::name);
  SCHAKEL_ASSERT(found != Samples().end());
  return *found;
}

}  // namespace schakel::test
