// A disk that fails on demand, under RocksDB: writes and syncs that are refused, space that runs out, and a power cut
// that takes with it what was never synced.
//
// Threads: any; RocksDB writes from several.
#pragma once

#include <rocksdb/env.h>
#include <rocksdb/file_system.h>
#include <rocksdb/system_clock.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "store_environment.h"

namespace schakel::test {

class FaultFiles final : public rocksdb::FileSystemWrapper {
 public:
  static constexpr std::uint64_t kNever = std::numeric_limits<std::uint64_t>::max();

  FaultFiles() : rocksdb::FileSystemWrapper(rocksdb::FileSystem::Default()) {}
  const char* Name() const override { return "FaultFiles"; }

  // The WAL's writes and syncs count from 0; from the given one on each is refused.
  void FailWalWritesFrom(std::uint64_t count) { Set(&State::fail_wal_writes_from, count); }
  void FailWalSyncsFrom(std::uint64_t count) { Set(&State::fail_wal_syncs_from, count); }
  // Any file; what would go beyond is refused with "no space".
  void SetSpace(std::uint64_t bytes) { Set(&State::space, bytes); }
  // The disk is full for as long as `full` says so.
  void SetFullWhile(std::function<bool()> full) {
    std::lock_guard lock(mutex_);
    full_ = std::move(full);
  }
  std::uint64_t wal_syncs() const {
    std::lock_guard lock(mutex_);
    return state_.wal_syncs;
  }
  std::uint64_t wal_writes() const {
    std::lock_guard lock(mutex_);
    return state_.wal_writes;
  }

  // From here on nothing reaches the disk any more, as if the machine had stopped.
  void Freeze() {
    std::lock_guard lock(mutex_);
    state_.frozen = true;
  }
  // After Freeze() and closing: takes from each file what was not synced, but for `kept` bytes of it.
  void LoseUnsynced(std::uint64_t kept) {
    std::lock_guard lock(mutex_);
    for (const auto& [path, synced] : synced_) {
      std::error_code error;
      const std::uint64_t size = std::filesystem::file_size(path, error);
      if (!error && size > synced + kept) std::filesystem::resize_file(path, synced + kept);
    }
  }

  rocksdb::IOStatus NewWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* result,
                                    rocksdb::IODebugContext* debug) override {
    if (frozen()) return Refused();
    std::unique_ptr<rocksdb::FSWritableFile> file;
    rocksdb::IOStatus status = target()->NewWritableFile(path, options, &file, debug);
    if (!status.ok()) return status;
    {
      std::lock_guard lock(mutex_);
      synced_[path] = 0;
    }
    *result = std::make_unique<File>(*this, path, std::move(file));
    return status;
  }
  rocksdb::IOStatus DeleteFile(const std::string& path, const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* debug) override {
    if (frozen()) return Refused();
    {
      std::lock_guard lock(mutex_);
      synced_.erase(path);
    }
    return target()->DeleteFile(path, options, debug);
  }
  rocksdb::IOStatus RenameFile(const std::string& from, const std::string& to, const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* debug) override {
    if (frozen()) return Refused();
    {
      std::lock_guard lock(mutex_);
      if (auto found = synced_.find(from); found != synced_.end()) {
        synced_[to] = found->second;
        synced_.erase(found);
      }
    }
    return target()->RenameFile(from, to, options, debug);
  }

 private:
  struct State {
    std::uint64_t fail_wal_writes_from = kNever;
    std::uint64_t fail_wal_syncs_from = kNever;
    std::uint64_t space = kNever;
    std::uint64_t wal_writes = 0;
    std::uint64_t wal_syncs = 0;
    bool frozen = false;
  };

  class File final : public rocksdb::FSWritableFileOwnerWrapper {
   public:
    File(FaultFiles& files, std::string path, std::unique_ptr<rocksdb::FSWritableFile> file)
        : rocksdb::FSWritableFileOwnerWrapper(std::move(file)),
          files_(files),
          path_(std::move(path)),
          wal_(path_.ends_with(".log")) {}

    rocksdb::IOStatus Append(const rocksdb::Slice& data, const rocksdb::IOOptions& options,
                             rocksdb::IODebugContext* debug) override {
      if (rocksdb::IOStatus status = files_.BeforeWrite(wal_, data.size()); !status.ok()) return status;
      written_ += data.size();
      return FSWritableFileWrapper::Append(data, options, debug);
    }
    rocksdb::IOStatus Append(const rocksdb::Slice& data, const rocksdb::IOOptions& options,
                             const rocksdb::DataVerificationInfo& /*verification*/,
                             rocksdb::IODebugContext* debug) override {
      return Append(data, options, debug);
    }
    rocksdb::IOStatus Sync(const rocksdb::IOOptions& options, rocksdb::IODebugContext* debug) override {
      if (rocksdb::IOStatus status = files_.BeforeSync(wal_); !status.ok()) return status;
      const rocksdb::IOStatus status = FSWritableFileWrapper::Sync(options, debug);
      if (status.ok()) files_.Synced(path_, written_);
      return status;
    }
    rocksdb::IOStatus Fsync(const rocksdb::IOOptions& options, rocksdb::IODebugContext* debug) override {
      return Sync(options, debug);
    }
    // Writes back early and promises nothing.
    rocksdb::IOStatus RangeSync(std::uint64_t, std::uint64_t, const rocksdb::IOOptions&,
                                rocksdb::IODebugContext*) override {
      return rocksdb::IOStatus::OK();
    }
    rocksdb::IOStatus Truncate(std::uint64_t size, const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* debug) override {
      if (files_.frozen()) return Refused();
      return FSWritableFileWrapper::Truncate(size, options, debug);
    }

   private:
    FaultFiles& files_;
    std::string path_;
    bool wal_;
    std::uint64_t written_ = 0;
  };

  static rocksdb::IOStatus Refused() { return rocksdb::IOStatus::IOError("refused by the test"); }
  void Set(std::uint64_t State::* field, std::uint64_t value) {
    std::lock_guard lock(mutex_);
    state_.*field = value;
  }
  bool frozen() const {
    std::lock_guard lock(mutex_);
    return state_.frozen;
  }
  rocksdb::IOStatus BeforeWrite(bool wal, std::uint64_t bytes) {
    std::lock_guard lock(mutex_);
    if (state_.frozen) return Refused();
    if (wal && state_.wal_writes++ >= state_.fail_wal_writes_from) return Refused();
    if (full_ != nullptr && full_()) return rocksdb::IOStatus::NoSpace("full, says the test");
    if (state_.space != kNever) {
      if (bytes > state_.space) return rocksdb::IOStatus::NoSpace("full, says the test");
      state_.space -= bytes;
    }
    return rocksdb::IOStatus::OK();
  }
  rocksdb::IOStatus BeforeSync(bool wal) {
    std::lock_guard lock(mutex_);
    if (state_.frozen) return Refused();
    if (wal && state_.wal_syncs++ >= state_.fail_wal_syncs_from) return Refused();
    return rocksdb::IOStatus::OK();
  }
  void Synced(const std::string& path, std::uint64_t size) {
    std::lock_guard lock(mutex_);
    synced_[path] = size;
  }

  mutable std::mutex mutex_;
  State state_;
  std::function<bool()> full_;
  std::map<std::string, std::uint64_t> synced_;  // Of each file that was written: how much is on the disk.
};

// RocksDB sleeps a second after a table that could not be written; nobody else waits for that.
class SleeplessClock final : public rocksdb::SystemClockWrapper {
 public:
  SleeplessClock() : rocksdb::SystemClockWrapper(rocksdb::SystemClock::Default()) {}
  const char* Name() const override { return "SleeplessClock"; }
  void SleepForMicroseconds(int /*micros*/) override { std::this_thread::yield(); }
};

class FaultEnv final : public rocksdb::EnvWrapper {
 public:
  explicit FaultEnv(std::shared_ptr<FaultFiles> files) : rocksdb::EnvWrapper(rocksdb::Env::Default()) {
    file_system_ = std::move(files);
    system_clock_ = std::make_shared<SleeplessClock>();
  }
  const char* Name() const override { return "FaultEnv"; }
};

inline std::shared_ptr<StoreEnvironment> EnvironmentOf(std::shared_ptr<FaultFiles> files) {
  auto environment = std::make_shared<StoreEnvironment>();
  environment->env = std::make_shared<FaultEnv>(std::move(files));
  return environment;
}

}  // namespace schakel::test
