#include "feed.h"

#include <algorithm>

#include "protocol/merkle.h"

namespace schakel {
namespace {

constexpr std::uint64_t kCredit = 512;
constexpr std::uint8_t kSampleOneIn = 16;

}  // namespace

void FeedTaker::OnReady(const WireLimits& limits, FeedPosition last) {
  ready_ = true;
  credit_ = std::clamp<std::uint64_t>(limits.credit_max, 1, kCredit);
  last_ = std::max(last, cursor_.position);
  // A hub that has forgotten deliveries shows it here, before it can hand out others in their place.
  if (last < cursor_.position) {
    return step_.Distrust({Code::kTampered, "feed.went_back", "position " + std::to_string(last.value()), {}});
  }
  Pull();
}

void FeedTaker::OnDisconnected() {
  ready_ = false;
  ask_again_ = false;
  pause_ticks_ = 0;
  held_back_.clear();
  refreshing_ = false;
  refreshed_for_ = {};
}

bool FeedTaker::up_to_date() const {
  return ready_ && answered_ && !refreshing_ && held_back_.empty() && cursor_.position >= last_;
}

void FeedTaker::Pull() {
  answered_ = false;
  asked_after_ = cursor_.position;
  asked_request_ = requests_.Tell(Feed{cursor_.position, credit_});
  ask_again_ = false;
}

bool FeedTaker::OnError(std::uint64_t request, unsigned ticks) {
  if (request != asked_request_) return false;
  ask_again_ = true;
  answered_ = false;
  pause_ticks_ = ticks;
  return true;
}

void FeedTaker::OnTick() {
  if (!ready_ || step_.distrusted() || refreshing_) return;
  if (pause_ticks_ > 0 && --pause_ticks_ > 0) return;
  if (ask_again_ || asked_after_ < cursor_.position) Pull();
}

void FeedTaker::OnItems(std::uint64_t request, FeedItems& items) {
  if (!ready_) return;
  if (request == asked_request_ && items.items.empty()) answered_ = true;
  last_ = std::max(last_, items.last);
  if (held_back_.size() + items.items.size() > credit_) {
    return step_.Distrust({Code::kTampered, "feed.credit", {}, {}});
  }
  for (FeedItem& item : items.items) held_back_.push_back(std::move(item));
  TakeHeldBack();
}

void FeedTaker::TakeHeldBack() {
  while (!held_back_.empty() && !refreshing_ && !step_.distrusted()) {
    if (Take(held_back_.front())) held_back_.pop_front();
  }
  last_ = std::max(last_, cursor_.position);
  // Half of what was asked for has come: ask for more before it runs out. The cursor rides along once it is durable.
  if (ready_ && !step_.distrusted() && cursor_.position.value() - asked_after_.value() >= (credit_ + 1) / 2) Pull();
}

// False: not now.
bool FeedTaker::Take(FeedItem& item) {
  if (item.erased) return TakeErased(*item.erased);
  auto placed = CheckPlace(item, cursor_, knowledge_.self());
  if (!placed) {
    step_.Distrust(placed.error());
    return true;
  }
  if (placed->delivery.withheld && item.content) {
    Hide(*placed, item, {Alarm::Fault::kHub, {Code::kTampered, "feed.withheld_content", {}, {}}}, {});
  }
  // Without a mark in the log, too: the rules can change between the log and the wire, and erased content is gone.
  if (placed->delivery.withheld || !item.content) {
    Withhold(*placed);
    Advance(*placed, item);
    return true;
  }
  auto opened = CheckContent(
      *placed, *item.content, knowledge_.self(), hub_,
      [&](const OrgId& author, const KeyId& key) { return knowledge_.FindRecordKey(author, key); }, find_agreement);
  if (!opened && opened.error().what.rule == "record.signer" && refreshed_for_ != placed->delivery.position) {
    refreshed_for_ = placed->delivery.position;
    refreshing_ = true;
    refresh_directory([this] {
      refreshing_ = false;
      TakeHeldBack();
    });
    return false;
  }
  std::optional<Flaw> flaw;
  if (!opened) flaw = opened.error();
  // Read again from the beginning, because the head was forgotten: it was judged when it first came.
  if (const auto number = flaw ? std::nullopt : HeldBefore(opened->header.id)) {
    Renew(*number, *placed, item, *opened);
    Advance(*placed, item);
    return true;
  }
  if (!flaw) flaw = Judge(*placed, *opened);
  if (flaw) {
    Hide(*placed, item, *flaw, opened ? opened->header.author : OrgId());
  } else {
    Keep(*placed, item, *opened);
  }
  Advance(*placed, item);
  return true;
}

// Its place alone is left; that it is the right one, the next delivery shows.
bool FeedTaker::TakeErased(const FeedItem::Erased& erased) {
  const char* broken = erased.position <= cursor_.position         ? "feed.replayed"
                       : erased.position != Next(cursor_.position) ? "feed.gap"
                       : erased.sequence <= cursor_.sequence       ? "feed.order"
                                                                   : nullptr;
  if (broken != nullptr) {
    step_.Distrust({Code::kTampered, broken, "position " + std::to_string(cursor_.position.value() + 1), {}});
    return true;
  }
  cursor_ = {erased.position, erased.hash, erased.sequence};
  step_.writes().PutCursor(cursor_);
  return true;
}

// What the item says may be true and yet not have been ours to get.
std::optional<Flaw> FeedTaker::Judge(const PlacedItem& placed, const OpenedItem& opened) const {
  const Header& header = opened.header;
  const auto by_hub = [](const char* rule, std::string field) {
    return Flaw{Alarm::Fault::kHub, {Code::kTampered, rule, std::move(field), "report this to the hub's operator"}};
  };
  if (taken_.contains(header.id) || vault_.NumberOf(header.id)) return by_hub("feed.twice", {});
  if (Status may_say = knowledge_.CheckStatement(header, placed.delivery.record_sequence, opened.accepted_at);
      !may_say) {
    return by_hub("policy.not_admissible", may_say.error().rule);
  }
  if (auto denial = knowledge_.WhyNotOurs(header, placed.sequence, placed.at)) {
    return by_hub("policy.delivered_without_grant", std::string(Slug(*denial)));
  }
  return {};
}

std::optional<std::uint64_t> FeedTaker::HeldBefore(const RecordId& id) const {
  if (forgotten_up_to_ == 0 || taken_.contains(id) || renewed_.contains(id)) return std::nullopt;
  const auto number = vault_.NumberOf(id);
  return number && *number <= forgotten_up_to_ ? std::optional(*number) : std::nullopt;
}

void FeedTaker::Keep(const PlacedItem& placed, FeedItem& item, const OpenedItem& opened) {
  const std::uint64_t number = draw_number();
  Put(number, placed, item, opened);
  knowledge_.AddKnown(opened.header, number, placed.delivery.record_sequence);
  step_.TellOf(Engine::Change::What::kRecord, opened.header);
}

// The place in the log and the evidence may be others than they were.
void FeedTaker::Renew(std::uint64_t number, const PlacedItem& placed, FeedItem& item, const OpenedItem& opened) {
  Put(number, placed, item, opened);
  renewed_.insert(opened.header.id);
  awaited_.erase(opened.header.id);
  knowledge_.Accept(opened.header, placed.delivery.record_sequence);
}

void FeedTaker::Put(std::uint64_t number, const PlacedItem& placed, FeedItem& item, const OpenedItem& opened) {
  const Header& header = opened.header;
  FeedItem::Content& content = *item.content;
  StoredRecord record{opened.entry.header,
                      RecordState::kReceived,
                      placed.delivery.record_sequence,
                      placed.delivery.position,
                      placed.at,
                      placed.delivery.grant,
                      {},
                      {},
                      {}};
  const Hash32 leaf = LogLeafHash(content.salt, content.entry);
  StoredContent stored{
      opened.entry.recipients_root,
      knowledge_.MayHoldWords(header) ? opened.key : ContentKey(),
      std::move(content.ciphertext),
      {},
      StoredContent::Origin{std::move(content.entry), content.salt, item.delivery, item.delivery_salt, item.place}};
  step_.writes().PutRecord(number, record, header);
  step_.writes().PutContent(number, stored, scope_for(header, record.grant));
  on_kept(number, record, header);
  taken_.insert(header.id);
  std::array<std::uint8_t, 1> dice;
  random_.Fill(dice);
  // Some of all, and the last of each pull, so that a quiet feed is looked at as well.
  if (dice[0] % kSampleOneIn == 0 || placed.delivery.position == last_) {
    inclusion_.AddReceived(placed.delivery.record_sequence, leaf);
    inclusion_.AddReceived(placed.sequence, LeafOf(item.delivery, item.delivery_salt, item.place));
  }
  heads_.Witness(header.author, header.seen, placed.delivery.record_sequence);
}

void FeedTaker::Hide(const PlacedItem& placed, FeedItem& item, const Flaw& flaw, const OrgId& author) {
  HiddenItem hidden{placed.delivery.position, flaw.fault, flaw.what, item.delivery,
                    item.delivery_salt,       {},         {},        item.place};
  if (item.content) {
    hidden.entry = std::move(item.content->entry);
    hidden.ciphertext = std::move(item.content->ciphertext);
  }
  step_.writes().PutHidden(hidden, placed.delivery.trajectory);
  step_.Raise(flaw.fault, flaw.what, author, placed.delivery.record, placed.delivery.position);
}

void FeedTaker::Withhold(const PlacedItem& placed) {
  const DeliveryEntry& delivery = placed.delivery;
  const Denial reason = delivery.withheld.value_or(Denial::kWithdrawn);
  step_.writes().PutWithheld({delivery.position, delivery.record, delivery.trajectory, reason, placed.at});
  step_.Tell({Engine::Change::What::kWithheld, delivery.record, delivery.trajectory});
}

void FeedTaker::Advance(const PlacedItem& placed, const FeedItem& item) {
  cursor_ = {placed.delivery.position, FeedHash(item.delivery), placed.sequence};
  step_.writes().PutCursor(cursor_);
}

}  // namespace schakel
