// Holds what an API really answers against its OpenAPI document: what the document does not say of it, a client that
// was made from the document cannot know.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace schakel::test {

struct GivenAnswer {
  std::string method;
  std::string target;  // With or without a query.
  int status = 0;
  std::string type;  // As Content-Type says.
  std::string body;
};
// What is amiss: a status or type that the document lacks, a field that it does not name, a value of another shape, a
// field that it calls required and that is not there. Of an address that the document does not have: nothing.
std::vector<std::string> Undocumented(const nlohmann::json& document, const GivenAnswer& answer);

}  // namespace schakel::test
