// What each command of schakel-hub does.
#include <fmt/format.h>

#include <cstdio>
#include <iostream>

#include "broker/admin.h"
#include "broker/options.h"
#include "check_config.h"
#include "files.h"
#include "protocol/crypto.h"
#include "protocol/standard_streams.h"
#include "protocol/token.h"
#include "run_hub.h"
#include "stopped.h"
#include "store/log.h"
#include "store/quarantine.h"

namespace schakel {
namespace {

constexpr std::chrono::seconds kPatience{15};
constexpr std::size_t kStatementBytesMax = 128U << 10;
constexpr std::string_view kQuarantined = "log.quarantined";
constexpr const char* kStoppedGuide =
    "an agent holds a head that this log does not reach: keep a copy of the folder of the log as it is, then see "
    "docs/operations.md, \"A hub that stopped writing\"";

void Say(const std::string& line) { std::cout << line << '\n'; }
void SayError(const Error& error) {
  std::cerr << "schakel-hub: error: " << error.rule;
  if (!error.field.empty()) std::cerr << " (" << error.field << ")";
  std::cerr << '\n';
  if (!error.next.empty()) std::cerr << "hint: " << error.next << '\n';
}

class CommandLine {
 public:
  explicit CommandLine(const ParsedOptions& options) : options_(options) {}
  Status Run() {
    return std::visit([this](const auto& command) { return Do(command); }, options_.command);
  }

 private:
  Status Do(const InitCommand& command);
  Status Do(const RunCommand& command);
  Status Do(const TokenCommand& command);
  Status Do(const EnrolmentsCommand& command);
  Status Do(const RequestCommand& command);
  Status Do(const ApplyCommand& command);
  Status Do(const SuspendCommand& command);
  Status Do(const CeilingsCommand& command);
  Status Do(const StatusCommand& command);
  Status Do(const RekeyCommand& command);
  Status Do(const SnapshotCommand& command);
  Status Do(const VerifyCommand& command);
  Status Do(const HeadCommand& command);
  Status Do(const AcceptCommand& command);

  Result<HubConfig> Config() const { return LoadConfig(options_.config); }
  // Asks the running hub; the reply must be a `Reply`.
  template <typename Reply>
  Result<Reply> Ask(const AdminRequest& request) const {
    SCHAKEL_ASSIGN(const HubConfig config, Config());
    SCHAKEL_ASSIGN(AdminReply reply, AskHub(config.admin_socket, request, kPatience));
    if (auto* wanted = std::get_if<Reply>(&reply)) return std::move(*wanted);
    return Fail(Code::kInternal, "admin.reply");
  }
  Status CheckConfiguration() const;
  Status Export(const AdminRequest& request, const std::filesystem::path& output) const;

  const ParsedOptions& options_;
};

// ---- init ----

std::string ConfigText(const InitCommand& command) {
  std::string registrars;
  for (const std::string& key : command.registrars)
    registrars += fmt::format("{}\"{}\"", registrars.empty() ? "" : ", ", key);
  std::string advertise = "# advertise = \"tcp://hub.example:7443\"  # as agents reach it, if another than `listen`\n";
  if (!command.advertise.empty()) advertise = fmt::format("advertise = \"{}\"\n", command.advertise);
  std::string master = "master_file = \"keys/master.key\"";
  if (!command.passphrase_file.empty()) {
    master =
        fmt::format("master_passphrase_file = \"{}\"", std::filesystem::absolute(command.passphrase_file).string());
  }
  return fmt::format(
      "# A hub of Schakel. Every key is explained in deploy/hub.toml; check with: schakel-hub run --check-config\n"
      "origin = \"{}\"  # the log's name, for ever\n"
      "listen = \"{}\"\n"
      "{}"
      "data_directory = \"log\"\n\n"
      "[keys]  # keep copies of these files apart from the backups of the log\n"
      "transport_file = \"keys/transport.key\"\n"
      "log_file = \"keys/log.key\"\n"
      "{}\n\n"
      "[registrars]  # who signs what the directory says: schakel registrar keygen\n"
      "threshold = {}\n"
      "keys = [{}]\n\n"
      "[metrics]\n"
      "listen = \"127.0.0.1:9464\"\n\n"
      "[admin]\n"
      "socket = \"admin/hub.sock\"\n",
      command.origin, command.listen, advertise, master, command.threshold, registrars);
}

// All must be right before anything is made. Errors name the option, for there is no file yet.
Result<HubConfig> CheckInit(InitCommand command) {
  constexpr std::pair<std::string_view, const char*> kOptions[] = {{"advertise", "--advertise"},
                                                                   {"listen", "--listen"},
                                                                   {"origin", "--origin"},
                                                                   {"registrars.keys", "--registrar"},
                                                                   {"registrars.threshold", "--threshold"}};
  // Registrars may be filled in later.
  if (command.registrars.empty()) {
    command.registrars.emplace_back(64, '0');
    command.threshold = 1;
  }
  auto config = ParseConfig(ConfigText(command), std::filesystem::absolute(command.directory));
  if (config) return config;
  Error error = std::move(config).error();
  for (const auto& [key, option] : kOptions) {
    if (error.field.ends_with(": " + std::string(key))) error.field = option;
  }
  return std::unexpected(std::move(error));
}

Status MakeLog(const HubConfig& config) {
  SCHAKEL_ASSIGN(const HubKeys keys, ReadHubKeys(config));
  SCHAKEL_ASSIGN(RocksLogOptions options, LogOptionsOf(config, keys));
  options.if_absent = IfAbsent::kCreate;
  SCHAKEL_TRY(OpenRocksLog(options));
  return {};
}

Status CommandLine::Do(const InitCommand& command) {
  const std::string text = ConfigText(command);
  SCHAKEL_ASSIGN(const HubConfig checked, CheckInit(command));
  std::error_code failed;
  if (std::filesystem::exists(checked.data_directory, failed) &&
      !std::filesystem::is_empty(checked.data_directory, failed)) {
    return Fail(Code::kExists, "log.exists", checked.data_directory.string(),
                "a new log is only made in an empty place: choose another folder");
  }
  std::filesystem::create_directories(command.directory / "keys", failed);
  if (failed) {
    return Fail(Code::kUnavailable, "file.write", command.directory.string(),
                "see that the folder above it is there and is yours (" + failed.message() + ")");
  }
  for (const auto& folder : {command.directory, command.directory / "keys"}) {
    std::filesystem::permissions(folder, std::filesystem::perms::owner_all, failed);
  }
  const auto config = command.directory / "hub.toml";
  SCHAKEL_TRY(WriteNewFile(config, AsBytes(text), kPublicMode));
  const auto keys = command.directory / "keys";
  for (const char* name : {"transport.key", "log.key"}) SCHAKEL_TRY(CreateMasterKeyFile(keys / name));
  if (command.passphrase_file.empty()) SCHAKEL_TRY(CreateMasterKeyFile(keys / "master.key"));
  SCHAKEL_TRY(MakeLog(checked));
  SCHAKEL_ASSIGN(const Secret<32> log_seed, ReadSecretFile(keys / "log.key"));
  Say(ToText(NoteVerifier{command.origin, SigningKey::FromSeed(log_seed.view()).public_key}));
  std::cerr << "That is the log's public key: publish it, so that anyone can verify what this hub says.\n"
            << "Keep a copy of " << keys.string() << " where the backups are not.\n";
  if (command.registrars.empty())
    std::cerr << "Next: put the registrars' public keys into " << config.string() << ".\n";
  std::cerr << "Next: schakel-hub --config=" << config.string() << " run\n";
  return {};
}

// ---- run ----

Status CommandLine::Do(const RunCommand& command) {
  if (command.check_config) return CheckConfiguration();
  SCHAKEL_ASSIGN(const HubConfig config, Config());
  return RunHub(config);
}

// All faults at once: who mends one a run, runs it again and again.
Status CommandLine::CheckConfiguration() const {
  HubConfigCheck check = CheckHubConfig(options_.config);
  if (!check.faults.empty()) {
    const Error last = std::move(check.faults.back());
    check.faults.pop_back();
    for (const Error& fault : check.faults) SayError(fault);
    return std::unexpected(last);
  }
  Say("ok " + ToText(check.log));
  std::cerr
      << "Checked: the configuration; that the keys can be read and differ; that the log is there, is of this hub,\n"
      << "and opens with its master key. Not checked: its entries, and whether it has all that it had acknowledged\n"
      << "(verify does both); whether the addresses are free.\n";
  if (check.quarantined) {
    std::cerr << "schakel-hub: warning: " << kQuarantined << ": this hub will start READ-ONLY\nhint: " << kStoppedGuide
              << '\n';
  }
  return {};
}

// ---- enrolment ----

Status CommandLine::Do(const TokenCommand& command) {
  if (command.withdraw) {
    SCHAKEL_ASSIGN(const AdminDone done, Ask<AdminDone>(WithdrawToken{command.organisation}));
    Say(done.text);
    return {};
  }
  SCHAKEL_ASSIGN(const HubStatus status, Ask<HubStatus>(AskStatus{}));
  Invitation invitation;
  invitation.endpoint = status.endpoint;
  invitation.hub_transport = status.transport;
  invitation.hub_log = status.verifier;
  invitation.registrars = status.registrars;
  invitation.organisation = command.organisation;
  invitation.sector = command.sector;
  invitation.token = Secret<32>::Generate();
  CreateToken request;
  request.organisation = command.organisation;
  request.sector = command.sector;
  request.name = command.name;
  request.valid = std::chrono::hours(command.valid_hours);
  request.token = KeyOfToken(invitation.token.view()).public_key;
  // The file comes first: the hub withdraws an earlier invitation for this one, which must not end nowhere.
  const std::string text = ToText(invitation);
  if (!command.output.empty()) SCHAKEL_TRY(WriteNewFile(command.output, AsBytes(text + "\n"), kPrivateMode));
  const auto done = Ask<AdminDone>(request);
  if (!done) {
    std::error_code ignored;
    if (!command.output.empty()) std::filesystem::remove(command.output, ignored);
    return std::unexpected(done.error());
  }
  if (command.output.empty()) Say(text);
  std::cerr << done->text << ".\n";
  std::cerr << "A secret, for " << command.organisation.value() << " alone; valid for " << command.valid_hours
            << " hours. Next, there: schakel-agent enrol\n";
  return {};
}

std::string_view StateText(const EnrolmentList::Row& row) {
  if (row.rotation) return "asks new keys";
  switch (row.state) {
    case EnrolState::kUnknown:
      return "invited";
    case EnrolState::kPending:
      return "asks";
    case EnrolState::kApproved:
      return "enrolled";
    case EnrolState::kRefused:
      return "withdrawn";
  }
  return "?";
}

Status CommandLine::Do(const EnrolmentsCommand&) {
  SCHAKEL_ASSIGN(const EnrolmentList list, Ask<EnrolmentList>(ListEnrolments{}));
  for (const auto& row : list.rows) {
    Say(fmt::format("{}\t{}\t{}\t{}\t{}\t{}", row.organisation.value(), StateText(row), row.sector.value(),
                    ToText(row.expires_at), row.fingerprint, row.name));
  }
  if (list.more) std::cerr << "Older ones are left out.\n";
  return {};
}

Status CommandLine::Export(const AdminRequest& request, const std::filesystem::path& output) const {
  SCHAKEL_ASSIGN(const UnsignedStatement statement, Ask<UnsignedStatement>(request));
  SCHAKEL_TRY(WriteNewFile(output, statement.statement, kPublicMode));
  if (const auto decoded = DecodeStatement(statement.statement)) {
    if (const auto* about = std::get_if<OrgStatement>(&*decoded)) {
      std::cerr << "Its keys: " << Fingerprint(about->organisation, about->keys)
                << ". Compare them with the organisation by another way.\n";
    }
  }
  std::cerr << "Next: let the registrars sign it (schakel registrar sign), then: schakel-hub apply\n";
  return {};
}

Status CommandLine::Do(const RequestCommand& command) {
  return Export(ExportOrganisation{command.organisation, OrgStatus::kActive}, command.output);
}

Status CommandLine::Do(const SuspendCommand& command) {
  return Export(ExportOrganisation{command.organisation, OrgStatus::kSuspended}, command.output);
}

Status CommandLine::Do(const CeilingsCommand& command) {
  SCHAKEL_ASSIGN(auto rows, ReadCeilings(command.profiles));
  return Export(ExportCeilings{std::move(rows)}, command.output);
}

Status CommandLine::Do(const ApplyCommand& command) {
  for (const auto& file : command.files) {
    SCHAKEL_ASSIGN(const Bytes content, ReadWholeFile(file, kStatementBytesMax));
    if (!DecodeSignedStatement(content) && DecodeStatement(content)) {
      return Fail(Code::kInvalid, "registry.unsigned", file.string(),
                  "no registrar has signed it yet: `schakel registrar sign --key own.key FILE --output FILE.signed`, "
                  "then apply that file");
    }
    if (!DecodeSignedStatement(content)) {
      return Fail(Code::kInvalid, "registry.file", file.string(),
                  "this is not a signed statement: give what `schakel registrar sign` wrote");
    }
    auto done = Ask<AdminDone>(ApplyStatement{content});
    if (!done) {
      Error error = std::move(done).error();
      error.field = file.string() + (error.field.empty() ? "" : ": " + error.field);
      return std::unexpected(std::move(error));
    }
    Say(done->text);
  }
  return {};
}

// ---- watching ----

Status CommandLine::Do(const StatusCommand&) {
  SCHAKEL_ASSIGN(const HubStatus status, Ask<HubStatus>(AskStatus{}));
  Say(fmt::format("software       {}", status.software));
  Say(fmt::format("log            {}", ToText(status.verifier)));
  Say(fmt::format("head           {}:{}", status.head.size, ToHex(status.head.root)));
  Say(fmt::format("endpoint       {}", status.endpoint));
  Say(fmt::format("transport key  {}", ToHex(status.transport.value())));
  Say(fmt::format(
      "registrars     {} of {}{}", status.signers.threshold, status.signers.keys.size(),
      status.registrars_serial == 0
          ? std::string()
          : fmt::format(" (statement {}; those of the configuration stay the root)", status.registrars_serial)));
  Say(fmt::format("organisations  {}", status.organisations));
  Say(fmt::format("statements     {}", status.statements));
  Say(fmt::format("trajectories   {}", status.trajectories));
  Say(fmt::format("sessions       {}", status.sessions));
  Say(fmt::format("invitations    {}", status.invitations_open));
  Say(fmt::format("time           {}", ToText(status.now)));
  if (!status.read_only) {
    Say("state          serving");
    return {};
  }
  // What is told to agents is not for the operator: who this is, and what to do, stands below.
  const Error& why = *status.read_only;
  Say("state          READ-ONLY: " + why.rule +
      (why.field.empty() || why.field == why.rule ? "" : " (" + why.field + ")"));
  std::cerr << "hint: " << HintWhenStopped(why.rule) << '\n';
  return {};
}

// The hub reads the file itself, so it must be there, and be the hub's to read.
Status CommandLine::Do(const RekeyCommand& command) {
  const auto absolute = [](const std::filesystem::path& path) {
    return path.empty() ? std::string() : std::filesystem::absolute(path).string();
  };
  std::error_code failed;
  if (!command.key_file.empty() && !std::filesystem::exists(command.key_file, failed)) {
    SCHAKEL_TRY(CreateMasterKeyFile(command.key_file));
    std::cerr << "Made " << command.key_file.string() << ".\n";
  }
  const ChangeMaster request{absolute(command.key_file), absolute(command.passphrase_file)};
  SCHAKEL_ASSIGN(const AdminDone done, Ask<AdminDone>(request));
  Say(done.text);
  const bool file = !command.key_file.empty();
  std::cerr << "Next, before the hub is started again: in " << options_.config.string() << ", under [keys],\n  "
            << (file ? "master_file" : "master_passphrase_file") << " = \""
            << (file ? request.key_file : request.passphrase_file)
            << "\"\nThen keep a copy of it where the backups are not, and destroy the old one.\n";
  return {};
}

Status CommandLine::Do(const SnapshotCommand&) {
  SCHAKEL_ASSIGN(const AdminDone done, Ask<AdminDone>(TakeSnapshot{}));
  Say(done.text);
  return {};
}

Status CommandLine::Do(const HeadCommand&) {
  SCHAKEL_ASSIGN(const HubConfig config, Config());
  auto reply = AskHub(config.admin_socket, AskHead{}, kPatience);
  if (reply && std::holds_alternative<SignedHead>(*reply)) {
    std::cout << std::get<SignedHead>(*reply).checkpoint;
    return {};
  }
  if (!reply && reply.error().rule != "admin.socket") return std::unexpected(std::move(reply).error());
  // No hub runs: read it ourselves.
  SCHAKEL_ASSIGN(const HubKeys keys, ReadHubKeys(config));
  SCHAKEL_ASSIGN(const auto log, OpenHubLog(config, keys));
  SCHAKEL_TRY(log->Recheck(Sequence(0), log->Last()));
  std::cout << SignCheckpoint(config.origin, log->Head(), keys.log);
  return {};
}

Status CommandLine::Do(const VerifyCommand&) {
  SCHAKEL_ASSIGN(const HubConfig config, Config());
  SCHAKEL_ASSIGN(const HubKeys keys, ReadHubKeys(config));
  SCHAKEL_ASSIGN(const auto log, OpenHubLog(config, keys));
  SCHAKEL_ASSIGN(const Log::Verified verified, log->VerifyAll());
  const TreeHead head = log->Head();
  Say(fmt::format("entries   {}", verified.entries));
  if (verified.erased > 0) Say(fmt::format("erased    {}", verified.erased));
  Say(fmt::format("payloads  {}", verified.payloads));
  Say(fmt::format("rows      {}", verified.rows));
  Say(fmt::format("head      {}:{}", head.size, ToHex(head.root)));
  std::cout << SignCheckpoint(config.origin, head, keys.log);
  const auto warn = [](const Error& about) {
    std::cerr << "schakel-hub: warning: " << about.rule << " (" << about.field << ")\nhint: " << about.next << '\n';
  };
  if (auto snapshot = log->LoadSnapshot(); !snapshot) warn(snapshot.error());
  if (const auto slot = log->broken_slot()) warn(*slot);
  // A whole folder put back is sound in itself: nothing in it can tell.
  std::cerr << "Whether this is an older copy of the log cannot be seen here: that shows when agents that saw more say "
               "hello, or against the highest head that `schakel status` of an agent shows.\n";
  auto why = log->read_only();
  if (!why) return {};
  // What is told to agents is not for the operator.
  if (why->rule == kQuarantined) why->next = kStoppedGuide;
  return std::unexpected(std::move(*why));
}

Status CommandLine::Do(const AcceptCommand& command) {
  SCHAKEL_ASSIGN(const HubConfig config, Config());
  const auto colon = command.head.find(':');
  TreeHead head;
  const auto root = colon == std::string::npos ? std::nullopt : FromHex(command.head.substr(colon + 1));
  const std::string size = command.head.substr(0, std::min(colon, command.head.size()));
  const bool digits = !size.empty() && size.size() < 19 && size.find_first_not_of("0123456789") == std::string::npos;
  if (!root || root->size() != head.root.size() || !digits) {
    return Fail(Code::kInvalid, "log.accept", "--head", "give it as schakel-hub verify prints it: size:root");
  }
  head.size = std::stoull(size);
  std::copy(root->begin(), root->end(), head.root.begin());
  SCHAKEL_ASSIGN(const HubKeys keys, ReadHubKeys(config));
  SCHAKEL_ASSIGN(const RocksLogOptions options, LogOptionsOf(config, keys));
  SCHAKEL_TRY(AcceptLogHead(options, head));
  Say("the log goes on from " + command.head);
  return {};
}

}  // namespace

int RunCommandLine(const ParsedOptions& options) {
  InitCrypto();
  Status done = CommandLine(options).Run();
  if (Status printed = FinishOutput(std::cout); done) done = std::move(printed);
  if (done) return 0;
  SayError(done.error());
  return 1;
}

}  // namespace schakel
