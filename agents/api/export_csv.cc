#include "agents/i18n.h"
#include "exports.h"
#include "services/csv.h"

namespace schakel {
namespace {

constexpr std::string_view kColumns[] = {"at",       "seen_at", "what",   "organisation", "organisation_name",
                                         "person",   "role",    "reason", "about",        "trajectory",
                                         "record",   "kind",    "grant",  "denial",       "task",
                                         "sequence", "guest"};

template <typename Id>
std::string IdText(const Id& id) {
  return IsNone(id) ? std::string() : ToText(id);
}

std::string WhyNot(const AccessRow& row) {
  if (row.refusal) return row.refusal->rule;
  if (row.barred) return std::string(Slug(*row.barred));
  return row.denial ? std::string(Slug(*row.denial)) : std::string();
}

}  // namespace

ExportNames::ExportNames(const Engine& engine, Language language)
    : hub_(engine.Report().hub), self_(engine.Self()), language_(language) {
  for (const Directory::Organisation& organisation : engine.Organisations()) {
    names_[organisation.statement.organisation] = organisation.statement.name;
  }
}

std::string ExportNames::NameOf(const OrgId& organisation) const {
  if (organisation.value().empty()) return Phrase(language_, "audit.other_partner");
  auto found = names_.find(organisation);
  return found == names_.end() ? organisation.value() : found->second;
}

std::string AccessCsv(const std::vector<AccessRow>& rows, const ExportNames& names) {
  std::string csv;
  const auto line = [&](const std::vector<std::string>& cells) {
    for (std::size_t i = 0; i < cells.size(); ++i) csv += (i == 0 ? "" : ",") + CsvCell(cells[i]);
    csv += "\r\n";
  };
  line({std::begin(kColumns), std::end(kColumns)});
  for (const AccessRow& row : rows) {
    line({ToText(row.at), row.seen_at ? ToText(*row.seen_at) : "", std::string(Slug(row.what)),
          row.organisation.value(), names.NameOf(row.organisation), row.person.value_or(""),
          row.role ? std::string(Slug(*row.role)) : "", row.reason ? std::string(Slug(*row.reason)) : "",
          row.about.value_or(""), IdText(row.trajectory), IdText(row.record),
          row.kind ? std::string(Slug(*row.kind)) : "", row.grant ? ToText(*row.grant) : "", WhyNot(row),
          row.task ? std::string(Slug(*row.task)) : "",
          row.sequence.value() == 0 ? "" : std::to_string(row.sequence.value()),
          row.guest ? std::string(Slug(*row.guest)) : ""});
  }
  return csv;
}

}  // namespace schakel
