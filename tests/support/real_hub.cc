#include "support/real_hub.h"

#include <fstream>
#include <sstream>
#include <stdexcept>

#include "support/loopback.h"
#include "support/paths.h"

namespace schakel::testing {
namespace {

void Require(bool held, const std::string& what) {
  if (!held) throw std::runtime_error(what);
}

}  // namespace

std::filesystem::path Program(const std::string& name) { return ProgramDir() / name; }

std::string MustRun(const std::vector<std::string>& command) {
  const Finished finished = Run(command);
  std::string line;
  for (const std::string& word : command) line += word + " ";
  Require(finished.exit_code == 0,
          line + "ended with " + std::to_string(finished.exit_code) + "\n" + finished.out + finished.err);
  return finished.out;
}

double RssMiB(pid_t pid) {
  std::ifstream status("/proc/" + std::to_string(pid) + "/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmRSS:")) return std::stod(line.substr(6)) / 1024;
  }
  throw std::runtime_error("no such process");
}

RealHub::RealHub(std::filesystem::path folder, const std::string& limits, std::filesystem::path program)
    : program_(std::move(program)),
      folder_(std::move(folder)),
      log_(folder_.parent_path() / "hub.log"),
      metrics_port_(FreePort()) {
  address_.endpoint = "tcp://127.0.0.1:" + std::to_string(FreePort());
  address_.origin = "schakel.example/scenario";
  std::string key_line = MustRun({program_, "init", "--directory", folder_, "--origin", address_.origin, "--listen",
                                  address_.endpoint, "--registrar", ToHex(registrar_.public_key.value())});
  key_line.erase(key_line.find_last_not_of(" \n") + 1);
  verifier_ = ParseNoteVerifier(key_line).value();
  std::string config = ReadFile(folder_ / "hub.toml");
  const std::string usual = "127.0.0.1:9464";
  config.replace(config.find(usual), usual.size(), "127.0.0.1:" + std::to_string(metrics_port_));
  WriteFile(folder_ / "hub.toml", config + (limits.empty() ? "" : "\n[limits]\n" + limits));
  std::string key = ReadFile(folder_ / "keys" / "transport.key");
  key.erase(key.find_last_not_of('\n') + 1);
  address_.transport = TransportKey::FromSecret(FromHex(key).value()).public_key;
}

std::vector<std::string> RealHub::Command(std::vector<std::string> words) const {
  words.insert(words.begin(), {program_, "--config=" + (folder_ / "hub.toml").string()});
  return words;
}

void RealHub::Launch(const Environment& environment) { process_ = Process(Command({"run"}), log_, environment); }

bool RealHub::Ready() const { return FetchFromPort(metrics_port_, "/readyz").status == 200; }

void RealHub::Start(const Environment& environment) {
  Launch(environment);
  const bool ready = WaitUntil([this] { return !process_.Running() || Ready(); }) && process_.Running();
  Require(ready, "the hub did not start:\n" + Log());
}

void RealHub::Apply(const std::vector<Bytes>& statements) {
  std::vector<std::string> words{"apply"};
  for (const Bytes& statement : statements) {
    const SignedStatement complete{statement, {SignStatement(statement, registrar_)}};
    const auto file = folder_.parent_path() / ("statement-" + std::to_string(++statements_));
    WriteFile(file, std::string(AsText(EncodeSignedStatement(complete))));
    words.push_back(file);
  }
  MustRun(Command(words));
}

void RealHub::Apply(const std::vector<Statement>& statements) {
  std::vector<Bytes> encoded;
  for (const Statement& statement : statements) encoded.push_back(EncodeStatement(statement));
  Apply(encoded);
}

Finished RealHub::TryApply(const SignedStatement& statement) {
  const auto file = folder_.parent_path() / ("statement-" + std::to_string(++statements_));
  WriteFile(file, std::string(AsText(EncodeSignedStatement(statement))));
  return Run(Command({"apply", file}));
}

void RealHub::RotateRegistrar() {
  SigningKey next = SigningKey::Generate();
  const RegistrarsStatement statement{++registrars_serial_, {1, {next.public_key}}, SystemClock().Now()};
  SignedStatement complete{EncodeStatement(statement), {}};
  complete.signatures = {SignStatement(complete.statement, registrar_), SignStatement(complete.statement, next)};
  const Finished done = TryApply(complete);
  Require(done.exit_code == 0, done.err);
  registrar_ = std::move(next);
}

void RealHub::ApplyCeilings(const std::vector<std::string>& sectors) {
  CeilingStatement ceilings;
  CategorySet all;
  for (Category category : AllCategories()) all.Add(category);
  for (const std::string& sector : sectors) ceilings.rows.push_back({Sector(sector), all, false});
  ceilings.issued_at = SystemClock().Now();
  Apply(std::vector<Statement>{ceilings});
}

double RealHub::Metric(const std::string& name) const {
  const std::string page = FetchFromPort(metrics_port_, "/metrics").body;
  std::istringstream lines(page);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with(name + " ")) return std::stod(line.substr(name.size() + 1));
  }
  throw std::runtime_error("the metrics page has no " + name + "\n" + page);
}

}  // namespace schakel::testing
