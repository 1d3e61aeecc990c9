// Places that partners may ask for: a time-out, a priority place, a place in an activity. docs/places.md says how it
// goes.
//
// They are held through the hub, which puts all that ask in one order: of two that ask for the last place, one has it.
// No word of them says who it is for: what whoever asks writes is read as an anonymous question is, before it leaves.
// Threads, durability, errors: as services.h. What the rules of the protocol refuse comes as "place.<rule>".
#pragma once

#include "agents/places_view.h"
#include "agents/services.h"

namespace schakel {

// What somebody looks for. Nothing set: all of it.
struct PlaceSearch {
  std::optional<PlaceKind> kind;
  std::optional<std::uint32_t> age;
  std::string words;              // All of them stand in what its owner wrote.
  std::optional<Timestamp> then;  // Free then, as far as we know. None: now.
  bool all = false;               // Also what is over, full, or ours.
};

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
  // that waits for the hub, kConflict ("place.taken") when somebody else has the last place.
  Result<Sent> Hold(const Ask& ask, const Audience& audience, Screening& screening);
  // kDenied ("place.answerer"): the place is not ours.
  Result<Sent> Answer(const RecordId& hold, bool agreed, const MessageBody& body, const Audience& audience);
  // kDenied ("place.holder"): it is not ours to give back. Screened as above.
  Result<Sent> Release(const RecordId& hold, const MessageBody& body, const Audience& audience, Screening& screening);
  // To whom the offer went. kDenied ("place.closer").
  Result<Sent> Close(const RecordId& offer, const MessageBody& body, const Audience& audience);

  // Those that end first come first.
  std::vector<CasePlaces> Find(const PlaceSearch& search);
  // By the offer, or any record about it. kNotFound ("id.unknown").
  Result<CasePlaces> Show(const RecordId& id);

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
};

}  // namespace schakel
