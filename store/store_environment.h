// Where disk faults enter: tests hand the store an environment whose file system is theirs.
#pragma once

#include <rocksdb/env.h>

#include <memory>

namespace schakel {

struct StoreEnvironment {
  std::shared_ptr<rocksdb::Env> env;  // Under the database; never null.
};

}  // namespace schakel
