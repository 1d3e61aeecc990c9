// Needs and outcomes in numbers.
#include "agents/partial_day.h"
#include "router.h"

namespace schakel::effect_routes {
namespace {

Result<Effects> Asked(Call& call) {
  const std::string text =
      call.Asked("year").empty() ? BelgianDay(call.desk.clock.Now()).substr(0, 4) : call.Asked("year");
  const auto year = ParsePartialDay(text);
  if (!year || year->month) return Fail(Code::kInvalid, "request.year", "year", "write it as 2026");
  std::optional<std::size_t> threshold;
  if (const std::string asked = call.Asked("threshold"); !asked.empty()) {
    const auto number = WholeNumber(asked);
    if (!number) {
      return Fail(Code::kInvalid, "effects.threshold", "threshold",
                  "at least " + std::to_string(call.desk.effects.threshold()) + ": fewer could point at somebody");
    }
    threshold = static_cast<std::size_t>(*number);
  }
  return call.desk.effects.Of(static_cast<int>(year->year), threshold, call.caller.person.role);
}

Result<Reply> Show(Call& call) {
  SCHAKEL_ASSIGN(const Effects effects, Asked(call));
  Json tables = Json::array();
  for (const EffectTable& table : effects.tables) {
    Json cells = Json::array();
    for (const EffectCell& cell : table.cells) cells.push_back({{"cell", cell.slug}, {"count", cell.count}});
    tables.push_back({{"table", table.name}, {"cells", std::move(cells)}, {"rest", table.rest}});
  }
  return Reply{.json = {{"year", effects.year},
                        {"threshold", effects.threshold},
                        {"trajectories", effects.trajectories ? Json(*effects.trajectories) : Json(nullptr)},
                        {"tables", std::move(tables)}}};
}

Result<Reply> Csv(Call& call) {
  SCHAKEL_ASSIGN(const Effects effects, Asked(call));
  Reply reply;
  reply.type = "text/csv; charset=utf-8";
  reply.raw = EffectsCsv(effects);
  reply.headers["Content-Disposition"] = "attachment; filename=\"schakel-" + std::to_string(effects.year) + ".csv\"";
  return reply;
}

const Route kRoutes[] = {
    {"GET", "/v1/effects", &Show, {"year", "threshold"}},
    {"GET", "/v1/effects.csv", &Csv, {"year", "threshold"}},
};

}  // namespace
}  // namespace schakel::effect_routes

namespace schakel {

std::span<const Route> EffectRoutes() { return effect_routes::kRoutes; }

}  // namespace schakel
