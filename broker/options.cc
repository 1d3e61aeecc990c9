#include "broker/options.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <functional>
#include <optional>
#include <sstream>

namespace schakel {
namespace {

constexpr const char* kAbout =
    "schakel-hub: the hub of a region. It links the agents of organisations that stand around the same young person,\n"
    "keeps the log of everything that was shared, and cannot read any of it.\n";
constexpr const char* kSteps =
    "The first day:\n"
    "  schakel-hub init --directory=/var/lib/schakel-hub --origin=schakel.example/gent \\\n"
    "      --listen=tcp://0.0.0.0:7443 --advertise=tcp://hub.example:7443 --registrar=KEY\n"
    "      (advertise: the address by which agents reach it; KEY: schakel registrar keygen, on another machine)\n"
    "  schakel-hub --config=/var/lib/schakel-hub/hub.toml run\n"
    "  schakel-hub --config=... ceilings --profiles=agents/profiles --output=ceilings   -> registrars sign -> apply\n"
    "An organisation joins:\n"
    "  schakel-hub --config=... token --org=stappen-gent --sector=youth-care    the invitation; hand it over in "
    "person\n"
    "  schakel-hub --config=... token --org=stappen-gent --withdraw             takes it back, if it went astray\n"
    "  schakel-hub --config=... enrolments                  compare the fingerprint with theirs, on the telephone\n"
    "  schakel-hub --config=... request --org=stappen-gent --output=stappen     -> registrars sign -> apply\n";

class Parser {
 public:
  Parser() : app_(kAbout, "schakel-hub") {
    app_.require_subcommand(1);
    app_.set_version_flag("--version", std::string("schakel-hub ") + SCHAKEL_VERSION);
    app_.fallthrough();
    app_.add_option("--config", config_, "The hub's configuration file")
        ->envname("SCHAKEL_HUB_CONFIG")
        ->default_val("/etc/schakel/hub.toml");
    AddInit();
    AddRun();
    AddEnrolment();
    AddStatements();
    AddWatching();
    app_.footer(kSteps);  // Last: commands take over what stands here when they are added.
  }

  std::variant<ParsedOptions, OptionsText> Parse(std::vector<std::string> words) {
    if (const auto unknown = UnknownCommand(words)) {
      return OptionsText{2, "schakel-hub: error: there is no command " + *unknown + "\nhint: schakel-hub --help\n"};
    }
    std::reverse(words.begin(), words.end());
    try {
      app_.parse(words);
    } catch (const CLI::ParseError& error) {
      std::ostringstream out;
      std::ostringstream err;
      const int code = app_.exit(error, out, err);
      if (code == 0) return OptionsText{0, out.str()};
      return OptionsText{2, "schakel-hub: error: " + std::string(error.what()) + "\nhint: schakel-hub --help\n"};
    } catch (const std::exception& error) {
      return OptionsText{2, "schakel-hub: error: " + std::string(error.what()) + "\nhint: schakel-hub --help\n"};
    }
    for (const auto& [subcommand, make] : makers_) {
      if (subcommand->parsed()) return ParsedOptions{config_, make()};
    }
    return OptionsText{2, "schakel-hub: error: no command\nhint: schakel-hub --help\n"};
  }

 private:
  using Make = std::function<HubCommand()>;

  // The first word that is no option, if it names nothing.
  std::optional<std::string> UnknownCommand(const std::vector<std::string>& words) const {
    for (std::size_t i = 0; i < words.size(); ++i) {
      if (words[i] == "--config") {
        ++i;
      } else if (!words[i].starts_with('-')) {
        const auto named = [&](const auto& maker) { return maker.first->get_name() == words[i]; };
        return std::ranges::any_of(makers_, named) ? std::nullopt : std::optional(words[i]);
      }
    }
    return std::nullopt;
  }

  CLI::App* Command(const char* name, const char* about, Make make) {
    CLI::App* command = app_.add_subcommand(name, about);
    makers_.emplace_back(command, std::move(make));
    return command;
  }
  static std::string CheckOrg(const std::string& text) {
    return ParseOrgId(text) ? "" : "an organisation's id has 2 to 40 lower-case letters, digits and inner hyphens";
  }
  static std::string CheckSector(const std::string& text) {
    return ParseSector(text) ? "" : "a sector is a slug such as youth-care";
  }
  void AddOrg(CLI::App* command) {
    command->add_option("--org", organisation_, "The organisation's id, such as stappen-gent")
        ->required()
        ->check(CheckOrg);
  }
  CLI::Option* AddOutput(CLI::App* command, const char* about) {
    return command->add_option("--output", output_, about);
  }

  void AddInit() {
    CLI::App* init = Command("init", "Make the folder, keys and configuration of a new hub", [this] { return init_; });
    init->add_option("--directory", init_.directory, "The folder to make; it must not hold a hub yet")->required();
    init->add_option("--origin", init_.origin, "The log's name, for ever: schakel.example/gent")->required();
    init->add_option("--listen", init_.listen, "Where agents connect: tcp://address:port")->required();
    init->add_option("--advertise", init_.advertise, "The same as agents reach it, if another: tcp://name:port");
    init->add_option("--passphrase-file", init_.passphrase_file,
                     "Protect the log with the passphrase on its first line instead of with a key file");
    init->add_option("--registrar", init_.registrars,
                     "A registrar's public key (64 hex digits or base64); once for each registrar");
    init->add_option("--threshold", init_.threshold, "How many registrars must sign a statement")
        ->check(CLI::Range(1, 16))
        ->default_val(1);
  }

  void AddRun() {
    CLI::App* run = Command("run", "Run the hub until SIGTERM or SIGINT", [this] { return run_; });
    run->add_flag("--check-config", run_.check_config, "Check the configuration and the keys, then stop");
  }

  void AddEnrolment() {
    CLI::App* token =
        Command("token", "Print the invitation of an organisation, a secret; or take it back (--withdraw)", [this] {
          token_.organisation = OrgId(organisation_);
          token_.sector = Sector(sector_);
          token_.output = output_;
          if (token_.name.empty()) token_.name = organisation_;
          return token_;
        });
    AddOrg(token);
    auto* sector =
        token->add_option("--sector", sector_, "Its sector, as in the ceilings: youth-care")->check(CheckSector);
    token->add_option("--name", token_.name, "Its name for people; its id if not given")->check([](const auto& name) {
      return name.size() <= 120 ? "" : "at most 120 bytes";
    });
    token->add_option("--valid-hours", token_.valid_hours, "Hours until the invitation expires, at most 2160")
        ->check(CLI::Range(1, 2160))
        ->default_val(72);
    AddOutput(token, "Write it to this new file (mode 0600) instead of standard output");
    auto* withdraw =
        token->add_flag("--withdraw", token_.withdraw, "Take back the invitation that is open for it instead");
    withdraw->excludes(sector);
    token->callback([this] {
      if (!token_.withdraw && sector_.empty()) throw CLI::RequiredError("--sector");
    });

    Command("enrolments", "List invitations, who asked to be enrolled, and who asked for new keys, with fingerprints",
            [] { return EnrolmentsCommand(); });
    CLI::App* request = Command("request", "Write the statement about an organisation that the registrars must sign",
                                [this] { return RequestCommand{OrgId(organisation_), output_}; });
    AddOrg(request);
    AddOutput(request, "The file to write")->required();
  }

  void AddStatements() {
    CLI::App* apply = Command(
        "apply", "Put statements that the registrars signed into force: organisations, ceilings, rules, registrars",
        [this] { return apply_; });
    apply->add_option("files", apply_.files, "Signed statements, in the order in which they were made")->required();

    CLI::App* suspend =
        Command("suspend", "Write the statement that suspends an organisation; the registrars must sign",
                [this] { return SuspendCommand{OrgId(organisation_), output_}; });
    AddOrg(suspend);
    AddOutput(suspend, "The file to write")->required();

    CLI::App* ceilings = Command("ceilings", "Write the ceilings of all sectors; the registrars must sign",
                                 [this] { return CeilingsCommand{profiles_, output_}; });
    ceilings->add_option("--profiles", profiles_, "The folder with the sector profiles (*.toml)")->required();
    AddOutput(ceilings, "The file to write")->required();
  }

  void AddWatching() {
    Command("status", "What the running hub is and how it does", [] { return StatusCommand(); });
    CLI::App* rekey =
        Command("rekey", "Let the running hub open its log with another master key from now on, and with that alone",
                [this] { return rekey_; });
    auto* key = rekey->add_option("--new-master-key", rekey_.key_file,
                                  "File with the new key (64 hex digits, mode 0600); made if it is not there");
    auto* phrase = rekey->add_option("--new-passphrase-file", rekey_.passphrase_file,
                                     "Instead: file with the new passphrase on its first line");
    key->excludes(phrase);
    rekey->callback([this] {
      if (rekey_.key_file.empty() && rekey_.passphrase_file.empty()) throw CLI::RequiredError("--new-master-key");
    });
    Command("snapshot", "Let the running hub save a snapshot, for a quick restart", [] { return SnapshotCommand(); });
    Command("head", "Print the newest signed checkpoint of the log", [] { return HeadCommand(); });
    Command("verify", "Read the whole log back and recompute it; the hub must be stopped",
            [] { return VerifyCommand(); });
    CLI::App* accept = Command("accept",
                               "Let a log that opens read-only go on from where it stands; the hub must be "
                               "stopped. What agents saw beyond that is lost: read docs/operations.md first",
                               [this] { return accept_; });
    accept->add_option("--head", accept_.head, "The head that verify prints, as size:root")->required();
  }

  CLI::App app_;
  std::filesystem::path config_;
  std::vector<std::pair<CLI::App*, Make>> makers_;
  std::string organisation_;
  std::string sector_;
  std::filesystem::path output_;
  std::filesystem::path profiles_;
  InitCommand init_;
  RunCommand run_;
  TokenCommand token_;
  ApplyCommand apply_;
  AcceptCommand accept_;
  RekeyCommand rekey_;
};

}  // namespace

std::variant<ParsedOptions, OptionsText> ParseOptions(const std::vector<std::string>& words) {
  return Parser().Parse(words);
}

}  // namespace schakel
