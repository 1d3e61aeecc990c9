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
  DirectoryKeeper(Step& step, Requests& requests, Knowledge& knowledge, const Clock& clock)
      : step_(step), requests_(requests), knowledge_(knowledge), clock_(clock) {}

  // Fetches what is not known here yet, then calls `done`: never before it returns, and not at all if the connection
  // or the trust ends first.
  void CatchUp(std::function<void()> done);
  void OnDisconnected();

  // The hub did not hand it over.
  std::function<void(const Error&)> on_failed;
  // A statement was taken in. `about_us`: by what registrars say of this organisation.
  std::function<void(bool about_us)> on_taken;

 private:
  void AskPage();
  void OnPage(MessagePayload& reply);
  bool Take(const SignedStatement& statement);
  void ShowChange(const RegistrarsStatement& now);
  void ShowChange(const OrgStatement& now, const std::optional<Directory::Organisation>& before);

  Step& step_;
  Requests& requests_;
  Knowledge& knowledge_;
  const Clock& clock_;
  bool asking_ = false;
  std::vector<std::function<void()>> waiting_;
};

}  // namespace schakel
