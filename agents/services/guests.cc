// Guests of a meeting who come by a personal link.
#include "agents/guests.h"

#include <algorithm>

#include "agents/adulthood.h"
#include "local_time.h"
#include "meeting_drafts.h"
#include "people/guest_links.h"
#include "people/lockout.h"

namespace schakel {
namespace {

// As those who log in.
constexpr LockoutRule kByAddress{.free = 30};
constexpr LockoutRule kReports{.free = 10};  // A day.
constexpr std::size_t kGuestNameBytesMax = 90;
constexpr std::size_t kGuestDigits = 8;

// Unknown, expired and revoked alike.
std::unexpected<Error> NoLink() {
  return Fail(Code::kUnauthenticated, "guest.link", {}, "call the one who invited you, and ask for a new link");
}
std::unexpected<Error> NoSession() { return Fail(Code::kUnauthenticated, "guest.session", {}, "open your link again"); }

bool IsGuestOf(const Meeting& meeting, const RecordId& guest) {
  return std::ranges::find(meeting.guests, guest, &Meeting::Guest::id) != meeting.guests.end();
}

// When the last of it ends that takes place.
Timestamp EndOf(const Meeting& meeting) {
  Timestamp end = meeting.slot->ends_at;
  for (const MeetingSlot& one : OccurrencesOf(meeting)) {
    const auto change = meeting.changes.find(one.begins_at);
    if (change == meeting.changes.end()) {
      end = std::max(end, one.ends_at);
    } else if (change->second.slot) {
      end = std::max(end, change->second.slot->ends_at);
    }
  }
  return end;
}

// The guest's own answer to the date as it stands, or to one of the series; null: none.
const Meeting::Answer* AnswerOf(const Meeting& meeting, const RecordId& guest, std::optional<Timestamp> occurrence) {
  const auto found = std::ranges::find_if(meeting.answers, [&](const Meeting::Answer& one) {
    return one.guest == guest && one.occurrence == occurrence && !IsStale(meeting, one);
  });
  return found == meeting.answers.end() ? nullptr : &*found;
}

// Of a series, those that take place: when each would have begun, and when it does.
std::vector<std::pair<Timestamp, MeetingSlot>> Held(const Meeting& meeting) {
  std::vector<std::pair<Timestamp, MeetingSlot>> held;
  if (meeting.times < 2) return held;
  for (const MeetingSlot& one : OccurrencesOf(meeting)) {
    const auto change = meeting.changes.find(one.begins_at);
    if (change == meeting.changes.end()) {
      held.emplace_back(one.begins_at, one);
    } else if (change->second.slot) {
      held.emplace_back(one.begins_at, *change->second.slot);
    }
  }
  return held;
}

// The records whose words a guest is shown: never another guest's or an organisation's.
std::vector<RecordId> RecordsFor(const Meeting& meeting, const RecordId& guest) {
  std::vector<RecordId> ids = {meeting.id, guest};
  for (const Meeting::Guest& one : meeting.guests) {
    if (one.id == guest && one.vote) ids.push_back(one.vote->record);
  }
  if (!IsNone(meeting.fixed)) ids.push_back(meeting.fixed);
  for (const auto& [begins_at, change] : meeting.changes) ids.push_back(change.record);
  for (const Meeting::Answer& answer : meeting.answers) {
    if (answer.guest == guest && !IsStale(meeting, answer)) ids.push_back(answer.record);
  }
  return ids;
}

// What a parent was given for somebody under age ends when they come of age; whom they want at the table then, they
// say.
bool LapsedOfAge(Cases& cases, const Meeting& meeting, const GuestLink& link, Timestamp now) {
  const auto guest = std::ranges::find(meeting.guests, link.guest, &Meeting::Guest::id);
  if (guest->who != Speaker::kMother && guest->who != Speaker::kFather) return false;
  const auto since = OfAgeSince(cases, meeting.trajectory, now);
  return since && link.made_at < *since;
}

GuestService::State StateOf(const GuestLink& link, Timestamp now) {
  if (link.ended_at) return GuestService::State::kRevoked;
  return now < link.expires_at ? GuestService::State::kHolds : GuestService::State::kExpired;
}

}  // namespace

struct GuestService::Parts {
  Parts(Engine& engine, Clock& clock, Random& random)
      : links(engine, clock, random), by_address(kByAddress, clock), reports(kReports, clock) {}
  GuestLinks links;
  Lockout by_address;
  Lockout reports;  // By link: each is a question to the hub, for ever in its log.
};

std::string_view Slug(GuestService::State value) {
  switch (value) {
    case GuestService::State::kNone:
      return "none";
    case GuestService::State::kHolds:
      return "holds";
    case GuestService::State::kExpired:
      return "expired";
    case GuestService::State::kRevoked:
      return "revoked";
  }
  return "unknown";
}

std::string GuestPersonName(const std::string& name, const RecordId& guest) {
  std::string cut = name.substr(0, kGuestNameBytesMax);
  while (!IsUtf8(cut)) cut.pop_back();
  return cut + " (gast " + ToText(guest).substr(0, kGuestDigits) + ")";
}

GuestService::GuestService(Engine& engine, Cases& cases, MeetingService& meetings, Clock& clock, Random& random)
    : engine_(engine),
      cases_(cases),
      meetings_(meetings),
      clock_(clock),
      parts_(std::make_unique<Parts>(engine, clock, random)) {}
GuestService::~GuestService() = default;

Status GuestService::Load() {
  SCHAKEL_TRY(parts_->links.Load());
  return ForgetErased();
}

Status GuestService::ForgetErased() {
  for (const TrajectoryId& id : parts_->links.Trajectories()) {
    const auto rules = engine_.FindTrajectory(id);
    const bool gone = rules ? rules->erased() : rules.error().code == Code::kNotFound;
    if (gone) SCHAKEL_TRY(parts_->links.Forget(id));
  }
  return {};
}

// ---- What the convener does ----

Result<Meeting> GuestService::Own(const RecordId& id, const RecordId& guest) {
  SCHAKEL_ASSIGN(Meeting meeting, meetings_.Find(id));
  if (meeting.convener != engine_.Self()) {
    return Fail(Code::kDenied, "meeting.convener", "meeting", "leave this to who convened the meeting");
  }
  if (!IsNone(guest) && !IsGuestOf(meeting, guest)) {
    return Fail(Code::kNotFound, "meeting.guest", "guest", "see who is invited: tables show");
  }
  return meeting;
}

Status GuestService::MayMake(const Meeting& meeting, const Caller& caller) const {
  if (caller.person.role == StaffRole::kCoordinator) return {};
  SCHAKEL_ASSIGN(const auto changes, TaskChangesOf(engine_, meeting.trajectory));
  if (StandingAt(changes, caller.person.name, clock_.Now()) != TaskStanding::kNoTask) return {};
  return Fail(Code::kDenied, "guest.task", {}, "ask the coordinator for the task, or let who has it make the link");
}

Result<GuestService::Made> GuestService::Make(const RecordId& id, const RecordId& guest,
                                              std::optional<Timestamp> expires_at, const Caller& caller) {
  SCHAKEL_ASSIGN(const Meeting meeting, Own(id, guest));
  if (IsNone(guest)) return Fail(Code::kNotFound, "meeting.guest", "guest", "see who is invited: tables show");
  SCHAKEL_TRY(CheckHolds(meeting));
  SCHAKEL_TRY(MayMake(meeting, caller));
  SCHAKEL_ASSIGN(const CaseTrajectory trajectory, cases_.Trajectory(meeting.trajectory));
  if (trajectory.closed) {
    return Fail(Code::kConflict, "guest.closed", "meeting", "invite guests to the meetings of an open trajectory");
  }
  const Timestamp now = clock_.Now();
  const Timestamp longest = now + kLongest;
  Timestamp until = now + kWithoutDate;
  if (meeting.slot) until = std::min(EndOfDay(EndOf(meeting)), longest);
  if (expires_at) until = *expires_at;
  const LinkEnd end = expires_at ? LinkEnd::kChosen : LinkEnd::kFollows;
  if (until <= now || until > longest) {
    return Fail(Code::kInvalid, "guest.period", "expires_at", "choose a moment within the next 90 days");
  }
  SCHAKEL_TRY(ForgetErased());
  SCHAKEL_ASSIGN(const auto issued,
                 parts_->links.Make(meeting.trajectory, meeting.id, guest, until, end, caller.person.name));
  return Made{issued.secret, until};
}

Status GuestService::Follow(const RecordId& id) {
  const auto meeting = meetings_.Find(id);
  return meeting ? Follow(*meeting) : Status();
}

Status GuestService::Follow(const Meeting& meeting) {
  if (!meeting.slot) return {};
  const Timestamp until = EndOfDay(EndOf(meeting));
  for (const auto& [guest, link] : parts_->links.Of(meeting.id)) {
    // One that had ended by the time the date was said does not come back.
    if (link.end != LinkEnd::kFollows || link.expires_at <= meeting.changed_at) continue;
    SCHAKEL_TRY(parts_->links.Extend(link.id, std::min(until, link.made_at + kLongest)));
  }
  return {};
}

Status GuestService::Revoke(const RecordId& id, const RecordId& guest, const Caller& caller) {
  SCHAKEL_TRY(Own(id, guest));
  return parts_->links.Revoke(guest, caller.person.name);
}

Result<GuestService::Overview> GuestService::Show(const RecordId& id) {
  SCHAKEL_ASSIGN(const Meeting meeting, Own(id, {}));
  SCHAKEL_TRY(Follow(meeting));
  Overview overview;
  const auto links = parts_->links.Of(meeting.id);
  for (const Meeting::Guest& guest : meeting.guests) {
    Standing one;
    one.guest = guest.id;
    if (const auto link = links.find(guest.id); link != links.end()) {
      one.state = StateOf(link->second, clock_.Now());
      // What died with the meeting opens nothing either.
      if (one.state == State::kHolds && !MeetingOf(link->second)) one.state = State::kExpired;
      one.made_at = link->second.made_at;
      one.expires_at = link->second.expires_at;
      one.used_at = link->second.used_at;
      one.revoked_at = link->second.ended_at;
    }
    overview.guests.push_back(one);
  }
  SCHAKEL_ASSIGN(const auto events, parts_->links.EventsOf(meeting.id));
  for (const GuestEvent& event : events) {
    overview.events.push_back({event.at, schakel::Slug(event.what), event.guest, event.by});
  }
  return overview;
}

// ---- Who comes ----

std::optional<Meeting> GuestService::MeetingOf(const GuestLink& link) {
  const auto trajectory = cases_.Trajectory(link.trajectory);
  if (!trajectory || trajectory->closed) return std::nullopt;
  auto meeting = meetings_.Find(link.meeting);
  if (!meeting || meeting->convener != engine_.Self() || !IsNone(meeting->cancelled)) return std::nullopt;
  if (!IsGuestOf(*meeting, link.guest) || LapsedOfAge(cases_, *meeting, link, clock_.Now())) return std::nullopt;
  return std::move(*meeting);
}

Result<GuestService::Entered> GuestService::Enter(std::string_view secret, const std::string& address) {
  const std::string key = AddressKey(address);
  if (const auto wait = parts_->by_address.Try(key)) {
    return Fail(Code::kLimit, "login.wait", std::to_string(wait->count()), "wait that many seconds, then try again");
  }
  auto link = parts_->links.Find(secret);
  if (!link) return NoLink();
  const auto meeting = MeetingOf(*link);
  if (meeting) {
    SCHAKEL_TRY(Follow(*meeting));
    link = parts_->links.Find(secret);
    if (!link) return NoLink();
  }
  if (!parts_->links.Holds(*link) || !meeting) {
    SCHAKEL_TRY(parts_->links.NoteRefused(*link));
    SCHAKEL_TRY(ForgetErased());
    return NoLink();
  }
  // It may have been revoked meanwhile.
  SCHAKEL_ASSIGN(const auto begun, parts_->links.Begin(link->id));
  if (!begun) return NoLink();
  parts_->by_address.Succeeded(key, Lockout::Forget::kThatOne);
  return Entered{begun->secret, begun->expires_at};
}

std::optional<GuestService::Visit> GuestService::Who(std::string_view session) {
  const auto link = parts_->links.Enter(session);
  if (!link) return std::nullopt;
  if (!MeetingOf(*link)) {
    parts_->links.End(session);
    return std::nullopt;
  }
  return Visit{link->id.value(), link->trajectory, link->meeting, link->guest};
}

void GuestService::Leave(std::string_view session) { parts_->links.End(session); }

// ---- What a guest does ----

Result<Meeting> GuestService::Live(const Visit& visit) {
  auto meeting = meetings_.Find(visit.meeting);
  if (!meeting || !IsNone(meeting->cancelled) || !IsGuestOf(*meeting, visit.guest)) return NoSession();
  return std::move(*meeting);
}

Result<Person> GuestService::PersonOf(const RecordId& guest) const {
  SCHAKEL_ASSIGN(const Body sealed, engine_.Open(guest));
  SCHAKEL_ASSIGN(const TypedBody typed, DecodeBody(sealed));
  const auto* body = std::get_if<GuestBody>(&typed);
  if (body == nullptr) return NoSession();
  return Person{GuestPersonName(body->name, guest), StaffRole::kWorker};
}

// The view of each is logged in the name of the guest; only then the words are there.
Result<Glance> GuestService::Read(const Visit& visit, const std::vector<RecordId>& ids) {
  SCHAKEL_ASSIGN(const Person person, PersonOf(visit.guest));
  const Caller caller{person, ViewReason::kRoundTable};
  Reading reading(engine_, clock_);
  SCHAKEL_ASSIGN(const auto shown, reading.Show(ids, caller, Reading::IfNoTask::kQuiet));
  Glance glance;
  for (const Reading::Shown& one : shown) {
    if (!one.body) return NoSession();  // Part of it was taken back: fail closed.
    glance.Take(one);
  }
  return glance;
}

Status GuestService::MayAskAgain(const Visit& visit) {
  const auto wait = parts_->reports.Try(ToHex(visit.link));
  if (!wait) return {};
  return Fail(Code::kLimit, "login.wait", std::to_string(wait->count()), "wait that many seconds, then try again");
}

Result<GuestService::View> GuestService::Look(const Visit& visit) {
  SCHAKEL_ASSIGN(const Meeting meeting, Live(visit));
  SCHAKEL_ASSIGN(const Glance glance, Read(visit, RecordsFor(meeting, visit.guest)));
  const auto* proposal = glance.Find<ProposalBody>(meeting.id);
  const auto* guest = glance.Find<GuestBody>(visit.guest);
  if (proposal == nullptr || guest == nullptr) return NoSession();
  View view;
  view.proposal = *proposal;
  view.guest = *guest;
  view.convener = meeting.convener.value();
  for (const auto& one : engine_.Organisations()) {
    if (one.statement.organisation == meeting.convener) view.convener = one.statement.name;
  }
  for (const Meeting::Guest& one : meeting.guests) {
    if (one.id == visit.guest && one.vote) view.choices = one.vote->choices;
  }
  if (const auto* fixed = glance.Find<FixedBody>(meeting.fixed)) view.fixed = *fixed;
  const auto said_of = [&](std::optional<Timestamp> occurrence) {
    const Meeting::Answer* answer = AnswerOf(meeting, visit.guest, occurrence);
    const auto* body = answer == nullptr ? nullptr : glance.Find<AttendBody>(answer->record);
    return body == nullptr ? std::nullopt : std::optional(*body);
  };
  for (const auto& [occurrence, slot] : Held(meeting)) {
    view.occurrences.push_back({occurrence, slot, said_of(occurrence)});
  }
  view.revision = meeting.revision;
  view.answer = said_of(std::nullopt);
  return view;
}

Result<std::string> GuestService::Calendar(const Visit& visit, CalendarService& calendar, Language language) {
  SCHAKEL_ASSIGN(const Meeting meeting, Live(visit));
  CalendarRequest request;
  request.guest = visit.guest;
  SCHAKEL_ASSIGN(std::string text, calendar.Invitation(meeting.id, request, language));
  SCHAKEL_TRY(Read(visit, RecordsFor(meeting, visit.guest)));
  return text;
}

Result<Sent> GuestService::Vote(const Visit& visit, VoteBody vote, std::chrono::milliseconds patience) {
  SCHAKEL_ASSIGN(const Meeting meeting, Live(visit));
  if (meeting.slot) {
    return Fail(Code::kConflict, "guest.fixed", "choices", "look at the date, and say whether you come");
  }
  vote.by_link = true;
  return meetings_.VoteFor(meeting.id, visit.guest, vote, {.patience = patience});
}

Result<Sent> GuestService::Answer(const Visit& visit, AttendBody answer, std::optional<std::uint32_t> revision,
                                  std::chrono::milliseconds patience) {
  SCHAKEL_ASSIGN(const Meeting meeting, Live(visit));
  if (answer.occurrence) {
    const auto change = meeting.changes.find(*answer.occurrence);
    if (change != meeting.changes.end() && !change->second.slot) {
      return Fail(Code::kConflict, "meeting.cancelled", "occurrence", "look which ones take place");
    }
  }
  answer.by_link = true;
  return meetings_.AnswerFor(meeting.id, visit.guest, std::move(answer), revision, {.patience = patience});
}

}  // namespace schakel
