#include "registrar_key.h"

#include <algorithm>

#include "files.h"
#include "protocol/bytes.h"

namespace schakel {

Result<SigningPublicKey> ReadRegistrarKey(const std::string& argument) {
  std::string text = argument;
  if (argument.starts_with('@')) {
    SCHAKEL_ASSIGN(const Bytes bytes, ReadWhole(argument.substr(1), 4096));
    text = std::string(AsText(bytes));
  }
  // What stands behind the key is for people.
  const std::string word = text.substr(0, text.find_first_of(" \t\r\n"));
  const auto key = word.size() == 64 ? FromHex(word) : FromBase64(word);
  std::array<std::uint8_t, 32> bytes;
  if (!key || key->size() != bytes.size()) {
    return Fail(Code::kInvalid, "registrar.public_key", "--registrar", "give it as schakel registrar public prints it");
  }
  std::ranges::copy(*key, bytes.begin());
  return SigningPublicKey(bytes);
}

}  // namespace schakel
