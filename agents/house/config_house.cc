// [house]: what the organisation keeps for itself.
#include "config_table.h"

namespace schakel {

HouseOptions ReadHouse(const toml::table& table, std::vector<Error>& faults) {
  ConfigTable from(table, "house.", faults);
  from.RefuseOthersThan(
      {"attendees_months", "visit_escalates_minutes", "smallest_cell", "school_escalates_days", "enrolment_days"});
  HouseOptions house;
  const auto months = static_cast<std::uint64_t>(house.attendees_kept.count());
  const auto minutes = static_cast<std::uint64_t>(house.visit_escalates.count());
  house.attendees_kept =
      std::chrono::months(static_cast<std::int64_t>(from.Number("attendees_months", months, 1, 120)));
  house.visit_escalates =
      std::chrono::minutes(static_cast<std::int64_t>(from.Number("visit_escalates_minutes", minutes, 1, 24 * 60)));
  house.smallest_cell =
      static_cast<std::size_t>(from.Number("smallest_cell", house.smallest_cell, HouseOptions::kSmallestCell, 1000));
  const auto days = [&](const char* key, std::chrono::days usual) {
    return std::chrono::days(
        static_cast<std::int64_t>(from.Number(key, static_cast<std::uint64_t>(usual.count()), 1, 366)));
  };
  house.school_escalates = days("school_escalates_days", house.school_escalates);
  house.enrolment_kept = days("enrolment_days", house.enrolment_kept);
  return house;
}

}  // namespace schakel
