// `schakel`, the command line of workers, coordinators and data protection officers. It talks to the agent's local API
// alone (api.h); `verify` and `registrar` need no agent.
//
// Threads: one call at a time.
#pragma once

#include <functional>
#include <istream>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "protocol/seams.h"
#include "protocol/vocabulary.h"

namespace schakel {

// What the program takes from outside.
struct CliWorld {
  std::istream& in;
  std::ostream& out;  // Results.
  std::ostream& err;  // The rest.
  std::function<std::optional<std::string>(const std::string&)> environment;
  Clock& clock = SystemClock();
};

// What every command takes, wherever it stands on the line.
struct CliOptions {
  std::string socket;  // --socket, else SCHAKEL_SOCKET.
  std::string person;
  std::string role;
  std::string reason;
  bool json = false;
  Language language = Language::kDutch;
  unsigned wait_s = 5;  // For the hub's answer after something is sent.
};

struct CliParsed {
  int exit_code = 0;    // 2: misused.
  std::string command;  // "notes add"; empty: only `text` is to be shown.
  std::string text;     // Help, or what is wrong with the line.
  std::string wrong;    // What is wrong, alone,
  std::string next;     // and what to do.
  CliOptions options;
};
// Reads the line without doing anything.
CliParsed ParseCli(const std::vector<std::string>& arguments, const CliWorld& world);

// Exit code: 0 done, 1 failed (also: not all of the output arrived), 2 misused, 3 sent, but somebody who was named was
// not reached.
int RunCli(const std::vector<std::string>& arguments, CliWorld& world);

// Every command, as "notes add"; for tests and completion.
std::vector<std::string> CliCommands();

}  // namespace schakel
