#include "broker/intake.h"

#include <utility>

#include "protocol/crypto.h"

namespace schakel {
namespace {

Error ErrorOf(std::unexpected<Error> failure) { return std::move(failure.error()); }

void RefuseAll(ExaminedBatch& batch, const Error& error) {
  for (ExaminedRecord& record : batch.records) {
    if (!record.error) record.error = error;
  }
}

ExaminedRecord ExamineRecord(SealedRecord&& sealed) {
  ExaminedRecord record;
  record.ciphertext_hash = Sha256(sealed.ciphertext);
  record.recipients_root = RecipientsRoot(sealed.recipients);
  record.leaf = RecordLeaf(sealed.header, record.ciphertext_hash, record.recipients_root);
  if (auto header = DecodeHeader(sealed.header)) {
    record.header = std::move(*header);
  } else {
    record.error = std::move(header).error();
  }
  record.header_bytes = std::move(sealed.header);
  record.recipients = std::move(sealed.recipients);
  record.ciphertext = std::move(sealed.ciphertext);
  return record;
}

// The author and key that all readable records name, or why there is none.
Result<const SigningPublicKey*> SignerOf(const ExaminedBatch& batch, const Directory& directory) {
  const Header* first = nullptr;
  for (const ExaminedRecord& record : batch.records) {
    if (record.error) continue;
    if (!first) first = &record.header;
    if (record.header.author != first->author || record.header.signer != first->signer) {
      return Fail(Code::kInvalid, "submit.authors", "header.author", "send records of one author and one key together");
    }
  }
  if (!first) return Fail(Code::kInvalid, "submit.records", "records", "none of the records can be read");
  const SigningPublicKey* key = directory.FindRecordKey(first->author, first->signer);
  if (!key) {
    return Fail(Code::kUnauthenticated, "record.signer", "header.signer", "enrol this key, or sign with one that is");
  }
  return key;
}

ExaminedBatch ExamineBatch(SignedBatch&& batch, const Directory& directory) {
  ExaminedBatch examined;
  std::vector<Hash32> leaves;
  examined.records.reserve(batch.records.size());
  leaves.reserve(batch.records.size());
  for (SealedRecord& sealed : batch.records) {
    examined.records.push_back(ExamineRecord(std::move(sealed)));
    leaves.push_back(examined.records.back().leaf);
  }
  auto signer = SignerOf(examined, directory);
  if (!signer) {
    RefuseAll(examined, signer.error());
    return examined;
  }
  if (!VerifyLeaves(**signer, leaves, batch.signature)) {
    RefuseAll(examined, ErrorOf(Fail(Code::kUnauthenticated, "record.signature", "submit.signature",
                                     "sign the records again and send them again")));
    return examined;
  }
  std::vector<SignatureEvidence> evidence = ProveLeaves(leaves, batch.signature);
  for (std::size_t i = 0; i < examined.records.size(); ++i) examined.records[i].evidence = std::move(evidence[i]);
  return examined;
}

}  // namespace

Examined Examine(ByteView message, const Directory& directory, const WireLimits& limits) {
  Examined examined;
  CodecLimits codec;
  codec.bytes_max = limits.message_bytes_max;
  auto decoded = DecodeMessage(message, codec);
  if (!decoded) {
    examined.what = std::move(decoded).error();
    return examined;
  }
  examined.request = decoded->request;
  auto* submit = std::get_if<Submit>(&decoded->payload);
  if (!submit) {
    examined.what = std::move(decoded->payload);
    return examined;
  }
  if (submit->batch.records.size() > limits.batch_records_max) {
    examined.what = ErrorOf(Fail(Code::kLimit, "submit.batch", "records",
                                 "send at most " + std::to_string(limits.batch_records_max) + " records together"));
    return examined;
  }
  examined.what = ExamineBatch(std::move(submit->batch), directory);
  return examined;
}

}  // namespace schakel
