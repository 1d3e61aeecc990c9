// Tables of people and trajectories, taken in.
#include "importing.h"

namespace schakel::imports_routes {
namespace {

Result<ImportRequest> RequestOf(Call& call) {
  Input input(call.body);
  ImportRequest request;
  request.csv = input.RequiredText("csv");
  // A table alone has no place for these but the address.
  request.dry_run = input.Flag("dry_run", call.Asks("dry_run", "true"));
  request.skip_bad = input.Flag("skip_bad", call.Asks("skip_bad", "true"));
  SCHAKEL_TRY(input.Finish());
  return request;
}

// What was done or would be; a problem, with the same report in it, if all was held back.
Reply ReportReply(const Call& call, Json report) {
  if (!report.at("refused").get<bool>()) return Reply{.json = std::move(report)};
  const Error error{Code::kConflict, "import.held_back", "rows",
                    "mend the lines that are wrong, or have the good ones made without them"};
  Reply reply{.status = StatusOf(error), .json = ProblemJson(error, call.Views())};
  reply.type = "application/problem+json";
  reply.json.update(report);
  return reply;
}

Result<Reply> PeopleTable(Call& call) {
  SCHAKEL_ASSIGN(const ImportRequest request, RequestOf(call));
  SCHAKEL_ASSIGN(Json report, ImportPeople(call, request));
  return ReportReply(call, std::move(report));
}

Result<Reply> TrajectoryTable(Call& call) {
  SCHAKEL_ASSIGN(const ImportRequest request, RequestOf(call));
  SCHAKEL_ASSIGN(Json report, ImportTrajectories(call, request));
  return ReportReply(call, std::move(report));
}

const Route kRoutes[] = {
    {"POST", "/v1/import/people", &PeopleTable, {"dry_run", "skip_bad"}, true},
    {"POST", "/v1/import/trajectories", &TrajectoryTable, {"dry_run", "skip_bad"}, true},
};

}  // namespace
}  // namespace schakel::imports_routes

namespace schakel {

std::span<const Route> ImportRoutes() { return imports_routes::kRoutes; }

}  // namespace schakel
