# Third-party libraries; deploy/setup installs their packages.
find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(OpenSSL 3.0 REQUIRED)               # OpenSSL::Crypto
find_package(msgpack CONFIG REQUIRED)            # msgpackc-cxx
find_package(cppzmq CONFIG REQUIRED)             # cppzmq
find_package(RocksDB CONFIG REQUIRED)            # RocksDB::rocksdb-shared
find_package(Boost 1.74 REQUIRED)                # Boost::headers
find_package(nlohmann_json 3.11 CONFIG REQUIRED) # nlohmann_json::nlohmann_json
find_package(spdlog CONFIG REQUIRED)             # spdlog::spdlog
find_package(CLI11 2.1 CONFIG REQUIRED)          # CLI11::CLI11
find_package(tomlplusplus CONFIG REQUIRED)       # tomlplusplus::tomlplusplus
find_package(prometheus-cpp CONFIG REQUIRED)     # prometheus-cpp::core
find_package(CURL REQUIRED)                       # CURL::libcurl
find_package(LibIcal CONFIG REQUIRED)             # ical
find_package(ZLIB REQUIRED)                       # ZLIB::ZLIB
find_library(STEMMER_LIBRARY stemmer REQUIRED)   # libstemmer has no package file of its own
find_path(STEMMER_HEADERS libstemmer.h REQUIRED)
find_library(MAGIC_LIBRARY magic REQUIRED)       # likewise libmagic
find_path(MAGIC_HEADERS magic.h REQUIRED)
pkg_check_modules(SODIUM REQUIRED IMPORTED_TARGET libsodium)  # PkgConfig::SODIUM
