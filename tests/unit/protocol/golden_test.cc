// Frozen bytes: what was written once must be read, checked and written the same for decades.
// When a format really changes before its first release, write_golden writes them anew; afterwards a new version gets a
// folder of its own and these stay.
#include <gtest/gtest.h>

#include <filesystem>
#include <set>

#include "protocol/verdict.h"
#include "support/golden_bytes.h"
#include "support/message_fields.h"
#include "support/paths.h"
#include "unit/protocol/samples.h"

namespace schakel::test {
namespace {

const std::filesystem::path kFolder = SourceDir() / "tests/golden/protocol-v1";

Bytes Golden(const std::string& name) {
  const Bytes bytes = GoldenBytes("protocol-v1/" + name);
  EXPECT_FALSE(bytes.empty()) << name;
  return bytes;
}

TEST(GoldenTest, WhatIsWrittenNowIsWhatWasWrittenThen) {
  for (const Sample& sample : Samples()) {
    EXPECT_EQ(ToHex(sample.bytes), ToHex(Golden(sample.name))) << sample.name;
  }
}

TEST(GoldenTest, WhatWasWrittenThenIsReadAndWrittenTheSame) {
  for (const Sample& sample : Samples()) {
    if (!sample.reencode) continue;
    const Bytes golden = Golden(sample.name);
    const auto again = sample.reencode(golden);
    ASSERT_TRUE(again.has_value()) << sample.name << " is refused";
    EXPECT_EQ(ToHex(*again), ToHex(golden)) << sample.name;
  }
}

TEST(GoldenTest, EveryFileIsTested) {
  std::set<std::string> names;
  for (const Sample& sample : Samples()) names.insert(sample.name + ".hex");
  for (const auto& file : std::filesystem::directory_iterator(kFolder)) {
    EXPECT_EQ(names.erase(file.path().filename().string()), 1U) << file.path();
  }
  EXPECT_TRUE(names.empty()) << *names.begin() << " is missing";
}

// ---- Field by field ----

TEST(GoldenTest, HeadersSayWhatTheySaid) {
  EXPECT_EQ(*DecodeHeader(Golden("header-note")), SampleNote());
  for (const auto& [name, header] : SampleStatementHeaders()) {
    const Bytes golden = Golden("header-" + name);
    EXPECT_EQ(*DecodeHeader(golden), header) << name;
    if (name == Slug(Kind::kGrantGive)) continue;
    EXPECT_TRUE(ToHex(golden).ends_with(ToHex(Golden("control-" + name)))) << name;
  }
}

TEST(GoldenTest, WhoComesIsOfNoTrajectoryAndNamesTheOfferAndTheHold) {
  const Header header = DecodeHeader(Golden("header-place-enrolment")).value();
  EXPECT_EQ(header, SampleEnrolment());
  EXPECT_TRUE(IsNone(header.trajectory));
}

TEST(GoldenTest, ARevealSaysWhichQuestionInItsBodyAlone) {
  const Header header = DecodeHeader(Golden("header-reveal")).value();
  EXPECT_EQ(header, SampleReveal());
  EXPECT_TRUE(header.references.empty());
  EXPECT_TRUE(ToHex(Golden("body-reveal")).ends_with(ToHex(SampleRevealBody().content)));
}

TEST(GoldenTest, RecordIsOpenedAndItsSignatureHolds) {
  const Bytes header = Golden("header-note");
  const auto payload = DecodePayload(Golden("payload"));
  ASSERT_TRUE(payload.has_value());
  EXPECT_EQ(payload->ciphertext, Golden("ciphertext"));
  ASSERT_EQ(payload->recipients.stanzas.size(), 2U);
  EXPECT_EQ(payload->recipients.stanzas[0].slot, 3);
  EXPECT_EQ(payload->recipients.stanzas[1].slot, 20);
  const Hash32 root = RecipientsRoot(payload->recipients);
  for (const auto& [slot, stanza] : payload->recipients.stanzas) {
    const auto key = UnwrapKey(stanza, SecretsOf(stanza.recipient).hpke, header, kHub);
    ASSERT_TRUE(key.has_value()) << stanza.recipient.value();
    EXPECT_TRUE(Equal(key->bytes, SampleContentKey().bytes));
    const auto body = OpenBody(payload->ciphertext, *key, header, kYouthCare, root);
    ASSERT_TRUE(body.has_value());
    EXPECT_EQ(*body, SampleBody());
  }
  EXPECT_EQ(RootOf(ProveStanza(payload->recipients, 0)), root);

  const auto entry = DecodeEntry(Golden("entry-record"));
  ASSERT_TRUE(entry.has_value());
  const auto& record = std::get<RecordEntry>(entry->body);
  EXPECT_EQ(record.header, header);
  EXPECT_EQ(record.recipients_root, root);
  const Hash32 leaf = RecordLeaf(record.header, record.ciphertext_hash, record.recipients_root);
  EXPECT_TRUE(VerifyEvidence(SecretsOf(kYouthCare).record.public_key, leaf, record.evidence).has_value());
}

TEST(GoldenTest, StanzaProofLeadsToTheRoot) {
  const Bytes bytes = Golden("stanza-proof");
  Decoder from(bytes);
  const StanzaProof proof = DecodeStanzaProof(from);
  ASSERT_TRUE(from.Finish().has_value());
  EXPECT_EQ(proof.stanza.recipient, kPsychiatry);
  EXPECT_EQ(RootOf(proof), RecipientsRoot(SampleRecord().recipients));
}

TEST(GoldenTest, BatchSignatureHolds) {
  const auto message = DecodeMessage(Golden("message-signed-batch"));
  ASSERT_TRUE(message.has_value());
  const SignedBatch& batch = std::get<Submit>(message->payload).batch;
  std::vector<Hash32> leaves;
  for (const SealedRecord& record : batch.records) {
    leaves.push_back(RecordLeaf(record.header, Sha256(record.ciphertext), RecipientsRoot(record.recipients)));
  }
  ASSERT_EQ(leaves.size(), 2U);
  EXPECT_TRUE(VerifyLeaves(SecretsOf(kYouthCare).record.public_key, leaves, batch.signature));
}

TEST(GoldenTest, StatementsSayWhatTheySaid) {
  EXPECT_EQ(*DecodeStatement(Golden("statement-organisation")), Statement(SampleOrganisation()));
  EXPECT_EQ(*DecodeStatement(Golden("statement-ceilings")), Statement(Ceilings()));
  EXPECT_EQ(*DecodeStatement(Golden("statement-rules")), Statement(SampleRules()));
  const auto signed_statement = DecodeSignedStatement(Golden("signed-statement"));
  ASSERT_TRUE(signed_statement.has_value());
  EXPECT_EQ(*signed_statement, SampleSignedStatement());
  EXPECT_TRUE(Directory(RegistrarsOf(2, 3)).Apply(*signed_statement).has_value());
}

TEST(GoldenTest, EntriesSayWhatTheySaid) {
  const char* const names[] = {"entry-registry",          "entry-session", "entry-record",
                               "entry-delivery",          "entry-denial",  "entry-withheld",
                               "entry-delivery-numbered", "entry-answer"};
  for (std::uint64_t sequence = 1; const char* name : names) {
    const auto entry = DecodeEntry(Golden(name));
    ASSERT_TRUE(entry.has_value()) << name;
    EXPECT_EQ(entry->sequence, Sequence(sequence)) << name;
    EXPECT_EQ(*entry, *DecodeEntry(SampleLog().EntryAt(sequence))) << name;
    ++sequence;
  }
  const auto delivery = std::get<DeliveryEntry>(DecodeEntry(Golden("entry-delivery"))->body);
  const DeliveryEntry expected{kPsychiatry, FeedPosition(1), {},          Sequence(3), RecordNo(0x101),
                               kOurs,       RecordNo(0x50),  std::nullopt};
  EXPECT_EQ(delivery, expected);
  const auto withheld = std::get<DeliveryEntry>(DecodeEntry(Golden("entry-withheld"))->body);
  EXPECT_EQ(withheld.previous, FeedHash(Golden("entry-delivery")));
  EXPECT_EQ(withheld.withheld, Denial::kWithdrawn);
  const auto denial = std::get<DenialEntry>(DecodeEntry(Golden("entry-denial"))->body);
  EXPECT_EQ(denial, (DenialEntry{kPolice, Sequence(3), RecordNo(0x101), kOurs, Denial::kSectorCeiling}));
  const auto numbered = std::get<DeliveryEntry>(DecodeEntry(Golden("entry-delivery-numbered"))->body);
  ASSERT_TRUE(numbered.number.has_value());
  const auto opening = OpenNumber(NumberKeyOf(HubLogKey()), kPsychiatry, FeedPosition(3), *numbered.number);
  ASSERT_TRUE(opening.has_value());
  EXPECT_EQ(opening->number, 3U);
  const auto answer = std::get<AnswerEntry>(DecodeEntry(Golden("entry-answer"))->body);
  EXPECT_EQ(answer, (AnswerEntry{kPsychiatry, kOurs, {}, {{kPsychiatry, 3}}}));
  const auto session = std::get<SessionEntry>(DecodeEntry(Golden("entry-session"))->body);
  EXPECT_EQ(session, (SessionEntry{kYouthCare, SessionEvent::kConnected, "", {}, {}}));
}

TEST(GoldenTest, RoutingSaysWhatItSaid) {
  const auto entry = DecodeEntry(Golden("entry-routing"));
  ASSERT_TRUE(entry.has_value());
  EXPECT_EQ(entry->sequence, Sequence(12));
  const auto& routing = std::get<RoutingEntry>(entry->body);
  EXPECT_EQ(routing.record_sequence, Sequence(11));
  EXPECT_EQ(routing.record, RecordNo(0x104));
  EXPECT_EQ(routing.trajectory, kOurs);
  const auto slots = DecodeSlots(Golden("slots"));
  ASSERT_TRUE(slots.has_value());
  EXPECT_EQ(*slots, SampleLog().SlotsAt(12));
  EXPECT_EQ(SlotTree(*slots).Root(), routing.slots_root);
  ASSERT_EQ(slots->used.size(), 2U);
  EXPECT_EQ(slots->used[0].entry, Golden("entry-delivery-routed"));
  EXPECT_EQ(slots->used[1].entry, Golden("entry-denial-routed"));
  const auto delivery = std::get<DeliveryEntry>(DecodeEntry(slots->used[0].entry)->body);
  EXPECT_EQ(delivery.position, FeedPosition(4));
  EXPECT_EQ(delivery.previous, FeedHash(Golden("entry-delivery-numbered")));
}

TEST(GoldenTest, RoutedEvidenceHolds) {
  const auto evidence = DecodeEvidence(Golden("evidence-routed"));
  ASSERT_TRUE(evidence.has_value());
  EXPECT_EQ(*evidence, SampleRoutedEvidence());
  const auto checked = CheckEvidence(*evidence, HubLogVerifier());
  ASSERT_TRUE(checked.has_value()) << ToText(checked.error());
  ASSERT_EQ(checked->entries.size(), 3U);
  EXPECT_EQ(checked->entries[1].sequence, checked->entries[2].sequence);
  EXPECT_EQ(std::get<DenialEntry>(checked->entries[2].body).reason, Denial::kSectorCeiling);
  EXPECT_TRUE(CheckParties(*evidence, *checked, kHub, RegistrarsOf(2, 3)).has_value());
}

TEST(GoldenTest, EvidenceHolds) {
  const auto evidence = DecodeEvidence(Golden("evidence"));
  ASSERT_TRUE(evidence.has_value());
  EXPECT_EQ(*evidence, SampleEvidence());
  const auto checked = CheckEvidence(*evidence, HubLogVerifier());
  ASSERT_TRUE(checked.has_value()) << ToText(checked.error());
  EXPECT_EQ(checked->head.size, 6U);
  EXPECT_EQ(checked->entries.size(), 2U);
  const Bytes checkpoint = Golden("checkpoint");
  EXPECT_EQ(*VerifyCheckpoint(AsText(checkpoint), HubLogVerifier()), checked->head);
}

TEST(GoldenTest, ArchiveHolds) {
  const auto archive = DecodeArchive(Golden("archive"));
  ASSERT_TRUE(archive.has_value());
  EXPECT_EQ(*archive, SampleArchive());
  const auto checked = CheckArchive(*archive, HubLogVerifier());
  ASSERT_TRUE(checked.has_value()) << ToText(checked.error());
  EXPECT_TRUE(checked->doubts.empty());
  ASSERT_TRUE(checked->records[0].body.has_value());
  EXPECT_EQ(*checked->records[0].body, SampleBody());
}

TEST(GoldenTest, WitnessedEvidenceHolds) {
  const auto evidence = DecodeEvidence(Golden("evidence-witnessed"));
  ASSERT_TRUE(evidence.has_value());
  EXPECT_EQ(*evidence, SampleWitnessedEvidence());
  const auto checked = CheckEvidence(*evidence, HubLogVerifier());
  ASSERT_TRUE(checked.has_value()) << ToText(checked.error());
  const auto complete = CheckComplete(*evidence, *checked);
  ASSERT_TRUE(complete.has_value()) << ToText(complete.error());
  EXPECT_EQ(*complete, (std::vector<Completeness>{{kPsychiatry, 3, Sequence(8)}}));
  const auto parties = CheckParties(*evidence, *checked, kHub, RegistrarsOf(2, 3));
  ASSERT_TRUE(parties.has_value()) << ToText(parties.error());
  EXPECT_EQ(parties->witnesses, (std::vector<Witness>{{kPsychiatry, SampleLog().Head(6), kNow + kHour}}));
  const Bytes cosigned = Golden("cosigned");
  EXPECT_EQ(evidence->witnesses[0].note, AsText(cosigned));
}

TEST(GoldenTest, InvitationInvites) {
  const Bytes text = Golden("invitation");
  const auto invitation = ParseInvitation(AsText(text));
  ASSERT_TRUE(invitation.has_value());
  const Invitation sample = SampleInvitation();
  EXPECT_EQ(invitation->endpoint, sample.endpoint);
  EXPECT_EQ(invitation->hub_transport, sample.hub_transport);
  EXPECT_EQ(invitation->hub_log, sample.hub_log);
  EXPECT_EQ(invitation->registrars, sample.registrars);
  EXPECT_EQ(invitation->organisation, sample.organisation);
  EXPECT_EQ(invitation->sector, sample.sector);
  EXPECT_TRUE(Equal(invitation->token.view(), sample.token.view()));
}

TEST(GoldenTest, MessagesSayWhatTheySaid) {
  for (const std::string& name : SampleMessageNames()) {
    const auto message = DecodeMessage(Golden("message-" + name));
    ASSERT_TRUE(message.has_value()) << name;
    EXPECT_TRUE(SameMessage(*message, SampleMessage(name))) << name;
  }
}

TEST(GoldenTest, PolicySnapshotIsTheState) {
  const auto state = PolicyState::Decode(Golden("policy"));
  ASSERT_TRUE(state.has_value());
  EXPECT_EQ(*state, SamplePolicy());
  EXPECT_EQ(PolicyState::Decode(Golden("policy-passed")).value(), SamplePassedPolicy());
  const PolicyState of_piece = PolicyState::Decode(Golden("policy-piece")).value();
  EXPECT_EQ(of_piece, SamplePiecePolicy());
  EXPECT_EQ(of_piece.Find(kOurs)->FindGrant(RecordNo(0x50))->piece, RecordNo(0x100));
  const PolicyState of_places = PolicyState::Decode(Golden("policy-places")).value();
  EXPECT_EQ(of_places, SamplePlacesPolicy());
  EXPECT_EQ(of_places.places().begin()->second.Taken(kNow), 2U);
}

// What was sealed by the reference is opened above; here the real one is held to the reference's form. HPKE's ephemeral
// key cannot be had back, so the stanzas are the real ones.
TEST(GoldenTest, RealSealingHasTheFormOfTheReference) {
  SeededRandom random(1);
  const std::vector<RecipientKey> to{RecipientKeyOf(kPsychiatry)};
  const auto real = SealRecord(SampleNote(), SampleBody(), to, kHub, random);
  ASSERT_TRUE(real.has_value());
  const ByteView ciphertext = real->record.ciphertext;
  const Hash32 header_hash = HeaderHash(real->record.header);
  const Hash32 body_key = HmacSha256(real->key.bytes, {AsBytes("schakel/body/v1"), header_hash});
  const auto plain = OpenXChaCha(body_key, ciphertext.subspan(32), header_hash);
  ASSERT_TRUE(plain.has_value());
  Bytes expected = EncodeBody(SampleBody(), kYouthCare, header_hash, RecipientsRoot(real->record.recipients));
  expected.push_back(0x80);
  expected.resize(768);
  EXPECT_EQ(ToHex(*plain), ToHex(expected));
  EXPECT_EQ(ToHex(ciphertext.first(32)),
            ToHex(HmacSha256(real->key.bytes, {AsBytes("schakel/commit/v1"), header_hash})));
}

}  // namespace
}  // namespace schakel::test
