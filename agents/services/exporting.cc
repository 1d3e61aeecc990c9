#include "agents/exporting.h"

#include <algorithm>
#include <map>

#include "journal.h"
#include "protocol/archive.h"

namespace schakel {
namespace {

constexpr std::size_t kBytesAroundContent = 256;

Result<Bytes> TooLarge() {
  return Fail(Code::kLimit, "archive.large", "trajectory", "take along the printable dossier and the evidence instead");
}

}  // namespace

std::vector<RecordId> RecordsToTake(const Engine& engine, const TrajectoryId& id) {
  std::vector<std::pair<Sequence, RecordId>> found;
  engine.Records([&](const HeldRecord& held) {
    const bool in_log = held.state == RecordState::kAccepted || held.state == RecordState::kReceived;
    if (held.header.trajectory == id && in_log && held.header.kind != Kind::kViews) {
      found.emplace_back(held.sequence, held.header.id);
    }
    return true;
  });
  std::ranges::sort(found);
  std::vector<RecordId> records;
  records.reserve(found.size());
  for (const auto& [sequence, record] : found) records.push_back(record);
  return records;
}

Result<Bytes> ExportService::MakeArchive(const TrajectoryId& id, const Caller& caller,
                                         std::chrono::milliseconds patience) {
  SCHAKEL_TRY(cases_.Trajectory(id));
  const std::vector<RecordId> records = RecordsToTake(engine_, id);
  if (records.size() > kArchiveRecordsMax) return TooLarge();
  // First what may fail and shows nothing.
  Archive archive;
  SCHAKEL_ASSIGN(archive.evidence, engine_.Prove(id, records, patience));
  SCHAKEL_TRY(
      Note(engine_, {clock_.Now(), Act::What::kExported, id, RecordId{}, caller.person, caller.reason, "archive"}));
  SCHAKEL_ASSIGN(const auto shown, reading_.Show(records, caller));
  if (auto turned = TurnedAway(shown)) return std::unexpected(std::move(*turned));
  std::map<RecordId, bool> opens;
  for (const Reading::Shown& one : shown) opens[one.held.header.id] = !one.sealed;
  std::size_t bytes = EncodeEvidence(archive.evidence).size();
  for (std::size_t i = 0; i < archive.evidence.entries.size(); ++i) {
    SCHAKEL_ASSIGN(const Entry entry, DecodeEntry(archive.evidence.entries[i].entry));
    const auto* record = std::get_if<RecordEntry>(&entry.body);
    if (record == nullptr) continue;
    SCHAKEL_ASSIGN(const Header header, DecodeHeader(record->header));
    if (!opens[header.id]) continue;
    SCHAKEL_ASSIGN(Engine::Content content, engine_.ContentOf(header.id));
    bytes += content.ciphertext.size() + kBytesAroundContent;
    if (bytes > kArchiveBytesMax) return TooLarge();
    archive.contents.push_back({i, content.key.bytes, std::move(content.ciphertext)});
  }
  return EncodeArchive(archive);
}

}  // namespace schakel
