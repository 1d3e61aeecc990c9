#include "agents/places.h"

#include <algorithm>

#include "plain_text.h"
#include "sending.h"

namespace schakel {
namespace {

Draft DraftOf(Kind kind, const RecordId& offer, const RecordId& about, Control control) {
  Draft draft;
  draft.kind = kind;
  draft.purpose = Purpose::kCareCoordination;
  draft.thread = offer;
  if (!IsNone(about)) draft.references = {about};
  draft.control = std::move(control);
  return draft;
}

// The hub judges by its own clock: one that is a little behind ours still finds the wait short enough.
std::chrono::minutes WaitOf(const PlaceOffer& terms) {
  const std::chrono::minutes whole(terms.hold_minutes);
  return whole - std::min(std::chrono::minutes(2), whole / 10);
}

bool SaysAll(const PlaceOfferBody& body, const std::string& words) {
  std::string said = body.title + '\n' + body.text + '\n' + body.place;
  for (const std::string& word : body.words) said += '\n' + word;
  const std::string folded = FoldPlain(said).text;
  const std::string wanted = FoldPlain(words).text;
  for (std::size_t at = 0; at < wanted.size();) {
    const std::size_t end = std::min(wanted.find(' ', at), wanted.size());
    if (!folded.contains(wanted.substr(at, end - at))) return false;
    at = end + 1;
  }
  return true;
}

bool Fits(const PlaceOfferBody& body, const PlaceSearch& search) {
  return (!search.kind || body.kind == *search.kind) && (!search.age || TakesAge(body, *search.age)) &&
         SaysAll(body, search.words);
}

const PlaceOfferBody* WordsOf(const CaseFile& file, const RecordId& offer) {
  const CaseRecord* record = file.Record(offer);
  return record && record->body ? std::get_if<PlaceOfferBody>(&*record->body) : nullptr;
}

AgreementUse UseOf(PlaceKind kind) {
  switch (kind) {
    case PlaceKind::kCrisisBed:
      return AgreementUse::kCrisis;
    case PlaceKind::kDayActivity:
    case PlaceKind::kSharedActivity:
    case PlaceKind::kLeisure:
      return AgreementUse::kActivities;
    case PlaceKind::kSchoolAlternative:
      return AgreementUse::kSchool;
    case PlaceKind::kTimeOut:
    case PlaceKind::kPriority:
    case PlaceKind::kMediator:
      return AgreementUse::kPlaces;
  }
  return AgreementUse::kPlaces;
}

}  // namespace

Status CheckMayAsk(const Engine& engine, const OrgId& owner, PlaceKind kind, Timestamp now) {
  const AgreementUse use = UseOf(kind);
  const AgreementUse otherwise = use == AgreementUse::kCrisis ? AgreementUse::kPlaces : use;
  return CheckPartnersFor(engine, std::vector{owner}, use, otherwise, now);
}

Result<Sent> PlaceService::Offer(const PlaceOfferBody& body, const PlaceOffer& terms, const Audience& audience) {
  if (terms.places < 1 || terms.places > kPlacesMax) {
    return Fail(Code::kInvalid, "place.count", "places", "offer 1 to 64 places");
  }
  if (terms.hold_minutes < 1 || terms.hold_minutes > kHoldMinutesMax) {
    return Fail(Code::kInvalid, "place.wait", "hold_minutes", "let a place wait from a minute to a week");
  }
  Draft draft = DraftOf(Kind::kPlaceOffer, {}, {}, terms);
  SCHAKEL_ASSIGN(draft.body, EncodeBody(body));
  std::vector<OrgId> everybody;
  for (const Directory::Organisation& one : engine_.Organisations()) {
    if (one.statement.status == OrgStatus::kActive) everybody.push_back(one.statement.organisation);
  }
  return Send(engine_, std::move(draft), everybody, audience);
}

Status PlaceService::Screen(std::string_view text, const char* field, Screening& screening) {
  if (MayLeave(cases_, clock_.Now(), {{field, text}}, screening)) return {};
  return Fail(Code::kInvalid, "place.identifying", field,
              "leave out what tells who it is for; what is no name or number of a person may be overruled");
}

// Of words that cannot be read, it is taken to be a place as any other.
Status PlaceService::CheckAgreed(const CasePlaces& places) {
  const PlaceKind kind = cases_.With([&](CaseFile& file) {
    const PlaceOfferBody* words = WordsOf(file, places.id);
    return words ? words->kind : PlaceKind::kTimeOut;
  });
  return CheckMayAsk(engine_, places.owner, kind, clock_.Now());
}

Result<Sent> PlaceService::Hold(const Ask& ask, const Audience& audience, Screening& screening) {
  SCHAKEL_TRY(CheckBody(ask.body));
  // Whoever is there since this morning may still be asked for.
  if (ask.body.begins_at && *ask.body.begins_at + std::chrono::days(1) < clock_.Now()) {
    return Fail(Code::kInvalid, "place.past", "begins_at", "say from which day on, today or later");
  }
  SCHAKEL_ASSIGN(const CasePlaces places, Show(ask.offer));
  SCHAKEL_TRY(CheckAgreed(places));
  SCHAKEL_TRY(Screen(ask.body.needs, "needs", screening));
  PlaceHold hold{places.id, ask.wait_until.value_or(clock_.Now() + WaitOf(places.terms)), ask.ends_at};
  Draft draft = DraftOf(Kind::kPlaceHold, places.id, places.id, hold);
  SCHAKEL_ASSIGN(draft.body, EncodeBody(ask.body));
  return SendStatement(engine_, std::move(draft), {places.owner}, audience);
}

Result<Sent> PlaceService::Answer(const RecordId& id, bool agreed, const MessageBody& body, const Audience& audience) {
  SCHAKEL_ASSIGN(const Held found, FindHold(id));
  if (found.places.owner != engine_.Self()) {
    return Fail(Code::kDenied, "place.answerer", "hold", "only who offers the place answers");
  }
  const PlaceAnswer answer{found.places.id, found.hold.id, found.hold.holder, agreed};
  Draft draft = DraftOf(Kind::kPlaceAnswer, found.places.id, found.hold.id, answer);
  SCHAKEL_ASSIGN(draft.body, EncodeBody(body));
  return SendStatement(engine_, std::move(draft), {found.hold.holder}, audience);
}

Result<Sent> PlaceService::Release(const RecordId& id, const MessageBody& body, const Audience& audience,
                                   Screening& screening) {
  SCHAKEL_ASSIGN(const Held found, FindHold(id));
  if (found.hold.holder != engine_.Self()) {
    return Fail(Code::kDenied, "place.holder", "hold", "only who holds the place gives it back");
  }
  SCHAKEL_TRY(Screen(body.text, "text", screening));
  Draft draft =
      DraftOf(Kind::kPlaceRelease, found.places.id, found.hold.id, PlaceRelease{found.places.id, found.hold.id});
  SCHAKEL_ASSIGN(draft.body, EncodeBody(body));
  return SendStatement(engine_, std::move(draft), {found.places.owner}, audience);
}

Result<Sent> PlaceService::Close(const RecordId& offer, const MessageBody& body, const Audience& audience) {
  SCHAKEL_ASSIGN(const CasePlaces places, Show(offer));
  if (places.owner != engine_.Self()) {
    return Fail(Code::kDenied, "place.closer", "place", "only who offers the place closes it");
  }
  Draft draft = DraftOf(Kind::kPlaceClose, places.id, places.id, PlaceClose{places.id});
  SCHAKEL_ASSIGN(draft.body, EncodeBody(body));
  return SendStatement(engine_, std::move(draft), {places.to.begin(), places.to.end()}, audience);
}

std::vector<CasePlaces> PlaceService::Find(const PlaceSearch& search) {
  const Timestamp now = clock_.Now();
  const OrgId self = engine_.Self();
  return cases_.With([&](CaseFile& file) {
    std::vector<CasePlaces> found;
    for (const CasePlaces& one : file.Places()) {
      const bool shown = (search.ours || one.owner != self) && one.MayBeAsked(now, search.then.value_or(now));
      if (!search.all && !shown) continue;
      const PlaceOfferBody* body = WordsOf(file, one.id);
      if (body != nullptr && Fits(*body, search)) found.push_back(one);
    }
    std::ranges::stable_sort(found, {}, [](const CasePlaces& one) { return one.terms.ends_at; });
    return found;
  });
}

Status PlaceService::TellWhetherFull() {
  std::lock_guard lock(telling_);  // Else two say the same.
  const Timestamp now = clock_.Now();
  const OrgId self = engine_.Self();
  const std::vector<CasePlaces> due = cases_.With([&](CaseFile& file) {
    std::vector<CasePlaces> changed;
    for (const CasePlaces& one : file.Places()) {
      const bool full = one.FreeAt(now) == 0;
      if (one.owner == self && one.IsOpenAt(now) && full != one.told_full) changed.push_back(one);
    }
    return changed;
  });
  Status all;
  for (const CasePlaces& one : due) {
    Draft draft = DraftOf(Kind::kLearningCase, one.id, one.id, {});
    draft.categories = {Category::kAgreements};
    SCHAKEL_ASSIGN(draft.body, EncodeBody(PlaceStandingBody{!one.told_full}));
    // One that cannot be said now keeps no other back.
    const auto sent = Send(engine_, std::move(draft), {one.to.begin(), one.to.end()}, {});
    if (!sent) all = std::unexpected(sent.error());
  }
  return all;
}

Result<CasePlaces> PlaceService::Show(const RecordId& id) {
  return cases_.With([&](CaseFile& file) -> Result<CasePlaces> {
    const CasePlaces* found = file.FindPlaces(id);
    if (found == nullptr) return Fail(Code::kNotFound, "id.unknown", "place", "check the id");
    return *found;
  });
}

Result<PlaceService::Held> PlaceService::FindHold(const RecordId& id) {
  SCHAKEL_ASSIGN(CasePlaces places, Show(id));
  const CaseHold* hold = places.FindHold(id);
  if (hold == nullptr) return Fail(Code::kNotFound, "id.unknown", "hold", "check the id");
  return Held{places, *hold};
}

}  // namespace schakel
