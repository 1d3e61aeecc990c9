// schakel-hub: parse, do, end.
#include <iostream>

#include "broker/options.h"
#include "protocol/standard_streams.h"

int main(int argc, char** argv) {
  schakel::HoldStandardStreams();
  const auto parsed = schakel::ParseOptions(std::vector<std::string>(argv + 1, argv + argc));
  if (const auto* text = std::get_if<schakel::OptionsText>(&parsed)) {
    (text->exit_code == 0 ? std::cout : std::cerr) << text->text;
    return schakel::FinishOutput(std::cout) ? text->exit_code : 1;
  }
  return schakel::RunCommandLine(std::get<schakel::ParsedOptions>(parsed));
}
