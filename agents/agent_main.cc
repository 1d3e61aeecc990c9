// schakel-agent: an organisation's own node.
#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <fstream>
#include <iostream>
#include <mutex>

#include "agents/api.h"
#include "agents/config.h"
#include "agents/config_check.h"
#include "agents/enrolment.h"
#include "agents/i18n.h"
#include "agents/profiles.h"
#include "agents/services.h"
#include "agents/start_engine.h"
#include "agents/trust.h"
#include "agents/web_files.h"
#include "protocol/crypto.h"
#include "protocol/standard_streams.h"

namespace schakel {
namespace {

constexpr const char* kAbout =
    "The node of one organisation: keeps its keys and its vault, speaks with the hub, and serves its people on a local "
    "socket (schakel).";
constexpr const char* kSteps =
    "First steps:\n"
    "  schakel-agent init --data /var/lib/schakel\n"
    "  schakel-agent enrol --config /var/lib/schakel/agent.toml --invitation FILE --wait\n"
    "      read the fingerprint to the hub's operator by telephone\n"
    "  schakel-agent run --config /var/lib/schakel/agent.toml\n"
    "  schakel --socket /var/lib/schakel/agent.sock status";

constexpr std::size_t kInvitationBytesMax = 16384;  // Far more than one has.

struct Options {
  std::filesystem::path config = "/etc/schakel/agent.toml";
  std::filesystem::path data;
  std::filesystem::path profiles;
  std::filesystem::path invitation;
  std::filesystem::path new_master_key;
  std::filesystem::path new_passphrase_file;
  std::string language{Slug(Language::kDutch)};
  bool wait = false;
  bool check_config = false;
  bool again = false;
  bool forget_head = false;
  bool new_keys = false;
};

void Say(const std::string& line) { std::cout << line << std::endl; }

// The rule is what docs/operations.md lists.
void SayError(const Error& error, Language language) {
  const Explanation explanation = Explain(error, language);
  std::cerr << "schakel-agent: error: " << explanation.what << " [" << error.rule;
  if (!error.field.empty()) std::cerr << ": " << error.field;
  std::cerr << "]\nhint: " << explanation.next << '\n';
}

// ---- init ----

// Where the profiles lie: installed, or in the source tree that the program was built from.
Result<std::filesystem::path> FindProfiles() {
  std::error_code failed;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", failed);
  std::string tried;
  for (const std::filesystem::path& folder :
       {program.parent_path() / "../share/schakel/profiles", program.parent_path() / "../../../agents/profiles",
        std::filesystem::path("/usr/local/share/schakel/profiles"),
        std::filesystem::path("/usr/share/schakel/profiles")}) {
    if (std::filesystem::is_directory(folder, failed)) return std::filesystem::canonical(folder, failed);
    tried += (tried.empty() ? "" : ", ") + folder.lexically_normal().string();
  }
  return Fail(Code::kNotFound, "config.profiles", "--profiles",
              "give the folder with the sector profiles (*.toml); looked in " + tried);
}

Status Init(const Options& options) {
  const auto data = std::filesystem::absolute(options.data);
  const auto config = data / "agent.toml";
  std::error_code failed;
  if (std::filesystem::exists(config, failed)) {
    return Fail(Code::kExists, "agent.init", config.string(), "there is an agent already; choose another folder");
  }
  if (!options.profiles.empty() && !std::filesystem::is_directory(options.profiles, failed)) {
    return Fail(Code::kNotFound, "config.profiles", options.profiles.string(),
                "give the folder with the sector profiles (*.toml)");
  }
  auto profiles = options.profiles.empty() ? FindProfiles() : Result<std::filesystem::path>(options.profiles);
  if (!profiles) return std::unexpected(profiles.error());
  std::filesystem::create_directories(data, failed);
  if (!failed) std::filesystem::permissions(data, std::filesystem::perms::owner_all, failed);
  if (failed)
    return Fail(Code::kUnavailable, "file.write", data.string(),
                "see that the folder above it is there and is yours (" + failed.message() + ")");
  SCHAKEL_TRY(CreateMasterKeyFile(data / "master.key"));
  std::ofstream file(config);
  file << "# An agent of Schakel. Every key is explained in deploy/agent.toml; check with: schakel-agent run "
          "--check-config\n"
       << "vault = \"vault\"\nmaster_file = \"master.key\"  # keep a copy where the backups are not\n"
       << "socket = \"agent.sock\"\n"
       << "profiles = \"" << std::filesystem::absolute(*profiles).string() << "\"\nlog_level = \"info\"\n";
  file.close();
  if (!file) return Fail(Code::kUnavailable, "file.write", config.string(), "make room on the disk");
  Say("made " + config.string());
  std::cerr << "Keep a copy of " << (data / "master.key").string() << " where the backups are not.\n"
            << "Next: schakel-agent enrol --config=" << config.string() << " --invitation=FILE\n";
  return {};
}

// ---- with a vault ----

Result<std::unique_ptr<VaultStore>> OpenVault(const AgentConfig& config, IfAbsent if_absent = IfAbsent::kRefuse) {
  SCHAKEL_ASSIGN(MasterKeySource master, MasterKeyOf(config));
  return OpenVaultStore(
      {.directory = config.vault, .master_key = std::move(master), .if_absent = if_absent, .environment = {}});
}

Result<std::optional<Invitation>> ReadInvitation(const std::filesystem::path& path) {
  if (path.empty()) return std::nullopt;
  std::ifstream file(path);
  // Its first line; a longer one is none.
  std::string text(kInvitationBytesMax, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  text.resize(std::min(text.size(), text.find('\n')));
  if (text.empty()) {
    return Fail(Code::kNotFound, "invitation.file", path.string(), "check the path, and that you may read it");
  }
  SCHAKEL_ASSIGN(Invitation invitation, ParseInvitation(text));
  return std::optional(std::move(invitation));
}

Status DoEnrol(const Options& options) {
  SCHAKEL_ASSIGN(const AgentConfig config, LoadAgentConfig(options.config));
  SCHAKEL_ASSIGN(const auto invitation, ReadInvitation(options.invitation));
  SCHAKEL_ASSIGN(auto store, OpenVault(config, invitation ? IfAbsent::kCreate : IfAbsent::kRefuse));
  Vault vault(*store);
  if (options.new_keys && !invitation) {
    return Fail(Code::kInvalid, "enrol.new_keys", "--new-keys",
                "give --invitation as well; while the agent is let in, use schakel keys rotate instead");
  }
  const EnrolKeys which = options.new_keys ? EnrolKeys::kNew : EnrolKeys::kKeep;
  if (invitation) SCHAKEL_TRY(PrepareEnrolment(vault, *invitation, which));
  using std::chrono::steady_clock;
  const auto end = steady_clock::now() + std::chrono::hours(72);
  auto asked = Enrol(vault, std::chrono::milliseconds(0));
  while (!asked && options.wait && asked.error().rule == "hub.offline" && steady_clock::now() < end) {
    asked = Enrol(vault, std::chrono::milliseconds(0));
  }
  if (!asked) return std::unexpected(asked.error());
  // Only now is there something at the hub to compare it with.
  SCHAKEL_ASSIGN(const std::string fingerprint, OwnFingerprint(vault));
  Say("fingerprint  " + fingerprint);
  EnrolState state = *asked;
  if (state != EnrolState::kApproved) {
    std::cerr << "Read the fingerprint to the hub's operator, over the telephone or in person.\n";
    if (options.wait) {
      SCHAKEL_ASSIGN(state, Enrol(vault, std::chrono::hours(72)));
    }
  }
  if (state == EnrolState::kApproved) {
    Say("approved");
    std::cerr << "Next: schakel-agent run --config=" << options.config.string() << '\n';
  } else {
    Say("pending");
    std::cerr << "The hub has the request. Run `schakel-agent enrol --config=" << options.config.string()
              << " --wait` to hear when it is approved.\n";
  }
  return {};
}

Status DoFingerprint(const Options& options) {
  SCHAKEL_ASSIGN(const AgentConfig config, LoadAgentConfig(options.config));
  SCHAKEL_ASSIGN(auto store, OpenVault(config));
  SCHAKEL_ASSIGN(const std::string fingerprint, OwnFingerprint(Vault(*store)));
  Say(fingerprint);
  return {};
}

Status DoCheck(const Options& options) {
  SCHAKEL_ASSIGN(const AgentConfig config, LoadAgentConfig(options.config));
  SCHAKEL_ASSIGN(auto store, OpenVault(config));
  SCHAKEL_ASSIGN(const std::uint64_t rows, store->VerifyAll());
  Say(fmt::format("ok {} rows, every one opens", rows));
  if (const auto slot = store->broken_slot()) {
    std::cerr << "schakel-agent: warning: " << slot->rule << " (" << slot->field << ")\nhint: " << slot->next << '\n';
  }
  // A whole folder put back is sound in itself: nothing in it can tell.
  std::cerr << "Whether this is an older copy of the vault cannot be seen here: that shows when the agent next says "
               "hello to the hub.\n";
  return {};
}

// The user's explicit act on a vault that lost what it had committed.
Status DoAccept(const Options& options) {
  SCHAKEL_ASSIGN(const AgentConfig config, LoadAgentConfig(options.config));
  {
    auto opened = OpenVault(config);
    if (opened) {
      Say("ok there is nothing to accept: the vault is whole");
      return {};
    }
    // Whatever else is wrong is not mended by accepting it.
    const std::string& rule = opened.error().rule;
    if (rule != "vault.head_missing" && rule != "vault.head_file" && rule != "vault.shorter_than_head") {
      return std::unexpected(opened.error());
    }
    Say("accepted  " + ToText(opened.error()));
  }
  SCHAKEL_ASSIGN(MasterKeySource master, MasterKeyOf(config));
  SCHAKEL_TRY(AcceptVault(
      {.directory = config.vault, .master_key = std::move(master), .if_absent = IfAbsent::kRefuse, .environment = {}}));
  SCHAKEL_ASSIGN(auto store, OpenVault(config));
  SCHAKEL_ASSIGN(const std::uint64_t rows, store->VerifyAll());
  Say(fmt::format("ok the vault counts as whole as it stands: {} rows, every one opens", rows));
  std::cerr << "What was lost is not in it. Start the agent: it fetches from the hub what the hub still has.\n";
  return {};
}

// The vault opens with the new key alone; the agent must be stopped, for the vault belongs to it while it runs.
Status DoRekey(const Options& options) {
  SCHAKEL_ASSIGN(AgentConfig config, LoadAgentConfig(options.config));
  if (options.new_master_key.empty() == options.new_passphrase_file.empty()) {
    return Fail(Code::kInvalid, "config.master_key", "--new-master-key",
                "name a file with the new key, or --new-passphrase-file");
  }
  SCHAKEL_ASSIGN(auto store, OpenVault(config));
  std::error_code failed;
  if (!options.new_master_key.empty() && !std::filesystem::exists(options.new_master_key, failed)) {
    SCHAKEL_TRY(CreateMasterKeyFile(options.new_master_key));
    std::cerr << "Made " << options.new_master_key.string() << ".\n";
  }
  config.master_file = options.new_master_key;
  config.passphrase_file = options.new_passphrase_file;
  SCHAKEL_ASSIGN(const MasterKeySource master, MasterKeyOf(config));
  SCHAKEL_TRY(store->ChangeMasterKey(master));
  Say("ok the vault opens with the new master key alone");
  const bool file = !options.new_master_key.empty();
  std::cerr << "Next, before the agent is started again: in " << options.config.string() << ",\n  "
            << (file ? "master_file" : "passphrase_file") << " = \""
            << std::filesystem::absolute(file ? options.new_master_key : options.new_passphrase_file).string()
            << "\"\nThen keep a copy of it where the backups are not, and destroy the old one.\n";
  return {};
}

Status DoTrust(const Options& options) {
  SCHAKEL_ASSIGN(const AgentConfig config, LoadAgentConfig(options.config));
  SCHAKEL_ASSIGN(auto store, OpenVault(config));
  Vault vault(*store);
  if (options.forget_head) {
    SCHAKEL_TRY(TrustAgain(vault, SystemClock(), SeenBefore::kForget));
    Say("ok the head is forgotten; at the next run all is offered to the hub again, and its feed read anew");
    return {};
  }
  SCHAKEL_ASSIGN(const auto why, vault.Distrust());
  if (!why) {
    SCHAKEL_ASSIGN(const std::vector<Alarm> alarms, vault.Alarms());
    if (const auto refusals = OpenRefusals(alarms); !refusals.empty()) {
      Say("refused  " + ToText(refusals.back().what));
      std::cerr << "The hub lost history, as it says itself. Nothing is sent to or taken from it until it shows that\n"
                   "history again. If its operator accepted the loss: --forget-head.\n";
      return {};
    }
    Say("ok the hub is trusted");
    return {};
  }
  if (!options.again) {
    Say("distrusted  " + ToText(*why));
    std::cerr << "Nothing is sent to or taken from this hub. Once its operator has explained, and you believe it:\n"
              << "  schakel-agent trust --config=" << options.config.string() << " --again\n"
              << "If it lost history, and its operator accepted that: --forget-head instead.\n";
    return {};
  }
  SCHAKEL_TRY(TrustAgain(vault, SystemClock(), SeenBefore::kKeep));
  Say("ok the hub is trusted again");
  return {};
}

// ---- run ----

// JSON lines on standard error. What is logged holds no names of people, no words of records and no keys.
void StartLog(const std::string& level) {
  auto logger = spdlog::stderr_logger_mt("agent");
  logger->set_pattern(R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l",%v})", spdlog::pattern_time_type::utc);
  logger->set_level(level == "warn" ? spdlog::level::warn : spdlog::level::from_str(level));
  logger->flush_on(spdlog::level::info);
  spdlog::set_default_logger(std::move(logger));
}

std::string JsonText(std::string_view text) {
  std::string out = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return out + '"';
}

void LogAlarm(const Alarm& alarm) {
  const auto level = alarm.fault == Alarm::Fault::kNotice ? spdlog::level::warn : spdlog::level::critical;
  spdlog::log(level, R"("event":"alarm","number":{},"rule":{},"field":{},"organisation":{},"next":{})", alarm.number,
              JsonText(alarm.what.rule), JsonText(alarm.what.field), JsonText(alarm.organisation.value()),
              JsonText(alarm.what.next));
}

// Alarms that came since `last`; its new value.
std::uint64_t LogAlarms(const Engine& engine, std::uint64_t last) {
  for (const Alarm& alarm : engine.Alarms()) {
    if (alarm.number <= last) continue;
    last = alarm.number;
    LogAlarm(alarm);
  }
  return last;
}

// At the start: what somebody saw, or what is over, needs nobody at night. Yields the last that there is.
std::uint64_t LogOpenAlarms(const Engine& engine) {
  const std::vector<Alarm> alarms = engine.Alarms();
  const auto seen = InboxService::AlarmsSeenByAnybody(engine);
  for (const Alarm& alarm : OpenAndUnseen(alarms, engine.Report().distrusted.has_value(), seen.value_or(0))) {
    LogAlarm(alarm);
  }
  return alarms.empty() ? 0 : alarms.back().number;
}

std::string ReasonOf(const EngineStatus& status) { return status.last_error ? status.last_error->rule : ""; }

void LogState(const EngineStatus& now) {
  if (now.stopped) {
    spdlog::error(R"("event":"vault.stopped","rule":{},"field":{},"next":{})", JsonText(now.stopped->rule),
                  JsonText(now.stopped->field), JsonText(now.stopped->next));
  } else if (now.distrusted) {
    spdlog::critical(R"("event":"hub.distrusted","rule":{},"field":{},"next":{})", JsonText(now.distrusted->rule),
                     JsonText(now.distrusted->field), JsonText(now.distrusted->next));
  } else if (now.connected) {
    spdlog::info(R"("event":"hub.connected","hub":{},"outbox":{},"feed":{})", JsonText(now.hub), now.outbox,
                 now.feed.value());
  } else {
    const Error why = now.last_error.value_or(Error{});
    spdlog::warn(R"("event":"hub.away","rule":{},"next":{},"outbox":{})", JsonText(why.rule), JsonText(why.next),
                 now.outbox);
  }
}

void LogReload(const Status& reloaded) {
  if (reloaded) {
    spdlog::info(R"("event":"edge.reloaded")");
  } else {
    spdlog::error(R"("event":"edge.not_reloaded","rule":{},"field":{},"next":{})", JsonText(reloaded.error().rule),
                  JsonText(reloaded.error().field), JsonText(reloaded.error().next));
  }
}

// All faults at once: who mends one a run, runs it again and again.
Status CheckConfig(const Options& options) {
  AgentConfigCheck check = CheckAgentConfig(options.config);
  if (!check.faults.empty()) {
    const Error last = std::move(check.faults.back());
    check.faults.pop_back();
    for (const Error& fault : check.faults) SayError(fault, *ParseLanguage(options.language));
    return std::unexpected(last);
  }
  Say("ok " + options.config.string());
  std::cerr << "Checked: the configuration, that the master key can be read"
            << (check.has_vault ? " and is that of the vault" : "") << ", and " << check.profiles
            << " sector profiles.\nNot checked: "
            << (check.has_vault ? "what is in the vault (schakel-agent check)"
                                : "the vault, which is not there (schakel-agent enrol makes it, once)")
            << ", and the hub.\n";
  return {};
}

Status Run(const Options& options) {
  if (options.check_config) return CheckConfig(options);
  SCHAKEL_ASSIGN(const AgentConfig config, LoadAgentConfig(options.config));
  for (const Error& fault : FindPlaceFaults(config)) return std::unexpected(fault);
  StartLog(config.log_level);
  // Before any thread starts, so that all inherit it and only sigwait() sees them.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGUSR1);
  sigaddset(&signals, SIGHUP);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  const pthread_t waiting = pthread_self();

  SCHAKEL_ASSIGN(auto store, OpenVault(config));
  EngineParts parts;
  parts.store = std::move(store);
  parts.key_policy = config.key_policy;
  SCHAKEL_ASSIGN(const auto profiles, LoadProfiles(config.profiles));
  for (const auto& [sector, profile] : profiles) {
    if (profile.retention) parts.retention.emplace(sector, *profile.retention);
  }
  SCHAKEL_ASSIGN(const std::unique_ptr<Engine> engine, StartEngine(std::move(parts)));
  // The engine's thread only rings; what changed is read here, since it must not be called back from inside.
  const auto subscription = engine->OnChange([waiting](const Engine::Change& change) {
    using What = Engine::Change::What;
    if (change.what == What::kConnection || change.what == What::kDistrust || change.what == What::kAlarm) {
      pthread_kill(waiting, SIGUSR1);
    }
  });
  SCHAKEL_ASSIGN(const std::unique_ptr<ApiServer> server, StartApi(*engine, {.socket = config.socket,
                                                                             .profiles = config.profiles,
                                                                             .edge = config.edge,
                                                                             .people = config.people,
                                                                             .oidc = config.oidc,
                                                                             .mail = config.mail,
                                                                             .webhooks = config.webhooks,
                                                                             .house = config.house,
                                                                             .web = EmbeddedWebFiles()}));
  spdlog::info(R"("event":"agent.started","organisation":{},"socket":{})", JsonText(engine->Self().value()),
               JsonText(config.socket.string()));
  if (config.edge) {
    spdlog::info(R"("event":"edge.listening","listen":{},"port":{},"tls":{})", JsonText(config.edge->listen),
                 server->port(), !config.edge->plain);
  }
  EngineStatus told = engine->Report();
  // Before the first attempt has ended there is nothing to tell.
  if (told.stopped || told.distrusted || told.connected) LogState(told);
  std::uint64_t last_alarm = LogOpenAlarms(*engine);
  for (;;) {
    int signal = 0;
    if (sigwait(&signals, &signal) != 0) break;
    if (signal == SIGHUP) {
      LogReload(server->ReloadCertificate());
      continue;
    }
    if (signal != SIGUSR1) break;
    last_alarm = LogAlarms(*engine, last_alarm);
    EngineStatus now = engine->Report();
    const bool changed =
        now.connected != told.connected || now.distrusted != told.distrusted || now.stopped != told.stopped;
    if (changed || (!now.connected && ReasonOf(now) != ReasonOf(told))) LogState(now);
    told = std::move(now);
  }
  spdlog::info(R"("event":"agent.stopping")");
  return {};
}

// A slip in the command's own name is said as such; CLI11 would say what is missing after it.
std::string MisuseOf(const CLI::ParseError& error, const CLI::App& app) {
  for (const std::string& word : app.remaining(true)) {
    if (!word.starts_with('-') && app.get_subcommands().empty()) return "there is no command " + word;
  }
  return error.what();
}

int Main(int argc, char** argv) {
  HoldStandardStreams();
  prctl(PR_SET_DUMPABLE, 0);  // Keys are not for core dumps, nor for debuggers.
  const rlimit none{0, 0};
  setrlimit(RLIMIT_CORE, &none);
  InitCrypto();

  Options options;
  Status status;
  CLI::App app(kAbout, "schakel-agent");
  app.require_subcommand(1);
  app.fallthrough();  // --lang may stand behind the command, too.
  const auto command = [&](const char* name, const char* about, Status (*act)(const Options&)) {
    CLI::App* sub = app.add_subcommand(name, about);
    sub->final_callback([&status, &options, act] { status = act(options); });
    return sub;
  };
  const auto with_config = [&](CLI::App* sub) {
    sub->add_option("--config", options.config, "The agent's configuration file")
        ->envname("SCHAKEL_AGENT_CONFIG")
        ->capture_default_str();
    return sub;
  };
  CLI::App* init = command("init", "Make the folder, master key and configuration of a new agent", &Init);
  init->add_option("--data", options.data, "The folder to make")->required();
  init->add_option("--profiles", options.profiles, "Folder with the sector profiles; found by itself if not given");
  CLI::App* enrol = with_config(command("enrol", "Make the keys and ask the hub to enrol this organisation", &DoEnrol));
  enrol->add_option("--invitation", options.invitation, "File with the invitation that the operator gave; once");
  enrol->add_flag("--new-keys", options.new_keys,
                  "Make new keys for an organisation that is enrolled already, after a theft; stop the agent first");
  enrol->add_flag("--wait", options.wait, "Wait until the operator has approved");
  CLI::App* run = with_config(command("run", "Run the agent until SIGTERM or SIGINT", &Run));
  run->add_flag("--check-config", options.check_config, "Check the configuration and the master key, then stop");
  with_config(command("fingerprint", "Print the fingerprint of this organisation's keys", &DoFingerprint));
  with_config(command("check", "Read the whole vault and check that every row opens", &DoCheck));
  with_config(
      command("accept",
              "The vault lost something that was written (vault.head_missing, vault.head_file, "
              "vault.shorter_than_head), and there is no better copy: print what is wrong and take it for whole "
              "as it stands; the agent must be stopped",
              &DoAccept));
  CLI::App* rekey = with_config(command(
      "rekey", "Let the vault open with another master key, and with that alone; the agent must be stopped", &DoRekey));
  rekey->add_option("--new-master-key", options.new_master_key,
                    "File with the new key (64 hex digits, mode 0600); made if it is not there");
  rekey->add_option("--new-passphrase-file", options.new_passphrase_file,
                    "Instead: file with the new passphrase on its first line");
  CLI::App* trust = with_config(command("trust", "Tell whether the hub is trusted, and why not", &DoTrust));
  trust->add_flag("--again", options.again, "Trust it again, after its operator has explained what happened");
  trust->add_flag(
      "--forget-head", options.forget_head,
      "The hub lost history, and its operator accepted that: take what it shows now for the truth, offer it "
      "all that this organisation said again, and trust it again if it was distrusted");
  app.add_option("--lang", options.language, "Language of errors: nl, en or fr")
      ->envname("SCHAKEL_LANG")
      ->check([](const std::string& slug) {
        const auto parsed = ParseLanguage(slug);
        return parsed ? std::string() : parsed.error().next;
      })
      ->capture_default_str();
  app.footer(kSteps);  // Last: commands take over what stands here when they are added.
  app.set_version_flag("--version", std::string("schakel-agent ") + SCHAKEL_VERSION);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() != 0) {
      std::cerr << "schakel-agent: error: " << MisuseOf(error, app) << "\nhint: schakel-agent --help\n";
      return 2;
    }
    app.exit(error);
  }
  if (Status printed = FinishOutput(std::cout); status) status = std::move(printed);
  if (status) return 0;
  SayError(status.error(), *ParseLanguage(options.language));
  return 1;
}

}  // namespace
}  // namespace schakel

int main(int argc, char** argv) { return schakel::Main(argc, argv); }
