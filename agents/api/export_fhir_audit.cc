// FHIR R4 AuditEvent, in the shapes of IHE Basic Audit Log Patterns (https://profiles.ihe.net/ITI/BALP): a delivery is
// a disclosure at its source, a look a patient read, a question a patient query, what was not handed over or not shown
// an authorisation decision that failed, a record that was sent a patient create.
#include "agents/i18n.h"
#include "exports.h"
#include "protocol/crypto.h"

namespace schakel {
namespace fhir {

Json Coding(const std::string& system, const std::string& code, const std::string& display) {
  return {{"system", system}, {"code", code}, {"display", display}};
}
Json Concept(Json coding) { return {{"coding", Json::array({std::move(coding)})}}; }

Json PatientOf(const TrajectoryId& trajectory) {
  return {{"type", "Patient"}, {"identifier", {{"system", "urn:schakel:trajectory"}, {"value", ToText(trajectory)}}}};
}

Json OrganisationOf(const OrgId& organisation, const ExportNames& names) {
  Json reference = {{"type", "Organization"}};
  if (!organisation.value().empty()) {
    reference["identifier"] = {{"system", "urn:schakel:organisation"}, {"value", organisation.value()}};
  }
  reference["display"] = names.NameOf(organisation);
  return reference;
}

std::string Urn(const Json& resource, std::size_t index) {
  const std::string number = std::to_string(index);
  const Hash32 hash = Sha256({AsBytes("schakel/fhir/v1"), AsBytes(number), AsBytes(resource.dump())});
  std::array<std::uint8_t, 16> id{};
  std::copy_n(hash.begin(), id.size(), id.begin());
  id[6] = static_cast<std::uint8_t>((id[6] & 0x0FU) | 0x80U);  // RFC 9562, version 8: of our own making.
  id[8] = static_cast<std::uint8_t>((id[8] & 0x3FU) | 0x80U);
  std::string hex = ToHex(id);
  for (const std::size_t at : {20U, 16U, 12U, 8U}) hex.insert(at, "-");
  return "urn:uuid:" + hex;
}

Json Bundle(std::vector<Json> resources, Timestamp now) {
  Json entries = Json::array();
  for (std::size_t i = 0; i < resources.size(); ++i) {
    std::string urn = Urn(resources[i], i);
    entries.push_back({{"fullUrl", std::move(urn)}, {"resource", std::move(resources[i])}});
  }
  Json bundle = {{"resourceType", "Bundle"}, {"type", "collection"}, {"timestamp", ToText(now)}};
  // FHIR knows no empty arrays.
  if (!entries.empty()) bundle["entry"] = std::move(entries);
  return bundle;
}

}  // namespace fhir

namespace {

using fhir::Coding;
using fhir::Concept;

constexpr const char* kDicom = "http://dicom.nema.org/resources/ontology/DCM";
constexpr const char* kEventType = "http://terminology.hl7.org/CodeSystem/audit-event-type";
constexpr const char* kRest = "http://hl7.org/fhir/restful-interaction";
constexpr const char* kEntityType = "http://terminology.hl7.org/CodeSystem/audit-entity-type";
constexpr const char* kObjectRole = "http://terminology.hl7.org/CodeSystem/object-role";
constexpr const char* kParticipation = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType";
constexpr const char* kProfiles = "https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.";

Json Source() { return Coding(kDicom, "110153", "Source Role ID"); }
Json Destination() { return Coding(kDicom, "110152", "Destination Role ID"); }

// The same reason in HL7's list of purposes of use, and in ours.
Json PurposeOfUse(ViewReason reason, Language language) {
  const auto [code, display] = [&]() -> std::pair<const char*, const char*> {
    switch (reason) {
      case ViewReason::kTask:
      case ViewReason::kOnDuty:
        return {"TREAT", "treatment"};
      case ViewReason::kRoundTable:
        return {"COC", "coordination of care"};
      case ViewReason::kSubjectRequest:
        return {"PATRQT", "patient requested"};
      case ViewReason::kAudit:
      case ViewReason::kOther:
        break;
    }
    return {"HOPERAT", "healthcare operations"};
  }();
  Json coding =
      Json::array({Coding(fhir::kActReason, code, display),
                   Coding("urn:schakel:view-reason", std::string(Slug(reason)), std::string(Label(reason, language)))});
  return {{"coding", std::move(coding)}};
}

// As a query has it (RFC 3986): what is a letter or a digit of ASCII stands for itself.
std::string Encoded(const std::string& text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) {
      encoded += c;
    } else {
      encoded += {'%', kDigits[byte >> 4U], kDigits[byte & 0x0FU]};
    }
  }
  return encoded;
}

// One row as an event.
class Event {
 public:
  Event(const AccessRow& row, const ExportNames& names) : row_(row), names_(names) {}

  Json Build() {
    switch (row_.what) {
      case AccessRow::What::kSent:
        return Create();
      case AccessRow::What::kHandedOver:
        return Disclosure();
      case AccessRow::What::kWithheld:
      case AccessRow::What::kRefused:
        return Decision(Hub());
      case AccessRow::What::kAttempted:
        return Decision(row_.sequence.value() == 0 ? Actor() : Hub());
      case AccessRow::What::kTurnedAway:
      case AccessRow::What::kLinkRefused:
        return Decision(Actor());
      case AccessRow::What::kSaw:
        return Read();
      case AccessRow::What::kAsked:
        return Query(row_.sequence.value() == 0 ? Actor() : Hub());
      case AccessRow::What::kReported:
      case AccessRow::What::kExported:
      case AccessRow::What::kLinkMade:
      case AccessRow::What::kLinkOpened:
      case AccessRow::What::kLinkRevoked:
      case AccessRow::What::kTookBack:
      case AccessRow::What::kWrote:
        return Query(Actor());
    }
    return {};
  }

 private:
  Json Start(const char* profile, Json type, Json subtype, const char* action, const char* outcome) const {
    Json event = {{"resourceType", "AuditEvent"},
                  {"meta", {{"profile", Json::array({std::string(kProfiles) + profile})}}},
                  {"type", std::move(type)},
                  {"subtype", Json::array({std::move(subtype)})},
                  {"action", action}};
    if (row_.seen_at && *row_.seen_at != row_.at) event["period"] = {{"start", ToText(*row_.seen_at)}};
    event["recorded"] = ToText(row_.at);
    event["outcome"] = outcome;
    return event;
  }

  Json Actor() const { return fhir::OrganisationOf(row_.organisation, names_); }
  Json Hub() const {
    return {{"type", "Device"},
            {"identifier", {{"system", "urn:schakel:hub"}, {"value", names_.hub()}}},
            {"display", names_.hub()}};
  }

  // A program at work for an organisation, or the hub.
  static Json Machine(Json type, Json who, const std::string& name) {
    return {{"type", Concept(std::move(type))},
            {"who", std::move(who)},
            {"requestor", false},
            {"network", {{"address", name}, {"type", "1"}}}};
  }
  std::string NameOfActor() const {
    return row_.organisation.value().empty() ? names_.NameOf(row_.organisation) : row_.organisation.value();
  }
  Json ActorMachine(Json type) const { return Machine(std::move(type), Actor(), NameOfActor()); }
  Json HubMachine(Json type) const { return Machine(std::move(type), Hub(), names_.hub()); }

  // The person who looked or asked: by name if it is ours, by role if that is all we are told.
  Json User() const {
    Json user = {{"type", Concept(Coding(kParticipation, "IRCP", "information recipient"))}};
    if (row_.role) {
      user["role"] = Json::array({Concept(Coding("urn:schakel:role", std::string(Slug(*row_.role)),
                                                 std::string(Label(*row_.role, names_.language()))))});
    }
    if (row_.guest) {
      const std::string slug(Slug(*row_.guest));
      const std::string label = Phrase(names_.language(), "word.who." + slug);
      user["role"] = Json::array({Concept(Coding("urn:schakel:guest", slug, label))});
      const bool young = *row_.guest == Speaker::kYoungPerson;
      user["who"] = {{"type", young ? "Patient" : "RelatedPerson"}, {"display", row_.person.value_or(label)}};
      user["name"] = row_.person.value_or(label);
    } else if (row_.person) {
      user["who"] = {{"type", "Practitioner"}, {"display", *row_.person}};
      user["name"] = *row_.person;
    } else {
      user["who"] = Actor();
    }
    user["requestor"] = true;
    if (row_.reason) user["purposeOfUse"] = Json::array({PurposeOfUse(*row_.reason, names_.language())});
    return user;
  }

  static Json SourceOf(Json observer, const char* code, const char* display) {
    return {
        {"observer", std::move(observer)},
        {"type", Json::array({Coding("http://terminology.hl7.org/CodeSystem/security-source-type", code, display)})}};
  }

  Json Patient() const {
    return {{"what", fhir::PatientOf(row_.trajectory)},
            {"type", Coding(kEntityType, "1", "Person")},
            {"role", Coding(kObjectRole, "1", "Patient")}};
  }
  Json Data() const {
    Json data = {{"what", What()},
                 {"type", Coding(kEntityType, "2", "System Object")},
                 {"role", Coding(kObjectRole, "4", "Domain Resource")}};
    Json detail = Json::array();
    if (row_.grant) detail.push_back({{"type", "grant"}, {"valueString", ToText(*row_.grant)}});
    if (row_.kind) detail.push_back({{"type", "kind"}, {"valueString", Slug(*row_.kind)}});
    if (row_.sequence.value() != 0) {
      detail.push_back({{"type", "sequence"}, {"valueString", std::to_string(row_.sequence.value())}});
    }
    if (row_.task) detail.push_back({{"type", "task"}, {"valueString", Slug(*row_.task)}});
    if (!detail.empty()) data["detail"] = std::move(detail);
    return data;
  }
  Json What() const {
    if (IsNone(row_.record)) return {{"display", Phrase(names_.language(), "audit.all_records")}};
    return {{"identifier", {{"system", "urn:schakel:record"}, {"value", ToText(row_.record)}}}};
  }

  // An anonymous consultation, or a question about all trajectories, has no patient.
  Json AboutPatient(Json entity) const {
    Json entities = Json::array();
    if (!IsNone(row_.trajectory)) entities.push_back(Patient());
    entities.push_back(std::move(entity));
    return entities;
  }

  Json Create() const {
    Json event = Start("PatientCreate", Coding(kEventType, "rest", "Restful Operation"),
                       Coding(kRest, "create", "create"), "C", "0");
    event["agent"] = Json::array({ActorMachine(Source()), HubMachine(Destination())});
    event["source"] = SourceOf(Hub(), "4", "Application Server");
    event["entity"] = Json::array({Patient(), Data()});
    return event;
  }

  Json Disclosure() const {
    Json event = Start("PrivacyDisclosure.Source", Coding(kDicom, "110106", "Export"),
                       Coding("http://terminology.hl7.org/CodeSystem/iso-21089-lifecycle", "disclose",
                              "Disclose Record Lifecycle Event"),
                       "R", "0");
    event["agent"] = Json::array({HubMachine(Source()), ActorMachine(Destination())});
    event["source"] = SourceOf(Hub(), "4", "Application Server");
    event["entity"] = Json::array({Patient(), Data()});
    return event;
  }

  Json Read() const {
    Json event = Start(IsNone(row_.trajectory) ? "Read" : "PatientRead",
                       Coding(kEventType, "rest", "Restful Operation"), Coding(kRest, "read", "read"), "R", "0");
    event["agent"] = Json::array({ActorMachine(Destination()), ActorMachine(Source()), User()});
    event["source"] = SourceOf(Actor(), "4", "Application Server");
    event["entity"] = AboutPatient(Data());
    return event;
  }

  Json Query(Json observer) const {
    Json event = Start(IsNone(row_.trajectory) ? "Query" : "PatientQuery",
                       Coding(kEventType, "rest", "Restful Operation"), Coding(kRest, "search", "search"), "E", "0");
    const bool at_hub = row_.sequence.value() != 0;
    event["agent"] =
        Json::array({ActorMachine(Source()), at_hub ? HubMachine(Destination()) : ActorMachine(Destination()), User()});
    event["source"] = SourceOf(std::move(observer), "4", "Application Server");
    event["entity"] = AboutPatient({{"type", Coding(kEntityType, "2", "System Object")},
                                    {"role", Coding(kObjectRole, "24", "Query")},
                                    {"query", ToBase64(AsBytes(Asked()))}});
    return event;
  }
  // What was asked, as far as it is known: of others' questions the log tells the trajectory and the record.
  std::string Asked() const {
    std::string asked(schakel::Slug(row_.what));
    char next = '?';
    const auto add = [&](const std::string& part) {
      asked += next;
      asked += part;
      next = '&';
    };
    if (row_.question) add(*row_.question);
    if (!IsNone(row_.trajectory)) add("trajectory=" + ToText(row_.trajectory));
    if (!IsNone(row_.record)) add("record=" + ToText(row_.record));
    if (row_.about) add("person=" + Encoded(*row_.about));
    return asked;
  }

  Json Decision(Json authorizer) const {
    Json event = Start("AuthZconsent", Coding(kDicom, "110113", "Security Alert"),
                       Coding("https://profiles.ihe.net/ITI/BALP/CodeSystem/AuthZsubType", "AuthZ-Consent",
                              "Authorization Decision using Roles and Consent"),
                       "E", "8");
    event["outcomeDesc"] =
        row_.denial ? std::string(Label(*row_.denial, names_.language())) : Phrase(names_.language(), "audit.not_told");
    if (row_.what == AccessRow::What::kTurnedAway) {
      const std::string why = row_.barred ? std::string(schakel::Slug(*row_.barred)) : "unkept";
      event["outcomeDesc"] =
          Phrase(names_.language(), "word.access.turned-away") + ": " + Phrase(names_.language(), "word.barred." + why);
    }
    if (row_.refusal) event["outcomeDesc"] = Explain(*row_.refusal, names_.language()).what;
    const Json organisation = {
        {"type", Concept(Coding("http://terminology.hl7.org/CodeSystem/v3-RoleClass", "PROV", "healthcare provider"))},
        {"who", Actor()},
        {"requestor", false}};
    const Json server = {{"type", Concept(Coding("http://terminology.hl7.org/CodeSystem/extra-security-role-type",
                                                 "authserver", "authorization server"))},
                         {"who", authorizer},
                         {"requestor", false}};
    event["agent"] = Json::array({ActorMachine(Coding(kDicom, "110150", "Application")), User(), organisation, server});
    event["source"] = SourceOf(std::move(authorizer), "6", "Security Server");
    Json consent = {{"what", Consent()}, {"type", Coding("http://hl7.org/fhir/resource-types", "Consent", "Consent")}};
    if (!IsNone(row_.record)) {
      consent["detail"] = Json::array({{{"type", "record"}, {"valueString", ToText(row_.record)}}});
    }
    event["entity"] = Json::array({Patient(), std::move(consent)});
    return event;
  }
  Json Consent() const {
    if (!row_.grant) return {{"type", "Consent"}, {"display", Phrase(names_.language(), "audit.no_grant")}};
    return {{"type", "Consent"}, {"identifier", {{"system", "urn:schakel:grant"}, {"value", ToText(*row_.grant)}}}};
  }

  const AccessRow& row_;
  const ExportNames& names_;
};

}  // namespace

Json AuditEventBundle(const std::vector<AccessRow>& rows, const ExportNames& names, Timestamp now) {
  std::vector<Json> events;
  events.reserve(rows.size());
  for (const AccessRow& row : rows) events.push_back(Event(row, names).Build());
  return fhir::Bundle(std::move(events), now);
}

}  // namespace schakel
