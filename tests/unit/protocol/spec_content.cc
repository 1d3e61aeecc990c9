#include "unit/protocol/spec_content.h"

#include "protocol/crypto.h"

namespace schakel::test {
namespace {

// ---- Examples ----

void AddExamples(std::vector<SpecStretch>& to) {
  Known known;
  for (const Sample& sample : Samples()) {
    if (!sample.labels.empty()) {
      to.push_back({"hex", sample.name, Annotator(sample.bytes, sample.labels, known).Write()});
    } else if (sample.name == "ciphertext") {
      to.push_back({"hex", sample.name, HexLines(sample.bytes)});
    } else if (sample.name == "checkpoint" || sample.name == "cosigned" || sample.name == "invitation") {
      to.push_back({"text", sample.name, std::string(AsText(sample.bytes))});
      if (sample.name == "invitation") to.back().text += "\n";
    } else {
      continue;
    }
    known.emplace_back(sample.name, sample.bytes);
  }
}

// ---- Values on the way ----

class Values {
 public:
  Values& Add(std::string name, ByteView bytes) { return AddText(std::move(name), ToHex(bytes)); }
  Values& AddText(std::string name, const std::string& value) {
    name.resize(std::max(name.size(), kNameWidth), ' ');
    text_ += name + " = " + value + "\n";
    return *this;
  }
  std::string Take() { return std::move(text_); }

 private:
  static constexpr std::size_t kNameWidth = 24;
  std::string text_;
};

// Bytes of a text, and of single bytes.
Bytes operator""_b(const char* text, std::size_t size) { return ToBytes(AsBytes({text, size})); }
Bytes One(std::uint8_t byte) { return {byte}; }

std::string KeyValues() {
  Values values;
  const SigningKey author = SecretsOf(kYouthCare).record;
  values.Add("author's record seed", SeedOf("record", kYouthCare.value()));
  values.Add("author's record key", author.public_key.value());
  values.Add("its id", IdOf(author.public_key).value());
  for (const OrgId& recipient : {kPsychiatry, kPolice}) {
    const AgreementKey key = SecretsOf(recipient).hpke;
    values.Add(recipient.value() + " secret", key.secret.view());
    values.Add(recipient.value() + " public", key.public_key.value());
    values.Add(recipient.value() + " key id", IdOf(key.public_key).value());
  }
  return values.Take();
}

std::string SealingValues() {
  const SealedRecord& record = SampleRecord();
  const Draws draws = SampleDraws();
  const Hash32 header_hash = HeaderHash(record.header);
  const KeyId key = IdOf(draws.recipients[0].to.key);
  Values values;
  values.Add("content key", draws.content_key);
  values.Add("nonce", draws.nonce);
  values.Add("ephemeral, slot 3", draws.recipients[0].ephemeral_secret);
  values.Add("ephemeral, slot 20", draws.recipients[1].ephemeral_secret);
  values.Add("header hash", header_hash);
  values.Add("HPKE info, slot 3", Joined({AsBytes("schakel/hpke/v1"), AsBytes(kHub), key.value()}));
  values.Add("commitment", HmacSha256(draws.content_key, {AsBytes("schakel/commit/v1"), header_hash}));
  values.Add("body key", HmacSha256(draws.content_key, {AsBytes("schakel/body/v1"), header_hash}));
  return values.Take();
}

std::string RecipientValues() {
  const Recipients& recipients = SampleRecord().recipients;
  const Hash32& seed = recipients.seed;
  const Hash32 salt = Sha256(Joined({One(0x23), seed, One(3)}));
  const Stanza& stanza = recipients.stanzas[0].stanza;
  Encoder encoded;
  encoded.Array(4).Id(stanza.recipient).Id(stanza.key).Binary(stanza.enc).Binary(stanza.wrapped);
  Values values;
  values.Add("seed", seed);
  values.Add("salt of slot 3", salt);
  values.Add("leaf of slot 3", Sha256(Joined({One(0x20), salt, encoded.bytes()})));
  values.Add("filler, level 0 index 2", Sha256(Joined({One(0x22), seed, One(0), One(2)})));
  values.Add("filler, level 1 index 0", Sha256(Joined({One(0x22), seed, One(1), One(0)})));
  values.Add("recipients root", RecipientsRoot(recipients));
  return values.Take();
}

Hash32 LeafOf(const SealedRecord& record) {
  return RecordLeaf(record.header, Sha256(record.ciphertext), RecipientsRoot(record.recipients));
}

std::string SignatureValues() {
  const SigningKey key = SecretsOf(kYouthCare).record;
  const Hash32 first = LeafOf(SampleRecord());
  const Hash32 second = LeafOf(SampleSecondRecord());
  const Hash32 root = Sha256(Joined({One(0x11), first, second}));
  const Bytes domain = Joined({One(14), "schakel/rec/v1"_b});
  const std::vector<Hash32> alone{first};
  const std::vector<Hash32> both{first, second};
  Values values;
  values.Add("SHA-256(ciphertext)", Sha256(SampleRecord().ciphertext));
  values.Add("leaf", first);
  values.Add("signed, alone", Joined({domain, Bytes{0, 0, 0, 1}, first}));
  values.Add("signature, alone", SignLeaves(key, alone));
  values.Add("leaf of a second", second);
  values.Add("root of both", root);
  values.Add("signed, both", Joined({domain, Bytes{0, 0, 0, 2}, root}));
  values.Add("signature, both", SignLeaves(key, both));
  return values.Take();
}

std::string LogValues() {
  const MemoryLog& log = SampleLog();
  Values values;
  values.Add("salt of entry 3", log.SaltAt(3));
  values.Add("leaf of entry 3", LogLeafHash(log.SaltAt(3), log.EntryAt(3)));
  values.Add("feed hash of entry 4", FeedHash(log.EntryAt(4)));
  values.Add("root of 6 entries", log.Head(6).root);
  values.Add("number key", NumberKeyOf(HubLogKey()));
  values.Add("blind of entry 7", SampleWitnessedEvidence().entries[2].opening->blind);
  values.Add("witness's cosign key", SecretsOf(kPsychiatry).cosign.public_key.value());
  return values.Take();
}

std::string RoutingValues() {
  const MemoryLog& log = SampleLog();
  const Slots& slots = log.SlotsAt(12);
  const SlotTree tree(slots);
  Bytes stream(std::size_t{10} * 32);
  ExpandSeed(slots.seed, stream);
  Values values;
  values.Add("seed", slots.seed);
  values.Add("stream begins", ByteView(stream).first(32));
  values.Add("salt of slot 3", tree.Salt(0));
  values.Add("slot 3", Sha256(Joined({One(0x40), tree.Salt(0), slots.used[0].entry})));
  values.Add("salt of slot 20", tree.Salt(1));
  values.Add("beside slot 3", ByteView(stream).subspan(64, 32));
  values.Add("beside slot 20", ByteView(stream).subspan(96, 32));
  values.Add("slots root", tree.Root());
  values.Add("salt of entry 12", log.SaltAt(12));
  values.Add("leaf of entry 12", LogLeafHash(log.SaltAt(12), log.EntryAt(12)));
  return values.Take();
}

std::string RegistryValues() {
  const SigningKey registrar = RegistrarKey(1);
  Values values;
  values.Add("registrar 1's key", registrar.public_key.value());
  values.Add("its id", IdOf(registrar.public_key).value());
  values.Add("signed bytes begin", Joined({One(19), "schakel/registry/v1"_b}));
  values.AddText("fingerprint", Fingerprint(kYouthCare, SecretsOf(kYouthCare).Public()));
  return values.Take();
}

std::string TokenValues() {
  const TransportKey key = KeyOfToken(SampleInvitation().token.view());
  Values values;
  values.Add("token", SampleInvitation().token.view());
  values.Add("CURVE secret key", key.secret.view());
  values.Add("CURVE public key", key.public_key.value());
  return values.Take();
}

// ---- Tables ----

constexpr const char* kWordTableHead =
    "| number | slug | Dutch | English | French |\n| ---: | --- | --- | --- | --- |\n";
template <typename E>
std::string WordRow(E value) {
  std::string row = "| " + std::to_string(static_cast<unsigned>(value)) + " | `" + std::string(Slug(value)) + "` |";
  for (const Language language : kLanguages) row += " " + std::string(Label(value, language)) + " |";
  return row + "\n";
}

template <typename E>
std::string WordTable(E first, E last) {
  std::string text = kWordTableHead;
  for (auto i = static_cast<unsigned>(first); i <= static_cast<unsigned>(last); ++i) {
    text += WordRow(static_cast<E>(i));
  }
  return text;
}

std::string KindTable() {
  std::string text = kWordTableHead;
  for (unsigned i = 1; i <= kKindMax; ++i) {
    const Kind kind = static_cast<Kind>(i);
    if (Slug(kind) == "kind") continue;
    text += WordRow(kind);
  }
  return text;
}

std::string CodeTable() {
  const std::pair<Code, const char*> codes[] = {
      {Code::kInvalid, "the input breaks a rule; sending it again will not help"},
      {Code::kUnauthenticated, "a signature, key or token does not check"},
      {Code::kDenied, "the rules do not allow it; the reason is in `rule`"},
      {Code::kNotFound, "no such thing, or none that the asker may know of"},
      {Code::kConflict, "the state has moved on: look again, then decide"},
      {Code::kExists, "it is there already, as something else"},
      {Code::kLimit, "a limit was reached: send less, or later"},
      {Code::kUnavailable, "the disk, the network or the other side: try again later"},
      {Code::kCorrupt, "stored bytes do not match their check"},
      {Code::kTampered, "history was rewritten, forked, cut or put back"},
      {Code::kWrongKey, "the master key or passphrase does not open this store"},
      {Code::kVersion, "made by a newer version"},
      {Code::kInternal, "a mistake of the sender's own"},
  };
  std::string text = "| number | name | meaning |\n| ---: | --- | --- |\n";
  for (const auto& [code, meaning] : codes) {
    text += "| " + std::to_string(static_cast<unsigned>(code)) + " | `" + std::string(CodeName(code)) + "` | " +
            meaning + " |\n";
  }
  return text;
}

}  // namespace

std::vector<SpecStretch> SpecContent() {
  std::vector<SpecStretch> content;
  AddExamples(content);
  content.push_back({"values", "keys", KeyValues()});
  content.push_back({"values", "sealing", SealingValues()});
  content.push_back({"values", "recipients", RecipientValues()});
  content.push_back({"values", "signature", SignatureValues()});
  content.push_back({"values", "log", LogValues()});
  content.push_back({"values", "routing", RoutingValues()});
  content.push_back({"values", "registry", RegistryValues()});
  content.push_back({"values", "token", TokenValues()});
  content.push_back({"table", "purposes", WordTable(Purpose::kCareCoordination, kPurposeLast)});
  content.push_back({"table", "categories", WordTable(Category::kIdentity, kCategoryLast)});
  content.push_back({"table", "bases", WordTable(Basis::kConsent, kBasisLast)});
  content.push_back({"table", "grantors", WordTable(Grantor::kYoungPerson, kGrantorLast)});
  content.push_back({"table", "stages", WordTable(Stage::kChild, kStageLast)});
  content.push_back({"table", "parents", WordTable(ParentsRule::kEither, kParentsRuleLast)});
  content.push_back({"table", "sought", WordTable(Sought::kAgreed, kSoughtLast)});
  content.push_back({"table", "grounds", WordTable(FrameGround::kDecree, kFrameGroundLast)});
  content.push_back({"table", "outcomes", WordTable(ReviewOutcome::kJustified, kReviewOutcomeLast)});
  content.push_back({"table", "kept", WordTable(Kept::kSealed, kKeptLast)});
  content.push_back({"table", "erasing", WordTable(EraseReason::kRetentionOver, kEraseReasonLast)});
  content.push_back({"table", "keeping", WordTable(KeepReason::kSector, kKeepReasonLast)});
  content.push_back({"table", "roles", WordTable(StaffRole::kWorker, kStaffRoleLast)});
  content.push_back({"table", "reasons", WordTable(ViewReason::kTask, kViewReasonLast)});
  content.push_back({"table", "denials", WordTable(Denial::kNotEnrolled, kDenialLast)});
  content.push_back({"table", "kinds", KindTable()});
  content.push_back({"table", "codes", CodeTable()});
  return content;
}

}  // namespace schakel::test
