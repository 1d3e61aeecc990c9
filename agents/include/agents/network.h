// The network, family and life of a young person: what people write of it. docs/network.md says how it goes, and what
// counts when edits cross.
//
// Each is content: it reaches whom a grant covers, and nobody else. Whoever takes part may write. kNotFound
// ("id.unknown"): no such thing here. Threads, durability, errors: as services.h.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "agents/dossier.h"
#include "agents/gedcom.h"
#include "agents/services.h"

namespace schakel {

class NetworkService {
 public:
  NetworkService(Engine& engine, Cases& cases, DossierService& dossier, Clock& clock)
      : engine_(engine), cases_(cases), dossier_(dossier), clock_(clock) {}

  // `known`: of what was here before that moment alone. For the machine's own work: words are shown through Reading.
  Result<CaseNetwork> Network(const TrajectoryId& id, std::optional<Timestamp> known = std::nullopt);

  // kDenied ("network.hidden"), of all that name figures: somebody named may not know of the organisation that the
  // figure stands for. It goes to nobody who may not.
  // Both: kInvalid ("network.day_to_come"): nobody is born or dies on a day that is still to come; kNotFound
  // ("network.organisation"): the directory has no such organisation, and a figure that stands for it could never be
  // invited.
  Result<Sent> AddFigure(const TrajectoryId& id, const FigureBody& body, const Audience& audience);
  Result<Sent> EditFigure(const RecordId& figure, const FigureBody& body, const Audience& audience);
  // `body.since` empty: today. kInvalid ("network.future"): that day is still to come. kNotFound ("network.figure"), of
  // all that name figures: one of them is not here.
  Result<Sent> SayTie(const TrajectoryId& id, TieBody body, const Audience& audience);

  // kInvalid ("kinship.ancestor", "kinship.self", "kinship.parents", "kinship.twice"): it would count for nothing.
  Result<Sent> Relate(const TrajectoryId& id, KinshipBody body, const Audience& audience);
  // Between whom it is, and whether as parent, stays.
  Result<Sent> EditKinship(const RecordId& kinship, KinshipBody body, const Audience& audience);

  Result<Sent> AddEvent(const TrajectoryId& id, const LifeEventBody& body, const Audience& audience);
  // kInvalid ("life_event.lane"): the lane stays as it was.
  Result<Sent> EditEvent(const RecordId& event, const LifeEventBody& body, const Audience& audience);

  Result<Sent> WriteDomain(const TrajectoryId& id, const LifeDomainBody& body, const Audience& audience);

  Result<Sent> Guess(const TrajectoryId& id, CircularQuestionBody body, const Audience& audience);
  Result<Sent> Answer(const RecordId& question, const CircularAnswerBody& body, const Audience& audience);

  // An action that is to mend a tie; which one goes to nobody. kNotFound ("network.tie"): nothing was said of it.
  // Otherwise as DossierService::AddAction.
  Result<Sent> Repair(const TrajectoryId& id, const TieKey& tie, const std::string& partner, const ActionBody& action,
                      const Audience& audience);

  // Adds what is not there yet: a person is, by name and year of birth. What was sent, in order; none when `dry_run`.
  struct Imported {
    struct Person {
      std::string name;
      std::string born;
      bool found = false;  // In the network already.
    };
    std::vector<Person> people;
    std::size_t kinships = 0;
    std::vector<std::string> left_out;
    std::vector<Sent> sent;
  };
  Result<Imported> Import(const TrajectoryId& id, const GedcomFamily& family, bool dry_run, const Audience& audience);

 private:
  // `before`: for which organisation it stood; nothing is said again of that.
  Status CheckFigure(const FigureBody& body, const std::string& before) const;
  Result<Sent> Begin(const TrajectoryId& id, Kind kind, CategorySet categories, const TypedBody& body,
                     std::vector<OrgId> usual, const Audience& audience);
  Result<Sent> GoOn(const RecordId& first, const RecordId& base, Kind kind, const TypedBody& body,
                    std::vector<OrgId> usual, const Audience& audience);
  Result<std::vector<OrgId>> Others(const TrajectoryId& id);
  Result<std::vector<OrgId>> WhoMayKnow(const TrajectoryId& id, const std::set<std::string>& organisations,
                                        const Audience& audience);
  template <typename T>
  struct Found;
  template <typename T>
  Result<Found<T>> Find(const RecordId& id, const T* (CaseNetwork::*find)(const RecordId&) const);

  Engine& engine_;
  Cases& cases_;
  DossierService& dossier_;
  Clock& clock_;
};

// By which a grant covers it.
CategorySet CategoriesOf(LifeLane lane);
CategorySet CategoriesOf(LifeDomain domain);

// ---- The organisation's own network: kept at home, goes to nobody ----

enum class PartnershipKind : std::uint8_t { kAgreement = 1, kCooperation, kContact };
std::string_view Slug(PartnershipKind value);
Result<PartnershipKind> ParsePartnershipKind(std::string_view slug);

struct Partnership {
  Id128 id{};
  std::string name;
  std::string organisation;  // By its short name, if it is enrolled.
  PartnershipKind kind = PartnershipKind::kContact;
  TieQuality quality = TieQuality::kPositive;
  std::uint32_t strength = 2;
  std::string since;                // A partial day, or nothing.
  std::vector<LifeDomain> domains;  // In which it can help, in the order of the list.
  std::string contact;
  bool discreet = false;  // Coordinators and administrators alone see it.
  friend bool operator==(const Partnership&, const Partnership&) = default;
};
Bytes EncodePartnership(const Partnership& one);
Result<Partnership> DecodePartnership(ByteView bytes);  // kCorrupt ("vault.row"), kVersion ("vault.row").

// Whether our tie with it holds, and it is the organisation of `figure` or helps in its domain. Pure.
bool CanBridge(const Partnership& one, const FigureBody& figure);

class PartnershipService {
 public:
  PartnershipService(Engine& engine, Random& random) : engine_(engine), random_(random) {}

  // By name; those that `role` may see. Of another, as of one that is not there: kNotFound ("partnership.unknown").
  Result<std::vector<Partnership>> List(StaffRole role) const;
  // kInvalid ("body.required", "body.day", "body.strength", "body.organisation", "body.long", "body.choice").
  Result<Partnership> Add(Partnership one, StaffRole role);
  Result<Partnership> Edit(const std::string& id, Partnership one, StaffRole role);
  Status Drop(const std::string& id, StaffRole role);
  Result<Partnership> Find(const std::string& id, StaffRole role) const;

 private:
  Engine& engine_;
  Random& random_;
};

}  // namespace schakel
