#include "places_fold.h"

#include <algorithm>
#include <utility>

#include "fold.h"
#include "word_lists.h"

namespace schakel {
namespace {

constexpr Word<CaseHold::State> kHoldStates[] = {
    {CaseHold::State::kWaiting, "waiting"},    {CaseHold::State::kAgreed, "agreed"},
    {CaseHold::State::kRefused, "refused"},    {CaseHold::State::kExpired, "expired"},
    {CaseHold::State::kGivenBack, "released"}, {CaseHold::State::kOver, "over"},
    {CaseHold::State::kNotTaken, "not-taken"}};

class PlacesFold {
 public:
  explicit PlacesFold(const OrgId& self) : self_(self) {}

  void Offer(const CaseRecord& record) {
    const HeldRecord& held = record.held;
    const auto* terms = std::get_if<PlaceOffer>(&held.header.control);
    if (terms == nullptr || held.state == RecordState::kRefused) return;
    CasePlaces places;
    places.id = held.header.id;
    places.owner = held.header.author;
    places.at = held.at;
    places.terms = *terms;
    places.to = Reached(self_, held);
    all_.push_back(std::move(places));
  }
  void Hold(const CaseRecord& record) {
    const HeldRecord& held = record.held;
    const auto* said = std::get_if<PlaceHold>(&held.header.control);
    CasePlaces* places = said == nullptr ? nullptr : Find(said->offer);
    if (places == nullptr) return;
    CaseHold hold;
    hold.id = held.header.id;
    hold.holder = held.header.author;
    hold.at = held.at;
    hold.expires_at = said->expires_at;
    hold.ends_at = said->ends_at;
    hold.taken = held.state != RecordState::kRefused;
    if (!hold.taken && held.error && held.error->rule == "place.taken") places->taken_at = held.at;
    places->holds.push_back(hold);
  }
  // By who offers them; the last one counts.
  void Tell(const CaseRecord& record) {
    const HeldRecord& held = record.held;
    const auto* standing = As<PlaceStandingBody>(record);
    CasePlaces* places = standing == nullptr ? nullptr : Find(held.header.thread);
    if (places == nullptr || held.header.author != places->owner || held.state == RecordState::kRefused) return;
    places->told_at = held.at;
    places->told_full = standing->full;
  }
  // Of who may say it: who offers the place answers and closes, who holds it gives it back.
  void Follow(const CaseRecord& record) {
    const HeldRecord& held = record.held;
    const Header& header = held.header;
    if (held.state == RecordState::kRefused) return;
    if (const auto* answer = std::get_if<PlaceAnswer>(&header.control)) {
      auto [places, hold] = FindHold(answer->offer, answer->hold);
      if (hold == nullptr || header.author != places->owner || !IsNone(hold->answer)) return;
      hold->answer = header.id;
      hold->agreed = answer->agreed;
      hold->answered_at = held.at;
    } else if (const auto* release = std::get_if<PlaceRelease>(&header.control)) {
      auto [places, hold] = FindHold(release->offer, release->hold);
      if (hold == nullptr || header.author != hold->holder || !IsNone(hold->release)) return;
      hold->release = header.id;
      hold->released_at = held.at;
    } else if (const auto* close = std::get_if<PlaceClose>(&header.control)) {
      CasePlaces* places = Find(close->offer);
      if (places != nullptr && header.author == places->owner) places->close = header.id;
    }
  }
  std::vector<CasePlaces> Finish() { return std::move(all_); }

 private:
  CasePlaces* Find(const RecordId& id) {
    const auto found = std::ranges::find(all_, id, &CasePlaces::id);
    return found == all_.end() ? nullptr : &*found;
  }
  std::pair<CasePlaces*, CaseHold*> FindHold(const RecordId& offer, const RecordId& hold) {
    CasePlaces* places = Find(offer);
    if (places == nullptr) return {};
    const auto found = std::ranges::find(places->holds, hold, &CaseHold::id);
    return {places, found == places->holds.end() ? nullptr : &*found};
  }

  const OrgId& self_;
  std::vector<CasePlaces> all_;
};

}  // namespace

CaseHold::State CaseHold::StateAt(Timestamp now) const {
  if (!taken) return State::kNotTaken;
  if (!IsNone(release)) return State::kGivenBack;
  if (!IsNone(answer) && !agreed) return State::kRefused;
  if (agreed) return now < ends_at ? State::kAgreed : State::kOver;
  return now < expires_at ? State::kWaiting : State::kExpired;
}

bool CaseHold::StandsAt(Timestamp now) const {
  const State state = StateAt(now);
  return state == State::kWaiting || state == State::kAgreed;
}

std::string_view Slug(CaseHold::State value) { return SlugIn(kHoldStates, value); }

std::size_t CasePlaces::FreeAt(Timestamp now) const {
  const auto standing =
      static_cast<std::size_t>(std::ranges::count_if(holds, [&](const CaseHold& one) { return one.StandsAt(now); }));
  return terms.places > standing ? terms.places - standing : 0;
}

bool CasePlaces::MayBeAsked(Timestamp now, Timestamp then) const {
  const bool full = told_full && then <= now;
  const bool refused = taken_at && now < *taken_at + kTakenFor && (!told_at || *told_at < *taken_at);
  return IsOpenAt(now) && FreeAt(then) > 0 && !full && !refused;
}

const CaseHold* CasePlaces::FindHold(const RecordId& hold) const {
  const auto found = std::ranges::find(holds, hold, &CaseHold::id);
  return found == holds.end() ? nullptr : &*found;
}

std::vector<CasePlaces> FoldPlaces(const OrgId& self, const std::vector<const CaseRecord*>& records) {
  PlacesFold fold(self);
  // Clocks differ: what waits here may stand before what it is about.
  for (const CaseRecord* record : records) fold.Offer(*record);
  for (const CaseRecord* record : records) fold.Hold(*record);
  for (const CaseRecord* record : records) fold.Follow(*record);
  for (const CaseRecord* record : records) fold.Tell(*record);
  return fold.Finish();
}

}  // namespace schakel
