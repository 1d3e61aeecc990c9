#include "reencode_fuzz.h"

// What registrars sign, and the signed form; no statement that they did not sign is ever taken in.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace schakel;
  using namespace schakel::test;
  const ByteView input(data, size);
  if (!CheckReencodes(input, {&ReencodeStatement, &ReencodeSignedStatement})) return 0;
  const auto signed_statement = DecodeSignedStatement(input);
  if (!signed_statement) return 0;
  static const SigningKey stranger = SigningKey::FromSeed(Bytes(32, 0x77));
  Directory directory(Registrars{.threshold = 1, .keys = {stranger.public_key}});
  SCHAKEL_ASSERT(!directory.Apply(*signed_statement).has_value());
  return 0;
}
