// Following a trajectory, and what changed there since one last looked. No words of records.
#include <algorithm>

#include "agents/following.h"
#include "router.h"

namespace schakel::following_routes {
namespace {

Json KindViews(const std::set<Kind>& kinds) {
  Json list = Json::array();
  for (const Kind kind : kinds) list.push_back(Slug(kind));
  return list;
}

Json FollowView(const Follow& follow) {
  return {
      {"trajectory", ToText(follow.trajectory)}, {"kinds", KindViews(follow.kinds)}, {"since", ToText(follow.since)}};
}

// How many of what this person follows there is new; none where others have a task and this person has none.
Result<Json> NewsOf(Call& call, const Follow& follow) {
  auto since = call.desk.following.Since(follow.trajectory, call.caller);
  if (!since && since.error().rule == "view.no_task") return Json({{"changes", 0}, {"at", nullptr}});
  if (!since) return std::unexpected(since.error());
  std::size_t count = 0;
  Json at = nullptr;
  for (const TrajectoryChange& change : since->changes) {
    if (!change.withheld && !follow.Concerns(change.kind)) continue;
    if (count++ == 0) at = ToText(change.at);
  }
  return Json({{"changes", count}, {"at", at}});
}

Result<Reply> List(Call& call) {
  SCHAKEL_ASSIGN(auto follows, call.desk.following.Of(call.caller.person.name));
  SCHAKEL_ASSIGN(const auto page,
                 call.PageOf(std::move(follows), [](const Follow& one) { return ToText(one.trajectory); }));
  Glance glance;
  std::map<TrajectoryId, CaseTrajectory> trajectories;
  for (const Follow& follow : page.items) {
    SCHAKEL_ASSIGN(CaseTrajectory trajectory, call.desk.cases.Trajectory(follow.trajectory));
    glance.Want(trajectory);
    trajectories.emplace(follow.trajectory, std::move(trajectory));
  }
  SCHAKEL_TRY(glance.Read(call.desk.reading, call.caller));
  const JsonViews views = call.Views();
  Json list = Json::array();
  for (const Follow& follow : page.items) {
    Json view = FollowView(follow);
    view["trajectory"] = views.TrajectoryView(&trajectories.at(follow.trajectory), glance);
    SCHAKEL_ASSIGN(const Json news, NewsOf(call, follow));
    view.update(news);
    list.push_back(std::move(view));
  }
  return Reply{.json = {{"follows", std::move(list)}, {"next", page.next}}};
}

Result<Reply> Begin(Call& call) {
  SCHAKEL_ASSIGN(const TrajectoryId id, call.Trajectory());
  Input input(call.body);
  std::set<Kind> kinds;
  for (const Kind kind : input.Words<Kind>("kinds", &ParseKind)) kinds.insert(kind);
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_TRY(call.desk.following.Begin(id, kinds, call.caller.person.name));
  return Reply{.json = {{"trajectory", ToText(id)}, {"kinds", KindViews(kinds)}}};
}

Result<Reply> EndFollowing(Call& call) {
  SCHAKEL_ASSIGN(const TrajectoryId id, call.Trajectory());
  Input input(call.body);
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_TRY(call.desk.following.End(id, call.caller.person.name));
  return Reply{.json = Json::object()};
}

std::string_view ChangeSlug(RecordState state) { return state == RecordState::kReceived ? "received" : "accepted"; }

Result<Reply> Changes(Call& call) {
  SCHAKEL_ASSIGN(const TrajectoryId id, call.Trajectory());
  SCHAKEL_ASSIGN(auto since, call.desk.following.Since(id, call.caller));
  const std::size_t total = since.changes.size();
  SCHAKEL_ASSIGN(const auto page,
                 call.PageOf(std::move(since.changes), [](const TrajectoryChange& one) { return ToText(one.record); }));
  const JsonViews views = call.Views();
  Json list = Json::array();
  for (const TrajectoryChange& change : page.items) {
    Json view = {{"record", ToText(change.record)},
                 {"kind", change.withheld ? Json(nullptr) : Json(Slug(change.kind))},
                 {"author", views.Organisation(change.author)},
                 {"at", ToText(change.at)},
                 {"state", ChangeSlug(change.state)}};
    if (change.withheld) view["denial"] = views.DenialView(*change.withheld);
    list.push_back(std::move(view));
  }
  return Reply{.json = {{"changes", std::move(list)},
                        {"total", total},
                        {"seen", ToText(since.seen)},
                        {"last", ToText(since.last)},
                        {"next", page.next}}};
}

Result<Reply> ChangesSeen(Call& call) {
  SCHAKEL_ASSIGN(const TrajectoryId id, call.Trajectory());
  Input input(call.body);
  const std::string up_to = input.RequiredText("up_to");
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const LookMark mark, ParseLookMark(up_to));
  SCHAKEL_TRY(call.desk.following.MarkSeen(id, mark, call.caller));
  return Reply{.json = Json::object()};
}

const Route kRoutes[] = {
    {"GET", "/v1/follows", &List, {"limit", "cursor"}},
    {"POST", "/v1/trajectories/{trajectory}/follow", &Begin},
    {"POST", "/v1/trajectories/{trajectory}/unfollow", &EndFollowing},
    {"GET", "/v1/trajectories/{trajectory}/changes", &Changes, {"limit", "cursor"}},
    {"POST", "/v1/trajectories/{trajectory}/changes/seen", &ChangesSeen},
};

}  // namespace
}  // namespace schakel::following_routes

namespace schakel {

std::span<const Route> FollowingRoutes() { return following_routes::kRoutes; }

}  // namespace schakel
