#include "protocol/number.h"

#include "protocol/crypto.h"

namespace schakel {
namespace {

using EightBytes = std::array<std::uint8_t, 8>;

EightBytes BigEndian(std::uint64_t value) {
  EightBytes out;
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<std::uint8_t>(value >> (56 - 8 * i));
  return out;
}
std::uint64_t FromBigEndian(const EightBytes& bytes) {
  std::uint64_t value = 0;
  for (const std::uint8_t byte : bytes) value = value << 8 | byte;
  return value;
}

Hash32 BlindOf(const Hash32& number_key, const OrgId& recipient, FeedPosition position) {
  return HmacSha256(number_key, {BigEndian(position.value()), AsBytes(recipient.value())});
}

Hash32 CommitmentOf(const NumberOpening& opening) {
  constexpr std::uint8_t kCommitmentPrefix = 0x31;
  return Sha256({{&kCommitmentPrefix, 1}, opening.blind, BigEndian(opening.number)});
}

// Its own inverse.
EightBytes Masked(const EightBytes& number, const Hash32& blind) {
  constexpr std::uint8_t kMaskPrefix = 0x32;
  const Hash32 mask = Sha256({{&kMaskPrefix, 1}, blind});
  EightBytes out;
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = number[i] ^ mask[i];
  return out;
}

}  // namespace

Hash32 NumberKeyOf(const SigningKey& log_key) {
  // libsodium's form of a signing key starts with the seed.
  return Hkdf32(ByteView(log_key.secret.view()).first(32), {}, "schakel/numbers/v1");
}

ClosedNumber CloseNumber(const Hash32& number_key, const OrgId& recipient, FeedPosition position,
                         std::uint64_t number) {
  const Hash32 blind = BlindOf(number_key, recipient, position);
  return {Masked(BigEndian(number), blind), CommitmentOf({number, blind})};
}

std::optional<NumberOpening> OpenNumber(const Hash32& number_key, const OrgId& recipient, FeedPosition position,
                                        const ClosedNumber& closed) {
  const Hash32 blind = BlindOf(number_key, recipient, position);
  const NumberOpening opening{FromBigEndian(Masked(closed.masked, blind)), blind};
  if (!Opens(opening, closed)) return std::nullopt;
  return opening;
}

bool Opens(const NumberOpening& opening, const ClosedNumber& closed) {
  return CommitmentOf(opening) == closed.commitment;
}

}  // namespace schakel
