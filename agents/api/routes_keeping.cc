// What was sealed, and opening it.
#include "router.h"

namespace schakel {
namespace {

constexpr std::chrono::milliseconds kPatience{10'000};

Result<Reply> Sealed(Call& call) {
  SCHAKEL_ASSIGN(const auto asked, call.AskedTrajectory());
  const JsonViews views = call.Views();
  Json list = Json::array();
  for (const SealedService::Row& row : call.desk.sealed.List(asked)) {
    Json view = views.SealedView(row.sealed);
    view["opened"] = Json::array();
    for (const Unsealing& one : row.opened) {
      const auto name = call.desk.engine.NameOf(one.person);
      view["opened"].push_back(
          {{"person", name ? Json(*name) : Json(nullptr)}, {"at", ToText(one.at)}, {"why", one.why}});
    }
    list.push_back(std::move(view));
  }
  return Reply{.json = {{"sealed", std::move(list)}}};
}

// The hub is told before a byte is shown, so this waits for it.
Result<Reply> Unseal(Call& call) {
  SCHAKEL_ASSIGN(const RecordId id, call.Record("record"));
  Input input(call.body);
  const std::string why = input.RequiredText("why");
  SCHAKEL_TRY(input.Finish());
  const auto patience = std::max(call.patience, kPatience);
  SCHAKEL_ASSIGN(const auto shown, call.desk.sealed.Open(id, call.caller, why, patience));
  return Reply{.json = call.Views().ShownView(shown)};
}

const Route kRoutes[] = {
    {"GET", "/v1/sealed", &Sealed, {"trajectory"}},
    {"POST", "/v1/records/{record}/unsealing", &Unseal},
};

}  // namespace

std::span<const Route> KeepingRoutes() { return kRoutes; }

}  // namespace schakel
