// Answers and grants for other programs: CSV (RFC 4180), and FHIR R4 AuditEvent (in the shapes of IHE BALP) and
// Consent.
//
// What a FHIR document says of us is in our own code systems ("urn:schakel:<list>") beside HL7's where HL7 has one.
// Threads: pure.
#pragma once

#include <string>
#include <vector>

#include "agents/inquiry.h"
#include "json.h"

namespace schakel {

enum class ExportFormat : std::uint8_t { kJson, kCsv, kFhir };

// Who is who, and in which language labels stand.
class ExportNames {
 public:
  ExportNames(const Engine& engine, Language language);
  std::string NameOf(const OrgId& organisation) const;  // Empty: "another partner".
  const std::string& hub() const { return hub_; }
  const OrgId& self() const { return self_; }
  Language language() const { return language_; }

 private:
  std::map<OrgId, std::string> names_;
  std::string hub_;
  OrgId self_;
  Language language_;
};

// One line a row, CRLF, every cell quoted; a cell that a spreadsheet would run as a formula starts with an apostrophe.
std::string AccessCsv(const std::vector<AccessRow>& rows, const ExportNames& names);
// A Bundle (collection) of AuditEvents, in the order of the rows.
Json AuditEventBundle(const std::vector<AccessRow>& rows, const ExportNames& names, Timestamp now);

struct ExportedGrant {
  TrajectoryId trajectory;
  CaseGrant grant;
  OrgId custodian;                        // Who gave it.
  std::optional<Timestamp> withdrawn_at;  // Since when nothing is permitted any more, as far as that is known here.
};
// A Bundle (collection) of Consents.
Json ConsentBundle(const std::vector<ExportedGrant>& grants, const ExportNames& names, Timestamp now);

// A Bundle (collection) of the CareTeam, Goals and Tasks of what ExportService::MakePlan read, and whom they are about.
// Goals and tasks whose words are sealed are left out: FHIR has none without.
Json PlanBundle(const struct Paper& paper, const ExportNames& names, Timestamp now);

// ---- What the bundles are built of ----
namespace fhir {

inline constexpr const char* kActReason = "http://terminology.hl7.org/CodeSystem/v3-ActReason";
Json Coding(const std::string& system, const std::string& code, const std::string& display);
Json Concept(Json coding);
Json PatientOf(const TrajectoryId& trajectory);
Json OrganisationOf(const OrgId& organisation, const ExportNames& names);
// An entry's full address, the same for the same content.
std::string Urn(const Json& resource, std::size_t index);
Json Bundle(std::vector<Json> resources, Timestamp now);

}  // namespace fhir

}  // namespace schakel
