// A hub as a real process in a folder, set up as an operator would; the registrar's key is the caller's.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "protocol/checkpoint.h"
#include "protocol/registry.h"
#include "support/process.h"
#include "support/raw_organisation.h"

namespace schakel::testing {

using Environment = std::vector<std::string>;

std::filesystem::path Program(const std::string& name);
// Runs to the end; throws with what it printed unless it ended with 0. Yields its standard output.
std::string MustRun(const std::vector<std::string>& command);
double RssMiB(pid_t pid);

class RealHub {
 public:
  // Makes the hub; `limits` are lines of the configuration's section.
  explicit RealHub(std::filesystem::path folder, const std::string& limits = {},
                   std::filesystem::path program = Program("schakel-hub"));

  void Launch(const Environment& environment = {});  // Does not wait.
  void Start(const Environment& environment = {});   // And waits until it is ready; throws with its log otherwise.
  bool Ready() const;
  Process& process() { return process_; }

  // The operator's commands, and what the registrar signs.
  std::vector<std::string> Command(std::vector<std::string> words) const;
  void Apply(const std::vector<Bytes>& statements);
  void Apply(const std::vector<Statement>& statements);
  // Applied as somebody else signed them; what the operator's command said.
  Finished TryApply(const SignedStatement& statement);
  // Another registrar takes the place of the one so far.
  void RotateRegistrar();
  const SigningPublicKey& root_registrar() const { return root_registrar_; }
  void ApplyCeilings(const std::vector<std::string>& sectors);  // Under which these may receive everything.
  // Stopped: the log read back and recomputed. Throws unless it holds.
  std::string Verify() const { return MustRun(Command({"verify"})); }

  double Metric(const std::string& name) const;  // Throws if the page does not have it.
  std::string Log() const { return ReadFile(log_); }

  const HubAddress& address() const { return address_; }
  const NoteVerifier& verifier() const { return verifier_; }  // Of its log, as `init` printed it.
  int metrics_port() const { return metrics_port_; }
  const std::filesystem::path& folder() const { return folder_; }
  std::filesystem::path data() const { return folder_ / "log"; }
  std::filesystem::path log_file() const { return log_; }

 private:
  std::filesystem::path program_;
  std::filesystem::path folder_;
  std::filesystem::path log_;
  HubAddress address_;
  NoteVerifier verifier_;
  int metrics_port_ = 0;
  SigningKey registrar_ = SigningKey::Generate();
  SigningPublicKey root_registrar_ = registrar_.public_key;
  std::uint64_t registrars_serial_ = 0;
  int statements_ = 0;
  Process process_;
};

}  // namespace schakel::testing
