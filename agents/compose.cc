#include "compose.h"

#include <algorithm>

namespace schakel {
namespace {

// What somebody who was refused can do about it.
std::string NextStep(Denial denial) {
  switch (denial) {
    case Denial::kNotEnrolled:
      return "choose an organisation from the directory";
    case Denial::kSuspended:
      return "this organisation is suspended; ask the hub's operator";
    case Denial::kNotMember:
      return "ask the lead to invite this organisation, or to show you to each other";
    case Denial::kSectorCeiling:
      return "leave out what the region never shares with this sector";
    case Denial::kCourtWall:
      return "hand over only what the young person and the parents agreed to, as a court report";
    case Denial::kNotAddressed:
      return "send this statement only to whom it concerns";
    default:
      return "record what was agreed with the young person first, or leave this recipient out";
  }
}

// Everyone once, in the order given, with those whom a statement concerns.
std::vector<OrgId> Everyone(std::vector<OrgId> recipients, const std::vector<OrgId>& concerned) {
  recipients.insert(recipients.end(), concerned.begin(), concerned.end());
  std::vector<OrgId> once;
  for (OrgId& recipient : recipients) {
    if (std::ranges::find(once, recipient) == once.end()) once.push_back(std::move(recipient));
  }
  return once;
}

}  // namespace

Header Composer::Sketch(const Draft& draft) const {
  Header header;
  header.kind = draft.kind;
  header.author = knowledge_.self();
  header.signer = signer_;
  header.trajectory = draft.trajectory;
  header.thread = draft.thread;
  header.purpose = draft.purpose;
  header.categories = draft.categories;
  header.basis = draft.basis;
  header.created_at = clock_.Now();
  header.references = draft.references;
  header.control = draft.control;
  return header;
}

Result<Composed> Composer::Compose(const Draft& draft, const TreeHead& seen) {
  Header header = Sketch(draft);
  header.id = random_.Draw<RecordId>();
  if (IsNone(header.thread)) header.thread = header.id;
  header.seen = seen;
  SCHAKEL_ASSIGN(Addressed addressed, Address(header, draft));
  SCHAKEL_ASSIGN(Sealed sealed, SealRecord(header, draft.body, addressed.keys, hub_, random_));
  Composed composed;
  composed.record.header = std::move(sealed.record.header);
  composed.record.at = header.created_at;
  composed.record.recipients = std::move(addressed.recipients);
  composed.content.recipients_root = RecipientsRoot(sealed.record.recipients);
  composed.content.key = sealed.key;
  composed.content.ciphertext = std::move(sealed.record.ciphertext);
  composed.content.recipients = std::move(sealed.record.recipients);
  composed.header = std::move(header);
  return composed;
}

Result<Composer::Addressed> Composer::Address(const Header& header, const Draft& draft) const {
  if (auto valid = DecodeHeader(EncodeHeader(header)); !valid) return std::unexpected(valid.error());
  SCHAKEL_TRY(knowledge_.MaySay(header, header.created_at));
  Addressed addressed;
  addressed.recipients = Everyone(draft.recipients, knowledge_.Concerned(header));
  SCHAKEL_ASSIGN(addressed.keys, Resolve(header, addressed.recipients));
  return addressed;
}

Status Composer::Check(const Draft& draft) const {
  Header header = Sketch(draft);
  header.id = RecordId(Id128{1});  // Any will do: that it is new is not in question.
  if (IsNone(header.thread)) header.thread = header.id;
  SCHAKEL_TRY(Address(header, draft));
  return {};
}

Result<Header> Composer::Reseal(StoredRecord& record, StoredContent& content) {
  SCHAKEL_ASSIGN(Header header, DecodeHeader(record.header));
  SCHAKEL_ASSIGN(const Body body,
                 OpenBody(content.ciphertext, content.key, record.header, header.author, content.recipients_root));
  header.seen = {};
  header.signer = signer_;
  std::vector<RecipientKey> keys;
  for (const OrgId& recipient : record.recipients) {
    if (auto known = knowledge_.FindOrganisation(recipient)) {
      keys.push_back({recipient, known->statement.keys.hpke, GivenTo(header, recipient)});
    }
  }
  SCHAKEL_ASSIGN(Sealed sealed, SealRecord(header, body, keys, hub_, random_));
  record.header = std::move(sealed.record.header);
  content.recipients_root = RecipientsRoot(sealed.record.recipients);
  content.key = sealed.key;
  content.ciphertext = std::move(sealed.record.ciphertext);
  content.recipients = std::move(sealed.record.recipients);
  return header;
}

Result<std::vector<RecipientKey>> Composer::Resolve(const Header& header, const std::vector<OrgId>& recipients) const {
  std::vector<RecipientKey> keys;
  for (const OrgId& recipient : recipients) {
    if (recipient == knowledge_.self()) {
      return Fail(Code::kInvalid, "draft.recipients", recipient.value(), "leave out your own organisation");
    }
    auto organisation = knowledge_.FindOrganisation(recipient);
    if (!organisation) {
      return Fail(Code::kNotFound, "directory.organisation", recipient.value(), "choose one from the directory");
    }
    // Also who is suspended is asked to erase: it stays outstanding, by name.
    const bool asks_all = header.kind == Kind::kEraseConfirm;
    if (auto denial = knowledge_.SureDenial(header, recipient, header.created_at); denial && !asks_all) {
      return Fail(Code::kDenied, "recipient." + std::string(Slug(*denial)), recipient.value(), NextStep(*denial));
    }
    keys.push_back({recipient, organisation->statement.keys.hpke, GivenTo(header, recipient)});
  }
  return keys;
}

Given Composer::GivenTo(const Header& header, const OrgId& recipient) const {
  return knowledge_.GivesWords(header, recipient, header.created_at) ? Given::kWhole : Given::kWithoutBody;
}

}  // namespace schakel
