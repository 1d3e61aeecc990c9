#include "run_hub.h"

#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <thread>

#include "broker/hub.h"
#include "broker/zmq_transport.h"
#include "files.h"
#include "monitoring.h"
#include "protocol/crypto.h"
#include "telemetry.h"

namespace schakel {
namespace {

// No key or entry may end up in a core dump; every connection needs a descriptor.
void HardenProcess() {
  prctl(PR_SET_DUMPABLE, 0);
  const rlimit none{0, 0};
  setrlimit(RLIMIT_CORE, &none);
  rlimit files{};
  if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
  }
}

// Messages and batches of a busy minute are large and short-lived: left to itself, glibc raises its thresholds to their
// size and keeps them (207 instead of 128 MiB after a million entries at full speed). Set once, they stay put.
void BoundKeptMemory() {
  // NOLINTBEGIN(concurrency-mt-unsafe): before any other thread is started.
  mallopt(M_MMAP_THRESHOLD, 256 << 10);
  mallopt(M_TRIM_THRESHOLD, 1 << 20);
  mallopt(M_ARENA_MAX, 2);
  // NOLINTEND(concurrency-mt-unsafe)
}

// Waits for SIGTERM and SIGINT on a thread of its own: nothing of ours runs in a signal handler.
class StopSignals {
 public:
  // Before any other thread is started, so that all inherit the mask.
  StopSignals() {
    sigemptyset(&signals_);
    sigaddset(&signals_, SIGTERM);
    sigaddset(&signals_, SIGINT);
    sigaddset(&signals_, SIGUSR2);  // Ends the wait.
    pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
    static_cast<void>(signal(SIGPIPE, SIG_IGN));
  }
  ~StopSignals() {
    if (!thread_.joinable()) return;
    pthread_kill(thread_.native_handle(), SIGUSR2);
    thread_.join();
  }
  void Serve(Hub& hub) {
    thread_ = std::thread([this, &hub] {
      int signal = 0;
      if (sigwait(&signals_, &signal) == 0 && signal != SIGUSR2) hub.Stop();
    });
  }

 private:
  sigset_t signals_{};
  std::thread thread_;
};

// Tells systemd that we serve, if it asked to be told: sd_notify(3), one datagram.
void NotifyReady() {
  const char* name = std::getenv("NOTIFY_SOCKET");  // NOLINT(concurrency-mt-unsafe): nobody here sets any
  sockaddr_un address{};
  if (name == nullptr || std::strlen(name) < 2 || std::strlen(name) >= sizeof address.sun_path) return;
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, name, std::strlen(name));
  if (address.sun_path[0] == '@') address.sun_path[0] = '\0';
  const int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return;
  constexpr std::string_view kReady = "READY=1";
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + std::strlen(name));
  (void)!sendto(fd, kReady.data(), kReady.size(), MSG_NOSIGNAL, reinterpret_cast<sockaddr*>(&address), size);
  close(fd);
}

HubCoreOptions CoreOptions(const HubConfig& config, const HubKeys& keys) {
  HubCoreOptions options;
  options.face.origin = config.origin;
  options.face.endpoint = config.advertise;
  options.face.verifier = {config.origin, keys.log.public_key};
  options.face.transport = keys.transport.public_key;
  options.registrars = config.registrars;
  options.wire = config.limits.wire;
  options.feed.credit_max = config.limits.wire.credit_max;
  options.feed.pending_in_memory = config.limits.pending_records;
  options.group_bytes_max = config.limits.group_mib << 20;
  options.group_entries_max = config.limits.group_entries;
  options.snapshot_entries = config.limits.snapshot_entries;
  options.connections_max = config.limits.connections_per_organisation;
  options.records_per_second = config.limits.records_per_second;
  options.requests_per_second = config.limits.requests_per_second;
  options.silence_max = std::chrono::seconds(config.limits.silence_seconds);
  options.attempts_max = config.limits.pending_attempts;
  return options;
}

ZmqTransportOptions TransportOptions(const HubConfig& config, const HubKeys& keys, HubLogger& logger) {
  ZmqTransportOptions options;
  options.listen = config.listen;
  options.key = &keys.transport;
  options.admin_socket = config.admin_socket;
  options.message_bytes_max = config.limits.wire.message_bytes_max;
  options.handshake_max = std::chrono::milliseconds(config.limits.handshake_ms);
  options.surplus_bytes_max = config.limits.surplus_mib << 20;
  options.surplus_total_bytes_max = config.limits.surplus_total_mib << 20;
  options.silence_max = std::chrono::seconds(config.limits.first_message_seconds);
  options.queue_messages_max = 2 * config.limits.wire.in_flight_max;
  options.queue_bytes_max = config.limits.outgoing_mib << 20;
  options.connections_max = config.limits.connections;
  options.on_cut = [&logger](std::string_view why, const OrgId& organisation, std::string_view peer) {
    logger.Cut(why, organisation, peer);
  };
  options.on_refused = [&logger](std::string_view kind, const OrgId& organisation, std::string_view peer) {
    logger.Refused(kind, organisation, peer);
  };
  return options;
}

}  // namespace

Result<HubKeys> ReadHubKeys(const HubConfig& config) {
  SCHAKEL_ASSIGN(const Secret<32> transport, ReadSecretFile(config.transport_key_file));
  SCHAKEL_ASSIGN(const Secret<32> log, ReadSecretFile(config.log_key_file));
  const auto same = [](const std::filesystem::path& one, const std::filesystem::path& other) {
    return Fail(Code::kConflict, "keys.same", one.string() + ", " + other.string(),
                "these hold the same key: put each key back from its safe copy; no key may serve two purposes");
  };
  if (ConstantTimeEqual(transport.view(), log.view())) return same(config.transport_key_file, config.log_key_file);
  if (const auto* file = std::get_if<MasterKeyFile>(&config.master)) {
    SCHAKEL_ASSIGN(const Secret<32> master, ReadMasterKeyFile(*file));
    if (ConstantTimeEqual(master.view(), log.view())) return same(config.log_key_file, file->path);
    if (ConstantTimeEqual(master.view(), transport.view())) return same(config.transport_key_file, file->path);
  }
  return HubKeys{TransportKey::FromSecret(transport.view()), SigningKey::FromSeed(log.view())};
}

Result<MasterKeySource> ReadMasterKey(const HubConfig& config) {
  if (const auto* file = std::get_if<MasterKeyFile>(&config.master)) return MasterKeySource(*file);
  const auto& path = std::get<MasterPassphraseFile>(config.master).path;
  SCHAKEL_ASSIGN(const Bytes content, ReadWholeFile(path, 4096));
  std::string text(AsText(content));
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  if (text.empty())
    return Fail(Code::kInvalid, "store.passphrase", path.string(), "put the passphrase on its first line");
  return MasterKeySource(MasterPassphrase{std::move(text)});
}

Result<RocksLogOptions> LogOptionsOf(const HubConfig& config, const HubKeys& keys) {
  RocksLogOptions options;
  options.directory = config.data_directory;
  SCHAKEL_ASSIGN(options.master_key, ReadMasterKey(config));
  options.identity = LogIdentity{config.origin, keys.log.public_key, keys.transport.public_key};
  return options;
}

Result<std::unique_ptr<Log>> OpenHubLog(const HubConfig& config, const HubKeys& keys) {
  SCHAKEL_ASSIGN(const RocksLogOptions options, LogOptionsOf(config, keys));
  return OpenRocksLog(options);
}

Status RunHub(const HubConfig& config) {
  BoundKeptMemory();
  HardenProcess();
  StopSignals signals;
  HubLogger logger(config.log_level);
  SCHAKEL_ASSIGN(const HubKeys keys, ReadHubKeys(config));
  SCHAKEL_ASSIGN(const std::unique_ptr<Log> log, OpenHubLog(config, keys));
  if (const auto slot = log->broken_slot()) {
    logger.Report(HubObserver::Level::kWarning, slot->rule, OrgId(), slot->field);
  }
  const auto transport = MakeZmqTransport(TransportOptions(config, keys, logger));
  // Admits those whom the log knows; then they may come.
  SCHAKEL_ASSIGN(const auto hub, Hub::Open({CoreOptions(config, keys), config.workers, true}, *log, *transport,
                                           keys.log, SystemClock(), SystemRandom(), logger));
  SCHAKEL_ASSIGN(const std::string endpoint, transport->Listen());
  Telemetry telemetry;
  hub->OnCommit([&telemetry](const CommitReport& report) { telemetry.Committed(report); });
  std::unique_ptr<Monitoring> monitoring;
  if (!config.metrics_listen.empty()) {
    MonitoringPages pages{[&](std::uint64_t refused) { return telemetry.Text(hub->Report(), refused); },
                          [&] { return hub->Report().ready; }, [&logger] { logger.Refused("metrics", OrgId(), {}); }};
    SCHAKEL_ASSIGN(monitoring, StartMonitoring(config.metrics_listen, std::move(pages)));
    logger.Report(HubObserver::Level::kInfo, "metrics.listening", OrgId(), monitoring->address());
  }
  logger.Report(HubObserver::Level::kInfo, "hub.listening", OrgId(), endpoint);
  signals.Serve(*hub);
  NotifyReady();
  const Status ended = hub->Run();
  logger.Report(ended ? HubObserver::Level::kInfo : HubObserver::Level::kAlarm, "hub.stopped", OrgId(),
                ended ? "" : ended.error().rule);
  return ended;
}

}  // namespace schakel
