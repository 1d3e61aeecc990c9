// Where disk faults enter: tests hand the store a file system of their own.
#pragma once

#include <rocksdb/file_system.h>

#include <memory>

namespace schakel {

struct StoreEnvironment {
  std::shared_ptr<rocksdb::FileSystem> files;  // Under the database; never null.
};

}  // namespace schakel
