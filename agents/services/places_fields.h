// The fields of the bodies of places that partners may ask for: see body_fields.h.
#pragma once

#include "body_fields.h"

namespace schakel {

template <typename A, Of<PlaceOfferBody> B>
void Fields(A& a, B& b) {
  a.Enum("kind", b.kind, PlaceKind::kTimeOut, kPlaceKindLast);
  a.Text("title", b.title, kTitleBytesMax, Need::kRequired);
  a.Text("text", b.text, kTextBytesMax, Need::kOptional);
  a.Number("age_from", b.age_from);
  a.Number("age_to", b.age_to);
  a.Texts("words", b.words, kListMax, kNameBytesMax);
  a.Text("place", b.place, kTitleBytesMax, Need::kOptional);
  a.Text("contact", b.contact, kTitleBytesMax, Need::kOptional);
}

inline std::uint32_t VersionOf(const PlaceOfferBody& b) { return b.kind > PlaceKind::kSharedActivity ? 2 : 1; }

template <typename A, Of<PlaceStandingBody> B>
void Fields(A& a, B& b) {
  a.Flag("full", b.full);
}

template <typename A, Of<PlaceAskBody> B>
void Fields(A& a, B& b) {
  a.Number("age_from", b.age_from);
  a.Number("age_to", b.age_to);
  a.Text("needs", b.needs, kTextBytesMax, Need::kRequired);
  a.OptionalTime("begins_at", b.begins_at);
  a.Enum("urgency", b.urgency, Urgency::kNormal, Urgency::kToday);
}

}  // namespace schakel
