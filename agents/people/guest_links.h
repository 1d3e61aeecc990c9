// Personal links of guests of a meeting, and the sessions that were begun with them.
//
// Of a link only a hash is kept; the secret itself is random, 256 bits, and shown once. A guest has one link: a new one
// takes the place of the one before. A session lives in memory alone: after a restart the guest opens the link again.
// What became of links (made, used, refused, revoked) is a list in the vault that only grows: ids, and who of ours.
//
// Threads: any. Durability: links and what became of them are in the vault when a call returns.
#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agents/engine.h"
#include "protocol/ids.h"
#include "protocol/seams.h"

namespace schakel {

using GuestLinkId = StrongId<struct GuestLinkIdTag, Id128>;

enum class LinkEnd : std::uint8_t {
  kChosen = 1,  // By who made it.
  kFollows,     // With the date of the meeting, if that comes later.
};
struct GuestLink {
  GuestLinkId id;
  TrajectoryId trajectory;
  RecordId meeting;
  RecordId guest;   // The record that holds their name.
  Hash32 secret{};  // Its hash.
  Timestamp made_at;
  Timestamp expires_at;               // Already outside.
  std::optional<Timestamp> used_at;   // Last.
  std::optional<Timestamp> ended_at;  // Revoked, or another took its place.
  LinkEnd end = LinkEnd::kChosen;
  friend bool operator==(const GuestLink&, const GuestLink&) = default;
};

struct GuestEvent {
  enum class What : std::uint8_t { kMade = 1, kUsed, kRefused, kRevoked };
  Timestamp at;
  What what = What::kMade;
  GuestLinkId link;
  RecordId meeting;
  RecordId guest;
  std::string by;  // Who of ours; empty: the guest.
  friend bool operator==(const GuestEvent&, const GuestEvent&) = default;
};
std::string_view Slug(GuestEvent::What value);
Result<std::vector<GuestEvent>> GuestEventsOf(const Engine& engine);  // Of all meetings, oldest first.

struct GuestLinkRules {
  std::chrono::minutes session_idle{120};
  std::chrono::minutes session_longest{12 * 60};
  std::chrono::minutes refusal_noted_every{60};  // Of one link, so that nobody fills the vault.
  std::size_t links_max = 20'000;
};

class GuestLinks {
 public:
  static constexpr const char* kSet = "people.guests";
  static constexpr const char* kEvents = "guest.links";

  GuestLinks(Engine& engine, const Clock& clock, Random& random, GuestLinkRules rules = {})
      : engine_(engine), clock_(clock), random_(random), rules_(rules) {}
  Status Load();  // Once, before all else.

  struct Issued {
    GuestLink link;
    std::string secret;  // base64url.
  };
  // Ends the link that the guest has. kLimit ("guest.many").
  Result<Issued> Make(const TrajectoryId& trajectory, const RecordId& meeting, const RecordId& guest,
                      Timestamp expires_at, LinkEnd end, const std::string& by);
  // It holds until then, if that is later than before. Nothing happens to one that is there no longer.
  Status Extend(const GuestLinkId& link, Timestamp expires_at);
  // Its sessions end too. kNotFound ("guest.no_link"): the guest has none that holds.
  Status Revoke(const RecordId& guest, const std::string& by);
  // Of a meeting, by guest: the last link of each.
  std::map<RecordId, GuestLink> Of(const RecordId& meeting) const;
  Result<std::vector<GuestEvent>> EventsOf(const RecordId& meeting) const;  // Oldest first.
  // Nothing is left of the links of an erased trajectory.
  Status Forget(const TrajectoryId& trajectory);
  std::vector<TrajectoryId> Trajectories() const;

  // The link that `secret` is of, whether or not it still holds; compared with each, in the same time.
  std::optional<GuestLink> Find(std::string_view secret) const;
  bool Holds(const GuestLink& link) const { return !link.ended_at && clock_.Now() < link.expires_at; }
  // Somebody came with a link that no longer holds.
  Status NoteRefused(const GuestLink& link);

  struct Session {
    GuestLinkId link;
    Hash32 secret{};
    Timestamp used_at;
    Timestamp expires_at;
  };
  struct Begun {
    std::string secret;
    Timestamp expires_at;
  };
  // Always a new secret; the session that the link had ends. Nothing: the link holds no longer.
  Result<std::optional<Begun>> Begin(const GuestLinkId& link);
  // The link behind a session that holds, and now it was used.
  std::optional<GuestLink> Enter(std::string_view session_secret);
  void End(std::string_view session_secret);

 private:
  Status Keep(const GuestLink& link);
  Status Note(const GuestLink& link, GuestEvent::What what, const std::string& by) const;
  std::optional<GuestLink> Current(const RecordId& guest) const;  // The lock is held.

  Engine& engine_;
  const Clock& clock_;
  Random& random_;
  const GuestLinkRules rules_;
  std::mutex change_mutex_;  // One change at a time, rows in the order of what they say. Taken before the other.
  mutable std::mutex mutex_;
  std::map<GuestLinkId, GuestLink> links_;
  std::map<GuestLinkId, Session> sessions_;  // One of each link.
  std::map<GuestLinkId, Timestamp> refused_at_;
};

}  // namespace schakel
