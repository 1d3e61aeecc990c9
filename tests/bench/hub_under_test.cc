#include "hub_under_test.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <thread>

#include "protocol/crypto.h"

namespace schakel::bench {
namespace {

void Write(const std::filesystem::path& path, std::string_view text) {
  std::ofstream(path, std::ios::binary) << text;
  std::filesystem::permissions(path, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

sockaddr_in Loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  return address;
}

// One that was free a moment ago.
int FreePort() {
  const int probe = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = Loopback(0);
  socklen_t length = sizeof address;
  if (bind(probe, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
      getsockname(probe, reinterpret_cast<sockaddr*>(&address), &length) != 0) {
    Die("no free port");
  }
  close(probe);
  return ntohs(address.sin_port);
}

int WaitFor(pid_t pid) {
  int status = 0;
  waitpid(pid, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

pid_t Spawn(const std::vector<std::string>& command, const std::filesystem::path& log) {
  const pid_t pid = fork();
  if (pid == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    const int file = open(log.c_str(), O_CREAT | O_WRONLY | O_APPEND, 0600);
    dup2(file, STDOUT_FILENO);
    dup2(file, STDERR_FILENO);
    std::vector<char*> arguments;
    for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    execv(arguments[0], arguments.data());
    _exit(127);
  }
  return pid;
}

}  // namespace

HubUnderTest::HubUnderTest(std::filesystem::path program, const std::filesystem::path& parent)
    : program_(std::move(program)) {
  std::string pattern = (parent / "schakel-load-XXXXXX").string();
  if (!mkdtemp(pattern.data())) Die("cannot make a folder in " + parent.string());
  folder_ = pattern;
  const TransportKey transport = TransportKey::Generate();
  Hash32 seed, master;
  SystemRandom().Fill(seed);
  SystemRandom().Fill(master);
  Write(folder_ / "transport.key", ToHex(transport.secret.view()));
  Write(folder_ / "log.key", ToHex(seed));
  Write(folder_ / "master.key", ToHex(master));
  const int port = FreePort();
  metrics_port_ = FreePort();
  address_ = {"tcp://127.0.0.1:" + std::to_string(port), "schakel.example/load", transport.public_key};
  std::ostringstream config;
  config << "origin = \"" << address_.origin << "\"\nlisten = \"" << address_.endpoint
         << "\"\ndata_directory = \"data\"\n"
         << "[keys]\ntransport_file = \"transport.key\"\nlog_file = \"log.key\"\nmaster_file = \"master.key\"\n"
         << "[registrars]\nthreshold = 1\nkeys = [\"" << ToHex(registrar_.public_key.value()) << "\"]\n"
         << "[metrics]\nlisten = \"127.0.0.1:" << metrics_port_ << "\"\n";
  Write(folder_ / "hub.toml", config.str());
}

HubUnderTest::~HubUnderTest() {
  if (pid_ > 0) Kill();
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

void HubUnderTest::Start() {
  pid_ = Spawn({program_.string(), "run", "--config", (folder_ / "hub.toml").string()}, folder_ / "hub.log");
  for (int i = 0; i < 20'000; ++i) {
    if (Fetch("/readyz").find(" 200 ") != std::string::npos) return;
    if (waitpid(pid_, nullptr, WNOHANG) == pid_) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  std::ifstream log(folder_ / "hub.log");
  std::ostringstream text;
  text << log.rdbuf();
  Die("the hub did not start:\n" + text.str());
}

void HubUnderTest::Stop() {
  kill(pid_, SIGTERM);
  const int code = WaitFor(pid_);
  pid_ = -1;
  if (code != 0) Die("the hub ended with " + std::to_string(code));
}

void HubUnderTest::Kill() {
  kill(pid_, SIGKILL);
  WaitFor(pid_);
  pid_ = -1;
}

void HubUnderTest::Enrol(const std::vector<Statement>& statements) {
  CeilingStatement ceilings;
  CategorySet all;
  for (Category category : AllCategories()) all.Add(category);
  ceilings.rows = {{Sector("school-support"), all, false}, {Sector("youth-care"), all, false}};
  ceilings.issued_at = SystemClock().Now();
  std::vector<std::string> command = {program_.string(), "apply", "--config", (folder_ / "hub.toml").string()};
  const auto add = [&](const Statement& statement) {
    const Bytes bytes = EncodeStatement(statement);
    const SignedStatement complete{bytes, {SignStatement(bytes, registrar_)}};
    const auto path = folder_ / ("statement-" + std::to_string(command.size()));
    Write(path, AsText(EncodeSignedStatement(complete)));
    command.push_back(path.string());
  };
  add(ceilings);
  for (const Statement& statement : statements) add(statement);
  const int code = WaitFor(Spawn(command, folder_ / "apply.log"));
  if (code != 0) {
    std::ifstream log(folder_ / "apply.log");
    std::ostringstream text;
    text << log.rdbuf();
    Die("the statements were not taken:\n" + text.str());
  }
}

double HubUnderTest::RssMiB() const {
  std::ifstream status("/proc/" + std::to_string(pid_) + "/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmRSS:")) return std::stod(line.substr(6)) / 1024;
  }
  return 0;
}

double HubUnderTest::Entries() const {
  std::istringstream page(Fetch("/metrics"));
  for (std::string line; std::getline(page, line);) {
    if (line.starts_with("hub_log_entries ")) return std::stod(line.substr(16));
  }
  Die("the metrics page has no hub_log_entries");
}

std::string HubUnderTest::Fetch(const std::string& path) const {
  const int connection = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = Loopback(metrics_port_);
  std::string answer;
  if (connect(connection, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
    const std::string request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    if (send(connection, request.data(), request.size(), MSG_NOSIGNAL) > 0) {
      char buffer[4096];
      for (ssize_t count; (count = read(connection, buffer, sizeof buffer)) > 0;) {
        answer.append(buffer, static_cast<std::size_t>(count));
      }
    }
  }
  close(connection);
  return answer;
}

}  // namespace schakel::bench
