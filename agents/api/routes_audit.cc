// Who saw what: questions, their answers in pages or in files, and what proves them.
#include <algorithm>
#include <charconv>

#include "exports.h"
#include "router.h"
#include "services/journal.h"

namespace schakel::audit_routes {
namespace {

constexpr std::chrono::milliseconds kAuditPatience{10'000};
constexpr std::size_t kPageMax = 1000;

std::chrono::milliseconds PatienceOf(const Call& call) {
  return call.patience.count() > 0 ? call.patience : kAuditPatience;
}

// ---- Of one trajectory, all at once ----

Result<Findings> AskOfTrajectory(Call& call) {
  Inquiry inquiry;
  SCHAKEL_ASSIGN(inquiry.trajectory, call.Trajectory());
  inquiry.record = call.Asked("record");
  if (!inquiry.record.empty()) inquiry.question = Question::kRecord;
  return call.desk.inquiry.Ask(inquiry, call.caller, PatienceOf(call));
}

Json RowViews(const Call& call, const std::vector<AccessRow>& rows, std::size_t first, std::size_t last) {
  const JsonViews views = call.Views();
  Json list = Json::array();
  for (std::size_t i = first; i < last; ++i) list.push_back(views.AccessView(rows[i]));
  return list;
}

Result<Reply> Accesses(Call& call) {
  SCHAKEL_ASSIGN(const Findings findings, AskOfTrajectory(call));
  const Evidence& evidence = findings.files.front().evidence;
  Json json = {{"rows", RowViews(call, findings.rows, 0, findings.rows.size())},
               {"entries", evidence.entries.size()},
               {"checkpoint", evidence.checkpoint}};
  // Rows and file of one and the same answer; of one record's accesses nothing is cut down, so that is the whole.
  if (!call.Asked("evidence").empty() && !call.Asks("evidence", "false")) {
    json["evidence"] = ToBase64(EncodeEvidence(evidence));
  }
  return Reply{.json = std::move(json)};
}

Result<Reply> EvidenceFile(Call& call) {
  SCHAKEL_ASSIGN(const Findings findings, AskOfTrajectory(call));
  const Bytes bytes = EncodeEvidence(findings.files.front().evidence);
  return Reply{.type = "application/octet-stream", .raw = std::string(AsText(bytes))};
}

// ---- Any question ----

Result<ExportFormat> FormatOf(const Call& call) {
  const std::string format = call.Asked("format");
  if (format == "csv") return ExportFormat::kCsv;
  if (format == "fhir") return ExportFormat::kFhir;
  if (format == "json") return ExportFormat::kJson;
  if (!format.empty()) {
    return Fail(Code::kInvalid, "request.value", "format", "choose one of json, csv, fhir");
  }
  if (call.accept.contains("text/csv")) return ExportFormat::kCsv;
  if (call.accept.contains("application/fhir+json")) return ExportFormat::kFhir;
  return ExportFormat::kJson;
}

Result<std::size_t> LimitOf(const Call& call) {
  const std::string text = call.Asked("limit");
  if (text.empty()) return kPageMax;
  std::size_t limit = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), limit);
  const bool whole = parsed.ec == std::errc{} && parsed.ptr == text.data() + text.size();
  if (!whole || limit == 0 || limit > kPageMax) {
    return Fail(Code::kInvalid, "request.value", "limit", "choose one of 1 to 1000");
  }
  return limit;
}

// What another question is about would be left aside without a word, and the answer be taken for one about it.
Status CheckAsksOf(const Inquiry& inquiry) {
  const auto other = [](const char* field) {
    return Fail(Code::kInvalid, "audit.other_question", field,
                "ask question=" + std::string(field) + ", or leave it out");
  };
  if (!inquiry.organisation.value().empty() && inquiry.question != Question::kOrganisation)
    return other("organisation");
  if (!inquiry.person.empty() && inquiry.question != Question::kPerson) return other("person");
  return {};
}

enum class WithEvidence : std::uint8_t { kNo, kYes };

// Evidence is the hub's whole answer, so that nothing can be left out of it unseen: who asks it with what cuts the rows
// down has to say that the two may differ.
Result<WithEvidence> EvidenceAsked(const Call& call, const Inquiry& inquiry, ExportFormat format) {
  const std::string asked = call.Asked("evidence");
  if (asked.empty() || asked == "false") return WithEvidence::kNo;
  if (format != ExportFormat::kJson) return Fail(Code::kInvalid, "audit.evidence_file", "evidence", "ask format=json");
  if (asked == "whole") return WithEvidence::kYes;
  const auto narrowed = [](const char* field) {
    return Fail(Code::kInvalid, "audit.evidence_whole", field,
                "leave " + std::string(field) + " out, or ask evidence=whole");
  };
  if (inquiry.question != Question::kAll && inquiry.question != Question::kRecord) return narrowed("question");
  if (inquiry.from) return narrowed("from");
  if (inquiry.until) return narrowed("until");
  return WithEvidence::kYes;
}

Result<Inquiry> InquiryOf(const Call& call) {
  Inquiry inquiry;
  if (const std::string question = call.Asked("question"); !question.empty()) {
    SCHAKEL_ASSIGN(inquiry.question, ParseQuestion(question));
  }
  SCHAKEL_ASSIGN(inquiry.trajectory, call.AskedTrajectory());
  inquiry.record = call.Asked("record");
  if (const std::string organisation = call.Asked("organisation"); !organisation.empty()) {
    SCHAKEL_ASSIGN(inquiry.organisation, ParseOrgId(organisation));
  }
  inquiry.person = call.Asked("person");
  SCHAKEL_ASSIGN(inquiry.from, call.AskedTime("from"));
  SCHAKEL_ASSIGN(inquiry.until, call.AskedTime("until"));
  SCHAKEL_TRY(CheckAsksOf(inquiry));
  return inquiry;
}

// The page that begins at `first`; how many there are in all is of what may be shown, as is everything here.
Json PageOf(const Call& call, const AnswerShelf::Rows& rows, const std::string& answer, std::size_t first,
            std::size_t limit) {
  const std::size_t last = std::min(rows->size(), first + limit);
  return {{"rows", RowViews(call, *rows, first, last)},
          {"total", rows->size()},
          {"next", last == rows->size() ? Json(nullptr) : Json(AnswerShelf::CursorOf(answer, last))}};
}

Result<Reply> NextPage(Call& call, const std::string& cursor) {
  SCHAKEL_ASSIGN(const std::size_t limit, LimitOf(call));
  SCHAKEL_ASSIGN(const AnswerShelf::Place place, call.desk.shelf.Find(cursor, call.caller.person));
  return Reply{.json = PageOf(call, place.rows, place.answer, place.shown, limit)};
}

Json FileViews(const Findings& findings) {
  Json files = Json::array();
  for (const Findings::File& file : findings.files) {
    files.push_back({{"trajectory", IdView(file.trajectory)}, {"file", ToBase64(EncodeEvidence(file.evidence))}});
  }
  return files;
}

Result<Reply> FirstPage(Call& call, Findings findings, WithEvidence evidence) {
  SCHAKEL_ASSIGN(const std::size_t limit, LimitOf(call));
  const auto rows = std::make_shared<const std::vector<AccessRow>>(std::move(findings.rows));
  std::string cursor;
  if (rows->size() > limit) cursor = call.desk.shelf.Put(rows, call.caller.person, limit);
  Json json = PageOf(call, rows, cursor.substr(0, cursor.find('.')), 0, limit);
  json["unasked"] = Json::array();
  for (const TrajectoryId& id : findings.unasked) json["unasked"].push_back(ToText(id));
  if (evidence == WithEvidence::kYes) json["evidence"] = FileViews(findings);
  return Reply{.json = std::move(json)};
}

Result<Reply> AsFile(Call& call, const Inquiry& inquiry, const Findings& findings, ExportFormat format) {
  const Timestamp now = call.desk.clock.Now();
  SCHAKEL_TRY(Note(call.desk.engine, {now, Act::What::kExported, inquiry.trajectory.value_or(TrajectoryId{}),
                                      RecordId{}, call.caller.person, call.caller.reason, inquiry.person}));
  const ExportNames names(call.desk.engine, call.language);
  if (format == ExportFormat::kCsv) {
    return Reply{.type = "text/csv; charset=utf-8", .raw = AccessCsv(findings.rows, names)};
  }
  const Json bundle = AuditEventBundle(findings.rows, names, now);
  return Reply{.type = "application/fhir+json", .raw = bundle.dump(1, ' ', false, Json::error_handler_t::replace)};
}

Result<Reply> Audit(Call& call) {
  if (const std::string cursor = call.Asked("cursor"); !cursor.empty()) return NextPage(call, cursor);
  SCHAKEL_ASSIGN(const ExportFormat format, FormatOf(call));
  SCHAKEL_ASSIGN(const Inquiry inquiry, InquiryOf(call));
  // Before anything is asked: each question is logged.
  SCHAKEL_ASSIGN(const WithEvidence evidence, EvidenceAsked(call, inquiry, format));
  SCHAKEL_ASSIGN(Findings findings, call.desk.inquiry.Ask(inquiry, call.caller, PatienceOf(call)));
  if (format == ExportFormat::kJson) return FirstPage(call, std::move(findings), evidence);
  return AsFile(call, inquiry, findings, format);
}

// ---- For whom the file is about ----

Result<Reply> Report(Call& call) {
  SCHAKEL_ASSIGN(const TrajectoryId id, call.Trajectory());
  const std::string asked = call.Asked("for");
  SCHAKEL_ASSIGN(const Edition edition, ParseEdition(asked.empty() ? Slug(Edition::kYoungPerson) : asked));
  SCHAKEL_ASSIGN(const auto files, call.desk.report.Make(id, edition, call.caller, PatienceOf(call)));
  Json list = Json::array();
  for (const ReportFile& file : files) {
    list.push_back({{"name", file.name}, {"type", file.type}, {"content", ToBase64(AsBytes(file.bytes))}});
  }
  return Reply{.json = {{"for", Slug(edition)}, {"files", std::move(list)}}};
}

// ---- Grants ----

// When it was ended before its time, by whatever did: a withdrawal, a review, a recipient that left or was removed.
std::optional<Timestamp> EndedAt(const Call& call, const CaseGrant& grant) {
  if (!grant.grant.withdrawn) return std::nullopt;
  if (!IsNone(grant.withdrawal)) {
    if (const auto held = call.desk.engine.Find(grant.withdrawal)) return held->at;
  }
  for (const CaseTakenBack& taken : grant.taken_back) {
    if (taken.kind != Kind::kGrantNarrow) return taken.at;
  }
  return std::nullopt;
}

ExportedGrant Exported(const Call& call, const TrajectoryId& id, const CaseGrant& grant) {
  return {id, grant, grant.grant.author, EndedAt(call, grant)};
}

// Whoever takes grants along sees them, as who asks for one (GET /v1/grants/{grant}). What an earlier lead recorded is
// not held here.
Status LookAt(const Call& call, const std::vector<ExportedGrant>& grants) {
  std::vector<RecordId> held;
  for (const ExportedGrant& one : grants) {
    if (call.desk.engine.Find(one.grant.grant.id)) held.push_back(one.grant.grant.id);
  }
  if (held.empty()) return {};
  SCHAKEL_TRY(call.desk.reading.Show(held, call.caller));
  return {};
}

// Of one grant, or all that we know of one trajectory.
Result<Reply> Consents(Call& call) {
  const std::string& id = call.path.at("id");
  std::vector<ExportedGrant> grants;
  TrajectoryId trajectory;
  if (const auto found = call.desk.cases.FindTrajectory(id)) {
    trajectory = *found;
    SCHAKEL_ASSIGN(const CaseTrajectory whole, call.desk.cases.Trajectory(trajectory));
    for (const CaseGrant& grant : whole.grants) grants.push_back(Exported(call, trajectory, grant));
  } else {
    SCHAKEL_ASSIGN(const RecordId record, call.desk.cases.FindRecord(id));
    SCHAKEL_ASSIGN(const GrantService::Found one, call.desk.grants.Find(record));
    trajectory = one.trajectory;
    grants.push_back(Exported(call, trajectory, one.grant));
  }
  const Timestamp now = call.desk.clock.Now();
  SCHAKEL_TRY(CheckMayTakeAlong(call.desk.engine, trajectory, call.caller, now));
  if (!IsNone(trajectory)) SCHAKEL_TRY(CheckNotErased(call.desk.engine, call.desk.cases, trajectory));
  SCHAKEL_TRY(LookAt(call, grants));
  SCHAKEL_TRY(Note(call.desk.engine,
                   {now, Act::What::kExported, trajectory, RecordId{}, call.caller.person, call.caller.reason, {}}));
  const Json bundle = ConsentBundle(grants, ExportNames(call.desk.engine, call.language), now);
  return Reply{.type = "application/fhir+json", .raw = bundle.dump(1, ' ', false, Json::error_handler_t::replace)};
}

const Route kRoutes[] = {
    {"GET", "/v1/trajectories/{trajectory}/accesses", &Accesses, {"record", "evidence"}},
    {"GET", "/v1/trajectories/{trajectory}/evidence", &EvidenceFile, {"record"}},
    {"GET",
     "/v1/audit",
     &Audit,
     {"question", "trajectory", "record", "organisation", "person", "from", "until", "limit", "cursor", "format",
      "evidence"}},
    {"GET", "/v1/consents/{id}", &Consents},
    {"GET", "/v1/trajectories/{trajectory}/report", &Report, {"for"}},
};

}  // namespace
}  // namespace schakel::audit_routes

namespace schakel {

std::span<const Route> AuditRoutes() { return audit_routes::kRoutes; }

}  // namespace schakel
