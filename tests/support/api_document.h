// The API's own document, and whether an answer is as it says.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "agents/api.h"
#include "support/documented.h"

namespace schakel::test {

// An answer that a client made from the document would not understand fails the test that asked for it.
inline void ExpectDocumented(const std::string& method, const std::string& target, const ApiResponse& response) {
  static const nlohmann::json document = nlohmann::json::parse(OpenApiDocument());
  const auto type = response.headers.find("Content-Type");
  EXPECT_THAT(Undocumented(document, {method, target, response.status,
                                      type == response.headers.end() ? std::string() : type->second, response.body}),
              ::testing::IsEmpty());
}

}  // namespace schakel::test
