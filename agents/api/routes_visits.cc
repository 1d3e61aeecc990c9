// Visits at home, and who looks out for whom.
#include "router.h"
#include "visit_view.h"

namespace schakel::visit_routes {
namespace {

Json View(const Call& call, const Visit& one) {
  return VisitView(one, call.desk.visits.escalates(), call.desk.clock.Now());
}

Result<Reply> List(Call& call) {
  SCHAKEL_ASSIGN(const auto all, call.desk.visits.List(call.AsCoordinatorIfSo()));
  Json rows = Json::array();
  for (const Visit& one : all) rows.push_back(View(call, one));
  return Reply{.json = {{"visits", std::move(rows)}}};
}

// Whether the colleague is told by mail besides: who goes can then choose another, or call.
Result<Reply> Begin(Call& call) {
  Input input(call.body);
  const std::string where = input.RequiredText("where");
  const std::string colleague = input.RequiredText("colleague");
  const auto until = input.Time("until");
  if (!until) input.Refuse({Code::kInvalid, "request.required", {}, "fill it in"}, "until");
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const Visit begun, call.desk.visits.Begin(where, *until, colleague, call.AsCoordinatorIfSo()));
  SCHAKEL_ASSIGN(const bool by_mail, call.desk.notices.ReachesByMail(begun.colleague));
  Json json = View(call, begun);
  json["told_by_mail"] = by_mail;
  return Reply{.status = 201, .json = std::move(json)};
}

Result<Reply> Extend(Call& call) {
  Input input(call.body);
  const auto until = input.Time("until");
  if (!until) input.Refuse({Code::kInvalid, "request.required", {}, "fill it in"}, "until");
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const Visit extended,
                 call.desk.visits.Extend(call.path.at("visit"), *until, call.AsCoordinatorIfSo()));
  return Reply{.json = View(call, extended)};
}

Result<Reply> CheckOut(Call& call) {
  Input input(call.body);
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const Visit ended, call.desk.visits.CheckOut(call.path.at("visit"), call.AsCoordinatorIfSo()));
  return Reply{.json = View(call, ended)};
}

const Route kRoutes[] = {
    {"GET", "/v1/visits", &List},
    {"POST", "/v1/visits", &Begin},
    {"POST", "/v1/visits/{visit}/extension", &Extend},
    {"POST", "/v1/visits/{visit}/checkout", &CheckOut},
};

}  // namespace
}  // namespace schakel::visit_routes

namespace schakel {

std::span<const Route> VisitRoutes() { return visit_routes::kRoutes; }

}  // namespace schakel
