// Messages with supporters (steunfiguren) of the young person, as in non-violent resistance. docs/methods.md says how
// it goes.
//
// A supporter is a guest of a meeting of ours who is neither the young person nor a parent, and comes by a personal
// link. Each has a conversation of their own: a supporter is shown what they wrote and what was written to them, never
// that there are others. What holds for links holds here: one that was revoked or has ended neither reads nor writes.
// Threads, durability, errors: as services.h.
#pragma once

#include <string>
#include <vector>

#include "agents/guests.h"

namespace schakel {

class SupporterService {
 public:
  SupporterService(Engine& engine, Cases& cases, GuestService& guests)
      : engine_(engine), cases_(cases), guests_(guests) {}

  // Ours, of all meetings of the trajectory; also who is a guest no longer, as long as something was written.
  struct Standing {
    RecordId guest;
    RecordId table;  // None: no guest any more.
    GuestService::State link = GuestService::State::kNone;
    std::vector<CaseSupporter::Message> messages;  // Oldest first.
  };
  Result<std::vector<Standing>> List(const TrajectoryId& id);
  // To each apart, in a conversation of its own. It goes to nobody else, unless `audience` names who of the team reads
  // along: they have that conversation's answers too. All of them are checked before anything is sent. kNotFound
  // ("supporter.unknown"), kConflict ("supporter.no_link"): who has no link that holds would never read it. kInvalid
  // ("supporter.to"), kLimit ("supporter.many").
  Result<std::vector<Sent>> Write(const TrajectoryId& id, const std::vector<RecordId>& supporters,
                                  const std::string& text, const Audience& audience, const Caller& caller);

  // ---- The supporter: kDenied ("supporter.none") for any other guest ----
  struct Said {
    SupporterMessageBody body;
    Timestamp at;
  };
  // Oldest first. The view of each is logged first.
  Result<std::vector<Said>> Read(const GuestService::Visit& visit);
  // kLimit ("supporter.wait"): too much was written since the last answer.
  Result<Sent> Answer(const GuestService::Visit& visit, const std::string& text, std::chrono::milliseconds patience);

  static constexpr std::size_t kAtOnceMax = 30;
  static constexpr std::size_t kUnansweredMax = 20;

 private:
  Result<CaseSupporter> ConversationOf(const TrajectoryId& id, const RecordId& guest);
  Result<std::string> NameOf(const RecordId& guest) const;
  Result<Draft> DraftOf(const TrajectoryId& id, const CaseSupporter& conversation, SupporterMessageBody body) const;
  Status CheckSupporter(const GuestService::Visit& visit);

  Engine& engine_;
  Cases& cases_;
  GuestService& guests_;
};

}  // namespace schakel
