#include "agents/network.h"

#include <algorithm>
#include <map>
#include <set>

#include "acquaintance.h"
#include "agents/partial_day.h"
#include "network_fold.h"
#include "sending.h"

namespace schakel {
namespace {

// Whether that id names a figure that is drawn, or the young person; then by the record that began it.
Result<RecordId> FigureIn(const CaseNetwork& network, const Id128& named, const char* field) {
  const RecordId id(named);
  if (IsNone(id)) return id;
  const CaseFigure* figure = network.FindFigure(id);
  if (figure == nullptr || (figure->body && figure->body->removed)) {
    return Fail(Code::kNotFound, "network.figure", field, "see who is in the network: schakel network show");
  }
  return figure->text.id();
}

Error Ignored(CaseKinship::Ignored why) {
  using enum CaseKinship::Ignored;
  const auto error = [](const char* rule, const char* next) { return Error{Code::kInvalid, rule, "kinship", next}; };
  switch (why) {
    case kAncestor:
      return error("kinship.ancestor", "look which of the two is the parent");
    case kSelf:
      return error("kinship.self", "name two different people");
    case kParents:
      return error("kinship.parents", "choose another kind of parent, or take one away first");
    default:
      return error("kinship.twice", "change the one that is there");
  }
}

// For which organisations those figures stand.
std::set<std::string> OrganisationsOf(const CaseNetwork& network, std::initializer_list<RecordId> figures) {
  std::set<std::string> all;
  for (const RecordId& id : figures) {
    const CaseFigure* figure = network.FindFigure(id);
    if (figure != nullptr && figure->body) all.insert(figure->body->organisation);
  }
  all.erase("");
  return all;
}

}  // namespace

CategorySet CategoriesOf(LifeLane lane) {
  switch (lane) {
    case LifeLane::kStay:
      return {Category::kLiving};
    case LifeLane::kSchool:
      return {Category::kSchool};
    default:
      return {Category::kFamily};
  }
}

CategorySet CategoriesOf(LifeDomain domain) {
  switch (domain) {
    case LifeDomain::kLiving:
      return {Category::kLiving};
    case LifeDomain::kSchoolWork:
      return {Category::kSchool};
    case LifeDomain::kHealth:
      return {Category::kHealth};
    case LifeDomain::kMoney:
      return {Category::kIncome};
    case LifeDomain::kSafety:
      return {Category::kSafety};
    case LifeDomain::kFuture:
      return {Category::kGoals};
    default:
      return {Category::kFamily};
  }
}

template <typename T>
struct NetworkService::Found {
  TrajectoryId trajectory;
  CaseNetwork network;
  T item;
};

template <typename T>
Result<NetworkService::Found<T>> NetworkService::Find(const RecordId& id,
                                                      const T* (CaseNetwork::*find)(const RecordId&) const) {
  return cases_.With([&](CaseFile& file) -> Result<Found<T>> {
    const CaseRecord* record = file.Record(id);
    const CaseTrajectory* trajectory = record == nullptr ? nullptr : file.Find(record->held.header.trajectory);
    const T* found = trajectory == nullptr ? nullptr : (trajectory->network.*find)(id);
    if (found == nullptr) return Fail(Code::kNotFound, "id.unknown", "record", "check the id");
    return Found<T>{trajectory->id, trajectory->network, *found};
  });
}

Result<CaseNetwork> NetworkService::Network(const TrajectoryId& id, std::optional<Timestamp> known) {
  return cases_.With([&](CaseFile& file) -> Result<CaseNetwork> {
    const CaseTrajectory* trajectory = file.Find(id);
    if (trajectory == nullptr) return Fail(Code::kNotFound, "id.unknown", "trajectory", "check the id");
    if (!known) return trajectory->network;
    std::vector<const CaseRecord*> records;
    for (const CaseRecord* record : file.RecordsOf(id)) {
      const HeldRecord& held = record->held;
      if (!IsOfNetwork(held.header.kind) || held.state == RecordState::kRefused || held.at >= *known) continue;
      records.push_back(record);
    }
    return FoldNetwork(records);
  });
}

Result<std::vector<OrgId>> NetworkService::Others(const TrajectoryId& id) {
  SCHAKEL_ASSIGN(const CaseTrajectory trajectory, cases_.Trajectory(id));
  return OthersIn(trajectory, engine_.Self());
}

// That a figure stands for an organisation that takes part tells of it, as the owner of an action does; and so does
// what is said of that figure.
Result<std::vector<OrgId>> NetworkService::WhoMayKnow(const TrajectoryId& id,
                                                      const std::set<std::string>& organisations,
                                                      const Audience& audience) {
  SCHAKEL_ASSIGN(const CaseTrajectory trajectory, cases_.Trajectory(id));
  std::vector<OrgId> usual = OthersIn(trajectory, engine_.Self());
  SCHAKEL_ASSIGN(Trajectory rules, engine_.FindTrajectory(id));
  const Acquaintance acquaintance(std::move(rules), engine_.Self(), {});
  for (const std::string& organisation : organisations) {
    const OrgId named(organisation);
    if (named == engine_.Self() || trajectory.Find(named) == nullptr) continue;
    const auto may_know = [&](const OrgId& one) { return one == named || acquaintance.MayKnow(one, named); };
    if (!std::ranges::all_of(audience.named, may_know)) {
      return Fail(Code::kDenied, "network.hidden", "to", "introduce them to each other first, or leave them out");
    }
    std::erase_if(usual, [&](const OrgId& one) { return !may_know(one); });
  }
  return usual;
}

Result<Sent> NetworkService::Begin(const TrajectoryId& id, Kind kind, CategorySet categories, const TypedBody& body,
                                   std::vector<OrgId> usual, const Audience& audience) {
  Draft draft;
  draft.kind = kind;
  draft.trajectory = id;
  draft.purpose = Purpose::kCareCoordination;
  draft.categories = categories;
  SCHAKEL_ASSIGN(draft.body, EncodeBody(body));
  return Send(engine_, std::move(draft), usual, audience);
}

Result<Sent> NetworkService::GoOn(const RecordId& first, const RecordId& base, Kind kind, const TypedBody& body,
                                  std::vector<OrgId> usual, const Audience& audience) {
  SCHAKEL_ASSIGN(const HeldRecord began, engine_.Find(first));
  Draft draft;
  draft.kind = kind;
  draft.trajectory = began.header.trajectory;
  draft.thread = first;
  draft.references = {base};
  // As it began, so that the same grants cover it.
  draft.purpose = began.header.purpose;
  draft.categories = began.header.categories;
  SCHAKEL_ASSIGN(draft.body, EncodeBody(body));
  return Send(engine_, std::move(draft), usual, audience);
}

// ---- Figures and ties ----

namespace {

// Also one that left: the figure may have stood there before.
bool IsEnrolled(const Engine& engine, const std::string& organisation) {
  return std::ranges::any_of(engine.Organisations(), [&](const Directory::Organisation& one) {
    return one.statement.organisation.value() == organisation;
  });
}

}  // namespace

Status NetworkService::CheckFigure(const FigureBody& body, const std::string& before) const {
  SCHAKEL_TRY(CheckBody(body));
  const std::string today = BelgianDay(clock_.Now());
  // A day that is known in part is compared in what is known.
  for (const auto& [day, field] : {std::pair(&body.born, "body.born"), std::pair(&body.died, "body.died")}) {
    if (*day > today) return Fail(Code::kInvalid, "network.day_to_come", field, "give a day until today");
  }
  if (body.organisation.empty() || body.organisation == before || IsEnrolled(engine_, body.organisation)) return {};
  return Fail(Code::kNotFound, "network.organisation", "body.organisation",
              "check its short name; of one outside the region give the name alone");
}

Result<Sent> NetworkService::AddFigure(const TrajectoryId& id, const FigureBody& body, const Audience& audience) {
  SCHAKEL_TRY(CheckFigure(body, {}));
  std::set<std::string> organisations;
  if (!body.organisation.empty()) organisations.insert(body.organisation);
  SCHAKEL_ASSIGN(std::vector<OrgId> usual, WhoMayKnow(id, organisations, audience));
  return Begin(id, Kind::kNetworkFigure, {Category::kFamily}, body, std::move(usual), audience);
}

Result<Sent> NetworkService::EditFigure(const RecordId& id, const FigureBody& body, const Audience& audience) {
  SCHAKEL_ASSIGN(const auto found, Find(id, &CaseNetwork::FindFigure));
  SCHAKEL_TRY(CheckFigure(body, found.item.body ? found.item.body->organisation : std::string()));
  // Of what it stood for too: who may not know of that does not have the figure.
  std::set<std::string> organisations = OrganisationsOf(found.network, {found.item.text.id()});
  if (!body.organisation.empty()) organisations.insert(body.organisation);
  SCHAKEL_ASSIGN(std::vector<OrgId> usual, WhoMayKnow(found.trajectory, organisations, audience));
  const CaseVersions& text = found.item.text;
  return GoOn(text.id(), text.current().record, Kind::kNetworkFigure, body, std::move(usual), audience);
}

Result<Sent> NetworkService::SayTie(const TrajectoryId& id, TieBody body, const Audience& audience) {
  const std::string today = BelgianDay(clock_.Now());
  if (body.since.empty()) body.since = today;
  SCHAKEL_TRY(CheckBody(body));
  if (body.since > today) {
    return Fail(Code::kInvalid, "network.future", "since", "say how it is; what is to come can be a goal");
  }
  SCHAKEL_ASSIGN(const CaseNetwork network, Network(id));
  SCHAKEL_ASSIGN(const RecordId figure, FigureIn(network, body.figure, "figure"));
  SCHAKEL_ASSIGN(const RecordId other, FigureIn(network, body.other, "other"));
  body.figure = figure.value();
  body.other = other.value();
  SCHAKEL_TRY(CheckBody(body));
  SCHAKEL_ASSIGN(std::vector<OrgId> usual, WhoMayKnow(id, OrganisationsOf(network, {figure, other}), audience));
  return Begin(id, Kind::kNetworkTie, {Category::kFamily}, body, std::move(usual), audience);
}

// ---- Family ----

Result<Sent> NetworkService::Relate(const TrajectoryId& id, KinshipBody body, const Audience& audience) {
  SCHAKEL_TRY(CheckBody(body));
  SCHAKEL_ASSIGN(const CaseNetwork network, Network(id));
  SCHAKEL_ASSIGN(const RecordId a, FigureIn(network, body.a, "a"));
  SCHAKEL_ASSIGN(const RecordId b, FigureIn(network, body.b, "b"));
  body.a = a.value();
  body.b = b.value();
  const auto why = WhyIgnored(network, body);
  if (why != CaseKinship::Ignored::kNo) return std::unexpected(Ignored(why));
  SCHAKEL_ASSIGN(std::vector<OrgId> usual, WhoMayKnow(id, OrganisationsOf(network, {a, b}), audience));
  return Begin(id, Kind::kKinship, {Category::kFamily}, body, std::move(usual), audience);
}

Result<Sent> NetworkService::EditKinship(const RecordId& id, KinshipBody body, const Audience& audience) {
  SCHAKEL_ASSIGN(const auto found, Find(id, &CaseNetwork::FindKinship));
  if (!found.item.body) return Fail(Code::kDenied, "view.withdrawn", "kinship", "respect the withdrawal");
  body.relation = found.item.body->relation;
  body.a = found.item.body->a;
  body.b = found.item.body->b;
  SCHAKEL_TRY(CheckBody(body));
  const auto why = WhyIgnored(found.network, body, found.item.text.id());
  if (!body.removed && why != CaseKinship::Ignored::kNo) return std::unexpected(Ignored(why));
  const auto organisations = OrganisationsOf(found.network, {RecordId(body.a), RecordId(body.b)});
  SCHAKEL_ASSIGN(std::vector<OrgId> usual, WhoMayKnow(found.trajectory, organisations, audience));
  const CaseVersions& text = found.item.text;
  return GoOn(text.id(), text.current().record, Kind::kKinship, body, std::move(usual), audience);
}

// ---- Life ----

Result<Sent> NetworkService::AddEvent(const TrajectoryId& id, const LifeEventBody& body, const Audience& audience) {
  SCHAKEL_ASSIGN(std::vector<OrgId> usual, Others(id));
  return Begin(id, Kind::kLifeEvent, CategoriesOf(body.lane), body, std::move(usual), audience);
}

Result<Sent> NetworkService::EditEvent(const RecordId& id, const LifeEventBody& body, const Audience& audience) {
  SCHAKEL_ASSIGN(const auto found, Find(id, &CaseNetwork::FindEvent));
  if (!found.item.body) return Fail(Code::kDenied, "view.withdrawn", "event", "respect the withdrawal");
  if (body.lane != found.item.body->lane) {
    return Fail(Code::kInvalid, "life_event.lane", "lane", "remove this one, and add it in the other lane");
  }
  SCHAKEL_ASSIGN(std::vector<OrgId> usual, Others(found.trajectory));
  const CaseVersions& text = found.item.text;
  return GoOn(text.id(), text.current().record, Kind::kLifeEvent, body, std::move(usual), audience);
}

Result<Sent> NetworkService::WriteDomain(const TrajectoryId& id, const LifeDomainBody& body, const Audience& audience) {
  SCHAKEL_TRY(CheckBody(body));
  SCHAKEL_ASSIGN(const CaseNetwork network, Network(id));
  SCHAKEL_ASSIGN(std::vector<OrgId> usual, Others(id));
  const CaseDomain& before = network.domains.at(static_cast<std::size_t>(body.domain) - 1);
  if (!before.text) {
    return Begin(id, Kind::kLifeDomain, CategoriesOf(body.domain), body, std::move(usual), audience);
  }
  return GoOn(before.text->id(), before.text->current().record, Kind::kLifeDomain, body, std::move(usual), audience);
}

// ---- Circular questions ----

Result<Sent> NetworkService::Guess(const TrajectoryId& id, CircularQuestionBody body, const Audience& audience) {
  SCHAKEL_TRY(CheckBody(body));
  SCHAKEL_ASSIGN(const CaseNetwork network, Network(id));
  SCHAKEL_ASSIGN(const RecordId figure, FigureIn(network, body.figure, "figure"));
  body.figure = figure.value();
  SCHAKEL_ASSIGN(std::vector<OrgId> usual, WhoMayKnow(id, OrganisationsOf(network, {figure}), audience));
  return Begin(id, Kind::kCircularQuestion, {Category::kFamily}, body, std::move(usual), audience);
}

Result<Sent> NetworkService::Answer(const RecordId& question, const CircularAnswerBody& body,
                                    const Audience& audience) {
  SCHAKEL_ASSIGN(const auto found, Find(question, &CaseNetwork::FindCircular));
  std::set<std::string> organisations;
  if (found.item.body) organisations = OrganisationsOf(found.network, {RecordId(found.item.body->figure)});
  SCHAKEL_ASSIGN(std::vector<OrgId> usual, WhoMayKnow(found.trajectory, organisations, audience));
  return GoOn(found.item.id, found.item.id, Kind::kCircularAnswer, body, std::move(usual), audience);
}

// ---- Mending ----

Result<Sent> NetworkService::Repair(const TrajectoryId& id, const TieKey& key, const std::string& partner,
                                    const ActionBody& action, const Audience& audience) {
  SCHAKEL_ASSIGN(const CaseNetwork network, Network(id));
  SCHAKEL_ASSIGN(const RecordId figure, FigureIn(network, key.figure.value(), "figure"));
  SCHAKEL_ASSIGN(const RecordId other, FigureIn(network, key.other.value(), "other"));
  if (network.FindTie({figure, other, key.informant, key.informant_name}) == nullptr) {
    return Fail(Code::kNotFound, "network.tie", "figure", "say first how that tie is");
  }
  SCHAKEL_ASSIGN(Sent sent, dossier_.AddAction(id, action, audience));
  if (sent.outcome != Sent::Outcome::kSent) return sent;
  Draft draft;
  draft.kind = Kind::kNetworkTie;
  draft.trajectory = id;
  draft.categories = {Category::kFamily};
  SCHAKEL_ASSIGN(draft.body, EncodeBody(TieRepairBody{figure.value(), other.value(), key.informant, key.informant_name,
                                                      sent.record.value(), partner}));
  SCHAKEL_TRY(engine_.Say(draft));
  return sent;
}

// ---- GEDCOM ----

namespace {

// The young person is no figure: their place in the family is none.
std::optional<RecordId> SameAs(const CaseNetwork& network, const GedcomPerson& person) {
  const auto year = [](const std::string& day) { return day.substr(0, 4); };
  for (const CaseFigure& one : network.figures) {
    if (!one.body || one.body->removed || one.body->kind != FigureKind::kPerson) continue;
    if (one.body->name == person.name && year(one.body->born) == year(person.born)) return one.text.id();
  }
  return std::nullopt;
}

}  // namespace

Result<NetworkService::Imported> NetworkService::Import(const TrajectoryId& id, const GedcomFamily& family,
                                                        bool dry_run, const Audience& audience) {
  SCHAKEL_ASSIGN(CaseNetwork network, Network(id));
  Imported imported;
  imported.left_out = family.left_out;
  std::vector<Id128> ids(family.people.size());
  for (std::size_t i = 0; i < family.people.size(); ++i) {
    const GedcomPerson& person = family.people[i];
    if (i == family.young_person) continue;
    const auto same = SameAs(network, person);
    imported.people.push_back({person.name, person.born, same.has_value()});
    if (same) {
      ids[i] = same->value();
    } else if (dry_run) {
      // Stands for whom it would add: what is checked of the family below needs to tell them apart.
      ids[i] = Id128{0xFF, static_cast<std::uint8_t>(i >> 8), static_cast<std::uint8_t>(i)};
    } else {
      FigureBody body;
      body.name = person.name;
      body.gender = person.gender;
      body.born = person.born;
      body.deceased = person.deceased;
      body.died = person.died;
      SCHAKEL_ASSIGN(const Sent sent, AddFigure(id, body, audience));
      if (sent.outcome != Sent::Outcome::kSent) return imported;
      ids[i] = sent.record.value();
      imported.sent.push_back(sent);
    }
  }
  for (const GedcomTie& tie : family.ties) {
    KinshipBody body{tie.relation, ids.at(tie.a), ids.at(tie.b), tie.how, tie.began, tie.ended, false};
    const auto why = WhyIgnored(network, body);
    if (why != CaseKinship::Ignored::kNo) {
      if (why != CaseKinship::Ignored::kTwice) imported.left_out.push_back(family.people[tie.b].name);
      continue;
    }
    ++imported.kinships;
    RecordId record;
    if (!dry_run) {
      SCHAKEL_ASSIGN(std::vector<OrgId> usual, Others(id));
      SCHAKEL_ASSIGN(const Sent sent, Begin(id, Kind::kKinship, {Category::kFamily}, body, std::move(usual), audience));
      imported.sent.push_back(sent);
      record = sent.record;
    }
    CaseKinship counted;
    counted.text.all = {{record, {}, engine_.Self(), clock_.Now(), false}};
    counted.body = body;
    network.kinships.push_back(std::move(counted));
  }
  return imported;
}

}  // namespace schakel
