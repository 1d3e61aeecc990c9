#include <algorithm>
#include <cctype>

#include "agents/keeping.h"
#include "journal.h"

namespace schakel {

std::vector<SealedService::Row> SealedService::List(const std::optional<TrajectoryId>& trajectory) const {
  std::map<RecordId, std::vector<Unsealing>> opened;
  for (Unsealing& one : engine_.Unsealings()) opened[one.record].push_back(std::move(one));
  std::vector<Row> rows;
  for (SealedItem& sealed : engine_.Sealed()) {
    if (trajectory && sealed.trajectory != *trajectory) continue;
    // Pieces of a file are sealed with it, and no item by themselves.
    const auto held = engine_.Find(sealed.record);
    if (held && held->header.kind == Kind::kAttachmentChunk) continue;
    Row row{std::move(sealed), {}};
    if (auto found = opened.find(row.sealed.record); found != opened.end()) row.opened = found->second;
    rows.push_back(std::move(row));
  }
  return rows;
}

Result<RecordId> SealedService::Find(std::string_view digits) const {
  std::string prefix(digits);
  std::ranges::transform(prefix, prefix.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  std::vector<RecordId> found;
  for (const SealedItem& sealed : engine_.Sealed()) {
    if (ToText(sealed.record).starts_with(prefix)) found.push_back(sealed.record);
  }
  if (found.empty()) return Fail(Code::kNotFound, "id.unknown", "record", "check the id");
  if (found.size() > 1) return Fail(Code::kConflict, "id.ambiguous", "record", "give more digits of the id");
  return found.front();
}

Result<Reading::Shown> SealedService::Open(const RecordId& record, const Caller& caller, const std::string& why,
                                           std::chrono::milliseconds patience) {
  SCHAKEL_ASSIGN(HeldRecord held, engine_.FindSealed(record));
  const auto opened = engine_.Unseal(record, caller.person, why, patience);
  if (!opened) {
    if (opened.error().code == Code::kDenied) {
      SCHAKEL_TRY(Note(engine_, {clock_.Now(),
                                 Act::What::kTurnedAway,
                                 held.header.trajectory,
                                 record,
                                 caller.person,
                                 caller.reason,
                                 {},
                                 {},
                                 AccessRow::Barred::kSealed}));
    }
    return std::unexpected(opened.error());
  }
  const Body& body = *opened;
  SCHAKEL_ASSIGN(TypedBody typed, DecodeBody(body));
  Reading::Shown shown;
  if (const auto* marked = std::get_if<MarkedBody>(&typed)) shown.exception = marked->exception;
  shown.held = std::move(held);
  shown.body = Unmarked(std::move(typed));
  return shown;
}

}  // namespace schakel
