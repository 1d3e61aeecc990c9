#include "lead_teller.h"

#include <utility>

#include "protocol/codec.h"

namespace schakel {
namespace {

constexpr auto kTellAgain = std::chrono::minutes(10);
constexpr std::size_t kStatementsMax = 1U << 14;
constexpr std::size_t kRowBytes = 16;  // Of one statement, besides its header.

}  // namespace

Body EncodeOverview(const std::vector<PolicyBook::Told>& told, std::size_t& first) {
  std::vector<std::pair<Sequence, Bytes>> rows;
  std::size_t bytes = 0;
  for (; first < told.size() && rows.size() < kStatementsMax; ++first) {
    Bytes header = EncodeHeader(told[first].header);
    bytes += header.size() + kRowBytes;
    if (bytes > kOverviewBytesMax && !rows.empty()) break;
    rows.emplace_back(told[first].sequence, std::move(header));
  }
  Encoder to;
  to.Array(rows.size());
  for (const auto& [sequence, header] : rows) to.Array(2).Uint(sequence.value()).Binary(header);
  return {kOverviewType, 1, to.Take()};
}

Result<std::vector<PolicyBook::Told>> DecodeOverview(const Body& body) {
  if (body.type != kOverviewType) return Fail(Code::kInvalid, "lead.overview", "body.type");
  if (body.version != 1) return Fail(Code::kVersion, "lead.overview", "body.version", "update this program to read it");
  Decoder from(body.content);
  std::vector<PolicyBook::Told> told;
  const std::size_t count = from.ArrayBetween(0, kStatementsMax, "overview");
  for (std::size_t i = 0; i < count && from.ok(); ++i) {
    from.Array(2, "overview.statement");
    const Sequence sequence(from.Uint("overview.sequence"));
    const ByteView bytes = from.Binary("overview.header", kHeaderBytesMax);
    if (!from.ok()) break;
    SCHAKEL_ASSIGN(Header header, DecodeHeader(bytes));
    told.push_back({std::move(header), sequence});
  }
  SCHAKEL_TRY(from.Finish());
  return told;
}

void LeadTeller::Note(const Header& header) {
  if (header.kind != Kind::kLeadAccept && header.kind != Kind::kLeadPassed) return;
  const bool to_us = header.kind == Kind::kLeadPassed && header.author != knowledge_.self();
  if (to_us) overviews_.insert(header.id);
  passed_.insert(header.trajectory);
  not_before_ = {};
}

Result<bool> LeadTeller::Pump() {
  for (const RecordId& record : std::exchange(overviews_, {})) {
    if (Status taken = TakeIn(record); !taken) step_.RaiseOnce(Alarm::Fault::kNotice, taken.error());
  }
  if (!passed_.empty() && clock_.Steady() >= not_before_) {
    std::set<TrajectoryId> later;
    for (const TrajectoryId& id : passed_) {
      const auto trajectory = knowledge_.FindTrajectory(id);
      if (!trajectory || trajectory->erased()) continue;
      for (const FormerLead& former : trajectory->former) {
        if (former.told) continue;
        // What it was not told itself, it cannot pass on yet.
        if (former.organisation != knowledge_.self()) break;
        if (Status told = TellAll(id, *trajectory, former); !told) {
          step_.RaiseOnce(Alarm::Fault::kNotice, told.error());
          later.insert(id);
        }
      }
    }
    passed_ = std::move(later);
    if (!passed_.empty()) not_before_ = clock_.Steady() + kTellAgain;
  }
  return !step_.empty();
}

Status LeadTeller::TakeIn(const RecordId& record) {
  SCHAKEL_ASSIGN(const std::uint64_t number, vault_.NumberOf(record));
  SCHAKEL_ASSIGN(const StoredRecord stored, vault_.Record(number));
  SCHAKEL_ASSIGN(const Header header, DecodeHeader(stored.header));
  const auto* passed = std::get_if<LeadPassed>(&header.control);
  const auto known = knowledge_.FindTrajectory(header.trajectory);
  if (passed == nullptr || passed->lead != knowledge_.self() || !known || known->erased()) return {};
  SCHAKEL_ASSIGN(const StoredContent content, vault_.Content(number));
  SCHAKEL_ASSIGN(const Body body,
                 OpenBody(content.ciphertext, content.key, stored.header, header.author, content.recipients_root));
  SCHAKEL_ASSIGN(std::vector<PolicyBook::Told> told, DecodeOverview(body));
  // Of the same trajectory, before it was told; and nobody tells us what we said ourselves.
  std::erase_if(told, [&](const PolicyBook::Told& one) {
    return one.header.trajectory != header.trajectory || one.header.author == knowledge_.self() ||
           one.sequence == Sequence{} || one.sequence >= stored.sequence;
  });
  knowledge_.AddTold(header.trajectory, std::move(told));
  step_.Tell({Engine::Change::What::kRecord, header.id, header.trajectory});
  return {};
}

Status LeadTeller::TellAll(const TrajectoryId& id, const Trajectory& trajectory, const FormerLead& former) {
  const std::vector<PolicyBook::Told> told = knowledge_.ToldBefore(id, former.accept);
  if (told.empty()) return {};  // The log has the acceptance, and we have yet to see where.
  LeadPassed passed{former.accept, trajectory.SuccessorOf(former), false};
  // Whoever left does not hear of the acceptance itself. Who is suspended cannot be told.
  for (const auto& [organisation, member] : trajectory.members) {
    if (member.status != MemberStatus::kLeft || organisation == passed.lead) continue;
    const auto known = knowledge_.FindOrganisation(organisation);
    if (!known || known->statement.status != OrgStatus::kActive) continue;
    SCHAKEL_TRY(Tell(id, passed, organisation, {}));
  }
  for (std::size_t next = 0; next < told.size();) {
    Body body = EncodeOverview(told, next);
    passed.last = next == told.size();
    SCHAKEL_TRY(Tell(id, passed, passed.lead, std::move(body)));
  }
  return {};
}

Status LeadTeller::Tell(const TrajectoryId& id, const LeadPassed& passed, const OrgId& to, Body body) {
  Draft draft;
  draft.kind = Kind::kLeadPassed;
  draft.trajectory = id;
  draft.references = {passed.accept};
  draft.control = passed;
  draft.recipients = {to};
  draft.body = std::move(body);
  SCHAKEL_ASSIGN([[maybe_unused]] const RecordId said, say(draft));
  return {};
}

}  // namespace schakel
