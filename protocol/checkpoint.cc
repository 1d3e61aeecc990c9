#include "protocol/checkpoint.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "protocol/crypto.h"

namespace schakel {
namespace {

constexpr std::string_view kSignaturePrefix = "\xe2\x80\x94 ";  // An em dash and a space.
constexpr std::uint8_t kEd25519 = 0x01;
constexpr std::uint8_t kCosignature = 0x04;
constexpr std::string_view kWitness = "/witness/";
constexpr std::size_t kTimeBytes = 8;
constexpr std::uint64_t kSecondsMax = 253402300799;  // The end of the year 9999.
constexpr std::size_t kKeyHashBytes = 4;

// White space as Unicode has it, in UTF-8 (ASCII is tested apart).
constexpr std::string_view kWideSpaces[] = {
    "\xc2\x85",     "\xc2\xa0",     "\xe1\x9a\x80", "\xe2\x80\x80", "\xe2\x80\x81", "\xe2\x80\x82", "\xe2\x80\x83",
    "\xe2\x80\x84", "\xe2\x80\x85", "\xe2\x80\x86", "\xe2\x80\x87", "\xe2\x80\x88", "\xe2\x80\x89", "\xe2\x80\x8a",
    "\xe2\x80\xa8", "\xe2\x80\xa9", "\xe2\x80\xaf", "\xe2\x81\x9f", "\xe3\x80\x80",
};

bool IsKeyName(std::string_view name) {
  if (name.empty() || !IsUtf8(name)) return false;
  if (std::ranges::any_of(name, [](char c) { return c == '+' || static_cast<unsigned char>(c) <= 0x20; })) return false;
  return std::ranges::none_of(kWideSpaces, [&](std::string_view space) { return name.contains(space); });
}

// UTF-8 without control characters other than the newline.
bool IsNoteText(std::string_view text) {
  return IsUtf8(text) &&
         std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\n'; });
}

std::array<std::uint8_t, kKeyHashBytes> BigEndian(std::uint32_t value) {
  return {static_cast<std::uint8_t>(value >> 24), static_cast<std::uint8_t>(value >> 16 & 0xff),
          static_cast<std::uint8_t>(value >> 8 & 0xff), static_cast<std::uint8_t>(value & 0xff)};
}

std::uint32_t FromBigEndian(ByteView bytes) {
  return std::uint32_t{bytes[0]} << 24 | std::uint32_t{bytes[1]} << 16 | std::uint32_t{bytes[2]} << 8 | bytes[3];
}

std::uint32_t KeyHashOf(std::string_view name, const SigningPublicKey& key, std::uint8_t type = kEd25519) {
  const std::array<std::uint8_t, 2> between{'\n', type};
  return FromBigEndian(Sha256({AsBytes(name), between, key.value()}));
}

// Cuts `text` up to the first `mark`, which goes too; nothing if there is none.
std::optional<std::string_view> CutBefore(std::string_view& text, char mark) {
  const std::size_t at = text.find(mark);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view head = text.substr(0, at);
  text.remove_prefix(at + 1);
  return head;
}

std::optional<NoteSignature> ParseSignatureLine(std::string_view line) {
  if (!line.starts_with(kSignaturePrefix)) return std::nullopt;
  line.remove_prefix(kSignaturePrefix.size());
  const auto name = CutBefore(line, ' ');
  if (!name || !IsKeyName(*name)) return std::nullopt;
  const auto blob = FromBase64(line);
  if (!blob || blob->size() <= kKeyHashBytes) return std::nullopt;
  return NoteSignature{std::string(*name), FromBigEndian(*blob), ToBytes(ByteView(*blob).subspan(kKeyHashBytes))};
}

std::unexpected<Error> NoteError(const char* rule) {
  return Fail(Code::kInvalid, rule, {}, "fetch the signed note again, byte for byte");
}
std::unexpected<Error> CheckpointError(const char* rule) {
  return Fail(Code::kInvalid, rule, {}, "fetch the checkpoint of the log that you pinned");
}

// Decimal, without sign or leading zeros.
std::optional<std::uint64_t> ParseSize(std::string_view text) {
  if (text.empty() || (text.size() > 1 && text.front() == '0')) return std::nullopt;
  std::uint64_t size = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), size);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return size;
}

struct CheckpointBody {
  std::string_view origin;
  TreeHead head;
};

std::optional<CheckpointBody> ParseBody(std::string_view text) {
  const auto origin = CutBefore(text, '\n');
  const auto size_line = CutBefore(text, '\n');
  const auto root_line = CutBefore(text, '\n');
  if (!origin || origin->empty() || !size_line || !root_line) return std::nullopt;
  const auto size = ParseSize(*size_line);
  const auto root = FromBase64(*root_line);
  if (!size || !root || root->size() != sizeof(Hash32)) return std::nullopt;
  CheckpointBody body{*origin, {*size, {}}};
  std::memcpy(body.head.root.data(), root->data(), root->size());
  // Extension lines: whatever they say, but none may be empty.
  while (!text.empty()) {
    const auto line = CutBefore(text, '\n');
    if (!line || line->empty()) return std::nullopt;
  }
  return body;
}

bool Holds(const NoteSignature& signature, std::string_view text, const NoteVerifier& verifier) {
  Signature bytes;
  if (signature.name != verifier.name || signature.signature.size() != bytes.size()) return false;
  if (signature.key_hash != KeyHashOf(verifier.name, verifier.key)) return false;
  std::memcpy(bytes.data(), signature.signature.data(), bytes.size());
  return VerifyRaw(verifier.key, AsBytes(text), bytes);
}

std::string CosignedText(std::uint64_t seconds, std::string_view checkpoint) {
  return "cosignature/v1\ntime " + std::to_string(seconds) + "\n" + std::string(checkpoint);
}

// The organisation whose witness name of `origin` this is.
std::optional<OrgId> WitnessIn(std::string_view name, std::string_view origin) {
  if (!name.starts_with(origin)) return std::nullopt;
  name.remove_prefix(origin.size());
  if (!name.starts_with(kWitness)) return std::nullopt;
  auto organisation = ParseOrgId(name.substr(kWitness.size()));
  if (!organisation) return std::nullopt;
  return std::move(*organisation);
}

// The time, if the signature holds.
std::optional<std::uint64_t> HoldsAt(const NoteSignature& signature, std::string_view text, std::string_view name,
                                     const SigningPublicKey& key) {
  Signature bytes;
  if (signature.name != name || signature.signature.size() != kTimeBytes + bytes.size()) return std::nullopt;
  if (signature.key_hash != KeyHashOf(name, key, kCosignature)) return std::nullopt;
  std::uint64_t seconds = 0;
  for (std::size_t i = 0; i < kTimeBytes; ++i) seconds = seconds << 8 | signature.signature[i];
  if (seconds > kSecondsMax) return std::nullopt;
  std::memcpy(bytes.data(), signature.signature.data() + kTimeBytes, bytes.size());
  if (!VerifyRaw(key, AsBytes(CosignedText(seconds, text)), bytes)) return std::nullopt;
  return seconds;
}

}  // namespace

std::string ToText(const NoteVerifier& verifier) {
  Bytes key{kEd25519};
  Append(key, verifier.key.value());
  return verifier.name + "+" + ToHex(BigEndian(KeyHashOf(verifier.name, verifier.key))) + "+" + ToBase64(key);
}

Result<NoteVerifier> ParseNoteVerifier(std::string_view text) {
  const auto refuse = [] {
    return Fail(Code::kInvalid, "note.verifier", {}, "copy the whole verifier key: name+hash+key");
  };
  const auto name = CutBefore(text, '+');
  const auto hash = CutBefore(text, '+');  // What follows is base64, which may hold a '+' of its own.
  if (!name || !hash || !IsKeyName(*name)) return refuse();
  const auto key = FromBase64(text);
  std::array<std::uint8_t, 32> key_bytes;
  if (!key || key->size() != 1 + key_bytes.size() || key->front() != kEd25519) return refuse();
  std::memcpy(key_bytes.data(), key->data() + 1, key_bytes.size());
  NoteVerifier verifier{std::string(*name), SigningPublicKey(key_bytes)};
  if (*hash != ToHex(BigEndian(KeyHashOf(verifier.name, verifier.key)))) return refuse();
  return verifier;
}

std::string ToText(const SignedNote& note) {
  std::string text = note.text + "\n";
  for (const NoteSignature& signature : note.signatures) {
    Bytes blob = ToBytes(BigEndian(signature.key_hash));
    Append(blob, signature.signature);
    text.append(kSignaturePrefix).append(signature.name).append(" ").append(ToBase64(blob)).append("\n");
  }
  return text;
}

Result<SignedNote> ParseSignedNote(std::string_view text) {
  if (text.size() > kNoteBytesMax) return NoteError("note.size");
  if (!IsNoteText(text)) return NoteError("note.format");
  // The text may hold empty lines itself: the last one ends it.
  const std::size_t end = text.rfind("\n\n");
  if (end == std::string_view::npos) return NoteError("note.format");
  SignedNote note{std::string(text.substr(0, end + 1)), {}};
  std::string_view rest = text.substr(end + 2);
  if (rest.empty()) return NoteError("note.format");
  while (!rest.empty()) {
    if (note.signatures.size() == kNoteSignaturesMax) return NoteError("note.size");
    const auto line = CutBefore(rest, '\n');
    if (!line) return NoteError("note.format");
    auto signature = ParseSignatureLine(*line);
    if (!signature) return NoteError("note.format");
    note.signatures.push_back(std::move(*signature));
  }
  return note;
}

std::string SignCheckpoint(const std::string& origin, const TreeHead& head, const SigningKey& key) {
  SCHAKEL_ASSERT(IsKeyName(origin));
  SignedNote note;
  note.text = origin + "\n" + std::to_string(head.size) + "\n" + ToBase64(head.root) + "\n";
  const Signature signature = SignRaw(key, AsBytes(note.text));
  note.signatures.push_back({origin, KeyHashOf(origin, key.public_key), ToBytes(signature)});
  return ToText(note);
}

Result<TreeHead> VerifyCheckpoint(std::string_view note, const NoteVerifier& verifier) {
  SCHAKEL_ASSIGN(const SignedNote parsed, ParseSignedNote(note));
  const auto body = ParseBody(parsed.text);
  if (!body) return CheckpointError("checkpoint.format");
  if (body->origin != verifier.name) return CheckpointError("checkpoint.origin");
  const bool holds = std::ranges::any_of(
      parsed.signatures, [&](const NoteSignature& signature) { return Holds(signature, parsed.text, verifier); });
  if (!holds) {
    return Fail(Code::kUnauthenticated, "checkpoint.signature", {}, "compare the pinned verifier key with the hub's");
  }
  return body->head;
}

std::string WitnessName(std::string_view origin, const OrgId& organisation) {
  return std::string(origin) + std::string(kWitness) + organisation.value();
}

std::vector<OrgId> WitnessesNamed(std::string_view note, std::string_view origin) {
  std::vector<OrgId> witnesses;
  const auto parsed = ParseSignedNote(note);
  if (!parsed) return witnesses;
  for (const NoteSignature& signature : parsed->signatures) {
    auto witness = WitnessIn(signature.name, origin);
    if (witness && std::ranges::find(witnesses, *witness) == witnesses.end()) witnesses.push_back(std::move(*witness));
  }
  return witnesses;
}

Result<std::string> CosignCheckpoint(std::string_view note, std::string_view origin, const OrgId& organisation,
                                     const SigningKey& key, Timestamp at) {
  SCHAKEL_ASSIGN(SignedNote parsed, ParseSignedNote(note));
  std::erase_if(parsed.signatures, [&](const NoteSignature& signature) { return signature.name != origin; });
  const std::uint64_t seconds = ToMillis(at) / 1000;
  const std::string name = WitnessName(origin, organisation);
  Bytes timed;
  for (std::size_t i = 0; i < kTimeBytes; ++i) timed.push_back(static_cast<std::uint8_t>(seconds >> (56 - 8 * i)));
  Append(timed, SignRaw(key, AsBytes(CosignedText(seconds, parsed.text))));
  parsed.signatures.push_back({name, KeyHashOf(name, key.public_key, kCosignature), std::move(timed)});
  return ToText(parsed);
}

Result<Timestamp> VerifyCosignature(std::string_view note, std::string_view origin, const OrgId& organisation,
                                    const SigningPublicKey& key) {
  SCHAKEL_ASSIGN(const SignedNote parsed, ParseSignedNote(note));
  const std::string name = WitnessName(origin, organisation);
  for (const NoteSignature& signature : parsed.signatures) {
    const auto seconds = HoldsAt(signature, parsed.text, name, key);
    if (seconds) return Timestamp(std::chrono::seconds(*seconds));
  }
  return Fail(Code::kUnauthenticated, "cosignature.signature", organisation.value(),
              "this organisation did not sign that head: do not rely on it");
}

}  // namespace schakel
