// The organisation's own network, laid over that of a young person.
#include "network_picture.h"

namespace schakel::partnership_routes {
namespace {

Result<Reply> List(Call& call) {
  SCHAKEL_ASSIGN(const auto all, call.desk.partnerships.List(call.AsCoordinatorIfSo().role));
  const JsonViews views = call.Views();
  const ReadRecords none({});
  const NetworkViews network(views, none);
  Json rows = Json::array();
  for (const Partnership& one : all) rows.push_back(network.View(one));
  return Reply{.json = {{"partnerships", std::move(rows)}}};
}

Partnership ReadPartnership(Input& input) {
  Partnership one;
  one.name = input.RequiredText("name");
  one.organisation = input.Text("organisation");
  one.kind = input.RequiredWord("kind", PartnershipKind::kContact, &ParsePartnershipKind);
  one.quality = input.RequiredWord("quality", TieQuality::kPositive, &ParseTieQuality);
  one.strength = static_cast<std::uint32_t>(std::min<std::uint64_t>(input.Number("strength").value_or(2), 99));
  one.since = input.Text("since");
  one.domains = input.Words("domains", &ParseLifeDomain);
  std::ranges::sort(one.domains);
  const auto twice = std::ranges::unique(one.domains);
  one.domains.erase(twice.begin(), twice.end());
  one.contact = input.Text("contact");
  one.discreet = input.Flag("discreet", false);
  return one;
}

Reply Showing(const Call& call, const Partnership& one, int status) {
  const JsonViews views = call.Views();
  const ReadRecords none({});
  return Reply{.status = status, .json = NetworkViews(views, none).View(one)};
}

Result<Reply> Add(Call& call) {
  Input input(call.body);
  Partnership one = ReadPartnership(input);
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const Partnership added, call.desk.partnerships.Add(std::move(one), call.AsCoordinatorIfSo().role));
  return Showing(call, added, 201);
}

Result<Reply> Edit(Call& call) {
  Input input(call.body);
  Partnership one = ReadPartnership(input);
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const Partnership edited, call.desk.partnerships.Edit(call.path.at("partnership"), std::move(one),
                                                                       call.AsCoordinatorIfSo().role));
  return Showing(call, edited, 200);
}

// ---- Overlay ----

Json RepairsView(const CaseTie& tie, const CaseTrajectory& trajectory) {
  Json actions = Json::array();
  const auto last = tie.LastSaid();
  for (const CaseTie::Repair& one : tie.repairs) {
    const CaseAction* action = trajectory.dossier.FindAction(one.action);
    if (action == nullptr) continue;
    const bool recolour = action->done_at && (!last || *last < *action->done_at);
    actions.push_back({{"action", ToText(action->text.id())}, {"done", action->done}, {"recolour", recolour}});
  }
  return actions;
}

Result<Reply> Overlay(Call& call) {
  SCHAKEL_ASSIGN(const NetworkPicture picture, ReadNetwork(call, {.figures = true, .ties = true}));
  SCHAKEL_ASSIGN(const auto partnerships, call.desk.partnerships.List(call.AsCoordinatorIfSo().role));
  const JsonViews views = call.Views();
  const NetworkViews network(views, picture.read);
  Json rows = Json::array();
  for (const CaseTie& tie : picture.network.ties) {
    const CaseStatement* now = tie.On(picture.day);
    const bool broken = now != nullptr && IsNone(tie.key.other) &&
                        (now->body.quality == TieQuality::kBroken || now->body.quality == TieQuality::kNegative);
    const CaseFigure* figure = broken ? picture.network.FindFigure(tie.key.figure) : nullptr;
    if (figure == nullptr || !figure->body || figure->body->removed) continue;
    if (figure->body->kind != FigureKind::kInstitution) continue;
    Json partners = Json::array();
    for (const Partnership& one : partnerships) {
      if (CanBridge(one, *figure->body)) partners.push_back(network.View(one));
    }
    rows.push_back({{"figure", network.View(*figure)},
                    {"tie", network.View(tie, picture.day)},
                    {"partners", std::move(partners)},
                    {"actions", RepairsView(tie, picture.trajectory)}});
  }
  return Reply{.json = {{"broken", std::move(rows)}}};
}

Result<Reply> Repair(Call& call) {
  SCHAKEL_ASSIGN(const TrajectoryId id, call.Trajectory());
  Input input(call.body);
  TieKey key;
  key.figure = RecordId(ReadFigure(call, input, "figure", true));
  key.other = RecordId(ReadFigure(call, input, "other", false));
  const SaidBy said = ReadInformant(input, "informant", "informant_name");
  key.informant = said.informant;
  key.informant_name = said.name;
  const std::string partnership = input.Text("partnership");
  ActionBody action;
  action.text = input.RequiredText("text");
  action.owner = input.Text("owner");
  if (action.owner.empty()) action.owner = call.desk.engine.Self().value();
  action.with = input.Text("with");
  action.due_at = input.Time("due_at");
  const Audience audience = call.ReadAudience(input);
  SCHAKEL_TRY(input.Finish());
  if (action.due_at && *action.due_at <= call.desk.clock.Now()) {
    return Fail(Code::kInvalid, "action.past", "due_at", "choose a moment that is still to come");
  }
  std::string partner;
  if (!partnership.empty()) {
    SCHAKEL_ASSIGN(const Partnership one, call.desk.partnerships.Find(partnership, call.AsCoordinatorIfSo().role));
    partner = one.name;
  }
  SCHAKEL_ASSIGN(const Sent sent, call.desk.network.Repair(id, key, partner, action, audience));
  return call.Sending(sent);
}

const Route kRoutes[] = {
    {"GET", "/v1/partnerships", &List},
    {"POST", "/v1/partnerships", &Add},
    {"POST", "/v1/partnerships/{partnership}/edit", &Edit},
    {"GET", "/v1/trajectories/{trajectory}/network/overlay", &Overlay},
    {"POST", "/v1/trajectories/{trajectory}/network/repairs", &Repair},
};

}  // namespace
}  // namespace schakel::partnership_routes

namespace schakel {

std::span<const Route> PartnershipRoutes() { return partnership_routes::kRoutes; }

}  // namespace schakel
