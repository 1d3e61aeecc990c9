// The local HTTP API: all that an organisation's people and programs can do, as JSON over a UNIX socket.
// Contract for callers: the OpenAPI document (agents/api/openapi.json, served at /v1/openapi.json).
//
// Who calls: the headers Schakel-Person (UTF-8, or percent-encoded), Schakel-Role and Schakel-Reason; without a person,
// the user at the other end of the socket. Whoever may open the socket is trusted to say who they are, so it is for the
// owner alone (mode 0600).
// Answers: JSON; failures as application/problem+json (RFC 9457) with code, rule, field and next, in the language of
// Accept-Language (Dutch unless English is preferred).
// Threads: the server has its own; Api may be called from any.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agents/engine.h"
#include "protocol/result.h"

namespace schakel {

struct ApiOptions {
  std::filesystem::path socket;    // Replaced if a dead server left it; at most 107 bytes.
  std::filesystem::path profiles;  // The directory of the sector profiles.
};

// A running server. Its destructor stops it and removes the socket.
class ApiServer {
 public:
  virtual ~ApiServer() = default;
};
// `engine` outlives the server. kConflict ("api.socket"): another server answers there; kUnavailable ("api.socket");
// LoadProfiles' errors.
Result<std::unique_ptr<ApiServer>> StartApi(Engine& engine, const ApiOptions& options, Clock& clock = SystemClock(),
                                            Random& random = SystemRandom());

// ---- The same without a socket: what the server, other edges and tests call ----
inline constexpr std::size_t kApiHeaderBytesMax = 16U << 10;
inline constexpr std::size_t kApiBodyBytesMax = 512U << 10;

struct ApiRequest {
  std::string method;
  std::string target;                          // Path and query, as sent.
  std::map<std::string, std::string> headers;  // Names in lower case.
  std::string body;
  std::string peer;  // The user at the other end; empty: unknown.
};
struct ApiResponse {
  int status = 200;
  std::map<std::string, std::string> headers;  // With Content-Type.
  std::string body;
  bool events = false;  // A stream follows, of `trajectory` alone if it is not none.
  TrajectoryId trajectory;
};

class Api {
 public:
  // Reads the profiles and fills the case file. `engine` outlives it.
  static Result<std::unique_ptr<Api>> Open(Engine& engine, const std::filesystem::path& profiles,
                                           Clock& clock = SystemClock(), Random& random = SystemRandom());
  virtual ~Api() = default;
  // Never fails: what goes wrong is a problem document. May wait as long as the request asks (Prefer: wait=N).
  virtual ApiResponse Handle(const ApiRequest& request) = 0;
};

// One HTTP/1.1 request as bytes, as the server parses it; the answer as bytes. Empty: `raw` is not whole yet.
std::string AnswerBytes(Api& api, std::string_view raw, const std::string& peer);

// Every route, as "GET /v1/trajectories/{trajectory}".
std::vector<std::string> ApiRoutes();
std::string_view OpenApiDocument();

}  // namespace schakel
