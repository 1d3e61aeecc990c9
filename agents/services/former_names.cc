#include "agents/former_names.h"

#include "agents/following.h"
#include "agents/person_name.h"
#include "protocol/codec.h"

namespace schakel {
namespace {

constexpr std::uint64_t kVersion = 1;
constexpr std::size_t kFormerNameBytesMax = 200;

Bytes Encode(const FormerNames::Was& was) {
  Encoder to;
  to.Array(4).Uint(kVersion).Binary(was.account).Text(was.name).Text(was.now);
  return to.Take();
}

Result<FormerNames::Was> Decode(ByteView bytes) {
  Decoder from(bytes);
  from.Array(4, "name");
  if (from.Uint("name.version") != kVersion) return Fail(Code::kVersion, "vault.row", "name");
  FormerNames::Was was;
  was.account = from.Fixed<16>("name.account");
  was.name = from.Text("name.name", kFormerNameBytesMax);
  was.now = from.Text("name.now", kFormerNameBytesMax);
  if (!from.Finish()) return Fail(Code::kCorrupt, "vault.row", "name");
  return was;
}

}  // namespace

Result<FormerNames> FormerNames::Of(const Engine& engine) {
  FormerNames names;
  SCHAKEL_ASSIGN(const auto rows, engine.Kept(kSet));
  for (const auto& [key, row] : rows) {
    SCHAKEL_ASSIGN(Was was, Decode(row));
    std::string of = PersonKey(was.name);
    names.names_.insert_or_assign(std::move(of), std::move(was));
  }
  return names;
}

std::string FormerNames::Now(const std::string& name) const {
  const Was* was = Find(name);
  return was == nullptr ? name : was->now;
}

const FormerNames::Was* FormerNames::Find(const std::string& name) const {
  if (names_.empty()) return nullptr;
  const auto found = names_.find(PersonKey(name));
  return found == names_.end() ? nullptr : &found->second;
}

std::vector<std::string> FormerNames::AllOf(const std::string& name) const {
  std::vector<std::string> all = {Now(name)};
  for (const auto& [key, was] : names_) {
    if (was.name != all.front() && SamePerson(was.now, all.front())) all.push_back(was.name);
  }
  return all;
}

bool FormerNames::IsOfAnother(const std::string& name, const Id128& account) const {
  const Was* was = Find(name);
  return was != nullptr && was->account != account;
}

std::map<std::string, FormerNames::Was> FormerNames::Renamed(const Id128& account, const std::string& from,
                                                             const std::string& to) const {
  std::map<std::string, Was> changed;
  for (const auto& [key, was] : names_) {
    if (was.account == account) changed[key] = {account, was.name, to};
  }
  changed[PersonKey(from)] = {account, from, to};
  return changed;
}

std::vector<Engine::KeptRow> FormerNames::RowsFor(const Id128& account, const std::string& from,
                                                  const std::string& to) const {
  std::vector<Engine::KeptRow> rows;
  for (const auto& [key, was] : Renamed(account, from, to)) rows.push_back({kSet, PersonRow(was.name), Encode(was)});
  return rows;
}

void FormerNames::Add(const Id128& account, const std::string& from, const std::string& to) {
  for (auto& [key, was] : Renamed(account, from, to)) names_[key] = std::move(was);
}

}  // namespace schakel
