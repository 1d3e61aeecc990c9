// Search. The words stand in the body: addresses are kept in places that nobody thinks of.
#include "agents/search.h"
#include "router.h"

namespace schakel::search_routes {
namespace {

constexpr const char* kResultsAtOnce = "20";  // Every result is a view: no more of them than somebody reads.

// One record and, besides, what its trajectory is called: all read before any of it is handed out.
struct Results {
  std::vector<Reading::Shown> shown;
  std::map<TrajectoryId, CaseTrajectory> trajectories;
  Glance glance;
};

Result<Results> ReadResults(Call& call, const std::vector<RecordId>& records) {
  Results results;
  std::set<RecordId> wanted(records.begin(), records.end());
  std::vector<RecordId> all = records;
  for (const RecordId& id : records) {
    SCHAKEL_ASSIGN(const HeldRecord held, call.desk.engine.Find(id));
    if (results.trajectories.contains(held.header.trajectory)) continue;
    auto trajectory = call.desk.cases.Trajectory(held.header.trajectory);
    if (!trajectory) continue;  // An anonymous question.
    const RecordId& label = trajectory->label_record;
    if (!IsNone(label) && wanted.insert(label).second) all.push_back(label);
    results.trajectories.emplace(held.header.trajectory, std::move(*trajectory));
  }
  SCHAKEL_ASSIGN(results.shown, call.desk.reading.Show(all, call.caller, Reading::IfNoTask::kQuiet));
  for (const Reading::Shown& one : results.shown) results.glance.Take(one);
  results.shown.resize(records.size());
  return results;
}

Json ExcerptView(const std::vector<SearchService::Part>& parts) {
  Json list = Json::array();
  for (const SearchService::Part& part : parts) list.push_back({{"text", part.text}, {"wanted", part.wanted}});
  return list;
}

Result<SearchQuestion> ReadQuestion(Call& call) {
  Input input(call.body);
  SearchQuestion question;
  question.words = input.RequiredText("words");
  for (const Kind kind : input.Words<Kind>("kinds", &ParseKind)) question.kinds.insert(kind);
  const std::string trajectory = input.Text("trajectory");
  question.from = input.Time("from");
  question.until = input.Time("until");
  SCHAKEL_TRY(input.Finish());
  if (!trajectory.empty()) {
    SCHAKEL_ASSIGN(question.trajectory, call.desk.cases.FindTrajectory(trajectory));
  }
  return question;
}

Result<Reply> Search(Call& call) {
  SCHAKEL_ASSIGN(const SearchQuestion question, ReadQuestion(call));
  call.query.try_emplace("limit", kResultsAtOnce);
  SCHAKEL_ASSIGN(SearchService::Found found, call.desk.search.Find(question, call.caller));
  const std::size_t total = found.records.size();
  SCHAKEL_ASSIGN(const auto page, call.PageOf(std::move(found.records), [](const RecordId& id) { return ToText(id); }));
  SCHAKEL_ASSIGN(const Results results, ReadResults(call, page.items));
  const JsonViews views = call.Views();
  Json list = Json::array();
  for (const Reading::Shown& one : results.shown) {
    if (!one.body) continue;  // Sealed since it was found.
    const auto trajectory = results.trajectories.find(one.held.header.trajectory);
    Json view = views.RecordView(one.held);
    view["about"] =
        views.TrajectoryView(trajectory == results.trajectories.end() ? nullptr : &trajectory->second, results.glance);
    view["excerpt"] = ExcerptView(call.desk.search.Excerpt(*one.body, question.words));
    list.push_back(std::move(view));
  }
  return Reply{.json = {{"results", std::move(list)},
                        {"total", total},
                        {"since", found.since ? Json(ToText(*found.since)) : Json(nullptr)},
                        {"next", page.next}}};
}

const Route kRoutes[] = {{"POST", "/v1/search", &Search, {"limit", "cursor"}}};

}  // namespace
}  // namespace schakel::search_routes

namespace schakel {

std::span<const Route> SearchRoutes() { return search_routes::kRoutes; }

}  // namespace schakel
