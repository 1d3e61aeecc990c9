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
  evidence.entries[0].entry[1] = 6;
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
  EXPECT_EQ(rule_of(newer), "codec.type");
  newer[1] = 4;
  EXPECT_EQ(rule_of(newer), "evidence.version");
  newer[0] = 0x95;
  newer.push_back(0xc0);
  EXPECT_EQ(rule_of(newer), "evidence.version") << "a newer one may say more";
  newer[1] = 1;
  EXPECT_EQ(rule_of(newer), "codec.type");
  newer[1] = 0;
  EXPECT_EQ(rule_of(newer), "codec.type");
}

// ---- In slots ----

DeliveryEntry Routed(const OrgId& recipient, std::uint64_t position, const Hash32& previous = {}) {
  DeliveryEntry delivery;
  delivery.recipient = recipient;
  delivery.position = FeedPosition(position);
  delivery.previous = previous;
  delivery.record_sequence = Sequence(1);
  delivery.record = RecordNo(7);
  delivery.trajectory = kOurs;
  return delivery;
}
DenialEntry Denied(const OrgId& recipient) { return {recipient, Sequence(1), RecordNo(7), kOurs, Denial::kNoGrant}; }

// 1 and 2: a record and its routing (here the record does not matter); 3: an entry of its own.
MemoryLog RoutedLog(const std::vector<MemoryLog::InSlot>& routed) {
  MemoryLog log;
  log.Append(SessionEntry{kYouthCare, SessionEvent::kQuery, "access", kOurs, {}});
  log.AppendRouting(RecordNo(7), kOurs, routed);
  log.Append(SessionEntry{kYouthCare, SessionEvent::kQuery, "access", kOurs, {}});
  return log;
}
Evidence RoutedEvidence(const MemoryLog& log, const std::vector<std::size_t>& slots) {
  Evidence evidence = EvidenceOf(log, {1});
  for (const std::size_t index : slots) evidence.entries.push_back(log.ProveSlot(2, log.size(), index));
  evidence.entries.push_back(log.Prove(3, log.size()));
  return evidence;
}
const std::vector<MemoryLog::InSlot> kThree = {{2, Routed(kPolice, 4)}, {3, Denied(kSchool)}, {9, Routed(kWelfare, 6)}};

TEST(EvidenceTest, HoldsForAnyOfTheSlotsOfARouting) {
  const MemoryLog log = RoutedLog(kThree);
  for (const std::vector<std::size_t>& slots :
       std::vector<std::vector<std::size_t>>{{}, {0}, {1}, {2}, {0, 1}, {0, 2}, {1, 2}, {0, 1, 2}}) {
    const Evidence evidence = RoutedEvidence(log, slots);
    const auto checked = CheckEvidence(evidence, HubLogVerifier());
    ASSERT_TRUE(checked.has_value()) << ToText(checked.error());
    EXPECT_EQ(checked->entries.size(), slots.size() + 2);
    const auto again = DecodeEvidence(EncodeEvidence(evidence));
    ASSERT_TRUE(again.has_value());
    EXPECT_EQ(*again, evidence);
    EXPECT_EQ(EncodeEvidence(evidence)[1], slots.empty() ? 1 : 3) << "in the lowest version that can say it";
  }
}

TEST(EvidenceTest, ForgeryInSlotsIsRefused) {
  const MemoryLog log = RoutedLog(kThree);
  const Evidence good = RoutedEvidence(log, {0, 1, 2});
  // Another routing of the same record: the police was denied it.
  const MemoryLog other = RoutedLog({{2, Denied(kPolice)}, {3, Denied(kSchool)}, {9, Routed(kWelfare, 6)}});
  const MemoryLog twice = RoutedLog({{2, Routed(kPolice, 4)}, {5, Routed(kPolice, 5)}});
  const MemoryLog both = RoutedLog({{2, Routed(kPolice, 4)}, {5, Denied(kPolice)}});
  DeliveryEntry of_another = Routed(kPolice, 4);
  of_another.record = RecordNo(8);
  DeliveryEntry of_another_place = Routed(kPolice, 4);
  of_another_place.record_sequence = Sequence(3);
  DeliveryEntry elsewhere = Routed(kPolice, 4);
  elsewhere.trajectory = kOther;
  const SessionEntry no_delivery{kPolice, SessionEvent::kQuery, "access", kOurs, {}};
  MemoryLog late;
  late.Append(SessionEntry{kYouthCare, SessionEvent::kQuery, "access", kOurs, {}});
  late.Append(SessionEntry{kYouthCare, SessionEvent::kQuery, "access", kOurs, {}});
  late.AppendRouting(RecordNo(7), kOurs, {{2, Routed(kPolice, 4)}});  // Not right behind the record that it names.
  Evidence not_behind = EvidenceOf(late, {1});
  not_behind.entries.push_back(late.ProveSlot(3, 3, 0));
  const auto changed = [&](auto&& change) {
    Evidence bad = good;
    change(bad);
    return bad;
  };
  using E = Evidence;
  struct Case {
    const char* name;
    Evidence evidence;
    const char* want;
    const char* field;
  };
  const Case cases[] = {
      {"as it is", good, "ok", ""},
      {"another grant in the entry", changed([](E& e) {
         Entry entry = *DecodeEntry(e.entries[1].entry);
         std::get<DeliveryEntry>(entry.body).grant = RecordNo(99);
         e.entries[1].entry = EncodeEntry(entry);
       }),
       "evidence.slot", "entry 2"},
      {"a byte of the salt", changed([](E& e) { e.entries[1].salt[3] ^= 1; }), "evidence.slot", "entry 2"},
      {"a byte of the path", changed([](E& e) { e.entries[1].place->path[4][0] ^= 1; }), "evidence.slot", "entry 2"},
      {"another slot", changed([](E& e) { e.entries[1].place->slot = 1; }), "evidence.slot", "entry 2"},
      {"the path of another", changed([](E& e) { std::swap(e.entries[1].place->path, e.entries[2].place->path); }),
       "evidence.slot", "entry 2"},
      {"another in the place of one", changed([](E& e) { std::swap(e.entries[1].entry, e.entries[2].entry); }),
       "evidence.slot", "entry 2"},
      {"a byte of the routing", changed([](E& e) { e.entries[1].place->routing.back() ^= 1; }), "evidence.slot",
       "entry 2"},
      {"a byte of the routing's salt", changed([](E& e) { e.entries[1].place->routing_salt[0] ^= 1; }),
       "merkle.inclusion", "entry 2"},
      {"a slot of another routing", changed([&](E& e) { e.entries[1] = other.ProveSlot(2, 3, 0); }), "merkle.inclusion",
       "entry 2"},
      {"no routing at all", changed([&](E& e) { e.entries[1].place->routing = log.EntryAt(1); }), "evidence.slot",
       "entry 2"},
      {"a slot shown as a leaf", changed([](E& e) { e.entries[1].place.reset(); }), "merkle.inclusion", "entry 2"},
      {"a leaf shown as a slot", changed([](E& e) { e.entries[4].place = e.entries[3].place; }), "evidence.slot",
       "entry 5"},
      {"one twice", changed([](E& e) { e.entries.insert(e.entries.begin() + 1, e.entries[1]); }), "evidence.order",
       "entry 3"},
      {"in another order", changed([](E& e) { std::swap(e.entries[1], e.entries[2]); }), "evidence.order", "entry 3"},
      {"two slots for one recipient", RoutedEvidence(twice, {0, 1}), "evidence.order", "entry 3"},
      {"handed over and denied", RoutedEvidence(both, {0, 1}), "evidence.order", "entry 3"},
      {"of another record", RoutedEvidence(RoutedLog({{2, of_another}}), {0}), "evidence.slot", "entry 2"},
      {"of another place", RoutedEvidence(RoutedLog({{2, of_another_place}}), {0}), "evidence.slot", "entry 2"},
      {"of another trajectory", RoutedEvidence(RoutedLog({{2, elsewhere}}), {0}), "evidence.slot", "entry 2"},
      {"no delivery", RoutedEvidence(RoutedLog({{2, no_delivery}}), {0}), "evidence.slot", "entry 2"},
      {"another routing of the same record", not_behind, "evidence.slot", "entry 2"},
      {"the routing itself", EvidenceOf(log, {1, 2}), "evidence.about", "entry 2"},
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

}  // namespace
}  // namespace schakel::test
