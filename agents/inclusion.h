// Has the hub prove that the log includes what it acknowledged and what it delivered: every own record before it leaves
// the outbox for good, and a sample of what came in.
//
// Threads: one object, one thread.
#pragma once

#include <deque>
#include <functional>
#include <map>

#include "agents/keys.h"
#include "agents/vault.h"
#include "heads.h"
#include "protocol/entry.h"
#include "protocol/seams.h"
#include "requests.h"
#include "step.h"

namespace schakel {

class InclusionProver {
 public:
  InclusionProver(OrgId self, const AgentKeys& keys, Vault& vault, Step& step, Requests& requests, HeadWatch& heads,
                  const Clock& clock)
      : self_(std::move(self)),
        keys_(keys),
        vault_(vault),
        step_(step),
        requests_(requests),
        heads_(heads),
        clock_(clock) {}

  void AddOwn(std::uint64_t number, Sequence sequence);
  // They were erased: there is nothing left to prove.
  void Forget(const std::set<std::uint64_t>& numbers);
  // A leaf that was handed to us as entry `sequence`.
  void AddReceived(Sequence sequence, const Hash32& leaf);
  std::size_t own_left() const { return own_.size() + own_asked_.size(); }
  bool idle() const { return own_left() == 0 && received_.empty() && asked_ == 0; }

  void OnReady();
  void OnTick();
  void OnDisconnected();
  // Asks for what the last head covers.
  void Pump();

 private:
  using Steady = std::chrono::steady_clock::time_point;
  struct Own {
    std::uint64_t number = 0;
    Sequence sequence;
    std::chrono::nanoseconds since{};  // Of `awake_`, on this connection.
  };
  struct Received {
    Sequence sequence;
    Hash32 leaf{};
  };
  void AskOwn(Own own);
  void AskReceived(Received received);
  void OnOwn(const Own& own, const TreeHead& head, MessagePayload& reply);
  Status CheckOwn(const Own& own, const TreeHead& head, const ProofReply& proof) const;
  bool PutOff(const MessagePayload& reply) const;
  void Caught(const char* rule, Sequence sequence);

  OrgId self_;
  const AgentKeys& keys_;
  Vault& vault_;
  Step& step_;
  Requests& requests_;
  HeadWatch& heads_;
  const Clock& clock_;

  bool ready_ = false;
  // Time in which this agent ran: what passes while it is stopped or asleep is not held against the hub.
  std::chrono::nanoseconds awake_{};
  Steady ticked_at_{};
  std::size_t asked_ = 0;
  std::size_t budget_ = 0;  // Left until the next tick: proofs must not crowd out the rest.
  Steady resume_at_{};
  std::map<std::uint64_t, Own> own_;  // By sequence; two of one sequence are caught when the second is added.
  std::map<std::uint64_t, Own> own_asked_;
  std::deque<Received> received_;
};

}  // namespace schakel
