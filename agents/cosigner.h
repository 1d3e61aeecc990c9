// Stands behind the heads that were verified here: cosigns the newest, at connect and then now and again, and meets
// what others cosigned.
//
// Threads: one object, one thread.
#pragma once

#include <optional>
#include <string>

#include "heads.h"
#include "protocol/keys.h"
#include "protocol/seams.h"
#include "requests.h"
#include "step.h"

namespace schakel {

class Cosigner {
 public:
  Cosigner(OrgId self, const SigningKey& key, Step& step, Requests& requests, HeadWatch& heads, const Clock& clock)
      : self_(std::move(self)), key_(key), step_(step), requests_(requests), heads_(heads), clock_(clock) {}

  // A head that was verified here, with our name under it. Nothing: it is not the newest one that we saw.
  std::optional<std::string> Cosigned(const std::string& note, const TreeHead& head) const;

  void OnReady();
  void OnTick();
  void OnDisconnected() { ready_ = false; }

 private:
  void Send();
  void OnReply(MessagePayload& reply);
  void Meet(const std::string& note);

  OrgId self_;
  const SigningKey& key_;
  Step& step_;
  Requests& requests_;
  HeadWatch& heads_;
  const Clock& clock_;
  bool ready_ = false;
  bool asked_ = false;
  std::uint64_t cosigned_ = 0;  // Size of the last one sent on this connection.
  std::chrono::steady_clock::time_point sent_at_{};
};

}  // namespace schakel
