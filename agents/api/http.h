// HTTP/1.1 as bytes: requests in through Beast's parser, with limits; responses out. The one door to Beast is http.cc.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "agents/api.h"

namespace schakel {

// One request at a time from a stream of bytes. Threads: one object, one thread.
class RequestReader {
 public:
  RequestReader();
  ~RequestReader();
  RequestReader(const RequestReader&) = delete;
  RequestReader& operator=(const RequestReader&) = delete;

  enum class State : std::uint8_t { kMore, kWhole, kBroken };
  // Takes from the front of `bytes` what belongs to this request. kWhole: Take() yields it; kBroken: the connection is
  // of no further use, see problem().
  State Feed(std::string& bytes);

  ApiRequest Take();  // Once, after kWhole; the reader is then ready for the next request.
  bool keeps_alive() const { return keeps_alive_; }
  bool wants_continue();  // Once: the header asks for "100 Continue" before the body comes.
  const Error& problem() const { return problem_; }
  int status() const { return status_; }
  Language language() const { return language_; }  // In which to say so, as far as it is known.

 private:
  struct Parser;
  State Break(int status, const char* rule, const char* field, const char* next);

  std::unique_ptr<Parser> parser_;
  bool told_continue_ = false;
  bool keeps_alive_ = false;
  Error problem_;
  int status_ = 400;
  Language language_ = Language::kDutch;
};

// What every answer carries, also one that never reached a route.
void PutSecurityHeaders(ApiDoor door, ApiResponse& response);

// Head and body. An event stream has no length and no end; of a body in parts it is the head alone.
std::string ResponseBytes(const ApiResponse& response, bool keep_alive);
// For what never reached the API.
ApiResponse BrokenResponse(const Error& problem, int status, ApiDoor door, Language language);
Language LanguageOf(const ApiRequest& request);  // Dutch unless another of ours is preferred.

}  // namespace schakel
