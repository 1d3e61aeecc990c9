// Brings what the organisation said to the hub: in order, in signed batches within a window, each record again and
// again until its outcome is known, which the record's id makes happen once.
//
// Threads: one object, one thread.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "agents/knowledge.h"
#include "agents/vault.h"
#include "protocol/seams.h"
#include "requests.h"
#include "step.h"

namespace schakel {

class OutboxSender {
 public:
  OutboxSender(Vault& vault, Step& step, Requests& requests, Knowledge& knowledge, const AgentKeys& keys,
               const Clock& clock)
      : vault_(vault), step_(step), requests_(requests), knowledge_(knowledge), keys_(keys), clock_(clock) {}

  // Records up to `forgotten_up_to` may be closed anew if the hub no longer has the head that they name.
  void Load(std::uint64_t forgotten_up_to) { forgotten_up_to_ = forgotten_up_to; }
  // While others give back to the hub what it lost, only statements leave.
  void HoldContent(bool hold) { hold_content_ = hold; }
  bool holds_content() const { return hold_content_; }
  bool RecoveryIsOver() const { return recover_until_ && clock_.Steady() >= *recover_until_; }
  // A record that the vault holds, or will once this step is committed.
  void Add(std::uint64_t number, const Header& header);
  std::size_t size() const { return waiting_.size() + in_flight_records_; }
  // Looks that the records in it tell of: the hub has not heard of them.
  std::size_t looks() const { return looks_; }
  std::size_t looks_records() const { return looks_of_.size(); }  // Of size(): nobody wrote them.
  // They were erased: they leave no more.
  void Forget(const std::set<std::uint64_t>& numbers);

  void OnReady(const WireLimits& limits);
  void OnDisconnected();
  // Sends what may leave now. Only between steps: it reads what was committed.
  Status Pump();

  // Closes a record anew, without the head that it names, in this step.
  std::function<Status(std::uint64_t number)> reseal;
  // The hub has it, at this sequence; its log still has to prove so.
  std::function<void(std::uint64_t number, Sequence sequence, const Header&)> on_accepted;

 private:
  using Numbers = std::vector<std::uint64_t>;
  Result<std::optional<SignedBatch>> Gather(Numbers& numbers);
  void OnReply(std::uint64_t first, MessagePayload& reply);
  void OnOutcome(std::uint64_t number, Outcome& outcome);
  void OnBatchRefused(const Numbers& numbers, const Error& error);
  void Accept(std::uint64_t number, Outcome& outcome);
  void Refuse(std::uint64_t number, const Error& error);
  void TryAgain(std::uint64_t number, std::chrono::milliseconds pause);
  bool IsFirst(std::uint64_t number) const;
  void DropLooks(std::uint64_t number);
  bool MayHealByItself(std::uint64_t number, const Error& error) const;

  Vault& vault_;
  Step& step_;
  Requests& requests_;
  Knowledge& knowledge_;
  const AgentKeys& keys_;
  const Clock& clock_;

  bool ready_ = false;
  WireLimits limits_;
  std::set<std::uint64_t> waiting_;
  std::map<std::uint64_t, Numbers> in_flight_;  // Batches, by their first number.
  std::size_t in_flight_records_ = 0;
  std::map<std::uint64_t, std::size_t> looks_of_;  // Of records that tell of looks, until their outcome is known.
  std::size_t looks_ = 0;
  std::uint64_t forgotten_up_to_ = 0;
  bool hold_content_ = false;
  std::set<std::uint64_t> resealed_;  // Since the start.
  std::set<std::uint64_t> held_up_;  // Wait for what another organisation gives back; what comes after waits with them.
  std::optional<std::chrono::steady_clock::time_point> recover_until_;
  std::uint64_t singly_up_to_ = 0;  // A batch was refused whole: find out which record it was.
  bool pausing_ = false;
  std::chrono::steady_clock::time_point resume_at_{};
};

}  // namespace schakel
