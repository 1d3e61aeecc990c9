// What people here asked about looks, tried to see and took along: rows in the vault that only grow, written before the
// answer is shown. The hub hears of questions to it by itself; what never reaches it stands here.
//
// Threads: any. Durability: synced when Note returns.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "agents/services.h"

namespace schakel {

struct Act {
  enum class What : std::uint8_t {
    kAsked = 1,   // Who saw what; answered from here, or from the hub as well.
    kTurnedAway,  // Asked for words of a record, or a question, and was not answered.
    kReported,    // Made the access report of the young person or the confidant.
    kExported,    // Took an answer or grants along in a file.
    kTookBack,    // Took back one's own consent, as a guest with a link.
    kWrote,       // Wrote where others have a task, for another reason. Noted before, so that no crash hides it.
    kWroteNot,    // And that was refused after all, or only looked ahead: otherwise the same as the kWrote it undoes.
    kAttempted,   // Tried what the frame of a case consultation does not allow, or to hand something to a partner who
                  // may not have it. It never left for the hub.
  };
  Timestamp at;
  What what = What::kAsked;
  TrajectoryId trajectory;  // None: all of them.
  RecordId record;          // None: not about one.
  Person person;
  ViewReason reason = ViewReason::kTask;
  std::string about;  // Whose looks were asked about, or for whom it was; empty: nobody's in particular.
  std::string
      question;  // kAsked, kTurnedAway: what else was asked, as AccessRow::question has it. kAttempted: the rule.
  std::optional<AccessRow::Barred> barred = std::nullopt;  // kTurnedAway.
};

Status Note(Engine& engine, const Act& act);
Result<std::vector<Act>> ActsOf(const Engine& engine);  // Oldest first; of what was undone nothing.

}  // namespace schakel
