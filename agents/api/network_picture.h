// A network that was read for somebody who asked: the view of all that it shows is logged. Shared by the routes of it.
#pragma once

#include "network_views.h"
#include "router.h"

namespace schakel {

struct NetworkPicture {
  CaseTrajectory trajectory;
  CaseNetwork network;  // Without the words that were not read.
  ReadRecords read;
  std::string label;  // Of the young person, as this organisation calls them.
  std::string day;    // For which it is drawn: "2026-03-14".
  std::string today;
  Json at;     // As asked for; null: now.
  Json known;  // Likewise.
};

// With "at" and "known" of the query. kInvalid ("request.day"). `also`: records that are read along.
Result<NetworkPicture> ReadNetwork(Call& call, const NetworkParts& parts, const std::vector<RecordId>& also = {});

// "young-person", or the id of a figure, in `field`.
Id128 ReadFigure(const Call& call, Input& input, const std::string& field, bool required);

// Who said it, of a tie.
struct SaidBy {
  Informant informant = Informant::kYoungPerson;
  std::string name;
};
SaidBy ReadInformant(Input& input, const char* field, const char* name_field);

}  // namespace schakel
