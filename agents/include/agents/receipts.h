// How far a question of ours came at each of those whom it asked: stored, opened, answered.
//
// What is stored and opened the hub's log says; it is asked by who wants to know, and that question is logged like any
// other about who saw what. What it said is kept, so that an overview shows it without asking again.
// Threads:    any.
// Durability: what the hub said is in the vault, synced, when Ask returns.
#pragma once

#include <optional>
#include <vector>

#include "agents/inquiry.h"
#include "agents/services.h"

namespace schakel {

struct Receipt {
  OrgId organisation;
  std::optional<Timestamp> stored_at;    // Handed over to its agent, as the log says. None: not yet, as far as we know.
  std::optional<Timestamp> opened_at;    // Somebody there first looked at the question, as that organisation says.
  std::optional<Timestamp> answered_at;  // Its last answer.
  friend bool operator==(const Receipt&, const Receipt&) = default;
};

class ReceiptService {
 public:
  ReceiptService(Engine& engine, ConsultationService& consultations, InquiryService& inquiry)
      : engine_(engine), consultations_(consultations), inquiry_(inquiry) {}

  // What is known here, of all who were asked, by name; none of a question that is not ours.
  Result<std::vector<Receipt>> Known(const Consultation& consultation) const;
  // Likewise, after asking the hub. kDenied ("consultation.receipts"): only who asked is told; "audit.task" and the
  // like as of any question about who saw what. kUnavailable ("hub.offline").
  Result<std::vector<Receipt>> Ask(const RecordId& consultation, const Caller& caller,
                                   std::chrono::milliseconds patience);

 private:
  Engine& engine_;
  ConsultationService& consultations_;
  InquiryService& inquiry_;
};

}  // namespace schakel
