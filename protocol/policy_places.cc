// Places that partners may ask for: one pool of places, which the log puts in one order. So of two that ask for the
// last place at once, one has it, and the other is told so before anybody promised anything.
#include "policy_places.h"

#include <algorithm>
#include <chrono>
#include <string>

#include "protocol/places.h"

namespace schakel {
namespace {

constexpr std::chrono::days kOfferMax{366};
constexpr std::chrono::days kStayMax{366};
constexpr std::size_t kOffersOpenMax = 512;   // Of one owner that are not over.
constexpr std::chrono::days kRemembered{31};  // What is over: for those who have yet to be told how it ended.

std::unexpected<Error> DenyPlace(const char* rule, const char* field, const char* next) {
  return Fail(Code::kDenied, rule, field, next);
}

// The last moment at which anything of it still stands.
Timestamp OverAt(const PlacePool& pool) {
  Timestamp last = pool.closed ? Timestamp() : pool.terms.ends_at;
  for (const HeldPlace& hold : pool.holds) last = std::max(last, hold.free_at());
  return last;
}

Status AdmitOffer(const PolicyState& state, const Header& header, const PlaceOffer& offer, Timestamp now) {
  if (offer.ends_at <= now || offer.ends_at > now + kOfferMax) {
    return DenyPlace("place.period", "ends_at", "let the offer end within a year from now");
  }
  if (state.FindPlaces(header.id)) return Fail(Code::kConflict, "place.exists", "id", "draw a new random id");
  const auto open = std::ranges::count_if(
      state.places(), [&](const auto& one) { return one.second.owner == header.author && OverAt(one.second) > now; });
  if (static_cast<std::size_t>(open) >= kOffersOpenMax) {
    return Fail(Code::kLimit, "place.offers", "author", "close offers that are no longer needed first");
  }
  return {};
}

// An offer that is not there, and one that is somebody else's to close, look the same.
std::unexpected<Error> UnknownOffer() {
  return Fail(Code::kNotFound, "place.offer", "offer", "look the offer up again, or ask its owner");
}

Status AdmitHold(const PolicyState& state, const Directory& directory, const Header& header, const PlaceHold& hold,
                 Timestamp now) {
  const PlacePool* pool = state.FindPlaces(hold.offer);
  if (!pool) return UnknownOffer();
  if (pool->owner == header.author) {
    return DenyPlace("place.own", "offer", "a place of your own needs no asking: offer one place less");
  }
  const auto* owner = directory.Find(pool->owner);
  if (!pool->IsOpen(now) || !owner || owner->statement.status != OrgStatus::kActive) {
    return DenyPlace("place.closed", "offer", "this offer is over; look for another one");
  }
  if (hold.expires_at <= now || hold.expires_at > now + std::chrono::minutes(pool->terms.hold_minutes)) {
    return Fail(Code::kDenied, "place.expiry", "expires_at",
                "let it wait for an answer for at most " + std::to_string(pool->terms.hold_minutes) + " minutes");
  }
  if (hold.ends_at <= hold.expires_at || hold.ends_at > now + kStayMax) {
    return DenyPlace("place.end", "ends_at", "say when the place is given back, within a year");
  }
  const bool waits = std::ranges::any_of(pool->holds, [&](const HeldPlace& one) {
    return one.holder == header.author && !one.agreed && now < one.free_at();
  });
  if (waits) {
    return Fail(Code::kConflict, "place.waiting", "offer", "wait for the answer about the place that you asked for");
  }
  if (pool->Taken(now) >= pool->terms.places) {
    return Fail(Code::kConflict, "place.taken", "offer",
                "no place is free now; look for another one, or ask again later");
  }
  return {};
}

Status AdmitAnswer(const PolicyState& state, const Header& header, const PlaceAnswer& answer, Timestamp now) {
  const PlacePool* pool = state.FindPlaces(answer.offer);
  if (!pool || pool->owner != header.author) return UnknownOffer();
  const HeldPlace* hold = pool->FindHold(answer.hold);
  if (!hold || hold->holder != answer.holder) {
    return Fail(Code::kNotFound, "place.hold", "hold", "look it up again: it was given back, or is long over");
  }
  if (hold->agreed) return Fail(Code::kConflict, "place.answered", "hold", "it was agreed to already");
  if (now >= hold->expires_at) {
    return Fail(Code::kConflict, "place.expired", "hold", "its time passed; let them ask again");
  }
  return {};
}

Status AdmitRelease(const PolicyState& state, const Header& header, const PlaceRelease& release, Timestamp now) {
  const PlacePool* pool = state.FindPlaces(release.offer);
  const HeldPlace* hold = pool ? pool->FindHold(release.hold) : nullptr;
  if (!hold || hold->holder != header.author) {
    return Fail(Code::kNotFound, "place.hold", "hold", "look it up again: it was refused, given back, or is long over");
  }
  if (now >= hold->free_at()) return Fail(Code::kConflict, "place.over", "hold", "it is over already");
  return {};
}

}  // namespace

std::size_t PlacePool::Taken(Timestamp now) const {
  return static_cast<std::size_t>(
      std::ranges::count_if(holds, [&](const HeldPlace& hold) { return now < hold.free_at(); }));
}

const HeldPlace* PlacePool::FindHold(const RecordId& id) const {
  const auto found = std::ranges::find(holds, id, &HeldPlace::id);
  return found == holds.end() ? nullptr : &*found;
}

const PlacePool* PolicyState::FindPlaces(const RecordId& offer) const {
  const auto found = places_.find(offer);
  return found == places_.end() ? nullptr : &found->second;
}

namespace {

// It was admitted because one was free: when there are more than places, the one that is free first is over.
void ApplyHold(PlacePool& pool, const Header& header, const PlaceHold& hold) {
  if (pool.FindHold(header.id)) return;
  pool.holds.push_back({header.id, header.author, hold.expires_at, hold.ends_at});
  if (pool.holds.size() <= pool.terms.places) return;
  pool.holds.erase(std::ranges::min_element(pool.holds, {}, &HeldPlace::free_at));
}

void ApplyPlaceAnswer(PlacePool& pool, const Header& header, const PlaceAnswer& answer) {
  const auto held = std::ranges::find(pool.holds, answer.hold, &HeldPlace::id);
  if (pool.owner != header.author || held == pool.holds.end() || held->agreed) return;
  if (answer.agreed) {
    held->agreed = true;
  } else {
    pool.holds.erase(held);
  }
}

// Nothing: it is no word about an offer of before.
std::optional<RecordId> PlacesNamedBy(const Control& control) {
  if (const auto* hold = std::get_if<PlaceHold>(&control)) return hold->offer;
  if (const auto* answer = std::get_if<PlaceAnswer>(&control)) return answer->offer;
  if (const auto* release = std::get_if<PlaceRelease>(&control)) return release->offer;
  if (const auto* close = std::get_if<PlaceClose>(&control)) return close->offer;
  return std::nullopt;
}

}  // namespace

// Whoever may not say it changes nothing: an agent takes in what its hub hands it.
void PolicyState::ApplyOfPlace(const Header& header) {
  if (const auto* offer = std::get_if<PlaceOffer>(&header.control)) {
    // It ends within a year from when the log took it, so all that ended longer ago than that is over for sure. By
    // that, since no author's own clock may end what others hold.
    const Timestamp over = offer->ends_at - kOfferMax - kRemembered;
    std::erase_if(places_,
                  [&](const auto& one) { return one.second.owner == header.author && OverAt(one.second) < over; });
    places_.try_emplace(header.id, PlacePool{.owner = header.author, .terms = *offer, .holds = {}});
    return;
  }
  const auto offer = PlacesNamedBy(header.control);
  const auto found = offer ? places_.find(*offer) : places_.end();
  if (found == places_.end()) return;
  PlacePool& pool = found->second;
  if (const auto* hold = std::get_if<PlaceHold>(&header.control)) return ApplyHold(pool, header, *hold);
  if (const auto* answer = std::get_if<PlaceAnswer>(&header.control)) return ApplyPlaceAnswer(pool, header, *answer);
  if (const auto* release = std::get_if<PlaceRelease>(&header.control)) {
    std::erase_if(pool.holds,
                  [&](const HeldPlace& one) { return one.id == release->hold && one.holder == header.author; });
    return;
  }
  pool.closed = pool.closed || pool.owner == header.author;
}

Status AdmitOfPlace(const PolicyState& state, const Directory& directory, const Header& header, Timestamp now) {
  if (const auto* offer = std::get_if<PlaceOffer>(&header.control)) return AdmitOffer(state, header, *offer, now);
  if (const auto* hold = std::get_if<PlaceHold>(&header.control)) {
    return AdmitHold(state, directory, header, *hold, now);
  }
  if (const auto* answer = std::get_if<PlaceAnswer>(&header.control)) return AdmitAnswer(state, header, *answer, now);
  if (const auto* release = std::get_if<PlaceRelease>(&header.control)) {
    return AdmitRelease(state, header, *release, now);
  }
  const auto* close = std::get_if<PlaceClose>(&header.control);
  const PlacePool* pool = close ? state.FindPlaces(close->offer) : nullptr;
  if (!pool || pool->owner != header.author) return UnknownOffer();
  return pool->closed ? Fail(Code::kConflict, "place.closed", "offer", "it was closed already") : Status();
}

namespace {

// Of the author; nothing: there is none, or it is somebody else's.
const HeldPlace* FindEnrolled(const PlacePool* pool, const Header& header) {
  const HeldPlace* hold = pool && header.references.size() == 1 ? pool->FindHold(header.references.front()) : nullptr;
  return hold && hold->holder == header.author ? hold : nullptr;
}

}  // namespace

Status AdmitEnrolment(const PolicyState& state, const Header& header, Timestamp now) {
  const HeldPlace* hold = FindEnrolled(state.FindPlaces(header.thread), header);
  if (!hold) {
    return Fail(Code::kNotFound, "place.hold", "hold", "look it up again: it was refused, given back, or is long over");
  }
  if (!hold->agreed) {
    return DenyPlace("place.not_agreed", "hold", "wait for the answer: until then nobody's name goes along");
  }
  if (now >= hold->ends_at) return Fail(Code::kConflict, "place.over", "hold", "it is over already");
  return {};
}

std::optional<Denial> WhyNoEnrolment(const PolicyState& state, const Header& header, const OrgId& recipient,
                                     Timestamp now) {
  const PlacePool* pool = state.FindPlaces(header.thread);
  const HeldPlace* hold = FindEnrolled(pool, header);
  if (!hold || !hold->agreed || pool->owner != recipient) return Denial::kNotAddressed;
  return now < hold->ends_at ? std::nullopt : std::optional(Denial::kPeriod);
}

std::optional<OrgId> AddresseeOfPlace(const PolicyState& state, const Header& header) {
  if (const auto* answer = std::get_if<PlaceAnswer>(&header.control)) return answer->holder;
  const bool to_owner = header.kind == Kind::kPlaceHold || header.kind == Kind::kPlaceRelease;
  const auto offer = PlacesNamedBy(header.control);
  const PlacePool* pool = to_owner && offer ? state.FindPlaces(*offer) : nullptr;
  return pool ? std::optional(pool->owner) : std::nullopt;
}

bool IsAddressedOfPlace(const PolicyState& state, const Header& header, const OrgId& recipient) {
  if (header.kind == Kind::kPlaceOffer || header.kind == Kind::kPlaceClose) return true;
  return AddresseeOfPlace(state, header) == recipient;
}

}  // namespace schakel
