// Whether JSON is what FHIR R4 (4.0.1) says it must be, as far as we write it: elements, how many, primitive forms, the
// codes of required bindings, the resources' own invariants; and the IHE BALP profile that an AuditEvent claims.
// Written from the specification, not from what we write.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace schakel::test {

// What is wrong, each with its place: "Bundle.entry[3].resource.agent[0].requestor: missing". Empty: nothing.
std::vector<std::string> CheckFhirBundle(const nlohmann::json& bundle);

}  // namespace schakel::test
