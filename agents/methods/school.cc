#include "agents/school.h"

#include <algorithm>

#include "agents/places.h"
#include "services/fold.h"
#include "services/listed.h"
#include "services/sending.h"

namespace schakel {
namespace {

Draft SchoolDraft(Kind kind, const TrajectoryId& trajectory) {
  Draft draft;
  draft.kind = kind;
  draft.trajectory = trajectory;
  draft.purpose = Purpose::kEducation;
  draft.categories = {Category::kSchool};
  return draft;
}

std::string OwnName(const Engine& engine) {
  const OrgId self = engine.Self();
  for (const Directory::Organisation& one : engine.Organisations()) {
    if (one.statement.organisation == self) return one.statement.name;
  }
  return self.value();
}

void AddOnce(std::vector<OrgId>& to, const OrgId& one) {
  if (!one.value().empty() && std::ranges::find(to, one) == to.end()) to.push_back(one);
}

// The first to whom it has to go holds it back when it would not arrive; the others get it as far as that goes.
Result<Sent> SendFirst(Engine& engine, Draft draft, const OrgId& first, std::vector<OrgId> others,
                       const Audience& audience) {
  Audience whom = audience;
  if (!whom.named.empty() || audience.accept_unreached) {
    if (first != engine.Self()) AddOnce(whom.named, first);
    for (const OrgId& one : others) {
      if (one != engine.Self() && std::holds_alternative<Permit>(engine.Foresee(draft, one))) AddOnce(whom.named, one);
    }
    return Send(engine, std::move(draft), {}, whom);
  }
  if (first != engine.Self()) {
    Audience to_first = audience;
    to_first.named = {first};
    to_first.preview = true;
    SCHAKEL_ASSIGN(const Sent foreseen, Send(engine, draft, {}, to_first));
    if (!foreseen.unreached.empty()) {
      to_first.preview = audience.preview;
      return Send(engine, std::move(draft), {}, to_first);
    }
  }
  std::vector<OrgId> usual = {first};
  for (const OrgId& one : others) AddOnce(usual, one);
  SCHAKEL_ASSIGN(Sent sent, Send(engine, std::move(draft), usual, whom));
  sent.missed =
      sent.missed || (sent.outcome == Sent::Outcome::kSent &&
                      std::ranges::find(sent.unreached, first, &Unreached::organisation) != sent.unreached.end());
  return sent;
}

}  // namespace

Status CheckNoOpenReports(Cases& cases, const TrajectoryId& id, const OrgId& self, const std::optional<OrgId>& desk,
                          const char* rule, const char* next) {
  return cases.With([&](CaseFile& file) -> Status {
    const CaseTrajectory* trajectory = file.Find(id);
    if (trajectory == nullptr) return {};
    for (const SchoolReport& one : SchoolReportsOf(file, *trajectory, self)) {
      if (one.IsOpen() && (!desk || one.desk == *desk)) return Fail(Code::kConflict, rule, ToText(one.id), next);
    }
    return {};
  });
}

Status TakeOverOpenReports(Engine& engine, Cases& cases, const CaseTrajectory& trajectory,
                           const std::optional<OrgId>& desk, const std::string& why,
                           std::chrono::milliseconds patience) {
  const OrgId self = engine.Self();
  std::vector<SchoolReport> open = cases.With([&](CaseFile& file) {
    const CaseTrajectory* found = file.Find(trajectory.id);
    return found == nullptr ? std::vector<SchoolReport>() : SchoolReportsOf(file, *found, self);
  });
  std::erase_if(open, [&](const SchoolReport& one) { return !one.IsOpen() || (desk && one.desk != *desk); });
  for (const SchoolReport& one : open) {
    Draft draft = SchoolDraft(Kind::kSchoolStep, trajectory.id);
    draft.thread = one.id;
    draft.references = {one.id};
    SCHAKEL_ASSIGN(draft.body, EncodeBody(SchoolStepBody{SchoolMove::kEscalated, "", "", OwnName(engine), why}));
    std::vector<OrgId> usual;
    for (const OrgId& to : {one.desk, one.reporter}) {
      if (to != self) AddOnce(usual, to);
    }
    SCHAKEL_TRY(Send(engine, std::move(draft), usual, {.patience = patience}));
  }
  return {};
}

Result<std::vector<OrgId>> SchoolService::Desks(const TrajectoryId& id) {
  SCHAKEL_ASSIGN(const CaseTrajectory trajectory, cases_.Trajectory(id));
  std::vector<OrgId> desks;
  for (const Directory::Organisation& one : engine_.Organisations()) {
    const auto profile = profiles_.find(one.statement.sector);
    const Participant* participant = trajectory.Find(one.statement.organisation);
    const bool takes_part = participant != nullptr && participant->status == MemberStatus::kJoined;
    if (takes_part && profile != profiles_.end() && profile->second.reporting_desk) {
      desks.push_back(one.statement.organisation);
    }
  }
  return desks;
}

Result<Sent> SchoolService::Report(const TrajectoryId& id, const SchoolReportBody& body, bool another,
                                   const Audience& audience) {
  SCHAKEL_ASSIGN(const std::vector<OrgId> desks, Desks(id));
  if (std::ranges::find(desks, body.desk) == desks.end()) {
    SCHAKEL_TRY(CheckListed(engine_, body.desk, "body.desk"));
    return Fail(Code::kDenied, "school.desk", "desk",
                "invite a desk of school support first, or name one that takes part");
  }
  SCHAKEL_ASSIGN(const std::vector<SchoolReport> before, On(id));
  const auto same = std::ranges::find_if(before, [&](const SchoolReport& one) {
    return one.IsOpen() && one.desk == body.desk && one.trouble == body.trouble;
  });
  if (same != before.end() && !another) {
    return Fail(Code::kConflict, "school.twice", ToText(same->id), "look at it first; if it is another one, say so");
  }
  SCHAKEL_ASSIGN(const CaseTrajectory trajectory, cases_.Trajectory(id));
  Draft draft = SchoolDraft(Kind::kSchoolReport, id);
  SCHAKEL_ASSIGN(draft.body, EncodeBody(body));
  return SendFirst(engine_, std::move(draft), body.desk, {trajectory.lead}, audience);
}

namespace {

// As far as is known here: of another's place, whether it was full when we last asked. Nobody is sent on to a partner
// with whom the agreement for such a place has ended, nor placed there straight away; who was sent there before, or for
// whom a place is held, has one already.
Status CheckDispatch(const Engine& engine, Cases& cases, Timestamp now, const SchoolReport& report,
                     const SchoolStepBody& step) {
  const std::string& text = step.place;
  if (text.empty()) return {};
  const OrgId self = engine.Self();
  std::optional<std::pair<OrgId, PlaceKind>> sent_to;
  SCHAKEL_TRY(cases.With([&](CaseFile& file) -> Status {
    const auto id = ParseId<RecordId>(text);
    const CasePlaces* places = id ? file.FindPlaces(*id) : nullptr;
    if (places == nullptr) return Fail(Code::kNotFound, "school.place", "place", "look it up among the places");
    const bool held = std::ranges::any_of(places->holds,
                                          [&](const CaseHold& one) { return one.holder == self && one.StandsAt(now); });
    if (!held && !places->MayBeAsked(now, now)) {
      return Fail(Code::kConflict, "school.no_place", "place", "choose another place that is open");
    }
    const bool sent_before =
        step.step == SchoolMove::kPlaced &&
        std::ranges::find(report.steps, places->id, &SchoolReport::Step::place) != report.steps.end();
    if (held || sent_before || places->owner == self) return {};
    const CaseRecord* record = file.Record(places->id);
    const auto* words = record == nullptr ? nullptr : As<PlaceOfferBody>(*record);
    sent_to.emplace(places->owner, words == nullptr ? PlaceKind::kSchoolAlternative : words->kind);
    return {};
  }));
  if (!sent_to) return {};
  return CheckMayAsk(engine, sent_to->first, sent_to->second, now);
}

}  // namespace

Result<Sent> SchoolService::TakeStep(const RecordId& id, SchoolStepBody body, const Audience& audience) {
  SCHAKEL_ASSIGN(const SchoolReport report, Show(id));
  if (report.desk != engine_.Self()) {
    return Fail(Code::kDenied, "school.not_desk", "report", "leave it to the desk that it was reported to");
  }
  if (report.cut_off) {
    return Fail(Code::kConflict, "school.cut_off", "report",
                "call the lead: nothing more can be said on this trajectory");
  }
  if (report.ended_at) return Fail(Code::kConflict, "school.ended", "report", "report it anew if it goes wrong again");
  if (body.step == SchoolMove::kTakenUp && report.state != SchoolReport::State::kNew) {
    return Fail(Code::kConflict, "school.taken_up", "step", "say what comes next: dispatched, or an outcome");
  }
  SCHAKEL_TRY(CheckBody(body));
  SCHAKEL_TRY(CheckDispatch(engine_, cases_, clock_.Now(), report, body));
  SCHAKEL_ASSIGN(const CaseTrajectory trajectory, cases_.Trajectory(report.trajectory));
  Draft draft = SchoolDraft(Kind::kSchoolStep, report.trajectory);
  draft.thread = report.id;
  draft.references = {report.id};
  SCHAKEL_ASSIGN(draft.body, EncodeBody(body));
  std::vector<OrgId> usual = {report.reporter};
  AddOnce(usual, trajectory.lead);
  return Send(engine_, std::move(draft), usual, audience);
}

Result<std::vector<SchoolReport>> SchoolService::On(const TrajectoryId& id) {
  return cases_.With([&](CaseFile& file) -> Result<std::vector<SchoolReport>> {
    const CaseTrajectory* trajectory = file.Find(id);
    if (trajectory == nullptr) return Fail(Code::kNotFound, "id.unknown", "trajectory", "check the id");
    return SchoolReportsOf(file, *trajectory, engine_.Self());
  });
}

Result<SchoolReport> SchoolService::Show(const RecordId& id) {
  return cases_.With([&](CaseFile& file) -> Result<SchoolReport> {
    const CaseRecord* record = file.Record(id);
    const CaseTrajectory* trajectory = record == nullptr ? nullptr : file.Find(record->held.header.trajectory);
    if (trajectory != nullptr) {
      for (SchoolReport& one : SchoolReportsOf(file, *trajectory, engine_.Self())) {
        if (one.id == id || one.id == record->held.header.thread) return std::move(one);
      }
    }
    return Fail(Code::kNotFound, "id.unknown", "report", "check the id");
  });
}

std::vector<SchoolReport> SchoolService::Queue() {
  const OrgId self = engine_.Self();
  std::vector<SchoolReport> all = cases_.With([&](CaseFile& file) {
    std::vector<SchoolReport> found;
    for (const CaseTrajectory* trajectory : file.Trajectories()) {
      for (SchoolReport& one : SchoolReportsOf(file, *trajectory, self)) {
        if (one.desk == self) found.push_back(std::move(one));
      }
    }
    return found;
  });
  std::ranges::sort(all, [](const SchoolReport& a, const SchoolReport& b) {
    const bool a_ended = a.ended_at.has_value();
    const bool b_ended = b.ended_at.has_value();
    if (a_ended != b_ended) return b_ended;
    if (a.at != b.at) return a_ended ? a.at > b.at : a.at < b.at;
    return a.id < b.id;
  });
  return all;
}

std::vector<SchoolService::Waiting> SchoolService::WaitsFor(StaffRole role) {
  const Timestamp now = clock_.Now();
  std::vector<Waiting> waiting;
  for (SchoolReport& one : Queue()) {
    const Timestamp goes_up = GoesUpAt(one);
    if (one.IsOpen()) {
      const bool late = now >= goes_up && role == StaffRole::kCoordinator;
      waiting.push_back({late ? Waiting::What::kLate : Waiting::What::kReport, std::move(one), goes_up});
    } else if (one.cut_off_at && role == StaffRole::kCoordinator && now < *one.cut_off_at + kCutOffShown) {
      const Timestamp at = *one.cut_off_at;
      waiting.push_back({Waiting::What::kCutOff, std::move(one), at});
    }
  }
  return waiting;
}

}  // namespace schakel
