// Guests of a meeting who come by a personal link: which meeting they see, what they may say, and who lets them in. One
// service of services.h, whose rules on sending, showing, threads and errors hold.
//
// A guest sees that one meeting (the young person may do more: ask who saw what, and take back its own consent): its
// title, kind, dates, place and agenda, who invites, its own name and answers. Never another guest, another
// organisation, a report, or anything of before. What it sees is logged as a view in its name. A link holds while the
// meeting does: not once it was called off, its trajectory was closed or erased, or the guest was taken off.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agents/calendar.h"
#include "agents/meetings.h"
#include "agents/report.h"
#include "protocol/seams.h"

namespace schakel {

struct GuestLink;

class GuestService {
 public:
  GuestService(Engine& engine, Cases& cases, MeetingService& meetings, Clock& clock, Random& random);
  ~GuestService();
  Status Load();  // Once, before all else.

  // ---- What the convener does ----
  struct Made {
    std::string secret;  // For the link, once. Whoever has it answers as that guest.
    Timestamp expires_at;
  };
  // `expires_at` none: the end of the last day of the meeting, at most 90 days from now; while it has no date, in 30
  // days, and then as Follow says. The link before is revoked. kDenied ("meeting.convener"; "guest.task": others have
  // the task, and the caller is no coordinator); kConflict ("meeting.cancelled", "guest.closed"); kNotFound
  // ("meeting.guest"); kInvalid
  // ("guest.period").
  Result<Made> Make(const RecordId& meeting, const RecordId& guest, std::optional<Timestamp> expires_at,
                    const Caller& caller);
  // The meeting has another date: links whose end nobody chose, and that had not ended by then, hold until the end of
  // its last day if that is later; at most 90 days from when they were made.
  Status Follow(const RecordId& meeting);
  // kNotFound ("meeting.guest", "guest.no_link").
  Status Revoke(const RecordId& meeting, const RecordId& guest, const Caller& caller);
  enum class State : std::uint8_t { kNone = 1, kHolds, kExpired, kRevoked };
  struct Standing {
    RecordId guest;
    State state = State::kNone;
    std::optional<Timestamp> made_at;
    std::optional<Timestamp> expires_at;
    std::optional<Timestamp> used_at;
    std::optional<Timestamp> revoked_at;
  };
  struct Event {
    Timestamp at;
    std::string_view what;  // "made", "used", "refused", "revoked".
    RecordId guest;
    std::string by;  // Who of ours; empty: the guest.
  };
  struct Overview {
    std::vector<Standing> guests;
    std::vector<Event> events;  // Oldest first.
  };
  Result<Overview> Show(const RecordId& meeting);  // kDenied ("meeting.convener").

  // ---- Who comes ----
  struct Visit {
    Id128 link{};  // Its id, for telling one visit from another.
    TrajectoryId trajectory;
    RecordId meeting;
    RecordId guest;
  };
  // What else guests may do asks these first. kUnauthenticated ("guest.session"): the meeting is theirs no longer.
  Result<Meeting> Live(const Visit& visit);
  Result<Person> PersonOf(const RecordId& guest) const;  // As whom it is logged.
  // The words of these, each a view in the name of the guest. kUnauthenticated ("guest.session"): one is sealed.
  Result<Glance> Read(const Visit& visit, const std::vector<RecordId>& ids);

  // ---- What a guest does ----
  struct Entered {
    std::string session;
    Timestamp expires_at;
  };
  // Unknown, expired, revoked: all alike kUnauthenticated ("guest.link"). `address` is held to lockouts: kLimit
  // ("login.wait").
  Result<Entered> Enter(std::string_view secret, const std::string& address);
  std::optional<Visit> Who(std::string_view session);  // Nothing: it holds no longer.
  void Leave(std::string_view session);

  struct View {
    ProposalBody proposal;
    std::string convener;  // Its name.
    GuestBody guest;
    std::vector<VoteChoice> choices;  // The guest's own; none: not yet.
    std::optional<FixedBody> fixed;
    struct Occurrence {
      Timestamp occurrence;  // When it would have begun: what an answer to it names.
      MeetingSlot slot;
      std::optional<AttendBody> answer;
    };
    std::vector<Occurrence> occurrences;  // Of a series, those that take place.
    std::uint32_t revision = 0;           // Of the date, to answer to.
    std::optional<AttendBody> answer;     // The guest's own, to the date as it stands.
  };
  // The view is logged first. kUnauthenticated ("guest.session"): it may be seen no longer.
  Result<View> Look(const Visit& visit);
  // For its calendar; a view too. kConflict ("meeting.no_date").
  Result<std::string> Calendar(const Visit& visit, CalendarService& calendar, Language language);
  // Both become the records by which the convener notes what guests said; they say that the guest did so itself.
  // kConflict ("guest.fixed"): there is a date, say whether you come; ("meeting.cancelled"): that one of the series
  // does not take place.
  Result<Sent> Vote(const Visit& visit, VoteBody vote, std::chrono::milliseconds patience);
  Result<Sent> Answer(const Visit& visit, AttendBody answer, std::optional<std::uint32_t> revision,
                      std::chrono::milliseconds patience);

  // ---- What the young person does besides: kDenied ("guest.young_person") for any other guest ----
  // "Wie zag mij?", as ReportService makes it. kLimit ("login.wait"): it was asked for again and again.
  Result<std::vector<ReportFile>> Report(const Visit& visit, ReportService& report, std::chrono::milliseconds patience);
  struct Consent {
    Grant grant;
    std::string recipient;  // Its name.
    std::string author;     // Of who wrote it down: they can be called.
    bool ours_to_withdraw = false;
  };
  // What it agreed to itself, as far as we know, and what is still in force. No words of any record.
  Result<std::vector<Consent>> Consents(const Visit& visit);
  // `grant`: its whole id. kNotFound ("guest.consent"): none of those; kDenied ("grant.giver"): not ours to withdraw.
  Result<Sent> Withdraw(const Visit& visit, std::string_view grant, const std::string& why, GrantService& grants,
                        std::chrono::milliseconds patience);

  static constexpr std::chrono::days kLongest{90};
  static constexpr std::chrono::days kWithoutDate{30};

 private:
  struct Parts;
  Result<Meeting> Own(const RecordId& meeting, const RecordId& guest);
  std::optional<Meeting> MeetingOf(const GuestLink& link);  // Nothing: its link has died.
  Status ForgetErased();
  Status Follow(const Meeting& meeting);
  Result<Meeting> LiveOfYoungPerson(const Visit& visit);
  Status MayAskAgain(const Visit& visit);
  Status MayMake(const Meeting& meeting, const Caller& caller) const;

  Engine& engine_;
  Cases& cases_;
  MeetingService& meetings_;
  Clock& clock_;
  std::unique_ptr<Parts> parts_;
};
std::string_view Slug(GuestService::State value);

// As whom the views of a guest are logged: no colleague has such a name.
std::string GuestPersonName(const std::string& name, const RecordId& guest);

}  // namespace schakel
