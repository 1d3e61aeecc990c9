// One signature over many records: each stands on its own as evidence.
#include <gtest/gtest.h>

#include <bit>

#include "protocol/record.h"
#include "support/builders.h"

namespace schakel::test {
namespace {

std::vector<Hash32> Leaves(std::size_t count) {
  std::vector<Hash32> leaves;
  for (std::size_t i = 0; i < count; ++i) leaves.push_back(SeedOf("leaf", std::to_string(i)));
  return leaves;
}

// Written anew from docs/protocol.md, recursively: what is left of the largest power of two below the count goes left.
Hash32 ReferenceRoot(std::span<const Hash32> leaves) {
  if (leaves.size() == 1) return leaves[0];
  const std::size_t split = std::bit_floor(leaves.size() - 1);
  const std::uint8_t prefix = 0x11;
  return Sha256({{&prefix, 1}, ReferenceRoot(leaves.first(split)), ReferenceRoot(leaves.subspan(split))});
}

TEST(SignatureTest, SignsCountAndRootOfTheTree) {
  const SigningKey key = SecretsOf(kYouthCare).record;
  for (std::size_t count = 1; count <= kSignatureBatchMax; ++count) {
    const auto leaves = Leaves(count);
    Bytes message{0, 0, 0, static_cast<std::uint8_t>(count)};
    Append(message, ReferenceRoot(leaves));
    ASSERT_TRUE(Verify(key.public_key, "schakel/rec/v1", message, SignLeaves(key, leaves))) << count;
  }
}

TEST(SignatureTest, EvidenceOfEveryRecordHolds) {
  const SigningKey key = SecretsOf(kYouthCare).record;
  for (std::size_t count = 1; count <= kSignatureBatchMax; ++count) {
    const auto leaves = Leaves(count);
    const Signature signature = SignLeaves(key, leaves);
    ASSERT_TRUE(VerifyLeaves(key.public_key, leaves, signature));
    const auto evidence = ProveLeaves(leaves, signature);
    ASSERT_EQ(evidence.size(), count);
    for (std::size_t i = 0; i < count; ++i) {
      ASSERT_TRUE(VerifyEvidence(key.public_key, leaves[i], evidence[i]).has_value()) << i << " of " << count;
      ASSERT_LE(evidence[i].path.size(), 6U);
    }
  }
}

// Checks one altered piece of evidence; the rule must be the same whatever was altered.
void ExpectRefused(const SigningPublicKey& key, const Hash32& leaf, const SignatureEvidence& evidence,
                   const char* what) {
  const Status status = VerifyEvidence(key, leaf, evidence);
  ASSERT_FALSE(status.has_value()) << what << ", record " << evidence.index << " of " << evidence.count;
  ASSERT_EQ(status.error().code, Code::kUnauthenticated);
  ASSERT_EQ(status.error().rule, "record.signature");
}

TEST(SignatureTest, ChangedEvidenceIsRefused) {
  const SigningKey key = SecretsOf(kYouthCare).record;
  const SigningPublicKey other_key = SecretsOf(kSchool).record.public_key;
  // All shapes: full trees, an odd one out at each level, and the largest.
  for (const std::size_t count : {1U, 2U, 3U, 5U, 6U, 7U, 8U, 9U, 33U, 63U, 64U}) {
    const auto leaves = Leaves(count);
    const auto all = ProveLeaves(leaves, SignLeaves(key, leaves));
    for (std::size_t i = 0; i < count; i += count > 9 ? 5 : 1) {
      const SignatureEvidence& good = all[i];
      ExpectRefused(other_key, leaves[i], good, "key");
      for (std::size_t p = 0; p < good.path.size(); ++p) {
        SignatureEvidence bad = good;
        bad.path[p][p] ^= 1;
        ExpectRefused(key.public_key, leaves[i], bad, "path");
        bad = good;
        bad.path.erase(bad.path.begin() + static_cast<std::ptrdiff_t>(p));
        ExpectRefused(key.public_key, leaves[i], bad, "shorter path");
        if (p > 0) {
          bad = good;
          std::swap(bad.path[p], bad.path[p - 1]);
          ExpectRefused(key.public_key, leaves[i], bad, "order of the path");
        }
      }
      SignatureEvidence bad = good;
      bad.path.push_back(Hash32{});
      ExpectRefused(key.public_key, leaves[i], bad, "longer path");
      for (std::uint16_t index = 0; index < count + 2; ++index) {
        bad = good;
        bad.index = index;
        if (index != i) ExpectRefused(key.public_key, leaves[i], bad, "index");
      }
      for (std::uint16_t wrong = 0; wrong <= kSignatureBatchMax + 1; ++wrong) {
        bad = good;
        bad.count = wrong;
        if (wrong != count) ExpectRefused(key.public_key, leaves[i], bad, "count");
      }
      for (std::size_t byte = 0; byte < 64; byte += 9) {
        bad = good;
        bad.signature[byte] ^= 1;
        ExpectRefused(key.public_key, leaves[i], bad, "signature");
      }
      Hash32 other_leaf = leaves[i];
      other_leaf[0] ^= 1;
      ExpectRefused(key.public_key, other_leaf, good, "leaf");
    }
  }
}

TEST(SignatureTest, BatchIsCheckedWhole) {
  const SigningKey key = SecretsOf(kYouthCare).record;
  const auto leaves = Leaves(5);
  const Signature signature = SignLeaves(key, leaves);
  auto other = leaves;
  std::swap(other[1], other[2]);
  EXPECT_FALSE(VerifyLeaves(key.public_key, other, signature)) << "order";
  EXPECT_FALSE(VerifyLeaves(key.public_key, std::span(leaves).first(4), signature)) << "one left out";
  EXPECT_FALSE(VerifyLeaves(key.public_key, {}, signature)) << "none";
  EXPECT_FALSE(VerifyLeaves(key.public_key, Leaves(65), signature)) << "too many";
  EXPECT_TRUE(VerifyLeaves(key.public_key, leaves, signature));
}

// The bound holds even for what is rightly signed: a verifier's work is bounded by it.
TEST(SignatureTest, BatchOfTooManyIsRefusedThoughSigned) {
  const SigningKey key = SecretsOf(kYouthCare).record;
  for (const std::size_t count : {kSignatureBatchMax, kSignatureBatchMax + 1}) {
    const auto leaves = Leaves(count);
    Bytes message{0, 0, 0, static_cast<std::uint8_t>(count)};
    Append(message, ReferenceRoot(leaves));
    const Signature signature = Sign(key, "schakel/rec/v1", message);
    const bool fits = count == kSignatureBatchMax;
    EXPECT_EQ(VerifyLeaves(key.public_key, leaves, signature), fits);
    EXPECT_EQ(VerifyEvidence(key.public_key, leaves[0], ProveLeaves(leaves, signature)[0]).has_value(), fits);
  }
}

// An inner node of one batch cannot be passed off as a record of another: nodes and leaves have prefixes of their own,
// and the count is signed.
TEST(SignatureTest, NodeIsNoRecord) {
  const SigningKey key = SecretsOf(kYouthCare).record;
  const auto leaves = Leaves(4);
  const auto evidence = ProveLeaves(leaves, SignLeaves(key, leaves));
  const std::uint8_t prefix = 0x11;
  const Hash32 node = Sha256({{&prefix, 1}, leaves[0], leaves[1]});
  SignatureEvidence shortened{evidence[0].signature, 2, 0, {evidence[0].path[1]}};
  ExpectRefused(key.public_key, node, shortened, "a node as a leaf");
}

TEST(SignatureTest, LeafBindsHeaderCiphertextAndRecipients) {
  const Bytes header = EncodeHeader(NoteBy(kYouthCare));
  const Hash32 ciphertext = Filled<32>(1);
  const Hash32 root = Filled<32>(2);
  const Hash32 leaf = RecordLeaf(header, ciphertext, root);
  Bytes expected{0x10, 0, 0, 0, static_cast<std::uint8_t>(header.size())};
  Append(expected, header);
  Append(expected, ciphertext);
  Append(expected, root);
  EXPECT_EQ(leaf, Sha256(expected));
  EXPECT_NE(RecordLeaf(ByteView(header).first(header.size() - 1), ciphertext, root), leaf);
  EXPECT_NE(RecordLeaf(header, root, ciphertext), leaf);
}

TEST(SignatureTest, SignedBatchCoversItsRecords) {
  SeededRandom random(1);
  const SigningKey key = SecretsOf(kYouthCare).record;
  std::vector<SealedRecord> records;
  for (std::uint64_t i = 0; i < 3; ++i) {
    const std::vector<RecipientKey> to{RecipientKeyOf(kSchool)};
    records.push_back(SealRecord(NoteBy(kYouthCare, kOurs, 1 + i), {}, to, kHub, random)->record);
  }
  const SignedBatch batch = SignBatch(records, key);
  ASSERT_EQ(batch.records.size(), 3U);
  std::vector<Hash32> leaves;
  for (const SealedRecord& record : batch.records) {
    leaves.push_back(RecordLeaf(record.header, Sha256(record.ciphertext), RecipientsRoot(record.recipients)));
  }
  EXPECT_TRUE(VerifyLeaves(key.public_key, leaves, batch.signature));
}

}  // namespace
}  // namespace schakel::test
