// Archives: what holds, and that no byte of one can be changed unseen.
#include "protocol/archive.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "support/builders.h"
#include "unit/protocol/samples.h"

namespace schakel::test {
namespace {

bool Holds(const CheckedArchive& checked) {
  return checked.doubts.empty() &&
         std::ranges::none_of(checked.records, [](const ArchivedRecord& one) { return one.doubt.has_value(); });
}

TEST(ArchiveTest, ABodyIsTheOneInTheLog) {
  const auto checked = CheckArchive(SampleArchive(), HubLogVerifier());
  ASSERT_TRUE(checked.has_value()) << ToText(checked.error());
  EXPECT_TRUE(Holds(*checked));
  ASSERT_EQ(checked->records.size(), 2U);
  EXPECT_EQ(checked->records[0].header, SampleNote());
  EXPECT_EQ(checked->records[0].body, SampleBody());
  EXPECT_FALSE(checked->records[1].header.has_value()) << "a delivery";
  EXPECT_EQ(checked->evidence.entries.size(), 2U);
}

TEST(ArchiveTest, WithoutContentARecordIsInTheLogAndSaysNothing) {
  Archive archive = SampleArchive();
  archive.contents.clear();
  const auto checked = CheckArchive(archive, HubLogVerifier());
  ASSERT_TRUE(checked.has_value());
  EXPECT_TRUE(Holds(*checked));
  EXPECT_TRUE(checked->records[0].header.has_value());
  EXPECT_FALSE(checked->records[0].body.has_value());
}

TEST(ArchiveTest, EveryForgeryIsDoubted) {
  struct Case {
    const char* name;
    void (*change)(Archive&);
    const char* rule;
    const char* field;
  };
  const Case cases[] = {
      {"another key", [](Archive& a) { a.contents[0].key[5] ^= 1; }, "record.commitment", "entry 1"},
      {"another ciphertext", [](Archive& a) { a.contents[0].ciphertext[40] ^= 1; }, "archive.ciphertext", "entry 1"},
      {"the content of a delivery", [](Archive& a) { a.contents[0].entry = 1; }, "archive.content", "entry 2"},
      {"another entry", [](Archive& a) { a.evidence.entries[0].entry.back() ^= 1; }, "", "entry 1"},
      {"another salt", [](Archive& a) { a.evidence.entries[0].salt[0] ^= 1; }, "merkle.inclusion", "entry 1"},
      {"another proof", [](Archive& a) { a.evidence.entries[1].proof[0][0] ^= 1; }, "merkle.inclusion", "entry 2"},
      {"about something else", [](Archive& a) { a.evidence.subject = "trajectory " + ToText(kOther); },
       "evidence.about", "entry 1"},
      {"in another order", [](Archive& a) { std::swap(a.evidence.entries[0], a.evidence.entries[1]); },
       "archive.content", "entry 1"},
      {"not whole", [](Archive& a) { a.intact = false; }, "archive.digest", ""},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    Archive archive = SampleArchive();
    c.change(archive);
    const auto checked = CheckArchive(archive, HubLogVerifier());
    ASSERT_TRUE(checked.has_value()) << ToText(checked.error());
    ASSERT_FALSE(checked->doubts.empty());
    EXPECT_TRUE(checked->evidence.entries.empty());
    if (*c.rule != 0) {
      EXPECT_EQ(checked->doubts.front().rule, c.rule);
    }
    EXPECT_EQ(checked->doubts.front().field, c.field);
  }
  // Which of several are sound is told.
  Archive archive = SampleArchive();
  archive.evidence.entries[1].salt[0] ^= 1;
  const auto checked = CheckArchive(archive, HubLogVerifier());
  EXPECT_TRUE(checked->records[0].body.has_value());
  EXPECT_TRUE(checked->records[1].doubt.has_value());
  // In one order alone.
  archive = SampleArchive();
  std::swap(archive.evidence.entries[0], archive.evidence.entries[1]);
  archive.contents.clear();
  EXPECT_EQ(CheckArchive(archive, HubLogVerifier())->doubts.front().rule, "evidence.order");

  NoteVerifier other = HubLogVerifier();
  other.key = SigningKey::FromSeed(SeedOf("hub-log", "thief")).public_key;
  EXPECT_FALSE(CheckArchive(SampleArchive(), other).has_value());
}

TEST(ArchiveTest, NoByteChangesUnseen) {
  const Bytes good = EncodeArchive(SampleArchive());
  for (std::size_t at = 0; at < good.size(); ++at) {
    for (const std::uint8_t flip : {std::uint8_t{1}, std::uint8_t{0x80}}) {
      Bytes bad = good;
      bad[at] ^= flip;
      const auto archive = DecodeArchive(bad);
      if (!archive) continue;
      const auto checked = CheckArchive(*archive, HubLogVerifier());
      EXPECT_TRUE(!checked || !Holds(*checked)) << at;
    }
  }
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{17}, good.size() - 1}) {
    EXPECT_FALSE(DecodeArchive(ByteView(good).first(size)).has_value()) << size;
  }
  Bytes longer = good;
  longer.push_back(0);
  EXPECT_FALSE(DecodeArchive(longer).has_value());
}

TEST(ArchiveTest, ContentsAreOfEntriesAndInOrder) {
  Archive archive = SampleArchive();
  archive.contents[0].entry = 2;
  EXPECT_EQ(DecodeArchive(EncodeArchive(archive)).error().rule, "archive.content");
  archive = SampleArchive();
  archive.contents.push_back(archive.contents[0]);
  EXPECT_EQ(DecodeArchive(EncodeArchive(archive)).error().rule, "archive.content");
}

TEST(ArchiveTest, ItIsKnownFromEvidenceAndFromLaterVersions) {
  Bytes archive = EncodeArchive(SampleArchive());
  EXPECT_TRUE(IsArchive(archive));
  EXPECT_FALSE(IsArchive(EncodeEvidence(SampleEvidence())));
  EXPECT_FALSE(IsArchive({}));
  EXPECT_FALSE(DecodeEvidence(archive).has_value());
  EXPECT_FALSE(DecodeArchive(EncodeEvidence(SampleEvidence())).has_value());
  archive[1] = 2;
  EXPECT_TRUE(IsArchive(archive));
  EXPECT_EQ(DecodeArchive(archive).error().code, Code::kVersion);
}

}  // namespace
}  // namespace schakel::test
