// Under which names people of this organisation were known here before, and under which they are now.
//
// Tasks, looks and acts are kept with the name that a person had then. A name that an account ever had is never another
// person's: so whoever is asked about under an old name, or did something under it, is found by the account behind it.
// Threads: any. Durability: rows are written in the same step as the account that changes.
#pragma once

#include <map>
#include <string>

#include "agents/engine.h"

namespace schakel {

class FormerNames {
 public:
  static constexpr const char* kSet = "people.names";

  struct Was {
    Id128 account{};   // Whose name it was, and is for good.
    std::string name;  // As it was written.
    std::string now;   // What that person is called.
    friend bool operator==(const Was&, const Was&) = default;
  };
  static Result<FormerNames> Of(const Engine& engine);

  // What the person of that name is called now; `name` itself where it never changed.
  std::string Now(const std::string& name) const;
  // Null: nobody was ever called so and is called otherwise now.
  const Was* Find(const std::string& name) const;
  // Whether anybody but `account` has had that name.
  bool IsOfAnother(const std::string& name, const Id128& account) const;

  // The rows that say that `account`, called `from` until now, is called `to`: for Engine::Keep. Add takes them over.
  std::vector<Engine::KeptRow> RowsFor(const Id128& account, const std::string& from, const std::string& to) const;
  void Add(const Id128& account, const std::string& from, const std::string& to);

 private:
  std::map<std::string, Was> Renamed(const Id128& account, const std::string& from, const std::string& to) const;

  std::map<std::string, Was> names_;  // Under the key of the name (person_name.h).
};

}  // namespace schakel
