// Reads a TOML text field by field and remembers everything that is wrong with it, so that a program's configuration
// reads straight through and its author hears of all mistakes at once. toml++ stays behind this door.
//
// Threads: one object, one thread. Errors: nothing throws; what is wrong is in faults().
#pragma once

#include <chrono>
#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/result.h"

namespace schakel {

enum class Presence : std::uint8_t { kRequired, kOptional };

struct Bounds {
  std::uint64_t min = 0;
  std::uint64_t max = 0;
  std::string_view unit;  // "bytes"; may be empty.
};

class TomlReader {
 public:
  explicit TomlReader(std::string_view text);
  ~TomlReader();
  TomlReader(const TomlReader&) = delete;
  TomlReader& operator=(const TomlReader&) = delete;

  // A key is written with its table: "limits.credit_max". Each yields nothing if the key is absent or wrong.
  std::optional<std::string> Text(std::string_view key, Presence presence);
  std::optional<bool> Flag(std::string_view key, Presence presence);
  std::optional<std::uint64_t> Integer(std::string_view key, Presence presence, const Bounds& bounds);
  std::optional<std::vector<std::string>> Texts(std::string_view key, Presence presence);

  // Leaves `to` as it is if the key is absent.
  template <std::unsigned_integral Number>
  void Integer(std::string_view key, Number& to, const Bounds& bounds) {
    if (auto value = Integer(key, Presence::kOptional, bounds)) to = static_cast<Number>(*value);
  }
  template <typename Rep, typename Period>
  void Duration(std::string_view key, std::chrono::duration<Rep, Period>& to, const Bounds& bounds) {
    if (auto value = Integer(key, Presence::kOptional, bounds)) {
      to = std::chrono::duration<Rep, Period>(static_cast<Rep>(*value));
    }
  }

  void Refuse(std::string rule, std::string_view key, std::string next);
  // Refuses every key that nobody asked for: most likely a slip of the pen. To be called last.
  void RefuseOthers();

  // False: the text is no TOML, and faults() says where.
  bool parsed() const;
  const std::vector<Error>& faults() const { return faults_; }

 private:
  struct Document;
  bool Asked(std::string_view key) const;
  void RefuseType(std::string_view key, std::string_view wanted);

  std::unique_ptr<Document> document_;  // None: it could not be parsed.
  std::vector<std::string> asked_;
  std::vector<Error> faults_;
};

}  // namespace schakel
