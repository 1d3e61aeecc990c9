// Reports of school trouble, from the records of a trajectory. Pure.
#include <algorithm>
#include <map>

#include "agents/school.h"
#include "services/fold.h"
#include "services/word_lists.h"

namespace schakel {
namespace {

constexpr Word<SchoolReport::State> kReportStates[] = {{SchoolReport::State::kNew, "new"},
                                                       {SchoolReport::State::kTakenUp, "taken-up"},
                                                       {SchoolReport::State::kDispatched, "dispatched"},
                                                       {SchoolReport::State::kPlaced, "placed"},
                                                       {SchoolReport::State::kCoached, "coached"},
                                                       {SchoolReport::State::kEscalated, "escalated"}};
constexpr Word<SchoolReport::Expected> kExpectations[] = {{SchoolReport::Expected::kTakeUp, "take-up"},
                                                          {SchoolReport::Expected::kDispatch, "dispatch"},
                                                          {SchoolReport::Expected::kOutcome, "outcome"}};
constexpr Word<SchoolReport::CutOff> kCutOffs[] = {{SchoolReport::CutOff::kClosed, "closed"},
                                                   {SchoolReport::CutOff::kLeft, "left"},
                                                   {SchoolReport::CutOff::kTakenBack, "taken-back"}};

SchoolReport::State StateAfter(SchoolMove move) {
  switch (move) {
    case SchoolMove::kTakenUp:
      return SchoolReport::State::kTakenUp;
    case SchoolMove::kDispatched:
      return SchoolReport::State::kDispatched;
    case SchoolMove::kPlaced:
      return SchoolReport::State::kPlaced;
    case SchoolMove::kCoached:
      return SchoolReport::State::kCoached;
    case SchoolMove::kEscalated:
      return SchoolReport::State::kEscalated;
  }
  return SchoolReport::State::kNew;
}

class SchoolFold {
 public:
  SchoolFold(const CaseTrajectory& trajectory, const OrgId& self) : trajectory_(trajectory), self_(self) {}

  void Begin(const CaseRecord& record) {
    const HeldRecord& held = record.held;
    SchoolReport one;
    one.id = held.header.id;
    one.trajectory = trajectory_.id;
    one.reporter = held.header.author;
    one.at = held.at;
    if (const auto* body = As<SchoolReportBody>(record)) {
      one.desk = body->desk;
      one.trouble = body->trouble;
      one.level = body->level;
      one.municipality = body->municipality;
    } else if (held.state == RecordState::kReceived && trajectory_.lead != self_) {
      // It was for us to follow, and its words were taken back.
      one.desk = self_;
      one.sealed = true;
      one.cut_off = SchoolReport::CutOff::kTakenBack;
      one.cut_off_at = held.at;
    } else {
      return;
    }
    reports_.push_back(std::move(one));
  }
  // Of the desk, until the report has ended; of who leads one thing alone, that it goes on with the report itself.
  void Follow(const CaseRecord& record) {
    const HeldRecord& held = record.held;
    const OrgId& author = held.header.author;
    const auto found = std::ranges::find(reports_, held.header.thread, &SchoolReport::id);
    if (found == reports_.end() || found->ended_at) return;
    const auto* body = As<SchoolStepBody>(record);
    // To a desk that was removed what it said is sealed with the rest: it can have been nothing else.
    const bool taken_over =
        found->desk != author && Led(author, held.at) && (body == nullptr || body->step == SchoolMove::kEscalated);
    if (!taken_over && (body == nullptr || found->desk != author)) return;
    const SchoolMove move = taken_over ? SchoolMove::kEscalated : body->step;
    const auto place = ParseId<RecordId>(body == nullptr ? std::string() : body->place);
    found->steps.push_back({held.header.id, move, held.at, author, place ? *place : RecordId()});
    found->state = StateAfter(move);
    if (!EndsReport(move)) return;
    found->ended_at = held.at;
    found->cut_off.reset();
    found->cut_off_at.reset();
  }
  // Who closed the trajectory, or removed a desk.
  void End(const CaseRecord& record) {
    const HeldRecord& held = record.held;
    if (held.header.kind == Kind::kTrajectoryClose) closed_ = &held;
    if (held.header.kind == Kind::kMemberLeave) left_[held.header.author] = &held;
    if (const auto* removed = std::get_if<MemberRemove>(&held.header.control)) left_[removed->organisation] = &held;
  }
  std::vector<SchoolReport> Finish() {
    for (SchoolReport& one : reports_) {
      if (one.ended_at) continue;
      if (trajectory_.closed) {
        PassOn(one, SchoolReport::CutOff::kClosed, closed_);
      } else if (HasLeft(one.desk)) {
        const auto left = left_.find(one.desk);
        PassOn(one, SchoolReport::CutOff::kLeft, left == left_.end() ? nullptr : left->second);
      }
    }
    for (std::size_t i = 0; i < reports_.size(); ++i) SayTwice(reports_[i], i);
    return std::move(reports_);
  }

 private:
  bool Led(const OrgId& who, Timestamp at) const {
    for (const CaseHandover& one : trajectory_.handovers) {
      if (one.at && at < *one.at) return who == one.from;
    }
    return who == trajectory_.lead;
  }
  // Who led ended it without having been handed the report: that passes it on to them, and somebody has to tell them.
  void PassOn(SchoolReport& one, SchoolReport::CutOff why, const HeldRecord* by) const {
    one.cut_off = why;
    one.cut_off_at = by == nullptr ? trajectory_.last_at : by->at;
    one.state = SchoolReport::State::kEscalated;
    one.ended_at = one.cut_off_at;
    if (by != nullptr) one.steps.push_back({by->header.id, SchoolMove::kEscalated, by->at, by->header.author, {}});
  }
  bool HasLeft(const OrgId& desk) const {
    const Participant* participant = trajectory_.Find(desk);
    return participant != nullptr && participant->status == MemberStatus::kLeft;
  }
  void SayTwice(SchoolReport& one, std::size_t before) const {
    for (std::size_t i = 0; i < before; ++i) {
      const SchoolReport& earlier = reports_[i];
      const bool was_open = !earlier.ended_at || *earlier.ended_at > one.at;
      if (earlier.desk == one.desk && earlier.trouble == one.trouble && was_open && !earlier.cut_off) {
        one.same_as = earlier.id;
        return;
      }
    }
  }

  const CaseTrajectory& trajectory_;
  const OrgId& self_;
  std::vector<SchoolReport> reports_;
  const HeldRecord* closed_ = nullptr;
  std::map<OrgId, const HeldRecord*> left_;  // The last time.
};

}  // namespace

std::optional<SchoolReport::Expected> SchoolReport::IsExpected() const {
  if (!IsOpen()) return std::nullopt;
  if (state == State::kNew) return Expected::kTakeUp;
  return state == State::kTakenUp ? Expected::kDispatch : Expected::kOutcome;
}

std::string_view Slug(SchoolReport::State value) { return SlugIn(kReportStates, value); }
std::string_view Slug(SchoolReport::Expected value) { return SlugIn(kExpectations, value); }
std::string_view Slug(SchoolReport::CutOff value) { return SlugIn(kCutOffs, value); }

std::vector<SchoolReport> SchoolReportsOf(CaseFile& file, const CaseTrajectory& trajectory, const OrgId& self) {
  SchoolFold fold(trajectory, self);
  const auto each = [&](Kind kind, auto take) {
    for (const CaseItem& item : trajectory.items) {
      const CaseRecord* record = item.kind == kind ? file.Record(item.id) : nullptr;
      if (record != nullptr) take(*record);
    }
  };
  // Clocks differ: a step that waits may stand before what it is about.
  each(Kind::kSchoolReport, [&](const CaseRecord& record) { fold.Begin(record); });
  each(Kind::kSchoolStep, [&](const CaseRecord& record) { fold.Follow(record); });
  for (const CaseRecord* record : file.RecordsOf(trajectory.id)) {
    if (record->held.state != RecordState::kRefused) fold.End(*record);
  }
  return fold.Finish();
}

}  // namespace schakel
