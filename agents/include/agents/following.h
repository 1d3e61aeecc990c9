// Who of our own people follows which trajectory, and what changed there since they last looked. It stays in the vault:
// neither the hub nor a partner hears of it.
//
// What somebody follows and up to where they looked is their account's: called otherwise, they have it still
// (former_names.h). A row under a name of before is moved when it is next needed.
// Threads: any. Durability: synced when a call returns.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "agents/former_names.h"
#include "agents/services.h"

namespace schakel {

struct Follow {
  TrajectoryId trajectory;
  std::string person;    // As in Person::name.
  std::set<Kind> kinds;  // None: all of them.
  Timestamp since;
  bool Concerns(Kind kind) const { return kinds.empty() || kinds.contains(kind); }
  friend bool operator==(const Follow&, const Follow&) = default;
};
// A hash, so that a person's name cannot break a name of the vault; one for all spellings of the name.
std::string PersonRow(const std::string& person);
Bytes EncodeFollow(const Follow& follow);
Result<Follow> DecodeFollow(ByteView bytes);  // kCorrupt or kVersion ("vault.row").

// Up to where somebody has looked: of what came from others, their place in the feed; of our own, when the hub had it.
struct LookMark {
  FeedPosition position;
  Timestamp own;
  friend bool operator==(const LookMark&, const LookMark&) = default;
};
std::string ToText(const LookMark& mark);  // "12.1764000000000"
// kInvalid ("changes.mark").
Result<LookMark> ParseLookMark(std::string_view text);

// Something that is there, and was not when they looked. No words of it.
struct TrajectoryChange {
  RecordId record;
  Kind kind = Kind::kNote;
  OrgId author;  // Empty: it was withheld, and is not told.
  Timestamp at;
  RecordState state = RecordState::kReceived;
  std::optional<Denial> withheld;  // It could not be handed to us.
  friend bool operator==(const TrajectoryChange&, const TrajectoryChange&) = default;
};

class FollowService {
 public:
  static constexpr const char* kSet = "follows";
  static constexpr const char* kAskerSet = "consultations.askers";
  static constexpr const char* kOwnSet = "follows.own";
  static constexpr std::size_t kFollowsMax = 500;  // Of one person.

  FollowService(Engine& engine, Cases& cases, Clock& clock) : engine_(engine), cases_(cases), clock_(clock) {}

  // Also in the place of what that person followed there before. kDenied ("follow.no_task"): others have a task there,
  // and this person has none, whatever the reason of looking; kLimit ("follow.many").
  Status Begin(const TrajectoryId& id, const std::set<Kind>& kinds, const std::string& person);
  Status End(const TrajectoryId& id, const std::string& person);  // kNotFound ("follow.none").
  Result<std::vector<Follow>> Of(const std::string& person);      // Of trajectories that are still there.
  // Whom to tell of a record of that kind: those who follow it, and have a task there where somebody has.
  Result<std::vector<std::string>> WhomToTell(const TrajectoryId& id, Kind kind);

  // An anonymous question is of no trajectory, and nobody follows it: that person asked it, and is told of it. Of those
  // that are concluded nothing is kept.
  Status NoteAsker(const RecordId& question, const std::string& person);
  // Questions of ours that wait for an answer longer than they should: their day passed after `since`, and has by
  // `now`.
  struct LateAnswers {
    struct Question {
      RecordId id;
      std::optional<TrajectoryId> trajectory;  // None: asked anonymously.
      Timestamp due_by;
    };
    std::vector<Question> questions;  // In the order in which their days passed.
    std::vector<std::string> people;  // Whom to tell. Of an anonymous one: who asked it.
  };
  Result<LateAnswers> LateBetween(Timestamp since, Timestamp now);

  // What this person wrote there is no news to them: kept where they follow, until they have seen what came before it.
  // What a colleague of theirs wrote is news.
  Status NoteOwn(const TrajectoryId& id, const RecordId& record, const std::string& person);

  // Whether something that this person follows, and has a task for where somebody has, came since they looked.
  Result<bool> HasNews(const std::string& person);

  struct Changes {
    std::vector<TrajectoryChange> changes;  // The newest first.
    LookMark seen;
    LookMark last;
  };
  // Without what NoteOwn kept. kNotFound ("id.unknown"); kDenied ("view.no_task").
  Result<Changes> Since(const TrajectoryId& id, const Caller& caller);
  // Never goes back, nor beyond what there is. Errors as Since.
  Status MarkSeen(const TrajectoryId& id, const LookMark& mark, const Caller& caller);

 private:
  using Key = std::pair<TrajectoryId, std::string>;
  // The lock is held. The rows once; and what belongs to somebody who is called otherwise since, under that name.
  Status Load();
  Key KeyOf(const TrajectoryId& id, const std::string& person) const;  // After Load.
  Result<LookMark> SeenBy(const TrajectoryId& id, const std::string& person) const;
  // What NoteOwn kept of that person there, by its rows' names.
  Result<std::map<std::string, RecordId>> OwnOf(const TrajectoryId& id, const std::string& person) const;

  Engine& engine_;
  Cases& cases_;
  Clock& clock_;
  std::mutex mutex_;
  bool loaded_ = false;
  FormerNames names_;  // As of the last Load.
  std::map<Key, Follow> follows_;
};

}  // namespace schakel
