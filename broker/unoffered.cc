// What stands in the log as a delivery, and was never offered to anybody: how the hub knows after a restart, and how
// the log is told that it will never leave.
//
// A row says, for as long as nobody is offered anything, how far a feed was offered. It is written when a reader goes
// before it was offered all that has its position, and when the hub stops; it is taken back, durably, before anybody is
// offered anything again. So after a crash nothing counts as never offered that may have been.
#include <algorithm>
#include <utility>

#include "broker/feeds.h"
#include "broker/routed.h"

namespace schakel {
namespace {

constexpr std::size_t kJudgedAtOnce = 128;

// An organisation that is suspended is handed nothing, and what waits for it is as it was if that ends.
bool IsForGood(Denial reason) { return reason != Denial::kSuspended && reason != Denial::kNotEnrolled; }

}  // namespace

// ---- what the log knows ----

void Feeds::Expect(const OrgId& organisation, Staging& staging) {
  const auto found = feeds_.find(organisation);
  if (found != feeds_.end()) OpenOffers(*found->second, staging);
}

void Feeds::LeaveAll(Staging& staging) {
  blocked_.clear();
  for (auto& [organisation, feed] : feeds_) {
    feed->reader.reset();
    CloseOffers(*feed, staging);
  }
}

void Feeds::OpenOffers(OrganisationFeed& feed, Staging& staging) {
  if (feed.offers != OrganisationFeed::Offers::kClosed) return;
  feed.offers = OrganisationFeed::Offers::kOpening;
  staging.AddRow(Table::kOffered, AsBytes(feed.organisation.value()), EncodeOfferedRow(std::nullopt));
  staging.group().opened.emplace_back(&feed, ++feed.openings);
}

void Feeds::CloseOffers(OrganisationFeed& feed, Staging& staging) {
  // All of it was offered: what counts without a row is true.
  if (feed.offers == OrganisationFeed::Offers::kClosed || feed.offered >= feed.end.last) return;
  feed.offers = OrganisationFeed::Offers::kClosed;
  staging.AddRow(Table::kOffered, AsBytes(feed.organisation.value()),
                 EncodeOfferedRow(OfferedRow{feed.offered, staging.group().last()}));
}

Status Feeds::LoadOffered() {
  std::vector<OrganisationFeed*> feeds;
  std::vector<Bytes> keys;
  for (const auto& [organisation, feed] : feeds_) {
    if (feed->durable_last == FeedPosition()) continue;
    feeds.push_back(feed.get());
    keys.push_back(ToBytes(AsBytes(organisation.value())));
  }
  if (feeds.empty()) return {};
  SCHAKEL_ASSIGN(const auto rows, log_.FindRows(static_cast<std::uint8_t>(Table::kOffered), keys));
  const auto accepted = log_.accepted();
  for (std::size_t i = 0; i < feeds.size(); ++i) {
    if (!rows[i]) continue;
    SCHAKEL_ASSIGN(const auto row, DecodeOfferedRow(*rows[i]));
    // In the history that was lost, it may have been offered yet.
    if (!row || (accepted && row->at.value() <= accepted->head.size)) continue;
    OrganisationFeed& feed = *feeds[i];
    feed.offers = OrganisationFeed::Offers::kClosed;
    feed.offered = std::min(row->last, feed.durable_last);
    Judge(feed);
  }
  return {};
}

// ---- what will never leave ----

void Feeds::JudgeUnoffered(const OrgId& organisation) {
  const auto found = feeds_.find(organisation);
  if (found != feeds_.end()) Judge(*found->second);
}

void Feeds::Judge(OrganisationFeed& feed) {
  if (feed.offered >= feed.durable_last) return;
  feed.judged = feed.offered;
  if (std::ranges::find(unjudged_, &feed) == unjudged_.end()) unjudged_.push_back(&feed);
}

// A slice of one feed. True: there is more to do at once.
bool Feeds::JudgeSome(const Rules& rules, Timestamp now) {
  if (unjudged_.empty()) return false;
  OrganisationFeed& feed = *unjudged_.front();
  feed.judged = std::max(feed.judged, feed.offered);
  std::vector<Sequence> sequences;
  if (feed.judged < feed.durable_last) {
    const std::uint64_t left = feed.durable_last.value() - feed.judged.value();
    auto read = SequencesFrom(feed.organisation, Next(feed.judged), std::min<std::uint64_t>(left, kJudgedAtOnce));
    if (read) sequences = std::move(*read);
  }
  for (Sequence sequence : sequences) {
    feed.judged = Next(feed.judged);
    JudgeOne(sequence, feed.judged, feed.organisation, rules, now);
  }
  // Not to be read: it is tried again when it is offered.
  if (sequences.empty()) unjudged_.pop_front();
  return !unjudged_.empty();
}

void Feeds::JudgeOne(Sequence sequence, FeedPosition position, const OrgId& recipient, const Rules& rules,
                     Timestamp now) {
  const auto delivery = DeliveryAt(sequence, position, recipient);
  if (!delivery || delivery->withheld) return;
  const auto header = HeaderAt(delivery->record_sequence);
  if (!header || !IsContent(header->kind)) return;
  const Decision decision = Decide(rules.policy, rules.directory, *header, recipient, now);
  const auto* denial = std::get_if<Denial>(&decision);
  if (!denial || !IsForGood(*denial)) return;
  const auto before = FindWithheldLate(log_, delivery->record_sequence, recipient);
  if (!before || *before) return;
  SayWithheld({recipient, position, delivery->record_sequence, delivery->record, delivery->trajectory, *denial});
}

// Nothing: erased, or not to be read.
std::optional<DeliveryEntry> Feeds::DeliveryAt(Sequence sequence, FeedPosition position, const OrgId& recipient) const {
  const auto stored = log_.Get(sequence);
  auto entry = stored ? DecodeEntry(stored->entry) : Result<Entry>(std::unexpected(stored.error()));
  if (!entry) return std::nullopt;
  const auto is_wanted = [&](const DeliveryEntry* delivery) {
    return delivery && delivery->recipient == recipient && delivery->position == position;
  };
  if (auto* delivery = std::get_if<DeliveryEntry>(&entry->body); is_wanted(delivery)) return std::move(*delivery);
  if (!std::holds_alternative<RoutingEntry>(entry->body)) return std::nullopt;
  auto routed = ReadRoutedEntries(log_, sequence);
  if (!routed) return std::nullopt;
  for (auto& [one, bytes] : *routed) {
    if (auto* delivery = std::get_if<DeliveryEntry>(&one.body); is_wanted(delivery)) return std::move(*delivery);
  }
  return std::nullopt;
}

// Once.
void Feeds::SayWithheld(WithheldLate late) {
  if (saying_.try_emplace({late.recipient, late.position}).second) late_.push_back(std::move(late));
}

void Feeds::StageWithheld(const Rules& rules, Timestamp now, Staging& staging) {
  for (const WithheldLate& one : std::exchange(late_, {})) {
    StageWithheldLate(one, rules.policy, now, staging);
    saying_[{one.recipient, one.position}] = staging.group().last();
  }
}

}  // namespace schakel
