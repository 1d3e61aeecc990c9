// Enrolment invitations: what an operator hands to a new organisation, once, over a trusted channel.
//
// The one-time token is the seed of a CURVE key pair: the hub, which keeps only the public half, admits that key for
// enrolment and nothing else, until it is used, expired or withdrawn. So nobody without a key or a token gets in.
#pragma once

#include <string>

#include "protocol/bytes.h"
#include "protocol/checkpoint.h"
#include "protocol/keys.h"
#include "protocol/registry.h"
#include "protocol/result.h"

namespace schakel {

struct Invitation {
  std::string endpoint;              // "tcp://host:port"
  TransportPublicKey hub_transport;  // Pinned.
  NoteVerifier hub_log;              // Pinned.
  Registrars registrars;             // Pinned.
  OrgId organisation;
  Sector sector;
  Secret<32> token;
};
// One line, "schakel-invitation-1:" ‖ base64 of the encoded invitation. Holds a secret: keep it private and destroy it
// after use.
std::string ToText(const Invitation& invitation);
// kInvalid ("invitation.format").
Result<Invitation> ParseInvitation(std::string_view text);
TransportKey KeyOfToken(ByteView token32);

}  // namespace schakel
