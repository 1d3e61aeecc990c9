#include "modules_fold.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "fold.h"
#include "local_time.h"

namespace schakel {
namespace {

class HelpFold {
 public:
  HelpFold(const OrgId& self, const std::function<bool(const OrgId&, Timestamp)>& led) : self_(self), led_(led) {}

  void Take(const CaseRecord& record) {
    switch (record.held.header.kind) {
      case Kind::kTrajectoryOpen:
        return Open(record);
      case Kind::kRequestForHelp:
        return Choose(record);
      case Kind::kModuleSwitch:
        return Switch(record);
      case Kind::kContactMoment:
        return Contact(record);
      case Kind::kAlert:
        return Alert(record);
      default:
        return;
    }
  }
  // Behind all alerts: clocks differ, and what waits may stand before what it is about.
  void Withdraw(const CaseRecord& record) {
    const Header& header = record.held.header;
    const auto found = std::ranges::find(help_.alerts, header.thread, &CaseAlert::id);
    if (found == help_.alerts.end() || header.author != found->author) return;
    if (header.author == self_) found->told.merge(Reached(self_, record.held));
    if (!found->stands()) return;
    found->withdrawal = header.id;
    found->withdrawn_at = record.held.at;
  }
  // Behind all switches, as a withdrawal.
  void Correct(const CaseRecord& record) {
    const Header& header = record.held.header;
    const auto* body = As<ModuleSwitchBody>(record);
    if (body == nullptr || header.thread == header.id || !led_(header.author, record.held.at)) return;
    const auto found = std::ranges::find(help_.switches, header.thread, &CaseSwitch::id);
    if (found == help_.switches.end()) return;
    *found = {header.id, header.author, record.held.at, body->module, *body->begins_at, body->ends_at, found->id};
  }
  CaseHelp Finish() {
    std::ranges::stable_sort(help_.contacts, {}, &CaseContact::at);
    return std::move(help_);
  }

 private:
  void Open(const CaseRecord& record) {
    const auto* body = As<OpeningBody>(record);
    if (body == nullptr) return;
    help_.opening = record.held.header.id;
    help_.allocated = body->allocated;
    // What was allocated begins with the switch that follows a choice, whatever the opening says.
    if (!body->allocated) help_.first = body->module;
  }
  void Choose(const CaseRecord& record) {
    const auto* body = As<RequestBody>(record);
    if (body == nullptr || body->choice == HelpChoice::kUnsaid) return;
    help_.choices[body->who] = {record.held.header.id, body->choice};
  }
  void Switch(const CaseRecord& record) {
    const Header& header = record.held.header;
    const auto* body = As<ModuleSwitchBody>(record);
    if (body == nullptr || header.thread != header.id || !led_(header.author, record.held.at)) return;
    help_.switches.push_back(
        {header.id, header.author, record.held.at, body->module, *body->begins_at, body->ends_at, header.id});
  }
  void Contact(const CaseRecord& record) {
    const Header& header = record.held.header;
    const auto* body = As<ContactMomentBody>(record);
    if (body == nullptr) return;
    help_.contacts.push_back({header.id, header.author, body->how, body->face_to_face, *body->at, header.references});
  }
  void Alert(const CaseRecord& record) {
    const Header& header = record.held.header;
    CaseAlert alert;
    alert.id = header.id;
    alert.author = header.author;
    alert.at = record.held.at;
    alert.purpose = header.purpose;
    alert.categories = header.categories;
    if (!header.references.empty()) alert.agreement = header.references.front();
    alert.to = Reached(self_, record.held);
    help_.alerts.push_back(std::move(alert));
  }

  const OrgId& self_;
  const std::function<bool(const OrgId&, Timestamp)>& led_;
  CaseHelp help_;
};

// ISO 8601: the week that holds the Thursday.
struct IsoWeek {
  int year;
  int week;
};
IsoWeek IsoWeekOf(std::chrono::sys_days monday) {
  using namespace std::chrono;
  const sys_days thursday = monday + days(3);
  const year_month_day date(thursday);
  const sys_days first(date.year() / January / 1);
  return {static_cast<int>(date.year()), static_cast<int>((thursday - first).count() / 7) + 1};
}

std::chrono::sys_days MondayOf(Timestamp at) {
  using namespace std::chrono;
  const sys_days day(floor<days>((at + BelgianOffset(at)).time_since_epoch()));
  return day - (weekday(day) - Monday);
}
Timestamp MidnightOf(std::chrono::sys_days day) { return FromBelgian(Timestamp(day.time_since_epoch())); }

}  // namespace

bool IsOfHelp(Kind kind) {
  switch (kind) {
    case Kind::kTrajectoryOpen:
    case Kind::kRequestForHelp:
    case Kind::kModuleSwitch:
    case Kind::kContactMoment:
    case Kind::kAlert:
    case Kind::kAlertWithdrawn:
      return true;
    default:
      return false;
  }
}

CaseHelp FoldHelp(const OrgId& self, const std::vector<const CaseRecord*>& records,
                  const std::function<bool(const OrgId&, Timestamp)>& led) {
  HelpFold fold(self, led);
  for (const CaseRecord* record : records) fold.Take(*record);
  for (const CaseRecord* record : records) {
    if (record->held.header.kind == Kind::kAlertWithdrawn) fold.Withdraw(*record);
    if (record->held.header.kind == Kind::kModuleSwitch) fold.Correct(*record);
  }
  return fold.Finish();
}

const CaseAlert* CaseHelp::FindAlert(const RecordId& id) const {
  const auto found = std::ranges::find(alerts, id, &CaseAlert::id);
  return found == alerts.end() ? nullptr : &*found;
}

const CaseSwitch* CaseHelp::FindSwitch(const RecordId& id) const {
  const auto found = std::ranges::find(switches, id, &CaseSwitch::id);
  return found == switches.end() ? nullptr : &*found;
}

std::vector<OrgId> CaseAlert::Untold() const {
  std::vector<OrgId> untold;
  if (!stands()) std::ranges::set_difference(to, told, std::back_inserter(untold));
  return untold;
}

std::optional<Timestamp> CutOffAt(const CaseTrajectory& trajectory, const CaseAlert& alert, const OrgId& to) {
  std::optional<Timestamp> last;
  for (const CaseGrant& one : trajectory.grants) {
    const Grant& grant = one.grant;
    const auto covers = [&](PurposeSet purposes, CategorySet categories) {
      return purposes.Has(alert.purpose) && categories.Covers(alert.categories);
    };
    if (grant.terms.recipient != to || !covers(grant.terms.purposes, grant.terms.categories)) continue;
    const bool lasts = !grant.withdrawn && covers(grant.purposes, grant.categories);
    Timestamp ends = grant.ends_at;
    if (!lasts) ends = one.taken_back.empty() ? one.given_at : one.taken_back.back().at;
    last = last ? std::max(*last, ends) : ends;
  }
  return last;
}

namespace {

// Of ours, withdrawn: somebody who was not told is covered again, has it as standing, and may be told now.
bool MayBeTold(const OrgId& self, const CaseTrajectory& trajectory, const CaseAlert& alert, Timestamp now) {
  if (alert.author != self) return false;
  return std::ranges::any_of(alert.Untold(), [&](const OrgId& one) {
    const auto cut_off = CutOffAt(trajectory, alert, one);
    return cut_off && now < *cut_off;
  });
}

}  // namespace

bool StandsFor(const OrgId& self, const CaseTrajectory& trajectory, const CaseAlert& alert, Timestamp now) {
  if (alert.author == self) return alert.stands() || MayBeTold(self, trajectory, alert, now);
  if (!alert.stands()) return false;
  const auto cut_off = CutOffAt(trajectory, alert, self);
  return !cut_off || now < *cut_off;
}

std::vector<ModulePeriod> ModulesOver(const CaseHelp& help, Timestamp opened_at) {
  std::vector<CaseSwitch> order = help.switches;
  std::ranges::stable_sort(order, {}, &CaseSwitch::begins_at);
  // Of two that begin at once, the later word.
  std::vector<CaseSwitch> steps;
  for (const CaseSwitch& one : order) {
    if (!steps.empty() && steps.back().begins_at == one.begins_at) steps.pop_back();
    steps.push_back(one);
  }
  // What began before the file was opened here was there at once.
  const Timestamp begins = steps.empty() ? opened_at : std::min(opened_at, steps.front().begins_at);
  std::vector<ModulePeriod> periods;
  const auto add = [&](Module module, const RecordId& record, Timestamp from) {
    if (!periods.empty() && periods.back().begins_at == from) periods.pop_back();
    if (!periods.empty()) periods.back().ends_at = from;
    periods.push_back({module, record, from, std::nullopt});
  };
  add(help.first, help.opening, begins);
  ModulePeriod lasting = periods.front();
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const CaseSwitch& one = steps[i];
    add(one.module, one.record, one.begins_at);
    if (!one.ends_at) {
      lasting = periods.back();
    } else if (i + 1 == steps.size() || *one.ends_at < steps[i + 1].begins_at) {
      add(lasting.module, lasting.record, *one.ends_at);
    }
  }
  return periods;
}

const ModulePeriod& ModuleAt(const std::vector<ModulePeriod>& periods, Timestamp at) {
  const auto after = std::ranges::upper_bound(periods, at, {}, &ModulePeriod::begins_at);
  return after == periods.begin() ? periods.front() : *std::prev(after);
}

std::vector<ModulePeriod> LastModules(const CaseHelp& help, Timestamp opened_at) {
  std::vector<ModulePeriod> periods = ModulesOver(help, opened_at);
  // Only switches with an end stand behind the one that goes on when they run out.
  const RecordId lasting = periods.back().record;
  const auto from = std::ranges::find(periods, lasting, &ModulePeriod::record);
  periods.erase(periods.begin(), from);
  return periods;
}

HelpStart StartOf(const CaseHelp& help, bool adult) {
  if (!help.allocated) return HelpStart::kFree;
  bool young_person = false;
  bool parent = adult;
  for (const auto& [who, choice] : help.choices) {
    const bool counts = who == Speaker::kYoungPerson || !adult;
    if (counts && choice.choice == HelpChoice::kDeclined) return HelpStart::kDeclined;
    (who == Speaker::kYoungPerson ? young_person : parent) = true;
  }
  return young_person && parent ? HelpStart::kFree : HelpStart::kNotChosen;
}

std::vector<ContactWeek> ContactWeeks(const std::vector<CaseContact>& contacts, Timestamp from, Timestamp to,
                                      Timestamp now) {
  using namespace std::chrono;
  std::vector<ContactWeek> weeks;
  if (to <= from) return weeks;
  const sys_days last = MondayOf(to - milliseconds(1));
  sys_days monday = std::max(MondayOf(from), last - days(7 * (static_cast<int>(kWeeksMax) - 1)));
  for (; monday <= last; monday += days(7)) {
    const IsoWeek iso = IsoWeekOf(monday);
    ContactWeek week;
    week.year = iso.year;
    week.week = iso.week;
    week.begins_at = MidnightOf(monday);
    week.ends_at = MidnightOf(monday + days(7));
    week.over = now >= week.ends_at;
    for (const CaseContact& one : contacts) {
      if (one.at < week.begins_at || one.at >= week.ends_at) continue;
      ++week.contacts;
      week.face_to_face += one.face_to_face ? 1 : 0;
      week.records.push_back(one.record);
    }
    weeks.push_back(std::move(week));
  }
  return weeks;
}

std::string WeekText(const ContactWeek& week) { return fmt::format("{}-W{:02}", week.year, week.week); }

}  // namespace schakel
