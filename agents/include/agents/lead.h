// Who leads: offering the lead to a member, and its answer. docs/dossier.md says how it goes.
// Threads, durability, errors: as services.h.
#pragma once

#include "agents/services.h"

namespace schakel {

class LeadService {
 public:
  LeadService(Engine& engine, Cases& cases, Clock& clock) : engine_(engine), cases_(cases), clock_(clock) {}

  // `expires_at` none: in kOfferLasts. kInvalid ("lead.offer_long"): not within kOfferLongest. kDenied as Admit.
  // Everybody who takes part reads `message`, as they do the words of the others below.
  Result<Sent> Offer(const TrajectoryId& id, const OrgId& to, const MessageBody& message,
                     std::optional<Timestamp> expires_at, const Audience& audience);
  // Of the offer that is open; kNotFound ("lead.offer"): none is, or not to us.
  Result<Sent> Accept(const TrajectoryId& id, const MessageBody& message, const Audience& audience);
  // kInvalid ("lead.why"): without a reason in words.
  Result<Sent> Refuse(const TrajectoryId& id, const MessageBody& why, const Audience& audience);
  Result<Sent> Withdraw(const TrajectoryId& id, const MessageBody& why, const Audience& audience);

  static constexpr std::chrono::days kOfferLasts{14};
  static constexpr std::chrono::days kOfferLongest{90};

 private:
  Result<Sent> Say(const TrajectoryId& id, Kind kind, Control control, const MessageBody& words,
                   const Audience& audience);
  Result<RecordId> OpenOffer(const TrajectoryId& id) const;

  Engine& engine_;
  Cases& cases_;
  Clock& clock_;
};

}  // namespace schakel
