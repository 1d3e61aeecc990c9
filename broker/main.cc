// schakel-hub: parse, do, end.
#include <iostream>

#include "broker/options.h"

int main(int argc, char** argv) {
  const auto parsed = schakel::ParseOptions(std::vector<std::string>(argv + 1, argv + argc));
  if (const auto* text = std::get_if<schakel::OptionsText>(&parsed)) {
    (text->exit_code == 0 ? std::cout : std::cerr) << text->text;
    return text->exit_code;
  }
  return schakel::RunCommandLine(std::get<schakel::ParsedOptions>(parsed));
}
