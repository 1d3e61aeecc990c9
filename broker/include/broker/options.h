// The command line of schakel-hub: one pure step from words to a command.
#pragma once

#include <filesystem>
#include <string>
#include <variant>
#include <vector>

#include "protocol/ids.h"
#include "protocol/vocabulary.h"

namespace schakel {

struct InitCommand {
  std::filesystem::path directory;
  std::string origin;
  std::string listen;
  std::string advertise;
  std::filesystem::path passphrase_file;  // Instead of a master key file; empty: none.
  std::vector<std::string> registrars;
  std::size_t threshold = 1;
};
struct RunCommand {
  bool check_config = false;
};
struct TokenCommand {
  OrgId organisation;
  Sector sector;
  std::string name;
  unsigned valid_hours = 72;
  std::filesystem::path output;  // Empty: standard output.
  bool withdraw = false;
};
struct EnrolmentsCommand {};
struct RequestCommand {
  OrgId organisation;
  std::filesystem::path output;
};
struct ApplyCommand {
  std::vector<std::filesystem::path> files;
};
struct SuspendCommand {
  OrgId organisation;
  std::filesystem::path output;
};
struct CeilingsCommand {
  std::filesystem::path profiles;
  std::filesystem::path output;
};
struct StatusCommand {};
// Exactly one of the two.
struct RekeyCommand {
  std::filesystem::path key_file;
  std::filesystem::path passphrase_file;
};
struct SnapshotCommand {};
struct VerifyCommand {};
struct HeadCommand {};
struct AcceptCommand {
  std::string head;  // "size:root in hex"
};
using HubCommand = std::variant<InitCommand, RunCommand, TokenCommand, EnrolmentsCommand, RequestCommand, ApplyCommand,
                                SuspendCommand, CeilingsCommand, StatusCommand, RekeyCommand, SnapshotCommand,
                                VerifyCommand, HeadCommand, AcceptCommand>;

struct ParsedOptions {
  std::filesystem::path config;
  HubCommand command;
};
// What to print instead, and how to end: help (0) or misuse (2).
struct OptionsText {
  int exit_code = 0;
  std::string text;
};
// `words` without the program's name.
std::variant<ParsedOptions, OptionsText> ParseOptions(const std::vector<std::string>& words);

// Does it. Results go to standard output, the rest to standard error; the exit code.
int RunCommandLine(const ParsedOptions& options);

}  // namespace schakel
