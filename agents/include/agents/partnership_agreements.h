// The register of agreements with partners: what each is for, from when until when, and whom to reach. Part of the
// organisation's own network (network.h): kept at home, goes to nobody. docs/network.md says what it binds.
//
// Threads, durability, errors: as services.h.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "agents/engine.h"
#include "agents/network.h"
#include "protocol/seams.h"

namespace schakel {

enum class AgreementUse : std::uint8_t { kConsultation = 1, kCrisis, kPlaces, kActivities, kSchool };
inline constexpr AgreementUse kAgreementUseLast = AgreementUse::kSchool;
std::string_view Slug(AgreementUse value);
Result<AgreementUse> ParseAgreementUse(std::string_view slug);  // kInvalid ("vocabulary.agreement_use").

struct PartnershipAgreement {
  Id128 id{};
  Id128 partnership{};
  std::string organisation;           // Of the partnership when it was noted: what binds does not go with a later edit.
  std::vector<AgreementUse> uses;     // At least one, in the order of the list.
  std::string from;                   // Whole days, in Belgium; the last one is inside.
  std::string until;                  // Or nothing.
  std::string contact;                // Whom to reach there, and how.
  std::uint32_t turn = 0;             // Of several for the same use, which is asked first: 1; 0: after those.
  std::optional<Timestamp> ended_at;  // Before its time.
  std::string ended_by;
  std::string why;
  bool IsFor(AgreementUse use) const;
  friend bool operator==(const PartnershipAgreement&, const PartnershipAgreement&) = default;
};
Bytes EncodePartnershipAgreement(const PartnershipAgreement& one);
Result<PartnershipAgreement> DecodePartnershipAgreement(ByteView bytes);  // kCorrupt, kVersion ("vault.row").

enum class AgreementStanding : std::uint8_t { kToCome = 1, kStands, kEnded };
std::string_view Slug(AgreementStanding value);
AgreementStanding StandingOf(const PartnershipAgreement& one, Timestamp now);  // Pure.

// Whether something of no trajectory may go to `partners`: kDenied ("partnership.ended", its field the first whom it
// may not) where agreements for `use` with that organisation are registered, and the last of them has ended. Of whom
// nothing is registered for it, nothing is said.
Status CheckPartners(const Engine& engine, std::span<const OrgId> partners, AgreementUse use, Timestamp now);
// Likewise where agreements for `first` are registered with that organisation; else by those for `otherwise`.
Status CheckPartnersFor(const Engine& engine, std::span<const OrgId> partners, AgreementUse first,
                        AgreementUse otherwise, Timestamp now);
// Likewise of a question: one that is to be answered today counts as crisis where that is registered.
Status CheckPartnersAsked(const Engine& engine, std::span<const OrgId> partners, bool today, Timestamp now);

// Whom to turn to in a crisis, of `candidates`: in their turn those with whom an agreement for it stands, then the
// others in the order that they came in. Left out: those whose last agreement for it, or where none is registered for
// consultation, has ended. A discreet partner is in no turn: the order would tell of it.
struct CrisisOrder {
  std::vector<OrgId> agreed;
  std::vector<OrgId> others;
};
Result<CrisisOrder> InCrisisOrder(const Engine& engine, const std::vector<OrgId>& candidates, Timestamp now);

class AgreementRegister {
 public:
  AgreementRegister(Engine& engine, PartnershipService& partnerships, Clock& clock, Random& random)
      : engine_(engine), partnerships_(partnerships), clock_(clock), random_(random) {}

  // Of partnerships that `role` may see; those that stand first, then by `turn`, the oldest first.
  Result<std::vector<PartnershipAgreement>> List(StaffRole role) const;
  // Those that stand now for `use`, in the order in which to ask.
  Result<std::vector<PartnershipAgreement>> Standing(AgreementUse use, StaffRole role) const;

  // All three: kDenied ("partnership.role") but for coordinators and administrators.
  // kInvalid ("body.few", "body.whole_day", "body.period", "body.long").
  Result<PartnershipAgreement> Note(const std::string& partnership, PartnershipAgreement one, const Person& by);
  // `agreement` empty: all that have not ended. Counts at once. kConflict ("partnership.none_stands").
  Result<std::vector<PartnershipAgreement>> End(const std::string& partnership, const std::string& agreement,
                                                const std::string& why, const Person& by);
  // Forgets the partnership, with its agreements: from then on nothing is registered. Any role, of one that never had
  // an agreement. kConflict ("partnership.in_force"): one stands, or is to come.
  Status Drop(const std::string& partnership, StaffRole role);

 private:
  Engine& engine_;
  PartnershipService& partnerships_;
  Clock& clock_;
  Random& random_;
};

}  // namespace schakel
