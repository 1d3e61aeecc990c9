// Tables of people and trajectories, taken in.
#include "importing.h"

namespace schakel {
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

// 200 for what was done or would be, 409 if all was held back.
Reply ReportReply(Json report) {
  const int status = report.at("refused").get<bool>() ? 409 : 200;
  return Reply{.status = status, .json = std::move(report)};
}

Result<Reply> PeopleTable(Call& call) {
  SCHAKEL_ASSIGN(const ImportRequest request, RequestOf(call));
  SCHAKEL_ASSIGN(Json report, ImportPeople(call, request));
  return ReportReply(std::move(report));
}

Result<Reply> TrajectoryTable(Call& call) {
  SCHAKEL_ASSIGN(const ImportRequest request, RequestOf(call));
  SCHAKEL_ASSIGN(Json report, ImportTrajectories(call, request));
  return ReportReply(std::move(report));
}

const Route kRoutes[] = {
    {"POST", "/v1/import/people", &PeopleTable, {"dry_run", "skip_bad"}, true},
    {"POST", "/v1/import/trajectories", &TrajectoryTable, {"dry_run", "skip_bad"}, true},
};

}  // namespace

std::span<const Route> ImportRoutes() { return kRoutes; }

}  // namespace schakel
