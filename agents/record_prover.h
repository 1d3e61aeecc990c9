// Has the hub prove where records that are held here stand in the log: own ones and received ones, under one head.
//
// Of a received record the entry came with it; of an own one the hub hands it out, and it is checked against what was
// written. Threads: one object, one thread.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <vector>

#include "agents/knowledge.h"
#include "agents/vault.h"
#include "cosigner.h"
#include "heads.h"
#include "protocol/evidence.h"
#include "protocol/seams.h"
#include "requests.h"
#include "step.h"

namespace schakel {

class RecordProver {
 public:
  using Done = std::move_only_function<void(Result<Evidence>)>;

  RecordProver(Vault& vault, Step& step, Requests& requests, HeadWatch& heads, const Cosigner& cosigner,
               const Knowledge& knowledge, const Clock& clock)
      : vault_(vault),
        step_(step),
        requests_(requests),
        heads_(heads),
        cosigner_(cosigner),
        knowledge_(knowledge),
        clock_(clock) {}

  // `done` is called once: with evidence about `trajectory` that holds one entry for each record, or kUnavailable
  // ("hub.offline"), kTampered ("hub.distrusted"), kNotFound ("vault.record"; "hub.entry_missing": the hub has it no
  // more), kConflict ("record.waiting"): one of them has not reached the hub.
  void Prove(const TrajectoryId& trajectory, const std::vector<RecordId>& records, Done done);
  void OnReady() { ready_ = true; }
  void OnTick();  // Goes on where a newer head was waited for, or the hub was short of breath.
  void OnDisconnected();
  void OnDistrusted();

 private:
  struct Item {
    Sequence sequence;
    Bytes header;
    Hash32 ciphertext_hash{};
    Hash32 recipients_root{};
    ProvenEntry proven;  // Of a received one, all but the proof.
  };
  struct Job {
    TrajectoryId trajectory;
    Done done;
    std::vector<Item> items;
    std::deque<std::size_t> to_prove;
    std::size_t proving = 0;
    SeenHead under;  // Size 0: none covers all of them yet.
    bool paused = false;
  };
  using JobPtr = std::shared_ptr<Job>;
  Result<Item> ItemOf(const RecordId& id) const;
  void GoOn(const JobPtr& job);
  void OnProof(const JobPtr& job, std::size_t index, MessagePayload& reply);
  bool Fits(const Item& item) const;
  void Complete(const JobPtr& job);
  void End(const JobPtr& job, Result<Evidence> result);
  void EndAll(const Error& why);

  Vault& vault_;
  Step& step_;
  Requests& requests_;
  HeadWatch& heads_;
  const Cosigner& cosigner_;
  const Knowledge& knowledge_;
  const Clock& clock_;
  bool ready_ = false;
  std::vector<JobPtr> jobs_;
};

}  // namespace schakel
