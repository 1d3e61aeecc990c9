// A schakel-hub process in a folder of its own, as an operator would set it up, with a registrar key of the driver's.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

#include "load_agent.h"
#include "protocol/registry.h"

namespace schakel::bench {

class HubUnderTest {
 public:
  HubUnderTest(std::filesystem::path program, const std::filesystem::path& parent);  // Makes the folder.
  ~HubUnderTest();                                                                   // Stops it, removes the folder.
  HubUnderTest(const HubUnderTest&) = delete;
  HubUnderTest& operator=(const HubUnderTest&) = delete;

  void Start();  // And waits until it is ready to serve.
  void Stop();   // SIGTERM, and waits.
  void Kill();   // SIGKILL, and waits.
  // Signs and applies these, and ceilings under which every sector may receive everything.
  void Enrol(const std::vector<Statement>& statements);

  const HubAddress& address() const { return address_; }
  double RssMiB() const;
  double Entries() const;  // In the log, from the metrics page.

 private:
  std::string Fetch(const std::string& path) const;  // From the metrics address.

  std::filesystem::path program_;
  std::filesystem::path folder_;
  HubAddress address_;
  SigningKey registrar_ = SigningKey::Generate();
  int metrics_port_ = 0;
  pid_t pid_ = -1;
};

}  // namespace schakel::bench
