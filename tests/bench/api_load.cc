// The API as a whole, from outside: requests a second at 64 connections, and memory with a thousand listeners.
// Usage: bench_api_load [SECONDS]. Prints one JSON object.
#include <sys/resource.h>

#include <cmath>
#include <fstream>
#include <iostream>

#include "support/authenticator.h"
#include "support/real_region.h"
#include "support/tls.h"

namespace schakel::testing {
namespace {

constexpr const char* kPassword = "vier gewone woorden na elkaar";
constexpr int kListeners = 1000;

// Of a process, in KiB.
std::uint64_t ResidentKib(pid_t pid) {
  std::ifstream status("/proc/" + std::to_string(pid) + "/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmRSS:")) return std::stoull(line.substr(6));
  }
  return 0;
}

// Requests a second, as wrk counts them; and how many were no 2xx or failed.
Json Measure(const std::string& url, const HttpHeaders& headers, int seconds) {
  std::vector<std::string> command = {"wrk", "-t2", "-c64", "-d" + std::to_string(seconds) + "s", "--latency"};
  for (const auto& [name, value] : headers) {
    command.push_back("-H");
    command.push_back(name + ": " + value);
  }
  command.push_back(url);
  const Finished finished = Run(command, {}, std::chrono::seconds(seconds + 60));
  const auto number = [&](const std::string& mark) {
    const std::size_t at = finished.out.find(mark);
    return at == std::string::npos ? 0.0 : std::strtod(finished.out.c_str() + at + mark.size(), nullptr);
  };
  if (finished.exit_code != 0) throw std::runtime_error("wrk failed; install it with: deploy/setup --bench");
  const std::size_t p99 = finished.out.find("99%");
  std::string tail = p99 == std::string::npos ? "" : finished.out.substr(p99 + 3, 12);
  tail.erase(0, tail.find_first_not_of(' '));
  return {{"requests_per_second", std::round(number("Requests/sec:"))},
          {"p99", tail.substr(0, tail.find_first_of(" \n"))},
          {"not_2xx", number("Non-2xx or 3xx responses:")}};
}

class Bench {
 public:
  explicit Bench(int seconds) : seconds_(seconds) {
    WriteCertificate(agent_.folder() / "edge.crt", agent_.folder() / "edge.key");
    before_ = ReadFile(agent_.folder() / "agent.toml");
  }

  Json Edge(bool tls) {
    agent_.process().Terminate();
    const std::string port = std::to_string(port_);
    WriteFile(agent_.folder() / "agent.toml",
              before_ + "[edge]\nlisten = \"127.0.0.1:" + port + "\"\nconnections_per_address_max = 2048\n" +
                  (tls ? "certificate = \"edge.crt\"\nkey = \"edge.key\"\n" : "plain = true\n"));
    agent_.Start();
    if (token_.empty()) token_ = Token();
    const HttpHeaders headers = {{"Authorization", "Bearer " + token_}};
    const std::string url = (tls ? "https://127.0.0.1:" : "http://127.0.0.1:") + port;
    Json json;
    json["session"] = Measure(url + "/v1/session", headers, seconds_);
    json["trajectories"] = Measure(url + "/v1/trajectories", headers, seconds_);
    json["rss_kib"] = {{"idle", ResidentKib(agent_.process().pid())}};
    const std::string listen = HttpRequest("GET", "/v1/events", {}, headers);
    std::vector<std::unique_ptr<TlsStream>> secure;
    std::vector<Stream> plain;
    for (int i = 0; i < kListeners; ++i) {
      if (tls) {
        secure.push_back(std::make_unique<TlsStream>(port_));
        secure.back()->Send(listen);
        if (secure.back()->ReadUntil(": open").find(": open") == std::string::npos)
          throw std::runtime_error("no stream");
      } else {
        plain.push_back(Stream::ToPort(port_));
        plain.back().Send(listen);
        if (ReadHttpAnswer(plain.back()).status != 200) throw std::runtime_error("no stream");
      }
    }
    json["rss_kib"]["1000_streams"] = ResidentKib(agent_.process().pid());
    return json;
  }

 private:
  std::string Token() {
    const Json invited =
        agent_.Client().MustPost("/v1/people", {{"login", "nora"}, {"name", "Nora Peeters"}, {"roles", {"worker"}}});
    // An account is active once it was set up, and that happens over the network.
    Stream stream = Stream::ToPort(port_);
    const auto post = [&](const char* target, const Json& body) {
      stream.Send(HttpRequest("POST", target, body.dump()));
      return Json::parse(ReadHttpAnswer(stream).body);
    };
    const Json setup = post("/v1/setup/look", {{"invitation", invited["invitation"]}});
    const Authenticator app(setup["totp_secret"]);
    post("/v1/setup",
         {{"invitation", invited["invitation"]}, {"password", kPassword}, {"code", app.Code(SystemClock().Now())}});
    const Json issued = agent_.Client().MustPost("/v1/people/nora/tokens",
                                                 {{"label", "bench"},
                                                  {"roles", {"worker"}},
                                                  {"expires_at", ToText(SystemClock().Now() + std::chrono::hours(1))}});
    return issued["token"];
  }

  const int seconds_;
  RealRegion region_{{"gent"}};
  RealAgent& agent_ = region_.agent(0);
  const int port_ = FreePort();
  std::string before_;
  std::string token_;
};

int Main(int argc, char** argv) {
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = std::min<rlim_t>(files.rlim_max, 65'536);
  setrlimit(RLIMIT_NOFILE, &files);  // For the agent as well, which inherits it.
  Bench bench(argc > 1 ? std::atoi(argv[1]) : 5);
  Json json = {{"connections", 64}};
  json["plain"] = bench.Edge(false);
  json["tls"] = bench.Edge(true);
  std::cout << json.dump(2) << '\n';
  return 0;
}

}  // namespace
}  // namespace schakel::testing

int main(int argc, char** argv) {
  try {
    return schakel::testing::Main(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "bench_api_load: error: " << error.what() << '\n';
    return 1;
  }
}
