// Takes in the feed: pulls with credit, checks each item, keeps what holds and puts the rest out of sight with an
// alarm. The chain of positions is the hub's promise that nothing was left out: a break in it ends the trust.
//
// Threads: one object, one thread.
#pragma once

#include <deque>
#include <functional>
#include <unordered_set>

#include "agents/knowledge.h"
#include "agents/vault.h"
#include "feed_check.h"
#include "heads.h"
#include "inclusion.h"
#include "protocol/seams.h"
#include "requests.h"
#include "step.h"

namespace schakel {

class FeedTaker {
 public:
  FeedTaker(std::string hub, Vault& vault, Step& step, Requests& requests, Knowledge& knowledge, HeadWatch& heads,
            InclusionProver& inclusion, Random& random)
      : hub_(std::move(hub)),
        vault_(vault),
        step_(step),
        requests_(requests),
        knowledge_(knowledge),
        heads_(heads),
        inclusion_(inclusion),
        random_(random) {}

  // Records up to `forgotten_up_to` may come once more: see trust.h.
  void Load(const FeedCursor& cursor, std::uint64_t forgotten_up_to) {
    cursor_ = cursor;
    forgotten_up_to_ = forgotten_up_to;
  }
  // A statement that the feed has to show again.
  void Await(const RecordId& id) { awaited_.insert(id); }
  bool awaits() const { return !awaited_.empty(); }
  const FeedCursor& cursor() const { return cursor_; }
  // Of the feed at the hub, as far as it told.
  FeedPosition last() const { return last_; }

  void OnReady(const WireLimits& limits, FeedPosition last);
  void OnDisconnected();
  void OnItems(std::uint64_t request, FeedItems& items);
  // The hub could not serve the pull that bears this number; ask again after so many ticks.
  bool OnError(std::uint64_t request, unsigned ticks);
  void OnTick();
  void OnCommitted() { taken_.clear(); }

  // Asks anew, so that the hub says how far the feed goes now.
  void Pull();
  // The hub answered the last pull, and all it told of is here.
  bool up_to_date() const;

  // A record that is kept from this step on; and the data key for its content.
  std::function<void(std::uint64_t number, const StoredRecord&, const Header&)> on_kept;
  std::function<DataScope(const Header&, const std::optional<RecordId>& grant)> scope_for;
  // Of the next record in the vault.
  std::function<std::uint64_t()> draw_number;
  FindAgreement find_agreement;
  // Brings the directory up to date, then calls back.
  std::function<void(std::function<void()>)> refresh_directory;

 private:
  bool Take(FeedItem& item);
  bool TakeErased(const FeedItem::Erased& erased);
  void TakeHeldBack();
  void Keep(const PlacedItem& placed, FeedItem& item, const OpenedItem& opened);
  void Renew(std::uint64_t number, const PlacedItem& placed, FeedItem& item, const OpenedItem& opened);
  void Put(std::uint64_t number, const PlacedItem& placed, FeedItem& item, const OpenedItem& opened);
  std::optional<std::uint64_t> HeldBefore(const RecordId& id) const;
  void Hide(const PlacedItem& placed, FeedItem& item, const Flaw& flaw, const OrgId& author);
  void Withhold(const PlacedItem& placed);
  std::optional<Flaw> Judge(const PlacedItem& placed, const OpenedItem& opened) const;
  void Advance(const PlacedItem& placed, const FeedItem& item);

  std::string hub_;
  Vault& vault_;
  Step& step_;
  Requests& requests_;
  Knowledge& knowledge_;
  HeadWatch& heads_;
  InclusionProver& inclusion_;
  Random& random_;

  bool ready_ = false;
  std::uint64_t credit_ = 0;
  FeedCursor cursor_;
  std::uint64_t forgotten_up_to_ = 0;
  std::unordered_set<RecordId, IdHash> awaited_;
  std::unordered_set<RecordId, IdHash> renewed_;  // Each comes once more, not twice.
  FeedPosition last_;
  FeedPosition asked_after_;
  std::uint64_t asked_request_ = 0;
  bool answered_ = false;
  bool ask_again_ = false;
  unsigned pause_ticks_ = 0;                    // Before asking again.
  std::unordered_set<RecordId, IdHash> taken_;  // In this step, so not in the vault yet.
  std::deque<FeedItem> held_back_;              // While the directory is brought up to date; at most the credit.
  bool refreshing_ = false;
  FeedPosition refreshed_for_;
};

}  // namespace schakel
