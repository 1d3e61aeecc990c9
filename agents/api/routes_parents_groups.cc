// Parents' groups.
#include "router.h"
#include "screened.h"

namespace schakel::parents_group_routes {
namespace {

Json View(const ParentsGroup& one) {
  return {{"id", ToHex(one.id)}, {"name", one.name}, {"leaders", one.leaders}, {"ended", one.ended}};
}
Json View(const ParentsSession& one) {
  Json attendees = Json::array();
  for (const Attendee& attendee : one.attendees) {
    attendees.push_back({{"name", attendee.name}, {"count", attendee.count}});
  }
  return {{"id", ToHex(one.id)},       {"group", ToHex(one.group)},         {"day", one.day},
          {"theme", one.theme},        {"attendees", std::move(attendees)}, {"total", one.total},
          {"forgotten", one.forgotten}};
}

Result<Reply> Groups(Call& call) {
  SCHAKEL_ASSIGN(const auto all, call.desk.parents_groups.Groups());
  Json rows = Json::array();
  for (const ParentsGroup& one : all) rows.push_back(View(one));
  return Reply{.json = {{"groups", std::move(rows)}}};
}

ParentsGroup ReadGroup(Input& input) {
  ParentsGroup one;
  one.name = input.RequiredText("name");
  one.leaders = input.Texts("leaders");
  one.ended = input.Flag("ended", false);
  return one;
}

// Of what could point at a file: where it stands in the field that is named, of several texts as if they were one.
Result<Reply> RefusedFor(Call& call, const Error& error, const std::vector<std::string_view>& texts) {
  if (error.rule != "parents_group.names_a_case") return std::unexpected(error);
  return RefusedWith(call, error, FindTellingOfCases(call.desk.cases, call.desk.clock.Now(), texts));
}
Result<Reply> RefusedFor(Call& call, const Error& error, const ParentsSession& one) {
  if (error.field == "theme") return RefusedFor(call, error, {one.theme});
  std::vector<std::string_view> names;
  for (const Attendee& attendee : one.attendees) names.emplace_back(attendee.name);
  return RefusedFor(call, error, names);
}

Result<Reply> AddGroup(Call& call) {
  Input input(call.body);
  ParentsGroup one = ReadGroup(input);
  SCHAKEL_TRY(input.Finish());
  const auto added = call.desk.parents_groups.Add(one, call.AsCoordinatorIfSo());
  if (!added) return RefusedFor(call, added.error(), {one.name});
  return Reply{.status = 201, .json = View(*added)};
}

Result<Reply> EditGroup(Call& call) {
  Input input(call.body);
  ParentsGroup one = ReadGroup(input);
  SCHAKEL_TRY(input.Finish());
  const auto edited = call.desk.parents_groups.Edit(call.path.at("group"), one, call.AsCoordinatorIfSo());
  if (!edited) return RefusedFor(call, edited.error(), {one.name});
  return Reply{.json = View(*edited)};
}

Result<Reply> Sessions(Call& call) {
  SCHAKEL_ASSIGN(const auto listed, call.desk.parents_groups.Sessions(call.path.at("group"), call.AsCoordinatorIfSo()));
  Json rows = Json::array();
  for (const ParentsSession& one : listed.sessions) rows.push_back(View(one));
  return Reply{
      .json = {{"group", View(listed.group)}, {"with_names", listed.with_names}, {"sessions", std::move(rows)}}};
}

Result<ParentsSession> ReadSession(const Call& call) {
  Input input(call.body);
  ParentsSession one;
  one.day = input.RequiredText("day");
  one.theme = input.RequiredText("theme");
  for (const Json& object : input.Objects("attendees")) {
    Input attendee(object);
    Attendee read;
    read.name = attendee.RequiredText("name");
    read.count = static_cast<std::uint32_t>(std::min<std::uint64_t>(attendee.Number("count").value_or(1), 1000));
    SCHAKEL_TRY(attendee.Finish());
    one.attendees.push_back(std::move(read));
  }
  SCHAKEL_TRY(input.Finish());
  return one;
}

Result<Reply> AddSession(Call& call) {
  SCHAKEL_ASSIGN(const ParentsSession one, ReadSession(call));
  const auto added = call.desk.parents_groups.AddSession(call.path.at("group"), one, call.AsCoordinatorIfSo());
  if (!added) return RefusedFor(call, added.error(), one);
  return Reply{.status = 201, .json = View(*added)};
}

Result<Reply> EditSession(Call& call) {
  SCHAKEL_ASSIGN(const ParentsSession one, ReadSession(call));
  const auto edited = call.desk.parents_groups.EditSession(call.path.at("session"), one, call.AsCoordinatorIfSo());
  if (!edited) return RefusedFor(call, edited.error(), one);
  return Reply{.json = View(*edited)};
}

Result<Reply> DropSession(Call& call) {
  SCHAKEL_TRY(call.desk.parents_groups.DropSession(call.path.at("session"), call.AsCoordinatorIfSo()));
  return Reply{.json = Json::object()};
}

const Route kRoutes[] = {
    {"GET", "/v1/parents-groups", &Groups},
    {"POST", "/v1/parents-groups", &AddGroup},
    {"POST", "/v1/parents-groups/{group}/edit", &EditGroup},
    {"GET", "/v1/parents-groups/{group}/sessions", &Sessions},
    {"POST", "/v1/parents-groups/{group}/sessions", &AddSession},
    {"POST", "/v1/parents-sessions/{session}/edit", &EditSession},
    {"DELETE", "/v1/parents-sessions/{session}", &DropSession},
};

}  // namespace
}  // namespace schakel::parents_group_routes

namespace schakel {

std::span<const Route> ParentsGroupRoutes() { return parents_group_routes::kRoutes; }

}  // namespace schakel
