// Whether this vault has all that the organisation itself said. A vault that was put back to an older copy does not,
// and cannot tell by itself: its own records do not come back with the feed. The hub tells up to where it has records
// of ours; what is missing is fetched, checked and taken in, so that withdrawals and the like count here again. The
// words of such records are lost with their keys.
//
// Threads: one object, one thread.
#pragma once

#include <functional>

#include "agents/knowledge.h"
#include "agents/vault.h"
#include "heads.h"
#include "protocol/seams.h"
#include "requests.h"
#include "step.h"

namespace schakel {

class OwnHistory {
 public:
  OwnHistory(Vault& vault, Step& step, Requests& requests, Knowledge& knowledge, HeadWatch& heads, const Clock& clock)
      : vault_(vault), step_(step), requests_(requests), knowledge_(knowledge), heads_(heads), clock_(clock) {}

  std::function<std::uint64_t()> draw_number;
  std::function<void(std::uint64_t number, const StoredRecord&, const Header&)> on_found;

  // A record of ours that the hub took.
  void Add(Sequence sequence) { known_ = std::max(known_, sequence); }
  // `own_last`: of the last one that the hub has.
  void OnReady(Sequence own_last);
  // What waits in the outbox may be what the hub has: it is compared once nothing does.
  void OnTick(bool outbox_empty);
  void OnDisconnected() { ready_ = false; }

 private:
  struct Found {
    Header header;
    StoredRecord record;
  };
  void Ask();
  void OnReply(MessagePayload& reply);
  Result<std::vector<Found>> Check(const OwnRecordsReply& reply, TreeHead& head) const;
  void Take(std::vector<Found>& found, Sequence upto);

  Vault& vault_;
  Step& step_;
  Requests& requests_;
  Knowledge& knowledge_;
  HeadWatch& heads_;
  const Clock& clock_;
  bool ready_ = false;
  bool asked_ = false;
  Sequence known_;     // Of our last record here, and how far the hub's log was looked through for others.
  Sequence own_last_;  // As the hub says.
};

}  // namespace schakel
