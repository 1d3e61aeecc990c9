// A log around another, whose disk a test can hold up or break.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>

#include "store/log.h"

namespace schakel::test {

class WrappedLog : public Log {
 public:
  explicit WrappedLog(Log& inner) : inner_(inner) {}

  // From now on Sync() waits, until it may go on.
  void Hold(bool hold) {
    std::scoped_lock lock(mutex_);
    hold_ = hold;
    changed_.notify_all();
  }
  // From now on Sync() fails, and what was appended is lost.
  void Break() {
    std::scoped_lock lock(mutex_);
    broken_ = true;
  }
  // Until a Sync() is being held up.
  void AwaitHeld() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return held_; });
  }

  Result<Sequence> Append(const LogBatch& batch, Sequence expected_last) override {
    return inner_.Append(batch, expected_last);
  }
  Status Sync() override {
    {
      std::unique_lock lock(mutex_);
      held_ = hold_;
      changed_.notify_all();
      changed_.wait(lock, [this] { return !hold_; });
      held_ = false;
      if (broken_) return Fail(Code::kUnavailable, "log.sync", {}, "look at the disk");
    }
    return inner_.Sync();
  }
  Sequence Last() const override { return inner_.Last(); }
  TreeHead Head() const override { return inner_.Head(); }
  Status Read(Sequence first, const Visitor& visit) const override { return inner_.Read(first, visit); }
  Result<StoredEntry> Get(Sequence sequence) const override { return inner_.Get(sequence); }
  Result<Bytes> Payload(Sequence sequence) const override { return inner_.Payload(sequence); }
  Result<std::optional<Bytes>> FindRow(std::uint8_t table, ByteView key) const override {
    return inner_.FindRow(table, key);
  }
  Result<std::vector<std::optional<Bytes>>> FindRows(std::uint8_t table, std::span<const Bytes> keys) const override {
    return inner_.FindRows(table, keys);
  }
  Status ReadList(std::uint8_t table, ByteView key, std::uint64_t from,
                  const std::function<bool(std::uint64_t, ByteView)>& visit) const override {
    return inner_.ReadList(table, key, from, visit);
  }
  Result<std::optional<std::pair<std::uint64_t, Bytes>>> FindListRow(std::uint8_t table, ByteView key,
                                                                     std::uint64_t at) const override {
    return inner_.FindListRow(table, key, at);
  }
  Result<Hash32> RootAt(std::uint64_t size) const override { return inner_.RootAt(size); }
  Result<std::vector<Hash32>> InclusionProof(Sequence sequence, std::uint64_t size) const override {
    return inner_.InclusionProof(sequence, size);
  }
  Result<std::vector<Hash32>> ConsistencyProof(std::uint64_t first_size, std::uint64_t second_size) const override {
    return inner_.ConsistencyProof(first_size, second_size);
  }
  Status Recheck(Sequence after, Sequence last) const override { return inner_.Recheck(after, last); }
  Result<Verified> VerifyAll() const override { return inner_.VerifyAll(); }
  Status Erase(std::span<const DataScope> scopes) override { return inner_.Erase(scopes); }
  Status ChangeMasterKey(const MasterKeySource& source) override { return inner_.ChangeMasterKey(source); }
  Status SaveSnapshot(Sequence at, ByteView snapshot) override { return inner_.SaveSnapshot(at, snapshot); }
  Result<std::optional<std::pair<Sequence, Bytes>>> LoadSnapshot() const override { return inner_.LoadSnapshot(); }
  void Quarantine(const Error& why) override { inner_.Quarantine(why); }
  std::optional<AcceptedHead> accepted() const override { return inner_.accepted(); }
  std::optional<Error> read_only() const override { return inner_.read_only(); }

 private:
  Log& inner_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool hold_ = false;
  bool held_ = false;
  bool broken_ = false;
};

}  // namespace schakel::test
