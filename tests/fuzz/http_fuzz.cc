#include "agents/api.h"
#include "support/fake_engine.h"
#include "support/paths.h"

namespace {

// One agent with a trajectory, for as long as the process lives.
struct World {
  schakel::test::Leuven leuven;
  std::unique_ptr<schakel::Api> api = schakel::Api::Open(leuven.youth_care,
                                                         {.socket = {},
                                                          .profiles = schakel::SourceDir() / "agents/profiles",
                                                          .people = {.hash_passes = 1, .hash_memory_bytes = 8192}},
                                                         leuven.region.clock, leuven.region.random)
                                          .value();
};

}  // namespace

// Whatever comes in, what goes out is nothing yet, or a whole HTTP response that claims no mistake of ours.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static World* world = new World;
  // Requests that succeed leave records behind; start anew before they slow the next ones down.
  if (world->leuven.youth_care.records() > 500) {
    delete world;
    world = new World;
  }
  const std::string answer = schakel::AnswerBytes(*world->api, schakel::AsText({data, size}), "fuzz");
  if (answer.empty()) return 0;
  SCHAKEL_ASSERT(answer.starts_with("HTTP/1.1 "));
  SCHAKEL_ASSERT(answer.find("\r\n\r\n") != std::string::npos);
  SCHAKEL_ASSERT(!answer.starts_with("HTTP/1.1 500"));
  // Over the network nobody in here has a session: nothing succeeds but reading the document.
  const std::string outside =
      schakel::AnswerBytes(*world->api, schakel::AsText({data, size}), "192.0.2.7", schakel::ApiDoor::kTls);
  SCHAKEL_ASSERT(outside.starts_with("HTTP/1.1 "));
  SCHAKEL_ASSERT(!outside.starts_with("HTTP/1.1 500"));
  SCHAKEL_ASSERT(!outside.starts_with("HTTP/1.1 2") || outside.find("\"openapi\"") != std::string::npos);
  return 0;
}
