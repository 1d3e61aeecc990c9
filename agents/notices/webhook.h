// What a webhook may be sent to, and how its receiver knows that it is from us: the headers and the signature of the
// Standard Webhooks specification (HMAC-SHA256 over "<id>.<seconds>.<body>"). Pure.
//
// Worked example: with the secret whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw, the message id msg_p5jXN8AQM9LWM0D4loKWxJek,
// the time 1614265330 and the body {"test": 2432232314}, the signature is
// v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "notices/rows.h"
#include "protocol/bytes.h"

namespace schakel {

// "https://HOST[:PORT][/..]" in its parts. kInvalid ("webhooks.url"): another scheme, a name or password in it, no
// host.
struct HookTarget {
  bool tls = true;
  std::string host;  // In lower case; an IPv6 address without brackets.
  std::string port;
};
Result<HookTarget> ParseHookUrl(std::string_view url);
// "host:port", "[::1]:port", as an operator lists it.
std::string TargetText(const HookTarget& target);
bool IsListed(const HookTarget& target, const std::vector<std::string>& private_targets);
// kInvalid ("webhooks.url"); ("webhooks.private"): without TLS, or by an address that is of no public network, and not
// listed. A name is checked again when it is looked up.
Status CheckHookUrl(std::string_view url, const std::vector<std::string>& private_targets);

// Whether nobody else's network is at that address: 4 or 16 bytes, as on the wire.
bool IsPublicAddress(ByteView address);

std::string SecretText(ByteView secret);   // "whsec_.."
std::string HookBody(const HookRow& row);  // Ids, a time, and nothing else.
std::map<std::string, std::string> HookHeaders(ByteView secret, const std::string& message, Timestamp now,
                                               std::string_view body);

}  // namespace schakel
