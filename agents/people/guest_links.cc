#include "people/guest_links.h"

#include <algorithm>
#include <set>

#include "optional_time.h"
#include "people/passes.h"
#include "protocol/codec.h"
#include "protocol/crypto.h"

namespace schakel {
namespace {

constexpr std::uint64_t kLinkRowVersion = 2;
constexpr std::size_t kLinkRowItems[] = {10, 11};  // Of each version.
constexpr std::uint64_t kEventVersion = 1;
constexpr std::size_t kByBytesMax = 200;

// 256 random bits need no slow hash. Apart from those of staff: neither opens the other's door.
Hash32 LinkHash(std::string_view secret) { return Sha256({AsBytes("schakel/guest-link/v1"), AsBytes(secret)}); }
Hash32 SessionHash(std::string_view secret) { return Sha256({AsBytes("schakel/guest-session/v1"), AsBytes(secret)}); }

Bytes Encode(const GuestLink& link) {
  Encoder to;
  to.Array(11).Uint(kLinkRowVersion).Id(link.id).Id(link.trajectory).Id(link.meeting).Id(link.guest);
  to.Binary(link.secret).Time(link.made_at).Time(link.expires_at);
  PutTime(to, link.used_at);
  PutTime(to, link.ended_at);
  to.Enum(link.end);
  return to.Take();
}

Result<GuestLink> DecodeLink(ByteView bytes) {
  Decoder from(bytes);
  GuestLink link;
  const std::size_t items = from.ArrayBetween(kLinkRowItems[0], kLinkRowItems[1], "guest");
  const std::uint64_t version = from.Uint("guest");
  const bool known = version >= 1 && version <= kLinkRowVersion && items == kLinkRowItems[version - 1];
  if (!known) from.FailWith(Code::kVersion, "vault.row", "guest");
  link.id = from.ReadId<GuestLinkId>("guest.id");
  link.trajectory = from.ReadId<TrajectoryId>("guest.trajectory");
  link.meeting = from.ReadId<RecordId>("guest.meeting");
  link.guest = from.ReadId<RecordId>("guest.guest");
  link.secret = from.Fixed<32>("guest.secret");
  link.made_at = from.Time("guest.made_at");
  link.expires_at = from.Time("guest.expires_at");
  link.used_at = TakeTime(from, "guest.used_at");
  link.ended_at = TakeTime(from, "guest.ended_at");
  if (version >= 2) link.end = from.Enum("guest.end", LinkEnd::kChosen, LinkEnd::kFollows);
  if (Status done = from.Finish(); !done) {
    const Code code = done.error().code == Code::kVersion ? Code::kVersion : Code::kCorrupt;
    return Fail(code, "vault.row", "guest", "check the vault with: schakel-agent check");
  }
  return link;
}

Result<GuestEvent> DecodeEvent(ByteView bytes) {
  Decoder from(bytes);
  GuestEvent event;
  from.Array(7, "guest");
  if (from.Uint("guest") != kEventVersion) from.FailWith(Code::kVersion, "vault.row", "guest");
  event.at = from.Time("guest.at");
  event.what = from.Enum("guest.what", GuestEvent::What::kMade, GuestEvent::What::kRevoked);
  event.link = from.ReadId<GuestLinkId>("guest.link");
  event.meeting = from.ReadId<RecordId>("guest.meeting");
  event.guest = from.ReadId<RecordId>("guest.guest");
  event.by = from.Text("guest.by", kByBytesMax);
  if (!from.Finish()) return Fail(Code::kCorrupt, "vault.row", "guest");
  return event;
}

}  // namespace

std::string_view Slug(GuestEvent::What value) {
  switch (value) {
    case GuestEvent::What::kMade:
      return "made";
    case GuestEvent::What::kUsed:
      return "used";
    case GuestEvent::What::kRefused:
      return "refused";
    case GuestEvent::What::kRevoked:
      return "revoked";
  }
  return "unknown";
}

Result<std::vector<GuestEvent>> GuestEventsOf(const Engine& engine) {
  std::vector<GuestEvent> events;
  Status decoded;
  SCHAKEL_TRY(engine.VisitFacts(GuestLinks::kEvents, [&](ByteView row) {
    auto event = DecodeEvent(row);
    if (!event) {
      decoded = std::unexpected(event.error());
      return false;
    }
    events.push_back(std::move(*event));
    return true;
  }));
  SCHAKEL_TRY(decoded);
  return events;
}

Status GuestLinks::Load() {
  SCHAKEL_ASSIGN(const auto rows, engine_.Kept(kSet));
  std::lock_guard lock(mutex_);
  for (const auto& [key, value] : rows) {
    SCHAKEL_ASSIGN(GuestLink link, DecodeLink(value));
    links_.emplace(link.id, std::move(link));
  }
  return {};
}

Status GuestLinks::Keep(const GuestLink& link) {
  SCHAKEL_TRY(engine_.Keep({{kSet, ToText(link.id), Encode(link)}}));
  std::lock_guard lock(mutex_);
  links_[link.id] = link;
  if (link.ended_at) sessions_.erase(link.id);
  return {};
}

Status GuestLinks::Note(const GuestLink& link, GuestEvent::What what, const std::string& by) const {
  Encoder to;
  to.Array(7).Uint(kEventVersion).Time(clock_.Now()).Enum(what).Id(link.id).Id(link.meeting).Id(link.guest).Text(by);
  return engine_.AppendFact(kEvents, to.bytes());
}

std::optional<GuestLink> GuestLinks::Current(const RecordId& guest) const {
  const auto found = std::ranges::find_if(
      links_, [&](const auto& entry) { return entry.second.guest == guest && !entry.second.ended_at; });
  return found == links_.end() ? std::nullopt : std::optional(found->second);
}

Result<GuestLinks::Issued> GuestLinks::Make(const TrajectoryId& trajectory, const RecordId& meeting,
                                            const RecordId& guest, Timestamp expires_at, LinkEnd end,
                                            const std::string& by) {
  std::lock_guard change(change_mutex_);
  std::vector<GuestLink> before;
  {
    std::lock_guard lock(mutex_);
    for (const auto& [id, link] : links_) {
      if (link.guest == guest) before.push_back(link);
    }
    if (before.empty() && links_.size() >= rules_.links_max) {
      return Fail(Code::kLimit, "guest.many", {}, "close trajectories that have ended");
    }
  }
  const Timestamp now = clock_.Now();
  Issued issued;
  issued.secret = DrawSecret(random_);
  issued.link = {random_.Draw<GuestLinkId>(),
                 trajectory,
                 meeting,
                 guest,
                 LinkHash(issued.secret),
                 now,
                 expires_at,
                 std::nullopt,
                 std::nullopt,
                 end};
  // The one before is out of the way in the same write as the new one comes.
  std::vector<Engine::KeptRow> rows = {{kSet, ToText(issued.link.id), Encode(issued.link)}};
  for (const GuestLink& link : before) rows.push_back({kSet, ToText(link.id), std::nullopt});
  for (const GuestLink& link : before) {
    if (!link.ended_at) SCHAKEL_TRY(Note(link, GuestEvent::What::kRevoked, by));
  }
  SCHAKEL_TRY(Note(issued.link, GuestEvent::What::kMade, by));
  SCHAKEL_TRY(engine_.Keep(rows));
  std::lock_guard lock(mutex_);
  for (const GuestLink& link : before) {
    links_.erase(link.id);
    sessions_.erase(link.id);
    refused_at_.erase(link.id);
  }
  links_[issued.link.id] = issued.link;
  return issued;
}

Status GuestLinks::Extend(const GuestLinkId& id, Timestamp expires_at) {
  std::lock_guard change(change_mutex_);
  GuestLink link;
  {
    std::lock_guard lock(mutex_);
    const auto found = links_.find(id);
    if (found == links_.end() || found->second.ended_at || expires_at <= found->second.expires_at) return {};
    link = found->second;
  }
  link.expires_at = expires_at;
  return Keep(link);
}

Status GuestLinks::Revoke(const RecordId& guest, const std::string& by) {
  std::lock_guard change(change_mutex_);
  std::optional<GuestLink> link;
  {
    std::lock_guard lock(mutex_);
    link = Current(guest);
    // Whatever the disk says, nobody goes on with it.
    if (link) sessions_.erase(link->id);
  }
  if (!link) return Fail(Code::kNotFound, "guest.no_link", "guest", "see which links there are: tables guests");
  link->ended_at = clock_.Now();
  SCHAKEL_TRY(Note(*link, GuestEvent::What::kRevoked, by));
  return Keep(*link);
}

std::map<RecordId, GuestLink> GuestLinks::Of(const RecordId& meeting) const {
  std::map<RecordId, GuestLink> all;
  std::lock_guard lock(mutex_);
  for (const auto& [id, link] : links_) {
    if (link.meeting == meeting) all.emplace(link.guest, link);
  }
  return all;
}

Result<std::vector<GuestEvent>> GuestLinks::EventsOf(const RecordId& meeting) const {
  SCHAKEL_ASSIGN(auto events, GuestEventsOf(engine_));
  std::erase_if(events, [&](const GuestEvent& event) { return event.meeting != meeting; });
  return events;
}

Status GuestLinks::Forget(const TrajectoryId& trajectory) {
  std::lock_guard change(change_mutex_);
  std::vector<Engine::KeptRow> rows;
  {
    std::lock_guard lock(mutex_);
    for (auto link = links_.begin(); link != links_.end();) {
      if (link->second.trajectory != trajectory) {
        ++link;
        continue;
      }
      rows.push_back({kSet, ToText(link->first), std::nullopt});
      sessions_.erase(link->first);
      refused_at_.erase(link->first);
      link = links_.erase(link);
    }
  }
  return rows.empty() ? Status{} : engine_.Keep(rows);
}

std::vector<TrajectoryId> GuestLinks::Trajectories() const {
  std::set<TrajectoryId> all;
  std::lock_guard lock(mutex_);
  for (const auto& [id, link] : links_) all.insert(link.trajectory);
  return {all.begin(), all.end()};
}

std::optional<GuestLink> GuestLinks::Find(std::string_view secret) const {
  const Hash32 hash = LinkHash(secret);
  std::optional<GuestLink> found;
  std::lock_guard lock(mutex_);
  for (const auto& [id, link] : links_) {
    if (ConstantTimeEqual(link.secret, hash)) found = link;
  }
  return found;
}

Status GuestLinks::NoteRefused(const GuestLink& link) {
  {
    std::lock_guard lock(mutex_);
    const Timestamp now = clock_.Now();
    const auto before = refused_at_.find(link.id);
    if (before != refused_at_.end() && now < before->second + rules_.refusal_noted_every) return {};
    refused_at_[link.id] = now;
  }
  return Note(link, GuestEvent::What::kRefused, {});
}

Result<std::optional<GuestLinks::Begun>> GuestLinks::Begin(const GuestLinkId& id) {
  std::lock_guard change(change_mutex_);
  GuestLink link;
  {
    std::lock_guard lock(mutex_);
    const auto found = links_.find(id);
    if (found == links_.end() || !Holds(found->second)) return std::optional<Begun>{};
    link = found->second;
  }
  const Timestamp now = clock_.Now();
  link.used_at = now;
  SCHAKEL_TRY(Note(link, GuestEvent::What::kUsed, {}));
  SCHAKEL_TRY(Keep(link));
  Begun begun{DrawSecret(random_), std::min(link.expires_at, now + rules_.session_longest)};
  std::lock_guard lock(mutex_);
  sessions_[id] = {id, SessionHash(begun.secret), now, begun.expires_at};
  return std::optional(std::move(begun));
}

std::optional<GuestLink> GuestLinks::Enter(std::string_view session_secret) {
  const Hash32 hash = SessionHash(session_secret);
  const Timestamp now = clock_.Now();
  std::lock_guard lock(mutex_);
  Session* session = nullptr;
  for (auto& [id, one] : sessions_) {
    if (ConstantTimeEqual(one.secret, hash)) session = &one;
  }
  if (session == nullptr) return std::nullopt;
  const auto link = links_.find(session->link);
  const bool over = now >= session->expires_at || now >= session->used_at + rules_.session_idle;
  if (over || link == links_.end() || !Holds(link->second)) {
    sessions_.erase(session->link);
    return std::nullopt;
  }
  session->used_at = std::max(session->used_at, now);
  return link->second;
}

void GuestLinks::End(std::string_view session_secret) {
  const Hash32 hash = SessionHash(session_secret);
  std::lock_guard lock(mutex_);
  std::erase_if(sessions_, [&](const auto& entry) { return ConstantTimeEqual(entry.second.secret, hash); });
}

}  // namespace schakel
