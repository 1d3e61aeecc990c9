#include <algorithm>
#include <set>

#include "agents/inquiry.h"

namespace schakel {

std::string_view Slug(Question value) {
  switch (value) {
    case Question::kAll:
      return "all";
    case Question::kRecord:
      return "record";
    case Question::kOrganisation:
      return "organisation";
    case Question::kPerson:
      return "person";
    case Question::kDenied:
      return "denied";
    case Question::kWithoutTask:
      return "without-task";
  }
  return "unknown";
}

Result<Question> ParseQuestion(std::string_view slug) {
  std::string all;
  for (unsigned value = 1; value <= static_cast<unsigned>(kQuestionLast); ++value) {
    const auto one = static_cast<Question>(value);
    if (slug == Slug(one)) return one;
    all += (all.empty() ? "" : ", ") + std::string(Slug(one));
  }
  return Fail(Code::kInvalid, "vocabulary.question", "question", "choose one of " + all);
}

Status MayAsk(const Asking& asking) {
  // What one saw oneself is no secret.
  if (asking.question == Question::kPerson && asking.own_looks) return {};
  if (asking.role == StaffRole::kAuditor) return {};
  if (asking.role == StaffRole::kAdministrator) {
    return Fail(Code::kDenied, "audit.administrator", "role", "ask the auditor");
  }
  if (asking.question == Question::kPerson) {
    return Fail(Code::kDenied, "audit.person", "person", "ask the auditor");
  }
  if (asking.question == Question::kWithoutTask && asking.role == StaffRole::kWorker) {
    return Fail(Code::kDenied, "audit.without_task", "question", "ask the coordinator or the auditor");
  }
  if (asking.everywhere) return Fail(Code::kDenied, "audit.everywhere", "trajectory", "name one, or ask the auditor");
  if (asking.role == StaffRole::kWorker && asking.task == TaskStanding::kNoTask) {
    return Fail(Code::kDenied, "audit.task", "trajectory", "ask who has a task there, or the auditor");
  }
  return {};
}

namespace {

enum class Sight : std::uint8_t { kWhole, kNameless, kNothing };

Sight SightOf(const AccessRow& row, const Onlooker& onlooker, const std::set<RecordId>& wrote) {
  if (row.organisation == onlooker.self) return Sight::kWhole;
  if (!onlooker.lead && !wrote.contains(row.record)) return Sight::kNothing;
  return onlooker.may_know(row.organisation) ? Sight::kWhole : Sight::kNameless;
}

// All that is left of a partner whom the onlooker may not know of.
AccessRow Nameless(const AccessRow& row) {
  AccessRow bare;
  bare.at = row.at;
  bare.what = row.what;
  bare.record = row.record;
  bare.trajectory = row.trajectory;
  return bare;
}

// Whom an entry speaks of; empty: nobody in particular.
std::vector<OrgId> SpokenOf(const Entry& entry) {
  if (const auto* delivery = std::get_if<DeliveryEntry>(&entry.body)) return {delivery->recipient};
  if (const auto* denial = std::get_if<DenialEntry>(&entry.body)) return {denial->recipient};
  if (const auto* session = std::get_if<SessionEntry>(&entry.body)) return {session->organisation};
  if (const auto* answer = std::get_if<AnswerEntry>(&entry.body)) {
    std::vector<OrgId> all = {answer->asker};
    for (const auto& count : answer->counts) all.push_back(count.recipient);
    return all;
  }
  const auto* record = std::get_if<RecordEntry>(&entry.body);
  const auto header =
      record == nullptr ? Result<Header>(Fail(Code::kInvalid, "record.header")) : DecodeHeader(record->header);
  return header ? std::vector<OrgId>{header->author} : std::vector<OrgId>{};
}

}  // namespace

std::vector<AccessRow> Curated(const std::vector<AccessRow>& rows, const Onlooker& onlooker) {
  std::set<RecordId> wrote;
  for (const AccessRow& row : rows) {
    if (row.what != AccessRow::What::kSent) continue;
    if (row.organisation == onlooker.self || wrote.contains(row.repeats)) wrote.insert(row.record);
  }
  std::set<std::pair<RecordId, AccessRow::What>> said;
  std::vector<AccessRow> shown;
  for (const AccessRow& row : rows) {
    const Sight sight = SightOf(row, onlooker, wrote);
    if (sight == Sight::kWhole) shown.push_back(row);
    if (sight == Sight::kNameless && said.emplace(row.record, row.what).second) shown.push_back(Nameless(row));
  }
  return shown;
}

Evidence Curated(Evidence evidence, const Onlooker& onlooker) {
  std::erase_if(evidence.entries, [&](const ProvenEntry& proven) {
    const auto entry = DecodeEntry(proven.entry);
    if (!entry) return true;
    return std::ranges::any_of(SpokenOf(*entry),
                               [&](const OrgId& one) { return one != onlooker.self && !onlooker.may_know(one); });
  });
  return evidence;
}

}  // namespace schakel
