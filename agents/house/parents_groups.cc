// Parents' groups: rows of the vault, and what may not stand in them.
#include "agents/parents_groups.h"

#include <algorithm>
#include <functional>
#include <limits>

#include "agents/former_names.h"
#include "agents/partial_day.h"
#include "agents/person_name.h"
#include "plain_text.h"
#include "services/blank.h"
#include "services/body_fields.h"
#include "services/kept_rows.h"
#include "services/network_fields.h"
#include "services/planted.h"

namespace schakel {
namespace {

constexpr const char* kGroupSet = "parents-groups";
constexpr const char* kSessionSet = "parents-sessions";
constexpr const char* kGroupRow = "parents group";
constexpr const char* kSessionRow = "parents session";
constexpr std::size_t kLeadersMax = 20;
constexpr std::size_t kAttendeesMax = 200;
constexpr std::uint64_t kCountMax = 50;

// What tells of somebody whom we know, or who anybody is. That a word looks like a name tells of no case.
bool TellsOfACase(const Finding& finding) { return finding.what != Identifying::kPersonName; }

std::unexpected<Error> Invalid(const char* rule, const char* field, const char* next) {
  return Fail(Code::kInvalid, rule, field, next);
}

std::uint32_t TotalOf(const ParentsSession& session) {
  std::uint32_t total = 0;
  for (const Attendee& one : session.attendees) total += one.count;
  return total;
}

}  // namespace

std::vector<Finding> FindTellingOfCases(Cases& cases, Timestamp now, const std::vector<std::string_view>& texts) {
  std::vector<Finding> all;
  cases.With([&](CaseFile& file) {
    const Planted planted = PlantedIn(file);
    const std::vector<std::string> names = NamesThatTell(file, planted);
    std::size_t offset = 0;
    for (const std::string_view text : texts) {
      std::vector<Finding> found = FindIdentifying(text, names, now);
      std::erase_if(found, std::not_fn(&TellsOfACase));
      const auto add = [&](const std::vector<Finding>& more) {
        for (const Finding& one : more) {
          const auto touches = [&](const Finding& other) {
            return one.at < other.at + other.length && other.at < one.at + one.length;
          };
          if (std::ranges::none_of(found, touches)) found.push_back(one);
        }
      };
      add(planted.FindIn(text));
      add(TrajectoriesNamed(file, text));
      std::ranges::stable_sort(found, {}, &Finding::at);
      for (Finding& one : found) {
        one.at += offset;
        all.push_back(one);
      }
      offset += text.size();
    }
  });
  return all;
}

Status CheckDetached(Cases& cases, Timestamp now, const std::vector<std::string_view>& texts, const char* field) {
  if (FindTellingOfCases(cases, now, texts).empty()) return {};
  return Invalid("parents_group.names_a_case", field,
                 "write it without what could point at a file; another name will do");
}

std::string ForgottenFrom(const std::string& day, std::chrono::months kept) {
  const auto held = ParsePartialDay(day);
  if (!held) return {};
  std::chrono::year_month_day date(held->First());
  date += kept;
  if (!date.ok()) date = date.year() / date.month() / std::chrono::last;
  return DayText(std::chrono::sys_days(date));
}

Bytes EncodeParentsGroup(const ParentsGroup& one) {
  Encoder to = BeginKept(4);
  to.Binary(one.id).Text(one.name).Array(one.leaders.size());
  for (const std::string& leader : one.leaders) to.Text(leader);
  return to.Bool(one.ended).Take();
}

Result<ParentsGroup> DecodeParentsGroup(ByteView bytes) {
  Decoder from(bytes);
  SCHAKEL_TRY(EnterKept(from, 4, kGroupRow));
  ParentsGroup one;
  one.id = from.Fixed<16>("id");
  one.name = from.Text("name", kNameBytesMax);
  one.leaders.resize(from.ArrayBetween(1, kLeadersMax, "leaders"));
  for (std::string& leader : one.leaders) leader = from.Text("leader", kTitleBytesMax);
  one.ended = from.Bool("ended");
  return LeaveKept(from, std::move(one), kGroupRow);
}

Bytes EncodeParentsSession(const ParentsSession& one) {
  Encoder to = BeginKept(7);
  to.Binary(one.id).Binary(one.group).Text(one.day).Text(one.theme).Array(one.attendees.size());
  for (const Attendee& attendee : one.attendees) to.Array(2).Text(attendee.name).Uint(attendee.count);
  return to.Uint(one.total).Bool(one.forgotten).Take();
}

Result<ParentsSession> DecodeParentsSession(ByteView bytes) {
  Decoder from(bytes);
  SCHAKEL_TRY(EnterKept(from, 7, kSessionRow));
  ParentsSession one;
  one.id = from.Fixed<16>("id");
  one.group = from.Fixed<16>("group");
  one.day = from.Text("day", kDayBytesMax);
  one.theme = from.Text("theme", kTitleBytesMax);
  one.attendees.resize(from.ArrayBetween(0, kAttendeesMax, "attendees"));
  for (Attendee& attendee : one.attendees) {
    from.Array(2, "attendee");
    attendee.name = from.Text("name", kNameBytesMax);
    attendee.count = static_cast<std::uint32_t>(from.Uint("count", kCountMax));
  }
  one.total = static_cast<std::uint32_t>(from.Uint("total", kAttendeesMax * kCountMax));
  one.forgotten = from.Bool("forgotten");
  return LeaveKept(from, std::move(one), kSessionRow);
}

Result<std::vector<ParentsGroup>> ParentsGroupService::Groups() const {
  SCHAKEL_ASSIGN(auto all, ReadKept(engine_, kGroupSet, &DecodeParentsGroup));
  std::ranges::sort(all, {}, [](const ParentsGroup& one) { return std::tuple(one.name, one.id); });
  return all;
}

namespace {

Status CheckGroup(Cases& cases, Timestamp now, const ParentsGroup& one) {
  if (IsBlank(one.name)) return Invalid("body.required", "body.name", "fill it in");
  if (one.name.size() > kNameBytesMax) return Invalid("body.long", "body.name", "at most 120 bytes");
  if (one.leaders.size() > kLeadersMax) return Invalid("body.many", "body.leaders", "at most 20");
  for (const std::string& leader : one.leaders) {
    if (IsBlank(leader)) return Invalid("body.required", "body.leaders", "fill it in");
    if (leader.size() > kTitleBytesMax) return Invalid("body.long", "body.leaders", "at most 200 bytes each");
  }
  return CheckDetached(cases, now, {one.name}, "name");
}

}  // namespace

Result<bool> ParentsGroupService::Leads(const ParentsGroup& group, const Person& by) const {
  if (by.role == StaffRole::kCoordinator) return true;
  SCHAKEL_ASSIGN(const FormerNames names, FormerNames::Of(engine_));
  return std::ranges::any_of(
      group.leaders, [&](const std::string& leader) { return SamePerson(names.Now(leader), names.Now(by.name)); });
}

Result<ParentsGroup> ParentsGroupService::FindLed(const std::string& id, const Person& by) const {
  SCHAKEL_ASSIGN(const auto all, Groups());
  SCHAKEL_ASSIGN(const ParentsGroup group,
                 FindKept(all, id, "parents_group.unknown", "group", "see which there are: schakel parents groups"));
  SCHAKEL_ASSIGN(const bool leads, Leads(group, by));
  if (leads) return group;
  return Fail(Code::kDenied, "parents_group.leader", "group", "ask who leads the group, or a coordinator");
}

Result<ParentsGroup> ParentsGroupService::Add(ParentsGroup one, const Person& by) {
  if (one.leaders.empty()) one.leaders = {by.name};
  SCHAKEL_TRY(CheckGroup(cases_, clock_.Now(), one));
  one.id = random_.Draw<RecordId>().value();
  SCHAKEL_TRY(engine_.Keep({{kGroupSet, ToHex(one.id), EncodeParentsGroup(one)}}));
  return one;
}

Result<ParentsGroup> ParentsGroupService::Edit(const std::string& id, ParentsGroup one, const Person& by) {
  SCHAKEL_ASSIGN(const ParentsGroup before, FindLed(id, by));
  if (one.leaders.empty()) one.leaders = before.leaders;
  SCHAKEL_TRY(CheckGroup(cases_, clock_.Now(), one));
  one.id = before.id;
  SCHAKEL_TRY(engine_.Keep({{kGroupSet, ToHex(one.id), EncodeParentsGroup(one)}}));
  return one;
}

bool ParentsGroupService::IsForgotten(const ParentsSession& one) const {
  return one.forgotten || ForgottenFrom(one.day, kept_) <= BelgianDay(clock_.Now());
}

Result<ParentsGroupService::Listed> ParentsGroupService::Sessions(const std::string& id, const Person& by) const {
  SCHAKEL_ASSIGN(const auto groups, Groups());
  Listed listed;
  SCHAKEL_ASSIGN(listed.group,
                 FindKept(groups, id, "parents_group.unknown", "group", "see which there are: schakel parents groups"));
  SCHAKEL_ASSIGN(listed.with_names, Leads(listed.group, by));
  SCHAKEL_ASSIGN(listed.sessions, ReadKept(engine_, kSessionSet, &DecodeParentsSession));
  std::erase_if(listed.sessions, [&](const ParentsSession& one) { return one.group != listed.group.id; });
  for (ParentsSession& one : listed.sessions) {
    one.forgotten = IsForgotten(one);
    if (one.forgotten || !listed.with_names) one.attendees.clear();
  }
  std::ranges::sort(listed.sessions, {}, [](const ParentsSession& one) { return std::tuple(one.day, one.id); });
  return listed;
}

Result<ParentsSession> ParentsGroupService::Checked(ParentsSession one) const {
  const auto day = ParsePartialDay(one.day);
  if (!day || !day->IsWhole()) return Invalid("body.whole_day", "body.day", "give a whole day: 2026-03-14");
  if (IsBlank(one.theme)) return Invalid("body.required", "body.theme", "fill it in");
  if (one.theme.size() > kTitleBytesMax) return Invalid("body.long", "body.theme", "at most 200 bytes");
  if (one.attendees.size() > kAttendeesMax) return Invalid("body.many", "body.attendees", "at most 200");
  std::vector<std::string_view> names;
  for (const Attendee& attendee : one.attendees) {
    if (IsBlank(attendee.name)) return Invalid("body.required", "body.attendees", "fill it in");
    if (attendee.name.size() > kNameBytesMax) return Invalid("body.long", "body.attendees", "at most 120 bytes each");
    if (attendee.count < 1 || attendee.count > kCountMax) {
      return Invalid("body.many", "body.attendees", "from 1 to 50 under one name");
    }
    names.push_back(attendee.name);
  }
  SCHAKEL_TRY(CheckDetached(cases_, clock_.Now(), {one.theme}, "theme"));
  SCHAKEL_TRY(CheckDetached(cases_, clock_.Now(), names, "attendees"));
  one.total = TotalOf(one);
  return one;
}

Result<ParentsSession> ParentsGroupService::AddSession(const std::string& group, ParentsSession one, const Person& by) {
  SCHAKEL_ASSIGN(const ParentsGroup of, FindLed(group, by));
  if (of.ended) return Fail(Code::kConflict, "parents_group.ended", "group", "begin another group");
  SCHAKEL_ASSIGN(one, Checked(std::move(one)));
  if (IsForgotten(one) && !one.attendees.empty()) {
    return Fail(Code::kConflict, "parents_group.forgotten", "attendees", "leave out who came: it is too long ago");
  }
  one.id = random_.Draw<RecordId>().value();
  one.group = of.id;
  SCHAKEL_TRY(engine_.Keep({{kSessionSet, ToHex(one.id), EncodeParentsSession(one)}}));
  return one;
}

Result<ParentsSession> ParentsGroupService::FindSession(const std::string& id, const Person& by) const {
  SCHAKEL_ASSIGN(const auto all, ReadKept(engine_, kSessionSet, &DecodeParentsSession));
  SCHAKEL_ASSIGN(const ParentsSession one, FindKept(all, id, "parents_group.no_session", "session",
                                                    "see which there are: schakel parents sessions"));
  SCHAKEL_TRY(FindLed(ToHex(one.group), by));
  return one;
}

Result<ParentsSession> ParentsGroupService::EditSession(const std::string& session, ParentsSession one,
                                                        const Person& by) {
  SCHAKEL_ASSIGN(const ParentsSession before, FindSession(session, by));
  SCHAKEL_ASSIGN(one, Checked(std::move(one)));
  one.id = before.id;
  one.group = before.group;
  const bool forgotten = IsForgotten(before) || IsForgotten(one);
  if (forgotten && !one.attendees.empty()) {
    return Fail(Code::kConflict, "parents_group.forgotten", "attendees", "leave out who came: it is too long ago");
  }
  if (forgotten) {
    one.total = before.total;
    one.forgotten = true;
  }
  SCHAKEL_TRY(engine_.Keep({{kSessionSet, ToHex(one.id), EncodeParentsSession(one)}}));
  return one;
}

Status ParentsGroupService::DropSession(const std::string& session, const Person& by) {
  SCHAKEL_ASSIGN(const ParentsSession one, FindSession(session, by));
  return engine_.Keep({{kSessionSet, ToHex(one.id), std::nullopt}});
}

Status ParentsGroupService::ForgetOld() {
  SCHAKEL_ASSIGN(const auto all, ReadKept(engine_, kSessionSet, &DecodeParentsSession));
  std::vector<Engine::KeptRow> rows;
  for (ParentsSession one : all) {
    if (one.forgotten || !IsForgotten(one)) continue;
    one.attendees.clear();
    one.forgotten = true;
    rows.push_back({kSessionSet, ToHex(one.id), EncodeParentsSession(one)});
  }
  return rows.empty() ? Status() : engine_.Keep(rows);
}

}  // namespace schakel
