// Errors as data. Every boundary returns Result<T> or Status; nothing in these libraries throws across one.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <utility>

namespace schakel {

// What a caller can act on. Travels on the wire: append, never renumber.
enum class Code : std::uint8_t {
  kInvalid = 1,      // The input breaks a rule; sending it again will not help.
  kUnauthenticated,  // Signature, key or token does not check.
  kDenied,           // The rules do not allow it; the reason is in `rule`.
  kNotFound,         // No such thing, or none that the asker may know of.
  kConflict,         // The state has moved on: look again, then decide.
  kExists,           // It is there already (a record id that was used for something else).
  kLimit,            // A configured limit was reached; smaller or later.
  kUnavailable,      // The disk, the network or the other side; try again later.
  kCorrupt,          // Stored bytes do not match their check.
  kTampered,         // History was rewritten, forked, cut or put back.
  kWrongKey,         // The master key or passphrase does not open this store.
  kVersion,          // Made by a newer version.
  kInternal,         // Our own mistake.
};
std::string_view CodeName(Code code);  // "invalid", "unauthenticated", ...

// Never holds payload, names of people, or keys: it may be logged and sent as it is.
// English here; agents translate by `rule` at the edge.
struct Error {
  Code code = Code::kInternal;
  std::string rule;   // A stable dotted name of the rule that was broken: "record.signature", "grant.period".
  std::string field;  // Where: "header.categories", "hub.toml: listen". Empty if nowhere in particular.
  std::string next;   // What to do about it, one sentence.

  friend bool operator==(const Error&, const Error&) = default;
};
// "record.signature (header.author): ask the author to send it again"
std::string ToText(const Error& error);

template <typename T>
class [[nodiscard]] Result : public std::expected<T, Error> {
 public:
  using std::expected<T, Error>::expected;
};
using Status = Result<void>;

inline std::unexpected<Error> Fail(Code code, std::string rule, std::string field = {}, std::string next = {}) {
  return std::unexpected<Error>(Error{code, std::move(rule), std::move(field), std::move(next)});
}

// Returns the error of `expression` from the enclosing function, if it has one.
#define SCHAKEL_TRY(expression)                                                     \
  do {                                                                              \
    auto schakel_status = (expression);                                             \
    if (!schakel_status) return std::unexpected(std::move(schakel_status).error()); \
  } while (false)

// Declares `name` with the value of `expression`, or returns its error.
#define SCHAKEL_ASSIGN(name, expression) SCHAKEL_ASSIGN_(name, expression, SCHAKEL_UNIQUE_(schakel_result_, __LINE__))
#define SCHAKEL_ASSIGN_(name, expression, temporary)                    \
  auto temporary = (expression);                                        \
  if (!temporary) return std::unexpected(std::move(temporary).error()); \
  name = std::move(*temporary)
#define SCHAKEL_UNIQUE_(a, b) SCHAKEL_UNIQUE2_(a, b)
#define SCHAKEL_UNIQUE2_(a, b) a##b

// For our own mistakes only: nothing that a peer or a file sends may trip it. Stays on in production.
[[noreturn]] void AssertFailed(const char* condition, const char* file, int line);
#define SCHAKEL_ASSERT(condition) \
  ((condition) ? static_cast<void>(0) : ::schakel::AssertFailed(#condition, __FILE__, __LINE__))

}  // namespace schakel
