// What evidence proves beyond that its entries stand in the log, and every way to cut, swap or forge it.
#include "protocol/verdict.h"

#include <gtest/gtest.h>

#include <functional>

#include "support/memory_log.h"

namespace schakel::test {
namespace {

using Change = std::function<void(Evidence&)>;

Hash32 NumberKey() { return NumberKeyOf(HubLogKey()); }

RecordEntry SignedRecord(const OrgId& author, const SigningKey& key) {
  Header header = NoteBy(author, kOurs, 0x101);
  header.signer = IdOf(SecretsOf(author).record.public_key);
  RecordEntry record{EncodeHeader(header), Filled<32>(1), Filled<32>(2), {}};
  const std::vector<Hash32> leaves = {RecordLeaf(record.header, record.ciphertext_hash, record.recipients_root)};
  record.evidence = ProveLeaves(leaves, SignLeaves(key, leaves)).front();
  return record;
}

// Number 0: from before there were numbers.
DeliveryEntry Delivered(const OrgId& recipient, std::uint64_t position, std::uint64_t number) {
  DeliveryEntry delivery;
  delivery.recipient = recipient;
  delivery.position = FeedPosition(position);
  delivery.record_sequence = Sequence(1);
  delivery.record = RecordNo(0x101);
  delivery.trajectory = kOurs;
  if (number > 0) delivery.number = CloseNumber(NumberKey(), recipient, delivery.position, number);
  return delivery;
}

// The lead asks twice; karus-gent gets three things, the first before there were numbers.
struct Story {
  std::vector<std::uint64_t> numbers = {0, 2, 3};
  std::uint64_t counted = 3;  // By the last answer.
  SigningKey author = SecretsOf(kYouthCare).record;

  MemoryLog Log() const {
    MemoryLog log;
    log.Append(SignedRecord(kYouthCare, author), kNow);
    log.Append(Delivered(kPsychiatry, 10, numbers[0]), kNow);
    log.Append(Delivered(kSchool, 20, 1), kNow);
    log.Append(Delivered(kPsychiatry, 12, numbers[1]), kNow);
    log.Append(AnswerEntry{kYouthCare, kOurs, {}, {{kSchool, 1}, {kPsychiatry, 2}}}, kNow);
    log.Append(Delivered(kPsychiatry, 14, numbers[2]), kNow);
    log.Append(AnswerEntry{kYouthCare, kOurs, {}, {{kSchool, 1}, {kPsychiatry, counted}}}, kNow);
    return log;
  }
};

WitnessedHead WitnessOf(const MemoryLog& log, const OrgId& who, std::uint64_t size) {
  const auto note = CosignCheckpoint(log.Checkpoint(size), kHub, who, SecretsOf(who).cosign, kNow + kHour);
  return {note.value(), log.ProveGrowth(size, log.size())};
}

Evidence EvidenceOf(const MemoryLog& log) {
  Evidence evidence{.checkpoint = log.Checkpoint(log.size()), .entries = {}, .subject = "trajectory " + ToText(kOurs)};
  for (std::uint64_t sequence = 1; sequence <= log.size(); ++sequence) {
    ProvenEntry proven = log.Prove(sequence, log.size());
    const Entry entry = DecodeEntry(proven.entry).value();
    const auto* delivery = std::get_if<DeliveryEntry>(&entry.body);
    if (delivery && delivery->number) {
      proven.opening = OpenNumber(NumberKey(), delivery->recipient, delivery->position, *delivery->number);
    }
    evidence.entries.push_back(std::move(proven));
  }
  evidence.witnesses = {WitnessOf(log, kPsychiatry, 4), WitnessOf(log, kSchool, 7)};
  for (const OrgId& who : {kYouthCare, kPsychiatry, kSchool}) {
    const char* sector = who == kYouthCare ? "youth-care" : who == kPsychiatry ? "psychiatry" : "school-support";
    evidence.statements.push_back(SignedBy(StatementOf(who, sector), {1, 3}));
  }
  return evidence;
}

struct Verdict {
  std::vector<Completeness> complete;
  Parties parties;
};
Result<Verdict> Judge(const Evidence& evidence) {
  SCHAKEL_ASSIGN(const CheckedEvidence checked, CheckEvidence(evidence, HubLogVerifier()));
  Verdict verdict;
  SCHAKEL_ASSIGN(verdict.complete, CheckComplete(evidence, checked));
  SCHAKEL_ASSIGN(verdict.parties, CheckParties(evidence, checked, kHub, RegistrarsOf(2, 3)));
  return verdict;
}

TEST(VerdictTest, SaysWhatIsCompleteWhoWroteAndWhoStandsBehindIt) {
  const MemoryLog log = Story().Log();
  const auto verdict = Judge(EvidenceOf(log));
  ASSERT_TRUE(verdict) << ToText(verdict.error());
  EXPECT_EQ(verdict->complete, (std::vector<Completeness>{{kSchool, 1, Sequence(7)}, {kPsychiatry, 3, Sequence(7)}}));
  EXPECT_EQ(verdict->parties.authors, std::vector{kYouthCare});
  EXPECT_TRUE(verdict->parties.unknown.empty());
  EXPECT_EQ(verdict->parties.witnesses,
            (std::vector<Witness>{{kSchool, log.Head(7), kNow + kHour}, {kPsychiatry, log.Head(4), kNow + kHour}}));
}

TEST(VerdictTest, CountsTheCosignaturesThatCouldNotBeChecked) {
  const MemoryLog log = Story().Log();
  Evidence evidence = EvidenceOf(log);
  auto verdict = Judge(evidence);
  ASSERT_TRUE(verdict) << ToText(verdict.error());
  EXPECT_EQ(verdict->parties.unchecked, 0U);

  // Under another name it is nobody's.
  SignedNote note = ParseSignedNote(evidence.witnesses[0].note).value();
  note.signatures[1].name = "somebody";
  evidence.witnesses[0].note = ToText(note);
  verdict = Judge(evidence);
  ASSERT_TRUE(verdict) << ToText(verdict.error());
  EXPECT_EQ(verdict->parties.unchecked, 1U);
  EXPECT_EQ(verdict->parties.witnesses.size(), 1U);
}

TEST(VerdictTest, EveryTamperingIsNamed) {
  const MemoryLog log = Story().Log();
  const Evidence good = EvidenceOf(log);
  MemoryLog fork = Story().Log();
  fork.Append(Delivered(kSchool, 21, 2), kNow);
  Story other;
  other.numbers = {0, 2, 4};
  const MemoryLog elsewhere = other.Log();
  const auto drop = [](std::size_t index) {
    return [index](Evidence& e) { e.entries.erase(e.entries.begin() + static_cast<std::ptrdiff_t>(index)); };
  };
  const auto recounted = [](Evidence& e) {
    Entry entry = DecodeEntry(e.entries[6].entry).value();
    std::get<AnswerEntry>(entry.body).counts[1].deliveries = 2;
    e.entries[6].entry = EncodeEntry(entry);
  };
  // The cosignature of one head under another.
  const auto moved = [&](Evidence& e) {
    SignedNote note = ParseSignedNote(log.Checkpoint(5)).value();
    note.signatures.push_back(ParseSignedNote(e.witnesses[0].note).value().signatures[1]);
    e.witnesses[0] = {ToText(note), log.ProveGrowth(5, 7)};
  };
  const auto cosigned_by = [&](const SigningKey& key) {
    return WitnessedHead{CosignCheckpoint(log.Checkpoint(4), kHub, kPsychiatry, key, kNow).value(),
                         log.ProveGrowth(4, 7)};
  };
  const auto unsigned_by_log = [](Evidence& e) {
    SignedNote note = ParseSignedNote(e.witnesses[0].note).value();
    note.signatures.erase(note.signatures.begin());
    e.witnesses[0].note = ToText(note);
  };
  const auto of_other_region = [](Evidence& e) {
    const SigningKey stranger = SigningKey::FromSeed(SeedOf("registrar", "elsewhere"));
    e.statements[1].signatures = {SignStatement(e.statements[1].statement, stranger)};
  };
  struct Case {
    const char* name;
    Change change;
    const char* want;
    const char* field;
  };
  const Case cases[] = {
      {"as it is", [](Evidence&) {}, "ok", ""},
      {"a delivery dropped", drop(3), "evidence.incomplete", "karus-gent: 2"},
      {"the first dropped, without a number", drop(1), "evidence.incomplete", "karus-gent: 1"},
      {"the last dropped", drop(5), "evidence.incomplete", "karus-gent: 3"},
      {"the only one dropped", drop(2), "evidence.incomplete", "clb-gent: 1"},
      {"a number not opened", [](Evidence& e) { e.entries[3].opening.reset(); }, "evidence.number", "karus-gent: 2"},
      {"another number", [](Evidence& e) { e.entries[3].opening->number = 3; }, "evidence.number", "entry 4"},
      {"another blind", [](Evidence& e) { e.entries[3].opening->blind[0] ^= 1; }, "evidence.number", "entry 4"},
      {"the opening of another", [](Evidence& e) { e.entries[3].opening = e.entries[5].opening; }, "evidence.number",
       "entry 4"},
      {"an opening of what has no number", [](Evidence& e) { e.entries[1].opening = e.entries[3].opening; },
       "evidence.number", "entry 2"},
      {"an opening of an answer", [](Evidence& e) { e.entries[4].opening = e.entries[3].opening; }, "evidence.number",
       "entry 5"},
      {"a count changed", recounted, "merkle.inclusion", "entry 7"},
      {"a head of another history", [&](Evidence& e) { e.checkpoint = elsewhere.Checkpoint(7); }, "merkle.inclusion",
       "entry 1"},
      {"an older head", [&](Evidence& e) { e.checkpoint = log.Checkpoint(6); }, "merkle.inclusion", "entry 1"},
      {"a witness of another history", [&](Evidence& e) { e.witnesses[0] = WitnessOf(elsewhere, kPsychiatry, 6); },
       "evidence.witness_link", "witness 1"},
      {"one byte of what joins it", [](Evidence& e) { e.witnesses[0].consistency[0][0] ^= 1; }, "evidence.witness_link",
       "witness 1"},
      {"of another history, of the same size", [&](Evidence& e) { e.witnesses[1] = WitnessOf(elsewhere, kSchool, 7); },
       "evidence.witness", "witness 2"},
      {"the proof of another witness", [](Evidence& e) { e.witnesses[1].consistency = e.witnesses[0].consistency; },
       "evidence.witness_damaged", "witness 2"},
      {"a head that the log did not sign", unsigned_by_log, "evidence.witness_damaged", "witness 1"},
      {"one byte of a head", [](Evidence& e) { e.witnesses[0].note[e.witnesses[0].note.find("\n4\n") + 1] = '5'; },
       "evidence.witness_damaged", "witness 1"},
      {"no note at all", [](Evidence& e) { e.witnesses[0].note = "x"; }, "evidence.witness_damaged", "witness 1"},
      {"the cosignature of another head", moved, "cosignature.signature", "karus-gent"},
      {"a cosignature by another key", [&](Evidence& e) { e.witnesses[0] = cosigned_by(SecretsOf(kSchool).cosign); },
       "cosignature.signature", "karus-gent"},
      {"a cosignature by its record key",
       [&](Evidence& e) { e.witnesses[0] = cosigned_by(SecretsOf(kPsychiatry).record); }, "cosignature.signature",
       "karus-gent"},
      {"a statement of another region", of_other_region, "registry.signatures", "statement 2"},
      {"a statement by one registrar", [](Evidence& e) { e.statements[0].signatures.pop_back(); },
       "registry.signatures", "statement 1"},
      {"a statement twice", [](Evidence& e) { e.statements.push_back(e.statements[0]); }, "registry.serial",
       "statement 4"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    Evidence evidence = good;
    c.change(evidence);
    const auto verdict = Judge(evidence);
    EXPECT_EQ(verdict ? "ok" : verdict.error().rule, c.want);
    if (!verdict) {
      EXPECT_EQ(verdict.error().field, c.field);
    }
  }
}

// A record to two at once: what a hub leaves out of the slots that it shows is missed.
TEST(VerdictTest, ASlotThatIsLeftOutIsMissed) {
  MemoryLog log;
  log.Append(SignedRecord(kYouthCare, SecretsOf(kYouthCare).record));
  log.AppendRouting(RecordNo(0x101), kOurs, {{4, Delivered(kPsychiatry, 10, 1)}, {9, Delivered(kSchool, 20, 1)}});
  log.Append(AnswerEntry{kYouthCare, kOurs, {}, {{kSchool, 1}, {kPsychiatry, 1}}});
  Evidence good{.checkpoint = log.Checkpoint(3), .entries = {}, .subject = "trajectory " + ToText(kOurs)};
  good.entries = {log.Prove(1, 3), log.ProveSlot(2, 3, 0), log.ProveSlot(2, 3, 1), log.Prove(3, 3)};
  for (const std::size_t i : {1, 2}) {
    const auto delivery = std::get<DeliveryEntry>(DecodeEntry(good.entries[i].entry)->body);
    good.entries[i].opening = OpenNumber(NumberKey(), delivery.recipient, delivery.position, *delivery.number);
  }
  const auto verdict = Judge(good);
  ASSERT_TRUE(verdict) << ToText(verdict.error());
  EXPECT_EQ(verdict->complete, (std::vector<Completeness>{{kSchool, 1, Sequence(3)}, {kPsychiatry, 1, Sequence(3)}}));
  for (const std::ptrdiff_t i : {1, 2}) {
    Evidence cut = good;
    cut.entries.erase(cut.entries.begin() + i);
    EXPECT_EQ(Judge(cut).error().rule, "evidence.incomplete") << i;
  }
  // The other's number does not open this one.
  Evidence swapped = good;
  std::swap(swapped.entries[1].opening, swapped.entries[2].opening);
  EXPECT_EQ(Judge(swapped).error().rule, "evidence.number");
}

// A hub that signs what is not so.
TEST(VerdictTest, AHubThatMiscountsIsCaught) {
  const auto rule_of = [](auto&& change) {
    Story story;
    change(story);
    const auto verdict = Judge(EvidenceOf(story.Log()));
    return verdict ? std::string("ok") : verdict.error().rule + " " + verdict.error().field;
  };
  EXPECT_EQ(rule_of([](Story&) {}), "ok");
  EXPECT_EQ(rule_of([](Story& s) { s.numbers = {1, 2, 3}; }), "ok");
  EXPECT_EQ(rule_of([](Story& s) { s.numbers = {0, 0, 0}; }), "ok") << "all from before there were numbers";
  EXPECT_EQ(rule_of([](Story& s) { s.counted = 2; }), "evidence.incomplete karus-gent: 3");
  EXPECT_EQ(rule_of([](Story& s) { s.counted = 4; }), "evidence.incomplete karus-gent: 4");
  EXPECT_EQ(rule_of([](Story& s) { s.numbers = {0, 2, 4}; }), "evidence.incomplete karus-gent: 3") << "a gap";
  EXPECT_EQ(rule_of([](Story& s) { s.numbers = {0, 2, 2}; }), "evidence.incomplete karus-gent: 3") << "one twice";
  EXPECT_EQ(rule_of([](Story& s) { s.numbers = {1, 2, 0}; }), "evidence.number karus-gent: 3");
  EXPECT_EQ(rule_of([](Story& s) { s.author = SecretsOf(kSchool).record; }), "evidence.author entry 1: stappen-gent");
}

TEST(VerdictTest, WithoutADirectoryLessIsSaidAndNothingRefused) {
  Evidence evidence = EvidenceOf(Story().Log());
  evidence.statements.clear();
  auto verdict = Judge(evidence);
  ASSERT_TRUE(verdict) << ToText(verdict.error());
  EXPECT_EQ(verdict->complete.size(), 2U);
  EXPECT_TRUE(verdict->parties.authors.empty());
  EXPECT_TRUE(verdict->parties.witnesses.empty());
  EXPECT_EQ(verdict->parties.unknown, (std::vector{kSchool, kPsychiatry, kYouthCare}));
}

TEST(VerdictTest, WithoutAnAnswerOrAboutOneRecordNothingIsSaidAboutWhatIsMissing) {
  Evidence cut = EvidenceOf(Story().Log());
  cut.entries.erase(cut.entries.begin() + 4, cut.entries.end());
  ASSERT_TRUE(Judge(cut));
  EXPECT_TRUE(Judge(cut)->complete.empty());
  // Cut behind the first answer: what was before it is still whole, and no more is said.
  Evidence earlier = EvidenceOf(Story().Log());
  earlier.entries.resize(5);
  EXPECT_EQ(Judge(earlier)->complete,
            (std::vector<Completeness>{{kSchool, 1, Sequence(5)}, {kPsychiatry, 2, Sequence(5)}}));
  Evidence one = EvidenceOf(Story().Log());
  one.subject = "record " + ToText(RecordNo(0x101));
  one.entries.erase(one.entries.begin() + 3);
  ASSERT_TRUE(Judge(one)) << ToText(Judge(one).error());
  EXPECT_TRUE(Judge(one)->complete.empty());
}

TEST(VerdictTest, OldCosignKeysStillHold) {
  const MemoryLog log = Story().Log();
  Evidence evidence = EvidenceOf(log);
  OrgStatement renewed = StatementOf(kPsychiatry, "psychiatry", 2);
  renewed.keys.cosign = SigningKey::FromSeed(SeedOf("cosign", "another")).public_key;
  evidence.statements.push_back(SignedBy(renewed, {2, 3}));
  const auto verdict = Judge(evidence);
  ASSERT_TRUE(verdict) << ToText(verdict.error());
  EXPECT_EQ(verdict->parties.witnesses.size(), 2U);
}

TEST(VerdictTest, NamesWhoseStatementsBelongInIt) {
  EXPECT_EQ(PartiesNamed(EvidenceOf(Story().Log()), kHub), (std::vector{kSchool, kPsychiatry, kYouthCare}));
  EXPECT_EQ(PartiesNamed(EvidenceOf(Story().Log()), "schakel.example/aalst"), std::vector{kYouthCare});
}

TEST(VerdictTest, FileComesBackAsItWas) {
  const Evidence evidence = EvidenceOf(Story().Log());
  const auto decoded = DecodeEvidence(EncodeEvidence(evidence));
  ASSERT_TRUE(decoded) << ToText(decoded.error());
  EXPECT_EQ(*decoded, evidence);
}

}  // namespace
}  // namespace schakel::test
