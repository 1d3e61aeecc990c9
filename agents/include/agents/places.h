// Places that partners may ask for: a time-out, a priority place, a place in an activity. docs/places.md says how it
// goes.
//
// They are held through the hub, which puts all that ask in one order: of two that ask for the last place, one has it.
// No word of them says who it is for: what whoever asks writes is read as an anonymous question is, before it leaves.
// Threads, durability, errors: as services.h. What the rules of the protocol refuse comes as "place.<rule>".
#pragma once

#include <mutex>

#include "agents/partnership_agreements.h"
#include "agents/places_view.h"
#include "agents/services.h"

namespace schakel {

// What somebody looks for. Nothing set: all of it.
struct PlaceSearch {
  std::optional<PlaceKind> kind;
  std::optional<std::uint32_t> age;
  std::string words;              // All of them stand in what its owner wrote.
  std::optional<Timestamp> then;  // Free then, as far as we know. None: now.
  bool ours = false;              // Also ours.
  bool all = false;               // Also what is over, full, or ours.
};

// Whether a place of that kind may be asked of `owner`: as CheckPartnersFor. A crisis bed is for a crisis where that is
// registered, else a place as any other.
Status CheckMayAsk(const Engine& engine, const OrgId& owner, PlaceKind kind, Timestamp now);

class PlaceService {
 public:
  PlaceService(Engine& engine, Cases& cases, Clock& clock) : engine_(engine), cases_(cases), clock_(clock) {}

  // To whom the audience names; nobody named: every organisation that is active. kInvalid ("place.wait"): longer than
  // a place may wait for an answer, or no time at all.
  Result<Sent> Offer(const PlaceOfferBody& body, const PlaceOffer& terms, const Audience& audience);

  struct Ask {
    RecordId offer;
    PlaceAskBody body;
    std::optional<Timestamp> wait_until;  // None: as long as the offer lets a place wait.
    Timestamp ends_at;                    // When it is given back.
  };
  // What may identify comes back in `screening` and nothing is sent: kInvalid ("place.identifying"). With an audience
  // that waits for the hub, kConflict ("place.taken") when somebody else has the last place. kDenied
  // ("partnership.ended", its field the owner): the last agreement for such places with its owner has ended.
  Result<Sent> Hold(const Ask& ask, const Audience& audience, Screening& screening);
  // kDenied ("place.answerer"): the place is not ours.
  Result<Sent> Answer(const RecordId& hold, bool agreed, const MessageBody& body, const Audience& audience);
  // kDenied ("place.holder"): it is not ours to give back. Screened as above.
  Result<Sent> Release(const RecordId& hold, const MessageBody& body, const Audience& audience, Screening& screening);
  // To whom the offer went. kDenied ("place.closer").
  Result<Sent> Close(const RecordId& offer, const MessageBody& body, const Audience& audience);

  // To whoever has an offer of ours that is open, once: that all places are taken, or that one is free again. Until it
  // is called nobody hears of it.
  Status TellWhetherFull();

  // Those that end first come first.
  std::vector<CasePlaces> Find(const PlaceSearch& search);
  // By the offer, or any record about it. kNotFound ("id.unknown").
  Result<CasePlaces> Show(const RecordId& id);
  // Whether Hold refuses it: kDenied ("partnership.ended").
  Status CheckAgreed(const CasePlaces& places);

 private:
  struct Held {
    CasePlaces places;
    CaseHold hold;
  };
  Result<Held> FindHold(const RecordId& id);
  Status Screen(std::string_view text, const char* field, Screening& screening);

  Engine& engine_;
  Cases& cases_;
  Clock& clock_;
  std::mutex telling_;
};

}  // namespace schakel
