// FHIR R4 Consent. What ended it before its period did (a withdrawal, an emergency that was found unjustified, a
// recipient that left) is a nested provision: permitted in its period, denied from then on.
#include "agents/i18n.h"
#include "exports.h"

namespace schakel {
namespace {

using fhir::Coding;
using fhir::Concept;

constexpr const char* kActCode = "http://terminology.hl7.org/CodeSystem/v3-ActCode";

// HL7's purpose of use that comes nearest; ours stands beside it.
std::pair<const char*, const char*> PurposeOfUse(Purpose purpose) {
  switch (purpose) {
    case Purpose::kConsultation:
    case Purpose::kAftercare:
      return {"TREAT", "treatment"};
    case Purpose::kCrisis:
      return {"ETREAT", "Emergency Treatment"};
    case Purpose::kCourtReport:
      return {"HOPERAT", "healthcare operations"};
    case Purpose::kCareCoordination:
    case Purpose::kSafety:
    case Purpose::kEducation:
    case Purpose::kAdulthood:
    case Purpose::kEvaluation:
    case Purpose::kRoundTable:
      break;
  }
  return {"COC", "coordination of care"};
}

Json Purposes(PurposeSet purposes, Language language) {
  Json list = Json::array();
  std::set<std::string> once;
  for (const Purpose purpose : AllPurposes()) {
    if (!purposes.Has(purpose)) continue;
    const auto [code, display] = PurposeOfUse(purpose);
    if (once.insert(code).second) list.push_back(Coding(fhir::kActReason, code, display));
    list.push_back(Coding("urn:schakel:purpose", std::string(Slug(purpose)), std::string(Label(purpose, language))));
  }
  return list;
}

Json Categories(CategorySet categories, Language language) {
  Json list = Json::array();
  for (const Category category : AllCategories()) {
    if (!categories.Has(category)) continue;
    list.push_back(Coding("urn:schakel:category", std::string(Slug(category)), std::string(Label(category, language))));
  }
  return list;
}

Json Giver(const ExportedGrant& one, const ExportNames& names) {
  const Grantor grantor = one.grant.grant.terms.grantor;
  const std::string label(Label(grantor, names.language()));
  switch (grantor) {
    case Grantor::kYoungPerson: {
      Json patient = fhir::PatientOf(one.trajectory);
      patient["display"] = label;
      return patient;
    }
    case Grantor::kFirstParent:
    case Grantor::kSecondParent:
    case Grantor::kGuardian:
      return {{"type", "RelatedPerson"}, {"display", label}};
    case Grantor::kProfessional:
      return {{"type", "Practitioner"}, {"display", label}};
    case Grantor::kCourt:
      break;
  }
  return {{"type", "Organization"}, {"display", label}};
}

Json Provision(const ExportedGrant& one, const ExportNames& names) {
  const Grant& grant = one.grant.grant;
  const Json recipient = {{"role", Concept(Coding("http://terminology.hl7.org/CodeSystem/v3-ParticipationType", "IRCP",
                                                  "information recipient"))},
                          {"reference", fhir::OrganisationOf(grant.terms.recipient, names)}};
  Json provision = {
      {"type", "permit"},
      {"period", {{"start", ToText(grant.terms.begins_at)}, {"end", ToText(grant.ends_at)}}},
      {"actor", Json::array({recipient})},
      {"action",
       Json::array({Concept(Coding("http://terminology.hl7.org/CodeSystem/consentaction", "disclose", "Disclose"))})}};
  Json purposes = Purposes(grant.purposes, names.language());
  Json categories = Categories(grant.categories, names.language());
  if (!purposes.empty()) provision["purpose"] = std::move(purposes);
  if (!categories.empty()) provision["class"] = std::move(categories);
  if (grant.withdrawn || one.withdrawn_at) {
    Json deny = {{"type", "deny"}};
    // Not known here since when: denied at any time, so that nobody reads the permit alone.
    if (one.withdrawn_at) deny["period"] = {{"start", ToText(*one.withdrawn_at)}};
    deny["actor"] = Json::array({recipient});
    provision["provision"] = Json::array({std::move(deny)});
  }
  return provision;
}

Json ConsentOf(const ExportedGrant& one, const ExportNames& names, Timestamp now) {
  const Grant& grant = one.grant.grant;
  const std::string basis_label(Label(grant.terms.basis, names.language()));
  Json rule = Json::array({Coding("urn:schakel:basis", std::string(Slug(grant.terms.basis)), basis_label)});
  if (grant.terms.basis == Basis::kConsent) rule.push_back(Coding(kActCode, "OPTIN", "opt-in"));
  Json consent = {
      {"resourceType", "Consent"},
      {"identifier", Json::array({{{"system", "urn:schakel:grant"}, {"value", ToText(grant.id)}}})},
      {"status", grant.withdrawn || now >= grant.ends_at ? "inactive" : "active"},
      {"scope",
       Concept(Coding("http://terminology.hl7.org/CodeSystem/consentscope", "patient-privacy", "Privacy Consent"))},
      {"category", Json::array({Concept(Coding(kActCode, "IDSCL", "information disclosure"))})},
      {"patient", fhir::PatientOf(one.trajectory)},
      {"dateTime", ToText(one.grant.given_at)},
      {"performer", Json::array({Giver(one, names)})},
      {"organization", Json::array({fhir::OrganisationOf(one.custodian, names)})},
      {"sourceReference",
       {{"type", "DocumentReference"},
        {"identifier", {{"system", "urn:schakel:evidence-sha256"}, {"value", ToHex(grant.terms.evidence)}}}}},
      {"policyRule", {{"coding", std::move(rule)}, {"text", basis_label}}}};
  consent["provision"] = Provision(one, names);
  return consent;
}

}  // namespace

Json ConsentBundle(const std::vector<ExportedGrant>& grants, const ExportNames& names, Timestamp now) {
  std::vector<Json> consents;
  consents.reserve(grants.size());
  for (const ExportedGrant& one : grants) consents.push_back(ConsentOf(one, names, now));
  return fhir::Bundle(std::move(consents), now);
}

}  // namespace schakel
