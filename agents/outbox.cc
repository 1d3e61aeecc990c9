#include "outbox.h"

#include <algorithm>

namespace schakel {
namespace {

constexpr std::size_t kWindowRecords = 512;
constexpr std::size_t kRecordOverheadBytes = 256;
constexpr std::size_t kStanzaBytes = 192;
constexpr auto kSendAgainAfter = std::chrono::milliseconds(500);
// How long the organisations have, once the first is back, to give a hub back what it lost: each builds on the others.
constexpr auto kRecovery = std::chrono::minutes(10);
constexpr auto kRecoveryPause = std::chrono::seconds(2);
constexpr auto kSuspendedPause = std::chrono::seconds(30);

enum class Verdict : std::uint8_t { kFinal, kLater, kMuchLater };

// What concerns the hub's or the organisation's state, not the record, may be otherwise next time.
Verdict Weigh(const Error& error) {
  if (error.rule == "admit.suspended" || error.rule == "admit.enrolled") return Verdict::kMuchLater;
  switch (error.code) {
    case Code::kUnavailable:
    case Code::kLimit:
    case Code::kInternal:
    case Code::kCorrupt:
    case Code::kTampered:
      return Verdict::kLater;
    default:
      return Verdict::kFinal;
  }
}

std::size_t BytesOf(const SealedRecord& record) {
  return record.header.size() + record.ciphertext.size() + record.recipients.stanzas.size() * kStanzaBytes +
         kRecordOverheadBytes;
}

}  // namespace

void OutboxSender::Add(std::uint64_t number, const Header& header) {
  waiting_.insert(number);
  const auto* views = std::get_if<Views>(&header.control);
  if (views == nullptr) return;
  looks_of_[number] = views->views.size();
  looks_ += views->views.size();
}

void OutboxSender::DropLooks(std::uint64_t number) {
  const auto found = looks_of_.find(number);
  if (found == looks_of_.end()) return;
  looks_ -= found->second;
  looks_of_.erase(found);
}

void OutboxSender::OnReady(const WireLimits& limits) {
  limits_ = limits;
  limits_.batch_records_max = std::clamp<std::uint64_t>(limits.batch_records_max, 1, kSignatureBatchMax);
  limits_.in_flight_max = std::clamp<std::uint64_t>(limits.in_flight_max, 1, kWindowRecords);
  ready_ = true;
  pausing_ = false;
  if (!recover_until_) recover_until_ = clock_.Steady() + kRecovery;
}

void OutboxSender::OnDisconnected() {
  ready_ = false;
  for (const auto& [first, numbers] : in_flight_) waiting_.insert(numbers.begin(), numbers.end());
  in_flight_.clear();
  in_flight_records_ = 0;
}

Status OutboxSender::Pump() {
  if (!ready_ || step_.distrusted()) return {};
  if (pausing_) {
    if (!in_flight_.empty() || clock_.Steady() < resume_at_) return {};
    pausing_ = false;
  }
  while (!waiting_.empty() && in_flight_records_ < limits_.in_flight_max) {
    Numbers numbers;
    SCHAKEL_ASSIGN(auto batch, Gather(numbers));
    if (!batch) return {};
    const std::uint64_t first = numbers.front();
    for (std::uint64_t number : numbers) waiting_.erase(number);
    in_flight_records_ += numbers.size();
    in_flight_.emplace(first, std::move(numbers));
    requests_.Ask(Submit{std::move(*batch)}, clock_.Steady(),
                  [this, first](MessagePayload& reply) { OnReply(first, reply); });
  }
  return {};
}

// The next ones in order, as many as fit in one message; nothing: all have to wait.
Result<std::optional<SignedBatch>> OutboxSender::Gather(Numbers& numbers) {
  std::vector<SealedRecord> records;
  const SigningKey* key = &keys_.record;
  std::size_t bytes = 1024;
  const std::size_t most = std::min(limits_.batch_records_max, limits_.in_flight_max - in_flight_records_);
  Numbers erased;
  for (std::uint64_t number : waiting_) {
    auto found = vault_.Record(number);
    if (!found && found.error().code == Code::kNotFound) {
      erased.push_back(number);
      continue;
    }
    SCHAKEL_ASSIGN(StoredRecord head, std::move(found));
    SCHAKEL_ASSIGN(const Header header, DecodeHeader(head.header));
    if (hold_content_ && IsContent(header.kind)) continue;
    const SigningKey* named = keys_.FindRecord(header.signer);
    if (named == nullptr) return Fail(Code::kCorrupt, "vault.row", "record.signer");
    // One signature is by one key: what was said before the keys changed leaves apart.
    if (!records.empty() && named != key) break;
    key = named;
    SCHAKEL_ASSIGN(StoredContent content, vault_.Content(number));
    SealedRecord record{std::move(head.header), std::move(*content.recipients), std::move(content.ciphertext)};
    bytes += BytesOf(record);
    if (!records.empty() && bytes > limits_.message_bytes_max) break;
    records.push_back(std::move(record));
    numbers.push_back(number);
    if (records.size() >= most || number <= singly_up_to_ || held_up_.contains(number)) break;
  }
  for (const std::uint64_t number : erased) {
    waiting_.erase(number);
    DropLooks(number);
  }
  if (records.empty()) return std::nullopt;
  return SignBatch(std::move(records), *key);
}

void OutboxSender::OnReply(std::uint64_t first, MessagePayload& reply) {
  Numbers numbers = std::move(in_flight_.at(first));
  in_flight_.erase(first);
  in_flight_records_ -= numbers.size();
  if (const auto* error = std::get_if<Error>(&reply)) return OnBatchRefused(numbers, *error);
  auto* ack = std::get_if<SubmitAck>(&reply);
  if (!ack || ack->outcomes.size() != numbers.size()) {
    waiting_.insert(numbers.begin(), numbers.end());
    return step_.Distrust({Code::kTampered, "hub.acknowledgement", "outcomes", {}});
  }
  for (std::size_t i = 0; i < numbers.size(); ++i) OnOutcome(numbers[i], ack->outcomes[i]);
}

void OutboxSender::OnBatchRefused(const Numbers& numbers, const Error& error) {
  const bool final = Weigh(error) == Verdict::kFinal;
  if (final && numbers.size() > 1) {
    singly_up_to_ = numbers.back();
    for (std::uint64_t number : numbers) TryAgain(number, {});
    return;
  }
  Outcome outcome;
  outcome.error = error;
  for (std::uint64_t number : numbers) OnOutcome(number, outcome);
}

void OutboxSender::OnOutcome(std::uint64_t number, Outcome& outcome) {
  if (!outcome.error) return Accept(number, outcome);
  // Only what was said before the operator let go of the head: otherwise a hub that shows others another history could
  // have the claims removed that would give it away.
  if (outcome.error->rule == "record.seen" && number <= forgotten_up_to_ && !resealed_.contains(number)) {
    resealed_.insert(number);
    if (reseal(number)) return TryAgain(number, {});
  }
  switch (Weigh(*outcome.error)) {
    case Verdict::kLater:
      return TryAgain(number, kSendAgainAfter);
    case Verdict::kMuchLater:
      return TryAgain(number, kSuspendedPause);
    case Verdict::kFinal:
      if (MayHealByItself(number, *outcome.error)) {
        held_up_.insert(number);
        return TryAgain(number, kRecoveryPause);
      }
      held_up_.erase(number);
      // It may have failed only because one before it has not arrived yet.
      return IsFirst(number) ? Refuse(number, *outcome.error) : TryAgain(number, kSendAgainAfter);
  }
}

// The hub lost history, and what this record builds on (an invitation, somebody's joining) is another's to give back.
bool OutboxSender::MayHealByItself(std::uint64_t number, const Error& error) const {
  return number <= forgotten_up_to_ && error.rule.starts_with("admit.") && !RecoveryIsOver();
}

// Whether nothing said earlier is still to be settled.
bool OutboxSender::IsFirst(std::uint64_t number) const {
  return (waiting_.empty() || *waiting_.begin() > number) && (in_flight_.empty() || in_flight_.begin()->first > number);
}

void OutboxSender::TryAgain(std::uint64_t number, std::chrono::milliseconds pause) {
  waiting_.insert(number);
  pausing_ = true;
  resume_at_ = std::max(resume_at_, clock_.Steady() + pause);
}

void OutboxSender::Forget(const std::set<std::uint64_t>& numbers) {
  for (const std::uint64_t number : numbers) {
    waiting_.erase(number);
    held_up_.erase(number);
    DropLooks(number);
  }
}

void OutboxSender::Accept(std::uint64_t number, Outcome& outcome) {
  if (outcome.sequence == Sequence{}) {
    waiting_.insert(number);
    return step_.Distrust({Code::kTampered, "hub.acknowledgement", "sequence", {}});
  }
  held_up_.erase(number);
  auto head = vault_.Record(number);
  if (!head && head.error().code == Code::kNotFound) return;  // Erased meanwhile.
  if (!head) return TryAgain(number, kSendAgainAfter);
  auto header = DecodeHeader(head->header);
  if (!header) return TryAgain(number, kSendAgainAfter);
  head->state = RecordState::kAccepted;
  head->sequence = outcome.sequence;
  head->at = outcome.at;
  head->refused = std::move(outcome.refused);
  step_.writes().PutRecord(number, *head, *header);
  step_.writes().PutOutbox(number, OutboxState::kAcknowledged);
  DropLooks(number);
  step_.TellOf(Engine::Change::What::kOutcome, *header);
  knowledge_.Accept(*header, outcome.sequence);
  on_accepted(number, outcome.sequence, *header);
}

void OutboxSender::Refuse(std::uint64_t number, const Error& error) {
  auto head = vault_.Record(number);
  if (!head && head.error().code == Code::kNotFound) return;  // Erased meanwhile.
  if (!head) return TryAgain(number, kSendAgainAfter);
  auto header = DecodeHeader(head->header);
  if (!header) return TryAgain(number, kSendAgainAfter);
  head->state = RecordState::kRefused;
  head->error = error;
  step_.writes().PutRecord(number, *head, *header);
  step_.writes().DropOutbox(number);
  DropLooks(number);
  // Nobody waits for the outcome of these, so somebody has to be told.
  if (header->kind == Kind::kViews) step_.Raise(Alarm::Fault::kNotice, error, {}, header->id);
  step_.TellOf(Engine::Change::What::kOutcome, *header);
  knowledge_.Drop(*header);
}

}  // namespace schakel
