// The organisation's own keys: what they are, and how they are replaced.
#include "protocol/registry.h"
#include "router.h"

namespace schakel::keys_routes {
namespace {

Json KeysView(const KeyReport& report, const OrgId& self, const JsonViews& views) {
  return {{"fingerprint", Fingerprint(self, report.keys)},
          {"record", ToHex(report.keys.record.value())},
          {"cosign", ToHex(report.keys.cosign.value())},
          {"transport", ToHex(report.keys.transport.value())},
          {"hpke", ToHex(report.keys.hpke.value())},
          {"hpke_since", ToText(report.hpke_since)},
          {"hpke_held", report.hpke_held},
          {"asked", report.asked ? Json(*report.asked) : Json(nullptr)},
          {"heard", report.heard},
          {"refused", report.refused ? views.ProblemView(*report.refused) : Json(nullptr)}};
}

Result<Reply> ShowKeys(Call& call) {
  return Reply{.json = KeysView(call.desk.engine.Keys(), call.desk.engine.Self(), call.Views())};
}

Result<Reply> RotateKeys(Call& call) {
  Input input(call.body);
  const std::string which = input.RequiredText("which");
  if (which != "all" && which != "hpke") {
    input.Refuse({Code::kInvalid, "keys.which", {}, "choose all or hpke"}, "which");
  }
  SCHAKEL_TRY(input.Finish());
  Engine& engine = call.desk.engine;
  SCHAKEL_ASSIGN(const KeyReport report, which == "all" ? engine.RotateKeys() : engine.RotateHpke());
  return Reply{.json = KeysView(report, engine.Self(), call.Views())};
}

const Route kRoutes[] = {
    {"GET", "/v1/keys", &ShowKeys},
    {"POST", "/v1/keys/rotate", &RotateKeys},
};

}  // namespace
}  // namespace schakel::keys_routes

namespace schakel {

std::span<const Route> KeyRoutes() { return keys_routes::kRoutes; }

}  // namespace schakel
