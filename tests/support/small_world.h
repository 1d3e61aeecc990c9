// A fake hub and a few agents, joined by connections that deliver at once.
#pragma once

#include <map>
#include <memory>
#include <set>

#include "support/fake_hub.h"
#include "support/test_agent.h"

namespace schakel::testing {

class SmallWorld {
 public:
  SmallWorld() {
    lead_id = region.Enrol("lead-org");
    partner_id = region.Enrol("partner-org");
    third_id = region.Enrol("third-org");
    hub = std::make_unique<FakeHub>(region, clock);
    for (const OrgId& id : {lead_id, partner_id, third_id}) {
      agents.emplace(id, std::make_unique<TestAgent>(region, id, clock, agents.size() + 1));
    }
  }

  TestAgent& lead() { return *agents.at(lead_id); }
  TestAgent& partner() { return *agents.at(partner_id); }
  TestAgent& third() { return *agents.at(third_id); }

  void Connect(TestAgent& agent) {
    hub->Disconnect(agent.self());
    connected.insert(agent.self());
    agent.sync().OnConnected();
    Exchange();
  }
  void Disconnect(TestAgent& agent) {
    connected.erase(agent.self());
    hub->Disconnect(agent.self());
    agent.sync().OnDisconnected({Code::kUnavailable, "test.cut", {}, {}});
    Exchange();
  }
  void ConnectAll() {
    for (auto& [id, agent] : agents) Connect(*agent);
  }

  // Until nobody has anything to say any more.
  void Exchange() {
    for (bool busy = true; busy;) {
      busy = false;
      for (auto& [id, agent] : agents) {
        bool disconnect = false;
        for (const Bytes& message : agent->Finish(&disconnect)) {
          if (!connected.contains(id)) continue;
          hub->Receive(id, message);
          busy = true;
        }
        if (agent->crashed()) connected.erase(id);
        if (disconnect && connected.contains(id)) {
          Disconnect(*agent);
          continue;
        }
        auto& out = hub->OutFor(id);
        if (!connected.contains(id) || out.empty()) continue;
        agent->sync().OnMessage(out.front());
        out.pop_front();
        busy = true;
      }
    }
  }
  // Lets time pass, in ticks.
  void Pass(std::chrono::milliseconds time) {
    for (std::chrono::milliseconds done{0}; done < time; done += std::chrono::milliseconds(500)) {
      clock.Advance(std::chrono::milliseconds(500));
      for (auto& [id, agent] : agents) agent->sync().OnTick();
      Exchange();
    }
  }

  // A trajectory that `lead` leads, in which `partner` takes part, with a grant for living and goals.
  void OpenTrajectory() {
    EXPECT_TRUE(lead().Open(trajectory));
    invite = lead().Invite(trajectory, partner_id).value();
    Exchange();
    EXPECT_TRUE(partner().Join(trajectory, invite));
    Exchange();
    grant = lead().Give(trajectory, partner_id).value();
    Exchange();
  }

  ManualClock clock;
  Region region;
  OrgId lead_id, partner_id, third_id;
  std::unique_ptr<FakeHub> hub;
  std::map<OrgId, std::unique_ptr<TestAgent>> agents;
  std::set<OrgId> connected;
  TrajectoryId trajectory{Id128{1, 2, 3}};
  RecordId invite, grant;
};

}  // namespace schakel::testing
