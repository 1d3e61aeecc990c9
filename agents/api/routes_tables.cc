// Round tables, evolution reviews and intakes.
#include "router.h"

namespace schakel {
namespace {

// The date of a meeting that is to come is a word of the record that fixed it: showing it is a view of that.
Result<Reply> List(Call& call) {
  SCHAKEL_ASSIGN(const auto asked, call.AskedTrajectory());
  std::vector<CaseTrajectory> trajectories;
  call.desk.cases.With([&](CaseFile& file) {
    for (const CaseTrajectory* trajectory : file.Trajectories()) {
      const bool wanted = !asked || *asked == trajectory->id;
      if (wanted && !trajectory->meetings.empty()) trajectories.push_back(*trajectory);
    }
  });
  struct Listed {
    const CaseTrajectory* trajectory;
    Meeting meeting;
  };
  std::vector<Listed> all;
  for (const CaseTrajectory& trajectory : trajectories) {
    for (const Meeting& one : trajectory.meetings) all.push_back({&trajectory, one});
  }
  SCHAKEL_ASSIGN(const auto page,
                 call.PageOf(std::move(all), [](const Listed& one) { return ToText(one.meeting.id); }));
  Glance glance;
  for (const auto& [trajectory, one] : page.items) {
    glance.Want(*trajectory);
    if (IsNone(one.report)) glance.Want(one.fixed);
  }
  SCHAKEL_TRY(glance.Read(call.desk.reading, call.caller));
  const JsonViews views = call.Views();
  Json list = Json::array();
  for (const auto& [trajectory, one] : page.items) list.push_back(views.MeetingView(one, *trajectory, glance));
  return Reply{.json = {{"tables", std::move(list)}, {"next", page.next}}};
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
  const Audience audience = call.ReadAudience(input);
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const Sent sent, call.desk.meetings.Propose(id, proposal, audience));
  return call.Sending(sent);
}

// The proposal with every vote, the date and the report: each of them is read.
Result<Reply> Show(Call& call) {
  SCHAKEL_ASSIGN(const RecordId id, call.Record("table"));
  SCHAKEL_ASSIGN(const Meeting meeting, call.desk.meetings.Find(id));
  std::vector<RecordId> ids = {meeting.id};
  for (const auto& [organisation, vote] : meeting.votes) ids.push_back(vote.record);
  if (!IsNone(meeting.fixed)) ids.push_back(meeting.fixed);
  if (!IsNone(meeting.report)) ids.push_back(meeting.report);
  SCHAKEL_ASSIGN(const CaseTrajectory trajectory, call.desk.cases.Trajectory(meeting.trajectory));
  SCHAKEL_ASSIGN(const Thread thread, call.ReadThread(ids, &trajectory));
  Json json = call.Views().MeetingView(meeting, trajectory, thread.glance);
  json["thread"] = thread.records;
  json["tallies"] = Json::array();
  for (const Meeting::Tally& tally : meeting.tallies) {
    json["tallies"].push_back({{"yes", tally.yes}, {"maybe", tally.maybe}, {"no", tally.no}});
  }
  return Reply{.json = std::move(json)};
}

Result<Reply> Vote(Call& call) {
  SCHAKEL_ASSIGN(const RecordId id, call.Record("table"));
  Input input(call.body);
  VoteBody vote;
  vote.choices = input.Words<VoteChoice>("choices", &ParseVoteChoice);
  vote.comment = input.Text("comment");
  const Audience audience = call.ReadAudience(input);
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const Sent sent, call.desk.meetings.Vote(id, vote, audience));
  return call.Sending(sent);
}

Result<Reply> Fix(Call& call) {
  SCHAKEL_ASSIGN(const RecordId id, call.Record("table"));
  Input input(call.body);
  FixedBody fixed;
  fixed.slot = input.Slot("slot");
  fixed.place = input.Text("place");
  const Audience audience = call.ReadAudience(input);
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const Sent sent, call.desk.meetings.Fix(id, std::move(fixed), audience));
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
  const Audience audience = call.ReadAudience(input);
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const Sent sent, call.desk.meetings.Report(id, report, also, audience));
  return call.Sending(sent);
}

const Route kRoutes[] = {
    {"GET", "/v1/tables", &List, {"trajectory", "limit", "cursor"}},
    {"POST", "/v1/trajectories/{trajectory}/tables", &Propose},
    {"GET", "/v1/tables/{table}", &Show},
    {"POST", "/v1/tables/{table}/votes", &Vote},
    {"POST", "/v1/tables/{table}/date", &Fix},
    {"POST", "/v1/tables/{table}/report", &Report},
};

}  // namespace

std::span<const Route> TableRoutes() { return kRoutes; }

}  // namespace schakel
