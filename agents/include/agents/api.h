// The HTTP API: all that an organisation's people and programs can do, as JSON; over a UNIX socket, and over the
// network where that is configured. Contract for callers: the OpenAPI document (agents/api/openapi.json,
// /v1/openapi.json).
//
// Who calls, on the socket: the headers Schakel-Person (UTF-8, or percent-encoded), Schakel-Role and Schakel-Reason;
// without a person, the user at the other end. Whoever may open the socket is trusted to say who they are, so it is for
// the owner alone (mode 0600).
// Who calls, over the network: whoever the session or token says, in the roles that the account has; never a header.
// Answers: JSON; failures as application/problem+json (RFC 9457) with code, rule, field and next, in the language of
// Accept-Language (Dutch unless another of ours is preferred).
// Threads: the server has its own; Api may be called from any.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agents/edge_options.h"
#include "agents/engine.h"
#include "agents/house_options.h"
#include "agents/notice_options.h"
#include "agents/oidc_options.h"
#include "agents/people_options.h"
#include "agents/web_files.h"
#include "protocol/result.h"

namespace schakel {

struct ApiOptions {
  std::filesystem::path socket;          // Replaced if a dead server left it; at most 107 bytes.
  std::filesystem::path profiles;        // The directory of the sector profiles.
  std::optional<EdgeOptions> edge = {};  // None: the socket alone.
  PeopleOptions people = {};
  std::optional<OidcOptions> oidc = {};  // With an edge that has a public_url alone.
  std::optional<MailOptions> mail = {};
  std::optional<WebhookOptions> webhooks = {};
  HouseOptions house = {};
  std::span<const WebFile> web = {};  // The page that the edge serves beside the API; they outlive the server.
};

// A running server. Its destructor stops it and removes the socket.
class ApiServer {
 public:
  virtual ~ApiServer() = default;
  // Reads certificate and key anew, for the connections to come. If that fails, those before stay in use.
  virtual Status ReloadCertificate() = 0;
  virtual std::uint16_t port() const = 0;  // Of the edge; 0: none.
};
// `engine` outlives the server. kConflict ("api.socket"): another server answers there; kUnavailable ("api.socket",
// "edge.listen", "edge.certificate"); kInvalid ("edge.plain"); LoadProfiles' errors.
Result<std::unique_ptr<ApiServer>> StartApi(Engine& engine, const ApiOptions& options, Clock& clock = SystemClock(),
                                            Random& random = SystemRandom());

// ---- The same without a socket: what the server, other edges and tests call ----
inline constexpr std::size_t kApiHeaderBytesMax = 16U << 10;
inline constexpr std::size_t kApiBodyBytesMax = 512U << 10;

enum class ApiDoor : std::uint8_t { kSocket, kPlain, kTls };  // Through which a request came.

struct ApiRequest {
  std::string method;
  std::string target;                          // Path and query, as sent.
  std::map<std::string, std::string> headers;  // Names in lower case.
  std::string body;
  std::string peer;  // The user at the other end of the socket; empty: unknown. Over the network: the address.
  ApiDoor door = ApiDoor::kSocket;
};
struct ApiResponse {
  int status = 200;
  std::map<std::string, std::string> headers;  // With Content-Type.
  std::string body;
  // A stream of events follows.
  struct Events {
    TrajectoryId trajectory;  // Of this one alone, unless it is none.
    Id128 pass{};             // It ends with this session or token; zero: with none.
    bool work = true;         // Also what changes in trajectories, not the agent's health alone.
    std::string after;        // The id of the last event that this listener has seen; empty: it begins now.
  };
  std::optional<Events> events;
  // The body comes in parts, each made when the one before has left; `body` is empty then.
  struct Parts {
    std::uint64_t length = 0;  // Of all of them.
    // At least a byte, until there are so many. An error: what was begun is cut off.
    std::function<Result<std::string>()> next;
  };
  std::optional<Parts> parts;
  std::string rule;  // Of a problem: the rule that it broke, for who counts them.
};

enum class ApiLane : std::uint8_t {
  kQuick,
  kWaits,   // For the hub, as long as the caller is patient.
  kHashes,  // A password, a tenth of a second of a core; or it asks a login provider.
};

class Api {
 public:
  // Reads the profiles and fills the case file. `engine` outlives it.
  static Result<std::unique_ptr<Api>> Open(Engine& engine, const std::filesystem::path& profiles,
                                           Clock& clock = SystemClock(), Random& random = SystemRandom());
  static Result<std::unique_ptr<Api>> Open(Engine& engine, const ApiOptions& options, Clock& clock, Random& random);
  virtual ~Api() = default;
  // Never fails: what goes wrong is a problem document. May wait as long as the request asks (Prefer: wait=N).
  virtual ApiResponse Handle(const ApiRequest& request) = 0;

  // What answering it may wait for, so that what is quick does not stand behind it.
  virtual ApiLane LaneOf(const ApiRequest& request) const = 0;
  // Whether a stream that began with this pass may go on.
  virtual bool MayListen(const Id128& pass) const = 0;
  // Called when passes have ended, from the thread that ended them.
  virtual void OnEnded(std::function<void(const std::vector<Id128>&)> ended) = 0;
};

// One HTTP/1.1 request as bytes, as the server parses it; the answer as bytes. Empty: `raw` is not whole yet.
std::string AnswerBytes(Api& api, std::string_view raw, const std::string& peer, ApiDoor door = ApiDoor::kSocket);

// Every route, as "GET /v1/trajectories/{trajectory}".
std::vector<std::string> ApiRoutes();
// Who may use `route` over the network, as letters: W(orker) C(oordinator) A(uditor) S(ystem administrator), each when
// one of these roles is held; "*": whoever asks, also without a session; "G": a guest of a meeting, and none of these.
// Empty: nobody.
std::string ApiAccess(std::string_view route);
std::string_view OpenApiDocument();

}  // namespace schakel
