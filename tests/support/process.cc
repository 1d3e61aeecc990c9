#include "support/process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>
#include <utility>

namespace schakel::testing {
namespace {

using SteadyClock = std::chrono::steady_clock;

std::vector<char*> Arguments(const std::vector<std::string>& command) {
  std::vector<char*> arguments;
  for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  return arguments;
}

int ExitCode(int status) { return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status); }

// In the child: nothing of a test outlives it.
[[noreturn]] void Become(const std::vector<std::string>& command) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  auto arguments = Arguments(command);
  execvp(arguments[0], arguments.data());
  dprintf(STDERR_FILENO, "cannot start %s: %s\n", arguments[0], std::strerror(errno));
  _exit(127);
}

struct Pipe {
  int ends[2] = {-1, -1};
  Pipe() {
    if (pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("pipe");
  }
  ~Pipe() {
    CloseRead();
    CloseWrite();
  }
  void CloseRead() { Close(ends[0]); }
  void CloseWrite() { Close(ends[1]); }
  static void Close(int& end) {
    if (end >= 0) close(end);
    end = -1;
  }
};

}  // namespace

Finished Run(const std::vector<std::string>& command, const std::string& input, std::chrono::seconds patience) {
  Pipe in;
  Pipe out;
  Pipe err;
  const pid_t pid = fork();
  if (pid < 0) throw std::runtime_error("fork");
  if (pid == 0) {
    dup2(in.ends[0], STDIN_FILENO);
    dup2(out.ends[1], STDOUT_FILENO);
    dup2(err.ends[1], STDERR_FILENO);
    Become(command);
  }
  in.CloseRead();
  out.CloseWrite();
  err.CloseWrite();
  if (!input.empty() && write(in.ends[1], input.data(), input.size()) < 0) throw std::runtime_error("write");
  in.CloseWrite();

  Finished finished;
  const auto deadline = SteadyClock::now() + patience;
  bool killed = false;
  while (out.ends[0] >= 0 || err.ends[0] >= 0) {
    pollfd polls[] = {{out.ends[0], POLLIN, 0}, {err.ends[0], POLLIN, 0}};
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - SteadyClock::now());
    if (left.count() <= 0 && !killed) {
      kill(pid, SIGKILL);
      killed = true;
    }
    poll(polls, 2, killed ? 100 : static_cast<int>(left.count()));
    for (auto [source, text] : {std::pair(&out, &finished.out), std::pair(&err, &finished.err)}) {
      const auto& polled = polls[source == &err ? 1 : 0];
      if (source->ends[0] < 0 || polled.revents == 0) continue;
      char buffer[4096];
      const ssize_t count = read(source->ends[0], buffer, sizeof buffer);
      if (count > 0) {
        text->append(buffer, static_cast<std::size_t>(count));
      } else {
        source->CloseRead();
      }
    }
  }
  int status = 0;
  waitpid(pid, &status, 0);
  finished.exit_code = ExitCode(status);
  return finished;
}

Process::Process(std::vector<std::string> command, std::filesystem::path log, std::vector<std::string> environment) {
  pid_ = fork();
  if (pid_ < 0) throw std::runtime_error("fork");
  if (pid_ == 0) {
    const int file = open(log.c_str(), O_CREAT | O_WRONLY | O_APPEND, 0600);
    const int null = open("/dev/null", O_RDONLY);
    dup2(null, STDIN_FILENO);
    dup2(file, STDOUT_FILENO);
    dup2(file, STDERR_FILENO);
    for (std::string& variable : environment) putenv(variable.data());
    Become(command);
  }
}

Process::~Process() { Kill(); }

Process::Process(Process&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)), exit_code_(std::exchange(other.exit_code_, std::nullopt)) {}

Process& Process::operator=(Process&& other) noexcept {
  if (this != &other) {
    Kill();
    pid_ = std::exchange(other.pid_, -1);
    exit_code_ = std::exchange(other.exit_code_, std::nullopt);
  }
  return *this;
}

bool Process::Running() { return pid_ > 0 && !Wait(std::chrono::milliseconds(0)); }

void Process::Kill() {
  if (pid_ <= 0 || exit_code_) return;
  kill(pid_, SIGKILL);
  int status = 0;
  waitpid(pid_, &status, 0);
  exit_code_ = ExitCode(status);
}

int Process::Terminate() {
  if (pid_ <= 0) return -1;
  if (!exit_code_) kill(pid_, SIGTERM);
  if (!Wait(std::chrono::seconds(30))) Kill();
  return *exit_code_;
}

std::optional<int> Process::Wait(std::chrono::milliseconds patience) {
  if (exit_code_) return exit_code_;
  WaitUntil(
      [this] {
        int status = 0;
        if (waitpid(pid_, &status, WNOHANG) == pid_) exit_code_ = ExitCode(status);
        return exit_code_.has_value();
      },
      patience);
  return exit_code_;
}

bool WaitUntil(const std::function<bool()>& condition, std::chrono::milliseconds patience) {
  const auto deadline = SteadyClock::now() + patience;
  while (!condition()) {
    if (SteadyClock::now() >= deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));  // The pace of polling, not a guess at a duration.
  }
  return true;
}

std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

void WriteFile(const std::filesystem::path& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << text;
  file.close();
  if (!file) throw std::runtime_error("cannot write " + path.string());
}

TemporaryFolder::TemporaryFolder(const std::filesystem::path& parent) {
  std::string pattern = (parent / "schakel-XXXXXX").string();
  if (!mkdtemp(pattern.data())) throw std::runtime_error("mkdtemp");
  path_ = pattern;
}

TemporaryFolder::~TemporaryFolder() {
  if (std::getenv("SCHAKEL_KEEP")) return;
  std::error_code ignored;
  std::filesystem::permissions(path_, std::filesystem::perms::owner_all, ignored);
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace schakel::testing
