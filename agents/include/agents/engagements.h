// Commitments that persons sign besides organisations (engagementsverklaring): what a guest is asked to sign, and what
// of it goes to the youth court. docs/methods.md says how it goes.
//
// A guest sees the text of what they are asked to sign, who its parties are, and nothing else of the dossier. What they
// say is a record of the organisation that made their link. Threads, durability, errors: as services.h.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agents/court.h"
#include "agents/dossier.h"
#include "agents/guests.h"

namespace schakel {

class EngagementService {
 public:
  EngagementService(Engine& engine, Cases& cases, GuestService& guests, DossierService& dossier,
                    CourtPlanService& plans)
      : engine_(engine), cases_(cases), guests_(guests), dossier_(dossier), plans_(plans) {}

  // ---- The guest ----
  struct Asked {
    CaseCommitment commitment;
    CommitmentBody body;
    Speaker who{1};                     // As whom the guest signs.
    std::optional<SignatureBody> said;  // What they said about this version.
    bool open = false;                  // They can sign it: nobody refused, and our own organisation signed.
  };
  // What the guest is asked to sign, as far as it came here and may be shown. The view of each is logged first.
  Result<std::vector<Asked>> AskedOf(const GuestService::Visit& visit);
  // `version`: its whole id, as it was shown. kNotFound ("commitment.asked"): not asked of this guest; else as
  // DossierService::SignFor.
  Result<Sent> Say(const GuestService::Visit& visit, std::string_view version, bool declined, const std::string& words,
                   std::chrono::milliseconds patience);

  // ---- To the youth court ----
  // The signed text, written out, as a plan that rests on it; it goes to nobody yet. kConflict ("commitment.inactive",
  // "commitment.changed"), kDenied ("commitment.party").
  Result<Sent> CopyForCourt(const RecordId& version, const std::string& text, const Audience& audience);
  // The copy of its current version, as CourtPlanService::HandOver. kConflict ("commitment.no_copy",
  // "commitment.inactive").
  Result<Sent> HandOver(const RecordId& commitment, const OrgId& court, const Audience& audience);
  // kNotFound ("id.unknown").
  Result<CaseCommitment> Find(const RecordId& commitment);

 private:
  Result<GuestBody> GuestOf(const RecordId& guest) const;

  Engine& engine_;
  Cases& cases_;
  GuestService& guests_;
  DossierService& dossier_;
  CourtPlanService& plans_;
};

}  // namespace schakel
