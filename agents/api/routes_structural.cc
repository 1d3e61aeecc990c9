// Structural consultation with partners.
#include "agents/partial_day.h"
#include "router.h"

namespace schakel::structural_routes {
namespace {

Json View(const StructuralMeeting& one) {
  return {{"id", ToHex(one.id)},
          {"partnership", ToHex(one.partnership)},
          {"partner", one.partner},
          {"level", Slug(one.level)},
          {"day", one.day},
          {"state", Slug(one.state)},
          {"who", one.who},
          {"notes", one.notes},
          {"by", one.by}};
}

Json View(const Cadence& one) {
  return {{"level", Slug(one.level)},     {"held", one.held}, {"planned", one.planned},
          {"needed", kStructuralPerYear}, {"due", one.due},   {"standing", Slug(one.standing)}};
}

Result<int> AskedYear(const Call& call, const std::string& today) {
  const std::string text = call.Asked("year").empty() ? today.substr(0, 4) : call.Asked("year");
  const auto year = ParsePartialDay(text);
  if (year && !year->month) return static_cast<int>(year->year);
  return Fail(Code::kInvalid, "request.year", "year", "write it as 2026");
}

Result<Reply> List(Call& call) {
  const std::string today = BelgianDay(call.desk.clock.Now());
  SCHAKEL_ASSIGN(const int year, AskedYear(call, today));
  SCHAKEL_ASSIGN(auto all, call.desk.structural.List(call.AsCoordinatorIfSo().role));
  Json levels = Json::array();
  for (const Cadence& one : CadencesOf(all, year, today)) levels.push_back(View(one));
  Json meetings = Json::array();
  for (const StructuralMeeting& one : all) {
    if (one.day.starts_with(std::to_string(year))) meetings.push_back(View(one));
  }
  return Reply{.json = {{"year", year}, {"levels", std::move(levels)}, {"meetings", std::move(meetings)}}};
}

StructuralMeeting ReadMeeting(Input& input) {
  StructuralMeeting one;
  one.level = input.RequiredWord("level", ConsultationLevel::kWorkers, &ParseConsultationLevel);
  one.day = input.RequiredText("day");
  one.state = input.Word("state", StructuralState::kPlanned, &ParseStructuralState);
  one.who = input.Texts("who");
  one.notes = input.Text("notes");
  return one;
}

Result<Reply> Note(Call& call) {
  Input input(call.body);
  const std::string partnership = input.RequiredText("partnership");
  StructuralMeeting one = ReadMeeting(input);
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const StructuralMeeting noted,
                 call.desk.structural.Note(partnership, std::move(one), call.AsCoordinatorIfSo()));
  return Reply{.status = 201, .json = View(noted)};
}

Result<Reply> Edit(Call& call) {
  Input input(call.body);
  StructuralMeeting one = ReadMeeting(input);
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const StructuralMeeting edited,
                 call.desk.structural.Edit(call.path.at("meeting"), std::move(one), call.AsCoordinatorIfSo()));
  return Reply{.json = View(edited)};
}

Result<Reply> Drop(Call& call) {
  SCHAKEL_TRY(call.desk.structural.Drop(call.path.at("meeting"), call.AsCoordinatorIfSo().role));
  return Reply{.json = Json::object()};
}

const Route kRoutes[] = {
    {"GET", "/v1/structural-consultations", &List, {"year"}},
    {"POST", "/v1/structural-consultations", &Note},
    {"POST", "/v1/structural-consultations/{meeting}/edit", &Edit},
    {"DELETE", "/v1/structural-consultations/{meeting}", &Drop},
};

}  // namespace
}  // namespace schakel::structural_routes

namespace schakel {

std::span<const Route> StructuralRoutes() { return structural_routes::kRoutes; }

}  // namespace schakel
