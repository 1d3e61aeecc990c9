#include <set>

#include "agents/services.h"

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
    return row;
  }
  bool Asked(const RecordId& record) const { return IsNone(record_) || record_ == record; }

  void TakeBody(const Entry& entry, const RecordEntry& body) {
    auto header = DecodeHeader(body.header);
    if (!header) return;
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
    rows_.push_back(std::move(row));
  }
  void TakeBody(const Entry& entry, const DenialEntry& body) {
    if (!Asked(body.record)) return;
    AccessRow row = Row(entry, AccessRow::What::kRefused, body.recipient, body.record);
    row.denial = body.reason;
    rows_.push_back(std::move(row));
  }
  void TakeBody(const Entry& entry, const SessionEntry& body) {
    if (body.event != SessionEvent::kQuery || !Asked(body.record)) return;
    rows_.push_back(Row(entry, AccessRow::What::kAsked, body.organisation, body.record));
  }
  void TakeBody(const Entry&, const RegistryEntry&) {}

  const RecordId& record_;
  const std::function<std::optional<std::string>(const Id128&)>& name_of_;
  std::vector<AccessRow> rows_;
};

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
  }
  return "unknown";
}

std::vector<AccessRow> RowsOf(const std::vector<Entry>& entries, const RecordId& record,
                              const std::function<std::optional<std::string>(const Id128&)>& name_of) {
  Rows rows(record, name_of);
  for (const Entry& entry : entries) rows.Take(entry);
  return rows.Finish();
}

Result<AuditService::Report> AuditService::Access(const TrajectoryId& id, const RecordId& record,
                                                  std::chrono::milliseconds patience) {
  AccessQuery query;
  query.trajectory = id;
  query.record = record;
  Report report;
  SCHAKEL_ASSIGN(report.evidence, engine_.Access(query, patience));
  // The engine checked every proof against the pinned key; here the same bytes are only read.
  std::vector<Entry> entries;
  for (const ProvenEntry& proven : report.evidence.entries) {
    SCHAKEL_ASSIGN(Entry entry, DecodeEntry(proven.entry));
    entries.push_back(std::move(entry));
  }
  report.rows = RowsOf(entries, record, [this](const Id128& pseudonym) { return engine_.NameOf(pseudonym); });
  return report;
}

}  // namespace schakel
