// What a provider says over HTTPS, within bounds. The doors to libcurl are fetch.cc, which asks, and
// notices/courier.cc, which brings.
//
// Threads: any; waits for the network, at most 10 seconds. No redirects, no proxies but those of the environment.
// Errors: kUnavailable ("oidc.unreachable"), with the host as the field.
#pragma once

#include <map>
#include <string>

#include "protocol/result.h"

namespace schakel {

struct Fetched {
  int status = 0;
  std::string body;  // At most kFetchedBytesMax.
};
inline constexpr std::size_t kFetchedBytesMax = 256U << 10;

struct Fetch {
  std::string url;                             // https; http on this machine alone.
  std::map<std::string, std::string> headers;  // "Authorization"
  std::string form;                            // A POST, if it is not empty.
};
Result<Fetched> Send(const Fetch& fetch);
// Whether secrets may go there.
bool IsSafeUrl(std::string_view url);

}  // namespace schakel
