#include "network_picture.h"

#include "agents/partial_day.h"

namespace schakel {
namespace {

Result<std::string> AskedDay(const Call& call, const char* name) {
  const std::string text = call.Asked(name);
  if (text.empty() || EndOfDay(text)) return text;
  return Fail(Code::kInvalid, "request.day", name, "give a whole day: 2026-03-14");
}

}  // namespace

Result<NetworkPicture> ReadNetwork(Call& call, const NetworkParts& parts, const std::vector<RecordId>& also) {
  SCHAKEL_ASSIGN(const std::string at, AskedDay(call, "at"));
  SCHAKEL_ASSIGN(const std::string known, AskedDay(call, "known"));
  SCHAKEL_ASSIGN(const TrajectoryId id, call.Trajectory());
  SCHAKEL_ASSIGN(CaseTrajectory trajectory, call.desk.cases.Trajectory(id));
  const auto before = known.empty() ? std::nullopt : EndOfDay(known);
  SCHAKEL_ASSIGN(CaseNetwork network, call.desk.network.Network(id, before));
  std::vector<RecordId> ids = RecordsIn(network, parts);
  if (!IsNone(trajectory.label_record)) ids.push_back(trajectory.label_record);
  ids.insert(ids.end(), also.begin(), also.end());
  std::ranges::sort(ids);
  const auto twice = std::ranges::unique(ids);
  ids.erase(twice.begin(), twice.end());
  SCHAKEL_ASSIGN(auto shown, call.desk.reading.Show(ids, call.caller));
  if (auto turned_away = TurnedAway(shown)) return std::unexpected(std::move(*turned_away));
  ReadRecords read(std::move(shown));
  Glance glance;
  read.GiveTo(glance);
  const std::string today = BelgianDay(call.desk.clock.Now());
  NetworkPicture picture{std::move(trajectory),
                         ReadOf(std::move(network), read),
                         std::move(read),
                         {},
                         at.empty() ? today : at,
                         today,
                         at.empty() ? Json(nullptr) : Json(at),
                         known.empty() ? Json(nullptr) : Json(known)};
  picture.label = glance.LabelOf(picture.trajectory);
  return picture;
}

Id128 ReadFigure(const Call& call, Input& input, const std::string& field, bool required) {
  const std::string text = required ? input.RequiredText(field) : input.Text(field);
  if (text.empty() || text == "young-person") return {};
  const auto id = call.desk.cases.FindRecord(text);
  if (id) return id->value();
  input.Refuse(id.error(), field);
  return {};
}

SaidBy ReadInformant(Input& input, const char* field, const char* name_field) {
  SaidBy said;
  said.informant = input.RequiredWord(field, Informant::kYoungPerson, &ParseInformant);
  said.name = input.Text(name_field);
  return said;
}

}  // namespace schakel
