// Where disk faults enter: tests hand the store an environment whose file system is theirs.
#pragma once

#include <rocksdb/env.h>

#include <cstdint>
#include <functional>
#include <memory>

namespace schakel {

struct StoreEnvironment {
  std::shared_ptr<rocksdb::Env> env;                    // Under the database; never null.
  std::function<std::uint64_t()> room_bytes = nullptr;  // What the disk has left; null: the disk is asked.
};

}  // namespace schakel
