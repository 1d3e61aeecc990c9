#include <algorithm>
#include <map>
#include <set>

#include "agents/services.h"
#include "protocol/codec.h"

namespace schakel {
namespace {

class Rows {
 public:
  Rows(const RecordId& record, const std::function<std::optional<std::string>(const Id128&)>& name_of)
      : record_(record), name_of_(name_of) {}

  void Take(const Entry& entry) {
    std::visit([&](const auto& body) { TakeBody(entry, body); }, entry.body);
  }
  std::vector<AccessRow> Finish() { return std::move(rows_); }

 private:
  AccessRow Row(const Entry& entry, AccessRow::What what, const OrgId& organisation, const RecordId& record) {
    AccessRow row;
    row.sequence = entry.sequence;
    row.at = entry.at;
    row.what = what;
    row.organisation = organisation;
    row.record = record;
    row.repeats = OriginalOf(record);
    return row;
  }
  RecordId OriginalOf(const RecordId& record) const {
    const auto found = originals_.find(record);
    return found == originals_.end() ? RecordId() : found->second;
  }
  // Who looks at what repeats it looks at it.
  bool Asked(const RecordId& record) const { return IsNone(record_) || record_ == record || repeats_.contains(record); }
  void NoteRepeats(const Header& header) {
    const auto shared = header.kind == Kind::kAttachmentChunk ? std::nullopt : RepeatedBy(header);
    if (!shared) return;
    const RecordId before = OriginalOf(*shared);
    originals_[header.id] = IsNone(before) ? *shared : before;
    if (*shared == record_ || repeats_.contains(*shared)) repeats_.insert(header.id);
  }

  void TakeBody(const Entry& entry, const RecordEntry& body) {
    auto header = DecodeHeader(body.header);
    if (!header) return;
    NoteRepeats(*header);
    if (const auto* views = std::get_if<Views>(&header->control)) {
      for (const View& view : views->views) {
        if (!Asked(view.record)) continue;
        AccessRow row = Row(entry, AccessRow::What::kSaw, header->author, view.record);
        row.person = name_of_(view.person);
        row.role = view.role;
        row.reason = view.reason;
        row.seen_at = view.at;
        rows_.push_back(std::move(row));
      }
    } else if (Asked(header->id)) {
      AccessRow row = Row(entry, AccessRow::What::kSent, header->author, header->id);
      row.kind = header->kind;
      rows_.push_back(std::move(row));
    }
  }
  void TakeBody(const Entry& entry, const DeliveryEntry& body) {
    if (!Asked(body.record)) return;
    const auto what = body.withheld ? AccessRow::What::kWithheld : AccessRow::What::kHandedOver;
    AccessRow row = Row(entry, what, body.recipient, body.record);
    row.grant = body.grant;
    row.denial = body.withheld;
    if (!body.withheld) handed_over_[{body.recipient, body.record_sequence}] = rows_.size();
    rows_.push_back(std::move(row));
  }
  void TakeBody(const Entry& entry, const DenialEntry& body) {
    if (!Asked(body.record)) return;
    const auto handed_over = handed_over_.find({body.recipient, body.record_sequence});
    if (handed_over == handed_over_.end()) {
      AccessRow row = Row(entry, AccessRow::What::kRefused, body.recipient, body.record);
      row.denial = body.reason;
      rows_.push_back(std::move(row));
      return;
    }
    // A denial after a delivery: the content had not left yet, and did not.
    AccessRow& row = rows_[handed_over->second];
    row.what = AccessRow::What::kWithheld;
    row.denial = body.reason;
  }
  void TakeBody(const Entry& entry, const SessionEntry& body) {
    if (!Asked(body.record)) return;
    if (body.event == SessionEvent::kQuery) {
      rows_.push_back(Row(entry, AccessRow::What::kAsked, body.organisation, body.record));
    } else if (body.event == SessionEvent::kRefused) {
      AccessRow row = Row(entry, AccessRow::What::kAttempted, body.organisation, body.record);
      // The rule, and what it is about.
      const std::size_t space = body.detail.find(' ');
      const std::string field = space == std::string::npos ? std::string() : body.detail.substr(space + 1);
      row.refusal = Error{Code::kDenied, body.detail.substr(0, space), field, {}};
      rows_.push_back(std::move(row));
    }
  }
  // Nobody is shown anything by these.
  void TakeBody(const Entry&, const ErasureEntry&) {}
  void TakeBody(const Entry&, const OperatorEntry&) {}
  void TakeBody(const Entry&, const RoutingEntry&) {}
  void TakeBody(const Entry& entry, const AnswerEntry& body) {
    if (!Asked(body.record)) return;
    rows_.push_back(Row(entry, AccessRow::What::kAsked, body.asker, body.record));
  }
  void TakeBody(const Entry&, const RegistryEntry&) {}

  const RecordId& record_;
  const std::function<std::optional<std::string>(const Id128&)>& name_of_;
  std::vector<AccessRow> rows_;
  std::map<RecordId, RecordId> originals_;                         // Of what was shared again, also through others.
  std::set<RecordId> repeats_;                                     // Of the one that was asked about.
  std::map<std::pair<OrgId, Sequence>, std::size_t> handed_over_;  // Recipient, record -> its row.
};

// ---- Who of ours asked ----

constexpr std::size_t kAskedMax = 1000;  // Per trajectory; the oldest are forgotten.
constexpr std::size_t kPersonBytesMax = 200;

// A question of ours: its entries in the log lie between these sequences.
struct Question {
  std::uint64_t after = 0;
  std::uint64_t upto = 0;  // 0: the answer never came.
  std::string person;
  StaffRole role = StaffRole::kWorker;
  ViewReason reason = ViewReason::kTask;
  std::string asked;  // Empty: not kept; those of before had no place for it.
};

std::string FactOf(const TrajectoryId& id) { return "audit.asked." + ToText(id); }

Result<std::vector<Question>> LoadQuestions(const Engine& engine, const TrajectoryId& id) {
  std::vector<Question> questions;
  SCHAKEL_ASSIGN(const auto fact, engine.GetFact(FactOf(id)));
  if (!fact) return questions;
  Decoder from(*fact);
  const std::size_t count = from.ArrayBetween(0, kAskedMax, "asked");
  for (std::size_t i = 0; i < count && from.ok(); ++i) {
    const std::size_t parts = from.ArrayBetween(5, 6, "asked");
    Question one;
    one.after = from.Uint("asked.after");
    one.upto = from.Uint("asked.upto");
    one.person = std::string(from.Text("asked.person", kPersonBytesMax));
    one.role = static_cast<StaffRole>(from.Uint("asked.role"));
    one.reason = static_cast<ViewReason>(from.Uint("asked.reason"));
    if (parts == 6) one.asked = std::string(from.Text("asked.question", kQuestionBytesMax));
    questions.push_back(std::move(one));
  }
  SCHAKEL_TRY(from.Finish());
  return questions;
}

Status StoreQuestions(Engine& engine, const TrajectoryId& id, const std::vector<Question>& questions) {
  Encoder to;
  to.Array(questions.size());
  for (const Question& one : questions) {
    to.Array(6).Uint(one.after).Uint(one.upto).Text(one.person).Enum(one.role).Enum(one.reason).Text(one.asked);
  }
  return engine.PutFact(FactOf(id), to.bytes());
}

const Question* QuestionOf(const std::vector<Question>& questions, std::uint64_t sequence) {
  for (auto one = questions.rbegin(); one != questions.rend(); ++one) {
    if (sequence > one->after) return one->upto == 0 || sequence <= one->upto ? &*one : nullptr;
  }
  return nullptr;
}

// Whose question this entry is; empty: it is none.
OrgId AskerOf(const Entry& entry) {
  if (const auto* answer = std::get_if<AnswerEntry>(&entry.body)) return answer->asker;
  const auto* session = std::get_if<SessionEntry>(&entry.body);
  return session != nullptr ? session->organisation : OrgId();
}

void NameAskers(const OrgId& self, const std::vector<Question>& questions, std::vector<AccessRow>& rows) {
  for (AccessRow& row : rows) {
    if (row.what != AccessRow::What::kAsked || row.organisation != self) continue;
    const Question* question = QuestionOf(questions, row.sequence.value());
    if (question == nullptr) continue;
    row.person = question->person;
    row.role = question->role;
    row.reason = question->reason;
    if (!question->asked.empty()) row.question = question->asked;
  }
}

// Whether a file was given to who leads and is shown everything: it holds the opening of its trajectory, and who opened
// that leads still, or asked having taken it over. Who led before keeps its own opening, and is shown no more than any
// participant.
bool IsOfLead(const std::vector<Entry>& entries) {
  OrgId opener;
  OrgId lead;
  OrgId asker;
  for (const Entry& entry : entries) {
    if (const auto* answer = std::get_if<AnswerEntry>(&entry.body)) asker = answer->asker;
    const auto* record = std::get_if<RecordEntry>(&entry.body);
    if (record == nullptr) continue;
    const auto header = DecodeHeader(record->header);
    if (!header) continue;
    if (header->kind == Kind::kTrajectoryOpen) opener = lead = header->author;
    if (header->kind == Kind::kLeadAccept && opener != OrgId()) lead = header->author;
  }
  return lead != OrgId() && (lead == opener || lead == asker);
}

}  // namespace

std::string_view Slug(AccessRow::What what) {
  switch (what) {
    case AccessRow::What::kSent:
      return "sent";
    case AccessRow::What::kHandedOver:
      return "handed-over";
    case AccessRow::What::kWithheld:
      return "withheld";
    case AccessRow::What::kRefused:
      return "refused";
    case AccessRow::What::kSaw:
      return "saw";
    case AccessRow::What::kAsked:
      return "asked";
    case AccessRow::What::kTurnedAway:
      return "turned-away";
    case AccessRow::What::kReported:
      return "reported";
    case AccessRow::What::kExported:
      return "exported";
    case AccessRow::What::kLinkMade:
      return "link-made";
    case AccessRow::What::kLinkOpened:
      return "link-opened";
    case AccessRow::What::kLinkRefused:
      return "link-refused";
    case AccessRow::What::kLinkRevoked:
      return "link-revoked";
    case AccessRow::What::kTookBack:
      return "took-back";
    case AccessRow::What::kWrote:
      return "wrote";
    case AccessRow::What::kAttempted:
      return "attempted";
  }
  return "unknown";
}

std::string_view Slug(AccessRow::Barred value) {
  switch (value) {
    case AccessRow::Barred::kNoTask:
      return "no-task";
    case AccessRow::Barred::kSealed:
      return "sealed";
    case AccessRow::Barred::kNotTheirs:
      return "not-theirs";
  }
  return "unknown";
}

std::vector<AccessRow> RowsOf(const std::vector<Entry>& entries, const RecordId& record,
                              const std::function<std::optional<std::string>(const Id128&)>& name_of) {
  Rows rows(record, name_of);
  for (const Entry& entry : entries) rows.Take(entry);
  return rows.Finish();
}

Result<std::vector<Entry>> AuditService::Ask(const AccessQuery& query, const Caller& caller,
                                             std::chrono::milliseconds patience, const std::string& question,
                                             Report& report) {
  SCHAKEL_ASSIGN(std::vector<Question> questions, LoadQuestions(engine_, query.trajectory));
  if (questions.size() >= kAskedMax) questions.erase(questions.begin());
  const std::uint64_t before = questions.empty() ? 0 : questions.back().upto;
  questions.push_back({std::max(before, engine_.Report().seen.size), 0, caller.person.name, caller.person.role,
                       caller.reason, question});
  SCHAKEL_TRY(StoreQuestions(engine_, query.trajectory, questions));
  SCHAKEL_ASSIGN(report.evidence, engine_.Access(query, patience));
  // The engine checked every proof against the pinned key; here the same bytes are only read.
  std::vector<Entry> entries;
  for (const ProvenEntry& proven : report.evidence.entries) {
    SCHAKEL_ASSIGN(Entry entry, DecodeEntry(proven.entry));
    entries.push_back(std::move(entry));
  }
  Question& ours = questions.back();
  for (const Entry& entry : entries) {
    if (AskerOf(entry) != engine_.Self()) continue;
    ours.upto = std::max(ours.upto, entry.sequence.value());
  }
  SCHAKEL_TRY(StoreQuestions(engine_, query.trajectory, questions));
  report.rows = RowsOf(entries, query.record, [this](const Id128& pseudonym) { return engine_.NameOf(pseudonym); });
  NameAskers(engine_.Self(), questions, report.rows);
  return entries;
}

Result<AuditService::Report> AuditService::Access(const TrajectoryId& id, const RecordId& record, const Caller& caller,
                                                  std::chrono::milliseconds patience, const std::string& question) {
  std::lock_guard lock(mutex_);
  AccessQuery query;
  query.trajectory = id;
  query.record = record;
  Report report;
  SCHAKEL_TRY(Ask(query, caller, patience, question, report));
  return report;
}

Result<AuditService::Report> AuditService::AccessLike(const TrajectoryId& id, const std::string& hex_prefix,
                                                      const Caller& caller, std::chrono::milliseconds patience,
                                                      const std::string& question) {
  std::lock_guard lock(mutex_);
  AccessQuery query;
  query.trajectory = id;
  Report report;
  SCHAKEL_TRY(Ask(query, caller, patience, question, report));
  std::set<RecordId> like;
  for (const AccessRow& row : report.rows) {
    if (!IsNone(row.record) && ToText(row.record).starts_with(hex_prefix)) like.insert(row.record);
  }
  if (like.empty()) return Fail(Code::kNotFound, "id.unknown", "record", "check the id");
  if (like.size() > 1) return Fail(Code::kConflict, "id.ambiguous", "record", "give more digits of the id");
  std::erase_if(report.rows, [&](const AccessRow& row) {
    return row.record != *like.begin() && row.repeats != *like.begin() &&
           !(row.what == AccessRow::What::kAsked && IsNone(row.record));
  });
  return report;
}

Status CheckWhole(const std::vector<Entry>& entries) {
  if (!IsOfLead(entries)) return {};
  std::set<Sequence> records;
  for (const Entry& entry : entries) {
    if (std::holds_alternative<RecordEntry>(entry.body)) records.insert(entry.sequence);
  }
  for (const Entry& entry : entries) {
    std::optional<Sequence> of;
    if (const auto* delivery = std::get_if<DeliveryEntry>(&entry.body)) of = delivery->record_sequence;
    if (const auto* denial = std::get_if<DenialEntry>(&entry.body)) of = denial->record_sequence;
    if (of && !records.contains(*of)) {
      return Fail(Code::kTampered, "evidence.gap", std::to_string(of->value()), "ask for the evidence again");
    }
  }
  return {};
}

std::vector<ClockLeap> ClockLeaps(const std::vector<Entry>& entries) {
  std::vector<ClockLeap> leaps;
  for (std::size_t i = 1; i < entries.size(); ++i) {
    const Timestamp before = entries[i - 1].at;
    if (before - entries[i].at >= kClockLeapMin) leaps.push_back({entries[i].sequence, before, entries[i].at});
  }
  return leaps;
}

std::vector<FeedSpan> FeedSpans(const std::vector<Entry>& entries, const std::vector<Completeness>& complete) {
  std::map<OrgId, Sequence> whole_before;
  for (const Completeness& one : complete) whole_before[one.recipient] = one.before;
  std::map<OrgId, FeedSpan> spans;
  for (const Entry& entry : entries) {
    const auto* delivery = std::get_if<DeliveryEntry>(&entry.body);
    if (delivery == nullptr || delivery->closed) continue;  // Its place is not for us to know.
    const auto whole = whole_before.find(delivery->recipient);
    if (whole != whole_before.end() && entry.sequence < whole->second) continue;
    auto [found, first] = spans.try_emplace(delivery->recipient,
                                            FeedSpan{delivery->recipient, delivery->position, delivery->position, 0});
    found->second.last = delivery->position;
    ++found->second.present;
  }
  std::vector<FeedSpan> all;
  all.reserve(spans.size());
  for (auto& [organisation, span] : spans) all.push_back(span);
  return all;
}

}  // namespace schakel
