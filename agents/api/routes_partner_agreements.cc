// The register of agreements with partners.
#include "agents/partnership_agreements.h"
#include "partner_agreements_view.h"
#include "router.h"

namespace schakel::partner_agreement_routes {
namespace {

Result<std::map<Id128, std::string>> NamesFor(const Call& call) {
  SCHAKEL_ASSIGN(const auto partnerships, call.desk.partnerships.List(call.AsCoordinatorIfSo().role));
  std::map<Id128, std::string> names;
  for (const Partnership& one : partnerships) names[one.id] = one.name;
  return names;
}

Result<Json> ViewOfAll(const Call& call, const std::vector<PartnershipAgreement>& all) {
  SCHAKEL_ASSIGN(const auto names, NamesFor(call));
  Json rows = Json::array();
  for (const PartnershipAgreement& one : all) {
    const auto name = names.find(one.partnership);
    Json row = PartnerAgreementView(one, call.Views(), call.desk.clock.Now());
    row["name"] = name == names.end() ? "" : name->second;
    rows.push_back(std::move(row));
  }
  return Json{{"agreements", std::move(rows)}};
}

Result<Reply> Standing(Call& call) {
  if (call.Asked("use").empty()) {
    SCHAKEL_ASSIGN(const auto all, call.desk.partner_agreements.List(call.AsCoordinatorIfSo().role));
    SCHAKEL_ASSIGN(Json json, ViewOfAll(call, all));
    return Reply{.json = std::move(json)};
  }
  SCHAKEL_ASSIGN(const AgreementUse use, InField(ParseAgreementUse(call.Asked("use")), "use"));
  SCHAKEL_ASSIGN(const auto all, call.desk.partner_agreements.Standing(use, call.AsCoordinatorIfSo().role));
  SCHAKEL_ASSIGN(Json json, ViewOfAll(call, all));
  return Reply{.json = std::move(json)};
}

Result<Reply> Note(Call& call) {
  Input input(call.body);
  PartnershipAgreement one;
  one.uses = input.Words("uses", &ParseAgreementUse);
  one.from = input.Text("from");
  if (one.from.empty()) one.from = BelgianDay(call.desk.clock.Now());
  one.until = input.Text("until");
  one.contact = input.Text("contact");
  one.turn = static_cast<std::uint32_t>(std::min<std::uint64_t>(input.Number("turn").value_or(0), 100));
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(
      const PartnershipAgreement noted,
      call.desk.partner_agreements.Note(call.path.at("partnership"), std::move(one), call.AsCoordinatorIfSo()));
  return Reply{.status = 201, .json = PartnerAgreementView(noted, call.Views(), call.desk.clock.Now())};
}

Result<Reply> End(Call& call) {
  Input input(call.body);
  const std::string agreement = input.Text("agreement");
  const std::string why = input.Text("why");
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const auto ended, call.desk.partner_agreements.End(call.path.at("partnership"), agreement, why,
                                                                    call.AsCoordinatorIfSo()));
  SCHAKEL_ASSIGN(Json json, ViewOfAll(call, ended));
  return Reply{.json = std::move(json)};
}

Result<Reply> Drop(Call& call) {
  SCHAKEL_TRY(call.desk.partner_agreements.Drop(call.path.at("partnership"), call.AsCoordinatorIfSo().role));
  return Reply{.json = Json::object()};
}

const Route kRoutes[] = {
    {"GET", "/v1/partnerships/agreements", &Standing, {"use"}},
    {"POST", "/v1/partnerships/{partnership}/agreements", &Note},
    {"POST", "/v1/partnerships/{partnership}/end", &End},
    {"DELETE", "/v1/partnerships/{partnership}", &Drop},
};

}  // namespace
}  // namespace schakel::partner_agreement_routes

namespace schakel {

std::span<const Route> PartnerAgreementRoutes() { return partner_agreement_routes::kRoutes; }

}  // namespace schakel
