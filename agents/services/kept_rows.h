// Rows that a service keeps in a set of the vault, each under the id that it carries.
#pragma once

#include <string>
#include <vector>

#include "agents/engine.h"
#include "agents/services.h"
#include "protocol/codec.h"

namespace schakel {

inline constexpr std::uint64_t kKeptRowVersion = 1;

// A row is an array that begins with its version.
inline Encoder BeginKept(std::size_t fields) {
  Encoder to;
  to.Array(fields + 1).Uint(kKeptRowVersion);
  return to;
}
inline Status EnterKept(Decoder& from, std::size_t fields, const char* name) {
  from.Array(fields + 1, name);
  if (from.Uint(name) != kKeptRowVersion) return Fail(Code::kVersion, "vault.row", name);
  return {};
}
template <typename T>
Result<T> LeaveKept(Decoder& from, T row, const char* name) {
  if (!from.Finish()) return Fail(Code::kCorrupt, "vault.row", name);
  return row;
}

template <typename T>
Result<std::vector<T>> ReadKept(const Engine& engine, const char* set, Result<T> (*decode)(ByteView)) {
  SCHAKEL_ASSIGN(const auto rows, engine.Kept(set));
  std::vector<T> all;
  for (const auto& [key, row] : rows) {
    SCHAKEL_ASSIGN(T one, decode(row));
    all.push_back(std::move(one));
  }
  return all;
}

// By its id, or by the unique first digits of it. kNotFound (`rule`), kInvalid ("id.short"), kConflict
// ("id.ambiguous").
template <typename T>
Result<T> FindKept(const std::vector<T>& all, std::string_view text, const char* rule, const char* field,
                   const char* next) {
  if (text.size() < Cases::kAbbreviationMin) {
    return Fail(Code::kInvalid, "id.short", field, "give the id, or its first 4 hex digits or more");
  }
  const T* found = nullptr;
  for (const T& one : all) {
    if (!ToHex(one.id).starts_with(text)) continue;
    if (found != nullptr) return Fail(Code::kConflict, "id.ambiguous", field, "give more digits of the id");
    found = &one;
  }
  if (found != nullptr) return *found;
  return Fail(Code::kNotFound, rule, field, next);
}

}  // namespace schakel
