// De-identified cases from which partners learn, and who comes to a place that was agreed.
#include <algorithm>
#include <set>

#include "agents/learning.h"
#include "agents/place_enrolment.h"
#include "api/read_all.h"
#include "api/screened.h"
#include "methods/published_view.h"

namespace schakel::learning_routes {
namespace {

Json CaseView(const Call& call, const LearningCase& one, const ReadRecords& read) {
  Json view = PublishedView(call, one, read);
  view["withdrawn_at"] = TimeView(one.withdrawn_at);
  view["withdrawal"] = read.View(one.withdrawal, call.Views());
  view["comments"] = Json::array();  // Those that were read: in a list none are.
  for (const LearningComment& said : one.comments) {
    if (read.Has(said.id)) view["comments"].push_back(PublishedView(call, said, read));
  }
  return view;
}

Result<Reply> List(Call& call) {
  LearningSearch search;
  search.theme = call.Asked("theme");
  search.words = call.Asked("words");
  search.all = call.Asks("all", "true");
  LearningService::Found found = call.desk.learning.Find(search);
  SCHAKEL_ASSIGN(const auto page,
                 call.PageOf(std::move(found.cases), [](const LearningCase& one) { return ToText(one.id); }));
  std::set<RecordId> ids;
  for (const LearningCase& one : page.items) {
    if (!one.withdrawn_at) ids.insert(one.id);
  }
  SCHAKEL_ASSIGN(const ReadRecords read, ReadAll(call, ids));
  Json list = Json::array();
  for (const LearningCase& one : page.items) list.push_back(CaseView(call, one, read));
  return Reply{.json = {{"cases", std::move(list)}, {"themes", found.themes}, {"next", page.next}}};
}

// What stands in a case file is as certain here as a number of the register.
Result<Reply> ScreenedCase(Call& call, const Result<Sent>& sent, const Screening& screening) {
  SCHAKEL_ASSIGN(Reply reply, Screened(call, sent, screening));
  if (!reply.json.contains("findings")) return reply;
  Json& findings = reply.json["findings"];
  for (std::size_t i = 0; i < findings.size() && i < screening.findings.size(); ++i) {
    findings[i]["certain"] = StaysAtHome(screening.findings[i].what);
  }
  return reply;
}

Result<Reply> Publish(Call& call) {
  Input input(call.body);
  LearningCaseBody body;
  body.title = input.RequiredText("title");
  body.text = input.RequiredText("text");
  body.learned = input.Text("learned");
  body.themes = input.Texts("themes");
  CategorySet categories = input.Set<Category>("categories", &ParseCategory);
  Screening screening;
  screening.overruled = input.Flag("accept_findings", false);
  const std::vector<std::string> to = input.Texts("to");  // Sectors, too.
  input.MustNameSomebody("to");
  Audience audience = call.ReadHow(input);
  SCHAKEL_TRY(input.Finish());
  if (categories.empty()) categories = {Category::kAgreements};
  SCHAKEL_ASSIGN(audience.named, call.desk.consultations.Addressees({}, to, call.desk.profiles));
  return ScreenedCase(call, call.desk.learning.Publish(body, categories, audience, screening), screening);
}

Result<Reply> Show(Call& call) {
  SCHAKEL_ASSIGN(const RecordId id, call.Record("case"));
  SCHAKEL_ASSIGN(const LearningCase one, call.desk.learning.Show(id));
  std::set<RecordId> shown = {one.withdrawn_at ? one.withdrawal : one.id};
  for (const LearningComment& said : one.comments) {
    if (!one.withdrawn_at && !said.withdrawn_at) shown.insert(said.id);
  }
  SCHAKEL_ASSIGN(const ReadRecords read, ReadAll(call, shown));
  return Reply{.json = CaseView(call, one, read)};
}

// What is said about a case goes to whoever has it: nobody is named.
struct Manner {
  Screening screening;
  Audience audience;
};
Manner ReadManner(const Call& call, Input& input) {
  Manner manner;
  manner.screening.overruled = input.Flag("accept_findings", false);
  manner.audience.preview = input.Flag("preview", false);
  manner.audience.patience = call.patience;
  return manner;
}

Result<Reply> Comment(Call& call) {
  SCHAKEL_ASSIGN(const RecordId id, call.Record("case"));
  Input input(call.body);
  const MessageBody body{input.RequiredText("text")};
  Manner how = ReadManner(call, input);
  SCHAKEL_TRY(input.Finish());
  return ScreenedCase(call, call.desk.learning.Comment(id, body, how.audience, how.screening), how.screening);
}

Result<Reply> Withdraw(Call& call) {
  SCHAKEL_ASSIGN(const RecordId id, call.Record("case"));
  Input input(call.body);
  const LearningWithdrawalBody body{input.Text("why")};
  Manner how = ReadManner(call, input);
  SCHAKEL_TRY(input.Finish());
  return ScreenedCase(call, call.desk.learning.Withdraw(id, body, how.audience, how.screening), how.screening);
}

// ---- Who comes ----

Result<Reply> ShowEnrolment(Call& call) {
  SCHAKEL_ASSIGN(const RecordId id, call.Record("hold"));
  SCHAKEL_ASSIGN(const Enrolment one, call.desk.enrolments.Show(id));
  std::set<RecordId> ids;
  if (!IsNone(one.record) && !one.forgotten) ids.insert(one.record);
  SCHAKEL_ASSIGN(const ReadRecords read, ReadAll(call, ids));
  const JsonViews views = call.Views();
  return Reply{.json = {{"hold", ToText(one.hold)},
                        {"offer", ToText(one.offer)},
                        {"holder", views.Organisation(one.holder)},
                        {"owner", views.Organisation(one.owner)},
                        {"ends_at", ToText(one.ends_at)},
                        {"forgotten_at", ToText(one.forgotten_at)},
                        {"forgotten", one.forgotten},
                        {"may_enrol", one.may_enrol},
                        {"agreed_by", one.agreed_by ? Json(Slug(*one.agreed_by)) : Json(nullptr)},
                        {"record", read.View(one.record, views)}}};
}

Result<Reply> Enrol(Call& call) {
  SCHAKEL_ASSIGN(const RecordId id, call.Record("hold"));
  Input input(call.body);
  PlaceEnrolmentBody body;
  body.name = input.RequiredText("name");
  body.needs = input.Text("needs");
  const EnrolmentConsent agreed_by =
      input.RequiredWord("agreed_by", EnrolmentConsent::kYoungPerson, &ParseEnrolmentConsent);
  Audience audience;
  audience.preview = input.Flag("preview", false);
  audience.patience = call.patience;
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const Sent sent, call.desk.enrolments.Enrol(id, body, agreed_by, call.caller.person, audience));
  return call.Sending(sent);
}

const Route kRoutes[] = {
    {"GET", "/v1/learning-cases", &List, {"theme", "words", "all", "limit", "cursor"}},
    {"POST", "/v1/learning-cases", &Publish},
    {"GET", "/v1/learning-cases/{case}", &Show},
    {"POST", "/v1/learning-cases/{case}/comments", &Comment},
    {"POST", "/v1/learning-cases/{case}/withdrawal", &Withdraw},
    {"GET", "/v1/holds/{hold}/enrolment", &ShowEnrolment},
    {"POST", "/v1/holds/{hold}/enrolment", &Enrol},
};

}  // namespace
}  // namespace schakel::learning_routes

namespace schakel {

std::span<const Route> LearningRoutes() { return learning_routes::kRoutes; }

}  // namespace schakel
