#include "own_history.h"

#include "protocol/entry.h"
#include "protocol/merkle.h"

namespace schakel {

void OwnHistory::OnReady(Sequence own_last) {
  ready_ = true;
  asked_ = false;
  own_last_ = own_last;
}

void OwnHistory::OnTick(bool outbox_empty) {
  if (!ready_ || asked_ || !outbox_empty || own_last_ <= known_ || step_.distrusted()) return;
  step_.RaiseOnce(Alarm::Fault::kNotice,
                  {Code::kConflict, "vault.went_back", std::to_string(known_.value()),
                   "find out who put back an older copy of this vault, or who else writes under this name"});
  Ask();
}

void OwnHistory::Ask() {
  asked_ = true;
  requests_.Ask(OwnRecordsQuery{known_}, clock_.Steady(), [this](MessagePayload& reply) { OnReply(reply); });
}

void OwnHistory::OnReply(MessagePayload& reply) {
  if (std::holds_alternative<Error>(reply)) {
    asked_ = false;  // At a later tick.
    return;
  }
  const auto* own = std::get_if<OwnRecordsReply>(&reply);
  TreeHead head;
  auto found = own ? Check(*own, head) : Result<std::vector<Found>>(Fail(Code::kInvalid, "wire.type"));
  if (!found) return step_.Distrust({Code::kTampered, "hub.own_records", found.error().rule, {}});
  heads_.Compare(head, own->checkpoint,
                 [this, found = std::move(*found), upto = own->upto]() mutable { Take(found, upto); });
}

Result<std::vector<OwnHistory::Found>> OwnHistory::Check(const OwnRecordsReply& reply, TreeHead& head) const {
  SCHAKEL_ASSIGN(head, VerifyCheckpoint(reply.checkpoint, heads_.verifier()));
  if (reply.upto <= known_ || reply.upto.value() > head.size) return Fail(Code::kInvalid, "own_records.upto");
  std::vector<Found> found;
  Sequence last = known_;
  for (const ProvenEntry& proven : reply.entries) {
    SCHAKEL_ASSIGN(const Entry entry, DecodeEntry(proven.entry));
    const auto* body = std::get_if<RecordEntry>(&entry.body);
    if (body == nullptr || entry.sequence <= last || entry.sequence > reply.upto) {
      return Fail(Code::kInvalid, "own_records.entry");
    }
    last = entry.sequence;
    if (!VerifyInclusion(LogLeafHash(proven.salt, proven.entry), last.value() - 1, head.size, proven.proof,
                         head.root)) {
      return Fail(Code::kTampered, "merkle.inclusion");
    }
    SCHAKEL_ASSIGN(Header header, DecodeHeader(body->header));
    const auto key = knowledge_.FindRecordKey(knowledge_.self(), header.signer);
    if (header.author != knowledge_.self() || !key) return Fail(Code::kUnauthenticated, "record.author");
    const Hash32 leaf = RecordLeaf(body->header, body->ciphertext_hash, body->recipients_root);
    SCHAKEL_TRY(VerifyEvidence(*key, leaf, body->evidence));
    StoredRecord record;
    record.header = body->header;
    record.state = RecordState::kAccepted;
    record.sequence = entry.sequence;
    record.at = entry.at;
    found.push_back({std::move(header), std::move(record)});
  }
  return found;
}

void OwnHistory::Take(std::vector<Found>& found, Sequence upto) {
  for (Found& one : found) {
    if (vault_.NumberOf(one.header.id)) continue;
    const std::uint64_t number = draw_number();
    step_.writes().PutRecord(number, one.record, one.header);
    knowledge_.AddKnown(one.header, number, one.record.sequence);
    on_found(number, one.record, one.header);
    step_.TellOf(Engine::Change::What::kRecord, one.header);
  }
  Add(upto);
  asked_ = false;
}

}  // namespace schakel
