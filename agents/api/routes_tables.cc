// Round tables, evolution reviews and intakes.
#include <algorithm>
#include <set>

#include "dossier_views.h"
#include "router.h"
#include "table_details.h"

namespace schakel::tables_routes {
namespace {

struct Listed {
  const CaseTrajectory* trajectory;
  Meeting meeting;
  std::vector<MeetingDate> dates = {};  // In the period that was asked for.
};

// What is asked for by date is found by the dates that would be shown, and by no other.
Status KeepThoseIn(const Call& call, const Period& period, std::vector<Listed>& all) {
  Sieve sieve(call.desk.engine, call.caller, call.desk.clock.Now());
  for (Listed& one : all) {
    for (const MeetingDate& date : DatesIn(one.meeting, period.from, period.to)) {
      SCHAKEL_ASSIGN(const HeldRecord held, call.desk.engine.Find(date.record));
      SCHAKEL_ASSIGN(const bool lets, sieve.Lets(held));
      if (lets) one.dates.push_back(date);
    }
  }
  std::erase_if(all, [](const Listed& one) { return one.dates.empty(); });
  std::ranges::stable_sort(all, {}, [](const Listed& one) { return one.dates.front().slot.begins_at; });
  return {};
}

// Those of which the record was read after all.
Json DatesView(const std::vector<MeetingDate>& dates, const Glance& glance) {
  Json list = Json::array();
  for (const MeetingDate& date : dates) {
    if (glance.Has(date.record)) list.push_back(SlotView(date.slot));
  }
  return list;
}

// The date of a meeting that is to come is a word of the record that fixed it: showing it is a view of that.
Result<Reply> List(Call& call) {
  SCHAKEL_ASSIGN(const auto asked, call.AskedTrajectory());
  SCHAKEL_ASSIGN(const Period period, call.AskedPeriod());
  std::vector<CaseTrajectory> trajectories;
  call.desk.cases.With([&](CaseFile& file) {
    for (const CaseTrajectory* trajectory : file.Trajectories()) {
      const bool wanted = !asked || *asked == trajectory->id;
      if (wanted && !trajectory->meetings.empty()) trajectories.push_back(*trajectory);
    }
  });
  std::vector<Listed> all;
  for (const CaseTrajectory& trajectory : trajectories) {
    for (const Meeting& one : trajectory.meetings) all.push_back({&trajectory, one});
  }
  if (period.IsAsked()) SCHAKEL_TRY(KeepThoseIn(call, period, all));
  SCHAKEL_ASSIGN(auto page, call.PageOf(std::move(all), [](const Listed& one) { return ToText(one.meeting.id); }));
  SCHAKEL_TRY(call.KeepOwn(page.items, [](const Listed& one) { return one.trajectory->id; }));
  Glance glance;
  for (const auto& [trajectory, one, dates] : page.items) {
    glance.Want(*trajectory);
    if (IsNone(one.report)) glance.Want(one.fixed);
    for (const MeetingDate& date : dates) glance.Want(date.record);
  }
  SCHAKEL_TRY(glance.Read(call.desk.reading, call.caller));
  const JsonViews views = call.Views();
  Json list = Json::array();
  for (const auto& [trajectory, one, dates] : page.items) {
    Json view = views.MeetingView(one, *trajectory, glance);
    if (period.IsAsked()) view["dates"] = DatesView(dates, glance);
    list.push_back(std::move(view));
  }
  return Reply{.json = {{"tables", std::move(list)}, {"next", page.next}}};
}

// What is beyond all bounds is left to the body to refuse.
std::uint32_t Small(std::optional<std::uint64_t> number) {
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(number.value_or(0), ~std::uint32_t{0}));
}

TermsBody ReadTerms(Input& input) {
  TermsBody terms;
  terms.quorum = Small(input.Number("quorum"));
  terms.required = input.Organisations("required");
  terms.required_clients = input.Words<Speaker>("required_clients", &ParseSpeaker);
  return terms;
}

// Who is invited as a guest along with the proposal.
std::vector<GuestBody> ReadGuests(Input& input) {
  std::vector<GuestBody> guests;
  for (const Json& one : input.Objects("guests")) {
    Input inner(one);
    GuestBody guest;
    guest.name = inner.RequiredText("name");
    guest.who = inner.RequiredWord("who", Speaker::kOther, &ParseSpeaker);
    Status status = inner.Finish();
    // Before anything is sent: a proposal never stands with half of them.
    if (status) status = CheckBody(guest);
    if (!status) input.RefuseIn(status.error(), "guests", guests.size());
    guests.push_back(std::move(guest));
  }
  return guests;
}

Result<Reply> Propose(Call& call) {
  SCHAKEL_ASSIGN(const TrajectoryId id, call.Trajectory());
  Input input(call.body);
  ProposalBody proposal;
  proposal.title = input.RequiredText("title");
  proposal.kind = input.Word("kind", MeetingKind::kRoundTable, &ParseMeetingKind);
  proposal.place = input.Text("place");
  proposal.slots = input.Slots("slots");
  proposal.clients_invited = input.Flag("clients_invited", true);
  proposal.why_not = input.Text("why_not");
  proposal.agenda = input.Text("agenda");
  proposal.left_out = input.Words<Speaker>("left_out", &ParseSpeaker);
  // The family goes first, unless nobody of it is there or somebody says otherwise.
  proposal.family_first = input.Flag("family_first", InvitesFamily(proposal));
  proposal.answer_by = input.Time("answer_by");
  TermsBody terms = ReadTerms(input);
  const std::vector<GuestBody> guests = ReadGuests(input);
  const Audience audience = call.ReadAudience(input);
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const Sent sent, call.desk.meetings.Propose(id, std::move(proposal), audience, std::move(terms)));
  if (sent.outcome != Sent::Outcome::kSent) return call.Sending(sent);
  for (const GuestBody& guest : guests) SCHAKEL_TRY(call.desk.meetings.Invite(sent.record, guest, {}));
  return call.Sending(sent);
}

// What was decided there and somebody does: a view of each as well.
Result<Json> ActionsOf(Call& call, const CaseTrajectory& trajectory, const Meeting& meeting) {
  std::set<RecordId> ids;
  std::vector<const CaseAction*> decided;
  for (const CaseAction& one : trajectory.dossier.actions) {
    if (!one.IsOf(meeting)) continue;
    decided.push_back(&one);
    for (const RecordId& record : ReadFor(one)) ids.insert(record);
  }
  SCHAKEL_ASSIGN(auto shown, call.desk.reading.Show({ids.begin(), ids.end()}, call.caller));
  if (auto turned_away = TurnedAway(shown)) return std::unexpected(std::move(*turned_away));
  const ReadRecords read(std::move(shown));
  const JsonViews views = call.Views();
  const Timestamp now = call.desk.clock.Now();
  Json list = Json::array();
  for (const CaseAction* one : decided) list.push_back(ViewOf(*one, views, read, now));
  return list;
}

// All records of its thread: each of them is read.
Result<Reply> Show(Call& call) {
  SCHAKEL_ASSIGN(const RecordId id, call.Record("table"));
  SCHAKEL_ASSIGN(const Meeting meeting, call.desk.meetings.Find(id));
  SCHAKEL_ASSIGN(const CaseTrajectory trajectory, call.desk.cases.Trajectory(meeting.trajectory));
  SCHAKEL_ASSIGN(const Thread thread, call.ReadThread(RecordsOf(meeting), &trajectory));
  const JsonViews views = call.Views();
  Json json = views.MeetingView(meeting, trajectory, thread.glance);
  json["thread"] = thread.records;
  json["tallies"] = Json::array();
  for (const Meeting::Tally& tally : meeting.tallies) {
    json["tallies"].push_back({{"yes", tally.yes}, {"maybe", tally.maybe}, {"no", tally.no}});
  }
  json.update(TableDetails(meeting, views, thread.glance));
  SCHAKEL_ASSIGN(json["actions"], ActionsOf(call, trajectory, meeting));
  return Reply{.json = std::move(json)};
}

VoteBody ReadVote(Input& input) {
  VoteBody vote;
  vote.choices = input.Words<VoteChoice>("choices", &ParseVoteChoice);
  vote.comment = input.Text("comment");
  return vote;
}

Result<Reply> Vote(Call& call) {
  SCHAKEL_ASSIGN(const RecordId id, call.Record("table"));
  Input input(call.body);
  VoteBody vote = ReadVote(input);
  const Audience audience = call.ReadAudience(input);
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const Sent sent, call.desk.meetings.Vote(id, std::move(vote), audience));
  return call.Sending(sent);
}

Result<Reply> SetTerms(Call& call) {
  SCHAKEL_ASSIGN(const RecordId id, call.Record("table"));
  Input input(call.body);
  TermsBody terms = ReadTerms(input);
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const Sent sent, call.desk.meetings.SetTerms(id, std::move(terms), {.patience = call.patience}));
  return call.Sending(sent);
}

Result<Reply> PassOn(Call& call) {
  SCHAKEL_ASSIGN(const RecordId id, call.Record("table"));
  Input input(call.body);
  VoteBody choice = ReadVote(input);
  const Audience audience = call.ReadAudience(input);
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const Sent sent, call.desk.meetings.PassOn(id, std::move(choice), audience));
  return call.Sending(sent);
}

Result<Reply> VoteFor(Call& call) {
  SCHAKEL_ASSIGN(const RecordId id, call.Record("table"));
  SCHAKEL_ASSIGN(const RecordId guest, call.Record("guest"));
  Input input(call.body);
  const VoteBody vote = ReadVote(input);
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const Sent sent, call.desk.meetings.VoteFor(id, guest, vote, {.patience = call.patience}));
  return call.Sending(sent);
}

Result<Reply> Fix(Call& call) {
  SCHAKEL_ASSIGN(const RecordId id, call.Record("table"));
  Input input(call.body);
  FixedBody fixed;
  fixed.slot = input.Slot("slot");
  fixed.place = input.Text("place");
  fixed.every_weeks = Small(input.Number("every_weeks"));
  fixed.times = Small(input.Number("times"));
  fixed.occurrence = input.Time("occurrence");
  fixed.reason = input.Text("reason");
  const Audience audience = call.ReadAudience(input);
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const Sent sent, call.desk.meetings.Fix(id, std::move(fixed), audience));
  SCHAKEL_TRY(call.desk.guests.Follow(id));
  return call.Sending(sent);
}

Result<Reply> Cancel(Call& call) {
  SCHAKEL_ASSIGN(const RecordId id, call.Record("table"));
  Input input(call.body);
  CancelBody cancel;
  cancel.why = input.Text("why");
  cancel.occurrence = input.Time("occurrence");
  const Audience audience = call.ReadAudience(input);
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const Sent sent, call.desk.meetings.Cancel(id, cancel, audience));
  return call.Sending(sent);
}

AttendBody ReadAnswer(Input& input) {
  AttendBody answer;
  answer.attending = input.RequiredWord("attending", Attending::kAccepted, &ParseAttending);
  answer.comment = input.Text("comment");
  answer.counter = input.OptionalSlot("counter");
  answer.occurrence = input.Time("occurrence");
  return answer;
}

Result<Reply> Attend(Call& call) {
  SCHAKEL_ASSIGN(const RecordId id, call.Record("table"));
  Input input(call.body);
  AttendBody answer = ReadAnswer(input);
  const Audience audience = call.ReadAudience(input);
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const Sent sent, call.desk.meetings.Answer(id, std::move(answer), {}, audience));
  return call.Sending(sent);
}

Result<Reply> AnswerFor(Call& call) {
  SCHAKEL_ASSIGN(const RecordId id, call.Record("table"));
  SCHAKEL_ASSIGN(const RecordId guest, call.Record("guest"));
  Input input(call.body);
  AttendBody answer = ReadAnswer(input);
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const Sent sent,
                 call.desk.meetings.AnswerFor(id, guest, std::move(answer), {}, {.patience = call.patience}));
  return call.Sending(sent);
}

Result<Reply> Report(Call& call) {
  SCHAKEL_ASSIGN(const RecordId id, call.Record("table"));
  Input input(call.body);
  ReportBody report;
  report.text = input.RequiredText("text");
  report.decisions = input.Texts("decisions");
  report.attendance = input.Attendances("attendance");
  const CategorySet also = input.Set<Category>("categories", &ParseCategory);
  std::vector<ActionBody> actions;
  for (const Json& one : input.Objects("actions")) {
    Input inner(one);
    actions.push_back(ReadAction(inner));
    if (auto status = inner.Finish(); !status) input.RefuseIn(status.error(), "actions", actions.size() - 1);
  }
  const Audience audience = call.ReadAudience(input);
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const Sent sent, call.desk.meetings.Report(id, report, also, audience, actions));
  return call.Sending(sent);
}

const Route kRoutes[] = {
    {"GET", "/v1/tables", &List, {"trajectory", "from", "to", "limit", "cursor"}},
    {"POST", "/v1/trajectories/{trajectory}/tables", &Propose},
    {"GET", "/v1/tables/{table}", &Show},
    {"POST", "/v1/tables/{table}/votes", &Vote},
    {"POST", "/v1/tables/{table}/date", &Fix},
    {"POST", "/v1/tables/{table}/report", &Report},
    {"POST", "/v1/tables/{table}/terms", &SetTerms},
    {"POST", "/v1/tables/{table}/family", &PassOn},
    {"POST", "/v1/tables/{table}/guests/{guest}/votes", &VoteFor},
    {"POST", "/v1/tables/{table}/guests/{guest}/answers", &AnswerFor},
    {"POST", "/v1/tables/{table}/cancellation", &Cancel},
    {"POST", "/v1/tables/{table}/answers", &Attend},
};

}  // namespace
}  // namespace schakel::tables_routes

namespace schakel {

std::span<const Route> TableRoutes() { return tables_routes::kRoutes; }

}  // namespace schakel
