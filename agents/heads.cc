#include "heads.h"

#include <algorithm>

#include "protocol/merkle.h"

namespace schakel {
namespace {

constexpr auto kNewestInterval = std::chrono::seconds(30);
constexpr auto kNewestPause = std::chrono::milliseconds(200);
constexpr std::size_t kClaimsMax = 1024;
constexpr std::size_t kComparedMax = 256;
constexpr std::size_t kComparisonsMax = 8;

// The hub may be short of breath; it may not refuse to prove its own log.
bool MayPass(Code code) { return code == Code::kUnavailable || code == Code::kLimit; }

}  // namespace

bool HeadWatch::Advance(const std::string& note, const std::vector<Hash32>& consistency) {
  auto head = VerifyCheckpoint(note, verifier_);
  if (!head) {
    Error why = head.error();
    why.field = "head";
    step_.Distrust(std::move(why));
    return false;
  }
  const TreeHead& before = seen_.head;
  if (head->size < before.size) {
    step_.Distrust({Code::kTampered, "hub.went_back", "head " + std::to_string(head->size), {}});
    return false;
  }
  if (head->size == before.size && before.size > 0) {
    if (head->root == before.root) return true;
    step_.Distrust({Code::kTampered, "hub.forked", "head " + std::to_string(head->size), {}});
    return false;
  }
  if (before.size > 0 && !VerifyConsistency(before.size, before.root, head->size, head->root, consistency)) {
    step_.Distrust({Code::kTampered, "hub.forked", "head " + std::to_string(head->size), {}});
    return false;
  }
  if (head->size == 0) return true;
  seen_ = {*head, note};
  step_.writes().PutSeen(seen_);
  if (on_seen) on_seen();
  CheckClaims();
  return !step_.distrusted();
}

// From the last head seen to one of `size` entries, or to the newest (0).
void HeadWatch::AskAdvance(std::uint64_t size, std::function<bool(const ProofReply&)> take) {
  advancing_ = true;
  const auto on_reply = [this, take = std::move(take)](MessagePayload& reply) {
    advancing_ = false;
    if (const auto* proof = std::get_if<ProofReply>(&reply)) {
      if (!take(*proof)) return;
    } else if (const auto* error = std::get_if<Error>(&reply); !error || !MayPass(error->code)) {
      step_.Distrust({Code::kTampered, "hub.head_refused", error ? error->rule : std::string("type"), {}});
      return;
    }
    for (std::function<void()>& next : std::exchange(deferred_, {})) next();
  };
  requests_.Ask(ProveConsistency{seen_.head.size, size}, clock_.Steady(), on_reply);
}

void HeadWatch::AskNewest() {
  const auto now = clock_.Steady();
  if (!ready_ || advancing_ || now - asked_newest_at_ < kNewestPause) return;
  asked_newest_at_ = now;
  AskAdvance(0, [this](const ProofReply& proof) { return Advance(proof.checkpoint, proof.hashes); });
}

void HeadWatch::Compare(const TreeHead& head, const std::string& note, std::function<void()> done) {
  if (head.size <= seen_.head.size) {
    AskAbout(head, [done = std::move(done)](Compared compared) {
      if (compared != Compared::kSplit) done();
    });
  } else if (advancing_) {
    deferred_.push_back([this, head, note, done = std::move(done)] { Compare(head, note, done); });
  } else {
    AskAdvance(head.size, [this, note, done = std::move(done)](const ProofReply& proof) {
      if (!Advance(note, proof.hashes)) return false;
      done();
      return true;
    });
  }
}

HeadWatch::Compared HeadWatch::CompareSameSize(const TreeHead& head) {
  if (head.root == seen_.head.root) return Compared::kSame;
  step_.Distrust({Code::kTampered, "hub.split_view", "head " + std::to_string(head.size), {}});
  return Compared::kSplit;
}

// `head` is not larger than the last one seen.
void HeadWatch::AskAbout(const TreeHead& head, std::function<void(Compared)> done) {
  if (head.size == 0) return done(Compared::kSame);
  if (head.size == seen_.head.size) return done(CompareSameSize(head));
  const TreeHead seen = seen_.head;
  requests_.Ask(ProveConsistency{head.size, seen.size}, clock_.Steady(),
                [this, head, seen, done = std::move(done)](MessagePayload& reply) {
                  const auto* error = std::get_if<Error>(&reply);
                  if (error && MayPass(error->code)) return done(Compared::kLater);
                  const auto* proof = std::get_if<ProofReply>(&reply);
                  if (proof && VerifyConsistency(head.size, head.root, seen.size, seen.root, proof->hashes)) {
                    return done(Compared::kSame);
                  }
                  step_.Distrust({Code::kTampered, "hub.split_view", "head " + std::to_string(head.size), {}});
                  done(Compared::kSplit);
                });
}

void HeadWatch::Witness(const OrgId& author, const TreeHead& head, Sequence record) {
  if (head.size == 0) return;
  // The hub takes no record that claims a head which its log had not reached.
  if (head.size >= record.value()) {
    step_.Distrust({Code::kTampered, "hub.split_view", "record " + std::to_string(record.value()), {}});
    return;
  }
  Meet(author, head);
}

void HeadWatch::Meet(const OrgId& witness, const TreeHead& head) {
  if (head.size == 0) return;
  const auto same = [&](const Claim& claim) { return claim.head == head; };
  if (std::ranges::find(compared_, head) != compared_.end() || std::ranges::any_of(claims_, same) ||
      std::ranges::any_of(asked_, same)) {
    return;
  }
  // Full: the hub does not answer comparisons. The oldest go first; the newer ones contain what they claimed.
  if (claims_.size() >= kClaimsMax) claims_.pop_front();
  claims_.push_back({witness, head});
  CheckClaims();
}

void HeadWatch::CheckClaims() {
  if (!ready_) return;
  bool newer_needed = false;
  std::deque<Claim> later;
  while (!claims_.empty() && asked_.size() < kComparisonsMax && !step_.distrusted()) {
    Claim claim = std::move(claims_.front());
    claims_.pop_front();
    if (claim.head.size > seen_.head.size) {
      newer_needed = true;
      later.push_back(std::move(claim));
      continue;
    }
    asked_.push_back(claim);
    AskAbout(claim.head, [this, head = claim.head](Compared compared) {
      auto asked = std::ranges::find(asked_, head, &Claim::head);
      if (asked == asked_.end()) return;
      if (compared == Compared::kLater) claims_.push_back(std::move(*asked));  // At the next tick.
      asked_.erase(asked);
      compared_.push_back(head);
      if (compared_.size() > kComparedMax) compared_.pop_front();
    });
  }
  claims_.insert(claims_.begin(), std::make_move_iterator(later.begin()), std::make_move_iterator(later.end()));
  if (newer_needed) AskNewest();
}

void HeadWatch::OnReady() {
  ready_ = true;
  CheckClaims();
}

void HeadWatch::OnTick() {
  if (!ready_) return;
  if (clock_.Steady() - asked_newest_at_ >= kNewestInterval) AskNewest();
  CheckClaims();
}

void HeadWatch::OnDisconnected() {
  ready_ = false;
  advancing_ = false;
  deferred_.clear();
  // What was being compared is compared on the next connection.
  claims_.insert(claims_.end(), asked_.begin(), asked_.end());
  asked_.clear();
}

}  // namespace schakel
