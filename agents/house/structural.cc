// Structural consultation: rows of the vault, and how often it was held.
#include "agents/structural.h"

#include <fmt/format.h>

#include <algorithm>

#include "agents/partial_day.h"
#include "services/body_fields.h"
#include "services/kept_rows.h"
#include "services/network_fields.h"
#include "services/word_lists.h"

namespace schakel {
namespace {

constexpr const char* kStructuralSet = "structural-consultations";
constexpr const char* kStructuralRow = "structural consultation";
constexpr std::size_t kWhoMax = 50;
constexpr std::size_t kNotesBytesMax = 8000;
// The last day of each third of a year, by which that many were held.
constexpr const char* kThirds[] = {"-04-30", "-08-31", "-12-31"};
constexpr const char* kMissedShownUntil = "-03-31";  // Of the year after.
constexpr Word<ConsultationLevel> kLevels[] = {{ConsultationLevel::kDirection, "direction"},
                                               {ConsultationLevel::kStaff, "staff"},
                                               {ConsultationLevel::kWorkers, "workers"}};
constexpr Word<StructuralState> kStates[] = {{StructuralState::kPlanned, "planned"},
                                             {StructuralState::kHeld, "held"},
                                             {StructuralState::kCancelled, "cancelled"}};
constexpr Word<CadenceStanding> kCadences[] = {{CadenceStanding::kMet, "met"},
                                               {CadenceStanding::kOnTrack, "on-track"},
                                               {CadenceStanding::kToPlan, "to-plan"},
                                               {CadenceStanding::kAtRisk, "at-risk"},
                                               {CadenceStanding::kMissed, "missed"}};

int YearOf(const std::string& day) { return static_cast<int>(ParsePartialDay(day)->year); }
std::string DayIn(int year, const char* day) { return fmt::format("{:04}{}", year, day); }

CadenceStanding StandingOf(const Cadence& cadence, int year, const std::string& today,
                           const std::vector<std::string>& planned) {
  if (cadence.held >= kStructuralPerYear) return CadenceStanding::kMet;
  if (year < YearOf(today)) return CadenceStanding::kMissed;
  if (cadence.due < today) return CadenceStanding::kAtRisk;
  if (std::ranges::any_of(planned, [&](const std::string& day) { return day <= cadence.due; })) {
    return CadenceStanding::kOnTrack;
  }
  const bool near = ParsePartialDay(cadence.due)->First() - ParsePartialDay(today)->First() <= kToPlanBefore;
  return near ? CadenceStanding::kToPlan : CadenceStanding::kOnTrack;
}

}  // namespace

std::string_view Slug(ConsultationLevel value) { return SlugIn(kLevels, value); }
Result<ConsultationLevel> ParseConsultationLevel(std::string_view slug) {
  return ParseIn(kLevels, slug, "vocabulary.level");
}
std::string_view Slug(StructuralState value) { return SlugIn(kStates, value); }
Result<StructuralState> ParseStructuralState(std::string_view slug) {
  return ParseIn(kStates, slug, "vocabulary.structural_state");
}
std::string_view Slug(CadenceStanding value) { return SlugIn(kCadences, value); }

Bytes EncodeStructuralMeeting(const StructuralMeeting& one) {
  Encoder to = BeginKept(9);
  to.Binary(one.id).Binary(one.partnership).Text(one.partner).Enum(one.level).Text(one.day).Enum(one.state);
  to.Array(one.who.size());
  for (const std::string& name : one.who) to.Text(name);
  return to.Text(one.notes).Text(one.by).Take();
}

Result<StructuralMeeting> DecodeStructuralMeeting(ByteView bytes) {
  Decoder from(bytes);
  SCHAKEL_TRY(EnterKept(from, 9, kStructuralRow));
  StructuralMeeting one;
  one.id = from.Fixed<16>("id");
  one.partnership = from.Fixed<16>("partnership");
  one.partner = from.Text("partner", kNameBytesMax);
  one.level = from.Enum("level", ConsultationLevel::kDirection, kConsultationLevelLast);
  one.day = from.Text("day", kDayBytesMax);
  one.state = from.Enum("state", StructuralState::kPlanned, kStructuralStateLast);
  one.who.resize(from.ArrayBetween(0, kWhoMax, "who"));
  for (std::string& name : one.who) name = from.Text("who", kNameBytesMax);
  one.notes = from.Text("notes", kNotesBytesMax);
  one.by = from.Text("by", kTitleBytesMax);
  const auto day = ParsePartialDay(one.day);
  if (!day || !day->IsWhole()) return Fail(Code::kCorrupt, "vault.row", kStructuralRow);
  return LeaveKept(from, std::move(one), kStructuralRow);
}

std::vector<Cadence> CadencesOf(const std::vector<StructuralMeeting>& meetings, int year, const std::string& today) {
  std::vector<Cadence> all;
  for (const auto& [level, slug] : kLevels) {
    Cadence cadence;
    cadence.level = level;
    std::vector<std::string> planned;
    for (const StructuralMeeting& one : meetings) {
      if (one.level != level || YearOf(one.day) != year) continue;
      if (one.state == StructuralState::kHeld) ++cadence.held;
      if (one.state == StructuralState::kPlanned && one.day >= today) planned.push_back(one.day);
    }
    cadence.planned = planned.size();
    if (cadence.held < kStructuralPerYear) cadence.due = DayIn(year, kThirds[cadence.held]);
    cadence.standing = StandingOf(cadence, year, today, planned);
    all.push_back(std::move(cadence));
  }
  return all;
}

Result<std::vector<StructuralMeeting>> StructuralService::All() const {
  return ReadKept(engine_, kStructuralSet, &DecodeStructuralMeeting);
}

Result<std::vector<StructuralMeeting>> StructuralService::List(StaffRole role) const {
  SCHAKEL_ASSIGN(auto all, All());
  SCHAKEL_ASSIGN(const auto known, partnerships_.List(StaffRole::kCoordinator));
  SCHAKEL_ASSIGN(const auto seen, partnerships_.List(role));
  std::erase_if(all, [&](const StructuralMeeting& one) {
    const auto has = [&](const std::vector<Partnership>& list) {
      return std::ranges::find(list, one.partnership, &Partnership::id) != list.end();
    };
    return has(known) && !has(seen);
  });
  std::ranges::sort(all, {}, [](const StructuralMeeting& one) { return std::tuple(one.day, one.level, one.id); });
  return all;
}

Status StructuralService::Check(const StructuralMeeting& one) const {
  const auto bad = [](const char* rule, const char* field, const char* next) {
    return Fail(Code::kInvalid, rule, field, next);
  };
  const auto day = ParsePartialDay(one.day);
  if (!day || !day->IsWhole()) return bad("body.whole_day", "body.day", "give a whole day: 2026-03-14");
  if (one.state == StructuralState::kHeld && one.day > BelgianDay(clock_.Now())) {
    return bad("structural.future", "state", "note it as planned");
  }
  if (one.who.size() > kWhoMax) return bad("body.many", "body.who", "at most 50");
  const bool long_name = std::ranges::any_of(one.who, [](const auto& name) { return name.size() > kNameBytesMax; });
  if (long_name) return bad("body.long", "body.who", "at most 120 bytes each");
  if (one.notes.size() > kNotesBytesMax) return bad("body.long", "body.notes", "at most 8000 bytes");
  return {};
}

namespace {

// What is over was held or cancelled: it is not planned any more.
Status CheckToCome(const StructuralMeeting& one, Timestamp now) {
  if (one.state != StructuralState::kPlanned || one.day >= BelgianDay(now)) return {};
  return Fail(Code::kInvalid, "structural.past", "body.day", "plan it on a day to come, or note it as held");
}

}  // namespace

Result<StructuralMeeting> StructuralService::Note(const std::string& partnership, StructuralMeeting one,
                                                  const Person& by) {
  SCHAKEL_ASSIGN(const Partnership with, partnerships_.Find(partnership, by.role));
  SCHAKEL_TRY(Check(one));
  SCHAKEL_TRY(CheckToCome(one, clock_.Now()));
  one.id = random_.Draw<RecordId>().value();
  one.partnership = with.id;
  one.partner = with.name;
  one.by = by.name;
  SCHAKEL_TRY(engine_.Keep({{kStructuralSet, ToHex(one.id), EncodeStructuralMeeting(one)}}));
  return one;
}

namespace {

Result<StructuralMeeting> FindMeeting(const std::vector<StructuralMeeting>& all, const std::string& id) {
  return FindKept(all, id, "structural.unknown", "meeting", "see which there are: schakel structural list");
}

}  // namespace

Result<StructuralMeeting> StructuralService::Edit(const std::string& id, StructuralMeeting one, const Person& by) {
  SCHAKEL_ASSIGN(const auto all, List(by.role));
  SCHAKEL_ASSIGN(const StructuralMeeting before, FindMeeting(all, id));
  SCHAKEL_TRY(Check(one));
  // Of one that was planned and whose day went by, what else stands there may still be put right.
  const bool planned_then = one.day == before.day && before.state == StructuralState::kPlanned;
  if (!planned_then) SCHAKEL_TRY(CheckToCome(one, clock_.Now()));
  one.id = before.id;
  one.partnership = before.partnership;
  one.partner = before.partner;
  one.by = by.name;
  SCHAKEL_TRY(engine_.Keep({{kStructuralSet, ToHex(one.id), EncodeStructuralMeeting(one)}}));
  return one;
}

Status StructuralService::Drop(const std::string& id, StaffRole role) {
  SCHAKEL_ASSIGN(const auto all, List(role));
  SCHAKEL_ASSIGN(const StructuralMeeting one, FindMeeting(all, id));
  return engine_.Keep({{kStructuralSet, ToHex(one.id), std::nullopt}});
}

Result<std::vector<StructuralService::Waiting>> StructuralService::WaitsFor(StaffRole role) const {
  std::vector<Waiting> waiting;
  if (role != StaffRole::kCoordinator) return waiting;
  SCHAKEL_ASSIGN(const auto all, All());
  if (all.empty()) return waiting;
  const int begun = YearOf(std::ranges::min(all, {}, &StructuralMeeting::day).day);
  const std::string today = BelgianDay(clock_.Now());
  const int year = YearOf(today);
  if (begun < year && today <= DayIn(year, kMissedShownUntil)) {
    for (const Cadence& one : CadencesOf(all, year - 1, today)) {
      if (one.standing == CadenceStanding::kMissed) waiting.push_back({year - 1, one});
    }
  }
  for (const Cadence& one : CadencesOf(all, year, today)) {
    if (one.Waits()) waiting.push_back({year, one});
  }
  return waiting;
}

}  // namespace schakel
