// Keeps watch over the log's heads: each newer one must contain the last one verified, and so must every head that
// another organisation says it saw. A hub with two faces is caught by ordinary traffic.
//
// Threads: one object, one thread.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <set>

#include "agents/vault.h"
#include "protocol/checkpoint.h"
#include "protocol/seams.h"
#include "requests.h"
#include "step.h"

namespace schakel {

class HeadWatch {
 public:
  HeadWatch(NoteVerifier verifier, Step& step, Requests& requests, const Clock& clock)
      : verifier_(std::move(verifier)), step_(step), requests_(requests), clock_(clock) {}

  void Load(SeenHead seen) { seen_ = std::move(seen); }
  const SeenHead& seen() const { return seen_; }
  const NoteVerifier& verifier() const { return verifier_; }

  // Takes in a head with the proof from the last one. What does not check is a reason to distrust, and does so.
  // False: distrusted.
  bool Advance(const std::string& note, const std::vector<Hash32>& consistency);

  // Asks for the newest head, unless that is under way or was just done; `OnSeen` follows.
  void AskNewest();
  // Asks whether `head`, from a note that holds, is of the same log as the last one seen; then calls `done`.
  void Compare(const TreeHead& head, const std::string& note, std::function<void()> done);

  // A head that the log signed and `witness` cosigned.
  void Meet(const OrgId& witness, const TreeHead& head);
  // What `author` says it saw when it wrote the record that is entry `record` of the log.
  void Witness(const OrgId& author, const TreeHead& head, Sequence record);

  void OnReady();
  void OnTick();
  void OnDisconnected();

  // Called whenever a newer head was verified.
  std::function<void()> on_seen;

 private:
  struct Claim {
    OrgId author;
    TreeHead head;
  };
  enum class Compared : std::uint8_t { kSame, kLater, kSplit };
  void AskAdvance(std::uint64_t size, std::function<bool(const ProofReply&)> take);
  void AskAbout(const TreeHead& head, std::function<void(Compared)> done);
  Compared CompareSameSize(const TreeHead& head);
  void CheckClaims();

  NoteVerifier verifier_;
  Step& step_;
  Requests& requests_;
  const Clock& clock_;
  SeenHead seen_;
  bool ready_ = false;
  bool advancing_ = false;                       // One at a time: a proof starts from the last head seen.
  std::vector<std::function<void()>> deferred_;  // Comparisons that wait for it.
  std::chrono::steady_clock::time_point asked_newest_at_{};
  std::deque<Claim> claims_;       // Not compared yet.
  std::vector<Claim> asked_;       // Being compared.
  std::deque<TreeHead> compared_;  // The latest, so that repeats cost nothing.
};

}  // namespace schakel
