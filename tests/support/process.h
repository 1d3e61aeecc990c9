// Real processes for scenario tests: started, fed, watched and killed.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace schakel::testing {

struct Finished {
  int exit_code = -1;  // 128 + signal if a signal ended it.
  std::string out;
  std::string err;
};
// Runs to the end, with `input` on its standard input; kills it after `patience`.
Finished Run(const std::vector<std::string>& command, const std::string& input = {},
             std::chrono::seconds patience = std::chrono::seconds(60));

// A server in the background; killed when this goes. Both its outputs go to `log`, appended.
class Process {
 public:
  Process() = default;
  Process(std::vector<std::string> command, std::filesystem::path log, std::vector<std::string> environment = {});
  ~Process();
  Process(Process&& other) noexcept;
  Process& operator=(Process&& other) noexcept;

  pid_t pid() const { return pid_; }
  bool Running();
  void Kill();                                                  // SIGKILL, and waits.
  int Terminate();                                              // SIGTERM, and waits; its exit code.
  std::optional<int> Wait(std::chrono::milliseconds patience);  // Its exit code; nothing if it still runs.

 private:
  pid_t pid_ = -1;
  std::optional<int> exit_code_;
};

// Polls `condition` until it holds; false after `patience`. For what no event announces: another process's files.
bool WaitUntil(const std::function<bool()>& condition, std::chrono::milliseconds patience = std::chrono::seconds(20));

std::string ReadFile(const std::filesystem::path& path);
void WriteFile(const std::filesystem::path& path, const std::string& text);

// A folder that goes with the object (kept when SCHAKEL_KEEP is set).
class TemporaryFolder {
 public:
  explicit TemporaryFolder(const std::filesystem::path& parent = std::filesystem::temp_directory_path());
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace schakel::testing
