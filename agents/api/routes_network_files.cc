// What people take along of a network, and bring in.
#include "network_picture.h"
#include "services/network_svg.h"

namespace schakel::network_file_routes {
namespace {

Result<Reply> Data(Call& call) {
  SCHAKEL_ASSIGN(
      const NetworkPicture picture,
      ReadNetwork(
          call, {.figures = true, .ties = true, .kinships = true, .events = true, .domains = true, .circular = true}));
  const JsonViews json_views = call.Views();
  const NetworkViews views(json_views, picture.read);
  Json json = {{"format", "schakel-network"},
               {"version", 1},
               {"at", picture.at},
               {"known", picture.known},
               {"label", picture.label}};
  views.AddEcogram(picture.network, picture.day, json);
  views.AddGenogram(picture.network, json);
  json["lifeline"] = Json::object();
  views.AddLifeline(picture.network, picture.today, json["lifeline"]);
  json["intake"] = Json::object();
  views.AddDomains(picture.network, json["intake"]);
  json["circular"] = views.Circular(picture.network);
  return Reply{.json = std::move(json)};
}

Reply SvgReply(std::string svg) { return Reply{.type = "image/svg+xml", .raw = std::move(svg)}; }

Result<Reply> EcogramPicture(Call& call) {
  EcogramView view;
  const std::string name = call.Asked("informant_name");
  if (const std::string informant = call.Asked("informant"); !informant.empty()) {
    SCHAKEL_ASSIGN(view.informant, InField(ParseInformant(informant), "informant"));
  }
  SCHAKEL_ASSIGN(const NetworkPicture picture, ReadNetwork(call, {.figures = true, .ties = true}));
  view.label = picture.label;
  view.day = picture.day;
  view.informant_name = name;
  return SvgReply(EcogramSvg(picture.network, view, call.language));
}

Result<Reply> GenogramPicture(Call& call) {
  SCHAKEL_ASSIGN(const NetworkPicture picture, ReadNetwork(call, {.figures = true, .kinships = true}));
  return SvgReply(GenogramSvg(picture.network, picture.label, call.language));
}

Result<Reply> LifelinePicture(Call& call) {
  SCHAKEL_ASSIGN(const NetworkPicture picture, ReadNetwork(call, {.events = true}));
  return SvgReply(LifelineSvg(picture.network, picture.label, picture.today, call.language));
}

// ---- GEDCOM ----

GedcomFamily FamilyOf(const NetworkPicture& picture) {
  GedcomFamily family;
  std::map<RecordId, std::size_t> places = {{RecordId(), 0}};
  GedcomPerson young_person;
  young_person.name = picture.label;
  family.people.push_back(std::move(young_person));
  for (const CaseFigure& one : picture.network.figures) {
    if (!one.body || one.body->removed || one.body->kind != FigureKind::kPerson) continue;
    const FigureBody& body = *one.body;
    places[one.text.id()] = family.people.size();
    family.people.push_back({body.name, body.gender, body.born, body.deceased, body.died, {}});
  }
  for (const CaseKinship& one : picture.network.kinships) {
    if (!one.Counts()) continue;
    const auto a = places.find(RecordId(one.body->a));
    const auto b = places.find(RecordId(one.body->b));
    if (a == places.end() || b == places.end()) continue;
    family.ties.push_back({one.body->relation, a->second, b->second, one.body->how, one.body->began, one.body->ended});
  }
  return family;
}

Result<Reply> GedcomFile(Call& call) {
  const std::string version = call.Asked("version");
  if (!version.empty() && version != "5.5.1" && version != "7") {
    return Fail(Code::kInvalid, "gedcom.version", "version", "choose one of: 5.5.1, 7");
  }
  SCHAKEL_ASSIGN(const NetworkPicture picture, ReadNetwork(call, {.figures = true, .kinships = true}));
  const auto written = WriteGedcom(FamilyOf(picture), version == "7" ? GedcomVersion::k70 : GedcomVersion::k551);
  return Reply{.type = "text/vnd.familysearch.gedcom", .raw = written};
}

Result<Reply> ImportGedcom(Call& call) {
  SCHAKEL_ASSIGN(const TrajectoryId id, call.Trajectory());
  Input input(call.body);
  const std::string text = input.RequiredText("gedcom");
  const std::string young_person = input.Text("young_person");
  const bool dry_run = input.Flag("dry_run", true);
  const Audience audience = call.ReadAudience(input);
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const GedcomFamily family, ReadGedcom(text, young_person));
  SCHAKEL_ASSIGN(const auto imported, call.desk.network.Import(id, family, dry_run, audience));
  const JsonViews views = call.Views();
  Json json = {{"dry_run", dry_run},
               {"people", Json::array()},
               {"kinships", imported.kinships},
               {"left_out", imported.left_out},
               {"sent", Json::array()}};
  for (const auto& one : imported.people) {
    json["people"].push_back({{"name", one.name}, {"born", one.born}, {"found", one.found}});
  }
  for (const Sent& sent : imported.sent) json["sent"].push_back(views.SentView(sent));
  return Reply{.json = std::move(json)};
}

const Route kRoutes[] = {
    {"GET", "/v1/trajectories/{trajectory}/network.json", &Data, {"at", "known"}},
    {"GET",
     "/v1/trajectories/{trajectory}/ecogram.svg",
     &EcogramPicture,
     {"at", "known", "informant", "informant_name"}},
    {"GET", "/v1/trajectories/{trajectory}/genogram.svg", &GenogramPicture},
    {"GET", "/v1/trajectories/{trajectory}/lifeline.svg", &LifelinePicture},
    {"GET", "/v1/trajectories/{trajectory}/genogram.ged", &GedcomFile, {"version"}},
    {"POST", "/v1/trajectories/{trajectory}/genogram/import", &ImportGedcom},
};

}  // namespace
}  // namespace schakel::network_file_routes

namespace schakel {

std::span<const Route> NetworkFileRoutes() { return network_file_routes::kRoutes; }

}  // namespace schakel
