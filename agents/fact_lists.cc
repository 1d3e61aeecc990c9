#include "fact_lists.h"

namespace schakel {
namespace {

std::string RowName(std::string_view list, std::uint64_t number) {
  return std::string(list) + "." + std::to_string(number);
}

}  // namespace

// Doubles until there is no such row, then halves.
Result<std::uint64_t> FactLists::CountOf(const std::string& list) const {
  std::uint64_t known = 0;
  std::uint64_t step = 1;
  while (true) {
    SCHAKEL_ASSIGN(const auto row, vault_.Fact(RowName(list, known + step)));
    if (!row) break;
    known += step;
    step *= 2;
  }
  for (; step > 0; step /= 2) {
    SCHAKEL_ASSIGN(const auto row, vault_.Fact(RowName(list, known + step)));
    if (row) known += step;
  }
  return known;
}

Status FactLists::Append(std::string_view list, ByteView value) {
  std::lock_guard lock(mutex_);
  const std::string name(list);
  auto found = counts_.find(name);
  if (found == counts_.end()) {
    SCHAKEL_ASSIGN(const std::uint64_t count, CountOf(name));
    found = counts_.emplace(name, count).first;
  }
  VaultBatch batch;
  batch.PutFact(RowName(name, found->second + 1), value);
  SCHAKEL_TRY(vault_.Commit(batch));
  ++found->second;
  return {};
}

Status FactLists::Visit(std::string_view list, const std::function<bool(ByteView)>& visit) const {
  for (std::uint64_t number = 1;; ++number) {
    SCHAKEL_ASSIGN(const auto row, vault_.Fact(RowName(list, number)));
    if (!row || !visit(*row)) return {};
  }
}

}  // namespace schakel
