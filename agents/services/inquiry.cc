#include "agents/inquiry.h"

#include <algorithm>
#include <cctype>
#include <iterator>
#include <map>
#include <set>
#include <tuple>

#include "agents/former_names.h"
#include "agents/person_name.h"
#include "guest_names.h"
#include "journal.h"
#include "listed.h"
#include "unsealed.h"

namespace schakel {
namespace {

// Questions that the vault answers too: about looks of our own people.
bool IsOwn(Question question) { return question == Question::kPerson || question == Question::kWithoutTask; }

AccessRow::What WhatOf(Act::What what) {
  switch (what) {
    case Act::What::kAsked:
      return AccessRow::What::kAsked;
    case Act::What::kTurnedAway:
      return AccessRow::What::kTurnedAway;
    case Act::What::kReported:
      return AccessRow::What::kReported;
    case Act::What::kExported:
      return AccessRow::What::kExported;
    case Act::What::kTookBack:
      return AccessRow::What::kTookBack;
    case Act::What::kAttempted:
      return AccessRow::What::kAttempted;
    case Act::What::kWrote:
    case Act::What::kWroteNot:  // Which ActsOf() never yields.
      return AccessRow::What::kWrote;
  }
  return AccessRow::What::kAsked;
}

// Which look it is, whether the hub or the vault tells of it.
using LookKey = std::tuple<RecordId, std::string, Timestamp>;
LookKey KeyOf(const AccessRow& row) { return {row.record, row.person.value_or(""), row.seen_at.value_or(row.at)}; }

std::string Lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

// Whose looks were asked about stands apart: names change. Nor is the record in it, which the log names by itself.
std::string Spelled(const Inquiry& inquiry) {
  std::string text = "question=" + std::string(Slug(inquiry.question));
  if (!inquiry.organisation.value().empty()) text += "&organisation=" + inquiry.organisation.value();
  if (inquiry.from) text += "&from=" + ToText(*inquiry.from);
  if (inquiry.until) text += "&until=" + ToText(*inquiry.until);
  return text;
}

// Joins what the hub said with what stands here.
class Ledger {
 public:
  Ledger(const Engine& engine, const Inquiry& inquiry)
      : engine_(engine), only_(inquiry.trajectory), record_(Lower(inquiry.record)) {}

  void Take(const TrajectoryId& id, std::vector<AccessRow> rows) {
    for (AccessRow& row : rows) {
      row.trajectory = id;
      if (row.what == AccessRow::What::kSaw && row.organisation == engine_.Self()) known_.insert(KeyOf(row));
      rows_.push_back(std::move(row));
    }
  }

  Status AddLooks() {
    return engine_.Looks([&](const LoggedView& look) {
      if ((only_ && *only_ != look.trajectory) || !IsAsked(look.view.record)) return true;
      AccessRow row;
      row.at = look.view.at;
      row.seen_at = look.view.at;
      row.what = AccessRow::What::kSaw;
      row.organisation = engine_.Self();
      row.trajectory = look.trajectory;
      row.record = look.view.record;
      row.person = engine_.NameOf(look.view.person);
      row.role = look.view.role;
      row.reason = look.view.reason;
      if (!known_.contains(KeyOf(row))) rows_.push_back(std::move(row));
      return true;
    });
  }

  Status AddActs() {
    SCHAKEL_ASSIGN(const auto acts, ActsOf(engine_));
    for (const Act& act : acts) {
      // A question about all trajectories is one about each.
      const bool asked = act.what == Act::What::kAsked || act.what == Act::What::kTurnedAway;
      const bool everywhere = asked && IsNone(act.trajectory);
      if ((only_ && *only_ != act.trajectory && !everywhere) || !IsAsked(act.record)) continue;
      AccessRow row;
      row.at = act.at;
      row.what = WhatOf(act.what);
      row.organisation = engine_.Self();
      row.trajectory = act.trajectory;
      row.record = act.record;
      row.person = act.person.name;
      row.role = act.person.role;
      row.reason = act.reason;
      if (!act.about.empty()) row.about = act.about;
      if (act.what == Act::What::kAttempted) {
        row.refusal = Error{Code::kDenied, act.question, act.about, {}};
      } else if (!act.question.empty()) {
        row.question = act.question;
      }
      row.barred = act.barred;
      rows_.push_back(std::move(row));
    }
    return {};
  }

  // What guests did says so, and what became of their links is added; after all that may be theirs.
  Status AddGuests(Cases& cases, const std::vector<TrajectoryId>& trajectories) {
    std::map<TrajectoryId, GuestNames> all;
    for (const TrajectoryId& id : trajectories) {
      if (IsNone(id)) continue;
      GuestNames guests(engine_, cases, id);
      if (!guests.empty()) all.emplace(id, std::move(guests));
    }
    for (AccessRow& row : rows_) {
      if (const auto found = all.find(row.trajectory); found != all.end()) found->second.Mark(row);
    }
    SCHAKEL_ASSIGN(const auto events, GuestEventsOf(engine_));
    std::map<RecordId, std::vector<GuestEvent>> by_guest;
    for (const GuestEvent& event : events) by_guest[event.guest].push_back(event);
    for (const auto& [id, guests] : all) {
      for (AccessRow& row : guests.LinksIn(by_guest)) {
        if (IsAsked(row.record)) rows_.push_back(std::move(row));
      }
    }
    return {};
  }

  void NameAsNow(const FormerNames& names) {
    for (AccessRow& row : rows_) {
      if (row.organisation != engine_.Self() || row.guest) continue;
      if (row.person) row.person = names.Now(*row.person);
      if (row.about) row.about = names.Now(*row.about);
    }
  }

  // Whether who looked, or wrote, had a task there at that moment; of our own people alone is that known.
  Status AddTasks() {
    std::map<TrajectoryId, std::vector<TaskChange>> changes;
    for (AccessRow& row : rows_) {
      const bool did = row.what == AccessRow::What::kSaw || row.what == AccessRow::What::kWrote;
      if (!did || row.organisation != engine_.Self()) continue;
      if (!row.person || row.guest || IsNone(row.trajectory)) continue;
      auto found = changes.find(row.trajectory);
      if (found == changes.end()) {
        SCHAKEL_ASSIGN(auto read, TaskChangesOf(engine_, row.trajectory));
        found = changes.emplace(row.trajectory, std::move(read)).first;
      }
      row.task = StandingInHindsight(found->second, *row.person, row.seen_at.value_or(row.at));
    }
    return {};
  }

  // In the order of the log, whatever its clock said; what stands in none comes where its time is.
  std::vector<AccessRow> Finish() {
    const auto is_logged = [](const AccessRow& row) { return row.sequence.value() != 0; };
    const auto unlogged = std::ranges::stable_partition(rows_, is_logged);
    std::ranges::stable_sort(rows_.begin(), unlogged.begin(), {}, &AccessRow::sequence);
    std::ranges::stable_sort(unlogged, {}, &AccessRow::at);
    std::vector<AccessRow> all;
    all.reserve(rows_.size());
    auto next = unlogged.begin();
    for (auto logged = rows_.begin(); logged != unlogged.begin(); ++logged) {
      while (next != unlogged.end() && next->at < logged->at) all.push_back(std::move(*next++));
      all.push_back(std::move(*logged));
    }
    std::ranges::move(next, unlogged.end(), std::back_inserter(all));
    return all;
  }

 private:
  bool IsAsked(const RecordId& record) const { return record_.empty() || ToText(record).starts_with(record_); }

  const Engine& engine_;
  const std::optional<TrajectoryId> only_;
  const std::string record_;  // Its first digits.
  std::set<LookKey> known_;
  std::vector<AccessRow> rows_;
};

bool IsAnswer(const Inquiry& inquiry, const OrgId& self, const AccessRow& row) {
  using What = AccessRow::What;
  const Timestamp at = row.seen_at.value_or(row.at);
  if (inquiry.from && at < *inquiry.from) return false;
  if (inquiry.until && at >= *inquiry.until) return false;
  switch (inquiry.question) {
    case Question::kAll:
    case Question::kRecord:
      return true;
    case Question::kOrganisation:
      return row.organisation == inquiry.organisation;
    case Question::kPerson:
      return row.organisation == self && row.person && SamePerson(*row.person, inquiry.person);
    case Question::kDenied:
      return row.what == What::kRefused || row.what == What::kWithheld || row.what == What::kTurnedAway ||
             row.what == What::kLinkRefused || row.what == What::kAttempted;
    case Question::kWithoutTask:
      return (row.what == What::kSaw || row.what == What::kWrote) && row.task && *row.task != TaskStanding::kHasTask &&
             *row.task != TaskStanding::kAssignedAfter;
  }
  return false;
}

Status CheckWhole(const Engine& engine, const Inquiry& inquiry) {
  if (inquiry.question == Question::kRecord && inquiry.record.empty()) {
    return Fail(Code::kInvalid, "audit.record", "record", "name the record");
  }
  if (inquiry.question == Question::kOrganisation && inquiry.organisation.value().empty()) {
    return Fail(Code::kInvalid, "audit.organisation", "organisation", "name the organisation");
  }
  if (inquiry.question == Question::kPerson && inquiry.person.empty()) {
    return Fail(Code::kInvalid, "audit.person_name", "person", "name the person");
  }
  // An answer of nothing must not be the answer to a slip of the pen.
  if (inquiry.from && inquiry.until && *inquiry.until <= *inquiry.from) {
    return Fail(Code::kInvalid, "audit.period", "until", "let the period end after it begins");
  }
  return inquiry.question == Question::kOrganisation ? CheckListed(engine, inquiry.organisation) : Status();
}

// Whether anybody here was ever heard of by that name: who looked, recorded, asked or has a task.
Result<bool> IsKnownHere(const Engine& engine, const std::string& person,
                         const std::vector<TrajectoryId>& trajectories) {
  if (engine.NameOf(engine.PseudonymFor(person))) return true;
  SCHAKEL_ASSIGN(const auto acts, ActsOf(engine));
  const auto did = [&](const Act& act) { return SamePerson(act.person.name, person); };
  if (std::ranges::any_of(acts, did)) return true;
  for (const TrajectoryId& id : trajectories) {
    SCHAKEL_ASSIGN(const auto changes, TaskChangesOf(engine, id));
    const auto has = [&](const TaskChange& change) { return SamePerson(change.person, person); };
    if (std::ranges::any_of(changes, has)) return true;
  }
  return false;
}

// What a row is about: as another row of the answer says, or as it stands here for who asks. What was never held, or is
// not for who asks, has none.
Status NameKinds(const Engine& engine, const Caller& caller, Timestamp now, std::vector<AccessRow>& rows) {
  std::map<RecordId, std::optional<Kind>> kinds;
  for (const AccessRow& row : rows) {
    if (row.kind) kinds[row.record] = row.kind;
  }
  Sieve sieve(engine, caller, now);
  for (AccessRow& row : rows) {
    if (row.kind || IsNone(row.record)) continue;
    const auto [known, fresh] = kinds.try_emplace(row.record);
    if (const auto held = fresh ? engine.Find(row.record) : Fail(Code::kNotFound, "id.unknown")) {
      SCHAKEL_ASSIGN(const bool lets, sieve.Lets(*held));
      if (lets) known->second = held->header.kind;
    }
    row.kind = known->second;
  }
  return {};
}

}  // namespace

Status InquiryService::CheckAsks(const Inquiry& inquiry, const Caller& caller) const {
  Asking asking;
  asking.question = inquiry.question;
  asking.role = caller.person.role;
  asking.everywhere = !inquiry.trajectory;
  asking.own_looks = SamePerson(inquiry.person, caller.person.name);
  if (inquiry.trajectory) {
    SCHAKEL_ASSIGN(const auto changes, TaskChangesOf(engine_, *inquiry.trajectory));
    asking.task = StandingAt(changes, caller.person.name, clock_.Now());
  }
  return MayAsk(asking);
}

// Who asks what is not for them to ask stands in the audit, as who looks where they may not.
Status InquiryService::NoteTurnedAway(const Inquiry& inquiry, const Caller& caller, const Error& why) const {
  if (why.code != Code::kDenied) return {};
  RecordId about;
  if (const auto record = ParseId<RecordId>(inquiry.record)) about = *record;
  return Note(engine_, {clock_.Now(), Act::What::kTurnedAway, inquiry.trajectory.value_or(TrajectoryId{}), about,
                        caller.person, caller.reason, inquiry.person, Spelled(inquiry),
                        why.rule == "audit.task" ? AccessRow::Barred::kNoTask : AccessRow::Barred::kNotTheirs});
}

// A record says itself which trajectory it is of, or that it is of none.
Result<Inquiry> InquiryService::Located(Inquiry inquiry) const {
  if (inquiry.question != Question::kRecord || inquiry.record.empty() || inquiry.trajectory) return inquiry;
  SCHAKEL_ASSIGN(const RecordId record, cases_.FindRecord(inquiry.record));
  SCHAKEL_ASSIGN(const HeldRecord held, engine_.Find(record));
  inquiry.trajectory = held.header.trajectory;
  inquiry.record = ToText(record);
  return inquiry;
}

Onlooker InquiryService::OnlookerOf(const TrajectoryId& id) const {
  const OrgId self = engine_.Self();
  // Without a trajectory whoever asked addressed the others itself, and they are known to it alone.
  if (IsNone(id)) return {self, false, [](const OrgId&) { return true; }};
  auto rules = engine_.FindTrajectory(id);
  if (!rules) return {self, false, [self](const OrgId& other) { return other == self; }};
  const bool lead = rules->lead == self;
  return {self, lead, [self, known = std::move(*rules)](const OrgId& other) { return known.MayKnow(self, other); }};
}

Result<AuditService::Report> InquiryService::AskHub(const Inquiry& inquiry, const TrajectoryId& id,
                                                    const Caller& caller, std::chrono::milliseconds patience) {
  const std::string spelled = Spelled(inquiry);
  if (inquiry.record.empty()) return audit_.Access(id, RecordId{}, caller, patience, spelled);
  const auto record = cases_.FindRecord(inquiry.record);
  if (record) return audit_.Access(id, *record, caller, patience, spelled);
  const std::string& why = record.error().rule;
  if (why != "id.unknown" && why != "record.erased" && !why.starts_with("withheld."))
    return std::unexpected(record.error());
  // The lead is told of records that it does not hold itself.
  return audit_.AccessLike(id, Lower(inquiry.record), caller, patience, spelled);
}

Result<Findings> InquiryService::Ask(Inquiry asked, const Caller& caller, std::chrono::milliseconds patience) {
  SCHAKEL_ASSIGN(const FormerNames names, FormerNames::Of(engine_));
  asked.person = names.Now(asked.person);
  SCHAKEL_TRY(CheckWhole(engine_, asked));
  SCHAKEL_ASSIGN(const Inquiry inquiry, Located(asked));
  if (const Status may = CheckAsks(inquiry, caller); !may) {
    SCHAKEL_TRY(NoteTurnedAway(inquiry, caller, may.error()));
    return std::unexpected(may.error());
  }
  if (IsOwn(inquiry.question) || !inquiry.trajectory) {
    SCHAKEL_TRY(Note(engine_, {clock_.Now(), Act::What::kAsked, inquiry.trajectory.value_or(TrajectoryId{}), RecordId{},
                               caller.person, caller.reason, inquiry.person, Spelled(inquiry)}));
  }
  std::vector<TrajectoryId> trajectories;
  if (inquiry.trajectory) {
    trajectories.push_back(*inquiry.trajectory);
  } else {
    cases_.With([&](CaseFile& file) {
      for (const CaseTrajectory* one : file.Trajectories()) trajectories.push_back(one->id);
    });
  }
  Findings findings;
  Ledger ledger(engine_, inquiry);
  for (const TrajectoryId& id : trajectories) {
    // Of what was erased the vault still knows who of ours looked, and the hub tells nothing.
    const auto rules = engine_.FindTrajectory(id);
    if (rules && rules->erased() && (IsOwn(inquiry.question) || !inquiry.trajectory)) {
      findings.unasked.push_back(id);
      continue;
    }
    auto report = AskHub(inquiry, id, caller, patience);
    if (!report) {
      const bool away = report.error().code == Code::kUnavailable || report.error().code == Code::kTampered;
      if (inquiry.trajectory && !(away && IsOwn(inquiry.question))) return std::unexpected(report.error());
      findings.unasked.push_back(id);
      continue;
    }
    if (rules && rules->erased()) MarkKept(report->rows);
    const Onlooker onlooker = OnlookerOf(id);
    ledger.Take(id, Curated(report->rows, onlooker));
    findings.files.push_back({id, Curated(std::move(report->evidence), onlooker)});
  }
  SCHAKEL_TRY(ledger.AddLooks());
  SCHAKEL_TRY(ledger.AddActs());
  SCHAKEL_TRY(ledger.AddGuests(cases_, trajectories));
  ledger.NameAsNow(names);
  SCHAKEL_TRY(ledger.AddTasks());
  findings.rows = ledger.Finish();
  MarkOwnUnsealed(engine_, findings.rows);
  SCHAKEL_TRY(NameKinds(engine_, caller, clock_.Now(), findings.rows));
  std::erase_if(findings.rows, [&](const AccessRow& row) { return !IsAnswer(inquiry, engine_.Self(), row); });
  if (inquiry.question == Question::kPerson && findings.rows.empty()) {
    SCHAKEL_ASSIGN(const bool known, IsKnownHere(engine_, inquiry.person, trajectories));
    if (!known) {
      return Fail(Code::kNotFound, "audit.person_unknown", "person", "check the spelling; nobody of that name looked");
    }
  }
  return findings;
}

}  // namespace schakel
