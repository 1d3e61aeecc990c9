// Visits: rows of the vault.
#include "agents/visits.h"

#include <algorithm>

#include "agents/former_names.h"
#include "agents/person_name.h"
#include "optional_time.h"
#include "services/blank.h"
#include "services/body_fields.h"
#include "services/kept_rows.h"
#include "services/word_lists.h"

namespace schakel {
namespace {

constexpr const char* kVisitSet = "visits";
constexpr const char* kVisitRow = "visit";
constexpr Word<VisitStanding> kVisitStandings[] = {{VisitStanding::kUnderWay, "under-way"},
                                                   {VisitStanding::kOverdue, "overdue"},
                                                   {VisitStanding::kEscalated, "escalated"},
                                                   {VisitStanding::kEnded, "ended"}};

Engine::KeptRow RowOf(const Visit& one) { return {kVisitSet, ToHex(one.id), EncodeVisit(one)}; }

bool IsLate(VisitStanding standing) {
  return standing == VisitStanding::kOverdue || standing == VisitStanding::kEscalated;
}

// By what people are called now.
class Same {
 public:
  explicit Same(FormerNames names) : names_(std::move(names)) {}
  bool operator()(const std::string& a, const std::string& b) const { return SamePerson(names_.Now(a), names_.Now(b)); }

 private:
  FormerNames names_;
};

}  // namespace

std::string_view Slug(VisitStanding value) { return SlugIn(kVisitStandings, value); }

VisitStanding StandingOf(const Visit& one, std::chrono::minutes escalates, Timestamp now) {
  if (one.ended_at) return VisitStanding::kEnded;
  if (now < one.until) return VisitStanding::kUnderWay;
  return now < one.until + escalates ? VisitStanding::kOverdue : VisitStanding::kEscalated;
}

Bytes EncodeVisit(const Visit& one) {
  Encoder to = BeginKept(10);
  to.Binary(one.id).Text(one.worker).Text(one.colleague).Text(one.where).Time(one.begun_at).Time(one.until);
  PutTime(to, one.told_colleague);
  PutTime(to, one.told_coordinators);
  PutTime(to, one.ended_at);
  return to.Text(one.ended_by).Take();
}

Result<Visit> DecodeVisit(ByteView bytes) {
  Decoder from(bytes);
  SCHAKEL_TRY(EnterKept(from, 10, kVisitRow));
  Visit one;
  one.id = from.Fixed<16>("id");
  one.worker = from.Text("worker", kTitleBytesMax);
  one.colleague = from.Text("colleague", kTitleBytesMax);
  one.where = from.Text("where", kTitleBytesMax);
  one.begun_at = from.Time("begun_at");
  one.until = from.Time("until");
  one.told_colleague = TakeTime(from, "told_colleague");
  one.told_coordinators = TakeTime(from, "told_coordinators");
  one.ended_at = TakeTime(from, "ended_at");
  one.ended_by = from.Text("ended_by", kTitleBytesMax);
  return LeaveKept(from, std::move(one), kVisitRow);
}

Result<std::vector<Visit>> VisitService::All() const {
  SCHAKEL_ASSIGN(auto all, ReadKept(engine_, kVisitSet, &DecodeVisit));
  std::ranges::sort(all, {}, [](const Visit& one) { return std::tuple(one.begun_at, one.id); });
  return all;
}

Status VisitService::CheckUntil(Timestamp until) const {
  const Timestamp now = clock_.Now();
  if (until > now && until <= now + kLongest) return {};
  return Fail(Code::kInvalid, "visit.until", "until", "choose a moment within a day from now");
}

Result<Visit> VisitService::Begin(const std::string& where, Timestamp until, const std::string& colleague,
                                  const Person& by) {
  if (IsBlank(where)) return Fail(Code::kInvalid, "body.required", "where", "fill it in");
  if (where.size() > kTitleBytesMax) return Fail(Code::kInvalid, "body.long", "where", "at most 200 bytes");
  SCHAKEL_TRY(CheckUntil(until));
  SCHAKEL_ASSIGN(const FormerNames names, FormerNames::Of(engine_));
  const Same same(names);
  const std::string told = TidyPersonName(colleague);
  if (PersonKey(told).empty() || told.size() > kTitleBytesMax || same(told, by.name) || !may_be_told_(told)) {
    return Fail(Code::kInvalid, "visit.colleague", "colleague", "name a colleague who works here and stays behind");
  }
  std::lock_guard lock(mutex_);
  SCHAKEL_ASSIGN(const auto all, All());
  for (const Visit& one : all) {
    if (one.ended_at || !same(one.worker, by.name)) continue;
    return Fail(Code::kConflict, "visit.open", "visit", "check out of the other one first: schakel visits out");
  }
  Visit visit;
  visit.id = random_.Draw<RecordId>().value();
  visit.worker = by.name;
  visit.colleague = told;
  visit.where = where;
  visit.begun_at = clock_.Now();
  visit.until = until;
  SCHAKEL_TRY(engine_.Keep({RowOf(visit)}));
  return visit;
}

// With the lock held.
Result<Visit> VisitService::FindFor(const std::string& id, const Person& by) const {
  SCHAKEL_ASSIGN(const auto all, List(by));
  SCHAKEL_ASSIGN(const Visit one,
                 FindKept(all, id, "visit.unknown", "visit", "see which there are: schakel visits list"));
  if (one.ended_at) return Fail(Code::kConflict, "visit.ended", "visit", "begin another one");
  SCHAKEL_ASSIGN(const FormerNames names, FormerNames::Of(engine_));
  const bool own = Same(names)(one.worker, by.name);
  if (own || IsLate(StandingOf(one, escalates_, clock_.Now()))) return one;
  return Fail(Code::kDenied, "visit.others", "visit", "leave that to who is there, while it is not overdue");
}

Result<Visit> VisitService::Extend(const std::string& id, Timestamp until, const Person& by) {
  SCHAKEL_TRY(CheckUntil(until));
  std::lock_guard lock(mutex_);
  SCHAKEL_ASSIGN(Visit one, FindFor(id, by));
  one.until = until;
  one.told_colleague.reset();
  one.told_coordinators.reset();
  SCHAKEL_TRY(engine_.Keep({RowOf(one)}));
  return one;
}

Result<Visit> VisitService::CheckOut(const std::string& id, const Person& by) {
  std::lock_guard lock(mutex_);
  SCHAKEL_ASSIGN(Visit one, FindFor(id, by));
  one.ended_at = clock_.Now();
  one.ended_by = by.name;
  SCHAKEL_TRY(engine_.Keep({RowOf(one)}));
  return one;
}

Result<std::vector<Visit>> VisitService::List(const Person& by) const {
  SCHAKEL_ASSIGN(auto all, All());
  SCHAKEL_ASSIGN(const FormerNames names, FormerNames::Of(engine_));
  const Same same(names);
  if (by.role != StaffRole::kCoordinator) {
    std::erase_if(all, [&](const Visit& one) { return !same(one.worker, by.name) && !same(one.colleague, by.name); });
  }
  std::ranges::reverse(all);
  return all;
}

Result<std::vector<Visit>> VisitService::WaitsFor(const Person& by) const {
  SCHAKEL_ASSIGN(auto all, All());
  SCHAKEL_ASSIGN(const FormerNames names, FormerNames::Of(engine_));
  const Same same(names);
  const Timestamp now = clock_.Now();
  std::erase_if(all, [&](const Visit& one) {
    const VisitStanding standing = StandingOf(one, escalates_, now);
    const bool theirs = same(one.colleague, by.name) ||
                        (standing == VisitStanding::kEscalated && by.role == StaffRole::kCoordinator) ||
                        same(one.worker, by.name);  // Who forgot it, and is safe.
    return !IsLate(standing) || !theirs;
  });
  return all;
}

Status VisitService::Tell(
    const std::function<Status(const std::vector<Alarm>& alarms, const std::vector<Engine::KeptRow>& rows)>& keep) {
  std::lock_guard lock(mutex_);
  SCHAKEL_ASSIGN(const auto all, All());
  const Timestamp now = clock_.Now();
  std::vector<Alarm> alarms;
  std::vector<Engine::KeptRow> rows;
  for (Visit one : all) {
    const VisitStanding standing = StandingOf(one, escalates_, now);
    const bool to_colleague = IsLate(standing) && !one.told_colleague;
    const bool to_coordinators = standing == VisitStanding::kEscalated && !one.told_coordinators;
    if (to_colleague) one.told_colleague = now;
    if (to_coordinators) one.told_coordinators = now;
    if (to_colleague) alarms.push_back({one, false});
    if (to_coordinators) alarms.push_back({one, true});
    if (to_colleague || to_coordinators) rows.push_back(RowOf(one));
  }
  return alarms.empty() ? Status() : keep(alarms, rows);
}

std::optional<Timestamp> VisitService::NextAlarm() const {
  const auto all = All();
  std::optional<Timestamp> next;
  if (!all) return next;
  for (const Visit& one : *all) {
    if (one.ended_at || one.told_coordinators) continue;
    const Timestamp at = one.told_colleague ? one.until + escalates_ : one.until;
    next = next ? std::min(*next, at) : at;
  }
  return next;
}

Status VisitService::ForgetOld() {
  std::lock_guard lock(mutex_);
  SCHAKEL_ASSIGN(const auto all, All());
  std::vector<Engine::KeptRow> rows;
  for (const Visit& one : all) {
    if (one.ended_at && *one.ended_at + kKept <= clock_.Now()) rows.push_back({kVisitSet, ToHex(one.id), std::nullopt});
  }
  return rows.empty() ? Status() : engine_.Keep(rows);
}

}  // namespace schakel
