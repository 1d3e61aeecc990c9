// What a record costs the store: Append and Sync in groups, beside bare RocksDB with the same bytes in synced batches
// and a bare fdatasync of the same bytes. Machines differ; the ratios travel better.
//   bench_store [--benchmark_filter=...] [--dir=FOLDER on the disk to measure]
#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <rocksdb/db.h>
#include <time.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>

#include "protocol/crypto.h"
#include "store/log.h"

namespace schakel {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kEntryBytes = 400;
constexpr std::size_t kPayloadBytes = 1100;
fs::path base = fs::temp_directory_path();

double ThreadCpuSeconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}
double WallSeconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// A folder that goes with the benchmark.
class BenchFolder {
 public:
  BenchFolder() : path_(base / ("schakel-bench-" + std::to_string(::getpid()))) {
    fs::remove_all(path_);
    fs::create_directory(path_);
  }
  BenchFolder(const BenchFolder&) = delete;
  BenchFolder& operator=(const BenchFolder&) = delete;
  ~BenchFolder() { fs::remove_all(path_); }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

Bytes Noise(std::size_t size) {
  Bytes bytes(size);
  for (std::size_t done = 0; done < size;) {
    const std::size_t step = std::min<std::size_t>(size - done, 512);
    SystemRandom().Fill(std::span(bytes).subspan(done, step));
    done += step;
  }
  return bytes;
}

// Seconds a group, to print ratios at the end.
std::map<std::pair<std::string, int>, double> group_seconds;

void Report(benchmark::State& state, const std::string& name, double wall, double cpu, double syncs) {
  const auto group = static_cast<double>(state.range(0));
  const auto records = static_cast<double>(state.iterations()) * group;
  state.SetItemsProcessed(state.iterations() * state.range(0));
  state.counters["us_record"] = wall * 1e6 / records;
  state.counters["cpu_us_record"] = cpu * 1e6 / records;
  if (syncs > 0) state.counters["append_us_record"] = (wall - syncs) * 1e6 / records;
  group_seconds[{name, static_cast<int>(state.range(0))}] = wall / static_cast<double>(state.iterations());
}

RocksLogOptions OptionsIn(const BenchFolder& folder) {
  const fs::path key = folder.path() / "key";
  if (!fs::exists(key) && !CreateMasterKeyFile(key)) std::abort();
  return {.directory = folder.path() / "log",
          .master_key = MasterKeyFile{key},
          .if_absent = IfAbsent::kCreate,
          .ballast_bytes = 0,
          .environment = {}};
}

// Records of 200 trajectories, an index row each.
class Records {
 public:
  Records() : entry_(Noise(kEntryBytes)), payload_(Noise(kPayloadBytes)), scopes_(200) {
    for (DataScope& scope : scopes_) scope = SystemRandom().Draw<DataScope>();
  }
  const LogBatch& Next(std::size_t group) {
    batch_.entries.clear();
    batch_.rows.clear();
    Hash32 salt{};
    for (std::size_t i = 0; i < group; ++i, ++made_) {
      SystemRandom().Fill(salt);
      batch_.entries.push_back({scopes_[made_ % scopes_.size()], entry_, salt, payload_});
      batch_.rows.push_back({1, Bytes(salt.begin(), salt.begin() + 16), Bytes(8)});
    }
    return batch_;
  }

 private:
  Bytes entry_;
  Bytes payload_;
  std::vector<DataScope> scopes_;
  LogBatch batch_;
  std::size_t made_ = 0;
};

double ResidentMebibytes() {
  std::ifstream status("/proc/self/statm");
  std::size_t total = 0;
  std::size_t resident = 0;
  status >> total >> resident;
  return static_cast<double>(resident) * static_cast<double>(::sysconf(_SC_PAGESIZE)) / (1U << 20);
}

void StoreGroups(benchmark::State& state) {
  BenchFolder folder;
  auto log = OpenRocksLog(OptionsIn(folder));
  if (!log) return state.SkipWithError(ToText(log.error()).c_str());
  const auto group = static_cast<std::size_t>(state.range(0));
  Records records;
  double cpu = 0;
  double wall = 0;
  double syncing = 0;
  std::uint64_t last = 0;
  for (auto _ : state) {
    state.PauseTiming();
    const LogBatch& batch = records.Next(group);
    state.ResumeTiming();
    const double cpu_begin = ThreadCpuSeconds();
    const double begin = WallSeconds();
    auto end = (*log)->Append(batch, Sequence(last));
    const double appended = WallSeconds();
    if (!end || !(*log)->Sync()) return state.SkipWithError("the disk refused");
    const double synced = WallSeconds();
    last = end->value();
    cpu += ThreadCpuSeconds() - cpu_begin;
    wall += synced - begin;
    syncing += synced - appended;
  }
  Report(state, "store", wall, cpu, syncing);
}
BENCHMARK(StoreGroups)->Arg(1)->Arg(16)->Arg(64)->Arg(256)->Arg(1024)->UseRealTime()->MeasureProcessCPUTime();

void RocksDbGroups(benchmark::State& state) {
  BenchFolder folder;
  rocksdb::Options options;
  options.create_if_missing = true;
  options.compression = rocksdb::kNoCompression;
  rocksdb::DB* raw = nullptr;
  if (!rocksdb::DB::Open(options, (folder.path() / "db").string(), &raw).ok())
    return state.SkipWithError("no database");
  std::unique_ptr<rocksdb::DB> db(raw);
  const Bytes value = Noise(kEntryBytes + kPayloadBytes);
  rocksdb::WriteOptions sync;
  sync.sync = true;
  std::uint64_t sequence = 0;
  double wall = 0;
  double cpu = 0;
  for (auto _ : state) {
    const double cpu_begin = ThreadCpuSeconds();
    const double begin = WallSeconds();
    rocksdb::WriteBatch batch;
    for (std::int64_t i = 0; i < state.range(0); ++i) {
      ++sequence;
      char key[8];
      for (int b = 0; b < 8; ++b) key[b] = static_cast<char>(sequence >> (56 - 8 * b));
      batch.Put(rocksdb::Slice(key, 8), rocksdb::Slice(reinterpret_cast<const char*>(value.data()), value.size()))
          .PermitUncheckedError();
    }
    if (!db->Write(sync, &batch).ok()) return state.SkipWithError("the disk refused");
    wall += WallSeconds() - begin;
    cpu += ThreadCpuSeconds() - cpu_begin;
  }
  Report(state, "rocksdb", wall, cpu, 0);
}
BENCHMARK(RocksDbGroups)->Arg(1)->Arg(16)->Arg(64)->Arg(256)->Arg(1024)->UseRealTime()->MeasureProcessCPUTime();

void BareSyncs(benchmark::State& state) {
  BenchFolder folder;
  const int file = ::open((folder.path() / "file").c_str(), O_WRONLY | O_CREAT, 0600);
  const Bytes bytes = Noise((kEntryBytes + kPayloadBytes) * static_cast<std::size_t>(state.range(0)));
  double wall = 0;
  double cpu = 0;
  for (auto _ : state) {
    const double cpu_begin = ThreadCpuSeconds();
    const double begin = WallSeconds();
    if (::write(file, bytes.data(), bytes.size()) < 0 || ::fdatasync(file) != 0)
      state.SkipWithError("the disk refused");
    wall += WallSeconds() - begin;
    cpu += ThreadCpuSeconds() - cpu_begin;
  }
  ::close(file);
  Report(state, "fdatasync", wall, cpu, 0);
}
BENCHMARK(BareSyncs)->Arg(1)->Arg(16)->Arg(64)->Arg(256)->Arg(1024)->UseRealTime()->MeasureProcessCPUTime();

// A log of many entries, closed and opened again; and what reading costs then.
void Restart(benchmark::State& state) {
  BenchFolder folder;
  const auto size = static_cast<std::uint64_t>(state.range(0));
  double appended = 0;
  {
    auto log = OpenRocksLog(OptionsIn(folder));
    if (!log) return state.SkipWithError(ToText(log.error()).c_str());
    Records records;
    const double begin = WallSeconds();
    for (std::uint64_t last = 0; last < size;) {
      const std::uint64_t group = std::min<std::uint64_t>(512, size - last);
      if (!(*log)->Append(records.Next(group), Sequence(last)) || !(*log)->Sync()) {
        return state.SkipWithError("the disk refused");
      }
      last += group;
    }
    appended = WallSeconds() - begin;
    state.counters["rss_mib_full"] = ResidentMebibytes();
  }
  for (auto _ : state) {
    auto log = OpenRocksLog(OptionsIn(folder));
    if (!log || (*log)->Last() != Sequence(size) || (*log)->read_only()) return state.SkipWithError("not all there");
    benchmark::DoNotOptimize(log);
    state.PauseTiming();
    constexpr int kReads = 2000;
    const auto pick = [&] {
      return Sequence(1 + SystemRandom().Draw<std::array<std::uint8_t, 1>>()[0] * (size / 256));
    };
    double begin = ThreadCpuSeconds();
    for (int i = 0; i < kReads; ++i) benchmark::DoNotOptimize((*log)->Payload(pick()));
    state.counters["payload_us"] = (ThreadCpuSeconds() - begin) * 1e6 / kReads;
    begin = ThreadCpuSeconds();
    for (std::uint64_t i = 0; i < kReads; ++i) benchmark::DoNotOptimize((*log)->Payload(Sequence(1 + i)));
    state.counters["next_payload_us"] = (ThreadCpuSeconds() - begin) * 1e6 / kReads;
    begin = ThreadCpuSeconds();
    for (int i = 0; i < kReads; ++i) benchmark::DoNotOptimize((*log)->FindRow(1, Noise(16)));
    state.counters["miss_us"] = (ThreadCpuSeconds() - begin) * 1e6 / kReads;
    begin = ThreadCpuSeconds();
    for (int i = 0; i < kReads; ++i) benchmark::DoNotOptimize((*log)->InclusionProof(pick(), size));
    state.counters["proof_us"] = (ThreadCpuSeconds() - begin) * 1e6 / kReads;
    begin = ThreadCpuSeconds();
    if (!(*log)->Recheck(Sequence(size - 2000), Sequence(size))) state.SkipWithError("recheck");
    state.counters["recheck_us"] = (ThreadCpuSeconds() - begin) * 1e6 / 2000;
    state.counters["rss_mib_read"] = ResidentMebibytes();
    state.ResumeTiming();
  }
  state.counters["append_records_s"] = static_cast<double>(size) / appended;
}
BENCHMARK(Restart)->Arg(1'000'000)->Iterations(3)->UseRealTime()->Unit(benchmark::kMillisecond);

void PrintRatios() {
  std::printf("\n%8s %22s %22s\n", "group", "store / bare RocksDB", "store / fdatasync");
  for (const auto& [key, seconds] : group_seconds) {
    if (key.first != "store") continue;
    const auto rocks = group_seconds.find({"rocksdb", key.second});
    const auto bare = group_seconds.find({"fdatasync", key.second});
    if (rocks == group_seconds.end() || bare == group_seconds.end()) continue;
    std::printf("%8d %22.2f %22.2f\n", key.second, seconds / rocks->second, seconds / bare->second);
  }
}

}  // namespace
}  // namespace schakel

int main(int argc, char** argv) {
  schakel::InitCrypto();
  benchmark::Initialize(&argc, argv);
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    if (!argument.starts_with("--dir=")) {
      std::fprintf(stderr, "bench_store: error: unknown option %s\nhint: it takes --dir=FOLDER and --benchmark_...\n",
                   argv[i]);
      return 2;
    }
    schakel::base = argument.substr(6);
  }
  benchmark::RunSpecifiedBenchmarks();
  schakel::PrintRatios();
  return 0;
}
