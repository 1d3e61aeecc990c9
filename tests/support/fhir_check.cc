#include "support/fhir_check.h"

#include <algorithm>
#include <map>
#include <regex>
#include <set>

namespace schakel::test {
namespace {

using nlohmann::json;

constexpr unsigned kMany = ~0U;

struct Field {
  const char* name;
  unsigned min;
  unsigned max;
  const char* type;
  std::vector<std::string> codes = {};  // Of a required binding.
};

// http://hl7.org/fhir/R4/<resource>.html and datatypes.html, each element that there is but extensions.
const std::map<std::string, std::vector<Field>>& Types() {
  static const std::map<std::string, std::vector<Field>> kTypes = {
      {"Bundle",
       {{"resourceType", 1, 1, "code", {"Bundle"}},
        {"id", 0, 1, "id"},
        {"meta", 0, 1, "Meta"},
        {"identifier", 0, 1, "Identifier"},
        {"type",
         1,
         1,
         "code",
         {"document", "message", "transaction", "transaction-response", "batch", "batch-response", "history",
          "searchset", "collection"}},
        {"timestamp", 0, 1, "instant"},
        {"total", 0, 1, "unsignedInt"},
        {"entry", 0, kMany, "BundleEntry"}}},
      {"BundleEntry", {{"fullUrl", 0, 1, "uri"}, {"resource", 0, 1, "Resource"}}},
      {"Meta", {{"versionId", 0, 1, "id"}, {"lastUpdated", 0, 1, "instant"}, {"profile", 0, kMany, "uri"}}},
      {"Coding",
       {{"system", 0, 1, "uri"},
        {"version", 0, 1, "string"},
        {"code", 0, 1, "code"},
        {"display", 0, 1, "string"},
        {"userSelected", 0, 1, "boolean"}}},
      {"CodeableConcept", {{"coding", 0, kMany, "Coding"}, {"text", 0, 1, "string"}}},
      {"Identifier",
       {{"use", 0, 1, "code", {"usual", "official", "temp", "secondary", "old"}},
        {"type", 0, 1, "CodeableConcept"},
        {"system", 0, 1, "uri"},
        {"value", 0, 1, "string"},
        {"period", 0, 1, "Period"},
        {"assigner", 0, 1, "Reference"}}},
      {"Reference",
       {{"reference", 0, 1, "string"},
        {"type", 0, 1, "uri"},
        {"identifier", 0, 1, "Identifier"},
        {"display", 0, 1, "string"}}},
      {"Period", {{"start", 0, 1, "dateTime"}, {"end", 0, 1, "dateTime"}}},
      {"AuditEvent",
       {{"resourceType", 1, 1, "code", {"AuditEvent"}},
        {"id", 0, 1, "id"},
        {"meta", 0, 1, "Meta"},
        {"language", 0, 1, "code"},
        {"type", 1, 1, "Coding"},
        {"subtype", 0, kMany, "Coding"},
        {"action", 0, 1, "code", {"C", "R", "U", "D", "E"}},
        {"period", 0, 1, "Period"},
        {"recorded", 1, 1, "instant"},
        {"outcome", 0, 1, "code", {"0", "4", "8", "12"}},
        {"outcomeDesc", 0, 1, "string"},
        {"purposeOfEvent", 0, kMany, "CodeableConcept"},
        {"agent", 1, kMany, "AuditEventAgent"},
        {"source", 1, 1, "AuditEventSource"},
        {"entity", 0, kMany, "AuditEventEntity"}}},
      {"AuditEventAgent",
       {{"type", 0, 1, "CodeableConcept"},
        {"role", 0, kMany, "CodeableConcept"},
        {"who", 0, 1, "Reference"},
        {"altId", 0, 1, "string"},
        {"name", 0, 1, "string"},
        {"requestor", 1, 1, "boolean"},
        {"location", 0, 1, "Reference"},
        {"policy", 0, kMany, "uri"},
        {"media", 0, 1, "Coding"},
        {"network", 0, 1, "AuditEventNetwork"},
        {"purposeOfUse", 0, kMany, "CodeableConcept"}}},
      {"AuditEventNetwork", {{"address", 0, 1, "string"}, {"type", 0, 1, "code", {"1", "2", "3", "4", "5"}}}},
      {"AuditEventSource", {{"site", 0, 1, "string"}, {"observer", 1, 1, "Reference"}, {"type", 0, kMany, "Coding"}}},
      {"AuditEventEntity",
       {{"what", 0, 1, "Reference"},
        {"type", 0, 1, "Coding"},
        {"role", 0, 1, "Coding"},
        {"lifecycle", 0, 1, "Coding"},
        {"securityLabel", 0, kMany, "Coding"},
        {"name", 0, 1, "string"},
        {"description", 0, 1, "string"},
        {"query", 0, 1, "base64Binary"},
        {"detail", 0, kMany, "AuditEventDetail"}}},
      {"AuditEventDetail",
       {{"type", 1, 1, "string"}, {"valueString", 0, 1, "string"}, {"valueBase64Binary", 0, 1, "base64Binary"}}},
      {"Consent",
       {{"resourceType", 1, 1, "code", {"Consent"}},
        {"id", 0, 1, "id"},
        {"meta", 0, 1, "Meta"},
        {"identifier", 0, kMany, "Identifier"},
        {"status", 1, 1, "code", {"draft", "proposed", "active", "rejected", "inactive", "entered-in-error"}},
        {"scope", 1, 1, "CodeableConcept"},
        {"category", 1, kMany, "CodeableConcept"},
        {"patient", 0, 1, "Reference"},
        {"dateTime", 0, 1, "dateTime"},
        {"performer", 0, kMany, "Reference"},
        {"organization", 0, kMany, "Reference"},
        {"sourceReference", 0, 1, "Reference"},
        {"policy", 0, kMany, "ConsentPolicy"},
        {"policyRule", 0, 1, "CodeableConcept"},
        {"verification", 0, kMany, "ConsentVerification"},
        {"provision", 0, 1, "ConsentProvision"}}},
      {"ConsentPolicy", {{"authority", 0, 1, "uri"}, {"uri", 0, 1, "uri"}}},
      {"ConsentVerification",
       {{"verified", 1, 1, "boolean"}, {"verifiedWith", 0, 1, "Reference"}, {"verificationDate", 0, 1, "dateTime"}}},
      {"ConsentProvision",
       {{"type", 0, 1, "code", {"deny", "permit"}},
        {"period", 0, 1, "Period"},
        {"actor", 0, kMany, "ConsentActor"},
        {"action", 0, kMany, "CodeableConcept"},
        {"securityLabel", 0, kMany, "Coding"},
        {"purpose", 0, kMany, "Coding"},
        {"class", 0, kMany, "Coding"},
        {"code", 0, kMany, "CodeableConcept"},
        {"dataPeriod", 0, 1, "Period"},
        {"provision", 0, kMany, "ConsentProvision"}}},
      {"Extension",
       {{"url", 1, 1, "uri"},
        {"extension", 0, kMany, "Extension"},
        {"valueReference", 0, 1, "Reference"},
        {"valueCode", 0, 1, "code"},
        {"valueDate", 0, 1, "date"}}},
      {"HumanName", {{"text", 0, 1, "string"}, {"family", 0, 1, "string"}, {"given", 0, kMany, "string"}}},
      {"Attachment", {{"contentType", 0, 1, "code"}, {"data", 0, 1, "base64Binary"}, {"title", 0, 1, "string"}}},
      {"Patient",
       {{"resourceType", 1, 1, "code", {"Patient"}}, {"id", 0, 1, "id"}, {"identifier", 0, kMany, "Identifier"}}},
      {"Organization",
       {{"resourceType", 1, 1, "code", {"Organization"}},
        {"id", 0, 1, "id"},
        {"identifier", 0, kMany, "Identifier"},
        {"active", 0, 1, "boolean"},
        {"type", 0, kMany, "CodeableConcept"},
        {"name", 0, 1, "string"},
        {"alias", 0, kMany, "string"},
        {"partOf", 0, 1, "Reference"}}},
      {"CareTeam",
       {{"resourceType", 1, 1, "code", {"CareTeam"}},
        {"id", 0, 1, "id"},
        {"identifier", 0, kMany, "Identifier"},
        {"status", 0, 1, "code", {"proposed", "active", "suspended", "inactive", "entered-in-error"}},
        {"category", 0, kMany, "CodeableConcept"},
        {"name", 0, 1, "string"},
        {"subject", 0, 1, "Reference"},
        {"period", 0, 1, "Period"},
        {"participant", 0, kMany, "CareTeamParticipant"},
        {"managingOrganization", 0, kMany, "Reference"}}},
      {"CareTeamParticipant",
       {{"role", 0, kMany, "CodeableConcept"},
        {"member", 0, 1, "Reference"},
        {"onBehalfOf", 0, 1, "Reference"},
        {"period", 0, 1, "Period"}}},
      {"Goal",
       {{"resourceType", 1, 1, "code", {"Goal"}},
        {"id", 0, 1, "id"},
        {"extension", 0, kMany, "Extension"},
        {"identifier", 0, kMany, "Identifier"},
        {"lifecycleStatus",
         1,
         1,
         "code",
         {"proposed", "planned", "accepted", "active", "on-hold", "completed", "cancelled", "entered-in-error",
          "rejected"}},
        {"achievementStatus", 0, 1, "CodeableConcept"},
        {"category", 0, kMany, "CodeableConcept"},
        {"priority", 0, 1, "CodeableConcept"},
        {"description", 1, 1, "CodeableConcept"},
        {"subject", 1, 1, "Reference"},
        {"startDate", 0, 1, "date"},
        {"target", 0, kMany, "GoalTarget"},
        {"statusDate", 0, 1, "date"},
        {"statusReason", 0, 1, "string"},
        {"expressedBy", 0, 1, "Reference"}}},
      {"GoalTarget", {{"measure", 0, 1, "CodeableConcept"}, {"dueDate", 0, 1, "date"}}},
      {"Task",
       {{"resourceType", 1, 1, "code", {"Task"}},
        {"id", 0, 1, "id"},
        {"identifier", 0, kMany, "Identifier"},
        {"status",
         1,
         1,
         "code",
         {"draft", "requested", "received", "accepted", "rejected", "ready", "cancelled", "in-progress", "on-hold",
          "failed", "completed", "entered-in-error"}},
        {"statusReason", 0, 1, "CodeableConcept"},
        {"businessStatus", 0, 1, "CodeableConcept"},
        {"intent",
         1,
         1,
         "code",
         {"unknown", "proposal", "plan", "order", "original-order", "reflex-order", "filler-order", "instance-order",
          "option"}},
        {"priority", 0, 1, "code", {"routine", "urgent", "asap", "stat"}},
        {"code", 0, 1, "CodeableConcept"},
        {"description", 0, 1, "string"},
        {"focus", 0, 1, "Reference"},
        {"for", 0, 1, "Reference"},
        {"authoredOn", 0, 1, "dateTime"},
        {"lastModified", 0, 1, "dateTime"},
        {"requester", 0, 1, "Reference"},
        {"owner", 0, 1, "Reference"},
        {"restriction", 0, 1, "TaskRestriction"}}},
      {"CarePlan",
       {{"resourceType", 1, 1, "code", {"CarePlan"}},
        {"id", 0, 1, "id"},
        {"identifier", 0, kMany, "Identifier"},
        {"status", 1, 1, "code", {"draft", "active", "on-hold", "revoked", "completed", "entered-in-error", "unknown"}},
        {"intent", 1, 1, "code", {"proposal", "plan", "order", "option"}},
        {"category", 0, kMany, "CodeableConcept"},
        {"title", 0, 1, "string"},
        {"description", 0, 1, "string"},
        {"subject", 1, 1, "Reference"},
        {"period", 0, 1, "Period"},
        {"created", 0, 1, "dateTime"},
        {"author", 0, 1, "Reference"},
        {"activity", 0, kMany, "CarePlanActivity"}}},
      {"EpisodeOfCare",
       {{"resourceType", 1, 1, "code", {"EpisodeOfCare"}},
        {"id", 0, 1, "id"},
        {"identifier", 0, kMany, "Identifier"},
        {"status",
         1,
         1,
         "code",
         {"planned", "waitlist", "active", "onhold", "finished", "cancelled", "entered-in-error"}},
        {"type", 0, kMany, "CodeableConcept"},
        {"patient", 1, 1, "Reference"},
        {"managingOrganization", 0, 1, "Reference"},
        {"period", 0, 1, "Period"}}},
      {"Encounter",
       {{"resourceType", 1, 1, "code", {"Encounter"}},
        {"id", 0, 1, "id"},
        {"identifier", 0, kMany, "Identifier"},
        {"status",
         1,
         1,
         "code",
         {"planned", "arrived", "triaged", "in-progress", "onleave", "finished", "cancelled", "entered-in-error",
          "unknown"}},
        {"class", 1, 1, "Coding"},
        {"type", 0, kMany, "CodeableConcept"},
        {"subject", 0, 1, "Reference"},
        {"period", 0, 1, "Period"}}},
      {"RelatedPerson",
       {{"resourceType", 1, 1, "code", {"RelatedPerson"}},
        {"id", 0, 1, "id"},
        {"extension", 0, kMany, "Extension"},
        {"identifier", 0, kMany, "Identifier"},
        {"active", 0, 1, "boolean"},
        {"patient", 1, 1, "Reference"},
        {"relationship", 0, kMany, "CodeableConcept"},
        {"name", 0, kMany, "HumanName"},
        {"gender", 0, 1, "code", {"male", "female", "other", "unknown"}},
        {"birthDate", 0, 1, "date"},
        {"period", 0, 1, "Period"}}},
      {"DocumentReference",
       {{"resourceType", 1, 1, "code", {"DocumentReference"}},
        {"id", 0, 1, "id"},
        {"identifier", 0, kMany, "Identifier"},
        {"status", 1, 1, "code", {"current", "superseded", "entered-in-error"}},
        {"docStatus", 0, 1, "code", {"preliminary", "final", "amended", "entered-in-error"}},
        {"type", 0, 1, "CodeableConcept"},
        {"subject", 0, 1, "Reference"},
        {"date", 0, 1, "instant"},
        {"author", 0, kMany, "Reference"},
        {"description", 0, 1, "string"},
        {"content", 1, kMany, "DocumentReferenceContent"}}},
      {"DocumentReferenceContent", {{"attachment", 1, 1, "Attachment"}, {"format", 0, 1, "Coding"}}},
      {"CarePlanActivity", {{"detail", 0, 1, "CarePlanDetail"}}},
      {"CarePlanDetail",
       {{"status",
         1,
         1,
         "code",
         {"not-started", "scheduled", "in-progress", "on-hold", "completed", "cancelled", "stopped", "unknown",
          "entered-in-error"}},
        {"scheduledPeriod", 0, 1, "Period"},
        {"description", 0, 1, "string"}}},
      {"TaskRestriction", {{"period", 0, 1, "Period"}, {"recipient", 0, kMany, "Reference"}}},
      {"ConsentActor", {{"role", 1, 1, "CodeableConcept"}, {"reference", 1, 1, "Reference"}}},
  };
  return kTypes;
}

// Codes of HL7's own systems that we use: what is not in here is a slip of the pen.
const std::map<std::string, std::set<std::string>>& CodeSystems() {
  static const std::map<std::string, std::set<std::string>> kSystems = {
      {"http://dicom.nema.org/resources/ontology/DCM",
       {"110106", "110107", "110112", "110113", "110150", "110152", "110153"}},
      {"http://terminology.hl7.org/CodeSystem/audit-event-type", {"rest"}},
      {"http://hl7.org/fhir/restful-interaction",
       {"read", "vread", "update", "patch", "delete", "history", "create", "search", "search-type", "search-system",
        "capabilities", "transaction", "batch", "operation"}},
      {"http://terminology.hl7.org/CodeSystem/iso-21089-lifecycle", {"disclose", "access", "originate"}},
      {"http://terminology.hl7.org/CodeSystem/audit-entity-type", {"1", "2", "3", "4"}},
      {"http://terminology.hl7.org/CodeSystem/object-role", {"1", "3", "4", "20", "24"}},
      {"http://terminology.hl7.org/CodeSystem/security-source-type", {"1", "2", "3", "4", "5", "6", "7", "8", "9"}},
      {"http://terminology.hl7.org/CodeSystem/v3-ParticipationType", {"IRCP"}},
      {"http://terminology.hl7.org/CodeSystem/v3-RoleClass", {"PROV"}},
      {"http://terminology.hl7.org/CodeSystem/extra-security-role-type",
       {"authserver", "datacollector", "dataprocessor"}},
      {"http://terminology.hl7.org/CodeSystem/v3-ActReason",
       {"TREAT", "ETREAT", "COC", "CAREMGT", "PATRQT", "HOPERAT", "PUBHLTH"}},
      {"http://terminology.hl7.org/CodeSystem/v3-ActCode", {"IDSCL", "INFA", "OPTIN", "OPTOUT"}},
      {"http://terminology.hl7.org/CodeSystem/consentscope", {"adr", "research", "patient-privacy", "treatment"}},
      {"http://terminology.hl7.org/CodeSystem/consentaction", {"collect", "access", "use", "disclose", "correct"}},
      {"http://terminology.hl7.org/CodeSystem/goal-achievement",
       {"in-progress", "improving", "worsening", "no-change", "achieved", "sustaining", "not-achieved", "no-progress",
        "not-attainable"}},
      {"http://hl7.org/fhir/resource-types", {"Consent"}},
      {"https://profiles.ihe.net/ITI/BALP/CodeSystem/AuthZsubType", {"AuthZ-Consent", "AuthZ-Role"}},
  };
  return kSystems;
}

const std::map<std::string, std::string>& Primitives() {
  static const std::map<std::string, std::string> kForms = {
      {"string", R"([ \r\n\t\S]+)"},
      {"code", R"([^\s]+(\s[^\s]+)*)"},
      {"uri", R"(\S+)"},
      {"id", R"([A-Za-z0-9\-\.]{1,64})"},
      {"instant", R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d))"},
      {"date", R"(\d{4}(-\d\d(-\d\d)?)?)"},
      {"dateTime", R"(\d{4}(-\d\d(-\d\d(T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d))?)?)?)"},
      {"base64Binary", R"([A-Za-z0-9+/]+={0,2})"},
  };
  return kForms;
}

class Checker {
 public:
  std::vector<std::string> wrong;

  void Value(const json& value, const std::string& type, const std::string& at) {
    if (type == "boolean") return Must(value.is_boolean(), at, "no boolean");
    if (type == "unsignedInt") return Must(value.is_number_unsigned(), at, "no number");
    if (auto form = Primitives().find(type); form != Primitives().end()) {
      const bool fits = value.is_string() && std::regex_match(value.get<std::string>(), std::regex(form->second));
      return Must(fits, at, "not a " + type);
    }
    if (!value.is_object() || value.empty()) return Must(false, at, "no object, or an empty one");
    if (type == "Resource") return Value(value, value.value("resourceType", "none"), at);
    auto found = Types().find(type);
    if (found == Types().end()) return Must(false, at, "unknown type " + type);
    const std::size_t before = wrong.size();
    Object(value, found->second, at);
    if (wrong.size() != before) return;  // The rest looks at what must be there.
    if (type == "Coding") CodingRules(value, at);
    if (type == "Reference") ReferenceRules(value, at);
    if (type == "AuditEvent") AuditEventRules(value, at);
    if (type == "Consent") ConsentRules(value, at);
    if (type == "Organization") {
      Must(value.contains("identifier") || value.contains("name"), at, "org-1: an identifier or a name");
    }
  }

  void Must(bool holds, const std::string& at, const std::string& what) {
    if (!holds) wrong.push_back(at + ": " + what);
  }

 private:
  void Object(const json& value, const std::vector<Field>& fields, const std::string& at) {
    for (const auto& [name, unused] : value.items()) {
      Must(std::ranges::any_of(fields, [&](const Field& field) { return name == field.name; }), at + "." + name,
           "no such element");
    }
    for (const Field& field : fields) {
      const std::string place = at + "." + field.name;
      if (!value.contains(field.name)) {
        Must(field.min == 0, place, "missing");
        continue;
      }
      const json& inner = value.at(field.name);
      if (field.max == 1) {
        One(inner, field, place);
        continue;
      }
      if (!inner.is_array() || inner.empty()) {
        Must(false, place, "no list, or an empty one");
        continue;
      }
      for (std::size_t i = 0; i < inner.size(); ++i) One(inner[i], field, place + "[" + std::to_string(i) + "]");
    }
  }
  void One(const json& value, const Field& field, const std::string& at) {
    Must(!value.is_array() && !value.is_null(), at, "a list or null where one value belongs");
    Value(value, field.type, at);
    if (!field.codes.empty() && value.is_string()) {
      Must(std::ranges::find(field.codes, value.get<std::string>()) != field.codes.end(), at, "not of the value set");
    }
  }

  void CodingRules(const json& coding, const std::string& at) {
    Must(coding.contains("system") && coding.contains("code"), at, "a coding of ours names system and code");
    const std::string system = coding.value("system", "");
    if (system.starts_with("urn:schakel:")) return;
    auto known = CodeSystems().find(system);
    Must(known != CodeSystems().end(), at, "unknown code system " + system);
    if (known != CodeSystems().end()) Must(known->second.contains(coding.value("code", "")), at, "unknown code");
  }
  void ReferenceRules(const json& reference, const std::string& at) {
    Must(reference.contains("reference") || reference.contains("identifier") || reference.contains("display"), at,
         "refers to nothing");
    if (reference.contains("identifier")) {
      Must(reference["identifier"].contains("system") && reference["identifier"].contains("value"), at,
           "an identifier without system or value");
    }
  }

  static bool HasCode(const json& list, const char* key, const std::string& code) {
    return std::ranges::any_of(list, [&](const json& one) {
      if (!one.contains(key)) return false;
      const json& value = one[key];
      if (value.contains("code")) return value["code"] == code;
      return std::ranges::any_of(value["coding"], [&](const json& coding) { return coding["code"] == code; });
    });
  }
  static const json* AgentOf(const json& event, const std::string& code) {
    for (const json& agent : event["agent"]) {
      if (HasCode(json::array({agent}), "type", code)) return &agent;
    }
    return nullptr;
  }

  void AuditEventRules(const json& event, const std::string& at) {
    for (const json& entity : event.value("entity", json::array())) {
      Must(!(entity.contains("name") && entity.contains("query")), at, "sev-1: a name or a query, not both");
    }
    if (!event.contains("meta") || !event.contains("agent")) return Must(false, at, "claims no profile");
    const std::string profile = event["meta"]["profile"][0];
    struct Pattern {
      const char* type;
      const char* subtype;
      const char* action;
      const char* outcome;
      std::vector<const char*> agents;    // Each there, with a `who`.
      std::vector<const char*> networks;  // Of these, with a network.
      const char* observer;               // Whose `who` is the observer; null: anybody's.
      std::vector<const char*> entities;
    };
    // https://profiles.ihe.net/ITI/BALP
    static const std::map<std::string, Pattern> kPatterns = {
        {"PrivacyDisclosure.Source",
         {"110106", "disclose", "R", "0", {"110153", "110152"}, {"110153", "110152"}, "110153", {"1", "2"}}},
        {"PatientRead", {"rest", "read", "R", "0", {"110152", "110153"}, {"110152", "110153"}, nullptr, {"1", "2"}}},
        {"Read", {"rest", "read", "R", "0", {"110152", "110153"}, {"110152", "110153"}, nullptr, {"2"}}},
        {"PatientQuery", {"rest", "search", "E", "0", {"110153", "110152"}, {"110153", "110152"}, nullptr, {"1", "2"}}},
        {"Query", {"rest", "search", "E", "0", {"110153", "110152"}, {"110153", "110152"}, nullptr, {"2"}}},
        {"PatientCreate",
         {"rest", "create", "C", "0", {"110153", "110152"}, {"110153", "110152"}, nullptr, {"1", "2"}}},
        {"AuthZconsent",
         {"110113",
          "AuthZ-Consent",
          "E",
          "8",
          {"110150", "IRCP", "PROV", "authserver"},
          {"110150"},
          "authserver",
          {"1", "Consent"}}},
    };
    constexpr std::string_view kPrefix = "https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.";
    auto found = profile.starts_with(kPrefix) ? kPatterns.find(profile.substr(kPrefix.size())) : kPatterns.end();
    if (found == kPatterns.end()) return Must(false, at, "unknown profile " + profile);
    const Pattern& pattern = found->second;
    Must(event["type"]["code"] == pattern.type, at, "type is not the profile's");
    Must(HasCode(json::array({{{"x", event["subtype"][0]}}}), "x", pattern.subtype), at,
         "subtype is not the profile's");
    Must(event["action"] == pattern.action, at, "action is not the profile's");
    Must(event["outcome"] == pattern.outcome, at, "outcome is not the profile's");
    for (const char* code : pattern.agents) {
      const json* agent = AgentOf(event, code);
      Must(agent != nullptr && agent->contains("who"), at, std::string("no agent ") + code);
    }
    for (const char* code : pattern.networks) {
      const json* agent = AgentOf(event, code);
      Must(agent != nullptr && agent->contains("network"), at, std::string("no network of agent ") + code);
    }
    if (pattern.observer != nullptr) {
      const json* agent = AgentOf(event, pattern.observer);
      Must(agent != nullptr && (*agent)["who"] == event["source"]["observer"], at, "val-audit-source");
    }
    const json* user = AgentOf(event, "IRCP");
    Must(user == nullptr || (*user)["requestor"] == true, at, "the user is the requestor");
    for (const char* code : pattern.entities) {
      Must(event.contains("entity") && HasCode(event["entity"], "type", code), at, std::string("no entity ") + code);
    }
  }

  void ConsentRules(const json& consent, const std::string& at) {
    Must(consent.contains("policy") || consent.contains("policyRule"), at, "ppc-1: a policy or a policy rule");
    if (consent.contains("scope") && HasCode(json::array({{{"x", consent["scope"]}}}), "x", "patient-privacy")) {
      Must(consent.contains("patient"), at, "ppc-2: privacy needs a patient");
    }
    Must(!consent.contains("patient") || consent["patient"].value("type", "Patient") == "Patient", at,
         "the patient is no Patient");
    for (const json& one : consent.value("verification", json::array())) {
      if (!one.contains("verifiedWith")) continue;
      const std::string with = one["verifiedWith"].value("type", "");
      Must(with == "Patient" || with == "RelatedPerson", at, "verified with somebody else");
    }
  }
};

// Every literal reference in it, however deep.
void AddReferences(const json& value, std::set<std::string>& to) {
  if (value.is_object() && value.contains("reference") && value["reference"].is_string()) {
    to.insert(value["reference"].get<std::string>());
  }
  if (!value.is_structured()) return;
  for (const json& inner : value) AddReferences(inner, to);
}

}  // namespace

std::vector<std::string> CheckFhirBundle(const json& bundle) {
  Checker checker;
  checker.Value(bundle, "Bundle", "Bundle");
  std::set<std::string> urls;
  std::set<std::string> referred;
  AddReferences(bundle, referred);
  for (const json& entry : bundle.value("entry", json::array())) {
    const std::string url = entry.value("fullUrl", "");
    checker.Must(urls.insert(url).second, "Bundle.entry", "bdl-7: " + url + " stands there twice");
    static const std::regex kUuid("urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
    checker.Must(std::regex_match(url, kUuid), "Bundle.entry", url + " is no UUID");
  }
  for (const std::string& url : referred) {
    checker.Must(urls.contains(url), "Bundle.entry", url + " is referred to and not in the bundle");
  }
  checker.Must(!bundle.contains("total") || bundle["type"] == "searchset" || bundle["type"] == "history", "Bundle",
               "bdl-1: a total where nothing was searched");
  return checker.wrong;
}

}  // namespace schakel::test
