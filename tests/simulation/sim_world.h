// The real hub and a few agents in one thread and virtual time, with a network, disks and people that follow from a
// seed. Whatever is cut, crashes or loses what it had not synced: afterwards everything must add up.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "broker/hub.h"
#include "sim_network.h"
#include "support/crash_log.h"
#include "support/test_agent.h"

namespace schakel::testing {

class SimAgent {
 public:
  SimAgent(const Region& region, const OrgId& id, ManualClock& clock, Agenda& agenda, SimNetwork& network,
           SeededRandom& random);

  TestAgent& agent() { return agent_; }
  const OrgId& id() const { return agent_.self(); }
  void Start();
  void Crash();
  void EndStep();
  bool connected() const { return line_.has_value(); }
  std::optional<std::uint64_t> line() const { return line_; }

 private:
  void TryConnect();
  void PlanConnect();
  void PlanStepEnd();
  void Tick();

  TestAgent agent_;
  Agenda& agenda_;
  SimNetwork& network_;
  SeededRandom& random_;
  IdentityPtr identity_;
  std::optional<std::uint64_t> line_;
  std::uint64_t life_ = 0;  // Plans of an earlier life are void.
  bool step_end_planned_ = false;
  bool connect_planned_ = false;
};

// What an agent has in its vault.
struct Holdings {
  std::map<RecordId, HeldRecord> records;
  std::set<RecordId> marks;  // In place of what was withheld from it.

  const HeldRecord* Find(const RecordId& id) const;  // nullptr: it has it not.
};

class SimWorld : private HubObserver {
 public:
  explicit SimWorld(std::uint64_t seed);

  // People at work, while everything may break.
  void Work(std::chrono::milliseconds time);
  // Nothing breaks any more; until all is settled. Empty: it is; else what is not, for people.
  std::string Heal();
  // Empty: everything adds up. Else what does not, for people.
  std::string Check();

  // How much went on: a simulation in which nothing happens proves nothing.
  struct Tally {
    std::size_t records = 0, content = 0, delivered = 0, withheld = 0, denied = 0, views = 0;
    std::size_t agent_crashes = 0, hub_crashes = 0, cuts = 0, hpke_rotations = 0;
  };
  Tally Count();

 private:
  void Report(Level, std::string_view, const OrgId&, std::string_view) override {}
  void OpenHub();
  void CrashHub();
  void RunHub();
  void HubTick();
  void Misfortune();
  void SomebodyActs();
  void LeadActs(TestAgent& lead);
  void AnyoneWrites(TestAgent& author);
  void SomebodyReads(TestAgent& reader);
  std::string Unsettled();
  std::string CheckRecord(const Entry& entry, const RecordEntry& record, const std::map<OrgId, Holdings>& holdings);
  std::string CheckAgent(SimAgent& agent);
  std::string CheckNumbers();
  std::vector<Entry> AllEntries() const;

  SeededRandom random_;
  ManualClock clock_;
  Region region_;
  Agenda agenda_;
  SimNetwork network_;
  std::shared_ptr<LogDisk> disk_ = std::make_shared<LogDisk>();
  std::unique_ptr<CrashLog> log_;
  std::unique_ptr<Hub> hub_;
  std::vector<std::unique_ptr<SimAgent>> agents_;
  std::vector<TrajectoryId> trajectories_;
  std::vector<std::pair<TrajectoryId, RecordId>> grants_;
  bool chaos_ = false;
  Tally tally_;
};

}  // namespace schakel::testing
