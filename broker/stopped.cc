#include "stopped.h"

#include <array>
#include <utility>

namespace schakel {

std::string_view StepWhenStopped(std::string_view rule) {
  // Nothing is lost by these: a copy of the log put back, or a loss accepted, would lose something.
  constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kOfTheDisk{
      {{"log.disk_full",
        "make room on the disk of the log for twice the ballast (128 MiB): the hub looks every second and goes on by "
        "itself; if it ended, start it again; nothing is lost: docs/operations.md, When something is wrong"},
       {"log.sync",
        "look after the disk, or replace it, then start the hub again; what was acknowledged is there: "
        "docs/operations.md, When something is wrong"},
       {"log.disk",
        "look after the disk, then start the hub again; nothing is lost: docs/operations.md, When something is "
        "wrong"}}};
  for (const auto& [of_disk, step] : kOfTheDisk) {
    if (of_disk == rule) return step;
  }
  return "stop the hub and keep a copy of the folder of the log as it is; put back the newest copy of the log that "
         "there is, and only if there is no better one, accept the loss: docs/operations.md, A hub that stopped "
         "writing";
}

Error AsToldToAgents(const Error& why) {
  if (why.rule == "log.disk_full") {
    return {why.code, why.rule, "hub",
            "the disk of the hub is full, not yours: its operator makes room there; what you write waits with you and "
            "leaves by itself"};
  }
  if (why.rule == "log.sync" || why.rule == "log.disk") {
    return {why.code, why.rule, "hub",
            "the disk of the hub refuses, not yours: its operator looks after it; what you write waits with you and "
            "leaves by itself"};
  }
  return why;
}

std::string HintWhenStopped(std::string_view rule) {
  constexpr std::size_t kColumns = 104;
  std::string lines;
  std::string_view left = StepWhenStopped(rule);
  while (left.size() > kColumns) {
    const std::size_t space = left.rfind(' ', kColumns);
    lines += std::string(left.substr(0, space)) + "\n      ";
    left.remove_prefix(space + 1);
  }
  return lines + std::string(left);
}

}  // namespace schakel
