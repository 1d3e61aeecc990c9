// De-identified cases from which partners learn (VTO, intervision, lab). docs/methods.md says how it goes.
//
// Of no trajectory: no grant covers them, so all of their words are read before they leave, as an anonymous question
// is, and what stands in a case file here cannot be overruled. What was withdrawn shows nowhere any more; what somebody
// read stays read.
// Threads, durability, errors: as services.h.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "agents/services.h"

namespace schakel {

// What a colleague of an organisation that has the case says under it.
struct LearningComment {
  RecordId id;
  OrgId author;
  Timestamp at;
  RecordId withdrawal;  // None: it stands.
  std::optional<Timestamp> withdrawn_at;
  std::set<OrgId> to;  // Whom it reached, if it is ours; else ourselves.
  friend bool operator==(const LearningComment&, const LearningComment&) = default;
};

struct LearningCase {
  RecordId id;
  OrgId author;
  Timestamp at;
  RecordId withdrawal;  // None: it stands.
  std::optional<Timestamp> withdrawn_at;
  std::set<OrgId> to;                     // Whom it reached, if it is ours; else ourselves.
  std::vector<LearningComment> comments;  // In the log's order; of who has the case, as far as it says so.
  friend bool operator==(const LearningCase&, const LearningCase&) = default;
};

struct LearningSearch {
  std::string theme;
  std::string words;  // All of them stand in it.
  bool all = false;   // Also what was withdrawn.
};

// What cannot be overruled in a learning case, for it may point at somebody whom we know.
bool StaysAtHome(Identifying what);

class LearningService {
 public:
  LearningService(Engine& engine, Cases& cases, Clock& clock) : engine_(engine), cases_(cases), clock_(clock) {}

  // To whom the audience names; nobody named: every organisation that is active. kInvalid ("learning.identifying",
  // its field where): what was found comes back in `screening`, and nothing is sent.
  Result<Sent> Publish(LearningCaseBody body, CategorySet categories, const Audience& audience, Screening& screening);
  // To who wrote the case and to all whom it went to, as the case says; of one that does not say so yet, to its author
  // alone. Read before it leaves, as a case is. kConflict ("learning.withdrawn").
  Result<Sent> Comment(const RecordId& id, const MessageBody& body, const Audience& audience, Screening& screening);
  // A case, or a comment: to whom it went. With a case go all comments. kDenied ("learning.author"); kConflict
  // ("learning.withdrawn").
  Result<Sent> Withdraw(const RecordId& id, const LearningWithdrawalBody& body, const Audience& audience,
                        Screening& screening);
  struct Found {
    std::vector<LearningCase> cases;  // The newest first.
    std::vector<std::string> themes;  // Of all that stand, each once, by name.
  };
  Found Find(const LearningSearch& search);
  // Destroys the words of what others took back, and of what others said under it: nobody here finds or reads them any
  // more.
  Status ForgetWithdrawn();
  Result<LearningCase> Show(const RecordId& id);  // By any record of it. kNotFound ("id.unknown").

 private:
  Status Screen(const std::vector<ScreenedText>& texts, Screening& screening);

  Engine& engine_;
  Cases& cases_;
  Clock& clock_;
};

}  // namespace schakel
