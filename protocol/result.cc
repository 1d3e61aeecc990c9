#include "protocol/result.h"

#include <cstdio>
#include <cstdlib>

namespace schakel {

std::string_view CodeName(Code code) {
  switch (code) {
    case Code::kInvalid:
      return "invalid";
    case Code::kUnauthenticated:
      return "unauthenticated";
    case Code::kDenied:
      return "denied";
    case Code::kNotFound:
      return "not_found";
    case Code::kConflict:
      return "conflict";
    case Code::kExists:
      return "exists";
    case Code::kLimit:
      return "limit";
    case Code::kUnavailable:
      return "unavailable";
    case Code::kCorrupt:
      return "corrupt";
    case Code::kTampered:
      return "tampered";
    case Code::kWrongKey:
      return "wrong_key";
    case Code::kVersion:
      return "version";
    case Code::kInternal:
      return "internal";
  }
  return "unknown";  // From a newer peer.
}

std::string ToText(const Error& error) {
  std::string text = error.rule.empty() ? std::string(CodeName(error.code)) : error.rule;
  if (!error.field.empty()) text += " (" + error.field + ")";
  if (!error.next.empty()) text += ": " + error.next;
  return text;
}

void AssertFailed(const char* condition, const char* file, int line) {
  static_cast<void>(std::fprintf(stderr, "%s:%d: assertion failed: %s\n", file, line, condition));
  std::abort();
}

}  // namespace schakel
