// The public keys by which files are checked, as they are given on the line. Threads: any.
#pragma once

#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "protocol/evidence.h"
#include "protocol/registry.h"

namespace schakel {

struct VerifyArguments {
  static constexpr unsigned kAll = std::numeric_limits<unsigned>::max();
  std::string file;
  std::string hub_key;
  std::vector<std::string> registrars;
  unsigned threshold = kAll;  // Of those that are given. 0 is none.
  bool rows = false;
};

Result<NoteVerifier> HubKey(const std::string& argument);
// Nothing: none was given.
Result<std::optional<Registrars>> RegistrarKeys(const VerifyArguments& arguments);
// Of those that were given, how many signed: more helps than "not enough".
Error SignedBy(Error error, const Evidence& evidence, const Registrars& registrars);

class Session;
// The file is an archive, and these are its bytes. Yields the exit code.
int VerifyArchive(Session& session, const VerifyArguments& arguments, ByteView bytes);

}  // namespace schakel
