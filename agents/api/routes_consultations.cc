#include "router.h"

namespace schakel {
namespace {

std::string LabelOf(Call& call, const TrajectoryId& id) {
  auto trajectory = call.desk.cases.Trajectory(id);
  return trajectory ? trajectory->label : std::string{};
}

Result<Reply> List(Call& call) {
  SCHAKEL_ASSIGN(const auto asked, call.AskedTrajectory());
  const JsonViews views = call.Views();
  Json list = Json::array();
  call.desk.cases.With([&](CaseFile& file) {
    for (const CaseTrajectory* trajectory : file.Trajectories()) {
      if (asked && *asked != trajectory->id) continue;
      for (const Consultation& one : trajectory->consultations) {
        list.push_back(views.ConsultationView(one, trajectory->label));
      }
    }
    if (asked) return;
    for (const Consultation& one : file.AnonymousConsultations()) list.push_back(views.ConsultationView(one, {}));
  });
  return Reply{.json = {{"consultations", std::move(list)}}};
}

Json FindingsView(const std::vector<Finding>& findings) {
  Json list = Json::array();
  for (const Finding& finding : findings) {
    list.push_back({{"what", Slug(finding.what)},
                    {"at", finding.at},
                    {"length", finding.length},
                    {"certain", IsCertain(finding.what)}});
  }
  return list;
}

Result<Reply> Ask(Call& call) {
  Input input(call.body);
  QuestionBody question;
  question.subject = input.Text("subject");
  question.question = input.RequiredText("question");
  question.urgency = input.Word("urgency", Urgency::kNormal, &ParseUrgency);
  question.answer_by = input.Time("answer_by");
  const CategorySet categories = input.Set<Category>("categories", &ParseCategory);
  const Purpose purpose = input.Word("purpose", Purpose::kConsultation, &ParsePurpose);
  const std::string trajectory = input.Text("trajectory");
  const bool overruled = input.Flag("accept_findings", false);
  const Audience audience = call.ReadAudience(input);
  SCHAKEL_TRY(input.Finish());
  if (!trajectory.empty()) {
    SCHAKEL_ASSIGN(const TrajectoryId id, call.desk.cases.FindTrajectory(trajectory));
    SCHAKEL_ASSIGN(const Sent sent, call.desk.consultations.Ask(id, question, categories, purpose, audience));
    return call.Sending(sent);
  }
  std::vector<Finding> findings;
  auto sent = call.desk.consultations.AskAnonymously(question, categories, overruled, audience, findings);
  if (!sent && sent.error().rule == "consultation.identifying") {
    Reply reply;
    reply.status = StatusOf(sent.error());
    reply.type = "application/problem+json";
    reply.json = {{"type", "urn:schakel:rule:" + sent.error().rule}, {"status", reply.status}};
    reply.json.update(call.Views().ProblemView(sent.error()));
    reply.json["findings"] = FindingsView(findings);
    return reply;
  }
  if (!sent) return std::unexpected(sent.error());
  Reply reply = call.Sending(*sent);
  reply.json["findings"] = FindingsView(findings);
  return reply;
}

Result<Reply> Show(Call& call) {
  SCHAKEL_ASSIGN(const RecordId id, call.Record("consultation"));
  SCHAKEL_ASSIGN(const Consultation found, call.desk.consultations.Find(id));
  std::vector<RecordId> ids = {found.id};
  for (const Consultation::Reply& reply : found.answers) ids.push_back(reply.record);
  if (!IsNone(found.conclusion)) ids.push_back(found.conclusion);
  SCHAKEL_ASSIGN(const auto shown, call.desk.reading.Show(ids, call.caller));
  const JsonViews views = call.Views();
  Json json = views.ConsultationView(found, LabelOf(call, found.trajectory));
  json["thread"] = Json::array();
  for (const Reading::Shown& one : shown) json["thread"].push_back(views.ShownView(one));
  return Reply{.json = std::move(json)};
}

Result<Reply> Answer(Call& call) {
  SCHAKEL_ASSIGN(const RecordId id, call.Record("consultation"));
  Input input(call.body);
  const AnswerBody answer{input.RequiredText("text")};
  const Audience audience = call.ReadAudience(input);
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const Sent sent, call.desk.consultations.Answer(id, answer, audience));
  return call.Sending(sent);
}

Result<Reply> Conclude(Call& call) {
  SCHAKEL_ASSIGN(const RecordId id, call.Record("consultation"));
  Input input(call.body);
  input.RequiredText("taken");
  const ConclusionBody conclusion{input.Word("taken", AdviceTaken::kYes, &ParseAdviceTaken), input.Text("why")};
  const Audience audience = call.ReadAudience(input);
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const Sent sent, call.desk.consultations.Conclude(id, conclusion, audience));
  return call.Sending(sent);
}

const Route kRoutes[] = {
    {"GET", "/v1/consultations", &List, {"trajectory"}},
    {"POST", "/v1/consultations", &Ask},
    {"GET", "/v1/consultations/{consultation}", &Show},
    {"POST", "/v1/consultations/{consultation}/answers", &Answer},
    {"POST", "/v1/consultations/{consultation}/conclusion", &Conclude},
};

}  // namespace

std::span<const Route> ConsultationRoutes() { return kRoutes; }

}  // namespace schakel
