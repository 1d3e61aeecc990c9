// Facts in a row: a list in the vault that only grows, for what services must be able to show later.
//
// Row n of list "journal" is the fact "journal.n"; rows are dense from 1, so a list needs no counter beside it.
// Threads:    any.
// Durability: Append returns when the row is synced.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <string>

#include "agents/vault.h"

namespace schakel {

class FactLists {
 public:
  explicit FactLists(Vault& vault) : vault_(vault) {}

  Status Append(std::string_view list, ByteView value);
  // Oldest first, until `visit` returns false.
  Status Visit(std::string_view list, const std::function<bool(ByteView)>& visit) const;

 private:
  Result<std::uint64_t> CountOf(const std::string& list) const;  // The vault's.

  Vault& vault_;
  mutable std::mutex mutex_;
  std::map<std::string, std::uint64_t, std::less<>> counts_;  // Of the lists appended to so far.
};

}  // namespace schakel
