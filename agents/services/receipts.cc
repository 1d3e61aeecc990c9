#include "agents/receipts.h"

#include <algorithm>
#include <map>

#include "receipt_rows.h"

namespace schakel {
namespace {

void KeepEarliest(std::optional<Timestamp>& known, Timestamp at) { known = std::min(known.value_or(at), at); }

ReceiptsBy SaidBy(const std::vector<AccessRow>& rows, const Consultation& consultation) {
  ReceiptsBy all;
  for (const AccessRow& row : rows) {
    if (row.record != consultation.id || !consultation.asked.contains(row.organisation)) continue;
    if (row.what == AccessRow::What::kHandedOver) KeepEarliest(all[row.organisation].stored_at, row.at);
    if (row.what == AccessRow::What::kSaw) KeepEarliest(all[row.organisation].opened_at, row.seen_at.value_or(row.at));
  }
  return all;
}

std::vector<Receipt> ReceiptsOf(const Consultation& consultation, const ReceiptsBy& said) {
  std::vector<Receipt> receipts;
  for (const OrgId& organisation : consultation.asked) {
    Receipt receipt{organisation, {}, {}, {}};
    if (const auto found = said.find(organisation); found != said.end()) {
      receipt.stored_at = found->second.stored_at;
      receipt.opened_at = found->second.opened_at;
    }
    for (const Consultation::Reply& answer : consultation.answers) {
      if (answer.author == organisation) receipt.answered_at = answer.at;
    }
    receipts.push_back(receipt);
  }
  return receipts;
}

}  // namespace

Result<std::vector<Receipt>> ReceiptService::Known(const Consultation& consultation) const {
  if (consultation.asker != engine_.Self()) return std::vector<Receipt>();
  SCHAKEL_ASSIGN(const auto rows, engine_.Kept(kReceiptSet));
  const auto row = rows.find(ToText(consultation.id));
  if (row == rows.end()) return ReceiptsOf(consultation, {});
  SCHAKEL_ASSIGN(const ReceiptsBy said, DecodeReceipts(row->second));
  return ReceiptsOf(consultation, said);
}

Result<std::vector<Receipt>> ReceiptService::Ask(const RecordId& id, const Caller& caller,
                                                 std::chrono::milliseconds patience) {
  SCHAKEL_ASSIGN(const Consultation consultation, consultations_.Find(id));
  if (consultation.asker != engine_.Self()) {
    return Fail(Code::kDenied, "consultation.receipts", "consultation", "leave that to who asked");
  }
  Inquiry inquiry;
  inquiry.question = Question::kRecord;
  inquiry.record = ToText(consultation.id);
  SCHAKEL_ASSIGN(const Findings findings, inquiry_.Ask(inquiry, caller, patience));
  const ReceiptsBy said = SaidBy(findings.rows, consultation);
  SCHAKEL_TRY(engine_.Keep({{kReceiptSet, ToText(consultation.id), EncodeReceipts(said)}}));
  return ReceiptsOf(consultation, said);
}

}  // namespace schakel
