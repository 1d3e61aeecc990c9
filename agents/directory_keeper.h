// Keeps the directory up to date: each statement is verified against the pinned registrars before it counts, and keys
// that change are shown.
//
// Threads: one object, one thread.
#pragma once

#include <functional>
#include <vector>

#include "agents/knowledge.h"
#include "protocol/registry.h"
#include "protocol/seams.h"
#include "requests.h"
#include "step.h"

namespace schakel {

class DirectoryKeeper {
 public:
  DirectoryKeeper(Step& step, Requests& requests, Knowledge& knowledge, const OrgKeys& own, const Clock& clock)
      : step_(step), requests_(requests), knowledge_(knowledge), own_(own), clock_(clock) {}

  // Fetches what is not known here yet, then calls `done`: never before it returns, and not at all if the connection
  // or the trust ends first.
  void CatchUp(std::function<void()> done);
  void OnDisconnected();

  // The hub did not hand it over.
  std::function<void(const Error&)> on_failed;

 private:
  void AskPage();
  void OnPage(MessagePayload& reply);
  bool Take(const SignedStatement& statement);
  void ShowChange(const OrgStatement& now, const std::optional<Directory::Organisation>& before);

  Step& step_;
  Requests& requests_;
  Knowledge& knowledge_;
  OrgKeys own_;
  const Clock& clock_;
  bool asking_ = false;
  std::vector<std::function<void()>> waiting_;
};

}  // namespace schakel
