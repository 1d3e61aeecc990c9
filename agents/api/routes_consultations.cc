#include "router.h"
#include "screened.h"
#include "writing.h"

namespace schakel::consultations_routes {
namespace {

constexpr std::chrono::milliseconds kReceiptsPatience{10'000};

Json ReceiptsView(const JsonViews& views, const std::vector<Receipt>& receipts) {
  Json list = Json::array();
  for (const Receipt& one : receipts) {
    list.push_back({{"organisation", views.Organisation(one.organisation)},
                    {"stored_at", TimeView(one.stored_at)},
                    {"opened_at", TimeView(one.opened_at)},
                    {"answered_at", TimeView(one.answered_at)}});
  }
  return list;
}

// The deadline of what is still open stands in the question: showing it is a view of that. How urgent it is, and what
// it asks, is for who looks at the question itself.
Result<Reply> List(Call& call) {
  SCHAKEL_ASSIGN(const auto asked, call.AskedTrajectory());
  std::vector<CaseTrajectory> trajectories;
  std::vector<Consultation> anonymous;
  call.desk.cases.With([&](CaseFile& file) {
    for (const CaseTrajectory* trajectory : file.Trajectories()) {
      const bool wanted = !asked || *asked == trajectory->id;
      if (wanted && !trajectory->consultations.empty()) trajectories.push_back(*trajectory);
    }
    if (!asked) anonymous = file.AnonymousConsultations();
  });
  struct Listed {
    const CaseTrajectory* trajectory;  // Null: anonymous.
    Consultation consultation;
  };
  std::vector<Listed> all;
  for (const CaseTrajectory& trajectory : trajectories) {
    for (const Consultation& one : trajectory.consultations) all.push_back({&trajectory, one});
  }
  for (const Consultation& one : anonymous) all.push_back({nullptr, one});
  SCHAKEL_ASSIGN(auto page, call.PageOf(std::move(all), [](const Listed& one) { return ToText(one.consultation.id); }));
  SCHAKEL_TRY(call.KeepOwn(
      page.items, [](const Listed& one) { return one.trajectory == nullptr ? TrajectoryId() : one.trajectory->id; }));
  Glance glance;
  for (const auto& [trajectory, one] : page.items) {
    if (trajectory != nullptr) glance.Want(*trajectory);
    if (one.answer_by && one.state != Consultation::State::kConcluded) glance.Want(one.id);
  }
  SCHAKEL_TRY(glance.Read(call.desk.reading, call.caller));
  const JsonViews views = call.Views();
  Json list = Json::array();
  for (const auto& [trajectory, one] : page.items) {
    SCHAKEL_ASSIGN(const auto receipts, call.desk.receipts.Known(one));
    list.push_back(views.ConsultationView(one, trajectory, glance));
    list.back()["receipts"] = ReceiptsView(views, receipts);
  }
  return Reply{.json = {{"consultations", std::move(list)}, {"next", page.next}}};
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
  const std::vector<std::string> to = input.Texts("to");  // Sectors, too.
  input.MustNameSomebody("to");
  Audience audience = call.ReadHow(input);
  SCHAKEL_TRY(input.Finish());
  TrajectoryId id;
  if (!trajectory.empty()) {
    SCHAKEL_ASSIGN(id, call.desk.cases.FindTrajectory(trajectory));
    SCHAKEL_TRY(CheckMayWriteOn(call, id));
  }
  SCHAKEL_ASSIGN(audience.named, call.desk.consultations.Addressees(id, to, call.desk.profiles));
  if (!trajectory.empty()) {
    SCHAKEL_ASSIGN(const Sent sent, call.desk.consultations.Ask(id, question, categories, purpose, audience));
    return call.Sending(sent);
  }
  Screening screening;
  screening.overruled = overruled;
  const auto sent = call.desk.consultations.AskAnonymously(question, categories, audience, screening);
  if (sent && sent->outcome == Sent::Outcome::kSent && (question.answer_by || question.urgency == Urgency::kCrisis)) {
    // The question has left, whatever comes of this: a disk that refuses stops the agent, which says so itself.
    static_cast<void>(call.desk.following.NoteAsker(sent->record, call.caller.person.name));
  }
  return Screened(call, sent, screening);
}

Result<Reply> Show(Call& call) {
  SCHAKEL_ASSIGN(const RecordId id, call.Record("consultation"));
  SCHAKEL_ASSIGN(const Consultation found, call.desk.consultations.Find(id));
  std::vector<RecordId> ids = {found.id};
  for (const Consultation::Reply& reply : found.Replies()) ids.push_back(reply.record);
  if (!IsNone(found.conclusion)) ids.push_back(found.conclusion);
  // The files that go with any of these, after them.
  const std::size_t words = ids.size();
  std::vector<CaseAttachment> files = call.desk.attachments.Of(found.trajectory);
  std::erase_if(files, [&](const CaseAttachment& one) { return std::ranges::find(ids, one.about) == ids.end(); });
  for (const CaseAttachment& file : files) ids.push_back(file.item.id);
  auto trajectory = call.desk.cases.Trajectory(found.trajectory);
  SCHAKEL_ASSIGN(Thread thread, call.ReadThread(ids, trajectory ? &*trajectory : nullptr));
  Json attachments = Json::array();
  for (std::size_t i = 0; i < files.size(); ++i) {
    attachments.push_back(AttachmentView(std::move(thread.records[words + i]), files[i]));
  }
  thread.records.erase(thread.records.begin() + static_cast<std::ptrdiff_t>(words), thread.records.end());
  Json json = call.Views().ConsultationView(found, trajectory ? &*trajectory : nullptr, thread.glance);
  SCHAKEL_ASSIGN(const auto receipts, call.desk.receipts.Known(found));
  json["receipts"] = ReceiptsView(call.Views(), receipts);
  json["thread"] = thread.records;
  json["attachments"] = std::move(attachments);
  return Reply{.json = std::move(json)};
}

// From the hub, which logs the question; else what it said before.
Result<Reply> Receipts(Call& call) {
  SCHAKEL_ASSIGN(const RecordId id, call.Record("consultation"));
  const auto patience = call.patience.count() > 0 ? call.patience : kReceiptsPatience;
  auto receipts = call.desk.receipts.Ask(id, call.caller, patience);
  const bool asked = receipts.has_value();
  if (!asked && (receipts.error().code == Code::kUnavailable || receipts.error().code == Code::kTampered)) {
    SCHAKEL_ASSIGN(const Consultation found, call.desk.consultations.Find(id));
    receipts = call.desk.receipts.Known(found);
  }
  if (!receipts) return std::unexpected(receipts.error());
  return Reply{.json = {{"receipts", ReceiptsView(call.Views(), *receipts)}, {"asked", asked}}};
}

Result<Reply> Answer(Call& call) {
  SCHAKEL_ASSIGN(const RecordId id, call.Record("consultation"));
  Input input(call.body);
  const AnswerBody answer{input.RequiredText("text")};
  Screening screening;
  screening.overruled = input.Flag("accept_findings", false);
  const Audience audience = call.ReadAudience(input);
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const Consultation found, call.desk.consultations.Find(id));
  const auto sent = call.desk.consultations.Answer(id, answer, audience, screening);
  SCHAKEL_ASSIGN(Reply reply, Screened(call, sent, screening));
  reply.json["follow_up"] = found.asker == call.desk.engine.Self();
  return reply;
}

Result<Reply> Conclude(Call& call) {
  SCHAKEL_ASSIGN(const RecordId id, call.Record("consultation"));
  Input input(call.body);
  input.RequiredText("taken");
  const ConclusionBody conclusion{input.Word("taken", AdviceTaken::kYes, &ParseAdviceTaken), input.Text("why")};
  Screening screening;
  screening.overruled = input.Flag("accept_findings", false);
  const Audience audience = call.ReadAudience(input);
  SCHAKEL_TRY(input.Finish());
  return Screened(call, call.desk.consultations.Conclude(id, conclusion, audience, screening), screening);
}

Result<Reply> Reveal(Call& call) {
  auto asked = call.Record("consultation");
  // Of the two ids here, which one is none.
  if (!asked && asked.error().rule.starts_with("id.")) asked.error().field = "consultation";
  SCHAKEL_ASSIGN(const RecordId id, std::move(asked));
  Input input(call.body);
  const std::string trajectory = input.RequiredText("trajectory");
  const std::string text = input.Text("text");
  const Audience audience = call.ReadAudience(input);
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const TrajectoryId about, call.desk.cases.FindTrajectory(trajectory));
  SCHAKEL_TRY(CheckMayWriteOn(call, about));  // The question itself is of none.
  SCHAKEL_ASSIGN(const Sent sent, call.desk.consultations.Reveal(id, about, text, audience));
  return call.Sending(sent);
}

const Route kRoutes[] = {
    {"GET", "/v1/consultations", &List, {"trajectory", "limit", "cursor"}},
    {"POST", "/v1/consultations", &Ask},
    {"GET", "/v1/consultations/{consultation}", &Show},
    {"GET", "/v1/consultations/{consultation}/receipts", &Receipts},
    {"POST", "/v1/consultations/{consultation}/answers", &Answer},
    {"POST", "/v1/consultations/{consultation}/conclusion", &Conclude},
    {"POST", "/v1/consultations/{consultation}/reveals", &Reveal},
};

}  // namespace
}  // namespace schakel::consultations_routes

namespace schakel {

std::span<const Route> ConsultationRoutes() { return consultations_routes::kRoutes; }

}  // namespace schakel
