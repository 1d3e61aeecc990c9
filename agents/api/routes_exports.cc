// What people take along of one trajectory.
#include "exports.h"
#include "router.h"

namespace schakel::exports_routes {
namespace {

constexpr std::chrono::milliseconds kProofPatience{10'000};

Result<Reply> ArchiveFile(Call& call) {
  SCHAKEL_ASSIGN(const TrajectoryId id, call.Trajectory());
  const auto patience = call.patience.count() > 0 ? call.patience : kProofPatience;
  SCHAKEL_ASSIGN(const Bytes bytes, call.desk.exports.MakeArchive(id, call.caller, patience));
  return Reply{.type = "application/octet-stream", .raw = std::string(AsText(bytes))};
}

Result<Reply> DossierPage(Call& call) {
  SCHAKEL_ASSIGN(const TrajectoryId id, call.Trajectory());
  SCHAKEL_ASSIGN(const Paper paper, call.desk.exports.MakePaper(id, call.caller));
  return Reply{.type = "text/html; charset=utf-8", .raw = RenderPaper(paper, call.language)};
}

Result<Reply> FhirBundle(Call& call) {
  SCHAKEL_ASSIGN(const TrajectoryId id, call.Trajectory());
  SCHAKEL_ASSIGN(const Paper paper, call.desk.exports.MakePlan(id, call.caller));
  const Json bundle = PlanBundle(paper, ExportNames(call.desk.engine, call.language), paper.printed_at);
  return Reply{.type = "application/fhir+json", .raw = bundle.dump(1, ' ', false, Json::error_handler_t::replace)};
}

const Route kRoutes[] = {
    {"GET", "/v1/trajectories/{trajectory}/fhir", &FhirBundle},
    {"GET", "/v1/trajectories/{trajectory}/dossier.html", &DossierPage},
    {"GET", "/v1/trajectories/{trajectory}/archive", &ArchiveFile},
};

}  // namespace
}  // namespace schakel::exports_routes

namespace schakel {

std::span<const Route> ExportRoutes() { return exports_routes::kRoutes; }

}  // namespace schakel
