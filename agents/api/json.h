// JSON in and out: strict reading of requests, and views of what services yield.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "agents/services.h"

namespace schakel {

using Json = nlohmann::ordered_json;

inline constexpr std::size_t kJsonDepthMax = 16;

// kInvalid ("request.json", "request.depth"): not JSON, or nested deeper than any request of ours.
Result<Json> ParseJson(std::string_view text);

// Reads the fields of one object straight through, and keeps the first mistake. Asks for every field that it knows;
// what is left over at the end is a spelling mistake: "request.unknown".
class Input {
 public:
  explicit Input(const Json& object) : object_(object) {}

  std::string Text(const std::string& field);  // Empty if absent.
  std::string RequiredText(const std::string& field);
  std::vector<std::string> Texts(const std::string& field);  // Empty if absent.
  bool Flag(const std::string& field, bool otherwise);
  std::optional<std::uint64_t> Number(const std::string& field);
  std::optional<Timestamp> Time(const std::string& field);
  OrgId Organisation(const std::string& field);                // Required.
  std::vector<OrgId> Organisations(const std::string& field);  // Empty if absent.
  // Whom something goes to. Empty if absent; a list that is there names somebody, for whoever sends to nobody shall not
  // reach everybody: "sending.nobody".
  std::vector<OrgId> Recipients(const std::string& field);
  void MustNameSomebody(const std::string& field);  // The same of a list that is read otherwise.
  MeetingSlot Slot(const std::string& field);       // Required.
  std::vector<MeetingSlot> Slots(const std::string& field);
  std::optional<MeetingSlot> OptionalSlot(const std::string& field);
  std::vector<Attendance> Attendances(const std::string& field);
  // Each is read with an Input of its own. Empty if absent.
  std::vector<Json> Objects(const std::string& field);

  // A word of a closed list; `otherwise` if absent.
  template <typename E>
  E Word(const std::string& field, E otherwise, Result<E> (*parse)(std::string_view)) {
    const std::string word = Text(field);
    return word.empty() ? otherwise : Parsed(field, parse(word), otherwise);
  }
  template <typename E>
  E RequiredWord(const std::string& field, E otherwise, Result<E> (*parse)(std::string_view)) {
    const std::string word = RequiredText(field);
    return word.empty() ? otherwise : Parsed(field, parse(word), otherwise);
  }
  template <typename E>
  std::vector<E> Words(const std::string& field, Result<E> (*parse)(std::string_view)) {
    std::vector<E> all;
    for (const std::string& word : Texts(field)) {
      auto value = parse(word);
      if (value) {
        all.push_back(*value);
      } else {
        Refuse(value.error(), field);
      }
    }
    return all;
  }
  template <typename E>
  SetOf<E> Set(const std::string& field, Result<E> (*parse)(std::string_view)) {
    SetOf<E> set;
    for (E value : Words(field, parse)) set.Add(value);
    return set;
  }

  void Refuse(Error error, const std::string& field);
  // In the object that stands at `index` in the list `field`: "actions[0].text".
  void RefuseIn(Error error, const std::string& field, std::size_t index);
  Status Finish();

 private:
  const Json* Find(const std::string& field);
  void Refuse(const char* rule, const std::string& field, std::string next);
  template <typename E>
  E Parsed(const std::string& field, Result<E> value, E otherwise) {
    if (value) return *value;
    Refuse(value.error(), field);
    return otherwise;
  }

  const Json& object_;
  std::vector<std::string> known_;
  Status status_;
};

// None: null.
template <Id128Type Id>
Json IdView(const Id& id) {
  return IsNone(id) ? Json(nullptr) : Json(ToText(id));
}
// Of a network: none is the young person.
inline Json FigureView(const RecordId& id) { return IsNone(id) ? Json("young-person") : Json(ToText(id)); }
inline Json TimeView(const std::optional<Timestamp>& time) { return time ? Json(ToText(*time)) : Json(nullptr); }
inline Json SlotView(const MeetingSlot& slot) {
  return {{"begins_at", ToText(slot.begins_at)}, {"ends_at", ToText(slot.ends_at)}};
}

// Ids as full hex, times as RFC 3339 in UTC, closed lists as slugs, organisations as {id, name}.
class JsonViews {
 public:
  JsonViews(const Engine& engine, Language language);

  Language language() const { return language_; }
  Json Organisation(const OrgId& id) const;
  Json Organisations(const std::vector<OrgId>& ids) const;
  Json SentView(const Sent& sent) const;
  // `on`: where, so that the lead itself is not said to be whom to ask about it; none: it is not known.
  Json UnreachedView(const std::vector<Unreached>& unreached, const TrajectoryId& on) const;
  // Of what stands in bodies, views show what `glance` has read, and nothing else.
  Json Overview(const CaseTrajectory& trajectory, const Glance& glance, const OrgId& self, Timestamp now) const;
  Json Whole(const CaseTrajectory& trajectory, const Glance& glance, const OrgId& self, Timestamp now) const;
  Json TrajectoryView(const CaseTrajectory* trajectory, const Glance& glance) const;  // {id, label}; null: anonymous.
  Json GrantView(const CaseGrant& grant, const TrajectoryId& trajectory, Timestamp now) const;
  Json TakenBackView(const CaseTakenBack& taken, const Grant& grant, const TrajectoryId& trajectory) const;
  Json SealedView(const SealedItem& sealed) const;
  Json ErasureView(const CaseErasure& erasure, const OrgId& lead) const;
  Json ConsultationView(const Consultation& consultation, const CaseTrajectory* trajectory, const Glance& glance) const;
  Json MeetingView(const Meeting& meeting, const CaseTrajectory& trajectory, const Glance& glance) const;
  Json ItemView(const CaseItem& item) const;
  Json InboxView(const InboxItem& item, const CaseTrajectory* trajectory, const Glance& glance) const;
  Json RecordView(const HeldRecord& held) const;
  Json ShownView(const Reading::Shown& shown) const;  // RecordView, with "body" or "sealed".
  void AddStatement(const Header& header, Json& view) const;
  Json AccessView(const AccessRow& row) const;
  Json ProblemView(const Error& error) const;
  Json DenialView(Denial denial) const;

 private:
  // The offer that waits, and who led before.
  void AddLead(const CaseTrajectory& trajectory, Timestamp now, Json& view) const;
  // "sealed" and "destroyed" say more than that it was received.
  std::string_view RecordStateOf(RecordState state, const RecordId& record) const;
  // Why a grant does not count, and which frame it stays within; for who may see the grant.
  void AddStanding(const Grant& grant, const TrajectoryId& trajectory, Timestamp now, Json& view) const;

  const Engine& engine_;
  Language language_;
  std::map<OrgId, std::string> names_;
  std::map<OrgId, Sector> sectors_;
  std::set<OrgId> suspended_;
  mutable std::optional<std::map<RecordId, std::string_view>> sealed_;  // Read once it is asked for.
};
Json BodyView(const TypedBody& body);

template <typename E>
Json Slugs(SetOf<E> set, std::span<const E> all) {
  Json list = Json::array();
  for (E value : all) {
    if (set.Has(value)) list.push_back(Slug(value));
  }
  return list;
}

}  // namespace schakel
