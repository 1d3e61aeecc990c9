// Commitments that persons sign besides organisations (engagementsverklaring): what a guest is asked to sign, and what
// of it goes to the youth court. docs/methods.md says how it goes.
//
// A guest sees the text of what they are asked to sign, who its parties are, the goals and criteria that it cites with
// how far each who signed finds them, and nothing else of the dossier. What they say is a record of the organisation
// that made their link. Threads, durability, errors: as services.h.
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
  struct AskedGoal {
    CaseCited cited;
    std::optional<GoalBody> body;     // None: it is not here, or sealed.
    std::optional<ProgressBody> own;  // How far the guest finds it; none: not said.
  };
  struct AskedCriterion {
    CaseCited cited;
    std::optional<CriterionBody> body;
  };
  struct Asked {
    CaseCommitment commitment;
    CommitmentBody body;
    Speaker who{1};                     // As whom the guest signs.
    std::optional<SignatureBody> said;  // What they said about this version.
    bool open = false;                  // They can sign it: nobody refused, and our own organisation signed.
    std::vector<AskedGoal> goals;       // That it cites, as the commitment has them.
    std::vector<AskedCriterion> criteria;
  };
  // What the guest is asked to sign, as far as it came here and may be shown. The view of each is logged first.
  Result<std::vector<Asked>> AskedOf(const GuestService::Visit& visit);
  // `version`: its whole id, as it was shown. kNotFound ("commitment.asked"): not asked of this guest; else as
  // DossierService::SignFor.
  Result<Sent> Say(const GuestService::Visit& visit, std::string_view version, bool declined, const std::string& words,
                   std::chrono::milliseconds patience);

  // How far the guest finds a goal that the commitment cites; both by the whole ids that were shown. As Say, and as
  // DossierService::SayProgressFor.
  Result<Sent> SayProgress(const GuestService::Visit& visit, std::string_view version, std::string_view goal,
                           ProgressBody body, std::chrono::milliseconds patience);

  // ---- To the youth court ----
  // The signed text, written out, as a plan that rests on it; it goes to nobody yet. kConflict ("commitment.inactive",
  // "commitment.changed", "commitment.cites_changed"), kDenied ("commitment.party").
  Result<Sent> CopyForCourt(const RecordId& version, const std::string& text, const Audience& audience);
  // The copy of its current version, as CourtPlanService::HandOver. kConflict ("commitment.no_copy",
  // "commitment.inactive").
  Result<Sent> HandOver(const RecordId& commitment, const OrgId& court, const Audience& audience);
  // kNotFound ("id.unknown").
  Result<CaseCommitment> Find(const RecordId& commitment);

 private:
  Result<GuestBody> GuestOf(const RecordId& guest) const;
  void AddReadable(const CaseCommitment& one, std::vector<RecordId>& ids) const;
  static AskedGoal GoalIn(const Glance& glance, const CaseCited& cited, Speaker who);

  Engine& engine_;
  Cases& cases_;
  GuestService& guests_;
  DossierService& dossier_;
  CourtPlanService& plans_;
};

}  // namespace schakel
