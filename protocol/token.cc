#include "protocol/token.h"

#include "protocol/codec.h"
#include "protocol/crypto.h"

namespace schakel {
namespace {

constexpr std::string_view kPrefix = "schakel-invitation-1:";

}  // namespace

// [endpoint, hub transport key, hub log verifier, threshold, [registrar key, ..], organisation, sector, token]
std::string ToText(const Invitation& invitation) {
  Encoder to;
  to.Array(8)
      .Text(invitation.endpoint)
      .Binary(invitation.hub_transport.value())
      .Text(ToText(invitation.hub_log))
      .Uint(invitation.registrars.threshold)
      .Array(invitation.registrars.keys.size());
  for (const SigningPublicKey& key : invitation.registrars.keys) to.Binary(key.value());
  to.Id(invitation.organisation).Text(invitation.sector.value()).Binary(invitation.token.view());
  return std::string(kPrefix) + ToBase64(to.bytes());
}

Result<Invitation> ParseInvitation(std::string_view text) {
  const auto fail = [] {
    return Fail(Code::kInvalid, "invitation.format", "invitation", "copy the whole line that the operator gave you");
  };
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == ' ')) text.remove_suffix(1);
  if (!text.starts_with(kPrefix)) return fail();
  auto bytes = FromBase64(text.substr(kPrefix.size()));
  if (!bytes) return fail();

  Decoder from(*bytes, {.bytes_max = 8U << 10, .depth_max = 2});
  Invitation invitation;
  from.Array(8, "invitation");
  invitation.endpoint = std::string(from.Text("invitation.endpoint", 256));
  invitation.hub_transport = TransportPublicKey(from.Fixed<32>("invitation.hub_transport"));
  auto verifier = ParseNoteVerifier(from.Text("invitation.hub_log", 512));
  invitation.registrars.threshold = from.Uint("invitation.threshold", kRegistrarsMax);
  const std::size_t keys = from.ArrayBetween(1, kRegistrarsMax, "invitation.registrars");
  for (std::size_t i = 0; i < keys && from.ok(); ++i) {
    invitation.registrars.keys.push_back(SigningPublicKey(from.Fixed<32>("invitation.registrars")));
  }
  invitation.organisation = from.ReadOrgId("invitation.organisation");
  auto sector = ParseSector(from.Text("invitation.sector", 40));
  auto token = from.Fixed<32>("invitation.token");
  invitation.token = Secret<32>::From(token);
  if (!from.Finish() || !verifier || !sector) return fail();
  if (invitation.registrars.threshold < 1 || invitation.registrars.threshold > invitation.registrars.keys.size()) {
    return fail();
  }
  invitation.hub_log = std::move(*verifier);
  invitation.sector = std::move(*sector);
  return invitation;
}

TransportKey KeyOfToken(ByteView token32) {
  Hash32 secret = Hkdf32(token32, {}, "schakel/enrol-transport/v1");
  return TransportKey::FromSecret(secret);
}

}  // namespace schakel
