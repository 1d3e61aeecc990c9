// Asks the hub who saw what, page by page, and checks every proof; yields one piece of evidence under one head, with
// our own cosignature and the statements that say whose keys are in it. What the hub's own answer counts and does not
// show raises an alarm ("hub.incomplete").
//
// Threads: one object, one thread.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <set>
#include <vector>

#include "agents/knowledge.h"
#include "cosigner.h"
#include "heads.h"
#include "protocol/evidence_page.h"
#include "protocol/seams.h"
#include "requests.h"
#include "step.h"

namespace schakel {

// Of the directory, what says whose keys stand in `whole`.
void AddStatements(const Knowledge& knowledge, std::string_view origin, Evidence& whole);

class AccessAsker {
 public:
  using Done = std::move_only_function<void(Result<Evidence>)>;

  AccessAsker(Step& step, Requests& requests, HeadWatch& heads, const Cosigner& cosigner, const Knowledge& knowledge,
              const Clock& clock)
      : step_(step), requests_(requests), heads_(heads), cosigner_(cosigner), knowledge_(knowledge), clock_(clock) {}

  // `done` is called once: with the whole answer, or kUnavailable ("hub.offline"), kTampered ("hub.distrusted"),
  // kLimit ("access.size"), or what the hub says.
  void Ask(const AccessQuery& query, Done done);
  void OnReady() { ready_ = true; }
  void OnTick();  // Goes on where the hub was short of breath.
  void OnDisconnected();
  void OnDistrusted();

 private:
  struct Page {
    TreeHead head;
    Evidence evidence;
    std::vector<Sequence> sequences;
  };
  struct Job {
    AccessQuery query;
    Done done;
    std::vector<Page> pages;
    std::size_t bytes = 0;
    std::deque<std::pair<std::size_t, std::size_t>> to_prove;  // Page and entry, under the head of the last page.
    std::size_t proving = 0;
    bool paused = false;
    std::set<RecordId> repeats = {};  // What shares the record again, as the pages so far said.
  };
  using JobPtr = std::shared_ptr<Job>;
  void AskPage(const JobPtr& job);
  void OnPage(const JobPtr& job, MessagePayload& reply);
  void Complete(const JobPtr& job);
  void ProveSome(const JobPtr& job);
  void OnProof(const JobPtr& job, std::size_t page, std::size_t entry, MessagePayload& reply);
  void Merge(const JobPtr& job);
  void CheckWhole(const Evidence& whole, const TreeHead& head);
  void End(const JobPtr& job, Result<Evidence> result);
  void EndAll(const Error& why);

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
