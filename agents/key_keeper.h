// Keeps the organisation's own keys fresh: asks for new ones and changes over to them once the registrars have put them
// into force; and states a new HPKE key by itself now and again.
//
// Resumable: new keys lie in the vault before anything about them leaves, and the change-over is one step with the
// statement that brought it. Threads: one object, one thread.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "agents/keys.h"
#include "agents/knowledge.h"
#include "agents/vault.h"
#include "protocol/seams.h"
#include "requests.h"
#include "step.h"

namespace schakel {

class KeyKeeper {
 public:
  KeyKeeper(AgentKeys& keys, Vault& vault, Step& step, Requests& requests, const Knowledge& knowledge,
            const Clock& clock, KeyPolicy policy)
      : keys_(keys),
        vault_(vault),
        step_(step),
        requests_(requests),
        knowledge_(knowledge),
        clock_(clock),
        policy_(policy) {}

  // Takes the keys of the vault, if it has any, in the place of those given; after the directory was read.
  Status Load();

  // Makes all keys anew, unless some were asked for already, and asks the hub for them when it can.
  void Rotate();
  // States a new HPKE key. kConflict ("keys.not_in_force"): the directory has another record key of ours.
  Status RotateHpke();

  void OnReady();
  // `up_to_date`: nothing is under way to us that the hub knows of.
  void OnTick(bool up_to_date);
  void OnDisconnected();
  // The directory grew. `about_us`: by what registrars say of this organisation.
  void OnDirectory(bool about_us);

  // Once after the keys by which the hub lets us in changed.
  bool TakeChange() { return std::exchange(changed_, false); }
  // Those, the one to try first in front.
  std::vector<TransportKey> TransportKeys() const;
  // Null: not ours. Those that were asked for count: others may hear before us that they are in force.
  const AgreementKey* FindAgreement(const KeyId& key) const;
  KeyReport Report() const;

  std::function<void()> on_switched;  // To other keys, in this step.
  std::function<void(std::function<void()>)> refresh_directory;

 private:
  void AskRotation();
  void OnRotationReply(MessagePayload& reply);
  void Announce();
  void OnAnnounceReply(MessagePayload& reply);
  void Switch();
  void MakeHpke();
  void DropOldHpke(Timestamp now);
  bool InForce() const;
  bool NeedsHpke(Timestamp now) const;

  AgentKeys& keys_;
  Vault& vault_;
  Step& step_;
  Requests& requests_;
  const Knowledge& knowledge_;
  const Clock& clock_;
  const KeyPolicy policy_;

  std::optional<AgentKeys> next_;                 // Asked for, and not in force.
  std::optional<Directory::Organisation> known_;  // What the directory says of us.
  bool ready_ = false;
  bool heard_ = false;     // The hub has our request.
  bool asked_ = false;     // An announcement is under way.
  bool too_many_ = false;  // The last one was refused for that.
  bool changed_ = false;
  std::optional<Error> refused_;
  std::chrono::steady_clock::time_point resume_at_{};
};

}  // namespace schakel
