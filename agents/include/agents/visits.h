// The safety of whoever visits a home: somebody says where they go and until when, and a colleague is told when they do
// not check out. Kept at home, goes to nobody; docs/methods.md says how it goes.
//
// Threads, durability, errors: as services.h. What is overdue follows from the rows and the clock alone, so that a
// restart changes nothing.
#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "agents/engine.h"
#include "agents/house_options.h"
#include "protocol/seams.h"

namespace schakel {

struct Visit {
  Id128 id{};
  std::string worker;     // As in Person::name, like the others.
  std::string colleague;  // Who is told first.
  std::string where;
  Timestamp begun_at;
  Timestamp until;
  std::optional<Timestamp> told_colleague;  // That it is overdue; of this `until` alone.
  std::optional<Timestamp> told_coordinators;
  std::optional<Timestamp> ended_at;
  std::string ended_by;
  friend bool operator==(const Visit&, const Visit&) = default;
};
Bytes EncodeVisit(const Visit& one);
Result<Visit> DecodeVisit(ByteView bytes);  // kCorrupt, kVersion ("vault.row").

enum class VisitStanding : std::uint8_t { kUnderWay = 1, kOverdue, kEscalated, kEnded };
std::string_view Slug(VisitStanding value);
VisitStanding StandingOf(const Visit& one, std::chrono::minutes escalates, Timestamp now);  // Pure.

class VisitService {
 public:
  static constexpr std::chrono::hours kLongest{24};
  static constexpr std::chrono::days kKept{7};  // One that ended, for who asks what happened.

  // `may_be_told`: whether somebody of that name works here, as far as that is known.
  VisitService(Engine& engine, const Clock& clock, Random& random, std::chrono::minutes escalates,
               std::function<bool(const std::string& person)> may_be_told)
      : engine_(engine), clock_(clock), random_(random), escalates_(escalates), may_be_told_(std::move(may_be_told)) {}

  std::chrono::minutes escalates() const { return escalates_; }

  // kInvalid ("body.required", "body.long"; "visit.until": not within a day from now; "visit.colleague": nobody who
  // works here, or who goes there themselves). kConflict ("visit.open"): this person has not checked out of another.
  Result<Visit> Begin(const std::string& where, Timestamp until, const std::string& colleague, const Person& by);
  // Both: kNotFound ("visit.unknown"); kConflict ("visit.ended"); kDenied ("visit.others"): the worker, or, once it is
  // overdue, the colleague and coordinators.
  Result<Visit> Extend(const std::string& id, Timestamp until, const Person& by);
  Result<Visit> CheckOut(const std::string& id, const Person& by);
  // That this person may know of: their own, those that they look out for; coordinators all. The newest first.
  Result<std::vector<Visit>> List(const Person& by) const;
  // Overdue ones, for whom that is a task now: the colleague, and later coordinators too. The oldest first.
  Result<std::vector<Visit>> WaitsFor(const Person& by) const;

  // What is to be told now: of the colleague, or of the coordinators besides.
  struct Alarm {
    Visit visit;
    bool escalated = false;
  };
  // Shows `keep` what was not told yet, with the rows that say that it was: they are to be kept along with what tells.
  Status Tell(
      const std::function<Status(const std::vector<Alarm>& alarms, const std::vector<Engine::KeptRow>& rows)>& keep);
  std::optional<Timestamp> NextAlarm() const;  // None: nothing is under way that was not told of.
  Status ForgetOld();

 private:
  Result<std::vector<Visit>> All() const;
  Result<Visit> FindFor(const std::string& id, const Person& by) const;
  Status CheckUntil(Timestamp until) const;

  Engine& engine_;
  const Clock& clock_;
  Random& random_;
  const std::chrono::minutes escalates_;
  const std::function<bool(const std::string&)> may_be_told_;
  mutable std::mutex mutex_;  // Over reading a row and writing it anew.
};

}  // namespace schakel
