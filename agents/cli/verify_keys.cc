#include "verify_keys.h"

#include <algorithm>

#include "files.h"
#include "protocol/verdict.h"

namespace schakel {
namespace {

// As it stands there, or in the @FILE.
Result<std::string> KeyText(const std::string& argument) {
  std::string text = argument;
  if (argument.starts_with('@')) {
    SCHAKEL_ASSIGN(const Bytes bytes, ReadWhole(argument.substr(1), 4096));
    text = std::string(AsText(bytes));
  }
  text.erase(text.find_last_not_of(" \r\n\t") + 1);
  return text;
}

}  // namespace

Result<NoteVerifier> HubKey(const std::string& argument) {
  SCHAKEL_ASSIGN(const std::string text, KeyText(argument));
  return ParseNoteVerifier(text);
}

Result<std::optional<Registrars>> RegistrarKeys(const VerifyArguments& arguments) {
  Registrars registrars;
  for (const std::string& argument : arguments.registrars) {
    SCHAKEL_ASSIGN(const std::string text, KeyText(argument));
    // What `schakel registrar public` prints behind the key is for people.
    const std::string word = text.substr(0, text.find_first_of(" \t\n"));
    const auto key = word.size() == 64 ? FromHex(word) : FromBase64(word);
    std::array<std::uint8_t, 32> bytes;
    if (!key || key->size() != bytes.size()) {
      return Fail(Code::kInvalid, "registrar.public_key", "--registrar",
                  "give it as schakel registrar public prints it");
    }
    std::ranges::copy(*key, bytes.begin());
    registrars.keys.emplace_back(bytes);
  }
  if (registrars.keys.empty()) return std::nullopt;
  const bool all = arguments.threshold == VerifyArguments::kAll;
  registrars.threshold = all ? registrars.keys.size() : arguments.threshold;
  if (registrars.threshold > registrars.keys.size()) {
    return Fail(Code::kInvalid, "registrar.threshold", "--threshold", "give at least as many keys as must have signed");
  }
  return registrars;
}

Error SignedBy(Error error, const Evidence& evidence, const Registrars& registrars) {
  if (error.rule != "registry.signatures") return error;
  std::size_t least = registrars.keys.size();
  for (const SignedStatement& statement : evidence.statements) {
    auto decoded = DecodeStatement(statement.statement);
    if (!decoded || std::holds_alternative<HpkeStatement>(*decoded)) continue;  // Signed by the organisation itself.
    least = std::min(least, CountSigned(statement, registrars));
  }
  if (least == 0) return {error.code, "evidence.registrars", error.field, "give the registrars of that region"};
  if (least >= registrars.threshold) return error;  // Others signed since.
  return {error.code, "evidence.threshold", std::to_string(least) + "/" + std::to_string(registrars.keys.size()),
          "--threshold " + std::to_string(least)};
}

}  // namespace schakel
