// Evidence: what holds, and every way to forge it.
#include "protocol/evidence.h"

#include <gtest/gtest.h>

#include "support/builders.h"
#include "support/canonical.h"
#include "support/memory_log.h"

namespace schakel::test {
namespace {

MemoryLog LogOf(std::uint64_t size) {
  MemoryLog log;
  for (std::uint64_t i = 1; i <= size; ++i) {
    log.Append(DenialEntry{kPolice, Sequence(i), RecordNo(i), kOurs, Denial::kNoGrant}, kNow + kTick * i);
  }
  return log;
}

Evidence EvidenceOf(const MemoryLog& log, std::initializer_list<std::uint64_t> sequences) {
  Evidence evidence{.checkpoint = log.Checkpoint(log.size()), .entries = {}, .subject = "trajectory " + ToText(kOurs)};
  for (std::uint64_t sequence : sequences) evidence.entries.push_back(log.Prove(sequence, log.size()));
  return evidence;
}

TEST(EvidenceTest, HoldsForEveryEntryOfEverySize) {
  const MemoryLog log = LogOf(20);
  for (std::uint64_t size = 1; size <= 20; ++size) {
    Evidence evidence{.checkpoint = log.Checkpoint(size), .entries = {}, .subject = "trajectory " + ToText(kOurs)};
    for (std::uint64_t sequence = 1; sequence <= size; ++sequence) {
      evidence.entries.push_back(log.Prove(sequence, size));
    }
    const auto checked = CheckEvidence(evidence, HubLogVerifier());
    ASSERT_TRUE(checked.has_value()) << size << ": " << ToText(checked.error());
    EXPECT_EQ(checked->head, log.Head(size));
    ASSERT_EQ(checked->entries.size(), size);
    EXPECT_EQ(checked->entries.back().sequence, Sequence(size));
    EXPECT_EQ(checked->entries.back().at, kNow + kTick * size);
  }
}

TEST(EvidenceTest, ForgeryIsRefused) {
  const MemoryLog log = LogOf(11);
  const Evidence good = EvidenceOf(log, {2, 5, 11});
  const auto changed = [&](auto&& change) {
    Evidence bad = good;
    change(bad);
    return bad;
  };
  // Another history, signed by the same key: entry 5 says something else.
  MemoryLog other;
  for (std::uint64_t i = 1; i <= 11; ++i) {
    const Denial reason = i == 5 ? Denial::kWithdrawn : Denial::kNoGrant;
    other.Append(DenialEntry{kPolice, Sequence(i), RecordNo(i), kOurs, reason}, kNow + kTick * i);
  }
  const auto renumbered = [&](std::uint64_t sequence) {
    Entry entry = *DecodeEntry(log.EntryAt(5));
    entry.sequence = Sequence(sequence);
    return EncodeEntry(entry);
  };
  const SigningKey thief = SigningKey::FromSeed(SeedOf("hub-log", "thief"));
  using E = Evidence;
  struct Case {
    const char* name;
    Evidence evidence;
    const char* want;
    const char* field;
  };
  const Case cases[] = {
      {"as it is", good, "ok", ""},
      {"no entries", changed([](E& e) { e.entries.clear(); }), "ok", ""},
      {"a subject in other words", changed([](E& e) { e.subject = "anything"; }), "evidence.subject",
       "evidence.subject"},
      {"no subject", changed([](E& e) { e.subject = ""; }), "evidence.subject", "evidence.subject"},
      {"another trajectory", changed([](E& e) { e.subject = "trajectory " + ToText(kOther); }), "evidence.about",
       "entry 1"},
      {"one record of several", changed([](E& e) { e.subject = "record " + ToText(RecordNo(2)); }), "evidence.about",
       "entry 2"},
      {"one left out", changed([](E& e) { e.entries.erase(e.entries.begin() + 1); }), "ok", ""},
      {"a byte of an entry", changed([](E& e) { e.entries[1].entry.back() ^= 1; }), "merkle.inclusion", "entry 2"},
      {"a byte of a salt", changed([](E& e) { e.entries[1].salt[7] ^= 1; }), "merkle.inclusion", "entry 2"},
      {"a byte of a proof", changed([](E& e) { e.entries[2].proof[1][0] ^= 1; }), "merkle.inclusion", "entry 3"},
      {"a hash less", changed([](E& e) { e.entries[0].proof.pop_back(); }), "merkle.inclusion", "entry 1"},
      {"a hash more", changed([](E& e) { e.entries[0].proof.push_back({}); }), "merkle.inclusion", "entry 1"},
      {"hashes in another order", changed([](E& e) { std::swap(e.entries[0].proof[0], e.entries[0].proof[1]); }),
       "merkle.inclusion", "entry 1"},
      {"the proof of another", changed([](E& e) { std::swap(e.entries[0].proof, e.entries[1].proof); }),
       "merkle.inclusion", "entry 1"},
      {"an entry of another history", changed([&](E& e) { e.entries[1] = other.Prove(5, 11); }), "merkle.inclusion",
       "entry 2"},
      {"another sequence inside", changed([&](E& e) { e.entries[1].entry = renumbered(6); }), "merkle.inclusion",
       "entry 2"},
      {"sequence nought inside", changed([&](E& e) { e.entries[1].entry = renumbered(0); }), "merkle.inclusion",
       "entry 2"},
      {"sequence beyond the head", changed([&](E& e) { e.entries[1].entry = renumbered(12); }), "merkle.inclusion",
       "entry 2"},
      {"under an older head", changed([&](E& e) { e.checkpoint = log.Checkpoint(10); }), "merkle.inclusion", "entry 1"},
      {"reordered", changed([](E& e) { std::swap(e.entries[0], e.entries[1]); }), "evidence.order", "entry 2"},
      {"one twice", changed([](E& e) { e.entries[1] = e.entries[0]; }), "evidence.order", "entry 2"},
      {"a head of another key",
       changed([&](E& e) { e.checkpoint = SignCheckpoint(std::string(kHub), log.Head(11), thief); }),
       "checkpoint.signature", ""},
      {"a head of another log",
       changed([&](E& e) { e.checkpoint = SignCheckpoint("schakel.example/aalst", log.Head(11), HubLogKey()); }),
       "checkpoint.origin", ""},
      {"no head", changed([](E& e) { e.checkpoint = ""; }), "note.format", ""},
      {"an entry that is none", changed([](E& e) { e.entries[2].entry = {0x90}; }), "codec.type", "entry 3: entry"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    const auto checked = CheckEvidence(c.evidence, HubLogVerifier());
    EXPECT_EQ(checked ? "ok" : checked.error().rule, c.want);
    if (!checked) {
      EXPECT_EQ(checked.error().field, c.field);
    }
  }
}

TEST(EvidenceTest, AboutOneRecordIsItsDeliveriesItsViewsAndQuestionsAboutAll) {
  MemoryLog log;
  log.Append(DenialEntry{kPolice, Sequence(1), RecordNo(7), kOurs, Denial::kNoGrant}, kNow);
  log.Append(SessionEntry{kYouthCare, SessionEvent::kQuery, "access", kOurs, RecordId{}}, kNow + kTick);
  log.Append(SessionEntry{kYouthCare, SessionEvent::kQuery, "access", kOurs, RecordNo(8)}, kNow + kTick * 2);
  Evidence evidence = EvidenceOf(log, {1, 2});
  evidence.subject = "record " + ToText(RecordNo(7));
  EXPECT_TRUE(CheckEvidence(evidence, HubLogVerifier()));
  evidence.entries.push_back(log.Prove(3, 3));
  EXPECT_EQ(CheckEvidence(evidence, HubLogVerifier()).error().rule, "evidence.about");
}

TEST(EvidenceTest, FeedsInTheFileGrowAndNeighboursAreChained) {
  const auto delivery = [](std::uint64_t position, const Hash32& previous) {
    DeliveryEntry entry;
    entry.recipient = kPolice;
    entry.position = FeedPosition(position);
    entry.previous = previous;
    entry.record_sequence = Sequence(1);
    entry.record = RecordNo(7);
    entry.trajectory = kOurs;
    return entry;
  };
  const auto rule_of = [&](std::uint64_t second, bool chained) {
    MemoryLog log;
    log.Append(delivery(4, {}), kNow);
    log.Append(delivery(second, chained ? FeedHash(log.EntryAt(1)) : Hash32{}), kNow + kTick);
    const auto checked = CheckEvidence(EvidenceOf(log, {1, 2}), HubLogVerifier());
    return checked ? std::string("ok") : checked.error().rule;
  };
  EXPECT_EQ(rule_of(5, true), "ok");
  EXPECT_EQ(rule_of(5, false), "evidence.feed");
  EXPECT_EQ(rule_of(6, false), "ok") << "between them lies one about another trajectory";
  EXPECT_EQ(rule_of(4, true), "evidence.feed");
  EXPECT_EQ(rule_of(3, true), "evidence.feed");
}

TEST(EvidenceTest, WhatWasRewrittenIsTampering) {
  Evidence evidence = EvidenceOf(LogOf(4), {2});
  evidence.entries[0].entry.back() ^= 1;
  EXPECT_EQ(CheckEvidence(evidence, HubLogVerifier()).error().code, Code::kTampered);
}

TEST(EvidenceTest, EntryOfANewerVersionSaysSo) {
  Evidence evidence = EvidenceOf(LogOf(4), {2});
  evidence.entries[0].entry[1] = 4;
  EXPECT_EQ(CheckEvidence(evidence, HubLogVerifier()).error().code, Code::kVersion);
}

// ---- The file ----

TEST(EvidenceTest, FileComesBackAsItWas) {
  const MemoryLog log = LogOf(11);
  for (const Evidence& evidence : {EvidenceOf(log, {2, 5, 11}), EvidenceOf(log, {}), Evidence{}}) {
    const Bytes bytes = EncodeEvidence(evidence);
    const auto decoded = DecodeEvidence(bytes);
    ASSERT_TRUE(decoded.has_value()) << ToText(decoded.error());
    EXPECT_EQ(*decoded, evidence);
  }
  ExpectCanonical(EncodeEvidence(EvidenceOf(log, {2, 11})), ReencodeEvidence);
}

TEST(EvidenceTest, FileKeepsItsRules) {
  const Evidence good = EvidenceOf(LogOf(3), {2});
  const auto rule_of = [](const Bytes& bytes) {
    const auto evidence = DecodeEvidence(bytes);
    return evidence ? std::string("ok") : evidence.error().rule;
  };
  Evidence evidence = good;
  evidence.subject = std::string(200, 'x');
  EXPECT_EQ(rule_of(EncodeEvidence(evidence)), "ok");
  evidence.subject += 'x';
  EXPECT_EQ(rule_of(EncodeEvidence(evidence)), "codec.size");
  evidence = good;
  evidence.entries[0].proof.resize(64);
  EXPECT_EQ(rule_of(EncodeEvidence(evidence)), "ok");
  evidence.entries[0].proof.resize(65);
  EXPECT_EQ(rule_of(EncodeEvidence(evidence)), "codec.type");
  Bytes newer = EncodeEvidence(good);
  newer[1] = 2;
  EXPECT_EQ(rule_of(newer), "codec.type");
  newer[1] = 3;
  EXPECT_EQ(rule_of(newer), "evidence.version");
  newer[0] = 0x95;
  newer.push_back(0xc0);
  EXPECT_EQ(rule_of(newer), "evidence.version") << "a newer one may say more";
  newer[1] = 1;
  EXPECT_EQ(rule_of(newer), "codec.type");
  newer[1] = 0;
  EXPECT_EQ(rule_of(newer), "codec.type");
}

}  // namespace
}  // namespace schakel::test
