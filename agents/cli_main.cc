#include <csignal>
#include <cstdlib>
#include <iostream>

#include "agents/cli.h"
#include "protocol/crypto.h"
#include "protocol/standard_streams.h"

int main(int argc, char** argv) {
  schakel::HoldStandardStreams();
  std::signal(SIGPIPE, SIG_DFL);  // `schakel inbox | head` ends quietly.
  schakel::InitCrypto();
  schakel::CliWorld world{std::cin, std::cout, std::cerr, [](const std::string& name) -> std::optional<std::string> {
                            const char* value = std::getenv(name.c_str());
                            return value == nullptr ? std::nullopt : std::optional<std::string>(value);
                          }};
  return schakel::RunCli(std::vector<std::string>(argv + 1, argv + argc), world);
}
