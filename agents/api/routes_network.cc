// The network, family and life of a young person.
#include "agents/person_name.h"
#include "network_picture.h"

namespace schakel::network_routes {
namespace {

// ---- Figures and ties ----

Result<Reply> Ecogram(Call& call) {
  SCHAKEL_ASSIGN(const NetworkPicture picture, ReadNetwork(call, {.figures = true, .ties = true}));
  const JsonViews views = call.Views();
  Json json = {{"at", picture.at}, {"known", picture.known}, {"label", picture.label}};
  NetworkViews(views, picture.read).AddEcogram(picture.network, picture.day, json);
  return Reply{.json = std::move(json)};
}

FigureBody ReadFigureBody(Input& input, bool edits) {
  FigureBody body;
  body.name = input.RequiredText("name");
  body.kind = input.RequiredWord("kind", FigureKind::kPerson, &ParseFigureKind);
  body.ring = input.RequiredWord("ring", Ring::kFamily, &ParseRing);
  body.role = input.Text("role");
  body.gender = input.Word("gender", Gender::kUnknown, &ParseGender);
  body.born = input.Text("born");
  body.died = input.Text("died");
  body.deceased = input.Flag("deceased", !body.died.empty());
  body.organisation = input.Text("organisation");
  body.domain = input.Word("domain", LifeDomain::kNone, &ParseLifeDomain);
  body.key = input.Flag("key", false);
  body.remark = input.Text("remark");
  if (edits) body.removed = input.Flag("removed", false);
  return body;
}

Result<Reply> AddFigure(Call& call) {
  SCHAKEL_ASSIGN(const TrajectoryId id, call.Trajectory());
  Input input(call.body);
  const FigureBody body = ReadFigureBody(input, false);
  const Audience audience = call.ReadAudience(input);
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const Sent sent, call.desk.network.AddFigure(id, body, audience));
  return call.Sending(sent);
}

Result<Reply> EditFigure(Call& call) {
  SCHAKEL_ASSIGN(const RecordId id, call.Record("figure"));
  Input input(call.body);
  const FigureBody body = ReadFigureBody(input, true);
  const Audience audience = call.ReadAudience(input);
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const Sent sent, call.desk.network.EditFigure(id, body, audience));
  return call.Sending(sent);
}

Result<Reply> SayTie(Call& call) {
  SCHAKEL_ASSIGN(const TrajectoryId id, call.Trajectory());
  Input input(call.body);
  TieBody body;
  body.figure = ReadFigure(call, input, "figure", true);
  body.other = ReadFigure(call, input, "other", false);
  const SaidBy said = ReadInformant(input, "informant", "informant_name");
  body.informant = said.informant;
  body.informant_name = said.name;
  body.quality = input.RequiredWord("quality", TieQuality::kPositive, &ParseTieQuality);
  body.strength = static_cast<std::uint32_t>(std::min<std::uint64_t>(input.Number("strength").value_or(2), 99));
  body.direction = input.Word("direction", TieDirection::kBoth, &ParseTieDirection);
  body.since = input.Text("since");
  body.remark = input.Text("remark");
  const Audience audience = call.ReadAudience(input);
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const Sent sent, call.desk.network.SayTie(id, std::move(body), audience));
  return call.Sending(sent);
}

// ---- Family ----

Result<Reply> Genogram(Call& call) {
  SCHAKEL_ASSIGN(const NetworkPicture picture, ReadNetwork(call, {.figures = true, .kinships = true}));
  const JsonViews views = call.Views();
  Json json = {{"label", picture.label}};
  NetworkViews(views, picture.read).AddGenogram(picture.network, json);
  return Reply{.json = std::move(json)};
}

void ReadPeriodOfKinship(Input& input, KinshipBody& body) {
  body.how = input.RequiredWord("how", KinshipHow::kBiological, &ParseKinshipHow);
  body.began = input.Text("began");
  body.ended = input.Text("ended");
}

Result<Reply> Relate(Call& call) {
  SCHAKEL_ASSIGN(const TrajectoryId id, call.Trajectory());
  Input input(call.body);
  KinshipBody body;
  body.relation = input.RequiredWord("relation", Relation::kParent, &ParseRelation);
  body.a = ReadFigure(call, input, "a", true);
  body.b = ReadFigure(call, input, "b", true);
  ReadPeriodOfKinship(input, body);
  const Audience audience = call.ReadAudience(input);
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const Sent sent, call.desk.network.Relate(id, std::move(body), audience));
  return call.Sending(sent);
}

Result<Reply> EditKinship(Call& call) {
  SCHAKEL_ASSIGN(const RecordId id, call.Record("kinship"));
  Input input(call.body);
  KinshipBody body;
  ReadPeriodOfKinship(input, body);
  body.removed = input.Flag("removed", false);
  const Audience audience = call.ReadAudience(input);
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const Sent sent, call.desk.network.EditKinship(id, std::move(body), audience));
  return call.Sending(sent);
}

// ---- Life ----

Result<Reply> Lifeline(Call& call) {
  SCHAKEL_ASSIGN(const NetworkPicture picture, ReadNetwork(call, {.events = true}));
  const JsonViews views = call.Views();
  Json json = Json::object();
  NetworkViews(views, picture.read).AddLifeline(picture.network, picture.today, json);
  return Reply{.json = std::move(json)};
}

LifeEventBody ReadLifeEvent(Input& input, bool edits) {
  LifeEventBody body;
  body.lane = input.RequiredWord("lane", LifeLane::kStay, &ParseLifeLane);
  body.title = input.RequiredText("title");
  body.begins = input.RequiredText("begins");
  body.ends = input.Text("ends");
  body.place = input.Text("place");
  body.remark = input.Text("remark");
  if (edits) body.removed = input.Flag("removed", false);
  return body;
}

Result<Reply> AddEvent(Call& call) {
  SCHAKEL_ASSIGN(const TrajectoryId id, call.Trajectory());
  Input input(call.body);
  const LifeEventBody body = ReadLifeEvent(input, false);
  const Audience audience = call.ReadAudience(input);
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const Sent sent, call.desk.network.AddEvent(id, body, audience));
  return call.Sending(sent);
}

Result<Reply> EditEvent(Call& call) {
  SCHAKEL_ASSIGN(const RecordId id, call.Record("event"));
  Input input(call.body);
  const LifeEventBody body = ReadLifeEvent(input, true);
  const Audience audience = call.ReadAudience(input);
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const Sent sent, call.desk.network.EditEvent(id, body, audience));
  return call.Sending(sent);
}

// ---- Intake ----

// Intake meetings of that trajectory that were not called off, and what says who is at them.
std::vector<const Meeting*> IntakesOf(const CaseTrajectory& trajectory) {
  std::vector<const Meeting*> all;
  for (const Meeting& one : trajectory.meetings) {
    if (one.proposal && one.proposal->kind == MeetingKind::kIntake && IsNone(one.cancelled)) all.push_back(&one);
  }
  return all;
}

bool IsAtTable(const FigureBody& figure, const Meeting& table, const ReadRecords& read, const OrgId& self) {
  if (!figure.organisation.empty()) {
    const OrgId organisation(figure.organisation);
    const bool at_it = organisation == table.convener || organisation == self || table.invited.contains(organisation);
    if (at_it) return true;
  }
  return std::ranges::any_of(table.guests, [&](const Meeting::Guest& guest) {
    const TypedBody* body = read.Find(guest.id);
    const auto* words = body == nullptr ? nullptr : std::get_if<GuestBody>(body);
    return words != nullptr && SamePerson(words->name, figure.name);
  });
}

Json JointIntake(const NetworkPicture& picture, const OrgId& self) {
  const auto tables = IntakesOf(picture.trajectory);
  Json joint = {{"tables", Json::array()}, {"key_figures", Json::array()}, {"uninvited", Json::array()}};
  for (const Meeting* table : tables) joint["tables"].push_back(ToText(table->id));
  Json organisations = Json::array();
  Json guests = Json::array();
  for (const CaseFigure& one : picture.network.figures) {
    if (!one.body || !one.body->key || one.body->removed || one.body->deceased) continue;
    const bool invited = std::ranges::any_of(
        tables, [&](const Meeting* table) { return IsAtTable(*one.body, *table, picture.read, self); });
    joint["key_figures"].push_back({{"figure", ToText(one.text.id())}, {"name", one.body->name}, {"invited", invited}});
    if (invited) continue;
    joint["uninvited"].push_back(ToText(one.text.id()));
    if (!one.body->organisation.empty()) {
      organisations.push_back(one.body->organisation);
    } else {
      guests.push_back({{"name", one.body->name}, {"who", Slug(Speaker::kOther)}});
    }
  }
  // An empty list would be everybody who may come: with none of them in the network, it stays with whom we are.
  if (organisations.empty()) organisations.push_back(self.value());
  joint["draft"] = {
      {"kind", Slug(MeetingKind::kIntake)}, {"to", std::move(organisations)}, {"guests", std::move(guests)}};
  return joint;
}

Result<Reply> Intake(Call& call) {
  SCHAKEL_ASSIGN(const TrajectoryId id, call.Trajectory());
  SCHAKEL_ASSIGN(const CaseTrajectory trajectory, call.desk.cases.Trajectory(id));
  std::vector<RecordId> also;
  for (const Meeting* table : IntakesOf(trajectory)) {
    also.push_back(table->id);
    for (const Meeting::Guest& guest : table->guests) also.push_back(guest.id);
  }
  SCHAKEL_ASSIGN(const NetworkPicture picture, ReadNetwork(call, {.figures = true, .domains = true}, also));
  const JsonViews views = call.Views();
  Json json = Json::object();
  NetworkViews(views, picture.read).AddDomains(picture.network, json);
  json["joint"] = JointIntake(picture, call.desk.engine.Self());
  return Reply{.json = std::move(json)};
}

Result<Reply> WriteDomain(Call& call) {
  SCHAKEL_ASSIGN(const TrajectoryId id, call.Trajectory());
  Input input(call.body);
  LifeDomainBody body;
  body.domain = input.RequiredWord("domain", LifeDomain::kLiving, &ParseLifeDomain);
  body.strengths = input.Texts("strengths");
  body.needs = input.Texts("needs");
  body.remark = input.Text("remark");
  const Audience audience = call.ReadAudience(input);
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const Sent sent, call.desk.network.WriteDomain(id, body, audience));
  return call.Sending(sent);
}

// ---- Circular questions ----

Result<Reply> CircularQuestions(Call& call) {
  SCHAKEL_ASSIGN(const NetworkPicture picture, ReadNetwork(call, {.circular = true}));
  const JsonViews views = call.Views();
  return Reply{.json = {{"questions", NetworkViews(views, picture.read).Circular(picture.network)}}};
}

Result<Reply> Guess(Call& call) {
  SCHAKEL_ASSIGN(const TrajectoryId id, call.Trajectory());
  Input input(call.body);
  CircularQuestionBody body;
  const SaidBy said = ReadInformant(input, "asked", "asked_name");
  body.asked = said.informant;
  body.asked_name = said.name;
  body.figure = ReadFigure(call, input, "figure", true);
  body.question = input.RequiredText("question");
  body.guess = input.RequiredText("guess");
  const Audience audience = call.ReadAudience(input);
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const Sent sent, call.desk.network.Guess(id, std::move(body), audience));
  return call.Sending(sent);
}

Result<Reply> AnswerCircular(Call& call) {
  SCHAKEL_ASSIGN(const RecordId id, call.Record("question"));
  Input input(call.body);
  const CircularAnswerBody body{input.RequiredText("answer")};
  const Audience audience = call.ReadAudience(input);
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const Sent sent, call.desk.network.Answer(id, body, audience));
  return call.Sending(sent);
}

const Route kRoutes[] = {
    {"GET", "/v1/trajectories/{trajectory}/network", &Ecogram, {"at", "known"}},
    {"POST", "/v1/trajectories/{trajectory}/figures", &AddFigure},
    {"POST", "/v1/figures/{figure}/edit", &EditFigure},
    {"POST", "/v1/trajectories/{trajectory}/ties", &SayTie},
    {"GET", "/v1/trajectories/{trajectory}/genogram", &Genogram},
    {"POST", "/v1/trajectories/{trajectory}/kinships", &Relate},
    {"POST", "/v1/kinships/{kinship}/edit", &EditKinship},
    {"GET", "/v1/trajectories/{trajectory}/lifeline", &Lifeline},
    {"POST", "/v1/trajectories/{trajectory}/lifeline", &AddEvent},
    {"POST", "/v1/life-events/{event}/edit", &EditEvent},
    {"GET", "/v1/trajectories/{trajectory}/intake", &Intake},
    {"POST", "/v1/trajectories/{trajectory}/intake", &WriteDomain},
    {"GET", "/v1/trajectories/{trajectory}/circular", &CircularQuestions},
    {"POST", "/v1/trajectories/{trajectory}/circular", &Guess},
    {"POST", "/v1/circular-questions/{question}/answer", &AnswerCircular},
};

}  // namespace
}  // namespace schakel::network_routes

namespace schakel {

std::span<const Route> NetworkRoutes() { return network_routes::kRoutes; }

}  // namespace schakel
