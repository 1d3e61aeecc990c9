// Every format of the protocol, decoded and encoded again: nothing if the bytes were refused. For the tests and the
// fuzzers, whose property is the same: what decodes re-encodes to the same bytes.
#pragma once

#include <optional>

#include "protocol/archive.h"
#include "protocol/codec.h"
#include "protocol/entry.h"
#include "protocol/evidence.h"
#include "protocol/policy.h"
#include "protocol/record.h"
#include "protocol/registry.h"
#include "protocol/token.h"
#include "protocol/wire.h"

namespace schakel::test {

using Reencode = std::optional<Bytes> (*)(ByteView);

inline std::optional<Bytes> ReencodeHeader(ByteView bytes) {
  const auto header = DecodeHeader(bytes);
  return header ? std::optional(EncodeHeader(*header)) : std::nullopt;
}
inline std::optional<Bytes> ReencodePayload(ByteView bytes) {
  const auto payload = DecodePayload(bytes);
  return payload ? std::optional(EncodePayload(payload->recipients, payload->ciphertext)) : std::nullopt;
}
inline std::optional<Bytes> ReencodeStanzaProof(ByteView bytes) {
  Decoder from(bytes);
  const StanzaProof proof = DecodeStanzaProof(from);
  if (!from.Finish()) return std::nullopt;
  Encoder to;
  EncodeStanzaProof(proof, to);
  return to.Take();
}
inline std::optional<Bytes> ReencodeStatement(ByteView bytes) {
  const auto statement = DecodeStatement(bytes);
  return statement ? std::optional(EncodeStatement(*statement)) : std::nullopt;
}
inline std::optional<Bytes> ReencodeSignedStatement(ByteView bytes) {
  const auto statement = DecodeSignedStatement(bytes);
  return statement ? std::optional(EncodeSignedStatement(*statement)) : std::nullopt;
}
inline std::optional<Bytes> ReencodeEntry(ByteView bytes) {
  const auto entry = DecodeEntry(bytes);
  return entry ? std::optional(EncodeEntry(*entry)) : std::nullopt;
}
inline std::optional<Bytes> ReencodeSlots(ByteView bytes) {
  const auto slots = DecodeSlots(bytes);
  return slots ? std::optional(EncodeSlots(*slots)) : std::nullopt;
}
inline std::optional<Bytes> ReencodeEvidence(ByteView bytes) {
  const auto evidence = DecodeEvidence(bytes);
  return evidence ? std::optional(EncodeEvidence(*evidence)) : std::nullopt;
}
inline std::optional<Bytes> ReencodeArchive(ByteView bytes) {
  const auto archive = DecodeArchive(bytes);
  return archive && archive->intact ? std::optional(EncodeArchive(*archive)) : std::nullopt;
}
inline std::optional<Bytes> ReencodeMessage(ByteView bytes) {
  const auto message = DecodeMessage(bytes);
  return message ? std::optional(EncodeMessage(*message)) : std::nullopt;
}
inline std::optional<Bytes> ReencodePolicy(ByteView bytes) {
  const auto state = PolicyState::Decode(bytes);
  return state ? std::optional(state->Encode()) : std::nullopt;
}
// Text. White space at the end is forgiven when parsing, so it is left out here.
inline std::optional<Bytes> ReencodeInvitation(ByteView bytes) {
  const auto invitation = ParseInvitation(AsText(bytes));
  return invitation ? std::optional(ToBytes(AsBytes(ToText(*invitation)))) : std::nullopt;
}

}  // namespace schakel::test
