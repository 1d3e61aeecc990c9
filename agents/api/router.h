// From a request to the one handler that answers it.
#pragma once

#include <algorithm>
#include <iterator>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "agents/adulthood.h"
#include "agents/aftercare.h"
#include "agents/api.h"
#include "agents/attachments.h"
#include "agents/calendar.h"
#include "agents/court.h"
#include "agents/dossier.h"
#include "agents/duty.h"
#include "agents/effects.h"
#include "agents/engagements.h"
#include "agents/exporting.h"
#include "agents/family.h"
#include "agents/following.h"
#include "agents/guests.h"
#include "agents/inquiry.h"
#include "agents/keeping.h"
#include "agents/lead.h"
#include "agents/learning.h"
#include "agents/meetings.h"
#include "agents/modules.h"
#include "agents/network.h"
#include "agents/parents_groups.h"
#include "agents/partnership_agreements.h"
#include "agents/place_enrolment.h"
#include "agents/places.h"
#include "agents/profiles.h"
#include "agents/receipts.h"
#include "agents/report.h"
#include "agents/school.h"
#include "agents/school_board.h"
#include "agents/search.h"
#include "agents/services.h"
#include "agents/structural.h"
#include "agents/subject_ties.h"
#include "agents/supporters.h"
#include "agents/tasks.h"
#include "agents/visits.h"
#include "house/visit_alarms.h"
#include "json.h"
#include "notices/notices.h"
#include "people/people.h"
#include "services/journal.h"
#include "shelf.h"

namespace schakel {

class Oidc;

// Everything that handlers call on. Handlers run on several threads at once.
struct Desk {
  Desk(Engine& engine_in, Clock& clock_in, Random& random, std::map<Sector, Profile> profiles_in, People& people_in,
       std::string public_url_in, NoticeOptions notice_options, const HouseOptions& house)
      : engine(engine_in),
        clock(clock_in),
        people(people_in),
        public_url(std::move(public_url_in)),
        profiles(std::move(profiles_in)),
        cases(engine),
        trajectories(engine, cases, clock, random),
        lead(engine, cases, clock),
        grants(engine, cases, clock, random),
        consultations(engine, cases, clock),
        content(engine, cases),
        meetings(engine, cases, clock),
        referrals(engine, cases, clock),
        dossier(engine, cases),
        network(engine, cases, dossier, clock),
        partnerships(engine, random),
        partner_agreements(engine, partnerships, clock, random),
        structural(engine, partnerships, clock, random),
        parents_groups(engine, cases, clock, random, house.attendees_kept),
        visits(engine, clock, random, house.visit_escalates,
               [this](const std::string& person) { return MayLookOut(person); }),
        visit_alarms(visits, [this] { return Coordinators(); }),
        effects(engine, cases, clock, house.smallest_cell),
        modules(engine, cases, clock),
        alerts(engine, cases, clock),
        places(engine, cases, clock),
        enrolments(engine, cases, places, clock, house.enrolment_kept),
        school(engine, cases, clock, profiles, house.school_escalates),
        school_board(school, clock, house.smallest_cell),
        open_days(engine, clock, random),
        boards(engine, cases, clock, school_board, open_days),
        learning(engine, cases, clock),
        hearings(engine, cases, clock),
        rings(engine, cases),
        court_plans(engine, cases, content, clock),
        duty(engine, cases, clock, random),
        subject_ties(engine, cases, clock, random),
        aftercare(engine, cases, trajectories, subject_ties, clock),
        adulthood(engine, cases, clock),
        calendar(engine, cases, meetings),
        guests(engine, cases, meetings, clock, random),
        conferences(engine, cases, meetings, guests),
        family_notes(engine, conferences, clock, random),
        supporters(engine, cases, guests),
        engagements(engine, cases, guests, dossier, court_plans),
        reading(engine, clock),
        attachments(engine, cases, reading, clock, random),
        search(engine, cases, clock),
        following(engine, cases, clock),
        notices(engine, following, clock, random, std::move(notice_options),
                [this](const std::string& person) { return IsGone(person); }),
        audit(engine),
        sealed(engine, clock),
        erasure(engine, cases),
        inbox(engine, cases, clock),
        tasks(engine, clock),
        inquiry(engine, cases, audit, clock),
        receipts(engine, consultations, inquiry),
        shelf(random, clock),
        report(engine, cases, audit, reading, clock),
        exports(engine, cases, reading, clock) {}

  Engine& engine;
  Clock& clock;
  People& people;
  const std::string public_url;  // Where people reach this agent; empty: nowhere.
  std::string guest_origin;      // Before the path of a guest's link; empty: there is no edge.
  Oidc* oidc = nullptr;          // Null: not configured.
  const std::map<Sector, Profile> profiles;
  Cases cases;
  TrajectoryService trajectories;
  LeadService lead;
  GrantService grants;
  ConsultationService consultations;
  ContentService content;
  MeetingService meetings;
  ReferralService referrals;
  DossierService dossier;
  NetworkService network;
  PartnershipService partnerships;
  AgreementRegister partner_agreements;
  StructuralService structural;
  ParentsGroupService parents_groups;
  VisitService visits;
  VisitAlarms visit_alarms;
  EffectService effects;
  ModuleService modules;
  AlertService alerts;
  PlaceService places;
  PlaceEnrolmentService enrolments;
  SchoolService school;
  SchoolBoardService school_board;
  OpenDayService open_days;
  BoardPublications boards;
  LearningService learning;
  HearingService hearings;
  RingService rings;
  CourtPlanService court_plans;
  DutyService duty;
  SubjectTies subject_ties;
  AftercareService aftercare;
  AdulthoodService adulthood;
  CalendarService calendar;
  GuestService guests;
  ConferenceService conferences;
  FamilyNotes family_notes;
  SupporterService supporters;
  EngagementService engagements;
  Reading reading;
  AttachmentService attachments;
  SearchService search;
  FollowService following;
  Notices notices;
  AuditService audit;
  SealedService sealed;
  ErasureService erasure;
  InboxService inbox;
  TaskService tasks;
  InquiryService inquiry;
  ReceiptService receipts;
  AnswerShelf shelf;
  ReportService report;
  ExportService exports;
  std::mutex importing;  // Of tables, one at a time: what stands in both is made once.

  // Whether that is the name of somebody whose account was closed.
  bool IsGone(const std::string& person) const;
  // Whether somebody of that name would see what waits for them; where nobody has an account, everybody.
  bool MayLookOut(const std::string& person) const;
  std::vector<std::string> Coordinators() const;  // Who has an account, by name.
};

struct Reply {
  int status = 200;
  Json json = {};
  std::string type = {};  // Other than JSON: then `raw` is the body.
  std::string raw = {};
  std::map<std::string, std::string> headers = {};
  std::optional<ApiResponse::Events> events = {};
  std::optional<ApiResponse::Parts> parts = {};  // Instead of a body.
};

// Who stands behind a request; see doorkeeper.h.
struct Visitor {
  bool local = true;                         // The user of the socket.
  std::optional<People::Visit> visit;        // Over the network: the account and its session or token.
  std::optional<GuestService::Visit> guest;  // Or the guest of a meeting, who is none of these.
  std::string secret;                        // Of that session.
  std::string address;
  std::string program;
  std::string cookies;
  RoleSet roles() const { return local ? kAllRoles : visit ? visit->roles : RoleSet{}; }
};

// Records that are shown together, in the order asked for, and what the overview above them may show.
struct Thread {
  Json records = Json::array();
  Glance glance;
};

// Of a calendar: `to` is already outside; none: without end on that side.
struct Period {
  std::optional<Timestamp> from;
  std::optional<Timestamp> to;
  bool IsAsked() const { return from || to; }
};

struct Call {
  Desk& desk;
  Caller caller;
  Language language = Language::kDutch;
  std::chrono::milliseconds patience{0};
  std::map<std::string, std::string> path;  // What stands for {name} in the route.
  std::map<std::string, std::string> query;
  std::string accept;  // As the header says.
  Json body = Json::object();
  Visitor visitor = {};
  std::string if_match = {};       // An entity tag that must still be the one.
  std::string last_event_id = {};  // Of a listener that comes back.
  std::string range = {};          // Which part is asked for, as the header says.
  std::string bytes = {};          // What came with a PUT.
  std::vector<Act> wrote = {};     // Noted before it was done: see writing.h.

  JsonViews Views() const { return JsonViews(desk.engine, language); }
  Result<TrajectoryId> Trajectory() const { return desk.cases.FindTrajectory(path.at("trajectory")); }
  Result<RecordId> Record(const char* name) const { return desk.cases.FindRecord(path.at(name)); }
  Result<RecordId> SealedRecord(const char* name) const;  // Also what is kept of an erased trajectory.
  // "trajectory" of the query, if given.
  Result<std::optional<TrajectoryId>> AskedTrajectory() const;
  // Likewise, a moment. kInvalid ("request.time").
  Result<std::optional<Timestamp>> AskedTime(const std::string& name) const;
  // "from" and "to" of the query. kInvalid ("search.period"): it ends before it begins.
  Result<Period> AskedPeriod() const;
  // Of the query; empty: not given.
  std::string Asked(const std::string& name) const {
    auto found = query.find(name);
    return found == query.end() ? std::string() : found->second;
  }
  bool Asks(const std::string& name, const std::string& value) const {
    auto found = query.find(name);
    return found != query.end() && found->second == value;
  }
  // The part of `items` that "limit" and "cursor" ask for. `id_of` tells one from another; the cursor is the id of the
  // last one before it. kInvalid ("page.limit"); kConflict ("page.cursor"): that one is no longer there.
  template <typename T>
  struct Page {
    std::vector<T> items;
    Json next;  // The cursor of the next page; null: there is none.
  };
  template <typename T, typename IdOf>
  Result<Page<T>> PageOf(std::vector<T> items, IdOf id_of) const {
    SCHAKEL_ASSIGN(const std::size_t limit, PageLimit());
    std::size_t begin = 0;
    if (const auto cursor = query.find("cursor"); cursor != query.end()) {
      const auto found = std::ranges::find_if(items, [&](const T& one) { return id_of(one) == cursor->second; });
      if (found == items.end()) return Fail(Code::kConflict, "page.cursor", "cursor", "begin again without a cursor");
      begin = static_cast<std::size_t>(found - items.begin()) + 1;
    }
    const std::size_t end = std::min(items.size(), begin + limit);
    Page<T> page;
    if (end < items.size()) page.next = id_of(items[end - 1]);
    page.items.assign(std::make_move_iterator(items.begin() + static_cast<std::ptrdiff_t>(begin)),
                      std::make_move_iterator(items.begin() + static_cast<std::ptrdiff_t>(end)));
    return page;
  }
  Result<std::size_t> PageLimit() const;
  // Who asks, as a coordinator if they are one: without the header they act in the least of their roles.
  Person AsCoordinatorIfSo() const;
  // Of what stands in a list: a worker who gives no other reason than a task sees what that is on, and nothing besides.
  template <typename Item, typename TrajectoryOf>
  Status KeepOwn(std::vector<Item>& items, TrajectoryOf trajectory_of) const {
    if (caller.person.role != StaffRole::kWorker) return {};
    Sieve sieve(desk.engine, caller, desk.clock.Now());
    std::vector<Item> own;
    for (Item& item : items) {
      SCHAKEL_ASSIGN(const bool lets, sieve.LetsInto(trajectory_of(item)));
      if (lets) own.push_back(std::move(item));
    }
    items = std::move(own);
    return {};
  }

  // All of them, and the label of `trajectory` (null: none), in one write.
  Result<Thread> ReadThread(const std::vector<RecordId>& ids, const CaseTrajectory* trajectory) const;
  // The fields that every sending request has: to, accept_unreached, preview.
  Audience ReadHow(Input& input) const;  // All of an audience but whom it names.
  Audience ReadAudience(Input& input) const;
  // 201 with what was sent, 200 for a preview, 409 with whom it would not reach if it was held back.
  Reply Sending(const Sent& sent) const;
};

using Handler = Result<Reply> (*)(Call&);
struct Route {
  const char* method;
  const char* pattern;
  Handler handler;
  std::vector<std::string> query = {};  // The parameters it takes.
  bool table = false;                   // It also takes text/csv, which its handler finds as the field "csv".
};
// One table for each part of the API.
std::span<const Route> GeneralRoutes();
std::span<const Route> KeyRoutes();
std::span<const Route> TrajectoryRoutes();
std::span<const Route> LeadRoutes();
std::span<const Route> GrantRoutes();
std::span<const Route> ConsultationRoutes();
std::span<const Route> RecordRoutes();
std::span<const Route> AttachmentRoutes();
std::span<const Route> TableRoutes();
std::span<const Route> GuestRoutes();
std::span<const Route> FamilyRoutes();
std::span<const Route> SupporterRoutes();
std::span<const Route> EngagementRoutes();
std::span<const Route> DossierRoutes();
std::span<const Route> NetworkRoutes();
std::span<const Route> NetworkFileRoutes();
std::span<const Route> PartnershipRoutes();
std::span<const Route> PartnerAgreementRoutes();
std::span<const Route> StructuralRoutes();
std::span<const Route> ParentsGroupRoutes();
std::span<const Route> VisitRoutes();
std::span<const Route> EffectRoutes();
std::span<const Route> ModuleRoutes();
std::span<const Route> PlaceRoutes();
std::span<const Route> SchoolRoutes();
std::span<const Route> SchoolBoardRoutes();
std::span<const Route> LearningRoutes();
std::span<const Route> CourtRoutes();
std::span<const Route> DutyRoutes();
std::span<const Route> PassageRoutes();
std::span<const Route> CalendarRoutes();
std::span<const Route> KeepingRoutes();
std::span<const Route> TaskRoutes();
std::span<const Route> AuditRoutes();
std::span<const Route> ExportRoutes();
std::span<const Route> ImportRoutes();
std::span<const Route> AccountRoutes();
std::span<const Route> PeopleRoutes();
std::span<const Route> OidcRoutes();
std::span<const Route> SearchRoutes();
std::span<const Route> FollowingRoutes();
std::span<const Route> NoticeRoutes();
std::vector<const Route*> AllRoutes();

struct Match {
  const Route* route = nullptr;  // Null: no such path, or (with `allowed`) not with this method.
  std::string allowed;
  std::map<std::string, std::string> path;
};
Match FindRoute(const std::string& method, std::string_view path);

// Percent-decoding; nothing if it is malformed, or not UTF-8.
std::optional<std::string> PercentDecoded(std::string_view text, bool plus_is_space);

// Of what stands in a query: which parameter is wrong.
template <typename T>
Result<T> InField(Result<T> value, const char* field) {
  if (!value) value.error().field = field;
  return value;
}

// Of a query or a header: a whole number.
std::optional<std::uint64_t> WholeNumber(std::string_view text);
// What is shown of an attachment, with what it goes with and how much of it is here.
Json AttachmentView(Json shown, const CaseAttachment& attachment);
// Errors as application/problem+json: the document, and the whole answer.
Json ProblemJson(const Error& error, const JsonViews& views);
ApiResponse Problem(const Error& error, const JsonViews& views, const Json& extra = Json::object());
int StatusOf(const Error& error);

}  // namespace schakel
