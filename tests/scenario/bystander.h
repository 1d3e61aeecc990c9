// Somebody who does nothing wrong while others do: writes notes at an agent and waits for the hub to take each.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "support/real_region.h"

namespace schakel::testing {

class Bystander {
 public:
  static constexpr std::chrono::seconds kPatience{10};

  // Writes to `path`, a trajectory at `agent`.
  Bystander(const RealAgent& agent, std::string path)
      : agent_(agent), path_(std::move(path)), thread_([this] { Work(); }) {}
  ~Bystander() { End(); }
  void End() {
    over_ = true;
    if (thread_.joinable()) thread_.join();
  }
  // Was served all the time, and is until the end.
  void ExpectServed(int at_least) {
    End();
    EXPECT_GE(served, at_least);
    EXPECT_EQ(faults, std::vector<std::string>{});
  }
  // One more note gets through from here on.
  void ExpectServedNow() {
    const int before = served;
    EXPECT_TRUE(WaitUntil([&] { return served > before + 1; }, kPatience)) << "the bystander waits";
  }

  std::atomic<int> served = 0;
  std::vector<std::string> faults;  // Once ended.

 private:
  void Work() {
    ApiClient client = agent_.Client();
    for (int number = 0; !over_; ++number) {
      const Reply reply =
          client.Post(path_ + "/notes", LivingNote("omstander " + std::to_string(number), "gewoon werk"),
                      static_cast<int>(kPatience.count()));
      if (reply.ok() && reply.json["state"] == "accepted") {
        ++served;
      } else {
        faults.push_back(std::to_string(reply.status) + " " + reply.json.dump());
      }
    }
  }

  const RealAgent& agent_;
  const std::string path_;
  std::atomic<bool> over_ = false;
  std::thread thread_;
};

}  // namespace schakel::testing
